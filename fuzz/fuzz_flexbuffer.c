/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlexBuffers: any octets are read value by value without a fault. What is verified is all there,
 * is written again by our writer, reads as the same tokens, and prints in every form; what is not
 * is refused with a reason.
 */
#include <stdlib.h>

#include "zerowire/reflect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int convert(zw_span bytes, zw_token_writer *out) {
  zw_flexbuffer_reader flex;
  zw_token token;
  zw_flexbuffer_reader_init(&flex, bytes);
  int e = flex.reader.next(&flex.reader, &token, NULL);
  return e ? e : zw_token_copy(&flex.reader, &token, out, NULL);
}

static int print(zw_span bytes, uint32_t flags, zw_text *out) {
  zw_json_writer json;
  zw_json_writer_init(&json, out, flags, 0);
  return convert(bytes, &json.writer);
}

/* A copy has the same text, unless the order of keys was not theirs or a string is no UTF-8. */
static void check_copy(zw_span bytes) {
  zw_text copy, one, two, three;
  zw_flexbuffer_writer writer;
  zw_text_init(&copy, NULL);
  zw_text_init(&one, NULL);
  zw_text_init(&two, NULL);
  zw_text_init(&three, NULL);
  zw_flexbuffer_writer_init(&writer, &copy);
  int e = convert(bytes, &writer.writer);
  if (e && e != ZW_EINVAL && e != ZW_ELIMIT) abort(); /* a key twice; too deep */
  if (!e) {
    zw_span written = zw_str_span(zw_text_str(&copy));
    if (zw_flexbuffer_verify(written, NULL)) abort();
    if (print(written, ZW_JSON_NAN | ZW_JSON_FLATC | ZW_JSON_ANY_OCTETS, &one)) abort();
    zw_flexbuffer_writer_deinit(&writer);
    zw_flexbuffer_writer_init(&writer, &two);
    if (convert(written, &writer.writer)) abort();
    if (print(zw_str_span(zw_text_str(&two)), ZW_JSON_NAN | ZW_JSON_FLATC | ZW_JSON_ANY_OCTETS,
              &three))
      abort();
    if (!zw_str_eq(zw_text_str(&one), zw_text_str(&three))) abort();
  }
  zw_flexbuffer_writer_deinit(&writer);
  zw_text_deinit(&copy);
  zw_text_deinit(&one);
  zw_text_deinit(&two);
  zw_text_deinit(&three);
}

typedef struct visit {
  unsigned steps; /* that are left */
  bool absent;    /* one of the values */
  uint64_t sum;   /* of what has been read */
} visit;

static void read_octets(visit *at, zw_span octets) {
  for (size_t i = 0; i < octets.len; i++) at->sum += octets.ptr[i];
}

static void read_values(visit *at, zw_flexbuffer v) {
  if (!at->steps) return;
  at->steps--;
  at->absent = at->absent || v.kind == ZW_FLEXBUFFER_ABSENT;
  at->sum += zw_flexbuffer_uint(v) + (uint64_t)zw_flexbuffer_int(v) + zw_flexbuffer_bool(v);
  read_octets(at, zw_flexbuffer_blob(v));
  read_octets(at, zw_str_span(zw_flexbuffer_str(v)));
  for (uint32_t i = 0; v.kind >= ZW_FLEXBUFFER_VECTOR && i < v.count && at->steps; i++) {
    zw_str key = zw_flexbuffer_key(v, i);
    read_octets(at, zw_str_span(key));
    at->sum += zw_flexbuffer_find(v, key).kind;
    read_values(at, zw_flexbuffer_at(v, i));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  zw_span bytes = zw_span_of(data, size);
  zw_diag diag = {0};
  visit at = {.steps = 10000};
  read_values(&at, zw_flexbuffer_root(bytes));
  int e = zw_flexbuffer_verify(bytes, &diag);
  if (!e && at.absent) abort();
  if (e && diag.error != e) abort();
  if (e) return 0;
  zw_text text;
  zw_text_init(&text, NULL);
  int printed = print(bytes, 0, &text);
  if (printed && printed != ZW_EVERIFY) abort(); /* a string that is not UTF-8 */
  zw_text_deinit(&text);
  check_copy(bytes);
  return 0;
}
