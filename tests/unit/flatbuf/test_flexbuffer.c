/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "reflect_fixture.h"

/* Google's Python writer: {"if": 0.1, "ii": 77777, "tb": [true, false], "tf": [1.5, 2.5, 3.5],
 * "ti": [1, 2, 3], "tk": ["x", "y"]}: indirect numbers, typed vectors, one of three elements, of
 * keys. */
static const char typed_hex[] =
    "7469000301020374660000000000c03f000020400000604069690000d12f01006966000000000000"
    "9a9999999999b93f746200020100746b007800790002050406212a133d4510060106222f18414a11"
    "231a90562c380c2401";

static uint8_t octets[512];

static zw_span from_hex(const char *hex) {
  size_t n = 0;
  for (; *hex; hex += 2) {
    unsigned octet;
    assert_int_equal(sscanf(hex, "%2x", &octet), 1);
    octets[n++] = (uint8_t)octet;
  }
  return zw_span_of(octets, n);
}

static zw_flexbuffer value(const char *hex) { return zw_flexbuffer_root(from_hex(hex)); }

/* Octets of JSON text as our writer has them. */
static zw_flexbuffer of_json(zw_text *out, const char *text) {
  zw_json_reader json;
  zw_flexbuffer_writer writer;
  zw_token first;
  zw_text_init(out, NULL);
  zw_json_reader_init(&json, zw_str_of(text), ZW_JSON_BINARY, 0, NULL);
  zw_flexbuffer_writer_init(&writer, out);
  assert_int_equal(json.reader.next(&json.reader, &first, NULL), 0);
  assert_int_equal(zw_token_copy(&json.reader, &first, &writer.writer, NULL), 0);
  zw_flexbuffer_writer_deinit(&writer);
  zw_json_reader_deinit(&json);
  return zw_flexbuffer_root(zw_str_span(zw_text_str(out)));
}

static void test_numbers(void **state) {
  (void)state;
  static const struct {
    const char *hex;
    uint8_t kind;
    int64_t i;
    uint64_t u;
    double d;
  } cases[] = {
      {"000001", ZW_FLEXBUFFER_NULL, 0, 0, 0},
      {"016801", ZW_FLEXBUFFER_BOOL, 1, 1, 1},
      {"ff6801", ZW_FLEXBUFFER_BOOL, 1, 1, 1},
      {"ff0401", ZW_FLEXBUFFER_INT, -1, 0, -1},
      {"ff0801", ZW_FLEXBUFFER_UINT, 255, 255, 255},
      {"ffffffffffffffff0b08", ZW_FLEXBUFFER_UINT, INT64_MAX, UINT64_MAX, 18446744073709551615.0},
      {"00000000000000800708", ZW_FLEXBUFFER_INT, INT64_MIN, 0, -9223372036854775808.0},
      {"0000003f0e04", ZW_FLEXBUFFER_FLOAT, 0, 0, 0.5},
      {"000020c00e04", ZW_FLEXBUFFER_FLOAT, -2, 0, -2.5},
      {"0000807f0e04", ZW_FLEXBUFFER_FLOAT, INT64_MAX, UINT64_MAX, INFINITY},
      {"000080ff0e04", ZW_FLEXBUFFER_FLOAT, INT64_MIN, 0, -INFINITY},
      {"000000000000e0430f08", ZW_FLEXBUFFER_FLOAT, INT64_MAX, 1ull << 63, 9223372036854775808.0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zw_flexbuffer v = value(cases[i].hex);
    assert_int_equal(v.kind, cases[i].kind);
    assert_true(zw_flexbuffer_int(v) == cases[i].i);
    assert_true(zw_flexbuffer_uint(v) == cases[i].u);
    assert_true(zw_flexbuffer_double(v) == cases[i].d);
    assert_int_equal(zw_flexbuffer_bool(v), cases[i].d != 0);
    assert_null(zw_flexbuffer_str(v).ptr);
  }
  zw_flexbuffer nan = value("0000c07f0e04");
  assert_true(isnan(zw_flexbuffer_double(nan)) && zw_flexbuffer_bool(nan));
  assert_true(zw_flexbuffer_int(nan) == 0 && zw_flexbuffer_uint(nan) == 0);
}

static void test_containers(void **state) {
  (void)state;
  zw_text text;
  zw_flexbuffer v =
      of_json(&text, "{\"b\": [1, \"two\", null, {\"x\": 2.5}], \"a\": \"\\u0000aGk=\","
                     " \"bb\": true}");
  assert_int_equal(v.kind, ZW_FLEXBUFFER_MAP);
  assert_int_equal(v.count, 3);
  assert_text(zw_flexbuffer_key(v, 0), "a");
  assert_text(zw_flexbuffer_key(v, 2), "bb");
  assert_null(zw_flexbuffer_key(v, 3).ptr);
  zw_span blob = zw_flexbuffer_blob(zw_flexbuffer_find(v, ZW_STR("a")));
  assert_true(zw_span_eq(blob, zw_str_span(ZW_STR("hi"))));
  zw_flexbuffer list = zw_flexbuffer_find(v, ZW_STR("b"));
  assert_int_equal(list.count, 4);
  assert_int_equal(zw_flexbuffer_int(zw_flexbuffer_at(list, 0)), 1);
  assert_text(zw_flexbuffer_str(zw_flexbuffer_at(list, 1)), "two");
  assert_int_equal(zw_flexbuffer_at(list, 2).kind, ZW_FLEXBUFFER_NULL);
  assert_int_equal(zw_flexbuffer_at(list, 4).kind, ZW_FLEXBUFFER_ABSENT);
  assert_int_equal(zw_flexbuffer_at(list, SIZE_MAX).kind, ZW_FLEXBUFFER_ABSENT);
  zw_flexbuffer x = zw_flexbuffer_find(zw_flexbuffer_at(list, 3), ZW_STR("x"));
  assert_true(zw_flexbuffer_double(x) == 2.5);
  static const char *const others[] = {"", "A", "aa", "ba", "bbb", "c"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_int_equal(zw_flexbuffer_find(v, zw_str_of(others[i])).kind, ZW_FLEXBUFFER_ABSENT);
  zw_text_deinit(&text);
}

static void test_what_googles_writer_has(void **state) {
  (void)state;
  zw_flexbuffer v = value(typed_hex);
  assert_int_equal(v.count, 6);
  assert_true(zw_flexbuffer_double(zw_flexbuffer_find(v, ZW_STR("if"))) == 0.1);
  assert_int_equal(zw_flexbuffer_int(zw_flexbuffer_find(v, ZW_STR("ii"))), 77777);
  zw_flexbuffer flags = zw_flexbuffer_find(v, ZW_STR("tb"));
  assert_true(zw_flexbuffer_bool(zw_flexbuffer_at(flags, 0)));
  assert_false(zw_flexbuffer_bool(zw_flexbuffer_at(flags, 1)));
  zw_flexbuffer three = zw_flexbuffer_find(v, ZW_STR("tf"));
  assert_int_equal(three.count, 3);
  assert_true(zw_flexbuffer_double(zw_flexbuffer_at(three, 2)) == 3.5);
  zw_flexbuffer keys = zw_flexbuffer_find(v, ZW_STR("tk"));
  assert_int_equal(zw_flexbuffer_at(keys, 1).kind, ZW_FLEXBUFFER_KEY);
  assert_text(zw_flexbuffer_str(zw_flexbuffer_at(keys, 1)), "y");
  assert_null(zw_flexbuffer_key(keys, 0).ptr); /* no map */
}

static void test_nothing_is_there(void **state) {
  (void)state;
  static const char *const cases[] = {"",
                                      "0001",
                                      "000003",
                                      "000c01",
                                      "009401",
                                      "051401",
                                      "ff686900031401",
                                      "010202"
                                      "2801",
                                      "03012401"};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zw_flexbuffer v = value(cases[i]);
    assert_int_equal(v.kind, ZW_FLEXBUFFER_ABSENT);
    assert_true(zw_flexbuffer_int(v) == 0 && zw_flexbuffer_double(v) == 0);
    assert_null(zw_flexbuffer_str(v).ptr);
    assert_null(zw_flexbuffer_blob(v).ptr);
    assert_int_equal(zw_flexbuffer_at(v, 0).kind, ZW_FLEXBUFFER_ABSENT);
    assert_int_equal(zw_flexbuffer_find(v, ZW_STR("")).kind, ZW_FLEXBUFFER_ABSENT);
  }
  assert_int_equal(zw_flexbuffer_root(zw_span_of(NULL, 0)).kind, ZW_FLEXBUFFER_ABSENT);
}

/* A vector whose element is the vector: it is there 64 times, and then no more. */
static void test_values_that_hold_themselves(void **state) {
  (void)state;
  zw_flexbuffer v = value("0100"
                          "28"
                          "022801"); /* length, its slot, its type; the root's */
  unsigned depth = 0;
  for (; v.kind == ZW_FLEXBUFFER_VECTOR; depth++) v = zw_flexbuffer_at(v, 0);
  assert_int_equal(depth, 64);
  assert_int_equal(v.kind, ZW_FLEXBUFFER_ABSENT);
  assert_int_equal(zw_flexbuffer_verify(from_hex("010028022801"), NULL), ZW_ELIMIT);
}

/* Reads all octets of all values, as many as there are steps. */
static uint64_t visit(zw_flexbuffer v, unsigned *steps) {
  uint64_t sum = zw_flexbuffer_uint(v) + (uint64_t)zw_flexbuffer_int(v) + zw_flexbuffer_bool(v);
  zw_span seen[] = {zw_flexbuffer_blob(v), zw_str_span(zw_flexbuffer_str(v))};
  if (*steps == 0) return sum;
  --*steps;
  for (size_t s = 0; s < 2; s++)
    for (size_t i = 0; i < seen[s].len; i++) sum += seen[s].ptr[i];
  for (uint32_t i = 0; v.kind >= ZW_FLEXBUFFER_VECTOR && i < v.count && *steps; i++) {
    zw_str key = zw_flexbuffer_key(v, i);
    sum += key.len + zw_flexbuffer_find(v, key).kind;
    sum += visit(zw_flexbuffer_at(v, i), steps);
  }
  return sum;
}

/* Every octet of a good buffer, with every value. The copy is as long as the buffer, so that the
 * sanitizers see a read beyond. */
static void test_no_octet_can_do_harm(void **state) {
  (void)state;
  zw_span good = from_hex(typed_hex);
  uint8_t *copy = malloc(good.len);
  uint64_t sum = 0;
  assert_non_null(copy);
  for (size_t i = 0; i < good.len; i++) {
    for (unsigned v = 0; v < 256; v++) {
      unsigned steps = 100;
      memcpy(copy, good.ptr, good.len);
      copy[i] = (uint8_t)v;
      sum += visit(zw_flexbuffer_root(zw_span_of(copy, good.len)), &steps);
    }
  }
  assert_true(sum > 0);
  free(copy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_containers),
      cmocka_unit_test(test_what_googles_writer_has),
      cmocka_unit_test(test_nothing_is_there),
      cmocka_unit_test(test_values_that_hold_themselves),
      cmocka_unit_test(test_no_octet_can_do_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
