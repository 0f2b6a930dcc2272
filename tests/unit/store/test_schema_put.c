/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas that follow each other: accepted ones read what is there, refused ones change nothing. */
#include "store_fixture.h"
#include "store_state.h"

typedef struct findings {
  size_t count;
  char text[16][300];
  char rules[16][40];
} findings;

static void note(void *ctx, const zw_finding *finding) {
  findings *n = ctx;
  if (n->count == 16) return;
  snprintf(n->text[n->count], sizeof n->text[0], "%.*s: %s. %s", ZW_ARG(finding->element),
           finding->message, finding->fix);
  snprintf(n->rules[n->count++], sizeof n->rules[0], "%s", finding->rule);
}

static int put(store_fixture *f, const char *name, findings *n) {
  memset(n, 0, sizeof *n);
  return zw_store_schema_put(f->store, fixture_schema(name), note, n, &f->diag);
}

static void fill(store_fixture *f) {
  sensor a = {.site = "n", .id = "1", .serial = "A", .kind = 1, .installed = 1, .tags = {"t"}};
  sensor b = {.site = "n", .id = "2", .serial = "B", .kind = 2, .installed = 2};
  must(f, put_sensor(f, &a));
  must(f, put_sensor(f, &b));
  publish_reading(f, "test.reading", 1);
  publish_reading(f, "test.reading", 2);
  publish_reading(f, "test.reading", 3);
}

static void index_walk(store_fixture *f, const char *name, const char *expected) {
  zw_map *map = zw_store_map(f->store, ZW_STR("sensors"));
  const zw_map_def *def = zw_map_def_get(map);
  int index = -1;
  for (size_t i = 0; i < def->index_count; i++)
    if (zw_str_eq(def->indexes[i].name, zw_str_of(name))) index = (int)i;
  assert_true(index >= 0);
  zw_txn *txn;
  zw_cursor cursor;
  zw_record record;
  char ids[64] = "";
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_cursor_init(&cursor, txn, map, index, NULL, NULL, false));
  for (size_t n = 0; zw_cursor_next(&cursor, &record) == 0 && n + 1 < sizeof ids; n++)
    ids[n] = zw_table_str(zw_record_table(&record), SENSOR_ID).ptr[0];
  zw_cursor_deinit(&cursor);
  zw_txn_abort(txn);
  assert_string_equal(ids, expected);
}

static void check_next(store_fixture *f) {
  assert_int_equal(zw_store_schema_count(f->store), 2);
  assert_int_equal(zw_map_def_get(zw_store_map(f->store, ZW_STR("sensors")))->index_count, 4);
  index_walk(f, "kind_installed", "21"); /* kind descends in this version */
  index_walk(f, "altitude", "");         /* the records are of a version without it */
  index_walk(f, "tags", "1");
  index_walk(f, "site_serial", "12");
  assert_non_null(zw_store_map(f->store, ZW_STR("extras")));
  assert_true(zw_store_topic(f->store, ZW_STR("test.third"), ZW_MATCH_EXACT) > 0);
  assert_int_equal(zw_store_topic_version(f->store, ZW_STR("test.reading"), ZW_MATCH_EXACT), 2);
}

static void next_version(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f);
  must(&f, put(&f, "store", &n)); /* again: nothing */
  assert_int_equal(zw_store_schema_count(f.store), 1);
  must(&f, put(&f, "store_next", &n));
  assert_int_equal(n.count, 0);
  check_next(&f);
  sensor c = {.site = "n", .id = "3", .serial = "C", .kind = 3, .installed = 3};
  must(&f, put_sensor(&f, &c));
  index_walk(&f, "altitude", "3");
  index_walk(&f, "kind_installed", "321");
  zw_key key = sensor_key(&f, "n", "3");
  zw_txn *txn;
  zw_record record;
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  must(&f, zw_map_get(txn, map, &key, &record));
  assert_int_equal(record.version, 2);
  must(&f, zw_map_delete(txn, map, &key, &f.diag));
  must(&f, zw_txn_commit(txn, &f.diag));
  check_next(&f);
  fixture_close(&f);
  fixture_open(&f);
  check_next(&f);
  /* A record of the first version goes with its entries. */
  key = sensor_key(&f, "n", "1");
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  map = zw_store_map(f.store, ZW_STR("sensors"));
  must(&f, zw_map_delete(txn, map, &key, &f.diag));
  must(&f, zw_txn_commit(txn, &f.diag));
  index_walk(&f, "kind_installed", "2");
  index_walk(&f, "tags", "");
  fixture_end(&f);
}

static void assert_untouched(store_fixture *f) {
  double out[4];
  zw_history_filter all = {0};
  assert_int_equal(zw_store_schema_count(f->store), 1);
  assert_int_equal(zw_store_map_count(f->store), 3);
  assert_int_equal(zw_store_topic_count(f->store), 5);
  index_walk(f, "kind_installed", "12");
  assert_int_equal(collect_history(f, &all, out, 4), 3);
}

static bool said(const findings *n, const char *rule, const char *text) {
  for (size_t i = 0; i < n->count; i++)
    if (!strcmp(n->rules[i], rule) && !strcmp(n->text[i], text)) return true;
  for (size_t i = 0; i < n->count; i++) print_error("%s %s\n", n->rules[i], n->text[i]);
  return false;
}

static void misreading(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f);
  assert_int_equal(put(&f, "store_misread", &n), ZW_EMISMATCH);
  assert_true(said(&n, "FIELD_SAME_TYPE",
                   "test.Reading.celsius: double became float; 3 stored events would be misread. "
                   "Add a field instead."));
  assert_true(said(&n, "FIELD_SAME_TYPE",
                   "test.Sensor.installed: ulong became uint; 2 stored records would be misread. "
                   "Add a field instead."));
  assert_int_equal(f.diag.error, ZW_EMISMATCH);
  assert_string_equal(f.diag.rule, n.rules[0]);
  assert_untouched(&f);
  fixture_close(&f);
  fixture_open(&f);
  assert_untouched(&f);
  fixture_end(&f);
}

static void one_is_no_plural(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  sensor a = {.site = "n", .id = "1"};
  fixture_begin(&f);
  must(&f, put_sensor(&f, &a));
  assert_int_equal(put(&f, "store_rekeyed", &n), ZW_EMISMATCH);
  assert_true(said(&n, "MAP_SAME_KEY",
                   "test.Sensor: the primary key \"site:string,id:string\" became "
                   "\"id:string,site:string\"; 1 stored record would not be found. Add a map with "
                   "the other key instead."));
  assert_int_equal(put(&f, "store_misread", &n), ZW_EMISMATCH);
  assert_true(said(&n, "FIELD_SAME_TYPE",
                   "test.Sensor.installed: ulong became uint; 1 stored record would be misread. "
                   "Add a field instead."));
  fixture_end(&f);
}

static void other_key(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f);
  assert_int_equal(put(&f, "store_rekeyed", &n), ZW_EMISMATCH);
  assert_true(said(&n, "MAP_SAME_KEY",
                   "test.Sensor: the primary key \"site:string,id:string\" became "
                   "\"id:string,site:string\"; 2 stored records would not be found. Add a map with "
                   "the other key instead."));
  assert_untouched(&f);
  fixture_end(&f);
}

/* Where nothing is stored, nothing is misread. */
static void empty_store(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  fixture_begin(&f);
  must(&f, put(&f, "store_rekeyed", &n));
  must(&f, put(&f, "store_misread", &n));
  assert_int_equal(zw_store_schema_count(f.store), 3);
  fixture_close(&f);
  fixture_open(&f);
  sensor a = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &a));
  fixture_end(&f);
}

/* An index that cannot be built takes the whole schema with it. */
static void unique_that_is_not(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  fixture_begin(&f);
  fixture_start_writer(&f);
  fill(&f);
  sensor a = {.site = "n", .id = "8", .note = "same"}, b = {.site = "n", .id = "9", .note = "same"};
  must(&f, put_sensor(&f, &a));
  must(&f, put_sensor(&f, &b));
  assert_int_equal(put(&f, "store_unique", &n), ZW_EEXISTS);
  assert_string_equal(f.diag.message,
                      "sensors: another record has the same value in the unique index note");
  zw_txn *txn;
  zw_key key = sensor_key(&f, "n", "9");
  must(&f, zw_txn_begin_write(f.store, &txn, &f.diag));
  must(&f, zw_map_delete(txn, zw_store_map(f.store, ZW_STR("sensors")), &key, &f.diag));
  must(&f, zw_txn_commit(txn, &f.diag));
  must(&f, put(&f, "store_unique", &n));
  index_walk(&f, "note", "8");
  fixture_end(&f);
}

static void no_schema(void **state) {
  (void)state;
  store_fixture f;
  fixture_init(&f);
  fixture_open(&f);
  zw_span half = fixture_schema("store");
  half.len /= 2;
  assert_true(zw_store_schema_put(f.store, half, NULL, NULL, &f.diag) < 0);
  assert_true(zw_store_schema_put(f.store, (zw_span){NULL, 0}, NULL, NULL, &f.diag) < 0);
  assert_int_equal(zw_store_schema_count(f.store), 0);
  fixture_end(&f);
}

static void stamps(void **state) {
  (void)state;
  store_fixture f;
  findings n;
  zw_map *map;
  fixture_begin(&f);
  zw_stamp stamp = {.abi = ZW_ABI, .compiler = ZW_VERSION_STRING};
  memcpy(stamp.schema_id, zw_store_schema(f.store, 1)->id, ZW_SCHEMA_ID_SIZE);
  must(&f, zw_store_map_stamped(f.store, ZW_STR("sensors"), &stamp, &map, &f.diag));
  assert_ptr_equal(map, zw_store_map(f.store, ZW_STR("sensors")));
  assert_int_equal(zw_store_map_stamped(f.store, ZW_STR("nothing"), &stamp, &map, &f.diag),
                   ZW_ENOTFOUND);
  must(&f, put(&f, "store_next", &n));
  must(&f, zw_store_map_stamped(f.store, ZW_STR("sensors"), &stamp, &map, &f.diag));
  must(&f, put(&f, "store_misread", &n)); /* nothing is stored */
  assert_int_equal(zw_store_map_stamped(f.store, ZW_STR("sensors"), &stamp, &map, &f.diag),
                   ZW_EMISMATCH);
  stamp.schema_id[0] ^= 1;
  assert_int_equal(zw_store_map_stamped(f.store, ZW_STR("devices"), &stamp, &map, &f.diag),
                   ZW_EMISMATCH);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(next_version),     cmocka_unit_test(misreading),
      cmocka_unit_test(one_is_no_plural), cmocka_unit_test(other_key),
      cmocka_unit_test(empty_store),      cmocka_unit_test(unique_that_is_not),
      cmocka_unit_test(no_schema),        cmocka_unit_test(stamps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
