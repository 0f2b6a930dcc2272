/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of verification share: its state, the path for messages, ranges and offsets.
 *
 * Invariants. Everything but what 64-bit offsets refer to is in the first `len` octets, fewer than
 * 2^31; `pos` is always inside these, with room for 4 octets, before anything is loaded from it.
 * Ranges are computed in 64 bits, or in 32 bits as `x - 1 < last - pos`, where a 0 wraps to above
 * all lengths on purpose. Beyond `len`, up to `size`, positions are 64-bit and are compared by
 * subtraction alone.
 *
 * Alignment is relative to the first octet of the whole buffer: `prefix` octets before `buf`.
 */
#ifndef ZEROWIRE_VERIFY_H
#define ZEROWIRE_VERIFY_H

#include "slots.h"

#define NOINLINE __attribute__((noinline))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define COLD __attribute__((cold, noinline))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* The path of a field for messages: a chain of stack frames, walked only when something is wrong.
 */
typedef struct step {
  const struct step *up;
  const zw_field *field; /* NULL: the root */
  int64_t index;         /* of a vector's element; -1: none */
  uint32_t depth;        /* tables and nested buffers around the field */
} step;

/*
 * The last table whose fields are placed well. Another one of its type, with the same vtable, at a
 * position that is aligned alike, is so too: it needs to be in the buffer. Tables that follow each
 * other share a vtable nearly always.
 */
typedef struct seen {
  const zw_type *type; /* NULL: none */
  uint32_t vtable, pos;
  uint16_t size, align; /* align: of the table and its fields, - 1 */
  uint8_t texts;        /* strings that the vtable has slots for, a bit each, as in zw_slots */
  uint8_t others;       /* the same of what else is to be followed */
  uint8_t count;        /* of `strings` */
  uint16_t strings[ZW_SLOTS_LANES]; /* where in the table those are that are there */
} seen;

typedef struct verifier {
  const uint8_t *buf;
  uint32_t len, last; /* last: len - 4, where the last offset may be */
  uint32_t depth_max;
  uint32_t flags;
  uint32_t prefix;          /* octets of the size prefix before `buf` */
  uint64_t size;            /* with what only 64-bit offsets reach */
  uint64_t offsets, octets; /* what is left of the budget */
  const zw_type *root;
  zw_diag *diag;
  seen seen;
} verifier;

/* ---- messages (verify_message.c) ---- */

COLD int zw_verify_refuse(const verifier *v, const step *path, int error, uint64_t at,
                          const char *what);
/* What is left to say of an offset that does not lead inside: only its alignment may be excused. */
COLD int zw_verify_refuse_offset(const verifier *v, const step *path, uint32_t pos);
COLD int zw_verify_refuse_depth(const verifier *v, const step *path, uint32_t pos);
COLD int zw_verify_refuse_vtable(const verifier *v, const step *path, uint32_t pos,
                                 uint32_t vtable);
COLD int zw_verify_refuse_table(const verifier *v, const step *path, uint32_t pos);

/* ---- ranges ---- */

/* Both are below 2^50, so that the sum cannot wrap. */
static inline bool in_range(const verifier *v, uint64_t pos, uint64_t len) {
  return pos + len <= v->len;
}

static inline bool aligned(const verifier *v, uint64_t pos, size_t align) {
  return ((pos + v->prefix) & (align - 1)) == 0 || v->flags & ZW_VERIFY_UNALIGNED;
}

/* Pays for following `count` offsets. */
static inline int pay(verifier *v, const step *path, uint32_t at, uint64_t count) {
  if (UNLIKELY(__builtin_sub_overflow(v->offsets, count, &v->offsets)))
    return zw_verify_refuse(v, path, ZW_ELIMIT, at, "more offsets than the length allows");
  return 0;
}

/* Pays for looking at `count` octets. */
static inline int scan(verifier *v, const step *path, uint64_t at, uint64_t count) {
  if (UNLIKELY(__builtin_sub_overflow(v->octets, count, &v->octets)))
    return zw_verify_refuse(v, path, ZW_ELIMIT, at,
                            "more octets to look at than the length allows");
  return 0;
}

/* Whether the offset at `pos` is not 0 and leads to 4 octets inside, aligned. A prefix has a
 * multiple of 4 octets. */
static inline bool leads_inside(const verifier *v, uint32_t pos, uint32_t offset) {
  return offset - 1 < v->last - pos && ((pos + offset) & 3) == 0;
}

/* Where the offset at `pos`, which is paid for, leads. */
static inline int resolve(const verifier *v, const step *path, uint32_t pos, uint32_t *target) {
  uint32_t offset = zw_load_le32(v->buf + pos);
  *target = pos + offset;
  return LIKELY(leads_inside(v, pos, offset)) ? 0 : zw_verify_refuse_offset(v, path, pos);
}

static inline int follow(verifier *v, const step *path, uint32_t pos, uint32_t *target) {
  int error = pay(v, path, pos, 1);
  return error ? error : resolve(v, path, pos, target);
}

/* The path of a field of the table at `path`. */
static inline step below(const step *path, const zw_field *field) {
  return (step){path, field, -1, path->depth + 1};
}

/* The position of a present field, else 0. The slot before a union's holds its type. */
static inline uint32_t inline_field(const verifier *v, uint32_t table, unsigned id) {
  uint32_t vtable = table - zw_load_le32(v->buf + table);
  uint32_t at = 4 + 2 * id;
  if (at + 2 > zw_load_le16(v->buf + vtable)) return 0;
  uint32_t offset = zw_load_le16(v->buf + vtable + at);
  return offset ? table + offset : 0;
}

/* A vector whose offset, which is paid for, is at `pos`. *first: position of element 0. */
static inline int paid_vector_range(const verifier *v, const step *path, uint32_t pos, size_t size,
                                    size_t align, uint32_t *first, uint32_t *count) {
  uint32_t at = 0;
  int error = resolve(v, path, pos, &at);
  if (UNLIKELY(error)) return error;
  *count = zw_load_le32(v->buf + at);
  *first = at + 4;
  if (!in_range(v, *first, (uint64_t)*count * size))
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a vector leads out of the buffer");
  if (*count && !aligned(v, *first, align))
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a vector is not aligned");
  return 0;
}

static inline int vector_range(verifier *v, const step *path, uint32_t pos, size_t size,
                               size_t align, uint32_t *first, uint32_t *count) {
  int error = pay(v, path, pos, 1);
  return error ? error : paid_vector_range(v, path, pos, size, align, first, count);
}

/* ---- the parts ---- */

/* A table at `pos`, with room for 4 octets. */
int zw_verify_table(verifier *v, const zw_type *type, uint32_t pos, const step *path);

/* Whether these fields are in their table and aligned, or absent and not required; one by one, and
 * says which is not. */
COLD int zw_verify_fields(const verifier *v, const zw_field *field, unsigned count, uint32_t pos,
                          const step *path);

/* What a field at `pos`, which is in range and aligned, refers to; enums, if they are checked. */
NOINLINE int zw_verify_field(verifier *v, step *path, uint32_t table, uint32_t pos);

/* The offset at `pos` is paid for. */
int zw_verify_paid_string(verifier *v, const step *path, uint32_t pos);
int zw_verify_string(verifier *v, const step *path, uint32_t pos);

/* Unions, vectors of them, and the vectors of their types. */
int zw_verify_union(verifier *v, const step *path, uint32_t table, uint32_t pos);
int zw_verify_union_vector(verifier *v, step *path, uint32_t table, uint32_t pos);
int zw_verify_union_types(verifier *v, const step *path, uint32_t table, uint32_t pos);

#endif
