/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiler of the build: what cmake/ZerowireGenerate.cmake calls.
 *
 *   zerowire_schemac [--c] [--cpp] [--python] [--ts] [--c-prefix P] [--bfbs] [--flatc-exact]
 *                    [--bfbs-no-comments] [--bfbs-no-builtins] [--bfbs-filenames DIR]
 *                    [-I DIR]… [-o DIR] [--depfile FILE] FILE…
 *
 * Writes the code of each language (zw_generate has the names) and NAME.bfbs; without any of these
 * options it only checks. Exit: 0 done, 1 the schema is refused, 2 usage, 3 a file cannot be
 * written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "zerowire/schema.h"

#define INCLUDES_MAX 64
#define PATH_SIZE 4096

typedef struct arguments {
  const char *includes[INCLUDES_MAX];
  size_t include_count;
  const char *out, *depfile, *prefix;
  const char *files[256];
  size_t file_count;
  bool languages[ZW_LANGUAGE_COUNT], bfbs;
  uint32_t bfbs_flags;
  const char *bfbs_root;
} arguments;

static int usage(const char *what, const char *word) {
  fprintf(stderr,
          "zerowire_schemac: %s%s\nusage: zerowire_schemac [--c] [--cpp] [--python] [--ts] "
          "[--c-prefix P] [--bfbs] [--flatc-exact] [--bfbs-no-comments] [--bfbs-no-builtins] "
          "[--bfbs-filenames DIR] "
          "[-I DIR]… [-o DIR] [--depfile FILE] FILE…\n",
          what, word);
  return 2;
}

/* An option with a value; 0, or the exit status. */
static int option_value(arguments *a, const char *option, const char *value) {
  if (!value) return usage("a value is missing after ", option);
  if (strcmp(option, "-o") == 0)
    a->out = value;
  else if (strcmp(option, "--depfile") == 0)
    a->depfile = value;
  else if (strcmp(option, "--c-prefix") == 0)
    a->prefix = value;
  else if (strcmp(option, "--bfbs-filenames") == 0)
    a->bfbs_root = value;
  else if (a->include_count < INCLUDES_MAX)
    a->includes[a->include_count++] = value;
  else
    return usage("too many include folders at ", value);
  return 0;
}

/* What an option changes in the compiled schema, or 0. */
static uint32_t flag_of(const char *option) {
  static const char *const options[] = {"--flatc-exact", "--bfbs-no-comments",
                                        "--bfbs-no-builtins"};
  for (unsigned i = 0; i < 3; i++)
    if (strcmp(option, options[i]) == 0) return 1u << i;
  return 0;
}

/* The language that an option asks for, or -1. */
static int language_of(const char *option) {
  static const char *const options[ZW_LANGUAGE_COUNT] = {"--c", "--cpp", "--python", "--ts"};
  for (int i = 0; i < ZW_LANGUAGE_COUNT; i++)
    if (strcmp(option, options[i]) == 0) return i;
  return -1;
}

static int parse_arguments(arguments *a, int argc, char **argv) {
  *a = (arguments){.out = "."};
  for (int i = 1; i < argc; i++) {
    const char *arg = argv[i];
    int status = 0;
    int language = language_of(arg);
    if (language >= 0)
      a->languages[language] = true;
    else if (strcmp(arg, "--bfbs") == 0)
      a->bfbs = true;
    else if (flag_of(arg))
      a->bfbs_flags |= flag_of(arg);
    else if (strcmp(arg, "-I") == 0 || strcmp(arg, "-o") == 0 || strcmp(arg, "--depfile") == 0 ||
             strcmp(arg, "--c-prefix") == 0 || strcmp(arg, "--bfbs-filenames") == 0)
      status = option_value(a, arg, i + 1 < argc ? argv[++i] : NULL);
    else if (arg[0] == '-')
      status = usage("there is no option ", arg);
    else if (a->file_count < sizeof a->files / sizeof a->files[0])
      a->files[a->file_count++] = arg;
    else
      status = usage("too many files at ", arg);
    if (status) return status;
  }
  return a->file_count ? 0 : usage("no file is named", "");
}

/* ---- output ---- */

static int write_file(const char *path, const void *octets, size_t len) {
  FILE *f = fopen(path, "wb");
  bool good = f && (len == 0 || fwrite(octets, 1, len, f) == len);
  if (f && fclose(f) != 0) good = false;
  if (good) return 0;
  fprintf(stderr, "zerowire_schemac: %s cannot be written (errno %d)\n", path, errno);
  return 3;
}

static void base_name(const char *path, char out[256]) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  snprintf(out, 256, "%.*s", dot ? (int)(dot - name) : (int)strlen(name), name);
}

static int write_part(const arguments *a, const char *name, const char *suffix, const void *octets,
                      size_t len) {
  char path[PATH_SIZE];
  if (snprintf(path, sizeof path, "%s/%s%s", a->out, name, suffix) >= (int)sizeof path)
    return usage("the path is too long: ", a->out);
  return write_file(path, octets, len);
}

typedef struct destination {
  const arguments *a;
  const char *name;
  int status;
} destination;

static int write_generated(void *ctx, const char *suffix, zw_str text) {
  destination *to = ctx;
  to->status = write_part(to->a, to->name, suffix, text.ptr, text.len);
  return to->status ? ZW_EIO : 0;
}

static int write_code(const arguments *a, const zw_compiled *compiled, const char *name) {
  zw_diag diag;
  destination to = {a, name, 0};
  zw_generate_options options = {.size = sizeof options, .name = name, .prefix = a->prefix};
  for (int i = 0; i < ZW_LANGUAGE_COUNT; i++) {
    if (!a->languages[i]) continue;
    int error = zw_generate(compiled, (enum zw_language)i, &options, write_generated, &to, &diag);
    if (to.status) return to.status;
    if (error) {
      fprintf(stderr, "zerowire_schemac: %s: %s\n", name, diag.message);
      return 1;
    }
  }
  return 0;
}

static void escape_path(zw_text *text, const char *path) {
  for (; *path; path++) {
    if (*path == ' ' || *path == '#') zw_text_add(text, "\\", 1);
    if (*path == '$') zw_text_add(text, "$", 1);
    zw_text_add(text, path, 1);
  }
}

/* What the outputs depend on, for Make and Ninja. */
static int write_depfile(const arguments *a, const zw_compiled *compiled, const char *name) {
  zw_text text;
  zw_text_init(&text, NULL);
  if (a->languages[ZW_LANGUAGE_C]) {
    escape_path(&text, a->out);
    zw_text_printf(&text, "/%s_generated.c", name);
  } else if (a->languages[ZW_LANGUAGE_CPP]) {
    escape_path(&text, a->out);
    zw_text_printf(&text, "/%s_generated.hpp", name);
  } else {
    escape_path(&text, a->out);
    zw_text_printf(&text, "/%s.bfbs", name);
  }
  zw_text_add(&text, ":", 1);
  const char *source;
  for (size_t i = 0; (source = zw_compiled_source(compiled, i)); i++) {
    FILE *f = fopen(source, "rb");
    if (!f) continue; /* built in */
    fclose(f);
    zw_text_add(&text, " ", 1);
    escape_path(&text, source);
  }
  zw_text_add(&text, "\n", 1);
  int status = text.error ? 3 : write_file(a->depfile, text.ptr, text.len);
  zw_text_deinit(&text);
  return status;
}

/* ---- one schema ---- */

static void print_findings(const zw_compiled *compiled) {
  const zw_diag *diag;
  size_t kept = 0;
  for (; (diag = zw_compiled_finding(compiled, kept)); kept++) {
    if (diag->at.line)
      fprintf(stderr, "%s:%u:%u: ", diag->at.file, diag->at.line, diag->at.column);
    else if (diag->at.file[0])
      fprintf(stderr, "%s: ", diag->at.file);
    fprintf(stderr, "%s%s%s %s\n", diag->error ? "error" : "warning", diag->rule[0] ? " " : "",
            diag->rule, diag->message);
    if (diag->other.line)
      fprintf(stderr, "%s:%u:%u: note the other place\n", diag->other.file, diag->other.line,
              diag->other.column);
  }
  size_t all = zw_compiled_finding_count(compiled);
  if (all > kept) fprintf(stderr, "… and %zu more\n", all - kept);
}

static int compile_one(const arguments *a, const char *path) {
  char name[256];
  zw_compiled *compiled;
  zw_diag diag;
  zw_compile_options options = {.size = sizeof options,
                                .include_dirs = a->includes,
                                .include_count = a->include_count,
                                .bfbs_flags = a->bfbs_flags,
                                .bfbs_root = a->bfbs_root};
  base_name(path, name);
  int status = 0;
  if (zw_compile_file(&compiled, path, &options, &diag)) {
    if (!compiled) fprintf(stderr, "zerowire_schemac: %s: %s\n", path, diag.message);
    status = 1;
  }
  if (compiled) print_findings(compiled);
  if (!status) status = write_code(a, compiled, name);
  zw_span bfbs = compiled ? zw_compiled_bfbs(compiled) : zw_span_of(NULL, 0);
  if (!status && a->bfbs) status = write_part(a, name, ".bfbs", bfbs.ptr, bfbs.len);
  if (!status && a->depfile) status = write_depfile(a, compiled, name);
  zw_compiled_destroy(compiled);
  return status;
}

int main(int argc, char **argv) {
  arguments a;
  int status = parse_arguments(&a, argc, argv);
  for (size_t i = 0; i < a.file_count && !status; i++) status = compile_one(&a, a.files[i]);
  return status;
}
