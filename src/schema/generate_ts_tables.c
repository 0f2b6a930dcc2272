/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in TypeScript: a view with accessors and static functions that build, named as flatc names
 * them, and an object that unpacks and packs. What 64-bit offsets refer to is built first, so that
 * it lies behind all that 32-bit offsets have to reach.
 */
#include "generate_ts.h"

#define BUILDER "builder: flatbuffers.Builder"

/* ---- the view ---- */

/* Deprecated fields have no other code, but are verified like all. */
static void shape_rows(ts_gen *g, zw_text *out, const ts_type *t) {
  for (unsigned i = 0; i < t->type->field_count; i++) {
    zw_field field = t->type->fields[i];
    zw_gen_vars vars;
    field.flags &= ~(uint32_t)ZW_F_DEPRECATED;
    zw_ts_field_vars(g, t, &t->type->fields[i], &vars);
    zw_text_printf(out, "    ");
    zw_gen_emit(out, zw_ts_form(&field)->shape, &vars);
    zw_text_printf(out, ",\n");
  }
}

static void class_begin(ts_gen *g, zw_text *out, const ts_type *t, const zw_gen_vars *vars) {
  zw_gen_emit(out,
              "$Cexport class $X implements flatbuffers.IUnpackableObject<$P>, zw.View {\n"
              "  static readonly shape: zw.Shape = zw.table('$N', () => [\n",
              vars);
  shape_rows(g, out, t);
  zw_text_printf(out, "  ]);\n");
  zw_ts_key_code(g, out, t->type);
  zw_ts_view_begin(out, vars);
}

/* I: the file identifier as an argument; L: as a literal. */
static void roots(zw_text *out, const zw_gen_vars *vars) {
  zw_gen_emit(
      out,
      "\n  static getRootAs$X(bb: flatbuffers.ByteBuffer, obj?: $X): $X {\n"
      "    return (obj ?? new $X()).__init(bb.readInt32(bb.position()) + bb.position(), bb);\n  }\n"
      "\n  static getSizePrefixedRootAs$X(bb: flatbuffers.ByteBuffer, obj?: $X): $X {\n"
      "    bb.setPosition(bb.position() + flatbuffers.SIZE_PREFIX_LENGTH);\n"
      "    return $X.getRootAs$X(bb, obj);\n  }\n"
      "\n  /** The root of a buffer that is sound; else a zw.VerifyError is thrown. */\n"
      "  static verify$X(source: Uint8Array | flatbuffers.ByteBuffer, "
      "options?: zw.VerifyOptions): $X {\n"
      "    zw.verify($X.shape, source, $L, options);\n"
      "    return $X.getRootAs$X(zw.buffer(source));\n  }\n"
      "\n  static verifySizePrefixed$X(source: Uint8Array | flatbuffers.ByteBuffer, "
      "options?: zw.VerifyOptions): $X {\n"
      "    zw.verifySizePrefixed($X.shape, source, $L, options);\n"
      "    return $X.getSizePrefixedRootAs$X(zw.buffer(source));\n  }\n",
      vars);
  if (vars->of['I'].len)
    zw_gen_emit(out,
                "\n  static bufferHasIdentifier(bb: flatbuffers.ByteBuffer): boolean {\n"
                "    return bb.__has_identifier($L);\n  }\n",
                vars);
}

/* ---- building ---- */

static void add_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, form->add, vars);
  if (form->create) zw_gen_emit(out, form->create, vars);
}

static void parameter_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_text_printf(out, ", ");
  zw_gen_emit(out, form->parameter, vars);
}

static void pass_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, form->pass, vars);
}

/* Structs have to be written while the table is: with them there is no createX. */
static bool has_create(const ts_type *t) {
  for (unsigned i = 0; i < t->type->field_count; i++)
    if (zw_field_form(&t->type->fields[i]) == ZW_FORM_STRUCT) return false;
  return true;
}

static void build_functions(ts_gen *g, zw_text *out, const ts_type *t, const zw_gen_vars *vars) {
  const zw_type *type = t->type;
  unsigned slots = type->field_count ? type->fields[type->field_count - 1].id + 1u : 0;
  zw_gen_emit(out, "\n  static start$X(" BUILDER "): void {\n", vars);
  zw_text_printf(out, "    builder.startObject(%u);\n  }\n", slots);
  zw_ts_each(g, out, t, add_part);
  zw_gen_emit(out,
              "\n  static end$X(" BUILDER "): flatbuffers.Offset {\n"
              "    const offset = builder.endObject();\n",
              vars);
  for (unsigned i = 0; i < type->field_count; i++)
    if (type->fields[i].flags & ZW_F_REQUIRED && zw_ts_form(&type->fields[i]))
      zw_text_printf(out, "    builder.requiredField(offset, %u); // %.*s\n",
                     4 + 2u * type->fields[i].id, ZW_ARG(type->fields[i].name));
  zw_gen_emit(out,
              "    return offset;\n  }\n"
              "\n  static finish$XBuffer(" BUILDER ", offset: flatbuffers.Offset): void {\n"
              "    builder.finish(offset$I);\n  }\n"
              "\n  static finishSizePrefixed$XBuffer(" BUILDER
              ", offset: flatbuffers.Offset): void {\n"
              "    builder.finish(offset, $U, true);\n  }\n",
              vars);
  if (!has_create(t)) return;
  zw_gen_emit(out, "\n  static create$X(" BUILDER, vars);
  zw_ts_each(g, out, t, parameter_part);
  zw_gen_emit(out, "): flatbuffers.Offset {\n    $X.start$X(builder);\n", vars);
  zw_ts_each(g, out, t, pass_part);
  zw_gen_emit(out, "    return $X.end$X(builder);\n  }\n", vars);
}

/* ---- the object ---- */

static void prepare_far_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  if (form->prepare && vars->of['w'].len) zw_gen_emit(out, form->prepare, vars);
}

static void prepare_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  if (form->prepare && !vars->of['w'].len) zw_gen_emit(out, form->prepare, vars);
}

static void store_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, form->store, vars);
}

static void pack_function(ts_gen *g, zw_text *out, const ts_type *t, const zw_gen_vars *vars) {
  zw_gen_emit(out, "\n  pack(" BUILDER "): flatbuffers.Offset {\n", vars);
  zw_ts_each(g, out, t, prepare_far_part);
  zw_ts_each(g, out, t, prepare_part);
  zw_gen_emit(out, "    $X.start$X(builder);\n", vars);
  zw_ts_each(g, out, t, store_part);
  zw_gen_emit(out, "    return $X.end$X(builder);\n  }\n}\n\n", vars);
}

static void identifier_vars(ts_gen *g, const ts_type *t, zw_gen_vars *vars) {
  const zw_schema *schema = g->gen->from.schema;
  vars->of['L'] = ZW_STR("null");
  vars->of['U'] = ZW_STR("undefined");
  if (t->type != schema->root || !schema->identifier.len) return;
  vars->of['L'] = vars->of['U'] = zw_ts_literal(g, schema->identifier);
  vars->of['I'] = zw_gen_format(g->gen, ", %.*s", ZW_ARG(vars->of['L']));
}

void zw_ts_table_code(ts_gen *g, zw_text *out, const ts_type *t) {
  zw_gen_vars vars;
  zw_ts_type_vars(g, t, &vars);
  identifier_vars(g, t, &vars);
  class_begin(g, out, t, &vars);
  roots(out, &vars);
  zw_ts_each(g, out, t, zw_ts_read_part);
  build_functions(g, out, t, &vars);
  zw_ts_unpack_code(g, out, t);
  pack_function(g, out, t, &vars);
}
