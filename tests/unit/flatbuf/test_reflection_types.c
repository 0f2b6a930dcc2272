/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors that are written by hand are those of schemas/reflection.fbs. */
#include "reflect_fixture.h"

#include "reflection_types.h"

static bool same_name(const zw_type *a, const zw_type *b) {
  return a && b ? zw_str_eq(a->name, b->name) : a == b;
}

static bool same_enum(const zw_enum_type *a, const zw_enum_type *b) {
  if (!a || !b) return a == b;
  if (!zw_str_eq(a->name, b->name) || a->base != b->base || a->value_count != b->value_count)
    return false;
  for (uint32_t i = 0; i < a->value_count; i++)
    if (!zw_str_eq(a->values[i].name, b->values[i].name) ||
        a->values[i].value != b->values[i].value)
      return false;
  return a->bit_flags == b->bit_flags;
}

static void compare(const zw_type *ours, const zw_type *compiled) {
  assert_true(zw_str_eq(ours->name, compiled->name));
  assert_int_equal(ours->field_count, compiled->field_count);
  for (unsigned i = 0; i < ours->field_count; i++) {
    const zw_field *a = &ours->fields[i], *b = &compiled->fields[i];
    bool same = zw_str_eq(a->name, b->name) && a->base == b->base && a->element == b->element &&
                a->id == b->id && a->offset == b->offset && a->flags == b->flags &&
                a->preset.u == b->preset.u && same_name(a->type, b->type) &&
                same_enum(a->enum_type, b->enum_type);
    if (!same) fail_msg("%.*s.%.*s differs", ZW_ARG(ours->name), ZW_ARG(a->name));
    assert_int_equal(ours->by_name[i], compiled->by_name[i]);
  }
}

static void test_all_types(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/reflection.bfbs");
  assert_int_equal(schema->type_count, ZW_R_COUNT);
  for (unsigned i = 0; i < ZW_R_COUNT; i++) compare(&zw_reflection_types[i], &schema->types[i]);
  assert_true(same_name(zw_reflection_root(), schema->root));
  assert_text(schema->identifier, ZW_REFLECTION_IDENTIFIER);
  zw_schema_destroy(schema);
}

/* What the loader reads is a part of it: the same slots. */
static void test_the_part_that_is_loaded(void **state) {
  (void)state;
  const zw_type *part = &zw_reflection_loaded_root, *whole = zw_reflection_root();
  assert_int_equal(part->field_count, whole->field_count);
  for (unsigned i = 0; i < part->field_count; i++) {
    assert_true(zw_str_eq(part->fields[i].name, whole->fields[i].name));
    assert_int_equal(part->fields[i].base, whole->fields[i].base);
    assert_int_equal(part->fields[i].element, whole->fields[i].element);
    assert_true(same_name(part->fields[i].type, whole->fields[i].type));
  }
}

/* A compiled schema can be printed, since it is a FlatBuffer like any other. */
static void test_a_schema_prints_itself(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  zw_verify_options options = {.offsets_max = 100000};
  zw_table table;
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_verify(zw_reflection_root(), schema->bfbs, &options, &table, NULL), 0);
  assert_int_equal(zw_json_print(zw_reflection_root(), table, 0, 0, &out), 0);
  assert_non_null(strstr(out.ptr, "\"name\":\"com.example.Thing\""));
  zw_text_deinit(&out);
  zw_schema_destroy(schema);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all_types),
      cmocka_unit_test(test_the_part_that_is_loaded),
      cmocka_unit_test(test_a_schema_prints_itself),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
