/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <signal.h>

#include "net_fixture.h"

static void *wake_often(void *loop) {
  for (int i = 0; i < 1000; i++) zw_loop_wake(loop);
  return NULL;
}

static void wakes_of_other_threads_arrive(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, wake_often, f.loop), 0);
  RUN_UNTIL(&f, f.wakes > 0);
  pthread_join(thread, NULL);
  run_rounds(&f, 3);
  assert_true(f.wakes <= 1000);
  assert_int_equal(f.turns, f.after_turns);
  assert_true(f.turns >= 1);
  fixture_deinit(&f);
}

/* Also where nothing else is to happen, and where the time is over before the wait begins. */
static void a_round_ends_in_time(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  for (int i = 0; i < 200; i++) {
    if (i % 20 == 0) usleep(3000);
    zw_loop_run_once(f.loop, 1);
  }
  fixture_deinit(&f);
}

static void a_quiet_loop_takes_no_turn(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  run_rounds(&f, 5);
  assert_int_equal(f.turns, 0);
  int64_t before = zw_loop_now(f.loop);
  zw_loop_run_once(f.loop, 30);
  assert_true(zw_loop_now(f.loop) - before >= 25 * 1000000ll);
  assert_true(zw_loop_fd(f.loop) >= 0);
  fixture_deinit(&f);
}

static void stop_at_signal(void *ctx, int signal) {
  net_fixture *f = ctx;
  assert_int_equal(signal, SIGUSR1);
  zw_loop_stop(f->loop);
}

static void a_signal_is_called_on_the_loop(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  assert_int_equal(zw_loop_on_signal(f.loop, SIGUSR1, stop_at_signal, &f), 0);
  raise(SIGUSR1);
  assert_int_equal(zw_loop_run(f.loop), 0);
  assert_int_equal(f.turns, 1);
  fixture_deinit(&f);
}

static void the_loop_closes_what_is_open(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  int baseline = open_descriptors();
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_WEBSOCKET);
  static uint8_t octets[4 << 20];
  zw_part part = {zw_span_of(octets, sizeof octets), NULL, 0};
  assert_int_equal(zw_conn_send(f.client.conn, &part, 1), 0);
  assert_int_equal(zw_conn_send(f.server.conn, &part, 1), 0);
  run_rounds(&f, 1);
  zw_loop_destroy(f.loop);
  assert_int_equal(f.memory.live, 0);
  assert_int_equal(f.client.closed + f.server.closed, 0);
  assert_true(open_descriptors() < baseline);
}

static void create_survives_no_memory(void **state) {
  (void)state;
  counting_alloc c;
  zw_loop *loop = NULL;
  counting_alloc_init(&c, 1);
  assert_int_equal(zw_loop_create(&loop, &c.alloc, NULL, NULL), ZW_ENOMEM);
  assert_null(loop);
  zw_loop_destroy(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wakes_of_other_threads_arrive),
      cmocka_unit_test(a_round_ends_in_time),
      cmocka_unit_test(a_quiet_loop_takes_no_turn),
      cmocka_unit_test(a_signal_is_called_on_the_loop),
      cmocka_unit_test(the_loop_closes_what_is_open),
      cmocka_unit_test(create_survives_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
