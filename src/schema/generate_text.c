/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of generated code: templates with one-letter variables, names, documentation. A template is
 * written as it is, but `$x` becomes the value of x; values are not looked into again.
 */
#include <stdio.h>

#include "generate.h"

void zw_gen_emit(zw_text *out, const char *pattern, const zw_gen_vars *vars) {
  for (const char *p = pattern; *p;) {
    size_t plain = strcspn(p, "$");
    zw_text_add(out, p, plain);
    p += plain;
    if (*p != '$') return;
    zw_str value = vars->of[p[1] & 127];
    if (value.ptr) zw_text_add_str(out, value);
    p += 2;
  }
}

zw_str zw_gen_format(zw_gen *g, const char *format, ...) {
  char small[256];
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(small, sizeof small, format, args);
  va_end(args);
  zw_str text = {NULL, 0};
  char *memory = len < 0 ? NULL : zw_arena_get(&g->arena, (size_t)len + 1);
  if (memory) {
    vsnprintf(memory, (size_t)len + 1, format, again);
    text = (zw_str){memory, (size_t)len};
  } else {
    g->no_memory = true;
  }
  va_end(again);
  return text;
}

zw_str zw_gen_keep(zw_gen *g, zw_text *text) {
  zw_str kept = zw_arena_str(&g->arena, zw_text_str(text));
  if (text->error || !kept.ptr) g->no_memory = true;
  zw_text_deinit(text);
  return kept;
}

zw_str zw_gen_last(zw_str full) {
  size_t at = full.len;
  while (at > 0 && full.ptr[at - 1] != '.') at--;
  return (zw_str){full.ptr + at, full.len - at};
}

zw_str zw_gen_namespace(zw_str full) {
  zw_str last = zw_gen_last(full);
  return (zw_str){full.ptr, full.len - last.len - (last.len < full.len)};
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

zw_str zw_gen_identifier(zw_gen *g, zw_str text) {
  char *name = zw_arena_get(&g->arena, text.len + 1);
  if (!name) g->no_memory = true;
  for (size_t i = 0; name && i < text.len; i++)
    name[i] = (char)(is_letter(text.ptr[i]) ? text.ptr[i] : '_');
  return (zw_str){name, name ? text.len : 0};
}

zw_str zw_gen_declaring_file(zw_gen *g, zw_str full_name) {
  const char *path = g->from.file_of(g->from.ctx, full_name);
  if (!path || !*path) return (zw_str){NULL, 0};
  const char *slash = strrchr(path, '/');
  zw_str base = zw_str_of(slash ? slash + 1 : path);
  const char *dot = strrchr(base.ptr, '.');
  if (dot) base.len = (size_t)(dot - base.ptr);
  base = zw_arena_str(&g->arena, base);
  if (!base.ptr) g->no_memory = true;
  return base;
}

zw_str zw_gen_include_once(zw_gen *g, zw_hmap *seen, zw_str full_name) {
  zw_str base = zw_gen_declaring_file(g, full_name);
  if (!base.ptr || zw_hmap_get(seen, zw_str_span(base))) return (zw_str){NULL, 0};
  if (zw_hmap_set(seen, zw_str_span(base), g, NULL)) g->no_memory = true;
  return base;
}

void zw_gen_octets(zw_text *out, zw_span octets) {
  for (size_t i = 0; i < octets.len; i++)
    zw_text_printf(out, "%s%u,", i % 24 ? "" : "\n    ", octets.ptr[i]);
}

void zw_gen_schema_id(zw_text *out, const uint8_t id[ZW_SCHEMA_ID_SIZE]) {
  for (size_t i = 0; i < ZW_SCHEMA_ID_SIZE; i++)
    zw_text_printf(out, "%s0x%02x", i ? ", " : "{", id[i]);
  zw_text_printf(out, "}");
}

bool zw_gen_next_line(zw_str *rest, zw_str *line) {
  if (!rest->len) return false;
  const char *end = memchr(rest->ptr, '\n', rest->len);
  size_t len = end ? (size_t)(end - rest->ptr) : rest->len, taken = end ? len + 1 : len;
  *line = (zw_str){rest->ptr, len};
  while (line->len && line->ptr[line->len - 1] == ' ') line->len--;
  *rest = (zw_str){rest->ptr + taken, rest->len - taken};
  return true;
}
