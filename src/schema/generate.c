/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code generation: a table of languages, and what each of them is given. Nothing but the
 * descriptors and the files' names goes in, so the same schema always gives the same text.
 */
#include "generate.h"
#include "schema_ast.h"

static const struct {
  const char *name;
  int (*generate)(zw_gen *g, const zw_gen_out *out);
} languages[ZW_LANGUAGE_COUNT] = {
    [ZW_LANGUAGE_C] = {"C", zw_generate_c},
    [ZW_LANGUAGE_CPP] = {"C++", zw_generate_cpp},
    [ZW_LANGUAGE_TS] = {"TypeScript", zw_generate_ts},
    [ZW_LANGUAGE_PYTHON] = {"Python", zw_generate_python},
};

int zw_gen_output(const zw_gen_out *out, const char *suffix, const zw_text *text) {
  if (text->error) return text->error;
  return out->write(out->ctx, suffix, zw_text_str(text));
}

/* A `.bfbs` has no files: all is its own but what is built in. */
static bool is_own(const void *ctx, zw_str name) {
  const zw_compiled *c = ctx;
  return c->first ? zw_compiled_is_own(c, name) : !zw_str_eq(name, ZW_STR("Void"));
}

static const char *file_of(const void *ctx, zw_str name) {
  const zw_compiled *c = ctx;
  const zw_decl *decl = zw_hmap_get(&c->declared, zw_str_span(name));
  if (!decl || c->sources[decl->head.at.file]->builtin) return NULL;
  return c->sources[decl->head.at.file]->name.ptr;
}

/* What a file's outputs are named after: the last part of its path, without the ending. */
static zw_str stem(zw_str path) {
  size_t start = path.len, end = path.len;
  while (start > 0 && path.ptr[start - 1] != '/') start--;
  for (size_t i = start; i < path.len; i++)
    if (path.ptr[i] == '.') end = i;
  return (zw_str){path.ptr + start, end - start};
}

static char guard_letter(char c) {
  if (c >= 'a' && c <= 'z') return (char)(c - 'a' + 'A');
  bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return kept ? c : '_';
}

/* Whether the outputs of both would have one name, or their headers one guard. */
static bool same_guard(zw_str a, zw_str b) {
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++)
    if (guard_letter(a.ptr[i]) != guard_letter(b.ptr[i])) return false;
  return true;
}

/* Files that declare something have outputs, so no two have one name. */
static int check_names(const zw_compiled *c, const char *name, zw_diag *diag) {
  bool declares[ZW_SOURCES_MAX] = {true};
  for (const zw_decl *d = c->first; d; d = d->next) declares[d->head.at.file] = true;
  for (uint32_t i = 1; i < c->source_count; i++) {
    if (!declares[i] || c->sources[i]->builtin) continue;
    zw_str path = c->sources[i]->name, own = stem(path);
    for (uint32_t k = 0; k < i; k++) {
      zw_str other = k ? stem(c->sources[k]->name) : zw_str_of(name);
      if (declares[k] && !c->sources[k]->builtin && same_guard(own, other))
        return zw_fail(
            diag, ZW_EINVAL,
            "the generated files of \"%.*s\" and \"%.*s\" would have one name. Rename one",
            ZW_ARG(c->sources[k]->name), ZW_ARG(path));
    }
  }
  return 0;
}

int zw_generate(const zw_compiled *compiled, enum zw_language language,
                const zw_generate_options *options, zw_generated_fn *write, void *ctx,
                zw_diag *diag) {
  zw_gen g = {.from = {.schema = zw_compiled_schema(compiled),
                       .model = zw_compiled_model(compiled),
                       .is_own = is_own,
                       .file_of = file_of,
                       .ctx = compiled,
                       .alloc = compiled->alloc},
              .file = zw_str_of(options->name),
              .prefix = options->prefix};
  zw_gen_out out = {write, ctx};
  if (!g.from.schema) return zw_fail(diag, ZW_EINVAL, "a schema with findings has no code");
  int error = check_names(compiled, options->name, diag);
  if (error) return error;
  zw_arena_init(&g.arena, compiled->alloc);
  error = languages[language].generate(&g, &out);
  if (!error && g.no_memory) error = ZW_ENOMEM;
  zw_arena_deinit(&g.arena);
  const char *name = languages[language].name;
  return error ? zw_fail(diag, error, "%s code: %s", name, zw_error_text(error)) : 0;
}
