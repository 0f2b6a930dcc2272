/* SPDX-License-Identifier: Apache-2.0 */
/* The elements of a vector: how they are aligned, and how many octets they take. */
#ifndef ZEROWIRE_VECTOR_ELEMENTS_H
#define ZEROWIRE_VECTOR_ELEMENTS_H

#include "zerowire/flatbuf.h"

static inline size_t zw_element_size(const zw_field *field) {
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  return is_struct ? field->type->size : zw_base_size((enum zw_base_type)field->element);
}

/* For a vector of `count` elements: what its elements need, its force_align asks for, or the buffer
 * in it was built with. */
static inline size_t zw_vector_align(const zw_field *field, size_t count) {
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  size_t align = is_struct ? field->type->align : zw_element_size(field);
  if (field->flags & ZW_F_NESTED) align = zw_nested_align(count);
  if (field->flags & ZW_F_FLEXBUFFER) align = 8;
  return field->align > align ? field->align : align;
}

/* Whether elements are references. */
static inline bool zw_elements_refer(const zw_field *field) {
  return field->element == ZW_T_STRING || field->element == ZW_T_UNION ||
         (field->element == ZW_T_OBJ && !field->type->is_struct);
}

/* What a vector is seen as: the same for all fields that want their elements alike; NULL: as no
 * other, since what the elements of a vector of unions are is said by another vector. */
static inline const void *zw_vector_kind(const zw_field *field) {
  static const char kinds[ZW_T_VECTOR64 + 1] = {0};
  if (field->element == ZW_T_UNION) return NULL;
  if (field->align || field->flags & (ZW_F_NESTED | ZW_F_FLEXBUFFER)) return field;
  return field->element == ZW_T_OBJ ? (const void *)&field->type->fields : &kinds[field->element];
}

/* Octets of a vector's length. */
static inline unsigned zw_length_size(const zw_field *field) {
  return field->base == ZW_T_VECTOR64 ? 8 : 4;
}

#endif
