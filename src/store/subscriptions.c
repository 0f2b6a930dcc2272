/* SPDX-License-Identifier: Apache-2.0 */
/* Stable subscription ids: every (match, URI) that touches a durable topic has a number in the
 * catalog, the same after a restart. */
#include "store_state.h"

int zw_subscription_add(zw_store *store, uint32_t number, enum zw_match match, zw_str uri,
                        subscription_entry **out) {
  subscription_entry *entry = zw_arena_get(&store->arena, sizeof *entry);
  zw_str name = zw_catalog_name(store, match, uri);
  void *list = store->subscriptions;
  if (!entry || !name.ptr) return ZW_ENOMEM;
  *entry = (subscription_entry){number, match, name, {name.ptr + 1, uri.len}};
  int error = zw_array_reserve(store->alloc, &list, &store->subscription_capacity,
                               store->subscription_count + 1, sizeof *store->subscriptions);
  store->subscriptions = list;
  if (!error) error = zw_hmap_set(&store->subscription_names, zw_str_span(name), entry, NULL);
  if (error) return error;
  store->subscriptions[store->subscription_count++] = entry;
  if (out) *out = entry;
  return 0;
}

static subscription_entry *find(const zw_store *store, enum zw_match match, zw_str uri) {
  char name[512];
  if (uri.len >= sizeof name) return NULL;
  name[0] = (char)('0' + (int)match);
  if (uri.len) memcpy(name + 1, uri.ptr, uri.len);
  return zw_hmap_get(&store->subscription_names, zw_span_of(name, uri.len + 1));
}

static subscription_entry *find_long(const zw_store *store, enum zw_match match, zw_str uri) {
  for (size_t i = 0; i < store->subscription_count; i++)
    if (store->subscriptions[i]->match == match && zw_str_eq(store->subscriptions[i]->uri, uri))
      return store->subscriptions[i];
  return NULL;
}

uint64_t zw_store_subscription(zw_store *store, enum zw_match match, zw_str uri) {
  pthread_mutex_lock(&store->catalog_lock);
  subscription_entry *entry =
      uri.len < 512 ? find(store, match, uri) : find_long(store, match, uri);
  bool made =
      !entry && !store->read_only &&
      zw_subscription_add(store, (uint32_t)store->subscription_count + 1, match, uri, &entry) == 0;
  uint64_t id = entry ? entry->number : 0;
  pthread_mutex_unlock(&store->catalog_lock);
  if (made) zw_commit_now(store);
  return id;
}

bool zw_store_subscription_at(const zw_store *store, size_t i, uint64_t *id, enum zw_match *match,
                              zw_str *uri) {
  zw_store *s = (zw_store *)(uintptr_t)store;
  pthread_mutex_lock(&s->catalog_lock);
  const subscription_entry *entry = i < s->subscription_count ? s->subscriptions[i] : NULL;
  pthread_mutex_unlock(&s->catalog_lock);
  if (!entry) return false;
  *id = entry->number;
  *match = entry->match;
  *uri = entry->uri;
  return true;
}

/* Writes those that are new; *through is their number, to be published after the commit. */
int zw_subscriptions_write(zw_store *store, MDB_txn *txn, size_t *through) {
  int error = 0;
  pthread_mutex_lock(&store->catalog_lock);
  size_t i = atomic_load(&store->subscriptions_written);
  for (; i < store->subscription_count && !error; i++) {
    const subscription_entry *entry = store->subscriptions[i];
    catalog_record record = {.kind = CATALOG_SUBSCRIPTION,
                             .number = entry->number,
                             .name = entry->uri,
                             .match = entry->match};
    error = zw_catalog_write(store, txn, &record);
  }
  pthread_mutex_unlock(&store->catalog_lock);
  *through = i;
  return error;
}
