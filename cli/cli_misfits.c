/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings of a schema that does not fit what a store holds. They come while the store is being
 * opened and are kept until it can be asked how many events and records hold the type; the log is
 * walked for at most COUNT_MAX events.
 */
#include "cli_misfits.h"

#include <stdlib.h>

#define COUNT_MAX 1000000
#define DEPTH_MAX 64

struct zw_cli_misfit {
  zw_cli_misfit *next;
  bool warning, misread;
  char rule[32], type[256], member[128];
  char what[ZW_DIAG_MESSAGE_MAX], fix[ZW_DIAG_MESSAGE_MAX];
};

void zw_cli_misfits_init(zw_cli_misfits *misfits, const zw_compiled *compiled) {
  *misfits = (zw_cli_misfits){compiled, NULL, NULL};
  misfits->end = &misfits->first;
}

void zw_cli_misfits_deinit(zw_cli_misfits *misfits) {
  while (misfits->first) {
    zw_cli_misfit *misfit = misfits->first;
    misfits->first = misfit->next;
    free(misfit);
  }
}

/* A type that several topics and versions hold is reported for each of them. */
static bool is_known(const zw_cli_misfits *misfits, const zw_cli_misfit *new) {
  for (const zw_cli_misfit *m = misfits->first; m; m = m->next)
    if (!strcmp(m->rule, new->rule) && !strcmp(m->type, new->type) &&
        !strcmp(m->member, new->member) && !strcmp(m->what, new->what))
      return true;
  return false;
}

void zw_cli_misfits_add(void *ctx, const zw_finding *finding) {
  zw_cli_misfits *misfits = ctx;
  zw_cli_misfit *m = calloc(1, sizeof *m);
  if (!m) return;
  m->warning = finding->warning;
  m->misread =
      (finding->categories & ZW_CATEGORY_DATA) && (finding->directions & ZW_COMPAT_BACKWARD);
  snprintf(m->rule, sizeof m->rule, "%s", finding->rule);
  snprintf(m->type, sizeof m->type, "%.*s", ZW_ARG(finding->type));
  snprintf(m->member, sizeof m->member, "%.*s", ZW_ARG(finding->member));
  snprintf(m->what, sizeof m->what, "%s", finding->message);
  snprintf(m->fix, sizeof m->fix, "%s", finding->fix ? finding->fix : "");
  if (is_known(misfits, m)) {
    free(m);
    return;
  }
  *misfits->end = m;
  misfits->end = &m->next;
}

/* ---- what is stored ---- */

/* Whether values of the type may hold one with this name; `seen` ends cycles. */
static bool reaches(const zw_type *type, zw_str name, const zw_type **seen, unsigned depth) {
  if (zw_str_eq(type->name, name)) return true;
  if (depth == DEPTH_MAX) return false;
  for (unsigned i = 0; i < depth; i++)
    if (seen[i] == type) return false;
  seen[depth] = type;
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *f = &type->fields[i];
    const zw_enum_type *e = f->enum_type;
    if (e && zw_str_eq(e->name, name)) return true;
    if (f->type && reaches(f->type, name, seen, depth + 1)) return true;
    for (unsigned v = 0; e && e->is_union && v < e->value_count; v++)
      if (e->values[v].type && reaches(e->values[v].type, name, seen, depth + 1)) return true;
  }
  return false;
}

static bool holds(const zw_type *type, zw_str name) {
  const zw_type *seen[DEPTH_MAX];
  return reaches(type, name, seen, 0);
}

static uint64_t count_records(zw_store *store, zw_txn *txn, zw_str type) {
  uint64_t sum = 0, count;
  for (size_t i = 0; i < zw_store_map_count(store); i++) {
    zw_map *map = zw_store_map_at(store, i);
    if (holds(zw_map_def_get(map)->type, type) && !zw_map_count(txn, map, &count)) sum += count;
  }
  return sum;
}

/* At most COUNT_MAX. */
static uint64_t count_events(zw_store *store, zw_txn *txn, zw_str type) {
  uint64_t count = 0;
  uint32_t topics = zw_store_topic_count(store);
  zw_history_filter filter = {.topic_count = 0};
  zw_history history;
  zw_event event;
  uint32_t *numbers = calloc(topics + 1u, sizeof *numbers);
  for (uint32_t i = 1; numbers && i <= topics; i++) {
    const zw_topic_def *def = zw_store_topic_def(store, i);
    if (def && holds(def->type, type)) numbers[filter.topic_count++] = i;
  }
  filter.topics = numbers;
  if (filter.topic_count && !zw_history_init(&history, txn, store, &filter)) {
    while (count < COUNT_MAX && zw_history_next(&history, txn, &event) != ZW_ENOTFOUND) count++;
    zw_history_deinit(&history);
  }
  free(numbers);
  return count;
}

/* "; 812 stored events and 3 records would be misread" */
static void describe_loss(zw_store *store, const zw_cli_misfit *misfit, char *out, size_t size) {
  zw_txn *txn;
  out[0] = 0;
  if (!store || !misfit->misread || misfit->warning || zw_txn_begin_read(store, &txn)) return;
  zw_str type = zw_str_of(misfit->type);
  uint64_t events = count_events(store, txn, type), records = count_records(store, txn, type);
  zw_txn_abort(txn);
  if (!events && !records) return;
  char e[64] = "", r[64] = "";
  if (events)
    snprintf(e, sizeof e, "%s%llu stored event%s", events == COUNT_MAX ? "over " : "",
             (unsigned long long)events, events == 1 ? "" : "s");
  if (records)
    snprintf(r, sizeof r, "%llu stored record%s", (unsigned long long)records,
             records == 1 ? "" : "s");
  snprintf(out, size, "; %s%s%s would be misread", e, e[0] && r[0] ? " and " : "", r);
}

static void print_misfit(const zw_cli_misfits *misfits, const zw_cli_misfit *m, zw_store *store) {
  zw_diag diag = {0};
  zw_str type = zw_str_of(m->type), member = zw_str_of(m->member);
  char loss[192];
  describe_loss(store, m, loss, sizeof loss);
  zw_fail(&diag, ZW_EMISMATCH, "%.*s%s%s: %s%s.%s%s", ZW_ARG(zw_cli_short_name(type)),
          m->member[0] ? "." : "", m->member, m->what, loss, m->fix[0] ? " " : "", m->fix);
  snprintf(diag.rule, sizeof diag.rule, "%s", m->rule);
  if (!zw_compiled_place(misfits->compiled, type, member, &diag.at) &&
      !zw_compiled_place(misfits->compiled, type, (zw_str){NULL, 0}, &diag.at))
    snprintf(diag.at.file, sizeof diag.at.file, "%s", zw_compiled_source(misfits->compiled, 0));
  zw_cli_finding(&diag, m->warning);
}

void zw_cli_misfits_print(const zw_cli_misfits *misfits, zw_store *store) {
  for (const zw_cli_misfit *m = misfits->first; m; m = m->next) print_misfit(misfits, m, store);
}
