/* SPDX-License-Identifier: Apache-2.0 */
/* Handshake, framing and the few messages that the benchmarks exchange. */
#include "bench_wamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench_process.h"

#define HEADER 4
#define INPUT_FIRST (1u << 16)

static void stop(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

void bench_write(int fd, const uint8_t *octets, size_t len) {
  while (len) {
    ssize_t n = write(fd, octets, len);
    if (n <= 0) stop("the connection was lost while writing");
    octets += n;
    len -= (size_t)n;
  }
}

/* At least `need` octets of input; what was given before is gone. */
static void fill(bench_peer *peer, size_t need) {
  peer->input_len -= peer->input_at;
  memmove(peer->input, peer->input + peer->input_at, peer->input_len);
  peer->input_at = 0;
  if (need > peer->input_capacity) {
    peer->input_capacity = need * 2;
    peer->input = realloc(peer->input, peer->input_capacity);
    if (!peer->input) stop("no memory");
  }
  while (peer->input_len < need) {
    ssize_t n =
        read(peer->fd, peer->input + peer->input_len, peer->input_capacity - peer->input_len);
    if (n <= 0) stop("the connection was lost while reading");
    peer->input_len += (size_t)n;
  }
}

/* The next octets, taken. */
static const uint8_t *take(bench_peer *peer, size_t len) {
  if (peer->input_len - peer->input_at < len) fill(peer, len);
  peer->input_at += len;
  return peer->input + peer->input_at - len;
}

size_t bench_frame(bench_peer *peer, const zw_msg *msg, uint8_t **out) {
  zw_encoded encoded;
  zw_diag diag = {0};
  if (zw_msg_encode(&peer->encoder, ZW_FLATBUFFERS, ZW_ENCODE_PAD4, msg, &encoded, &diag))
    stop(diag.message);
  *out = malloc(HEADER + encoded.len);
  if (!*out) stop("no memory");
  zw_store_be32(*out, (uint32_t)encoded.len);
  size_t at = HEADER;
  for (uint32_t i = 0; i < encoded.count; i++) {
    memcpy(*out + at, encoded.parts[i].ptr, encoded.parts[i].len);
    at += encoded.parts[i].len;
  }
  return at;
}

void bench_send(bench_peer *peer, const zw_msg *msg) {
  uint8_t *frame;
  size_t len = bench_frame(peer, msg, &frame);
  bench_write(peer->fd, frame, len);
  free(frame);
}

zw_span bench_receive_frame(bench_peer *peer) {
  size_t len = HEADER + (zw_load_be32(take(peer, HEADER)) & 0xFFFFFF);
  peer->input_at -= HEADER;
  return zw_span_of(take(peer, len), len);
}

void bench_receive(bench_peer *peer, zw_msg *msg, size_t *frame_len) {
  zw_diag diag = {0};
  zw_span frame = bench_receive_frame(peer);
  if (zw_msg_decode(msg, ZW_FLATBUFFERS, zw_span_of(frame.ptr + HEADER, frame.len - HEADER), NULL,
                    &diag))
    stop(diag.message);
  if (frame_len) *frame_len = frame.len;
}

void bench_expect(bench_peer *peer, unsigned code, zw_msg *msg, size_t *frame_len) {
  bench_receive(peer, msg, frame_len);
  if (msg->code == code) return;
  fprintf(stderr, "bench: %s came instead of %s: %.*s\n", zw_msg_name(msg->code), zw_msg_name(code),
          ZW_ARG(msg->uri));
  exit(1);
}

void bench_join(bench_peer *peer, uint16_t port) {
  static const uint8_t hello[HEADER] = {0x7F, 0xF0 | ZW_FLATBUFFERS, 0, 0};
  zw_msg msg;
  memset(peer, 0, sizeof *peer);
  peer->fd = bench_connect(port);
  peer->input_capacity = INPUT_FIRST;
  peer->input = malloc(INPUT_FIRST);
  if (!peer->input) stop("no memory");
  zw_encoder_init(&peer->encoder, NULL);
  bench_write(peer->fd, hello, sizeof hello);
  const uint8_t *answer = take(peer, HEADER);
  if (answer[0] != 0x7F || (answer[1] & 0x0F) != ZW_FLATBUFFERS)
    stop("the router refuses the handshake");
  zw_msg_init(&msg, ZW_HELLO);
  msg.uri = ZW_STR("realm1");
  msg.has |= 1u << ZW_HAS_LEGACY_FREE;
  bench_send(peer, &msg);
  bench_expect(peer, ZW_WELCOME, &msg, NULL);
  peer->next_request = 1;
}

void bench_part(bench_peer *peer) {
  close(peer->fd);
  zw_encoder_deinit(&peer->encoder);
  free(peer->input);
}

uint64_t bench_subscribe(bench_peer *peer, zw_str topic) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_SUBSCRIBE);
  msg.request = peer->next_request++;
  msg.uri = topic;
  bench_send(peer, &msg);
  bench_expect(peer, ZW_SUBSCRIBED, &msg, NULL);
  return msg.subscription;
}

zw_span bench_blob(zw_builder *b, const char *name, size_t octets) {
  void *to;
  zw_span bytes = {NULL, 0};
  zw_builder_reset(b);
  zw_ref data = zw_builder_vector_uninit(b, octets, 1, 1, &to);
  if (to) memset(to, 'x', octets);
  zw_ref text = zw_builder_string(b, zw_str_of(name));
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, text);
  zw_builder_add_ref(b, 1, data);
  if (zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes)) stop("no memory");
  return bytes;
}

zw_span bench_key(zw_builder *b, const char *name) {
  zw_span bytes = {NULL, 0};
  zw_builder_reset(b);
  zw_ref text = zw_builder_string(b, zw_str_of(name));
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, text);
  if (zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes)) stop("no memory");
  return bytes;
}

void bench_typed(zw_msg *msg, enum zw_msg_code code, zw_str uri, zw_span blob) {
  zw_msg_init(msg, code);
  msg->uri = uri;
  msg->payload_format = ZW_FORMAT_FLATBUFFER;
  msg->ppt_serializer = ZW_PPT_FLATBUFFERS;
  msg->payload = blob;
}
