/* SPDX-License-Identifier: Apache-2.0 */
/* Keys as a person types them. */
#include "store_fixture.h"

static const zw_map_def *map_def(store_fixture *f, const char *name) {
  return zw_map_def_get(zw_store_map(f->store, zw_str_of(name)));
}

static const zw_key_def *index_def(const zw_map_def *def, const char *name) {
  for (size_t i = 0; i < def->index_count; i++)
    if (zw_str_eq(def->indexes[i].name, zw_str_of(name))) return &def->indexes[i];
  fail_msg("no index %s", name);
  return NULL;
}

static void names_times_and_numbers(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  const zw_key_def *def = index_def(map_def(&f, "sensors"), "kind_installed");
  zw_str words[2] = {ZW_STR("Hygro"), ZW_STR("1970-01-01T00:00:00.000000005Z")};
  zw_str plain[2] = {ZW_STR("2"), ZW_STR("5")};
  zw_key a, b;
  must(&f, zw_key_from_words(def, words, 2, &a, &f.diag));
  must(&f, zw_key_from_words(def, plain, 2, &b, &f.diag));
  assert_int_equal(a.len, 9); /* a prefix: the primary key follows */
  assert_int_equal(a.len, b.len);
  assert_memory_equal(a.octets, b.octets, a.len);
  fixture_end(&f);
}

static void uuids(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  const zw_key_def *def = &map_def(&f, "devices")->primary;
  zw_str word = ZW_STR("00112233-4455-6677-8899-AAbbccddeeff");
  zw_key key;
  must(&f, zw_key_from_words(def, &word, 1, &key, &f.diag));
  assert_int_equal(key.len, 16);
  assert_memory_equal(key.octets, "\0\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
                      16);
  word = ZW_STR("00112233");
  assert_int_equal(zw_key_from_words(def, &word, 1, &key, &f.diag), ZW_EKEY);
  fixture_end(&f);
}

static void refused(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  const zw_key_def *def = index_def(map_def(&f, "sensors"), "kind_installed");
  static const char *const bad[] = {"Hydro", "256", "-1", "1.5", "", "2x", "\"2\""};
  zw_key key;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    zw_str word = zw_str_of(bad[i]);
    if (zw_key_from_words(def, &word, 1, &key, &f.diag) != ZW_EKEY) fail_msg("%s", bad[i]);
  }
  zw_str three[3] = {ZW_STR("2"), ZW_STR("5"), ZW_STR("x")};
  assert_int_equal(zw_key_from_words(def, three, 3, &key, &f.diag), ZW_EKEY);
  assert_string_equal(f.diag.message, "the key has 2 fields, not 3");
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_times_and_numbers),
      cmocka_unit_test(uuids),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
