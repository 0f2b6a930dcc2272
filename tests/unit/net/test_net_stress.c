/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many connections over all transports at once, with operations drawn from a seed: messages of all
 * sizes, pauses, ends of every kind, inside callbacks and between turns. What comes back is what
 * was sent, in order; at the end nothing is left.
 */
#include "net_fixture.h"

#define CONNECTIONS 60
#define STEPS 3000

typedef struct talker {
  end seen; /* first: what the fixture's callbacks write to */
  uint32_t sent, got;
  bool paused;
} talker;

static talker talkers[CONNECTIONS];
static uint64_t seed;
static uint8_t octets[200000];

static uint32_t draw(uint32_t below) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(seed >> 33) % below;
}

static size_t length_of(uint32_t number) {
  uint32_t kind = number % 10;
  return 4 + (kind < 6 ? number % 200 : kind < 9 ? number % 3000 : number * 7919u % 190000);
}

/* Each message begins with its number, which gives its length. */
static void check_echo(net_fixture *f, zw_conn *conn, zw_span message) {
  (void)f;
  if (is_server(conn)) {
    if (draw(400) == 0) zw_conn_abort(conn);
    return;
  }
  talker *t = zw_conn_user(conn);
  uint32_t number = zw_load_le32(message.ptr);
  assert_int_equal(number, t->got++);
  assert_int_equal(message.len, length_of(number));
  for (size_t i = 4; i < message.len; i += 997) assert_int_equal(message.ptr[i], octets[i]);
}

static void say(talker *t) {
  uint8_t number[4];
  zw_store_le32(number, t->sent);
  size_t len = length_of(t->sent);
  zw_part parts[] = {{zw_span_of(number, 4), NULL, 0}, {zw_span_of(octets + 4, len - 4), NULL, 0}};
  if (zw_conn_send(t->seen.conn, parts, 2)) return;
  zw_conn_flush(t->seen.conn);
  t->sent++;
}

static void one_step(net_fixture *f, const char *const *addresses) {
  talker *t = &talkers[draw(CONNECTIONS)];
  if (!t->seen.conn) {
    if (t->seen.opened != t->seen.closed) return; /* on its way */
    *t = (talker){.sent = 0};
    f->client_options.user = t;
    f->client_options.wire.transport = draw(2) ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET;
    zw_conn *conn;
    t->seen.opened = -1; /* until it is open */
    if (zw_connect(&conn, f->loop, addresses[draw(2)], &f->client_options, NULL))
      t->seen.opened = 0;
    return;
  }
  switch (draw(40)) {
    case 0: zw_conn_close(t->seen.conn, 1000, ZW_STR("done")); break;
    case 1: zw_conn_abort(t->seen.conn); break;
    case 2:
    case 3: zw_conn_pause(t->seen.conn, t->paused = !t->paused); break;
    default: say(t); break;
  }
}

/* `opened` is -1 until the connection is open or has failed. */
static void stress_open(zw_conn *conn) {
  if (!is_server(conn)) end_of(conn)->opened = 0;
  fixture_open(conn);
}
static void stress_close(zw_conn *conn, int error, const char *what) {
  end *e = end_of(conn);
  if (!is_server(conn) && e->opened < 0) {
    e->opened = 0;
    return;
  }
  fixture_close(conn, error, what);
  if (!is_server(conn)) e->closed = e->opened;
}

static void many_connections(void **state) {
  (void)state;
  static const zw_conn_callbacks callbacks = {stress_open, fixture_message, fixture_http,
                                              fixture_drain, stress_close};
  for (size_t i = 0; i < sizeof octets; i++) octets[i] = (uint8_t)(i * 31 + i / 256);
  for (uint64_t s = 1; s <= 3; s++) {
    net_fixture f;
    zw_listener *local = NULL;
    char path[64];
    snprintf(path, sizeof path, "unix:/tmp/zerowire_stress_%d.sock", (int)getpid());
    fixture_init(&f);
    int descriptors = open_descriptors();
    f.echo = true;
    f.on_message = check_echo;
    f.server_options.callbacks = f.client_options.callbacks = &callbacks;
    f.server_options.queue_max = f.client_options.queue_max = 1 << 20;
    fixture_listen(&f, "127.0.0.1:0");
    assert_int_equal(zw_listen(&local, f.loop, path, &f.server_options, NULL), 0);
    const char *const addresses[] = {zw_listener_address(f.listener), path};
    memset(talkers, 0, sizeof talkers);
    seed = s;
    uint64_t echoed = 0;
    for (int i = 0; i < STEPS; i++) {
      one_step(&f, addresses);
      if (draw(4) == 0) zw_loop_run_once(f.loop, 0);
    }
    run_rounds(&f, 50);
    for (size_t i = 0; i < CONNECTIONS; i++) {
      echoed += talkers[i].got;
      if (talkers[i].seen.conn) zw_conn_abort(talkers[i].seen.conn);
    }
    assert_true(f.server.opened > 50 && echoed > 100);
    RUN_UNTIL(&f, f.server.closed == f.server.opened);
    zw_listener_close(f.listener);
    zw_listener_close(local);
    RUN_UNTIL(&f, open_descriptors() == descriptors);
    fixture_deinit(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(many_connections)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
