/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each form of a table's field is in TypeScript, as templates. generate_ts.h lists the
 * variables.
 */
#include <math.h>

#include "generate_ts.h"

#define BUILDER "builder: flatbuffers.Builder"
#define OFFSET "flatbuffers.Offset"

/* ---- scalars ---- */

#define MUTATE                            \
  "\n  mutate_$m(value: $c): boolean {\n" \
  "    const at = zw.at(this, $s);\n"     \
  "    if (!at) return false;\n"          \
  "    this.bb!.write$I(at, $+value);\n"  \
  "    return true;\n  }\n"
#define READ_SCALAR(type)                                     \
  "\n$C  $f(): " type " {\n    const at = zw.at(this, $s);\n" \
  "    return at ? $r : $d;\n  }\n"
#define ADD_SCALAR                                  \
  "\n  static add$F(" BUILDER ", $f: $c): void {\n" \
  "    $1builder.addField$A($i, $e, $D);\n  }\n"

static const ts_form scalar = {
    .shape = "zw.scalarField($i, '$x', $k$v)",
    .read = READ_SCALAR("$c"),
    .mutate = MUTATE,
    .add = ADD_SCALAR,
    .type = "$c",
    .preset = "$p",
    .unpack = "this.$f()",
    .store = "    $X.add$F(builder, this.$f);\n",
    .parameter = "$f: $c",
    .pass = "    $X.add$F(builder, $f);\n",
};

static const ts_form optional = {
    .shape = "zw.scalarField($i, '$x', $k$v)",
    .read = READ_SCALAR("$c | null"),
    .mutate = MUTATE,
    .add = ADD_SCALAR,
    .type = "$c | null",
    .preset = "null",
    .unpack = "this.$f()",
    .store = "    if (this.$f !== null) $X.add$F(builder, this.$f);\n",
    .parameter = "$f: $c | null",
    .pass = "    if ($f !== null) $X.add$F(builder, $f);\n",
};

static const ts_form union_type = {
    .shape = "zw.unionTypeField($i, '$x', $k)",
    .read = READ_SCALAR("$c"),
    .add = ADD_SCALAR,
    .type = "$c",
    .preset = "$p",
    .unpack = "this.$f()",
    .store = "    $X.add$F(builder, $j ? this.$f : $D);\n",
    .parameter = "$f: $c",
    .pass = "    $X.add$F(builder, $f);\n",
};

/* ---- what an offset refers to ---- */

#define ADD_OFFSET                                          \
  "\n  static add$F(" BUILDER ", $f: " OFFSET "): void {\n" \
  "    zw.addOffset$w(builder, $i, $f);\n  }\n"
#define STORE_OFFSET "    $X.add$F(builder, $l);\n"
#define OFFSETS                                                         \
  .add = ADD_OFFSET, .store = STORE_OFFSET, .parameter = "$f: " OFFSET, \
  .pass = "    $X.add$F(builder, $f);\n"

static const ts_form string = {
    .shape = "zw.stringField$w($i, '$x'$q)",
    .read = "\n$C  $f(): string$n;\n"
            "  $f(optionalEncoding: flatbuffers.Encoding): string | Uint8Array$n;\n"
            "  $f(optionalEncoding?: flatbuffers.Encoding): string | Uint8Array$n {\n"
            "    const at = zw.at(this, $s);\n"
            "    return at ? zw.text$w(this.bb!, at, optionalEncoding) : $d;\n  }\n",
    OFFSETS,
    .type = "string$n",
    .preset = "$d",
    .unpack = "this.$f()",
    .prepare = "    const $l = this.$f === $d ? 0 : $athis.$f);\n",
};

static const ts_form table = {
    .shape = "zw.tableField($i, '$x', () => $V.shape$q)",
    .read = "\n$C  $f(obj?: $V): $V | null {\n"
            "    const at = zw.at(this, $s);\n"
            "    return at ? (obj ?? new $V()).__init(this.bb!.__indirect(at), this.bb!) : null;\n"
            "  }\n",
    OFFSETS,
    .type = "$P | null",
    .preset = "null",
    .unpack = "this.$f()?.unpack() ?? null",
    .prepare = "    const $l = this.$f === null ? 0 : this.$f.pack(builder);\n",
};

static const ts_form structure = {
    .shape = "zw.structField($i, '$x', $z, $a$q)",
    .read = "\n$C  $f(obj?: $V): $V | null {\n"
            "    const at = zw.at(this, $s);\n"
            "    return at ? (obj ?? new $V()).__init(at, this.bb!) : null;\n  }\n",
    .add = "\n  static add$F(" BUILDER ", $f: " OFFSET "): void {\n"
           "    builder.addFieldStruct($i, $f, 0);\n  }\n",
    .type = "$P | null",
    .preset = "null",
    .unpack = "this.$f()?.unpack() ?? null",
    .store = "    if (this.$f !== null) $X.add$F(builder, this.$f.pack(builder));\n",
};

static const ts_form union_value = {
    .shape = "zw.unionField($i, '$x', $k, $M$q)",
    .read = "\n$C  $f(): $U | null;\n"
            "  $f<T extends zw.View | string>(obj: T): T | null;\n"
            "  $f(obj?: zw.View | string): zw.View | string | null {\n"
            "    const at = zw.at(this, $s);\n"
            "    if (!at) return null;\n"
            "    if (obj !== undefined) return zw.union(this.bb!, at, obj);\n"
            "    return $J(this.$t(), (o) => zw.union(this.bb!, at, o));\n  }\n",
    OFFSETS,
    .type = "$u | null",
    .preset = "null",
    .unpack = "zw.unpackUnion(this.$f()) as $u | null",
    .prepare = "    const $l = zw.packUnion(builder, this.$f);\n",
};

/* ---- vectors ---- */

#define LENGTH "\n  $fLength(): number {\n    return zw.length$w(this, $s$L);\n  }\n"
#define ARRAY "\n  $fArray(): $T$n {\n    return zw.array$w(this, $s, $T$L)$N;\n  }\n"
#define ELEMENT(type, value)                              \
  "\n$C  $f(index: number): " type " | null {\n"          \
  "    const at = zw.element$w(this, $s, index, $z$L);\n" \
  "    return at ? " value " : null;\n  }\n"
#define START                                                         \
  "\n  static start$FVector(" BUILDER ", numElems: number): void {\n" \
  "    $S$z, numElems, $g);\n  }\n"
#define CREATE_SCALARS                                                          \
  "\n  static create$FVector(" BUILDER ", data: ArrayLike<$c>): " OFFSET " {\n" \
  "    return zw.createVector$W(builder, $k, data, $g);\n  }\n" START
#define CREATE_OFFSETS                                                         \
  "\n  static create$FVector(" BUILDER ", data: " OFFSET "[]): " OFFSET " {\n" \
  "    return zw.createOffsets(builder, data);\n  }\n" START
#define VECTOR(element) .type = element " | null", .preset = "$p", OFFSETS
#define LIST(value) "zw.list(this, $s, this.$fLength(), (index) => " value ")"
#define PREPARE(value) \
  "    const $l = this.$f === null ? 0 : $X.create$FVector(builder, " value ");\n"

static const ts_form scalars = {
    .shape = "zw.vectorField$w($i, '$x', $z, $z, $G$L, $Q$V)",
    .read = ELEMENT("$c", "$r") LENGTH ARRAY,
    .create = CREATE_SCALARS,
    VECTOR("$c[]"),
    .unpack = LIST("this.$f(index)!"),
    .prepare = PREPARE("this.$f"),
};

static const ts_form octets = {
    .shape = "zw.vectorField$w($i, '$x', 1, 1, $G$L, $Q)",
    .read = ELEMENT("$c", "$r") LENGTH ARRAY,
    .create = CREATE_SCALARS,
    VECTOR("Uint8Array"),
    .unpack = "zw.array$w(this, $s, $T$L)?.slice() ?? null",
    .prepare = PREPARE("this.$f"),
};

static const ts_form nested = {
    .shape = "zw.nestedField$w($i, '$x'$L, () => $V.shape$q)",
    .read = ELEMENT("$c", "$r") LENGTH ARRAY
    "\n  $fNestedRoot(obj?: $V): $V | null {\n"
    "    const bb = zw.nested(this.$fArray());\n"
    "    return bb ? (obj ?? new $V()).__init(bb.__indirect(0), bb) : null;\n  }\n",
    .create = "\n  static create$FVector(" BUILDER ", data: Uint8Array): " OFFSET " {\n"
              "    return zw.createNested$W(builder, data);\n  }\n" START,
    VECTOR("Uint8Array"),
    .unpack = "zw.array$w(this, $s, $T$L)?.slice() ?? null",
    .prepare = PREPARE("this.$f"),
};

static const ts_form strings = {
    .shape = "zw.stringsField($i, '$x'$q)",
    .read = "\n$C  $f(index: number): string | null;\n"
            "  $f(index: number, optionalEncoding: flatbuffers.Encoding): "
            "string | Uint8Array | null;\n"
            "  $f(index: number, optionalEncoding?: flatbuffers.Encoding): "
            "string | Uint8Array | null {\n"
            "    const at = zw.element(this, $s, index, 4);\n"
            "    return at ? zw.text(this.bb!, at, optionalEncoding) : null;\n  }\n" LENGTH,
    .create = CREATE_OFFSETS,
    VECTOR("string[]"),
    .unpack = LIST("this.$f(index)!"),
    .prepare = PREPARE("this.$f.map((value) => $avalue))"),
};

#define BY_KEY                                                                        \
  "\n  $fByKey(key: $K, obj?: $V): $V | null {\n"                                     \
  "    const found = zw.lookup(this, this.$fLength(), (index) => $o, $V.key, key);\n" \
  "    return found < 0 ? null : this.$f(found, obj);\n  }\n"
#define READ_OBJECTS                                      \
  "\n$C  $f(index: number, obj?: $V): $V | null {\n"      \
  "    const at = zw.element$w(this, $s, index, $z$L);\n" \
  "    return at ? (obj ?? new $V()).__init($b, this.bb!) : null;\n  }\n" LENGTH

static const ts_form tables = {
    .shape = "zw.tablesField($i, '$x', () => $V.shape$q)",
    .read = READ_OBJECTS,
    .create = CREATE_OFFSETS,
    VECTOR("$P[]"),
    .unpack = LIST("this.$f(index)!.unpack()"),
    .prepare = PREPARE("this.$f.map((value) => value.pack(builder))"),
};

static const ts_form keyed_tables = {
    .shape = "zw.tablesField($i, '$x', () => $V.shape$q)",
    .read = READ_OBJECTS BY_KEY,
    .create = CREATE_OFFSETS
    "\n  static createSorted$FVector(" BUILDER ", data: " OFFSET "[]): " OFFSET " {\n"
    "    return zw.createOffsets(builder, zw.sortOffsets(builder, $V.key, data));\n  }\n",
    VECTOR("$P[]"),
    .unpack = LIST("this.$f(index)!.unpack()"),
    .prepare = "    const $l = this.$f === null ? 0 : $X.createSorted$FVector(builder, "
               "this.$f.map((value) => value.pack(builder)));\n",
};

#define CREATE_STRUCTS(sort)                                           \
  "\n  static create$FVector(" BUILDER ", data: $P[]): " OFFSET " {\n" \
  "    $S$z, data.length, $g);\n" sort "    return $Z;\n  }\n" START

static const ts_form structs = {
    .shape = "zw.vectorField$w($i, '$x', $z, $a, $G$L, $Q)",
    .read = READ_OBJECTS,
    .create = CREATE_STRUCTS("    zw.storeVector(builder, $z, data);\n"),
    VECTOR("$P[]"),
    .unpack = LIST("this.$f(index)!.unpack()"),
    .prepare = PREPARE("this.$f"),
};

static const ts_form keyed_structs = {
    .shape = "zw.vectorField$w($i, '$x', $z, $a, $G$L, $Q)",
    .read = READ_OBJECTS BY_KEY,
    .create =
        CREATE_STRUCTS("    zw.sortStructs(builder, $V.key, zw.storeVector(builder, $z, data), $z, "
                       "data.length);\n"),
    VECTOR("$P[]"),
    .unpack = LIST("this.$f(index)!.unpack()"),
    .prepare = PREPARE("this.$f"),
};

static const ts_form union_types = {
    .shape = "zw.unionTypesField($i, '$x', $k)",
    .read = ELEMENT("$c", "$r") LENGTH ARRAY,
    .create = CREATE_SCALARS,
    VECTOR("$c[]"),
    .unpack = LIST("this.$f(index)!"),
    .prepare = "    const $l = this.$t === null ? 0 : "
               "$X.create$FVector(builder, zw.unionTypes(this.$f, this.$t, $D));\n",
};

static const ts_form unions = {
    .shape = "zw.unionsField($i, '$x', $k, $M$q)",
    .read = "\n$C  $f(index: number): $U | null;\n"
            "  $f<T extends zw.View | string>(index: number, obj: T): T | null;\n"
            "  $f(index: number, obj?: zw.View | string): zw.View | string | null {\n"
            "    const at = zw.element(this, $s, index, 4);\n"
            "    const type = this.$t(index);\n"
            "    if (!at || !type) return null;\n"
            "    if (obj !== undefined) return zw.union(this.bb!, at, obj);\n"
            "    return $J(type, (o) => zw.union(this.bb!, at, o));\n  }\n" LENGTH,
    .create = CREATE_OFFSETS,
    VECTOR("($u | null)[]"),
    .unpack = LIST("zw.unpackUnion(this.$f(index)) as $u | null"),
    .prepare = PREPARE("this.$f.map((value) => zw.packUnion(builder, value))"),
};

/* ---- which ---- */

const zw_field *zw_ts_key(const zw_type *type) {
  for (unsigned i = 0; i < type->field_count; i++)
    if (type->fields[i].flags & ZW_F_KEY && zw_field_form(&type->fields[i]) != ZW_FORM_NONE)
      return &type->fields[i];
  return NULL;
}

const ts_form *zw_ts_form(const zw_field *field) {
  static const ts_form *const forms[ZW_FORM_COUNT] = {
      [ZW_FORM_SCALAR] = &scalar,
      [ZW_FORM_OPTIONAL] = &optional,
      [ZW_FORM_STRING] = &string,
      [ZW_FORM_STRUCT] = &structure,
      [ZW_FORM_TABLE] = &table,
      [ZW_FORM_UNION_TYPE] = &union_type,
      [ZW_FORM_UNION] = &union_value,
      [ZW_FORM_OCTETS] = &octets,
      [ZW_FORM_NESTED] = &nested,
      [ZW_FORM_FLEXBUFFER] = &octets,
      [ZW_FORM_SCALARS] = &scalars,
      [ZW_FORM_STRINGS] = &strings,
      [ZW_FORM_STRUCTS] = &structs,
      [ZW_FORM_TABLES] = &tables,
      [ZW_FORM_UNION_TYPES] = &union_types,
      [ZW_FORM_UNIONS] = &unions,
  };
  enum zw_field_form form = zw_field_form(field);
  if (form == ZW_FORM_TABLES && zw_ts_key(field->type)) return &keyed_tables;
  if (form == ZW_FORM_STRUCTS && zw_ts_key(field->type)) return &keyed_structs;
  return forms[form];
}

/* ---- variables ---- */

zw_str zw_ts_members(ts_gen *g, const zw_enum_type *type, bool objects) {
  zw_text list;
  zw_text_init(&list, g->gen->from.alloc);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    zw_str name = ZW_STR("string");
    if (v->base == ZW_T_NONE) continue;
    if (v->type)
      name = objects ? zw_ts_type(g, v->type)->object : zw_ts_type(g, v->type)->head.symbol;
    bool again = false;
    for (uint32_t k = 0; k < i && !again; k++)
      again = type->values[k].base == v->base && type->values[k].type == v->type;
    if (!again) zw_text_printf(&list, "%s%.*s", list.len ? " | " : "", ZW_ARG(name));
  }
  if (!list.len) zw_text_printf(&list, "never");
  return zw_ts_keep(g, &list);
}

/* The constant of an enum that has this value, or the value. */
static zw_str enum_preset(ts_gen *g, const zw_field *field, zw_str number) {
  const zw_enum_value *value = zw_enum_by_value(field->enum_type, field->preset.i);
  const ts_enum *e = zw_ts_enum(g, field->enum_type);
  if (value)
    return zw_gen_format(g->gen, "%.*s.%.*s", ZW_ARG(e->head.symbol),
                         ZW_ARG(zw_ts_value_name(g, value)));
  if (zw_ts_is_long(field->base)) return number;
  return zw_gen_format(g->gen, "(%.*s as number)", ZW_ARG(number));
}

static void scalar_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  enum zw_base_type base = zw_field_scalar_base(field);
  const ts_base *names = zw_ts_base(field);
  bool boolean = base == ZW_T_BOOL && !field->enum_type;
  vars->of['c'] =
      field->enum_type ? zw_ts_enum(g, field->enum_type)->head.symbol : zw_str_of(names->type);
  vars->of['k'] = zw_str_of(names->scalar);
  vars->of['I'] = zw_str_of(names->suffix);
  vars->of['A'] = zw_str_of(names->add);
  vars->of['T'] = zw_str_of(names->array);
  vars->of['z'] = zw_gen_format(g->gen, "%zu", zw_base_size(base));
  vars->of['r'] =
      zw_gen_format(g->gen, "this.bb!.read%s(at)%s", names->suffix, boolean ? " !== 0" : "");
  const char *stored = boolean ? "+%.*s" : base == ZW_T_FLOAT ? "Math.fround(%.*s)" : "%.*s";
  vars->of['e'] = zw_gen_format(g->gen, stored, ZW_ARG(vars->of['f']));
  vars->of['+'] = zw_str_of(boolean ? "+" : "");
  vars->of['t'] = zw_str_of(boolean ? "boolean" : names->type);
  if (base == ZW_T_NONE) return;
  bool null = field->flags & ZW_F_OPTIONAL;
  zw_str number = zw_ts_scalar(g,
                               boolean             ? ZW_T_BOOL
                               : base == ZW_T_BOOL ? ZW_T_UBYTE
                                                   : base,
                               field->preset);
  zw_str preset = field->enum_type ? enum_preset(g, field, number) : number;
  vars->of['d'] = vars->of['p'] = null ? ZW_STR("null") : preset;
  if (zw_base_is_float(base) && isnan(field->preset.d))
    vars->of['1'] = zw_gen_format(g->gen, "if (!Number.isNaN(%.*s)) ", ZW_ARG(vars->of['f']));
  vars->of['D'] = null ? ZW_STR("null") : boolean ? zw_str_of(field->preset.i ? "1" : "0") : number;
}

static void enum_vars(ts_gen *g, const ts_type *of, const zw_field *field, zw_gen_vars *vars) {
  const ts_enum *e = zw_ts_enum(g, field->enum_type);
  vars->of['E'] = e->head.symbol;
  if (!field->enum_type->is_union) {
    if (field->enum_type->bit_flags) return;
    vars->of['v'] = zw_gen_format(g->gen, ", () => zw.values(%.*s)", ZW_ARG(e->head.symbol));
    return;
  }
  size_t index = (size_t)(field - of->type->fields);
  bool type = zw_field_is_union_type(field);
  vars->of['U'] = zw_ts_members(g, field->enum_type, false);
  vars->of['u'] = zw_ts_members(g, field->enum_type, true);
  vars->of['J'] = e->to;
  vars->of['M'] = e->members;
  vars->of['D'] = zw_str_of(zw_ts_is_long(field->enum_type->base) ? "0n" : "0");
  if (!type) vars->of['k'] = zw_str_of(zw_ts_base(field - 1)->scalar);
  vars->of['t'] = of->fields[type ? index + 1 : index - 1].name;
  vars->of['j'] = zw_gen_format(g->gen, "$%u", field->id + 1u);
}

/* The type of a key that is looked for. */
static zw_str key_type(ts_gen *g, const zw_type *type) {
  const zw_field *key = zw_ts_key(type);
  if (!key) return (zw_str){NULL, 0};
  zw_str name = key->enum_type ? zw_ts_enum(g, key->enum_type)->head.symbol
                : key->type    ? zw_ts_type(g, key->type)->object
                               : zw_str_of(zw_ts_base(key)->type);
  if (key->base == ZW_T_STRING) return ZW_STR("string | Uint8Array");
  return key->base == ZW_T_ARRAY ? zw_gen_format(g->gen, "%.*s[]", ZW_ARG(name)) : name;
}

static void object_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  const ts_type *child = zw_ts_type(g, field->type);
  vars->of['V'] = child->head.symbol;
  vars->of['P'] = child->object;
  if (field->flags & ZW_F_NESTED) return;
  bool inline_ = field->type->is_struct;
  vars->of['K'] = key_type(g, field->type);
  vars->of['z'] = zw_gen_format(g->gen, "%u", inline_ ? field->type->size : 4);
  vars->of['a'] = zw_gen_format(g->gen, "%u", inline_ ? field->type->align : 4);
  vars->of['b'] = zw_str_of(inline_ ? "at" : "this.bb!.__indirect(at)");
}

/* Where an element of a vector that is looked up lies. */
static zw_str element_place(ts_gen *g, const zw_field *field, const zw_gen_vars *vars) {
  zw_str at =
      zw_gen_format(g->gen, "zw.element%.*s(this, %.*s, index, %.*s%.*s)", ZW_ARG(vars->of['w']),
                    ZW_ARG(vars->of['s']), ZW_ARG(vars->of['z']), ZW_ARG(vars->of['L']));
  if (field->type->is_struct) return at;
  return zw_gen_format(g->gen, "this.bb!.__indirect(%.*s)", ZW_ARG(at));
}

static unsigned element_align(const zw_field *field) {
  unsigned align = field->type && field->element == ZW_T_OBJ
                       ? (field->type->is_struct ? field->type->align : 4)
                       : (unsigned)zw_base_size((enum zw_base_type)field->element);
  return field->align > align ? field->align : align ? align : 1;
}

/* 64-bit offsets and lengths. */
static void wide_vars(const zw_field *field, zw_gen_vars *vars) {
  bool wide = field->base == ZW_T_VECTOR64;
  bool far = wide || field->flags & ZW_F_OFFSET64;
  bool vector = wide || field->base == ZW_T_VECTOR;
  vars->of['w'] = zw_str_of(far ? "64" : "");
  vars->of['W'] = zw_str_of(wide ? "64" : "");
  vars->of['L'] = zw_str_of(!far || !vector ? "" : wide ? ", 8" : ", 4");
}

static void vector_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  bool wide = field->base == ZW_T_VECTOR64;
  bool empty = zw_gen_has_vector_preset(field);
  enum zw_field_form form = zw_field_form(field);
  bool raw = form == ZW_FORM_OCTETS || form == ZW_FORM_NESTED || form == ZW_FORM_FLEXBUFFER;
  if (field->element == ZW_T_STRING || field->element == ZW_T_UNION) vars->of['z'] = ZW_STR("4");
  vars->of['g'] = zw_gen_format(g->gen, "%u", element_align(field));
  vars->of['G'] = zw_gen_format(g->gen, "%u", field->align);
  vars->of['n'] = zw_str_of(empty ? "" : " | null");
  vars->of['N'] =
      empty ? zw_gen_format(g->gen, " ?? new %.*s(0)", ZW_ARG(vars->of['T'])) : ZW_STR("");
  vars->of['p'] = zw_str_of(!empty ? "null" : raw ? "new Uint8Array(0)" : "[]");
  vars->of['S'] = zw_str_of(wide ? "zw.startVector64(builder, " : "builder.startVector(");
  vars->of['Z'] = zw_str_of(wide ? "zw.endVector64(builder, data.length)" : "builder.endVector()");
  if (field->element == ZW_T_OBJ) vars->of['o'] = element_place(g, field, vars);
}

static void string_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  zw_str preset = zw_gen_string_preset(g->gen, field);
  vars->of['a'] = zw_str_of(field->flags & ZW_F_SHARED && !(field->flags & ZW_F_OFFSET64)
                                ? "zw.createSharedString(builder, "
                                : "builder.createString(");
  if (field->base != ZW_T_STRING) return;
  vars->of['d'] = preset.ptr ? zw_ts_literal(g, preset) : ZW_STR("null");
  vars->of['n'] = zw_str_of(preset.ptr ? "" : " | null");
}

void zw_ts_field_vars(ts_gen *g, const ts_type *of, const zw_field *field, zw_gen_vars *vars) {
  const ts_field *names = &of->fields[field - of->type->fields];
  bool required = field->flags & ZW_F_REQUIRED;
  memset(vars, 0, sizeof *vars);
  vars->of['$'] = ZW_STR("$");
  vars->of['X'] = of->head.symbol;
  vars->of['f'] = names->name;
  vars->of['F'] = names->upper;
  vars->of['m'] = names->snake;
  vars->of['x'] = field->name;
  vars->of['i'] = zw_gen_format(g->gen, "%u", field->id);
  vars->of['s'] = zw_gen_format(g->gen, "%u", 4 + 2u * field->id);
  vars->of['l'] = zw_gen_format(g->gen, "$%u", field->id);
  vars->of['q'] = zw_str_of(required ? ", zw.REQUIRED" : "");
  vars->of['Q'] = zw_str_of(required ? "zw.REQUIRED" : "0");
  vars->of['C'] = zw_ts_comment(g, field->doc, "  ");
  vars->of['O'] = zw_gen_format(g->gen, "%u", field->offset);
  wide_vars(field, vars);
  scalar_vars(g, field, vars);
  if (field->base == ZW_T_STRING || field->element == ZW_T_STRING) string_vars(g, field, vars);
  if (field->enum_type) enum_vars(g, of, field, vars);
  vars->of['#'] = zw_gen_format(g->gen, "%u", field->fixed_length);
  if (field->type) object_vars(g, field, vars);
  if (field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64) vector_vars(g, field, vars);
}
