/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
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

/* A small generator, so that failures repeat. */
static uint64_t next_random(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state ^ *state >> 29;
}

static void round_trips(uint64_t seed) {
  char text[ZW_FLOAT_TEXT_MAX];
  for (int i = 0; i < 20000; i++) {
    uint64_t bits = next_random(&seed);
    double d, d2 = 0;
    memcpy(&d, &bits, sizeof d);
    float f, f2 = 0;
    uint32_t half = (uint32_t)(bits >> 32);
    memcpy(&f, &half, sizeof f);
    if (isfinite(d)) {
      size_t n = zw_double_text(d, text);
      assert_true(n < sizeof text && zw_double_parse((zw_str){text, n}, &d2));
      assert_memory_equal(&d, &d2, sizeof d);
    }
    if (isfinite(f)) {
      size_t n = zw_float_text(f, text);
      assert_true(zw_float_parse((zw_str){text, n}, &f2));
      assert_memory_equal(&f, &f2, sizeof f);
    }
  }
}

static void test_round_trip(void **state) {
  (void)state;
  round_trips(1);
}

static void test_locale_does_not_matter(void **state) {
  (void)state;
  static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
  bool found = false;
  for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++)
    found = setlocale(LC_NUMERIC, names[i]) != NULL;
  char text[ZW_FLOAT_TEXT_MAX];
  zw_double_text(0.1 + 0.2, text);
  assert_string_equal(text, "0.30000000000000004");
  round_trips(2);
  setlocale(LC_NUMERIC, "C");
  if (!found)
    print_message("no locale with a decimal comma is installed: tried in the C locale only\n");
}

static void test_parse_is_exact(void **state) {
  (void)state;
  static const text_case good[] = {
      {0.1, "0.1"},
      {0.1, ".1"},
      {5, "5."},
      {-1.5e3, "-1500"},
      {1e23, "1e23"},
      {0, "1e-999999999999"},
      {INFINITY, "1e999999999999"},
      {1, "+1"},
      {9007199254740992.0, "9007199254740993"},
      {9007199254740994.0, "9007199254740993.0000000000000000000000000000001"},
      {0.000123, "0.000123"},
      {100, "0000100"},
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    double d = -1;
    assert_true(zw_double_parse(zw_str_of(good[i].text), &d));
    assert_memory_equal(&d, &good[i].value, sizeof d);
  }
  static const char *const bad[] = {"",      ".",   "-",   "e5", "1e", "1e+",
                                    "0x1p3", "1,5", "nan", "1 ", "--1"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    double d;
    assert_false(zw_double_parse(zw_str_of(bad[i]), &d));
  }
}

static void test_many_digits(void **state) {
  (void)state;
  char text[4002];
  memset(text, '3', sizeof text);
  text[1] = '.';
  double d;
  assert_true(zw_double_parse((zw_str){text, sizeof text}, &d));
  assert_true(d == 3.3333333333333335);
  memset(text, '0', sizeof text);
  text[0] = '1';
  assert_true(zw_double_parse((zw_str){text, 300}, &d));
  assert_true(d == 1e299);
  assert_true(zw_double_parse((zw_str){text, sizeof text}, &d));
  assert_true(isinf(d));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_doubles_print_shortest),
      cmocka_unit_test(test_floats_print_shortest),
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_locale_does_not_matter),
      cmocka_unit_test(test_parse_is_exact),
      cmocka_unit_test(test_many_digits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
