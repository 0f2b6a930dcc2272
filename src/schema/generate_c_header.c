/* SPDX-License-Identifier: Apache-2.0 */
/* NAME_generated.h: the manual at its top, then enums, structs, and each table with its view,
 * accessors, builder and packing. */
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
  zw_str list = zw_arena_str(&g->gen->arena, zw_text_str(&text));
  if (!list.ptr || text.error) g->gen->no_memory = true;
  zw_text_deinit(&text);
  return list;
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
void zw_c_header(c_gen *g, zw_text *out) {
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
  zw_c_enums(g, out);
  zw_text_add(out, "\n", 1);
  forward(g, out);
  zw_c_structs(g, out);
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
