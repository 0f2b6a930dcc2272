/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The octets on disk, pinned: one event, one record, one entry of each kind of index. Whoever
 * changes them changes the format's number.
 */
#include "store_fixture.h"
#include "store_state.h"

static void assert_octets(MDB_val actual, const char *expected) {
  char text[2048];
  size_t n = 0;
  const uint8_t *at = actual.mv_data;
  assert_true(actual.mv_size * 3 < sizeof text);
  for (size_t i = 0; i < actual.mv_size; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "%02x%s", at[i],
                          i + 1 == actual.mv_size ? ""
                          : i % 8 == 7            ? "\n"
                                                  : " ");
  if (strcmp(text, expected) != 0) fail_msg("is\n%s\nexpected\n%s", text, expected);
}

/* The first key and value of a database. */
static void first_of(store_fixture *f, MDB_dbi dbi, const char *key_octets,
                     const char *value_octets) {
  MDB_txn *txn;
  MDB_cursor *cursor;
  MDB_val key, value;
  assert_int_equal(mdb_txn_begin(f->store->env, NULL, MDB_RDONLY, &txn), 0);
  assert_int_equal(mdb_cursor_open(txn, dbi, &cursor), 0);
  assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
  assert_octets(key, key_octets);
  assert_octets(value, value_octets);
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
}

static void event(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  zw_write write;
  write_event(&f, &write, "test.reading", reading_bytes(&f, "s1", 21.5, (zw_span){NULL, 0}));
  write.event.publisher = 0x1122334455667788;
  f.now = 0x0102030405060707;
  must(&f, publish(&f, &write));
  assert_int_equal(write.event.timestamp, 0x0102030405060708);
  first_of(&f, f.store->events, "00 00 00 00 00 00 00 01",
           "24 00 00 00 20 00 1e 00\n"
           "14 00 04 00 0c 00 00 00\n"
           "00 00 00 00 00 00 00 00\n"
           "00 00 00 00 1c 00 00 00\n"
           "00 00 18 00 20 00 00 00\n"
           "08 07 06 05 04 03 02 01\n"
           "88 77 66 55 44 33 22 11\n"
           "04 00 00 00 08 00 00 00\n"
           "01 00 00 00 28 00 00 00\n"
           "0c 00 00 00 08 00 10 00\n"
           "0c 00 04 00 08 00 00 00\n"
           "00 00 00 00 00 80 35 40\n"
           "08 00 00 00 00 00 00 00\n"
           "02 00 00 00 73 31 00 00\n"
           "86 3f 7c f8 01 00 00 00");
  fixture_end(&f);
}

static void record(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  sensor s = {.site = "no\xc3\xb6", .id = "s1", .serial = "A", .kind = 2, .installed = 0x0102};
  must(&f, put_sensor(&f, &s));
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  first_of(&f, map->dbi, "6e 6f c3 b6 00 00 73 31\n00 00 00 00 00 00 00 00",
           "14 00 00 00 00 00 0e 00\n"
           "19 00 0c 00 10 00 14 00\n"
           "18 00 04 00 0e 00 00 00\n"
           "02 01 00 00 00 00 00 00\n"
           "28 00 00 00 18 00 00 00\n"
           "0c 00 00 00 02 00 00 00\n"
           "00 00 00 00 01 00 00 00\n"
           "41 00 00 00 04 00 00 00\n"
           "6e 6f c3 b6 00 00 00 00\n"
           "02 00 00 00 73 31 00 00\n"
           "7b 59 b4 b2 01 00 00 00");
  const map_shape *shape = zw_map_shape(map);
  assert_text_equal(shape->indexes[0]->name, "kind_installed");
  first_of(&f, shape->indexes[0]->dbi,
           "02 ff ff ff ff ff ff fe\nfd 6e 6f c3 b6 00 00 73\n31 00 00 00 00 00 00 00",
           "30 ad 1a 22 00 00 00 00");
  assert_text_equal(shape->indexes[2]->name, "site_serial");
  first_of(&f, shape->indexes[2]->dbi, "6e 6f c3 b6 00 00 41 00\n00 00 00 00 00 00 00 00",
           "6e 6f c3 b6 00 00 73 31\n00 00 00 00 00 00 00 00\n"
           "a7 3e 00 a5 00 00 00 00");
  assert_int_equal(map->number, 18);
  fixture_end(&f);
}

/* The reference of the checksum: what DESIGN's sentence says, without the store's own code. */
static void checksum(void **state) {
  (void)state;
  uint8_t key[8] = {0, 0, 0, 0, 0, 0, 0, 9}, value[24] = "0123456789abcdef";
  zw_trailer_write(DB_LOG, (MDB_val){8, key}, value, 16, 0x0203);
  uint8_t all[32] = {DB_LOG, 0, 0, 0, 3, 2, 0, 0};
  memcpy(all + 8, key, 8);
  memcpy(all + 16, "0123456789abcdef", 16);
  assert_int_equal(zw_load_le32(value + 16), (uint32_t)zw_hash64(zw_span_of(all, 32)));
  assert_memory_equal(value + 20, "\x03\x02\0\0", 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(event),
      cmocka_unit_test(record),
      cmocka_unit_test(checksum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
