/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values by descriptor. Everything is read from verified tables, so nothing is checked; the two
 * kinds of vectors differ in how their elements are found: scalars and structs stand at `stored`,
 * what is referred to is reached through `vector`.
 */
#include "zerowire/any.h"

static size_t stored_size(const zw_any *list) {
  return list->element == ZW_T_OBJ ? list->type->size : zw_base_size(list->element);
}

static bool refers(unsigned base, const zw_type *type) {
  return base == ZW_T_STRING || base == ZW_T_UNION || (base == ZW_T_OBJ && !type->is_struct);
}

/* What a union holds, at the place that its reference leads to. */
static zw_any of_union(const zw_enum_type *members, zw_scalar which, zw_table at) {
  zw_any v = {.base = ZW_T_NONE, .enum_type = members, .scalar = which};
  const zw_enum_value *member = at.ptr ? zw_enum_by_value(members, which.i) : NULL;
  if (!member || member->base == ZW_T_NONE) return v;
  v.base = member->base;
  v.type = member->type;
  if (member->base == ZW_T_STRING) {
    const uint8_t *text = at.ptr;
    v.text = (zw_str){(const char *)text + 4, zw_load_le32(text)};
  } else if (member->type->is_struct) {
    v.stored = at.ptr;
  } else {
    v.table = at;
  }
  return v;
}

static zw_any of_vector(zw_table table, const zw_field *field) {
  zw_any v = {.base = field->base, .element = field->element, .type = field->type};
  v.enum_type = field->enum_type;
  if (field->flags & ZW_F_NESTED) v.type = NULL;
  if (field->flags & ZW_F_OFFSET64) {
    zw_vec64 far = zw_table_vec64(table, field->id, field->base == ZW_T_VECTOR64 ? 8 : 4);
    v.stored = far.ptr;
    v.count = far.count;
  } else {
    v.vector = zw_table_vec(table, field->id);
    v.stored = v.vector.ptr;
    v.count = v.vector.count;
  }
  return v;
}

static zw_any of_scalar(zw_table table, const zw_field *field) {
  zw_any v = {.base = field->base, .enum_type = field->enum_type};
  if ((field->flags & ZW_F_OPTIONAL) && !zw_table_has(table, field->id)) v.base = ZW_T_NONE;
  v.scalar = zw_field_scalar(table, field);
  return v;
}

static zw_any of_string(zw_table table, const zw_field *field) {
  bool far = field->flags & ZW_F_OFFSET64;
  return (zw_any){.base = ZW_T_STRING,
                  .text = far ? zw_table_str64(table, field->id) : zw_table_str(table, field->id)};
}

zw_any zw_any_of_field(zw_table table, const zw_type *type, const zw_field *field) {
  static const zw_any absent = {.base = ZW_T_NONE};
  if (zw_base_is_scalar(field->base)) return of_scalar(table, field);
  if (!zw_table_has(table, field->id)) return absent;
  switch (field->base) {
    case ZW_T_STRING: return of_string(table, field);
    case ZW_T_VECTOR64: return of_vector(table, field);
    case ZW_T_VECTOR: {
      zw_any v = of_vector(table, field);
      if (field->element == ZW_T_UNION) v.types = zw_table_vec(table, field->id - 1u);
      return v;
    }
    case ZW_T_UNION:
      return of_union(field->enum_type, zw_field_scalar(table, &type->fields[field->id - 1]),
                      zw_table_table(table, field->id));
    default: break;
  }
  zw_any v = {.base = ZW_T_OBJ, .type = field->type};
  if (field->type->is_struct)
    v.stored = zw_table_struct(table, field->id);
  else
    v.table = zw_table_table(table, field->id);
  return v;
}

zw_any zw_any_of_member(const uint8_t *structure, const zw_field *member) {
  zw_any v = {.base = member->base, .element = member->element, .type = member->type};
  v.enum_type = member->enum_type;
  v.stored = structure + member->offset;
  v.count = member->fixed_length;
  if (zw_base_is_scalar(member->base)) v.scalar = zw_member_scalar(structure, member);
  return v;
}

zw_any zw_any_of_element(const zw_any *list, size_t i) {
  zw_any v = {.base = list->element, .type = list->type, .enum_type = list->enum_type};
  if (list->element == ZW_T_UNION) {
    unsigned base = list->enum_type->base;
    const uint8_t *which = list->types.ptr + i * zw_base_size(base);
    return of_union(list->enum_type, zw_scalar_load(which, base), zw_vec_table(list->vector, i));
  }
  if (!refers(list->element, list->type)) {
    v.stored = list->stored + i * stored_size(list);
    if (list->element != ZW_T_OBJ) v.scalar = zw_scalar_load(v.stored, list->element);
  } else if (list->element == ZW_T_STRING) {
    v.text = zw_vec_str(list->vector, i);
  } else {
    v.table = zw_vec_table(list->vector, i);
  }
  return v;
}

zw_any zw_any_of_table(zw_table table, const zw_type *type) {
  return (zw_any){
      .base = table.ptr ? (uint8_t)ZW_T_OBJ : (uint8_t)ZW_T_NONE, .type = type, .table = table};
}
