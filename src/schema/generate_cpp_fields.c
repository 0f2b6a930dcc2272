/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each form of a field is in C++, as templates. Variables: T the view's name, f the field, i
 * its id; of the value or element: c its C++ type, d the default, V the view or struct, O the
 * object, a alignment; w "64" where the offset has 64 bits, l the octets of the vector's length as
 * an argument, s "shared_" for shared strings, q "std::string" as the object has it, e "required"
 * or nothing.
 */
#include <inttypes.h>
#include <math.h>

#include "generate_cpp.h"

#define D "::zw::zw_detail::"
#define VECTOR(c) "::zw::vector_view<" c ">"
#define UNPACK(what) "  " D "unpack_" what "(zw_v.$f(), zw_o.$f);\n"
#define ADD_REF D "add_ref$w(zw_b, $i, "
#define ITEMS(c) "const ::zw::items<" c "> &"
#define PACK_LIST "  $k" ADD_REF D "list$w(zw_b, zw_o.$f, $a$l));\n"

#define SCALARS(c)                                                        \
  {                                                                       \
    .type = VECTOR(c), .read = D "vector$w<" c ">(zw_t, $i$l)",           \
    .member = "  $h"                                                      \
              "std::vector<" c ">$g $f;\n",                               \
    .unpack = UNPACK("list"), .pack = PACK_LIST, .add_type = ITEMS("$p"), \
    .add = ADD_REF D "plain$w<$p>(zw_b, zw_value, $a$l))",                \
  }

/* A nested buffer, at its own alignment. */
#define BUFFER                                                                      \
  {                                                                                 \
    .type = VECTOR("uint8_t"), .read = D "vector$w<uint8_t>(zw_t, $i$l)",           \
    .member = "  $h"                                                                \
              "std::vector<uint8_t>$g $f;\n",                                       \
    .unpack = UNPACK("list"), .pack = "  $k" ADD_REF D "nested(zw_b, zw_o.$f));\n", \
    .add_type = ITEMS("uint8_t"), .add = ADD_REF D "nested(zw_b, zw_value))",       \
  }

static const cpp_form forms[ZW_FORM_COUNT] = {
    [ZW_FORM_SCALAR] = {.type = "$c",
                        .read = D "scalar<$c>(zw_t, $i, $d)",
                        .change = D "change<$c>(zw_t, $i, zw_value)",
                        .change_type = "$c ",
                        .member = "  $c $f = $d;\n",
                        .unpack = "  zw_o.$f = zw_v.$f();\n",
                        .pack = "  " D "add<$c>(zw_b, $i, zw_o.$f, $d);\n",
                        .add_type = "$c ",
                        .add = D "add<$c>(zw_b, $i, zw_value, $d)",
                        .key = "$c"},
    [ZW_FORM_OPTIONAL] = {.type = "std::optional<$c>",
                          .read = D "optional<$c>(zw_t, $i)",
                          .change = D "change<$c>(zw_t, $i, zw_value)",
                          .change_type = "$c ",
                          .member = "  std::optional<$c> $f;\n",
                          .unpack = "  zw_o.$f = zw_v.$f();\n",
                          .pack = "  " D "add_present<$c>(zw_b, $i, zw_o.$f);\n",
                          .add_type = "$c ",
                          .add = D "add_present<$c>(zw_b, $i, zw_value)"},
    [ZW_FORM_STRING] = {.type = "std::string_view",
                        .read = D "text$w(zw_t, $i$d)",
                        .member = "  $h"
                                  "std::string$g $f$D;\n",
                        .unpack = UNPACK("text"),
                        .pack = "  $k" ADD_REF D "$s"
                                "text$w(zw_b, zw_o.$f));\n",
                        .add_type = "std::string_view ",
                        .add = ADD_REF D "$s"
                                         "text$w(zw_b, zw_value))",
                        .key = "std::string_view"},
    [ZW_FORM_STRUCT] = {.type = "std::optional<$V>",
                        .read = D "structure<$V>(zw_t, $i)",
                        .change = D "change_struct<$V>(zw_t, $i, zw_value)",
                        .change_type = "const $V &",
                        .member = "  $H$V$g $f;\n",
                        .unpack = "  zw_o.$f = zw_v.$f()$u;\n",
                        .pack = "  " D "add_struct<$V>(zw_b, $i, zw_o.$f);\n",
                        .add_type = "const $V &",
                        .add = D "add_struct<$V>(zw_b, $i, zw_value)",
                        .key = "$V"},
    [ZW_FORM_TABLE] = {.type = "$V",
                       .read = "$V(zw_table_table(zw_t, $i))",
                       .member = "  std::unique_ptr<$O> $f;\n",
                       .unpack = UNPACK("child"),
                       .pack = "  " D "add_$e(zw_b, $i, " D "pack_child(zw_b, zw_o.$f));\n",
                       .add_type = "::zw::ref<$V> ",
                       .add = D "add_ref(zw_b, $i, zw_value.id)"},
    [ZW_FORM_UNION_TYPE] = {.type = "$c", .read = D "scalar<$c>(zw_t, $i, $c())"},
    [ZW_FORM_UNION] = {.type = "::zw::union_view<$c>",
                       .read = D "one_of<$c>(zw_t, $i)",
                       .member = "  ::zw::union_object<$c> $f;\n",
                       .unpack = UNPACK("union"),
                       .pack = "$K  " D "add_union<$c>(zw_b, $i, zw_o.$f);\n"},
    [ZW_FORM_OCTETS] = SCALARS("uint8_t"),
    [ZW_FORM_NESTED] = BUFFER,
    [ZW_FORM_FLEXBUFFER] = BUFFER,
    [ZW_FORM_SCALARS] = SCALARS("$c"),
    [ZW_FORM_STRINGS] = {.type = VECTOR("std::string_view"),
                         .read = D "vector<std::string_view>(zw_t, $i)",
                         .member = "  $h"
                                   "std::vector<std::string>$g $f;\n",
                         .unpack = UNPACK("list"),
                         .pack = PACK_LIST,
                         .add_type = ITEMS("std::string_view"),
                         .add = ADD_REF D "list_of_strings(zw_b, zw_value))"},
    [ZW_FORM_STRUCTS] = SCALARS("$V"),
    [ZW_FORM_TABLES] = {.type = VECTOR("$V"),
                        .read = D "vector<$V>(zw_t, $i)",
                        .member = "  $h"
                                  "std::vector<$O>$g $f;\n",
                        .unpack = UNPACK("list"),
                        .pack = PACK_LIST,
                        .add_type = ITEMS("::zw::ref<$V>"),
                        .add = ADD_REF D "list_of_tables<$V>(zw_b, zw_value))"},
    [ZW_FORM_UNION_TYPES] = {.type = VECTOR("$c"), .read = D "vector<$c>(zw_t, $i)"},
    [ZW_FORM_UNIONS] = {.type = VECTOR("::zw::union_view<$c>"),
                        .read = D "some_of<$c>(zw_t, $i)",
                        .member = "  $h"
                                  "std::vector<::zw::union_object<$c>>$g $f;\n",
                        .unpack = UNPACK("list"),
                        .pack = "  $k" D "add_union_list<$c>(zw_b, $i, zw_o.$f);\n",
                        .add_type = ITEMS("::zw::union_ref<$c>"),
                        .add = D "add_unions<$c>(zw_b, $i, zw_value)"},
    [ZW_FORM_SCALAR_ARRAY] = {.type = "std::array<::zw::little<$c>, $n>",
                              .key = "std::array<::zw::little<$c>, $n>"},
    [ZW_FORM_STRUCT_ARRAY] = {.type = "std::array<$V, $n>", .key = "std::array<$V, $n>"},
};

const char *const zw_cpp_bases[ZW_T_DOUBLE + 1] = {
    "",        "uint8_t",  "bool",    "int8_t",   "uint8_t", "int16_t", "uint16_t",
    "int32_t", "uint32_t", "int64_t", "uint64_t", "float",   "double"};

/* ---- constants ---- */

zw_str zw_cpp_scalar(cpp_gen *g, unsigned base, zw_scalar value) {
  const char *name = zw_cpp_bases[base];
  if (base == ZW_T_LONG && value.i == INT64_MIN)
    return ZW_STR("(-INT64_C(9223372036854775807) - 1)");
  if (base == ZW_T_INT && value.i == INT32_MIN) return ZW_STR("(-2147483647 - 1)");
  /* A float is printed after it has become one, and may be infinite then. */
  double real = base == ZW_T_FLOAT ? (double)(float)value.d : value.d;
  if (zw_base_is_float(base) && isnan(real))
    return zw_gen_format(g->gen, "std::numeric_limits<%s>::quiet_NaN()", name);
  if (zw_base_is_float(base) && isinf(real))
    return zw_gen_format(g->gen, "%sstd::numeric_limits<%s>::infinity()", real < 0 ? "-" : "",
                         name);
  return zw_c_scalar(&g->c, base, value);
}

zw_str zw_cpp_literal(cpp_gen *g, zw_str text) {
  zw_str literal = zw_c_literal_str(&g->c, text);
  return zw_gen_format(g->gen, "%.*s, %zu", ZW_ARG(literal), text.len);
}

static zw_str preset(cpp_gen *g, const zw_field *field) {
  if (!field->enum_type) return zw_cpp_scalar(g, field->base, field->preset);
  const cpp_enum *e = zw_cpp_enum(g, field->enum_type);
  zw_str value = zw_cpp_scalar(g, field->base, field->preset);
  return zw_gen_format(g->gen, "static_cast<%.*s>(%.*s)", ZW_ARG(e->full), ZW_ARG(value));
}

/* ---- variables ---- */

/* The alignment that a vector's elements are built with. */
static unsigned alignment(const zw_field *field, enum zw_field_form form) {
  enum zw_base_type base = zw_field_scalar_base(field);
  unsigned align = base ? (unsigned)zw_base_size(base) : 4;
  if (form == ZW_FORM_STRUCTS) align = field->type->align;
  if (form == ZW_FORM_NESTED || form == ZW_FORM_FLEXBUFFER) align = 8;
  return field->align > align ? field->align : align;
}

/* What is written when: strings and vectors that are required always, strings with a default unless
 * they equal it, others by zw::maybe. */
static void presence(cpp_gen *g, const zw_field *field, zw_gen_vars *vars) {
  bool required = field->flags & ZW_F_REQUIRED;
  zw_str text = zw_gen_string_preset(g->gen, field);
  zw_str name = vars->of['f'];
  if (text.ptr) {
    zw_str literal = zw_cpp_literal(g, text);
    vars->of['D'] = zw_gen_format(g->gen, " = std::string(%.*s)", ZW_ARG(literal));
    vars->of['d'] = zw_gen_format(g->gen, ", std::string_view(%.*s)", ZW_ARG(literal));
    if (!required)
      vars->of['k'] = zw_gen_format(g->gen, "if (zw_o.%.*s != std::string_view(%.*s)) ",
                                    ZW_ARG(name), ZW_ARG(literal));
  } else if (!required) {
    vars->of['h'] = ZW_STR("::zw::maybe<");
    vars->of['g'] = ZW_STR(">");
    vars->of['H'] = ZW_STR("std::optional<");
    vars->of['k'] = zw_gen_format(g->gen, "if (zw_o.%.*s.is_written()) ", ZW_ARG(name));
  }
}

static void vector_vars(cpp_gen *g, const zw_field *field, enum zw_field_form form,
                        zw_gen_vars *vars) {
  bool far = field->flags & ZW_F_OFFSET64;
  bool wide = field->base == ZW_T_VECTOR64;
  vars->of['a'] = zw_gen_format(g->gen, "%u", alignment(field, form));
  vars->of['w'] = zw_str_of(far ? "64" : "");
  vars->of['l'] = zw_str_of(!far ? "" : wide ? ", 8" : ", 4");
  /* An octet is no bool: builders take the octets. */
  vars->of['p'] = form == ZW_FORM_STRUCTS ? vars->of['V'] : vars->of['c'];
  if (zw_field_scalar_base(field) == ZW_T_BOOL && !field->enum_type) vars->of['p'] = ZW_STR("bool");
}

const cpp_form *zw_cpp_field(cpp_gen *g, const cpp_type *of, const zw_field *field,
                             zw_gen_vars *vars) {
  enum zw_field_form form = zw_field_form(field);
  memset(vars, 0, sizeof *vars);
  if (form == ZW_FORM_NONE) return NULL;
  bool required = field->flags & ZW_F_REQUIRED;
  vars->of['T'] = of->name;
  vars->of['B'] = of->builder;
  vars->of['f'] = of->fields[field - of->type->fields];
  vars->of['i'] = zw_gen_format(g->gen, "%u", field->id);
  vars->of['n'] = zw_gen_format(g->gen, "%u", field->fixed_length);
  vars->of['c'] = field->enum_type ? zw_cpp_enum(g, field->enum_type)->full
                                   : zw_str_of(zw_cpp_bases[zw_field_scalar_base(field)]);
  if (field->type) {
    const cpp_type *child = zw_cpp_type(g, field->type);
    vars->of['V'] = child->full;
    vars->of['O'] = child->full_object;
    vars->of['u'] =
        required ? zw_gen_format(g->gen, ".value_or(%.*s())", ZW_ARG(child->full)) : ZW_STR("");
  }
  vars->of['s'] =
      zw_str_of(field->flags & ZW_F_SHARED && !(field->flags & ZW_F_OFFSET64) ? "shared_" : "");
  vars->of['e'] = zw_str_of(required ? "required" : "ref");
  if (required)
    vars->of['K'] = zw_gen_format(g->gen, "  if (!zw_o.%.*s.value.index()) zw_b.fail(ZW_EINVAL);\n",
                                  ZW_ARG(vars->of['f']));
  vector_vars(g, field, form, vars);
  presence(g, field, vars);
  if (form == ZW_FORM_SCALAR) vars->of['d'] = preset(g, field);
  /* What a 64-bit offset refers to is built as octets. */
  bool buffer = form == ZW_FORM_NESTED || form == ZW_FORM_FLEXBUFFER;
  return &forms[buffer && (field->flags & ZW_F_OFFSET64) ? ZW_FORM_OCTETS : form];
}

bool zw_cpp_member(cpp_gen *g, const zw_enum_value *value, zw_gen_vars *vars) {
  if (value->base == ZW_T_NONE) return false;
  vars->of['M'] = value->name;
  vars->of['n'] = zw_gen_format(g->gen, "%" PRId64, value->value);
  if (value->base == ZW_T_STRING) {
    vars->of['V'] = vars->of['R'] = ZW_STR("std::string_view");
    vars->of['O'] = ZW_STR("std::string");
    vars->of['A'] = ZW_STR("std::string_view ");
    vars->of['a'] = ZW_STR(D "text(zw_b, zw_value)");
    return true;
  }
  const cpp_type *type = zw_cpp_type(g, value->type);
  vars->of['V'] = vars->of['R'] = vars->of['O'] = type->full;
  if (type->type->is_struct) {
    vars->of['R'] = zw_gen_format(g->gen, "std::optional<%.*s>", ZW_ARG(type->full));
    vars->of['A'] = zw_gen_format(g->gen, "const %.*s &", ZW_ARG(type->full));
    vars->of['a'] = ZW_STR(D "lone_struct(zw_b, zw_value)");
  } else {
    vars->of['O'] = zw_gen_format(g->gen, "std::unique_ptr<%.*s>", ZW_ARG(type->full_object));
    vars->of['A'] = zw_gen_format(g->gen, "::zw::ref<%.*s> ", ZW_ARG(type->full));
    vars->of['a'] = ZW_STR("zw_value.id");
  }
  return true;
}
