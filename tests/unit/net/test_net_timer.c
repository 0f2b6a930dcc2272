/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"

static zw_timer *running;
static int ticks;

static void count(void *ctx) {
  (void)ctx;
  ticks++;
}

static void stop_itself(void *ctx) {
  (void)ctx;
  if (++ticks < 3) return;
  zw_timer_stop(running);
  running = NULL;
}

static void once_or_each_period(void **state) {
  (void)state;
  net_fixture f;
  zw_timer *once;
  fixture_init(&f);
  ticks = 0;
  assert_int_equal(zw_timer_start(&once, f.loop, 5, 0, count, NULL), 0);
  RUN_UNTIL(&f, ticks == 1);
  run_rounds(&f, 20);
  assert_int_equal(ticks, 1);
  assert_true(f.turns >= 1); /* what a timer does is part of a turn */
  zw_timer_stop(once);
  ticks = 0;
  assert_int_equal(zw_timer_start(&running, f.loop, 1, 2, stop_itself, NULL), 0);
  RUN_UNTIL(&f, running == NULL);
  assert_int_equal(ticks, 3);
  assert_int_equal(zw_timer_start(&once, f.loop, 1000, 1000, count, NULL), 0);
  zw_timer_stop(NULL);
  fixture_deinit(&f); /* frees what runs */
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(once_or_each_period)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
