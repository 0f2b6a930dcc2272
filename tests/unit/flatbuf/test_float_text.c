/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <math.h>

#include "float_text.h"
#include "reflect_fixture.h"

typedef struct text_case {
  double value;
  const char *text;
} text_case;

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

static void test_hexadecimal(void **state) {
  (void)state;
  static const text_case good[] = {
      {12, "0x1.8p3"}, {-0.5, "-0x1p-1"}, {255.9375, "+0XFF.FP0"}, {1, "0x.8p1"}, {8, "0x8.p0"}};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    double d = -1;
    assert_true(zw_hex_float_parse(zw_str_of(good[i].text), &d));
    assert_memory_equal(&d, &good[i].value, sizeof d);
  }
  double d;
  assert_false(zw_hex_float_parse(ZW_STR("0x1.8"), &d));
  assert_false(zw_hex_float_parse(ZW_STR("0x1.8p"), &d));
  assert_false(zw_hex_float_parse(ZW_STR("0x1.8p+"), &d));
  assert_false(zw_hex_float_parse(ZW_STR("0x1.8p1.0"), &d));
}

/* Ties, and digits just beside them, where a product of 128 bits is on the edge. */
static void test_ties(void **state) {
  (void)state;
  static const text_case good[] = {{0x1.cd7b4aa67dee6p+54, "324738812036699100e-1"},
                                   {0x1.f4af570d2a55ap+51, "440407114916318075e-2"},
                                   {0x1.11a55eb577d16p+58, "3080979793281856960e-1"},
                                   {2.2250738585072011e-308, "2.2250738585072011e-308"},
                                   {2.2250738585072014e-308, "2.2250738585072014e-308"},
                                   {5e-324, "3e-324"},
                                   {0, "2e-324"},
                                   {9223372036854775808.0, "9223372036854776832"},
                                   {1.7976931348623157e308, "17976931348623158e292"}};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    double d = -1;
    assert_true(zw_double_parse(zw_str_of(good[i].text), &d));
    assert_memory_equal(&d, &good[i].value, sizeof d);
  }
  static const struct {
    float value;
    const char *text;
  } floats[] = {{0x1.29840cp+26f, "7799198000e-2"},
                {0x1.0ecep+23f, "88737275e-1"},
                {0x1p-149f, "1e-45"},
                {0, "7e-46"},
                {0x1.000002p0f, "1.00000017881393432617187499"}};
  for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) {
    float f = -1;
    assert_true(zw_float_parse(zw_str_of(floats[i].text), &f));
    assert_memory_equal(&f, &floats[i].value, sizeof f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_hexadecimal),    cmocka_unit_test(test_ties),
      cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_locale_does_not_matter),
      cmocka_unit_test(test_parse_is_exact), cmocka_unit_test(test_many_digits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
