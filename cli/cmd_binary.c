/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire binary: the FlatBuffer of a JSON file, to stdout (never to a terminal) or a file. */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_schema.h"
#include "zerowire/reflect.h"

#include <unistd.h>

static int build(const zw_cli_args *args, const zw_schema *schema, zw_builder *b, zw_text *json) {
  const char *path = args->words[1], *out = zw_cli_value(args, ZW_OPT_OUT_FILE);
  const zw_type *type;
  zw_span bytes;
  zw_diag diag = {0};
  int code = zw_cli_schema_type(args, schema, &type);
  if (code == 0) code = zw_cli_read_file(path, json);
  if (code) return code;
  uint32_t json_flags = zw_cli_has(args, ZW_OPT_STRICT_JSON) ? ZW_JSON_STRICT : 0;
  uint32_t object_flags = zw_cli_has(args, ZW_OPT_UNKNOWN_JSON) ? ZW_OBJECT_SKIP_UNKNOWN : 0;
  int error =
      zw_cli_has(args, ZW_OPT_FLATC)
          ? zw_flatc_json_parse(type, zw_text_str(json), zw_cli_flatc_flags(args), b, &bytes, &diag)
          : zw_json_parse(type, zw_text_str(json), json_flags, object_flags, b, &bytes, &diag);
  if (error) {
    snprintf(diag.at.file, sizeof diag.at.file, "%s", strcmp(path, "-") ? path : "stdin");
    return zw_cli_failed(NULL, error, &diag);
  }
  return out ? zw_cli_write_file(out, bytes) : zw_cli_octets(bytes);
}

int zw_cli_binary(zw_cli_args *args) {
  if (!zw_cli_has(args, ZW_OPT_OUT_FILE) && isatty(STDOUT_FILENO))
    return zw_cli_usage(args, "octets are not for a terminal. Use -o FILE or redirect.");
  zw_compiled *compiled;
  zw_builder builder;
  zw_text json;
  zw_builder_init(&builder, NULL);
  zw_text_init(&json, NULL);
  int code = zw_cli_schema_open(args, args->words, 1, &compiled);
  if (code == 0) code = build(args, zw_compiled_schema(compiled), &builder, &json);
  zw_text_deinit(&json);
  zw_builder_deinit(&builder);
  zw_compiled_destroy(compiled);
  return code;
}
