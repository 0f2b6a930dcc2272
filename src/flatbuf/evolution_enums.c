/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enums and unions. A value is looked for by its number; the same name at another number is a value
 * renumbered, another name at the number is the value renamed.
 */
#include <inttypes.h>

#include "evolution.h"
#include "type_text.h"

typedef struct value_pair {
  evolution *e;
  const zw_enum_type *old_enum, *new_enum;
  const zw_enum_value *was, *now;
  zw_hmap old_names, new_names; /* empty until they are asked for */
} value_pair;

static const zw_enum_value *by_name(value_pair *p, zw_hmap *names, const zw_enum_type *type,
                                    zw_str name) {
  bool is_empty = names->count == 0;
  for (uint32_t i = 0; is_empty && i < type->value_count; i++) {
    zw_enum_value *value = (zw_enum_value *)(uintptr_t)&type->values[i];
    if (zw_hmap_set(names, zw_str_span(value->name), value, NULL)) p->e->no_memory = true;
  }
  return zw_hmap_get(names, zw_str_span(name));
}

static zw_str member_type(const zw_enum_value *value) {
  if (value->type) return value->type->name;
  return value->base == ZW_T_STRING ? ZW_STR("string") : ZW_STR("none");
}

static void compare_member(const value_pair *p) {
  zw_str was = member_type(p->was), now = member_type(p->now);
  if (!zw_str_eq(was, now))
    zw_evolution_find(p->e, EVOLUTION_UNION_MEMBER_SAME_TYPE, p->old_enum->name, p->was->name,
                      "%.*s became %.*s", ZW_ARG(was), ZW_ARG(now));
  else if (p->was->type)
    zw_evolution_reach(p->e, p->was->type);
}

static void find_renumbered(const value_pair *p, const zw_enum_value *named) {
  if (p->old_enum->base == ZW_T_ULONG)
    zw_evolution_find(p->e, EVOLUTION_ENUM_VALUE_SAME_NUMBER, p->old_enum->name, p->was->name,
                      "%" PRIu64 " became %" PRIu64, (uint64_t)p->was->value,
                      (uint64_t)named->value);
  else
    zw_evolution_find(p->e, EVOLUTION_ENUM_VALUE_SAME_NUMBER, p->old_enum->name, p->was->name,
                      "%" PRId64 " became %" PRId64, p->was->value, named->value);
}

static void compare_value(value_pair *p) {
  p->now = zw_enum_by_value(p->new_enum, p->was->value);
  if (!p->now || !zw_str_eq(p->now->name, p->was->name)) {
    const zw_enum_value *named = by_name(p, &p->new_names, p->new_enum, p->was->name);
    if (named) {
      find_renumbered(p, named);
      return;
    }
    if (!p->now || by_name(p, &p->old_names, p->old_enum, p->now->name)) {
      zw_evolution_find(p->e, EVOLUTION_ENUM_VALUE_DELETED, p->old_enum->name, p->was->name,
                        "deleted");
      return;
    }
    p->e->new_member = p->now->name;
    zw_evolution_find(p->e, EVOLUTION_ENUM_VALUE_SAME_NAME, p->old_enum->name, p->was->name,
                      "renamed to %.*s", ZW_ARG(p->now->name));
  }
  if (p->old_enum->is_union) compare_member(p);
}

static void compare_enums(evolution *e, const zw_enum_type *old_enum,
                          const zw_enum_type *new_enum) {
  zw_str none = {NULL, 0};
  if (old_enum->is_union != new_enum->is_union) {
    zw_evolution_find(e, EVOLUTION_ENUM_SAME_KIND, old_enum->name, none,
                      old_enum->is_union ? "a union became an enum" : "an enum became a union");
    return;
  }
  if (old_enum->base != new_enum->base)
    zw_evolution_find(e, EVOLUTION_ENUM_SAME_BASE, old_enum->name, none, "%s became %s",
                      zw_base_name(old_enum->base), zw_base_name(new_enum->base));
  if (old_enum->bit_flags != new_enum->bit_flags) {
    zw_evolution_find(e, EVOLUTION_ENUM_SAME_BIT_FLAGS, old_enum->name, none,
                      new_enum->bit_flags ? "it became bit_flags" : "it is no longer bit_flags");
    return;
  }
  value_pair pair = {.e = e, .old_enum = old_enum, .new_enum = new_enum};
  zw_hmap_init(&pair.old_names, e->arena.alloc);
  zw_hmap_init(&pair.new_names, e->arena.alloc);
  for (uint32_t i = 0; i < old_enum->value_count; i++) {
    pair.was = &old_enum->values[i];
    compare_value(&pair);
    e->new_member = none;
  }
  zw_hmap_deinit(&pair.old_names);
  zw_hmap_deinit(&pair.new_names);
}

/* It may be reached from a field that is being compared. */
void zw_evolution_enums(evolution *e, const zw_enum_type *old_enum, const zw_enum_type *new_enum) {
  zw_str outer = e->new_member;
  e->new_member = (zw_str){NULL, 0};
  compare_enums(e, old_enum, new_enum);
  e->new_member = outer;
}
