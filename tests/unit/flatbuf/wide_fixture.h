/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers that Google's C++ wrote (tests/data/verify), to be read and broken. */
#ifndef ZEROWIRE_WIDE_FIXTURE_H
#define ZEROWIRE_WIDE_FIXTURE_H

#include "reflect_fixture.h"
#include "wide_types.h"

#define WIDE_SIZE 768

/* A file of tests/data/verify in memory that is exactly as large. Free it. */
static inline uint8_t *wide_load(const char *name, size_t *len) {
  char path[512];
  snprintf(path, sizeof path, "%s/verify/%s", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot open %s", path);
  uint8_t bytes[1024];
  *len = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  uint8_t *copy = malloc(*len);
  memcpy(copy, bytes, *len);
  return copy;
}

/* The position of a field of the root, which is present. */
static inline uint32_t wide_slot(const uint8_t *bytes, unsigned id) {
  zw_table root = zw_root_trusted(zw_span_of(bytes, WIDE_SIZE));
  return (uint32_t)(zw_table_slot(root, id) - bytes);
}

static inline void wide_expect(const uint8_t *bytes, size_t len, uint32_t flags, const char *what) {
  const zw_verify_options options = {.flags = flags};
  zw_diag diag = {0};
  int e = zw_verify(&wide_r, zw_span_of(bytes, len), &options, NULL, &diag);
  assert_int_equal(e, *what ? ZW_EVERIFY : 0);
  if (e) assert_string_equal(diag.message, what);
}

#endif
