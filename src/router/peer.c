/* SPDX-License-Identifier: Apache-2.0 */
/* Peers: from the connection to the end of the session, and the ids that they get. */
#include "router_state.h"

/* ---- ids ---------------------------------------------------------------------------------- */

uint64_t zw_random_id(zw_router *router) {
  uint64_t id;
  do {
    uint8_t octets[8];
    router->io.random.fill(router->io.random.ctx, octets, sizeof octets);
    id = zw_load_le64(octets) >> 11;
  } while (id == 0);
  return id;
}

/* xorshift128+: publication ids need to differ, not to be secret. */
static uint64_t next_random(uint64_t state[2]) {
  uint64_t a = state[0], b = state[1];
  state[0] = b;
  a ^= a << 23;
  state[1] = a ^ b ^ (a >> 17) ^ (b >> 26);
  return state[1] + b;
}

uint64_t zw_random_publication(zw_router *router) {
  uint64_t half = (uint64_t)1 << 52;
  return half + 1 + next_random(router->random) % (half - 1);
}

/* ---- attach and detach ---------------------------------------------------------------------- */

static char *copy_text(const zw_alloc *alloc, zw_str *text) {
  zw_str copy = zw_copy_str(alloc, *text);
  char *memory;
  memcpy(&memory, &copy.ptr, sizeof memory);
  *text = copy;
  return memory;
}

int zw_router_attach(zw_router *router, const zw_peer_options *options, zw_peer **out) {
  const zw_alloc *alloc = router->alloc;
  zw_peer *peer = zw_alloc_zero(alloc, sizeof *peer);
  if (!peer) return ZW_ENOMEM;
  peer->router = router;
  peer->options = *options;
  zw_session_init(&peer->session, true);
  zw_hmap_init(&peer->members, alloc);
  zw_hmap_init(&peer->registrations, alloc);
  zw_hmap_init(&peer->calls, alloc);
  zw_hmap_init(&peer->invocations, alloc);
  peer->transport = copy_text(alloc, &peer->options.transport);
  peer->address = copy_text(alloc, &peer->options.address);
  peer->next = router->peers;
  if (peer->next) peer->next->previous = peer;
  router->peers = peer;
  if (!peer->transport || !peer->address) {
    zw_router_detach(router, peer);
    return ZW_ENOMEM;
  }
  *out = peer;
  return 0;
}

void zw_peer_free(zw_peer *peer) {
  const zw_alloc *alloc = peer->router->alloc;
  if (peer->previous)
    peer->previous->next = peer->next;
  else
    peer->router->peers = peer->next;
  if (peer->next) peer->next->previous = peer->previous;
  zw_hmap_deinit(&peer->members);
  zw_hmap_deinit(&peer->registrations);
  zw_hmap_deinit(&peer->calls);
  zw_hmap_deinit(&peer->invocations);
  zw_copy_free(alloc, &peer->options.transport);
  zw_copy_free(alloc, &peer->options.address);
  zw_copy_free(alloc, &peer->authid);
  zw_copy_free(alloc, &peer->mismatch);
  zw_copy_free(alloc, &peer->authrole);
  zw_alloc_free(alloc, peer, sizeof *peer);
}

void zw_peer_leave(zw_peer *peer) {
  zw_member *member;
  zw_registration *registration;
  zw_realm *realm = peer->realm;
  peer->open = false;
  if (!realm) return;
  for (size_t i = 0; (member = zw_hmap_next(&peer->members, &i));) zw_member_remove(member);
  for (size_t i = 0; (registration = zw_hmap_next(&peer->registrations, &i));)
    zw_registration_remove(registration);
  zw_calls_of_gone_peer(peer);
  zw_hmap_remove_id(&realm->sessions, peer->id);
  peer->router->stats.sessions--;
  peer->realm = NULL;
}

void zw_router_detach(zw_router *router, zw_peer *peer) {
  (void)router;
  zw_peer_leave(peer);
  peer->gone = true;
  peer->closing = true;
  if (!peer->references) zw_peer_free(peer);
}

void zw_peer_release(zw_peer *peer) {
  if (!peer) return;
  peer->references--;
  if (peer->gone && !peer->references) zw_peer_free(peer);
}

/* ---- what the owner asks --------------------------------------------------------------------- */

void *zw_peer_user(const zw_peer *peer) { return peer->options.user; }
enum zw_serializer zw_peer_serializer(const zw_peer *peer) { return peer->options.serializer; }
bool zw_peer_is_legacy(const zw_peer *peer) { return peer->legacy; }
bool zw_peer_is_open(const zw_peer *peer) { return peer->open; }
