/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A WAMP peer for load: blocking RawSocket with FlatBuffers, as little as possible between the
 * socket and the figure. What is sent often is encoded once; what comes often has one size, so that
 * counting octets counts messages.
 */
#ifndef ZEROWIRE_BENCH_WAMP_H
#define ZEROWIRE_BENCH_WAMP_H

#include "zerowire/wamp.h"

typedef struct bench_peer {
  int fd;
  zw_encoder encoder;
  uint8_t *input; /* what was read; [input_at, input_len) is not taken yet */
  size_t input_at, input_len, input_capacity;
  uint64_t next_request;
} bench_peer;

/* Joins realm1 of the router at the port. What goes wrong ends the program with words. */
void bench_join(bench_peer *peer, uint16_t port);
void bench_part(bench_peer *peer);

/* Frames a message into memory of the caller (malloc); returns its length. */
size_t bench_frame(bench_peer *peer, const zw_msg *msg, uint8_t **out);
void bench_send(bench_peer *peer, const zw_msg *msg);
void bench_write(int fd, const uint8_t *octets, size_t len);
/* The octets of the next frame, which live until the next call. */
zw_span bench_receive_frame(bench_peer *peer);
/* The next message; it lives until the next call. *frame_len (may be NULL) is its length on the
 * wire. */
void bench_receive(bench_peer *peer, zw_msg *msg, size_t *frame_len);
/* The same, and that it is of this type. */
void bench_expect(bench_peer *peer, unsigned code, zw_msg *msg, size_t *frame_len);
uint64_t bench_subscribe(bench_peer *peer, zw_str topic);

/* A Blob with so many octets, in the builder. */
zw_span bench_blob(zw_builder *b, const char *name, size_t octets);
/* The BlobKey for it. */
zw_span bench_key(zw_builder *b, const char *name);
/* A message with a Blob as its typed payload. */
void bench_typed(zw_msg *msg, enum zw_msg_code code, zw_str uri, zw_span blob);

#endif
