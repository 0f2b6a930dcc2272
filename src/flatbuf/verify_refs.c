/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification of what fields refer to: strings, vectors, nested buffers, and what 64-bit offsets
 * lead to, which may lie beyond the octets that all else is in. Every octet that is looked at one
 * by one is paid for, and a vector's elements before the first is looked at.
 */
#include "verify.h"

/* Elements of a vector, or the octets of a string. */
typedef struct range {
  uint64_t first, count;
} range;

/* ---- strings ---- */

static int verify_octets(verifier *v, const step *path, uint64_t at, range octets) {
  if (v->buf[octets.first + octets.count] != 0)
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a string is not terminated");
  if (!(v->flags & ZW_VERIFY_UTF8)) return 0;
  zw_str text = {(const char *)v->buf + octets.first, (size_t)octets.count};
  int error = scan(v, path, at, octets.count);
  if (error || zw_utf8_valid(text)) return error;
  return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a string is not UTF-8");
}

int zw_verify_paid_string(verifier *v, const step *path, uint32_t pos) {
  uint32_t at;
  int error = resolve(v, path, pos, &at);
  if (error) return error;
  range octets = {(uint64_t)at + 4, zw_load_le32(v->buf + at)};
  if (!in_range(v, octets.first, octets.count + 1))
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a string leads out of the buffer");
  return verify_octets(v, path, at, octets);
}

int zw_verify_string(verifier *v, const step *path, uint32_t pos) {
  int error = pay(v, path, pos, 1);
  return error ? error : zw_verify_paid_string(v, path, pos);
}

/* ---- vectors ---- */

/* A buffer in a vector of octets, verified with the same budget. */
static int verify_nested(verifier *v, const step *path, range octets) {
  verifier nested = *v;
  if (octets.count == 0) return 0;
  if (octets.count < 8)
    return zw_verify_refuse(v, path, ZW_EVERIFY, octets.first, "a nested buffer is too short");
  nested.buf += octets.first;
  nested.seen.type = NULL;
  nested.prefix = 0;
  nested.size = octets.count;
  nested.len = octets.count < INT32_MAX ? (uint32_t)octets.count : INT32_MAX;
  nested.last = nested.len - 4;
  uint32_t root = 0;
  step inside = *path;
  inside.depth++;
  int error = follow(&nested, &inside, 0, &root);
  if (!error) error = zw_verify_table(&nested, path->field->type, root, &inside);
  v->offsets = nested.offsets;
  v->octets = nested.octets;
  return error;
}

static bool checks_enum(const verifier *v, const zw_field *field) {
  return (v->flags & ZW_VERIFY_ENUMS) && field->enum_type && !field->enum_type->is_union &&
         !field->enum_type->bit_flags;
}

/* A search costs as much as four octets. */
static int pay_enums(verifier *v, const step *path, uint64_t at, uint64_t count) {
  return scan(v, path, at, 4 * count);
}

static int verify_enum(const verifier *v, const step *path, uint64_t pos, unsigned base) {
  zw_scalar s = zw_scalar_load(v->buf + pos, (enum zw_base_type)base);
  if (zw_enum_by_value(path->field->enum_type, s.i)) return 0;
  return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an enum value is not declared");
}

static int verify_enums(verifier *v, step *path, range elements) {
  unsigned base = path->field->element;
  size_t size = zw_base_size((enum zw_base_type)base);
  int error = pay_enums(v, path, elements.first, elements.count);
  for (uint64_t i = 0; i < elements.count && !error; i++)
    error = verify_enum(v, path, elements.first + i * size, base);
  return error;
}

/* Octets of an element, and the alignment that is checked. */
static size_t element_size(const verifier *v, const zw_field *field, size_t *align) {
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  size_t size = is_struct ? field->type->size : zw_base_size((enum zw_base_type)field->element);
  *align = is_struct ? field->type->align : size;
  if ((v->flags & ZW_VERIFY_FORCE_ALIGN) && field->align > *align) *align = field->align;
  return size;
}

/* What scalars that are a vector's elements may hold besides numbers. */
static int verify_scalars(verifier *v, step *path, range elements) {
  if (path->field->flags & ZW_F_NESTED) return verify_nested(v, path, elements);
  return checks_enum(v, path->field) ? verify_enums(v, path, elements) : 0;
}

static int verify_vector(verifier *v, step *path, uint32_t pos) {
  size_t align, size = element_size(v, path->field, &align);
  uint32_t first, count;
  int error = vector_range(v, path, pos, size, align, &first, &count);
  if (error) return error;
  if (path->field->element != ZW_T_STRING) return verify_scalars(v, path, (range){first, count});
  error = pay(v, path, first, count);
  for (uint32_t i = 0; i < count && !error; i++) {
    path->index = i;
    error = zw_verify_paid_string(v, path, first + 4 * i);
  }
  return error;
}

/* ---- 64-bit offsets ---- */

/* Where the 64-bit offset at `pos` leads: to a length of `length_size` octets. */
static int follow64(verifier *v, const step *path, uint32_t pos, size_t length_size, uint64_t *at) {
  int error = pay(v, path, pos, 1);
  if (error) return error;
  uint64_t offset = zw_load_le64(v->buf + pos);
  if (offset == 0) return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an offset is 0");
  if (offset > v->size - pos || v->size - pos - offset < length_size)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an offset leads out of the buffer");
  *at = pos + offset;
  if (aligned(v, *at, length_size)) return 0;
  return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an offset is not aligned");
}

static int verify_string64(verifier *v, const step *path, uint32_t pos) {
  uint64_t at = 0;
  int error = follow64(v, path, pos, 4, &at);
  if (error) return error;
  range octets = {at + 4, zw_load_le32(v->buf + at)};
  if (octets.count >= v->size - octets.first)
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a string leads out of the buffer");
  return verify_octets(v, path, at, octets);
}

static int verify_vector64(verifier *v, step *path, uint32_t pos) {
  size_t length_size = path->field->base == ZW_T_VECTOR64 ? 8 : 4;
  size_t align, size = element_size(v, path->field, &align);
  uint64_t at = 0;
  int error = follow64(v, path, pos, length_size, &at);
  if (error) return error;
  range elements = {at + length_size, 0};
  elements.count = length_size == 8 ? zw_load_le64(v->buf + at) : zw_load_le32(v->buf + at);
  if (size && elements.count > (v->size - elements.first) / size)
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a vector leads out of the buffer");
  if (elements.count && !aligned(v, elements.first, align))
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a vector is not aligned");
  return path->field->element == ZW_T_OBJ ? 0 : verify_scalars(v, path, elements);
}

/* ---- fields ---- */

static int verify_child(verifier *v, const step *path, uint32_t pos) {
  uint32_t at = 0;
  if (path->field->type->is_struct) return 0;
  int error = follow(v, path, pos, &at);
  return error ? error : zw_verify_table(v, path->field->type, at, path);
}

static int verify_scalar(verifier *v, const step *path, uint32_t pos) {
  if (!checks_enum(v, path->field)) return 0;
  int error = pay_enums(v, path, pos, 1);
  return error ? error : verify_enum(v, path, pos, path->field->base);
}

int zw_verify_field(verifier *v, step *path, uint32_t table, uint32_t pos) {
  const zw_field *field = path->field;
  bool wide = field->flags & ZW_F_OFFSET64;
  switch (field->base) {
    case ZW_T_STRING: return wide ? verify_string64(v, path, pos) : zw_verify_string(v, path, pos);
    case ZW_T_VECTOR64: return verify_vector64(v, path, pos);
    case ZW_T_VECTOR:
      if (field->element == ZW_T_UNION) return zw_verify_union_vector(v, path, table, pos);
      if (zw_field_is_union_type(field)) return zw_verify_union_types(v, path, table, pos);
      return wide ? verify_vector64(v, path, pos) : verify_vector(v, path, pos);
    case ZW_T_UNION: return zw_verify_union(v, path, table, pos);
    case ZW_T_OBJ: return verify_child(v, path, pos);
    default: return verify_scalar(v, path, pos);
  }
}
