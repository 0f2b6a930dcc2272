/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TypeScript generator: one ECMAScript module for each schema file, over the npm run time
 * `flatbuffers` and the package `zerowire` (bindings/js). Names first (generate_ts_model.c), then a
 * walk over the descriptors. Modules may import each other in circles, as files may include each
 * other: while one is loaded it names nothing of another.
 *
 * A table is a view with accessors and static functions that build, named as flatc names them, and
 * an object that unpacks and packs. What 64-bit offsets refer to is built first, so that it lies
 * behind all that 32-bit offsets have to reach. A struct is a view over its octets, and an object
 * with `store`, which writes them in place. Nearly all code is of fields: templates, a row for each
 * form of a field, a column for each place; generate_ts.h lists their variables.
 */
#include "generate_ts.h"
#include "zerowire/reflect.h"

#define BUILDER "builder: flatbuffers.Builder"
#define OFFSET "flatbuffers.Offset"

/* Parts of the code that a field has; those that stand together are next to each other. */
enum part {
  SHAPE, /* a row for verification */
  READ,
  FIND, /* elements with a key */
  MUTATE,
  ADD,
  CREATE,
  SORT,      /* elements with a key */
  PROPERTY,  /* of the object: type and default */
  UNPACK,    /* the property's value, from the view */
  PREPARE,   /* pack: before the table is started */
  STORE,     /* pack: while it is */
  PARAMETER, /* of createX */
  PASS,
  PART_COUNT
};

/* Scalars and structs as members of structs. */
enum { MEMBER_SCALAR = ZW_FORM_COUNT, MEMBER_STRUCT, FORM_COUNT };

/* ---- templates: scalars ---- */

#define READ_SCALAR(type)                                     \
  "\n$C  $f(): " type " {\n    const at = zw.at(this, $s);\n" \
  "    return at ? $r : $d;\n  }\n"
#define ADD_SCALAR                                  \
  "\n  static add$F(" BUILDER ", $f: $c): void {\n" \
  "    $1builder.addField$A($i, $e, $D);\n  }\n"
#define MUTATE_SCALAR                     \
  "\n  mutate_$m(value: $c): boolean {\n" \
  "    const at = zw.at(this, $s);\n"     \
  "    if (!at) return false;\n"          \
  "    this.bb!.write$I(at, $+value);\n"  \
  "    return true;\n  }\n"
#define PASS_SCALAR "    $X.add$F(builder, $f);\n"

/* ---- templates: what an offset refers to ---- */

#define ADD_OFFSET                                          \
  "\n  static add$F(" BUILDER ", $f: " OFFSET "): void {\n" \
  "    zw.addOffset$w(builder, $i, $f);\n  }\n"
#define AN_OFFSET                                                                            \
  [ADD] = ADD_OFFSET, [STORE] = "    $X.add$F(builder, $l);\n", [PARAMETER] = "$f: " OFFSET, \
  [PASS] = "    $X.add$F(builder, $f);\n"
#define READ_OBJECT(position)         \
  "\n$C  $f(obj?: $V): $V | null {\n" \
  "    const at = zw.at(this, $s);\n" \
  "    return at ? (obj ?? new $V()).__init(" position ", this.bb!) : null;\n  }\n"

/* ---- templates: vectors ---- */

#define LENGTH "\n  $fLength(): number {\n    return zw.length$w(this, $s$L);\n  }\n"
#define ARRAY "\n  $fArray(): $T$n {\n    return zw.array$w(this, $s, $T$L)$N;\n  }\n"
#define ELEMENT                                           \
  "\n$C  $f(index: number): $c | null {\n"                \
  "    const at = zw.element$w(this, $s, index, $z$L);\n" \
  "    return at ? $r : null;\n  }\n"
#define READ_OBJECTS                                      \
  "\n$C  $f(index: number, obj?: $V): $V | null {\n"      \
  "    const at = zw.element$w(this, $s, index, $z$L);\n" \
  "    return at ? (obj ?? new $V()).__init($b, this.bb!) : null;\n  }\n" LENGTH
#define BY_KEY                                                                        \
  "\n  $fByKey(key: $K, obj?: $V): $V | null {\n"                                     \
  "    const found = zw.lookup(this, this.$fLength(), (index) => $o, $V.key, key);\n" \
  "    return found < 0 ? null : this.$f(found, obj);\n  }\n"
#define START                                                         \
  "\n  static start$FVector(" BUILDER ", numElems: number): void {\n" \
  "    $S$z, numElems, $g);\n  }\n"
#define CREATE_SCALARS                                                          \
  "\n  static create$FVector(" BUILDER ", data: ArrayLike<$c>): " OFFSET " {\n" \
  "    return zw.createVector$W(builder, $k, data, $g);\n  }\n" START
#define CREATE_OFFSETS                                                         \
  "\n  static create$FVector(" BUILDER ", data: " OFFSET "[]): " OFFSET " {\n" \
  "    return zw.createOffsets(builder, data);\n  }\n" START
#define CREATE_SORTED                                                                \
  "\n  static createSorted$FVector(" BUILDER ", data: " OFFSET "[]): " OFFSET " {\n" \
  "    return zw.createOffsets(builder, zw.sortOffsets(builder, $V.key, data));\n  }\n"
#define A_VECTOR(element) [PROPERTY] = element " | null = $p", AN_OFFSET
#define UNPACK_EACH(list, value) "zw." list "(this, $s, $z, this.$fLength(), (index) => " value ")"
#define UNPACK_LIST(value) UNPACK_EACH("list$w", value)
#define PREPARE_VECTOR(value) \
  "    const $l = this.$f === null ? 0 : $X.create$5$FVector(builder, " value ");\n"
#define OF_OCTETS                                               \
  A_VECTOR("Uint8Array"), [UNPACK] = "zw.octets$w(this, $s$L)", \
                          [PREPARE] = PREPARE_VECTOR("this.$f")

/* ---- templates: structs ---- */

#define ARRAY_LENGTH "\n  $fLength(): number {\n    return $#;\n  }\n"
#define ARRAY_INDEX "    if (!(index >= 0 && index < $#)) return null;\n"

static const char *const forms[FORM_COUNT][PART_COUNT] = {
    [ZW_FORM_SCALAR] = {[SHAPE] = "zw.scalarField($i, '$x', $k$v)",
                        [READ] = READ_SCALAR("$c"),
                        [MUTATE] = MUTATE_SCALAR,
                        [ADD] = ADD_SCALAR,
                        [PROPERTY] = "$c = $p",
                        [UNPACK] = "this.$f()",
                        [STORE] = "    $X.add$F(builder, this.$f);\n",
                        [PARAMETER] = "$f: $c",
                        [PASS] = PASS_SCALAR},
    [ZW_FORM_OPTIONAL] = {[SHAPE] = "zw.scalarField($i, '$x', $k$v)",
                          [READ] = READ_SCALAR("$c | null"),
                          [MUTATE] = MUTATE_SCALAR,
                          [ADD] = ADD_SCALAR,
                          [PROPERTY] = "$c | null = null",
                          [UNPACK] = "this.$f()",
                          [STORE] = "    if (this.$f !== null) $X.add$F(builder, this.$f);\n",
                          [PARAMETER] = "$f: $c | null",
                          [PASS] = "    if ($f !== null) $X.add$F(builder, $f);\n"},
    [ZW_FORM_STRING] = {[SHAPE] = "zw.stringField$w($i, '$x'$q)",
                        [READ] = "\n$C  $f(): string$n;\n"
                                 "  $f(optionalEncoding: flatbuffers.Encoding): "
                                 "string | Uint8Array$n;\n"
                                 "  $f(optionalEncoding?: flatbuffers.Encoding): "
                                 "string | Uint8Array$n {\n"
                                 "    const at = zw.at(this, $s);\n"
                                 "    return at ? zw.text$w(this.bb!, at, optionalEncoding) : $d;\n"
                                 "  }\n",
                        [PROPERTY] = "string$n = $d",
                        [UNPACK] = "this.$f()",
                        [PREPARE] = "    const $l = this.$f === $d ? 0 : $athis.$f);\n",
                        AN_OFFSET},
    [ZW_FORM_STRUCT] = {[SHAPE] = "zw.structField($i, '$x', $z, $a$q)",
                        [READ] = READ_OBJECT("at"),
                        [ADD] = "\n  static add$F(" BUILDER ", $f: " OFFSET "): void {\n"
                                "    builder.addFieldStruct($i, $f, 0);\n  }\n",
                        [PROPERTY] = "$P | null = null",
                        [UNPACK] = "this.$f()?.unpack() ?? null",
                        [STORE] = "    if (this.$f !== null) "
                                  "$X.add$F(builder, this.$f.pack(builder));\n"},
    [ZW_FORM_TABLE] = {[SHAPE] = "zw.tableField($i, '$x', () => $V.shape$q)",
                       [READ] = READ_OBJECT("this.bb!.__indirect(at)"),
                       [PROPERTY] = "$P | null = null",
                       [UNPACK] = "this.$f()?.unpack() ?? null",
                       [PREPARE] = "    const $l = this.$f === null ? 0 : this.$f.pack(builder);\n",
                       AN_OFFSET},
    [ZW_FORM_UNION_TYPE] = {[SHAPE] = "zw.unionTypeField($i, '$x', $k)",
                            [READ] = READ_SCALAR("$c"),
                            [ADD] = ADD_SCALAR,
                            [PROPERTY] = "$c = $p",
                            [UNPACK] = "this.$f()",
                            [STORE] =
                                "    $X.add$F(builder, zw.unionType(this.$f, $j !== 0, $D));\n",
                            [PARAMETER] = "$f: $c",
                            [PASS] = PASS_SCALAR},
    [ZW_FORM_UNION] = {[SHAPE] = "zw.unionField($i, '$x', $k, $M$q)",
                       [READ] = "\n$C  $f(): $U | null;\n"
                                "  $f<T extends zw.View | string>(obj: T): T | null;\n"
                                "  $f(obj?: zw.View | string): zw.View | string | null {\n"
                                "    const at = zw.at(this, $s);\n"
                                "    if (!at) return null;\n"
                                "    if (obj !== undefined) return zw.union(this.bb!, at, obj);\n"
                                "    return $J(this.$t(), (o) => zw.union(this.bb!, at, o));\n"
                                "  }\n",
                       [PROPERTY] = "$u | null = null",
                       [UNPACK] = "zw.unpackUnion(this.$f()) as $u | null",
                       [PREPARE] = "    const $l = zw.packUnion(builder, this.$f);\n",
                       AN_OFFSET},
    [ZW_FORM_OCTETS] = {[SHAPE] = "zw.vectorField$w($i, '$x', 1, 1, $G$L, $Q)",
                        [READ] = ELEMENT LENGTH ARRAY,
                        [CREATE] = CREATE_SCALARS,
                        OF_OCTETS},
    [ZW_FORM_FLEXBUFFER] =
        {[SHAPE] = "zw.vectorField$w($i, '$x', 1, 1, $G$L, $Q)",
         [READ] = ELEMENT LENGTH ARRAY "\n  $fValue(): zw.FlexValue | undefined {\n"
                                       "    return zw.flexValue(this.$fArray());\n  }\n",
         [CREATE] = CREATE_SCALARS
         "\n  static create$FValue(" BUILDER ", value: zw.FlexValue): " OFFSET
         " {\n    return $X.create$FVector(builder, zw.encodeFlex(value));\n  }\n",
         OF_OCTETS},
    [ZW_FORM_NESTED] = {[SHAPE] = "zw.nestedField$w($i, '$x'$L, () => $V.shape$q)",
                        [READ] = ELEMENT LENGTH ARRAY
                        "\n  $fNestedRoot(obj?: $V): $V | null {\n"
                        "    const bb = zw.nested(this.$fArray());\n"
                        "    return bb ? (obj ?? new $V()).__init(bb.__indirect(0), bb) : null;\n"
                        "  }\n",
                        [CREATE] =
                            "\n  static create$FVector(" BUILDER ", data: Uint8Array): " OFFSET
                            " {\n    return zw.createNested$W(builder, data);\n  }\n" START,
                        OF_OCTETS},
    [ZW_FORM_SCALARS] = {[SHAPE] = "zw.vectorField$w($i, '$x', $z, $z, $G$L, $Q$4)",
                         [READ] = ELEMENT LENGTH ARRAY,
                         [CREATE] = CREATE_SCALARS,
                         [UNPACK] = UNPACK_LIST("this.$f(index)!"),
                         [PREPARE] = PREPARE_VECTOR("this.$f"),
                         A_VECTOR("$c[]")},
    [ZW_FORM_STRINGS] =
        {[SHAPE] = "zw.stringsField($i, '$x'$q)",
         [READ] = "\n$C  $f(index: number): string | null;\n"
                  "  $f(index: number, optionalEncoding: flatbuffers.Encoding): "
                  "string | Uint8Array | null;\n"
                  "  $f(index: number, optionalEncoding?: flatbuffers.Encoding): "
                  "string | Uint8Array | null {\n"
                  "    const at = zw.element(this, $s, index, 4);\n"
                  "    return at ? zw.text(this.bb!, at, optionalEncoding) : null;\n  }\n" LENGTH,
         [CREATE] = CREATE_OFFSETS,
         [UNPACK] = UNPACK_LIST("this.$f(index)!"),
         [PREPARE] = PREPARE_VECTOR("this.$f.map((value) => $avalue))"),
         A_VECTOR("string[]")},
    [ZW_FORM_STRUCTS] = {[SHAPE] = "zw.vectorField$w($i, '$x', $z, $a, $G$L, $Q)",
                         [READ] = READ_OBJECTS,
                         [FIND] = BY_KEY,
                         [CREATE] = "\n  static create$FVector(" BUILDER ", data: $P[]): " OFFSET
                                    " {\n    $S$z, data.length, $g);\n"
                                    "    $Yzw.storeVector(builder, $z, data)$y;\n"
                                    "    return $Z;\n  }\n" START,
                         [UNPACK] = UNPACK_LIST("this.$f(index)!.unpack()"),
                         [PREPARE] = PREPARE_VECTOR("this.$f"),
                         A_VECTOR("$P[]")},
    [ZW_FORM_TABLES] = {[SHAPE] = "zw.tablesField($i, '$x', () => $V.shape$q)",
                        [READ] = READ_OBJECTS,
                        [FIND] = BY_KEY,
                        [CREATE] = CREATE_OFFSETS,
                        [SORT] = CREATE_SORTED,
                        [UNPACK] = UNPACK_LIST("this.$f(index)!.unpack()"),
                        [PREPARE] = PREPARE_VECTOR("this.$f.map((value) => value.pack(builder))"),
                        A_VECTOR("$P[]")},
    [ZW_FORM_UNION_TYPES] = {[SHAPE] = "zw.unionTypesField($i, '$x', $k)",
                             [READ] = ELEMENT LENGTH ARRAY,
                             [CREATE] = CREATE_SCALARS,
                             [UNPACK] = UNPACK_LIST("this.$f(index)!"),
                             [PREPARE] =
                                 "    const $l = this.$t === null ? 0 : $X.create$FVector(builder, "
                                 "zw.unionTypes(this.$f, this.$t, $D));\n",
                             A_VECTOR("$c[]")},
    [ZW_FORM_UNIONS] =
        {[SHAPE] = "zw.unionsField($i, '$x', $k, $M$q)",
         [READ] = "\n$C  $f(index: number): $U | null;\n"
                  "  $f<T extends zw.View | string>(index: number, obj: T): T | null;\n"
                  "  $f(index: number, obj?: zw.View | string): zw.View | string | null {\n"
                  "    const at = zw.element(this, $s, index, 4);\n"
                  "    const type = this.$t(index);\n"
                  "    if (!at || !type) return null;\n"
                  "    if (obj !== undefined) return zw.union(this.bb!, at, obj);\n"
                  "    return $J(type, (o) => zw.union(this.bb!, at, o));\n  }\n" LENGTH,
         [CREATE] = CREATE_OFFSETS,
         [UNPACK] = UNPACK_EACH("unions", "zw.unpackUnion(this.$f(index)) as $u | null"),
         [PREPARE] = PREPARE_VECTOR("this.$f.map((value) => zw.packUnion(builder, value))"),
         A_VECTOR("($u | null)[]")},
    [MEMBER_SCALAR] = {[READ] = "\n$C  $f(): $c {\n"
                                "    const at = this.bb_pos + $O;\n    return $r;\n  }\n",
                       [MUTATE] = "\n  mutate_$m(value: $c): boolean {\n"
                                  "    this.bb!.write$I(this.bb_pos + $O, $+value);\n"
                                  "    return true;\n  }\n",
                       [PROPERTY] = "$c = $p",
                       [UNPACK] = "this.$f()",
                       [STORE] = "    bb.write$I(at + $O, $+this.$f);\n",
                       [PARAMETER] = "$f: $c"},
    [MEMBER_STRUCT] = {[READ] = "\n$C  $f(obj?: $V): $V {\n    return (obj ?? new $V())"
                                ".__init(this.bb_pos + $O, this.bb!);\n  }\n",
                       [PROPERTY] = "$P = new $P()",
                       [UNPACK] = "this.$f().unpack()",
                       [STORE] = "    this.$f.store(bb, at + $O);\n",
                       [PARAMETER] = "$f: $P"},
    [ZW_FORM_SCALAR_ARRAY] = {[READ] = "\n$C  $f(index: number): $c | null {\n" ARRAY_INDEX
                                       "    const at = this.bb_pos + $O + index * $z;\n"
                                       "    return $r;\n  }\n" ARRAY_LENGTH
                                       "\n  $fArray(): $T {\n    return "
                                       "zw.arrayAt(this.bb!, this.bb_pos + $O, $#, $T);\n  }\n",
                              [PROPERTY] = "$c[] = zw.filled<$c>($#, () => $p)",
                              [UNPACK] = "zw.filled($#, (index) => this.$f(index)!)",
                              [STORE] = "    zw.storeScalars<$t>(bb, at + $O, $k, $#, this.$f);\n",
                              [PARAMETER] = "$f: $c[]"},
    [ZW_FORM_STRUCT_ARRAY] =
        {[READ] = "\n$C  $f(index: number, obj?: $V): $V | null {\n" ARRAY_INDEX
                  "    return (obj ?? new $V())"
                  ".__init(this.bb_pos + $O + index * $z, this.bb!);\n  }\n" ARRAY_LENGTH,
         [PROPERTY] = "$P[] = zw.filled($#, () => new $P())",
         [UNPACK] = "zw.filled($#, (index) => this.$f(index)!.unpack())",
         [STORE] = "    zw.storeStructs(bb, at + $O, $z, $#, this.$f);\n",
         [PARAMETER] = "$f: $P[]"},
};

/* ---- fields ---- */

/* A field in turn, with its templates and their variables. */
typedef struct walk {
  unsigned next;
  const zw_field *field;
  const char *const *form;
  zw_gen_vars vars;
} walk;

/* The next field that has code; false: none. */
static bool next_field(ts_gen *g, const ts_type *t, walk *w) {
  while (w->next < t->type->field_count) {
    w->field = &t->type->fields[w->next++];
    unsigned form = zw_field_form(w->field);
    if (form == ZW_FORM_NONE) continue;
    if (t->type->is_struct && form == ZW_FORM_SCALAR) form = MEMBER_SCALAR;
    if (t->type->is_struct && form == ZW_FORM_STRUCT) form = MEMBER_STRUCT;
    w->form = forms[form];
    zw_ts_field_vars(g, t, w->field, &w->vars);
    return true;
  }
  return false;
}

static void emit_part(ts_gen *g, const walk *w, enum part part) {
  bool for_keys = part == FIND || part == SORT;
  if (w->form[part] && (!for_keys || w->vars.of['K'].len))
    zw_gen_emit(g->out, w->form[part], &w->vars);
}

/* Parts of each field, from `part` to `last`, between two templates. */
static void each(ts_gen *g, const ts_type *t, enum part part, enum part last, const char *before,
                 const char *after) {
  for (walk w = {0}; next_field(g, t, &w);) {
    zw_gen_emit(g->out, before, &w.vars);
    for (unsigned p = part; p <= last; p++) emit_part(g, &w, (enum part)p);
    zw_gen_emit(g->out, after, &w.vars);
  }
}

/* ---- keys ---- */

static void key_rows(ts_gen *g, const zw_type *type);

/* [offset, scalar, count], or [offset, rows, count, size]. */
static void key_row(ts_gen *g, const zw_field *field, unsigned offset) {
  unsigned count = field->base == ZW_T_ARRAY ? field->fixed_length : 1;
  zw_text_printf(g->out, "[%u, ", offset);
  if (field->type) {
    key_rows(g, field->type);
    zw_text_printf(g->out, ", %u, %u]", count, field->type->size);
  } else {
    zw_text_printf(g->out, "%s, %u]", zw_ts_base(field), count);
  }
}

static void key_rows(ts_gen *g, const zw_type *type) {
  zw_text_printf(g->out, "[");
  for (unsigned i = 0; i < type->field_count; i++) {
    if (i) zw_text_printf(g->out, ", ");
    key_row(g, &type->fields[i], type->fields[i].offset);
  }
  zw_text_printf(g->out, "]");
}

static void key_code(ts_gen *g, const zw_type *type) {
  const zw_field *key = zw_ts_key(type);
  if (!key) return;
  unsigned place = type->is_struct ? key->offset : 4 + 2u * key->id;
  if (key->base == ZW_T_STRING) {
    zw_text_printf(g->out, "  static readonly key = zw.textKey(%u);\n", place);
    return;
  }
  zw_str preset = ZW_STR("null");
  if (zw_base_is_scalar(key->base))
    preset = zw_ts_scalar(g, key->base == ZW_T_BOOL && key->enum_type ? ZW_T_UBYTE : key->base,
                          key->preset);
  zw_text_printf(g->out, "  static readonly key = zw.key(%s, %u, [",
                 type->is_struct ? "false" : "true", place);
  key_row(g, key, 0);
  zw_text_printf(g->out, "], %.*s);\n", ZW_ARG(preset));
}

/* ---- what views and objects of tables and structs have alike ---- */

/* Behind the shape. */
static void view_begin(ts_gen *g, const ts_type *t, const zw_gen_vars *vars) {
  key_code(g, t->type);
  zw_gen_emit(g->out,
              "  bb: flatbuffers.ByteBuffer | null = null;\n"
              "  bb_pos = 0;\n\n"
              "  __init(i: number, bb: flatbuffers.ByteBuffer): $X {\n"
              "    this.bb_pos = i;\n"
              "    this.bb = bb;\n"
              "    return this;\n  }\n",
              vars);
}

/* The end of the view's class, and the beginning of the object's. */
static void unpack_code(ts_gen *g, const ts_type *t, const zw_gen_vars *vars) {
  zw_gen_emit(g->out,
              "\n  unpack(): $P {\n    return zw.unpack(this, new $P());\n"
              "  }\n\n  unpackTo($_o: $P): void {\n",
              vars);
  each(g, t, UNPACK, UNPACK, "    o.$f = ", ";\n");
  zw_gen_emit(g->out, "  }\n}\n\nexport class $P implements flatbuffers.IGeneratedObject {\n",
              vars);
  each(g, t, PROPERTY, PROPERTY, "  $f: ", ";\n");
  zw_gen_emit(g->out,
              "\n  constructor(values: Partial<$P> = {}) {\n"
              "    zw.assign(this, values);\n  }\n",
              vars);
}

/* ---- structs ---- */

static void structure(ts_gen *g, const ts_type *t) {
  zw_gen_vars vars;
  zw_ts_type_vars(g, t, &vars);
  zw_gen_emit(g->out,
              "$Cexport class $X implements flatbuffers.IUnpackableObject<$P>, zw.View {\n"
              "  static readonly shape: zw.Shape = zw.struct('$N', $z, $a);\n",
              &vars);
  view_begin(g, t, &vars);
  each(g, t, READ, MUTATE, "", "");
  zw_gen_emit(g->out,
              "\n  static sizeOf(): number {\n    return $z;\n  }\n"
              "\n  static create$X(" BUILDER,
              &vars);
  each(g, t, PARAMETER, PARAMETER, ", ", "");
  zw_gen_emit(g->out, "): " OFFSET " {\n    return new $P({", &vars);
  for (walk w = {0}; next_field(g, t, &w);) zw_gen_emit(g->out, " $f,", &w.vars);
  zw_text_printf(g->out, " }).pack(builder);\n  }\n");
  unpack_code(g, t, &vars);
  zw_text_printf(g->out, "\n  store(bb: flatbuffers.ByteBuffer, at: number): void {\n");
  each(g, t, STORE, STORE, "", "");
  zw_gen_emit(g->out,
              "  }\n\n  pack(" BUILDER "): " OFFSET " {\n"
              "    const at = zw.startStruct(builder, $z, $a);\n"
              "    this.store(builder.dataBuffer(), at);\n"
              "    return builder.offset();\n  }\n}\n\n",
              &vars);
}

/* ---- tables: the view ---- */

/* Deprecated fields have no other code, but are verified like all. */
static void shape_rows(ts_gen *g, const ts_type *t) {
  for (unsigned i = 0; i < t->type->field_count; i++) {
    zw_field field = t->type->fields[i];
    zw_gen_vars vars;
    field.flags &= ~(uint32_t)ZW_F_DEPRECATED;
    zw_ts_field_vars(g, t, &t->type->fields[i], &vars);
    zw_text_printf(g->out, "    ");
    zw_gen_emit(g->out, forms[zw_field_form(&field)][SHAPE], &vars);
    zw_text_printf(g->out, ",\n");
  }
}

/* I: the file identifier as an argument; L: as a literal; s, w and o: where the schema has 64-bit
 * offsets. */
static const char roots[] =
    "\n  static getRootAs$X(bb: flatbuffers.ByteBuffer, obj?: $X): $X {\n"
    "    return (obj ?? new $X()).__init(bb.readInt32(bb.position()) + bb.position(), bb);\n  }\n"
    "\n  static getSizePrefixedRootAs$X(bb: flatbuffers.ByteBuffer, obj?: $X): $X {\n"
    "    bb.setPosition(bb.position() + $s);\n"
    "    return $X.getRootAs$X(bb, obj);\n  }\n"
    "\n  /** The root of a buffer that is sound; else a zw.VerifyError is thrown. */\n"
    "  static verify$X(source: Uint8Array | flatbuffers.ByteBuffer, "
    "options?: zw.VerifyOptions): $X {\n"
    "    zw.verify($X.shape, source, $L, $o);\n"
    "    return $X.getRootAs$X(zw.buffer(source));\n  }\n"
    "\n  static verifySizePrefixed$X(source: Uint8Array | flatbuffers.ByteBuffer, "
    "options?: zw.VerifyOptions): $X {\n"
    "    zw.verifySizePrefixed$w($X.shape, source, $L, $o);\n"
    "    return $X.getSizePrefixedRootAs$X(zw.buffer(source));\n  }\n";

static const char has_identifier[] =
    "\n  static bufferHasIdentifier(bb: flatbuffers.ByteBuffer): boolean {\n"
    "    return zw.hasIdentifier(bb, $L);\n  }\n";

static void view(ts_gen *g, const ts_type *t, const zw_gen_vars *vars) {
  zw_gen_emit(g->out,
              "$Cexport class $X implements flatbuffers.IUnpackableObject<$P>, zw.View {\n"
              "  static readonly shape: zw.Shape = zw.table('$N', () => [\n",
              vars);
  shape_rows(g, t);
  zw_text_printf(g->out, "  ]);\n");
  view_begin(g, t, vars);
  zw_gen_emit(g->out, roots, vars);
  if (vars->of['I'].len) zw_gen_emit(g->out, has_identifier, vars);
  each(g, t, READ, MUTATE, "", "");
}

/* ---- tables: building ---- */

/* Structs have to be written while the table is: with them there is no createX. */
static bool has_create(const ts_type *t) {
  for (unsigned i = 0; i < t->type->field_count; i++)
    if (zw_field_form(&t->type->fields[i]) == ZW_FORM_STRUCT) return false;
  return true;
}

static void build_functions(ts_gen *g, const ts_type *t, const zw_gen_vars *vars) {
  const zw_type *type = t->type;
  unsigned slots = type->field_count ? type->fields[type->field_count - 1].id + 1u : 0;
  zw_gen_emit(g->out, "\n  static start$X(" BUILDER "): void {\n", vars);
  zw_text_printf(g->out, "    builder.startObject(%u);\n  }\n", slots);
  each(g, t, ADD, SORT, "", "");
  zw_gen_emit(g->out,
              "\n  static end$X(" BUILDER "): " OFFSET " {\n"
              "    const offset = builder.endObject();\n",
              vars);
  for (walk w = {0}; next_field(g, t, &w);)
    if (w.field->flags & ZW_F_REQUIRED)
      zw_gen_emit(g->out, "    builder.requiredField(offset, $s); // $x\n", &w.vars);
  zw_gen_emit(g->out,
              "    return offset;\n  }\n"
              "\n  static finish$XBuffer(" BUILDER ", offset: " OFFSET "): void {\n"
              "    builder.finish(offset$I);\n  }\n"
              "\n  static finishSizePrefixed$XBuffer(" BUILDER ", offset: " OFFSET "): void {\n"
              "    $S;\n  }\n",
              vars);
  if (!has_create(t)) return;
  zw_gen_emit(g->out, "\n  static create$X(" BUILDER, vars);
  each(g, t, PARAMETER, PARAMETER, ", ", "");
  zw_gen_emit(g->out, "): " OFFSET " {\n    $X.start$X(builder);\n", vars);
  each(g, t, PASS, PASS, "", "");
  zw_gen_emit(g->out, "    return $X.end$X(builder);\n  }\n", vars);
}

/* ---- tables: the object ---- */

static void prepare(ts_gen *g, const ts_type *t, bool far) {
  for (walk w = {0}; next_field(g, t, &w);)
    if (far == (w.vars.of['w'].len != 0)) emit_part(g, &w, PREPARE);
}

static void pack_function(ts_gen *g, const ts_type *t, const zw_gen_vars *vars) {
  zw_gen_emit(g->out, "\n  pack(" BUILDER "): " OFFSET " {\n", vars);
  prepare(g, t, true);
  prepare(g, t, false);
  zw_gen_emit(g->out, "    $X.start$X(builder);\n", vars);
  each(g, t, STORE, STORE, "", "");
  zw_gen_emit(g->out, "    return $X.end$X(builder);\n  }\n}\n\n", vars);
}

static void root_vars(ts_gen *g, const ts_type *t, zw_gen_vars *vars) {
  const zw_schema *schema = g->gen->from.schema;
  bool identified = t->type == schema->root && schema->identifier.len;
  zw_str literal = identified ? zw_ts_octets(g, schema->identifier) : ZW_STR("null");
  zw_str given = identified ? literal : ZW_STR("undefined");
  vars->of['L'] = literal;
  if (identified) vars->of['I'] = zw_gen_format(g->gen, ", %.*s", ZW_ARG(literal));
  vars->of['S'] =
      g->far
          ? zw_gen_format(g->gen, "zw.finishSizePrefixed64(builder, offset, %.*s)", ZW_ARG(literal))
          : zw_gen_format(g->gen, "builder.finish(offset, %.*s, true)", ZW_ARG(given));
  vars->of['s'] =
      g->far ? ZW_STR("zw.SIZE_PREFIX64_LENGTH") : ZW_STR("flatbuffers.SIZE_PREFIX_LENGTH");
  vars->of['w'] = zw_str_of(g->far ? "64" : "");
  vars->of['o'] = zw_str_of(g->far ? "{ large: true, ...options }" : "options");
}

static void table(ts_gen *g, const ts_type *t) {
  zw_gen_vars vars;
  zw_ts_type_vars(g, t, &vars);
  root_vars(g, t, &vars);
  view(g, t, &vars);
  build_functions(g, t, &vars);
  unpack_code(g, t, &vars);
  pack_function(g, t, &vars);
}

/* ---- enums ---- */

static void values(ts_gen *g, const zw_enum_type *type, const char *between) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    zw_str name = zw_ts_value_name(g, v);
    zw_str number = zw_ts_scalar(g, type->base == ZW_T_BOOL ? ZW_T_UBYTE : type->base,
                                 (zw_scalar){.i = v->value});
    zw_text_add_str(g->out, zw_ts_comment(g, v->doc, "  "));
    zw_text_printf(g->out, "  %.*s%s%.*s,\n", ZW_ARG(name), between, ZW_ARG(number));
  }
}

/* A template for each member: M its name, n its number, v a view or '' for a string, s its shape.
 */
static void each_member(ts_gen *g, const ts_enum *e, const char *pattern) {
  for (uint32_t i = 0; i < e->type->value_count; i++) {
    const zw_enum_value *v = &e->type->values[i];
    if (v->base == ZW_T_NONE) continue;
    zw_gen_vars vars = {0};
    zw_str symbol = v->type ? zw_ts_type(g, v->type)->head.symbol : ZW_STR("");
    vars.of['E'] = e->head.symbol;
    vars.of['M'] = zw_ts_value_name(g, v);
    vars.of['n'] = zw_ts_scalar(g, e->type->base, (zw_scalar){.i = v->value});
    vars.of['v'] = v->type ? zw_gen_format(g->gen, "new %.*s()", ZW_ARG(symbol)) : ZW_STR("''");
    vars.of['s'] =
        v->type ? zw_gen_format(g->gen, "%.*s.shape", ZW_ARG(symbol)) : ZW_STR("'string'");
    zw_gen_emit(g->out, pattern, &vars);
  }
}

static void union_functions(ts_gen *g, const ts_enum *e, const zw_gen_vars *vars) {
  zw_gen_emit(
      g->out,
      "/** Calls back with a view of the type's member, '' for a string; null: it has none. */\n"
      "export function $J(\n  type: $E,\n  $_accessor: (obj: $U) => $U | null,\n"
      "): $U | null {\n  switch (type) {\n",
      vars);
  each_member(g, e, "    case $E.$M:\n      return accessor($v);\n");
  zw_gen_emit(g->out,
              "    default:\n      return null;\n  }\n}\n\n"
              "export const $M: zw.Members = zw.members(() => [\n",
              vars);
  each_member(g, e, "  [$n, $s],\n");
  zw_text_printf(g->out, "]);\n\n");
}

/* An enum of 64 bits is an object of bigints: a TypeScript enum has numbers. */
static void enumeration(ts_gen *g, const ts_enum *e) {
  zw_gen_vars vars = {0};
  bool wide = zw_ts_is_long(e->type->base);
  vars.of['E'] = e->head.symbol;
  vars.of['J'] = e->to;
  vars.of['M'] = e->members;
  vars.of['U'] = zw_ts_members(g, e->type, false);
  vars.of['C'] = zw_ts_comment(g, e->type->doc, "");
  vars.of['_'] = zw_str_of(zw_str_eq(vars.of['U'], ZW_STR("never")) ? "_" : "");
  zw_gen_emit(g->out, wide ? "$Cexport const $E = {\n" : "$Cexport enum $E {\n", &vars);
  values(g, e->type, wide ? ": " : " = ");
  zw_gen_emit(g->out, wide ? "} as const;\nexport type $E = bigint;\n\n" : "}\n\n", &vars);
  if (e->type->is_union) union_functions(g, e, &vars);
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

/* The id of what a file declares: that of a schema that has nothing else. */
static void file_id(ts_gen *g, const ts_file *file, char out[2 * ZW_SCHEMA_ID_SIZE + 1]) {
  const zw_schema *schema = g->gen->from.schema;
  zw_type *types = zw_arena_array(&g->gen->arena, schema->type_count, sizeof *types);
  zw_enum_type *enums = zw_arena_array(&g->gen->arena, schema->enum_count, sizeof *enums);
  zw_schema part = {.types = types, .enums = enums};
  uint8_t id[ZW_SCHEMA_ID_SIZE] = {0};
  for (size_t i = 0; types && i < schema->type_count; i++)
    if (g->types[i].head.file == file) types[part.type_count++] = schema->types[i];
  for (size_t i = 0; enums && i < schema->enum_count; i++)
    if (g->enums[i].head.file == file) enums[part.enum_count++] = schema->enums[i];
  if (!types || !enums || zw_schema_id(&part, g->gen->from.alloc, id)) g->gen->no_memory = true;
  zw_schema_id_text(id, out);
}

/* A template for each file whose module is imported: f its module, a its alias, i its id. */
static bool each_import(ts_gen *g, const char *pattern) {
  bool some = false;
  for (size_t i = 1; i < g->file_count; i++) {
    if (!g->files[i]->used) continue;
    zw_gen_vars vars = {0};
    char id[2 * ZW_SCHEMA_ID_SIZE + 1];
    file_id(g, g->files[i], id);
    zw_str module = zw_gen_format(g->gen, "./%.*s_generated.js", ZW_ARG(g->files[i]->base));
    vars.of['f'] = zw_ts_literal(g, module);
    vars.of['a'] = g->files[i]->alias;
    vars.of['i'] = zw_str_of(id);
    zw_gen_emit(g->out, pattern, &vars);
    some = true;
  }
  return some;
}

static void stamp(ts_gen *g, bool imports) {
  char schema_id[2 * ZW_SCHEMA_ID_SIZE + 1], own_id[sizeof schema_id];
  zw_schema_id_text(g->gen->from.schema->id, schema_id);
  file_id(g, g->files[0], own_id);
  zw_text_printf(g->out,
                 "\n/** What this code was generated by and from; checked as it is imported. */\n"
                 "export const stamp: zw.Stamp = zw.checkStamp({\n"
                 "  file: %.*s,\n  abi: %d,\n  compiler: '%s',\n"
                 "  schemaId: '%s',\n  fileId: '%s',\n}",
                 ZW_ARG(zw_ts_literal(g, g->gen->file)), ZW_ABI, ZW_VERSION_STRING, schema_id,
                 own_id);
  if (imports) {
    zw_text_printf(g->out, ", () => [\n");
    each_import(g, "  [$a.stamp, '$i'],\n");
    zw_text_printf(g->out, "]");
  }
  zw_text_printf(g->out, ");\n\n");
}

static bool has_classes(const ts_gen *g) {
  bool some = false;
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) some |= g->types[i].head.own;
  return some;
}

/* What is not used is not imported, and a parameter that is not has an underscore before it, so
 * that the strictest settings of tsc find nothing. */
static void head(ts_gen *g) {
  zw_text_printf(g->out,
                 "// Generated from %.*s.fbs by zerowire %s: do not edit.\n"
                 "/* eslint-disable */\n"
                 "%simport * as zw from 'zerowire';\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING,
                 has_classes(g) ? "import * as flatbuffers from 'flatbuffers';\n" : "");
  find_used(g);
  stamp(g, each_import(g, "import * as $a from $f;\n"));
}

/* ---- all ---- */

static void declarations(ts_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->enum_count; i++)
    if (g->enums[i].head.own) enumeration(g, &g->enums[i]);
  for (size_t i = 0; i < schema->type_count; i++) {
    const ts_type *t = &g->types[i];
    if (t->head.own) (t->type->is_struct ? structure : table)(g, t);
  }
}

int zw_generate_ts(zw_gen *gen, const zw_gen_out *out) {
  zw_text text;
  ts_gen g = {.gen = gen, .out = &text, .far = zw_gen_has_far(gen->from.schema)};
  zw_text_init(&text, gen->from.alloc);
  int error = zw_ts_name_all(&g);
  if (!error) {
    head(&g);
    declarations(&g);
    if (gen->no_memory) error = ZW_ENOMEM;
  }
  if (!error) error = zw_gen_output(out, "_generated.ts", &text);
  zw_text_deinit(&text);
  zw_ts_names_deinit(&g);
  return error;
}
