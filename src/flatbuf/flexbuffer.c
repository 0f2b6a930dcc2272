/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlexBuffers, value by value.
 *
 * The root's type and width are the last two octets, its slot is before them. A slot holds a
 * scalar, or how far back its value begins. A vector has its length before its elements and a type
 * for each behind; a map is a vector with two more words before: how far back its keys are, a
 * vector of keys, and their width. Widths are 1, 2, 4 or 8 octets.
 *
 * Invariant: whatever a value says of itself (its octets, the slots of its elements, their types,
 * the slots of its keys) is inside the buffer; it is absent otherwise. Slots can refer to what
 * holds them, so values know their depth, which is bounded.
 */
#include <math.h>

#include "flexbuffer_types.h"
#include "key_lookup.h"
#include "zerowire/flatbuf.h"

static int refuse(zw_diag *diag, size_t at, const char *what) {
  return zw_fail_at(diag, ZW_EVERIFY, at, "The FlexBuffer is not valid: %s, at octet %zu.", what,
                    at);
}

static uint64_t load(const zw_flexbuffer *of, size_t at, unsigned width) {
  const uint8_t *p = of->buf + at;
  switch (width) {
    case 1: return *p;
    case 2: return zw_load_le16(p);
    case 4: return zw_load_le32(p);
    default: return zw_load_le64(p);
  }
}

static bool in_range(const zw_flexbuffer *of, uint64_t at, uint64_t len) {
  return at <= of->len && len <= of->len - at;
}

static bool is_width(uint64_t width) {
  return width == 1 || width == 2 || width == 4 || width == 8;
}

/* Where the offset in a slot leads. */
static int follow(const zw_flexbuffer *of, size_t at, unsigned width, uint32_t *target,
                  zw_diag *diag) {
  uint64_t back = load(of, at, width);
  if (back > at) return refuse(diag, at, "an offset leads out of the buffer");
  *target = (uint32_t)(at - back);
  return 0;
}

/* The length before a value, and that its elements are inside. */
static int measure(const zw_flexbuffer *of, uint32_t at, unsigned width, unsigned each,
                   uint32_t *count, zw_diag *diag) {
  if (at < width) return refuse(diag, at, "a length is before the buffer");
  uint64_t n = load(of, at - width, width);
  if (n > of->len || !in_range(of, at, n * each))
    return refuse(diag, at, "a length leads out of the buffer");
  *count = (uint32_t)n;
  return 0;
}

/* ---- kinds of values: `v` is where it is, with its width ---- */

static int number(zw_flexbuffer *v, unsigned type, zw_diag *diag) {
  if (type == FLEX_FLOAT && v->width < 4) return refuse(diag, v->at, "a float has no such width");
  if (!in_range(v, v->at, v->width)) return refuse(diag, v->at, "a number is cut off");
  v->kind = (uint8_t)(type - FLEX_INT + ZW_FLEXBUFFER_INT);
  return 0;
}

static int key(zw_flexbuffer *v, zw_diag *diag) {
  const uint8_t *p = v->buf + v->at;
  const uint8_t *end = memchr(p, 0, v->len - v->at);
  if (!end) return refuse(diag, v->at, "a key is not terminated");
  v->kind = ZW_FLEXBUFFER_KEY;
  v->count = (uint32_t)(end - p);
  return 0;
}

static int octets(zw_flexbuffer *v, unsigned type, zw_diag *diag) {
  int e = measure(v, v->at, v->width, 1, &v->count, diag);
  if (e) return e;
  v->kind = type == FLEX_BLOB ? ZW_FLEXBUFFER_BLOB : ZW_FLEXBUFFER_STRING;
  bool ended = type == FLEX_BLOB ||
               (in_range(v, v->at, (uint64_t)v->count + 1) && !v->buf[v->at + v->count]);
  return ended ? 0 : refuse(diag, v->at, "a string is not terminated");
}

static int map_keys(zw_flexbuffer *v, zw_diag *diag) {
  uint32_t before = 3u * v->width, count;
  if (v->at < before) return refuse(diag, v->at, "a map's keys are before the buffer");
  uint32_t at = v->at - before;
  uint64_t width = load(v, at + v->width, v->width);
  if (!is_width(width)) return refuse(diag, at, "a map's keys have no such width");
  v->key_width = (uint8_t)width;
  int e = follow(v, at, v->width, &v->keys, diag);
  if (!e) e = measure(v, v->keys, v->key_width, v->key_width, &count, diag);
  if (!e && count != v->count) e = refuse(diag, at, "a map has not a key for each value");
  v->kind = ZW_FLEXBUFFER_MAP;
  return e;
}

static int vector(zw_flexbuffer *v, unsigned type, zw_diag *diag) {
  if (v->depth >= FLEX_DEPTH_MAX)
    return zw_fail_at(diag, ZW_ELIMIT, v->at, "The FlexBuffer is nested more than %d deep.",
                      FLEX_DEPTH_MAX);
  v->kind = ZW_FLEXBUFFER_VECTOR;
  if (type >= FLEX_VECTOR_INT2 && type <= FLEX_VECTOR_FLOAT4) {
    v->count = (type - FLEX_VECTOR_INT2) / 3u + 2;
    v->element = (uint8_t)((type - FLEX_VECTOR_INT2) % 3u + FLEX_INT);
    if (!in_range(v, v->at, (uint64_t)v->count * v->width))
      return refuse(diag, v->at, "a vector leads out of the buffer");
    return 0;
  }
  bool mixed = type == FLEX_MAP || type == FLEX_VECTOR;
  int e = measure(v, v->at, v->width, v->width + (unsigned)mixed, &v->count, diag);
  if (type == FLEX_VECTOR_BOOL)
    v->element = FLEX_BOOL;
  else if (type == FLEX_VECTOR_STRING)
    v->element = FLEX_KEY;
  else if (!mixed)
    v->element = (uint8_t)(type - FLEX_VECTOR_INT + FLEX_INT);
  return !e && type == FLEX_MAP ? map_keys(v, diag) : e;
}

/* What a slot stands for: `v` is the slot, with its width. */
static int resolve(zw_flexbuffer *v, unsigned packed, zw_diag *diag) {
  unsigned type = packed >> 2;
  uint32_t slot = v->at;
  switch (type) {
    case FLEX_NULL: v->kind = ZW_FLEXBUFFER_NULL; return 0;
    case FLEX_BOOL: v->kind = ZW_FLEXBUFFER_BOOL; return 0;
    case FLEX_INT:
    case FLEX_UINT:
    case FLEX_FLOAT: return number(v, type, diag);
    default: break;
  }
  int e = follow(v, slot, v->width, &v->at, diag);
  if (e) return e;
  v->width = (uint8_t)(1u << (packed & 3));
  switch (type) {
    case FLEX_KEY: return key(v, diag);
    case FLEX_STRING:
    case FLEX_BLOB: return octets(v, type, diag);
    case FLEX_INDIRECT_INT:
    case FLEX_INDIRECT_UINT:
    case FLEX_INDIRECT_FLOAT: return number(v, type - FLEX_INDIRECT_INT + FLEX_INT, diag);
    default: break;
  }
  bool is_vector = (type >= FLEX_MAP && type <= FLEX_VECTOR_FLOAT4) || type == FLEX_VECTOR_BOOL;
  return is_vector ? vector(v, type, diag) : refuse(diag, slot, "no such type");
}

static int result(int error, zw_flexbuffer *v) {
  if (error) *v = (zw_flexbuffer){0};
  return error;
}

int zw_flex_root(zw_span bytes, zw_flexbuffer *out, zw_diag *diag) {
  size_t len = bytes.len;
  *out = (zw_flexbuffer){0};
  if (len < 3 || len > INT32_MAX) return refuse(diag, 0, "no FlexBuffer has this length");
  unsigned width = bytes.ptr[len - 1];
  if (!is_width(width) || width > len - 2)
    return refuse(diag, len - 1, "its root has no such width");
  out->buf = bytes.ptr;
  out->len = (uint32_t)len;
  out->at = (uint32_t)(len - 2 - width);
  out->width = (uint8_t)width;
  return result(resolve(out, bytes.ptr[len - 2], diag), out);
}

int zw_flex_at(const zw_flexbuffer *of, uint32_t index, zw_flexbuffer *out, zw_diag *diag) {
  unsigned packed =
      of->element ? (unsigned)of->element << 2 : of->buf[of->at + of->count * of->width + index];
  *out = (zw_flexbuffer){.buf = of->buf,
                         .len = of->len,
                         .at = of->at + index * of->width,
                         .width = of->width,
                         .depth = (uint8_t)(of->depth + 1)};
  return result(resolve(out, packed, diag), out);
}

int zw_flex_key(const zw_flexbuffer *map, uint32_t index, zw_str *out, zw_diag *diag) {
  zw_flexbuffer found = *map;
  *out = (zw_str){NULL, 0};
  int e = follow(map, map->keys + index * map->key_width, map->key_width, &found.at, diag);
  if (!e) e = key(&found, diag);
  if (!e) *out = zw_flexbuffer_str(found);
  return e;
}

/* ---- the public face ---- */

zw_flexbuffer zw_flexbuffer_root(zw_span bytes) {
  zw_flexbuffer value;
  zw_flex_root(bytes, &value, NULL);
  return value;
}

static bool has(const zw_flexbuffer *value, size_t index) {
  return value->kind >= ZW_FLEXBUFFER_VECTOR && index < value->count;
}

zw_flexbuffer zw_flexbuffer_at(zw_flexbuffer value, size_t index) {
  zw_flexbuffer element = {0};
  if (has(&value, index)) zw_flex_at(&value, (uint32_t)index, &element, NULL);
  return element;
}

zw_str zw_flexbuffer_key(zw_flexbuffer map, size_t index) {
  zw_str text = {NULL, 0};
  if (map.kind == ZW_FLEXBUFFER_MAP && has(&map, index))
    zw_flex_key(&map, (uint32_t)index, &text, NULL);
  return text;
}

zw_flexbuffer zw_flexbuffer_find(zw_flexbuffer map, zw_str wanted) {
  uint32_t low = 0, high = map.kind == ZW_FLEXBUFFER_MAP ? map.count : 0;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    zw_str found = zw_flexbuffer_key(map, middle);
    if (!found.ptr) break;
    int order = zw_compare_texts(found, wanted);
    if (!order) return zw_flexbuffer_at(map, middle);
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return (zw_flexbuffer){0};
}

static int64_t load_signed(const zw_flexbuffer *v) {
  unsigned unused = 64 - 8u * v->width;
  return (int64_t)(load(v, v->at, v->width) << unused) >> unused;
}

static double load_real(const zw_flexbuffer *v) {
  const uint8_t *p = v->buf + v->at;
  return v->width == 4 ? (double)zw_load_f32(p) : zw_load_f64(p);
}

#define TWO_TO_63 9223372036854775808.0

int64_t zw_flexbuffer_int(zw_flexbuffer v) {
  if (v.kind == ZW_FLEXBUFFER_INT) return load_signed(&v);
  if (v.kind != ZW_FLEXBUFFER_FLOAT) {
    uint64_t u = zw_flexbuffer_uint(v);
    return u > INT64_MAX ? INT64_MAX : (int64_t)u;
  }
  double d = load_real(&v);
  if (isnan(d)) return 0;
  return d >= TWO_TO_63 ? INT64_MAX : d < -TWO_TO_63 ? INT64_MIN : (int64_t)d;
}

uint64_t zw_flexbuffer_uint(zw_flexbuffer v) {
  switch (v.kind) {
    case ZW_FLEXBUFFER_BOOL: return load(&v, v.at, v.width) != 0;
    case ZW_FLEXBUFFER_UINT: return load(&v, v.at, v.width);
    case ZW_FLEXBUFFER_INT: return load_signed(&v) < 0 ? 0 : (uint64_t)load_signed(&v);
    case ZW_FLEXBUFFER_FLOAT: {
      double d = load_real(&v);
      return !(d > 0) ? 0 : d >= 2 * TWO_TO_63 ? UINT64_MAX : (uint64_t)d;
    }
    default: return 0;
  }
}

double zw_flexbuffer_double(zw_flexbuffer v) {
  if (v.kind == ZW_FLEXBUFFER_FLOAT) return load_real(&v);
  return v.kind == ZW_FLEXBUFFER_INT ? (double)load_signed(&v) : (double)zw_flexbuffer_uint(v);
}

bool zw_flexbuffer_bool(zw_flexbuffer v) {
  double d = zw_flexbuffer_double(v);
  return d > 0 || d < 0 || isnan(d);
}
