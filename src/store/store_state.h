/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's state, and what its files give each other.
 *
 * Locks, in the order in which they are taken: `schema_lock` (one schema at a time), `settle_lock`
 * (a schema's commit and what follows it in memory), `catalog_lock` (schemas, maps, topics,
 * subscriptions: entries are added, never moved or freed before close), `writer.lock` (the queue),
 * `env_lock` (which transactions live, and reopening), `tail_lock` (the log index's tail and the
 * log in memory). Only the first two are held across a commit.
 */
#ifndef ZEROWIRE_STORE_STATE_H
#define ZEROWIRE_STORE_STATE_H

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#include "store_catalog.h"

/* Numbers of the fixed databases; those of maps and indexes come from the catalog. */
enum { DB_CATALOG = 1, DB_LOG = 2, DB_LOG_TOPICS = 3, DB_FIRST_FREE = 16 };

#define TRAILER_SIZE 8
#define MAP_NAME_MAX 200
#define LOG_KEY_SIZE 8
#define INDEX_KEY_SIZE 16
#define CATALOG_KEY_SIZE 8
#define BLOCK_EVENTS 256
#define TAIL_EVENTS 8192
#define GROUP_WRITES 4096
#define GROUP_OCTETS (64u << 20)
#define NS_PER_SECOND INT64_C(1000000000)

/* ---- the log in memory, of a store without sync: under tail_lock ---- */

typedef struct memory_event memory_event;
typedef struct memory_slot {
  uint64_t seq;
  memory_event *event; /* NULL: expired */
} memory_slot;

typedef struct memory_log {
  memory_slot *slots;
  size_t head, count, capacity;
  size_t expired; /* slots without an event */
  memory_event *dead;
} memory_log;

/* ---- transactions ---- */

struct zw_txn {
  zw_store *store;
  MDB_txn *mdb;
  bool write, live;
  bool entered;                  /* writing: counts for the environment */
  uint64_t generation, snapshot; /* reading: counts renewals */
  zw_txn *previous, *next;       /* of the store's list */
  MDB_cursor *log, *blocks;      /* read transactions: made at first use, renewed */
  bool log_fresh, blocks_fresh;
  uint64_t last_seq;        /* of the snapshot; 0: not looked up yet */
  uint64_t space_left;      /* writing: octets that the store's limit leaves */
  int failed;               /* writing: the error after which nothing of it can be committed */
  entry_list before, after; /* writing: scratch of a put */
  zw_map *typed;            /* the map that generated code used last */
  struct read_copy *copies;
};

/* ---- the commit path ---- */

typedef struct write_list {
  zw_write *first, *last;
  size_t count;
} write_list;

typedef struct commit_writer {
  pthread_t thread;
  bool started, stop, commit_now;
  pthread_mutex_t lock;
  pthread_cond_t wake, drained;
  write_list queue, done;
  uint64_t submitted, finished; /* writes: finished are committed, or failed */
  void (*completed)(void *ctx);
  void *ctx;
  /* The writer thread's own: the group that is being made. */
  zw_txn txn;
  bool open;
  write_list group;
  uint64_t group_first, group_last, group_writes, group_octets;
  int64_t opened_at, readers_cleared_at;
  bool index_written;
  uint64_t index_through;
  zw_builder scratch;
} commit_writer;

struct zw_store {
  const zw_alloc *alloc;
  const zw_log *log;
  const zw_random *random;
  int64_t (*clock)(void *ctx);
  void *clock_ctx;
  enum zw_sync sync;
  bool read_only, is_new;
  uint64_t max_size;
  char *path; /* DIR/REALM */
  size_t path_size;
  int lock_fd;
  dev_t device;
  ino_t inode;
  zw_store *next_open; /* of the process's list */

  MDB_env *env;
  uint32_t page_size;
  const uint8_t *map; /* the memory map */
  size_t map_size;
  _Atomic uint64_t map_filled; /* octets of it that the file is known to have */
  MDB_dbi catalog, events, blocks;
  pthread_mutex_t env_lock;
  pthread_cond_t env_idle;
  zw_txn *txns;
  unsigned active;
  bool want_reopen;
  int reopen_code; /* of the last try */
  _Atomic uint64_t generation;

  pthread_mutex_t schema_lock, settle_lock;
  pthread_mutex_t catalog_lock;
  zw_arena arena; /* names and entries */
  /* How many schemas, maps and topics are committed: others do not see more. */
  size_t schemas_ready, maps_ready;
  _Atomic size_t topics_ready;
  schema_version **schemas;
  size_t schema_count, schema_capacity;
  zw_map **maps;
  size_t map_count, map_capacity;
  topic_entry **_Atomic topics; /* read without the lock: a longer array replaces it, the old one
                                   stays in the arena */
  _Atomic size_t topic_count;
  size_t topic_capacity;
  zw_hmap topic_names;
  subscription_entry **subscriptions;
  _Atomic size_t subscription_count;
  size_t subscription_capacity;
  _Atomic size_t subscriptions_written; /* how many of them the database has */
  zw_hmap subscription_names;
  uint32_t next_database;
  uint64_t publication_key;

  pthread_mutex_t tail_lock;
  uint64_t tail_from; /* the tail holds every event from here on */
  size_t tail_total;
  memory_log memory;

  _Atomic uint64_t first_seq, last_seq; /* committed; last_seq stays when all events are gone */
  uint64_t next_seq;
  int64_t last_timestamp;
  /* retention: the writer's own */
  topic_entry *touched;
  uint32_t sweep_topic;
  atomic_bool sweep_left; /* set by whoever opens the environment again, too */
  int64_t aged_at;
  uint64_t first_seq_next;

  commit_writer writer;
};

/* store_error.c: an LMDB or system error as ours, with words. */
int zw_store_error(zw_diag *diag, int code, const char *what);
/* Why a commit failed, LMDB's code. Where what LMDB thinks is on disk may not be there, the
 * environment is not trusted any more. */
int zw_store_commit_error(zw_store *store, int code, zw_diag *diag);

/* writer_lock.c */
int zw_writer_lock_take(const char *path, int *fd, zw_diag *diag);
void zw_writer_lock_drop(int fd);

/* store_folder.c: the folders of a store. */
int zw_store_folder(const char *dir, const char *realm, bool create, char *path, size_t size,
                    bool *is_new, zw_diag *diag);

/* store_env.c: the environment, opened and reopened. */
int zw_env_open(zw_store *store, zw_diag *diag);
void zw_env_close(zw_store *store);
int zw_env_reopen(zw_store *store);    /* waits for those that live, not for long */
void zw_env_distrust(zw_store *store); /* reopened when the last has ended */
int zw_env_enter(zw_store *store);     /* one more transaction lives; or ZW_ESTORE */
void zw_env_leave(zw_store *store);
/* Frees what processes that died left in the table of readers. */
void zw_env_clear_readers(zw_store *store);
int zw_env_open_map(zw_map *map, MDB_txn *txn, bool create);
int zw_env_open_index(map_index *index, MDB_txn *txn, bool create);
int zw_env_open_maps(zw_store *store, MDB_txn *txn);
int64_t zw_store_now(const zw_store *store);
/* Conditions whose waits nobody ends late by putting a clock back. */
void zw_cond_init(pthread_cond_t *cond);
struct timespec zw_cond_deadline(int64_t ns);

/* map_bounds.c */
int zw_env_find_map(zw_store *store);
/* Whether what LMDB handed out ends inside the file. */
bool zw_env_holds(zw_store *store, MDB_val value);

/* store_registry.c: an environment is opened once a process. */
bool zw_registry_add(zw_store *store);
void zw_registry_remove(zw_store *store);

/* transaction.c */
int zw_txn_usable(const zw_txn *txn);
zw_span zw_txn_expose(zw_txn *txn, MDB_val value, int *error);
void zw_txn_drop_copies(zw_txn *txn);
int zw_txn_begin_own(zw_txn *txn, zw_store *store);
/* LMDB's code. Either way it counts as alive until zw_txn_abort_own, so that the environment is not
 * reopened before memory has followed. */
int zw_txn_commit_own(zw_txn *txn);
void zw_txn_abort_own(zw_txn *txn);
int zw_txn_log_cursor(zw_txn *txn, MDB_cursor **out);
int zw_txn_block_cursor(zw_txn *txn, MDB_cursor **out);
void zw_txn_release_cursor(zw_txn *txn, MDB_cursor *cursor);

/* record_trailer.c */
static inline size_t zw_pad8(size_t n) { return (n + 7) & ~(size_t)7; }
void zw_trailer_write(uint32_t database, MDB_val key, uint8_t *value, size_t padded,
                      uint16_t version);
/* ZW_ECORRUPT (also of a length that leads out of the file), ZW_ENOTSUP (flags); version may be
 * NULL. */
int zw_trailer_check(zw_store *store, uint32_t database, MDB_val key, MDB_val stored,
                     uint16_t *version);
/* Stores value and trailer; the value is padded. */
int zw_trailer_put(MDB_txn *txn, MDB_dbi dbi, uint32_t database, MDB_val key, zw_span value,
                   uint16_t version, unsigned flags);

/* key_codec.c, beside the public functions: the octets of a definition's fields, without the
 * padding at the end. */
typedef int zw_key_entry(void *ctx, const zw_key *key);
/* Calls `each` once for every entry that the record has in the index (none, one, or one an
 * element). */
int zw_key_index_entries(const zw_key_def *index, const zw_key_def *primary, zw_table record,
                         zw_key_entry *each, void *ctx, zw_diag *diag);
/* Where the octets of the definition's fields end; 0: not well-formed. */
size_t zw_key_skip(const zw_key_def *def, const uint8_t *octets, size_t len);
int zw_key_pad(zw_key *key);
static inline bool zw_key_is_whole(const zw_key_def *def) { return !def->name.ptr || def->unique; }
/* The base type that a key field is encoded as, and its octets if they are fixed. */
enum zw_base_type zw_key_leaf(const zw_key_field *field, size_t *size);
/* "site:string,-installed:ulong": what has to be equal for keys to be the same. */
int zw_key_codec_text(const zw_key_def *def, zw_text *out);

/* publication_id.c */
uint64_t zw_publication_permute(uint64_t key, uint64_t seq);
uint64_t zw_publication_invert(uint64_t key, uint64_t publication);

/* event_codec.c */
int zw_event_head(zw_builder *b, const zw_event *event, bool with_uri, zw_span *head,
                  zw_span *tail);
void zw_event_read(const zw_store *store, zw_span value, uint64_t seq, zw_event *out);

/* event_log.c */
/* A key of the log, in these octets. */
static inline MDB_val zw_log_key(uint8_t octets[LOG_KEY_SIZE], uint64_t seq) {
  zw_store_be64(octets, seq);
  return (MDB_val){LOG_KEY_SIZE, octets};
}
/* The number of a key of the log; LMDB's code. */
static inline int zw_log_seq(MDB_val key, uint64_t *seq) {
  if (key.mv_size != LOG_KEY_SIZE) return MDB_CORRUPTED;
  *seq = zw_load_be64(key.mv_data);
  return 0;
}
int zw_event_append(zw_store *store, MDB_txn *txn, zw_builder *scratch, const zw_event *event);
/* The log's first and last number, and the last one's time; 0: empty. */
int zw_event_bounds(zw_store *store, MDB_txn *txn, uint64_t *first, uint64_t *last, int64_t *time);
uint64_t zw_txn_last_seq(zw_txn *txn);
/* The event that MDB_SET_KEY or MDB_SET_RANGE finds; *found is set also where the event is hidden
 * or corrupt, 0: there is none. `out` may be NULL. */
int zw_log_read(zw_txn *txn, zw_store *store, uint64_t seq, MDB_cursor_op op, uint64_t *found,
                zw_event *out);
/* The last number that is there at or before seq. */
int zw_log_before(zw_txn *txn, zw_store *store, uint64_t seq, uint64_t *found);

/* memory_log.c */
int zw_memory_append(zw_store *store, uint64_t seq, zw_span head, zw_span tail);
void zw_memory_expire(zw_store *store, uint64_t seq);
void zw_memory_drop(zw_store *store, uint64_t from);
void zw_memory_bury(zw_store *store); /* frees what has expired; no transaction lives */
void zw_memory_free(zw_store *store);
/* The event with this number, or (not exactly) the first at or after it, up to `last`. */
int zw_memory_read(zw_store *store, uint64_t seq, bool exactly, uint64_t last, uint64_t *found,
                   zw_span *out);
int zw_memory_before(zw_store *store, uint64_t seq, uint64_t *found);
uint64_t zw_memory_count(zw_store *store);
/* The first number, or that which comes after the last; 0: nothing was ever written. */
uint64_t zw_memory_first(zw_store *store);

/* log_index.c */
/* Reads what the log and its index say, at open and after a reopen; *time is the last event's.
 */
int zw_log_load(zw_store *store, MDB_txn *txn, bool writing, int64_t *time);
int zw_log_index_add(zw_store *store, topic_entry *topic, uint64_t seq);
/* Takes the first `count` from a topic's tail. */
void zw_log_index_forget(zw_store *store, topic_entry *topic, size_t count);
void zw_log_index_drop(zw_store *store, uint64_t from);
int zw_log_index_write(zw_store *store, MDB_txn *txn, uint64_t through);
void zw_log_index_written(zw_store *store, uint64_t through);
/* Up to `max` seqs of the topic in [from, to] in ascending (or descending) order. */
int zw_log_index_find(zw_txn *txn, topic_entry *topic, uint64_t from, uint64_t to, bool reverse,
                      uint64_t *out, size_t max, size_t *count);
int zw_log_index_put_expired(zw_store *store, MDB_txn *txn, topic_entry *topic);

/* retention.c: what the topics' limits say, in small steps. */
int zw_retention_step(zw_store *store, zw_txn *txn);
void zw_retention_end(zw_store *store, bool committed);
bool zw_retention_due(const zw_store *store);

/* store_space.c: the limit of --max-size, by accounting. */
void zw_space_begin(zw_txn *txn);
int zw_space_take(zw_txn *txn, size_t octets);

/* map_write.c: *fatal: the transaction is lost. */
int zw_map_apply(zw_txn *txn, zw_map *map, zw_span record, bool insert, bool *replaced, bool *fatal,
                 zw_diag *diag);
int zw_map_remove(zw_txn *txn, zw_map *map, const zw_key *key, bool *fatal, zw_diag *diag);

/* map_read.c */
int zw_map_find(zw_txn *txn, zw_map *map, const zw_key *key, zw_record *out);
int zw_map_expose(zw_txn *txn, zw_map *map, MDB_val key, MDB_val stored, zw_record *out);

/* map_index.c */
int zw_index_entries(zw_txn *txn, const map_shape *shape, const zw_record *record, entry_list *out,
                     zw_diag *diag);
/* Whether another record has one of the unique values: ZW_EEXISTS. */
int zw_index_check(zw_txn *txn, const map_shape *shape, const entry_list *after,
                   const zw_key *primary, zw_diag *diag);
/* Makes `after` of `before`; LMDB's code. */
int zw_index_change(zw_txn *txn, const map_shape *shape, const entry_list *before,
                    const entry_list *after, const zw_key *primary);
/* The primary key that an entry leads to. */
int zw_index_primary(zw_store *store, const map_shape *shape, size_t index, MDB_val key,
                     MDB_val stored, zw_key *out);
/* Fills an index that is empty from the records of the map. */
int zw_index_build(zw_txn *txn, zw_map *map, const map_shape *shape, size_t index, zw_diag *diag);

/* commit_writer.c */
void zw_commit_now(zw_store *store);
void zw_commit_stop(zw_store *store);

#endif
