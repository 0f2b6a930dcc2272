/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotation of tables and their vtables. The slots of a vtable that are not 0 are kept, in the
 * order of their offsets: so a table costs what it holds, however long its vtable is, and a field
 * that the schema does not know ends where the next one begins.
 */
#include <stdlib.h>

#include "annotate_walk.h"
#include "slots.h"

/* ---- vtables ---- */

static int compare_slots(const void *left, const void *right) {
  const slot *x = left, *y = right;
  if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
  return x->id < y->id ? -1 : 1;
}

static void keep_slot(annotator *a, unsigned id, unsigned offset) {
  void *memory = a->slots;
  if (!a->error &&
      zw_array_reserve(a->alloc, &memory, &a->slot_capacity, a->slot_count + 1, sizeof(slot)))
    a->error = ZW_ENOMEM;
  a->slots = memory;
  if (!a->error) a->slots[a->slot_count++] = (slot){(uint16_t)id, (uint16_t)offset};
}

/* The parts of a vtable of `octets` octets, all inside. */
static void vtable_parts(annotator *a, uint32_t block, const zw_type *type, unsigned octets) {
  uint64_t at = a->blocks[block].at;
  zw_part part = {.at = at, .len = 2, .index = ZW_NO_ELEMENT, .block = block};
  part.kind = ZW_PART_VTABLE_SIZE;
  zw_annotate_part(a, &part);
  part.kind = ZW_PART_TABLE_SIZE;
  part.at += 2;
  zw_annotate_part(a, &part);
  part.kind = ZW_PART_SLOT;
  size_t first = a->slot_count;
  for (unsigned id = 0; 4 + 2 * id < octets && !a->spent && !a->error; id++) {
    part.at = at + 4 + 2 * id;
    part.index = id;
    part.field = id < type->field_count ? &type->fields[id] : NULL;
    zw_annotate_part(a, &part);
    unsigned offset = zw_load_le16(octets_at(a, part.at));
    if (offset) keep_slot(a, id, offset);
  }
  a->blocks[block].len = octets;
  a->blocks[block].first_slot = (uint32_t)first;
  a->blocks[block].slot_count = (uint32_t)(a->slot_count - first);
  if (a->slot_count > first)
    qsort(a->slots + first, a->slot_count - first, sizeof *a->slots, compare_slots);
}

/* Whether there is a vtable at `at`; says what is wrong, of a table at `table`. */
static bool check_vtable(annotator *a, const space *s, uint64_t table, uint64_t at) {
  if (at > INT64_MAX || at < s->at || at + 4 > s->end) {
    zw_annotate_wrong(a, table, "the vtable would be at %s0x%llx, outside the buffer",
                      at > INT64_MAX ? "-" : "",
                      (unsigned long long)(at > INT64_MAX ? 0 - at : at));
    return false;
  }
  unsigned octets = zw_load_le16(octets_at(a, at));
  if ((at - s->at) % 2)
    zw_annotate_wrong(a, table, "the vtable would be at 0x%llx, which is odd",
                      (unsigned long long)at);
  else if (octets < 4)
    zw_annotate_wrong(a, at, "a vtable has at least 4 octets, this one would have %u", octets);
  else if (octets % 2)
    zw_annotate_wrong(a, at, "a vtable of %u octets: the number must be even", octets);
  else if (at + octets > s->end)
    zw_annotate_wrong(a, at, "a vtable of %u octets leads beyond the end (0x%llx)", octets,
                      (unsigned long long)s->end);
  else
    return true;
  zw_part part = {.at = at, .len = 4, .index = ZW_NO_ELEMENT, .block = ZW_NO_BLOCK};
  part.kind = ZW_PART_DOUBTFUL;
  if (octets > 4) part.len = at + octets < s->end ? octets : s->end - at;
  zw_annotate_weak(a, &part);
  return false;
}

/* The vtable of the table, whose parts are made at first sight; ZW_NO_BLOCK after saying what is
 * wrong. */
static uint32_t find_vtable(annotator *a, uint32_t table) {
  const zw_block *t = &a->blocks[table];
  const space *s = space_of(a, table);
  uint64_t at = t->at - (uint64_t)(int64_t)(int32_t)zw_load_le32(octets_at(a, t->at));
  zw_part part = {.at = t->at,
                  .len = 4,
                  .index = ZW_NO_ELEMENT,
                  .block = table,
                  .kind = ZW_PART_VTABLE,
                  .target = at <= INT64_MAX && at >= s->at && at < s->end ? at : 0};
  zw_annotate_part(a, &part);
  if (!check_vtable(a, s, t->at, at)) return ZW_NO_BLOCK;
  zw_block vtable = {.at = at,
                     .type = t->type,
                     .owner = table,
                     .index = ZW_NO_ELEMENT,
                     .space = t->space,
                     .kind = ZW_BLOCK_VTABLE};
  uint32_t block = zw_annotate_reach(a, &vtable);
  if (block != ZW_NO_BLOCK && a->blocks[block].users == 1)
    vtable_parts(a, block, vtable.type, zw_load_le16(octets_at(a, at)));
  return block;
}

uint64_t zw_annotate_slot(const annotator *a, uint32_t table, unsigned id) {
  const zw_block *t = &a->blocks[table];
  uint64_t vtable = t->at - (uint64_t)(int64_t)(int32_t)zw_load_le32(octets_at(a, t->at));
  uint32_t at = 4 + 2 * id, align;
  if (at + 2 > zw_load_le16(octets_at(a, vtable))) return 0;
  uint32_t offset = zw_load_le16(octets_at(a, vtable + at));
  uint32_t size = zw_slot_size(&t->type->fields[id], &align);
  return offset >= 4 && offset + size <= t->len ? t->at + offset : 0;
}

/* ---- fields ---- */

static void add_unknown(annotator *a, uint32_t table, const slot *s, unsigned end) {
  zw_part part = {.at = a->blocks[table].at + s->offset,
                  .index = s->id,
                  .block = table,
                  .kind = ZW_PART_UNKNOWN};
  if (s->offset < 4 || s->offset >= end)
    return zw_annotate_note(a, a->blocks[table].at,
                            "field %u, which the schema does not know, is out of its table", s->id);
  part.len = end - s->offset;
  zw_annotate_part(a, &part);
}

static void add_field(annotator *a, uint32_t table, const zw_field *field, unsigned offset) {
  const zw_block *t = &a->blocks[table];
  uint32_t align, size = zw_slot_size(field, &align);
  zw_part part = {.at = t->at + offset,
                  .len = size,
                  .index = ZW_NO_ELEMENT,
                  .field = field,
                  .block = table,
                  .kind = ZW_PART_SCALAR,
                  .base = field->base};
  if (offset < 4 || offset + size > t->len)
    return zw_annotate_wrong(
        a, t->at, "the vtable puts %.*s at +%u, with %u octets: out of the table, which has %u",
        ZW_ARG(field->name), offset, size, (unsigned)t->len);
  if (!is_aligned(a, space_of(a, table), part.at, align))
    zw_annotate_wrong(a, part.at, "%.*s is not aligned: 0x%llx is no multiple of %u",
                      ZW_ARG(field->name), (unsigned long long)part.at, align);
  if (zw_base_is_scalar(field->base))
    zw_annotate_part(a, &part);
  else if (field->base == ZW_T_OBJ && field->type->is_struct)
    zw_annotate_members(a, &part, field->type, part.at);
  else
    zw_annotate_reference(a, table, field, part.at);
}

static void add_fields(annotator *a, uint32_t table, uint32_t vtable) {
  const zw_type *type = a->blocks[table].type;
  uint32_t first = a->blocks[vtable].first_slot, count = a->blocks[vtable].slot_count;
  for (uint32_t i = 0, next = 0; i < count; i++) {
    slot s = a->slots[first + i];
    unsigned end = (unsigned)a->blocks[table].len;
    while (next < count && a->slots[first + next].offset <= s.offset) next++;
    if (next < count && a->slots[first + next].offset < end) end = a->slots[first + next].offset;
    if (!zw_annotate_pay(a, a->blocks[table].at, 1)) return;
    if (s.id < type->field_count)
      add_field(a, table, &type->fields[s.id], s.offset);
    else
      add_unknown(a, table, &s, end);
  }
}

static void check_required(annotator *a, uint32_t table, uint64_t vtable) {
  const zw_type *type = a->blocks[table].type;
  unsigned octets = zw_load_le16(octets_at(a, vtable));
  for (unsigned id = 0; id < type->field_count; id++) {
    if (!(type->fields[id].flags & ZW_F_REQUIRED)) continue;
    if (4 + 2 * id + 2 <= octets && zw_load_le16(octets_at(a, vtable + 4 + 2 * id))) continue;
    zw_annotate_wrong(a, a->blocks[table].at, "%.*s is missing, and required",
                      ZW_ARG(type->fields[id].name));
  }
}

void zw_annotate_table(annotator *a, uint32_t block) {
  uint32_t vtable = find_vtable(a, block);
  zw_block *t = &a->blocks[block];
  t->len = 4;
  if (vtable == ZW_NO_BLOCK) return;
  uint64_t vtable_at = a->blocks[vtable].at;
  unsigned size = zw_load_le16(octets_at(a, vtable_at + 2));
  uint64_t end = space_of(a, block)->end;
  if (size < 4)
    return zw_annotate_wrong(a, vtable_at + 2,
                             "a table has at least 4 octets, this one would have %u", size);
  if (t->at + size > end)
    return zw_annotate_wrong(a, t->at, "the table, of %u octets, leads beyond the end (0x%llx)",
                             size, (unsigned long long)end);
  t->len = size;
  if (!(a->flags & ZW_VERIFY_NO_REQUIRED)) check_required(a, block, vtable_at);
  add_fields(a, block, vtable);
}
