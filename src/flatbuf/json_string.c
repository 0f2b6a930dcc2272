/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings as JSON text. Runs that need no escape are found eight octets at a time and copied whole;
 * whether the text is UTF-8 is asked only if an octet beyond ASCII was seen.
 */
#include "json_string.h"

#define ONES 0x0101010101010101u
#define HIGH 0x8080808080808080u

/* A high bit for each octet of the word that is below 0x20, a quote, a backslash, 0x7F, or beyond
 * ASCII. An octet above one of these may be marked too: the first mark is right. */
static uint64_t marks(uint64_t w) {
  uint64_t control = w - ONES * 0x20, quote = (w ^ ONES * '"') - ONES,
           backslash = (w ^ ONES * '\\') - ONES, del = (w ^ ONES * 0x7F) - ONES;
  return (control | quote | backslash | del | w) & HIGH;
}

/* How many octets from p on are printable ASCII without quote and backslash. */
static size_t plain_run(const char *p, size_t len) {
  size_t i = 0;
  for (; i + 8 <= len; i += 8) {
    uint64_t word = zw_load_le64(p + i), found = marks(word);
    if (found) return i + (size_t)(__builtin_ctzll(found) / 8);
  }
  for (; i < len; i++) {
    uint8_t c = (uint8_t)p[i];
    if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') break;
  }
  return i;
}

static const char *short_escape(uint8_t c) {
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return NULL;
  }
}

static void put_unicode(zw_text *out, uint32_t unit, const char *digits) {
  char text[6] = {'\\',
                  'u',
                  digits[unit >> 12 & 15],
                  digits[unit >> 8 & 15],
                  digits[unit >> 4 & 15],
                  digits[unit & 15]};
  zw_json_put(out, text, sizeof text);
}

static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";

int zw_json_put_string(zw_text *out, zw_str text) {
  bool checked = false;
  char *p = zw_json_room(out, text.len + 2);
  if (!p) return 0;
  out->ptr[out->len++] = '"';
  for (size_t at = 0; at < text.len;) {
    size_t n = plain_run(text.ptr + at, text.len - at);
    zw_json_put(out, text.ptr + at, n);
    at += n;
    if (at == text.len) break;
    uint8_t c = (uint8_t)text.ptr[at];
    const char *escape = short_escape(c);
    if (c >= 0x80) {
      if (!checked && !zw_utf8_valid(text)) return ZW_EVERIFY;
      checked = true;
      for (n = 1; at + n < text.len && (uint8_t)text.ptr[at + n] >= 0x80;) n++;
      zw_json_put(out, text.ptr + at, n);
      at += n;
      continue;
    }
    if (escape) {
      zw_json_put(out, escape, 2);
    } else {
      put_unicode(out, c, lower);
    }
    at++;
  }
  zw_json_put(out, "\"", 1);
  return 0;
}

/* The character at the begin of the text, which is not empty; 0 octets: none that UTF-8 allows. */
static size_t first_character(zw_str text, uint32_t *out) {
  const uint8_t *p = (const uint8_t *)text.ptr;
  size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  if (n > text.len || !zw_utf8_valid((zw_str){text.ptr, n})) return 0;
  uint32_t c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
  for (size_t i = 1; i < n; i++) c = c << 6 | (p[i] & 0x3F);
  *out = c;
  return n;
}

/* One character, or one octet, that does not stand for itself; how many octets it was. */
static size_t put_flatc_special(zw_text *out, zw_str rest, bool natural, bool any) {
  uint8_t octet = (uint8_t)rest.ptr[0];
  const char *escape = short_escape(octet);
  if (escape) {
    zw_json_put(out, escape, 2);
    return 1;
  }
  uint32_t c;
  size_t n = first_character(rest, &c);
  if (!n && !any) return 0;
  if (!n) {
    char text[4] = {'\\', 'x', upper[octet >> 4], upper[octet & 15]};
    zw_json_put(out, text, sizeof text);
    return 1;
  }
  if (natural) {
    zw_json_put(out, rest.ptr, n);
  } else if (c < 0x10000) {
    put_unicode(out, c, upper);
  } else {
    put_unicode(out, 0xD800 + ((c - 0x10000) >> 10), upper);
    put_unicode(out, 0xDC00 + ((c - 0x10000) & 0x3FF), upper);
  }
  return n;
}

int zw_json_put_flatc_string(zw_text *out, zw_str text, bool natural, bool any) {
  zw_json_put(out, "\"", 1);
  while (text.len) {
    size_t n = plain_run(text.ptr, text.len);
    zw_json_put(out, text.ptr, n);
    if (n < text.len) {
      zw_str rest = {text.ptr + n, text.len - n};
      size_t special = put_flatc_special(out, rest, natural, any);
      if (!special) return ZW_EVERIFY;
      n += special;
    }
    text.ptr += n;
    text.len -= n;
  }
  zw_json_put(out, "\"", 1);
  return 0;
}
