/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C generator: names first (generate_c_names.c), then each output as a walk over the
 * descriptors. Nothing else goes in, so the same schema always gives the same text.
 */
#include "generate_c.h"
#include "schema_ast.h"

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The file's name as an identifier. */
static zw_str identifier(c_gen *g, const char *name) {
  const char *prefix = g->prefix && *g->prefix ? g->prefix : NULL;
  bool digit = !prefix && *name >= '0' && *name <= '9';
  zw_str plain =
      zw_c_format(g, "%s%s%s%s", prefix ? prefix : "", prefix ? "_" : "", digit ? "_" : "", name);
  char *text = plain.ptr ? zw_arena_get(&g->arena, plain.len + 1) : NULL;
  if (!text) g->no_memory = true;
  for (size_t i = 0; text && i < plain.len; i++)
    text[i] = (char)(is_letter(plain.ptr[i]) ? plain.ptr[i] : '_');
  return (zw_str){text, text ? plain.len : 0};
}

static int outputs(c_gen *g, zw_generated_c *out) {
  int error = zw_c_name_all(g);
  if (error) return error;
  zw_text *texts[] = {out->header, out->source, out->store, out->wamp};
  void (*parts[])(c_gen *, zw_text *) = {zw_c_header, zw_c_source, zw_c_store, zw_c_wamp};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (!texts[i]) continue;
    parts[i](g, texts[i]);
    if (texts[i]->error) return texts[i]->error;
  }
  return g->no_memory ? ZW_ENOMEM : 0;
}

static int generate(const c_origin *from, const zw_generate_options *options, zw_generated_c *out,
                    zw_diag *diag) {
  c_gen g = {.from = *from, .file = zw_str_of(options->name), .prefix = options->prefix};
  zw_arena_init(&g.arena, from->alloc);
  zw_hmap_init(&g.symbols, from->alloc);
  g.name = identifier(&g, options->name);
  int error = g.no_memory ? ZW_ENOMEM : outputs(&g, out);
  zw_hmap_deinit(&g.symbols);
  zw_arena_deinit(&g.arena);
  return error ? zw_fail(diag, error, "C code: %s", zw_error_text(error)) : 0;
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
  return is_letter(c) ? c : '_';
}

/* Whether the headers of both would have one guard. */
static bool same_guard(zw_str a, zw_str b) {
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++)
    if (guard_letter(a.ptr[i]) != guard_letter(b.ptr[i])) return false;
  return true;
}

/* Files that declare something have headers, so no two have one name. */
static int check_names(const zw_compiled *c, const char *name, zw_diag *diag) {
  bool declares[ZW_SOURCES_MAX] = {true};
  for (const zw_decl *d = c->first; d; d = d->next) declares[d->head.at.file] = true;
  for (uint32_t i = 1; i < c->source_count; i++) {
    if (!declares[i] || c->sources[i]->builtin) continue;
    zw_str path = c->sources[i]->name, own = stem(path);
    for (uint32_t k = 0; k < i; k++) {
      zw_str other = k ? stem(c->sources[k]->name) : zw_str_of(name);
      if (declares[k] && !c->sources[k]->builtin && same_guard(own, other))
        return zw_fail(diag, ZW_EINVAL,
                       "the headers of \"%.*s\" and \"%.*s\" would have one name. Rename one",
                       ZW_ARG(c->sources[k]->name), ZW_ARG(path));
    }
  }
  return 0;
}

int zw_generate_c(const zw_compiled *compiled, const zw_generate_options *options,
                  zw_generated_c *out, zw_diag *diag) {
  c_origin from = {.schema = zw_compiled_schema(compiled),
                   .model = zw_compiled_model(compiled),
                   .is_own = is_own,
                   .file_of = file_of,
                   .ctx = compiled,
                   .alloc = compiled->alloc};
  if (!from.schema) return zw_fail(diag, ZW_EINVAL, "a schema with findings has no code");
  int error = check_names(compiled, options->name, diag);
  return error ? error : generate(&from, options, out, diag);
}
