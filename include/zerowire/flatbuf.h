/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The FlatBuffers format at run time: descriptors, views, verification, building.
 *
 * A *descriptor* (`zw_type` and what hangs on it) tells the engine the shape of a table or struct.
 * The compiler generates descriptors as constant data; `zw_schema_load` (reflect.h) makes the same
 * ones from a `.bfbs`. Verification, packing, JSON, keys and evolution are driven by them alone.
 *
 * A *view* is a small value that points into bytes that somebody else owns: `zw_table` (16 octets),
 * `zw_vec`, `zw_str`. The only way from foreign bytes to a view is `zw_verify`; accessors behind it
 * check nothing and never fail: an absent field reads as its default, an absent table, string or
 * vector as one with a NULL pointer, whose fields in turn are absent. A view is valid as long as
 * its bytes are.
 *
 * Bytes are little-endian and may have any address: loads go through memcpy. Buffers are below 2
 * GiB, but for what 64-bit offsets refer to (zw_vec64).
 */
#ifndef ZEROWIRE_FLATBUF_H
#define ZEROWIRE_FLATBUF_H

#include "zerowire/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- descriptors ------------------------------------------------------------------------- */

/* The numbers are those of reflection.fbs. */
enum zw_base_type {
  ZW_T_NONE = 0,
  ZW_T_UTYPE = 1,
  ZW_T_BOOL = 2,
  ZW_T_BYTE = 3,
  ZW_T_UBYTE = 4,
  ZW_T_SHORT = 5,
  ZW_T_USHORT = 6,
  ZW_T_INT = 7,
  ZW_T_UINT = 8,
  ZW_T_LONG = 9,
  ZW_T_ULONG = 10,
  ZW_T_FLOAT = 11,
  ZW_T_DOUBLE = 12,
  ZW_T_STRING = 13,
  ZW_T_VECTOR = 14,
  ZW_T_OBJ = 15,
  ZW_T_UNION = 16,
  ZW_T_ARRAY = 17,
  ZW_T_VECTOR64 = 18,
};

enum zw_field_flag {
  ZW_F_REQUIRED = 1u << 0,
  ZW_F_DEPRECATED = 1u << 1,
  ZW_F_OPTIONAL = 1u << 2, /* scalar with `= null` */
  ZW_F_KEY = 1u << 3,
  ZW_F_TIMESTAMP = 1u << 4, /* ns since 1970; text form RFC 3339 */
  ZW_F_KWARG = 1u << 5,     /* WAMP IDL: keyword argument */
  ZW_F_UUID = 1u << 6,
  ZW_F_NESTED = 1u << 7,     /* nested_flatbuffer: `type` is the nested root table */
  ZW_F_FLEXBUFFER = 1u << 8, /* [ubyte] that holds a FlexBuffer */
  ZW_F_SHARED = 1u << 9,     /* string: equal ones are written once */
  ZW_F_OFFSET64 = 1u << 10,  /* string or vector: the slot holds 8 octets; base VECTOR64: its length
                                is 8 octets too */
};

/* The attribute `hash`: JSON gives a string, the buffer holds its FNV hash. */
enum zw_hash {
  ZW_HASH_NONE = 0,
  ZW_HASH_FNV1_16,
  ZW_HASH_FNV1A_16,
  ZW_HASH_FNV1_32,
  ZW_HASH_FNV1A_32,
  ZW_HASH_FNV1_64,
  ZW_HASH_FNV1A_64,
};

typedef struct zw_type zw_type;
typedef struct zw_enum_type zw_enum_type;
typedef struct zw_schema zw_schema;

typedef union zw_scalar {
  int64_t i;  /* bool and all signed integers */
  uint64_t u; /* all unsigned integers */
  double d;   /* float and double */
} zw_scalar;

/* One attribute of the schema; the value of a flag is "0" (as .bfbs stores it). */
typedef struct zw_attribute {
  zw_str name, value;
} zw_attribute;

typedef struct zw_field {
  zw_str name;
  const zw_type *type;           /* OBJ, and vector or array of OBJ; nested root; else NULL */
  const zw_enum_type *enum_type; /* scalar, vector or array of an enum; UTYPE and UNION (and vectors
                                    of them): the union; else NULL */
  zw_scalar preset;              /* default value of a scalar */
  uint8_t base;    /* enum zw_base_type; the type of a union has the base that is stored: UTYPE, or
                      the union's underlying type (zw_field_is_union_type) */
  uint8_t element; /* of VECTOR, VECTOR64, ARRAY: enum zw_base_type; else NONE */
  uint16_t id;     /* table: slot, the vtable entry is at 4 + 2 * id; struct: position */
  uint16_t fixed_length;          /* ARRAY: number of elements */
  uint32_t offset;                /* struct: octet offset of the member; table: 4 + 2 * id */
  uint32_t flags;                 /* enum zw_field_flag */
  uint8_t hash;                   /* enum zw_hash */
  uint16_t align;                 /* vector: force_align of its elements; 0: their own alignment */
  zw_str preset_text;             /* string, vector: its default as JSON text; absent: none */
  const zw_attribute *attributes; /* loaded schemas only */
  size_t attribute_count;
  zw_str doc; /* loaded schemas only; lines joined with '\n' */
} zw_field;

#define ZW_SLOTS_LANES 8

/* What verification checks of eight fields of a table at once, in the order of their ids; zeros
 * after the last field. It follows from the fields. */
typedef struct zw_slots {
  uint16_t size[ZW_SLOTS_LANES];     /* octets in the table, at most 32767 */
  uint16_t align[ZW_SLOTS_LANES];    /* alignment - 1 */
  uint16_t required[ZW_SLOTS_LANES]; /* 65535: required; else 0 */
  uint16_t align_max;                /* the largest of `align` */
  uint8_t strings;                   /* a bit a field: a string */
  uint8_t others; /* a bit a field: another field that refers to something: vector, table, union */
} zw_slots;

/* A table or a struct. Fields are in the order of their ids (slots); a union's `u_type` precedes
 * `u`. */
struct zw_type {
  zw_str name; /* with its namespace: "com.example.Sensor" */
  const zw_field *fields;
  const uint16_t *by_name; /* indexes into `fields`, sorted by name (octets) */
  const zw_slots *slots;   /* table: a block for every eight fields; NULL: made when needed */
  uint16_t field_count;
  bool is_struct;
  uint16_t align; /* struct: its alignment; table: 1 */
  uint32_t size;  /* struct: octets; table: 0 */
  const zw_attribute *attributes;
  size_t attribute_count;
  zw_str doc, declaration_file;
  const zw_schema *schema; /* the schema that it came from; NULL: none (bootstrap) */
};

typedef struct zw_enum_value {
  zw_str name;
  int64_t value;
  const zw_type *type; /* union member; NULL for NONE and for string members */
  uint8_t base;        /* union member: ZW_T_OBJ, ZW_T_STRING or ZW_T_NONE */
  zw_str doc;
  const zw_attribute *attributes;
  size_t attribute_count;
} zw_enum_value;

/* An enum or a union; values in ascending order (unsigned for ulong). */
struct zw_enum_type {
  zw_str name;
  const zw_enum_value *values;
  uint32_t value_count;
  uint8_t base; /* underlying scalar */
  bool is_union;
  bool bit_flags;
  const zw_attribute *attributes;
  size_t attribute_count;
  zw_str doc, declaration_file;
};

typedef struct zw_method {
  zw_str name;
  const zw_type *request, *response;
  const zw_attribute *attributes;
  size_t attribute_count;
  zw_str doc;
} zw_method;

typedef struct zw_service {
  zw_str name;              /* with its namespace */
  const zw_method *methods; /* declaration order */
  size_t method_count;
  const zw_attribute *attributes;
  size_t attribute_count;
  zw_str doc, declaration_file;
} zw_service;

#define ZW_SCHEMA_ID_SIZE 16

/* The descriptors' ABI, stamped into generated code and compared at first use. */
#define ZW_ABI 1

/* The version stamp of generated code. */
typedef struct zw_stamp {
  uint32_t abi;         /* ZW_ABI of the compiler */
  const char *compiler; /* version of the compiler, "0.1.0" */
  uint8_t schema_id[ZW_SCHEMA_ID_SIZE];
} zw_stamp;

/* A whole schema. Types, enums and services are sorted by full name. */
struct zw_schema {
  const zw_type *types;
  size_t type_count;
  const zw_enum_type *enums;
  size_t enum_count;
  const zw_service *services;
  size_t service_count;
  const zw_type *root; /* or NULL */
  zw_str identifier;   /* 4 octets or absent */
  zw_str extension;
  uint8_t id[ZW_SCHEMA_ID_SIZE]; /* XXH3-128 of the canonical form */
  zw_span bfbs;                  /* the compiled schema itself */
};

/* By full name, or NULL. */
ZW_API const zw_type *zw_schema_type(const zw_schema *schema, zw_str name);
ZW_API const zw_enum_type *zw_schema_enum(const zw_schema *schema, zw_str name);
ZW_API const zw_field *zw_type_field(const zw_type *type, zw_str name);
ZW_API const zw_enum_value *zw_enum_by_value(const zw_enum_type *type, int64_t value);
ZW_API const zw_enum_value *zw_enum_by_name(const zw_enum_type *type, zw_str name);
/* The value of an attribute ("0" for a flag), or {NULL,0}. */
ZW_API zw_str zw_attribute_get(const zw_attribute *attributes, size_t count, zw_str name);
/* Octets of a scalar type; 4 for offsets (string, vector, table, union); 0 for NONE, structs,
 * arrays. */
ZW_API size_t zw_base_size(enum zw_base_type base);
static inline bool zw_base_is_scalar(unsigned base) {
  return base >= ZW_T_UTYPE && base <= ZW_T_DOUBLE;
}
static inline bool zw_base_is_float(unsigned base) {
  return base == ZW_T_FLOAT || base == ZW_T_DOUBLE;
}
static inline bool zw_base_is_signed(unsigned base) {
  return base == ZW_T_BYTE || base == ZW_T_SHORT || base == ZW_T_INT || base == ZW_T_LONG;
}
/* Whether the field says which member a union holds (`u_type`), or a vector of unions' elements. */
static inline bool zw_field_is_union_type(const zw_field *field) {
  unsigned base = field->element ? field->element : field->base;
  return field->enum_type && field->enum_type->is_union && zw_base_is_scalar(base);
}
/* Whether a generated stamp fits this run time: 0 or ZW_EVERSION with what to do. */
ZW_API int zw_stamp_check(const zw_stamp *stamp, zw_diag *diag);

/* ---- views ------------------------------------------------------------------------------- */

/* A table inside a verified buffer. */
typedef struct zw_table {
  const uint8_t *ptr; /* the table; NULL: absent. The buffer starts at ptr - pos */
  uint32_t len;       /* octets of the buffer */
  uint32_t pos;       /* of the table in it */
} zw_table;

typedef struct zw_vec {
  const uint8_t *ptr; /* element 0; NULL: absent. The buffer starts at ptr - pos */
  uint32_t len;       /* octets of the buffer */
  uint32_t pos;       /* of element 0 in it */
  uint32_t count;
} zw_vec;

/* The whole buffer if the table is its root (what publish and put take), else {NULL,0}. */
ZW_API zw_span zw_table_bytes(zw_table table);

/* The address of the inline field with this slot, or NULL where it is absent. */
static inline const uint8_t *zw_table_slot(zw_table t, unsigned id) {
  const uint8_t *p = t.ptr;
  if (!p) return NULL;
  const uint8_t *vtable = p - (int32_t)zw_load_le32(p);
  unsigned at = 4 + 2 * id;
  if (at + 2 > zw_load_le16(vtable)) return NULL;
  unsigned offset = zw_load_le16(vtable + at);
  return offset ? p + offset : NULL;
}
static inline bool zw_table_has(zw_table t, unsigned id) { return zw_table_slot(t, id) != NULL; }

#define ZW_SCALAR_READ(suffix, ctype, bits, convert)                             \
  static inline ctype zw_load_##suffix(const void *p) {                          \
    uint##bits##_t raw = zw_load_le##bits(p);                                    \
    convert                                                                      \
  }                                                                              \
  static inline ctype zw_table_##suffix(zw_table t, unsigned id, ctype preset) { \
    const uint8_t *p = zw_table_slot(t, id);                                     \
    return p ? zw_load_##suffix(p) : preset;                                     \
  }                                                                              \
  static inline ctype zw_vec_##suffix(zw_vec v, size_t i) {                      \
    return zw_load_##suffix(v.ptr + i * (bits / 8));                             \
  }
static inline uint8_t zw_load_le8(const void *p) { return *(const uint8_t *)p; }
#define ZW_AS_IS return raw;
#define ZW_AS_INT(bits) return (int##bits##_t)raw;
#define ZW_AS_BOOL return raw != 0;
#define ZW_AS_FLOAT(ctype)    \
  ctype v;                    \
  memcpy(&v, &raw, sizeof v); \
  return v;
ZW_SCALAR_READ(u8, uint8_t, 8, ZW_AS_IS)
ZW_SCALAR_READ(u16, uint16_t, 16, ZW_AS_IS)
ZW_SCALAR_READ(u32, uint32_t, 32, ZW_AS_IS)
ZW_SCALAR_READ(u64, uint64_t, 64, ZW_AS_IS)
ZW_SCALAR_READ(i8, int8_t, 8, ZW_AS_INT(8))
ZW_SCALAR_READ(i16, int16_t, 16, ZW_AS_INT(16))
ZW_SCALAR_READ(i32, int32_t, 32, ZW_AS_INT(32))
ZW_SCALAR_READ(i64, int64_t, 64, ZW_AS_INT(64))
ZW_SCALAR_READ(f32, float, 32, ZW_AS_FLOAT(float))
ZW_SCALAR_READ(f64, double, 64, ZW_AS_FLOAT(double))
ZW_SCALAR_READ(bool, bool, 8, ZW_AS_BOOL)
#undef ZW_SCALAR_READ
#undef ZW_AS_IS
#undef ZW_AS_INT
#undef ZW_AS_BOOL
#undef ZW_AS_FLOAT

static inline zw_str zw_str_at_(const uint8_t *p) {
  const uint8_t *s = p + zw_load_le32(p);
  zw_str r = {(const char *)s + 4, zw_load_le32(s)};
  return r;
}
static inline zw_str zw_table_str(zw_table t, unsigned id) {
  const uint8_t *p = zw_table_slot(t, id);
  zw_str absent = {NULL, 0};
  return p ? zw_str_at_(p) : absent;
}
/* What the offset at `p` leads to, in the buffer of `t` or `v`. */
static inline zw_table zw_table_at_(zw_table t, const uint8_t *p) {
  const uint8_t *to = p + zw_load_le32(p);
  zw_table r = {to, t.len, t.pos + (uint32_t)(to - t.ptr)};
  return r;
}
static inline zw_table zw_vec_table_at_(zw_vec v, const uint8_t *p) {
  const uint8_t *to = p + zw_load_le32(p);
  zw_table r = {to, v.len, v.pos + (uint32_t)(to - v.ptr)};
  return r;
}
static inline zw_table zw_table_table(zw_table t, unsigned id) {
  const uint8_t *p = zw_table_slot(t, id);
  zw_table absent = {NULL, 0, 0};
  return p ? zw_table_at_(t, p) : absent;
}
/* A struct inline in the table: its address (any alignment), or NULL. */
static inline const uint8_t *zw_table_struct(zw_table t, unsigned id) {
  return zw_table_slot(t, id);
}
static inline zw_vec zw_table_vec(zw_table t, unsigned id) {
  const uint8_t *p = zw_table_slot(t, id);
  zw_vec v = {NULL, 0, 0, 0};
  if (!p) return v;
  const uint8_t *s = p + zw_load_le32(p);
  v.ptr = s + 4;
  v.len = t.len;
  v.pos = t.pos + (uint32_t)(v.ptr - t.ptr);
  v.count = zw_load_le32(s);
  return v;
}
/* The octets of a [ubyte] or [byte] vector. */
static inline zw_span zw_vec_bytes(zw_vec v) { return zw_span_of(v.ptr, v.count); }
static inline zw_str zw_vec_str(zw_vec v, size_t i) { return zw_str_at_(v.ptr + 4 * i); }
static inline zw_table zw_vec_table(zw_vec v, size_t i) {
  return zw_vec_table_at_(v, v.ptr + 4 * i);
}
static inline const uint8_t *zw_vec_struct(zw_vec v, size_t i, size_t size) {
  return v.ptr + i * size;
}
/* The elements as memory of the host if it is little-endian and the address fits `align`, else
 * NULL. */
ZW_API const void *zw_vec_raw(zw_vec v, size_t align);

/*
 * What 64-bit offsets refer to (ZW_F_OFFSET64) may lie beyond the first 2 GiB, where `zw_vec`
 * cannot point; everything else, tables and their vtables above all, is inside them. Strings are
 * pointer and length anyway; such vectors have scalars or structs as elements, which need no buffer
 * around them.
 */
typedef struct zw_vec64 {
  const uint8_t *ptr; /* element 0; NULL: absent */
  uint64_t count;
} zw_vec64;

static inline zw_str zw_table_str64(zw_table t, unsigned id) {
  const uint8_t *p = zw_table_slot(t, id);
  zw_str r = {NULL, 0};
  if (!p) return r;
  p += zw_load_le64(p);
  r.ptr = (const char *)p + 4;
  r.len = zw_load_le32(p);
  return r;
}
/* `length_size`: octets of the vector's length: 8 for VECTOR64, 4 for VECTOR. */
static inline zw_vec64 zw_table_vec64(zw_table t, unsigned id, unsigned length_size) {
  const uint8_t *p = zw_table_slot(t, id);
  zw_vec64 v = {NULL, 0};
  if (!p) return v;
  p += zw_load_le64(p);
  v.ptr = p + length_size;
  v.count = length_size == 8 ? zw_load_le64(p) : zw_load_le32(p);
  return v;
}
static inline zw_span zw_vec64_bytes(zw_vec64 v) { return zw_span_of(v.ptr, (size_t)v.count); }
static inline const uint8_t *zw_vec64_struct(zw_vec64 v, size_t i, size_t size) {
  return v.ptr + i * size;
}

/*
 * Changing scalars in place: the bytes behind the view must be writable memory, and nobody may read
 * them meanwhile. A field that is absent has no place: its setter gives false and changes nothing
 * (as does a setter with a default that was not written; zw_builder.force_defaults writes them).
 */
static inline uint8_t *zw_writable_(const uint8_t *p) { return (uint8_t *)(uintptr_t)p; }
#define ZW_SCALAR_WRITE(suffix, ctype, bits, convert)                          \
  static inline void zw_store_##suffix(void *p, ctype v) {                     \
    uint##bits##_t raw;                                                        \
    convert zw_store_le##bits(p, raw);                                         \
  }                                                                            \
  static inline bool zw_table_set_##suffix(zw_table t, unsigned id, ctype v) { \
    const uint8_t *p = zw_table_slot(t, id);                                   \
    if (p) zw_store_##suffix(zw_writable_(p), v);                              \
    return p != NULL;                                                          \
  }                                                                            \
  static inline void zw_vec_set_##suffix(zw_vec v, size_t i, ctype x) {        \
    zw_store_##suffix(zw_writable_(v.ptr + i * (bits / 8)), x);                \
  }                                                                            \
  static inline ctype zw_vec64_##suffix(zw_vec64 v, size_t i) {                \
    return zw_load_##suffix(v.ptr + i * (bits / 8));                           \
  }                                                                            \
  static inline void zw_vec64_set_##suffix(zw_vec64 v, size_t i, ctype x) {    \
    zw_store_##suffix(zw_writable_(v.ptr + i * (bits / 8)), x);                \
  }
static inline void zw_store_le8(void *p, uint8_t v) { *(uint8_t *)p = v; }
#define ZW_FROM_INT(bits) raw = (uint##bits##_t)v;
#define ZW_FROM_FLOAT memcpy(&raw, &v, sizeof raw);
ZW_SCALAR_WRITE(u8, uint8_t, 8, ZW_FROM_INT(8))
ZW_SCALAR_WRITE(u16, uint16_t, 16, ZW_FROM_INT(16))
ZW_SCALAR_WRITE(u32, uint32_t, 32, ZW_FROM_INT(32))
ZW_SCALAR_WRITE(u64, uint64_t, 64, ZW_FROM_INT(64))
ZW_SCALAR_WRITE(i8, int8_t, 8, ZW_FROM_INT(8))
ZW_SCALAR_WRITE(i16, int16_t, 16, ZW_FROM_INT(16))
ZW_SCALAR_WRITE(i32, int32_t, 32, ZW_FROM_INT(32))
ZW_SCALAR_WRITE(i64, int64_t, 64, ZW_FROM_INT(64))
ZW_SCALAR_WRITE(f32, float, 32, ZW_FROM_FLOAT)
ZW_SCALAR_WRITE(f64, double, 64, ZW_FROM_FLOAT)
ZW_SCALAR_WRITE(bool, bool, 8, ZW_FROM_INT(8))
#undef ZW_SCALAR_WRITE
#undef ZW_FROM_INT
#undef ZW_FROM_FLOAT
/* A struct of a table or a vector, to be written to with zw_store_* at its members' offsets. */
static inline uint8_t *zw_table_struct_mutable(zw_table t, unsigned id) {
  return zw_writable_(zw_table_slot(t, id));
}
static inline uint8_t *zw_vec_struct_mutable(zw_vec v, size_t i, size_t size) {
  return zw_writable_(zw_vec_struct(v, i, size));
}

/* ---- access by descriptor ------------------------------------------------------------------ */

/* A scalar field (of a table; absent: its default) or struct member, by its descriptor. */
ZW_API zw_scalar zw_field_scalar(zw_table table, const zw_field *field);
ZW_API zw_scalar zw_member_scalar(const uint8_t *structure, const zw_field *member);
/* A scalar of this type at an address. */
ZW_API zw_scalar zw_scalar_load(const uint8_t *at, enum zw_base_type base);
ZW_API void zw_scalar_store(uint8_t *at, enum zw_base_type base, zw_scalar value);
/*
 * Changes a scalar in place (see above what that needs). ZW_ENOTFOUND: the field is absent, nothing
 * is changed; ZW_EINVAL: it is no scalar, or says which member a union holds.
 */
ZW_API int zw_field_set(zw_table table, const zw_field *field, zw_scalar value);

/*
 * Looks up an element by its key in a vector of tables or structs that is sorted by it. `element`
 * is the elements' type. Gives the index of the first element with this key, or ZW_NO_INDEX: there
 * is none, or `element` has no key of that kind. Scalars (enums too) are ordered by value, NaN
 * after all numbers, strings by their octets; an absent key is its default, an absent string an
 * empty one. A key that is a struct or a fixed array is given as it is stored, in the buffer's
 * layout, and ordered member by member, padding left aside. In a vector that is not sorted an
 * element may be missed; nothing worse.
 */
#define ZW_NO_INDEX SIZE_MAX
ZW_API size_t zw_vec_find_scalar(zw_vec v, const zw_type *element, zw_scalar key);
ZW_API size_t zw_vec_find_str(zw_vec v, const zw_type *element, zw_str key);
ZW_API size_t zw_vec_find_stored(zw_vec v, const zw_type *element, const uint8_t *key);
/* The same behind a 64-bit offset, where elements are structs. */
ZW_API size_t zw_vec64_find_scalar(zw_vec64 v, const zw_type *element, zw_scalar key);
ZW_API size_t zw_vec64_find_stored(zw_vec64 v, const zw_type *element, const uint8_t *key);

/* ---- verification -------------------------------------------------------------------------- */

enum zw_verify_flag {
  ZW_VERIFY_UTF8 = 1u << 0,  /* strings are well-formed UTF-8 */
  ZW_VERIFY_ENUMS = 1u << 1, /* enum values are declared */
  ZW_VERIFY_STRICT_UNIONS =
      1u << 2, /* unknown union types are refused (else: their offset is in range) */
  ZW_VERIFY_NO_REQUIRED = 1u << 3, /* required fields may be absent (legacy peers) */
  ZW_VERIFY_UNALIGNED = 1u << 4, /* any address will do (legacy peers): views load through memcpy */
  ZW_VERIFY_FORCE_ALIGN = 1u << 5, /* the force_align of vectors is kept: not all builders do */
  ZW_VERIFY_LARGE = 1u << 6,       /* 2 GiB and more: where the schema has 64-bit offsets */
  ZW_VERIFY_SIZE64 = 1u << 7,      /* zw_verify_sized: the prefix has 8 octets, not 4 */
};

typedef struct zw_verify_options {
  uint32_t flags;       /* enum zw_verify_flag */
  uint32_t depth_max;   /* nesting; 0: 64 */
  uint64_t offsets_max; /* offsets followed; 0: len / 4 + 64 */
} zw_verify_options;

/*
 * Verifies `bytes` as a buffer with this root table: everything that an accessor can reach is
 * inside, aligned relative to the start, terminated, of consistent length, with required fields
 * present, vectors of unions with as many types as values; nested buffers share the budgets. Linear
 * in the length, and allocates nothing: besides offsets, 16 octets of work for each octet of the
 * buffer, and 4,096, are allowed, or 64 for each of `offsets_max` if that is more. An octet that is
 * scanned for UTF-8 counts 1, an enum value that is compared 4; of a table with more than eight
 * fields each eight slots that its vtable has count 4 (16 above 32 KiB, and with
 * ZW_VERIFY_UNALIGNED), each sixteen that it lacks 1.
 *
 * An empty vector may stand where a nested buffer is expected: it is an absent one. `options` may
 * be NULL. On success *out (may be NULL) is the root's view. Bytes after the buffer's content are
 * allowed. Of a buffer of 2 GiB or more (ZW_VERIFY_LARGE) views know the first 2 GiB: all that is
 * not behind a 64-bit offset is in there. Errors: ZW_EVERIFY with the offset and the field's path
 * ("readings[3].id"), ZW_ELIMIT for depth or budget.
 */
ZW_API int zw_verify(const zw_type *root, zw_span bytes, const zw_verify_options *options,
                     zw_table *out, zw_diag *diag);
/* The same, where bytes 4..7 must be this file identifier (absent: any). */
ZW_API int zw_verify_identified(const zw_type *root, zw_str identifier, zw_span bytes,
                                const zw_verify_options *options, zw_table *out, zw_diag *diag);
/*
 * The same for a buffer behind a size prefix: 4 octets that give the number of those that follow,
 * and must say it exactly. (Google's C++ writes 8 octets for schemas that have 64-bit offsets:
 * ZW_VERIFY_SIZE64.) Alignment is relative to the prefix, since builders align it with the rest;
 * offsets in messages, and *out, are relative to the octet behind it. The identifier is in octets
 * 4..7 behind the prefix; absent: any.
 */
ZW_API int zw_verify_sized(const zw_type *root, zw_str identifier, zw_span bytes,
                           const zw_verify_options *options, zw_table *out, zw_diag *diag);
/* The root's view of bytes that were verified before (from the store, say). */
static inline zw_table zw_root_trusted(zw_span bytes) {
  zw_table t = {NULL, 0, 0};
  if (bytes.len < 4) return t; /* an empty nested buffer is an absent table */
  t.len = bytes.len < INT32_MAX ? (uint32_t)bytes.len : INT32_MAX;
  t.pos = zw_load_le32(bytes.ptr);
  t.ptr = bytes.ptr + t.pos;
  return t;
}

#ifdef __cplusplus
}
#endif

#include "zerowire/builder.h"

#endif
