/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The written `.bfbs`: what it keeps beyond flatc's, what it leaves out with ZW_BFBS_FLATC_EXACT;
 * the descriptors of reflection.fbs that the run time has by hand are those that the compiler
 * makes.
 */
#include "cmocka_base.h"
#include "reflection_types.h"
#include "zerowire/reflect.h"
#include "zerowire/schema.h"

static zw_compiled *compile(const char *text, bool exact) {
  zw_compiled *c;
  zw_diag diag;
  zw_compile_options options = {
      .size = sizeof options, .bfbs_flags = exact ? ZW_BFBS_FLATC_EXACT : 0, .no_files = true};
  assert_int_equal(zw_compile_text(&c, "t.fbs", zw_str_of(text), &options, &diag), 0);
  return c;
}

static zw_str attribute(const zw_compiled *c, const char *field, const char *name) {
  const zw_field *f =
      zw_type_field(zw_schema_type(zw_compiled_schema(c), ZW_STR("T")), zw_str_of(field));
  return zw_attribute_get(f->attributes, f->attribute_count, zw_str_of(name));
}

static void keeps_defaults_of_strings_and_vectors(void **state) {
  (void)state;
  const char *text = "attribute \"a\"; attribute \"zz\"; table T { s: string = \"x\\\"\\n\" (zz, "
                     "a: 7); v: [int] = []; p: string; }";
  zw_compiled *c = compile(text, false);
  assert_text_equal(attribute(c, "s", "zw_default"), "\"x\\\"\\n\"");
  assert_text_equal(attribute(c, "s", "a"), "7");
  assert_text_equal(attribute(c, "s", "zz"), "0");
  assert_text_equal(attribute(c, "v", "zw_default"), "[]");
  assert_null(attribute(c, "p", "zw_default").ptr);
  zw_compiled_destroy(c);
}

static bool holds(zw_span octets, const char *text) {
  size_t len = strlen(text);
  for (size_t i = 0; i + len <= octets.len; i++)
    if (memcmp(octets.ptr + i, text, len) == 0) return true;
  return false;
}

static void leaves_them_out_where_flatc_does(void **state) {
  (void)state;
  const char *text = "table T { s: string = \"x\"; v: [int] = []; }";
  zw_compiled *c = compile(text, false);
  assert_true(holds(zw_compiled_bfbs(c), "zw_default"));
  zw_compiled_destroy(c);
  c = compile(text, true);
  assert_false(holds(zw_compiled_bfbs(c), "zw_default"));
  assert_text_equal(attribute(c, "s", "zw_default"), "\"x\"");
  zw_compiled_destroy(c);
}

static void schemas_that_differ_in_a_default_differ_in_their_id(void **state) {
  (void)state;
  zw_compiled *a = compile("table T { s: string = \"x\"; }", false),
              *b = compile("table T { s: string = \"y\"; }", false),
              *docs = compile("/// about it\ntable T { s: string = \"x\"; }", false);
  const uint8_t *id = zw_compiled_schema(a)->id;
  assert_memory_not_equal(id, zw_compiled_schema(b)->id, ZW_SCHEMA_ID_SIZE);
  assert_memory_equal(id, zw_compiled_schema(docs)->id, ZW_SCHEMA_ID_SIZE);
  zw_compiled_destroy(a);
  zw_compiled_destroy(b);
  zw_compiled_destroy(docs);
}

static void is_the_same_each_time(void **state) {
  (void)state;
  const char *text =
      "table B { a: A; } table A { b: [B]; u: U; } union U { A, B } enum E: int { X }";
  zw_compiled *a = compile(text, false), *b = compile(text, false);
  assert_true(zw_span_eq(zw_compiled_bfbs(a), zw_compiled_bfbs(b)));
  zw_compiled_destroy(a);
  zw_compiled_destroy(b);
}

/* flags of a field that reflection.fbs has, by what it is */
static void check_field(const zw_field *hand, const zw_field *made) {
  assert_true(zw_str_eq(hand->name, made->name));
  assert_int_equal(hand->base, made->base);
  assert_int_equal(hand->element, made->element);
  assert_int_equal(hand->id, made->id);
  assert_int_equal(hand->offset, made->offset);
  assert_int_equal(hand->preset.u, made->preset.u);
  assert_int_equal(hand->flags, made->flags);
  assert_int_equal(hand->type != NULL, made->type != NULL);
  if (hand->type) assert_true(zw_str_eq(hand->type->name, made->type->name));
  assert_int_equal(hand->enum_type != NULL, made->enum_type != NULL);
  if (!hand->enum_type) return;
  assert_true(zw_str_eq(hand->enum_type->name, made->enum_type->name));
  assert_int_equal(hand->enum_type->value_count, made->enum_type->value_count);
  for (uint32_t i = 0; i < hand->enum_type->value_count; i++) {
    assert_true(zw_str_eq(hand->enum_type->values[i].name, made->enum_type->values[i].name));
    assert_int_equal(hand->enum_type->values[i].value, made->enum_type->values[i].value);
  }
}

static void reflection_by_hand_is_that_of_the_schema(void **state) {
  (void)state;
  zw_compiled *c;
  zw_diag diag;
  assert_int_equal(zw_compile_file(&c, ZEROWIRE_SCHEMAS "/reflection.fbs", NULL, &diag), 0);
  const zw_schema *s = zw_compiled_schema(c);
  assert_text_equal(s->identifier, "BFBS");
  assert_text_equal(s->root->name, "reflection.Schema");
  assert_int_equal(s->type_count, ZW_R_COUNT);
  for (size_t i = 0; i < ZW_R_COUNT; i++) {
    const zw_type *hand = &zw_reflection_types[i], *made = &s->types[i];
    assert_true(zw_str_eq(hand->name, made->name));
    assert_int_equal(hand->field_count, made->field_count);
    for (unsigned k = 0; k < hand->field_count; k++) {
      check_field(&hand->fields[k], &made->fields[k]);
      assert_int_equal(hand->by_name[k], made->by_name[k]);
    }
  }
  zw_compiled_destroy(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_defaults_of_strings_and_vectors),
      cmocka_unit_test(leaves_them_out_where_flatc_does),
      cmocka_unit_test(schemas_that_differ_in_a_default_differ_in_their_id),
      cmocka_unit_test(is_the_same_each_time),
      cmocka_unit_test(reflection_by_hand_is_that_of_the_schema),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
