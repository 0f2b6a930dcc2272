/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text as a stream of tokens, strict (RFC 8259) or relaxed (what flatc reads; reflect.h has
 * the list).
 *
 * The state between two calls is `expect`, what may come next, and one bit a level that tells maps
 * from arrays; so it is small, and can be saved and restored (mark, rewind). Invariants: at <=
 * text.len; depth <= depth_max <= 256. Strings without escapes are handed out as spans of the text,
 * others are unescaped into `scratch`.
 */
#include <math.h>

#include "float_text.h"
#include "json_text.h"
#include "zerowire/reflect.h"

enum expect {
  EXPECT_VALUE,        /* the top value, or what follows a key */
  EXPECT_VALUE_OR_END, /* after '[' */
  EXPECT_ELEMENT,      /* after ',' in an array */
  EXPECT_KEY_OR_END,   /* after '{' */
  EXPECT_KEY,          /* after ',' in a map */
  EXPECT_COMMA,        /* after a value in a container */
  EXPECT_DONE,         /* after the top value */
};

#define DEPTH_LIMIT 256

static bool is_strict(const zw_json_reader *json) { return (json->flags & ZW_JSON_STRICT) != 0; }

static bool in_map(const zw_json_reader *json) {
  uint32_t level = json->depth - 1;
  return json->depth > 0 && (json->state[level / 8] >> (level % 8) & 1);
}

/* The octet at `at` + ahead, or -1 at the end. */
static int peek(const zw_json_reader *json, size_t ahead) {
  return ahead < json->text.len - json->at ? (uint8_t)json->text.ptr[json->at + ahead] : -1;
}

static void json_locate(const zw_token_reader *reader, size_t offset, zw_place *place) {
  const zw_json_reader *json = (const zw_json_reader *)reader;
  uint32_t line = 1;
  size_t start = 0;
  if (offset > json->text.len) offset = json->text.len;
  for (size_t i = 0; i < offset; i++) {
    if (json->text.ptr[i] == '\n') {
      line++;
      start = i + 1;
    }
  }
  place->line = line;
  place->column = (uint32_t)(offset - start + 1);
}

static int json_fail(const zw_json_reader *json, zw_diag *diag, int error, size_t offset,
                     const char *what) {
  zw_fail_at(diag, error, offset, "%s", what);
  if (diag) json_locate(&json->reader, offset, &diag->at);
  return error;
}

static int json_fail_here(const zw_json_reader *json, zw_diag *diag, const char *expected) {
  int c = peek(json, 0);
  if (c < 0) {
    zw_fail_at(diag, ZW_ESYNTAX, json->at, "%s is expected, here the text ends.", expected);
  } else if (c > 0x20 && c < 0x7F) {
    zw_fail_at(diag, ZW_ESYNTAX, json->at, "%s is expected, here is '%c'.", expected, c);
  } else {
    zw_fail_at(diag, ZW_ESYNTAX, json->at, "%s is expected, here is octet %02X.", expected,
               (unsigned)c);
  }
  if (diag) json_locate(&json->reader, json->at, &diag->at);
  return ZW_ESYNTAX;
}

/* ---- blanks and comments ---- */

static int skip_comment(zw_json_reader *json, zw_diag *diag) {
  size_t start = json->at;
  if (peek(json, 1) == '/') {
    while (peek(json, 0) >= 0 && peek(json, 0) != '\n' && peek(json, 0) != '\r') json->at++;
    return 0;
  }
  json->at += 2;
  while (peek(json, 0) >= 0 && !(peek(json, 0) == '*' && peek(json, 1) == '/')) json->at++;
  if (peek(json, 0) < 0)
    return json_fail(json, diag, ZW_ESYNTAX, start, "The comment is not closed.");
  json->at += 2;
  return 0;
}

static int skip_blanks(zw_json_reader *json, zw_diag *diag) {
  for (;;) {
    int c = peek(json, 0);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      json->at++;
    } else if (c == '/' && !is_strict(json) && (peek(json, 1) == '/' || peek(json, 1) == '*')) {
      int e = skip_comment(json, diag);
      if (e) return e;
    } else {
      return 0;
    }
  }
}

/* ---- strings ---- */

static int hex_value(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* `digits` hex digits at `at` + ahead; -1: they are not there. */
static int32_t read_hex(const zw_json_reader *json, size_t ahead, unsigned digits) {
  int32_t value = 0;
  for (unsigned i = 0; i < digits; i++) {
    int digit = hex_value(peek(json, ahead + i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

static void add_utf8(zw_text *text, uint32_t c) {
  uint8_t out[4];
  size_t n = 0;
  if (c < 0x80) {
    out[n++] = (uint8_t)c;
  } else if (c < 0x800) {
    out[n++] = (uint8_t)(0xC0 | c >> 6);
    out[n++] = (uint8_t)(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out[n++] = (uint8_t)(0xE0 | c >> 12);
    out[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[n++] = (uint8_t)(0x80 | (c & 0x3F));
  } else {
    out[n++] = (uint8_t)(0xF0 | c >> 18);
    out[n++] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    out[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    out[n++] = (uint8_t)(0x80 | (c & 0x3F));
  }
  zw_text_add(text, out, n);
}

/* \uXXXX at `at`; two of them for a character beyond the basic plane. */
static int read_unicode_escape(zw_json_reader *json, zw_diag *diag) {
  int32_t c = read_hex(json, 2, 4);
  if (c < 0)
    return json_fail(json, diag, ZW_ESYNTAX, json->at, "\\u needs four hexadecimal digits.");
  size_t used = 6;
  if (c >= 0xD800 && c < 0xE000) {
    int32_t low = peek(json, 6) == '\\' && peek(json, 7) == 'u' ? read_hex(json, 8, 4) : -1;
    if (c >= 0xDC00 || low < 0xDC00 || low >= 0xE000) {
      return json_fail(json, diag, ZW_ESYNTAX, json->at, "A surrogate needs its other half.");
    }
    c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    used = 12;
  }
  add_utf8(&json->scratch, (uint32_t)c);
  json->at += used;
  return 0;
}

static int read_escape(zw_json_reader *json, zw_diag *diag) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  int c = peek(json, 1);
  if (c == 'u') return read_unicode_escape(json, diag);
  const char *name = c > 0 ? strchr(names, c) : NULL;
  char value;
  size_t used = 2;
  if (name) {
    value = values[name - names];
  } else if (!is_strict(json) && c == '\'') {
    value = '\'';
  } else if (!is_strict(json) && c == 'x' && read_hex(json, 2, 2) >= 0) {
    value = (char)read_hex(json, 2, 2);
    json->octet_escapes |= (value & 0x80) != 0;
    used = 4;
  } else {
    return json_fail(json, diag, ZW_ESYNTAX, json->at,
                     "This escape is not known. Write \\\\ for a backslash.");
  }
  zw_text_add(&json->scratch, &value, 1);
  json->at += used;
  return 0;
}

/* Octets up to the next quote or backslash, checked. */
static int read_plain(zw_json_reader *json, int quote, zw_str *plain, zw_diag *diag) {
  size_t start = json->at;
  const char *p = json->text.ptr + start, *end = json->text.ptr + json->text.len;
  bool ascii = true;
  while (p < end && (uint8_t)*p >= 0x20 && *p != quote && *p != '\\') ascii &= (uint8_t)*p++ < 0x80;
  json->at = (size_t)(p - json->text.ptr);
  int c = peek(json, 0);
  plain->ptr = json->text.ptr + start;
  plain->len = json->at - start;
  if (c >= 0 && c < 0x20) {
    return json_fail(json, diag, ZW_ESYNTAX, json->at,
                     "A control character in a string must be escaped.");
  }
  if (!ascii && !(json->flags & ZW_JSON_ANY_OCTETS) && !json->octet_escapes &&
      !zw_utf8_valid(*plain)) {
    size_t good = zw_utf8_prefix(*plain, NULL);
    return json_fail(json, diag, ZW_ESYNTAX, start + good, "The string is not UTF-8.");
  }
  return 0;
}

static int read_string(zw_json_reader *json, zw_str *out, zw_diag *diag) {
  size_t start = json->at;
  int quote = peek(json, 0);
  json->at++;
  json->octet_escapes = false;
  zw_str plain;
  int e = read_plain(json, quote, &plain, diag);
  if (e) return e;
  bool escaped = false;
  while (peek(json, 0) == '\\') {
    if (!escaped) zw_text_reset(&json->scratch);
    if (!escaped) zw_text_add_str(&json->scratch, plain);
    escaped = true;
    e = read_escape(json, diag);
    if (!e) e = read_plain(json, quote, &plain, diag);
    if (e) return e;
    zw_text_add_str(&json->scratch, plain);
  }
  if (peek(json, 0) < 0)
    return json_fail(json, diag, ZW_ESYNTAX, start, "The string is not closed.");
  json->at++;
  if (escaped && json->scratch.error)
    return json_fail(json, diag, json->scratch.error, start, "Out of memory.");
  *out = escaped ? zw_text_str(&json->scratch) : plain;
  /* Octets that were escaped one by one make characters only together. */
  if (json->octet_escapes && !(json->flags & ZW_JSON_ANY_OCTETS) && !zw_utf8_valid(*out))
    return json_fail(json, diag, ZW_ESYNTAX, start, "The string is not UTF-8.");
  return 0;
}

static bool is_name_start(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static zw_str read_name(zw_json_reader *json) {
  size_t start = json->at;
  for (int c = peek(json, 0); is_name_start(c) || (c >= '0' && c <= '9') || c == '.';
       c = peek(json, 0))
    json->at++;
  zw_str name = {json->text.ptr + start, json->at - start};
  return name;
}

/* A string that WAMP marks as octets: "\0" and base64. */
static int read_binary(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  zw_str text = {token->text.ptr + 1, token->text.len - 1};
  size_t n = 0;
  /* The text is in the scratch: only an escape can make U+0000. It shrinks, so it is decoded in
   * place. */
  uint8_t *out = (uint8_t *)json->scratch.ptr;
  if (!zw_base64_decode(text, out, &n)) {
    return json_fail(json, diag, ZW_ESYNTAX, token->offset,
                     "The string begins with U+0000, but is not base64.");
  }
  token->kind = ZW_TOKEN_BYTES;
  token->bytes = zw_span_of(out, n);
  token->text = (zw_str){NULL, 0};
  return 0;
}

static int read_string_value(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  token->kind = ZW_TOKEN_STRING;
  int e = read_string(json, &token->text, diag);
  if (e) return e;
  if ((json->flags & ZW_JSON_BINARY) && token->text.len && token->text.ptr[0] == 0) {
    return read_binary(json, token, diag);
  }
  return 0;
}

/* ---- numbers ---- */

/* The extent of a number that begins at `at`; *integer: neither fraction nor exponent. 0: it is
 * none. */
static size_t scan_number(const zw_json_reader *json, bool *integer) {
  bool strict = is_strict(json);
  size_t n = 0;
  *integer = true;
  if (peek(json, 0) == '-' || (!strict && peek(json, 0) == '+')) n++;
  size_t digits = n;
  while (peek(json, n) >= '0' && peek(json, n) <= '9') n++;
  size_t whole = n - digits;
  if (strict && whole > 1 && peek(json, digits) == '0') return 0;
  if (whole == 0 && strict) return 0;
  size_t fraction = 0;
  if (peek(json, n) == '.') {
    *integer = false;
    n++;
    for (; peek(json, n) >= '0' && peek(json, n) <= '9'; n++) fraction++;
    if (fraction == 0 && strict) return 0;
  }
  if (whole + fraction == 0) return 0;
  if (peek(json, n) == 'e' || peek(json, n) == 'E') {
    *integer = false;
    n++;
    if (peek(json, n) == '+' || peek(json, n) == '-') n++;
    if (peek(json, n) < '0' || peek(json, n) > '9') return 0;
    while (peek(json, n) >= '0' && peek(json, n) <= '9') n++;
  }
  return n;
}

/* A token from sign and magnitude; false where 64 bits do not hold it. */
static bool integer_token(zw_token *token, bool negative, uint64_t magnitude) {
  if (!negative) {
    token->kind = ZW_TOKEN_UINT;
    token->u = magnitude;
    return true;
  }
  if (magnitude == 0 || magnitude > (uint64_t)1 << 63) return false;
  token->kind = ZW_TOKEN_INT;
  token->i = (int64_t)(0 - magnitude);
  return true;
}

static bool decimal_integer(zw_token *token) {
  const char *p = token->text.ptr, *end = p + token->text.len;
  bool negative = *p == '-';
  if (*p == '-' || *p == '+') p++;
  uint64_t value = 0;
  for (; p < end; p++) {
    uint64_t digit = (uint64_t)(*p - '0');
    if (value > (UINT64_MAX - digit) / 10) return false;
    value = value * 10 + digit;
  }
  return integer_token(token, negative, value);
}

/* How many octets a hexadecimal number has, of which `sign` octets of sign come first; 0: it is
 * none. *fraction: a point or a binary exponent, which then is mandatory. */
static size_t scan_hex(const zw_json_reader *json, size_t sign, bool *fraction) {
  size_t n = sign + 2, digits = 0, points = 0;
  for (;; n++) {
    if (hex_value(peek(json, n)) >= 0) {
      digits++;
    } else if (peek(json, n) == '.' && points == 0) {
      points++;
    } else {
      break;
    }
  }
  *fraction = points || (peek(json, n) | 0x20) == 'p';
  if (*fraction) {
    if ((peek(json, n) | 0x20) != 'p') return 0;
    n++;
    if (peek(json, n) == '+' || peek(json, n) == '-') n++;
    size_t exponent = n;
    while (peek(json, n) >= '0' && peek(json, n) <= '9') n++;
    if (n == exponent) return 0;
  }
  return digits && !is_name_start(peek(json, n)) && peek(json, n) != '.' ? n : 0;
}

/* Relaxed: 0x1F, -0x1F, 0x1.8p3. */
static int read_hex_number(zw_json_reader *json, size_t sign, zw_token *token, zw_diag *diag) {
  bool negative = sign && peek(json, 0) == '-', fraction, fits = true;
  size_t n = scan_hex(json, sign, &fraction);
  token->text.len = n;
  token->kind = ZW_TOKEN_FLOAT;
  if (!n || (fraction && !zw_hex_float_parse(token->text, &token->d)))
    return json_fail(json, diag, ZW_ESYNTAX, json->at, "This is no hexadecimal number.");
  uint64_t value = 0;
  for (size_t i = sign + 2; !fraction && i < n; i++) {
    fits &= value >> 60 == 0;
    value = value << 4 | (uint64_t)hex_value(peek(json, i));
  }
  json->at += n;
  if (fraction) return 0;
  if (!fits || (negative && value > (uint64_t)1 << 63)) {
    return json_fail(json, diag, ZW_ESYNTAX, token->offset,
                     "The hexadecimal number has more than 64 bits.");
  }
  integer_token(token, negative && value, value);
  return 0;
}

static int read_number(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  size_t sign = peek(json, 0) == '-' || peek(json, 0) == '+';
  token->text = (zw_str){json->text.ptr + json->at, 0};
  if (!is_strict(json) && peek(json, sign) == '0' && (peek(json, sign + 1) | 0x20) == 'x') {
    return read_hex_number(json, sign, token, diag);
  }
  bool integer;
  size_t n = scan_number(json, &integer);
  if (!n || is_name_start(peek(json, n)) || peek(json, n) == '.') {
    return json_fail(json, diag, ZW_ESYNTAX, json->at, "This is no number.");
  }
  token->text.len = n;
  json->at += n;
  if (integer && decimal_integer(token)) return 0;
  token->kind = ZW_TOKEN_FLOAT;
  zw_double_parse(token->text, &token->d);
  return 0;
}

/* ---- words ---- */

static bool word_is(zw_str word, const char *lower) {
  size_t n = strlen(lower);
  if (word.len != n) return false;
  for (size_t i = 0; i < n; i++) {
    if ((word.ptr[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

static bool special_float(zw_str word, bool negative, zw_token *token) {
  static const uint64_t nan_bits = 0x7FF8000000000000u, inf_bits = 0x7FF0000000000000u;
  bool is_nan = word_is(word, "nan");
  if (!is_nan && !word_is(word, "inf") && !word_is(word, "infinity")) return false;
  uint64_t bits = (is_nan ? nan_bits : inf_bits) | (uint64_t)negative << 63;
  token->kind = ZW_TOKEN_FLOAT;
  memcpy(&token->d, &bits, sizeof bits);
  token->text = (zw_str){NULL, 0};
  return true;
}

static int read_function(zw_json_reader *json, zw_str name, zw_token *token, zw_diag *diag);

static int read_word(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  zw_str word = read_name(json);
  if (peek(json, 0) == '(' && !is_strict(json)) return read_function(json, word, token, diag);
  if (zw_str_eq(word, ZW_STR("null"))) {
    token->kind = ZW_TOKEN_NULL;
  } else if (zw_str_eq(word, ZW_STR("true")) || zw_str_eq(word, ZW_STR("false"))) {
    token->kind = ZW_TOKEN_BOOL;
    token->boolean = word.ptr[0] == 't';
  } else if (is_strict(json)) {
    json->at = token->offset;
    return json_fail(json, diag, ZW_ESYNTAX, token->offset,
                     "Only true, false and null are words here. Put text in double quotes.");
  } else if (!special_float(word, false, token)) {
    token->kind = ZW_TOKEN_STRING;
    token->bare = true;
    token->text = word;
  }
  return 0;
}

/* ---- functions ---- */

enum function {
  FUNCTION_DEG,
  FUNCTION_RAD,
  FUNCTION_SIN,
  FUNCTION_COS,
  FUNCTION_TAN,
  FUNCTION_ASIN,
  FUNCTION_ACOS,
  FUNCTION_ATAN,
  FUNCTION_NONE
};

static enum function function_named(zw_str name) {
  static const char *const names[] = {"deg", "rad", "sin", "cos", "tan", "asin", "acos", "atan"};
  unsigned i = 0;
  while (i < FUNCTION_NONE && !zw_str_eq(name, zw_str_of(names[i]))) i++;
  return (enum function)i;
}

static double apply(enum function function, double x) {
  static const double pi = 3.14159265358979323846;
  switch (function) {
    case FUNCTION_DEG: return x / pi * 180;
    case FUNCTION_RAD: return x * pi / 180;
    case FUNCTION_SIN: return sin(x);
    case FUNCTION_COS: return cos(x);
    case FUNCTION_TAN: return tan(x);
    case FUNCTION_ASIN: return asin(x);
    case FUNCTION_ACOS: return acos(x);
    default: return atan(x);
  }
}

static int read_argument(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  int c = peek(json, 0);
  token->offset = json->at;
  if (is_name_start(c)) {
    zw_str name = read_name(json);
    if (peek(json, 0) == '(') return read_function(json, name, token, diag);
    if (special_float(name, false, token)) return 0;
    json->at = token->offset;
  } else if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.') {
    int e = read_number(json, token, diag);
    zw_str text = token->text;
    bool integer = !e && token->kind != ZW_TOKEN_FLOAT;
    if (integer && (memchr(text.ptr, 'x', text.len) || memchr(text.ptr, 'X', text.len)))
      return json_fail(json, diag, ZW_ESYNTAX, token->offset,
                       "A hexadecimal number in a function has an exponent: 0x10p0.");
    return e;
  }
  return json_fail_here(json, diag, "A number");
}

static int close_function(zw_json_reader *json, zw_diag *diag) {
  int e = skip_blanks(json, diag);
  if (e) return e;
  if (peek(json, 0) != ')') return json_fail_here(json, diag, "')'");
  json->at++;
  return 0;
}

/* name(number): its value, rounded to 12 digits after the point, as flatc takes it. Functions in
 * each other are bounded like containers. */
static int read_function(zw_json_reader *json, zw_str name, zw_token *token, zw_diag *diag) {
  size_t start = token->offset;
  enum function function = function_named(name);
  if (function == FUNCTION_NONE)
    return json_fail(json, diag, ZW_ESYNTAX, start,
                     "There is no function of this name. Known are deg, rad, sin, cos, tan, asin, "
                     "acos and atan.");
  if (json->depth >= json->depth_max)
    return json_fail(json, diag, ZW_ELIMIT, start, "The value is nested too deeply.");
  json->depth++;
  json->at++;
  int e = skip_blanks(json, diag);
  if (!e) e = read_argument(json, token, diag);
  if (!e) e = close_function(json, diag);
  json->depth--;
  token->offset = start;
  if (e) return e;
  double x = token->kind == ZW_TOKEN_UINT  ? (double)token->u
             : token->kind == ZW_TOKEN_INT ? (double)token->i
                                           : token->d;
  char text[ZW_FIXED_TEXT_MAX];
  double y = apply(function, x);
  size_t n = zw_fixed_text(y, 12, text);
  if (isnan(y)) y = (double)NAN;
  if (isfinite(y)) zw_double_parse((zw_str){text, n}, &y);
  token->kind = ZW_TOKEN_FLOAT;
  token->d = y;
  token->text = (zw_str){NULL, 0};
  token->computed = true;
  return 0;
}

/* ---- structure ---- */

static int open_container(zw_json_reader *json, bool map, zw_token *token, zw_diag *diag) {
  if (json->depth >= json->depth_max) {
    return json_fail(json, diag, ZW_ELIMIT, json->at, "The value is nested too deeply.");
  }
  uint8_t bit = (uint8_t)(1u << (json->depth % 8));
  uint8_t *state = &json->state[json->depth / 8];
  *state = (uint8_t)(map ? *state | bit : *state & ~bit);
  json->depth++;
  json->at++;
  json->expect = map ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
  token->kind = map ? ZW_TOKEN_MAP : ZW_TOKEN_ARRAY;
  return 0;
}

static int close_container(zw_json_reader *json, zw_token *token) {
  token->kind = in_map(json) ? ZW_TOKEN_MAP_END : ZW_TOKEN_ARRAY_END;
  json->depth--;
  json->at++;
  json->expect = json->depth ? EXPECT_COMMA : EXPECT_DONE;
  return 0;
}

static int read_value(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  int c = peek(json, 0);
  if (c == '{' || c == '[') return open_container(json, c == '{', token, diag);
  bool relaxed = !is_strict(json);
  int e;
  if (c == '"' || (relaxed && c == '\'')) {
    e = read_string_value(json, token, diag);
  } else if ((c == '-' || c == '+') && relaxed && is_name_start(peek(json, 1))) {
    json->at++;
    e = special_float(read_name(json), c == '-', token)
            ? 0
            : json_fail(json, diag, ZW_ESYNTAX, token->offset, "This is no number.");
  } else if (c == '-' || (c >= '0' && c <= '9') || (relaxed && (c == '+' || c == '.'))) {
    e = read_number(json, token, diag);
  } else if (is_name_start(c)) {
    e = read_word(json, token, diag);
  } else {
    return json_fail_here(json, diag, "A value");
  }
  json->expect = json->depth ? EXPECT_COMMA : EXPECT_DONE;
  return e;
}

static int read_key(zw_json_reader *json, zw_token *token, zw_diag *diag) {
  int c = peek(json, 0);
  bool relaxed = !is_strict(json);
  token->kind = ZW_TOKEN_STRING;
  if (c == '"' || (relaxed && c == '\'')) {
    int e = read_string(json, &token->text, diag);
    if (e) return e;
  } else if (relaxed && is_name_start(c) && !(json->flags & ZW_JSON_QUOTED_NAMES)) {
    token->text = read_name(json);
    token->bare = true;
  } else {
    return json_fail_here(
        json, diag,
        relaxed && !(json->flags & ZW_JSON_QUOTED_NAMES) ? "A name" : "A name in double quotes");
  }
  int e = skip_blanks(json, diag);
  if (e) return e;
  if (peek(json, 0) != ':') return json_fail_here(json, diag, "':'");
  json->at++;
  json->expect = EXPECT_VALUE;
  return 0;
}

/* After a value in a container: the comma, or the end. */
static int read_comma(zw_json_reader *json, bool *closed, zw_diag *diag) {
  int c = peek(json, 0);
  *closed = c == (in_map(json) ? '}' : ']');
  if (*closed) return 0;
  if (c != ',') return json_fail_here(json, diag, in_map(json) ? "',' or '}'" : "',' or ']'");
  json->at++;
  json->expect = in_map(json) ? EXPECT_KEY : EXPECT_ELEMENT;
  int e = skip_blanks(json, diag);
  if (!e && !is_strict(json) && !(json->flags & ZW_JSON_QUOTED_NAMES))
    *closed = peek(json, 0) == (in_map(json) ? '}' : ']');
  return e;
}

static int json_next(zw_token_reader *reader, zw_token *token, zw_diag *diag) {
  zw_json_reader *json = (zw_json_reader *)reader;
  memset(token, 0, sizeof *token);
  token->count = SIZE_MAX;
  int e = skip_blanks(json, diag);
  if (e) return e;
  bool closed = false;
  if (json->expect == EXPECT_COMMA) e = read_comma(json, &closed, diag);
  if (json->expect == EXPECT_VALUE_OR_END) closed = peek(json, 0) == ']';
  if (json->expect == EXPECT_KEY_OR_END) closed = peek(json, 0) == '}';
  token->offset = json->at;
  if (e) return e;
  if (closed) return close_container(json, token);
  switch (json->expect) {
    case EXPECT_KEY_OR_END:
    case EXPECT_KEY: return read_key(json, token, diag);
    case EXPECT_DONE:
      if (peek(json, 0) >= 0) return json_fail_here(json, diag, "The end of the text");
      token->kind = ZW_TOKEN_END;
      return 0;
    default: return read_value(json, token, diag);
  }
}

/* ---- marks ---- */

typedef struct json_mark {
  uint64_t at;
  uint32_t depth;
  uint8_t expect;
  uint8_t state[32];
} json_mark;

static void json_mark_get(const zw_token_reader *reader, zw_token_mark *mark) {
  const zw_json_reader *json = (const zw_json_reader *)reader;
  json_mark saved = {.at = json->at, .depth = json->depth, .expect = json->expect};
  memcpy(saved.state, json->state, sizeof saved.state);
  _Static_assert(sizeof saved <= sizeof *mark, "a mark holds the state");
  memcpy(mark, &saved, sizeof saved);
}

static void json_mark_set(zw_token_reader *reader, const zw_token_mark *mark) {
  zw_json_reader *json = (zw_json_reader *)reader;
  json_mark saved;
  memcpy(&saved, mark, sizeof saved);
  json->at = (size_t)saved.at;
  json->depth = saved.depth;
  json->expect = saved.expect;
  memcpy(json->state, saved.state, sizeof saved.state);
}

void zw_json_reader_init(zw_json_reader *json, zw_str text, uint32_t flags, uint32_t depth_max,
                         const zw_alloc *alloc) {
  memset(json, 0, sizeof *json);
  json->reader.next = json_next;
  json->reader.locate = json_locate;
  json->reader.mark = json_mark_get;
  json->reader.rewind = json_mark_set;
  json->text = text.ptr ? text : ZW_STR("");
  json->flags = flags;
  json->depth_max = depth_max == 0 ? 64 : depth_max > DEPTH_LIMIT ? DEPTH_LIMIT : depth_max;
  json->expect = EXPECT_VALUE;
  zw_text_init(&json->scratch, alloc);
  if (!is_strict(json) && json->text.len >= 3 && memcmp(json->text.ptr, "\xEF\xBB\xBF", 3) == 0)
    json->at = 3;
}

void zw_json_reader_deinit(zw_json_reader *json) { zw_text_deinit(&json->scratch); }
