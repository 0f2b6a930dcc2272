/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server and clients in one loop of one process. What each end sees is counted in an `end`; the
 * server answers as `serve` says. All waiting is bounded in rounds of the loop.
 */
#ifndef ZEROWIRE_TESTS_NET_FIXTURE_H
#define ZEROWIRE_TESTS_NET_FIXTURE_H

#include <dirent.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "net.h"

typedef struct end {
  int opened, closed, drained, http, error;
  size_t messages, octets;
  uint64_t hash; /* of all messages in order */
  char what[80];
  zw_conn *conn; /* NULL when closed */
} end;

typedef struct net_fixture {
  counting_alloc memory;
  zw_loop *loop;
  zw_listener *listener;
  end server, client; /* of a server: all its connections, `conn` the newest */
  bool echo;          /* the server sends each message back */
  void (*on_message)(struct net_fixture *f, zw_conn *conn, zw_span message);
  int turns, after_turns, wakes;
  zw_net_options server_options, client_options;
} net_fixture;

static net_fixture *fixture; /* the tests of one program run one after the other */

static inline bool is_server(const zw_conn *conn) { return zw_conn_user(conn) == &fixture->server; }
static inline end *end_of(const zw_conn *conn) { return zw_conn_user(conn); }

static inline void fixture_open(zw_conn *conn) {
  end *e = end_of(conn);
  e->opened++;
  e->conn = conn;
  zw_conn_established(conn);
}

static inline void fixture_message(zw_conn *conn, zw_span message, zw_buf *owner) {
  end *e = end_of(conn);
  e->messages++;
  e->octets += message.len;
  e->hash = zw_hash64_seed(message, e->hash);
  if (fixture->on_message) fixture->on_message(fixture, conn, message);
  if (fixture->echo && is_server(conn)) {
    zw_part part = {message, owner, 0};
    (void)zw_conn_send(conn, &part, 1);
  }
}

static inline void fixture_http(zw_conn *conn, zw_str method, zw_str path, zw_str host) {
  end_of(conn)->http++;
  (void)method;
  (void)host;
  zw_conn_http_respond(conn, 200, ZW_STR("text/plain"), zw_str_span(path));
}

static inline void fixture_drain(zw_conn *conn) { end_of(conn)->drained++; }

static inline void fixture_close(zw_conn *conn, int error, const char *what) {
  end *e = end_of(conn);
  e->closed++;
  e->error = error;
  snprintf(e->what, sizeof e->what, "%s", what);
  if (e->conn == conn) e->conn = NULL;
}

static const zw_conn_callbacks fixture_callbacks = {fixture_open, fixture_message, fixture_http,
                                                    fixture_drain, fixture_close};

static inline void fixture_turn(void *ctx) { ((net_fixture *)ctx)->turns++; }
static inline void fixture_after_turn(void *ctx) { ((net_fixture *)ctx)->after_turns++; }
static inline void fixture_wake(void *ctx) { ((net_fixture *)ctx)->wakes++; }

static inline void fixture_init(net_fixture *f) {
  *f = (net_fixture){0};
  fixture = f;
  counting_alloc_init(&f->memory, 0);
  zw_loop_hooks hooks = {fixture_wake, fixture_turn, fixture_after_turn, f};
  assert_int_equal(zw_loop_create(&f->loop, &f->memory.alloc, &hooks, NULL), 0);
  f->server_options = (zw_net_options){
      .size = sizeof(zw_net_options),
      .wire = {.size = sizeof(zw_wire_options), .serializers = ZW_WIRE_SERIALIZER_BIT(3)},
      .callbacks = &fixture_callbacks,
      .user = &f->server};
  f->client_options = f->server_options;
  f->client_options.user = &f->client;
  f->client_options.wire.transport = ZW_TRANSPORT_RAWSOCKET;
  f->client_options.wire.host = ZW_STR("localhost");
  f->client_options.wire.path = ZW_STR("/");
}

static inline void fixture_deinit(net_fixture *f) {
  zw_loop_destroy(f->loop);
  assert_int_equal(f->memory.live, 0);
}

static inline void fixture_listen(net_fixture *f, const char *address) {
  zw_diag diag = {0};
  assert_int_equal(zw_listen(&f->listener, f->loop, address, &f->server_options, &diag), 0);
}

static inline zw_conn *fixture_connect(net_fixture *f) {
  zw_conn *conn = NULL;
  zw_diag diag = {0};
  assert_int_equal(
      zw_connect(&conn, f->loop, zw_listener_address(f->listener), &f->client_options, &diag), 0);
  return conn;
}

/* Rounds of the loop until the condition holds; fails after about five seconds. */
#define RUN_UNTIL(f, condition)                                      \
  do {                                                               \
    for (int rounds_ = 0; !(condition) && rounds_ < 5000; rounds_++) \
      zw_loop_run_once((f)->loop, 1);                                \
    assert_true(condition);                                          \
  } while (0)

static inline void run_rounds(net_fixture *f, int rounds) {
  while (rounds--) zw_loop_run_once(f->loop, 1);
}

/* Server and client over the address, both open. */
static inline void fixture_start(net_fixture *f, const char *address, enum zw_transport transport) {
  f->client_options.wire.transport = transport;
  fixture_listen(f, address);
  fixture_connect(f);
  RUN_UNTIL(f, f->client.opened == 1 && f->server.opened == 1);
}

static inline int send_text(zw_conn *conn, const char *text) {
  zw_part part = {zw_str_span(zw_str_of(text)), NULL, 0};
  return zw_conn_send(conn, &part, 1);
}

/* A blocking socket of the test's own, connected to a listener on 127.0.0.1. */
static inline int plain_socket(const net_fixture *f) {
  const char *address = zw_listener_address(f->listener);
  struct sockaddr_storage to = {0};
  socklen_t len;
  if (strncmp(address, "unix:", 5) == 0) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    snprintf(un.sun_path, sizeof un.sun_path, "%s", address + 5);
    memcpy(&to, &un, len = sizeof un);
  } else {
    /* family, port, 127.0.0.1: without the headers that the layer hides */
    unsigned port = (unsigned)strtoul(strrchr(address, ':') + 1, NULL, 10);
    uint8_t in[16] = {0, 0, (uint8_t)(port >> 8), (uint8_t)port, 127, 0, 0, 1};
    memcpy(&to, in, len = sizeof in);
    to.ss_family = AF_INET;
  }
  int fd = socket(to.ss_family, SOCK_STREAM, 0);
  assert_true(fd >= 0);
  assert_int_equal(connect(fd, (const struct sockaddr *)&to, len), 0);
  return fd;
}

static inline int open_descriptors(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  assert_non_null(folder);
  while (readdir(folder)) count++;
  closedir(folder);
  return count;
}

#endif
