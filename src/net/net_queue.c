/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The output queue of a connection: a ring of parts, and a buffer in which small parts are
 * gathered.
 *
 * What small messages of a turn add to lies in one piece, so that it costs one part of the vectored
 * write however many messages there are. Larger parts are referenced. The account: a copied part
 * costs its length, a mapped one too; a pinned one costs the whole capacity of its owner, once for
 * parts that follow each other: the charge moves to the newest of them, which is the last to go. An
 * owner that is a token, for octets that lie elsewhere, costs those octets.
 *
 * A mapped part does not outlive its turn: what is left of it is copied, or is away until the
 * socket takes more and its sender maps it again. So a slow peer holds neither pages nor memory.
 */
#include <assert.h>

#include "net_inside.h"

static zw_out_part *at(const zw_out *out, uint64_t number) {
  return &out->ring[number & (out->capacity - 1)];
}

static zw_out_part *last(const zw_out *out) {
  return out->count ? at(out, out->first + out->count - 1) : NULL;
}

/* ---- memory ---- */

static zw_buf *copy_buf(zw_loop *loop, size_t len) {
  if (len > ZW_NET_COPY_BUF) return zw_buf_create(loop->alloc, len);
  if (loop->spare_count) return loop->spare[--loop->spare_count];
  return zw_buf_create(loop->alloc, ZW_NET_COPY_BUF);
}

/* The last holder gives the buffer to the loop. */
static void release(zw_loop *loop, zw_buf *buf) {
  bool keep = buf && buf->alloc == loop->alloc && buf->capacity == ZW_NET_COPY_BUF &&
              loop->spare_count < ZW_NET_SPARE && zw_buf_is_sole(buf);
  if (!keep) {
    zw_buf_unref(buf);
    return;
  }
  buf->len = 0;
  loop->spare[loop->spare_count++] = buf;
}

static int reserve(zw_loop *loop, zw_out *out, size_t more) {
  size_t need = out->count + more, capacity = out->capacity ? out->capacity : 8;
  if (need <= out->capacity) return 0;
  while (capacity < need) capacity *= 2;
  zw_out_part *ring = zw_alloc_get(loop->alloc, capacity * sizeof *ring);
  if (!ring) return ZW_ENOMEM;
  for (uint64_t n = out->first; n < out->first + out->count; n++)
    ring[n & (capacity - 1)] = *at(out, n);
  zw_alloc_free(loop->alloc, out->ring, out->capacity * sizeof *ring);
  out->ring = ring;
  out->capacity = capacity;
  return 0;
}

/* An idle connection keeps a small ring and no buffer. */
static void shrink(zw_loop *loop, zw_out *out) {
  release(loop, out->copy);
  out->copy = NULL;
  if (out->capacity <= 32) return;
  zw_alloc_free(loop->alloc, out->ring, out->capacity * sizeof *out->ring);
  out->ring = NULL;
  out->capacity = 0;
}

void zw_out_clear(zw_loop *loop, zw_out *out) {
  for (; out->count; out->first++, out->count--)
    if (at(out, out->first)->owner) release(loop, at(out, out->first)->owner);
  shrink(loop, out);
  zw_alloc_free(loop->alloc, out->ring, out->capacity * sizeof *out->ring);
  *out = (zw_out){0};
}

/* ---- adding ---- */

uint8_t *zw_out_room(zw_loop *loop, zw_out *out, size_t len) {
  if (reserve(loop, out, 1)) return NULL;
  if (!out->copy || out->copy->capacity - out->copy->len < len) {
    zw_buf *fresh = copy_buf(loop, len);
    if (!fresh) return NULL;
    release(loop, out->copy);
    out->copy = fresh;
  }
  return out->copy->data + out->copy->len;
}

static zw_out_part *add(zw_out *out, const uint8_t *ptr, size_t len, zw_buf *owner,
                        enum zw_out_kind kind) {
  assert(out->count < out->capacity);
  zw_out_part *part = at(out, out->first + out->count++);
  *part = (zw_out_part){.ptr = ptr, .len = len, .owner = owner, .charge = len, .kind = kind};
  out->waiting += len;
  return part;
}

void zw_out_commit(zw_out *out, size_t len) {
  uint8_t *ptr = out->copy->data + out->copy->len;
  zw_out_part *part = last(out);
  out->copy->len += len;
  out->charged += len;
  if (part && part->kind == ZW_OUT_COPIED && part->owner == out->copy &&
      part->ptr + part->len == ptr) {
    part->len += len;
    part->charge += len;
    out->waiting += len;
  } else {
    add(out, ptr, len, zw_buf_ref(out->copy), ZW_OUT_COPIED);
  }
}

static size_t pinned_by(const zw_part *part) {
  return part->owner->capacity > part->bytes.len ? part->owner->capacity : part->bytes.len;
}

static void add_pinned(zw_out *out, zw_part part) {
  size_t charge = pinned_by(&part);
  if (out->count && out->pinned_last >= out->first) {
    zw_out_part *before = at(out, out->pinned_last);
    if (before->kind == ZW_OUT_PINNED && before->owner == part.owner &&
        before->charge == part.owner->capacity) {
      out->charged -= before->charge;
      before->charge = 0;
    }
  }
  out->pinned_last = out->first + out->count;
  add(out, part.bytes.ptr, part.bytes.len, zw_buf_ref(part.owner), ZW_OUT_PINNED)->charge = charge;
  out->charged += charge;
}

static void add_mapped(zw_out *out, zw_part part) {
  add(out, part.bytes.ptr, part.bytes.len, NULL, ZW_OUT_MAPPED)->again = part.again;
  out->charged += part.bytes.len;
  out->mapped++;
}

uint64_t zw_out_cost(const zw_part *parts, size_t count) {
  uint64_t cost = 0;
  const zw_buf *owner = NULL;
  for (size_t i = 0; i < count; i++) {
    if (parts[i].bytes.len <= ZW_NET_COPY_MAX || !parts[i].owner) {
      cost += parts[i].bytes.len;
    } else if (parts[i].owner != owner || parts[i].bytes.len > owner->capacity) {
      owner = parts[i].owner;
      cost += pinned_by(&parts[i]);
    }
  }
  return cost;
}

int zw_out_push(zw_loop *loop, zw_out *out, const zw_part *parts, size_t count) {
  size_t small = 0;
  for (size_t i = 0; i < count; i++)
    if (parts[i].bytes.len <= ZW_NET_COPY_MAX) small += parts[i].bytes.len;
  if (reserve(loop, out, count + 1) || (small && !zw_out_room(loop, out, small))) return ZW_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    zw_span bytes = parts[i].bytes;
    if (bytes.len == 0) continue;
    if (bytes.len <= ZW_NET_COPY_MAX) {
      memcpy(out->copy->data + out->copy->len, bytes.ptr, bytes.len);
      zw_out_commit(out, bytes.len);
    } else if (parts[i].owner) {
      add_pinned(out, parts[i]);
    } else {
      add_mapped(out, parts[i]);
    }
  }
  return 0;
}

/* ---- taking ---- */

uint16_t zw_out_gather(const zw_out *out, struct iovec *iov, uint16_t max) {
  uint16_t n = out->count < max ? (uint16_t)out->count : max;
  for (uint16_t i = 0; i < n; i++) {
    const zw_out_part *part = at(out, out->first + i);
    union {
      const uint8_t *from;
      void *to;
    } base = {part->ptr}; /* writev does not write there, but its type says so */
    iov[i] = (struct iovec){base.to, part->len};
  }
  return n;
}

static void drop_first(zw_loop *loop, zw_out *out) {
  zw_out_part *part = at(out, out->first);
  out->charged -= part->charge;
  out->mapped -= part->kind == ZW_OUT_MAPPED;
  if (part->kind == ZW_OUT_COPIED)
    release(loop, part->owner);
  else
    zw_buf_unref(part->owner);
  out->first++;
  out->count--;
}

void zw_out_taken(zw_loop *loop, zw_out *out, size_t n) {
  out->waiting -= n;
  while (n) {
    zw_out_part *part = at(out, out->first);
    if (part->len > n) {
      part->ptr += n;
      part->len -= n;
      part->taken += n;
      return;
    }
    n -= part->len;
    drop_first(loop, out);
  }
  if (out->count == 0) shrink(loop, out);
}

static int copy_out(zw_loop *loop, zw_out *out, zw_out_part *part) {
  zw_buf *own = zw_buf_copy(loop->alloc, zw_span_of(part->ptr, part->len));
  if (!own) return ZW_ENOMEM;
  out->charged -= part->charge - part->len;
  *part = (zw_out_part){
      .ptr = own->data, .len = part->len, .owner = own, .charge = part->len, .kind = ZW_OUT_COPIED};
  return 0;
}

int zw_out_unmap(zw_loop *loop, zw_out *out) {
  for (uint64_t n = out->first; out->mapped && n < out->first + out->count; n++) {
    zw_out_part *part = at(out, n);
    if (part->kind != ZW_OUT_MAPPED) continue;
    if (part->again) {
      part->kind = ZW_OUT_AWAY;
      part->ptr = NULL;
      out->away++;
    } else if (copy_out(loop, out, part)) {
      return ZW_ENOMEM;
    }
    out->mapped--;
  }
  return 0;
}

int zw_out_map_again(zw_conn *conn) {
  zw_out *out = &conn->out;
  /* Whoever was told of the end has forgotten the connection. */
  if (out->away && conn->notified) return ZW_ENOTFOUND;
  for (uint64_t n = out->first; out->away && n < out->first + out->count; n++) {
    zw_out_part *part = at(out, n);
    if (part->kind != ZW_OUT_AWAY) continue;
    const uint8_t *from = conn->shared->options.map(conn, part->again, part->taken + part->len);
    if (!from) return ZW_ENOTFOUND;
    part->ptr = from + part->taken;
    part->kind = ZW_OUT_MAPPED;
    out->mapped++;
    out->away--;
  }
  return 0;
}
