/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each kind of field is in C, as templates. Variables: T the table's symbol, f the field in
 * accessors, m in structs, i its id, j the id before; of the value or element: c its C type, s the
 * suffix of accessors, b its base, u the member of zw_scalar, d the default, V the symbol of its
 * type, P of what is packed, z octets, a alignment; of a union's member: M its name, n its number.
 */
#include "generate_c.h"

#include "zerowire/reflect.h"

#define HAS "static inline bool $T_has_$f($T v) { return zw_table_has(v.t, $i); }\n"
#define ADD "static inline void $T_add_$f(zw_builder *b, "
#define REFS                                                                                       \
  ADD "const zw_ref *refs, size_t count) {\n  zw_builder_add_ref(b, $i, zw_builder_refs(b, refs, " \
      "count));\n}\n"
#define VEC "static inline zw_vec $T_$f($T v) { return zw_table_vec(v.t, $i); }\n"
#define ITEMS(c) "  struct {\n    const " c " *ptr;\n    size_t len;\n  } $m;\n"
#define OCTETS "static inline zw_span $T_$f($T v) { return zw_vec_bytes(zw_table_vec(v.t, $i)); }\n"

static const c_field_kind scalar = {
    .read = "static inline $c $T_$f($T v) { return zw_table_$s(v.t, $i, $d); }\n",
    .add = ADD "$c value) { zw_builder_add_$s(b, $i, value, $d); }\n",
    .member = "  $c $m;\n",
};
static const c_field_kind optional = {
    .read = "static inline $c $T_$f($T v) { return zw_table_$s(v.t, $i, 0); }\n",
    .has = HAS,
    .add = ADD "$c value) {\n  zw_scalar scalar;\n  scalar.$u = value;\n"
               "  zw_builder_add_optional(b, $i, $b, scalar);\n}\n",
    .member = "  struct {\n    bool has;\n    $c value;\n  } $m;\n",
};
static const c_field_kind string = {
    .read = "static inline zw_str $T_$f($T v) { return zw_table_str(v.t, $i); }\n",
    .has = HAS,
    .add = ADD "zw_str text) { zw_builder_add_ref(b, $i, zw_builder_string(b, text)); }\n",
    .member = "  zw_str $m;\n",
};
static const c_field_kind string_preset = {
    .read = "static inline zw_str $T_$f($T v) {\n  zw_str text = zw_table_str(v.t, $i);\n"
            "  return text.ptr ? text : ZW_STR($d);\n}\n",
    .has = HAS,
    .add = ADD "zw_str text) { zw_builder_add_ref(b, $i, zw_builder_string(b, text)); }\n",
    .member = "  zw_str $m;\n",
};
static const c_field_kind structure = {
    .read = "static inline $V $T_$f($T v) { return $V_load(zw_table_struct(v.t, $i)); }\n",
    .has = HAS,
    .add = ADD "const $V *value) {\n  uint8_t octets[$z];\n  $V_store(octets, value);\n"
               "  zw_builder_add_struct(b, $i, octets, $z, $a);\n}\n",
    .member = "  const $V *$m;\n",
};
static const c_field_kind table = {
    .read = "static inline $V $T_$f($T v) {\n  $V r;\n  r.t = zw_table_table(v.t, $i);\n"
            "  return r;\n}\n",
    .has = HAS,
    .add = ADD "zw_ref ref) { zw_builder_add_ref(b, $i, ref); }\n",
    .member = "  const $P *$m;\n",
};
static const c_field_kind builtin_table = {
    .read = "static inline zw_table $T_$f($T v) { return zw_table_table(v.t, $i); }\n",
    .has = HAS,
    .add = ADD "zw_ref ref) { zw_builder_add_ref(b, $i, ref); }\n",
    .member = "  const void *$m;\n",
};
static const c_field_kind union_type = {
    .read = "static inline $c $T_$f($T v) { return zw_table_u8(v.t, $i, 0); }\n",
};
static const c_field_kind union_value = {
    .read = "static inline zw_table $T_$f($T v) { return zw_table_table(v.t, $i); }\n",
    .has = HAS,
    .add = ADD "$c type, zw_ref ref) {\n  zw_builder_add_u8(b, $j, type, 0);\n"
               "  zw_builder_add_ref(b, $i, ref);\n}\n",
    .member = "  zw_union_value $m;\n",
    .in_table = "static inline $V $T_$f_as_$M($T v) {\n  $V r = {{NULL, 0, 0}};\n"
                "  if (zw_table_u8(v.t, $j, 0) == $n) r.t = zw_table_table(v.t, $i);\n"
                "  return r;\n}\n",
    .in_text = "static inline zw_str $T_$f_as_$M($T v) {\n  zw_str r = {NULL, 0};\n"
               "  return zw_table_u8(v.t, $j, 0) == $n ? zw_table_str(v.t, $i) : r;\n}\n",
    .in_struct = "static inline $V $T_$f_as_$M($T v) {\n"
                 "  zw_table t = zw_table_table(v.t, $i);\n"
                 "  bool is = t.buf && zw_table_u8(v.t, $j, 0) == $n;\n"
                 "  return $V_load(is ? t.buf + t.pos : NULL);\n}\n",
};
static const c_field_kind octets = {
    .read = OCTETS,
    .has = HAS,
    .add = ADD "zw_span octets) {\n  if (octets.ptr)\n    zw_builder_add_ref(b, $i, "
               "zw_builder_vector(b, octets.ptr, octets.len, 1, 1));\n}\n",
    .member = "  zw_span $m;\n",
};
static const c_field_kind nested = {
    .read =
        OCTETS "static inline $V $T_$f_root($T v) {\n  $V r;\n"
               "  r.t = zw_root_trusted(zw_vec_bytes(zw_table_vec(v.t, $i)));\n  return r;\n}\n",
    .has = HAS,
    .add = ADD "zw_span octets) {\n  if (octets.ptr)\n    zw_builder_add_ref(b, $i, "
               "zw_builder_vector(b, octets.ptr, octets.len, 1, 8));\n}\n",
    .member = "  zw_span $m;\n",
};
#define SCALARS VEC "static inline $c $T_$f_at(zw_vec f, size_t i) { return zw_vec_$s(f, i); }\n"
#define ADD_SCALARS                                                       \
  ADD "const $c *elements, size_t count) {\n  zw_builder_add_ref(b, $i, " \
      "zw_builder_vector(b, elements, count, sizeof($c), sizeof($c)));\n}\n"
static const c_field_kind scalars = {
    .read = SCALARS "static inline const $c *$T_$f_raw($T v) {\n"
                    "  return (const $c *)zw_vec_raw(zw_table_vec(v.t, $i), sizeof($c));\n}\n",
    .has = HAS,
    .add = ADD_SCALARS,
    .member = ITEMS("$c"),
};
/* An octet above 1 is true in the format and no value of C's bool. */
static const c_field_kind booleans = {
    .read = SCALARS, .has = HAS, .add = ADD_SCALARS, .member = ITEMS("$c")};
static const c_field_kind strings = {
    .read = VEC "static inline zw_str $T_$f_at(zw_vec f, size_t i) { return zw_vec_str(f, i); }\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("zw_str"),
};
#define STRUCTS                                           \
  VEC "static inline $V $T_$f_at(zw_vec f, size_t i) {\n" \
      "  return $V_load(zw_vec_struct(f, i, $z));\n}\n"
#define ADD_STRUCTS                                                           \
  ADD "const $V *elements, size_t count) {\n  void *octets;\n"                \
      "  zw_ref ref = zw_builder_vector_uninit(b, count, $z, $a, &octets);\n" \
      "  for (size_t i = 0; ref && i < count; i++)\n"                         \
      "    $V_store((uint8_t *)octets + i * $z, &elements[i]);\n"             \
      "  zw_builder_add_ref(b, $i, ref);\n}\n"
static const c_field_kind structs = {
    .read = STRUCTS, .has = HAS, .add = ADD_STRUCTS, .member = ITEMS("$V")};
static const c_field_kind structs_raw = {
    .read = STRUCTS "static inline const $V *$T_$f_raw($T v) {\n"
                    "  return (const $V *)zw_vec_raw(zw_table_vec(v.t, $i), $a);\n}\n",
    .has = HAS,
    .add = ADD_STRUCTS,
    .member = ITEMS("$V")};
static const c_field_kind tables = {
    .read = VEC "static inline $V $T_$f_at(zw_vec f, size_t i) {\n  $V r;\n"
                "  r.t = zw_vec_table(f, i);\n  return r;\n}\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("$P"),
};
static const c_field_kind builtin_tables = {
    .read =
        VEC "static inline zw_table $T_$f_at(zw_vec f, size_t i) { return zw_vec_table(f, i); }\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("char"),
};
static const c_field_kind union_types = {
    .read = VEC "static inline $c $T_$f_at(zw_vec f, size_t i) { return zw_vec_u8(f, i); }\n",
};
/* The types say what an element is: its octets do not. */
#define IS_ELEMENT "zw_vec_u8(zw_table_vec(v.t, $j), i) == $n"
static const c_field_kind unions = {
    .read = VEC,
    .has = HAS,
    .add = ADD "const $c *types, const zw_ref *refs, size_t count) {\n"
               "  zw_builder_add_ref(b, $j, zw_builder_vector(b, types, count, 1, 1));\n"
               "  zw_builder_add_ref(b, $i, zw_builder_refs(b, refs, count));\n}\n",
    .member = ITEMS("zw_union_value"),
    .in_table = "static inline $V $T_$f_as_$M($T v, size_t i) {\n  $V r = {{NULL, 0, 0}};\n"
                "  if (" IS_ELEMENT ") r.t = zw_vec_table(zw_table_vec(v.t, $i), i);\n"
                "  return r;\n}\n",
    .in_text = "static inline zw_str $T_$f_as_$M($T v, size_t i) {\n  zw_str r = {NULL, 0};\n"
               "  return " IS_ELEMENT " ? zw_vec_str(zw_table_vec(v.t, $i), i) : r;\n}\n",
    .in_struct = "static inline $V $T_$f_as_$M($T v, size_t i) {\n"
                 "  zw_table t = {NULL, 0, 0};\n"
                 "  if (" IS_ELEMENT ") t = zw_vec_table(zw_table_vec(v.t, $i), i);\n"
                 "  return $V_load(t.buf ? t.buf + t.pos : NULL);\n}\n",
};

static const c_field_kind *vector_kind(const zw_field *field) {
  switch (field->element) {
    case ZW_T_STRING: return &strings;
    case ZW_T_BOOL: return &booleans;
    case ZW_T_UTYPE: return &union_types;
    case ZW_T_UNION: return &unions;
    case ZW_T_OBJ:
      if (zw_gen_is_void(field->type)) return &builtin_tables;
      if (!field->type->is_struct) return &tables;
      return zw_c_same_layout(field->type) ? &structs_raw : &structs;
    case ZW_T_UBYTE:
      if (field->flags & ZW_F_NESTED) return &nested;
      return field->enum_type ? &scalars : &octets;
    default: return &scalars;
  }
}

const c_field_kind *zw_c_field_kind(const zw_field *field) {
  if (field->flags & ZW_F_DEPRECATED) return NULL;
  switch (field->base) {
    case ZW_T_VECTOR: return vector_kind(field);
    case ZW_T_STRING:
      return zw_attribute_get(field->attributes, field->attribute_count, ZW_STR("zw_default")).ptr
                 ? &string_preset
                 : &string;
    case ZW_T_UTYPE: return &union_type;
    case ZW_T_UNION: return &union_value;
    case ZW_T_OBJ:
      if (zw_gen_is_void(field->type)) return &builtin_table;
      return field->type->is_struct ? &structure : &table;
    default: return field->flags & ZW_F_OPTIONAL ? &optional : &scalar;
  }
}

/* A string's default as a C literal, or absent. */
static zw_str preset_text(c_gen *g, const zw_field *field) {
  zw_str text = zw_gen_string_preset(g->gen, field);
  return text.ptr ? zw_c_literal_str(g, text) : text;
}

void zw_c_field_vars(c_gen *g, const c_type *of, const zw_field *field, zw_gen_vars *vars) {
  unsigned base =
      field->base == ZW_T_VECTOR || field->base == ZW_T_ARRAY ? field->element : field->base;
  const c_base *names = &zw_c_bases[base];
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

const char *zw_c_union_member(c_gen *g, const c_field_kind *kind, const zw_enum_value *value,
                              zw_gen_vars *vars) {
  if (value->base == ZW_T_NONE) return NULL;
  vars->of['M'] = value->name;
  vars->of['n'] = zw_gen_format(g->gen, "%lld", (long long)value->value);
  if (value->base == ZW_T_STRING) return kind->in_text;
  const c_type *child = zw_c_type(g, value->type);
  vars->of['V'] = child->symbol;
  if (child->builtin) return NULL;
  return value->type->is_struct ? kind->in_struct : kind->in_table;
}
