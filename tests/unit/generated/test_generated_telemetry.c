/* SPDX-License-Identifier: Apache-2.0 */
/* The C API as its manual shows it: pack, build, verify, read. */
#include "cmocka_base.h"
#include "telemetry_generated.h"

static const com_example_SensorT north = {
    .id = ZW_STR("s1"), .site = ZW_STR("north"), .kind = 3, .installed = 1700000000};

static void check_north(com_example_Sensor s) {
  assert_text_equal(com_example_Sensor_id(s), "s1");
  assert_text_equal(com_example_Sensor_site(s), "north");
  assert_null(com_example_Sensor_serial(s).ptr);
  assert_false(com_example_Sensor_has_serial(s));
  assert_true(com_example_Sensor_has_site(s));
  assert_int_equal(com_example_Sensor_kind(s), 3);
  assert_int_equal(com_example_Sensor_installed(s), 1700000000);
}

static void test_sizes(void **state) {
  (void)state;
  assert_int_equal(sizeof(com_example_Sensor), 16);
}

static void test_pack_verify_read(void **state) {
  (void)state;
  zw_builder b;
  com_example_Sensor packed, verified;
  zw_diag diag;
  zw_builder_init(&b, NULL);
  assert_int_equal(com_example_Sensor_pack(&b, &north, &packed), 0);
  check_north(packed);
  zw_span bytes = zw_table_bytes(packed.t);
  assert_non_null(bytes.ptr);
  assert_int_equal(com_example_Sensor_verify(&verified, bytes, &diag), 0);
  check_north(verified);
  check_north(com_example_Sensor_as_root(bytes));
  assert_int_equal(
      com_example_Sensor_verify(&verified, zw_span_of(bytes.ptr, bytes.len / 2), &diag),
      ZW_EVERIFY);
  zw_builder_deinit(&b);
}

static void test_build_step_by_step(void **state) {
  (void)state;
  zw_builder b;
  com_example_Sensor built, verified;
  zw_builder_init(&b, NULL);
  com_example_Sensor_start(&b);
  com_example_Sensor_add_id(&b, ZW_STR("s1"));
  com_example_Sensor_add_site(&b, ZW_STR("north"));
  com_example_Sensor_add_kind(&b, 3);
  com_example_Sensor_add_installed(&b, 1700000000);
  assert_int_equal(com_example_Sensor_finish(&b, com_example_Sensor_end(&b), &built), 0);
  check_north(built);
  assert_int_equal(com_example_Sensor_verify(&verified, zw_table_bytes(built.t), NULL), 0);
  zw_builder_deinit(&b);
}

static void test_absent(void **state) {
  (void)state;
  com_example_Sensor none = com_example_Sensor_as_root(zw_span_of(NULL, 0));
  assert_null(com_example_Sensor_site(none).ptr);
  assert_int_equal(com_example_Sensor_kind(none), 0);
  assert_false(com_example_Sensor_has_site(none));
}

static void test_json(void **state) {
  (void)state;
  zw_builder b;
  zw_text text;
  zw_diag diag = {0};
  com_example_Reading r;
  zw_builder_init(&b, NULL);
  zw_text_init(&text, NULL);
  assert_int_equal(
      com_example_Reading_from_json(&b, ZW_STR("{\"sensor\":\"s1\",\"celsius\":21.5}"), &r, &diag),
      0);
  assert_true(com_example_Reading_celsius(r) == 21.5);
  assert_int_equal(com_example_Reading_to_json(r, &text), 0);
  assert_text_equal(zw_text_str(&text), "{\"sensor\":\"s1\",\"celsius\":21.5}");
  assert_int_equal(com_example_Reading_from_json(&b, ZW_STR("{\"celcius\":21.5}"), &r, &diag),
                   ZW_EINVAL);
  assert_non_null(strstr(diag.message, "celsius"));
  zw_text_deinit(&text);
  zw_builder_deinit(&b);
}

static void test_slots(void **state) {
  (void)state;
  assert_int_equal(com_example_Sensor_ID_id, 0);
  assert_int_equal(com_example_Sensor_ID_installed, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_pack_verify_read),
      cmocka_unit_test(test_build_step_by_step),
      cmocka_unit_test(test_absent),
      cmocka_unit_test(test_json),
      cmocka_unit_test(test_slots),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
