/* SPDX-License-Identifier: Apache-2.0 */
/* The index of URIs and patterns against a plain walk over all of them. */
#include "cmocka_base.h"
#include "counting_alloc.h"
#include "uri_index.h"
#include "zerowire/wamp.h"

#define ENTRIES 200

typedef struct entry {
  char text[40];
  enum zw_match match;
  bool in, found;
} entry;

static uint64_t state;

static unsigned pick(unsigned n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(state >> 33) % n;
}

/* From few components, so that texts share beginnings and patterns meet. */
static void make_text(char out[40], enum zw_match match) {
  static const char *const components[] = {"a", "ab", "abc", "b", "x1", ""};
  unsigned n = 1 + pick(4), kinds = match == ZW_MATCH_WILDCARD ? 6 : 5;
  int len = 0;
  for (unsigned i = 0; i < n; i++)
    len += snprintf(out + len, 40 - (size_t)len, "%s%s", i ? "." : "", components[pick(kinds)]);
  if (match == ZW_MATCH_PREFIX && pick(2)) snprintf(out + len, 40 - (size_t)len, ".");
}

static void mark(void *ctx, void *value) {
  entry *e = value;
  assert_ptr_equal(ctx, &state);
  assert_false(e->found);
  e->found = true;
}

/* Exact, else the longest prefix, else a wildcard. */
static const entry *best_of(const entry *entries, zw_str uri) {
  const entry *best = NULL;
  for (int i = 0; i < ENTRIES; i++) {
    const entry *e = &entries[i];
    if (!e->in || !zw_uri_matches(zw_str_of(e->text), e->match, uri)) continue;
    if (!best || e->match < best->match ||
        (e->match == best->match && e->match == ZW_MATCH_PREFIX &&
         strlen(e->text) > strlen(best->text)))
      best = e;
  }
  return best;
}

static void check_uri(const zw_uri_index *index, entry *entries, zw_str uri) {
  for (int i = 0; i < ENTRIES; i++) entries[i].found = false;
  zw_uri_index_match(index, uri, mark, &state);
  for (int i = 0; i < ENTRIES; i++) {
    bool expected =
        entries[i].in && zw_uri_matches(zw_str_of(entries[i].text), entries[i].match, uri);
    if (entries[i].found != expected)
      fail_msg("%s (%d) and %.*s", entries[i].text, (int)entries[i].match, ZW_ARG(uri));
  }
  const entry *best = zw_uri_index_best(index, uri), *expected = best_of(entries, uri);
  assert_int_equal(!best, !expected);
  if (best) assert_int_equal(best->match, expected->match);
  if (best && best->match != ZW_MATCH_WILDCARD) assert_ptr_equal(best, expected);
}

static void toggle(zw_uri_index *index, entry *entries, entry *e) {
  zw_str text = zw_str_of(e->text);
  if (e->in) {
    assert_ptr_equal(zw_uri_index_get(index, e->match, text), e);
    assert_ptr_equal(zw_uri_index_remove(index, e->match, text), e);
    e->in = false;
    return;
  }
  for (int i = 0; i < ENTRIES; i++)
    if (entries[i].in && entries[i].match == e->match && strcmp(entries[i].text, e->text) == 0)
      return;
  assert_null(zw_uri_index_get(index, e->match, text));
  assert_int_equal(zw_uri_index_add(index, e->match, text, e), 0);
  e->in = true;
}

static void matches_what_a_walk_matches(void **ctx) {
  (void)ctx;
  counting_alloc memory;
  counting_alloc_init(&memory, 0);
  for (uint64_t seed = 1; seed <= 20; seed++) {
    static entry entries[ENTRIES];
    zw_uri_index index;
    state = seed;
    zw_uri_index_init(&index, &memory.alloc, 7);
    for (int i = 0; i < ENTRIES; i++) {
      entries[i] = (entry){.match = (enum zw_match)pick(3)};
      make_text(entries[i].text, entries[i].match);
    }
    for (int step = 0; step < 500; step++) {
      char uri[40];
      toggle(&index, entries, &entries[pick(ENTRIES)]);
      make_text(uri, ZW_MATCH_EXACT);
      check_uri(&index, entries, zw_str_of(uri));
    }
    for (int i = 0; i < ENTRIES; i += 2)
      if (entries[i].in) toggle(&index, entries, &entries[i]);
    zw_uri_index_deinit(&index);
    assert_int_equal(memory.live, 0);
  }
}

static void the_most_literal_wildcard(void **ctx) {
  (void)ctx;
  int a, b, c;
  zw_uri_index index;
  zw_uri_index_init(&index, NULL, 0);
  zw_uri_index_add(&index, ZW_MATCH_WILDCARD, ZW_STR("x..z"), &a);
  zw_uri_index_add(&index, ZW_MATCH_WILDCARD, ZW_STR("x.y."), &b);
  zw_uri_index_add(&index, ZW_MATCH_WILDCARD, ZW_STR(".y.z"), &c);
  assert_ptr_equal(zw_uri_index_best(&index, ZW_STR("x.y.z")), &b);
  assert_ptr_equal(zw_uri_index_best(&index, ZW_STR("x.q.z")), &a);
  assert_ptr_equal(zw_uri_index_best(&index, ZW_STR("q.y.z")), &c);
  assert_null(zw_uri_index_best(&index, ZW_STR("q.y.q")));
  zw_uri_index_deinit(&index);
}

/* Deep patterns are refused, and leave nothing behind; deep URIs are none. */
static void too_many_components(void **ctx) {
  (void)ctx;
  static char text[300];
  counting_alloc memory;
  zw_uri_index index;
  memset(text, '.', sizeof text - 1);
  counting_alloc_init(&memory, 0);
  zw_uri_index_init(&index, &memory.alloc, 7);
  assert_int_equal(zw_uri_index_add(&index, ZW_MATCH_WILDCARD, zw_str_of(text), text), ZW_ELIMIT);
  assert_null(zw_uri_index_get(&index, ZW_MATCH_WILDCARD, zw_str_of(text)));
  assert_null(zw_uri_index_best(&index, zw_str_of(text)));
  assert_int_equal(zw_uri_index_add(&index, ZW_MATCH_WILDCARD, ZW_STR("."), text), 0);
  assert_null(zw_uri_index_best(&index, zw_str_of(text)));
  zw_uri_index_deinit(&index);
  assert_int_equal(memory.live, 0);
}

static void without_memory(void **ctx) {
  (void)ctx;
  static const struct {
    const char *uri;
    enum zw_match match;
  } adds[] = {{"a.b", ZW_MATCH_EXACT},      {"a.bc", ZW_MATCH_PREFIX},
              {"a.bd", ZW_MATCH_PREFIX},    {"a.", ZW_MATCH_PREFIX},
              {"a..c", ZW_MATCH_WILDCARD},  {".b.c", ZW_MATCH_WILDCARD},
              {"a..c.d", ZW_MATCH_WILDCARD}};
  for (size_t n = 1;; n++) {
    counting_alloc memory;
    zw_uri_index index;
    counting_alloc_init(&memory, n);
    zw_uri_index_init(&index, &memory.alloc, 7);
    for (size_t i = 0; i < sizeof adds / sizeof *adds; i++) {
      zw_str uri = zw_str_of(adds[i].uri);
      int error = zw_uri_index_add(&index, adds[i].match, uri, &memory);
      assert_true(error == 0 || error == ZW_ENOMEM);
      assert_int_equal(zw_uri_index_get(&index, adds[i].match, uri) != NULL, error == 0);
    }
    zw_uri_index_deinit(&index);
    assert_int_equal(memory.live, 0);
    if (!memory.failed) break;
  }
}

static void overlap(void **ctx) {
  (void)ctx;
  static const struct {
    const char *a;
    enum zw_match a_match;
    const char *b;
    enum zw_match b_match;
    bool meet;
  } cases[] = {
      {"a.b", ZW_MATCH_EXACT, "a.b", ZW_MATCH_EXACT, true},
      {"a.b", ZW_MATCH_EXACT, "a.c", ZW_MATCH_EXACT, false},
      {"a.b", ZW_MATCH_EXACT, "a.", ZW_MATCH_PREFIX, true},
      {"a.b", ZW_MATCH_EXACT, "a.bc", ZW_MATCH_PREFIX, false},
      {"a.b", ZW_MATCH_EXACT, ".b", ZW_MATCH_WILDCARD, true},
      {"a.b", ZW_MATCH_EXACT, "..b", ZW_MATCH_WILDCARD, false},
      {"a.", ZW_MATCH_PREFIX, "a.b", ZW_MATCH_PREFIX, true},
      {"a.b", ZW_MATCH_PREFIX, "a.c", ZW_MATCH_PREFIX, false},
      {"a.b", ZW_MATCH_PREFIX, "..z", ZW_MATCH_WILDCARD, true},
      {"a.b", ZW_MATCH_PREFIX, ".c.z", ZW_MATCH_WILDCARD, false},
      {"a.b", ZW_MATCH_PREFIX, ".bc.z", ZW_MATCH_WILDCARD, true},
      {"a.b.c", ZW_MATCH_PREFIX, ".b", ZW_MATCH_WILDCARD, false},
      {"a..", ZW_MATCH_WILDCARD, ".b.", ZW_MATCH_WILDCARD, true},
      {"a..", ZW_MATCH_WILDCARD, "b..", ZW_MATCH_WILDCARD, false},
      {"a.", ZW_MATCH_WILDCARD, "a..", ZW_MATCH_WILDCARD, false},
      {"", ZW_MATCH_PREFIX, "x", ZW_MATCH_EXACT, true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zw_str a = zw_str_of(cases[i].a), b = zw_str_of(cases[i].b);
    if (zw_uri_overlap(a, cases[i].a_match, b, cases[i].b_match) != cases[i].meet ||
        zw_uri_overlap(b, cases[i].b_match, a, cases[i].a_match) != cases[i].meet)
      fail_msg("\"%s\" and \"%s\"", cases[i].a, cases[i].b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matches_what_a_walk_matches),
      cmocka_unit_test(the_most_literal_wildcard),
      cmocka_unit_test(too_many_components),
      cmocka_unit_test(without_memory),
      cmocka_unit_test(overlap),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
