/* SPDX-License-Identifier: Apache-2.0 */
/* XXH3, inlined and compiled for AVX2: see hashing_wide.h. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "hashing_wide.h"

uint64_t zw_hash64_wide(zw_span bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.ptr, bytes.len, seed);
}

uint64_t zw_hash64_parts_wide(const zw_span *parts, size_t count) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (size_t i = 0; i < count; i++)
    if (parts[i].len) XXH3_64bits_update(&state, parts[i].ptr, parts[i].len);
  return XXH3_64bits_digest(&state);
}
