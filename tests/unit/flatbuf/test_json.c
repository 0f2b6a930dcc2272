/* SPDX-License-Identifier: Apache-2.0 */
/* Whole objects in flatc's form; what has no place in a schema of tests/data/reflect is described
 * here by hand. */
#include "reflect_fixture.h"

static const zw_field fields[] = {
    {.name = ZW_STR("h16"), .base = ZW_T_SHORT, .id = 0, .offset = 4, .hash = ZW_HASH_FNV1A_16},
    {.name = ZW_STR("h32"), .base = ZW_T_UINT, .id = 1, .offset = 6, .hash = ZW_HASH_FNV1_32},
    {.name = ZW_STR("h32a"), .base = ZW_T_INT, .id = 2, .offset = 8, .hash = ZW_HASH_FNV1A_32},
    {.name = ZW_STR("h64"), .base = ZW_T_ULONG, .id = 3, .offset = 10, .hash = ZW_HASH_FNV1_64},
    {.name = ZW_STR("h64a"), .base = ZW_T_LONG, .id = 4, .offset = 12, .hash = ZW_HASH_FNV1A_64},
    {.name = ZW_STR("flex"),
     .base = ZW_T_VECTOR,
     .element = ZW_T_UBYTE,
     .id = 5,
     .offset = 14,
     .flags = ZW_F_FLEXBUFFER},
};
static const uint16_t by_name[] = {5, 0, 1, 2, 3, 4};
static const zw_type type = {
    .name = ZW_STR("T"), .fields = fields, .by_name = by_name, .field_count = 6, .align = 1};

static void expect(const char *json, uint32_t flags, const char *expected) {
  zw_builder b;
  zw_span bytes;
  zw_diag diag = {0};
  zw_text out;
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  if (zw_flatc_json_parse(&type, zw_str_of(json), 0, &b, &bytes, &diag))
    fail_msg("%s", diag.message);
  if (zw_flatc_json_print(&type, bytes, flags, &out, &diag)) fail_msg("%s", diag.message);
  assert_text(zw_text_str(&out), expected);
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

static void test_hashes(void **state) {
  (void)state;
  expect("{h32: \"hello\", h32a: hello, h64: hello, h64a: \"hello\"}", 0,
         "{\n  h32: 3069866343,\n  h32a: 1335831723,\n  h64: 5166396678891262055,\n"
         "  h64a: -7307811276060410197\n}\n");
  expect("{h16: \"hello\"}", 0, "{\n  h16: 25396\n}\n");
  expect("{h32: 7}", 0, "{\n  h32: 7\n}\n");
}

static void test_flexbuffers(void **state) {
  (void)state;
  expect("{flex: {b: [1, -2.5, \"x\", null], a: {b: {}, c: []}, \"odd key\": true}}", 0,
         "{\n  flex: { a: { b: {  }, c: [  ] }, b: [ 1, -2.5, \"x\", null ], \"odd key\": true "
         "}\n}\n");
  expect("{flex: {b: [], a: 1}}", ZW_FLATC_STRICT_JSON,
         "{\n  \"flex\": { \"a\": 1, \"b\": [  ] }\n}\n");
  expect("{flex: \"\xC3\xA9\"}", ZW_FLATC_NATURAL_UTF8, "{\n  flex: \"\\u00E9\"\n}\n");
}

static void test_nothing_is_printed_of_what_is_corrupt(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_text out;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  zw_text_add(&out, "kept", 4);
  static const uint8_t wrong[] = {9, 9, 9};
  zw_ref flex = zw_builder_vector(&b, wrong, sizeof wrong, 1, 1);
  zw_builder_table_start(&b);
  zw_builder_add_u32(&b, 1, 5, 0);
  zw_builder_add_ref(&b, 5, flex);
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &bytes), 0);
  assert_int_equal(zw_flatc_json_print(&type, bytes, 0, &out, &diag), ZW_EVERIFY);
  assert_text(zw_text_str(&out), "kept");
  assert_int_equal(zw_flatc_json_print(&type, zw_span_of(bytes.ptr, 12), 0, &out, &diag),
                   ZW_EVERIFY);
  assert_text(zw_text_str(&out), "kept");
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_hashes),
      cmocka_unit_test(test_flexbuffers),
      cmocka_unit_test(test_nothing_is_printed_of_what_is_corrupt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
