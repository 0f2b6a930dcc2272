/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

static void times_in_both_directions(void **state) {
  (void)state;
  static const struct {
    int64_t ns;
    const char *text;
  } cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {1, "1970-01-01T00:00:00.000000001Z"},
      {-1, "1969-12-31T23:59:59.999999999Z"},
      {1500000000, "1970-01-01T00:00:01.5Z"},
      {951782400000000000, "2000-02-29T00:00:00Z"},
      {4107542400000000000, "2100-03-01T00:00:00Z"},
      {1795529420123456789, "2026-11-24T14:10:20.123456789Z"},
      {INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
      {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char out[ZW_TIME_TEXT_MAX];
    assert_int_equal(zw_time_format(cases[i].ns, out), strlen(cases[i].text));
    assert_string_equal(out, cases[i].text);
    int64_t back;
    assert_int_equal(zw_time_parse(zw_str_of(cases[i].text), &back), 0);
    assert_true(back == cases[i].ns);
  }
}

static void other_ways_to_write_a_time(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t ns;
  } cases[] = {
      {"1970-01-01t01:00:00+01:00", 0},
      {"1969-12-31 22:30:00-01:30", 0},
      {"1970-01-01T00:00:00z", 0},
      {"1970-01-01T00:00:00.1234567899Z", 123456789},
      {"1970-01-01T23:59:60Z", 86400000000000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t ns;
    assert_int_equal(zw_time_parse(zw_str_of(cases[i].text), &ns), 0);
    assert_true(ns == cases[i].ns);
  }
}

static void what_is_no_time(void **state) {
  (void)state;
  static const char *const cases[] = {
      "",
      "1970",
      "1970-01-01",
      "1970-01-01T00:00:00",
      "1970-01-01T00:00Z",
      "1970-13-01T00:00:00Z",
      "1970-00-01T00:00:00Z",
      "1970-02-29T00:00:00Z",
      "1900-02-29T00:00:00Z",
      "1970-01-32T00:00:00Z",
      "1970-01-00T00:00:00Z",
      "1970-01-01T24:00:00Z",
      "1970-01-01T00:60:00Z",
      "1970-01-01T00:00:61Z",
      "1970-01-01T00:00:00.Z",
      "1970-01-01T00:00:00+24:00",
      "1970-01-01T00:00:00+0100",
      "1970-01-01T00:00:00Zx",
      " 1970-01-01T00:00:00Z",
      "197O-01-01T00:00:00Z",
      "2262-04-11T23:47:16.854775808Z",
      "1677-09-21T00:12:43.145224191Z",
      "9999-12-31T23:59:59Z",
      "0001-01-01T00:00:00Z",
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t ns;
    assert_int_equal(zw_time_parse(zw_str_of(cases[i]), &ns), ZW_ESYNTAX);
  }
  int64_t ns;
  assert_int_equal(zw_time_parse((zw_str){NULL, 0}, &ns), ZW_ESYNTAX);
}

/* Each day of 1600 years, by counting. */
static void every_day_round_trips(void **state) {
  (void)state;
  for (int64_t day = -100000; day < 100000; day += 1) {
    char out[ZW_TIME_TEXT_MAX];
    int64_t ns = day * 86400000000000, back;
    zw_time_format(ns, out);
    assert_int_equal(zw_time_parse(zw_str_of(out), &back), 0);
    assert_true(back == ns);
  }
}

static void durations(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t ns; /* -1: refused */
  } cases[] = {
      {"250ms", 250000000},
      {"10s", 10000000000},
      {"15m", 900000000000},
      {"1h", 3600000000000},
      {"30d", 2592000000000000},
      {"2w", 1209600000000000},
      {"0s", 0},
      {"7us", 7000},
      {"7ns", 7},
      {"106751d", 9223286400000000000},
      {"106752d", -1},
      {"99999999999999999999s", -1},
      {"", -1},
      {"s", -1},
      {"10", -1},
      {"10x", -1},
      {"-1s", -1},
      {"1.5h", -1},
      {"1h30m", -1},
      {"1 h", -1},
      {"1S", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t ns = -1;
    assert_int_equal(zw_duration_parse(zw_str_of(cases[i].text), &ns),
                     cases[i].ns < 0 ? ZW_ESYNTAX : 0);
    assert_true(ns == cases[i].ns);
  }
}

static void sizes(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t octets; /* 7: refused */
  } cases[] = {
      {"4096", 4096},
      {"0", 0},
      {"1B", 1},
      {"10GB", 10000000000},
      {"512MiB", 536870912},
      {"1TiB", 1099511627776},
      {"1kB", 1000},
      {"1KiB", 1024},
      {"18446744073709551615", UINT64_MAX},
      {"18446744073709551616", 7},
      {"16777216TiB", 7},
      {"16777215TiB", 18446742974197923840u},
      {"", 7},
      {"GB", 7},
      {"1gb", 7},
      {"1 GB", 7},
      {"-1", 7},
      {"0x10", 7},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint64_t octets = 7;
    assert_int_equal(zw_size_parse(zw_str_of(cases[i].text), &octets),
                     cases[i].octets == 7 ? ZW_ESYNTAX : 0);
    assert_true(octets == cases[i].octets);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(times_in_both_directions),
      cmocka_unit_test(other_ways_to_write_a_time),
      cmocka_unit_test(what_is_no_time),
      cmocka_unit_test(every_day_round_trips),
      cmocka_unit_test(durations),
      cmocka_unit_test(sizes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
