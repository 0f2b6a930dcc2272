/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Python generator: the same text again, and from a `.bfbs`; names that are taken, references
 * to other files, defaults; no memory at the n-th allocation. What the code does is shown by
 * tests/interop/test_python.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

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

/* Both files, one after the other. */
static int collect(void *ctx, const char *suffix, zw_str text) {
  zw_text *out = ctx;
  zw_text_printf(out, "==== %s\n", suffix);
  zw_text_add_str(out, text);
  return out->error;
}

static int generate(const zw_compiled *compiled, const char *name, zw_text *out) {
  zw_generate_options options = {.size = sizeof options, .name = name};
  return zw_generate(compiled, ZW_LANGUAGE_PYTHON, &options, collect, out, NULL);
}

static zw_text code_of(const char *path) {
  zw_compiled *compiled = compile(path, NULL);
  zw_text text;
  zw_text_init(&text, NULL);
  assert_int_equal(generate(compiled, strrchr(path, '/') + 1, &text), 0);
  zw_compiled_destroy(compiled);
  return text;
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

static void test_text(void **state) {
  (void)state;
  static const char *const parts[] = {
      "_m = _fb.Module(__name__, 1, \"" ZW_VERSION_STRING "\", \"",
      "    None_ = 0\n",
      "class Flags(_enum.IntFlag):\n",
      "    Last = 9223372036854775808\n",
      "7: \"constructs_base_generated:Thing\", 20: \"Mixed\", 22: \"string\"})\n",
      "    Two lines */ and \\\"\\\"\\\" a bait \\\\ of quotes.\"\"\"\n",
      "    _F(\"not_a_number\", 11, \"double\", _nan),\n",
      "    _F(\"infinite\", 12, \"float\", -_inf),\n",
      "\"string\", preset=\"say \\\"hi\\\" \u00e9?\")",
      "    _F(\"class\", 1, \"string\", symbol=\"class_\"),\n",
      "    _F(\"__init__\", 7, \"int\", 0, symbol=\"__init____\"),\n",
      "type=\"Leaf\", root=\"nested_root\"),\n",
      "), b\"\\x5a\\x57\\x45\\x56\")\n",
      "_m.ready(\"constructs_base_generated\", )\n",
      "==== _generated.pyi\n",
      "    def find(self, value: _py.int) -> None: ...\n",
  };
  zw_text text = code_of("languages/constructs");
  zw_text_add(&text, "", 1);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (!strstr(text.ptr, parts[i])) fail_msg("there is no %s", parts[i]);
  assert_non_null(strstr(text.ptr, "    _F(\"old\", 69, \"int\", 0, deprecated=True),\n"));
  assert_null(strstr(text.ptr, "\"old\", \""));
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
      cmocka_unit_test(test_same_again),
      cmocka_unit_test(test_from_bfbs),
      cmocka_unit_test(test_text),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
