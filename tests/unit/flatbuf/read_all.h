/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads everything that a verified table gives, by its descriptors and through the accessors: what
 * verification accepts must not trap here. Long vectors of numbers are read at both ends and in the
 * middle. On the way it notes what is unusual in the buffer.
 */
#ifndef ZEROWIRE_READ_ALL_H
#define ZEROWIRE_READ_ALL_H

#include "zerowire/any.h"

enum read_fact {
  READ_EMPTY_NESTED = 1u << 0,         /* an empty vector in place of a nested buffer */
  READ_SMALL_NESTED = 1u << 1,         /* a nested buffer below 12 octets */
  READ_UNION_WITHOUT_VALUE = 1u << 2,  /* a type, but no value */
  READ_TYPES_WITHOUT_UNIONS = 1u << 3, /* an empty vector of types, but none of values */
};

typedef struct read_all {
  uint64_t sum; /* so that nothing is left out as unused */
  uint32_t facts;
} read_all;

static inline void read_table(const zw_type *type, zw_table table, read_all *r);

static inline void read_octets(zw_str text, read_all *r) {
  const size_t some[] = {0, text.len / 2, text.len - 1};
  for (unsigned i = 0; text.ptr && text.len && i < 3; i++) r->sum += (uint8_t)text.ptr[some[i]];
}

static inline void read_string(zw_str text, read_all *r) {
  read_octets(text, r);
  if (text.ptr) r->sum += (uint8_t)text.ptr[text.len]; /* the NUL behind it */
}

static inline void read_scalar(const uint8_t *at, unsigned base, read_all *r) {
  r->sum += zw_scalar_load(at, (enum zw_base_type)base).u;
}

static inline void read_struct(const zw_type *type, const uint8_t *at, read_all *r) {
  for (unsigned i = 0; at && i < type->field_count; i++) {
    const zw_field *member = &type->fields[i];
    bool array = member->base == ZW_T_ARRAY;
    unsigned base = array ? member->element : member->base;
    size_t size = base == ZW_T_OBJ ? member->type->size : zw_base_size((enum zw_base_type)base);
    for (unsigned k = 0; k < (array ? member->fixed_length : 1u); k++) {
      const uint8_t *p = at + member->offset + k * size;
      if (base == ZW_T_OBJ)
        read_struct(member->type, p, r);
      else
        read_scalar(p, base, r);
    }
  }
}

static inline void read_nested(const zw_type *type, zw_span bytes, bool absent, read_all *r) {
  if (absent) return;
  if (bytes.len == 0) r->facts |= READ_EMPTY_NESTED;
  if (bytes.len && bytes.len < 12) r->facts |= READ_SMALL_NESTED;
  read_table(type, zw_root_trusted(bytes), r);
}

/* Scalars or structs from `at` on. */
static inline void read_elements(const zw_field *field, const uint8_t *at, uint64_t count,
                                 read_all *r) {
  bool structs = field->element == ZW_T_OBJ;
  size_t size = structs ? field->type->size : zw_base_size((enum zw_base_type)field->element);
  const uint64_t some[] = {0, count / 2, count - 1};
  for (unsigned i = 0; count && i < 3; i++) {
    if (structs)
      read_struct(field->type, at + some[i] * size, r);
    else
      read_scalar(at + some[i] * size, field->element, r);
  }
  if (field->flags & ZW_F_NESTED)
    read_nested(field->type, zw_span_of(at, (size_t)count), at == NULL, r);
}

/* `slot` is where the offset is; NULL: absent. */
static inline void read_union(const zw_enum_type *type, int64_t number, zw_table value,
                              bool present, read_all *r) {
  const zw_enum_value *member = zw_enum_by_value(type, number);
  if (number && !present) r->facts |= READ_UNION_WITHOUT_VALUE;
  if (!member || !number || !present) return;
  const uint8_t *at = value.ptr;
  if (member->base == ZW_T_STRING)
    read_string((zw_str){(const char *)at + 4, zw_load_le32(at)}, r);
  else if (member->type->is_struct)
    read_struct(member->type, at, r);
  else
    read_table(member->type, value, r);
}

static inline void read_union_vector(const zw_field *field, zw_table table, read_all *r) {
  const zw_enum_type *type = field->enum_type;
  zw_vec types = zw_table_vec(table, field->id - 1u), values = zw_table_vec(table, field->id);
  size_t size = zw_base_size((enum zw_base_type)type->base);
  if (types.ptr && !values.ptr) r->facts |= READ_TYPES_WITHOUT_UNIONS;
  for (uint32_t i = 0; values.ptr && i < types.count; i++) {
    const uint8_t *at = types.ptr + i * size;
    int64_t number = zw_scalar_load(at, (enum zw_base_type)type->base).i;
    read_union(type, number, zw_vec_table(values, i), true, r);
  }
}

static inline void read_vector(const zw_field *field, zw_table table, read_all *r) {
  if (field->flags & ZW_F_OFFSET64) {
    zw_vec64 far = zw_table_vec64(table, field->id, field->base == ZW_T_VECTOR64 ? 8 : 4);
    read_elements(field, far.ptr, far.count, r);
    return;
  }
  zw_vec v = zw_table_vec(table, field->id);
  if (field->element == ZW_T_UNION) {
    read_union_vector(field, table, r);
  } else if (field->element == ZW_T_STRING) {
    for (uint32_t i = 0; i < v.count; i++) read_string(zw_vec_str(v, i), r);
  } else if (field->element == ZW_T_OBJ && !field->type->is_struct) {
    for (uint32_t i = 0; i < v.count; i++) read_table(field->type, zw_vec_table(v, i), r);
  } else {
    read_elements(field, v.ptr, v.count, r);
  }
}

static inline void read_field(const zw_type *type, unsigned i, zw_table table, read_all *r) {
  const zw_field *field = &type->fields[i];
  switch (field->base) {
    case ZW_T_STRING:
      read_string(field->flags & ZW_F_OFFSET64 ? zw_table_str64(table, field->id)
                                               : zw_table_str(table, field->id),
                  r);
      break;
    case ZW_T_VECTOR:
    case ZW_T_VECTOR64: read_vector(field, table, r); break;
    case ZW_T_OBJ:
      if (field->type->is_struct)
        read_struct(field->type, zw_table_struct(table, field->id), r);
      else
        read_table(field->type, zw_table_table(table, field->id), r);
      break;
    case ZW_T_UNION:
      read_union(field->enum_type, zw_field_scalar(table, field - 1).i,
                 zw_table_table(table, field->id), zw_table_has(table, field->id), r);
      break;
    default: r->sum += zw_field_scalar(table, field).u; break;
  }
}

/* A table that is absent has no fields to read. */
static inline void read_table(const zw_type *type, zw_table table, read_all *r) {
  for (unsigned i = 0; table.ptr && i < type->field_count; i++) read_field(type, i, table, r);
}

/* Copies a table that `options` accepted into a buffer of its own, which they accept too and which
 * says the same; false: it does not. What cannot be copied is refused. */
static inline bool copy_is_same(const zw_type *type, zw_table table,
                                const zw_verify_options *options) {
  const zw_str none = {NULL, 0};
  zw_builder b;
  zw_span bytes;
  zw_table copy;
  zw_builder_init(&b, NULL);
  int e = zw_builder_finish(&b, zw_copy_table(&b, type, table), none, &bytes);
  bool same = e == ZW_ENOTSUP || e == ZW_ELIMIT;
  if (e == 0)
    same = zw_verify(type, bytes, options, &copy, NULL) == 0 &&
           zw_table_compare(type, table, copy) == 0;
  zw_builder_deinit(&b);
  return same;
}

#endif
