/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CBOR: what is well-formed has a length, converts to JSON and back, and what came back is
 * well-formed again. The first octet is the limit of depth.
 */
#include <stdlib.h>

#include "zerowire/wamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_back(zw_str json) {
  zw_text cbor;
  zw_text_init(&cbor, NULL);
  int e = zw_value_convert(ZW_FORMAT_JSON, zw_str_span(json), ZW_FORMAT_CBOR, &cbor, NULL);
  /* A string that begins with U+0000 may be no base64. */
  if (e == 0 && zw_cbor_length(zw_str_span(zw_text_str(&cbor)), 64) != (int64_t)cbor.len) abort();
  zw_text_deinit(&cbor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  zw_text json;
  if (size == 0) return 0;
  zw_span octets = zw_span_of(data + 1, size - 1);
  int64_t limited = zw_cbor_length(octets, data[0]), length = zw_cbor_length(octets, 64);
  if (limited > 0 && length > 0 && limited != length) abort();
  if (length > (int64_t)octets.len) abort();
  zw_text_init(&json, NULL);
  zw_diag diag = {0};
  int e = zw_value_convert(ZW_FORMAT_CBOR, octets, ZW_FORMAT_JSON, &json, &diag);
  if (e == 0) {
    if (length != (int64_t)octets.len) abort();
    check_back(zw_text_str(&json));
  }
  zw_text_deinit(&json);
  return 0;
}
