/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Enums and structs in C. An enum is a typedef of its base and constants; a struct is a C struct in
 * the host's order with functions that load and store it. Structs come before those that hold them,
 * also those of other files, each once by a guard of its own: files may include each other.
 */
#include "generate_c.h"

/* ---- enums ---- */

static bool fits_int(const zw_enum_type *type, int64_t value) {
  if (type->base == ZW_T_ULONG && value < 0) return false;
  return value >= INT32_MIN && value <= INT32_MAX;
}

static void value(c_gen *g, zw_text *out, const c_enum *e, uint32_t i) {
  const zw_enum_value *v = &e->type->values[i];
  zw_scalar number = {.i = v->value};
  zw_c_doc(out, v->doc, "  ");
  if (fits_int(e->type, v->value)) {
    zw_str text = zw_c_scalar(g, ZW_T_INT, number);
    zw_text_printf(out, "  %.*s = %.*s,\n", ZW_ARG(e->values[i]), ZW_ARG(text));
  } else {
    /* An enumerator has to fit an int: larger ones are macros. */
    zw_str text = zw_c_scalar(g, e->type->base, number);
    zw_text_printf(out, "#define %.*s ((%.*s)%.*s)\n", ZW_ARG(e->values[i]), ZW_ARG(e->symbol),
                   ZW_ARG(text));
  }
}

static void enumeration(c_gen *g, zw_text *out, const c_enum *e, size_t index) {
  bool in_enum = false;
  zw_text_add(out, "\n", 1);
  zw_c_doc(out, e->type->doc, "");
  zw_text_printf(out, "typedef %s %.*s;\n", zw_c_bases[e->type->base].c, ZW_ARG(e->symbol));
  for (uint32_t i = 0; i < e->type->value_count; i++)
    in_enum = in_enum || fits_int(e->type, e->type->values[i].value);
  if (in_enum) zw_text_printf(out, "enum {\n");
  for (uint32_t i = 0; i < e->type->value_count; i++) value(g, out, e, i);
  if (in_enum) zw_text_printf(out, "};\n");
  zw_gen_vars vars = {0};
  vars.of['E'] = e->symbol;
  vars.of['N'] = g->name;
  vars.of['k'] = zw_gen_format(g->gen, "%zu", index);
  zw_gen_emit(out,
              "/* Its name, or {NULL, 0}. */\n"
              "static inline zw_str $E_name($E value) {\n"
              "  const zw_enum_value *v = zw_enum_by_value(&$N_enums[$k], (int64_t)value);\n"
              "  zw_str none = {NULL, 0};\n"
              "  return v ? v->name : none;\n}\n",
              &vars);
}

void zw_c_enums(c_gen *g, zw_text *out) {
  for (size_t i = 0; i < g->gen->from.schema->enum_count; i++)
    if (g->enums[i].own) enumeration(g, out, &g->enums[i], i);
}

/* ---- structs ---- */

/* Octets of a scalar, or of a scalar in an array; 0: a struct. */
static unsigned width(const zw_field *m) {
  unsigned base = m->base == ZW_T_ARRAY ? m->element : m->base;
  return zw_base_is_scalar(base) ? (unsigned)zw_base_size((enum zw_base_type)base) : 0;
}

/* The layout that a C compiler gives the mirror; true: all offsets are those of the format. */
static bool natural(const zw_type *type, size_t *size, size_t *align) {
  bool same = true;
  *size = 0;
  *align = 1;
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *m = &type->fields[i];
    size_t octets = width(m), of = octets;
    if (!octets) same = natural(m->type, &octets, &of) && same;
    *size = (*size + of - 1) / of * of;
    same = same && *size == m->offset;
    *size += octets * (m->base == ZW_T_ARRAY ? m->fixed_length : 1);
    if (of > *align) *align = of;
  }
  *size = (*size + *align - 1) / *align * *align;
  return same && *size == type->size && *align == type->align;
}

bool zw_c_same_layout(const zw_type *type) {
  size_t size, align;
  return natural(type, &size, &align);
}

/* Templates by what a member is; $n of arrays is their length, $w the bits of a scalar. */
static const struct {
  const char *member, *load, *store;
} members[] = {
    {"  $c $m;\n", "  s.$m = zw_load_$s(p + $o);\n",
     "  memcpy(&raw$w, &s->$m, sizeof raw$w);\n  zw_store_le$w(p + $o, raw$w);\n"},
    {"  $V $m;\n", "  s.$m = $V_load(p + $o);\n", "  $V_store(p + $o, &s->$m);\n"},
    {"  $c $m[$n];\n", "  for (size_t i = 0; i < $n; i++) s.$m[i] = zw_load_$s(p + $o + i * $z);\n",
     "  for (size_t i = 0; i < $n; i++) {\n    memcpy(&raw$w, &s->$m[i], sizeof raw$w);\n"
     "    zw_store_le$w(p + $o + i * $z, raw$w);\n  }\n"},
    {"  $V $m[$n];\n", "  for (size_t i = 0; i < $n; i++) s.$m[i] = $V_load(p + $o + i * $z);\n",
     "  for (size_t i = 0; i < $n; i++) $V_store(p + $o + i * $z, &s->$m[i]);\n"},
};
/* The same for scalars of one octet. */
static const char *const store_octet[] = {"  memcpy(p + $o, &s->$m, 1);\n", NULL,
                                          "  memcpy(p + $o, s->$m, $n);\n", NULL};

static unsigned member_vars(c_gen *g, const c_type *t, const zw_field *m, zw_gen_vars *vars) {
  zw_c_field_vars(g, t, m, vars);
  unsigned octets = width(m);
  vars->of['n'] = zw_gen_format(g->gen, "%u", m->fixed_length);
  vars->of['w'] = zw_gen_format(g->gen, "%u", 8 * octets);
  if (octets) vars->of['z'] = zw_gen_format(g->gen, "%u", octets);
  return (m->base == ZW_T_ARRAY ? 2u : 0u) + (octets ? 0u : 1u);
}

static void store_function(c_gen *g, zw_text *out, const c_type *t) {
  bool raw[9] = {false};
  zw_gen_vars vars;
  for (unsigned i = 0; i < t->type->field_count; i++) raw[width(&t->type->fields[i])] = true;
  zw_text_printf(out,
                 "static inline void %.*s_store(uint8_t *p, const %.*s *s) {\n"
                 "  memset(p, 0, %u);\n",
                 ZW_ARG(t->symbol), ZW_ARG(t->symbol), t->type->size);
  for (unsigned octets = 2; octets <= 8; octets *= 2)
    if (raw[octets]) zw_text_printf(out, "  uint%u_t raw%u;\n", 8 * octets, 8 * octets);
  for (unsigned i = 0; i < t->type->field_count; i++) {
    unsigned kind = member_vars(g, t, &t->type->fields[i], &vars);
    bool octet = width(&t->type->fields[i]) == 1;
    zw_gen_emit(out, octet ? store_octet[kind] : members[kind].store, &vars);
  }
  zw_text_printf(out, "}\n");
}

/* The types of enums of other files; a typedef may stand more than once. */
static void foreign_enums(c_gen *g, zw_text *out, const c_type *t) {
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const c_enum *e =
        t->type->fields[i].enum_type ? zw_c_enum(g, t->type->fields[i].enum_type) : NULL;
    if (e && !e->own)
      zw_text_printf(out, "typedef %s %.*s;\n", zw_c_bases[e->type->base].c, ZW_ARG(e->symbol));
  }
}

static void structure(c_gen *g, zw_text *out, const c_type *t) {
  zw_gen_vars vars;
  zw_text_printf(out, "\n#ifndef %.*s_struct_\n#define %.*s_struct_\n", ZW_ARG(t->symbol),
                 ZW_ARG(t->symbol));
  foreign_enums(g, out, t);
  zw_c_doc(out, t->type->doc, "");
  zw_text_printf(out, "typedef struct %.*s {\n", ZW_ARG(t->symbol));
  for (unsigned i = 0; i < t->type->field_count; i++) {
    unsigned kind = member_vars(g, t, &t->type->fields[i], &vars);
    zw_c_doc(out, t->type->fields[i].doc, "  ");
    zw_gen_emit(out, members[kind].member, &vars);
  }
  zw_text_printf(out,
                 "} %.*s;\n/* From and to its %u octets in a buffer; NULL: all zero. */\n"
                 "static inline %.*s %.*s_load(const uint8_t *p) {\n  %.*s s;\n"
                 "  memset(&s, 0, sizeof s);\n  if (!p) return s;\n",
                 ZW_ARG(t->symbol), t->type->size, ZW_ARG(t->symbol), ZW_ARG(t->symbol),
                 ZW_ARG(t->symbol));
  for (unsigned i = 0; i < t->type->field_count; i++) {
    unsigned kind = member_vars(g, t, &t->type->fields[i], &vars);
    zw_gen_emit(out, members[kind].load, &vars);
  }
  zw_text_printf(out, "  return s;\n}\n");
  store_function(g, out, t);
  zw_text_printf(out,
                 "static inline zw_ref %.*s_create(zw_builder *b, const %.*s *s) {\n"
                 "  uint8_t *p;\n  zw_ref ref = zw_builder_struct_uninit(b, %u, %u, &p);\n"
                 "  if (p) %.*s_store(p, s);\n  return ref;\n}\n"
                 "extern const zw_pack_type %.*s_pack_type;\n#endif\n",
                 ZW_ARG(t->symbol), ZW_ARG(t->symbol), t->type->size, t->type->align,
                 ZW_ARG(t->symbol), ZW_ARG(t->symbol));
}

static void after_its_members(c_gen *g, zw_text *out, const zw_type *type, bool *done) {
  const c_type *t = zw_c_type(g, type);
  size_t index = (size_t)(type - g->gen->from.schema->types);
  if (done[index] || !type->is_struct) return;
  done[index] = true;
  for (unsigned i = 0; i < t->type->field_count; i++)
    if (t->type->fields[i].type) after_its_members(g, out, t->type->fields[i].type, done);
  structure(g, out, t);
}

/* The structs that a table's accessors give, also as members of its unions. */
static void used_structs(c_gen *g, zw_text *out, const zw_type *type, bool *done) {
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    if (field->type) after_its_members(g, out, field->type, done);
    const zw_enum_type *e = field->enum_type;
    for (uint32_t k = 0; e && k < e->value_count; k++)
      if (e->values[k].type) after_its_members(g, out, e->values[k].type, done);
  }
}

void zw_c_structs(c_gen *g, zw_text *out) {
  bool *done = zw_arena_array(&g->gen->arena, g->gen->from.schema->type_count, sizeof *done);
  if (!done) g->gen->no_memory = true;
  for (size_t i = 0; done && i < g->gen->from.schema->type_count; i++) {
    if (!g->types[i].own) continue;
    if (g->types[i].type->is_struct)
      after_its_members(g, out, g->types[i].type, done);
    else
      used_structs(g, out, g->types[i].type, done);
  }
}
