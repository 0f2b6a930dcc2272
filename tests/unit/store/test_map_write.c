/* SPDX-License-Identifier: Apache-2.0 */
/* put, insert, delete: what is there afterwards, in the map and in every index, and what is refused
 * with nothing changed. */
#include "store_fixture.h"
#include "store_state.h"

static const sensor first = {.site = "north",
                             .id = "s1",
                             .serial = "A1",
                             .kind = 1,
                             .installed = 5,
                             .tags = {"x", "y"},
                             .owner = "ann"};

typedef struct counts {
  uint64_t records, indexes[8];
} counts;

static counts count_all(store_fixture *f) {
  zw_txn *txn;
  zw_map *map = zw_store_map(f->store, ZW_STR("sensors"));
  counts c = {0, {0}};
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_map_count(txn, map, &c.records));
  const map_shape *shape = zw_map_shape(map);
  for (size_t i = 0; i < shape->index_count; i++) {
    MDB_stat stat;
    assert_int_equal(mdb_stat(txn->mdb, shape->indexes[i]->dbi, &stat), 0);
    c.indexes[i] = stat.ms_entries;
  }
  zw_txn_abort(txn);
  return c;
}

static void assert_counts(store_fixture *f, uint64_t records, const uint64_t indexes[4]) {
  counts c = count_all(f);
  assert_int_equal(c.records, records);
  for (size_t i = 0; i < 4; i++)
    if (c.indexes[i] != indexes[i]) fail_msg("index %zu: %d", i, (int)c.indexes[i]);
}

/* kind_installed, owner_name, site_serial, tags */
static void entries_follow_the_record(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  sensor s = first;
  must(&f, put_sensor(&f, &s));
  assert_counts(&f, 1, (uint64_t[]){1, 1, 1, 2});
  must(&f, put_sensor(&f, &s));
  assert_counts(&f, 1, (uint64_t[]){1, 1, 1, 2});
  s.owner = NULL; /* no entry without the value */
  s.serial = NULL;
  s.tags[1] = "x"; /* twice the same: one entry */
  must(&f, put_sensor(&f, &s));
  assert_counts(&f, 1, (uint64_t[]){1, 0, 0, 1});
  s = first;
  s.kind = 2;
  must(&f, put_sensor(&f, &s));
  assert_counts(&f, 1, (uint64_t[]){1, 1, 1, 2});
  zw_txn *txn;
  zw_key key = sensor_key(&f, "north", "s1");
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  must(&f, zw_map_delete(txn, map, &key, &f.diag));
  assert_int_equal(zw_map_delete(txn, map, &key, &f.diag), ZW_ENOTFOUND);
  must(&f, zw_txn_commit(txn, &f.diag));
  assert_counts(&f, 0, (uint64_t[]){0, 0, 0, 0});
  fixture_end(&f);
}

static void refused(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  must(&f, put_sensor(&f, &first));
  sensor other = first;
  other.id = "s2"; /* the same serial on the same site */
  assert_int_equal(put_sensor(&f, &other), ZW_EEXISTS);
  assert_string_equal(f.diag.message,
                      "sensors: another record has the same value in the unique index site_serial");
  other.site = NULL;
  assert_int_equal(put_sensor(&f, &other), ZW_EKEY);
  assert_string_equal(f.diag.message, "site is a key field and must be there");
  char longest[600] = "";
  memset(longest, 'x', sizeof longest - 1);
  other = first;
  other.owner = longest; /* fits the record, not the index */
  assert_int_equal(put_sensor(&f, &other), ZW_EKEY);
  zw_txn *txn;
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  assert_int_equal(zw_map_insert(txn, map, sensor_bytes(&f, &first), &f.diag), ZW_EEXISTS);
  /* The transaction is as it was. */
  other = first;
  other.id = "s3";
  other.serial = "A3";
  must(&f, zw_map_insert(txn, map, sensor_bytes(&f, &other), &f.diag));
  must(&f, zw_txn_commit(txn, &f.diag));
  assert_counts(&f, 2, (uint64_t[]){2, 2, 2, 4});
  fixture_end(&f);
}

static zw_span scalars_bytes(store_fixture *f, uint64_t key) {
  zw_span bytes;
  zw_builder_reset(&f->builder);
  zw_builder_table_start(&f->builder);
  zw_builder_add_u64(&f->builder, 8, key, 0);
  must(f,
       zw_builder_finish(&f->builder, zw_builder_table_end(&f->builder), zw_str_of(NULL), &bytes));
  return bytes;
}

/* A map without indexes after one whose record was replaced. */
static void two_maps_in_a_transaction(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  zw_txn *txn;
  zw_map *sensors = zw_store_map(f.store, ZW_STR("sensors"));
  zw_map *scalars = zw_store_map(f.store, ZW_STR("scalars"));
  bool old = true;
  uint64_t count;
  must(&f, put_sensor(&f, &first));
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  must(&f, zw_map_put(txn, sensors, sensor_bytes(&f, &first), NULL, &f.diag));
  must(&f, zw_map_put(txn, scalars, scalars_bytes(&f, 7), NULL, &f.diag));
  must(&f, zw_map_put(txn, scalars, scalars_bytes(&f, 8), &old, &f.diag));
  assert_false(old);
  must(&f, zw_map_put(txn, scalars, scalars_bytes(&f, 7), &old, &f.diag));
  assert_true(old);
  assert_int_equal(zw_map_insert(txn, scalars, scalars_bytes(&f, 7), &f.diag), ZW_EEXISTS);
  must(&f, zw_map_count(txn, scalars, &count));
  assert_int_equal(count, 2);
  must(&f, zw_txn_commit(txn, &f.diag));
  assert_counts(&f, 1, (uint64_t[]){1, 1, 1, 2});
  fixture_end(&f);
}

static void abort_leaves_nothing(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  zw_txn *txn, *reader;
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  bool old = true;
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  must(&f, zw_map_put(txn, map, sensor_bytes(&f, &first), &old, &f.diag));
  assert_false(old);
  must(&f, zw_map_put(txn, map, sensor_bytes(&f, &first), &old, &f.diag));
  assert_true(old);
  zw_record record;
  zw_key key = sensor_key(&f, "north", "s1");
  must(&f, zw_map_get(txn, map, &key, &record));
  must(&f, zw_txn_begin_read(f.store, &reader));
  assert_int_equal(zw_map_get(reader, map, &key, &record), ZW_ENOTFOUND);
  assert_int_equal(zw_map_put(reader, map, sensor_bytes(&f, &first), NULL, &f.diag), ZW_EINVAL);
  zw_txn_abort(txn);
  zw_txn_abort(reader);
  assert_counts(&f, 0, (uint64_t[]){0, 0, 0, 0});
  fixture_end(&f);
}

/* Against a plain model: random puts and deletes, then every index from both sides. */
static void random_writes(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  bool there[40] = {false}, tagged[40] = {false};
  uint32_t seed = 7;
  for (int round = 0; round < 60; round++) {
    zw_txn *txn;
    must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
    for (int i = 0; i < 10; i++) {
      char id[16], serial[16];
      seed = seed * 1664525 + 1013904223;
      unsigned which = (seed >> 16) % 40;
      snprintf(id, sizeof id, "s%u", which);
      snprintf(serial, sizeof serial, "A%u", which);
      bool tags = seed >> 8 & 1;
      sensor s = {.site = "n", .id = id, .serial = serial, .kind = (uint8_t)(seed >> 9 & 3)};
      if (tags) s.tags[0] = "t";
      if (seed >> 12 & 1) {
        must(&f, zw_map_put(txn, map, sensor_bytes(&f, &s), NULL, &f.diag));
        there[which] = true;
        tagged[which] = tags;
      } else {
        zw_key key = sensor_key(&f, "n", id);
        assert_int_equal(zw_map_delete(txn, map, &key, NULL), there[which] ? 0 : ZW_ENOTFOUND);
        there[which] = tagged[which] = false;
      }
    }
    must(&f, zw_txn_commit(txn, &f.diag));
    uint64_t n = 0, t = 0;
    for (int i = 0; i < 40; i++) n += there[i], t += tagged[i];
    assert_counts(&f, n, (uint64_t[]){n, 0, n, t});
  }
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entries_follow_the_record),
      cmocka_unit_test(refused),
      cmocka_unit_test(two_maps_in_a_transaction),
      cmocka_unit_test(abort_leaves_nothing),
      cmocka_unit_test(random_writes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
