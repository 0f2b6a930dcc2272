/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables under construction. The fields of open tables wait on a stack: a frame for each table, in
 * it an entry for each field with its value. A table is written when it ends: its fields by falling
 * alignment, so that there is no padding between them, then its vtable, unless an equal one was
 * written before (the last VTABLES_SEARCHED are compared). The frame counts the octets of each
 * alignment while fields are added, so that one pass over the entries writes them.
 */
#include "builder_memory.h"

#define VTABLES_SEARCHED 16
#define FIELDS_MAX 32766
#define STACK_MAX INT32_MAX

#define ALIGNS 6 /* 1, 2, 4, … ALIGN_MAX */
#define ALIGN_MAX 32

typedef struct frame {
  uint32_t outer;         /* `open` of the enclosing table */
  uint32_t fields;        /* entries that follow */
  uint32_t slots;         /* the largest id + 1 */
  uint32_t sizes[ALIGNS]; /* octets of the fields, by the logarithm of their alignment */
  uint32_t unused;        /* entries are 8-aligned */
} frame;

typedef struct entry {
  uint32_t id;
  uint32_t size;
  uint32_t rank; /* logarithm of the alignment */
  uint32_t ref;  /* VALUE: `size` octets of value follow, padded to 8; FAR: a zw_ref64 follows; else
                   an offset to this object */
  uint64_t value[];
} entry;

#define VALUE 0
#define FAR UINT32_MAX

#define ROUND8(n) (((n) + 7) / 8 * 8)

static bool grow_stack(zw_builder *b, size_t size) {
  void *stack = b->stack;
  if (size > STACK_MAX || b->stack_len > STACK_MAX - size)
    b->error = ZW_ELIMIT;
  else
    b->error = zw_array_reserve(b->alloc, &stack, &b->stack_capacity, b->stack_len + size, 1);
  b->stack = stack;
  return b->error == 0;
}

static inline void *stack_push(zw_builder *b, size_t size) {
  if (b->error) return NULL;
  bool fits = b->stack_capacity - b->stack_len >= size;
  if (!fits && !grow_stack(b, size)) return NULL;
  void *at = b->stack + b->stack_len;
  b->stack_len += size;
  return at;
}

static frame *innermost(zw_builder *b) { return (frame *)(void *)(b->stack + b->open - 1); }
static entry *first_entry(frame *f) { return (entry *)(void *)(f + 1); }
static inline bool has_value(uint32_t ref) { return ref == VALUE || ref == FAR; }
static entry *next_entry(entry *e) {
  return (entry *)(void *)((uint8_t *)(e + 1) + ROUND8(has_value(e->ref) ? e->size : 0));
}

void zw_builder_table_start(zw_builder *b) {
  uint32_t at = (uint32_t)b->stack_len;
  frame *f = stack_push(b, sizeof *f);
  if (!f) return;
  *f = (frame){.outer = b->open};
  b->open = at + 1;
}

static inline void *add_entry(zw_builder *b, unsigned id, size_t size, unsigned rank, zw_ref ref) {
  if (!b->error && (!b->open || id >= FIELDS_MAX)) b->error = ZW_EINVAL;
  entry *e = stack_push(b, sizeof *e + (has_value(ref) ? ROUND8(size) : 0));
  if (!e) return NULL;
  *e = (entry){id, (uint32_t)size, rank, ref};
  frame *f = innermost(b);
  f->fields++;
  f->sizes[rank] += (uint32_t)size;
  if (id >= f->slots) f->slots = id + 1;
  return e->value;
}

static inline unsigned rank_of(size_t align) {
  unsigned rank = 0;
  while (align > 1) {
    align /= 2;
    rank++;
  }
  return rank;
}

/* A value takes 8 octets on the stack, the first `size` of which count. */
static inline void add_raw(zw_builder *b, unsigned id, size_t size, uint64_t raw) {
  uint8_t *at = add_entry(b, id, size, rank_of(size), VALUE);
  if (at) zw_store_le64(at, raw);
}

#define ADD_INTEGER(suffix, ctype)                                                           \
  void zw_builder_add_##suffix(zw_builder *b, unsigned id, ctype value, ctype preset) {      \
    if (value != preset || b->force_defaults) add_raw(b, id, sizeof value, (uint64_t)value); \
  }
ADD_INTEGER(bool, bool)
ADD_INTEGER(u8, uint8_t)
ADD_INTEGER(u16, uint16_t)
ADD_INTEGER(u32, uint32_t)
ADD_INTEGER(u64, uint64_t)
ADD_INTEGER(i8, int8_t)
ADD_INTEGER(i16, int16_t)
ADD_INTEGER(i32, int32_t)
ADD_INTEGER(i64, int64_t)
#undef ADD_INTEGER

/* Bits are compared, so that -0.0 and NaN are kept as they are. */
void zw_builder_add_f32(zw_builder *b, unsigned id, float value, float preset) {
  uint32_t raw, preset_raw;
  memcpy(&raw, &value, sizeof raw);
  memcpy(&preset_raw, &preset, sizeof preset_raw);
  if (raw != preset_raw || b->force_defaults) add_raw(b, id, sizeof raw, raw);
}

void zw_builder_add_f64(zw_builder *b, unsigned id, double value, double preset) {
  uint64_t raw, preset_raw;
  memcpy(&raw, &value, sizeof raw);
  memcpy(&preset_raw, &preset, sizeof preset_raw);
  if (raw != preset_raw || b->force_defaults) add_raw(b, id, sizeof raw, raw);
}

void zw_builder_add_optional(zw_builder *b, unsigned id, enum zw_base_type base, zw_scalar value) {
  size_t size = zw_base_size(base);
  uint8_t *at = add_entry(b, id, size, rank_of(size), VALUE);
  if (at) zw_scalar_store(at, base, value);
}

void zw_builder_add_scalar(zw_builder *b, unsigned id, enum zw_base_type base, zw_scalar value,
                           zw_scalar preset) {
  if (base == ZW_T_FLOAT)
    zw_builder_add_f32(b, id, (float)value.d, (float)preset.d);
  else if (value.u != preset.u || b->force_defaults)
    zw_builder_add_optional(b, id, base, value);
}

void zw_builder_add_ref(zw_builder *b, unsigned id, zw_ref ref) {
  if (ref > INT32_MAX) zw_builder_fail(b, ZW_EINVAL);
  if (ref) add_entry(b, id, 4, 2, ref);
}

void zw_builder_add_ref64(zw_builder *b, unsigned id, zw_ref64 ref) {
  uint64_t *at = ref ? add_entry(b, id, 8, 3, FAR) : NULL;
  if (at) *at = ref;
}

uint8_t *zw_builder_add_struct_uninit(zw_builder *b, unsigned id, size_t size, size_t align) {
  bool fits = align > 0 && align <= ALIGN_MAX && !(align & (align - 1));
  if (!fits) zw_builder_fail(b, ZW_EINVAL);
  return fits ? add_entry(b, id, size, rank_of(align), VALUE) : NULL;
}

void zw_builder_add_struct(zw_builder *b, unsigned id, const void *bytes, size_t size,
                           size_t align) {
  void *at = bytes ? zw_builder_add_struct_uninit(b, id, size, align) : NULL;
  if (at && size) memcpy(at, bytes, size);
}

/* ---- the end of a table ---- */

typedef struct layout {
  uint64_t size;
  uint32_t align;
  uint32_t offsets[ALIGNS]; /* where the fields of each alignment begin */
} layout;

static inline layout measure(const frame *f) {
  layout l = {.size = 4, .align = 4};
  for (unsigned rank = ALIGNS; rank-- > 0;) {
    l.offsets[rank] = (uint32_t)l.size;
    l.size += f->sizes[rank];
    if (f->sizes[rank] && l.align < 1u << rank) l.align = 1u << rank;
  }
  return l;
}

/* Scalars are one move each. */
static inline void copy_value(uint8_t *to, const void *from, size_t size) {
  switch (size) {
    case 0: break;
    case 1: memcpy(to, from, 1); break;
    case 2: memcpy(to, from, 2); break;
    case 4: memcpy(to, from, 4); break;
    case 8: memcpy(to, from, 8); break;
    default: memcpy(to, from, size); break;
  }
}

/* Writes the entries to the table at `at`, and where they are to the vtable. */
static inline void write_fields(zw_builder *b, frame *f, layout *l, uint8_t *at, uint8_t *vtable) {
  zw_ref table = (zw_ref)b->used;
  entry *e = first_entry(f);
  for (uint32_t i = 0; i < f->fields; i++, e = next_entry(e)) {
    uint32_t offset = l->offsets[e->rank];
    uint8_t *slot = vtable + 4 + 2 * e->id;
    if (e->ref == VALUE)
      copy_value(at + offset, e->value, e->size);
    else if (e->ref == FAR)
      zw_store_le64(at + offset, b->far + (table - offset) - e->value[0]);
    else
      zw_store_le32(at + offset, table - offset - e->ref);
    if (zw_load_le16(slot)) zw_builder_fail(b, ZW_EINVAL); /* added twice */
    zw_store_le16(slot, (uint16_t)offset);
    l->offsets[e->rank] = offset + e->size;
  }
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

static zw_ref find_vtable(const zw_builder *b, const uint8_t *vtable, size_t size) {
  size_t from = b->vtable_count > VTABLES_SEARCHED ? b->vtable_count - VTABLES_SEARCHED : 0;
  for (size_t i = b->vtable_count; i > from; i--) {
    const uint8_t *other = zw_builder_at(b, b->vtables[i - 1]);
    if (zw_load_le16(other) == size && is_same(other, vtable, size)) return b->vtables[i - 1];
  }
  return 0;
}

/* `vtable` is on the stack's memory, so that pushing cannot move it. */
static zw_ref place_vtable(zw_builder *b, const uint8_t *vtable, size_t size) {
  zw_ref ref = find_vtable(b, vtable, size);
  if (ref) return ref;
  uint8_t *at = zw_builder_push(b, size, 2, 0);
  void *list = b->vtables;
  if (!at || (b->error = zw_array_reserve(b->alloc, &list, &b->vtable_capacity, b->vtable_count + 1,
                                          sizeof *b->vtables)))
    return 0;
  b->vtables = list;
  memcpy(at, vtable, size);
  b->vtables[b->vtable_count++] = (zw_ref)b->used;
  return (zw_ref)b->used;
}

/* The start of a table lies 4 octets before a multiple of its largest alignment, so that the fields
 * after the 4 octets of the vtable's offset begin aligned. */
static zw_ref write_table(zw_builder *b, uint32_t frame_at) {
  frame *f = (frame *)(void *)(b->stack + frame_at);
  layout l = measure(f);
  size_t vtable_size = 4 + 2 * (size_t)f->slots, rounded = ROUND8(vtable_size);
  if (l.size > UINT16_MAX) {
    zw_builder_fail(b, ZW_ELIMIT);
    return 0;
  }
  uint8_t *vtable = stack_push(b, rounded);
  uint8_t *at = vtable ? zw_builder_push(b, l.size, l.align, 4 % l.align) : NULL;
  if (!at) return 0;
  zw_ref table = (zw_ref)b->used;
  for (size_t i = 0; i < rounded; i += 8) zw_store_le64(vtable + i, 0);
  zw_store_le16(vtable, (uint16_t)vtable_size);
  zw_store_le16(vtable + 2, (uint16_t)l.size);
  write_fields(b, (frame *)(void *)(b->stack + frame_at), &l, at, vtable);
  zw_ref placed = b->error ? 0 : place_vtable(b, vtable, vtable_size);
  if (!placed) return 0;
  zw_store_le32(zw_builder_at(b, table), placed - table);
  return table;
}

zw_ref zw_builder_table_end(zw_builder *b) {
  if (!b->error && !b->open) b->error = ZW_EINVAL;
  if (b->error) return 0;
  uint32_t frame_at = b->open - 1;
  uint32_t outer = innermost(b)->outer;
  zw_ref table = write_table(b, frame_at);
  b->stack_len = frame_at;
  b->open = outer;
  return table;
}
