/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptors of the whole schema, included files' too, as constant data in C or C++: what
 * zw_schema_load would make of the `.bfbs`, and the `.bfbs` itself. Attributes, fields, values and
 * methods stand in one array each, in the order in which they are referred to.
 *
 * Members are in the order of flatbuf.h. C names those that are not zero; C++17 has no names for
 * them, so all are written, and a real number is given by its bits.
 */
#include <inttypes.h>

#include "generate_c.h"

typedef struct writer {
  c_gen *g;
  zw_text *out;
  bool cpp;
  zw_str prefix; /* of what other files see */
  /* How many elements of each array are behind us. */
  size_t attributes, fields, blocks, values, methods;
} writer;

/* An array of this file's own, which stands if it has an element. */
typedef struct list {
  const char *type, *name;
  bool open;
} list;

static void begin(writer *w, list *l) {
  if (!l->open)
    zw_text_printf(w->out, "\n%s const %s %s[] = {\n", w->cpp ? "inline" : "static", l->type,
                   l->name);
  l->open = true;
  zw_text_printf(w->out, "    {");
}

static void end(writer *w) { zw_text_printf(w->out, "},\n"); }

static void close(writer *w, const list *l) {
  if (l->open) zw_text_printf(w->out, "};\n");
}

/* Begins something that other files see: "inline const zw_type types". */
static void begin_shared(writer *w, const char *type, const char *name) {
  zw_text_printf(w->out, "\n%sconst %s %.*s%s", w->cpp ? "inline " : "", type, ZW_ARG(w->prefix),
                 name);
}

/* ---- members ---- */

/* Whether a value follows: one that is zero is left out, or written as `none`. */
static bool member(writer *w, const char *name, bool zero, const char *none) {
  if (w->cpp && zero) zw_text_printf(w->out, "%s, ", none);
  if (!w->cpp && !zero) zw_text_printf(w->out, ".%s = ", name);
  return !zero;
}

static void number(writer *w, const char *name, uint64_t value) {
  if (member(w, name, !value, "0")) zw_text_printf(w->out, "%" PRIu64 ", ", value);
}

static void flag(writer *w, const char *name, bool value) {
  if (member(w, name, !value, "false")) zw_text_printf(w->out, "true, ");
}

static void base(writer *w, const char *name, unsigned value) {
  if (member(w, name, !value, "0")) zw_text_printf(w->out, "%s, ", zw_c_bases[value].name);
}

static void string(writer *w, const char *name, zw_str text) {
  if (!member(w, name, !text.ptr, "{nullptr, 0}")) return;
  zw_text_printf(w->out, "{");
  zw_c_literal(w->out, text);
  zw_text_printf(w->out, ", %zu}, ", text.len);
}

static void pointer(writer *w, const char *name, const char *array, bool there, size_t index) {
  if (member(w, name, !there, "nullptr")) zw_text_printf(w->out, "&%s[%zu], ", array, index);
}

static void type_pointer(writer *w, const char *name, const zw_type *type) {
  if (member(w, name, !type, "nullptr"))
    zw_text_printf(w->out, "&%.*stypes[%zu], ", ZW_ARG(w->prefix),
                   (size_t)(type - w->g->gen->from.schema->types));
}

static void enum_pointer(writer *w, const char *name, const zw_enum_type *type) {
  if (member(w, name, !type, "nullptr"))
    zw_text_printf(w->out, "&%.*senums[%zu], ", ZW_ARG(w->prefix),
                   (size_t)(type - w->g->gen->from.schema->enums));
}

static void schema_id(writer *w, const char *name) {
  member(w, name, false, NULL);
  zw_gen_schema_id(w->out, w->g->gen->from.schema->id);
  zw_text_printf(w->out, ", ");
}

static void integer(writer *w, const char *name, int64_t value) {
  if (!member(w, name, !value, "0")) return;
  if (value == INT64_MIN)
    zw_text_printf(w->out, "INT64_MIN, ");
  else if (value > INT32_MAX || value < INT32_MIN)
    zw_text_printf(w->out, "INT64_C(%" PRId64 "), ", value);
  else
    zw_text_printf(w->out, "%" PRId64 ", ", value);
}

/* ---- attributes ---- */

static void attribute_list(writer *w, list *l, const zw_attribute *attributes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    begin(w, l);
    string(w, "name", attributes[i].name);
    string(w, "value", attributes[i].value);
    end(w);
  }
}

static void attributes(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  list l = {"zw_attribute", "attributes", false};
  for (size_t i = 0; i < s->type_count; i++) {
    const zw_type *t = &s->types[i];
    attribute_list(w, &l, t->attributes, t->attribute_count);
    for (unsigned k = 0; k < t->field_count; k++)
      attribute_list(w, &l, t->fields[k].attributes, t->fields[k].attribute_count);
  }
  for (size_t i = 0; i < s->enum_count; i++) /* values are written before enums */
    for (uint32_t k = 0; k < s->enums[i].value_count; k++)
      attribute_list(w, &l, s->enums[i].values[k].attributes,
                     s->enums[i].values[k].attribute_count);
  for (size_t i = 0; i < s->enum_count; i++)
    attribute_list(w, &l, s->enums[i].attributes, s->enums[i].attribute_count);
  for (size_t i = 0; i < s->service_count; i++) {
    const zw_service *service = &s->services[i];
    attribute_list(w, &l, service->attributes, service->attribute_count);
    for (size_t k = 0; k < service->method_count; k++)
      attribute_list(w, &l, service->methods[k].attributes, service->methods[k].attribute_count);
  }
  close(w, &l);
}

static void attribute_range(writer *w, size_t count) {
  pointer(w, "attributes", "attributes", count > 0, w->attributes);
  number(w, "attribute_count", count);
  w->attributes += count;
}

/* What only loaded schemas have. */
static void texts(writer *w, bool file) {
  string(w, "doc", (zw_str){NULL, 0});
  if (file) string(w, "declaration_file", (zw_str){NULL, 0});
}

/* ---- types ---- */

static const char *const flags[] = {"REQUIRED",   "DEPRECATED", "OPTIONAL", "KEY",
                                    "TIMESTAMP",  "KWARG",      "UUID",     "NESTED",
                                    "FLEXBUFFER", "SHARED",     "OFFSET64"};
_Static_assert(ZW_F_REQUIRED == 1 && ZW_F_OFFSET64 == 1 << 10, "the order of enum zw_field_flag");

static void field_flags(writer *w, uint32_t set) {
  const char *before = "";
  if (!member(w, "flags", !set, "0")) return;
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    if (!(set >> i & 1)) continue;
    zw_text_printf(w->out, "%sZW_F_%s", before, flags[i]);
    before = " | ";
  }
  zw_text_printf(w->out, ", ");
}

static void hash(writer *w, unsigned value) {
  static const char *const names[] = {"",         "FNV1_16", "FNV1A_16", "FNV1_32",
                                      "FNV1A_32", "FNV1_64", "FNV1A_64"};
  if (member(w, "hash", !value, "0")) zw_text_printf(w->out, "ZW_HASH_%s, ", names[value]);
}

static void preset(writer *w, const zw_field *f) {
  bool given = zw_base_is_scalar(f->base) && f->preset.u;
  if (!member(w, "preset", !given, "{0}")) return;
  if (w->cpp) {
    zw_text_printf(w->out, "{");
    integer(w, NULL, f->preset.i);
    zw_text_printf(w->out, "}, ");
  } else {
    zw_str value = zw_c_scalar(w->g, f->base, f->preset);
    zw_text_printf(w->out, "{.%c = %.*s}, ", zw_c_bases[f->base].member, ZW_ARG(value));
  }
}

static void field(writer *w, list *l, const zw_field *f) {
  begin(w, l);
  string(w, "name", f->name);
  type_pointer(w, "type", f->type);
  enum_pointer(w, "enum_type", f->enum_type);
  preset(w, f);
  base(w, "base", f->base);
  base(w, "element", f->element);
  number(w, "id", f->id);
  number(w, "fixed_length", f->fixed_length);
  number(w, "offset", f->offset);
  field_flags(w, f->flags);
  hash(w, f->hash);
  number(w, "align", f->align);
  string(w, "preset_text", f->preset_text);
  attribute_range(w, f->attribute_count);
  texts(w, false);
  end(w);
}

static void by_name(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  zw_text_printf(w->out, "\n%s const uint16_t by_name[] = {", w->cpp ? "inline" : "static");
  for (size_t i = 0; i < s->type_count; i++) {
    zw_text_printf(w->out, "\n   ");
    for (unsigned k = 0; k < s->types[i].field_count; k++)
      zw_text_printf(w->out, " %u,", s->types[i].by_name[k]);
  }
  zw_text_printf(w->out, "\n};\n");
}

static void lanes(writer *w, const uint16_t values[ZW_SLOTS_LANES]) {
  zw_text_printf(w->out, "{");
  for (unsigned i = 0; i < ZW_SLOTS_LANES; i++)
    zw_text_printf(w->out, "%s%u", i ? ", " : "", values[i]);
  zw_text_printf(w->out, "}, ");
}

static unsigned block_count(const zw_type *t) {
  return t->slots ? (t->field_count + ZW_SLOTS_LANES - 1u) / ZW_SLOTS_LANES : 0;
}

static void slots(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  list l = {"zw_slots", "slots", false};
  for (size_t i = 0; i < s->type_count; i++) {
    for (unsigned k = 0; k < block_count(&s->types[i]); k++) {
      const zw_slots *block = &s->types[i].slots[k];
      begin(w, &l);
      lanes(w, block->size);
      lanes(w, block->align);
      lanes(w, block->required);
      zw_text_printf(w->out, "%u, %u, %u", block->align_max, block->strings, block->others);
      end(w);
    }
  }
  close(w, &l);
}

static void type(writer *w, const zw_type *t) {
  zw_text_printf(w->out, "    {");
  string(w, "name", t->name);
  pointer(w, "fields", "fields", t->field_count > 0, w->fields);
  pointer(w, "by_name", "by_name", t->field_count > 0, w->fields);
  pointer(w, "slots", "slots", t->slots != NULL, w->blocks);
  number(w, "field_count", t->field_count);
  flag(w, "is_struct", t->is_struct);
  number(w, "align", t->align);
  number(w, "size", t->size);
  attribute_range(w, t->attribute_count);
  texts(w, true);
  member(w, "schema", false, NULL);
  zw_text_printf(w->out, "&%.*sschema", ZW_ARG(w->prefix));
  end(w);
  w->fields += t->field_count;
  w->blocks += block_count(t);
}

/* Adds what has been written to a text of its own, which is freed. */
static void append(writer *w, zw_text *own) {
  zw_text_add_str(w->out, zw_text_str(own));
  zw_text_printf(w->out, "};\n");
  if (own->error) w->g->gen->no_memory = true;
  zw_text_deinit(own);
}

/* The attributes of a type and of its fields follow each other, so fields and types are written in
 * one walk: types into a text of their own. */
static void types(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  zw_text *out = w->out, own;
  list l = {"zw_field", "fields", false};
  if (!s->type_count) return;
  zw_text_init(&own, w->g->gen->from.alloc);
  for (size_t i = 0; i < s->type_count; i++) {
    w->out = &own;
    type(w, &s->types[i]);
    w->out = out;
    for (unsigned k = 0; k < s->types[i].field_count; k++) field(w, &l, &s->types[i].fields[k]);
  }
  close(w, &l);
  if (w->fields) by_name(w);
  slots(w);
  begin_shared(w, "zw_type", "types");
  zw_text_printf(w->out, "[%zu] = {\n", s->type_count);
  append(w, &own);
}

/* ---- enums ---- */

static void values(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  list l = {"zw_enum_value", "values", false};
  for (size_t i = 0; i < s->enum_count; i++) {
    for (uint32_t k = 0; k < s->enums[i].value_count; k++) {
      const zw_enum_value *v = &s->enums[i].values[k];
      begin(w, &l);
      string(w, "name", v->name);
      integer(w, "value", v->value);
      type_pointer(w, "type", v->type);
      base(w, "base", v->base);
      texts(w, false);
      attribute_range(w, v->attribute_count);
      end(w);
    }
  }
  close(w, &l);
}

static void enums(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  if (!s->enum_count) return;
  values(w);
  begin_shared(w, "zw_enum_type", "enums");
  zw_text_printf(w->out, "[%zu] = {\n", s->enum_count);
  for (size_t i = 0; i < s->enum_count; i++) {
    const zw_enum_type *e = &s->enums[i];
    zw_text_printf(w->out, "    {");
    string(w, "name", e->name);
    pointer(w, "values", "values", e->value_count > 0, w->values);
    number(w, "value_count", e->value_count);
    base(w, "base", e->base);
    flag(w, "is_union", e->is_union);
    flag(w, "bit_flags", e->bit_flags);
    attribute_range(w, e->attribute_count);
    texts(w, true);
    end(w);
    w->values += e->value_count;
  }
  zw_text_printf(w->out, "};\n");
}

/* ---- services ---- */

static void method(writer *w, list *l, const zw_method *m) {
  begin(w, l);
  string(w, "name", m->name);
  type_pointer(w, "request", m->request);
  type_pointer(w, "response", m->response);
  attribute_range(w, m->attribute_count);
  texts(w, false);
  end(w);
}

static void services(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  zw_text *out = w->out, own;
  list methods = {"zw_method", "methods", false}, l = {"zw_service", "services", false};
  if (!s->service_count) return;
  zw_text_init(&own, w->g->gen->from.alloc);
  for (size_t i = 0; i < s->service_count; i++) {
    const zw_service *service = &s->services[i];
    w->out = &own;
    begin(w, &l);
    string(w, "name", service->name);
    pointer(w, "methods", "methods", service->method_count > 0, w->methods);
    number(w, "method_count", service->method_count);
    attribute_range(w, service->attribute_count);
    texts(w, true);
    end(w);
    w->out = out;
    for (size_t k = 0; k < service->method_count; k++) method(w, &methods, &service->methods[k]);
    w->methods += service->method_count;
  }
  close(w, &methods);
  append(w, &own);
}

/* ---- the schema ---- */

static void octets(writer *w, zw_span bytes) {
  if (!bytes.len) return;
  zw_text_printf(w->out, "\n/* The compiled schema. */\n%s const uint8_t bfbs[] = {",
                 w->cpp ? "alignas(8) inline" : "static _Alignas(8)");
  zw_gen_octets(w->out, bytes);
  zw_text_printf(w->out, "\n};\n");
}

/* An array that the schema begins with. */
static void whole(writer *w, const char *name, const char *count_name, zw_str prefix,
                  size_t count) {
  if (member(w, name, !count, "nullptr")) zw_text_printf(w->out, "%.*s%s, ", ZW_ARG(prefix), name);
  number(w, count_name, count);
}

static void schema(writer *w) {
  const zw_schema *s = w->g->gen->from.schema;
  begin_shared(w, "zw_stamp", "stamp = {");
  number(w, "abi", ZW_ABI);
  member(w, "compiler", false, NULL);
  zw_text_printf(w->out, "\"%s\", ", ZW_VERSION_STRING);
  schema_id(w, "schema_id");
  zw_text_printf(w->out, "};\n");
  begin_shared(w, "zw_schema", "schema = {\n    ");
  whole(w, "types", "type_count", w->prefix, s->type_count);
  whole(w, "enums", "enum_count", w->prefix, s->enum_count);
  whole(w, "services", "service_count", ZW_STR(""), s->service_count);
  type_pointer(w, "root", s->root);
  string(w, "identifier", s->identifier);
  string(w, "extension", s->extension);
  schema_id(w, "id");
  if (member(w, "bfbs", !s->bfbs.len, "{nullptr, 0}"))
    zw_text_printf(w->out, "{bfbs, sizeof bfbs}");
  zw_text_printf(w->out, "};\n");
}

void zw_c_descriptors(c_gen *g, zw_text *out, bool cpp, zw_str prefix) {
  writer w = {.g = g, .out = out, .cpp = cpp, .prefix = prefix};
  attributes(&w);
  types(&w);
  enums(&w);
  services(&w);
  octets(&w, g->gen->from.schema->bfbs);
  schema(&w);
}
