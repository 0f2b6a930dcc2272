/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A schema's descriptors as `.fbs` text, which compiles to the same schema id.
 *
 * A compiled schema has lost the order of the text and its includes, so the text has an order of
 * its own, that flatc accepts too: enums, structs with those that they hold before them, unions,
 * tables, services. Fields stand in the order of their ids. What `zerowire.fbs` declares is
 * included.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "generate.h"
#include "schema_ast.h"

typedef struct printer {
  const zw_schema *schema;
  zw_text *out;
  zw_str space; /* the namespace that the text is in */
  size_t start; /* of the text in *out */
  bool opened;  /* a namespace has been written */
  bool included;
  zw_str hidden, hidden_from; /* the first name that cannot be said, and where */
  bool *done;                 /* structs that are written, by the index of their type */
  zw_hmap last_names;         /* of tables and structs: one that has it, or `several` */
} printer;

static char several;

typedef struct attribute_list {
  const zw_attribute *at;
  size_t count;
} attribute_list;

static void print(printer *p, const char *text) { zw_text_add(p->out, text, strlen(text)); }
static void print_str(printer *p, zw_str text) { zw_text_add_str(p->out, text); }

static void print_doc(printer *p, zw_str doc, const char *indent) {
  for (size_t at = 0; doc.ptr && at <= doc.len;) {
    const char *end = memchr(doc.ptr + at, '\n', doc.len - at);
    size_t len = end ? (size_t)(end - doc.ptr) - at : doc.len - at;
    zw_text_printf(p->out, "%s///%.*s\n", indent, (int)len, doc.ptr + at);
    at += len + 1;
  }
}

static void print_literal(zw_text *out, zw_str text) {
  zw_text_printf(out, "\"");
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (c == '"' || c == '\\')
      zw_text_printf(out, "\\%c", c);
    else if (c < 32)
      zw_text_printf(out, "\\u%04x", (unsigned)c);
    else
      zw_text_add(out, text.ptr + i, 1);
  }
  zw_text_printf(out, "\"");
}

/* Begins a declaration: its namespace, if the text is in another one, and its documentation. */
static void begin(printer *p, zw_str full, zw_str doc) {
  zw_str space = zw_gen_namespace(full);
  if (!zw_str_eq(space, p->space) || (space.len && !p->opened)) {
    if (p->out->len > p->start) print(p, "\n");
    print(p, space.len ? "namespace " : "namespace");
    print_str(p, space);
    print(p, ";\n");
    p->space = space;
    p->opened = true;
  }
  if (p->out->len > p->start) print(p, "\n");
  print_doc(p, doc, "");
}

/* Whether `name`, looked for from the namespace outward, is this declaration, whatever stands
 * before it: an enum is found before a table or struct that is nearer. */
static bool says(const printer *p, zw_str name, zw_str full) {
  char joined[2 * ZW_NAME_MAX + 2];
  bool found = false, is_enum = zw_schema_enum(p->schema, full) != NULL;
  for (zw_str space = p->space;; space = zw_gen_namespace(space)) {
    const char *dot = space.len ? "." : "";
    int n = snprintf(joined, sizeof joined, "%.*s%s%.*s", ZW_ARG(space), dot, ZW_ARG(name));
    zw_str at = {joined, (size_t)n};
    bool fits = n < (int)sizeof joined; /* else longer than any name that is declared */
    bool enumeration = fits && zw_schema_enum(p->schema, at);
    if (fits && zw_str_eq(at, full))
      found = true;
    else if (enumeration || (fits && !found && zw_schema_type(p->schema, at)))
      return false;
    if (space.len == 0 || (found && is_enum)) return found;
  }
}

/* A short name, if it is the only one of its kind: a later one of another namespace would be taken
 * for it by flatc. */
static void print_name(printer *p, zw_str full) {
  bool near = zw_str_eq(zw_gen_namespace(full), p->space);
  zw_str last = zw_gen_last(full);
  bool alone = zw_hmap_get(&p->last_names, zw_str_span(last)) != &several;
  bool shortly = near && says(p, last, full), fully = says(p, full, full);
  if (shortly && (alone || !fully)) {
    print_str(p, last);
    return;
  }
  if (!p->hidden.ptr && !fully) {
    p->hidden = full;
    p->hidden_from = p->space;
  }
  print_str(p, full);
}

/* Notes the last names of tables and structs, and which of them several have. */
static bool note_last_names(printer *p, const zw_alloc *alloc) {
  zw_hmap_init(&p->last_names, alloc);
  for (size_t i = 0; i < p->schema->type_count; i++) {
    zw_span last = zw_str_span(zw_gen_last(p->schema->types[i].name));
    void *one = (void *)(uintptr_t)&p->schema->types[i], *old = NULL;
    if (zw_hmap_set(&p->last_names, last, one, &old)) return false;
    if (old && zw_hmap_set(&p->last_names, last, &several, NULL)) return false;
  }
  return true;
}

/* ---- attributes ---- */

/* Those whose value is a number are written bare, as people do; it may have been text. */
static bool is_numeric(const zw_attribute *a) {
  bool named = zw_str_eq(a->name, ZW_STR("id")) || zw_str_eq(a->name, ZW_STR("force_align"));
  for (size_t i = 0; i < a->value.len; i++)
    if (a->value.ptr[i] < '0' || a->value.ptr[i] > '9') return false;
  return named && a->value.len > 0;
}

static bool is_bare(zw_str name) {
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return name.len > 0;
}

static void print_attribute(printer *p, const char *before, const zw_attribute *a) {
  print(p, before);
  if (is_bare(a->name))
    print_str(p, a->name);
  else
    print_literal(p->out, a->name);
  bool numeric = is_numeric(a);
  if (!numeric && zw_str_eq(a->value, ZW_STR("0"))) return;
  print(p, ": ");
  if (numeric)
    print_str(p, a->value);
  else
    print_literal(p->out, a->value);
}

/* The listed attributes and those flags that are set but not listed: a schema that was compiled
 * without the built-in ones has lost their text. */
static void print_attributes(printer *p, attribute_list list, const zw_attribute *implied,
                             size_t implied_count) {
  const char *before = " (";
  for (size_t i = 0; i < list.count; i++) {
    if (zw_str_eq(list.at[i].name, ZW_STR("zw_default"))) continue;
    print_attribute(p, before, &list.at[i]);
    before = ", ";
  }
  for (size_t i = 0; i < implied_count; i++) {
    if (zw_attribute_get(list.at, list.count, implied[i].name).ptr) continue;
    print_attribute(p, before, &implied[i]);
    before = ", ";
  }
  if (before[0] == ',') print(p, ")");
}

/* ---- fields ---- */

static const char *const words[ZW_T_VECTOR64 + 1] = {
    [ZW_T_BOOL] = "bool",   [ZW_T_BYTE] = "byte",     [ZW_T_UBYTE] = "ubyte",
    [ZW_T_SHORT] = "short", [ZW_T_USHORT] = "ushort", [ZW_T_INT] = "int",
    [ZW_T_UINT] = "uint",   [ZW_T_LONG] = "long",     [ZW_T_ULONG] = "ulong",
    [ZW_T_FLOAT] = "float", [ZW_T_DOUBLE] = "double", [ZW_T_STRING] = "string",
    [ZW_T_UTYPE] = "ubyte"};

static void print_type(printer *p, const zw_field *f) {
  unsigned base = f->element ? f->element : f->base;
  if (f->element) print(p, "[");
  if (base == ZW_T_OBJ)
    print_name(p, f->type->name);
  else if (f->enum_type)
    print_name(p, f->enum_type->name);
  else
    print(p, words[base]);
  if (f->base == ZW_T_ARRAY) zw_text_printf(p->out, ":%u", f->fixed_length);
  if (f->element) print(p, "]");
}

static void print_float(printer *p, unsigned base, double value) {
  if (isnan(value) || isinf(value)) {
    print(p, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return;
  }
  char text[40];
  int digits = base == ZW_T_FLOAT ? 9 : 17;
  snprintf(text, sizeof text, "%.*g", digits, value);
  bool whole = strcspn(text, ".e") == strlen(text);
  zw_text_printf(p->out, "%s%s", text, whole ? ".0" : "");
}

static void print_scalar(printer *p, const zw_field *f, zw_scalar value) {
  const zw_enum_value *named = f->enum_type ? zw_enum_by_value(f->enum_type, value.i) : NULL;
  if (named)
    print_str(p, named->name);
  else if (f->base == ZW_T_BOOL)
    print(p, value.i ? "true" : "false");
  else if (zw_base_is_float(f->base))
    print_float(p, f->base, value.d);
  else if (zw_base_is_signed(f->base))
    zw_text_printf(p->out, "%" PRId64, value.i);
  else
    zw_text_printf(p->out, "%" PRIu64, value.u);
}

static void print_default(printer *p, const zw_field *f) {
  zw_str text = zw_attribute_get(f->attributes, f->attribute_count, ZW_STR("zw_default"));
  if (f->flags & ZW_F_OPTIONAL) {
    print(p, " = null");
  } else if (text.ptr) {
    print(p, " = ");
    print_str(p, text);
  } else if (zw_base_is_scalar(f->base) && f->preset.u) {
    print(p, " = ");
    print_scalar(p, f, f->preset);
  }
}

static void print_field(printer *p, const zw_field *f, bool in_struct) {
  static const zw_attribute flags[] = {{{"required", 8}, {"0", 1}},
                                       {{"deprecated", 10}, {"0", 1}},
                                       {{"key", 3}, {"0", 1}},
                                       {{"offset64", 8}, {"0", 1}}};
  zw_attribute implied[4];
  size_t count = 0;
  /* A string that is a key is required without being said so. */
  bool said = !(f->flags & ZW_F_KEY);
  if ((f->flags & ZW_F_REQUIRED) && said) implied[count++] = flags[0];
  if (f->flags & ZW_F_DEPRECATED) implied[count++] = flags[1];
  if (f->flags & ZW_F_KEY) implied[count++] = flags[2];
  if ((f->flags & ZW_F_OFFSET64) && f->base != ZW_T_VECTOR64) implied[count++] = flags[3];
  print_doc(p, f->doc, "  ");
  print(p, "  ");
  print_str(p, f->name);
  print(p, ": ");
  print_type(p, f);
  if (!in_struct) print_default(p, f);
  print_attributes(p, (attribute_list){f->attributes, f->attribute_count}, implied, count);
  print(p, ";\n");
}

/* ---- declarations ---- */

/* A struct's alignment without force_align. */
static unsigned natural_align(const zw_type *type) {
  size_t align = 1;
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *m = &type->fields[i];
    unsigned base = m->element ? m->element : m->base;
    size_t own = base == ZW_T_OBJ ? m->type->align : zw_base_size((enum zw_base_type)base);
    if (own > align) align = own;
  }
  return (unsigned)align;
}

static void print_object(printer *p, const zw_type *type) {
  char align[16];
  snprintf(align, sizeof align, "%u", type->align);
  zw_attribute forced = {ZW_STR("force_align"), zw_str_of(align)};
  bool is_forced = type->is_struct && type->align != natural_align(type);
  begin(p, type->name, type->doc);
  print(p, type->is_struct ? "struct " : "table ");
  print_str(p, zw_gen_last(type->name));
  print_attributes(p, (attribute_list){type->attributes, type->attribute_count}, &forced,
                   is_forced);
  print(p, type->field_count ? " {\n" : " {");
  for (unsigned i = 0; i < type->field_count; i++)
    if (!zw_field_is_union_type(&type->fields[i]))
      print_field(p, &type->fields[i], type->is_struct);
  print(p, "}\n");
}

/* The structs that it holds come first. They do not hold each other, so this ends. */
static void print_struct(printer *p, const zw_type *type) {
  bool *done = &p->done[type - p->schema->types];
  if (*done) return;
  *done = true;
  for (unsigned i = 0; i < type->field_count; i++)
    if (type->fields[i].type) print_struct(p, type->fields[i].type);
  print_object(p, type);
}

static void print_number(printer *p, const zw_enum_type *e, int64_t value) {
  int bit = 0;
  if (!e->bit_flags && e->base == ZW_T_ULONG)
    zw_text_printf(p->out, " = %" PRIu64, (uint64_t)value);
  else if (!e->bit_flags)
    zw_text_printf(p->out, " = %" PRId64, value);
  for (; e->bit_flags && bit < 63 && !((uint64_t)value >> bit & 1);) bit++;
  if (e->bit_flags) zw_text_printf(p->out, " = %d", bit);
}

/* A member under another name than its type's, or from another namespace, says its type. */
static void print_member(printer *p, const zw_enum_value *v) {
  print_str(p, v->name);
  bool own = v->type && zw_str_eq(zw_gen_namespace(v->type->name), p->space) &&
             zw_str_eq(zw_gen_last(v->type->name), v->name) &&
             zw_hmap_get(&p->last_names, zw_str_span(v->name)) != &several;
  if (own) return;
  print(p, ": ");
  if (v->type)
    print_name(p, v->type->name);
  else
    print(p, "string");
}

static void print_enum(printer *p, const zw_enum_type *e) {
  bool bare = e->is_union && e->base == ZW_T_UTYPE;
  zw_attribute flag = {ZW_STR("bit_flags"), ZW_STR("0")};
  begin(p, e->name, e->doc);
  print(p, e->is_union ? "union " : "enum ");
  print_str(p, zw_gen_last(e->name));
  if (!bare) zw_text_printf(p->out, " : %s", words[e->base]);
  print_attributes(p, (attribute_list){e->attributes, e->attribute_count}, &flag, e->bit_flags);
  print(p, " {\n");
  for (uint32_t i = 0; i < e->value_count; i++) {
    const zw_enum_value *v = &e->values[i];
    if (e->is_union && v->base == ZW_T_NONE) continue;
    print_doc(p, v->doc, "  ");
    print(p, "  ");
    if (e->is_union)
      print_member(p, v);
    else
      print_str(p, v->name);
    if (!e->is_union || v->value != (int64_t)i) print_number(p, e, v->value);
    print_attributes(p, (attribute_list){v->attributes, v->attribute_count}, NULL, 0);
    print(p, ",\n");
  }
  print(p, "}\n");
}

static void print_service(printer *p, const zw_service *s) {
  begin(p, s->name, s->doc);
  print(p, "rpc_service ");
  print_str(p, zw_gen_last(s->name));
  print_attributes(p, (attribute_list){s->attributes, s->attribute_count}, NULL, 0);
  print(p, " {\n");
  for (size_t i = 0; i < s->method_count; i++) {
    const zw_method *m = &s->methods[i];
    print_doc(p, m->doc, "  ");
    print(p, "  ");
    print_str(p, m->name);
    print(p, " (");
    print_name(p, m->request->name);
    print(p, "): ");
    print_name(p, m->response->name);
    print_attributes(p, (attribute_list){m->attributes, m->attribute_count}, NULL, 0);
    print(p, ";\n");
  }
  print(p, "}\n");
}

/* ---- the whole ---- */

typedef struct name_set {
  zw_hmap names; /* those that are declared */
  zw_text *out;
  bool included; /* zerowire.fbs declares its own */
  bool failed;
} name_set;

/* Writes a declaration for each attribute's name, once. */
static void declare(name_set *set, const zw_attribute *attributes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    zw_str name = attributes[i].name;
    if (zw_attribute_is_builtin(name) || zw_str_eq(name, ZW_STR("zw_default"))) continue;
    if ((set->included && zw_attribute_is_ours(name)) ||
        zw_hmap_get(&set->names, zw_str_span(name)))
      continue;
    if (zw_hmap_set(&set->names, zw_str_span(name), set, NULL)) set->failed = true;
    zw_text_printf(set->out, "attribute ");
    print_literal(set->out, name);
    zw_text_printf(set->out, ";\n");
  }
}

static void declare_all(const zw_schema *s, name_set *set) {
  for (size_t i = 0; i < s->type_count; i++) {
    const zw_type *t = &s->types[i];
    declare(set, t->attributes, t->attribute_count);
    for (unsigned k = 0; k < t->field_count; k++)
      declare(set, t->fields[k].attributes, t->fields[k].attribute_count);
  }
  for (size_t i = 0; i < s->enum_count; i++) {
    const zw_enum_type *e = &s->enums[i];
    declare(set, e->attributes, e->attribute_count);
    for (uint32_t k = 0; k < e->value_count; k++)
      declare(set, e->values[k].attributes, e->values[k].attribute_count);
  }
  for (size_t i = 0; i < s->service_count; i++) {
    declare(set, s->services[i].attributes, s->services[i].attribute_count);
    for (size_t k = 0; k < s->services[i].method_count; k++)
      declare(set, s->services[i].methods[k].attributes, s->services[i].methods[k].attribute_count);
  }
}

static void print_head(printer *p, name_set *set) {
  const zw_type *nothing = zw_schema_type(p->schema, ZW_STR("Void"));
  p->included = set->included = nothing && zw_gen_is_void(nothing);
  if (p->included) print(p, "include \"zerowire.fbs\";\n");
  declare_all(p->schema, set);
}

static void print_declarations(printer *p) {
  const zw_schema *s = p->schema;
  for (size_t i = 0; i < s->enum_count; i++)
    if (!s->enums[i].is_union) print_enum(p, &s->enums[i]);
  for (size_t i = 0; i < s->type_count; i++)
    if (s->types[i].is_struct) print_struct(p, &s->types[i]);
  for (size_t i = 0; i < s->enum_count; i++)
    if (s->enums[i].is_union) print_enum(p, &s->enums[i]);
  for (size_t i = 0; i < s->type_count; i++)
    if (!s->types[i].is_struct && !(p->included && zw_gen_is_void(&s->types[i])))
      print_object(p, &s->types[i]);
  for (size_t i = 0; i < s->service_count; i++) print_service(p, &s->services[i]);
}

static void print_tail(printer *p) {
  const zw_schema *s = p->schema;
  if (s->root || s->identifier.len || s->extension.len) print(p, "\n");
  if (s->root) {
    print(p, "root_type ");
    print_name(p, s->root->name);
    print(p, ";\n");
  }
  if (s->identifier.len) {
    print(p, "file_identifier ");
    print_literal(p->out, s->identifier);
    print(p, ";\n");
  }
  if (s->extension.len) {
    print(p, "file_extension ");
    print_literal(p->out, s->extension);
    print(p, ";\n");
  }
}

int zw_schema_print(const zw_schema *schema, const zw_alloc *alloc, zw_text *out, zw_diag *diag) {
  if (!alloc) alloc = zw_alloc_default();
  size_t size = schema->type_count * sizeof(bool);
  printer p = {.schema = schema, .out = out, .start = out->len};
  name_set set = {.out = out};
  p.done = size ? zw_alloc_get(alloc, size) : NULL;
  if (size && !p.done) return zw_fail(diag, ZW_ENOMEM, "out of memory");
  if (size) memset(p.done, 0, size);
  zw_hmap_init(&set.names, alloc);
  set.failed = !note_last_names(&p, alloc);
  print_head(&p, &set);
  print_declarations(&p);
  print_tail(&p);
  zw_hmap_deinit(&p.last_names);
  zw_hmap_deinit(&set.names);
  zw_alloc_free(alloc, p.done, size);
  if (set.failed || out->error) return set.failed ? ZW_ENOMEM : out->error;
  if (!p.hidden.ptr) return 0;
  return zw_fail(diag, ZW_ENOTSUP,
                 "%.*s cannot be named in namespace %.*s, which has a declaration that hides it",
                 ZW_ARG(p.hidden), ZW_ARG(p.hidden_from));
}
