/* SPDX-License-Identifier: Apache-2.0 */
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

/* Parses, verifies, prints, and compares; then parses the print and compares the bytes' print
 * again. */
static void expect_print(const char *type_name, const char *json, uint32_t flags,
                         const char *expected) {
  const zw_type *type = fixture_type(schema, type_name);
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_text out;
  zw_text_init(&out, NULL);
  const char *text = json;
  char copy[4096];
  for (int round = 0; round < 2; round++) {
    zw_diag diag = {0};
    zw_span bytes;
    zw_table table;
    if (zw_json_parse(type, zw_str_of(text), 0, 0, &b, &bytes, &diag))
      fail_msg("%s\n  %s", text, diag.message);
    if (zw_verify(type, bytes, NULL, &table, &diag))
      fail_msg("%s\n  does not verify: %s", text, diag.message);
    zw_text_reset(&out);
    assert_int_equal(zw_json_print(type, table, flags, 0, &out), 0);
    assert_text(zw_text_str(&out), expected);
    assert_true(out.len < sizeof copy);
    memcpy(copy, out.ptr, out.len + 1);
    text = copy;
  }
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

static void expect_error(const char *type_name, const char *json, uint32_t json_flags,
                         const char *expected) {
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_diag diag = {0};
  zw_span bytes;
  int e = zw_json_parse(fixture_type(schema, type_name), zw_str_of(json), json_flags, 0, &b, &bytes,
                        &diag);
  if (e == 0) fail_msg("%s\n  was read without an error", json);
  char text[1024];
  zw_diag_format(&diag, text, sizeof text);
  assert_int_equal(diag.error, e);
  if (strcmp(text, expected)) fail_msg("%s\n  got      %s\n  expected %s", json, text, expected);
  zw_builder_deinit(&b);
}

static void test_scalars(void **state) {
  (void)state;
  expect_print("com.example.Scalars",
               "{flag:true,i8:-128,u8:255,i16:-32768,u16:65535,i32:-2147483648,u32:4294967295,i64:-"
               "9223372036854775808,"
               "u64:18446744073709551615,f32:0.1,f64:0.1,maybe:0,answer:0,half:0.25}",
               0,
               "{\"flag\":true,\"i8\":-128,\"u8\":255,\"i16\":-32768,\"u16\":65535,\"i32\":-"
               "2147483648,\"u32\":4294967295,"
               "\"i64\":-9223372036854775808,\"u64\":18446744073709551615,\"f32\":0.1,\"f64\":0.1,"
               "\"maybe\":0,\"answer\":0,"
               "\"half\":0.25}");
  expect_print("com.example.Scalars", "{}", 0, "{}");
  expect_print("com.example.Scalars", "{i8:null,answer:42,half:.5,flag:0}", 0, "{}");
  expect_print("com.example.Scalars", "{i32:\"12\",f64:\"0x1p4\",u8:1e2,flag:1}", 0,
               "{\"flag\":true,\"u8\":100,\"i32\":12,\"f64\":16.0}");
  expect_print("com.example.Scalars", "{}", ZW_OBJECT_DEFAULTS,
               "{\"flag\":false,\"i8\":0,\"u8\":0,\"i16\":0,\"u16\":0,\"i32\":0,\"u32\":0,\"i64\":"
               "0,\"u64\":0,\"f32\":0.0,"
               "\"f64\":0.0,\"answer\":42,\"half\":0.5}");
}

static void test_enums_and_flags(void **state) {
  (void)state;
  expect_print("com.example.Thing", "{id:x,kind:Hot,flags:'Read Admin'}", 0,
               "{\"id\":\"x\",\"kind\":\"Hot\",\"flags\":\"Read Admin\"}");
  expect_print("com.example.Thing", "{id:x,kind:Kind.Cold,flags:2}", 0,
               "{\"id\":\"x\",\"kind\":\"Cold\",\"flags\":\"Write\"}");
  expect_print("com.example.Thing", "{id:x,kind:'com.example.Kind.Hot',flags:5}",
               ZW_OBJECT_ENUM_NUMBERS, "{\"id\":\"x\",\"kind\":5,\"flags\":5}");
  expect_print("com.example.Thing", "{id:x,kind:77,flags:1024}", 0,
               "{\"id\":\"x\",\"kind\":77,\"flags\":1024}");
  expect_print("com.example.Thing", "{id:x,kinds:[Cold,'Hot',1,9]}", 0,
               "{\"id\":\"x\",\"kinds\":[\"Cold\",\"Hot\",\"Warm\",9]}");
}

static void test_times_and_uuids(void **state) {
  (void)state;
  expect_print(
      "com.example.Thing",
      "{id:x,at:'2026-11-24T14:10:20.5Z',before:-1,uuid:'00112233-4455-6677-8899-AABBCCDDEEFF'}",
      ZW_OBJECT_TEXT,
      "{\"id\":\"x\",\"at\":\"2026-11-24T14:10:20.5Z\",\"before\":\"1969-12-31T23:59:59."
      "999999999Z\","
      "\"uuid\":\"00112233-4455-6677-8899-aabbccddeeff\"}");
  expect_print("com.example.Thing", "{id:x,at:1764000620000000000}", 0,
               "{\"id\":\"x\",\"at\":1764000620000000000}");
  expect_print("com.example.Thing", "{id:x,at:18446744073709551615}", ZW_OBJECT_TEXT,
               "{\"id\":\"x\",\"at\":18446744073709551615}");
}

static void test_structs(void **state) {
  (void)state;
  expect_print("com.example.Thing", "{id:x,point:{y:2,x:1.5,tag:[-1,7]}}", 0,
               "{\"id\":\"x\",\"point\":{\"x\":1.5,\"y\":2.0,\"tag\":[-1,7]}}");
  expect_print(
      "com.example.Thing",
      "{id:x,line:{from:{x:1,y:2,tag:[3,4]},kind:Hot},points:[{x:1,y:1,tag:[0,0]}]}", 0,
      "{\"id\":\"x\",\"line\":{\"from\":{\"x\":1.0,\"y\":2.0,\"tag\":[3,4]},\"kind\":\"Hot\"},"
      "\"points\":[{\"x\":1.0,\"y\":1.0,\"tag\":[0,0]}]}");
}

static void test_vectors(void **state) {
  (void)state;
  expect_print("com.example.Thing",
               "{id:x,tags:['a','','c'],numbers:[-1,2],floats:[0.1,1e10],data:[1,255],items:[]}", 0,
               "{\"id\":\"x\",\"tags\":[\"a\",\"\",\"c\"],\"numbers\":[-1,2],\"floats\":[0.1,1e10],"
               "\"data\":[1,255],\"items\":[]}");
  expect_print("com.example.Thing", "{id:x,child:{id:y,child:{id:z,tags:['q']}},tags:[]}", 0,
               "{\"id\":\"x\",\"tags\":[],\"child\":{\"id\":\"y\",\"child\":{\"id\":\"z\",\"tags\":"
               "[\"q\"]}}}");
}

static void test_keyed_vectors_are_sorted(void **state) {
  (void)state;
  expect_print("com.example.Thing",
               "{id:x,items:[{name:b,count:1},{name:a},{name:b,count:2},{name:aa},{name:'B'}]}", 0,
               "{\"id\":\"x\",\"items\":[{\"name\":\"B\"},{\"name\":\"a\"},{\"name\":\"aa\"},{"
               "\"name\":\"b\",\"count\":1},"
               "{\"name\":\"b\",\"count\":2}]}");
  expect_print("com.example.Thing", "{id:x,cells:[{id:3,value:1},{id:1,value:-2},{id:2,value:0}]}",
               0,
               "{\"id\":\"x\",\"cells\":[{\"id\":1,\"value\":-2},{\"id\":2,\"value\":0},{\"id\":3,"
               "\"value\":1}]}");
}

static void test_unions_in_any_order(void **state) {
  (void)state;
  static const char table[] = "{\"id\":\"x\",\"any_type\":\"Leaf\",\"any\":{\"n\":3}}";
  expect_print("com.example.Thing", "{id:x,any_type:Leaf,any:{n:3}}", 0, table);
  expect_print("com.example.Thing", "{any:{n:3},id:x,any_type:'Any.Leaf'}", 0, table);
  expect_print("com.example.Thing", "{any:{n:3},any_type:1,id:x}", 0, table);
  expect_print("com.example.Thing", "{id:x,any:'hello',any_type:Words}", 0,
               "{\"id\":\"x\",\"any_type\":\"Words\",\"any\":\"hello\"}");
  expect_print("com.example.Thing", "{id:x,any_type:Place,any:{x:1,y:2,tag:[3,4]}}", 0,
               "{\"id\":\"x\",\"any_type\":\"Place\",\"any\":{\"x\":1.0,\"y\":2.0,\"tag\":[3,4]}}");
  expect_print("com.example.Thing", "{id:x,any_type:NONE}", 0, "{\"id\":\"x\"}");
  expect_print("com.example.Thing", "{id:x,any:null}", 0, "{\"id\":\"x\"}");
  expect_print("com.example.Thing",
               "{several:[{n:1},'w',{name:i}],several_type:[Leaf,Words,Item],id:x}", 0,
               "{\"id\":\"x\",\"several_type\":[\"Leaf\",\"Words\",\"Item\"],\"several\":[{\"n\":1}"
               ",\"w\",{\"name\":\"i\"}]}");
  expect_print("com.example.Thing",
               "{child:{any:{n:1},id:y,any_type:Leaf},any:{name:q},id:x,any_type:Item}", 0,
               "{\"id\":\"x\",\"any_type\":\"Item\",\"any\":{\"name\":\"q\"},\"child\":{\"id\":"
               "\"y\",\"any_type\":\"Leaf\",\"any\":{\"n\":1}}}");
}

static void test_nested_buffers(void **state) {
  (void)state;
  expect_print("com.example.Thing", "{id:x,nested:{name:in,count:4}}", 0,
               "{\"id\":\"x\",\"nested\":{\"name\":\"in\",\"count\":4}}");
  expect_error("com.example.Thing", "{id:x,nested:[1,2,3]}", 0,
               "1:14: Thing.nested: the octets are no valid Item: com.example.Item: too short for "
               "a buffer, at octet 0");
}

static void test_octets(void **state) {
  (void)state;
  const zw_type *type = fixture_type(schema, "com.example.Thing");
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_span bytes;
  zw_table table;
  zw_str json = ZW_STR(
      "{\"id\":\"x\",\"uuid\":\"\\u0000AAECAwQFBgcICQoLDA0ODw==\",\"data\":\"\\u0000aGk=\"}");
  assert_int_equal(zw_json_parse(type, json, ZW_JSON_STRICT | ZW_JSON_BINARY, 0, &b, &bytes, NULL),
                   0);
  assert_int_equal(zw_verify(type, bytes, NULL, &table, NULL), 0);
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_json_print(type, table, ZW_OBJECT_BYTES, 0, &out), 0);
  assert_text(
      zw_text_str(&out),
      "{\"id\":\"x\",\"uuid\":\"\\u0000AAECAwQFBgcICQoLDA0ODw==\",\"data\":\"\\u0000aGk=\"}");
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

typedef struct error_case {
  const char *type, *json, *message;
} error_case;

static void test_errors_name_the_field(void **state) {
  (void)state;
  static const error_case cases[] = {
      {"Reading", "{\"sensor\":\"s1\",\"celcius\":21.5}",
       "1:16: Reading has no field \"celcius\". Did you mean \"celsius\"?"},
      {"Reading", "{\"pressure\":1}", "1:2: Reading has no field \"pressure\"."},
      {"Reading", "{\n  celsius: 'hot'}",
       "2:12: Reading.celsius: a number is expected, here is a string"},
      {"Reading", "{kind:300}", "1:7: Reading.kind: 300 is above 255"},
      {"Reading", "{kind:-1}", "1:7: Reading.kind: -1 is below 0"},
      {"Reading", "{kind:1.5}", "1:7: Reading.kind: an integer is expected, here is 1.5"},
      {"Reading", "{kind:1e30}", "1:7: Reading.kind: 1e30 is above 255"},
      {"Reading", "{kind:true}", "1:7: Reading.kind: a number is expected, here is a boolean"},
      {"Reading", "{kind:[1]}", "1:7: Reading.kind: a number is expected, here is an array"},
      {"Reading", "{sensor:12}", "1:9: Reading.sensor: a string is expected, here is a number"},
      {"Reading", "{sensor:a,sensor:b}", "1:11: Reading.sensor: the field is given twice"},
      {"Reading", "{at:'yesterday'}",
       "1:5: Reading.at: a time such as \"2026-11-24T14:10:20Z\" or nanoseconds since 1970 is "
       "expected, here is \"yesterday\""},
      {"Reading", "{at:'1969-12-31T00:00:00Z'}", "1:5: Reading.at: the time is before 1970"},
      {"Reading", "[1]", "1:1: Reading: an object is expected, here is an array."},
      {"Reading", "{} {}", "1:4: The end of the text is expected, here is '{'."},
      {"Reading", "{celsius:1e400}",
       "1:10: Reading.celsius: the number is beyond the range of a double"},
      {"Scalars", "{f32:1e39}", "1:6: Scalars.f32: the number is beyond the range of a float"},
      {"Scalars", "{flag:2}", "1:7: Scalars.flag: 2 is above 1"},
      {"Scalars", "{flag:yes}", "1:7: Scalars.flag: true or false is expected, here is a string"},
      {"Scalars", "{u64:18446744073709551616}",
       "1:6: Scalars.u64: 18446744073709551616 is above 18446744073709551615"},
      {"Scalars", "{i64:9223372036854775808}",
       "1:6: Scalars.i64: 9223372036854775808 is above 9223372036854775807"},
      {"Thing", "{kind:Hott,id:x}",
       "1:7: Thing.kind: Kind has no value \"Hott\". Did you mean \"Hot\"?"},
      {"Thing", "{kind:'Cold Hot',id:x}", "1:7: Thing.kind: one name of Kind is expected"},
      {"Thing", "{kind:Flags.Read,id:x}", "1:7: Thing.kind: Kind has no value \"Flags.Read\"."},
      {"Thing", "{kind:300,id:x}", "1:7: Thing.kind: 300 is above 255"},
      {"Thing", "{}", "1:1: Thing.id: the field is required, but is not given"},
      {"Thing", "{id:null}", "1:1: Thing.id: the field is required, but is not given"},
      {"Thing", "{id:x,tags:['a',1]}",
       "1:17: Thing.tags[1]: a string is expected, here is a number"},
      {"Thing", "{id:x,tags:['a',null]}",
       "1:17: Thing.tags[1]: a string is expected, here is null"},
      {"Thing", "{id:x,numbers:[1,2,9999999999]}",
       "1:20: Thing.numbers[2]: 9999999999 is above 2147483647"},
      {"Thing", "{id:x,tags:'a'}", "1:12: Thing.tags: an array is expected, here is a string"},
      {"Thing", "{id:x,point:{x:1,y:2}}",
       "1:13: Point.tag: the member is missing; a struct needs all of them"},
      {"Thing", "{id:x,point:{x:1,y:2,tag:[1]}}",
       "1:28: Point.tag: 2 elements are expected, here are fewer"},
      {"Thing", "{id:x,point:{x:1,y:2,tag:[1,2,3]}}",
       "1:31: Point.tag: 2 elements are expected, here are more"},
      {"Thing", "{id:x,point:{x:1,z:2,tag:[1,2]}}",
       "1:18: Point has no field \"z\". Did you mean \"x\"?"},
      {"Thing", "{id:x,point:7}", "1:13: Thing.point: an object is expected, here is a number"},
      {"Thing", "{id:x,uuid:'1234'}",
       "1:12: Thing.uuid: a UUID such as \"2f1c3b1e-8f0a-4b7e-9d55-0c6a1f2e3d4c\" is expected, "
       "here is another string"},
      {"Thing", "{id:x,any:{n:1}}", "1:11: Thing.any: its type, \"any_type\", is not given"},
      {"Thing", "{id:x,any_type:Leaf}",
       "1:1: Thing.any: its type is given by \"any_type\", but the value is missing"},
      {"Thing", "{id:x,any_type:Leav,any:{n:1}}",
       "1:16: Thing.any_type: Any has no value \"Leav\". Did you mean \"Leaf\"?"},
      {"Thing", "{id:x,any_type:99,any:{n:1}}", "1:16: Thing.any_type: Any has no member 99"},
      {"Thing", "{id:x,any_type:NONE,any:{n:1}}",
       "1:25: Thing.any: the type is NONE, so there is no value"},
      {"Thing", "{id:x,any:{m:1},any_type:Leaf}",
       "1:12: Leaf has no field \"m\". Did you mean \"n\"?"},
      {"Thing", "{id:x,several_type:[Leaf],several:[]}",
       "1:36: Thing.several: as many values as types (1) are expected, here are fewer"},
      {"Thing", "{id:x,several_type:[],several:[{}]}",
       "1:32: Thing.several: as many values as types (0) are expected, here are more"},
      {"Thing", "{id:x,child:{id:y,numbers:[{}]}}",
       "1:28: Thing.numbers[0]: a number is expected, here is an object"},
      {"Thing", "{id:x,nested:{nam:y}}", "1:15: Item has no field \"nam\". Did you mean \"name\"?"},
      {"Item", "{count:1}", "1:1: Item.name: the field is required, but is not given"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char type[64];
    snprintf(type, sizeof type, "com.example.%s", cases[i].type);
    expect_error(type, cases[i].json, 0, cases[i].message);
  }
  expect_error("com.example.Reading", "{\"celsius\":\"21.5\"}", ZW_JSON_STRICT,
               "1:12: Reading.celsius: a number is expected, here is a string");
}

static void test_depth_is_bounded(void **state) {
  (void)state;
  char json[2048] = "";
  size_t n = 0;
  for (int i = 0; i < 70; i++) n += (size_t)snprintf(json + n, sizeof json - n, "{id:x,child:");
  expect_error("com.example.Thing", json, 0, "1:769: Tables are nested more than 64 deep.");
  zw_json_reader reader;
  zw_builder b;
  zw_diag diag;
  zw_json_reader_init(&reader, zw_str_of(json), 0, 128, NULL);
  zw_builder_init(&b, NULL);
  assert_int_equal(
      zw_object_read(fixture_type(schema, "com.example.Thing"), &reader.reader, 0, &b, &diag), 0);
  assert_int_equal(diag.error, ZW_ELIMIT);
  assert_int_equal(b.error, ZW_ELIMIT);
  assert_string_equal(diag.message, "Tables are nested more than 64 deep.");
  zw_builder_deinit(&b);
  zw_json_reader_deinit(&reader);
}

static void test_unknown_fields_can_be_skipped(void **state) {
  (void)state;
  const zw_type *type = fixture_type(schema, "com.example.Reading");
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_span bytes;
  zw_table table;
  assert_int_equal(zw_json_parse(type, ZW_STR("{a:[{b:[1,2]}],celsius:2,c:3}"), 0,
                                 ZW_OBJECT_SKIP_UNKNOWN, &b, &bytes, NULL),
                   0);
  assert_int_equal(zw_verify(type, bytes, NULL, &table, NULL), 0);
  assert_true(zw_table_f64(table, 1, 0) == 2);
  zw_builder_deinit(&b);
}

static void test_a_source_that_cannot_rewind(void **state) {
  (void)state;
  zw_json_reader reader;
  zw_builder b;
  zw_diag diag;
  zw_json_reader_init(&reader, ZW_STR("{id:x,any:{n:1},any_type:Leaf}"), 0, 0, NULL);
  reader.reader.mark = NULL;
  reader.reader.rewind = NULL;
  zw_builder_init(&b, NULL);
  assert_int_equal(
      zw_object_read(fixture_type(schema, "com.example.Thing"), &reader.reader, 0, &b, &diag), 0);
  assert_int_equal(diag.error, ZW_EINVAL);
  assert_string_equal(diag.message, "Thing.any: \"any_type\" must come before \"any\" here");
  zw_builder_deinit(&b);
  zw_json_reader_deinit(&reader);
}

static void test_root_has_its_identifier(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_span bytes;
  assert_int_equal(zw_json_parse(schema->root, ZW_STR("{id:x}"), 0, 0, &b, &bytes, NULL), 0);
  assert_memory_equal(bytes.ptr + 4, "THNG", 4);
  zw_builder_deinit(&b);
}

/* ---- every allocation fails once ---- */

typedef struct failing {
  zw_alloc alloc;
  size_t left, live;
} failing;

static void *failing_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  failing *f = ctx;
  if (new_size == 0) {
    if (ptr) f->live -= old_size;
    free(ptr);
    return NULL;
  }
  if (f->left == 0) return NULL;
  f->left--;
  f->live += new_size - (ptr ? old_size : 0);
  return realloc(ptr, new_size);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  zw_str json = ZW_STR("{any:'t\\u0041', tags:['a','b\\n'], items:[{name:b},{name:a}], "
                       "any_type:Words, points:[{x:1,y:2,tag:[1,2]}],"
                       "several:['w'], several_type:[Words], nested:{name:q}, "
                       "cells:[{id:2,value:1},{id:1,value:1}], id:x, child:{id:y}}");
  int e = ZW_ENOMEM;
  for (size_t n = 0; e && n < 1000; n++) {
    failing f = {.left = n};
    f.alloc = (zw_alloc){failing_resize, &f};
    zw_builder b;
    zw_builder_init(&b, &f.alloc);
    zw_diag diag = {0};
    zw_span bytes;
    e = zw_json_parse(schema->root, json, 0, 0, &b, &bytes, &diag);
    if (e) assert_int_equal(e, ZW_ENOMEM);
    zw_builder_deinit(&b);
    assert_int_equal(f.live, 0);
  }
  assert_int_equal(e, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scalars),
      cmocka_unit_test(test_enums_and_flags),
      cmocka_unit_test(test_times_and_uuids),
      cmocka_unit_test(test_structs),
      cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_keyed_vectors_are_sorted),
      cmocka_unit_test(test_unions_in_any_order),
      cmocka_unit_test(test_nested_buffers),
      cmocka_unit_test(test_octets),
      cmocka_unit_test(test_errors_name_the_field),
      cmocka_unit_test(test_depth_is_bounded),
      cmocka_unit_test(test_unknown_fields_can_be_skipped),
      cmocka_unit_test(test_a_source_that_cannot_rewind),
      cmocka_unit_test(test_root_has_its_identifier),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
