/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: a list of blocks, newest first; pieces are cut from the newest. Blocks double in size,
 * so that a large arena has few of them. Every piece is 8-aligned and cleared.
 */
#include "zerowire/base.h"

#define FIRST_BLOCK 4096

struct zw_arena_block {
  struct zw_arena_block *next;
  size_t size; /* octets of the whole block */
  size_t used; /* octets, this header included */
};

#define HEADER ((sizeof(struct zw_arena_block) + 15) / 16 * 16)

void zw_arena_init(zw_arena *arena, const zw_alloc *alloc) {
  arena->alloc = alloc ? alloc : zw_alloc_default();
  arena->block = NULL;
}

static void free_blocks(zw_arena *arena, struct zw_arena_block *block) {
  while (block) {
    struct zw_arena_block *next = block->next;
    zw_alloc_free(arena->alloc, block, block->size);
    block = next;
  }
}

void zw_arena_deinit(zw_arena *arena) {
  free_blocks(arena, arena->block);
  arena->block = NULL;
}

/* The newest block is the largest: sizes never fall, but for a piece larger than a block, which
 * makes the next one larger. */
void zw_arena_reset(zw_arena *arena) {
  if (!arena->block) return;
  free_blocks(arena, arena->block->next);
  arena->block->next = NULL;
  arena->block->used = HEADER;
}

static struct zw_arena_block *add_block(zw_arena *arena, size_t piece) {
  size_t size = arena->block ? arena->block->size : FIRST_BLOCK / 2;
  size = size > SIZE_MAX / 2 ? size : size * 2;
  if (size < piece + HEADER) size = piece + HEADER;
  struct zw_arena_block *block = zw_alloc_get(arena->alloc, size);
  if (!block) return NULL;
  *block = (struct zw_arena_block){arena->block, size, HEADER};
  arena->block = block;
  return block;
}

void *zw_arena_get(zw_arena *arena, size_t size) {
  if (size > SIZE_MAX / 4) return NULL;
  size = (size + 7) / 8 * 8;
  struct zw_arena_block *block = arena->block;
  if (!block || block->size - block->used < size) block = add_block(arena, size);
  if (!block) return NULL;
  void *piece = (char *)block + block->used;
  block->used += size;
  memset(piece, 0, size);
  return piece;
}

void *zw_arena_array(zw_arena *arena, size_t count, size_t item) {
  if (item && count > SIZE_MAX / item) return NULL;
  return zw_arena_get(arena, count * item);
}

zw_str zw_arena_str(zw_arena *arena, zw_str text) {
  char *copy = text.len < SIZE_MAX ? zw_arena_get(arena, text.len + 1) : NULL;
  if (!copy) return (zw_str){NULL, 0};
  if (text.len) memcpy(copy, text.ptr, text.len);
  return (zw_str){copy, text.len};
}
