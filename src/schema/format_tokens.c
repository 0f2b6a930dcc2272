/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiler's own lexer says where each token begins and ends; what lies between two is white
 * space and comments alone, and is split here. So the formatter and the compiler never disagree
 * about what is a comment. A comment that must stand at the end of its line ("//") or on a line of
 * its own ("///") has at least one newline behind or before it, whatever the text has there.
 */
#include "format_tokens.h"

/* An array in the arena that doubles. */
typedef struct growing {
  zw_compiled *c;
  uint8_t *items;
  size_t count, capacity, item;
} growing;

static void *append(growing *g) {
  if (g->count == g->capacity) {
    size_t more = g->capacity ? 2 * g->capacity : 64;
    uint8_t *to = zw_make_array(g->c, more, g->item);
    if (!to) return NULL;
    if (g->count) memcpy(to, g->items, g->count * g->item);
    g->items = to;
    g->capacity = more;
  }
  return g->items + g->item * g->count++;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool starts(zw_str text, size_t at, const char *with) {
  size_t n = strlen(with);
  return text.len - at >= n && memcmp(text.ptr + at, with, n) == 0;
}

/* The end of the comment that begins at `at`. */
static size_t comment_end(zw_str text, size_t at, bool is_line) {
  size_t end = at + 2;
  if (is_line) {
    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r') end++;
    return end;
  }
  while (end < text.len && !starts(text, end, "*/")) end++;
  return end < text.len ? end + 2 : end;
}

zw_str zw_fmt_trimmed(zw_str text) {
  while (text.len && (is_blank(text.ptr[text.len - 1]) || text.ptr[text.len - 1] == '\n'))
    text.len--;
  return text;
}

static bool add_comment(growing *comments, zw_str text, uint32_t newlines, bool is_line) {
  zw_fmt_comment *to = append(comments);
  if (!to) return false;
  *to = (zw_fmt_comment){.newlines = newlines, .is_line = is_line};
  /* Documentation is part of the compiled schema, white space at its end included. */
  bool is_doc = is_line && starts(text, 0, "///");
  to->text = is_line && !is_doc ? zw_fmt_trimmed(text) : text;
  to->has_lines = !is_line && memchr(text.ptr, '\n', text.len) != NULL;
  if (is_doc && newlines == 0) to->newlines = 1;
  return true;
}

/* The comments of a gap are appended; *newlines is what stands behind the last. */
static size_t split_gap(growing *comments, zw_str gap, uint32_t *newlines) {
  size_t before = comments->count;
  bool after_line = false;
  *newlines = 0;
  for (size_t at = 0; at < gap.len;) {
    if (gap.ptr[at] != '/') {
      *newlines += gap.ptr[at++] == '\n';
      continue;
    }
    bool is_line = starts(gap, at, "//");
    size_t end = comment_end(gap, at, is_line);
    if (after_line && *newlines == 0) *newlines = 1;
    zw_str text = {gap.ptr + at, end - at};
    if (!add_comment(comments, text, *newlines, is_line)) break;
    after_line = is_line;
    *newlines = 0;
    at = end;
  }
  if (after_line && *newlines == 0) *newlines = 1;
  return comments->count - before;
}

/* Comments move while their array grows: they are pointed at when all are there. */
static void point(zw_fmt_tokens *out, const growing *comments) {
  const zw_fmt_comment *next = (const zw_fmt_comment *)(const void *)comments->items;
  for (size_t i = 0; i < out->count; i++) {
    if (!out->list[i].comment_count) continue;
    out->list[i].comments = next;
    next += out->list[i].comment_count;
  }
}

int zw_fmt_scan(zw_compiled *c, zw_fmt_tokens *out) {
  growing tokens = {.c = c, .item = sizeof(zw_fmt_token)};
  growing comments = {.c = c, .item = sizeof(zw_fmt_comment)};
  zw_lexer lexer;
  zw_lex_token token;
  zw_lexer_init(&lexer, c, 0);
  zw_str text = lexer.text;
  size_t before = lexer.at; /* where the last token ended */
  size_t end = c->json.ptr ? (size_t)(c->json.ptr - text.ptr) : text.len;
  *out = (zw_fmt_tokens){.mark = {text.ptr, lexer.at}, .tail = {text.ptr + end, text.len - end}};
  do {
    zw_fmt_token *to = append(&tokens);
    if (!to) break;
    zw_lexer_next(&lexer, &token);
    size_t start = lexer.line_start + token.at.column - 1;
    if (start >= end) start = end, token.kind = ZW_LEX_END;
    *to = (zw_fmt_token){.kind = token.kind, .text = {text.ptr + start, lexer.at - start}};
    if (token.kind == ZW_LEX_END) to->text.len = 0;
    zw_str gap = {text.ptr + before, start - before};
    to->comment_count = split_gap(&comments, gap, &to->newlines);
    before = lexer.at;
  } while (token.kind != ZW_LEX_END && !c->failed_memory);
  out->list = (zw_fmt_token *)(void *)tokens.items;
  out->count = tokens.count;
  point(out, &comments);
  return c->failed_memory ? ZW_ENOMEM : 0;
}
