/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors from a compiled schema. The bytes are hostile: first they are verified as a buffer,
 * then every rule that descriptors rely on is checked while they are made:
 *
 * - objects, enums and services ascend by full name, fields by name: look-ups are binary searches;
 * - the ids of a table's fields are 0 … count-1, each once, and offsets follow from them;
 * - type indexes are in range; a union is preceded by its type field; enum values ascend;
 * - sizes, offsets and alignments of structs are recomputed, and structs do not contain themselves;
 * - the methods of a service have different names.
 *
 * Everything lies in one arena; the schema is its first object.
 */
#include <stdlib.h>

#include "reflection_types.h"
#include "slots.h"
#include "zerowire/reflect.h"

#define STRUCT_DEPTH_MAX 64
#define STRUCT_SIZE_MAX 65535
#define FULL_NAME_MAX 512
#define ALIGN_MAX 32768

typedef struct loaded {
  zw_schema schema; /* first: a zw_schema * is a loaded * */
  zw_arena arena;
} loaded;

typedef struct loader {
  loaded *to;
  zw_arena *arena;
  zw_type *types;
  zw_enum_type *enums;
  size_t type_count, enum_count;
  uint8_t *checked; /* by type: a struct that is right */
  zw_diag *diag;
} loader;

static int refuse(loader *l, zw_str owner, zw_str member, const char *what) {
  return zw_fail(l->diag, ZW_ESCHEMA, "compiled schema: %.*s%s%.*s: %s", ZW_ARG(owner),
                 member.len ? "." : "", ZW_ARG(member), what);
}

static const zw_str none = {NULL, 0};

static int no_memory(loader *l) {
  return zw_fail(l->diag, ZW_ENOMEM, "compiled schema: out of memory");
}

static bool ascends(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order < 0 || (order == 0 && a.len < b.len);
}

static bool is_name(zw_str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return s.len > 0;
}

/* Names parted by dots. */
static bool is_full_name(zw_str s) {
  for (size_t start = 0, i = 0; i <= s.len; i++) {
    if (i < s.len && s.ptr[i] != '.') continue;
    if (!is_name((zw_str){s.ptr + start, i - start})) return false;
    start = i + 1;
  }
  return true;
}

/* ---- what all elements have ---- */

static int load_attributes(loader *l, zw_str owner, zw_vec vec, const zw_attribute **out,
                           size_t *count) {
  zw_attribute *list = zw_arena_array(l->arena, vec.count, sizeof *list);
  if (!list) return no_memory(l);
  for (uint32_t i = 0; i < vec.count; i++) {
    zw_table kv = zw_vec_table(vec, i);
    list[i] = (zw_attribute){zw_table_str(kv, ZW_RKV_KEY), zw_table_str(kv, ZW_RKV_VALUE)};
    if (!list[i].value.ptr) list[i].value = ZW_STR("");
    if (i > 0 && !ascends(list[i - 1].name, list[i].name))
      return refuse(l, owner, list[i].name, "an attribute stands twice, or they are not sorted");
  }
  *out = list;
  *count = vec.count;
  return 0;
}

static int load_doc(loader *l, zw_vec lines, zw_str *out) {
  size_t len = 0;
  for (uint32_t i = 0; i < lines.count; i++) len += zw_vec_str(lines, i).len + 1;
  *out = none;
  if (len == 0) return 0;
  char *text = zw_arena_get(l->arena, len);
  if (!text) return no_memory(l);
  *out = (zw_str){text, len - 1};
  for (uint32_t i = 0; i < lines.count; i++) {
    zw_str line = zw_vec_str(lines, i);
    if (line.len) memcpy(text, line.ptr, line.len);
    text += line.len;
    *text++ = i + 1 < lines.count ? '\n' : 0;
  }
  return 0;
}

static bool has_attribute(const zw_attribute *list, size_t count, const char *name) {
  return zw_attribute_get(list, count, zw_str_of(name)).ptr != NULL;
}

/* ---- enums ---- */

static bool enum_ascends(uint8_t base, int64_t a, int64_t b) {
  return base == ZW_T_ULONG ? (uint64_t)a < (uint64_t)b : a < b;
}

static int load_enum_value(loader *l, const zw_enum_type *type, zw_table from, zw_enum_value *to) {
  zw_table member = zw_table_table(from, ZW_RVAL_UNION_TYPE);
  to->name = zw_table_str(from, ZW_RVAL_NAME);
  to->value = zw_table_i64(from, ZW_RVAL_VALUE, 0);
  if (!is_name(to->name)) return refuse(l, type->name, to->name, "not a name");
  int error = load_doc(l, zw_table_vec(from, ZW_RVAL_DOCUMENTATION), &to->doc);
  if (error || !type->is_union || !member.buf) return error;
  int32_t index = zw_table_i32(member, ZW_RTYPE_INDEX, -1);
  to->base = zw_table_u8(member, ZW_RTYPE_BASE, 0);
  if (to->base == ZW_T_NONE || to->base == ZW_T_STRING) return 0;
  if (to->base != ZW_T_OBJ || index < 0 || (size_t)index >= l->type_count)
    return refuse(l, type->name, to->name, "not a table, struct or string");
  to->type = &l->types[index];
  return 0;
}

static int load_enum(loader *l, zw_table from, zw_enum_type *to) {
  zw_vec values = zw_table_vec(from, ZW_RENUM_VALUES);
  zw_enum_value *list = zw_arena_array(l->arena, values.count, sizeof *list);
  if (!list) return no_memory(l);
  to->name = zw_table_str(from, ZW_RENUM_NAME);
  to->is_union = zw_table_bool(from, ZW_RENUM_IS_UNION, false);
  to->base = zw_table_u8(zw_table_table(from, ZW_RENUM_UNDERLYING_TYPE), ZW_RTYPE_BASE, 0);
  to->values = list;
  to->value_count = values.count;
  to->declaration_file = zw_table_str(from, ZW_RENUM_DECLARATION_FILE);
  bool integer = to->base > ZW_T_BOOL && to->base <= ZW_T_ULONG;
  bool base_fits = integer || to->base == (to->is_union ? ZW_T_UTYPE : ZW_T_BOOL);
  if (!is_full_name(to->name) || !base_fits)
    return refuse(l, to->name, none, "the underlying type is not supported");
  int error = load_attributes(l, to->name, zw_table_vec(from, ZW_RENUM_ATTRIBUTES), &to->attributes,
                              &to->attribute_count);
  if (!error) error = load_doc(l, zw_table_vec(from, ZW_RENUM_DOCUMENTATION), &to->doc);
  to->bit_flags = !error && has_attribute(to->attributes, to->attribute_count, "bit_flags");
  for (uint32_t i = 0; i < values.count && !error; i++) {
    error = load_enum_value(l, to, zw_vec_table(values, i), &list[i]);
    if (!error && i > 0 && !enum_ascends(to->base, list[i - 1].value, list[i].value))
      error = refuse(l, to->name, list[i].name, "values do not ascend");
  }
  return error;
}

/* ---- fields ---- */

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
    if (has_attribute(field->attributes, field->attribute_count, flag_names[i].name))
      flags |= flag_names[i].flag;
  return flags;
}

static bool is_list(const zw_field *field) {
  return field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64 || field->base == ZW_T_ARRAY;
}

/* Resolves the index of a type: an object for OBJ, an enum for scalars and unions. The type of a
 * union is stored as the union's underlying type says; its field calls it UTYPE all the same. */
static int load_type_index(loader *l, const zw_type *owner, zw_field *to, unsigned base,
                           int32_t index) {
  if (base == ZW_T_OBJ) {
    if (index < 0 || (size_t)index >= l->type_count)
      return refuse(l, owner->name, to->name, "a type index is out of range");
    to->type = &l->types[index];
    return 0;
  }
  bool needs_enum = base == ZW_T_UNION || base == ZW_T_UTYPE;
  if (index < 0 && !needs_enum) return 0;
  if (!needs_enum && !zw_base_is_scalar(base)) return 0;
  if (index < 0 || (size_t)index >= l->enum_count)
    return refuse(l, owner->name, to->name, "an enum index is out of range");
  to->enum_type = &l->enums[index];
  if (needs_enum != to->enum_type->is_union)
    return refuse(l, owner->name, to->name, "a union and an enum are mixed up");
  if (base == ZW_T_UTYPE) *(is_list(to) ? &to->element : &to->base) = to->enum_type->base;
  return 0;
}

static int load_field_type(loader *l, const zw_type *owner, zw_table from, zw_field *to) {
  to->base = zw_table_u8(from, ZW_RTYPE_BASE, 0);
  to->element = zw_table_u8(from, ZW_RTYPE_ELEMENT, 0);
  to->fixed_length = zw_table_u16(from, ZW_RTYPE_FIXED_LENGTH, 0);
  int32_t index = zw_table_i32(from, ZW_RTYPE_INDEX, -1);
  if (to->base == ZW_T_NONE || to->base > ZW_T_VECTOR64)
    return refuse(l, owner->name, to->name, "an unknown type");
  bool list = is_list(to);
  if (!list) {
    to->element = ZW_T_NONE;
    return load_type_index(l, owner, to, to->base, index);
  }
  bool known = to->element > ZW_T_NONE && to->element < ZW_T_ARRAY && to->element != ZW_T_VECTOR;
  bool fits = to->base != ZW_T_ARRAY || zw_base_is_scalar(to->element) || to->element == ZW_T_OBJ;
  if (!known || !fits) return refuse(l, owner->name, to->name, "an unknown element type");
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

static int load_hash(loader *l, const zw_type *owner, zw_str name, zw_field *to) {
  unsigned base = is_list(to) ? to->element : to->base;
  bool number = base >= ZW_T_SHORT && base <= ZW_T_ULONG && to->base != ZW_T_ARRAY;
  to->hash = (uint8_t)hash_named(name);
  size_t size = to->hash == ZW_HASH_NONE ? 0 : (size_t)1 << ((to->hash + 1) / 2);
  if (number && size == zw_base_size((enum zw_base_type)base)) return 0;
  return refuse(l, owner->name, to->name, "the hash does not fit the type");
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
static bool is_preset(const loader *l, const zw_field *field, zw_str text) {
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
static bool is_far(const zw_field *field) {
  if (field->base == ZW_T_STRING) return true;
  bool vector = field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64;
  return vector &&
         (zw_base_is_scalar(field->element) ? !zw_field_is_union_type(field)
                                            : field->element == ZW_T_OBJ && field->type->is_struct);
}

static int load_meaning(loader *l, const zw_type *owner, zw_field *to) {
  zw_str hash = zw_attribute_get(to->attributes, to->attribute_count, ZW_STR("hash"));
  zw_str align = zw_attribute_get(to->attributes, to->attribute_count, ZW_STR("force_align"));
  zw_str preset = zw_attribute_get(to->attributes, to->attribute_count, ZW_STR("zw_default"));
  if (to->base == ZW_T_VECTOR || to->base == ZW_T_VECTOR64) to->align = align_of(align);
  if ((to->flags & ZW_F_SHARED) && to->base != ZW_T_STRING)
    return refuse(l, owner->name, to->name, "only a string is shared");
  if ((to->flags & ZW_F_FLEXBUFFER) && (to->base != ZW_T_VECTOR || to->element != ZW_T_UBYTE))
    return refuse(l, owner->name, to->name, "a FlexBuffer is in a [ubyte]");
  if (preset.ptr && !is_preset(l, to, preset))
    return refuse(l, owner->name, to->name, "the default is no JSON of the type");
  to->preset_text = preset;
  return hash.ptr ? load_hash(l, owner, hash, to) : 0;
}

static int load_field(loader *l, const zw_type *owner, zw_table from, zw_field *to) {
  to->name = zw_table_str(from, ZW_RFIELD_NAME);
  to->id = zw_table_u16(from, ZW_RFIELD_ID, 0);
  to->offset = zw_table_u16(from, ZW_RFIELD_OFFSET, 0);
  if (!is_name(to->name)) return refuse(l, owner->name, to->name, "not a name");
  int error = load_field_type(l, owner, zw_table_table(from, ZW_RFIELD_TYPE), to);
  if (!error)
    error = load_attributes(l, to->name, zw_table_vec(from, ZW_RFIELD_ATTRIBUTES), &to->attributes,
                            &to->attribute_count);
  if (!error) error = load_doc(l, zw_table_vec(from, ZW_RFIELD_DOCUMENTATION), &to->doc);
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

/* The type of this name, in full, or in the namespace of `owner` or one around it. */
static const zw_type *find_type(const loader *l, zw_str owner, zw_str name) {
  char full[FULL_NAME_MAX];
  const zw_type *type = zw_schema_type(&l->to->schema, name);
  size_t dot = owner.len;
  if (name.len > sizeof full) return type;
  while (!type && dot > 0) {
    while (dot > 0 && owner.ptr[dot - 1] != '.') dot--;
    if (dot > 0 && dot <= sizeof full - name.len) {
      memcpy(full, owner.ptr, dot);
      memcpy(full + dot, name.ptr, name.len);
      type = zw_schema_type(&l->to->schema, (zw_str){full, dot + name.len});
    }
    if (dot > 0) dot--;
  }
  return type;
}

/* nested_flatbuffer names a table. */
static int resolve_nested(loader *l, const zw_type *owner, zw_field *field) {
  zw_str name =
      zw_attribute_get(field->attributes, field->attribute_count, ZW_STR("nested_flatbuffer"));
  if (!name.ptr) return 0;
  const zw_type *type = find_type(l, owner->name, name);
  bool octets = (field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64) &&
                (field->element == ZW_T_UBYTE || field->element == ZW_T_BYTE);
  if (!type || type->is_struct || !octets)
    return refuse(l, owner->name, field->name, "nested_flatbuffer names no table");
  field->type = type;
  field->flags |= ZW_F_NESTED;
  return 0;
}

/* ---- objects ---- */

static int load_fields(loader *l, zw_vec vec, zw_type *to) {
  zw_field *fields = zw_arena_array(l->arena, vec.count, sizeof *fields);
  uint16_t *by_name = zw_arena_array(l->arena, vec.count, sizeof *by_name);
  if (!fields || !by_name) return no_memory(l);
  to->fields = fields;
  to->by_name = by_name;
  to->field_count = (uint16_t)vec.count;
  zw_str previous = none;
  for (uint32_t i = 0; i < vec.count; i++) {
    zw_table from = zw_vec_table(vec, i);
    uint16_t id = zw_table_u16(from, ZW_RFIELD_ID, 0);
    if (id >= vec.count || fields[id].name.ptr)
      return refuse(l, to->name, zw_table_str(from, ZW_RFIELD_NAME),
                    "the id is out of range or taken");
    int error = load_field(l, to, from, &fields[id]);
    if (error) return error;
    if (i > 0 && !ascends(previous, fields[id].name))
      return refuse(l, to->name, fields[id].name, "fields are not sorted by name");
    previous = fields[id].name;
    by_name[i] = id;
  }
  return 0;
}

static int load_object(loader *l, zw_table from, zw_type *to) {
  zw_vec fields = zw_table_vec(from, ZW_ROBJECT_FIELDS);
  int32_t align = zw_table_i32(from, ZW_ROBJECT_MINALIGN, 0),
          size = zw_table_i32(from, ZW_ROBJECT_BYTESIZE, 0);
  to->name = zw_table_str(from, ZW_ROBJECT_NAME);
  to->is_struct = zw_table_bool(from, ZW_ROBJECT_IS_STRUCT, false);
  to->declaration_file = zw_table_str(from, ZW_ROBJECT_DECLARATION_FILE);
  to->schema = &l->to->schema;
  if (!is_full_name(to->name)) return refuse(l, to->name, none, "not a name");
  if (fields.count > 32766) return refuse(l, to->name, none, "too many fields");
  if (align < 1 || align > 32768 || (align & (align - 1)) || size < 0 || size > STRUCT_SIZE_MAX + 1)
    return refuse(l, to->name, none, "size or alignment is out of range");
  to->align = (uint16_t)align;
  to->size = (uint32_t)size;
  int error = load_attributes(l, to->name, zw_table_vec(from, ZW_ROBJECT_ATTRIBUTES),
                              &to->attributes, &to->attribute_count);
  if (!error) error = load_doc(l, zw_table_vec(from, ZW_ROBJECT_DOCUMENTATION), &to->doc);
  return error ? error : load_fields(l, fields, to);
}

/* ---- meaning ---- */

static bool is_union_type_of(const zw_field *types, const zw_field *values) {
  return types->enum_type == values->enum_type && zw_field_is_union_type(types) &&
         (types->base == ZW_T_VECTOR) == (values->base == ZW_T_VECTOR);
}

static int check_table(loader *l, const zw_type *type) {
  for (unsigned i = 0; i < type->field_count; i++) {
    zw_field *field = (zw_field *)(uintptr_t)&type->fields[i];
    bool of_union =
        field->base == ZW_T_UNION || (field->base == ZW_T_VECTOR && field->element == ZW_T_UNION);
    if (field->base == ZW_T_ARRAY)
      return refuse(l, type->name, field->name, "a fixed array outside of a struct");
    if (field->offset != 4 + 2 * i)
      return refuse(l, type->name, field->name, "the offset does not follow from the id");
    if (of_union && (i == 0 || !is_union_type_of(&type->fields[i - 1], field)))
      return refuse(l, type->name, field->name, "a union without its type field");
    bool scalar = zw_base_is_scalar(field->base);
    if ((field->flags & ZW_F_OPTIONAL) && !scalar)
      field->flags &= ~(uint32_t)ZW_F_OPTIONAL; /* flatc marks offsets so */
    if ((field->flags & ZW_F_OFFSET64) && !is_far(field))
      return refuse(l, type->name, field->name, "not a type behind a 64-bit offset");
    if ((field->flags & ZW_F_REQUIRED) && scalar)
      return refuse(l, type->name, field->name, "a required scalar");
    int error = resolve_nested(l, type, field);
    if (error) return error;
  }
  return 0;
}

static int check_struct(loader *l, const zw_type *type, int depth) {
  uint64_t size = 0, align = 1;
  uint8_t *checked = &l->checked[type - l->types];
  if (*checked) return 0;
  if (depth > STRUCT_DEPTH_MAX)
    return refuse(l, type->name, none, "structs are nested too deeply, or in themselves");
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    unsigned base = field->base == ZW_T_ARRAY ? field->element : field->base;
    uint64_t count = field->base == ZW_T_ARRAY ? field->fixed_length : 1;
    if (base == ZW_T_OBJ
            ? !field->type->is_struct
            : !zw_base_is_scalar(base) || base == ZW_T_UTYPE || zw_field_is_union_type(field))
      return refuse(l, type->name, field->name, "not a type for a struct's member");
    if (base == ZW_T_OBJ) {
      int error = check_struct(l, field->type, depth + 1);
      if (error) return error;
    }
    uint64_t one = base == ZW_T_OBJ ? field->type->size : zw_base_size((enum zw_base_type)base);
    uint64_t own_align = base == ZW_T_OBJ ? field->type->align : one;
    size = (size + own_align - 1) / own_align * own_align;
    if (field->offset != size || count == 0)
      return refuse(l, type->name, field->name, "the offset is not where the member lies");
    size += one * count;
    if (own_align > align) align = own_align;
    if (size > STRUCT_SIZE_MAX)
      return refuse(l, type->name, field->name, "a struct is above 64 KiB");
  }
  if (type->align < align) return refuse(l, type->name, none, "the alignment is too small");
  size = (size + type->align - 1) / type->align * type->align;
  if (size != type->size || size == 0)
    return refuse(l, type->name, none, "the size is not that of the members");
  *checked = 1;
  return 0;
}

static int check_types(loader *l) {
  for (size_t i = 0; i < l->type_count; i++) {
    int error =
        l->types[i].is_struct ? check_struct(l, &l->types[i], 0) : check_table(l, &l->types[i]);
    if (error) return error;
  }
  return 0;
}

static int make_slots(loader *l) {
  for (size_t i = 0; i < l->type_count; i++) {
    zw_type *type = &l->types[i];
    unsigned blocks = type->is_struct ? 0 : zw_slots_blocks(type->field_count);
    zw_slots *slots = blocks ? zw_arena_array(l->arena, blocks, sizeof *slots) : NULL;
    if (blocks && !slots) return no_memory(l);
    for (unsigned k = 0; k < blocks; k++) zw_slots_make(type, k, &slots[k]);
    type->slots = slots;
  }
  return 0;
}

/* ---- services ---- */

static int load_method(loader *l, const zw_service *service, zw_table from, zw_method *to) {
  to->name = zw_table_str(from, ZW_RCALL_NAME);
  to->request = zw_schema_type(
      &l->to->schema, zw_table_str(zw_table_table(from, ZW_RCALL_REQUEST), ZW_ROBJECT_NAME));
  to->response = zw_schema_type(
      &l->to->schema, zw_table_str(zw_table_table(from, ZW_RCALL_RESPONSE), ZW_ROBJECT_NAME));
  if (!is_name(to->name) || !to->request || !to->response)
    return refuse(l, service->name, to->name, "its name, request or response is unknown");
  if (to->request->is_struct || to->response->is_struct)
    return refuse(l, service->name, to->name, "request and response must be tables");
  int error = load_attributes(l, to->name, zw_table_vec(from, ZW_RCALL_ATTRIBUTES), &to->attributes,
                              &to->attribute_count);
  return error ? error : load_doc(l, zw_table_vec(from, ZW_RCALL_DOCUMENTATION), &to->doc);
}

static int check_method_names(loader *l, const zw_service *service) {
  zw_hmap names;
  int error = 0;
  zw_hmap_init(&names, l->arena->alloc);
  for (size_t i = 0; i < service->method_count && !error; i++) {
    const zw_method *method = &service->methods[i];
    void *before = NULL;
    if (zw_hmap_set(&names, zw_str_span(method->name), (void *)(uintptr_t)method, &before) < 0)
      error = no_memory(l);
    else if (before)
      error = refuse(l, service->name, method->name, "the method stands twice");
  }
  zw_hmap_deinit(&names);
  return error;
}

static int load_service(loader *l, zw_table from, zw_service *to) {
  zw_vec calls = zw_table_vec(from, ZW_RSERVICE_CALLS);
  zw_method *methods = zw_arena_array(l->arena, calls.count, sizeof *methods);
  if (!methods) return no_memory(l);
  to->name = zw_table_str(from, ZW_RSERVICE_NAME);
  to->declaration_file = zw_table_str(from, ZW_RSERVICE_DECLARATION_FILE);
  to->methods = methods;
  to->method_count = calls.count;
  if (!is_full_name(to->name)) return refuse(l, to->name, none, "not a name");
  int error = load_attributes(l, to->name, zw_table_vec(from, ZW_RSERVICE_ATTRIBUTES),
                              &to->attributes, &to->attribute_count);
  if (!error) error = load_doc(l, zw_table_vec(from, ZW_RSERVICE_DOCUMENTATION), &to->doc);
  for (uint32_t i = 0; i < calls.count && !error; i++)
    error = load_method(l, to, zw_vec_table(calls, i), &methods[i]);
  return error ? error : check_method_names(l, to);
}

static int load_services(loader *l, zw_vec vec) {
  zw_service *services = zw_arena_array(l->arena, vec.count, sizeof *services);
  if (!services) return no_memory(l);
  l->to->schema.services = services;
  l->to->schema.service_count = vec.count;
  int error = 0;
  for (uint32_t i = 0; i < vec.count && !error; i++) {
    error = load_service(l, zw_vec_table(vec, i), &services[i]);
    if (!error && i > 0 && !ascends(services[i - 1].name, services[i].name))
      error = refuse(l, services[i].name, none, "services are not sorted by name");
  }
  return error;
}

/* ---- the whole ---- */

static int load_objects(loader *l, zw_vec vec) {
  int error = 0;
  for (uint32_t i = 0; i < vec.count && !error; i++) {
    error = load_object(l, zw_vec_table(vec, i), &l->types[i]);
    if (!error && i > 0 && !ascends(l->types[i - 1].name, l->types[i].name))
      error = refuse(l, l->types[i].name, none, "objects are not sorted by name");
  }
  return error;
}

static int load_enums(loader *l, zw_vec vec) {
  int error = 0;
  for (uint32_t i = 0; i < vec.count && !error; i++) {
    error = load_enum(l, zw_vec_table(vec, i), &l->enums[i]);
    if (!error && i > 0 && !ascends(l->enums[i - 1].name, l->enums[i].name))
      error = refuse(l, l->enums[i].name, none, "enums are not sorted by name");
  }
  return error;
}

static int load_root(loader *l, zw_table schema) {
  zw_table root = zw_table_table(schema, ZW_RSCHEMA_ROOT_TABLE);
  l->to->schema.identifier = zw_table_str(schema, ZW_RSCHEMA_FILE_IDENT);
  l->to->schema.extension = zw_table_str(schema, ZW_RSCHEMA_FILE_EXT);
  if (l->to->schema.identifier.len != 4) l->to->schema.identifier = none;
  if (!root.buf) return 0;
  zw_str name = zw_table_str(root, ZW_ROBJECT_NAME);
  l->to->schema.root = zw_schema_type(&l->to->schema, name);
  return l->to->schema.root && !l->to->schema.root->is_struct
             ? 0
             : refuse(l, name, none, "the root is no table of the schema");
}

static int load_all(loader *l, zw_table schema) {
  zw_vec objects = zw_table_vec(schema, ZW_RSCHEMA_OBJECTS),
         enums = zw_table_vec(schema, ZW_RSCHEMA_ENUMS);
  if (zw_table_u64(schema, ZW_RSCHEMA_ADVANCED_FEATURES, 0) & ~(uint64_t)ZW_RFEATURE_KNOWN)
    return zw_fail(l->diag, ZW_ENOTSUP,
                   "compiled schema: it uses features that this version does not know");
  l->types = zw_arena_array(l->arena, objects.count, sizeof *l->types);
  l->enums = zw_arena_array(l->arena, enums.count, sizeof *l->enums);
  l->checked = zw_arena_array(l->arena, objects.count, 1);
  if (!l->types || !l->enums || !l->checked) return no_memory(l);
  l->type_count = objects.count;
  l->enum_count = enums.count;
  l->to->schema.types = l->types;
  l->to->schema.type_count = l->type_count;
  l->to->schema.enums = l->enums;
  l->to->schema.enum_count = l->enum_count;
  int error = load_enums(l, enums);
  if (!error) error = load_objects(l, objects);
  if (!error) error = check_types(l);
  if (!error) error = make_slots(l);
  if (!error) error = load_root(l, schema);
  if (!error) error = load_services(l, zw_table_vec(schema, ZW_RSCHEMA_SERVICES));
  if (!error && zw_schema_id(&l->to->schema, l->arena->alloc, l->to->schema.id))
    error = no_memory(l);
  return error;
}

int zw_schema_load(zw_schema **out, zw_span bfbs, const zw_alloc *alloc, zw_diag *diag) {
  zw_arena arena;
  zw_table root;
  zw_arena_init(&arena, alloc);
  loaded *to = zw_arena_get(&arena, sizeof *to);
  uint8_t *bytes = zw_arena_get(&arena, bfbs.len);
  loader l = {.to = to, .arena = to ? &to->arena : NULL, .diag = diag};
  int error = to && bytes ? 0 : no_memory(&l);
  if (!error) {
    if (bfbs.len) memcpy(bytes, bfbs.ptr, bfbs.len);
    to->schema.bfbs = zw_span_of(bytes, bfbs.len);
    to->arena = arena;
    zw_verify_options options = {.flags = ZW_VERIFY_UTF8};
    error = zw_verify_identified(&zw_reflection_loaded_root, ZW_STR(ZW_REFLECTION_IDENTIFIER),
                                 to->schema.bfbs, &options, &root, diag);
    if (!error) error = load_all(&l, root);
    arena = to->arena;
  }
  if (error) {
    zw_arena_deinit(&arena);
    return error;
  }
  *out = &to->schema;
  return 0;
}

void zw_schema_destroy(zw_schema *schema) {
  if (!schema) return;
  zw_arena arena = ((loaded *)schema)->arena;
  zw_arena_deinit(&arena);
}
