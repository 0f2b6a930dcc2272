/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlexBuffers, value by value: what a [ubyte] field with the attribute `flexbuffer` holds, data
 * without a schema. reflect.h has them as tokens (to JSON and from it), and the writer.
 *
 *   zw_flexbuffer root = zw_flexbuffer_root(octets);          // or X_f_root(v) of generated code
 *   int64_t port = zw_flexbuffer_int(zw_flexbuffer_find(root, ZW_STR("port")));
 *   for (size_t i = 0; i < root.count; i++)
 *     use(zw_flexbuffer_key(root, i), zw_flexbuffer_at(root, i));
 *
 * A value is copied like a number and is valid as long as its octets are; it allocates nothing, and
 * any threads may read it. The octets need not have been verified: every read is inside them, and
 * what leads elsewhere, or is nested more than 64 deep, is absent. Accessors never fail: of what is
 * absent, or of another kind, they give 0, an absent string, or an absent value.
 *
 * Values may be shared, so hostile octets can hold more values than a program lives to visit: who
 * visits all of them calls zw_flexbuffer_verify before, which bounds their number by the length.
 */
#ifndef ZEROWIRE_FLEXBUFFER_H
#define ZEROWIRE_FLEXBUFFER_H

#include "zerowire/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum zw_flexbuffer_kind {
  ZW_FLEXBUFFER_ABSENT = 0, /* no value is there, or it is not valid */
  ZW_FLEXBUFFER_NULL,
  ZW_FLEXBUFFER_BOOL,
  ZW_FLEXBUFFER_INT,
  ZW_FLEXBUFFER_UINT,
  ZW_FLEXBUFFER_FLOAT,
  ZW_FLEXBUFFER_KEY, /* a string that is a key of its writer's pool */
  ZW_FLEXBUFFER_STRING,
  ZW_FLEXBUFFER_BLOB,
  ZW_FLEXBUFFER_VECTOR, /* of any kinds, or all of one */
  ZW_FLEXBUFFER_MAP,    /* a vector of values, in the order of their keys */
};

typedef struct zw_flexbuffer {
  const uint8_t *buf; /* the FlexBuffer; private, as all but `kind` and `count` */
  uint32_t len, at, keys;
  uint32_t count; /* VECTOR, MAP: values; KEY, STRING, BLOB: octets; else 0 */
  uint8_t kind;   /* enum zw_flexbuffer_kind */
  uint8_t width, key_width, element, depth;
} zw_flexbuffer;

/* The root of the octets, which are borrowed. */
ZW_API zw_flexbuffer zw_flexbuffer_root(zw_span bytes);
/* Whether the octets are one valid FlexBuffer: 0, ZW_EVERIFY or ZW_ELIMIT (nested too deep, or more
 * values or text than its length allows), with the offset. Strings are octets: whoever needs UTF-8
 * checks it. */
ZW_API int zw_flexbuffer_verify(zw_span bytes, zw_diag *diag);

/* A number, or a boolean as 0 and 1, as the type asked for: the nearest value that it has, without
 * the fraction; NaN is 0. Of a string 0. */
ZW_API int64_t zw_flexbuffer_int(zw_flexbuffer value);
ZW_API uint64_t zw_flexbuffer_uint(zw_flexbuffer value);
ZW_API double zw_flexbuffer_double(zw_flexbuffer value);
/* Whether a number or boolean is not 0. */
ZW_API bool zw_flexbuffer_bool(zw_flexbuffer value);

/* KEY and STRING: `ptr` is followed by U+0000. */
static inline zw_str zw_flexbuffer_str(zw_flexbuffer value) {
  zw_str text = {NULL, 0};
  if (value.kind != ZW_FLEXBUFFER_KEY && value.kind != ZW_FLEXBUFFER_STRING) return text;
  text.ptr = (const char *)value.buf + value.at;
  text.len = value.count;
  return text;
}
static inline zw_span zw_flexbuffer_blob(zw_flexbuffer value) {
  if (value.kind != ZW_FLEXBUFFER_BLOB) return zw_span_of(NULL, 0);
  return zw_span_of(value.buf + value.at, value.count);
}

/* The value at an index of a vector or map. */
ZW_API zw_flexbuffer zw_flexbuffer_at(zw_flexbuffer value, size_t index);
/* The key at an index of a map. */
ZW_API zw_str zw_flexbuffer_key(zw_flexbuffer map, size_t index);
/* The value with this key, by binary search: keys are in the order of their octets, as every writer
 * leaves them. */
ZW_API zw_flexbuffer zw_flexbuffer_find(zw_flexbuffer map, zw_str key);

#ifdef __cplusplus
}
#endif

#endif
