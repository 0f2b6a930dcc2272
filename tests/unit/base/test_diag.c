/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmocka_base.h"

static void fail_fills_and_returns(void **state) {
  (void)state;
  zw_diag d;
  memset(&d, 0xAA, sizeof d);
  assert_int_equal(zw_fail(&d, ZW_EKEY, "key of %d octets", 700), ZW_EKEY);
  assert_int_equal(d.error, ZW_EKEY);
  assert_string_equal(d.message, "key of 700 octets");
  assert_string_equal(d.rule, "");
  assert_string_equal(d.at.file, "");
  assert_int_equal(d.at.line, 0);
  assert_int_equal(d.other.line, 0);
  assert_int_equal(d.offset, 0);
  assert_int_equal(zw_fail_at(&d, ZW_EVERIFY, 0x1234567890, "vtable"), ZW_EVERIFY);
  assert_true(d.offset == 0x1234567890);
}

static void null_is_accepted(void **state) {
  (void)state;
  assert_int_equal(zw_fail(NULL, ZW_EIO, "x"), ZW_EIO);
  assert_int_equal(zw_fail_at(NULL, ZW_EIO, 1, "x"), ZW_EIO);
}

/* A text of `count` characters of three octets each, begun with `shift` octets. */
static void cut_message(size_t shift, size_t count, zw_diag *d) {
  char text[ZW_DIAG_MESSAGE_MAX * 4];
  size_t n = 0;
  for (size_t i = 0; i < shift; i++) text[n++] = 'a';
  for (size_t i = 0; i < count; i++, n += 3) memcpy(text + n, "\xE2\x82\xAC", 3);
  zw_fail(d, ZW_EINVAL, "%.*s", (int)n, text);
}

static void long_messages_end_in_an_ellipsis(void **state) {
  (void)state;
  for (size_t shift = 0; shift < 4; shift++) {
    zw_diag d;
    cut_message(shift, 300, &d);
    size_t len = strlen(d.message);
    assert_true(len < ZW_DIAG_MESSAGE_MAX && len > ZW_DIAG_MESSAGE_MAX - 8);
    assert_string_equal(d.message + len - 3, "\xE2\x80\xA6");
    assert_true(zw_utf8_valid(zw_str_of(d.message)));
  }
  zw_diag d;
  cut_message(0, (ZW_DIAG_MESSAGE_MAX - 1) / 3, &d);
  assert_int_equal(strlen(d.message), (ZW_DIAG_MESSAGE_MAX - 1) / 3 * 3);
  assert_string_equal(d.message + strlen(d.message) - 3, "\xE2\x82\xAC");
}

static void format_leaves_out_what_is_absent(void **state) {
  (void)state;
  static const struct {
    const char *file;
    uint32_t line, column;
    const char *message, *expected;
  } cases[] = {
      {"a.fbs", 8, 3, "double became float", "a.fbs:8:3: double became float"},
      {"a.fbs", 0, 0, "no such file", "a.fbs: no such file"},
      {"", 1, 16, "no field", "1:16: no field"},
      {"", 0, 0, "refused", "refused"},
      {"", 0, 0, "", "invalid key"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_diag d;
    zw_fail(&d, ZW_EKEY, "%s", cases[i].message);
    snprintf(d.at.file, sizeof d.at.file, "%s", cases[i].file);
    d.at.line = cases[i].line;
    d.at.column = cases[i].column;
    char out[100];
    assert_int_equal(zw_diag_format(&d, out, sizeof out), strlen(cases[i].expected));
    assert_string_equal(out, cases[i].expected);
  }
}

static void format_terminates_in_any_size(void **state) {
  (void)state;
  zw_diag d;
  zw_fail(&d, ZW_EKEY, "0123456789");
  for (size_t size = 1; size < 15; size++) {
    char out[16];
    memset(out, 'x', sizeof out);
    assert_int_equal(zw_diag_format(&d, out, size), 10);
    assert_int_equal(strlen(out), size <= 10 ? size - 1 : 10);
    assert_int_equal(out[size], 'x');
  }
  assert_int_equal(zw_diag_format(&d, NULL, 0), 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fail_fills_and_returns),
      cmocka_unit_test(null_is_accepted),
      cmocka_unit_test(long_messages_end_in_an_ellipsis),
      cmocka_unit_test(format_leaves_out_what_is_absent),
      cmocka_unit_test(format_terminates_in_any_size),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
