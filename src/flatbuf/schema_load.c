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
 * Everything lies in one arena; the schema is its first object. Fields: schema_load_fields.c.
 */
#include "schema_load.h"
#include "reflection_types.h"
#include "slots.h"

#define STRUCT_DEPTH_MAX 64
#define STRUCT_SIZE_MAX 65535

int zw_load_refuse(zw_loader *l, zw_str owner, zw_str member, const char *what) {
  return zw_fail(l->diag, ZW_ESCHEMA, "compiled schema: %.*s%s%.*s: %s", ZW_ARG(owner),
                 member.len ? "." : "", ZW_ARG(member), what);
}

int zw_load_no_memory(zw_loader *l) {
  return zw_fail(l->diag, ZW_ENOMEM, "compiled schema: out of memory");
}

bool zw_load_ascends(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order < 0 || (order == 0 && a.len < b.len);
}

bool zw_load_is_name(zw_str s) {
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
    if (!zw_load_is_name((zw_str){s.ptr + start, i - start})) return false;
    start = i + 1;
  }
  return true;
}

/* ---- what all elements have ---- */

int zw_load_attributes(zw_loader *l, zw_str owner, zw_vec vec, const zw_attribute **out,
                       size_t *count) {
  zw_attribute *list = zw_arena_array(l->arena, vec.count, sizeof *list);
  if (!list) return zw_load_no_memory(l);
  for (uint32_t i = 0; i < vec.count; i++) {
    zw_table kv = zw_vec_table(vec, i);
    list[i] = (zw_attribute){zw_table_str(kv, ZW_RKV_KEY), zw_table_str(kv, ZW_RKV_VALUE)};
    if (!list[i].value.ptr) list[i].value = ZW_STR("");
    if (i > 0 && !zw_load_ascends(list[i - 1].name, list[i].name))
      return zw_load_refuse(l, owner, list[i].name,
                            "an attribute stands twice, or they are not sorted");
  }
  *out = list;
  *count = vec.count;
  return 0;
}

int zw_load_doc(zw_loader *l, zw_vec lines, zw_str *out) {
  size_t len = 0;
  for (uint32_t i = 0; i < lines.count; i++) len += zw_vec_str(lines, i).len + 1;
  *out = ZW_ABSENT;
  if (len == 0) return 0;
  char *text = zw_arena_get(l->arena, len);
  if (!text) return zw_load_no_memory(l);
  *out = (zw_str){text, len - 1};
  for (uint32_t i = 0; i < lines.count; i++) {
    zw_str line = zw_vec_str(lines, i);
    if (line.len) memcpy(text, line.ptr, line.len);
    text += line.len;
    *text++ = i + 1 < lines.count ? '\n' : 0;
  }
  return 0;
}

bool zw_load_has_attribute(const zw_attribute *list, size_t count, const char *name) {
  return zw_attribute_get(list, count, zw_str_of(name)).ptr != NULL;
}

/* ---- enums ---- */

static bool enum_ascends(uint8_t base, int64_t a, int64_t b) {
  return base == ZW_T_ULONG ? (uint64_t)a < (uint64_t)b : a < b;
}

static int load_enum_value(zw_loader *l, const zw_enum_type *type, zw_table from,
                           zw_enum_value *to) {
  zw_table member = zw_table_table(from, ZW_RVAL_UNION_TYPE);
  to->name = zw_table_str(from, ZW_RVAL_NAME);
  to->value = zw_table_i64(from, ZW_RVAL_VALUE, 0);
  if (!zw_load_is_name(to->name)) return zw_load_refuse(l, type->name, to->name, "not a name");
  int error = zw_load_doc(l, zw_table_vec(from, ZW_RVAL_DOCUMENTATION), &to->doc);
  if (!error)
    error = zw_load_attributes(l, to->name, zw_table_vec(from, ZW_RVAL_ATTRIBUTES), &to->attributes,
                               &to->attribute_count);
  if (error || !type->is_union || !member.ptr) return error;
  int32_t index = zw_table_i32(member, ZW_RTYPE_INDEX, -1);
  to->base = zw_table_u8(member, ZW_RTYPE_BASE, 0);
  if (to->base == ZW_T_NONE || to->base == ZW_T_STRING) return 0;
  if (to->base != ZW_T_OBJ || index < 0 || (size_t)index >= l->type_count)
    return zw_load_refuse(l, type->name, to->name, "not a table, struct or string");
  to->type = &l->types[index];
  return 0;
}

static int load_enum(zw_loader *l, zw_table from, zw_enum_type *to) {
  zw_vec values = zw_table_vec(from, ZW_RENUM_VALUES);
  zw_enum_value *list = zw_arena_array(l->arena, values.count, sizeof *list);
  if (!list) return zw_load_no_memory(l);
  to->name = zw_table_str(from, ZW_RENUM_NAME);
  to->is_union = zw_table_bool(from, ZW_RENUM_IS_UNION, false);
  to->base = zw_table_u8(zw_table_table(from, ZW_RENUM_UNDERLYING_TYPE), ZW_RTYPE_BASE, 0);
  to->values = list;
  to->value_count = values.count;
  to->declaration_file = zw_table_str(from, ZW_RENUM_DECLARATION_FILE);
  bool integer = to->base > ZW_T_BOOL && to->base <= ZW_T_ULONG;
  bool base_fits = integer || to->base == (to->is_union ? ZW_T_UTYPE : ZW_T_BOOL);
  if (!is_full_name(to->name) || !base_fits)
    return zw_load_refuse(l, to->name, ZW_ABSENT, "the underlying type is not supported");
  int error = zw_load_attributes(l, to->name, zw_table_vec(from, ZW_RENUM_ATTRIBUTES),
                                 &to->attributes, &to->attribute_count);
  if (!error) error = zw_load_doc(l, zw_table_vec(from, ZW_RENUM_DOCUMENTATION), &to->doc);
  to->bit_flags = !error && zw_load_has_attribute(to->attributes, to->attribute_count, "bit_flags");
  for (uint32_t i = 0; i < values.count && !error; i++) {
    error = load_enum_value(l, to, zw_vec_table(values, i), &list[i]);
    if (!error && i > 0 && !enum_ascends(to->base, list[i - 1].value, list[i].value))
      error = zw_load_refuse(l, to->name, list[i].name, "values do not ascend");
  }
  return error;
}

/* ---- objects ---- */

static int load_object(zw_loader *l, zw_table from, zw_type *to) {
  zw_vec fields = zw_table_vec(from, ZW_ROBJECT_FIELDS);
  int32_t align = zw_table_i32(from, ZW_ROBJECT_MINALIGN, 0),
          size = zw_table_i32(from, ZW_ROBJECT_BYTESIZE, 0);
  to->name = zw_table_str(from, ZW_ROBJECT_NAME);
  to->is_struct = zw_table_bool(from, ZW_ROBJECT_IS_STRUCT, false);
  to->declaration_file = zw_table_str(from, ZW_ROBJECT_DECLARATION_FILE);
  to->schema = &l->to->schema;
  if (!is_full_name(to->name)) return zw_load_refuse(l, to->name, ZW_ABSENT, "not a name");
  if (fields.count > 32765) return zw_load_refuse(l, to->name, ZW_ABSENT, "too many fields");
  if (align < 1 || align > 32768 || (align & (align - 1)) || size < 0 || size > STRUCT_SIZE_MAX + 1)
    return zw_load_refuse(l, to->name, ZW_ABSENT, "size or alignment is out of range");
  to->align = (uint16_t)align;
  to->size = (uint32_t)size;
  int error = zw_load_attributes(l, to->name, zw_table_vec(from, ZW_ROBJECT_ATTRIBUTES),
                                 &to->attributes, &to->attribute_count);
  if (!error) error = zw_load_doc(l, zw_table_vec(from, ZW_ROBJECT_DOCUMENTATION), &to->doc);
  return error ? error : zw_load_fields(l, fields, to);
}

/* ---- meaning ---- */

static bool is_union_type_of(const zw_field *types, const zw_field *values) {
  return types->enum_type == values->enum_type && zw_field_is_union_type(types) &&
         (types->base == ZW_T_VECTOR) == (values->base == ZW_T_VECTOR);
}

static int check_table(zw_loader *l, const zw_type *type) {
  for (unsigned i = 0; i < type->field_count; i++) {
    zw_field *field = (zw_field *)(uintptr_t)&type->fields[i];
    bool of_union =
        field->base == ZW_T_UNION || (field->base == ZW_T_VECTOR && field->element == ZW_T_UNION);
    if (field->base == ZW_T_ARRAY)
      return zw_load_refuse(l, type->name, field->name, "a fixed array outside of a struct");
    if (field->offset != 4 + 2 * i)
      return zw_load_refuse(l, type->name, field->name, "the offset does not follow from the id");
    if (of_union && (i == 0 || !is_union_type_of(&type->fields[i - 1], field)))
      return zw_load_refuse(l, type->name, field->name, "a union without its type field");
    bool scalar = zw_base_is_scalar(field->base);
    if ((field->flags & ZW_F_OPTIONAL) && !scalar)
      field->flags &= ~(uint32_t)ZW_F_OPTIONAL; /* flatc marks offsets so */
    if ((field->flags & ZW_F_OFFSET64) && !zw_load_is_far(field))
      return zw_load_refuse(l, type->name, field->name, "not a type behind a 64-bit offset");
    if ((field->flags & ZW_F_REQUIRED) && scalar)
      return zw_load_refuse(l, type->name, field->name, "a required scalar");
    int error = zw_load_nested(l, type, field);
    if (error) return error;
  }
  return 0;
}

static int check_struct(zw_loader *l, const zw_type *type, int depth) {
  uint64_t size = 0, align = 1;
  uint8_t *checked = &l->checked[type - l->types];
  if (*checked) return 0;
  if (depth > STRUCT_DEPTH_MAX)
    return zw_load_refuse(l, type->name, ZW_ABSENT,
                          "structs are nested too deeply, or in themselves");
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    unsigned base = field->base == ZW_T_ARRAY ? field->element : field->base;
    uint64_t count = field->base == ZW_T_ARRAY ? field->fixed_length : 1;
    if (base == ZW_T_OBJ
            ? !field->type->is_struct
            : !zw_base_is_scalar(base) || base == ZW_T_UTYPE || zw_field_is_union_type(field))
      return zw_load_refuse(l, type->name, field->name, "not a type for a struct's member");
    if (base == ZW_T_OBJ) {
      int error = check_struct(l, field->type, depth + 1);
      if (error) return error;
    }
    uint64_t one = base == ZW_T_OBJ ? field->type->size : zw_base_size((enum zw_base_type)base);
    uint64_t own_align = base == ZW_T_OBJ ? field->type->align : one;
    size = (size + own_align - 1) / own_align * own_align;
    if (field->offset != size || count == 0)
      return zw_load_refuse(l, type->name, field->name, "the offset is not where the member lies");
    size += one * count;
    if (own_align > align) align = own_align;
    if (size > STRUCT_SIZE_MAX)
      return zw_load_refuse(l, type->name, field->name, "a struct is above 64 KiB");
  }
  if (type->align < align)
    return zw_load_refuse(l, type->name, ZW_ABSENT, "the alignment is too small");
  size = (size + type->align - 1) / type->align * type->align;
  if (size != type->size || size == 0)
    return zw_load_refuse(l, type->name, ZW_ABSENT, "the size is not that of the members");
  *checked = 1;
  return 0;
}

static int check_types(zw_loader *l) {
  for (size_t i = 0; i < l->type_count; i++) {
    int error =
        l->types[i].is_struct ? check_struct(l, &l->types[i], 0) : check_table(l, &l->types[i]);
    if (error) return error;
  }
  return 0;
}

static int make_slots(zw_loader *l) {
  for (size_t i = 0; i < l->type_count; i++) {
    zw_type *type = &l->types[i];
    unsigned blocks = type->is_struct ? 0 : zw_slots_blocks(type->field_count);
    zw_slots *slots = blocks ? zw_arena_array(l->arena, blocks, sizeof *slots) : NULL;
    if (blocks && !slots) return zw_load_no_memory(l);
    for (unsigned k = 0; k < blocks; k++) zw_slots_make(type, k, &slots[k]);
    type->slots = slots;
  }
  return 0;
}

/* ---- services ---- */

static int load_method(zw_loader *l, const zw_service *service, zw_table from, zw_method *to) {
  to->name = zw_table_str(from, ZW_RCALL_NAME);
  to->request = zw_schema_type(
      &l->to->schema, zw_table_str(zw_table_table(from, ZW_RCALL_REQUEST), ZW_ROBJECT_NAME));
  to->response = zw_schema_type(
      &l->to->schema, zw_table_str(zw_table_table(from, ZW_RCALL_RESPONSE), ZW_ROBJECT_NAME));
  if (!zw_load_is_name(to->name) || !to->request || !to->response)
    return zw_load_refuse(l, service->name, to->name, "its name, request or response is unknown");
  if (to->request->is_struct || to->response->is_struct)
    return zw_load_refuse(l, service->name, to->name, "request and response must be tables");
  int error = zw_load_attributes(l, to->name, zw_table_vec(from, ZW_RCALL_ATTRIBUTES),
                                 &to->attributes, &to->attribute_count);
  return error ? error : zw_load_doc(l, zw_table_vec(from, ZW_RCALL_DOCUMENTATION), &to->doc);
}

static int check_method_names(zw_loader *l, const zw_service *service) {
  zw_hmap names;
  int error = 0;
  zw_hmap_init(&names, l->arena->alloc);
  for (size_t i = 0; i < service->method_count && !error; i++) {
    const zw_method *method = &service->methods[i];
    void *before = NULL;
    if (zw_hmap_set(&names, zw_str_span(method->name), (void *)(uintptr_t)method, &before) < 0)
      error = zw_load_no_memory(l);
    else if (before)
      error = zw_load_refuse(l, service->name, method->name, "the method stands twice");
  }
  zw_hmap_deinit(&names);
  return error;
}

static int load_service(zw_loader *l, zw_table from, zw_service *to) {
  zw_vec calls = zw_table_vec(from, ZW_RSERVICE_CALLS);
  zw_method *methods = zw_arena_array(l->arena, calls.count, sizeof *methods);
  if (!methods) return zw_load_no_memory(l);
  to->name = zw_table_str(from, ZW_RSERVICE_NAME);
  to->declaration_file = zw_table_str(from, ZW_RSERVICE_DECLARATION_FILE);
  to->methods = methods;
  to->method_count = calls.count;
  if (!is_full_name(to->name)) return zw_load_refuse(l, to->name, ZW_ABSENT, "not a name");
  int error = zw_load_attributes(l, to->name, zw_table_vec(from, ZW_RSERVICE_ATTRIBUTES),
                                 &to->attributes, &to->attribute_count);
  if (!error) error = zw_load_doc(l, zw_table_vec(from, ZW_RSERVICE_DOCUMENTATION), &to->doc);
  for (uint32_t i = 0; i < calls.count && !error; i++)
    error = load_method(l, to, zw_vec_table(calls, i), &methods[i]);
  return error ? error : check_method_names(l, to);
}

static int load_services(zw_loader *l, zw_vec vec) {
  zw_service *services = zw_arena_array(l->arena, vec.count, sizeof *services);
  if (!services) return zw_load_no_memory(l);
  l->to->schema.services = services;
  l->to->schema.service_count = vec.count;
  int error = 0;
  for (uint32_t i = 0; i < vec.count && !error; i++) {
    error = load_service(l, zw_vec_table(vec, i), &services[i]);
    if (!error && i > 0 && !zw_load_ascends(services[i - 1].name, services[i].name))
      error = zw_load_refuse(l, services[i].name, ZW_ABSENT, "services are not sorted by name");
  }
  return error;
}

/* ---- the whole ---- */

static int load_objects(zw_loader *l, zw_vec vec) {
  int error = 0;
  for (uint32_t i = 0; i < vec.count && !error; i++) {
    error = load_object(l, zw_vec_table(vec, i), &l->types[i]);
    if (!error && i > 0 && !zw_load_ascends(l->types[i - 1].name, l->types[i].name))
      error = zw_load_refuse(l, l->types[i].name, ZW_ABSENT, "objects are not sorted by name");
  }
  return error;
}

static int load_enums(zw_loader *l, zw_vec vec) {
  int error = 0;
  for (uint32_t i = 0; i < vec.count && !error; i++) {
    error = load_enum(l, zw_vec_table(vec, i), &l->enums[i]);
    if (!error && i > 0 && !zw_load_ascends(l->enums[i - 1].name, l->enums[i].name))
      error = zw_load_refuse(l, l->enums[i].name, ZW_ABSENT, "enums are not sorted by name");
  }
  return error;
}

static int load_root(zw_loader *l, zw_table schema) {
  zw_table root = zw_table_table(schema, ZW_RSCHEMA_ROOT_TABLE);
  l->to->schema.identifier = zw_table_str(schema, ZW_RSCHEMA_FILE_IDENT);
  l->to->schema.extension = zw_table_str(schema, ZW_RSCHEMA_FILE_EXT);
  if (l->to->schema.identifier.len != 4) l->to->schema.identifier = ZW_ABSENT;
  if (!root.ptr) return 0;
  zw_str name = zw_table_str(root, ZW_ROBJECT_NAME);
  l->to->schema.root = zw_schema_type(&l->to->schema, name);
  return l->to->schema.root && !l->to->schema.root->is_struct
             ? 0
             : zw_load_refuse(l, name, ZW_ABSENT, "the root is no table of the schema");
}

static int load_all(zw_loader *l, zw_table schema) {
  zw_vec objects = zw_table_vec(schema, ZW_RSCHEMA_OBJECTS),
         enums = zw_table_vec(schema, ZW_RSCHEMA_ENUMS);
  if (zw_table_u64(schema, ZW_RSCHEMA_ADVANCED_FEATURES, 0) & ~(uint64_t)ZW_RFEATURE_KNOWN)
    return zw_fail(l->diag, ZW_ENOTSUP,
                   "compiled schema: it uses features that this version does not know");
  l->types = zw_arena_array(l->arena, objects.count, sizeof *l->types);
  l->enums = zw_arena_array(l->arena, enums.count, sizeof *l->enums);
  l->checked = zw_arena_array(l->arena, objects.count, 1);
  if (!l->types || !l->enums || !l->checked) return zw_load_no_memory(l);
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
    error = zw_load_no_memory(l);
  return error;
}

int zw_schema_load(zw_schema **out, zw_span bfbs, const zw_alloc *alloc, zw_diag *diag) {
  zw_arena arena;
  zw_table root;
  zw_arena_init(&arena, alloc);
  zw_loaded *to = zw_arena_get(&arena, sizeof *to);
  uint8_t *bytes = zw_arena_get(&arena, bfbs.len);
  zw_loader l = {.to = to, .arena = to ? &to->arena : NULL, .diag = diag};
  int error = to && bytes ? 0 : zw_load_no_memory(&l);
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
  zw_arena arena = ((zw_loaded *)schema)->arena;
  zw_arena_deinit(&arena);
}
