/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes are written to disk: their values are pinned here (the published values of XXH3 over the
 * empty input among them). */
#include <xxhash.h>

#include "cmocka_base.h"

static void values_are_pinned(void **state) {
  (void)state;
  assert_true(zw_hash64((zw_span){NULL, 0}) == 0x2d06800538d394c2);
  assert_true(zw_hash64(zw_span_of("", 0)) == 0x2d06800538d394c2);
  uint8_t digest[16];
  zw_hash128((zw_span){NULL, 0}, digest);
  static const uint8_t expected[16] = {0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47, 0x98, 0xd8,
                                       0x60, 0x01, 0xc3, 0x24, 0x46, 0x8d, 0x49, 0x7f};
  assert_memory_equal(digest, expected, 16);
}

static void seed_matters(void **state) {
  (void)state;
  zw_span bytes = zw_span_of("zerowire", 8);
  assert_true(zw_hash64_seed(bytes, 0) == zw_hash64(bytes));
  assert_true(zw_hash64_seed(bytes, 1) != zw_hash64(bytes));
}

/* A baseline processor and one with wide registers read each other's stores. */
static void long_inputs_have_the_library_s_value(void **state) {
  (void)state;
  static uint8_t bytes[70000];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 31 >> 3);
  for (size_t len = 1000; len < sizeof bytes; len += 997) {
    zw_span all = zw_span_of(bytes, len);
    assert_true(zw_hash64(all) == XXH3_64bits(bytes, len));
    assert_true(zw_hash64_seed(all, 5) == XXH3_64bits_withSeed(bytes, len, 5));
    const zw_span parts[] = {zw_span_of(bytes, 8), zw_span_of(bytes + 8, len - 8)};
    assert_true(zw_hash64_parts(parts, 2) == XXH3_64bits(bytes, len));
  }
}

static void parts_hash_as_one(void **state) {
  (void)state;
  uint8_t bytes[1000];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7);
  for (size_t len = 0; len < sizeof bytes; len += 37) {
    uint64_t whole = zw_hash64(zw_span_of(bytes, len));
    for (size_t cut = 0; cut <= len; cut += 13) {
      const zw_span parts[] = {
          zw_span_of(bytes, cut), {NULL, 0}, zw_span_of(bytes + cut, len - cut)};
      assert_true(zw_hash64_parts(parts, 3) == whole);
    }
  }
  assert_true(zw_hash64_parts(NULL, 0) == zw_hash64((zw_span){NULL, 0}));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_pinned),
      cmocka_unit_test(seed_matters),
      cmocka_unit_test(long_inputs_have_the_library_s_value),
      cmocka_unit_test(parts_hash_as_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
