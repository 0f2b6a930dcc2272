/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemas that are named on the command line. Several files become one schema by a text in memory
 * that includes each of them from its own folder.
 */
#include "cli_schema.h"
#include "cli_files.h"

#include <stdlib.h>

void zw_cli_schema_findings(const zw_compiled *compiled, const char *path, int error,
                            const zw_diag *diag) {
  size_t all = zw_compiled_finding_count(compiled), i = 0;
  const zw_diag *finding;
  for (; (finding = zw_compiled_finding(compiled, i)); i++) {
    if (finding->at.line)
      zw_cli_finding(finding, finding->error == 0);
    else
      zw_cli_failed(NULL, error, finding);
  }
  if (i < all) zw_cli_say("%s: %zu more findings", path, all - i);
  if (all == 0 && error) zw_cli_failed(diag->at.file[0] ? NULL : path, error, diag);
}

static const char *file_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static bool is_compiled(const char *path) {
  size_t len = strlen(path);
  return len > 5 && strcmp(path + len - 5, ".bfbs") == 0;
}

/* The folder of a path, in memory of its own. */
static char *folder_of(const char *path) {
  const char *file = file_of(path);
  size_t len = file == path ? 1 : (size_t)(file - path);
  char *folder = calloc(1, len + 1);
  if (folder) memcpy(folder, file == path ? "." : path, len);
  return folder;
}

typedef struct include_set {
  const char **dirs;
  char **own; /* folders of the files */
  size_t count, own_count;
} include_set;

static int include_set_init(include_set *set, const zw_cli_args *args, const char *const *paths,
                            size_t count) {
  size_t given = 0;
  while (zw_cli_value_at(args, ZW_OPT_INCLUDE, (int)given)) given++;
  *set = (include_set){calloc(given + count + 1, sizeof(char *)), calloc(count + 1, sizeof(char *)),
                       0, 0};
  if (!set->dirs || !set->own) return ZW_ENOMEM;
  for (size_t i = 0; i < count; i++) {
    char *folder = folder_of(paths[i]);
    if (!folder) return ZW_ENOMEM;
    set->own[set->own_count++] = folder;
    set->dirs[set->count++] = folder;
  }
  for (size_t i = 0; i < given; i++)
    set->dirs[set->count++] = zw_cli_value_at(args, ZW_OPT_INCLUDE, (int)i);
  return 0;
}

static void include_set_deinit(include_set *set) {
  for (size_t i = 0; i < set->own_count; i++) free(set->own[i]);
  free(set->own);
  free(set->dirs);
}

/* The text that includes all files; two of one name would be one file. */
static int joining_text(zw_text *text, const char *const *paths, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (is_compiled(paths[i])) {
      zw_cli_say("%s: a compiled schema stands alone. Give the .fbs files, or one .bfbs", paths[i]);
      return ZW_CLI_USAGE;
    }
    for (size_t k = 0; k < i; k++) {
      if (strcmp(file_of(paths[i]), file_of(paths[k])) == 0) {
        zw_cli_say("%s: has the name of %s. Files of one schema have different names", paths[i],
                   paths[k]);
        return ZW_CLI_USAGE;
      }
    }
    zw_text_printf(text, "include \"%s\";\n", file_of(paths[i]));
  }
  return text->error ? zw_cli_failed(NULL, text->error, NULL) : 0;
}

static uint32_t bfbs_flags(const zw_cli_args *args) {
  uint32_t flags = 0;
  if (zw_cli_has(args, ZW_OPT_FLATC_EXACT)) flags |= ZW_BFBS_FLATC_EXACT;
  if (zw_cli_has(args, ZW_OPT_BFBS_NO_COMMENTS)) flags |= ZW_BFBS_NO_COMMENTS;
  if (zw_cli_has(args, ZW_OPT_BFBS_NO_BUILTINS)) flags |= ZW_BFBS_NO_BUILTINS;
  return flags;
}

static int compile_paths(const zw_cli_args *args, const char *const *paths, size_t count,
                         zw_compiled **out) {
  zw_diag diag = {0};
  zw_text text;
  include_set set;
  zw_text_init(&text, NULL);
  int error = include_set_init(&set, args, paths, count);
  int code = error ? zw_cli_failed(NULL, error, NULL) : 0;
  if (code == 0 && count > 1) code = joining_text(&text, paths, count);
  if (code == 0) {
    zw_compile_options options = {.size = sizeof options,
                                  .include_dirs = set.dirs,
                                  .include_count = set.count,
                                  .bfbs_flags = bfbs_flags(args),
                                  .bfbs_root = zw_cli_value(args, ZW_OPT_BFBS_FILENAMES)};
    error = count == 1
                ? zw_compile_file(out, paths[0], &options, &diag)
                : zw_compile_text(out, "(command line)", zw_text_str(&text), &options, &diag);
    if (*out) zw_cli_schema_findings(*out, paths[0], error, &diag);
    if (error && !*out) zw_cli_failed(paths[0], error, &diag);
    code = zw_cli_exit_of(error);
  }
  include_set_deinit(&set);
  zw_text_deinit(&text);
  return code;
}

int zw_cli_schema_open(const zw_cli_args *args, const char *const *paths, size_t count,
                       zw_compiled **out) {
  *out = NULL;
  int code = compile_paths(args, paths, count, out);
  if (code) {
    zw_compiled_destroy(*out);
    *out = NULL;
  }
  return code;
}

zw_str zw_cli_short_name(zw_str full) {
  size_t at = full.len;
  while (at > 0 && full.ptr[at - 1] != '.') at--;
  return (zw_str){full.ptr + at, full.len - at};
}

zw_str zw_cli_namespace(zw_str full) {
  zw_str last = zw_cli_short_name(full);
  return (zw_str){full.ptr, full.len == last.len ? 0 : full.len - last.len - 1};
}

static int no_type(const zw_schema *schema, zw_str name) {
  size_t count = 0;
  zw_str *names = calloc(2 * schema->type_count + 1, sizeof *names);
  if (!names) return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  for (size_t i = 0; i < schema->type_count; i++) {
    if (schema->types[i].is_struct) continue;
    names[count++] = zw_cli_short_name(schema->types[i].name);
    names[count++] = schema->types[i].name;
  }
  zw_cli_hint hint;
  zw_cli_say("no table \"%.*s\" in the schema.%s", ZW_ARG(name),
             zw_cli_did_you_mean(&hint, name, names, count));
  free(names);
  return ZW_CLI_REFUSED;
}

/* The only table with this last name; *many: there are several. */
static const zw_type *type_by_short_name(const zw_schema *schema, zw_str name, bool *many) {
  const zw_type *found = NULL;
  for (size_t i = 0; i < schema->type_count; i++) {
    const zw_type *type = &schema->types[i];
    if (type->is_struct || !zw_str_eq(zw_cli_short_name(type->name), name)) continue;
    *many = found != NULL;
    found = type;
  }
  return found;
}

int zw_cli_table_named(const zw_cli_args *args, const zw_schema *schema, const char *asked,
                       const zw_type **out) {
  zw_str name = zw_str_of(asked);
  bool many = false;
  const zw_type *type = zw_schema_type(schema, name);
  if (!type) type = type_by_short_name(schema, name, &many);
  if (!type) return no_type(schema, name);
  if (many) return zw_cli_usage(args, "several tables are named %s; give the full name.", asked);
  if (type->is_struct)
    return zw_cli_usage(args, "%s is a struct; a buffer's root is a table.", asked);
  *out = type;
  return 0;
}

int zw_cli_schema_type(const zw_cli_args *args, const zw_schema *schema, const zw_type **out) {
  const char *asked = zw_cli_value(args, ZW_OPT_TYPE);
  if (asked) return zw_cli_table_named(args, schema, asked, out);
  *out = schema->root;
  if (*out) return 0;
  return zw_cli_usage(args, "the schema has no root_type; --type TYPE is needed.");
}

int zw_cli_buffer_open(const zw_cli_args *args, const zw_schema *schema, const char *path,
                       zw_text *octets, const zw_type **type, zw_table *root) {
  int code = zw_cli_schema_type(args, schema, type);
  if (code == 0) code = zw_cli_read_file(path, octets);
  if (code) return code;
  zw_diag diag = {0};
  zw_verify_options options = {.flags = ZW_VERIFY_UTF8};
  zw_span bytes = zw_str_span(zw_text_str(octets));
  zw_str identifier = *type == schema->root ? schema->identifier : (zw_str){NULL, 0};
  int error = identifier.len ? zw_verify_identified(*type, identifier, bytes, &options, root, &diag)
                             : zw_verify(*type, bytes, &options, root, &diag);
  return error ? zw_cli_failed(path, error, &diag) : 0;
}
