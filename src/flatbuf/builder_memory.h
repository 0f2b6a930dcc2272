/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The builder's memory, shared by its files. Content lies at the end of the memory and grows
 * downward; a position is a distance from the buffer's end (the borrowed tail included), which is
 * what a zw_ref holds.
 */
#ifndef ZEROWIRE_BUILDER_MEMORY_H
#define ZEROWIRE_BUILDER_MEMORY_H

#include "zerowire/flatbuf.h"

/* The octets at a distance from the end. */
static inline uint8_t *zw_builder_at(const zw_builder *b, size_t distance) {
  return b->memory + b->capacity - (distance - b->tail);
}

/* Makes room for `len` octets and zeros that put their start at a distance that is `bias` modulo
 * `align`, a power of two; the room becomes content. NULL: the sticky error is set. */
uint8_t *zw_builder_push(zw_builder *b, size_t len, size_t align, size_t bias);

/* The first error stays. */
static inline void zw_builder_fail(zw_builder *b, int error) {
  if (!b->error) b->error = error;
}

#endif
