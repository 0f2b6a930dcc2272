/* SPDX-License-Identifier: Apache-2.0 */
/* Copies by position; those of one position in a list, which is rarely longer than one. */
#include "once.h"

struct zw_once_entry {
  const void *as;
  void *copy;
  zw_once_entry *next;
};

void zw_once_init(zw_once *once, const zw_alloc *alloc, uint64_t buffer_size) {
  zw_hmap_init(&once->map, alloc);
  zw_arena_init(&once->arena, alloc);
  once->octets = buffer_size < INT32_MAX ? 4 * buffer_size : UINT64_MAX;
}

void zw_once_deinit(zw_once *once) {
  zw_hmap_deinit(&once->map);
  zw_arena_deinit(&once->arena);
}

void *zw_once_get(const zw_once *once, uint64_t position, const void *as) {
  const zw_once_entry *e = zw_hmap_get_id(&once->map, position);
  while (e && e->as != as) e = e->next;
  return e ? e->copy : NULL;
}

int zw_once_set(zw_once *once, uint64_t position, const void *as, void *copy) {
  zw_once_entry *e = zw_arena_get(&once->arena, sizeof *e);
  void *old = NULL;
  if (!e || zw_hmap_set_id(&once->map, position, e, &old)) return ZW_ENOMEM;
  *e = (zw_once_entry){as, copy, old};
  return 0;
}

int zw_once_pay(zw_once *once, uint64_t count) {
  if (count > once->octets) return ZW_ELIMIT;
  once->octets -= count;
  return 0;
}
