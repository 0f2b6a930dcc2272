/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire format: schemas in the canonical layout, to stdout, into their files, or compared with
 * them. A file whose layout is canonical is not written. Files behind one that is refused are still
 * formatted. A compiled schema is printed as text, and never written to.
 */
#include "cli_commands.h"
#include "cli_diff.h"
#include "cli_files.h"
#include "zerowire/schema.h"

static int say_refused(const char *name, int error, const zw_diag *diag) {
  if (!diag->rule[0]) return zw_cli_failed(name, error, diag);
  zw_cli_finding(diag, false);
  return ZW_CLI_REFUSED;
}

static int show_difference(const char *name, zw_str text, zw_str formatted) {
  zw_text diff;
  zw_text_init(&diff, NULL);
  int error = zw_cli_diff(&diff, name, text, formatted);
  int code =
      error ? zw_cli_failed(name, error, NULL) : zw_cli_octets(zw_str_span(zw_text_str(&diff)));
  if (code == 0 && diff.len) code = ZW_CLI_REFUSED;
  zw_text_deinit(&diff);
  return code;
}

static int say_compiled(const char *name) {
  zw_cli_say("%s: a compiled schema has no layout. Write its text to a file: zerowire format %s > "
             "NAME.fbs",
             name, strcmp(name, "stdin") ? name : "-");
  return ZW_CLI_REFUSED;
}

static int format_one(const zw_cli_args *args, const char *path) {
  const char *name = strcmp(path, "-") ? path : "stdin";
  zw_text text, formatted;
  zw_diag diag = {0};
  zw_text_init(&text, NULL);
  zw_text_init(&formatted, NULL);
  int code = zw_cli_read_file(path, &text);
  bool in_place = zw_cli_has(args, ZW_OPT_WRITE) || zw_cli_has(args, ZW_OPT_CHECK);
  if (code == 0 && in_place && zw_is_compiled_schema(path, zw_text_str(&text)))
    code = say_compiled(name);
  int error = code ? 0 : zw_format(name, zw_text_str(&text), NULL, &formatted, &diag);
  zw_str old_text = zw_text_str(&text), new_text = zw_text_str(&formatted);
  if (error)
    code = say_refused(name, error, &diag);
  else if (code == 0 && zw_cli_has(args, ZW_OPT_CHECK))
    code = show_difference(name, old_text, new_text);
  else if (code == 0 && !zw_cli_has(args, ZW_OPT_WRITE))
    code = zw_cli_octets(zw_str_span(new_text));
  else if (code == 0 && !zw_str_eq(old_text, new_text))
    code = zw_cli_write_file(path, zw_str_span(new_text));
  zw_text_deinit(&text);
  zw_text_deinit(&formatted);
  return code;
}

int zw_cli_format(zw_cli_args *args) {
  int worst = 0;
  bool write = zw_cli_has(args, ZW_OPT_WRITE);
  if (write && zw_cli_has(args, ZW_OPT_CHECK))
    return zw_cli_usage(args, "--write and --check exclude each other.");
  for (int i = 0; i < args->word_count; i++)
    if (write && strcmp(args->words[i], "-") == 0)
      return zw_cli_usage(args, "stdin cannot be written to.");
  for (int i = 0; i < args->word_count; i++) {
    int code = format_one(args, args->words[i]);
    if (code > worst) worst = code;
  }
  return worst;
}
