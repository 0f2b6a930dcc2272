/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packing: a generated C struct becomes a table, driven by the table's descriptor and the offsets
 * of the struct's members. Children are built while their parent is open: the builder keeps the
 * parent's fields on its stack. Vectors of what has a `key` are sorted by it, as from JSON. The
 * root's 64-bit content comes before all else, where its size is not bounded. Depth is bounded,
 * since the caller's structs may form a cycle.
 */
#include "object.h"
#include "vector_elements.h"

#define DEPTH_MAX 64

static zw_ref pack_table(zw_builder *b, const zw_pack_type *pack, const uint8_t *object, int depth);

/* The struct's members, little-endian at their offsets, from the host's mirror of them. */
static void pack_struct(const zw_pack_type *pack, const uint8_t *from, uint8_t *to) {
  for (unsigned i = 0; i < pack->type->field_count; i++) {
    const zw_field *field = &pack->type->fields[i];
    const uint8_t *source = from + pack->offsets[i];
    uint8_t *target = to + field->offset;
    unsigned count = field->base == ZW_T_ARRAY ? field->fixed_length : 1;
    unsigned base = field->base == ZW_T_ARRAY ? field->element : field->base;
    for (unsigned k = 0; k < count; k++) {
      if (base == ZW_T_OBJ)
        pack_struct(pack->children[i], source + k * pack->children[i]->size,
                    target + k * field->type->size);
      else
        for (size_t o = 0, n = zw_base_size((enum zw_base_type)base); o < n; o++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
          target[k * n + o] = source[k * n + o];
#else
          target[k * n + o] = source[k * n + n - 1 - o];
#endif
        }
    }
  }
}

static zw_scalar host_scalar(const uint8_t *at, unsigned base) {
  uint8_t octets[8] = {0};
  size_t n = zw_base_size((enum zw_base_type)base);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(octets, at, n);
#else
  for (size_t o = 0; o < n; o++) octets[o] = at[n - 1 - o];
#endif
  return zw_scalar_load(octets, (enum zw_base_type)base);
}

static void pack_structs(const zw_pack_type *child, zw_items items, uint8_t *to) {
  size_t size = child->type->size;
  memset(to, 0, items.len * size);
  for (size_t i = 0; i < items.len; i++)
    pack_struct(child, (const uint8_t *)items.ptr + i * child->size, to + i * size);
}

static void pack_scalars(unsigned base, zw_items items, uint8_t *to) {
  size_t size = zw_base_size((enum zw_base_type)base);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (items.len) memcpy(to, items.ptr, items.len * size);
#else
  for (size_t i = 0; i < items.len; i++)
    zw_scalar_store(to + i * size, (enum zw_base_type)base,
                    host_scalar((const uint8_t *)items.ptr + i * size, base));
#endif
}

/* Elements that lie in the vector itself, sorted if they have a key. */
static void pack_elements(zw_builder *b, const zw_pack_type *pack, unsigned i, zw_items items,
                          uint8_t *to) {
  const zw_field *field = &pack->type->fields[i];
  if (field->element != ZW_T_OBJ) {
    pack_scalars(field->element, items, to);
    return;
  }
  pack_structs(pack->children[i], items, to);
  int error = zw_sort_structs(field->type, to, items.len, b->alloc);
  if (error) zw_builder_fail(b, error);
}

static zw_ref pack_inline_vector(zw_builder *b, const zw_pack_type *pack, unsigned i,
                                 zw_items items) {
  const zw_field *field = &pack->type->fields[i];
  void *elements;
  zw_ref ref = zw_builder_vector_uninit(b, items.len, zw_element_size(field),
                                        zw_vector_align(field, items.len), &elements);
  if (ref) pack_elements(b, pack, i, items, elements);
  return ref;
}

static zw_ref pack_lone_struct(zw_builder *b, const zw_pack_type *child, const void *value) {
  uint8_t *octets;
  zw_ref ref = zw_builder_struct_uninit(b, child->type->size, child->type->align, &octets);
  if (octets) pack_structs(child, (zw_items){value, 1}, octets);
  return ref;
}

/* The member of a union by its number: a C struct, or a text. */
static zw_ref pack_union_value(zw_builder *b, const zw_enum_type *type,
                               const zw_pack_type *const *children, zw_union_value value,
                               int depth) {
  const zw_enum_value *member = zw_enum_by_value(type, value.type);
  if (!member || !value.value) {
    zw_builder_fail(b, ZW_EINVAL);
    return 0;
  }
  if (member->base == ZW_T_STRING) return zw_builder_string(b, *(const zw_str *)value.value);
  const zw_pack_type *child = children[member - type->values];
  if (!child) {
    zw_builder_fail(b, ZW_EINVAL);
    return 0;
  }
  return child->type->is_struct ? pack_lone_struct(b, child, value.value)
                                : pack_table(b, child, value.value, depth + 1);
}

static zw_ref pack_string(zw_builder *b, const zw_field *field, zw_str text) {
  return field->flags & ZW_F_SHARED ? zw_builder_string_shared(b, text)
                                    : zw_builder_string(b, text);
}

static zw_ref pack_element(zw_builder *b, const zw_pack_type *pack, unsigned i, zw_items items,
                           size_t k, int depth) {
  const zw_field *field = &pack->type->fields[i];
  if (field->element == ZW_T_STRING) return pack_string(b, field, ((const zw_str *)items.ptr)[k]);
  if (field->element == ZW_T_UNION)
    return pack_union_value(b, field->enum_type, pack->union_children[i],
                            ((const zw_union_value *)items.ptr)[k], depth);
  return pack_table(b, pack->children[i], (const uint8_t *)items.ptr + k * pack->children[i]->size,
                    depth + 1);
}

static zw_ref pack_refs(zw_builder *b, const zw_pack_type *pack, unsigned i, zw_items items,
                        int depth) {
  zw_ref *refs =
      items.len < SIZE_MAX / sizeof *refs ? zw_alloc_get(b->alloc, items.len * sizeof *refs) : NULL;
  if (!refs) {
    zw_builder_fail(b, ZW_ENOMEM);
    return 0;
  }
  for (size_t k = 0; k < items.len; k++) refs[k] = pack_element(b, pack, i, items, k, depth);
  const zw_field *field = &pack->type->fields[i];
  if (field->element == ZW_T_OBJ && !b->error)
    zw_builder_fail(b, zw_sort_tables(b, field->type, refs, items.len));
  zw_ref ref = zw_builder_refs(b, refs, items.len);
  zw_alloc_free(b->alloc, refs, items.len * sizeof *refs);
  return ref;
}

static zw_ref pack_vector(zw_builder *b, const zw_pack_type *pack, unsigned i, zw_items items,
                          int depth) {
  const zw_field *field = &pack->type->fields[i];
  if (!items.ptr) return 0;
  if (!zw_elements_refer(field)) return pack_inline_vector(b, pack, i, items);
  return pack_refs(b, pack, i, items, depth);
}

static void pack_inline_struct(zw_builder *b, const zw_field *field, const zw_pack_type *child,
                               const uint8_t *from) {
  if (!from) return;
  uint8_t *octets = zw_alloc_zero(b->alloc, field->type->size);
  if (!octets) {
    zw_builder_fail(b, ZW_ENOMEM);
    return;
  }
  pack_struct(child, from, octets);
  zw_builder_add_struct(b, field->id, octets, field->type->size, field->type->align);
  zw_alloc_free(b->alloc, octets, field->type->size);
}

/* A union vector's types, from its values. */
static zw_ref pack_union_types(zw_builder *b, const zw_field *field, zw_items items) {
  void *types;
  enum zw_base_type base = (enum zw_base_type)field->element;
  size_t size = zw_base_size(base);
  zw_ref ref = zw_builder_vector_uninit(b, items.len, size, size, &types);
  for (size_t k = 0; ref && k < items.len; k++) {
    zw_scalar number = {.i = ((const zw_union_value *)items.ptr)[k].type};
    zw_scalar_store((uint8_t *)types + k * size, base, number);
  }
  return ref;
}

static void pack_far_field(zw_builder *b, const zw_pack_type *pack, unsigned i,
                           const uint8_t *member) {
  const zw_field *field = &pack->type->fields[i];
  zw_ref64 ref = 0;
  if (field->base == ZW_T_STRING) {
    zw_str text;
    memcpy(&text, member, sizeof text);
    ref = zw_builder_string64(b, text);
  } else {
    zw_items items;
    void *elements = NULL;
    memcpy(&items, member, sizeof items);
    if (items.ptr)
      ref = zw_builder_vector64_uninit(b, items.len, zw_element_size(field),
                                       zw_vector_align(field, items.len), zw_length_size(field),
                                       &elements);
    if (elements) pack_elements(b, pack, i, items, elements);
  }
  if (!ref && (field->flags & ZW_F_REQUIRED)) zw_builder_fail(b, ZW_EINVAL);
  zw_builder_add_ref64(b, field->id, ref);
}

static void pack_offset_field(zw_builder *b, const zw_pack_type *pack, unsigned i,
                              const uint8_t *member, int depth) {
  const zw_field *field = &pack->type->fields[i];
  zw_ref ref = 0;
  const void *pointer;
  zw_items items;
  zw_union_value value;
  switch (field->base) {
    case ZW_T_STRING: {
      zw_str text;
      memcpy(&text, member, sizeof text);
      ref = pack_string(b, field, text);
      break;
    }
    case ZW_T_VECTOR:
      memcpy(&items, member, sizeof items);
      ref = pack_vector(b, pack, i, items, depth);
      if (ref && field->element == ZW_T_UNION)
        zw_builder_add_ref(b, field->id - 1u, pack_union_types(b, field - 1, items));
      break;
    case ZW_T_UNION:
      memcpy(&value, member, sizeof value);
      if (value.type == 0) break;
      ref = pack_union_value(b, field->enum_type, pack->union_children[i], value, depth);
      zw_builder_add_optional(b, field->id - 1u, (enum zw_base_type)field[-1].base,
                              (zw_scalar){.i = value.type});
      break;
    default:
      memcpy(&pointer, member, sizeof pointer);
      ref = pointer ? pack_table(b, pack->children[i], pointer, depth + 1) : 0;
      break;
  }
  if (!ref && (field->flags & ZW_F_REQUIRED)) zw_builder_fail(b, ZW_EINVAL);
  zw_builder_add_ref(b, field->id, ref);
}

static void pack_field(zw_builder *b, const zw_pack_type *pack, unsigned i, const uint8_t *object,
                       int depth) {
  const zw_field *field = &pack->type->fields[i];
  const uint8_t *member = object + pack->offsets[i];
  if (zw_field_is_union_type(field) || (field->flags & ZW_F_DEPRECATED)) return;
  if (field->base == ZW_T_OBJ && field->type->is_struct) {
    const void *from;
    memcpy(&from, member, sizeof from);
    if (!from && (field->flags & ZW_F_REQUIRED)) zw_builder_fail(b, ZW_EINVAL);
    pack_inline_struct(b, field, pack->children[i], from);
  } else if (field->flags & ZW_F_OFFSET64) {
    pack_far_field(b, pack, i, member);
  } else if (!zw_base_is_scalar(field->base)) {
    pack_offset_field(b, pack, i, member, depth);
  } else if (field->flags & ZW_F_OPTIONAL) {
    /* struct {bool has; T value;}: T is at its own alignment. */
    size_t value_at = zw_base_size((enum zw_base_type)field->base);
    if (*member)
      zw_builder_add_optional(b, field->id, (enum zw_base_type)field->base,
                              host_scalar(member + value_at, field->base));
  } else {
    zw_builder_add_scalar(b, field->id, (enum zw_base_type)field->base,
                          host_scalar(member, field->base), field->preset);
  }
}

static zw_ref pack_table(zw_builder *b, const zw_pack_type *pack, const uint8_t *object,
                         int depth) {
  if (depth > DEPTH_MAX) zw_builder_fail(b, ZW_ELIMIT);
  if (b->error) return 0;
  zw_builder_table_start(b);
  const zw_field *fields = pack->type->fields;
  for (unsigned i = 0; depth == 1 && i < pack->type->field_count; i++)
    if (fields[i].flags & ZW_F_OFFSET64) pack_field(b, pack, i, object, depth);
  for (unsigned i = 0; i < pack->type->field_count && !b->error; i++)
    if (depth > 1 || !(fields[i].flags & ZW_F_OFFSET64)) pack_field(b, pack, i, object, depth);
  return zw_builder_table_end(b);
}

zw_ref zw_pack(zw_builder *b, const zw_pack_type *pack, const void *object) {
  return pack_table(b, pack, object, 1);
}

int zw_pack_root(zw_builder *b, const zw_pack_type *pack, const void *object, zw_str identifier,
                 zw_table *out) {
  zw_span bytes;
  zw_builder_reset(b);
  int error = zw_builder_finish(b, zw_pack(b, pack, object), identifier, &bytes);
  if (!error && out) *out = zw_root_trusted(bytes);
  return error;
}
