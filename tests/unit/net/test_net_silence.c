/* SPDX-License-Identifier: Apache-2.0 */
/* Peers that close and stay silent, do not read, or reset: the descriptor comes back in any case.
 */
#include <errno.h>

#include "net_fixture.h"
#include "net_inside.h"

#define UPGRADE                                                                  \
  "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"   \
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" \
  "Sec-WebSocket-Protocol: wamp.2.cbor\r\n\r\n"

enum behaviour { CLOSE_FRAME, BAD_FRAME, FIN, RESET, NO_READING, NO_READING_PINGED };

static int open_peer(net_fixture *f) {
  int opened = f->server.opened, fd = plain_socket(f);
  char answer[512];
  assert_int_equal(write(fd, UPGRADE, sizeof UPGRADE - 1), (ssize_t)(sizeof UPGRADE - 1));
  RUN_UNTIL(f, f->server.opened == opened + 1);
  assert_true(read(fd, answer, sizeof answer) > 100);
  return fd;
}

static int behave(net_fixture *f, int fd, enum behaviour behaviour) {
  static uint8_t octets[8 << 20];
  zw_part part = {zw_span_of(octets, sizeof octets), NULL, 0};
  switch (behaviour) {
    case CLOSE_FRAME: (void)!write(fd, "\x88\x82\0\0\0\0\x03\xE8", 8); break;
    case BAD_FRAME: (void)!write(fd, "\x83\x80\0\0\0\0", 6); break;
    case FIN: shutdown(fd, SHUT_WR); break;
    case RESET: {
      struct linger now = {.l_onoff = 1};
      setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
      close(fd);
      return -1;
    }
    case NO_READING:
      assert_int_equal(zw_conn_send(f->server.conn, &part, 1), 0);
      zw_conn_close(f->server.conn, 1000, ZW_STR("bye"));
      break;
    case NO_READING_PINGED: assert_int_equal(zw_conn_send(f->server.conn, &part, 1), 0); break;
  }
  return fd;
}

static void every_silence_ends(void **state) {
  (void)state;
  static const int errors[] = {0, ZW_EPROTO, ZW_ENET, ZW_ENET, 0, ZW_ETIMEOUT};
  for (int behaviour = CLOSE_FRAME; behaviour <= NO_READING_PINGED; behaviour++) {
    net_fixture f;
    fixture_init(&f);
    f.server_options.ping_interval_ms = f.server_options.ping_timeout_ms = 200;
    fixture_listen(&f, "127.0.0.1:0");
    run_rounds(&f, 2);
    int baseline = open_descriptors();
    int fd = open_peer(&f);
    fd = behave(&f, fd, (enum behaviour)behaviour);
    RUN_UNTIL(&f, f.server.closed == 1 && open_descriptors() == baseline + (fd >= 0));
    if (f.server.error != errors[behaviour])
      fail_msg("%d: %s: %s", behaviour, zw_error_name(f.server.error), f.server.what);
    if (fd >= 0) close(fd);
    fixture_deinit(&f);
  }
}

static void keepalive_and_limits_are_on_by_default(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  fixture_start(&f, "127.0.0.1:0", ZW_TRANSPORT_RAWSOCKET);
  for (int server = 0; server < 2; server++) {
    const zw_net_options *o = &(server ? f.server.conn : f.client.conn)->shared->options;
    assert_int_equal(o->ping_interval_ms, 10000);
    assert_int_equal(o->ping_timeout_ms, 20000);
    assert_int_equal(o->handshake_ms, 10000);
    assert_int_equal(o->queue_max, 64 << 20);
  }
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_silence_ends),
      cmocka_unit_test(keepalive_and_limits_are_on_by_default),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
