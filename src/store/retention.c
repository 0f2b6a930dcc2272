/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the topics' `history` limits say. An event expires by its topic's watermark: everything up
 * to it is hidden from the commit on that moves it. The events themselves are deleted behind it,
 * whole blocks of the index at a time and a bounded number a commit, so that no commit is long.
 *
 * By count: a topic keeps at least as many events as it says, exactly up to 1,024, above that up to
 * 1/64 more. By age: looked at once a second. The limit in octets is not applied.
 */
#include "store_state.h"

#define EXACT_COUNT 1024
#define SWEEP_EVENTS 1024
#define SWEEP_TOPICS 256

/* ---- watermarks ---- */

static int move_watermark(zw_store *store, zw_txn *txn, topic_entry *topic, uint64_t seq,
                          uint64_t passed) {
  topic->expired_next = seq;
  topic->expiring = passed;
  if (!topic->touched) {
    topic->touched = true;
    topic->next_touched = store->touched;
    store->touched = topic;
  }
  return store->sync == ZW_SYNC_OFF ? 0 : zw_log_index_put_expired(store, txn->mdb, topic);
}

/* Moves the watermark over the `excess` oldest events. */
static int expire_count(zw_store *store, zw_txn *txn, topic_entry *topic, uint64_t excess) {
  uint64_t seqs[BLOCK_EVENTS], seq = 0, left = excess, from = atomic_load(&topic->expired) + 1;
  while (left) {
    size_t n, max = left < BLOCK_EVENTS ? (size_t)left : BLOCK_EVENTS;
    int error = zw_log_index_find(txn, topic, from, UINT64_MAX, false, seqs, max, &n);
    if (error) return error;
    if (n == 0) break;
    seq = seqs[n - 1];
    from = seq + 1;
    left -= n;
  }
  return seq ? move_watermark(store, txn, topic, seq, excess - left) : 0;
}

static int by_count(zw_store *store, zw_txn *txn, topic_entry *topic) {
  uint64_t keep = topic->def ? topic->def->history_count : 0;
  uint64_t slack = keep > EXACT_COUNT ? keep / 64 : 0;
  if (!keep || topic->events <= keep + slack) return 0;
  return expire_count(store, txn, topic, topic->events - keep);
}

/* Events before seq are too old. */
static int by_age(zw_store *store, zw_txn *txn, topic_entry *topic, uint64_t seq) {
  uint64_t seqs[BLOCK_EVENTS], from = atomic_load(&topic->expired) + 1, passed = 0;
  size_t n = BLOCK_EVENTS;
  int error = 0;
  if (seq <= from) return 0;
  for (; !error && n == BLOCK_EVENTS; passed += n) {
    error = zw_log_index_find(txn, topic, from, seq - 1, false, seqs, BLOCK_EVENTS, &n);
    if (!error && n) from = seqs[n - 1] + 1;
  }
  if (error || !passed) return error;
  /* The count limit may have moved it further in this very step. */
  return from - 1 > topic->expired_next ? move_watermark(store, txn, topic, from - 1, passed) : 0;
}

static int64_t age_of(const topic_entry *topic) {
  return topic->def ? topic->def->history_age_ns : 0;
}

/* Topics that follow each other with the same limit share the search, which reads whole events. */
static int age_all(zw_store *store, zw_txn *txn) {
  int64_t now = zw_store_now(store), age = 0;
  uint64_t seq = 0;
  int error = 0;
  store->aged_at = now;
  for (uint32_t i = 1; !error && i <= zw_catalog_topic_count(store); i++) {
    topic_entry *topic = zw_catalog_topic(store, i);
    if (age_of(topic) <= 0) continue;
    if (age_of(topic) != age) {
      age = age_of(topic);
      error = zw_event_seq_at(txn, store, now - age, &seq);
    }
    if (!error) error = by_age(store, txn, topic, seq);
  }
  return error;
}

static bool age_due(const zw_store *store) {
  int64_t since = zw_store_now(store) - store->aged_at;
  return since >= NS_PER_SECOND || since < 0;
}

/* ---- deleting ---- */

static int delete_events(zw_store *store, MDB_txn *txn, MDB_val block) {
  const uint8_t *at = block.mv_data;
  uint64_t seqs[BLOCK_EVENTS];
  size_t n = block.mv_size / 8 - 1;
  if (n > BLOCK_EVENTS) return MDB_CORRUPTED;
  /* The block may move when the log changes. */
  for (size_t i = 0; i < n; i++) seqs[i] = zw_load_le64(at + 8 * i);
  for (size_t i = 0; i < n; i++) {
    uint8_t octets[LOG_KEY_SIZE];
    MDB_val key = zw_log_key(octets, seqs[i]);
    int code = mdb_del(txn, store->events, &key, NULL);
    if (code && code != MDB_NOTFOUND) return code;
  }
  return 0;
}

/* Deletes whole blocks behind the committed watermark. */
static int sweep_topic(zw_store *store, MDB_txn *txn, topic_entry *topic, size_t *budget) {
  uint64_t expired = atomic_load(&topic->expired);
  uint8_t octets[INDEX_KEY_SIZE];
  while (*budget && topic->swept < expired) {
    zw_store_be64(octets, topic->number);
    zw_store_be64(octets + 8, 1);
    MDB_val key = {sizeof octets, octets}, value;
    MDB_cursor *cursor;
    int code = mdb_cursor_open(txn, store->blocks, &cursor);
    if (code) return code;
    code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    const uint8_t *k = key.mv_data;
    bool whole = !code && key.mv_size == INDEX_KEY_SIZE && zw_load_be64(k) == topic->number &&
                 zw_load_be64(k + 8) <= expired;
    if (whole) {
      *budget -= value.mv_size / 8 < *budget ? value.mv_size / 8 : *budget;
      if (zw_trailer_check(store, DB_LOG_TOPICS, key, value, NULL) == 0)
        code = delete_events(store, txn, value);
      if (!code) code = mdb_cursor_del(cursor, 0);
    } else {
      topic->swept = expired;
    }
    mdb_cursor_close(cursor);
    if (code && code != MDB_NOTFOUND) return code;
  }
  return 0;
}

/* Of a log in memory the tails are all of the index. */
static void sweep_memory(zw_store *store) {
  for (uint32_t i = 1; i <= zw_catalog_topic_count(store); i++) {
    topic_entry *topic = zw_catalog_topic(store, i);
    uint64_t expired = atomic_load(&topic->expired);
    size_t n = 0;
    if (topic->swept == expired) continue;
    topic->swept = expired;
    for (; n < topic->tail_count && topic->tail[n] <= expired; n++)
      zw_memory_expire(store, topic->tail[n]);
    zw_log_index_forget(store, topic, n);
  }
  store->sweep_left = false;
}

static int sweep(zw_store *store, MDB_txn *txn) {
  /* Faster than what comes in. */
  size_t budget = SWEEP_EVENTS + 2 * (size_t)store->writer.group_writes;
  size_t count = zw_catalog_topic_count(store);
  size_t look = count < SWEEP_TOPICS ? count : SWEEP_TOPICS;
  int code = 0;
  for (size_t i = 0; i < look && budget && !code; i++) {
    topic_entry *topic = zw_catalog_topic(store, store->sweep_topic % (uint32_t)count + 1);
    code = sweep_topic(store, txn, topic, &budget);
    if (budget) store->sweep_topic++;
  }
  /* A full turn without spending all of the budget means that there is nothing left. */
  store->sweep_left = budget == 0 || (count > look && store->sweep_topic % (uint32_t)count >= look);
  return code;
}

/* ---- steps ---- */

static int find_first(zw_store *store, MDB_txn *txn) {
  MDB_cursor *cursor;
  MDB_val key, value;
  int code = mdb_cursor_open(txn, store->events, &cursor);
  if (code) return code;
  code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
  if (!code) code = zw_log_seq(key, &store->first_seq_next);
  if (code == MDB_NOTFOUND) store->first_seq_next = zw_memory_first(store);
  mdb_cursor_close(cursor);
  return code == MDB_NOTFOUND ? 0 : code;
}

int zw_retention_step(zw_store *store, zw_txn *txn) {
  int code = 0;
  for (topic_entry *t = store->touched; t && !code; t = t->next_touched)
    code = by_count(store, txn, t);
  if (!code && age_due(store)) code = age_all(store, txn);
  if (!code && store->sweep_left && store->sync == ZW_SYNC_OFF)
    sweep_memory(store);
  else if (!code && store->sweep_left)
    code = sweep(store, txn->mdb);
  return code ? code : find_first(store, txn->mdb);
}

void zw_retention_end(zw_store *store, bool committed) {
  for (topic_entry *t = store->touched, *next; t; t = next) {
    next = t->next_touched;
    t->touched = false;
    t->next_touched = NULL;
    uint64_t expired = atomic_load(&t->expired);
    if (!committed) t->expired_next = expired;
    if (t->expired_next > expired) {
      pthread_mutex_lock(&store->tail_lock);
      t->events -= t->expiring;
      pthread_mutex_unlock(&store->tail_lock);
      atomic_store(&t->expired, t->expired_next);
      store->sweep_left = true;
    }
    t->expiring = 0;
  }
  store->touched = NULL;
  if (committed && store->first_seq_next) atomic_store(&store->first_seq, store->first_seq_next);
}

bool zw_retention_due(const zw_store *store) {
  if (store->sweep_left) return true;
  if (!age_due(store)) return false;
  for (uint32_t i = 1; i <= zw_catalog_topic_count(store); i++)
    if (age_of(zw_catalog_topic(store, i)) > 0) return true;
  return false;
}
