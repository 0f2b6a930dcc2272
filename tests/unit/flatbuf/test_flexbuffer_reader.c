/* SPDX-License-Identifier: Apache-2.0 */
#include "reflect_fixture.h"

/* Google's Python writer: typed vectors, one of three elements, of keys, indirect numbers. */
static const char typed_hex[] =
    "7469000301020374660000000000c03f000020400000604069690000d12f01006966000000000000"
    "9a9999999999b93f746200020100746b007800790002050406212a133d4510060106222f18414a11"
    "231a90562c380c2401";

static size_t from_hex(const char *hex, uint8_t *out) {
  size_t n = 0;
  for (; *hex; hex += 2) {
    unsigned octet;
    assert_int_equal(sscanf(hex, "%2x", &octet), 1);
    out[n++] = (uint8_t)octet;
  }
  return n;
}

static int print_json(zw_span bytes, uint32_t flags, zw_text *out) {
  zw_flexbuffer_reader flex;
  zw_json_writer json;
  zw_token first;
  zw_flexbuffer_reader_init(&flex, bytes);
  zw_json_writer_init(&json, out, flags, 0);
  int e = flex.reader.next(&flex.reader, &first, NULL);
  return e ? e : zw_token_copy(&flex.reader, &first, &json.writer, NULL);
}

static void expect(const char *hex, const char *expected) {
  uint8_t bytes[512];
  zw_text text;
  zw_text_init(&text, NULL);
  assert_int_equal(print_json(zw_span_of(bytes, from_hex(hex, bytes)), ZW_JSON_NAN, &text), 0);
  assert_text(zw_text_str(&text), expected);
  zw_text_deinit(&text);
}

static void test_values(void **state) {
  (void)state;
  expect("000001", "null");
  expect("016801", "true");
  expect("ff0401", "-1");
  expect("ff0801", "255");
  expect("0000003f0e04", "0.5");
  expect("026869000314"
         "01",
         "\"hi\"");
  expect(typed_hex, "{\"if\":0.1,\"ii\":77777,\"tb\":[true,false],\"tf\":[1.5,2.5,3.5],"
                    "\"ti\":[1,2,3],\"tk\":[\"x\",\"y\"]}");
}

static void test_corrupt(void **state) {
  (void)state;
  static const char *const cases[] = {
      "",
      "00",
      "0001",
      "000003",
      "000000",
      "000010", /* no width */
      "000c01", /* a float of one octet */
      "0094"
      "01",     /* no such type */
      "051401", /* before the buffer */
      "02686901"
      "0314"
      "01", /* not terminated */
      "ff6869000314"
      "01", /* too long */
      "0102"
      "0228"
      "01",       /* a vector without the types of its elements */
      "03012401", /* a map without keys */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint8_t bytes[64];
    zw_diag diag = {0};
    if (zw_flexbuffer_verify(zw_span_of(bytes, from_hex(cases[i], bytes)), &diag) != ZW_EVERIFY)
      fail_msg("%s is taken", cases[i]);
    assert_int_equal(diag.error, ZW_EVERIFY);
  }
}

/* Every octet of a good buffer, with every value: an error or other values, nothing else. The copy
 * is as long as the buffer, so that the sanitizers see a read beyond. */
static void test_no_octet_can_do_harm(void **state) {
  (void)state;
  uint8_t bytes[512];
  size_t len = from_hex(typed_hex, bytes);
  uint8_t *copy = malloc(len);
  size_t refused = 0;
  assert_non_null(copy);
  for (size_t i = 0; i < len; i++) {
    for (unsigned v = 0; v < 256; v++) {
      memcpy(copy, bytes, len);
      copy[i] = (uint8_t)v;
      refused += zw_flexbuffer_verify(zw_span_of(copy, len), NULL) != 0;
    }
  }
  assert_true(refused > len);
  free(copy);
}

/* Vectors of ten references to the same vector, twenty deep: 10^20 values in 500 octets. */
static void test_shared_values_are_bounded(void **state) {
  (void)state;
  uint8_t bytes[1024];
  size_t n = 0;
  bytes[n++] = 0; /* an empty vector */
  size_t child = n;
  for (int level = 0; level < 20; level++) {
    bytes[n++] = 10;
    size_t at = n;
    for (int i = 0; i < 10; i++, n++) bytes[n] = (uint8_t)(n - child);
    for (int i = 0; i < 10; i++) bytes[n++] = 10 << 2;
    child = at;
  }
  bytes[n] = (uint8_t)(n - child);
  n++;
  bytes[n++] = 10 << 2;
  bytes[n++] = 1;
  zw_diag diag = {0};
  assert_int_equal(zw_flexbuffer_verify(zw_span_of(bytes, n), &diag), ZW_ELIMIT);
  assert_int_equal(diag.error, ZW_ELIMIT);
}

static void test_depth_is_bounded(void **state) {
  (void)state;
  uint8_t bytes[512];
  for (unsigned levels = 64; levels <= 65; levels++) {
    size_t n = 0;
    bytes[n++] = 0;
    size_t child = n;
    for (unsigned i = 1; i < levels; i++) {
      bytes[n++] = 1;
      size_t at = n;
      bytes[n] = (uint8_t)(n - child);
      n++;
      bytes[n++] = 10 << 2;
      child = at;
    }
    bytes[n] = (uint8_t)(n - child);
    n++;
    bytes[n++] = 10 << 2;
    bytes[n++] = 1;
    assert_int_equal(zw_flexbuffer_verify(zw_span_of(bytes, n), NULL),
                     levels == 64 ? 0 : ZW_ELIMIT);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_values),
      cmocka_unit_test(test_corrupt),
      cmocka_unit_test(test_no_octet_can_do_harm),
      cmocka_unit_test(test_shared_values_are_bounded),
      cmocka_unit_test(test_depth_is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
