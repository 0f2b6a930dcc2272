/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog: what a realm holds (schema versions, maps and their indexes, topics, subscriptions),
 * in memory and as records. Entries are added under `catalog_lock`, and never moved or freed before
 * the store closes.
 */
#ifndef ZEROWIRE_STORE_CATALOG_H
#define ZEROWIRE_STORE_CATALOG_H

#include <lmdb.h>
#include <stdatomic.h>

#include "zerowire/store.h"

typedef struct schema_version {
  uint16_t version;
  zw_schema *schema;
  zw_model *model;
  zw_arena arena; /* the model's */
} schema_version;

typedef struct topic_entry topic_entry;
struct topic_entry {
  uint32_t number;
  enum zw_match match;
  zw_str name; /* match digit, then the URI: the key of the hash table */
  zw_str uri;
  /* Of the newest version that declares it; NULL: none of those that are loaded does. */
  const zw_topic_def *_Atomic def;
  /* The log index's tail: under tail_lock. */
  uint64_t *tail;
  size_t tail_count, tail_capacity;
  uint64_t events;          /* in blocks and tail, above the watermark */
  _Atomic uint64_t expired; /* the watermark: events up to this seq are gone */
  /* The writer's own. */
  bool touched; /* has new events in this group */
  topic_entry *next_touched;
  uint64_t expired_next,
      expiring;   /* the watermark after this commit, and how many events it passes */
  uint64_t swept; /* events up to here are deleted */
};

typedef struct subscription_entry {
  uint32_t number;
  enum zw_match match;
  zw_str name, uri;
} subscription_entry;

/* An index that the catalog names. */
typedef struct map_index {
  zw_str name, codec;
  uint32_t number; /* of the database */
  MDB_dbi dbi;
} map_index;

/* The keys of a map as a version of its schema has them; an index definition without fields: that
 * version has no such field. */
typedef struct map_version {
  uint16_t version;
  const zw_type *type;
  zw_key_def primary;
  zw_key_def *indexes; /* as those of the shape */
} map_version;

/* What a map is under the schemas that are known: replaced whole by a new one, and never freed
 * before the store closes. */
typedef struct map_shape {
  zw_str codec;
  const zw_map_def *def; /* newest version's */
  uint16_t version;      /* newest that declares it */
  const uint8_t *id;     /* of that schema */
  map_index **indexes;   /* in the order of def->indexes */
  size_t index_count;
  map_version *versions; /* ascending */
  size_t version_count;
  const zw_stamp *_Atomic fits; /* of generated code, the last that was compared and fits */
} map_shape;

struct zw_map {
  zw_store *store;
  zw_str name;
  uint32_t number;
  MDB_dbi dbi;
  const map_shape *_Atomic shape;
};

/* An entry of an index, as a put or delete works with it. */
typedef struct index_entry {
  size_t index;
  zw_key key;
} index_entry;

typedef struct entry_list {
  index_entry *entries;
  size_t count, capacity;
} entry_list;

/* catalog_codec.c: the catalog's records. */
enum catalog_kind {
  CATALOG_FORMAT = 1,
  CATALOG_SCHEMA = 2,
  CATALOG_MAP = 3,
  CATALOG_TOPIC = 4,
  CATALOG_SUBSCRIPTION = 5
};
typedef struct catalog_index {
  zw_str name, codec;
  uint32_t number;
} catalog_index;
typedef struct catalog_record {
  enum catalog_kind kind;
  uint32_t number;
  uint32_t format, page_size;
  uint64_t publication_key;
  zw_span bfbs;
  int64_t added;
  zw_str name, codec; /* map: its name; topic and subscription: the URI */
  enum zw_match match;
  const catalog_index *indexes; /* writing */
  zw_vec index_vec;             /* reading */
  size_t index_count;
} catalog_record;
int zw_catalog_write(zw_store *store, MDB_txn *txn, const catalog_record *record);
int zw_catalog_read(zw_store *store, MDB_val key, MDB_val value, catalog_record *out);
catalog_index zw_catalog_index_at(const catalog_record *record, size_t i);

/* catalog.c */
int zw_catalog_load(zw_store *store, MDB_txn *txn, zw_diag *diag);
void zw_catalog_free(zw_store *store);
int zw_catalog_create(zw_store *store, MDB_txn *txn);
size_t zw_catalog_topic_count(const zw_store *store);
topic_entry *zw_catalog_topic(const zw_store *store, uint32_t number);
int zw_catalog_add_topic(zw_store *store, enum zw_match match, zw_str uri, topic_entry **out);
int zw_catalog_load_version(zw_store *store, zw_span bfbs, schema_version **out, zw_diag *diag);
int zw_catalog_add_version(zw_store *store, schema_version *version);
void zw_catalog_free_version(zw_store *store, schema_version *version);
/* Takes back what came after the first `count`. */
void zw_catalog_forget_topics(zw_store *store, size_t count);
const zw_topic_def *zw_catalog_declared(const zw_model *model, zw_str uri, enum zw_match match);
topic_entry *zw_catalog_find_topic(zw_store *store, zw_str uri, enum zw_match match);
/* Points the topics at the newest version that declares them. Under catalog_lock. */
void zw_catalog_bind_topics(zw_store *store);
/* What is there is committed: others see it. Under catalog_lock. */
void zw_catalog_ready(zw_store *store);
/* "2com.example": the match and the URI as one name; in the arena. */
zw_str zw_catalog_name(zw_store *store, enum zw_match match, zw_str uri);

/* map_schema.c: maps in memory. */
static inline const map_shape *zw_map_shape(const zw_map *map) { return atomic_load(&map->shape); }
const map_version *zw_map_version(const map_shape *shape, uint16_t version);
int zw_map_add(zw_store *store, const catalog_record *record, zw_map **out);
map_index *zw_map_add_index(zw_store *store, zw_str name, zw_str codec, uint32_t number);
/* The shape by the schemas that are loaded; `indexes` are those that exist, in any order. Under
 * catalog_lock. */
int zw_map_shape_make(zw_store *store, const zw_map *map, zw_str codec, map_index **indexes,
                      size_t index_count, map_shape **out);
int zw_map_bind(zw_store *store, zw_map *map);
zw_str zw_map_codec(zw_store *store, const zw_key_def *def);

/* subscriptions.c */
int zw_subscription_add(zw_store *store, uint32_t number, enum zw_match match, zw_str uri,
                        subscription_entry **out);
int zw_subscriptions_write(zw_store *store, MDB_txn *txn, size_t *through);

#endif
