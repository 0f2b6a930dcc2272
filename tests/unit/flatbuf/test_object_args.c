/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as positional and keyword arguments. Call's fields: first, second, third, any (a union, so
 * a keyword), late and number (keywords), gone (deprecated). */
#include "reflect_fixture.h"

static zw_schema *schema;
static const zw_type *call;

static int load(void **state) {
  (void)state;
  schema = fixture_load("reflect/objects.bfbs");
  call = fixture_type(schema, "com.example.Call");
  return 0;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

/* ---- writing ---- */

typedef struct args_case {
  const char *table, *args, *kwargs;
  size_t keywords;
} args_case;

static void test_writing(void **state) {
  static const args_case cases[] = {
      {"{}", "[null,0]", "{}", 0},
      {"{first:\"a\"}", "[\"a\",0]", "{}", 0},
      {"{first:\"a\",second:2,third:[]}", "[\"a\",2,[]]", "{}", 0},
      {"{third:[1,2]}", "[null,0,[1,2]]", "{}", 0},
      {"{late:\"x\",number:8}", "[null,0]", "{\"late\":\"x\",\"number\":8}", 2},
      {"{any_type:Leaf,any:{n:1}}", "[null,0]", "{\"any_type\":\"Leaf\",\"any\":{\"n\":1}}", 2},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_builder b;
    zw_span bytes;
    zw_text args, kwargs;
    zw_json_writer writer;
    size_t written = 99;
    zw_diag diag = {0};
    zw_builder_init(&b, NULL);
    zw_text_init(&args, NULL);
    zw_text_init(&kwargs, NULL);
    if (zw_json_parse(call, zw_str_of(cases[i].table), 0, 0, &b, &bytes, &diag))
      fail_msg("%s", diag.message);
    zw_json_writer_init(&writer, &args, 0, 0);
    assert_int_equal(zw_object_write_args(call, zw_root_trusted(bytes), 0, &writer.writer), 0);
    zw_json_writer_init(&writer, &kwargs, 0, 0);
    assert_int_equal(
        zw_object_write_kwargs(call, zw_root_trusted(bytes), 0, &writer.writer, &written), 0);
    assert_text(zw_text_str(&args), cases[i].args);
    assert_text(zw_text_str(&kwargs), cases[i].kwargs);
    assert_int_equal(written, cases[i].keywords);
    zw_text_deinit(&args);
    zw_text_deinit(&kwargs);
    zw_builder_deinit(&b);
  }
}

/* ---- reading ---- */

/* Absent lists are NULL. The result is the table as JSON, or the message. */
static void read(const char *args, const char *kwargs, uint32_t flags, const char *expected) {
  zw_json_reader a, k;
  zw_builder b;
  zw_span bytes;
  zw_text out;
  zw_diag diag = {0};
  zw_json_reader_init(&a, zw_str_of(args ? args : ""), 0, 0, NULL);
  zw_json_reader_init(&k, zw_str_of(kwargs ? kwargs : ""), 0, 0, NULL);
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  zw_ref root = zw_object_read_args(call, args ? &a.reader : NULL, kwargs ? &k.reader : NULL, flags,
                                    &b, &diag);
  if (root) {
    zw_table table;
    assert_int_equal(zw_builder_finish(&b, root, (zw_str){NULL, 0}, &bytes), 0);
    assert_int_equal(zw_verify(call, bytes, NULL, &table, NULL), 0);
    assert_int_equal(zw_json_print(call, table, 0, 0, &out), 0);
    assert_text(zw_text_str(&out), expected);
  } else {
    char text[500];
    zw_diag_format(&diag, text, sizeof text);
    if (strcmp(text, expected)) fail_msg("got      %s\n  expected %s", text, expected);
    assert_int_equal(b.error, diag.error);
  }
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
  zw_json_reader_deinit(&a);
  zw_json_reader_deinit(&k);
}

static void test_reading(void **state) {
  (void)state;
  read(NULL, NULL, 0, "{}");
  read("[]", NULL, 0, "{}");
  read("null", "null", 0, "{}");
  read("[\"a\",2]", NULL, 0, "{\"first\":\"a\",\"second\":2}");
  read("[null,2,[3]]", NULL, 0, "{\"second\":2,\"third\":[3]}");
  read("[\"a\"]", "{second:2,late:\"x\"}", 0, "{\"first\":\"a\",\"second\":2,\"late\":\"x\"}");
  read(NULL, "{first:\"a\",second:2,number:9}", 0, "{\"first\":\"a\",\"second\":2,\"number\":9}");
  read("[null]", "{first:\"a\"}", 0, "{\"first\":\"a\"}");
  read(NULL, "{any:{n:1},any_type:Leaf}", 0, "{\"any_type\":\"Leaf\",\"any\":{\"n\":1}}");
  read("[\"a\"]", "{unknown:[{}],second:2}", ZW_OBJECT_SKIP_UNKNOWN,
       "{\"first\":\"a\",\"second\":2}");
}

static void test_what_does_not_fit(void **state) {
  (void)state;
  read("[\"a\",2,[],4]", NULL, 0, "1:11: Call takes 3 positional arguments, here are more.");
  read("[\"a\"]", "{first:\"b\"}", 0, "1:2: Call.first: the field is given twice");
  read("[{first:\"b\"}]", NULL, 0, "1:2: Call.first: a string is expected, here is an object");
  read("{}", NULL, 0, "1:1: Call: a list of arguments is expected, here is an object.");
  read(NULL, "[]", 0, "1:1: Call: a map of keyword arguments is expected, here is an array.");
  read(NULL, "{sekond:1}", 0, "1:2: Call has no field \"sekond\". Did you mean \"second\"?");
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_writing),
      cmocka_unit_test(test_reading),
      cmocka_unit_test(test_what_does_not_fit),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
