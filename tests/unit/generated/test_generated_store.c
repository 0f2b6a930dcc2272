/* SPDX-License-Identifier: Apache-2.0 */
/* A map through its generated functions. */
#define _GNU_SOURCE /* nftw */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "telemetry_store.h"

static char folder[] = "/tmp/zerowire-generated-XXXXXX";
static zw_store *store;
static zw_builder builder;
static zw_diag diag;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

static void must(int error) {
  if (error) fail_msg("%s: %s", zw_error_name(error), diag.message);
}

static com_example_Sensor sensor(const char *site, const char *id, uint8_t kind,
                                 uint64_t installed) {
  com_example_Sensor s;
  com_example_SensorT o = {.id = zw_str_of(id),
                           .site = zw_str_of(site),
                           .serial = zw_str_of(id),
                           .kind = kind,
                           .installed = installed};
  must(com_example_Sensor_pack(&builder, &o, &s));
  return s;
}

static int set_up(void **state) {
  (void)state;
  zw_txn *txn;
  zw_store_options options = {.size = sizeof options, .create = true};
  assert_non_null(mkdtemp(folder));
  zw_builder_init(&builder, NULL);
  must(zw_store_open(&store, folder, "realm1", &options, &diag));
  must(zw_store_schema_put(store, telemetry_schema.bfbs, NULL, NULL, &diag));
  must(com_example_sensors_open(store, &diag));
  must(zw_txn_begin_write(store, &txn, &diag));
  must(com_example_sensors_put(txn, sensor("north", "s1", 1, 100), &diag));
  must(com_example_sensors_put(txn, sensor("north", "s2", 2, 200), &diag));
  must(com_example_sensors_put(txn, sensor("south", "s1", 1, 300), &diag));
  must(zw_txn_commit(txn, &diag));
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  zw_store_close(store);
  zw_builder_deinit(&builder);
  nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  return 0;
}

static com_example_sensors_key key(const char *site, const char *id) {
  return (com_example_sensors_key){zw_str_of(site), zw_str_of(id)};
}

static void test_get_and_count(void **state) {
  (void)state;
  zw_txn *txn;
  com_example_Sensor s;
  uint64_t count;
  must(zw_txn_begin_read(store, &txn));
  must(com_example_sensors_get(txn, key("north", "s2"), &s));
  assert_int_equal(com_example_Sensor_installed(s), 200);
  assert_int_equal(com_example_sensors_get(txn, key("north", "s9"), &s), ZW_ENOTFOUND);
  must(com_example_sensors_count(txn, &count));
  assert_int_equal(count, 3);
  zw_txn_abort(txn);
}

static void test_insert_and_delete(void **state) {
  (void)state;
  zw_txn *txn;
  com_example_Sensor s;
  must(zw_txn_begin_write(store, &txn, &diag));
  assert_int_equal(com_example_sensors_insert(txn, sensor("north", "s1", 1, 1), &diag), ZW_EEXISTS);
  must(com_example_sensors_insert(txn, sensor("west", "s1", 1, 1), &diag));
  must(com_example_sensors_delete(txn, key("west", "s1"), &diag));
  assert_int_equal(com_example_sensors_get(txn, key("west", "s1"), &s), ZW_ENOTFOUND);
  assert_int_equal(com_example_sensors_delete(txn, key("west", "s1"), &diag), ZW_ENOTFOUND);
  zw_txn_abort(txn);
}

/* Only the root of a buffer is a record. */
static void test_inner_table_is_refused(void **state) {
  (void)state;
  zw_txn *txn;
  com_example_Sensor s = sensor("north", "s1", 1, 1);
  s.t.ptr += 4;
  s.t.pos += 4;
  must(zw_txn_begin_write(store, &txn, &diag));
  assert_int_equal(com_example_sensors_put(txn, s, &diag), ZW_EINVAL);
  zw_txn_abort(txn);
}

static void check_walk(zw_cursor *cursor, const char *expected) {
  com_example_Sensor s;
  char seen[128] = "";
  int error;
  while ((error = com_example_sensors_next(cursor, &s)) == 0) {
    size_t at = strlen(seen);
    snprintf(seen + at, sizeof seen - at, "%.*s/%.*s ", ZW_ARG(com_example_Sensor_site(s)),
             ZW_ARG(com_example_Sensor_id(s)));
  }
  assert_int_equal(error, ZW_ENOTFOUND);
  assert_string_equal(seen, expected);
  zw_cursor_deinit(cursor);
}

static void test_scans(void **state) {
  (void)state;
  zw_txn *txn;
  zw_cursor c;
  com_example_sensors_key from = key("north", "s2"), to = key("north", "s2");
  must(zw_txn_begin_read(store, &txn));
  must(com_example_sensors_scan(&c, txn, NULL, NULL, false));
  check_walk(&c, "north/s1 north/s2 south/s1 ");
  must(com_example_sensors_scan(&c, txn, &from, NULL, false));
  check_walk(&c, "north/s2 south/s1 ");
  must(com_example_sensors_scan(&c, txn, NULL, &to, true));
  check_walk(&c, "north/s2 north/s1 ");
  must(com_example_sensors_scan_prefix(&c, txn, &from, 1, false));
  check_walk(&c, "north/s1 north/s2 ");
  zw_txn_abort(txn);
}

static void test_indexes(void **state) {
  (void)state;
  zw_txn *txn;
  zw_cursor c;
  com_example_Sensor s;
  const com_example_sensors_by_kind_installed_key kind = {.kind = 1};
  const com_example_sensors_by_site_key site = {.site = ZW_STR("south")};
  must(zw_txn_begin_read(store, &txn));
  must(com_example_sensors_by_kind_installed(&c, txn, NULL, NULL, false));
  check_walk(&c, "south/s1 north/s1 north/s2 ");
  must(com_example_sensors_by_kind_installed_prefix(&c, txn, &kind, 1, false));
  check_walk(&c, "south/s1 north/s1 ");
  must(com_example_sensors_by_site(&c, txn, &site, &site, false));
  check_walk(&c, "south/s1 ");
  must(com_example_sensors_get_by_site_serial(
      txn, (com_example_sensors_by_site_serial_key){ZW_STR("north"), ZW_STR("s2")}, &s));
  assert_int_equal(com_example_Sensor_kind(s), 2);
  zw_txn_abort(txn);
}

static void test_stamp(void **state) {
  (void)state;
  zw_map *map;
  zw_stamp stamp = telemetry_stamp;
  stamp.abi++;
  assert_int_equal(zw_store_map_stamped(store, ZW_STR("sensors"), &stamp, &map, &diag),
                   ZW_EVERSION);
  stamp = telemetry_stamp;
  stamp.schema_id[0] ^= 1;
  assert_int_equal(zw_store_map_stamped(store, ZW_STR("sensors"), &stamp, &map, &diag),
                   ZW_EMISMATCH);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_get_and_count),
      cmocka_unit_test(test_insert_and_delete),
      cmocka_unit_test(test_inner_table_is_refused),
      cmocka_unit_test(test_scans),
      cmocka_unit_test(test_indexes),
      cmocka_unit_test(test_stamp),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
