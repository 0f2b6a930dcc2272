/* SPDX-License-Identifier: Apache-2.0 */
/* The table of messages and the descriptors against the compiled schema of the messages. */
#include "wamp_fixture.h"

static void check_type(const zw_type *type, const zw_type *compiled, int depth);

static void check_field(const zw_field *field, const zw_field *compiled, int depth) {
  assert_non_null(compiled);
  assert_int_equal(field->id, compiled->id);
  assert_int_equal(field->offset, compiled->offset);
  assert_int_equal(field->base, compiled->base);
  assert_int_equal(field->element, compiled->element);
  assert_int_equal(field->preset.u, compiled->preset.u);
  assert_int_equal(field->flags, compiled->flags);
  assert_true(!field->type == !compiled->type);
  if (field->type) check_type(field->type, compiled->type, depth + 1);
}

static void check_type(const zw_type *type, const zw_type *compiled, int depth) {
  assert_non_null(compiled);
  assert_true(depth < 8);
  assert_true(zw_str_eq(type->name, compiled->name));
  assert_int_equal(type->field_count, compiled->field_count);
  for (unsigned i = 0; i < type->field_count; i++) {
    assert_ptr_equal(zw_type_field(type, type->fields[i].name), &type->fields[i]);
    check_field(&type->fields[i], zw_type_field(compiled, type->fields[i].name), depth);
  }
}

static void test_descriptors(void **state) {
  (void)state;
  zw_schema *schema = load_schema("wamp_messages.bfbs");
  const zw_type *root = zw_wamp_root_type();
  assert_true(zw_str_eq(root->name, schema->root->name));
  const zw_enum_type *members = root->fields[1].enum_type,
                     *compiled = zw_schema_enum(schema, members->name);
  assert_non_null(compiled);
  assert_int_equal(members->value_count, MESSAGE_COUNT + 1);
  assert_int_equal(members->value_count, compiled->value_count);
  for (uint32_t i = 1; i < members->value_count; i++) {
    assert_int_equal(members->values[i].value, compiled->values[i].value);
    assert_true(zw_str_eq(members->values[i].name, compiled->values[i].name));
    check_type(members->values[i].type, compiled->values[i].type, 0);
    assert_non_null(zw_message_by_code((unsigned)members->values[i].value));
  }
  zw_schema_destroy(schema);
}

/* Two keys of options are spelled otherwise in the schema. */
static zw_str name_in_schema(zw_str key) {
  if (zw_str_eq(key, ZW_STR("resume-session"))) return ZW_STR("resume_session");
  if (zw_str_eq(key, ZW_STR("resume-token"))) return ZW_STR("resume_token");
  if (zw_str_eq(key, ZW_STR("x_acknowledged_delivery"))) return ZW_STR("acknowledge");
  return key;
}

static uint8_t base_of(const message_field *field) {
  switch (field->kind) {
    case FIELD_ID:
    case FIELD_ID_OR_ZERO: return ZW_T_ULONG;
    case FIELD_URI:
    case FIELD_TEXT: return ZW_T_STRING;
    case FIELD_BOOL: return ZW_T_BOOL;
    case FIELD_CODE:
    case FIELD_U16: return ZW_T_USHORT;
    case FIELD_U32: return ZW_T_UINT;
    case FIELD_ENUM:
    case FIELD_PPT:
    case FIELD_METHOD: return ZW_T_UBYTE;
    case FIELD_MAP:
    case FIELD_ROLES: return ZW_T_OBJ;
    default: return ZW_T_VECTOR;
  }
}

static void check_slots(const zw_type *type, const message_field *fields, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    if (fields[i].kind == FIELD_DICTIONARY || fields[i].flags & FIELD_ALIAS) continue;
    const zw_field *field = zw_type_field(type, name_in_schema(fields[i].key));
    if (!field != (fields[i].slot == NO_SLOT)) fail_msg("%s.%s", type->name.ptr, fields[i].key.ptr);
    if (!field) continue;
    assert_int_equal(field->id, fields[i].slot);
    assert_int_equal(field->base, base_of(&fields[i]));
    if (field->flags & ZW_F_REQUIRED)
      assert_true(fields[i].flags & (FIELD_REQUIRED | FIELD_WANTED));
  }
}

static void test_slots(void **state) {
  (void)state;
  for (size_t i = 0; i < MESSAGE_COUNT; i++) {
    const message_kind *kind = &zw_message_kinds[i];
    const zw_type *type = zw_wamp_message_type(kind->code);
    assert_non_null(type);
    assert_ptr_equal(zw_message_by_code(kind->code), kind);
    assert_ptr_equal(zw_message_by_list_code(kind->list_code), kind);
    assert_true(zw_str_eq(zw_str_of(zw_msg_name(kind->code)), kind->name));
    check_slots(type, kind->positions, kind->position_count);
    check_slots(type, kind->options, kind->option_count);
    assert_int_equal(zw_type_field(type, ZW_STR("details"))->id, kind->details_slot);
    assert_true(kind->option_count <= MESSAGE_OPTIONS_MAX);
    const zw_field *args = zw_type_field(type, ZW_STR("args"));
    assert_int_equal(args ? args->id : NO_SLOT, kind->args_slot);
    if (args) assert_int_equal(zw_type_field(type, ZW_STR("payload"))->id, kind->args_slot + 2);
  }
}

static void test_unknown_codes(void **state) {
  (void)state;
  assert_null(zw_message_by_code(0));
  assert_null(zw_message_by_code(7));
  assert_null(zw_message_by_code(337));
  assert_null(zw_message_by_list_code(37));
  assert_null(zw_message_by_list_code(UINT64_MAX));
  assert_string_equal(zw_msg_name(0), "?");
  assert_string_equal(zw_serializer_name(ZW_FLATBUFFERS), "flatbuffers");
  assert_string_equal(zw_serializer_name((enum zw_serializer)4), "?");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_descriptors),
      cmocka_unit_test(test_slots),
      cmocka_unit_test(test_unknown_codes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
