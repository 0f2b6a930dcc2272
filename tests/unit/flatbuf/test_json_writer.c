/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "reflect_fixture.h"

/* Reads JSON and writes it again. */
static int copy(const char *json, uint32_t read_flags, uint32_t write_flags, int indent,
                zw_text *out) {
  zw_json_reader reader;
  zw_json_writer writer;
  zw_json_reader_init(&reader, zw_str_of(json), read_flags, 128, NULL);
  zw_json_writer_init(&writer, out, write_flags, indent);
  zw_token first;
  int e = reader.reader.next(&reader.reader, &first, NULL);
  if (!e) e = zw_token_copy(&reader.reader, &first, &writer.writer, NULL);
  zw_json_reader_deinit(&reader);
  return e;
}

static void expect_copy(const char *json, uint32_t read_flags, uint32_t write_flags, int indent,
                        const char *expected) {
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(copy(json, read_flags, write_flags, indent, &out), 0);
  assert_text(zw_text_str(&out), expected);
  zw_text_deinit(&out);
}

static void test_compact(void **state) {
  (void)state;
  expect_copy("{ a : [ 1, -2, 3.50, .5, true, null ], 'b' : {}, c:[] }", 0, 0, 0,
              "{\"a\":[1,-2,3.50,0.5,true,null],\"b\":{},\"c\":[]}");
  expect_copy("\"q\\\" b\\\\ \\n \\u0001 é \\u007f\"", 0, 0, 0,
              "\"q\\\" b\\\\ \\n \\u0001 é \\u007f\"");
  expect_copy("[nan,inf,-inf]", 0, 0, 0, "[null,null,null]");
  expect_copy("[nan,inf,-inf]", 0, ZW_JSON_NAN, 0, "[nan,inf,-inf]");
  expect_copy("\"\\u0000aGk\"", ZW_JSON_BINARY, 0, 0, "\"\\u0000aGk=\"");
  expect_copy("18446744073709551616", 0, 0, 0, "18446744073709551616");
}

static void test_indented(void **state) {
  (void)state;
  expect_copy("{a:[1,2],b:{},c:[]}", 0, 0, 2,
              "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}");
}

static int put(zw_json_writer *json, zw_token token) {
  return json->writer.write(&json->writer, &token);
}

static void test_misuse_is_an_error(void **state) {
  (void)state;
  zw_text out;
  zw_json_writer json;
  zw_text_init(&out, NULL);
  zw_json_writer_init(&json, &out, 0, 0);
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_MAP}), 0);
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_ARRAY}), ZW_EINVAL);
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_MAP_END}), ZW_EINVAL);
  zw_json_writer_init(&json, &out, 0, 0);
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_ARRAY_END}), ZW_EINVAL);
  zw_json_writer_init(&json, &out, 0, 0);
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_STRING, .text = ZW_STR("\xff")}),
                   ZW_EVERIFY);
  zw_json_writer_init(&json, &out, 0, 0);
  for (int i = 0; i < 256; i++) assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_ARRAY}), 0);
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_ARRAY}), ZW_ELIMIT);
  zw_text_deinit(&out);
}

static void test_keys_that_are_no_strings(void **state) {
  (void)state;
  zw_text out;
  zw_json_writer json;
  zw_text_init(&out, NULL);
  zw_json_writer_init(&json, &out, 0, 0);
  put(&json, (zw_token){.kind = ZW_TOKEN_MAP});
  put(&json, (zw_token){.kind = ZW_TOKEN_UINT, .u = 7});
  put(&json, (zw_token){.kind = ZW_TOKEN_FLOAT, .d = 0.1});
  put(&json, (zw_token){.kind = ZW_TOKEN_INT, .i = -1});
  put(&json, (zw_token){.kind = ZW_TOKEN_FLOAT, .d = 0.1, .text = ZW_STR("1.")});
  assert_int_equal(put(&json, (zw_token){.kind = ZW_TOKEN_MAP_END}), 0);
  assert_text(zw_text_str(&out), "{\"7\":0.1,\"-1\":0.1}");
  zw_text_deinit(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_compact),
      cmocka_unit_test(test_indented),
      cmocka_unit_test(test_misuse_is_an_error),
      cmocka_unit_test(test_keys_that_are_no_strings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
