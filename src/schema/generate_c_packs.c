/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What zw_pack is told of the file's own C structs: size, the offset of each member, and the same
 * of what the members point to. Those of included files come from their own code.
 */
#include "generate_c.h"

/* A pointer to what packs the type: `&com_example_Sensor_pack_type`. */
static void child(c_gen *g, zw_text *out, const zw_type *type) {
  const c_type *t = type ? zw_c_type(g, type) : NULL;
  if (!t)
    zw_text_printf(out, "NULL");
  else if (t->builtin)
    zw_text_printf(out, "&builtin_pack_type");
  else
    zw_text_printf(out, "&%.*s_pack_type", ZW_ARG(t->symbol));
}

static bool has_member(const c_type *t, const zw_field *field) {
  if (t->type->is_struct) return true;
  const c_field_kind *kind = zw_c_field_kind(field);
  return kind && kind->member;
}

static bool has_child(const zw_field *field) {
  return field->type && !(field->flags & (ZW_F_NESTED | ZW_F_DEPRECATED));
}

static bool has_union(const zw_field *field) {
  bool is =
      field->base == ZW_T_UNION || (field->base == ZW_T_VECTOR && field->element == ZW_T_UNION);
  return is && !(field->flags & ZW_F_DEPRECATED);
}

static bool offsets(zw_text *out, const c_type *t, size_t index) {
  if (!t->type->field_count) return false;
  zw_text_printf(out, "static const uint32_t offsets_%zu[] = {", index);
  for (unsigned i = 0; i < t->type->field_count; i++) {
    if (!has_member(t, &t->type->fields[i]))
      zw_text_printf(out, "0, ");
    else
      zw_text_printf(out, "offsetof(%s%.*s, %.*s), ", t->type->is_struct ? "" : "struct ",
                     ZW_ARG(t->object), ZW_ARG(t->fields[i].member));
  }
  zw_text_printf(out, "};\n");
  return true;
}

static bool children(c_gen *g, zw_text *out, const c_type *t, size_t index) {
  bool any = false;
  for (unsigned i = 0; i < t->type->field_count; i++) any = any || has_child(&t->type->fields[i]);
  if (!any) return false;
  zw_text_printf(out, "static const zw_pack_type *const children_%zu[] = {", index);
  for (unsigned i = 0; i < t->type->field_count; i++) {
    child(g, out, has_child(&t->type->fields[i]) ? t->type->fields[i].type : NULL);
    zw_text_printf(out, ", ");
  }
  zw_text_printf(out, "};\n");
  return true;
}

static bool unions(c_gen *g, zw_text *out, const c_type *t, size_t index) {
  bool any = false;
  for (unsigned i = 0; i < t->type->field_count; i++) any = any || has_union(&t->type->fields[i]);
  if (!any) return false;
  zw_text_printf(out, "static const zw_pack_type *const *const unions_%zu[] = {", index);
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    if (has_union(field))
      zw_text_printf(out, "members_%zu, ", (size_t)(field->enum_type - g->gen->from.schema->enums));
    else
      zw_text_printf(out, "NULL, ");
  }
  zw_text_printf(out, "};\n");
  return true;
}

static void pack(c_gen *g, zw_text *out, size_t index) {
  const c_type *t = &g->types[index];
  bool has_offsets = offsets(out, t, index);
  bool has_children = children(g, out, t, index);
  bool has_unions = unions(g, out, t, index);
  zw_text_printf(
      out, "const zw_pack_type %.*s_pack_type = {.type = &%.*s_types[%zu], .size = sizeof(%s%.*s)",
      ZW_ARG(t->symbol), ZW_ARG(g->name), index, t->type->is_struct ? "" : "struct ",
      ZW_ARG(t->object));
  if (has_offsets) zw_text_printf(out, ", .offsets = offsets_%zu", index);
  if (has_children) zw_text_printf(out, ", .children = children_%zu", index);
  if (has_unions) zw_text_printf(out, ", .union_children = unions_%zu", index);
  zw_text_printf(out, "};\n");
}

/* The members of each union that an own table has. */
static void union_members(c_gen *g, zw_text *out) {
  const zw_schema *schema = g->gen->from.schema;
  bool *used = zw_arena_array(&g->gen->arena, schema->enum_count, sizeof *used);
  if (!used) {
    g->gen->no_memory = true;
    return;
  }
  for (size_t i = 0; i < schema->type_count; i++)
    for (unsigned k = 0; g->types[i].own && k < schema->types[i].field_count; k++)
      if (has_union(&schema->types[i].fields[k]))
        used[schema->types[i].fields[k].enum_type - schema->enums] = true;
  for (size_t i = 0; i < schema->enum_count; i++) {
    if (!used[i]) continue;
    zw_text_printf(out, "static const zw_pack_type *const members_%zu[] = {", i);
    for (uint32_t k = 0; k < schema->enums[i].value_count; k++) {
      child(g, out, schema->enums[i].values[k].type);
      zw_text_printf(out, ", ");
    }
    zw_text_printf(out, "};\n");
  }
}

static const zw_type *builtin_of(const c_gen *g, const zw_field *field) {
  if (field->type && zw_c_type(g, field->type)->builtin) return field->type;
  const zw_enum_type *e = field->enum_type;
  for (uint32_t i = 0; e && i < e->value_count; i++)
    if (e->values[i].type && zw_c_type(g, e->values[i].type)->builtin) return e->values[i].type;
  return NULL;
}

/* The built-in table that an own one has a field of, or NULL; there is but one: Void. */
static const zw_type *packed_builtin(const c_gen *g) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++)
    for (unsigned k = 0; g->types[i].own && k < g->types[i].type->field_count; k++) {
      const zw_type *type = builtin_of(g, &g->types[i].type->fields[k]);
      if (type) return type;
    }
  return NULL;
}

void zw_c_packs(c_gen *g, zw_text *out) {
  const zw_type *builtin = packed_builtin(g);
  zw_text_add(out, "\n", 1);
  if (builtin)
    zw_text_printf(out,
                   "static const zw_pack_type builtin_pack_type = {.type = &%.*s_types[%zu]};\n",
                   ZW_ARG(g->name), (size_t)(builtin - g->gen->from.schema->types));
  union_members(g, out);
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++)
    if (g->types[i].own) pack(g, out, i);
}
