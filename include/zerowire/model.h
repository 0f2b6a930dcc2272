/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model: what zerowire's attributes mean. From a schema's attributes (map, primary, index,
 * unique, rpc_service with type, wampuri, op, history …) it makes lists of maps, topics and
 * procedures, and checks every rule of the attribute table (docs/schema-language.md) on `.fbs` and
 * `.bfbs` alike. The compiler calls it to refuse a schema, the store to open maps, the router to
 * type topics.
 */
#ifndef ZEROWIRE_MODEL_H
#define ZEROWIRE_MODEL_H

#include "zerowire/flatbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZW_KEY_PATH_MAX 8
#define ZW_KEY_FIELDS_MAX 16

/* One part of a key: a field, or one inside tables or structs ("a.b"). */
typedef struct zw_key_field {
  zw_str name;                           /* as written, without '-' */
  const zw_field *path[ZW_KEY_PATH_MAX]; /* from the record down to the value */
  uint8_t depth;                         /* fields in path */
  bool descending;
  bool each; /* the last field is a vector: one entry an element */
} zw_key_field;

typedef struct zw_key_def {
  zw_str name; /* index name: fields joined with '_'; absent for a primary key */
  const zw_key_field *fields;
  uint8_t field_count;
  bool unique;
} zw_key_def;

typedef struct zw_map_def {
  zw_str name;
  const zw_type *type;
  zw_key_def primary;
  const zw_key_def *indexes; /* secondary, unique ones included, in order of name */
  size_t index_count;
  uint32_t compat; /* enum zw_compat */
  bool transitive;
} zw_map_def;

enum zw_op {
  ZW_OP_NONE,
  ZW_OP_GET,
  ZW_OP_PUT,
  ZW_OP_INSERT,
  ZW_OP_DELETE,
  ZW_OP_SELECT,
  ZW_OP_COUNT
};
enum zw_match { ZW_MATCH_EXACT = 0, ZW_MATCH_PREFIX = 1, ZW_MATCH_WILDCARD = 2 };
enum zw_streaming { ZW_STREAM_NONE, ZW_STREAM_SERVER, ZW_STREAM_CLIENT, ZW_STREAM_BIDI };

typedef struct zw_topic_def {
  zw_str uri;
  enum zw_match match;
  const zw_type *type;           /* payload */
  const zw_map_def *map;         /* change topic: of this map, else NULL */
  enum zw_op op;                 /* NONE, PUT or DELETE */
  bool durable;                  /* has `history` */
  int64_t history_age_ns;        /* 0: no limit */
  uint64_t history_count;        /* 0: no limit */
  uint64_t history_octets;       /* 0: no limit */
  const zw_key_def *history_key; /* or NULL */
  uint32_t compat;
  bool transitive;
  const zw_service *service;
  const zw_method *method;
} zw_topic_def;

typedef struct zw_procedure_def {
  zw_str uri;
  enum zw_match match;
  const zw_type *request, *response; /* a `Void` table counts as no fields */
  const zw_map_def *map;
  enum zw_op op; /* NONE: a client registers it */
  enum zw_streaming streaming;
  bool idempotent;
  const zw_service *service;
  const zw_method *method;
} zw_procedure_def;

typedef struct zw_model {
  const zw_schema *schema;
  const zw_map_def *maps;
  size_t map_count; /* by name */
  const zw_topic_def *topics;
  size_t topic_count; /* by uri, then match */
  const zw_procedure_def *procedures;
  size_t procedure_count; /* by uri, then match */
} zw_model;

/* Where a finding lies: names of the type or service, its field or method, and the attribute; any
 * may be absent. The compiler finds the position in the text by them. */
typedef struct zw_model_site {
  zw_str owner, member, attribute;
  zw_str other_owner, other_member; /* the other declaration, where there is one */
} zw_model_site;

typedef void zw_model_report(void *ctx, const zw_model_site *site, const zw_diag *diag);

/*
 * Builds the model in `arena`; it refers to the schema, which must outlive it. Reports every
 * finding (report may be NULL) and returns ZW_ESCHEMA if there was one (the first also in *diag),
 * ZW_ENOTSUP if the only findings are features that are not there yet, ZW_ENOMEM. A finding whose
 * diag->error is 0 is a warning: it refuses nothing. Messages begin with the element ("Sensor.kind:
 * …"); diag->rule is the rule's id.
 */
ZW_API int zw_model_build(zw_model **out, const zw_schema *schema, zw_arena *arena,
                          zw_model_report *report, void *ctx, zw_diag *diag);

ZW_API const zw_map_def *zw_model_map(const zw_model *model, zw_str name);
/* Exact declarations only; matching of patterns is the router's. */
ZW_API const zw_topic_def *zw_model_topic(const zw_model *model, zw_str uri);
ZW_API const zw_procedure_def *zw_model_procedure(const zw_model *model, zw_str uri);

#ifdef __cplusplus
}
#endif

#endif
