/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server on a thread, with a store in a folder of its own, and plain peers: a blocking socket, a
 * wire machine and the serializers, so that each message is seen as it comes.
 */
#ifndef ZEROWIRE_TESTS_SERVE_FIXTURE_H
#define ZEROWIRE_TESTS_SERVE_FIXTURE_H

#define _GNU_SOURCE /* nftw */
#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "server_state.h"
#include "wire.h"
#include "zerowire/serve.h"

#define RECEIVE_SECONDS 120 /* bounds a hang: a sync on a busy disk takes its time */

/* ---- the server ---- */

typedef struct serve_fixture {
  char folder[128], data[160], unix_path[160], unix_address[176];
  zw_server *server;
  pthread_t thread;
  zw_buf *bfbs;
  zw_schema *schema;
  zw_server_options options;
  const char *listen[2];
  zw_log log;
  char logged[2048]; /* what the server wrote last */
  uint64_t requests;
} serve_fixture;

static inline zw_buf *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  zw_buf *buf = zw_buf_create(zw_alloc_default(), 1 << 20);
  buf->len = fread(buf->data, 1, buf->capacity, file);
  fclose(file);
  return buf;
}

static inline void fixture_log(void *ctx, enum zw_log_level level, const char *message) {
  serve_fixture *f = ctx;
  if (level <= ZW_LOG_WARN) snprintf(f->logged, sizeof f->logged, "%s", message);
  if (getenv("ZEROWIRE_TEST_LOG")) fprintf(stderr, "server: %s\n", message);
}

static inline void fixture_init(serve_fixture *f) {
  const char *base = getenv("TMPDIR");
  zw_diag diag = {0};
  *f = (serve_fixture){0};
  snprintf(f->folder, sizeof f->folder, "%s/zw-serve-XXXXXX", base ? base : "/tmp");
  assert_non_null(mkdtemp(f->folder));
  snprintf(f->data, sizeof f->data, "%s/store", f->folder);
  snprintf(f->unix_path, sizeof f->unix_path, "%s/socket", f->folder);
  snprintf(f->unix_address, sizeof f->unix_address, "unix:%s", f->unix_path);
  f->bfbs = read_file(ZEROWIRE_TEST_DATA "/serve/telemetry.bfbs");
  assert_int_equal(zw_schema_load(&f->schema, zw_buf_span(f->bfbs), NULL, &diag), 0);
  f->listen[0] = "127.0.0.1:0";
  f->listen[1] = f->unix_address;
  f->log = (zw_log){fixture_log, f, ZW_LOG_DEBUG};
  f->options = (zw_server_options){.size = sizeof f->options,
                                   .log = &f->log,
                                   .data = f->data,
                                   .listen = f->listen,
                                   .listen_count = 2,
                                   .schema = zw_buf_span(f->bfbs)};
}

static inline void *fixture_run(void *server) {
  zw_server_run(server);
  return NULL;
}

static inline void fixture_start(serve_fixture *f) {
  zw_diag diag = {0};
  int error = zw_server_open(&f->server, &f->options, &diag);
  if (error) fail_msg("%s", diag.message);
  assert_int_equal(pthread_create(&f->thread, NULL, fixture_run, f->server), 0);
}

static inline void fixture_stop(serve_fixture *f) {
  if (!f->server) return;
  zw_server_stop(f->server);
  pthread_join(f->thread, NULL);
  zw_server_close(f->server);
  f->server = NULL;
}

static inline void fixture_restart(serve_fixture *f) {
  fixture_stop(f);
  fixture_start(f);
}

static inline int fixture_remove(const char *path, const struct stat *st, int kind,
                                 struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

static inline void fixture_deinit(serve_fixture *f) {
  fixture_stop(f);
  zw_schema_destroy(f->schema);
  zw_buf_unref(f->bfbs);
  nftw(f->folder, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline const zw_type *fixture_type(const serve_fixture *f, const char *name) {
  const zw_type *type = zw_schema_type(f->schema, zw_str_of(name));
  assert_non_null(type);
  return type;
}

/* ---- peers ---- */

typedef struct plain_peer {
  serve_fixture *f;
  int fd;
  zw_wire *wire;
  enum zw_transport transport;
  enum zw_serializer serializer;
  bool legacy;
  bool ended; /* the server closed */
  zw_encoder encoder;
  zw_arena texts;
  zw_buf *owner;
  zw_msg msg; /* the last one received */
  uint64_t request, session;
} plain_peer;

static inline int connect_to(const char *address) {
  struct sockaddr_storage to = {0};
  socklen_t len;
  if (strncmp(address, "unix:", 5) == 0) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    snprintf(un.sun_path, sizeof un.sun_path, "%s", address + 5);
    memcpy(&to, &un, len = sizeof un);
  } else {
    /* family, port, 127.0.0.1 */
    unsigned port = (unsigned)strtoul(strrchr(address, ':') + 1, NULL, 10);
    uint8_t in[16] = {0, 0, (uint8_t)(port >> 8), (uint8_t)port, 127, 0, 0, 1};
    memcpy(&to, in, len = sizeof in);
    to.ss_family = AF_INET;
  }
  int fd = socket(to.ss_family, SOCK_STREAM, 0);
  struct timeval patience = {.tv_sec = RECEIVE_SECONDS};
  assert_true(fd >= 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  assert_int_equal(connect(fd, (const struct sockaddr *)&to, len), 0);
  return fd;
}

static inline void send_all(int fd, zw_span octets) {
  while (octets.len) {
    ssize_t n = send(fd, octets.ptr, octets.len, MSG_NOSIGNAL);
    if (n <= 0) return; /* what was closed is seen when reading */
    octets = zw_span_of(octets.ptr + n, octets.len - (size_t)n);
  }
}

static inline void peer_flush(plain_peer *p) {
  zw_span out = zw_wire_output(p->wire);
  size_t n = out.len;
  send_all(p->fd, out);
  zw_wire_output_taken(p->wire, n);
}

static inline void peer_fill(plain_peer *p) {
  uint8_t *to;
  size_t len;
  assert_int_equal(zw_wire_want(p->wire, &to, &len), 0);
  ssize_t n;
  do n = recv(p->fd, to, len, 0);
  while (n < 0 && errno == EINTR); /* with a timeout, a stop and continue interrupts */
  if (n < 0) fail_msg("nothing came within %d s: error %d", RECEIVE_SECONDS, errno);
  if (n == 0)
    p->ended = true;
  else
    zw_wire_received(p->wire, (size_t)n);
}

/* The next event that matters: a message, OPEN, CLOSE, FAIL; NONE: the server closed. */
static inline zw_wire_event peer_event(plain_peer *p) {
  zw_wire_event event;
  for (;;) {
    zw_wire_next(p->wire, &event);
    peer_flush(p);
    if (event.kind != ZW_WIRE_NONE && event.kind != ZW_WIRE_PONG) return event;
    if (event.kind == ZW_WIRE_NONE && p->ended) return event;
    if (event.kind == ZW_WIRE_NONE) peer_fill(p);
  }
}

static inline void peer_decode(plain_peer *p, const zw_wire_event *event) {
  zw_diag diag = {0};
  zw_arena_reset(&p->texts);
  zw_buf_unref(p->owner);
  p->owner = zw_buf_ref(event->owner);
  zw_wamp_limits limits = {.scratch = &p->texts};
  if (zw_msg_decode(&p->msg, p->serializer, event->message, &limits, &diag))
    fail_msg("what the server sent: %s", diag.message);
}

static inline const zw_msg *peer_next(plain_peer *p) {
  zw_wire_event event = peer_event(p);
  if (event.kind != ZW_WIRE_MESSAGE) {
    p->ended = true;
    return NULL;
  }
  peer_decode(p, &event);
  return &p->msg;
}

static inline const zw_msg *peer_expect(plain_peer *p, unsigned code) {
  const zw_msg *msg = peer_next(p);
  if (!msg) fail_msg("%s was expected, the server closed", zw_msg_name(code));
  if (msg && msg->code != code)
    fail_msg("%s was expected, %s came: %.*s %.*s %.*s", zw_msg_name(code), zw_msg_name(msg->code),
             ZW_ARG(msg->uri), ZW_ARG(msg->message), ZW_ARG(zw_span_str(msg->args)));
  return msg;
}

static inline void peer_send_octets(plain_peer *p, const zw_encoded *e) {
  zw_text out;
  uint8_t header[ZW_WIRE_HEADER_MAX], mask[4] = {0};
  bool masked = p->transport == ZW_TRANSPORT_WEBSOCKET;
  zw_text_init(&out, NULL);
  size_t n = masked ? zw_wire_frame_header_masked(p->wire, e->len, header, mask)
                    : zw_wire_frame_header(p->transport, false, e->len, header);
  zw_text_add(&out, header, n);
  for (uint32_t i = 0; i < e->count; i++) zw_text_add(&out, e->parts[i].ptr, e->parts[i].len);
  uint8_t *body = (uint8_t *)out.ptr + n;
  if (masked) zw_wire_mask(body, body, e->len, mask, 0);
  send_all(p->fd, zw_str_span(zw_text_str(&out)));
  zw_text_deinit(&out);
}

static inline void peer_send(plain_peer *p, const zw_msg *msg) {
  zw_encoded encoded;
  zw_diag diag = {0};
  uint32_t flags = p->transport == ZW_TRANSPORT_RAWSOCKET ? ZW_ENCODE_PAD4 : 0;
  if (p->legacy) flags |= ZW_ENCODE_LEGACY;
  if (zw_msg_encode(&p->encoder, p->serializer, flags, msg, &encoded, &diag))
    fail_msg("%s", diag.message);
  peer_send_octets(p, &encoded);
}

static inline void peer_open(plain_peer *p, serve_fixture *f, size_t address,
                             enum zw_transport transport, enum zw_serializer serializer) {
  *p = (plain_peer){.f = f, .transport = transport, .serializer = serializer};
  zw_wire_options options = {.size = sizeof options,
                             .serializers = ZW_WIRE_SERIALIZER_BIT(serializer),
                             .transport = transport,
                             .host = ZW_STR("localhost"),
                             .path = ZW_STR("/ws")};
  zw_encoder_init(&p->encoder, NULL);
  zw_arena_init(&p->texts, NULL);
  p->fd = connect_to(zw_server_address(f->server, address));
  assert_int_equal(zw_wire_create(&p->wire, &options), 0);
  peer_flush(p);
  assert_int_equal(peer_event(p).kind, ZW_WIRE_OPEN);
}

static inline void peer_hello(plain_peer *p) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_HELLO);
  msg.uri = ZW_STR("realm1");
  msg.roles = (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_span_of("{\"caller\":{}}", 13)};
  peer_send(p, &msg);
}

static inline void peer_join(plain_peer *p, serve_fixture *f, size_t address,
                             enum zw_transport transport, enum zw_serializer serializer) {
  peer_open(p, f, address, transport, serializer);
  peer_hello(p);
  p->session = peer_expect(p, ZW_WELCOME)->session;
}

/* The usual one: FlatBuffers over RawSocket and TCP. */
static inline void peer_join_raw(plain_peer *p, serve_fixture *f) {
  peer_join(p, f, 0, ZW_TRANSPORT_RAWSOCKET, ZW_FLATBUFFERS);
}

static inline void peer_close(plain_peer *p) {
  zw_wire_destroy(p->wire);
  zw_encoder_deinit(&p->encoder);
  zw_arena_deinit(&p->texts);
  zw_buf_unref(p->owner);
  close(p->fd);
}

/* ---- requests ---- */

static inline void set_request(plain_peer *p, zw_msg *msg, enum zw_msg_code code, const char *uri) {
  zw_msg_init(msg, code);
  msg->request = ++p->request;
  msg->uri = zw_str_of(uri);
}

/* A table from JSON, as the payload; the builder owns it. */
static inline void set_typed(plain_peer *p, zw_msg *msg, const char *type, zw_builder *b,
                             const char *json) {
  zw_diag diag = {0};
  msg->payload_type = fixture_type(p->f, type);
  msg->payload_format = ZW_FORMAT_FLATBUFFER;
  if (zw_json_parse(msg->payload_type, zw_str_of(json), 0, 0, b, &msg->payload, &diag))
    fail_msg("%s", diag.message);
}

static inline void set_json(zw_msg *msg, const char *args, const char *kwargs) {
  msg->payload_format = ZW_FORMAT_JSON;
  if (args) msg->args = zw_str_span(zw_str_of(args));
  if (kwargs) msg->kwargs = zw_str_span(zw_str_of(kwargs));
}

static inline uint64_t peer_subscribe_from(plain_peer *p, const char *uri, enum zw_match match,
                                           const char *x_from) {
  zw_msg msg;
  set_request(p, &msg, ZW_SUBSCRIBE, uri);
  msg.match = (uint8_t)match;
  if (match) msg.has |= 1ull << ZW_HAS_MATCH;
  if (x_from) {
    msg.has |= 1ull << ZW_HAS_X_FROM;
    msg.x_from = (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_str_span(zw_str_of(x_from))};
  }
  peer_send(p, &msg);
  const zw_msg *answer = peer_expect(p, ZW_SUBSCRIBED);
  assert_int_equal(answer->request, p->request);
  return answer->subscription;
}

static inline uint64_t peer_subscribe(plain_peer *p, const char *uri) {
  return peer_subscribe_from(p, uri, ZW_MATCH_EXACT, NULL);
}

/* A typed call; the answer is the next message. */
static inline const zw_msg *peer_call(plain_peer *p, const char *uri, const char *type,
                                      const char *json) {
  zw_msg msg;
  zw_builder b;
  zw_builder_init(&b, NULL);
  set_request(p, &msg, ZW_CALL, uri);
  if (type) set_typed(p, &msg, type, &b, json);
  peer_send(p, &msg);
  zw_builder_deinit(&b);
  const zw_msg *answer = peer_next(p);
  assert_non_null(answer);
  assert_int_equal(answer->request, p->request);
  return answer;
}

/* Acknowledged; the publication. */
static inline uint64_t peer_publish(plain_peer *p, const char *uri, const char *type,
                                    const char *json) {
  zw_msg msg;
  zw_builder b;
  zw_builder_init(&b, NULL);
  set_request(p, &msg, ZW_PUBLISH, uri);
  msg.acknowledge = true;
  msg.has |= 1ull << ZW_HAS_ACKNOWLEDGE;
  if (type)
    set_typed(p, &msg, type, &b, json);
  else
    set_json(&msg, json, NULL);
  peer_send(p, &msg);
  zw_builder_deinit(&b);
  const zw_msg *answer = peer_expect(p, ZW_PUBLISHED);
  assert_int_equal(answer->request, p->request);
  return answer->publication;
}

/* ---- what came ---- */

/* A typed payload as one line of JSON; verified. */
static inline const char *payload_json(plain_peer *p, const zw_msg *msg, const char *type,
                                       zw_text *out) {
  zw_table table;
  zw_diag diag = {0};
  const zw_type *t = fixture_type(p->f, type);
  if (zw_verify(t, msg->payload, NULL, &table, &diag)) fail_msg("%s", diag.message);
  zw_text_reset(out);
  assert_int_equal(zw_json_print(t, table, 0, 0, out), 0);
  return out->ptr;
}

static inline void expect_typed(plain_peer *p, const zw_msg *msg, const char *type,
                                const char *json) {
  zw_text text;
  zw_text_init(&text, NULL);
  assert_string_equal(payload_json(p, msg, type, &text), json);
  zw_text_deinit(&text);
}

/* Whether the octets hold the text. */
static inline bool contains(zw_span octets, const char *text) {
  size_t len = strlen(text);
  for (size_t i = 0; i + len <= octets.len; i++)
    if (memcmp(octets.ptr + i, text, len) == 0) return true;
  return false;
}

static inline void expect_error(const zw_msg *msg, const char *uri) {
  assert_int_equal(msg->code, ZW_ERROR);
  assert_text_equal(msg->uri, uri);
}

#endif
