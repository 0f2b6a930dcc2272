/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint rules about what will change. Data outlives a version of its schema where it is kept: in a
 * map, a durable topic, or files (the root type), and in all that these hold.
 */
#include "lint.h"

/* Of 255 members that a union with types of one octet can have. */
#define UNION_MEMBERS_WISE 200

typedef struct work {
  zw_linter *l;
  const zw_object **stack;
  size_t count;
} work;

static void add(work *w, const zw_object *o) {
  if (!o || w->l->durable[o->decl.index]) return;
  w->l->durable[o->decl.index] = true;
  w->stack[w->count++] = o;
}

static void add_type(work *w, const zw_type_ref *type) {
  add(w, type->object);
  if (!type->enumeration || !type->enumeration->is_union) return;
  for (const zw_value *v = type->enumeration->values; v; v = v->next) add(w, v->type.object);
}

static void add_kept(work *w) {
  const zw_compiled *c = w->l->c;
  add(w, c->root);
  for (size_t i = 0; i < c->object_count; i++)
    if (zw_find_attr(&c->objects[i]->decl.head, "map")) add(w, c->objects[i]);
  for (size_t i = 0; i < c->service_count; i++)
    for (const zw_call *m = c->services[i]->calls; m; m = m->next)
      if (zw_find_attr(&m->head, "history")) add(w, m->request.object);
}

static void find_durable(zw_linter *l) {
  size_t count = l->c->object_count;
  l->durable = zw_arena_array(&l->arena, count + 1, sizeof *l->durable);
  work w = {l, zw_arena_array(&l->arena, count + 1, sizeof *w.stack), 0};
  if (!l->durable || !w.stack) {
    l->durable = NULL;
    l->failed_memory = true;
    return;
  }
  memset(l->durable, 0, (count + 1) * sizeof *l->durable);
  add_kept(&w);
  while (w.count) {
    const zw_object *o = w.stack[--w.count];
    for (const zw_member *m = o->members; m; m = m->next) {
      add_type(&w, &m->type);
      add(&w, m->nested);
    }
  }
}

bool zw_lint_is_durable(zw_linter *l, const zw_object *o) {
  if (!l->durable && !l->failed_memory) find_durable(l);
  return l->durable && l->durable[o->decl.index];
}

void zw_lint_field_id(zw_linter *l, const zw_lint_subject *s) {
  const zw_object *o = zw_lint_object(s->decl);
  if (!o || o->is_struct || !zw_lint_is_durable(l, o)) return;
  const zw_member *m = o->members;
  while (m && m->is_union_type) m = m->next;
  if (!m || zw_find_attr(&m->head, "id")) return; /* all fields have ids, or none */
  zw_lint_report(l, s,
                 "its data is kept, and no field has an id: their order must never change. "
                 "Give each (id: N)");
}

/* A string that is a key is required without being said so. */
void zw_lint_field_required(zw_linter *l, const zw_lint_subject *s) {
  const zw_object *o = zw_lint_object(s->decl);
  if (!zw_find_attr(s->head, "required") || !zw_lint_is_durable(l, o)) return;
  zw_lint_report(l, s,
                 "data of the table is kept, and required can never be taken back. "
                 "Check for it in the program");
}

void zw_lint_union_room(zw_linter *l, const zw_lint_subject *s) {
  const zw_enumeration *e = zw_lint_enumeration(s->decl);
  if (!e || !e->is_union || zw_base_size((enum zw_base_type)e->base) > 1) return;
  if (e->value_count > UNION_MEMBERS_WISE)
    zw_lint_report(l, s, "it has %u of at most 255 members. Part it, or give it a wider type",
                   (unsigned)(e->value_count - 1));
}
