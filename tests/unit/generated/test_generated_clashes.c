/* SPDX-License-Identifier: Apache-2.0 */
/* Names that clash get a trailing underscore: with keywords, with a type's functions, with others.
 */
#include "clashes_generated.h"
#include "cmocka_base.h"

static void test_fields(void **state) {
  (void)state;
  zw_builder b;
  clash_T v;
  const int32_t list[] = {1};
  clash_TT_ o = {.verify = 1,
                 .has_b = 2,
                 .b = ZW_STR("b"),
                 .int__ = 3,
                 .int_ = 4,
                 .pack = ZW_STR("p"),
                 .add_b = 5,
                 .ID_b = 6,
                 .list_at = 7,
                 .NULL_ = 8,
                 .errno_ = 9};
  o.b_at.ptr = list;
  o.b_at.len = 1;
  zw_builder_init(&b, NULL);
  assert_int_equal(clash_T_pack(&b, &o, &v), 0);
  assert_int_equal(clash_T_verify(&v, zw_table_bytes(v.t), NULL), 0);
  assert_int_equal(clash_T_verify_(v), 1);
  assert_int_equal(clash_T_has_b(v), 2);
  assert_text_equal(clash_T_b_(v), "b");
  assert_true(clash_T_has_b_(v));
  assert_int_equal(clash_T_int(v), 3);
  assert_int_equal(clash_T_int_(v), 4);
  assert_text_equal(clash_T_pack_(v), "p");
  assert_int_equal(clash_T_list_at_(v), 7);
  assert_int_equal(clash_T_NULL(v), 8);
  assert_int_equal(clash_T_errno(v), 9);
  zw_builder_deinit(&b);
}

static void test_types(void **state) {
  (void)state;
  zw_builder b;
  clash_Holder v;
  const clash_register place = {.int_ = 5, .double_ = {1, 2}};
  clash_TT v2;
  zw_builder_init(&b, NULL);
  assert_int_equal(clash_TT_pack(&b, &(clash_TTT){.end = 1, .as_root = &place}, &v2), 0);
  assert_int_equal(clash_TT_end_(v2), 1);
  assert_int_equal(clash_TT_as_root_(v2).int_, 5);
  const clash_EmptyT nothing = {0};
  assert_int_equal(
      clash_Holder_pack(&b, &(clash_HolderT){.empty = &nothing, .class_ = clash_Class_default}, &v),
      0);
  assert_non_null(clash_Holder_empty(v).t.ptr);
  assert_int_equal(clash_Holder_class(v), clash_Class_default);
  assert_int_equal(clash_Class_name_, 0);
  assert_text_equal(clash_Class_name(clash_Class_class), "class");
  zw_builder_deinit(&b);
}

/* A type whose name is that of another's function gives way, whole. */
static void test_functions(void **state) {
  (void)state;
  zw_builder b;
  clash_V v;
  clash_V_verify_ other;
  clash_Thing thing;
  const clash_register_load_ loaded = {3};
  const clash_ThingT o = {.kind = clash_Kind_a, .name = clash_Kind_name__b, .loaded = &loaded};
  zw_builder_init(&b, NULL);
  assert_int_equal(clash_V_verify__pack(&b, &(clash_V_verify_T){.y = 2}, &other), 0);
  assert_int_equal(clash_V_verify__y(other), 2);
  const clash_VT o_in = {.x = 1, .zw_str_ = 2};
  const clash_VT o_out = {.u = {clash_Either_V, &o_in}, .u_as_V = 5};
  assert_int_equal(clash_V_pack(&b, &o_out, &v), 0);
  assert_int_equal(clash_V_x(clash_V_u_as_V(v)), 1);
  assert_int_equal(clash_V_zw_str(clash_V_u_as_V(v)), 2);
  assert_int_equal(clash_V_u_as_V_(v), 5);
  Named named;
  assert_int_equal(Named_pack(&b, &(NamedT){.Plain_ = Plain_a}, &named), 0);
  assert_int_equal(Named_Plain(named), Plain_a);
  assert_int_equal(clash_V_verify(&v, zw_table_bytes(v.t), NULL), 0);
  assert_int_equal(clash_Thing_pack(&b, &o, &thing), 0);
  assert_int_equal(clash_Thing_loaded(thing).z, 3);
  assert_text_equal(clash_Kind_name(clash_Thing_kind(thing)), "a");
  assert_text_equal(clash_Kind_name__name(clash_Thing_name(thing)), "b");
  zw_builder_deinit(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields), cmocka_unit_test(test_types),
                                     cmocka_unit_test(test_functions)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
