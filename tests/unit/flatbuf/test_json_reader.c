/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "reflect_fixture.h"

/* Prints the tokens of a text in one line, or the error as "!code line:column message". */
static void dump(zw_str json, uint32_t flags, uint32_t depth_max, char *out, size_t size) {
  zw_json_reader reader;
  zw_json_reader_init(&reader, json, flags, depth_max, NULL);
  zw_diag diag = {0};
  zw_token t;
  size_t n = 0;
  out[0] = 0;
  do {
    int e = reader.reader.next(&reader.reader, &t, &diag);
    if (e) {
      snprintf(out, size, "!%s %u:%u %s", zw_error_name(e), diag.at.line, diag.at.column,
               diag.message);
      break;
    }
    int m = 0;
    switch (t.kind) {
      case ZW_TOKEN_END: break;
      case ZW_TOKEN_NULL: m = snprintf(out + n, size - n, "null "); break;
      case ZW_TOKEN_BOOL:
        m = snprintf(out + n, size - n, "%s ", t.boolean ? "true" : "false");
        break;
      case ZW_TOKEN_INT: m = snprintf(out + n, size - n, "i%lld ", (long long)t.i); break;
      case ZW_TOKEN_UINT: m = snprintf(out + n, size - n, "u%llu ", (unsigned long long)t.u); break;
      case ZW_TOKEN_FLOAT: m = snprintf(out + n, size - n, "f%g ", t.d); break;
      case ZW_TOKEN_STRING:
        m = snprintf(out + n, size - n, t.bare ? "%.*s " : "\"%.*s\" ", ZW_ARG(t.text));
        break;
      case ZW_TOKEN_BYTES:
        m = snprintf(out + n, size - n, "b%zu:%.*s ", t.bytes.len, (int)t.bytes.len,
                     (const char *)t.bytes.ptr);
        break;
      case ZW_TOKEN_ARRAY: m = snprintf(out + n, size - n, "[ "); break;
      case ZW_TOKEN_ARRAY_END: m = snprintf(out + n, size - n, "] "); break;
      case ZW_TOKEN_MAP: m = snprintf(out + n, size - n, "{ "); break;
      case ZW_TOKEN_MAP_END: m = snprintf(out + n, size - n, "} "); break;
    }
    n += (size_t)m;
    assert_true(n < size);
  } while (t.kind != ZW_TOKEN_END);
  if (n && out[n - 1] == ' ') out[n - 1] = 0;
  zw_json_reader_deinit(&reader);
}

typedef struct json_case {
  const char *json, *tokens;
} json_case;

static void check(const json_case *cases, size_t count, uint32_t flags) {
  for (size_t i = 0; i < count; i++) {
    char out[1024];
    dump(zw_str_of(cases[i].json), flags, 0, out, sizeof out);
    if (strcmp(out, cases[i].tokens))
      fail_msg("%s\n  got      %s\n  expected %s", cases[i].json, out, cases[i].tokens);
  }
}
#define CHECK(cases, flags) check(cases, sizeof cases / sizeof *cases, flags)

static void test_both_modes(void **state) {
  (void)state;
  static const json_case cases[] = {
      {"{}", "{ }"},
      {"[]", "[ ]"},
      {" { \"a\" : [ 1 , -2 , 3.5 ] , \"b\" : null }\n", "{ \"a\" [ u1 i-2 f3.5 ] \"b\" null }"},
      {"true", "true"},
      {"[false,[[]],{\"x\":{}}]", "[ false [ [ ] ] { \"x\" { } } ]"},
      {"18446744073709551615", "u18446744073709551615"},
      {"18446744073709551616", "f1.84467e+19"},
      {"-9223372036854775808", "i-9223372036854775808"},
      {"-9223372036854775809", "f-9.22337e+18"},
      {"-0", "f-0"},
      {"0", "u0"},
      {"1e3", "f1000"},
      {"1E-2", "f0.01"},
      {"\"\"", "\"\""},
      {"\"a\\n\\\"\\\\\\/\\u00e9\\ud83d\\ude00z\"", "\"a\n\"\\/é😀z\""},
      {"\"π\"", "\"π\""},
      {"\"\\u0041\\tb\"", "\"A\tb\""},
  };
  CHECK(cases, 0);
  CHECK(cases, ZW_JSON_STRICT);
}

static void test_relaxed(void **state) {
  (void)state;
  static const json_case cases[] = {
      {"{a:1,b_2:Red,}", "{ a u1 b_2 Red }"},
      {"[1,2,]", "[ u1 u2 ]"},
      {"// c\n[1 /* x */, 2] // end", "[ u1 u2 ]"},
      {"'it''", "!ZW_ESYNTAX 1:5 The end of the text is expected, here is '''."},
      {"'a\\'b\"'", "\"a'b\"\""},
      {"0x1F", "u31"},
      {"-0X1f", "i-31"},
      {"0xFFFFFFFFFFFFFFFF", "u18446744073709551615"},
      {"[+1,.5,5.,-.25]", "[ u1 f0.5 f5 f-0.25 ]"},
      {"[inf,-inf,+inf,Infinity]", "[ finf f-inf finf finf ]"},
      {"{null:1,true:Color.Red}", "{ null u1 true Color.Red }"},
      {"\"\\x41\"", "\"A\""},
      {"\xEF\xBB\xBF[]", "[ ]"},
  };
  CHECK(cases, 0);
}

static void test_strict_refuses(void **state) {
  (void)state;
  static const json_case cases[] = {
      {"{a:1}", "!ZW_ESYNTAX 1:2 A name in double quotes is expected, here is 'a'."},
      {"[1,]", "!ZW_ESYNTAX 1:4 A value is expected, here is ']'."},
      {"{\"a\":1,}", "!ZW_ESYNTAX 1:8 A name in double quotes is expected, here is '}'."},
      {"// x\n1", "!ZW_ESYNTAX 1:1 A value is expected, here is '/'."},
      {"'a'", "!ZW_ESYNTAX 1:1 A value is expected, here is '''."},
      {"0x10", "!ZW_ESYNTAX 1:1 This is no number."},
      {"+1", "!ZW_ESYNTAX 1:1 A value is expected, here is '+'."},
      {".5", "!ZW_ESYNTAX 1:1 A value is expected, here is '.'."},
      {"5.", "!ZW_ESYNTAX 1:1 This is no number."},
      {"01", "!ZW_ESYNTAX 1:1 This is no number."},
      {"nan",
       "!ZW_ESYNTAX 1:1 Only true, false and null are words here. Put text in double quotes."},
      {"\"\\x41\"", "!ZW_ESYNTAX 1:2 This escape is not known. Write \\\\ for a backslash."},
      {"\xEF\xBB\xBF[]", "!ZW_ESYNTAX 1:1 A value is expected, here is octet EF."},
  };
  CHECK(cases, ZW_JSON_STRICT);
}

static void test_both_refuse(void **state) {
  (void)state;
  static const json_case cases[] = {
      {"", "!ZW_ESYNTAX 1:1 A value is expected, here the text ends."},
      {"[1 2]", "!ZW_ESYNTAX 1:4 ',' or ']' is expected, here is '2'."},
      {"[1\n,\n}", "!ZW_ESYNTAX 3:1 A value is expected, here is '}'."},
      {"{\"a\" 1}", "!ZW_ESYNTAX 1:6 ':' is expected, here is '1'."},
      {"{\"a\":}", "!ZW_ESYNTAX 1:6 A value is expected, here is '}'."},
      {"{\"a\":1", "!ZW_ESYNTAX 1:7 ',' or '}' is expected, here the text ends."},
      {"[1}", "!ZW_ESYNTAX 1:3 ',' or ']' is expected, here is '}'."},
      {"1 2", "!ZW_ESYNTAX 1:3 The end of the text is expected, here is '2'."},
      {"\"abc", "!ZW_ESYNTAX 1:1 The string is not closed."},
      {"\"a\nb\"", "!ZW_ESYNTAX 1:3 A control character in a string must be escaped."},
      {"\"\\ud800\"", "!ZW_ESYNTAX 1:2 A surrogate needs its other half."},
      {"\"\\udc00\\ud800\"", "!ZW_ESYNTAX 1:2 A surrogate needs its other half."},
      {"\"\\ud800\\u0041\"", "!ZW_ESYNTAX 1:2 A surrogate needs its other half."},
      {"\"\\u12g4\"", "!ZW_ESYNTAX 1:2 \\u needs four hexadecimal digits."},
      {"\"\\q\"", "!ZW_ESYNTAX 1:2 This escape is not known. Write \\\\ for a backslash."},
      {"\"\\", "!ZW_ESYNTAX 1:2 This escape is not known. Write \\\\ for a backslash."},
      {"\"ab\xff\"", "!ZW_ESYNTAX 1:4 The string is not UTF-8."},
      {"\"\xc0\x80\"", "!ZW_ESYNTAX 1:2 The string is not UTF-8."},
      {"-", "!ZW_ESYNTAX 1:1 This is no number."},
      {"1e", "!ZW_ESYNTAX 1:1 This is no number."},
      {"1x", "!ZW_ESYNTAX 1:1 This is no number."},
      {"1.2.3", "!ZW_ESYNTAX 1:1 This is no number."},
      {"]", "!ZW_ESYNTAX 1:1 A value is expected, here is ']'."},
      {"{1:2}", NULL},
      {"[,]", "!ZW_ESYNTAX 1:2 A value is expected, here is ','."},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (!cases[i].tokens) continue;
    check(&cases[i], 1, 0);
    check(&cases[i], 1, ZW_JSON_STRICT);
  }
}

static void test_relaxed_refuses(void **state) {
  (void)state;
  static const json_case cases[] = {
      {"/* x", "!ZW_ESYNTAX 1:1 The comment is not closed."},
      {"0x", "!ZW_ESYNTAX 1:1 This is no hexadecimal number."},
      {"0x1.8", "!ZW_ESYNTAX 1:1 This is no hexadecimal number."},
      {"0x1p", "!ZW_ESYNTAX 1:1 This is no hexadecimal number."},
      {"0x1p1.0", "!ZW_ESYNTAX 1:1 This is no hexadecimal number."},
      {"sin(1", "!ZW_ESYNTAX 1:6 ')' is expected, here the text ends."},
      {"sin(x)", "!ZW_ESYNTAX 1:5 A number is expected, here is 'x'."},
      {"foo(1)", "!ZW_ESYNTAX 1:1 There is no function of this name. Known are deg, rad, sin, cos, "
                 "tan, asin, acos and atan."},
      {"0x10000000000000000", "!ZW_ESYNTAX 1:1 The hexadecimal number has more than 64 bits."},
      {"-red", "!ZW_ESYNTAX 1:1 This is no number."},
      {"{1:2}", "!ZW_ESYNTAX 1:2 A name is expected, here is '1'."},
      {"[1,,2]", "!ZW_ESYNTAX 1:4 A value is expected, here is ','."},
      {"\"\\xff\"", "!ZW_ESYNTAX 1:1 The string is not UTF-8."},
  };
  CHECK(cases, 0);
}

static void test_binary_strings(void **state) {
  (void)state;
  static const json_case cases[] = {
      {"\"\\u0000aGk=\"", "b2:hi"},
      {"\"\\u0000aGk\"", "b2:hi"},
      {"\"\\u0000\"", "b0:"},
      {"\"\\u0000YWJj\"", "b3:abc"},
      {"\"\\u0000a!k=\"", "!ZW_ESYNTAX 1:1 The string begins with U+0000, but is not base64."},
      {"\"\\u0000aGl=\"", "!ZW_ESYNTAX 1:1 The string begins with U+0000, but is not base64."},
      {"\"plain\"", "\"plain\""},
  };
  CHECK(cases, ZW_JSON_STRICT | ZW_JSON_BINARY);
}

static void test_depth_is_bounded(void **state) {
  (void)state;
  char json[600], out[4096];
  memset(json, '[', 300);
  memset(json + 300, ']', 300);
  dump((zw_str){json + 236, 128}, ZW_JSON_STRICT, 0, out, sizeof out);
  assert_memory_equal(out, "[ [", 3);
  dump((zw_str){json + 235, 130}, ZW_JSON_STRICT, 0, out, sizeof out);
  assert_string_equal(out, "!ZW_ELIMIT 1:65 The value is nested too deeply.");
  dump((zw_str){json + 44, 512}, ZW_JSON_STRICT, 1000, out, sizeof out);
  assert_memory_equal(out, "[ [", 3);
  dump((zw_str){json, 600}, ZW_JSON_STRICT, 1000, out, sizeof out);
  assert_string_equal(out, "!ZW_ELIMIT 1:257 The value is nested too deeply.");
}

static void test_mark_and_rewind(void **state) {
  (void)state;
  zw_json_reader json;
  zw_json_reader_init(&json, ZW_STR("[{\"a\":[1,\"x\\ty\"]},7]"), 0, 0, NULL);
  zw_token_reader *r = &json.reader;
  zw_token t;
  zw_token_mark mark;
  assert_int_equal(r->next(r, &t, NULL), 0);
  r->mark(r, &mark);
  for (int round = 0; round < 2; round++) {
    assert_int_equal(r->next(r, &t, NULL), 0);
    assert_int_equal(t.kind, ZW_TOKEN_MAP);
    assert_int_equal(zw_token_skip(r, &t, NULL), 0);
    assert_int_equal(r->next(r, &t, NULL), 0);
    assert_int_equal(t.u, 7);
    if (round == 0) r->rewind(r, &mark);
  }
  assert_int_equal(r->next(r, &t, NULL), 0);
  assert_int_equal(t.kind, ZW_TOKEN_ARRAY_END);
  zw_json_reader_deinit(&json);
}

static void test_offsets_and_literals(void **state) {
  (void)state;
  zw_json_reader json;
  zw_json_reader_init(&json, ZW_STR("[\n  1.50, nan]"), 0, 0, NULL);
  zw_token t;
  assert_int_equal(json.reader.next(&json.reader, &t, NULL), 0);
  assert_int_equal(json.reader.next(&json.reader, &t, NULL), 0);
  assert_int_equal(t.offset, 4);
  assert_text(t.text, "1.50");
  zw_place place = {.line = 0};
  json.reader.locate(&json.reader, t.offset, &place);
  assert_int_equal(place.line, 2);
  assert_int_equal(place.column, 3);
  assert_int_equal(json.reader.next(&json.reader, &t, NULL), 0);
  assert_true(t.kind == ZW_TOKEN_FLOAT && isnan(t.d) && !t.text.ptr);
  zw_json_reader_deinit(&json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_both_modes),           cmocka_unit_test(test_relaxed),
      cmocka_unit_test(test_strict_refuses),       cmocka_unit_test(test_both_refuse),
      cmocka_unit_test(test_relaxed_refuses),      cmocka_unit_test(test_binary_strings),
      cmocka_unit_test(test_depth_is_bounded),     cmocka_unit_test(test_mark_and_rewind),
      cmocka_unit_test(test_offsets_and_literals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
