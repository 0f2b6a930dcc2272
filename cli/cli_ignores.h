/* SPDX-License-Identifier: Apache-2.0 */
/* Comments that silence findings: `// zerowire:ignore RULE_ID …`. */
#ifndef ZEROWIRE_CLI_IGNORES_H
#define ZEROWIRE_CLI_IGNORES_H

#include "cli_schema.h"

typedef struct zw_ignore_line {
  const char *start;
  zw_str text;  /* without blanks at its ends */
  zw_str words; /* behind a mark; absent: there is none */
  /* Numbers of lines from 1, 0: none. The nearest with a mark in the comment lines directly above,
   * and, of a line at the head of the file, the nearest in the head. */
  size_t above, head_above;
} zw_ignore_line;

/* The text of one file at a time, kept for the next question. */
typedef struct zw_cli_ignores {
  const zw_compiled *compiled;
  const char *source; /* the file in `text`; NULL: none yet */
  zw_text text;
  zw_ignore_line *lines;
  size_t line_count;
  size_t head; /* the last line with a mark among the comments at the head; 0: none */
} zw_cli_ignores;

void zw_cli_ignores_init(zw_cli_ignores *ignores, const zw_compiled *compiled);
void zw_cli_ignores_deinit(zw_cli_ignores *ignores);
/*
 * Whether a comment silences the rule for a member of a type or service, or for the type itself
 * (`member` empty): at the end of its line or in the comment lines directly above it; of the type
 * it holds for its members. What is declared nowhere is silenced by the comment lines at the head
 * of the root file.
 */
bool zw_cli_ignored(zw_cli_ignores *ignores, const char *rule, zw_str type, zw_str member);
/* The same where the member's place is known. */
bool zw_cli_ignored_member(zw_cli_ignores *ignores, const char *rule, zw_str type,
                           const zw_place *member);
/* The same of what is no declaration, such as an include: at its line, above it, or at the head. */
bool zw_cli_ignored_at(zw_cli_ignores *ignores, const char *rule, const zw_place *place);
/* Warns of what comments name that is no rule of check or lint: they silence nothing. */
void zw_cli_ignores_check(zw_cli_ignores *ignores);

#endif
