/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema id: what changes it and what does not. Loaded schemas lie in memory that can be
 * written, so a test edits one thing and asks for the id again.
 */
#include "counting_alloc.h"
#include "reflect_fixture.h"

static zw_schema *schema;
static uint8_t first[ZW_SCHEMA_ID_SIZE];

static int load(void **state) {
  (void)state;
  schema = fixture_load("reflect/model.bfbs");
  memcpy(first, schema->id, sizeof first);
  return 0;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

static bool is_changed(void) {
  uint8_t id[ZW_SCHEMA_ID_SIZE];
  assert_int_equal(zw_schema_id(schema, NULL, id), 0);
  return memcmp(id, first, sizeof id) != 0;
}

static void *writable(const void *p) { return (void *)(uintptr_t)p; }

static void test_the_loader_computes_it(void **state) {
  uint8_t zero[ZW_SCHEMA_ID_SIZE] = {0};
  (void)state;
  assert_false(is_changed());
  assert_memory_not_equal(first, zero, sizeof zero);
}

/* Pinned: stores keep it. */
static void test_as_text(void **state) {
  static const uint8_t id[ZW_SCHEMA_ID_SIZE] = {0x9f, 0x3c, 0x21, 0xd0, 1, 2, 3, 0xff};
  char text[2 * ZW_SCHEMA_ID_SIZE + 1];
  (void)state;
  zw_schema_id_text(id, text);
  assert_string_equal(text, "9f3c21d0010203ff0000000000000000");
}

#define CHANGES(place, other)         \
  do {                                \
    __typeof__(place) kept = (place); \
    (place) = other;                  \
    assert_true(is_changed());        \
    (place) = kept;                   \
    assert_false(is_changed());       \
  } while (0)

static void test_what_changes_it(void **state) {
  (void)state;
  zw_type *type = writable(zw_schema_type(schema, ZW_STR("com.example.Sensor")));
  zw_field *field = writable(&type->fields[0]);
  zw_enum_type *kind = writable(zw_schema_enum(schema, ZW_STR("com.example.Kind")));
  zw_enum_value *value = writable(&kind->values[0]);
  zw_service *service = writable(&schema->services[1]);
  zw_method *method = writable(&service->methods[0]);
  zw_attribute *attribute = writable(&type->attributes[0]);
  CHANGES(type->name, ZW_STR("com.example.Other"));
  CHANGES(type->field_count, (uint16_t)(type->field_count - 1));
  CHANGES(field->name, ZW_STR("other"));
  CHANGES(field->base, ZW_T_INT);
  CHANGES(field->flags, field->flags ^ ZW_F_REQUIRED);
  CHANGES(field->preset.i, 7);
  CHANGES(attribute->value, ZW_STR("other"));
  CHANGES(value->value, -5);
  CHANGES(value->name, ZW_STR("Other"));
  value->attributes = type->attributes;
  CHANGES(value->attribute_count, (size_t)1);
  CHANGES(kind->base, ZW_T_INT);
  CHANGES(method->response, type);
  CHANGES(method->name, ZW_STR("other"));
  CHANGES(service->method_count, service->method_count - 1);
  CHANGES(schema->root, type);
  CHANGES(schema->identifier, ZW_STR("ABCD"));
}

static void test_what_does_not(void **state) {
  (void)state;
  zw_type *type = writable(zw_schema_type(schema, ZW_STR("com.example.Sensor")));
  zw_field *field = writable(&type->fields[0]);
  zw_str doc = type->doc, file = type->declaration_file, field_doc = field->doc;
  type->doc = field->doc = ZW_STR(" Documentation.");
  type->declaration_file = ZW_STR("//elsewhere.fbs");
  assert_false(is_changed());
  type->doc = doc;
  type->declaration_file = file;
  field->doc = field_doc;
}

/* A schema in the making has attributes in the order of the text. */
static void test_the_order_of_attributes(void **state) {
  static zw_attribute reversed[20];
  (void)state;
  zw_type *type = writable(zw_schema_type(schema, ZW_STR("com.example.Sensor")));
  const zw_attribute *kept = type->attributes;
  for (size_t i = 0; i < type->attribute_count; i++)
    reversed[type->attribute_count - 1 - i] = kept[i];
  type->attributes = reversed;
  assert_false(is_changed());
  type->attributes = kept;
}

/* Never an id that another schema may have too. */
static void test_no_memory(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    uint8_t id[ZW_SCHEMA_ID_SIZE];
    counting_alloc_init(&c, n);
    int error = zw_schema_id(schema, &c.alloc, id);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_loader_computes_it),  cmocka_unit_test(test_as_text),
      cmocka_unit_test(test_what_changes_it),         cmocka_unit_test(test_what_does_not),
      cmocka_unit_test(test_the_order_of_attributes), cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
