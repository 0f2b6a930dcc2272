/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The descriptors of the whole schema, included files' too, as inline constants: what the C
 * generator writes to a source file. Attributes, fields, values and methods stand in one array
 * each, in the order in which they are referred to. Members are in the order of flatbuf.h, all of
 * them, since C++17 has no designated ones; a real number is given by its bits.
 */
#include <inttypes.h>

#include "generate_cpp.h"

/* How many elements of each array are behind us. */
typedef struct cursors {
  size_t attributes, fields, blocks, values, methods;
} cursors;

static void string(cpp_gen *g, zw_text *out, zw_str text) {
  zw_str literal = text.ptr ? zw_cpp_literal(g, text) : ZW_STR("nullptr, 0");
  zw_text_printf(out, "{%.*s}, ", ZW_ARG(literal));
}

/* &array[index], or nullptr where there is no such element. */
static void pointer(zw_text *out, const char *array, const void *element, size_t index) {
  if (element)
    zw_text_printf(out, "&%s[%zu], ", array, index);
  else
    zw_text_printf(out, "nullptr, ");
}

static void type_pointer(cpp_gen *g, zw_text *out, const zw_type *type) {
  pointer(out, "types", type, type ? (size_t)(type - g->gen->from.schema->types) : 0);
}

static void integer(zw_text *out, int64_t value) {
  if (value == INT64_MIN)
    zw_text_printf(out, "-INT64_C(9223372036854775807) - 1, ");
  else if (value > INT32_MAX || value < INT32_MIN)
    zw_text_printf(out, "INT64_C(%" PRId64 "), ", value);
  else
    zw_text_printf(out, "%" PRId64 ", ", value);
}

/* ---- arrays: one walk for each ---- */

typedef struct writer {
  cpp_gen *g;
  zw_text *out;
  const char *type, *name;
  size_t count;
} writer;

static void begin(writer *w) {
  if (!w->count++) zw_text_printf(w->out, "\ninline const %s %s[] = {\n", w->type, w->name);
  zw_text_printf(w->out, "    {");
}

static void close(const writer *w) {
  if (w->count) zw_text_printf(w->out, "};\n");
}

static void write_list(writer *w, const zw_attribute *attributes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    begin(w);
    string(w->g, w->out, attributes[i].name);
    string(w->g, w->out, attributes[i].value);
    zw_text_printf(w->out, "},\n");
  }
}

static void attributes(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  writer w = {g, out, "zw_attribute", "attributes", 0};
  for (size_t i = 0; i < s->type_count; i++) {
    const zw_type *t = &s->types[i];
    write_list(&w, t->attributes, t->attribute_count);
    for (unsigned k = 0; k < t->field_count; k++)
      write_list(&w, t->fields[k].attributes, t->fields[k].attribute_count);
  }
  for (size_t i = 0; i < s->enum_count; i++)
    write_list(&w, s->enums[i].attributes, s->enums[i].attribute_count);
  for (size_t i = 0; i < s->service_count; i++) {
    const zw_service *service = &s->services[i];
    write_list(&w, service->attributes, service->attribute_count);
    for (size_t k = 0; k < service->method_count; k++)
      write_list(&w, service->methods[k].attributes, service->methods[k].attribute_count);
  }
  close(&w);
}

static void attribute_range(zw_text *out, cursors *at, const void *list, size_t count) {
  pointer(out, "attributes", count ? list : NULL, at->attributes);
  zw_text_printf(out, "%zu, ", count);
  at->attributes += count;
}

static void fields(cpp_gen *g, zw_text *out, cursors *at, const zw_type *t, writer *w) {
  for (unsigned k = 0; k < t->field_count; k++) {
    const zw_field *f = &t->fields[k];
    begin(w);
    string(g, out, f->name);
    type_pointer(g, out, f->type);
    pointer(out, "enums", f->enum_type,
            f->enum_type ? (size_t)(f->enum_type - g->gen->from.schema->enums) : 0);
    zw_text_printf(out, "{");
    integer(out, zw_base_is_scalar(f->base) ? f->preset.i : 0);
    zw_text_printf(out, "}, %u, %u, %u, %u, %uu, %uu, %u, %u, ", f->base, f->element, f->id,
                   f->fixed_length, f->offset, f->flags, f->hash, f->align);
    string(g, out, f->preset_text);
    attribute_range(out, at, f->attributes, f->attribute_count);
    zw_text_printf(out, "{nullptr, 0}},\n");
  }
}

static unsigned block_count(const zw_type *t) {
  return t->slots ? (t->field_count + ZW_SLOTS_LANES - 1u) / ZW_SLOTS_LANES : 0;
}

static void lanes(zw_text *out, const uint16_t values[ZW_SLOTS_LANES]) {
  zw_text_printf(out, "{");
  for (unsigned i = 0; i < ZW_SLOTS_LANES; i++)
    zw_text_printf(out, "%s%u", i ? ", " : "", values[i]);
  zw_text_printf(out, "}, ");
}

static void slots(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  writer w = {g, out, "zw_slots", "slots", 0};
  for (size_t i = 0; i < s->type_count; i++) {
    for (unsigned k = 0; k < block_count(&s->types[i]); k++) {
      const zw_slots *block = &s->types[i].slots[k];
      begin(&w);
      lanes(out, block->size);
      lanes(out, block->align);
      lanes(out, block->required);
      zw_text_printf(out, "%u, %u, %u},\n", block->align_max, block->strings, block->others);
    }
  }
  close(&w);
}

static void by_name(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  zw_text_printf(out, "\ninline const uint16_t by_name[] = {");
  for (size_t i = 0; i < s->type_count; i++) {
    zw_text_printf(out, "\n   ");
    for (unsigned k = 0; k < s->types[i].field_count; k++)
      zw_text_printf(out, " %u,", s->types[i].by_name[k]);
  }
  zw_text_printf(out, "\n};\n");
}

/* The attributes of a type and of its fields follow each other, so fields and types are written in
 * one walk: types into a text of their own. */
static void types(cpp_gen *g, zw_text *out, cursors *at) {
  const zw_schema *s = g->gen->from.schema;
  zw_text list;
  zw_text_init(&list, g->gen->from.alloc);
  writer w = {g, out, "zw_field", "fields", 0};
  for (size_t i = 0; i < s->type_count; i++) {
    const zw_type *t = &s->types[i];
    zw_text_printf(&list, "    {");
    string(g, &list, t->name);
    pointer(&list, "fields", t->fields && t->field_count ? t : NULL, at->fields);
    pointer(&list, "by_name", t->fields && t->field_count ? t : NULL, at->fields);
    pointer(&list, "slots", t->slots, at->blocks);
    zw_text_printf(&list, "%u, %s, %u, %u, ", t->field_count, t->is_struct ? "true" : "false",
                   t->align, t->size);
    attribute_range(&list, at, t->attributes, t->attribute_count);
    zw_text_printf(&list, "{nullptr, 0}, {nullptr, 0}, &schema},\n");
    fields(g, out, at, t, &w);
    at->fields += t->field_count;
    at->blocks += block_count(t);
  }
  close(&w);
  if (at->fields) by_name(g, out);
  slots(g, out);
  if (s->type_count)
    zw_text_printf(out, "\ninline const zw_type types[%zu] = {\n%.*s};\n", s->type_count,
                   (int)list.len, list.ptr);
  if (list.error) g->gen->no_memory = true;
  zw_text_deinit(&list);
}

static void values(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  writer w = {g, out, "zw_enum_value", "values", 0};
  for (size_t i = 0; i < s->enum_count; i++) {
    for (uint32_t k = 0; k < s->enums[i].value_count; k++) {
      const zw_enum_value *v = &s->enums[i].values[k];
      begin(&w);
      string(g, out, v->name);
      integer(out, v->value);
      type_pointer(g, out, v->type);
      zw_text_printf(out, "%u, {nullptr, 0}},\n", v->base);
    }
  }
  close(&w);
}

static void enums(cpp_gen *g, zw_text *out, cursors *at) {
  const zw_schema *s = g->gen->from.schema;
  if (!s->enum_count) return;
  values(g, out);
  zw_text_printf(out, "\ninline const zw_enum_type enums[%zu] = {\n", s->enum_count);
  for (size_t i = 0; i < s->enum_count; i++) {
    const zw_enum_type *e = &s->enums[i];
    zw_text_printf(out, "    {");
    string(g, out, e->name);
    pointer(out, "values", e->value_count ? e : NULL, at->values);
    zw_text_printf(out, "%u, %u, %s, %s, ", e->value_count, e->base, e->is_union ? "true" : "false",
                   e->bit_flags ? "true" : "false");
    attribute_range(out, at, e->attributes, e->attribute_count);
    zw_text_printf(out, "{nullptr, 0}, {nullptr, 0}},\n");
    at->values += e->value_count;
  }
  zw_text_printf(out, "};\n");
}

static void services(cpp_gen *g, zw_text *out, cursors *at) {
  const zw_schema *s = g->gen->from.schema;
  if (!s->service_count) return;
  zw_text list;
  zw_text_init(&list, g->gen->from.alloc);
  writer w = {g, out, "zw_method", "methods", 0};
  for (size_t i = 0; i < s->service_count; i++) {
    const zw_service *service = &s->services[i];
    zw_text_printf(&list, "    {");
    string(g, &list, service->name);
    pointer(&list, "methods", service->method_count ? service : NULL, at->methods);
    zw_text_printf(&list, "%zu, ", service->method_count);
    attribute_range(&list, at, service->attributes, service->attribute_count);
    zw_text_printf(&list, "{nullptr, 0}, {nullptr, 0}},\n");
    for (size_t k = 0; k < service->method_count; k++) {
      const zw_method *m = &service->methods[k];
      begin(&w);
      string(g, out, m->name);
      type_pointer(g, out, m->request);
      type_pointer(g, out, m->response);
      attribute_range(out, at, m->attributes, m->attribute_count);
      zw_text_printf(out, "{nullptr, 0}},\n");
    }
    at->methods += service->method_count;
  }
  close(&w);
  zw_text_printf(out, "\ninline const zw_service services[] = {\n%.*s};\n", (int)list.len,
                 list.ptr ? list.ptr : "");
  if (list.error) g->gen->no_memory = true;
  zw_text_deinit(&list);
}

static void octets(zw_text *out, zw_span bytes) {
  if (!bytes.len) return;
  zw_text_printf(out, "\n// The compiled schema.\nalignas(8) inline const uint8_t bfbs[] = {");
  zw_gen_octets(out, bytes);
  zw_text_printf(out, "\n};\n");
}

static void schema(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  zw_text_printf(out, "\ninline const zw_stamp stamp = {%d, \"%s\", ", ZW_ABI, ZW_VERSION_STRING);
  zw_gen_schema_id(out, s->id);
  zw_text_printf(out, "};\n\ninline const zw_schema schema = {\n    %s, %zu, %s, %zu, %s, %zu, ",
                 s->type_count ? "types" : "nullptr", s->type_count,
                 s->enum_count ? "enums" : "nullptr", s->enum_count,
                 s->service_count ? "services" : "nullptr", s->service_count);
  type_pointer(g, out, s->root);
  string(g, out, s->identifier);
  string(g, out, s->extension);
  zw_gen_schema_id(out, s->id);
  zw_text_printf(out, ", {%s}};\n", s->bfbs.len ? "bfbs, sizeof bfbs" : "nullptr, 0");
}

void zw_cpp_data(cpp_gen *g, zw_text *out) {
  const zw_schema *s = g->gen->from.schema;
  cursors at = {0};
  zw_text_printf(out, "\nnamespace %.*s {\n\nextern inline const zw_schema schema;\n",
                 ZW_ARG(g->data));
  if (s->type_count)
    zw_text_printf(out, "extern inline const zw_type types[%zu];\n", s->type_count);
  if (s->enum_count)
    zw_text_printf(out, "extern inline const zw_enum_type enums[%zu];\n", s->enum_count);
  attributes(g, out);
  types(g, out, &at);
  enums(g, out, &at);
  services(g, out, &at);
  octets(out, s->bfbs);
  schema(g, out);
  zw_text_printf(out, "\n}  // namespace %.*s\n", ZW_ARG(g->data));
}
