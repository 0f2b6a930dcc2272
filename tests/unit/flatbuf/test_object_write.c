/* SPDX-License-Identifier: Apache-2.0 */
/* What flags change in the walk over a table; and tables that only a newer schema knows in full. */
#include "reflect_fixture.h"

static zw_schema *schema;

static int load(void **state) {
  (void)state;
  schema = fixture_load("reflect/objects.bfbs");
  return 0;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

static void print(const char *type_name, const char *json, uint32_t flags, const char *expected) {
  const zw_type *type = fixture_type(schema, type_name);
  zw_builder b;
  zw_span bytes;
  zw_text out;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  if (zw_json_parse(type, zw_str_of(json), 0, 0, &b, &bytes, &diag)) fail_msg("%s", diag.message);
  assert_int_equal(zw_json_print(type, zw_root_trusted(bytes), flags, 0, &out), 0);
  assert_text(zw_text_str(&out), expected);
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

static void test_flags(void **state) {
  (void)state;
  const char *kinds = "{id:\"x\",kind:Hot,flags:\"Read Admin\",kinds:[Cold]}";
  print("com.example.Thing", kinds, 0,
        "{\"id\":\"x\",\"kind\":\"Hot\",\"flags\":\"Read Admin\",\"kinds\":[\"Cold\"]}");
  print("com.example.Thing", kinds, ZW_OBJECT_ENUM_NUMBERS,
        "{\"id\":\"x\",\"kind\":5,\"flags\":257,\"kinds\":[0]}");
  const char *times =
      "{id:\"x\",at:1000000000,before:-1,uuid:\"00112233-4455-6677-8899-aabbccddeeff\"}";
  print(
      "com.example.Thing", times, ZW_OBJECT_TEXT,
      "{\"id\":\"x\",\"at\":\"1970-01-01T00:00:01Z\",\"before\":\"1969-12-31T23:59:59.999999999Z\","
      "\"uuid\":\"00112233-4455-6677-8899-aabbccddeeff\"}");
  print("com.example.Thing", times, 0,
        "{\"id\":\"x\",\"at\":1000000000,\"before\":-1,"
        "\"uuid\":\"\\u0000ABEiM0RVZneImaq7zN3u/w==\"}");
  print("com.example.Thing", "{id:\"x\",data:[1,2,3]}", ZW_OBJECT_BYTES,
        "{\"id\":\"x\",\"data\":\"\\u0000AQID\"}");
  print("com.example.Call", "{}", ZW_OBJECT_DEFAULTS, "{\"second\":0,\"number\":7}");
}

/* Enum values, flags and union members that the schema does not know. */
static void test_what_the_schema_does_not_know(void **state) {
  (void)state;
  const zw_type *thing = schema->root;
  zw_builder b;
  zw_span bytes;
  zw_text out;
  zw_table table;
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  zw_ref id = zw_builder_string(&b, ZW_STR("x"));
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, zw_type_field(thing, ZW_STR("id"))->id, id);
  zw_builder_add_u8(&b, zw_type_field(thing, ZW_STR("kind"))->id, 77, 0);
  zw_builder_add_u16(&b, zw_type_field(thing, ZW_STR("flags"))->id, 0x8001, 0);
  zw_builder_add_u8(&b, zw_type_field(thing, ZW_STR("any_type"))->id, 99, 0);
  zw_builder_add_ref(&b, zw_type_field(thing, ZW_STR("any"))->id, id);
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &bytes), 0);
  assert_int_equal(zw_verify(thing, bytes, NULL, &table, NULL), 0);
  assert_int_equal(zw_json_print(thing, table, 0, 0, &out), 0);
  assert_text(zw_text_str(&out),
              "{\"id\":\"x\",\"kind\":77,\"flags\":32769,\"any_type\":99,\"any\":null}");
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

static void test_one_field(void **state) {
  (void)state;
  const zw_type *scalars = fixture_type(schema, "com.example.Scalars");
  static const struct {
    const char *field;
    uint32_t flags;
    const char *expected;
  } cases[] = {{"i8", 0, "-1"},      {"answer", 0, "null"}, {"answer", ZW_OBJECT_DEFAULTS, "42"},
               {"maybe", 1, "null"}, {"f32", 0, "0.1"},     {"flag", 0, "true"}};
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  assert_int_equal(
      zw_json_parse(scalars, ZW_STR("{i8:-1,f32:0.1,flag:true}"), 0, 0, &b, &bytes, NULL), 0);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_json_writer writer;
    zw_text out;
    zw_text_init(&out, NULL);
    zw_json_writer_init(&writer, &out, 0, 0);
    assert_int_equal(zw_field_write(zw_type_field(scalars, zw_str_of(cases[i].field)),
                                    zw_root_trusted(bytes), cases[i].flags, &writer.writer),
                     0);
    assert_text(zw_text_str(&out), cases[i].expected);
    zw_text_deinit(&out);
  }
  zw_builder_deinit(&b);
}

static void test_absent_and_indented(void **state) {
  (void)state;
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_json_print(schema->root, (zw_table){NULL, 0, 0}, 0, 0, &out), 0);
  assert_text(zw_text_str(&out), "null");
  zw_text_deinit(&out);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_flags),
      cmocka_unit_test(test_what_the_schema_does_not_know),
      cmocka_unit_test(test_one_field),
      cmocka_unit_test(test_absent_and_indented),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
