/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that generated C must not use, since a header that includes it may come after any other:
 * keywords of C and C++ and macros, which no name may be; what the C library and common platforms
 * declare, which no symbol may be; the names inside generated functions, which no type may be; and
 * the library's own. Whoever wants one of them gets an underscore behind it.
 */
#include "generate_c.h"

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
  static const char *const private_names[] = {"zw_str_at_",
                                              "zw_table_at_",
                                              "zw_vec_table_at_",
                                              "zw_table_entry_",
                                              "zw_writable_",
                                              "zw_open_table_",
                                              "zw_builder_kind_",
                                              "zw_builder_push_",
                                              "zw_builder_push_slow_",
                                              "zw_builder_entry_",
                                              "zw_builder_entry_of_",
                                              "zw_builder_entry_slow_",
                                              "zw_builder_table_start_slow_"};
  for (size_t i = 0; i < sizeof private_names / sizeof *private_names; i++)
    if (zw_str_eq(symbol, zw_str_of(private_names[i]))) return true;
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

bool zw_c_is_local_name(zw_str symbol) { return is_in(locals, symbol); }
