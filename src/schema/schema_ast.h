/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parser makes of schema files and the resolver completes: declarations, fields, values,
 * methods, each with its position. All memory is the compilation's arena; lists are linked in the
 * order of the text.
 */
#ifndef ZEROWIRE_SCHEMA_AST_H
#define ZEROWIRE_SCHEMA_AST_H

#include "zerowire/schema.h"

#define ZW_NAME_MAX 1000 /* octets of a name with its namespace as written */

/* A position: file is an index into zw_compiled.files; line 0: none. */
typedef struct zw_pos {
  uint32_t file, line, column;
} zw_pos;

typedef struct zw_ast_doc {
  struct zw_ast_doc *next;
  zw_str line; /* what follows the "///", its leading space included */
} zw_ast_doc;

enum zw_literal_kind {
  ZW_LIT_NONE,
  ZW_LIT_INT,
  ZW_LIT_FLOAT,
  ZW_LIT_STRING,
  ZW_LIT_NAME,
  ZW_LIT_NULL,
  ZW_LIT_EMPTY_VECTOR,
};

/* A value as written: a default or an attribute's value. */
typedef struct zw_literal {
  enum zw_literal_kind kind;
  zw_str text; /* number with its sign, unescaped string, or dotted name */
  zw_pos at;
} zw_literal;

typedef struct zw_ast_attr {
  struct zw_ast_attr *next;
  zw_str name;
  zw_literal value; /* NONE: a flag */
  zw_pos at;
} zw_ast_attr;

/* What every declaration and member has; the first member of those below. */
typedef struct zw_ast_head {
  zw_str name;
  zw_pos at;
  zw_ast_attr *attrs;
  zw_ast_doc *docs;
} zw_ast_head;

enum zw_decl_kind { ZW_DECL_TABLE, ZW_DECL_STRUCT, ZW_DECL_ENUM, ZW_DECL_UNION, ZW_DECL_SERVICE };

typedef struct zw_decl {
  zw_ast_head head;
  struct zw_decl *next;
  enum zw_decl_kind kind;
  zw_str full;    /* name with its namespace */
  zw_str space;   /* the namespace, or empty */
  uint32_t index; /* among the sorted objects or enums */
  uint32_t order; /* in the text: declarations up to and with it */
} zw_decl;

/* A type as written, and what it resolves to. */
typedef struct zw_type_ref {
  zw_pos at;
  zw_str name;     /* as written where it is no built-in scalar or string; else absent */
  uint32_t seen;   /* declarations that stood before it */
  uint8_t base;    /* enum zw_base_type; NONE until resolved */
  uint8_t element; /* of VECTOR and ARRAY */
  uint32_t fixed_length;
  struct zw_object *object;
  struct zw_enumeration *enumeration;
} zw_type_ref;

typedef struct zw_member {
  zw_ast_head head;
  struct zw_member *next;
  zw_type_ref type;
  zw_literal preset;        /* as written */
  zw_scalar value;          /* resolved default of a scalar */
  struct zw_object *nested; /* nested_flatbuffer */
  uint32_t id, offset, padding;
  bool required, deprecated, key, optional, offset64;
  bool is_union_type; /* the u_type that goes before a union u */
} zw_member;

typedef struct zw_object {
  zw_decl decl;
  zw_member *members; /* text order; u_type inserted before u */
  uint32_t member_count;
  zw_member **by_id; /* resolved */
  uint32_t align, size;
  bool is_struct;
  uint8_t layout;  /* structs: 0 not yet, 1 in work, 2 done */
  uint8_t nesting; /* structs: levels of structs inside */
} zw_object;

typedef struct zw_value {
  zw_ast_head head;
  struct zw_value *next;
  zw_literal literal; /* the explicit value, or NONE */
  int64_t number;
  zw_type_ref type; /* union member; base NONE for NONE */
} zw_value;

typedef struct zw_enumeration {
  zw_decl decl;
  zw_type_ref base_ref; /* as written; line 0: not written */
  uint8_t base;
  bool is_union, bit_flags;
  zw_value *values;
  uint32_t value_count;
  zw_value **sorted; /* by number */
  zw_value **named;  /* by name */
} zw_enumeration;

typedef struct zw_call {
  zw_ast_head head;
  struct zw_call *next;
  zw_type_ref request, response;
} zw_call;

typedef struct zw_rpc {
  zw_decl decl;
  zw_call *calls;
  uint32_t call_count;
} zw_rpc;

/* A name and where it stands: a statement "namespace", or the declaration of an attribute. */
typedef struct zw_ast_mention {
  struct zw_ast_mention *next;
  zw_str name;
  zw_pos at;
} zw_ast_mention;

typedef struct zw_source {
  zw_str name; /* as people see it: the path as it was reached */
  zw_str id;   /* what makes two includes the same file */
  zw_str text;
  bool builtin;
  struct zw_included *includes;
} zw_source;

/* What a file includes, each once. */
typedef struct zw_included {
  struct zw_included *next;
  uint32_t source;
  zw_pos at;
} zw_included;

#define ZW_SOURCES_MAX 256

typedef struct zw_finding_kept {
  zw_pos at;
  uint32_t order;
  zw_diag diag;
} zw_finding_kept;

struct zw_compiled {
  const zw_alloc *alloc;
  zw_arena arena;
  zw_compile_options options;
  zw_finding_kept *findings;
  size_t finding_count;    /* all */
  size_t finding_capacity; /* of `findings`: more are counted only */
  size_t refusals;         /* findings that are no warnings */
  int first_error;         /* of the first refusal that is more than a feature to come */
  int phase_error;         /* what zw_report gives: ZW_ESYNTAX, then ZW_ESCHEMA */
  bool failed_memory;
  bool incomplete; /* text was not understood or not read: what is unknown may be in it */
  bool alone;      /* includes are not followed */
  bool from_bfbs;  /* there is no text */
  zw_source *sources[ZW_SOURCES_MAX];
  uint32_t source_count;
  const char **roots; /* folders that includes may not leave, resolved */
  size_t root_count;
  zw_hmap declared; /* full name -> zw_decl */
  zw_hmap members;  /* "full name\nmember" -> zw_ast_head, of declarations with many (compile.c) */
  zw_hmap attributes;                               /* declared attributes: name -> zw_str */
  zw_ast_mention *declared_attributes, *namespaces; /* as they stand in the text, the last first */
  zw_decl *first, **last;
  uint32_t declarations; /* so far */
  bool has_namespaces;   /* more than one */
  zw_object **objects;
  size_t object_count;    /* sorted by full name */
  zw_decl **by_last_name; /* of the objects, and by order; NULL until it is needed */
  zw_enumeration **enums;
  size_t enum_count;
  zw_rpc **services;
  size_t service_count;
  zw_str root_name, root_space;
  zw_pos root_at, identifier_at, extension_at;
  zw_object *root;
  zw_str identifier, extension;
  uint64_t features; /* Schema.advanced_features */
  zw_str json;       /* an object behind the declarations, to the end of the root file; or absent */
  zw_pos json_at;
  zw_span bfbs;
  zw_schema *schema;
  zw_model *model;
};

/* ---- findings and memory (compile_report.c) ---- */

/* Reports an error with a rule id; past the limit only the count goes on. */
void zw_report(zw_compiled *c, zw_pos at, const char *rule, const char *format, ...)
    ZW_PRINTF(4, 5);
/* The same, with another place (line 0: none) and an error number. */
void zw_report_full(zw_compiled *c, int error, zw_pos at, zw_pos other, const char *rule,
                    const char *format, ...) ZW_PRINTF(6, 7);
/* The findings' error as a whole, or 0. */
int zw_report_result(const zw_compiled *c);
void zw_report_sort(zw_compiled *c);
void zw_report_place(const zw_compiled *c, zw_pos pos, zw_place *out);
static const zw_pos zw_nowhere = {0, 0, 0};

/* ". Did you mean "X"?", or "". Candidates cost time: none are gathered for a finding that is only
 * counted. */
#define ZW_HINT_MAX 120
#define ZW_HINT_CANDIDATES_MAX 4096
bool zw_report_kept(const zw_compiled *c); /* whether the next finding will be kept */
void zw_hint(zw_str word, const zw_str *candidates, size_t count, char out[ZW_HINT_MAX]);

/* Arena memory; a failure is remembered and NULL. */
void *zw_make(zw_compiled *c, size_t size);
void *zw_make_array(zw_compiled *c, size_t count, size_t item);
zw_str zw_make_str(zw_compiled *c, zw_str text);
zw_str zw_join(zw_compiled *c, zw_str a, const char *between, zw_str b);

/* ---- sources (source_files.c) ---- */

/* Takes the text in as a source; UINT32_MAX: no memory or too many. */
uint32_t zw_source_add(zw_compiled *c, zw_str name, zw_str id, zw_str text, bool builtin);
/* Finds and reads an include as seen from a source. *is_new: it has not been parsed yet. false:
 * reported. */
bool zw_source_include(zw_compiled *c, uint32_t from, zw_str path, zw_pos at, uint32_t *out,
                       bool *is_new);
/* Notes that one source includes another, and where. */
void zw_source_link(zw_compiled *c, uint32_t from, uint32_t to, zw_pos at);
/* The name of a source in a `.bfbs`: "//" and its path from options.bfbs_root (source_paths.c). */
zw_str zw_source_project_path(zw_compiled *c, uint32_t source);
/* The folder of this path, and the include folders, become the roots. */
void zw_source_add_roots(zw_compiled *c, const char *path);
/* The root file; its folder and the include folders become the roots. */
int zw_source_read_root(zw_compiled *c, const char *path, zw_str *text, zw_diag *diag);

/* ---- phases ---- */

void zw_parse_source(zw_compiled *c, uint32_t source);              /* parser.c */
void zw_resolve(zw_compiled *c);                                    /* resolver.c */
void zw_resolve_objects(zw_compiled *c);                            /* resolver_objects.c */
void zw_layout_structs(zw_compiled *c);                             /* resolver_structs.c */
void zw_resolve_enums(zw_compiled *c);                              /* resolver_enums.c */
void zw_resolve_attributes(zw_compiled *c);                         /* resolver_attributes.c */
bool zw_attribute_is_builtin(zw_str name);                          /* FlatBuffers' own */
bool zw_attribute_is_ours(zw_str name);                             /* of zerowire.fbs */
void zw_resolve_field_attributes(zw_compiled *c, zw_member *m);     /* resolver_fields.c */
void zw_resolve_preset(zw_compiled *c, zw_object *o, zw_member *m); /* resolver_values.c */
/* The integer that a literal (INT, or a STRING that holds one) stands for, if it fits the type;
 * else reported. */
bool zw_literal_int(zw_compiled *c, const zw_literal *literal, uint8_t base, zw_scalar *out);
/* Look for a name from a namespace outward: among the first `seen` declarations, else in all; for a
 * table or struct alone, as a union's members, nested buffers and the root are. (resolver_names.c)
 */
zw_decl *zw_find_type(zw_compiled *c, zw_str space, zw_str name, uint32_t seen);
zw_decl *zw_find_object(zw_compiled *c, zw_str space, zw_str name, uint32_t seen);
/* What a name refers to; what it cannot is reported. */
void zw_resolve_type(zw_compiled *c, zw_str space, zw_type_ref *ref);
void zw_resolve_object(zw_compiled *c, zw_str space, zw_type_ref *ref);
void zw_resolve_nested(zw_compiled *c, zw_str space, zw_type_ref *ref);
zw_value *zw_find_value(const zw_enumeration *e, zw_str name); /* resolver_enums.c */
int zw_order(zw_str a, zw_str b);                              /* octets, then length */
const zw_ast_attr *zw_find_attr(const zw_ast_head *head, const char *name);
/* Writes the compiled schema; flags: enum zw_bfbs_flag; with file names if `named`. (bfbs_write.c)
 */
int zw_bfbs_write(zw_compiled *c, uint32_t flags, bool named, zw_diag *diag);

bool zw_is_function(zw_str name); /* of a default: rad, sin … (parser.c) */
/* Parses one text, without what it includes: 0, whatever its names mean; ZW_ESYNTAX … *out is NULL
 * only without memory. (compile.c) */
int zw_parse_alone(zw_compiled **out, const char *name, zw_str text, const zw_alloc *alloc,
                   zw_diag *diag);

static inline bool zw_is_vector(uint8_t base) {
  return base == ZW_T_VECTOR || base == ZW_T_VECTOR64;
}

const char *zw_type_word(uint8_t base);
/* The scalar or string with this name in a schema ("ulong", "uint64"); NONE: none. */
uint8_t zw_type_by_word(zw_str name);

#endif
