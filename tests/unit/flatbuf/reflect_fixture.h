/* SPDX-License-Identifier: Apache-2.0 */
/* Loads compiled schemas of tests/data for the tests of this layer. */
#ifndef ZEROWIRE_REFLECT_FIXTURE_H
#define ZEROWIRE_REFLECT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "zerowire/reflect.h"

static inline zw_schema *fixture_load(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot open %s", path);
  static uint8_t bytes[1 << 20];
  size_t len = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  zw_schema *schema = NULL;
  zw_diag diag = {0};
  if (zw_schema_load(&schema, zw_span_of(bytes, len), NULL, &diag))
    fail_msg("%s: %s", path, diag.message);
  return schema;
}

static inline const zw_type *fixture_type(const zw_schema *schema, const char *name) {
  const zw_type *type = zw_schema_type(schema, zw_str_of(name));
  if (!type) fail_msg("no type %s", name);
  return type;
}

static inline void assert_text(zw_str text, const char *expected) {
  if (!zw_str_eq(text, zw_str_of(expected)))
    fail_msg("got      %.*s\n  expected %s", ZW_ARG(text), expected);
}

#endif
