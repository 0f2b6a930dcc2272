/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire verify: whether a file is a FlatBuffer of the schema. Silent if it is. */
#include "cli_commands.h"
#include "cli_schema.h"

int zw_cli_verify(zw_cli_args *args) {
  zw_compiled *compiled;
  const zw_type *type;
  zw_table root;
  zw_text octets;
  zw_text_init(&octets, NULL);
  int code = zw_cli_schema_open(args, args->words, 1, &compiled);
  if (code == 0)
    code = zw_cli_buffer_open(args, zw_compiled_schema(compiled), args->words[1], &octets, &type,
                              &root);
  zw_text_deinit(&octets);
  zw_compiled_destroy(compiled);
  return code;
}
