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

static void test_every_name_is_found(void **state) {
  (void)state;
  for (size_t i = 0; i < schema->type_count; i++) {
    const zw_type *type = &schema->types[i];
    assert_ptr_equal(zw_schema_type(schema, type->name), type);
    for (unsigned k = 0; k < type->field_count; k++)
      assert_ptr_equal(zw_type_field(type, type->fields[k].name), &type->fields[k]);
  }
  for (size_t i = 0; i < schema->enum_count; i++) {
    const zw_enum_type *type = &schema->enums[i];
    assert_ptr_equal(zw_schema_enum(schema, type->name), type);
    for (uint32_t k = 0; k < type->value_count; k++) {
      assert_ptr_equal(zw_enum_by_name(type, type->values[k].name), &type->values[k]);
      assert_ptr_equal(zw_enum_by_value(type, type->values[k].value), &type->values[k]);
    }
  }
}

static void test_other_names_are_not(void **state) {
  static const char *const names[] = {"", "com", "com.example.Thin", "com.example.Things", "zzz"};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    assert_null(zw_schema_type(schema, zw_str_of(names[i])));
    assert_null(zw_schema_enum(schema, zw_str_of(names[i])));
    assert_null(zw_type_field(schema->root, zw_str_of(names[i])));
  }
  const zw_enum_type *kind = zw_schema_enum(schema, ZW_STR("com.example.Kind"));
  assert_null(zw_enum_by_value(kind, 3));
  assert_null(zw_enum_by_value(kind, -1));
  assert_null(zw_enum_by_name(kind, ZW_STR("hot")));
}

/* Values ascend as unsigned numbers where the base is ulong. */
static void test_values_above_the_signed_range(void **state) {
  static const zw_enum_value values[] = {{.name = {"Small", 5}, .value = 1},
                                         {.name = {"Large", 5}, .value = INT64_MIN},
                                         {.name = {"Most", 4}, .value = -1}};
  zw_enum_type type = {.values = values, .value_count = 3, .base = ZW_T_ULONG};
  (void)state;
  for (size_t i = 0; i < 3; i++)
    assert_ptr_equal(zw_enum_by_value(&type, values[i].value), &values[i]);
  assert_null(zw_enum_by_value(&type, 2));
}

static void test_attributes(void **state) {
  static const zw_attribute list[] = {{{"index", 5}, {"0", 1}}, {{"map", 3}, {"sensors", 7}}};
  (void)state;
  assert_text(zw_attribute_get(list, 2, ZW_STR("map")), "sensors");
  assert_text(zw_attribute_get(list, 2, ZW_STR("index")), "0");
  assert_null(zw_attribute_get(list, 2, ZW_STR("ma")).ptr);
  assert_null(zw_attribute_get(NULL, 0, ZW_STR("map")).ptr);
}

static void test_scalars_in_memory(void **state) {
  static const struct {
    enum zw_base_type base;
    zw_scalar value;
    size_t size;
  } cases[] = {
      {ZW_T_BOOL, {.u = 1}, 1},           {ZW_T_BYTE, {.i = -128}, 1},
      {ZW_T_UBYTE, {.u = 255}, 1},        {ZW_T_SHORT, {.i = -32768}, 2},
      {ZW_T_USHORT, {.u = 65535}, 2},     {ZW_T_INT, {.i = INT32_MIN}, 4},
      {ZW_T_UINT, {.u = UINT32_MAX}, 4},  {ZW_T_LONG, {.i = INT64_MIN}, 8},
      {ZW_T_ULONG, {.u = UINT64_MAX}, 8}, {ZW_T_FLOAT, {.d = -1.5}, 4},
      {ZW_T_DOUBLE, {.d = 1e300}, 8},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (size_t shift = 0; shift < 8; shift++) {
      uint8_t memory[24];
      memset(memory, 0xA5, sizeof memory);
      zw_scalar_store(memory + shift, cases[i].base, cases[i].value);
      assert_true(zw_scalar_load(memory + shift, cases[i].base).u == cases[i].value.u);
      assert_int_equal(zw_base_size(cases[i].base), cases[i].size);
      for (size_t k = 0; k < sizeof memory; k++)
        if (k < shift || k >= shift + cases[i].size) assert_int_equal(memory[k], 0xA5);
    }
  }
}

static void test_a_typed_pointer_needs_its_alignment(void **state) {
  uint64_t words[4] = {0};
  const uint8_t *bytes = (const uint8_t *)words;
  (void)state;
  assert_ptr_equal(zw_vec_raw((zw_vec){bytes + 8, 32, 8, 1}, 8), bytes + 8);
  assert_null(zw_vec_raw((zw_vec){bytes + 12, 32, 12, 1}, 8));
  assert_ptr_equal(zw_vec_raw((zw_vec){bytes + 12, 32, 12, 1}, 4), bytes + 12);
  assert_null(zw_vec_raw((zw_vec){NULL, 0, 0, 0}, 4));
}

static void test_an_absent_table_reads_as_defaults(void **state) {
  zw_table absent = {NULL, 0, 0};
  (void)state;
  assert_int_equal(zw_table_i32(absent, 3, 42), 42);
  assert_null(zw_table_str(absent, 0).ptr);
  assert_null(zw_table_vec(absent, 0).ptr);
  assert_null(zw_table_table(zw_table_table(absent, 1), 2).ptr);
  assert_null(zw_table_bytes(absent).ptr);
  assert_null(zw_root_trusted((zw_span){NULL, 0}).ptr);
  const zw_type *scalars = fixture_type(schema, "com.example.Scalars");
  assert_int_equal(zw_field_scalar(absent, zw_type_field(scalars, ZW_STR("answer"))).i, 42);
  assert_true(zw_field_scalar(absent, zw_type_field(scalars, ZW_STR("half"))).d == 0.5);
}

static void test_only_a_root_has_bytes(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  assert_int_equal(
      zw_json_parse(schema->root, ZW_STR("{id:\"a\",child:{id:\"b\"}}"), 0, 0, &b, &bytes, NULL),
      0);
  zw_table root = zw_root_trusted(bytes);
  const zw_field *child = zw_type_field(schema->root, ZW_STR("child"));
  assert_true(zw_span_eq(zw_table_bytes(root), bytes));
  assert_non_null(zw_table_table(root, child->id).ptr);
  assert_null(zw_table_bytes(zw_table_table(root, child->id)).ptr);
  zw_builder_deinit(&b);
}

/* ---- changing values in place ---- */

/* A table with a field of each kind, at the id that is its base type. */
static zw_table build_scalars(zw_builder *b) {
  zw_span bytes;
  zw_builder_init(b, NULL);
  zw_builder_table_start(b);
  for (unsigned base = ZW_T_UTYPE; base <= ZW_T_DOUBLE; base++)
    zw_builder_add_optional(b, base, (enum zw_base_type)base, (zw_scalar){.u = 0});
  assert_int_equal(zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes), 0);
  return zw_root_trusted(bytes);
}

#define CHECK_SET(suffix, id, value)                        \
  do {                                                      \
    assert_true(zw_table_set_##suffix(t, id, value));       \
    assert_true(zw_table_##suffix(t, id, 0) == (value));    \
    assert_false(zw_table_set_##suffix(t, 90, value));      \
    assert_false(zw_table_set_##suffix(absent, id, value)); \
  } while (0)

static void test_scalars_are_set_in_place(void **state) {
  zw_table absent = {NULL, 0, 0};
  zw_builder b;
  (void)state;
  zw_table t = build_scalars(&b);
  CHECK_SET(bool, ZW_T_BOOL, true);
  CHECK_SET(i8, ZW_T_BYTE, -128);
  CHECK_SET(u8, ZW_T_UBYTE, 255);
  CHECK_SET(i16, ZW_T_SHORT, -32768);
  CHECK_SET(u16, ZW_T_USHORT, 65535);
  CHECK_SET(i32, ZW_T_INT, INT32_MIN);
  CHECK_SET(u32, ZW_T_UINT, UINT32_MAX);
  CHECK_SET(i64, ZW_T_LONG, INT64_MIN);
  CHECK_SET(u64, ZW_T_ULONG, UINT64_MAX);
  CHECK_SET(f32, ZW_T_FLOAT, -1.5f);
  CHECK_SET(f64, ZW_T_DOUBLE, 1e300);
  assert_int_equal(zw_table_i8(t, ZW_T_BYTE, 0), -128); /* later ones left it alone */
  zw_builder_deinit(&b);
}

static void test_fields_are_set_by_descriptor(void **state) {
  const zw_scalar value = {.u = 1};
  zw_builder b;
  (void)state;
  zw_table t = build_scalars(&b);
  for (uint16_t base = ZW_T_BOOL; base <= ZW_T_DOUBLE; base++) {
    zw_field field = {.base = (uint8_t)base, .id = base};
    zw_scalar x = zw_base_is_float(base) ? (zw_scalar){.d = 0.25} : value;
    assert_int_equal(zw_field_set(t, &field, x), 0);
    assert_true(zw_field_scalar(t, &field).u == x.u);
    field.id = 90;
    assert_int_equal(zw_field_set(t, &field, x), ZW_ENOTFOUND);
  }
  static const zw_enum_type any = {.is_union = true, .base = ZW_T_UTYPE};
  zw_field type = {.base = ZW_T_UTYPE, .id = ZW_T_UTYPE, .enum_type = &any};
  zw_field text = {.base = ZW_T_STRING, .id = ZW_T_BOOL};
  assert_int_equal(zw_field_set(t, &type, value), ZW_EINVAL);
  assert_int_equal(zw_field_set(t, &text, value), ZW_EINVAL);
  zw_builder_deinit(&b);
}

static void test_elements_are_set_in_place(void **state) {
  uint8_t bytes[32] = {0};
  zw_vec v = {bytes + 4, 32, 4, 3};
  zw_vec64 w = {bytes + 4, 3};
  (void)state;
  for (size_t i = 0; i < 3; i++) zw_vec_set_f64(v, i, (double)i + 0.5);
  for (size_t i = 0; i < 3; i++) assert_true(zw_vec64_f64(w, i) == (double)i + 0.5);
  zw_vec64_set_u16(w, 1, 0xBEEF);
  assert_int_equal(zw_vec_u16(v, 1), 0xBEEF);
  assert_int_equal(zw_vec64_bytes(w).len, 3);
  assert_ptr_equal(zw_vec64_struct(w, 2, 8), zw_vec_struct_mutable(v, 2, 8));
}

static void test_stamps(void **state) {
  zw_stamp stamp = {.abi = ZW_ABI, .compiler = "0.0.1"};
  zw_diag diag = {0};
  (void)state;
  assert_int_equal(zw_stamp_check(&stamp, &diag), 0);
  stamp.abi++;
  assert_int_equal(zw_stamp_check(&stamp, &diag), ZW_EVERSION);
  assert_non_null(strstr(diag.message, "Compile the schema again"));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_name_is_found),
      cmocka_unit_test(test_other_names_are_not),
      cmocka_unit_test(test_values_above_the_signed_range),
      cmocka_unit_test(test_attributes),
      cmocka_unit_test(test_scalars_in_memory),
      cmocka_unit_test(test_a_typed_pointer_needs_its_alignment),
      cmocka_unit_test(test_an_absent_table_reads_as_defaults),
      cmocka_unit_test(test_only_a_root_has_bytes),
      cmocka_unit_test(test_scalars_are_set_in_place),
      cmocka_unit_test(test_fields_are_set_by_descriptor),
      cmocka_unit_test(test_elements_are_set_in_place),
      cmocka_unit_test(test_stamps),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
