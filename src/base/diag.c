/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: filled by whoever fails, printed by whoever tells a person.
 * A message that does not fit is cut at a character's border and ends in U+2026.
 */
#include <stdio.h>

#include "cut_text.h"

void zw_cut_text(char *text, size_t size) {
  static const char ellipsis[] = "\xE2\x80\xA6";
  size_t at = size - sizeof ellipsis;
  while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) at--;
  memcpy(text + at, ellipsis, sizeof ellipsis);
}

static void fill(zw_diag *diag, int error, uint64_t offset, const char *format, va_list args) {
  memset(diag, 0, offsetof(zw_diag, message));
  diag->error = error;
  diag->offset = offset;
  int n = vsnprintf(diag->message, sizeof diag->message, format, args);
  if (n >= (int)sizeof diag->message) zw_cut_text(diag->message, sizeof diag->message);
}

int zw_fail(zw_diag *diag, int error, const char *format, ...) {
  if (!diag) return error;
  va_list args;
  va_start(args, format);
  fill(diag, error, 0, format, args);
  va_end(args);
  return error;
}

int zw_fail_at(zw_diag *diag, int error, uint64_t offset, const char *format, ...) {
  if (!diag) return error;
  va_list args;
  va_start(args, format);
  fill(diag, error, offset, format, args);
  va_end(args);
  return error;
}

size_t zw_diag_format(const zw_diag *diag, char *out, size_t size) {
  const zw_place *at = &diag->at;
  const char *message = diag->message[0] ? diag->message : zw_error_text(diag->error);
  char where[ZW_DIAG_FILE_MAX + 32] = "";
  if (at->file[0] && at->line)
    snprintf(where, sizeof where, "%s:%u:%u: ", at->file, at->line, at->column);
  else if (at->file[0])
    snprintf(where, sizeof where, "%s: ", at->file);
  else if (at->line)
    snprintf(where, sizeof where, "%u:%u: ", at->line, at->column);
  int n = snprintf(out, size, "%s%s", where, message);
  return n < 0 ? 0 : (size_t)n;
}
