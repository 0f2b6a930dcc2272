/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire machine's inside, shared by its files.
 *
 * Received octets lie in `chunk` between `at` and chunk->len. A message whose octets are all there
 * is a span of the chunk. One that is not gets a buffer of its own, `whole`, which is then received
 * into directly: `whole->len` octets are there, `whole_len` are wanted.
 */
#ifndef ZEROWIRE_WIRE_MACHINE_H
#define ZEROWIRE_WIRE_MACHINE_H

#include "wire.h"

#define ZW_MESSAGE_LIMIT (16u * 1024 * 1024)
#define ZW_HANDSHAKE_MAX 8192
#define ZW_UNSENT_MAX 65536 /* octets of answers that a peer may leave unread */

enum zw_wire_state {
  ZW_WIRE_FIRST,     /* server: the first octet decides */
  ZW_WIRE_RAW_HELLO, /* RawSocket: the 4 octets of the handshake */
  ZW_WIRE_REQUEST,   /* server: an HTTP request */
  ZW_WIRE_RESPONSE,  /* client: the answer to the upgrade */
  ZW_WIRE_RAW_FRAMES,
  ZW_WIRE_WS_FRAMES,
  ZW_WIRE_HTTP_DONE, /* a request was handed out */
  ZW_WIRE_ENDED,
};

/* The frame under way. */
typedef struct zw_ws_frame {
  uint64_t len; /* payload */
  uint8_t mask[4];
  uint8_t opcode;
  bool fin, masked;
} zw_ws_frame;

struct zw_wire {
  zw_wire_options options;
  const zw_alloc *alloc;
  const zw_random *random;
  enum zw_wire_state state;
  enum zw_transport transport;
  uint8_t serializer;
  uint32_t peer_max;
  uint32_t accept_max; /* octets of a message that is accepted for the time being */
  bool text;           /* WebSocket messages are text */
  bool full;           /* there are too many connections */
  /* input */
  zw_buf *chunk;    /* octets received; NULL while idle */
  size_t at;        /* next octet of the chunk to look at */
  zw_buf *whole;    /* message (or gathered fragments) under way */
  size_t whole_len; /* octets that it will have after this frame */
  zw_buf *handed;   /* owner of the message that was handed out last */
  /* WebSocket */
  zw_ws_frame frame;
  bool frame_open; /* the header of a data frame is read, its payload goes to `whole` */
  bool gathering;  /* fragments: a continuation is due */
  bool gathering_text;
  size_t utf8_at;  /* octets of `whole` that are known to be UTF-8 */
  char accept[32]; /* client: the expected Sec-WebSocket-Accept */
  /* output */
  zw_text output;
  size_t output_at;
};

/* Octets not yet looked at. */
static inline zw_span zw_wire_pending(const zw_wire *w) {
  return w->chunk ? zw_span_of(w->chunk->data + w->at, w->chunk->len - w->at) : zw_span_of(NULL, 0);
}
/* Each step looks at what is pending: true: an event is set, or the state moved (ask again); false:
 * more octets are needed. */
bool zw_raw_hello(zw_wire *w, zw_wire_event *event);
bool zw_raw_frame(zw_wire *w, zw_wire_event *event);
bool zw_ws_request(zw_wire *w, zw_wire_event *event);
bool zw_ws_response(zw_wire *w, zw_wire_event *event);
bool zw_ws_step(zw_wire *w, zw_wire_event *event);
void zw_raw_client_hello(zw_wire *w);
void zw_ws_client_request(zw_wire *w);

/* Ends with FAIL; `code` is the WebSocket close code that was sent, or 0. */
bool zw_wire_break(zw_wire *w, zw_wire_event *event, int error, uint16_t code, const char *what);
/* Hands out a message of the chunk (consumed) or `whole` (taken). */
bool zw_wire_hand_span(zw_wire *w, zw_wire_event *event, size_t len, bool text);
bool zw_wire_hand_whole(zw_wire *w, zw_wire_event *event, bool text);
/* Begins or extends `whole` by `len` octets, moving what the chunk has of them; false: no memory.
 */
bool zw_wire_begin_whole(zw_wire *w, size_t len);
void zw_ws_close_frame(zw_wire *w, uint16_t code, zw_str reason);
/* A ping (9) or pong (10) by the WebSocket opcode, for either transport. */
void zw_wire_control(zw_wire *w, uint8_t opcode, zw_span payload);
/* Answers a ping; a peer that sends pings and does not read the answers is cut off. */
bool zw_wire_pong(zw_wire *w, zw_wire_event *event, zw_span payload);

/* http_request.c: one request or response head. */
#define ZW_HTTP_HEADERS_MAX 64
typedef struct zw_http_head {
  zw_str line[3]; /* method, target, version; or version, status, reason */
  struct {
    zw_str name, value;
  } headers[ZW_HTTP_HEADERS_MAX];
  size_t count, len; /* len: octets of the head */
} zw_http_head;
/* 0; ZW_EAGAIN: not complete; ZW_EPROTO; ZW_ELIMIT. */
int zw_http_parse(zw_span octets, zw_http_head *out);
zw_str zw_http_header(const zw_http_head *head,
                      const char *name); /* case-insensitive; absent: {NULL, 0} */
bool zw_http_has_token(zw_str list,
                       const char *token); /* of a comma-separated list, case-insensitive */
/* The same for all headers of this name, which are one list (RFC 9110 section 5.3). */
bool zw_http_lists(const zw_http_head *head, const char *name, const char *token);
/* Walks a comma-separated list: false at its end. */
bool zw_http_next_token(zw_str list, size_t *at, zw_str *token);
bool zw_http_equal(zw_str a, zw_str b); /* ASCII, case-insensitive */

#endif
