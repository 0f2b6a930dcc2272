/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading maps. A record is checked against its trailer and handed out where it lies. What is
 * checked covers the key as well, so a page that went astray never gives a record under another
 * key.
 */
#include "store_state.h"

int zw_map_expose(zw_txn *txn, zw_map *map, MDB_val key, MDB_val stored, zw_record *out) {
  uint16_t version;
  int error = zw_trailer_check(txn->store, map->number, key, stored, &version);
  if (error) return error;
  const map_version *v = zw_map_version(zw_map_shape(map), version);
  /* A version that came after a reader's open. */
  if (!v) return txn->store->read_only ? ZW_ESTALE : ZW_ECORRUPT;
  zw_span bytes = zw_txn_expose(txn, stored, &error);
  if (error) return error;
  *out = (zw_record){zw_span_of(bytes.ptr, bytes.len - TRAILER_SIZE), version, v->type};
  return 0;
}

int zw_map_find(zw_txn *txn, zw_map *map, const zw_key *key, zw_record *out) {
  MDB_val k = {key->len, (void *)(uintptr_t)key->octets}, stored;
  if (key->len == 0) return ZW_EKEY;
  int code = mdb_get(txn->mdb, map->dbi, &k, &stored);
  return code ? zw_store_error(NULL, code, "") : zw_map_expose(txn, map, k, stored, out);
}

int zw_map_get(zw_txn *txn, zw_map *map, const zw_key *key, zw_record *out) {
  int error = zw_txn_usable(txn);
  return error ? error : zw_map_find(txn, map, key, out);
}

int zw_map_count(zw_txn *txn, zw_map *map, uint64_t *count) {
  MDB_stat stat;
  int error = zw_txn_usable(txn);
  if (error) return error;
  int code = mdb_stat(txn->mdb, map->dbi, &stat);
  if (code) return zw_store_error(NULL, code, "");
  *count = stat.ms_entries;
  return 0;
}
