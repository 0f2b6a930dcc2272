/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing maps: everything that can refuse a write is looked at before anything changes, so that a
 * refused write leaves its transaction as it was. After the first change only LMDB itself can fail;
 * then the transaction is lost as a whole.
 */
#include "store_state.h"

static int lose(zw_txn *txn, int code, bool *fatal, zw_diag *diag) {
  int error = zw_store_error(diag, code, txn->store->path);
  txn->failed = error;
  *fatal = true;
  return error;
}

static int refuse_space(zw_txn *txn, zw_diag *diag) {
  return zw_fail(diag, ZW_EFULL,
                 "the store has reached its limit of %llu octets. Raise --max-size, or delete "
                 "records",
                 (unsigned long long)txn->store->max_size);
}

/* Whether there is a record: 0, ZW_ENOTFOUND. */
static int is_there(zw_txn *txn, const zw_map *map, const zw_key *key) {
  MDB_val k = {key->len, (void *)(uintptr_t)key->octets}, stored;
  int code = mdb_get(txn->mdb, map->dbi, &k, &stored);
  return code ? zw_store_error(NULL, code, "") : 0;
}

/* The record that is there: ZW_ENOTFOUND, or its entries in `before`. It is read only where there
 * are indexes. */
static int look_up(zw_txn *txn, zw_map *map, const zw_key *key, zw_diag *diag) {
  zw_record old;
  txn->before.count = 0;
  if (!zw_map_shape(map)->index_count) return is_there(txn, map, key);
  int error = zw_map_find(txn, map, key, &old);
  if (!error) error = zw_index_entries(txn, zw_map_shape(map), &old, &txn->before, diag);
  if (error && error != ZW_ENOTFOUND)
    zw_fail(diag, error, "%.*s: the record that is there: %s", ZW_ARG(map->name),
            zw_error_text(error));
  return error;
}

int zw_map_apply(zw_txn *txn, zw_map *map, zw_span record, bool insert, bool *replaced, bool *fatal,
                 zw_diag *diag) {
  const map_shape *shape = zw_map_shape(map);
  zw_record fresh = {record, shape->version, shape->def->type};
  zw_key key;
  txn->before.count = txn->after.count = 0;
  int error = zw_key_from_record(&shape->def->primary, zw_record_table(&fresh), &key, diag);
  if (!error) error = zw_index_entries(txn, shape, &fresh, &txn->after, diag);
  if (error) return error;
  bool asked = shape->index_count || insert || replaced;
  error = asked ? look_up(txn, map, &key, diag) : 0;
  if (error && error != ZW_ENOTFOUND) return error;
  if (replaced) *replaced = error == 0;
  if (insert && !error)
    return zw_fail(diag, ZW_EEXISTS, "%.*s: there is a record with this key", ZW_ARG(map->name));
  error = zw_index_check(txn, shape, &txn->after, &key, diag);
  if (error) return error;
  if (zw_space_take(txn, record.len + txn->after.count * (ZW_KEY_MAX / 4)))
    return refuse_space(txn, diag);
  int code = zw_index_change(txn, shape, &txn->before, &txn->after, &key);
  if (!code)
    code = zw_trailer_put(txn->mdb, map->dbi, map->number, (MDB_val){key.len, key.octets}, record,
                          shape->version, 0);
  return code ? lose(txn, code, fatal, diag) : 0;
}

int zw_map_remove(zw_txn *txn, zw_map *map, const zw_key *key, bool *fatal, zw_diag *diag) {
  MDB_val k = {key->len, (void *)(uintptr_t)key->octets};
  int error = look_up(txn, map, key, diag);
  if (error == ZW_ENOTFOUND)
    return zw_fail(diag, error, "%.*s: there is no record with this key", ZW_ARG(map->name));
  if (error) return error;
  txn->after.count = 0;
  int code = zw_index_change(txn, zw_map_shape(map), &txn->before, &txn->after, key);
  if (!code) code = mdb_del(txn->mdb, map->dbi, &k, NULL);
  return code ? lose(txn, code, fatal, diag) : 0;
}

/* ---- for programs ---- */

static int writable(const zw_txn *txn, zw_diag *diag) {
  if (!txn->write) return zw_fail(diag, ZW_EINVAL, "this is a read transaction");
  if (txn->failed) return zw_fail(diag, txn->failed, "the transaction has failed before");
  int error = zw_txn_usable(txn);
  return error ? zw_fail(diag, error, "%s", zw_error_text(error)) : 0;
}

int zw_map_put(zw_txn *txn, zw_map *map, zw_span record, bool *old, zw_diag *diag) {
  bool fatal = false;
  int error = writable(txn, diag);
  return error ? error : zw_map_apply(txn, map, record, false, old, &fatal, diag);
}

int zw_map_insert(zw_txn *txn, zw_map *map, zw_span record, zw_diag *diag) {
  bool fatal = false;
  int error = writable(txn, diag);
  return error ? error : zw_map_apply(txn, map, record, true, NULL, &fatal, diag);
}

int zw_map_delete(zw_txn *txn, zw_map *map, const zw_key *key, zw_diag *diag) {
  bool fatal = false;
  int error = writable(txn, diag);
  return error ? error : zw_map_remove(txn, map, key, &fatal, diag);
}
