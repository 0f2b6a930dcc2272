/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each kind of field is in C, as templates. Variables: T the table's symbol, f the field in
 * accessors, m in structs, i its id, j the id before; of the value or element: c its C type, s the
 * suffix of accessors (of a union: of its type), b its base, u the member of zw_scalar, d the
 * default, V the symbol of its type, P of what is packed, z octets, a alignment; of a vector: A its
 * alignment, L octets of its length; of a string: h "_shared", w "64"; of a union's member: M its
 * name, n its number.
 */
#include "generate_c.h"

#include "zerowire/reflect.h"

#define FUNCTION "static inline "
#define HAS FUNCTION "bool $T_has_$f($T v) { return zw_table_has(v.t, $i); }\n"
#define ADD FUNCTION "void $T_add_$f(zw_builder *b, "
#define CREATE FUNCTION "zw_ref64 $T_create_$f(zw_builder *b, "
#define SET FUNCTION "bool $T_set_$f($T v, "
#define AT FUNCTION "$c $T_$f_at("
#define SET_AT FUNCTION "void $T_set_$f_at("
#define REFS                                                                                       \
  ADD "const zw_ref *refs, size_t count) {\n  zw_builder_add_ref(b, $i, zw_builder_refs(b, refs, " \
      "count));\n}\n"
#define ADD_REF64 ADD "zw_ref64 ref) { zw_builder_add_ref64(b, $i, ref); }\n"
#define VEC FUNCTION "zw_vec $T_$f($T v) { return zw_table_vec(v.t, $i); }\n"
#define VEC64 FUNCTION "zw_vec64 $T_$f($T v) { return zw_table_vec64(v.t, $i, $L); }\n"
#define ITEMS(c) "  struct {\n    const " c " *ptr;\n    size_t len;\n  } $m;\n"

/* ---- scalars, strings, structs, tables ---- */

#define SET_SCALAR SET "$c value) { return zw_table_set_$s(v.t, $i, value); }\n"

static const c_field_kind scalar = {
    .read = FUNCTION "$c $T_$f($T v) { return zw_table_$s(v.t, $i, $d); }\n",
    .set = SET_SCALAR,
    .add = ADD "$c value) { zw_builder_add_$s(b, $i, value, $d); }\n",
    .member = "  $c $m;\n",
};
static const c_field_kind optional = {
    .read = FUNCTION "$c $T_$f($T v) { return zw_table_$s(v.t, $i, 0); }\n",
    .has = HAS,
    .set = SET_SCALAR,
    .add = ADD "$c value) {\n  zw_scalar scalar;\n  scalar.$u = value;\n"
               "  zw_builder_add_optional(b, $i, $b, scalar);\n}\n",
    .member = "  struct {\n    bool has;\n    $c value;\n  } $m;\n",
};
#define STRING FUNCTION "zw_str $T_$f($T v) { return zw_table_str$w(v.t, $i); }\n"
#define STRING_PRESET                                                         \
  FUNCTION "zw_str $T_$f($T v) {\n  zw_str text = zw_table_str$w(v.t, $i);\n" \
           "  return text.ptr ? text : ZW_STR($d);\n}\n"
#define ADD_STRING \
  ADD "zw_str text) {\n  zw_builder_add_ref(b, $i, zw_builder_string$h(b, text));\n}\n"
#define FAR_STRING CREATE "zw_str text) { return zw_builder_string64(b, text); }\n" ADD_REF64
static const c_field_kind string = {
    .read = STRING, .has = HAS, .add = ADD_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind string_preset = {
    .read = STRING_PRESET, .has = HAS, .add = ADD_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind far_string = {
    .read = STRING, .has = HAS, .add = FAR_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind far_string_preset = {
    .read = STRING_PRESET, .has = HAS, .add = FAR_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind structure = {
    .read = FUNCTION "$V $T_$f($T v) { return $V_load(zw_table_struct(v.t, $i)); }\n",
    .has = HAS,
    .set = SET "const $V *value) {\n  uint8_t *octets = zw_table_struct_mutable(v.t, $i);\n"
               "  if (octets) $V_store(octets, value);\n  return octets != NULL;\n}\n",
    .add = ADD "const $V *value) {\n"
               "  uint8_t *octets = zw_builder_add_struct_uninit(b, $i, $z, $a);\n"
               "  if (octets) $V_store(octets, value);\n}\n",
    .member = "  const $V *$m;\n",
};
#define ADD_REF ADD "zw_ref ref) { zw_builder_add_ref(b, $i, ref); }\n"
static const c_field_kind table = {
    .read = FUNCTION "$V $T_$f($T v) {\n  $V r;\n  r.t = zw_table_table(v.t, $i);\n"
                     "  return r;\n}\n",
    .has = HAS,
    .add = ADD_REF,
    .member = "  const $P *$m;\n",
};
static const c_field_kind builtin_table = {
    .read = FUNCTION "zw_table $T_$f($T v) { return zw_table_table(v.t, $i); }\n",
    .has = HAS,
    .add = ADD_REF,
    .member = "  const void *$m;\n",
};

/* ---- unions ---- */

static const c_field_kind union_type = {
    .read = FUNCTION "$c $T_$f($T v) { return zw_table_$s(v.t, $i, 0); }\n",
};
#define IS_MEMBER "zw_table_$s(v.t, $j, 0) == $n"
static const c_field_kind union_value = {
    .read = FUNCTION "zw_table $T_$f($T v) { return zw_table_table(v.t, $i); }\n",
    .has = HAS,
    .add = ADD "$c type, zw_ref ref) {\n  zw_builder_add_$s(b, $j, type, 0);\n"
               "  zw_builder_add_ref(b, $i, ref);\n}\n",
    .member = "  zw_union_value $m;\n",
    .in_table = FUNCTION "$V $T_$f_as_$M($T v) {\n  $V r = {{NULL, 0, 0}};\n"
                         "  if (" IS_MEMBER ") r.t = zw_table_table(v.t, $i);\n"
                         "  return r;\n}\n",
    .in_text = FUNCTION "zw_str $T_$f_as_$M($T v) {\n  zw_str r = {NULL, 0};\n"
                        "  return " IS_MEMBER " ? zw_table_str(v.t, $i) : r;\n}\n",
    .in_struct = FUNCTION "$V $T_$f_as_$M($T v) {\n"
                          "  zw_table t = zw_table_table(v.t, $i);\n"
                          "  bool is = t.ptr && " IS_MEMBER ";\n"
                          "  return $V_load(is ? t.ptr : NULL);\n}\n",
};
static const c_field_kind union_types = {
    .read = VEC AT "zw_vec f, size_t i) { return zw_vec_$s(f, i); }\n",
};
/* The types say what an element is: its octets do not. */
#define IS_ELEMENT "zw_vec_$s(zw_table_vec(v.t, $j), i) == $n"
static const c_field_kind unions = {
    .read = VEC,
    .has = HAS,
    .add = ADD "const $c *types, const zw_ref *refs, size_t count) {\n  zw_builder_add_ref(b, $j, "
               "zw_builder_vector(b, types, count, sizeof($c), sizeof($c)));\n"
               "  zw_builder_add_ref(b, $i, zw_builder_refs(b, refs, count));\n}\n",
    .member = ITEMS("zw_union_value"),
    .in_table = FUNCTION "$V $T_$f_as_$M($T v, size_t i) {\n  $V r = {{NULL, 0, 0}};\n"
                         "  if (" IS_ELEMENT ") r.t = zw_vec_table(zw_table_vec(v.t, $i), i);\n"
                         "  return r;\n}\n",
    .in_text = FUNCTION "zw_str $T_$f_as_$M($T v, size_t i) {\n  zw_str r = {NULL, 0};\n"
                        "  return " IS_ELEMENT " ? zw_vec_str(zw_table_vec(v.t, $i), i) : r;\n}\n",
    .in_struct = FUNCTION "$V $T_$f_as_$M($T v, size_t i) {\n"
                          "  zw_table t = {NULL, 0, 0};\n"
                          "  if (" IS_ELEMENT ") t = zw_vec_table(zw_table_vec(v.t, $i), i);\n"
                          "  return $V_load(t.ptr);\n}\n",
};

/* ---- octets ---- */

#define OCTETS FUNCTION "zw_span $T_$f($T v) { return zw_vec_bytes(zw_table_vec(v.t, $i)); }\n"
#define OCTETS64                     \
  FUNCTION "zw_span $T_$f($T v) {\n" \
           "  return zw_vec64_bytes(zw_table_vec64(v.t, $i, $L));\n}\n"
#define ROOT                                                                      \
  FUNCTION "$V $T_$f_root($T v) {\n  $V r;\n  r.t = zw_root_trusted($T_$f(v));\n" \
           "  return r;\n}\n"
#define ADD_OCTETS                                                           \
  ADD "zw_span octets) {\n  if (octets.ptr)\n    zw_builder_add_ref(b, $i, " \
      "zw_builder_vector(b, octets.ptr, octets.len, 1, $A));\n}\n"
#define CREATE_OCTETS(align)                                                 \
  CREATE "zw_span octets) {\n  if (!octets.ptr) return 0;\n"                 \
         "  return zw_builder_vector64(b, octets.ptr, octets.len, 1, " align \
         ", $L);\n}\n" ADD_REF64
static const c_field_kind octets = {
    .read = OCTETS, .has = HAS, .add = ADD_OCTETS, .member = "  zw_span $m;\n"};
static const c_field_kind far_octets = {
    .read = OCTETS64, .has = HAS, .add = CREATE_OCTETS("$A"), .member = "  zw_span $m;\n"};
#define FLEXBUFFER                              \
  FUNCTION "zw_flexbuffer $T_$f_root($T v) {\n" \
           "  return zw_flexbuffer_root($T_$f(v));\n}\n"
static const c_field_kind flexbuffer = {
    .read = OCTETS FLEXBUFFER, .has = HAS, .add = ADD_OCTETS, .member = "  zw_span $m;\n"};
static const c_field_kind far_flexbuffer = {.read = OCTETS64 FLEXBUFFER,
                                            .has = HAS,
                                            .add = CREATE_OCTETS("$A"),
                                            .member = "  zw_span $m;\n"};
static const c_field_kind nested = {
    .read = OCTETS ROOT,
    .has = HAS,
    .add = ADD "zw_span octets) { zw_builder_add_ref(b, $i, zw_builder_nested(b, octets)); }\n",
    .member = "  zw_span $m;\n",
};
static const c_field_kind far_nested = {
    .read = OCTETS64 ROOT,
    .has = HAS,
    .add = CREATE_OCTETS("zw_nested_align(octets.len)"),
    .member = "  zw_span $m;\n",
};

/* ---- vectors ---- */

#define SCALARS VEC AT "zw_vec f, size_t i) { return zw_vec_$s(f, i); }\n"
#define SCALARS64 VEC64 AT "zw_vec64 f, size_t i) { return zw_vec64_$s(f, i); }\n"
#define SET_SCALARS SET_AT "zw_vec f, size_t i, $c value) { zw_vec_set_$s(f, i, value); }\n"
#define SET_SCALARS64 SET_AT "zw_vec64 f, size_t i, $c value) { zw_vec64_set_$s(f, i, value); }\n"
#define ADD_SCALARS                                                       \
  ADD "const $c *elements, size_t count) {\n  zw_builder_add_ref(b, $i, " \
      "zw_builder_vector(b, elements, count, sizeof($c), $A));\n}\n"
static const c_field_kind scalars = {
    .read =
        SCALARS FUNCTION "const $c *$T_$f_raw($T v) {\n"
                         "  return (const $c *)zw_vec_raw(zw_table_vec(v.t, $i), sizeof($c));\n}\n",
    .has = HAS,
    .set = SET_SCALARS,
    .add = ADD_SCALARS,
    .member = ITEMS("$c"),
};
/* An octet above 1 is true in the format and no value of C's bool. */
static const c_field_kind booleans = {
    .read = SCALARS, .has = HAS, .set = SET_SCALARS, .add = ADD_SCALARS, .member = ITEMS("$c")};
static const c_field_kind far_scalars = {
    .read = SCALARS64,
    .has = HAS,
    .set = SET_SCALARS64,
    .add = CREATE "const $c *elements, size_t count) {\n  return zw_builder_vector64(b, elements, "
                  "count, sizeof($c), $A, $L);\n}\n" ADD_REF64,
    .member = ITEMS("$c"),
};
static const c_field_kind strings = {
    .read = VEC FUNCTION "zw_str $T_$f_at(zw_vec f, size_t i) { return zw_vec_str(f, i); }\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("zw_str"),
};
#define STRUCTS                                      \
  VEC FUNCTION "$V $T_$f_at(zw_vec f, size_t i) {\n" \
               "  return $V_load(zw_vec_struct(f, i, $z));\n}\n"
#define SET_STRUCTS                                 \
  SET_AT "zw_vec f, size_t i, const $V *value) {\n" \
         "  $V_store(zw_vec_struct_mutable(f, i, $z), value);\n}\n"
#define STORE_STRUCTS                             \
  "  for (size_t i = 0; ref && i < count; i++)\n" \
  "    $V_store((uint8_t *)octets + i * $z, &elements[i]);\n"
#define ADD_STRUCTS                                                                         \
  ADD "const $V *elements, size_t count) {\n  void *octets;\n"                              \
      "  zw_ref ref = zw_builder_vector_uninit(b, count, $z, $A, &octets);\n" STORE_STRUCTS \
      "  zw_builder_add_ref(b, $i, ref);\n}\n"
static const c_field_kind structs = {
    .read = STRUCTS, .has = HAS, .set = SET_STRUCTS, .add = ADD_STRUCTS, .member = ITEMS("$V")};
static const c_field_kind structs_raw = {
    .read = STRUCTS FUNCTION "const $V *$T_$f_raw($T v) {\n"
                             "  return (const $V *)zw_vec_raw(zw_table_vec(v.t, $i), $a);\n}\n",
    .has = HAS,
    .set = SET_STRUCTS,
    .add = ADD_STRUCTS,
    .member = ITEMS("$V")};
static const c_field_kind far_structs = {
    .read = VEC64 FUNCTION "$V $T_$f_at(zw_vec64 f, size_t i) {\n"
                           "  return $V_load(zw_vec64_struct(f, i, $z));\n}\n",
    .has = HAS,
    .set = SET_AT "zw_vec64 f, size_t i, const $V *value) {\n"
                  "  $V_store(zw_writable_(zw_vec64_struct(f, i, $z)), value);\n}\n",
    .add = CREATE "const $V *elements, size_t count) {\n  void *octets;\n  zw_ref64 ref = "
                  "zw_builder_vector64_uninit(b, count, $z, $A, $L, &octets);\n" STORE_STRUCTS
                  "  return ref;\n}\n" ADD_REF64,
    .member = ITEMS("$V"),
};
static const c_field_kind tables = {
    .read = VEC FUNCTION "$V $T_$f_at(zw_vec f, size_t i) {\n  $V r;\n"
                         "  r.t = zw_vec_table(f, i);\n  return r;\n}\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("$P"),
};
static const c_field_kind builtin_tables = {
    .read = VEC FUNCTION "zw_table $T_$f_at(zw_vec f, size_t i) { return zw_vec_table(f, i); }\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("char"),
};

/* ---- which of them a field is ---- */

static const struct {
  const c_field_kind *near, *far; /* far: behind a 64-bit offset */
} kinds[ZW_FORM_COUNT] = {
    [ZW_FORM_SCALAR] = {&scalar, NULL},
    [ZW_FORM_OPTIONAL] = {&optional, NULL},
    [ZW_FORM_STRING] = {&string, &far_string},
    [ZW_FORM_STRUCT] = {&structure, NULL},
    [ZW_FORM_TABLE] = {&table, NULL},
    [ZW_FORM_UNION_TYPE] = {&union_type, NULL},
    [ZW_FORM_UNION] = {&union_value, NULL},
    [ZW_FORM_OCTETS] = {&octets, &far_octets},
    [ZW_FORM_NESTED] = {&nested, &far_nested},
    [ZW_FORM_FLEXBUFFER] = {&flexbuffer, &far_flexbuffer},
    [ZW_FORM_SCALARS] = {&scalars, &far_scalars},
    [ZW_FORM_STRINGS] = {&strings, NULL},
    [ZW_FORM_STRUCTS] = {&structs, &far_structs},
    [ZW_FORM_TABLES] = {&tables, NULL},
    [ZW_FORM_UNION_TYPES] = {&union_types, NULL},
    [ZW_FORM_UNIONS] = {&unions, NULL},
    [ZW_FORM_SCALAR_ARRAY] = {&scalar, NULL},
    [ZW_FORM_STRUCT_ARRAY] = {&structure, NULL},
};

const c_field_kind *zw_c_field_kind(const zw_field *field) {
  enum zw_field_form form = zw_field_form(field);
  bool far = field->flags & ZW_F_OFFSET64;
  if (form == ZW_FORM_STRING && field->preset_text.ptr)
    return far ? &far_string_preset : &string_preset;
  if (far) return kinds[form].far;
  if (form == ZW_FORM_TABLE && zw_gen_is_void(field->type)) return &builtin_table;
  if (form == ZW_FORM_TABLES && zw_gen_is_void(field->type)) return &builtin_tables;
  if (form == ZW_FORM_SCALARS && field->element == ZW_T_BOOL) return &booleans;
  if (form == ZW_FORM_STRUCTS && zw_c_same_layout(field->type)) return &structs_raw;
  return kinds[form].near;
}

/* A string's default as a C literal, or absent. */
static zw_str preset_text(c_gen *g, const zw_field *field) {
  zw_str text = zw_gen_string_preset(g->gen, field);
  return text.ptr ? zw_c_literal_str(g, text) : text;
}

/* The scalar that is stored; of a union the one that says which member it holds. */
static unsigned stored_base(const zw_field *field) {
  unsigned base = field->element ? field->element : field->base;
  return base == ZW_T_UNION ? field->enum_type->base : base;
}

static void vector_vars(c_gen *g, const zw_field *field, zw_gen_vars *vars) {
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  size_t align = is_struct ? field->type->align : zw_base_size((enum zw_base_type)field->element);
  if (field->flags & ZW_F_FLEXBUFFER) align = 8;
  if (field->align > align) align = field->align;
  vars->of['A'] = zw_gen_format(g->gen, "%zu", align);
  vars->of['L'] = field->base == ZW_T_VECTOR64 ? ZW_STR("8") : ZW_STR("4");
}

void zw_c_field_vars(c_gen *g, const c_type *of, const zw_field *field, zw_gen_vars *vars) {
  const c_base *names = &zw_c_bases[stored_base(field)];
  const c_field *named = &of->fields[field - of->type->fields];
  memset(vars, 0, sizeof *vars);
  vars->of['T'] = of->symbol;
  vars->of['f'] = named->symbol;
  vars->of['m'] = named->member;
  vars->of['i'] = zw_gen_format(g->gen, "%u", field->id);
  vars->of['j'] = zw_gen_format(g->gen, "%u", field->id ? field->id - 1u : 0u);
  vars->of['o'] = zw_gen_format(g->gen, "%u", field->offset);
  vars->of['c'] = field->enum_type ? zw_c_enum(g, field->enum_type)->symbol : zw_str_of(names->c);
  vars->of['s'] = zw_str_of(names->suffix);
  vars->of['b'] = zw_str_of(names->name);
  vars->of['u'] = zw_gen_format(g->gen, "%c", names->member);
  if (field->flags & ZW_F_SHARED) vars->of['h'] = ZW_STR("_shared");
  if (field->flags & ZW_F_OFFSET64) vars->of['w'] = ZW_STR("64");
  if (field->element && field->base != ZW_T_ARRAY) vector_vars(g, field, vars);
  if (field->base == ZW_T_STRING)
    vars->of['d'] = preset_text(g, field);
  else if (zw_base_is_scalar(field->base))
    vars->of['d'] = zw_c_scalar(g, field->base, field->preset);
  if (!field->type) return;
  const c_type *child = zw_c_type(g, field->type);
  vars->of['V'] = child->symbol;
  vars->of['P'] = child->object;
  vars->of['z'] = zw_gen_format(g->gen, "%u", field->type->size);
  vars->of['a'] = zw_gen_format(g->gen, "%u", field->type->align);
}

const char *zw_c_union_member(c_gen *g, const c_field_kind *kind, const zw_field *field,
                              const zw_enum_value *value, zw_gen_vars *vars) {
  if (value->base == ZW_T_NONE) return NULL;
  vars->of['M'] = value->name;
  vars->of['n'] = zw_c_scalar(g, field->enum_type->base, (zw_scalar){.i = value->value});
  if (value->base == ZW_T_STRING) return kind->in_text;
  const c_type *child = zw_c_type(g, value->type);
  vars->of['V'] = child->symbol;
  if (child->builtin) return NULL;
  return value->type->is_struct ? kind->in_struct : kind->in_table;
}
