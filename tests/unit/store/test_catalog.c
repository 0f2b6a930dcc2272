/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog at open: what it must not accept, and that all of it comes back. */
#include "store_fixture.h"
#include "store_state.h"

static void put_raw(store_fixture *f, uint8_t kind, uint32_t number, bool damage) {
  MDB_txn *txn;
  uint8_t octets[CATALOG_KEY_SIZE] = {kind};
  zw_store_be32(octets + 4, number);
  MDB_val key = {sizeof octets, octets}, value;
  assert_int_equal(mdb_txn_begin(f->store->env, NULL, 0, &txn), 0);
  if (damage) {
    static uint8_t copy[1 << 16];
    assert_int_equal(mdb_get(txn, f->store->catalog, &key, &value), 0);
    assert_true(value.mv_size <= sizeof copy);
    memcpy(copy, value.mv_data, value.mv_size);
    copy[value.mv_size / 2] ^= 0x10;
    value.mv_data = copy;
    assert_int_equal(mdb_put(txn, f->store->catalog, &key, &value, 0), 0);
  } else {
    assert_int_equal(
        zw_trailer_put(txn, f->store->catalog, DB_CATALOG, key, zw_span_of("12345678", 8), 0, 0),
        0);
  }
  assert_int_equal(mdb_txn_commit(txn), 0);
}

static void refused(uint8_t kind, uint32_t number, bool damage, int expected) {
  store_fixture f;
  zw_store *store;
  fixture_begin(&f);
  put_raw(&f, kind, number, damage);
  fixture_close(&f);
  int error = zw_store_open(&store, f.dir, "realm1", &f.options, &f.diag);
  if (error != expected) fail_msg("%u: %s %s", kind, zw_error_name(error), f.diag.message);
  assert_non_null(strstr(f.diag.message, "the catalog: "));
  fixture_end(&f);
}

static void damaged(void **state) {
  (void)state;
  refused(CATALOG_FORMAT, 0, true, ZW_ECORRUPT);
  refused(CATALOG_SCHEMA, 1, true, ZW_ECORRUPT);
  refused(CATALOG_MAP, 17, true, ZW_ECORRUPT);
  refused(CATALOG_TOPIC, 2, true, ZW_ECORRUPT);
}

static void unknown_kind(void **state) {
  (void)state;
  refused(9, 1, false, ZW_EVERSION);
}

static void all_comes_back(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  for (int reopened = 0; reopened < 2; reopened++) {
    const zw_schema *schema = zw_store_schema(f.store, 1);
    assert_non_null(schema);
    assert_null(zw_store_schema(f.store, 0));
    assert_null(zw_store_schema(f.store, 2));
    assert_non_null(zw_store_model(f.store, 1));
    assert_int_equal(zw_store_schema_by_id(f.store, schema->id), 1);
    assert_int_equal(zw_store_topic_count(f.store), 5);
    assert_int_equal(zw_store_topic(f.store, ZW_STR("test.live"), ZW_MATCH_EXACT), 0);
    assert_int_equal(zw_store_topic(f.store, ZW_STR("test.area"), ZW_MATCH_EXACT), 0);
    uint32_t area = zw_store_topic(f.store, ZW_STR("test.area"), ZW_MATCH_PREFIX);
    assert_int_equal(zw_store_topic_def(f.store, area)->match, ZW_MATCH_PREFIX);
    assert_null(zw_store_topic_def(f.store, 6));
    assert_int_equal(zw_store_topic_def(f.store, topic_of(&f, "test.few"))->history_count, 10);
    assert_int_equal(zw_store_map_count(f.store), 3);
    assert_null(zw_store_map_at(f.store, 3));
    for (size_t i = 0; i < 3; i++) {
      zw_map *map = zw_store_map_at(f.store, i);
      assert_ptr_equal(zw_store_map(f.store, zw_map_def_get(map)->name), map);
    }
    const map_shape *shape = zw_map_shape(zw_store_map(f.store, ZW_STR("sensors")));
    assert_text_equal(shape->codec, "site:string,id:string");
    assert_text_equal(shape->indexes[0]->codec, "kind:ubyte,-installed:ulong");
    fixture_close(&f);
    fixture_open(&f);
  }
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(damaged),
      cmocka_unit_test(unknown_kind),
      cmocka_unit_test(all_comes_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
