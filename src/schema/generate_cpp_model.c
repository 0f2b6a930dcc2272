/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the schema is in C++: names, and templates for each form of a field.
 *
 * Names: what is a keyword, a macro or taken already gets a trailing underscore, until it is free.
 * Generated code's own names begin with zw_ and do not end in an underscore; the schema's that
 * begin so get one. A field takes the names of all its accessors together.
 *
 * Variables of the templates: T the view's name, f the field, i its id; of the value or element: c
 * its C++ type, d the default, D that of the object, V the view or struct, O the object, n the
 * length of an array, a alignment, p what builders take; w "64" where the offset has 64 bits, l the
 * octets of the vector's length as an argument, r what the root of octets is and q what makes it, s
 * "shared_" for shared strings, e "required" or nothing. Of members that may be left out: h and g
 * stand around the type (H: a struct's), k is the condition; of those that are required: K is the
 * check, u what a struct is otherwise.
 */
#include <inttypes.h>
#include <math.h>

#include "generate_cpp.h"

/* Beyond the keywords of C and C++: macros of the headers that are included, and words with a
 * meaning of their own in some places. */
static const char macros[] =
    "CSIGNAL E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EADV EAFNOSUPPORT EAGAIN EALREADY EBADE "
    "EBADF EBADFD EBADMSG EBADR EBADRQC EBADSLT EBFONT EBUSY ECANCELED ECHILD ECHRNG ECOMM "
    "ECONNABORTED ECONNREFUSED ECONNRESET EDEADLK EDEADLOCK EDESTADDRREQ EDOM EDOTDOT EDQUOT "
    "EEXIST EFAULT EFBIG EHOSTDOWN EHOSTUNREACH EHWPOISON EIDRM EILSEQ EINPROGRESS EINTR "
    "EINVAL EIO EISCONN EISDIR EISNAM EKEYEXPIRED EKEYREJECTED EKEYREVOKED EL2HLT EL2NSYNC "
    "EL3HLT EL3RST ELIBACC ELIBBAD ELIBEXEC ELIBMAX ELIBSCN ELNRNG ELOOP EMEDIUMTYPE EMFILE "
    "EMLINK EMSGSIZE EMULTIHOP ENAMETOOLONG ENAVAIL ENETDOWN ENETRESET ENETUNREACH ENFILE "
    "ENOANO ENOBUFS ENOCSI ENODATA ENODEV ENOENT ENOEXEC ENOKEY ENOLCK ENOLINK ENOMEDIUM "
    "ENOMEM ENOMSG ENONET ENOPKG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS ENOTBLK ENOTCONN "
    "ENOTDIR ENOTEMPTY ENOTNAM ENOTRECOVERABLE ENOTSOCK ENOTSUP ENOTTY ENOTUNIQ ENXIO "
    "EOPNOTSUPP EOVERFLOW EOWNERDEAD EPERM EPFNOSUPPORT EPIPE EPROTO EPROTONOSUPPORT "
    "EPROTOTYPE ERANGE EREMCHG EREMOTE EREMOTEIO ERESTART ERFKILL EROFS ESHUTDOWN "
    "ESOCKTNOSUPPORT ESPIPE ESRCH ESRMNT ESTALE ESTRPIPE ETIME ETIMEDOUT ETOOMANYREFS "
    "ETXTBSY EUCLEAN EUNATCH EUSERS EWOULDBLOCK EXDEV EXFULL FD_CLR FD_ISSET FD_SET "
    "FD_SETSIZE FD_ZERO INT_MAX INT_MIN L_ctermid L_cuserid MOD_CLKA MOD_CLKB MOD_ESTERROR "
    "MOD_FREQUENCY MOD_MAXERROR MOD_MICRO MOD_NANO MOD_OFFSET MOD_STATUS MOD_TAI "
    "MOD_TIMECONST NFDBITS PDP_ENDIAN P_tmpdir SIZE_WIDTH STA_CLK STA_CLOCKERR STA_DEL "
    "STA_FLL STA_FREQHOLD STA_INS STA_MODE STA_NANO STA_PLL STA_PPSERROR STA_PPSFREQ "
    "STA_PPSJITTER STA_PPSSIGNAL STA_PPSTIME STA_PPSWANDER STA_RONLY STA_UNSYNC "
    "TIMER_ABSTIME TIME_UTC UINT_MAX WCONTINUED WEXITED WEXITSTATUS WIFCONTINUED WIFEXITED "
    "WIFSIGNALED WIFSTOPPED WNOHANG WNOWAIT WSTOPPED WSTOPSIG WTERMSIG WUNTRACED alloca "
    "be16toh be32toh be64toh final htobe16 htobe32 htobe64 htole16 htole32 htole64 import "
    "le16toh le32toh le64toh module override posix sched_priority std strdupa strndupa";

/* What whole families of them begin with, and generated code's own names. */
static const char prefixes[] =
    "ADJ_ ATOMIC_ CLOCK_ CLONE_ CPU_ INT16_ INT32_ INT64_ INT8_ INTMAX_ INTPTR_ INT_FAST "
    "INT_LEAST LC_ PTHREAD_ PTRDIFF_ RENAME_ SCHED_ SEEK_ SIG_ATOMIC_ UINT16_ UINT32_ "
    "UINT64_ UINT8_ UINTMAX_ UINTPTR_ UINT_FAST UINT_LEAST WCHAR_ WINT_ ZEROWIRE_ ZW_ __ "
    "pthread_ sched_ zw_";

/* Functions and types of the C library that a namespace may not be called; and how others end. */
static const char endings[] = "_t _r _l _np _unlocked";
static const char functions[] =
    "a64l arc4random arc4random_buf arc4random_uniform at_quick_exit canonicalize_file_name "
    "clearenv clock_adjtime clock_getcpuclockid clock_getres clock_gettime clock_nanosleep "
    "clock_settime clone ctermid cuserid drand48_data duplocale dysize ecvt erand48 "
    "explicit_bzero fcloseall fcvt fd_mask ffsl ffsll fgetpos64 fgetwc fgetws fmemopen "
    "fopen64 fopencookie fputwc fputws freelocale freopen64 fseeko fseeko64 fsetpos64 ftello "
    "ftello64 ftrylockfile funlockfile fwide fwprintf fwscanf gcvt getcpu getdate "
    "getdate_err getloadavg getpt getsubopt getw getwc getwchar grantpt isctype itimerspec "
    "l64a lcong48 mbsnrtowcs mbsrtowcs memccpy memfrob memmem memory mempcpy memrchr "
    "mkostemp mkostemp64 mkostemps mkostemps64 mkstemp64 mkstemps mkstemps64 mktemp "
    "nanosleep newlocale obstack obstack_printf obstack_vprintf on_exit open_memstream "
    "open_wmemstream posix_memalign posix_openpt program_invocation_name "
    "program_invocation_short_name pselect ptsname putenv putw putwc putwchar qfcvt qgcvt "
    "random_data rawmemchr reallocarray realpath renameat renameat2 rpmatch secure_getenv "
    "setbuffer setlinebuf setns sigevent srand48 strcasestr strchrnul strfromd strfromf "
    "strfromf128 strfromf32 strfromf32x strfromf64 strfromf64x strfroml strfry strncasecmp "
    "strptime strtof128 strtof32 strtof32x strtof64 strtof64x strtoq strtouq strverscmp "
    "swprintf swscanf tempnam timegm timelocal timer_create timer_delete timer_getoverrun "
    "timer_gettime timer_settime timespec_get timespec_getres timex tmpfile64 ungetwc "
    "unlockpt unshare uselocale valloc vasprintf vdprintf vfwprintf vfwscanf vswprintf "
    "vswscanf vwprintf vwscanf wcpcpy wcpncpy wcrtomb wcscasecmp wcscat wcschr wcschrnul "
    "wcscmp wcscoll wcscpy wcscspn wcsdup wcsftime wcslen wcsncasecmp wcsncat wcsncmp "
    "wcsncpy wcsnlen wcsnrtombs wcspbrk wcsrchr wcsrtombs wcsspn wcsstr wcstod wcstof "
    "wcstof128 wcstof32 wcstof32x wcstof64 wcstof64x wcstok wcstol wcstold wcstoll wcstombs "
    "wcstoq wcstoul wcstoull wcstouq wcswcs wcswidth wcsxfrm wctob wcwidth wmemmove wmempcpy "
    "wprintf wscanf";

/* What the run time has in its own namespace. */
static const char library[] =
    "builder bytes compare copy enum_name enum_traits finish finish_sized flexbuffer from_json "
    "items little maybe member member_list pack pack_object pack_sized ref root_trusted span "
    "table_view to_json traits union_object union_ref union_traits union_view unpack "
    "vector_view verify verify_identified verify_sized void_object void_view";

/* Whether the list, words with a blank between them, has a word that `fits`. */
static bool any_of(const char *list, bool (*fits)(zw_str listed, zw_str word), zw_str word) {
  while (*list) {
    zw_str listed = {list, strcspn(list, " ")};
    if (fits(listed, word)) return true;
    list += listed.len;
    list += *list == ' ';
  }
  return false;
}

static bool begins(zw_str listed, zw_str word) {
  return word.len >= listed.len && memcmp(word.ptr, listed.ptr, listed.len) == 0;
}

static bool ends(zw_str listed, zw_str word) {
  return word.len >= listed.len &&
         memcmp(word.ptr + word.len - listed.len, listed.ptr, listed.len) == 0;
}

static zw_str underscored(cpp_gen *g, zw_str word) {
  return zw_gen_format(g->gen, "%.*s_", ZW_ARG(word));
}

/* A word of the schema as an identifier, wherever it stands. */
static zw_str plain(cpp_gen *g, zw_str word) {
  bool reserved = zw_c_is_word(word) || any_of(macros, zw_str_eq, word) ||
                  any_of(prefixes, begins, word) ||
                  (word.len > 1 && word.ptr[0] == '_' && word.ptr[1] >= 'A' && word.ptr[1] <= 'Z');
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
    bool function = first && (zw_c_is_library_name(part) || any_of(functions, zw_str_eq, part) ||
                              any_of(endings, ends, part));
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
                 (ours && any_of(library, zw_str_eq, name)) ||
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
  if (field->flags & (ZW_F_NESTED | ZW_F_FLEXBUFFER))
    visit(f, zw_gen_format(f->g->gen, "%.*s_root", ZW_ARG(name)));
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

/* ---- what fields are ---- */

#define D "::zw::zw_detail::"
#define VECTOR(c) "::zw::vector_view<" c ">"
#define UNPACK(what) "  " D "unpack_" what "(zw_v.$f(), zw_o.$f);\n"
#define ADD_REF D "add_ref$w(zw_b, $i, "
#define ITEMS(c) "const ::zw::items<" c "> &"
#define PACK_LIST "  $k" ADD_REF D "list$w(zw_b, zw_o.$f, $a$l));\n"

#define SCALARS(c)                                                        \
  {                                                                       \
    .type = VECTOR(c), .read = D "vector$w<" c ">(zw_t, $i$l)",           \
    .member = "  $h"                                                      \
              "std::vector<" c ">$g $f;\n",                               \
    .unpack = UNPACK("list"), .pack = PACK_LIST, .add_type = ITEMS("$p"), \
    .add = ADD_REF D "plain$w<$p>(zw_b, zw_value, $a$l))",                \
  }

/* A nested buffer, at its own alignment. */
#define BUFFER                                                                      \
  {                                                                                 \
    .type = VECTOR("uint8_t"), .read = D "vector$w<uint8_t>(zw_t, $i$l)",           \
    .member = "  $h"                                                                \
              "std::vector<uint8_t>$g $f;\n",                                       \
    .unpack = UNPACK("list"), .pack = "  $k" ADD_REF D "nested(zw_b, zw_o.$f));\n", \
    .add_type = ITEMS("uint8_t"), .add = ADD_REF D "nested(zw_b, zw_value))",       \
  }

static const cpp_form forms[ZW_FORM_COUNT] = {
    [ZW_FORM_SCALAR] = {.type = "$c",
                        .read = D "scalar<$c>(zw_t, $i, $d)",
                        .change = D "change<$c>(zw_t, $i, zw_value)",
                        .change_type = "$c ",
                        .member = "  $c $f = $d;\n",
                        .unpack = "  zw_o.$f = zw_v.$f();\n",
                        .pack = "  " D "add<$c>(zw_b, $i, zw_o.$f, $d);\n",
                        .add_type = "$c ",
                        .add = D "add<$c>(zw_b, $i, zw_value, $d)",
                        .key = "$c"},
    [ZW_FORM_OPTIONAL] = {.type = "std::optional<$c>",
                          .read = D "optional<$c>(zw_t, $i)",
                          .change = D "change<$c>(zw_t, $i, zw_value)",
                          .change_type = "$c ",
                          .member = "  std::optional<$c> $f;\n",
                          .unpack = "  zw_o.$f = zw_v.$f();\n",
                          .pack = "  " D "add_present<$c>(zw_b, $i, zw_o.$f);\n",
                          .add_type = "$c ",
                          .add = D "add_present<$c>(zw_b, $i, zw_value)"},
    [ZW_FORM_STRING] = {.type = "std::string_view",
                        .read = D "text$w(zw_t, $i$d)",
                        .member = "  $h"
                                  "std::string$g $f$D;\n",
                        .unpack = UNPACK("text"),
                        .pack = "  $k" ADD_REF D "$s"
                                "text$w(zw_b, zw_o.$f));\n",
                        .add_type = "std::string_view ",
                        .add = ADD_REF D "$s"
                                         "text$w(zw_b, zw_value))",
                        .key = "std::string_view"},
    [ZW_FORM_STRUCT] = {.type = "std::optional<$V>",
                        .read = D "structure<$V>(zw_t, $i)",
                        .change = D "change_struct<$V>(zw_t, $i, zw_value)",
                        .change_type = "const $V &",
                        .member = "  $H$V$g $f;\n",
                        .unpack = "  zw_o.$f = zw_v.$f()$u;\n",
                        .pack = "  " D "add_struct<$V>(zw_b, $i, zw_o.$f);\n",
                        .add_type = "const $V &",
                        .add = D "add_struct<$V>(zw_b, $i, zw_value)",
                        .key = "$V"},
    [ZW_FORM_TABLE] = {.type = "$V",
                       .read = "$V(zw_table_table(zw_t, $i))",
                       .member = "  std::unique_ptr<$O> $f;\n",
                       .unpack = UNPACK("child"),
                       .pack = "  " D "add_$e(zw_b, $i, " D "pack_child(zw_b, zw_o.$f));\n",
                       .add_type = "::zw::ref<$V> ",
                       .add = D "add_ref(zw_b, $i, zw_value.id)"},
    [ZW_FORM_UNION_TYPE] = {.type = "$c", .read = D "scalar<$c>(zw_t, $i, $c())"},
    [ZW_FORM_UNION] = {.type = "::zw::union_view<$c>",
                       .read = D "one_of<$c>(zw_t, $i)",
                       .member = "  ::zw::union_object<$c> $f;\n",
                       .unpack = UNPACK("union"),
                       .pack = "$K  " D "add_union<$c>(zw_b, $i, zw_o.$f);\n"},
    [ZW_FORM_OCTETS] = SCALARS("uint8_t"),
    [ZW_FORM_NESTED] = BUFFER,
    [ZW_FORM_FLEXBUFFER] = BUFFER,
    [ZW_FORM_SCALARS] = SCALARS("$c"),
    [ZW_FORM_STRINGS] = {.type = VECTOR("std::string_view"),
                         .read = D "vector<std::string_view>(zw_t, $i)",
                         .member = "  $h"
                                   "std::vector<std::string>$g $f;\n",
                         .unpack = UNPACK("list"),
                         .pack = PACK_LIST,
                         .add_type = ITEMS("std::string_view"),
                         .add = ADD_REF D "list_of_strings(zw_b, zw_value))"},
    [ZW_FORM_STRUCTS] = SCALARS("$V"),
    [ZW_FORM_TABLES] = {.type = VECTOR("$V"),
                        .read = D "vector<$V>(zw_t, $i)",
                        .member = "  $h"
                                  "std::vector<$O>$g $f;\n",
                        .unpack = UNPACK("list"),
                        .pack = PACK_LIST,
                        .add_type = ITEMS("::zw::ref<$V>"),
                        .add = ADD_REF D "list_of_tables<$V>(zw_b, zw_value))"},
    [ZW_FORM_UNION_TYPES] = {.type = VECTOR("$c"), .read = D "vector<$c>(zw_t, $i)"},
    [ZW_FORM_UNIONS] = {.type = VECTOR("::zw::union_view<$c>"),
                        .read = D "some_of<$c>(zw_t, $i)",
                        .member = "  $h"
                                  "std::vector<::zw::union_object<$c>>$g $f;\n",
                        .unpack = UNPACK("list"),
                        .pack = "  $k" D "add_union_list<$c>(zw_b, $i, zw_o.$f);\n",
                        .add_type = ITEMS("::zw::union_ref<$c>"),
                        .add = D "add_unions<$c>(zw_b, $i, zw_value)"},
    [ZW_FORM_SCALAR_ARRAY] = {.type = "std::array<::zw::little<$c>, $n>",
                              .key = "std::array<::zw::little<$c>, $n>"},
    [ZW_FORM_STRUCT_ARRAY] = {.type = "std::array<$V, $n>", .key = "std::array<$V, $n>"},
};

/* ---- constants ---- */

zw_str zw_cpp_scalar(cpp_gen *g, unsigned base, zw_scalar value) {
  const char *name = zw_c_bases[base].c;
  /* A float is printed after it has become one, and may be infinite then. */
  double real = base == ZW_T_FLOAT ? (double)(float)value.d : value.d;
  if (zw_base_is_float(base) && isnan(real))
    return zw_gen_format(g->gen, "std::numeric_limits<%s>::quiet_NaN()", name);
  if (zw_base_is_float(base) && isinf(real))
    return zw_gen_format(g->gen, "%sstd::numeric_limits<%s>::infinity()", real < 0 ? "-" : "",
                         name);
  return zw_c_scalar(&g->c, base, value);
}

zw_str zw_cpp_literal(cpp_gen *g, zw_str text) {
  zw_str literal = zw_c_literal_str(&g->c, text);
  return zw_gen_format(g->gen, "%.*s, %zu", ZW_ARG(literal), text.len);
}

static zw_str preset(cpp_gen *g, const zw_field *field) {
  if (!field->enum_type) return zw_cpp_scalar(g, field->base, field->preset);
  const cpp_enum *e = zw_cpp_enum(g, field->enum_type);
  zw_str value = zw_cpp_scalar(g, field->base, field->preset);
  return zw_gen_format(g->gen, "static_cast<%.*s>(%.*s)", ZW_ARG(e->full), ZW_ARG(value));
}

/* ---- variables ---- */

/* The alignment that a vector's elements are built with. */
static unsigned alignment(const zw_field *field, enum zw_field_form form) {
  enum zw_base_type base = zw_field_scalar_base(field);
  unsigned align = base ? (unsigned)zw_base_size(base) : 4;
  if (form == ZW_FORM_STRUCTS) align = field->type->align;
  if (form == ZW_FORM_NESTED || form == ZW_FORM_FLEXBUFFER) align = 8;
  return field->align > align ? field->align : align;
}

/* What is written when: strings and vectors that are required always, strings with a default unless
 * they equal it, others by zw::maybe. */
static void presence(cpp_gen *g, const zw_field *field, zw_gen_vars *vars) {
  bool required = field->flags & ZW_F_REQUIRED;
  zw_str text = zw_gen_string_preset(g->gen, field);
  zw_str name = vars->of['f'];
  if (text.ptr) {
    zw_str literal = zw_cpp_literal(g, text);
    vars->of['D'] = zw_gen_format(g->gen, " = std::string(%.*s)", ZW_ARG(literal));
    vars->of['d'] = zw_gen_format(g->gen, ", std::string_view(%.*s)", ZW_ARG(literal));
    if (!required)
      vars->of['k'] = zw_gen_format(g->gen, "if (zw_o.%.*s != std::string_view(%.*s)) ",
                                    ZW_ARG(name), ZW_ARG(literal));
  } else if (!required) {
    vars->of['h'] = ZW_STR("::zw::maybe<");
    vars->of['g'] = ZW_STR(">");
    vars->of['H'] = ZW_STR("std::optional<");
    vars->of['k'] = zw_gen_format(g->gen, "if (zw_o.%.*s.is_written()) ", ZW_ARG(name));
  }
}

static void vector_vars(cpp_gen *g, const zw_field *field, enum zw_field_form form,
                        zw_gen_vars *vars) {
  bool far = field->flags & ZW_F_OFFSET64;
  bool wide = field->base == ZW_T_VECTOR64;
  vars->of['a'] = zw_gen_format(g->gen, "%u", alignment(field, form));
  vars->of['w'] = zw_str_of(far ? "64" : "");
  vars->of['l'] = zw_str_of(!far ? "" : wide ? ", 8" : ", 4");
  /* An octet is no bool: builders take the octets. */
  vars->of['p'] = form == ZW_FORM_STRUCTS ? vars->of['V'] : vars->of['c'];
  if (zw_field_scalar_base(field) == ZW_T_BOOL && !field->enum_type) vars->of['p'] = ZW_STR("bool");
}

const cpp_form *zw_cpp_field(cpp_gen *g, const cpp_type *of, const zw_field *field,
                             zw_gen_vars *vars) {
  enum zw_field_form form = zw_field_form(field);
  memset(vars, 0, sizeof *vars);
  if (form == ZW_FORM_NONE) return NULL;
  bool required = field->flags & ZW_F_REQUIRED;
  vars->of['T'] = of->name;
  vars->of['B'] = of->builder;
  vars->of['f'] = of->fields[field - of->type->fields];
  vars->of['i'] = zw_gen_format(g->gen, "%u", field->id);
  vars->of['n'] = zw_gen_format(g->gen, "%u", field->fixed_length);
  vars->of['c'] = field->enum_type ? zw_cpp_enum(g, field->enum_type)->full
                                   : zw_str_of(zw_c_bases[zw_field_scalar_base(field)].c);
  if (field->type) {
    const cpp_type *child = zw_cpp_type(g, field->type);
    vars->of['V'] = child->full;
    vars->of['O'] = child->full_object;
    vars->of['u'] =
        required ? zw_gen_format(g->gen, ".value_or(%.*s())", ZW_ARG(child->full)) : ZW_STR("");
  }
  vars->of['s'] =
      zw_str_of(field->flags & ZW_F_SHARED && !(field->flags & ZW_F_OFFSET64) ? "shared_" : "");
  vars->of['e'] = zw_str_of(required ? "required" : "ref");
  if (required)
    vars->of['K'] = zw_gen_format(g->gen, "  if (!zw_o.%.*s.value.index()) zw_b.fail(ZW_EINVAL);\n",
                                  ZW_ARG(vars->of['f']));
  vector_vars(g, field, form, vars);
  presence(g, field, vars);
  if (form == ZW_FORM_SCALAR) vars->of['d'] = preset(g, field);
  if (form == ZW_FORM_NESTED) {
    vars->of['r'] = vars->of['V'];
    vars->of['q'] = ZW_STR("zw_root_trusted");
  }
  if (form == ZW_FORM_FLEXBUFFER) vars->of['r'] = ZW_STR("::zw::flexbuffer");
  /* What a 64-bit offset refers to is built as octets. */
  bool buffer = form == ZW_FORM_NESTED || form == ZW_FORM_FLEXBUFFER;
  return &forms[buffer && (field->flags & ZW_F_OFFSET64) ? ZW_FORM_OCTETS : form];
}

bool zw_cpp_member(cpp_gen *g, const zw_enum_value *value, zw_gen_vars *vars) {
  if (value->base == ZW_T_NONE) return false;
  vars->of['M'] = value->name;
  vars->of['n'] = zw_gen_format(g->gen, "%" PRId64, value->value);
  if (value->base == ZW_T_STRING) {
    vars->of['V'] = vars->of['R'] = ZW_STR("std::string_view");
    vars->of['O'] = ZW_STR("std::string");
    vars->of['A'] = ZW_STR("std::string_view ");
    vars->of['a'] = ZW_STR(D "text(zw_b, zw_value)");
    return true;
  }
  const cpp_type *type = zw_cpp_type(g, value->type);
  vars->of['V'] = vars->of['R'] = vars->of['O'] = type->full;
  if (type->type->is_struct) {
    vars->of['R'] = zw_gen_format(g->gen, "std::optional<%.*s>", ZW_ARG(type->full));
    vars->of['A'] = zw_gen_format(g->gen, "const %.*s &", ZW_ARG(type->full));
    vars->of['a'] = ZW_STR(D "lone_struct(zw_b, zw_value)");
  } else {
    vars->of['O'] = zw_gen_format(g->gen, "std::unique_ptr<%.*s>", ZW_ARG(type->full_object));
    vars->of['A'] = zw_gen_format(g->gen, "::zw::ref<%.*s> ", ZW_ARG(type->full));
    vars->of['a'] = ZW_STR("zw_value.id");
  }
  return true;
}
