/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From names to things. Declarations are sorted by full name, so that indexes are known; then
 * attributes, enums, objects and services are resolved, each in its own file; each phase reports
 * all that it finds and leaves something usable behind, so that the next can go on.
 */
#include <stdlib.h>

#include "schema_ast.h"

static const struct {
  const char *name, *alias;
  uint8_t base;
} base_names[] = {{"bool", "bool", ZW_T_BOOL},        {"byte", "int8", ZW_T_BYTE},
                  {"ubyte", "uint8", ZW_T_UBYTE},     {"short", "int16", ZW_T_SHORT},
                  {"ushort", "uint16", ZW_T_USHORT},  {"int", "int32", ZW_T_INT},
                  {"uint", "uint32", ZW_T_UINT},      {"long", "int64", ZW_T_LONG},
                  {"ulong", "uint64", ZW_T_ULONG},    {"float", "float32", ZW_T_FLOAT},
                  {"double", "float64", ZW_T_DOUBLE}, {"string", "string", ZW_T_STRING}};
#define BASE_NAMES (sizeof base_names / sizeof base_names[0])

uint8_t zw_type_by_word(zw_str name) {
  for (size_t i = 0; i < BASE_NAMES; i++)
    if (zw_str_eq(name, zw_str_of(base_names[i].name)) ||
        zw_str_eq(name, zw_str_of(base_names[i].alias)))
      return base_names[i].base;
  return ZW_T_NONE;
}

const char *zw_type_word(uint8_t base) {
  for (size_t i = 0; i < BASE_NAMES; i++)
    if (base_names[i].base == base) return base_names[i].name;
  return base == ZW_T_UTYPE ? "union type" : "type";
}

const zw_ast_attr *zw_find_attr(const zw_ast_head *head, const char *name) {
  for (const zw_ast_attr *a = head->attrs; a; a = a->next)
    if (zw_str_eq(a->name, zw_str_of(name))) return a;
  return NULL;
}

/* ---- sorted order ---- */

int zw_order(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int r = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return r ? r : (a.len > b.len) - (a.len < b.len);
}

static int by_full_name(const void *a, const void *b) {
  return zw_order((*(zw_decl *const *)a)->full, (*(zw_decl *const *)b)->full);
}

/* All declarations of these kinds, sorted; each knows its index. */
static void *collect(zw_compiled *c, unsigned kinds, size_t *count) {
  size_t n = 0;
  for (zw_decl *d = c->first; d; d = d->next) n += (kinds >> d->kind) & 1;
  zw_decl **list = zw_make_array(c, n, sizeof(zw_decl *));
  *count = 0;
  if (!list) return NULL;
  for (zw_decl *d = c->first; d; d = d->next)
    if ((kinds >> d->kind) & 1) list[(*count)++] = d;
  if (n > 1) qsort(list, n, sizeof(zw_decl *), by_full_name);
  for (size_t i = 0; i < n; i++) list[i]->index = (uint32_t)i;
  return list;
}

static void sort_declarations(zw_compiled *c) {
  c->objects = collect(c, 1u << ZW_DECL_TABLE | 1u << ZW_DECL_STRUCT, &c->object_count);
  c->enums = collect(c, 1u << ZW_DECL_ENUM | 1u << ZW_DECL_UNION, &c->enum_count);
  c->services = collect(c, 1u << ZW_DECL_SERVICE, &c->service_count);
}

/* ---- services and the root ---- */

static void resolve_table(zw_compiled *c, zw_str space, zw_type_ref *ref) {
  zw_resolve_type(c, space, ref);
  if (ref->base == ZW_T_NONE) return; /* reported */
  if (ref->base != ZW_T_OBJ || ref->object->is_struct)
    zw_report(c, ref->at, "METHOD_TYPE", "a method takes and returns a table. Put this into one");
}

static void resolve_service(zw_compiled *c, zw_rpc *s) {
  zw_hmap names;
  zw_hmap_init(&names, c->alloc);
  for (zw_call *call = s->calls; call; call = call->next) {
    void *old = NULL;
    if (zw_hmap_set(&names, zw_str_span(call->head.name), call, &old)) c->failed_memory = true;
    if (old)
      zw_report_full(c, ZW_ESCHEMA, call->head.at, ((zw_call *)old)->head.at, "NAME_TWICE",
                     "\"%.*s\" has a second method \"%.*s\". Rename one", ZW_ARG(s->decl.head.name),
                     ZW_ARG(call->head.name));
    resolve_table(c, s->decl.space, &call->request);
    resolve_table(c, s->decl.space, &call->response);
  }
  zw_hmap_deinit(&names);
}

static void resolve_root(zw_compiled *c) {
  if (!c->root_name.ptr) return;
  zw_type_ref ref = {.name = c->root_name, .at = c->root_at, .seen = UINT32_MAX};
  zw_str whole = {NULL, 0}; /* a full name goes first, as with flatc */
  zw_decl *d = zw_find_object(c, whole, c->root_name, UINT32_MAX);
  if (!d) d = zw_find_object(c, c->root_space, c->root_name, UINT32_MAX);
  if (!d) zw_resolve_type(c, c->root_space, &ref);
  if (!d && ref.base == ZW_T_NONE) return;
  if (d && d->kind == ZW_DECL_TABLE)
    c->root = (zw_object *)d;
  else
    zw_report(c, c->root_at, "ROOT_TYPE", "the root type is a table; \"%.*s\" is none",
              ZW_ARG(c->root_name));
}

void zw_resolve(zw_compiled *c) {
  sort_declarations(c);
  if (c->failed_memory) return;
  zw_resolve_attributes(c);
  zw_resolve_enums(c);
  zw_resolve_objects(c);
  for (size_t i = 0; i < c->service_count; i++) resolve_service(c, c->services[i]);
  resolve_root(c);
}
