/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings and memory of a compilation: refusals, and warnings, whose error is 0. The first
 * `errors_max` findings are kept, with their positions as the parser counts them, and sorted by
 * place when all are known; the rest are only counted. Memory comes from the compilation's arena; a
 * failure is remembered and ends the compilation when its phase is over.
 */
#include <stdio.h>
#include <stdlib.h>

#include "schema_ast.h"

#define KEPT_DEFAULT 20
#define KEPT_MAX 10000

void *zw_make_array(zw_compiled *c, size_t count, size_t item) {
  void *p = c->failed_memory ? NULL : zw_arena_array(&c->arena, count, item);
  if (!p) c->failed_memory = true;
  return p;
}

void *zw_make(zw_compiled *c, size_t size) { return zw_make_array(c, 1, size); }

zw_str zw_make_str(zw_compiled *c, zw_str text) { return zw_join(c, text, "", ZW_STR("")); }

zw_str zw_join(zw_compiled *c, zw_str a, const char *between, zw_str b) {
  size_t middle = strlen(between);
  char *out = zw_make(c, a.len + middle + b.len + 1);
  if (!out) return ZW_STR("");
  if (a.len) memcpy(out, a.ptr, a.len);
  memcpy(out + a.len, between, middle);
  if (b.len) memcpy(out + a.len + middle, b.ptr, b.len);
  return (zw_str){out, a.len + middle + b.len};
}

void zw_report_place(const zw_compiled *c, zw_pos pos, zw_place *out) {
  memset(out, 0, sizeof *out);
  if (pos.line == 0 || pos.file >= c->source_count) return;
  zw_str name = c->sources[pos.file]->name;
  snprintf(out->file, sizeof out->file, "%.*s", ZW_ARG(name));
  out->line = pos.line;
  out->column = pos.column;
}

bool zw_report_kept(const zw_compiled *c) {
  return !c->findings || c->finding_count < c->finding_capacity;
}

static zw_finding_kept *keep(zw_compiled *c) {
  if (!c->findings) {
    size_t kept = c->options.errors_max ? c->options.errors_max : KEPT_DEFAULT;
    if (kept > KEPT_MAX) kept = KEPT_MAX;
    c->findings = zw_make_array(c, kept, sizeof *c->findings);
    c->finding_capacity = c->findings ? kept : 0;
  }
  return c->finding_count < c->finding_capacity ? &c->findings[c->finding_count] : NULL;
}

static void add(zw_compiled *c, int error, zw_pos at, zw_pos other, const char *rule,
                const char *format, va_list args) {
  zw_finding_kept *to = keep(c);
  if (to) {
    char message[2 * ZW_DIAG_MESSAGE_MAX];
    vsnprintf(message, sizeof message, format, args);
    zw_fail(&to->diag, error, "%s", message);
    snprintf(to->diag.rule, sizeof to->diag.rule, "%s", rule);
    zw_report_place(c, at, &to->diag.at);
    if (at.line == 0 && c->source_count) /* a compiled schema has no lines */
      snprintf(to->diag.at.file, sizeof to->diag.at.file, "%.*s", ZW_ARG(c->sources[0]->name));
    zw_report_place(c, other, &to->diag.other);
    to->at = at;
    to->order = (uint32_t)c->finding_count;
  }
  c->finding_count++;
  if (error == ZW_ESYNTAX) c->incomplete = true;
  if (error == 0) return; /* a warning */
  c->refusals++;
  if (error != ZW_ENOTSUP && !c->first_error) c->first_error = error;
}

void zw_report(zw_compiled *c, zw_pos at, const char *rule, const char *format, ...) {
  va_list args;
  va_start(args, format);
  add(c, c->phase_error, at, zw_nowhere, rule, format, args);
  va_end(args);
}

void zw_report_full(zw_compiled *c, int error, zw_pos at, zw_pos other, const char *rule,
                    const char *format, ...) {
  va_list args;
  va_start(args, format);
  add(c, error, at, other, rule, format, args);
  va_end(args);
}

int zw_report_result(const zw_compiled *c) {
  if (c->failed_memory) return ZW_ENOMEM;
  if (c->refusals == 0) return 0;
  return c->first_error ? c->first_error : ZW_ENOTSUP;
}

static int by_place(const void *left, const void *right) {
  const zw_finding_kept *a = left, *b = right;
  if (a->at.file != b->at.file) return a->at.file < b->at.file ? -1 : 1;
  if (a->at.line != b->at.line) return a->at.line < b->at.line ? -1 : 1;
  if (a->at.column != b->at.column) return a->at.column < b->at.column ? -1 : 1;
  return a->order < b->order ? -1 : 1;
}

void zw_report_sort(zw_compiled *c) {
  size_t kept = c->finding_count < c->finding_capacity ? c->finding_count : c->finding_capacity;
  if (kept > 1) qsort(c->findings, kept, sizeof *c->findings, by_place);
}

void zw_hint(zw_str word, const zw_str *candidates, size_t count, char out[ZW_HINT_MAX]) {
  int near = word.len > 1 ? zw_did_you_mean(word, candidates, count) : -1;
  out[0] = 0;
  if (near >= 0 && !zw_str_eq(word, candidates[near]) && candidates[near].len < ZW_HINT_MAX - 24)
    snprintf(out, ZW_HINT_MAX, ". Did you mean \"%.*s\"?", ZW_ARG(candidates[near]));
}
