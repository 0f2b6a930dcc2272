/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of generated C: what everything is named, and which templates fields have.
 *
 * Every symbol is taken once: what is a keyword or taken already gets a trailing underscore, until
 * it is free. Types come first, each with its functions, then values, then fields in the order of
 * the schema; included files come before the own one, which then gives way to them, so that the
 * names are the same whoever generates. What has several functions takes their names together, so
 * that the underscore is in all of them.
 *
 * Variables of fields' templates: T the table's symbol, f the field in accessors, m in structs, i
 * its id, j the id before; of the value or element: c its C type, s the suffix of accessors (of a
 * union: of its type), b its base, u the member of zw_scalar, d the default, V the symbol of its
 * type, P of what is packed, z octets, a alignment; of a vector: A its alignment, L octets of its
 * length; of a string: h "_shared", w "64"; of a union's member: M its name, n its number.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "generate_c.h"
#include "zerowire/reflect.h"

/* ---- text ---- */

const c_base zw_c_bases[ZW_T_VECTOR64 + 1] = {
    [ZW_T_NONE] = {"", "", "ZW_T_NONE", 'i'},
    [ZW_T_UTYPE] = {"uint8_t", "u8", "ZW_T_UTYPE", 'u'},
    [ZW_T_BOOL] = {"bool", "bool", "ZW_T_BOOL", 'i'},
    [ZW_T_BYTE] = {"int8_t", "i8", "ZW_T_BYTE", 'i'},
    [ZW_T_UBYTE] = {"uint8_t", "u8", "ZW_T_UBYTE", 'u'},
    [ZW_T_SHORT] = {"int16_t", "i16", "ZW_T_SHORT", 'i'},
    [ZW_T_USHORT] = {"uint16_t", "u16", "ZW_T_USHORT", 'u'},
    [ZW_T_INT] = {"int32_t", "i32", "ZW_T_INT", 'i'},
    [ZW_T_UINT] = {"uint32_t", "u32", "ZW_T_UINT", 'u'},
    [ZW_T_LONG] = {"int64_t", "i64", "ZW_T_LONG", 'i'},
    [ZW_T_ULONG] = {"uint64_t", "u64", "ZW_T_ULONG", 'u'},
    [ZW_T_FLOAT] = {"float", "f32", "ZW_T_FLOAT", 'd'},
    [ZW_T_DOUBLE] = {"double", "f64", "ZW_T_DOUBLE", 'd'},
    [ZW_T_STRING] = {"zw_str", "str", "ZW_T_STRING", 'u'},
    [ZW_T_VECTOR] = {"zw_vec", "vec", "ZW_T_VECTOR", 'u'},
    [ZW_T_OBJ] = {"zw_table", "table", "ZW_T_OBJ", 'u'},
    [ZW_T_UNION] = {"zw_table", "table", "ZW_T_UNION", 'u'},
    [ZW_T_ARRAY] = {"", "", "ZW_T_ARRAY", 'u'},
    [ZW_T_VECTOR64] = {"", "", "ZW_T_VECTOR64", 'u'},
};

/* One line in a comment: what would end it is parted. */
static void comment_line(zw_text *out, zw_str line) {
  for (size_t i = 0; i < line.len; i++) {
    zw_text_add(out, line.ptr + i, 1);
    bool ends = i + 1 < line.len && ((line.ptr[i] == '*' && line.ptr[i + 1] == '/') ||
                                     (line.ptr[i] == '/' && line.ptr[i + 1] == '*'));
    if (ends) zw_text_add(out, " ", 1);
  }
}

void zw_c_doc(zw_text *out, zw_str doc, const char *indent) {
  zw_str line;
  bool first = true;
  while (zw_gen_next_line(&doc, &line)) {
    while (line.len && (line.ptr[line.len - 1] == '\\' || line.ptr[line.len - 1] == ' '))
      line.len--;
    zw_text_printf(out, "%s%s%s", first ? "" : "\n", indent, first ? "/*" : " *");
    if (line.len && line.ptr[0] != ' ') zw_text_add(out, " ", 1);
    comment_line(out, line);
    first = false;
  }
  if (!first) zw_text_printf(out, " */\n");
}

void zw_c_literal(zw_text *out, zw_str text) {
  zw_text_add(out, "\"", 1);
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (c == '"' || c == '\\')
      zw_text_printf(out, "\\%c", c);
    else if (c < 32 || c > 126 || c == '?')
      zw_text_printf(out, "\\%03o", (unsigned)c);
    else
      zw_text_add(out, text.ptr + i, 1);
  }
  zw_text_add(out, "\"", 1);
}

zw_str zw_c_literal_str(c_gen *g, zw_str text) {
  zw_text out;
  zw_text_init(&out, g->gen->from.alloc);
  zw_c_literal(&out, text);
  return zw_gen_keep(g->gen, &out);
}

static zw_str real(c_gen *g, unsigned base, double value) {
  const char *f = base == ZW_T_FLOAT ? "f" : "";
  if (isnan(value)) return zw_gen_format(g->gen, "(%s)NAN", zw_c_bases[base].c);
  if (isinf(value))
    return zw_gen_format(g->gen, "(%s)%sINFINITY", zw_c_bases[base].c, value < 0 ? "-" : "");
  zw_str text = zw_gen_format(g->gen, base == ZW_T_FLOAT ? "%.9g" : "%.17g", value);
  bool whole = text.ptr && strcspn(text.ptr, ".eE") == text.len;
  return zw_gen_format(g->gen, "%.*s%s%s", ZW_ARG(text), whole ? ".0" : "", f);
}

zw_str zw_c_scalar(c_gen *g, unsigned base, zw_scalar value) {
  switch (base) {
    case ZW_T_BOOL: return zw_gen_format(g->gen, "%s", value.i ? "true" : "false");
    case ZW_T_FLOAT:
    case ZW_T_DOUBLE: return real(g, base, value.d);
    case ZW_T_LONG:
      if (value.i == INT64_MIN) return zw_gen_format(g->gen, "INT64_MIN");
      return zw_gen_format(g->gen, "INT64_C(%" PRId64 ")", value.i);
    case ZW_T_ULONG: return zw_gen_format(g->gen, "UINT64_C(%" PRIu64 ")", value.u);
    case ZW_T_UINT: return zw_gen_format(g->gen, "%" PRIu64 "u", value.u);
    case ZW_T_INT:
      if (value.i == INT32_MIN) return zw_gen_format(g->gen, "INT32_MIN");
      return zw_gen_format(g->gen, "%" PRId64, value.i);
    default: return zw_gen_format(g->gen, "%" PRId64, value.i);
  }
}

/* ---- the layout of structs ---- */

/* Octets of a scalar, or of a scalar in an array; 0: a struct. */
unsigned zw_c_width(const zw_field *m) {
  unsigned base = m->base == ZW_T_ARRAY ? m->element : m->base;
  return zw_base_is_scalar(base) ? (unsigned)zw_base_size((enum zw_base_type)base) : 0;
}

/* The layout that a C compiler gives the mirror; true: all offsets are those of the format. */
static bool natural(const zw_type *type, size_t *size, size_t *align) {
  bool same = true;
  *size = 0;
  *align = 1;
  for (unsigned i = 0; i < type->field_count; i++) {
    const zw_field *m = &type->fields[i];
    size_t octets = zw_c_width(m), of = octets;
    if (!octets) same = natural(m->type, &octets, &of) && same;
    *size = (*size + of - 1) / of * of;
    same = same && *size == m->offset;
    *size += octets * (m->base == ZW_T_ARRAY ? m->fixed_length : 1);
    if (of > *align) *align = of;
  }
  *size = (*size + *align - 1) / *align * *align;
  return same && *size == type->size && *align == type->align;
}

bool zw_c_same_layout(const zw_type *type) {
  size_t size, align;
  return natural(type, &size, &align);
}

/* ---- names that are not free ---- */

/* A header that includes generated code may come after any other: keywords of C and C++ and macros
 * no name may be, what the C library and common platforms declare no symbol, the names inside
 * generated functions no type, and nothing the library's own. */
static const char keywords[] =
    /* C23 */
    "auto break case char const continue default do double else enum extern float for goto if "
    "inline int long register restrict return short signed sizeof static struct switch typedef "
    "union unsigned void volatile while alignas alignof bool constexpr false nullptr static_assert "
    "thread_local true typeof typeof_unqual asm fortran "
    /* C++23 */
    "and and_eq bitand bitor catch char8_t char16_t char32_t class co_await co_return co_yield "
    "compl concept const_cast consteval constinit decltype delete dynamic_cast explicit export "
    "friend mutable namespace new noexcept not not_eq operator or or_eq private protected public "
    "reinterpret_cast requires static_cast template this throw try typeid typename using virtual "
    "wchar_t xor xor_eq "
    /* macros of the C library */
    "NULL EOF NAN INFINITY HUGE_VAL HUGE_VALF HUGE_VALL M_E M_PI errno stdin stdout stderr assert "
    "static_assert offsetof NDEBUG BUFSIZ FILENAME_MAX FOPEN_MAX L_tmpnam TMP_MAX SEEK_CUR "
    "SEEK_END "
    "SEEK_SET RAND_MAX EXIT_FAILURE EXIT_SUCCESS MB_CUR_MAX CLOCKS_PER_SEC CHAR_BIT MB_LEN_MAX "
    "CHAR_MAX CHAR_MIN SCHAR_MAX SCHAR_MIN UCHAR_MAX SHRT_MAX SHRT_MIN USHRT_MAX LONG_MAX LONG_MIN "
    "ULONG_MAX LLONG_MAX LLONG_MIN ULLONG_MAX SIZE_MAX SSIZE_MAX PTRDIFF_MAX PTRDIFF_MIN WCHAR_MAX "
    "WCHAR_MIN WINT_MAX WINT_MIN WEOF MATH_ERRNO MATH_ERREXCEPT math_errhandling DECIMAL_DIG "
    "FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL FP_ZERO FP_ILOGB0 FP_ILOGBNAN DOMAIN SING OVERFLOW "
    "UNDERFLOW PLOSS TLOSS complex imaginary I noreturn setjmp va_start va_arg va_copy va_end "
    "isfinite isinf isnan isnormal signbit fpclassify isgreater isless isunordered "
    /* macros of common platforms */
    "linux unix i386 mips sparc sun vax arm major minor makedev TRUE FALSE PATH_MAX NAME_MAX "
    "PIPE_BUF IOV_MAX ARG_MAX PAGE_SIZE BIG_ENDIAN LITTLE_ENDIAN BYTE_ORDER st_atime st_mtime "
    "st_ctime sa_handler sa_sigaction si_pid si_uid si_status si_addr si_value si_band si_fd "
    "h_addr "
    "s6_addr d_fileno htons htonl ntohs ntohl MIN MAX howmany roundup powerof2 "
    /* types that generated code names */
    "size_t ptrdiff_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t ";

static const char library[] =
    /* types */
    "FILE DIR div_t ldiv_t lldiv_t imaxdiv_t fpos_t time_t clock_t tm timespec timeval lconv "
    "jmp_buf "
    "sig_atomic_t wint_t wctype_t wctrans_t mbstate_t va_list max_align_t nullptr_t intptr_t "
    "uintptr_t intmax_t uintmax_t int_fast8_t int_fast16_t int_fast32_t int_fast64_t int_least8_t "
    "int_least16_t int_least32_t int_least64_t uint_fast8_t uint_fast16_t uint_fast32_t "
    "uint_fast64_t uint_least8_t uint_least16_t uint_least32_t uint_least64_t float_t double_t "
    "ssize_t off_t pid_t uid_t gid_t mode_t dev_t ino_t nlink_t blksize_t blkcnt_t key_t id_t "
    "fd_set "
    "sigset_t stack_t socklen_t sa_family_t locale_t pthread_t u_char u_short u_int u_long ushort "
    "uint ulong u_int8_t u_int16_t u_int32_t u_int64_t caddr_t daddr_t register_t quad_t u_quad_t "
    "fsid_t std "
    /* functions of C */
    "abort abs acos acosh aligned_alloc asctime asin asinh atan atan2 atanh atexit atof atoi atol "
    "atoll bsearch btowc calloc cbrt ceil clearerr clock copysign cos cosh ctime difftime div erf "
    "erfc exit exp exp2 expm1 fabs fclose fdim feof ferror fflush fgetc fgetpos fgets floor fma "
    "fmax "
    "fmin fmod fopen fprintf fputc fputs fread free freopen frexp fscanf fseek fsetpos ftell "
    "fwrite "
    "getc getchar getenv gets gmtime hypot ilogb isalnum isalpha isblank iscntrl isdigit isgraph "
    "islower isprint ispunct isspace isupper isxdigit labs ldexp ldiv lgamma llabs lldiv llrint "
    "llround localeconv localtime log log10 log1p log2 logb longjmp lrint lround main malloc mblen "
    "mbrlen mbrtowc mbsinit mbstowcs mbtowc memchr memcmp memcpy memmove memset mktime modf nan "
    "nearbyint nextafter nexttoward perror pow printf putc putchar puts qsort quick_exit raise "
    "rand "
    "realloc remainder remove remquo rename rewind rint round scalbln scalbn scanf setbuf "
    "setlocale "
    "setvbuf signal sin sinh snprintf sprintf sqrt srand sscanf strcat strchr strcmp strcoll "
    "strcpy "
    "strcspn strerror strftime strlen strncat strncmp strncpy strpbrk strrchr strspn strstr strtod "
    "strtof strtok strtol strtold strtoll strtoul strtoull strxfrm swab system tan tanh tgamma "
    "time "
    "tmpfile tmpnam tolower toupper towlower towupper trunc ungetc vfprintf vfscanf vprintf vscanf "
    "vsnprintf vsprintf vsscanf wctomb wmemchr wmemcmp wmemcpy wmemset "
    /* and of POSIX */
    "accept access acct alarm asprintf basename bcmp bcopy bind brk bzero chdir chmod chown chroot "
    "close closedir connect creat crypt daemon dirfd dirname dprintf drand48 dup dup2 encrypt "
    "endpwent environ err errx execl execv execve fchmod fchown fcntl fdopen ffs fileno flock "
    "flockfile "
    "fnmatch fork fstat fsync ftruncate gamma getcwd getdelim getegid geteuid getgid gethostname "
    "getline getlogin getopt getpid getppid getuid glob index inet_ntoa initstate ioctl isascii "
    "isatty j0 j1 jn jrand48 kill lchown lgamma_r link listen localtime_r lockf lrand48 lseek "
    "lstat "
    "mkdir mkdtemp mkfifo mknod mkstemp mmap mount mprotect mrand48 msync munmap nice nrand48 open "
    "openat opendir optarg opterr optind optopt passwd pause pclose pipe poll popen pread profil "
    "psignal pwrite qecvt random read readdir readlink readv recv recvfrom regcomp rindex rmdir "
    "sbrk "
    "scalb seed48 select semctl send sendmsg sendto setenv setstate shutdown sigaction sigmask "
    "signgam "
    "sigpause sigprocmask sigvec sleep socket srandom stat statfs stpcpy stpncpy strcasecmp strdup "
    "strndup strnlen strsep strsignal symlink sync sysconf syscall timezone daylight tzname tzset "
    "toascii truncate ttyname tzname ualarm umask umount uname unlink unsetenv usleep utime vfork "
    "vhangup wait waitpid warn warnx write writev y0 y1 yn ";

/* Parameters and variables of generated functions. */
static const char locals[] =
    "v w b i f r t p s o is out bytes diag error count refs elements octets value values text root "
    "object json options scalar key list ref ref64 type types event request response result client "
    "payload invocation pending built seen items info ctx done match uri txn record cursor low "
    "high "
    "from to fields map store reverse arguments owner e none raw8 raw16 raw32 raw64 arena "
    "progress member has ptr len ";

/* Whether the word is one of a list, each of which a space follows. */
static bool is_in(const char *list, zw_str word) {
  for (const char *at = list; *at;) {
    size_t len = strcspn(at, " ");
    if (len == word.len && memcmp(at, word.ptr, len) == 0) return true;
    at += len + 1;
  }
  return false;
}

static bool begins(zw_str word, const char *with) {
  size_t len = strlen(with);
  return word.len > len && memcmp(word.ptr, with, len) == 0;
}

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

static bool ends_in_underscore(zw_str word) { return word.len && word.ptr[word.len - 1] == '_'; }

/* Whether underscores have been added: then a name is in nobody's space any more. */
static bool is_moved(zw_str word) {
  if (ends_in_underscore(word)) return true;
  for (size_t i = 2; i < word.len; i++)
    if (word.ptr[i - 1] == '_' && word.ptr[i] == '_') return true;
  return false;
}

/* Names for compilers: __LINE__ moves to __LINE___. */
static bool is_compiler_space(zw_str word) {
  if (!begins(word, "__")) return begins(word, "_") && is_upper(word.ptr[1]) && !is_moved(word);
  size_t end = word.len;
  while (end > 2 && word.ptr[end - 1] == '_') end--;
  return end == word.len || end + 2 == word.len;
}

static bool is_capital(zw_str word) {
  for (size_t i = 0; i < word.len; i++)
    if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z') return false;
  return true;
}

/* INT_MAX, UINT8_C, and their like. */
static bool is_limit(zw_str word) {
  static const char *const ends[] = {"_MAX", "_MIN", "_C", "_WIDTH"};
  if (!begins(word, "INT") && !begins(word, "UINT")) return false;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    size_t len = strlen(ends[i]);
    if (word.len > len && memcmp(word.ptr + word.len - len, ends[i], len) == 0) return true;
  }
  return false;
}

/* Names that C keeps for macros of its headers, present and to come. */
static bool is_macro_space(zw_str word) {
  static const char *const spaces[] = {"ATOMIC_", "FE_", "FLT_", "DBL_", "LDBL_",
                                       "LC_",     "PRI", "SCN",  "SIG",  "TIME_"};
  if (is_moved(word)) return false;
  for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
    if (begins(word, spaces[i])) return true;
  bool is_error = begins(word, "E") && is_capital(word) && word.ptr[1] != '_';
  return is_error || is_limit(word);
}

bool zw_c_is_word(zw_str word) { return is_in(keywords, word); }

bool zw_c_is_keyword(zw_str word) {
  return zw_c_is_word(word) || is_macro_space(word) || is_compiler_space(word);
}

/* All that the library declares is zw_small or ZW_LARGE, without two underscores in a row: with
 * them generated symbols get out of its way. */
static bool is_library_space(zw_str symbol) {
  static const char private_names[] =
      "zw_str_at_ zw_table_at_ zw_vec_table_at_ zw_table_entry_ zw_writable_ zw_open_table_ "
      "zw_builder_kind_ zw_builder_push_ zw_builder_push_slow_ zw_builder_entry_ "
      "zw_builder_entry_of_ zw_builder_entry_slow_ zw_builder_table_start_slow_ "
      "zw_struct_align_fits_ ";
  if (is_in(private_names, symbol)) return true;
  if (is_moved(symbol)) return false;
  bool small = begins(symbol, "zw_"), large = begins(symbol, "ZW_");
  for (size_t i = 0; i < symbol.len; i++) {
    small = small && !is_upper(symbol.ptr[i]);
    large = large && !(symbol.ptr[i] >= 'a' && symbol.ptr[i] <= 'z');
  }
  return small || large || begins(symbol, "ZEROWIRE_");
}

bool zw_c_is_library_name(zw_str symbol) {
  return is_in(library, symbol) || is_library_space(symbol);
}

static bool is_local_name(zw_str symbol) { return is_in(locals, symbol); }

/* ---- symbols ---- */

static bool is_free(const c_gen *g, zw_str symbol) {
  return !zw_c_is_keyword(symbol) && !zw_c_is_library_name(symbol) &&
         !zw_hmap_get(&g->symbols, zw_str_span(symbol));
}

static void take(c_gen *g, zw_str symbol) {
  if (!symbol.ptr || zw_hmap_set(&g->symbols, zw_str_span(symbol), g, NULL))
    g->gen->no_memory = true;
}

static bool is_free_family(c_gen *g, zw_str symbol, const char *suffixes) {
  bool all = is_free(g, symbol);
  for (const char *s = suffixes; *s && all; s += strlen(s) + 1)
    all = is_free(g, zw_gen_format(g->gen, "%.*s%s", ZW_ARG(symbol), s));
  return all;
}

zw_str zw_c_take_family(c_gen *g, zw_str wanted, const char *suffixes) {
  while (!g->gen->no_memory && !is_free_family(g, wanted, suffixes))
    wanted = zw_gen_format(g->gen, "%.*s_", ZW_ARG(wanted));
  take(g, wanted);
  for (const char *s = suffixes; *s && !g->gen->no_memory; s += strlen(s) + 1)
    take(g, zw_gen_format(g->gen, "%.*s%s", ZW_ARG(wanted), s));
  return wanted;
}

zw_str zw_c_space(c_gen *g, zw_str full) {
  zw_str last = zw_gen_last(full);
  if (g->gen->prefix)
    return zw_gen_format(g->gen, "%s%s", g->gen->prefix, *g->gen->prefix ? "_" : "");
  return zw_gen_identifier(g->gen, (zw_str){full.ptr, full.len - last.len});
}

zw_str zw_c_upper(c_gen *g, zw_str text) {
  char *upper = zw_arena_get(&g->gen->arena, text.len + 1);
  if (!upper) g->gen->no_memory = true;
  for (size_t i = 0; upper && i < text.len; i++) {
    char c = text.ptr[i];
    upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return (zw_str){upper, upper ? text.len : 0};
}

const c_type *zw_c_type(const c_gen *g, const zw_type *type) {
  return &g->types[type - g->gen->from.schema->types];
}

const c_enum *zw_c_enum(const c_gen *g, const zw_enum_type *type) {
  return &g->enums[type - g->gen->from.schema->enums];
}

#define FUNCTION "static inline "
#define HAS FUNCTION "bool $T_has_$f($T v) { return zw_table_has(v.t, $i); }\n"
#define ADD FUNCTION "void $T_add_$f(zw_builder *b, "
#define CREATE FUNCTION "zw_ref64 $T_create_$f(zw_builder *b, "
#define SET FUNCTION "bool $T_set_$f($T v, "
#define AT FUNCTION "$c $T_$f_at("
#define SET_AT FUNCTION "void $T_set_$f_at("
#define REFS                                                                                       \
  ADD "const zw_ref *refs, size_t count) {\n  zw_builder_add_ref(b, $i, zw_builder_refs(b, refs, " \
      "count));\n}\n"
#define ADD_REF64 ADD "zw_ref64 ref) { zw_builder_add_ref64(b, $i, ref); }\n"
#define VEC FUNCTION "zw_vec $T_$f($T v) { return zw_table_vec(v.t, $i); }\n"
#define VEC64 FUNCTION "zw_vec64 $T_$f($T v) { return zw_table_vec64(v.t, $i, $L); }\n"
#define ITEMS(c) "  struct {\n    const " c " *ptr;\n    size_t len;\n  } $m;\n"

/* ---- scalars, strings, structs, tables ---- */

#define SET_SCALAR SET "$c value) { return zw_table_set_$s(v.t, $i, value); }\n"

static const c_field_kind scalar = {
    .read = FUNCTION "$c $T_$f($T v) { return zw_table_$s(v.t, $i, $d); }\n",
    .set = SET_SCALAR,
    .add = ADD "$c value) { zw_builder_add_$s(b, $i, value, $d); }\n",
    .member = "  $c $m;\n",
};
static const c_field_kind optional = {
    .read = FUNCTION "$c $T_$f($T v) { return zw_table_$s(v.t, $i, 0); }\n",
    .has = HAS,
    .set = SET_SCALAR,
    .add = ADD "$c value) {\n  zw_scalar scalar;\n  scalar.$u = value;\n"
               "  zw_builder_add_optional(b, $i, $b, scalar);\n}\n",
    .member = "  struct {\n    bool has;\n    $c value;\n  } $m;\n",
};
#define STRING FUNCTION "zw_str $T_$f($T v) { return zw_table_str$w(v.t, $i); }\n"
#define STRING_PRESET                                                         \
  FUNCTION "zw_str $T_$f($T v) {\n  zw_str text = zw_table_str$w(v.t, $i);\n" \
           "  return text.ptr ? text : ZW_STR($d);\n}\n"
#define ADD_STRING \
  ADD "zw_str text) {\n  zw_builder_add_ref(b, $i, zw_builder_string$h(b, text));\n}\n"
#define FAR_STRING CREATE "zw_str text) { return zw_builder_string64(b, text); }\n" ADD_REF64
static const c_field_kind string = {
    .read = STRING, .has = HAS, .add = ADD_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind string_preset = {
    .read = STRING_PRESET, .has = HAS, .add = ADD_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind far_string = {
    .read = STRING, .has = HAS, .add = FAR_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind far_string_preset = {
    .read = STRING_PRESET, .has = HAS, .add = FAR_STRING, .member = "  zw_str $m;\n"};
static const c_field_kind structure = {
    .read = FUNCTION "$V $T_$f($T v) { return $V_load(zw_table_struct(v.t, $i)); }\n",
    .has = HAS,
    .set = SET "const $V *value) {\n  uint8_t *octets = zw_table_struct_mutable(v.t, $i);\n"
               "  if (octets) $V_store(octets, value);\n  return octets != NULL;\n}\n",
    .add = ADD "const $V *value) {\n"
               "  uint8_t *octets = zw_builder_add_struct_uninit(b, $i, $z, $a);\n"
               "  if (octets) $V_store(octets, value);\n}\n",
    .member = "  const $V *$m;\n",
};
#define ADD_REF ADD "zw_ref ref) { zw_builder_add_ref(b, $i, ref); }\n"
static const c_field_kind table = {
    .read = FUNCTION "$V $T_$f($T v) {\n  $V r;\n  r.t = zw_table_table(v.t, $i);\n"
                     "  return r;\n}\n",
    .has = HAS,
    .add = ADD_REF,
    .member = "  const $P *$m;\n",
};
static const c_field_kind builtin_table = {
    .read = FUNCTION "zw_table $T_$f($T v) { return zw_table_table(v.t, $i); }\n",
    .has = HAS,
    .add = ADD_REF,
    .member = "  const void *$m;\n",
};

/* ---- unions ---- */

static const c_field_kind union_type = {
    .read = FUNCTION "$c $T_$f($T v) { return zw_table_$s(v.t, $i, 0); }\n",
};
#define IS_MEMBER "zw_table_$s(v.t, $j, 0) == $n"
static const c_field_kind union_value = {
    .read = FUNCTION "zw_table $T_$f($T v) { return zw_table_table(v.t, $i); }\n",
    .has = HAS,
    .add = ADD "$c type, zw_ref ref) {\n  zw_builder_add_$s(b, $j, type, 0);\n"
               "  zw_builder_add_ref(b, $i, ref);\n}\n",
    .member = "  zw_union_value $m;\n",
    .in_table = FUNCTION "$V $T_$f_as_$M($T v) {\n  $V r = {{NULL, 0, 0}};\n"
                         "  if (" IS_MEMBER ") r.t = zw_table_table(v.t, $i);\n"
                         "  return r;\n}\n",
    .in_text = FUNCTION "zw_str $T_$f_as_$M($T v) {\n  zw_str r = {NULL, 0};\n"
                        "  return " IS_MEMBER " ? zw_table_str(v.t, $i) : r;\n}\n",
    .in_struct = FUNCTION "$V $T_$f_as_$M($T v) {\n"
                          "  zw_table t = zw_table_table(v.t, $i);\n"
                          "  bool is = t.ptr && " IS_MEMBER ";\n"
                          "  return $V_load(is ? t.ptr : NULL);\n}\n",
};
static const c_field_kind union_types = {
    .read = VEC AT "zw_vec f, size_t i) { return zw_vec_$s(f, i); }\n",
};
/* The types say what an element is: its octets do not. */
#define IS_ELEMENT "zw_vec_$s(zw_table_vec(v.t, $j), i) == $n"
static const c_field_kind unions = {
    .read = VEC,
    .has = HAS,
    .add = ADD "const $c *types, const zw_ref *refs, size_t count) {\n  zw_builder_add_ref(b, $j, "
               "zw_builder_vector(b, types, count, sizeof($c), sizeof($c)));\n"
               "  zw_builder_add_ref(b, $i, zw_builder_refs(b, refs, count));\n}\n",
    .member = ITEMS("zw_union_value"),
    .in_table = FUNCTION "$V $T_$f_as_$M($T v, size_t i) {\n  $V r = {{NULL, 0, 0}};\n"
                         "  if (" IS_ELEMENT ") r.t = zw_vec_table(zw_table_vec(v.t, $i), i);\n"
                         "  return r;\n}\n",
    .in_text = FUNCTION "zw_str $T_$f_as_$M($T v, size_t i) {\n  zw_str r = {NULL, 0};\n"
                        "  return " IS_ELEMENT " ? zw_vec_str(zw_table_vec(v.t, $i), i) : r;\n}\n",
    .in_struct = FUNCTION "$V $T_$f_as_$M($T v, size_t i) {\n"
                          "  zw_table t = {NULL, 0, 0};\n"
                          "  if (" IS_ELEMENT ") t = zw_vec_table(zw_table_vec(v.t, $i), i);\n"
                          "  return $V_load(t.ptr);\n}\n",
};

/* ---- octets ---- */

#define OCTETS FUNCTION "zw_span $T_$f($T v) { return zw_vec_bytes(zw_table_vec(v.t, $i)); }\n"
#define OCTETS64                     \
  FUNCTION "zw_span $T_$f($T v) {\n" \
           "  return zw_vec64_bytes(zw_table_vec64(v.t, $i, $L));\n}\n"
#define ROOT                                                                      \
  FUNCTION "$V $T_$f_root($T v) {\n  $V r;\n  r.t = zw_root_trusted($T_$f(v));\n" \
           "  return r;\n}\n"
#define ADD_OCTETS                                                           \
  ADD "zw_span octets) {\n  if (octets.ptr)\n    zw_builder_add_ref(b, $i, " \
      "zw_builder_vector(b, octets.ptr, octets.len, 1, $A));\n}\n"
#define CREATE_OCTETS(align)                                                 \
  CREATE "zw_span octets) {\n  if (!octets.ptr) return 0;\n"                 \
         "  return zw_builder_vector64(b, octets.ptr, octets.len, 1, " align \
         ", $L);\n}\n" ADD_REF64
static const c_field_kind octets = {
    .read = OCTETS, .has = HAS, .add = ADD_OCTETS, .member = "  zw_span $m;\n"};
static const c_field_kind far_octets = {
    .read = OCTETS64, .has = HAS, .add = CREATE_OCTETS("$A"), .member = "  zw_span $m;\n"};
#define FLEXBUFFER                              \
  FUNCTION "zw_flexbuffer $T_$f_root($T v) {\n" \
           "  return zw_flexbuffer_root($T_$f(v));\n}\n"
static const c_field_kind flexbuffer = {
    .read = OCTETS FLEXBUFFER, .has = HAS, .add = ADD_OCTETS, .member = "  zw_span $m;\n"};
static const c_field_kind far_flexbuffer = {.read = OCTETS64 FLEXBUFFER,
                                            .has = HAS,
                                            .add = CREATE_OCTETS("$A"),
                                            .member = "  zw_span $m;\n"};
static const c_field_kind nested = {
    .read = OCTETS ROOT,
    .has = HAS,
    .add = ADD "zw_span octets) { zw_builder_add_ref(b, $i, zw_builder_nested(b, octets)); }\n",
    .member = "  zw_span $m;\n",
};
static const c_field_kind far_nested = {
    .read = OCTETS64 ROOT,
    .has = HAS,
    .add = CREATE_OCTETS("zw_nested_align(octets.len)"),
    .member = "  zw_span $m;\n",
};

/* ---- vectors ---- */

#define SCALARS VEC AT "zw_vec f, size_t i) { return zw_vec_$s(f, i); }\n"
#define SCALARS64 VEC64 AT "zw_vec64 f, size_t i) { return zw_vec64_$s(f, i); }\n"
#define SET_SCALARS SET_AT "zw_vec f, size_t i, $c value) { zw_vec_set_$s(f, i, value); }\n"
#define SET_SCALARS64 SET_AT "zw_vec64 f, size_t i, $c value) { zw_vec64_set_$s(f, i, value); }\n"
#define ADD_SCALARS                                                       \
  ADD "const $c *elements, size_t count) {\n  zw_builder_add_ref(b, $i, " \
      "zw_builder_vector(b, elements, count, sizeof($c), $A));\n}\n"
static const c_field_kind scalars = {
    .read =
        SCALARS FUNCTION "const $c *$T_$f_raw($T v) {\n"
                         "  return (const $c *)zw_vec_raw(zw_table_vec(v.t, $i), sizeof($c));\n}\n",
    .has = HAS,
    .set = SET_SCALARS,
    .add = ADD_SCALARS,
    .member = ITEMS("$c"),
};
/* An octet above 1 is true in the format and no value of C's bool. */
static const c_field_kind booleans = {
    .read = SCALARS, .has = HAS, .set = SET_SCALARS, .add = ADD_SCALARS, .member = ITEMS("$c")};
static const c_field_kind far_scalars = {
    .read = SCALARS64,
    .has = HAS,
    .set = SET_SCALARS64,
    .add = CREATE "const $c *elements, size_t count) {\n  return zw_builder_vector64(b, elements, "
                  "count, sizeof($c), $A, $L);\n}\n" ADD_REF64,
    .member = ITEMS("$c"),
};
static const c_field_kind strings = {
    .read = VEC FUNCTION "zw_str $T_$f_at(zw_vec f, size_t i) { return zw_vec_str(f, i); }\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("zw_str"),
};
#define STRUCTS                                      \
  VEC FUNCTION "$V $T_$f_at(zw_vec f, size_t i) {\n" \
               "  return $V_load(zw_vec_struct(f, i, $z));\n}\n"
#define SET_STRUCTS                                 \
  SET_AT "zw_vec f, size_t i, const $V *value) {\n" \
         "  $V_store(zw_vec_struct_mutable(f, i, $z), value);\n}\n"
#define STORE_STRUCTS                             \
  "  for (size_t i = 0; ref && i < count; i++)\n" \
  "    $V_store((uint8_t *)octets + i * $z, &elements[i]);\n"
#define ADD_STRUCTS                                                                         \
  ADD "const $V *elements, size_t count) {\n  void *octets;\n"                              \
      "  zw_ref ref = zw_builder_vector_uninit(b, count, $z, $A, &octets);\n" STORE_STRUCTS \
      "  zw_builder_add_ref(b, $i, ref);\n}\n"
static const c_field_kind structs = {
    .read = STRUCTS, .has = HAS, .set = SET_STRUCTS, .add = ADD_STRUCTS, .member = ITEMS("$V")};
static const c_field_kind structs_raw = {
    .read = STRUCTS FUNCTION "const $V *$T_$f_raw($T v) {\n"
                             "  return (const $V *)zw_vec_raw(zw_table_vec(v.t, $i), $a);\n}\n",
    .has = HAS,
    .set = SET_STRUCTS,
    .add = ADD_STRUCTS,
    .member = ITEMS("$V")};
static const c_field_kind far_structs = {
    .read = VEC64 FUNCTION "$V $T_$f_at(zw_vec64 f, size_t i) {\n"
                           "  return $V_load(zw_vec64_struct(f, i, $z));\n}\n",
    .has = HAS,
    .set = SET_AT "zw_vec64 f, size_t i, const $V *value) {\n"
                  "  $V_store(zw_writable_(zw_vec64_struct(f, i, $z)), value);\n}\n",
    .add = CREATE "const $V *elements, size_t count) {\n  void *octets;\n  zw_ref64 ref = "
                  "zw_builder_vector64_uninit(b, count, $z, $A, $L, &octets);\n" STORE_STRUCTS
                  "  return ref;\n}\n" ADD_REF64,
    .member = ITEMS("$V"),
};
static const c_field_kind tables = {
    .read = VEC FUNCTION "$V $T_$f_at(zw_vec f, size_t i) {\n  $V r;\n"
                         "  r.t = zw_vec_table(f, i);\n  return r;\n}\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("$P"),
};
static const c_field_kind builtin_tables = {
    .read = VEC FUNCTION "zw_table $T_$f_at(zw_vec f, size_t i) { return zw_vec_table(f, i); }\n",
    .has = HAS,
    .add = REFS,
    .member = ITEMS("char"),
};

/* ---- which of them a field is ---- */

static const struct {
  const c_field_kind *near, *far; /* far: behind a 64-bit offset */
} kinds[ZW_FORM_COUNT] = {
    [ZW_FORM_SCALAR] = {&scalar, NULL},
    [ZW_FORM_OPTIONAL] = {&optional, NULL},
    [ZW_FORM_STRING] = {&string, &far_string},
    [ZW_FORM_STRUCT] = {&structure, NULL},
    [ZW_FORM_TABLE] = {&table, NULL},
    [ZW_FORM_UNION_TYPE] = {&union_type, NULL},
    [ZW_FORM_UNION] = {&union_value, NULL},
    [ZW_FORM_OCTETS] = {&octets, &far_octets},
    [ZW_FORM_NESTED] = {&nested, &far_nested},
    [ZW_FORM_FLEXBUFFER] = {&flexbuffer, &far_flexbuffer},
    [ZW_FORM_SCALARS] = {&scalars, &far_scalars},
    [ZW_FORM_STRINGS] = {&strings, NULL},
    [ZW_FORM_STRUCTS] = {&structs, &far_structs},
    [ZW_FORM_TABLES] = {&tables, NULL},
    [ZW_FORM_UNION_TYPES] = {&union_types, NULL},
    [ZW_FORM_UNIONS] = {&unions, NULL},
    [ZW_FORM_SCALAR_ARRAY] = {&scalar, NULL},
    [ZW_FORM_STRUCT_ARRAY] = {&structure, NULL},
};

const c_field_kind *zw_c_field_kind(const zw_field *field) {
  enum zw_field_form form = zw_field_form(field);
  bool far = field->flags & ZW_F_OFFSET64;
  if (form == ZW_FORM_STRING && field->preset_text.ptr)
    return far ? &far_string_preset : &string_preset;
  if (far) return kinds[form].far;
  if (form == ZW_FORM_TABLE && zw_gen_is_void(field->type)) return &builtin_table;
  if (form == ZW_FORM_TABLES && zw_gen_is_void(field->type)) return &builtin_tables;
  if (form == ZW_FORM_SCALARS && field->element == ZW_T_BOOL) return &booleans;
  if (form == ZW_FORM_STRUCTS && zw_c_same_layout(field->type)) return &structs_raw;
  return kinds[form].near;
}

/* A string's default as a C literal, or absent. */
static zw_str preset_text(c_gen *g, const zw_field *field) {
  zw_str text = zw_gen_string_preset(g->gen, field);
  return text.ptr ? zw_c_literal_str(g, text) : text;
}

/* The scalar that is stored; of a union the one that says which member it holds. */
static unsigned stored_base(const zw_field *field) {
  unsigned base = field->element ? field->element : field->base;
  return base == ZW_T_UNION ? field->enum_type->base : base;
}

static void vector_vars(c_gen *g, const zw_field *field, zw_gen_vars *vars) {
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  size_t align = is_struct ? field->type->align : zw_base_size((enum zw_base_type)field->element);
  if (field->flags & ZW_F_FLEXBUFFER) align = 8;
  if (field->align > align) align = field->align;
  vars->of['A'] = zw_gen_format(g->gen, "%zu", align);
  vars->of['L'] = field->base == ZW_T_VECTOR64 ? ZW_STR("8") : ZW_STR("4");
}

void zw_c_field_vars(c_gen *g, const c_type *of, const zw_field *field, zw_gen_vars *vars) {
  const c_base *names = &zw_c_bases[stored_base(field)];
  const c_field *named = &of->fields[field - of->type->fields];
  memset(vars, 0, sizeof *vars);
  vars->of['T'] = of->symbol;
  vars->of['f'] = named->symbol;
  vars->of['m'] = named->member;
  vars->of['i'] = zw_gen_format(g->gen, "%u", field->id);
  vars->of['j'] = zw_gen_format(g->gen, "%u", field->id ? field->id - 1u : 0u);
  vars->of['o'] = zw_gen_format(g->gen, "%u", field->offset);
  vars->of['c'] = field->enum_type ? zw_c_enum(g, field->enum_type)->symbol : zw_str_of(names->c);
  vars->of['s'] = zw_str_of(names->suffix);
  vars->of['b'] = zw_str_of(names->name);
  vars->of['u'] = zw_gen_format(g->gen, "%c", names->member);
  if (field->flags & ZW_F_SHARED) vars->of['h'] = ZW_STR("_shared");
  if (field->flags & ZW_F_OFFSET64) vars->of['w'] = ZW_STR("64");
  if (field->element && field->base != ZW_T_ARRAY) vector_vars(g, field, vars);
  if (field->base == ZW_T_STRING)
    vars->of['d'] = preset_text(g, field);
  else if (zw_base_is_scalar(field->base))
    vars->of['d'] = zw_c_scalar(g, field->base, field->preset);
  if (!field->type) return;
  const c_type *child = zw_c_type(g, field->type);
  vars->of['V'] = child->symbol;
  vars->of['P'] = child->object;
  vars->of['z'] = zw_gen_format(g->gen, "%u", field->type->size);
  vars->of['a'] = zw_gen_format(g->gen, "%u", field->type->align);
}

const char *zw_c_union_member(c_gen *g, const c_field_kind *kind, const zw_field *field,
                              const zw_enum_value *value, zw_gen_vars *vars) {
  if (value->base == ZW_T_NONE) return NULL;
  vars->of['M'] = value->name;
  vars->of['n'] = zw_c_scalar(g, field->enum_type->base, (zw_scalar){.i = value->value});
  if (value->base == ZW_T_STRING) return kind->in_text;
  const c_type *child = zw_c_type(g, value->type);
  vars->of['V'] = child->symbol;
  if (child->builtin) return NULL;
  return value->type->is_struct ? kind->in_struct : kind->in_table;
}

/* ---- the passes ---- */

/* The next "$T_…" of a template that names the field, expanded; false: no more. */
static bool next_symbol(c_gen *g, const char **at, const zw_gen_vars *vars, zw_str *out) {
  for (const char *p = strstr(*at, "$T_"); p; p = strstr(*at, "$T_")) {
    size_t len = strcspn(p, "( ;,=");
    *at = p + len;
    zw_str part = zw_gen_format(g->gen, "%.*s", (int)len, p);
    if (!part.ptr || !strstr(part.ptr, "$f")) continue;
    zw_text text;
    zw_text_init(&text, g->gen->from.alloc);
    zw_gen_emit(&text, part.ptr, vars);
    *out = zw_gen_keep(g->gen, &text);
    return true;
  }
  return false;
}

/* Takes each symbol "$T_…$f…" of a template, if all are free; false: none is taken. */
static bool take_template(c_gen *g, const char *pattern, const zw_gen_vars *vars) {
  zw_str symbol;
  if (!pattern) return true;
  for (const char *at = pattern; next_symbol(g, &at, vars, &symbol);)
    if (!is_free(g, symbol)) return false;
  for (const char *at = pattern; next_symbol(g, &at, vars, &symbol);) take(g, symbol);
  return true;
}

static const char table_family[] =
    "_verify\0_verify_sized\0_as_root\0_pack\0_unpack\0_start\0_end\0_finish\0_finish_sized\0"
    "_pack_type\0_defaults\0_find\0_clone\0_compare\0_to_json\0_from_json\0";
static const char struct_family[] =
    "_load\0_store\0_create\0_find\0_find64\0_pack_type\0_struct_\0";
static const char enum_family[] = "_name\0";

static zw_str symbol_of(c_gen *g, zw_str full, const char *family) {
  zw_str space = zw_c_space(g, full), last = zw_gen_last(full);
  zw_str wanted = zw_gen_format(g->gen, "%.*s%.*s%s", ZW_ARG(space), ZW_ARG(last),
                                !space.len && is_local_name(last) ? "_" : "");
  return zw_c_take_family(g, wanted, family);
}

static void locate_declarations(c_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count; i++) {
    c_type *t = &g->types[i];
    t->type = &schema->types[i];
    t->own = g->gen->from.is_own(g->gen->from.ctx, t->type->name);
    const char *file = t->own ? "" : g->gen->from.file_of(g->gen->from.ctx, t->type->name);
    t->builtin = !t->own && (!file || !*file);
  }
  for (size_t i = 0; i < schema->enum_count; i++) {
    g->enums[i].type = &schema->enums[i];
    g->enums[i].own = g->gen->from.is_own(g->gen->from.ctx, g->enums[i].type->name);
  }
}

static void name_declarations(c_gen *g, bool own) {
  const zw_schema *schema = g->gen->from.schema;
  for (size_t i = 0; i < schema->type_count; i++) {
    c_type *t = &g->types[i];
    if (t->own != own) continue;
    t->symbol =
        t->builtin ? ZW_STR("zw_table")
                   : symbol_of(g, t->type->name, t->type->is_struct ? struct_family : table_family);
  }
  for (size_t i = 0; i < schema->enum_count; i++)
    if (g->enums[i].own == own)
      g->enums[i].symbol = symbol_of(g, g->enums[i].type->name, enum_family);
}

static void name_objects(c_gen *g, bool own) {
  for (size_t i = 0; i < g->gen->from.schema->type_count; i++) {
    c_type *t = &g->types[i];
    if (t->builtin || t->own != own) continue;
    t->object = t->type->is_struct
                    ? t->symbol
                    : zw_c_take_family(g, zw_gen_format(g->gen, "%.*sT", ZW_ARG(t->symbol)), "");
  }
}

static void name_values(c_gen *g, c_enum *e) {
  e->values = zw_arena_array(&g->gen->arena, e->type->value_count, sizeof *e->values);
  if (!e->values) {
    g->gen->no_memory = true;
    return;
  }
  for (uint32_t i = 0; i < e->type->value_count; i++)
    e->values[i] = zw_c_take_family(
        g, zw_gen_format(g->gen, "%.*s_%.*s", ZW_ARG(e->symbol), ZW_ARG(e->type->values[i].name)),
        "");
}

/* Whether all functions of the field are free under its symbol; then they are taken. */
static bool take_field(c_gen *g, const c_type *t, const zw_field *field) {
  const c_field_kind *kind = zw_c_field_kind(field);
  zw_gen_vars vars;
  zw_c_field_vars(g, t, field, &vars);
  zw_text all;
  zw_text_init(&all, g->gen->from.alloc);
  const char *parts[] = {"$T_ID_$f ", kind->read, kind->has, kind->set, kind->add};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i]) zw_text_printf(&all, "%s ", parts[i]);
  const zw_enum_type *members = kind->in_table ? field->enum_type : NULL;
  for (uint32_t i = 0; members && i < members->value_count; i++)
    zw_text_printf(&all, "$T_$f_as_%.*s ", ZW_ARG(members->values[i].name));
  if (all.error) g->gen->no_memory = true;
  bool taken = take_template(g, all.ptr, &vars);
  zw_text_deinit(&all);
  return taken;
}

/* Inside a struct a member hides the library's type of its name: it gets an underscore too. */
static bool is_library_type(zw_str name) {
  return name.len > 3 && memcmp(name.ptr, "zw_", 3) == 0 && name.ptr[name.len - 1] != '_';
}

/* Nor may it hide a type that another member has, which C++ refuses. */
static bool is_member_type(const c_gen *g, const c_type *t, zw_str name) {
  if (!zw_hmap_get(&g->symbols, zw_str_span(name))) return false;
  for (unsigned i = 0; i < t->type->field_count; i++) {
    const zw_field *field = &t->type->fields[i];
    const c_type *type = field->type ? zw_c_type(g, field->type) : NULL;
    if (type && (zw_str_eq(type->symbol, name) || zw_str_eq(type->object, name))) return true;
    if (field->enum_type && zw_str_eq(zw_c_enum(g, field->enum_type)->symbol, name)) return true;
  }
  return false;
}

static bool is_other_field(const zw_type *type, zw_str name, const zw_field *field) {
  const zw_field *found = zw_type_field(type, name);
  return found && found != field;
}

static void name_fields(c_gen *g, c_type *t) {
  t->fields = zw_arena_array(&g->gen->arena, t->type->field_count, sizeof *t->fields);
  if (!t->fields) {
    g->gen->no_memory = true;
    return;
  }
  for (unsigned i = 0; i < t->type->field_count && !g->gen->no_memory; i++) {
    const zw_field *field = &t->type->fields[i];
    c_field *f = &t->fields[i];
    f->symbol = f->member = field->name;
    while (!g->gen->no_memory &&
           (zw_c_is_keyword(f->member) || is_library_type(f->member) ||
            is_member_type(g, t, f->member) || is_other_field(t->type, f->member, field)))
      f->member = zw_gen_format(g->gen, "%.*s_", ZW_ARG(f->member));
    if (t->type->is_struct || t->builtin || !zw_c_field_kind(field)) continue;
    while (!take_field(g, t, field) && !g->gen->no_memory)
      f->symbol = zw_gen_format(g->gen, "%.*s_", ZW_ARG(f->symbol));
  }
}

static void name_group(c_gen *g, bool own) {
  const zw_schema *schema = g->gen->from.schema;
  name_declarations(g, own);
  name_objects(g, own);
  for (size_t i = 0; i < schema->enum_count && !g->gen->no_memory; i++)
    if (g->enums[i].own == own) name_values(g, &g->enums[i]);
  for (size_t i = 0; i < schema->type_count && !g->gen->no_memory; i++)
    if (g->types[i].own == own) name_fields(g, &g->types[i]);
}

int zw_c_name_all(c_gen *g) {
  const zw_schema *schema = g->gen->from.schema;
  g->types = zw_arena_array(&g->gen->arena, schema->type_count, sizeof *g->types);
  g->enums = zw_arena_array(&g->gen->arena, schema->enum_count, sizeof *g->enums);
  if (!g->types || !g->enums) return ZW_ENOMEM;
  static const char *const file[] = {"schema", "stamp", "types", "enums"};
  for (size_t i = 0; i < sizeof file / sizeof *file; i++)
    take(g, zw_gen_format(g->gen, "%.*s_%s", ZW_ARG(g->name), file[i]));
  locate_declarations(g);
  name_group(g, false);
  name_group(g, true);
  return g->gen->no_memory ? ZW_ENOMEM : 0;
}
