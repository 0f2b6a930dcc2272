/* SPDX-License-Identifier: Apache-2.0 */
/* Limits by count and by age: what a history shows, and that the octets go. */
#include "store_fixture.h"
#include "store_state.h"

static size_t count_of(store_fixture *f, const char *uri, double *first) {
  static double out[4096];
  uint32_t topic = topic_of(f, uri);
  zw_history_filter one = {.topics = &topic, .topic_count = 1};
  size_t n = collect_history(f, &one, out, 4096);
  if (first) *first = n ? out[0] : -1;
  return n;
}

static uint64_t log_entries(store_fixture *f) {
  zw_store_info info;
  must(f, zw_store_info_get(f->store, &info));
  return info.events;
}

static void by_count(void **state) {
  (void)state;
  store_fixture f;
  double first;
  fixture_begin(&f);
  fixture_start_writer(&f);
  for (int i = 1; i <= 25; i++) {
    publish_reading(&f, "test.few", i);
    if (i % 5 == 0) publish_reading(&f, "test.reading", i);
  }
  assert_int_equal(count_of(&f, "test.few", &first), 10);
  assert_true(first == 16);
  assert_int_equal(count_of(&f, "test.reading", NULL), 5);
  /* Over all topics, too, and each alone. */
  double out[64];
  zw_history_filter all = {0};
  assert_int_equal(collect_history(&f, &all, out, 64), 15);
  zw_txn *txn;
  zw_event event;
  must(&f, zw_txn_begin_read(f.store, &txn));
  assert_int_equal(zw_event_get(txn, f.store, 1, &event), ZW_ENOTFOUND);
  zw_txn_abort(txn);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(count_of(&f, "test.few", &first), 10);
  assert_true(first == 16);
  fixture_start_writer(&f);
  publish_reading(&f, "test.few", 26);
  assert_int_equal(count_of(&f, "test.few", &first), 10);
  assert_true(first == 17);
  fixture_end(&f);
}

static void by_age(void **state) {
  (void)state;
  store_fixture f;
  double first;
  fixture_begin(&f);
  fixture_start_writer(&f);
  for (int i = 1; i <= 20; i++) {
    publish_reading(&f, "test.brief", i);
    __atomic_add_fetch(&f.now, NS_PER_SECOND, __ATOMIC_RELAXED);
  }
  publish_reading(&f, "test.reading", 0);
  size_t n = count_of(&f, "test.brief", &first);
  assert_true(n == 10 || n == 9);
  assert_true(first == 21 - (double)n);
  /* Without anything published: the writer looks once a second. */
  __atomic_add_fetch(&f.now, 60 * NS_PER_SECOND, __ATOMIC_RELAXED);
  zw_store_flush(f.store);
  for (int i = 0; i < 5000 && count_of(&f, "test.brief", NULL); i++) usleep(1000);
  assert_int_equal(count_of(&f, "test.brief", NULL), 0);
  assert_int_equal(count_of(&f, "test.reading", NULL), 1);
  fixture_end(&f);
}

static void submit_many(store_fixture *f, const char *uri, size_t count) {
  static zw_write writes[1024];
  zw_span payload = reading_bytes(f, "s", 1, (zw_span){NULL, 0});
  while (count) {
    size_t n = count < 1024 ? count : 1024;
    for (size_t i = 0; i < n; i++) {
      write_event(f, &writes[i], uri, payload);
      must(f, zw_store_submit(f->store, &writes[i]));
    }
    zw_store_flush(f->store);
    while (zw_store_completed(f->store))
      ;
    count -= n;
  }
}

/* Blocks behind the watermark are deleted, and an empty log goes on with later numbers. */
static void octets_go(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  submit_many(&f, "test.few", 30000);
  /* Written index blocks of the tail's size stay, and what is not written yet. */
  for (int i = 0; i < 3000 && log_entries(&f) > 2 * TAIL_EVENTS; i++) {
    zw_store_flush(f.store);
    usleep(1000);
  }
  assert_true(log_entries(&f) <= 2 * TAIL_EVENTS);
  assert_true(zw_store_first_seq(f.store) > 8000);
  assert_int_equal(count_of(&f, "test.few", NULL), 10);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(count_of(&f, "test.few", NULL), 10);
  assert_int_equal(f.store->next_seq, 30001);
  fixture_end(&f);
}

static void numbers_are_not_given_again(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  submit_many(&f, "test.brief", 1000);
  fixture_close(&f); /* writes the index */
  fixture_open(&f);
  __atomic_add_fetch(&f.now, 60 * NS_PER_SECOND, __ATOMIC_RELAXED);
  fixture_start_writer(&f);
  for (int i = 0; i < 5000 && log_entries(&f); i++) usleep(1000);
  assert_int_equal(log_entries(&f), 0);
  assert_int_equal(zw_store_first_seq(f.store), 1001);
  assert_int_equal(zw_store_last_seq(f.store), 1000);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(zw_store_last_seq(f.store), 1000);
  fixture_start_writer(&f);
  assert_int_equal(publish_reading(&f, "test.brief", 5), 1001);
  assert_int_equal(count_of(&f, "test.brief", NULL), 1);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_count),
      cmocka_unit_test(by_age),
      cmocka_unit_test(octets_go),
      cmocka_unit_test(numbers_are_not_given_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
