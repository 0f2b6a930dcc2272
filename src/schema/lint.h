/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of the linter share: a rule is a row of a table and a function. */
#ifndef ZEROWIRE_SCHEMA_LINT_H
#define ZEROWIRE_SCHEMA_LINT_H

#include "schema_ast.h"

/* What a rule looks at, one at a time. */
enum zw_lint_target {
  ZW_LINT_FILE = 1u << 0,
  ZW_LINT_DECLARATION = 1u << 1,
  ZW_LINT_FIELD = 1u << 2, /* the types of unions left out */
  ZW_LINT_VALUE = 1u << 3, /* of an enum or union; NONE left out where it is not written */
  ZW_LINT_METHOD = 1u << 4,
  ZW_LINT_TEXT = 1u << 5, /* none of them: only a text has what the rule asks for */
  ZW_LINT_DOCS = 1u << 6, /* the same: only what was compiled with documentation */
};

typedef struct zw_lint_subject {
  const zw_ast_head *head; /* name, place, attributes, documentation; NULL: the file */
  const zw_decl *decl;     /* it, or what it is a member of */
  const zw_member *field;
  const zw_value *value;
  const zw_call *method;
} zw_lint_subject;

typedef struct zw_linter zw_linter;

typedef void zw_lint_check(zw_linter *l, const zw_lint_subject *s);

typedef struct zw_lint_row {
  zw_lint_rule rule;
  uint8_t targets; /* enum zw_lint_target */
  zw_lint_check *check;
} zw_lint_row;

typedef struct zw_lint_kept {
  struct zw_lint_kept *next;
  const char *rule;
  zw_pos at;
  size_t order;
  zw_str element, member;
  const char *message;
} zw_lint_kept;

struct zw_linter {
  const zw_compiled *c;
  const char *bfbs; /* what `c` is the text of; NULL: it has one of its own */
  zw_arena arena;
  const zw_lint_row *row; /* the rule that is asked */
  zw_lint_kept *kept;
  size_t count;
  bool *durable; /* by index of the object: its data outlives a version of the schema */
  bool failed_memory;
};

/* The table of rules (lint_rules.c); ends in a row without a name. */
extern const zw_lint_row zw_lint_rows[];

/* ---- lint.c ---- */

/* A finding about the subject: "Reading.celsius: WHAT". */
void zw_lint_report(zw_linter *l, const zw_lint_subject *s, const char *format, ...)
    ZW_PRINTF(3, 4);
/* A finding about the file, at a place of it. */
void zw_lint_report_at(zw_linter *l, zw_pos at, const char *format, ...) ZW_PRINTF(3, 4);
/* The declarations of the root file, in order of the text; NULL: no more. */
const zw_decl *zw_lint_first(const zw_linter *l);
const zw_decl *zw_lint_next(const zw_decl *d);
static inline const zw_object *zw_lint_object(const zw_decl *d) {
  return d->kind == ZW_DECL_TABLE || d->kind == ZW_DECL_STRUCT ? (const zw_object *)d : NULL;
}
static inline const zw_enumeration *zw_lint_enumeration(const zw_decl *d) {
  return d->kind == ZW_DECL_ENUM || d->kind == ZW_DECL_UNION ? (const zw_enumeration *)d : NULL;
}

/* ---- lint_names.c ---- */

bool zw_is_snake_case(zw_str name);       /* lower_case */
bool zw_is_upper_snake_case(zw_str name); /* UPPER_CASE */
bool zw_is_pascal_case(zw_str name);      /* PascalCase, also ABC */

#define ZW_LINT_NAME_MAX 128
/* The name in another case, cut to the size of `out`. */
const char *zw_to_snake_case(zw_str name, char out[ZW_LINT_NAME_MAX]);
const char *zw_to_pascal_case(zw_str name, char out[ZW_LINT_NAME_MAX]);
/* Whether the name without regard to case ends in one of the words; the list ends in NULL. */
bool zw_ends_in_word(zw_str name, const char *const *words);

/* ---- rules ---- */

zw_lint_check zw_lint_include_cycle, zw_lint_include_used,
    zw_lint_attribute_used; /* lint_files.c */
zw_lint_check zw_lint_namespace_case, zw_lint_namespace_defined, zw_lint_file_case;
zw_lint_check zw_lint_file_identifier, zw_lint_root_type;
zw_lint_check zw_lint_field_id, zw_lint_field_required, zw_lint_union_room; /* lint_evolution.c */
zw_lint_check zw_lint_keyword, zw_lint_construct, zw_lint_name_clash;       /* lint_portable.c */

/* Whether the data of this table outlives the schema: it is kept in a map, a durable topic or
 * files, or is a part of what is. (lint_evolution.c) */
bool zw_lint_is_durable(zw_linter *l, const zw_object *o);

#endif
