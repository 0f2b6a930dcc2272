/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots: what they see, reset and renew, cursors kept over both. */
#include <sys/wait.h>

#include "store_fixture.h"
#include "store_state.h"

static void snapshots(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_record record;
  zw_event event;
  fixture_begin(&f);
  fixture_start_writer(&f);
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  sensor s = {.site = "n", .id = "1", .serial = "A"};
  must(&f, put_sensor(&f, &s));
  zw_key key = sensor_key(&f, "n", "1");
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_map_get(txn, map, &key, &record));
  s.serial = "B";
  must(&f, put_sensor(&f, &s));
  publish_reading(&f, "test.reading", 1);
  must(&f, zw_map_get(txn, map, &key, &record));
  assert_text_equal(zw_table_str(zw_record_table(&record), SENSOR_SERIAL), "A");
  assert_int_equal(zw_event_get(txn, f.store, 1, &event), ZW_ENOTFOUND);
  must(&f, zw_txn_renew(txn)); /* lives: nothing happens */
  must(&f, zw_map_get(txn, map, &key, &record));
  assert_text_equal(zw_table_str(zw_record_table(&record), SENSOR_SERIAL), "A");
  zw_txn_reset(txn);
  zw_txn_reset(txn);
  assert_int_equal(zw_map_get(txn, map, &key, &record), ZW_EINVAL);
  must(&f, zw_txn_renew(txn));
  must(&f, zw_map_get(txn, map, &key, &record));
  assert_text_equal(zw_table_str(zw_record_table(&record), SENSOR_SERIAL), "B");
  must(&f, zw_event_get(txn, f.store, 1, &event));
  assert_int_equal(zw_txn_commit(txn, &f.diag), ZW_EINVAL);
  zw_txn_abort(txn);
  zw_txn_abort(NULL);
  fixture_end(&f);
}

/* A thousand turns of a loop with one transaction; the pages of old turns are used again. */
static void turns(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_event event;
  zw_store_info before, after;
  static uint8_t blob[3000];
  fixture_begin(&f);
  fixture_start_writer(&f);
  sensor s = {.site = "n", .id = "1"};
  must(&f, zw_txn_begin_read(f.store, &txn));
  for (int i = 1; i <= 1000; i++) {
    zw_write write;
    must(&f, put_sensor(&f, &s));
    write_event(&f, &write, "test.few", reading_bytes(&f, "s", i, zw_span_of(blob, 10)));
    must(&f, publish(&f, &write));
    zw_txn_reset(txn);
    must(&f, zw_txn_renew(txn));
    must(&f, zw_event_get(txn, f.store, (uint64_t)i, &event));
    assert_true(event_celsius(&event) == i);
    if (i == 500) must(&f, zw_store_info_get(f.store, &before));
  }
  must(&f, zw_store_info_get(f.store, &after));
  assert_true(after.file_octets < before.file_octets + 400000);
  zw_txn_abort(txn);
  fixture_end(&f);
}

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN
#endif
#endif

#if defined(HAVE_ASAN)
/* Under AddressSanitizer a view that outlives its snapshot is a report; it ends the child. */
static void late_use(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_record record;
  int status;
  fixture_begin(&f);
  sensor s = {.site = "n", .id = "1", .serial = "A"};
  must(&f, put_sensor(&f, &s));
  zw_key key = sensor_key(&f, "n", "1");
  must(&f, zw_txn_begin_read(f.store, &txn));
  must(&f, zw_map_get(txn, zw_store_map(f.store, ZW_STR("sensors")), &key, &record));
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    assert_non_null(freopen("/dev/null", "w", stderr));
    zw_txn_drop_copies(txn);
    volatile uint8_t octet = record.value.ptr[0];
    _exit(octet & 0);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  zw_txn_abort(txn);
  fixture_end(&f);
}

#endif

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(snapshots),
    cmocka_unit_test(turns),
#if defined(HAVE_ASAN)
    cmocka_unit_test(late_use),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
