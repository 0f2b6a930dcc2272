/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"

static void garbage_ends_only_its_connection(void **state) {
  (void)state;
  static const struct {
    const char *octets;
    size_t len;
    const char *answer; /* how it begins */
  } cases[] = {
      {"\x7F\xF9\0\0", 4, "\x7F\x10"},
      {"\x7F\xF3\1\0", 4, "\x7F\x30"},
      {"\x7F\xF3\0\0\x80\0\0\0", 8, "\x7F"},
      {"\x7F\xF3\0\0\7\0\0\0", 8, "\x7F"},
      {"\x16\x03\x01\r\n\r\n", 7, "HTTP/1.1 400"},
      {"GET / HTTP/1.1\r\n\r\n", 18, "HTTP/1.1 4"},
  };
  net_fixture f;
  fixture_init(&f);
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int fd = plain_socket(&f);
    char answer[600] = "";
    size_t len = 0;
    ssize_t n = -1;
    assert_int_equal(write(fd, cases[i].octets, cases[i].len), (ssize_t)cases[i].len);
    for (int round = 0; round < 3000 && n != 0; round++) {
      zw_loop_run_once(f.loop, 1);
      n = recv(fd, answer + len, sizeof answer - len, MSG_DONTWAIT);
      if (n > 0) len += (size_t)n;
    }
    assert_int_equal(n, 0);
    assert_memory_equal(answer, cases[i].answer, strlen(cases[i].answer));
    close(fd);
  }
  assert_int_equal(f.client.closed, 0);
  assert_int_equal(send_text(f.client.conn, "still here"), 0);
  RUN_UNTIL(&f, f.server.messages == 1);
  fixture_deinit(&f);
}

static void a_message_may_come_octet_by_octet(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  int fd = plain_socket(&f);
  const char octets[] = "\x7F\xF3\0\0\0\0\0\3abc\0\0\0\2de";
  for (size_t i = 0; i + 1 < sizeof octets; i++) {
    assert_int_equal(write(fd, octets + i, 1), 1);
    run_rounds(&f, 2);
  }
  RUN_UNTIL(&f, f.server.messages == 2);
  assert_int_equal(f.server.octets, 5);
  close(fd);
  fixture_deinit(&f);
}

static void pause_at_first(net_fixture *f, zw_conn *conn, zw_span message) {
  (void)message;
  if (is_server(conn) && f->server.messages == 1) zw_conn_pause(conn, true);
}

static void a_pause_holds_what_was_received(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.on_message = pause_at_first;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_WEBSOCKET);
  for (int i = 0; i < 10; i++) send_text(f.client.conn, "message");
  run_rounds(&f, 10);
  assert_int_equal(f.server.messages, 1);
  zw_conn_pause(f.server.conn, false);
  RUN_UNTIL(&f, f.server.messages == 10);
  fixture_deinit(&f);
}

static void a_plain_request_is_answered(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  int fd = plain_socket(&f);
  const char request[] = "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n";
  assert_int_equal(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
  shutdown(fd, SHUT_WR);
  RUN_UNTIL(&f, f.server.closed == 1);
  char answer[400] = "";
  size_t len = 0;
  for (ssize_t n; (n = read(fd, answer + len, sizeof answer - 1 - len)) > 0;) len += (size_t)n;
  assert_memory_equal(answer, "HTTP/1.1 200 OK\r\n", 17);
  assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n/page");
  assert_int_equal(f.server.http, 1);
  assert_int_equal(f.server.error, 0);
  close(fd);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(garbage_ends_only_its_connection),
      cmocka_unit_test(a_message_may_come_octet_by_octet),
      cmocka_unit_test(a_pause_holds_what_was_received),
      cmocka_unit_test(a_plain_request_is_answered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
