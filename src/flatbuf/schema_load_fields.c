/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields from a compiled schema: their types by index, their defaults, and what attributes mean for
 * them. A field is put at its id; the order by name is kept beside. What depends on other types
 * (nested buffers) waits until all are loaded.
 */
#include "reflection_types.h"
#include "schema_load.h"

#define FULL_NAME_MAX 512
#define ALIGN_MAX 32768

typedef struct flag_name {
  const char *name;
  uint32_t flag;
} flag_name;

static const flag_name flag_names[] = {{"timestamp", ZW_F_TIMESTAMP},
                                       {"kwarg", ZW_F_KWARG},
                                       {"uuid", ZW_F_UUID},
                                       {"flexbuffer", ZW_F_FLEXBUFFER},
                                       {"shared", ZW_F_SHARED}};

static uint32_t load_flags(zw_table from, const zw_field *field) {
  uint32_t flags = 0;
  if (zw_table_bool(from, ZW_RFIELD_DEPRECATED, false)) flags |= ZW_F_DEPRECATED;
  if (zw_table_bool(from, ZW_RFIELD_REQUIRED, false)) flags |= ZW_F_REQUIRED;
  if (zw_table_bool(from, ZW_RFIELD_KEY, false)) flags |= ZW_F_KEY;
  if (zw_table_bool(from, ZW_RFIELD_OPTIONAL, false)) flags |= ZW_F_OPTIONAL;
  if (zw_table_bool(from, ZW_RFIELD_OFFSET64, false) || field->base == ZW_T_VECTOR64)
    flags |= ZW_F_OFFSET64;
  for (size_t i = 0; i < sizeof flag_names / sizeof flag_names[0]; i++)
    if (zw_load_has_attribute(field->attributes, field->attribute_count, flag_names[i].name))
      flags |= flag_names[i].flag;
  return flags;
}

static bool is_list(const zw_field *field) {
  return field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64 || field->base == ZW_T_ARRAY;
}

/* Resolves the index of a type: an object for OBJ, an enum for scalars and unions. The type of a
 * union is stored as the union's underlying type says; its field calls it UTYPE all the same. */
static int load_type_index(zw_loader *l, const zw_type *owner, zw_field *to, unsigned base,
                           int32_t index) {
  if (base == ZW_T_OBJ) {
    if (index < 0 || (size_t)index >= l->type_count)
      return zw_load_refuse(l, owner->name, to->name, "a type index is out of range");
    to->type = &l->types[index];
    return 0;
  }
  bool needs_enum = base == ZW_T_UNION || base == ZW_T_UTYPE;
  if (index < 0 && !needs_enum) return 0;
  if (!needs_enum && !zw_base_is_scalar(base)) return 0;
  if (index < 0 || (size_t)index >= l->enum_count)
    return zw_load_refuse(l, owner->name, to->name, "an enum index is out of range");
  to->enum_type = &l->enums[index];
  if (needs_enum != to->enum_type->is_union)
    return zw_load_refuse(l, owner->name, to->name, "a union and an enum are mixed up");
  if (base == ZW_T_UTYPE) *(is_list(to) ? &to->element : &to->base) = to->enum_type->base;
  return 0;
}

static int load_field_type(zw_loader *l, const zw_type *owner, zw_table from, zw_field *to) {
  to->base = zw_table_u8(from, ZW_RTYPE_BASE, 0);
  to->element = zw_table_u8(from, ZW_RTYPE_ELEMENT, 0);
  to->fixed_length = zw_table_u16(from, ZW_RTYPE_FIXED_LENGTH, 0);
  int32_t index = zw_table_i32(from, ZW_RTYPE_INDEX, -1);
  if (to->base == ZW_T_NONE || to->base > ZW_T_VECTOR64)
    return zw_load_refuse(l, owner->name, to->name, "an unknown type");
  bool list = is_list(to);
  if (!list) {
    to->element = ZW_T_NONE;
    return load_type_index(l, owner, to, to->base, index);
  }
  bool known = to->element > ZW_T_NONE && to->element < ZW_T_ARRAY && to->element != ZW_T_VECTOR;
  bool fits = to->base != ZW_T_ARRAY || zw_base_is_scalar(to->element) || to->element == ZW_T_OBJ;
  if (!known || !fits) return zw_load_refuse(l, owner->name, to->name, "an unknown element type");
  return load_type_index(l, owner, to, to->element, index);
}

/* ---- what attributes and 64-bit offsets make of a field ---- */

/* The hash for which flatc has a function of this name; NONE: there is none. */
static enum zw_hash hash_named(zw_str name) {
  static const char *const names[] = {"",         "fnv1_16", "fnv1a_16", "fnv1_32",
                                      "fnv1a_32", "fnv1_64", "fnv1a_64"};
  for (unsigned i = 1; i < sizeof names / sizeof names[0]; i++)
    if (zw_str_eq(name, zw_str_of(names[i]))) return (enum zw_hash)i;
  return ZW_HASH_NONE;
}

static int load_hash(zw_loader *l, const zw_type *owner, zw_str name, zw_field *to) {
  unsigned base = is_list(to) ? to->element : to->base;
  bool number = base >= ZW_T_SHORT && base <= ZW_T_ULONG && to->base != ZW_T_ARRAY;
  to->hash = (uint8_t)hash_named(name);
  size_t size = to->hash == ZW_HASH_NONE ? 0 : (size_t)1 << ((to->hash + 1) / 2);
  if (number && size == zw_base_size((enum zw_base_type)base)) return 0;
  return zw_load_refuse(l, owner->name, to->name, "the hash does not fit the type");
}

/* A power of two as text; anything else says nothing. */
static uint16_t align_of(zw_str text) {
  unsigned n = 0;
  for (size_t i = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9' || i > 4) return 0;
    n = 10 * n + (unsigned)(text.ptr[i] - '0');
  }
  return n && n <= ALIGN_MAX && (n & (n - 1)) == 0 ? (uint16_t)n : 0;
}

/* The default of a string is one in JSON; a vector can only be empty. */
static bool is_preset(const zw_loader *l, const zw_field *field, zw_str text) {
  zw_json_reader json;
  zw_token token = {.kind = ZW_TOKEN_END}, end = {.kind = ZW_TOKEN_NULL};
  if (field->base != ZW_T_STRING)
    return field->base != ZW_T_ARRAY && is_list(field) && zw_str_eq(text, ZW_STR("[]"));
  zw_json_reader_init(&json, text, ZW_JSON_STRICT, 0, l->arena->alloc);
  int error = json.reader.next(&json.reader, &token, NULL);
  bool string = !error && token.kind == ZW_TOKEN_STRING;
  if (string) error = json.reader.next(&json.reader, &end, NULL);
  zw_json_reader_deinit(&json);
  return string && !error && end.kind == ZW_TOKEN_END;
}

/* What 64-bit offsets refer to holds no offsets. */
bool zw_load_is_far(const zw_field *field) {
  if (field->base == ZW_T_STRING) return true;
  bool vector = field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64;
  return vector &&
         (zw_base_is_scalar(field->element) ? !zw_field_is_union_type(field)
                                            : field->element == ZW_T_OBJ && field->type->is_struct);
}

static int load_meaning(zw_loader *l, const zw_type *owner, zw_field *to) {
  zw_str hash = zw_attribute_get(to->attributes, to->attribute_count, ZW_STR("hash"));
  zw_str align = zw_attribute_get(to->attributes, to->attribute_count, ZW_STR("force_align"));
  zw_str preset = zw_attribute_get(to->attributes, to->attribute_count, ZW_STR("zw_default"));
  if (to->base == ZW_T_VECTOR || to->base == ZW_T_VECTOR64) to->align = align_of(align);
  if ((to->flags & ZW_F_SHARED) && to->base != ZW_T_STRING)
    return zw_load_refuse(l, owner->name, to->name, "only a string is shared");
  if ((to->flags & ZW_F_FLEXBUFFER) && (to->base != ZW_T_VECTOR || to->element != ZW_T_UBYTE))
    return zw_load_refuse(l, owner->name, to->name, "a FlexBuffer is in a [ubyte]");
  if (preset.ptr && !is_preset(l, to, preset))
    return zw_load_refuse(l, owner->name, to->name, "the default is no JSON of the type");
  to->preset_text = preset;
  return hash.ptr ? load_hash(l, owner, hash, to) : 0;
}

static int load_field(zw_loader *l, const zw_type *owner, zw_table from, zw_field *to) {
  to->name = zw_table_str(from, ZW_RFIELD_NAME);
  to->id = zw_table_u16(from, ZW_RFIELD_ID, 0);
  to->offset = zw_table_u16(from, ZW_RFIELD_OFFSET, 0);
  if (!zw_load_is_name(to->name)) return zw_load_refuse(l, owner->name, to->name, "not a name");
  int error = load_field_type(l, owner, zw_table_table(from, ZW_RFIELD_TYPE), to);
  if (!error)
    error = zw_load_attributes(l, to->name, zw_table_vec(from, ZW_RFIELD_ATTRIBUTES),
                               &to->attributes, &to->attribute_count);
  if (!error) error = zw_load_doc(l, zw_table_vec(from, ZW_RFIELD_DOCUMENTATION), &to->doc);
  if (error) return error;
  to->flags = load_flags(from, to);
  error = load_meaning(l, owner, to);
  if (error) return error;
  double real = zw_table_f64(from, ZW_RFIELD_DEFAULT_REAL, 0);
  if (to->base == ZW_T_FLOAT)
    to->preset.d = (double)(float)real; /* what a reader of the field gets */
  else if (to->base == ZW_T_DOUBLE)
    to->preset.d = real;
  else
    to->preset.i = zw_table_i64(from, ZW_RFIELD_DEFAULT_INTEGER, 0);
  return 0;
}

/* The type of this name in the namespace of `owner`, or in the nearest around it. */
static const zw_type *find_type(const zw_loader *l, zw_str owner, zw_str name) {
  char full[FULL_NAME_MAX];
  const zw_type *type = NULL;
  size_t dot = owner.len;
  while (!type && dot > 0 && name.len <= sizeof full) {
    while (dot > 0 && owner.ptr[dot - 1] != '.') dot--;
    if (dot > 0 && dot <= sizeof full - name.len) {
      memcpy(full, owner.ptr, dot);
      memcpy(full + dot, name.ptr, name.len);
      type = zw_schema_type(&l->to->schema, (zw_str){full, dot + name.len});
    }
    if (dot > 0) dot--;
  }
  return type ? type : zw_schema_type(&l->to->schema, name);
}

/* nested_flatbuffer names a table. */
int zw_load_nested(zw_loader *l, const zw_type *owner, zw_field *field) {
  zw_str name =
      zw_attribute_get(field->attributes, field->attribute_count, ZW_STR("nested_flatbuffer"));
  if (!name.ptr) return 0;
  const zw_type *type = find_type(l, owner->name, name);
  bool octets = (field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64) &&
                (field->element == ZW_T_UBYTE || field->element == ZW_T_BYTE);
  if (!type || type->is_struct || !octets)
    return zw_load_refuse(l, owner->name, field->name, "nested_flatbuffer names no table");
  field->type = type;
  field->flags |= ZW_F_NESTED;
  return 0;
}

int zw_load_fields(zw_loader *l, zw_vec vec, zw_type *to) {
  zw_field *fields = zw_arena_array(l->arena, vec.count, sizeof *fields);
  uint16_t *by_name = zw_arena_array(l->arena, vec.count, sizeof *by_name);
  if (!fields || !by_name) return zw_load_no_memory(l);
  to->fields = fields;
  to->by_name = by_name;
  to->field_count = (uint16_t)vec.count;
  zw_str previous = ZW_ABSENT;
  for (uint32_t i = 0; i < vec.count; i++) {
    zw_table from = zw_vec_table(vec, i);
    uint16_t id = zw_table_u16(from, ZW_RFIELD_ID, 0);
    if (id >= vec.count || fields[id].name.ptr)
      return zw_load_refuse(l, to->name, zw_table_str(from, ZW_RFIELD_NAME),
                            "the id is out of range or taken");
    int error = load_field(l, to, from, &fields[id]);
    if (error) return error;
    if (i > 0 && !zw_load_ascends(previous, fields[id].name))
      return zw_load_refuse(l, to->name, fields[id].name, "fields are not sorted by name");
    previous = fields[id].name;
    by_name[i] = id;
  }
  return 0;
}
