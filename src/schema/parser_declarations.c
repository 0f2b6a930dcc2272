/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The declarations of a schema, one function each; see parser.c. A declaration that is a second one
 * of its name is reported with the place of the first and kept out of the table of names, but
 * parsed and checked like any other.
 */
#include "parser.h"

/* ---- names ---- */

static void declare(zw_parser *p, zw_decl *d, enum zw_decl_kind kind, zw_ast_doc *docs) {
  void *old = NULL;
  d->kind = kind;
  d->order = ++p->c->declarations;
  d->head.docs = docs;
  d->space = p->space;
  d->full = p->space.len ? zw_join(p->c, p->space, ".", d->head.name) : d->head.name;
  p->declared = true;
  zw_decl *first = zw_hmap_get(&p->c->declared, zw_str_span(d->full));
  if (first) {
    zw_report_full(p->c, ZW_ESCHEMA, d->head.at, first->head.at, "NAME_TWICE",
                   "\"%.*s\" is declared a second time. Rename one", ZW_ARG(d->full));
    return;
  }
  if (zw_hmap_set(&p->c->declared, zw_str_span(d->full), d, &old)) p->c->failed_memory = true;
  *p->c->last = d;
  p->c->last = &d->next;
  if (!zw_str_eq(p->c->first->space, d->space)) p->c->has_namespaces = true;
}

/* Whether the block goes on: not at its '}', not where it must have been forgotten. */
static bool in_block(zw_parser *p) {
  return p->token.kind != ZW_LEX_END && !zw_is_mark(p, '}') && !zw_begins_declaration(p) &&
         !p->c->failed_memory;
}

static bool open_block(zw_parser *p, zw_pos *open) {
  *open = p->token.at;
  return zw_expect(p, '{') || p->token.kind == ZW_LEX_NAME;
}

static void close_block(zw_parser *p, zw_str name, zw_pos open) {
  if (zw_accept(p, '}') || p->lexer.cut_off || p->c->failed_memory) return;
  char found[ZW_FOUND_MAX];
  zw_report_full(p->c, ZW_ESYNTAX, p->token.at, open, "BRACE",
                 "\"%.*s\" is not closed: } expected before %s", ZW_ARG(name), zw_found(p, found));
}

/* ---- tables and structs ---- */

static bool parse_field(zw_parser *p, zw_member *m) {
  m->head.docs = p->token.docs;
  if (!zw_name(p, "a field's name", &m->head)) return false;
  if (p->token.kind == ZW_LEX_NAME && zw_type_by_word(m->head.name) != ZW_T_NONE) {
    zw_report(p->c, m->head.at, "SYNTAX", "the type stands behind the name: %.*s: %.*s",
              ZW_ARG(p->token.text), ZW_ARG(m->head.name));
    return false;
  }
  if (!zw_expect(p, ':') && p->token.kind != ZW_LEX_NAME && !zw_is_mark(p, '[')) return false;
  if (!zw_parse_type(p, &m->type)) return false;
  if (zw_accept(p, '=') && !zw_parse_value(p, &m->preset)) return false;
  m->head.attrs = zw_parse_attributes(p);
  return true;
}

static void parse_fields(zw_parser *p, zw_object *o) {
  zw_member **last = &o->members;
  while (in_block(p)) {
    zw_member *m = zw_make(p->c, sizeof *m);
    if (!m) return;
    size_t before = p->consumed;
    if (!parse_field(p, m)) {
      zw_skip_member(p, ';');
      if (p->consumed == before) zw_advance(p);
      continue;
    }
    *last = m;
    last = &m->next;
    o->member_count++;
    zw_end_member(p);
  }
}

static void parse_object(zw_parser *p, zw_ast_doc *docs, bool is_struct) {
  zw_object *o = zw_make(p->c, sizeof *o);
  zw_pos open;
  if (!o || !zw_name(p, "a name", &o->decl.head)) return;
  o->is_struct = is_struct;
  declare(p, &o->decl, is_struct ? ZW_DECL_STRUCT : ZW_DECL_TABLE, docs);
  o->decl.head.attrs = zw_parse_attributes(p);
  if (!open_block(p, &open)) return;
  parse_fields(p, o);
  close_block(p, o->decl.head.name, open);
}

void zw_parse_table(zw_parser *p, zw_ast_doc *docs) { parse_object(p, docs, false); }
void zw_parse_struct(zw_parser *p, zw_ast_doc *docs) { parse_object(p, docs, true); }

/* ---- enums and unions ---- */

/* A union member: Type, a.b.Type (named a_b_Type), or Name: Type (a name with dots alike). */
static bool union_member(zw_parser *p, zw_value *v) {
  v->head.at = v->type.at = p->token.at;
  v->type.seen = p->c->declarations;
  v->type.name = zw_dotted(p);
  zw_str name = zw_make_str(p->c, v->type.name);
  for (size_t i = 0; i < name.len && !p->c->failed_memory; i++)
    if (name.ptr[i] == '.') ((char *)(uintptr_t)name.ptr)[i] = '_';
  v->head.name = name;
  return !zw_accept(p, ':') || zw_parse_type(p, &v->type);
}

static bool parse_value(zw_parser *p, zw_value *v, bool is_union) {
  v->head.docs = p->token.docs;
  if (p->token.kind != ZW_LEX_NAME) {
    zw_unexpected(p, is_union ? "a member" : "a value's name");
    return false;
  }
  if (is_union ? !union_member(p, v) : !zw_name(p, "a value's name", &v->head)) return false;
  if (zw_accept(p, '=') && !zw_parse_value(p, &v->literal)) return false;
  v->head.attrs = zw_parse_attributes(p);
  return true;
}

static zw_value *add_value(zw_enumeration *e, zw_value **last, zw_value *v) {
  if (last)
    last[0]->next = v;
  else
    e->values = v;
  e->value_count++;
  return v;
}

static void parse_values(zw_parser *p, zw_enumeration *e) {
  zw_value *last = NULL;
  if (e->is_union || zw_is_mark(p, '}')) {
    zw_value *none = zw_make(p->c, sizeof *none);
    if (!none) return;
    none->head.name = ZW_STR("NONE");
    none->head.at = e->decl.head.at;
    last = add_value(e, NULL, none);
  }
  while (in_block(p)) {
    zw_value *v = zw_make(p->c, sizeof *v);
    if (!v) return;
    size_t before = p->consumed;
    if (!parse_value(p, v, e->is_union)) {
      zw_skip_member(p, ',');
      if (p->consumed == before) zw_advance(p);
      continue;
    }
    last = add_value(e, last ? &last : NULL, v);
    if (zw_is_mark(p, '}') || zw_accept(p, ',')) continue;
    if (!in_block(p)) break;
    zw_expect(p, ',');
    if (zw_is_mark(p, ';')) zw_advance(p);
  }
}

static void parse_enumeration(zw_parser *p, zw_ast_doc *docs, bool is_union) {
  zw_enumeration *e = zw_make(p->c, sizeof *e);
  zw_pos open;
  if (!e || !zw_name(p, "a name", &e->decl.head)) return;
  e->is_union = is_union;
  declare(p, &e->decl, is_union ? ZW_DECL_UNION : ZW_DECL_ENUM, docs);
  if (zw_accept(p, ':') && !zw_parse_type(p, &e->base_ref))
    e->base_ref = (zw_type_ref){.base = ZW_T_INT, .at = e->decl.head.at};
  e->decl.head.attrs = zw_parse_attributes(p);
  if (!open_block(p, &open)) return;
  parse_values(p, e);
  close_block(p, e->decl.head.name, open);
}

void zw_parse_enum(zw_parser *p, zw_ast_doc *docs) { parse_enumeration(p, docs, false); }
void zw_parse_union(zw_parser *p, zw_ast_doc *docs) { parse_enumeration(p, docs, true); }

/* ---- services ---- */

static bool parse_call(zw_parser *p, zw_call *call) {
  call->head.docs = p->token.docs;
  if (!zw_name(p, "a method's name", &call->head)) return false;
  if (!zw_expect(p, '(') || !zw_parse_type(p, &call->request)) return false;
  if (!zw_expect(p, ')') || !zw_expect(p, ':') || !zw_parse_type(p, &call->response)) return false;
  call->head.attrs = zw_parse_attributes(p);
  return true;
}

void zw_parse_service(zw_parser *p, zw_ast_doc *docs) {
  zw_rpc *s = zw_make(p->c, sizeof *s);
  zw_pos open;
  if (!s || !zw_name(p, "a name", &s->decl.head)) return;
  zw_call **last = &s->calls;
  declare(p, &s->decl, ZW_DECL_SERVICE, docs);
  s->decl.head.attrs = zw_parse_attributes(p);
  if (!open_block(p, &open)) return;
  bool empty = zw_is_mark(p, '}');
  while (in_block(p)) {
    zw_call *call = zw_make(p->c, sizeof *call);
    if (!call) return;
    size_t before = p->consumed;
    if (!parse_call(p, call)) {
      zw_skip_member(p, ';');
      if (p->consumed == before) zw_advance(p);
      continue;
    }
    *last = call;
    last = &call->next;
    s->call_count++;
    zw_end_member(p);
  }
  if (empty)
    zw_report_full(p->c, ZW_ESCHEMA, s->decl.head.at, zw_nowhere, "SERVICE_EMPTY",
                   "\"%.*s\" has no methods", ZW_ARG(s->decl.head.name));
  close_block(p, s->decl.head.name, open);
}

/* ---- the rest ---- */

/* To the end of a statement at the top that makes no sense. */
static void skip_statement(zw_parser *p) {
  while (p->token.kind != ZW_LEX_END && !zw_begins_declaration(p) && !zw_accept(p, ';'))
    zw_advance(p);
}

static void end_statement(zw_parser *p) {
  if (!zw_expect(p, ';')) skip_statement(p);
}

static bool take_string(zw_parser *p, const char *what, zw_str *text, zw_pos *at) {
  if (p->token.kind != ZW_LEX_STRING) {
    zw_unexpected(p, what);
    skip_statement(p);
    return false;
  }
  *text = p->token.text;
  *at = p->token.at;
  zw_advance(p);
  return true;
}

/* Puts a name before those that the linter will look at. */
static void mention(zw_parser *p, zw_ast_mention **list, zw_str name, zw_pos at) {
  zw_ast_mention *m = zw_make(p->c, sizeof *m);
  if (!m) return;
  *m = (zw_ast_mention){*list, name, at};
  *list = m;
}

void zw_parse_namespace(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_pos at = p->token.at;
  p->declared = true;
  p->space = (zw_str){NULL, 0};
  if (p->token.kind == ZW_LEX_NAME) p->space = zw_dotted(p);
  mention(p, &p->c->namespaces, p->space, at);
  end_statement(p);
}

void zw_parse_root(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_pos at = p->token.at;
  p->declared = true;
  if (p->token.kind != ZW_LEX_NAME) {
    zw_unexpected(p, "a table's name");
    skip_statement(p);
    return;
  }
  zw_str name = zw_dotted(p);
  end_statement(p);
  if (p->source != 0) return; /* an included file's root is its own affair */
  p->c->root_name = name;
  p->c->root_at = at;
  p->c->root_space = p->space;
}

void zw_parse_identifier(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_str text;
  zw_pos at;
  p->declared = true;
  if (!take_string(p, "4 octets in quotes", &text, &at)) return;
  end_statement(p);
  if (text.len != 4)
    zw_report_full(p->c, ZW_ESCHEMA, at, zw_nowhere, "FILE_IDENTIFIER",
                   "a file identifier has 4 octets, this has %zu", text.len);
  else if (p->source == 0)
    p->c->identifier = text;
}

void zw_parse_extension(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_str text;
  zw_pos at;
  p->declared = true;
  if (!take_string(p, "a file extension in quotes", &text, &at)) return;
  end_statement(p);
  if (p->source == 0) p->c->extension = text;
}

void zw_parse_attribute(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_str *name = zw_make(p->c, sizeof *name);
  zw_pos at = p->token.at;
  p->declared = true;
  if (!name) return;
  *name = p->token.text;
  zw_advance(p);
  mention(p, &p->c->declared_attributes, *name, at);
  end_statement(p);
  if (name->len == 0)
    zw_report_full(p->c, ZW_ESCHEMA, at, zw_nowhere, "ATTRIBUTE_NAME", "an attribute has a name");
  else if (zw_str_eq(*name, ZW_STR("zw_default")))
    zw_report_full(p->c, ZW_ESCHEMA, at, zw_nowhere, "ATTRIBUTE_NAME",
                   "the compiler itself writes \"zw_default\". Choose another name");
  else if (zw_hmap_set(&p->c->attributes, zw_str_span(*name), name, NULL))
    p->c->failed_memory = true;
}

void zw_parse_include(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_str path;
  zw_pos at;
  uint32_t source;
  bool is_new = false;
  if (!take_string(p, "a path in quotes", &path, &at)) return;
  end_statement(p);
  if (p->declared)
    zw_report(p->c, at, "INCLUDE_ORDER", "includes come before declarations. Move it up");
  else if (!p->c->alone && zw_source_include(p->c, p->source, path, at, &source, &is_new)) {
    zw_source_link(p->c, p->source, source, at);
    if (is_new) zw_parse_source(p->c, source);
  }
}

void zw_parse_native_include(zw_parser *p, zw_ast_doc *docs) {
  (void)docs;
  zw_str path;
  zw_pos at;
  if (!take_string(p, "a path in quotes", &path, &at)) return;
  end_statement(p);
  if (p->declared)
    zw_report(p->c, at, "INCLUDE_ORDER", "includes come before declarations. Move it up");
}
