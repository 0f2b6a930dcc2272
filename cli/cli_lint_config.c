/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a configuration file of lint may hold is a FlatBuffers schema, so that a wrong name or type
 * in it is told with its place; the file is JSON as flatc reads it, and is read by reflection.
 * Strings of a FlatBuffer end in NUL.
 */
#include "cli_lint_config.h"
#include "cli_files.h"
#include "zerowire/reflect.h"

#include <unistd.h>

#define DEFAULT_FILE "zerowire-lint.json"

static const char contents[] =
    "table IgnoreOnly { rule: string (required); paths: [string]; }\n"
    "table Lint { use: [string]; except: [string]; ignore: [string]; ignore_only: [IgnoreOnly]; }\n"
    "root_type Lint;\n";

static int read_config(zw_cli_lint_config *config, const char *path, zw_text *text) {
  zw_diag diag = {0};
  zw_span octets;
  int code = zw_cli_read_file(path, text);
  if (code) return code;
  zw_str name = zw_str_of(strcmp(path, "-") ? path : "stdin");
  zw_str schema = {contents, sizeof contents - 1};
  int error = zw_compile_text(&config->compiled, "lint", schema, NULL, &diag);
  if (error) return zw_cli_failed(NULL, error, &diag);
  const zw_type *type = zw_compiled_schema(config->compiled)->root;
  error = zw_json_parse(type, zw_text_str(text), 0, 0, &config->builder, &octets, &diag);
  if (error) {
    snprintf(diag.at.file, sizeof diag.at.file, "%.*s", ZW_ARG(name));
    return zw_cli_failed(NULL, error, &diag);
  }
  config->root = zw_any_of_table(zw_root_trusted(octets), type);
  return 0;
}

int zw_cli_lint_config_init(zw_cli_lint_config *config, const char *path) {
  zw_text text;
  *config = (zw_cli_lint_config){0};
  zw_builder_init(&config->builder, NULL);
  if (!path && access(DEFAULT_FILE, F_OK)) return 0;
  zw_text_init(&text, NULL);
  int code = read_config(config, path ? path : DEFAULT_FILE, &text);
  zw_text_deinit(&text);
  return code;
}

void zw_cli_lint_config_deinit(zw_cli_lint_config *config) {
  zw_builder_deinit(&config->builder);
  zw_compiled_destroy(config->compiled);
}

/* What a field of a table holds; base NONE if there is no such table, or nothing in it. */
static zw_any member(const zw_any *table, const char *key) {
  zw_any none = {0};
  if (!table->type) return none;
  for (unsigned i = 0; i < table->type->field_count; i++)
    if (zw_str_eq(table->type->fields[i].name, zw_str_of(key)))
      return zw_any_of_field(table->table, table->type, &table->type->fields[i]);
  return none;
}

size_t zw_cli_lint_config_names(const zw_cli_lint_config *config, const char *key,
                                const char **names, size_t most) {
  zw_any list = member(&config->root, key);
  size_t count = 0;
  for (; count < list.count && count < most; count++)
    names[count] = zw_any_of_element(&list, count).text.ptr;
  return count;
}

/* The path is that of the list, or below it. */
static bool is_below(zw_str folder, zw_str path) {
  while (path.len > 2 && memcmp(path.ptr, "./", 2) == 0) path.ptr += 2, path.len -= 2;
  while (folder.len > 2 && memcmp(folder.ptr, "./", 2) == 0) folder.ptr += 2, folder.len -= 2;
  while (folder.len > 1 && folder.ptr[folder.len - 1] == '/') folder.len--;
  if (folder.len == 0 || path.len < folder.len) return false;
  if (memcmp(path.ptr, folder.ptr, folder.len) != 0) return false;
  return path.len == folder.len || path.ptr[folder.len] == '/';
}

static bool holds(const zw_any *paths, const char *path) {
  for (uint64_t i = 0; i < paths->count; i++)
    if (is_below(zw_any_of_element(paths, i).text, zw_str_of(path))) return true;
  return false;
}

bool zw_cli_lint_config_ignores(const zw_cli_lint_config *config, const char *rule,
                                const char *path) {
  zw_any list = member(&config->root, rule ? "ignore_only" : "ignore");
  if (!rule) return holds(&list, path);
  for (uint64_t i = 0; i < list.count; i++) {
    zw_any one = zw_any_of_element(&list, i);
    zw_any paths = member(&one, "paths");
    if (zw_str_eq(member(&one, "rule").text, zw_str_of(rule)) && holds(&paths, path)) return true;
  }
  return false;
}
