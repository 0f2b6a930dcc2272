/* SPDX-License-Identifier: Apache-2.0 */
/* Maps as generated code uses them: by name, with key values, records as views. */
#include "store_state.h"

/* The map that was used last is mostly the one: then there is nothing to look up. */
static int open_map(zw_txn *txn, zw_str name, const zw_stamp *stamp, zw_map **map, zw_diag *diag) {
  zw_map *last = txn->typed;
  *map = last;
  if (last && zw_str_eq(last->name, name) && atomic_load(&zw_map_shape(last)->fits) == stamp)
    return 0;
  int error = zw_store_map_stamped(txn->store, name, stamp, map, diag);
  if (!error) txn->typed = *map;
  return error;
}

static int primary_key(zw_txn *txn, zw_str name, const zw_stamp *stamp, const zw_key_value *values,
                       size_t count, zw_map **map, zw_key *key, zw_diag *diag) {
  int error = open_map(txn, name, stamp, map, diag);
  return error ? error
               : zw_key_from_values(&zw_map_def_get(*map)->primary, values, count, key, diag);
}

int zw_typed_get(zw_txn *txn, zw_str name, const zw_stamp *stamp, const zw_key_value *values,
                 size_t count, zw_table *out) {
  zw_map *map;
  zw_key key;
  zw_record record;
  int error = primary_key(txn, name, stamp, values, count, &map, &key, NULL);
  if (!error) error = zw_map_get(txn, map, &key, &record);
  if (!error) *out = zw_record_table(&record);
  return error;
}

int zw_typed_put(zw_txn *txn, zw_str name, const zw_stamp *stamp, zw_table record, bool insert,
                 zw_diag *diag) {
  zw_map *map;
  zw_span bytes = zw_table_bytes(record);
  int error = open_map(txn, name, stamp, &map, diag);
  if (error) return error;
  if (!bytes.ptr) return zw_fail(diag, ZW_EINVAL, "the record is not the root of its buffer");
  return insert ? zw_map_insert(txn, map, bytes, diag) : zw_map_put(txn, map, bytes, NULL, diag);
}

int zw_typed_delete(zw_txn *txn, zw_str name, const zw_stamp *stamp, const zw_key_value *values,
                    size_t count, zw_diag *diag) {
  zw_map *map;
  zw_key key;
  int error = primary_key(txn, name, stamp, values, count, &map, &key, diag);
  return error ? error : zw_map_delete(txn, map, &key, diag);
}

int zw_typed_count(zw_txn *txn, zw_str name, const zw_stamp *stamp, uint64_t *count) {
  zw_map *map;
  int error = open_map(txn, name, stamp, &map, NULL);
  return error ? error : zw_map_count(txn, map, count);
}

/* The definition's place among the indexes; -1: the primary key; -2: there is no such index. */
static int index_position(const zw_map_def *def, zw_str index, const zw_key_def **out) {
  *out = &def->primary;
  if (!index.ptr) return -1;
  for (size_t i = 0; i < def->index_count; i++) {
    if (!zw_str_eq(def->indexes[i].name, index)) continue;
    *out = &def->indexes[i];
    return (int)i;
  }
  return -2;
}

int zw_typed_scan(zw_cursor *cursor, zw_txn *txn, zw_str name, const zw_stamp *stamp, zw_str index,
                  const zw_key_value *from, size_t from_count, const zw_key_value *to,
                  size_t to_count, bool reverse) {
  zw_map *map;
  zw_key low = {.len = 0}, high = {.len = 0};
  const zw_key_def *key;
  memset(cursor, 0, sizeof *cursor);
  int error = open_map(txn, name, stamp, &map, NULL);
  if (error) return error;
  int position = index_position(zw_map_def_get(map), index, &key);
  if (position < -1) return ZW_EMISMATCH;
  if (from_count) error = zw_key_from_values(key, from, from_count, &low, NULL);
  if (!error && to_count) error = zw_key_from_values(key, to, to_count, &high, NULL);
  return error ? error : zw_cursor_init(cursor, txn, map, position, &low, &high, reverse);
}

int zw_typed_next(zw_cursor *cursor, zw_table *out) {
  zw_record record;
  int error = zw_cursor_next(cursor, &record);
  if (!error) *out = zw_record_table(&record);
  return error;
}
