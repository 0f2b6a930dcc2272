/* SPDX-License-Identifier: Apache-2.0 */
/* NAME_generated.h: the manual at its top, then enums, structs, and each table with its view,
 * accessors, builder and packing. */
#include "generate_c.h"

static const char manual[] =
    " * The tables, structs and enums of the schema, and their descriptors.\n"
    " *\n"
    " * Tables are read through views: X is 16 octets and valid as long as its bytes are.\n"
    " *   X v;  int e = X_verify(&v, bytes, &diag);      the only way from foreign bytes to a "
    "view\n"
    " *   X_field(v)                                     never fails: absent is the default, or "
    "NULL\n"
    " *   X_has_field(v)                                 of what may be absent\n"
    " *   zw_vec l = X_list(v);  X_list_at(l, i)         i < l.count; X_list_raw(v): the elements "
    "as\n"
    " *                                                  they lie, NULL where the host cannot read "
    "them\n"
    " *   X_u_type(v), X_u_as_Member(v)                  unions: absent unless it is that member;\n"
    " *                                                  of vectors X_us_as_Member(v, i)\n"
    " * and made in one step or piece by piece (the builder's error is sticky):\n"
    " *   XT o = {0};  o.field = …;  X_pack(&builder, &o, &v);\n"
    " *   X_start(&builder);  X_add_field(&builder, …);  X_finish(&builder, X_end(&builder), &v);\n"
    " * The bytes belong to the builder, zw_table_bytes(v.t). Scalars of an XT begin at zero: "
    "where a\n"
    " * schema has other defaults, begin with X_defaults(). X_as_root is for bytes that were "
    "verified.\n";

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
  const char *path = g->gen->from.file_of(g->gen->from.ctx, full_name);
  if (!path || !*path) return;
  const char *slash = strrchr(path, '/');
  zw_str base = zw_str_of(slash ? slash + 1 : path);
  const char *dot = strrchr(base.ptr, '.');
  if (dot) base.len = (size_t)(dot - base.ptr);
  base = zw_arena_str(&g->gen->arena, base);
  if (!base.ptr || zw_hmap_get(seen, zw_str_span(base))) return;
  if (zw_hmap_set(seen, zw_str_span(base), g, NULL)) g->gen->no_memory = true;
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

static const char table_begin[] =
    "static inline int $T_verify($T *out, zw_span bytes, zw_diag *diag) {\n"
    "  return zw_verify(&$N_types[$k], bytes, NULL, &out->t, diag);\n}\n"
    "static inline $T $T_as_root(zw_span bytes) {\n  $T v;\n"
    "  v.t = zw_root_trusted(bytes);\n  return v;\n}\n"
    "$I";

static const char table_end[] =
    "static inline void $T_start(zw_builder *b) { zw_builder_table_start(b); }\n"
    "static inline zw_ref $T_end(zw_builder *b) { return zw_builder_table_end(b); }\n"
    "static inline int $T_finish(zw_builder *b, zw_ref root, $T *out) {\n"
    "  zw_span bytes;\n  int error = zw_builder_finish(b, root, $d, &bytes);\n"
    "  if (!error && out) out->t = zw_root_trusted(bytes);\n  return error;\n}\n"
    "extern const zw_pack_type $T_pack_type;\n"
    "static inline int $T_pack(zw_builder *b, const $O *object, $T *out) {\n"
    "  return zw_pack_root(b, &$T_pack_type, object, $d, out ? &out->t : NULL);\n}\n"
    "static inline int $T_to_json($T v, zw_text *out) {\n"
    "  return zw_json_print(&$N_types[$k], v.t, ZW_OBJECT_TEXT, 0, out);\n}\n"
    "static inline int $T_from_json(zw_builder *b, zw_str json, $T *out, zw_diag *diag) {\n"
    "  zw_span bytes;\n"
    "  int error = zw_json_parse(&$N_types[$k], json, 0, ZW_OBJECT_TEXT, b, &bytes, diag);\n"
    "  if (!error && out) out->t = zw_root_trusted(bytes);\n  return error;\n}\n";

static void accessors(c_gen *g, zw_text *out, const c_type *t, const zw_field *field) {
  const c_field_kind *kind = zw_c_field_kind(field);
  zw_gen_vars vars;
  if (!kind) return;
  zw_c_field_vars(g, t, field, &vars);
  zw_c_doc(out, field->doc, "");
  zw_gen_emit(out, kind->read, &vars);
  if (kind->has && !(field->flags & ZW_F_REQUIRED)) zw_gen_emit(out, kind->has, &vars);
  for (uint32_t i = 0; kind->in_table && i < field->enum_type->value_count; i++) {
    const char *member = zw_c_union_member(g, kind, &field->enum_type->values[i], &vars);
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

static void table(c_gen *g, zw_text *out, size_t index) {
  const c_type *t = &g->types[index];
  const zw_schema *schema = g->gen->from.schema;
  zw_gen_vars vars = {0};
  vars.of['T'] = t->symbol;
  vars.of['O'] = t->object;
  vars.of['N'] = g->name;
  vars.of['k'] = zw_gen_format(g->gen, "%zu", index);
  vars.of['I'] = slots(g, t);
  vars.of['d'] = ZW_STR("zw_str_of(NULL)");
  if (schema->root == t->type && schema->identifier.ptr)
    vars.of['d'] =
        zw_gen_format(g->gen, "zw_str_of(%.*s)", ZW_ARG(zw_c_literal_str(g, schema->identifier)));
  zw_text_printf(out, "\n/* ---- %.*s ---- */\n\n", ZW_ARG(t->type->name));
  zw_gen_emit(out, table_begin, &vars);
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
  zw_text_printf(out, "#include \"zerowire/reflect.h\"\n%s",
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
  for (size_t i = 0; i < schema->type_count; i++)
    if (g->types[i].own && !g->types[i].type->is_struct) table(g, out, i);
  zw_c_close(out);
}
