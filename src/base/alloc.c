/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The default allocator and growing arrays. Growth doubles, so that appending n elements costs
 * O(n); every product of sizes is checked before it is used.
 */
#include <stdlib.h>

#include "zerowire/base.h"

static void *default_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  (void)ctx;
  (void)old_size;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, new_size);
}

static const zw_alloc default_alloc = {default_resize, NULL};

const zw_alloc *zw_alloc_default(void) { return &default_alloc; }

static const zw_alloc *or_default(const zw_alloc *alloc) { return alloc ? alloc : &default_alloc; }

void *zw_alloc_get(const zw_alloc *alloc, size_t size) {
  alloc = or_default(alloc);
  return alloc->resize(alloc->ctx, NULL, 0, size ? size : 1);
}

void *zw_alloc_zero(const zw_alloc *alloc, size_t size) {
  void *p = zw_alloc_get(alloc, size);
  if (p) memset(p, 0, size);
  return p;
}

void zw_alloc_free(const zw_alloc *alloc, void *ptr, size_t size) {
  if (!ptr) return;
  alloc = or_default(alloc);
  alloc->resize(alloc->ctx, ptr, size ? size : 1, 0);
}

int zw_array_reserve(const zw_alloc *alloc, void **array, size_t *capacity, size_t need,
                     size_t item) {
  if (need <= *capacity) return 0;
  size_t grown = *capacity < 8 ? 8 : *capacity;
  while (grown < need) {
    if (grown > SIZE_MAX / 2) return ZW_ENOMEM;
    grown *= 2;
  }
  if (item && grown > SIZE_MAX / item) return ZW_ENOMEM;
  alloc = or_default(alloc);
  void *p = alloc->resize(alloc->ctx, *array, *capacity * item, grown * item);
  if (!p) return ZW_ENOMEM;
  *array = p;
  *capacity = grown;
  return 0;
}
