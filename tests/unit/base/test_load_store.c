/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"

static const uint8_t up[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF};

static void loads_at_any_address(void **state) {
  (void)state;
  for (size_t shift = 0; shift < 8; shift++) {
    uint8_t bytes[16];
    memcpy(bytes + shift, up, 8);
    const uint8_t *p = bytes + shift;
    assert_int_equal(zw_load_le16(p), 0x2301);
    assert_int_equal(zw_load_be16(p), 0x0123);
    assert_int_equal(zw_load_le32(p), 0x67452301);
    assert_int_equal(zw_load_be32(p), 0x01234567);
    assert_true(zw_load_le64(p) == 0xEFCDAB8967452301);
    assert_true(zw_load_be64(p) == 0x0123456789ABCDEF);
  }
}

#define CHECK(bits, order, value)                                                 \
  do {                                                                            \
    uint8_t bytes[24];                                                            \
    memset(bytes, 0x5A, sizeof bytes);                                            \
    zw_store_##order##bits(bytes + shift, value);                                 \
    assert_memory_equal(bytes + shift, up, bits / 8);                             \
    assert_int_equal(bytes[shift + bits / 8], 0x5A);                              \
    assert_true(zw_load_##order##bits(bytes + shift) == (uint##bits##_t)(value)); \
  } while (0)

static void stores_write_their_octets_only(void **state) {
  (void)state;
  for (size_t shift = 0; shift < 8; shift++) {
    CHECK(16, le, 0x2301);
    CHECK(16, be, 0x0123);
    CHECK(32, le, 0x67452301);
    CHECK(32, be, 0x01234567);
    CHECK(64, le, 0xEFCDAB8967452301);
    CHECK(64, be, 0x0123456789ABCDEF);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(loads_at_any_address),
      cmocka_unit_test(stores_write_their_octets_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
