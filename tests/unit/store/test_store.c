/* SPDX-License-Identifier: Apache-2.0 */
/* A store from its making to its reopening: schema, record, event, and all of it again by
 * reflection alone. */
#include "store_fixture.h"

static void whole_path(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  assert_true(zw_store_is_new(f.store));
  fixture_start_writer(&f);
  assert_int_equal(publish_reading(&f, "test.reading", 1.5), 1);
  assert_int_equal(publish_reading(&f, "test.second", 2.5), 2);
  sensor s = {.site = "north", .id = "s1", .serial = "A1", .kind = 1, .installed = 5};
  must(&f, put_sensor(&f, &s));
  double out[8];
  zw_history_filter all = {0};
  assert_int_equal(collect_history(&f, &all, out, 8), 2);

  fixture_close(&f);
  f.options.create = false;
  fixture_open(&f);
  assert_false(zw_store_is_new(f.store));
  uint32_t topic = topic_of(&f, "test.second");
  zw_history_filter one = {.topics = &topic, .topic_count = 1};
  assert_int_equal(collect_history(&f, &one, out, 8), 1);
  assert_true(out[0] == 2.5);
  zw_txn *txn;
  zw_record record;
  must(&f, zw_txn_begin_read(f.store, &txn));
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  zw_key key = sensor_key(&f, "north", "s1");
  must(&f, zw_map_get(txn, map, &key, &record));
  zw_text text;
  zw_text_init(&text, NULL);
  must(&f, zw_json_print(record.type, zw_record_table(&record), ZW_OBJECT_TEXT, 0, &text));
  assert_text_equal(zw_text_str(&text),
                    "{\"id\":\"s1\",\"site\":\"north\",\"serial\":\"A1\",\"kind\":\"Thermo\","
                    "\"installed\":\"1970-01-01T00:00:00.000000005Z\"}");
  zw_text_deinit(&text);
  zw_store_info info;
  must(&f, zw_store_info_get(f.store, &info));
  assert_int_equal(info.events, 2);
  assert_int_equal(info.maps, 3);
  assert_int_equal(info.topics, 5);
  assert_int_equal(info.last_seq, 2);
  zw_txn_abort(txn);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_path),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
