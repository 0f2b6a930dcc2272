/* SPDX-License-Identifier: Apache-2.0 */
/* Publication ids: a permutation of 1..2^52 that turns back. */
#include "store_fixture.h"
#include "store_state.h"

#define TOP (UINT64_C(1) << 52)

static void turns_back(void **state) {
  (void)state;
  uint64_t x = 1;
  for (int i = 0; i < 100000; i++) {
    x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t key = x ^ x >> 31, seq = i < 1000 ? (uint64_t)i + 1 : (x >> 12) + 1;
    uint64_t id = zw_publication_permute(key, seq);
    assert_true(id >= 1 && id <= TOP);
    assert_int_equal(zw_publication_invert(key, id), seq);
  }
  assert_int_equal(zw_publication_invert(5, zw_publication_permute(5, TOP)), TOP);
}

static int compare(const void *a, const void *b) {
  uint64_t x, y;
  memcpy(&x, a, 8);
  memcpy(&y, b, 8);
  return x < y ? -1 : x > y;
}

static void distinct_and_spread(void **state) {
  (void)state;
  static uint64_t ids[50000];
  size_t low = 0;
  for (size_t i = 0; i < 50000; i++) {
    ids[i] = zw_publication_permute(99, i + 1);
    low += ids[i] <= TOP / 2;
  }
  assert_true(low > 24000 && low < 26000);
  qsort(ids, 50000, 8, compare);
  for (size_t i = 1; i < 50000; i++) assert_true(ids[i] != ids[i - 1]);
}

static void beyond_the_range(void **state) {
  (void)state;
  assert_int_equal(zw_publication_permute(1, 0), 0);
  assert_int_equal(zw_publication_permute(1, TOP + 1), 0);
  assert_int_equal(zw_publication_invert(1, 0), 0);
  assert_int_equal(zw_publication_invert(1, TOP + 1), 0);
}

static void stays_in_the_store(void **state) {
  (void)state;
  store_fixture f;
  fixture_begin(&f);
  fixture_start_writer(&f);
  publish_reading(&f, "test.reading", 1);
  uint64_t id = zw_publication_of_seq(f.store, 1);
  assert_int_equal(zw_seq_of_publication(f.store, id), 1);
  assert_int_equal(zw_seq_of_publication(f.store, zw_publication_of_seq(f.store, 2)), 0);
  fixture_close(&f);
  f.options.random = NULL;
  fixture_open(&f);
  assert_int_equal(zw_seq_of_publication(f.store, id), 1);
  fixture_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(turns_back),
      cmocka_unit_test(distinct_and_spread),
      cmocka_unit_test(beyond_the_range),
      cmocka_unit_test(stays_in_the_store),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
