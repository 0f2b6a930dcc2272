/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire layer: RawSocket, WebSocket (RFC 6455) and a minimum of HTTP/1.1 as machines of octets
 * in, events and octets out. No sockets, no clock: the owner (net) receives into the memory that
 * the machine names, tells how much came, takes the events, and sends what the machine has to say
 * for itself (handshakes, pongs, close frames).
 *
 * One server port speaks all three: the first octet 7F is RawSocket, anything else HTTP, which may
 * upgrade to WebSocket.
 *
 * Receiving copies nothing that matters: while no large message is under way, octets arrive in
 * chunks of 16 KiB; messages that lie whole in a chunk are handed out as spans of it. Once the
 * header of a message that does not fit is read, a buffer of the message's size is made, what the
 * chunk holds of it is moved, and the rest is received in place. A WebSocket message in several
 * fragments is gathered. Client-to-server payloads are unmasked in place.
 *
 * Sending: the owner frames a message with `zw_wire_frame_header` (server side: the same octets for
 * all receivers of one transport).
 */
#ifndef ZEROWIRE_WIRE_H
#define ZEROWIRE_WIRE_H

#include "zerowire/base.h"

#define ZW_WIRE_CHUNK 16384
#define ZW_WIRE_HEADER_MAX 14

enum zw_transport {
  ZW_TRANSPORT_NONE,
  ZW_TRANSPORT_RAWSOCKET,
  ZW_TRANSPORT_WEBSOCKET,
  ZW_TRANSPORT_HTTP
};

/* Serializers by RawSocket's numbers (WAMP, RawSocket handshake): 1 json, 2 msgpack, 3 cbor, 5
 * flatbuffers. */
#define ZW_WIRE_SERIALIZER_BIT(number) (1u << (number))

typedef struct zw_wire_options {
  size_t size; /* sizeof(zw_wire_options) */
  const zw_alloc *alloc;
  const zw_random *random; /* masking keys and nonces; NULL: the system's */
  bool server;
  uint32_t serializers; /* bits; server: what is spoken; client: exactly one */
  uint32_t message_max; /* octets of a message that we accept; 0: 16 MiB; at most 16 MiB */
  /* server */
  const zw_str
      *hosts; /* names (without port) that Host and Origin may carry; NULL: any. Others get 403 */
  size_t host_count;
  /* client */
  enum zw_transport transport; /* RAWSOCKET or WEBSOCKET */
  zw_str host, path;           /* of the HTTP request; borrowed until OPEN */
} zw_wire_options;

enum zw_wire_event_kind {
  ZW_WIRE_NONE,
  ZW_WIRE_OPEN,    /* the handshake is done: transport, serializer and peer_max are known */
  ZW_WIRE_MESSAGE, /* one WAMP message */
  ZW_WIRE_PONG,    /* an answer to our ping */
  ZW_WIRE_HTTP,    /* server: a plain HTTP request; answer with zw_wire_http_respond */
  ZW_WIRE_CLOSE,   /* the peer closes in order (code, text); what output holds is the answer: send,
                      then close */
  ZW_WIRE_FAIL,    /* it broke the protocol: error says how; send what output holds, then close */
};

typedef struct zw_wire_event {
  enum zw_wire_event_kind kind;
  zw_span message; /* MESSAGE: valid while `owner` is referenced */
  zw_buf *owner;   /* MESSAGE: borrowed; take a reference to keep the octets beyond the next call */
  bool text;       /* MESSAGE: WebSocket text frame (checked UTF-8) */
  uint16_t code;   /* CLOSE: status code (1005: none given); FAIL: the code that we sent */
  zw_str text_reason;  /* CLOSE: reason */
  int error;           /* FAIL */
  const char *what;    /* FAIL: in words, static */
  zw_str method, path; /* HTTP */
  zw_str host;         /* HTTP */
} zw_wire_event;

typedef struct zw_wire zw_wire;

int zw_wire_create(zw_wire **out, const zw_wire_options *options);
void zw_wire_destroy(zw_wire *wire);

/* Refuses messages above `max` octets from here on; 0: above message_max, as at first. What is
 * announced stays: a server takes little before the login. */
void zw_wire_limit(zw_wire *wire, uint32_t max);
/* A server that has too many connections: the handshake is answered with that (RawSocket: code 4,
 * HTTP: 503), then FAIL comes. */
void zw_wire_refuse(zw_wire *wire);
/* Where the next octets from the socket go: *len > 0. ZW_ENOMEM. */
int zw_wire_want(zw_wire *wire, uint8_t **ptr, size_t *len);
/* `n` octets (at most what was wanted) have been written there. Then call zw_wire_next until NONE.
 */
void zw_wire_received(zw_wire *wire, size_t n);
/* Takes the next event. Spans in it live until the next call on the wire. After CLOSE or FAIL only
 * NONE comes. */
void zw_wire_next(zw_wire *wire, zw_wire_event *event);

/* Octets that the machine itself has to send, in order with each other; the owner sends them before
 * later messages. */
zw_span zw_wire_output(const zw_wire *wire);
void zw_wire_output_taken(zw_wire *wire, size_t n);

enum zw_transport zw_wire_transport(const zw_wire *wire);
uint8_t zw_wire_serializer(const zw_wire *wire); /* RawSocket number; 0 before OPEN */
/* The largest message that the peer accepts (RawSocket: from its handshake; WebSocket: UINT32_MAX).
 */
uint32_t zw_wire_peer_max(const zw_wire *wire);
bool zw_wire_is_text(const zw_wire *wire); /* messages go as WebSocket text frames (json) */

/* Writes the header of a message of `len` octets as a server sends it (and as any RawSocket peer
 * does) to out; returns its length (RawSocket 4; WebSocket 2, 4 or 10). Pure. */
size_t zw_wire_frame_header(enum zw_transport transport, bool text, size_t len,
                            uint8_t out[ZW_WIRE_HEADER_MAX]);
/* WebSocket client: header with a fresh mask, whose 4 octets are also put in mask; zw_wire_mask
 * xors it in: `offset` is the position in the message of the first octet. */
size_t zw_wire_frame_header_masked(zw_wire *wire, size_t len, uint8_t out[ZW_WIRE_HEADER_MAX],
                                   uint8_t mask[4]);
void zw_wire_mask(uint8_t *to, const uint8_t *from, size_t len, const uint8_t mask[4],
                  size_t offset);

/* These add to the output. */
int zw_wire_ping(zw_wire *wire, uint64_t cookie);
/* WebSocket: a close frame; RawSocket: nothing. */
int zw_wire_close(zw_wire *wire, uint16_t code, zw_str reason);
/* Answers the HTTP request; the connection is to be closed after the output is sent. */
int zw_wire_http_respond(zw_wire *wire, int status, zw_str content_type, zw_span body);

#endif
