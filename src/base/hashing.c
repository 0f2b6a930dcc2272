/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes: XXH3 of 64 and 128 bits, for the baseline of the machine's kind. Long inputs go to
 * hashing_wide.c where the processor has wider registers; short ones are not worth the question.
 */
#include "hashing_wide.h"
#include "hashing_xxh3.h"

#define WIDE_FROM 1024 /* octets */

#if defined(ZEROWIRE_AVX2)
#define HAVE_WIDE __builtin_cpu_supports("avx2")
#else
#define HAVE_WIDE false
#endif

static bool is_wide(size_t len) { return len >= WIDE_FROM && HAVE_WIDE; }

uint64_t zw_hash64(zw_span bytes) { return zw_hash64_seed(bytes, 0); }

uint64_t zw_hash64_seed(zw_span bytes, uint64_t seed) {
  return is_wide(bytes.len) ? zw_hash64_wide(bytes, seed) : xxh3_of(bytes, seed);
}

void zw_hash128(zw_span bytes, uint8_t out[16]) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical,
                           XXH3_128bits(bytes.len ? bytes.ptr : (const uint8_t *)"", bytes.len));
  memcpy(out, canonical.digest, 16);
}

uint64_t zw_hash64_parts(const zw_span *parts, size_t count) {
  /* What is long comes last, in all that is hashed in parts. */
  bool wide = count && is_wide(parts[count - 1].len);
  return wide ? zw_hash64_parts_wide(parts, count) : xxh3_of_parts(parts, count);
}
