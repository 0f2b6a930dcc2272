/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WebSocket frames (RFC 6455 section 5), received. A message in one frame that lies whole in the
 * chunk is unmasked there and handed out; any other is gathered in a buffer of its own, into which
 * its octets are received. Text is checked as it arrives, so that a wrong octet ends the connection
 * at once (section 8.1). Control frames may stand between fragments.
 *
 * What a peer can make us hold is bounded in octets: a message by message_max, a control frame by
 * 125; the number of fragments is not bounded, since empty ones cost nothing.
 */
#include "wire_machine.h"

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };
enum {
  PROTOCOL_ERROR = 1002,
  INVALID_DATA = 1007,
  TOO_BIG = 1009,
  INTERNAL = 1011,
  NO_STATUS = 1005
};

static bool is_control(const zw_ws_frame *f) { return f->opcode & 8; }

static bool broken(zw_wire *w, zw_wire_event *event, const char *what) {
  return zw_wire_break(w, event, ZW_EPROTO, PROTOCOL_ERROR, what);
}

/* What is wrong with a header, or NULL. */
static const char *header_fault(const zw_wire *w, const zw_ws_frame *f, uint8_t first) {
  if (first & 0x70) return "reserved bits are used";
  if (f->opcode > BINARY && (f->opcode < CLOSE || f->opcode > PONG)) return "an unknown opcode";
  if (f->masked != w->options.server)
    return w->options.server ? "a client's frame is not masked" : "a server's frame is masked";
  if (is_control(f)) {
    if (!f->fin) return "a control frame is fragmented";
    return f->len > 125 ? "a control frame is above 125 octets" : NULL;
  }
  if (f->opcode == CONTINUATION && !w->gathering) return "a continuation without a beginning";
  return f->opcode != CONTINUATION && w->gathering ? "a message begins inside another" : NULL;
}

/* Octets of the header; 0: not all there; SIZE_MAX: the length is malformed. */
static size_t read_header(zw_span in, zw_ws_frame *f) {
  if (in.len < 2) return 0;
  *f = (zw_ws_frame){.len = in.ptr[1] & 0x7F,
                     .opcode = in.ptr[0] & 15,
                     .fin = in.ptr[0] >> 7,
                     .masked = in.ptr[1] >> 7};
  size_t n = 2 + (f->len == 126 ? 2u : f->len == 127 ? 8u : 0u) + (f->masked ? 4u : 0u);
  if (in.len < n) return 0;
  if (f->len == 126) {
    f->len = zw_load_be16(in.ptr + 2);
    if (f->len < 126) return SIZE_MAX;
  } else if (f->len == 127) {
    f->len = zw_load_be64(in.ptr + 2);
    if (f->len <= UINT16_MAX || f->len >> 63) return SIZE_MAX;
  }
  if (f->masked) memcpy(f->mask, in.ptr + n - 4, 4);
  return n;
}

/* ---- control frames ---- */

static bool is_close_code(uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

static bool on_close(zw_wire *w, zw_wire_event *event, zw_span payload) {
  zw_str reason = {NULL, 0};
  uint16_t code = NO_STATUS;
  if (payload.len == 1) return broken(w, event, "a close frame with one octet");
  if (payload.len >= 2) {
    code = zw_load_be16(payload.ptr);
    reason = zw_span_str(zw_span_of(payload.ptr + 2, payload.len - 2));
    if (!is_close_code(code)) return broken(w, event, "an invalid close code");
    if (!zw_utf8_valid(reason))
      return zw_wire_break(w, event, ZW_EPROTO, INVALID_DATA, "a close reason is not UTF-8");
  }
  zw_wire_control(w, CLOSE, zw_span_of(payload.ptr, payload.len >= 2 ? 2 : 0));
  w->state = ZW_WIRE_ENDED;
  *event = (zw_wire_event){.kind = ZW_WIRE_CLOSE, .code = code, .text_reason = reason};
  return true;
}

static bool on_control(zw_wire *w, zw_wire_event *event, const zw_ws_frame *f, size_t header) {
  zw_span in = zw_wire_pending(w);
  if (in.len < header + f->len) return false;
  uint8_t *payload = w->chunk->data + w->at + header;
  zw_wire_mask(payload, payload, f->len, f->mask, 0);
  w->at += header + f->len;
  if (f->opcode == CLOSE) return on_close(w, event, zw_span_of(payload, f->len));
  if (f->opcode == PING) return zw_wire_pong(w, event, zw_span_of(payload, f->len));
  *event = (zw_wire_event){.kind = ZW_WIRE_PONG};
  return true;
}

/* ---- data frames ---- */

static bool not_text(zw_wire *w, zw_wire_event *event) {
  return zw_wire_break(w, event, ZW_EPROTO, INVALID_DATA, "a text message is not UTF-8");
}

/* A whole message in the chunk. */
static bool on_single(zw_wire *w, zw_wire_event *event, const zw_ws_frame *f, size_t header) {
  uint8_t *payload = w->chunk->data + w->at + header;
  w->at += header;
  if (f->masked) zw_wire_mask(payload, payload, f->len, f->mask, 0);
  zw_str text = {(const char *)payload, f->len};
  if (f->opcode == TEXT && !zw_utf8_valid(text)) return not_text(w, event);
  return zw_wire_hand_span(w, event, f->len, f->opcode == TEXT);
}

/* What arrived of the open frame is unmasked, once; text is checked as far as it goes. `frame.len`
 * counts what is still masked. */
static bool unmask_arrived(zw_wire *w, zw_wire_event *event) {
  size_t begin = w->whole_len - w->frame.len, arrived = w->whole->len - begin;
  if (w->frame.masked && arrived) {
    uint8_t *p = w->whole->data + begin, turned[4];
    zw_wire_mask(p, p, arrived, w->frame.mask, 0);
    for (size_t i = 0; i < 4; i++) turned[i] = w->frame.mask[(arrived + i) & 3];
    memcpy(w->frame.mask, turned, 4);
  }
  w->frame.len -= arrived;
  if (!w->gathering_text) return true;
  size_t partial;
  zw_str fresh = {(const char *)w->whole->data + w->utf8_at, w->whole->len - w->utf8_at};
  size_t good = zw_utf8_prefix(fresh, &partial);
  w->utf8_at += good;
  return good + partial == fresh.len || !not_text(w, event);
}

static bool frame_done(zw_wire *w, zw_wire_event *event) {
  w->frame_open = false;
  w->gathering = !w->frame.fin;
  if (w->gathering) return true;
  if (w->gathering_text && w->utf8_at != w->whole->len) return not_text(w, event);
  return zw_wire_hand_whole(w, event, w->gathering_text);
}

static bool on_data(zw_wire *w, zw_wire_event *event, const zw_ws_frame *f, size_t header) {
  size_t have = w->whole ? w->whole->len : 0;
  if (have > w->accept_max || f->len > w->accept_max - have)
    return zw_wire_break(w, event, ZW_ELIMIT, TOO_BIG, "a message is too big");
  zw_span in = zw_wire_pending(w);
  if (f->fin && !w->gathering && in.len - header >= f->len) return on_single(w, event, f, header);
  if (f->fin && !w->gathering && w->chunk->capacity - w->at - header >= f->len && f->opcode != TEXT)
    return false; /* it will fit where it is */
  if (!w->gathering) {
    w->gathering_text = f->opcode == TEXT;
    w->utf8_at = 0;
  }
  w->frame = *f;
  w->frame_open = true;
  w->at += header;
  return zw_wire_begin_whole(w, f->len)
             ? true
             : zw_wire_break(w, event, ZW_ENOMEM, INTERNAL, "out of memory");
}

bool zw_ws_step(zw_wire *w, zw_wire_event *event) {
  if (w->frame_open) {
    if (!unmask_arrived(w, event)) return true;
    return w->frame.len == 0 ? frame_done(w, event) : false;
  }
  zw_ws_frame frame;
  zw_span in = zw_wire_pending(w);
  size_t header = read_header(in, &frame);
  if (header == 0) return false;
  if (header == SIZE_MAX) return broken(w, event, "a length is not in its shortest form");
  const char *fault = header_fault(w, &frame, in.ptr[0]);
  if (fault) return broken(w, event, fault);
  return is_control(&frame) ? on_control(w, event, &frame, header)
                            : on_data(w, event, &frame, header);
}
