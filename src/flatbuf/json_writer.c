/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens as JSON text: in our form (one line, or indented) or in flatc's.
 *
 * The state is one bit a level (map or array), whether something stands before on this level, and
 * whether a value must follow a key. The text is written in place: its memory is asked for once a
 * token.
 *
 * flatc's form differs in what stands between tokens, in names without quotes, and in how floats
 * and strings are written. A FlexBuffer inside is on one line, with a space at every bracket,
 * however the rest is laid out (`line_depth`).
 */
#include <math.h>
#include <stdio.h>

#include "float_text.h"
#include "json_string.h"
#include "json_text.h"
#include "json_writer.h"

#define DEPTH_LIMIT 256

static bool in_map(const zw_json_writer *json) {
  uint32_t level = json->depth - 1;
  return json->depth > 0 && (json->state[level / 8] >> (level % 8) & 1);
}

static void put(zw_json_writer *json, const char *text, size_t len) {
  zw_json_put(json->out, text, len);
}

static bool is_flatc(const zw_json_writer *json) { return json->flags & ZW_JSON_FLATC; }

/* Inside of a FlexBuffer that flatc's form shows. */
static bool on_line(const zw_json_writer *json) {
  return json->line_depth && json->depth >= json->line_depth;
}

static void new_line(zw_json_writer *json) {
  if (on_line(json)) {
    put(json, " ", 1);
    return;
  }
  if (json->indent <= 0) return;
  size_t need = (size_t)json->indent * json->depth;
  char *p = zw_json_room(json->out, need + 1);
  if (!p) return;
  *p = '\n';
  memset(p + 1, ' ', need);
  json->out->len += need + 1;
}

/* What stands before a key or an element. */
static void separate(zw_json_writer *json) {
  if (json->value_next || json->depth == 0) return;
  if (!json->first) put(json, ",", 1);
  /* A bracket on one line has brought its space. */
  if (!(json->first && on_line(json))) new_line(json);
  json->first = false;
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
  if (is_flatc(json)) {
    char *p = zw_json_room(json->out, ZW_FIXED_TEXT_MAX);
    if (p) json->out->len += zw_fixed_text(token->d, token->single ? 6 : 12, p);
  } else if (is_json_number(token->text)) {
    put(json, token->text.ptr, token->text.len);
  } else if (!isfinite(token->d) && !(json->flags & ZW_JSON_NAN)) {
    put(json, "null", 4);
  } else {
    char *p = zw_json_room(json->out, ZW_FLOAT_TEXT_MAX);
    if (p)
      json->out->len +=
          token->single ? zw_float_text((float)token->d, p) : zw_double_text(token->d, p);
  }
}

static void put_integer(zw_json_writer *json, bool negative, uint64_t magnitude) {
  char *p = zw_json_room(json->out, 24);
  if (!p) return;
  if (negative) *p = '-';
  json->out->len += negative + zw_uint_text(magnitude, p + negative);
}

static int put_string(zw_json_writer *json, zw_str text) {
  if (!is_flatc(json)) return zw_json_put_string(json->out, text);
  bool line = on_line(json) || json->line_depth == json->depth + 1;
  return zw_json_put_flatc_string(json->out, text, !line && json->flags & ZW_JSON_NATURAL_UTF8,
                                  line || json->flags & ZW_JSON_ANY_OCTETS);
}

static int put_bytes(zw_json_writer *json, zw_span bytes) {
  if (is_flatc(json)) return put_string(json, zw_span_str(bytes));
  put(json, "\"\\u0000", 7);
  zw_base64_encode(bytes, json->out);
  put(json, "\"", 1);
  return 0;
}

static int put_scalar(zw_json_writer *json, const zw_token *token) {
  switch (token->kind) {
    case ZW_TOKEN_NULL: put(json, "null", 4); return 0;
    case ZW_TOKEN_BOOL:
      put(json, token->boolean ? "true" : "false", token->boolean ? 4 : 5);
      return 0;
    case ZW_TOKEN_INT: put_integer(json, true, 0 - (uint64_t)token->i); return 0;
    case ZW_TOKEN_UINT: put_integer(json, false, token->u); return 0;
    case ZW_TOKEN_FLOAT: put_float(json, token); return 0;
    case ZW_TOKEN_STRING:
      if (token->bare && on_line(json) && !(json->flags & ZW_JSON_QUOTED_NAMES)) {
        put(json, token->text.ptr, token->text.len);
        return 0;
      }
      return put_string(json, token->text);
    case ZW_TOKEN_BYTES: return put_bytes(json, token->bytes);
    default: return ZW_EINVAL;
  }
}

static bool is_name(zw_str text) {
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return text.len > 0;
}

/* Whether a name needs no quotes: in flatc's form fields never do, keys of a FlexBuffer if they
 * look like one. */
static bool is_bare(const zw_json_writer *json, const zw_token *token) {
  if (!is_flatc(json) || json->flags & ZW_JSON_QUOTED_NAMES) return false;
  return token->kind == ZW_TOKEN_STRING && (!on_line(json) || is_name(token->text));
}

static int put_key(zw_json_writer *json, const zw_token *token) {
  bool quoted =
      token->kind == ZW_TOKEN_INT || token->kind == ZW_TOKEN_UINT || token->kind == ZW_TOKEN_BOOL;
  if (!quoted && token->kind != ZW_TOKEN_STRING) return ZW_EINVAL;
  separate(json);
  if (quoted) put(json, "\"", 1);
  int e = 0;
  if (is_bare(json, token)) {
    put(json, token->text.ptr, token->text.len);
  } else {
    e = put_scalar(json, token);
  }
  if (quoted) put(json, "\"", 1);
  put(json, ": ", json->indent > 0 || is_flatc(json) ? 2 : 1);
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
  if (on_line(json)) put(json, " ", 1);
  return 0;
}

static int close_container(zw_json_writer *json, bool map) {
  if (json->depth == 0 || in_map(json) != map || json->value_next) return ZW_EINVAL;
  bool line = on_line(json);
  /* flatc ends a line for each element, also if there is none: two for an empty array. */
  if (json->first && is_flatc(json) && !map && !line && json->indent > 0) put(json, "\n", 1);
  json->depth--;
  if (line) put(json, " ", 1);
  if (!line && (!json->first || is_flatc(json))) new_line(json);
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

/* Memory has room for the terminator always: zw_json_room asks for one more. */
static int json_write(zw_token_writer *writer, const zw_token *token) {
  zw_json_writer *json = (zw_json_writer *)writer;
  if (json->error) return json->error;
  json->error = write_token(json, token);
  if (!json->error) json->error = json->out->error;
  if (json->out->ptr && json->out->len < json->out->capacity) json->out->ptr[json->out->len] = 0;
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

void zw_json_writer_line(zw_token_writer *writer, bool on) {
  if (writer->write != json_write) return;
  zw_json_writer *json = (zw_json_writer *)writer;
  if (is_flatc(json)) json->line_depth = on ? json->depth + 1 : 0;
}
