/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables and structs: the types of fields, the type field that goes before each union, the flags,
 * the ids. Members are in text order in their list and by slot in `by_id`.
 */
#include <stdio.h>

#include "schema_ast.h"

#define MEMBERS_MAX 32765

static bool is_list(const zw_type_ref *t) { return zw_is_vector(t->base) || t->base == ZW_T_ARRAY; }
static bool is_vector_of(const zw_type_ref *t, uint8_t element) {
  return t->base == ZW_T_VECTOR && t->element == element;
}
static bool is_known(const zw_type_ref *t) {
  return is_list(t) ? t->element != ZW_T_NONE : t->base != ZW_T_NONE;
}

/* ---- union type fields ---- */

static zw_ast_attr *type_field_id(zw_compiled *c, const zw_member *m) {
  const zw_ast_attr *id = zw_find_attr(&m->head, "id");
  zw_scalar number;
  if (!id || id->value.kind == ZW_LIT_NONE) return NULL;
  zw_literal literal = id->value;
  literal.kind = ZW_LIT_INT;
  if (!zw_literal_int(c, &literal, ZW_T_USHORT, &number)) return NULL;
  if (number.u == 0) {
    zw_report(
        c, id->value.at, "UNION_ID",
        "the union \"%.*s\" takes two ids, its own and the one before for its type: at least 1",
        ZW_ARG(m->head.name));
    return NULL;
  }
  zw_ast_attr *a = zw_make(c, sizeof *a);
  if (!a) return NULL;
  char text[24];
  int n = snprintf(text, sizeof text, "%llu", (unsigned long long)number.u - 1);
  *a = (zw_ast_attr){.name = ZW_STR("id"), .at = id->at, .value = id->value};
  a->value.text = zw_make_str(c, (zw_str){text, (size_t)n});
  return a;
}

static zw_member *make_type_field(zw_compiled *c, const zw_member *m) {
  zw_member *t = zw_make(c, sizeof *t);
  if (!t) return NULL;
  t->head = (zw_ast_head){.name = zw_join(c, m->head.name, "_", ZW_STR("type")),
                          .at = m->head.at,
                          .attrs = type_field_id(c, m)};
  t->type = m->type;
  if (t->type.base == ZW_T_UNION)
    t->type.base = ZW_T_UTYPE;
  else
    t->type.element = ZW_T_UTYPE;
  t->is_union_type = true;
  return t;
}

static void insert_type_fields(zw_compiled *c, zw_object *o) {
  for (zw_member **at = &o->members; *at; at = &(*at)->next) {
    zw_member *m = *at;
    if (m->is_union_type || (m->type.base != ZW_T_UNION && !is_vector_of(&m->type, ZW_T_UNION)))
      continue;
    zw_member *t = make_type_field(c, m);
    if (!t) return;
    t->next = m;
    *at = t;
    o->member_count++;
    at = &t->next;
  }
}

/* ---- types and flags ---- */

static void check_type(zw_compiled *c, zw_object *o, zw_member *m) {
  uint8_t item = is_list(&m->type) ? m->type.element : m->type.base;
  if (!o->is_struct) {
    if (m->type.base == ZW_T_ARRAY)
      zw_report(c, m->type.at, "ARRAY_PLACE", "a fixed array stands in a struct. Wrap it in one");
    return;
  }
  bool fits = !zw_is_vector(m->type.base) &&
              (item == ZW_T_OBJ ? m->type.object->is_struct : zw_base_is_scalar(item));
  if (!fits)
    zw_report(c, m->type.at, "STRUCT_MEMBER",
              "a struct holds scalars, structs and fixed arrays of them. Make \"%.*s\" a table",
              ZW_ARG(o->decl.head.name));
}

static void struct_flags(zw_compiled *c, zw_member *m) {
  static const char *const refused[] = {"deprecated", "required"};
  for (size_t i = 0; i < 2; i++) {
    const zw_ast_attr *a = zw_find_attr(&m->head, refused[i]);
    if (a)
      zw_report(c, a->at, "STRUCT_ATTRIBUTE",
                "%s has no meaning in a struct: its members are always there", refused[i]);
  }
}

static void table_flags(zw_compiled *c, zw_member *m, zw_member *type_field) {
  const zw_ast_attr *required = zw_find_attr(&m->head, "required");
  bool scalar = zw_base_is_scalar(m->type.base);
  m->deprecated = zw_find_attr(&m->head, "deprecated") != NULL;
  m->required = required || (m->type.base == ZW_T_STRING && m->key);
  if (required && scalar)
    zw_report(c, required->at, "REQUIRED_SCALAR",
              "required has no meaning on a scalar: absent, it is its default. Remove it");
  bool preset = !scalar && m->preset.kind != ZW_LIT_NONE && !zw_str_eq(m->preset.text, ZW_STR("0"));
  m->optional = scalar ? m->preset.kind == ZW_LIT_NULL : !m->required && !preset;
  if (!type_field) return;
  type_field->deprecated = m->deprecated;
  bool vector = type_field->type.base == ZW_T_VECTOR;
  type_field->required = vector && m->required;
  type_field->optional = vector && m->optional;
}

static void check_key(zw_compiled *c, zw_object *o, zw_member *m, zw_member **key) {
  const zw_ast_attr *a = zw_find_attr(&m->head, "key");
  if (!a) return;
  m->key = true;
  if (*key)
    zw_report_full(c, ZW_ESCHEMA, a->at, (*key)->head.at, "KEY_TWICE",
                   "\"%.*s\" has a key already. Only one field sorts its vectors",
                   ZW_ARG(o->decl.head.name));
  *key = m;
  bool is_struct = m->type.base == ZW_T_OBJ && m->type.object->is_struct;
  bool fits = zw_base_is_scalar(m->type.base) || m->type.base == ZW_T_STRING || is_struct ||
              m->type.base == ZW_T_ARRAY;
  if (!fits)
    zw_report(c, a->at, "KEY_TYPE", "a key is a scalar, a string, a struct or a fixed array");
  else if (m->preset.kind == ZW_LIT_NULL)
    zw_report(c, a->at, "KEY_TYPE", "a key cannot be absent. Remove \"= null\"");
}

static void resolve_nested(zw_compiled *c, zw_object *o, zw_member *m) {
  const zw_ast_attr *a = zw_find_attr(&m->head, "nested_flatbuffer");
  if (!a) return;
  if (!zw_is_vector(m->type.base) || m->type.element != ZW_T_UBYTE) {
    zw_report(c, a->at, "NESTED_TYPE", "nested_flatbuffer stands on a [ubyte]");
    return;
  }
  if (a->value.kind != ZW_LIT_STRING) {
    zw_report(c, a->at, "NESTED_TYPE",
              "nested_flatbuffer names a table: nested_flatbuffer: \"Name\"");
    return;
  }
  zw_type_ref ref = {.name = a->value.text, .at = a->value.at, .seen = m->type.seen};
  zw_resolve_nested(c, o->decl.space, &ref);
  if (ref.base == ZW_T_NONE) return;
  if (ref.base != ZW_T_OBJ || ref.object->is_struct)
    zw_report(c, a->value.at, "NESTED_TYPE", "nested_flatbuffer names a table; \"%.*s\" is none",
              ZW_ARG(ref.name));
  else
    m->nested = ref.object;
}

static void note_features(zw_compiled *c, const zw_member *m) {
  enum { ARRAYS = 1, UNIONS = 2, OPTIONAL_SCALARS = 4, DEFAULT_VECTORS = 8 };
  bool scalar = zw_base_is_scalar(m->type.base);
  if (m->type.base == ZW_T_ARRAY) c->features |= ARRAYS;
  if (is_vector_of(&m->type, ZW_T_UNION)) c->features |= UNIONS;
  if (scalar && m->optional) c->features |= OPTIONAL_SCALARS;
  if ((m->type.base == ZW_T_STRING || zw_is_vector(m->type.base)) && m->preset.kind != ZW_LIT_NONE)
    c->features |= DEFAULT_VECTORS;
}

/* As numbers, null may stand in quotes. */
static void null_in_quotes(zw_member *m) {
  if (zw_base_is_scalar(m->type.base) && m->preset.kind == ZW_LIT_STRING &&
      zw_str_eq(m->preset.text, ZW_STR("null")))
    m->preset.kind = ZW_LIT_NULL;
}

static void resolve_members(zw_compiled *c, zw_object *o) {
  zw_member *key = NULL, *type_field = NULL;
  for (zw_member *m = o->members; m; m = m->next) {
    if (m->is_union_type) {
      type_field = m;
      continue;
    }
    if (is_known(&m->type)) {
      null_in_quotes(m);
      zw_resolve_field_attributes(c, m);
      check_type(c, o, m);
      check_key(c, o, m, &key);
      if (o->is_struct)
        struct_flags(c, m);
      else
        table_flags(c, m, type_field);
      resolve_nested(c, o, m);
      note_features(c, m);
      zw_resolve_preset(c, o, m);
    }
    type_field = NULL;
  }
}

/* Generated code has names of its own for the type of a union, the length of a vector, the octets
 * of a string: flatc refuses fields that are called like them. "u_type" is a field itself. */
static void check_clash(zw_compiled *c, const zw_hmap *names, const zw_member *m) {
  static const struct {
    const char *suffix;
    uint8_t base;
    const char *what;
  } clashes[] = {{"Type", ZW_T_UNION, "type"},
                 {"_length", ZW_T_VECTOR, "length"},
                 {"Length", ZW_T_VECTOR, "length"},
                 {"_byte_vector", ZW_T_STRING, "octets"},
                 {"ByteVector", ZW_T_STRING, "octets"}};
  for (size_t i = 0; i < sizeof clashes / sizeof clashes[0]; i++) {
    zw_str suffix = zw_str_of(clashes[i].suffix), stem = m->head.name;
    if (m->type.base == ZW_T_UTYPE || stem.len <= suffix.len) continue;
    stem.len -= suffix.len;
    if (memcmp(stem.ptr + stem.len, suffix.ptr, suffix.len) != 0) continue;
    const zw_member *other = zw_hmap_get(names, zw_str_span(stem));
    if (!other || other->type.base != clashes[i].base) continue;
    zw_report_full(c, ZW_ESCHEMA, m->head.at, other->head.at, "FIELD_CLASH",
                   "\"%.*s\" is what generated code calls the %s of \"%.*s\". Rename one",
                   ZW_ARG(m->head.name), clashes[i].what, ZW_ARG(stem));
  }
}

static void check_names(zw_compiled *c, zw_object *o) {
  zw_hmap names;
  zw_hmap_init(&names, c->alloc);
  for (zw_member *m = o->members; m; m = m->next) {
    void *old = NULL;
    if (zw_hmap_set(&names, zw_str_span(m->head.name), m, &old)) c->failed_memory = true;
    if (!old) continue;
    zw_report_full(c, ZW_ESCHEMA, m->head.at, ((zw_member *)old)->head.at, "NAME_TWICE",
                   "\"%.*s\" has a second field \"%.*s\"%s. Rename one", ZW_ARG(o->decl.head.name),
                   ZW_ARG(m->head.name),
                   m->is_union_type || ((zw_member *)old)->is_union_type ? ", the type of a union"
                                                                         : "");
  }
  for (const zw_member *m = o->members; m; m = m->next) check_clash(c, &names, m);
  zw_hmap_deinit(&names);
}

/* ---- ids ---- */

static bool take_id(zw_compiled *c, zw_object *o, zw_member *m, const zw_ast_attr *a) {
  zw_scalar id;
  zw_literal literal = a->value;
  if (literal.kind == ZW_LIT_STRING) literal.kind = ZW_LIT_INT;
  if (literal.kind != ZW_LIT_INT) {
    zw_report(c, a->at, "FIELD_ID", "an id is a number: id: 0");
    return false;
  }
  if (!zw_literal_int(c, &literal, ZW_T_USHORT, &id)) return false;
  if (id.u >= o->member_count) {
    zw_report(c, a->value.at, "FIELD_ID", "ids are 0 to %u without a gap; %llu is beyond",
              o->member_count - 1, (unsigned long long)id.u);
    return false;
  }
  zw_member *taken = o->by_id[id.u];
  if (taken) {
    zw_report_full(c, ZW_ESCHEMA, a->value.at, taken->head.at, "FIELD_ID",
                   "the id %llu is taken by \"%.*s\"%s", (unsigned long long)id.u,
                   ZW_ARG(taken->head.name),
                   m->is_union_type || taken->is_union_type ? " (a union takes two ids)" : "");
    return false;
  }
  o->by_id[id.u] = m;
  return true;
}

static void explicit_ids(zw_compiled *c, zw_object *o) {
  for (zw_member *m = o->members; m; m = m->next) {
    const zw_ast_attr *a = zw_find_attr(&m->head, "id");
    if (a)
      take_id(c, o, m, a);
    else if (!m->is_union_type)
      zw_report(
          c, m->head.at, "FIELD_ID",
          "\"%.*s\" has no id, but other fields of \"%.*s\" have. Give all fields an id, or none",
          ZW_ARG(m->head.name), ZW_ARG(o->decl.head.name));
  }
}

static void assign_ids(zw_compiled *c, zw_object *o) {
  uint32_t next = 0;
  bool any = false;
  o->by_id = zw_make_array(c, o->member_count, sizeof *o->by_id);
  if (!o->by_id) return;
  for (zw_member *m = o->members; m && !o->is_struct; m = m->next)
    any = any || zw_find_attr(&m->head, "id") != NULL;
  if (any)
    explicit_ids(c, o);
  else
    for (zw_member *m = o->members; m; m = m->next) o->by_id[next++] = m;
  for (uint32_t i = 0; i < o->member_count; i++) {
    if (!o->by_id[i]) continue;
    o->by_id[i]->id = i;
    if (!o->is_struct) o->by_id[i]->offset = 4 + 2 * i;
  }
  o->align = 1;
}

static void resolve_object(zw_compiled *c, zw_object *o) {
  for (zw_member *m = o->members; m; m = m->next) zw_resolve_type(c, o->decl.space, &m->type);
  if (!o->is_struct) insert_type_fields(c, o);
  if (o->member_count > MEMBERS_MAX)
    zw_report(c, o->decl.head.at, "TABLE_SIZE", "\"%.*s\" has more than %d fields",
              ZW_ARG(o->decl.head.name), MEMBERS_MAX);
  resolve_members(c, o);
  check_names(c, o);
  assign_ids(c, o);
}

void zw_resolve_objects(zw_compiled *c) {
  for (size_t i = 0; i < c->object_count && !c->failed_memory; i++)
    resolve_object(c, c->objects[i]);
  if (!c->failed_memory) zw_layout_structs(c);
}
