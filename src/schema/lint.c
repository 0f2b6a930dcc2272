/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The linter: rules of style over the declarations of a compiled file. Which rules are asked comes
 * from lists of rules and categories; each is asked about every subject that its row names. The
 * findings are kept, sorted by place, and told when all are there.
 */
#include "lint.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- findings ---- */

static void keep(zw_linter *l, zw_pos at, const zw_lint_subject *s, const char *message) {
  zw_lint_kept *kept = zw_arena_get(&l->arena, sizeof *kept);
  zw_str text = zw_arena_str(&l->arena, zw_str_of(message));
  if (!kept || !text.ptr) {
    l->failed_memory = true;
    return;
  }
  *kept =
      (zw_lint_kept){l->kept, l->row->rule.name, at, l->count++, {NULL, 0}, {NULL, 0}, text.ptr};
  if (s) kept->element = s->decl->full;
  if (s && s->head != &s->decl->head) kept->member = s->head->name;
  l->kept = kept;
}

void zw_lint_report(zw_linter *l, const zw_lint_subject *s, const char *format, ...) {
  char message[ZW_DIAG_MESSAGE_MAX];
  bool member = s->head != &s->decl->head;
  int used = snprintf(message, sizeof message, "%.*s%s%.*s: ", ZW_ARG(s->decl->head.name),
                      member ? "." : "", member ? (int)s->head->name.len : 0, s->head->name.ptr);
  va_list args;
  va_start(args, format);
  if (used > 0 && (size_t)used < sizeof message)
    vsnprintf(message + used, sizeof message - (size_t)used, format, args);
  va_end(args);
  keep(l, s->head->at, s, message);
}

void zw_lint_report_at(zw_linter *l, zw_pos at, const char *format, ...) {
  char message[ZW_DIAG_MESSAGE_MAX];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  keep(l, at, NULL, message);
}

static int by_place(const void *left, const void *right) {
  const zw_lint_kept *a = *(zw_lint_kept *const *)left, *b = *(zw_lint_kept *const *)right;
  if (a->at.line != b->at.line) return a->at.line < b->at.line ? -1 : 1;
  if (a->at.column != b->at.column) return a->at.column < b->at.column ? -1 : 1;
  return a->order < b->order ? -1 : 1;
}

/* The number of findings, or ZW_ENOMEM. */
static int tell(zw_linter *l, zw_lint_fn *found, void *ctx) {
  zw_lint_kept **list = zw_arena_array(&l->arena, l->count + 1, sizeof *list);
  if (!list || l->failed_memory) return ZW_ENOMEM;
  size_t count = 0;
  for (zw_lint_kept *k = l->kept; k; k = k->next) list[count++] = k;
  qsort(list, count, sizeof *list, by_place);
  for (size_t i = 0; i < count; i++) {
    zw_lint_finding finding = {.rule = list[i]->rule,
                               .element = list[i]->element,
                               .member = list[i]->member,
                               .message = list[i]->message};
    if (l->bfbs)
      snprintf(finding.at.file, sizeof finding.at.file, "%s", l->bfbs);
    else
      zw_report_place(l->c, list[i]->at, &finding.at);
    found(ctx, &finding);
  }
  return count > INT32_MAX ? INT32_MAX : (int)count;
}

/* ---- subjects ---- */

const zw_decl *zw_lint_next(const zw_decl *d) {
  for (d = d->next; d && d->head.at.file != 0;) d = d->next;
  return d;
}

const zw_decl *zw_lint_first(const zw_linter *l) {
  const zw_decl *d = l->c->first;
  return d && d->head.at.file != 0 ? zw_lint_next(d) : d;
}

/* NONE of a union, and of an empty enum, stands where the declaration does. */
static bool is_written(const zw_decl *d, const zw_value *v) {
  return v->head.at.line != d->head.at.line || v->head.at.column != d->head.at.column;
}

static void ask_members(zw_linter *l, const zw_decl *d) {
  zw_lint_subject s = {.decl = d};
  const zw_object *o = zw_lint_object(d);
  const zw_enumeration *e = zw_lint_enumeration(d);
  unsigned targets = l->row->targets;
  if (o && (targets & ZW_LINT_FIELD))
    for (s.field = o->members; s.field; s.field = s.field->next)
      if (!s.field->is_union_type) s.head = &s.field->head, l->row->check(l, &s);
  if (e && (targets & ZW_LINT_VALUE))
    for (s.value = e->values; s.value; s.value = s.value->next)
      if (is_written(d, s.value)) s.head = &s.value->head, l->row->check(l, &s);
  if (d->kind == ZW_DECL_SERVICE && (targets & ZW_LINT_METHOD))
    for (s.method = ((const zw_rpc *)d)->calls; s.method; s.method = s.method->next)
      s.head = &s.method->head, l->row->check(l, &s);
}

static void ask(zw_linter *l) {
  zw_lint_subject file = {0};
  if (l->row->targets & ZW_LINT_FILE) l->row->check(l, &file);
  for (const zw_decl *d = zw_lint_first(l); d; d = zw_lint_next(d)) {
    zw_lint_subject s = {.head = &d->head, .decl = d};
    if (l->row->targets & ZW_LINT_DECLARATION) l->row->check(l, &s);
    ask_members(l, d);
  }
}

/* ---- selection ---- */

static const struct {
  const char *name, *part; /* the category that it holds, or NULL */
} categories[] = {{"MINIMAL", NULL},  {"BASIC", "MINIMAL"}, {"STANDARD", "BASIC"},
                  {"COMMENTS", NULL}, {"EVOLUTION", NULL},  {"PORTABLE", NULL},
                  {"ROOT", NULL},     {"ALL", NULL}};
#define CATEGORIES (sizeof categories / sizeof categories[0])
#define NAMES_MAX 100

static size_t row_count(void) {
  size_t count = 0;
  while (zw_lint_rows[count].rule.name) count++;
  return count;
}

static bool is_known(const char *name) {
  for (size_t i = 0; i < CATEGORIES; i++)
    if (strcmp(name, categories[i].name) == 0) return true;
  for (size_t i = 0; i < row_count(); i++)
    if (strcmp(name, zw_lint_rows[i].rule.name) == 0) return true;
  return false;
}

/* Whether a name, of a rule or category, stands for a rule. */
static bool stands_for(const char *name, const zw_lint_rule *rule) {
  if (strcmp(name, rule->name) == 0 || strcmp(name, "ALL") == 0) return true;
  for (const char *held = name; held;) {
    if (strcmp(held, rule->category) == 0) return true;
    const char *next = NULL;
    for (size_t i = 0; i < CATEGORIES; i++)
      if (strcmp(held, categories[i].name) == 0) next = categories[i].part;
    held = next;
  }
  return false;
}

static bool is_listed(const char *const *names, size_t count, const zw_lint_rule *rule) {
  for (size_t i = 0; i < count; i++)
    if (stands_for(names[i], rule)) return true;
  return false;
}

static int check_names(const char *const *names, size_t count, zw_diag *diag) {
  zw_str all[NAMES_MAX];
  size_t known = 0;
  char hint[ZW_HINT_MAX];
  for (size_t i = 0; i < CATEGORIES; i++) all[known++] = zw_str_of(categories[i].name);
  for (size_t i = 0; i < row_count() && known < NAMES_MAX; i++)
    all[known++] = zw_str_of(zw_lint_rows[i].rule.name);
  for (size_t i = 0; i < count; i++) {
    if (is_known(names[i])) continue;
    zw_hint(zw_str_of(names[i]), all, known, hint);
    return zw_fail(diag, ZW_EINVAL, "there is no rule or category \"%s\"%s", names[i], hint);
  }
  return 0;
}

const zw_lint_rule *zw_lint_rule_at(size_t i) {
  return i < row_count() ? &zw_lint_rows[i].rule : NULL;
}

static zw_lint_options options_of(const zw_lint_options *given) {
  static const char *const standard[] = {"STANDARD"};
  zw_lint_options o = {0};
  if (given) memcpy(&o, given, given->size < sizeof o ? given->size : sizeof o);
  if (o.use_count == 0) o.use = standard, o.use_count = 1;
  if (!o.alloc) o.alloc = zw_alloc_default();
  return o;
}

static bool is_asked(const zw_lint_options *o, const zw_lint_rule *rule) {
  return is_listed(o->use, o->use_count, rule) && !is_listed(o->except, o->except_count, rule);
}

/* ---- compiled schemas ---- */

static bool has_docs(const zw_schema *schema) {
  bool any = false;
  for (size_t i = 0; i < schema->type_count && !any; i++) {
    const zw_type *type = &schema->types[i];
    any = type->doc.ptr != NULL;
    for (unsigned k = 0; k < type->field_count; k++) any = any || type->fields[k].doc.ptr;
  }
  for (size_t i = 0; i < schema->enum_count && !any; i++) {
    const zw_enum_type *type = &schema->enums[i];
    any = type->doc.ptr != NULL;
    for (uint32_t k = 0; k < type->value_count; k++) any = any || type->values[k].doc.ptr;
  }
  for (size_t i = 0; i < schema->service_count && !any; i++) {
    const zw_service *service = &schema->services[i];
    any = service->doc.ptr != NULL;
    for (size_t k = 0; k < service->method_count; k++) any = any || service->methods[k].doc.ptr;
  }
  return any;
}

/* What rules can ask for that is not there. */
static unsigned missing(const zw_compiled *compiled) {
  if (!compiled->from_bfbs) return 0;
  return ZW_LINT_TEXT | (has_docs(compiled->schema) ? 0 : ZW_LINT_DOCS);
}

size_t zw_lint_left_out(const zw_compiled *compiled, const zw_lint_options *options) {
  zw_lint_options o = options_of(options);
  unsigned without = compiled->schema ? missing(compiled) : 0;
  size_t count = 0;
  for (const zw_lint_row *row = zw_lint_rows; row->rule.name; row++)
    count += (row->targets & without) && is_asked(&o, &row->rule);
  return count;
}

/* The text of a compiled schema, compiled: declarations for the rules to look at. */
static int compile_text_of(const zw_compiled *compiled, const zw_alloc *alloc, zw_compiled **out,
                           zw_diag *diag) {
  zw_text text;
  zw_compile_options options = {.size = sizeof options, .alloc = alloc};
  zw_text_init(&text, alloc);
  int error = zw_schema_print(compiled->schema, alloc, &text, diag);
  if (!error) error = zw_compile_text(out, "text", zw_text_str(&text), &options, diag);
  zw_text_deinit(&text);
  return error;
}

/* ---- all rules ---- */

static int judge(const zw_compiled *compiled, const zw_lint_options *o, unsigned without,
                 const char *bfbs, zw_lint_fn *found, void *ctx, zw_diag *diag) {
  zw_linter l = {.c = compiled, .bfbs = bfbs};
  zw_arena_init(&l.arena, o->alloc);
  for (l.row = zw_lint_rows; l.row->rule.name; l.row++)
    if (!(l.row->targets & without) && is_asked(o, &l.row->rule)) ask(&l);
  int count = tell(&l, found, ctx);
  zw_arena_deinit(&l.arena);
  return count < 0 ? zw_fail(diag, count, "out of memory") : count;
}

int zw_lint(const zw_compiled *compiled, const zw_lint_options *options, zw_lint_fn *found,
            void *ctx, zw_diag *diag) {
  zw_lint_options o = options_of(options);
  if (!compiled->model) return zw_fail(diag, ZW_EINVAL, "the schema has findings");
  int error = check_names(o.use, o.use_count, diag);
  if (!error) error = check_names(o.except, o.except_count, diag);
  if (error) return error;
  if (!compiled->from_bfbs) return judge(compiled, &o, 0, NULL, found, ctx, diag);
  zw_compiled *text = NULL;
  int result = compile_text_of(compiled, o.alloc, &text, diag);
  if (!result)
    result = judge(text, &o, missing(compiled), compiled->sources[0]->name.ptr, found, ctx, diag);
  zw_compiled_destroy(text);
  return result;
}
