/* SPDX-License-Identifier: Apache-2.0 */
/* Types of an included file are those of its own header. */
#include "cmocka_base.h"
#include "constructs_generated.h"
#include "including_generated.h"

static void test_included_types(void **state) {
  (void)state;
  zw_builder b;
  including_Outer made, v;
  const every_thing_LeafT leaf = {.name = ZW_STR("leaf"), .value = 1};
  const every_thing_Point point = {1, 2};
  including_OuterT o = including_Outer_defaults();
  zw_diag diag = {0};
  o.leaf = &leaf;
  o.leaves.ptr = &leaf;
  o.leaves.len = 1;
  o.point = &point;
  o.points.ptr = &point;
  o.points.len = 1;
  o.any.type = every_thing_Any_Leaf;
  o.any.value = &leaf;
  o.nothing = &leaf;
  o.maybe.type = including_Maybe_Void;
  o.maybe.value = &leaf;
  zw_builder_init(&b, NULL);
  assert_int_equal(including_Outer_pack(&b, &o, &made), 0);
  if (including_Outer_verify(&v, zw_table_bytes(made.t), &diag)) fail_msg("%s", diag.message);
  assert_text_equal(every_thing_Leaf_name(including_Outer_leaf(v)), "leaf");
  every_thing_Leaf first = including_Outer_leaves_at(including_Outer_leaves(v), 0);
  assert_int_equal(every_thing_Leaf_value(first), 1);
  assert_true(including_Outer_point(v).y == 2);
  assert_true(including_Outer_points_at(including_Outer_points(v), 0).x == 1);
  assert_int_equal(including_Outer_color(v), every_thing_Color_Red);
  assert_text_equal(every_thing_Leaf_name(including_Outer_any_as_Leaf(v)), "leaf");
  assert_true(including_Outer_has_nothing(v));
  assert_non_null(including_Outer_nothing(v).buf);
  assert_int_equal(including_Outer_maybe_type(v), including_Maybe_Void);
  assert_null(including_Outer_maybe_as_every_thing_Leaf(v).t.buf);
  zw_builder_deinit(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_included_types)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
