/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

struct seen {
  int lines;
  enum zw_log_level level;
  char last[2000];
};

static void see(void *ctx, enum zw_log_level level, const char *message) {
  struct seen *seen = ctx;
  seen->lines++;
  seen->level = level;
  assert_true(strlen(message) < sizeof seen->last);
  memcpy(seen->last, message, strlen(message) + 1);
}

static void levels_above_the_log_s_are_dropped(void **state) {
  (void)state;
  struct seen seen = {0};
  zw_log log = {see, &seen, ZW_LOG_INFO};
  zw_log_printf(&log, ZW_LOG_DEBUG, "no");
  assert_int_equal(seen.lines, 0);
  zw_log_printf(&log, ZW_LOG_INFO, "%s %d", "yes", 1);
  assert_int_equal(seen.lines, 1);
  assert_int_equal(seen.level, ZW_LOG_INFO);
  assert_string_equal(seen.last, "yes 1");
  zw_log_printf(&log, ZW_LOG_ERROR, "too");
  assert_int_equal(seen.lines, 2);
}

static void without_a_log_nothing_happens(void **state) {
  (void)state;
  zw_log_printf(NULL, ZW_LOG_ERROR, "x");
  zw_log log = {NULL, NULL, ZW_LOG_DEBUG};
  zw_log_printf(&log, ZW_LOG_ERROR, "x");
}

static void long_lines_are_cut_between_characters(void **state) {
  (void)state;
  char text[4000];
  for (size_t shift = 0; shift < 3; shift++) {
    struct seen seen = {0};
    zw_log log = {see, &seen, ZW_LOG_INFO};
    memset(text, 'a', shift);
    for (size_t i = shift; i + 3 < sizeof text; i += 3) memcpy(text + i, "\xE2\x82\xAC", 4);
    zw_log_printf(&log, ZW_LOG_INFO, "%s", text);
    assert_true(strlen(seen.last) > 1000 && strlen(seen.last) < 1024);
    assert_true(zw_utf8_valid(zw_str_of(seen.last)));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(levels_above_the_log_s_are_dropped),
      cmocka_unit_test(without_a_log_nothing_happens),
      cmocka_unit_test(long_lines_are_cut_between_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
