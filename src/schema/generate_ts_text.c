/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text of generated TypeScript: literals, comments, and the scalars.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "generate_ts.h"

static const ts_base bases[ZW_T_DOUBLE + 1] = {
    [ZW_T_NONE] = {"", "", "", "", ""},
    [ZW_T_UTYPE] = {"zw.uint8", "number", "Uint8", "Int8", "Uint8Array"},
    [ZW_T_BOOL] = {"zw.bool", "boolean", "Uint8", "Int8", "Uint8Array"},
    [ZW_T_BYTE] = {"zw.int8", "number", "Int8", "Int8", "Int8Array"},
    [ZW_T_UBYTE] = {"zw.uint8", "number", "Uint8", "Int8", "Uint8Array"},
    [ZW_T_SHORT] = {"zw.int16", "number", "Int16", "Int16", "Int16Array"},
    [ZW_T_USHORT] = {"zw.uint16", "number", "Uint16", "Int16", "Uint16Array"},
    [ZW_T_INT] = {"zw.int32", "number", "Int32", "Int32", "Int32Array"},
    [ZW_T_UINT] = {"zw.uint32", "number", "Uint32", "Int32", "Uint32Array"},
    [ZW_T_LONG] = {"zw.int64", "bigint", "Int64", "Int64", "BigInt64Array"},
    [ZW_T_ULONG] = {"zw.uint64", "bigint", "Uint64", "Int64", "BigUint64Array"},
    [ZW_T_FLOAT] = {"zw.float32", "number", "Float32", "Float32", "Float32Array"},
    [ZW_T_DOUBLE] = {"zw.float64", "number", "Float64", "Float64", "Float64Array"},
};

const ts_base *zw_ts_base(const zw_field *field) {
  enum zw_base_type base = zw_field_scalar_base(field);
  if (base == ZW_T_BOOL && field->enum_type) base = ZW_T_UBYTE;
  return &bases[base];
}

/* One line in a comment: what would end it is parted. */
static void comment_line(zw_text *out, zw_str line) {
  for (size_t i = 0; i < line.len; i++) {
    zw_text_add(out, line.ptr + i, 1);
    if (i + 1 < line.len && line.ptr[i] == '*' && line.ptr[i + 1] == '/') zw_text_add(out, " ", 1);
  }
}

void zw_ts_doc(zw_text *out, zw_str doc, const char *indent) {
  zw_str line;
  bool first = true;
  while (zw_gen_next_line(&doc, &line)) {
    if (first) zw_text_printf(out, "%s/**\n", indent);
    first = false;
    zw_text_printf(out, "%s *", indent);
    if (line.len && line.ptr[0] != ' ') zw_text_add(out, " ", 1);
    comment_line(out, line);
    zw_text_add(out, "\n", 1);
  }
  if (!first) zw_text_printf(out, "%s */\n", indent);
}

zw_str zw_ts_keep(ts_gen *g, zw_text *text) {
  zw_str kept = zw_arena_str(&g->gen->arena, zw_text_str(text));
  if (text->error || !kept.ptr) g->gen->no_memory = true;
  zw_text_deinit(text);
  return kept;
}

zw_str zw_ts_comment(ts_gen *g, zw_str doc, const char *indent) {
  zw_text text;
  zw_text_init(&text, g->gen->from.alloc);
  zw_ts_doc(&text, doc, indent);
  return zw_ts_keep(g, &text);
}

zw_str zw_ts_literal(ts_gen *g, zw_str text) {
  zw_text out;
  zw_text_init(&out, g->gen->from.alloc);
  zw_text_add(&out, "'", 1);
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    /* U+2028 and U+2029 are allowed in string literals since ES2019. */
    if (c == '\'' || c == '\\')
      zw_text_printf(&out, "\\%c", c);
    else if (c < 32 || c == 127)
      zw_text_printf(&out, "\\x%02x", (unsigned)c);
    else
      zw_text_add(&out, text.ptr + i, 1);
  }
  zw_text_add(&out, "'", 1);
  return zw_ts_keep(g, &out);
}

/* The shortest of three precisions that reads back as the same number. */
static zw_str real(ts_gen *g, double value) {
  if (isnan(value)) return ZW_STR("NaN");
  if (isinf(value)) return value < 0 ? ZW_STR("-Infinity") : ZW_STR("Infinity");
  char text[40];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  return zw_gen_format(g->gen, "%s", text);
}

zw_str zw_ts_scalar(ts_gen *g, unsigned base, zw_scalar value) {
  switch (base) {
    case ZW_T_BOOL: return zw_gen_format(g->gen, "%s", value.i ? "true" : "false");
    case ZW_T_FLOAT: return real(g, (double)(float)value.d);
    case ZW_T_DOUBLE: return real(g, value.d);
    case ZW_T_LONG: return zw_gen_format(g->gen, "%" PRId64 "n", value.i);
    case ZW_T_ULONG: return zw_gen_format(g->gen, "%" PRIu64 "n", value.u);
    default: return zw_gen_format(g->gen, "%" PRId64, value.i);
  }
}
