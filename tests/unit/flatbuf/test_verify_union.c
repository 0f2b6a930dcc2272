/* SPDX-License-Identifier: Apache-2.0 */
/* Unions with types of one, two and four octets, as Google's C++ writes them. */
#include "wide_fixture.h"

static zw_table load(uint8_t **bytes) {
  size_t len;
  zw_table t = {NULL, 0, 0};
  zw_diag diag = {0};
  *bytes = wide_load("wide.bin", &len);
  if (zw_verify(&wide_r, zw_span_of(*bytes, len), NULL, &t, &diag)) fail_msg("%s", diag.message);
  return t;
}

static void test_what_google_wrote_is_read(void **state) {
  uint8_t *bytes;
  (void)state;
  zw_table t = load(&bytes);
  assert_int_equal(zw_table_u16(t, R_U_TYPE, 0), 300);
  assert_int_equal(zw_table_u64(zw_table_table(t, R_U), 0, 0), 2);
  assert_int_equal(zw_vec_u16(zw_table_vec(t, R_US_TYPE), 1), 300);
  assert_int_equal(zw_table_u64(zw_vec_table(zw_table_vec(t, R_US), 1), 0, 0), 2);
  assert_int_equal(zw_table_i32(t, R_W_TYPE, 0), 70000);
  assert_int_equal(zw_table_i32(zw_table_table(t, R_W), 0, 0), 1);
  assert_int_equal(zw_vec_i32(zw_table_vec(t, R_WS_TYPE), 0), 70001);
  /* A struct of one octet, at an address that is no multiple of 4. */
  zw_table tiny = zw_table_table(t, R_V);
  assert_int_equal(tiny.pos % 4, 3);
  assert_int_equal(bytes[tiny.pos], 9);
  free(bytes);
}

static void expect_after(unsigned field, uint32_t offset, unsigned size, uint64_t value,
                         uint32_t flags, const char *message) {
  uint8_t *bytes;
  load(&bytes);
  uint32_t at = wide_slot(bytes, field);
  if (r_fields[field].base == ZW_T_VECTOR) at += zw_load_le32(bytes + at) + offset;
  for (unsigned i = 0; i < size; i++) bytes[at + i] = (uint8_t)(value >> (8 * i));
  wide_expect(bytes, WIDE_SIZE, flags, message);
  free(bytes);
}

/* Each octet of a type counts: 300 is not 44. */
static void test_all_octets_of_a_type_count(void **state) {
  (void)state;
  expect_after(R_US_TYPE, 4, 2, 44, 0, "");
  expect_after(R_US_TYPE, 4, 2, 300, 0, "R.us[0].n: a field leads out of its table, at octet 332");
  expect_after(R_U_TYPE, 0, 2, 44, 0, "");
  expect_after(R_U_TYPE, 0, 2, 44, ZW_VERIFY_STRICT_UNIONS,
               "R.u: an unknown union member, at octet 148");
  expect_after(R_U_TYPE, 0, 2, 300, ZW_VERIFY_STRICT_UNIONS, "");
  expect_after(R_U_TYPE, 0, 2, 0, 0, "R.u: a union value without a type, at octet 148");
  expect_after(R_W_TYPE, 0, 4, 70000 + 65536, ZW_VERIFY_STRICT_UNIONS,
               "R.w: an unknown union member, at octet 116");
  expect_after(R_W_TYPE, 0, 4, UINT32_MAX, ZW_VERIFY_STRICT_UNIONS,
               "R.w: an unknown union member, at octet 116");
  expect_after(R_W_TYPE, 0, 4, UINT32_MAX, 0, "");
}

/* In forward mode only the offset of an unknown member's value is looked at. */
static void test_unknown_members_need_an_offset_in_range(void **state) {
  static const uint32_t offsets[] = {0, 4, 100, WIDE_SIZE - 149, WIDE_SIZE - 148, 0xFFFFFFFF};
  (void)state;
  for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
    uint8_t *bytes;
    load(&bytes);
    zw_store_le16(bytes + wide_slot(bytes, R_U_TYPE), 77);
    zw_store_le32(bytes + wide_slot(bytes, R_U), offsets[i]);
    bool good = offsets[i] && offsets[i] < WIDE_SIZE - wide_slot(bytes, R_U);
    char message[100];
    snprintf(message, sizeof message, "R.u: %s, at octet 148",
             offsets[i] ? "the offset of an unknown union member leads out of the buffer"
                        : "an offset is 0");
    wide_expect(bytes, WIDE_SIZE, 0, good ? "" : message);
    free(bytes);
  }
}

static void test_vectors(void **state) {
  (void)state;
  expect_after(R_US_TYPE, 0, 4, 2, 0,
               "R.us: a vector of unions and its types differ in length, at octet 140");
  expect_after(R_US_TYPE, 6, 2, 44, 0, "");
  expect_after(R_US_TYPE, 6, 2, 44, ZW_VERIFY_STRICT_UNIONS,
               "R.us[1]: an unknown union member, at octet 252");
  expect_after(R_US_TYPE, 0, 4, 400, 0,
               "R.us_type: a vector leads out of the buffer, at octet 260");
  expect_after(R_WS_TYPE, 4, 4, 0, 0, "");
  expect_after(R_VS, 8, 4, 0x700, 0, "R.vs[1]: an offset leads out of the buffer, at octet 224");
}

/* A struct needs its octets, not four. */
static void test_structs(void **state) {
  uint8_t *bytes;
  (void)state;
  load(&bytes);
  uint32_t v = wide_slot(bytes, R_V);
  zw_store_le32(bytes + v, WIDE_SIZE - 1 - v);
  wide_expect(bytes, WIDE_SIZE, 0, "");
  zw_store_le32(bytes + v, WIDE_SIZE - v);
  wide_expect(bytes, WIDE_SIZE, 0, "R.v: an offset leads out of the buffer, at octet 132");
  bytes[wide_slot(bytes, R_V_TYPE)] = 2;
  zw_store_le32(bytes + v, 756 - v);
  wide_expect(bytes, WIDE_SIZE, 0, "R.v: a struct leads out of the buffer, at octet 756");
  zw_store_le32(bytes + v, 748 - v);
  wide_expect(bytes, WIDE_SIZE, 0, "R.v: a struct is not aligned, at octet 748");
  wide_expect(bytes, WIDE_SIZE, ZW_VERIFY_UNALIGNED, "");
  free(bytes);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_google_wrote_is_read),
      cmocka_unit_test(test_all_octets_of_a_type_count),
      cmocka_unit_test(test_unknown_members_need_an_offset_in_range),
      cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_structs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
