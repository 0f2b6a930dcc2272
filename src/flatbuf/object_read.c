/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables from tokens. Children are built while their parent is open (the builder nests), so one
 * pass is enough. The first error is kept in the reader and in the builder; every function returns
 * early after it.
 *
 * What is given twice, is not known or is missing is an error with its place. NULL stands for
 * "absent".
 */
#include "object.h"

#define SUGGESTIONS_MAX 4096

/* ---- strings, structs, tables ---- */

static bool is_string(zw_object_reader *r, const zw_token *token, const zw_value_site *site) {
  if (token->kind == ZW_TOKEN_STRING && !(token->bare && r->flags & ZW_OBJECT_FLATC)) return true;
  zw_value_fail(r, ZW_EINVAL, token, site, "a string is expected, here is %s",
                token->bare ? "a word without quotes" : zw_token_what(token));
  return false;
}

static zw_str text_of(const zw_token *token) { return token->text.ptr ? token->text : ZW_STR(""); }

zw_ref zw_string_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site) {
  if (!is_string(r, token, site)) return 0;
  return site->field->flags & ZW_F_SHARED ? zw_builder_string_shared(r->b, text_of(token))
                                          : zw_builder_string(r->b, text_of(token));
}

static zw_ref64 read_far_string(zw_object_reader *r, const zw_token *token,
                                const zw_value_site *site) {
  return is_string(r, token, site) ? zw_builder_string64(r->b, text_of(token)) : 0;
}

static int read_array(zw_object_reader *r, const zw_token *token, const zw_type *type,
                      const zw_field *member, uint8_t *out) {
  zw_value_site site = {type, member, SIZE_MAX};
  if (token->kind != ZW_TOKEN_ARRAY) {
    return zw_value_fail(r, ZW_EINVAL, token, &site, "an array is expected, here is %s",
                         zw_token_what(token));
  }
  size_t size = member->element == ZW_T_OBJ ? member->type->size : zw_base_size(member->element);
  for (site.index = 0;; site.index++) {
    zw_token element;
    if (zw_object_next(r, &element)) return r->error;
    bool end = element.kind == ZW_TOKEN_ARRAY_END;
    if (end != (site.index == member->fixed_length)) {
      site.index = SIZE_MAX;
      return zw_value_fail(r, ZW_EINVAL, &element, &site, "%u elements are expected, here are %s",
                           member->fixed_length, end ? "fewer" : "more");
    }
    if (end) return 0;
    uint8_t *at = out + site.index * size;
    zw_scalar value;
    int e = member->element == ZW_T_OBJ
                ? zw_struct_read(r, &element, &site, member->type, at)
                : zw_scalar_read(r, &element, &site, member->element, member->enum_type, &value);
    if (e) return e;
    if (member->element != ZW_T_OBJ) zw_scalar_store(at, member->element, value);
  }
}

static int read_member(zw_object_reader *r, const zw_token *token, const zw_type *type,
                       const zw_field *member, uint8_t *out) {
  zw_value_site site = {type, member, SIZE_MAX};
  if (member->base == ZW_T_OBJ)
    return zw_struct_read(r, token, &site, member->type, out + member->offset);
  if (member->base == ZW_T_ARRAY) return read_array(r, token, type, member, out + member->offset);
  zw_scalar value;
  int e = zw_scalar_read(r, token, &site, member->base, member->enum_type, &value);
  if (!e) zw_scalar_store(out + member->offset, member->base, value);
  return e;
}

static int unknown_field(zw_object_reader *r, const zw_type *type, const zw_token *key) {
  size_t count = type->field_count < SUGGESTIONS_MAX ? type->field_count : SUGGESTIONS_MAX;
  zw_str *names = zw_alloc_get(r->b->alloc, count * sizeof *names + 1);
  int near = -1;
  if (names) {
    for (size_t i = 0; i < count; i++) names[i] = type->fields[i].name;
    near = zw_did_you_mean(key->text, names, count);
    zw_alloc_free(r->b->alloc, names, count * sizeof *names + 1);
  }
  zw_str name = zw_short_name(type->name);
  if (near < 0) {
    return zw_object_fail(r, ZW_EINVAL, key, "%.*s has no field \"%.*s\".", ZW_ARG(name),
                          ZW_ARG(key->text));
  }
  return zw_object_fail(r, ZW_EINVAL, key, "%.*s has no field \"%.*s\". Did you mean \"%.*s\"?",
                        ZW_ARG(name), ZW_ARG(key->text), ZW_ARG(type->fields[near].name));
}

/* The field that a key names; NULL: an error, or (with SKIP_UNKNOWN) a pair that has been passed
 * over. */
static const zw_field *find_field(zw_object_reader *r, const zw_type *type, const zw_token *key,
                                  zw_bits *seen) {
  if (key->kind != ZW_TOKEN_STRING) {
    zw_object_fail(r, ZW_EINVAL, key, "%.*s: the name of a field is expected, here is %s.",
                   ZW_ARG(zw_short_name(type->name)), zw_token_what(key));
    return NULL;
  }
  const zw_field *field = zw_type_field(type, key->text);
  if (!field && zw_str_eq(key->text, ZW_STR("$schema"))) { /* an editor's, in JSON files */
    zw_token value;
    if (!zw_object_next(r, &value) && value.kind != ZW_TOKEN_STRING)
      zw_object_fail(r, ZW_EINVAL, &value, "\"$schema\" is a string.");
    return NULL;
  }
  if (!field && (r->flags & ZW_OBJECT_SKIP_UNKNOWN)) {
    zw_token value;
    if (!zw_object_next(r, &value)) {
      int e = zw_token_skip(r->in, &value, r->diag);
      if (e) zw_object_fail(r, e, &value, "The value cannot be read.");
    }
    return NULL;
  }
  if (!field) {
    unknown_field(r, type, key);
    return NULL;
  }
  size_t i = (size_t)(field - type->fields);
  if (zw_bits_get(seen, i)) {
    zw_value_site site = {type, field, SIZE_MAX};
    zw_value_fail(r, ZW_EINVAL, key, &site, "the field is given twice");
    return NULL;
  }
  zw_bits_set(seen, i);
  return field;
}

static int read_members(zw_object_reader *r, const zw_token *map, const zw_type *type,
                        zw_bits *seen, uint8_t *out) {
  for (;;) {
    zw_token token;
    if (zw_object_next(r, &token)) return r->error;
    if (token.kind == ZW_TOKEN_MAP_END) break;
    const zw_field *member = find_field(r, type, &token, seen);
    if (r->error) return r->error;
    if (!member) continue;
    if (zw_object_next(r, &token) || read_member(r, &token, type, member, out)) return r->error;
  }
  for (uint16_t i = 0; i < type->field_count; i++) {
    if (!zw_bits_get(seen, i)) {
      zw_value_site site = {type, &type->fields[i], SIZE_MAX};
      return zw_value_fail(r, ZW_EINVAL, map, &site,
                           "the member is missing; a struct needs all of them");
    }
  }
  return 0;
}

static int wrong_count(zw_object_reader *r, const zw_token *token, const zw_type *type, bool more) {
  return zw_object_fail(r, ZW_EINVAL, token, "%.*s: %u values are expected, here are %s.",
                        ZW_ARG(zw_short_name(type->name)), type->field_count,
                        more ? "more" : "fewer");
}

/* A struct as the list of its members. */
static int read_member_list(zw_object_reader *r, const zw_type *type, uint8_t *out) {
  for (uint16_t i = 0;; i++) {
    zw_token token;
    if (zw_object_next(r, &token)) return r->error;
    bool end = token.kind == ZW_TOKEN_ARRAY_END;
    if (end != (i == type->field_count)) return wrong_count(r, &token, type, !end);
    if (end) return 0;
    if (read_member(r, &token, type, &type->fields[i], out)) return r->error;
  }
}

int zw_struct_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                   const zw_type *type, uint8_t *out) {
  if (zw_is_uuid(site->field, type)) {
    if (token->kind == ZW_TOKEN_STRING && zw_uuid_parse(token->text, out)) return 0;
    if (token->kind == ZW_TOKEN_BYTES && token->bytes.len == 16) {
      memcpy(out, token->bytes.ptr, 16);
      return 0;
    }
    if (token->kind != ZW_TOKEN_MAP) {
      return zw_value_fail(
          r, ZW_EINVAL, token, site,
          "a UUID such as \"2f1c3b1e-8f0a-4b7e-9d55-0c6a1f2e3d4c\" is expected, here is %s",
          token->kind == ZW_TOKEN_STRING ? "another string" : zw_token_what(token));
    }
  }
  if (token->kind == ZW_TOKEN_ARRAY) return read_member_list(r, type, out);
  if (token->kind != ZW_TOKEN_MAP) {
    return zw_value_fail(r, ZW_EINVAL, token, site, "an object is expected, here is %s",
                         zw_token_what(token));
  }
  zw_bits seen;
  int e = zw_bits_init(&seen, type->field_count, r->b->alloc);
  if (e) return zw_object_fail(r, e, token, "Out of memory.");
  e = read_members(r, token, type, &seen, out);
  zw_bits_deinit(&seen, r->b->alloc);
  return e;
}

/* A table as the list of all its fields. null is no field, but for a scalar. */
static int read_field_list(zw_table_reader *t) {
  zw_object_reader *r = t->r;
  for (uint16_t i = 0;;) {
    zw_token token;
    if (zw_object_next(r, &token)) return r->error;
    bool end = token.kind == ZW_TOKEN_ARRAY_END;
    if (end != (i == t->type->field_count)) return wrong_count(r, &token, t->type, !end);
    if (end) return 0;
    const zw_field *field = &t->type->fields[i];
    if (token.kind == ZW_TOKEN_NULL && !zw_base_is_scalar(field->base)) continue;
    zw_bits_set(&t->seen, i++);
    if (zw_table_reader_value(t, field, &token)) return r->error;
  }
}

zw_ref zw_object_read_map(zw_object_reader *r, const zw_type *type, const zw_token *map) {
  if (r->depth >= ZW_OBJECT_DEPTH_MAX) {
    zw_object_fail(r, ZW_ELIMIT, map, "Tables are nested more than %d deep.", ZW_OBJECT_DEPTH_MAX);
    return 0;
  }
  zw_table_reader t;
  r->depth++;
  int e = zw_table_reader_begin(&t, r, type);
  bool list = map->kind == ZW_TOKEN_ARRAY;
  if (!e && list) e = read_field_list(&t);
  while (!e && !list) {
    zw_token key;
    e = zw_object_next(r, &key);
    if (e || key.kind == ZW_TOKEN_MAP_END) break;
    e = zw_table_reader_pair(&t, &key);
  }
  zw_ref ref = zw_table_reader_end(&t, map);
  r->depth--;
  return ref;
}

/* A struct that stands alone, the member of a union. */
static zw_ref read_lone_struct(zw_object_reader *r, const zw_token *token,
                               const zw_value_site *site, const zw_type *type) {
  uint8_t *bytes;
  zw_ref ref = zw_builder_struct_uninit(r->b, type->size, type->align, &bytes);
  if (!bytes) {
    zw_object_fail(r, r->b->error, token, "The struct cannot be built.");
    return 0;
  }
  memset(bytes, 0, type->size);
  return zw_struct_read(r, token, site, type, bytes) ? 0 : ref;
}

zw_ref zw_child_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                     const zw_type *type) {
  if (token->kind != ZW_TOKEN_MAP && token->kind != ZW_TOKEN_ARRAY) {
    zw_value_fail(r, ZW_EINVAL, token, site, "an object is expected, here is %s",
                  zw_token_what(token));
    return 0;
  }
  return type->is_struct ? read_lone_struct(r, token, site, type)
                         : zw_object_read_map(r, type, token);
}

/* ---- fields of a table ---- */

int zw_table_reader_begin(zw_table_reader *t, zw_object_reader *r, const zw_type *type) {
  memset(t, 0, sizeof *t);
  t->r = r;
  t->type = type;
  zw_builder_table_start(r->b);
  int e = zw_bits_init(&t->seen, type->field_count, r->b->alloc);
  if (!e) e = zw_bits_init(&t->present, type->field_count, r->b->alloc);
  if (e) {
    zw_token none = {.kind = ZW_TOKEN_NULL};
    return zw_object_fail(r, e, &none, "Out of memory.");
  }
  return 0;
}

static int read_struct_field(zw_object_reader *r, const zw_token *token,
                             const zw_value_site *site) {
  const zw_type *type = site->field->type;
  uint8_t small[64] = {0};
  uint8_t *bytes = type->size <= sizeof small ? small : zw_alloc_zero(r->b->alloc, type->size);
  if (!bytes) return zw_object_fail(r, ZW_ENOMEM, token, "Out of memory.");
  int e = zw_struct_read(r, token, site, type, bytes);
  if (!e) zw_builder_add_struct(r->b, site->field->id, bytes, type->size, type->align);
  if (bytes != small) zw_alloc_free(r->b->alloc, bytes, type->size);
  return e;
}

static int read_scalar_field(zw_object_reader *r, const zw_token *token,
                             const zw_value_site *site) {
  const zw_field *field = site->field;
  zw_scalar value;
  int e = zw_scalar_read(r, token, site, field->base, field->enum_type, &value);
  if (e) return e;
  if (field->flags & ZW_F_OPTIONAL) {
    zw_builder_add_optional(r->b, field->id, field->base, value);
  } else {
    zw_builder_add_scalar(r->b, field->id, field->base, value, field->preset);
  }
  return 0;
}

static int read_offset_field(zw_object_reader *r, const zw_token *token,
                             const zw_value_site *site) {
  const zw_field *field = site->field;
  zw_ref64 ref = 0;
  bool far = field->flags & ZW_F_OFFSET64;
  if (field->base == ZW_T_STRING) {
    ref = far ? read_far_string(r, token, site) : zw_string_read(r, token, site);
  } else if (field->base == ZW_T_OBJ) {
    ref = zw_child_read(r, token, site, field->type);
  } else if (field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64) {
    ref = zw_vector_read(r, token, site);
  } else {
    return zw_value_fail(r, ZW_ENOTSUP, token, site, "fields of this type are not supported");
  }
  if (!r->error && far) zw_builder_add_ref64(r->b, field->id, ref);
  if (!r->error && !far) zw_builder_add_ref(r->b, field->id, (zw_ref)ref);
  return r->error;
}

int zw_table_reader_value(zw_table_reader *t, const zw_field *field, const zw_token *token) {
  zw_value_site site = {t->type, field, SIZE_MAX};
  if (token->kind == ZW_TOKEN_NULL) {
    bool absent = !(t->r->flags & ZW_OBJECT_FLATC) || !zw_base_is_scalar(field->base) ||
                  field->flags & ZW_F_OPTIONAL;
    return absent ? 0 : zw_value_fail(t->r, ZW_EINVAL, token, &site, "the field is not optional");
  }
  zw_bits_set(&t->present, (size_t)(field - t->type->fields));
  int e;
  if (zw_field_is_union_type(field)) {
    e = zw_union_read_type(t, field, token);
  } else if (field->base == ZW_T_UNION || zw_field_is_union_vector(field)) {
    e = zw_union_read_value(t, field, token);
  } else if (zw_base_is_scalar(field->base)) {
    e = read_scalar_field(t->r, token, &site);
  } else if (field->base == ZW_T_OBJ && field->type->is_struct) {
    e = read_struct_field(t->r, token, &site);
  } else {
    e = read_offset_field(t->r, token, &site);
  }
  return e ? e
         : t->r->b->error
             ? zw_object_fail(t->r, t->r->b->error, token, "The table cannot be built: %s.",
                              zw_error_text(t->r->b->error))
             : 0;
}

/* The value of a union whose type has not come yet: passed over, to be read at the end of the
 * table. */
static int postpone_union(zw_table_reader *t, const zw_field *field) {
  zw_object_reader *r = t->r;
  zw_token token;
  zw_token_mark mark;
  r->in->mark(r->in, &mark);
  if (zw_object_next(r, &token)) return r->error;
  if (token.kind == ZW_TOKEN_NULL) return 0;
  int e = zw_token_skip(r->in, &token, r->diag);
  if (e) return zw_object_fail(r, e, &token, "The value cannot be read.");
  zw_union_reader *u = zw_union_find(t, field);
  if (!u) return zw_object_fail(r, ZW_ENOMEM, &token, "Out of memory.");
  u->waiting = true;
  u->mark = mark;
  return 0;
}

int zw_table_reader_pair(zw_table_reader *t, const zw_token *key) {
  zw_object_reader *r = t->r;
  const zw_field *field = find_field(r, t->type, key, &t->seen);
  if (!field) return r->error;
  bool is_union = field->base == ZW_T_UNION || zw_field_is_union_vector(field);
  if (is_union && !zw_bits_get(&t->seen, (size_t)(field - 1 - t->type->fields))) {
    if (r->in->rewind && r->in->mark) return postpone_union(t, field);
    zw_value_site site = {t->type, field, SIZE_MAX};
    return zw_value_fail(r, ZW_EINVAL, key, &site, "\"%.*s\" must come before \"%.*s\" here",
                         ZW_ARG(field[-1].name), ZW_ARG(field->name));
  }
  zw_token value;
  if (zw_object_next(r, &value)) return r->error;
  return zw_table_reader_value(t, field, &value);
}

static int check_required(zw_table_reader *t, const zw_token *start) {
  for (uint16_t i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    if (!(field->flags & ZW_F_REQUIRED) || zw_bits_get(&t->present, i)) continue;
    zw_value_site site = {t->type, field, SIZE_MAX};
    return zw_value_fail(t->r, ZW_EINVAL, start, &site, "the field is required, but is not given");
  }
  return 0;
}

zw_ref zw_table_reader_end(zw_table_reader *t, const zw_token *start) {
  zw_object_reader *r = t->r;
  if (!r->error) zw_union_read_waiting(t);
  if (!r->error) zw_union_check(t, start);
  if (!r->error) check_required(t, start);
  zw_ref ref = zw_builder_table_end(r->b);
  const zw_alloc *alloc = r->b->alloc;
  for (size_t i = 0; i < t->union_count; i++) {
    zw_alloc_free(alloc, t->unions[i].numbers,
                  t->unions[i].capacity * sizeof *t->unions[i].numbers);
  }
  zw_alloc_free(alloc, t->unions, t->union_capacity * sizeof *t->unions);
  zw_bits_deinit(&t->seen, alloc);
  zw_bits_deinit(&t->present, alloc);
  if (r->error) return 0;
  if (r->b->error)
    zw_object_fail(r, r->b->error, start, "The table cannot be built: %s.",
                   zw_error_text(r->b->error));
  return r->error ? 0 : ref;
}

zw_ref zw_object_read(const zw_type *type, zw_token_reader *in, uint32_t flags, zw_builder *b,
                      zw_diag *diag) {
  zw_object_reader r = {.in = in, .b = b, .diag = diag, .flags = flags};
  zw_token token;
  if (b->error) {
    zw_fail(diag, b->error, "The builder has failed before: %s.", zw_error_text(b->error));
    return 0;
  }
  if (zw_object_next(&r, &token)) return 0;
  if (token.kind != ZW_TOKEN_MAP || type->is_struct) {
    zw_object_fail(&r, ZW_EINVAL, &token, "%.*s: an object is expected, here is %s.",
                   ZW_ARG(zw_short_name(type->name)),
                   type->is_struct ? "a struct as root" : zw_token_what(&token));
    return 0;
  }
  return zw_object_read_map(&r, type, &token);
}
