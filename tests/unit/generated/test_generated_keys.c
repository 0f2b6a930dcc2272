/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of every kind, through the generated key structs. */
#define _GNU_SOURCE /* nftw */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "keys_store.h"

static char folder[] = "/tmp/zerowire-keys-XXXXXX";
static zw_store *store;
static zw_txn *txn;
static zw_diag diag;

static void must(int error) {
  if (error) fail_msg("%s: %s", zw_error_name(error), diag.message);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

static const keys_Uuid uids[] = {{{1}}, {{2}}};

static void put(int32_t rank, keys_Color color, uint32_t code, const char *owner, bool on) {
  static const zw_str tags[] = {ZW_STR("new"), ZW_STR("old")};
  zw_builder b;
  keys_Item item;
  const int16_t numbers[] = {(int16_t)rank, (int16_t)-rank};
  const keys_OwnerT who = {zw_str_of(owner)};
  const keys_Spot spot = {-rank, 0};
  keys_ItemT o = {.owner = &who,
                  .hash = zw_span_of("\x00\xff", 2),
                  .rank = rank,
                  .color = color,
                  .code = code,
                  .uid = &uids[on],
                  .spot = &spot,
                  .on = on,
                  .class_ = rank,
                  .ratio = -0.5 * rank};
  o.tags.ptr = tags;
  o.tags.len = (size_t)rank;
  o.numbers.ptr = numbers;
  o.numbers.len = 2;
  zw_builder_init(&b, NULL);
  must(keys_Item_pack(&b, &o, &item));
  must(keys_items_put(txn, item, &diag));
  zw_builder_deinit(&b);
}

static int set_up(void **state) {
  (void)state;
  zw_store_options options = {.size = sizeof options, .create = true};
  assert_non_null(mkdtemp(folder));
  must(zw_store_open(&store, folder, "realm1", &options, &diag));
  must(zw_store_schema_put(store, keys_schema.bfbs, NULL, NULL, &diag));
  must(zw_txn_begin_write(store, &txn, &diag));
  put(1, keys_Color_Green, 5, "ann", false);
  put(2, keys_Color_Green, 75, "bob", true);
  must(zw_txn_commit(txn, &diag));
  must(zw_txn_begin_read(store, &txn));
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  zw_txn_abort(txn);
  zw_store_close(store);
  nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  return 0;
}

/* The ranks in the order of the walk, as digits. */
static int walk(zw_cursor *cursor) {
  keys_Item item;
  int ranks = 0;
  while (keys_items_next(cursor, &item) == 0) ranks = ranks * 10 + keys_Item_rank(item);
  zw_cursor_deinit(cursor);
  return ranks;
}

static void test_primary(void **state) {
  (void)state;
  zw_cursor c;
  keys_Item item;
  must(keys_items_get(txn, (keys_items_key){zw_span_of("\x00\xff", 2), 2}, &item));
  assert_text_equal(keys_Owner_name(keys_Item_owner(item)), "bob");
  must(keys_items_scan(&c, txn, NULL, NULL, false));
  assert_int_equal(walk(&c), 21);
}

static void test_indexes(void **state) {
  (void)state;
  zw_cursor c;
  const keys_items_by_color_code_key color = {.color = keys_Color_Green};
  const keys_items_by_numbers_key number = {-2};
  const keys_items_by_on_key on = {true};
  const keys_items_by_owner_name_key owner = {ZW_STR("ann")};
  const keys_items_by_spot_x_key spot = {-1};
  const keys_items_by_tags_key fresh = {ZW_STR("new")}, old = {ZW_STR("old")};
  const keys_items_by_uid_key uid = {zw_span_of(uids[1].octets, 16)};
  must(keys_items_by_color_code_prefix(&c, txn, &color, 1, false));
  assert_int_equal(walk(&c), 21);
  must(keys_items_by_numbers(&c, txn, &number, &number, false));
  assert_int_equal(walk(&c), 2);
  must(keys_items_by_on(&c, txn, &on, NULL, false));
  assert_int_equal(walk(&c), 2);
  must(keys_items_by_owner_name(&c, txn, NULL, &owner, false));
  assert_int_equal(walk(&c), 1);
  must(keys_items_by_spot_x(&c, txn, &spot, &spot, false));
  assert_int_equal(walk(&c), 1);
  must(keys_items_by_tags(&c, txn, &fresh, &fresh, true));
  assert_int_equal(walk(&c), 12);
  must(keys_items_by_tags(&c, txn, &old, &old, false));
  assert_int_equal(walk(&c), 2);
  must(keys_items_by_uid(&c, txn, &uid, &uid, false));
  assert_int_equal(walk(&c), 2);
}

/* In the order of numbers, here falling: bits alone would put the negative ones the other way. */
static void test_real_numbers(void **state) {
  (void)state;
  zw_cursor c;
  const keys_items_by_ratio_key half = {-0.5}, low = {-0.75}, above = {1e300};
  must(keys_items_by_ratio(&c, txn, NULL, NULL, false));
  assert_int_equal(walk(&c), 12);
  must(keys_items_by_ratio(&c, txn, &half, &half, false));
  assert_int_equal(walk(&c), 1);
  must(keys_items_by_ratio(&c, txn, &above, &low, false));
  assert_int_equal(walk(&c), 1);
  must(keys_items_by_ratio(&c, txn, &low, NULL, false));
  assert_int_equal(walk(&c), 2);
}

static void test_unique(void **state) {
  (void)state;
  keys_Item item;
  keys_items_by_uid_class_key key = {zw_span_of(uids[0].octets, 16), 1};
  must(keys_items_get_by_uid_class(txn, key, &item));
  assert_int_equal(keys_Item_rank(item), 1);
  key.class_ = 9;
  assert_int_equal(keys_items_get_by_uid_class(txn, key, &item), ZW_ENOTFOUND);
  key.uid.len = 3;
  assert_int_equal(keys_items_get_by_uid_class(txn, key, &item), ZW_EKEY);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_primary), cmocka_unit_test(test_indexes),
                                     cmocka_unit_test(test_real_numbers),
                                     cmocka_unit_test(test_unique)};
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
