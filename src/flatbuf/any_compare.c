/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of values. Both sides are walked together, so that the walk ends with the smaller one;
 * each was verified, which bounded the walk over it.
 */
#include "key_lookup.h"
#include "zerowire/any.h"

/* Numbers in the order of their values, and those that are equal by their signs. */
static int compare_floats(double a, double b) {
  int64_t x, y;
  if (a < b || a > b) return a < b ? -1 : 1;
  memcpy(&x, &a, sizeof x);
  memcpy(&y, &b, sizeof y);
  if (x < 0) x = (int64_t)(INT64_MAX - (x & INT64_MAX)) - INT64_MAX - 1;
  if (y < 0) y = (int64_t)(INT64_MAX - (y & INT64_MAX)) - INT64_MAX - 1;
  return (x > y) - (x < y);
}

static int compare_scalars(unsigned base, zw_scalar a, zw_scalar b) {
  if (zw_base_is_float(base)) return compare_floats(a.d, b.d);
  return zw_compare_scalars((enum zw_base_type)base, a, b);
}

static int compare_structs(const zw_type *type, const uint8_t *a, const uint8_t *b) {
  int order = 0;
  for (uint16_t i = 0; i < type->field_count && order == 0; i++) {
    zw_any x = zw_any_of_member(a, &type->fields[i]);
    zw_any y = zw_any_of_member(b, &type->fields[i]);
    order = zw_any_compare(&x, &y);
  }
  return order;
}

/* Octets, at once; other elements one by one. */
static int compare_lists(const zw_any *a, const zw_any *b) {
  uint64_t n = a->count < b->count ? a->count : b->count;
  int order = 0;
  if (a->element == ZW_T_UBYTE) {
    order = n ? memcmp(a->stored, b->stored, (size_t)n) : 0;
    n = 0;
  }
  for (size_t i = 0; i < n && order == 0; i++) {
    zw_any x = zw_any_of_element(a, i), y = zw_any_of_element(b, i);
    order = zw_any_compare(&x, &y);
  }
  return order ? order : (a->count > b->count) - (a->count < b->count);
}

int zw_table_compare(const zw_type *type, zw_table a, zw_table b) {
  int order = 0;
  for (uint16_t i = 0; i < type->field_count && order == 0; i++) {
    zw_any x = zw_any_of_field(a, type, &type->fields[i]);
    zw_any y = zw_any_of_field(b, type, &type->fields[i]);
    order = zw_any_compare(&x, &y);
  }
  return order;
}

/* Of two types; only lists may have none. */
static int compare_types(const zw_type *a, const zw_type *b) {
  return zw_compare_texts(a ? a->name : ZW_STR(""), b ? b->name : ZW_STR(""));
}

int zw_any_compare(const zw_any *a, const zw_any *b) {
  if (a->base != b->base) return a->base < b->base ? -1 : 1;
  if (a->type != b->type) return compare_types(a->type, b->type);
  switch (a->base) {
    case ZW_T_NONE: return 0;
    case ZW_T_STRING: return zw_compare_texts(a->text, b->text);
    case ZW_T_VECTOR:
    case ZW_T_VECTOR64:
    case ZW_T_ARRAY: return compare_lists(a, b);
    case ZW_T_OBJ:
      if (a->type->is_struct) return compare_structs(a->type, a->stored, b->stored);
      return zw_table_compare(a->type, a->table, b->table);
    default: return compare_scalars(a->base, a->scalar, b->scalar);
  }
}
