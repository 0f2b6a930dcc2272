/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cmocka_base.h"

static const struct {
  const char *text;
  size_t len, prefix, partial;
} cases[] = {
    {"", 0, 0, 0},
    {"plain ASCII text that is longer than eight", 42, 42, 0},
    {"a\0b", 3, 3, 0},
    {"\xC3\xA9", 2, 2, 0},
    {"\xE2\x82\xAC", 3, 3, 0},
    {"\xF0\x9F\x98\x80", 4, 4, 0},
    {"\xEF\xBF\xBF", 3, 3, 0},
    {"\xF4\x8F\xBF\xBF", 4, 4, 0},         /* U+10FFFF */
    {"\xED\x9F\xBF\xEE\x80\x80", 6, 6, 0}, /* around the surrogates */
    {"ab\x80", 3, 2, 0},                   /* a lone continuation */
    {"ab\xFF", 3, 2, 0},
    {"ab\xC0\xAF", 4, 2, 0}, /* overlong */
    {"ab\xC1\xBF", 4, 2, 0},
    {"\xE0\x9F\xBF", 3, 0, 0},
    {"\xF0\x8F\xBF\xBF", 4, 0, 0},
    {"\xED\xA0\x80", 3, 0, 0}, /* a surrogate */
    {"\xED\xBF\xBF", 3, 0, 0},
    {"\xF4\x90\x80\x80", 4, 0, 0}, /* above U+10FFFF */
    {"\xF5\x80\x80\x80", 4, 0, 0},
    {"\xC3(", 2, 0, 0},
    {"\xE2\x82(", 3, 0, 0},
    {"\xF0\x9F\x98(", 4, 0, 0},
    {"a\xC3", 2, 1, 1}, /* cut */
    {"a\xE2", 2, 1, 1},
    {"a\xE2\x82", 3, 1, 2},
    {"a\xF0\x9F\x98", 4, 1, 3},
    {"a\xE0\x80", 3, 1, 0}, /* cut, but no way to go on */
    {"a\xED\xA0", 3, 1, 0},
    {"a\xF4\x90", 3, 1, 0},
    {"12345678\xE2\x82", 10, 8, 2},
};

static void table_of_cases(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    /* On the heap and of its exact size, so that a sanitizer sees a read past the end. */
    char *text = malloc(cases[i].len + 1);
    assert_non_null(text);
    memcpy(text + 1, cases[i].text, cases[i].len);
    zw_str s = {text + 1, cases[i].len};
    size_t partial = 99;
    assert_int_equal(zw_utf8_prefix(s, &partial), cases[i].prefix);
    assert_int_equal(partial, cases[i].partial);
    assert_int_equal(zw_utf8_valid(s), cases[i].prefix == cases[i].len);
    free(text);
  }
  assert_true(zw_utf8_valid((zw_str){NULL, 0}));
}

static size_t encode(uint32_t c, char *out) {
  if (c < 0x80) return out[0] = (char)c, 1;
  size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = n - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
  out[0] = (char)((0xF0u << (4 - n)) | c);
  return n;
}

static void every_code_point(void **state) {
  (void)state;
  for (uint32_t c = 0; c < 0x110000; c++) {
    char text[4];
    size_t n = encode(c, text);
    assert_int_equal(zw_utf8_valid((zw_str){text, n}), c < 0xD800 || c > 0xDFFF);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(table_of_cases),
                                     cmocka_unit_test(every_code_point)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
