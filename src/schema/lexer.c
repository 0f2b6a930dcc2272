/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Splits a schema's text into tokens. Comments are dropped, documentation comments ("///" on a line
 * of their own) are kept with the token that follows. Octets are read only below text.len. What is
 * no token is reported and skipped, so that the parser sees a clean stream; the end of the text is
 * the token END for ever.
 */
#include "lexer.h"

static bool is_letter(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_digit(int c) { return c >= '0' && c <= '9'; }
static int hex_value(int c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static int peek(const zw_lexer *l, size_t ahead) {
  return l->text.len - l->at > ahead ? (uint8_t)l->text.ptr[l->at + ahead] : -1;
}

static zw_pos here(const zw_lexer *l) {
  zw_pos p = {l->file, l->line, (uint32_t)(l->at - l->line_start) + 1};
  return p;
}

static void newline(zw_lexer *l) {
  l->line++;
  l->line_start = l->at;
  l->token_on_line = false;
}

/* An octet 0 is in no text: a file with one is something else, whatever stands before it. */
static void refuse_zero(zw_lexer *l) {
  const char *zero = l->text.len ? memchr(l->text.ptr, 0, l->text.len) : NULL;
  if (!zero) return;
  zw_pos at = {l->file, 1, 1};
  for (const char *c = l->text.ptr; c < zero; c++, at.column++)
    if (*c == '\n') at = (zw_pos){l->file, at.line + 1, 0};
  zw_report(l->c, at, "CHARACTER", "octet 0x00 is in no text. Is this the right file?");
  l->text.len = (size_t)(zero - l->text.ptr);
  l->cut_off = true;
}

void zw_lexer_init(zw_lexer *lexer, zw_compiled *c, uint32_t source) {
  memset(lexer, 0, sizeof *lexer);
  lexer->c = c;
  lexer->file = source;
  lexer->text = c->sources[source]->text;
  lexer->line = 1;
  refuse_zero(lexer);
  if (lexer->text.len >= 3 && memcmp(lexer->text.ptr, "\xEF\xBB\xBF", 3) == 0)
    lexer->at = lexer->line_start = 3;
}

static void skip_block_comment(zw_lexer *l) {
  zw_pos start = here(l);
  l->at += 2;
  for (;;) {
    int c = peek(l, 0);
    if (c < 0) {
      zw_report(l->c, start, "COMMENT_OPEN", "this comment never ends. Add */");
      l->cut_off = true;
      return;
    }
    l->at++;
    if (c == '\n') newline(l);
    if (c == '*' && peek(l, 0) == '/') break;
  }
  l->at++;
}

static zw_str rest_of_line(zw_lexer *l) {
  size_t start = l->at;
  while (peek(l, 0) >= 0 && peek(l, 0) != '\n' && peek(l, 0) != '\r') l->at++;
  zw_str s = {l->text.ptr + start, l->at - start};
  return s;
}

static void line_comment(zw_lexer *l, zw_ast_doc ***docs) {
  zw_pos start = here(l);
  bool is_doc = peek(l, 2) == '/';
  l->at += is_doc ? 3 : 2;
  zw_str line = rest_of_line(l);
  if (!is_doc) return;
  if (l->token_on_line) {
    zw_report(l->c, start, "DOC_PLACE",
              "a documentation comment stands on a line of its own, before what it is about. "
              "Use // here, or move it up");
    return;
  }
  if (!zw_utf8_valid(line)) {
    zw_report(l->c, start, "UTF8", "this documentation is not UTF-8. Save the file as UTF-8");
    return;
  }
  zw_ast_doc *doc = zw_make(l->c, sizeof *doc);
  if (!doc) return;
  doc->line = line;
  **docs = doc;
  *docs = &doc->next;
}

/* Skips what is between tokens; documentation goes to *docs. */
static void skip_space(zw_lexer *l, zw_ast_doc **docs) {
  zw_ast_doc **tail = docs;
  for (;;) {
    int c = peek(l, 0);
    if (c == '\n') {
      l->at++;
      newline(l);
    } else if (c == ' ' || c == '\t' || c == '\r') {
      l->at++;
    } else if (c == '/' && peek(l, 1) == '/') {
      line_comment(l, &tail);
    } else if (c == '/' && peek(l, 1) == '*') {
      skip_block_comment(l);
    } else {
      return;
    }
  }
}

/* ---- strings ---- */

static size_t put_utf8(char *out, uint32_t code) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xC0 | code >> 6);
    out[1] = (char)(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | code >> 18);
  out[1] = (char)(0x80 | (code >> 12 & 0x3F));
  out[2] = (char)(0x80 | (code >> 6 & 0x3F));
  out[3] = (char)(0x80 | (code & 0x3F));
  return 4;
}

static bool hex_digits(zw_lexer *l, int count, uint32_t *out) {
  *out = 0;
  for (int i = 0; i < count; i++) {
    int v = hex_value(peek(l, 0));
    if (v < 0) return false;
    *out = *out << 4 | (uint32_t)v;
    l->at++;
  }
  return true;
}

/* \uXXXX, the "\u" read already; two of them for a surrogate pair. */
static bool unicode_escape(zw_lexer *l, uint32_t *code) {
  if (!hex_digits(l, 4, code)) return false;
  if (*code >= 0xDC00 && *code <= 0xDFFF) return false;
  if (*code < 0xD800 || *code > 0xDBFF) return true;
  uint32_t low;
  if (peek(l, 0) != '\\' || peek(l, 1) != 'u') return false;
  l->at += 2;
  if (!hex_digits(l, 4, &low) || low < 0xDC00 || low > 0xDFFF) return false;
  *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
  return true;
}

/* One escape, the backslash read already; the number of octets, or 0 if it is none. */
static size_t escape(zw_lexer *l, char *out) {
  int c = peek(l, 0);
  if (c < 0 || c == '\n') return 0; /* the line's end ends the string, whatever stands before it */
  l->at++;
  uint32_t code;
  if (c == 'u') return unicode_escape(l, &code) ? put_utf8(out, code) : 0;
  if (c == 'x') {
    if (!hex_digits(l, 2, &code)) return 0;
    out[0] = (char)code;
    return 1;
  }
  static const struct {
    char name, value;
  } table[] = {{'n', '\n'}, {'t', '\t'},  {'r', '\r'},  {'b', '\b'}, {'f', '\f'},
               {'"', '"'},  {'\'', '\''}, {'\\', '\\'}, {'/', '/'}};
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    if (table[i].name != c) continue;
    out[0] = table[i].value;
    return 1;
  }
  return 0;
}

/* The octets of a string up to its closing quote. Escapes never grow, so that the text's length is
 * room enough. */
static bool string_body(zw_lexer *l, int quote, char *out, size_t *len) {
  bool good = true;
  for (;;) {
    int c = peek(l, 0);
    if (c < 0 || c == '\n' || (c == '\r' && peek(l, 1) == '\n')) return false;
    zw_pos at = here(l);
    l->at++;
    if (c == quote) return good;
    if (c < 0x20)
      zw_report(l->c, at, "CHARACTER", "octet 0x%02X stands in no string. Write \\x%02X",
                (unsigned)c, (unsigned)c);
    if (c != '\\') {
      if (out) out[*len] = (char)c;
      ++*len;
      continue;
    }
    char octets[4];
    size_t n = escape(l, octets);
    if (n == 0)
      zw_report(l->c, at, "STRING_ESCAPE",
                "this is no escape. Use \\n \\t \\r \\b \\f \\\" \\\\ \\/ \\xHH or \\uHHHH");
    if (out) memcpy(out + *len, octets, n);
    *len += n;
  }
}

/* Octets up to the closing quote, or to the end of the line where there is none. */
static size_t string_length(const zw_lexer *l, int quote) {
  size_t length = 0;
  for (int c; (c = peek(l, length)) >= 0 && c != '\n' && c != quote; length++)
    if (c == '\\' && peek(l, length + 1) >= 0 && peek(l, length + 1) != '\n') length++;
  return length;
}

/* A string without an end was meant to end before its member did, or else before its block. */
static void cut_string(zw_lexer *l, size_t start, size_t length, const char *out, size_t *used) {
  for (const char *end = ";}"; *end; end++) {
    const char *in_text = memchr(l->text.ptr + start, *end, length);
    const char *in_value = out ? memchr(out, *end, *used) : NULL;
    if (!in_text) continue;
    l->at = (size_t)(in_text - l->text.ptr);
    if (in_value) *used = (size_t)(in_value - out);
    return;
  }
}

static void read_string(zw_lexer *l, zw_lex_token *t) {
  int quote = peek(l, 0);
  l->at++;
  size_t length = string_length(l, quote);
  char *out = zw_make(l->c, length + 1);
  size_t used = 0;
  t->kind = ZW_LEX_STRING;
  size_t start = l->at;
  if (!string_body(l, quote, out, &used)) {
    zw_report(l->c, t->at, "STRING_OPEN", "this string has no end on its line. Add %c", quote);
    /* Once a line: each would be read to its end. */
    if (l->open.line != l->line) {
      cut_string(l, start, length, out, &used);
      l->open = t->at;
    }
  }
  t->text.ptr = out ? out : "";
  t->text.len = out ? used : 0;
  if (!zw_utf8_valid(t->text))
    zw_report(l->c, t->at, "UTF8", "this string is not UTF-8. Save the file as UTF-8");
}

/* ---- numbers ---- */

static void digits(zw_lexer *l, bool hex) {
  while (hex ? hex_value(peek(l, 0)) >= 0 : is_digit(peek(l, 0))) l->at++;
}

static void read_number(zw_lexer *l, zw_lex_token *t) {
  size_t start = l->at;
  bool hex = peek(l, 0) == '0' && (peek(l, 1) | 0x20) == 'x';
  if (hex) l->at += 2;
  t->kind = ZW_LEX_INT;
  digits(l, hex);
  if (peek(l, 0) == '.') {
    t->kind = ZW_LEX_FLOAT;
    l->at++;
    digits(l, hex);
  }
  int exponent = peek(l, 0) | 0x20;
  if (peek(l, 0) >= 0 && exponent == (hex ? 'p' : 'e')) {
    t->kind = ZW_LEX_FLOAT;
    l->at++;
    if (peek(l, 0) == '+' || peek(l, 0) == '-') l->at++;
    digits(l, false);
  }
  t->text.ptr = l->text.ptr + start;
  t->text.len = l->at - start;
  if (!is_letter(peek(l, 0)) && (!hex || t->text.len > 2)) return;
  while (is_letter(peek(l, 0)) || is_digit(peek(l, 0))) l->at++;
  t->broken = true;
  zw_report(l->c, t->at, "NUMBER", "\"%.*s\" is no number", (int)(l->at - start),
            l->text.ptr + start);
}

static void read_name(zw_lexer *l, zw_lex_token *t) {
  size_t start = l->at;
  while (is_letter(peek(l, 0)) || is_digit(peek(l, 0))) l->at++;
  t->kind = ZW_LEX_NAME;
  t->text.ptr = l->text.ptr + start;
  t->text.len = l->at - start;
}

static bool is_mark(int c) { return c > 0 && strchr("{}()[]:;,=.+-", c) != NULL; }

/* The octets of one character. */
static int character_length(const zw_lexer *l) {
  int n = 1;
  while (peek(l, (size_t)n) >= 0 && (peek(l, (size_t)n) & 0xC0) == 0x80) n++;
  return n;
}

static void report_strange(zw_lexer *l) {
  int c = peek(l, 0);
  const char *text = l->text.ptr + l->at;
  if (c == '#')
    zw_report(l->c, here(l), "CHARACTER",
              "\"#\" begins nothing: a comment begins with //, an include is include \"FILE\";");
  else if (c >= 0x80 && zw_utf8_valid((zw_str){text, (size_t)character_length(l)}))
    zw_report(l->c, here(l), "CHARACTER",
              "\"%.*s\" stands in no name: letters are a to z, A to Z and _", character_length(l),
              text);
  else if (c >= 0x20 && c < 0x7F)
    zw_report(l->c, here(l), "CHARACTER", "\"%c\" has no meaning here. Remove it", c);
  else
    zw_report(l->c, here(l), "CHARACTER", "octet 0x%02X has no meaning here. Remove it",
              (unsigned)c);
}

/* Skips a run of octets that begin no token; one report a line. What begins with '#' was meant as a
 * line of its own. */
static void skip_strange(zw_lexer *l) {
  int c = peek(l, 0);
  if (l->strange.line != l->line) {
    report_strange(l);
    l->strange = here(l);
  }
  if (c == '#') {
    rest_of_line(l);
    return;
  }
  do {
    l->at++;
    c = peek(l, 0);
  } while (c >= 0 && !is_letter(c) && !is_digit(c) && !is_mark(c) && !strchr(" \t\r\n\"'/", c));
}

void zw_lexer_next(zw_lexer *l, zw_lex_token *token) {
  memset(token, 0, sizeof *token);
  for (;;) {
    skip_space(l, &token->docs);
    token->at = here(l);
    int c = peek(l, 0);
    if (c < 0) return;
    l->token_on_line = true;
    if (is_letter(c)) {
      read_name(l, token);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(l, 1)))) {
      read_number(l, token);
    } else if (c == '"' || c == '\'') {
      read_string(l, token);
    } else if (is_mark(c)) {
      token->kind = c;
      token->text.ptr = l->text.ptr + l->at++;
      token->text.len = 1;
    } else {
      skip_strange(l);
      continue;
    }
    return;
  }
}
