/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unions from tokens: two pairs, the type (`u_type`) and the value (`u`), in any order. A value
 * whose type is not known yet has been passed over; when the table ends, the source is rewound to
 * it. Each level of nesting reads its content at most twice more, so the work is bounded by the
 * depth.
 */
#include "object.h"

zw_union_reader *zw_union_find(zw_table_reader *t, const zw_field *field) {
  size_t index = (size_t)(field - t->type->fields);
  if (zw_field_is_union_type(field)) index++;
  for (size_t i = 0; i < t->union_count; i++) {
    if (t->unions[i].field == index) return &t->unions[i];
  }
  void *unions = t->unions;
  if (zw_array_reserve(t->r->b->alloc, &unions, &t->union_capacity, t->union_count + 1,
                       sizeof *t->unions))
    return NULL;
  t->unions = unions;
  zw_union_reader *u = &t->unions[t->union_count++];
  *u = (zw_union_reader){.field = (uint16_t)index};
  return u;
}

static int read_type_number(zw_table_reader *t, const zw_token *token, const zw_value_site *site,
                            int64_t *number) {
  const zw_enum_type *type = site->field->enum_type;
  zw_scalar value;
  enum zw_base_type base = type->base == ZW_T_NONE ? ZW_T_UBYTE : type->base;
  int e = zw_scalar_read(t->r, token, site, base, type, &value);
  if (e) return e;
  if (!zw_enum_by_value(type, value.i)) {
    return zw_value_fail(t->r, ZW_EINVAL, token, site, "%.*s has no member %lld",
                         ZW_ARG(zw_short_name(type->name)), (long long)value.i);
  }
  *number = value.i;
  return 0;
}

static int add_number(zw_table_reader *t, zw_union_reader *u, int64_t number) {
  void *numbers = u->numbers;
  int e =
      zw_array_reserve(t->r->b->alloc, &numbers, &u->capacity, u->count + 1, sizeof *u->numbers);
  if (e) return e;
  u->numbers = numbers;
  u->numbers[u->count++] = number;
  return 0;
}

/* The types of a vector of unions, into the union's list and the buffer. */
static int read_type_vector(zw_table_reader *t, const zw_field *field, zw_union_reader *u,
                            const zw_token *token) {
  zw_object_reader *r = t->r;
  zw_value_site site = {t->type, field, SIZE_MAX};
  if (token->kind != ZW_TOKEN_ARRAY) {
    return zw_value_fail(r, ZW_EINVAL, token, &site, "an array is expected, here is %s",
                         zw_token_what(token));
  }
  for (site.index = 0;; site.index++) {
    zw_token element;
    int64_t number = 0;
    if (zw_object_next(r, &element)) return r->error;
    if (element.kind == ZW_TOKEN_ARRAY_END) break;
    if (read_type_number(t, &element, &site, &number)) return r->error;
    if (add_number(t, u, number)) return zw_object_fail(r, ZW_ENOMEM, &element, "Out of memory.");
  }
  enum zw_base_type base =
      field->enum_type->base == ZW_T_NONE ? ZW_T_UBYTE : field->enum_type->base;
  size_t size = zw_base_size(base);
  void *elements;
  zw_ref ref = zw_builder_vector_uninit(r->b, u->count, size, size, &elements);
  if (!ref)
    return zw_object_fail(r, r->b->error ? r->b->error : ZW_ENOMEM, token,
                          "The vector cannot be built.");
  for (size_t i = 0; i < u->count; i++) {
    zw_scalar_store((uint8_t *)elements + i * size, base, (zw_scalar){.i = u->numbers[i]});
  }
  zw_builder_add_ref(r->b, field->id, ref);
  return 0;
}

int zw_union_read_type(zw_table_reader *t, const zw_field *field, const zw_token *token) {
  zw_object_reader *r = t->r;
  zw_union_reader *u = zw_union_find(t, field);
  if (!u) return zw_object_fail(r, ZW_ENOMEM, token, "Out of memory.");
  u->typed = true;
  if (field->base == ZW_T_VECTOR) return read_type_vector(t, field, u, token);
  zw_value_site site = {t->type, field, SIZE_MAX};
  int e = read_type_number(t, token, &site, &u->number);
  if (!e)
    zw_builder_add_scalar(r->b, field->id, field->base, (zw_scalar){.i = u->number},
                          (zw_scalar){.i = 0});
  return e;
}

static zw_ref read_member(zw_table_reader *t, const zw_token *token, const zw_value_site *site,
                          int64_t number) {
  const zw_enum_value *value = zw_enum_by_value(site->field->enum_type, number);
  if (value && value->base == ZW_T_STRING) return zw_string_read(t->r, token, site);
  if (value && value->type) return zw_child_read(t->r, token, site, value->type);
  zw_value_fail(t->r, ZW_EINVAL, token, site, "the type is NONE, so there is no value");
  return 0;
}

static int read_members(zw_table_reader *t, const zw_field *field, const zw_token *token,
                        size_t index) {
  zw_object_reader *r = t->r;
  zw_value_site site = {t->type, field, SIZE_MAX};
  if (token->kind != ZW_TOKEN_ARRAY) {
    return zw_value_fail(r, ZW_EINVAL, token, &site, "an array is expected, here is %s",
                         zw_token_what(token));
  }
  size_t count = t->unions[index].count, n = 0;
  zw_ref *refs = zw_alloc_get(r->b->alloc, count * sizeof *refs + 1);
  if (!refs) return zw_object_fail(r, ZW_ENOMEM, token, "Out of memory.");
  zw_token element;
  while (!zw_object_next(r, &element) && element.kind != ZW_TOKEN_ARRAY_END && n < count) {
    site.index = n;
    refs[n] = read_member(t, &element, &site, t->unions[index].numbers[n]);
    n++;
  }
  site.index = SIZE_MAX;
  if (!r->error && (n < count || element.kind != ZW_TOKEN_ARRAY_END)) {
    zw_value_fail(r, ZW_EINVAL, &element, &site,
                  "as many values as types (%zu) are expected, here are %s", count,
                  n < count ? "fewer" : "more");
  }
  if (!r->error) zw_builder_add_ref(r->b, field->id, zw_builder_refs(r->b, refs, count));
  zw_alloc_free(r->b->alloc, refs, count * sizeof *refs + 1);
  return r->error;
}

int zw_union_read_value(zw_table_reader *t, const zw_field *field, const zw_token *token) {
  zw_object_reader *r = t->r;
  zw_value_site site = {t->type, field, SIZE_MAX};
  zw_union_reader *u = zw_union_find(t, field);
  if (!u) return zw_object_fail(r, ZW_ENOMEM, token, "Out of memory.");
  if (!u->typed) {
    return zw_value_fail(r, ZW_EINVAL, token, &site, "its type, \"%.*s\", is not given",
                         ZW_ARG(field[-1].name));
  }
  if (field->base == ZW_T_VECTOR) return read_members(t, field, token, (size_t)(u - t->unions));
  zw_ref ref = read_member(t, token, &site, u->number);
  if (!r->error) zw_builder_add_ref(r->b, field->id, ref);
  return r->error;
}

int zw_union_read_waiting(zw_table_reader *t) {
  zw_object_reader *r = t->r;
  zw_token_mark end;
  bool moved = false;
  for (size_t i = 0; i < t->union_count && !r->error; i++) {
    if (!t->unions[i].waiting) continue;
    if (!moved) r->in->mark(r->in, &end);
    moved = true;
    r->in->rewind(r->in, &t->unions[i].mark);
    zw_token token;
    if (!zw_object_next(r, &token))
      zw_table_reader_value(t, &t->type->fields[t->unions[i].field], &token);
  }
  if (moved) r->in->rewind(r->in, &end);
  return r->error;
}

int zw_union_check(zw_table_reader *t, const zw_token *start) {
  for (size_t i = 0; i < t->union_count; i++) {
    const zw_union_reader *u = &t->unions[i];
    const zw_field *field = &t->type->fields[u->field];
    zw_value_site site = {t->type, field, SIZE_MAX};
    if (zw_bits_get(&t->present, u->field) || !u->typed) continue;
    if (field->base == ZW_T_VECTOR || u->number) {
      return zw_value_fail(t->r, ZW_EINVAL, start, &site,
                           "its type is given by \"%.*s\", but the value is missing",
                           ZW_ARG(field[-1].name));
    }
  }
  return 0;
}
