/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire compile: checks schemas and writes what is asked for.
 *
 * Each file is compiled by itself. Nothing is written for a file with findings; the other files are
 * still compiled. The depfile names every output and every file that was read.
 */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_schema.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* The outputs of one run, and what they were made from, in make's words. */
typedef struct dependencies {
  zw_text outputs, sources;
} dependencies;

static void add_path(zw_text *list, const char *path) {
  zw_text_printf(list, " ");
  for (const char *c = path; *c; c++) {
    if (*c == ' ' || *c == '#' || *c == '\\') zw_text_add(list, "\\", 1);
    if (*c == '$') zw_text_add(list, "$", 1);
    zw_text_add(list, c, 1);
  }
}

static int write_output(const zw_cli_args *args, zw_str name, const char *ending, zw_span octets,
                        dependencies *deps) {
  const char *folder = zw_cli_value(args, ZW_OPT_OUT);
  char path[4096];
  int n = snprintf(path, sizeof path, "%s%s%.*s%s", folder ? folder : "", folder ? "/" : "",
                   ZW_ARG(name), ending);
  if (n >= (int)sizeof path) {
    zw_cli_say("%s: the path is too long", folder);
    return ZW_CLI_FAILURE;
  }
  if (folder && mkdir(folder, 0777) && errno != EEXIST) {
    zw_cli_say("%s: the folder cannot be made: %s", folder, zw_cli_file_reason(errno));
    return ZW_CLI_FAILURE;
  }
  add_path(&deps->outputs, path);
  return zw_cli_write_file(path, octets);
}

typedef struct destination {
  const zw_cli_args *args;
  zw_str name;
  dependencies *deps;
  int code;
} destination;

static int write_generated(void *ctx, const char *suffix, zw_str text) {
  destination *to = ctx;
  to->code = write_output(to->args, to->name, suffix, zw_str_span(text), to->deps);
  return to->code ? ZW_EIO : 0;
}

const uint8_t zw_cli_languages[ZW_LANGUAGE_COUNT] = {[ZW_LANGUAGE_C] = ZW_OPT_C,
                                                     [ZW_LANGUAGE_CPP] = ZW_OPT_CPP,
                                                     [ZW_LANGUAGE_TS] = ZW_OPT_TS,
                                                     [ZW_LANGUAGE_PYTHON] = ZW_OPT_PYTHON};

static int write_code(const zw_cli_args *args, const zw_compiled *compiled, zw_str name,
                      dependencies *deps) {
  char base[256];
  zw_diag diag = {0};
  destination to = {args, name, deps, 0};
  snprintf(base, sizeof base, "%.*s", ZW_ARG(name));
  zw_generate_options options = {sizeof options, base, zw_cli_value(args, ZW_OPT_C_PREFIX)};
  for (int i = 0; i < ZW_LANGUAGE_COUNT; i++) {
    if (!zw_cli_has(args, zw_cli_languages[i])) continue;
    int error = zw_generate(compiled, (enum zw_language)i, &options, write_generated, &to, &diag);
    if (to.code) return to.code;
    if (error) return zw_cli_failed(zw_compiled_source(compiled, 0), error, &diag);
  }
  return 0;
}

static int compile_one(const zw_cli_args *args, const char *const *path, dependencies *deps) {
  zw_compiled *compiled;
  const char *source;
  int code = zw_cli_schema_open(args, path, 1, &compiled);
  if (code) return code;
  zw_str name = zw_cli_base_name(*path);
  for (size_t i = 0; (source = zw_compiled_source(compiled, i)); i++)
    if (access(source, F_OK) == 0) add_path(&deps->sources, source); /* else it is built in */
  if (zw_cli_has(args, ZW_OPT_BFBS))
    code = write_output(args, name, ".bfbs", zw_compiled_bfbs(compiled), deps);
  if (code == 0) code = write_code(args, compiled, name, deps);
  zw_compiled_destroy(compiled);
  return code;
}

static int write_depfile(const char *path, dependencies *deps) {
  zw_text text;
  zw_text_init(&text, NULL);
  zw_str outputs = zw_text_str(&deps->outputs);
  if (outputs.len) zw_text_add(&text, outputs.ptr + 1, outputs.len - 1);
  zw_text_add(&text, ":", 1);
  zw_text_add_str(&text, zw_text_str(&deps->sources));
  zw_text_add(&text, "\n", 1);
  int code = text.error ? zw_cli_failed(path, text.error, NULL)
                        : zw_cli_write_file(path, zw_str_span(zw_text_str(&text)));
  zw_text_deinit(&text);
  return code;
}

static bool is_c_name(const char *name) {
  if (!isalpha((unsigned char)*name) && *name != '_') return false;
  while (isalnum((unsigned char)*name) || *name == '_') name++;
  return !*name;
}

int zw_cli_compile(zw_cli_args *args) {
  const char *prefix = zw_cli_value(args, ZW_OPT_C_PREFIX);
  if (prefix && !is_c_name(prefix))
    return zw_cli_usage(args, "--c-prefix takes letters, digits and _, not \"%s\".", prefix);
  const char *depfile = zw_cli_value(args, ZW_OPT_DEPFILE);
  dependencies deps;
  int worst = 0;
  zw_text_init(&deps.outputs, NULL);
  zw_text_init(&deps.sources, NULL);
  for (int i = 0; i < args->word_count; i++) {
    int code = compile_one(args, &args->words[i], &deps);
    if (code > worst) worst = code;
  }
  if (depfile && worst == 0) worst = write_depfile(depfile, &deps);
  zw_text_deinit(&deps.outputs);
  zw_text_deinit(&deps.sources);
  return worst;
}
