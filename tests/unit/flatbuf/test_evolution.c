/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case a row of the table of evolution. Of data: the type of that name in evolution_old.fbs
 * against the one in evolution_new.fbs, with all findings in order, and what breaks: B and F are
 * directions (backward, forward), D, J and S categories (data, JSON, source).
 */
#include "reflect_fixture.h"

#define EVERY_CATEGORY (ZW_CATEGORY_DATA | ZW_CATEGORY_JSON | ZW_CATEGORY_SOURCE)

typedef struct evolution_case {
  const char *type, *findings, *breaks;
} evolution_case;

static const evolution_case cases[] = {
    {"Unchanged", "FIELD_DELETED e.Deleted.b: deleted\n", "BF DJS"},
    {"AddedLast", "", ""},
    {"AddedById", "", ""},
    {"Deprecated", "FIELD_DEPRECATED e.Deprecated.b: it became deprecated\n", "BF S"},
    {"Undeprecated", "warning FIELD_UNDEPRECATED e.Undeprecated.b: it is no longer deprecated\n",
     ""},
    {"AddedMiddle", "FIELD_SAME_ID e.AddedMiddle.b: moved from id 1 to id 2\n", "BF DJS"},
    {"Reordered",
     "FIELD_SAME_ID e.Reordered.a: moved from id 0 to id 1\n"
     "FIELD_SAME_ID e.Reordered.b: moved from id 1 to id 0\n",
     "BF DJS"},
    {"Swapped",
     "FIELD_SAME_ID e.Swapped.a: moved from id 0 to id 1\n"
     "FIELD_SAME_ID e.Swapped.b: moved from id 1 to id 0\n",
     "BF DJS"},
    {"Deleted", "FIELD_DELETED e.Deleted.b: deleted\n", "BF DJS"},
    {"Renamed", "FIELD_SAME_NAME e.Renamed.celsius: renamed to centigrade\n", "BF JS"},
    {"OtherDefault", "FIELD_SAME_DEFAULT e.OtherDefault.a: the default 1 became 2\n", "BF DJ"},
    {"OtherFloatDefault", "FIELD_SAME_DEFAULT e.OtherFloatDefault.a: the default 1.5 became 2.5\n",
     "BF DJ"},
    {"BecameOptional", "FIELD_SAME_OPTIONALITY e.BecameOptional.a: it became optional (= null)\n",
     "BF DJS"},
    {"NoLongerOptional", "FIELD_SAME_OPTIONALITY e.NoLongerOptional.a: it is no longer optional\n",
     "BF DJS"},
    {"Narrower", "FIELD_SAME_TYPE e.Narrower.a: double became float\n", "BF DJS"},
    {"OtherSign", "FIELD_SAME_TYPE e.OtherSign.a: uint became int\n", "BF DJS"},
    {"StringToOctets", "FIELD_SAME_TYPE e.StringToOctets.a: string became [ubyte]\n", "BF DJS"},
    {"OtherElement", "FIELD_SAME_TYPE e.OtherElement.a: [int] became [long]\n", "BF DJS"},
    {"ScalarToVector", "FIELD_SAME_TYPE e.ScalarToVector.a: int became [int]\n", "BF DJS"},
    {"EnumToScalar", "FIELD_SAME_ENUM e.EnumToScalar.a: Plain became ubyte\n", "BF JS"},
    {"OtherEnum", "FIELD_SAME_ENUM e.OtherEnum.a: Plain became Same\n", "BF JS"},
    {"OtherTable", "FIELD_SAME_TYPE e.OtherTable.a: AddedLast became AddedById\n", "BF DJS"},
    {"BecameRequired", "FIELD_REQUIRED e.BecameRequired.a: it became required\n", "B D"},
    {"RequiredAdded",
     "FIELD_REQUIRED_ADDED e.RequiredAdded.b: a required field is added, and older data lacks it\n",
     "B D"},
    {"NoLongerRequired", "FIELD_NOT_REQUIRED e.NoLongerRequired.a: it is no longer required\n",
     "F D"},
    {"KeyAdded", "FIELD_SAME_KEY e.KeyAdded.a: it became the key\n", "BF D"},
    {"KeyRemoved", "FIELD_SAME_KEY e.KeyRemoved.a: it is no longer the key\n", "BF D"},
    {"Nested", "FIELD_SAME_NESTED e.Nested.a: nested_flatbuffer Deleted became Renamed\n", "BF D"},
    {"Hashed", "FIELD_SAME_HASH e.Hashed.a: hash fnv1_32 became fnv1a_32\n", "BF D"},
    {"BecameStruct", "TYPE_SAME_KIND e.BecameStruct: a table became a struct\n", "BF DJS"},
    {"HoldsMemberAdded", "STRUCT_SAME_FIELDS e.MemberAdded: 1 members became 2\n", "BF DJS"},
    {"HoldsMemberType", "STRUCT_SAME_FIELDS e.MemberType.a: int became float\n", "BF DJS"},
    {"HoldsMembersSwapped",
     "STRUCT_SAME_FIELDS e.MembersSwapped.a: moved from place 0 to 1\n"
     "STRUCT_SAME_FIELDS e.MembersSwapped.b: moved from place 1 to 0\n",
     "BF DJS"},
    {"HoldsMemberRenamed", "FIELD_SAME_NAME e.MemberRenamed.a: renamed to b\n", "BF JS"},
    {"HoldsForceAlign",
     "STRUCT_SAME_LAYOUT e.ForceAlign: 4 octets aligned to 4 became 16 aligned to 16\n", "BF DJS"},
    {"HoldsArrayLength", "STRUCT_SAME_FIELDS e.ArrayLength.a: [ubyte:4] became [ubyte:8]\n",
     "BF DJS"},
    {"HoldsValueAppended", "", ""},
    {"HoldsValueInserted", "ENUM_VALUE_SAME_NUMBER e.ValueInserted.B: 1 became 2\n", "BF DJS"},
    {"HoldsValueDeleted", "ENUM_VALUE_DELETED e.ValueDeleted.B: deleted\n", "BF DJS"},
    {"HoldsValueRenumbered", "ENUM_VALUE_SAME_NUMBER e.ValueRenumbered.B: 1 became 5\n", "BF DJS"},
    {"HoldsValueRenamed", "ENUM_VALUE_SAME_NAME e.ValueRenamed.B: renamed to Z\n", "BF JS"},
    {"HoldsOtherBase", "ENUM_SAME_BASE e.OtherBase: byte became short\n", "BF DJS"},
    {"HoldsBecameFlags", "ENUM_SAME_BIT_FLAGS e.BecameFlags: it became bit_flags\n", "BF DJS"},
    {"HoldsMemberAppended", "", ""},
    {"HoldsMemberDeleted", "ENUM_VALUE_DELETED e.MemberDeleted.Y: deleted\n", "BF DJS"},
    {"HoldsOtherMemberType", "UNION_MEMBER_SAME_TYPE e.OtherMemberType.Value: e.X became e.Y\n",
     "BF DJS"},
    {"HoldsUnionReordered",
     "ENUM_VALUE_SAME_NUMBER e.UnionReordered.X: 1 became 2\n"
     "ENUM_VALUE_SAME_NUMBER e.UnionReordered.Y: 2 became 1\n",
     "BF DJS"},
    {"HoldsUnionRenamed", "ENUM_VALUE_SAME_NAME e.UnionRenamed.One: renamed to Uno\n", "BF JS"},
    {"HoldsUnions", "ENUM_VALUE_DELETED e.MemberDeleted.Y: deleted\n", "BF DJS"},
    {"Deep", "FIELD_SAME_TYPE e.Narrower.a: double became float\n", "BF DJS"},
};

/* Of what is declared around data: every finding of contract_old.fbs against contract_new.fbs. */
static const struct {
  const char *breaks, *finding;
} contract[] = {
    {"BF DS", "TYPE_SAME_NAMESPACE away.Moved: moved to here.Moved"},
    {"BF DJS", "FIELD_SAME_TYPE c.KeyType.a: int became long"},
    {"BF S", "TYPE_SAME_NAME c.MapRenamed: renamed to c.MapNew"},
    {"BF DS", "TYPE_SAME_NAMESPACE away.MovedEnum: moved to here.MovedEnum"},
    {"BF DJS",
     "METHOD_SAME_URI c.Base.one: the URI com.example.base.one became com.example.other_base.one"},
    {"BF DJS", "METHOD_DELETED c.Calls.deleted: deleted or renamed"},
    {"BF S", "METHOD_SAME_NAME c.Calls.renamed: renamed to other_name"},
    {"BF S", "METHOD_SAME_NAME c.Calls.durable: renamed to uri_kept"},
    {"BF DJS", "METHOD_SAME_REQUEST c.Calls.request: the request Record became OtherKey"},
    {"BF DJS", "METHOD_SAME_RESPONSE c.Calls.response: the response Record became OtherKey"},
    {"BF DJS", "METHOD_SAME_STREAMING c.Calls.streaming: streaming none became server"},
    {"BF DJS", "METHOD_SAME_URI c.Calls.uri: the URI com.example.uri became com.example.other"},
    {"BF DJS", "METHOD_SAME_TYPE c.Calls.type: type topic became procedure"},
    {"BF DJS", "METHOD_SAME_URI c.Calls.match: match exact became prefix"},
    {"BF DJS", "SERVICE_DELETED c.Gone: deleted"},
    {"BF DJS", "SERVICE_SAME_TYPE c.Plain: type none became interface"},
    {"BF DJS", "METHOD_SAME_TYPE c.Plain.get: type none became procedure"},
    {"BF DJS", "METHOD_SAME_URI c.Plain.get: the URI none became com.example.plain.get"},
    {"BF DJS", "METHOD_DELETED c.Plain.set: deleted or renamed"},
    {"BF D", "MAP_SAME_INDEX c.IndexGone: the index \"b\" is gone"},
    {"BF D", "MAP_SAME_INDEX c.IndexTurned: the index \"b:int\" became \"-b:int\""},
    {"BF D", "MAP_SAME_INDEX c.IndexUnique: the index \"b:int\" became \"b:int,unique\""},
    {"BF D", "MAP_SAME_KEY c.KeyTurned: the primary key \"a:int\" became \"-a:int\""},
    {"BF D", "MAP_SAME_KEY c.KeyType: the primary key \"a:int\" became \"a:long\""},
    {"BF D", "warning MAP_GONE c.MapGone: no table is map \"map_gone\""},
    {"BF DJS", "FIELD_SAME_TYPE c.MapTaken.a: int became long"},
    {"BF D", "MAP_SAME_KEY c.MapTaken: the primary key \"a:int\" became \"b:int\""},
    {"BF D", "MAP_SAME_KEY c.OtherKey: the primary key \"a:int,b:int\" became \"b:int,a:int\""},
    {"BF D", "warning TOPIC_GONE c.Calls.live: no topic with history is \"com.example.live\""},
};

static zw_schema *old_schema, *new_schema, *old_contract, *new_contract;

static int load(void **state) {
  (void)state;
  old_schema = fixture_load("reflect/evolution_old.bfbs");
  new_schema = fixture_load("reflect/evolution_new.bfbs");
  old_contract = fixture_load("reflect/contract_old.bfbs");
  new_contract = fixture_load("reflect/contract_new.bfbs");
  return 0;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(old_schema);
  zw_schema_destroy(new_schema);
  zw_schema_destroy(old_contract);
  zw_schema_destroy(new_contract);
  return 0;
}

static void collect(void *ctx, const zw_finding *f) {
  assert_true(f->fix && f->fix[0]);
  zw_text_printf(ctx, "%s%s %.*s: %s\n", f->warning ? "warning " : "", f->rule, ZW_ARG(f->element),
                 f->message);
}

static int check(const char *type, uint32_t directions, uint32_t categories, zw_text *out) {
  char name[100];
  snprintf(name, sizeof name, "e.%s", type);
  return zw_evolution_check(old_schema, new_schema, fixture_type(old_schema, name),
                            fixture_type(new_schema, name), directions, categories,
                            out ? collect : NULL, out);
}

static bool has_letter(const char *set, char letter) { return strchr(set, letter) != NULL; }

static void check_breaks(const evolution_case *c) {
  static const struct {
    char letter;
    uint32_t bit;
  } directions[] = {{'B', ZW_COMPAT_BACKWARD}, {'F', ZW_COMPAT_FORWARD}},
    categories[] = {{'D', ZW_CATEGORY_DATA}, {'J', ZW_CATEGORY_JSON}, {'S', ZW_CATEGORY_SOURCE}};
  for (size_t d = 0; d < 2; d++) {
    for (size_t k = 0; k < 3; k++) {
      bool breaks = check(c->type, directions[d].bit, categories[k].bit, NULL) > 0;
      bool expected = has_letter(c->breaks, directions[d].letter) &&
                      has_letter(c->breaks, categories[k].letter);
      if (breaks != expected)
        fail_msg("%s: %c %c %s", c->type, directions[d].letter, categories[k].letter,
                 breaks ? "breaks" : "does not break");
    }
  }
}

static void test_every_row(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_text out;
    zw_text_init(&out, NULL);
    int count = check(cases[i].type, ZW_COMPAT_FULL, EVERY_CATEGORY, &out);
    zw_str got = zw_text_str(&out);
    if (!zw_str_eq(got, zw_str_of(cases[i].findings)))
      fail_msg("%s:\n%.*sexpected:\n%s", cases[i].type, ZW_ARG(got), cases[i].findings);
    int lines = 0;
    for (size_t k = 0; k < got.len; k++) lines += got.ptr[k] == '\n';
    bool warning = got.len > 7 && memcmp(got.ptr, "warning", 7) == 0;
    assert_int_equal(count, warning ? 0 : lines);
    check_breaks(&cases[i]);
    zw_text_deinit(&out);
  }
}

static bool contains(zw_str text, const char *line) {
  size_t len = strlen(line);
  for (size_t i = 0; i + len <= text.len; i++)
    if (memcmp(text.ptr + i, line, len) == 0) return true;
  return false;
}

static void test_whole_schemas(void **state) {
  static const char *const lines[] = {
      "TYPE_DELETED e.Gone: deleted\n",
      "ENUM_DELETED e.GoneEnum: deleted\n",
      "FILE_SAME_ROOT e.Unchanged: the root type became e.Deep\n",
      "FILE_SAME_IDENTIFIER e.Unchanged: the file identifier \"OLD1\" became \"NEW1\"\n",
      "ENUM_SAME_BASE e.OtherBase: byte became short\n",
  };
  (void)state;
  zw_text out;
  zw_text_init(&out, NULL);
  int count = zw_evolution_check(old_schema, new_schema, NULL, NULL, ZW_COMPAT_FULL, EVERY_CATEGORY,
                                 collect, &out);
  assert_true(count > 40);
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    if (!contains(zw_text_str(&out), lines[i])) fail_msg("not found: %s", lines[i]);
  zw_text_deinit(&out);
}

static void collect_breaks(void *ctx, const zw_finding *f) {
  zw_text_printf(
      ctx, "%s%s %s%s%s ", f->directions & ZW_COMPAT_BACKWARD ? "B" : "",
      f->directions & ZW_COMPAT_FORWARD ? "F" : "", f->categories & ZW_CATEGORY_DATA ? "D" : "",
      f->categories & ZW_CATEGORY_JSON ? "J" : "", f->categories & ZW_CATEGORY_SOURCE ? "S" : "");
  collect(ctx, f);
}

static void test_contracts(void **state) {
  (void)state;
  zw_text out, expected;
  zw_text_init(&out, NULL);
  zw_text_init(&expected, NULL);
  size_t rows = sizeof contract / sizeof contract[0], warnings = 0;
  for (size_t i = 0; i < rows; i++) {
    warnings += strncmp(contract[i].finding, "warning", 7) == 0;
    zw_text_printf(&expected, "%s %s\n", contract[i].breaks, contract[i].finding);
  }
  zw_text_add(&expected, "", 1);
  int count = zw_evolution_check(old_contract, new_contract, NULL, NULL, ZW_COMPAT_FULL,
                                 EVERY_CATEGORY, collect_breaks, &out);
  assert_text(zw_text_str(&out), zw_text_str(&expected).ptr);
  assert_int_equal(count, rows - warnings);
  zw_text_deinit(&out);
  zw_text_deinit(&expected);
}

static void test_a_schema_fits_itself(void **state) {
  (void)state;
  assert_int_equal(zw_evolution_check(old_contract, old_contract, NULL, NULL, ZW_COMPAT_FULL,
                                      EVERY_CATEGORY, NULL, NULL),
                   0);
  assert_int_equal(zw_evolution_check(old_schema, old_schema, NULL, NULL, ZW_COMPAT_FULL,
                                      EVERY_CATEGORY, NULL, NULL),
                   0);
}

/* What both schemas know is compared as from each type's own root, and each type once. */
static void test_shared_types_are_compared_once(void **state) {
  (void)state;
  zw_text all, line;
  zw_text_init(&all, NULL);
  int count = zw_evolution_check_shared(old_schema, new_schema, ZW_COMPAT_FULL, ZW_CATEGORY_DATA,
                                        collect, &all);
  assert_true(count > 0);
  for (size_t i = 0; i < old_schema->type_count; i++) {
    const zw_type *type = &old_schema->types[i];
    const zw_type *namesake = zw_schema_type(new_schema, type->name);
    if (!namesake) continue;
    zw_text_init(&line, NULL);
    zw_evolution_check(old_schema, new_schema, type, namesake, ZW_COMPAT_FULL, ZW_CATEGORY_DATA,
                       collect, &line);
    char *at = line.ptr, *end;
    for (; at && (end = strchr(at, '\n')); at = end + 1) {
      *end = 0;
      const char *first = strstr(all.ptr, at);
      if (!first) fail_msg("not found: %s", at);
      if (strstr(first + 1, at)) fail_msg("found twice: %s", at);
    }
    zw_text_deinit(&line);
  }
  zw_text_deinit(&all);
  assert_int_equal(
      zw_evolution_check_shared(old_schema, old_schema, ZW_COMPAT_FULL, EVERY_CATEGORY, NULL, NULL),
      0);
}

/* A topic may get another payload type: the roots are compared, whatever their names. */
static void test_roots_may_have_other_names(void **state) {
  (void)state;
  zw_text out;
  zw_text_init(&out, NULL);
  int count = zw_evolution_check(old_schema, new_schema, fixture_type(old_schema, "e.OtherSign"),
                                 fixture_type(new_schema, "e.Narrower"), ZW_COMPAT_FULL,
                                 ZW_CATEGORY_DATA, collect, &out);
  assert_int_equal(count, 1);
  assert_text(zw_text_str(&out), "FIELD_SAME_TYPE e.OtherSign.a: uint became float\n");
  zw_text_deinit(&out);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_row),
      cmocka_unit_test(test_whole_schemas),
      cmocka_unit_test(test_contracts),
      cmocka_unit_test(test_a_schema_fits_itself),
      cmocka_unit_test(test_roots_may_have_other_names),
      cmocka_unit_test(test_shared_types_are_compared_once),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
