/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "counting_alloc.h"

static void pieces_add_up(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_text text;
  zw_text_init(&text, &c.alloc);
  assert_text_equal(zw_text_str(&text), "");
  zw_text_add(&text, "ab", 2);
  zw_text_add_str(&text, ZW_STR("cd"));
  zw_text_add_str(&text, (zw_str){NULL, 0});
  zw_text_printf(&text, "%d-%s", 42, "e");
  assert_int_equal(text.error, 0);
  assert_string_equal(text.ptr, "abcd42-e");
  assert_int_equal(text.len, 8);
  size_t calls = c.calls;
  zw_text_reset(&text);
  assert_int_equal(text.len, 0);
  zw_text_add_str(&text, ZW_STR("x"));
  assert_string_equal(text.ptr, "x");
  assert_int_equal(c.calls, calls);
  zw_text_deinit(&text);
  assert_int_equal(c.live, 0);
}

static void printf_of_any_length(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  size_t expected = 0;
  for (int width = 1; width < 600; width += 7, expected = text.len) {
    zw_text_printf(&text, "%*d", width, 7);
    assert_int_equal(text.len, expected + (size_t)width);
    assert_int_equal(text.ptr[text.len - 1], '7');
    assert_int_equal(text.ptr[text.len], 0);
  }
  zw_text_deinit(&text);
}

static void absurd_length_is_an_error(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_add(&text, "", SIZE_MAX);
  assert_int_equal(text.error, ZW_ENOMEM);
  zw_text_reset(&text);
  assert_int_equal(text.error, 0);
  zw_text_deinit(&text);
}

static void error_is_sticky(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    zw_text text;
    zw_text_init(&text, &c.alloc);
    for (int i = 0; i < 50; i++) zw_text_printf(&text, "line %d of many\n", i);
    assert_int_equal(text.error, c.failed ? ZW_ENOMEM : 0);
    size_t len = text.len;
    if (text.ptr) assert_int_equal(strlen(text.ptr), len);
    zw_text_add(&text, "x", 1);
    assert_int_equal(text.len, c.failed ? len : len + 1);
    zw_text_deinit(&text);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
  }
}

/* The length of a text is no `int`. */
static void printf_of_a_text_above_4_gib(void **state) {
  zw_text text;
  zw_str long_text = {"abc", (size_t)UINT32_MAX + 2};
  (void)state;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "%.*s", ZW_ARG(long_text));
  assert_string_equal(text.ptr, "abc");
  zw_text_deinit(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_add_up),
      cmocka_unit_test(printf_of_any_length),
      cmocka_unit_test(absurd_length_is_an_error),
      cmocka_unit_test(error_is_sticky),
      cmocka_unit_test(printf_of_a_text_above_4_gib),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
