/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema compiler over any text: it never fails but with a finding, what it accepts loads again
 * from its own .bfbs with the same id, and findings stay in bounds of the text.
 */
#include <assert.h>

#include "zerowire/schema.h"

static void check_again(const zw_compiled *c) {
  zw_compiled *again;
  zw_diag diag;
  zw_span bfbs = zw_compiled_bfbs(c);
  int error = zw_compile_text(&again, "again.bfbs", zw_span_str(bfbs), NULL, &diag);
  assert(error == 0);
  assert(memcmp(zw_compiled_schema(c)->id, zw_compiled_schema(again)->id, ZW_SCHEMA_ID_SIZE) == 0);
  (void)error;
  zw_compiled_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len) {
  zw_compiled *c;
  zw_diag diag;
  char message[600];
  zw_compile_options options = {.size = sizeof options, .no_files = true};
  zw_str text = {(const char *)octets, len};
  int error = zw_compile_text(&c, "fuzz.fbs", text, &options, &diag);
  assert(error != ZW_ENOMEM && error != ZW_EINVAL);
  assert(error == 0 || zw_compiled_finding_count(c) > 0);
  const zw_diag *finding;
  for (size_t i = 0; (finding = zw_compiled_finding(c, i)); i++) {
    assert(finding->at.line <= len + 1 || strcmp(finding->at.file, "fuzz.fbs") != 0);
    zw_diag_format(finding, message, sizeof message);
  }
  if (!error) check_again(c);
  zw_compiled_destroy(c);
  return 0;
}
