/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter over any text: it changes white space alone, finds nothing to do a second time, and
 * what it makes of a schema compiles to the same octets. A compiled schema is printed as a text.
 */
#include <stdlib.h>

#include "zerowire/schema.h"

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

/* All octets but white space are the same, in the same order. */
static void check_octets(zw_str a, zw_str b) {
  size_t i = 0, j = 0;
  for (;;) {
    while (i < a.len && is_blank(a.ptr[i])) i++;
    while (j < b.len && is_blank(b.ptr[j])) j++;
    if (i == a.len || j == b.len) break;
    if (a.ptr[i++] != b.ptr[j++]) abort();
  }
  if (i < a.len || j < b.len) abort();
}

static void check_stays(zw_str formatted) {
  zw_text again;
  zw_text_init(&again, NULL);
  if (zw_format("again.fbs", formatted, NULL, &again, NULL)) abort();
  if (!zw_str_eq(zw_text_str(&again), formatted)) abort();
  zw_text_deinit(&again);
}

static void check_meaning(zw_str text, zw_str formatted) {
  zw_compiled *before, *after;
  zw_compile_options options = {.size = sizeof options, .no_files = true};
  int error = zw_compile_text(&before, "fuzz.fbs", text, &options, NULL);
  if (zw_compile_text(&after, "fuzz.fbs", formatted, &options, NULL) != error) abort();
  if (!zw_span_eq(zw_compiled_bfbs(before), zw_compiled_bfbs(after))) abort();
  zw_compiled_destroy(before);
  zw_compiled_destroy(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len) {
  zw_str text = {(const char *)octets, len};
  zw_text formatted;
  zw_diag diag = {0};
  zw_text_init(&formatted, NULL);
  int error = zw_format("fuzz.fbs", text, NULL, &formatted, &diag);
  bool compiled = zw_is_compiled_schema("fuzz.fbs", text);
  if (error && (formatted.len || !(compiled || diag.at.line))) abort();
  if (!error) check_stays(zw_text_str(&formatted));
  if (!error && !compiled) {
    check_octets(text, zw_text_str(&formatted));
    check_meaning(text, zw_text_str(&formatted));
  }
  zw_text_deinit(&formatted);
  return 0;
}
