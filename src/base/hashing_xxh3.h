/* SPDX-License-Identifier: Apache-2.0 */
/* XXH3 from the xxhash library, inlined for whatever the including file is compiled for. */
#ifndef ZEROWIRE_HASHING_XXH3_H
#define ZEROWIRE_HASHING_XXH3_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "zerowire/base.h"

static inline uint64_t xxh3_of(zw_span bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len, seed);
}

static inline uint64_t xxh3_of_parts(const zw_span *parts, size_t count) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (size_t i = 0; i < count; i++)
    if (parts[i].len) XXH3_64bits_update(&state, parts[i].ptr, parts[i].len);
  return XXH3_64bits_digest(&state);
}

#endif
