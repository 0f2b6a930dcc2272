/* SPDX-License-Identifier: Apache-2.0 */
/* Keys as a person types them: one word a field. */
#include "zerowire/reflect.h"

#include "store_state.h"

#define FIXED_MAX 64

static int number_word(zw_str word, zw_token *token) {
  zw_json_reader json;
  zw_json_reader_init(&json, word, 0, 0, NULL);
  int error = json.reader.next(&json.reader, token, NULL);
  zw_json_reader_deinit(&json);
  return error;
}

/* Whether the integer is one of this type. */
static bool integer_fits(enum zw_base_type base, const zw_token *t) {
  size_t bits = 8 * zw_base_size(base);
  if (base == ZW_T_BOOL) return t->kind == ZW_TOKEN_UINT && t->u <= 1;
  if (!zw_base_is_signed(base))
    return t->kind == ZW_TOKEN_UINT && (bits == 64 || t->u >> bits == 0);
  uint64_t most = (UINT64_C(1) << (bits - 1)) - 1;
  return t->kind == ZW_TOKEN_UINT ? t->u <= most
                                  : t->kind == ZW_TOKEN_INT && t->i >= -(int64_t)most - 1;
}

static bool scalar_word(const zw_field *f, enum zw_base_type base, zw_str word, zw_scalar *out) {
  zw_token t = {0};
  if (base == ZW_T_BOOL && (zw_str_eq(word, ZW_STR("true")) || zw_str_eq(word, ZW_STR("false")))) {
    out->u = word.len == 4;
    return true;
  }
  if ((f->flags & ZW_F_TIMESTAMP) && zw_time_parse(word, &out->i) == 0) return true;
  const zw_enum_value *named = f->enum_type ? zw_enum_by_name(f->enum_type, word) : NULL;
  if (named) {
    out->i = named->value;
    return true;
  }
  if (number_word(word, &t)) return false;
  if (zw_base_is_float(base)) {
    out->d = t.kind == ZW_TOKEN_FLOAT ? t.d : t.kind == ZW_TOKEN_INT ? (double)t.i : (double)t.u;
    return t.kind == ZW_TOKEN_FLOAT || t.kind == ZW_TOKEN_INT || t.kind == ZW_TOKEN_UINT;
  }
  if (!integer_fits(base, &t)) return false;
  if (t.kind == ZW_TOKEN_INT)
    out->i = t.i;
  else
    out->u = t.u;
  return true;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Hex digits; hyphens between octets are left out (UUIDs). */
static bool hex_word(zw_str word, uint8_t *out, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < word.len;) {
    if (word.ptr[i] == '-' && i) {
      i++;
      continue;
    }
    if (i + 1 >= word.len || n == size) return false;
    int high = hex_digit(word.ptr[i]), low = hex_digit(word.ptr[i + 1]);
    if (high < 0 || low < 0) return false;
    out[n++] = (uint8_t)(high << 4 | low);
    i += 2;
  }
  return n == size;
}

static int read_word(const zw_key_field *field, zw_str word, zw_key_value *out, uint8_t *fixed,
                     zw_diag *diag) {
  const zw_field *f = field->path[field->depth - 1];
  size_t size;
  out->base = (uint8_t)zw_key_leaf(field, &size);
  out->text = word;
  bool good = true;
  if (zw_base_is_scalar(out->base)) {
    good = scalar_word(f, (enum zw_base_type)out->base, word, &out->scalar);
  } else if (size) {
    good = size <= FIXED_MAX && hex_word(word, fixed, size);
    out->text = (zw_str){(const char *)fixed, size};
  }
  return good ? 0
              : zw_fail(diag, ZW_EKEY, "\"%.*s\" is no value for the key field %.*s", ZW_ARG(word),
                        ZW_ARG(field->name));
}

int zw_key_from_words(const zw_key_def *def, const zw_str *words, size_t count, zw_key *out,
                      zw_diag *diag) {
  zw_key_value values[ZW_KEY_FIELDS_MAX];
  uint8_t fixed[ZW_KEY_FIELDS_MAX][FIXED_MAX];
  if (count > def->field_count || count > ZW_KEY_FIELDS_MAX)
    return zw_fail(diag, ZW_EKEY, "the key has %u fields, not %zu", (unsigned)def->field_count,
                   count);
  for (size_t i = 0; i < count; i++) {
    int error = read_word(&def->fields[i], words[i], &values[i], fixed[i], diag);
    if (error) return error;
  }
  return zw_key_from_values(def, values, count, out, diag);
}
