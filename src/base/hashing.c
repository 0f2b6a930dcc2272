/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes: XXH3 of 64 and 128 bits, from the xxhash library, inlined. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "zerowire/base.h"

uint64_t zw_hash64(zw_span bytes) {
  return XXH3_64bits(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len);
}

uint64_t zw_hash64_seed(zw_span bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len, seed);
}

void zw_hash128(zw_span bytes, uint8_t out[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical,
                           XXH3_128bits(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len));
  memcpy(out, canonical.digest, 16);
}

uint64_t zw_hash64_parts(const zw_span *parts, size_t count) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (size_t i = 0; i < count; i++)
    if (parts[i].len) XXH3_64bits_update(&state, parts[i].ptr, parts[i].len);
  return XXH3_64bits_digest(&state);
}
