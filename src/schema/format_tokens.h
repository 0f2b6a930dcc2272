/* SPDX-License-Identifier: Apache-2.0 */
/* A schema file as tokens with all that stands between them: what the formatter works on. */
#ifndef ZEROWIRE_SCHEMA_FORMAT_TOKENS_H
#define ZEROWIRE_SCHEMA_FORMAT_TOKENS_H

#include "lexer.h"

typedef struct zw_fmt_comment {
  zw_str text;       /* with its marks; of a // comment without white space at its end */
  uint32_t newlines; /* between what stands before and it; 0: on the same line */
  bool is_line;      /* "//": nothing follows on its line */
  bool has_lines;    /* a block comment of several lines */
} zw_fmt_comment;

/* A token as it is written, and the comments right before it. */
typedef struct zw_fmt_token {
  int kind; /* as enum zw_lex_kind */
  zw_str text;
  const zw_fmt_comment *comments;
  size_t comment_count;
  uint32_t newlines; /* between the last comment, or the token before, and it */
} zw_fmt_token;

typedef struct zw_fmt_tokens {
  zw_fmt_token *list; /* the last one is END */
  size_t count;       /* with END */
  zw_str mark;        /* the octets of a byte order mark, or empty */
  zw_str tail;        /* JSON behind the declarations, to the end of the text, or empty */
} zw_fmt_tokens;

/* Tokens of source 0, which has been parsed without a syntax error. 0 or ZW_ENOMEM. */
int zw_fmt_scan(zw_compiled *c, zw_fmt_tokens *out);

/* The text without white space at its end. */
zw_str zw_fmt_trimmed(zw_str text);

#endif
