/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire json: a FlatBuffer as JSON, on one line, indented, or in flatc's form. Nothing is
 * printed of one that is corrupt. */
#include "cli_commands.h"
#include "cli_schema.h"
#include "zerowire/reflect.h"

static int read_style(const zw_cli_args *args, zw_json_style *style) {
  uint64_t indent = 0;
  const char *text = zw_cli_value(args, ZW_OPT_INDENT);
  for (const char *p = text; p && *p; p++) {
    if (*p < '0' || *p > '9' || indent > 8)
      return zw_cli_usage(args, "--indent takes a number up to 80, not \"%s\".", text);
    indent = indent * 10 + (uint64_t)(*p - '0');
  }
  *style = (zw_json_style){.object_flags = ZW_OBJECT_TEXT, .indent = (int)indent};
  if (zw_cli_has(args, ZW_OPT_DEFAULTS_JSON)) style->object_flags |= ZW_OBJECT_DEFAULTS;
  static const enum zw_cli_option flatc_only[] = {ZW_OPT_STRICT_JSON, ZW_OPT_NATURAL_UTF8,
                                                  ZW_OPT_ALLOW_NON_UTF8};
  for (size_t i = 0; i < 3; i++)
    if (zw_cli_has(args, flatc_only[i]))
      return zw_cli_usage(args, "--%s is for --flatc.", zw_cli_option_of(flatc_only[i])->name);
  return 0;
}

static int print_ours(const zw_cli_args *args, const zw_type *type, zw_table root, zw_text *json) {
  zw_json_style style;
  int code = read_style(args, &style);
  if (code) return code;
  int error = zw_json_print_style(type, root, &style, json);
  return error ? zw_cli_failed(args->words[1], error, NULL) : zw_cli_line(zw_text_str(json));
}

static int print_flatc(const zw_cli_args *args, const zw_type *type, zw_span bytes, zw_text *json) {
  zw_diag diag = {0};
  int error = zw_flatc_json_print(type, bytes, zw_cli_flatc_flags(args), json, &diag);
  return error ? zw_cli_failed(args->words[1], error, &diag)
               : zw_cli_octets(zw_str_span(zw_text_str(json)));
}

uint32_t zw_cli_flatc_flags(const zw_cli_args *args) {
  static const struct {
    enum zw_cli_option option;
    enum zw_flatc_flag flag;
  } rows[] = {{ZW_OPT_STRICT_JSON, ZW_FLATC_STRICT_JSON},
              {ZW_OPT_DEFAULTS_JSON, ZW_FLATC_DEFAULTS_JSON},
              {ZW_OPT_NATURAL_UTF8, ZW_FLATC_NATURAL_UTF8},
              {ZW_OPT_ALLOW_NON_UTF8, ZW_FLATC_ALLOW_NON_UTF8},
              {ZW_OPT_UNKNOWN_JSON, ZW_FLATC_UNKNOWN_JSON}};
  uint32_t flags = 0;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (zw_cli_has(args, rows[i].option)) flags |= rows[i].flag;
  return flags;
}

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
  if (code == 0)
    code = zw_cli_has(args, ZW_OPT_FLATC)
               ? print_flatc(args, type, zw_str_span(zw_text_str(&octets)), &json)
               : print_ours(args, type, root, &json);
  zw_text_deinit(&json);
  zw_text_deinit(&octets);
  zw_compiled_destroy(compiled);
  return code;
}
