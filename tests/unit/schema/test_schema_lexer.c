/* SPDX-License-Identifier: Apache-2.0 */
#include "lexer.h"

#include <stdlib.h>

#include "cmocka_base.h"

/* A compilation that has this text as its only source; its findings can be read. */
static zw_compiled *c;

static void open_text(zw_lexer *lexer, const char *text, size_t len) {
  zw_diag diag;
  zw_compile_text(&c, "empty.fbs", ZW_STR(""), NULL, &diag);
  char *copy = zw_make(c, len + 1);
  memcpy(copy, text, len);
  c->sources[0]->text = (zw_str){copy, len};
  c->phase_error = ZW_ESYNTAX;
  zw_lexer_init(lexer, c, 0);
}

static void close_text(size_t findings) {
  assert_int_equal(zw_compiled_finding_count(c), findings);
  zw_compiled_destroy(c);
}

typedef struct expected {
  int kind;
  const char *text;
  uint32_t line, column;
} expected;

static void check(const char *text, const expected *list, size_t findings) {
  zw_lexer lexer;
  zw_lex_token token;
  open_text(&lexer, text, strlen(text));
  for (;; list++) {
    zw_lexer_next(&lexer, &token);
    assert_int_equal(token.kind, list->kind);
    if (token.kind == ZW_LEX_END) break;
    assert_text_equal(token.text, list->text);
    assert_int_equal(token.at.line, list->line);
    assert_int_equal(token.at.column, list->column);
  }
  zw_lexer_next(&lexer, &token);
  assert_int_equal(token.kind, ZW_LEX_END);
  close_text(findings);
}

static void splits_names_marks_and_numbers(void **state) {
  (void)state;
  const expected list[] = {{ZW_LEX_NAME, "table", 1, 1},
                           {ZW_LEX_NAME, "T_1", 1, 7},
                           {'{', "{", 1, 10},
                           {ZW_LEX_NAME, "a", 2, 2},
                           {':', ":", 2, 3},
                           {'[', "[", 2, 4},
                           {ZW_LEX_NAME, "int", 2, 5},
                           {']', "]", 2, 8},
                           {'=', "=", 2, 9},
                           {'-', "-", 2, 10},
                           {ZW_LEX_INT, "12", 2, 11},
                           {';', ";", 2, 13},
                           {ZW_LEX_INT, "0x1fF", 3, 1},
                           {ZW_LEX_FLOAT, "1.5e-3", 3, 7},
                           {ZW_LEX_FLOAT, ".5", 3, 14},
                           {ZW_LEX_FLOAT, "5.", 3, 17},
                           {ZW_LEX_FLOAT, "1E9", 3, 20},
                           {ZW_LEX_FLOAT, "0x1p-3", 3, 24},
                           {ZW_LEX_END, "", 0, 0}};
  check("table T_1{\n a:[int]=-12;\n0x1fF 1.5e-3 .5 5. 1E9 0x1p-3", list, 0);
}

static void drops_comments(void **state) {
  (void)state;
  const expected list[] = {{ZW_LEX_NAME, "a", 1, 9},
                           {ZW_LEX_NAME, "b", 2, 3},
                           {ZW_LEX_NAME, "c", 3, 11},
                           {ZW_LEX_END, "", 0, 0}};
  check("/* x */ a // b\n  b /* **\n * / **/  c", list, 0);
}

static void unescapes_strings(void **state) {
  (void)state;
  const expected list[] = {{ZW_LEX_STRING, "a\"b\n\t\\/'", 1, 1},
                           {ZW_LEX_STRING, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 1, 18},
                           {ZW_LEX_STRING, "x\x41", 1, 45},
                           {ZW_LEX_STRING, "", 1, 53},
                           {ZW_LEX_END, "", 0, 0}};
  check("\"a\\\"b\\n\\t\\\\\\/\\'\" \"\\u00e9\\u20AC\\ud83d\\ude00\" \"x\\x41\" ''", list, 0);
}

static void reports_what_is_no_token(void **state) {
  (void)state;
  const expected open[] = {
      {ZW_LEX_STRING, "abc", 1, 1}, {ZW_LEX_NAME, "d", 2, 1}, {ZW_LEX_END, "", 0, 0}};
  check("\"abc\nd", open, 1);
  const expected strange[] = {
      {ZW_LEX_NAME, "a", 1, 1}, {ZW_LEX_NAME, "b", 1, 7}, {ZW_LEX_END, "", 0, 0}};
  check("a @$@ b", strange, 1);
  const expected number[] = {{ZW_LEX_INT, "12", 1, 1}, {';', ";", 1, 5}, {ZW_LEX_END, "", 0, 0}};
  check("12ab;", number, 1);
  const expected comment[] = {{ZW_LEX_NAME, "a", 1, 1}, {ZW_LEX_END, "", 0, 0}};
  check("a /* b", comment, 1);
  const expected escape[] = {{ZW_LEX_STRING, "ab", 1, 1}, {ZW_LEX_END, "", 0, 0}};
  check("\"a\\qb\"", escape, 1);
  const expected surrogate[] = {{ZW_LEX_STRING, "", 1, 1}, {ZW_LEX_END, "", 0, 0}};
  check("\"\\ud800\"", surrogate, 1);
}

static void a_string_ends_with_its_line(void **state) {
  (void)state;
  const expected list[] = {{ZW_LEX_STRING, "a", 1, 1},
                           {ZW_LEX_NAME, "long_line_that_follows", 2, 1},
                           {ZW_LEX_END, "", 0, 0}};
  check("\"a\\\nlong_line_that_follows", list, 2);
  const expected member[] = {
      {ZW_LEX_STRING, "a", 1, 1}, {';', ";", 1, 3}, {'}', "}", 1, 5}, {ZW_LEX_END, "", 0, 0}};
  check("\"a; }", member, 1);
  const expected block[] = {{ZW_LEX_STRING, "a ", 1, 1}, {'}', "}", 1, 4}, {ZW_LEX_END, "", 0, 0}};
  check("\"a }", block, 1);
}

static void keeps_documentation_with_its_token(void **state) {
  (void)state;
  const char *text = "/// one\n///two\r\n// none\ntable /// late\n";
  zw_lexer lexer;
  zw_lex_token token;
  open_text(&lexer, text, strlen(text));
  zw_lexer_next(&lexer, &token);
  assert_text_equal(token.text, "table");
  assert_text_equal(token.docs->line, " one");
  assert_text_equal(token.docs->next->line, "two");
  assert_null(token.docs->next->next);
  zw_lexer_next(&lexer, &token);
  assert_int_equal(token.kind, ZW_LEX_END);
  assert_string_equal(zw_compiled_finding(c, 0)->rule, "DOC_PLACE");
  close_text(1);
}

/* On blocks of exactly their size, so that the sanitizers see a read past the end: flatcc #374. */
static void reads_only_what_is_there(void **state) {
  (void)state;
  const char *text = "\xEF\xBB\xBF/// \xC3\xA9\ntable T { a: string = \"\\u00e9\\ud83d\\ude00\"; } "
                     "/* c */ 0x1p-3 // e";
  for (size_t n = 0; n <= strlen(text); n++) {
    zw_lexer lexer;
    zw_lex_token token;
    open_text(&lexer, text, n);
    char *exact = malloc(n ? n : 1);
    memcpy(exact, text, n);
    c->sources[0]->text = (zw_str){exact, n};
    zw_lexer_init(&lexer, c, 0);
    do {
      zw_lexer_next(&lexer, &token);
    } while (token.kind != ZW_LEX_END);
    zw_compiled_destroy(c);
    free(exact);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(splits_names_marks_and_numbers),
      cmocka_unit_test(drops_comments),
      cmocka_unit_test(unescapes_strings),
      cmocka_unit_test(reports_what_is_no_token),
      cmocka_unit_test(a_string_ends_with_its_line),
      cmocka_unit_test(keeps_documentation_with_its_token),
      cmocka_unit_test(reads_only_what_is_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
