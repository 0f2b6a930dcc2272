/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A FlatBuffer written as flatc writes one: fields where they are added, padding before each,
 * vtables shared with the first equal one. The run time's builder packs tables tighter; this one is
 * for octets that are compared with flatc's.
 */
#ifndef ZEROWIRE_SCHEMA_BFBS_BUFFER_H
#define ZEROWIRE_SCHEMA_BFBS_BUFFER_H

#include "zerowire/base.h"

#define ZW_BFBS_SLOTS_MAX 16

typedef struct zw_bfbs_buffer {
  const zw_alloc *alloc;
  uint8_t *octets; /* reversed: the last octet of the buffer first */
  size_t len, capacity;
  uint32_t *vtables; /* refs */
  size_t vtable_count, vtable_capacity;
  zw_hmap shared; /* hash of a vtable -> its index + 1 */
  size_t align;
  uint32_t slots[ZW_BFBS_SLOTS_MAX]; /* of the open table: where each field is, or 0 */
  uint32_t slot_count, table_start;
  int error;
} zw_bfbs_buffer;

/* An object: its distance from the end; 0: none. */
typedef uint32_t zw_bfbs_ref;

void zw_bfbs_init(zw_bfbs_buffer *b, const zw_alloc *alloc);
void zw_bfbs_deinit(zw_bfbs_buffer *b);
zw_bfbs_ref zw_bfbs_string(zw_bfbs_buffer *b, zw_str text);
zw_bfbs_ref zw_bfbs_vector(zw_bfbs_buffer *b, const zw_bfbs_ref *refs, size_t count);
void zw_bfbs_table(zw_bfbs_buffer *b);
/* A scalar of `size` octets that is left out if it is the default. */
void zw_bfbs_add(zw_bfbs_buffer *b, unsigned slot, uint64_t value, uint64_t preset, size_t size);
void zw_bfbs_add_ref(zw_bfbs_buffer *b, unsigned slot, zw_bfbs_ref ref); /* 0: left out */
zw_bfbs_ref zw_bfbs_table_end(zw_bfbs_buffer *b);
/* Closes the buffer and copies it, in its order, to `out` of b->len octets (call with NULL first).
 */
int zw_bfbs_finish(zw_bfbs_buffer *b, zw_bfbs_ref root, const char identifier[4]);
void zw_bfbs_copy(const zw_bfbs_buffer *b, uint8_t *out);

#endif
