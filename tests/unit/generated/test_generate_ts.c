/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TypeScript generator: its text for a small schema, letter by letter; the same again, and from
 * a `.bfbs`; imports and names; no memory at the n-th allocation. What the code does, and that tsc
 * finds nothing in it, is shown by tests/interop.
 *
 * With ZEROWIRE_UPDATE_EXPECTED set, small_expected.ts is written anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

#define EXPECTED ZEROWIRE_TEST_DATA "/generated/small_expected.ts"

static zw_compiled *compile_path(const char *path, const zw_alloc *alloc) {
  zw_compiled *compiled;
  zw_diag diag = {0};
  const char *includes[] = {ZEROWIRE_SCHEMAS};
  zw_compile_options options = {
      .size = sizeof options, .alloc = alloc, .include_dirs = includes, .include_count = 1};
  if (zw_compile_file(&compiled, path, &options, &diag)) fail_msg("%s", diag.message);
  return compiled;
}

static zw_compiled *compile(const char *name, const zw_alloc *alloc) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s.fbs", ZEROWIRE_TEST_DATA, name);
  return compile_path(path, alloc);
}

static int collect(void *ctx, const char *suffix, zw_str text) {
  zw_text *out = ctx;
  assert_string_equal(suffix, "_generated.ts");
  zw_text_add_str(out, text);
  return out->error;
}

static int generate(const zw_compiled *compiled, const char *name, zw_text *out) {
  zw_generate_options options = {.size = sizeof options, .name = name};
  return zw_generate(compiled, ZW_LANGUAGE_TS, &options, collect, out, NULL);
}

/* The code of tests/data/PATH.fbs; every caller destroys it. */
static zw_text code_of(const char *path) {
  zw_compiled *compiled = compile(path, NULL);
  const char *slash = strrchr(path, '/');
  zw_text text;
  zw_text_init(&text, NULL);
  assert_int_equal(generate(compiled, slash + 1, &text), 0);
  zw_compiled_destroy(compiled);
  return text;
}

static void test_expected_text(void **state) {
  (void)state;
  static char expected[1 << 16];
  zw_text text = code_of("generated/small");
  FILE *file = fopen(EXPECTED, getenv("ZEROWIRE_UPDATE_EXPECTED") ? "w+" : "r");
  assert_non_null(file);
  if (getenv("ZEROWIRE_UPDATE_EXPECTED")) {
    fwrite(text.ptr, 1, text.len, file);
    rewind(file);
  }
  size_t len = fread(expected, 1, sizeof expected, file);
  fclose(file);
  if (len != text.len || memcmp(expected, text.ptr, len) != 0)
    fail_msg(
        "the generated code has changed. Look at it, then run with ZEROWIRE_UPDATE_EXPECTED=1");
  zw_text_deinit(&text);
}

static void test_same_again(void **state) {
  (void)state;
  static const char *const paths[] = {"generated/telemetry", "generated/clashes",
                                      "generated/including", "languages/constructs",
                                      "languages/younger"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    zw_text a = code_of(paths[i]), b = code_of(paths[i]);
    assert_true(zw_str_eq(zw_text_str(&a), zw_text_str(&b)));
    zw_text_deinit(&a);
    zw_text_deinit(&b);
  }
}

/* A `.bfbs` gives the code that its text gives: the defaults of strings and vectors are in it. */
static void test_from_bfbs(void **state) {
  (void)state;
  zw_compiled *text = compile("languages/younger", NULL);
  char path[] = "/tmp/zerowire-generate-XXXXXX.bfbs";
  FILE *file = fdopen(mkstemps(path, 5), "wb");
  assert_non_null(file);
  zw_span bfbs = zw_compiled_bfbs(text);
  assert_int_equal(fwrite(bfbs.ptr, 1, bfbs.len, file), bfbs.len);
  fclose(file);
  zw_compiled *binary = compile_path(path, NULL);
  zw_text a, b;
  zw_text_init(&a, NULL);
  zw_text_init(&b, NULL);
  assert_int_equal(generate(text, "younger", &a), 0);
  assert_int_equal(generate(binary, "younger", &b), 0);
  assert_true(zw_str_eq(zw_text_str(&a), zw_text_str(&b)));
  zw_text_deinit(&a);
  zw_text_deinit(&b);
  zw_compiled_destroy(text);
  zw_compiled_destroy(binary);
  remove(path);
}

/* Only files whose declarations are named are imported; words of the language get an underscore. */
static void test_names(void **state) {
  (void)state;
  zw_text text = code_of("languages/constructs");
  assert_non_null(strstr(text.ptr, "import * as constructs_base from "
                                   "'./constructs_base_generated.js';\n"));
  assert_non_null(strstr(text.ptr, "  constructor_(): number {"));
  assert_non_null(strstr(text.ptr, "  bb_(): number {"));
  assert_non_null(strstr(text.ptr, "  greeting(): string;"));
  assert_null(strstr(text.ptr, "addOld("));
  assert_non_null(strstr(text.ptr, ", 'old', zw.int32)"));
  zw_text_deinit(&text);
  text = code_of("generated/small");
  assert_null(strstr(text.ptr, "zerowire_generated"));
  zw_text_deinit(&text);
}

static void test_no_memory(void **state) {
  (void)state;
  for (size_t n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, 0);
    zw_compiled *compiled = compile("languages/constructs_base", &c.alloc);
    zw_text text;
    zw_text_init(&text, &c.alloc);
    c.fail_at = c.calls + n;
    int error = generate(compiled, "constructs_base", &text);
    zw_text_deinit(&text);
    zw_compiled_destroy(compiled);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_expected_text), cmocka_unit_test(test_same_again),
      cmocka_unit_test(test_from_bfbs),     cmocka_unit_test(test_names),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
