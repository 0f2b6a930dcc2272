/* SPDX-License-Identifier: Apache-2.0 */
/* The long inputs of hashing.c: compiled for AVX2 where that is asked for, see hashing_wide.h. */
#include "hashing_wide.h"

#include "hashing_xxh3.h"

uint64_t zw_hash64_wide(zw_span bytes, uint64_t seed) { return xxh3_of(bytes, seed); }

uint64_t zw_hash64_parts_wide(const zw_span *parts, size_t count) {
  return xxh3_of_parts(parts, count);
}
