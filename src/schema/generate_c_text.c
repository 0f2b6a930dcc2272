/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of generated C: templates with one-letter variables, literals, comments. A template is
 * written as it is, but `$x` becomes the value of x; values are not looked into again.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "generate_c.h"

const c_base zw_c_bases[ZW_T_VECTOR64 + 1] = {
    [ZW_T_NONE] = {"", "", "ZW_T_NONE", 'i'},
    [ZW_T_UTYPE] = {"uint8_t", "u8", "ZW_T_UTYPE", 'u'},
    [ZW_T_BOOL] = {"bool", "bool", "ZW_T_BOOL", 'i'},
    [ZW_T_BYTE] = {"int8_t", "i8", "ZW_T_BYTE", 'i'},
    [ZW_T_UBYTE] = {"uint8_t", "u8", "ZW_T_UBYTE", 'u'},
    [ZW_T_SHORT] = {"int16_t", "i16", "ZW_T_SHORT", 'i'},
    [ZW_T_USHORT] = {"uint16_t", "u16", "ZW_T_USHORT", 'u'},
    [ZW_T_INT] = {"int32_t", "i32", "ZW_T_INT", 'i'},
    [ZW_T_UINT] = {"uint32_t", "u32", "ZW_T_UINT", 'u'},
    [ZW_T_LONG] = {"int64_t", "i64", "ZW_T_LONG", 'i'},
    [ZW_T_ULONG] = {"uint64_t", "u64", "ZW_T_ULONG", 'u'},
    [ZW_T_FLOAT] = {"float", "f32", "ZW_T_FLOAT", 'd'},
    [ZW_T_DOUBLE] = {"double", "f64", "ZW_T_DOUBLE", 'd'},
    [ZW_T_STRING] = {"zw_str", "str", "ZW_T_STRING", 'u'},
    [ZW_T_VECTOR] = {"zw_vec", "vec", "ZW_T_VECTOR", 'u'},
    [ZW_T_OBJ] = {"zw_table", "table", "ZW_T_OBJ", 'u'},
    [ZW_T_UNION] = {"zw_table", "table", "ZW_T_UNION", 'u'},
    [ZW_T_ARRAY] = {"", "", "ZW_T_ARRAY", 'u'},
    [ZW_T_VECTOR64] = {"", "", "ZW_T_VECTOR64", 'u'},
};

void zw_c_emit(zw_text *out, const char *pattern, const c_vars *vars) {
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

zw_str zw_c_format(c_gen *g, const char *format, ...) {
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

/* One line in a comment: what would end it is parted. */
static void comment_line(zw_text *out, zw_str line) {
  for (size_t i = 0; i < line.len; i++) {
    zw_text_add(out, line.ptr + i, 1);
    bool ends = i + 1 < line.len && ((line.ptr[i] == '*' && line.ptr[i + 1] == '/') ||
                                     (line.ptr[i] == '/' && line.ptr[i + 1] == '*'));
    if (ends) zw_text_add(out, " ", 1);
  }
}

void zw_c_doc(zw_text *out, zw_str doc, const char *indent) {
  if (!doc.len) return;
  bool first = true;
  for (size_t at = 0; at <= doc.len;) {
    const char *end = memchr(doc.ptr + at, '\n', doc.len - at);
    size_t len = end ? (size_t)(end - doc.ptr) - at : doc.len - at;
    zw_str line = {doc.ptr + at, len};
    while (line.len && (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\\'))
      line.len--;
    zw_text_printf(out, "%s%s", indent, first ? "/*" : " *");
    if (line.len && line.ptr[0] != ' ') zw_text_add(out, " ", 1);
    comment_line(out, line);
    at += len + 1;
    first = false;
    if (at <= doc.len) zw_text_add(out, "\n", 1);
  }
  zw_text_printf(out, " */\n");
}

void zw_c_literal(zw_text *out, zw_str text) {
  zw_text_add(out, "\"", 1);
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (c == '"' || c == '\\')
      zw_text_printf(out, "\\%c", c);
    else if (c < 32 || c > 126 || c == '?')
      zw_text_printf(out, "\\%03o", (unsigned)c);
    else
      zw_text_add(out, text.ptr + i, 1);
  }
  zw_text_add(out, "\"", 1);
}

zw_str zw_c_literal_str(c_gen *g, zw_str text) {
  zw_text out;
  zw_text_init(&out, g->from.alloc);
  zw_c_literal(&out, text);
  zw_str literal = zw_arena_str(&g->arena, zw_text_str(&out));
  if (out.error || !literal.ptr) g->no_memory = true;
  zw_text_deinit(&out);
  return literal;
}

static zw_str real(c_gen *g, unsigned base, double value) {
  const char *f = base == ZW_T_FLOAT ? "f" : "";
  if (isnan(value)) return zw_c_format(g, "(%s)NAN", zw_c_bases[base].c);
  if (isinf(value))
    return zw_c_format(g, "(%s)%sINFINITY", zw_c_bases[base].c, value < 0 ? "-" : "");
  zw_str text = zw_c_format(g, base == ZW_T_FLOAT ? "%.9g" : "%.17g", value);
  bool whole = text.ptr && strcspn(text.ptr, ".eE") == text.len;
  return zw_c_format(g, "%.*s%s%s", ZW_ARG(text), whole ? ".0" : "", f);
}

zw_str zw_c_scalar(c_gen *g, unsigned base, zw_scalar value) {
  switch (base) {
    case ZW_T_BOOL: return zw_c_format(g, "%s", value.i ? "true" : "false");
    case ZW_T_FLOAT:
    case ZW_T_DOUBLE: return real(g, base, value.d);
    case ZW_T_LONG:
      if (value.i == INT64_MIN) return zw_c_format(g, "INT64_MIN");
      return zw_c_format(g, "INT64_C(%" PRId64 ")", value.i);
    case ZW_T_ULONG: return zw_c_format(g, "UINT64_C(%" PRIu64 ")", value.u);
    case ZW_T_UINT: return zw_c_format(g, "%" PRIu64 "u", value.u);
    case ZW_T_INT:
      if (value.i == INT32_MIN) return zw_c_format(g, "INT32_MIN");
      return zw_c_format(g, "%" PRId64, value.i);
    default: return zw_c_format(g, "%" PRId64, value.i);
  }
}
