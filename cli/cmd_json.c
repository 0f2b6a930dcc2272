/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire json: a FlatBuffer as one line of JSON. Nothing is printed of one that is corrupt. */
#include "cli_commands.h"
#include "cli_schema.h"
#include "zerowire/reflect.h"

int zw_cli_json(zw_cli_args *args) {
  zw_compiled *compiled;
  const zw_type *type;
  zw_table root;
  zw_text octets, json;
  zw_text_init(&octets, NULL);
  zw_text_init(&json, NULL);
  int code = zw_cli_schema_open(args, args->words, 1, &compiled);
  if (code == 0)
    code = zw_cli_buffer_open(args, zw_compiled_schema(compiled), args->words[1], &octets, &type,
                              &root);
  if (code == 0) {
    int error = zw_json_print(type, root, ZW_OBJECT_TEXT, 0, &json);
    code = error ? zw_cli_failed(args->words[1], error, NULL) : zw_cli_line(zw_text_str(&json));
  }
  zw_text_deinit(&json);
  zw_text_deinit(&octets);
  zw_compiled_destroy(compiled);
  return code;
}
