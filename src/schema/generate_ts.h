/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TypeScript generator from inside: what declarations and fields are called, and the values of
 * the templates' variables.
 */
#ifndef ZEROWIRE_GENERATE_TS_H
#define ZEROWIRE_GENERATE_TS_H

#include "generate.h"

/* A file whose declarations are named: the own one first. */
typedef struct ts_file {
  zw_str path;     /* as file_of gives it; absent: the own one */
  zw_str base;     /* what its module is named after */
  zw_str alias;    /* of its import; absent for the own one */
  zw_hmap symbols; /* those that are taken in its module */
  zw_hmap lasts;   /* last parts of names -> ts_symbol */
  bool used;       /* the own declarations name some of it */
} ts_file;

/* A type or enum in its module. */
typedef struct ts_symbol {
  zw_str full;   /* of the schema */
  ts_file *file; /* NULL: built in */
  bool shared;   /* another declaration of the file has the same last part */
  bool own;
  zw_str plain;  /* in its own module */
  zw_str symbol; /* here: with the alias of an import */
} ts_symbol;

typedef struct ts_field {
  zw_str name;  /* accessor and property */
  zw_str upper; /* in add… and create…Vector */
  zw_str snake; /* in mutate_… */
} ts_field;

typedef struct ts_type {
  ts_symbol head;
  const zw_type *type;
  zw_str object; /* SensorT */
  ts_field *fields;
} ts_type;

typedef struct ts_enum {
  ts_symbol head;
  const zw_enum_type *type;
  zw_str to, members; /* unions: unionToX, XMembers */
} ts_enum;

typedef struct ts_gen {
  zw_gen *gen;
  zw_text *out;
  bool far;        /* some field has a 64-bit offset */
  ts_file **files; /* own, then imported ones */
  size_t file_count, file_capacity;
  ts_type *types; /* in the order of the schema's */
  ts_enum *enums;
} ts_gen;

/* ---- names ---- */

int zw_ts_name_all(ts_gen *g);
void zw_ts_names_deinit(ts_gen *g);
const ts_type *zw_ts_type(const ts_gen *g, const zw_type *type);
const ts_enum *zw_ts_enum(const ts_gen *g, const zw_enum_type *type);
/* An enum's constant: a name that constants cannot have, or one with dots, is changed. */
zw_str zw_ts_value_name(ts_gen *g, const zw_enum_value *value);

/* ---- text ---- */

/* The lines of a doc as a comment; "" if there is none. */
zw_str zw_ts_comment(ts_gen *g, zw_str doc, const char *indent);
/* A string literal with quotes; of octets: it has a character for each. */
zw_str zw_ts_literal(ts_gen *g, zw_str text);
zw_str zw_ts_octets(ts_gen *g, zw_str octets);
/* A scalar as a literal of its base type. */
zw_str zw_ts_scalar(ts_gen *g, unsigned base, zw_scalar value);
/* The run time's scalar of a field or its elements: "zw.int16". */
const char *zw_ts_base(const zw_field *field);
static inline bool zw_ts_is_long(unsigned base) { return base == ZW_T_LONG || base == ZW_T_ULONG; }

/* ---- values of variables; the templates are in generate_ts.c ---- */

/*
 * Of a class: X its name, P its object, N its name in the schema, C the comment, z its size, a its
 * alignment, _ what precedes a parameter that is not used, since it has no fields.
 */
void zw_ts_type_vars(ts_gen *g, const ts_type *t, zw_gen_vars *vars);
/*
 * Of a field: X the class, f the accessor and property, F in names of statics, m in the schema, x
 * there as it is written, i its id, s its slot, l a local of pack; of the value or element: c its
 * type, k the run time's scalar, I and A its suffix in addField and its typed array T, r how it is
 * read at `at`, z octets, a alignment, g force_align, d the default, D the default as stored, e the
 * value as stored, n " | null" where it may be absent, p the property's default; V and P the view
 * and object of a table or struct, K the type of its key, 5, Y and y what sorts by it, b its
 * position, o that of the element `index`; U and u the types of a union's members, E the union, J
 * and M its function and members, t the accessor of its type, or a type without an enum; q and Q
 * flags of the shape, v its enum, and 4 that of elements; w, W and L where offsets and lengths have
 * 64 bits; C the comment, 1 what keeps out a NaN that is the default, O the offset of a struct's
 * member, # an array's length, + what makes a number of a boolean.
 */
void zw_ts_field_vars(ts_gen *g, const ts_type *of, const zw_field *field, zw_gen_vars *vars);
/* Members of a union as a type, "Leaf | string", of views or objects; "never" if there is none. */
zw_str zw_ts_members(ts_gen *g, const zw_enum_type *type, bool objects);
/* The key of a table or struct, or NULL. */
const zw_field *zw_ts_key(const zw_type *type);

#endif
