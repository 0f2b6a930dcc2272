/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

static void absent_and_empty(void **state) {
  (void)state;
  zw_str absent = zw_str_of(NULL), empty = zw_str_of("");
  assert_null(absent.ptr);
  assert_non_null(empty.ptr);
  assert_int_equal(empty.len, 0);
  assert_true(zw_str_eq(absent, empty));
  assert_true(zw_span_eq(zw_str_span(absent), zw_str_span(empty)));
}

static void equality_is_by_octets(void **state) {
  (void)state;
  assert_true(zw_str_eq(ZW_STR("abc"), zw_str_of("abc")));
  assert_false(zw_str_eq(ZW_STR("abc"), ZW_STR("abd")));
  assert_false(zw_str_eq(ZW_STR("abc"), ZW_STR("ab")));
  assert_false(zw_str_eq(ZW_STR("a\0b"), ZW_STR("a\0c")));
  assert_int_equal(ZW_STR("a\0b").len, 3);
}

static void spans_and_texts_convert(void **state) {
  (void)state;
  zw_span span = zw_str_span(ZW_STR("abc"));
  assert_int_equal(span.len, 3);
  assert_text_equal(zw_span_str(span), "abc");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(absent_and_empty),
      cmocka_unit_test(equality_is_by_octets),
      cmocka_unit_test(spans_and_texts_convert),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
