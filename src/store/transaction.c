/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Transactions. A read transaction keeps its LMDB handle (a reader slot) and its cursors over reset
 * and renew. The store knows all of them, so that a reopen of the environment can take the handles
 * back: a transaction of an older generation answers ZW_ESTALE until it is renewed.
 *
 * Under AddressSanitizer what is read is handed out as heap copies that die with the snapshot, so
 * that a late use is a report.
 */
#include "store_state.h"

#if defined(__SANITIZE_ADDRESS__)
#define READ_COPIES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define READ_COPIES 1
#endif
#endif
#ifndef READ_COPIES
#define READ_COPIES 0
#endif

struct read_copy {
  struct read_copy *next;
  size_t size;
  uint64_t octets[];
};

zw_span zw_txn_expose(zw_txn *txn, MDB_val value, int *error) {
  *error = 0;
  if (!READ_COPIES || txn->write) return zw_span_of(value.mv_data, value.mv_size);
  size_t size = sizeof(struct read_copy) + value.mv_size;
  struct read_copy *copy = zw_alloc_get(txn->store->alloc, size);
  if (!copy) {
    *error = ZW_ENOMEM;
    return (zw_span){NULL, 0};
  }
  *copy = (struct read_copy){.next = txn->copies, .size = size};
  txn->copies = copy;
  memcpy(copy->octets, value.mv_data, value.mv_size);
  return zw_span_of(copy->octets, value.mv_size);
}

void zw_txn_drop_copies(zw_txn *txn) {
  for (struct read_copy *copy = txn->copies, *next; copy; copy = next) {
    next = copy->next;
    zw_alloc_free(txn->store->alloc, copy, copy->size);
  }
  txn->copies = NULL;
}

int zw_txn_usable(const zw_txn *txn) {
  if (txn->live) return 0;
  return txn->generation != atomic_load(&txn->store->generation) ? ZW_ESTALE : ZW_EINVAL;
}

/* ---- which transactions live ---- */

static void link_txn(zw_txn *txn) {
  zw_store *store = txn->store;
  pthread_mutex_lock(&store->env_lock);
  txn->next = store->txns;
  if (store->txns) store->txns->previous = txn;
  store->txns = txn;
  pthread_mutex_unlock(&store->env_lock);
}

static void unlink_txn(zw_txn *txn) {
  zw_store *store = txn->store;
  pthread_mutex_lock(&store->env_lock);
  if (txn->previous)
    txn->previous->next = txn->next;
  else
    store->txns = txn->next;
  if (txn->next) txn->next->previous = txn->previous;
  pthread_mutex_unlock(&store->env_lock);
}

/* ---- reading ---- */

static void close_cursors(zw_txn *txn) {
  if (txn->log) mdb_cursor_close(txn->log);
  if (txn->blocks) mdb_cursor_close(txn->blocks);
  txn->log = txn->blocks = NULL;
}

int zw_txn_begin_read(zw_store *store, zw_txn **out) {
  *out = NULL;
  zw_txn *txn = zw_alloc_zero(store->alloc, sizeof *txn);
  if (!txn) return ZW_ENOMEM;
  txn->store = store;
  link_txn(txn);
  int error = zw_txn_renew(txn);
  if (error) {
    zw_txn_abort(txn);
    return error;
  }
  *out = txn;
  return 0;
}

static int begin_reading(zw_txn *txn) {
  return txn->mdb ? mdb_txn_renew(txn->mdb)
                  : mdb_txn_begin(txn->store->env, NULL, MDB_RDONLY, &txn->mdb);
}

int zw_txn_renew(zw_txn *txn) {
  zw_store *store = txn->store;
  if (txn->live) return 0;
  if (txn->write) return ZW_EINVAL;
  int error = zw_env_enter(store);
  if (error) return error;
  int code = begin_reading(txn);
  if (code == MDB_READERS_FULL) {
    zw_env_clear_readers(store);
    code = begin_reading(txn);
  }
  if (code) {
    zw_env_leave(store);
    return zw_store_error(NULL, code, "");
  }
  txn->live = true;
  txn->generation = atomic_load(&store->generation);
  txn->snapshot++;
  txn->log_fresh = txn->blocks_fresh = false;
  txn->last_seq = 0;
  return 0;
}

void zw_txn_reset(zw_txn *txn) {
  if (!txn->live || txn->write) return;
  zw_txn_drop_copies(txn);
  mdb_txn_reset(txn->mdb);
  txn->live = false;
  zw_env_leave(txn->store);
}

static int renew_cursor(zw_txn *txn, MDB_dbi dbi, MDB_cursor **kept, bool *fresh,
                        MDB_cursor **out) {
  int code = zw_txn_usable(txn);
  if (code) return code;
  if (txn->write)
    return (code = mdb_cursor_open(txn->mdb, dbi, out)) ? zw_store_error(NULL, code, "") : 0;
  if (!*kept)
    code = mdb_cursor_open(txn->mdb, dbi, kept);
  else if (!*fresh)
    code = mdb_cursor_renew(txn->mdb, *kept);
  if (code) return zw_store_error(NULL, code, "");
  *fresh = true;
  *out = *kept;
  return 0;
}

int zw_txn_log_cursor(zw_txn *txn, MDB_cursor **out) {
  return renew_cursor(txn, txn->store->events, &txn->log, &txn->log_fresh, out);
}

int zw_txn_block_cursor(zw_txn *txn, MDB_cursor **out) {
  return renew_cursor(txn, txn->store->blocks, &txn->blocks, &txn->blocks_fresh, out);
}

void zw_txn_release_cursor(zw_txn *txn, MDB_cursor *cursor) {
  if (txn->write) mdb_cursor_close(cursor);
}

/* ---- writing ---- */

int zw_txn_begin_own(zw_txn *txn, zw_store *store) {
  *txn = (zw_txn){.store = store, .write = true};
  int error = zw_env_enter(store);
  if (error) return error;
  int code = mdb_txn_begin(store->env, NULL, 0, &txn->mdb);
  if (code) {
    zw_env_leave(store);
    return code;
  }
  /* What a schema changed is in memory before another transaction writes by it. */
  pthread_mutex_lock(&store->settle_lock);
  pthread_mutex_unlock(&store->settle_lock);
  txn->live = txn->entered = true;
  txn->generation = atomic_load(&store->generation);
  zw_space_begin(txn);
  return 0;
}

static void free_entries(const zw_txn *txn, entry_list *list) {
  zw_alloc_free(txn->store->alloc, list->entries, list->capacity * sizeof *list->entries);
  *list = (entry_list){NULL, 0, 0};
}

int zw_txn_commit_own(zw_txn *txn) {
  int code = mdb_txn_commit(txn->mdb);
  txn->live = false;
  txn->mdb = NULL;
  return code;
}

void zw_txn_abort_own(zw_txn *txn) {
  if (!txn->entered) return;
  if (txn->mdb) mdb_txn_abort(txn->mdb);
  free_entries(txn, &txn->before);
  free_entries(txn, &txn->after);
  txn->live = txn->entered = false;
  txn->mdb = NULL;
  zw_env_leave(txn->store);
}

int zw_txn_begin_write(zw_store *store, zw_txn **out, zw_diag *diag) {
  *out = NULL;
  if (store->read_only) return zw_fail(diag, ZW_EINVAL, "%s is open for reading only", store->path);
  zw_txn *txn = zw_alloc_get(store->alloc, sizeof *txn);
  if (!txn) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  zw_commit_now(store);
  int code = zw_txn_begin_own(txn, store);
  if (code) {
    zw_alloc_free(store->alloc, txn, sizeof *txn);
    return code == ZW_ESTORE ? zw_fail(diag, code, "the store is being reopened")
                             : zw_store_error(diag, code, store->path);
  }
  *out = txn;
  return 0;
}

int zw_txn_commit(zw_txn *txn, zw_diag *diag) {
  zw_store *store = txn->store;
  if (!txn->write) return zw_fail(diag, ZW_EINVAL, "a read transaction is not committed");
  int failed = txn->failed;
  if (failed) {
    zw_txn_abort(txn);
    return zw_fail(diag, failed, "nothing was committed: a write failed before");
  }
  int code = zw_txn_commit_own(txn);
  int error = code ? zw_store_commit_error(store, code, diag) : 0;
  zw_txn_abort(txn);
  return error;
}

void zw_txn_abort(zw_txn *txn) {
  if (!txn) return;
  zw_store *store = txn->store;
  if (txn->write) {
    zw_txn_abort_own(txn);
  } else {
    zw_txn_reset(txn);
    unlink_txn(txn);
    close_cursors(txn);
    if (txn->mdb) mdb_txn_abort(txn->mdb);
  }
  zw_alloc_free(store->alloc, txn, sizeof *txn);
}
