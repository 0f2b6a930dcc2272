/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables under construction. The fields of open tables wait on a stack, an entry each, with its
 * value; the innermost table's frame is in the builder, those around it are on the stack below its
 * entries. A table is written when it ends: its fields by falling alignment, so that there is no
 * padding between them, and below it its vtable, which is given up again if an equal one was
 * written before (the last VTABLES_SEARCHED are compared).
 *
 * A frame counts the octets of each alignment in lanes of 16 bits of one number. One multiplication
 * makes of them where the fields of each alignment begin, and one pass over the entries writes
 * them, a lane growing with each. No lane runs over: their sum is checked first where the stack
 * holds enough for it.
 */
#include "builder_memory.h"

#define VTABLES_SEARCHED 16
#define ID_MAX ((UINT16_MAX - 4) / 2 - 1) /* a vtable has at most 65534 octets */
#define STACK_MAX INT32_MAX
#define TABLE_MAX UINT16_MAX

#define LANES UINT64_C(0x0001000100010001) /* 1 in each */

static inline uint16_t lane(uint64_t lanes, unsigned shift) { return (uint16_t)(lanes >> shift); }

/* ---- the stack ---- */

static bool grow_stack(zw_builder *b, size_t size) {
  void *stack = b->stack;
  int error = size > STACK_MAX || b->stack_len > STACK_MAX - size
                  ? ZW_ELIMIT
                  : zw_array_reserve(b->alloc, &stack, &b->stack_capacity, b->stack_len + size, 1);
  b->stack = stack;
  b->stack_limit = b->stack_capacity;
  zw_builder_fail(b, error);
  return error == 0;
}

void zw_builder_table_start_slow_(zw_builder *b) {
  if (b->error) return;
  if (b->stack_capacity - b->stack_len < sizeof b->table && !grow_stack(b, sizeof b->table)) return;
  memcpy(b->stack + b->stack_len, &b->table, sizeof b->table);
  b->stack_len += sizeof b->table;
  b->table = (zw_open_table_){.begin = (uint32_t)b->stack_len};
  b->open++;
}

zw_builder_entry_ *zw_builder_entry_slow_(zw_builder *b, uint64_t value, unsigned id, unsigned kind,
                                          size_t size, unsigned shift) {
  bool can = b->open && id <= ID_MAX;
  if (!can || size > TABLE_MAX) zw_builder_fail(b, can ? ZW_ELIMIT : ZW_EINVAL);
  if (b->error || !grow_stack(b, sizeof(zw_builder_entry_) + size + 7)) return NULL;
  return zw_builder_entry_of_(b, value, id, kind, size, shift);
}

/* ---- by descriptor ---- */

void zw_builder_add_optional(zw_builder *b, unsigned id, enum zw_base_type base, zw_scalar value) {
  uint8_t stored[8] = {0};
  zw_scalar_store(stored, base, value);
  uint64_t raw = zw_load_le64(stored);
  size_t size = zw_base_size(base);
  zw_builder_entry_of_(b, raw, id, (unsigned)size, size, ZW_ENTRY_SHIFT_(size));
}

void zw_builder_add_scalar(zw_builder *b, unsigned id, enum zw_base_type base, zw_scalar value,
                           zw_scalar preset) {
  if (base == ZW_T_FLOAT)
    zw_builder_add_f32(b, id, (float)value.d, (float)preset.d);
  else if (value.u != preset.u || b->force_defaults)
    zw_builder_add_optional(b, id, base, value);
}

/* ---- the end of a table ---- */

typedef struct layout {
  uint64_t lanes; /* where the next field of each alignment goes: 8, 4, 2, 1 */
  uint32_t wide;  /* the same: 32, 16 */
  uint32_t size, align;
} layout;

static inline const zw_builder_entry_ *entry_at(const zw_builder *b, size_t at) {
  return (const zw_builder_entry_ *)(const void *)(b->stack + at);
}

static inline size_t next_entry(const zw_builder_entry_ *e, size_t at) {
  at += sizeof *e;
  return e->kind == ZW_ENTRY_STRUCT_ ? at + (e->size + 7) / 8 * 8 : at;
}

/* Whether the fields and the offset to the vtable are as many octets as a table may have. */
static bool fits(const zw_builder *b) {
  size_t size = 4;
  for (size_t at = b->table.begin; at < b->stack_len; at = next_entry(entry_at(b, at), at))
    size += entry_at(b, at)->size;
  return size <= TABLE_MAX;
}

static inline layout measure(const zw_open_table_ *table) {
  uint32_t of_32 = lane(table->wide, 0), of_16 = lane(table->wide, 16), first = 4 + of_32 + of_16;
  layout l = {.lanes = first * LANES + table->sizes * (LANES - 1)};
  l.wide = 0x00040004 + (of_32 << 16);
  l.size = lane(l.lanes, 48) + lane(table->sizes, 48);
  l.align = of_32 ? 32 : of_16 ? 16 : lane(table->sizes, 0) ? 8 : 4;
  return l;
}

/* Where a field of this alignment goes; the lane moves behind it. */
static inline uint32_t take(layout *l, const zw_builder_entry_ *e) {
  if (e->shift < 64) {
    uint32_t offset = lane(l->lanes, e->shift);
    l->lanes += (uint64_t)e->size << e->shift;
    return offset;
  }
  uint32_t offset = lane(l->wide, e->shift - 64u);
  l->wide += e->size << (e->shift - 64);
  return offset;
}

/* Writes the entries to the table at `at`, and where they are to the vtable, whose slots are 0. */
static inline void write_fields(zw_builder *b, layout l, zw_ref table, uint8_t *at,
                                uint8_t *vtable) {
  uint32_t twice = 0, outside = 0;
  for (size_t i = b->table.begin; i < b->stack_len;) {
    const zw_builder_entry_ *e = entry_at(b, i);
    uint32_t offset = take(&l, e), distance = table - offset - (uint32_t)e->value;
    uint8_t *to = at + offset, *slot = vtable + 4 + 2 * e->id;
    switch (e->kind) {
      case ZW_ENTRY_1_: *to = (uint8_t)e->value; break;
      case ZW_ENTRY_2_: zw_store_le16(to, (uint16_t)e->value); break;
      case ZW_ENTRY_4_: zw_store_le32(to, (uint32_t)e->value); break;
      case ZW_ENTRY_8_: zw_store_le64(to, e->value); break;
      case ZW_ENTRY_REF_:
        zw_store_le32(to, distance);
        outside |= distance;
        break;
      case ZW_ENTRY_REF64_:
        zw_store_le64(to, b->far + (table - offset) - e->value);
        if (e->value > b->far + (table - offset)) outside = UINT32_MAX;
        break;
      default: memcpy(to, e + 1, e->size); break;
    }
    twice |= zw_load_le16(slot);
    zw_store_le16(slot, (uint16_t)offset);
    i = next_entry(e, i);
  }
  if (twice || outside > INT32_MAX) zw_builder_fail(b, ZW_EINVAL);
}

/* Two vtables of the same size, which is even; most have a few fields. */
static inline bool is_same(const uint8_t *a, const uint8_t *b, size_t size) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8)
    if (zw_load_le64(a + i) != zw_load_le64(b + i)) return false;
  for (; i < size; i += 2)
    if (zw_load_le16(a + i) != zw_load_le16(b + i)) return false;
  return true;
}

static inline zw_ref find_vtable(const zw_builder *b, const uint8_t *vtable, size_t size) {
  size_t from = b->vtable_count > VTABLES_SEARCHED ? b->vtable_count - VTABLES_SEARCHED : 0;
  for (size_t i = b->vtable_count; i > from; i--) {
    const uint8_t *other = zw_builder_at(b, b->vtables[i - 1]);
    if (zw_load_le16(other) == size && is_same(other, vtable, size)) return b->vtables[i - 1];
  }
  return 0;
}

/* Remembers the vtable that was written last. */
static bool keep_vtable(zw_builder *b) {
  void *list = b->vtables;
  zw_builder_fail(b, zw_array_reserve(b->alloc, &list, &b->vtable_capacity, b->vtable_count + 1,
                                      sizeof *b->vtables));
  if (b->error) return false;
  b->vtables = list;
  b->vtables[b->vtable_count++] = (zw_ref)b->used;
  return true;
}

/* The start of a table lies 4 octets before a multiple of its largest alignment, so that the fields
 * after the 4 octets of the vtable's offset begin aligned. */
static inline zw_ref write_table(zw_builder *b) {
  if (b->stack_len - b->table.begin > TABLE_MAX - 4 && !fits(b)) {
    zw_builder_fail(b, ZW_ELIMIT);
    return 0;
  }
  layout l = measure(&b->table);
  size_t vtable_size = 4 + 2 * (size_t)b->table.slots;
  uint8_t *table_at = zw_builder_push_(b, l.size, l.align, 4 % l.align);
  zw_ref table = (zw_ref)b->used;
  uint8_t *vtable = table_at ? zw_builder_push_(b, vtable_size, 2, 0) : NULL;
  if (!vtable) return 0;
  table_at = vtable + vtable_size;
  /* The header, which is written next, and at most 2 octets of the table, which has more, are
   * cleared with the slots. */
  for (size_t i = (vtable_size + 2) & 4; i < vtable_size; i += 8) zw_store_le64(vtable + i, 0);
  zw_store_le16(vtable, (uint16_t)vtable_size);
  zw_store_le16(vtable + 2, (uint16_t)l.size);
  write_fields(b, l, table, table_at, vtable);
  if (b->error) return 0;
  zw_ref placed = find_vtable(b, vtable, vtable_size);
  if (placed) {
    b->used -= vtable_size;
    b->top += vtable_size;
  } else if (keep_vtable(b)) {
    placed = (zw_ref)b->used;
  }
  zw_store_le32(table_at, placed - table);
  return placed ? table : 0;
}

zw_ref zw_builder_table_end(zw_builder *b) {
  if (!b->open) zw_builder_fail(b, ZW_EINVAL);
  if (b->error) return 0;
  zw_ref table = write_table(b);
  b->stack_len = b->table.begin;
  if (--b->open) {
    b->stack_len -= sizeof b->table;
    memcpy(&b->table, b->stack + b->stack_len, sizeof b->table);
  } else {
    b->stack_limit = 0;
  }
  return table;
}
