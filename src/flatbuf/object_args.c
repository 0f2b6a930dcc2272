/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table as WAMP arguments: positional fields in an array, keyword fields in a map (reflect.h has
 * the rule). Both directions walk the fields in the order of their ids.
 */
#include "object.h"

static bool is_union(const zw_field *field) {
  return field->base == ZW_T_UNION || zw_field_is_union_vector(field);
}

static bool is_positional(const zw_field *field) {
  return !(field->flags & (ZW_F_DEPRECATED | ZW_F_KWARG)) && !zw_field_is_union_type(field) &&
         !is_union(field);
}

/* The positional field at or after index i; NULL: none. */
static const zw_field *next_positional(const zw_type *type, uint16_t *i) {
  while (*i < type->field_count) {
    const zw_field *field = &type->fields[(*i)++];
    if (is_positional(field)) return field;
  }
  return NULL;
}

static int write_kind(zw_token_writer *out, enum zw_token_kind kind, size_t count) {
  zw_token token = {.kind = kind, .count = count};
  return out->write(out, &token);
}

static bool has_value(const zw_field *field, zw_table table, uint32_t flags) {
  if (zw_table_has(table, field->id)) return true;
  return (flags & ZW_OBJECT_DEFAULTS) && zw_base_is_scalar(field->base) &&
         !(field->flags & ZW_F_OPTIONAL) && !zw_field_is_union_type(field);
}

int zw_object_write_args(const zw_type *type, zw_table table, uint32_t flags,
                         zw_token_writer *args) {
  size_t count = 0, last = 0;
  uint16_t i = 0;
  for (const zw_field *field = next_positional(type, &i); field;
       field = next_positional(type, &i)) {
    count++;
    if (has_value(field, table, flags | ZW_OBJECT_DEFAULTS)) last = count;
  }
  int e = write_kind(args, ZW_TOKEN_ARRAY, last);
  i = 0;
  for (size_t n = 0; !e && n < last; n++) {
    const zw_field *field = next_positional(type, &i);
    /* A scalar that equals its default is not stored, but has a value: it must not become NULL. */
    uint32_t preset = zw_base_is_scalar(field->base) ? (uint32_t)ZW_OBJECT_DEFAULTS : 0;
    e = zw_field_write(field, table, flags | preset, args);
  }
  return e ? e : write_kind(args, ZW_TOKEN_ARRAY_END, SIZE_MAX);
}

static bool is_keyword(const zw_field *field, zw_table table, uint32_t flags) {
  return !is_positional(field) && !(field->flags & ZW_F_DEPRECATED) &&
         has_value(field, table, flags);
}

int zw_object_write_kwargs(const zw_type *type, zw_table table, uint32_t flags,
                           zw_token_writer *kwargs, size_t *written) {
  size_t count = 0;
  for (uint16_t i = 0; i < type->field_count; i++)
    count += is_keyword(&type->fields[i], table, flags);
  if (written) *written = count;
  int e = write_kind(kwargs, ZW_TOKEN_MAP, count);
  for (uint16_t i = 0; !e && i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    if (!is_keyword(field, table, flags)) continue;
    zw_token key = {.kind = ZW_TOKEN_STRING, .text = field->name, .count = SIZE_MAX};
    e = kwargs->write(kwargs, &key);
    if (!e) e = zw_field_write(field, table, flags, kwargs);
  }
  return e ? e : write_kind(kwargs, ZW_TOKEN_MAP_END, SIZE_MAX);
}

/* ---- reading ---- */

static int read_position(zw_table_reader *t, uint16_t *i, size_t position, const zw_token *token) {
  zw_object_reader *r = t->r;
  const zw_field *field = next_positional(t->type, i);
  if (!field) {
    return zw_object_fail(r, ZW_EINVAL, token,
                          "%.*s takes %zu positional argument%s, here are more.",
                          ZW_ARG(zw_short_name(t->type->name)), position, position == 1 ? "" : "s");
  }
  /* NULL in a position says "absent", and a keyword may still give the field. */
  if (token->kind == ZW_TOKEN_NULL) return 0;
  zw_bits_set(&t->seen, (size_t)(field - t->type->fields));
  return zw_table_reader_value(t, field, token);
}

static int read_positions(zw_table_reader *t, zw_token *start) {
  zw_object_reader *r = t->r;
  if (zw_object_next(r, start)) return r->error;
  if (start->kind == ZW_TOKEN_NULL || start->kind == ZW_TOKEN_END) return 0;
  if (start->kind != ZW_TOKEN_ARRAY) {
    return zw_object_fail(r, ZW_EINVAL, start, "%.*s: a list of arguments is expected, here is %s.",
                          ZW_ARG(zw_short_name(t->type->name)), zw_token_what(start));
  }
  uint16_t i = 0;
  for (size_t position = 0;; position++) {
    zw_token token;
    if (zw_object_next(r, &token)) return r->error;
    if (token.kind == ZW_TOKEN_ARRAY_END) return 0;
    if (read_position(t, &i, position, &token)) return r->error;
  }
}

static int read_keywords(zw_table_reader *t, zw_token *start) {
  zw_object_reader *r = t->r;
  if (zw_object_next(r, start)) return r->error;
  if (start->kind == ZW_TOKEN_NULL || start->kind == ZW_TOKEN_END) return 0;
  if (start->kind != ZW_TOKEN_MAP) {
    return zw_object_fail(r, ZW_EINVAL, start,
                          "%.*s: a map of keyword arguments is expected, here is %s.",
                          ZW_ARG(zw_short_name(t->type->name)), zw_token_what(start));
  }
  for (;;) {
    zw_token key;
    if (zw_object_next(r, &key)) return r->error;
    if (key.kind == ZW_TOKEN_MAP_END) return 0;
    if (zw_table_reader_pair(t, &key)) return r->error;
  }
}

/* A source without tokens: what `locate` is asked for when neither list is there. */
static int no_tokens(zw_token_reader *reader, zw_token *token, zw_diag *diag) {
  (void)reader;
  (void)diag;
  *token = (zw_token){.kind = ZW_TOKEN_END, .count = SIZE_MAX};
  return 0;
}

zw_ref zw_object_read_args(const zw_type *type, zw_token_reader *args, zw_token_reader *kwargs,
                           uint32_t flags, zw_builder *b, zw_diag *diag) {
  zw_token_reader none = {.next = no_tokens};
  zw_object_reader r = {.in = args     ? args
                              : kwargs ? kwargs
                                       : &none,
                        .b = b,
                        .diag = diag,
                        .flags = flags,
                        .depth = 1};
  zw_token start = {.kind = ZW_TOKEN_NULL, .count = SIZE_MAX};
  if (b->error) {
    zw_fail(diag, b->error, "The builder has failed before: %s.", zw_error_text(b->error));
    return 0;
  }
  zw_table_reader t;
  int e = zw_table_reader_begin(&t, &r, type);
  if (!e && args) e = read_positions(&t, &start);
  if (kwargs) r.in = kwargs;
  if (!e && kwargs) read_keywords(&t, &start);
  return zw_table_reader_end(&t, &start);
}
