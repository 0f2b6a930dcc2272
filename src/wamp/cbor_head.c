/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heads of CBOR data items, and the check that a value is well-formed.
 *
 * The check recurses once a container, at most `depth` times. Its work is linear: every loop
 * that counts elements consumes at least one octet an element, so a count that lies ends at the end
 * of the octets.
 */
#include "cbor_head.h"

#include "zerowire/wamp.h"

static bool head_value(zw_span octets, size_t *at, cbor_head *head) {
  size_t left = octets.len - *at, need = (size_t)1 << (head->info - 24);
  const uint8_t *p = octets.ptr + *at;
  if (left < need) return false;
  switch (need) {
    case 1: head->value = *p; break;
    case 2: head->value = zw_load_be16(p); break;
    case 4: head->value = zw_load_be32(p); break;
    default: head->value = zw_load_be64(p); break;
  }
  *at += need;
  return true;
}

bool zw_cbor_head_read(zw_span octets, size_t *at, cbor_head *head) {
  size_t begin = *at;
  if (begin >= octets.len) return false;
  uint8_t first = octets.ptr[begin];
  head->major = first >> 5;
  head->info = first & 31;
  head->indefinite = false;
  head->value = head->info;
  *at = begin + 1;
  if (head->info < 24) return true;
  if (head->info <= 27) {
    bool good = head_value(octets, at, head);
    /* RFC 8949, 3.3: two octets for a simple value below 32 are not well-formed. */
    if (good && head->major == CBOR_SIMPLE && head->info == 24) good = head->value >= 32;
    if (!good) *at = begin;
    return good;
  }
  head->indefinite = head->info == 31 && head->major >= CBOR_BYTES && head->major <= CBOR_MAP;
  head->value = 0;
  if (!head->indefinite) *at = begin;
  return head->indefinite;
}

size_t zw_cbor_head_write(uint8_t out[CBOR_HEAD_MAX], enum cbor_major major, uint64_t value) {
  uint8_t top = (uint8_t)(major << 5);
  if (value < 24) {
    out[0] = (uint8_t)(top | value);
    return 1;
  }
  if (value <= UINT8_MAX) {
    out[0] = top | 24;
    out[1] = (uint8_t)value;
    return 2;
  }
  if (value <= UINT16_MAX) {
    out[0] = top | 25;
    zw_store_be16(out + 1, (uint16_t)value);
    return 3;
  }
  if (value <= UINT32_MAX) {
    out[0] = top | 26;
    zw_store_be32(out + 1, (uint32_t)value);
    return 5;
  }
  out[0] = top | 27;
  zw_store_be64(out + 1, value);
  return 9;
}

static double float_of_bits(uint32_t bits) {
  float f;
  memcpy(&f, &bits, sizeof f);
  return (double)f;
}

/* Half to single: the exponent's bias differs by 112; subnormals are fractions of 2^-24. */
static double half_of_bits(uint32_t half) {
  uint32_t sign = (half & 0x8000u) << 16, exponent = half >> 10 & 31, fraction = half & 0x3FFu;
  if (exponent == 0) {
    double d = (double)fraction / 16777216.0;
    return sign ? -d : d;
  }
  return float_of_bits(sign | (exponent == 31 ? 255u : exponent + 112) << 23 | fraction << 13);
}

double zw_cbor_float(const cbor_head *head) {
  if (head->info == CBOR_HALF) return half_of_bits((uint32_t)head->value);
  if (head->info == CBOR_SINGLE) return float_of_bits((uint32_t)head->value);
  double d;
  memcpy(&d, &head->value, sizeof d);
  return d;
}

/* The content of a string; an indefinite one is a run of definite ones of its kind, each
 * well-formed by itself. */
static int skip_string(zw_span octets, size_t *at, const cbor_head *head) {
  if (!head->indefinite) {
    if (head->value > octets.len - *at) return ZW_EPROTO;
    zw_str text = {(const char *)octets.ptr + *at, (size_t)head->value};
    if (head->major == CBOR_TEXT && !zw_utf8_valid(text)) return ZW_EPROTO;
    *at += (size_t)head->value;
    return 0;
  }
  while (*at < octets.len && octets.ptr[*at] != CBOR_BREAK) {
    cbor_head piece;
    if (!zw_cbor_head_read(octets, at, &piece)) return ZW_EPROTO;
    if (piece.major != head->major || piece.indefinite) return ZW_EPROTO;
    int e = skip_string(octets, at, &piece);
    if (e) return e;
  }
  if (*at >= octets.len) return ZW_EPROTO;
  ++*at;
  return 0;
}

static int skip_items(zw_span octets, size_t *at, const cbor_head *head, uint32_t depth) {
  unsigned each = head->major == CBOR_MAP ? 2 : 1;
  for (uint64_t i = 0; head->indefinite || i < head->value; i++) {
    if (head->indefinite && *at < octets.len && octets.ptr[*at] == CBOR_BREAK) {
      ++*at;
      return 0;
    }
    for (unsigned k = 0; k < each; k++) {
      int e = zw_cbor_skip(octets, at, depth);
      if (e) return e;
    }
  }
  return 0;
}

int zw_cbor_skip(zw_span octets, size_t *at, uint32_t depth) {
  cbor_head head;
  do {
    if (!zw_cbor_head_read(octets, at, &head)) return ZW_EPROTO;
  } while (head.major == CBOR_TAG);
  switch (head.major) {
    case CBOR_BYTES:
    case CBOR_TEXT: return skip_string(octets, at, &head);
    case CBOR_ARRAY:
    case CBOR_MAP: return depth ? skip_items(octets, at, &head, depth - 1) : ZW_ELIMIT;
    default: return 0;
  }
}

int64_t zw_cbor_length(zw_span octets, uint32_t depth_max) {
  size_t at = 0;
  if (depth_max == 0) depth_max = 64;
  int e = zw_cbor_skip(octets, &at, depth_max < CBOR_DEPTH_MAX ? depth_max : CBOR_DEPTH_MAX);
  return e ? e : (int64_t)at;
}
