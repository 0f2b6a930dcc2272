/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks of eight fields for the verifier, derived from descriptors: once for a schema by the
 * loader and the compiler, at every table for types that were written by hand.
 */
#include "slots.h"

uint32_t zw_slot_size(const zw_field *field, uint32_t *align) {
  if (field->base == ZW_T_OBJ && field->type->is_struct) {
    *align = field->type->align;
    return field->type->size;
  }
  if (field->flags & ZW_F_OFFSET64) return *align = 8;
  return *align = (uint32_t)zw_base_size((enum zw_base_type)field->base);
}

static void add_field(zw_slots *to, unsigned lane, const zw_field *field) {
  uint32_t align, size = zw_slot_size(field, &align);
  uint8_t bit = (uint8_t)(1u << lane);
  to->size[lane] = size < INT16_MAX ? (uint16_t)size : INT16_MAX;
  to->align[lane] = (uint16_t)(align - 1);
  to->required[lane] = field->flags & ZW_F_REQUIRED ? UINT16_MAX : 0;
  if (to->align_max < align - 1) to->align_max = (uint16_t)(align - 1);
  if (field->base == ZW_T_STRING && !(field->flags & ZW_F_OFFSET64))
    to->strings |= bit;
  else if (!zw_base_is_scalar(field->base) && !(field->base == ZW_T_OBJ && field->type->is_struct))
    to->others |= bit;
}

void zw_slots_make(const zw_type *type, unsigned block, zw_slots *out) {
  unsigned first = block * ZW_SLOTS_LANES;
  *out = (zw_slots){0};
  for (unsigned i = 0; i < ZW_SLOTS_LANES && first + i < type->field_count; i++)
    add_field(out, i, &type->fields[first + i]);
}
