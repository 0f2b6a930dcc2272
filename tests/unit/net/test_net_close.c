/* SPDX-License-Identifier: Apache-2.0 */
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
    zw_part part = {zw_span_of(octets, sizeof octets), NULL};
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
      cmocka_unit_test(a_half_closed_peer_gets_its_answer),
      cmocka_unit_test(a_handshake_has_one_deadline),
      cmocka_unit_test(a_silent_peer_is_pinged_and_dropped),
      cmocka_unit_test(an_answering_peer_stays),
      cmocka_unit_test(silence_after_the_end_is_bounded),
      cmocka_unit_test(descriptors_and_memory_come_back),
      cmocka_unit_test(an_idle_connection_is_small),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
