/* SPDX-License-Identifier: Apache-2.0 */
/* The environments that this process has open, by (device, inode) of their folder: LMDB loses its
 * locks when one is opened twice. */
#include "store_state.h"

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static zw_store *registry;

bool zw_registry_add(zw_store *store) {
  pthread_mutex_lock(&registry_lock);
  bool found = false;
  for (zw_store *s = registry; s && !found; s = s->next_open)
    found = s->device == store->device && s->inode == store->inode;
  if (!found) {
    store->next_open = registry;
    registry = store;
  }
  pthread_mutex_unlock(&registry_lock);
  return !found;
}

void zw_registry_remove(zw_store *store) {
  pthread_mutex_lock(&registry_lock);
  for (zw_store **at = &registry; *at; at = &(*at)->next_open) {
    if (*at != store) continue;
    *at = store->next_open;
    break;
  }
  pthread_mutex_unlock(&registry_lock);
}
