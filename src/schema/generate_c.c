/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C generator: names first (generate_c_model.c), then each output as a walk over the
 * descriptors. Nothing else goes in, so the same schema always gives the same text.
 *
 * NAME_generated.h has the manual at its top, then enums, structs, and each table with its view,
 * accessors, builder and packing. An enum is a typedef of its base and constants; a struct is a C
 * struct in the host's order with functions that load and store it. Structs come before those that
 * hold them, also those of other files, each once by a guard of its own: files may include each
 * other. NAME_generated.c has the descriptors (generate_descriptors.c), and what zw_pack is told of
 * the C structs: size, the offset of each member, and the same of what the members point to; those
 * of included files come from their own code.
 */
#include "generate_c.h"

static const char manual[] =
    " * The tables, structs and enums of the schema, and their descriptors.\n"
    " *\n"
    " * Tables are read through views: X is 16 octets and valid as long as its bytes are.\n"
    " *   X v;  int e = X_verify(&v, bytes, &diag);      the only way from foreign bytes to a "
    "view;\n"
    " *                                                  X_verify_sized: behind a size prefix\n"
    " *   X_field(v)                                     never fails: absent is the default, or "
    "NULL\n"
    " *   X_has_field(v)                                 of what may be absent\n"
    " *   zw_vec l = X_list(v);  X_list_at(l, i)         i < l.count; X_list_raw(v): the elements "
    "as\n"
    " *                                                  they lie, NULL where the host cannot read "
    "them\n"
    " *   E_find(l, key)                                 the index in a list that is sorted by "
    "the\n"
    " *                                                  key of its elements E, or ZW_NO_INDEX;\n"
    " *                                                  E_find64: behind a 64-bit offset\n"
    " *   X_u_type(v), X_u_as_Member(v)                  unions: absent unless it is that member;\n"
    " *                                                  of vectors X_us_as_Member(v, i)\n"
    " *   X_set_field(v, value), X_set_list_at(l, i, …)  in place, where the bytes are writable;\n"
    " *                                                  false: the field is absent\n"
    " *   X_compare(v, w)                                by value: below 0, 0, above 0\n"
    " * and made in one step or piece by piece (the builder's error is sticky):\n"
    " *   XT o = {0};  o.field = …;  X_pack(&builder, &o, &v);\n"
    " *   X_start(&builder);  X_add_field(&builder, …);  X_finish(&builder, X_end(&builder), &v);\n"
    " *   X_finish_sized(&builder, X_end(&builder), &bytes)   behind a size prefix\n"
    " *   X_add_field(&builder, X_clone(&builder, w))    a copy from another buffer\n"
    " *   zw_ref64 r = X_create_far(&builder, …);  X_add_far(&builder, r)   behind a 64-bit "
    "offset:\n"
    " *                                                  created first it may have any size\n"
    " *   X_add_u(&builder, E_S, S_create(&builder, &s)) a union's member that is a struct S\n"
    " * The bytes belong to the builder, zw_table_bytes(v.t). Scalars of an XT begin at zero: "
    "where a\n"
    " * schema has other defaults, begin with X_defaults(). X_unpack(v, &arena, &o) is the way "
    "back: all\n"
    " * that o points to is in the arena. X_as_root is for bytes that were verified. ZW_EVERSION: "
    "this\n"
    " * code and the library do not fit (zw_stamp_check).\n";

void zw_c_open(c_gen *g, zw_text *out, const char *part, const char *text) {
  zw_str upper = zw_c_upper(g, g->name);
  zw_text_printf(out,
                 "/* Generated from %.*s.fbs by zerowire %s: do not edit. */\n"
                 "/*\n%s */\n"
                 "#ifndef %.*s_%s_H\n#define %.*s_%s_H\n\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING, text, ZW_ARG(upper), part, ZW_ARG(upper),
                 part);
}

void zw_c_close(zw_text *out) {
  zw_text_printf(out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

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

static void enums(c_gen *g, zw_text *out) {
  for (size_t i = 0; i < g->gen->from.schema->enum_count; i++)
    if (g->enums[i].own) enumeration(g, out, &g->enums[i], i);
}

/* ---- structs ---- */

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
  unsigned octets = zw_c_width(m);
  vars->of['n'] = zw_gen_format(g->gen, "%u", m->fixed_length);
  vars->of['w'] = zw_gen_format(g->gen, "%u", 8 * octets);
  if (octets) vars->of['z'] = zw_gen_format(g->gen, "%u", octets);
  return (m->base == ZW_T_ARRAY ? 2u : 0u) + (octets ? 0u : 1u);
}

static void store_function(c_gen *g, zw_text *out, const c_type *t) {
  bool raw[9] = {false};
  zw_gen_vars vars;
  for (unsigned i = 0; i < t->type->field_count; i++) raw[zw_c_width(&t->type->fields[i])] = true;
  zw_text_printf(out,
                 "static inline void %.*s_store(uint8_t *p, const %.*s *s) {\n"
                 "  memset(p, 0, %u);\n",
                 ZW_ARG(t->symbol), ZW_ARG(t->symbol), t->type->size);
  for (unsigned octets = 2; octets <= 8; octets *= 2)
    if (raw[octets]) zw_text_printf(out, "  uint%u_t raw%u;\n", 8 * octets, 8 * octets);
  for (unsigned i = 0; i < t->type->field_count; i++) {
    unsigned kind = member_vars(g, t, &t->type->fields[i], &vars);
    bool octet = zw_c_width(&t->type->fields[i]) == 1;
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

static void structures(c_gen *g, zw_text *out) {
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

/* ---- includes ---- */

static void include_file(c_gen *g, zw_text *out, zw_hmap *seen, zw_str full_name) {
  zw_str base = zw_gen_include_once(g->gen, seen, full_name);
  if (!base.ptr) return;
  zw_text_printf(out, "#include \"%.*s_generated.h\"\n", ZW_ARG(base));
}

static void include_of_field(c_gen *g, zw_text *out, zw_hmap *seen, const zw_field *field) {
  if (field->type && !zw_c_type(g, field->type)->own) include_file(g, out, seen, field->type->name);
  if (!field->enum_type) return;
  if (!zw_c_enum(g, field->enum_type)->own) include_file(g, out, seen, field->enum_type->name);
  for (uint32_t i = 0; field->enum_type->is_union && i < field->enum_type->value_count; i++) {
    const zw_type *type = field->enum_type->values[i].type;
    if (type && !zw_c_type(g, type)->own) include_file(g, out, seen, type->name);
  }
}

static void method_includes(c_gen *g, zw_text *out, zw_hmap *seen) {
  const zw_model *model = g->gen->from.model;
  for (size_t i = 0; model && i < model->topic_count; i++) {
    const zw_topic_def *topic = &model->topics[i];
    if (!g->gen->from.is_own(g->gen->from.ctx, topic->service->name)) continue;
    if (!zw_c_type(g, topic->type)->own) include_file(g, out, seen, topic->type->name);
  }
  for (size_t i = 0; model && i < model->procedure_count; i++) {
    const zw_procedure_def *p = &model->procedures[i];
    if (!g->gen->from.is_own(g->gen->from.ctx, p->service->name)) continue;
    if (!zw_c_type(g, p->request)->own) include_file(g, out, seen, p->request->name);
    if (!zw_c_type(g, p->response)->own) include_file(g, out, seen, p->response->name);
  }
}

static bool is_infinite(const zw_field *field) {
  return zw_base_is_float(field->base) && field->preset.d - field->preset.d != 0;
}

static bool needs_math(const c_gen *g) {
  bool math = false;
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    const c_type *t = &g->types[i];
    for (unsigned k = 0; t->own && k < t->type->field_count; k++)
      math = math || is_infinite(&t->type->fields[k]);
  }
  return math;
}

/* The headers of other files, behind all that they may need of this one: they may include it. */
static void includes(c_gen *g, zw_text *out) {
  zw_hmap seen;
  zw_text list;
  zw_text_init(&list, g->gen->from.alloc);
  zw_hmap_init(&seen, g->gen->from.alloc);
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    const c_type *t = &g->types[i];
    for (unsigned k = 0; t->own && k < t->type->field_count; k++)
      include_of_field(g, &list, &seen, &t->type->fields[k]);
  }
  method_includes(g, &list, &seen);
  if (list.len)
    zw_text_printf(out,
                   "\n#ifdef __cplusplus\n}\n#endif\n%.*s"
                   "#ifdef __cplusplus\nextern \"C\" {\n#endif\n",
                   ZW_ARG(zw_text_str(&list)));
  if (list.error) g->gen->no_memory = true;
  zw_text_deinit(&list);
  zw_hmap_deinit(&seen);
}

/* ---- tables ---- */

/* $W and $O: options for schemas with 64-bit offsets, $p: octets of their size prefix. */
static const char verify[] =
    "static inline int $T_verify($T *out, zw_span bytes, zw_diag *diag) {\n"
    "  int error = zw_stamp_check(&$N_stamp, diag);\n$W"
    "  return error ? error : zw_verify(&$N_types[$k], bytes, $O, &out->t, diag);\n}\n";
static const char verify_sized[] =
    "static inline int $T_verify_sized($T *out, zw_span bytes, zw_diag *diag) {\n"
    "  int error = zw_stamp_check(&$N_stamp, diag);\n$W"
    "  return error ? error\n"
    "               : zw_verify_sized(&$N_types[$k], zw_str_of(NULL), bytes, $O, &out->t, diag);\n"
    "}\n"
    "static inline $T $T_as_root(zw_span bytes) {\n  $T v;\n"
    "  v.t = zw_root_trusted(bytes);\n  return v;\n}\n"
    "$I";

static const char table_end[] =
    "static inline int $T_compare($T v, $T w) { return zw_table_compare(&$N_types[$k], v.t, w.t); "
    "}\n"
    "static inline void $T_start(zw_builder *b) { zw_builder_table_start(b); }\n"
    "static inline zw_ref $T_end(zw_builder *b) { return zw_builder_table_end(b); }\n"
    "static inline int $T_finish(zw_builder *b, zw_ref root, $T *out) {\n"
    "  zw_span bytes;\n  int error = zw_stamp_check(&$N_stamp, NULL);\n"
    "  if (!error) error = zw_builder_finish(b, root, $d, &bytes);\n"
    "  if (!error && out) out->t = zw_root_trusted(bytes);\n  return error;\n}\n"
    "static inline int $T_finish_sized(zw_builder *b, zw_ref root, zw_span *out) {\n"
    "  int error = zw_stamp_check(&$N_stamp, NULL);\n"
    "  return error ? error : zw_builder_finish_sized(b, root, $d, $p, out);\n}\n"
    "static inline zw_ref $T_clone(zw_builder *b, $T v) {\n"
    "  return zw_copy_table(b, &$N_types[$k], v.t);\n}\n"
    "extern const zw_pack_type $T_pack_type;\n"
    "static inline int $T_pack(zw_builder *b, const $Q *object, $T *out) {\n"
    "  int error = zw_stamp_check(&$N_stamp, NULL);\n"
    "  return error ? error : zw_pack_root(b, &$T_pack_type, object, $d, out ? &out->t : NULL);\n"
    "}\n"
    "static inline int $T_unpack($T v, zw_arena *arena, $Q *object) {\n"
    "  int error = zw_stamp_check(&$N_stamp, NULL);\n"
    "  return error ? error : zw_unpack(arena, &$T_pack_type, v.t, object);\n}\n"
    "static inline int $T_to_json($T v, zw_text *out) {\n"
    "  return zw_json_print(&$N_types[$k], v.t, ZW_OBJECT_TEXT, 0, out);\n}\n"
    "static inline int $T_from_json(zw_builder *b, zw_str json, $T *out, zw_diag *diag) {\n"
    "  zw_span bytes;\n  int error = zw_stamp_check(&$N_stamp, diag);\n"
    "  if (!error)\n"
    "    error = zw_json_parse(&$N_types[$k], json, 0, ZW_OBJECT_TEXT, b, &bytes, diag);\n"
    "  if (!error && out) out->t = zw_root_trusted(bytes);\n  return error;\n}\n";

/* ---- look-up by key ---- */

#define FIND "static inline size_t $T_find$w(zw_vec$w f, "
static const char find_scalar[] =
    FIND "$c key) {\n  zw_scalar scalar;\n  scalar.$u = key;\n"
         "  return zw_vec$w_find_scalar(f, &$N_types[$k], scalar);\n}\n";
static const char find_string[] =
    FIND "zw_str key) { return zw_vec$w_find_str(f, &$N_types[$k], key); }\n";
static const char find_struct[] =
    FIND "const $V *key) {\n  uint8_t octets[$z];\n  $V_store(octets, key);\n"
         "  return zw_vec$w_find_stored(f, &$N_types[$k], octets);\n}\n";
/* Arrays of scalars and of structs. */
static const char find_scalars[] =
    FIND "const $c key[$n]) {\n  uint8_t octets[$n * $z];\n"
         "  for (size_t i = 0; i < $n; i++) zw_store_$s(octets + i * $z, key[i]);\n"
         "  return zw_vec$w_find_stored(f, &$N_types[$k], octets);\n}\n";
static const char find_structs[] =
    FIND "const $V key[$n]) {\n  uint8_t octets[$n * $z];\n"
         "  for (size_t i = 0; i < $n; i++) $V_store(octets + i * $z, &key[i]);\n"
         "  return zw_vec$w_find_stored(f, &$N_types[$k], octets);\n}\n";

static const char *find_template(const zw_field *key) {
  if (key->base == ZW_T_STRING) return find_string;
  if (key->base == ZW_T_OBJ) return find_struct;
  if (key->base == ZW_T_ARRAY) return key->element == ZW_T_OBJ ? find_structs : find_scalars;
  return zw_base_is_scalar(key->base) ? find_scalar : NULL;
}

/* Structs may also stand behind a 64-bit offset. A key that is deprecated has no names in C. */
static void find_function(c_gen *g, zw_text *out, size_t index) {
  const c_type *t = &g->types[index];
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const char *pattern = field->flags & ZW_F_KEY ? find_template(field) : NULL;
    zw_gen_vars vars;
    if (!pattern) continue;
    zw_c_field_vars(g, t, field, &vars);
    vars.of['N'] = g->name;
    vars.of['k'] = zw_gen_format(g->gen, "%zu", index);
    vars.of['n'] = zw_gen_format(g->gen, "%u", field->fixed_length);
    if (field->base == ZW_T_ARRAY && field->element != ZW_T_OBJ)
      vars.of['z'] = zw_gen_format(g->gen, "%zu", zw_base_size((enum zw_base_type)field->element));
    zw_gen_emit(out, pattern, &vars);
    vars.of['w'] = ZW_STR("64");
    if (t->type->is_struct) zw_gen_emit(out, pattern, &vars);
    return;
  }
}

/* ---- fields ---- */

static void accessors(c_gen *g, zw_text *out, const c_type *t, const zw_field *field) {
  const c_field_kind *kind = zw_c_field_kind(field);
  zw_gen_vars vars;
  if (!kind) return;
  zw_c_field_vars(g, t, field, &vars);
  zw_c_doc(out, field->doc, "");
  zw_gen_emit(out, kind->read, &vars);
  if (kind->has && !(field->flags & ZW_F_REQUIRED)) zw_gen_emit(out, kind->has, &vars);
  if (kind->set) zw_gen_emit(out, kind->set, &vars);
  for (uint32_t i = 0; kind->in_table && i < field->enum_type->value_count; i++) {
    const char *member = zw_c_union_member(g, kind, field, &field->enum_type->values[i], &vars);
    if (member) zw_gen_emit(out, member, &vars);
  }
  if (kind->add) zw_gen_emit(out, kind->add, &vars);
}

/* The struct that is packed, and its defaults where a scalar's is not zero. */
static void object(c_gen *g, zw_text *out, const c_type *t) {
  bool preset = false, any = false;
  zw_gen_vars vars;
  zw_text_printf(out, "struct %.*s {\n", ZW_ARG(t->object));
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const c_field_kind *kind = zw_c_field_kind(field);
    if (!kind || !kind->member) continue;
    zw_c_field_vars(g, t, field, &vars);
    zw_gen_emit(out, kind->member, &vars);
    any = true;
    preset = preset || (zw_base_is_scalar(field->base) && field->preset.u != 0);
  }
  zw_text_printf(out, "%s};\n", any ? "" : "  char nothing_;\n");
  if (!preset) return;
  zw_text_printf(out,
                 "static inline %.*s %.*s_defaults(void) {\n  %.*s o;\n"
                 "  memset(&o, 0, sizeof o);\n",
                 ZW_ARG(t->object), ZW_ARG(t->symbol), ZW_ARG(t->object));
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const c_field_kind *kind = zw_c_field_kind(field);
    bool set = kind && kind->member && zw_base_is_scalar(field->base) && field->preset.u != 0;
    if (!set || (field->flags & ZW_F_OPTIONAL)) continue;
    zw_c_field_vars(g, t, field, &vars);
    zw_gen_emit(out, "  o.$m = $d;\n", &vars);
  }
  zw_text_printf(out, "  return o;\n}\n");
}

static zw_str slots(c_gen *g, const c_type *t) {
  zw_text text;
  zw_text_init(&text, g->gen->from.alloc);
  for (unsigned i = 0; i < t->type->field_count; i++)
    if (zw_c_field_kind(&t->type->fields[i]))
      zw_text_printf(&text, "%s  %.*s_ID_%.*s = %u", text.len ? ",\n" : "enum {\n",
                     ZW_ARG(t->symbol), ZW_ARG(t->fields[i].symbol), t->type->fields[i].id);
  if (text.len) zw_text_printf(&text, "\n};\n");
  return zw_gen_keep(g->gen, &text);
}

static void table_vars(c_gen *g, size_t index, bool far, zw_gen_vars *vars) {
  const c_type *t = &g->types[index];
  const zw_schema *schema = g->gen->from.schema;
  memset(vars, 0, sizeof *vars);
  vars->of['T'] = t->symbol;
  vars->of['Q'] = t->object;
  vars->of['N'] = g->name;
  vars->of['k'] = zw_gen_format(g->gen, "%zu", index);
  vars->of['I'] = slots(g, t);
  vars->of['d'] = ZW_STR("zw_str_of(NULL)");
  if (schema->root == t->type && schema->identifier.ptr)
    vars->of['d'] =
        zw_gen_format(g->gen, "zw_str_of(%.*s)", ZW_ARG(zw_c_literal_str(g, schema->identifier)));
  vars->of['O'] = far ? ZW_STR("&options") : ZW_STR("NULL");
  vars->of['p'] = far ? ZW_STR("8") : ZW_STR("4");
}

static void table(c_gen *g, zw_text *out, size_t index, bool far) {
  const c_type *t = &g->types[index];
  zw_gen_vars vars;
  table_vars(g, index, far, &vars);
  zw_text_printf(out, "\n/* ---- %.*s ---- */\n\n", ZW_ARG(t->type->name));
  if (far) vars.of['W'] = ZW_STR("  const zw_verify_options options = {ZW_VERIFY_LARGE, 0, 0};\n");
  zw_gen_emit(out, verify, &vars);
  if (far)
    vars.of['W'] = ZW_STR("  const zw_verify_options options = {ZW_VERIFY_LARGE | "
                          "ZW_VERIFY_SIZE64, 0, 0};\n");
  zw_gen_emit(out, verify_sized, &vars);
  find_function(g, out, index);
  for (unsigned i = 0; i < t->type->field_count; i++) accessors(g, out, t, &t->type->fields[i]);
  object(g, out, t);
  zw_gen_emit(out, table_end, &vars);
}

static void forward(c_gen *g, zw_text *out) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    const c_type *t = &g->types[i];
    if (!t->own || t->type->is_struct) continue;
    zw_c_doc(out, t->type->doc, "");
    zw_text_printf(out,
                   "typedef struct %.*s {\n  zw_table t;\n} %.*s;\n"
                   "typedef struct %.*s %.*s;\n",
                   ZW_ARG(t->symbol), ZW_ARG(t->symbol), ZW_ARG(t->object), ZW_ARG(t->object));
  }
}

/* Enums, views and structs first: with them the accessors of tables can stand in any order, also
 * those of files that include each other. */
static void header(c_gen *g, zw_text *out) {
  const zw_schema *schema = g->gen->from.schema;
  zw_c_open(g, out, "GENERATED", manual);
  zw_text_printf(out, "#include \"zerowire/any.h\"\n#include \"zerowire/reflect.h\"\n%s",
                 needs_math(g) ? "\n#include <math.h>\n" : "");
  zw_text_printf(out,
                 "\n#if ZW_ABI != %d\n"
                 "#error \"generated for another version of zerowire: compile the schema again\"\n"
                 "#endif\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
                 "/* The whole schema, its version, its types. */\n"
                 "extern const zw_schema %.*s_schema;\nextern const zw_stamp %.*s_stamp;\n",
                 ZW_ABI, ZW_ARG(g->name), ZW_ARG(g->name));
  if (schema->type_count)
    zw_text_printf(out, "extern const zw_type %.*s_types[%zu];\n", ZW_ARG(g->name),
                   schema->type_count);
  if (schema->enum_count)
    zw_text_printf(out, "extern const zw_enum_type %.*s_enums[%zu];\n", ZW_ARG(g->name),
                   schema->enum_count);
  enums(g, out);
  zw_text_add(out, "\n", 1);
  forward(g, out);
  structures(g, out);
  includes(g, out);
  bool far = zw_gen_has_far(schema);
  for (size_t i = 0; i < schema->type_count; i++) {
    if (!g->types[i].own) continue;
    if (g->types[i].type->is_struct)
      find_function(g, out, i);
    else
      table(g, out, i, far);
  }
  zw_c_close(out);
}

/* ---- packing ---- */

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

static void packs(c_gen *g, zw_text *out) {
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

/* ---- the outputs ---- */

static void layout_checks(c_gen *g, zw_text *out) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    const c_type *t = &g->types[i];
    if (t->own && t->type->is_struct && zw_c_same_layout(t->type))
      zw_text_printf(out, "_Static_assert(sizeof(%.*s) == %u, \"layout\");\n", ZW_ARG(t->symbol),
                     t->type->size);
  }
}

static void source(c_gen *g, zw_text *out) {
  zw_text_printf(out,
                 "/* Generated from %.*s.fbs by zerowire %s: do not edit. */\n"
                 "#include \"%.*s_generated.h\"\n\n#include <stddef.h>\n\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING, ZW_ARG(g->gen->file));
  layout_checks(g, out);
  zw_c_descriptors(g, out, false, zw_gen_format(g->gen, "%.*s_", ZW_ARG(g->name)));
  packs(g, out);
}

/* The file's name as an identifier; zw_schema and zw_stamp are the library's. */
static zw_str identifier(c_gen *g, const char *name) {
  const char *prefix = g->gen->prefix && *g->gen->prefix ? g->gen->prefix : NULL;
  bool digit = !prefix && *name >= '0' && *name <= '9';
  zw_str plain = zw_gen_format(g->gen, "%s%s%s%s", prefix ? prefix : "", prefix ? "_" : "",
                               digit ? "_" : "", name);
  return zw_str_eq(plain, ZW_STR("zw")) ? ZW_STR("zw_") : zw_gen_identifier(g->gen, plain);
}

static int parts(c_gen *g, const zw_gen_out *out) {
  static const struct {
    void (*write)(c_gen *, zw_text *);
    const char *suffix;
    bool always;
  } files[] = {{header, "_generated.h", true},
               {source, "_generated.c", true},
               {zw_c_store, "_store.h", false},
               {zw_c_wamp, "_wamp.h", false}};
  int error = zw_c_name_all(g);
  for (size_t i = 0; i < sizeof files / sizeof *files && !error; i++) {
    zw_text text;
    zw_text_init(&text, g->gen->from.alloc);
    files[i].write(g, &text);
    if (g->gen->no_memory) error = ZW_ENOMEM;
    if (!error && (files[i].always || text.len || text.error))
      error = zw_gen_output(out, files[i].suffix, &text);
    zw_text_deinit(&text);
  }
  return error;
}

int zw_generate_c(zw_gen *gen, const zw_gen_out *out) {
  c_gen g = {.gen = gen};
  zw_hmap_init(&g.symbols, gen->from.alloc);
  g.name = identifier(&g, gen->file.ptr);
  int error = gen->no_memory ? ZW_ENOMEM : parts(&g, out);
  zw_hmap_deinit(&g.symbols);
  return error;
}
