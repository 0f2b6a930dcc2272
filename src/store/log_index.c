/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log's index finds a topic's events: key = topic number, last sequence of the block (both u64
 * big-endian); value = up to 256 sequence numbers (u64 little-endian, ascending) and a trailer. Two
 * more kinds of record, told apart by a last sequence of 0, which no event has: topic 0: the number
 * up to which the index is written; another topic: its watermark, up to which its events have
 * expired.
 *
 * What is not written yet, the tail, is in memory, one list a topic; it is written every 8,192
 * events and at close, in the transaction of the group that reaches the limit, and rebuilt from the
 * log at open. An event enters the tail before its commit: a reader ignores what its snapshot's log
 * does not have. After a write the tail begins later than an old snapshot's index ends: such a
 * reader looks through the log itself between the two.
 */
#include "store_state.h"

static MDB_val block_key(uint8_t octets[INDEX_KEY_SIZE], uint64_t topic, uint64_t last) {
  zw_store_be64(octets, topic);
  zw_store_be64(octets + 8, last);
  return (MDB_val){INDEX_KEY_SIZE, octets};
}

/* ---- single numbers ---- */

static int put_number(zw_store *store, MDB_txn *txn, uint64_t topic, uint64_t value) {
  uint8_t octets[INDEX_KEY_SIZE], number[8];
  zw_store_le64(number, value);
  return zw_trailer_put(txn, store->blocks, DB_LOG_TOPICS, block_key(octets, topic, 0),
                        zw_span_of(number, 8), 0, 0);
}

static int get_number(zw_store *store, MDB_txn *txn, uint64_t topic, uint64_t *value) {
  uint8_t octets[INDEX_KEY_SIZE];
  MDB_val key = block_key(octets, topic, 0), found;
  *value = 0;
  int code = mdb_get(txn, store->blocks, &key, &found);
  if (code == MDB_NOTFOUND) return 0;
  if (code) return zw_store_error(NULL, code, "");
  if (found.mv_size != 8 + TRAILER_SIZE || zw_trailer_check(store, DB_LOG_TOPICS, key, found, NULL))
    return ZW_ECORRUPT;
  *value = zw_load_le64(found.mv_data);
  return 0;
}

int zw_log_index_put_expired(zw_store *store, MDB_txn *txn, topic_entry *topic) {
  return put_number(store, txn, topic->number, topic->expired_next);
}

/* ---- the tail ---- */

int zw_log_index_add(zw_store *store, topic_entry *topic, uint64_t seq) {
  pthread_mutex_lock(&store->tail_lock);
  void *tail = topic->tail;
  int error = zw_array_reserve(store->alloc, &tail, &topic->tail_capacity, topic->tail_count + 1,
                               sizeof *topic->tail);
  topic->tail = tail;
  if (!error) {
    topic->tail[topic->tail_count++] = seq;
    topic->events++;
    store->tail_total++;
  }
  pthread_mutex_unlock(&store->tail_lock);
  return error;
}

void zw_log_index_drop(zw_store *store, uint64_t from) {
  pthread_mutex_lock(&store->tail_lock);
  for (size_t i = 0; i < zw_catalog_topic_count(store); i++) {
    topic_entry *topic = zw_catalog_topic(store, (uint32_t)i + 1);
    while (topic->tail_count && topic->tail[topic->tail_count - 1] >= from) {
      topic->tail_count--;
      topic->events--;
      store->tail_total--;
    }
  }
  pthread_mutex_unlock(&store->tail_lock);
}

void zw_log_index_forget(zw_store *store, topic_entry *topic, size_t count) {
  pthread_mutex_lock(&store->tail_lock);
  topic->tail_count -= count;
  store->tail_total -= count;
  if (count) memmove(topic->tail, topic->tail + count, topic->tail_count * sizeof *topic->tail);
  pthread_mutex_unlock(&store->tail_lock);
}

/* Only the writer changes tails, and it is the caller: reading them takes no lock. */
static int write_topic(zw_store *store, MDB_txn *txn, const topic_entry *topic) {
  for (size_t i = 0; i < topic->tail_count;) {
    size_t n = topic->tail_count - i < BLOCK_EVENTS ? topic->tail_count - i : BLOCK_EVENTS;
    uint8_t octets[INDEX_KEY_SIZE], block[BLOCK_EVENTS * 8];
    for (size_t j = 0; j < n; j++) zw_store_le64(block + 8 * j, topic->tail[i + j]);
    i += n;
    MDB_val key = block_key(octets, topic->number, topic->tail[i - 1]);
    int code =
        zw_trailer_put(txn, store->blocks, DB_LOG_TOPICS, key, zw_span_of(block, 8 * n), 0, 0);
    if (code) return code;
  }
  return 0;
}

int zw_log_index_write(zw_store *store, MDB_txn *txn, uint64_t through) {
  int code = 0;
  for (size_t i = 0; i < store->topic_count && !code; i++)
    code = write_topic(store, txn, zw_catalog_topic(store, (uint32_t)i + 1));
  return code ? code : put_number(store, txn, 0, through);
}

void zw_log_index_written(zw_store *store, uint64_t through) {
  pthread_mutex_lock(&store->tail_lock);
  for (size_t i = 0; i < zw_catalog_topic_count(store); i++)
    zw_catalog_topic(store, (uint32_t)i + 1)->tail_count = 0;
  store->tail_total = 0;
  store->tail_from = through + 1;
  pthread_mutex_unlock(&store->tail_lock);
}

/* ---- at open ---- */

static size_t block_count(MDB_val value) { return value.mv_size / 8 - 1; }

/* How many numbers of a block lie above the watermark. */
static size_t count_above(zw_store *store, MDB_val key, MDB_val value, uint64_t expired) {
  size_t n = block_count(value), low = 0;
  const uint8_t *at = value.mv_data;
  if (zw_trailer_check(store, DB_LOG_TOPICS, key, value, NULL)) return n;
  while (low < n && zw_load_le64(at + 8 * low) <= expired) low++;
  return n - low;
}

/* Counts the topic's live events; watermarks are the first record of each topic. */
static int count_blocks(zw_store *store, MDB_txn *txn) {
  MDB_cursor *cursor;
  MDB_val key, value;
  int code = mdb_cursor_open(txn, store->blocks, &cursor);
  if (code) return code;
  while (!(code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))) {
    if (key.mv_size != INDEX_KEY_SIZE || zw_load_be64(key.mv_data) > UINT32_MAX) continue;
    topic_entry *topic = zw_catalog_topic(store, (uint32_t)zw_load_be64(key.mv_data));
    uint64_t last = zw_load_be64((const uint8_t *)key.mv_data + 8);
    if (!topic || value.mv_size < 2 * TRAILER_SIZE || block_count(value) > BLOCK_EVENTS) continue;
    uint64_t expired = atomic_load(&topic->expired);
    if (last == 0) {
      if (zw_trailer_check(store, DB_LOG_TOPICS, key, value, NULL)) continue;
      topic->expired_next = zw_load_le64(value.mv_data);
      atomic_store(&topic->expired, topic->expired_next);
      store->sweep_left = true;
    } else if (last > expired) {
      /* Only the first block that lives can be cut by the watermark. */
      topic->events +=
          topic->events || !expired ? block_count(value) : count_above(store, key, value, expired);
    }
  }
  mdb_cursor_close(cursor);
  return code == MDB_NOTFOUND ? 0 : code;
}

static int rebuild_tail(zw_store *store, MDB_txn *txn) {
  uint8_t octets[LOG_KEY_SIZE];
  MDB_val key = zw_log_key(octets, store->tail_from), value;
  MDB_cursor *cursor;
  int code = mdb_cursor_open(txn, store->events, &cursor), error = 0;
  if (code) return zw_store_error(NULL, code, "");
  code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
  for (; !code && !error; code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
    zw_event event;
    if (zw_trailer_check(store, DB_LOG, key, value, NULL)) continue;
    uint64_t seq = zw_load_be64(key.mv_data);
    zw_event_read(store, zw_span_of(value.mv_data, value.mv_size - TRAILER_SIZE), seq, &event);
    topic_entry *topic = zw_catalog_topic(store, event.topic);
    if (topic && seq > atomic_load(&topic->expired)) error = zw_log_index_add(store, topic, seq);
  }
  mdb_cursor_close(cursor);
  if (!error && code != MDB_NOTFOUND) error = code ? zw_store_error(NULL, code, "") : 0;
  return error;
}

static void forget_tails(zw_store *store) {
  for (size_t i = 0; i < zw_catalog_topic_count(store); i++) {
    topic_entry *topic = zw_catalog_topic(store, (uint32_t)i + 1);
    topic->tail_count = 0;
    topic->events = 0;
  }
  store->tail_total = 0;
}

/* An index that cannot be trusted is emptied but for the watermarks, to be made again from the log.
 */
static int start_again(zw_store *store, MDB_txn *txn) {
  int code = count_blocks(store, txn);
  if (!code) code = mdb_drop(txn, store->blocks, 0);
  if (!code) code = put_number(store, txn, 0, 0);
  for (size_t i = 0; i < zw_catalog_topic_count(store) && !code; i++) {
    topic_entry *topic = zw_catalog_topic(store, (uint32_t)i + 1);
    if (topic->expired_next) code = zw_log_index_put_expired(store, txn, topic);
  }
  forget_tails(store);
  return code;
}

static int open_index(zw_store *store, MDB_txn *txn, bool writing, uint64_t *through) {
  int code = 0, error = get_number(store, txn, 0, through);
  forget_tails(store);
  if (error == ZW_ECORRUPT && (writing || store->read_only)) {
    *through = 0;
    if (writing) code = start_again(store, txn);
  } else if (error) {
    return error;
  }
  if (!code) code = count_blocks(store, txn);
  if (code) return zw_store_error(NULL, code, "");
  /* A store that others write has no tail: their events are found in the log itself. */
  store->tail_from = store->read_only ? UINT64_MAX : *through + 1;
  return store->read_only ? 0 : rebuild_tail(store, txn);
}

int zw_log_load(zw_store *store, MDB_txn *txn, bool writing, int64_t *time) {
  uint64_t first, last, through;
  int error = zw_event_bounds(store, txn, &first, &last, time);
  if (!error) error = open_index(store, txn, writing, &through);
  if (error) return error;
  /* Events that are deleted were in the index: their numbers are never given again. */
  if (last < through) last = through;
  atomic_store(&store->last_seq, last);
  atomic_store(&store->first_seq, first ? first : last + 1);
  return 0;
}

/* ---- finding ---- */

typedef struct finder {
  zw_txn *txn;
  zw_store *store;
  topic_entry *topic;
  uint64_t from, to;
  bool reverse;
  uint64_t *out;
  size_t max, count;
} finder;

static bool full(const finder *f) { return f->count == f->max; }

/* Takes the numbers of an ascending list that are in range, in the walk's direction. */
static void take(finder *f, const uint8_t *numbers, size_t n) {
  for (size_t i = 0; i < n && !full(f); i++) {
    uint64_t seq = zw_load_le64(numbers + 8 * (f->reverse ? n - 1 - i : i));
    if (seq >= f->from && seq <= f->to) f->out[f->count++] = seq;
  }
}

static bool is_of(MDB_val key, const topic_entry *topic) {
  return key.mv_size == INDEX_KEY_SIZE && zw_load_be64(key.mv_data) == topic->number;
}

static int take_blocks(finder *f) {
  uint8_t octets[INDEX_KEY_SIZE];
  MDB_val key = block_key(octets, f->topic->number, f->reverse ? f->to : f->from), value;
  MDB_cursor *cursor;
  int error = zw_txn_block_cursor(f->txn, &cursor);
  if (error) return error;
  int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
  bool past = code == MDB_NOTFOUND || (!code && !is_of(key, f->topic));
  if (f->reverse && past) code = mdb_cursor_get(cursor, &key, &value, code ? MDB_LAST : MDB_PREV);
  while (!code && !full(f) && !error) {
    const uint8_t *k = key.mv_data;
    if (!is_of(key, f->topic)) break;
    uint64_t last = zw_load_be64(k + 8);
    if (last == 0 || (f->reverse && last < f->from)) break;
    if ((error = zw_trailer_check(f->store, DB_LOG_TOPICS, key, value, NULL))) break;
    take(f, value.mv_data, block_count(value));
    if (!f->reverse && last >= f->to) break;
    code = mdb_cursor_get(cursor, &key, &value, f->reverse ? MDB_PREV : MDB_NEXT);
  }
  zw_txn_release_cursor(f->txn, cursor);
  return !error && code && code != MDB_NOTFOUND ? zw_store_error(NULL, code, "") : error;
}

static void take_tail(finder *f, uint64_t *tail_from) {
  topic_entry *topic = f->topic;
  pthread_mutex_lock(&f->store->tail_lock);
  *tail_from = f->store->tail_from;
  for (size_t i = 0; i < topic->tail_count && !full(f); i++) {
    uint64_t seq = topic->tail[f->reverse ? topic->tail_count - 1 - i : i];
    if (seq >= f->from && seq <= f->to) f->out[f->count++] = seq;
  }
  pthread_mutex_unlock(&f->store->tail_lock);
}

/* Looks through the log itself, between the end of an old snapshot's index and the tail. */
static int take_log(finder *f, uint64_t first, uint64_t last) {
  if (first < f->from) first = f->from;
  if (last > f->to) last = f->to;
  while (first <= last && !full(f)) {
    uint64_t seq = 0, found;
    zw_event event;
    int error;
    if (f->reverse) {
      error = zw_log_before(f->txn, f->store, last, &seq);
      if (!error) error = zw_log_read(f->txn, f->store, seq, MDB_SET_KEY, &found, &event);
    } else {
      error = zw_log_read(f->txn, f->store, first, MDB_SET_RANGE, &seq, &event);
    }
    if (error && !seq) return error == ZW_ENOTFOUND ? 0 : error;
    if (seq < first || seq > last) return 0;
    if (!error && event.topic == f->topic->number) f->out[f->count++] = seq;
    if (f->reverse)
      last = seq - 1;
    else
      first = seq + 1;
  }
  return 0;
}

/* What is left, from the log: slower, and never wrong. */
static int take_rest(finder *f) {
  uint64_t at = f->count ? f->out[f->count - 1] : 0;
  if (!f->reverse) return take_log(f, at ? at + 1 : f->from, f->to);
  return take_log(f, f->from, at ? at - 1 : f->to);
}

static int find_forward(finder *f, uint64_t through) {
  uint64_t tail_from;
  int error = take_blocks(f);
  if (error || full(f)) return error;
  finder tail = *f;
  if (tail.from <= through) tail.from = through + 1;
  take_tail(&tail, &tail_from);
  /* The tail was written after this snapshot: what it held is in the snapshot's log only. */
  if (tail_from > through + 1) return take_log(f, through + 1, f->to);
  f->count = tail.count;
  return 0;
}

static int find_reverse(finder *f, uint64_t through) {
  uint64_t tail_from, from = f->from, to = f->to;
  if (f->from <= through) f->from = through + 1;
  take_tail(f, &tail_from);
  f->from = from;
  int error = 0;
  if (!full(f) && tail_from > through + 1) error = take_log(f, through + 1, tail_from - 1);
  if (error || full(f)) return error;
  if (f->to > through) f->to = through;
  error = take_blocks(f);
  f->to = to;
  return error;
}

int zw_log_index_find(zw_txn *txn, topic_entry *topic, uint64_t from, uint64_t to, bool reverse,
                      uint64_t *out, size_t max, size_t *count) {
  uint64_t through, last = zw_txn_last_seq(txn), expired = atomic_load(&topic->expired);
  *count = 0;
  if (from <= expired) from = expired + 1;
  if (to > last) to = last;
  if (from > to || max == 0) return 0;
  int error = zw_txn_usable(txn);
  if (error) return error;
  finder f = {txn, txn->store, topic, from, to, reverse, out, max, 0};
  error = get_number(txn->store, txn->mdb, 0, &through);
  if (!error) error = reverse ? find_reverse(&f, through) : find_forward(&f, through);
  if (error == ZW_ECORRUPT) error = take_rest(&f);
  *count = f.count;
  return error;
}
