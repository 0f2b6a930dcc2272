/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire dump: what each octet of a FlatBuffer means, whatever state it is in. */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_schema.h"
#include "zerowire/annotate.h"

#include <stdlib.h>
#include <unistd.h>

static int print_all(const zw_cli_args *args, const zw_annotation *annotation) {
  const char *no_color = getenv("NO_COLOR");
  bool json = zw_cli_has(args, ZW_OPT_JSON);
  bool colors = isatty(STDOUT_FILENO) && !(no_color && *no_color);
  int code = 0;
  zw_text lines;
  zw_text_init(&lines, NULL);
  for (size_t i = 0; i <= annotation->part_count && code == 0; i++) {
    zw_text_reset(&lines);
    if (json)
      zw_annotation_print_json(annotation, i, &lines);
    else
      zw_annotation_print(annotation, i, colors, &lines);
    code = lines.error ? zw_cli_failed(args->words[1], lines.error, NULL)
                       : zw_cli_octets(zw_str_span(zw_text_str(&lines)));
  }
  zw_text_deinit(&lines);
  return code;
}

static int refuse(const char *path, const zw_annotation *annotation) {
  size_t n = annotation->wrong_count;
  zw_cli_say("%s: not valid: %zu thing%s %s wrong, see !!", strcmp(path, "-") ? path : "stdin", n,
             n == 1 ? "" : "s", n == 1 ? "is" : "are");
  return ZW_CLI_REFUSED;
}

static int dump(const zw_cli_args *args, const zw_schema *schema, zw_text *octets) {
  const zw_type *type;
  const char *path = args->words[1];
  zw_annotation *annotation;
  int code = zw_cli_schema_type(args, schema, &type);
  if (code == 0) code = zw_cli_read_file(path, octets);
  if (code) return code;
  zw_annotate_options options = {.size = sizeof options,
                                 .flags = ZW_VERIFY_UTF8 | ZW_VERIFY_LARGE,
                                 .sized = zw_cli_has(args, ZW_OPT_SIZE_PREFIXED)};
  if (type == schema->root && schema->identifier.len) options.identifier = schema->identifier;
  int error = zw_annotate(&annotation, type, zw_str_span(zw_text_str(octets)), &options);
  if (error) return zw_cli_failed(path, error, NULL);
  code = print_all(args, annotation);
  if (code == 0 && !annotation->valid) code = refuse(path, annotation);
  zw_annotation_destroy(annotation);
  return code;
}

int zw_cli_dump(zw_cli_args *args) {
  zw_compiled *compiled;
  zw_text octets;
  zw_text_init(&octets, NULL);
  int code = zw_cli_schema_open(args, args->words, 1, &compiled);
  if (code == 0) code = dump(args, zw_compiled_schema(compiled), &octets);
  zw_text_deinit(&octets);
  zw_compiled_destroy(compiled);
  return code;
}
