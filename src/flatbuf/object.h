/* SPDX-License-Identifier: Apache-2.0 */
/* What the object reader and writer share: names for messages, UUID text. */
#ifndef ZEROWIRE_FLATBUF_OBJECT_H
#define ZEROWIRE_FLATBUF_OBJECT_H

#include "type_text.h"
#include "zerowire/reflect.h"

#define ZW_UUID_TEXT_LEN 36

/* Whether the field holds offsets to tables, strings or vectors of one member of a union. */
static inline bool zw_field_is_union_vector(const zw_field *field) {
  return field->base == ZW_T_VECTOR && field->element == ZW_T_UNION;
}

/* The `u_type` field of a union (vector): the field before it. */
static inline const zw_field *zw_union_type_field(const zw_type *type, const zw_field *field) {
  return field > type->fields ? field - 1 : NULL;
}

/* Whether values of this 16-octet struct are UUIDs: the field or the struct is marked. */
static inline bool zw_is_uuid(const zw_field *field, const zw_type *type) {
  if (!type || !type->is_struct || type->size != 16) return false;
  return (field->flags & ZW_F_UUID) ||
         zw_attribute_get(type->attributes, type->attribute_count, ZW_STR("uuid")).ptr;
}

void zw_uuid_format(const uint8_t uuid[16], char out[ZW_UUID_TEXT_LEN + 1]);
/* Hex digits in any case, with hyphens at the usual places. */
bool zw_uuid_parse(zw_str text, uint8_t out[16]);

/* A reader over tokens into a builder; all functions return 0 or an error that is in `error` and
 * *diag too. */
typedef struct zw_object_reader {
  zw_token_reader *in;
  zw_builder *b;
  zw_diag *diag;
  uint32_t flags;
  uint32_t depth;
  int error; /* sticky */
} zw_object_reader;

/* Where a value goes, for messages: "Reading.celsius", "Reading.tags[3]". */
typedef struct zw_value_site {
  const zw_type *type;
  const zw_field *field;
  size_t index; /* of the element, or SIZE_MAX */
} zw_value_site;

int zw_object_fail(zw_object_reader *r, int error, const zw_token *token, const char *format, ...)
    ZW_PRINTF(4, 5);
int zw_value_fail(zw_object_reader *r, int error, const zw_token *token, const zw_value_site *site,
                  const char *format, ...) ZW_PRINTF(5, 6);
/* "here is a string" for messages. */
const char *zw_token_what(const zw_token *token);
int zw_object_next(zw_object_reader *r, zw_token *token);

/* One scalar of this base (an enum if enum_type is there) from a token. */
int zw_scalar_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                   enum zw_base_type base, const zw_enum_type *enum_type, zw_scalar *out);

/* Reads the fields of a map whose MAP token has been read, and builds the table. */
zw_ref zw_object_read_map(zw_object_reader *r, const zw_type *type, const zw_token *map);

/* A growing or inline set of bits. */
typedef struct zw_bits {
  uint64_t inline_words[4];
  uint64_t *words;
  size_t size; /* octets allocated, or 0 */
} zw_bits;

int zw_bits_init(zw_bits *bits, size_t count, const zw_alloc *alloc);
void zw_bits_deinit(zw_bits *bits, const zw_alloc *alloc);
static inline bool zw_bits_get(const zw_bits *bits, size_t i) {
  return bits->words[i / 64] >> (i % 64) & 1;
}
static inline void zw_bits_set(zw_bits *bits, size_t i) {
  bits->words[i / 64] |= (uint64_t)1 << (i % 64);
}

/* A union of an open table: its type and its value may come in any order. */
typedef struct zw_union_reader {
  uint16_t field;      /* index of `u`; its type is at field - 1 */
  bool typed, waiting; /* the type is known; the value has been passed over */
  int64_t number;      /* of one union */
  int64_t *numbers;    /* of a vector of them */
  size_t count, capacity;
  zw_token_mark mark; /* before the value that waits */
} zw_union_reader;

/* One open table: what has been given, and its unions. */
typedef struct zw_table_reader {
  zw_object_reader *r;
  const zw_type *type;
  zw_bits seen, present; /* by field index; present: with a value that is not NULL */
  zw_union_reader *unions;
  size_t union_count, union_capacity;
} zw_table_reader;

/* Opens the table in the builder; end it with zw_table_reader_end, also after an error. */
int zw_table_reader_begin(zw_table_reader *t, zw_object_reader *r, const zw_type *type);
/* The value of a field whose first token is `token`. */
int zw_table_reader_value(zw_table_reader *t, const zw_field *field, const zw_token *token);
/* A key and its value, which has not been read yet. */
int zw_table_reader_pair(zw_table_reader *t, const zw_token *key);
/* Reads unions that were waiting, checks required fields, closes the table; `start` is the token
 * that began it. 0: error. */
zw_ref zw_table_reader_end(zw_table_reader *t, const zw_token *start);

/* Union values and their types, in any order. */
int zw_union_read_type(zw_table_reader *t, const zw_field *type_field, const zw_token *token);
/* The union whose value or type this field is; NULL: no memory. */
zw_union_reader *zw_union_find(zw_table_reader *t, const zw_field *field);
int zw_union_read_value(zw_table_reader *t, const zw_field *field, const zw_token *token);
int zw_union_read_waiting(zw_table_reader *t);
int zw_union_check(zw_table_reader *t, const zw_token *start);

/* A struct from a map (or a UUID from its text), into `out` of type->size octets. */
int zw_struct_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                   const zw_type *type, uint8_t *out);

/* One table or string or struct, as an object of its own; 0: error. */
zw_ref zw_child_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                     const zw_type *type);
zw_ref zw_string_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site);
/* A vector of anything but unions. */
zw_ref64 zw_vector_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site);

#endif
