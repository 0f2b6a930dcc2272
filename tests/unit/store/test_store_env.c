/* SPDX-License-Identifier: Apache-2.0 */
/* A sync that fails: nothing is acknowledged, the environment is opened again by itself, and
 * handles from before say so. */
#include <errno.h>
#include <sys/syscall.h>

#include "store_fixture.h"
#include "store_state.h"

static int syncs_that_fail;

/* In front of the C library's, for LMDB as well. */
__attribute__((visibility("default"))) int fdatasync(int fd);
int fdatasync(int fd) {
  if (__atomic_load_n(&syncs_that_fail, __ATOMIC_RELAXED) > 0) {
    __atomic_sub_fetch(&syncs_that_fail, 1, __ATOMIC_RELAXED);
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fdatasync, fd);
}

static void fail_syncs(int n) { __atomic_store_n(&syncs_that_fail, n, __ATOMIC_RELAXED); }

static void failed_group(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_event event;
  zw_write write;
  double out[16];
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  must(&f, zw_txn_begin_read(f.store, &txn));
  fail_syncs(1);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 2, (zw_span){NULL, 0}));
  assert_int_equal(publish(&f, &write), ZW_EIO);
  /* The snapshot lives, but nobody gets another one until it has ended. */
  must(&f, zw_event_get(txn, f.store, 1, &event));
  assert_true(event_celsius(&event) == 1);
  zw_txn *other;
  assert_int_equal(zw_txn_begin_read(f.store, &other), ZW_ESTORE);
  zw_txn_reset(txn);
  must(&f, zw_txn_begin_read(f.store, &other));
  zw_txn_abort(other);
  assert_int_equal(zw_event_get(txn, f.store, 1, &event), ZW_ESTALE);
  must(&f, zw_txn_renew(txn));
  must(&f, zw_event_get(txn, f.store, 1, &event));
  zw_txn_abort(txn);
  assert_int_equal(publish_reading(&f, "test.reading", 3), 3);
  uint32_t topic = topic_of(&f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1}, all = {0};
  size_t n = collect_history(&f, &one, out, 16);
  assert_true(out[n - 1] == 3);
  assert_int_equal(collect_history(&f, &all, out, 16), n);
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(collect_history(&f, &one, out, 16), n);
  fixture_end(&f);
}

/* Who writes does not wait for ever for a reader that stays: it is told. */
static void reader_that_stays(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_write write;
  fixture_begin(&f);
  fixture_start_writer(&f);
  must(&f, zw_txn_begin_read(f.store, &txn));
  fail_syncs(1);
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 2, (zw_span){NULL, 0}));
  assert_int_equal(publish(&f, &write), ZW_EIO);
  assert_int_equal(publish(&f, &write), ZW_ESTORE);
  zw_txn_abort(txn);
  must(&f, publish(&f, &write));
  fixture_end(&f);
}

static void failed_direct_write(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_record record;
  fixture_begin(&f);
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  uint64_t generation = atomic_load(&f.store->generation);
  fail_syncs(1);
  s.id = "2";
  assert_int_equal(put_sensor(&f, &s), ZW_EIO);
  s.id = "3";
  must(&f, put_sensor(&f, &s));
  assert_int_equal(atomic_load(&f.store->generation), generation + 1);
  zw_key key = sensor_key(&f, "n", "1");
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_map_get(txn, zw_store_map(f.store, ZW_STR("sensors")), &key, &record));
  zw_txn_abort(txn);
  fixture_end(&f);
}

static void failed_schema(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fail_syncs(1);
  assert_int_equal(zw_store_schema_put(f.store, fixture_schema("store_next"), NULL, NULL, &f.diag),
                   ZW_EIO);
  assert_int_equal(zw_store_schema_count(f.store), 1);
  assert_null(zw_store_map(f.store, ZW_STR("extras")));
  assert_int_equal(zw_store_topic(f.store, ZW_STR("test.third"), ZW_MATCH_EXACT), 0);
  fixture_put_schema(&f, "store_next");
  assert_non_null(zw_store_map(f.store, ZW_STR("extras")));
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  fixture_end(&f);
}

static void repeated(void **state) {
  (void)state;
  store_fixture f;
  double out[64];
  size_t good = 0;
  fixture_begin(&f);
  fixture_start_writer(&f);
  for (int i = 1; i <= 30; i++) {
    zw_write write;
    if (i % 3 == 0) fail_syncs(1);
    write_event(&f, &write, "test.reading", reading_bytes(&f, "s", i, (zw_span){NULL, 0}));
    int error = publish(&f, &write);
    assert_int_equal(error, i % 3 ? 0 : ZW_EIO);
    good += !error;
  }
  uint32_t topic = topic_of(&f, "test.reading");
  zw_history_filter one = {.topics = &topic, .topic_count = 1}, all = {0};
  size_t n = collect_history(&f, &one, out, 64);
  assert_true(n >= good);
  assert_int_equal(collect_history(&f, &all, out, 64), n);
  for (size_t i = 1; i < n; i++) assert_true(out[i] > out[i - 1]);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(failed_group),
      cmocka_unit_test(reader_that_stays),
      cmocka_unit_test(failed_direct_write),
      cmocka_unit_test(failed_schema),
      cmocka_unit_test(repeated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
