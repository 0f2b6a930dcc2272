/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model: attributes are checked first, each by itself; then maps are made, then topics and
 * procedures, which refer to maps. A part that has a finding is left out, and what refers to it is
 * not reported again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model_build.h"

#define SUGGESTIONS_MAX 100

typedef struct rule_row {
  const char *id;
  int error;
} rule_row;

static const rule_row rules[] = {
#define RULE_ROW(rule, error) {#rule, error},
    ZW_MODEL_RULES(RULE_ROW)
#undef RULE_ROW
};

/* The first finding that decides the result is the one that the caller gets. */
static void keep(model_builder *m, const zw_diag *diag) {
  bool first = diag->error == ZW_ESCHEMA ? !m->refused : !m->refused && !m->unsupported;
  if (diag->error && first && m->diag) *m->diag = *diag;
  m->refused |= diag->error == ZW_ESCHEMA;
  m->unsupported |= diag->error == ZW_ENOTSUP;
}

void zw_model_find(model_builder *m, const zw_model_site *site, enum model_rule rule,
                   const char *format, ...) {
  char what[ZW_DIAG_MESSAGE_MAX];
  zw_diag diag;
  zw_str owner = zw_short_name(site->owner);
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  zw_fail(&diag, rules[rule].error, "%.*s%s%.*s: %s", ZW_ARG(owner), site->member.len ? "." : "",
          ZW_ARG(site->member), what);
  snprintf(diag.rule, sizeof diag.rule, "%s", rules[rule].id);
  m->findings++;
  keep(m, &diag);
  if (m->report) m->report(m->ctx, site, &diag);
}

void *zw_model_array(model_builder *m, size_t count, size_t item) {
  void *array = zw_arena_array(m->arena, count, item);
  if (!array) m->no_memory = true;
  return array;
}

zw_str *zw_model_candidates(model_builder *m, size_t count) {
  return m->findings < SUGGESTIONS_MAX ? zw_model_array(m, count, sizeof(zw_str)) : NULL;
}

void zw_model_suggest(const model_builder *m, zw_str word, const zw_str *candidates, size_t count,
                      char out[MODEL_SUGGESTION_MAX]) {
  int near = m->findings < SUGGESTIONS_MAX ? zw_did_you_mean(word, candidates, count) : -1;
  out[0] = 0;
  if (near >= 0)
    snprintf(out, MODEL_SUGGESTION_MAX, ". Did you mean \"%.*s\"?", ZW_ARG(candidates[near]));
}

int zw_model_word(model_builder *m, const zw_model_site *site, enum model_rule rule, zw_str word,
                  const model_words *words) {
  char list[200], suggestion[MODEL_SUGGESTION_MAX];
  size_t at = 0;
  for (size_t i = 0; i < words->count; i++)
    if (zw_str_eq(word, words->words[i])) return (int)i;
  for (size_t i = 0; i < words->count && at < sizeof list; i++)
    at += (size_t)snprintf(list + at, sizeof list - at, "%s\"%.*s\"", i ? ", " : "",
                           ZW_ARG(words->words[i]));
  zw_model_suggest(m, word, words->words, words->count, suggestion);
  zw_model_find(m, site, rule, "%.*s is one of %s, not \"%.*s\"%s", ZW_ARG(site->attribute), list,
                ZW_ARG(word), suggestion);
  return -1;
}

bool zw_model_is_flag(zw_str value) { return zw_str_eq(value, ZW_STR("0")); }

zw_str zw_model_value(const zw_attribute *attributes, size_t count, const char *name) {
  zw_str value = zw_attribute_get(attributes, count, zw_str_of(name));
  return value.ptr && !zw_model_is_flag(value) ? value : (zw_str){NULL, 0};
}

bool zw_model_is_void(const zw_type *type) { return zw_str_eq(type->name, ZW_STR("Void")); }

void zw_model_compat(model_builder *m, const zw_model_site *site, zw_str value, uint32_t *compat,
                     bool *transitive) {
  static const zw_str words[] = {
      {"backward", 8}, {"backward_transitive", 19}, {"forward", 7}, {"forward_transitive", 18},
      {"full", 4},     {"full_transitive", 15},     {"none", 4},
  };
  static const uint8_t compats[] = {ZW_COMPAT_BACKWARD, ZW_COMPAT_BACKWARD, ZW_COMPAT_FORWARD,
                                    ZW_COMPAT_FORWARD,  ZW_COMPAT_FULL,     ZW_COMPAT_FULL,
                                    ZW_COMPAT_NONE};
  static const model_words list = {words, sizeof words / sizeof words[0]};
  int i = value.ptr ? zw_model_word(m, site, RULE_COMPAT_UNKNOWN, value, &list) : 1;
  *compat = i < 0 ? ZW_COMPAT_BACKWARD : compats[i];
  *transitive = i < 0 || i % 2 == 1;
}

/* ---- the whole ---- */

int zw_model_build(zw_model **out, const zw_schema *schema, zw_arena *arena,
                   zw_model_report *report, void *ctx, zw_diag *diag) {
  model_builder m = {.schema = schema, .arena = arena, .report = report, .ctx = ctx, .diag = diag};
  m.model = zw_arena_get(arena, sizeof *m.model);
  if (!m.model) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  m.model->schema = schema;
  zw_model_check_attributes(&m);
  zw_model_maps(&m);
  if (!m.no_memory) zw_model_services(&m);
  if (m.no_memory) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  if (m.refused) return ZW_ESCHEMA;
  if (m.unsupported) return ZW_ENOTSUP;
  *out = m.model;
  return 0;
}

/* ---- look-ups ---- */

static int order_of(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int order_of_uri(zw_str uri, enum zw_match match, zw_str exact) {
  int order = order_of(uri, exact);
  return order ? order : match != ZW_MATCH_EXACT;
}

static int compare_map(const void *key, const void *def) {
  return order_of(*(const zw_str *)key, ((const zw_map_def *)def)->name);
}

static int compare_topic(const void *key, const void *def) {
  const zw_topic_def *topic = def;
  return -order_of_uri(topic->uri, topic->match, *(const zw_str *)key);
}

static int compare_procedure(const void *key, const void *def) {
  const zw_procedure_def *procedure = def;
  return -order_of_uri(procedure->uri, procedure->match, *(const zw_str *)key);
}

static const void *find(const zw_str *key, const void *list, size_t count, size_t size,
                        int (*compare)(const void *, const void *)) {
  return count && key->ptr ? bsearch(key, list, count, size, compare) : NULL;
}

const zw_map_def *zw_model_map(const zw_model *model, zw_str name) {
  return find(&name, model->maps, model->map_count, sizeof *model->maps, compare_map);
}

const zw_topic_def *zw_model_topic(const zw_model *model, zw_str uri) {
  return find(&uri, model->topics, model->topic_count, sizeof *model->topics, compare_topic);
}

const zw_procedure_def *zw_model_procedure(const zw_model *model, zw_str uri) {
  return find(&uri, model->procedures, model->procedure_count, sizeof *model->procedures,
              compare_procedure);
}
