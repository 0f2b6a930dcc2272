/* SPDX-License-Identifier: Apache-2.0 */
/* The parser's state, and what its two files share. */
#ifndef ZEROWIRE_SCHEMA_PARSER_H
#define ZEROWIRE_SCHEMA_PARSER_H

#include <stdio.h>

#include "lexer.h"

#define ZW_FOUND_MAX 64

typedef struct zw_parser {
  zw_compiled *c;
  uint32_t source;
  zw_lexer lexer;
  zw_lex_token token, next;
  zw_pos end;      /* behind the token before */
  zw_pos said;     /* where the last finding about syntax is */
  size_t consumed; /* tokens */
  zw_str space;    /* namespace */
  bool declared;   /* something other than an include has been seen */
} zw_parser;

/* ---- parser.c ---- */

void zw_advance(zw_parser *p);
bool zw_is_mark(const zw_parser *p, int mark);
bool zw_accept(zw_parser *p, int mark);
/* The mark, or a finding where it should stand. */
bool zw_expect(zw_parser *p, int mark);
const char *zw_found(const zw_parser *p, char out[ZW_FOUND_MAX]);
void zw_unexpected(zw_parser *p, const char *wanted);
bool zw_begins_declaration(const zw_parser *p);
void zw_skip_member(zw_parser *p, int end);
void zw_end_member(zw_parser *p);
bool zw_name(zw_parser *p, const char *what, zw_ast_head *head);
zw_str zw_dotted(zw_parser *p);
bool zw_parse_value(zw_parser *p, zw_literal *out);
zw_ast_attr *zw_parse_attributes(zw_parser *p);
bool zw_parse_type(zw_parser *p, zw_type_ref *ref);

/* ---- parser_declarations.c: the word itself has been read ---- */

void zw_parse_table(zw_parser *p, zw_ast_doc *docs);
void zw_parse_struct(zw_parser *p, zw_ast_doc *docs);
void zw_parse_enum(zw_parser *p, zw_ast_doc *docs);
void zw_parse_union(zw_parser *p, zw_ast_doc *docs);
void zw_parse_service(zw_parser *p, zw_ast_doc *docs);
void zw_parse_namespace(zw_parser *p, zw_ast_doc *docs);
void zw_parse_root(zw_parser *p, zw_ast_doc *docs);
void zw_parse_identifier(zw_parser *p, zw_ast_doc *docs);
void zw_parse_extension(zw_parser *p, zw_ast_doc *docs);
void zw_parse_attribute(zw_parser *p, zw_ast_doc *docs);
void zw_parse_include(zw_parser *p, zw_ast_doc *docs);
void zw_parse_native_include(zw_parser *p, zw_ast_doc *docs);

#endif
