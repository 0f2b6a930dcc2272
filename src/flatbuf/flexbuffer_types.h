/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlexBuffers from inside: the types, as their octets have them (width in two bits, type above),
 * and values with a reason where there is none.
 */
#ifndef ZEROWIRE_FLATBUF_FLEXBUFFER_TYPES_H
#define ZEROWIRE_FLATBUF_FLEXBUFFER_TYPES_H

#include "zerowire/flexbuffer.h"

#define FLEX_DEPTH_MAX 64

enum flex_type {
  FLEX_NULL = 0,
  FLEX_INT = 1,
  FLEX_UINT = 2,
  FLEX_FLOAT = 3,
  FLEX_KEY = 4,
  FLEX_STRING = 5,
  FLEX_INDIRECT_INT = 6,
  FLEX_INDIRECT_UINT = 7,
  FLEX_INDIRECT_FLOAT = 8,
  FLEX_MAP = 9,
  FLEX_VECTOR = 10,
  FLEX_VECTOR_INT = 11, /* typed vectors follow in the order of the elements */
  FLEX_VECTOR_KEY = 14,
  FLEX_VECTOR_STRING = 15, /* its elements are read as keys: their sizes' width is not known */
  FLEX_VECTOR_INT2 = 16,   /* 2, 3 and 4 elements of INT, UINT, FLOAT each */
  FLEX_VECTOR_FLOAT4 = 24,
  FLEX_BLOB = 25,
  FLEX_BOOL = 26,
  FLEX_VECTOR_BOOL = 36,
};

/* 0, or ZW_EVERIFY or ZW_ELIMIT with the offset and an absent value; `diag` may be NULL. The index
 * is below the count. */
int zw_flex_root(zw_span bytes, zw_flexbuffer *out, zw_diag *diag);
int zw_flex_at(const zw_flexbuffer *vector, uint32_t index, zw_flexbuffer *out, zw_diag *diag);
int zw_flex_key(const zw_flexbuffer *map, uint32_t index, zw_str *out, zw_diag *diag);

#endif
