/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verifier: what it accepts can be read in full by the accessors, copied, printed and packed
 * as arguments; what its JSON gives when it is read verifies again. The first octet chooses the
 * root and whether there is a size prefix, the second flags.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz_schemas.h"
#include "read_all.h"
#include "wide_types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int ignore(zw_token_writer *writer, const zw_token *token) {
  (void)writer;
  (void)token;
  return 0;
}

static void check_text(const zw_type *type, zw_str json) {
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  if (zw_json_parse(type, json, 0, 0, &b, &bytes, NULL) == 0 &&
      zw_verify(type, bytes, NULL, NULL, NULL) != 0)
    abort();
  zw_builder_deinit(&b);
}

static void print(const zw_type *type, zw_table table, uint32_t flags) {
  zw_token_writer nothing = {ignore};
  zw_text out;
  zw_text_init(&out, NULL);
  int e = zw_json_print(type, table, flags & 15u, flags & 2, &out);
  if (e == 0) check_text(type, zw_text_str(&out));
  if ((flags & ZW_VERIFY_UTF8) && e == ZW_EVERIFY) abort();
  zw_object_write_args(type, table, ZW_OBJECT_BYTES, &nothing);
  zw_object_write_kwargs(type, table, ZW_OBJECT_TEXT, &nothing, NULL);
  zw_text_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  bool wide = data[0] & 64;
  const zw_type *type = wide ? &wide_r : fuzz_root(data[0]);
  zw_verify_options options = {.flags = data[1]};
  const zw_str any = {NULL, 0};
  zw_table table;
  zw_diag diag;
  /* A copy of its own, so that reading past the end is seen. */
  uint8_t *copy = malloc(size - 2 ? size - 2 : 1);
  if (!copy) return 0;
  memcpy(copy, data + 2, size - 2);
  zw_span bytes = {copy, size - 2};
  int e = data[0] & 128 ? zw_verify_sized(type, any, bytes, &options, &table, &diag)
                        : zw_verify(type, bytes, &options, &table, &diag);
  if (e == 0) {
    read_all all = {0, 0};
    read_table(type, table, &all);
    if (!copy_is_same(type, table, &options)) abort();
    if (!wide) print(type, table, data[1]);
  }
  free(copy);
  return 0;
}
