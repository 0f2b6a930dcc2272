/* SPDX-License-Identifier: Apache-2.0 */
/* Types of an included file are those of its own header. */
#include "cmocka_base.h"
#include "constructs_generated.h"
#include "cycle_left_generated.h"
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
  assert_non_null(including_Outer_nothing(v).ptr);
  assert_int_equal(including_Outer_maybe_type(v), including_Maybe_Void);
  assert_null(including_Outer_maybe_as_every_thing_Leaf(v).t.ptr);
  zw_builder_deinit(&b);
}

/* The header of the other file comes with that of the one. */
static void test_files_that_include_each_other(void **state) {
  (void)state;
  zw_builder b;
  one_Left v;
  one_LeftT inner = {0}, o = one_Left_defaults();
  const two_Point point = {1, two_Size_Big};
  const one_Corner corners[] = {{point, one_Kind_B}};
  const two_Line line = {corners[0], {4}, {one_Kind_A, one_Kind_B}};
  const two_RightT right = {.left = &inner, .corner = corners, .kind = one_Kind_B};
  o.right = &right;
  o.line = &line;
  o.corners.ptr = corners;
  o.corners.len = 1;
  o.u.type = two_Any_Line;
  o.u.value = &line;
  zw_builder_init(&b, NULL);
  assert_int_equal(one_Left_pack(&b, &o, &v), 0);
  assert_int_equal(one_Left_verify(&v, zw_table_bytes(v.t), NULL), 0);
  assert_int_equal(two_Right_kind(one_Left_right(v)), one_Kind_B);
  assert_int_equal(two_Right_corner(one_Left_right(v)).p.y, two_Size_Big);
  assert_false(one_Left_has_right(two_Right_left(one_Left_right(v))));
  assert_int_equal(one_Left_line(v).kinds[1], one_Kind_B);
  assert_int_equal(one_Left_u_as_Line(v).plain.x, 4);
  assert_int_equal(one_Left_corners_at(one_Left_corners(v), 0).p.x, 1);
  assert_int_equal(one_Left_s(v), two_Size_Big);
  zw_builder_deinit(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_included_types),
                                     cmocka_unit_test(test_files_that_include_each_other)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
