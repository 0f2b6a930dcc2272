/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of a store without sync (ZW_SYNC_OFF): events are in memory only, behind those that the
 * database has from earlier. A slot for each number, ascending; an event that has expired leaves
 * its slot empty, and empty ones at the head go.
 *
 * Readers hold pointers into events, so one that expires dies later: when no transaction lives.
 */
#include "store_state.h"

struct memory_event {
  memory_event *next_dead;
  size_t size, len;
  uint64_t octets[]; /* a StoredEvent */
};

static memory_slot *slot_at(const memory_log *log, size_t i) { return &log->slots[log->head + i]; }

/* The first slot at or after seq. */
static size_t find(const memory_log *log, uint64_t seq) {
  size_t low = 0, high = log->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (slot_at(log, middle)->seq < seq)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Room for one more at the end. */
static int reserve(zw_store *store, memory_log *log) {
  if (log->head && log->head + log->count == log->capacity && log->head >= log->capacity / 2) {
    memmove(log->slots, log->slots + log->head, log->count * sizeof *log->slots);
    log->head = 0;
  }
  void *slots = log->slots;
  int error = zw_array_reserve(store->alloc, &slots, &log->capacity, log->head + log->count + 1,
                               sizeof *log->slots);
  log->slots = slots;
  return error;
}

int zw_memory_append(zw_store *store, uint64_t seq, zw_span head, zw_span tail) {
  size_t len = zw_pad8(head.len + tail.len), size = sizeof(memory_event) + len;
  memory_event *event = zw_alloc_get(store->alloc, size);
  if (!event) return ZW_ENOMEM;
  *event = (memory_event){.size = size, .len = len};
  uint8_t *at = (uint8_t *)event->octets;
  memcpy(at, head.ptr, head.len);
  if (tail.len) memcpy(at + head.len, tail.ptr, tail.len);
  memset(at + head.len + tail.len, 0, len - head.len - tail.len);
  pthread_mutex_lock(&store->tail_lock);
  memory_log *log = &store->memory;
  int error = reserve(store, log);
  if (!error) log->slots[log->head + log->count++] = (memory_slot){seq, event};
  pthread_mutex_unlock(&store->tail_lock);
  if (error) zw_alloc_free(store->alloc, event, size);
  return error;
}

static void kill_event(memory_log *log, memory_slot *slot) {
  if (!slot->event) return;
  slot->event->next_dead = log->dead;
  log->dead = slot->event;
  slot->event = NULL;
  log->expired++;
}

void zw_memory_expire(zw_store *store, uint64_t seq) {
  pthread_mutex_lock(&store->tail_lock);
  memory_log *log = &store->memory;
  size_t i = find(log, seq);
  if (i < log->count && slot_at(log, i)->seq == seq) kill_event(log, slot_at(log, i));
  for (; log->count && !slot_at(log, 0)->event; log->count--, log->expired--) log->head++;
  pthread_mutex_unlock(&store->tail_lock);
}

void zw_memory_drop(zw_store *store, uint64_t from) {
  pthread_mutex_lock(&store->tail_lock);
  memory_log *log = &store->memory;
  for (size_t i = find(log, from); log->count > i; log->count--) {
    kill_event(log, slot_at(log, log->count - 1));
    log->expired--;
  }
  pthread_mutex_unlock(&store->tail_lock);
}

void zw_memory_bury(zw_store *store) {
  pthread_mutex_lock(&store->tail_lock);
  memory_event *dead = store->memory.dead;
  store->memory.dead = NULL;
  pthread_mutex_unlock(&store->tail_lock);
  while (dead) {
    memory_event *next = dead->next_dead;
    zw_alloc_free(store->alloc, dead, dead->size);
    dead = next;
  }
}

void zw_memory_free(zw_store *store) {
  memory_log *log = &store->memory;
  zw_memory_drop(store, 0);
  zw_memory_bury(store);
  zw_alloc_free(store->alloc, log->slots, log->capacity * sizeof *log->slots);
}

/* ---- reading ---- */

int zw_memory_read(zw_store *store, uint64_t seq, bool exactly, uint64_t last, uint64_t *found,
                   zw_span *out) {
  int error = ZW_ENOTFOUND;
  pthread_mutex_lock(&store->tail_lock);
  const memory_log *log = &store->memory;
  size_t i = find(log, seq);
  while (!exactly && i < log->count && !slot_at(log, i)->event) i++;
  const memory_slot *slot = i < log->count ? slot_at(log, i) : NULL;
  if (slot && slot->event && slot->seq <= last && (!exactly || slot->seq == seq)) {
    *found = slot->seq;
    *out = zw_span_of(slot->event->octets, slot->event->len);
    error = 0;
  }
  pthread_mutex_unlock(&store->tail_lock);
  return error;
}

int zw_memory_before(zw_store *store, uint64_t seq, uint64_t *found) {
  pthread_mutex_lock(&store->tail_lock);
  const memory_log *log = &store->memory;
  size_t i = find(log, seq);
  if (i == log->count || slot_at(log, i)->seq > seq) i--;
  while (i < log->count && !slot_at(log, i)->event) i--;
  bool there = i < log->count;
  if (there) *found = slot_at(log, i)->seq;
  pthread_mutex_unlock(&store->tail_lock);
  return there ? 0 : ZW_ENOTFOUND;
}

uint64_t zw_memory_count(zw_store *store) {
  pthread_mutex_lock(&store->tail_lock);
  uint64_t count = store->memory.count - store->memory.expired;
  pthread_mutex_unlock(&store->tail_lock);
  return count;
}

uint64_t zw_memory_first(zw_store *store) {
  pthread_mutex_lock(&store->tail_lock);
  const memory_log *log = &store->memory;
  uint64_t last = atomic_load(&store->last_seq);
  uint64_t first = log->count ? slot_at(log, 0)->seq : last ? last + 1 : 0;
  pthread_mutex_unlock(&store->tail_lock);
  return first;
}
