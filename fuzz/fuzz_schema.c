/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema compiler over any text: it never fails but with a finding that has a place in the
 * text, and what it accepts loads again from its own .bfbs with the same id, has C code, and can be
 * linted.
 */
#include <stdlib.h>

#include "zerowire/schema.h"

static void take(void *ctx, const zw_lint_finding *finding) {
  size_t *count = ctx;
  if (!finding->at.file[0] || !finding->message[0]) abort();
  *count += finding->at.line != 0 && finding->at.column != 0;
}

/* Findings in a text have a place in it, those in a compiled schema have not; it may have no text.
 */
static void check_lint(const zw_compiled *c, bool is_bfbs) {
  const char *all = "ALL";
  size_t placed = 0;
  zw_lint_options options = {.size = sizeof options, .use = &all, .use_count = 1};
  int found = zw_lint(c, &options, take, &placed, NULL);
  if (found < 0 && !is_bfbs) abort();
  if (found >= 0 && placed != (is_bfbs ? 0 : (size_t)found)) abort();
}

static void check_again(const zw_compiled *c) {
  zw_compiled *again;
  zw_diag diag;
  zw_span bfbs = zw_compiled_bfbs(c);
  if (zw_compile_text(&again, "again.bfbs", zw_span_str(bfbs), NULL, &diag)) abort();
  if (memcmp(zw_compiled_schema(c)->id, zw_compiled_schema(again)->id, ZW_SCHEMA_ID_SIZE)) abort();
  check_lint(again, true);
  zw_compiled_destroy(again);
}

static int drop(void *ctx, const char *suffix, zw_str text) {
  (void)ctx;
  return suffix[0] == '_' && text.len ? 0 : ZW_EINVAL;
}

static void check_code(const zw_compiled *c) {
  zw_generate_options options = {.size = sizeof options, .name = "fuzz"};
  for (int language = 0; language < ZW_LANGUAGE_COUNT; language++) {
    if (zw_generate(c, (enum zw_language)language, &options, drop, NULL, NULL)) abort();
  }
}

static void check_findings(const zw_compiled *c, size_t len) {
  char message[600];
  const zw_diag *finding;
  for (size_t i = 0; (finding = zw_compiled_finding(c, i)); i++) {
    if (finding->at.line == 0 || finding->at.column == 0) abort();
    if (strcmp(finding->at.file, "fuzz.fbs") == 0 && finding->at.line > len + 1) abort();
    zw_diag_format(finding, message, sizeof message);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len) {
  zw_compiled *c;
  zw_diag diag;
  zw_compile_options options = {.size = sizeof options, .no_files = true};
  zw_str text = {(const char *)octets, len};
  bool is_bfbs = zw_is_compiled_schema("fuzz.fbs", text);
  int error = zw_compile_text(&c, "fuzz.fbs", text, &options, &diag);
  if (error && zw_compiled_finding_count(c) == 0) abort();
  if (!is_bfbs) check_findings(c, len);
  if (!error) {
    check_again(c);
    check_code(c);
    check_lint(c, is_bfbs);
  }
  zw_compiled_destroy(c);
  return 0;
}
