/* SPDX-License-Identifier: Apache-2.0 */
/* The log by time: bisection over numbers with gaps and with damage. */
#include "store_fixture.h"
#include "store_state.h"

#define SECOND INT64_C(1000000000)

static void fill(store_fixture *f, int count) {
  for (int i = 1; i <= count; i++) {
    f->now = i * SECOND;
    publish_reading(f, "test.reading", i);
  }
}

static uint64_t seq_at(store_fixture *f, int64_t time) {
  zw_txn *txn;
  uint64_t seq = 0;
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_event_seq_at(txn, f->store, time, &seq));
  zw_txn_abort(txn);
  return seq;
}

static void change_log(store_fixture *f, uint64_t from, uint64_t to, bool damage) {
  MDB_txn *txn;
  assert_int_equal(mdb_txn_begin(f->store->env, NULL, 0, &txn), 0);
  for (; from <= to; from++) {
    uint8_t octets[8], bad[16] = {1};
    zw_store_be64(octets, from);
    MDB_val key = {8, octets}, value = {16, bad};
    if (damage)
      assert_int_equal(mdb_put(txn, f->store->events, &key, &value, 0), 0);
    else
      assert_int_equal(mdb_del(txn, f->store->events, &key, NULL), 0);
  }
  assert_int_equal(mdb_txn_commit(txn), 0);
}

static void by_time(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  assert_int_equal(seq_at(&f, 0), 1);
  fill(&f, 50);
  for (int i = 1; i <= 50; i++) assert_int_equal(seq_at(&f, i * SECOND), i);
  assert_int_equal(seq_at(&f, 51 * SECOND), 51);
  assert_int_equal(seq_at(&f, INT64_MIN), 1);
  change_log(&f, 10, 30, false);
  for (int i = 31; i <= 50; i++) assert_int_equal(seq_at(&f, i * SECOND), i);
  for (int i = 10; i <= 30; i++) assert_int_equal(seq_at(&f, i * SECOND), 31);
  change_log(&f, 35, 40, true);
  change_log(&f, 49, 50, true);
  for (int i = 1; i <= 9; i++) assert_int_equal(seq_at(&f, i * SECOND), i);
  for (int i = 42; i <= 48; i++) assert_int_equal(seq_at(&f, i * SECOND), i);
  assert_true(seq_at(&f, 60 * SECOND) >= 49);
  fixture_end(&f);
}

/* A damaged event is told once, and the walk goes on behind it. */
static void damaged_event(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_history h;
  zw_event event;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f, 5);
  change_log(&f, 3, 3, true);
  uint32_t topic = topic_of(&f, "test.reading");
  for (int way = 0; way < 4; way++) {
    zw_history_filter filter = {
        .topics = way & 1 ? &topic : NULL, .topic_count = 1, .reverse = way & 2};
    int corrupt = 0, good = 0, error;
    must(&f, zw_txn_begin_read(f.store, &txn));
    must(&f, zw_history_init(&h, txn, f.store, &filter));
    while ((error = zw_history_next(&h, txn, &event)) != ZW_ENOTFOUND) {
      corrupt += error == ZW_ECORRUPT;
      good += error == 0;
      assert_true(corrupt + good <= 5);
    }
    assert_int_equal(corrupt, 1);
    assert_int_equal(good, 4);
    zw_history_deinit(&h);
    zw_txn_abort(txn);
  }
  fixture_end(&f);
}

/* A clock that went back is held against the last event that is whole. */
static void damaged_last(void **state) {
  (void)state;
  store_fixture f;
  zw_write write;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f, 5);
  change_log(&f, 4, 5, true);
  fixture_close(&f);
  fixture_open(&f);
  fixture_start_writer(&f);
  f.now = SECOND;
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 6, (zw_span){NULL, 0}));
  must(&f, publish(&f, &write));
  assert_int_equal(write.event.seq, 6);
  assert_true(write.event.timestamp > 3 * SECOND);
  fixture_end(&f);
}

/* The page of an event is no page any more. */
static void break_page(store_fixture *f, uint64_t seq) {
  uint8_t octets[LOG_KEY_SIZE], none[2] = {0, 0};
  char path[128];
  zw_txn *txn;
  zw_store_be64(octets, seq);
  MDB_val key = {sizeof octets, octets}, value;
  must(f, zw_txn_begin_read(f->store, &txn));
  assert_int_equal(mdb_get(txn->mdb, f->store->events, &key, &value), 0);
  uint64_t at = (uint64_t)((const uint8_t *)value.mv_data - f->store->map);
  zw_txn_abort(txn);
  snprintf(path, sizeof path, "%s/realm1/data.mdb", f->dir);
  FILE *file = fopen(path, "r+b");
  assert_non_null(file);
  /* The flags of its kind. */
  assert_int_equal(fseek(file, (long)(at - at % f->store->page_size + 10), SEEK_SET), 0);
  assert_int_equal(fwrite(none, 1, 2, file), 2);
  fclose(file);
}

/* A walk that cannot go on does not ask to be asked again. */
static void damaged_page(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_history h;
  zw_event event;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f, 300);
  break_page(&f, 150);
  uint32_t topic = topic_of(&f, "test.reading");
  for (int way = 0; way < 4; way++) {
    zw_history_filter filter = {
        .topics = way & 1 ? &topic : NULL, .topic_count = 1, .reverse = way & 2};
    int error = 0;
    must(&f, zw_txn_begin_read(f.store, &txn));
    must(&f, zw_history_init(&h, txn, f.store, &filter));
    for (int n = 0; n < 1000 && (!error || error == ZW_ECORRUPT); n++)
      error = zw_history_next(&h, txn, &event);
    if (error != ZW_ESTORE && error != ZW_ENOTFOUND)
      fail_msg("way %d: %s", way, zw_error_name(error));
    if (!filter.reverse) assert_true(zw_history_last(&h, txn, UINT64_MAX) != ZW_ECORRUPT);
    zw_history_deinit(&h);
    zw_txn_abort(txn);
  }
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_time),
      cmocka_unit_test(damaged_event),
      cmocka_unit_test(damaged_last),
      cmocka_unit_test(damaged_page),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
