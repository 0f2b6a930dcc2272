/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C generator from inside: names, and what it makes of fields.
 */
#ifndef ZEROWIRE_GENERATE_C_H
#define ZEROWIRE_GENERATE_C_H

#include "generate.h"

typedef struct c_field {
  zw_str symbol; /* in accessors */
  zw_str member; /* in structs */
} c_field;

typedef struct c_type {
  const zw_type *type;
  bool own, builtin;
  zw_str symbol; /* the view, or the struct's mirror */
  zw_str object; /* what is packed: SensorT; of a struct: the mirror */
  c_field *fields;
} c_type;

typedef struct c_enum {
  const zw_enum_type *type;
  bool own;
  zw_str symbol;
  zw_str *values; /* symbols of the constants */
} c_enum;

typedef struct c_gen {
  zw_gen *gen;
  zw_str name;     /* the file's, as an identifier, with the prefix */
  zw_hmap symbols; /* those that are taken */
  c_type *types;   /* in the order of the schema's */
  c_enum *enums;
} c_gen;

/* ---- text (generate_c_model.c) ---- */

/* A comment with the lines of a doc; nothing if there is none. */
void zw_c_doc(zw_text *out, zw_str doc, const char *indent);
/* A C string literal. */
void zw_c_literal(zw_text *out, zw_str text);
zw_str zw_c_literal_str(c_gen *g, zw_str text);
/* A scalar as a C constant of its base type. */
zw_str zw_c_scalar(c_gen *g, unsigned base, zw_scalar value);

typedef struct c_base {
  const char *c;      /* "uint8_t" */
  const char *suffix; /* of accessors: "u8" */
  const char *name;   /* "ZW_T_UBYTE" */
  char member;        /* of zw_scalar */
} c_base;
extern const c_base zw_c_bases[ZW_T_VECTOR64 + 1];

/* ---- names ---- */

int zw_c_name_all(c_gen *g);
/* `wanted`, or with underscores at its end if that is a keyword or taken, also with one of the
 * suffixes, "_verify\0_pack\0…\0"; and takes it with all of them. */
zw_str zw_c_take_family(c_gen *g, zw_str wanted, const char *suffixes);
/* The namespace of a full name as a prefix of symbols, "com_example_" or "". */
zw_str zw_c_space(c_gen *g, zw_str full);
zw_str zw_c_upper(c_gen *g, zw_str text);

const c_type *zw_c_type(const c_gen *g, const zw_type *type);
const c_enum *zw_c_enum(const c_gen *g, const zw_enum_type *type);

/* A keyword of C or C++, or a macro with this name. */
bool zw_c_is_word(zw_str word);
/* The same, or what C keeps for macros: no name at all. */
bool zw_c_is_keyword(zw_str word);
/* Declared by the C library, a platform or this library: no symbol. */
bool zw_c_is_library_name(zw_str symbol);

/* ---- fields ---- */

/* What a field is in C: which templates it has. */
typedef struct c_field_kind {
  const char *read;                           /* accessors */
  const char *has;                            /* NULL: no _has_ */
  const char *set;                            /* in place; NULL: it cannot be */
  const char *add;                            /* of the builder */
  const char *member;                         /* of the struct that is packed; NULL: none */
  const char *in_table, *in_text, *in_struct; /* a union's accessor for a member of that kind */
} c_field_kind;

/* NULL: deprecated, no code. */
const c_field_kind *zw_c_field_kind(const zw_field *field);
void zw_c_field_vars(c_gen *g, const c_type *of, const zw_field *field, zw_gen_vars *vars);
/* The accessor of one member of a union: its template, and $M, $n, $V. */
const char *zw_c_union_member(c_gen *g, const c_field_kind *kind, const zw_field *field,
                              const zw_enum_value *value, zw_gen_vars *vars);

/* Octets of a scalar, or of a scalar in an array; 0: a struct. */
unsigned zw_c_width(const zw_field *m);
/* Whether the struct's mirror has the layout of the format. */
bool zw_c_same_layout(const zw_type *type);

/* ---- parts ---- */

void zw_c_store(c_gen *g, zw_text *out); /* generate_c_bindings.c */
void zw_c_wamp(c_gen *g, zw_text *out);
/* The schema's descriptors; what other files see has the prefix. Of C++, which asks for it inside a
 * namespace, `g` needs no names. (generate_descriptors.c) */
void zw_c_descriptors(c_gen *g, zw_text *out, bool cpp, zw_str prefix);
/* Opens and closes a header: comment, guard, C++. (generate_c.c) */
void zw_c_open(c_gen *g, zw_text *out, const char *part, const char *manual);
void zw_c_close(zw_text *out);

#endif
