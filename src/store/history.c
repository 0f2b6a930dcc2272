/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks over stored events. A walk is a range of sequence numbers that shrinks from the front (or
 * from the back), so that it goes on in any later transaction. Over all topics it follows the log;
 * over some it asks the index for the next numbers of each and keeps the merged list, as numbers,
 * never as pages.
 */
#include <stdlib.h>

#include "store_state.h"

#define CHUNK_TOTAL 4096
#define CHUNK_MIN 8

/* What private_[0] points at; private_[1] is the length of `topics` in memory. */
typedef struct history_chunk {
  size_t count, at, capacity;
  uint64_t seqs[];
} history_chunk;

static history_chunk *chunk_of(const zw_history *h) { return h->private_[0]; }
static size_t chunk_size(size_t capacity) {
  return sizeof(history_chunk) + capacity * sizeof(uint64_t);
}

static int compare_numbers(const void *a, const void *b) {
  uint32_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x < y ? -1 : x > y;
}

static int compare_seqs(const void *a, const void *b) {
  uint64_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x < y ? -1 : x > y;
}

static size_t per_topic(const zw_history *h) {
  size_t n = CHUNK_TOTAL / (h->topic_count ? h->topic_count : 1);
  return n > BLOCK_EVENTS ? BLOCK_EVENTS : n < CHUNK_MIN ? CHUNK_MIN : n;
}

static uint32_t drop_repeated(uint32_t *numbers, uint32_t count) {
  uint32_t n = 1;
  for (uint32_t i = 1; i < count; i++)
    if (numbers[i] != numbers[n - 1]) numbers[n++] = numbers[i];
  return n;
}

static int copy_topics(zw_history *h, const zw_history_filter *filter) {
  const zw_alloc *alloc = h->store->alloc;
  h->all = filter->topics == NULL;
  if (h->all || filter->topic_count == 0) return 0;
  h->topics = zw_alloc_get(alloc, filter->topic_count * sizeof *h->topics);
  if (!h->topics) return ZW_ENOMEM;
  h->private_[1] = (void *)(uintptr_t)filter->topic_count;
  h->topic_count = filter->topic_count;
  memcpy(h->topics, filter->topics, h->topic_count * sizeof *h->topics);
  qsort(h->topics, h->topic_count, sizeof *h->topics, compare_numbers);
  h->topic_count = drop_repeated(h->topics, h->topic_count);
  size_t capacity = h->topic_count * per_topic(h);
  history_chunk *chunk = zw_alloc_zero(alloc, chunk_size(capacity));
  if (!chunk) return ZW_ENOMEM;
  chunk->capacity = capacity;
  h->private_[0] = chunk;
  return 0;
}

static int bound_by_time(zw_history *h, zw_txn *txn, const zw_history_filter *filter) {
  uint64_t seq;
  int error = 0;
  if (filter->has_from_time) {
    error = zw_event_seq_at(txn, h->store, filter->from_time, &seq);
    if (!error && seq > h->next) h->next = seq;
  }
  if (!error && filter->has_until_time && filter->until_time < INT64_MAX) {
    error = zw_event_seq_at(txn, h->store, filter->until_time + 1, &seq);
    /* An end that lies after the last event stays open: what comes later is looked at by its time.
     */
    if (!error && seq <= zw_txn_last_seq(txn) && seq - 1 < h->last) h->last = seq - 1;
  }
  return error;
}

int zw_history_init(zw_history *h, zw_txn *txn, zw_store *store, const zw_history_filter *filter) {
  *h = (zw_history){.store = store, .reverse = filter->reverse};
  h->next = filter->from_seq ? filter->from_seq : 1;
  h->last = filter->to_seq ? filter->to_seq : UINT64_MAX;
  h->until_time = filter->has_until_time ? filter->until_time : INT64_MAX;
  if (store->sync == ZW_SYNC_EVERYSEC) zw_commit_now(store);
  int error = zw_txn_usable(txn);
  if (!error) error = copy_topics(h, filter);
  if (!error) error = bound_by_time(h, txn, filter);
  if (error) zw_history_deinit(h);
  return error;
}

void zw_history_deinit(zw_history *h) {
  history_chunk *chunk = chunk_of(h);
  if (!h->store) return;
  zw_alloc_free(h->store->alloc, h->topics, (uintptr_t)h->private_[1] * sizeof *h->topics);
  if (chunk) zw_alloc_free(h->store->alloc, chunk, chunk_size(chunk->capacity));
  h->topics = NULL;
  h->private_[0] = NULL;
}

/* ---- some topics ---- */

/* Cuts what lies beyond the horizon: behind it a topic whose list was full may have more. */
static void merge(const zw_history *h, history_chunk *chunk, uint64_t horizon, bool cut) {
  size_t n = 0;
  if (cut)
    for (size_t i = 0; i < chunk->count; i++)
      if (h->reverse ? chunk->seqs[i] >= horizon : chunk->seqs[i] <= horizon)
        chunk->seqs[n++] = chunk->seqs[i];
  if (cut) chunk->count = n;
  if (h->topic_count > 1) qsort(chunk->seqs, chunk->count, sizeof chunk->seqs[0], compare_seqs);
  for (size_t i = 0; h->topic_count > 1 && h->reverse && i < chunk->count / 2; i++) {
    uint64_t other = chunk->seqs[i];
    chunk->seqs[i] = chunk->seqs[chunk->count - 1 - i];
    chunk->seqs[chunk->count - 1 - i] = other;
  }
}

static int refill(zw_history *h, zw_txn *txn) {
  history_chunk *chunk = chunk_of(h);
  uint64_t horizon = 0;
  bool cut = false;
  chunk->count = chunk->at = 0;
  for (uint32_t i = 0; i < h->topic_count; i++) {
    topic_entry *topic = zw_catalog_topic(h->store, h->topics[i]);
    size_t n = 0, max = per_topic(h);
    int error = topic ? zw_log_index_find(txn, topic, h->next, h->last, h->reverse,
                                          chunk->seqs + chunk->count, max, &n)
                      : 0;
    if (error) return error;
    if (n == max) {
      uint64_t end = chunk->seqs[chunk->count + n - 1];
      if (!cut || (h->reverse ? end > horizon : end < horizon)) horizon = end;
      cut = true;
    }
    chunk->count += n;
  }
  merge(h, chunk, horizon, cut);
  return chunk->count ? 0 : ZW_ENOTFOUND;
}

static int next_number(zw_history *h, zw_txn *txn, uint64_t *seq) {
  history_chunk *chunk = chunk_of(h);
  if (!chunk) return ZW_ENOTFOUND;
  int error = chunk->at < chunk->count ? 0 : refill(h, txn);
  if (!error) *seq = chunk->seqs[chunk->at++];
  return error;
}

/* ---- steps ---- */

static int step_all(zw_history *h, zw_txn *txn, uint64_t *seq, zw_event *out) {
  if (!h->reverse) return zw_log_read(txn, h->store, h->next, MDB_SET_RANGE, seq, out);
  uint64_t found;
  int error = zw_log_before(txn, h->store, h->last, seq);
  return error ? error : zw_log_read(txn, h->store, *seq, MDB_SET_KEY, &found, out);
}

static int step_topics(zw_history *h, zw_txn *txn, uint64_t *seq, zw_event *out) {
  uint64_t found = 0;
  int error = next_number(h, txn, seq);
  return error ? error : zw_log_read(txn, h->store, *seq, MDB_SET_KEY, &found, out);
}

static bool move(zw_history *h, uint64_t seq) {
  if (seq < h->next || seq > h->last) return false;
  if (h->reverse)
    h->last = seq - 1;
  else
    h->next = seq + 1;
  return true;
}

int zw_history_next(zw_history *h, zw_txn *txn, zw_event *out) {
  int error = zw_txn_usable(txn);
  while (!error && h->next <= h->last) {
    uint64_t seq = 0;
    error = h->all ? step_all(h, txn, &seq, out) : step_topics(h, txn, &seq, out);
    /* Asked again it would say the same. */
    if (seq == 0) return error == ZW_ECORRUPT ? ZW_ESTORE : error;
    if (!move(h, seq)) return ZW_ENOTFOUND;
    if (!error && out->timestamp > h->until_time) {
      if (h->reverse) continue;
      h->last = h->next - 1;
      return ZW_ENOTFOUND;
    }
    if (error != ZW_ENOTFOUND) return error;
    error = 0; /* expired: the next one */
  }
  return error ? error : ZW_ENOTFOUND;
}

int zw_history_last(zw_history *h, zw_txn *txn, uint64_t n) {
  uint64_t first = h->next, last = h->last, seq = 0;
  zw_event event;
  int error = 0;
  if (h->reverse) return ZW_EINVAL;
  if (chunk_of(h)) chunk_of(h)->count = chunk_of(h)->at = 0;
  if (n == 0) {
    h->next = zw_txn_last_seq(txn) + 1 > first ? zw_txn_last_seq(txn) + 1 : first;
    return 0;
  }
  h->reverse = true;
  for (uint64_t i = 0; i < n && !error; i++) {
    error = zw_history_next(h, txn, &event);
    if (!error)
      seq = event.seq;
    else if (error == ZW_ECORRUPT)
      error = 0;
  }
  h->reverse = false;
  h->next = seq ? seq : first;
  h->last = last;
  if (chunk_of(h)) chunk_of(h)->count = chunk_of(h)->at = 0;
  return error == ZW_ENOTFOUND ? 0 : error;
}
