/* SPDX-License-Identifier: Apache-2.0 */
/* Code of another version is refused by the library that it is linked with, in words, before it
 * reads or writes: the functions of this file ask a forged stamp. */
#define small_stamp forged_stamp
#include "small_generated.h"
#undef small_stamp

#include "cmocka_base.h"

const zw_stamp forged_stamp = {.abi = ZW_ABI + 1, .compiler = "9.8.7"};

static void refused(int error, const zw_diag *diag) {
  assert_int_equal(error, ZW_EVERSION);
  if (!diag) return;
  assert_non_null(strstr(diag->message, "9.8.7"));
  assert_non_null(strstr(diag->message, ZW_VERSION_STRING));
  assert_non_null(strstr(diag->message, "Compile the schema again"));
}

static void test_forged_stamp(void **state) {
  (void)state;
  zw_builder b;
  zw_arena arena;
  zw_diag diag = {0};
  small_Thing v = {{NULL, 0, 0}};
  small_ThingT object = small_Thing_defaults();
  zw_builder_init(&b, NULL);
  zw_arena_init(&arena, NULL);
  object.id = ZW_STR("a");
  refused(small_Thing_pack(&b, &object, &v), NULL);
  refused(small_Thing_unpack(v, &arena, &object), NULL);
  refused(small_Thing_from_json(&b, ZW_STR("{}"), &v, &diag), &diag);
  small_Thing_start(&b);
  small_Thing_add_id(&b, ZW_STR("a"));
  refused(small_Thing_finish(&b, small_Thing_end(&b), &v), NULL);
  zw_span bytes;
  refused(small_Thing_finish_sized(&b, 0, &bytes), NULL);
  memset(&diag, 0, sizeof diag);
  refused(small_Thing_verify(&v, zw_span_of("\0\0\0\0", 4), &diag), &diag);
  memset(&diag, 0, sizeof diag);
  refused(small_Thing_verify_sized(&v, zw_span_of("\0\0\0\0", 4), &diag), &diag);
  assert_null(v.t.ptr);
  zw_arena_deinit(&arena);
  zw_builder_deinit(&b);
}

static void test_own_stamp(void **state) {
  (void)state;
  extern const zw_stamp small_stamp;
  assert_int_equal(zw_stamp_check(&small_stamp, NULL), 0);
  assert_int_equal(small_stamp.abi, ZW_ABI);
  assert_string_equal(small_stamp.compiler, ZW_VERSION_STRING);
  assert_memory_equal(small_stamp.schema_id, small_schema.id, ZW_SCHEMA_ID_SIZE);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_forged_stamp),
                                     cmocka_unit_test(test_own_stamp)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
