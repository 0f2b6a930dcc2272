/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Python generator from inside: names, and the two files that are made of them.
 */
#ifndef ZEROWIRE_GENERATE_PYTHON_H
#define ZEROWIRE_GENERATE_PYTHON_H

#include "generate.h"

/* A type, enum or union. */
typedef struct py_decl {
  bool own;
  zw_str module;  /* "telemetry_generated", "" for an own one, "zerowire" for a built-in one */
  zw_str symbol;  /* of its view, or enum */
  zw_str *fields; /* symbols of its fields, or values */
  zw_str *roots;  /* table: accessors of roots of nested buffers and FlexBuffers, or absent */
} py_decl;

typedef struct py_gen {
  zw_gen *gen;
  zw_hmap symbols; /* those that are taken, behind the module's name, or that of a class */
  py_decl *types;  /* in the order of the schema's */
  py_decl *enums;
} py_gen;

static inline const py_decl *py_type_of(const py_gen *g, const zw_type *type) {
  return &g->types[type - g->gen->from.schema->types];
}
static inline const py_decl *py_enum_of(const py_gen *g, const zw_enum_type *type) {
  return &g->enums[type - g->gen->from.schema->enums];
}

/* The names of bases in descriptors: "ubyte". */
extern const char *const zw_py_bases[ZW_T_VECTOR64 + 1];
/* A number of an enum as text; those of ulong are unsigned. */
zw_str zw_py_number(py_gen *g, const zw_enum_type *type, int64_t value);
/* A string literal. */
void zw_py_literal(zw_text *out, zw_str text);
/* The documentation as a docstring on lines of its own; nothing if there is none. */
void zw_py_docstring(zw_text *out, zw_str doc, const char *indent);
/* The first line of both files. */
void zw_py_head(py_gen *g, zw_text *out);
/* Whether a field of an own declaration has the name. */
bool zw_py_is_field(py_gen *g, zw_str symbol);
/* Whether a module can be imported by a statement: files may have any name. */
bool zw_py_is_identifier(zw_str name);
/* Names of the modules of other files that own declarations use; `imported`: those that are
 * identifiers. */
void zw_py_modules(py_gen *g, zw_text *out, const char *pattern, bool imported);

void zw_py_types(py_gen *g, zw_text *out); /* the .pyi: generate_python_types.c */

#endif
