/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "net_fixture.h"

static const uint8_t raw_hello[4] = {0x7F, 0xF3, 0, 0};

/* A plain socket that has done RawSocket's handshake. */
static int raw_client(net_fixture *f) {
  int opened = f->server.opened, fd = plain_socket(f);
  uint8_t answer[4];
  assert_int_equal(write(fd, raw_hello, 4), 4);
  RUN_UNTIL(f, f->server.opened == opened + 1);
  assert_int_equal(read(fd, answer, 4), 4);
  assert_int_equal(answer[1] & 15, 3);
  return fd;
}

static void what_is_queued_is_sent_before_the_end(void **state) {
  (void)state;
  for (int transport = ZW_TRANSPORT_RAWSOCKET; transport <= ZW_TRANSPORT_WEBSOCKET; transport++) {
    net_fixture f;
    fixture_init(&f);
    fixture_start(&f, "127.0.0.1:0", (enum zw_transport)transport);
    static uint8_t octets[3 << 20];
    zw_part part = {zw_span_of(octets, sizeof octets), NULL, 0};
    assert_int_equal(zw_conn_send(f.server.conn, &part, 1), 0);
    zw_conn_close(f.server.conn, 1001, ZW_STR("going"));
    assert_int_equal(zw_conn_send(f.server.conn, &part, 1), ZW_ECLOSED);
    RUN_UNTIL(&f, f.client.closed && f.server.closed);
    assert_int_equal(f.client.octets, sizeof octets);
    assert_int_equal(f.server.error, 0);
    assert_int_equal(f.client.error, transport == ZW_TRANSPORT_WEBSOCKET ? 0 : ZW_ENET);
    run_rounds(&f, 5);
    assert_int_equal(f.client.closed, 1);
    assert_int_equal(f.server.closed, 1);
    fixture_deinit(&f);
  }
}

static void abort_ends_at_once(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  zw_conn_abort(f.server.conn);
  zw_conn_abort(f.server.conn);
  assert_int_equal(f.server.closed, 0);
  assert_int_equal(zw_conn_send(f.server.conn, NULL, 0), ZW_ECLOSED);
  RUN_UNTIL(&f, f.client.closed && f.server.closed);
  assert_int_equal(f.server.error, ZW_ECLOSED);
  assert_int_equal(f.client.error, ZW_ENET);
  fixture_deinit(&f);
}

static zw_conn *others[8];
static size_t other_count;
static bool in_order;

static void end_all(net_fixture *f, zw_conn *conn, zw_span message) {
  (void)f;
  (void)message;
  if (zw_conn_user(conn) != &f->server) return;
  for (size_t i = 0; i < other_count; i++) {
    if (in_order)
      zw_conn_close(others[i], 1000, ZW_STR("x"));
    else
      zw_conn_abort(others[i]);
    send_text(others[i], "too late");
    zw_conn_flush(others[i]);
    zw_conn_pause(others[i], i & 1);
  }
}

static void a_callback_may_end_any_connection(void **state) {
  (void)state;
  for (int round = 0; round < 4; round++) {
    net_fixture f;
    fixture_init(&f);
    in_order = round & 1;
    f.on_message = end_all;
    f.client_options.wire.transport = round & 2 ? ZW_TRANSPORT_WEBSOCKET : ZW_TRANSPORT_RAWSOCKET;
    fixture_listen(&f, "127.0.0.1:0");
    zw_conn *client = NULL;
    for (other_count = 0; other_count < 8;) {
      client = fixture_connect(&f);
      RUN_UNTIL(&f,
                f.server.opened == (int)other_count + 1 && f.client.opened == (int)other_count + 1);
      others[other_count++] = f.server.conn;
    }
    for (int i = 0; i < 5; i++) assert_int_equal(send_text(client, "end them all"), 0);
    RUN_UNTIL(&f, f.server.closed == 8 && f.client.closed == 8);
    assert_int_equal(f.server.messages, 1);
    fixture_deinit(&f);
  }
}

static int which_callback;

static void end_now(zw_conn *conn) {
  if (which_callback & 1)
    zw_conn_abort(conn);
  else
    zw_conn_close(conn, 1000, ZW_STR("now"));
}

static void open_ends(zw_conn *conn) {
  fixture_open(conn);
  if (which_callback / 2 == 0 && is_server(conn)) end_now(conn);
}

static void http_ends(zw_conn *conn, zw_str method, zw_str path, zw_str host) {
  fixture_http(conn, method, path, host);
  if (which_callback / 2 == 1) end_now(conn);
}

static void drain_ends(zw_conn *conn) {
  fixture_drain(conn);
  if (which_callback / 2 == 2 && is_server(conn)) end_now(conn);
}

static void close_ends(zw_conn *conn, int error, const char *what) {
  fixture_close(conn, error, what);
  if (which_callback / 2 == 3) end_now(conn);
}

static void message_pauses(net_fixture *f, zw_conn *conn, zw_span message) {
  (void)f;
  (void)message;
  zw_conn_pause(conn, true);
  zw_conn_pause(conn, false);
  if (which_callback / 2 == 4 && is_server(conn)) end_now(conn);
}

static void each_callback_may_end_its_own_connection(void **state) {
  (void)state;
  static const zw_conn_callbacks ending = {open_ends, fixture_message, http_ends, drain_ends,
                                           close_ends};
  for (which_callback = 0; which_callback < 10; which_callback++) {
    net_fixture f;
    fixture_init(&f);
    f.server_options.callbacks = f.client_options.callbacks = &ending;
    f.server_options.queue_max = 1 << 20;
    f.on_message = message_pauses;
    fixture_listen(&f, "127.0.0.1:0");
    zw_conn *client = fixture_connect(&f);
    if (which_callback / 2 == 1) {
      int fd = plain_socket(&f);
      assert_int_equal(write(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27), 27);
      RUN_UNTIL(&f, f.server.closed == 1);
      close(fd);
    } else {
      RUN_UNTIL(&f, f.server.opened == 1 && (f.client.opened == 1 || f.client.closed));
      static uint8_t octets[800000];
      zw_part part = {zw_span_of(octets, sizeof octets), NULL, 0};
      if (which_callback / 2 == 2) assert_int_equal(zw_conn_send(f.server.conn, &part, 1), 0);
      if (which_callback / 2 == 3) zw_conn_close(client, 1000, ZW_STR(""));
      if (which_callback / 2 == 4) send_text(client, "x");
      RUN_UNTIL(&f, f.server.closed == 1 && f.client.closed == 1);
    }
    run_rounds(&f, 5);
    assert_int_equal(f.server.closed, 1);
    fixture_deinit(&f);
  }
}

static void a_half_closed_peer_gets_its_answer(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.echo = true;
  fixture_listen(&f, "127.0.0.1:0");
  int fd = raw_client(&f);
  assert_int_equal(write(fd, "\0\0\0\5hello", 9), 9);
  shutdown(fd, SHUT_WR);
  RUN_UNTIL(&f, f.server.closed == 1);
  char answer[16];
  assert_int_equal(read(fd, answer, sizeof answer), 9);
  assert_memory_equal(answer, "\0\0\0\5hello", 9);
  assert_int_equal(read(fd, answer, sizeof answer), 0);
  assert_int_equal(f.server.error, ZW_ENET);
  close(fd);
  fixture_deinit(&f);
}

static void a_handshake_has_one_deadline(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.handshake_ms = 60;
  fixture_listen(&f, "127.0.0.1:0");
  int fd = plain_socket(&f);
  char c = 0x7F;
  int64_t begin = zw_loop_now(f.loop);
  assert_int_equal(write(fd, &c, 1), 1);
  for (int i = 0; i < 100; i++) zw_loop_run_once(f.loop, 1);
  while (zw_loop_now(f.loop) - begin < 150 * 1000000ll) zw_loop_run_once(f.loop, 10);
  assert_int_equal(recv(fd, &c, 1, MSG_DONTWAIT), 0);
  assert_int_equal(f.server.opened, 0);
  assert_int_equal(f.server.closed, 0); /* nobody was told of it, so nobody is told of its end */
  close(fd);
  fixture_deinit(&f);
}

/* Octets that dribble in, a connection that does not log in, a request that nobody answers: one
 * deadline. Before the login little is held. */
static void slow_and_greedy_peers(void **state) {
  (void)state;
  static const char *const dribbles[] = {"\x7F\xF3", "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaa",
                                         "\x7F\xF3\0\0\0\0\x40\0aaaaaaaaaaaaaaaaaaaa"};
  static const size_t lens[] = {2, 42, 28};
  static const zw_conn_callbacks no_login = {.message = fixture_message, .close = fixture_close};
  for (size_t k = 0; k < 3; k++) {
    net_fixture f;
    int fds[40];
    fixture_init(&f);
    f.server_options.handshake_ms = 150;
    f.server_options.callbacks = &no_login;
    fixture_listen(&f, "127.0.0.1:0");
    run_rounds(&f, 2);
    size_t before = f.memory.live;
    for (int i = 0; i < 40; i++) fds[i] = plain_socket(&f);
    int64_t begin = zw_loop_now(f.loop);
    for (size_t at = 0; at < lens[k]; at++) {
      for (int i = 0; i < 40; i++) (void)!send(fds[i], dribbles[k] + at, 1, MSG_NOSIGNAL);
      zw_loop_run_once(f.loop, 2);
      assert_true(f.memory.live - before < 40 * 2 * 16384 + 65536);
    }
    while (zw_loop_now(f.loop) - begin < 300 * 1000000ll) zw_loop_run_once(f.loop, 10);
    for (int i = 0; i < 40; i++) {
      uint8_t c[16];
      ssize_t n = recv(fds[i], c, sizeof c, MSG_DONTWAIT);
      if (n == 4) n = recv(fds[i], c, sizeof c, MSG_DONTWAIT); /* the router's hello */
      assert_true(n <= 0 && errno != EAGAIN);
      close(fds[i]);
    }
    assert_true(f.memory.live - before < 65536 + 64 * 16384);
    fixture_deinit(&f);
  }
}

static void a_large_message_before_the_login_ends_it(void **state) {
  (void)state;
  static const zw_conn_callbacks no_login = {.message = fixture_message, .close = fixture_close};
  net_fixture f;
  fixture_init(&f);
  f.server_options.callbacks = &no_login;
  fixture_listen(&f, "127.0.0.1:0");
  int fd = plain_socket(&f);
  assert_int_equal(write(fd, "\x7F\xF3\0\0\0\xFF\xFF\xFF", 8), 8);
  RUN_UNTIL(&f, f.server.closed == 1);
  assert_int_equal(f.server.error, ZW_ELIMIT);
  close(fd);
  fixture_deinit(&f);
}

/* A loop that did not run for a while gives a peer that has answered its due. */
static void an_owner_who_was_away_blames_nobody(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.ping_interval_ms = 40;
  f.server_options.ping_timeout_ms = 60;
  fixture_listen(&f, "127.0.0.1:0");
  int fd = raw_client(&f);
  uint8_t ping[12];
  while (recv(fd, ping, sizeof ping, MSG_DONTWAIT) != 12) zw_loop_run_once(f.loop, 5);
  ping[0] = 2;
  assert_int_equal(write(fd, ping, 12), 12);
  usleep(200000);
  run_rounds(&f, 5);
  assert_int_equal(f.server.closed, 0);
  close(fd);
  fixture_deinit(&f);
}

static void a_silent_peer_is_pinged_and_dropped(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.ping_interval_ms = 40;
  f.server_options.ping_timeout_ms = 40;
  fixture_listen(&f, "127.0.0.1:0");
  int fd = raw_client(&f);
  RUN_UNTIL(&f, f.server.closed == 1);
  assert_int_equal(f.server.error, ZW_ETIMEOUT);
  uint8_t ping[64];
  assert_int_equal(read(fd, ping, sizeof ping), 12);
  assert_int_equal(ping[0], 1);
  close(fd);
  fixture_deinit(&f);
}

static void an_answering_peer_stays(void **state) {
  (void)state;
  for (int transport = ZW_TRANSPORT_RAWSOCKET; transport <= ZW_TRANSPORT_WEBSOCKET; transport++) {
    net_fixture f;
    fixture_init(&f);
    f.server_options.ping_interval_ms = 40;
    f.server_options.ping_timeout_ms = 40;
    fixture_start(&f, "127.0.0.1:0", (enum zw_transport)transport);
    int64_t begin = zw_loop_now(f.loop);
    while (zw_loop_now(f.loop) - begin < 300 * 1000000ll) zw_loop_run_once(f.loop, 5);
    assert_int_equal(f.server.closed + f.client.closed, 0);
    fixture_deinit(&f);
  }
}

static void silence_after_the_end_is_bounded(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  int fd = raw_client(&f);
  int64_t begin = zw_loop_now(f.loop);
  zw_conn_close(f.server.conn, 1000, ZW_STR("bye"));
  RUN_UNTIL(&f, f.server.closed == 1);
  assert_int_equal(f.server.error, 0);
  int64_t took = zw_loop_now(f.loop) - begin;
  assert_true(took >= 900 * 1000000ll && took < 2500 * 1000000ll);
  close(fd);
  fixture_deinit(&f);
}

static void descriptors_and_memory_come_back(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_listen(&f, "127.0.0.1:0");
  run_rounds(&f, 2);
  int baseline = open_descriptors();
  size_t live = f.memory.live;
  for (int i = 0; i < 200; i++) {
    zw_conn *client = fixture_connect(&f);
    RUN_UNTIL(&f, f.server.opened == i + 1 && f.client.opened == i + 1);
    if (i % 3 == 0)
      zw_conn_abort(client);
    else
      zw_conn_close(i % 3 == 1 ? client : f.server.conn, 1000, ZW_STR(""));
    RUN_UNTIL(&f, f.server.closed == i + 1 && f.client.closed == i + 1);
  }
  run_rounds(&f, 3);
  assert_int_equal(open_descriptors(), baseline);
  assert_true(f.memory.live <= live + 2 * 16384 + 1024); /* buffers that the loop keeps */
  fixture_deinit(&f);
}

static void an_idle_connection_is_small(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.echo = true;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  send_text(f.client.conn, "warm");
  RUN_UNTIL(&f, f.client.messages == 1);
  size_t before = f.memory.live;
  fixture_connect(&f);
  RUN_UNTIL(&f, f.client.opened == 2 && f.server.opened == 2);
  send_text(f.client.conn, "warm");
  RUN_UNTIL(&f, f.client.messages == 2);
  assert_true(f.memory.live - before <= 2 * 6144);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_queued_is_sent_before_the_end),
      cmocka_unit_test(abort_ends_at_once),
      cmocka_unit_test(a_callback_may_end_any_connection),
      cmocka_unit_test(each_callback_may_end_its_own_connection),
      cmocka_unit_test(a_half_closed_peer_gets_its_answer),
      cmocka_unit_test(a_handshake_has_one_deadline),
      cmocka_unit_test(slow_and_greedy_peers),
      cmocka_unit_test(a_large_message_before_the_login_ends_it),
      cmocka_unit_test(an_owner_who_was_away_blames_nobody),
      cmocka_unit_test(a_silent_peer_is_pinged_and_dropped),
      cmocka_unit_test(an_answering_peer_stays),
      cmocka_unit_test(silence_after_the_end_is_bounded),
      cmocka_unit_test(descriptors_and_memory_come_back),
      cmocka_unit_test(an_idle_connection_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
