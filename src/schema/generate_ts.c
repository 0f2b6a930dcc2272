/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TypeScript generator: one ECMAScript module for each schema file, over the npm run time
 * `flatbuffers` and the package `zerowire` (bindings/js). Names first (generate_ts_names.c), then a
 * walk over the descriptors. Modules may import each other in circles, as files may include each
 * other: while one is loaded it names nothing of another.
 */
#include "generate_ts.h"

#include <inttypes.h>

/* ---- enums ---- */

static void values(ts_gen *g, zw_text *out, const zw_enum_type *type, const char *between) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    zw_str name = zw_ts_value_name(g, v);
    zw_str number = zw_ts_scalar(g, type->base == ZW_T_BOOL ? ZW_T_UBYTE : type->base,
                                 (zw_scalar){.i = v->value});
    zw_ts_doc(out, v->doc, "  ");
    zw_text_printf(out, "  %.*s%s%.*s,\n", ZW_ARG(name), between, ZW_ARG(number));
  }
}

static void union_functions(ts_gen *g, zw_text *out, const ts_enum *e, const zw_gen_vars *vars) {
  const zw_enum_type *type = e->type;
  zw_gen_emit(
      out,
      "/** Calls back with a view of the type's member, '' for a string; null: it has none. */\n"
      "export function $J(\n  type: $E,\n  accessor: (obj: $U) => $U | null,\n"
      "): $U | null {\n  switch (type) {\n",
      vars);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    if (v->base == ZW_T_NONE) continue;
    zw_str view =
        v->type ? zw_gen_format(g->gen, "new %.*s()", ZW_ARG(zw_ts_type(g, v->type)->head.symbol))
                : ZW_STR("''");
    zw_text_printf(out, "    case %.*s.%.*s:\n      return accessor(%.*s);\n",
                   ZW_ARG(e->head.symbol), ZW_ARG(zw_ts_value_name(g, v)), ZW_ARG(view));
  }
  zw_gen_emit(out,
              "    default:\n      return null;\n  }\n}\n\n"
              "export const $M: zw.Members = zw.members(() => [\n",
              vars);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    if (v->base == ZW_T_NONE) continue;
    zw_str shape =
        v->type ? zw_gen_format(g->gen, "%.*s.shape", ZW_ARG(zw_ts_type(g, v->type)->head.symbol))
                : ZW_STR("'string'");
    zw_str number = zw_ts_scalar(g, type->base, (zw_scalar){.i = v->value});
    zw_text_printf(out, "  [%.*s, %.*s],\n", ZW_ARG(number), ZW_ARG(shape));
  }
  zw_text_printf(out, "]);\n\n");
}

/* An enum of 64 bits is an object of bigints: a TypeScript enum has numbers. */
static void enumeration(ts_gen *g, zw_text *out, const ts_enum *e) {
  zw_gen_vars vars = {0};
  bool wide = zw_ts_is_long(e->type->base);
  vars.of['E'] = e->head.symbol;
  vars.of['J'] = e->to;
  vars.of['M'] = e->members;
  vars.of['U'] = zw_ts_members(g, e->type, false);
  zw_ts_doc(out, e->type->doc, "");
  zw_gen_emit(out, wide ? "export const $E = {\n" : "export enum $E {\n", &vars);
  values(g, out, e->type, wide ? ": " : " = ");
  zw_gen_emit(out, wide ? "} as const;\nexport type $E = bigint;\n\n" : "}\n\n", &vars);
  if (e->type->is_union) union_functions(g, out, e, &vars);
}

/* ---- imports ---- */

static void use_type(ts_gen *g, const zw_type *type) {
  ts_file *file = type ? zw_ts_type(g, type)->head.file : NULL;
  if (file) file->used = true;
}

static void use_enum(ts_gen *g, const zw_enum_type *type) {
  ts_file *file = type ? zw_ts_enum(g, type)->head.file : NULL;
  if (file) file->used = true;
  for (uint32_t i = 0; type && type->is_union && i < type->value_count; i++)
    use_type(g, type->values[i].type);
}

static void use_field(ts_gen *g, const zw_field *field) {
  use_type(g, field->type);
  use_enum(g, field->enum_type);
  const zw_field *key = field->type ? zw_ts_key(field->type) : NULL;
  if (key) use_type(g, key->type);
  if (key) use_enum(g, key->enum_type);
}

static void find_used(ts_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count; i++)
    for (unsigned k = 0; g->types[i].head.own && k < schema->types[i].field_count; k++)
      use_field(g, &schema->types[i].fields[k]);
  for (size_t i = 0; i < schema->enum_count; i++)
    if (g->enums[i].head.own) use_enum(g, &schema->enums[i]);
}

static void head(ts_gen *g, zw_text *out) {
  zw_text_printf(out,
                 "// Generated from %.*s.fbs by zerowire %s: do not edit.\n"
                 "/* eslint-disable */\n"
                 "import * as flatbuffers from 'flatbuffers';\n"
                 "import * as zw from 'zerowire';\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING);
  find_used(g);
  for (size_t i = 1; i < g->file_count; i++)
    if (g->files[i]->used)
      zw_text_printf(out, "import * as %.*s from %.*s;\n", ZW_ARG(g->files[i]->alias),
                     ZW_ARG(zw_ts_literal(g, zw_gen_format(g->gen, "./%.*s_generated.js",
                                                           ZW_ARG(g->files[i]->base)))));
  zw_text_printf(out,
                 "\n/** What this code was generated by and from; checked as it is imported. */\n"
                 "export const stamp: zw.Stamp = zw.checkStamp({\n"
                 "  file: %.*s,\n  abi: %d,\n  compiler: '%s',\n  schemaId: '",
                 ZW_ARG(zw_ts_literal(g, g->gen->file)), ZW_ABI, ZW_VERSION_STRING);
  for (size_t i = 0; i < ZW_SCHEMA_ID_SIZE; i++)
    zw_text_printf(out, "%02x", g->gen->from.schema->id[i]);
  zw_text_printf(out, "',\n});\n\n");
}

/* ---- all ---- */

static void declarations(ts_gen *g, zw_text *out) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->enum_count; i++)
    if (g->enums[i].head.own) enumeration(g, out, &g->enums[i]);
  for (size_t i = 0; i < schema->type_count; i++) {
    const ts_type *t = &g->types[i];
    if (!t->head.own) continue;
    if (t->type->is_struct)
      zw_ts_structure_code(g, out, t);
    else
      zw_ts_table_code(g, out, t);
  }
}

int zw_generate_ts(zw_gen *gen, const zw_gen_out *out) {
  ts_gen g = {.gen = gen};
  zw_text text;
  zw_text_init(&text, gen->from.alloc);
  int error = zw_ts_name_all(&g);
  if (!error) {
    head(&g, &text);
    declarations(&g, &text);
    if (gen->no_memory) error = ZW_ENOMEM;
  }
  if (!error) error = zw_gen_output(out, "_generated.ts", &text);
  zw_text_deinit(&text);
  zw_ts_names_deinit(&g);
  return error;
}
