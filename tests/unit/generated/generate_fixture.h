/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the generators share: the code of a schema of tests/data as one text. */
#ifndef ZEROWIRE_GENERATE_FIXTURE_H
#define ZEROWIRE_GENERATE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

static inline zw_compiled *compile_path(const char *path, const zw_alloc *alloc) {
  zw_compiled *compiled;
  zw_diag diag = {0};
  const char *includes[] = {ZEROWIRE_SCHEMAS};
  zw_compile_options options = {
      .size = sizeof options, .alloc = alloc, .include_dirs = includes, .include_count = 1};
  if (zw_compile_file(&compiled, path, &options, &diag)) fail_msg("%s", diag.message);
  return compiled;
}

static inline zw_compiled *compile(const char *name, const zw_alloc *alloc) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s.fbs", ZEROWIRE_TEST_DATA, name);
  return compile_path(path, alloc);
}

/* The files one after the other, each behind its suffix. */
static inline int collect(void *ctx, const char *suffix, zw_str text) {
  zw_text *out = ctx;
  zw_text_printf(out, "==== %s\n", suffix);
  zw_text_add_str(out, text);
  return out->error;
}

static inline int generate(enum zw_language language, const zw_compiled *compiled, const char *name,
                           zw_text *out) {
  zw_generate_options options = {.size = sizeof options, .name = name};
  return zw_generate(compiled, language, &options, collect, out, NULL);
}

/* The code of tests/data/PATH.fbs; every caller destroys it. */
static inline zw_text code_of(enum zw_language language, const char *path) {
  zw_compiled *compiled = compile(path, NULL);
  zw_text text;
  zw_text_init(&text, NULL);
  assert_int_equal(generate(language, compiled, strrchr(path, '/') + 1, &text), 0);
  zw_compiled_destroy(compiled);
  return text;
}

static inline void assert_same_again(enum zw_language language) {
  static const char *const paths[] = {"generated/telemetry", "generated/clashes",
                                      "generated/including", "languages/constructs",
                                      "languages/younger"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    zw_text a = code_of(language, paths[i]), b = code_of(language, paths[i]);
    assert_true(zw_str_eq(zw_text_str(&a), zw_text_str(&b)));
    zw_text_deinit(&a);
    zw_text_deinit(&b);
  }
}

/* A `.bfbs` gives the code that its text gives: the defaults of strings and vectors are in it. */
static inline void assert_from_bfbs(enum zw_language language) {
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
  assert_int_equal(generate(language, text, "younger", &a), 0);
  assert_int_equal(generate(language, binary, "younger", &b), 0);
  assert_true(zw_str_eq(zw_text_str(&a), zw_text_str(&b)));
  zw_text_deinit(&a);
  zw_text_deinit(&b);
  zw_compiled_destroy(text);
  zw_compiled_destroy(binary);
  remove(path);
}

/* The n-th allocation fails, for every n. */
static inline void assert_no_memory(enum zw_language language) {
  for (size_t n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, 0);
    zw_compiled *compiled = compile("languages/constructs_base", &c.alloc);
    zw_text text;
    zw_text_init(&text, &c.alloc);
    c.fail_at = c.calls + n;
    int error = generate(language, compiled, "constructs_base", &text);
    zw_text_deinit(&text);
    zw_compiled_destroy(compiled);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
  }
}

#endif
