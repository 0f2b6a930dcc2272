/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens of a schema file. */
#ifndef ZEROWIRE_SCHEMA_LEXER_H
#define ZEROWIRE_SCHEMA_LEXER_H

#include "schema_ast.h"

enum zw_lex_kind {
  ZW_LEX_END = 0, /* end of text */
  ZW_LEX_NAME = 256,
  ZW_LEX_INT,
  ZW_LEX_FLOAT,
  ZW_LEX_STRING,
  /* else the octet of a punctuation mark */
};

typedef struct zw_lex_token {
  int kind;
  bool broken; /* a number that is none; reported */
  zw_str text; /* STRING: unescaped; others: as written */
  zw_pos at;
  zw_ast_doc *docs; /* documentation comments right before it */
} zw_lex_token;

typedef struct zw_lexer {
  zw_compiled *c;
  zw_str text;
  size_t at, line_start;
  uint32_t file, line;
  zw_pos open;        /* where the last line with a string without an end has its first one */
  zw_pos strange;     /* the same of what is no token */
  bool token_on_line; /* a token has been seen on this line */
  bool cut_off;       /* a comment without an end has taken the rest */
} zw_lexer;

void zw_lexer_init(zw_lexer *lexer, zw_compiled *c, uint32_t source);
void zw_lexer_next(zw_lexer *lexer, zw_lex_token *token);

#endif
