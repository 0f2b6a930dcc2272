/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The builder's memory, shared by its files. Content lies at the end of the memory and grows
 * downward. What 64-bit offsets refer to and was built first is at the very end, `far` octets; a
 * position is a distance from where it begins, or from the buffer's end (the borrowed tail
 * included) where there is none: that is what a zw_ref holds. A zw_ref64 is a distance from the
 * very end.
 */
#ifndef ZEROWIRE_BUILDER_MEMORY_H
#define ZEROWIRE_BUILDER_MEMORY_H

#include "zerowire/flatbuf.h"

/* The octets at a position. */
static inline uint8_t *zw_builder_at(const zw_builder *b, size_t distance) {
  return b->top + (b->used - distance);
}

/* As zw_builder_push_, whatever the alignment and the room; what is pushed is counted by `*count`,
 * one of the builder's, which is at most `most`. */
uint8_t *zw_builder_push_to(zw_builder *b, size_t *count, size_t most, size_t len, size_t align,
                            size_t bias);

#endif
