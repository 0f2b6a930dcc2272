/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME_generated.pyi: the types of a generated module. What a field is in a view and in an object
 * is a table over the forms of fields. Inside a class a field hides what has its name, so Python's
 * own names are taken from modules, and a declaration that has the name of some field gets another.
 */
#include "generate_python.h"

/* $e: the scalar or enum; $V: the view of the type, $O its object; $U: views of a union's members,
 * $W their objects. */
static const struct {
  const char *view, *object;
} kinds[ZW_FORM_COUNT] = {
    [ZW_FORM_SCALAR] = {"$e", "$e"},
    [ZW_FORM_OPTIONAL] = {"_t.Optional[$e]", "_t.Optional[$e]"},
    [ZW_FORM_STRING] = {"_t.Optional[_py.str]", "_t.Optional[_py.str]"},
    [ZW_FORM_STRUCT] = {"_t.Optional[$V]", "_t.Optional[$O]"},
    [ZW_FORM_TABLE] = {"_t.Optional[$V]", "_t.Optional[$O]"},
    [ZW_FORM_UNION_TYPE] = {"$e", "$e"},
    [ZW_FORM_UNION] = {"$U", "$W"},
    [ZW_FORM_OCTETS] = {"_py.memoryview[_py.int]", "_t.Optional[_fb.Octets]"},
    [ZW_FORM_NESTED] = {"_py.memoryview[_py.int]", "_t.Union[_fb.Octets, $O, None]"},
    [ZW_FORM_FLEXBUFFER] = {"_py.memoryview[_py.int]", "_t.Optional[_fb.Octets]"},
    [ZW_FORM_SCALARS] = {"_py.memoryview[$e]", "_t.Optional[_t.List[$e]]"},
    [ZW_FORM_STRINGS] = {"_fb.Strings", "_t.Optional[_t.List[_py.str]]"},
    [ZW_FORM_STRUCTS] = {"_fb.Structs[$V]", "_t.Optional[_t.List[$O]]"},
    [ZW_FORM_TABLES] = {"_fb.Tables[$V]", "_t.Optional[_t.List[$O]]"},
    [ZW_FORM_UNION_TYPES] = {"_fb.Enums[$e]", "_t.Optional[_t.List[$e]]"},
    [ZW_FORM_UNIONS] = {"_fb.Unions[$U]", "_t.Optional[_t.List[$W]]"},
    [ZW_FORM_SCALAR_ARRAY] = {"_py.memoryview[$e]", "_t.List[$e]"},
    [ZW_FORM_STRUCT_ARRAY] = {"_fb.Structs[$V]", "_t.List[$O]"},
};

/* ---- references ---- */

/* A declaration as an annotation: `suffix` "T" is the object of a type. */
static zw_str reference(py_gen *g, const py_decl *d, const char *suffix) {
  zw_str symbol = zw_gen_format(g->gen, "%.*s%s", ZW_ARG(d->symbol), suffix);
  if (zw_str_eq(d->module, ZW_STR("zerowire")))
    return zw_gen_format(g->gen, "_fb.%.*s", ZW_ARG(symbol));
  if (d->own)
    return zw_gen_format(g->gen, "%s%.*s", zw_py_is_field(g, symbol) ? "_t_" : "", ZW_ARG(symbol));
  if (!zw_py_is_identifier(d->module)) return ZW_STR("_t.Any");
  return zw_gen_format(g->gen, "_%.*s.%.*s", ZW_ARG(d->module), ZW_ARG(symbol));
}

static void alias(py_gen *g, zw_text *out, const py_decl *d, const char *suffix) {
  zw_str symbol = zw_gen_format(g->gen, "%.*s%s", ZW_ARG(d->symbol), suffix);
  if (d->own && zw_py_is_field(g, symbol))
    zw_text_printf(out, "_t_%.*s = %.*s\n", ZW_ARG(symbol), ZW_ARG(symbol));
}

static zw_str scalar_type(py_gen *g, const zw_field *field) {
  if (field->enum_type) return reference(g, py_enum_of(g, field->enum_type), "");
  enum zw_base_type base = zw_field_scalar_base(field);
  if (base == ZW_T_BOOL) return ZW_STR("_py.bool");
  return zw_base_is_float(base) ? ZW_STR("_py.float") : ZW_STR("_py.int");
}

/* All that a union may hold. */
static zw_str union_type(py_gen *g, const zw_enum_type *type, const char *suffix) {
  zw_str all = ZW_STR("_t.Union[");
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    if (v->base == ZW_T_NONE) continue;
    zw_str member =
        v->base == ZW_T_STRING ? ZW_STR("_py.str") : reference(g, py_type_of(g, v->type), suffix);
    all = zw_gen_format(g->gen, "%.*s%.*s, ", ZW_ARG(all), ZW_ARG(member));
  }
  return zw_gen_format(g->gen, "%.*sNone]", ZW_ARG(all));
}

/* ---- fields ---- */

static void field_vars(py_gen *g, const zw_type *type, const py_decl *d, unsigned i,
                       zw_gen_vars *vars) {
  const zw_field *field = &type->fields[i];
  memset(vars, 0, sizeof *vars);
  vars->of['f'] = d->fields[i];
  vars->of['r'] = d->roots[i];
  vars->of['e'] = scalar_type(g, field);
  if (field->type) {
    vars->of['V'] = reference(g, py_type_of(g, field->type), "");
    vars->of['O'] = reference(g, py_type_of(g, field->type), "T");
  }
  enum zw_field_form form = zw_field_form(field);
  if (form == ZW_FORM_UNION || form == ZW_FORM_UNIONS) {
    vars->of['U'] = union_type(g, field->enum_type, "");
    vars->of['W'] = union_type(g, field->enum_type, "T");
  }
}

static const char *view_of(py_gen *g, const zw_field *field) {
  enum zw_field_form form = zw_field_form(field);
  if (form == ZW_FORM_STRING &&
      (field->flags & ZW_F_REQUIRED || zw_gen_string_preset(g->gen, field).ptr))
    return "_py.str";
  bool numbers = form == ZW_FORM_SCALARS || form == ZW_FORM_SCALAR_ARRAY;
  return numbers && field->enum_type ? "_fb.Enums[$e]" : kinds[form].view;
}

static void accessor(py_gen *g, zw_text *out, const zw_type *type, const py_decl *d, unsigned i) {
  const zw_field *field = &type->fields[i];
  enum zw_field_form form = zw_field_form(field);
  zw_gen_vars vars;
  field_vars(g, type, d, i, &vars);
  zw_gen_emit(out, "    @_py.property\n    def $f(self) -> ", &vars);
  zw_gen_emit(out, view_of(g, field), &vars);
  zw_text_printf(out, field->doc.len ? ":\n" : ": ...\n");
  zw_py_docstring(out, field->doc, "        ");
  if (form == ZW_FORM_SCALAR || form == ZW_FORM_OPTIONAL)
    zw_gen_emit(out, "    @$f.setter\n    def $f(self, value: $e) -> None: ...\n", &vars);
  if (form == ZW_FORM_STRUCT)
    zw_gen_emit(out, "    @$f.setter\n    def $f(self, value: _t.Union[$V, $O]) -> None: ...\n",
                &vars);
  if (vars.of['r'].ptr)
    zw_gen_emit(out,
                form == ZW_FORM_NESTED
                    ? "    @_py.property\n    def $r(self) -> _t.Optional[$V]: ...\n"
                    : "    @_py.property\n    def $r(self) -> _fb.FlexValue: ...\n",
                &vars);
}

/* `before` and `after`: around the type of each field of an object, which is $f. */
static void members(py_gen *g, zw_text *out, const zw_type *type, const py_decl *d,
                    const char *before, const char *after) {
  for (unsigned i = 0; i < type->field_count; i++) {
    enum zw_field_form form = zw_field_form(&type->fields[i]);
    zw_gen_vars vars;
    if (form == ZW_FORM_NONE) continue;
    field_vars(g, type, d, i, &vars);
    zw_gen_emit(out, before, &vars);
    zw_gen_emit(out, kinds[form].object, &vars);
    zw_gen_emit(out, after, &vars);
  }
}

static unsigned count_fields(const zw_type *type) {
  unsigned count = 0;
  for (unsigned i = 0; i < type->field_count; i++)
    count += zw_field_form(&type->fields[i]) != ZW_FORM_NONE;
  return count;
}

static void view(py_gen *g, zw_text *out, const zw_type *type, const py_decl *d) {
  zw_text_printf(out, "\nclass %.*s(_fb.%s):\n", ZW_ARG(d->symbol),
                 type->is_struct ? "Struct" : "Table");
  zw_py_docstring(out, type->doc, "    ");
  for (unsigned i = 0; i < type->field_count; i++)
    if (zw_field_form(&type->fields[i]) != ZW_FORM_NONE) accessor(g, out, type, d, i);
  zw_str object = reference(g, d, "T");
  zw_text_printf(out, "    def unpack(self) -> %.*s: ...\n", ZW_ARG(object));
}

static void object(py_gen *g, zw_text *out, const zw_type *type, const py_decl *d) {
  zw_text_printf(out, "\nclass %.*sT(_fb.Object):\n", ZW_ARG(d->symbol));
  zw_py_docstring(out, type->doc, "    ");
  members(g, out, type, d, "    $f: ", "\n");
  zw_text_printf(out, "    def __init__(_self, /%s", count_fields(type) ? ", *" : "");
  members(g, out, type, d, ", $f: ", " = ...");
  zw_text_printf(out, ") -> None: ...\n");
}

static void enumeration(py_gen *g, zw_text *out, const zw_enum_type *type, const py_decl *d) {
  zw_text_printf(out, "\nclass %.*s(_enum.%s):\n", ZW_ARG(d->symbol),
                 type->bit_flags ? "IntFlag" : "IntEnum");
  zw_py_docstring(out, type->doc, "    ");
  if (!type->value_count) zw_text_printf(out, "    pass\n");
  for (uint32_t i = 0; i < type->value_count; i++) {
    zw_str number = zw_py_number(g, type, type->values[i].value);
    zw_text_printf(out, "    %.*s = %.*s\n", ZW_ARG(d->fields[i]), ZW_ARG(number));
  }
}

void zw_py_types(py_gen *g, zw_text *out) {
  const zw_schema *schema = g->gen->from.schema;
  zw_py_head(g, out);
  zw_text_printf(out, "import builtins as _py\nimport enum as _enum\nimport typing as _t\n\n"
                      "from zerowire import flatbuf as _fb\n\n");
  zw_py_modules(g, out, "import $m as _$m  # type: ignore[import-not-found,unused-ignore]\n", true);
  for (size_t i = 0; i < schema->enum_count; i++)
    if (g->enums[i].own) enumeration(g, out, &schema->enums[i], &g->enums[i]);
  for (size_t i = 0; i < schema->type_count; i++) {
    if (!g->types[i].own) continue;
    view(g, out, &schema->types[i], &g->types[i]);
    object(g, out, &schema->types[i], &g->types[i]);
  }
  zw_text_printf(out, "\n");
  for (size_t i = 0; i < schema->enum_count; i++) alias(g, out, &g->enums[i], "");
  for (size_t i = 0; i < schema->type_count; i++) {
    alias(g, out, &g->types[i], "");
    alias(g, out, &g->types[i], "T");
  }
}
