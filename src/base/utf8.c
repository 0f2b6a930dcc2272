/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 as RFC 3629 section 4 defines it. A lead octet determines the length and the range of the
 * second octet, which alone rules out overlong forms, surrogates and code points above U+10FFFF.
 * Runs of ASCII are taken eight octets at a time.
 */
#include "zerowire/base.h"

struct lead {
  uint8_t first, last; /* lead octets */
  uint8_t length;
  uint8_t low, high; /* second octet */
};

static const struct lead leads[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct lead *lead_of(uint8_t octet) {
  for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
    if (octet >= leads[i].first && octet <= leads[i].last) return &leads[i];
  return NULL;
}

static size_t skip_ascii(const uint8_t *p, size_t len) {
  size_t i = 0;
  for (; i + 8 <= len; i += 8) {
    uint64_t word;
    memcpy(&word, p + i, 8);
    if (word & 0x8080808080808080u) break;
  }
  while (i < len && p[i] < 0x80) i++;
  return i;
}

/* How many octets of the character at p[0..len) are well-formed; *length: how many it needs, 0:
 * none can follow. */
static size_t character(const uint8_t *p, size_t len, size_t *length) {
  const struct lead *lead = lead_of(p[0]);
  *length = lead ? lead->length : 0;
  if (!lead) return 0;
  size_t i = 1;
  if (i < len && i < lead->length && (p[i] < lead->low || p[i] > lead->high)) *length = 0;
  for (; i < len && i < lead->length; i++)
    if ((p[i] & 0xC0) != 0x80) *length = 0;
  return i;
}

size_t zw_utf8_prefix(zw_str text, size_t *partial) {
  const uint8_t *p = (const uint8_t *)text.ptr;
  size_t at = 0;
  if (partial) *partial = 0;
  while (at < text.len) {
    at += skip_ascii(p + at, text.len - at);
    if (at == text.len) break;
    size_t length, have = character(p + at, text.len - at, &length);
    if (length == 0) break;
    if (have < length) {
      if (partial) *partial = have;
      break;
    }
    at += length;
  }
  return at;
}

bool zw_utf8_valid(zw_str text) { return zw_utf8_prefix(text, NULL) == text.len; }
