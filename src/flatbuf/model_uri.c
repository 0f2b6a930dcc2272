/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a declared URI or pattern is well-formed, by WAMP's loose rule: components parted by
 * dots, of anything but white space, '.' and '#'; the last may be empty in a prefix, any in a
 * wildcard. Declared URIs are stricter in one point: no octets below 33 and no DEL.
 */
#include "model_build.h"

bool zw_model_uri_valid(zw_str uri, enum zw_match match) {
  bool empty = true; /* the component so far */
  for (size_t i = 0; i < uri.len; i++) {
    uint8_t c = (uint8_t)uri.ptr[i];
    if (c <= ' ' || c == '#' || c == 0x7F) return false;
    if (c != '.') {
      empty = false;
      continue;
    }
    if (empty && match != ZW_MATCH_WILDCARD) return false;
    empty = true;
  }
  return uri.ptr && (!empty || match != ZW_MATCH_EXACT);
}
