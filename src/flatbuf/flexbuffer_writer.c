/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens as a FlexBuffer, octet for octet as Google's builder makes it when it shares keys and
 * strings.
 *
 * Children come before their parent. Values wait on a stack until their vector or map ends: scalars
 * as they are, others by where they begin. A vector then takes the smallest width that holds its
 * length, its scalars, and the distance to each child; the distance depends on the width, so each
 * width is tried. Keys and strings are looked up in a pool by hash and content before they stay.
 */

#include <float.h>
#include <math.h>

#include "flexbuffer_types.h"
#include "zerowire/reflect.h"

#define LENGTH_MAX INT32_MAX

/* One that waits. `place` is relative to the FlexBuffer's begin. */
typedef struct value {
  union {
    uint64_t u;
    double d;
  } as;                /* a place, if the type is no scalar */
  uint8_t type, width; /* width: 2^width octets: of the scalar, or of what is at the place */
} value;

static bool is_inline(unsigned type) { return type <= FLEX_FLOAT || type == FLEX_BOOL; }

static unsigned width_of(uint64_t u) {
  return u <= UINT8_MAX ? 0 : u <= UINT16_MAX ? 1 : u <= UINT32_MAX ? 2 : 3;
}

static unsigned width_of_signed(int64_t i) {
  uint64_t twice = (uint64_t)i << 1;
  return width_of(i >= 0 ? twice : ~twice);
}

static size_t length(const zw_flexbuffer_writer *flex) { return flex->out->len - flex->start; }

static const char *content(const zw_flexbuffer_writer *flex, size_t place) {
  return flex->out->ptr + flex->start + place;
}

static void write_octets(zw_flexbuffer_writer *flex, const void *octets, size_t len) {
  if (len > (size_t)LENGTH_MAX - length(flex) && !flex->error) flex->error = ZW_ELIMIT;
  if (!flex->error) zw_text_add(flex->out, octets, len);
  if (flex->out->error && !flex->error) flex->error = flex->out->error;
}

static void write_word(zw_flexbuffer_writer *flex, uint64_t word, unsigned width) {
  uint8_t octets[8];
  for (unsigned i = 0; i < 8; i++) octets[i] = (uint8_t)(word >> (8 * i));
  write_octets(flex, octets, (size_t)1 << width);
}

static size_t padding(size_t at, unsigned width) { return (0 - at) & (((size_t)1 << width) - 1); }

static void align(zw_flexbuffer_writer *flex, unsigned width) {
  static const uint8_t zeros[8] = {0};
  write_octets(flex, zeros, padding(length(flex), width));
}

static value *values(const zw_flexbuffer_writer *flex) { return (value *)flex->values; }

static void push(zw_flexbuffer_writer *flex, value v) {
  if (flex->error) return;
  flex->error = zw_array_reserve(flex->out->alloc, &flex->values, &flex->value_capacity,
                                 flex->value_count + 1, sizeof v);
  if (!flex->error) values(flex)[flex->value_count++] = v;
}

/* ---- the pool ---- */

/* An entry: a place and 1 for keys in the lowest bit, plus 2 so that 0 is free. */
static uint32_t entry_of(size_t place, bool key) { return (uint32_t)(place << 1 | key) + 2; }

/* A key's entry ends at its U+0000; a string's length is the word before it. */
static uint64_t hash_text(const char *text, size_t len, bool key) {
  return zw_hash64_seed(zw_span_of((const uint8_t *)text, len), key);
}

static bool same(const zw_flexbuffer_writer *flex, uint32_t entry, const char *text, size_t len,
                 bool key) {
  if (((entry - 2) & 1) != key) return false;
  size_t place = (entry - 2) >> 1;
  if (length(flex) - place < len + 1) return false;
  const char *there = content(flex, place);
  if (memcmp(there, text, len) != 0 || there[len] != 0) return false;
  if (key) return true;
  unsigned width = width_of(len);
  if (place < (size_t)1 << width) return false;
  uint64_t stored = 0;
  for (unsigned i = 1u << width; i > 0; i--)
    stored = stored << 8 | (uint8_t)there[(int)i - 1 - (1 << width)];
  return stored == len;
}

static uint32_t *find(const zw_flexbuffer_writer *flex, const char *text, size_t len, bool key) {
  size_t mask = flex->pool_capacity - 1;
  for (size_t i = hash_text(text, len, key) & mask;; i = (i + 1) & mask)
    if (!flex->pool[i] || same(flex, flex->pool[i], text, len, key)) return &flex->pool[i];
}

static size_t entry_length(const zw_flexbuffer_writer *flex, size_t place, bool key,
                           const uint32_t *lengths, size_t i) {
  return key ? strlen(content(flex, place)) : lengths[i];
}

/* Twice the room, all entries moved. The pool's second half has the lengths. */
static void grow(zw_flexbuffer_writer *flex) {
  size_t capacity = flex->pool_capacity ? 2 * flex->pool_capacity : 64;
  uint32_t *old = flex->pool, *fresh = zw_alloc_zero(flex->out->alloc, 2 * capacity * sizeof *old);
  if (!fresh) {
    flex->error = ZW_ENOMEM;
    return;
  }
  for (size_t i = 0; i < flex->pool_capacity; i++) {
    if (!old[i]) continue;
    size_t place = (old[i] - 2) >> 1;
    bool key = (old[i] - 2) & 1;
    size_t len = entry_length(flex, place, key, old + flex->pool_capacity, i);
    size_t at = hash_text(content(flex, place), len, key) & (capacity - 1);
    while (fresh[at]) at = (at + 1) & (capacity - 1);
    fresh[at] = old[i];
    fresh[capacity + at] = (uint32_t)len;
  }
  zw_alloc_free(flex->out->alloc, old, 2 * flex->pool_capacity * sizeof *old);
  flex->pool = fresh;
  flex->pool_capacity = capacity;
}

/* The place of an equal key or string that is written already; SIZE_MAX: none. *slot is where it
 * would be remembered. */
static size_t pooled(zw_flexbuffer_writer *flex, zw_str text, bool key, uint32_t **slot) {
  if (2 * flex->pool_count >= flex->pool_capacity) grow(flex);
  if (flex->error) return SIZE_MAX;
  *slot = find(flex, text.ptr, text.len, key);
  return **slot ? (**slot - 2) >> 1 : SIZE_MAX;
}

static void remember(zw_flexbuffer_writer *flex, uint32_t *slot, size_t place, size_t len,
                     bool key) {
  *slot = entry_of(place, key);
  slot[flex->pool_capacity] = (uint32_t)len;
  flex->pool_count++;
}

static void put_key(zw_flexbuffer_writer *flex, zw_str text) {
  uint32_t *slot = NULL;
  if (text.len && memchr(text.ptr, 0, text.len)) flex->error = ZW_EINVAL;
  size_t place = flex->error ? SIZE_MAX : pooled(flex, text, true, &slot);
  if (flex->error) return;
  if (place == SIZE_MAX) {
    place = length(flex);
    write_octets(flex, text.ptr, text.len);
    write_octets(flex, "", 1);
    if (!flex->error) remember(flex, slot, place, text.len, true);
  }
  push(flex, (value){.as.u = place, .type = FLEX_KEY});
}

static void put_blob(zw_flexbuffer_writer *flex, zw_span bytes, uint8_t type) {
  unsigned width = width_of(bytes.len);
  align(flex, width);
  write_word(flex, bytes.len, width);
  size_t place = length(flex);
  write_octets(flex, bytes.ptr, bytes.len);
  if (type == FLEX_STRING) write_octets(flex, "", 1);
  push(flex, (value){.as.u = place, .type = type, .width = (uint8_t)width});
}

static void put_string(zw_flexbuffer_writer *flex, zw_str text) {
  uint32_t *slot = NULL;
  size_t place = pooled(flex, text, false, &slot);
  if (flex->error) return;
  if (place != SIZE_MAX) {
    push(flex, (value){.as.u = place, .type = FLEX_STRING, .width = (uint8_t)width_of(text.len)});
    return;
  }
  put_blob(flex, zw_str_span(text), FLEX_STRING);
  if (!flex->error)
    remember(flex, slot, (size_t)values(flex)[flex->value_count - 1].as.u, text.len, false);
}

/* ---- vectors and maps ---- */

/* What the slot of this value needs in a vector whose first word is written `words` words before
 * it. */
static unsigned slot_width(const value *v, size_t end, size_t words) {
  if (is_inline(v->type)) return v->width;
  for (unsigned width = 0; width < 3; width++) {
    size_t at = end + padding(end, width) + (words << width);
    if (width_of(at - v->as.u) <= width) return width;
  }
  return 3;
}

static void write_slot(zw_flexbuffer_writer *flex, const value *v, unsigned width) {
  if (v->type == FLEX_FLOAT && width == 2) {
    float f = (float)v->as.d;
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    write_word(flex, bits, width);
  } else if (is_inline(v->type)) {
    write_word(flex, v->as.u, width); /* a double is its bits */
  } else {
    write_word(flex, length(flex) - v->as.u, width);
  }
}

static uint8_t packed_type(const value *v, unsigned width) {
  unsigned stored = is_inline(v->type) && width > v->width ? width : v->width;
  return (uint8_t)(stored | (unsigned)v->type << 2);
}

/* A vector of every `step`th waiting value from `start` on; `keys`: it is the values of a map. */
static value make_vector(zw_flexbuffer_writer *flex, size_t start, size_t step, bool typed,
                         const value *keys) {
  size_t count = (flex->value_count - start + step - 1) / step, words = keys ? 3 : 1;
  unsigned width = width_of(count);
  if (keys) {
    unsigned need = slot_width(keys, length(flex), 0);
    if (need > width) width = need;
  }
  for (size_t i = start; i < flex->value_count; i += step) {
    unsigned need = slot_width(&values(flex)[i], length(flex), i - start + words);
    if (need > width) width = need;
  }
  align(flex, width);
  if (keys) {
    write_slot(flex, keys, width);
    write_word(flex, (uint64_t)1 << keys->width, width);
  }
  write_word(flex, count, width);
  value out = {.as.u = length(flex), .width = (uint8_t)width};
  out.type = keys ? FLEX_MAP : typed ? FLEX_VECTOR_KEY : FLEX_VECTOR;
  for (size_t i = start; i < flex->value_count; i += step)
    write_slot(flex, &values(flex)[i], width);
  for (size_t i = start; !typed && i < flex->value_count; i += step) {
    uint8_t type = packed_type(&values(flex)[i], width);
    write_octets(flex, &type, 1);
  }
  return out;
}

static int compare_pairs(const zw_flexbuffer_writer *flex, const value *a, const value *b) {
  return strcmp(content(flex, (size_t)a->as.u), content(flex, (size_t)b->as.u));
}

static void sift(zw_flexbuffer_writer *flex, value *pairs, size_t root, size_t count) {
  for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
    if (child + 1 < count && compare_pairs(flex, &pairs[2 * child], &pairs[2 * child + 2]) < 0)
      child++;
    if (compare_pairs(flex, &pairs[2 * root], &pairs[2 * child]) >= 0) return;
    value key = pairs[2 * root], v = pairs[2 * root + 1];
    pairs[2 * root] = pairs[2 * child];
    pairs[2 * root + 1] = pairs[2 * child + 1];
    pairs[2 * child] = key;
    pairs[2 * child + 1] = v;
    root = child;
  }
}

/* By key, in place: a heap, so that no order of keys is slow. */
static void sort_pairs(zw_flexbuffer_writer *flex, value *pairs, size_t count) {
  bool sorted = true;
  for (size_t i = 1; i < count && sorted; i++)
    sorted = compare_pairs(flex, &pairs[2 * i - 2], &pairs[2 * i]) < 0;
  if (sorted) return;
  for (size_t i = count / 2; i-- > 0;) sift(flex, pairs, i, count);
  for (size_t i = count; i-- > 1;) {
    value key = pairs[0], v = pairs[1];
    pairs[0] = pairs[2 * i];
    pairs[1] = pairs[2 * i + 1];
    pairs[2 * i] = key;
    pairs[2 * i + 1] = v;
    sift(flex, pairs, 0, i);
  }
  for (size_t i = 1; i < count; i++)
    if (compare_pairs(flex, &pairs[2 * i - 2], &pairs[2 * i]) == 0) flex->error = ZW_EINVAL;
}

static void finish(zw_flexbuffer_writer *flex) {
  const value *root = &values(flex)[0];
  unsigned width = slot_width(root, length(flex), 0);
  align(flex, width);
  write_slot(flex, root, width);
  uint8_t tail[2] = {packed_type(root, 0), (uint8_t)(1u << width)};
  write_octets(flex, tail, sizeof tail);
}

static void open_level(zw_flexbuffer_writer *flex, bool map) {
  if (flex->depth >= FLEX_DEPTH_MAX) {
    flex->error = ZW_ELIMIT;
    return;
  }
  flex->levels[flex->depth].start = flex->value_count;
  flex->levels[flex->depth].map = map;
  flex->depth++;
}

static void close_level(zw_flexbuffer_writer *flex, bool map) {
  if (flex->depth == 0 || flex->levels[flex->depth - 1].map != map) flex->error = ZW_EINVAL;
  size_t start = flex->error ? 0 : flex->levels[flex->depth - 1].start;
  if (map && (flex->value_count - start) % 2) flex->error = ZW_EINVAL;
  if (flex->error) return;
  value out;
  if (map) {
    if (flex->value_count > start)
      sort_pairs(flex, values(flex) + start, (flex->value_count - start) / 2);
    value keys = make_vector(flex, start, 2, true, NULL);
    out = make_vector(flex, start + 1, 2, false, &keys);
  } else {
    out = make_vector(flex, start, 1, false, NULL);
  }
  flex->depth--;
  flex->value_count = start;
  push(flex, out);
}

/* ---- tokens ---- */

static void put_float(zw_flexbuffer_writer *flex, double d) {
  bool finite = fabs(d) <= (double)FLT_MAX;
  bool exact = finite ? (double)(float)d == d : isinf(d);
  push(flex, (value){.as.d = d, .type = FLEX_FLOAT, .width = exact ? 2 : 3});
}

static void put_token(zw_flexbuffer_writer *flex, const zw_token *token) {
  switch (token->kind) {
    case ZW_TOKEN_NULL: push(flex, (value){.type = FLEX_NULL}); break;
    case ZW_TOKEN_BOOL: push(flex, (value){.as.u = token->boolean, .type = FLEX_BOOL}); break;
    case ZW_TOKEN_INT:
      push(flex, (value){.as.u = (uint64_t)token->i,
                         .type = FLEX_INT,
                         .width = (uint8_t)width_of_signed(token->i)});
      break;
    case ZW_TOKEN_UINT: {
      bool fits = token->u <= INT64_MAX;
      unsigned width = fits ? width_of_signed((int64_t)token->u) : 3;
      push(flex,
           (value){.as.u = token->u, .type = fits ? FLEX_INT : FLEX_UINT, .width = (uint8_t)width});
      break;
    }
    case ZW_TOKEN_FLOAT: put_float(flex, token->d); break;
    case ZW_TOKEN_STRING: put_string(flex, token->text.ptr ? token->text : ZW_STR("")); break;
    case ZW_TOKEN_BYTES: put_blob(flex, token->bytes, FLEX_BLOB); break;
    case ZW_TOKEN_ARRAY: open_level(flex, false); break;
    case ZW_TOKEN_MAP: open_level(flex, true); break;
    case ZW_TOKEN_ARRAY_END: close_level(flex, false); break;
    case ZW_TOKEN_MAP_END: close_level(flex, true); break;
    default: flex->error = ZW_EINVAL; break;
  }
}

static int flexbuffer_write(zw_token_writer *writer, const zw_token *token) {
  zw_flexbuffer_writer *flex = (zw_flexbuffer_writer *)writer;
  if (flex->error) return flex->error;
  bool key = flex->depth && flex->levels[flex->depth - 1].map &&
             (flex->value_count - flex->levels[flex->depth - 1].start) % 2 == 0 &&
             token->kind != ZW_TOKEN_MAP_END;
  if (flex->depth == 0 && flex->value_count) {
    flex->error = ZW_EINVAL; /* a second value */
  } else if (!key) {
    put_token(flex, token);
  } else if (token->kind == ZW_TOKEN_STRING) {
    put_key(flex, token->text.ptr ? token->text : ZW_STR(""));
  } else {
    flex->error = ZW_EINVAL;
  }
  if (!flex->error && flex->depth == 0) finish(flex);
  return flex->error;
}

void zw_flexbuffer_writer_init(zw_flexbuffer_writer *flex, zw_text *out) {
  memset(flex, 0, sizeof *flex);
  flex->writer.write = flexbuffer_write;
  flex->out = out;
  flex->start = out->len;
}

void zw_flexbuffer_writer_deinit(zw_flexbuffer_writer *flex) {
  zw_alloc_free(flex->out->alloc, flex->values, flex->value_capacity * sizeof(value));
  zw_alloc_free(flex->out->alloc, flex->pool, 2 * flex->pool_capacity * sizeof *flex->pool);
  zw_flexbuffer_writer_init(flex, flex->out);
}
