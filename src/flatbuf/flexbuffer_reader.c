/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlexBuffers as tokens, verified on the way.
 *
 * The root's type and width are the last two octets, its slot is before them. A slot holds a
 * scalar, or how far back its value begins; so nothing can refer to itself. A vector has its length
 * before its elements and a type for each behind; a map is a vector with two more words before: how
 * far back its keys are, a vector of keys, and their width. Widths are 1, 2, 4 or 8 octets.
 *
 * Invariant: a slot is inside the buffer before it is read. Values may be shared, so what they cost
 * is paid from two bounds, tokens and octets, that are proportional to the length.
 */
#include "flexbuffer.h"

#include "zerowire/reflect.h"

#define DEPTH_MAX 64
#define OCTETS_FREE (1u << 20)

/* A value that a slot stands for. */
typedef struct slot {
  uint32_t at;
  uint8_t parent_width; /* of the slot */
  uint8_t width;        /* of what it refers to */
  uint8_t type;
} slot;

static int refuse(zw_diag *diag, size_t at, const char *what) {
  return zw_fail_at(diag, ZW_EVERIFY, at, "The FlexBuffer is not valid: %s, at octet %zu.", what,
                    at);
}

static uint64_t load(const zw_flexbuffer_reader *flex, size_t at, unsigned width) {
  const uint8_t *p = flex->bytes.ptr + at;
  switch (width) {
    case 1: return *p;
    case 2: return zw_load_le16(p);
    case 4: return zw_load_le32(p);
    default: return zw_load_le64(p);
  }
}

static int64_t load_signed(const zw_flexbuffer_reader *flex, size_t at, unsigned width) {
  uint64_t raw = load(flex, at, width);
  unsigned unused = 64 - 8 * width;
  return (int64_t)(raw << unused) >> unused;
}

static bool in_range(const zw_flexbuffer_reader *flex, uint64_t at, uint64_t len) {
  return at <= flex->bytes.len && len <= flex->bytes.len - at;
}

/* Where the offset in a slot leads. */
static int follow(const zw_flexbuffer_reader *flex, size_t at, unsigned width, uint32_t *target,
                  zw_diag *diag) {
  uint64_t back = load(flex, at, width);
  if (back > at) return refuse(diag, at, "an offset leads out of the buffer");
  *target = (uint32_t)(at - back);
  return 0;
}

/* The length before a value, and that its elements are inside. */
static int measure(const zw_flexbuffer_reader *flex, uint32_t at, unsigned width, unsigned each,
                   uint32_t *count, zw_diag *diag) {
  if (at < width) return refuse(diag, at, "a length is before the buffer");
  uint64_t n = load(flex, at - width, width);
  if (n > flex->bytes.len || !in_range(flex, at, n * each))
    return refuse(diag, at, "a length leads out of the buffer");
  *count = (uint32_t)n;
  return 0;
}

/* ---- scalars and strings ---- */

static void give_integer(zw_token *token, bool is_signed, int64_t i, uint64_t u) {
  bool negative = is_signed && i < 0;
  token->kind = negative ? ZW_TOKEN_INT : ZW_TOKEN_UINT;
  if (negative) {
    token->i = i;
  } else {
    token->u = is_signed ? (uint64_t)i : u;
  }
}

static int give_number(const zw_flexbuffer_reader *flex, size_t at, unsigned width, unsigned type,
                       zw_token *token, zw_diag *diag) {
  if (type == FLEX_FLOAT) {
    if (width < 4) return refuse(diag, at, "a float has no such width");
    token->kind = ZW_TOKEN_FLOAT;
    token->d =
        width == 4 ? (double)zw_load_f32(flex->bytes.ptr + at) : zw_load_f64(flex->bytes.ptr + at);
    return 0;
  }
  give_integer(token, type == FLEX_INT, load_signed(flex, at, width), load(flex, at, width));
  return 0;
}

static int pay_octets(zw_flexbuffer_reader *flex, size_t at, uint64_t octets, zw_diag *diag) {
  if (octets > flex->octets)
    return zw_fail_at(diag, ZW_ELIMIT, at,
                      "The FlexBuffer has more text in shared strings than its length allows.");
  flex->octets -= octets;
  return 0;
}

static int give_key(zw_flexbuffer_reader *flex, uint32_t at, zw_token *token, zw_diag *diag) {
  const uint8_t *p = flex->bytes.ptr + at;
  const uint8_t *end = memchr(p, 0, flex->bytes.len - at);
  if (!end) return refuse(diag, at, "a key is not terminated");
  token->kind = ZW_TOKEN_STRING;
  token->text = (zw_str){(const char *)p, (size_t)(end - p)};
  return pay_octets(flex, at, token->text.len, diag);
}

static int give_string(zw_flexbuffer_reader *flex, const slot *s, uint32_t at, zw_token *token,
                       zw_diag *diag) {
  uint32_t count;
  int e = measure(flex, at, s->width, 1, &count, diag);
  if (e) return e;
  if (s->type == FLEX_BLOB) {
    token->kind = ZW_TOKEN_BYTES;
    token->bytes = zw_span_of(flex->bytes.ptr + at, count);
  } else {
    if (!in_range(flex, at, (uint64_t)count + 1) || flex->bytes.ptr[at + count])
      return refuse(diag, at, "a string is not terminated");
    token->kind = ZW_TOKEN_STRING;
    token->text = (zw_str){(const char *)flex->bytes.ptr + at, count};
  }
  return pay_octets(flex, at, count, diag);
}

/* ---- vectors and maps ---- */

static int open_keys(zw_flexbuffer_reader *flex, zw_flexbuffer_level *level, zw_diag *diag) {
  uint32_t before = 3u * level->width, count;
  if (level->at < before) return refuse(diag, level->at, "a map's keys are before the buffer");
  uint32_t at = level->at - before;
  uint64_t width = load(flex, at + level->width, level->width);
  if (width != 1 && width != 2 && width != 4 && width != 8)
    return refuse(diag, at, "a map's keys have no such width");
  level->key_width = (uint8_t)width;
  int e = follow(flex, at, level->width, &level->keys, diag);
  if (!e) e = measure(flex, level->keys, level->key_width, level->key_width, &count, diag);
  if (!e && count != level->count) e = refuse(diag, at, "a map has not a key for each value");
  return e;
}

static int open_level(zw_flexbuffer_reader *flex, const slot *s, uint32_t at, zw_token *token,
                      zw_diag *diag) {
  if (flex->depth >= DEPTH_MAX)
    return zw_fail_at(diag, ZW_ELIMIT, at, "The FlexBuffer is nested more than %d deep.",
                      DEPTH_MAX);
  zw_flexbuffer_level *level = &flex->levels[flex->depth];
  *level = (zw_flexbuffer_level){.at = at, .width = s->width};
  int e = 0;
  bool mixed = s->type == FLEX_MAP || s->type == FLEX_VECTOR;
  if (s->type >= FLEX_VECTOR_INT2 && s->type <= FLEX_VECTOR_FLOAT4) {
    level->count = (s->type - FLEX_VECTOR_INT2) / 3u + 2;
    level->element = (uint8_t)((s->type - FLEX_VECTOR_INT2) % 3u + FLEX_INT);
    if (!in_range(flex, at, (uint64_t)level->count * s->width))
      e = refuse(diag, at, "a vector leads out of the buffer");
  } else {
    e = measure(flex, at, s->width, s->width + (unsigned)mixed, &level->count, diag);
    if (s->type == FLEX_VECTOR_BOOL) {
      level->element = FLEX_BOOL;
    } else if (s->type == FLEX_VECTOR_STRING) {
      level->element = FLEX_KEY;
    } else {
      level->element = (uint8_t)(s->type - FLEX_VECTOR_INT + FLEX_INT);
    }
  }
  if (mixed) level->types = at + level->count * s->width;
  if (!e && s->type == FLEX_MAP) e = open_keys(flex, level, diag);
  if (e) return e;
  flex->depth++;
  token->kind = s->type == FLEX_MAP ? ZW_TOKEN_MAP : ZW_TOKEN_ARRAY;
  token->count = level->count;
  return 0;
}

/* ---- any value ---- */

static int give_value(zw_flexbuffer_reader *flex, const slot *s, zw_token *token, zw_diag *diag) {
  token->offset = s->at;
  switch (s->type) {
    case FLEX_NULL: token->kind = ZW_TOKEN_NULL; return 0;
    case FLEX_BOOL:
      token->kind = ZW_TOKEN_BOOL;
      token->boolean = load(flex, s->at, s->parent_width) != 0;
      return 0;
    case FLEX_INT:
    case FLEX_UINT:
    case FLEX_FLOAT: return give_number(flex, s->at, s->parent_width, s->type, token, diag);
    default: break;
  }
  uint32_t at;
  int e = follow(flex, s->at, s->parent_width, &at, diag);
  if (e) return e;
  switch (s->type) {
    case FLEX_KEY: token->bare = true; return give_key(flex, at, token, diag);
    case FLEX_STRING:
    case FLEX_BLOB: return give_string(flex, s, at, token, diag);
    case FLEX_INDIRECT_INT:
    case FLEX_INDIRECT_UINT:
    case FLEX_INDIRECT_FLOAT:
      if (!in_range(flex, at, s->width)) return refuse(diag, at, "a number is cut off");
      return give_number(flex, at, s->width, s->type - FLEX_INDIRECT_INT + FLEX_INT, token, diag);
    default: break;
  }
  bool vector =
      (s->type >= FLEX_MAP && s->type <= FLEX_VECTOR_FLOAT4) || s->type == FLEX_VECTOR_BOOL;
  return vector ? open_level(flex, s, at, token, diag) : refuse(diag, s->at, "no such type");
}

static int give_root(zw_flexbuffer_reader *flex, zw_token *token, zw_diag *diag) {
  size_t len = flex->bytes.len;
  if (len < 3 || len > INT32_MAX) return refuse(diag, 0, "no FlexBuffer has this length");
  unsigned width = flex->bytes.ptr[len - 1], packed = flex->bytes.ptr[len - 2];
  if ((width != 1 && width != 2 && width != 4 && width != 8) || width > len - 2)
    return refuse(diag, len - 1, "its root has no such width");
  slot root = {(uint32_t)(len - 2 - width), (uint8_t)width, (uint8_t)(1u << (packed & 3)),
               (uint8_t)(packed >> 2)};
  flex->started = true;
  return give_value(flex, &root, token, diag);
}

static int flexbuffer_next(zw_token_reader *reader, zw_token *token, zw_diag *diag) {
  zw_flexbuffer_reader *flex = (zw_flexbuffer_reader *)reader;
  *token = (zw_token){.count = SIZE_MAX};
  if (!flex->started) return give_root(flex, token, diag);
  if (flex->depth == 0) return 0; /* END */
  if (flex->tokens-- == 0)
    return zw_fail_at(diag, ZW_ELIMIT, 0, "The FlexBuffer has more values than its length allows.");
  zw_flexbuffer_level *level = &flex->levels[flex->depth - 1];
  if (level->index == level->count) {
    token->kind = level->keys ? ZW_TOKEN_MAP_END : ZW_TOKEN_ARRAY_END;
    flex->depth--;
    return 0;
  }
  if (level->keys && !level->value_next) {
    uint32_t at = level->keys + level->index * level->key_width, key = 0;
    level->value_next = true;
    int e = follow(flex, at, level->key_width, &key, diag);
    return e ? e : give_key(flex, key, token, diag);
  }
  unsigned packed =
      level->types ? flex->bytes.ptr[level->types + level->index] : (unsigned)level->element << 2;
  slot s = {level->at + level->index * level->width, level->width, (uint8_t)(1u << (packed & 3)),
            (uint8_t)(packed >> 2)};
  level->index++;
  level->value_next = false;
  return give_value(flex, &s, token, diag);
}

void zw_flexbuffer_reader_init(zw_flexbuffer_reader *flex, zw_span bytes) {
  flex->reader = (zw_token_reader){.next = flexbuffer_next};
  flex->bytes = bytes;
  flex->depth = 0;
  flex->started = false;
  flex->tokens = 2 * (uint64_t)bytes.len + 64;
  flex->octets = 64 * (uint64_t)bytes.len + OCTETS_FREE;
}

int zw_flexbuffer_verify(zw_span bytes, zw_diag *diag) {
  zw_flexbuffer_reader flex;
  zw_token token;
  zw_flexbuffer_reader_init(&flex, bytes);
  int e = flex.reader.next(&flex.reader, &token, diag);
  return e ? e : zw_token_skip(&flex.reader, &token, diag);
}
