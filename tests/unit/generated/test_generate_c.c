/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generator itself: its text for a small schema, letter by letter; the same again and for every
 * caller; a prefix instead of the namespace; no memory at the n-th allocation; sizes.
 *
 * With ZEROWIRE_UPDATE_EXPECTED set, small_expected.txt is written anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

#define EXPECTED ZEROWIRE_TEST_DATA "/generated/small_expected.txt"

typedef struct outputs {
  zw_text texts[4];
} outputs;

static void outputs_init(outputs *o, const zw_alloc *alloc) {
  for (size_t i = 0; i < 4; i++) zw_text_init(&o->texts[i], alloc);
}

static void outputs_deinit(outputs *o) {
  for (size_t i = 0; i < 4; i++) zw_text_deinit(&o->texts[i]);
}

static zw_compiled *compile(const char *name, const zw_alloc *alloc) {
  char path[512];
  zw_compiled *compiled;
  zw_diag diag = {0};
  const char *includes[] = {ZEROWIRE_SCHEMAS};
  zw_compile_options options = {
      .size = sizeof options, .alloc = alloc, .include_dirs = includes, .include_count = 1};
  snprintf(path, sizeof path, "%s/generated/%s.fbs", ZEROWIRE_TEST_DATA, name);
  if (zw_compile_file(&compiled, path, &options, &diag)) fail_msg("%s", diag.message);
  return compiled;
}

static int collect(void *ctx, const char *suffix, zw_str text) {
  static const char *const suffixes[] = {"_generated.h", "_generated.c", "_store.h", "_wamp.h"};
  outputs *o = ctx;
  for (size_t i = 0; i < 4; i++)
    if (strcmp(suffix, suffixes[i]) == 0) {
      zw_text_add_str(&o->texts[i], text);
      return o->texts[i].error;
    }
  fail_msg("an unknown output %s", suffix);
  return 0;
}

static int generate(const zw_compiled *compiled, const char *name, const char *prefix, outputs *o) {
  zw_generate_options options = {.size = sizeof options, .name = name, .prefix = prefix};
  return zw_generate(compiled, ZW_LANGUAGE_C, &options, collect, o, NULL);
}

static void generate_file(const char *name, const char *prefix, outputs *o) {
  zw_compiled *compiled = compile(name, NULL);
  outputs_init(o, NULL);
  assert_int_equal(generate(compiled, name, prefix, o), 0);
  zw_compiled_destroy(compiled);
}

/* The outputs one after the other; the compiled schema's octets are other tests' business. */
static void join(const outputs *o, zw_text *all) {
  static const char *const names[] = {"header", "source", "store", "wamp"};
  zw_text_init(all, NULL);
  for (size_t i = 0; i < 4; i++) {
    zw_str text = zw_text_str(&o->texts[i]);
    const char *octets = strstr(text.ptr, "bfbs[] = {");
    const char *end = octets ? strstr(octets, "};") : NULL;
    zw_text_printf(all, "==== %s\n", names[i]);
    zw_text_add(all, text.ptr, octets ? (size_t)(octets - text.ptr) : text.len);
    if (octets) zw_text_printf(all, "%s", end);
  }
}

static void test_expected_text(void **state) {
  (void)state;
  outputs o;
  zw_text all;
  static char expected[1 << 16];
  generate_file("small", NULL, &o);
  join(&o, &all);
  FILE *file = fopen(EXPECTED, getenv("ZEROWIRE_UPDATE_EXPECTED") ? "w+" : "r");
  assert_non_null(file);
  if (getenv("ZEROWIRE_UPDATE_EXPECTED")) {
    fwrite(all.ptr, 1, all.len, file);
    rewind(file);
  }
  size_t len = fread(expected, 1, sizeof expected, file);
  fclose(file);
  if (len != all.len || memcmp(expected, all.ptr, len) != 0)
    fail_msg(
        "the generated code has changed. Look at it, then run with ZEROWIRE_UPDATE_EXPECTED=1");
  zw_text_deinit(&all);
  outputs_deinit(&o);
}

static void test_same_again(void **state) {
  (void)state;
  static const char *const names[] = {"telemetry", "constructs", "clashes", "including"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    outputs a, b;
    generate_file(names[k], NULL, &a);
    generate_file(names[k], NULL, &b);
    for (size_t i = 0; i < 4; i++)
      assert_true(zw_str_eq(zw_text_str(&a.texts[i]), zw_text_str(&b.texts[i])));
    outputs_deinit(&a);
    outputs_deinit(&b);
  }
}

/* A `.bfbs` gives the code that its text gives. */
static void test_from_bfbs(void **state) {
  (void)state;
  zw_compiled *text = compile("small", NULL), *binary;
  char path[] = "/tmp/zerowire-generate-XXXXXX.bfbs";
  zw_diag diag = {0};
  outputs a, b;
  int fd = mkstemps(path, 5);
  FILE *file = fdopen(fd, "wb");
  assert_non_null(file);
  zw_span bfbs = zw_compiled_bfbs(text);
  assert_int_equal(fwrite(bfbs.ptr, 1, bfbs.len, file), bfbs.len);
  fclose(file);
  zw_compile_options options = {.size = sizeof options};
  if (zw_compile_file(&binary, path, &options, &diag)) fail_msg("%s", diag.message);
  outputs_init(&a, NULL);
  outputs_init(&b, NULL);
  assert_int_equal(generate(text, "small", NULL, &a), 0);
  assert_int_equal(generate(binary, "small", NULL, &b), 0);
  for (size_t i = 0; i < 4; i++)
    assert_true(zw_str_eq(zw_text_str(&a.texts[i]), zw_text_str(&b.texts[i])));
  outputs_deinit(&a);
  outputs_deinit(&b);
  zw_compiled_destroy(text);
  zw_compiled_destroy(binary);
  remove(path);
}

static void test_prefix(void **state) {
  (void)state;
  outputs o;
  generate_file("small", "my", &o);
  assert_non_null(strstr(o.texts[0].ptr, "my_Thing_verify("));
  assert_non_null(strstr(o.texts[0].ptr, "my_small_schema"));
  assert_non_null(strstr(o.texts[0].ptr, "my_Kind_Hot"));
  assert_non_null(strstr(o.texts[2].ptr, "my_things_get("));
  assert_non_null(strstr(o.texts[3].ptr, "my_Shop_move_call("));
  assert_null(strstr(o.texts[0].ptr, "small_Thing"));
  outputs_deinit(&o);
}

/* A schema without maps and methods has no such headers. */
static void test_empty_outputs(void **state) {
  (void)state;
  outputs o;
  generate_file("constructs", NULL, &o);
  assert_int_equal(o.texts[2].len, 0);
  assert_int_equal(o.texts[3].len, 0);
  outputs_deinit(&o);
}

/* One set of descriptors serves all, so the code stays small: 34 fields of every kind. */
static void test_sizes(void **state) {
  (void)state;
  outputs o;
  generate_file("constructs", NULL, &o);
  assert_true(o.texts[0].len < 48000);
  assert_true(o.texts[1].len < 40000);
  outputs_deinit(&o);
}

/* The header of one would be that of the other. */
static void test_two_files_with_one_name(void **state) {
  (void)state;
  zw_compiled *compiled;
  zw_diag diag = {0};
  zw_str text = ZW_STR("include \"constructs.fbs\"; table T { l: every.thing.Leaf; }");
  const char *name = ZEROWIRE_TEST_DATA "/generated/root.fbs";
  assert_int_equal(zw_compile_text(&compiled, name, text, NULL, &diag), 0);
  outputs o;
  outputs_init(&o, NULL);
  assert_int_equal(generate(compiled, "root", NULL, &o), 0);
  outputs_deinit(&o);
  outputs_init(&o, NULL);
  assert_int_equal(generate(compiled, "constructs", NULL, &o), ZW_EINVAL);
  assert_int_equal(generate(compiled, "Constructs", NULL, &o), ZW_EINVAL);
  outputs_deinit(&o);
  zw_compiled_destroy(compiled);
}

static void test_no_memory(void **state) {
  (void)state;
  for (size_t n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, 0);
    zw_compiled *compiled = compile("small", &c.alloc);
    outputs o;
    outputs_init(&o, &c.alloc);
    c.fail_at = c.calls + n;
    int error = generate(compiled, "small", NULL, &o);
    outputs_deinit(&o);
    zw_compiled_destroy(compiled);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_expected_text), cmocka_unit_test(test_same_again),
      cmocka_unit_test(test_from_bfbs),     cmocka_unit_test(test_prefix),
      cmocka_unit_test(test_empty_outputs), cmocka_unit_test(test_sizes),
      cmocka_unit_test(test_no_memory),     cmocka_unit_test(test_two_files_with_one_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
