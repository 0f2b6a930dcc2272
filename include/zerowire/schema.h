/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema compiler: `.fbs` text in, a checked schema out, as descriptors, as `.bfbs` octets and
 * as code. In a library of its own (libzerowire-schema): a program that only reads and sends
 * links no parser.
 *
 * A compilation reads one root file and what it includes (`zerowire.fbs` and `wamp.fbs` are built
 * in), reports everything that is wrong with it, each finding with its place and, where there is
 * one, the other declaration, and keeps the result until zw_compiled_destroy.
 *
 * Includes never leave their roots: the folder of the root file and the `include_dirs`. Absolute
 * paths, "..", and links that lead outside are refused; only regular files are read.
 *
 * Threads: a compilation is used by one thread at a time.
 */
#ifndef ZEROWIRE_SCHEMA_H
#define ZEROWIRE_SCHEMA_H

#include "zerowire/flatbuf.h"
#include "zerowire/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zw_compiled zw_compiled;

/*
 * Reads schema files that are not in the file system, such as those of an older revision: the text
 * is added to *out. 0; ZW_ENOTFOUND if there is no such file. Paths are as given: the root's, and
 * those of includes behind the folder of the includer or an include folder and '/', without
 * "." parts.
 */
typedef int zw_source_read_fn(void *ctx, const char *path, zw_text *out);

/* What zw_compiled_bfbs gives. The descriptors are made of all there is, whatever is left out. */
enum zw_bfbs_flag {
  ZW_BFBS_FLATC_EXACT = 1u << 0, /* the octets of flatc's: no zw_default attributes */
  ZW_BFBS_NO_COMMENTS = 1u << 1, /* without documentation; flatc without --bfbs-comments */
  ZW_BFBS_NO_BUILTINS = 1u << 2, /* without FlatBuffers' own attributes; without --bfbs-builtins */
};

typedef struct zw_compile_options {
  size_t size; /* sizeof(zw_compile_options) */
  const zw_alloc *alloc;
  const char *const *include_dirs; /* where includes are looked for after the includer's folder */
  size_t include_count;
  uint32_t errors_max;     /* findings kept; 0: 20. All are counted */
  uint32_t bfbs_flags;     /* enum zw_bfbs_flag */
  const char *bfbs_root;   /* the .bfbs names the files, below this folder; NULL: it names none */
  bool no_files;           /* no includes but the built-in ones (fuzzing, schemas from elsewhere) */
  zw_source_read_fn *read; /* NULL: files are read from the file system */
  void *read_ctx;
} zw_compile_options;

/*
 * Compiles the schema in the file `path` (".fbs" text, or ".bfbs": loaded and checked alike). 0, or
 * ZW_ESCHEMA, ZW_ESYNTAX, ZW_ENOTSUP (the only findings are features that are not there yet),
 * ZW_EIO (cannot be read), ZW_ENOMEM; the first finding is also in *diag. *out is made whenever the
 * result is not ZW_ENOMEM, so that the findings can be read; destroy it in any case.
 */
ZW_API int zw_compile_file(zw_compiled **out, const char *path, const zw_compile_options *options,
                           zw_diag *diag);
/* The same for a text in memory; `name` stands in diagnostics. Borrowed until return. */
ZW_API int zw_compile_text(zw_compiled **out, const char *name, zw_str text,
                           const zw_compile_options *options, zw_diag *diag);
ZW_API void zw_compiled_destroy(zw_compiled *compiled); /* NULL is ignored */
/* Whether these octets of a file of this name are taken as a compiled schema: it is called .bfbs,
 * or they begin as one. */
ZW_API bool zw_is_compiled_schema(const char *name, zw_str octets);

/* The findings, in order of place; NULL past the last that was kept. One with error 0 is a warning:
 * it refuses nothing. */
ZW_API const zw_diag *zw_compiled_finding(const zw_compiled *compiled, size_t i);
ZW_API size_t zw_compiled_finding_count(const zw_compiled *compiled); /* all, kept or not */

/* Results of a compilation that gave 0; else NULL and {NULL, 0}. They live as long as it. */
ZW_API const zw_schema *zw_compiled_schema(const zw_compiled *compiled);
ZW_API const zw_model *zw_compiled_model(const zw_compiled *compiled);
ZW_API zw_span zw_compiled_bfbs(const zw_compiled *compiled);
/* The files that were read, the root first, as they were reached, built-in ones by their bare
 * names; NULL past the last. */
ZW_API const char *zw_compiled_source(const zw_compiled *compiled, size_t i);
/* Whether a type, enum or service (by its full name) was declared in the root file itself. */
ZW_API bool zw_compiled_is_own(const zw_compiled *compiled, zw_str full_name);
/*
 * The place in the text of a declaration ("com.example.Reading") or of a member of it ("celsius";
 * absent: the declaration itself): fills diag->at and true; false: not there (or from a .bfbs).
 */
ZW_API bool zw_compiled_place(const zw_compiled *compiled, zw_str owner, zw_str member,
                              zw_place *place);

/*
 * Adds a schema as `.fbs` text to `out`: text that compiles, here and in flatc, to a schema with
 * the same id. A compiled schema has lost the order of its text, its comments but `///`, its
 * includes, and the attributes of enum values: what it includes becomes part of the text. 0;
 * ZW_ENOTSUP: names are looked for from a namespace outward, and one that is needed is hidden there
 * (*diag has both; the text is whole, but means something else); ZW_ENOMEM.
 */
ZW_API int zw_schema_print(const zw_schema *schema, const zw_alloc *alloc, zw_text *out,
                           zw_diag *diag);

/*
 * Adds the text of one schema file in its canonical layout to `out`: the same tokens and comments,
 * in the same order, so that it compiles to the same octets; formatted again it stays as it is.
 * Two columns an indent, one member a line, lines end in "\n"; a block that stands on one line of
 * at most 100 columns stays there. What it includes is not read. Of a compiled schema the text is
 * that of zw_schema_print. `name` stands in *diag. 0; that of the first finding, which is *diag:
 * nothing is added; ZW_ELIMIT (above 64 MiB), ZW_ENOMEM; for a compiled schema what zw_compile_text
 * and zw_schema_print give, too.
 */
ZW_API int zw_format(const char *name, zw_str text, const zw_alloc *alloc, zw_text *out,
                     zw_diag *diag);

/* ---- lint ------------------------------------------------------------------------------------ */

/* A rule: "FIELD_CASE"; its category: "BASIC"; what it asks for. Static. */
typedef struct zw_lint_rule {
  const char *name, *category, *summary;
} zw_lint_rule;

/*
 * The rules, in order of their categories; NULL past the last. MINIMAL is part of BASIC, and BASIC
 * of STANDARD; COMMENTS, EVOLUTION, PORTABLE and ROOT stand alone.
 */
ZW_API const zw_lint_rule *zw_lint_rule_at(size_t i);

typedef struct zw_lint_options {
  size_t size; /* sizeof(zw_lint_options) */
  const zw_alloc *alloc;
  const char *const *use; /* rules and categories; none: STANDARD. "ALL": all rules */
  size_t use_count;
  const char *const *except; /* rules and categories that are left out of these */
  size_t except_count;
} zw_lint_options;

typedef struct zw_lint_finding {
  const char *rule;
  zw_place at;
  zw_str element; /* full name of the declaration; absent: it is about the file */
  zw_str member;  /* field, value or method of it; or absent */
  const char *message;
} zw_lint_finding;

/* Takes one finding; what it points at lives during the call. */
typedef void zw_lint_fn(void *ctx, const zw_lint_finding *finding);

/*
 * What rules of style have to say about the root file of a compilation that gave 0: findings in
 * order of place. What it includes is judged when it is linted itself. A schema from a `.bfbs` is
 * judged as a whole, by its text as zw_schema_print writes it: findings have the file as their
 * place, and rules that ask for what only a text has are left out. Their number, or ZW_EINVAL: a
 * name is no rule or category (*diag has a near one), or the schema has findings; ZW_ENOTSUP: as
 * zw_schema_print; ZW_ENOMEM.
 */
ZW_API int zw_lint(const zw_compiled *compiled, const zw_lint_options *options, zw_lint_fn *found,
                   void *ctx, zw_diag *diag);
/* How many of the rules that are asked are left out, because a `.bfbs` has no includes, no order of
 * declarations, no explicit ids, and documentation only if it was compiled with it. */
ZW_API size_t zw_lint_left_out(const zw_compiled *compiled, const zw_lint_options *options);

/* ---- generated code -------------------------------------------------------------------------- */

typedef struct zw_generate_options {
  size_t size;
  const char *name;   /* base name of the outputs: "telemetry" gives telemetry_generated.h … */
  const char *prefix; /* C: replaces the namespaces in symbols, those of included files too; NULL:
                         the namespace with '_' for '.' */
} zw_generate_options;

/*
 * C: NAME_generated.h (views, builders, pack, descriptors), NAME_generated.c (descriptors as
 * constant data), NAME_store.h (typed maps over store.h; if there is a map), NAME_wamp.h (topics
 * and procedures over client.h; if there are any). C++17: NAME_generated.hpp, with all of it but
 * maps, topics and procedures, over flatbuf.hpp. TypeScript: NAME_generated.ts, an ECMAScript
 * module over the npm package `flatbuffers` and ours. Python: NAME_generated.py, over the run time
 * in bindings/python, and its types NAME_generated.pyi.
 */
enum zw_language {
  ZW_LANGUAGE_C,
  ZW_LANGUAGE_CPP,
  ZW_LANGUAGE_PYTHON,
  ZW_LANGUAGE_TS,
  ZW_LANGUAGE_COUNT
};

/* Takes one file: the base name is followed by `suffix` ("_generated.h"); the text lives during the
 * call. 0, or an error that ends the generation. */
typedef int zw_generated_fn(void *ctx, const char *suffix, zw_str text);

/* The code of a schema in one language, file by file. 0; ZW_EINVAL: the schema has findings, or two
 * of its files have one name; ZW_ENOMEM; or what `write` gave. */
ZW_API int zw_generate(const zw_compiled *compiled, enum zw_language language,
                       const zw_generate_options *options, zw_generated_fn *write, void *ctx,
                       zw_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
