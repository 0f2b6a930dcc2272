/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"

#include <sys/resource.h>
#include <time.h>

#define SOCKET_PATH "/tmp/zerowire_test_net_listener.sock"

static void the_bound_port_is_told(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "localhost:0");
  const char *address = zw_listener_address(f.listener);
  assert_memory_equal(address, "127.0.0.1:", 10);
  assert_true(strtoul(address + 10, NULL, 10) > 0);
  fixture_deinit(&f);
}

static void an_address_in_use_is_said_so(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  zw_listener *second;
  zw_diag diag = {0};
  assert_int_equal(
      zw_listen(&second, f.loop, zw_listener_address(f.listener), &f.server_options, &diag),
      ZW_EBUSY);
  assert_non_null(strstr(diag.message, "choose another port"));
  fixture_deinit(&f);
}

static void a_stale_socket_file_is_replaced(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = SOCKET_PATH};
  unlink(SOCKET_PATH);
  assert_int_equal(bind(fd, (const struct sockaddr *)&un, sizeof un), 0);
  close(fd);
  fixture_listen(&f, "unix:" SOCKET_PATH);
  zw_listener *second;
  assert_int_equal(zw_listen(&second, f.loop, "unix:" SOCKET_PATH, &f.server_options, NULL),
                   ZW_EBUSY);
  fixture_connect(&f);
  RUN_UNTIL(&f, f.client.opened == 1 && f.server.opened == 1);
  assert_true(zw_conn_is_local(f.server.conn));
  assert_string_equal(zw_conn_peer(f.server.conn), "unix");
  zw_listener_close(f.listener);
  assert_int_equal(access(SOCKET_PATH, F_OK), -1);
  send_text(f.client.conn, "connections live on");
  RUN_UNTIL(&f, f.server.messages == 1);
  fixture_deinit(&f);
}

static void a_file_that_is_no_socket_is_kept(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  FILE *file = fopen(SOCKET_PATH, "w");
  assert_non_null(file);
  fclose(file);
  assert_int_equal(zw_listen(&f.listener, f.loop, "unix:" SOCKET_PATH, &f.server_options, NULL),
                   ZW_EBUSY);
  assert_int_equal(unlink(SOCKET_PATH), 0);
  fixture_deinit(&f);
}

static void the_number_of_connections_is_limited(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.connections_max = 2;
  fixture_listen(&f, "127.0.0.1:0");
  for (int i = 0; i < 3; i++) fixture_connect(&f);
  RUN_UNTIL(&f, f.client.opened == 2 && f.client.closed == 1);
  assert_int_equal(f.server.opened, 2);
  assert_int_equal(f.client.error, ZW_ENET);
  assert_string_equal(f.client.what, "the router has too many connections");
  char answer[256] = "";
  int fd = plain_socket(&f);
  assert_int_equal(write(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27), 27);
  run_rounds(&f, 5);
  assert_true(recv(fd, answer, sizeof answer - 1, MSG_DONTWAIT) > 0);
  assert_memory_equal(answer, "HTTP/1.1 503 ", 13);
  close(fd);
  zw_conn_abort(f.server.conn);
  RUN_UNTIL(&f, f.server.closed == 1);
  run_rounds(&f, 2);
  fixture_connect(&f);
  RUN_UNTIL(&f, f.server.opened == 3);
  fixture_deinit(&f);
}

/* Who connects above the limit and says nothing costs little, and not for long. */
static void silent_ones_above_the_limit(void **state) {
  (void)state;
  enum { MANY = 100 };
  net_fixture f;
  int fds[MANY], refused = 0;
  char octet;
  fixture_init(&f);
  f.server_options.connections_max = 1;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  int baseline = open_descriptors();
  for (int i = 0; i < MANY; i++) fds[i] = plain_socket(&f);
  run_rounds(&f, 10);
  for (int i = 0; i < MANY; i++) refused += recv(fds[i], &octet, 1, MSG_DONTWAIT) == 0;
  assert_true(refused > 0 && refused < MANY);
  RUN_UNTIL(&f, open_descriptors() == baseline + MANY);
  for (int i = 0; i < MANY; i++) close(fds[i]);
  assert_int_equal(f.server.closed, 0);
  fixture_deinit(&f);
}

static int64_t cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* Without descriptors the listener rests; sessions go on; afterwards it accepts again. */
static void no_descriptors_is_no_busy_loop(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.echo = true;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  int waiting = plain_socket(&f);
  struct rlimit old, none;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
  none = old;
  none.rlim_cur = 3;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
  int turns = f.turns;
  int64_t begin = zw_loop_now(f.loop), cpu = cpu_ns();
  while (zw_loop_now(f.loop) - begin < 250 * 1000000ll) zw_loop_run_once(f.loop, 50);
  cpu = cpu_ns() - cpu;
  assert_true(f.turns - turns < 20);
  assert_true(cpu < 100 * 1000000ll);
  send_text(f.client.conn, "unharmed");
  RUN_UNTIL(&f, f.client.messages == 1);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
  assert_int_equal(write(waiting, "\x7F\xF3\0\0", 4), 4);
  RUN_UNTIL(&f, f.server.opened == 2);
  close(waiting);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bound_port_is_told),
      cmocka_unit_test(an_address_in_use_is_said_so),
      cmocka_unit_test(a_stale_socket_file_is_replaced),
      cmocka_unit_test(a_file_that_is_no_socket_is_kept),
      cmocka_unit_test(the_number_of_connections_is_limited),
      cmocka_unit_test(silent_ones_above_the_limit),
      cmocka_unit_test(no_descriptors_is_no_busy_loop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
