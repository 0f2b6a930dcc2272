/* SPDX-License-Identifier: Apache-2.0 */
/* Includes: where they are found, and that they never leave their roots. In a folder of its own:
 *
 *   in/root.fbs  in/sub/a.fbs  in/sub/b.fbs  in/pipe.fbs (FIFO)
 *   in/leave.fbs -> ../out/secret.fbs  in/door -> ../out  in/zero.fbs -> /dev/zero
 *   more/extra.fbs  out/secret.fbs
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif
#include <unistd.h>

#include "cmocka_base.h"
#include "zerowire/schema.h"

static char folder[] = "schema-sources-XXXXXX";
static char path[4096];

static const char *at(const char *name) {
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void put(const char *name, const char *text) {
  FILE *f = fopen(at(name), "wb");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static int make_folder(void **state) {
  (void)state;
  if (!mkdtemp(folder)) return -1;
  const char *const folders[] = {"in", "in/sub", "more", "out"};
  for (size_t i = 0; i < 4; i++)
    if (mkdir(at(folders[i]), 0700)) return -1;
  put("in/sub/a.fbs", "include \"b.fbs\"; table A { b: B; }");
  put("in/sub/b.fbs", "include \"a.fbs\"; table B { x: int; }");
  put("more/extra.fbs", "table Extra { x: int; }");
  put("out/secret.fbs", "table Secret { x: int; }");
  return symlink("../out/secret.fbs", at("in/leave.fbs")) || symlink("../out", at("in/door")) ||
         symlink("/dev/zero", at("in/zero.fbs")) || mkfifo(at("in/pipe.fbs"), 0600);
}

static int remove_folder(void **state) {
  (void)state;
  const char *const files[] = {"in/root.fbs",  "in/sub/a.fbs",   "in/sub/b.fbs",
                               "in/leave.fbs", "in/door",        "in/zero.fbs",
                               "in/pipe.fbs",  "more/extra.fbs", "out/secret.fbs"};
  const char *const folders[] = {"in/sub", "in", "more", "out", "."};
  for (size_t i = 0; i < 9; i++) unlink(at(files[i]));
  for (size_t i = 0; i < 5; i++) rmdir(i == 4 ? folder : at(folders[i]));
  return 0;
}

/* The rule of the first finding, "" if there is none. */
static const char *compile(const char *text, const char *include_dir, zw_compiled **c) {
  char dir[256], root[4096];
  const char *const dirs[] = {dir};
  zw_compile_options options = {.size = sizeof options, .include_dirs = dirs};
  zw_diag diag;
  if (include_dir) {
    snprintf(dir, sizeof dir, "%s/%s", folder, include_dir);
    options.include_count = 1;
  }
  put("in/root.fbs", text);
  snprintf(root, sizeof root, "%s/in/root.fbs", folder);
  int error = zw_compile_file(c, root, &options, &diag);
  assert_non_null(*c);
  return error ? zw_compiled_finding(*c, 0)->rule : "";
}

static void check(const char *text, const char *include_dir, const char *rule) {
  zw_compiled *c;
  assert_string_equal(compile(text, include_dir, &c), rule);
  zw_compiled_destroy(c);
}

static void finds_beside_the_includer_and_in_folders(void **state) {
  (void)state;
  check("include \"sub/a.fbs\"; table R { a: A; b: B; }", NULL, "");
  check("include \"a.fbs\"; table R { a: A; }", NULL, "INCLUDE_FILE");
  check("include \"a.fbs\"; table R { a: A; }", "in/sub", "");
  check("include \"extra.fbs\"; table R { a: Extra; }", "more", "");
  check("include \"absent.fbs\";", "more", "INCLUDE_FILE");
}

static void reads_each_file_once(void **state) {
  (void)state;
  zw_compiled *c;
  assert_string_equal(compile("include \"sub/a.fbs\"; include \"sub/b.fbs\"; include "
                              "\"./sub/a.fbs\"; table R { a: A; }",
                              NULL, &c),
                      "");
  assert_non_null(zw_compiled_source(c, 2));
  assert_null(zw_compiled_source(c, 3));
  assert_true(zw_compiled_is_own(c, ZW_STR("R")));
  assert_false(zw_compiled_is_own(c, ZW_STR("A")));
  assert_false(zw_compiled_is_own(c, ZW_STR("None")));
  zw_compiled_destroy(c);
}

/* What is opened in a folder meanwhile, where the system can tell. */
#ifdef __linux__
static int watch_opens(const char *name) {
  int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  assert_true(watch >= 0 && inotify_add_watch(watch, at(name), IN_OPEN) >= 0);
  return watch;
}

static bool has_opened(int watch) {
  char events[4096];
  return read(watch, events, sizeof events) > 0;
}
#else
static int watch_opens(const char *name) {
  (void)name;
  return -1;
}

static bool has_opened(int watch) { return watch >= 0; }
#endif

static void never_leaves_its_roots(void **state) {
  (void)state;
  char absolute[4200], text[4400];
  int watch = watch_opens("out");
  check("include \"../out/secret.fbs\";", NULL, "INCLUDE_PATH");
  check("include \"sub/../../out/secret.fbs\";", NULL, "INCLUDE_PATH");
  check("include \"leave.fbs\"; table R { s: Secret; }", NULL, "INCLUDE_PATH");
  check("include \"door/secret.fbs\"; table R { s: Secret; }", NULL, "INCLUDE_PATH");
  check("include \"zero.fbs\";", NULL, "INCLUDE_PATH");
  check("include \"sub\\\\a.fbs\";", NULL, "INCLUDE_PATH");
  check("include \"sub/a.fbs\\x00\";", NULL, "INCLUDE_PATH");
  assert_non_null(realpath(at("out/secret.fbs"), absolute));
  snprintf(text, sizeof text, "include \"%s\";", absolute);
  check(text, NULL, "INCLUDE_PATH");
  assert_false(has_opened(watch));
  close(watch);
}

static void a_folder_that_is_given_is_a_root(void **state) {
  (void)state;
  int watch = watch_opens("out");
  check("include \"leave.fbs\"; table R { s: Secret; }", "out", "");
#ifdef __linux__
  assert_true(has_opened(watch));
#endif
  close(watch);
}

static void reads_only_regular_files(void **state) {
  (void)state;
  check("include \"pipe.fbs\";", NULL, "INCLUDE_FILE");
  check("include \"sub\";", NULL, "INCLUDE_FILE");
}

static void built_in_schemas_need_no_file(void **state) {
  (void)state;
  zw_compiled *c;
  zw_diag diag;
  zw_compile_options options = {.size = sizeof options, .no_files = true};
  zw_str text =
      ZW_STR("include \"zerowire.fbs\"; table R (map: \"r\") { v: Void; k: int (primary); }");
  assert_int_equal(zw_compile_text(&c, "text.fbs", text, &options, &diag), 0);
  assert_int_equal(zw_compiled_model(c)->map_count, 1);
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_text(&c, "text.fbs", ZW_STR("include \"a.fbs\";"), &options, &diag),
                   ZW_ESCHEMA);
  assert_string_equal(diag.rule, "INCLUDE_FILE");
  zw_compiled_destroy(c);
}

static void a_text_includes_from_its_folder(void **state) {
  (void)state;
  zw_compiled *c;
  zw_diag diag;
  char name[300];
  snprintf(name, sizeof name, "%s/in/memory.fbs", folder);
  assert_int_equal(
      zw_compile_text(&c, name, ZW_STR("include \"sub/b.fbs\"; table R { b: B; }"), NULL, &diag),
      0);
  zw_compiled_destroy(c);
}

static void a_root_that_cannot_be_read_says_so(void **state) {
  (void)state;
  zw_compiled *c;
  zw_diag diag;
  assert_int_equal(zw_compile_file(&c, at("in/absent.fbs"), NULL, &diag), ZW_EIO);
  assert_non_null(strstr(diag.message, "no such file"));
  assert_int_equal(zw_compiled_finding_count(c), 1);
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_file(&c, at("in"), NULL, &diag), ZW_EIO);
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_file(&c, at("in/pipe.fbs"), NULL, &diag), ZW_EIO);
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_file(&c, "/dev/zero", NULL, &diag), ZW_EIO);
  zw_compiled_destroy(c);
}

/* Files that are in no file system; "broken" cannot be read. */
static int read_given(void *ctx, const char *name, zw_text *out) {
  static const char *const files[][2] = {
      {"old/root.fbs", "include \"sub/a.fbs\"; include \"./x.fbs\"; table T { a: A; x: X; }"},
      {"old/sub/a.fbs", "include \"x.fbs\"; table A { x: X; }"},
      {"lib/x.fbs", "table X { x: int; }"},
      {"old/lacks.fbs", "include \"absent.fbs\";"},
      {"old/breaks.fbs", "include \"broken\";"},
  };
  ++*(int *)ctx;
  if (strcmp(name, "old/broken") == 0) return ZW_EIO;
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (strcmp(name, files[i][0]) != 0) continue;
    zw_text_printf(out, "%s", files[i][1]);
    return 0;
  }
  return ZW_ENOTFOUND;
}

static void files_may_be_given(void **state) {
  (void)state;
  static const char *const dirs[] = {"lib"};
  static const char *const sources[] = {"old/root.fbs", "old/sub/a.fbs", "lib/x.fbs"};
  int reads = 0;
  zw_compiled *c;
  zw_diag diag;
  zw_compile_options options = {.size = sizeof options,
                                .include_dirs = dirs,
                                .include_count = 1,
                                .read = read_given,
                                .read_ctx = &reads};
  assert_int_equal(zw_compile_file(&c, "old/root.fbs", &options, &diag), 0);
  for (size_t i = 0; i < 3; i++) assert_string_equal(zw_compiled_source(c, i), sources[i]);
  assert_null(zw_compiled_source(c, 3));
  assert_int_equal(reads, 5); /* x.fbs is looked for beside both, and read once */
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_file(&c, "old/none.fbs", &options, &diag), ZW_EIO);
  assert_non_null(strstr(diag.message, "no such file"));
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_file(&c, "old/lacks.fbs", &options, &diag), ZW_ESCHEMA);
  assert_string_equal(diag.rule, "INCLUDE_FILE");
  zw_compiled_destroy(c);
  assert_int_equal(zw_compile_file(&c, "old/breaks.fbs", &options, &diag), ZW_EIO);
  assert_string_equal(diag.rule, "INCLUDE_FILE");
  zw_compiled_destroy(c);
}

/* 256 with the root; a built-in one counts like any other. */
static void the_number_of_files_is_limited(void **state) {
  (void)state;
  zw_text text;
  char name[60];
  zw_text_init(&text, NULL);
  assert_int_equal(mkdir(at("in/many"), 0700), 0);
  for (int i = 0; i < 256; i++) {
    snprintf(name, sizeof name, "in/many/%d.fbs", i);
    put(name, "");
    zw_text_printf(&text, "include \"many/%d.fbs\";\n", i);
    if (i == 254) check(text.ptr, NULL, "");
    if (i == 255) check(text.ptr, NULL, "INCLUDE_COUNT");
    if (i == 253) {
      zw_text_printf(&text, "include \"wamp.fbs\";\n");
      check(text.ptr, NULL, "");
      zw_text_printf(&text, "include \"zerowire.fbs\";\n");
      check(text.ptr, NULL, "INCLUDE_COUNT");
      text.len -= strlen("include \"wamp.fbs\";\ninclude \"zerowire.fbs\";\n");
      text.ptr[text.len] = 0;
    }
  }
  for (int i = 0; i < 256; i++) {
    snprintf(name, sizeof name, "in/many/%d.fbs", i);
    unlink(at(name));
  }
  rmdir(at("in/many"));
  zw_text_deinit(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_beside_the_includer_and_in_folders),
      cmocka_unit_test(reads_each_file_once),
      cmocka_unit_test(never_leaves_its_roots),
      cmocka_unit_test(a_folder_that_is_given_is_a_root),
      cmocka_unit_test(reads_only_regular_files),
      cmocka_unit_test(built_in_schemas_need_no_file),
      cmocka_unit_test(a_text_includes_from_its_folder),
      cmocka_unit_test(a_root_that_cannot_be_read_says_so),
      cmocka_unit_test(files_may_be_given),
      cmocka_unit_test(the_number_of_files_is_limited),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
