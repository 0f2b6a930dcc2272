/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of tables and members of structs. An old field is looked for at its id. What stands there
 * under another name is the field renamed, unless either name is found elsewhere: then it moved. A
 * union's type field is judged with its union.
 */
#include <inttypes.h>
#include <stdio.h>

#include "evolution.h"
#include "type_text.h"

/* A field of the old schema, and what stands for it in the new one. */
typedef struct field_pair {
  evolution *e;
  zw_str type;
  const zw_field *was, *now;
} field_pair;

static bool is_union_type(const zw_field *f) {
  return f->base == ZW_T_UTYPE || (f->base == ZW_T_VECTOR && f->element == ZW_T_UTYPE);
}

static unsigned value_base(const zw_field *f) {
  return f->base == ZW_T_VECTOR || f->base == ZW_T_ARRAY ? f->element : f->base;
}

/* VECTOR or ARRAY, or NONE for a single value. */
static unsigned list_base(const zw_field *f) {
  return f->base == ZW_T_VECTOR || f->base == ZW_T_ARRAY ? f->base : ZW_T_NONE;
}

static bool same_name(const zw_enum_type *a, const zw_enum_type *b) {
  return a && b ? zw_str_eq(a->name, b->name) : a == b;
}

/* ---- types ---- */

/* An enum's own change of base is the enum's finding, once. */
static bool same_shape(const zw_field *a, const zw_field *b) {
  unsigned base = value_base(a);
  if (list_base(a) != list_base(b) || a->fixed_length != b->fixed_length) return false;
  if (base != value_base(b)) return a->enum_type && same_name(a->enum_type, b->enum_type);
  if (base == ZW_T_OBJ) return zw_str_eq(a->type->name, b->type->name);
  return base != ZW_T_UNION || same_name(a->enum_type, b->enum_type);
}

static void compare_type(const field_pair *p) {
  char was[ZW_TYPE_TEXT_MAX], now[ZW_TYPE_TEXT_MAX];
  bool shape = same_shape(p->was, p->now), enums = same_name(p->was->enum_type, p->now->enum_type);
  zw_field_type_text(p->was, false, was);
  zw_field_type_text(p->now, false, now);
  if (strcmp(was, now) == 0) {
    zw_field_type_text(p->was, true, was);
    zw_field_type_text(p->now, true, now);
  }
  if (!shape) {
    zw_evolution_find(p->e, EVOLUTION_FIELD_SAME_TYPE, p->type, p->was->name, "%s became %s", was,
                      now);
    return;
  }
  if (!enums)
    zw_evolution_find(p->e, EVOLUTION_FIELD_SAME_ENUM, p->type, p->was->name, "%s became %s", was,
                      now);
  if (value_base(p->was) == ZW_T_OBJ) zw_evolution_reach(p->e, p->was->type);
  if (p->was->enum_type && enums) zw_evolution_reach_enum(p->e, p->was->enum_type);
}

/* ---- values ---- */

static void default_text(const zw_field *f, char *out, size_t size) {
  if (zw_base_is_float(f->base))
    snprintf(out, size, "%.17g", f->preset.d);
  else if (zw_base_is_signed(f->base))
    snprintf(out, size, "%" PRId64, f->preset.i);
  else
    snprintf(out, size, "%" PRIu64, f->preset.u);
}

/* Defaults of strings and vectors stand in an attribute of the compiler's. */
static void compare_offset_default(const field_pair *p) {
  zw_str name = ZW_STR("zw_default");
  zw_str was = zw_attribute_get(p->was->attributes, p->was->attribute_count, name);
  zw_str now = zw_attribute_get(p->now->attributes, p->now->attribute_count, name);
  if (!zw_str_eq(was, now))
    zw_evolution_find(p->e, EVOLUTION_FIELD_SAME_DEFAULT, p->type, p->was->name,
                      "the default %.*s became %.*s", ZW_ARG(was.ptr ? was : ZW_STR("none")),
                      ZW_ARG(now.ptr ? now : ZW_STR("none")));
}

static void compare_default(const field_pair *p) {
  char was[40], now[40];
  uint32_t changed = p->was->flags ^ p->now->flags;
  if (!zw_base_is_scalar(p->was->base)) {
    compare_offset_default(p);
    return;
  }
  if (changed & ZW_F_OPTIONAL) {
    bool optional = p->now->flags & ZW_F_OPTIONAL;
    zw_evolution_find(p->e, EVOLUTION_FIELD_SAME_OPTIONALITY, p->type, p->was->name,
                      optional ? "it became optional (= null)" : "it is no longer optional");
    return;
  }
  if (p->was->preset.u == p->now->preset.u || (p->was->flags & ZW_F_OPTIONAL)) return;
  default_text(p->was, was, sizeof was);
  default_text(p->now, now, sizeof now);
  zw_evolution_find(p->e, EVOLUTION_FIELD_SAME_DEFAULT, p->type, p->was->name,
                    "the default %s became %s", was, now);
}

/* ---- flags and attributes ---- */

typedef struct flag_rule {
  uint32_t flag;
  enum evolution_rule set, cleared;
  const char *set_text, *cleared_text;
} flag_rule;

static const flag_rule flag_rules[] = {
    {ZW_F_DEPRECATED, EVOLUTION_FIELD_DEPRECATED, EVOLUTION_FIELD_UNDEPRECATED,
     "it became deprecated", "it is no longer deprecated"},
    {ZW_F_REQUIRED, EVOLUTION_FIELD_REQUIRED, EVOLUTION_FIELD_NOT_REQUIRED, "it became required",
     "it is no longer required"},
    {ZW_F_KEY, EVOLUTION_FIELD_SAME_KEY, EVOLUTION_FIELD_SAME_KEY, "it became the key",
     "it is no longer the key"},
};

typedef struct attribute_rule {
  const char *name;
  enum evolution_rule rule;
} attribute_rule;

static const attribute_rule attribute_rules[] = {
    {"nested_flatbuffer", EVOLUTION_FIELD_SAME_NESTED},
    {"hash", EVOLUTION_FIELD_SAME_HASH},
};

static void compare_flags(const field_pair *p) {
  for (size_t i = 0; i < sizeof flag_rules / sizeof flag_rules[0]; i++) {
    const flag_rule *r = &flag_rules[i];
    bool was = p->was->flags & r->flag, now = p->now->flags & r->flag;
    if (was != now)
      zw_evolution_find(p->e, now ? r->set : r->cleared, p->type, p->was->name, "%s",
                        now ? r->set_text : r->cleared_text);
  }
}

static void compare_attributes(const field_pair *p) {
  for (size_t i = 0; i < sizeof attribute_rules / sizeof attribute_rules[0]; i++) {
    zw_str name = zw_str_of(attribute_rules[i].name);
    zw_str was = zw_attribute_get(p->was->attributes, p->was->attribute_count, name);
    zw_str now = zw_attribute_get(p->now->attributes, p->now->attribute_count, name);
    if (!zw_str_eq(was, now))
      zw_evolution_find(p->e, attribute_rules[i].rule, p->type, p->was->name, "%s %.*s became %.*s",
                        attribute_rules[i].name, ZW_ARG(was.ptr ? was : ZW_STR("none")),
                        ZW_ARG(now.ptr ? now : ZW_STR("none")));
  }
  bool nested = p->was->flags & p->now->flags & ZW_F_NESTED;
  if (nested && zw_str_eq(p->was->type->name, p->now->type->name))
    zw_evolution_reach(p->e, p->was->type);
}

static void compare_pair(const field_pair *p) {
  compare_type(p);
  if (!same_shape(p->was, p->now)) return;
  compare_default(p);
  compare_flags(p);
  compare_attributes(p);
}

/* ---- tables ---- */

static void compare_field(evolution *e, const zw_type *old_type, const zw_type *new_type,
                          unsigned id) {
  const zw_field *was = &old_type->fields[id];
  const zw_field *now = id < new_type->field_count ? &new_type->fields[id] : NULL;
  const zw_field *named = zw_type_field(new_type, was->name);
  if (is_union_type(was)) return;
  if (named && named != now) {
    zw_evolution_find(e, EVOLUTION_FIELD_SAME_ID, old_type->name, was->name,
                      "moved from id %u to id %u", id, (unsigned)named->id);
    return;
  }
  if (!now || (!named && zw_type_field(old_type, now->name))) {
    zw_evolution_find(e, EVOLUTION_FIELD_DELETED, old_type->name, was->name, "deleted");
    return;
  }
  e->new_member = now->name;
  if (!named)
    zw_evolution_find(e, EVOLUTION_FIELD_SAME_NAME, old_type->name, was->name, "renamed to %.*s",
                      ZW_ARG(now->name));
  field_pair pair = {e, old_type->name, was, now};
  compare_pair(&pair);
  e->new_member = (zw_str){NULL, 0};
}

static void compare_tables(evolution *e, const zw_type *old_type, const zw_type *new_type) {
  for (unsigned i = 0; i < old_type->field_count; i++) compare_field(e, old_type, new_type, i);
  for (unsigned i = old_type->field_count; i < new_type->field_count; i++) {
    const zw_field *added = &new_type->fields[i];
    if ((added->flags & ZW_F_REQUIRED) && !zw_type_field(old_type, added->name))
      zw_evolution_find(e, EVOLUTION_FIELD_REQUIRED_ADDED, old_type->name, added->name,
                        "a required field is added, and older data lacks it");
  }
}

/* ---- structs ---- */

static void compare_member(evolution *e, const zw_type *old_type, const zw_type *new_type,
                           unsigned i) {
  const zw_field *was = &old_type->fields[i], *now = &new_type->fields[i];
  char before[ZW_TYPE_TEXT_MAX], after[ZW_TYPE_TEXT_MAX];
  const zw_field *named = zw_type_field(new_type, was->name);
  field_pair pair = {e, old_type->name, was, now};
  if (named && named != now) {
    zw_evolution_find(e, EVOLUTION_STRUCT_SAME_FIELDS, old_type->name, was->name,
                      "moved from place %u to %u", i, (unsigned)named->id);
  } else if (!same_shape(was, now)) {
    zw_field_type_text(was, true, before);
    zw_field_type_text(now, true, after);
    zw_evolution_find(e, EVOLUTION_STRUCT_SAME_FIELDS, old_type->name, was->name, "%s became %s",
                      before, after);
  } else {
    e->new_member = now->name;
    if (!named)
      zw_evolution_find(e, EVOLUTION_FIELD_SAME_NAME, old_type->name, was->name, "renamed to %.*s",
                        ZW_ARG(now->name));
    compare_type(&pair);
    compare_flags(&pair);
    e->new_member = (zw_str){NULL, 0};
  }
}

static void compare_structs(evolution *e, const zw_type *old_type, const zw_type *new_type) {
  zw_str none = {NULL, 0};
  if (old_type->field_count != new_type->field_count) {
    zw_evolution_find(e, EVOLUTION_STRUCT_SAME_FIELDS, old_type->name, none, "%u members became %u",
                      (unsigned)old_type->field_count, (unsigned)new_type->field_count);
    return;
  }
  int breaks = e->breaks;
  for (unsigned i = 0; i < old_type->field_count; i++) compare_member(e, old_type, new_type, i);
  if (breaks == e->breaks &&
      (old_type->size != new_type->size || old_type->align != new_type->align))
    zw_evolution_find(e, EVOLUTION_STRUCT_SAME_LAYOUT, old_type->name, none,
                      "%u octets aligned to %u became %u aligned to %u", (unsigned)old_type->size,
                      (unsigned)old_type->align, (unsigned)new_type->size,
                      (unsigned)new_type->align);
}

void zw_evolution_types(evolution *e, const zw_type *old_type, const zw_type *new_type) {
  zw_str none = {NULL, 0};
  if (old_type->is_struct != new_type->is_struct)
    zw_evolution_find(e, EVOLUTION_TYPE_SAME_KIND, old_type->name, none,
                      old_type->is_struct ? "a struct became a table" : "a table became a struct");
  else if (old_type->is_struct)
    compare_structs(e, old_type, new_type);
  else
    compare_tables(e, old_type, new_type);
}
