/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification: one recursive engine over descriptors.
 *
 * Invariants. `pos` is always inside the buffer before anything is loaded from it. Every offset
 * that is followed costs one of a budget that is proportional to the length, and so does every
 * octet that is looked at one by one, so that shared sub-objects cannot multiply the work; nesting
 * is bounded; nested buffers share all three. Ranges are computed in 64 bits and cannot wrap, since
 * lengths are below 2^31.
 *
 * The path of a field for messages is a chain of stack frames, walked only when something is wrong.
 */
#include <stdio.h>

#include "zerowire/flatbuf.h"

typedef struct step {
  const struct step *up;
  const zw_field *field;
  int64_t index; /* of a vector's element; -1: none */
} step;

typedef struct verifier {
  const uint8_t *buf;
  uint32_t len;
  uint32_t depth, depth_max;
  uint32_t flags;
  uint32_t align_mask;      /* all ones, or 0: any address will do */
  uint64_t offsets, octets; /* what is left of the budget */
  const zw_type *root;
  zw_diag *diag;
} verifier;

static int verify_table(verifier *v, const zw_type *type, uint32_t pos, const step *path);

/* ---- messages ---- */

static size_t print_path(const step *path, char *out, size_t size) {
  if (!path) return 0;
  size_t n = print_path(path->up, out, size);
  if (n + 1 >= size) return n;
  int w = snprintf(out + n, size - n, "%s%.*s", n ? "." : "", ZW_ARG(path->field->name));
  n = w < 0 ? n : n + (size_t)w < size ? n + (size_t)w : size - 1;
  if (path->index < 0 || n + 1 >= size) return n;
  w = snprintf(out + n, size - n, "[%lld]", (long long)path->index);
  return w < 0 ? n : n + (size_t)w < size ? n + (size_t)w : size - 1;
}

#define COLD __attribute__((cold, noinline))

COLD static int refuse(const verifier *v, const step *path, int error, uint64_t at,
                       const char *what) {
  if (!v->diag) return error;
  char text[160] = "";
  size_t n = print_path(path, text, sizeof text);
  return zw_fail_at(v->diag, error, at, "%.*s%s%s: %s, at octet %llu", ZW_ARG(v->root->name),
                    n ? "." : "", text, what, (unsigned long long)at);
}

/* ---- ranges ---- */

static bool in_range(const verifier *v, uint64_t pos, uint64_t len) {
  return pos <= v->len && len <= v->len - pos;
}

static bool aligned(const verifier *v, uint64_t pos, size_t align) {
  return (pos & (align - 1) & v->align_mask) == 0;
}

/* Follows the offset at `pos`: *target is inside, 4-aligned, with room for 4 octets. */
static int follow(verifier *v, const step *path, uint32_t pos, uint32_t *target) {
  uint64_t to = (uint64_t)pos + zw_load_le32(v->buf + pos);
  if (v->offsets == 0)
    return refuse(v, path, ZW_ELIMIT, pos, "more offsets than the length allows");
  v->offsets--;
  if (to == pos || !in_range(v, to, 4))
    return refuse(v, path, ZW_EVERIFY, pos, "an offset leads out of the buffer");
  if (!aligned(v, to, 4)) return refuse(v, path, ZW_EVERIFY, pos, "an offset is not aligned");
  *target = (uint32_t)to;
  return 0;
}

/* Pays for looking at `count` octets. */
static int scan(verifier *v, const step *path, uint32_t at, uint64_t count) {
  if (count > v->octets)
    return refuse(v, path, ZW_ELIMIT, at, "more octets to look at than the length allows");
  v->octets -= count;
  return 0;
}

static int enter(verifier *v, const step *path, uint32_t pos) {
  if (v->depth >= v->depth_max) return refuse(v, path, ZW_ELIMIT, pos, "nested too deeply");
  v->depth++;
  return 0;
}

/* ---- strings and vectors ---- */

static int verify_string(verifier *v, const step *path, uint32_t pos) {
  uint32_t at = 0;
  int error = follow(v, path, pos, &at);
  if (error) return error;
  uint32_t len = zw_load_le32(v->buf + at);
  if (!in_range(v, (uint64_t)at + 4, (uint64_t)len + 1))
    return refuse(v, path, ZW_EVERIFY, at, "a string leads out of the buffer");
  if (v->buf[at + 4 + len] != 0)
    return refuse(v, path, ZW_EVERIFY, at, "a string is not terminated");
  if (!(v->flags & ZW_VERIFY_UTF8)) return 0;
  zw_str text = {(const char *)v->buf + at + 4, len};
  if ((error = scan(v, path, at, len))) return error;
  return zw_utf8_valid(text) ? 0 : refuse(v, path, ZW_EVERIFY, at, "a string is not UTF-8");
}

/* Whether verify_string would accept it: the same checks without a path for messages, which most
 * strings never need. */
static inline bool is_good_string(verifier *v, uint32_t pos) {
  uint64_t at = (uint64_t)pos + zw_load_le32(v->buf + pos);
  if (v->flags & ZW_VERIFY_UTF8 || v->offsets == 0 || at == pos || !in_range(v, at, 4) ||
      !aligned(v, at, 4))
    return false;
  uint32_t len = zw_load_le32(v->buf + at);
  if (!in_range(v, at + 4, (uint64_t)len + 1) || v->buf[at + 4 + len] != 0) return false;
  v->offsets--;
  return true;
}

/* *first: position of element 0. */
static int verify_vector_range(verifier *v, const step *path, uint32_t pos, size_t size,
                               size_t align, uint32_t *first, uint32_t *count) {
  uint32_t at = 0;
  int error = follow(v, path, pos, &at);
  if (error) return error;
  *count = zw_load_le32(v->buf + at);
  *first = at + 4;
  if (!in_range(v, *first, (uint64_t)*count * size))
    return refuse(v, path, ZW_EVERIFY, at, "a vector leads out of the buffer");
  if (*count && !aligned(v, *first, align))
    return refuse(v, path, ZW_EVERIFY, at, "a vector is not aligned");
  return 0;
}

/* A buffer in a vector of octets, verified with the same budget. */
static int verify_nested(verifier *v, const zw_field *field, const step *path, uint32_t first,
                         uint32_t count) {
  verifier nested = *v;
  if (count == 0) return 0;
  nested.buf += first;
  nested.len = count;
  if (count < 8) return refuse(v, path, ZW_EVERIFY, first, "a nested buffer is too short");
  uint32_t root;
  int error = enter(&nested, path, first);
  if (!error) error = follow(&nested, path, 0, &root);
  if (!error) error = verify_table(&nested, field->type, root, path);
  v->offsets = nested.offsets;
  v->octets = nested.octets;
  return error;
}

static int verify_enum_values(verifier *v, const zw_field *field, const step *path, uint32_t first,
                              uint32_t count) {
  size_t size = zw_base_size((enum zw_base_type)field->element);
  int error = scan(v, path, first, (uint64_t)count * size);
  if (error) return error;
  for (uint32_t i = 0; i < count; i++) {
    zw_scalar s = zw_scalar_load(v->buf + first + i * size, (enum zw_base_type)field->element);
    if (!zw_enum_by_value(field->enum_type, s.i))
      return refuse(v, path, ZW_EVERIFY, first + i * size, "an enum value is not declared");
  }
  return 0;
}

static bool checks_enum(const verifier *v, const zw_field *field) {
  return (v->flags & ZW_VERIFY_ENUMS) && field->enum_type && !field->enum_type->is_union &&
         !field->enum_type->bit_flags;
}

static int verify_table_vector(verifier *v, const zw_field *field, const step *path, uint32_t first,
                               uint32_t count) {
  step element = *path;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at;
    element.index = i;
    int error = follow(v, &element, first + 4 * i, &at);
    if (!error) error = verify_table(v, field->type, at, &element);
    if (error) return error;
  }
  return 0;
}

static int verify_vector(verifier *v, const zw_field *field, const step *path, uint32_t pos) {
  bool of_structs = field->element == ZW_T_OBJ && field->type->is_struct;
  size_t size = of_structs ? field->type->size : zw_base_size((enum zw_base_type)field->element);
  size_t align = of_structs ? field->type->align : size;
  uint32_t first, count;
  int error = verify_vector_range(v, path, pos, size, align, &first, &count);
  if (error || of_structs) return error;
  if (field->element == ZW_T_OBJ) return verify_table_vector(v, field, path, first, count);
  if (field->flags & ZW_F_NESTED) return verify_nested(v, field, path, first, count);
  if (checks_enum(v, field)) return verify_enum_values(v, field, path, first, count);
  if (field->element != ZW_T_STRING) return 0;
  step element = *path;
  for (uint32_t i = 0; i < count; i++) {
    element.index = i;
    if ((error = verify_string(v, &element, first + 4 * i))) return error;
  }
  return 0;
}

/* ---- unions ---- */

static int verify_union_value(verifier *v, const zw_enum_type *type, const step *path,
                              uint8_t number, uint32_t pos) {
  const zw_enum_value *member = zw_enum_by_value(type, number);
  uint32_t at = 0;
  if (!member && (v->flags & ZW_VERIFY_STRICT_UNIONS))
    return refuse(v, path, ZW_EVERIFY, pos, "an unknown union member");
  if (member && member->base == ZW_T_STRING) return verify_string(v, path, pos);
  int error = follow(v, path, pos, &at);
  if (error || !member) return error;
  if (!member->type) return refuse(v, path, ZW_EVERIFY, pos, "a union value without a type");
  if (!member->type->is_struct) return verify_table(v, member->type, at, path);
  if (!in_range(v, at, member->type->size))
    return refuse(v, path, ZW_EVERIFY, at, "a struct leads out of the buffer");
  return aligned(v, at, member->type->align)
             ? 0
             : refuse(v, path, ZW_EVERIFY, at, "a struct is not aligned");
}

/* The position of a present field, else 0. The slot before a union's holds its type. */
static uint32_t inline_field(const verifier *v, uint32_t table, unsigned id) {
  uint32_t vtable = table - zw_load_le32(v->buf + table);
  uint32_t at = 4 + 2 * id;
  if (at + 2 > zw_load_le16(v->buf + vtable)) return 0;
  uint32_t offset = zw_load_le16(v->buf + vtable + at);
  return offset ? table + offset : 0;
}

static int verify_union(verifier *v, const zw_field *field, const step *path, uint32_t table,
                        uint32_t pos) {
  uint32_t type_at = inline_field(v, table, field->id - 1u);
  uint8_t number = type_at ? v->buf[type_at] : 0;
  if (number == 0) return refuse(v, path, ZW_EVERIFY, pos, "a union value without a type");
  return verify_union_value(v, field->enum_type, path, number, pos);
}

static int verify_union_vector(verifier *v, const zw_field *field, const step *path, uint32_t table,
                               uint32_t pos) {
  uint32_t type_at = inline_field(v, table, field->id - 1u), types, type_count, first, count;
  if (!type_at) return refuse(v, path, ZW_EVERIFY, pos, "a vector of unions without its types");
  int error = verify_vector_range(v, path, type_at, 1, 1, &types, &type_count);
  if (!error) error = verify_vector_range(v, path, pos, 4, 4, &first, &count);
  if (error) return error;
  if (count != type_count)
    return refuse(v, path, ZW_EVERIFY, pos, "a vector of unions and its types differ in length");
  step element = *path;
  error = scan(v, path, types, count);
  for (uint32_t i = 0; i < count && !error; i++) {
    element.index = i;
    if (v->buf[types + i] != 0)
      error = verify_union_value(v, field->enum_type, &element, v->buf[types + i], first + 4 * i);
  }
  return error;
}

/* ---- tables ---- */

/* The field's own octets are in range and aligned; what it refers to follows. */
static int verify_field(verifier *v, const zw_field *field, const step *path, uint32_t table,
                        uint32_t pos) {
  switch (field->base) {
    case ZW_T_STRING: return verify_string(v, path, pos);
    case ZW_T_VECTOR:
      return field->element == ZW_T_UNION ? verify_union_vector(v, field, path, table, pos)
                                          : verify_vector(v, field, path, pos);
    case ZW_T_UNION: return verify_union(v, field, path, table, pos);
    case ZW_T_OBJ: {
      uint32_t at;
      if (field->type->is_struct) return 0;
      int error = follow(v, path, pos, &at);
      return error ? error : verify_table(v, field->type, at, path);
    }
    default: break;
  }
  if (!checks_enum(v, field)) return 0;
  zw_scalar s = zw_scalar_load(v->buf + pos, (enum zw_base_type)field->base);
  return zw_enum_by_value(field->enum_type, s.i)
             ? 0
             : refuse(v, path, ZW_EVERIFY, pos, "an enum value is not declared");
}

static bool is_required(const verifier *v, const zw_field *field) {
  return (field->flags & ZW_F_REQUIRED) && !(v->flags & ZW_VERIFY_NO_REQUIRED);
}

/* Octets that a field takes in its table, which are its alignment too, unless it is a struct. */
static const uint8_t inline_sizes[32] = {
    [ZW_T_UTYPE] = 1,  [ZW_T_BOOL] = 1,   [ZW_T_BYTE] = 1,  [ZW_T_UBYTE] = 1,
    [ZW_T_SHORT] = 2,  [ZW_T_USHORT] = 2, [ZW_T_INT] = 4,   [ZW_T_UINT] = 4,
    [ZW_T_LONG] = 8,   [ZW_T_ULONG] = 8,  [ZW_T_FLOAT] = 4, [ZW_T_DOUBLE] = 8,
    [ZW_T_STRING] = 4, [ZW_T_VECTOR] = 4, [ZW_T_OBJ] = 4,   [ZW_T_UNION] = 4,
};

/* Why a field that is not in its table, or not aligned, is refused. */
COLD static int refuse_place(const verifier *v, const zw_field *field, const step *path,
                             uint32_t pos, uint32_t offset, bool outside) {
  step here = {path, field, -1};
  return outside ? refuse(v, &here, ZW_EVERIFY, pos, "a field leads out of its table")
                 : refuse(v, &here, ZW_EVERIFY, (uint64_t)pos + offset, "a field is not aligned");
}

COLD static int refuse_missing(const verifier *v, const zw_field *field, const step *path,
                               uint32_t pos) {
  step here = {path, field, -1};
  return refuse(v, &here, ZW_EVERIFY, pos, "a required field is missing");
}

/* Whether a field of `len` octets lies in its table of `size` octets, aligned. */
static inline bool is_placed(const verifier *v, uint32_t pos, uint32_t offset, uint32_t len,
                             uint32_t align, uint32_t size) {
  return offset >= 4 && offset + len <= size && ((pos + offset) & (align - 1) & v->align_mask) == 0;
}

/* `field` is present at `offset` of a table of `size` octets. Fields come by their ids, so the type
 * of a union is checked before the union. */
static inline int verify_present(verifier *v, const zw_field *field, const step *path, uint32_t pos,
                                 uint32_t offset, uint32_t size) {
  uint32_t base = field->base, len = inline_sizes[base & 31], align = len;
  bool is_struct = base == ZW_T_OBJ && field->type->is_struct;
  if (is_struct) {
    len = field->type->size;
    align = field->type->align;
  }
  if (!is_placed(v, pos, offset, len, align, size))
    return refuse_place(v, field, path, pos, offset, offset < 4 || offset + len > size);
  if (is_struct || (base == ZW_T_STRING && is_good_string(v, pos + offset))) return 0;
  step here = {path, field, -1};
  return verify_field(v, field, &here, pos, pos + offset);
}

static int verify_fields(verifier *v, const zw_type *type, uint32_t pos, uint32_t vtable,
                         const step *path) {
  const uint8_t *slots = v->buf + vtable + 4;
  uint32_t slot_count = (zw_load_le16(v->buf + vtable) - 4u) / 2, count = type->field_count;
  uint32_t size = zw_load_le16(v->buf + vtable + 2),
           known = slot_count < count ? slot_count : count;
  bool scalars = !(v->flags & ZW_VERIFY_ENUMS);
  const zw_field *field = type->fields;
  for (uint32_t i = 0; i < known; i++, field++) {
    uint32_t offset = zw_load_le16(slots + 2 * (size_t)i);
    if (offset == 0) {
      if (is_required(v, field)) return refuse_missing(v, field, path, pos);
      continue;
    }
    uint32_t len = inline_sizes[field->base & 31];
    if (scalars && field->base <= ZW_T_DOUBLE && is_placed(v, pos, offset, len, len, size))
      continue;
    int error = verify_present(v, field, path, pos, offset, size);
    if (error) return error;
  }
  for (uint32_t i = known; i < count; i++, field++)
    if (is_required(v, field)) return refuse_missing(v, field, path, pos);
  return 0;
}

static int verify_table(verifier *v, const zw_type *type, uint32_t pos, const step *path) {
  int error = enter(v, path, pos);
  if (error) return error;
  int64_t vtable = (int64_t)pos - (int32_t)zw_load_le32(v->buf + pos);
  if (vtable < 0 || !in_range(v, (uint64_t)vtable, 4) || vtable & 1)
    return refuse(v, path, ZW_EVERIFY, pos, "a table without a valid vtable");
  uint32_t slots = zw_load_le16(v->buf + vtable), size = zw_load_le16(v->buf + vtable + 2);
  if (slots < 4 || slots & 1 || !in_range(v, (uint64_t)vtable, slots))
    return refuse(v, path, ZW_EVERIFY, (uint64_t)vtable, "a vtable leads out of the buffer");
  if (size < 4 || !in_range(v, pos, size))
    return refuse(v, path, ZW_EVERIFY, pos, "a table leads out of the buffer");
  error = verify_fields(v, type, pos, (uint32_t)vtable, path);
  v->depth--;
  return error;
}

int zw_verify(const zw_type *root, zw_span bytes, const zw_verify_options *options, zw_table *out,
              zw_diag *diag) {
  static const zw_verify_options defaults = {0};
  if (!options) options = &defaults;
  if (bytes.len > INT32_MAX)
    return zw_fail(diag, ZW_ELIMIT, "%.*s: a buffer of 2 GiB or more", ZW_ARG(root->name));
  verifier v = {.buf = bytes.ptr,
                .len = (uint32_t)bytes.len,
                .depth_max = options->depth_max ? options->depth_max : 64,
                .flags = options->flags,
                .align_mask = options->flags & ZW_VERIFY_UNALIGNED ? 0 : UINT32_MAX,
                .offsets = options->offsets_max ? options->offsets_max : bytes.len / 4 + 64,
                .octets = 16 * (uint64_t)bytes.len + 4096,
                .root = root,
                .diag = diag};
  uint32_t pos = 0;
  if (bytes.len < 8) return refuse(&v, NULL, ZW_EVERIFY, 0, "too short for a buffer");
  int error = follow(&v, NULL, 0, &pos);
  if (!error) error = verify_table(&v, root, pos, NULL);
  if (!error && out) *out = (zw_table){v.buf, v.len, pos};
  return error;
}

int zw_verify_identified(const zw_type *root, zw_str identifier, zw_span bytes,
                         const zw_verify_options *options, zw_table *out, zw_diag *diag) {
  if (bytes.len < 8 || identifier.len != 4 || memcmp(bytes.ptr + 4, identifier.ptr, 4) != 0)
    return zw_fail_at(diag, ZW_EVERIFY, 4, "%.*s: the file identifier is not \"%.*s\"",
                      ZW_ARG(root->name), ZW_ARG(identifier));
  return zw_verify(root, bytes, options, out, diag);
}
