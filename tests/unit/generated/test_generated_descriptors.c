/* SPDX-License-Identifier: Apache-2.0 */
/* Generated descriptors against those that the compiled schema inside them loads to. */
#include "clashes_generated.h"
#include "cmocka_base.h"
#include "constructs_generated.h"
#include "including_generated.h"
#include "same_schema.h"
#include "telemetry_generated.h"

static const zw_schema *const schemas[] = {&telemetry_schema, &constructs_schema, &clashes_schema,
                                           &including_schema};
static const zw_stamp *const stamps[] = {&telemetry_stamp, &constructs_stamp, &clashes_stamp,
                                         &including_stamp};

static void test_same_as_loaded(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) same_as_loaded(schemas[i]);
}

static void test_stamps(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
    uint8_t id[ZW_SCHEMA_ID_SIZE];
    assert_int_equal(zw_stamp_check(stamps[i], NULL), 0);
    assert_string_equal(stamps[i]->compiler, ZW_VERSION_STRING);
    assert_int_equal(zw_schema_id(schemas[i], NULL, id), 0);
    assert_memory_equal(stamps[i]->schema_id, id, sizeof id);
    assert_memory_equal(schemas[i]->id, id, sizeof id);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_as_loaded),
      cmocka_unit_test(test_stamps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
