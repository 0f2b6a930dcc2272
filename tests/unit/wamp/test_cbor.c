/* SPDX-License-Identifier: Apache-2.0 */
/* CBOR: the examples of RFC 8949, appendix A; what is not well-formed; the way to JSON and back. */
#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/wamp.h"

static size_t from_hex(const char *hex, uint8_t *out) {
  size_t n = 0;
  for (; hex[0] && hex[1]; hex += 2) {
    unsigned byte;
    assert_int_equal(sscanf(hex, "%2x", &byte), 1);
    out[n++] = (uint8_t)byte;
  }
  return n;
}

/* `json`: what it is as JSON; `same`: JSON gives the same octets again. */
static const struct {
  const char *hex, *json;
  bool same;
} examples[] = {
    {"00", "0", true},
    {"01", "1", true},
    {"0a", "10", true},
    {"17", "23", true},
    {"1818", "24", true},
    {"1864", "100", true},
    {"1903e8", "1000", true},
    {"1a000f4240", "1000000", true},
    {"1b000000e8d4a51000", "1000000000000", true},
    {"1bffffffffffffffff", "18446744073709551615", true},
    {"20", "-1", true},
    {"29", "-10", true},
    {"3863", "-100", true},
    {"3903e7", "-1000", true},
    {"3b7fffffffffffffff", "-9223372036854775808", true},
    {"f90000", "0.0", true},
    {"f98000", "-0.0", true},
    {"f93c00", "1.0", true},
    {"fb3ff199999999999a", "1.1", true},
    {"f93e00", "1.5", true},
    {"f97bff", "65504.0", true},
    {"fa47c35000", "100000.0", true},
    {"fa7f7fffff", "3.4028234663852886e38", true},
    {"fb7e37e43c8800759c", "1e300", true},
    {"f90400", "0.00006103515625", true},
    {"f9c400", "-4.0", true},
    {"fbc010666666666666", "-4.1", true},
    {"f97c00", "null", false},
    {"f97e00", "null", false},
    {"f4", "false", true},
    {"f5", "true", true},
    {"f6", "null", true},
    {"f7", "null", false},
    {"f0", "null", false},
    {"c074323031332d30332d32315432303a30343a30305a", "\"2013-03-21T20:04:00Z\"", false},
    {"c11a514b67b0", "1363896240", false},
    {"40", "\"\\u0000\"", true},
    {"4401020304", "\"\\u0000AQIDBA==\"", true},
    {"60", "\"\"", true},
    {"6161", "\"a\"", true},
    {"62225c", "\"\\\"\\\\\"", true},
    {"62c3bc", "\"\xC3\xBC\"", true},
    {"64f0908591", "\"\xF0\x90\x85\x91\"", true},
    {"80", "[]", false},
    {"83010203", "[1,2,3]", false},
    {"8301820203820405", "[1,[2,3],[4,5]]", false},
    {"a0", "{}", false},
    {"a26161016162820203", "{\"a\":1,\"b\":[2,3]}", false},
    {"a201020304", "{\"1\":2,\"3\":4}", false},
    {"9fff", "[]", true},
    {"9f018202039f0405ffff", "[1,[2,3],[4,5]]", false},
    {"83018202039f0405ff", "[1,[2,3],[4,5]]", false},
    {"bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}", true},
    {"826161bf61626163ff", "[\"a\",{\"b\":\"c\"}]", false},
    {"d9d9f70a", "10", false},
};

static void test_examples(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
    uint8_t cbor[64];
    zw_span octets = zw_span_of(cbor, from_hex(examples[i].hex, cbor));
    zw_text json, back;
    zw_text_init(&json, NULL);
    zw_text_init(&back, NULL);
    assert_int_equal(zw_cbor_length(octets, 0), octets.len);
    assert_int_equal(zw_value_convert(ZW_FORMAT_CBOR, octets, ZW_FORMAT_JSON, &json, NULL), 0);
    if (!zw_str_eq(zw_text_str(&json), zw_str_of(examples[i].json)))
      fail_msg("%s: %s", examples[i].hex, json.ptr);
    assert_int_equal(zw_value_convert(ZW_FORMAT_JSON, zw_str_span(zw_text_str(&json)),
                                      ZW_FORMAT_CBOR, &back, NULL),
                     0);
    if (examples[i].same && !zw_span_eq(zw_str_span(zw_text_str(&back)), octets))
      fail_msg("%s does not come back", examples[i].hex);
    zw_text_deinit(&json);
    zw_text_deinit(&back);
  }
}

/* Not well-formed, or cut off. */
static const char *const malformed[] = {
    "",
    "18",
    "19ff",
    "1a000000",
    "1bffffffffffffff",
    "1c",
    "1d",
    "1e",
    "1f",
    "3f",
    "41",
    "5a",
    "61",
    "62c3",
    "62c328",
    "81",
    "8201",
    "9b",
    "9f",
    "9f01",
    "a1",
    "a101",
    "bf01ff",
    "bf0102",
    "ff",
    "c0",
    "df",
    "f800",
    "f818",
    "f81f",
    "f9",
    "fa0000",
    "fc",
    "fd",
    "fe",
    "5f4100",
    "5f6100ff",
    "7f61c361bcff",
    "5f5f4100ffff",
    "9bffffffffffffffff",
    "bbffffffffffffffff",
    "5bffffffffffffffff",
    "7bfffffffffffffff0",
    "81ff",
    "82ff01",
    "a1ff01",
    "a100ff",
};

static void test_malformed(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
    uint8_t cbor[32];
    zw_span octets = zw_span_of(cbor, from_hex(malformed[i], cbor));
    zw_text json;
    zw_diag diag = {0};
    zw_text_init(&json, NULL);
    if (zw_cbor_length(octets, 0) != ZW_EPROTO) fail_msg("%s is well-formed", malformed[i]);
    int e = zw_value_convert(ZW_FORMAT_CBOR, octets, ZW_FORMAT_JSON, &json, &diag);
    if (e != ZW_EPROTO && e != ZW_ENOTSUP) fail_msg("%s: %d", malformed[i], e);
    assert_true(diag.message[0] != 0);
    zw_text_deinit(&json);
  }
}

static void test_length_leaves_the_rest(void **state) {
  (void)state;
  assert_int_equal(zw_cbor_length(zw_span_of("\x82\x01\x02\x03", 4), 0), 3);
  /* Strings in pieces are well-formed, though no token. */
  assert_int_equal(zw_cbor_length(zw_span_of("\x7F\x61\x61\x61\x62\xFF", 6), 0), 6);
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_value_convert(ZW_FORMAT_CBOR, zw_span_of("\x7F\x61\x61\xFF", 4),
                                    ZW_FORMAT_JSON, &out, NULL),
                   ZW_ENOTSUP);
  assert_int_equal(
      zw_value_convert(ZW_FORMAT_CBOR, zw_span_of("\x01\x02", 2), ZW_FORMAT_JSON, &out, NULL),
      ZW_EPROTO);
  assert_int_equal(zw_value_convert(ZW_FORMAT_CBOR, zw_span_of("\x3B\x80\0\0\0\0\0\0\0", 9),
                                    ZW_FORMAT_JSON, &out, NULL),
                   ZW_ENOTSUP);
  zw_text_deinit(&out);
}

static void test_depth(void **state) {
  (void)state;
  uint8_t nested[200];
  memset(nested, 0x81, sizeof nested);
  zw_text out;
  zw_text_init(&out, NULL);
  for (size_t depth = 1; depth < 150; depth++) {
    nested[depth] = 0x01;
    zw_span octets = zw_span_of(nested, depth + 1);
    assert_int_equal(zw_cbor_length(octets, 0), depth <= 64 ? (int64_t)depth + 1 : ZW_ELIMIT);
    assert_int_equal(zw_cbor_length(octets, 3), depth <= 3 ? (int64_t)depth + 1 : ZW_ELIMIT);
    assert_int_equal(zw_cbor_length(octets, 1000), depth <= 128 ? (int64_t)depth + 1 : ZW_ELIMIT);
    int e = zw_value_convert(ZW_FORMAT_CBOR, octets, ZW_FORMAT_JSON, &out, NULL);
    assert_int_equal(e, depth <= 64 ? 0 : ZW_ELIMIT);
    nested[depth] = 0x81;
  }
  memset(nested, 0xC1, sizeof nested);
  /* Tags are passed over, however many. */
  assert_int_equal(zw_cbor_length(zw_span_of(nested, sizeof nested), 0), ZW_EPROTO);
  nested[sizeof nested - 1] = 0x01;
  assert_int_equal(zw_cbor_length(zw_span_of(nested, sizeof nested), 0), sizeof nested);
  assert_int_equal(zw_value_convert(ZW_FORMAT_CBOR, zw_span_of(nested, sizeof nested),
                                    ZW_FORMAT_JSON, &out, NULL),
                   0);
  zw_text_deinit(&out);
}

static void test_memory_fails(void **state) {
  (void)state;
  static const char json[] = "{\"a\\n\":[1,\"b\\u00fc\",{\"c\":null}],\"d\":\"\\u0000AQID\"}";
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_text out;
    counting_alloc_init(&c, n);
    zw_text_init(&out, &c.alloc);
    int e = zw_value_convert(ZW_FORMAT_JSON, zw_span_of(json, sizeof json - 1), ZW_FORMAT_CBOR,
                             &out, NULL);
    zw_text_deinit(&out);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(e, ZW_ENOMEM);
  }
}

static void test_the_reader_rewinds(void **state) {
  (void)state;
  zw_cbor_reader cbor;
  zw_token token;
  zw_token_mark mark;
  zw_cbor_reader_init(&cbor, zw_span_of("\xA2\x61\x61\x01\x61\x62\x82\x02\x03", 9), 0);
  assert_int_equal(cbor.reader.next(&cbor.reader, &token, NULL), 0);
  assert_int_equal(token.kind, ZW_TOKEN_MAP);
  assert_int_equal(token.count, 2);
  cbor.reader.mark(&cbor.reader, &mark);
  for (int round = 0; round < 2; round++) {
    static const enum zw_token_kind kinds[] = {
        ZW_TOKEN_STRING, ZW_TOKEN_UINT,      ZW_TOKEN_STRING,  ZW_TOKEN_ARRAY, ZW_TOKEN_UINT,
        ZW_TOKEN_UINT,   ZW_TOKEN_ARRAY_END, ZW_TOKEN_MAP_END, ZW_TOKEN_END};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
      assert_int_equal(cbor.reader.next(&cbor.reader, &token, NULL), 0);
      assert_int_equal(token.kind, kinds[i]);
    }
    cbor.reader.rewind(&cbor.reader, &mark);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_examples),
      cmocka_unit_test(test_malformed),
      cmocka_unit_test(test_length_leaves_the_rest),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_memory_fails),
      cmocka_unit_test(test_the_reader_rewinds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
