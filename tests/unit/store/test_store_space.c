/* SPDX-License-Identifier: Apache-2.0 */
/* --max-size: writes are refused at the limit, deletes are not, and what they free can be used. */
#include <sys/mount.h>

#include "store_fixture.h"

#define LIMIT (1u << 20)

static int put_numbered(store_fixture *f, int number) {
  static char note[4000];
  char id[16];
  memset(note, 'x', sizeof note - 1);
  snprintf(id, sizeof id, "%05d", number);
  sensor s = {.site = "n", .id = id, .note = note};
  return put_sensor(f, &s);
}

static uint64_t count_sensors(store_fixture *f) {
  zw_txn *txn;
  uint64_t count = 0;
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_map_count(txn, zw_store_map(f->store, ZW_STR("sensors")), &count));
  zw_txn_abort(txn);
  return count;
}

/* A limit that would refuse the first write is none that was meant. */
static void a_limit_has_room(void **state) {
  (void)state;
  store_fixture f;
  fixture_init(&f);
  f.options.max_size = ZW_STORE_SIZE_MIN - 1;
  assert_int_equal(zw_store_open(&f.store, f.dir, "realm1", &f.options, &f.diag), ZW_EINVAL);
  assert_non_null(strstr(f.diag.message, "1048576 are the least"));
  f.options.max_size = ZW_STORE_SIZE_MIN;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  must(&f, put_numbered(&f, 1));
  fixture_end(&f);
}

static void refuse_and_resume(void **state) {
  (void)state;
  store_fixture f;
  fixture_init(&f);
  f.options.max_size = LIMIT;
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  fixture_start_writer(&f);
  int n = 0, error = 0;
  for (; n < 1000 && !error; n++) error = put_numbered(&f, n);
  assert_int_equal(error, ZW_EFULL);
  assert_non_null(strstr(f.diag.message, "has reached its limit of 1048576 octets"));
  assert_true(n > 50);
  zw_store_info info;
  must(&f, zw_store_info_get(f.store, &info));
  assert_true(info.file_octets <= LIMIT);
  zw_write write;
  static uint8_t blob[20000];
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s", 1, zw_span_of(blob, 20000)));
  assert_int_equal(publish(&f, &write), ZW_EFULL);
  /* A record is not stored without the event that tells of it. */
  zw_write put = {.kind = ZW_WRITE_PUT, .map = zw_store_map(f.store, ZW_STR("sensors"))};
  put.record = sensor_bytes(&f, &(sensor){.site = "n", .id = "small"});
  must(&f, publish(&f, &put));
  put.record = sensor_bytes(&f, &(sensor){.site = "n", .id = "other"});
  put.then = &write;
  assert_int_equal(publish(&f, &put), ZW_EFULL);
  assert_int_equal(count_sensors(&f), (uint64_t)n);
  for (int i = 0; i < n - 1; i++) {
    char id[16];
    snprintf(id, sizeof id, "%05d", i);
    zw_key key = sensor_key(&f, "n", id);
    zw_txn *txn;
    must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
    must(&f, zw_map_delete(txn, zw_store_map(f.store, ZW_STR("sensors")), &key, &f.diag));
    must(&f, zw_txn_commit(txn, &f.diag));
  }
  must(&f, publish(&f, &write));
  must(&f, put_numbered(&f, 1));
  must(&f, zw_store_info_get(f.store, &info));
  assert_true(info.file_octets <= LIMIT);
  fixture_end(&f);
}

/* A real disk that is full: a small tmpfs, where the test may mount one. */
static void full_disk(void **state) {
  (void)state;
  store_fixture f;
  char ballast[128];
  static uint8_t blob[50000];
  double out[64];
  fixture_init(&f);
  if (mount("tmpfs", f.dir, "tmpfs", 0, "size=3m") != 0) {
    fixture_end(&f);
    puts("SKIP: a tmpfs cannot be mounted here (root is needed)");
    skip();
  }
  fixture_open(&f);
  fixture_put_schema(&f, "store");
  fixture_start_writer(&f);
  snprintf(ballast, sizeof ballast, "%s/realm1/ballast", f.dir);
  FILE *file = fopen(ballast, "wb");
  for (int i = 0; i < 20; i++) fwrite(blob, 1, sizeof blob, file);
  fclose(file);
  zw_history_filter all = {0};
  size_t acknowledged = 0;
  int error = 0;
  for (int i = 0; i < 100 && !error; i++) {
    zw_write write;
    write_event(&f, &write, "test.reading", reading_bytes(&f, "s", i, zw_span_of(blob, 50000)));
    error = publish(&f, &write);
    acknowledged += !error;
  }
  assert_int_equal(error, ZW_EFULL);
  assert_true(acknowledged > 10);
  assert_int_equal(collect_history(&f, &all, out, 64), acknowledged);
  assert_int_equal(unlink(ballast), 0);
  publish_reading(&f, "test.reading", 77);
  assert_int_equal(collect_history(&f, &all, out, 64), acknowledged + 1);
  assert_true(out[acknowledged] == 77);
  fixture_close(&f);
  fixture_open(&f);
  assert_int_equal(collect_history(&f, &all, out, 64), acknowledged + 1);
  fixture_close(&f);
  assert_int_equal(umount(f.dir), 0);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(full_disk),
      cmocka_unit_test(a_limit_has_room),
      cmocka_unit_test(refuse_and_resume),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
