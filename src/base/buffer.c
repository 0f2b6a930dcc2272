/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reference-counted buffers: header and data in one allocation. The count is atomic, so that the
 * thread that lets go last may be any; the release of the last reference orders all earlier uses
 * before the free.
 */
#include <stdatomic.h>

#include "zerowire/base.h"

#define ALIGN 16

struct block {
  zw_buf buf;
  atomic_size_t refs;
};

#define DATA_OFFSET ((sizeof(struct block) + ALIGN - 1) / ALIGN * ALIGN)

static struct block *block_of(const zw_buf *buf) { return buf->refs_; }

zw_buf *zw_buf_create(const zw_alloc *alloc, size_t capacity) {
  if (capacity > SIZE_MAX - DATA_OFFSET) return NULL;
  struct block *block = zw_alloc_get(alloc, DATA_OFFSET + capacity);
  if (!block) return NULL;
  block->buf = (zw_buf){(uint8_t *)block + DATA_OFFSET, 0, capacity, alloc, block};
  atomic_init(&block->refs, 1);
  return &block->buf;
}

zw_buf *zw_buf_copy(const zw_alloc *alloc, zw_span bytes) {
  zw_buf *buf = zw_buf_create(alloc, bytes.len);
  if (!buf) return NULL;
  if (bytes.len) memcpy(buf->data, bytes.ptr, bytes.len);
  buf->len = bytes.len;
  return buf;
}

zw_buf *zw_buf_ref(zw_buf *buf) {
  if (buf) atomic_fetch_add_explicit(&block_of(buf)->refs, 1, memory_order_relaxed);
  return buf;
}

void zw_buf_unref(zw_buf *buf) {
  if (!buf) return;
  struct block *block = block_of(buf);
  if (atomic_fetch_sub_explicit(&block->refs, 1, memory_order_acq_rel) == 1)
    zw_alloc_free(buf->alloc, block, DATA_OFFSET + buf->capacity);
}

bool zw_buf_is_sole(const zw_buf *buf) {
  return atomic_load_explicit(&block_of(buf)->refs, memory_order_acquire) == 1;
}
