/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical layout, construct by construct: what a text becomes, that it then stays, and that
 * no memory at the n-th allocation is no more than an error. */
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

static void check(const char *text, const char *expected) {
  zw_text once, twice;
  zw_diag diag = {0};
  zw_text_init(&once, NULL);
  zw_text_init(&twice, NULL);
  if (zw_format("t.fbs", zw_str_of(text), NULL, &once, &diag))
    fail_msg("%u:%u: %s\n%s", diag.at.line, diag.at.column, diag.message, text);
  assert_string_equal(once.len ? once.ptr : "", expected);
  assert_int_equal(zw_format("t.fbs", zw_text_str(&once), NULL, &twice, &diag), 0);
  assert_string_equal(twice.len ? twice.ptr : "", expected);
  zw_text_deinit(&once);
  zw_text_deinit(&twice);
}

static void test_spaces(void **state) {
  (void)state;
  check("", "");
  check(" \n\n ", "");
  check("namespace  a . b\n;namespace;", "namespace a.b;\nnamespace;\n");
  check("table  T\t{a:int=-5(id:0 ,key);b :[ T ];}",
        "table T { a: int = -5 (id: 0, key); b: [T]; }\n");
  check("struct S(force_align:8){a:[int : 3];}", "struct S (force_align: 8) { a: [int:3]; }\n");
  check("enum E:ubyte(bit_flags){A=1,B=+ 2(x:\"y\"),}",
        "enum E : ubyte (bit_flags) { A = 1, B = +2 (x: \"y\"), }\n");
  check("union U{A,b :C . D, c:string}", "union U { A, b: C.D, c: string }\n");
  check("table T{a:float=rad( 180 )(id:0);b:float=sin( rad( -90 ));}",
        "table T { a: float = rad(180) (id: 0); b: float = sin(rad(-90)); }\n");
  check("rpc_service S(a){sin(A):B(streaming:\"none\");m(A):B;}",
        "rpc_service S (a) { sin (A): B (streaming: \"none\"); m (A): B; }\n");
  check("table T{}enum E:int{\n\n}", "table T {}\nenum E : int {}\n");
  check("include 'a.fbs';attribute x;root_type T;file_identifier\"ABCD\";",
        "include 'a.fbs';\nattribute x;\nroot_type T;\nfile_identifier \"ABCD\";\n");
}

static void test_lines(void **state) {
  (void)state;
  check("table T{\n\n\na:int;b:int;\n\n\n\nc:int;\n\n}table U{a:int;}\n\n\n\ntable V{a:int;}",
        "table T {\n  a: int;\n  b: int;\n\n  c: int;\n}\n\ntable U { a: int; }\n\n"
        "table V { a: int; }\n");
  check("namespace a;enum E:byte{A,B,\nC}root_type T;",
        "namespace a;\n\nenum E : byte {\n  A,\n  B,\n  C\n}\n\nroot_type T;\n");
  check("\r\nnamespace a;\r\ntable T {\r\n  a:int;\r\n}\r\n",
        "namespace a;\n\ntable T {\n  a: int;\n}\n");
  check("\xEF\xBB\xBF  namespace a;", "\xEF\xBB\xBFnamespace a;\n");
}

static void test_long_lines(void **state) {
  (void)state;
  check("table T { aaaaaaaaaaaaaaaaaaaaaaaaaaaa: int; bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb: int; "
        "ccccccccccccccc: int; }",
        "table T {\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaa: int;\n"
        "  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb: int;\n  ccccccccccccccc: int;\n}\n");
  check("table T (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\", "
        "cccccccccccccccccccc: \"ddddddddddddd\") {\n}",
        "table T (\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\n"
        "  cccccccccccccccccccc: \"ddddddddddddd\"\n) {}\n");
  check("rpc_service S {\n  m (Request): Response (aaaaaaaaaaaaaaaaaaaaaaaaaaaaa: sin(rad(1)), "
        "bbbbbbbbbbbbbbbbbbbbbb: \"ccccccccccccccccccc\", d);\n}",
        "rpc_service S {\n  m (Request): Response (\n"
        "    aaaaaaaaaaaaaaaaaaaaaaaaaaaaa: sin(rad(1)),\n"
        "    bbbbbbbbbbbbbbbbbbbbbb: \"ccccccccccccccccccc\",\n    d\n  );\n}\n");
  check(
      "table T {\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (/* c */ d);\n}",
      "table T {\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: "
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ( /* c */ d);\n}\n");
}

static void test_comments(void **state) {
  (void)state;
  check("// head\n\n\n\n/* x */namespace a;// t  \n//u",
        "// head\n\n/* x */ namespace a;  // t\n//u\n");
  check("/// doc \ntable T{\n/// a\n///b\n\na:int;// t\n// own\n}// end",
        "/// doc \ntable T {\n  /// a\n  ///b\n\n  a: int;  // t\n  // own\n}  // end\n");
  check("table T{ // x\n\n // y\n a: // z\n int /* i */; /* j */ b:int; /* k */\n}",
        "table T {  // x\n  // y\n  a:  // z\n      int /* i */;\n  /* j */ b: int;  /* k */\n}\n");
  check("table T{/* a\n * b\n   c */ a:int;}", "table T {\n  /* a\n   * b\n   c */ a: int;\n}\n");
  check("table T { /* none */ }\ntable U { /* a */ a: int; /* b */ }",
        "table T { /* none */ }\ntable U { /* a */ a: int; /* b */ }\n");
  check("enum E : byte { A, // first\n B // last\n}\n// the end\n\n\n// of it",
        "enum E : byte {\n  A,  // first\n  B  // last\n}\n\n// the end\n\n// of it\n");
  check("table T /* \n */ /// odd\n { a: int; }",
        "table T /*\n     */\n    /// odd\n    {\n  a: int;\n}\n");
  check("// only", "// only\n");
}

/* What is no number is not made one. */
static void test_numbers_beside_points(void **state) {
  (void)state;
  check("table T { a: float = sin(2 . rad(1)); }", "table T { a: float = sin(2 .rad(1)); }\n");
  check("table T { a: float = sin(2\t.\t5); }", "table T { a: float = sin(2 . 5); }\n");
  check("table T { a: float = sin( - 4); }", "table T { a: float = sin(- 4); }\n");
  check("table T { a: float = sin( -4 ); b: int = +5; c: int = - 5; }",
        "table T { a: float = sin(-4); b: int = +5; c: int = -5; }\n");
}

static void test_json(void **state) {
  (void)state;
  check("table T{a:int;}root_type T;{ a:1 ,\n b:2 } \n\n",
        "table T { a: int; }\nroot_type T;\n{ a:1 ,\n b:2 }\n");
  check("table T{\na:int;\n}{}// c\n{", "table T {\n  a: int;\n}\n\n{}// c\n{\n");
}

static void test_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *rule;
    uint32_t line, column;
  } cases[] = {{"table T {\n  a: int\n}", "SYNTAX", 2, 9},
               {"table T { a: int; } /* x", "COMMENT_OPEN", 1, 21},
               {"table T { a: int; /// x\n}", "DOC_PLACE", 1, 19},
               {"table T {", "BRACE", 1, 10},
               {"attribute \"x;", "STRING_OPEN", 1, 11}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_text out;
    zw_diag diag = {0};
    zw_text_init(&out, NULL);
    assert_int_equal(zw_format("t.fbs", zw_str_of(cases[i].text), NULL, &out, &diag), ZW_ESYNTAX);
    assert_string_equal(diag.rule, cases[i].rule);
    assert_string_equal(diag.at.file, "t.fbs");
    assert_int_equal(diag.at.line, cases[i].line);
    assert_int_equal(diag.at.column, cases[i].column);
    assert_int_equal(out.len, 0);
    zw_text_deinit(&out);
  }
}

/* Names that mean nothing, or mean two things, are no concern of the layout. */
static void test_meaning(void **state) {
  (void)state;
  check("include \"nowhere.fbs\";\ntable T { a: Nothing; }\ntable T { a: int; }\n",
        "include \"nowhere.fbs\";\ntable T { a: Nothing; }\ntable T { a: int; }\n");
}

/* A compiled schema has the layout of its text, as it is printed. */
static void test_compiled(void **state) {
  (void)state;
  const char *text = "namespace a;\n\n/// A\ntable T {\n  b: int (id: 0);\n}\n\nroot_type T;\n";
  zw_compiled *c;
  zw_diag diag = {0};
  assert_int_equal(zw_compile_text(&c, "t.fbs", zw_str_of(text), NULL, &diag), 0);
  zw_str octets = zw_span_str(zw_compiled_bfbs(c));
  assert_true(zw_is_compiled_schema("t.bfbs", ZW_STR("")) && zw_is_compiled_schema("-", octets));
  assert_false(zw_is_compiled_schema("bfbs", zw_str_of(text)));
  for (size_t n = 1;; n++) {
    zw_text out;
    counting_alloc counting;
    counting_alloc_init(&counting, n);
    zw_text_init(&out, &counting.alloc);
    int error = zw_format("stdin", octets, &counting.alloc, &out, &diag);
    if (!error) assert_string_equal(out.ptr, text);
    zw_text_deinit(&out);
    assert_int_equal(counting.live, 0);
    assert_int_equal(error, counting.failed ? ZW_ENOMEM : 0);
    if (!counting.failed) break;
  }
  zw_text out;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_format("t.bfbs", ZW_STR("table T {}"), NULL, &out, &diag), ZW_EVERIFY);
  assert_int_equal(out.len, 0);
  zw_text_deinit(&out);
  zw_compiled_destroy(c);
}

static void test_no_memory(void **state) {
  (void)state;
  const char *text = "// c\ntable T { a: int; /* c */ b: string (id: 1); }\nenum E : byte {\nA }\n";
  for (size_t n = 1;; n++) {
    zw_text out;
    counting_alloc counting;
    zw_diag diag = {0};
    counting_alloc_init(&counting, n);
    zw_text_init(&out, &counting.alloc);
    int error = zw_format("t.fbs", zw_str_of(text), &counting.alloc, &out, &diag);
    zw_text_deinit(&out);
    assert_int_equal(counting.live, 0);
    assert_int_equal(error, counting.failed ? ZW_ENOMEM : 0);
    if (!counting.failed) return;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_spaces),
      cmocka_unit_test(test_lines),
      cmocka_unit_test(test_long_lines),
      cmocka_unit_test(test_comments),
      cmocka_unit_test(test_numbers_beside_points),
      cmocka_unit_test(test_json),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_meaning),
      cmocka_unit_test(test_compiled),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
