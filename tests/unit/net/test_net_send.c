/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"

static const struct {
  const char *address;
  enum zw_transport transport;
} ways[] = {
    {"127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET},
    {"127.0.0.1:0", ZW_TRANSPORT_WEBSOCKET},
    {"unix:/tmp/zerowire_test_net_send.sock", ZW_TRANSPORT_RAWSOCKET},
    {"unix:/tmp/zerowire_test_net_send.sock", ZW_TRANSPORT_WEBSOCKET},
};
#define WAYS (sizeof ways / sizeof ways[0])

static void messages_go_both_ways(void **state) {
  (void)state;
  static const size_t lens[] = {0,    1,     5,     125,   126,   512,   513,
                                4000, 16380, 16384, 20000, 65535, 65536, 1 << 20};
  static uint8_t octets[1 << 20];
  for (size_t i = 0; i < sizeof octets; i++) octets[i] = (uint8_t)(i * 2654435761u >> 13);
  for (size_t way = 0; way < WAYS; way++) {
    net_fixture f;
    fixture_init(&f);
    f.echo = true;
    fixture_start(&f, ways[way].address, ways[way].transport);
    uint64_t hash = 0;
    size_t total = 0, count = sizeof lens / sizeof lens[0];
    for (size_t i = 0; i < count; i++) {
      zw_span message =
          zw_span_of(octets + i, lens[i] ? lens[i] - (lens[i] == sizeof octets ? i : 0) : 0);
      zw_part parts[2] = {
          {zw_span_of(message.ptr, message.len / 2), NULL, 0},
          {zw_span_of(message.ptr + message.len / 2, message.len - message.len / 2), NULL, 0}};
      assert_int_equal(zw_conn_send(f.client.conn, parts, 2), 0);
      hash = zw_hash64_seed(message, hash);
      total += message.len;
    }
    RUN_UNTIL(&f, f.client.messages == count);
    assert_int_equal(f.server.octets, total);
    assert_int_equal(f.client.octets, total);
    assert_true(f.server.hash == hash && f.client.hash == hash);
    assert_int_equal(zw_conn_queued(f.client.conn), 0);
    zw_conn_close(f.client.conn, 1000, ZW_STR("done"));
    RUN_UNTIL(&f, f.client.closed && f.server.closed);
    assert_int_equal(f.client.error, 0);
    fixture_deinit(&f);
  }
}

/* The 256 messages of a turn leave in order and as few writes; what was mapped may be overwritten
 * after the turn. */
static void mapped_parts_are_free_after_the_turn(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  zw_conn_pause(f.client.conn, true);
  static uint8_t map[64 * 1024];
  uint64_t hash = 0;
  for (int i = 0; i < 256; i++) { /* 16 MiB: more than the sockets take */
    memset(map, i, sizeof map);
    zw_part part = {zw_span_of(map, sizeof map), NULL, 0};
    assert_int_equal(zw_conn_send(f.server.conn, &part, 1), 0);
    hash = zw_hash64_seed(part.bytes, hash);
    zw_conn_flush(f.server.conn);
  }
  memset(map, 0xEE, sizeof map);
  assert_true(zw_conn_queued(f.server.conn) > 0);
  zw_conn_pause(f.client.conn, false);
  RUN_UNTIL(&f, f.client.messages == 256);
  assert_true(f.client.hash == hash);
  fixture_deinit(&f);
}

/* A map: what it gave in one turn is overwritten before the next. */
enum { LARGE = 64 * 1024, PARTS = 256 };
static uint8_t pages[PARTS][LARGE];
static uint64_t gone; /* this one cannot be mapped again; 0: all can */

static const uint8_t *map_again(zw_conn *conn, uint64_t again, size_t len) {
  assert_non_null(zw_conn_user(conn));
  assert_true(len <= LARGE);
  if (again == gone) return NULL;
  memset(pages[again - 1], (int)(again & 0xFF), LARGE);
  return pages[again - 1];
}

static uint64_t queue_parts_of_the_map(net_fixture *f) {
  uint64_t hash = 0;
  zw_conn_pause(f->client.conn, true);
  for (uint64_t i = 1; i <= PARTS; i++) { /* 16 MiB: more than the sockets take */
    zw_part part = {zw_span_of(map_again(f->server.conn, i, LARGE), LARGE), NULL, i};
    assert_int_equal(zw_conn_send(f->server.conn, &part, 1), 0);
    hash = zw_hash64_seed(part.bytes, hash);
  }
  return hash;
}

static void what_can_be_mapped_again_is_not_copied(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.map = map_again;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  size_t before = f.memory.live;
  gone = 0;
  uint64_t hash = queue_parts_of_the_map(&f);
  run_rounds(&f, 3);
  assert_true(zw_conn_queued(f.server.conn) > 20 * LARGE);
  assert_true(f.memory.live - before < 2 * LARGE); /* the ring, and the client's buffer */
  zw_conn_pause(f.client.conn, false);
  for (int i = 0; i < 5000 && f.client.messages < PARTS; i++) {
    memset(pages, 0xEE, sizeof pages);
    zw_loop_run_once(f.loop, 1);
  }
  assert_int_equal(f.client.messages, PARTS);
  assert_true(f.client.hash == hash);
  fixture_deinit(&f);
}

static void what_is_gone_ends_the_connection(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.map = map_again;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  gone = 0;
  queue_parts_of_the_map(&f);
  run_rounds(&f, 3);
  gone = PARTS;
  zw_conn_pause(f.client.conn, false);
  RUN_UNTIL(&f, f.server.closed == 1);
  assert_int_equal(f.server.error, ZW_ENOTFOUND);
  assert_true(f.client.messages < PARTS);
  fixture_deinit(&f);
}

static void a_full_queue_refuses_and_drains(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.queue_max = 1 << 20;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  zw_conn_pause(f.client.conn, true);
  zw_buf *buf = zw_buf_create(&f.memory.alloc, 10000);
  memset(buf->data, 7, 10000);
  zw_part part = {zw_span_of(buf->data, 10000), buf, 0};
  size_t sent = 0;
  int error = 0;
  while (!error) {
    while (!(error = zw_conn_send(f.server.conn, &part, 1)) && ++sent % 50) continue;
    zw_loop_run_once(f.loop, 0);
    part.owner = NULL; /* from here on mapped: each costs its length */
  }
  assert_int_equal(error, ZW_ELIMIT);
  assert_true(zw_conn_queued(f.server.conn) <= 1 << 20);
  assert_false(zw_conn_has_room(f.server.conn));
  assert_int_equal(f.server.drained, 0);
  assert_true(f.memory.live < (3 << 20));
  zw_conn_pause(f.client.conn, false);
  RUN_UNTIL(&f, f.client.messages == sent);
  assert_int_equal(f.server.drained, 1);
  assert_true(zw_conn_has_room(f.server.conn));
  zw_buf_unref(buf);
  fixture_deinit(&f);
}

static void the_peers_maximum_holds(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.client_options.wire.message_max = 4096;
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  static uint8_t octets[4097];
  zw_part part = {zw_span_of(octets, 4097), NULL, 0};
  assert_int_equal(zw_conn_send(f.server.conn, &part, 1), ZW_ELIMIT);
  part.bytes.len = 4096;
  assert_int_equal(zw_conn_send(f.server.conn, &part, 1), 0);
  RUN_UNTIL(&f, f.client.messages == 1);
  fixture_deinit(&f);
}

static void one_slow_reader_harms_no_other(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  f.server_options.queue_max = 256 * 1024;
  fixture_listen(&f, "127.0.0.1:0");
  zw_conn *slow = fixture_connect(&f), *slow_at_server, *quick_at_server;
  RUN_UNTIL(&f, f.server.opened == 1 && f.client.opened == 1);
  slow_at_server = f.server.conn;
  zw_conn_pause(slow, true);
  fixture_connect(&f);
  RUN_UNTIL(&f, f.server.opened == 2 && f.client.opened == 2);
  quick_at_server = f.server.conn;
  static uint8_t octets[1000];
  zw_part part = {zw_span_of(octets, sizeof octets), NULL, 0};
  size_t refused = 0;
  for (int i = 0; i < 10000; i++) {
    refused += zw_conn_send(slow_at_server, &part, 1) == ZW_ELIMIT;
    assert_int_equal(zw_conn_send(quick_at_server, &part, 1), 0);
    if (i % 20 == 0) zw_loop_run_once(f.loop, 0);
  }
  RUN_UNTIL(&f, f.client.messages == 10000);
  assert_true(refused > 0);
  assert_int_equal(f.client.closed, 0);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_go_both_ways),
      cmocka_unit_test(mapped_parts_are_free_after_the_turn),
      cmocka_unit_test(what_can_be_mapped_again_is_not_copied),
      cmocka_unit_test(what_is_gone_ends_the_connection),
      cmocka_unit_test(a_full_queue_refuses_and_drains),
      cmocka_unit_test(the_peers_maximum_holds),
      cmocka_unit_test(one_slow_reader_harms_no_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
