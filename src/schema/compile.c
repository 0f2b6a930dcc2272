/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compilation: parse, resolve, write the `.bfbs`, load it as any other program would, build the
 * model of it. Each step runs only if those before found nothing, so that a finding is never the
 * echo of another. What the model finds is given a place in the text by the names in it.
 */
#include "schema_ast.h"

#include <stdio.h>

#include "zerowire/reflect.h"

/* ---- places ---- */

/* Members behind so many are in a table, so that as many findings take no square of the time. */
#define MEMBERS_SCANNED 64

/* The next member of a declaration; the first behind NULL. A member begins with its head. */
static const zw_ast_head *next_member(const zw_decl *d, const zw_ast_head *last) {
  if (d->kind == ZW_DECL_SERVICE) {
    const zw_call *m = last ? ((const zw_call *)last)->next : ((const zw_rpc *)d)->calls;
    return m ? &m->head : NULL;
  }
  if (d->kind == ZW_DECL_ENUM || d->kind == ZW_DECL_UNION) {
    const zw_value *m = last ? ((const zw_value *)last)->next : ((const zw_enumeration *)d)->values;
    return m ? &m->head : NULL;
  }
  const zw_member *m = last ? ((const zw_member *)last)->next : ((const zw_object *)d)->members;
  return m ? &m->head : NULL;
}

static void index_member(zw_compiled *c, const zw_decl *d, const zw_ast_head *head) {
  size_t size = d->full.len + 1 + head->name.len;
  char *key = zw_make(c, size + 1);
  if (!key) return;
  snprintf(key, size + 1, "%.*s\n%.*s", ZW_ARG(d->full), ZW_ARG(head->name));
  zw_span span = zw_span_of((const uint8_t *)key, size);
  if (zw_hmap_get(&c->members, span)) return;
  if (zw_hmap_set(&c->members, span, (void *)(uintptr_t)head, NULL)) c->failed_memory = true;
}

static void index_members(zw_compiled *c) {
  for (const zw_decl *d = c->first; d; d = d->next) {
    size_t count = 0;
    for (const zw_ast_head *head = NULL; (head = next_member(d, head));)
      if (++count > MEMBERS_SCANNED) index_member(c, d, head);
  }
}

static const zw_ast_head *find_member(const zw_compiled *c, const zw_decl *d, zw_str name) {
  char key[3 * ZW_NAME_MAX + 4];
  size_t count = 0;
  const zw_ast_head *head = NULL;
  while (count++ < MEMBERS_SCANNED && (head = next_member(d, head)))
    if (zw_str_eq(head->name, name)) return head;
  if (!head) return NULL;
  int len = snprintf(key, sizeof key, "%.*s\n%.*s", ZW_ARG(d->full), ZW_ARG(name));
  return len > 0 && (size_t)len < sizeof key
             ? zw_hmap_get(&c->members, zw_span_of((const uint8_t *)key, (size_t)len))
             : NULL;
}

static zw_pos place_of(const zw_compiled *c, zw_str owner, zw_str member, zw_str attribute) {
  const zw_decl *d = owner.ptr ? zw_hmap_get(&c->declared, zw_str_span(owner)) : NULL;
  if (!d) return zw_nowhere;
  const zw_ast_head *head = &d->head;
  if (member.len && !(head = find_member(c, d, member))) return zw_nowhere;
  for (const zw_ast_attr *a = attribute.ptr ? head->attrs : NULL; a; a = a->next)
    if (zw_str_eq(a->name, attribute)) return a->value.at.line ? a->value.at : a->at;
  return head->at;
}

static void report_model(void *ctx, const zw_model_site *site, const zw_diag *diag) {
  zw_compiled *c = ctx;
  zw_str none = {NULL, 0};
  zw_pos at = zw_nowhere, other = zw_nowhere;
  if (zw_report_kept(c)) { /* a search through the members: not for all that are only counted */
    at = place_of(c, site->owner, site->member, site->attribute);
    other = place_of(c, site->other_owner, site->other_member, none);
  }
  zw_report_full(c, diag->error, at, other, diag->rule, "%s", diag->message);
}

/* ---- steps ---- */

static int load(zw_compiled *c, zw_diag *diag) {
  int error = zw_schema_load(&c->schema, c->bfbs, c->alloc, diag);
  if (error) return error;
  return zw_model_build(&c->model, c->schema, &c->arena, report_model, c, diag);
}

/* The first finding becomes the result. */
static int conclude(zw_compiled *c, int error, zw_diag *diag) {
  int found = zw_report_result(c);
  if (c->failed_memory || error == ZW_ENOMEM) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  zw_report_sort(c);
  if (!found) return error;
  size_t first = 0;
  while (first + 1 < c->finding_capacity && first + 1 < c->finding_count &&
         c->findings[first].diag.error == 0)
    first++;
  if (diag && c->finding_capacity) *diag = c->findings[first].diag;
  return found;
}

/* The object behind the declarations is one of the root type. A finding, or ZW_ENOMEM. */
static int check_json(zw_compiled *c, zw_diag *diag) {
  zw_builder b;
  zw_span octets;
  zw_diag found = {0};
  if (!c->schema->root) {
    zw_report(c, c->json_at, "JSON_DATA", "JSON needs a root type. Add root_type NAME;");
    return 0;
  }
  zw_builder_init(&b, c->alloc);
  int error = zw_flatc_json_parse(c->schema->root, c->json, 0, &b, &octets, &found);
  zw_builder_deinit(&b);
  if (error == ZW_ENOMEM) return zw_fail(diag, error, "out of memory");
  zw_pos at = c->json_at;
  if (found.at.line == 1 && found.at.column) at.column += found.at.column - 1;
  if (found.at.line > 1) at.line += found.at.line - 1, at.column = found.at.column;
  if (error) zw_report(c, at, "JSON_DATA", "%s", found.message);
  return 0;
}

static int compile_source(zw_compiled *c, zw_diag *diag) {
  c->phase_error = ZW_ESYNTAX;
  zw_parse_source(c, 0);
  c->phase_error = ZW_ESCHEMA;
  if (!c->incomplete && !c->failed_memory) zw_resolve(c);
  if (zw_report_result(c)) return 0;
  index_members(c);
  int error = zw_bfbs_write(c, 0, false, diag);
  if (!error) error = load(c, diag);
  if (!error && c->json.ptr && !zw_report_result(c)) error = check_json(c, diag);
  bool named = c->options.bfbs_root != NULL;
  if (!error && (c->options.bfbs_flags || named))
    error = zw_bfbs_write(c, c->options.bfbs_flags, named, diag);
  return error;
}

static int compile_bfbs(zw_compiled *c, zw_span octets, zw_diag *diag) {
  uint8_t *copy = zw_make(c, octets.len);
  if (!copy) return ZW_ENOMEM;
  if (octets.len) memcpy(copy, octets.ptr, octets.len);
  c->bfbs = zw_span_of(copy, octets.len);
  c->phase_error = ZW_ESCHEMA;
  int error = load(c, diag);
  if (diag && (error == ZW_EVERIFY || error == ZW_ELIMIT)) {
    zw_diag found = *diag;
    zw_fail(diag, error, "not a compiled schema, or a damaged one: %s", found.message);
  }
  return error;
}

/* A compiled schema names itself in octets 4 to 7, behind an offset whose last octet is that of no
 * text: a comment may begin with "/// BFBS". */
static bool is_bfbs(zw_str text) {
  return text.len >= 8 && memcmp(text.ptr + 4, "BFBS", 4) == 0 && (uint8_t)text.ptr[3] < '\t';
}

/* What is called .bfbs is one, whatever is in it. */
bool zw_is_compiled_schema(const char *name, zw_str text) {
  size_t len = strlen(name);
  return is_bfbs(text) || (len > 5 && strcmp(name + len - 5, ".bfbs") == 0);
}

static int compile_root(zw_compiled *c, const char *path, zw_diag *diag) {
  zw_str text = c->sources[0]->text;
  c->from_bfbs = zw_is_compiled_schema(path, text);
  int error = c->from_bfbs ? compile_bfbs(c, zw_str_span(text), diag) : compile_source(c, diag);
  if (error && error != ZW_ENOMEM && c->refusals == 0) {
    zw_pos top = {0, 0, 0};
    zw_diag own;
    if (!diag) zw_fail(&own, error, "the compiled schema is not valid");
    zw_report_full(c, error, top, zw_nowhere, "", "%s", diag ? diag->message : own.message);
  }
  return conclude(c, error, diag);
}

/* ---- the handle ---- */

static zw_compiled *create(const zw_compile_options *options) {
  zw_compile_options o = {0};
  if (options) memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
  const zw_alloc *alloc = o.alloc ? o.alloc : zw_alloc_default();
  zw_compiled *c = zw_alloc_zero(alloc, sizeof *c);
  if (!c) return NULL;
  c->alloc = alloc;
  c->options = o;
  c->last = &c->first;
  zw_arena_init(&c->arena, alloc);
  zw_hmap_init(&c->declared, alloc);
  zw_hmap_init(&c->members, alloc);
  zw_hmap_init(&c->attributes, alloc);
  return c;
}

void zw_compiled_destroy(zw_compiled *c) {
  if (!c) return;
  zw_schema_destroy(c->schema);
  zw_hmap_deinit(&c->declared);
  zw_hmap_deinit(&c->members);
  zw_hmap_deinit(&c->attributes);
  zw_arena_deinit(&c->arena);
  zw_alloc_free(c->alloc, c, sizeof *c);
}

static int give(zw_compiled **out, zw_compiled *c, int error) {
  if (error != ZW_ENOMEM) {
    *out = c;
    return error;
  }
  zw_compiled_destroy(c);
  *out = NULL;
  return error;
}

int zw_compile_file(zw_compiled **out, const char *path, const zw_compile_options *options,
                    zw_diag *diag) {
  zw_diag own;
  zw_str text;
  zw_compiled *c = create(options);
  *out = NULL;
  if (!c) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  if (!diag) diag = &own;
  int error = zw_source_read_root(c, path, &text, diag);
  if (error == ZW_EIO) zw_report_full(c, error, zw_nowhere, zw_nowhere, "", "%s", diag->message);
  return give(out, c, error ? error : compile_root(c, path, diag));
}

/* A compilation of a copy of the text; NULL: no memory. */
static zw_compiled *create_of(const char *name, zw_str text, const zw_compile_options *options) {
  zw_compiled *c = create(options);
  char *copy = c ? zw_make(c, text.len + 1) : NULL;
  if (copy && text.len) memcpy(copy, text.ptr, text.len);
  zw_str own = {copy, text.len};
  if (copy && zw_source_add(c, zw_str_of(name), zw_join(c, ZW_STR("text"), ":", zw_str_of(name)),
                            own, false) != UINT32_MAX)
    return c;
  zw_compiled_destroy(c);
  return NULL;
}

int zw_compile_text(zw_compiled **out, const char *name, zw_str text,
                    const zw_compile_options *options, zw_diag *diag) {
  zw_compiled *c = *out = create_of(name, text, options);
  if (!c) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  zw_source_add_roots(c, name);
  return give(out, c, compile_root(c, name, diag));
}

int zw_parse_alone(zw_compiled **out, const char *name, zw_str text, const zw_alloc *alloc,
                   zw_diag *diag) {
  zw_compile_options options = {.size = sizeof options, .alloc = alloc};
  zw_compiled *c = *out = create_of(name, text, &options);
  if (!c) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  c->alone = true;
  c->phase_error = ZW_ESYNTAX;
  zw_parse_source(c, 0);
  return give(out, c, c->incomplete || c->failed_memory ? conclude(c, 0, diag) : 0);
}

/* ---- results ---- */

const zw_diag *zw_compiled_finding(const zw_compiled *c, size_t i) {
  return i < c->finding_count && i < c->finding_capacity ? &c->findings[i].diag : NULL;
}

size_t zw_compiled_finding_count(const zw_compiled *c) { return c->finding_count; }

static bool is_good(const zw_compiled *c) { return c->refusals == 0 && c->model != NULL; }

const zw_schema *zw_compiled_schema(const zw_compiled *c) { return is_good(c) ? c->schema : NULL; }

const zw_model *zw_compiled_model(const zw_compiled *c) { return is_good(c) ? c->model : NULL; }

zw_span zw_compiled_bfbs(const zw_compiled *c) {
  return is_good(c) ? c->bfbs : zw_span_of(NULL, 0);
}

const char *zw_compiled_source(const zw_compiled *c, size_t i) {
  return i < c->source_count ? c->sources[i]->name.ptr : NULL;
}

bool zw_compiled_is_own(const zw_compiled *c, zw_str full_name) {
  const zw_decl *d = zw_hmap_get(&c->declared, zw_str_span(full_name));
  return d && d->head.at.file == 0;
}

bool zw_compiled_place(const zw_compiled *c, zw_str owner, zw_str member, zw_place *place) {
  zw_str none = {NULL, 0};
  zw_pos at = place_of(c, owner, member, none);
  if (at.line == 0) return false;
  zw_report_place(c, at, place);
  return true;
}
