/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME_generated.c: the descriptors of the whole schema, included files' too, as constant data that
 * zw_schema_load would make of the `.bfbs`, and the `.bfbs` itself. Attributes, fields, values and
 * methods stand in one array each, in the order in which they are referred to.
 */
#include <inttypes.h>

#include "generate_c.h"

/* How many elements of each array are behind us. */
typedef struct cursors {
  size_t attributes, fields, blocks, values, methods;
} cursors;

static void string(zw_text *out, const char *label, zw_str text) {
  if (!text.ptr) return;
  zw_text_printf(out, ".%s = S(", label);
  zw_c_literal(out, text);
  zw_text_printf(out, "), ");
}

static void type_pointer(c_gen *g, zw_text *out, const char *label, const zw_type *type) {
  if (type)
    zw_text_printf(out, ".%s = &%.*s_types[%zu], ", label, ZW_ARG(g->name),
                   (size_t)(type - g->gen->from.schema->types));
}

/* ---- attributes: the same walk writes them and counts them ---- */

typedef void attribute_list(void *ctx, const zw_attribute *attributes, size_t count);

static void each_list(const zw_schema *s, attribute_list *list, void *ctx) {
  for (size_t i = 0; i < s->type_count; i++) {
    const zw_type *t = &s->types[i];
    list(ctx, t->attributes, t->attribute_count);
    for (unsigned k = 0; k < t->field_count; k++)
      list(ctx, t->fields[k].attributes, t->fields[k].attribute_count);
  }
  for (size_t i = 0; i < s->enum_count; i++)
    list(ctx, s->enums[i].attributes, s->enums[i].attribute_count);
  for (size_t i = 0; i < s->service_count; i++) {
    const zw_service *service = &s->services[i];
    list(ctx, service->attributes, service->attribute_count);
    for (size_t k = 0; k < service->method_count; k++)
      list(ctx, service->methods[k].attributes, service->methods[k].attribute_count);
  }
}

static void write_list(void *ctx, const zw_attribute *attributes, size_t count) {
  zw_text *out = ctx;
  for (size_t i = 0; i < count; i++) {
    zw_text_printf(out, "    {");
    string(out, "name", attributes[i].name);
    string(out, "value", attributes[i].value);
    zw_text_printf(out, "},\n");
  }
}

static void count_list(void *ctx, const zw_attribute *attributes, size_t count) {
  (void)attributes;
  *(size_t *)ctx += count;
}

static void attributes(c_gen *g, zw_text *out) {
  size_t count = 0;
  each_list(g->gen->from.schema, count_list, &count);
  if (!count) return;
  zw_text_printf(out, "\nstatic const zw_attribute attributes[] = {\n");
  each_list(g->gen->from.schema, write_list, out);
  zw_text_printf(out, "};\n");
}

static void attribute_range(zw_text *out, cursors *at, size_t count) {
  if (!count) return;
  zw_text_printf(out, ".attributes = &attributes[%zu], .attribute_count = %zu, ", at->attributes,
                 count);
  at->attributes += count;
}

/* ---- enums ---- */

static void value(c_gen *g, zw_text *out, const zw_enum_value *v, bool is_union) {
  zw_text_printf(out, "    {");
  string(out, "name", v->name);
  if (v->value == INT64_MIN)
    zw_text_printf(out, ".value = INT64_MIN, ");
  else if (v->value)
    zw_text_printf(out, ".value = INT64_C(%" PRId64 "), ", v->value);
  if (is_union && v->base) zw_text_printf(out, ".base = %s, ", zw_c_bases[v->base].name);
  type_pointer(g, out, "type", v->type);
  zw_text_printf(out, "},\n");
}

static void enums(c_gen *g, zw_text *out, cursors *at) {
  const zw_schema *s = g->gen->from.schema;
  if (!s->enum_count) return;
  zw_text_printf(out, "\nstatic const zw_enum_value values[] = {\n");
  for (size_t i = 0; i < s->enum_count; i++)
    for (uint32_t k = 0; k < s->enums[i].value_count; k++)
      value(g, out, &s->enums[i].values[k], s->enums[i].is_union);
  zw_text_printf(out, "};\n\nconst zw_enum_type %.*s_enums[%zu] = {\n", ZW_ARG(g->name),
                 s->enum_count);
  for (size_t i = 0; i < s->enum_count; i++) {
    const zw_enum_type *e = &s->enums[i];
    zw_text_printf(out, "    {");
    string(out, "name", e->name);
    zw_text_printf(out, ".values = &values[%zu], .value_count = %u, .base = %s, ", at->values,
                   e->value_count, zw_c_bases[e->base].name);
    if (e->is_union) zw_text_printf(out, ".is_union = true, ");
    if (e->bit_flags) zw_text_printf(out, ".bit_flags = true, ");
    attribute_range(out, at, e->attribute_count);
    zw_text_printf(out, "},\n");
    at->values += e->value_count;
  }
  zw_text_printf(out, "};\n");
}

/* ---- types ---- */

static const struct {
  uint32_t flag;
  const char *name;
} flags[] = {{ZW_F_REQUIRED, "ZW_F_REQUIRED"},
             {ZW_F_DEPRECATED, "ZW_F_DEPRECATED"},
             {ZW_F_OPTIONAL, "ZW_F_OPTIONAL"},
             {ZW_F_KEY, "ZW_F_KEY"},
             {ZW_F_TIMESTAMP, "ZW_F_TIMESTAMP"},
             {ZW_F_KWARG, "ZW_F_KWARG"},
             {ZW_F_UUID, "ZW_F_UUID"},
             {ZW_F_NESTED, "ZW_F_NESTED"},
             {ZW_F_FLEXBUFFER, "ZW_F_FLEXBUFFER"},
             {ZW_F_SHARED, "ZW_F_SHARED"},
             {ZW_F_OFFSET64, "ZW_F_OFFSET64"}};

static const char *const hashes[] = {
    [ZW_HASH_FNV1_16] = "ZW_HASH_FNV1_16", [ZW_HASH_FNV1A_16] = "ZW_HASH_FNV1A_16",
    [ZW_HASH_FNV1_32] = "ZW_HASH_FNV1_32", [ZW_HASH_FNV1A_32] = "ZW_HASH_FNV1A_32",
    [ZW_HASH_FNV1_64] = "ZW_HASH_FNV1_64", [ZW_HASH_FNV1A_64] = "ZW_HASH_FNV1A_64"};

static void field_flags(zw_text *out, uint32_t set) {
  const char *before = ".flags = ";
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    if (!(set & flags[i].flag)) continue;
    zw_text_printf(out, "%s%s", before, flags[i].name);
    before = " | ";
  }
  if (set) zw_text_printf(out, ", ");
}

static void field(c_gen *g, zw_text *out, const zw_field *f, cursors *at) {
  zw_text_printf(out, "    {");
  string(out, "name", f->name);
  type_pointer(g, out, "type", f->type);
  if (f->enum_type)
    zw_text_printf(out, ".enum_type = &%.*s_enums[%zu], ", ZW_ARG(g->name),
                   (size_t)(f->enum_type - g->gen->from.schema->enums));
  if (zw_base_is_scalar(f->base) && f->preset.u) {
    zw_str preset = zw_c_scalar(g, f->base, f->preset);
    zw_text_printf(out, ".preset = {.%c = %.*s}, ", zw_c_bases[f->base].member, ZW_ARG(preset));
  }
  zw_text_printf(out, ".base = %s, ", zw_c_bases[f->base].name);
  if (f->element) zw_text_printf(out, ".element = %s, ", zw_c_bases[f->element].name);
  zw_text_printf(out, ".id = %u, ", f->id);
  if (f->fixed_length) zw_text_printf(out, ".fixed_length = %u, ", f->fixed_length);
  zw_text_printf(out, ".offset = %u, ", f->offset);
  field_flags(out, f->flags);
  if (f->hash) zw_text_printf(out, ".hash = %s, ", hashes[f->hash]);
  if (f->align) zw_text_printf(out, ".align = %u, ", f->align);
  string(out, "preset_text", f->preset_text);
  attribute_range(out, at, f->attribute_count);
  zw_text_printf(out, "},\n");
}

static void by_name(c_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  zw_text_printf(out, "\nstatic const uint16_t by_name[] = {");
  for (size_t i = 0; i < s->type_count; i++) {
    zw_text_printf(out, "\n   ");
    for (unsigned k = 0; k < s->types[i].field_count; k++)
      zw_text_printf(out, " %u,", s->types[i].by_name[k]);
  }
  zw_text_printf(out, "\n};\n");
}

static void lanes(zw_text *out, const uint16_t values[ZW_SLOTS_LANES]) {
  zw_text_printf(out, "{");
  for (unsigned i = 0; i < ZW_SLOTS_LANES; i++)
    zw_text_printf(out, "%s%u", i ? ", " : "", values[i]);
  zw_text_printf(out, "}, ");
}

static unsigned block_count(const zw_type *t) {
  return t->slots ? (t->field_count + ZW_SLOTS_LANES - 1u) / ZW_SLOTS_LANES : 0;
}

static void slots(zw_text *out, const zw_schema *s) {
  size_t blocks = 0;
  for (size_t i = 0; i < s->type_count; i++) blocks += block_count(&s->types[i]);
  if (blocks) zw_text_printf(out, "\nstatic const zw_slots slots[] = {\n");
  for (size_t i = 0; i < s->type_count; i++) {
    for (unsigned k = 0; k < block_count(&s->types[i]); k++) {
      const zw_slots *block = &s->types[i].slots[k];
      zw_text_printf(out, "    {");
      lanes(out, block->size);
      lanes(out, block->align);
      lanes(out, block->required);
      zw_text_printf(out, "%u, %u, %u},\n", block->align_max, block->strings, block->others);
    }
  }
  if (blocks) zw_text_printf(out, "};\n");
}

static void type(c_gen *g, zw_text *out, const zw_type *t, cursors *at) {
  zw_text_printf(out, "    {");
  string(out, "name", t->name);
  if (t->field_count)
    zw_text_printf(out, ".fields = &fields[%zu], .by_name = &by_name[%zu], .field_count = %u, ",
                   at->fields, at->fields, t->field_count);
  if (t->slots) zw_text_printf(out, ".slots = &slots[%zu], ", at->blocks);
  if (t->is_struct) zw_text_printf(out, ".is_struct = true, ");
  zw_text_printf(out, ".align = %u, .size = %u, ", t->align, t->size);
  attribute_range(out, at, t->attribute_count);
  zw_text_printf(out, ".schema = &%.*s_schema},\n", ZW_ARG(g->name));
  at->fields += t->field_count;
  at->blocks += block_count(t);
}

/* The attributes of a type and of its fields follow each other, so fields and types are written in
 * one walk: fields into a text of their own. */
static void types(c_gen *g, zw_text *out, cursors *at) {
  const zw_schema *s = g->gen->from.schema;
  if (!s->type_count) return;
  zw_text list;
  zw_text_init(&list, g->gen->from.alloc);
  size_t field_count = 0;
  for (size_t i = 0; i < s->type_count; i++) field_count += s->types[i].field_count;
  if (field_count) zw_text_printf(out, "\nstatic const zw_field fields[] = {\n");
  for (size_t i = 0; i < s->type_count; i++) {
    type(g, &list, &s->types[i], at);
    for (unsigned k = 0; k < s->types[i].field_count; k++)
      field(g, out, &s->types[i].fields[k], at);
  }
  if (field_count) {
    zw_text_printf(out, "};\n");
    by_name(g, out);
    slots(out, s);
  }
  zw_text_printf(out, "\nconst zw_type %.*s_types[%zu] = {\n", ZW_ARG(g->name), s->type_count);
  zw_text_add_str(out, zw_text_str(&list));
  zw_text_printf(out, "};\n");
  if (list.error) g->gen->no_memory = true;
  zw_text_deinit(&list);
}

/* ---- services ---- */

static void services(c_gen *g, zw_text *out, cursors *at) {
  const zw_schema *s = g->gen->from.schema;
  zw_text list;
  size_t method_count = 0;
  for (size_t i = 0; i < s->service_count; i++) method_count += s->services[i].method_count;
  if (!s->service_count) return;
  zw_text_init(&list, g->gen->from.alloc);
  if (method_count) zw_text_printf(out, "\nstatic const zw_method methods[] = {\n");
  for (size_t i = 0; i < s->service_count; i++) {
    const zw_service *service = &s->services[i];
    zw_text_printf(&list, "    {");
    string(&list, "name", service->name);
    if (service->method_count)
      zw_text_printf(&list, ".methods = &methods[%zu], .method_count = %zu, ", at->methods,
                     service->method_count);
    attribute_range(&list, at, service->attribute_count);
    zw_text_printf(&list, "},\n");
    for (size_t k = 0; k < service->method_count; k++) {
      const zw_method *m = &service->methods[k];
      zw_text_printf(out, "    {");
      string(out, "name", m->name);
      type_pointer(g, out, "request", m->request);
      type_pointer(g, out, "response", m->response);
      attribute_range(out, at, m->attribute_count);
      zw_text_printf(out, "},\n");
    }
    at->methods += service->method_count;
  }
  if (method_count) zw_text_printf(out, "};\n");
  zw_text_printf(out, "\nstatic const zw_service services[] = {\n");
  zw_text_add_str(out, zw_text_str(&list));
  zw_text_printf(out, "};\n");
  if (list.error) g->gen->no_memory = true;
  zw_text_deinit(&list);
}

/* ---- the schema ---- */

static void octets(zw_text *out, zw_span bytes) {
  zw_text_printf(out, "\n/* The compiled schema. */\nstatic const _Alignas(8) uint8_t bfbs[] = {");
  zw_gen_octets(out, bytes);
  zw_text_printf(out, "\n};\n");
}

static void schema(c_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  zw_text_printf(out, "\nconst zw_stamp %.*s_stamp = {.abi = %d, .compiler = \"%s\", .schema_id = ",
                 ZW_ARG(g->name), ZW_ABI, ZW_VERSION_STRING);
  zw_gen_schema_id(out, s->id);
  zw_text_printf(out, "};\n\nconst zw_schema %.*s_schema = {\n    ", ZW_ARG(g->name));
  if (s->type_count)
    zw_text_printf(out, ".types = %.*s_types, .type_count = %zu, ", ZW_ARG(g->name), s->type_count);
  if (s->enum_count)
    zw_text_printf(out, ".enums = %.*s_enums, .enum_count = %zu, ", ZW_ARG(g->name), s->enum_count);
  if (s->service_count)
    zw_text_printf(out, ".services = services, .service_count = %zu, ", s->service_count);
  type_pointer(g, out, "root", s->root);
  string(out, "identifier", s->identifier);
  string(out, "extension", s->extension);
  zw_text_printf(out, "\n    .id = ");
  zw_gen_schema_id(out, s->id);
  zw_text_printf(out, ",\n    .bfbs = {bfbs, sizeof bfbs}};\n");
}

static void layout_checks(c_gen *g, zw_text *out) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    const c_type *t = &g->types[i];
    if (t->own && t->type->is_struct && zw_c_same_layout(t->type))
      zw_text_printf(out, "_Static_assert(sizeof(%.*s) == %u, \"layout\");\n", ZW_ARG(t->symbol),
                     t->type->size);
  }
}

void zw_c_source(c_gen *g, zw_text *out) {
  cursors at = {0};
  zw_text_printf(out,
                 "/* Generated from %.*s.fbs by zerowire %s: do not edit. */\n"
                 "#include \"%.*s_generated.h\"\n\n#include <stddef.h>\n\n"
                 "#define S(text) {text, sizeof text - 1}\n\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING, ZW_ARG(g->gen->file));
  layout_checks(g, out);
  attributes(g, out);
  types(g, out, &at);
  enums(g, out, &at);
  services(g, out, &at);
  octets(out, g->gen->from.schema->bfbs);
  schema(g, out);
  zw_c_packs(g, out);
}
