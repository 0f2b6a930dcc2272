/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each octet of a FlatBuffer means: for people who look for what is wrong with one, and for
 * tools.
 *
 * An annotation divides a buffer into *parts*: an offset, a slot of a vtable, a scalar, the octets
 * of a string, padding. Parts are in the order of their addresses, do not overlap, and cover the
 * buffer: each octet is in exactly one. Parts belong to *blocks*: a vtable, a table, a string, a
 * vector. *Remarks* say what is wrong, at which octet, and what else is to be known.
 *
 * The buffer may be anything: a corrupt one gives remarks, never an error, and what can be read of
 * it is read. The work is bounded by the length: what is referred to many times is looked at once,
 * and where objects overlap so much that there are more parts than octets, a remark says so and the
 * rest is not looked at.
 */
#ifndef ZEROWIRE_ANNOTATE_H
#define ZEROWIRE_ANNOTATE_H

#include "zerowire/flatbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(symbol, name in JSON) */
#define ZW_PART_KINDS(X)                                                          \
  X(SIZE_PREFIX, "size_prefix")                                                   \
  X(ROOT, "root_offset")                                                          \
  X(IDENTIFIER, "file_identifier")                                                \
  X(VTABLE_SIZE, "vtable_size")                                                   \
  X(TABLE_SIZE, "table_size")                                                     \
  X(SLOT, "vtable_slot")          /* where a field is in its table */             \
  X(VTABLE, "vtable_offset")      /* from a table back to its vtable */           \
  X(SCALAR, "scalar")             /* of a table or a struct */                    \
  X(SCALARS, "scalars")           /* elements of a vector or a fixed array */     \
  X(OFFSET, "offset")             /* of a field, or an element of a vector */     \
  X(LENGTH, "length")             /* of a string or a vector */                   \
  X(TEXT, "text")                 /* of a string */                               \
  X(TERMINATOR, "terminator")     /* the 0 behind it */                           \
  X(FLEXBUFFER, "flexbuffer")     /* octets that hold one */                      \
  X(UNKNOWN, "unknown_field")     /* of a table, by a newer schema */             \
  X(PADDING, "padding")           /* for alignment */                             \
  X(DOUBTFUL, "doubtful")         /* of something whose length cannot be right */ \
  X(UNREFERENCED, "unreferenced") /* nothing that the schema knows leads here */

enum zw_part_kind {
#define ZW_PART_ENUM(symbol, name) ZW_PART_##symbol,
  ZW_PART_KINDS(ZW_PART_ENUM)
#undef ZW_PART_ENUM
};

#define ZW_NO_BLOCK UINT32_MAX
#define ZW_NO_ELEMENT UINT64_MAX

typedef struct zw_part {
  uint64_t at, len;
  uint64_t target;             /* ROOT, VTABLE, OFFSET: where it leads; 0: nowhere inside */
  uint64_t index;              /* element of a vector; SLOT, UNKNOWN: the field's id */
  const zw_field *field;       /* that it is of; NULL: none */
  const zw_enum_value *member; /* OFFSET of a union: what it holds; NULL: not known */
  uint32_t block;              /* ZW_NO_BLOCK: between blocks */
  uint32_t inside;             /* of a struct: octets from its start */
  uint8_t kind;                /* enum zw_part_kind */
  uint8_t base;                /* SCALAR, SCALARS: enum zw_base_type */
  bool cut;                    /* its beginning belongs to another part */
} zw_part;

enum zw_block_kind {
  ZW_BLOCK_BUFFER,
  ZW_BLOCK_VTABLE,
  ZW_BLOCK_TABLE,
  ZW_BLOCK_STRUCT, /* member of a union */
  ZW_BLOCK_STRING,
  ZW_BLOCK_VECTOR,
};

typedef struct zw_block {
  uint64_t at, len;
  uint64_t index;        /* where it is an element of its owner */
  uint64_t types;        /* private: vector of unions: where its types are */
  const zw_type *type;   /* buffer: its root; vtable: the first table's; NULL: string, vector */
  const zw_field *field; /* of the owner, that leads here; NULL: an element, a root or a vtable */
  uint32_t owner;        /* the block that leads here first; ZW_NO_BLOCK: none */
  uint32_t users;        /* how many lead here */
  uint32_t space, next, first_slot, slot_count; /* private */
  uint8_t kind;                                 /* enum zw_block_kind */
  bool overlaps;                                /* private */
} zw_block;

typedef struct zw_remark {
  uint64_t at; /* the octet; the length of the buffer for its end */
  zw_str text;
  bool wrong;   /* else it is no more than worth knowing */
  uint32_t seq; /* private */
} zw_remark;

typedef struct zw_annotation {
  zw_span bytes;
  const zw_part *parts;
  size_t part_count;
  const zw_block *blocks;
  size_t block_count;
  const zw_remark *remarks; /* in the order of their octets */
  size_t remark_count;
  size_t wrong_count; /* remarks that are `wrong` */
  bool valid;         /* it verifies, and nothing is wrong */
} zw_annotation;

typedef struct zw_annotate_options {
  size_t size; /* sizeof(zw_annotate_options) */
  const zw_alloc *alloc;
  zw_str identifier; /* octets 4..7 must be this; absent: any */
  uint32_t flags;    /* enum zw_verify_flag */
  bool sized;        /* a size prefix comes first */
} zw_annotate_options;

/* Annotates `bytes`, which are borrowed, as a buffer with this root table. `options` may be NULL. 0
 * or ZW_ENOMEM. Free with zw_annotation_destroy; immutable meanwhile. */
ZW_API int zw_annotate(zw_annotation **out, const zw_type *root, zw_span bytes,
                       const zw_annotate_options *options);
ZW_API void zw_annotation_destroy(zw_annotation *annotation); /* NULL is ignored */

/*
 * Adds the lines of part `i` to `out`: where its block begins, a heading before; its octets, at
 * most eight a line, with their value and meaning; and the remarks about them. i == part_count:
 * what is to be said of the buffer's end, mostly nothing. `colors`: for a terminal.
 */
ZW_API void zw_annotation_print(const zw_annotation *annotation, size_t i, bool colors,
                                zw_text *out);
/*
 * The same as JSON, one object a line: {"at", "len", "kind", "block", "path", "field", "type",
 * "value", "target", "hex"}, as far as a part has them; and remarks as {"at", "wrong", "remark"}.
 */
ZW_API void zw_annotation_print_json(const zw_annotation *annotation, size_t i, zw_text *out);

#ifdef __cplusplus
}
#endif

#endif
