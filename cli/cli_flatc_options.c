/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flatc's options, all of them, as a table: what is done about each, and what to do instead where
 * it is refused. Options and files come in any order; behind "--" are buffers.
 */
#include "cli_flatc_options.h"

#include <stdlib.h>

#define NO_LANGUAGE \
  "zerowire has no generator for it; flatc reads the same .fbs, and the .bfbs of -b --schema"
#define OF_CPP "the C++ that zerowire writes has one form"
#define NOT_CPP "it shapes code that zerowire does not write"
#define OF_PYTHON "the Python that zerowire writes has one form"
#define OF_TS "the TypeScript that zerowire writes has one form"
#define NO_PROTO "translate the .proto with flatc --proto, and keep the .fbs"
#define NO_GRPC "services are served by zerowire serve; for gRPC use flatc --grpc"
#define ONE_NAME "outputs are named after their schema; rename them, or use -o"

#define DO(action, letter, name, argument, text) \
  { letter, name, argument, ZW_FLATC_##action, text }
#define NO(letter, name, argument, text) \
  { letter, name, argument, ZW_FLATC_REFUSED, text }

const zw_flatc_option zw_flatc_options[] = {
    DO(BINARY, "-b", "--binary", NULL, "write buffers of JSON files; with --schema, of schemas"),
    DO(JSON, "-t", "--json", NULL, "write buffers as JSON"),
    DO(SCHEMA, NULL, "--schema", NULL, "with -b: write compiled schemas, NAME.bfbs"),
    DO(C, NULL, "--c", NULL, "write C (flatc has none)"),
    DO(CPP, "-c", "--cpp", NULL, "write C++17, NAME_generated.hpp"),
    DO(PYTHON, "-p", "--python", NULL, "write Python"),
    DO(TS, "-T", "--ts", NULL, "write TypeScript"),
    DO(OUT, "-o", NULL, "PATH", "the folder to write to"),
    DO(INCLUDE, "-I", NULL, "PATH", "where included schemas are looked for; may be repeated"),
    DO(ROOT_TYPE, NULL, "--root-type", "T", "the root table of the files that follow a schema"),
    DO(CONFORM, NULL, "--conform", "FILE", "refuse schemas that FILE did not evolve into"),
    DO(CONFORM_INCLUDE, NULL, "--conform-includes", "PATH", "where includes of FILE are"),
    DO(BFBS_COMMENTS, NULL, "--bfbs-comments", NULL, "compiled schemas have documentation"),
    DO(BFBS_BUILTINS, NULL, "--bfbs-builtins", NULL,
       "compiled schemas have FlatBuffers' own attributes"),
    DO(BFBS_FILENAMES, NULL, "--bfbs-filenames", "PATH",
       "compiled schemas name their files by paths from PATH"),
    DO(STRICT, NULL, "--strict-json", NULL, "names in JSON are quoted; no comma ends a list"),
    DO(DEFAULTS, NULL, "--defaults-json", NULL, "JSON has scalars that are absent"),
    DO(NATURAL, NULL, "--natural-utf8", NULL, "JSON has characters beyond ASCII as they are"),
    DO(ANY_OCTETS, NULL, "--allow-non-utf8", NULL, "strings may be any octets"),
    DO(UNKNOWN, NULL, "--unknown-json", NULL, "pass over fields that the schema does not know"),
    DO(FORCE_DEFAULTS, NULL, "--force-defaults", NULL, "buffers have scalars that are defaults"),
    DO(RAW_BINARY, NULL, "--raw-binary", NULL, "buffers need no file identifier"),
    DO(SIZED, NULL, "--size-prefixed", NULL, "buffers come behind their size"),
    DO(MAKE_RULES, "-M", NULL, NULL, "print make rules, and write nothing"),
    DO(NAMES_ONLY, NULL, "--file-names-only", NULL, "print names of outputs, and write nothing"),
    DO(NO_WARNINGS, NULL, "--no-warnings", NULL, "print no warnings"),
    DO(WARNINGS_ARE_ERRORS, NULL, "--warnings-as-errors", NULL, "a warning is an error"),
    DO(HELP, "-h", "--help", NULL, "print this and exit"),
    DO(VERSION, NULL, "--version", NULL, "print the version and exit"),
    DO(ALWAYS, NULL, "--gen-object-api", NULL, "code has it always"),
    DO(ALWAYS, NULL, "--gen-mutable", NULL, "code has it always"),
    DO(ALWAYS, NULL, "--gen-includes", NULL, "always so"),
    DO(ALWAYS, NULL, "--json-nested-bytes", NULL, "always so"),
    DO(ALWAYS, NULL, "--python-typing", NULL, "always so"),
    DO(ALWAYS, NULL, "--python-gen-numpy", NULL, "always so"),
    NO("-n", "--csharp", NULL, NO_LANGUAGE),
    NO("-d", "--dart", NULL, NO_LANGUAGE),
    NO("-g", "--go", NULL, NO_LANGUAGE),
    NO("-j", "--java", NULL, NO_LANGUAGE),
    NO(NULL, "--jsonschema", NULL, NO_LANGUAGE),
    NO(NULL, "--kotlin", NULL, NO_LANGUAGE),
    NO(NULL, "--kotlin-kmp", NULL, NO_LANGUAGE),
    NO(NULL, "--lobster", NULL, NO_LANGUAGE),
    NO("-l", "--lua", NULL, NO_LANGUAGE),
    NO(NULL, "--nim", NULL, NO_LANGUAGE),
    NO(NULL, "--php", NULL, NO_LANGUAGE),
    NO("-r", "--rust", NULL, NO_LANGUAGE),
    NO(NULL, "--swift", NULL, NO_LANGUAGE),
    NO(NULL, "--proto", NULL, NO_PROTO),
    NO(NULL, "--proto-namespace-suffix", "SUFFIX", NO_PROTO),
    NO(NULL, "--oneof-union", NULL, NO_PROTO),
    NO(NULL, "--keep-proto-id", NULL, NO_PROTO),
    NO(NULL, "--proto-id-gap", "ACTION", NO_PROTO),
    NO(NULL, "--no-prefix", NULL, OF_CPP),
    NO(NULL, "--scoped-enums", NULL, OF_CPP),
    NO(NULL, "--no-emit-min-max-enum-values", NULL, OF_CPP),
    NO(NULL, "--no-includes", NULL, OF_CPP),
    NO(NULL, "--gen-name-strings", NULL, OF_CPP),
    NO(NULL, "--gen-compare", NULL, OF_CPP),
    NO(NULL, "--cpp-include", "FILE", OF_CPP),
    NO(NULL, "--cpp-ptr-type", "T", OF_CPP),
    NO(NULL, "--cpp-str-type", "T", OF_CPP),
    NO(NULL, "--cpp-str-flex-ctor", NULL, OF_CPP),
    NO(NULL, "--cpp-field-case-style", "STYLE", OF_CPP),
    NO(NULL, "--cpp-std", "CPP_STD", "leave it away: the code is C++17"),
    NO(NULL, "--cpp-static-reflection", NULL, OF_CPP),
    NO(NULL, "--object-prefix", "PREFIX", OF_CPP),
    NO(NULL, "--object-suffix", "SUFFIX", OF_CPP),
    NO(NULL, "--include-prefix", "PATH", OF_CPP),
    NO(NULL, "--keep-prefix", NULL, OF_CPP),
    NO(NULL, "--reflect-types", NULL, "descriptors are in all code; leave it away"),
    NO(NULL, "--reflect-names", NULL, "descriptors are in all code; leave it away"),
    NO(NULL, "--bfbs-gen-embed", NULL, "descriptors are in all code; leave it away"),
    NO(NULL, "--force-empty", NULL, "write empty strings and vectors where they shall be"),
    NO(NULL, "--force-empty-vectors", NULL, "write empty vectors where they shall be"),
    NO(NULL, "--gen-all", NULL, "compile each schema that is included by itself"),
    NO(NULL, "--gen-onefile", NULL, "a schema gives one file anyway; leave it away"),
    NO(NULL, "--gen-json-emit", NULL, "JSON is printed by descriptors, zw_json_print"),
    NO(NULL, "--filename-suffix", "SUFFIX", ONE_NAME),
    NO(NULL, "--filename-ext", "EXT", ONE_NAME),
    NO(NULL, "--gen-nullable", NULL, NOT_CPP),
    NO(NULL, "--swift-implementation-only", NULL, NOT_CPP),
    NO(NULL, "--java-package-prefix", "PREFIX", NOT_CPP),
    NO(NULL, "--java-checkerframework", NULL, NOT_CPP),
    NO(NULL, "--gen-generated", NULL, NOT_CPP),
    NO(NULL, "--gen-jvmstatic", NULL, NOT_CPP),
    NO(NULL, "--go-namespace", "NAMESPACE", NOT_CPP),
    NO(NULL, "--go-import", "IMPORT", NOT_CPP),
    NO(NULL, "--go-module-name", "NAME", NOT_CPP),
    NO(NULL, "--rust-serialize", NULL, NOT_CPP),
    NO(NULL, "--rust-module-root-file", NULL, NOT_CPP),
    NO(NULL, "--no-leak-private-annotation", NULL, NOT_CPP),
    NO(NULL, "--cs-global-alias", NULL, NOT_CPP),
    NO(NULL, "--cs-gen-json-serializer", NULL, NOT_CPP),
    NO(NULL, "--grpc", NULL, NO_GRPC),
    NO(NULL, "--grpc-filename-suffix", "SUFFIX", NO_GRPC),
    NO(NULL, "--grpc-additional-header", "FILE", NO_GRPC),
    NO(NULL, "--grpc-use-system-headers", NULL, NO_GRPC),
    NO(NULL, "--grpc-search-path", "PATH", NO_GRPC),
    NO(NULL, "--grpc-python-typed-handlers", NULL, NO_GRPC),
    NO(NULL, "--grpc-callback-api", NULL, NO_GRPC),
    NO(NULL, "--bfbs-absolute-paths", NULL, "use --bfbs-filenames PATH: the same on all machines"),
    NO(NULL, "--require-explicit-ids", NULL, "use zerowire lint"),
    NO(NULL, "--flexbuffers", NULL,
       "put the value in a [ubyte] (flexbuffer) field: its JSON is the value"),
    NO(NULL, "--ts-flat-files", NULL, OF_TS),
    NO(NULL, "--ts-entry-points", NULL, OF_TS),
    NO(NULL, "--ts-omit-entrypoint", NULL, OF_TS),
    NO(NULL, "--annotate", "SCHEMA", "use zerowire dump SCHEMA FILE"),
    NO(NULL, "--annotate-sparse-vectors", NULL, "use zerowire dump SCHEMA FILE"),
    NO(NULL, "--python-no-type-prefix-suffix", NULL, OF_PYTHON),
    NO(NULL, "--python-version", "VERSION", "leave it away: the code is for Python 3.11 and later"),
    NO(NULL, "--python-decode-obj-api-strings", NULL, OF_PYTHON),
    {NULL, NULL, NULL, 0, NULL},
};

/* ---- reading ---- */

static bool is_same(const char *name, const char *word, size_t len) {
  return name && strlen(name) == len && memcmp(name, word, len) == 0;
}

/* The row of a word; "--name=value" has *value. */
static const zw_flatc_option *find(const char *word, const char **value) {
  size_t len = word[1] == '-' ? strcspn(word, "=") : strlen(word);
  *value = word[len] ? word + len + 1 : NULL;
  for (const zw_flatc_option *o = zw_flatc_options; o->text; o++)
    if (is_same(o->letter, word, len) || is_same(o->name, word, len)) return o;
  return NULL;
}

static int unknown(const zw_cli_args *args, const char *word) {
  zw_str names[160];
  zw_cli_hint hint;
  size_t count = 0;
  for (const zw_flatc_option *o = zw_flatc_options; o->text && count < 160; o++)
    if (o->name && o->action != ZW_FLATC_REFUSED) names[count++] = zw_str_of(o->name);
  return zw_cli_usage(args, "flatc has no option %s.%s", word,
                      zw_cli_did_you_mean(&hint, zw_str_of(word), names, count));
}

static void take(zw_flatc_request *r, unsigned action, const char *value) {
  r->has[action] = true;
  r->value[action] = value;
  if (action == ZW_FLATC_INCLUDE) r->includes[r->include_count++] = value;
  if (action == ZW_FLATC_CONFORM_INCLUDE) r->conform_includes[r->conform_include_count++] = value;
}

/* One option; *i moves on over its value. */
static int read_option(zw_flatc_request *r, const zw_cli_args *args, int *i) {
  const char *word = args->words[*i], *value;
  const zw_flatc_option *option = find(word, &value);
  if (!option) return unknown(args, word);
  if (option->argument && !value && *i + 1 < args->word_count) value = args->words[++*i];
  if (option->action == ZW_FLATC_REFUSED) {
    zw_cli_say("flatc: %s is not supported: %s", word, option->text);
    return ZW_CLI_USAGE;
  }
  if (option->argument && (!value || !*value))
    return zw_cli_usage(args, "%s needs %s.", word, option->argument);
  take(r, option->action, value);
  return 0;
}

static int check(const zw_flatc_request *r, const zw_cli_args *args) {
  static const uint8_t outputs[] = {ZW_FLATC_BINARY, ZW_FLATC_JSON, ZW_FLATC_C,      ZW_FLATC_CPP,
                                    ZW_FLATC_PYTHON, ZW_FLATC_TS,   ZW_FLATC_CONFORM};
  bool any = false;
  for (size_t i = 0; i < sizeof outputs; i++) any = any || r->has[outputs[i]];
  if (r->file_count == 0) return zw_cli_usage(args, "no files are given.");
  if (!any)
    return zw_cli_usage(args, "nothing is asked for: -b, -t, --c, -c, -p, -T or --conform FILE.");
  if (r->has[ZW_FLATC_SCHEMA] && r->has[ZW_FLATC_JSON])
    return zw_cli_usage(args, "--schema goes with -b; a schema as text is zerowire schema FILE.");
  if (r->has[ZW_FLATC_SCHEMA] && r->has[ZW_FLATC_SIZED])
    return zw_cli_usage(args, "--size-prefixed is for data; a compiled schema has no prefix.");
  return 0;
}

int zw_flatc_request_read(zw_flatc_request *r, const zw_cli_args *args) {
  size_t room = (size_t)args->word_count + 1;
  *r = (zw_flatc_request){.binary_from = SIZE_MAX};
  r->includes = calloc(room, sizeof *r->includes);
  r->conform_includes = calloc(room, sizeof *r->conform_includes);
  r->files = calloc(room, sizeof *r->files);
  if (!r->includes || !r->conform_includes || !r->files)
    return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  int code = 0, worst = 0;
  for (int i = 0; i < args->word_count; i++) {
    const char *word = args->words[i];
    if (r->binary_from == SIZE_MAX && strcmp(word, "--") == 0)
      r->binary_from = r->file_count;
    else if (r->binary_from != SIZE_MAX || word[0] != '-')
      r->files[r->file_count++] = word;
    else
      code = read_option(r, args, &i);
    if (code > worst) worst = code;
  }
  if (r->has[ZW_FLATC_HELP] || r->has[ZW_FLATC_VERSION]) return 0;
  return worst ? worst : check(r, args);
}

void zw_flatc_request_deinit(zw_flatc_request *r) {
  free(r->includes);
  free(r->conform_includes);
  free(r->files);
}

/* ---- help ---- */

void zw_flatc_help(void) {
  for (const zw_flatc_option *o = zw_flatc_options; o->text; o++) {
    char head[64];
    if (o->action == ZW_FLATC_REFUSED) continue;
    snprintf(head, sizeof head, "%s%s%s%s%s", o->letter ? o->letter : "  ",
             o->letter && o->name ? ", "
             : o->name            ? "  "
                                  : "",
             o->name ? o->name : "", o->argument ? " " : "", o->argument ? o->argument : "");
    printf("  %-25s  %s\n", head, o->text);
  }
}
