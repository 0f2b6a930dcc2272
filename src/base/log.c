/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: formatted here, written by whoever made the log. */
#include <stdio.h>

#include "zerowire/base.h"

void zw_log_printf(const zw_log *log, enum zw_log_level level, const char *format, ...) {
  if (!log || !log->write || level > log->level) return;
  char line[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  log->write(log->ctx, level, line);
}
