/* SPDX-License-Identifier: Apache-2.0 */
/* Frame headers as they are sent, and masking. */
#include "wire_machine.h"

static size_t raw_header(size_t len, uint8_t type, uint8_t out[ZW_WIRE_HEADER_MAX]) {
  zw_store_be32(out, (uint32_t)(len & 0xFFFFFF) | (uint32_t)type << 24 |
                         (len == ZW_MESSAGE_LIMIT ? 1u << 27 : 0));
  return 4;
}

static size_t ws_header(uint8_t opcode, size_t len, uint8_t out[ZW_WIRE_HEADER_MAX]) {
  out[0] = 0x80 | opcode;
  if (len < 126) {
    out[1] = (uint8_t)len;
    return 2;
  }
  if (len <= UINT16_MAX) {
    out[1] = 126;
    zw_store_be16(out + 2, (uint16_t)len);
    return 4;
  }
  out[1] = 127;
  zw_store_be64(out + 2, len);
  return 10;
}

size_t zw_wire_frame_header(enum zw_transport transport, bool text, size_t len,
                            uint8_t out[ZW_WIRE_HEADER_MAX]) {
  return transport == ZW_TRANSPORT_RAWSOCKET ? raw_header(len, 0, out)
                                             : ws_header(text ? 1 : 2, len, out);
}

size_t zw_wire_frame_header_masked(zw_wire *w, size_t len, uint8_t out[ZW_WIRE_HEADER_MAX],
                                   uint8_t mask[4]) {
  size_t n = ws_header(w->text ? 1 : 2, len, out);
  w->random->fill(w->random->ctx, mask, 4);
  out[1] |= 0x80;
  memcpy(out + n, mask, 4);
  return n + 4;
}

void zw_wire_mask(uint8_t *to, const uint8_t *from, size_t len, const uint8_t mask[4],
                  size_t offset) {
  uint8_t turned[8];
  for (size_t i = 0; i < 8; i++) turned[i] = mask[(offset + i) & 3];
  uint64_t wide, word;
  memcpy(&wide, turned, 8);
  size_t i = 0;
  for (; i + 8 <= len; i += 8) {
    memcpy(&word, from + i, 8);
    word ^= wide;
    memcpy(to + i, &word, 8);
  }
  for (; i < len; i++) to[i] = from[i] ^ turned[i & 7];
}

/* A control frame of the machine's own: at most 125 octets. */
static void control_frame(zw_wire *w, uint8_t opcode, zw_span payload) {
  uint8_t frame[ZW_WIRE_HEADER_MAX + 125];
  size_t n = ws_header(opcode, payload.len, frame);
  if (w->options.server) {
    if (payload.len) memcpy(frame + n, payload.ptr, payload.len);
  } else {
    uint8_t mask[4];
    w->random->fill(w->random->ctx, mask, 4);
    frame[1] |= 0x80;
    memcpy(frame + n, mask, 4);
    n += 4;
    zw_wire_mask(frame + n, payload.ptr, payload.len, mask, 0);
  }
  zw_text_add(&w->output, frame, n + payload.len);
}

void zw_wire_control(zw_wire *w, uint8_t opcode, zw_span payload) {
  if (w->transport == ZW_TRANSPORT_WEBSOCKET) {
    control_frame(w, opcode, payload);
    return;
  }
  uint8_t header[ZW_WIRE_HEADER_MAX];
  zw_text_add(&w->output, header, raw_header(payload.len, opcode == 9 ? 1 : 2, header));
  zw_text_add(&w->output, payload.ptr, payload.len);
}

int zw_wire_ping(zw_wire *w, uint64_t cookie) {
  uint8_t octets[8];
  zw_store_be64(octets, cookie);
  if (w->state == ZW_WIRE_RAW_FRAMES || w->state == ZW_WIRE_WS_FRAMES)
    zw_wire_control(w, 9, zw_span_of(octets, sizeof octets));
  return w->output.error;
}

void zw_ws_close_frame(zw_wire *w, uint16_t code, zw_str reason) {
  uint8_t payload[125];
  size_t len = reason.len < sizeof payload - 2 ? reason.len : sizeof payload - 2;
  len = zw_utf8_prefix((zw_str){reason.ptr, len}, NULL);
  zw_store_be16(payload, code);
  if (len) memcpy(payload + 2, reason.ptr, len);
  control_frame(w, 8, zw_span_of(payload, 2 + len));
}

int zw_wire_close(zw_wire *w, uint16_t code, zw_str reason) {
  if (w->state == ZW_WIRE_WS_FRAMES) zw_ws_close_frame(w, code, reason);
  w->state = ZW_WIRE_ENDED;
  return w->output.error;
}
