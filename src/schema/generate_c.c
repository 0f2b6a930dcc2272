/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C generator: names first (generate_c_names.c), then each output as a walk over the
 * descriptors. Nothing else goes in, so the same schema always gives the same text.
 */
#include "generate_c.h"

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The file's name as an identifier; zw_schema and zw_stamp are the library's. */
static zw_str identifier(c_gen *g, const char *name) {
  const char *prefix = g->gen->prefix && *g->gen->prefix ? g->gen->prefix : NULL;
  bool digit = !prefix && *name >= '0' && *name <= '9';
  zw_str plain = zw_gen_format(g->gen, "%s%s%s%s", prefix ? prefix : "", prefix ? "_" : "",
                               digit ? "_" : "", name);
  char *text = plain.ptr ? zw_arena_get(&g->gen->arena, plain.len + 1) : NULL;
  if (!text) g->gen->no_memory = true;
  for (size_t i = 0; text && i < plain.len; i++)
    text[i] = (char)(is_letter(plain.ptr[i]) ? plain.ptr[i] : '_');
  if (zw_str_eq(plain, ZW_STR("zw"))) return ZW_STR("zw_");
  return (zw_str){text, text ? plain.len : 0};
}

static int parts(c_gen *g, const zw_gen_out *out) {
  static const struct {
    void (*write)(c_gen *, zw_text *);
    const char *suffix;
    bool always;
  } files[] = {{zw_c_header, "_generated.h", true},
               {zw_c_source, "_generated.c", true},
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
