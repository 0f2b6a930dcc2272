/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scalars from tokens: ranges, names of enums, timestamps, UUIDs; and the errors that all object
 * readers give, which name the field, what is expected there and what was found.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "float_text.h"
#include "object.h"

#define SUGGESTIONS_MAX 4096

/* ---- errors ---- */

static int fail_text(zw_object_reader *r, int error, size_t offset, const char *text) {
  if (r->error) return r->error;
  r->error = zw_fail_at(r->diag, error, offset, "%s", text);
  if (r->diag && r->in->locate) r->in->locate(r->in, offset, &r->diag->at);
  zw_builder_fail(r->b, error);
  return error;
}

int zw_object_fail(zw_object_reader *r, int error, const zw_token *token, const char *format, ...) {
  char text[ZW_DIAG_MESSAGE_MAX];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return fail_text(r, error, token->offset, text);
}

int zw_value_fail(zw_object_reader *r, int error, const zw_token *token, const zw_value_site *site,
                  const char *format, ...) {
  char text[ZW_DIAG_MESSAGE_MAX], index[24] = "";
  if (site->index != SIZE_MAX) snprintf(index, sizeof index, "[%zu]", site->index);
  int n = snprintf(text, sizeof text, "%.*s.%.*s%s: ", ZW_ARG(zw_short_name(site->type->name)),
                   ZW_ARG(site->field->name), index);
  if (n < 0 || (size_t)n >= sizeof text) n = 0;
  va_list args;
  va_start(args, format);
  vsnprintf(text + n, sizeof text - (size_t)n, format, args);
  va_end(args);
  return fail_text(r, error, token->offset, text);
}

const char *zw_token_what(const zw_token *token) {
  static const char *const names[] = {
      [ZW_TOKEN_END] = "the end",     [ZW_TOKEN_NULL] = "null",
      [ZW_TOKEN_BOOL] = "a boolean",  [ZW_TOKEN_INT] = "a number",
      [ZW_TOKEN_UINT] = "a number",   [ZW_TOKEN_FLOAT] = "a number",
      [ZW_TOKEN_STRING] = "a string", [ZW_TOKEN_BYTES] = "octets",
      [ZW_TOKEN_ARRAY] = "an array",  [ZW_TOKEN_ARRAY_END] = "the end of an array",
      [ZW_TOKEN_MAP] = "an object",   [ZW_TOKEN_MAP_END] = "the end of an object",
  };
  return (size_t)token->kind < sizeof names / sizeof *names ? names[token->kind] : "something else";
}

int zw_object_next(zw_object_reader *r, zw_token *token) {
  if (r->error) return r->error;
  int e = r->in->next(r->in, token, r->diag);
  if (e) {
    r->error = e;
    zw_builder_fail(r->b, e);
  }
  return e;
}

int zw_bits_init(zw_bits *bits, size_t count, const zw_alloc *alloc) {
  memset(bits, 0, sizeof *bits);
  bits->words = bits->inline_words;
  if (count <= 8 * sizeof bits->inline_words) return 0;
  size_t size = (count + 63) / 64 * 8;
  uint64_t *words = zw_alloc_zero(alloc, size);
  if (!words) return ZW_ENOMEM;
  bits->words = words;
  bits->size = size;
  return 0;
}

void zw_bits_deinit(zw_bits *bits, const zw_alloc *alloc) {
  if (bits->size) zw_alloc_free(alloc, bits->words, bits->size);
}

/* ---- enums ---- */

static int unknown_name(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                        const zw_enum_type *type, zw_str name) {
  size_t count = type->value_count < SUGGESTIONS_MAX ? type->value_count : SUGGESTIONS_MAX;
  zw_str *names = zw_alloc_get(r->b->alloc, count * sizeof *names + 1);
  int near = -1;
  if (names) {
    for (size_t i = 0; i < count; i++) names[i] = type->values[i].name;
    near = zw_did_you_mean(name, names, count);
    zw_alloc_free(r->b->alloc, names, count * sizeof *names + 1);
  }
  zw_str type_name = zw_short_name(type->name);
  if (near < 0) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "%.*s has no value \"%.*s\".",
                         ZW_ARG(type_name), ZW_ARG(name));
  }
  return zw_value_fail(r, ZW_EINVAL, token, site,
                       "%.*s has no value \"%.*s\". Did you mean \"%.*s\"?", ZW_ARG(type_name),
                       ZW_ARG(name), ZW_ARG(type->values[near].name));
}

/* "Red", "Color.Red" or "ns.Color.Red". */
static const zw_enum_value *enum_by_word(const zw_enum_type *type, zw_str word) {
  zw_str last = zw_short_name(word);
  if (last.len < word.len) {
    zw_str prefix = {word.ptr, word.len - last.len - 1};
    if (!zw_str_eq(prefix, type->name) && !zw_str_eq(prefix, zw_short_name(type->name)))
      return NULL;
  }
  return zw_enum_by_name(type, last);
}

static int enum_by_text(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                        const zw_enum_type *type, zw_scalar *out) {
  zw_str text = token->text;
  uint64_t bits = 0;
  size_t words = 0;
  for (size_t at = 0, n; at <= text.len; at += n + 1) {
    for (n = 0; at + n < text.len && text.ptr[at + n] != ' ';) n++;
    zw_str word = {text.ptr + at, n};
    if (n == 0 && text.len) return unknown_name(r, token, site, type, word);
    if (n == 0) break;
    const zw_enum_value *value = enum_by_word(type, word);
    if (!value) return unknown_name(r, token, site, type, word);
    bits |= (uint64_t)value->value;
    words++;
  }
  if (words == 0 || (words > 1 && !type->bit_flags)) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "one name of %.*s is expected",
                         ZW_ARG(zw_short_name(type->name)));
  }
  out->u = bits;
  return 0;
}

/* ---- numbers ---- */

typedef struct int_range {
  int64_t min;
  uint64_t max;
} int_range;

static const int_range ranges[] = {
    [ZW_T_UTYPE] = {0, UINT8_MAX},         [ZW_T_BOOL] = {0, 1},
    [ZW_T_BYTE] = {INT8_MIN, INT8_MAX},    [ZW_T_UBYTE] = {0, UINT8_MAX},
    [ZW_T_SHORT] = {INT16_MIN, INT16_MAX}, [ZW_T_USHORT] = {0, UINT16_MAX},
    [ZW_T_INT] = {INT32_MIN, INT32_MAX},   [ZW_T_UINT] = {0, UINT32_MAX},
    [ZW_T_LONG] = {INT64_MIN, INT64_MAX},  [ZW_T_ULONG] = {0, UINT64_MAX},
};

/* The number as the input has it. */
static zw_str number_text(const zw_token *token, char out[ZW_FLOAT_TEXT_MAX]) {
  if (token->text.ptr) return token->text;
  size_t n;
  if (token->kind == ZW_TOKEN_FLOAT) {
    n = zw_double_text(token->d, out);
  } else if (token->kind == ZW_TOKEN_INT) {
    n = (size_t)snprintf(out, ZW_FLOAT_TEXT_MAX, "%lld", (long long)token->i);
  } else {
    n = (size_t)snprintf(out, ZW_FLOAT_TEXT_MAX, "%llu", (unsigned long long)token->u);
  }
  return (zw_str){out, n};
}

static int range_fail(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                      const int_range *range, bool above) {
  char text[ZW_FLOAT_TEXT_MAX];
  zw_str number = number_text(token, text);
  if (number.len > 60) number.len = 60;
  if (above) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "%.*s is above %llu", ZW_ARG(number),
                         (unsigned long long)range->max);
  }
  return zw_value_fail(r, ZW_EINVAL, token, site, "%.*s is below %lld", ZW_ARG(number),
                       (long long)range->min);
}

/* A FLOAT token that stands for an integer ("1e3", "2.0") as INT or UINT; false: it has a fraction.
 */
static bool integral(const zw_token *token, zw_token *out) {
  *out = *token;
  if (!isfinite(token->d) || floor(token->d) != token->d) return false;
  if (token->d >= 0 && token->d < 18446744073709551616.0) {
    out->kind = ZW_TOKEN_UINT;
    out->u = (uint64_t)token->d;
  } else if (token->d < 0 && token->d >= -9223372036854775808.0) {
    out->kind = ZW_TOKEN_INT;
    out->i = (int64_t)token->d;
  }
  return true;
}

static int read_integer(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                        enum zw_base_type base, zw_scalar *out) {
  const int_range *range = &ranges[base];
  zw_token whole = *token;
  if (token->kind == ZW_TOKEN_FLOAT && !integral(token, &whole)) {
    char text[ZW_FLOAT_TEXT_MAX];
    zw_str number = number_text(token, text);
    return zw_value_fail(r, ZW_EINVAL, token, site, "an integer is expected, here is %.*s",
                         ZW_ARG(number));
  }
  if (whole.kind == ZW_TOKEN_FLOAT) return range_fail(r, token, site, range, whole.d > 0);
  if (whole.kind == ZW_TOKEN_UINT && whole.u > range->max)
    return range_fail(r, token, site, range, true);
  if (whole.kind == ZW_TOKEN_INT && whole.i < range->min)
    return range_fail(r, token, site, range, false);
  if (whole.kind == ZW_TOKEN_UINT) {
    out->u = whole.u;
  } else {
    out->i = whole.i;
  }
  return 0;
}

static int read_float(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                      enum zw_base_type base, zw_scalar *out) {
  double d = token->kind == ZW_TOKEN_UINT  ? (double)token->u
             : token->kind == ZW_TOKEN_INT ? (double)token->i
                                           : token->d;
  if (base == ZW_T_FLOAT) {
    float f = token->kind == ZW_TOKEN_UINT  ? (float)token->u
              : token->kind == ZW_TOKEN_INT ? (float)token->i
                                            : 0;
    if (token->kind == ZW_TOKEN_FLOAT && !(token->text.ptr && zw_float_parse(token->text, &f)))
      f = (float)d;
    d = (double)f;
  }
  bool written_finite = token->kind != ZW_TOKEN_FLOAT || token->text.ptr || isfinite(token->d);
  if (isinf(d) && written_finite) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "the number is beyond the range of a %s",
                         base == ZW_T_FLOAT ? "float" : "double");
  }
  out->d = d;
  return 0;
}

/* ---- strings that stand for scalars ---- */

/* "12" as a number: the string is read as relaxed JSON, spaces around it left out. */
static bool number_in_string(const zw_token *token, zw_token *out) {
  zw_str text = token->text;
  while (text.len && text.ptr[0] == ' ') text = (zw_str){text.ptr + 1, text.len - 1};
  while (text.len && text.ptr[text.len - 1] == ' ') text.len--;
  static const char begin[] = "+-.0123456789iInN";
  if (!text.len || !memchr(begin, text.ptr[0], sizeof begin - 1)) return false;
  if (memchr(text.ptr, '/', text.len) || memchr(text.ptr, ' ', text.len)) return false;
  zw_json_reader json;
  zw_json_reader_init(&json, text, 0, 1, zw_alloc_default());
  zw_token end;
  bool number = json.reader.next(&json.reader, out, NULL) == 0 && out->kind >= ZW_TOKEN_INT &&
                out->kind <= ZW_TOKEN_FLOAT && json.reader.next(&json.reader, &end, NULL) == 0 &&
                end.kind == ZW_TOKEN_END;
  zw_json_reader_deinit(&json);
  out->offset = token->offset;
  return number;
}

/* ---- hashes ---- */

/* FNV. flatc's basis of 64 bits is not the published one (…2325); its hashes are what counts. */
static uint64_t fnv(zw_str text, bool wide, bool xor_first) {
  uint64_t prime = wide ? 0x100000001B3u : 0x01000193u;
  uint64_t hash = wide ? 0xCBF29CE484222645u : 0x811C9DC5u;
  for (size_t i = 0; i < text.len && text.ptr[i]; i++) {
    if (xor_first) hash ^= (uint8_t)text.ptr[i];
    hash *= prime;
    if (!wide) hash &= UINT32_MAX;
    if (!xor_first) hash ^= (uint8_t)text.ptr[i];
  }
  return hash;
}

/* What a string in a field with the attribute `hash` stands for; as in flatc, up to the first
 * U+0000. */
static uint64_t hash_string(enum zw_hash hash, zw_str text) {
  bool wide = hash == ZW_HASH_FNV1_64 || hash == ZW_HASH_FNV1A_64;
  bool xor_first = hash == ZW_HASH_FNV1A_16 || hash == ZW_HASH_FNV1A_32 || hash == ZW_HASH_FNV1A_64;
  uint64_t value = fnv(text, wide, xor_first);
  bool half = hash == ZW_HASH_FNV1_16 || hash == ZW_HASH_FNV1A_16;
  return half ? value >> 16 ^ (value & 0xFFFF) : value;
}

/* The bits as a value of this base. */
static zw_scalar scalar_of_bits(uint64_t bits, enum zw_base_type base) {
  unsigned unused = 64 - 8 * (unsigned)zw_base_size(base);
  if (zw_base_is_signed(base)) return (zw_scalar){.i = (int64_t)(bits << unused) >> unused};
  return (zw_scalar){.u = bits << unused >> unused};
}

/* ---- words ---- */

/* "Color.Red", for an integer that is no enum: the enum is looked up from the table's namespace
 * outwards. */
static const zw_enum_value *qualified_value(const zw_type *type, zw_str word) {
  zw_str name = zw_short_name(word);
  if (!type->schema || name.len == word.len) return NULL;
  zw_str prefix = {word.ptr, word.len - name.len - 1}, space = type->name;
  char full[512];
  while (space.len) {
    zw_str last = zw_short_name(space);
    space.len -= last.len;
    int n = snprintf(full, sizeof full, "%.*s%.*s", ZW_ARG(space), ZW_ARG(prefix));
    const zw_enum_type *found = n > 0 && (size_t)n < sizeof full
                                    ? zw_schema_enum(type->schema, (zw_str){full, (size_t)n})
                                    : NULL;
    if (found) return zw_enum_by_name(found, name);
    if (space.len) space.len--; /* the point */
    if (!space.len) break;
  }
  const zw_enum_type *found = zw_schema_enum(type->schema, prefix);
  return found ? zw_enum_by_name(found, name) : NULL;
}

static bool qualified_values(const zw_type *type, zw_str text, zw_scalar *out) {
  out->u = 0;
  for (size_t at = 0; at <= text.len;) {
    size_t n = 0;
    while (at + n < text.len && text.ptr[at + n] != ' ') n++;
    const zw_enum_value *value = qualified_value(type, (zw_str){text.ptr + at, n});
    if (!value) return false;
    out->u |= (uint64_t)value->value;
    at += n + 1;
  }
  return true;
}

static int read_timestamp(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                          zw_scalar *out) {
  if (zw_time_parse(token->text, &out->i)) {
    return zw_value_fail(r, ZW_EINVAL, token, site,
                         "a time such as \"2026-11-24T14:10:20Z\" or nanoseconds since 1970 is "
                         "expected, here is \"%.*s\"",
                         ZW_ARG(token->text));
  }
  if (out->i < 0 && site->field->base == ZW_T_ULONG) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "the time is before 1970");
  }
  return 0;
}

static const char *expected_scalar(enum zw_base_type base, const zw_enum_type *enum_type) {
  if (enum_type) return "a name or a number";
  return base == ZW_T_BOOL ? "true or false" : "a number";
}

/* A string that is neither a number nor the name of an enum's value; false: it says nothing. */
static bool read_words(const zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                       enum zw_base_type base, zw_scalar *out) {
  if (base == ZW_T_BOOL && r->flags & ZW_OBJECT_NUMBER_STRINGS) {
    out->i = zw_str_eq(token->text, ZW_STR("true"));
    return out->i || zw_str_eq(token->text, ZW_STR("false"));
  }
  bool qualified = !zw_base_is_float(base) && base != ZW_T_BOOL &&
                   qualified_values(site->type, token->text, out);
  if (qualified) *out = scalar_of_bits(out->u, base);
  return qualified;
}

static bool is_timestamp(const zw_field *field, enum zw_base_type base) {
  return field->flags & ZW_F_TIMESTAMP && (base == ZW_T_LONG || base == ZW_T_ULONG);
}

/* 0 and *number is what to go on with; or 1: *out is the value; or an error. */
static int read_scalar_string(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                              enum zw_base_type base, const zw_enum_type *enum_type,
                              zw_token *number, zw_scalar *out) {
  if (site->field->hash && !enum_type && !zw_base_is_float(base)) {
    *out = scalar_of_bits(hash_string((enum zw_hash)site->field->hash, token->text), base);
    return 1;
  }
  bool numeric =
      r->flags & ZW_OBJECT_NUMBER_STRINGS && !token->bare && number_in_string(token, number);
  if (numeric) return 0;
  int e = 1;
  if (enum_type) {
    e = enum_by_text(r, token, site, enum_type, out);
  } else if (is_timestamp(site->field, base)) {
    e = read_timestamp(r, token, site, out);
  } else {
    return read_words(r, token, site, base, out);
  }
  return e ? e : 1;
}

/* Whether a number is written so that flatc takes it for this kind only: hexadecimal digits without
 * an exponent for integers, functions for floats. */
static bool is_other_kind(const zw_token *number, enum zw_base_type base) {
  if (!zw_base_is_float(base)) return number->computed;
  if (number->kind == ZW_TOKEN_FLOAT || !number->text.ptr) return false;
  zw_str text = number->text;
  size_t sign = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
  return text.len > sign + 1 && (text.ptr[sign + 1] | 0x20) == 'x';
}

int zw_scalar_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                   enum zw_base_type base, const zw_enum_type *enum_type, zw_scalar *out) {
  zw_token number = *token;
  *out = (zw_scalar){.u = 0};
  if (token->kind == ZW_TOKEN_STRING) {
    int e = read_scalar_string(r, token, site, base, enum_type, &number, out);
    if (e) return e == 1 ? 0 : e;
  }
  if (token->kind == ZW_TOKEN_BOOL && base == ZW_T_BOOL && !enum_type) {
    out->i = token->boolean;
    return 0;
  }
  if (number.kind < ZW_TOKEN_INT || number.kind > ZW_TOKEN_FLOAT) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "%s is expected, here is %s",
                         expected_scalar(base, enum_type), zw_token_what(token));
  }
  bool fraction = r->flags & ZW_OBJECT_FLATC && !zw_base_is_float(base) &&
                  number.kind == ZW_TOKEN_FLOAT && !zw_str_eq(number.text, ZW_STR("-0"));
  if (fraction || is_other_kind(&number, base))
    return zw_value_fail(r, ZW_EINVAL, token, site, "%s is expected",
                         zw_base_is_float(base) ? "a number in decimal" : "an integer");
  return zw_base_is_float(base) ? read_float(r, &number, site, base, out)
                                : read_integer(r, &number, site, base, out);
}

bool zw_uuid_parse(zw_str text, uint8_t out[16]) {
  if (text.len != ZW_UUID_TEXT_LEN) return false;
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
      continue;
    }
    int digit = c >= '0' && c <= '9'                     ? c - '0'
                : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                         : -1;
    if (digit < 0) return false;
    out[n / 2] = (uint8_t)(n % 2 ? out[n / 2] | digit : digit << 4);
    n++;
  }
  return true;
}
