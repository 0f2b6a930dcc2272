/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What generated TypeScript consists of: names, literals, and the values of the variables of
 * templates.
 *
 * A declaration has the last part of its name; if others in its file have the same, then all of it
 * with underscores for dots. What is a reserved word or taken gets an underscore at its end. The
 * names of a file depend on nothing but its declarations, so that a file that imports it knows
 * them; it is imported as a namespace, under an alias.
 *
 * A field has the names that `flatc` gives it: test_field is read as testField() and added as
 * addTestField(). It gets its underscore where one of its accessors would hide another's.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "generate_ts.h"

/* Words that the language keeps, globals and locals that generated code names. */
static const char reserved[] =
    "arguments await break case catch class const continue debugger default delete do else "
    "enum eval export extends false finally for function if implements import in instanceof "
    "interface let new null package private protected public return static super switch this "
    "throw true try typeof undefined var void while with yield Array ArrayLike BigInt64Array "
    "BigUint64Array Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Math "
    "NaN Object Uint16Array Uint32Array Uint8Array flatbuffers zw Number Partial stamp bb "
    "builder optionalEncoding";
/* Those that only declarations cannot have: there is no such name where fields are. */
static const char reserved_outside[] =
    "abstract accessor any as async at bigint boolean bytes data declare found from get i "
    "index infer is key keyof module namespace never numElems number o obj object of offset "
    "options readonly require set source string symbol t type unique unknown value";
/* Members that views and objects have already, or that the language looks for: an object with
 * `then` is taken for a promise. */
static const char members[] =
    "bb bb_pos __init unpack unpackTo pack store constructor then __proto__ hasOwnProperty "
    "isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf __defineGetter__ "
    "__defineSetter__ __lookupGetter__ __lookupSetter__ toJSON";

/* Takes the next word of a list from its front; absent: there is none. */
static zw_str next_word(const char **list) {
  *list += strspn(*list, " ");
  zw_str word = {*list, strcspn(*list, " ")};
  *list += word.len;
  return word;
}

static bool is_among(zw_str word, const char *list) {
  zw_str other;
  while ((other = next_word(&list)).len)
    if (zw_str_eq(word, other)) return true;
  return false;
}

/* ---- taking names ---- */

static void take(ts_gen *g, zw_hmap *taken, zw_str name) {
  if (name.ptr && zw_hmap_set(taken, zw_str_span(name), g, NULL)) g->gen->no_memory = true;
}

/* `wanted`, or with underscores at its end if it is taken; and takes it. */
static zw_str take_free(ts_gen *g, zw_hmap *taken, zw_str wanted) {
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
  const char *words = reserved, *outside = reserved_outside;
  for (zw_str word; (word = next_word(&words)).len;) take(g, &file->symbols, word);
  for (zw_str word; (word = next_word(&outside)).len;) take(g, &file->symbols, word);
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
  s->plain = take_free(g, &s->file->symbols, wanted);
}

/* A name that goes with a declaration, as others see it. */
static zw_str companion(ts_gen *g, const ts_symbol *s, const char *before, const char *after) {
  zw_str wanted = zw_gen_format(g->gen, "%s%.*s%s", before, ZW_ARG(s->plain), after);
  return s->file ? take_free(g, &s->file->symbols, wanted) : wanted;
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
    g->files[i]->alias = take_free(g, &g->files[0]->symbols, alias_of(g, g->files[i]->base));
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
  zw_str name = underscored(g, value->name);
  if (!is_among(name, "NaN Infinity __proto__")) return name;
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

/* Members of instances have a dot in front, those of the class have none. A scalar has the first
 * of them, a FlexBuffer all, what else has elements all but the last. */
static const char *const accessors[] = {".%.*s",      ".%.*sLength",     ".%.*sArray",
                                        ".%.*sByKey", ".%.*sNestedRoot", ".%.*sValue"};
static const char *const mutators[] = {".mutate_%.*s"};
static const char *const adders[] = {
    "add%.*s",         "create%.*sVector", "createSorted%.*sVector",
    "start%.*sVector", "end%.*sVector",    "create%.*sValue"};
#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))
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
  return !is_among(name, reserved_outside) &&
         (is_among(name, members) || zw_hmap_get(&g->files[0]->symbols, zw_str_span(name)));
}

static void name_field(ts_gen *g, zw_hmap *taken, const zw_field *field, ts_field *f) {
  enum zw_field_form form = zw_field_form(field);
  if (form == ZW_FORM_NONE) return;
  bool many = form >= ZW_FORM_OCTETS;
  size_t left_out = form != ZW_FORM_FLEXBUFFER;
  zw_str name = camel(g, field->name, false), upper = camel(g, field->name, true);
  while (!g->gen->no_memory && is_reserved(g, name))
    name = zw_gen_format(g->gen, "%.*s_", ZW_ARG(name));
  f->name = take_around(g, taken, accessors, many ? LENGTH_OF(accessors) - left_out : 1, name);
  f->snake = take_around(g, taken, mutators, 1, field->name);
  f->upper = take_around(g, taken, adders, many ? LENGTH_OF(adders) - left_out : 1, upper);
}

static void name_fields(ts_gen *g, ts_type *t) {
  zw_hmap taken;
  t->fields = zw_arena_array(&g->gen->arena, t->type->field_count, sizeof *t->fields);
  if (!t->fields) {
    g->gen->no_memory = true;
    return;
  }
  zw_hmap_init(&taken, g->gen->from.alloc);
  for (size_t i = 0; i < LENGTH_OF(statics); i++)
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

/* ---- text ---- */

typedef struct ts_base {
  const char *scalar; /* of the run time: "zw.int16" */
  const char *type;   /* "number" */
  const char *suffix; /* of read…: "Int16" */
  const char *add;    /* of addField…: "Int16" */
  const char *array;  /* "Int16Array" */
} ts_base;

static const ts_base bases[ZW_T_DOUBLE + 1] = {
    [ZW_T_NONE] = {"", "", "", "", ""},
    [ZW_T_UTYPE] = {"zw.uint8", "number", "Uint8", "Int8", "Uint8Array"},
    [ZW_T_BOOL] = {"zw.bool", "boolean", "Uint8", "Int8", "Uint8Array"},
    [ZW_T_BYTE] = {"zw.int8", "number", "Int8", "Int8", "Int8Array"},
    [ZW_T_UBYTE] = {"zw.uint8", "number", "Uint8", "Int8", "Uint8Array"},
    [ZW_T_SHORT] = {"zw.int16", "number", "Int16", "Int16", "Int16Array"},
    [ZW_T_USHORT] = {"zw.uint16", "number", "Uint16", "Int16", "Uint16Array"},
    [ZW_T_INT] = {"zw.int32", "number", "Int32", "Int32", "Int32Array"},
    [ZW_T_UINT] = {"zw.uint32", "number", "Uint32", "Int32", "Uint32Array"},
    [ZW_T_LONG] = {"zw.int64", "bigint", "Int64", "Int64", "BigInt64Array"},
    [ZW_T_ULONG] = {"zw.uint64", "bigint", "Uint64", "Int64", "BigUint64Array"},
    [ZW_T_FLOAT] = {"zw.float32", "number", "Float32", "Float32", "Float32Array"},
    [ZW_T_DOUBLE] = {"zw.float64", "number", "Float64", "Float64", "Float64Array"},
};

/* Of a scalar, or of the elements of a vector or array; else an empty one. */
static const ts_base *base_of(const zw_field *field) {
  enum zw_base_type base = zw_field_scalar_base(field);
  if (base == ZW_T_BOOL && field->enum_type) base = ZW_T_UBYTE;
  return &bases[base];
}

const char *zw_ts_base(const zw_field *field) { return base_of(field)->scalar; }

/* One line in a comment: what would end it is parted. */
static void comment_line(zw_text *out, zw_str line) {
  for (size_t i = 0; i < line.len; i++) {
    zw_text_add(out, line.ptr + i, 1);
    if (i + 1 < line.len && line.ptr[i] == '*' && line.ptr[i + 1] == '/') zw_text_add(out, " ", 1);
  }
}

zw_str zw_ts_comment(ts_gen *g, zw_str doc, const char *indent) {
  zw_text text;
  zw_str line;
  zw_text_init(&text, g->gen->from.alloc);
  while (zw_gen_next_line(&doc, &line)) {
    if (!text.len) zw_text_printf(&text, "%s/**\n", indent);
    zw_text_printf(&text, "%s *", indent);
    if (line.len && line.ptr[0] != ' ') zw_text_add(&text, " ", 1);
    comment_line(&text, line);
    zw_text_add(&text, "\n", 1);
  }
  if (text.len) zw_text_printf(&text, "%s */\n", indent);
  return zw_gen_keep(g->gen, &text);
}

static zw_str literal(ts_gen *g, zw_str text, unsigned char last) {
  zw_text out;
  zw_text_init(&out, g->gen->from.alloc);
  zw_text_add(&out, "'", 1);
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    /* U+2028 and U+2029 are allowed in string literals since ES2019. */
    if (c == '\'' || c == '\\')
      zw_text_printf(&out, "\\%c", c);
    else if (c < 32 || c == 127 || c > last)
      zw_text_printf(&out, "\\x%02x", (unsigned)c);
    else
      zw_text_add(&out, text.ptr + i, 1);
  }
  zw_text_add(&out, "'", 1);
  return zw_gen_keep(g->gen, &out);
}

zw_str zw_ts_literal(ts_gen *g, zw_str text) { return literal(g, text, 255); }
zw_str zw_ts_octets(ts_gen *g, zw_str octets) { return literal(g, octets, 127); }

/* The shortest of three precisions that reads back as the same number. */
static zw_str real(ts_gen *g, double value) {
  if (isnan(value)) return ZW_STR("NaN");
  if (isinf(value)) return value < 0 ? ZW_STR("-Infinity") : ZW_STR("Infinity");
  char text[40];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  return zw_gen_format(g->gen, "%s", text);
}

zw_str zw_ts_scalar(ts_gen *g, unsigned base, zw_scalar value) {
  switch (base) {
    case ZW_T_BOOL: return zw_gen_format(g->gen, "%s", value.i ? "true" : "false");
    case ZW_T_FLOAT: return real(g, (double)(float)value.d);
    case ZW_T_DOUBLE: return real(g, value.d);
    case ZW_T_LONG: return zw_gen_format(g->gen, "%" PRId64 "n", value.i);
    case ZW_T_ULONG: return zw_gen_format(g->gen, "%" PRIu64 "n", value.u);
    default: return zw_gen_format(g->gen, "%" PRId64, value.i);
  }
}

/* ---- keys ---- */

const zw_field *zw_ts_key(const zw_type *type) {
  for (unsigned i = 0; i < type->field_count; i++)
    if (type->fields[i].flags & ZW_F_KEY && zw_field_form(&type->fields[i]) != ZW_FORM_NONE)
      return &type->fields[i];
  return NULL;
}

/* ---- variables ---- */

zw_str zw_ts_members(ts_gen *g, const zw_enum_type *type, bool objects) {
  zw_text list;
  zw_text_init(&list, g->gen->from.alloc);
  for (uint32_t i = 0; i < type->value_count; i++) {
    const zw_enum_value *v = &type->values[i];
    zw_str name = ZW_STR("string");
    if (v->base == ZW_T_NONE) continue;
    if (v->type)
      name = objects ? zw_ts_type(g, v->type)->object : zw_ts_type(g, v->type)->head.symbol;
    bool again = false;
    for (uint32_t k = 0; k < i && !again; k++)
      again = type->values[k].base == v->base && type->values[k].type == v->type;
    if (!again) zw_text_printf(&list, "%s%.*s", list.len ? " | " : "", ZW_ARG(name));
  }
  if (!list.len) zw_text_printf(&list, "never");
  return zw_gen_keep(g->gen, &list);
}

/* The constant of an enum that has this value, or the value. */
static zw_str enum_preset(ts_gen *g, const zw_field *field, zw_str number) {
  const zw_enum_value *value = zw_enum_by_value(field->enum_type, field->preset.i);
  const ts_enum *e = zw_ts_enum(g, field->enum_type);
  if (value)
    return zw_gen_format(g->gen, "%.*s.%.*s", ZW_ARG(e->head.symbol),
                         ZW_ARG(zw_ts_value_name(g, value)));
  if (zw_ts_is_long(field->base)) return number;
  return zw_gen_format(g->gen, "(%.*s as number)", ZW_ARG(number));
}

static void scalar_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  enum zw_base_type base = zw_field_scalar_base(field);
  const ts_base *names = base_of(field);
  bool boolean = base == ZW_T_BOOL && !field->enum_type;
  vars->of['c'] =
      field->enum_type ? zw_ts_enum(g, field->enum_type)->head.symbol : zw_str_of(names->type);
  vars->of['k'] = zw_str_of(names->scalar);
  vars->of['I'] = zw_str_of(names->suffix);
  vars->of['A'] = zw_str_of(names->add);
  vars->of['T'] = zw_str_of(names->array);
  vars->of['z'] = zw_gen_format(g->gen, "%zu", zw_base_size(base));
  vars->of['r'] =
      zw_gen_format(g->gen, "this.bb!.read%s(at)%s", names->suffix, boolean ? " !== 0" : "");
  const char *stored = boolean ? "+%.*s" : base == ZW_T_FLOAT ? "Math.fround(%.*s)" : "%.*s";
  vars->of['e'] = zw_gen_format(g->gen, stored, ZW_ARG(vars->of['f']));
  vars->of['+'] = zw_str_of(boolean ? "+" : "");
  vars->of['t'] = zw_str_of(boolean ? "boolean" : names->type);
  if (base == ZW_T_NONE) return;
  bool null = field->flags & ZW_F_OPTIONAL;
  zw_str number = zw_ts_scalar(g,
                               boolean             ? ZW_T_BOOL
                               : base == ZW_T_BOOL ? ZW_T_UBYTE
                                                   : base,
                               field->preset);
  zw_str preset = field->enum_type ? enum_preset(g, field, number) : number;
  vars->of['d'] = vars->of['p'] = null ? ZW_STR("null") : preset;
  if (zw_base_is_float(base) && isnan(field->preset.d))
    vars->of['1'] = zw_gen_format(g->gen, "if (!Number.isNaN(%.*s)) ", ZW_ARG(vars->of['f']));
  vars->of['D'] = null ? ZW_STR("null") : boolean ? zw_str_of(field->preset.i ? "1" : "0") : number;
}

static void enum_vars(ts_gen *g, const ts_type *of, const zw_field *field, zw_gen_vars *vars) {
  const ts_enum *e = zw_ts_enum(g, field->enum_type);
  vars->of['E'] = e->head.symbol;
  if (!field->enum_type->is_union) {
    if (field->enum_type->bit_flags) return;
    vars->of['v'] = zw_gen_format(g->gen, ", () => zw.values(%.*s)", ZW_ARG(e->head.symbol));
    vars->of['4'] =
        zw_gen_format(g->gen, ", %.*s%.*s", ZW_ARG(vars->of['k']), ZW_ARG(vars->of['v']));
    return;
  }
  size_t index = (size_t)(field - of->type->fields);
  bool type = zw_field_is_union_type(field);
  vars->of['U'] = zw_ts_members(g, field->enum_type, false);
  vars->of['u'] = zw_ts_members(g, field->enum_type, true);
  vars->of['J'] = e->to;
  vars->of['M'] = e->members;
  vars->of['D'] = zw_str_of(zw_ts_is_long(field->enum_type->base) ? "0n" : "0");
  if (!type) vars->of['k'] = zw_str_of(base_of(field - 1)->scalar);
  vars->of['t'] = of->fields[type ? index + 1 : index - 1].name;
  vars->of['j'] = zw_gen_format(g->gen, "$%u", field->id + 1u);
}

/* The type of a key that is looked for. */
static zw_str key_type(ts_gen *g, const zw_type *type) {
  const zw_field *key = zw_ts_key(type);
  if (!key) return (zw_str){NULL, 0};
  zw_str name = key->enum_type ? zw_ts_enum(g, key->enum_type)->head.symbol
                : key->type    ? zw_ts_type(g, key->type)->object
                               : zw_str_of(base_of(key)->type);
  if (key->base == ZW_T_STRING) return ZW_STR("string | Uint8Array");
  return key->base == ZW_T_ARRAY ? zw_gen_format(g->gen, "%.*s[]", ZW_ARG(name)) : name;
}

static void object_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  const ts_type *child = zw_ts_type(g, field->type);
  vars->of['V'] = child->head.symbol;
  vars->of['P'] = child->object;
  if (field->flags & ZW_F_NESTED) return;
  bool inline_ = field->type->is_struct;
  vars->of['K'] = key_type(g, field->type);
  vars->of['z'] = zw_gen_format(g->gen, "%u", inline_ ? field->type->size : 4);
  vars->of['a'] = zw_gen_format(g->gen, "%u", inline_ ? field->type->align : 4);
  vars->of['b'] = zw_str_of(inline_ ? "at" : "this.bb!.__indirect(at)");
}

/* Where an element of a vector that is looked up lies. */
static zw_str element_place(ts_gen *g, const zw_field *field, const zw_gen_vars *vars) {
  zw_str at =
      zw_gen_format(g->gen, "zw.element%.*s(this, %.*s, index, %.*s%.*s)", ZW_ARG(vars->of['w']),
                    ZW_ARG(vars->of['s']), ZW_ARG(vars->of['z']), ZW_ARG(vars->of['L']));
  if (field->type->is_struct) return at;
  return zw_gen_format(g->gen, "this.bb!.__indirect(%.*s)", ZW_ARG(at));
}

static unsigned element_align(const zw_field *field) {
  unsigned align = field->type && field->element == ZW_T_OBJ
                       ? (field->type->is_struct ? field->type->align : 4)
                       : (unsigned)zw_base_size((enum zw_base_type)field->element);
  return field->align > align ? field->align : align ? align : 1;
}

/* 64-bit offsets and lengths. */
static void wide_vars(const zw_field *field, zw_gen_vars *vars) {
  bool wide = field->base == ZW_T_VECTOR64;
  bool far = wide || field->flags & ZW_F_OFFSET64;
  bool vector = wide || field->base == ZW_T_VECTOR;
  vars->of['w'] = zw_str_of(far ? "64" : "");
  vars->of['W'] = zw_str_of(wide ? "64" : "");
  vars->of['L'] = zw_str_of(!far || !vector ? "" : wide ? ", 8" : ", 4");
}

/* Elements with a key are sorted as they are packed, structs as soon as they are written. */
static void sort_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  if (!field->type->is_struct) {
    vars->of['5'] = ZW_STR("Sorted");
    return;
  }
  vars->of['Y'] =
      zw_gen_format(g->gen, "zw.sortStructs(builder, %.*s.key, ", ZW_ARG(vars->of['V']));
  vars->of['y'] = zw_gen_format(g->gen, ", %.*s, data.length)", ZW_ARG(vars->of['z']));
}

static void vector_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  bool wide = field->base == ZW_T_VECTOR64;
  bool empty = zw_gen_has_vector_preset(field);
  enum zw_field_form form = zw_field_form(field);
  bool raw = form == ZW_FORM_OCTETS || form == ZW_FORM_NESTED || form == ZW_FORM_FLEXBUFFER;
  if (field->element == ZW_T_STRING || field->element == ZW_T_UNION) vars->of['z'] = ZW_STR("4");
  vars->of['g'] = zw_gen_format(g->gen, "%u", element_align(field));
  vars->of['G'] = zw_gen_format(g->gen, "%u", field->align);
  vars->of['n'] = zw_str_of(empty ? "" : " | null");
  vars->of['N'] =
      empty ? zw_gen_format(g->gen, " ?? new %.*s(0)", ZW_ARG(vars->of['T'])) : ZW_STR("");
  vars->of['p'] = zw_str_of(!empty ? "null" : raw ? "new Uint8Array(0)" : "[]");
  vars->of['S'] = zw_str_of(wide ? "zw.startVector64(builder, " : "builder.startVector(");
  vars->of['Z'] = zw_str_of(wide ? "zw.endVector64(builder, data.length)" : "builder.endVector()");
  if (field->element != ZW_T_OBJ) return;
  vars->of['o'] = element_place(g, field, vars);
  if (vars->of['K'].len) sort_vars(g, field, vars);
}

static void string_vars(ts_gen *g, const zw_field *field, zw_gen_vars *vars) {
  zw_str preset = zw_gen_string_preset(g->gen, field);
  vars->of['a'] = zw_str_of(field->flags & ZW_F_SHARED && !(field->flags & ZW_F_OFFSET64)
                                ? "zw.createSharedString(builder, "
                                : "builder.createString(");
  if (field->base != ZW_T_STRING) return;
  vars->of['d'] = preset.ptr ? zw_ts_literal(g, preset) : ZW_STR("null");
  vars->of['n'] = zw_str_of(preset.ptr ? "" : " | null");
}

static bool has_code(const zw_type *type) {
  for (unsigned i = 0; i < type->field_count; i++)
    if (zw_field_form(&type->fields[i]) != ZW_FORM_NONE) return true;
  return false;
}

void zw_ts_type_vars(ts_gen *g, const ts_type *t, zw_gen_vars *vars) {
  memset(vars, 0, sizeof *vars);
  vars->of['X'] = t->head.symbol;
  vars->of['P'] = t->object;
  vars->of['N'] = t->type->name;
  vars->of['C'] = zw_ts_comment(g, t->type->doc, "");
  vars->of['_'] = zw_str_of(has_code(t->type) ? "" : "_");
  vars->of['z'] = zw_gen_format(g->gen, "%u", t->type->size);
  vars->of['a'] = zw_gen_format(g->gen, "%u", t->type->align);
}

void zw_ts_field_vars(ts_gen *g, const ts_type *of, const zw_field *field, zw_gen_vars *vars) {
  const ts_field *names = &of->fields[field - of->type->fields];
  bool required = field->flags & ZW_F_REQUIRED;
  memset(vars, 0, sizeof *vars);
  vars->of['$'] = ZW_STR("$");
  vars->of['X'] = of->head.symbol;
  vars->of['f'] = names->name;
  vars->of['F'] = names->upper;
  vars->of['m'] = names->snake;
  vars->of['x'] = field->name;
  vars->of['i'] = zw_gen_format(g->gen, "%u", field->id);
  vars->of['s'] = zw_gen_format(g->gen, "%u", 4 + 2u * field->id);
  vars->of['l'] = zw_gen_format(g->gen, "$%u", field->id);
  vars->of['q'] = zw_str_of(required ? ", zw.REQUIRED" : "");
  vars->of['Q'] = zw_str_of(required ? "zw.REQUIRED" : "0");
  vars->of['C'] = zw_ts_comment(g, field->doc, "  ");
  vars->of['O'] = zw_gen_format(g->gen, "%u", field->offset);
  wide_vars(field, vars);
  scalar_vars(g, field, vars);
  if (field->base == ZW_T_STRING || field->element == ZW_T_STRING) string_vars(g, field, vars);
  if (field->enum_type) enum_vars(g, of, field, vars);
  vars->of['#'] = zw_gen_format(g->gen, "%u", field->fixed_length);
  if (field->type) object_vars(g, field, vars);
  if (field->base == ZW_T_VECTOR || field->base == ZW_T_VECTOR64) vector_vars(g, field, vars);
}
