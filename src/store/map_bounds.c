/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where LMDB's memory map lies and how much of it the file fills. LMDB checks the numbers of pages,
 * not the lengths of values: one that went bad may reach beyond the file, where reading is a signal
 * and not an error. So every value is looked at for its end before it is read.
 *
 * LMDB does not tell the map's address. A page begins with its own number, so the page of a key
 * that lies in the map leads to it; that LMDB's two first pages are there proves it.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_state.h"

#define META_MAGIC 0xBEEFC0DEu
#define META_OFFSET 16 /* behind the header of a page */

static bool has_magic(const uint8_t *page) {
  uint32_t magic;
  memcpy(&magic, page + META_OFFSET, sizeof magic);
  return magic == META_MAGIC;
}

/* Whether the map begins here; the address may be any. msync of what is not mapped is an error; of
 * what nobody has written to it does nothing. */
static bool is_map(const uint8_t *base, size_t page, size_t system_page) {
  return (uintptr_t)base % system_page == 0 &&
         msync((void *)(uintptr_t)base, 2 * page, MS_ASYNC) == 0 && has_magic(base) &&
         has_magic(base + page);
}

/* The map by the page that an address in it lies on. Pages are as the file has them, the system's
 * may be smaller or larger. */
static const uint8_t *map_of(const uint8_t *inside, size_t page, size_t limit) {
  long system = sysconf(_SC_PAGESIZE);
  size_t system_page = system > 0 ? (size_t)system : 4096;
  size_t step = page < system_page ? page : system_page;
  const uint8_t *begin = inside - (uintptr_t)inside % step;
  for (size_t back = 0; back < page; back += step) {
    size_t number;
    memcpy(&number, begin - back, sizeof number);
    if (number >= limit / page || number * page > (uintptr_t)begin - back) continue;
    const uint8_t *base = begin - back - number * page;
    if (is_map(base, page, system_page)) return base;
  }
  return NULL;
}

int zw_env_find_map(zw_store *store) {
  MDB_txn *txn;
  MDB_cursor *cursor;
  MDB_dbi names;
  MDB_val key, value;
  MDB_envinfo info;
  int code = mdb_env_info(store->env, &info);
  if (!code) code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
  if (code) return code;
  code = mdb_dbi_open(txn, NULL, 0, &names);
  if (!code) code = mdb_cursor_open(txn, names, &cursor);
  if (!code) {
    code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
    mdb_cursor_close(cursor);
  }
  store->map = code ? NULL : map_of(key.mv_data, store->page_size, info.me_mapsize);
  store->map_size = info.me_mapsize;
  atomic_store(&store->map_filled, 0);
  mdb_txn_abort(txn);
  return code ? code : store->map ? 0 : MDB_CORRUPTED;
}

/* The file grows with commits, of other processes too, and never shrinks. */
static uint64_t look_at_file(zw_store *store) {
  struct stat file;
  int fd;
  if (mdb_env_get_fd(store->env, &fd) || fstat(fd, &file)) return 0;
  atomic_store(&store->map_filled, (uint64_t)file.st_size);
  return (uint64_t)file.st_size;
}

bool zw_env_holds(zw_store *store, MDB_val value) {
  uint64_t begin = (uintptr_t)value.mv_data - (uintptr_t)store->map;
  /* The caller's own octets, or a page that this transaction has changed. */
  if (begin >= store->map_size) return true;
  uint64_t end = begin + value.mv_size;
  return end <= atomic_load_explicit(&store->map_filled, memory_order_relaxed) ||
         end <= look_at_file(store);
}
