/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "float_text.h"
#include "reflect_fixture.h"

typedef struct text_case {
  double value;
  const char *text;
} text_case;

static void test_doubles_print_shortest(void **state) {
  (void)state;
  static const text_case cases[] = {
      {0, "0.0"},
      {-0.0, "-0.0"},
      {1, "1.0"},
      {21.5, "21.5"},
      {-0.1, "-0.1"},
      {0.3, "0.3"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1e22, "1e22"},
      {1e-7, "1e-7"},
      {123456789.125, "123456789.125"},
      {1e15, "1e15"},
      {9007199254740993.0, "9007199254740992.0"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e308"},
      {0.05, "0.05"},
      {100.000001, "100.000001"},
      {1e9, "1000000000.0"},
      {INFINITY, "inf"},
      {-INFINITY, "-inf"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[ZW_FLOAT_TEXT_MAX];
    size_t n = zw_double_text(cases[i].value, text);
    assert_int_equal(n, strlen(text));
    assert_string_equal(text, cases[i].text);
  }
  char text[ZW_FLOAT_TEXT_MAX];
  zw_double_text((double)NAN, text);
  assert_string_equal(text, "nan");
}

static void test_floats_print_shortest(void **state) {
  (void)state;
  static const struct {
    float value;
    const char *text;
  } cases[] = {{0.1f, "0.1"},
               {3, "3.0"},
               {16777216.0f, "16777216.0"},
               {3.4028235e38f, "3.4028235e38"},
               {1e-10f, "1e-10"},
               {0.33333334f, "0.33333334"},
               {-2.5f, "-2.5"},
               {1234.5678f, "1234.5677"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[ZW_FLOAT_TEXT_MAX];
    zw_float_text(cases[i].value, text);
    assert_string_equal(text, cases[i].text);
  }
}

static void test_fixed_is_what_flatc_prints(void **state) {
  (void)state;
  static const struct {
    double value;
    unsigned digits;
    const char *text;
  } cases[] = {{0, 12, "0.0"},
               {-0.0, 6, "-0.0"},
               {1, 6, "1.0"},
               {0.1, 12, "0.1"},
               {1.0 / 3, 12, "0.333333333333"},
               {2.0 / 3, 6, "0.666667"},
               {0.5e-6, 6, "0.0"},
               {1.5 / 1048576, 6, "0.000001"},
               {0.0000005000001, 6, "0.000001"},
               {0.015625, 2, "0.02"},
               {0.125, 2, "0.12"},
               {0.375, 2, "0.38"},
               {-1e-300, 12, "-0.0"},
               {999999.9999999, 6, "1000000.0"},
               {9223372036854774784.0, 12, "9223372036854774784.0"},
               {1e22, 12, "10000000000000000000000.0"},
               {5e-324, 12, "0.0"},
               {INFINITY, 6, "inf"},
               {-INFINITY, 6, "-inf"}};
  char text[ZW_FIXED_TEXT_MAX];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t n = zw_fixed_text(cases[i].value, cases[i].digits, text);
    assert_int_equal(n, strlen(text));
    assert_string_equal(text, cases[i].text);
  }
  assert_int_equal(zw_fixed_text(-1.7976931348623157e308, 12, text), 312);
  zw_fixed_text(copysign((double)NAN, -1), 12, text);
  assert_string_equal(text, "-nan");
}

static void test_integers(void **state) {
  (void)state;
  static const uint64_t cases[] = {0, 9, 10, 99, 100, 12345, 1234567890123, UINT64_MAX};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[24] = {0}, expected[24];
    text[zw_uint_text(cases[i], text)] = 0;
    snprintf(expected, sizeof expected, "%llu", (unsigned long long)cases[i]);
    assert_string_equal(text, expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_doubles_print_shortest),
      cmocka_unit_test(test_floats_print_shortest),
      cmocka_unit_test(test_fixed_is_what_flatc_prints),
      cmocka_unit_test(test_integers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
