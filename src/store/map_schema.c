/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps in memory: what the catalog says of them, joined with what the schema versions declare.
 *
 * A record keeps the version that it was written with, so its keys are read by that version's own
 * fields (a default may have changed since). A field that a version knows by another name is found
 * by its slot; one that it does not have, or has with another type, makes no index entry.
 */
#include "store_state.h"

const map_version *zw_map_version(const map_shape *shape, uint16_t version) {
  for (size_t i = shape->version_count; i-- > 0;)
    if (shape->versions[i].version == version) return &shape->versions[i];
  return NULL;
}

zw_str zw_map_codec(zw_store *store, const zw_key_def *def) {
  zw_text text;
  zw_str codec = {NULL, 0};
  zw_text_init(&text, store->alloc);
  if (zw_key_codec_text(def, &text) == 0) codec = zw_arena_str(&store->arena, zw_text_str(&text));
  zw_text_deinit(&text);
  return codec;
}

/* ---- keys by an older version's fields ---- */

static const zw_field *field_in(const zw_type *type, const zw_field *like) {
  const zw_field *f = zw_type_field(type, like->name);
  for (unsigned i = 0; !f && i < type->field_count; i++)
    if (type->fields[i].id == like->id) f = &type->fields[i];
  return f;
}

static bool same_leaf(const zw_key_field *a, const zw_key_field *b) {
  size_t size_a, size_b;
  const zw_field *last_a = a->path[a->depth - 1], *last_b = b->path[b->depth - 1];
  return last_a->base == last_b->base && zw_key_leaf(a, &size_a) == zw_key_leaf(b, &size_b) &&
         size_a == size_b;
}

static bool resolve_field(const zw_type *type, const zw_key_field *from, zw_key_field *to) {
  *to = *from;
  for (unsigned i = 0; i < from->depth; i++) {
    const zw_field *f = type ? field_in(type, from->path[i]) : NULL;
    bool inner = i + 1 < from->depth;
    if (!f || (inner && f->base != from->path[i]->base)) return false;
    if (inner && f->base == ZW_T_OBJ && f->type->is_struct != from->path[i]->type->is_struct)
      return false;
    to->path[i] = f;
    type = f->type;
  }
  return same_leaf(from, to);
}

static int resolve_key(zw_store *store, const zw_type *type, const zw_key_def *from,
                       zw_key_def *to) {
  zw_key_field *fields = zw_arena_array(&store->arena, from->field_count, sizeof *fields);
  if (!fields) return ZW_ENOMEM;
  *to = *from;
  to->fields = fields;
  for (unsigned i = 0; i < from->field_count; i++)
    if (!resolve_field(type, &from->fields[i], &fields[i])) to->field_count = 0;
  return 0;
}

static int make_version(zw_store *store, const zw_map_def *newest, const zw_map_def *def,
                        map_version *out) {
  out->type = def->type;
  int error = resolve_key(store, def->type, &newest->primary, &out->primary);
  out->indexes = zw_arena_array(&store->arena, newest->index_count, sizeof *out->indexes);
  if (!out->indexes) return ZW_ENOMEM;
  for (size_t i = 0; i < newest->index_count && !error; i++)
    error = resolve_key(store, def->type, &newest->indexes[i], &out->indexes[i]);
  return error;
}

/* ---- shapes ---- */

static int add_versions(zw_store *store, const zw_map *map, map_shape *shape) {
  shape->versions = zw_arena_array(&store->arena, store->schema_count, sizeof *shape->versions);
  if (!shape->versions) return ZW_ENOMEM;
  int error = 0;
  for (size_t i = 0; i < store->schema_count && !error; i++) {
    const zw_map_def *def = zw_model_map(store->schemas[i]->model, map->name);
    if (!def) continue;
    map_version *version = &shape->versions[shape->version_count++];
    version->version = store->schemas[i]->version;
    error = make_version(store, shape->def, def, version);
  }
  return error;
}

static map_index *index_named(map_index **indexes, size_t count, zw_str name) {
  for (size_t i = 0; i < count; i++)
    if (zw_str_eq(indexes[i]->name, name)) return indexes[i];
  return NULL;
}

int zw_map_shape_make(zw_store *store, const zw_map *map, zw_str codec, map_index **indexes,
                      size_t index_count, map_shape **out) {
  map_shape *shape = zw_arena_get(&store->arena, sizeof *shape);
  if (!shape) return ZW_ENOMEM;
  shape->codec = codec;
  for (size_t v = store->schema_count; v-- > 0 && !shape->def;) {
    shape->def = zw_model_map(store->schemas[v]->model, map->name);
    shape->version = store->schemas[v]->version;
    shape->id = store->schemas[v]->schema->id;
  }
  if (!shape->def || index_count != shape->def->index_count) return ZW_ECORRUPT;
  shape->index_count = index_count;
  shape->indexes = zw_arena_array(&store->arena, index_count, sizeof(map_index *));
  if (!shape->indexes) return ZW_ENOMEM;
  for (size_t i = 0; i < index_count; i++) {
    shape->indexes[i] = index_named(indexes, index_count, shape->def->indexes[i].name);
    if (!shape->indexes[i]) return ZW_ECORRUPT;
  }
  *out = shape;
  return add_versions(store, map, shape);
}

/* ---- from the catalog ---- */

static void keep_number_free(zw_store *store, uint32_t number) {
  if (store->next_database <= number) store->next_database = number + 1;
}

map_index *zw_map_add_index(zw_store *store, zw_str name, zw_str codec, uint32_t number) {
  map_index *index = zw_arena_get(&store->arena, sizeof *index);
  if (!index) return NULL;
  *index =
      (map_index){zw_arena_str(&store->arena, name), zw_arena_str(&store->arena, codec), number, 0};
  keep_number_free(store, number);
  return index->name.ptr && index->codec.ptr ? index : NULL;
}

/* A shape without its schema, which zw_map_bind completes. */
static int read_shape(zw_store *store, const catalog_record *record, map_shape **out) {
  map_shape *shape = zw_arena_get(&store->arena, sizeof *shape);
  if (!shape) return ZW_ENOMEM;
  shape->codec = zw_arena_str(&store->arena, record->codec);
  shape->index_count = record->index_count;
  shape->indexes = zw_arena_array(&store->arena, record->index_count, sizeof(map_index *));
  if (!shape->codec.ptr || !shape->indexes) return ZW_ENOMEM;
  for (size_t i = 0; i < record->index_count; i++) {
    catalog_index index = zw_catalog_index_at(record, i);
    shape->indexes[i] = zw_map_add_index(store, index.name, index.codec, index.number);
    if (!shape->indexes[i]) return ZW_ENOMEM;
  }
  *out = shape;
  return 0;
}

int zw_map_add(zw_store *store, const catalog_record *record, zw_map **out) {
  void *maps = store->maps;
  map_shape *shape;
  zw_map *map = zw_arena_get(&store->arena, sizeof *map);
  if (!map) return ZW_ENOMEM;
  int error = zw_array_reserve(store->alloc, &maps, &store->map_capacity, store->map_count + 1,
                               sizeof(zw_map *));
  store->maps = maps;
  if (!error) error = read_shape(store, record, &shape);
  if (error) return error;
  map->store = store;
  map->name = zw_arena_str(&store->arena, record->name);
  if (!map->name.ptr) return ZW_ENOMEM;
  map->number = record->number;
  atomic_store(&map->shape, shape);
  keep_number_free(store, record->number);
  store->maps[store->map_count++] = map;
  if (out) *out = map;
  return 0;
}

int zw_map_bind(zw_store *store, zw_map *map) {
  const map_shape *read = zw_map_shape(map);
  map_shape *shape;
  int error = zw_map_shape_make(store, map, read->codec, read->indexes, read->index_count, &shape);
  if (!error) atomic_store(&map->shape, shape);
  return error;
}

/* ---- for programs ---- */

zw_map *zw_store_map(zw_store *store, zw_str name) {
  zw_map *found = NULL;
  pthread_mutex_lock(&store->catalog_lock);
  for (size_t i = 0; i < store->maps_ready && !found; i++)
    if (zw_str_eq(store->maps[i]->name, name)) found = store->maps[i];
  pthread_mutex_unlock(&store->catalog_lock);
  return found;
}

size_t zw_store_map_count(const zw_store *store) {
  zw_store *s = (zw_store *)(uintptr_t)store;
  pthread_mutex_lock(&s->catalog_lock);
  size_t count = s->maps_ready;
  pthread_mutex_unlock(&s->catalog_lock);
  return count;
}

zw_map *zw_store_map_at(zw_store *store, size_t i) {
  pthread_mutex_lock(&store->catalog_lock);
  zw_map *map = i < store->maps_ready ? store->maps[i] : NULL;
  pthread_mutex_unlock(&store->catalog_lock);
  return map;
}

const zw_map_def *zw_map_def_get(const zw_map *map) { return zw_map_shape(map)->def; }

/* Code made from another version reads and writes the map if the two versions do either way. */
static bool compatible(const zw_store *store, uint16_t code, const map_shape *shape, zw_str name) {
  const zw_schema *theirs = zw_store_schema(store, code);
  const zw_map_def *def = zw_model_map(zw_store_model(store, code), name);
  return def &&
         zw_evolution_check(theirs, zw_store_schema(store, shape->version), def->type,
                            shape->def->type, ZW_COMPAT_FULL, ZW_CATEGORY_DATA, NULL, NULL) == 0;
}

int zw_store_map_stamped(zw_store *store, zw_str name, const zw_stamp *stamp, zw_map **out,
                         zw_diag *diag) {
  *out = NULL;
  int error = zw_stamp_check(stamp, diag);
  if (error) return error;
  zw_map *map = zw_store_map(store, name);
  if (!map) return zw_fail(diag, ZW_ENOTFOUND, "%s has no map \"%.*s\"", store->path, ZW_ARG(name));
  const map_shape *shape = zw_map_shape(map);
  bool fits = atomic_load(&shape->fits) == stamp ||
              memcmp(shape->id, stamp->schema_id, ZW_SCHEMA_ID_SIZE) == 0;
  uint16_t version = fits ? 0 : zw_store_schema_by_id(store, stamp->schema_id);
  if (!fits && (!version || !compatible(store, version, shape, name)))
    return zw_fail(diag, ZW_EMISMATCH,
                   "map \"%.*s\": the program was compiled with another schema than the one of the "
                   "store. Compile it with the current schema, or put its own into the store",
                   ZW_ARG(name));
  /* Generated stamps are constants: found again by their address. */
  if (atomic_load(&shape->fits) != stamp)
    atomic_store(&((map_shape *)(uintptr_t)shape)->fits, stamp);
  *out = map;
  return 0;
}
