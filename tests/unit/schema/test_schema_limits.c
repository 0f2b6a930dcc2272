/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile texts: memory grows with the text and not with its square, and so does time: each of
 * these took minutes or gigabytes where a step looked again at all that came before.
 */
#include "cmocka_base.h"
#include "zerowire/schema.h"

#define PIECES 20000

/* All octets that were ever asked for. */
static void *sum_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  const zw_alloc *plain = zw_alloc_default();
  *(size_t *)ctx += new_size > old_size ? new_size - old_size : 0;
  return plain->resize(plain->ctx, ptr, old_size, new_size);
}

/* Compiles the text and destroys it; the rule of the first finding, or "". */
static const char *compile(const zw_text *text, size_t *octets, size_t *findings) {
  static zw_diag diag;
  zw_compiled *c;
  *octets = 0;
  zw_alloc alloc = {sum_resize, octets};
  zw_compile_options options = {.size = sizeof options, .alloc = &alloc, .no_files = true};
  int error = zw_compile_text(&c, "t.fbs", zw_text_str(text), &options, &diag);
  assert_non_null(c);
  *findings = zw_compiled_finding_count(c);
  zw_compiled_destroy(c);
  return error ? diag.rule : "";
}

static void check(zw_text *text, const char *rule, size_t expected, size_t octets_each) {
  size_t octets, findings;
  assert_int_equal(text->error, 0);
  assert_string_equal(compile(text, &octets, &findings), rule);
  assert_int_equal(findings, expected);
  if (octets > text->len * octets_each) fail_msg("%zu octets for a text of %zu", octets, text->len);
  zw_text_deinit(text);
}

static void many_strings_on_one_line(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "attribute \"p\"; ");
  for (int i = 0; i < PIECES; i++) zw_text_printf(&text, "table T%d (p: \"x\") { } ", i);
  check(&text, "", 0, 100);
}

/* Each quote would end at the end of the line: one is enough. */
static void strings_without_an_end_on_one_line(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "table T { } file_extension \"");
  for (int i = 0; i < PIECES; i++) zw_text_printf(&text, ";\\\"");
  size_t octets, findings;
  assert_string_equal(compile(&text, &octets, &findings), "STRING_OPEN");
  assert_true(findings < 10);
  assert_true(octets < 100 * text.len);
  zw_text_deinit(&text);
}

static void a_long_dotted_name(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "table T { x: a");
  for (int i = 0; i < PIECES; i++) zw_text_printf(&text, ".a");
  zw_text_printf(&text, "; }");
  check(&text, "NAME_LENGTH", 1, 100);
}

static void add_enum(zw_text *text, int count) {
  zw_text_printf(text, "enum E: uint { V0");
  for (int i = 1; i < count; i++) zw_text_printf(text, ", V%d", i);
  zw_text_printf(text, "}\n");
}

/* Fields, in tables of a thousand, with the first letter of their default. */
static void add_fields(zw_text *text, int count, char letter) {
  for (int i = 0; i < count; i++) {
    if (i % 1000 == 0) zw_text_printf(text, "%stable T%d {", i ? "}\n" : "", i);
    zw_text_printf(text, " f%d: E = %c%d;", i, letter, i);
  }
  zw_text_printf(text, "}\n");
}

static void a_large_enum_and_many_defaults(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  add_enum(&text, 10 * PIECES);
  add_fields(&text, 10 * PIECES, 'V');
  check(&text, "", 0, 400);
}

static void many_unknown_defaults(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  add_enum(&text, PIECES);
  add_fields(&text, 10 * PIECES, 'W');
  check(&text, "ENUM_VALUE_UNKNOWN", 10 * PIECES, 400);
}

static void many_unknown_attributes(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  for (int i = 0; i < 300; i++) zw_text_printf(&text, "attribute \"a_very_long_name_%d\";\n", i);
  for (int i = 0; i < 10 * PIECES; i++)
    zw_text_printf(&text, "table T%d (another_long_name_%d) { }\n", i, i);
  check(&text, "ATTRIBUTE_UNKNOWN", 10 * PIECES, 400);
}

/* What the model finds is given a place by a search through the members. */
static void many_findings_of_the_model(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "include \"zerowire.fbs\"; table A { }\n");
  zw_text_printf(&text, "rpc_service S (type: \"interface\", wampuri: \"a.b\") {\n");
  for (int i = 0; i < 5 * PIECES; i++) zw_text_printf(&text, "m%d(A): A (type: \"topic\");\n", i);
  zw_text_printf(&text, "}\n");
  check(&text, "TOPIC_RETURNS_VOID", 5 * PIECES, 400);
}

/* Names that a finding might suggest are gathered for the first findings only. */
static void many_unknown_maps(void **state) {
  (void)state;
  zw_text text;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "include \"zerowire.fbs\";\n");
  for (int i = 0; i < PIECES; i++)
    zw_text_printf(&text, "table T%d (map: \"m%d\", primary: \"k\") { k: ulong; }\n", i, i);
  zw_text_printf(&text, "rpc_service S (type: \"interface\", wampuri: \"a.b\") {\n");
  for (int i = 0; i < PIECES; i++)
    zw_text_printf(&text, "m%d(T0): T0 (type: \"procedure\", map: \"n%d\", op: \"get\");\n", i, i);
  zw_text_printf(&text, "}\n");
  check(&text, "MAP_UNKNOWN", PIECES, 400);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_strings_on_one_line),
      cmocka_unit_test(strings_without_an_end_on_one_line),
      cmocka_unit_test(a_long_dotted_name),
      cmocka_unit_test(a_large_enum_and_many_defaults),
      cmocka_unit_test(many_unknown_defaults),
      cmocka_unit_test(many_unknown_attributes),
      cmocka_unit_test(many_findings_of_the_model),
      cmocka_unit_test(many_unknown_maps),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
