/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of one buffer becomes one of another: all that its descriptor knows, depth first,
 * children while their parent is open. Scalars and structs are copied as octets, so that NaNs stay
 * what they are; an object that is referred to twice is copied once (once.h). The root's 64-bit
 * content comes before all else, where its size is not bounded.
 */
#include "copy_table.h"
#include "vector_elements.h"

#define DEPTH_MAX 64

static zw_ref copy_table(zw_copier *c, const zw_type *type, zw_table table, unsigned depth);

/* A copy made before, or 0. */
static zw_ref known(const zw_copier *c, uint64_t position, const void *as) {
  return (zw_ref)(uintptr_t)zw_once_get(&c->once, position, as);
}

static zw_ref remember(zw_copier *c, uint64_t position, const void *as, zw_ref ref) {
  int error = ref ? zw_once_set(&c->once, position, as, (void *)(uintptr_t)ref) : 0;
  if (error) zw_builder_fail(c->b, error);
  return error ? 0 : ref;
}

static bool may_copy(zw_copier *c, uint64_t octets) {
  int error = zw_once_pay(&c->once, octets);
  if (error) zw_builder_fail(c->b, error);
  return !error;
}

/* ---- strings, structs ---- */

/* What strings are seen as. */
static const char is_string[1] = {0}, is_shared[1] = {1};

static zw_ref copy_string(zw_copier *c, const uint8_t *buf, zw_str text, bool shared) {
  uint64_t position = (uint64_t)((const uint8_t *)text.ptr - buf);
  const char *as = shared ? is_shared : is_string;
  zw_ref ref = known(c, position, as);
  if (ref || !may_copy(c, text.len)) return ref;
  ref = shared ? zw_builder_string_shared(c->b, text) : zw_builder_string(c->b, text);
  return remember(c, position, as, ref);
}

/* A struct that stands alone. */
static zw_ref copy_struct(zw_copier *c, const zw_type *type, zw_table at) {
  zw_ref ref = known(c, at.pos, type);
  if (ref || !may_copy(c, type->size)) return ref;
  return remember(c, at.pos, type, zw_builder_struct(c->b, at.ptr, type->size, type->align));
}

/* ---- unions, vectors ---- */

/* What the 4 octets at `at` refer to. */
static zw_ref copy_member(zw_copier *c, const zw_enum_type *members, uint64_t number,
                          zw_table table, const uint8_t *at, unsigned depth) {
  const zw_enum_value *member = zw_enum_by_value(members, (int64_t)number);
  if (!member || member->base == ZW_T_NONE) {
    zw_builder_fail(c->b, ZW_ENOTSUP);
    return 0;
  }
  if (member->base == ZW_T_STRING)
    return copy_string(c, table.ptr - table.pos, zw_str_at_(at), false);
  zw_table child = zw_table_at_(table, at);
  return member->type->is_struct ? copy_struct(c, member->type, child)
                                 : copy_table(c, member->type, child, depth + 1);
}

static zw_ref copy_element(zw_copier *c, const zw_field *field, zw_table table, zw_vec v,
                           uint32_t i, unsigned depth) {
  if (field->element == ZW_T_STRING)
    return copy_string(c, v.ptr - v.pos, zw_vec_str(v, i), field->flags & ZW_F_SHARED);
  if (field->element == ZW_T_OBJ) return copy_table(c, field->type, zw_vec_table(v, i), depth + 1);
  enum zw_base_type base = (enum zw_base_type)field->enum_type->base;
  zw_vec types = zw_table_vec(table, field->id - 1u);
  uint64_t number = zw_scalar_load(types.ptr + i * zw_base_size(base), base).u;
  return copy_member(c, field->enum_type, number, table, v.ptr + 4u * i, depth);
}

static void sort(zw_copier *c, const zw_type *type, zw_ref *refs, size_t count) {
  int error = zw_sort_tables(c->b, type, refs, count);
  if (error) zw_builder_fail(c->b, error);
}

static zw_ref copy_refs(zw_copier *c, const zw_field *field, zw_table table, zw_vec v,
                        unsigned depth) {
  size_t size = v.count * sizeof(zw_ref);
  zw_ref *refs = zw_alloc_get(c->b->alloc, size + 1), ref = 0;
  if (!refs) zw_builder_fail(c->b, ZW_ENOMEM);
  for (uint32_t i = 0; i < v.count && !c->b->error; i++)
    refs[i] = copy_element(c, field, table, v, i, depth);
  if (!c->b->error && c->change_count && field->element == ZW_T_OBJ)
    sort(c, field->type, refs, v.count);
  if (!c->b->error) ref = zw_builder_refs(c->b, refs, v.count);
  zw_alloc_free(c->b->alloc, refs, size + 1);
  return ref;
}

static zw_ref copy_vector(zw_copier *c, const zw_field *field, zw_table table, unsigned depth) {
  zw_vec v = zw_table_vec(table, field->id);
  const void *kind = zw_vector_kind(field);
  zw_ref ref = kind ? known(c, v.pos, kind) : 0;
  size_t size = zw_element_size(field);
  if (ref || !may_copy(c, (uint64_t)v.count * size)) return ref;
  ref = zw_elements_refer(field)
            ? copy_refs(c, field, table, v, depth)
            : zw_builder_vector(c->b, v.ptr, v.count, size, zw_vector_align(field, v.count));
  return kind ? remember(c, v.pos, kind, ref) : ref;
}

/* ---- fields ---- */

static void copy_far(zw_copier *c, const zw_field *field, zw_table table) {
  zw_ref64 ref = 0;
  if (field->base == ZW_T_STRING) {
    zw_str text = zw_table_str64(table, field->id);
    if (may_copy(c, text.len)) ref = zw_builder_string64(c->b, text);
  } else {
    unsigned length_size = zw_length_size(field);
    zw_vec64 v = zw_table_vec64(table, field->id, length_size);
    size_t count = (size_t)v.count, size = zw_element_size(field);
    if (may_copy(c, v.count * size))
      ref =
          zw_builder_vector64(c->b, v.ptr, count, size, zw_vector_align(field, count), length_size);
  }
  zw_builder_add_ref64(c->b, field->id, ref);
}

static zw_ref copy_union(zw_copier *c, const zw_field *field, zw_table table, const uint8_t *at,
                         unsigned depth) {
  enum zw_base_type base = (enum zw_base_type)field->enum_type->base;
  const uint8_t *which = zw_table_slot(table, field->id - 1u);
  uint64_t number = which ? zw_scalar_load(which, base).u : 0;
  return number ? copy_member(c, field->enum_type, number, table, at, depth) : 0;
}

static void copy_as_is(zw_copier *c, const zw_field *field, zw_table table, unsigned depth) {
  const uint8_t *at = zw_table_slot(table, field->id);
  zw_ref ref = 0;
  if (!at || c->b->error) return;
  if (field->flags & ZW_F_OFFSET64) {
    copy_far(c, field, table);
    return;
  }
  switch (field->base) {
    case ZW_T_STRING:
      ref = copy_string(c, table.ptr - table.pos, zw_str_at_(at), field->flags & ZW_F_SHARED);
      break;
    case ZW_T_VECTOR: ref = copy_vector(c, field, table, depth); break;
    case ZW_T_UNION: ref = copy_union(c, field, table, at, depth); break;
    case ZW_T_OBJ:
      if (field->type->is_struct)
        zw_builder_add_struct(c->b, field->id, at, field->type->size, field->type->align);
      else
        ref = copy_table(c, field->type, zw_table_at_(table, at), depth + 1);
      break;
    default: {
      size_t size = zw_base_size((enum zw_base_type)field->base);
      zw_builder_add_struct(c->b, field->id, at, size, size);
      break;
    }
  }
  zw_builder_add_ref(c->b, field->id, ref);
}

static void copy_field(zw_copier *c, const zw_type *type, const zw_field *field, zw_table table,
                       unsigned depth) {
  if (!c->change_count || !zw_copy_change(c, type, field, table))
    copy_as_is(c, field, table, depth);
}

static zw_ref copy_table(zw_copier *c, const zw_type *type, zw_table table, unsigned depth) {
  zw_ref ref = known(c, table.pos, type);
  if (ref || c->b->error) return ref;
  if (depth > DEPTH_MAX) {
    zw_builder_fail(c->b, ZW_ELIMIT);
    return 0;
  }
  if (!may_copy(c, zw_table_inline_size(table))) return 0;
  zw_builder_table_start(c->b);
  for (unsigned i = 0; depth == 1 && i < type->field_count; i++)
    if (type->fields[i].flags & ZW_F_OFFSET64) copy_field(c, type, &type->fields[i], table, depth);
  for (unsigned i = 0; i < type->field_count && !c->b->error; i++)
    if (depth > 1 || !(type->fields[i].flags & ZW_F_OFFSET64))
      copy_field(c, type, &type->fields[i], table, depth);
  return remember(c, table.pos, type, zw_builder_table_end(c->b));
}

zw_ref zw_copy_root(zw_copier *c, const zw_type *type, zw_table table) {
  zw_once_init(&c->once, c->b->alloc, table.len);
  zw_ref ref = copy_table(c, type, table, 1);
  zw_once_deinit(&c->once);
  return c->b->error ? 0 : ref;
}

zw_ref zw_copy_table(zw_builder *b, const zw_type *type, zw_table table) {
  zw_copier c = {.b = b};
  return table.ptr && !b->error ? zw_copy_root(&c, type, table) : 0;
}

void zw_copy_field(zw_builder *b, const zw_field *field, zw_table table) {
  zw_copier c = {.b = b};
  if (!table.ptr || b->error) return;
  zw_once_init(&c.once, b->alloc, table.len);
  copy_as_is(&c, field, table, 1);
  zw_once_deinit(&c.once);
}
