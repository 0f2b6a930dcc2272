/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire schema: a schema, compiled or not, as text. */
#include "cli_commands.h"
#include "cli_schema.h"

int zw_cli_schema(zw_cli_args *args) {
  zw_compiled *compiled;
  zw_text text;
  zw_diag diag = {0};
  const char *path = args->words[0];
  int code = zw_cli_schema_open(args, args->words, 1, &compiled);
  if (code) return code;
  zw_text_init(&text, NULL);
  int error = zw_schema_print(zw_compiled_schema(compiled), NULL, &text, &diag);
  code = error ? zw_cli_failed(path, error, &diag) : zw_cli_octets(zw_str_span(zw_text_str(&text)));
  zw_text_deinit(&text);
  zw_compiled_destroy(compiled);
  return code;
}
