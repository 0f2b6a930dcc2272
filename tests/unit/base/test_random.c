/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

static void fills_exactly(void **state) {
  (void)state;
  const zw_random *r = zw_random_system();
  static const size_t lengths[] = {0, 1, 8, 255, 256, 257, 1000};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    uint8_t out[1002];
    memset(out, 0, sizeof out);
    r->fill(r->ctx, out + 1, lengths[i]);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[lengths[i] + 1], 0);
    size_t zeros = 0;
    for (size_t k = 1; k <= lengths[i]; k++) zeros += out[k] == 0;
    assert_true(lengths[i] < 100 || zeros < lengths[i] / 10);
  }
}

static void two_draws_differ(void **state) {
  (void)state;
  const zw_random *r = zw_random_system();
  uint8_t a[16], b[16];
  r->fill(r->ctx, a, sizeof a);
  r->fill(r->ctx, b, sizeof b);
  assert_memory_not_equal(a, b, sizeof a);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(fills_exactly),
                                     cmocka_unit_test(two_draws_differ)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
