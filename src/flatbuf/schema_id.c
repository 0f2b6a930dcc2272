/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The id of a schema: XXH3-128 over its canonical form, which is a text of everything that the
 * schema says but documentation and file names: each type, enum and service in order of name, each
 * field by id, each attribute in order of its key. Two compiled schemas with equal ids say the
 * same, whatever compiler wrote them.
 */
#include <stdio.h>

#include "zerowire/reflect.h"

static void add_name(zw_text *t, const char *label, zw_str name) {
  zw_text_printf(t, " %s %zu:", label, name.len);
  zw_text_add_str(t, name);
}

static int order_of(zw_str a, zw_str b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The least attribute after `last`; NULL: none. */
static const zw_attribute *next_attribute(const zw_attribute *attributes, size_t count,
                                          const zw_attribute *last) {
  const zw_attribute *least = NULL;
  for (size_t i = 0; i < count; i++) {
    const zw_attribute *a = &attributes[i];
    if (last && order_of(a->name, last->name) <= 0) continue;
    if (!least || order_of(a->name, least->name) < 0) least = a;
  }
  return least;
}

static void add_attribute(zw_text *t, const zw_attribute *a) {
  add_name(t, "@", a->name);
  add_name(t, "=", a->value);
}

/* Those of loaded schemas are in order; those of a schema in the making may not be. */
static void add_attributes(zw_text *t, const zw_attribute *attributes, size_t count) {
  bool ordered = true;
  for (size_t i = 1; i < count; i++)
    ordered &= order_of(attributes[i - 1].name, attributes[i].name) < 0;
  for (size_t i = 0; ordered && i < count; i++) add_attribute(t, &attributes[i]);
  const zw_attribute *last = NULL;
  while (!ordered && (last = next_attribute(attributes, count, last))) add_attribute(t, last);
}

static void add_field(zw_text *t, const zw_field *f) {
  uint32_t meaning = f->flags & (ZW_F_REQUIRED | ZW_F_DEPRECATED | ZW_F_OPTIONAL | ZW_F_KEY);
  add_name(t, "\n field", f->name);
  zw_text_printf(t, " %u %u %u %u %u %u %llx", f->id, f->base, f->element, f->fixed_length,
                 f->offset, meaning, (unsigned long long)f->preset.u);
  if (f->type) add_name(t, "type", f->type->name);
  if (f->enum_type) add_name(t, "enum", f->enum_type->name);
  add_attributes(t, f->attributes, f->attribute_count);
}

static void add_type(zw_text *t, const zw_type *type) {
  add_name(t, type->is_struct ? "\nstruct" : "\ntable", type->name);
  zw_text_printf(t, " %u %u", type->align, type->size);
  add_attributes(t, type->attributes, type->attribute_count);
  for (unsigned i = 0; i < type->field_count; i++) add_field(t, &type->fields[i]);
}

static void add_enum(zw_text *t, const zw_enum_type *type) {
  add_name(t, type->is_union ? "\nunion" : "\nenum", type->name);
  zw_text_printf(t, " %u", type->base);
  add_attributes(t, type->attributes, type->attribute_count);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    add_name(t, "\n value", v->name);
    zw_text_printf(t, " %lld %u", (long long)v->value, v->base);
    if (v->type) add_name(t, "type", v->type->name);
    add_attributes(t, v->attributes, v->attribute_count);
  }
}

static void add_service(zw_text *t, const zw_service *service) {
  add_name(t, "\nservice", service->name);
  add_attributes(t, service->attributes, service->attribute_count);
  for (size_t i = 0; i < service->method_count; i++) {
    const zw_method *m = &service->methods[i];
    add_name(t, "\n method", m->name);
    add_name(t, "of", m->request->name);
    add_name(t, "to", m->response->name);
    add_attributes(t, m->attributes, m->attribute_count);
  }
}

int zw_schema_id(const zw_schema *schema, const zw_alloc *alloc, uint8_t out[ZW_SCHEMA_ID_SIZE]) {
  zw_text t;
  zw_text_init(&t, alloc);
  add_name(&t, "identifier", schema->identifier);
  add_name(&t, "extension", schema->extension);
  if (schema->root) add_name(&t, "root", schema->root->name);
  for (size_t i = 0; i < schema->type_count; i++) add_type(&t, &schema->types[i]);
  for (size_t i = 0; i < schema->enum_count; i++) add_enum(&t, &schema->enums[i]);
  for (size_t i = 0; i < schema->service_count; i++) add_service(&t, &schema->services[i]);
  int error = t.error;
  if (!error) zw_hash128(zw_str_span(zw_text_str(&t)), out);
  zw_text_deinit(&t);
  return error;
}

void zw_schema_id_text(const uint8_t id[ZW_SCHEMA_ID_SIZE], char out[2 * ZW_SCHEMA_ID_SIZE + 1]) {
  for (size_t i = 0; i < ZW_SCHEMA_ID_SIZE; i++) snprintf(out + 2 * i, 3, "%02x", id[i]);
}
