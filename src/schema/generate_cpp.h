/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C++ generator from inside: names, and what it makes of fields.
 */
#ifndef ZEROWIRE_GENERATE_CPP_H
#define ZEROWIRE_GENERATE_CPP_H

#include "generate_c.h"

typedef struct cpp_type {
  const zw_type *type;
  bool own, builtin;
  zw_str space; /* "com::example" */
  zw_str name, object, builder;
  zw_str full, full_object; /* "::com::example::Sensor" */
  zw_str *fields;           /* what accessors and members are called */
} cpp_type;

typedef struct cpp_enum {
  const zw_enum_type *type;
  bool own;
  zw_str space, name, full;
  zw_str *values;
} cpp_enum;

typedef struct cpp_gen {
  zw_gen *gen;
  c_gen c;         /* for literals */
  zw_str data;     /* the namespace of the descriptors */
  zw_hmap taken;   /* full names in C++ */
  cpp_type *types; /* in the order of the schema's */
  cpp_enum *enums;
  bool has_far; /* some field has a 64-bit offset */
  zw_str open;  /* the namespace that is open in the output, or absent */
} cpp_gen;

const cpp_type *zw_cpp_type(const cpp_gen *g, const zw_type *type);
const cpp_enum *zw_cpp_enum(const cpp_gen *g, const zw_enum_type *type);
/* Opens a namespace in the output, and closes the one that is open; absent: only closes. */
void zw_cpp_enter(cpp_gen *g, zw_text *out, zw_str space);
/* The lines of a doc as comments. */
void zw_cpp_doc(zw_text *out, zw_str doc, const char *indent);
/* A string literal as a std::string_view's two arguments: text and length. */
zw_str zw_cpp_literal(cpp_gen *g, zw_str text);

/* ---- names and fields (generate_cpp_model.c) ---- */

int zw_cpp_name_all(cpp_gen *g);

/* What a field is in C++, as templates; NULL: nothing. */
typedef struct cpp_form {
  const char *type;   /* what the accessor gives */
  const char *read;   /* an expression */
  const char *change; /* its setter in place */
  const char *change_type;
  const char *member; /* of the object */
  const char *unpack, *pack;
  const char *add_type; /* what the builder takes */
  const char *add;
  const char *key; /* the type of a key */
} cpp_form;

/* Fills the variables; NULL: deprecated, no code. */
const cpp_form *zw_cpp_field(cpp_gen *g, const cpp_type *of, const zw_field *field,
                             zw_gen_vars *vars);
/* The variables of a union's member: M its name, n its number, V what it is seen as, O what holds
 * it, R what the accessor gives, A and a what the builder takes and makes of it; false: NONE. */
bool zw_cpp_member(cpp_gen *g, const zw_enum_value *value, zw_gen_vars *vars);
/* A scalar, or an enum's value, as a constant. */
zw_str zw_cpp_scalar(cpp_gen *g, unsigned base, zw_scalar value);

#endif
