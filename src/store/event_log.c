/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one append-only database, key = sequence number (u64 big-endian), value = StoredEvent,
 * trailer. The payload is copied once, into the page that LMDB hands out.
 */
#include "store_state.h"

int zw_event_append(zw_store *store, MDB_txn *txn, zw_builder *scratch, const zw_event *event) {
  const topic_entry *topic = zw_catalog_topic(store, event->topic);
  zw_span head, tail;
  int error = zw_event_head(scratch, event, topic && topic->match != ZW_MATCH_EXACT, &head, &tail);
  if (error) return error;
  if (store->sync == ZW_SYNC_OFF) return zw_memory_append(store, event->seq, head, tail);
  uint8_t octets[LOG_KEY_SIZE];
  MDB_val key = zw_log_key(octets, event->seq);
  /* Without a tail the head ends at its own alignment. */
  size_t content = head.len + tail.len, padded = zw_pad8(content);
  MDB_val page = {padded + TRAILER_SIZE, NULL};
  int code = mdb_put(txn, store->events, &key, &page, MDB_APPEND | MDB_RESERVE);
  if (code) return code;
  uint8_t *at = page.mv_data;
  memcpy(at, head.ptr, head.len);
  if (tail.len) memcpy(at + head.len, tail.ptr, tail.len);
  memset(at + content, 0, padded - content);
  zw_trailer_write(DB_LOG, key, at, padded, event->version);
  return 0;
}

/* Its topic's watermark hides an event. */
static int hide(const zw_store *store, const zw_event *event) {
  const topic_entry *topic = zw_catalog_topic(store, event->topic);
  return topic && event->seq <= atomic_load(&topic->expired) ? ZW_ENOTFOUND : 0;
}

/* Reads the event that a cursor of the log stands on. */
static int expose(zw_txn *txn, zw_store *store, MDB_val key, MDB_val value, zw_event *out) {
  int error = zw_trailer_check(store, DB_LOG, key, value, NULL);
  if (error) return error;
  zw_span bytes = zw_txn_expose(txn, value, &error);
  if (error) return error;
  bytes.len -= TRAILER_SIZE;
  zw_event_read(store, bytes, zw_load_be64(key.mv_data), out);
  return hide(store, out);
}

static int read_memory(zw_txn *txn, zw_store *store, uint64_t seq, bool exactly, uint64_t *found,
                       zw_event *out) {
  zw_span bytes;
  int error = zw_memory_read(store, seq, exactly, zw_txn_last_seq(txn), found, &bytes);
  if (error || !out) return error;
  zw_event_read(store, bytes, *found, out);
  return hide(store, out);
}

/* The entry that a cursor finds: its octets lie in the page, and outlive the cursor. */
static int seek(zw_txn *txn, uint64_t seq, MDB_cursor_op op, MDB_val *key, MDB_val *value) {
  uint8_t octets[LOG_KEY_SIZE];
  MDB_val at = zw_log_key(octets, seq);
  MDB_cursor *cursor;
  int error = zw_txn_log_cursor(txn, &cursor);
  if (error) return error;
  int code = mdb_cursor_get(cursor, &at, value, op);
  zw_txn_release_cursor(txn, cursor);
  if (code) return zw_store_error(NULL, code, "");
  *key = at;
  return 0;
}

static int read_database(zw_txn *txn, zw_store *store, uint64_t seq, MDB_cursor_op op,
                         uint64_t *found, zw_event *out) {
  MDB_val key, value;
  int error = seek(txn, seq, op, &key, &value);
  if (error) return error;
  int code = zw_log_seq(key, found);
  if (code) return zw_store_error(NULL, code, "");
  return out ? expose(txn, store, key, value, out) : 0;
}

int zw_log_read(zw_txn *txn, zw_store *store, uint64_t seq, MDB_cursor_op op, uint64_t *found,
                zw_event *out) {
  *found = 0;
  int error = read_database(txn, store, seq, op, found, out);
  if (error != ZW_ENOTFOUND || *found || store->sync != ZW_SYNC_OFF) return error;
  return read_memory(txn, store, seq, op == MDB_SET_KEY, found, out);
}

static int database_before(zw_txn *txn, uint64_t seq, uint64_t *found) {
  uint8_t octets[LOG_KEY_SIZE];
  uint64_t at;
  MDB_val key = zw_log_key(octets, seq), value;
  MDB_cursor *cursor;
  int error = zw_txn_log_cursor(txn, &cursor);
  if (error) return error;
  int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
  if (code == MDB_NOTFOUND)
    code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
  else if (!code && !(code = zw_log_seq(key, &at)) && at > seq)
    code = mdb_cursor_get(cursor, &key, &value, MDB_PREV);
  if (!code) code = zw_log_seq(key, found);
  zw_txn_release_cursor(txn, cursor);
  return code ? zw_store_error(NULL, code, "") : 0;
}

int zw_log_before(zw_txn *txn, zw_store *store, uint64_t seq, uint64_t *found) {
  if (store->sync == ZW_SYNC_OFF) {
    uint64_t last = zw_txn_last_seq(txn);
    if (zw_memory_before(store, seq < last ? seq : last, found) == 0) return 0;
  }
  return database_before(txn, seq, found);
}

int zw_event_get(zw_txn *txn, zw_store *store, uint64_t seq, zw_event *out) {
  uint64_t found = 0;
  return seq ? zw_log_read(txn, store, seq, MDB_SET_KEY, &found, out) : ZW_ENOTFOUND;
}

/* The value of an event, its checksum unchecked. */
static int find_value(zw_txn *txn, zw_store *store, uint64_t seq, zw_span *bytes) {
  uint64_t found = 0;
  MDB_val key, value;
  if (store->sync == ZW_SYNC_OFF &&
      zw_memory_read(store, seq, true, zw_txn_last_seq(txn), &found, bytes) == 0)
    return 0;
  int error = seek(txn, seq, MDB_SET_KEY, &key, &value);
  if (error) return error;
  if (!zw_env_holds(store, value)) return ZW_ECORRUPT;
  *bytes = zw_txn_expose(txn, value, &error);
  return error;
}

int zw_event_reread(zw_txn *txn, zw_store *store, uint64_t seq, zw_span *payload) {
  zw_span bytes;
  zw_event event;
  int error = find_value(txn, store, seq, &bytes);
  if (error) return error;
  zw_event_read(store, bytes, seq, &event);
  const uint8_t *end = bytes.ptr + bytes.len;
  if (event.payload.ptr < bytes.ptr || event.payload.ptr > end ||
      event.payload.len > (size_t)(end - event.payload.ptr))
    return ZW_ECORRUPT;
  *payload = event.payload;
  return 0;
}

uint64_t zw_txn_last_seq(zw_txn *txn) {
  uint64_t found = 0;
  zw_store *store = txn->store;
  if (txn->last_seq && !txn->write) return txn->last_seq;
  if (store->sync == ZW_SYNC_OFF) {
    /* The writer's own group comes after what is visible. */
    found = txn == &store->writer.txn ? store->writer.group_last : 0;
    if (!found) found = atomic_load(&store->last_seq);
  } else if (database_before(txn, UINT64_MAX, &found)) {
    found = 0;
  }
  return txn->last_seq = found;
}

/* The time of the first event at or after seq. */
static int time_at(zw_txn *txn, zw_store *store, uint64_t seq, uint64_t *found, int64_t *time) {
  zw_event event;
  int error = zw_log_read(txn, store, seq, MDB_SET_RANGE, found, &event);
  /* The next one stands for one that is corrupt. */
  while (error == ZW_ECORRUPT && *found) {
    seq = *found + 1;
    *found = 0;
    error = zw_log_read(txn, store, seq, MDB_SET_RANGE, found, &event);
    if (error == ZW_ENOTFOUND && !*found) {
      *found = seq - 1;
      *time = INT64_MAX;
      return 0;
    }
  }
  if (error == ZW_ENOTFOUND && *found) error = 0;
  if (!error) *time = event.timestamp;
  return error;
}

/* Timestamps ascend with seq: bisection over the numbers, where a gap stands for the event after
 * it. */
int zw_event_seq_at(zw_txn *txn, zw_store *store, int64_t time, uint64_t *seq) {
  uint64_t low = 1, high = zw_txn_last_seq(txn) + 1;
  while (low < high) {
    uint64_t middle = low + (high - low) / 2, found = 0;
    int64_t at = 0;
    int error = time_at(txn, store, middle, &found, &at);
    if (error) return error;
    if (at < time)
      low = found + 1;
    else
      high = middle;
  }
  uint64_t found = 0;
  int error = zw_log_read(txn, store, low, MDB_SET_RANGE, &found, NULL);
  *seq = error ? low : found;
  return error == ZW_ENOTFOUND ? 0 : error;
}

uint64_t zw_store_first_seq(const zw_store *store) { return atomic_load(&store->first_seq); }
uint64_t zw_store_last_seq(const zw_store *store) { return atomic_load(&store->last_seq); }

int zw_event_bounds(zw_store *store, MDB_txn *mdb, uint64_t *first, uint64_t *last, int64_t *time) {
  MDB_cursor *cursor;
  MDB_val key, value;
  *first = *last = 0;
  *time = INT64_MIN;
  int code = mdb_cursor_open(mdb, store->events, &cursor);
  if (code) return zw_store_error(NULL, code, "");
  code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
  if (!code) code = zw_log_seq(key, first);
  if (!code) code = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
  if (!code) code = zw_log_seq(key, last);
  /* The time is that of the last one that is whole. */
  for (bool whole = false; !code && !whole;) {
    whole = zw_trailer_check(store, DB_LOG, key, value, NULL) == 0;
    if (whole) {
      zw_event event;
      zw_event_read(store, zw_span_of(value.mv_data, value.mv_size - TRAILER_SIZE), *last, &event);
      *time = event.timestamp;
    } else {
      code = mdb_cursor_get(cursor, &key, &value, MDB_PREV);
    }
  }
  mdb_cursor_close(cursor);
  return code && code != MDB_NOTFOUND ? zw_store_error(NULL, code, "") : 0;
}
