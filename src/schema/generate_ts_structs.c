/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs in TypeScript: a view over the octets, and an object with `store`, which writes them in
 * place; and what views and objects of tables have alike. generate_ts.h lists the variables.
 */
#include "generate_ts.h"

/* ---- keys ---- */

static void key_rows(ts_gen *g, zw_text *out, const zw_type *type);

/* [offset, scalar, count], or [offset, rows, count, size]. */
static void key_row(ts_gen *g, zw_text *out, const zw_field *field, unsigned offset) {
  unsigned count = field->base == ZW_T_ARRAY ? field->fixed_length : 1;
  zw_text_printf(out, "[%u, ", offset);
  if (field->type) {
    key_rows(g, out, field->type);
    zw_text_printf(out, ", %u, %u]", count, field->type->size);
  } else {
    zw_text_printf(out, "%s, %u]", zw_ts_base(field)->scalar, count);
  }
}

static void key_rows(ts_gen *g, zw_text *out, const zw_type *type) {
  zw_text_printf(out, "[");
  for (unsigned i = 0; i < type->field_count; i++) {
    if (i) zw_text_printf(out, ", ");
    key_row(g, out, &type->fields[i], type->fields[i].offset);
  }
  zw_text_printf(out, "]");
}

void zw_ts_key_code(ts_gen *g, zw_text *out, const zw_type *type) {
  const zw_field *key = zw_ts_key(type);
  if (!key) return;
  unsigned place = type->is_struct ? key->offset : 4 + 2u * key->id;
  if (key->base == ZW_T_STRING) {
    zw_text_printf(out, "  static readonly key = zw.textKey(%u);\n", place);
    return;
  }
  zw_str preset = ZW_STR("null");
  if (zw_base_is_scalar(key->base))
    preset = zw_ts_scalar(g, key->base == ZW_T_BOOL && key->enum_type ? ZW_T_UBYTE : key->base,
                          key->preset);
  zw_text_printf(out, "  static readonly key = zw.key(%s, %u, [",
                 type->is_struct ? "false" : "true", place);
  key_row(g, out, key, 0);
  zw_text_printf(out, "], %.*s);\n", ZW_ARG(preset));
}

/* ---- members ---- */

static const ts_form scalar = {
    .read = "\n$C  $f(): $c {\n    const at = this.bb_pos + $O;\n    return $r;\n  }\n",
    .mutate = "\n  mutate_$m(value: $c): boolean {\n"
              "    this.bb!.write$I(this.bb_pos + $O, $+value);\n    return true;\n  }\n",
    .type = "$c",
    .preset = "$p",
    .unpack = "this.$f()",
    .store = "    bb.write$I(at + $O, $+this.$f);\n",
    .parameter = "$f: $c",
};

static const ts_form structure = {
    .read = "\n$C  $f(obj?: $V): $V {\n"
            "    return (obj ?? new $V()).__init(this.bb_pos + $O, this.bb!);\n  }\n",
    .type = "$P",
    .preset = "new $P()",
    .unpack = "this.$f().unpack()",
    .store = "    this.$f.store(bb, at + $O);\n",
    .parameter = "$f: $P",
};

#define LENGTH "\n  $fLength(): number {\n    return $#;\n  }\n"

static const ts_form scalars = {
    .read = "\n$C  $f(index: number): $c | null {\n"
            "    if (!(index >= 0 && index < $#)) return null;\n"
            "    const at = this.bb_pos + $O + index * $z;\n"
            "    return $r;\n  }\n" LENGTH "\n  $fArray(): $T {\n"
            "    return zw.arrayAt(this.bb!, this.bb_pos + $O, $#, $T);\n  }\n",
    .type = "$c[]",
    .preset = "zw.filled<$c>($#, () => $p)",
    .unpack = "zw.filled($#, (index) => this.$f(index)!)",
    .store = "    zw.storeScalars<$t>(bb, at + $O, $k, $#, this.$f);\n",
    .parameter = "$f: $c[]",
};

static const ts_form structs = {
    .read = "\n$C  $f(index: number, obj?: $V): $V | null {\n"
            "    if (!(index >= 0 && index < $#)) return null;\n"
            "    return (obj ?? new $V()).__init(this.bb_pos + $O + index * $z, this.bb!);\n"
            "  }\n" LENGTH,
    .type = "$P[]",
    .preset = "zw.filled($#, () => new $P())",
    .unpack = "zw.filled($#, (index) => this.$f(index)!.unpack())",
    .store = "    zw.storeStructs(bb, at + $O, $z, $#, this.$f);\n",
    .parameter = "$f: $P[]",
};

static const ts_form *member_form(const zw_field *field) {
  bool object = field->type != NULL;
  if (field->base == ZW_T_ARRAY) return object ? &structs : &scalars;
  return object ? &structure : &scalar;
}

/* ---- what tables have too ---- */

void zw_ts_type_vars(ts_gen *g, const ts_type *t, zw_gen_vars *vars) {
  memset(vars, 0, sizeof *vars);
  vars->of['X'] = t->head.symbol;
  vars->of['P'] = t->object;
  vars->of['N'] = t->type->name;
  vars->of['C'] = zw_ts_comment(g, t->type->doc, "");
  vars->of['z'] = zw_gen_format(g->gen, "%u", t->type->size);
  vars->of['a'] = zw_gen_format(g->gen, "%u", t->type->align);
}

void zw_ts_each(ts_gen *g, zw_text *out, const ts_type *t, zw_ts_part *part) {
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const ts_form *form = t->type->is_struct ? member_form(field) : zw_ts_form(field);
    if (!form) continue;
    zw_gen_vars vars;
    zw_ts_field_vars(g, t, field, &vars);
    part(out, form, &vars);
  }
}

void zw_ts_view_begin(zw_text *out, const zw_gen_vars *vars) {
  zw_gen_emit(out,
              "  bb: flatbuffers.ByteBuffer | null = null;\n"
              "  bb_pos = 0;\n\n"
              "  __init(i: number, bb: flatbuffers.ByteBuffer): $X {\n"
              "    this.bb_pos = i;\n"
              "    this.bb = bb;\n"
              "    return this;\n  }\n",
              vars);
}

void zw_ts_read_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, form->read, vars);
  if (form->mutate) zw_gen_emit(out, form->mutate, vars);
}

static void unpack_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, "    o.$f = ", vars);
  zw_gen_emit(out, form->unpack, vars);
  zw_text_printf(out, ";\n");
}

static void property_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, "  $f: ", vars);
  zw_gen_emit(out, form->type, vars);
  zw_text_printf(out, " = ");
  zw_gen_emit(out, form->preset, vars);
  zw_text_printf(out, ";\n");
}

void zw_ts_unpack_code(ts_gen *g, zw_text *out, const ts_type *t) {
  zw_gen_vars vars;
  zw_ts_type_vars(g, t, &vars);
  zw_gen_emit(out,
              "\n  unpack(): $P {\n    const o = new $P();\n    this.unpackTo(o);\n    return o;\n"
              "  }\n\n  unpackTo(o: $P): void {\n",
              &vars);
  zw_ts_each(g, out, t, unpack_part);
  zw_gen_emit(out, "  }\n}\n\nexport class $P implements flatbuffers.IGeneratedObject {\n", &vars);
  zw_ts_each(g, out, t, property_part);
  zw_gen_emit(out,
              "\n  constructor(values: Partial<$P> = {}) {\n"
              "    Object.assign(this, values);\n  }\n",
              &vars);
}

/* ---- the code ---- */

static void parameter_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_text_printf(out, ", ");
  zw_gen_emit(out, form->parameter, vars);
}

static void name_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  (void)form;
  zw_gen_emit(out, " $f,", vars);
}

static void store_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars) {
  zw_gen_emit(out, form->store, vars);
}

void zw_ts_structure_code(ts_gen *g, zw_text *out, const ts_type *t) {
  zw_gen_vars vars;
  zw_ts_type_vars(g, t, &vars);
  zw_gen_emit(out,
              "$Cexport class $X implements flatbuffers.IUnpackableObject<$P>, zw.View {\n"
              "  static readonly shape: zw.Shape = zw.struct('$N', $z, $a);\n",
              &vars);
  zw_ts_key_code(g, out, t->type);
  zw_ts_view_begin(out, &vars);
  zw_ts_each(g, out, t, zw_ts_read_part);
  zw_gen_emit(out,
              "\n  static sizeOf(): number {\n    return $z;\n  }\n"
              "\n  static create$X(builder: flatbuffers.Builder",
              &vars);
  zw_ts_each(g, out, t, parameter_part);
  zw_gen_emit(out, "): flatbuffers.Offset {\n    return new $P({", &vars);
  zw_ts_each(g, out, t, name_part);
  zw_text_printf(out, " }).pack(builder);\n  }\n");
  zw_ts_unpack_code(g, out, t);
  zw_text_printf(out, "\n  store(bb: flatbuffers.ByteBuffer, at: number): void {\n");
  zw_ts_each(g, out, t, store_part);
  zw_gen_emit(out,
              "  }\n\n  pack(builder: flatbuffers.Builder): flatbuffers.Offset {\n"
              "    const at = zw.startStruct(builder, $z, $a);\n"
              "    this.store(builder.dataBuffer(), at);\n"
              "    return builder.offset();\n  }\n}\n\n",
              &vars);
}
