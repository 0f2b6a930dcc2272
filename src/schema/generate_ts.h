/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TypeScript generator from inside: names, and what it makes of fields.
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
  ts_file **files; /* own, then imported ones */
  size_t file_count, file_capacity;
  ts_type *types; /* in the order of the schema's */
  ts_enum *enums;
} ts_gen;

/* ---- names (generate_ts_names.c) ---- */

int zw_ts_name_all(ts_gen *g);
void zw_ts_names_deinit(ts_gen *g);
const ts_type *zw_ts_type(const ts_gen *g, const zw_type *type);
const ts_enum *zw_ts_enum(const ts_gen *g, const zw_enum_type *type);
/* An enum's constant: a name that constants cannot have, or one with dots, is changed. */
zw_str zw_ts_value_name(ts_gen *g, const zw_enum_value *value);
/* `wanted`, or with underscores at its end if it is taken; and takes it. */
zw_str zw_ts_take(ts_gen *g, zw_hmap *taken, zw_str wanted);

/* ---- text (generate_ts_text.c) ---- */

/* A comment with the lines of a doc; nothing if there is none. */
void zw_ts_doc(zw_text *out, zw_str doc, const char *indent);
/* The same as text of a template. */
zw_str zw_ts_comment(ts_gen *g, zw_str doc, const char *indent);
/* A text that moves to the generator's arena. */
zw_str zw_ts_keep(ts_gen *g, zw_text *text);
/* A string literal with quotes. */
zw_str zw_ts_literal(ts_gen *g, zw_str text);
/* A scalar as a literal of its base type. */
zw_str zw_ts_scalar(ts_gen *g, unsigned base, zw_scalar value);

typedef struct ts_base {
  const char *scalar; /* of the run time: "zw.int16" */
  const char *type;   /* "number" */
  const char *suffix; /* of read…: "Int16" */
  const char *add;    /* of addField…: "Int16" */
  const char *array;  /* "Int16Array" */
} ts_base;
/* Of a scalar, or of the elements of a vector or array; else an empty one. */
const ts_base *zw_ts_base(const zw_field *field);
static inline bool zw_ts_is_long(unsigned base) { return base == ZW_T_LONG || base == ZW_T_ULONG; }

/* ---- fields (generate_ts_fields.c) ---- */

/*
 * What a field is in TypeScript: a template for each place. Variables: X the class, f the accessor
 * and property, F in names of statics, m in the schema, i its id, s its slot, l a local of pack; of
 * the value or element: c its type, k the run time's scalar, I and A its suffix in addField and its
 * typed array, r how it is read at `at`, z octets, a alignment, g force_align, d the default, D the
 * default as stored, e the value as stored, n " | null" where it may be absent, y the property's
 * type, p its default; V and P the view and object of a table or struct; U and u those of a union's
 * members, E the union, J and M its function and members, t the accessor of its type; q and Q flags
 * of the shape, v its enum; w, W and L where offsets and lengths have 64 bits; C the comment, 1
 * what keeps out a NaN that is the default, O the offset of a struct's member, # an array's length,
 * t the type without an enum, + what makes a number of a boolean.
 */
typedef struct ts_form {
  const char *shape;            /* a row for verification */
  const char *read;             /* accessors */
  const char *mutate;           /* or NULL */
  const char *add;              /* add… */
  const char *create;           /* create… and start…, or NULL */
  const char *type, *preset;    /* of the property */
  const char *unpack;           /* the property's value, from the view */
  const char *prepare;          /* pack: before the table is started, or NULL */
  const char *store;            /* pack: while it is */
  const char *parameter, *pass; /* of createX; NULL: there is none */
} ts_form;

/* NULL: deprecated, no code. */
const ts_form *zw_ts_form(const zw_field *field);
void zw_ts_field_vars(ts_gen *g, const ts_type *of, const zw_field *field, zw_gen_vars *vars);
/* Members of a union as a type, "Leaf | string", of views or objects; "never" if there is none. */
zw_str zw_ts_members(ts_gen *g, const zw_enum_type *type, bool objects);
/* The key of a table or struct, or NULL. */
const zw_field *zw_ts_key(const zw_type *type);

/* ---- parts ---- */

void zw_ts_table_code(ts_gen *g, zw_text *out, const ts_type *t);     /* generate_ts_tables.c */
void zw_ts_structure_code(ts_gen *g, zw_text *out, const ts_type *t); /* generate_ts_structs.c */

/* ---- what tables and structs have alike (generate_ts_structs.c) ---- */

/* Variables of a class: X, P its object, N its name in the schema, C its comment, z, a. */
void zw_ts_type_vars(ts_gen *g, const ts_type *t, zw_gen_vars *vars);
/* One part of the code of each field that has code. */
typedef void zw_ts_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars);
void zw_ts_each(ts_gen *g, zw_text *out, const ts_type *t, zw_ts_part *part);
void zw_ts_read_part(zw_text *out, const ts_form *form, const zw_gen_vars *vars);
void zw_ts_view_begin(zw_text *out, const zw_gen_vars *vars);
void zw_ts_key_code(ts_gen *g, zw_text *out, const zw_type *type);
/* The end of the view's class, and the beginning of the object's. */
void zw_ts_unpack_code(ts_gen *g, zw_text *out, const ts_type *t);

#endif
