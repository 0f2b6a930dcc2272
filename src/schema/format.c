/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical layout of a schema file.
 *
 * Tokens and comments are written as they are, in their order; only white space between them is
 * chosen. So the layout of a schema compiles to the same octets, and a second run finds nothing to
 * do: every choice depends on the tokens and on what the first run keeps, which is
 *   - at most one empty line between members and declarations;
 *   - whether a comment stands on the line of what is before it, or on a line of its own;
 *   - whether a block was on one line, { } included: it stays so if the line is short enough.
 * A block on several lines has one member a line, and an empty line before and behind it. A line
 * that is too long and ends in an attribute list has one attribute a line, unless there are
 * comments in it.
 */
#include "format_tokens.h"

#define WIDTH_MAX 100
#define INDENT 2
#define SIZE_MAX_OF_TEXT (64u << 20)

typedef struct layout {
  const zw_fmt_token *list;
  size_t at; /* the next token */
  zw_text *out;
  size_t begin;     /* of the formatted text in *out */
  unsigned indent;  /* of the lines that are written */
  bool after_block; /* the declaration before has several lines */
} layout;

/* What decides whether two tokens touch, on the way through a declaration's head or a member. */
typedef struct spacing {
  bool is_head; /* of a declaration: the ':' of "enum E : byte" stands alone */
  bool in_square, behind_equals;
  unsigned depth; /* of parentheses */
} spacing;

/* ---- pieces ---- */

static void put(layout *l, zw_str s) { zw_text_add_str(l->out, s); }

static void put_spaces(layout *l, unsigned count) {
  while (count--) zw_text_add(l->out, " ", 1);
}

/* Ends the line, leaves an empty one if there are two newlines, and indents; nothing at the top. */
static void put_newlines(layout *l, uint32_t newlines, unsigned indent) {
  if (l->out->len == l->begin) return;
  zw_text_add(l->out, "\n\n", newlines > 1 ? 2 : 1);
  put_spaces(l, indent);
}

static zw_str next_line(zw_str *rest) {
  const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
  zw_str line = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};
  size_t used = line.len + (end ? 1 : 0);
  *rest = (zw_str){rest->ptr + used, rest->len - used};
  return zw_fmt_trimmed(line);
}

/* Lines of a block comment that begin with '*' are put below its first one; others stay. */
static void put_comment(layout *l, const zw_fmt_comment *comment, unsigned indent) {
  zw_str rest = comment->text;
  if (!comment->has_lines) {
    put(l, rest);
    return;
  }
  put(l, next_line(&rest));
  while (rest.len) {
    zw_str line = next_line(&rest);
    size_t blank = 0;
    while (blank < line.len && (line.ptr[blank] == ' ' || line.ptr[blank] == '\t')) blank++;
    zw_text_add(l->out, "\n", 1);
    if (blank < line.len && line.ptr[blank] == '*') {
      put_spaces(l, indent + 1);
      line = (zw_str){line.ptr + blank, line.len - blank};
    }
    put(l, line);
  }
}

/* Columns of the line that is being written. */
static size_t line_width(const layout *l) {
  size_t width = 0;
  for (size_t i = l->out->len; i > l->begin && l->out->ptr[i - 1] != '\n'; i--)
    width += ((uint8_t)l->out->ptr[i - 1] & 0xC0) != 0x80;
  return width;
}

static void take_back(layout *l, size_t len) {
  if (l->out->error) return;
  l->out->len = len;
  if (l->out->ptr) l->out->ptr[len] = 0;
}

/* ---- between tokens ---- */

static bool is_mark(int kind, const char *marks) {
  return kind > 0 && kind < 128 && strchr(marks, kind) != NULL;
}

/* A number and a point, and a sign in parentheses, are one number only where nothing is between
 * them. */
static bool are_kept_apart(const spacing *s, const zw_fmt_token *before,
                           const zw_fmt_token *token) {
  int left = before->kind, right = token->kind;
  if (before->text.ptr + before->text.len == token->text.ptr) return false;
  if (left == ZW_LEX_INT || left == ZW_LEX_FLOAT) return right == '.';
  bool number = right == ZW_LEX_INT || right == ZW_LEX_FLOAT;
  return number && is_mark(left, s->depth ? ".-+" : ".");
}

/* Whether a space stands between two tokens of one line; to be asked of each pair in order. */
static bool is_apart(spacing *s, const zw_fmt_token *before, const zw_fmt_token *token) {
  int left = before->kind, right = token->kind;
  if (left == '(') s->depth++;
  if (left == '[') s->in_square = true;
  if (right == '=') s->behind_equals = true;
  if (left == ')' && s->depth) s->depth--;
  if (left == ']') s->in_square = false;
  bool call = right == '(' && (s->depth || s->behind_equals) && zw_is_function(before->text);
  if (are_kept_apart(s, before, token)) return true;
  if (is_mark(left, "([.-+") || is_mark(right, ";,)].") || call) return false;
  if (right == ':') return s->is_head && s->depth == 0;
  return !(left == ':' && s->in_square);
}

/* A token inside a line, with what stands before it. */
static void put_inside(layout *l, spacing *s, size_t i) {
  const zw_fmt_token *token = &l->list[i];
  unsigned deeper = l->indent + 2 * INDENT;
  bool apart = is_apart(s, token - 1, token);
  for (size_t k = 0; k < token->comment_count; k++) {
    const zw_fmt_comment *comment = &token->comments[k];
    if (comment->newlines)
      put_newlines(l, 1, deeper);
    else
      put_spaces(l, comment->is_line ? 2 : 1);
    put_comment(l, comment, deeper);
  }
  if (token->comment_count && token->newlines)
    put_newlines(l, 1, deeper);
  else if (apart || (token->comment_count && !is_mark(token->kind, ";,)")))
    put_spaces(l, 1);
  put(l, token->text);
}

/* ---- a member, a statement or a head: tokens that belong on one line ---- */

static bool has_comments(const layout *l, size_t first, size_t end) {
  for (size_t i = first; i < end; i++)
    if (l->list[i].comment_count) return true;
  return false;
}

/* The '(' of an attribute list that ends the tokens, a mark behind it apart; 0: there is none. */
static size_t attribute_list(const layout *l, size_t first, size_t end) {
  spacing s = {0};
  size_t open = 0, close = 0;
  for (size_t i = first + 1; i < end; i++) {
    const zw_fmt_token *token = &l->list[i];
    bool apart = is_apart(&s, token - 1, token);
    if (token->kind == '(' && s.depth == 0) open = apart ? i : 0;
    if (token->kind == ')') close = i;
  }
  bool last = close + 1 == end || (close + 2 == end && is_mark(l->list[end - 1].kind, ";,{"));
  return close && last ? open : 0;
}

static void put_plain(layout *l, spacing s, size_t first, size_t end) {
  put(l, l->list[first].text);
  for (size_t i = first + 1; i < end; i++) put_inside(l, &s, i);
}

/* The same with one attribute a line. */
static void put_broken(layout *l, spacing s, size_t first, size_t open, size_t end) {
  put(l, l->list[first].text);
  for (size_t i = first + 1; i < end; i++) {
    const zw_fmt_token *token = &l->list[i];
    bool apart = is_apart(&s, token - 1, token), in_list = i > open && s.depth == 1;
    if (in_list && token->kind == ')')
      put_newlines(l, 1, l->indent);
    else if (in_list && (i == open + 1 || token[-1].kind == ','))
      put_newlines(l, 1, l->indent + INDENT);
    else if (apart)
      put_spaces(l, 1);
    put(l, token->text);
  }
}

/* Tokens from l->at to `end`; what stands before the first has been written. */
static void put_line(layout *l, size_t end, bool is_head) {
  size_t first = l->at, mark = l->out->len;
  spacing s = {.is_head = is_head};
  put_plain(l, s, first, end);
  l->at = end;
  if (line_width(l) <= WIDTH_MAX || has_comments(l, first + 1, end)) return;
  size_t open = attribute_list(l, first, end);
  if (!open) return;
  take_back(l, mark);
  put_broken(l, s, first, open, end);
}

/* ---- between lines ---- */

/* Whether the comments from k on and the token stand on one line, the one where k begins. */
static bool leads(const zw_fmt_token *token, size_t k) {
  if (is_mark(token->kind, "}") || token->kind == ZW_LEX_END || token->newlines) return false;
  for (size_t i = k; i < token->comment_count; i++)
    if (token->comments[i].newlines) return false;
  return true;
}

/* Comments on the line of what stands before; returns the first that is none. */
static size_t put_trailing(layout *l, const zw_fmt_token *token) {
  size_t k = 0;
  if (l->out->len == l->begin) return 0;
  for (; k < token->comment_count && !token->comments[k].newlines && !leads(token, k); k++) {
    put_spaces(l, k == 0 ? 2 : 1);
    put_comment(l, &token->comments[k], l->indent);
  }
  return k;
}

/*
 * What stands before the first token of a line: comments on the line before, then comments on lines
 * of their own, then the place of the token. `least` newlines stand before the first of these.
 */
static void put_gap(layout *l, uint32_t least, uint32_t most) {
  const zw_fmt_token *token = &l->list[l->at];
  bool on_line = false; /* a comment on a line of its own is before */
  for (size_t k = put_trailing(l, token); k < token->comment_count; k++) {
    uint32_t newlines = token->comments[k].newlines;
    if (on_line && newlines == 0) {
      put_spaces(l, 1);
    } else {
      if (!on_line && newlines < least) newlines = least;
      put_newlines(l, !on_line && newlines > most ? most : newlines, l->indent);
    }
    put_comment(l, &token->comments[k], l->indent);
    on_line = true;
  }
  uint32_t newlines = token->newlines;
  bool ends = is_mark(token->kind, "}") || token->kind == ZW_LEX_END;
  if (ends) return;
  if (on_line && newlines == 0) {
    put_spaces(l, 1);
    return;
  }
  if (!on_line && newlines < least) newlines = least;
  put_newlines(l, !on_line && newlines > most ? most : newlines, l->indent);
}

/* ---- declarations ---- */

/* The token behind the next one of these marks, at the latest the last token. */
static size_t behind(const layout *l, size_t i, const char *marks) {
  while (l->list[i].kind != ZW_LEX_END && !is_mark(l->list[i].kind, marks)) i++;
  return l->list[i].kind == ZW_LEX_END ? i : i + 1;
}

/* Whether the tokens behind `open` up to `end` stand on its line. */
static bool is_one_line(const layout *l, size_t open, size_t end) {
  for (size_t i = open + 1; i < end; i++) {
    const zw_fmt_token *token = &l->list[i];
    if (token->newlines) return false;
    for (size_t k = 0; k < token->comment_count; k++)
      if (token->comments[k].newlines || token->comments[k].has_lines) return false;
  }
  return true;
}

static bool is_empty(const layout *l, size_t open) {
  return l->list[open + 1].kind == '}' && l->list[open + 1].comment_count == 0;
}

/* A member begins behind '{', and behind the mark that ends one. */
static bool begins_member(const layout *l, size_t i, int separator) {
  return l->list[i - 1].kind == '{' || l->list[i - 1].kind == separator;
}

/* The block behind its '{', on one line; false: it is too long, and has been taken back. */
static bool put_short_block(layout *l, size_t end, int separator) {
  spacing s = {0};
  size_t mark = l->out->len, at = l->at;
  for (; l->at < end; l->at++) {
    const zw_fmt_token *token = &l->list[l->at];
    bool begins = begins_member(l, l->at, separator) && !(separator == ',' && s.depth);
    if (begins) s = (spacing){0};
    if (begins || token->kind == '}') {
      for (size_t k = 0; k < token->comment_count; k++) {
        put_spaces(l, 1);
        put(l, token->comments[k].text);
      }
      put_spaces(l, 1);
      put(l, token->text);
    } else {
      put_inside(l, &s, l->at);
    }
  }
  if (line_width(l) <= WIDTH_MAX) return true;
  take_back(l, mark);
  l->at = at;
  return false;
}

/* The end of a member: behind its mark, which stands outside of parentheses, or before '}'. */
static size_t member_end(const layout *l, int separator) {
  unsigned depth = 0;
  for (size_t i = l->at;; i++) {
    int kind = l->list[i].kind;
    if (kind == ZW_LEX_END || kind == '}') return i;
    if (kind == '(') depth++;
    if (kind == ')' && depth) depth--;
    if (kind == separator && depth == 0) return i + 1;
  }
}

/* The block behind its '{', one member a line. */
static void put_long_block(layout *l, int separator) {
  l->indent = INDENT;
  for (uint32_t most = 1;; most = 2) {
    put_gap(l, 1, most);
    int kind = l->list[l->at].kind;
    if (kind == '}' || kind == ZW_LEX_END) break;
    put_line(l, member_end(l, separator), false);
  }
  l->indent = 0;
  if (l->list[l->at].kind == ZW_LEX_END) return;
  put_newlines(l, 1, 0);
  put(l, l->list[l->at++].text);
}

static int separator_of(const zw_fmt_token *head) {
  bool values = zw_str_eq(head->text, ZW_STR("enum")) || zw_str_eq(head->text, ZW_STR("union"));
  return values ? ',' : ';';
}

/* A declaration with a block, its '{' at open; written on one line if that is how it was. */
static bool put_short(layout *l, size_t open, size_t end) {
  size_t mark = l->out->len, at = l->at;
  int separator = separator_of(&l->list[at]);
  if (!is_one_line(l, open, end) || has_comments(l, at + 1, open + 1)) return false;
  put_gap(l, l->after_block ? 2 : 1, 2);
  spacing s = {.is_head = true};
  put_plain(l, s, l->at, open + 1);
  l->at = open + 1;
  if (put_short_block(l, end, separator)) return true;
  take_back(l, mark);
  l->at = at;
  return false;
}

static void put_declaration(layout *l) {
  size_t end = behind(l, l->at, ";{");
  size_t open = end - 1;
  if (end == 0 || l->list[open].kind != '{') {
    put_gap(l, l->after_block ? 2 : 1, 2);
    put_line(l, end, false);
    l->after_block = false;
    return;
  }
  size_t block_end = behind(l, end, "}");
  bool empty = is_empty(l, open);
  if (!empty && put_short(l, open, block_end)) {
    l->after_block = false;
    return;
  }
  int separator = separator_of(&l->list[l->at]);
  put_gap(l, l->after_block || !empty ? 2 : 1, 2);
  put_line(l, end, true);
  if (empty)
    put(l, l->list[l->at++].text);
  else
    put_long_block(l, separator);
  l->after_block = !empty;
}

static void put_file(layout *l, const zw_fmt_tokens *tokens) {
  put(l, tokens->mark);
  l->begin = l->out->len;
  while (l->list[l->at].kind != ZW_LEX_END && !l->out->error) put_declaration(l);
  put_gap(l, l->after_block ? 2 : 1, 2);
  zw_str tail = zw_fmt_trimmed(tokens->tail);
  if (tail.len) {
    uint32_t newlines = l->list[l->at].newlines;
    put_newlines(l, l->after_block && !l->list[l->at].comment_count ? 2 : newlines, 0);
    put(l, tail);
  }
  if (l->out->len > l->begin) zw_text_add(l->out, "\n", 1);
}

static int format_text(const char *name, zw_str text, const zw_alloc *alloc, zw_text *out,
                       zw_diag *diag) {
  zw_compiled *c;
  zw_fmt_tokens tokens;
  if (text.len > SIZE_MAX_OF_TEXT) return zw_fail(diag, ZW_ELIMIT, "%s: it is above 64 MiB", name);
  int error = zw_parse_alone(&c, name, text, alloc, diag);
  if (!error && zw_fmt_scan(c, &tokens)) error = zw_fail(diag, ZW_ENOMEM, "out of memory");
  if (!error) {
    layout l = {.list = tokens.list, .out = out};
    put_file(&l, &tokens);
    if (out->error) error = zw_fail(diag, out->error, "out of memory");
  }
  zw_compiled_destroy(c);
  return error;
}

static int format_compiled(const char *name, zw_str octets, const zw_alloc *alloc, zw_text *out,
                           zw_diag *diag) {
  zw_compiled *c;
  zw_text text;
  zw_compile_options options = {.size = sizeof options, .alloc = alloc};
  zw_text_init(&text, alloc);
  int error = zw_compile_text(&c, name, octets, &options, diag);
  if (!error) error = zw_schema_print(c->schema, alloc, &text, diag);
  if (!error) error = format_text(name, zw_text_str(&text), alloc, out, diag);
  zw_compiled_destroy(c);
  zw_text_deinit(&text);
  return error;
}

int zw_format(const char *name, zw_str text, const zw_alloc *alloc, zw_text *out, zw_diag *diag) {
  bool compiled = zw_is_compiled_schema(name, text);
  return (compiled ? format_compiled : format_text)(name, text, alloc, out, diag);
}
