/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification of unions: the type in the slot before the value's says what the value is. A type
 * has the width of the union's underlying type, one octet nearly always. The value of a type that
 * the schema does not know is an offset that leads inside, or refused (ZW_VERIFY_STRICT_UNIONS).
 */
#include "verify.h"

static size_t type_size(const zw_enum_type *type) {
  return zw_base_size((enum zw_base_type)type->base);
}

static int64_t load_type(const zw_enum_type *type, const uint8_t *at) {
  return zw_scalar_load(at, (enum zw_base_type)type->base).i;
}

static const zw_enum_value *find_member(const zw_enum_type *type, int64_t number) {
  if ((uint64_t)number < type->value_count && type->values[number].value == number)
    return &type->values[number];
  return zw_enum_by_value(type, number); /* with gaps */
}

/* Structs may have fewer octets than the four of all else, and any alignment. */
static int follow_anywhere(verifier *v, const step *path, uint32_t pos, uint32_t *at,
                           const char *what) {
  uint32_t offset = zw_load_le32(v->buf + pos);
  *at = pos + offset;
  int error = pay(v, path, pos, 1);
  if (error || (offset != 0 && offset < v->len - pos)) return error;
  return zw_verify_refuse(v, path, ZW_EVERIFY, pos, offset ? what : "an offset is 0");
}

static int verify_struct(verifier *v, const zw_type *type, const step *path, uint32_t pos) {
  uint32_t at;
  int error = follow_anywhere(v, path, pos, &at, "an offset leads out of the buffer");
  if (error) return error;
  if (!in_range(v, at, type->size))
    return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a struct leads out of the buffer");
  if (aligned(v, at, type->align)) return 0;
  return zw_verify_refuse(v, path, ZW_EVERIFY, at, "a struct is not aligned");
}

static int verify_value(verifier *v, const zw_enum_type *type, const step *path, int64_t number,
                        uint32_t pos) {
  const zw_enum_value *member = find_member(type, number);
  uint32_t at = 0;
  if (!member && (v->flags & ZW_VERIFY_STRICT_UNIONS))
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an unknown union member");
  if (!member)
    return follow_anywhere(v, path, pos, &at,
                           "the offset of an unknown union member leads out of the buffer");
  if (member->base == ZW_T_STRING) return zw_verify_string(v, path, pos);
  if (member->type && member->type->is_struct) return verify_struct(v, member->type, path, pos);
  int error = follow(v, path, pos, &at);
  if (error) return error;
  if (!member->type)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "a union value without a type");
  return zw_verify_table(v, member->type, at, path);
}

int zw_verify_union(verifier *v, const step *path, uint32_t table, uint32_t pos) {
  const zw_field *field = path->field;
  uint32_t type_at = inline_field(v, table, field->id - 1u);
  int64_t number = type_at ? load_type(field->enum_type, v->buf + type_at) : 0;
  if (number == 0)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "a union value without a type");
  return verify_value(v, field->enum_type, path, number, pos);
}

int zw_verify_union_vector(verifier *v, step *path, uint32_t table, uint32_t pos) {
  const zw_enum_type *type = path->field->enum_type;
  size_t size = type_size(type);
  uint32_t type_at = inline_field(v, table, path->field->id - 1u), types, type_count, first, count;
  if (!type_at)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "a vector of unions without its types");
  int error = vector_range(v, path, type_at, size, size, &types, &type_count);
  if (!error) error = vector_range(v, path, pos, 4, 4, &first, &count);
  if (error) return error;
  if (count != type_count)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos,
                            "a vector of unions and its types differ in length");
  error = scan(v, path, types, (uint64_t)count * size);
  for (uint32_t i = 0; i < count && !error; i++) {
    int64_t number = load_type(type, v->buf + types + i * size);
    path->index = i;
    if (number != 0) error = verify_value(v, type, path, number, first + 4 * i);
  }
  return error;
}

/* Who counts the types reads as many values. */
int zw_verify_union_types(verifier *v, const step *path, uint32_t table, uint32_t pos) {
  size_t size = type_size(path->field->enum_type);
  uint32_t first, count;
  int error = vector_range(v, path, pos, size, size, &first, &count);
  if (error || count == 0 || inline_field(v, table, path->field->id + 1u)) return error;
  return zw_verify_refuse(v, path, ZW_EVERIFY, pos,
                          "types of a vector of unions without its values");
}
