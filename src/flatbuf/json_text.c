/* SPDX-License-Identifier: Apache-2.0 */
/* Base64: 3 octets are 4 characters. Decoding refuses other characters and bits that are set beyond
 * the last octet. */
#include "json_text.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void zw_base64_encode(zw_span bytes, zw_text *out) {
  for (size_t i = 0; i < bytes.len; i += 3) {
    size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
    uint32_t v = (uint32_t)bytes.ptr[i] << 16;
    if (n > 1) v |= (uint32_t)bytes.ptr[i + 1] << 8;
    if (n > 2) v |= bytes.ptr[i + 2];
    char four[4] = {alphabet[v >> 18], alphabet[v >> 12 & 63], '=', '='};
    if (n > 1) four[2] = alphabet[v >> 6 & 63];
    if (n > 2) four[3] = alphabet[v & 63];
    zw_text_add(out, four, sizeof four);
  }
}

static int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool zw_base64_decode(zw_str text, uint8_t *out, size_t *len) {
  size_t n = text.len, written = 0;
  if (n % 4 == 0) {
    for (int pad = 0; pad < 2 && n && text.ptr[n - 1] == '='; pad++) n--;
  }
  if (n % 4 == 1) return false;
  uint32_t bits = 0;
  unsigned have = 0;
  for (size_t i = 0; i < n; i++) {
    int v = base64_value(text.ptr[i]);
    if (v < 0) return false;
    bits = (bits << 6 | (uint32_t)v) & 0xFFFFFF;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out[written++] = (uint8_t)(bits >> have);
  }
  if (bits & ((1u << have) - 1)) return false;
  *len = written;
  return true;
}
