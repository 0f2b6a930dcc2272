/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser: one token of look-ahead over the lexer, one function a construct, declarations
 * appended in the order of the text; an include is parsed where it stands, before what follows it.
 *
 * Recovery. A missing mark is reported where it should stand, and taken as if it stood there. What
 * makes no sense is skipped up to the end of its member (';' or ','), of its block ('}'), or to a
 * word that begins a declaration *and is followed by a name or string*: no member looks like that,
 * so a block that meets one has lost its '}'. Every loop consumes a token a turn.
 */
#include "parser.h"

#include "lexer.h"

static const struct {
  const char *word;
  void (*parse)(zw_parser *p, zw_ast_doc *docs);
} declarations[] = {{"table", zw_parse_table},
                    {"struct", zw_parse_struct},
                    {"enum", zw_parse_enum},
                    {"union", zw_parse_union},
                    {"rpc_service", zw_parse_service},
                    {"namespace", zw_parse_namespace},
                    {"root_type", zw_parse_root},
                    {"file_identifier", zw_parse_identifier},
                    {"file_extension", zw_parse_extension},
                    {"attribute", zw_parse_attribute},
                    {"include", zw_parse_include},
                    {"native_include", zw_parse_native_include}};
#define ATTRIBUTES_MAX 256
#define DECLARATIONS (sizeof declarations / sizeof declarations[0])

/* ---- tokens ---- */

void zw_advance(zw_parser *p) {
  p->end = p->token.at;
  p->end.column += (uint32_t)(p->token.kind == ZW_LEX_STRING ? 2 : 0) + (uint32_t)p->token.text.len;
  p->token = p->next;
  p->consumed++;
  zw_lexer_next(&p->lexer, &p->next);
}

bool zw_is_mark(const zw_parser *p, int mark) { return p->token.kind == mark; }

static bool is_word(const zw_parser *p, const char *word) {
  return p->token.kind == ZW_LEX_NAME && zw_str_eq(p->token.text, zw_str_of(word));
}

bool zw_accept(zw_parser *p, int mark) {
  if (!zw_is_mark(p, mark)) return false;
  zw_advance(p);
  return true;
}

static int declaration_index(const zw_parser *p) {
  for (size_t i = 0; i < DECLARATIONS; i++)
    if (is_word(p, declarations[i].word)) return (int)i;
  return -1;
}

bool zw_begins_declaration(const zw_parser *p) {
  int next = p->next.kind;
  if (next != ZW_LEX_NAME && next != ZW_LEX_STRING && !(next == ';' && is_word(p, "namespace")))
    return false;
  return declaration_index(p) >= 0;
}

/* What the token is, for messages. */
const char *zw_found(const zw_parser *p, char out[ZW_FOUND_MAX]) {
  zw_str text = p->token.text;
  int shown = text.len > 40 ? 40 : (int)text.len;
  while (shown > 0 && shown < (int)text.len && ((uint8_t)text.ptr[shown] & 0xC0) == 0x80) shown--;
  if (p->token.kind == ZW_LEX_END)
    snprintf(out, ZW_FOUND_MAX, "the end of the file");
  else if (p->token.kind == ZW_LEX_STRING)
    snprintf(out, ZW_FOUND_MAX, "a string");
  else
    snprintf(out, ZW_FOUND_MAX, "\"%.*s\"", shown, text.ptr);
  return out;
}

static bool is_behind(const zw_pos *first, zw_pos at) {
  return first->line == at.line && first->column <= at.column;
}

/* Whether there is something to say here: what is missed or found is not the echo of what the lexer
 * has reported, or of a finding about the same token. */
static bool is_news(zw_parser *p, zw_pos at) {
  const zw_lex_token *token = at.column == p->token.at.column ? &p->token : &p->next;
  if (is_behind(&p->lexer.open, at) || is_behind(&p->lexer.strange, at)) return false;
  if (p->said.line == at.line && p->said.column == at.column) return false;
  if (token->broken && token->at.line == at.line && token->at.column == at.column) return false;
  p->said = at;
  return true;
}

void zw_unexpected(zw_parser *p, const char *wanted) {
  char found[ZW_FOUND_MAX];
  if (is_news(p, p->token.at))
    zw_report(p->c, p->token.at, "SYNTAX", "%s expected, not %s", wanted, zw_found(p, found));
}

bool zw_expect(zw_parser *p, int mark) {
  if (zw_accept(p, mark)) return true;
  char found[ZW_FOUND_MAX];
  bool after = p->end.line != 0 && p->end.line != p->token.at.line;
  zw_pos at = after ? p->end : p->token.at;
  if (is_news(p, at))
    zw_report(p->c, at, "SYNTAX", "\"%c\" expected, not %s", mark, zw_found(p, found));
  return false;
}

void zw_skip_member(zw_parser *p, int end) {
  while (p->token.kind != ZW_LEX_END && !zw_is_mark(p, '}') && !zw_begins_declaration(p)) {
    if (zw_accept(p, end)) return;
    zw_advance(p);
  }
}

/* The end of a member: ';'. A forgotten one costs one finding. */
void zw_end_member(zw_parser *p) {
  if (zw_is_mark(p, '[') && is_news(p, p->token.at))
    zw_report(p->c, p->token.at, "SYNTAX",
              "a vector of ints is [int], a fixed array in a struct [int:3]");
  if (zw_expect(p, ';') || p->token.kind == ZW_LEX_NAME) return;
  zw_skip_member(p, ';');
}

/* Cuts a name that is too long; false: it was, and is reported. */
static bool limit_name(zw_parser *p, zw_str *name, zw_pos at) {
  if (name->len <= ZW_NAME_MAX) return true;
  zw_report(p->c, at, "NAME_LENGTH", "a name has at most %d octets", ZW_NAME_MAX);
  name->len = ZW_NAME_MAX;
  return false;
}

bool zw_name(zw_parser *p, const char *what, zw_ast_head *head) {
  if (p->token.kind != ZW_LEX_NAME) {
    zw_unexpected(p, what);
    return false;
  }
  head->name = p->token.text;
  head->at = p->token.at;
  limit_name(p, &head->name, head->at);
  zw_advance(p);
  return true;
}

/* a.b.c, the first part being the token. */
zw_str zw_dotted(zw_parser *p) {
  zw_str name = p->token.text;
  zw_pos at = p->token.at;
  bool whole = limit_name(p, &name, at);
  zw_advance(p);
  while (zw_is_mark(p, '.') && p->next.kind == ZW_LEX_NAME) {
    zw_advance(p);
    if (whole) { /* a name that was cut is not joined again: a long chain would cost its square */
      name = zw_join(p->c, name, ".", p->token.text);
      whole = limit_name(p, &name, at);
    }
    zw_advance(p);
  }
  return name;
}

/* ---- values and attributes ---- */

static bool signed_value(zw_parser *p, zw_literal *out) {
  const char *sign = zw_is_mark(p, '-') ? "-" : "+";
  zw_advance(p);
  bool number = p->token.kind == ZW_LEX_INT || p->token.kind == ZW_LEX_FLOAT;
  if (!number && p->token.kind != ZW_LEX_NAME) {
    zw_unexpected(p, "a number");
    return false;
  }
  out->kind = p->token.kind == ZW_LEX_INT ? ZW_LIT_INT : ZW_LIT_FLOAT;
  out->text = zw_join(p->c, zw_str_of(*sign == '-' ? "-" : ""), "", p->token.text);
  zw_advance(p);
  return true;
}

bool zw_is_function(zw_str name) {
  static const char *const names[] = {"rad", "deg", "sin", "cos", "tan", "asin", "acos", "atan"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (zw_str_eq(name, zw_str_of(names[i]))) return true;
  return false;
}

/* rad(180), also of functions: its text as written, up to the parenthesis that closes it. */
static bool function_value(zw_parser *p, zw_literal *out) {
  const char *start = p->token.text.ptr;
  size_t open = 0;
  out->kind = ZW_LIT_FLOAT;
  zw_advance(p);
  do {
    if (zw_is_mark(p, '(')) open++;
    if (zw_is_mark(p, ')')) open--;
    if (open == 0) out->text = (zw_str){start, (size_t)(p->token.text.ptr - start) + 1};
    zw_advance(p);
  } while (open && p->token.kind != ';' && p->token.kind != ZW_LEX_END);
  if (open) zw_unexpected(p, "\")\"");
  return open == 0;
}

static bool named_value(zw_parser *p, zw_literal *out) {
  out->kind = is_word(p, "null") ? ZW_LIT_NULL : ZW_LIT_NAME;
  if (p->next.kind == '(' && zw_is_function(p->token.text)) return function_value(p, out);
  out->text = zw_dotted(p);
  return true;
}

bool zw_parse_value(zw_parser *p, zw_literal *out) {
  *out = (zw_literal){.at = p->token.at};
  if (zw_is_mark(p, '-') || zw_is_mark(p, '+')) return signed_value(p, out);
  if (p->token.kind == ZW_LEX_NAME) return named_value(p, out);
  if (zw_is_mark(p, '[')) {
    zw_advance(p);
    out->kind = ZW_LIT_EMPTY_VECTOR;
    out->text = ZW_STR("[]");
    if (zw_accept(p, ']')) return true;
    zw_report(p->c, p->token.at, "DEFAULT_VECTOR", "the default of a vector can only be []");
    return false;
  }
  static const struct {
    int token;
    enum zw_literal_kind kind;
  } kinds[] = {
      {ZW_LEX_INT, ZW_LIT_INT}, {ZW_LEX_FLOAT, ZW_LIT_FLOAT}, {ZW_LEX_STRING, ZW_LIT_STRING}};
  for (size_t i = 0; i < 3; i++) {
    if (p->token.kind != kinds[i].token) continue;
    out->kind = kinds[i].kind;
    out->text = p->token.text;
    zw_advance(p);
    return true;
  }
  zw_unexpected(p, "a value");
  return false;
}

static bool parse_one_attribute(zw_parser *p, zw_ast_attr *a) {
  if (p->token.kind != ZW_LEX_NAME && p->token.kind != ZW_LEX_STRING) {
    zw_unexpected(p, "the name of an attribute");
    return false;
  }
  a->name = p->token.text;
  a->at = p->token.at;
  zw_advance(p);
  return !zw_accept(p, ':') || zw_parse_value(p, &a->value);
}

/* (name, name: value, …); none is fine. */
zw_ast_attr *zw_parse_attributes(zw_parser *p) {
  zw_ast_attr *first = NULL, **last = &first;
  size_t count = 0;
  if (!zw_accept(p, '(')) return NULL;
  do {
    zw_ast_attr *a = zw_make(p->c, sizeof *a);
    if (!a) return NULL;
    if (!parse_one_attribute(p, a)) {
      while (!zw_is_mark(p, ')') && !zw_is_mark(p, ';') && !zw_is_mark(p, '{') &&
             !zw_is_mark(p, '}') && p->token.kind != ZW_LEX_END && !zw_begins_declaration(p))
        zw_advance(p);
      zw_accept(p, ')');
      return first;
    }
    if (count++ == ATTRIBUTES_MAX)
      zw_report(p->c, a->at, "ATTRIBUTE_COUNT", "at most %d attributes stand in one place",
                ATTRIBUTES_MAX);
    if (count > ATTRIBUTES_MAX) continue;
    *last = a;
    last = &a->next;
  } while (zw_accept(p, ','));
  zw_expect(p, ')');
  return first;
}

/* ---- types ---- */

static bool named_type(zw_parser *p, zw_type_ref *ref, uint8_t *base) {
  if (p->token.kind != ZW_LEX_NAME) {
    zw_unexpected(p, "a type");
    return false;
  }
  ref->at = p->token.at;
  *base = p->next.kind == '.' ? ZW_T_NONE : zw_type_by_word(p->token.text);
  if (*base != ZW_T_NONE)
    zw_advance(p);
  else
    ref->name = zw_dotted(p);
  return true;
}

static bool fixed_length(zw_parser *p, zw_type_ref *ref) {
  zw_accept(p, '+');
  zw_literal length = {.kind = ZW_LIT_INT, .text = p->token.text, .at = p->token.at};
  zw_scalar value = {0};
  ref->base = ZW_T_ARRAY;
  if (p->token.kind != ZW_LEX_INT) {
    zw_unexpected(p, "the number of elements");
    return false;
  }
  zw_advance(p);
  if (!zw_literal_int(p->c, &length, ZW_T_USHORT, &value)) return true;
  if (value.u == 0)
    zw_report(p->c, length.at, "ARRAY_LENGTH", "a fixed array has 1 to 65535 elements");
  ref->fixed_length = (uint32_t)value.u;
  return true;
}

bool zw_parse_type(zw_parser *p, zw_type_ref *ref) {
  *ref = (zw_type_ref){.at = p->token.at, .seen = p->c->declarations};
  if (!zw_accept(p, '[')) return named_type(p, ref, &ref->base);
  zw_pos at = ref->at;
  ref->base = ZW_T_VECTOR;
  if (zw_is_mark(p, '[')) {
    zw_report(p->c, p->token.at, "VECTOR_NESTED",
              "a vector of vectors does not exist. Wrap the inner one in a table");
    return false;
  }
  if (!named_type(p, ref, &ref->element)) return false;
  if (zw_accept(p, ':') && !fixed_length(p, ref)) return false;
  if (!ref->name.ptr) ref->at = at;
  return zw_expect(p, ']');
}

/* ---- files ---- */

/* What other languages call a declaration. */
static const struct {
  const char *theirs, *ours;
} foreign[] = {{"message", "table"},       {"class", "table"},           {"type", "table"},
               {"service", "rpc_service"}, {"interface", "rpc_service"}, {"import", "include"},
               {"package", "namespace"},   {"module", "namespace"}};

static void hint_word(const zw_parser *p, char hint[ZW_HINT_MAX]) {
  zw_str words[DECLARATIONS];
  hint[0] = 0;
  if (p->token.kind != ZW_LEX_NAME) return;
  for (size_t i = 0; i < DECLARATIONS; i++) words[i] = zw_str_of(declarations[i].word);
  zw_hint(p->token.text, words, DECLARATIONS, hint);
  for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
    if (is_word(p, foreign[i].theirs))
      snprintf(hint, ZW_HINT_MAX, ". Did you mean \"%s\"?", foreign[i].ours);
}

static void unknown_word(zw_parser *p) {
  char hint[ZW_HINT_MAX], found[ZW_FOUND_MAX];
  if (!is_news(p, declaration_index(p) >= 0 ? p->next.at : p->token.at)) return;
  hint_word(p, hint);
  if (zw_is_mark(p, '}'))
    zw_report(p->c, p->token.at, "BRACE", "this } closes nothing. Remove it");
  else if (zw_is_mark(p, ';'))
    zw_report(p->c, p->token.at, "SYNTAX", "this ; ends nothing: none follows a }. Remove it");
  else if (declaration_index(p) >= 0)
    zw_report(p->c, p->next.at, "SYNTAX", "a name expected after %s", zw_found(p, found));
  else
    zw_report(p->c, p->token.at, "SYNTAX", "a declaration expected, not %s%s", zw_found(p, found),
              hint);
}

/* Skips what is no declaration, with the block that follows it. */
static void skip_declaration(zw_parser *p) {
  size_t depth = 0;
  do {
    int kind = p->token.kind;
    zw_advance(p);
    if (kind == '{') depth++;
    if (kind == '}' && (depth == 0 || --depth == 0)) return;
    if (kind == ';' && depth == 0) return;
  } while (p->token.kind != ZW_LEX_END && !zw_begins_declaration(p));
}

/* An object in JSON ends the declarations: it and what follows are read when the schema is known.
 * That of an included file is its own affair. */
static void take_json(zw_parser *p) {
  zw_str text = p->lexer.text;
  if (p->source == 0) {
    const char *start = p->token.text.ptr;
    p->c->json = (zw_str){start, (size_t)(text.ptr + text.len - start)};
    p->c->json_at = p->token.at;
  }
  p->token = (zw_lex_token){.kind = ZW_LEX_END};
}

static void one_declaration(zw_parser *p) {
  if (zw_is_mark(p, '{')) {
    take_json(p);
  } else if (zw_begins_declaration(p)) {
    int i = declaration_index(p);
    zw_ast_doc *docs = p->token.docs;
    zw_advance(p);
    declarations[i].parse(p, docs);
  } else {
    unknown_word(p);
    skip_declaration(p);
  }
}

void zw_parse_source(zw_compiled *c, uint32_t source) {
  zw_parser p = {.c = c, .source = source};
  zw_lexer_init(&p.lexer, c, source);
  zw_lexer_next(&p.lexer, &p.token);
  zw_lexer_next(&p.lexer, &p.next);
  while (p.token.kind != ZW_LEX_END && !c->failed_memory) one_declaration(&p);
}
