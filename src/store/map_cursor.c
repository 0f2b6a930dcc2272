/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks over a map, in the order of its key or of an index, between two bounds that are whole keys
 * or the beginnings of keys. A key lies inside a bound if its own beginning of that length does.
 */
#include "store_state.h"

int zw_cursor_init(zw_cursor *cursor, zw_txn *txn, zw_map *map, int index, const zw_key *from,
                   const zw_key *to, bool reverse) {
  const map_shape *shape = zw_map_shape(map);
  *cursor = (zw_cursor){.txn = txn, .map = map, .reverse = reverse, .index = index};
  int error = zw_txn_usable(txn);
  if (error) return error;
  if (index < -1 || (index >= 0 && (size_t)index >= shape->index_count)) return ZW_EINVAL;
  cursor->has_from = from && from->len;
  cursor->has_to = to && to->len;
  if (cursor->has_from) cursor->from = *from;
  if (cursor->has_to) cursor->to = *to;
  MDB_cursor *inner;
  int code = mdb_cursor_open(txn->mdb, index < 0 ? map->dbi : shape->indexes[index]->dbi, &inner);
  if (code) return zw_store_error(NULL, code, "");
  cursor->private_[0] = inner;
  cursor->private_[1] = (void *)(uintptr_t)shape;
  cursor->private_[2] = (void *)(uintptr_t)txn->snapshot;
  return 0;
}

void zw_cursor_deinit(zw_cursor *cursor) {
  if (cursor->private_[0]) mdb_cursor_close(cursor->private_[0]);
  cursor->private_[0] = NULL;
}

static int compare(MDB_val key, const zw_key *bound) {
  size_t len = key.mv_size < bound->len ? key.mv_size : bound->len;
  int order = memcmp(key.mv_data, bound->octets, len);
  return order ? order : key.mv_size < bound->len ? -1 : 0;
}

/* The least octets that sort behind all keys that begin with this one; false: there are none. */
static bool successor(const zw_key *key, zw_key *out) {
  *out = *key;
  while (out->len && out->octets[out->len - 1] == 0xFF) out->len--;
  if (!out->len) return false;
  out->octets[out->len - 1]++;
  return true;
}

static int start(zw_cursor *c, MDB_cursor *inner, MDB_val *key, MDB_val *stored) {
  zw_key behind;
  if (!c->reverse) {
    if (!c->has_from) return mdb_cursor_get(inner, key, stored, MDB_FIRST);
    *key = (MDB_val){c->from.len, c->from.octets};
    return mdb_cursor_get(inner, key, stored, MDB_SET_RANGE);
  }
  if (!c->has_to || !successor(&c->to, &behind))
    return mdb_cursor_get(inner, key, stored, MDB_LAST);
  *key = (MDB_val){behind.len, behind.octets};
  int code = mdb_cursor_get(inner, key, stored, MDB_SET_RANGE);
  if (code && code != MDB_NOTFOUND) return code;
  return mdb_cursor_get(inner, key, stored, code ? MDB_LAST : MDB_PREV);
}

static bool past_end(const zw_cursor *c, MDB_val key) {
  if (c->reverse) return c->has_from && compare(key, &c->from) < 0;
  return c->has_to && compare(key, &c->to) > 0;
}

int zw_cursor_next(zw_cursor *c, zw_record *out) {
  MDB_cursor *inner = c->private_[0];
  MDB_val key, stored;
  int error = inner ? zw_txn_usable(c->txn) : ZW_EINVAL;
  if (error) return error;
  if ((uintptr_t)c->private_[2] != (uintptr_t)c->txn->snapshot) return ZW_ESTALE;
  int code = !c->started ? start(c, inner, &key, &stored)
                         : mdb_cursor_get(inner, &key, &stored, c->reverse ? MDB_PREV : MDB_NEXT);
  c->started = true;
  if (code) return zw_store_error(NULL, code, "");
  if (past_end(c, key)) return ZW_ENOTFOUND;
  if (c->index < 0) return zw_map_expose(c->txn, c->map, key, stored, out);
  zw_key primary;
  error = zw_index_primary(c->txn->store, c->private_[1], (size_t)c->index, key, stored, &primary);
  if (!error) error = zw_map_find(c->txn, c->map, &primary, out);
  /* An entry without its record. */
  return error == ZW_ENOTFOUND ? ZW_ECORRUPT : error;
}
