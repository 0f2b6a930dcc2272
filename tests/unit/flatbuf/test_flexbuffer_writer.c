/* SPDX-License-Identifier: Apache-2.0 */
#include "reflect_fixture.h"

#include "counting_alloc.h"

/* What flatc makes of VALUE in a field with the attribute `flexbuffer`. */
static const char value_text[] =
    "{b: [1, -2, 300, 70000, 5000000000, 0.5, 0.1, true, null, \"text\", \"text\"], "
    "a: {b: {}, c: []}, \"odd key\": \"\xC3\xA9\\n\", z: nan, y: [-inf, 1e300], \"\": 1}";
static const char flatc_hex[] =
    "62000474657874000b000000000000000100000000000000feffffffffffffff2c01000000000000"
    "701101000000000000f2052a01000000000000000000e03f9a9999999999b93f0100000000000000"
    "000000000000000055000000000000005d0000000000000007070707070f0f6b0314146100000001"
    "00630000027d05020102090724286f6464206b65790003c3a90a007a007900000200000000000000"
    "000000000000f0ff9c7500883ce4377e0f0f00060242b63123260000000000000c00000000000000"
    "0100000000000000060000000000000001000000000000005e00000000000000d800000000000000"
    "61000000000000005800000000000000000000000000f87f07242b142b0f362701";

static size_t from_hex(const char *hex, uint8_t *out) {
  size_t n = 0;
  for (; *hex; hex += 2) {
    unsigned octet;
    assert_int_equal(sscanf(hex, "%2x", &octet), 1);
    out[n++] = (uint8_t)octet;
  }
  return n;
}

static int write_json(const char *json, zw_text *out) {
  zw_json_reader reader;
  zw_flexbuffer_writer flex;
  zw_token first;
  zw_json_reader_init(&reader, zw_str_of(json), 0, ZW_JSON_DEPTH_MAX, out->alloc);
  zw_flexbuffer_writer_init(&flex, out);
  int e = reader.reader.next(&reader.reader, &first, NULL);
  if (!e) e = zw_token_copy(&reader.reader, &first, &flex.writer, NULL);
  zw_flexbuffer_writer_deinit(&flex);
  zw_json_reader_deinit(&reader);
  return e;
}

static int print_json(zw_span bytes, zw_text *out) {
  zw_flexbuffer_reader flex;
  zw_json_writer json;
  zw_token first;
  zw_flexbuffer_reader_init(&flex, bytes);
  zw_json_writer_init(&json, out, ZW_JSON_NAN, 0);
  int e = flex.reader.next(&flex.reader, &first, NULL);
  return e ? e : zw_token_copy(&flex.reader, &first, &json.writer, NULL);
}

static void expect_round_trip(const char *json, const char *expected) {
  zw_text flex, text;
  zw_text_init(&flex, NULL);
  zw_text_init(&text, NULL);
  assert_int_equal(write_json(json, &flex), 0);
  assert_int_equal(zw_flexbuffer_verify(zw_str_span(zw_text_str(&flex)), NULL), 0);
  assert_int_equal(print_json(zw_str_span(zw_text_str(&flex)), &text), 0);
  assert_text(zw_text_str(&text), expected);
  zw_text_deinit(&flex);
  zw_text_deinit(&text);
}

static void test_octets_are_those_of_flatc(void **state) {
  (void)state;
  uint8_t expected[sizeof flatc_hex];
  size_t len = from_hex(flatc_hex, expected);
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(write_json(value_text, &out), 0);
  assert_int_equal(out.len, len);
  assert_memory_equal(out.ptr, expected, len);
  zw_text_deinit(&out);
}

static void test_round_trips(void **state) {
  (void)state;
  expect_round_trip("7", "7");
  expect_round_trip("-9223372036854775808", "-9223372036854775808");
  expect_round_trip("18446744073709551615", "18446744073709551615");
  expect_round_trip("\"\"", "\"\"");
  expect_round_trip("{}", "{}");
  expect_round_trip("{b:1,a:{z:[],y:[[]]},c:[1.5,0.1]}",
                    "{\"a\":{\"y\":[[]],\"z\":[]},\"b\":1,\"c\":[1.5,0.1]}");
}

/* A vector so long that its children need wide offsets; a map of many keys, in the wrong order. */
static void test_wide(void **state) {
  (void)state;
  zw_text json, flex, text;
  zw_text_init(&json, NULL);
  zw_text_init(&flex, NULL);
  zw_text_init(&text, NULL);
  zw_text_printf(&json, "{");
  for (int i = 9999; i >= 1000; i--)
    zw_text_printf(&json, "\"k%d\":[\"text %d\",%d]%s", i, i % 7, i, i > 1000 ? "," : "}");
  assert_int_equal(write_json(json.ptr, &flex), 0);
  assert_int_equal(print_json(zw_str_span(zw_text_str(&flex)), &text), 0);
  assert_memory_equal(text.ptr, "{\"k1000\":[\"text 6\",1000],\"k1001\"", 32);
  assert_int_equal(text.len, json.len);
  zw_text_deinit(&json);
  zw_text_deinit(&flex);
  zw_text_deinit(&text);
}

static void test_errors(void **state) {
  (void)state;
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(write_json("{a:1,b:2,a:3}", &out), ZW_EINVAL);
  assert_int_equal(write_json("{\"a\\u0000b\":1}", &out), ZW_EINVAL);
  char deep[140];
  memset(deep, '[', 65);
  memset(deep + 65, ']', 65);
  deep[130] = 0;
  assert_int_equal(write_json(deep, &out), ZW_ELIMIT);
  zw_flexbuffer_writer flex;
  zw_token one = {.kind = ZW_TOKEN_UINT, .u = 1}, end = {.kind = ZW_TOKEN_MAP_END},
           map = {.kind = ZW_TOKEN_MAP};
  zw_flexbuffer_writer_init(&flex, &out);
  assert_int_equal(flex.writer.write(&flex.writer, &one), 0);
  assert_int_equal(flex.writer.write(&flex.writer, &one), ZW_EINVAL);
  zw_flexbuffer_writer_deinit(&flex);
  assert_int_equal(flex.writer.write(&flex.writer, &end), ZW_EINVAL);
  zw_flexbuffer_writer_deinit(&flex);
  assert_int_equal(flex.writer.write(&flex.writer, &map), 0);
  assert_int_equal(flex.writer.write(&flex.writer, &one), ZW_EINVAL);
  zw_flexbuffer_writer_deinit(&flex);
  zw_text_deinit(&out);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    zw_text out;
    zw_text_init(&out, &c.alloc);
    int e = write_json(value_text, &out);
    zw_text_deinit(&out);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(e, ZW_ENOMEM);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_octets_are_those_of_flatc),
      cmocka_unit_test(test_round_trips),
      cmocka_unit_test(test_wide),
      cmocka_unit_test(test_errors),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
