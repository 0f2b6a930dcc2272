/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of generated TypeScript. A declaration has the last part of its name; if others in its file
 * have the same, then all of it with underscores for dots. What is a reserved word or taken gets an
 * underscore at its end. The names of a file depend on nothing but its declarations, so that a file
 * that imports it knows them; it is imported as a namespace, under an alias.
 *
 * A field has the names that `flatc` gives it: test_field is read as testField() and added as
 * addTestField(). It gets its underscore where one of its accessors would hide another's.
 */
#include "generate_ts.h"

/* Words that the language keeps, globals that generated code names, its modules and locals. */
static const char *const reserved[] = {"abstract",
                                       "any",
                                       "arguments",
                                       "as",
                                       "async",
                                       "await",
                                       "boolean",
                                       "break",
                                       "case",
                                       "catch",
                                       "class",
                                       "const",
                                       "continue",
                                       "debugger",
                                       "declare",
                                       "default",
                                       "delete",
                                       "do",
                                       "else",
                                       "enum",
                                       "eval",
                                       "export",
                                       "extends",
                                       "false",
                                       "finally",
                                       "for",
                                       "from",
                                       "function",
                                       "get",
                                       "if",
                                       "implements",
                                       "import",
                                       "in",
                                       "instanceof",
                                       "interface",
                                       "is",
                                       "let",
                                       "module",
                                       "namespace",
                                       "never",
                                       "new",
                                       "null",
                                       "number",
                                       "object",
                                       "of",
                                       "package",
                                       "private",
                                       "protected",
                                       "public",
                                       "require",
                                       "return",
                                       "set",
                                       "static",
                                       "string",
                                       "super",
                                       "switch",
                                       "symbol",
                                       "this",
                                       "throw",
                                       "true",
                                       "try",
                                       "type",
                                       "typeof",
                                       "undefined",
                                       "unknown",
                                       "var",
                                       "void",
                                       "while",
                                       "with",
                                       "yield",
                                       "bigint",
                                       "Array",
                                       "ArrayLike",
                                       "BigInt64Array",
                                       "BigUint64Array",
                                       "Float32Array",
                                       "Float64Array",
                                       "Infinity",
                                       "Int16Array",
                                       "Int32Array",
                                       "Int8Array",
                                       "Math",
                                       "NaN",
                                       "Object",
                                       "Uint16Array",
                                       "Uint32Array",
                                       "Uint8Array",
                                       "flatbuffers",
                                       "zw",
                                       "Number",
                                       "Partial",
                                       "stamp",
                                       "accessor",
                                       "at",
                                       "bb",
                                       "builder",
                                       "bytes",
                                       "data",
                                       "i",
                                       "index",
                                       "key",
                                       "numElems",
                                       "obj",
                                       "offset",
                                       "optionalEncoding",
                                       "options",
                                       "o",
                                       "t",
                                       "value"};

/* Words among these that are fine as the name of a field: no code of theirs is around it. */
static const char *const field_words[] = {
    "abstract", "any",      "as",       "async", "boolean", "data",    "declare",   "from",
    "get",      "i",        "index",    "is",    "key",     "module",  "namespace", "never",
    "number",   "object",   "o",        "of",    "offset",  "options", "require",   "set",
    "string",   "symbol",   "t",        "type",  "unknown", "value",   "bigint",    "at",
    "bytes",    "accessor", "numElems", "obj"};

/* Members that views and objects have already, or that the language looks for: an object with
 * `then` is taken for a promise. */
static const char *const members[] = {"bb",
                                      "bb_pos",
                                      "__init",
                                      "unpack",
                                      "unpackTo",
                                      "pack",
                                      "store",
                                      "constructor",
                                      "then",
                                      "__proto__",
                                      "hasOwnProperty",
                                      "isPrototypeOf",
                                      "propertyIsEnumerable",
                                      "toLocaleString",
                                      "toString",
                                      "valueOf",
                                      "__defineGetter__",
                                      "__defineSetter__",
                                      "__lookupGetter__",
                                      "__lookupSetter__",
                                      "toJSON"};

static bool is_among(zw_str word, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (zw_str_eq(word, zw_str_of(list[i]))) return true;
  return false;
}

/* ---- taking names ---- */

static void take(ts_gen *g, zw_hmap *taken, zw_str name) {
  if (name.ptr && zw_hmap_set(taken, zw_str_span(name), g, NULL)) g->gen->no_memory = true;
}

zw_str zw_ts_take(ts_gen *g, zw_hmap *taken, zw_str wanted) {
  while (!g->gen->no_memory && zw_hmap_get(taken, zw_str_span(wanted)))
    wanted = zw_gen_format(g->gen, "%.*s_", ZW_ARG(wanted));
  take(g, taken, wanted);
  return wanted;
}

/* ---- files ---- */

static ts_file *add_file(ts_gen *g, zw_str path, zw_str base) {
  ts_file *file = zw_arena_array(&g->gen->arena, 1, sizeof *file);
  if (!file || zw_array_reserve(g->gen->from.alloc, (void **)&g->files, &g->file_capacity,
                                g->file_count + 1, sizeof *g->files)) {
    g->gen->no_memory = true;
    return NULL;
  }
  *file = (ts_file){.path = path, .base = base};
  zw_hmap_init(&file->symbols, g->gen->from.alloc);
  zw_hmap_init(&file->lasts, g->gen->from.alloc);
  g->files[g->file_count++] = file;
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    take(g, &file->symbols, zw_str_of(reserved[i]));
  return file;
}

/* The file that declares it; NULL: built in, or no memory. */
static ts_file *file_of(ts_gen *g, zw_str full, bool *own) {
  const void *ctx = g->gen->from.ctx;
  *own = g->gen->from.is_own(ctx, full);
  if (*own) return g->files[0];
  const char *path = g->gen->from.file_of(ctx, full);
  if (!path || !*path) return NULL;
  for (size_t i = 1; i < g->file_count; i++)
    if (zw_str_eq(g->files[i]->path, zw_str_of(path))) return g->files[i];
  return add_file(g, zw_str_of(path), zw_gen_declaring_file(g->gen, full));
}

void zw_ts_names_deinit(ts_gen *g) {
  for (size_t i = 0; i < g->file_count; i++) {
    zw_hmap_deinit(&g->files[i]->symbols);
    zw_hmap_deinit(&g->files[i]->lasts);
  }
  zw_alloc_free(g->gen->from.alloc, g->files, g->file_capacity * sizeof *g->files);
}

/* ---- declarations ---- */

static void find_symbol(ts_gen *g, ts_symbol *s, zw_str full) {
  s->full = full;
  s->file = file_of(g, full, &s->own);
  if (!s->file) return;
  zw_str last = zw_gen_last(full);
  void *other = NULL;
  if (zw_hmap_set(&s->file->lasts, zw_str_span(last), s, &other)) g->gen->no_memory = true;
  if (other) s->shared = ((ts_symbol *)other)->shared = true;
}

static zw_str underscored(ts_gen *g, zw_str full) {
  char *text = zw_arena_get(&g->gen->arena, full.len + 1);
  if (!text) g->gen->no_memory = true;
  for (size_t i = 0; text && i < full.len; i++) text[i] = full.ptr[i] == '.' ? '_' : full.ptr[i];
  return (zw_str){text, text ? full.len : 0};
}

/* A name as others see it: with the alias of its module, where that is another. */
static zw_str outside(ts_gen *g, const ts_symbol *s, zw_str plain) {
  if (s->own || !s->file) return plain;
  return zw_gen_format(g->gen, "%.*s.%.*s", ZW_ARG(s->file->alias), ZW_ARG(plain));
}

static void name_symbol(ts_gen *g, ts_symbol *s) {
  if (!s->file) {
    s->plain = s->symbol = zw_gen_format(g->gen, "zw.%.*s", ZW_ARG(s->full));
    return;
  }
  zw_str wanted = s->shared ? underscored(g, s->full) : zw_gen_last(s->full);
  s->plain = zw_ts_take(g, &s->file->symbols, wanted);
}

/* A name that goes with a declaration, as others see it. */
static zw_str companion(ts_gen *g, const ts_symbol *s, const char *before, const char *after) {
  zw_str wanted = zw_gen_format(g->gen, "%s%.*s%s", before, ZW_ARG(s->plain), after);
  return s->file ? zw_ts_take(g, &s->file->symbols, wanted) : wanted;
}

static void name_companions(ts_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count; i++)
    g->types[i].object = companion(g, &g->types[i].head, "", "T");
  for (size_t i = 0; i < schema->enum_count; i++) {
    ts_enum *e = &g->enums[i];
    if (!e->type->is_union) continue;
    e->to = companion(g, &e->head, "unionTo", "");
    e->members = companion(g, &e->head, "", "Members");
  }
}

/* A file's base name as an identifier. */
static zw_str alias_of(ts_gen *g, zw_str base) {
  zw_str plain = zw_gen_format(g->gen, "%s%.*s", *base.ptr >= '0' && *base.ptr <= '9' ? "_" : "",
                               ZW_ARG(base));
  char *text = plain.ptr ? zw_arena_get(&g->gen->arena, plain.len + 1) : NULL;
  if (!text) g->gen->no_memory = true;
  for (size_t i = 0; text && i < plain.len; i++) {
    char c = plain.ptr[i];
    bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    text[i] = (char)(kept ? c : '_');
  }
  return (zw_str){text, text ? plain.len : 0};
}

/* Aliases come last: they must not change the names that others know. */
static void name_outside(ts_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 1; i < g->file_count && !g->gen->no_memory; i++)
    g->files[i]->alias = zw_ts_take(g, &g->files[0]->symbols, alias_of(g, g->files[i]->base));
  for (size_t i = 0; i < schema->type_count; i++) {
    ts_type *t = &g->types[i];
    t->head.symbol = outside(g, &t->head, t->head.plain);
    t->object = outside(g, &t->head, t->object);
  }
  for (size_t i = 0; i < schema->enum_count; i++) {
    ts_enum *e = &g->enums[i];
    e->head.symbol = outside(g, &e->head, e->head.plain);
    e->to = outside(g, &e->head, e->to);
    e->members = outside(g, &e->head, e->members);
  }
}

static void name_declarations(ts_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count && !g->gen->no_memory; i++) {
    g->types[i].type = &schema->types[i];
    find_symbol(g, &g->types[i].head, schema->types[i].name);
  }
  for (size_t i = 0; i < schema->enum_count && !g->gen->no_memory; i++) {
    g->enums[i].type = &schema->enums[i];
    find_symbol(g, &g->enums[i].head, schema->enums[i].name);
  }
  if (g->gen->no_memory) return;
  for (size_t i = 0; i < schema->type_count; i++) name_symbol(g, &g->types[i].head);
  for (size_t i = 0; i < schema->enum_count; i++) name_symbol(g, &g->enums[i].head);
  name_companions(g);
  name_outside(g);
}

/* ---- fields ---- */

static char upper_letter(char c) { return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); }
static char lower_letter(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

static bool is_all_upper(zw_str name) {
  for (size_t i = 0; i < name.len; i++)
    if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') return false;
  return true;
}

/* field_name -> fieldName, or FieldName as it is behind a word. An underscore at the front is kept,
 * and one of two. */
static zw_str camel(ts_gen *g, zw_str name, bool upper) {
  char *text = zw_arena_get(&g->gen->arena, name.len + 1);
  if (!text) g->gen->no_memory = true;
  bool lowered = is_all_upper(name);
  size_t len = 0;
  for (size_t i = 0; text && i < name.len; i++) {
    char c = name.ptr[i], next = i + 1 < name.len ? name.ptr[i + 1] : '\0';
    bool joint = c == '_' && next && (i > 0 || (!upper && next != '_'));
    if (joint) {
      if (i == 0) text[len++] = '_';
      text[len++] = upper_letter(next);
      i++;
    } else if (i == 0) {
      text[len++] = upper ? upper_letter(c) : lower_letter(c);
    } else {
      text[len++] = lowered ? lower_letter(c) : c;
    }
  }
  return (zw_str){text, len};
}

zw_str zw_ts_value_name(ts_gen *g, const zw_enum_value *value) {
  static const char *const numbers[] = {"NaN", "Infinity", "__proto__"};
  zw_str name = underscored(g, value->name);
  if (!is_among(name, numbers, sizeof numbers / sizeof *numbers)) return name;
  return zw_gen_format(g->gen, "%.*s_", ZW_ARG(name));
}

/* Names around `name`, of which there is one for each pattern; all are free, or false. */
static bool are_free(ts_gen *g, const zw_hmap *taken, const char *const *patterns, size_t count,
                     zw_str name) {
  for (size_t i = 0; i < count; i++) {
    zw_str full = zw_gen_format(g->gen, patterns[i], ZW_ARG(name));
    if (full.ptr && zw_hmap_get(taken, zw_str_span(full))) return false;
  }
  return true;
}

/* `wanted` with so many underscores that all names around it are free; and takes them. */
static zw_str take_around(ts_gen *g, zw_hmap *taken, const char *const *patterns, size_t count,
                          zw_str wanted) {
  while (!g->gen->no_memory && !are_free(g, taken, patterns, count, wanted))
    wanted = zw_gen_format(g->gen, "%.*s_", ZW_ARG(wanted));
  for (size_t i = 0; i < count; i++)
    take(g, taken, zw_gen_format(g->gen, patterns[i], ZW_ARG(wanted)));
  return wanted;
}

/* Members of instances have a dot in front, those of the class have none. */
static const char *const accessors[] = {".%.*s", ".%.*sLength", ".%.*sArray", ".%.*sByKey",
                                        ".%.*sNestedRoot"};
static const char *const mutators[] = {".mutate_%.*s"};
static const char *const adders[] = {"add%.*s", "create%.*sVector", "createSorted%.*sVector",
                                     "start%.*sVector", "end%.*sVector"};
static const char *const statics[] = {"getRootAs%.*s",
                                      "getSizePrefixedRootAs%.*s",
                                      "verify%.*s",
                                      "verifySizePrefixed%.*s",
                                      "start%.*s",
                                      "end%.*s",
                                      "create%.*s",
                                      "finish%.*sBuffer",
                                      "finishSizePrefixed%.*sBuffer"};

static bool is_reserved(const ts_gen *g, zw_str name) {
  return !is_among(name, field_words, sizeof field_words / sizeof *field_words) &&
         (is_among(name, members, sizeof members / sizeof *members) ||
          zw_hmap_get(&g->files[0]->symbols, zw_str_span(name)));
}

static void name_field(ts_gen *g, zw_hmap *taken, const zw_field *field, ts_field *f) {
  enum zw_field_form form = zw_field_form(field);
  if (form == ZW_FORM_NONE) return;
  bool many = form >= ZW_FORM_OCTETS;
  zw_str name = camel(g, field->name, false), upper = camel(g, field->name, true);
  while (!g->gen->no_memory && is_reserved(g, name))
    name = zw_gen_format(g->gen, "%.*s_", ZW_ARG(name));
  f->name = take_around(g, taken, accessors, many ? sizeof accessors / sizeof *accessors : 1, name);
  f->snake = take_around(g, taken, mutators, 1, field->name);
  f->upper = take_around(g, taken, adders, many ? sizeof adders / sizeof *adders : 1, upper);
}

static void name_fields(ts_gen *g, ts_type *t) {
  zw_hmap taken;
  t->fields = zw_arena_array(&g->gen->arena, t->type->field_count, sizeof *t->fields);
  if (!t->fields) {
    g->gen->no_memory = true;
    return;
  }
  zw_hmap_init(&taken, g->gen->from.alloc);
  for (size_t i = 0; i < sizeof statics / sizeof *statics; i++)
    take(g, &taken, zw_gen_format(g->gen, statics[i], ZW_ARG(t->head.plain)));
  for (unsigned i = 0; i < t->type->field_count && !g->gen->no_memory; i++)
    name_field(g, &taken, &t->type->fields[i], &t->fields[i]);
  zw_hmap_deinit(&taken);
}

/* ---- all ---- */

const ts_type *zw_ts_type(const ts_gen *g, const zw_type *type) {
  return &g->types[type - g->gen->from.schema->types];
}

const ts_enum *zw_ts_enum(const ts_gen *g, const zw_enum_type *type) {
  return &g->enums[type - g->gen->from.schema->enums];
}

int zw_ts_name_all(ts_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  g->types = zw_arena_array(&g->gen->arena, schema->type_count, sizeof *g->types);
  g->enums = zw_arena_array(&g->gen->arena, schema->enum_count, sizeof *g->enums);
  if (!g->types || !g->enums || !add_file(g, (zw_str){NULL, 0}, g->gen->file)) return ZW_ENOMEM;
  name_declarations(g);
  for (size_t i = 0; i < schema->type_count && !g->gen->no_memory; i++)
    if (g->types[i].head.own) name_fields(g, &g->types[i]);
  return g->gen->no_memory ? ZW_ENOMEM : 0;
}
