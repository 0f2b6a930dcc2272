/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole values as streams of tokens: skipping and copying. Both count the open containers instead
 * of recursing, so that depth is the source's business alone.
 */
#include "zerowire/reflect.h"

static int token_depth_change(enum zw_token_kind kind) {
  switch (kind) {
    case ZW_TOKEN_ARRAY:
    case ZW_TOKEN_MAP: return 1;
    case ZW_TOKEN_ARRAY_END:
    case ZW_TOKEN_MAP_END: return -1;
    default: return 0;
  }
}

static int token_walk(zw_token_reader *reader, const zw_token *first, zw_token_writer *writer,
                      zw_diag *diag) {
  zw_token token = *first;
  for (long depth = 0;;) {
    if (token.kind == ZW_TOKEN_END) {
      return zw_fail_at(diag, ZW_ESYNTAX, token.offset, "The value is cut off.");
    }
    depth += token_depth_change(token.kind);
    if (depth < 0)
      return zw_fail_at(diag, ZW_ESYNTAX, token.offset, "A value is expected, here is an end.");
    if (writer) {
      int e = writer->write(writer, &token);
      if (e)
        return zw_fail_at(diag, e, token.offset, "The value cannot be written: %s.",
                          zw_error_text(e));
    }
    if (depth == 0) return 0;
    int e = reader->next(reader, &token, diag);
    if (e) return e;
  }
}

int zw_token_skip(zw_token_reader *reader, const zw_token *first, zw_diag *diag) {
  return token_walk(reader, first, NULL, diag);
}

int zw_token_copy(zw_token_reader *reader, const zw_token *first, zw_token_writer *writer,
                  zw_diag *diag) {
  return token_walk(reader, first, writer, diag);
}
