/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What fields are to a generator: their forms, which every language has a template for, and the
 * defaults of strings.
 */
#include "generate.h"
#include "zerowire/reflect.h"

bool zw_gen_is_void(const zw_type *type) {
  return type->field_count == 0 && zw_str_eq(type->name, ZW_STR("Void"));
}

enum zw_base_type zw_field_scalar_base(const zw_field *field) {
  unsigned base = field->element ? field->element : field->base;
  return zw_base_is_scalar(base) ? (enum zw_base_type)base : ZW_T_NONE;
}

static enum zw_field_form vector_form(const zw_field *field) {
  if (zw_field_is_union_type(field)) return ZW_FORM_UNION_TYPES;
  switch (field->element) {
    case ZW_T_STRING: return ZW_FORM_STRINGS;
    case ZW_T_UNION: return ZW_FORM_UNIONS;
    case ZW_T_OBJ: return field->type->is_struct ? ZW_FORM_STRUCTS : ZW_FORM_TABLES;
    case ZW_T_UBYTE:
      if (field->flags & ZW_F_NESTED) return ZW_FORM_NESTED;
      if (field->flags & ZW_F_FLEXBUFFER) return ZW_FORM_FLEXBUFFER;
      return field->enum_type ? ZW_FORM_SCALARS : ZW_FORM_OCTETS;
    default: return ZW_FORM_SCALARS;
  }
}

enum zw_field_form zw_field_form(const zw_field *field) {
  if (field->flags & ZW_F_DEPRECATED) return ZW_FORM_NONE;
  switch (field->base) {
    case ZW_T_VECTOR:
    case ZW_T_VECTOR64: return vector_form(field);
    case ZW_T_ARRAY:
      return field->element == ZW_T_OBJ ? ZW_FORM_STRUCT_ARRAY : ZW_FORM_SCALAR_ARRAY;
    case ZW_T_STRING: return ZW_FORM_STRING;
    case ZW_T_UNION: return ZW_FORM_UNION;
    case ZW_T_OBJ: return field->type->is_struct ? ZW_FORM_STRUCT : ZW_FORM_TABLE;
    default: break;
  }
  if (zw_field_is_union_type(field)) return ZW_FORM_UNION_TYPE;
  return field->flags & ZW_F_OPTIONAL ? ZW_FORM_OPTIONAL : ZW_FORM_SCALAR;
}

bool zw_gen_has_far(const zw_schema *schema) {
  for (size_t i = 0; i < schema->type_count; i++)
    for (unsigned k = 0; k < schema->types[i].field_count; k++)
      if (schema->types[i].fields[k].flags & ZW_F_OFFSET64) return true;
  return false;
}

/* The attribute stands in for the descriptor's own text in schemas that have been loaded. */
static zw_str preset_json(const zw_field *field) {
  if (field->preset_text.ptr) return field->preset_text;
  return zw_attribute_get(field->attributes, field->attribute_count, ZW_STR("zw_default"));
}

bool zw_gen_has_vector_preset(const zw_field *field) {
  bool vector = field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64;
  return vector && preset_json(field).ptr;
}

zw_str zw_gen_string_preset(zw_gen *g, const zw_field *field) {
  zw_str json = preset_json(field);
  if (!json.ptr || field->base != ZW_T_STRING) return (zw_str){NULL, 0};
  zw_json_reader reader;
  zw_token token;
  zw_json_reader_init(&reader, json, 0, 0, g->from.alloc);
  int error = reader.reader.next(&reader.reader, &token, NULL);
  zw_str text = error || token.kind != ZW_TOKEN_STRING ? json : token.text;
  zw_str kept = zw_arena_str(&g->arena, text);
  if (error == ZW_ENOMEM || !kept.ptr) g->no_memory = true;
  zw_json_reader_deinit(&reader);
  return kept;
}
