/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire flatc: what flatc's command line asks for.
 *
 * Files are taken in their order: a schema is in force until the next one; a JSON file or a buffer
 * is one of its root type, or of --root-type. Each file gives one output for every option that asks
 * for one. With -M, or --file-names-only, nothing is written.
 */
#include "cli_commands.h"
#include "cli_files.h"
#include "cli_flatc_options.h"
#include "cli_schema.h"
#include "zerowire/any.h"
#include "zerowire/reflect.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLATC_VERSION "25.12.19"

typedef struct flatc {
  const zw_cli_args *args;
  zw_flatc_request request;
  zw_compiled *compiled, *conform;
  zw_schema *rooted;       /* with the root that is asked for; NULL: none is */
  const zw_schema *schema; /* in force: rooted, or that of compiled */
  const zw_type *root;     /* of data */
  const char *path;        /* of the file that is at work */
  int code;                /* of writing generated code */
} flatc;

/* ---- outputs ---- */

static int no_folder(const char *path, int error) {
  zw_cli_say("%s: the folder cannot be made: %s", path, zw_cli_file_reason(error));
  return ZW_CLI_FAILURE;
}

/* Makes the folder of a path, and those that it is in. */
static int make_folders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    int failed = mkdir(path, 0777) && errno != EEXIST ? errno : 0;
    if (failed) no_folder(path, failed);
    *slash = '/';
    if (failed) return ZW_CLI_FAILURE;
  }
  return 0;
}

static bool ends_with(zw_str text, const char *end) {
  size_t len = strlen(end);
  return text.len >= len && memcmp(text.ptr + text.len - len, end, len) == 0;
}

/* A rule for make: the output, the file, and what it includes. */
static int print_rule(const flatc *f, zw_str output) {
  const char *source;
  zw_text rule;
  zw_text_init(&rule, NULL);
  zw_text_printf(&rule, "%.*s: %s", ZW_ARG(output), f->path);
  for (size_t i = 0; f->compiled && (source = zw_compiled_source(f->compiled, i)); i++) {
    bool built_in = i && !strchr(source, '/') && access(source, F_OK);
    if (!built_in && strcmp(source, f->path)) zw_text_printf(&rule, " %s", source);
  }
  int code = rule.error ? zw_cli_failed(NULL, rule.error, NULL) : zw_cli_line(zw_text_str(&rule));
  zw_text_deinit(&rule);
  return code;
}

/* Writes PATH/NAME and `ending`, NAME after the file at work. */
static int write_output(const flatc *f, const char *ending, zw_span octets) {
  const char *out = f->request.value[ZW_FLATC_OUT];
  zw_text path;
  zw_text_init(&path, NULL);
  if (out) zw_text_printf(&path, "%s%s", out, ends_with(zw_str_of(out), "/") ? "" : "/");
  zw_text_printf(&path, "%.*s%s", ZW_ARG(zw_cli_base_name(f->path)), ending);
  int code = path.error ? zw_cli_failed(NULL, path.error, NULL) : 0;
  if (code == 0 && f->request.has[ZW_FLATC_MAKE_RULES])
    code = print_rule(f, zw_text_str(&path));
  else if (code == 0 && f->request.has[ZW_FLATC_NAMES_ONLY])
    code = zw_cli_line(zw_text_str(&path));
  else if (code == 0 && (code = make_folders(path.ptr)) == 0)
    code = zw_cli_write_file(path.ptr, octets);
  zw_text_deinit(&path);
  return code;
}

static int write_generated(void *ctx, const char *suffix, zw_str text) {
  flatc *f = ctx;
  f->code = write_output(f, suffix, zw_str_span(text));
  return f->code ? ZW_EIO : 0;
}

/* The language that an option of `compile` asks for; -1: not there yet. */
static int language_of(unsigned option) {
  for (int i = 0; i < ZW_LANGUAGE_COUNT; i++)
    if (zw_cli_languages[i] == option) return i;
  return -1;
}

static int write_code(flatc *f) {
  static const uint8_t asked[][2] = {{ZW_FLATC_C, ZW_OPT_C},
                                     {ZW_FLATC_CPP, ZW_OPT_CPP},
                                     {ZW_FLATC_PYTHON, ZW_OPT_PYTHON},
                                     {ZW_FLATC_TS, ZW_OPT_TS}};
  char name[256];
  snprintf(name, sizeof name, "%.*s", ZW_ARG(zw_cli_base_name(f->path)));
  for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
    zw_diag diag = {0};
    zw_generate_options options = {.size = sizeof options, .name = name};
    int language = language_of(asked[i][1]);
    if (!f->request.has[asked[i][0]]) continue;
    if (language < 0) {
      zw_cli_say("flatc: --%s is not supported yet", zw_cli_option_of(asked[i][1])->name);
      return ZW_CLI_USAGE;
    }
    int error =
        zw_generate(f->compiled, (enum zw_language)language, &options, write_generated, f, &diag);
    if (f->code) return f->code;
    if (error) return zw_cli_failed(f->path, error, &diag);
  }
  return 0;
}

/* ---- schemas ---- */

static void forget_schema(flatc *f) {
  zw_schema_destroy(f->rooted);
  zw_compiled_destroy(f->compiled);
  f->rooted = NULL;
  f->compiled = NULL;
  f->schema = NULL;
  f->root = NULL;
}

static uint32_t bfbs_flags(const zw_flatc_request *r) {
  uint32_t flags = ZW_BFBS_FLATC_EXACT;
  if (!r->has[ZW_FLATC_BFBS_COMMENTS]) flags |= ZW_BFBS_NO_COMMENTS;
  if (!r->has[ZW_FLATC_BFBS_BUILTINS]) flags |= ZW_BFBS_NO_BUILTINS;
  return flags;
}

static bool has_warnings(const zw_compiled *compiled) {
  const zw_diag *finding;
  for (size_t i = 0; (finding = zw_compiled_finding(compiled, i)); i++)
    if (finding->error == 0) return true;
  return false;
}

static int compile(const flatc *f, const char *path, const char *const *includes, size_t count,
                   zw_compiled **out) {
  const zw_flatc_request *r = &f->request;
  const char *slash = strrchr(path, '/');
  zw_text folder;
  zw_diag diag = {0};
  zw_text_init(&folder, NULL);
  if (slash) zw_text_printf(&folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
  zw_compile_options options = {.size = sizeof options,
                                .include_dirs = includes,
                                .include_count = count,
                                .bfbs_flags = bfbs_flags(r)};
  /* flatc names files whenever the schema's path has a folder. */
  options.bfbs_root = slash ? folder.ptr : NULL;
  if (r->has[ZW_FLATC_BFBS_FILENAMES]) options.bfbs_root = r->value[ZW_FLATC_BFBS_FILENAMES];
  int error = folder.error ? folder.error : zw_compile_file(out, path, &options, &diag);
  if (!*out) {
    zw_cli_failed(path, error, &diag);
  } else if (error || !r->has[ZW_FLATC_NO_WARNINGS]) {
    zw_cli_schema_findings(*out, path, error, &diag);
  }
  zw_text_deinit(&folder);
  if (!error && r->has[ZW_FLATC_WARNINGS_ARE_ERRORS] && has_warnings(*out)) return ZW_CLI_REFUSED;
  return zw_cli_exit_of(error);
}

static void say_misfit(void *ctx, const zw_finding *finding) {
  const flatc *f = ctx;
  zw_diag diag = {.error = ZW_ESCHEMA};
  zw_str member = finding->new_member.ptr ? finding->new_member : finding->member;
  if (finding->warning) return;
  snprintf(diag.rule, sizeof diag.rule, "%s", finding->rule);
  snprintf(diag.message, sizeof diag.message, "%.*s: %s. %s", ZW_ARG(finding->element),
           finding->message, finding->fix);
  if (zw_compiled_place(f->compiled, finding->type, member, &diag.at) ||
      zw_compiled_place(f->compiled, finding->type, (zw_str){NULL, 0}, &diag.at))
    zw_cli_finding(&diag, false);
  else
    zw_cli_say("%s: error %s %s", f->path, diag.rule, diag.message);
}

static int conform(flatc *f) {
  const zw_flatc_request *r = &f->request;
  if (!r->has[ZW_FLATC_CONFORM]) return 0;
  if (!f->conform) {
    int code = compile(f, r->value[ZW_FLATC_CONFORM], r->conform_includes, r->conform_include_count,
                       &f->conform);
    if (code) return code;
  }
  int found = zw_evolution_check(zw_compiled_schema(f->conform), f->schema, NULL, NULL,
                                 ZW_COMPAT_BACKWARD, ZW_CATEGORY_DATA, say_misfit, f);
  if (found < 0) return zw_cli_failed(f->path, found, NULL);
  return found ? ZW_CLI_REFUSED : 0;
}

/* The same schema with another root, so that data have its file identifier. */
static int load_rooted(flatc *f, zw_diag *diag) {
  const zw_type *reflection = zw_reflection_root();
  const zw_field *objects = zw_type_field(reflection, ZW_STR("objects"));
  zw_table schema = zw_root_trusted(f->schema->bfbs);
  size_t index = (size_t)(f->root - f->schema->types);
  zw_table root = zw_vec_table(zw_table_vec(schema, objects->id), index);
  zw_change change = {.table = schema,
                      .field = zw_type_field(reflection, ZW_STR("root_table")),
                      .value = zw_any_of_table(root, objects->type)};
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  zw_ref copy = zw_copy_changed(&b, reflection, schema, &change, 1);
  int error = zw_builder_finish(&b, copy, ZW_STR("BFBS"), &bytes);
  if (!error) error = zw_schema_load(&f->rooted, bytes, NULL, diag);
  zw_builder_deinit(&b);
  return error;
}

static int set_root(flatc *f) {
  const char *asked = f->request.value[ZW_FLATC_ROOT_TYPE];
  zw_diag diag = {0};
  f->root = f->schema->root;
  int code = asked ? zw_cli_table_named(f->args, f->schema, asked, &f->root) : 0;
  if (code || f->root == f->schema->root) return code;
  if (f->schema->identifier.len == 0) return 0;
  int error = load_rooted(f, &diag);
  if (error) return zw_cli_failed(f->path, error, &diag);
  f->schema = f->rooted;
  f->root = f->rooted->root;
  return 0;
}

static int take_schema(flatc *f) {
  const zw_flatc_request *r = &f->request;
  forget_schema(f);
  int code = compile(f, f->path, r->includes, r->include_count, &f->compiled);
  if (code) return code;
  f->schema = zw_compiled_schema(f->compiled);
  code = conform(f);
  if (code == 0 && r->has[ZW_FLATC_BINARY] && r->has[ZW_FLATC_SCHEMA])
    code = write_output(f, ".bfbs", zw_compiled_bfbs(f->compiled));
  if (code == 0) code = write_code(f);
  return code ? code : set_root(f);
}

/* ---- data ---- */

static uint32_t json_flags(const zw_flatc_request *r) {
  static const struct {
    uint8_t action;
    uint32_t flag;
  } rows[] = {
      {ZW_FLATC_STRICT, ZW_FLATC_STRICT_JSON},   {ZW_FLATC_DEFAULTS, ZW_FLATC_DEFAULTS_JSON},
      {ZW_FLATC_NATURAL, ZW_FLATC_NATURAL_UTF8}, {ZW_FLATC_ANY_OCTETS, ZW_FLATC_ALLOW_NON_UTF8},
      {ZW_FLATC_UNKNOWN, ZW_FLATC_UNKNOWN_JSON}, {ZW_FLATC_SIZED, ZW_FLATC_SIZE_PREFIXED}};
  uint32_t flags = 0;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (r->has[rows[i].action]) flags |= rows[i].flag;
  return flags;
}

static int write_json(const flatc *f, zw_span octets) {
  zw_text json;
  zw_diag diag = {0};
  zw_text_init(&json, NULL);
  int error = zw_flatc_json_print(f->root, octets, json_flags(&f->request), &json, &diag);
  int code = error ? zw_cli_failed(f->path, error, &diag)
                   : write_output(f, ".json", zw_str_span(zw_text_str(&json)));
  zw_text_deinit(&json);
  return code;
}

static int write_data(const flatc *f, zw_span octets) {
  const zw_flatc_request *r = &f->request;
  char ending[256];
  zw_str extension = f->schema->extension.len ? f->schema->extension : ZW_STR("bin");
  int code = 0;
  snprintf(ending, sizeof ending, ".%.*s", ZW_ARG(extension));
  if (r->has[ZW_FLATC_BINARY] && r->has[ZW_FLATC_SCHEMA])
    return write_output(f, ".bfbs", zw_compiled_bfbs(f->compiled));
  if (r->has[ZW_FLATC_BINARY]) code = write_output(f, ending, octets);
  if (code == 0 && r->has[ZW_FLATC_JSON]) code = write_json(f, octets);
  return code;
}

static int read_json(const flatc *f, zw_str text) {
  zw_builder b;
  zw_span octets;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  b.force_defaults = f->request.has[ZW_FLATC_FORCE_DEFAULTS];
  int error = zw_flatc_json_parse(f->root, text, json_flags(&f->request), &b, &octets, &diag);
  snprintf(diag.at.file, sizeof diag.at.file, "%s", f->path);
  int code = error ? zw_cli_failed(NULL, error, &diag) : write_data(f, octets);
  zw_builder_deinit(&b);
  return code;
}

/* A buffer has the schema's identifier, unless --raw-binary is given. */
static int check_identifier(const flatc *f, zw_span octets) {
  zw_str identifier = f->schema->identifier;
  size_t at = f->request.has[ZW_FLATC_SIZED] ? 8 : 4;
  if (f->request.has[ZW_FLATC_RAW_BINARY]) return 0;
  if (identifier.len && octets.len >= at + 4 && memcmp(octets.ptr + at, identifier.ptr, 4) == 0)
    return 0;
  if (identifier.len)
    zw_cli_say("%s: the file identifier is not \"%.*s\". Use --raw-binary to read it all the same",
               f->path, ZW_ARG(identifier));
  else
    zw_cli_say("%s: the schema has no file_identifier. Use --raw-binary to read it all the same",
               f->path);
  return ZW_CLI_REFUSED;
}

static int take_data(flatc *f, bool binary) {
  zw_text octets;
  if (!f->root) {
    zw_cli_say("%s: %s", f->path,
               f->schema ? "the schema has no root_type. Give --root-type T, or add root_type"
                         : "no schema comes before it. Schemas end in .fbs or .bfbs");
    return ZW_CLI_REFUSED;
  }
  zw_text_init(&octets, NULL);
  zw_span bytes;
  int code = zw_cli_read_file(f->path, &octets);
  bytes = zw_str_span(zw_text_str(&octets));
  if (code == 0 && !binary) code = read_json(f, zw_text_str(&octets));
  if (code == 0 && binary) code = check_identifier(f, bytes);
  if (code == 0 && binary) code = write_data(f, bytes);
  zw_text_deinit(&octets);
  return code;
}

static int take_files(flatc *f) {
  const zw_flatc_request *r = &f->request;
  int code = 0;
  for (size_t i = 0; i < r->file_count && code == 0; i++) {
    f->path = r->files[i];
    bool binary = i >= r->binary_from;
    zw_str path = zw_str_of(f->path);
    if (!binary && (ends_with(path, ".fbs") || ends_with(path, ".bfbs")))
      code = take_schema(f);
    else
      code = take_data(f, binary);
  }
  return code;
}

int zw_cli_flatc(zw_cli_args *args) {
  flatc f = {.args = args};
  int code = zw_flatc_request_read(&f.request, args);
  if (code == 0 && f.request.has[ZW_FLATC_HELP])
    zw_cli_help_command(args->command);
  else if (code == 0 && f.request.has[ZW_FLATC_VERSION])
    printf("zerowire %s, for flatc %s\n", zw_version(), FLATC_VERSION);
  else if (code == 0)
    code = take_files(&f);
  forget_schema(&f);
  zw_compiled_destroy(f.conform);
  zw_flatc_request_deinit(&f.request);
  return code;
}
