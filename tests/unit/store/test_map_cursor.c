/* SPDX-License-Identifier: Apache-2.0 */
/* Walks: both directions, bounds and prefixes, by the key and by every index. */
#include "store_fixture.h"

static const char *const sites[] = {"a", "b", "bb", "c"};

static void fill(store_fixture *f) {
  for (int i = 0; i < 12; i++) {
    char id[16], serial[16];
    snprintf(id, sizeof id, "%d", i % 3);
    snprintf(serial, sizeof serial, "%02d", i);
    sensor s = {.site = sites[i / 3],
                .id = id,
                .serial = serial,
                .kind = (uint8_t)(i % 2 + 1),
                .installed = (uint64_t)i,
                .tags = {i % 4 ? "odd" : "even", i == 5 ? "five" : NULL}};
    must(f, put_sensor(f, &s));
  }
}

static int index_named(store_fixture *f, const char *name) {
  const zw_map_def *def = zw_map_def_get(zw_store_map(f->store, ZW_STR("sensors")));
  for (size_t i = 0; i < def->index_count; i++)
    if (zw_str_eq(def->indexes[i].name, zw_str_of(name))) return (int)i;
  return -1;
}

static zw_key words_key(store_fixture *f, int index, const char *one, const char *two) {
  const zw_map_def *def = zw_map_def_get(zw_store_map(f->store, ZW_STR("sensors")));
  zw_str words[2] = {zw_str_of(one), zw_str_of(two)};
  zw_key key;
  must(f, zw_key_from_words(index < 0 ? &def->primary : &def->indexes[index], words, two ? 2 : 1,
                            &key, &f->diag));
  return key;
}

/* The serials that the walk gives, as one text. */
static void expect(store_fixture *f, int index, const zw_key *from, const zw_key *to, bool reverse,
                   const char *expected) {
  zw_txn *txn;
  zw_cursor cursor;
  zw_record record;
  zw_text text;
  int error;
  zw_text_init(&text, NULL);
  must(f, zw_txn_begin_read(f->store, &txn));
  must(f, zw_cursor_init(&cursor, txn, zw_store_map(f->store, ZW_STR("sensors")), index, from, to,
                         reverse));
  while (!(error = zw_cursor_next(&cursor, &record)))
    zw_text_printf(&text, "%s%.*s", text.len ? " " : "",
                   ZW_ARG(zw_table_str(zw_record_table(&record), SENSOR_SERIAL)));
  assert_int_equal(error, ZW_ENOTFOUND);
  assert_int_equal(zw_cursor_next(&cursor, &record), ZW_ENOTFOUND);
  zw_cursor_deinit(&cursor);
  zw_txn_abort(txn);
  if (!zw_str_eq(zw_text_str(&text), zw_str_of(expected)))
    fail_msg("is       %.*s\n expected %s", ZW_ARG(zw_text_str(&text)), expected);
  zw_text_deinit(&text);
}

static void by_primary_key(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  expect(&f, -1, NULL, NULL, false, "");
  expect(&f, -1, NULL, NULL, true, "");
  fill(&f);
  expect(&f, -1, NULL, NULL, false, "00 01 02 03 04 05 06 07 08 09 10 11");
  expect(&f, -1, NULL, NULL, true, "11 10 09 08 07 06 05 04 03 02 01 00");
  zw_key b = words_key(&f, -1, "b", NULL), b1 = words_key(&f, -1, "b", "1"),
         bb1 = words_key(&f, -1, "bb", "1"), nothing = words_key(&f, -1, "bx", NULL);
  expect(&f, -1, &b, &b, false, "03 04 05");
  expect(&f, -1, &b, &b, true, "05 04 03");
  expect(&f, -1, &b1, &bb1, false, "04 05 06 07");
  expect(&f, -1, &b1, &bb1, true, "07 06 05 04");
  expect(&f, -1, &b1, &b1, true, "04");
  expect(&f, -1, &nothing, &nothing, false, "");
  expect(&f, -1, &nothing, &nothing, true, "");
  expect(&f, -1, &bb1, NULL, false, "07 08 09 10 11");
  expect(&f, -1, NULL, &b1, true, "04 03 02 01 00");
  expect(&f, -1, &bb1, &b, false, "");
  fixture_end(&f);
}

static void by_index(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fill(&f);
  int kind = index_named(&f, "kind_installed"), tags = index_named(&f, "tags"),
      serial = index_named(&f, "site_serial");
  /* installed descends within a kind. */
  expect(&f, kind, NULL, NULL, false, "10 08 06 04 02 00 11 09 07 05 03 01");
  zw_key k2 = words_key(&f, kind, "Hygro", NULL), from = words_key(&f, kind, "Hygro", "9"),
         to = words_key(&f, kind, "Hygro", "3");
  expect(&f, kind, &k2, &k2, true, "01 03 05 07 09 11");
  expect(&f, kind, &from, &to, false, "09 07 05 03");
  zw_key even = words_key(&f, tags, "even", NULL), five = words_key(&f, tags, "five", NULL);
  expect(&f, tags, &even, &even, false, "00 04 08");
  expect(&f, tags, &five, &five, false, "05");
  zw_key b = words_key(&f, serial, "b", NULL), c10 = words_key(&f, serial, "c", "10");
  expect(&f, serial, &b, &b, true, "05 04 03");
  expect(&f, serial, &c10, &c10, false, "10");
  fixture_end(&f);
}

static void wrong_use(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  zw_txn *txn;
  zw_cursor cursor;
  zw_record record;
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  must(&f, zw_txn_begin_read(f.store, &txn));
  assert_int_equal(zw_cursor_init(&cursor, txn, map, 4, NULL, NULL, false), ZW_EINVAL);
  assert_int_equal(zw_cursor_next(&cursor, &record), ZW_EINVAL);
  zw_cursor_deinit(&cursor);
  must(&f, zw_cursor_init(&cursor, txn, map, -1, NULL, NULL, false));
  zw_txn_reset(txn);
  assert_int_equal(zw_cursor_next(&cursor, &record), ZW_EINVAL);
  zw_cursor_deinit(&cursor);
  zw_txn_abort(txn);
  fixture_end(&f);
}

/* A walk does not outlive its snapshot. */
static void walk_of_another_snapshot(void **state) {
  (void)state;
  store_fixture f;
  zw_txn *txn;
  zw_cursor cursor;
  zw_record record;
  fixture_begin(&f);
  sensor s = {.site = "n", .id = "1"};
  must(&f, put_sensor(&f, &s));
  zw_map *map = zw_store_map(f.store, ZW_STR("sensors"));
  must(&f, zw_txn_begin_read(f.store, &txn));
  for (int index = -1; index < 1; index++) {
    must(&f, zw_cursor_init(&cursor, txn, map, index, NULL, NULL, false));
    must(&f, zw_cursor_next(&cursor, &record));
    zw_txn_reset(txn);
    assert_int_equal(zw_cursor_next(&cursor, &record), ZW_EINVAL);
    must(&f, zw_txn_renew(txn));
    assert_int_equal(zw_cursor_next(&cursor, &record), ZW_ESTALE);
    zw_cursor_deinit(&cursor);
  }
  zw_txn_abort(txn);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_primary_key),
      cmocka_unit_test(by_index),
      cmocka_unit_test(wrong_use),
      cmocka_unit_test(walk_of_another_snapshot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
