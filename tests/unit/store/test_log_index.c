/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The derived index against the truth: events of several topics in a pattern that is known, across
 * the limit where the tail is written, after a close and after a SIGKILL.
 */
#include <signal.h>
#include <sys/wait.h>

#include "store_fixture.h"
#include "store_state.h"

#define EVENTS 20000

/* Topic 1 has most events, topic 2 each 7th, topic 4 each 1000th. */
static uint32_t topic_at(uint64_t seq) { return seq % 1000 == 0 ? 4 : seq % 7 == 0 ? 2 : 1; }

static void write_many(store_fixture *f, uint64_t from, uint64_t to) {
  static zw_write writes[1000];
  zw_span payload = reading_bytes(f, "s", 1, (zw_span){NULL, 0});
  for (uint64_t seq = from; seq <= to;) {
    size_t n = 0;
    for (; n < 1000 && seq <= to; n++, seq++) {
      writes[n] = (zw_write){.kind = ZW_WRITE_EVENT};
      writes[n].event = (zw_event){.topic = topic_at(seq), .version = 1, .payload = payload};
      must(f, zw_store_submit(f->store, &writes[n]));
      assert_int_equal(writes[n].event.seq, seq);
    }
    zw_store_flush(f->store);
    for (zw_write *w = zw_store_completed(f->store); w; w = w->next) must(f, w->error);
  }
}

/* Walks in both directions, in ranges, each compared with the pattern. */
static void check_range(store_fixture *f, uint32_t topic, uint64_t from, uint64_t to,
                        bool reverse) {
  zw_txn *txn;
  zw_history h;
  zw_event event;
  zw_history_filter filter = {
      .topics = &topic, .topic_count = 1, .from_seq = from, .to_seq = to, .reverse = reverse};
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_history_init(&h, txn, f->store, &filter));
  uint64_t last = to && to < EVENTS ? to : EVENTS, first = from ? from : 1;
  for (uint64_t i = first; i <= last; i++) {
    uint64_t seq = reverse ? last - (i - first) : i;
    if (topic_at(seq) != topic) continue;
    int error = zw_history_next(&h, txn, &event);
    if (error || event.seq != seq || event.topic != topic)
      fail_msg("topic %u at %u: %s, %u", topic, (unsigned)seq, zw_error_name(error),
               (unsigned)event.seq);
  }
  assert_int_equal(zw_history_next(&h, txn, &event), ZW_ENOTFOUND);
  zw_history_deinit(&h);
  zw_txn_abort(txn);
}

static void check_all(store_fixture *f) {
  for (uint32_t topic = 1; topic <= 4; topic++)
    for (int reverse = 0; reverse < 2; reverse++) {
      check_range(f, topic, 0, 0, reverse);
      check_range(f, topic, 5000, 9000, reverse);
      check_range(f, topic, 8190, 8200, reverse);
      check_range(f, topic, 19000, 0, reverse);
    }
}

static void across_the_tail(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  write_many(&f, 1, EVENTS);
  assert_true(f.store->tail_total < TAIL_EVENTS + 1000);
  assert_true(f.store->tail_from > TAIL_EVENTS);
  check_all(&f);
  fixture_close(&f);
  fixture_open(&f);
  /* Closing wrote the tail. */
  assert_int_equal(f.store->tail_total, 0);
  assert_int_equal(f.store->next_seq, EVENTS + 1);
  check_all(&f);
  fixture_end(&f);
}

static void after_a_kill(void **state) {
  (void)state;
  store_fixture f;
  int status;
  fixture_init(&f);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    fixture_open(&f);
    fixture_put_schema(&f, "store");
    fixture_start_writer(&f);
    write_many(&f, 1, EVENTS);
    raise(SIGKILL);
    _exit(0);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFSIGNALED(status));
  fixture_open(&f);
  assert_true(f.store->tail_total > 0);
  check_all(&f);
  fixture_end(&f);
}

/* A snapshot from before the tail was written still finds what it has. */
static void old_snapshot(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  fixture_begin(&f);
  fixture_start_writer(&f);
  write_many(&f, 1, 8000);
  must(&f, zw_txn_begin_read(f.store, &txn));
  assert_int_equal(zw_txn_last_seq(txn), 8000);
  write_many(&f, 8001, 12000);
  assert_true(f.store->tail_from > 8000);
  for (int reverse = 0; reverse < 2; reverse++) {
    uint64_t seqs[64];
    size_t n;
    must(&f, zw_log_index_find(txn, zw_catalog_topic(f.store, 4), 1, UINT64_MAX, reverse, seqs, 64,
                               &n));
    assert_int_equal(n, 8);
    for (size_t i = 0; i < n; i++) assert_int_equal(seqs[i], 1000 * (reverse ? 8 - i : i + 1));
  }
  zw_txn_abort(txn);
  fixture_end(&f);
}

/* An index that is damaged is made again. */
static void damaged(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  write_many(&f, 1, EVENTS);
  fixture_close(&f);
  fixture_open(&f);
  MDB_txn *txn;
  uint8_t octets[INDEX_KEY_SIZE] = {0}, value[16] = {1};
  MDB_val key = {sizeof octets, octets}, data = {sizeof value, value};
  assert_int_equal(mdb_txn_begin(f.store->env, NULL, 0, &txn), 0);
  assert_int_equal(mdb_put(txn, f.store->blocks, &key, &data, 0), 0);
  assert_int_equal(mdb_txn_commit(txn), 0);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(f.store->tail_total, EVENTS);
  check_all(&f);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(across_the_tail),
      cmocka_unit_test(after_a_kill),
      cmocka_unit_test(old_snapshot),
      cmocka_unit_test(damaged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
