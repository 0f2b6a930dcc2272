/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots: what they see, reset and renew, cursors kept over both. */
#include "store_fixture.h"

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(snapshots),
      cmocka_unit_test(turns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
