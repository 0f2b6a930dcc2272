/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a name means. It is looked for in the namespace where it is used, then in each enclosing
 * one, then at the root; first among what stands before the use, so that a later declaration never
 * changes what an earlier line means; of that an enum or union goes before a table or struct,
 * however near, as with flatc.
 *
 * What is declared later flatc knows by its full name, or, if the name has no dots, by its last
 * part: the next table or struct that is called so, in whatever namespace. Where that is another
 * one than we find, the name is refused: two compilers would read two schemas in it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "schema_ast.h"

enum { OBJECTS = 1u << ZW_DECL_TABLE | 1u << ZW_DECL_STRUCT };
enum { TYPES = OBJECTS | 1u << ZW_DECL_ENUM | 1u << ZW_DECL_UNION };

/* ---- look-up ---- */

/* A walk from a namespace outward, and what it has found: before the use, and behind it. */
typedef struct search {
  zw_compiled *c;
  unsigned kinds;
  uint32_t seen;
  zw_decl *found, *later;
} search;

static bool is_object(const zw_decl *d) { return (OBJECTS >> d->kind) & 1; }

/* Looks at one full name; true: the walk is over. */
static bool look_at(search *s, zw_str full) {
  zw_decl *d = zw_hmap_get(&s->c->declared, zw_str_span(full));
  if (!d || !((s->kinds >> d->kind) & 1)) return false;
  if (d->order > s->seen) {
    if (!s->later) s->later = d;
    return false;
  }
  if (!s->found || !is_object(d)) s->found = d;
  return !is_object(d) || s->kinds == OBJECTS;
}

static bool has_dot(zw_str name) { return memchr(name.ptr, '.', name.len) != NULL; }

static zw_decl *find(zw_compiled *c, unsigned kinds, zw_str space, zw_str name, uint32_t seen) {
  char full[2 * ZW_NAME_MAX + 2];
  search s = {.c = c, .kinds = kinds, .seen = seen};
  bool over = false;
  if (name.len == 0 || name.len > ZW_NAME_MAX || space.len > ZW_NAME_MAX) return NULL;
  for (size_t len = space.len; len > 0 && !over;) {
    memcpy(full, space.ptr, len);
    full[len] = '.';
    memcpy(full + len + 1, name.ptr, name.len);
    over = look_at(&s, (zw_str){full, len + 1 + name.len});
    while (len > 0 && space.ptr[len - 1] != '.') len--;
    if (len > 0) len--;
  }
  zw_decl *nearest = s.later;
  if (has_dot(name)) s.later = NULL; /* of what follows, a full name goes first */
  if (!over) look_at(&s, name);
  if (s.found) return s.found;
  return s.later ? s.later : nearest;
}

zw_decl *zw_find_type(zw_compiled *c, zw_str space, zw_str name, uint32_t seen) {
  return find(c, TYPES, space, name, seen);
}

zw_decl *zw_find_object(zw_compiled *c, zw_str space, zw_str name, uint32_t seen) {
  return find(c, OBJECTS, space, name, seen);
}

/* ---- names that flatc takes for another ---- */

static int by_last_name(const void *left, const void *right) {
  const zw_decl *a = *(zw_decl *const *)left, *b = *(zw_decl *const *)right;
  int order = zw_order(a->head.name, b->head.name);
  return order ? order : (a->order > b->order) - (a->order < b->order);
}

static void sort_last_names(zw_compiled *c) {
  c->by_last_name = zw_make_array(c, c->object_count, sizeof *c->by_last_name);
  if (!c->by_last_name) return;
  for (size_t i = 0; i < c->object_count; i++) c->by_last_name[i] = &c->objects[i]->decl;
  if (c->object_count > 1)
    qsort(c->by_last_name, c->object_count, sizeof *c->by_last_name, by_last_name);
}

/* The first table or struct of this name, in any namespace, behind the first `seen`. */
static const zw_decl *next_named(zw_compiled *c, zw_str name, uint32_t seen) {
  size_t from = 0, to = c->object_count;
  if (!c->by_last_name) sort_last_names(c);
  if (!c->by_last_name) return NULL;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    const zw_decl *d = c->by_last_name[middle];
    int order = zw_order(d->head.name, name);
    if (order < 0 || (order == 0 && d->order <= seen))
      from = middle + 1;
    else
      to = middle;
  }
  const zw_decl *d = from < c->object_count ? c->by_last_name[from] : NULL;
  return d && zw_str_eq(d->head.name, name) ? d : NULL;
}

static void check_later(zw_compiled *c, const zw_type_ref *ref, const zw_decl *d) {
  if (d->order <= ref->seen || !c->has_namespaces || has_dot(ref->name)) return;
  const zw_decl *other = next_named(c, ref->name, ref->seen);
  if (!other || other == d) return;
  zw_report_full(c, ZW_ESCHEMA, ref->at, other->head.at, "NAME_AMBIGUOUS",
                 "\"%.*s\" is %.*s here, but %.*s to flatc. Write it in full, or "
                 "declare it above",
                 ZW_ARG(ref->name), ZW_ARG(d->full), ZW_ARG(other->full));
}

/* ---- types ---- */

/* What other languages call the built-in types: their own words, and ours with "_t" behind. */
static const char *foreign_type(zw_str name) {
  static const char *const words[][2] = {
      {"i8", "byte"},       {"u8", "ubyte"},      {"i16", "short"},    {"u16", "ushort"},
      {"i32", "int"},       {"u32", "uint"},      {"i64", "long"},     {"u64", "ulong"},
      {"f32", "float"},     {"f64", "double"},    {"char", "byte"},    {"integer", "int"},
      {"number", "double"}, {"real", "double"},   {"size_t", "ulong"}, {"str", "string"},
      {"text", "string"},   {"bytes", "[ubyte]"}, {"blob", "[ubyte]"}};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (zw_str_eq(name, zw_str_of(words[i][0]))) return words[i][1];
  if (name.len < 3 || memcmp(name.ptr + name.len - 2, "_t", 2) != 0) return NULL;
  uint8_t base = zw_type_by_word((zw_str){name.ptr, name.len - 2});
  return base == ZW_T_NONE ? NULL : zw_type_word(base);
}

/* Names as they can be written in this namespace. */
static void hint_type(zw_compiled *c, zw_str space, zw_str name, char out[ZW_HINT_MAX]) {
  size_t count = 0;
  out[0] = 0;
  zw_str *list = zw_report_kept(c) ? zw_make_array(c, ZW_HINT_CANDIDATES_MAX, sizeof *list) : NULL;
  if (!list) return;
  for (uint8_t base = ZW_T_BOOL; base <= ZW_T_STRING; base++)
    list[count++] = zw_str_of(zw_type_word(base));
  for (zw_decl *d = c->first; d && count < ZW_HINT_CANDIDATES_MAX - 1; d = d->next) {
    if (d->kind == ZW_DECL_SERVICE) continue;
    list[count++] = d->full;
    if (zw_str_eq(d->space, space)) list[count++] = d->head.name;
  }
  zw_hint(name, list, count, out);
  const char *foreign = foreign_type(name);
  if (foreign) snprintf(out, ZW_HINT_MAX, ". Did you mean \"%s\"?", foreign);
  for (zw_decl *d = c->first; d && !out[0]; d = d->next)
    if (zw_str_eq(d->head.name, name) && d->kind != ZW_DECL_SERVICE && d->full.len < 80)
      snprintf(out, ZW_HINT_MAX, ". Did you mean \"%.*s\"?", ZW_ARG(d->full));
}

static void take(zw_type_ref *ref, zw_decl *d) {
  bool list = ref->base == ZW_T_VECTOR || ref->base == ZW_T_ARRAY;
  uint8_t *base = list ? &ref->element : &ref->base;
  if (!d) {
    *base = ZW_T_NONE;
  } else if (is_object(d)) {
    ref->object = (zw_object *)d;
    *base = ZW_T_OBJ;
  } else {
    ref->enumeration = (zw_enumeration *)d;
    *base = d->kind == ZW_DECL_UNION ? ZW_T_UNION : ref->enumeration->base;
  }
}

static void resolve(zw_compiled *c, zw_str space, zw_type_ref *ref, zw_decl *d) {
  char hint[ZW_HINT_MAX];
  take(ref, d);
  if (d) {
    check_later(c, ref, d);
    return;
  }
  hint_type(c, space, ref->name, hint);
  zw_report(c, ref->at, "TYPE_NOT_FOUND", "there is no type \"%.*s\"%s", ZW_ARG(ref->name), hint);
}

void zw_resolve_type(zw_compiled *c, zw_str space, zw_type_ref *ref) {
  if (ref->name.ptr) resolve(c, space, ref, zw_find_type(c, space, ref->name, ref->seen));
}

void zw_resolve_object(zw_compiled *c, zw_str space, zw_type_ref *ref) {
  zw_decl *d = zw_find_object(c, space, ref->name, ref->seen);
  if (!d) d = zw_find_type(c, space, ref->name, ref->seen);
  resolve(c, space, ref, d);
}

void zw_resolve_nested(zw_compiled *c, zw_str space, zw_type_ref *ref) {
  zw_resolve_object(c, space, ref);
  if (!ref->object) return;
  const zw_decl *d = &ref->object->decl;
  const zw_decl *read = zw_find_object(c, space, ref->name, UINT32_MAX);
  if (read == d) return;
  zw_report_full(c, ZW_ESCHEMA, ref->at, read->head.at, "NAME_AMBIGUOUS",
                 "\"%.*s\" is %.*s here, but %.*s in the compiled schema, which has no order. "
                 "Write it in full, or rename one",
                 ZW_ARG(ref->name), ZW_ARG(d->full), ZW_ARG(read->full));
}
