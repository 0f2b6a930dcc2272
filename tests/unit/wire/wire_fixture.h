/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wire machine, fed with octets as a socket would. What happens is written down as text, so that
 * a case is a row of octets and a line: events as `open`, `message:…`, `text:…`, `pong`,
 * `close:CODE:REASON`, `fail:CODE`, `http:GET:/path:HOST`; what the machine sends as `>pong:…`,
 * `>ping:…`, `>close:CODE`. Long or binary payloads are written as their length.
 */
#ifndef ZEROWIRE_TESTS_WIRE_FIXTURE_H
#define ZEROWIRE_TESTS_WIRE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "wire_machine.h"

typedef struct wire_fixture {
  zw_wire *wire;
  counting_alloc memory;
  zw_wire_options options;
  zw_text log;
  zw_text sent;       /* what it sent and the log has not read yet */
  bool read_sent;     /* write frames that it sends into the log */
  size_t received;    /* octets given to it */
  size_t live_max;    /* of memory */
  int want_error;     /* from zw_wire_want */
  zw_wire_event last; /* of FAIL: error, what */
} wire_fixture;

static inline void fixed_random(void *ctx, uint8_t *out, size_t len) {
  (void)ctx;
  for (size_t i = 0; i < len; i++) out[i] = (uint8_t)(0x11 * (i + 1));
}
static const zw_random fixed = {fixed_random, NULL};

static inline int wire_start(wire_fixture *f, const zw_wire_options *options, size_t fail_at) {
  *f = (wire_fixture){.options = *options};
  counting_alloc_init(&f->memory, fail_at);
  f->options.size = sizeof f->options;
  f->options.alloc = &f->memory.alloc;
  f->options.random = &fixed;
  if (!f->options.serializers) f->options.serializers = ZW_WIRE_SERIALIZER_BIT(3);
  zw_text_init(&f->log, NULL);
  zw_text_init(&f->sent, NULL);
  return zw_wire_create(&f->wire, &f->options);
}

static inline void wire_end(wire_fixture *f) {
  zw_wire_destroy(f->wire);
  zw_text_deinit(&f->log);
  zw_text_deinit(&f->sent);
  assert_int_equal(f->memory.live, 0);
}

static inline const char *wire_log(const wire_fixture *f) { return f->log.len ? f->log.ptr : ""; }

static inline void log_octets(zw_text *log, const char *name, const uint8_t *ptr, size_t len) {
  bool plain = len <= 40;
  for (size_t i = 0; i < len && plain; i++) plain = ptr[i] >= 32 && ptr[i] < 127;
  if (plain)
    zw_text_printf(log, "%s:%.*s ", name, (int)len, (const char *)ptr);
  else
    zw_text_printf(log, "%s:(%zu) ", name, len);
}

/* Frames that the machine sent: only control frames, so 7 bits of length. */
static inline void log_sent(wire_fixture *f) {
  uint8_t *p = (uint8_t *)f->sent.ptr;
  size_t len = f->sent.len;
  while (len) {
    bool ws = zw_wire_transport(f->wire) == ZW_TRANSPORT_WEBSOCKET, masked = ws && p[1] & 0x80;
    size_t header = (ws ? 2u : 4u) + (masked ? 4u : 0u), n = ws ? p[1] & 0x7F : p[3];
    assert_true(len >= header + n);
    assert_true(!ws || masked == !f->options.server);
    uint8_t *payload = p + header;
    if (masked) zw_wire_mask(payload, payload, n, p + 2, 0);
    unsigned kind = ws ? p[0] & 0x8Fu : p[0];
    if (ws && kind == 0x88)
      zw_text_printf(&f->log, ">close:%u ", n >= 2 ? (unsigned)zw_load_be16(payload) : 0u);
    else
      log_octets(&f->log, kind == (ws ? 0x89u : 1u) ? ">ping" : ">pong", payload, n);
    p += header + n;
    len -= header + n;
  }
  zw_text_reset(&f->sent);
}

static inline void take_sent(wire_fixture *f) {
  zw_span out = zw_wire_output(f->wire);
  if (out.len) zw_text_add(&f->sent, out.ptr, out.len);
  zw_wire_output_taken(f->wire, out.len);
  if (f->read_sent) log_sent(f);
}

static inline void log_event(wire_fixture *f, const zw_wire_event *e) {
  zw_text *log = &f->log;
  if (e->kind != ZW_WIRE_NONE) f->last = *e;
  switch (e->kind) {
    case ZW_WIRE_OPEN: zw_text_printf(log, "open "); break;
    case ZW_WIRE_PONG: zw_text_printf(log, "pong "); break;
    case ZW_WIRE_MESSAGE:
      assert_true(e->message.ptr >= e->owner->data);
      assert_true(e->message.ptr + e->message.len <= e->owner->data + e->owner->capacity);
      log_octets(log, e->text ? "text" : "message", e->message.ptr, e->message.len);
      break;
    case ZW_WIRE_CLOSE:
      zw_text_printf(log, "close:%u:%.*s ", e->code, ZW_ARG(e->text_reason));
      break;
    case ZW_WIRE_FAIL: zw_text_printf(log, "fail:%u ", e->code); break;
    case ZW_WIRE_HTTP:
      zw_text_printf(log, "http:%.*s:%.*s:%.*s ", ZW_ARG(e->method), ZW_ARG(e->path),
                     ZW_ARG(e->host));
      break;
    default: break;
  }
}

/* Everything that the machine has to say; `message` is called for each message. */
static inline void take_events(wire_fixture *f, void (*message)(const zw_wire_event *event)) {
  zw_wire_event event;
  do {
    zw_wire_next(f->wire, &event);
    take_sent(f);
    log_event(f, &event);
    if (event.kind == ZW_WIRE_MESSAGE && message) message(&event);
    if (f->memory.live > f->live_max) f->live_max = f->memory.live;
  } while (event.kind != ZW_WIRE_NONE && event.kind != ZW_WIRE_FAIL);
}

/* Feeds octets, at most `step` at a time. */
static inline void feed(wire_fixture *f, const void *octets, size_t len, size_t step) {
  const uint8_t *p = octets;
  while (len) {
    uint8_t *to;
    size_t room;
    f->want_error = zw_wire_want(f->wire, &to, &room);
    if (f->want_error) return;
    assert_true(room > 0);
    size_t n = room < len ? room : len;
    if (step && n > step) n = step;
    memcpy(to, p, n);
    zw_wire_received(f->wire, n);
    f->received += n;
    p += n;
    len -= n;
    take_events(f, NULL);
  }
}

/* ---- handshakes ---- */

#define WS_KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define WS_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define WS_REQUEST(protocol)                                                                  \
  "GET /ws HTTP/1.1\r\nHost: localhost:9267\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
  "Sec-WebSocket-Key: " WS_KEY                                                                \
  "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " protocol "\r\n\r\n"

/* A machine behind its handshake, with empty log and nothing sent. The client's key is that of the
 * fixed random octets. */
static inline void wire_open(wire_fixture *f, const zw_wire_options *options,
                             enum zw_transport transport) {
  zw_wire_options o = *options;
  o.transport = o.server ? ZW_TRANSPORT_NONE : transport;
  o.host = ZW_STR("localhost");
  o.path = ZW_STR("/");
  assert_int_equal(wire_start(f, &o, 0), 0);
  if (transport == ZW_TRANSPORT_RAWSOCKET) {
    feed(f, "\x7F\xF3\0\0", 4, 0);
  } else if (o.server) {
    const char request[] = WS_REQUEST("wamp.2.json, wamp.2.cbor");
    feed(f, request, sizeof request - 1, 0);
  } else {
    char answer[300];
    int n = snprintf(answer, sizeof answer,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                     "Upgrade\r\nSec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
                     f->wire->accept,
                     f->options.serializers == ZW_WIRE_SERIALIZER_BIT(1) ? "wamp.2.json"
                                                                         : "wamp.2.cbor");
    feed(f, answer, (size_t)n, 0);
  }
  assert_string_equal(f->log.ptr, "open ");
  take_sent(f);
  zw_text_reset(&f->log);
  zw_text_reset(&f->sent);
  f->read_sent = true;
}

#endif
