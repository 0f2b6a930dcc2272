/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table becomes a generated C struct: the way back of pack.c, by the same descriptors. All memory
 * comes from the caller's arena and nothing of it is in the buffer. What is referred to twice is
 * made once (once.h), so that structs may point to the same.
 */
#include "once.h"
#include "vector_elements.h"

#define DEPTH_MAX 64

typedef struct unpacker {
  zw_arena *arena;
  zw_once once;
  int error; /* sticky */
} unpacker;

static const char is_string[1] = {0};

static void unpack_table(unpacker *u, const zw_pack_type *pack, zw_table table, uint8_t *object,
                         unsigned depth);

static void fail(unpacker *u, int error) {
  if (!u->error) u->error = error;
}

/* Memory for an object of `octets` in the buffer; NULL: the sticky error is set. */
static void *make(unpacker *u, uint64_t octets, size_t count, size_t size) {
  void *memory = NULL;
  if (!u->error) u->error = zw_once_pay(&u->once, octets);
  if (!u->error && !(memory = zw_arena_array(u->arena, count, size))) fail(u, ZW_ENOMEM);
  return memory;
}

static void remember(unpacker *u, uint64_t position, const void *as, void *copy) {
  int error = copy && !u->error ? zw_once_set(&u->once, position, as, copy) : 0;
  if (error) fail(u, error);
}

/* ---- scalars, structs ---- */

static void host_store(uint8_t *to, const uint8_t *from, unsigned base) {
  size_t n = zw_base_size((enum zw_base_type)base);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(to, from, n);
#else
  for (size_t o = 0; o < n; o++) to[o] = from[n - 1 - o];
#endif
  /* An octet above 1 is true in the format and no value of C's bool. */
  if (base == ZW_T_BOOL) *to = *to != 0;
}

static void host_preset(uint8_t *to, unsigned base, zw_scalar preset) {
  uint8_t octets[8] = {0};
  zw_scalar_store(octets, (enum zw_base_type)base, preset);
  host_store(to, octets, base);
}

static void unpack_struct(const zw_pack_type *pack, const uint8_t *from, uint8_t *to) {
  for (unsigned i = 0; i < pack->type->field_count; i++) {
    const zw_field *field = &pack->type->fields[i];
    const uint8_t *source = from + field->offset;
    uint8_t *target = to + pack->offsets[i];
    unsigned count = field->base == ZW_T_ARRAY ? field->fixed_length : 1;
    unsigned base = field->base == ZW_T_ARRAY ? field->element : field->base;
    size_t size = zw_base_size((enum zw_base_type)base);
    for (unsigned k = 0; k < count; k++) {
      if (base == ZW_T_OBJ)
        unpack_struct(pack->children[i], source + k * field->type->size,
                      target + k * pack->children[i]->size);
      else
        host_store(target + k * size, source + k * size, base);
    }
  }
}

static const void *lone_struct(unpacker *u, const zw_pack_type *pack, const uint8_t *at) {
  void *object = make(u, pack->type->size, 1, pack->size);
  if (object) unpack_struct(pack, at, object);
  return object;
}

/* ---- what is referred to ---- */

static zw_str unpack_string(unpacker *u, const uint8_t *buf, zw_str text) {
  zw_str copy = {NULL, 0};
  if (!text.ptr) return copy;
  uint64_t position = (uint64_t)((const uint8_t *)text.ptr - buf);
  char *known = zw_once_get(&u->once, position, is_string);
  char *to = known ? known : make(u, text.len, text.len + 1, 1);
  if (!to) return copy;
  if (!known) {
    memcpy(to, text.ptr, text.len);
    remember(u, position, is_string, to);
  }
  return (zw_str){to, text.len};
}

static const void *unpack_child(unpacker *u, const zw_pack_type *pack, zw_table table,
                                unsigned depth) {
  void *object = zw_once_get(&u->once, table.pos, pack);
  if (object) return object;
  object = make(u, 0, 1, pack->size);
  if (object) unpack_table(u, pack, table, object, depth + 1);
  remember(u, table.pos, pack, object);
  return object;
}

/* A member that is not known has a number, but no value: it cannot be packed again unnoticed. */
static zw_union_value unpack_member(unpacker *u, const zw_enum_type *type,
                                    const zw_pack_type *const *children, zw_scalar number,
                                    zw_table table, const uint8_t *at, unsigned depth) {
  zw_union_value value = {number.i, NULL};
  const zw_enum_value *member = zw_enum_by_value(type, number.i);
  if (!member || member->base == ZW_T_NONE) return value;
  if (member->base == ZW_T_STRING) {
    zw_str *text = make(u, 0, 1, sizeof *text);
    if (text) *text = unpack_string(u, table.ptr - table.pos, zw_str_at_(at));
    value.value = text;
    return value;
  }
  const zw_pack_type *child = children[member - type->values];
  zw_table to = zw_table_at_(table, at);
  if (!child)
    fail(u, ZW_EINVAL);
  else if (child->type->is_struct)
    value.value = lone_struct(u, child, to.ptr);
  else
    value.value = unpack_child(u, child, to, depth);
  return value;
}

static void unpack_scalars(const uint8_t *from, uint64_t count, unsigned base, uint8_t *to) {
  size_t size = zw_base_size((enum zw_base_type)base);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (base != ZW_T_BOOL) {
    if (count) memcpy(to, from, (size_t)count * size);
    return;
  }
#endif
  for (uint64_t k = 0; k < count; k++) host_store(to + k * size, from + k * size, base);
}

/* Elements that lie in the vector itself. */
static void *unpack_inline(unpacker *u, const zw_pack_type *pack, unsigned i, const uint8_t *from,
                           uint64_t count) {
  const zw_field *field = &pack->type->fields[i];
  bool structs = field->element == ZW_T_OBJ;
  const zw_pack_type *child = structs ? pack->children[i] : NULL;
  size_t stored = zw_element_size(field), size = structs ? child->size : stored;
  uint8_t *to = make(u, count * stored, (size_t)count, size);
  if (to && !structs) unpack_scalars(from, count, field->element, to);
  for (uint64_t k = 0; to && structs && k < count; k++)
    unpack_struct(child, from + k * stored, to + k * size);
  return to;
}

static void unpack_element(unpacker *u, const zw_pack_type *pack, unsigned i, zw_table table,
                           zw_vec v, uint32_t k, uint8_t *to, unsigned depth) {
  const zw_field *field = &pack->type->fields[i];
  if (field->element == ZW_T_STRING) {
    ((zw_str *)(void *)to)[k] = unpack_string(u, v.ptr - v.pos, zw_vec_str(v, k));
  } else if (field->element == ZW_T_UNION) {
    enum zw_base_type base = (enum zw_base_type)field->enum_type->base;
    zw_vec types = zw_table_vec(table, field->id - 1u);
    zw_scalar number = zw_scalar_load(types.ptr + k * zw_base_size(base), base);
    ((zw_union_value *)(void *)to)[k] = unpack_member(u, field->enum_type, pack->union_children[i],
                                                      number, table, v.ptr + 4u * k, depth);
  } else {
    const zw_pack_type *child = pack->children[i];
    zw_table element = zw_vec_table(v, k);
    uint8_t *object = to + k * (size_t)child->size;
    const void *known = zw_once_get(&u->once, element.pos, child);
    if (known && child->size)
      memcpy(object, known, child->size);
    else
      unpack_table(u, child, element, object, depth + 1);
    if (!known) remember(u, element.pos, child, object);
  }
}

static size_t host_size(const zw_pack_type *pack, unsigned i) {
  switch (pack->type->fields[i].element) {
    case ZW_T_STRING: return sizeof(zw_str);
    case ZW_T_UNION: return sizeof(zw_union_value);
    default: return pack->children[i]->size;
  }
}

static zw_items unpack_vector(unpacker *u, const zw_pack_type *pack, unsigned i, zw_table table,
                              unsigned depth) {
  const zw_field *field = &pack->type->fields[i];
  if (field->flags & ZW_F_OFFSET64) {
    zw_vec64 far = zw_table_vec64(table, field->id, zw_length_size(field));
    return (zw_items){unpack_inline(u, pack, i, far.ptr, far.count), (size_t)far.count};
  }
  zw_vec v = zw_table_vec(table, field->id);
  const void *kind = zw_vector_kind(field);
  void *known = kind ? zw_once_get(&u->once, v.pos, kind) : NULL;
  zw_items items = {known, v.count};
  if (known) return items;
  if (!zw_elements_refer(field)) {
    items.ptr = known = unpack_inline(u, pack, i, v.ptr, v.count);
  } else {
    items.ptr = known = make(u, 4 * (uint64_t)v.count, v.count, host_size(pack, i));
    for (uint32_t k = 0; k < v.count && !u->error; k++)
      unpack_element(u, pack, i, table, v, k, known, depth);
  }
  if (kind) remember(u, v.pos, kind, known);
  return items;
}

/* ---- fields ---- */

static zw_union_value unpack_union(unpacker *u, const zw_pack_type *pack, unsigned i,
                                   zw_table table, const uint8_t *at, unsigned depth) {
  const zw_field *field = &pack->type->fields[i];
  const uint8_t *which = zw_table_slot(table, field->id - 1u);
  zw_scalar number = {.i = 0};
  if (which) number = zw_scalar_load(which, (enum zw_base_type)field->enum_type->base);
  return unpack_member(u, field->enum_type, pack->union_children[i], number, table, at, depth);
}

/* A field that is there and no scalar. */
static void unpack_reference(unpacker *u, const zw_pack_type *pack, unsigned i, zw_table table,
                             const uint8_t *at, uint8_t *member, unsigned depth) {
  const zw_field *field = &pack->type->fields[i];
  bool far = field->flags & ZW_F_OFFSET64;
  switch (field->base) {
    case ZW_T_STRING: {
      zw_str text =
          unpack_string(u, table.ptr - table.pos,
                        far ? zw_table_str64(table, field->id) : zw_table_str(table, field->id));
      memcpy(member, &text, sizeof text);
      break;
    }
    case ZW_T_VECTOR:
    case ZW_T_VECTOR64: {
      zw_items items = unpack_vector(u, pack, i, table, depth);
      memcpy(member, &items, sizeof items);
      break;
    }
    case ZW_T_UNION: {
      zw_union_value value = unpack_union(u, pack, i, table, at, depth);
      memcpy(member, &value, sizeof value);
      break;
    }
    default: {
      const void *object = field->type->is_struct
                               ? lone_struct(u, pack->children[i], at)
                               : unpack_child(u, pack->children[i], zw_table_at_(table, at), depth);
      memcpy(member, &object, sizeof object);
      break;
    }
  }
}

static void unpack_field(unpacker *u, const zw_pack_type *pack, unsigned i, zw_table table,
                         uint8_t *object, unsigned depth) {
  const zw_field *field = &pack->type->fields[i];
  const uint8_t *at = zw_table_slot(table, field->id);
  uint8_t *member = object + pack->offsets[i];
  if (zw_field_is_union_type(field) || (field->flags & ZW_F_DEPRECATED)) return;
  if (!zw_base_is_scalar(field->base)) {
    if (at) unpack_reference(u, pack, i, table, at, member, depth);
  } else if (field->flags & ZW_F_OPTIONAL) {
    /* struct {bool has; T value;}: T is at its own alignment. */
    *member = at != NULL;
    if (at) host_store(member + zw_base_size((enum zw_base_type)field->base), at, field->base);
  } else if (at) {
    host_store(member, at, field->base);
  } else {
    host_preset(member, field->base, field->preset);
  }
}

/* `object` is cleared. */
static void unpack_table(unpacker *u, const zw_pack_type *pack, zw_table table, uint8_t *object,
                         unsigned depth) {
  if (depth > DEPTH_MAX) fail(u, ZW_ELIMIT);
  if (!u->error) u->error = zw_once_pay(&u->once, zw_table_inline_size(table));
  for (unsigned i = 0; i < pack->type->field_count && !u->error; i++)
    unpack_field(u, pack, i, table, object, depth);
}

int zw_unpack(zw_arena *arena, const zw_pack_type *pack, zw_table table, void *object) {
  unpacker u = {.arena = arena};
  memset(object, 0, pack->size);
  if (!table.ptr) return ZW_ENOTFOUND;
  zw_once_init(&u.once, arena->alloc, table.len);
  unpack_table(&u, pack, table, object, 1);
  zw_once_deinit(&u.once);
  if (u.error) memset(object, 0, pack->size);
  return u.error;
}
