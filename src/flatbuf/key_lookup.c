/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys of elements: their order, and the search for one in a sorted vector. The search keeps this
 * invariant: every element before `low` is less than the key, none from `high` on is. So it ends at
 * the first of several elements that have the key.
 */
#include "key_lookup.h"

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

int zw_compare_scalars(enum zw_base_type base, zw_scalar a, zw_scalar b) {
  if (zw_base_is_float(base)) return (a.d > b.d) - (a.d < b.d);
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

static int compare_element(zw_vec v, size_t i, const zw_type *element, const zw_field *key,
                           const wanted *to) {
  if (!element->is_struct) return compare_table(zw_vec_table(v, i), key, to);
  return compare_at(key, zw_vec_struct(v, i, element->size) + key->offset, to);
}

static size_t find(zw_vec v, const zw_type *element, const zw_field *key, const wanted *to) {
  size_t low = 0, high = v.ptr ? v.count : 0;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_element(v, middle, element, key, to) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  bool found = v.ptr && low < v.count && compare_element(v, low, element, key, to) == 0;
  return found ? low : ZW_NO_INDEX;
}

size_t zw_vec_find_scalar(zw_vec v, const zw_type *element, zw_scalar key) {
  const zw_field *field = zw_key_field(element);
  if (!field || !zw_base_is_scalar(field->base)) return ZW_NO_INDEX;
  return find(v, element, field, &(wanted){.scalar = key});
}

size_t zw_vec_find_str(zw_vec v, const zw_type *element, zw_str key) {
  const zw_field *field = zw_key_field(element);
  if (!field || field->base != ZW_T_STRING) return ZW_NO_INDEX;
  return find(v, element, field, &(wanted){.text = key});
}

size_t zw_vec_find_stored(zw_vec v, const zw_type *element, const uint8_t *key) {
  const zw_field *field = zw_key_field(element);
  bool stored = field && (field->base == ZW_T_ARRAY || field->base == ZW_T_OBJ);
  return stored ? find(v, element, field, &(wanted){.stored = key}) : ZW_NO_INDEX;
}
