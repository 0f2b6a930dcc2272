/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in generated C++. What is a keyword, a macro or taken already gets a trailing underscore,
 * until it is free. Generated code's own names begin with zw_ and do not end in an underscore; the
 * schema's that begin so get one. A field takes the names of all its accessors together.
 */
#include "generate_cpp.h"

/* Beyond the keywords of C and C++: macros of the headers that are included, and words with a
 * meaning of their own in some places. */
static const char *const macros[] = {
    "std",          "final",         "override",       "import",      "module",
    "posix",        "SIZE_MAX",      "PTRDIFF_MAX",    "PTRDIFF_MIN", "INTMAX_MAX",
    "INTMAX_MIN",   "UINTMAX_MAX",   "INT8_MIN",       "INT8_MAX",    "UINT8_MAX",
    "INT16_MIN",    "INT16_MAX",     "UINT16_MAX",     "INT32_MIN",   "INT32_MAX",
    "UINT32_MAX",   "INT64_MIN",     "INT64_MAX",      "UINT64_MAX",  "INTPTR_MAX",
    "INTPTR_MIN",   "UINTPTR_MAX",   "WCHAR_MIN",      "WCHAR_MAX",   "WEOF",
    "INT_MIN",      "INT_MAX",       "UINT_MAX",       "LONG_MIN",    "LONG_MAX",
    "ULONG_MAX",    "CHAR_BIT",      "CHAR_MIN",       "CHAR_MAX",    "SHRT_MIN",
    "SHRT_MAX",     "USHRT_MAX",     "SCHAR_MIN",      "SCHAR_MAX",   "UCHAR_MAX",
    "RAND_MAX",     "EXIT_SUCCESS",  "EXIT_FAILURE",   "MB_CUR_MAX",  "BUFSIZ",
    "FILENAME_MAX", "FOPEN_MAX",     "TMP_MAX",        "L_tmpnam",    "SEEK_SET",
    "SEEK_CUR",     "SEEK_END",      "CLOCKS_PER_SEC", "TIME_UTC",    "LC_ALL",
    "LC_COLLATE",   "LC_CTYPE",      "LC_MONETARY",    "LC_NUMERIC",  "LC_TIME",
    "BIG_ENDIAN",   "LITTLE_ENDIAN", "PDP_ENDIAN",     "BYTE_ORDER",  "FD_SET",
    "FD_CLR",       "FD_ISSET",      "FD_ZERO",        "FD_SETSIZE",  "NFDBITS",
    "WNOHANG",      "WUNTRACED",     "va_arg",         "va_start",    "va_end",
    "va_copy",      "alloca",        "strdupa",        "i386",        "E2BIG",
    "EACCES",       "EADDRINUSE",    "EAGAIN",         "EBADF",       "EBUSY",
    "ECANCELED",    "ECHILD",        "ECONNREFUSED",   "ECONNRESET",  "EDEADLK",
    "EDOM",         "EEXIST",        "EFAULT",         "EFBIG",       "EILSEQ",
    "EINPROGRESS",  "EINTR",         "EINVAL",         "EIO",         "EISCONN",
    "EISDIR",       "ELOOP",         "EMFILE",         "EMLINK",      "EMSGSIZE",
    "ENAMETOOLONG", "ENETDOWN",      "ENETRESET",      "ENFILE",      "ENOBUFS",
    "ENODATA",      "ENODEV",        "ENOENT",         "ENOEXEC",     "ENOLCK",
    "ENOLINK",      "ENOMEM",        "ENOMSG",         "ENOSPC",      "ENOSR",
    "ENOSTR",       "ENOSYS",        "ENOTCONN",       "ENOTDIR",     "ENOTEMPTY",
    "ENOTSOCK",     "ENOTSUP",       "ENOTTY",         "ENXIO",       "EOPNOTSUPP",
    "EOVERFLOW",    "EOWNERDEAD",    "EPERM",          "EPIPE",       "EPROTO",
    "ERANGE",       "EROFS",         "ESPIPE",         "ESRCH",       "ESTALE",
    "ETIME",        "ETIMEDOUT",     "ETXTBSY",        "EWOULDBLOCK", "EXDEV"};

/* Functions of the C library that a namespace may not be called. */
static const char *const functions[] = {
    "abort",  "abs",    "acos",     "asin",     "atan",  "atoi",   "calloc", "ceil",   "clock",
    "cos",    "div",    "erf",      "exit",     "exp",   "floor",  "fork",   "free",   "gamma",
    "getenv", "index",  "ldiv",     "link",     "log",   "lseek",  "malloc", "memory", "pause",
    "pipe",   "pow",    "printf",   "puts",     "rand",  "random", "read",   "remove", "rename",
    "round",  "select", "signal",   "sin",      "sleep", "sqrt",   "strlen", "sync",   "system",
    "tan",    "time",   "timezone", "daylight", "trunc", "write",  "y0",     "y1",     "yn",
    "j0",     "j1",     "jn",       "open",     "close", "access", "chown",  "brk",    "environ"};

/* What the run time has in its own namespace. */
static const char *const library[] = {"builder",
                                      "bytes",
                                      "compare",
                                      "copy",
                                      "enum_name",
                                      "enum_traits",
                                      "finish",
                                      "finish_sized",
                                      "from_json",
                                      "items",
                                      "little",
                                      "maybe",
                                      "member",
                                      "member_list",
                                      "pack",
                                      "pack_object",
                                      "pack_sized",
                                      "ref",
                                      "root_trusted",
                                      "span",
                                      "table_view",
                                      "to_json",
                                      "traits",
                                      "union_object",
                                      "union_ref",
                                      "union_traits",
                                      "union_view",
                                      "unpack",
                                      "vector_view",
                                      "verify",
                                      "verify_identified",
                                      "verify_sized",
                                      "void_object",
                                      "void_view"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool is_among(zw_str word, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (zw_str_eq(word, zw_str_of(list[i]))) return true;
  return false;
}

static bool starts(zw_str word, const char *with) {
  size_t len = strlen(with);
  return word.len >= len && memcmp(word.ptr, with, len) == 0;
}

static zw_str underscored(cpp_gen *g, zw_str word) {
  return zw_gen_format(g->gen, "%.*s_", ZW_ARG(word));
}

/* A word of the schema as an identifier, wherever it stands. */
static zw_str plain(cpp_gen *g, zw_str word) {
  bool reserved = zw_c_is_keyword(word) || is_among(word, macros, COUNT(macros)) ||
                  starts(word, "zw_") || starts(word, "ZW_");
  return reserved ? underscored(g, word) : word;
}

static void take(cpp_gen *g, zw_str name) {
  if (!name.ptr || zw_hmap_set(&g->taken, zw_str_span(name), g, NULL)) g->gen->no_memory = true;
}

static bool is_taken(const cpp_gen *g, zw_str name) {
  return zw_hmap_get(&g->taken, zw_str_span(name)) != NULL;
}

/* ---- namespaces ---- */

static zw_str space_of(cpp_gen *g, zw_str full) {
  zw_str rest = zw_gen_namespace(full), space = {"", 0};
  if (!rest.len) return ZW_STR("zw_global");
  for (bool first = true; rest.len; first = false) {
    const char *dot = memchr(rest.ptr, '.', rest.len);
    zw_str part = {rest.ptr, dot ? (size_t)(dot - rest.ptr) : rest.len};
    size_t gone = part.len + (dot ? 1 : 0);
    rest = (zw_str){rest.ptr + gone, rest.len - gone};
    bool function = first && is_among(part, functions, COUNT(functions));
    part = function ? underscored(g, part) : plain(g, part);
    space = first ? part : zw_gen_format(g->gen, "%.*s::%.*s", ZW_ARG(space), ZW_ARG(part));
    if (g->gen->no_memory) break;
    take(g, zw_gen_format(g->gen, "::%.*s", ZW_ARG(space)));
  }
  return space;
}

static zw_str full_of(cpp_gen *g, zw_str space, zw_str name) {
  return zw_gen_format(g->gen, "::%.*s::%.*s", ZW_ARG(space), ZW_ARG(name));
}

/* A name in a namespace that nothing else has. A type without a namespace is not called what a
 * namespace is. */
static zw_str declare(cpp_gen *g, zw_str space, zw_str wanted) {
  zw_str name = plain(g, wanted);
  bool global = zw_str_eq(space, ZW_STR("zw_global")), ours = zw_str_eq(space, ZW_STR("zw"));
  while (!g->gen->no_memory) {
    bool taken = is_taken(g, full_of(g, space, name)) ||
                 (ours && is_among(name, library, COUNT(library))) ||
                 (global && (is_taken(g, zw_gen_format(g->gen, "::%.*s", ZW_ARG(name))) ||
                             zw_str_eq(name, ZW_STR("zw"))));
    if (!taken) break;
    name = underscored(g, name);
  }
  take(g, full_of(g, space, name));
  return name;
}

/* ---- fields ---- */

/* The names of one field's accessors, as it is called now. */
typedef struct family {
  cpp_gen *g;
  zw_hmap *used; /* names of the type */
  bool free;
} family;

static void look(family *f, zw_str name) {
  if (zw_hmap_get(f->used, zw_str_span(name))) f->free = false;
}

static void use(family *f, zw_str name) {
  if (!name.ptr || zw_hmap_set(f->used, zw_str_span(name), f->g, NULL)) f->g->gen->no_memory = true;
}

static void each_name(family *f, const zw_field *field, zw_str name,
                      void (*visit)(family *, zw_str)) {
  visit(f, name);
  visit(f, zw_gen_format(f->g->gen, "has_%.*s", ZW_ARG(name)));
  visit(f, zw_gen_format(f->g->gen, "set_%.*s", ZW_ARG(name)));
  visit(f, zw_gen_format(f->g->gen, "add_%.*s", ZW_ARG(name)));
  if (field->flags & ZW_F_NESTED) visit(f, zw_gen_format(f->g->gen, "%.*s_root", ZW_ARG(name)));
  bool is_union = field->enum_type && field->enum_type->is_union && !zw_field_is_union_type(field);
  for (uint32_t i = 0; is_union && i < field->enum_type->value_count; i++) {
    zw_str member = field->enum_type->values[i].name;
    visit(f, zw_gen_format(f->g->gen, "%.*s_as_%.*s", ZW_ARG(name), ZW_ARG(member)));
    visit(f, zw_gen_format(f->g->gen, "add_%.*s_as_%.*s", ZW_ARG(name), ZW_ARG(member)));
  }
}

static void name_fields(cpp_gen *g, cpp_type *t) {
  zw_hmap used;
  family f = {g, &used, true};
  t->fields = zw_arena_array(&g->gen->arena, t->type->field_count, sizeof *t->fields);
  if (!t->fields) {
    g->gen->no_memory = true;
    return;
  }
  zw_hmap_init(&used, g->gen->from.alloc);
  use(&f, t->name);
  if (!t->type->is_struct) use(&f, t->object);
  if (!t->type->is_struct) use(&f, t->builder);
  if (!t->type->is_struct) use(&f, ZW_STR("end"));
  for (unsigned i = 0; i < t->type->field_count && !g->gen->no_memory; i++) {
    const zw_field *field = &t->type->fields[i];
    t->fields[i] = plain(g, field->name);
    if (zw_field_form(field) == ZW_FORM_NONE) continue;
    for (;;) {
      f.free = true;
      each_name(&f, field, t->fields[i], look);
      if (f.free || g->gen->no_memory) break;
      t->fields[i] = underscored(g, t->fields[i]);
    }
    each_name(&f, field, t->fields[i], use);
  }
  zw_hmap_deinit(&used);
}

/* ---- enums ---- */

static void name_values(cpp_gen *g, cpp_enum *e) {
  zw_hmap used;
  family f = {g, &used, true};
  e->values = zw_arena_array(&g->gen->arena, e->type->value_count, sizeof *e->values);
  if (!e->values) {
    g->gen->no_memory = true;
    return;
  }
  zw_hmap_init(&used, g->gen->from.alloc);
  for (uint32_t i = 0; i < e->type->value_count && !g->gen->no_memory; i++) {
    zw_str name = plain(g, e->type->values[i].name);
    for (f.free = false; !f.free && !g->gen->no_memory;) {
      f.free = true;
      look(&f, name);
      if (!f.free) name = underscored(g, name);
    }
    use(&f, name);
    e->values[i] = name;
  }
  zw_hmap_deinit(&used);
}

/* ---- the passes ---- */

static bool is_own(const cpp_gen *g, zw_str full) {
  return g->gen->from.is_own(g->gen->from.ctx, full);
}

static void name_spaces(cpp_gen *g) {
  const zw_schema *s = g->gen->from.schema;
  for (size_t i = 0; i < s->enum_count && !g->gen->no_memory; i++)
    g->enums[i].space = space_of(g, s->enums[i].name);
  for (size_t i = 0; i < s->type_count && !g->gen->no_memory; i++)
    g->types[i].space = space_of(g, s->types[i].name);
}

static void name_declarations(cpp_gen *g) {
  const zw_schema *s = g->gen->from.schema;
  for (size_t i = 0; i < s->enum_count && !g->gen->no_memory; i++) {
    cpp_enum *e = &g->enums[i];
    e->type = &s->enums[i];
    e->own = is_own(g, e->type->name);
    e->name = declare(g, e->space, zw_gen_last(e->type->name));
    e->full = full_of(g, e->space, e->name);
  }
  for (size_t i = 0; i < s->type_count && !g->gen->no_memory; i++) {
    cpp_type *t = &g->types[i];
    t->type = &s->types[i];
    t->builtin = zw_gen_is_void(t->type);
    t->own = !t->builtin && is_own(g, t->type->name);
    if (t->builtin) {
      t->full = ZW_STR("::zw::void_view");
      t->full_object = ZW_STR("::zw::void_object");
      continue;
    }
    t->name = declare(g, t->space, zw_gen_last(t->type->name));
    t->full = full_of(g, t->space, t->name);
  }
}

/* What comes from a table's name gives way to what the schema declares. */
static void name_objects(cpp_gen *g) {
  for (size_t i = 0; i < g->gen->from.schema->type_count && !g->gen->no_memory; i++) {
    cpp_type *t = &g->types[i];
    zw_str last = zw_gen_last(t->type->name);
    if (t->builtin || t->type->is_struct) continue;
    t->object = declare(g, t->space, zw_gen_format(g->gen, "%.*sT", ZW_ARG(last)));
    t->builder = declare(g, t->space, zw_gen_format(g->gen, "%.*sBuilder", ZW_ARG(last)));
    t->full_object = full_of(g, t->space, t->object);
  }
}

int zw_cpp_name_all(cpp_gen *g) {
  const zw_schema *s = g->gen->from.schema;
  g->types = zw_arena_array(&g->gen->arena, s->type_count, sizeof *g->types);
  g->enums = zw_arena_array(&g->gen->arena, s->enum_count, sizeof *g->enums);
  if (!g->types || !g->enums) return ZW_ENOMEM;
  name_spaces(g);
  if (!g->gen->no_memory) name_declarations(g);
  if (!g->gen->no_memory) name_objects(g);
  for (size_t i = 0; i < s->type_count && !g->gen->no_memory; i++)
    if (!g->types[i].builtin) name_fields(g, &g->types[i]);
  for (size_t i = 0; i < s->enum_count && !g->gen->no_memory; i++) name_values(g, &g->enums[i]);
  return g->gen->no_memory ? ZW_ENOMEM : 0;
}
