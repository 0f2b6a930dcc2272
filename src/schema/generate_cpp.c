/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C++ generator: NAME_generated.hpp. Files may include each other, so the header comes in an
 * order that needs nothing of another file but declarations until its own are complete: enums,
 * forward declarations, structs and what unions hold (each once, by a guard of its own, also those
 * of other files that are used); classes and objects; then the other files; then all bodies,
 * builders and descriptors.
 */
#include "generate_cpp.h"

const cpp_type *zw_cpp_type(const cpp_gen *g, const zw_type *type) {
  return &g->types[type - g->gen->from.schema->types];
}

const cpp_enum *zw_cpp_enum(const cpp_gen *g, const zw_enum_type *type) {
  return &g->enums[type - g->gen->from.schema->enums];
}

void zw_cpp_enter(cpp_gen *g, zw_text *out, zw_str space) {
  if (g->open.ptr && space.ptr && zw_str_eq(g->open, space)) return;
  if (g->open.ptr) zw_text_printf(out, "\n}  // namespace %.*s\n", ZW_ARG(g->open));
  g->open = space;
  const char *how = space.ptr && zw_str_eq(space, ZW_STR("zw_global")) ? "inline " : "";
  if (space.ptr) zw_text_printf(out, "\n%snamespace %.*s {\n", how, ZW_ARG(space));
}

void zw_cpp_doc(zw_text *out, zw_str doc, const char *indent) {
  zw_str line;
  while (zw_gen_next_line(&doc, &line)) {
    while (line.len && (line.ptr[line.len - 1] == '\\' || line.ptr[line.len - 1] == ' '))
      line.len--;
    zw_text_printf(out, "%s//%s", indent, line.len && line.ptr[0] != ' ' ? " " : "");
    zw_text_add_str(out, line);
    zw_text_add(out, "\n", 1);
  }
}

/* ---- what is used of other files ---- */

typedef struct used {
  cpp_gen *g;
  bool *types, *enums;
} used;

static void use_enum(used *u, const zw_enum_type *type);

static void use_type(used *u, const zw_type *type) {
  size_t index = (size_t)(type - u->g->gen->from.schema->types);
  bool fields = type->is_struct || u->g->types[index].own;
  if (u->types[index]) return;
  u->types[index] = true;
  for (unsigned i = 0; fields && i < type->field_count; i++) {
    if (type->fields[i].type) use_type(u, type->fields[i].type);
    if (type->fields[i].enum_type) use_enum(u, type->fields[i].enum_type);
  }
}

static void use_enum(used *u, const zw_enum_type *type) {
  size_t index = (size_t)(type - u->g->gen->from.schema->enums);
  if (u->enums[index]) return;
  u->enums[index] = true;
  for (uint32_t i = 0; i < type->value_count; i++)
    if (type->values[i].type) use_type(u, type->values[i].type);
}

static bool find_used(used *u) {
  const zw_schema *s = u->g->gen->from.schema;
  u->types = zw_arena_array(&u->g->gen->arena, s->type_count, sizeof *u->types);
  u->enums = zw_arena_array(&u->g->gen->arena, s->enum_count, sizeof *u->enums);
  if (!u->types || !u->enums) return false;
  for (size_t i = 0; i < s->type_count; i++)
    if (u->g->types[i].own) use_type(u, &s->types[i]);
  for (size_t i = 0; i < s->enum_count; i++)
    if (u->g->enums[i].own) use_enum(u, &s->enums[i]);
  return true;
}

/* ---- enums ---- */

static void enumeration(cpp_gen *g, zw_text *out, const cpp_enum *e) {
  zw_cpp_enter(g, out, e->space);
  const char *base = zw_c_bases[e->type->base].c;
  if (!e->own) {
    zw_text_printf(out, "enum class %.*s : %s;\n", ZW_ARG(e->name), base);
    return;
  }
  zw_text_add(out, "\n", 1);
  zw_cpp_doc(out, e->type->doc, "");
  zw_text_printf(out, "enum class %.*s : %s {\n", ZW_ARG(e->name), base);
  for (uint32_t i = 0; i < e->type->value_count; i++) {
    const zw_enum_value *v = &e->type->values[i];
    zw_str number = zw_cpp_scalar(g, e->type->base, (zw_scalar){.i = v->value});
    zw_cpp_doc(out, v->doc, "  ");
    zw_text_printf(out, "  %.*s = %.*s,\n", ZW_ARG(e->values[i]), ZW_ARG(number));
  }
  zw_text_printf(out, "};\n");
  if (e->type->bit_flags) zw_text_printf(out, "ZW_BIT_OPERATORS_(%.*s)\n", ZW_ARG(e->name));
}

static void forward(cpp_gen *g, zw_text *out, const cpp_type *t) {
  if (t->builtin || t->type->is_struct) return;
  zw_cpp_enter(g, out, t->space);
  zw_text_printf(out, "class %.*s;\nstruct %.*s;\n", ZW_ARG(t->name), ZW_ARG(t->object));
}

/* Opens a part that stands once, whichever file has it first: parts of a name by their lengths. */
static void guard(zw_text *out, zw_str full) {
  zw_text name;
  zw_text_init(&name, out->alloc);
  for (zw_str rest = full; rest.len;) {
    const char *dot = memchr(rest.ptr, '.', rest.len);
    size_t len = dot ? (size_t)(dot - rest.ptr) : rest.len, gone = len + (dot ? 1 : 0);
    zw_text_printf(&name, "_%zu%.*s", len, (int)len, rest.ptr);
    rest = (zw_str){rest.ptr + gone, rest.len - gone};
  }
  if (name.error && !out->error) out->error = name.error;
  zw_str text = zw_text_str(&name);
  zw_text_printf(out, "\n#ifndef ZW_TYPE%.*s\n#define ZW_TYPE%.*s\n", ZW_ARG(text), ZW_ARG(text));
  zw_text_deinit(&name);
}

/* ---- structs ---- */

/* The type of a member; sets *octets to its size. */
static zw_str member_type(cpp_gen *g, const cpp_type *t, const zw_field *m, uint32_t *octets) {
  zw_gen_vars vars;
  zw_text text;
  const cpp_form *form = zw_cpp_field(g, t, m, &vars);
  enum zw_base_type base = zw_field_scalar_base(m);
  *octets = (base ? (uint32_t)zw_base_size(base) : m->type->size) *
            (m->base == ZW_T_ARRAY ? m->fixed_length : 1u);
  if (m->base == ZW_T_OBJ) return vars.of['V'];
  if (!form || m->base != ZW_T_ARRAY)
    return zw_gen_format(g->gen, "::zw::little<%.*s>", ZW_ARG(vars.of['c']));
  zw_text_init(&text, g->gen->from.alloc);
  zw_gen_emit(&text, form->type, &vars);
  return zw_gen_keep(g->gen, &text);
}

static void members(cpp_gen *g, zw_text *out, const cpp_type *t) {
  uint32_t at = 0, octets, pad = 0;
  for (unsigned i = 0; i <= t->type->field_count; i++) {
    bool last = i == t->type->field_count;
    const zw_field *m = last ? NULL : &t->type->fields[i];
    uint32_t start = last ? t->type->size : m->offset;
    if (start > at) zw_text_printf(out, "  uint8_t zw_pad%u[%u] = {};\n", pad++, start - at);
    if (last) break;
    zw_str type = member_type(g, t, m, &octets);
    zw_cpp_doc(out, m->doc, "  ");
    zw_text_printf(out, "  %.*s %.*s%s;\n", ZW_ARG(type), ZW_ARG(t->fields[i]),
                   m->base == ZW_T_ARRAY ? " = {}" : "");
    at = start + octets;
  }
}

static void constructor(cpp_gen *g, zw_text *out, const cpp_type *t) {
  uint32_t octets;
  zw_text_printf(out, "\n  %.*s() noexcept = default;\n  %s%.*s(", ZW_ARG(t->name),
                 t->type->field_count == 1 ? "explicit " : "", ZW_ARG(t->name));
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *m = &t->type->fields[i];
    zw_str type = member_type(g, t, m, &octets);
    bool plain = zw_base_is_scalar(m->base);
    zw_gen_vars vars;
    zw_cpp_field(g, t, m, &vars);
    if (plain) type = vars.of['c'];
    zw_text_printf(out, "%s%s%.*s %szw_p%u", i ? ", " : "", plain ? "" : "const ", ZW_ARG(type),
                   plain ? "" : "&", i);
  }
  zw_text_printf(out, ") noexcept\n      : ");
  for (unsigned i = 0; i < t->type->field_count; i++)
    zw_text_printf(out, "%s%.*s(zw_p%u)", i ? ", " : "", ZW_ARG(t->fields[i]), i);
  zw_text_printf(out, " {}\n");
}

static void comparisons(zw_text *out, const cpp_type *t) {
  zw_text_printf(out,
                 "  friend bool operator==(const %.*s &zw_a, const %.*s &zw_b) noexcept {\n"
                 "    return ",
                 ZW_ARG(t->name), ZW_ARG(t->name));
  for (unsigned i = 0; i < t->type->field_count; i++)
    zw_text_printf(out, "%szw_a.%.*s == zw_b.%.*s", i ? " && " : "", ZW_ARG(t->fields[i]),
                   ZW_ARG(t->fields[i]));
  zw_text_printf(out,
                 ";\n  }\n  friend bool operator!=(const %.*s &zw_a, const %.*s &zw_b) noexcept {\n"
                 "    return !(zw_a == zw_b);\n  }\n"
                 "  static int zw_order(const %.*s &zw_a, const %.*s &zw_b) noexcept {\n"
                 "    int zw_o = 0;\n",
                 ZW_ARG(t->name), ZW_ARG(t->name), ZW_ARG(t->name), ZW_ARG(t->name));
  for (unsigned i = 0; i < t->type->field_count; i++)
    zw_text_printf(out, "    if (!zw_o) zw_o = ::zw::zw_detail::order(zw_a.%.*s, zw_b.%.*s);\n",
                   ZW_ARG(t->fields[i]), ZW_ARG(t->fields[i]));
  zw_text_printf(out, "    return zw_o;\n  }\n");
}

static void structure(cpp_gen *g, zw_text *out, const cpp_type *t) {
  zw_cpp_enter(g, out, t->space);
  guard(out, t->type->name);
  zw_cpp_doc(out, t->type->doc, "");
  zw_text_printf(out, "struct alignas(%u) %.*s {\n  using zw_struct = void;\n", t->type->align,
                 ZW_ARG(t->name));
  members(g, out, t);
  constructor(g, out, t);
  comparisons(out, t);
  zw_text_printf(out, "};\nstatic_assert(sizeof(%.*s) == %u, \"layout\");\n#endif\n",
                 ZW_ARG(t->name), t->type->size);
}

/* Members first. */
static void structures(cpp_gen *g, zw_text *out, const cpp_type *t, bool *done) {
  size_t index = (size_t)(t - g->types);
  if (done[index] || !t->type->is_struct) return;
  done[index] = true;
  for (unsigned i = 0; i < t->type->field_count; i++)
    if (t->type->fields[i].type) structures(g, out, zw_cpp_type(g, t->type->fields[i].type), done);
  structure(g, out, t);
}

static void union_members(cpp_gen *g, zw_text *out, const cpp_enum *e) {
  zw_gen_vars vars = {0};
  bool first = true;
  if (!e->type->is_union) return;
  zw_cpp_enter(g, out, ZW_STR("zw"));
  guard(out, e->type->name);
  zw_text_printf(out,
                 "template <>\nstruct union_traits<%.*s> {\n"
                 "  using members = ::zw::member_list<",
                 ZW_ARG(e->full));
  for (uint32_t i = 0; i < e->type->value_count; i++) {
    if (!zw_cpp_member(g, &e->type->values[i], &vars)) continue;
    zw_text_printf(out, "%s", first ? "\n" : ",\n");
    zw_gen_emit(out, "      ::zw::member<$n, $V, $O>", &vars);
    first = false;
  }
  zw_text_printf(out, ">;\n};\n#endif\n");
}

/* ---- tables ---- */

static void each_member(cpp_gen *g, zw_text *out, const zw_field *field, zw_gen_vars *vars,
                        const char *pattern) {
  if (zw_field_form(field) != ZW_FORM_UNION) return;
  for (uint32_t i = 0; i < field->enum_type->value_count; i++)
    if (zw_cpp_member(g, &field->enum_type->values[i], vars)) zw_gen_emit(out, pattern, vars);
}

static void accessor(cpp_gen *g, zw_text *out, const cpp_type *t, const zw_field *field) {
  zw_gen_vars vars;
  const cpp_form *form = zw_cpp_field(g, t, field, &vars);
  if (!form) return;
  zw_cpp_doc(out, field->doc, "  ");
  zw_text_printf(out, "  ");
  zw_gen_emit(out, form->type, &vars);
  zw_gen_emit(out, " $f() const noexcept;\n", &vars);
  if (!(field->flags & ZW_F_REQUIRED))
    zw_gen_emit(out, "  bool has_$f() const noexcept { return zw_table_has(zw_t, $i); }\n", &vars);
  if (form->change) {
    zw_gen_emit(out, "  bool set_$f(", &vars);
    zw_gen_emit(out, form->change_type, &vars);
    zw_gen_emit(out, "zw_value) const noexcept;\n", &vars);
  }
  if (vars.of['r'].ptr) zw_gen_emit(out, "  $r $f_root() const noexcept;\n", &vars);
  each_member(g, out, field, &vars, "  $R $f_as_$M() const noexcept;\n");
}

static void table_class(cpp_gen *g, zw_text *out, const cpp_type *t) {
  zw_gen_vars vars = {0};
  vars.of['T'] = t->name;
  vars.of['O'] = t->full_object;
  zw_cpp_enter(g, out, t->space);
  zw_text_add(out, "\n", 1);
  zw_cpp_doc(out, t->type->doc, "");
  zw_gen_emit(out,
              "class $T : public ::zw::table_view {\n public:\n  using zw_object = $O;\n"
              "  $T() noexcept = default;\n"
              "  explicit $T(zw_table zw_from) noexcept : ::zw::table_view(zw_from) {}\n\n",
              &vars);
  for (unsigned i = 0; i < t->type->field_count; i++) accessor(g, out, t, &t->type->fields[i]);
  zw_text_printf(out, "};\n\nstruct %.*s {\n  using zw_view = %.*s;\n", ZW_ARG(t->object),
                 ZW_ARG(t->full));
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const cpp_form *form = zw_cpp_field(g, t, &t->type->fields[i], &vars);
    if (form && form->member) zw_gen_emit(out, form->member, &vars);
  }
  zw_text_printf(out, "};\n");
}

/* The key of a table or struct, if it has one that is looked up by. */
static void key(cpp_gen *g, zw_text *out, const cpp_type *t) {
  zw_gen_vars vars;
  for (unsigned i = 0; i < t->type->field_count; i++) {
    if (!(t->type->fields[i].flags & ZW_F_KEY)) continue;
    const cpp_form *form = zw_cpp_field(g, t, &t->type->fields[i], &vars);
    if (!form || !form->key) continue;
    zw_text_printf(out, "  using key = ");
    zw_gen_emit(out, form->key, &vars);
    vars.of['V'] = t->full;
    vars.of['o'] = zw_str_of(t->type->is_struct ? "" : "()");
    zw_gen_emit(out, ";\n  static auto key_of(const $V &zw_v) noexcept { return zw_v.$f$o; }\n",
                &vars);
    return;
  }
}

static void traits(cpp_gen *g, zw_text *out, const cpp_type *t) {
  zw_gen_vars vars = {0};
  vars.of['V'] = t->full;
  vars.of['O'] = t->full_object;
  vars.of['w'] = zw_str_of(g->has_far ? "true" : "false");
  zw_gen_emit(out, "\ntemplate <>\nstruct traits<$V> {\n", &vars);
  key(g, out, t);
  zw_text_printf(out, "  static const zw_type &type() noexcept;\n");
  if (!t->type->is_struct)
    zw_gen_emit(out,
                "  using object = $O;\n"
                "  static constexpr bool has_far = $w;\n"
                "  static const zw_schema &schema() noexcept;\n"
                "  static const zw_stamp &stamp() noexcept;\n"
                "  static zw_str identifier() noexcept;\n"
                "  static void unpack(const $V &zw_v, $O &zw_o);\n"
                "  static void pack(::zw::builder &zw_b, const $O &zw_o);\n",
                &vars);
  zw_text_printf(out, "};\n");
}

static void all_traits(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  for (size_t i = 0; i < s->enum_count; i++) {
    if (!g->enums[i].own) continue;
    zw_cpp_enter(g, out, ZW_STR("zw"));
    zw_text_printf(out,
                   "\ntemplate <>\nstruct enum_traits<%.*s> {\n"
                   "  static const zw_enum_type &type() noexcept;\n};\n",
                   ZW_ARG(g->enums[i].full));
  }
  for (size_t i = 0; i < s->type_count; i++) {
    if (!g->types[i].own) continue;
    zw_cpp_enter(g, out, ZW_STR("zw"));
    traits(g, out, &g->types[i]);
  }
}

/* ---- bodies ---- */

static void body(cpp_gen *g, zw_text *out, const cpp_type *t, const zw_field *field) {
  zw_gen_vars vars;
  const cpp_form *form = zw_cpp_field(g, t, field, &vars);
  if (!form) return;
  zw_text_printf(out, "inline ");
  zw_gen_emit(out, form->type, &vars);
  zw_gen_emit(out, " $T::$f() const noexcept { return ", &vars);
  zw_gen_emit(out, form->read, &vars);
  zw_text_printf(out, "; }\n");
  if (form->change) {
    zw_gen_emit(out, "inline bool $T::set_$f(", &vars);
    zw_gen_emit(out, form->change_type, &vars);
    zw_gen_emit(out, "zw_value) const noexcept { return ", &vars);
    zw_gen_emit(out, form->change, &vars);
    zw_text_printf(out, "; }\n");
  }
  if (vars.of['r'].ptr)
    zw_gen_emit(out,
                "inline $r $T::$f_root() const noexcept {\n"
                "  return $r($q($f().octets()));\n}\n",
                &vars);
  each_member(g, out, field, &vars,
              "inline $R $T::$f_as_$M() const noexcept {\n"
              "  return $f().get<static_cast<$c>($n)>();\n}\n");
}

static void builder_class(cpp_gen *g, zw_text *out, const cpp_type *t) {
  zw_gen_vars vars = {0};
  vars.of['B'] = t->builder;
  vars.of['V'] = t->full;
  zw_gen_emit(out,
              "\nclass $B {\n public:\n"
              "  explicit $B(::zw::builder &zw_from) noexcept : zw_b(zw_from) {\n"
              "    zw_builder_table_start(zw_b.c());\n  }\n",
              &vars);
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const cpp_form *form = zw_cpp_field(g, t, field, &vars);
    if (form && form->add) {
      zw_gen_emit(out, "  $B &add_$f(", &vars);
      zw_gen_emit(out, form->add_type, &vars);
      zw_text_printf(out, "zw_value) {\n    ");
      zw_gen_emit(out, form->add, &vars);
      zw_text_printf(out, ";\n    return *this;\n  }\n");
    }
    if (form)
      each_member(g, out, field, &vars,
                  "  $B &add_$f_as_$M($Azw_value) {\n"
                  "    ::zw::zw_detail::add_member<$c>(zw_b, $i, static_cast<$c>($n), $a);\n"
                  "    return *this;\n  }\n");
  }
  vars.of['V'] = t->full;
  zw_gen_emit(out,
              "  ::zw::ref<$V> end() noexcept { return {zw_builder_table_end(zw_b.c())}; }\n\n"
              " private:\n  ::zw::builder &zw_b;\n};\n",
              &vars);
}

/* What packs or unpacks those fields that have 64-bit offsets, or the others. What such an offset
 * refers to may be large only if it is built before all else. */
static void field_bodies(cpp_gen *g, zw_text *out, const cpp_type *t, bool packing, bool far) {
  for (unsigned i = 0; i < t->type->field_count; i++) {
    zw_gen_vars vars;
    const zw_field *field = &t->type->fields[i];
    const cpp_form *form = zw_cpp_field(g, t, field, &vars);
    const char *pattern = !form ? NULL : packing ? form->pack : form->unpack;
    if (pattern && far == ((field->flags & ZW_F_OFFSET64) != 0)) zw_gen_emit(out, pattern, &vars);
  }
}

static void traits_bodies(cpp_gen *g, zw_text *out, const cpp_type *t) {
  const zw_schema *s = g->gen->from.schema;
  zw_gen_vars vars = {0};
  vars.of['V'] = t->full;
  vars.of['O'] = t->full_object;
  vars.of['N'] = g->data;
  vars.of['k'] = zw_gen_format(g->gen, "%zu", (size_t)(t - g->types));
  bool identified = s->root == t->type && s->identifier.ptr;
  vars.of['d'] = zw_str_of(identified ? "schema().identifier" : "{nullptr, 0}");
  zw_gen_emit(out,
              "\ninline const zw_type &traits<$V>::type() noexcept {\n"
              "  return ::$N::types[$k];\n}\n",
              &vars);
  if (t->type->is_struct) return;
  zw_gen_emit(out,
              "inline const zw_schema &traits<$V>::schema() noexcept { return ::$N::schema; }\n"
              "inline const zw_stamp &traits<$V>::stamp() noexcept { return ::$N::stamp; }\n"
              "inline zw_str traits<$V>::identifier() noexcept { return $d; }\n",
              &vars);
  for (int packing = 0; packing < 2; packing++) {
    zw_gen_emit(out,
                packing ? "inline void traits<$V>::pack(::zw::builder &zw_b, const $O &zw_o) {\n"
                          "  (void)zw_b;\n  (void)zw_o;\n"
                        : "inline void traits<$V>::unpack(const $V &zw_v, $O &zw_o) {\n"
                          "  (void)zw_v;\n  (void)zw_o;\n",
                &vars);
    field_bodies(g, out, t, packing, true);
    field_bodies(g, out, t, packing, false);
    zw_text_printf(out, "}\n");
  }
}

static void bodies(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  for (size_t i = 0; i < s->type_count; i++) {
    const cpp_type *t = &g->types[i];
    if (!t->own || t->type->is_struct) continue;
    zw_cpp_enter(g, out, t->space);
    zw_text_add(out, "\n", 1);
    for (unsigned k = 0; k < t->type->field_count; k++) body(g, out, t, &t->type->fields[k]);
    builder_class(g, out, t);
  }
  for (size_t i = 0; i < s->enum_count; i++) {
    if (!g->enums[i].own) continue;
    zw_cpp_enter(g, out, ZW_STR("zw"));
    zw_text_printf(out,
                   "\ninline const zw_enum_type &enum_traits<%.*s>::type() noexcept {\n"
                   "  return ::%.*s::enums[%zu];\n}\n",
                   ZW_ARG(g->enums[i].full), ZW_ARG(g->data), i);
  }
  for (size_t i = 0; i < s->type_count; i++) {
    if (!g->types[i].own) continue;
    zw_cpp_enter(g, out, ZW_STR("zw"));
    traits_bodies(g, out, &g->types[i]);
  }
}

/* ---- the file ---- */

static void data(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  zw_text_printf(out, "\nnamespace %.*s {\n\nextern inline const zw_schema schema;\n",
                 ZW_ARG(g->data));
  if (s->type_count)
    zw_text_printf(out, "extern inline const zw_type types[%zu];\n", s->type_count);
  if (s->enum_count)
    zw_text_printf(out, "extern inline const zw_enum_type enums[%zu];\n", s->enum_count);
  zw_c_descriptors(&g->c, out, true, ZW_STR(""));
  zw_text_printf(out, "\n}  // namespace %.*s\n", ZW_ARG(g->data));
}

static void include_file(cpp_gen *g, zw_text *out, zw_hmap *seen, zw_str full_name) {
  zw_str base = zw_gen_include_once(g->gen, seen, full_name);
  if (!base.ptr) return;
  zw_text_printf(out, "%s#include \"%.*s_generated.hpp\"\n", seen->count == 1 ? "\n" : "",
                 ZW_ARG(base));
}

static void includes(cpp_gen *g, zw_text *out, const used *u) {
  const zw_schema *s = g->gen->from.schema;
  zw_hmap seen;
  zw_hmap_init(&seen, g->gen->from.alloc);
  for (size_t i = 0; i < s->enum_count; i++)
    if (u->enums[i] && !g->enums[i].own) include_file(g, out, &seen, s->enums[i].name);
  for (size_t i = 0; i < s->type_count; i++)
    if (u->types[i] && !g->types[i].own) include_file(g, out, &seen, s->types[i].name);
  zw_hmap_deinit(&seen);
}

static void declarations(cpp_gen *g, zw_text *out, const used *u) {
  const zw_schema *s = g->gen->from.schema;
  bool *done = zw_arena_array(&g->gen->arena, s->type_count, sizeof *done);
  const zw_str none = {NULL, 0};
  if (!done) {
    g->gen->no_memory = true;
    return;
  }
  for (size_t i = 0; i < s->enum_count; i++)
    if (u->enums[i]) enumeration(g, out, &g->enums[i]);
  for (size_t i = 0; i < s->type_count; i++)
    if (u->types[i]) forward(g, out, &g->types[i]);
  for (size_t i = 0; i < s->type_count; i++)
    if (u->types[i]) structures(g, out, &g->types[i], done);
  for (size_t i = 0; i < s->enum_count; i++)
    if (u->enums[i]) union_members(g, out, &g->enums[i]);
  for (size_t i = 0; i < s->type_count; i++)
    if (g->types[i].own && !g->types[i].type->is_struct) table_class(g, out, &g->types[i]);
  all_traits(g, out);
  zw_cpp_enter(g, out, none);
}

static void header(cpp_gen *g, zw_text *out, zw_str name) {
  used u = {g, NULL, NULL};
  zw_str upper = zw_c_upper(&g->c, name);
  if (!find_used(&u)) {
    g->gen->no_memory = true;
    return;
  }
  zw_text_printf(out,
                 "// Generated from %.*s.fbs by zerowire %s: do not edit.\n"
                 "// Views, objects, builders and descriptors; zerowire/flatbuf.hpp says how they "
                 "are used.\n"
                 "#ifndef ZW_%.*s_GENERATED_HPP\n#define ZW_%.*s_GENERATED_HPP\n\n"
                 "#include \"zerowire/flatbuf.hpp\"\n\nstatic_assert(ZW_ABI == %d,\n"
                 "              \"generated for another version of zerowire: compile the schema "
                 "again\");\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING, ZW_ARG(upper), ZW_ARG(upper), ZW_ABI);
  declarations(g, out, &u);
  includes(g, out, &u);
  data(g, out);
  bodies(g, out);
  zw_cpp_enter(g, out, (zw_str){NULL, 0});
  zw_text_printf(out, "\n#endif\n");
}

int zw_generate_cpp(zw_gen *gen, const zw_gen_out *out) {
  cpp_gen g = {.gen = gen, .c = {.gen = gen}, .has_far = zw_gen_has_far(gen->from.schema)};
  zw_text text;
  zw_text_init(&text, gen->from.alloc);
  zw_hmap_init(&g.taken, gen->from.alloc);
  const uint8_t *id = gen->from.schema->id;
  zw_str name = zw_gen_identifier(gen, gen->file);
  g.data = zw_gen_format(gen, "zw_%.*s_%02x%02x%02x%02x", ZW_ARG(name), id[0], id[1], id[2], id[3]);
  int error = gen->no_memory ? ZW_ENOMEM : zw_cpp_name_all(&g);
  if (!error) header(&g, &text, name);
  if (!error && gen->no_memory) error = ZW_ENOMEM;
  if (!error) error = zw_gen_output(out, "_generated.hpp", &text);
  zw_hmap_deinit(&g.taken);
  zw_text_deinit(&text);
  return error;
}
