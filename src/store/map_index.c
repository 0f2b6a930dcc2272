/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secondary indexes. An index: key = values and primary key, value empty; a unique one: key =
 * values, value = primary key. Each entry has a trailer, as every stored value.
 *
 * A put compares the entries that the old record has with those of the one that replaces it, and
 * touches only what differs.
 */
#include "store_state.h"

/* ---- the entries of a record ---- */

typedef struct collector {
  const zw_alloc *alloc;
  entry_list *list;
  size_t index;
} collector;

static int collect(void *ctx, const zw_key *key) {
  collector *c = ctx;
  entry_list *list = c->list;
  void *entries = list->entries;
  int error =
      zw_array_reserve(c->alloc, &entries, &list->capacity, list->count + 1, sizeof *list->entries);
  list->entries = entries;
  if (error) return error;
  list->entries[list->count].index = c->index;
  list->entries[list->count++].key = *key;
  return 0;
}

int zw_index_entries(zw_txn *txn, const map_shape *shape, const zw_record *record, entry_list *out,
                     zw_diag *diag) {
  const map_version *version = zw_map_version(shape, record->version);
  if (!version) return ZW_ECORRUPT;
  int error = 0;
  for (size_t i = 0; i < shape->index_count && !error; i++) {
    collector c = {txn->store->alloc, out, i};
    error = zw_key_index_entries(&version->indexes[i], &version->primary, zw_record_table(record),
                                 collect, &c, diag);
  }
  return error;
}

static bool same_key(const zw_key *a, const zw_key *b) {
  return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

static bool has_entry(const entry_list *list, const index_entry *entry) {
  for (size_t i = 0; i < list->count; i++)
    if (list->entries[i].index == entry->index && same_key(&list->entries[i].key, &entry->key))
      return true;
  return false;
}

/* ---- unique ones ---- */

static int check_unique(zw_txn *txn, const map_shape *shape, const index_entry *entry,
                        const zw_key *primary, zw_diag *diag) {
  const map_index *index = shape->indexes[entry->index];
  MDB_val key = {entry->key.len, (void *)(uintptr_t)entry->key.octets}, stored;
  zw_key other;
  int code = mdb_get(txn->mdb, index->dbi, &key, &stored);
  if (code == MDB_NOTFOUND) return 0;
  if (code) return zw_store_error(diag, code, txn->store->path);
  int error = zw_index_primary(txn->store, shape, entry->index, key, stored, &other);
  if (error) return zw_fail(diag, error, "index %.*s: an entry is corrupt", ZW_ARG(index->name));
  if (same_key(&other, primary)) return 0;
  return zw_fail(diag, ZW_EEXISTS,
                 "%.*s: another record has the same value in the unique index %.*s",
                 ZW_ARG(shape->def->name), ZW_ARG(index->name));
}

int zw_index_check(zw_txn *txn, const map_shape *shape, const entry_list *after,
                   const zw_key *primary, zw_diag *diag) {
  int error = 0;
  for (size_t i = 0; i < after->count && !error; i++)
    if (shape->def->indexes[after->entries[i].index].unique)
      error = check_unique(txn, shape, &after->entries[i], primary, diag);
  return error;
}

/* ---- changing ---- */

static int put_entry(zw_txn *txn, const map_shape *shape, index_entry *entry,
                     const zw_key *primary) {
  const map_index *index = shape->indexes[entry->index];
  bool unique = shape->def->indexes[entry->index].unique;
  zw_span value = unique ? zw_span_of(primary->octets, primary->len) : (zw_span){NULL, 0};
  return zw_trailer_put(txn->mdb, index->dbi, index->number,
                        (MDB_val){entry->key.len, entry->key.octets}, value, 0, 0);
}

static int delete_entry(zw_txn *txn, const map_shape *shape, index_entry *entry) {
  MDB_val key = {entry->key.len, entry->key.octets};
  int code = mdb_del(txn->mdb, shape->indexes[entry->index]->dbi, &key, NULL);
  /* A list that names a value twice has one entry. */
  return code == MDB_NOTFOUND ? 0 : code;
}

int zw_index_change(zw_txn *txn, const map_shape *shape, const entry_list *before,
                    const entry_list *after, const zw_key *primary) {
  int code = 0;
  for (size_t i = 0; i < before->count && !code; i++)
    if (!has_entry(after, &before->entries[i]))
      code = delete_entry(txn, shape, &before->entries[i]);
  for (size_t i = 0; i < after->count && !code; i++)
    if (!has_entry(before, &after->entries[i]))
      code = put_entry(txn, shape, &after->entries[i], primary);
  return code;
}

/* ---- from an entry to its record ---- */

int zw_index_primary(zw_store *store, const map_shape *shape, size_t index, MDB_val key,
                     MDB_val stored, zw_key *out) {
  const zw_key_def *def = &shape->def->indexes[index];
  const uint8_t *octets = key.mv_data;
  size_t len;
  int error = zw_trailer_check(store, shape->indexes[index]->number, key, stored, NULL);
  if (error) return error;
  if (def->unique) {
    octets = stored.mv_data;
    len = stored.mv_size - TRAILER_SIZE;
  } else {
    size_t at = zw_key_skip(def, octets, key.mv_size);
    if (!at) return ZW_ECORRUPT;
    octets += at;
    len = zw_key_skip(&shape->def->primary, octets, key.mv_size - at);
  }
  if (len == 0 || len > ZW_KEY_MAX) return ZW_ECORRUPT;
  memcpy(out->octets, octets, len);
  out->len = (uint16_t)len;
  return zw_key_pad(out);
}

/* ---- building ---- */

static int build_entries(zw_txn *txn, const map_shape *shape, size_t index, const zw_record *record,
                         const zw_key *primary, zw_diag *diag) {
  const map_version *version = zw_map_version(shape, record->version);
  collector c = {txn->store->alloc, &txn->after, index};
  txn->after.count = 0;
  int error = zw_key_index_entries(&version->indexes[index], &version->primary,
                                   zw_record_table(record), collect, &c, diag);
  if (!error) error = zw_index_check(txn, shape, &txn->after, primary, diag);
  for (size_t i = 0; i < txn->after.count && !error; i++) {
    int code = put_entry(txn, shape, &txn->after.entries[i], primary);
    if (code) error = zw_store_error(diag, code, txn->store->path);
  }
  return error;
}

int zw_index_build(zw_txn *txn, zw_map *map, const map_shape *shape, size_t index, zw_diag *diag) {
  MDB_cursor *cursor;
  MDB_val key, stored;
  int code = mdb_cursor_open(txn->mdb, map->dbi, &cursor), error = 0;
  if (code) return zw_store_error(diag, code, txn->store->path);
  while (!error && !(code = mdb_cursor_get(cursor, &key, &stored, MDB_NEXT))) {
    uint16_t version;
    zw_key primary;
    if (key.mv_size > ZW_KEY_MAX ||
        zw_trailer_check(txn->store, map->number, key, stored, &version) ||
        !zw_map_version(shape, version)) {
      error = zw_fail(diag, ZW_ECORRUPT, "%.*s: a record is corrupt", ZW_ARG(map->name));
      break;
    }
    primary.len = (uint16_t)key.mv_size;
    memcpy(primary.octets, key.mv_data, key.mv_size);
    zw_record record = {zw_span_of(stored.mv_data, stored.mv_size - TRAILER_SIZE), version, NULL};
    error = build_entries(txn, shape, index, &record, &primary, diag);
  }
  mdb_cursor_close(cursor);
  return error || code == MDB_NOTFOUND ? error : zw_store_error(diag, code, txn->store->path);
}
