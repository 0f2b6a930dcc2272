/* SPDX-License-Identifier: Apache-2.0 */
/* Names that clash compile behind the headers that have macros, and mean what they say. */
#include <assert.h>
#include <complex.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Before the types of the schema, which have no namespace. */
#include "same_schema.h"

#include "hostile_c_generated.h"

static zw_builder builder;
static zw_arena arena;

static int set_up(void **state) {
  (void)state;
  zw_builder_init(&builder, NULL);
  zw_arena_init(&arena, NULL);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  zw_arena_deinit(&arena);
  zw_builder_deinit(&builder);
  return 0;
}

static void test_keywords_and_macros(void **state) {
  (void)state;
  x_FieldsT o = x_Fields_defaults(), back;
  x_Fields v;
  assert_true(isnan(o.NAN_));
  o.auto_ = 1, o.class_ = 2, o.int_ = 3, o.errno_ = 4, o.EOF_ = 5, o.INT_MAX_ = 6, o.linux_ = 7;
  o.EINVAL_ = 8, o.__LINE___ = 9, o.__linux___ = 10, o.uint8_t_ = 11, o.zw_ref_ = 12, o.memcpy = 13;
  o.NULL_ = ZW_STR("null"), o.delete_.has = true, o.delete_.value = 0.5, o.assert_ = 14,
  o.unix_ = 15;
  assert_int_equal(x_Fields_pack(&builder, &o, &v), 0);
  assert_int_equal(x_Fields_verify(&v, zw_table_bytes(v.t), NULL), 0);
  assert_int_equal(x_Fields_auto(v), 1);
  assert_int_equal(x_Fields_class(v), 2);
  assert_int_equal(x_Fields_int_(v), 3);
  assert_int_equal(x_Fields_errno(v), 4);
  assert_int_equal(x_Fields_EOF(v), 5);
  assert_int_equal(x_Fields_INT_MAX(v), 6);
  assert_int_equal(x_Fields_linux(v), 7);
  assert_int_equal(x_Fields_EINVAL(v), 8);
  assert_text_equal(x_Fields_NULL(v), "null");
  assert_true(x_Fields_set_errno(v, 40) && x_Fields_errno(v) == 40);
  assert_int_equal(x_Fields_unpack(v, &arena, &back), 0);
  assert_true(back.__LINE___ == 9 && back.__linux___ == 10 && back.uint8_t_ == 11);
  assert_true(back.zw_ref_ == 12 && back.memcpy == 13 && back.delete_.value == 0.5);
  assert_true(back.assert_ == 14 && back.unix_ == 15 && back.errno_ == 40);
}

/* Fields that are named like functions of their table, or of another field. */
static void test_own_suffixes(void **state) {
  (void)state;
  static const int32_t list[] = {7, 8};
  x_OwnT_ o = x_Own_defaults(), back;
  x_Own v;
  o.verify = 1, o.pack = 2, o.unpack = 3, o.find = 4, o.clone = 5, o.type = 6, o.t = 7, o.set_t = 8;
  o.vec_at = 9, o.set_vec = 10, o.key = ZW_STR("k"), o.has_key = 11, o.create_far = 12;
  o.vec.ptr = list, o.vec.len = 2, o.far.ptr = list, o.far.len = 2;
  assert_int_equal(x_Own_pack(&builder, &o, &v), 0);
  assert_int_equal(x_Own_verify(&v, zw_table_bytes(v.t), NULL), 0);
  assert_int_equal(x_Own_verify_(v), 1);
  assert_int_equal(x_Own_pack_(v), 2);
  assert_int_equal(x_Own_unpack_(v), 3);
  assert_int_equal(x_Own_find__(v), 4);
  assert_int_equal(x_Own_clone_(v), 5);
  assert_int_equal(x_Own_type(v), 6);
  assert_text_equal(x_Own_key(v), "k");
  assert_int_equal(x_Own_has_key_(v), 11);
  assert_int_equal(x_Own_defaults_(v), 1);
  assert_int_equal(x_Own_unpack(v, &arena, &back), 0);
  assert_true(back.t == 7 && back.set_t == 8 && back.vec_at == 9 && back.set_vec == 10);
  assert_true(back.has_key == 11 && back.create_far == 12);
  assert_true(back.vec.len == 2 && back.vec.ptr[1] == 8 && back.far.len == 2);
  assert_true(back.far.ptr[0] == 7);
}

/* Types without a namespace that the C library, this one, or a generated function has. */
static void test_types(void **state) {
  (void)state;
  const v_T inner = {.w = 5}, *self = &inner;
  const time_ when = {.t = 1, .time = 2, .key = 3};
  v_T o = {.v = self, .w = 6, .t = &when, .self = {u_w, NULL}};
  const w_T member = {.v = self};
  o.self.value = &member;
  v_ made;
  assert_int_equal(v__pack(&builder, &o, &made), 0);
  assert_int_equal(v__w(v__v(made)), 5);
  assert_int_equal(v__t(made).key, 3);
  assert_int_equal(v__w(w__v(v__self_as_w(made))), 5);
  assert_int_equal(INT_MAX, 2147483647);
  assert_int_equal(INT_MAX_, 1);
  assert_int_equal(E_name_, 2);
  const strT text = {.len = 3, .chr = ZW_STR("c")};
  str other;
  assert_int_equal(str_pack(&builder, &text, &other), 0);
  assert_int_equal(str_len(other), 3);
}

static void test_descriptors(void **state) {
  (void)state;
  same_as_loaded(&hostile_c_schema);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keywords_and_macros),
      cmocka_unit_test(test_own_suffixes),
      cmocka_unit_test(test_types),
      cmocka_unit_test(test_descriptors),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
