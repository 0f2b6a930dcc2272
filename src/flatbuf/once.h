/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been copied out of a buffer. Objects of a buffer may be referred to from many places,
 * and those of a hostile one may overlap: what follows every reference anew does work beyond bound.
 * So each object is looked up by its position, and copied once; and all copies together are at most
 * four times the octets of the buffer (of one of 2 GiB and more, whose size a view does not know,
 * any number).
 */
#ifndef ZEROWIRE_ONCE_H
#define ZEROWIRE_ONCE_H

#include "zerowire/flatbuf.h"

typedef struct zw_once_entry zw_once_entry;

typedef struct zw_once {
  zw_hmap map;
  zw_arena arena;
  uint64_t octets; /* that may still be copied */
} zw_once;

void zw_once_init(zw_once *once, const zw_alloc *alloc, uint64_t buffer_size);
void zw_once_deinit(zw_once *once);
/* The copy of the object at this position; `as` is what it was seen as: its type, say. NULL: there
 * is none yet. */
void *zw_once_get(const zw_once *once, uint64_t position, const void *as);
/* Remembers a copy (not NULL): 0 or ZW_ENOMEM. */
int zw_once_set(zw_once *once, uint64_t position, const void *as, void *copy);
/* Pays for `count` octets that are about to be copied: 0 or ZW_ELIMIT. */
int zw_once_pay(zw_once *once, uint64_t count);

/* What the fields of a table take, its offset to the vtable included. */
static inline uint16_t zw_table_inline_size(zw_table t) {
  const uint8_t *p = t.ptr;
  return zw_load_le16(p - (int32_t)zw_load_le32(p) + 2);
}

#endif
