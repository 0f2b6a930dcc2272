/* SPDX-License-Identifier: Apache-2.0 */
/* What a compilation gives: descriptors, places, and findings in their order and number. */
#include "cmocka_base.h"

#include "zerowire/schema.h"
#include <stdio.h>

static zw_compiled *compile(const char *text, int expected, zw_diag *diag) {
  zw_compiled *c;
  zw_compile_options options = {.size = sizeof options, .no_files = true};
  assert_int_equal(zw_compile_text(&c, "t.fbs", zw_str_of(text), &options, diag), expected);
  assert_non_null(c);
  return c;
}

static void gives_descriptors(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled *c =
      compile("namespace n; enum E: short { A = -1, B } struct S { a: byte; b: double; }\n"
              "table T { x: E = A; s: S; o: int = null; f: float = 0.5; q: string (required); u: "
              "ulong = 18446744073709551615; }\n"
              "root_type T; file_identifier \"ABCD\"; file_extension \"t\";",
              0, &diag);
  const zw_schema *s = zw_compiled_schema(c);
  assert_int_equal(s->type_count, 2);
  assert_text_equal(s->root->name, "n.T");
  assert_text_equal(s->identifier, "ABCD");
  assert_text_equal(s->extension, "t");
  const zw_type *t = zw_schema_type(s, ZW_STR("n.T")), *st = zw_schema_type(s, ZW_STR("n.S"));
  assert_int_equal(st->size, 16);
  assert_int_equal(st->fields[1].offset, 8);
  assert_int_equal(zw_type_field(t, ZW_STR("x"))->preset.i, -1);
  assert_ptr_equal(zw_type_field(t, ZW_STR("x"))->enum_type, zw_schema_enum(s, ZW_STR("n.E")));
  assert_true(zw_type_field(t, ZW_STR("o"))->flags & ZW_F_OPTIONAL);
  assert_true(zw_type_field(t, ZW_STR("q"))->flags & ZW_F_REQUIRED);
  assert_true(zw_type_field(t, ZW_STR("f"))->preset.d == 0.5);
  assert_true(zw_type_field(t, ZW_STR("u"))->preset.u == UINT64_MAX);
  zw_compiled_destroy(c);
}

static void knows_where_things_are(void **state) {
  (void)state;
  zw_diag diag;
  zw_place at;
  zw_compiled *c = compile("namespace n;\ntable T {\n  x: int;\n  u: U; }\nunion U { T }\nenum E: "
                           "int { A,\n B }\nrpc_service S {\n m(T): T; }",
                           0, &diag);
  static const struct {
    const char *owner, *member;
    uint32_t line, column;
  } cases[] = {{"n.T", NULL, 2, 7}, {"n.T", "x", 3, 3}, {"n.T", "u_type", 4, 3},
               {"n.U", "T", 5, 11}, {"n.E", "B", 7, 2}, {"n.S", NULL, 8, 13},
               {"n.S", "m", 9, 2}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_true(zw_compiled_place(c, zw_str_of(cases[i].owner), zw_str_of(cases[i].member), &at));
    assert_string_equal(at.file, "t.fbs");
    assert_int_equal(at.line, cases[i].line);
    assert_int_equal(at.column, cases[i].column);
  }
  assert_false(zw_compiled_place(c, ZW_STR("n.T"), ZW_STR("y"), &at));
  assert_false(zw_compiled_place(c, ZW_STR("T"), (zw_str){NULL, 0}, &at));
  zw_compiled_destroy(c);
}

/* Members of large declarations are looked up another way. */
static void knows_where_many_members_are(void **state) {
  (void)state;
  zw_text text;
  zw_compiled *c = NULL;
  zw_diag diag;
  zw_place at;
  char name[16];
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "namespace n;\ntable T {\n");
  for (int i = 0; i < 300; i++) zw_text_printf(&text, "f%d: int;\n", i);
  zw_text_printf(&text, "}\nenum E: int {\n");
  for (int i = 0; i < 300; i++) zw_text_printf(&text, "f%d,\n", i);
  zw_text_printf(&text, "}\n");
  assert_int_equal(zw_compile_text(&c, "s.fbs", zw_text_str(&text), NULL, &diag), 0);
  for (unsigned i = 0; i < 300; i++) {
    snprintf(name, sizeof name, "f%u", i);
    assert_true(zw_compiled_place(c, ZW_STR("n.T"), zw_str_of(name), &at));
    assert_int_equal(at.line, 3 + i);
    assert_true(zw_compiled_place(c, ZW_STR("n.E"), zw_str_of(name), &at));
    assert_int_equal(at.line, 305 + i);
  }
  assert_false(zw_compiled_place(c, ZW_STR("n.T"), ZW_STR("f300"), &at));
  zw_compiled_destroy(c);
  zw_text_deinit(&text);
}

static void counts_all_findings_and_keeps_some(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled *c;
  zw_compile_options options = {.size = sizeof options, .errors_max = 2};
  zw_str text = ZW_STR("table T { a: A;\n b: B;\n c: C; }");
  assert_int_equal(zw_compile_text(&c, "t.fbs", text, &options, &diag), ZW_ESCHEMA);
  assert_int_equal(zw_compiled_finding_count(c), 3);
  assert_int_equal(zw_compiled_finding(c, 0)->at.line, 1);
  assert_int_equal(zw_compiled_finding(c, 1)->at.line, 2);
  assert_null(zw_compiled_finding(c, 2));
  assert_int_equal(diag.at.line, 1);
  zw_compiled_destroy(c);
}

static void sorts_findings_by_place(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled *c =
      compile("table Z { a: Nope; }\ntable A { a: Nope; }\nenum E { X }", ZW_ESCHEMA, &diag);
  for (uint32_t i = 0; i < 3; i++) assert_int_equal(zw_compiled_finding(c, i)->at.line, i + 1);
  zw_compiled_destroy(c);
}

#define UNSUPPORTED                                                                             \
  "include \"zerowire.fbs\"; table T { a: int; } rpc_service S (type: \"interface\", wampuri: " \
  "\"a.b\") { c (T): T (type: \"procedure\", streaming: \"client\"); "

static void says_what_kind_of_error_it_is(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled_destroy(compile("table T { a: int ", ZW_ESYNTAX, &diag));
  zw_compiled_destroy(compile("table T { a: Nope; }", ZW_ESCHEMA, &diag));
  zw_compiled_destroy(compile(UNSUPPORTED "}", ZW_ENOTSUP, &diag));
  zw_compiled_destroy(compile(UNSUPPORTED "d (T): Nope; }", ZW_ESCHEMA, &diag));
}

static void a_warning_refuses_nothing(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled *c =
      compile("include \"zerowire.fbs\";\ntable T (map: \"t\") { k: float (primary); }", 0, &diag);
  assert_int_equal(zw_compiled_finding_count(c), 1);
  assert_int_equal(zw_compiled_finding(c, 0)->error, 0);
  assert_int_equal(zw_compiled_finding(c, 0)->at.line, 2);
  assert_non_null(zw_compiled_schema(c));
  zw_compiled_destroy(c);
}

static void the_model_is_checked_from_bfbs_too(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled *c = compile("attribute \"map\"; table T { k: int; } struct U { a: int; }", 0, &diag),
              *again;
  zw_span bfbs = zw_compiled_bfbs(c);
  assert_int_equal(zw_compile_text(&again, "t.bfbs", zw_span_str(bfbs), NULL, &diag), 0);
  zw_compiled_destroy(again);
  char cut[64];
  memcpy(cut, bfbs.ptr, sizeof cut);
  assert_int_equal(zw_compile_text(&again, "t.bfbs", (zw_str){cut, sizeof cut}, NULL, &diag),
                   ZW_EVERIFY);
  assert_int_equal(zw_compiled_finding_count(again), 1);
  assert_string_equal(zw_compiled_finding(again, 0)->at.file, "t.bfbs");
  zw_compiled_destroy(again);
  zw_compiled_destroy(c);
}

/* `count` structs, each in the next, named so that the outermost comes first or last. */
static int compile_nest(unsigned count, bool outermost_first) {
  zw_text text;
  zw_diag diag;
  zw_text_init(&text, NULL);
  for (unsigned i = 0; i < count; i++) {
    unsigned own = outermost_first ? 900 - i : 100 + i, inner = outermost_first ? own + 1 : own - 1;
    if (i == 0)
      zw_text_printf(&text, "struct S%u { a: int; }\n", own);
    else
      zw_text_printf(&text, "struct S%u { a: S%u; }\n", own, inner);
  }
  zw_compiled *c;
  int error = zw_compile_text(&c, "t.fbs", zw_text_str(&text), NULL, &diag);
  if (error) assert_string_equal(diag.rule, "STRUCT_DEPTH");
  zw_compiled_destroy(c);
  zw_text_deinit(&text);
  return error;
}

static void limits_the_nesting_of_structs(void **state) {
  (void)state;
  for (int first = 0; first < 2; first++) {
    assert_int_equal(compile_nest(65, first), 0);
    assert_int_equal(compile_nest(66, first), ZW_ESCHEMA);
    assert_int_equal(compile_nest(300, first), ZW_ESCHEMA);
  }
}

static void limits_names_and_attributes(void **state) {
  (void)state;
  zw_text text;
  zw_diag diag;
  zw_text_init(&text, NULL);
  zw_text_printf(&text, "table %01001d { }", 0);
  text.ptr[6] = 'T';
  zw_compiled_destroy(compile(text.ptr, ZW_ESYNTAX, &diag));
  assert_string_equal(diag.rule, "NAME_LENGTH");
  zw_text_reset(&text);
  zw_text_printf(&text, "table T (a0");
  for (unsigned i = 1; i < 300; i++) zw_text_printf(&text, ", a%u", i);
  zw_text_printf(&text, ") { }");
  zw_compiled_destroy(compile(text.ptr, ZW_ESYNTAX, &diag));
  assert_string_equal(diag.rule, "ATTRIBUTE_COUNT");
  zw_text_deinit(&text);
}

static void nothing_is_a_schema(void **state) {
  (void)state;
  zw_diag diag;
  zw_compiled *c = compile("", 0, &diag);
  assert_int_equal(zw_compiled_schema(c)->type_count, 0);
  zw_compiled_destroy(c);
  zw_compiled_destroy(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gives_descriptors),
      cmocka_unit_test(knows_where_things_are),
      cmocka_unit_test(knows_where_many_members_are),
      cmocka_unit_test(counts_all_findings_and_keeps_some),
      cmocka_unit_test(sorts_findings_by_place),
      cmocka_unit_test(says_what_kind_of_error_it_is),
      cmocka_unit_test(a_warning_refuses_nothing),
      cmocka_unit_test(the_model_is_checked_from_bfbs_too),
      cmocka_unit_test(limits_the_nesting_of_structs),
      cmocka_unit_test(limits_names_and_attributes),
      cmocka_unit_test(nothing_is_a_schema),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
