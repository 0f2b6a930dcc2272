/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile compiled schemas. A good one is edited in place, through the descriptors of
 * reflection.fbs themselves, so that its structure stays right and one thing that it says becomes
 * wrong.
 */
#include "counting_alloc.h"
#include "reflect_fixture.h"

#include "reflection_types.h"

typedef struct bfbs {
  uint8_t bytes[16384];
  size_t len;
} bfbs;

static void read_bfbs(bfbs *to, const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/reflect/%s", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  to->len = fread(to->bytes, 1, sizeof to->bytes, file);
  fclose(file);
}

static int load(const bfbs *from, const zw_alloc *alloc, zw_diag *diag) {
  zw_schema *schema = NULL;
  uint8_t *copy = malloc(from->len ? from->len : 1);
  memcpy(copy, from->bytes, from->len);
  int e = zw_schema_load(&schema, zw_span_of(copy, from->len), alloc, diag);
  free(copy);
  zw_schema_destroy(schema);
  return e;
}

/* ---- finding a place to edit ---- */

static zw_table element(zw_table owner, unsigned slot, const char *name) {
  zw_vec vec = zw_table_vec(owner, slot);
  for (uint32_t i = 0; i < vec.count; i++) {
    zw_table t = zw_vec_table(vec, i);
    if (zw_str_eq(zw_table_str(t, 0), zw_str_of(name))) return t;
  }
  fail_msg("nothing is named %s", name);
  return owner;
}

/* "T:com.example.Thing/F:id/Y" is the type of the field id of that table; T, E, S: a type, enum,
 * service; F, V, C: their field, value, call; A: an attribute; Y: a field's type; U: an enum's
 * underlying type; R: the root table. */
static zw_table locate(zw_table schema, const char *path) {
  static const struct {
    char letter;
    uint8_t slots[2]; /* of the thing before it: the letter decides which */
  } lists[] = {{'T', {ZW_RSCHEMA_OBJECTS, 0}},  {'E', {ZW_RSCHEMA_ENUMS, 0}},
               {'S', {ZW_RSCHEMA_SERVICES, 0}}, {'F', {ZW_ROBJECT_FIELDS, 0}},
               {'V', {ZW_RENUM_VALUES, 0}},     {'C', {ZW_RSERVICE_CALLS, 0}}};
  zw_table at = schema;
  char kind = 0, name[100];
  while (*path) {
    size_t n = strcspn(path, "/");
    snprintf(name, sizeof name, "%.*s", n > 2 ? (int)n - 2 : 0, path + (n > 2 ? 2 : n));
    if (*path == 'Y') at = zw_table_table(at, ZW_RFIELD_TYPE);
    if (*path == 'U') at = zw_table_table(at, ZW_RENUM_UNDERLYING_TYPE);
    if (*path == 'R') at = zw_table_table(at, ZW_RSCHEMA_ROOT_TABLE);
    if (*path == 'A')
      at = element(
          at, kind == 'F' ? (unsigned)ZW_RFIELD_ATTRIBUTES : (unsigned)ZW_ROBJECT_ATTRIBUTES, name);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
      if (lists[i].letter == *path) at = element(at, lists[i].slots[0], name);
    kind = *path;
    path += n + (path[n] == '/');
  }
  return at;
}

/* ---- cases ---- */

typedef struct edit {
  const char *path;
  unsigned slot;
  int size; /* octets of a scalar; 0: the first octet of a string */
  int64_t value;
} edit;

typedef struct load_case {
  edit edit;
  int error;
  const char *message;
} load_case;

#define THING "T:com.example.Thing"
#define LINE "T:com.example.Line"
#define POINT "T:com.example.Point"

static const load_case cases[] = {
    /* google/flatbuffers #8950 wrote out of bounds for such an id */
    {{THING "/F:any", ZW_RFIELD_ID, 2, 60000},
     ZW_ESCHEMA,
     "com.example.Thing.any: the id is out of range or taken"},
    {{THING "/F:any", ZW_RFIELD_ID, 2, 1},
     ZW_ESCHEMA,
     "com.example.Thing.kind: the id is out of range or taken"},
    {{THING "/F:at", ZW_RFIELD_OFFSET, 2, 6},
     ZW_ESCHEMA,
     "com.example.Thing.at: the offset does not follow from the id"},
    {{THING "/F:at", ZW_RFIELD_OFFSET, 2, 13},
     ZW_ESCHEMA,
     "com.example.Thing.at: the offset does not follow from the id"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, 0}, ZW_ESCHEMA, "com.example.Thing.at: an unknown type"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, 99}, ZW_ESCHEMA, "com.example.Thing.at: an unknown type"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, -1}, ZW_ESCHEMA, "com.example.Thing.at: an unknown type"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, ZW_T_VECTOR64},
     ZW_ESCHEMA,
     "com.example.Thing.at: an unknown element type"},
    {{THING "/F:tags/Y", ZW_RTYPE_BASE, 1, ZW_T_VECTOR64},
     ZW_ESCHEMA,
     "com.example.Thing.tags: not a type behind a 64-bit offset"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, ZW_T_OBJ},
     ZW_ESCHEMA,
     "com.example.Thing.at: a type index is out of range"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, ZW_T_UNION},
     ZW_ESCHEMA,
     "com.example.Thing.at: an enum index is out of range"},
    {{THING "/F:at/Y", ZW_RTYPE_BASE, 1, ZW_T_VECTOR},
     ZW_ESCHEMA,
     "com.example.Thing.at: an unknown element type"},
    {{THING "/F:tags/Y", ZW_RTYPE_ELEMENT, 1, ZW_T_VECTOR},
     ZW_ESCHEMA,
     "com.example.Thing.tags: an unknown element type"},
    {{THING "/F:tags/Y", ZW_RTYPE_ELEMENT, 1, ZW_T_OBJ},
     ZW_ESCHEMA,
     "com.example.Thing.tags: a type index is out of range"},
    {{THING "/F:child/Y", ZW_RTYPE_INDEX, 4, 1000},
     ZW_ESCHEMA,
     "com.example.Thing.child: a type index is out of range"},
    {{THING "/F:child/Y", ZW_RTYPE_INDEX, 4, INT32_MIN},
     ZW_ESCHEMA,
     "com.example.Thing.child: a type index is out of range"},
    {{THING "/F:flags/Y", ZW_RTYPE_INDEX, 4, 1000},
     ZW_ESCHEMA,
     "com.example.Thing.flags: an enum index is out of range"},
    {{THING "/F:flags/Y", ZW_RTYPE_INDEX, 4, 0},
     ZW_ESCHEMA,
     "com.example.Thing.flags: a union and an enum are mixed up"},
    {{THING "/F:any/Y", ZW_RTYPE_INDEX, 4, 2},
     ZW_ESCHEMA,
     "com.example.Thing.any: a union and an enum are mixed up"},
    {{THING "/F:any_type/Y", ZW_RTYPE_BASE, 1, ZW_T_UBYTE},
     ZW_ESCHEMA,
     "com.example.Thing.any_type: a union and an enum are mixed up"},
    {{THING "/F:points/Y", ZW_RTYPE_BASE, 1, ZW_T_ARRAY},
     ZW_ESCHEMA,
     "com.example.Thing.points: a fixed array outside of a struct"},
    {{THING "/F:nested/A:nested_flatbuffer", ZW_RKV_VALUE, 0, 'J'},
     ZW_ESCHEMA,
     "com.example.Thing.nested: nested_flatbuffer names no table"},
    {{THING "/F:id", ZW_RFIELD_NAME, 0, 'z'},
     ZW_ESCHEMA,
     "com.example.Thing.items: fields are not sorted by name"},
    {{THING "/F:id", ZW_RFIELD_NAME, 0, ' '}, ZW_ESCHEMA, "com.example.Thing. d: not a name"},
    {{THING "/F:id", ZW_RFIELD_NAME, 0, 0}, ZW_ESCHEMA, NULL},
    {{THING "/F:id", ZW_RFIELD_NAME, 0, '.'}, ZW_ESCHEMA, "com.example.Thing..d: not a name"},
    {{THING "/F:id", ZW_RFIELD_NAME, 0, '4'}, ZW_ESCHEMA, "com.example.Thing.4d: not a name"},
    {{THING, ZW_ROBJECT_NAME, 0, '.'}, ZW_ESCHEMA, ".om.example.Thing: not a name"},
    {{THING, ZW_ROBJECT_NAME, 0, 'a'},
     ZW_ESCHEMA,
     "aom.example.Thing: objects are not sorted by name"},
    {{THING, ZW_ROBJECT_NAME, 0, '-'}, ZW_ESCHEMA, "-om.example.Thing: not a name"},
    /* structs */
    {{LINE, ZW_ROBJECT_BYTESIZE, 4, 12},
     ZW_ESCHEMA,
     "com.example.Line: the size is not that of the members"},
    {{LINE, ZW_ROBJECT_BYTESIZE, 4, -16},
     ZW_ESCHEMA,
     "com.example.Line: size or alignment is out of range"},
    {{LINE, ZW_ROBJECT_BYTESIZE, 4, 0x7FFFFFFF},
     ZW_ESCHEMA,
     "com.example.Line: size or alignment is out of range"},
    {{LINE, ZW_ROBJECT_MINALIGN, 4, 3},
     ZW_ESCHEMA,
     "com.example.Line: size or alignment is out of range"},
    {{LINE, ZW_ROBJECT_MINALIGN, 4, 2}, ZW_ESCHEMA, "com.example.Line: the alignment is too small"},
    {{LINE, ZW_ROBJECT_MINALIGN, 4, 0x10000},
     ZW_ESCHEMA,
     "com.example.Line: size or alignment is out of range"},
    {{LINE "/F:kind", ZW_RFIELD_OFFSET, 2, 14},
     ZW_ESCHEMA,
     "com.example.Line.kind: the offset is not where the member lies"},
    {{LINE "/F:from/Y", ZW_RTYPE_INDEX, 4, -2},
     ZW_ESCHEMA,
     "com.example.Line: structs are nested too deeply, or in themselves"},
    {{LINE "/F:from/Y", ZW_RTYPE_INDEX, 4, -3},
     ZW_ESCHEMA,
     "com.example.Line.from: not a type for a struct's member"},
    {{LINE "/F:kind/Y", ZW_RTYPE_BASE, 1, ZW_T_STRING},
     ZW_ESCHEMA,
     "com.example.Line.kind: not a type for a struct's member"},
    {{POINT "/F:tag/Y", ZW_RTYPE_FIXED_LENGTH, 2, 0xFFFF},
     ZW_ESCHEMA,
     "com.example.Point.tag: a struct is above 64 KiB"},
    {{POINT "/F:tag/Y", ZW_RTYPE_FIXED_LENGTH, 2, 0},
     ZW_ESCHEMA,
     "com.example.Point.tag: the offset is not where the member lies"},
    /* enums */
    {{"E:com.example.Kind/V:Hot", ZW_RVAL_VALUE, 8, 0},
     ZW_ESCHEMA,
     "com.example.Kind.Hot: values do not ascend"},
    {{"E:com.example.Kind/V:Hot", ZW_RVAL_NAME, 0, '.' - 1},
     ZW_ESCHEMA,
     "com.example.Kind.-ot: not a name"},
    {{"E:com.example.Kind/U", ZW_RTYPE_BASE, 1, ZW_T_DOUBLE},
     ZW_ESCHEMA,
     "com.example.Kind: the underlying type is not supported"},
    {{"E:com.example.Any/U", ZW_RTYPE_BASE, 1, ZW_T_FLOAT},
     ZW_ESCHEMA,
     "com.example.Any: the underlying type is not supported"},
    {{"E:com.example.Kind", ZW_RENUM_NAME, 0, 'a'},
     ZW_ESCHEMA,
     "aom.example.Kind: enums are not sorted by name"},
    {{"", ZW_RSCHEMA_ADVANCED_FEATURES, 8, 1 << 20},
     ZW_ENOTSUP,
     "it uses features that this version does not know"},
};

/* -2: the type itself; -3: a table. */
static int64_t index_of(zw_table schema, int64_t value) {
  zw_vec objects = zw_table_vec(schema, ZW_RSCHEMA_OBJECTS);
  if (value != -2 && value != -3) return value;
  for (uint32_t i = 0; i < objects.count; i++)
    if (zw_str_eq(zw_table_str(zw_vec_table(objects, i), 0),
                  zw_str_of(value == -2 ? "com.example.Line" : "com.example.Thing")))
      return i;
  return value;
}

static void apply(bfbs *to, const edit *e) {
  zw_table schema = zw_root_trusted(zw_span_of(to->bytes, to->len));
  zw_table at = locate(schema, e->path);
  const uint8_t *slot = zw_table_slot(at, e->slot);
  if (!slot) fail_msg("%s has no slot %u", e->path, e->slot);
  uint8_t octets[8];
  zw_store_le64(octets, (uint64_t)index_of(schema, e->value));
  if (e->size)
    memcpy(to->bytes + (slot - to->bytes), octets, (size_t)e->size);
  else
    to->bytes[(slot - to->bytes) + zw_load_le32(slot) + 4] = octets[0];
}

static void test_each_meaning_is_checked(void **state) {
  static bfbs good, broken;
  unsigned wrong = 0;
  (void)state;
  read_bfbs(&good, "objects.bfbs");
  assert_int_equal(load(&good, NULL, NULL), 0);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_diag diag = {0};
    char expected[300];
    broken = good;
    apply(&broken, &cases[i].edit);
    int e = load(&broken, NULL, &diag);
    snprintf(expected, sizeof expected, "compiled schema: %s",
             cases[i].message ? cases[i].message : "");
    bool same = cases[i].message ? strcmp(diag.message, expected) == 0 : true;
    if (e == cases[i].error && same) continue;
    wrong++;
    print_error("%s slot %u = %lld: %d %s\n  expected %d %s\n", cases[i].edit.path,
                cases[i].edit.slot, (long long)cases[i].edit.value, e, diag.message, cases[i].error,
                expected);
  }
  assert_int_equal(wrong, 0);
}

static void test_services_and_attributes(void **state) {
  static const load_case service_cases[] = {
      {{"S:com.example.Other", ZW_RSERVICE_NAME, 0, 'x'},
       ZW_ESCHEMA,
       "com.example.Telemetry: services are not sorted by name"},
      {{"S:com.example.Other/C:call", ZW_RCALL_NAME, 0, '('},
       ZW_ESCHEMA,
       "com.example.Other.(all: its name, request or response is unknown"},
      {{"T:com.example.Sensor/A:map", ZW_RKV_KEY, 0, 'z'},
       ZW_ESCHEMA,
       "com.example.Sensor.primary: an attribute stands twice, or they are not sorted"},
      {{"T:com.example.Point", ZW_ROBJECT_IS_STRUCT, 1, 0},
       ZW_ESCHEMA,
       "com.example.Point.x: the offset does not follow from the id"},
  };
  static bfbs good, broken;
  (void)state;
  read_bfbs(&good, "model.bfbs");
  for (size_t i = 0; i < sizeof service_cases / sizeof service_cases[0]; i++) {
    zw_diag diag = {0};
    char expected[300];
    broken = good;
    apply(&broken, &service_cases[i].edit);
    snprintf(expected, sizeof expected, "compiled schema: %s", service_cases[i].message);
    assert_int_equal(load(&broken, NULL, &diag), service_cases[i].error);
    assert_string_equal(diag.message, expected);
  }
}

static void test_methods_have_different_names(void **state) {
  static const edit set_to_get = {"S:c.Plain/C:set", ZW_RCALL_NAME, 0, 'g'};
  static bfbs broken;
  zw_diag diag = {0};
  (void)state;
  read_bfbs(&broken, "contract_old.bfbs");
  assert_int_equal(load(&broken, NULL, NULL), 0);
  apply(&broken, &set_to_get);
  assert_int_equal(load(&broken, NULL, &diag), ZW_ESCHEMA);
  assert_string_equal(diag.message, "compiled schema: c.Plain.get: the method stands twice");
}

/* Every length and every octet: an error or a schema, and never a read past the end. */
static void test_broken_bytes(void **state) {
  static const uint8_t values[] = {0, 1, 0x7F, 0xFF};
  static bfbs good, broken;
  (void)state;
  read_bfbs(&good, "objects.bfbs");
  broken = good;
  for (size_t len = 0; len < good.len; len += 7) {
    broken.len = len;
    (void)!load(&broken, NULL, NULL);
  }
  broken.len = good.len;
  for (size_t i = 0; i < good.len; i++) {
    broken.bytes[i] = values[i % sizeof values];
    (void)!load(&broken, NULL, NULL);
    broken.bytes[i] = good.bytes[i];
  }
}

static void test_the_identifier(void **state) {
  static bfbs broken;
  zw_diag diag = {0};
  (void)state;
  read_bfbs(&broken, "objects.bfbs");
  broken.bytes[4] = 'X';
  assert_int_equal(load(&broken, NULL, &diag), ZW_EVERIFY);
  assert_string_equal(diag.message, "reflection.Schema: the file identifier is not \"BFBS\"");
}

/* ---- what a good one gives ---- */

static void test_descriptors(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  const zw_type *thing = fixture_type(schema, "com.example.Thing");
  assert_ptr_equal(schema->root, thing);
  assert_text(schema->identifier, "THNG");
  assert_ptr_equal(thing->schema, schema);
  for (unsigned i = 0; i < thing->field_count; i++) assert_int_equal(thing->fields[i].id, i);
  assert_true(zw_type_field(thing, ZW_STR("id"))->flags & ZW_F_REQUIRED);
  assert_true(zw_type_field(thing, ZW_STR("old"))->flags & ZW_F_DEPRECATED);
  assert_true(zw_type_field(thing, ZW_STR("at"))->flags & ZW_F_TIMESTAMP);
  const zw_field *nested = zw_type_field(thing, ZW_STR("nested"));
  assert_true(nested->flags & ZW_F_NESTED);
  assert_ptr_equal(nested->type, fixture_type(schema, "com.example.Item"));
  const zw_type *scalars = fixture_type(schema, "com.example.Scalars");
  assert_int_equal(zw_type_field(scalars, ZW_STR("answer"))->preset.i, 42);
  assert_true(zw_type_field(scalars, ZW_STR("half"))->preset.d == 0.5);
  assert_true(zw_type_field(scalars, ZW_STR("maybe"))->flags & ZW_F_OPTIONAL);
  const zw_type *point = fixture_type(schema, "com.example.Point");
  assert_true(point->is_struct);
  assert_int_equal(point->size, 12);
  assert_int_equal(zw_type_field(point, ZW_STR("tag"))->fixed_length, 2);
  assert_true(zw_schema_enum(schema, ZW_STR("com.example.Flags"))->bit_flags);
  zw_schema_destroy(schema);
}

/* A service that names one large table often shares it: that costs nothing. */
static void test_shared_objects_of_services(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/model.bfbs");
  assert_int_equal(schema->service_count, 2);
  const zw_service *telemetry = &schema->services[1];
  assert_int_equal(telemetry->method_count, 12);
  for (size_t i = 0; i < telemetry->method_count; i++)
    assert_ptr_equal(telemetry->methods[i].request,
                     zw_schema_type(schema, telemetry->methods[i].request->name));
  zw_schema_destroy(schema);
}

static void test_every_allocation_fails_once(void **state) {
  static bfbs good;
  (void)state;
  read_bfbs(&good, "model.bfbs");
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    int e = load(&good, &c.alloc, NULL);
    assert_int_equal(c.live, 0);
    if (!c.failed) {
      assert_int_equal(e, 0);
      break;
    }
    assert_int_equal(e, ZW_ENOMEM);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_meaning_is_checked),
      cmocka_unit_test(test_services_and_attributes),
      cmocka_unit_test(test_methods_have_different_names),
      cmocka_unit_test(test_broken_bytes),
      cmocka_unit_test(test_the_identifier),
      cmocka_unit_test(test_descriptors),
      cmocka_unit_test(test_shared_objects_of_services),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
