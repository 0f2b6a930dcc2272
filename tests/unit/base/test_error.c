/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

static const struct {
  int number;
  const char *name, *text, *uri;
} rows[] = {
#define ROW(symbol, number, text, uri) {number, #symbol, text, uri},
    ZW_ERRORS(ROW)
#undef ROW
};
#define ROWS (sizeof rows / sizeof rows[0])

static void numbers_are_dense_and_final(void **state) {
  (void)state;
  for (size_t i = 0; i < ROWS; i++) assert_int_equal(rows[i].number, -(int)i - 1);
  assert_int_equal(ZW_ENOMEM, -1);
  assert_int_equal(ZW_EKEY, -12);
  assert_int_equal(ZW_EUSAGE, -29);
}

static void every_error_has_its_row(void **state) {
  (void)state;
  for (size_t i = 0; i < ROWS; i++) {
    assert_string_equal(zw_error_name(rows[i].number), rows[i].name);
    assert_string_equal(zw_error_text(rows[i].number), rows[i].text);
    assert_string_equal(zw_error_uri(rows[i].number), rows[i].uri);
    bool known =
        strncmp(rows[i].uri, "wamp.", 5) == 0 || strncmp(rows[i].uri, "zerowire.error.", 15) == 0;
    assert_true(known);
  }
}

static void unknown_numbers_are_named(void **state) {
  (void)state;
  static const int unknown[] = {1, 42, -1000, INT32_MIN};
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
    assert_string_equal(zw_error_text(unknown[i]), "unknown error");
    assert_non_null(zw_error_name(unknown[i]));
    assert_string_equal(zw_error_uri(unknown[i]), "wamp.error.runtime_error");
  }
  assert_string_equal(zw_error_name(0), "ZW_OK");
}

static void version_is_the_header_s(void **state) {
  (void)state;
  assert_string_equal(zw_version(), ZW_VERSION_STRING);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_dense_and_final),
      cmocka_unit_test(every_error_has_its_row),
      cmocka_unit_test(unknown_numbers_are_named),
      cmocka_unit_test(version_is_the_header_s),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
