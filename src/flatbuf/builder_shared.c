/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared strings: equal ones are written once. Those that were written so far are found through a
 * table of their references: open addressing over a power of two of slots, 0 in those that are
 * free, at most three quarters of them in use. The text is compared where it lies in the buffer.
 */
#include "builder_memory.h"

#define SLOTS_MIN 64

static zw_str text_at(const zw_builder *b, zw_ref ref) {
  const uint8_t *at = zw_builder_at(b, ref);
  return (zw_str){(const char *)at + 4, zw_load_le32(at)};
}

/* The slot of this text, or the free one where it belongs. */
static uint32_t *find(const zw_builder *b, zw_str text) {
  size_t mask = b->string_capacity - 1;
  size_t at = (size_t)zw_hash64(zw_str_span(text)) & mask;
  while (b->strings[at] && !zw_str_eq(text_at(b, b->strings[at]), text)) at = (at + 1) & mask;
  return &b->strings[at];
}

/* Room for one more. */
static bool make_room(zw_builder *b) {
  if (b->string_count < b->string_capacity / 4 * 3) return true;
  uint32_t *old = b->strings;
  size_t old_capacity = b->string_capacity;
  size_t capacity = old_capacity ? 2 * old_capacity : SLOTS_MIN;
  uint32_t *slots = zw_alloc_zero(b->alloc, capacity * sizeof *slots);
  if (!slots) {
    zw_builder_fail(b, ZW_ENOMEM);
    return false;
  }
  b->strings = slots;
  b->string_capacity = capacity;
  for (size_t i = 0; i < old_capacity; i++)
    if (old[i]) *find(b, text_at(b, old[i])) = old[i];
  zw_alloc_free(b->alloc, old, old_capacity * sizeof *old);
  return true;
}

zw_ref zw_builder_string_shared(zw_builder *b, zw_str text) {
  if (!text.ptr || b->error || !make_room(b)) return 0;
  uint32_t *slot = find(b, text);
  if (*slot) return *slot;
  *slot = zw_builder_string(b, text);
  b->string_count += *slot != 0;
  return *slot;
}
