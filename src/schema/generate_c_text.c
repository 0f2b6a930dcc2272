/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of generated C: literals, constants, comments.
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
  zw_str line;
  bool first = true;
  while (zw_gen_next_line(&doc, &line)) {
    while (line.len && (line.ptr[line.len - 1] == '\\' || line.ptr[line.len - 1] == ' '))
      line.len--;
    zw_text_printf(out, "%s%s%s", first ? "" : "\n", indent, first ? "/*" : " *");
    if (line.len && line.ptr[0] != ' ') zw_text_add(out, " ", 1);
    comment_line(out, line);
    first = false;
  }
  if (!first) zw_text_printf(out, " */\n");
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
  zw_text_init(&out, g->gen->from.alloc);
  zw_c_literal(&out, text);
  zw_str literal = zw_arena_str(&g->gen->arena, zw_text_str(&out));
  if (out.error || !literal.ptr) g->gen->no_memory = true;
  zw_text_deinit(&out);
  return literal;
}

static zw_str real(c_gen *g, unsigned base, double value) {
  const char *f = base == ZW_T_FLOAT ? "f" : "";
  if (isnan(value)) return zw_gen_format(g->gen, "(%s)NAN", zw_c_bases[base].c);
  if (isinf(value))
    return zw_gen_format(g->gen, "(%s)%sINFINITY", zw_c_bases[base].c, value < 0 ? "-" : "");
  zw_str text = zw_gen_format(g->gen, base == ZW_T_FLOAT ? "%.9g" : "%.17g", value);
  bool whole = text.ptr && strcspn(text.ptr, ".eE") == text.len;
  return zw_gen_format(g->gen, "%.*s%s%s", ZW_ARG(text), whole ? ".0" : "", f);
}

zw_str zw_c_scalar(c_gen *g, unsigned base, zw_scalar value) {
  switch (base) {
    case ZW_T_BOOL: return zw_gen_format(g->gen, "%s", value.i ? "true" : "false");
    case ZW_T_FLOAT:
    case ZW_T_DOUBLE: return real(g, base, value.d);
    case ZW_T_LONG:
      if (value.i == INT64_MIN) return zw_gen_format(g->gen, "INT64_MIN");
      return zw_gen_format(g->gen, "INT64_C(%" PRId64 ")", value.i);
    case ZW_T_ULONG: return zw_gen_format(g->gen, "UINT64_C(%" PRIu64 ")", value.u);
    case ZW_T_UINT: return zw_gen_format(g->gen, "%" PRIu64 "u", value.u);
    case ZW_T_INT:
      if (value.i == INT32_MIN) return zw_gen_format(g->gen, "INT32_MIN");
      return zw_gen_format(g->gen, "%" PRId64, value.i);
    default: return zw_gen_format(g->gen, "%" PRId64, value.i);
  }
}
