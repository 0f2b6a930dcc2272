/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"

static void addresses_that_are_none(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  static const char *const bad[] = {"",        ":",     "host",    "host:", "host:99999",
                                    "host:1x", "1:2:3", "[::1:80", "[]:80", "unix:"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    zw_conn *conn = NULL;
    zw_diag diag = {0};
    assert_int_equal(zw_connect(&conn, f.loop, bad[i], &f.client_options, &diag), ZW_EINVAL);
    assert_null(conn);
    assert_non_null(strstr(diag.message, "HOST:PORT"));
  }
  fixture_deinit(&f);
}

static void a_refused_connection_is_told(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  char address[64];
  snprintf(address, sizeof address, "%s", zw_listener_address(f.listener));
  zw_listener_close(f.listener);
  zw_conn *conn;
  zw_diag diag = {0};
  int error = zw_connect(&conn, f.loop, address, &f.client_options, &diag);
  if (!error) {
    RUN_UNTIL(&f, f.client.closed == 1);
    error = f.client.error;
    assert_non_null(strstr(f.client.what, "refused"));
  }
  assert_int_equal(error, ZW_ENET);
  assert_int_equal(f.client.opened, 0);
  fixture_deinit(&f);
}

static void a_missing_unix_socket_is_told(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  zw_conn *conn;
  zw_diag diag = {0};
  assert_int_equal(
      zw_connect(&conn, f.loop, "unix:/tmp/zerowire_no_such.sock", &f.client_options, &diag),
      ZW_ENET);
  assert_non_null(strstr(diag.message, "no such file"));
  fixture_deinit(&f);
}

/* "localhost" may mean ::1 first, where nobody listens. */
static void the_next_address_is_tried(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  char address[64];
  snprintf(address, sizeof address, "localhost:%s",
           strrchr(zw_listener_address(f.listener), ':') + 1);
  zw_conn *conn;
  assert_int_equal(zw_connect(&conn, f.loop, address, &f.client_options, NULL), 0);
  RUN_UNTIL(&f, f.client.opened == 1);
  assert_true(zw_conn_is_local(conn));
  assert_string_equal(zw_conn_peer(conn), zw_listener_address(f.listener));
  fixture_deinit(&f);
}

static void a_connection_may_be_ended_before_it_is_one(void **state) {
  (void)state;
  for (int how = 0; how < 3; how++) {
    net_fixture f;
    fixture_init(&f);
    fixture_listen(&f, "127.0.0.1:0");
    zw_conn *conn = fixture_connect(&f);
    assert_int_equal(send_text(conn, "too early"), ZW_ECLOSED);
    if (how == 0) zw_conn_abort(conn);
    if (how == 1) zw_conn_close(conn, 1000, ZW_STR(""));
    if (how < 2) RUN_UNTIL(&f, f.client.closed == 1);
    fixture_deinit(&f); /* and with the loop */
  }
}

/* Whatever allocation fails: no crash, no leak, and the end is told or returned. */
static void every_allocation_may_fail(void **state) {
  (void)state;
  for (size_t n = 1;; n++) {
    net_fixture f;
    fixture_init(&f);
    f.echo = true;
    fixture_listen(&f, "127.0.0.1:0");
    f.client_options.wire.transport = n & 1 ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET;
    f.memory.fail_at = f.memory.calls + (n + 1) / 2;
    zw_conn *conn = NULL;
    if (zw_connect(&conn, f.loop, zw_listener_address(f.listener), &f.client_options, NULL) == 0) {
      for (int i = 0; i < 2000 && !f.client.opened && !f.client.closed; i++)
        zw_loop_run_once(f.loop, 1);
      static uint8_t octets[100000];
      zw_part part = {zw_span_of(octets, sizeof octets), NULL, 0};
      if (f.client.conn && zw_conn_send(f.client.conn, &part, 1) == 0)
        for (int i = 0; i < 200 && !f.client.messages && !f.client.closed; i++)
          zw_loop_run_once(f.loop, 1);
    }
    bool failed = f.memory.failed;
    f.memory.fail_at = 0;
    fixture_deinit(&f);
    if (!failed && n % 2 == 0) break;
    assert_true(n < 200);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(addresses_that_are_none),
      cmocka_unit_test(a_refused_connection_is_told),
      cmocka_unit_test(a_missing_unix_socket_is_told),
      cmocka_unit_test(the_next_address_is_tried),
      cmocka_unit_test(a_connection_may_be_ended_before_it_is_one),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
