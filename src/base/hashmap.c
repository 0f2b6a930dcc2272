/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An open-addressing hash table with linear probing. An entry whose value is NULL is free if its
 * hash is 0, else a tombstone. The table grows (or is cleaned of tombstones) when three quarters of
 * its slots are used. Keys are octet strings (borrowed) or ids; an id is stored as {NULL, id}, so
 * the two kinds never compare equal.
 *
 * Removal moves back the later entries of the run that can fill the hole, so that tables whose
 * elements come and go neither fill up nor allocate. Iteration goes downward: an entry moves only
 * from a higher slot to a lower one that is not below the removed element, so the rest of a walk
 * that removes what it was just given sees each other element once. A run that goes on at slot 0
 * would move entries up: there a tombstone is left, until the run behind it ends.
 */
#include "zerowire/base.h"

struct zw_table_entry_ {
  uint64_t hash; /* never 0 for an entry or a tombstone */
  zw_span key;   /* ids: ptr NULL, the id in `id` */
  uint64_t id;
  void *value;
};

#define SEED 0x7a65726f77697265u

void zw_hmap_init(zw_hmap *map, const zw_alloc *alloc) {
  *map = (zw_hmap){.alloc = alloc ? alloc : zw_alloc_default()};
}

void zw_hmap_deinit(zw_hmap *map) {
  zw_alloc_free(map->alloc, map->entries, map->capacity * sizeof(zw_table_entry_));
  zw_hmap_init(map, map->alloc);
}

static zw_table_entry_ key_of_span(const zw_hmap *map, zw_span key) {
  if (!key.ptr) key.ptr = (const uint8_t *)"";
  return (zw_table_entry_){zw_hash64_seed(key, SEED ^ map->seed) | 1, key, 0, NULL};
}

/* The finalizer of splitmix64: ids are often consecutive. */
static zw_table_entry_ key_of_id(const zw_hmap *map, uint64_t id) {
  uint64_t h = id + (SEED ^ map->seed);
  h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
  h = (h ^ h >> 27) * 0x94d049bb133111ebu;
  return (zw_table_entry_){(h ^ h >> 31) | 1, {NULL, 0}, id, NULL};
}

static bool same_key(const zw_table_entry_ *a, const zw_table_entry_ *b) {
  if (a->hash != b->hash || (a->key.ptr == NULL) != (b->key.ptr == NULL)) return false;
  return a->key.ptr ? zw_span_eq(a->key, b->key) : a->id == b->id;
}

/* The hash's low bit is always set, so the slot comes from the bits above it. */
static size_t slot_of(const zw_hmap *map, uint64_t hash) {
  return (size_t)(hash >> 1) & (map->capacity - 1);
}

static zw_table_entry_ *find(const zw_hmap *map, const zw_table_entry_ *key) {
  if (!map->capacity) return NULL;
  for (size_t i = slot_of(map, key->hash);; i = (i + 1) & (map->capacity - 1)) {
    zw_table_entry_ *e = &map->entries[i];
    if (e->hash == 0) return NULL;
    if (e->value && same_key(e, key)) return e;
  }
}

static void insert(zw_hmap *map, const zw_table_entry_ *entry) {
  size_t i = slot_of(map, entry->hash);
  while (map->entries[i].value) i = (i + 1) & (map->capacity - 1);
  if (map->entries[i].hash == 0) map->used++;
  map->entries[i] = *entry;
  map->count++;
}

static int rehash(zw_hmap *map) {
  size_t capacity = 16;
  while (capacity * 3 / 8 <= map->count) {
    if (capacity > SIZE_MAX / 2 / sizeof(zw_table_entry_)) return ZW_ENOMEM;
    capacity *= 2;
  }
  zw_table_entry_ *entries = zw_alloc_zero(map->alloc, capacity * sizeof *entries);
  if (!entries) return ZW_ENOMEM;
  zw_hmap old = *map;
  *map = (zw_hmap){old.alloc, entries, 0, capacity, 0, old.seed};
  for (size_t i = 0; i < old.capacity; i++)
    if (old.entries[i].value) insert(map, &old.entries[i]);
  zw_alloc_free(old.alloc, old.entries, old.capacity * sizeof *entries);
  return 0;
}

static int set(zw_hmap *map, zw_table_entry_ key, void *value, void **old) {
  zw_table_entry_ *e = find(map, &key);
  if (old) *old = e ? e->value : NULL;
  key.value = value;
  if (e) {
    *e = key;
    return 0;
  }
  if (map->used + 1 > map->capacity / 4 * 3) {
    int error = rehash(map);
    if (error) return error;
  }
  insert(map, &key);
  return 0;
}

static bool is_tombstone(const zw_table_entry_ *entry) { return entry->hash && !entry->value; }

/* Fills the hole from what follows it up to the table's end; returns where the hole is then, and
 * in *wraps whether the run goes on at slot 0. */
static size_t shift_back(zw_hmap *map, size_t hole, bool *wraps) {
  zw_table_entry_ *entries = map->entries;
  size_t i = hole + 1;
  for (; i < map->capacity && entries[i].hash; i++) {
    size_t home = slot_of(map, entries[i].hash);
    bool reached_through_hole = home <= hole || home > i;
    if (!entries[i].value || !reached_through_hole) continue;
    entries[hole] = entries[i];
    hole = i;
  }
  *wraps = i == map->capacity && entries[0].hash;
  return hole;
}

static void free_slot(zw_hmap *map, size_t slot) {
  map->entries[slot] = (zw_table_entry_){0};
  map->used--;
}

static void *remove_key(zw_hmap *map, zw_table_entry_ key) {
  zw_table_entry_ *e = find(map, &key);
  if (!e) return NULL;
  void *value = e->value;
  bool wraps;
  size_t hole = shift_back(map, (size_t)(e - map->entries), &wraps);
  map->count--;
  if (wraps) {
    map->entries[hole] = (zw_table_entry_){.hash = 1};
    return value;
  }
  do {
    free_slot(map, hole);
    hole = (hole - 1) & (map->capacity - 1);
  } while (is_tombstone(&map->entries[hole]));
  return value;
}

static void *get(const zw_hmap *map, zw_table_entry_ key) {
  zw_table_entry_ *e = find(map, &key);
  return e ? e->value : NULL;
}

void *zw_hmap_get(const zw_hmap *map, zw_span key) { return get(map, key_of_span(map, key)); }
int zw_hmap_set(zw_hmap *map, zw_span key, void *value, void **old) {
  return set(map, key_of_span(map, key), value, old);
}
void *zw_hmap_remove(zw_hmap *map, zw_span key) { return remove_key(map, key_of_span(map, key)); }
void *zw_hmap_get_id(const zw_hmap *map, uint64_t key) { return get(map, key_of_id(map, key)); }
int zw_hmap_set_id(zw_hmap *map, uint64_t key, void *value, void **old) {
  return set(map, key_of_id(map, key), value, old);
}
void *zw_hmap_remove_id(zw_hmap *map, uint64_t key) { return remove_key(map, key_of_id(map, key)); }

void *zw_hmap_next(const zw_hmap *map, size_t *iterator) {
  while (*iterator < map->capacity) {
    void *value = map->entries[map->capacity - ++*iterator].value;
    if (value) return value;
  }
  return NULL;
}
