/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C generator: names first (generate_c_names.c), then each output as a walk over the
 * descriptors. Nothing else goes in, so the same schema always gives the same text.
 */
#include "generate_c.h"

/* The file's name as an identifier; zw_schema and zw_stamp are the library's. */
static zw_str identifier(c_gen *g, const char *name) {
  const char *prefix = g->gen->prefix && *g->gen->prefix ? g->gen->prefix : NULL;
  bool digit = !prefix && *name >= '0' && *name <= '9';
  zw_str plain = zw_gen_format(g->gen, "%s%s%s%s", prefix ? prefix : "", prefix ? "_" : "",
                               digit ? "_" : "", name);
  return zw_str_eq(plain, ZW_STR("zw")) ? ZW_STR("zw_") : zw_gen_identifier(g->gen, plain);
}

static void layout_checks(c_gen *g, zw_text *out) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    const c_type *t = &g->types[i];
    if (t->own && t->type->is_struct && zw_c_same_layout(t->type))
      zw_text_printf(out, "_Static_assert(sizeof(%.*s) == %u, \"layout\");\n", ZW_ARG(t->symbol),
                     t->type->size);
  }
}

static void source(c_gen *g, zw_text *out) {
  zw_text_printf(out,
                 "/* Generated from %.*s.fbs by zerowire %s: do not edit. */\n"
                 "#include \"%.*s_generated.h\"\n\n#include <stddef.h>\n\n",
                 ZW_ARG(g->gen->file), ZW_VERSION_STRING, ZW_ARG(g->gen->file));
  layout_checks(g, out);
  zw_c_descriptors(g, out, false, zw_gen_format(g->gen, "%.*s_", ZW_ARG(g->name)));
  zw_c_packs(g, out);
}

static int parts(c_gen *g, const zw_gen_out *out) {
  static const struct {
    void (*write)(c_gen *, zw_text *);
    const char *suffix;
    bool always;
  } files[] = {{zw_c_header, "_generated.h", true},
               {source, "_generated.c", true},
               {zw_c_store, "_store.h", false},
               {zw_c_wamp, "_wamp.h", false}};
  int error = zw_c_name_all(g);
  for (size_t i = 0; i < sizeof files / sizeof *files && !error; i++) {
    zw_text text;
    zw_text_init(&text, g->gen->from.alloc);
    files[i].write(g, &text);
    if (g->gen->no_memory) error = ZW_ENOMEM;
    if (!error && (files[i].always || text.len || text.error))
      error = zw_gen_output(out, files[i].suffix, &text);
    zw_text_deinit(&text);
  }
  return error;
}

int zw_generate_c(zw_gen *gen, const zw_gen_out *out) {
  c_gen g = {.gen = gen};
  zw_hmap_init(&g.symbols, gen->from.alloc);
  g.name = identifier(&g, gen->file.ptr);
  int error = gen->no_memory ? ZW_ENOMEM : parts(&g, out);
  zw_hmap_deinit(&g.symbols);
  return error;
}
