/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comments that silence findings. The compiler drops ordinary comments, so the text is read again:
 * the line of a declaration, and upwards from it the lines that are nothing but a comment.
 */
#include "cli_ignores.h"
#include "cli_files.h"

#include <unistd.h>

#define MARK "zerowire:ignore"

void zw_cli_ignores_init(zw_cli_ignores *ignores, const zw_compiled *compiled) {
  *ignores = (zw_cli_ignores){.compiled = compiled};
  zw_text_init(&ignores->text, NULL);
}

void zw_cli_ignores_deinit(zw_cli_ignores *ignores) { zw_text_deinit(&ignores->text); }

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

/* The mark stands behind "//" and white space. */
static bool silences(zw_str line, const char *rule) {
  size_t len = strlen(MARK);
  for (size_t i = 0; i + len <= line.len; i++) {
    size_t before = i;
    if (memcmp(line.ptr + i, MARK, len) != 0) continue;
    while (before > 0 && is_blank(line.ptr[before - 1])) before--;
    bool comment = before >= 2 && memcmp(line.ptr + before - 2, "//", 2) == 0;
    if (comment && names_rule((zw_str){line.ptr + i + len, line.len - i - len}, rule)) return true;
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

/* Built-in schemas are no files, and have no such comments. */
static bool load(zw_cli_ignores *ignores, const char *source) {
  if (!source || access(source, R_OK)) return false;
  if (source == ignores->source) return true;
  ignores->source = NULL;
  zw_text_deinit(&ignores->text);
  zw_text_init(&ignores->text, NULL);
  if (zw_cli_read_file(source, &ignores->text)) return false;
  ignores->source = source;
  return true;
}

static bool silenced_at(zw_cli_ignores *ignores, const zw_place *place, const char *rule) {
  if (!load(ignores, source_of(ignores->compiled, place))) return false;
  zw_str text = zw_text_str(&ignores->text);
  bool above = false; /* a comment in the lines directly above silences it */
  size_t at = 0;
  for (uint32_t line = 1; line < place->line; line++) {
    zw_str above_it = next_line(text, &at);
    above = is_comment(above_it) && (above || silences(above_it, rule));
  }
  return above || silences(next_line(text, &at), rule);
}

static bool silenced_at_head(zw_cli_ignores *ignores, const char *rule) {
  if (!load(ignores, zw_compiled_source(ignores->compiled, 0))) return false;
  zw_str text = zw_text_str(&ignores->text);
  for (size_t at = 0; at < text.len;) {
    zw_str line = next_line(text, &at);
    if (line.len && !is_comment(line)) return false;
    if (silences(line, rule)) return true;
  }
  return false;
}

bool zw_cli_ignored(zw_cli_ignores *ignores, const char *rule, zw_str type, zw_str member) {
  zw_place place;
  zw_str none = {NULL, 0};
  if (member.len && zw_compiled_place(ignores->compiled, type, member, &place) &&
      silenced_at(ignores, &place, rule))
    return true;
  if (zw_compiled_place(ignores->compiled, type, none, &place))
    return silenced_at(ignores, &place, rule);
  return silenced_at_head(ignores, rule);
}

bool zw_cli_ignored_at(zw_cli_ignores *ignores, const char *rule, const zw_place *place) {
  return silenced_at(ignores, place, rule) || silenced_at_head(ignores, rule);
}
