/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator for tests: counts what is live, checks that every size handed back is the one that
 * was asked for, and fails the n-th call. The pattern, for all n:
 *
 *   for (unsigned n = 1;; n++) {
 *     counting_alloc c;
 *     counting_alloc_init(&c, n);
 *     int error = work(&c.alloc);
 *     assert_int_equal(c.live, 0);
 *     if (!c.failed) break;               // n is beyond the last allocation
 *     assert_int_equal(error, ZW_ENOMEM);
 *   }
 */
#ifndef ZEROWIRE_TESTS_COUNTING_ALLOC_H
#define ZEROWIRE_TESTS_COUNTING_ALLOC_H

#include <stdio.h>
#include <stdlib.h>

#include "zerowire/base.h"

typedef struct counting_alloc {
  zw_alloc alloc;
  size_t live;    /* octets that are allocated now */
  size_t calls;   /* allocations and growths so far */
  size_t fail_at; /* the call that fails, from 1; 0: none */
  bool failed;    /* whether it came to that */
} counting_alloc;

static inline void *counting_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  counting_alloc *c = (counting_alloc *)ctx;
  size_t *block = ptr ? (size_t *)ptr - 2 : NULL;
  if (old_size != (block ? block[0] : 0)) {
    fprintf(stderr, "counting_alloc: %zu octets given back as %zu\n", block ? block[0] : 0,
            old_size);
    abort();
  }
  if (new_size == 0) {
    free(block);
    c->live -= old_size;
    return NULL;
  }
  if (++c->calls == c->fail_at) {
    c->failed = true;
    return NULL;
  }
  if (new_size > SIZE_MAX / 4) return NULL;
  size_t *grown = (size_t *)malloc(2 * sizeof *grown + new_size);
  if (!grown) return NULL;
  if (block) memcpy(grown + 2, ptr, old_size < new_size ? old_size : new_size);
  free(block);
  grown[0] = new_size;
  c->live += new_size - old_size;
  return grown + 2;
}

static inline void counting_alloc_init(counting_alloc *c, size_t fail_at) {
  *c = (counting_alloc){{counting_resize, c}, 0, 0, fail_at, false};
}

#endif
