/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Symbols of generated C. Every symbol is taken once: what is a keyword or taken already gets a
 * trailing underscore, until it is free. Types come first, each with its functions, then values,
 * then fields in the order of the schema; included files come before the own one, which then gives
 * way to them, so that the names are the same whoever generates. What has several functions takes
 * their names together, so that the underscore is in all of them.
 */
#include "generate_c.h"

static bool is_free(const c_gen *g, zw_str symbol) {
  return !zw_c_is_keyword(symbol) && !zw_c_is_library_name(symbol) &&
         !zw_hmap_get(&g->symbols, zw_str_span(symbol));
}

static void take(c_gen *g, zw_str symbol) {
  if (!symbol.ptr || zw_hmap_set(&g->symbols, zw_str_span(symbol), g, NULL))
    g->gen->no_memory = true;
}

static bool is_free_family(c_gen *g, zw_str symbol, const char *suffixes) {
  bool all = is_free(g, symbol);
  for (const char *s = suffixes; *s && all; s += strlen(s) + 1)
    all = is_free(g, zw_gen_format(g->gen, "%.*s%s", ZW_ARG(symbol), s));
  return all;
}

zw_str zw_c_take_family(c_gen *g, zw_str wanted, const char *suffixes) {
  while (!g->gen->no_memory && !is_free_family(g, wanted, suffixes))
    wanted = zw_gen_format(g->gen, "%.*s_", ZW_ARG(wanted));
  take(g, wanted);
  for (const char *s = suffixes; *s && !g->gen->no_memory; s += strlen(s) + 1)
    take(g, zw_gen_format(g->gen, "%.*s%s", ZW_ARG(wanted), s));
  return wanted;
}

zw_str zw_c_space(c_gen *g, zw_str full) {
  zw_str last = zw_gen_last(full);
  if (g->gen->prefix)
    return zw_gen_format(g->gen, "%s%s", g->gen->prefix, *g->gen->prefix ? "_" : "");
  zw_str space = zw_arena_str(&g->gen->arena, (zw_str){full.ptr, full.len - last.len});
  if (!space.ptr) g->gen->no_memory = true;
  char *text = zw_arena_get(&g->gen->arena, space.len + 1);
  for (size_t i = 0; text && i < space.len; i++) text[i] = space.ptr[i] == '.' ? '_' : space.ptr[i];
  return (zw_str){text, text ? space.len : 0};
}

zw_str zw_c_upper(c_gen *g, zw_str text) {
  zw_str copy = zw_arena_str(&g->gen->arena, text);
  char *upper = zw_arena_get(&g->gen->arena, text.len + 1);
  if (!copy.ptr || !upper) {
    g->gen->no_memory = true;
    return copy;
  }
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return (zw_str){upper, text.len};
}

/* The next "$T_…" of a template that names the field, expanded; false: no more. */
static bool next_symbol(c_gen *g, const char **at, const zw_gen_vars *vars, zw_str *out) {
  for (const char *p = strstr(*at, "$T_"); p; p = strstr(*at, "$T_")) {
    size_t len = strcspn(p, "( ;,=");
    *at = p + len;
    zw_str part = zw_gen_format(g->gen, "%.*s", (int)len, p);
    if (!part.ptr || !strstr(part.ptr, "$f")) continue;
    zw_text text;
    zw_text_init(&text, g->gen->from.alloc);
    zw_gen_emit(&text, part.ptr, vars);
    *out = zw_arena_str(&g->gen->arena, zw_text_str(&text));
    if (text.error) g->gen->no_memory = true;
    zw_text_deinit(&text);
    return true;
  }
  return false;
}

/* Takes each symbol "$T_…$f…" of a template, if all are free; false: none is taken. */
static bool take_template(c_gen *g, const char *pattern, const zw_gen_vars *vars) {
  zw_str symbol;
  if (!pattern) return true;
  for (const char *at = pattern; next_symbol(g, &at, vars, &symbol);)
    if (!is_free(g, symbol)) return false;
  for (const char *at = pattern; next_symbol(g, &at, vars, &symbol);) take(g, symbol);
  return true;
}

const c_type *zw_c_type(const c_gen *g, const zw_type *type) {
  return &g->types[type - g->gen->from.schema->types];
}

const c_enum *zw_c_enum(const c_gen *g, const zw_enum_type *type) {
  return &g->enums[type - g->gen->from.schema->enums];
}

/* ---- the passes ---- */

static const char table_family[] =
    "_verify\0_verify_sized\0_as_root\0_pack\0_unpack\0_start\0_end\0_finish\0_finish_sized\0"
    "_pack_type\0_defaults\0_find\0_clone\0_compare\0_to_json\0_from_json\0";
static const char struct_family[] =
    "_load\0_store\0_create\0_find\0_find64\0_pack_type\0_struct_\0";
static const char enum_family[] = "_name\0";

static zw_str symbol_of(c_gen *g, zw_str full, const char *family) {
  zw_str space = zw_c_space(g, full), last = zw_gen_last(full);
  zw_str wanted = zw_gen_format(g->gen, "%.*s%.*s%s", ZW_ARG(space), ZW_ARG(last),
                                !space.len && zw_c_is_local_name(last) ? "_" : "");
  return zw_c_take_family(g, wanted, family);
}

static void locate_declarations(c_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count; i++) {
    c_type *t = &g->types[i];
    t->type = &schema->types[i];
    t->own = g->gen->from.is_own(g->gen->from.ctx, t->type->name);
    const char *file = t->own ? "" : g->gen->from.file_of(g->gen->from.ctx, t->type->name);
    t->builtin = !t->own && (!file || !*file);
  }
  for (size_t i = 0; i < schema->enum_count; i++) {
    g->enums[i].type = &schema->enums[i];
    g->enums[i].own = g->gen->from.is_own(g->gen->from.ctx, g->enums[i].type->name);
  }
}

static void name_declarations(c_gen *g, bool own) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count; i++) {
    c_type *t = &g->types[i];
    if (t->own != own) continue;
    t->symbol =
        t->builtin ? ZW_STR("zw_table")
                   : symbol_of(g, t->type->name, t->type->is_struct ? struct_family : table_family);
  }
  for (size_t i = 0; i < schema->enum_count; i++)
    if (g->enums[i].own == own)
      g->enums[i].symbol = symbol_of(g, g->enums[i].type->name, enum_family);
}

static void name_objects(c_gen *g, bool own) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    c_type *t = &g->types[i];
    if (t->builtin || t->own != own) continue;
    t->object = t->type->is_struct
                    ? t->symbol
                    : zw_c_take_family(g, zw_gen_format(g->gen, "%.*sT", ZW_ARG(t->symbol)), "");
  }
}

static void name_values(c_gen *g, c_enum *e) {
  e->values = zw_arena_array(&g->gen->arena, e->type->value_count, sizeof *e->values);
  if (!e->values) {
    g->gen->no_memory = true;
    return;
  }
  for (uint32_t i = 0; i < e->type->value_count; i++)
    e->values[i] = zw_c_take_family(
        g, zw_gen_format(g->gen, "%.*s_%.*s", ZW_ARG(e->symbol), ZW_ARG(e->type->values[i].name)),
        "");
}

/* Whether all functions of the field are free under its symbol; then they are taken. */
static bool take_field(c_gen *g, const c_type *t, const zw_field *field) {
  const c_field_kind *kind = zw_c_field_kind(field);
  zw_gen_vars vars;
  zw_c_field_vars(g, t, field, &vars);
  zw_text all;
  zw_text_init(&all, g->gen->from.alloc);
  const char *parts[] = {"$T_ID_$f ", kind->read, kind->has, kind->set, kind->add};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i]) zw_text_printf(&all, "%s ", parts[i]);
  const zw_enum_type *members = kind->in_table ? field->enum_type : NULL;
  for (uint32_t i = 0; members && i < members->value_count; i++)
    zw_text_printf(&all, "$T_$f_as_%.*s ", ZW_ARG(members->values[i].name));
  if (all.error) g->gen->no_memory = true;
  bool taken = take_template(g, all.ptr, &vars);
  zw_text_deinit(&all);
  return taken;
}

/* Inside a struct a member hides the library's type of its name: it gets an underscore too. */
static bool is_library_type(zw_str name) {
  return name.len > 3 && memcmp(name.ptr, "zw_", 3) == 0 && name.ptr[name.len - 1] != '_';
}

/* Nor may it hide a type that another member has, which C++ refuses. */
static bool is_member_type(const c_gen *g, const c_type *t, zw_str name) {
  if (!zw_hmap_get(&g->symbols, zw_str_span(name))) return false;
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const c_type *type = field->type ? zw_c_type(g, field->type) : NULL;
    if (type && (zw_str_eq(type->symbol, name) || zw_str_eq(type->object, name))) return true;
    if (field->enum_type && zw_str_eq(zw_c_enum(g, field->enum_type)->symbol, name)) return true;
  }
  return false;
}

static bool is_other_field(const zw_type *type, zw_str name, const zw_field *field) {
  const zw_field *found = zw_type_field(type, name);
  return found && found != field;
}

static void name_fields(c_gen *g, c_type *t) {
  t->fields = zw_arena_array(&g->gen->arena, t->type->field_count, sizeof *t->fields);
  if (!t->fields) {
    g->gen->no_memory = true;
    return;
  }
  for (unsigned i = 0; i < t->type->field_count && !g->gen->no_memory; i++) {
    const zw_field *field = &t->type->fields[i];
    c_field *f = &t->fields[i];
    f->symbol = f->member = field->name;
    while (!g->gen->no_memory &&
           (zw_c_is_keyword(f->member) || is_library_type(f->member) ||
            is_member_type(g, t, f->member) || is_other_field(t->type, f->member, field)))
      f->member = zw_gen_format(g->gen, "%.*s_", ZW_ARG(f->member));
    if (t->type->is_struct || t->builtin || !zw_c_field_kind(field)) continue;
    while (!take_field(g, t, field) && !g->gen->no_memory)
      f->symbol = zw_gen_format(g->gen, "%.*s_", ZW_ARG(f->symbol));
  }
}

static void name_group(c_gen *g, bool own) {
  const zw_schema *schema = g->gen->from.schema;
  name_declarations(g, own);
  name_objects(g, own);
  for (size_t i = 0; i < schema->enum_count && !g->gen->no_memory; i++)
    if (g->enums[i].own == own) name_values(g, &g->enums[i]);
  for (size_t i = 0; i < schema->type_count && !g->gen->no_memory; i++)
    if (g->types[i].own == own) name_fields(g, &g->types[i]);
}

int zw_c_name_all(c_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  g->types = zw_arena_array(&g->gen->arena, schema->type_count, sizeof *g->types);
  g->enums = zw_arena_array(&g->gen->arena, schema->enum_count, sizeof *g->enums);
  if (!g->types || !g->enums) return ZW_ENOMEM;
  static const char *const file[] = {"schema", "stamp", "types", "enums"};
  for (size_t i = 0; i < sizeof file / sizeof *file; i++)
    take(g, zw_gen_format(g->gen, "%.*s_%s", ZW_ARG(g->name), file[i]));
  locate_declarations(g);
  name_group(g, false);
  name_group(g, true);
  return g->gen->no_memory ? ZW_ENOMEM : 0;
}
