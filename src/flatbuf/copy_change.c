/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies with changes: where a field of a table is among them, its value comes from the change
 * instead. A list is given element by element, from the change's value, from what the vector had,
 * or from what fills it up; scalars and structs are copied as octets, all else is built. Values
 * come from other buffers, each with its own copy (copy_table.c) and its own bound.
 */
#include "copy_table.h"
#include "vector_elements.h"

/* The elements that a vector is to have: the first `kept` of `from`, then `fill`. */
typedef struct element_list {
  zw_any from, fill;
  uint64_t kept, count;
} element_list;

static bool is_required(const zw_type *type) {
  for (unsigned i = 0; i < type->field_count; i++)
    if (type->fields[i].flags & ZW_F_REQUIRED) return true;
  return false;
}

/* A struct or table of this type. */
static bool is_object(const zw_any *value, const zw_type *type) {
  return value->base == ZW_T_OBJ && value->type == type;
}

static zw_ref empty_table(zw_copier *c, const zw_type *type) {
  if (is_required(type)) zw_builder_fail(c->b, ZW_EINVAL);
  if (c->b->error) return 0;
  zw_builder_table_start(c->b);
  return zw_builder_table_end(c->b);
}

/* What a union is to hold. */
static zw_ref put_member(zw_copier *c, const zw_any *value, const zw_enum_type *members) {
  const zw_enum_value *member =
      value->enum_type == members ? zw_enum_by_value(members, value->scalar.i) : NULL;
  if (!member || member->base == ZW_T_NONE || member->base != value->base ||
      member->type != value->type) {
    zw_builder_fail(c->b, ZW_EINVAL);
    return 0;
  }
  if (member->base == ZW_T_STRING) return zw_builder_string(c->b, value->text);
  if (!member->type->is_struct) return zw_copy_table(c->b, member->type, value->table);
  return zw_builder_struct(c->b, value->stored, member->type->size, member->type->align);
}

/* A string, a table, or what a union holds; `value` is NONE where a vector is filled up. */
static zw_ref put_referred(zw_copier *c, const zw_field *field, unsigned base,
                           const zw_any *value) {
  bool none = value->base == ZW_T_NONE;
  if (base == ZW_T_STRING && (none || (value->base == base && value->text.ptr))) {
    zw_str text = none ? ZW_STR("") : value->text;
    return field->flags & ZW_F_SHARED ? zw_builder_string_shared(c->b, text)
                                      : zw_builder_string(c->b, text);
  }
  if (base == ZW_T_UNION) return put_member(c, value, field->enum_type);
  if (base == ZW_T_OBJ && none) return empty_table(c, field->type);
  if (base == ZW_T_OBJ && is_object(value, field->type))
    return zw_copy_table(c->b, field->type, value->table);
  zw_builder_fail(c->b, ZW_EINVAL);
  return 0;
}

/* ---- vectors ---- */

static zw_any element_of(const element_list *list, uint64_t i) {
  return i < list->kept ? zw_any_of_element(&list->from, (size_t)i) : list->fill;
}

static bool is_vector(unsigned base) { return base == ZW_T_VECTOR || base == ZW_T_VECTOR64; }

/* What the change makes of the vector; false and an error: it is none, or of other elements. */
static bool make_list(zw_copier *c, const zw_change *change, const zw_type *type,
                      element_list *list) {
  const zw_field *field = change->field;
  *list = (element_list){.from = change->value, .kept = change->value.count};
  if (change->resize) {
    list->from = zw_any_of_field(change->table, type, field);
    list->fill = change->value;
    list->kept = list->from.count < change->count ? list->from.count : change->count;
  }
  list->count = change->resize ? change->count : list->kept;
  const zw_any *from = &list->from;
  bool fits = from->element == field->element && from->enum_type == field->enum_type &&
              (from->type == field->type || field->flags & ZW_F_NESTED);
  if (!is_vector(field->base) || (list->kept > 0 && !fits)) zw_builder_fail(c->b, ZW_EINVAL);
  if (list->count > UINT32_MAX && !(field->flags & ZW_F_OFFSET64)) zw_builder_fail(c->b, ZW_ELIMIT);
  return !c->b->error;
}

/* Elements beyond those kept, of `size` octets each. */
static void fill_up(zw_copier *c, const zw_field *field, const element_list *list, size_t size,
                    uint8_t *at) {
  const zw_any *fill = &list->fill;
  for (uint64_t i = list->kept; i < list->count; i++, at += size) {
    if (fill->base == ZW_T_NONE)
      memset(at, 0, size);
    else if (field->element == ZW_T_OBJ && is_object(fill, field->type))
      memcpy(at, fill->stored, size);
    else if (field->element != ZW_T_OBJ && fill->base == field->element)
      zw_scalar_store(at, (enum zw_base_type)field->element, fill->scalar);
    else
      zw_builder_fail(c->b, ZW_EINVAL);
  }
}

/* Writes the elements where they stand in the vector. */
static void put_elements(zw_copier *c, const zw_field *field, const element_list *list, size_t size,
                         uint8_t *at) {
  size_t kept = (size_t)list->kept * size;
  if (kept) memcpy(at, list->from.stored, kept);
  fill_up(c, field, list, size, at + kept);
  if (field->element != ZW_T_OBJ || c->b->error) return;
  int error = zw_sort_structs(field->type, at, (size_t)list->count, c->b->alloc);
  if (error) zw_builder_fail(c->b, error);
}

static zw_ref put_stored(zw_copier *c, const zw_field *field, const element_list *list) {
  size_t size = zw_element_size(field), count = (size_t)list->count;
  void *at = NULL;
  zw_ref ref = zw_builder_vector_uninit(c->b, count, size, zw_vector_align(field, count), &at);
  if (ref) put_elements(c, field, list, size, at);
  return ref;
}

static zw_ref64 put_far(zw_copier *c, const zw_field *field, const element_list *list) {
  size_t size = zw_element_size(field), count = (size_t)list->count;
  void *at = NULL;
  zw_ref64 ref = zw_builder_vector64_uninit(c->b, count, size, zw_vector_align(field, count),
                                            zw_length_size(field), &at);
  if (ref) put_elements(c, field, list, size, at);
  return ref;
}

static zw_ref put_refs(zw_copier *c, const zw_field *field, const element_list *list) {
  size_t count = (size_t)list->count, size = count * sizeof(zw_ref) + 1;
  zw_ref *refs = zw_alloc_get(c->b->alloc, size), ref = 0;
  if (!refs) zw_builder_fail(c->b, ZW_ENOMEM);
  for (size_t i = 0; i < count && !c->b->error; i++) {
    zw_any element = element_of(list, i);
    refs[i] = put_referred(c, field, field->element, &element);
  }
  int error = c->b->error;
  if (!error && field->element == ZW_T_OBJ) error = zw_sort_tables(c->b, field->type, refs, count);
  if (error)
    zw_builder_fail(c->b, error);
  else
    ref = zw_builder_refs(c->b, refs, (uint32_t)count);
  zw_alloc_free(c->b->alloc, refs, size);
  return ref;
}

/* ---- unions ---- */

static void put_type_vector(zw_copier *c, const zw_field *type_field, const element_list *list) {
  enum zw_base_type base = (enum zw_base_type)type_field->element;
  size_t size = zw_base_size(base), count = (size_t)list->count;
  void *at = NULL;
  zw_ref ref = zw_builder_vector_uninit(c->b, count, size, size, &at);
  for (size_t i = 0; ref && i < count; i++) {
    zw_any element = element_of(list, i);
    zw_scalar_store((uint8_t *)at + i * size, base, element.scalar);
  }
  zw_builder_add_ref(c->b, type_field->id, ref);
}

/* The type of the union, or of each element of the vector, that the change gives. */
static void put_union_type(zw_copier *c, const zw_type *type, const zw_field *type_field,
                           const zw_change *change) {
  element_list list;
  if (change->value.base == ZW_T_NONE && !change->resize) return;
  if (change->field->base == ZW_T_UNION)
    zw_builder_add_optional(c->b, type_field->id, (enum zw_base_type)type_field->base,
                            change->value.scalar);
  else if (make_list(c, change, type, &list))
    put_type_vector(c, type_field, &list);
}

/* ---- fields ---- */

static void put_vector(zw_copier *c, const zw_type *type, const zw_change *change) {
  const zw_field *field = change->field;
  element_list list;
  if (!make_list(c, change, type, &list)) return;
  if (field->flags & ZW_F_OFFSET64)
    zw_builder_add_ref64(c->b, field->id, put_far(c, field, &list));
  else
    zw_builder_add_ref(c->b, field->id,
                       zw_elements_refer(field) ? put_refs(c, field, &list)
                                                : put_stored(c, field, &list));
}

static void put_value(zw_copier *c, const zw_field *field, const zw_any *value) {
  if (zw_base_is_scalar(field->base)) {
    if (value->base != field->base) zw_builder_fail(c->b, ZW_EINVAL);
    zw_builder_add_optional(c->b, field->id, (enum zw_base_type)field->base, value->scalar);
  } else if (field->base == ZW_T_OBJ && field->type->is_struct) {
    if (!is_object(value, field->type)) zw_builder_fail(c->b, ZW_EINVAL);
    if (!c->b->error)
      zw_builder_add_struct(c->b, field->id, value->stored, field->type->size, field->type->align);
  } else if (field->flags & ZW_F_OFFSET64) {
    if (value->base != ZW_T_STRING || !value->text.ptr) zw_builder_fail(c->b, ZW_EINVAL);
    if (!c->b->error) zw_builder_add_ref64(c->b, field->id, zw_builder_string64(c->b, value->text));
  } else {
    zw_builder_add_ref(c->b, field->id, put_referred(c, field, field->base, value));
  }
}

static void apply(zw_copier *c, const zw_type *type, const zw_change *change) {
  const zw_field *field = change->field;
  bool none = change->value.base == ZW_T_NONE && !change->resize;
  if (zw_field_is_union_type(field) || (none && field->flags & ZW_F_REQUIRED))
    zw_builder_fail(c->b, ZW_EINVAL);
  if (none || c->b->error) return;
  if (change->resize || is_vector(field->base))
    put_vector(c, type, change);
  else
    put_value(c, field, &change->value);
}

/* The change of this field of this table, marked as used unless its union's type is asked for. */
static const zw_change *find(zw_copier *c, zw_table table, const zw_field *field, bool use) {
  for (size_t i = 0; i < c->change_count; i++) {
    const zw_change *change = &c->changes[i];
    if (change->field != field || change->table.ptr != table.ptr) continue;
    if (use) zw_bits_set(&c->used, i);
    return change;
  }
  return NULL;
}

bool zw_copy_change(zw_copier *c, const zw_type *type, const zw_field *field, zw_table table) {
  const zw_change *change = find(c, table, field, true);
  if (change) {
    apply(c, type, change);
  } else if (zw_field_is_union_type(field) && field->id + 1u < type->field_count) {
    change = find(c, table, &type->fields[field->id + 1], false);
    if (change) put_union_type(c, type, field, change);
  }
  return change != NULL;
}

zw_ref zw_copy_changed(zw_builder *b, const zw_type *type, zw_table table, const zw_change *changes,
                       size_t count) {
  zw_copier c = {.b = b, .changes = changes, .change_count = count};
  if (!table.ptr || b->error) return 0;
  int error = zw_bits_init(&c.used, count, b->alloc);
  if (error) {
    zw_builder_fail(b, error);
    return 0;
  }
  zw_ref ref = zw_copy_root(&c, type, table);
  for (size_t i = 0; i < count && !b->error; i++)
    if (!zw_bits_get(&c.used, i)) zw_builder_fail(b, ZW_ENOTFOUND);
  zw_bits_deinit(&c.used, b->alloc);
  return b->error ? 0 : ref;
}
