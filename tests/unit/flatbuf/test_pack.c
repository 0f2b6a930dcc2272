/* SPDX-License-Identifier: Apache-2.0 */
/* Packing C structs, as generated code describes them, into tables. */
#include "counting_alloc.h"
#include "pack_fixture.h"
#include "wide_pack.h"

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
  padded_scalars from = {.scalars = {.flag = true, .i64 = -5, .f64 = 0.5, .answer = 42}};
  (void)state;
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

/* Wide unions, 64-bit offsets, forced alignment: what is packed says what is in the structs. */
static void test_wide_constructs(void **state) {
  static const AT a = {1, ZW_STR("a")}, empty = {0, {NULL, 0}};
  static const BT two = {2}, seven = {7};
  static const WidePointT place = {1, 2}, places[] = {{1, 2}, {3, 4}};
  static const TinyT tiny = {9};
  static const zw_str text = ZW_STR("text");
  static const zw_union_value us[] = {{1, &a}, {300, &two}}, vs[] = {{2, &place}, {3, &tiny}},
                              ws[] = {{70000, &empty}};
  static const int32_t fa[] = {1, -2, 3};
  static const int64_t ls[] = {-1};
  static const RT wide = {.u = {300, &seven},
                          .us = {us, 2},
                          .v = {4, &text},
                          .vs = {vs, 2},
                          .w = {70001, &two},
                          .ws = {ws, 1},
                          .fa = {fa, 3},
                          .big = {"big", 3},
                          .s = ZW_STR("far"),
                          .ps = {places, 2},
                          .ls = {ls, 1}};
  (void)state;
  zw_builder b;
  zw_table t;
  zw_text out;
  zw_diag diag = {0};
  const zw_verify_options options = {.flags = ZW_VERIFY_FORCE_ALIGN};
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  assert_int_equal(zw_pack_root(&b, &r_pack, &wide, ZW_STR("WIDE"), &t), 0);
  assert_true(b.far > 0); /* 64-bit content came first */
  if (zw_verify_identified(&wide_r, ZW_STR("WIDE"), zw_table_bytes(t), &options, NULL, &diag))
    fail_msg("%s", diag.message);
  assert_int_equal(zw_json_print(&wide_r, t, ZW_OBJECT_ENUM_NUMBERS, 0, &out), 0);
  assert_text(zw_text_str(&out),
              "{\"u_type\":300,\"u\":{\"n\":7},\"us_type\":[1,300],"
              "\"us\":[{\"x\":1,\"s\":\"a\"},{\"n\":2}],\"v_type\":4,\"v\":\"text\","
              "\"vs_type\":[2,3],\"vs\":[{\"x\":1.0,\"y\":2},{\"a\":9}],\"w_type\":70001,"
              "\"w\":{\"n\":2},\"ws_type\":[70000],\"ws\":[{}],\"fa\":[1,-2,3],"
              "\"big\":[98,105,103],\"s\":\"far\",\"ps\":[{\"x\":1.0,\"y\":2},"
              "{\"x\":3.0,\"y\":4}],\"ls\":[-1]}");
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

/* Strings of a field that is `shared` are one object. */
static void test_shared_strings(void **state) {
  static const zw_field fields[] = {{.name = {"a", 1}, .base = ZW_T_STRING, .flags = ZW_F_SHARED},
                                    {.name = {"b", 1},
                                     .id = 1,
                                     .base = ZW_T_VECTOR,
                                     .element = ZW_T_STRING,
                                     .flags = ZW_F_SHARED}};
  static const zw_type type = {.name = {"S", 1}, .fields = fields, .field_count = 2, .align = 1};
  typedef struct ST {
    zw_str a;
    zw_items b;
  } ST;
  static const uint32_t offsets[] = {offsetof(ST, a), offsetof(ST, b)};
  static const zw_pack_type s_pack = {.type = &type, .size = sizeof(ST), .offsets = offsets};
  const ST s = {ZW_STR("north"),
                {(zw_str[]){ZW_STR("north"), ZW_STR("south"), ZW_STR("north")}, 3}};
  (void)state;
  zw_builder b;
  zw_table t;
  zw_builder_init(&b, NULL);
  assert_int_equal(zw_pack_root(&b, &s_pack, &s, (zw_str){NULL, 0}, &t), 0);
  zw_vec list = zw_table_vec(t, 1);
  assert_ptr_equal(zw_table_str(t, 0).ptr, zw_vec_str(list, 0).ptr);
  assert_ptr_equal(zw_table_str(t, 0).ptr, zw_vec_str(list, 2).ptr);
  assert_text(zw_vec_str(list, 1), "south");
  zw_builder_deinit(&b);
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
      cmocka_unit_test(test_wide_constructs),
      cmocka_unit_test(test_shared_strings),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, pack_fixture_load, pack_fixture_unload);
}
