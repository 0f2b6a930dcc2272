/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verified table as tokens. The walk follows the descriptors; nothing is checked against the
 * bytes again, but depth is bounded here too, for tables that were verified with a larger limit.
 * Structs nest by schema, so they need no limit.
 *
 * What a buffer refers to again and again is written as often. So its octets are paid for whenever
 * they are written, from a budget that is proportional to the buffer's length: a small buffer
 * cannot become a text without end. FlexBuffers pay from it as well.
 */
#include "json_writer.h"
#include "object.h"
#include "vector_elements.h"

typedef struct object_writer {
  zw_token_writer *out;
  uint32_t flags;
  uint32_t depth;
  uint64_t octets; /* what is left of the budget */
} object_writer;

#define OCTETS_FREE (1u << 18)

static object_writer writer_of(zw_table table, uint32_t flags, zw_token_writer *out) {
  return (object_writer){out, flags, 0, 16 * (uint64_t)table.len + OCTETS_FREE};
}

static int pay(object_writer *w, uint64_t octets) {
  return __builtin_sub_overflow(w->octets, octets, &w->octets) ? ZW_ELIMIT : 0;
}

static int write_table(object_writer *w, const zw_type *type, zw_table table);

static int write_kind(object_writer *w, enum zw_token_kind kind, size_t count) {
  zw_token token = {.kind = kind, .count = count};
  return w->out->write(w->out, &token);
}

static int write_str(object_writer *w, zw_str text) {
  if (!text.ptr) return write_kind(w, ZW_TOKEN_NULL, SIZE_MAX);
  zw_token token = {.kind = ZW_TOKEN_STRING, .text = text, .count = SIZE_MAX};
  return w->out->write(w->out, &token);
}

/* A string of the buffer. */
static int write_text(object_writer *w, zw_str text) {
  int e = pay(w, text.len);
  return e ? e : write_str(w, text);
}

static int write_bytes(object_writer *w, zw_span bytes) {
  zw_token token = {.kind = ZW_TOKEN_BYTES, .bytes = bytes, .count = SIZE_MAX};
  return w->out->write(w->out, &token);
}

/* ---- scalars ---- */

static int write_number(object_writer *w, enum zw_base_type base, zw_scalar value) {
  zw_token token = {.count = SIZE_MAX};
  if (base == ZW_T_BOOL) {
    token.kind = ZW_TOKEN_BOOL;
    token.boolean = value.i != 0;
  } else if (zw_base_is_float(base)) {
    token.kind = ZW_TOKEN_FLOAT;
    token.d = value.d;
    token.single = base == ZW_T_FLOAT;
  } else if (zw_base_is_signed(base) && value.i < 0) {
    token.kind = ZW_TOKEN_INT;
    token.i = value.i;
  } else {
    token.kind = ZW_TOKEN_UINT;
    token.u = value.u;
  }
  return w->out->write(w->out, &token);
}

/* The names of all set bits; 0 octets if a bit has none. `out` NULL: only how many octets. */
static size_t flag_names(const zw_enum_type *type, uint64_t bits, char *out) {
  size_t n = 0;
  for (uint32_t i = 0; i < type->value_count && bits; i++) {
    const zw_enum_value *value = &type->values[i];
    uint64_t mask = (uint64_t)value->value;
    if (mask == 0 || (bits & mask) != mask) continue;
    if (out && n) out[n] = ' ';
    n += n != 0;
    if (out) memcpy(out + n, value->name.ptr, value->name.len);
    n += value->name.len;
    bits &= ~mask;
  }
  return bits ? 0 : n;
}

static int write_flags(object_writer *w, const zw_enum_type *type, enum zw_base_type base,
                       zw_scalar value) {
  char small[512];
  size_t n = flag_names(type, value.u, NULL);
  if (n == 0) return write_number(w, base, value);
  char *names = n <= sizeof small ? small : zw_alloc_get(zw_alloc_default(), n);
  if (!names) return ZW_ENOMEM;
  flag_names(type, value.u, names);
  int e = write_str(w, (zw_str){names, n});
  if (names != small) zw_alloc_free(zw_alloc_default(), names, n);
  return e;
}

static int write_enum(object_writer *w, const zw_enum_type *type, enum zw_base_type base,
                      zw_scalar value) {
  if (w->flags & ZW_OBJECT_ENUM_NUMBERS) return write_number(w, base, value);
  const zw_enum_value *named = zw_enum_by_value(type, value.i);
  if (named) return write_str(w, named->name);
  return type->bit_flags ? write_flags(w, type, base, value) : write_number(w, base, value);
}

static int write_scalar(object_writer *w, const zw_field *field, enum zw_base_type base,
                        zw_scalar value) {
  if (field->enum_type) return write_enum(w, field->enum_type, base, value);
  bool printable = base == ZW_T_LONG || (base == ZW_T_ULONG && value.u <= INT64_MAX);
  if ((field->flags & ZW_F_TIMESTAMP) && (w->flags & ZW_OBJECT_TEXT) && printable) {
    char text[ZW_TIME_TEXT_MAX];
    size_t n = zw_time_format(value.i, text);
    return write_str(w, (zw_str){text, n});
  }
  return write_number(w, base, value);
}

/* ---- structs and arrays ---- */

void zw_uuid_format(const uint8_t uuid[16], char out[ZW_UUID_TEXT_LEN + 1]) {
  static const char hex[] = "0123456789abcdef";
  size_t n = 0;
  for (size_t i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out[n++] = '-';
    out[n++] = hex[uuid[i] >> 4];
    out[n++] = hex[uuid[i] & 15];
  }
  out[n] = 0;
}

static int write_struct_field(object_writer *w, const zw_field *field, const uint8_t *at);

static int write_array(object_writer *w, const zw_field *member, const uint8_t *at) {
  size_t size = member->element == ZW_T_OBJ ? member->type->size : zw_base_size(member->element);
  int e = write_kind(w, ZW_TOKEN_ARRAY, member->fixed_length);
  for (size_t i = 0; !e && i < member->fixed_length; i++, at += size) {
    e = member->element == ZW_T_OBJ
            ? write_struct_field(w, member, at)
            : write_scalar(w, member, member->element, zw_scalar_load(at, member->element));
  }
  return e ? e : write_kind(w, ZW_TOKEN_ARRAY_END, SIZE_MAX);
}

static int write_struct(object_writer *w, const zw_type *type, const uint8_t *at) {
  int e = write_kind(w, ZW_TOKEN_MAP, type->field_count);
  for (uint16_t i = 0; !e && i < type->field_count; i++) {
    const zw_field *member = &type->fields[i];
    e = write_str(w, member->name);
    if (e) return e;
    if (member->base == ZW_T_OBJ) {
      e = write_struct_field(w, member, at + member->offset);
    } else if (member->base == ZW_T_ARRAY) {
      e = write_array(w, member, at + member->offset);
    } else {
      e = write_scalar(w, member, member->base, zw_member_scalar(at, member));
    }
  }
  return e ? e : write_kind(w, ZW_TOKEN_MAP_END, SIZE_MAX);
}

static int write_struct_field(object_writer *w, const zw_field *field, const uint8_t *at) {
  if (w->flags & ZW_OBJECT_FLATC || !zw_is_uuid(field, field->type))
    return write_struct(w, field->type, at);
  if (!(w->flags & ZW_OBJECT_TEXT)) return write_bytes(w, zw_span_of(at, 16));
  char text[ZW_UUID_TEXT_LEN + 1];
  zw_uuid_format(at, text);
  return write_str(w, (zw_str){text, ZW_UUID_TEXT_LEN});
}

/* ---- unions ---- */

/* The member at `at`, the address of its offset. A type that the schema does not know is written as
 * NULL; flatc has no text for it. */
static int write_member(object_writer *w, const zw_enum_type *type, uint64_t number, zw_table table,
                        const uint8_t *at) {
  const zw_enum_value *value = zw_enum_by_value(type, (int64_t)number);
  if (number && value && value->base == ZW_T_STRING) return write_text(w, zw_str_at_(at));
  if (!number || !value || !value->type)
    return w->flags & ZW_OBJECT_FLATC ? ZW_EVERIFY : write_kind(w, ZW_TOKEN_NULL, SIZE_MAX);
  if (value->type->is_struct) {
    int e = pay(w, value->type->size);
    return e ? e : write_struct(w, value->type, at + zw_load_le32(at));
  }
  return write_table(w, value->type, zw_table_at_(table, at));
}

static int write_union(object_writer *w, const zw_field *field, const zw_field *type_field,
                       zw_table table) {
  const uint8_t *at = zw_table_slot(table, field->id);
  if (!at || !type_field) return write_kind(w, ZW_TOKEN_NULL, SIZE_MAX);
  return write_member(w, field->enum_type, zw_field_scalar(table, type_field).u, table, at);
}

static int write_union_vector(object_writer *w, const zw_field *field, const zw_field *type_field,
                              zw_table table) {
  zw_vec values = zw_table_vec(table, field->id);
  if (!values.ptr || !type_field) return write_kind(w, ZW_TOKEN_NULL, SIZE_MAX);
  zw_vec types = zw_table_vec(table, type_field->id);
  size_t size = zw_base_size(field->enum_type->base);
  int e = pay(w, values.count * (uint64_t)(4 + size));
  if (!e) e = write_kind(w, ZW_TOKEN_ARRAY, values.count);
  for (uint32_t i = 0; !e && i < values.count && i < types.count; i++) {
    uint64_t number = zw_scalar_load(types.ptr + i * size, field->enum_type->base).u;
    e = write_member(w, field->enum_type, number, table, values.ptr + 4u * i);
  }
  return e ? e : write_kind(w, ZW_TOKEN_ARRAY_END, SIZE_MAX);
}

/* ---- vectors ---- */

static int write_element(object_writer *w, const zw_field *field, zw_vec vec, uint32_t i) {
  if (field->element == ZW_T_STRING) return write_text(w, zw_vec_str(vec, i));
  if (field->element == ZW_T_OBJ && field->type->is_struct) {
    return write_struct_field(w, field, zw_vec_struct(vec, i, field->type->size));
  }
  if (field->element == ZW_T_OBJ) return write_table(w, field->type, zw_vec_table(vec, i));
  enum zw_base_type base = field->element;
  if (base == ZW_T_UTYPE && field->enum_type) base = field->enum_type->base;
  const uint8_t *at = vec.ptr + i * zw_base_size(base);
  return write_scalar(w, field, base, zw_scalar_load(at, base));
}

/* Its values are paid for as octets, four octets of its strings as one. */
static int write_flexbuffer(object_writer *w, zw_span bytes) {
  zw_flexbuffer_reader flex;
  zw_token token;
  zw_flexbuffer_reader_init(&flex, bytes);
  if (flex.tokens > w->octets) flex.tokens = w->octets;
  if (flex.octets > 4 * w->octets) flex.octets = 4 * w->octets;
  uint64_t tokens = flex.tokens, octets = flex.octets;
  int e = flex.reader.next(&flex.reader, &token, NULL);
  zw_json_writer_line(w->out, true);
  if (!e) e = zw_token_copy(&flex.reader, &token, w->out, NULL);
  zw_json_writer_line(w->out, false);
  return e ? e : pay(w, tokens - flex.tokens + (octets - flex.octets) / 4);
}

#define NOT_OCTETS 1 /* errors are below 0 */

/* What its attributes make of a vector's octets; NOT_OCTETS: nothing, it is a list. */
static int write_octets(object_writer *w, const zw_field *field, zw_span bytes) {
  if (field->flags & ZW_F_FLEXBUFFER && bytes.len) return write_flexbuffer(w, bytes);
  if (field->flags & ZW_F_NESTED && field->type && bytes.len)
    return write_table(w, field->type, zw_root_trusted(bytes));
  bool octets = field->element == ZW_T_UBYTE && !field->enum_type;
  return octets && w->flags & ZW_OBJECT_BYTES ? write_bytes(w, bytes) : NOT_OCTETS;
}

static int write_vector(object_writer *w, const zw_field *field, zw_table table) {
  zw_vec vec = zw_table_vec(table, field->id);
  if (!vec.ptr) return write_kind(w, ZW_TOKEN_NULL, SIZE_MAX);
  int e = pay(w, vec.count * (uint64_t)zw_element_size(field));
  if (e) return e;
  e = field->element == ZW_T_UBYTE ? write_octets(w, field, zw_vec_bytes(vec)) : NOT_OCTETS;
  if (e != NOT_OCTETS) return e;
  e = write_kind(w, ZW_TOKEN_ARRAY, vec.count);
  for (uint32_t i = 0; !e && i < vec.count; i++) e = write_element(w, field, vec, i);
  return e ? e : write_kind(w, ZW_TOKEN_ARRAY_END, SIZE_MAX);
}

/* Behind a 64-bit offset: scalars or structs. */
static int write_vector64(object_writer *w, const zw_field *field, zw_table table) {
  zw_vec64 vec = zw_table_vec64(table, field->id, field->base == ZW_T_VECTOR64 ? 8 : 4);
  bool structs = field->element == ZW_T_OBJ && field->type && field->type->is_struct;
  if (!structs && !zw_base_is_scalar(field->element)) return ZW_ENOTSUP;
  enum zw_base_type base = field->element;
  size_t size = zw_element_size(field);
  int e = pay(w, vec.count * size); /* inside the buffer, so that the product is */
  if (e) return e;
  e = field->element == ZW_T_UBYTE ? write_octets(w, field, zw_vec64_bytes(vec)) : NOT_OCTETS;
  if (e != NOT_OCTETS) return e;
  e = write_kind(w, ZW_TOKEN_ARRAY, (size_t)vec.count);
  for (uint64_t i = 0; !e && i < vec.count; i++) {
    const uint8_t *at = zw_vec64_struct(vec, (size_t)i, size);
    e = structs ? write_struct_field(w, field, at)
                : write_scalar(w, field, base, zw_scalar_load(at, base));
  }
  return e ? e : write_kind(w, ZW_TOKEN_ARRAY_END, SIZE_MAX);
}

/* ---- fields and tables ---- */

/* `type_field`: of a union its `u_type`. */
static int write_field(object_writer *w, const zw_field *field, const zw_field *type_field,
                       zw_table table) {
  const uint8_t *at = zw_table_slot(table, field->id);
  bool preset = zw_base_is_scalar(field->base) && !(field->flags & ZW_F_OPTIONAL) &&
                w->flags & (ZW_OBJECT_DEFAULTS | ZW_OBJECT_FLATC);
  if (!at && !preset) return write_kind(w, ZW_TOKEN_NULL, SIZE_MAX);
  bool lone_struct = field->base == ZW_T_OBJ && field->type->is_struct;
  int e = at ? pay(w, lone_struct ? field->type->size : 1) : 0;
  if (e) return e;
  bool far = field->flags & ZW_F_OFFSET64;
  switch (field->base) {
    case ZW_T_STRING:
      return write_text(w, far ? zw_table_str64(table, field->id) : zw_table_str(table, field->id));
    case ZW_T_OBJ:
      if (lone_struct) return write_struct_field(w, field, at);
      return write_table(w, field->type, zw_table_table(table, field->id));
    case ZW_T_UNION: return write_union(w, field, type_field, table);
    case ZW_T_VECTOR:
      if (field->element == ZW_T_UNION) return write_union_vector(w, field, type_field, table);
      return far ? write_vector64(w, field, table) : write_vector(w, field, table);
    case ZW_T_VECTOR64: return write_vector64(w, field, table);
    case ZW_T_ARRAY:
    case ZW_T_NONE: return ZW_ENOTSUP;
    default: return write_scalar(w, field, field->base, zw_field_scalar(table, field));
  }
}

static bool is_written(const object_writer *w, const zw_field *field, zw_table table) {
  if (zw_table_has(table, field->id)) return true;
  if (!zw_base_is_scalar(field->base)) return false;
  bool flatc = w->flags & ZW_OBJECT_FLATC;
  if (flatc && field->flags & ZW_F_KEY) return !(field->flags & ZW_F_DEPRECATED);
  if (!(w->flags & ZW_OBJECT_DEFAULTS) || field->flags & ZW_F_DEPRECATED) return false;
  return flatc || !(zw_field_is_union_type(field) || field->flags & ZW_F_OPTIONAL);
}

static int write_table(object_writer *w, const zw_type *type, zw_table table) {
  if (w->depth >= ZW_OBJECT_DEPTH_MAX) return ZW_ELIMIT;
  size_t count = 0;
  for (uint16_t i = 0; i < type->field_count; i++) count += is_written(w, &type->fields[i], table);
  int e = write_kind(w, ZW_TOKEN_MAP, count);
  w->depth++;
  for (uint16_t i = 0; !e && i < type->field_count; i++) {
    const zw_field *field = &type->fields[i];
    if (!is_written(w, field, table)) continue;
    e = write_str(w, field->name);
    if (!e) e = write_field(w, field, i ? field - 1 : NULL, table);
  }
  w->depth--;
  return e ? e : write_kind(w, ZW_TOKEN_MAP_END, SIZE_MAX);
}

int zw_object_write(const zw_type *type, zw_table table, uint32_t flags, zw_token_writer *out) {
  object_writer w = writer_of(table, flags, out);
  return table.ptr ? write_table(&w, type, table) : write_kind(&w, ZW_TOKEN_NULL, SIZE_MAX);
}

int zw_field_write(const zw_field *field, zw_table table, uint32_t flags, zw_token_writer *out) {
  object_writer w = writer_of(table, flags, out);
  bool is_union = field->base == ZW_T_UNION || zw_field_is_union_vector(field);
  return write_field(&w, field, is_union ? field - 1 : NULL, table);
}
