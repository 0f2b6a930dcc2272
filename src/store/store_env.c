/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The LMDB environment: opened with the default flags (every commit is synced) and MDB_NOTLS, its
 * map reserved once. After a failed sync or MDB_PANIC it is distrusted: new transactions are
 * refused (ZW_ESTORE) until the last one that lives has ended, then it is closed and opened again
 * by whoever comes first; those that were reset lose their handles (ZW_ESTALE until they are
 * renewed). Nothing is unmapped under a live view.
 */
#include <errno.h>
#include <stdio.h>

#include "store_state.h"

#define MAP_SIZE_MAX ((size_t)1 << 40)
#define MAP_SIZE_MIN ((size_t)1 << 26)
#define READERS_MAX 4096
#define DATABASES_MAX 1024

int64_t zw_store_now(const zw_store *store) {
  if (store->clock) return store->clock(store->clock_ctx);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

/* Where conditions can wait by a clock that is never put back. */
#ifdef __APPLE__
#define WAIT_CLOCK CLOCK_REALTIME
#else
#define WAIT_CLOCK CLOCK_MONOTONIC
#endif

void zw_cond_init(pthread_cond_t *cond) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
#ifndef __APPLE__
  pthread_condattr_setclock(&attributes, WAIT_CLOCK);
#endif
  pthread_cond_init(cond, &attributes);
  pthread_condattr_destroy(&attributes);
}

struct timespec zw_cond_deadline(int64_t ns) {
  struct timespec until;
  clock_gettime(WAIT_CLOCK, &until);
  ns += until.tv_nsec;
  until.tv_sec += ns / NS_PER_SECOND;
  until.tv_nsec = ns % NS_PER_SECOND;
  return until;
}

static int try_open(zw_store *store, size_t map_size) {
  unsigned flags = MDB_NOTLS | (store->read_only ? MDB_RDONLY : 0u);
  int code = mdb_env_create(&store->env);
  if (code) return code;
  code = mdb_env_set_mapsize(store->env, map_size);
  if (!code) code = mdb_env_set_maxreaders(store->env, READERS_MAX);
  if (!code) code = mdb_env_set_maxdbs(store->env, DATABASES_MAX);
  if (!code) code = mdb_env_open(store->env, store->path, flags, 0666);
  if (code) {
    mdb_env_close(store->env);
    store->env = NULL;
  }
  return code;
}

/* The three that every store has. A database file with something else in it is not ours. */
static int open_fixed(zw_store *store, MDB_txn *txn) {
  MDB_dbi main;
  MDB_stat stat;
  int code = mdb_dbi_open(txn, "catalog", 0, &store->catalog);
  unsigned flags = 0;
  if (code == MDB_NOTFOUND && !store->read_only) {
    code = mdb_dbi_open(txn, NULL, 0, &main);
    if (!code) code = mdb_stat(txn, main, &stat);
    if (!code && stat.ms_entries) return MDB_INVALID;
    flags = MDB_CREATE;
    if (!code) code = mdb_dbi_open(txn, "catalog", flags, &store->catalog);
  }
  if (!code) code = mdb_dbi_open(txn, "log", flags, &store->events);
  if (!code) code = mdb_dbi_open(txn, "log.topics", flags, &store->blocks);
  return code;
}

int zw_env_open_map(zw_map *map, MDB_txn *txn, bool create) {
  char name[MAP_NAME_MAX + 8];
  snprintf(name, sizeof name, "map.%.*s", ZW_ARG(map->name));
  return mdb_dbi_open(txn, name, create ? MDB_CREATE : 0, &map->dbi);
}

int zw_env_open_index(map_index *index, MDB_txn *txn, bool create) {
  char name[32];
  snprintf(name, sizeof name, "index.%u", (unsigned)index->number);
  return mdb_dbi_open(txn, name, create ? MDB_CREATE : 0, &index->dbi);
}

int zw_env_open_maps(zw_store *store, MDB_txn *txn) {
  int code = 0;
  for (size_t i = 0; i < store->map_count && !code; i++) {
    zw_map *map = store->maps[i];
    const map_shape *shape = zw_map_shape(map);
    code = zw_env_open_map(map, txn, false);
    for (size_t j = 0; j < shape->index_count && !code; j++)
      code = zw_env_open_index(shape->indexes[j], txn, false);
  }
  return code;
}

static int open_databases(zw_store *store) {
  MDB_txn *txn;
  int code = mdb_txn_begin(store->env, NULL, store->read_only ? MDB_RDONLY : 0, &txn);
  if (code) return code;
  code = open_fixed(store, txn);
  if (!code) code = zw_env_open_maps(store, txn);
  if (code) {
    mdb_txn_abort(txn);
    return code;
  }
  return mdb_txn_commit(txn);
}

/* What an address space that is too small for the map answers: the kernel's code, or an emulator's.
 */
static bool is_too_large(int code) { return code == ENOMEM || code == EINVAL; }

static int open_all(zw_store *store) {
  int code = ENOMEM;
  for (size_t size = MAP_SIZE_MAX; is_too_large(code) && size >= MAP_SIZE_MIN; size /= 2)
    code = try_open(store, size);
  if (code) return code;
  zw_env_clear_readers(store);
  MDB_stat stat;
  code = mdb_env_stat(store->env, &stat);
  store->page_size = stat.ms_psize;
  if (!code) code = open_databases(store);
  if (!code) code = zw_env_find_map(store);
  if (code) zw_env_close(store);
  return code;
}

int zw_env_open(zw_store *store, zw_diag *diag) {
  int code = open_all(store);
  if (code == MDB_NOTFOUND && store->read_only)
    return zw_fail(diag, ZW_ENOTFOUND, "%s holds no store", store->path);
  if (code == MDB_INVALID)
    return zw_fail(diag, ZW_EINVAL, "%s/data.mdb is no store of zerowire. Name a new folder",
                   store->path);
  return code ? zw_store_error(diag, code, store->path) : 0;
}

void zw_env_close(zw_store *store) {
  if (store->env) mdb_env_close(store->env);
  store->env = NULL;
}

static void drop_handles(zw_store *store) {
  for (zw_txn *t = store->txns; t; t = t->next) {
    if (t->log) mdb_cursor_close(t->log);
    if (t->blocks) mdb_cursor_close(t->blocks);
    if (t->mdb) mdb_txn_abort(t->mdb);
    t->log = t->blocks = NULL;
    t->mdb = NULL;
  }
}

/* A commit whose sync failed may be there or not: the log says which. */
static int reload_log(zw_store *store) {
  MDB_txn *txn;
  uint64_t seen = atomic_load(&store->last_seq);
  int code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
  if (code) return code;
  int64_t time;
  int error = zw_log_load(store, txn, false, &time);
  mdb_txn_abort(txn);
  if (!error && atomic_load(&store->last_seq) < seen) error = ZW_ECORRUPT;
  if (error) zw_env_close(store);
  return error ? MDB_CORRUPTED : 0;
}

/* Under env_lock, with no transaction alive. */
static int reopen_locked(zw_store *store) {
  drop_handles(store);
  zw_env_close(store);
  int code = open_all(store);
  if (!code) code = reload_log(store);
  atomic_fetch_add(&store->generation, 1);
  store->want_reopen = code != 0;
  /* Each access tries again; the same failure is told once. */
  if (!code || code != store->reopen_code)
    zw_log_printf(store->log, code ? ZW_LOG_ERROR : ZW_LOG_WARN, "%s: the store was reopened: %s",
                  store->path, code ? mdb_strerror(code) : "it is whole");
  store->reopen_code = code;
  return code;
}

/* Those that live have a second to end: one of them may be waiting for the writer. */
int zw_env_reopen(zw_store *store) {
  struct timespec until = zw_cond_deadline(NS_PER_SECOND);
  pthread_mutex_lock(&store->env_lock);
  store->want_reopen = true;
  int code = 0;
  while (store->active && !code)
    code = pthread_cond_timedwait(&store->env_idle, &store->env_lock, &until);
  if (!store->active) code = store->want_reopen ? reopen_locked(store) : 0;
  pthread_mutex_unlock(&store->env_lock);
  return code;
}

void zw_env_distrust(zw_store *store) {
  pthread_mutex_lock(&store->env_lock);
  store->want_reopen = true;
  pthread_mutex_unlock(&store->env_lock);
}

void zw_env_clear_readers(zw_store *store) {
  int dead;
  if (store->env) mdb_reader_check(store->env, &dead);
}

int zw_env_enter(zw_store *store) {
  pthread_mutex_lock(&store->env_lock);
  if (store->want_reopen && store->active == 0) reopen_locked(store);
  int error = store->want_reopen ? ZW_ESTORE : 0;
  if (!error) store->active++;
  pthread_mutex_unlock(&store->env_lock);
  return error;
}

void zw_env_leave(zw_store *store) {
  pthread_mutex_lock(&store->env_lock);
  if (--store->active == 0) {
    pthread_cond_broadcast(&store->env_idle);
    if (store->sync == ZW_SYNC_OFF) zw_memory_bury(store);
  }
  pthread_mutex_unlock(&store->env_lock);
}
