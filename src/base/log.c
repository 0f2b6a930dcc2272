/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: formatted here, written by whoever made the log. */
#include <stdio.h>

#include "cut_text.h"

void zw_log_printf(const zw_log *log, enum zw_log_level level, const char *format, ...) {
  if (!log || !log->write || level > log->level) return;
  char line[1024];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (n >= (int)sizeof line) zw_cut_text(line, sizeof line);
  log->write(log->ctx, level, line);
}
