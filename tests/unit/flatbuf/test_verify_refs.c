/* SPDX-License-Identifier: Apache-2.0 */
/* 64-bit offsets, forced alignment and size prefixes, as Google's C++ writes them. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "wide_fixture.h"

static void test_what_google_wrote_is_read(void **state) {
  size_t len;
  zw_table t;
  zw_diag diag = {0};
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  assert_int_equal(len, WIDE_SIZE);
  if (zw_verify_identified(&wide_r, ZW_STR("WIDE"), zw_span_of(bytes, len), NULL, &t, &diag))
    fail_msg("%s", diag.message);
  zw_vec64 big = zw_table_vec64(t, R_BIG, 8), ls = zw_table_vec64(t, R_LS, 4);
  zw_vec64 ps = zw_table_vec64(t, R_PS, 4), n = zw_table_vec64(t, R_N, 8);
  assert_int_equal(big.count, 300);
  assert_int_equal(zw_vec64_u8(big, 299), 7);
  assert_text(zw_table_str64(t, R_S), "far");
  assert_int_equal(ls.count, 3);
  assert_int_equal(zw_vec64_i64(ls, 1), -2);
  assert_int_equal(ps.count, 2);
  assert_true(zw_load_f64(zw_vec64_struct(ps, 1, 16)) == 3);
  zw_table inner = zw_root_trusted(zw_vec64_bytes(n));
  assert_int_equal(zw_table_i32(inner, 0, 0), 5);
  assert_text(zw_table_str(inner, 1), "in");
  assert_null(zw_table_vec64(t, R_FIELDS, 8).ptr);
  assert_null(zw_table_str64(t, R_FIELDS).ptr);
  free(bytes);
}

/* ---- offsets and lengths gone wrong ---- */

typedef struct broken {
  unsigned field;
  bool length; /* what is changed: the length that the offset leads to, or the offset */
  uint64_t value;
  const char *message;
} broken;

static const broken broken_cases[] = {
    {R_S, false, 0, "R.s: an offset is 0, at octet 88"},
    {R_S, false, 680, "R.s: an offset is not aligned, at octet 88"}, /* see below */
    {R_S, false, WIDE_SIZE - 88 - 3, "R.s: an offset leads out of the buffer, at octet 88"},
    {R_S, false, UINT64_MAX, "R.s: an offset leads out of the buffer, at octet 88"},
    {R_S, false, (uint64_t)1 << 63, "R.s: an offset leads out of the buffer, at octet 88"},
    {R_S, false, ((uint64_t)1 << 32) + 8, "R.s: an offset leads out of the buffer, at octet 88"},
    {R_S, true, 4, "R.s: a string is not terminated, at octet 408"},
    {R_S, true, 0xFFFFFFFF, "R.s: a string leads out of the buffer, at octet 408"},
    {R_BIG, false, WIDE_SIZE - 96 - 7, "R.big: an offset leads out of the buffer, at octet 96"},
    {R_BIG, true, 305, "R.big: a vector leads out of the buffer, at octet 456"},
    {R_BIG, true, UINT64_MAX, "R.big: a vector leads out of the buffer, at octet 456"},
    {R_LS, true, 1000, "R.ls: a vector leads out of the buffer, at octet 340"},
    {R_PS, true, 0xFFFFFFFF, "R.ps: a vector leads out of the buffer, at octet 372"},
    {R_N, true, 7, "R.n: a nested buffer is too short, at octet 424"},
    {R_N, true, 12, "R.n: an offset leads out of the buffer, at octet 0"},
};

static void test_what_is_broken_is_refused(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len), *kept = wide_load("wide.bin", &len);
  for (size_t i = 0; i < sizeof broken_cases / sizeof broken_cases[0]; i++) {
    const broken *c = &broken_cases[i];
    uint32_t at = wide_slot(bytes, c->field);
    bool wide = !c->length || r_fields[c->field].base == ZW_T_VECTOR64;
    if (c->length) at += (uint32_t)zw_load_le64(bytes + at);
    uint64_t value = c->value == 680 ? zw_load_le64(bytes + at) + 2 : c->value;
    if (wide)
      zw_store_le64(bytes + at, value);
    else
      zw_store_le32(bytes + at, (uint32_t)value);
    wide_expect(bytes, len, 0, c->message);
    memcpy(bytes, kept, len);
  }
  wide_expect(bytes, len, 0, "");
  free(bytes);
  free(kept);
}

static void test_every_length_is_checked(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  for (size_t cut = 0; cut < 764; cut++) { /* the last octets are padding */
    uint8_t *part = malloc(cut ? cut : 1);
    memcpy(part, bytes, cut);
    assert_int_equal(zw_verify(&wide_r, zw_span_of(part, cut), NULL, NULL, NULL), ZW_EVERIFY);
    free(part);
  }
  free(bytes);
}

/* The forced alignment of a vector: 32 octets, where the builder kept it. */
static void test_forced_alignment(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  uint32_t slot = wide_slot(bytes, R_FA);
  wide_expect(bytes, len, ZW_VERIFY_FORCE_ALIGN, "");
  zw_store_le32(bytes + slot, zw_load_le32(bytes + slot) + 16); /* to other numbers: 0 elements */
  wide_expect(bytes, len, ZW_VERIFY_FORCE_ALIGN, "");
  zw_store_le32(bytes + slot + zw_load_le32(bytes + slot), 1);
  wide_expect(bytes, len, 0, "");
  wide_expect(bytes, len, ZW_VERIFY_FORCE_ALIGN, "R.fa: a vector is not aligned, at octet 172");
  free(bytes);
}

/* ---- beyond 2 GiB ---- */

/* The numbers of a [ubyte] vector and a string lie beyond 5 GiB of nothing. */
static void test_targets_beyond_two_gigabytes(void **state) {
  const size_t far = (size_t)5 << 30, len = far + 4096;
  const zw_verify_options large = {.flags = ZW_VERIFY_LARGE};
  zw_table t;
  size_t small;
  (void)state;
  uint8_t *bytes =
      mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  assert_true(bytes != MAP_FAILED);
  uint8_t *from = wide_load("wide.bin", &small);
  memcpy(bytes, from, small);
  free(from);
  uint32_t big = wide_slot(bytes, R_BIG), s = wide_slot(bytes, R_S);
  zw_store_le64(bytes + big, far - big);
  zw_store_le64(bytes + far, 4000);
  bytes[far + 8 + 3999] = 42;
  zw_store_le64(bytes + s, far + 4016 - s);
  zw_store_le32(bytes + far + 4016, 4);
  memcpy(bytes + far + 4020, "here", 4);
  assert_int_equal(zw_verify(&wide_r, zw_span_of(bytes, len), NULL, NULL, NULL), ZW_ELIMIT);
  assert_int_equal(zw_verify(&wide_r, zw_span_of(bytes, len), &large, &t, NULL), 0);
  assert_int_equal(zw_vec64_u8(zw_table_vec64(t, R_BIG, 8), 3999), 42);
  assert_text(zw_table_str64(t, R_S), "here");
  zw_store_le64(bytes + far, 4090); /* two more than follow */
  assert_int_equal(zw_verify(&wide_r, zw_span_of(bytes, len), &large, NULL, NULL), ZW_EVERIFY);
  /* A 32-bit offset ends at 2 GiB, whatever the length. */
  zw_store_le64(bytes + far, 4000);
  zw_store_le32(bytes + wide_slot(bytes, R_FA), 0x80000000);
  assert_int_equal(zw_verify(&wide_r, zw_span_of(bytes, len), &large, NULL, NULL), ZW_EVERIFY);
  munmap(bytes, len);
}

/* ---- size prefixes ---- */

static const zw_field sized_fields[] = {{WIDE_FIELD(0, "d", ZW_T_VECTOR, ZW_T_DOUBLE)},
                                        {WIDE_FIELD(1, "u", ZW_T_ULONG, 0)},
                                        {WIDE_FIELD(2, "s", ZW_T_STRING, 0)}};
static const zw_type sized = {WIDE_NAME("Sized"), .fields = sized_fields, .field_count = 3,
                              .align = 1};

/* Its eight octets are aligned by the prefix's address, not by that of what follows it. */
static void test_prefixed_buffers(void **state) {
  static const struct {
    const char *file, *identifier;
  } cases[] = {{"sized.bin", NULL}, {"sized_id.bin", "SIZE"}, {"sized_id.bin", NULL}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    size_t len;
    zw_table t = {NULL, 0, 0};
    zw_diag diag = {0};
    uint8_t *bytes = wide_load(cases[i].file, &len);
    zw_str id = cases[i].identifier ? zw_str_of(cases[i].identifier) : (zw_str){NULL, 0};
    if (zw_verify_sized(&sized, id, zw_span_of(bytes, len), NULL, &t, &diag))
      fail_msg("%s: %s", cases[i].file, diag.message);
    assert_true(zw_table_u64(t, 1, 0) == 7);
    assert_true(zw_vec_f64(zw_table_vec(t, 0), 2) == 3);
    assert_true(zw_span_eq(zw_table_bytes(t), zw_span_of(bytes + 4, len - 4)));
    assert_int_equal(zw_verify(&sized, zw_span_of(bytes + 4, len - 4), NULL, NULL, NULL),
                     ZW_EVERIFY);
    free(bytes);
  }
}

static void test_a_prefix_of_eight_octets(void **state) {
  const zw_verify_options wide = {.flags = ZW_VERIFY_SIZE64};
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide_sized.bin", &len);
  const zw_str id = ZW_STR("WIDE");
  assert_true(zw_load_le64(bytes) == len - 8);
  assert_int_equal(zw_verify_sized(&wide_r, id, zw_span_of(bytes, len), &wide, NULL, NULL), 0);
  assert_int_equal(zw_verify_sized(&wide_r, id, zw_span_of(bytes, len), NULL, NULL, NULL),
                   ZW_EVERIFY);
  free(bytes);
}

static void expect_sized(const uint8_t *bytes, size_t len, const char *id, const char *message) {
  zw_diag diag = {0};
  assert_int_equal(
      zw_verify_sized(&sized, zw_str_of(id), zw_span_of(bytes, len), NULL, NULL, &diag),
      ZW_EVERIFY);
  assert_string_equal(diag.message, message);
}

static void test_a_prefix_says_the_length(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("sized_id.bin", &len);
  expect_sized(bytes, 3, "SIZE", "Sized: too short for a size prefix of 4 octets");
  expect_sized(bytes, len - 1, "SIZE",
               "Sized: the size prefix says 84 octets, 83 octets follow it");
  bytes[0]++;
  expect_sized(bytes, len, "SIZE", "Sized: the size prefix says 85 octets, 84 octets follow it");
  bytes[0]--;
  expect_sized(bytes, len, "SIZA", "Sized: the file identifier is not \"SIZA\"");
  for (uint32_t cut = 4; cut < len; cut++) {
    uint8_t *part = malloc(cut);
    memcpy(part, bytes, cut);
    zw_store_le32(part, cut - 4);
    assert_int_equal(
        zw_verify_sized(&sized, ZW_STR("SIZE"), zw_span_of(part, cut), NULL, NULL, NULL),
        ZW_EVERIFY);
    free(part);
  }
  free(bytes);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_google_wrote_is_read),
      cmocka_unit_test(test_what_is_broken_is_refused),
      cmocka_unit_test(test_every_length_is_checked),
      cmocka_unit_test(test_forced_alignment),
      cmocka_unit_test(test_targets_beyond_two_gigabytes),
      cmocka_unit_test(test_prefixed_buffers),
      cmocka_unit_test(test_a_prefix_of_eight_octets),
      cmocka_unit_test(test_a_prefix_says_the_length),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
