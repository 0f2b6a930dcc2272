/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values as written, and what they stand for: integers with their range, floats, booleans, names of
 * enum values. A number may stand in quotes, as flatc takes it.
 */
#include <stdio.h>

#include "schema_ast.h"
#include "zerowire/reflect.h"

/* ---- integers ---- */

static bool digits_to_number(zw_str text, uint64_t *out) {
  bool hex = text.len > 2 && text.ptr[0] == '0' && (text.ptr[1] | 0x20) == 'x';
  uint64_t radix = hex ? 16 : 10, n = 0;
  for (size_t i = hex ? 2 : 0; i < text.len; i++) {
    int ch = (uint8_t)text.ptr[i], lower = ch | 0x20;
    uint64_t digit = ch >= '0' && ch <= '9'                ? (uint64_t)(ch - '0')
                     : hex && lower >= 'a' && lower <= 'f' ? (uint64_t)(lower - 'a' + 10)
                                                           : 99;
    if (digit >= radix || n > (UINT64_MAX - digit) / radix) return false;
    n = n * radix + digit;
  }
  *out = n;
  return text.len > 0;
}

/* The bounds of an integer type, as text for people. */
static void bounds(uint8_t base, uint64_t *below, uint64_t *above) {
  unsigned bits = base == ZW_T_BOOL ? 1 : 8 * (unsigned)zw_base_size((enum zw_base_type)base);
  bool is_signed = zw_base_is_signed(base);
  *above = UINT64_MAX >> (64 - bits + (is_signed ? 1 : 0));
  *below = is_signed ? *above + 1 : 0;
}

bool zw_literal_int(zw_compiled *c, const zw_literal *literal, uint8_t base, zw_scalar *out) {
  zw_str text = literal->text;
  uint64_t n = 0, below, above;
  bounds(base, &below, &above);
  bool negative = text.len > 0 && text.ptr[0] == '-';
  if (negative || (text.len > 0 && text.ptr[0] == '+')) text = (zw_str){text.ptr + 1, text.len - 1};
  bool number = digits_to_number(text, &n);
  if (number && n <= (negative ? below : above)) {
    out->u = negative ? 0 - n : n;
    return true;
  }
  zw_report(c, literal->at, "VALUE_RANGE", "%.*s is no %s: %s%llu to %llu", ZW_ARG(literal->text),
            zw_type_word(base), below ? "-" : "", (unsigned long long)below,
            (unsigned long long)above);
  return false;
}

/* Whether the value of an enum's names fits an integer type; as with flatc any fits 64 bits. */
static bool fits(zw_scalar value, uint8_t base) {
  uint64_t below, above;
  if (base == ZW_T_LONG || base == ZW_T_ULONG) return true;
  bounds(base, &below, &above);
  return below ? value.i >= -(int64_t)below && value.i <= (int64_t)above : value.u <= above;
}

/* ---- floats ---- */

static bool float_value(zw_compiled *c, const zw_literal *literal, zw_scalar *out) {
  zw_json_reader json;
  zw_token token = {.kind = ZW_TOKEN_END}, end = {.kind = ZW_TOKEN_NULL};
  zw_str text = literal->text;
  bool negative = text.len > 0 && text.ptr[0] == '-';
  if (negative) text = (zw_str){text.ptr + 1, text.len - 1};
  bool hex = text.len > 2 && text.ptr[0] == '0' && (text.ptr[1] | 0x20) == 'x';
  if (hex && !memchr(text.ptr, 'p', text.len) && !memchr(text.ptr, 'P', text.len)) {
    zw_report(c, literal->at, "VALUE_TYPE", "a hexadecimal float has an exponent: %.*sp0",
              ZW_ARG(literal->text));
    return false;
  }
  zw_json_reader_init(&json, text, 0, 0, c->alloc);
  int error = json.reader.next(&json.reader, &token, NULL);
  if (!error) error = json.reader.next(&json.reader, &end, NULL);
  zw_json_reader_deinit(&json);
  if (error == ZW_ENOMEM) c->failed_memory = true;
  double d = token.kind == ZW_TOKEN_FLOAT ? token.d : (double)token.u;
  if (error || end.kind != ZW_TOKEN_END ||
      (token.kind != ZW_TOKEN_FLOAT && token.kind != ZW_TOKEN_UINT)) {
    zw_report(c, literal->at, "VALUE_TYPE", "\"%.*s\" is no number", ZW_ARG(literal->text));
    return false;
  }
  out->d = negative && d == d ? -d : d; /* a NaN has no sign here, as with flatc */
  return true;
}

/* ---- enum values ---- */

static bool unknown_value(zw_compiled *c, const zw_enumeration *e, zw_str name, zw_pos at) {
  char hint[ZW_HINT_MAX] = "";
  size_t n = 0;
  zw_str *list = zw_report_kept(c) ? zw_make_array(c, ZW_HINT_CANDIDATES_MAX, sizeof *list) : NULL;
  for (const zw_value *v = e->values; list && v && n < ZW_HINT_CANDIDATES_MAX; v = v->next)
    list[n++] = v->head.name;
  if (list) zw_hint(name, list, n, hint);
  zw_report_full(c, ZW_ESCHEMA, at, e->decl.head.at, "ENUM_VALUE_UNKNOWN",
                 "the enum \"%.*s\" has no value \"%.*s\"%s", ZW_ARG(e->decl.head.name),
                 ZW_ARG(name), hint);
  return false;
}

/* The enum and value of "Enum.Value" on a plain integer; false: reported. */
static bool foreign_value(zw_compiled *c, zw_str space, const zw_member *m, zw_str word,
                          const zw_enumeration **e, zw_str *name) {
  size_t dot = word.len;
  while (dot > 0 && word.ptr[dot - 1] != '.') dot--;
  zw_str owner = {word.ptr, dot ? dot - 1 : 0};
  zw_decl *d = dot ? zw_find_type(c, space, owner, m->type.seen) : NULL;
  *name = (zw_str){word.ptr + dot, word.len - dot};
  *e = (zw_enumeration *)d;
  if (d && d->kind == ZW_DECL_ENUM) return true;
  zw_report(c, m->preset.at, "VALUE_TYPE", "\"%.*s\" is no number", ZW_ARG(m->preset.text));
  return false;
}

/* Names of values parted by spaces, all their bits together; on a plain integer with their enum. */
static bool named_values(zw_compiled *c, zw_str space, const zw_member *m, zw_scalar *out) {
  zw_str text = m->preset.text;
  out->u = 0;
  for (size_t start = 0, i = 0; i <= text.len; i++) {
    if (i < text.len && text.ptr[i] != ' ') continue;
    zw_str word = {text.ptr + start, i - start}, name = word;
    const zw_enumeration *e = m->type.enumeration;
    start = i + 1;
    if (!e && !foreign_value(c, space, m, word, &e, &name)) return false;
    const zw_value *v = zw_find_value(e, name);
    if (!v) return unknown_value(c, e, name, m->preset.at);
    out->u |= (uint64_t)v->number;
  }
  return true;
}

/* Whether a literal stands for an integer: a number, or a string that begins as one. */
static bool is_integer(const zw_literal *literal) {
  zw_str text = literal->text;
  size_t at = text.len > 1 && (text.ptr[0] == '-' || text.ptr[0] == '+');
  return literal->kind == ZW_LIT_INT || (literal->kind == ZW_LIT_STRING && text.len > at &&
                                         text.ptr[at] >= '0' && text.ptr[at] <= '9');
}

/* A binary search in the order of sort_values. */
static bool has_number(const zw_enumeration *e, int64_t number) {
  uint32_t from = 0, to = e->sorted ? e->value_count : 0;
  bool is_unsigned = e->base == ZW_T_ULONG;
  while (from < to) {
    uint32_t middle = from + (to - from) / 2;
    int64_t at = e->sorted[middle]->number;
    if (at == number) return true;
    bool below = is_unsigned ? (uint64_t)at < (uint64_t)number : at < number;
    if (below)
      from = middle + 1;
    else
      to = middle;
  }
  return false;
}

static bool enum_value(zw_compiled *c, zw_str space, const zw_member *m, zw_scalar *out) {
  const zw_enumeration *e = m->type.enumeration;
  const zw_literal *literal = &m->preset;
  bool number = is_integer(literal);
  out->i = 0;
  if (number && !zw_literal_int(c, literal, e->base, out)) return false;
  if (!number && literal->kind != ZW_LIT_NONE && !named_values(c, space, m, out)) return false;
  if (e->bit_flags || has_number(e, out->i)) return true;
  zw_report_full(c, ZW_ESCHEMA, literal->at.line ? literal->at : m->head.at, e->decl.head.at,
                 "ENUM_DEFAULT",
                 "the default %lld of \"%.*s\" is no value of the enum \"%.*s\". Write = and one "
                 "of its values",
                 (long long)out->i, ZW_ARG(m->head.name), ZW_ARG(e->decl.head.name));
  return false;
}

/* ---- defaults ---- */

static bool bool_value(zw_compiled *c, const zw_literal *literal, zw_scalar *out) {
  static const struct {
    const char *word;
    uint64_t value;
  } words[] = {{"false", 0}, {"true", 1}};
  for (size_t i = 0; i < 2; i++) {
    if (!zw_str_eq(literal->text, zw_str_of(words[i].word))) continue;
    out->u = words[i].value;
    return true;
  }
  if (is_integer(literal)) return zw_literal_int(c, literal, ZW_T_BOOL, out);
  zw_report(c, literal->at, "VALUE_TYPE", "\"%.*s\" is neither true nor false",
            ZW_ARG(literal->text));
  return false;
}

static void scalar_preset(zw_compiled *c, zw_object *o, zw_member *m) {
  const zw_literal *literal = &m->preset;
  uint8_t base = m->type.base;
  if (literal->kind == ZW_LIT_NULL) {
    const zw_value *null =
        m->type.enumeration ? zw_find_value(m->type.enumeration, ZW_STR("null")) : NULL;
    if (null)
      zw_report_full(c, ZW_ESCHEMA, literal->at, null->head.at, "ENUM_DEFAULT",
                     "\"null\" means that the field may be absent, and is also a value of its "
                     "enum. Rename that");
    return;
  }
  if (m->type.enumeration) {
    enum_value(c, o->decl.space, m, &m->value);
    return;
  }
  if (literal->kind == ZW_LIT_NONE) return;
  if (zw_base_is_float(base))
    float_value(c, literal, &m->value);
  else if (literal->kind == ZW_LIT_FLOAT)
    zw_report(c, literal->at, "VALUE_TYPE", "%.*s is no integer", ZW_ARG(literal->text));
  else if (base == ZW_T_BOOL)
    bool_value(c, literal, &m->value);
  else if (is_integer(literal))
    zw_literal_int(c, literal, base, &m->value);
  else if (named_values(c, o->decl.space, m, &m->value) && !fits(m->value, base))
    zw_report(c, literal->at, "VALUE_RANGE", "the value %lld of \"%.*s\" is no %s",
              (long long)m->value.i, ZW_ARG(literal->text), zw_type_word(base));
}

void zw_resolve_preset(zw_compiled *c, zw_object *o, zw_member *m) {
  const zw_literal *literal = &m->preset;
  bool scalar = zw_base_is_scalar(m->type.base);
  if (o->is_struct) {
    if (literal->kind != ZW_LIT_NONE)
      zw_report(c, literal->at, "DEFAULT_PLACE",
                "members of a struct have no defaults: they are always there");
    else if (m->type.enumeration)
      enum_value(c, o->decl.space, m, &m->value);
    return;
  }
  if (scalar) {
    scalar_preset(c, o, m);
    return;
  }
  if (literal->kind == ZW_LIT_NONE) return;
  if (m->type.base == ZW_T_STRING) {
    if (literal->kind != ZW_LIT_STRING)
      zw_report(c, literal->at, "VALUE_TYPE",
                "the default of a string is a string. Put it in double quotes");
  } else if (zw_is_vector(m->type.base)) {
    if (literal->kind != ZW_LIT_EMPTY_VECTOR)
      zw_report(c, literal->at, "DEFAULT_VECTOR", "the default of a vector can only be []");
  } else {
    zw_report(c, literal->at, "DEFAULT_PLACE",
              "tables, structs and unions have no defaults: absent, they are absent");
  }
}
