/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building FlatBuffers, and packing C structs into them. flatbuf.h includes this header.
 *
 * The builder writes a buffer from its end to its start: children before parents in time, after
 * them in memory. Objects may be started while others are open (nesting): the fields of open tables
 * wait on a stack, and are written when the table ends, by falling alignment, so that there is no
 * padding between them. The error is sticky: the first one is kept, later calls do nothing and give
 * 0, and `zw_builder_finish` returns it. Alignment is relative to the buffer's start, which
 * `finish` makes a multiple of the largest alignment away from the end.
 *
 *   zw_builder b;
 *   zw_builder_init(&b, NULL);
 *   zw_ref name = zw_builder_string(&b, ZW_STR("s1"));
 *   zw_builder_table_start(&b);
 *   zw_builder_add_ref(&b, 0, name);
 *   zw_builder_add_f64(&b, 1, 21.5, 0);
 *   zw_ref root = zw_builder_table_end(&b);
 *   zw_span bytes;
 *   int e = zw_builder_finish(&b, root, (zw_str){0}, &bytes);
 *
 * The bytes belong to the builder, until reset, deinit or the next object. One thread at a time
 * uses a builder.
 *
 * What is called for every field and string is inline; it leaves to the library what is rare: to
 * grow, and errors. Names that end with an underscore are private.
 */
#ifndef ZEROWIRE_BUILDER_H
#define ZEROWIRE_BUILDER_H

#include "zerowire/flatbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZW_COLD_ __attribute__((cold))

typedef uint32_t zw_ref;   /* an object in the buffer: its distance from the end; 0: none */
typedef uint64_t zw_ref64; /* the same, of what a 64-bit offset refers to */

/* An open table; private. */
typedef struct zw_open_table_ {
  uint64_t sizes;  /* octets of its fields, by alignment: 16 bits each for 8, 4, 2, 1 */
  uint32_t wide;   /* the same for 32 and 16 */
  uint32_t slots;  /* the largest id + 1 */
  uint32_t begin;  /* of its fields on the stack */
  uint32_t unused; /* what is on the stack is 8-aligned */
} zw_open_table_;

typedef struct zw_builder {
  const zw_alloc *alloc;
  uint8_t *top;    /* private: where the content begins */
  uint8_t *low;    /* private: where it may begin without growing; after an error: at `top` */
  size_t used;     /* octets of content, the tail included, but not `far`; private */
  size_t far;      /* octets at the very end that 64-bit offsets alone refer to; private */
  size_t tail;     /* octets of the borrowed tail with its padding; private */
  uint8_t *memory; /* private: content is at its end */
  size_t capacity; /* private */
  uint8_t *stack;  /* private: fields of open tables */
  size_t stack_len, stack_capacity;
  size_t stack_limit;   /* private: the capacity while fields can be added, else 0 */
  zw_open_table_ table; /* private: the innermost open one; the others are on the stack */
  uint32_t *vtables;    /* private: refs of written vtables, for sharing */
  size_t vtable_count, vtable_capacity;
  uint32_t *strings; /* private: hash table of refs of shared strings */
  size_t string_count, string_capacity;
  uint32_t open;       /* private: number of open tables */
  uint32_t align;      /* largest alignment so far */
  int error;           /* sticky */
  bool fixed;          /* memory is the caller's and does not grow: ZW_ELIMIT */
  bool force_defaults; /* write scalars that equal their default */
} zw_builder;

ZW_API void zw_builder_init(zw_builder *b, const zw_alloc *alloc);
/* Writes into the caller's memory; only the stack of open tables, and what vtables and shared
 * strings there are, is allocated. */
ZW_API void zw_builder_init_fixed(zw_builder *b, void *memory, size_t size, const zw_alloc *alloc);
ZW_API void zw_builder_deinit(zw_builder *b);
ZW_API void zw_builder_reset(zw_builder *b); /* keeps the memory */
/* Makes room at once, so that a buffer of this size is written without a move. */
ZW_API void zw_builder_reserve(zw_builder *b, size_t octets);

/* Sets the sticky error unless there is one; 0 changes nothing. */
static inline void zw_builder_fail(zw_builder *b, int error) {
  if (!error || b->error) return;
  b->error = error;
  b->low = b->top;
  b->stack_limit = 0;
}

/* Makes room for `len` octets, and zeros behind them, that put their start at a distance from the
 * end that is `bias` modulo `align`, a power of two; the room becomes content. NULL: the sticky
 * error is set. */
ZW_API ZW_COLD_ uint8_t *zw_builder_push_slow_(zw_builder *b, size_t len, size_t align,
                                               size_t bias);
static inline uint8_t *zw_builder_push_(zw_builder *b, size_t len, size_t align, size_t bias) {
  size_t room = (size_t)(b->top - b->low);
  size_t pad = (bias - (b->far + b->used + len)) & (align - 1);
  if (align > 8 || len > room || room - len < 16) return zw_builder_push_slow_(b, len, align, bias);
  zw_store_le64(b->top - 8, 0); /* the padding, and octets that are content next or free */
  b->used += pad + len;
  b->top -= pad + len;
  if (align > b->align) b->align = (uint32_t)align;
  return b->top;
}

static inline bool zw_struct_align_fits_(size_t size, size_t align) {
  return align - 1 < 32 && !((size | align) & (align - 1));
}

/* A string; absent text: 0. */
static inline zw_ref zw_builder_string(zw_builder *b, zw_str text) {
  if (!text.ptr) return 0;
  if (text.len > INT32_MAX - 5) {
    zw_builder_fail(b, ZW_ELIMIT);
    return 0;
  }
  uint8_t *at = zw_builder_push_(b, text.len + 5, 4, 0);
  if (!at) return 0;
  zw_store_le32(at, (uint32_t)text.len);
  memcpy(at + 4, text.ptr, text.len);
  at[4 + text.len] = 0;
  return (zw_ref)b->used;
}
/* The same, but equal strings that are built by this function are one object of the buffer. */
ZW_API zw_ref zw_builder_string_shared(zw_builder *b, zw_str text);
/* A vector of scalars or structs, elements in little-endian; `align` is that of an element, or the
 * larger force_align of the field. */
ZW_API zw_ref zw_builder_vector(zw_builder *b, const void *elements, size_t count, size_t size,
                                size_t align);
/* The same, elements left for the caller to write at *elements before the next call. */
ZW_API zw_ref zw_builder_vector_uninit(zw_builder *b, size_t count, size_t size, size_t align,
                                       void **elements);
/* A struct that stands alone, as the member of a union, in little-endian. `align`: a power of two
 * up to 32, of which the size is a multiple. */
ZW_API zw_ref zw_builder_struct(zw_builder *b, const void *bytes, size_t size, size_t align);
/* The same, left for the caller to write at *bytes before the next call. */
ZW_API zw_ref zw_builder_struct_uninit(zw_builder *b, size_t size, size_t align, uint8_t **bytes);
/* A vector of offsets (strings, tables). */
ZW_API zw_ref zw_builder_refs(zw_builder *b, const zw_ref *refs, size_t count);
/*
 * A finished buffer as a vector of octets (nested_flatbuffer, flexbuffer); absent bytes: 0.
 * Builders make the length a multiple of the largest alignment in the buffer: so much alignment it
 * gets in this one, at least 8, at most 32 (as much as force_align can ask for).
 */
ZW_API zw_ref zw_builder_nested(zw_builder *b, zw_span bytes);
static inline size_t zw_nested_align(size_t len) {
  return len == 0 || len % 16 ? 8 : len % 32 ? 16 : 32;
}
/*
 * A vector of octets that ends the buffer and is *not* copied: the buffer will be the bytes that
 * `finish` gives, followed by the caller's `len` octets, followed by zeros up to a multiple of 8
 * (zw_builder_tail_pad). Its elements are 8-aligned. Must come first after init or reset, at most
 * once.
 */
ZW_API zw_ref zw_builder_tail(zw_builder *b, size_t len);
static inline size_t zw_builder_tail_pad(size_t len) { return (8 - len % 8) % 8; }

/*
 * What 64-bit offsets refer to (ZW_F_OFFSET64). Whatever of it is built before anything else has
 * been (vectors, strings, tables that ended) may have any size: it lies at the very end, beyond
 * what the 2 GiB of a buffer count. What is built later is part of the 2 GiB. `length_size`: octets
 * of the length, 8 for base VECTOR64, 4 for VECTOR.
 */
ZW_API zw_ref64 zw_builder_string64(zw_builder *b, zw_str text);
ZW_API zw_ref64 zw_builder_vector64(zw_builder *b, const void *elements, size_t count, size_t size,
                                    size_t align, unsigned length_size);
ZW_API zw_ref64 zw_builder_vector64_uninit(zw_builder *b, size_t count, size_t size, size_t align,
                                           unsigned length_size, void **elements);

/* ---- tables ---- */

/* A field on the stack; private. Behind it are the octets of a struct, padded to 8. */
typedef struct zw_builder_entry_ {
  uint64_t value; /* scalar, zw_ref or zw_ref64 */
  uint16_t id;
  uint8_t kind;
  uint8_t shift; /* where its alignment is in `sizes`; from 64 on: in `wide` */
  uint32_t size; /* in the table */
} zw_builder_entry_;

enum zw_builder_kind_ {
  ZW_ENTRY_1_ = 1, /* scalars: octets */
  ZW_ENTRY_2_ = 2,
  ZW_ENTRY_4_ = 4,
  ZW_ENTRY_8_ = 8,
  ZW_ENTRY_REF_ = 16,
  ZW_ENTRY_REF64_,
  ZW_ENTRY_STRUCT_,
};

/* The alignment is a power of two: 32 in lane 4 … 1 in lane 3. */
#define ZW_ENTRY_SHIFT_(align) \
  ((align) == 1    ? 48        \
   : (align) == 2  ? 32        \
   : (align) == 4  ? 16        \
   : (align) == 8  ? 0         \
   : (align) == 16 ? 80        \
                   : 64)

ZW_API ZW_COLD_ zw_builder_entry_ *zw_builder_entry_slow_(zw_builder *b, uint64_t value,
                                                          unsigned id, unsigned kind, size_t size,
                                                          unsigned shift);

static inline zw_builder_entry_ *zw_builder_entry_of_(zw_builder *b, uint64_t value, unsigned id,
                                                      unsigned kind, size_t size, unsigned shift) {
  size_t end = b->stack_len + sizeof(zw_builder_entry_);
  if (kind == ZW_ENTRY_STRUCT_) end += (size + 7) / 8 * 8;
  if (size > UINT16_MAX || id >= (UINT16_MAX - 4) / 2 || end > b->stack_limit)
    return zw_builder_entry_slow_(b, value, id, kind, size, shift);
  zw_builder_entry_ *e = (zw_builder_entry_ *)(void *)(b->stack + b->stack_len);
  e->value = value;
  e->id = (uint16_t)id;
  e->kind = (uint8_t)kind;
  e->shift = (uint8_t)shift;
  e->size = (uint32_t)size;
  b->stack_len = end;
  if (shift < 64)
    b->table.sizes += (uint64_t)size << shift;
  else
    b->table.wide += (uint32_t)size << (shift - 64);
  if (id >= b->table.slots) b->table.slots = id + 1;
  return e;
}

/* Begins a table: the fields that are added next are its. */
ZW_API ZW_COLD_ void zw_builder_table_start_slow_(zw_builder *b);
static inline void zw_builder_table_start(zw_builder *b) {
  static const zw_open_table_ none = {0, 0, 0, 0, 0};
  if (b->open || b->error) {
    zw_builder_table_start_slow_(b);
    return;
  }
  b->open = 1;
  b->table = none;
  b->stack_limit = b->stack_capacity;
}

/* Scalars: one that is its default is left out, unless `force_defaults` is set. The bits of floats
 * are compared, so that -0.0 and NaN are kept as they are. */
#define ZW_BUILDER_ADD_(suffix, ctype, bits)                                           \
  static inline void zw_builder_add_##suffix(zw_builder *b, unsigned id, ctype value,  \
                                             ctype preset) {                           \
    uint##bits##_t raw, preset_raw;                                                    \
    memcpy(&raw, &value, sizeof raw);                                                  \
    memcpy(&preset_raw, &preset, sizeof preset_raw);                                   \
    if (raw != preset_raw || b->force_defaults)                                        \
      zw_builder_entry_of_(b, raw, id, bits / 8, bits / 8, ZW_ENTRY_SHIFT_(bits / 8)); \
  }
ZW_BUILDER_ADD_(bool, bool, 8)
ZW_BUILDER_ADD_(u8, uint8_t, 8)
ZW_BUILDER_ADD_(u16, uint16_t, 16)
ZW_BUILDER_ADD_(u32, uint32_t, 32)
ZW_BUILDER_ADD_(u64, uint64_t, 64)
ZW_BUILDER_ADD_(i8, int8_t, 8)
ZW_BUILDER_ADD_(i16, int16_t, 16)
ZW_BUILDER_ADD_(i32, int32_t, 32)
ZW_BUILDER_ADD_(i64, int64_t, 64)
ZW_BUILDER_ADD_(f32, float, 32)
ZW_BUILDER_ADD_(f64, double, 64)
#undef ZW_BUILDER_ADD_
/* A scalar of this type. */
ZW_API void zw_builder_add_scalar(zw_builder *b, unsigned id, enum zw_base_type base,
                                  zw_scalar value, zw_scalar preset);
/* For optional scalars: written whatever the value is. */
ZW_API void zw_builder_add_optional(zw_builder *b, unsigned id, enum zw_base_type base,
                                    zw_scalar value);

/* An offset to an object of this buffer; 0: not added. */
static inline void zw_builder_add_ref(zw_builder *b, unsigned id, zw_ref ref) {
  if (ref > INT32_MAX) zw_builder_fail(b, ZW_EINVAL);
  if (ref) zw_builder_entry_of_(b, ref, id, ZW_ENTRY_REF_, 4, ZW_ENTRY_SHIFT_(4));
}
static inline void zw_builder_add_ref64(zw_builder *b, unsigned id, zw_ref64 ref) {
  if (ref) zw_builder_entry_of_(b, ref, id, ZW_ENTRY_REF64_, 8, ZW_ENTRY_SHIFT_(8));
}

/* A struct of `size` octets, left for the caller to write at what it gives before the next call;
 * `align`: as zw_builder_struct. NULL: the sticky error is set. */
static inline uint8_t *zw_builder_add_struct_uninit(zw_builder *b, unsigned id, size_t size,
                                                    size_t align) {
  if (!zw_struct_align_fits_(size, align)) zw_builder_fail(b, ZW_EINVAL);
  zw_builder_entry_ *e =
      zw_builder_entry_of_(b, 0, id, ZW_ENTRY_STRUCT_, size, ZW_ENTRY_SHIFT_(align));
  return e ? (uint8_t *)(e + 1) : NULL;
}
/* The same with the octets; NULL: not added. */
static inline void zw_builder_add_struct(zw_builder *b, unsigned id, const void *bytes, size_t size,
                                         size_t align) {
  uint8_t *at = bytes ? zw_builder_add_struct_uninit(b, id, size, align) : NULL;
  if (at && size) memcpy(at, bytes, size);
}

/* Writes the table that was started last, and gives its reference. Equal vtables are shared. */
ZW_API zw_ref zw_builder_table_end(zw_builder *b);

/* Closes the buffer: identifier is 4 octets or absent. *out: the bytes (without a borrowed tail).
 */
ZW_API int zw_builder_finish(zw_builder *b, zw_ref root, zw_str identifier, zw_span *out);
/* The same behind a size prefix of `prefix` octets: 4, or 8 as Google's C++ has it for schemas with
 * 64-bit offsets. *out begins with the prefix, and is what zw_verify_sized takes. */
ZW_API int zw_builder_finish_sized(zw_builder *b, zw_ref root, zw_str identifier, unsigned prefix,
                                   zw_span *out);

/*
 * Copies a verified table of another buffer, and all below it that the descriptor knows, into this
 * one. 0: the sticky error is set, or the table is absent. What was referred to twice is so in the
 * copy, equal vtables are shared, fields are there if they were. Errors of its own: ZW_ENOTSUP for
 * a member of a union that the schema does not know, ZW_ELIMIT for more than 64 levels, or objects
 * that overlap so that they would be more than four times the buffer.
 */
ZW_API zw_ref zw_copy_table(zw_builder *b, const zw_type *type, zw_table table);
/* Copies one field of a table into the table that is open, if it is there. Of a union, copy its
 * type too. */
ZW_API void zw_copy_field(zw_builder *b, const zw_field *field, zw_table table);

/* ---- packing a C struct into a table, and unpacking it ---- */

/*
 * The generated struct `XT` mirrors table X: scalars as C types; an optional scalar as a struct
 * {bool has; ctype value;}; strings as zw_str; struct members as `const X *` to a packed C mirror
 * in host order (zw_pack_type of the struct); tables as `const XT *`; vectors as zw_items (elements
 * as above; tables and strings as arrays of XT and zw_str); a union as a zw_union_value in the
 * union field's place (u_type is taken from it); union vectors: zw_items of such. NULL and {NULL,
 * 0} are absent.
 */
typedef struct zw_items {
  const void *ptr;
  size_t len;
} zw_items;

typedef struct zw_union_value {
  int64_t type;      /* 0: NONE */
  const void *value; /* XT, or zw_str for string members */
} zw_union_value;

typedef struct zw_pack_type {
  const zw_type *type;
  uint32_t size;                              /* sizeof(XT) */
  const uint32_t *offsets;                    /* offsetof in XT, by field index (u_type: unused) */
  const struct zw_pack_type *const *children; /* by field index; NULL: no table or struct */
  const struct zw_pack_type *const *const *union_children; /* by field index: by value index of the
                                                              union; NULL: no unions in the table */
} zw_pack_type;

/* Builds the object (and all below it). 0: the sticky error is set. Depth at most 64. A
 * required field that is absent is ZW_EINVAL. Vectors of tables or structs with a `key` are sorted
 * by it. */
ZW_API zw_ref zw_pack(zw_builder *b, const zw_pack_type *pack, const void *object);
/* zw_pack and finish as the root: *out views the bytes that the builder holds. The builder is reset
 * first. */
ZW_API int zw_pack_root(zw_builder *b, const zw_pack_type *pack, const void *object,
                        zw_str identifier, zw_table *out);

/*
 * The way back: fills *object (pack->size octets) from a verified table. All that it points to is
 * in the arena, copied; the buffer is not needed any more. An absent scalar is its default, absent
 * strings, vectors, tables and structs are NULL; so is the value of a union whose member the schema
 * does not know. Where the buffer refers to an object twice, pointers may be equal. ZW_ENOTFOUND:
 * the table is absent; ZW_ELIMIT: as zw_copy_table; ZW_ENOMEM. After an error *object is zeros.
 */
ZW_API int zw_unpack(zw_arena *arena, const zw_pack_type *pack, zw_table table, void *object);

#ifdef __cplusplus
}
#endif

#endif
