/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits for a commit, and what waits behind it.
 *
 * A peer's pendings stand in the order in which they arrived. The storage commits in the order of
 * submission, so the one that is committed is the head, or becomes it once those before it have
 * come back; behind it plain publications follow at once. Objects are used again: in the steady
 * state nothing is allocated.
 */
#include "router_state.h"

#include <assert.h>

#define KEPT_OCTETS_MAX 1024 /* memory for copies that a pending keeps for its next use */

static zw_pending *pending_make(zw_realm *realm, zw_peer *peer, enum zw_pending_kind kind) {
  zw_router *router = realm->router;
  zw_pending *pending = router->free_pending;
  if (pending) {
    router->free_pending = pending->next;
    pending->next = NULL;
  } else {
    pending = zw_alloc_zero(router->alloc, sizeof *pending);
    if (!pending) return NULL;
    zw_text_init(&pending->kept, router->alloc);
  }
  pending->kind = kind;
  pending->realm = realm;
  pending->peer = peer;
  pending->done = false;
  pending->error = 0;
  if (peer) peer->references++;
  return pending;
}

void zw_pending_free(zw_pending *pending) {
  zw_router *router = pending->realm->router;
  zw_peer *peer = pending->peer;
  assert(!pending->live);
  router->waiting -= pending->pinned;
  if (pending->source && pending->source == router->charged) router->charged = NULL;
  zw_buf_unref(pending->source);
  zw_buf_unref(pending->owner);
  pending->source = pending->owner = NULL;
  pending->pinned = 0;
  zw_text_reset(&pending->kept);
  if (pending->kept.capacity > KEPT_OCTETS_MAX) {
    zw_text_deinit(&pending->kept);
    zw_text_init(&pending->kept, router->alloc);
  }
  pending->next = router->free_pending;
  router->free_pending = pending;
  zw_peer_release(peer);
}

/* ---- what a message refers to ----------------------------------------------------------------- */

/* Members of a PUBLISH or CALL that are read when its turn comes; each is a pointer and a length.
 */
static const size_t kept_members[] = {
    offsetof(zw_msg, uri),
    offsetof(zw_msg, transaction_hash),
    offsetof(zw_msg, ppt_scheme_name),
    offsetof(zw_msg, ppt_serializer_name),
    offsetof(zw_msg, ppt_cipher_name),
    offsetof(zw_msg, ppt_keyid),
    offsetof(zw_msg, args),
    offsetof(zw_msg, kwargs),
    offsetof(zw_msg, payload),
};
#define KEPT_COUNT (sizeof kept_members / sizeof *kept_members)

static bool lies_in(zw_span span, const zw_buf *buf) {
  if (!buf || !buf->data) return false;
  uintptr_t begin = (uintptr_t)buf->data, at = (uintptr_t)span.ptr;
  return at >= begin && at - begin <= buf->len && span.len <= buf->len - (at - begin);
}

static zw_span load_member(const zw_msg *msg, size_t i) {
  zw_span span;
  memcpy(&span, (const char *)msg + kept_members[i], sizeof span);
  return span;
}

/* What the pending holds on to. A buffer in which many small messages came is charged to the first
 * of them that waits. */
static void charge(zw_pending *pending, const zw_buf *source, const zw_buf *owner) {
  zw_router *router = pending->realm->router;
  pending->pinned = sizeof *pending + pending->kept.len;
  if (owner && owner != source && owner != router->charged) pending->pinned += owner->capacity;
  if (source && source != router->charged) {
    pending->pinned += source->capacity;
    router->charged = source;
  }
  router->waiting += pending->pinned;
}

/* References both buffers; copies what lies in neither. */
static int keep(zw_pending *pending, const zw_msg *msg, zw_buf *source, zw_buf *owner) {
  size_t offsets[KEPT_COUNT];
  pending->msg = *msg;
  pending->source = zw_buf_ref(source);
  pending->owner = zw_buf_ref(owner);
  for (size_t i = 0; i < KEPT_COUNT; i++) {
    zw_span span = load_member(msg, i);
    offsets[i] = SIZE_MAX;
    if (!span.len || lies_in(span, source) || lies_in(span, owner)) continue;
    offsets[i] = pending->kept.len;
    zw_text_add(&pending->kept, span.ptr, span.len);
  }
  for (size_t i = 0; i < KEPT_COUNT && !pending->kept.error; i++) {
    if (offsets[i] == SIZE_MAX) continue;
    zw_span span = load_member(msg, i);
    span.ptr = (const uint8_t *)pending->kept.ptr + offsets[i];
    memcpy((char *)&pending->msg + kept_members[i], &span, sizeof span);
  }
  if (pending->kept.error) return pending->kept.error;
  charge(pending, source, owner);
  return 0;
}

zw_pending *zw_pending_kept(zw_realm *realm, zw_peer *peer, enum zw_pending_kind kind,
                            const zw_msg *msg, zw_buf *source, zw_buf *owner) {
  zw_pending *pending = pending_make(realm, peer, kind);
  if (!pending || !keep(pending, msg, source, owner)) return pending;
  zw_pending_free(pending);
  return NULL;
}

int zw_pending_no_memory(zw_diag *diag) {
  return zw_fail(diag, ZW_ENOMEM, "The router has no memory for what waits for a commit.");
}

/* ---- lists ---------------------------------------------------------------------------------------- */

void zw_pending_push(zw_pending *pending) {
  zw_peer *peer = pending->peer;
  if (!peer) return;
  if (peer->queue_tail)
    peer->queue_tail->next = pending;
  else
    peer->queue = pending;
  peer->queue_tail = pending;
}

void zw_pending_pop(zw_pending *pending) {
  zw_peer *peer = pending->peer;
  if (!peer) return;
  zw_pending *before = NULL;
  for (zw_pending *p = peer->queue; p != pending; p = p->next) before = p;
  if (before)
    before->next = NULL;
  else
    peer->queue = NULL;
  peer->queue_tail = before;
}

void zw_pending_track(zw_pending *pending) {
  zw_router *router = pending->realm->router;
  pending->live = true;
  pending->live_previous = NULL;
  pending->live_next = router->live_pending;
  if (pending->live_next) pending->live_next->live_previous = pending;
  router->live_pending = pending;
}

void zw_pending_untrack(zw_pending *pending) {
  pending->live = false;
  if (pending->live_previous)
    pending->live_previous->live_next = pending->live_next;
  else
    pending->realm->router->live_pending = pending->live_next;
  if (pending->live_next) pending->live_next->live_previous = pending->live_previous;
}

/* ---- their turn -------------------------------------------------------------------------------------- */

static void finish(zw_pending *pending) {
  if (pending->kind == ZW_PENDING_WRITE)
    zw_map_written(pending);
  else
    zw_publish_finish(pending);
  zw_pending_free(pending);
}

static void drain(zw_peer *peer) {
  zw_pending *pending;
  peer->references++;
  while ((pending = peer->queue) && (pending->kind == ZW_PENDING_PLAIN || pending->done)) {
    peer->queue = pending->next;
    if (!peer->queue) peer->queue_tail = NULL;
    finish(pending);
  }
  zw_peer_release(peer);
}

void zw_pending_settle(zw_pending *pending) {
  if (pending->peer)
    drain(pending->peer);
  else
    finish(pending);
}
