/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sending a message to its peers. It is encoded and framed once for each kind of peer (transport,
 * serializer, legacy) that is among them.
 *
 * A frame is a list of parts. What the message borrows (a payload above the limit of copying) goes
 * as it is: with its owner, or as a part of the memory map. What the encoder wrote is copied to
 * each connection while it is small; else once into a buffer that all share, since the encoder's
 * memory is used again.
 */
#include <assert.h>

#include "server_state.h"

#define COPY_MAX (2u * ZW_NET_COPY_MAX) /* of header and head; cut into parts that net copies */
#define ENCODER_KEEP ((size_t)1 << 20)  /* memory that an encoder keeps between messages */

static const enum zw_serializer serializers[ZW_KIND_NOTATIONS] = {
    [ZW_KIND_JSON] = ZW_JSON,
    [ZW_KIND_CBOR] = ZW_CBOR,
    [ZW_KIND_FLATBUFFERS] = ZW_FLATBUFFERS,
    [ZW_KIND_LEGACY] = ZW_FLATBUFFERS,
};

void zw_server_kinds_init(zw_server *s) {
  for (unsigned i = 0; i < ZW_KIND_COUNT; i++) zw_encoder_init(&s->kinds[i].encoder, s->alloc);
}

void zw_server_kinds_deinit(zw_server *s) {
  for (unsigned i = 0; i < ZW_KIND_COUNT; i++) zw_encoder_deinit(&s->kinds[i].encoder);
}

/* ---- framing ---- */

static zw_part *add_part(zw_frame *f, zw_span bytes, zw_buf *owner) {
  assert(f->count < ZW_FRAME_PARTS);
  f->parts[f->count] = (zw_part){.bytes = bytes, .owner = owner};
  return &f->parts[f->count++];
}

static void add_copied(zw_frame *f, zw_span bytes) {
  while (bytes.len) {
    size_t n = bytes.len < ZW_NET_COPY_MAX ? bytes.len : ZW_NET_COPY_MAX;
    add_part(f, zw_span_of(bytes.ptr, n), NULL);
    bytes = zw_span_of(bytes.ptr + n, bytes.len - n);
  }
}

static void add_own(zw_frame *f, zw_span bytes) {
  if (!f->shared) {
    add_copied(f, bytes);
    return;
  }
  uint8_t *to = f->shared->data + f->shared->len;
  memcpy(to, bytes.ptr, bytes.len);
  f->shared->len += bytes.len;
  add_part(f, zw_span_of(to, bytes.len), f->shared);
}

/* Whether part i stays where it is until it is sent. */
static bool is_lasting(const zw_encoded *encoded, uint32_t i, bool lasts) {
  return lasts && (encoded->borrowed >> i & 1);
}

/* The payload of a stored event stays in the log: it can be mapped again by its number. */
static uint64_t number_in_log(const zw_server *s, const zw_msg *msg, zw_span part) {
  if (msg->code != ZW_EVENT || !msg->payload.ptr || part.ptr != msg->payload.ptr) return 0;
  return zw_seq_of_publication(s->store, msg->publication);
}

static int frame_message(zw_server *s, zw_frame *f, const zw_encoded *encoded, zw_span header,
                         const zw_msg *msg, zw_buf *owner, bool mapped) {
  bool lasts = owner || mapped;
  size_t own = header.len;
  for (uint32_t i = 0; i < encoded->count; i++)
    if (!is_lasting(encoded, i, lasts)) own += encoded->parts[i].len;
  f->shared = own > COPY_MAX ? zw_buf_create(s->alloc, own) : NULL;
  if (own > COPY_MAX && !f->shared) return ZW_ENOMEM;
  add_own(f, header);
  for (uint32_t i = 0; i < encoded->count; i++) {
    if (!is_lasting(encoded, i, lasts)) {
      add_own(f, encoded->parts[i]);
      continue;
    }
    zw_part *part = add_part(f, encoded->parts[i], owner);
    if (!owner) part->again = number_in_log(s, msg, part->bytes);
  }
  return 0;
}

static void make_frame(zw_server *s, unsigned number, const zw_msg *msg, zw_buf *owner,
                       bool mapped) {
  zw_kind *kind = &s->kinds[number];
  zw_frame *f = &kind->frame;
  unsigned notation = number % ZW_KIND_NOTATIONS;
  enum zw_transport transport =
      number < ZW_KIND_NOTATIONS ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET;
  uint32_t flags = notation == ZW_KIND_LEGACY ? ZW_ENCODE_LEGACY : 0;
  zw_encoded encoded;
  zw_diag diag;
  if (transport == ZW_TRANSPORT_RAWSOCKET && serializers[notation] == ZW_FLATBUFFERS)
    flags |= ZW_ENCODE_PAD4;
  f->count = f->len = 0;
  f->shared = NULL;
  f->error = zw_msg_encode(&kind->encoder, serializers[notation], flags, msg, &encoded, &diag);
  if (f->error) {
    zw_log_printf(s->log, ZW_LOG_WARN, "a message cannot be sent: %s", diag.message);
    return;
  }
  f->len = encoded.len;
  size_t n = zw_wire_frame_header(transport, notation == ZW_KIND_JSON, encoded.len, f->header);
  f->error = frame_message(s, f, &encoded, zw_span_of(f->header, n), msg, owner, mapped);
}

static void drop_frame(zw_server *s, zw_kind *kind) {
  zw_buf_unref(kind->frame.shared);
  kind->frame.shared = NULL;
  const zw_encoder *e = &kind->encoder;
  if (e->builder.capacity + e->text.capacity + e->scratch.capacity <= ENCODER_KEEP) return;
  zw_encoder_deinit(&kind->encoder);
  zw_encoder_init(&kind->encoder, s->alloc);
}

const uint8_t *zw_server_map_again(zw_conn *conn, uint64_t again, size_t len) {
  zw_connection *c = zw_conn_user(conn);
  zw_server *s = c->server;
  zw_span payload;
  if (zw_server_snapshot(s) || zw_event_reread(s->txn, s->store, again, &payload)) return NULL;
  return payload.len < len ? NULL : payload.ptr;
}

/* ---- peers ---- */

/* A result of a call that was answered with an error; the final one ends it. */
static bool is_of_refused_call(zw_connection *c, const zw_msg *msg) {
  if (msg->code != ZW_RESULT || !c->refused_call || msg->request != c->refused_call) return false;
  if (!msg->progress) c->refused_call = 0;
  return true;
}

static void send_frame(zw_connection *c, const zw_frame *f, const zw_msg *msg) {
  if (f->error || f->len > c->message_max) {
    zw_server_refuse(c, msg, f->error ? f->error : ZW_ELIMIT);
    return;
  }
  int error = zw_conn_send_framed(c->conn, f->parts, f->count);
  if (error == 0)
    c->server->stats.sent++;
  else if (error != ZW_ECLOSED)
    zw_connection_doom(c, error == ZW_ELIMIT ? "it does not take what is sent to it: its queue is "
                                               "full"
                                             : "no memory for what is sent to it");
}

static unsigned kind_of(const zw_connection *c, const zw_peer *peer) {
  bool legacy = c->serializer == ZW_FLATBUFFERS && zw_peer_is_legacy(peer);
  return c->kind + (legacy ? (unsigned)ZW_KIND_LEGACY - ZW_KIND_FLATBUFFERS : 0u);
}

void zw_server_send(void *ctx, zw_peer *const *peers, size_t count, const zw_msg *msg,
                    zw_buf *owner, bool mapped) {
  zw_server *s = ctx;
  unsigned made = 0;
  for (size_t i = 0; i < count; i++) {
    zw_connection *c = zw_peer_user(peers[i]);
    if (c->doomed || is_of_refused_call(c, msg)) continue;
    unsigned number = kind_of(c, peers[i]);
    if (!(made >> number & 1)) make_frame(s, number, msg, owner, mapped);
    made |= 1u << number;
    send_frame(c, &s->kinds[number].frame, msg);
  }
  for (unsigned i = 0; i < ZW_KIND_COUNT; i++)
    if (made >> i & 1) drop_frame(s, &s->kinds[i]);
}
