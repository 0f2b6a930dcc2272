/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile sessions: three peers (JSON, CBOR, FlatBuffers) at one router. The input is frames: an
 * octet that says which peer (its low bits) or what happens to it, an octet of length, and that
 * many octets of one message. A peer whose connection was closed comes again, joined.
 */
#include <stdlib.h>

#include "zerowire/router.h"

#define PEERS 3

typedef struct client {
  zw_peer *peer;
  enum zw_serializer serializer;
  bool closed, full;
} client;

static void check(bool holds) {
  if (!holds) abort();
}

static client clients[PEERS];
static zw_encoder encoder;

static void io_send(void *ctx, zw_peer *const *peers, size_t count, const zw_msg *msg,
                    zw_buf *owner, bool mapped) {
  zw_encoded encoded;
  (void)ctx;
  (void)owner;
  (void)mapped;
  for (size_t i = 0; i < count; i++) {
    const client *c = zw_peer_user(peers[i]);
    zw_diag diag;
    check(!c->closed);
    uint32_t flags = zw_peer_is_legacy(peers[i]) ? ZW_ENCODE_LEGACY : 0;
    int error = zw_msg_encode(&encoder, c->serializer, flags, msg, &encoded, &diag);
    check(!error || error == ZW_EVERIFY || error == ZW_ENOTSUP || error == ZW_EPROTO ||
          error == ZW_ELIMIT || error == ZW_EINVAL);
  }
}

static void io_close(void *ctx, zw_peer *peer) {
  client *c = zw_peer_user(peer);
  (void)ctx;
  check(!c->closed);
  c->closed = true;
}

static bool io_has_room(void *ctx, zw_peer *peer) {
  const client *c = zw_peer_user(peer);
  (void)ctx;
  return !c->full;
}

static int64_t io_clock(void *ctx) { return *(int64_t *)ctx; }

static void fill(void *ctx, uint8_t *out, size_t len) {
  int64_t *n = ctx;
  for (size_t i = 0; i < len; i++) out[i] = (uint8_t)((*n += 0x9E37) >> 5);
}

static void attach(zw_router *router, client *c) {
  zw_peer_options options = {.serializer = c->serializer,
                             .local = true,
                             .transport = ZW_STR("rawsocket"),
                             .address = ZW_STR("here"),
                             .user = c};
  c->closed = c->full = false;
  if (zw_router_attach(router, &options, &c->peer)) c->peer = NULL;
}

static void detach(zw_router *router, client *c) {
  if (c->peer) zw_router_detach(router, c->peer);
  c->peer = NULL;
}

static void join(zw_router *router, client *c) {
  zw_msg hello;
  detach(router, c);
  attach(router, c);
  zw_msg_init(&hello, ZW_HELLO);
  hello.uri = ZW_STR("realm1");
  if (c->peer) zw_router_receive(router, c->peer, &hello, NULL);
}

static void message(zw_router *router, client *c, zw_span octets, zw_arena *arena) {
  zw_msg msg;
  zw_diag diag;
  zw_wamp_limits limits = {.legacy = zw_peer_is_legacy(c->peer), .scratch = arena};
  zw_buf *owner = zw_buf_copy(NULL, octets);
  if (!owner) return;
  if (zw_msg_decode(&msg, c->serializer, zw_buf_span(owner), &limits, &diag))
    zw_router_violation(router, c->peer, &diag);
  else
    zw_router_receive(router, c->peer, &msg, owner);
  zw_buf_unref(owner);
  zw_arena_reset(arena);
}

static void frames(zw_router *router, zw_span in, zw_arena *arena) {
  for (size_t at = 0; at + 2 <= in.len;) {
    client *c = &clients[in.ptr[at] % PEERS];
    unsigned what = in.ptr[at] >> 4;
    size_t len = in.ptr[at + 1], left = in.len - at - 2;
    if (len > left) len = left;
    if (!c->peer || c->closed || what == 15) join(router, c);
    if (!c->peer) return;
    if (what == 14) c->full = !c->full;
    if (what == 13) (void)zw_router_pump(router);
    message(router, c, zw_span_of(in.ptr + at + 2, len), arena);
    at += 2 + len;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const zw_principal principals[] = {{{"joe", 3}, {"operator", 8}, {"secret", 6}}};
  static const enum zw_serializer serializers[PEERS] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  int64_t now = 1700000000000000000;
  zw_arena arena;
  zw_router *router = NULL;
  zw_diag diag;
  zw_router_options options = {.size = sizeof options,
                               .io = {.send = io_send,
                                      .close = io_close,
                                      .has_room = io_has_room,
                                      .clock = io_clock,
                                      .random = {fill, &now},
                                      .ctx = &now}};
  zw_realm_options realm = {.size = sizeof realm,
                            .name = ZW_STR("realm1"),
                            .anonymous_local = true,
                            .principals = principals,
                            .principal_count = 1};
  if (zw_router_create(&router, &options) || zw_router_realm_add(router, &realm, NULL, &diag))
    return 0;
  zw_encoder_init(&encoder, NULL);
  zw_arena_init(&arena, NULL);
  for (int i = 0; i < PEERS; i++) {
    clients[i] = (client){.serializer = serializers[i]};
    /* By the first octet: joined, or about to be. */
    if (size && data[0] >> i & 1)
      attach(router, &clients[i]);
    else
      join(router, &clients[i]);
  }
  if (size) frames(router, zw_span_of(data + 1, size - 1), &arena);
  zw_router_stats stats;
  for (int i = 0; i < PEERS; i++) detach(router, &clients[i]);
  zw_router_stats_get(router, &stats);
  check(!stats.sessions && !stats.subscriptions && !stats.registrations && !stats.lagging);
  zw_router_destroy(router);
  zw_arena_deinit(&arena);
  zw_encoder_deinit(&encoder);
  return 0;
}
