/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file of serve; a warning where its tickets are no secret. */
#include "cli_config.h"
#include "cli_files.h"

#include <sys/stat.h>

static void warn_of_readers(const char *path, size_t principals) {
  struct stat st;
  if (!principals || stat(path, &st) || !S_ISREG(st.st_mode) || !(st.st_mode & S_IRWXO)) return;
  zw_cli_say("%s: holds tickets, and every user of this machine may read or change it. chmod o= %s",
             path, path);
}

int zw_cli_config_read(const char *path, zw_server_config **out, zw_server_options *options) {
  zw_diag diag = {0};
  zw_text text;
  zw_text_init(&text, NULL);
  int code = zw_cli_read_file(path, &text);
  if (code == 0) {
    int error = zw_server_config_parse(out, strcmp(path, "-") ? path : "stdin", zw_text_str(&text),
                                       NULL, &diag);
    if (error) code = zw_cli_failed(NULL, error, &diag);
  }
  zw_text_deinit(&text);
  if (code) return code;
  zw_server_config_apply(*out, options);
  if (strcmp(path, "-")) warn_of_readers(path, options->principal_count);
  return 0;
}
