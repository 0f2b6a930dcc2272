/* SPDX-License-Identifier: Apache-2.0 */
/* Two schemas that are to be the same, member by member; the same but for what only a loaded one
 * has (documentation, file names). */
#ifndef ZEROWIRE_SAME_SCHEMA_H
#define ZEROWIRE_SAME_SCHEMA_H

#include "cmocka_base.h"
#include "zerowire/reflect.h"

static void same_text(zw_str a, zw_str b) { assert_true(zw_str_eq(a, b)); }

static void same_attributes(const zw_attribute *a, size_t a_count, const zw_attribute *b,
                            size_t b_count) {
  assert_int_equal(a_count, b_count);
  for (size_t i = 0; i < a_count; i++) {
    same_text(a[i].name, b[i].name);
    same_text(a[i].value, b[i].value);
  }
}

/* Both NULL, or of the same name. */
static void same_type_name(const zw_type *a, const zw_type *b) {
  assert_int_equal(!a, !b);
  if (a) same_text(a->name, b->name);
}

static void same_field(const zw_field *a, const zw_field *b) {
  same_text(a->name, b->name);
  same_type_name(a->type, b->type);
  assert_int_equal(!a->enum_type, !b->enum_type);
  if (a->enum_type) same_text(a->enum_type->name, b->enum_type->name);
  bool nan = zw_base_is_float(a->base) && a->preset.d != a->preset.d;
  if (nan)
    assert_true(b->preset.d != b->preset.d);
  else
    assert_int_equal(a->preset.u, b->preset.u);
  assert_int_equal(a->base, b->base);
  assert_int_equal(a->element, b->element);
  assert_int_equal(a->id, b->id);
  assert_int_equal(a->fixed_length, b->fixed_length);
  assert_int_equal(a->offset, b->offset);
  assert_int_equal(a->flags, b->flags);
  assert_int_equal(a->hash, b->hash);
  assert_int_equal(a->align, b->align);
  assert_int_equal(!a->preset_text.ptr, !b->preset_text.ptr);
  same_text(a->preset_text, b->preset_text);
  same_attributes(a->attributes, a->attribute_count, b->attributes, b->attribute_count);
}

static void same_type(const zw_schema *schema, const zw_type *a, const zw_type *b) {
  same_text(a->name, b->name);
  assert_int_equal(a->field_count, b->field_count);
  assert_int_equal(a->is_struct, b->is_struct);
  assert_int_equal(a->align, b->align);
  assert_int_equal(a->size, b->size);
  assert_ptr_equal(a->schema, schema);
  assert_int_equal(!a->slots, a->is_struct || a->field_count == 0);
  assert_int_equal(!b->slots, !a->slots);
  unsigned blocks = a->slots ? (a->field_count + ZW_SLOTS_LANES - 1u) / ZW_SLOTS_LANES : 0;
  if (blocks) assert_memory_equal(a->slots, b->slots, blocks * sizeof *a->slots);
  same_attributes(a->attributes, a->attribute_count, b->attributes, b->attribute_count);
  for (unsigned i = 0; i < a->field_count; i++) {
    same_field(&a->fields[i], &b->fields[i]);
    assert_int_equal(a->by_name[i], b->by_name[i]);
    assert_ptr_equal(zw_type_field(a, a->fields[i].name), &a->fields[i]);
  }
}

static void same_enum(const zw_enum_type *a, const zw_enum_type *b) {
  same_text(a->name, b->name);
  assert_int_equal(a->value_count, b->value_count);
  assert_int_equal(a->base, b->base);
  assert_int_equal(a->is_union, b->is_union);
  assert_int_equal(a->bit_flags, b->bit_flags);
  same_attributes(a->attributes, a->attribute_count, b->attributes, b->attribute_count);
  for (uint32_t i = 0; i < a->value_count; i++) {
    same_text(a->values[i].name, b->values[i].name);
    assert_int_equal(a->values[i].value, b->values[i].value);
    assert_int_equal(a->values[i].base, b->values[i].base);
    same_type_name(a->values[i].type, b->values[i].type);
  }
}

static void same_service(const zw_service *a, const zw_service *b) {
  same_text(a->name, b->name);
  assert_int_equal(a->method_count, b->method_count);
  same_attributes(a->attributes, a->attribute_count, b->attributes, b->attribute_count);
  for (size_t i = 0; i < a->method_count; i++) {
    const zw_method *m = &a->methods[i], *n = &b->methods[i];
    same_text(m->name, n->name);
    same_type_name(m->request, n->request);
    same_type_name(m->response, n->response);
    same_attributes(m->attributes, m->attribute_count, n->attributes, n->attribute_count);
  }
}

static inline void same_schema(const zw_schema *a, const zw_schema *b) {
  assert_int_equal(a->type_count, b->type_count);
  assert_int_equal(a->enum_count, b->enum_count);
  assert_int_equal(a->service_count, b->service_count);
  same_type_name(a->root, b->root);
  same_text(a->identifier, b->identifier);
  same_text(a->extension, b->extension);
  assert_memory_equal(a->id, b->id, sizeof a->id);
  for (size_t i = 0; i < a->type_count; i++) same_type(a, &a->types[i], &b->types[i]);
  for (size_t i = 0; i < a->enum_count; i++) same_enum(&a->enums[i], &b->enums[i]);
  for (size_t i = 0; i < a->service_count; i++) same_service(&a->services[i], &b->services[i]);
}

/* What a generated schema's own `.bfbs` loads to. */
static inline void same_as_loaded(const zw_schema *generated) {
  zw_schema *loaded;
  zw_diag diag = {0};
  if (zw_schema_load(&loaded, generated->bfbs, NULL, &diag)) fail_msg("%s", diag.message);
  same_schema(generated, loaded);
  zw_schema_destroy(loaded);
}

#endif
