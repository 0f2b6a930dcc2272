/* SPDX-License-Identifier: Apache-2.0 */
#include "reflect_fixture.h"

/* The first element of an array is copied, the second skipped, and the third is what comes next. */
static void test_copy_and_skip(void **state) {
  static const char *const values[] = {"1", "null", "\"a\"", "[]", "{}", "[[],{\"a\":[1,{}]}]"};
  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    char text[200];
    zw_json_reader reader;
    zw_json_writer writer;
    zw_token token;
    zw_text out;
    snprintf(text, sizeof text, "[%s,%s,\"third\"]", values[i], values[i]);
    zw_text_init(&out, NULL);
    zw_json_reader_init(&reader, zw_str_of(text), 0, 0, NULL);
    zw_json_writer_init(&writer, &out, 0, 0);
    zw_token_reader *in = &reader.reader;
    assert_int_equal(in->next(in, &token, NULL), 0);
    assert_int_equal(in->next(in, &token, NULL), 0);
    assert_int_equal(zw_token_copy(in, &token, &writer.writer, NULL), 0);
    assert_text(zw_text_str(&out), values[i]);
    assert_int_equal(in->next(in, &token, NULL), 0);
    assert_int_equal(zw_token_skip(in, &token, NULL), 0);
    assert_int_equal(in->next(in, &token, NULL), 0);
    assert_text(token.text, "third");
    zw_text_deinit(&out);
    zw_json_reader_deinit(&reader);
  }
}

static int fail_at_third(zw_token_writer *writer, const zw_token *token);

typedef struct failing_writer {
  zw_token_writer writer;
  unsigned count;
} failing_writer;

static int fail_at_third(zw_token_writer *writer, const zw_token *token) {
  (void)token;
  return ++((failing_writer *)(void *)writer)->count == 3 ? ZW_ENOMEM : 0;
}

static void test_errors(void **state) {
  static const struct {
    const char *text;
    int error;
  } cases[] = {
      {"", ZW_ESYNTAX}, {"[1", ZW_ESYNTAX}, {"{\"a\":", ZW_ESYNTAX}, {"[1,2,3]", ZW_ENOMEM}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_json_reader reader;
    failing_writer writer = {{fail_at_third}, 0};
    zw_token token = {.kind = ZW_TOKEN_END};
    zw_diag diag = {0};
    zw_json_reader_init(&reader, zw_str_of(cases[i].text), 0, 0, NULL);
    int e = reader.reader.next(&reader.reader, &token, &diag);
    if (!e) e = zw_token_copy(&reader.reader, &token, &writer.writer, &diag);
    assert_int_equal(e, cases[i].error);
    assert_int_equal(diag.error, e);
    zw_json_reader_deinit(&reader);
  }
  zw_token end = {.kind = ZW_TOKEN_ARRAY_END};
  assert_int_equal(zw_token_skip(NULL, &end, NULL), ZW_ESYNTAX);
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(test_copy_and_skip),
                                            cmocka_unit_test(test_errors)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
