/* SPDX-License-Identifier: Apache-2.0 */
/* A history in memory only: the same walks and limits, gone after a restart. */
#include "store_fixture.h"
#include "store_state.h"

static void begin_off(store_fixture *f) {
  fixture_init(f);
  f->options.sync = ZW_SYNC_OFF;
  fixture_open(f);
  fixture_put_schema(f, "store");
  fixture_start_writer(f);
}

static void expect(store_fixture *f, const char *uri, bool reverse, const char *expected) {
  double out[64];
  char text[400] = "";
  uint32_t topic = uri ? topic_of(f, uri) : 0;
  zw_history_filter filter = {.topics = uri ? &topic : NULL, .topic_count = 1, .reverse = reverse};
  size_t n = collect_history(f, &filter, out, 64);
  for (size_t i = 0; i < n; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%s%g", i ? " " : "", out[i]);
  assert_string_equal(text, expected);
}

static void walks(void **state) {
  (void)state;
  store_fixture f;
  begin_off(&f);
  expect(&f, NULL, false, "");
  expect(&f, NULL, true, "");
  for (int i = 1; i <= 6; i++) publish_reading(&f, i % 2 ? "test.reading" : "test.second", i);
  expect(&f, NULL, false, "1 2 3 4 5 6");
  expect(&f, NULL, true, "6 5 4 3 2 1");
  expect(&f, "test.reading", false, "1 3 5");
  expect(&f, "test.second", true, "6 4 2");
  zw_store_info info;
  must(&f, zw_store_info_get(f.store, &info));
  assert_int_equal(info.events, 6);
  zw_txn *txn;
  uint64_t seq;
  zw_event event;
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_event_get(txn, f.store, 3, &event));
  must(&f, zw_event_seq_at(txn, f.store, event.timestamp, &seq));
  assert_int_equal(seq, 3);
  zw_span payload;
  must(&f, zw_event_reread(txn, f.store, 3, &payload));
  assert_true(zw_span_eq(payload, event.payload));
  publish_reading(&f, "test.reading", 7);
  assert_int_equal(zw_event_get(txn, f.store, 7, &event), ZW_ENOTFOUND); /* an older snapshot */
  zw_txn_abort(txn);
  fixture_close(&f);
  fixture_open(&f);
  expect(&f, NULL, false, "");
  fixture_end(&f);
}

/* An event that a reader holds lives as long as the reader's transaction. */
static void limits(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_event event;
  begin_off(&f);
  publish_reading(&f, "test.reading", 0);
  publish_reading(&f, "test.few", 1);
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_event_get(txn, f.store, 2, &event));
  for (int i = 2; i <= 3000; i++) publish_reading(&f, "test.few", i);
  assert_true(event_celsius(&event) == 1);
  zw_txn_abort(txn);
  expect(&f, "test.few", false, "2991 2992 2993 2994 2995 2996 2997 2998 2999 3000");
  expect(&f, NULL, true, "3000 2999 2998 2997 2996 2995 2994 2993 2992 2991 0");
  for (int i = 0; i < 5000 && zw_memory_count(f.store) > 12; i++) usleep(1000);
  assert_true(zw_memory_count(f.store) <= 12);
  fixture_end(&f);
}

/* Behind what the database has from earlier. */
static void after_a_durable_run(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  publish_reading(&f, "test.second", 2);
  fixture_close(&f);
  f.options.sync = ZW_SYNC_OFF;
  fixture_open(&f);
  fixture_start_writer(&f);
  assert_int_equal(publish_reading(&f, "test.reading", 3), 3);
  expect(&f, NULL, false, "1 2 3");
  expect(&f, NULL, true, "3 2 1");
  expect(&f, "test.reading", false, "1 3");
  expect(&f, "test.reading", true, "3 1");
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  fixture_close(&f);
  f.options.sync = ZW_SYNC_GROUP;
  fixture_open(&f);
  expect(&f, NULL, false, "1 2");
  zw_txn *txn;
  zw_record record;
  zw_key key = sensor_key(&f, "n", "1");
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_map_get(txn, zw_store_map(f.store, ZW_STR("sensors")), &key, &record));
  zw_txn_abort(txn);
  fixture_end(&f);
}

/* Slots: holes in the middle, at the head, at the end. */
static void slots(void **state) {
  (void)state;
  store_fixture f;
  uint64_t found;
  zw_span span;
  begin_off(&f);
  zw_span text = zw_span_of("12345678", 8), none = {NULL, 0};
  for (uint64_t seq = 10; seq < 5000; seq += 10)
    must(&f, zw_memory_append(f.store, seq, text, none));
  assert_int_equal(zw_memory_count(f.store), 499);
  for (uint64_t seq = 20; seq < 4000; seq += 20) zw_memory_expire(f.store, seq);
  zw_memory_expire(f.store, 25);
  assert_int_equal(zw_memory_count(f.store), 499 - 199);
  must(&f, zw_memory_read(f.store, 20, false, UINT64_MAX, &found, &span));
  assert_int_equal(found, 30);
  assert_int_equal(zw_memory_read(f.store, 20, true, UINT64_MAX, &found, &span), ZW_ENOTFOUND);
  assert_int_equal(zw_memory_read(f.store, 30, true, 29, &found, &span), ZW_ENOTFOUND);
  must(&f, zw_memory_before(f.store, 45, &found));
  assert_int_equal(found, 30);
  zw_memory_expire(f.store, 10);
  assert_int_equal(zw_memory_first(f.store), 30);
  assert_int_equal(zw_memory_before(f.store, 29, &found), ZW_ENOTFOUND);
  must(&f, zw_memory_before(f.store, 1u << 30, &found));
  assert_int_equal(found, 4990);
  zw_memory_drop(f.store, 3975);
  must(&f, zw_memory_before(f.store, UINT64_MAX, &found));
  assert_int_equal(found, 3970);
  zw_memory_drop(f.store, 0);
  assert_int_equal(zw_memory_count(f.store), 0);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(walks),
      cmocka_unit_test(limits),
      cmocka_unit_test(after_a_durable_run),
      cmocka_unit_test(slots),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
