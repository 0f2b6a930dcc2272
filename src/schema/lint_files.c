/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint rules about a file as a whole: what it includes and declares. An include is used if a type
 * or an attribute of the file it names, or of one that this includes in turn, is.
 */
#include "lint.h"

static const zw_pos top = {0, 1, 1};

/* ---- includes ---- */

/* All files that can be reached from one, itself among them only by way of others. */
static void reach(const zw_compiled *c, uint32_t from, bool reached[ZW_SOURCES_MAX]) {
  uint32_t stack[ZW_SOURCES_MAX];
  size_t count = 0;
  stack[count++] = from;
  while (count) {
    for (const zw_included *i = c->sources[stack[--count]]->includes; i; i = i->next) {
      if (reached[i->source]) continue;
      reached[i->source] = true;
      stack[count++] = i->source;
      if (count == ZW_SOURCES_MAX) return;
    }
  }
}

void zw_lint_include_cycle(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  for (const zw_included *i = l->c->sources[0]->includes; i; i = i->next) {
    bool reached[ZW_SOURCES_MAX] = {false};
    reach(l->c, i->source, reached);
    if (i->source == 0 || reached[0])
      zw_lint_report_at(l, i->at, "the file \"%.*s\" leads back to this one",
                        ZW_ARG(l->c->sources[i->source]->name));
  }
}

typedef struct usage {
  const zw_compiled *c;
  bool files[ZW_SOURCES_MAX];
} usage;

static void use_type(usage *u, const zw_type_ref *type) {
  if (type->object) u->files[type->object->decl.head.at.file] = true;
  if (type->enumeration) u->files[type->enumeration->decl.head.at.file] = true;
}

static void use_attributes(usage *u, const zw_ast_head *head) {
  for (const zw_ast_attr *a = head->attrs; a; a = a->next)
    for (const zw_ast_mention *m = u->c->declared_attributes; m; m = m->next)
      if (zw_str_eq(m->name, a->name)) u->files[m->at.file] = true;
}

static void use_declaration(usage *u, const zw_decl *d) {
  const zw_object *o = zw_lint_object(d);
  const zw_enumeration *e = zw_lint_enumeration(d);
  use_attributes(u, &d->head);
  for (const zw_member *m = o ? o->members : NULL; m; m = m->next) {
    use_type(u, &m->type);
    use_attributes(u, &m->head);
    if (m->nested) u->files[m->nested->decl.head.at.file] = true;
  }
  for (const zw_value *v = e ? e->values : NULL; v; v = v->next) {
    use_type(u, &v->type);
    use_attributes(u, &v->head);
  }
  if (d->kind != ZW_DECL_SERVICE) return;
  for (const zw_call *m = ((const zw_rpc *)d)->calls; m; m = m->next) {
    use_type(u, &m->request);
    use_type(u, &m->response);
    use_attributes(u, &m->head);
  }
}

void zw_lint_include_used(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  usage u = {.c = l->c};
  for (const zw_decl *d = zw_lint_first(l); d; d = zw_lint_next(d)) use_declaration(&u, d);
  if (l->c->root) u.files[l->c->root->decl.head.at.file] = true;
  if (!zw_lint_first(l)) return; /* a file that only gathers others */
  for (const zw_included *i = l->c->sources[0]->includes; i; i = i->next) {
    bool reached[ZW_SOURCES_MAX] = {false}, used = u.files[i->source];
    reach(l->c, i->source, reached);
    for (uint32_t k = 1; k < l->c->source_count; k++) used = used || (reached[k] && u.files[k]);
    if (!used)
      zw_lint_report_at(l, i->at, "nothing of the file \"%.*s\" is used. Remove the include",
                        ZW_ARG(l->c->sources[i->source]->name));
  }
}

/* ---- attributes ---- */

static void gather(zw_linter *l, zw_hmap *used, const zw_ast_head *head) {
  for (const zw_ast_attr *a = head->attrs; a; a = a->next)
    if (zw_hmap_set(used, zw_str_span(a->name), l, NULL)) l->failed_memory = true;
}

static void gather_all(zw_linter *l, zw_hmap *used) {
  for (const zw_decl *d = l->c->first; d; d = d->next) {
    const zw_object *o = zw_lint_object(d);
    const zw_enumeration *e = zw_lint_enumeration(d);
    gather(l, used, &d->head);
    for (const zw_member *m = o ? o->members : NULL; m; m = m->next) gather(l, used, &m->head);
    for (const zw_value *v = e ? e->values : NULL; v; v = v->next) gather(l, used, &v->head);
    if (d->kind != ZW_DECL_SERVICE) continue;
    for (const zw_call *m = ((const zw_rpc *)d)->calls; m; m = m->next) gather(l, used, &m->head);
  }
}

/* A file without types declares attributes for others. */
void zw_lint_attribute_used(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  zw_hmap used;
  if (!zw_lint_first(l)) return;
  zw_hmap_init(&used, l->arena.alloc);
  gather_all(l, &used);
  for (const zw_ast_mention *m = l->c->declared_attributes; m; m = m->next)
    if (m->at.file == 0 && !zw_hmap_get(&used, zw_str_span(m->name)))
      zw_lint_report_at(l, m->at, "the attribute \"%.*s\" is not used. Remove it", ZW_ARG(m->name));
  zw_hmap_deinit(&used);
}

/* ---- names ---- */

void zw_lint_namespace_defined(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  const zw_decl *d = zw_lint_first(l);
  while (d && d->space.len) d = zw_lint_next(d);
  if (d)
    zw_lint_report_at(l, d->head.at, "\"%.*s\" is in no namespace. Add namespace NAME; above it",
                      ZW_ARG(d->head.name));
}

static void check_namespace(zw_linter *l, const zw_ast_mention *m) {
  for (size_t begin = 0, end; begin < m->name.len; begin = end + 1) {
    char better[ZW_LINT_NAME_MAX];
    for (end = begin; end < m->name.len && m->name.ptr[end] != '.';) end++;
    zw_str part = {m->name.ptr + begin, end - begin};
    if (!zw_is_snake_case(part))
      zw_lint_report_at(l, m->at, "\"%.*s\" of the namespace is not snake_case. Name it %s",
                        ZW_ARG(part), zw_to_snake_case(part, better));
  }
}

/* The text of a compiled schema comes to a namespace several times. */
void zw_lint_namespace_case(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  zw_hmap seen;
  zw_hmap_init(&seen, l->arena.alloc);
  for (const zw_ast_mention *m = l->c->namespaces; m; m = m->next) {
    void *before = NULL;
    if (l->bfbs && zw_hmap_set(&seen, zw_str_span(m->name), l, &before)) l->failed_memory = true;
    if (m->at.file == 0 && !before) check_namespace(l, m);
  }
  zw_hmap_deinit(&seen);
}

void zw_lint_file_case(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  char better[ZW_LINT_NAME_MAX];
  zw_str name = l->c->sources[0]->name;
  size_t begin = name.len, end;
  while (begin > 0 && name.ptr[begin - 1] != '/') begin--;
  for (end = begin; end < name.len && name.ptr[end] != '.';) end++;
  zw_str stem = {name.ptr + begin, end - begin};
  if (zw_is_snake_case(stem)) return;
  zw_lint_report_at(l, top, "the name of the file is not snake_case. Name it %s.fbs",
                    zw_to_snake_case(stem, better));
}

/* ---- the root ---- */

void zw_lint_file_identifier(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  if (l->c->root_name.ptr && !l->c->identifier.len)
    zw_lint_report_at(l, l->c->root_at,
                      "buffers do not say what they hold. Add file_identifier \"ABCD\";");
}

void zw_lint_root_type(zw_linter *l, const zw_lint_subject *s) {
  (void)s;
  const zw_decl *d = zw_lint_first(l);
  while (d && d->kind != ZW_DECL_TABLE) d = zw_lint_next(d);
  if (d && !l->c->root_name.ptr)
    zw_lint_report_at(l, top, "no table is the root of a buffer. Add root_type %.*s;",
                      ZW_ARG(d->head.name));
}
