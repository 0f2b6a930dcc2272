/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

static const zw_str words[] = {
    {"celsius", 7},
    {"sensor", 6},
    {"at", 2},
    {"com.example.reading", 19},
    {"com.example.writing", 19},
    {"id", 2},
    {"", 0},
};
#define WORDS (sizeof words / sizeof words[0])

static void nearest_word_or_none(void **state) {
  (void)state;
  static const struct {
    const char *word;
    int expected;
  } cases[] = {
      {"celcius", 0},            /* replaced */
      {"celsus", 0},             /* left out */
      {"cellsius", 0},           /* put in */
      {"celsuis", 0},            /* swapped */
      {"celsius", 0},            /* the word itself */
      {"snesro", 1},             /* two swaps in six letters */
      {"com.example.readng", 3}, /* the nearer of two near ones */
      {"com.example.writng", 4},
      {"di", 5},           /* a third of two letters, rounded up, is one */
      {"temperature", -1}, /* nothing near */
      {"x", -1},           /* a whole word away */
      {"", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(zw_did_you_mean(zw_str_of(cases[i].word), words, WORDS), cases[i].expected);
}

static void long_and_missing_words(void **state) {
  (void)state;
  char text[200];
  memset(text, 'a', sizeof text);
  const zw_str candidates[] = {{text, 200}, {text, 64}, {text, 65}};
  assert_int_equal(zw_did_you_mean((zw_str){text, 64}, candidates, 3), 1);
  assert_int_equal(zw_did_you_mean((zw_str){text, 65}, candidates, 3), -1);
  assert_int_equal(zw_did_you_mean((zw_str){NULL, 0}, candidates, 3), -1);
  assert_int_equal(zw_did_you_mean(ZW_STR("a"), NULL, 0), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nearest_word_or_none),
                                     cmocka_unit_test(long_and_missing_words)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
