/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalog in memory: every schema version, map, topic and subscription of the realm, loaded at
 * open. Entries are added by zw_store_schema_put and zw_store_subscription and live until the store
 * closes, so that pointers to them are handed out freely.
 */
#include "store_state.h"

/* ---- the first record ---- */

int zw_catalog_create(zw_store *store, MDB_txn *txn) {
  uint8_t key[8];
  store->random->fill(store->random->ctx, key, sizeof key);
  store->publication_key = zw_load_le64(key);
  catalog_record record = {.kind = CATALOG_FORMAT,
                           .format = ZW_STORE_FORMAT,
                           .page_size = store->page_size,
                           .publication_key = store->publication_key};
  return zw_catalog_write(store, txn, &record);
}

static int load_format(zw_store *store, const catalog_record *record, zw_diag *diag) {
  store->publication_key = record->publication_key;
  if (record->format == ZW_STORE_FORMAT) return 0;
  return zw_fail(diag, ZW_EVERSION,
                 "%s has format %u, this program reads format %d. Use the program that wrote it",
                 store->path, (unsigned)record->format, ZW_STORE_FORMAT);
}

/* ---- schema versions ---- */

void zw_catalog_free_version(zw_store *store, schema_version *version) {
  if (!version) return;
  zw_arena_deinit(&version->arena);
  zw_schema_destroy(version->schema);
  zw_alloc_free(store->alloc, version, sizeof *version);
}

int zw_catalog_load_version(zw_store *store, zw_span bfbs, schema_version **out, zw_diag *diag) {
  schema_version *v = zw_alloc_zero(store->alloc, sizeof *v);
  if (!v) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  zw_arena_init(&v->arena, store->alloc);
  int error = zw_schema_load(&v->schema, bfbs, store->alloc, diag);
  if (!error) error = zw_model_build(&v->model, v->schema, &v->arena, NULL, NULL, diag);
  if (error)
    zw_catalog_free_version(store, v);
  else
    *out = v;
  return error;
}

/* Under catalog_lock. The version is the store's from here on. */
int zw_catalog_add_version(zw_store *store, schema_version *version) {
  void *schemas = store->schemas;
  if (store->schema_count >= UINT16_MAX) return ZW_ELIMIT;
  int error = zw_array_reserve(store->alloc, &schemas, &store->schema_capacity,
                               store->schema_count + 1, sizeof *store->schemas);
  store->schemas = schemas;
  if (error) return error;
  store->schemas[store->schema_count++] = version;
  version->version = (uint16_t)store->schema_count;
  return 0;
}

static int load_schema(zw_store *store, const catalog_record *record, zw_diag *diag) {
  schema_version *version;
  if (record->number != store->schema_count + 1)
    return zw_fail(diag, ZW_ECORRUPT, "schema version %zu is not in the catalog",
                   store->schema_count + 1);
  int error = zw_catalog_load_version(store, record->bfbs, &version, diag);
  if (error) return error;
  error = zw_catalog_add_version(store, version);
  if (error) zw_catalog_free_version(store, version);
  return error;
}

static const schema_version *version_at(const zw_store *store, uint16_t version) {
  zw_store *s = (zw_store *)(uintptr_t)store;
  pthread_mutex_lock(&s->catalog_lock);
  const schema_version *v =
      version >= 1 && version <= s->schemas_ready ? s->schemas[version - 1] : NULL;
  pthread_mutex_unlock(&s->catalog_lock);
  return v;
}

uint16_t zw_store_schema_count(const zw_store *store) {
  zw_store *s = (zw_store *)(uintptr_t)store;
  pthread_mutex_lock(&s->catalog_lock);
  uint16_t count = (uint16_t)s->schemas_ready;
  pthread_mutex_unlock(&s->catalog_lock);
  return count;
}

const zw_schema *zw_store_schema(const zw_store *store, uint16_t version) {
  const schema_version *v = version_at(store, version);
  return v ? v->schema : NULL;
}

const zw_model *zw_store_model(const zw_store *store, uint16_t version) {
  const schema_version *v = version_at(store, version);
  return v ? v->model : NULL;
}

uint16_t zw_store_schema_by_id(const zw_store *store, const uint8_t id[ZW_SCHEMA_ID_SIZE]) {
  for (uint16_t v = zw_store_schema_count(store); v > 0; v--)
    if (memcmp(zw_store_schema(store, v)->id, id, ZW_SCHEMA_ID_SIZE) == 0) return v;
  return 0;
}

const zw_topic_def *zw_catalog_declared(const zw_model *model, zw_str uri, enum zw_match match) {
  for (size_t i = 0; i < model->topic_count; i++)
    if (model->topics[i].match == match && zw_str_eq(model->topics[i].uri, uri))
      return &model->topics[i];
  return NULL;
}

uint16_t zw_store_topic_version(const zw_store *store, zw_str uri, enum zw_match match) {
  for (uint16_t v = zw_store_schema_count(store); v > 0; v--) {
    const zw_model *model = zw_store_model(store, v);
    if (zw_catalog_declared(model, uri, match) ||
        (match == ZW_MATCH_EXACT && zw_model_map(model, uri)))
      return v;
  }
  return 0;
}

/* ---- topics ---- */

zw_str zw_catalog_name(zw_store *store, enum zw_match match, zw_str uri) {
  char *name = zw_arena_get(&store->arena, uri.len + 2);
  if (!name) return (zw_str){NULL, 0};
  name[0] = (char)('0' + (int)match);
  if (uri.len) memcpy(name + 1, uri.ptr, uri.len);
  return (zw_str){name, uri.len + 1};
}

static int reserve_topic(zw_store *store) {
  size_t count = store->topic_count, capacity = store->topic_capacity;
  if (count < capacity) return 0;
  capacity = capacity ? 2 * capacity : 64;
  topic_entry **longer = zw_arena_array(&store->arena, capacity, sizeof *longer);
  if (!longer) return ZW_ENOMEM;
  if (count) memcpy(longer, store->topics, count * sizeof *longer);
  store->topics = longer;
  store->topic_capacity = capacity;
  return 0;
}

int zw_catalog_add_topic(zw_store *store, enum zw_match match, zw_str uri, topic_entry **out) {
  topic_entry *topic = zw_arena_get(&store->arena, sizeof *topic);
  zw_str name = zw_catalog_name(store, match, uri);
  if (!topic || !name.ptr || reserve_topic(store)) return ZW_ENOMEM;
  topic->number = (uint32_t)store->topic_count + 1;
  topic->match = match;
  topic->name = name;
  topic->uri = (zw_str){name.ptr + 1, uri.len};
  int error = zw_hmap_set(&store->topic_names, zw_str_span(name), topic, NULL);
  if (error) return error;
  store->topics[topic->number - 1] = topic;
  atomic_fetch_add(&store->topic_count, 1);
  if (out) *out = topic;
  return 0;
}

void zw_catalog_forget_topics(zw_store *store, size_t count) {
  for (size_t i = count; i < store->topic_count; i++)
    zw_hmap_remove(&store->topic_names, zw_str_span(store->topics[i]->name));
  atomic_store(&store->topic_count, count);
}

size_t zw_catalog_topic_count(const zw_store *store) { return atomic_load(&store->topic_count); }

topic_entry *zw_catalog_topic(const zw_store *store, uint32_t number) {
  size_t count = zw_catalog_topic_count(store);
  return number >= 1 && number <= count ? atomic_load(&store->topics)[number - 1] : NULL;
}

topic_entry *zw_catalog_find_topic(zw_store *store, zw_str uri, enum zw_match match) {
  for (size_t i = 0; i < store->topic_count; i++)
    if (store->topics[i]->match == match && zw_str_eq(store->topics[i]->uri, uri))
      return store->topics[i];
  return NULL;
}

void zw_catalog_bind_topics(zw_store *store) {
  for (size_t i = 0; i < store->topic_count; i++) {
    topic_entry *topic = store->topics[i];
    for (size_t v = store->schema_count; v-- > 0;) {
      const zw_topic_def *def =
          zw_catalog_declared(store->schemas[v]->model, topic->uri, topic->match);
      if (!def) continue;
      atomic_store(&topic->def, def);
      break;
    }
  }
}

uint32_t zw_store_topic(const zw_store *store, zw_str uri, enum zw_match match) {
  char small[256];
  zw_store *s = (zw_store *)(uintptr_t)store;
  pthread_mutex_lock(&s->catalog_lock);
  topic_entry *topic;
  if (uri.len < sizeof small) {
    small[0] = (char)('0' + (int)match);
    if (uri.len) memcpy(small + 1, uri.ptr, uri.len);
    topic = zw_hmap_get(&s->topic_names, zw_span_of(small, uri.len + 1));
  } else {
    topic = zw_catalog_find_topic(s, uri, match);
  }
  pthread_mutex_unlock(&s->catalog_lock);
  return topic && topic->number <= zw_store_topic_count(store) ? topic->number : 0;
}

const zw_topic_def *zw_store_topic_def(const zw_store *store, uint32_t number) {
  const topic_entry *topic =
      number <= zw_store_topic_count(store) ? zw_catalog_topic(store, number) : NULL;
  return topic ? topic->def : NULL;
}

uint32_t zw_store_topic_count(const zw_store *store) {
  return (uint32_t)atomic_load(&store->topics_ready);
}

void zw_catalog_ready(zw_store *store) {
  store->schemas_ready = store->schema_count;
  store->maps_ready = store->map_count;
  atomic_store(&store->topics_ready, store->topic_count);
}

/* ---- loading ---- */

static int load_record(zw_store *store, const catalog_record *record, zw_diag *diag) {
  switch (record->kind) {
    case CATALOG_FORMAT: return load_format(store, record, diag);
    case CATALOG_SCHEMA: return load_schema(store, record, diag);
    case CATALOG_MAP: return zw_map_add(store, record, NULL);
    case CATALOG_TOPIC:
      if (record->number != store->topic_count + 1) return ZW_ECORRUPT;
      return zw_catalog_add_topic(store, record->match, record->name, NULL);
    case CATALOG_SUBSCRIPTION:
      if (record->number != store->subscription_count + 1) return ZW_ECORRUPT;
      return zw_subscription_add(store, record->number, record->match, record->name, NULL);
  }
  return ZW_EVERSION;
}

int zw_catalog_load(zw_store *store, MDB_txn *txn, zw_diag *diag) {
  MDB_cursor *cursor;
  MDB_val key, value;
  int code = mdb_cursor_open(txn, store->catalog, &cursor), error = 0;
  if (code) return zw_store_error(diag, code, store->path);
  while (!error && !(code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))) {
    catalog_record record;
    zw_diag inner = {0};
    error = zw_catalog_read(store, key, value, &record);
    if (!error) error = load_record(store, &record, &inner);
    if (error)
      zw_fail(diag, error, "%s: the catalog: %s", store->path,
              inner.message[0] ? inner.message : zw_error_text(error));
  }
  mdb_cursor_close(cursor);
  if (error) return error;
  if (code != MDB_NOTFOUND) return zw_store_error(diag, code, store->path);
  store->subscriptions_written = store->subscription_count;
  zw_catalog_bind_topics(store);
  for (size_t i = 0; i < store->map_count && !error; i++)
    error = zw_map_bind(store, store->maps[i]);
  zw_catalog_ready(store);
  return error ? zw_fail(diag, error, "%s: a map of the catalog has no schema", store->path) : 0;
}

void zw_catalog_free(zw_store *store) {
  for (size_t i = 0; i < store->topic_count; i++)
    zw_alloc_free(store->alloc, store->topics[i]->tail,
                  store->topics[i]->tail_capacity * sizeof(uint64_t));
  for (size_t i = 0; i < store->schema_count; i++)
    zw_catalog_free_version(store, store->schemas[i]);
  zw_alloc_free(store->alloc, store->schemas, store->schema_capacity * sizeof *store->schemas);
  zw_alloc_free(store->alloc, store->maps, store->map_capacity * sizeof *store->maps);
  zw_alloc_free(store->alloc, store->subscriptions,
                store->subscription_capacity * sizeof *store->subscriptions);
  zw_hmap_deinit(&store->topic_names);
  zw_hmap_deinit(&store->subscription_names);
  zw_arena_deinit(&store->arena);
}
