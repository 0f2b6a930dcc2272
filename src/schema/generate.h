/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the generators share: the schema's descriptors that they work on, text templates, and the
 * forms that a field can have. A language is one row in generate.c and one or two files. Generators
 * read descriptors only, so that a schema from a `.bfbs` gives the same code as its text.
 */
#ifndef ZEROWIRE_GENERATE_H
#define ZEROWIRE_GENERATE_H

#include "zerowire/schema.h"

/* What to generate from. */
typedef struct zw_gen_origin {
  const zw_schema *schema;
  const zw_model *model;
  bool (*is_own)(const void *ctx, zw_str full_name); /* declared in this file: its code goes here */
  /* The file that declares it, without the ending; NULL or "": built in, without code. */
  const char *(*file_of)(const void *ctx, zw_str full_name);
  const void *ctx;
  const zw_alloc *alloc;
} zw_gen_origin;

typedef struct zw_gen {
  zw_gen_origin from;
  zw_str file;        /* base name of the outputs */
  const char *prefix; /* C: replaces namespaces; or NULL */
  zw_arena arena;     /* lives as long as the generator */
  bool no_memory;     /* an allocation failed: the result is ZW_ENOMEM */
} zw_gen;

/* Where outputs go. */
typedef struct zw_gen_out {
  zw_generated_fn *write;
  void *ctx;
} zw_gen_out;

/* Hands out one file: NAME and the suffix. 0, the text's own error, or what the receiver gave. */
int zw_gen_output(const zw_gen_out *out, const char *suffix, const zw_text *text);

/* ---- the languages: 0 or an error ---- */

int zw_generate_c(zw_gen *g, const zw_gen_out *out);
int zw_generate_cpp(zw_gen *g, const zw_gen_out *out);
int zw_generate_ts(zw_gen *g, const zw_gen_out *out);
int zw_generate_python(zw_gen *g, const zw_gen_out *out);

/* ---- text (generate_text.c) ---- */

/* Values of the one-letter variables of a template: "$T_verify" with of['T']. */
typedef struct zw_gen_vars {
  zw_str of[128];
} zw_gen_vars;

/* Adds the template; `$x` becomes of['x'], which is not looked into again. */
void zw_gen_emit(zw_text *out, const char *pattern, const zw_gen_vars *vars);
/* Text in the generator's arena. */
zw_str zw_gen_format(zw_gen *g, const char *format, ...) ZW_PRINTF(2, 3);
/* A text that moves to the generator's arena: it is freed. */
zw_str zw_gen_keep(zw_gen *g, zw_text *text);
/* What follows the last dot of a full name, and what precedes it. */
zw_str zw_gen_last(zw_str full);
zw_str zw_gen_namespace(zw_str full);
/* The text as an identifier: what may not be in one is an underscore. */
zw_str zw_gen_identifier(zw_gen *g, zw_str text);
/* The file that declares a type or enum of this full name: without folders and ending, in the
 * generator's arena; absent: it is built in. */
zw_str zw_gen_declaring_file(zw_gen *g, zw_str full_name);
/* The same the first time that it is asked with this set, else absent. */
zw_str zw_gen_include_once(zw_gen *g, zw_hmap *seen, zw_str full_name);
/* Octets as the numbers between the braces of a C array, and a schema's id as an initializer. */
void zw_gen_octets(zw_text *out, zw_span octets);
void zw_gen_schema_id(zw_text *out, const uint8_t id[ZW_SCHEMA_ID_SIZE]);
/* Takes the next line of a documentation text from the front of *rest, without the blanks at its
 * end; false: there is none. */
bool zw_gen_next_line(zw_str *rest, zw_str *line);

/* ---- fields (generate_fields.c) ---- */

enum zw_field_form {
  ZW_FORM_NONE, /* deprecated: no code */
  ZW_FORM_SCALAR,
  ZW_FORM_OPTIONAL, /* scalar with `= null` */
  ZW_FORM_STRING,
  ZW_FORM_STRUCT,
  ZW_FORM_TABLE,
  ZW_FORM_UNION_TYPE,
  ZW_FORM_UNION,
  ZW_FORM_OCTETS,     /* [ubyte] without an enum */
  ZW_FORM_NESTED,     /* [ubyte] that holds a buffer; field->type is its root */
  ZW_FORM_FLEXBUFFER, /* [ubyte] that holds a FlexBuffer */
  ZW_FORM_SCALARS,    /* a vector, and so on */
  ZW_FORM_STRINGS,
  ZW_FORM_STRUCTS,
  ZW_FORM_TABLES,
  ZW_FORM_UNION_TYPES,
  ZW_FORM_UNIONS,
  ZW_FORM_SCALAR_ARRAY, /* members of structs */
  ZW_FORM_STRUCT_ARRAY,
  ZW_FORM_COUNT
};

/* Vectors whether their base is VECTOR or VECTOR64. */
enum zw_field_form zw_field_form(const zw_field *field);
/* The scalar that a field, or the elements of a vector or array, are stored as; else NONE. */
enum zw_base_type zw_field_scalar_base(const zw_field *field);
/* A built-in table without fields: `Void`. */
bool zw_gen_is_void(const zw_type *type);
/* The default of a string field, unescaped, in the generator's arena; absent: none. */
zw_str zw_gen_string_preset(zw_gen *g, const zw_field *field);
/* Whether a field has a 64-bit offset: size prefixes have 8 octets then. */
bool zw_gen_has_far(const zw_schema *schema);
/* Whether a vector has a default: `= []`. */
bool zw_gen_has_vector_preset(const zw_field *field);

#endif
