/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Publication ids of durable events: a keyed permutation of the sequence number over 1..2^52. A
 * balanced Feistel network on 52 bits, six rounds of XXH3 under the store's key; the range is
 * exactly its domain, so every output is in range at the first walk. Ids look random, never
 * collide, and turn back.
 */
#include "store_state.h"

#define HALF_BITS 26
#define HALF_MASK ((UINT64_C(1) << HALF_BITS) - 1)
#define DOMAIN (UINT64_C(1) << (2 * HALF_BITS))
#define ROUNDS 6u

static uint64_t mix(uint64_t key, unsigned round, uint64_t half) {
  uint8_t in[8];
  zw_store_le32(in, (uint32_t)half);
  zw_store_le32(in + 4, round);
  return zw_hash64_seed(zw_span_of(in, sizeof in), key) & HALF_MASK;
}

uint64_t zw_publication_permute(uint64_t key, uint64_t seq) {
  if (seq == 0 || seq > DOMAIN) return 0;
  uint64_t left = (seq - 1) >> HALF_BITS, right = (seq - 1) & HALF_MASK;
  for (unsigned i = 0; i < ROUNDS; i++) {
    uint64_t next = left ^ mix(key, i, right);
    left = right;
    right = next;
  }
  return (left << HALF_BITS | right) + 1;
}

uint64_t zw_publication_invert(uint64_t key, uint64_t publication) {
  if (publication == 0 || publication > DOMAIN) return 0;
  uint64_t left = (publication - 1) >> HALF_BITS, right = (publication - 1) & HALF_MASK;
  for (unsigned i = ROUNDS; i-- > 0;) {
    uint64_t before = right ^ mix(key, i, left);
    right = left;
    left = before;
  }
  return (left << HALF_BITS | right) + 1;
}

uint64_t zw_publication_of_seq(const zw_store *store, uint64_t seq) {
  return zw_publication_permute(store->publication_key, seq);
}

uint64_t zw_seq_of_publication(const zw_store *store, uint64_t publication) {
  uint64_t seq = zw_publication_invert(store->publication_key, publication);
  return seq <= atomic_load(&store->last_seq) ? seq : 0;
}
