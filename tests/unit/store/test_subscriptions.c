/* SPDX-License-Identifier: Apache-2.0 */
/* Subscription ids of durable topics: one a (match, URI), the same after a restart. */
#include "store_fixture.h"

static void stable(void **state) {
  (void)state;
  store_fixture f;
  char uri[1000];
  uint64_t id;
  enum zw_match match;
  zw_str text;
  memset(uri, 'u', sizeof uri);
  zw_str longest = {uri, sizeof uri};
  fixture_begin(&f);
  fixture_start_writer(&f);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_EXACT, ZW_STR("test.reading")), 1);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_PREFIX, ZW_STR("test.reading")), 2);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_EXACT, longest), 3);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_EXACT, ZW_STR("test.reading")), 1);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_PREFIX, ZW_STR("")), 4);
  publish_reading(&f, "test.reading", 1);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_PREFIX, ZW_STR("test.reading")), 2);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_EXACT, longest), 3);
  assert_true(zw_store_subscription_at(f.store, 1, &id, &match, &text));
  assert_int_equal(id, 2);
  assert_int_equal(match, ZW_MATCH_PREFIX);
  assert_text_equal(text, "test.reading");
  assert_true(zw_store_subscription_at(f.store, 3, &id, &match, &text));
  assert_false(zw_store_subscription_at(f.store, 4, &id, &match, &text));
  fixture_end(&f);
}

/* Committed without an event, too. */
static void alone(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  assert_int_equal(zw_store_subscription(f.store, ZW_MATCH_EXACT, ZW_STR("x")), 1);
  fixture_close(&f);
  fixture_open(&f);
  uint64_t id;
  enum zw_match match;
  zw_str text;
  assert_true(zw_store_subscription_at(f.store, 0, &id, &match, &text));
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stable),
      cmocka_unit_test(alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
