/* SPDX-License-Identifier: Apache-2.0 */
/* Every construct of the schema language, packed and read by generated code. */
#include <math.h>

#include "cmocka_base.h"
#include "constructs_generated.h"

static zw_builder builder;

static int set_up(void **state) {
  (void)state;
  zw_builder_init(&builder, NULL);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  zw_builder_deinit(&builder);
  return 0;
}

/* Packs, and comes back through the border. */
static every_thing_Every packed(const every_thing_EveryT *object) {
  every_thing_Every made, v;
  zw_diag diag = {0};
  assert_int_equal(every_thing_Every_pack(&builder, object, &made), 0);
  if (every_thing_Every_verify(&v, zw_table_bytes(made.t), &diag)) fail_msg("%s", diag.message);
  return v;
}

static every_thing_EveryT begin(void) {
  every_thing_EveryT o = every_thing_Every_defaults();
  o.needed = ZW_STR("needed");
  return o;
}

static void test_defaults(void **state) {
  (void)state;
  every_thing_EveryT o = begin();
  every_thing_Every v = packed(&o);
  assert_true(every_thing_Every_a_bool(v));
  assert_int_equal(every_thing_Every_a_byte(v), -3);
  assert_int_equal(every_thing_Every_an_int(v), INT32_MIN);
  assert_int_equal(every_thing_Every_a_uint(v), 4000000000u);
  assert_true(every_thing_Every_a_long(v) == -INT64_MAX);
  assert_true(every_thing_Every_a_ulong(v) == UINT64_MAX);
  assert_true(every_thing_Every_a_float(v) == 1.5f);
  assert_true(every_thing_Every_tenth(v) == 0.1f);
  assert_true(isinf(every_thing_Every_beyond(v)) && every_thing_Every_beyond(v) > 0);
  assert_true(every_thing_Every_tiny(v) == 0);
  assert_true(every_thing_Every_a_double(v) == -2e300);
  assert_true(isnan(every_thing_Every_not_a_number(v)));
  assert_true(isinf(every_thing_Every_infinite(v)) && every_thing_Every_infinite(v) < 0);
  assert_int_equal(every_thing_Every_color(v), every_thing_Color_Green);
  assert_true(every_thing_Every_far(v) == every_thing_Far_High);
  assert_true(every_thing_Far_High == INT64_C(9000000000));
  assert_int_equal(every_thing_Every_flags(v), every_thing_Flags_One);
  assert_text_equal(every_thing_Every_greeting(v), "say \"hi\" \xc3\xa9?");
  assert_false(every_thing_Every_has_greeting(v));
  assert_false(every_thing_Every_has_maybe(v));
  assert_false(every_thing_Every_has_leaf(v));
  /* Defaults are not written. */
  assert_false(zw_table_has(v.t, every_thing_Every_ID_a_bool));
  assert_memory_equal(zw_table_bytes(v.t).ptr + 4, "EVRY", 4);
}

static void test_scalars(void **state) {
  (void)state;
  every_thing_EveryT o = begin();
  o.a_bool = false;
  o.greeting = ZW_STR("");
  o.a_short = -300;
  o.a_ushort = 60000;
  o.far = every_thing_Far_Low;
  o.flags = every_thing_Flags_One | every_thing_Flags_name_;
  o.maybe.has = true;
  o.maybe_flag.has = true;
  o.maybe_flag.value = true;
  o.maybe_real.has = true;
  o.maybe_real.value = 2.5;
  every_thing_Every v = packed(&o);
  assert_false(every_thing_Every_a_bool(v));
  assert_text_equal(every_thing_Every_greeting(v), "");
  assert_int_equal(every_thing_Every_a_short(v), -300);
  assert_int_equal(every_thing_Every_a_ushort(v), 60000);
  assert_true(every_thing_Every_far(v) == INT64_C(-9000000000));
  assert_int_equal(every_thing_Every_flags(v), 5);
  assert_true(every_thing_Every_has_maybe(v));
  assert_int_equal(every_thing_Every_maybe(v), 0);
  assert_true(every_thing_Every_maybe_flag(v));
  assert_true(every_thing_Every_maybe_real(v) == 2.5);
}

static void test_structs(void **state) {
  (void)state;
  every_thing_EveryT o = begin();
  const every_thing_Mixed mixed = {.flag = true,
                                   .tag = -1,
                                   .at = {1, 2},
                                   .color = every_thing_Color_Blue,
                                   .wide = 0.5,
                                   .many = {1, 2, 3},
                                   .corners = {{3, 4}, {5, 6}},
                                   .octets = {9, 8, 7, 6}};
  const every_thing_Wide wide = {.a = 1, .b = -2}, wides[2] = {{1, 2}, {3, 4}};
  const every_thing_Point points[] = {{1, 2}, {3, 4}};
  o.mixed = &mixed;
  o.point = &points[1];
  o.wide = &wide;
  o.wides.ptr = wides;
  o.wides.len = 2;
  o.points.ptr = points;
  o.points.len = 2;
  every_thing_Every v = packed(&o);
  every_thing_Mixed m = every_thing_Every_mixed(v);
  assert_true(m.flag && m.tag == -1 && m.wide == 0.5);
  assert_true(m.at.x == 1 && m.at.y == 2 && m.corners[1].y == 6);
  assert_int_equal(m.color, every_thing_Color_Blue);
  assert_memory_equal(m.many, mixed.many, sizeof m.many);
  assert_memory_equal(m.octets, mixed.octets, sizeof m.octets);
  assert_int_equal(every_thing_Every_wide(v).b, -2);
  zw_vec list = every_thing_Every_wides(v);
  assert_int_equal(list.count, 2);
  assert_int_equal(every_thing_Every_wides_at(list, 1).a, 3);
  assert_int_equal(every_thing_Every_wides_at(list, 1).b, 4);
  const every_thing_Point *raw = every_thing_Every_points_raw(v);
  assert_true(!raw || raw[1].y == 4);
  assert_true(every_thing_Every_point(v).x == 3);
  every_thing_EveryT none = begin();
  assert_true(every_thing_Every_mixed(packed(&none)).wide == 0);
}

static void test_references(void **state) {
  (void)state;
  every_thing_EveryT o = begin(), inner = begin();
  const every_thing_LeafT leaf = {.name = ZW_STR("leaf"), .value = 3},
                          leaves[] = {{.name = ZW_STR("a"), .value = 7},
                                      {.name = ZW_STR("b"), .value = 1}};
  const int32_t ints[] = {-1, 0, 1};
  const bool bools[] = {true, false};
  const double reals[] = {0.25, -4};
  const every_thing_Color colors[] = {every_thing_Color_Red, every_thing_Color_Blue};
  const zw_str texts[] = {ZW_STR("x"), ZW_STR(""), ZW_STR("yz")};
  o.text = ZW_STR("text");
  o.leaf = &leaf;
  o.self = &inner;
  o.leaves.ptr = leaves, o.leaves.len = 2;
  o.ints.ptr = ints, o.ints.len = 3;
  o.bools.ptr = bools, o.bools.len = 2;
  o.reals.ptr = reals, o.reals.len = 2;
  o.colors.ptr = colors, o.colors.len = 2;
  o.texts.ptr = texts, o.texts.len = 3;
  o.octets = zw_span_of("\x01\x02", 2);
  every_thing_Every v = packed(&o);
  assert_text_equal(every_thing_Every_text(v), "text");
  assert_text_equal(every_thing_Leaf_name(every_thing_Every_leaf(v)), "leaf");
  assert_text_equal(every_thing_Every_needed(every_thing_Every_self(v)), "needed");
  every_thing_Leaf second = every_thing_Every_leaves_at(every_thing_Every_leaves(v), 1);
  assert_text_equal(every_thing_Leaf_name(second), "b");
  assert_int_equal(every_thing_Leaf_value(second), 1);
  assert_int_equal(every_thing_Every_ints_at(every_thing_Every_ints(v), 0), -1);
  const int32_t *raw = every_thing_Every_ints_raw(v);
  assert_true(!raw || raw[2] == 1);
  assert_true(every_thing_Every_bools_at(every_thing_Every_bools(v), 0));
  assert_true(every_thing_Every_reals_at(every_thing_Every_reals(v), 1) == -4);
  assert_int_equal(every_thing_Every_colors_at(every_thing_Every_colors(v), 1), 8);
  assert_text_equal(every_thing_Every_texts_at(every_thing_Every_texts(v), 2), "yz");
  assert_text_equal(every_thing_Every_texts_at(every_thing_Every_texts(v), 1), "");
  assert_int_equal(every_thing_Every_octets(v).len, 2);
  assert_int_equal(every_thing_Every_octets(v).ptr[1], 2);
}

static void test_unions(void **state) {
  (void)state;
  every_thing_EveryT o = begin();
  const every_thing_LeafT leaf = {.name = ZW_STR("leaf")};
  const every_thing_OtherT other = {.id = 5};
  const zw_str text = ZW_STR("text");
  const every_thing_Point point = {1, 2};
  const zw_union_value any[] = {{every_thing_Any_Leaf, &leaf},
                                {every_thing_Any_Alias, &other},
                                {every_thing_Any_Text, &text},
                                {every_thing_Any_Point, &point}};
  o.any = any[1];
  o.anys.ptr = any, o.anys.len = 4;
  every_thing_Every v = packed(&o);
  assert_int_equal(every_thing_Every_any_type(v), every_thing_Any_Alias);
  assert_int_equal(every_thing_Other_id(every_thing_Every_any_as_Alias(v)), 5);
  assert_null(every_thing_Every_any_as_Leaf(v).t.ptr);
  assert_null(every_thing_Every_any_as_Text(v).ptr);
  zw_vec types = every_thing_Every_anys_type(v);
  assert_int_equal(types.count, 4);
  assert_int_equal(every_thing_Every_anys(v).count, 4);
  assert_int_equal(every_thing_Every_anys_type_at(types, 2), every_thing_Any_Text);
  assert_text_equal(every_thing_Every_anys_as_Text(v, 2), "text");
  assert_text_equal(every_thing_Leaf_name(every_thing_Every_anys_as_Leaf(v, 0)), "leaf");
  assert_true(every_thing_Every_anys_as_Point(v, 3).y == 2);
  assert_null(every_thing_Every_anys_as_Leaf(v, 2).t.ptr);
  assert_null(every_thing_Every_anys_as_Text(v, 3).ptr);
  assert_true(every_thing_Every_anys_as_Point(v, 0).y == 0);
  o.any = any[3];
  v = packed(&o);
  assert_true(every_thing_Every_any_as_Point(v).x == 1);
  assert_null(every_thing_Every_any_as_Leaf(v).t.ptr);
  assert_text_equal(every_thing_Any_name(every_thing_Any_Alias), "Alias");
  assert_null(every_thing_Any_name(99).ptr);
}

static void test_nested(void **state) {
  (void)state;
  zw_builder inner;
  every_thing_Leaf leaf;
  every_thing_EveryT o = begin();
  zw_builder_init(&inner, NULL);
  assert_int_equal(
      every_thing_Leaf_pack(&inner, &(every_thing_LeafT){.name = ZW_STR("in"), .value = 4}, &leaf),
      0);
  o.nested = zw_table_bytes(leaf.t);
  zw_builder_reset(&builder);
  every_thing_Every_start(&builder);
  every_thing_Every_add_needed(&builder, ZW_STR("n"));
  every_thing_Every_add_nested(&builder, o.nested);
  every_thing_Every v;
  zw_diag diag = {0};
  assert_int_equal(every_thing_Every_finish(&builder, every_thing_Every_end(&builder), &v), 0);
  if (every_thing_Every_verify(&v, zw_table_bytes(v.t), &diag)) fail_msg("%s", diag.message);
  assert_int_equal(every_thing_Leaf_value(every_thing_Every_nested_root(v)), 4);
  zw_builder_deinit(&inner);
}

static void test_required(void **state) {
  (void)state;
  every_thing_EveryT o = every_thing_Every_defaults();
  every_thing_Every v;
  assert_int_equal(every_thing_Every_pack(&builder, &o, &v), ZW_EINVAL);
}

/* Building step by step gives what packing gives. */
static void test_builder(void **state) {
  (void)state;
  const every_thing_Point points[] = {{1, 2}, {3, 4}};
  const int32_t ints[] = {5, 6};
  every_thing_Every v;
  zw_builder_reset(&builder);
  every_thing_Every_start(&builder);
  every_thing_Every_add_needed(&builder, ZW_STR("n"));
  every_thing_Every_add_maybe(&builder, -7);
  every_thing_Every_add_maybe_real(&builder, 0.5);
  every_thing_Every_add_point(&builder, &points[0]);
  every_thing_Every_add_points(&builder, points, 2);
  every_thing_Every_add_ints(&builder, ints, 2);
  every_thing_Leaf_start(&builder);
  every_thing_Leaf_add_name(&builder, ZW_STR("leaf"));
  zw_ref leaf = every_thing_Leaf_end(&builder), refs[] = {leaf, leaf};
  every_thing_Every_add_any(&builder, every_thing_Any_Leaf, leaf);
  every_thing_Every_add_leaves(&builder, refs, 2);
  assert_int_equal(every_thing_Every_finish(&builder, every_thing_Every_end(&builder), &v), 0);
  assert_int_equal(every_thing_Every_verify(&v, zw_table_bytes(v.t), NULL), 0);
  assert_int_equal(every_thing_Every_maybe(v), -7);
  assert_true(every_thing_Every_maybe_real(v) == 0.5);
  assert_true(every_thing_Every_point(v).y == 2);
  assert_true(every_thing_Every_points_at(every_thing_Every_points(v), 1).x == 3);
  assert_int_equal(every_thing_Every_ints_at(every_thing_Every_ints(v), 1), 6);
  assert_text_equal(every_thing_Leaf_name(every_thing_Every_any_as_Leaf(v)), "leaf");
  assert_int_equal(every_thing_Leaf_value(every_thing_Every_any_as_Leaf(v)), 7);
  assert_int_equal(every_thing_Every_leaves(v).count, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_defaults), cmocka_unit_test(test_scalars),
      cmocka_unit_test(test_structs),  cmocka_unit_test(test_references),
      cmocka_unit_test(test_unions),   cmocka_unit_test(test_nested),
      cmocka_unit_test(test_required), cmocka_unit_test(test_builder),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
