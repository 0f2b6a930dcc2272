/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of building a model. Findings are reported through one function with the id of a rule;
 * the table of rules says which refuse, which are not supported yet, and which only warn.
 */
#ifndef ZEROWIRE_MODEL_BUILD_H
#define ZEROWIRE_MODEL_BUILD_H

#include "type_text.h"
#include "zerowire/model.h"
#include "zerowire/reflect.h"

/* X(rule, error): error 0 is a warning. */
#define ZW_MODEL_RULES(X)           \
  X(ATTRIBUTE_REPEATED, ZW_ESCHEMA) \
  X(ATTRIBUTE_PLACE, ZW_ESCHEMA)    \
  X(ATTRIBUTE_VALUE, ZW_ESCHEMA)    \
  X(MAP_NAME, ZW_ESCHEMA)           \
  X(MAP_TAKEN, ZW_ESCHEMA)          \
  X(MAP_UNKNOWN, ZW_ESCHEMA)        \
  X(MAP_NEEDED, ZW_ESCHEMA)         \
  X(PRIMARY_MISSING, ZW_ESCHEMA)    \
  X(PRIMARY_TWICE, ZW_ESCHEMA)      \
  X(PRIMARY_OPTIONAL, ZW_ESCHEMA)   \
  X(KEY_SYNTAX, ZW_ESCHEMA)         \
  X(KEY_FIELD_UNKNOWN, ZW_ESCHEMA)  \
  X(KEY_FIELD_TYPE, ZW_ESCHEMA)     \
  X(KEY_FIELD_REPEATED, ZW_ESCHEMA) \
  X(KEY_FLOAT, ZW_OK)               \
  X(INDEX_TAKEN, ZW_ESCHEMA)        \
  X(TIMESTAMP_TYPE, ZW_ESCHEMA)     \
  X(UUID_TYPE, ZW_ESCHEMA)          \
  X(ARG_AND_KWARG, ZW_ESCHEMA)      \
  X(TYPE_MISSING, ZW_ESCHEMA)       \
  X(TYPE_UNKNOWN, ZW_ESCHEMA)       \
  X(TOPIC_RETURNS_VOID, ZW_ESCHEMA) \
  X(URI_MISSING, ZW_ESCHEMA)        \
  X(URI_INVALID, ZW_ESCHEMA)        \
  X(URI_RESERVED, ZW_ESCHEMA)       \
  X(URI_TAKEN, ZW_ESCHEMA)          \
  X(MATCH_UNKNOWN, ZW_ESCHEMA)      \
  X(MATCH_PROCEDURE, ZW_ENOTSUP)    \
  X(OP_MISSING, ZW_ESCHEMA)         \
  X(OP_UNKNOWN, ZW_ESCHEMA)         \
  X(OP_PATTERN, ZW_ESCHEMA)         \
  X(OP_REQUEST, ZW_ESCHEMA)         \
  X(OP_RESPONSE, ZW_ESCHEMA)        \
  X(OP_SELECT, ZW_ENOTSUP)          \
  X(STREAMING_UNKNOWN, ZW_ESCHEMA)  \
  X(STREAMING_PLACE, ZW_ESCHEMA)    \
  X(STREAMING_CLIENT, ZW_ENOTSUP)   \
  X(HISTORY_NEEDED, ZW_ESCHEMA)     \
  X(HISTORY_PLACE, ZW_ESCHEMA)      \
  X(HISTORY_SYNTAX, ZW_ESCHEMA)     \
  X(HISTORY_OCTETS, ZW_ENOTSUP)     \
  X(COMPAT_UNKNOWN, ZW_ESCHEMA)

enum model_rule {
#define ZW_MODEL_RULE_ENUM(rule, error) RULE_##rule,
  ZW_MODEL_RULES(ZW_MODEL_RULE_ENUM)
#undef ZW_MODEL_RULE_ENUM
};

typedef struct model_builder {
  zw_model *model;
  const zw_schema *schema;
  zw_arena *arena;
  zw_model_report *report;
  void *ctx;
  zw_diag *diag;
  bool refused, unsupported, no_memory;
  size_t findings;
} model_builder;

void zw_model_find(model_builder *m, const zw_model_site *site, enum model_rule rule,
                   const char *format, ...) ZW_PRINTF(4, 5);
/* `count` cleared elements; NULL is remembered as out of memory. */
void *zw_model_array(model_builder *m, size_t count, size_t item);

/* A list of words that an attribute takes. */
typedef struct model_words {
  const zw_str *words;
  size_t count;
} model_words;

/* The index of `word` in the list; else a finding with what is allowed and what is near, and -1. */
int zw_model_word(model_builder *m, const zw_model_site *site, enum model_rule rule, zw_str word,
                  const model_words *words);
/* " Did you mean …?" for a word among candidates, or "" (also after many findings: suggestions
 * cost). */
#define MODEL_SUGGESTION_MAX 120
/* Room for that many candidates; NULL: no suggestion is made any more. */
zw_str *zw_model_candidates(model_builder *m, size_t count);
void zw_model_suggest(const model_builder *m, zw_str word, const zw_str *candidates, size_t count,
                      char out[MODEL_SUGGESTION_MAX]);

bool zw_model_is_flag(zw_str value);
/* A value that is no flag, or {NULL, 0}: a flag where a value is needed has its own finding. */
zw_str zw_model_value(const zw_attribute *attributes, size_t count, const char *name);
/* The table of no fields that wamp.fbs declares. */
bool zw_model_is_void(const zw_type *type);

/* Every attribute of ours: where it stands, flag or value, the types it asks for. */
void zw_model_check_attributes(model_builder *m);

/* ---- keys ---- */

enum model_key_use { KEY_PRIMARY, KEY_INDEX, KEY_HISTORY };

/* A key from "site,-kind,a.b". False: a finding was made. */
bool zw_model_key(model_builder *m, const zw_type *type, zw_str list, enum model_key_use use,
                  const zw_model_site *site, zw_key_def *out);
/* A key of the one field that carries the flag; vectors give one entry an element. */
bool zw_model_key_flag(model_builder *m, const zw_type *type, const zw_field *field,
                       enum model_key_use use, const zw_model_site *site, zw_key_def *out);
/* ---- maps, methods ---- */

void zw_model_maps(model_builder *m);
/* "backward_transitive" … into the two parts; absent: that default. */
void zw_model_compat(model_builder *m, const zw_model_site *site, zw_str value, uint32_t *compat,
                     bool *transitive);
void zw_model_services(model_builder *m);
bool zw_model_uri_valid(zw_str uri, enum zw_match match);
void zw_model_history(model_builder *m, const zw_method *method, const zw_model_site *site,
                      zw_topic_def *topic);

/* What a method with `op` works on and how. */
typedef struct model_operation {
  enum zw_op op;
  const zw_map_def *map;
} model_operation;
void zw_model_operation(model_builder *m, const zw_method *method, const zw_model_site *site,
                        bool is_topic, model_operation *out);

#endif
