/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens as JSON text. `state` has one bit a level that tells maps from arrays; `value_next`: a key
 * has been written, its value follows; `first`: nothing has been written in the innermost
 * container. The error is sticky.
 */
#include <math.h>
#include <stdio.h>

#include "float_text.h"
#include "json_text.h"
#include "zerowire/reflect.h"

#define DEPTH_LIMIT 128

static bool in_map(const zw_json_writer *json) {
  uint32_t level = json->depth - 1;
  return json->depth > 0 && (json->state[level / 8] >> (level % 8) & 1);
}

static void put(zw_json_writer *json, const char *text, size_t len) {
  zw_text_add(json->out, text, len);
}

static void new_line(zw_json_writer *json) {
  static const char blanks[] = "\n                                                               ";
  if (json->indent <= 0) return;
  size_t need = (size_t)json->indent * json->depth;
  put(json, blanks, 1);
  while (need) {
    size_t n = need < sizeof blanks - 2 ? need : sizeof blanks - 2;
    put(json, blanks + 1, n);
    need -= n;
  }
}

/* What stands before a key or an element. */
static void separate(zw_json_writer *json) {
  if (json->value_next || json->depth == 0) return;
  if (!json->first) put(json, ",", 1);
  json->first = false;
  new_line(json);
}

static void put_escaped(zw_json_writer *json, uint8_t c) {
  static const char names[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
  const char *name = c ? strchr(names, c) : NULL;
  char text[8];
  int n = name ? snprintf(text, sizeof text, "\\%c", letters[name - names])
               : snprintf(text, sizeof text, "\\u%04x", c);
  put(json, text, (size_t)n);
}

static int put_string(zw_json_writer *json, zw_str text) {
  if (!zw_utf8_valid(text)) return ZW_EVERIFY;
  put(json, "\"", 1);
  size_t start = 0;
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = (uint8_t)text.ptr[i];
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
    put(json, text.ptr + start, i - start);
    put_escaped(json, c);
    start = i + 1;
  }
  if (start < text.len) put(json, text.ptr + start, text.len - start);
  put(json, "\"", 1);
  return 0;
}

static size_t digits(const char *p, const char *end) {
  size_t n = 0;
  while (p + n < end && p[n] >= '0' && p[n] <= '9') n++;
  return n;
}

/* Whether a literal that a source hands on is a number in RFC 8259's grammar. */
static bool is_json_number(zw_str text) {
  if (!text.ptr) return false;
  const char *p = text.ptr, *end = p + text.len;
  if (p < end && *p == '-') p++;
  size_t n = digits(p, end);
  if (n == 0 || (n > 1 && *p == '0')) return false;
  p += n;
  if (p < end && *p == '.') {
    n = digits(p + 1, end);
    if (n == 0) return false;
    p += 1 + n;
  }
  if (p < end && (*p == 'e' || *p == 'E')) {
    p++;
    if (p < end && (*p == '+' || *p == '-')) p++;
    n = digits(p, end);
    if (n == 0) return false;
    p += n;
  }
  return p == end;
}

static void put_float(zw_json_writer *json, const zw_token *token) {
  if (is_json_number(token->text)) {
    put(json, token->text.ptr, token->text.len);
  } else if (!isfinite(token->d) && !(json->flags & ZW_JSON_NAN)) {
    put(json, "null", 4);
  } else {
    char text[ZW_FLOAT_TEXT_MAX];
    put(json, text, zw_double_text(token->d, text));
  }
}

static void put_bytes(zw_json_writer *json, zw_span bytes) {
  put(json, "\"\\u0000", 7);
  zw_base64_encode(bytes, json->out);
  put(json, "\"", 1);
}

static int put_scalar(zw_json_writer *json, const zw_token *token) {
  char text[24];
  switch (token->kind) {
    case ZW_TOKEN_NULL: put(json, "null", 4); return 0;
    case ZW_TOKEN_BOOL:
      put(json, token->boolean ? "true" : "false", token->boolean ? 4 : 5);
      return 0;
    case ZW_TOKEN_INT:
      put(json, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)token->i));
      return 0;
    case ZW_TOKEN_UINT:
      put(json, text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)token->u));
      return 0;
    case ZW_TOKEN_FLOAT: put_float(json, token); return 0;
    case ZW_TOKEN_STRING: return put_string(json, token->text);
    case ZW_TOKEN_BYTES: put_bytes(json, token->bytes); return 0;
    default: return ZW_EINVAL;
  }
}

static int put_key(zw_json_writer *json, const zw_token *token) {
  bool quoted =
      token->kind == ZW_TOKEN_INT || token->kind == ZW_TOKEN_UINT || token->kind == ZW_TOKEN_BOOL;
  if (!quoted && token->kind != ZW_TOKEN_STRING) return ZW_EINVAL;
  separate(json);
  if (quoted) put(json, "\"", 1);
  int e = put_scalar(json, token);
  if (quoted) put(json, "\"", 1);
  put(json, ": ", json->indent > 0 ? 2 : 1);
  json->value_next = true;
  return e;
}

static int open_container(zw_json_writer *json, bool map) {
  if (json->depth >= DEPTH_LIMIT) return ZW_ELIMIT;
  put(json, map ? "{" : "[", 1);
  uint8_t bit = (uint8_t)(1u << (json->depth % 8));
  uint8_t *state = &json->state[json->depth / 8];
  *state = (uint8_t)(map ? *state | bit : *state & ~bit);
  json->depth++;
  json->first = true;
  return 0;
}

static int close_container(zw_json_writer *json, bool map) {
  if (json->depth == 0 || in_map(json) != map || json->value_next) return ZW_EINVAL;
  json->depth--;
  if (!json->first) new_line(json);
  put(json, map ? "}" : "]", 1);
  json->first = false;
  return 0;
}

static int write_token(zw_json_writer *json, const zw_token *token) {
  if (token->kind == ZW_TOKEN_MAP_END || token->kind == ZW_TOKEN_ARRAY_END) {
    return close_container(json, token->kind == ZW_TOKEN_MAP_END);
  }
  if (in_map(json) && !json->value_next) return put_key(json, token);
  separate(json);
  json->value_next = false;
  if (token->kind == ZW_TOKEN_MAP || token->kind == ZW_TOKEN_ARRAY) {
    return open_container(json, token->kind == ZW_TOKEN_MAP);
  }
  return put_scalar(json, token);
}

static int json_write(zw_token_writer *writer, const zw_token *token) {
  zw_json_writer *json = (zw_json_writer *)writer;
  if (!json->error) json->error = write_token(json, token);
  if (!json->error) json->error = json->out->error;
  return json->error;
}

void zw_json_writer_init(zw_json_writer *json, zw_text *out, uint32_t flags, int indent) {
  memset(json, 0, sizeof *json);
  json->writer.write = json_write;
  json->out = out;
  json->flags = flags;
  json->indent = indent;
  json->first = true;
}
