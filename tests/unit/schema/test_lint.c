/* SPDX-License-Identifier: Apache-2.0 */
/* The linter: what each rule finds and where, which rules are asked, and what happens without
 * memory. Whether a page's examples are found by its rule is asked by a session of the command. */
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

typedef struct heard {
  char text[2000];
  size_t used;
  uint32_t line, column;
} heard;

/* Rule, place, element and member, one finding a line; in order of place. */
static void hear(void *ctx, const zw_lint_finding *f) {
  heard *h = ctx;
  bool ordered = f->at.line > h->line || (f->at.line == h->line && f->at.column >= h->column);
  assert_true(ordered);
  h->line = f->at.line;
  h->column = f->at.column;
  h->used += (size_t)snprintf(h->text + h->used, sizeof h->text - h->used, "%s %u:%u %.*s%s%.*s\n",
                              f->rule, f->at.line, f->at.column, ZW_ARG(f->element),
                              f->member.len ? "/" : "", ZW_ARG(f->member));
  assert_true(h->used < sizeof h->text);
  assert_non_null(f->message);
}

static zw_compiled *compile(const char *name, const char *text) {
  zw_compiled *c;
  zw_diag diag = {0};
  if (zw_compile_text(&c, name, zw_str_of(text), NULL, &diag))
    fail_msg("%u:%u: %s\n%s", diag.at.line, diag.at.column, diag.message, text);
  return c;
}

/* Rules and what they are about, without places and order. */
typedef struct found_set {
  char lines[40][120];
  size_t count;
} found_set;

static void gather(void *ctx, const zw_lint_finding *f) {
  found_set *set = ctx;
  assert_true(set->count < 40);
  snprintf(set->lines[set->count++], sizeof set->lines[0], "%s %.*s/%.*s", f->rule,
           ZW_ARG(f->element), ZW_ARG(f->member));
}

static void gather_compiled(void *ctx, const zw_lint_finding *f) {
  assert_string_equal(f->at.file, "t.bfbs");
  assert_int_equal(f->at.line, 0);
  gather(ctx, f);
}

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

static zw_compiled *compile_compiled(const zw_compiled *c) {
  zw_compiled *binary;
  zw_diag diag = {0};
  zw_str octets = zw_span_str(zw_compiled_bfbs(c));
  if (zw_compile_text(&binary, "t.bfbs", octets, NULL, &diag)) fail_msg("%s", diag.message);
  return binary;
}

/* Where all rules can be asked, a compiled schema gives what its text gives. */
static void check_compiled(const zw_compiled *c, const zw_lint_options *options) {
  static found_set of_text, of_octets;
  zw_compiled *binary = compile_compiled(c);
  of_text.count = of_octets.count = 0;
  assert_int_equal(zw_lint_left_out(c, options), 0);
  if (zw_lint_left_out(binary, options) == 0) {
    zw_lint(c, options, gather, &of_text, NULL);
    int count = zw_lint(binary, options, gather_compiled, &of_octets, NULL);
    assert_int_equal(count, of_octets.count);
    assert_int_equal(of_octets.count, of_text.count);
    qsort(of_text.lines, of_text.count, sizeof of_text.lines[0], by_text);
    qsort(of_octets.lines, of_octets.count, sizeof of_octets.lines[0], by_text);
    for (size_t i = 0; i < of_text.count; i++)
      assert_string_equal(of_octets.lines[i], of_text.lines[i]);
  }
  zw_compiled_destroy(binary);
}

static void check_as(const char *name, const char *use, const char *text, const char *expected) {
  heard h = {0};
  zw_diag diag = {0};
  zw_lint_options options = {.size = sizeof options, .use = &use, .use_count = 1};
  zw_compiled *c = compile(name, text);
  int count = zw_lint(c, &options, hear, &h, &diag);
  if (count < 0) fail_msg("%s", diag.message);
  assert_string_equal(h.text, expected);
  int lines = 0;
  for (size_t i = 0; i < h.used; i++) lines += h.text[i] == '\n';
  assert_int_equal(count, lines);
  check_compiled(c, &options);
  zw_compiled_destroy(c);
}

static void check(const char *use, const char *text, const char *expected) {
  check_as("t.fbs", use, text, expected);
}

static void test_names(void **state) {
  (void)state;
  check("TYPE_CASE",
        "table a {} struct B_c { x: int; } enum _D : byte { A } union U_ { a } table HTTP2 {}\n"
        "rpc_service r { m (a): a; }",
        "TYPE_CASE 1:7 a\nTYPE_CASE 1:19 B_c\nTYPE_CASE 1:40 _D\nTYPE_CASE 2:13 r\n");
  check("FIELD_CASE",
        "table T { a_b: int; a1: int; class_: int; aB: int; _c: int; d__e: int; u: U; }\nunion U { "
        "T }",
        "FIELD_CASE 1:43 T/aB\nFIELD_CASE 1:52 T/_c\nFIELD_CASE 1:61 T/d__e\n");
  check("ENUM_VALUE_CASE",
        "enum A : byte { X, Yes, NO, No } enum B : byte { X, NO_NO, Yes } enum C : byte { x_y }",
        "ENUM_VALUE_CASE 1:60 B/Yes\nENUM_VALUE_CASE 1:82 C/x_y\n");
  check("METHOD_CASE",
        "table T {} rpc_service S { Get (T): T; put (T): T; a_B (T): T; }\n"
        "rpc_service R { get (T): T; put_all (T): T; }",
        "METHOD_CASE 1:40 S/put\nMETHOD_CASE 1:52 S/a_B\n");
  check("NAMESPACE_CASE", "namespace a.b_c;\nnamespace a.B.cD;\ntable T {} namespace;",
        "NAMESPACE_CASE 2:11 \nNAMESPACE_CASE 2:11 \n");
  check("NAME_CLASH",
        "table T { ab: int; a_b: int; c: int; } table t_ { aB: int; }\nenum E : byte { A, a }",
        "NAME_CLASH 1:20 T/a_b\nNAME_CLASH 1:46 t_\nNAME_CLASH 2:20 E/a\n");
  check_as("some/folder/a_b.fbs", "FILE_CASE", "table T {}", "");
  check_as("some/Folder/aB.fbs", "FILE_CASE", "table T {}", "FILE_CASE 1:1 \n");
  check("METHOD_REQUEST_NAME",
        "table GetRequest {} table SGetRequest {} table Other {} rpc_service S {\n"
        "get (GetRequest): Other; Get (SGetRequest): Other; put (GetRequest): Other; }",
        "METHOD_REQUEST_NAME 2:52 S/put\n");
  check(
      "METHOD_RESPONSE_NAME",
      "include \"zerowire.fbs\"; table R {} rpc_service S (type: \"interface\", wampuri: \"a\") {\n"
      "get (R): Void (type: \"topic\"); } rpc_service P { get (R): R; }",
      "METHOD_RESPONSE_NAME 2:50 P/get\n");
}

static void test_files(void **state) {
  (void)state;
  check("NAMESPACE_DEFINED", "namespace a; table T {} namespace; table U {} table V {}",
        "NAMESPACE_DEFINED 1:42 \n");
  check("INCLUDE_CYCLE", "include \"zerowire.fbs\"; table T {}", "");
  check("INCLUDE_USED", "include \"wamp.fbs\";\ninclude \"zerowire.fbs\"; table T { v: Void; }",
        "");
  check("INCLUDE_USED", "include \"zerowire.fbs\"; table T { at: ulong (timestamp); }", "");
  check("INCLUDE_USED", "include \"wamp.fbs\";\ninclude \"zerowire.fbs\"; table T { at: ulong; }",
        "INCLUDE_USED 1:9 \nINCLUDE_USED 2:9 \n");
  check("INCLUDE_USED", "include \"zerowire.fbs\";", "");
  check("ATTRIBUTE_USED", "attribute a; attribute \"b\"; attribute c; table T (b) { x: int (c); }",
        "ATTRIBUTE_USED 1:11 \n");
  check("ATTRIBUTE_USED", "attribute a;", "");
  check("FILE_IDENTIFIER_PRESENT", "table T {} root_type T;", "FILE_IDENTIFIER_PRESENT 1:22 \n");
  check("FILE_IDENTIFIER_PRESENT", "table T {} root_type T; file_identifier \"ABCD\";", "");
  check("ROOT_TYPE_PRESENT", "struct S { a: int; } table T {}", "ROOT_TYPE_PRESENT 1:1 \n");
  check("ROOT_TYPE_PRESENT", "struct S { a: int; }", "");
}

static void test_values(void **state) {
  (void)state;
  check("ENUM_FIRST_ZERO",
        "enum A : byte { X = -1, Y = 0 } enum B : ubyte (bit_flags) { P } enum C : byte { Q }\n"
        "table T {} union U { T = 5 } enum D : byte {}",
        "ENUM_FIRST_ZERO 1:6 A\n");
  check("ENUM_ZERO_NAME",
        "enum A : byte { X, Y } enum B : byte { KIND_UNSPECIFIED } enum C : byte { IsNone }\n"
        "enum D : ubyte (bit_flags) { P } table T {} union U { T }",
        "ENUM_ZERO_NAME 1:17 A/X\n");
}

static void test_comments(void **state) {
  (void)state;
  check("COMMENTS",
        "table T { a: int (deprecated);\n/// said\nb: int; }\n/// E\nenum E : byte { A }\n"
        "union U { T }\nrpc_service S { m (T): T; }",
        "COMMENT_TYPE 1:7 T\nCOMMENT_FIELD 1:11 T/a\nCOMMENT_DEPRECATED 1:11 T/a\n"
        "COMMENT_ENUM_VALUE 5:17 E/A\nCOMMENT_UNION 6:7 U\nCOMMENT_SERVICE 7:13 S\n"
        "COMMENT_METHOD 7:17 S/m\n");
}

static void test_evolution(void **state) {
  (void)state;
  check("FIELD_ID_EXPLICIT",
        "table Root { u: U; }\ntable InUnion { l: [Held]; }\ntable Held { n: [ubyte] "
        "(nested_flatbuffer: \"Nested\"); }\ntable Nested { a: int (id: 0); }\ntable Free { a: "
        "int; }\n"
        "union U { InUnion }\nroot_type Root;",
        "FIELD_ID_EXPLICIT 1:7 Root\nFIELD_ID_EXPLICIT 2:7 InUnion\nFIELD_ID_EXPLICIT 3:7 Held\n");
  check("FIELD_REQUIRED_KEPT",
        "include \"zerowire.fbs\"; table M (map: \"ms\", primary: \"id\") { id: string (required); "
        "}\n"
        "table E { s: string (required); }\ntable F { s: string (required); }\n"
        "rpc_service S (type: \"interface\", wampuri: \"a\") {\n"
        "e (E): Void (type: \"topic\", history); f (F): Void (type: \"topic\"); }",
        "FIELD_REQUIRED_KEPT 1:62 M/id\nFIELD_REQUIRED_KEPT 2:11 E/s\n");
}

static void test_union_room(void **state) {
  (void)state;
  char text[8000] = "table T {} union U {";
  size_t used = strlen(text);
  for (int i = 1; i <= 200; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, " A%d: T,", i);
  snprintf(text + used, sizeof text - used, "}");
  check("UNION_ROOM", text, "UNION_ROOM 1:18 U\n");
  char *colon = strstr(text, " A200: T,");
  memcpy(colon, "         ", 9);
  check("UNION_ROOM", text, "");
}

static void test_portable(void **state) {
  (void)state;
  check(
      "PORTABLE",
      "table A {}\nstruct P { x: [int:2]; }\nunion U { A, P, S: string }\nunion V : ushort { A }\n"
      "table T {\nu: [U];\ns: string = \"x\";\nv: [int] = [];\no: int = null;\n"
      "class: int;\n}\ntable F { f: [ubyte] (vector64); s: string (offset64); }",
      "PORTABLE_ARRAY 2:12 P/x\nPORTABLE_UNION_MEMBER 3:14 U/P\nPORTABLE_UNION_MEMBER 3:17 U/S\n"
      "PORTABLE_UNION_TYPE 4:7 V\nPORTABLE_UNION_VECTOR 6:1 T/u\nPORTABLE_DEFAULT 7:1 T/s\n"
      "PORTABLE_DEFAULT 8:1 T/v\nPORTABLE_OPTIONAL 9:1 T/o\nPORTABLE_KEYWORD 10:1 T/class\n"
      "PORTABLE_OFFSET64 12:11 F/f\nPORTABLE_OFFSET64 12:34 F/s\n");
  check("PORTABLE_KEYWORD",
        "table T { clas: int; lass: int; a: int; } enum E : byte { None, Self }",
        "PORTABLE_KEYWORD 1:59 E/None\nPORTABLE_KEYWORD 1:65 E/Self\n");
}

/* Which rules a list of names stands for, by a schema that each of some rules finds. */
static void test_selection(void **state) {
  (void)state;
  const char *text = "table T { aB: int; } root_type T;";
  check("MINIMAL", text, "NAMESPACE_DEFINED 1:7 \n");
  check("BASIC", text, "NAMESPACE_DEFINED 1:7 \nFIELD_CASE 1:11 T/aB\n");
  check("STANDARD", text,
        "NAMESPACE_DEFINED 1:7 \nFIELD_CASE 1:11 T/aB\nFILE_IDENTIFIER_PRESENT 1:32 \n");
  const char *use[] = {"COMMENT_TYPE", "BASIC"}, *except[] = {"MINIMAL"};
  heard h = {0}, all = {0};
  zw_compiled *c = compile("t.fbs", text);
  zw_lint_options options = {
      .size = sizeof options, .use = use, .use_count = 2, .except = except, .except_count = 1};
  assert_int_equal(zw_lint(c, &options, hear, &h, NULL), 2);
  assert_string_equal(h.text, "COMMENT_TYPE 1:7 T\nFIELD_CASE 1:11 T/aB\n");
  assert_int_equal(zw_lint(c, NULL, hear, &all, NULL), 3);
  zw_compiled_destroy(c);
}

static void test_refused(void **state) {
  (void)state;
  const char *wrong = "FIELD_CAES";
  zw_compiled *c = compile("t.fbs", "table T { a: int; }"), *bad = NULL;
  zw_diag diag = {0};
  heard h = {0};
  zw_lint_options options = {.size = sizeof options, .use = &wrong, .use_count = 1};
  assert_int_equal(zw_lint(c, &options, hear, &h, &diag), ZW_EINVAL);
  assert_string_equal(diag.message,
                      "there is no rule or category \"FIELD_CAES\". Did you mean \"FIELD_CASE\"?");
  assert_int_not_equal(zw_compile_text(&bad, "t.fbs", ZW_STR("table T {"), NULL, &diag), 0);
  assert_int_equal(zw_lint(bad, NULL, hear, &h, &diag), ZW_EINVAL);
  assert_int_equal(h.used, 0);
  zw_compiled_destroy(c);
  zw_compiled_destroy(bad);
}

/* What is asked of a compiled schema: not what only its text has, and documentation if there is
 * any; each namespace once, however often its text comes to it. */
static void test_compiled(void **state) {
  (void)state;
  static const struct {
    const char *use, *text;
    size_t left_out, found;
  } cases[] = {
      {"ALL", "namespace a;\n/// A\ntable T { a: int; } root_type T;", 6, 2},
      {"ALL", "namespace a; table T { a: int; } root_type T;", 14, 1},
      {"STANDARD", "namespace a; table T { a: int; } root_type T;", 5, 1},
      {"COMMENTS", "namespace a;\n/// A\ntable T { a: int; }", 0, 1},
      {"NAMESPACE_CASE",
       "namespace A; enum E : byte { X } table T { e: E; }\n"
       "namespace b; struct S { a: int; } table U { s: S; }",
       0, 1},
      {"ENUM_FIRST_ZERO", "enum E : byte { Zero = 0, Less = -1 }", 1, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    found_set set = {.count = 0};
    zw_lint_options options = {.size = sizeof options, .use = &cases[i].use, .use_count = 1};
    zw_compiled *c = compile("t.fbs", cases[i].text), *binary = compile_compiled(c);
    assert_int_equal(zw_lint_left_out(binary, &options), cases[i].left_out);
    assert_int_equal(zw_lint(binary, &options, gather_compiled, &set, NULL), cases[i].found);
    assert_int_equal(set.count, cases[i].found);
    zw_compiled_destroy(c);
    zw_compiled_destroy(binary);
  }
}

static void test_table(void **state) {
  (void)state;
  const zw_lint_rule *rule;
  size_t count = 0;
  for (; (rule = zw_lint_rule_at(count)); count++) {
    assert_true(strlen(rule->name) < sizeof((zw_diag *)0)->rule);
    for (size_t k = 0; k < count; k++)
      assert_string_not_equal(zw_lint_rule_at(k)->name, rule->name);
  }
  assert_int_equal(count, 36);
}

static void each_allocation_fails(const zw_compiled *c) {
  const char *all = "ALL";
  for (size_t n = 1;; n++) {
    counting_alloc counting;
    found_set set = {.count = 0};
    zw_diag diag = {0};
    counting_alloc_init(&counting, n);
    zw_lint_options options = {
        .size = sizeof options, .alloc = &counting.alloc, .use = &all, .use_count = 1};
    int count = zw_lint(c, &options, gather, &set, &diag);
    assert_int_equal(counting.live, 0);
    if (!counting.failed) {
      assert_true(count > 3 && n > 1);
      return;
    }
    assert_int_equal(count, ZW_ENOMEM);
    assert_int_equal(set.count, 0);
  }
}

static void test_no_memory(void **state) {
  (void)state;
  zw_compiled *c =
      compile("t.fbs", "attribute x; table a { aB: int; u: U; } union U { a } root_type a;");
  zw_compiled *binary = compile_compiled(c);
  each_allocation_fails(c);
  each_allocation_fails(binary);
  zw_compiled_destroy(binary);
  zw_compiled_destroy(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_names),     cmocka_unit_test(test_files),
      cmocka_unit_test(test_values),    cmocka_unit_test(test_comments),
      cmocka_unit_test(test_evolution), cmocka_unit_test(test_union_room),
      cmocka_unit_test(test_portable),  cmocka_unit_test(test_selection),
      cmocka_unit_test(test_refused),   cmocka_unit_test(test_table),
      cmocka_unit_test(test_compiled),  cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
