/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See bfbs_buffer.h. The buffer grows from its end to its start, so its octets are kept reversed in
 * an array that grows upward; a ref is the array's length when the object was complete, which is
 * its distance from the end of the buffer. Each object is padded so that its distance is a multiple
 * of its alignment; `finish` pads the whole to the largest.
 */
#include "bfbs_buffer.h"

void zw_bfbs_init(zw_bfbs_buffer *b, const zw_alloc *alloc) {
  *b = (zw_bfbs_buffer){.alloc = alloc, .align = 1};
  zw_hmap_init(&b->shared, alloc);
}

void zw_bfbs_deinit(zw_bfbs_buffer *b) {
  zw_alloc_free(b->alloc, b->octets, b->capacity);
  zw_alloc_free(b->alloc, b->vtables, b->vtable_capacity * sizeof *b->vtables);
  zw_hmap_deinit(&b->shared);
}

/* ---- octets ---- */

static uint8_t *room(zw_bfbs_buffer *b, size_t len) {
  if (b->error) return NULL;
  if (len > INT32_MAX || b->len > INT32_MAX - len) {
    b->error = ZW_ELIMIT;
    return NULL;
  }
  void *octets = b->octets;
  b->error = zw_array_reserve(b->alloc, &octets, &b->capacity, b->len + len, 1);
  if (b->error) return NULL;
  b->octets = octets;
  uint8_t *at = b->octets + b->len;
  b->len += len;
  return at;
}

static void push(zw_bfbs_buffer *b, const void *octets, size_t len) {
  const uint8_t *from = octets;
  uint8_t *at = room(b, len);
  for (size_t i = 0; at && i < len; i++) at[i] = from[len - 1 - i];
}

/* Zeros, so that `len` octets more end at a multiple of `align`. */
static void prepare(zw_bfbs_buffer *b, size_t len, size_t align) {
  size_t pad = (align - (b->len + len) % align) % align;
  uint8_t *at = pad ? room(b, pad) : NULL;
  if (at) memset(at, 0, pad);
  if (align > b->align) b->align = align;
}

static void push_scalar(zw_bfbs_buffer *b, uint64_t value, size_t size) {
  uint8_t octets[8];
  prepare(b, 0, size);
  zw_store_le64(octets, value);
  push(b, octets, size);
}

static void push_ref(zw_bfbs_buffer *b, zw_bfbs_ref ref) {
  prepare(b, 0, 4);
  push_scalar(b, b->len - ref + 4, 4);
}

/* ---- strings and vectors ---- */

zw_bfbs_ref zw_bfbs_string(zw_bfbs_buffer *b, zw_str text) {
  prepare(b, text.len + 1, 4);
  push(b, "", 1);
  push(b, text.ptr, text.len);
  push_scalar(b, text.len, 4);
  return (zw_bfbs_ref)b->len;
}

zw_bfbs_ref zw_bfbs_vector(zw_bfbs_buffer *b, const zw_bfbs_ref *refs, size_t count) {
  prepare(b, 4 * count, 4);
  for (size_t i = count; i > 0; i--) push_ref(b, refs[i - 1]);
  push_scalar(b, count, 4);
  return (zw_bfbs_ref)b->len;
}

/* ---- tables ---- */

void zw_bfbs_table(zw_bfbs_buffer *b) {
  memset(b->slots, 0, sizeof b->slots);
  b->slot_count = 0;
  b->table_start = (uint32_t)b->len;
}

static void note(zw_bfbs_buffer *b, unsigned slot) {
  b->slots[slot] = (uint32_t)b->len;
  if (slot >= b->slot_count) b->slot_count = slot + 1;
}

void zw_bfbs_add(zw_bfbs_buffer *b, unsigned slot, uint64_t value, uint64_t preset, size_t size) {
  if (value == preset) return;
  push_scalar(b, value, size);
  note(b, slot);
}

void zw_bfbs_add_ref(zw_bfbs_buffer *b, unsigned slot, zw_bfbs_ref ref) {
  if (!ref) return;
  push_ref(b, ref);
  note(b, slot);
}

static size_t build_vtable(const zw_bfbs_buffer *b, uint32_t table,
                           uint8_t out[4 + 2 * ZW_BFBS_SLOTS_MAX]) {
  size_t size = 4 + 2 * b->slot_count;
  zw_store_le16(out, (uint16_t)size);
  zw_store_le16(out + 2, (uint16_t)(table - b->table_start));
  for (uint32_t i = 0; i < b->slot_count; i++)
    zw_store_le16(out + 4 + 2 * i, (uint16_t)(b->slots[i] ? table - b->slots[i] : 0));
  return size;
}

/* The ref of an equal vtable, or of a new one that is pushed. */
static zw_bfbs_ref share_vtable(zw_bfbs_buffer *b, const uint8_t *vtable, size_t size) {
  uint64_t hash = zw_hash64(zw_span_of(vtable, size));
  uintptr_t known = (uintptr_t)zw_hmap_get_id(&b->shared, hash);
  if (known) return b->vtables[known - 1];
  push(b, vtable, size);
  void *list = b->vtables;
  if (!b->error)
    b->error = zw_array_reserve(b->alloc, &list, &b->vtable_capacity, b->vtable_count + 1,
                                sizeof *b->vtables);
  if (b->error) return 0;
  b->vtables = list;
  b->vtables[b->vtable_count++] = (zw_bfbs_ref)b->len;
  b->error = zw_hmap_set_id(&b->shared, hash, (void *)(uintptr_t)b->vtable_count, NULL);
  return (zw_bfbs_ref)b->len;
}

zw_bfbs_ref zw_bfbs_table_end(zw_bfbs_buffer *b) {
  uint8_t vtable[4 + 2 * ZW_BFBS_SLOTS_MAX];
  push_scalar(b, 0, 4);
  if (b->error) return 0;
  uint32_t table = (uint32_t)b->len;
  size_t size = build_vtable(b, table, vtable);
  zw_bfbs_ref shared = share_vtable(b, vtable, size);
  if (b->error) return 0;
  uint8_t distance[4];
  zw_store_le32(distance, shared - table);
  for (size_t i = 0; i < 4; i++) b->octets[table - 1 - i] = distance[i];
  return table;
}

/* ---- the end ---- */

int zw_bfbs_finish(zw_bfbs_buffer *b, zw_bfbs_ref root, const char identifier[4]) {
  prepare(b, 8, b->align < 4 ? 4 : b->align);
  push(b, identifier, 4);
  push_ref(b, root);
  return b->error;
}

void zw_bfbs_copy(const zw_bfbs_buffer *b, uint8_t *out) {
  for (size_t i = 0; i < b->len; i++) out[i] = b->octets[b->len - 1 - i];
}
