/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: lists of fields such as "site,-installed,place.floor" turned into paths of descriptors.
 *
 * A key field holds something that sorts: a scalar, a string, octets ([ubyte]) or a struct of
 * nothing but octets. A flag on any other vector makes one entry an element. Fields of a primary
 * key are the record's own, and are always there.
 */
#include <stdio.h>

#include "model_build.h"

/* One key under construction. */
typedef struct key_builder {
  model_builder *m;
  const zw_type *type;
  enum model_key_use use;
  const zw_model_site *site;
  zw_key_field *fields;
  unsigned count;
} key_builder;

/* ---- what a key field may hold ---- */

/* Whether a struct is nothing but octets, so that its bytes sort as they are. Nesting is bounded by
 * the loader. */
static bool is_fixed_octets(const zw_type *type) {
  if (!type || !type->is_struct) return false;
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *f = &type->fields[i];
    unsigned base = f->base == ZW_T_ARRAY ? f->element : f->base;
    if (base != ZW_T_UBYTE && base != ZW_T_BOOL && !(base == ZW_T_OBJ && is_fixed_octets(f->type)))
      return false;
  }
  return true;
}

static bool is_key_element(unsigned base, const zw_type *type) {
  return (zw_base_is_scalar(base) && base != ZW_T_UTYPE) || base == ZW_T_STRING ||
         (base == ZW_T_OBJ && is_fixed_octets(type));
}

static bool is_octets(const zw_field *f) {
  return f->base == ZW_T_VECTOR && f->element == ZW_T_UBYTE && !(f->flags & ZW_F_NESTED);
}

static bool is_key_value(const zw_field *f) {
  return is_octets(f) || (f->base == ZW_T_ARRAY && f->element == ZW_T_UBYTE) ||
         is_key_element(f->base, f->type);
}

static bool check_leaf(const key_builder *k, const zw_key_field *key, const zw_field *leaf) {
  char text[ZW_TYPE_TEXT_MAX];
  unsigned base = key->each ? leaf->element : leaf->base;
  if (key->each ? !is_key_element(leaf->element, leaf->type) : !is_key_value(leaf)) {
    bool flaggable = leaf->base == ZW_T_VECTOR && is_key_element(leaf->element, leaf->type) &&
                     k->use == KEY_INDEX;
    zw_field_type_text(leaf, false, text);
    zw_model_find(
        k->m, k->site, RULE_KEY_FIELD_TYPE,
        "\"%.*s\" is a %s, which is no key. A key field is a scalar, a string, [ubyte] or "
        "a struct of octets%s",
        ZW_ARG(key->name), text,
        flaggable ? "; a flag on the field gives one entry an element" : "");
    return false;
  }
  bool optional = leaf->flags & (ZW_F_DEPRECATED | ZW_F_OPTIONAL);
  if (k->use == KEY_PRIMARY && optional) {
    zw_model_find(k->m, k->site, RULE_PRIMARY_OPTIONAL,
                  "\"%.*s\" is %s, and a primary key is always there. Take another field",
                  ZW_ARG(key->name),
                  leaf->flags & ZW_F_DEPRECATED ? "deprecated" : "optional (= null)");
    return false;
  }
  if (zw_base_is_float(base))
    zw_model_find(
        k->m, k->site, RULE_KEY_FLOAT,
        "\"%.*s\" is a %s: equal numbers may differ in their last bits, so that a look-up "
        "misses",
        ZW_ARG(key->name), zw_base_name(base));
  return true;
}

/* ---- paths ---- */

static void unknown_field(const key_builder *k, const zw_type *type, zw_str name) {
  char suggestion[MODEL_SUGGESTION_MAX];
  zw_str *names = zw_model_candidates(k->m, type->field_count);
  for (unsigned i = 0; names && i < type->field_count; i++) names[i] = type->fields[i].name;
  zw_model_suggest(k->m, name, names, names ? type->field_count : 0, suggestion);
  zw_model_find(k->m, k->site, RULE_KEY_FIELD_UNKNOWN, "%.*s has no field \"%.*s\"%s",
                ZW_ARG(zw_short_name(type->name)), ZW_ARG(name), suggestion);
}

static bool syntax(const key_builder *k, const char *what) {
  zw_model_find(k->m, k->site, RULE_KEY_SYNTAX, "%s. Write fields as in \"site,-installed\"", what);
  return false;
}

/* The name up to the next '.', taken off *rest. */
static zw_str next_part(zw_str *rest) {
  size_t n = 0;
  while (n < rest->len && rest->ptr[n] != '.') n++;
  zw_str part = {rest->ptr, n};
  size_t skip = n < rest->len ? n + 1 : n;
  rest->ptr += skip;
  rest->len -= skip;
  return part;
}

static bool resolve_path(const key_builder *k, zw_key_field *key) {
  const zw_type *type = k->type;
  zw_str rest = key->name;
  if (!rest.len || rest.ptr[rest.len - 1] == '.') return syntax(k, "a field's name is empty");
  while (rest.len) {
    zw_str name = next_part(&rest);
    if (key->depth == ZW_KEY_PATH_MAX) return syntax(k, "a path has more than 8 parts");
    const zw_field *field = zw_type_field(type, name);
    if (!field) {
      unknown_field(k, type, name);
      return false;
    }
    key->path[key->depth++] = field;
    if (!rest.len) break;
    if (field->base != ZW_T_OBJ) {
      zw_model_find(k->m, k->site, RULE_KEY_FIELD_TYPE,
                    "\"%.*s\" is no table or struct, so it has no \"%.*s\"", ZW_ARG(name),
                    ZW_ARG(rest));
      return false;
    }
    type = field->type;
  }
  if (k->use != KEY_PRIMARY || key->depth == 1) return true;
  zw_model_find(k->m, k->site, RULE_KEY_FIELD_TYPE,
                "\"%.*s\": a primary key takes fields of the record itself", ZW_ARG(key->name));
  return false;
}

static bool is_repeated(const key_builder *k, const zw_key_field *key) {
  for (unsigned i = 0; i < k->count; i++)
    if (zw_str_eq(k->fields[i].name, key->name)) return true;
  return false;
}

static zw_str trimmed(zw_str s) {
  while (s.len && s.ptr[0] == ' ') s = (zw_str){s.ptr + 1, s.len - 1};
  while (s.len && s.ptr[s.len - 1] == ' ') s.len--;
  return s;
}

static bool add_field(key_builder *k, zw_str text) {
  if (k->count == ZW_KEY_FIELDS_MAX) return syntax(k, "a key has more than 16 fields");
  zw_key_field *key = &k->fields[k->count];
  *key = (zw_key_field){.name = trimmed(text)};
  key->descending = key->name.len && key->name.ptr[0] == '-';
  if (key->descending) key->name = trimmed((zw_str){key->name.ptr + 1, key->name.len - 1});
  if (!resolve_path(k, key)) return false;
  if (is_repeated(k, key)) {
    zw_model_find(k->m, k->site, RULE_KEY_FIELD_REPEATED, "\"%.*s\" stands twice in one key",
                  ZW_ARG(key->name));
    return false;
  }
  k->count++;
  return check_leaf(k, key, key->path[key->depth - 1]);
}

/* ---- the whole ---- */

/* "site_installed": the fields joined, also the parts of a path. */
static bool make_name(const key_builder *k, zw_str *out) {
  size_t len = k->count - 1;
  for (unsigned i = 0; i < k->count; i++) len += k->fields[i].name.len;
  char *text = zw_model_array(k->m, len, 1);
  if (!text) return false;
  *out = (zw_str){text, len};
  for (unsigned i = 0; i < k->count; i++) {
    zw_str name = k->fields[i].name;
    if (i) *text++ = '_';
    for (size_t j = 0; j < name.len; j++) *text++ = name.ptr[j] == '.' ? '_' : name.ptr[j];
  }
  return true;
}

static bool finish_key(const key_builder *k, zw_key_def *out) {
  out->fields = k->fields;
  out->field_count = (uint8_t)k->count;
  return k->use != KEY_INDEX || make_name(k, &out->name);
}

static bool begin_key(key_builder *k, size_t fields) {
  k->fields = zw_model_array(k->m, fields, sizeof *k->fields);
  return k->fields != NULL;
}

bool zw_model_key(model_builder *m, const zw_type *type, zw_str list, enum model_key_use use,
                  const zw_model_site *site, zw_key_def *out) {
  key_builder k = {.m = m, .type = type, .use = use, .site = site};
  size_t begin = 0, most = 1;
  for (size_t i = 0; i < list.len; i++) most += list.ptr[i] == ',';
  if (!begin_key(&k, most < ZW_KEY_FIELDS_MAX ? most : ZW_KEY_FIELDS_MAX)) return false;
  for (size_t i = 0; i <= list.len; i++) {
    if (i < list.len && list.ptr[i] != ',') continue;
    if (!add_field(&k, (zw_str){list.ptr + begin, i - begin})) return false;
    begin = i + 1;
  }
  return finish_key(&k, out);
}

bool zw_model_key_flag(model_builder *m, const zw_type *type, const zw_field *field,
                       enum model_key_use use, const zw_model_site *site, zw_key_def *out) {
  key_builder k = {.m = m, .type = type, .use = use, .site = site, .count = 1};
  if (!begin_key(&k, 1)) return false;
  k.fields[0] = (zw_key_field){.name = field->name, .path = {field}, .depth = 1};
  k.fields[0].each = field->base == ZW_T_VECTOR && !is_octets(field) && use == KEY_INDEX;
  return check_leaf(&k, &k.fields[0], field) && finish_key(&k, out);
}
