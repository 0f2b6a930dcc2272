/* SPDX-License-Identifier: Apache-2.0 */
/*
 * URIs and patterns. A URI is components parted by dots. Exact: no component is empty; prefix: the
 * last one may be; wildcard: any may be. Loose components hold anything but white space, '.' and
 * '#'; strict ones a-z, 0-9 and '_'.
 *
 * White space is that of Unicode, which is what the specification's \s means in the routers that
 * there are.
 */
#include "zerowire/wamp.h"

/* The ASCII characters that a component may hold, a bit each: no control character that is white
 * space (9 to 13, 28 to 31), ' ' or '#'. */
static const uint64_t loose_octets[2] = {0xFFFFFFF60FFFC1FFu, UINT64_MAX};
/* 0-9, _ and a-z. */
static const uint64_t strict_octets[2] = {0x03FF000000000000u, 0x07FFFFFE80000000u};

/* Octets of a white space character beyond ASCII at p, else 0. */
static size_t wide_space(const uint8_t *p, size_t left) {
  if (left >= 2 && p[0] == 0xC2) return p[1] == 0x85 || p[1] == 0xA0 ? 2 : 0;
  if (left < 3) return 0;
  uint32_t c = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
  bool space = c == 0xE19A80 || (c >= 0xE28080 && c <= 0xE2808A) || c == 0xE280A8 ||
               c == 0xE280A9 || c == 0xE280AF || c == 0xE2819F || c == 0xE38080;
  return space ? 3 : 0;
}

static bool is_component_octet(const uint8_t *p, size_t left, enum zw_uri_rule rule) {
  uint8_t c = *p;
  if (c >= 0x80) return rule != ZW_URI_STRICT && wide_space(p, left) == 0;
  const uint64_t *octets = rule == ZW_URI_STRICT ? strict_octets : loose_octets;
  return octets[c >> 6] >> (c & 63) & 1;
}

bool zw_uri_valid(zw_str uri, enum zw_match match, enum zw_uri_rule rule) {
  const uint8_t *p = (const uint8_t *)uri.ptr;
  bool empty = true; /* the component so far */
  if (!p) return false;
  for (size_t i = 0; i < uri.len; i++) {
    if (p[i] == '.') {
      if (empty && match != ZW_MATCH_WILDCARD) return false;
      empty = true;
    } else if (is_component_octet(p + i, uri.len - i, rule)) {
      empty = false;
    } else {
      return false;
    }
  }
  return !empty || match != ZW_MATCH_EXACT;
}

bool zw_uri_reserved(zw_str uri) {
  return uri.len >= 4 && memcmp(uri.ptr, "wamp", 4) == 0 && (uri.len == 4 || uri.ptr[4] == '.');
}

/* The length of the component at `at`. */
static size_t component(zw_str uri, size_t at) {
  size_t n = 0;
  while (at + n < uri.len && uri.ptr[at + n] != '.') n++;
  return n;
}

static bool wildcard_matches(zw_str pattern, zw_str uri) {
  size_t p = 0, u = 0;
  for (;;) {
    size_t want = component(pattern, p), have = component(uri, u);
    if (want && (want != have || memcmp(pattern.ptr + p, uri.ptr + u, want) != 0)) return false;
    p += want;
    u += have;
    if (p == pattern.len || u == uri.len) return p == pattern.len && u == uri.len;
    p++;
    u++;
  }
}

bool zw_uri_matches(zw_str pattern, enum zw_match match, zw_str uri) {
  switch (match) {
    case ZW_MATCH_PREFIX:
      return pattern.len <= uri.len &&
             (pattern.len == 0 || memcmp(pattern.ptr, uri.ptr, pattern.len) == 0);
    case ZW_MATCH_WILDCARD: return wildcard_matches(pattern, uri);
    default: return zw_str_eq(pattern, uri);
  }
}
