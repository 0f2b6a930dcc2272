/* SPDX-License-Identifier: Apache-2.0 */
/* Types in the words of the schema language. */
#include "type_text.h"

#include <stdio.h>

const char *zw_base_name(unsigned base) {
  static const char *const names[] = {
      "none",   "utype", "bool",  "byte",  "ubyte",    "short",  "ushort",
      "int",    "uint",  "long",  "ulong", "float",    "double", "string",
      "vector", "table", "union", "array", "vector64",
  };
  return base < sizeof names / sizeof names[0] ? names[base] : "unknown";
}

zw_str zw_short_name(zw_str full_name) {
  size_t at = full_name.len;
  while (at > 0 && full_name.ptr[at - 1] != '.') at--;
  return at ? (zw_str){full_name.ptr + at, full_name.len - at} : full_name;
}

void zw_field_type_text(const zw_field *field, bool full, char out[ZW_TYPE_TEXT_MAX]) {
  bool list =
      field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64 || field->base == ZW_T_ARRAY;
  unsigned base = list ? field->element : field->base;
  zw_str name = zw_str_of(zw_base_name(base));
  if (base == ZW_T_OBJ && field->type) name = field->type->name;
  if (field->enum_type) name = field->enum_type->name;
  if (!full) name = zw_short_name(name);
  if (field->base == ZW_T_ARRAY)
    snprintf(out, ZW_TYPE_TEXT_MAX, "[%.*s:%u]", ZW_ARG(name), (unsigned)field->fixed_length);
  else
    snprintf(out, ZW_TYPE_TEXT_MAX, list ? "[%.*s]" : "%.*s", ZW_ARG(name));
}
