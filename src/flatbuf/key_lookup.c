/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of elements: their order, and the search for one in a sorted vector. The search keeps this
 * invariant: every element before `low` is less than the key, none from `high` on is. So it ends at
 * the first of several elements that have the key.
 */
#include "key_lookup.h"

#include <math.h>

#include "zerowire/any.h"

/* A key to search for; which member holds it is known from the key's field. */
typedef struct wanted {
  zw_scalar scalar;
  zw_str text;
  const uint8_t *stored;
} wanted;

const zw_field *zw_key_field(const zw_type *type) {
  for (uint16_t i = 0; i < type->field_count; i++)
    if (type->fields[i].flags & ZW_F_KEY) return &type->fields[i];
  return NULL;
}

/* NaN is after all numbers, so that every vector has an order. */
static int compare_floats(double a, double b) {
  if (isnan(a) || isnan(b)) return !!isnan(a) - !!isnan(b);
  return (a > b) - (a < b);
}

int zw_compare_scalars(enum zw_base_type base, zw_scalar a, zw_scalar b) {
  if (zw_base_is_float(base)) return compare_floats(a.d, b.d);
  if (zw_base_is_signed(base)) return (a.i > b.i) - (a.i < b.i);
  return (a.u > b.u) - (a.u < b.u);
}

int zw_compare_texts(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

int zw_compare_structs(const zw_type *type, const uint8_t *a, const uint8_t *b) {
  int order = 0;
  for (uint16_t i = 0; i < type->field_count && order == 0; i++) {
    const zw_field *member = &type->fields[i];
    order = zw_compare_stored(member, a + member->offset, b + member->offset);
  }
  return order;
}

int zw_compare_stored(const zw_field *field, const uint8_t *a, const uint8_t *b) {
  enum zw_base_type base = (enum zw_base_type)field->base;
  size_t count = base == ZW_T_ARRAY ? field->fixed_length : 1;
  if (base == ZW_T_ARRAY) base = (enum zw_base_type)field->element;
  size_t size = base == ZW_T_OBJ ? field->type->size : zw_base_size(base);
  int order = 0;
  for (size_t i = 0; i < count && order == 0; i++, a += size, b += size)
    order = base == ZW_T_OBJ
                ? zw_compare_structs(field->type, a, b)
                : zw_compare_scalars(base, zw_scalar_load(a, base), zw_scalar_load(b, base));
  return order;
}

static int compare_at(const zw_field *key, const uint8_t *at, const wanted *to) {
  if (!zw_base_is_scalar(key->base)) return zw_compare_stored(key, at, to->stored);
  enum zw_base_type base = (enum zw_base_type)key->base;
  return zw_compare_scalars(base, zw_scalar_load(at, base), to->scalar);
}

/* An absent struct is before all others. */
static int compare_table(zw_table table, const zw_field *key, const wanted *to) {
  if (key->base == ZW_T_STRING) return zw_compare_texts(zw_table_str(table, key->id), to->text);
  const uint8_t *at = zw_table_slot(table, key->id);
  if (at) return compare_at(key, at, to);
  if (!zw_base_is_scalar(key->base)) return -1;
  return zw_compare_scalars((enum zw_base_type)key->base, key->preset, to->scalar);
}

/* A vector, wherever it lies; behind a 64-bit offset there is no buffer around it. */
typedef struct list {
  zw_vec vec;
  uint64_t count;
} list;

static list near_list(zw_vec v) { return (list){v, v.count}; }

static list far_list(zw_vec64 v) { return (list){{v.ptr, 0, 0, 0}, v.count}; }

static int compare_element(const list *in, size_t i, const zw_type *element, const zw_field *key,
                           const wanted *to) {
  if (!element->is_struct) return compare_table(zw_vec_table(in->vec, i), key, to);
  return compare_at(key, zw_vec_struct(in->vec, i, element->size) + key->offset, to);
}

static size_t find(list in, const zw_type *element, const zw_field *key, const wanted *to) {
  if (!in.vec.ptr || (!in.vec.len && !element->is_struct)) return ZW_NO_INDEX;
  size_t low = 0, high = (size_t)in.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_element(&in, middle, element, key, to) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  bool found = low < in.count && compare_element(&in, low, element, key, to) == 0;
  return found ? low : ZW_NO_INDEX;
}

static size_t find_scalar(list in, const zw_type *element, zw_scalar key) {
  const zw_field *field = zw_key_field(element);
  if (!field || !zw_base_is_scalar(field->base)) return ZW_NO_INDEX;
  return find(in, element, field, &(wanted){.scalar = key});
}

static size_t find_stored(list in, const zw_type *element, const uint8_t *key) {
  const zw_field *field = zw_key_field(element);
  bool stored = field && (field->base == ZW_T_ARRAY || field->base == ZW_T_OBJ);
  return stored ? find(in, element, field, &(wanted){.stored = key}) : ZW_NO_INDEX;
}

size_t zw_vec_find_scalar(zw_vec v, const zw_type *element, zw_scalar key) {
  return find_scalar(near_list(v), element, key);
}

size_t zw_vec_find_str(zw_vec v, const zw_type *element, zw_str key) {
  const zw_field *field = zw_key_field(element);
  if (!field || field->base != ZW_T_STRING) return ZW_NO_INDEX;
  return find(near_list(v), element, field, &(wanted){.text = key});
}

size_t zw_vec_find_stored(zw_vec v, const zw_type *element, const uint8_t *key) {
  return find_stored(near_list(v), element, key);
}

size_t zw_vec64_find_scalar(zw_vec64 v, const zw_type *element, zw_scalar key) {
  return find_scalar(far_list(v), element, key);
}

size_t zw_vec64_find_stored(zw_vec64 v, const zw_type *element, const uint8_t *key) {
  return find_stored(far_list(v), element, key);
}

/* Structs need no buffer around them. */
size_t zw_any_find(const zw_any *in, const zw_any *key) {
  const zw_type *element = in->element == ZW_T_OBJ ? in->type : NULL;
  const zw_field *field = element ? zw_key_field(element) : NULL;
  if (!field || field->base != key->base || field->type != key->type) return ZW_NO_INDEX;
  if (key->base == ZW_T_STRING) return zw_vec_find_str(in->vector, element, key->text);
  list elements =
      element->is_struct ? far_list((zw_vec64){in->stored, in->count}) : near_list(in->vector);
  if (zw_base_is_scalar(key->base)) return find_scalar(elements, element, key->scalar);
  bool alike = key->base != ZW_T_ARRAY ||
               (key->element == field->element && key->count == field->fixed_length);
  return alike ? find_stored(elements, element, key->stored) : ZW_NO_INDEX;
}
