/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes: XXH3 of 64 and 128 bits, from the xxhash library, inlined for the baseline of the
 * machine's kind. Long inputs go to hashing_wide.c where the processor has wider registers; short
 * ones are not worth the question.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "hashing_wide.h"

#define WIDE_FROM 1024 /* octets */

#if defined(ZEROWIRE_AVX2)
static bool is_wide(size_t len) { return len >= WIDE_FROM && __builtin_cpu_supports("avx2"); }
#define HASH_WIDE(len, call) \
  if (is_wide(len)) return call
#else
#define HASH_WIDE(len, call) (void)0
#endif

uint64_t zw_hash64(zw_span bytes) { return zw_hash64_seed(bytes, 0); }

uint64_t zw_hash64_seed(zw_span bytes, uint64_t seed) {
  HASH_WIDE(bytes.len, zw_hash64_wide(bytes, seed));
  return XXH3_64bits_withSeed(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len, seed);
}

void zw_hash128(zw_span bytes, uint8_t out[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical,
                           XXH3_128bits(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len));
  memcpy(out, canonical.digest, 16);
}

uint64_t zw_hash64_parts(const zw_span *parts, size_t count) {
  /* What is long comes last, in all that is hashed in parts. */
  HASH_WIDE(count ? parts[count - 1].len : 0, zw_hash64_parts_wide(parts, count));
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (size_t i = 0; i < count; i++)
    if (parts[i].len) XXH3_64bits_update(&state, parts[i].ptr, parts[i].len);
  return XXH3_64bits_digest(&state);
}
