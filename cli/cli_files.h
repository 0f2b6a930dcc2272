/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the command reads and writes. */
#ifndef ZEROWIRE_CLI_FILES_H
#define ZEROWIRE_CLI_FILES_H

#include "cli.h"

/* Reads a whole file ("-": stdin) to the end of *out. 0, or an exit code after saying so. */
int zw_cli_read_file(const char *path, zw_text *out);
/* Writes a file as a whole: beside it, then renamed, so that none is ever half-written. */
int zw_cli_write_file(const char *path, zw_span octets);
/* An errno of a file or folder in words. */
const char *zw_cli_file_reason(int error);
/* The last part of a path, without its ending: "telemetry" of "a/telemetry.fbs". */
zw_str zw_cli_base_name(const char *path);

#endif
