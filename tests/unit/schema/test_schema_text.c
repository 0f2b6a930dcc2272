/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas as text: every valid sample, printed and compiled again, has the same id, also from its
 * `.bfbs`; the text of a small one, letter by letter; no memory at the n-th allocation. */
#include <dirent.h>
#include <stdio.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

static const char *const includes[] = {ZEROWIRE_SCHEMAS};

static zw_compiled *compile(const char *path) {
  zw_compiled *c;
  zw_diag diag = {0};
  zw_compile_options options = {
      .size = sizeof options, .include_dirs = includes, .include_count = 1};
  if (zw_compile_file(&c, path, &options, &diag)) fail_msg("%s: %s", path, diag.message);
  return c;
}

static zw_compiled *compile_text(const char *name, zw_str text) {
  zw_compiled *c;
  zw_diag diag = {0};
  if (zw_compile_text(&c, name, text, NULL, &diag))
    fail_msg("%s:%u:%u: %s\n%.*s", name, diag.at.line, diag.at.column, diag.message, ZW_ARG(text));
  return c;
}

static void check_again(const char *path, const zw_compiled *c) {
  zw_text text, second;
  zw_text_init(&text, NULL);
  zw_text_init(&second, NULL);
  assert_int_equal(zw_schema_print(zw_compiled_schema(c), NULL, &text, NULL), 0);
  zw_compiled *again = compile_text(path, zw_text_str(&text));
  if (memcmp(zw_compiled_schema(c)->id, zw_compiled_schema(again)->id, ZW_SCHEMA_ID_SIZE) != 0)
    fail_msg("%s: another id:\n%.*s", path, ZW_ARG(zw_text_str(&text)));
  assert_int_equal(zw_schema_print(zw_compiled_schema(again), NULL, &second, NULL), 0);
  assert_true(zw_str_eq(zw_text_str(&text), zw_text_str(&second)));
  zw_compiled_destroy(again);
  zw_text_deinit(&text);
  zw_text_deinit(&second);
}

/* A name that another one hides cannot be said. */
static void check_hidden(const char *path) {
  zw_text text;
  zw_diag diag = {0};
  zw_compiled *c = compile(path);
  zw_text_init(&text, NULL);
  assert_int_equal(zw_schema_print(zw_compiled_schema(c), NULL, &text, &diag), ZW_ENOTSUP);
  assert_non_null(strstr(diag.message, "Root cannot be named in namespace "));
  zw_text_deinit(&text);
  zw_compiled_destroy(c);
}

static void check_file(const char *path) {
  zw_compiled *c = compile(path);
  check_again(path, c);
  zw_compiled *binary = compile_text("again.bfbs", zw_span_str(zw_compiled_bfbs(c)));
  check_again(path, binary);
  zw_compiled_destroy(binary);
  zw_compiled_destroy(c);
}

static void test_samples(void **state) {
  (void)state;
  char path[600];
  int count = 0;
  DIR *folder = opendir(ZEROWIRE_TEST_DATA "/schema");
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (strncmp(entry->d_name, "valid-", 6) != 0) continue;
    snprintf(path, sizeof path, "%s/schema/%s", ZEROWIRE_TEST_DATA, entry->d_name);
    if (strstr(path, "namespaces"))
      check_hidden(path);
    else
      check_file(path);
    count++;
  }
  closedir(folder);
  assert_true(count >= 12);
  check_file(ZEROWIRE_TEST_DATA "/reflect/objects.fbs");
  check_file(ZEROWIRE_TEST_DATA "/reflect/model.fbs");
  check_file(ZEROWIRE_SCHEMAS "/reflection.fbs");
}

static const char source[] =
    "attribute priority; namespace shop; file_identifier \"SHOP\"; root_type Order;\n"
    "/// An order.\ntable Order {\n/// its number\n id: ulong (key); kind: Kind = Big; note: "
    "string "
    "= "
    "\"a\\\"b\"; n: int = null; lines: [Line] (required); old: bool (deprecated); what: What; }\n"
    "struct Line (force_align: 8) { item: uint; at: Point; codes: [ubyte:3]; } struct Point { x: "
    "float; }\nenum Kind: byte { Small = -1, Big = 3 } enum Bits: ubyte (bit_flags) { A, B = 7 }\n"
    "union What { Order, Text: string, Point = 9 } rpc_service S { get (Order): Order (priority: "
    "\"high\"); }";

static const char expected[] =
    "attribute \"priority\";\n\nnamespace shop;\n\nenum Bits : ubyte (bit_flags) {\n  A = 0,\n  B "
    "= "
    "7,\n}\n\nenum Kind : byte {\n  Small = -1,\n  Big = 3,\n}\n\nstruct Point {\n  x: "
    "float;\n}\n\n"
    "struct Line (force_align: 8) {\n  item: uint;\n  at: Point;\n  codes: [ubyte:3];\n}\n\nunion "
    "What {\n  Order,\n  Text: string,\n  Point = 9,\n}\n\n/// An order.\ntable Order {\n  /// its "
    "number\n  id: ulong (key);\n  kind: Kind = Big;\n  note: string = \"a\\\"b\";\n  n: int = "
    "null;\n  lines: [Line] (required);\n  old: bool (deprecated);\n  what: "
    "What;\n}\n\nrpc_service S "
    "{\n  get (Order): Order (priority: \"high\");\n}\n\nroot_type Order;\nfile_identifier "
    "\"SHOP\";\n";

static void test_the_text(void **state) {
  (void)state;
  zw_text text;
  zw_compiled *c = compile_text("shop.fbs", zw_str_of(source));
  zw_text_init(&text, NULL);
  assert_int_equal(zw_schema_print(zw_compiled_schema(c), NULL, &text, NULL), 0);
  assert_string_equal(text.ptr, expected);
  zw_text_deinit(&text);
  zw_compiled_destroy(c);
}

static void test_no_memory(void **state) {
  (void)state;
  zw_compiled *c = compile_text("shop.fbs", zw_str_of(source));
  for (size_t n = 1;; n++) {
    counting_alloc memory;
    zw_text text;
    counting_alloc_init(&memory, n);
    zw_text_init(&text, &memory.alloc);
    int error = zw_schema_print(zw_compiled_schema(c), &memory.alloc, &text, NULL);
    zw_text_deinit(&text);
    assert_int_equal(memory.live, 0);
    assert_int_equal(error, memory.failed ? ZW_ENOMEM : 0);
    if (!memory.failed) break;
  }
  zw_compiled_destroy(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_samples),
      cmocka_unit_test(test_the_text),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
