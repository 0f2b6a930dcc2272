/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scan of JSON values (RFC 8259), and the unescaping of texts. Containers recurse, at most
 * `depth` times.
 */
#include "raw_value.h"

typedef struct cursor {
  const uint8_t *ptr;
  size_t len, at;
} cursor;

static int scan_value(cursor *c, uint32_t depth, raw_value *out);

static int peek(const cursor *c) { return c->at < c->len ? c->ptr[c->at] : -1; }

static void skip_blanks(cursor *c) {
  for (int b = peek(c); b == ' ' || b == '\t' || b == '\n' || b == '\r'; b = peek(c)) c->at++;
}

static int hex_digit(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four digits at p of an escape, or -1. */
static int32_t hex4(const uint8_t *p, size_t left) {
  int32_t value = 0;
  if (left < 4) return -1;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(p[i]);
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

/* The character of the escape at p (which is a backslash) and its octets; 0: it is none. */
static size_t read_escape(const uint8_t *p, size_t left, uint32_t *out) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  if (left < 2 || p[1] == 0) return 0;
  if (p[1] != 'u') {
    const char *name = strchr(names, p[1]);
    if (!name) return 0;
    *out = (uint8_t)values[name - names];
    return 2;
  }
  int32_t high = hex4(p + 2, left - 2);
  if (high < 0 || (high >= 0xDC00 && high < 0xE000)) return 0;
  *out = (uint32_t)high;
  if (high < 0xD800 || high >= 0xE000) return 6;
  int32_t low = left >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, left - 8) : -1;
  if (low < 0xDC00 || low >= 0xE000) return 0;
  *out = (uint32_t)(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
  return 12;
}

static int scan_string(cursor *c, raw_value *out) {
  size_t begin = ++c->at;
  bool escaped = false;
  for (int b = peek(c); b != '"'; b = peek(c)) {
    if (b < 0x20) return ZW_EPROTO;
    if (b != '\\') {
      c->at++;
      continue;
    }
    uint32_t character;
    size_t used = read_escape(c->ptr + c->at, c->len - c->at, &character);
    if (used == 0) return ZW_EPROTO;
    escaped = true;
    c->at += used;
  }
  zw_span content = zw_span_of(c->ptr + begin, c->at - begin);
  if (!zw_utf8_valid(zw_span_str(content))) return ZW_EPROTO;
  c->at++;
  out->kind = RAW_TEXT;
  out->escaped = escaped;
  out->content = content;
  /* WAMP: octets are a string of U+0000 and base64. */
  if (content.len >= 6 && memcmp(content.ptr, "\\u0000", 6) == 0) out->kind = RAW_BYTES;
  return 0;
}

static size_t skip_digits(cursor *c) {
  size_t begin = c->at;
  while (peek(c) >= '0' && peek(c) <= '9') c->at++;
  return c->at - begin;
}

static bool scan_fraction(cursor *c, bool *integer) {
  if (peek(c) == '.') {
    c->at++;
    *integer = false;
    if (skip_digits(c) == 0) return false;
  }
  if (peek(c) == 'e' || peek(c) == 'E') {
    c->at++;
    *integer = false;
    if (peek(c) == '+' || peek(c) == '-') c->at++;
    if (skip_digits(c) == 0) return false;
  }
  return true;
}

static bool decimal(const uint8_t *p, size_t len, uint64_t *value) {
  *value = 0;
  for (size_t i = 0; i < len; i++) {
    uint64_t digit = (uint64_t)(p[i] - '0');
    if (*value > (UINT64_MAX - digit) / 10) return false;
    *value = *value * 10 + digit;
  }
  return true;
}

static int scan_number(cursor *c, raw_value *out) {
  bool negative = peek(c) == '-', integer = true;
  if (negative) c->at++;
  size_t begin = c->at, digits = skip_digits(c);
  if (digits == 0 || (digits > 1 && c->ptr[begin] == '0') || !scan_fraction(c, &integer))
    return ZW_EPROTO;
  out->kind = RAW_FLOAT;
  if (!integer || !decimal(c->ptr + begin, digits, &out->u)) return 0;
  if (!negative) {
    out->kind = RAW_UINT;
  } else if (out->u > 0 && out->u <= (uint64_t)1 << 63) {
    out->kind = RAW_NINT;
    out->u--;
  }
  return 0;
}

static int scan_word(cursor *c, raw_value *out) {
  static const struct {
    const char *text;
    uint8_t kind;
    bool value;
  } words[] = {{"null", RAW_NULL, false}, {"true", RAW_BOOL, true}, {"false", RAW_BOOL, false}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t n = strlen(words[i].text);
    if (c->len - c->at < n || memcmp(c->ptr + c->at, words[i].text, n) != 0) continue;
    c->at += n;
    out->kind = words[i].kind;
    out->boolean = words[i].value;
    return 0;
  }
  return ZW_EPROTO;
}

static int scan_key(cursor *c) {
  raw_value key;
  if (peek(c) != '"') return ZW_EPROTO;
  int e = scan_string(c, &key);
  if (e) return e;
  skip_blanks(c);
  if (peek(c) != ':') return ZW_EPROTO;
  c->at++;
  skip_blanks(c);
  return 0;
}

static int scan_container(cursor *c, uint32_t depth, raw_value *out) {
  bool map = peek(c) == '{';
  int close = map ? '}' : ']';
  if (depth == 0) return ZW_ELIMIT;
  out->kind = map ? RAW_MAP : RAW_ARRAY;
  c->at++;
  skip_blanks(c);
  out->empty = peek(c) == close;
  for (bool more = !out->empty; more;) {
    raw_value element;
    int e = map ? scan_key(c) : 0;
    if (!e) e = scan_value(c, depth - 1, &element);
    if (e) return e;
    skip_blanks(c);
    more = peek(c) == ',';
    if (more) c->at++;
    skip_blanks(c);
  }
  if (peek(c) != close) return ZW_EPROTO;
  c->at++;
  return 0;
}

static int scan_value(cursor *c, uint32_t depth, raw_value *out) {
  int b = peek(c);
  memset(out, 0, sizeof *out);
  if (b == '"') return scan_string(c, out);
  if (b == '[' || b == '{') return scan_container(c, depth, out);
  if (b == '-' || (b >= '0' && b <= '9')) return scan_number(c, out);
  return scan_word(c, out);
}

int zw_raw_scan_json(zw_span octets, size_t *at, uint32_t depth, raw_value *out) {
  cursor c = {octets.ptr, octets.len, *at};
  int e = scan_value(&c, depth, out);
  out->whole = zw_span_of(octets.ptr + *at, c.at - *at);
  *at = c.at;
  return e;
}

static size_t put_utf8(uint8_t *out, uint32_t c) {
  if (c < 0x80) {
    out[0] = (uint8_t)c;
    return 1;
  }
  size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (size_t i = n - 1; i > 0; i--) {
    out[i] = (uint8_t)(0x80 | (c & 0x3F));
    c >>= 6;
  }
  out[0] = (uint8_t)(lead[n] | c);
  return n;
}

/* An escape is longer than what it stands for, so the text fits where its content did. */
zw_str zw_raw_unescape(zw_span content, zw_arena *arena) {
  uint8_t *out = zw_arena_get(arena, content.len + 1);
  if (!out) return (zw_str){NULL, 0};
  size_t n = 0;
  for (size_t i = 0; i < content.len;) {
    uint32_t character = 0;
    size_t used =
        content.ptr[i] == '\\' ? read_escape(content.ptr + i, content.len - i, &character) : 0;
    if (used == 0) {
      out[n++] = content.ptr[i++];
    } else {
      n += put_utf8(out + n, character);
      i += used;
    }
  }
  return (zw_str){(const char *)out, n};
}
