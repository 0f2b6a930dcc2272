/* SPDX-License-Identifier: Apache-2.0 */
#include "json_string.h"
#include "reflect_fixture.h"

static void expect(const char *text, size_t len, bool natural, bool any, const char *ours,
                   const char *flatc) {
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_json_put_string(&out, (zw_str){text, len}), ours ? 0 : ZW_EVERIFY);
  if (ours) assert_text(zw_text_str(&out), ours);
  zw_text_reset(&out);
  assert_int_equal(zw_json_put_flatc_string(&out, (zw_str){text, len}, natural, any),
                   flatc ? 0 : ZW_EVERIFY);
  if (flatc) assert_text(zw_text_str(&out), flatc);
  zw_text_deinit(&out);
}

#define EXPECT(text, natural, any, ours, flatc) \
  expect(text, sizeof(text) - 1, natural, any, ours, flatc)

static void test_escapes(void **state) {
  (void)state;
  EXPECT("", false, false, "\"\"", "\"\"");
  EXPECT("plain text, long enough for a word", false, false,
         "\"plain text, long enough for a word\"", "\"plain text, long enough for a word\"");
  EXPECT("12345678\"90\\", false, false, "\"12345678\\\"90\\\\\"", "\"12345678\\\"90\\\\\"");
  EXPECT("\b\f\n\r\t/\x01\x7f", false, false, "\"\\b\\f\\n\\r\\t/\\u0001\\u007f\"",
         "\"\\b\\f\\n\\r\\t/\\u0001\\u007F\"");
  EXPECT("a\0b", false, false, "\"a\\u0000b\"", "\"a\\u0000b\"");
}

static void test_beyond_ascii(void **state) {
  (void)state;
  EXPECT("\xC3\xA9\xE2\x82\xAC", false, false, "\"\xC3\xA9\xE2\x82\xAC\"", "\"\\u00E9\\u20AC\"");
  EXPECT("\xF0\x9F\x98\x80", false, false, "\"\xF0\x9F\x98\x80\"", "\"\\uD83D\\uDE00\"");
  EXPECT("\xC3\xA9!", true, false, "\"\xC3\xA9!\"", "\"\xC3\xA9!\"");
  EXPECT("a\xFFz", false, false, NULL, NULL);
  EXPECT("a\xFFz\xC3", false, true, NULL, "\"a\\xFFz\\xC3\"");
  EXPECT("\xED\xA0\x80", false, true, NULL, "\"\\xED\\xA0\\x80\"");
}

/* What needs an escape is found wherever it stands in a word of eight octets. */
static void test_every_position(void **state) {
  (void)state;
  for (size_t at = 0; at < 24; at++) {
    char text[25], expected[40];
    memset(text, 'x', 24);
    text[at] = '\n';
    text[24] = 0;
    snprintf(expected, sizeof expected, "\"%.*s\\n%s\"", (int)at, text, text + at + 1);
    expect(text, 24, false, false, expected, expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_escapes),
      cmocka_unit_test(test_beyond_ascii),
      cmocka_unit_test(test_every_position),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
