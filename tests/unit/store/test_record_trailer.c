/* SPDX-License-Identifier: Apache-2.0 */
/* Every bit that flips on its way to disk and back is found, in records, events and entries. */
#include "store_fixture.h"
#include "store_state.h"

/* Flips a bit of the first value of a database, calls `look`, and puts it back. */
static void flip_each(store_fixture *f, MDB_dbi dbi, int (*look)(store_fixture *f)) {
  MDB_txn *txn;
  MDB_cursor *cursor;
  MDB_val key, value;
  uint8_t good[512], k[64];
  assert_int_equal(mdb_txn_begin(f->store->env, NULL, MDB_RDONLY, &txn), 0);
  assert_int_equal(mdb_cursor_open(txn, dbi, &cursor), 0);
  assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
  assert_true(value.mv_size <= sizeof good && key.mv_size <= sizeof k);
  size_t size = value.mv_size, key_size = key.mv_size;
  memcpy(good, value.mv_data, size);
  memcpy(k, key.mv_data, key_size);
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  assert_int_equal(look(f), 0);
  for (size_t bit = 0; bit <= 8 * size; bit++) {
    uint8_t bad[512];
    memcpy(bad, good, size);
    if (bit < 8 * size) bad[bit / 8] ^= (uint8_t)(1u << bit % 8);
    key = (MDB_val){key_size, k};
    value = (MDB_val){size, bad};
    assert_int_equal(mdb_txn_begin(f->store->env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    int error = look(f);
    if (error != (bit < 8 * size ? ZW_ECORRUPT : 0))
      fail_msg("bit %zu of %zu: %s", bit, 8 * size, error ? zw_error_name(error) : "good");
  }
}

static int look_at_record(store_fixture *f) {
  zw_txn *txn;
  zw_record record;
  zw_key key = sensor_key(f, "n", "1");
  must(f, zw_txn_begin_read(f->store, &txn));
  int error = zw_map_get(txn, zw_store_map(f->store, ZW_STR("sensors")), &key, &record);
  zw_txn_abort(txn);
  return error;
}

static int look_at_index(store_fixture *f, int index) {
  zw_txn *txn;
  zw_cursor cursor;
  zw_record record;
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_cursor_init(&cursor, txn, zw_store_map(f->store, ZW_STR("sensors")), index, NULL, NULL,
                         false));
  int error = zw_cursor_next(&cursor, &record);
  zw_cursor_deinit(&cursor);
  zw_txn_abort(txn);
  return error;
}

static int look_at_kind(store_fixture *f) { return look_at_index(f, 0); }
static int look_at_serial(store_fixture *f) { return look_at_index(f, 2); }

static int look_at_event(store_fixture *f) {
  zw_txn *txn;
  zw_event event;
  must(f, zw_txn_begin_read(f->store, &txn));
  int error = zw_event_get(txn, f->store, 1, &event);
  zw_txn_abort(txn);
  return error;
}

static void every_bit(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  sensor s = {.site = "n", .id = "1", .serial = "A"};
  must(&f, put_sensor(&f, &s));
  publish_reading(&f, "test.reading", 1);
  const zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  const map_shape *shape = zw_map_shape(map);
  flip_each(&f, map->dbi, look_at_record);
  flip_each(&f, shape->indexes[0]->dbi, look_at_kind);
  flip_each(&f, shape->indexes[2]->dbi, look_at_serial);
  flip_each(&f, f.store->events, look_at_event);
  fixture_end(&f);
}

/* A good value under another key, or in another database, is no good value. */
static void moved(void **state) {
  (void)state;
  uint8_t key[8] = {1}, other[8] = {2}, value[24] = "sixteen octets..";
  zw_trailer_write(7, (MDB_val){8, key}, value, 16, 3);
  zw_store nothing = {0}; /* no map: the octets are the test's */
  uint16_t version;
  assert_int_equal(zw_trailer_check(&nothing, 7, (MDB_val){8, key}, (MDB_val){24, value}, &version),
                   0);
  assert_int_equal(version, 3);
  assert_int_equal(zw_trailer_check(&nothing, 7, (MDB_val){8, other}, (MDB_val){24, value}, NULL),
                   ZW_ECORRUPT);
  assert_int_equal(zw_trailer_check(&nothing, 8, (MDB_val){8, key}, (MDB_val){24, value}, NULL),
                   ZW_ECORRUPT);
  assert_int_equal(zw_trailer_check(&nothing, 7, (MDB_val){8, key}, (MDB_val){16, value}, NULL),
                   ZW_ECORRUPT);
  assert_int_equal(zw_trailer_check(&nothing, 7, (MDB_val){8, key}, (MDB_val){7, value}, NULL),
                   ZW_ECORRUPT);
}

/* Long values take the streaming form of the hash: the same sum. */
static void long_and_short_agree(void **state) {
  (void)state;
  static uint8_t value[4096 + 8], all[16 + 4096];
  uint8_t key[8] = {9};
  for (size_t len = 0; len <= 4096; len += 8) {
    for (size_t i = 0; i < len; i++) value[i] = (uint8_t)(i * 31 + len);
    zw_trailer_write(2, (MDB_val){8, key}, value, len, 1);
    memset(all, 0, 16);
    all[0] = 2;
    all[4] = 1;
    all[8] = 9;
    memcpy(all + 16, value, len);
    assert_int_equal(zw_load_le32(value + len), (uint32_t)zw_hash64(zw_span_of(all, 16 + len)));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_bit),
      cmocka_unit_test(moved),
      cmocka_unit_test(long_and_short_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
