/* SPDX-License-Identifier: Apache-2.0 */
/* Short names for the tokens of results that the router writes. Errors are the writer's, and sticky
 * in its text. */
#include "router_state.h"

static void put(zw_cbor_writer *w, const zw_token *token) {
  (void)w->writer.write(&w->writer, token);
}

void zw_cbor_array(zw_cbor_writer *w, size_t count) {
  put(w, &(zw_token){.kind = ZW_TOKEN_ARRAY, .count = count});
}

void zw_cbor_array_end(zw_cbor_writer *w) { put(w, &(zw_token){.kind = ZW_TOKEN_ARRAY_END}); }

void zw_cbor_map(zw_cbor_writer *w, size_t count) {
  put(w, &(zw_token){.kind = ZW_TOKEN_MAP, .count = count});
}

void zw_cbor_map_end(zw_cbor_writer *w) { put(w, &(zw_token){.kind = ZW_TOKEN_MAP_END}); }

void zw_cbor_str(zw_cbor_writer *w, zw_str text) {
  put(w, &(zw_token){.kind = ZW_TOKEN_STRING, .text = text});
}

void zw_cbor_bytes(zw_cbor_writer *w, zw_span bytes) {
  put(w, &(zw_token){.kind = ZW_TOKEN_BYTES, .bytes = bytes});
}

void zw_cbor_uint(zw_cbor_writer *w, uint64_t value) {
  put(w, &(zw_token){.kind = ZW_TOKEN_UINT, .u = value});
}

void zw_cbor_bool(zw_cbor_writer *w, bool value) {
  put(w, &(zw_token){.kind = ZW_TOKEN_BOOL, .boolean = value});
}

void zw_cbor_null(zw_cbor_writer *w) { put(w, &(zw_token){.kind = ZW_TOKEN_NULL}); }

void zw_cbor_time(zw_cbor_writer *w, int64_t ns) {
  char text[ZW_TIME_TEXT_MAX];
  size_t len = zw_time_format(ns, text);
  zw_cbor_str(w, (zw_str){text, len});
}

/* ---- walking ---------------------------------------------------------------------------------- */

#define DEPTH_MAX 64

int zw_cbor_items_open(zw_cbor_items *items, zw_span octets) {
  zw_cbor_reader reader;
  zw_token token;
  *items = (zw_cbor_items){.octets = octets};
  zw_cbor_reader_init(&reader, octets, DEPTH_MAX);
  if (reader.reader.next(&reader.reader, &token, NULL)) return ZW_EPROTO;
  if (token.kind != ZW_TOKEN_ARRAY && token.kind != ZW_TOKEN_MAP) return ZW_EINVAL;
  items->is_map = token.kind == ZW_TOKEN_MAP;
  items->at = reader.at;
  items->left = token.count == SIZE_MAX || !items->is_map ? token.count : 2 * token.count;
  return 0;
}

bool zw_cbor_items_next(zw_cbor_items *items, zw_value *out) {
  zw_span rest = {items->octets.ptr + items->at, items->octets.len - items->at};
  if (!items->left || !rest.len || (items->left == SIZE_MAX && rest.ptr[0] == 0xFF)) return false;
  int64_t len = zw_cbor_length(rest, DEPTH_MAX);
  if (len <= 0) return false;
  if (items->left != SIZE_MAX) items->left--;
  items->at += (size_t)len;
  *out = (zw_value){.format = ZW_FORMAT_CBOR, .octets = {rest.ptr, (size_t)len}};
  return true;
}
