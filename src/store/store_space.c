/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --max-size: the map is reserved once and large, so the limit is kept by accounting. A write
 * transaction counts the pages in use when it begins, and every put takes from what is left; a
 * sixteenth is kept back for deletes and for the pages that a commit copies.
 */
#include "store_state.h"

#define PAGES_OVERHEAD 128

/* Pages on the free list; they will be used before the file grows. */
static uint64_t free_pages(zw_store *store) {
  MDB_txn *txn;
  MDB_cursor *cursor;
  MDB_val key, value;
  uint64_t pages = 0;
  if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn)) return 0;
  if (mdb_cursor_open(txn, 0, &cursor) == 0) {
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
      size_t count;
      memcpy(&count, value.mv_data, sizeof count);
      pages += count;
    }
    mdb_cursor_close(cursor);
  }
  mdb_txn_abort(txn);
  return pages;
}

static uint64_t used_octets(zw_store *store, uint64_t below) {
  MDB_envinfo info;
  if (mdb_env_info(store->env, &info)) return 0;
  uint64_t pages = (uint64_t)info.me_last_pgno + 1, page = store->page_size;
  /* The free list is walked only where it matters. */
  if (pages * page < below) return pages * page;
  uint64_t unused = free_pages(store);
  return (pages > unused ? pages - unused : 0) * page;
}

void zw_space_begin(zw_txn *txn) {
  zw_store *store = txn->store;
  txn->space_left = UINT64_MAX;
  if (!store->max_size) return;
  uint64_t limit = store->max_size - store->max_size / 16, used = used_octets(store, limit / 2);
  txn->space_left = used < limit ? limit - used : 0;
}

int zw_space_take(zw_txn *txn, size_t octets) {
  uint64_t need = (uint64_t)octets + octets / 8 + PAGES_OVERHEAD;
  if (txn->space_left == UINT64_MAX) return 0;
  if (need > txn->space_left) return ZW_EFULL;
  txn->space_left -= need;
  return 0;
}

int zw_store_info_get(zw_store *store, zw_store_info *out) {
  MDB_envinfo info;
  MDB_stat stat;
  zw_txn *txn;
  int error = zw_txn_begin_read(store, &txn);
  if (error) return error;
  int code = mdb_env_info(store->env, &info);
  if (!code) code = mdb_stat(txn->mdb, store->events, &stat);
  if (!code) {
    *out = (zw_store_info){
        .format = ZW_STORE_FORMAT, .page_size = store->page_size, .events = stat.ms_entries};
    if (store->sync == ZW_SYNC_OFF) out->events += zw_memory_count(store);
    out->file_octets = ((uint64_t)info.me_last_pgno + 1) * store->page_size;
    out->used_octets = used_octets(store, 0);
    out->first_seq = zw_store_first_seq(store);
    out->last_seq = zw_store_last_seq(store);
    out->maps = zw_store_map_count(store);
    out->schemas = zw_store_schema_count(store);
    out->topics = zw_store_topic_count(store);
  }
  /* Another process may have written since the open. */
  int64_t time;
  if (!code && store->read_only)
    error = zw_event_bounds(store, txn->mdb, &out->first_seq, &out->last_seq, &time);
  zw_txn_abort(txn);
  return code ? zw_store_error(NULL, code, "") : error;
}
