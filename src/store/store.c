/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and closing. The order is that of trust: the folder is a realm, nobody else writes it,
 * the environment opens, the format is ours, then the catalog, the log and its index are read.
 * Closing goes the other way, after the writer has committed what waits.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "store_state.h"

#define PATH_SIZE 4096

static void init_locks(zw_store *store) {
  pthread_mutex_init(&store->schema_lock, NULL);
  pthread_mutex_init(&store->settle_lock, NULL);
  pthread_mutex_init(&store->catalog_lock, NULL);
  pthread_mutex_init(&store->tail_lock, NULL);
  pthread_mutex_init(&store->env_lock, NULL);
  pthread_mutex_init(&store->writer.lock, NULL);
  zw_cond_init(&store->env_idle);
  zw_cond_init(&store->writer.wake);
  zw_cond_init(&store->writer.drained);
}

static void destroy_locks(zw_store *store) {
  pthread_cond_destroy(&store->writer.drained);
  pthread_cond_destroy(&store->writer.wake);
  pthread_cond_destroy(&store->env_idle);
  pthread_mutex_destroy(&store->writer.lock);
  pthread_mutex_destroy(&store->env_lock);
  pthread_mutex_destroy(&store->tail_lock);
  pthread_mutex_destroy(&store->catalog_lock);
  pthread_mutex_destroy(&store->settle_lock);
  pthread_mutex_destroy(&store->schema_lock);
}

static zw_store *make(const zw_store_options *options) {
  zw_store *store = zw_alloc_zero(options->alloc, sizeof *store);
  if (!store) return NULL;
  store->alloc = options->alloc ? options->alloc : zw_alloc_default();
  store->log = options->log;
  store->random = options->random ? options->random : zw_random_system();
  store->clock = options->clock;
  store->clock_ctx = options->clock_ctx;
  store->read_only = options->read_only;
  store->sync = options->sync;
  store->max_size = options->max_size;
  store->lock_fd = -1;
  store->next_database = DB_FIRST_FREE;
  store->last_timestamp = INT64_MIN;
  zw_arena_init(&store->arena, store->alloc);
  zw_hmap_init(&store->topic_names, store->alloc);
  zw_hmap_init(&store->subscription_names, store->alloc);
  uint8_t seed[sizeof store->subscription_names.seed];
  store->random->fill(store->random->ctx, seed, sizeof seed);
  store->subscription_names.seed = zw_load_le64(seed);
  init_locks(store);
  return store;
}

static void destroy(zw_store *store) {
  zw_env_close(store);
  if (store->inode) zw_registry_remove(store);
  zw_writer_lock_drop(store->lock_fd);
  zw_memory_free(store);
  zw_catalog_free(store);
  destroy_locks(store);
  zw_alloc_free(store->alloc, store->path, store->path_size);
  zw_alloc_free(store->alloc, store, sizeof *store);
}

/* ---- opening ---- */

static int open_folder(zw_store *store, const char *dir, const char *realm, bool create,
                       zw_diag *diag) {
  char path[PATH_SIZE];
  struct stat st;
  bool is_new;
  int error =
      zw_store_folder(dir, realm, create && !store->read_only, path, sizeof path, &is_new, diag);
  if (error) return error;
  store->path_size = strlen(path) + 1;
  store->path = zw_alloc_get(store->alloc, store->path_size);
  if (!store->path) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  memcpy(store->path, path, store->path_size);
  if (stat(path, &st) != 0) return zw_store_error(diag, errno, path);
  store->device = st.st_dev;
  store->inode = st.st_ino;
  if (!zw_registry_add(store)) {
    store->inode = 0;
    return zw_fail(diag, ZW_EBUSY, "%s is open in this process already", path);
  }
  return store->read_only ? 0 : zw_writer_lock_take(path, &store->lock_fd, diag);
}

static int is_empty(zw_store *store, MDB_txn *txn, bool *empty) {
  MDB_stat stat;
  int code = mdb_stat(txn, store->catalog, &stat);
  *empty = !code && stat.ms_entries == 0;
  return code;
}

static int load_in(zw_store *store, MDB_txn *txn, zw_diag *diag) {
  int64_t time;
  bool empty;
  int code = is_empty(store, txn, &empty);
  if (code) return zw_store_error(diag, code, store->path);
  if (empty && store->read_only)
    return zw_fail(diag, ZW_ENOTFOUND, "%s holds no store", store->path);
  int error = empty ? zw_catalog_create(store, txn) : 0;
  if (error) return zw_fail(diag, error, "%s: %s", store->path, zw_error_text(error));
  store->is_new = empty;
  error = zw_catalog_load(store, txn, diag);
  if (error) return error;
  code = zw_env_open_maps(store, txn);
  if (code) return zw_store_error(diag, code, store->path);
  error = zw_log_load(store, txn, !store->read_only, &time);
  if (error) return zw_fail(diag, error, "%s: the log: %s", store->path, zw_error_text(error));
  store->next_seq = atomic_load(&store->last_seq) + 1;
  store->last_timestamp = time;
  return 0;
}

static int load(zw_store *store, zw_diag *diag) {
  MDB_txn *txn;
  int code = mdb_txn_begin(store->env, NULL, store->read_only ? MDB_RDONLY : 0, &txn);
  if (code) return zw_store_error(diag, code, store->path);
  int error = load_in(store, txn, diag);
  if (error) {
    mdb_txn_abort(txn);
    return error;
  }
  /* Also of a read transaction: its database handles stay. */
  code = mdb_txn_commit(txn);
  return code ? zw_store_error(diag, code, store->path) : 0;
}

int zw_store_open(zw_store **out, const char *dir, const char *realm,
                  const zw_store_options *options, zw_diag *diag) {
  zw_store_options defaults = {.size = sizeof defaults};
  *out = NULL;
  if (!options) options = &defaults;
  if (options->size != sizeof *options)
    return zw_fail(diag, ZW_EINVAL, "zw_store_options has another size than this library's");
  if (options->max_size && options->max_size < ZW_STORE_SIZE_MIN)
    return zw_fail(diag, ZW_EINVAL,
                   "a store of at most %llu octets holds nothing: %u are the least",
                   (unsigned long long)options->max_size, ZW_STORE_SIZE_MIN);
  zw_store *store = make(options);
  if (!store) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  int error = open_folder(store, dir, realm, options->create, diag);
  if (!error) error = zw_env_open(store, diag);
  if (!error) error = load(store, diag);
  if (error) {
    destroy(store);
    return error;
  }
  *out = store;
  return 0;
}

bool zw_store_is_new(const zw_store *store) { return store->is_new; }

/* ---- closing ---- */

static int write_tail(zw_store *store) {
  zw_txn txn;
  uint64_t through = atomic_load(&store->last_seq);
  if (store->tail_total == 0 || store->sync == ZW_SYNC_OFF) return 0;
  int code = zw_txn_begin_own(&txn, store);
  if (code) return code;
  code = zw_log_index_write(store, txn.mdb, through);
  if (!code) code = zw_txn_commit_own(&txn);
  zw_txn_abort_own(&txn);
  return code;
}

void zw_store_close(zw_store *store) {
  if (!store) return;
  zw_commit_stop(store);
  /* Without it the next open makes the tail again from the log. */
  if (!store->read_only && write_tail(store))
    zw_log_printf(store->log, ZW_LOG_WARN, "%s: the log's index was not completed", store->path);
  destroy(store);
}
