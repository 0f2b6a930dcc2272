/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RawSocket (WAMP specification, section "RawSocket Transport"): a handshake of 4 octets each way,
 * then frames of a 4-octet header, RRRR X TTT and 24 bits of length, and a message. X is the 25th
 * bit of the length, for exactly 2^24 octets.
 */
#include "wire_machine.h"

enum { REFUSED_SERIALIZER = 1, REFUSED_LENGTH = 2, REFUSED_RESERVED = 3, REFUSED_FULL = 4 };
enum { FRAME_MESSAGE = 0, FRAME_PING = 1, FRAME_PONG = 2 };

/* The exponent L that is announced: 2^(9 + L) is at most message_max, but for less than 512. */
static uint8_t length_code(uint32_t message_max) {
  uint8_t code = 0;
  while (code < 15 && (1024u << code) <= message_max) code++;
  return code;
}

/* What is announced is accepted, but before the login. */
static uint32_t accepted_max(const zw_wire *w) {
  uint32_t announced = 512u << length_code(w->options.message_max);
  return w->accept_max < w->options.message_max && w->accept_max < announced ? w->accept_max
                                                                             : announced;
}

static void put_hello(zw_wire *w, uint8_t second) {
  const uint8_t octets[4] = {0x7F, second, 0, 0};
  zw_text_add(&w->output, octets, sizeof octets);
}

void zw_raw_client_hello(zw_wire *w) {
  while (w->serializer < 16 && !(w->options.serializers >> w->serializer & 1)) w->serializer++;
  put_hello(w, (uint8_t)(length_code(w->options.message_max) << 4 | w->serializer));
}

static bool opened(zw_wire *w, zw_wire_event *event, uint8_t second) {
  w->peer_max = 512u << (second >> 4);
  w->state = ZW_WIRE_RAW_FRAMES;
  *event = (zw_wire_event){.kind = ZW_WIRE_OPEN};
  return true;
}

static bool refuse(zw_wire *w, zw_wire_event *event, uint8_t code, const char *what) {
  put_hello(w, (uint8_t)(code << 4));
  return zw_wire_break(w, event, ZW_EPROTO, 0, what);
}

static const char *refusal(uint8_t code) {
  static const char *const texts[] = {
      "the router refuses the connection", "the router does not speak this serializer",
      "the router does not accept this message length",
      "the router says that reserved bits were used", "the router has too many connections"};
  return texts[code < sizeof texts / sizeof texts[0] ? code : 0];
}

bool zw_raw_hello(zw_wire *w, zw_wire_event *event) {
  zw_span in = zw_wire_pending(w);
  if (in.len < 4) return false;
  uint8_t second = in.ptr[1], serializer = second & 15;
  w->at += 4;
  if (in.ptr[0] != 0x7F)
    return zw_wire_break(w, event, ZW_EPROTO, 0, "the peer does not speak RawSocket");
  if (!w->options.server) {
    if (serializer == 0) return zw_wire_break(w, event, ZW_ENET, 0, refusal(second >> 4));
    return serializer == w->serializer
               ? opened(w, event, second)
               : zw_wire_break(w, event, ZW_EPROTO, 0, "the router chose another serializer");
  }
  if (w->full) return refuse(w, event, REFUSED_FULL, "too many connections");
  if (in.ptr[2] != 0 || in.ptr[3] != 0)
    return refuse(w, event, REFUSED_RESERVED, "reserved bits of the handshake are used");
  if (serializer == 0 || !(w->options.serializers >> serializer & 1))
    return refuse(w, event, REFUSED_SERIALIZER, "the serializer is not supported");
  w->serializer = serializer;
  put_hello(w, (uint8_t)(length_code(w->options.message_max) << 4 | serializer));
  return opened(w, event, second);
}

static bool control(zw_wire *w, zw_wire_event *event, zw_span payload, unsigned type) {
  if (type == FRAME_PING) return zw_wire_pong(w, event, payload);
  *event = (zw_wire_event){.kind = ZW_WIRE_PONG};
  return true;
}

/* Control frames are small, or they are no control frames: what a peer may make us hold is bounded.
 */
#define CONTROL_MAX 4096

bool zw_raw_frame(zw_wire *w, zw_wire_event *event) {
  if (w->whole) return w->whole->len == w->whole_len ? zw_wire_hand_whole(w, event, false) : false;
  zw_span in = zw_wire_pending(w);
  if (in.len < 4) return false;
  uint32_t word = zw_load_be32(in.ptr);
  unsigned type = word >> 24 & 7;
  size_t len = (word & 0xFFFFFF) | (word >> 27 & 1) << 24;
  if (word >> 28) return zw_wire_break(w, event, ZW_EPROTO, 0, "reserved bits of a frame are used");
  if (type > FRAME_PONG) return zw_wire_break(w, event, ZW_EPROTO, 0, "an unknown frame type");
  if (len > (type == FRAME_MESSAGE ? accepted_max(w) : CONTROL_MAX))
    return zw_wire_break(w, event, ZW_ELIMIT, 0, "a frame is above the announced length");
  if (type != FRAME_MESSAGE) {
    if (in.len < 4 + len) return false;
    w->at += 4 + len;
    return control(w, event, zw_span_of(in.ptr + 4, len), type);
  }
  w->at += 4;
  if (in.len - 4 >= len) return zw_wire_hand_span(w, event, len, false);
  if (w->chunk->capacity - w->at >= len) {
    w->at -= 4;
    return false; /* it will fit where it is */
  }
  return zw_wire_begin_whole(w, len) ? true
                                     : zw_wire_break(w, event, ZW_ENOMEM, 0, "out of memory");
}
