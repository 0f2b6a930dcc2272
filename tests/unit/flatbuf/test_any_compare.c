/* SPDX-License-Identifier: Apache-2.0 */
/* The order of tables: a list of objects that ascends, each compared with each, both ways. */
#include <math.h>

#include "reflect_fixture.h"
#include "zerowire/any.h"

/* A row ascends from left to right. */
static const char *const rows[][6] = {
    {"{id: \"\"}", "{id: \"a\"}", "{id: \"aa\"}", "{id: \"b\"}"},
    {"{id: \"x\", kind: Cold}", "{id: \"x\"}", "{id: \"x\", kind: Hot}"},
    {"{id: \"x\"}", "{id: \"x\", scalars: {i8: -1}}", "{id: \"x\", scalars: {}}",
     "{id: \"x\", scalars: {i8: 1}}"},
    {"{id: \"x\", scalars: {maybe: null}}", "{id: \"x\", scalars: {maybe: -1}}",
     "{id: \"x\", scalars: {maybe: 0}}"},
    {"{id: \"x\", scalars: {f64: -inf}}", "{id: \"x\", scalars: {f64: -1}}",
     "{id: \"x\", scalars: {f64: 0}}", "{id: \"x\", scalars: {f64: 1e-320}}",
     "{id: \"x\", scalars: {f64: inf}}", "{id: \"x\", scalars: {f64: nan}}"},
    {"{id: \"x\"}", "{id: \"x\", tags: []}", "{id: \"x\", tags: [\"\"]}",
     "{id: \"x\", tags: [\"\", \"\"]}", "{id: \"x\", tags: [\"a\"]}"},
    {"{id: \"x\", numbers: [-1]}", "{id: \"x\", numbers: [-1, -5]}", "{id: \"x\", numbers: [0]}"},
    {"{id: \"x\", data: [1]}", "{id: \"x\", data: [1, 0]}", "{id: \"x\", data: [255]}"},
    {"{id: \"x\", point: {x: 1, y: 2, tag: [0, 1]}}",
     "{id: \"x\", point: {x: 1, y: 2, tag: [0, 2]}}",
     "{id: \"x\", point: {x: 2, y: 0, tag: [0, 0]}}"},
    {"{id: \"x\"}", "{id: \"x\", any_type: Leaf, any: {n: 2}}",
     "{id: \"x\", any_type: Leaf, any: {n: 3}}", "{id: \"x\", any_type: Item, any: {name: \"\"}}",
     "{id: \"x\", any_type: Words, any: \"a\"}", "{id: \"x\", any_type: Words, any: \"b\"}"},
    {"{id: \"x\", several_type: [], several: []}",
     "{id: \"x\", several_type: [Leaf], several: [{n: 2}]}",
     "{id: \"x\", several_type: [Leaf], several: [{n: 3}]}",
     "{id: \"x\", several_type: [Words], several: [\"\"]}"},
    {"{id: \"x\", child: {id: \"a\"}}", "{id: \"x\", child: {id: \"b\", kind: Cold}}"},
};

static zw_table build(const zw_schema *schema, zw_builder *b, const char *json) {
  zw_span bytes;
  zw_diag diag = {0};
  zw_builder_init(b, NULL);
  if (zw_json_parse(schema->root, zw_str_of(json), 0, 0, b, &bytes, &diag))
    fail_msg("%s: %s", json, diag.message);
  return zw_root_trusted(bytes);
}

static void compare(const zw_schema *schema, const char *left, const char *right, int expected) {
  zw_builder b[2];
  zw_table x = build(schema, &b[0], left), y = build(schema, &b[1], right);
  int order = zw_table_compare(schema->root, x, y);
  if ((order > 0) - (order < 0) != expected)
    fail_msg("%s and %s: %d, not %d", left, right, order, expected);
  zw_builder_deinit(&b[0]);
  zw_builder_deinit(&b[1]);
}

static void test_order(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
    for (size_t i = 0; i < 6 && rows[r][i]; i++)
      for (size_t k = 0; k < 6 && rows[r][k]; k++)
        compare(schema, rows[r][i], rows[r][k], (i > k) - (i < k));
  zw_schema_destroy(schema);
}

/* One value, two layouts: defaults that are written, and vtables of different lengths. */
static void test_layout_does_not_matter(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  const zw_type *scalars = fixture_type(schema, "com.example.Scalars");
  zw_builder b[2];
  zw_table tables[2];
  for (int i = 0; i < 2; i++) {
    zw_span bytes;
    zw_builder_init(&b[i], NULL);
    b[i].force_defaults = i == 1;
    zw_builder_table_start(&b[i]);
    zw_builder_add_i32(&b[i], zw_type_field(scalars, ZW_STR("answer"))->id, 42, 42);
    zw_builder_add_f64(&b[i], zw_type_field(scalars, ZW_STR("f64"))->id, 0, 0);
    assert_int_equal(
        zw_builder_finish(&b[i], zw_builder_table_end(&b[i]), (zw_str){NULL, 0}, &bytes), 0);
    tables[i] = zw_root_trusted(bytes);
  }
  assert_true(tables[0].len < tables[1].len);
  assert_int_equal(zw_table_compare(scalars, tables[0], tables[1]), 0);
  for (int i = 0; i < 2; i++) zw_builder_deinit(&b[i]);
  zw_schema_destroy(schema);
}

static void test_signs_of_floats(void **state) {
  (void)state;
  static const double ascending[] = {-NAN, -INFINITY, -1, -0.0, 0.0, 1, INFINITY, NAN};
  enum { COUNT = sizeof ascending / sizeof *ascending };
  for (int i = 0; i < COUNT; i++)
    for (int k = 0; k < COUNT; k++) {
      zw_any a = {.base = ZW_T_DOUBLE, .scalar.d = ascending[i]};
      zw_any b = {.base = ZW_T_DOUBLE, .scalar.d = ascending[k]};
      int order = zw_any_compare(&a, &b);
      assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order),
      cmocka_unit_test(test_layout_does_not_matter),
      cmocka_unit_test(test_signs_of_floats),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
