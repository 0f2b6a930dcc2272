/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comments that silence findings. The compiler drops ordinary comments, so the text is read again:
 * the line of a declaration, and upwards from it the lines that are nothing but a comment.
 */
#include "cli_ignores.h"
#include "cli_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "zerowire/reflect.h"

#define MARK "zerowire:ignore"

void zw_cli_ignores_init(zw_cli_ignores *ignores, const zw_compiled *compiled) {
  *ignores = (zw_cli_ignores){.compiled = compiled};
  zw_text_init(&ignores->text, NULL);
}

void zw_cli_ignores_deinit(zw_cli_ignores *ignores) {
  free(ignores->lines);
  zw_text_deinit(&ignores->text);
}

/* ---- lines ---- */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* The line that begins at *at, which moves to the next one. */
static zw_str next_line(zw_str text, size_t *at) {
  size_t begin = *at, end = begin;
  while (end < text.len && text.ptr[end] != '\n') end++;
  *at = end < text.len ? end + 1 : end;
  while (begin < end && is_blank(text.ptr[begin])) begin++;
  while (end > begin && is_blank(text.ptr[end - 1])) end--;
  return (zw_str){text.ptr + begin, end - begin};
}

static bool is_comment(zw_str line) { return line.len >= 2 && memcmp(line.ptr, "//", 2) == 0; }

static bool is_rule_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What stands behind a mark and its comment's "//" in a line; absent: nothing does. */
static zw_str behind_mark(zw_str line) {
  size_t len = strlen(MARK);
  for (size_t i = 0; i + len <= line.len; i++) {
    size_t before = i;
    if (memcmp(line.ptr + i, MARK, len) != 0) continue;
    while (before > 0 && is_blank(line.ptr[before - 1])) before--;
    if (before >= 2 && memcmp(line.ptr + before - 2, "//", 2) == 0)
      return (zw_str){line.ptr + i + len, line.len - i - len};
  }
  return (zw_str){NULL, 0};
}

/* Whether the words that follow the mark, up to the first that is no rule, have this one. */
static bool names_rule(zw_str words, const char *rule) {
  size_t i = 0, len = strlen(rule);
  while (i < words.len) {
    size_t begin = i;
    while (i < words.len && is_rule_letter(words.ptr[i])) i++;
    if (i - begin == len && memcmp(words.ptr + begin, rule, len) == 0) return true;
    if (i == begin && !is_blank(words.ptr[i]) && words.ptr[i] != ',') return false;
    if (i == begin) i++;
  }
  return false;
}

/* ---- places ---- */

/* The source that a place names; names of places may be cut. */
static const char *source_of(const zw_compiled *compiled, const zw_place *place) {
  const char *source;
  for (size_t i = 0; (source = zw_compiled_source(compiled, i)); i++)
    if (strncmp(source, place->file, sizeof place->file - 1) == 0) return source;
  return NULL;
}

/* Links the lines with marks, so that none of the comments between them is looked at again. */
static void link_marks(zw_cli_ignores *ignores) {
  bool in_head = true;
  for (size_t i = 0; i < ignores->line_count; i++) {
    zw_ignore_line *line = &ignores->lines[i];
    const zw_ignore_line *last = i ? line - 1 : NULL;
    if (last && is_comment(last->text)) line->above = last->words.ptr ? i : last->above;
    in_head = in_head && (!line->text.len || is_comment(line->text));
    if (!in_head || !line->words.ptr) continue;
    line->head_above = ignores->head;
    ignores->head = i + 1;
  }
}

/* Finds the lines and their marks once: there may be as many findings as octets, in one line. */
static bool index_lines(zw_cli_ignores *ignores) {
  zw_str text = zw_text_str(&ignores->text);
  size_t count = 1, at = 0;
  for (size_t i = 0; i < text.len; i++) count += text.ptr[i] == '\n';
  ignores->lines = calloc(count, sizeof *ignores->lines);
  if (!ignores->lines) return false;
  ignores->line_count = count;
  for (size_t i = 0; i < count; i++) {
    zw_ignore_line *line = &ignores->lines[i];
    line->start = text.ptr + at;
    line->text = next_line(text, &at);
    line->words = behind_mark(line->text);
  }
  link_marks(ignores);
  return true;
}

/* Built-in schemas are no files, and have no such comments. */
static bool load(zw_cli_ignores *ignores, const char *source) {
  if (!source || (source != ignores->source && access(source, R_OK))) return false;
  if (source == ignores->source) return true;
  const zw_compiled *compiled = ignores->compiled;
  zw_cli_ignores_deinit(ignores);
  zw_cli_ignores_init(ignores, compiled);
  if (zw_cli_read_file(source, &ignores->text) || !index_lines(ignores)) return false;
  ignores->source = source;
  return true;
}

/* At the place's line, or in the lines directly above it that are nothing but a comment. */
static bool silenced_at(zw_cli_ignores *ignores, const zw_place *place, const char *rule) {
  if (!load(ignores, source_of(ignores->compiled, place))) return false;
  size_t line = place->line <= ignores->line_count ? place->line : 0;
  while (line && !names_rule(ignores->lines[line - 1].words, rule))
    line = ignores->lines[line - 1].above;
  return line > 0;
}

static bool silenced_at_head(zw_cli_ignores *ignores, const char *rule) {
  if (!load(ignores, zw_compiled_source(ignores->compiled, 0))) return false;
  size_t line = ignores->head;
  while (line && !names_rule(ignores->lines[line - 1].words, rule))
    line = ignores->lines[line - 1].head_above;
  return line > 0;
}

static bool silenced_at_type(zw_cli_ignores *ignores, const char *rule, zw_str type) {
  zw_place place;
  if (zw_compiled_place(ignores->compiled, type, (zw_str){NULL, 0}, &place))
    return silenced_at(ignores, &place, rule);
  return silenced_at_head(ignores, rule);
}

bool zw_cli_ignored(zw_cli_ignores *ignores, const char *rule, zw_str type, zw_str member) {
  zw_place place;
  if (member.len && zw_compiled_place(ignores->compiled, type, member, &place))
    return zw_cli_ignored_member(ignores, rule, type, &place);
  return silenced_at_type(ignores, rule, type);
}

bool zw_cli_ignored_member(zw_cli_ignores *ignores, const char *rule, zw_str type,
                           const zw_place *member) {
  return silenced_at(ignores, member, rule) || silenced_at_type(ignores, rule, type);
}

bool zw_cli_ignored_at(zw_cli_ignores *ignores, const char *rule, const zw_place *place) {
  return silenced_at(ignores, place, rule) || silenced_at_head(ignores, rule);
}

/* ---- words that are no rule ---- */

enum { RULES_MAX = 200 };

static size_t all_rules(zw_str names[RULES_MAX]) {
  size_t count = 0;
  const char *name;
  const zw_lint_rule *rule;
  for (size_t i = 0; count < RULES_MAX && (name = zw_evolution_rule_at(i)); i++)
    names[count++] = zw_str_of(name);
  for (size_t i = 0; count < RULES_MAX && (rule = zw_lint_rule_at(i)); i++)
    names[count++] = zw_str_of(rule->name);
  return count;
}

static bool is_known(zw_str word, const zw_str *rules, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (zw_str_eq(word, rules[i])) return true;
  return false;
}

/* The next word of a list that begins at *at. */
static zw_str next_word(zw_str list, size_t *at) {
  while (*at < list.len && (is_blank(list.ptr[*at]) || list.ptr[*at] == ',')) ++*at;
  size_t begin = *at;
  while (*at < list.len && !is_blank(list.ptr[*at]) && list.ptr[*at] != ',') ++*at;
  size_t end = *at;
  while (end > begin && strchr(".:;", list.ptr[end - 1])) end--;
  return (zw_str){list.ptr + begin, end - begin};
}

static void warn(const zw_place *place, zw_str word, const zw_str *rules, size_t count) {
  zw_cli_hint hint;
  zw_diag diag = {.at = *place};
  int shown = word.len > 60 ? 60 : (int)word.len;
  if (word.len)
    snprintf(diag.message, sizeof diag.message,
             "this silences nothing: there is no rule \"%.*s\".%s", shown, word.ptr,
             zw_cli_did_you_mean(&hint, word, rules, count));
  else
    snprintf(diag.message, sizeof diag.message, "this silences nothing: it names no rule.");
  zw_cli_finding(&diag, true);
}

/* The first word is a rule; of those behind it, what looks like one: the rest says why. */
static void check_words(zw_place *place, const char *line, zw_str list, const zw_str *rules,
                        size_t count) {
  size_t at = 0;
  for (bool first = true; list.ptr && (first || at < list.len); first = false) {
    zw_str word = next_word(list, &at);
    bool looks = word.len && memchr(word.ptr, '_', word.len);
    if (!looks && !first) return;
    if (is_known(word, rules, count)) continue;
    place->column = (uint32_t)(word.ptr - line) + 1;
    warn(place, word, rules, count);
  }
}

void zw_cli_ignores_check(zw_cli_ignores *ignores) {
  zw_str rules[RULES_MAX];
  size_t count = all_rules(rules);
  const char *source;
  for (size_t i = 0; (source = zw_compiled_source(ignores->compiled, i)); i++) {
    zw_place place = {.line = 0};
    if (!load(ignores, source)) continue;
    snprintf(place.file, sizeof place.file, "%s", source);
    for (size_t k = 0; k < ignores->line_count; k++) {
      place.line = (uint32_t)(k + 1);
      check_words(&place, ignores->lines[k].start, ignores->lines[k].words, rules, count);
    }
  }
}
