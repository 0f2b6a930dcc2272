/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: records and events at rest, in LMDB.
 *
 * A store is a folder, a realm a folder in it: one LMDB 0.9 environment with typed maps, their
 * indexes, an append-only event log, the log's index, and a catalog that holds every schema
 * version. What is handed out points into the memory map: no copies.
 *
 * Caveats. A view (zw_table, zw_span, zw_event) is valid until its transaction ends or is reset; in
 * ASan builds reads return heap copies that die with the transaction's scope, so that a late use is
 * a report. A read transaction keeps old pages alive: keep it short. One process writes a realm
 * (writer.lock); any number read.
 *
 * Threads: a zw_store may be used by several threads. Each zw_txn is used by one thread at a time.
 * `zw_store_submit` is for one thread (the loop); its writer thread is the store's own.
 */
#ifndef ZEROWIRE_STORE_H
#define ZEROWIRE_STORE_H

#include "zerowire/flatbuf.h"
#include "zerowire/model.h"
#include "zerowire/reflect.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ZW_STORE_FORMAT 1
#define ZW_KEY_MAX 504

typedef struct zw_store zw_store;
typedef struct zw_txn zw_txn;
typedef struct zw_map zw_map;

/* ---- opening ---------------------------------------------------------------------------------- */

/*
 * GROUP: a write is done when it is committed and synced. EVERYSEC: an event or record is done at
 * once and committed within a second, which is what can be lost. OFF: events are kept in memory
 * only, behind those that the store has from before; after a restart their numbers are given
 * again. Records are committed as with GROUP.
 */
enum zw_sync { ZW_SYNC_GROUP, ZW_SYNC_EVERYSEC, ZW_SYNC_OFF };

/* Octets: an empty store with a schema, and room for records. */
#define ZW_STORE_SIZE_MIN (1u << 20)

typedef struct zw_store_options {
  size_t size; /* sizeof(zw_store_options) */
  const zw_alloc *alloc;
  const zw_log *log;
  const zw_random *random;
  int64_t (*clock)(void *ctx); /* ns since 1970; NULL: the system's */
  void *clock_ctx;
  bool read_only; /* no writer.lock, no changes */
  bool create;    /* make it if it is not there; a non-empty folder that is no store is refused */
  enum zw_sync sync;
  uint64_t max_size; /* octets of the data file, from ZW_STORE_SIZE_MIN up; 0: no limit */
} zw_store_options;

/* Opens realm `realm` of the store at `dir`. ZW_EBUSY (who holds writer.lock), ZW_ENOTFOUND,
 * ZW_EVERSION, ZW_ECORRUPT, ZW_EIO, ZW_EINVAL ("is not empty and is no store"). */
ZW_API int zw_store_open(zw_store **out, const char *dir, const char *realm,
                         const zw_store_options *options, zw_diag *diag);
/* Commits what waits, writes the log index's tail, joins the writer. All transactions have ended,
 * and what was submitted has come back (zw_store_flush, zw_store_completed). NULL is ignored. */
ZW_API void zw_store_close(zw_store *store);
ZW_API bool zw_store_is_new(const zw_store *store); /* created by this open */

typedef struct zw_store_info {
  uint32_t format, page_size;
  uint64_t file_octets, used_octets, events, first_seq, last_seq, maps, schemas, topics;
} zw_store_info;
ZW_API int zw_store_info_get(zw_store *store, zw_store_info *out);

/* ---- schemas ------------------------------------------------------------------------------------ */

/*
 * Makes the schema the current one: checks it against every version that each of its maps and
 * topics was stored with, by the stored version's `compat` (findings go to `report`; ZW_EMISMATCH
 * if there is one, and nothing has changed), adds a version to the catalog if its id is not there
 * yet, creates maps, indexes (built from existing records) and topic numbers. Committed and synced
 * on return. Records and events that it does not declare any more are kept: warnings, MAP_GONE and
 * TOPIC_GONE, once. On read-only stores ZW_EINVAL. The bytes are copied. Not while a transaction of
 * the calling thread is open.
 */
ZW_API int zw_store_schema_put(zw_store *store, zw_span bfbs, zw_finding_fn *report, void *ctx,
                               zw_diag *diag);
/* Versions: catalog numbers 1..count, ascending in time. NULL past the end. They live as long as
 * the store. */
ZW_API uint16_t zw_store_schema_count(const zw_store *store);
ZW_API const zw_schema *zw_store_schema(const zw_store *store, uint16_t version);
ZW_API const zw_model *zw_store_model(const zw_store *store, uint16_t version);
ZW_API uint16_t zw_store_schema_by_id(const zw_store *store,
                                      const uint8_t id[ZW_SCHEMA_ID_SIZE]); /* 0: none */
/* The newest version that declares the map or (exact or pattern) topic with this URI; 0: none. */
ZW_API uint16_t zw_store_topic_version(const zw_store *store, zw_str uri, enum zw_match match);

/* ---- transactions --------------------------------------------------------------------------------- */

/* A read transaction sees the last commit before it began. ZW_ESTORE while the store is being
 * reopened after a failure, ZW_ELIMIT (readers), ZW_ENOMEM; renew likewise. */
ZW_API int zw_txn_begin_read(zw_store *store, zw_txn **out);
/* For a loop: reset gives the snapshot back (views die), renew takes a fresh one. Renew on a live
 * one does nothing. */
ZW_API void zw_txn_reset(zw_txn *txn);
ZW_API int zw_txn_renew(zw_txn *txn);
/* A write transaction for direct use of maps by a program that owns the store (waits for the writer
 * thread's). */
ZW_API int zw_txn_begin_write(zw_store *store, zw_txn **out, zw_diag *diag);
/* Ends a write transaction, synced. ZW_EFULL, ZW_EIO: nothing of it is there. */
ZW_API int zw_txn_commit(zw_txn *txn, zw_diag *diag);
ZW_API void zw_txn_abort(zw_txn *txn); /* either kind; NULL is ignored */

/* ---- keys ------------------------------------------------------------------------------------------- */

/* An encoded key: sorts as octets the way its values sort. */
typedef struct zw_key {
  uint16_t len;
  uint8_t octets[ZW_KEY_MAX];
} zw_key;

/* One value of a key field, as a program gives it. */
typedef struct zw_key_value {
  uint8_t base; /* enum zw_base_type: scalars, ZW_T_STRING (text), ZW_T_VECTOR ([ubyte]: text as
                   octets), ZW_T_OBJ (fixed octets: text) */
  zw_scalar scalar;
  zw_str text;
} zw_key_value;

/* From the record's own fields. ZW_EKEY naming field and length, also for an absent string. */
ZW_API int zw_key_from_record(const zw_key_def *def, zw_table record, zw_key *out, zw_diag *diag);
/* From a table whose fields have the key's fields' names (the request of get, delete). */
ZW_API int zw_key_from_request(const zw_key_def *def, const zw_type *request_type, zw_table request,
                               zw_key *out, zw_diag *diag);
/* From values in order; fewer than the key's fields make a prefix. */
ZW_API int zw_key_from_values(const zw_key_def *def, const zw_key_value *values, size_t count,
                              zw_key *out, zw_diag *diag);
/* From words as a person types them, one a field. */
ZW_API int zw_key_from_words(const zw_key_def *def, const zw_str *words, size_t count, zw_key *out,
                             zw_diag *diag);

/* ---- maps ------------------------------------------------------------------------------------------- */

ZW_API zw_map *zw_store_map(zw_store *store,
                            zw_str name); /* NULL: none. Lives as long as the store */
/* For generated code: by name, with the stamp of the code checked against the store's current
 * version. The stamp is constant data. */
ZW_API int zw_store_map_stamped(zw_store *store, zw_str name, const zw_stamp *stamp, zw_map **out,
                                zw_diag *diag);
ZW_API size_t zw_store_map_count(const zw_store *store);
ZW_API zw_map *zw_store_map_at(zw_store *store, size_t i);
ZW_API const zw_map_def *zw_map_def_get(const zw_map *map);

/* A record in the map: `value` is the FlatBuffer (without trailer), `version` the schema that it
 * was written with. */
typedef struct zw_record {
  zw_span value;
  uint16_t version;
  const zw_type *type; /* of that version */
} zw_record;

static inline zw_table zw_record_table(const zw_record *r) { return zw_root_trusted(r->value); }

/* ZW_ENOTFOUND, ZW_ECORRUPT (checksum), ZW_ENOTSUP (flags of a later format), ZW_ESTALE (written
 * under a schema that came after this reader's open; or the transaction is from before a reopen),
 * ZW_EINVAL (the transaction is reset). */
ZW_API int zw_map_get(zw_txn *txn, zw_map *map, const zw_key *key, zw_record *out);
/* The record's bytes were verified (as the map's table); its key and index entries are made from
 * it. put replaces; insert: ZW_EEXISTS. A second record for a unique value: ZW_EEXISTS naming the
 * index. *old (may be NULL): whether there was one. */
ZW_API int zw_map_put(zw_txn *txn, zw_map *map, zw_span record, bool *old, zw_diag *diag);
ZW_API int zw_map_insert(zw_txn *txn, zw_map *map, zw_span record, zw_diag *diag);
ZW_API int zw_map_delete(zw_txn *txn, zw_map *map, const zw_key *key, zw_diag *diag);
ZW_API int zw_map_count(zw_txn *txn, zw_map *map, uint64_t *count);

/* A walk over a map in key order, or in the order of an index. */
typedef struct zw_cursor {
  zw_txn *txn;
  zw_map *map;
  void *private_[4];
  zw_key from, to;
  bool has_from, has_to, reverse, started;
  int index; /* position in def->indexes, or -1: primary */
} zw_cursor;

/* from and to (NULL: no bound) are full keys or prefixes, both inclusive; index -1: the primary
 * key. A walk ends with its snapshot (ZW_ESTALE after a reset and renew); it is deinited before its
 * transaction is committed or aborted. */
ZW_API int zw_cursor_init(zw_cursor *cursor, zw_txn *txn, zw_map *map, int index,
                          const zw_key *from, const zw_key *to, bool reverse);
/* ZW_ENOTFOUND: the end. ZW_ECORRUPT: the record, or the entry, is; the next call goes on. */
ZW_API int zw_cursor_next(zw_cursor *cursor, zw_record *out);
ZW_API void zw_cursor_deinit(zw_cursor *cursor);

/* ---- for generated code (NAME_store.h) --------------------------------------------------------------- */

/* Values of a key. */
static inline zw_key_value zw_key_of_text(enum zw_base_type base, zw_str text) {
  zw_key_value v = {(uint8_t)base, {0}, text};
  return v;
}
static inline zw_key_value zw_key_of_octets(enum zw_base_type base, zw_span octets) {
  return zw_key_of_text(base, zw_span_str(octets));
}
static inline zw_key_value zw_key_of_int(enum zw_base_type base, int64_t value) {
  zw_key_value v = {(uint8_t)base, {value}, {NULL, 0}};
  return v;
}
static inline zw_key_value zw_key_of_uint(enum zw_base_type base, uint64_t value) {
  zw_key_value v = {(uint8_t)base, {0}, {NULL, 0}};
  v.scalar.u = value;
  return v;
}
static inline zw_key_value zw_key_of_real(enum zw_base_type base, double value) {
  zw_key_value v = {(uint8_t)base, {0}, {NULL, 0}};
  v.scalar.d = value;
  return v;
}

/* The functions of maps with the map by its name, its stamp checked as zw_store_map_stamped does,
 * keys as values and records as views. A record that is put is the root of its buffer. */
ZW_API int zw_typed_get(zw_txn *txn, zw_str map, const zw_stamp *stamp, const zw_key_value *key,
                        size_t count, zw_table *out);
ZW_API int zw_typed_put(zw_txn *txn, zw_str map, const zw_stamp *stamp, zw_table record,
                        bool insert, zw_diag *diag);
ZW_API int zw_typed_delete(zw_txn *txn, zw_str map, const zw_stamp *stamp, const zw_key_value *key,
                           size_t count, zw_diag *diag);
ZW_API int zw_typed_count(zw_txn *txn, zw_str map, const zw_stamp *stamp, uint64_t *count);
/* index {NULL, 0}: the primary key. A count of 0: no bound. */
ZW_API int zw_typed_scan(zw_cursor *cursor, zw_txn *txn, zw_str map, const zw_stamp *stamp,
                         zw_str index, const zw_key_value *from, size_t from_count,
                         const zw_key_value *to, size_t to_count, bool reverse);
ZW_API int zw_typed_next(zw_cursor *cursor, zw_table *out); /* ZW_ENOTFOUND: the end */

/* ---- events ------------------------------------------------------------------------------------------ */

/* Who may see a stored event: lists of texts, in the event's FlatBuffer or given for appending. */
typedef struct zw_str_list {
  const zw_str *items; /* appending */
  zw_vec vec;          /* reading: [string] */
  size_t count;
} zw_str_list;
ZW_API zw_str zw_str_list_at(const zw_str_list *list, size_t i);

typedef struct zw_event {
  uint64_t seq;         /* 1, 2, … of the realm */
  uint64_t publication; /* made from seq */
  int64_t timestamp;    /* ns since 1970, strictly ascending with seq */
  uint32_t topic;       /* catalog number */
  zw_str uri; /* appending: the topic's URI. Reading: the declared URI, or for pattern topics the
                 published one */
  uint64_t publisher; /* session id; 0: not disclosed and not known */
  zw_str publisher_authid, publisher_authrole;
  zw_str_list exclude_authid, exclude_authrole, eligible_authid, eligible_authrole;
  uint16_t version;     /* schema of the payload; 0: untyped */
  zw_span payload;      /* typed: a FlatBuffer */
  zw_span args, kwargs; /* untyped: CBOR */
} zw_event;

/* The number of a durable topic (declared with history); 0: none. */
ZW_API uint32_t zw_store_topic(const zw_store *store, zw_str uri, enum zw_match match);
ZW_API const zw_topic_def *zw_store_topic_def(const zw_store *store,
                                              uint32_t topic); /* newest version's */
ZW_API uint32_t zw_store_topic_count(const zw_store *store);   /* numbers are 1..count */

/* seq → publication id in 1..2^52 and back (0: not one of ours). */
ZW_API uint64_t zw_publication_of_seq(const zw_store *store, uint64_t seq);
ZW_API uint64_t zw_seq_of_publication(const zw_store *store, uint64_t publication);
ZW_API uint64_t zw_store_first_seq(const zw_store *store);
ZW_API uint64_t zw_store_last_seq(const zw_store *store); /* committed and visible */

/* The stable subscription id of (match, uri) that touches durable topics: found, or made (and
 * committed with the next batch). 0: no memory. */
ZW_API uint64_t zw_store_subscription(zw_store *store, enum zw_match match, zw_str uri);
/* Walks those that exist: false past the end. */
ZW_API bool zw_store_subscription_at(const zw_store *store, size_t i, uint64_t *id,
                                     enum zw_match *match, zw_str *uri);

/* ---- the commit path: one loop submits, one writer thread commits in groups ----------------------------- */

enum zw_write_kind { ZW_WRITE_EVENT, ZW_WRITE_PUT, ZW_WRITE_INSERT, ZW_WRITE_DELETE };

/* One write; the submitter owns it until it comes back from zw_store_completed. */
typedef struct zw_write {
  struct zw_write *next; /* private */
  enum zw_write_kind kind;
  zw_event event; /* EVENT: spans are valid until completed; seq, publication and timestamp are set
                     by submit */
  zw_map *map;    /* PUT, INSERT, DELETE */
  zw_span record; /* PUT, INSERT: verified bytes, valid until completed */
  zw_key key;     /* DELETE */
  /* PUT, INSERT, DELETE: an EVENT (or several, by their own `then`) that is submitted with this
     write and appended in the same commit; where the write fails it has the write's error. */
  struct zw_write *then;
  const struct zw_write *of; /* private: whose `then` it is */
  zw_buf *owner;             /* of the spans; the submitter's business */
  void *user;
  int error;     /* result */
  zw_diag diag;  /* result: in words */
  bool replaced; /* PUT: there was one before */
} zw_write;

/* Starts the writer thread. `completed` is called on that thread after each commit (or failed
 * commit): wake the loop, which calls zw_store_completed. */
ZW_API int zw_store_writer_start(zw_store *store, void (*completed)(void *ctx), void *ctx,
                                 zw_diag *diag);
/*
 * Queues a write, and what is to follow it (`then`): all or nothing. Events get their sequence
 * number here, so order of submission is order in the log; one whose write fails leaves a gap.
 * Octets are copied once, into LMDB's page, by the writer. A group that fails as a whole (no space,
 * I/O) completes each of its writes with that error; a write that fails alone (key exists) leaves
 * the others.
 */
ZW_API int zw_store_submit(zw_store *store, zw_write *write);
/* The writes that are done, in order of submission, as a list by `next`; NULL: none. An event in it
 * is visible to transactions begun (or renewed) after this call. */
ZW_API zw_write *zw_store_completed(zw_store *store);
/* Waits until all that was submitted is committed, or has failed (they still come through
 * zw_store_completed). Not while the calling thread has a write transaction. */
ZW_API void zw_store_flush(zw_store *store);

/* ---- history ----------------------------------------------------------------------------------------- */

/*
 * A walk over stored events: of one topic, of several, or of all, in order of seq or backwards. It
 * remembers a position, never a transaction, so that it goes on in a later one.
 */
typedef struct zw_history {
  zw_store *store;
  uint32_t *topics; /* private: sorted numbers */
  uint32_t topic_count;
  uint64_t next, last; /* seq bounds, inclusive; next moves (backwards: last) */
  int64_t until_time;  /* private */
  bool reverse, all;
  void *private_[4];
} zw_history;

typedef struct zw_history_filter {
  const uint32_t *topics; /* numbers; NULL: all */
  uint32_t topic_count;
  uint64_t from_seq, to_seq; /* inclusive; 0: no bound */
  int64_t from_time,
      until_time; /* ns, inclusive; INT64_MIN, INT64_MAX: no bound. 0-initialised: use has_ flags */
  bool has_from_time, has_until_time;
  bool reverse;
} zw_history_filter;

ZW_API int zw_history_init(zw_history *history, zw_txn *txn, zw_store *store,
                           const zw_history_filter *filter);
/* The next event, or ZW_ENOTFOUND when there is none yet (may be asked again later), ZW_ECORRUPT
 * (that event is skipped by asking again), ZW_ESTORE (the pages that lead on are damaged). */
ZW_API int zw_history_next(zw_history *history, zw_txn *txn, zw_event *out);
/* Positions it so that the last n of what it would give remain (forward walks). */
ZW_API int zw_history_last(zw_history *history, zw_txn *txn, uint64_t n);
ZW_API void zw_history_deinit(zw_history *history);
/* The event with this seq. */
ZW_API int zw_event_get(zw_txn *txn, zw_store *store, uint64_t seq, zw_event *out);
/*
 * The payload of an event that was read in an earlier transaction, at its address in this one: for
 * octets that are on their way to a slow reader. Its checksum is not checked again, and limits of
 * its topic do not hide it; ZW_ENOTFOUND where it has been deleted.
 */
ZW_API int zw_event_reread(zw_txn *txn, zw_store *store, uint64_t seq, zw_span *payload);
/* The first seq at or after a time (last_seq + 1: none). */
ZW_API int zw_event_seq_at(zw_txn *txn, zw_store *store, int64_t time, uint64_t *seq);

#ifdef __cplusplus
}
#endif

#endif
