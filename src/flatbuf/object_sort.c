/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting vectors by the `key` of their elements, in the order that lookups expect (key_lookup.h).
 * What is in order already is left alone; else a stable merge sort over element numbers, and one
 * pass that puts the elements in that order.
 */
#include "builder_memory.h"
#include "key_lookup.h"
#include "object.h"

typedef struct sorter {
  const zw_field *key;
  const uint8_t *elements; /* structs */
  size_t size;             /* of a struct; 0: tables */
  zw_table base;           /* tables: the buffer so far */
  const zw_ref *refs;
  uint32_t used; /* distance of the buffer's start from its end */
} sorter;

static zw_table table_at(const sorter *s, size_t i) {
  zw_table t = s->base;
  t.pos = s->used - s->refs[i];
  t.ptr += t.pos;
  return t;
}

/* What is absent is before all else, but for scalars, which have a default. */
static int compare_slots(const zw_field *key, const uint8_t *a, const uint8_t *b) {
  enum zw_base_type base = (enum zw_base_type)key->base;
  if (zw_base_is_scalar(base))
    return zw_compare_scalars(base, a ? zw_scalar_load(a, base) : key->preset,
                              b ? zw_scalar_load(b, base) : key->preset);
  return a && b ? zw_compare_stored(key, a, b) : (a != NULL) - (b != NULL);
}

static int compare(const sorter *s, size_t a, size_t b) {
  size_t offset = s->key->offset;
  if (s->size)
    return compare_slots(s->key, s->elements + a * s->size + offset,
                         s->elements + b * s->size + offset);
  zw_table ta = table_at(s, a), tb = table_at(s, b);
  if (s->key->base == ZW_T_STRING)
    return zw_compare_texts(zw_table_str(ta, s->key->id), zw_table_str(tb, s->key->id));
  return compare_slots(s->key, zw_table_slot(ta, s->key->id), zw_table_slot(tb, s->key->id));
}

static bool is_sorted(const sorter *s, size_t count) {
  for (size_t i = 1; i < count; i++) {
    if (compare(s, i - 1, i) > 0) return false;
  }
  return true;
}

/* Merges runs of `width` from `in` to `out`. */
static void merge_pass(const sorter *s, const uint32_t *in, uint32_t *out, size_t count,
                       size_t width) {
  for (size_t start = 0; start < count; start += 2 * width) {
    size_t middle = start + width < count ? start + width : count;
    size_t end = start + 2 * width < count ? start + 2 * width : count;
    size_t a = start, b = middle;
    for (size_t i = start; i < end; i++) {
      bool left = a < middle && (b == end || compare(s, in[a], in[b]) <= 0);
      out[i] = left ? in[a++] : in[b++];
    }
  }
}

/* The order of the elements, in the first half of `work`, which holds 2 * count numbers, or in the
 * second. */
static const uint32_t *sort_order(const sorter *s, uint32_t *work, size_t count) {
  uint32_t *in = work, *out = work + count;
  for (size_t i = 0; i < count; i++) in[i] = (uint32_t)i;
  for (size_t width = 1; width < count; width *= 2) {
    merge_pass(s, in, out, count, width);
    uint32_t *swap = in;
    in = out;
    out = swap;
  }
  return in;
}

/* Puts elements of `size` octets into the sorter's order. */
static int reorder(const sorter *s, uint8_t *elements, size_t size, size_t count,
                   const zw_alloc *alloc) {
  if (count > UINT32_MAX) return ZW_ELIMIT;
  size_t work_size = 2 * count * sizeof(uint32_t);
  uint32_t *work = zw_alloc_get(alloc, work_size);
  uint8_t *copy = zw_alloc_get(alloc, count * size);
  if (work && copy) {
    const uint32_t *order = sort_order(s, work, count);
    memcpy(copy, elements, count * size);
    for (size_t i = 0; i < count; i++) memcpy(elements + i * size, copy + order[i] * size, size);
  }
  int e = work && copy ? 0 : ZW_ENOMEM;
  zw_alloc_free(alloc, copy, count * size);
  zw_alloc_free(alloc, work, work_size);
  return e;
}

int zw_sort_tables(const zw_builder *b, const zw_type *type, zw_ref *refs, size_t count) {
  const zw_field *key = zw_key_field(type);
  if (!key) return 0;
  sorter s = {.key = key, .refs = refs, .used = (uint32_t)b->used};
  s.base = (zw_table){zw_builder_at(b, b->used), (uint32_t)(b->used - b->tail), 0};
  if (is_sorted(&s, count)) return 0;
  return reorder(&s, (uint8_t *)refs, sizeof *refs, count, b->alloc);
}

int zw_sort_structs(const zw_type *type, uint8_t *structs, size_t count, const zw_alloc *alloc) {
  const zw_field *key = zw_key_field(type);
  if (!key || !type->size) return 0;
  sorter s = {.key = key, .elements = structs, .size = type->size};
  return is_sorted(&s, count) ? 0 : reorder(&s, structs, type->size, count, alloc);
}
