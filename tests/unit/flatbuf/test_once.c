/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "counting_alloc.h"

#include "once.h"

static void test_by_position_and_kind(void **state) {
  static int kinds[2], copies[3];
  (void)state;
  zw_once once;
  zw_once_init(&once, NULL, 100);
  assert_null(zw_once_get(&once, 4, &kinds[0]));
  assert_int_equal(zw_once_set(&once, 4, &kinds[0], &copies[0]), 0);
  assert_int_equal(zw_once_set(&once, 4, &kinds[1], &copies[1]), 0);
  assert_int_equal(zw_once_set(&once, (uint64_t)1 << 40, &kinds[0], &copies[2]), 0);
  assert_ptr_equal(zw_once_get(&once, 4, &kinds[0]), &copies[0]);
  assert_ptr_equal(zw_once_get(&once, 4, &kinds[1]), &copies[1]);
  assert_ptr_equal(zw_once_get(&once, (uint64_t)1 << 40, &kinds[0]), &copies[2]);
  assert_null(zw_once_get(&once, 8, &kinds[0]));
  zw_once_deinit(&once);
}

static void test_four_times_the_buffer(void **state) {
  (void)state;
  zw_once once;
  zw_once_init(&once, NULL, 100);
  assert_int_equal(zw_once_pay(&once, 399), 0);
  assert_int_equal(zw_once_pay(&once, 2), ZW_ELIMIT);
  assert_int_equal(zw_once_pay(&once, 1), 0);
  assert_int_equal(zw_once_pay(&once, UINT64_MAX), ZW_ELIMIT);
  zw_once_deinit(&once);
  zw_once_init(&once, NULL, INT32_MAX);
  assert_int_equal(zw_once_pay(&once, (uint64_t)1 << 40), 0);
  zw_once_deinit(&once);
}

static void test_every_allocation_fails_once(void **state) {
  static int kind, copy;
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_once once;
    int e = 0;
    counting_alloc_init(&c, n);
    zw_once_init(&once, &c.alloc, 100);
    for (uint64_t i = 0; i < 100 && !e; i++) e = zw_once_set(&once, i, &kind, &copy);
    zw_once_deinit(&once);
    assert_int_equal(c.live, 0);
    assert_int_equal(e, c.failed ? ZW_ENOMEM : 0);
    if (!c.failed) break;
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_by_position_and_kind),
      cmocka_unit_test(test_four_times_the_buffer),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
