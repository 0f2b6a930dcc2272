/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schemas of tests/data/schema: valid-*.fbs compile without a finding, also again from their
 * own .bfbs; of invalid-*.fbs every finding is compared with NAME.txt beside it, one a line:
 *
 *   file:line:column RULE message [other file:line:column]
 *
 * What was found is written to NAME.found.txt in the working folder when it differs.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_base.h"
#include "zerowire/schema.h"

#define FOLDER ZEROWIRE_TEST_DATA "/schema"
#define CASES_MAX 200

static char *names[CASES_MAX];
static size_t name_count;

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_cases(void) {
  DIR *folder = opendir(FOLDER);
  struct dirent *entry;
  assert_non_null(folder);
  while ((entry = readdir(folder))) {
    size_t n = strlen(entry->d_name);
    if (n < 5 || strcmp(entry->d_name + n - 4, ".fbs") != 0) continue;
    assert_true(name_count < CASES_MAX);
    names[name_count] = calloc(n + 1, 1);
    memcpy(names[name_count++], entry->d_name, n - 4);
  }
  closedir(folder);
  qsort(names, name_count, sizeof names[0], by_name);
}

static const char *base(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static void print_findings(const zw_compiled *c, zw_text *out) {
  const zw_diag *d;
  for (size_t i = 0; (d = zw_compiled_finding(c, i)); i++) {
    zw_text_printf(out, "%s:%u:%u %s %s%s", base(d->at.file), d->at.line, d->at.column, d->rule,
                   d->error == ZW_ENOTSUP ? "[not supported] "
                   : d->error             ? ""
                                          : "[warning] ",
                   d->message);
    if (d->other.line)
      zw_text_printf(out, " [other %s:%u:%u]", base(d->other.file), d->other.line, d->other.column);
    zw_text_add(out, "\n", 1);
  }
  zw_text_add(out, "", 1);
}

static int compile(const char *name, zw_compiled **c) {
  char path[512];
  static const char *const folders[] = {ZEROWIRE_SCHEMAS};
  zw_compile_options options = {
      .size = sizeof options, .errors_max = 200, .include_dirs = folders, .include_count = 1};
  zw_diag diag = {0};
  snprintf(path, sizeof path, FOLDER "/%s.fbs", name);
  int error = zw_compile_file(c, path, &options, &diag);
  assert_int_equal(error, error ? diag.error : 0);
  assert_non_null(*c);
  return error;
}

static void read_expected(const char *name, char *out, size_t size) {
  char path[512];
  snprintf(path, sizeof path, FOLDER "/%s.txt", name);
  FILE *f = fopen(path, "rb");
  size_t n = f ? fread(out, 1, size - 1, f) : 0;
  out[n] = 0;
  if (f) fclose(f);
}

static void write_found(const char *name, const char *text) {
  char path[512];
  snprintf(path, sizeof path, "%s.found.txt", name);
  FILE *f = fopen(path, "wb");
  if (!f) return;
  fputs(text, f);
  fclose(f);
}

static bool check_invalid(const char *name) {
  static char expected[32768];
  zw_compiled *c;
  zw_text found;
  zw_text_init(&found, NULL);
  int error = compile(name, &c);
  assert_int_not_equal(error, 0);
  assert_null(zw_compiled_schema(c));
  assert_null(zw_compiled_model(c));
  assert_null(zw_compiled_bfbs(c).ptr);
  print_findings(c, &found);
  read_expected(name, expected, sizeof expected);
  bool same = strcmp(found.ptr, expected) == 0;
  if (!same) {
    write_found(name, found.ptr);
    print_error("%s: found\n%s", name, found.ptr);
  }
  zw_text_deinit(&found);
  zw_compiled_destroy(c);
  return same;
}

static void invalid_schemas_give_their_findings(void **state) {
  (void)state;
  size_t checked = 0, different = 0;
  for (size_t i = 0; i < name_count; i++) {
    if (strncmp(names[i], "invalid-", 8) != 0) continue;
    if (!check_invalid(names[i])) different++;
    checked++;
  }
  assert_int_equal(different, 0);
  assert_true(checked > 10);
}

static void check_valid(const char *name) {
  zw_compiled *c, *again;
  zw_diag diag;
  int error = compile(name, &c);
  const zw_diag *first = zw_compiled_finding(c, 0);
  if (error) print_error("%s: %s\n", name, first ? first->message : "?");
  assert_int_equal(error, 0);
  zw_span bfbs = zw_compiled_bfbs(c);
  assert_non_null(zw_compiled_schema(c));
  assert_non_null(zw_compiled_model(c));
  assert_int_equal(zw_compile_text(&again, "again.bfbs", zw_span_str(bfbs), NULL, &diag), 0);
  assert_true(zw_span_eq(zw_compiled_bfbs(again), bfbs));
  assert_memory_equal(zw_compiled_schema(again)->id, zw_compiled_schema(c)->id, ZW_SCHEMA_ID_SIZE);
  zw_compiled_destroy(again);
  zw_compiled_destroy(c);
}

static void valid_schemas_compile(void **state) {
  (void)state;
  size_t checked = 0;
  for (size_t i = 0; i < name_count; i++) {
    if (strncmp(names[i], "valid-", 6) != 0) continue;
    check_valid(names[i]);
    checked++;
  }
  assert_true(checked > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(invalid_schemas_give_their_findings),
      cmocka_unit_test(valid_schemas_compile),
  };
  list_cases();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  for (size_t i = 0; i < name_count; i++) free(names[i]);
  return failed;
}
