/* SPDX-License-Identifier: Apache-2.0 */
/* Packing C structs, as generated code describes them, into tables of objects.fbs. */
#include "counting_alloc.h"
#include "reflect_fixture.h"

typedef struct ItemT {
  zw_str name;
  int32_t count;
} ItemT;

typedef struct PointT {
  float x, y;
  int16_t tag[2];
} PointT;

typedef struct CellT {
  uint32_t id;
  int16_t value;
} CellT;

typedef struct LineT {
  PointT from;
  uint8_t kind;
} LineT;

typedef struct ScalarsT {
  bool flag;
  int64_t i64;
  double f64;
  struct {
    bool has;
    int32_t value;
  } maybe;
  int32_t answer;
} ScalarsT;

typedef struct ThingT ThingT;
struct ThingT {
  zw_str id;
  uint8_t kind;
  const ScalarsT *scalars;
  const LineT *line;
  zw_items tags, numbers, points, items, cells, several;
  zw_union_value any;
  const ThingT *child;
};

static zw_schema *schema;
static zw_pack_type item_pack, point_pack, cell_pack, line_pack, scalars_pack, thing_pack;

/* Tables by field index; a member that a test's struct lacks points at zeros behind it. */
#define FIELDS_MAX 40
typedef struct pack_tables {
  uint32_t offsets[FIELDS_MAX];
  const zw_pack_type *children[FIELDS_MAX];
  const zw_pack_type *const *unions[FIELDS_MAX];
} pack_tables;
static pack_tables item_tables, point_tables, cell_tables, line_tables, scalars_tables,
    thing_tables;
static const zw_pack_type *any_children[5];

#define ABSENT_OCTETS 32

static void begin(zw_pack_type *pack, pack_tables *tables, const char *name, size_t size) {
  *pack = (zw_pack_type){fixture_type(schema, name), (uint32_t)size, tables->offsets,
                         tables->children, tables->unions};
  for (unsigned i = 0; i < FIELDS_MAX; i++) tables->offsets[i] = (uint32_t)size;
}

static unsigned set(const zw_pack_type *pack, pack_tables *tables, const char *field, size_t offset,
                    const zw_pack_type *child) {
  const zw_field *f = zw_type_field(pack->type, zw_str_of(field));
  assert_non_null(f);
  unsigned i = (unsigned)(f - pack->type->fields);
  tables->offsets[i] = (uint32_t)offset;
  tables->children[i] = child;
  return i;
}

static int load(void **state) {
  (void)state;
  schema = fixture_load("reflect/objects.bfbs");
  begin(&item_pack, &item_tables, "com.example.Item", sizeof(ItemT));
  set(&item_pack, &item_tables, "name", offsetof(ItemT, name), NULL);
  set(&item_pack, &item_tables, "count", offsetof(ItemT, count), NULL);
  begin(&point_pack, &point_tables, "com.example.Point", sizeof(PointT));
  set(&point_pack, &point_tables, "x", offsetof(PointT, x), NULL);
  set(&point_pack, &point_tables, "y", offsetof(PointT, y), NULL);
  set(&point_pack, &point_tables, "tag", offsetof(PointT, tag), NULL);
  begin(&line_pack, &line_tables, "com.example.Line", sizeof(LineT));
  set(&line_pack, &line_tables, "from", offsetof(LineT, from), &point_pack);
  set(&line_pack, &line_tables, "kind", offsetof(LineT, kind), NULL);
  begin(&cell_pack, &cell_tables, "com.example.Cell", sizeof(CellT));
  set(&cell_pack, &cell_tables, "id", offsetof(CellT, id), NULL);
  set(&cell_pack, &cell_tables, "value", offsetof(CellT, value), NULL);
  begin(&thing_pack, &thing_tables, "com.example.Thing", sizeof(ThingT));
  set(&thing_pack, &thing_tables, "id", offsetof(ThingT, id), NULL);
  set(&thing_pack, &thing_tables, "kind", offsetof(ThingT, kind), NULL);
  set(&thing_pack, &thing_tables, "line", offsetof(ThingT, line), &line_pack);
  set(&thing_pack, &thing_tables, "tags", offsetof(ThingT, tags), NULL);
  set(&thing_pack, &thing_tables, "numbers", offsetof(ThingT, numbers), NULL);
  set(&thing_pack, &thing_tables, "points", offsetof(ThingT, points), &point_pack);
  set(&thing_pack, &thing_tables, "items", offsetof(ThingT, items), &item_pack);
  set(&thing_pack, &thing_tables, "cells", offsetof(ThingT, cells), &cell_pack);
  set(&thing_pack, &thing_tables, "child", offsetof(ThingT, child), &thing_pack);
  unsigned any = set(&thing_pack, &thing_tables, "any", offsetof(ThingT, any), NULL);
  unsigned several = set(&thing_pack, &thing_tables, "several", offsetof(ThingT, several), NULL);
  thing_tables.unions[any] = thing_tables.unions[several] = any_children;
  any_children[2] = &item_pack;
  any_children[3] = &point_pack;
  return 0;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

typedef struct padded {
  ThingT thing;
  uint8_t absent[ABSENT_OCTETS];
} padded;

static int pack(zw_builder *b, const ThingT *thing, zw_table *out) {
  padded copy = {.thing = *thing};
  return zw_pack_root(b, &thing_pack, &copy, (zw_str){NULL, 0}, out);
}

static void expect(const ThingT *thing, const char *json) {
  zw_builder b;
  zw_table table;
  zw_text out;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  assert_int_equal(pack(&b, thing, &table), 0);
  if (zw_verify(thing_pack.type, zw_table_bytes(table), NULL, NULL, &diag))
    fail_msg("%s", diag.message);
  assert_int_equal(zw_json_print(thing_pack.type, table, 0, 0, &out), 0);
  assert_text(zw_text_str(&out), json);
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

static void test_strings_and_defaults(void **state) {
  (void)state;
  expect(&(ThingT){.id = ZW_STR("x"), .kind = 1}, "{\"id\":\"x\"}");
  expect(&(ThingT){.id = ZW_STR("x"), .kind = 5}, "{\"id\":\"x\",\"kind\":\"Hot\"}");
  expect(&(ThingT){.id = ZW_STR("")}, "{\"id\":\"\",\"kind\":\"Cold\"}");
}

static void test_structs(void **state) {
  (void)state;
  const LineT line = {{1, 2, {3, 4}}, 5};
  const PointT points[] = {{1, 2, {3, 4}}, {-1, -2, {-3, -4}}};
  expect(
      &(ThingT){.id = ZW_STR("x"), .kind = 1, .line = &line, .points = {points, 2}},
      "{\"id\":\"x\",\"line\":{\"from\":{\"x\":1.0,\"y\":2.0,\"tag\":[3,4]},\"kind\":\"Hot\"},"
      "\"points\":[{\"x\":1.0,\"y\":2.0,\"tag\":[3,4]},{\"x\":-1.0,\"y\":-2.0,\"tag\":[-3,-4]}]}");
}

static void test_vectors(void **state) {
  (void)state;
  const zw_str tags[] = {ZW_STR("a"), ZW_STR("")};
  const int32_t numbers[] = {1, -2};
  const ItemT items[] = {{ZW_STR("i"), 1}, {ZW_STR("j"), 0}};
  expect(&(ThingT){.id = ZW_STR("x"),
                   .kind = 1,
                   .tags = {tags, 2},
                   .numbers = {numbers, 2},
                   .items = {items, 2}},
         "{\"id\":\"x\",\"tags\":[\"a\",\"\"],\"numbers\":[1,-2],"
         "\"items\":[{\"name\":\"i\",\"count\":1},{\"name\":\"j\"}]}");
  expect(&(ThingT){.id = ZW_STR("x"),
                   .kind = 1,
                   .tags = {tags, 0},
                   .numbers = {numbers, 0},
                   .items = {items, 0}},
         "{\"id\":\"x\",\"tags\":[],\"numbers\":[],\"items\":[]}");
}

/* What was given in another order is found by its key all the same. */
static void test_vectors_with_a_key_are_sorted(void **state) {
  (void)state;
  const ItemT items[] = {{ZW_STR("k"), 1}, {ZW_STR("j"), 2}, {ZW_STR("ja"), 3}, {ZW_STR(""), 4}};
  const CellT cells[] = {{0x80000000, 1}, {256, 2}, {7, 3}};
  expect(&(ThingT){.id = ZW_STR("x"), .kind = 1, .items = {items, 4}, .cells = {cells, 3}},
         "{\"id\":\"x\",\"cells\":[{\"id\":7,\"value\":3},{\"id\":256,\"value\":2},"
         "{\"id\":2147483648,\"value\":1}],\"items\":[{\"name\":\"\",\"count\":4},"
         "{\"name\":\"j\",\"count\":2},{\"name\":\"ja\",\"count\":3},"
         "{\"name\":\"k\",\"count\":1}]}");
}

static void test_unions(void **state) {
  (void)state;
  const ItemT item = {ZW_STR("i"), 1};
  const PointT point = {1, 2, {3, 4}};
  const zw_str words = ZW_STR("w");
  const zw_union_value several[] = {{2, &item}, {3, &point}, {4, &words}};
  expect(&(ThingT){.id = ZW_STR("x"), .kind = 1, .any = {3, &point}, .several = {several, 3}},
         "{\"id\":\"x\",\"any_type\":\"Place\",\"any\":{\"x\":1.0,\"y\":2.0,\"tag\":[3,4]},"
         "\"several_type\":[\"Item\",\"Place\",\"Words\"],"
         "\"several\":[{\"name\":\"i\",\"count\":1},{\"x\":1.0,\"y\":2.0,\"tag\":[3,4]},\"w\"]}");
}

static void test_what_cannot_be_packed(void **state) {
  zw_builder b;
  zw_table table;
  (void)state;
  const ItemT item = {ZW_STR("i"), 1};
  const ThingT cases[] = {
      {.kind = 1},                                          /* a required string is absent */
      {.id = ZW_STR("x"), .any = {9, &item}},               /* no such member */
      {.id = ZW_STR("x"), .any = {2, NULL}},                /* a type without a value */
      {.id = ZW_STR("x"), .any = {1, &item}},               /* a member that is not described */
      {.id = ZW_STR("x"), .tags = {&(zw_str){NULL, 0}, 1}}, /* an absent element */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_builder_init(&b, NULL);
    assert_int_equal(pack(&b, &cases[i], &table), ZW_EINVAL);
    zw_builder_deinit(&b);
  }
}

static void test_a_cycle_is_an_error(void **state) {
  static padded cycle;
  (void)state;
  zw_builder b;
  cycle.thing = (ThingT){.id = ZW_STR("x"), .child = &cycle.thing};
  zw_builder_init(&b, NULL);
  assert_int_equal(zw_pack_root(&b, &thing_pack, &cycle, (zw_str){NULL, 0}, NULL), ZW_ELIMIT);
  zw_builder_deinit(&b);
}

static void test_optional_scalars(void **state) {
  struct {
    ScalarsT scalars;
    uint8_t absent[ABSENT_OCTETS];
  } from = {.scalars = {.flag = true, .i64 = -5, .f64 = 0.5, .answer = 42}};
  (void)state;
  begin(&scalars_pack, &scalars_tables, "com.example.Scalars", sizeof(ScalarsT));
  set(&scalars_pack, &scalars_tables, "flag", offsetof(ScalarsT, flag), NULL);
  set(&scalars_pack, &scalars_tables, "i64", offsetof(ScalarsT, i64), NULL);
  set(&scalars_pack, &scalars_tables, "f64", offsetof(ScalarsT, f64), NULL);
  set(&scalars_pack, &scalars_tables, "maybe", offsetof(ScalarsT, maybe), NULL);
  set(&scalars_pack, &scalars_tables, "answer", offsetof(ScalarsT, answer), NULL);
  const zw_field *maybe = zw_type_field(scalars_pack.type, ZW_STR("maybe"));
  for (int has = 0; has < 2; has++) {
    zw_builder b;
    zw_table t;
    from.scalars.maybe.has = has;
    zw_builder_init(&b, NULL);
    assert_int_equal(zw_pack_root(&b, &scalars_pack, &from, (zw_str){NULL, 0}, &t), 0);
    assert_int_equal(zw_table_has(t, maybe->id), has);
    assert_int_equal(zw_field_scalar(t, zw_type_field(scalars_pack.type, ZW_STR("i64"))).i, -5);
    assert_false(zw_table_has(t, zw_type_field(scalars_pack.type, ZW_STR("answer"))->id));
    zw_builder_deinit(&b);
  }
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  const zw_str tags[] = {ZW_STR("a"), ZW_STR("b")};
  const LineT line = {{1, 2, {3, 4}}, 5};
  const ThingT thing = {.id = ZW_STR("x"), .tags = {tags, 2}, .line = &line};
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_builder b;
    counting_alloc_init(&c, n);
    zw_builder_init(&b, &c.alloc);
    int e = pack(&b, &thing, NULL);
    zw_builder_deinit(&b);
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
      cmocka_unit_test(test_strings_and_defaults),
      cmocka_unit_test(test_structs),
      cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_vectors_with_a_key_are_sorted),
      cmocka_unit_test(test_unions),
      cmocka_unit_test(test_what_cannot_be_packed),
      cmocka_unit_test(test_a_cycle_is_an_error),
      cmocka_unit_test(test_optional_scalars),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
