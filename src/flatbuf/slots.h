/* SPDX-License-Identifier: Apache-2.0 */
/* What verification needs of a table's fields, eight at a time: see zw_slots. */
#ifndef ZEROWIRE_SLOTS_H
#define ZEROWIRE_SLOTS_H

#include "zerowire/flatbuf.h"

/* The number of blocks that hold `field_count` fields. */
static inline unsigned zw_slots_blocks(unsigned field_count) {
  return (field_count + ZW_SLOTS_LANES - 1) / ZW_SLOTS_LANES;
}

/* Octets of a field in its table, and their alignment. */
uint32_t zw_slot_size(const zw_field *field, uint32_t *align);

/* Makes one block from the fields of a table; struct types must have their sizes already. */
void zw_slots_make(const zw_type *type, unsigned block, zw_slots *out);

#endif
