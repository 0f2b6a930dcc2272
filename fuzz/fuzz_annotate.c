/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotation of any octets: the parts cover them, each octet once; something is wrong wherever the
 * verifier refuses; both notations print. The first octet chooses the root and whether there is a
 * size prefix, the second the verifier's flags.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz_schemas.h"
#include "wide_types.h"
#include "zerowire/annotate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const zw_annotation *a, int error) {
  uint64_t at = 0;
  for (size_t i = 0; i < a->part_count; i++) {
    if (a->parts[i].at != at || a->parts[i].len == 0) abort();
    at += a->parts[i].len;
  }
  if (at != a->bytes.len) abort();
  if (error && a->wrong_count == 0) abort();
  if (a->valid != (error == 0 && a->wrong_count == 0)) abort();
  if (a->part_count + a->remark_count + a->block_count > 20 * a->bytes.len + 4096) abort();
}

static void print(const zw_annotation *a) {
  zw_text text;
  zw_text_init(&text, NULL);
  for (size_t i = 0; i <= a->part_count; i++) {
    zw_text_reset(&text);
    zw_annotation_print(a, i, i & 1, &text);
    zw_annotation_print_json(a, i, &text);
    if (text.error) abort();
  }
  zw_text_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  const zw_type *type = data[0] & 64 ? &wide_r : fuzz_root(data[0]);
  zw_annotate_options options = {.size = sizeof options, .flags = data[1], .sized = data[0] & 128};
  zw_verify_options verify = {.flags = options.flags};
  const zw_str any = {NULL, 0};
  zw_annotation *a;
  /* A copy of its own, so that reading past the end is seen. */
  uint8_t *copy = malloc(size - 2 ? size - 2 : 1);
  if (!copy) return 0;
  memcpy(copy, data + 2, size - 2);
  zw_span bytes = {copy, size - 2};
  int error = options.sized ? zw_verify_sized(type, any, bytes, &verify, NULL, NULL)
                            : zw_verify(type, bytes, &verify, NULL, NULL);
  if (zw_annotate(&a, type, bytes, &options)) abort();
  check(a, error);
  print(a);
  zw_annotation_destroy(a);
  free(copy);
  return 0;
}
