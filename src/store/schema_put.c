/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A schema becomes the current one: judged, then written, in one transaction.
 *
 * Judged is what is stored: a map with records, a topic with events; what is not declared any more
 * is warned of. Each stored version says by
 * its own `compat` in which directions the change has to hold; `transitive` asks it of all versions
 * and not of the newest alone. The primary key is on disk, so it stays whatever `compat` says; an
 * index is made again where its keys changed.
 *
 * In memory the version, its maps and its topics are added before the commit, since indexes are
 * built by them, and taken back if it fails; the shape of a map that was there changes after it.
 */
#include <stdio.h>

#include "store_state.h"

typedef struct judge {
  zw_finding_fn *report;
  void *ctx;
  zw_diag *diag;
  unsigned findings;
  uint64_t stored; /* records or events that the finding is about */
  const char *what;
} judge;

typedef struct change {
  zw_store *store;
  zw_txn txn;
  schema_version *version;
  zw_diag *diag;
  map_shape **shapes; /* by position in store->maps; NULL: unchanged */
  size_t shape_count;
} change;

/* ---- judging ---- */

static const char *plural(uint64_t count) { return count == 1 ? "" : "s"; }

static void hand_on(judge *j, const zw_finding *finding) {
  if (!finding->warning && j->findings++ == 0 && j->diag) {
    zw_fail(j->diag, ZW_EMISMATCH, "%.*s: %s. %s", ZW_ARG(finding->element), finding->message,
            finding->fix ? finding->fix : "");
    snprintf(j->diag->rule, sizeof j->diag->rule, "%s", finding->rule);
  }
  if (j->report) j->report(j->ctx, finding);
}

static void on_finding(void *ctx, const zw_finding *finding) {
  judge *j = ctx;
  char message[ZW_DIAG_MESSAGE_MAX];
  zw_finding ours = *finding;
  if (!finding->warning && (finding->directions & ZW_COMPAT_BACKWARD)) {
    snprintf(message, sizeof message, "%s; %llu stored %s%s would be misread", finding->message,
             (unsigned long long)j->stored, j->what, plural(j->stored));
    ours.message = message;
  }
  hand_on(j, &ours);
}

/* The newest version is asked first: what it finds need not be told again of an older one. */
static int judge_types(change *c, judge *j, zw_str name, bool map, enum zw_match match,
                       const zw_type *newer) {
  zw_store *store = c->store;
  bool newest = true;
  unsigned before = j->findings;
  for (size_t i = store->schema_count; i-- > 0 && j->findings == before;) {
    const schema_version *old = store->schemas[i];
    const zw_map_def *m = map ? zw_model_map(old->model, name) : NULL;
    const zw_topic_def *t = map ? NULL : zw_catalog_declared(old->model, name, match);
    if (!m && !t) continue;
    bool asked = newest || (m ? m->transitive : t->transitive);
    uint32_t directions = m ? m->compat : t->compat;
    newest = false;
    if (!asked || directions == ZW_COMPAT_NONE) continue;
    int found = zw_evolution_check(old->schema, c->version->schema, m ? m->type : t->type, newer,
                                   directions, ZW_CATEGORY_DATA, on_finding, j);
    if (found < 0) return found;
  }
  return 0;
}

static void judge_key(judge *j, const zw_map *map, zw_str codec) {
  const map_shape *shape = zw_map_shape(map);
  char message[ZW_DIAG_MESSAGE_MAX];
  if (zw_str_eq(shape->codec, codec)) return;
  snprintf(message, sizeof message,
           "the primary key \"%.*s\" became \"%.*s\"; %llu stored record%s "
           "would not be found",
           ZW_ARG(shape->codec), ZW_ARG(codec), (unsigned long long)j->stored, plural(j->stored));
  zw_finding finding = {.rule = "MAP_SAME_KEY",
                        .directions = ZW_COMPAT_FULL,
                        .categories = ZW_CATEGORY_DATA,
                        .element = shape->def->type->name,
                        .type = shape->def->type->name,
                        .message = message,
                        .fix = "Add a map with the other key instead."};
  hand_on(j, &finding);
}

/* Several schemas may take turns in a store, so that it is not an error. */
static void warn_map_gone(judge *j, const zw_map *map) {
  const map_shape *shape = zw_map_shape(map);
  char message[ZW_DIAG_MESSAGE_MAX];
  snprintf(message, sizeof message,
           "no table is map \"%.*s\", which has %llu record%s: kept, and not served",
           ZW_ARG(map->name), (unsigned long long)j->stored, plural(j->stored));
  zw_finding finding = {.rule = "MAP_GONE",
                        .warning = true,
                        .categories = ZW_CATEGORY_DATA,
                        .element = shape->def->type->name,
                        .type = shape->def->type->name,
                        .message = message,
                        .fix = "If it was renamed, give it its old name."};
  hand_on(j, &finding);
}

static void warn_topic_gone(judge *j, const topic_entry *topic) {
  const zw_topic_def *def = topic->def;
  char message[ZW_DIAG_MESSAGE_MAX];
  if (!def) return;
  snprintf(message, sizeof message,
           "no topic with history is \"%.*s\", which has %llu event%s: kept, and not served",
           ZW_ARG(topic->uri), (unsigned long long)j->stored, plural(j->stored));
  zw_finding finding = {.rule = "TOPIC_GONE",
                        .warning = true,
                        .categories = ZW_CATEGORY_DATA,
                        .element = def->type->name,
                        .type = def->type->name,
                        .message = message,
                        .fix = "If it was renamed, give it its old URI."};
  hand_on(j, &finding);
}

static int judge_maps(change *c, judge *j) {
  int error = 0;
  for (size_t i = 0; i < c->store->map_count && !error; i++) {
    zw_map *map = c->store->maps[i];
    const zw_map_def *def = zw_model_map(c->version->model, map->name);
    error = zw_map_count(&c->txn, map, &j->stored);
    if (error || !j->stored) continue;
    j->what = "record";
    if (!def) {
      warn_map_gone(j, map);
      continue;
    }
    zw_str codec = zw_map_codec(c->store, &def->primary);
    if (!codec.ptr) return ZW_ENOMEM;
    judge_key(j, map, codec);
    error = judge_types(c, j, map->name, true, ZW_MATCH_EXACT, def->type);
  }
  return error;
}

static int judge_topics(change *c, judge *j) {
  int error = 0;
  for (uint32_t i = 1; i <= zw_catalog_topic_count(c->store) && !error; i++) {
    topic_entry *topic = zw_catalog_topic(c->store, i);
    const zw_topic_def *def = zw_catalog_declared(c->version->model, topic->uri, topic->match);
    pthread_mutex_lock(&c->store->tail_lock);
    j->stored = topic->events;
    pthread_mutex_unlock(&c->store->tail_lock);
    if (!j->stored) continue;
    j->what = "event";
    if (!def || !def->durable) warn_topic_gone(j, topic);
    if (!def) continue;
    error = judge_types(c, j, topic->uri, false, topic->match, def->type);
  }
  return error;
}

static int judge_all(change *c, zw_finding_fn *report, void *ctx) {
  judge j = {report, ctx, c->diag, 0, 0, ""};
  int error = judge_maps(c, &j);
  if (!error) error = judge_topics(c, &j);
  if (error) return zw_fail(c->diag, error, "%s", zw_error_text(error));
  return j.findings ? ZW_EMISMATCH : 0;
}

/* ---- writing ---- */

static int fail_code(change *c, int code) {
  return code ? zw_store_error(c->diag, code, c->store->path) : 0;
}

static int fail_memory(change *c) { return zw_fail(c->diag, ZW_ENOMEM, "out of memory"); }

static int write_schema(change *c) {
  catalog_record record = {.kind = CATALOG_SCHEMA,
                           .number = c->version->version,
                           .added = zw_store_now(c->store),
                           .bfbs = c->version->schema->bfbs};
  int error = zw_catalog_write(c->store, c->txn.mdb, &record);
  return error ? zw_fail(c->diag, error, "the catalog: %s", zw_error_text(error)) : 0;
}

static int write_map(change *c, const zw_map *map, const map_shape *shape) {
  catalog_index *indexes = zw_arena_array(&c->store->arena, shape->index_count, sizeof *indexes);
  if (!indexes) return fail_memory(c);
  for (size_t i = 0; i < shape->index_count; i++)
    indexes[i] = (catalog_index){shape->indexes[i]->name, shape->indexes[i]->codec,
                                 shape->indexes[i]->number};
  catalog_record record = {.kind = CATALOG_MAP,
                           .number = map->number,
                           .name = map->name,
                           .codec = shape->codec,
                           .indexes = indexes,
                           .index_count = shape->index_count};
  int error = zw_catalog_write(c->store, c->txn.mdb, &record);
  return error ? zw_fail(c->diag, error, "the catalog: %s", zw_error_text(error)) : 0;
}

/* The index that is there with the same keys, or an empty one. */
static int get_index(change *c, const map_shape *old, const zw_key_def *def, map_index **out,
                     bool *made) {
  zw_str codec = zw_map_codec(c->store, def);
  *out = NULL;
  *made = false;
  if (!codec.ptr) return fail_memory(c);
  for (size_t i = 0; i < old->index_count && !*out; i++)
    if (zw_str_eq(old->indexes[i]->name, def->name) && zw_str_eq(old->indexes[i]->codec, codec))
      *out = old->indexes[i];
  if (*out) return 0;
  *made = true;
  *out = zw_map_add_index(c->store, def->name, codec, c->store->next_database);
  if (!*out) return fail_memory(c);
  return fail_code(c, zw_env_open_index(*out, c->txn.mdb, true));
}

static int empty_dropped(change *c, const map_shape *old, const map_shape *shape) {
  int code = 0;
  for (size_t i = 0; i < old->index_count && !code; i++) {
    bool kept = false;
    for (size_t j = 0; j < shape->index_count; j++)
      kept = kept || shape->indexes[j] == old->indexes[i];
    if (!kept) code = mdb_drop(c->txn.mdb, old->indexes[i]->dbi, 0);
  }
  return fail_code(c, code);
}

static int reshape(change *c, zw_map *map, const zw_map_def *def, map_shape **out) {
  const map_shape *old = zw_map_shape(map);
  size_t n = def->index_count;
  map_index **indexes = zw_arena_array(&c->store->arena, n, sizeof *indexes);
  bool *made = zw_arena_array(&c->store->arena, n, sizeof *made);
  zw_str codec = zw_map_codec(c->store, &def->primary);
  if (!indexes || !made || !codec.ptr) return fail_memory(c);
  int error = 0;
  for (size_t i = 0; i < n && !error; i++)
    error = get_index(c, old, &def->indexes[i], &indexes[i], &made[i]);
  if (error) return error;
  error = zw_map_shape_make(c->store, map, codec, indexes, n, out);
  if (error) return zw_fail(c->diag, error, "%s", zw_error_text(error));
  for (size_t i = 0; i < n && !error; i++)
    if (made[i]) error = zw_index_build(&c->txn, map, *out, i, c->diag);
  if (!error) error = empty_dropped(c, old, *out);
  return error ? error : write_map(c, map, *out);
}

static int add_map(change *c, const zw_map_def *def, zw_map **out) {
  zw_str codec = zw_map_codec(c->store, &def->primary);
  if (!codec.ptr) return fail_memory(c);
  if (def->name.len > MAP_NAME_MAX)
    return zw_fail(c->diag, ZW_ELIMIT, "the name of map \"%.*s\" is longer than %d octets",
                   ZW_ARG(def->name), MAP_NAME_MAX);
  catalog_record record = {
      .kind = CATALOG_MAP, .number = c->store->next_database, .name = def->name, .codec = codec};
  pthread_mutex_lock(&c->store->catalog_lock);
  int error = zw_map_add(c->store, &record, out);
  pthread_mutex_unlock(&c->store->catalog_lock);
  if (error) return fail_memory(c);
  return fail_code(c, zw_env_open_map(*out, c->txn.mdb, true));
}

static zw_map *map_named(const zw_store *store, zw_str name) {
  for (size_t i = 0; i < store->map_count; i++)
    if (zw_str_eq(store->maps[i]->name, name)) return store->maps[i];
  return NULL;
}

static int change_maps(change *c) {
  const zw_model *model = c->version->model;
  int error = 0;
  for (size_t i = 0; i < model->map_count && !error; i++) {
    zw_map *map = map_named(c->store, model->maps[i].name);
    if (!map) error = add_map(c, &model->maps[i], &map);
  }
  c->shape_count = c->store->map_count;
  c->shapes = zw_arena_array(&c->store->arena, c->shape_count, sizeof(map_shape *));
  if (!error && !c->shapes) error = fail_memory(c);
  for (size_t i = 0; i < c->shape_count && !error; i++) {
    zw_map *map = c->store->maps[i];
    const zw_map_def *def = zw_model_map(model, map->name);
    if (def) error = reshape(c, map, def, &c->shapes[i]);
  }
  return error;
}

static int add_topic(change *c, const zw_topic_def *def) {
  topic_entry *topic;
  pthread_mutex_lock(&c->store->catalog_lock);
  int error = zw_catalog_find_topic(c->store, def->uri, def->match)
                  ? ZW_EEXISTS
                  : zw_catalog_add_topic(c->store, def->match, def->uri, &topic);
  pthread_mutex_unlock(&c->store->catalog_lock);
  if (error == ZW_EEXISTS) return 0;
  if (error) return fail_memory(c);
  catalog_record record = {
      .kind = CATALOG_TOPIC, .number = topic->number, .name = topic->uri, .match = topic->match};
  error = zw_catalog_write(c->store, c->txn.mdb, &record);
  return error ? zw_fail(c->diag, error, "the catalog: %s", zw_error_text(error)) : 0;
}

static int write_all(change *c) {
  const zw_model *model = c->version->model;
  int error = write_schema(c);
  if (!error) error = change_maps(c);
  for (size_t i = 0; i < model->topic_count && !error; i++)
    if (model->topics[i].durable) error = add_topic(c, &model->topics[i]);
  return error;
}

/* ---- memory ---- */

static void take_back(zw_store *store, size_t maps, size_t topics, uint32_t next_database) {
  pthread_mutex_lock(&store->catalog_lock);
  store->map_count = maps;
  store->next_database = next_database;
  store->schema_count--;
  zw_catalog_forget_topics(store, topics);
  pthread_mutex_unlock(&store->catalog_lock);
}

static void settle(change *c) {
  pthread_mutex_lock(&c->store->catalog_lock);
  for (size_t i = 0; i < c->shape_count; i++)
    if (c->shapes[i]) atomic_store(&c->store->maps[i]->shape, c->shapes[i]);
  zw_catalog_bind_topics(c->store);
  zw_catalog_ready(c->store);
  pthread_mutex_unlock(&c->store->catalog_lock);
}

static int add(change *c) {
  zw_store *store = c->store;
  size_t maps = store->map_count, topics = zw_catalog_topic_count(store);
  uint32_t next_database = store->next_database;
  pthread_mutex_lock(&store->catalog_lock);
  int error = zw_catalog_add_version(store, c->version);
  pthread_mutex_unlock(&store->catalog_lock);
  if (error) return zw_fail(c->diag, error, "the schema: %s", zw_error_text(error));
  error = write_all(c);
  pthread_mutex_lock(&store->settle_lock);
  int code = error ? 0 : zw_txn_commit_own(&c->txn);
  if (error || code)
    take_back(store, maps, topics, next_database);
  else
    settle(c);
  pthread_mutex_unlock(&store->settle_lock);
  return code ? zw_store_commit_error(store, code, c->diag) : error;
}

/* Judges and adds in one write transaction; the version is the store's on success. */
static int put_version(change *c, zw_finding_fn *report, void *ctx) {
  zw_store *store = c->store;
  zw_commit_now(store);
  int code = zw_txn_begin_own(&c->txn, store);
  int error = code < 0 && code > -100 ? zw_fail(c->diag, code, "%s", zw_error_text(code))
                                      : fail_code(c, code);
  if (!error) error = judge_all(c, report, ctx);
  if (!error) error = add(c);
  zw_txn_abort_own(&c->txn);
  return error;
}

int zw_store_schema_put(zw_store *store, zw_span bfbs, zw_finding_fn *report, void *ctx,
                        zw_diag *diag) {
  change c = {.store = store, .diag = diag};
  if (store->read_only) return zw_fail(diag, ZW_EINVAL, "%s is open for reading only", store->path);
  int error = zw_catalog_load_version(store, bfbs, &c.version, diag);
  if (error) return error;
  pthread_mutex_lock(&store->schema_lock);
  bool known = zw_store_schema_by_id(store, c.version->schema->id) != 0;
  if (!known) error = put_version(&c, report, ctx);
  pthread_mutex_unlock(&store->schema_lock);
  if (known || error) zw_catalog_free_version(store, c.version);
  return error;
}
