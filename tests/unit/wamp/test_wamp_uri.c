/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "zerowire/wamp.h"

enum {
  E = 1,
  P = 2,
  W = 4,
  ES = 8,
  PS = 16,
  WS = 32
}; /* valid as exact, prefix, wildcard; S: strict */

static const struct {
  const char *text;
  unsigned valid;
} cases[] = {
    {"com.example.topic", E | P | W | ES | PS | WS},
    {"a", E | P | W | ES | PS | WS},
    {"com_1.x9", E | P | W | ES | PS | WS},
    {"", P | W | PS | WS},
    {"com.", P | W | PS | WS},
    {".", W | WS},
    {"..", W | WS},
    {"com..topic", W | WS},
    {".topic", W | WS},
    {"Com.Example", E | P | W},
    {"com.ex-ample", E | P | W},
    {"com.\xC3\xBC", E | P | W},
    {"com.a b", 0},
    {"com.a\tb", 0},
    {"com.a#b", 0},
    {"#", 0},
    {"com.\xC2\xA0", 0},
    {"com.\xE2\x80\x83", 0},
    {"com.\xE3\x80\x80x", 0},
    {"com.\xE2\x82\xAC", E | P | W},
    {"com.a\nb", 0},
};

static void test_validity(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    unsigned valid = 0;
    for (unsigned k = 0; k < 6; k++) {
      enum zw_uri_rule rule = k < 3 ? ZW_URI_LOOSE : ZW_URI_STRICT;
      if (zw_uri_valid(zw_str_of(cases[i].text), (enum zw_match)(k % 3), rule)) valid |= 1u << k;
    }
    if (valid != cases[i].valid)
      fail_msg("\"%s\": %x, not %x", cases[i].text, valid, cases[i].valid);
  }
  assert_false(zw_uri_valid((zw_str){NULL, 0}, ZW_MATCH_WILDCARD, ZW_URI_LOOSE));
}

static void test_reserved(void **state) {
  (void)state;
  assert_true(zw_uri_reserved(ZW_STR("wamp")));
  assert_true(zw_uri_reserved(ZW_STR("wamp.session.on_join")));
  assert_false(zw_uri_reserved(ZW_STR("wampy.session")));
  assert_false(zw_uri_reserved(ZW_STR("com.wamp")));
  assert_false(zw_uri_reserved((zw_str){NULL, 0}));
}

static const struct {
  const char *pattern;
  enum zw_match match;
  const char *uri;
  bool matches;
} matches[] = {
    {"a.b", ZW_MATCH_EXACT, "a.b", true},         {"a.b", ZW_MATCH_EXACT, "a.bc", false},
    {"a.b", ZW_MATCH_PREFIX, "a.b", true},        {"a.b", ZW_MATCH_PREFIX, "a.bc.d", true},
    {"a.b", ZW_MATCH_PREFIX, "a.", false},        {"", ZW_MATCH_PREFIX, "x", true},
    {"a..c", ZW_MATCH_WILDCARD, "a.b.c", true},   {"a..c", ZW_MATCH_WILDCARD, "a.b.d", false},
    {"a..", ZW_MATCH_WILDCARD, "a.b.c", true},    {"a..", ZW_MATCH_WILDCARD, "a.b", false},
    {"a..", ZW_MATCH_WILDCARD, "a.b.c.d", false}, {"..", ZW_MATCH_WILDCARD, "a.b.c", true},
    {"", ZW_MATCH_WILDCARD, "a", true},           {"", ZW_MATCH_WILDCARD, "a.b", false},
    {".b", ZW_MATCH_WILDCARD, "a.b", true},       {".b", ZW_MATCH_WILDCARD, "a.bb", false},
};

static void test_matching(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
    bool found =
        zw_uri_matches(zw_str_of(matches[i].pattern), matches[i].match, zw_str_of(matches[i].uri));
    if (found != matches[i].matches) fail_msg("%s against %s", matches[i].pattern, matches[i].uri);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_validity),
      cmocka_unit_test(test_reserved),
      cmocka_unit_test(test_matching),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
