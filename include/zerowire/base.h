/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire base: what every layer shares.
 *
 * Spans point at bytes that somebody else owns; nothing here copies unless its name says so.
 * Errors are a negative `int` from one table (ZW_ERRORS); what a person needs to mend one is in a
 * caller-owned `zw_diag`. Memory comes from a `zw_alloc` that every handle is given; there is no
 * hidden global state and no thread-local.
 *
 * Threads: all functions are re-entrant; an object is used by one thread at a time, except that
 * `zw_buf_ref` and `zw_buf_unref` may be called from any thread at any time.
 */
#ifndef ZEROWIRE_BASE_H
#define ZEROWIRE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ZW_API __attribute__((visibility("default")))
#define ZW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define ZW_NODISCARD __attribute__((warn_unused_result))
#else
#define ZW_API
#define ZW_PRINTF(fmt, args)
#define ZW_NODISCARD
#endif

#define ZW_VERSION_MAJOR 0
#define ZW_VERSION_MINOR 1
#define ZW_VERSION_PATCH 0
#define ZW_VERSION_STRING "0.1.0"

/* The version of the run time that is linked, to compare with ZW_VERSION_STRING. Static. */
ZW_API const char *zw_version(void);

/* ---- errors ------------------------------------------------------------------------------ */

/*
 * The one table of errors: X(symbol, number, text, WAMP error URI).
 * Numbers are part of the ABI: they are appended, never reused.
 */
#define ZW_ERRORS(X)                                                                          \
  X(ZW_ENOMEM, -1, "out of memory", "wamp.error.unavailable")                                 \
  X(ZW_EINVAL, -2, "invalid argument", "wamp.error.invalid_argument")                         \
  X(ZW_EPROTO, -3, "protocol violation", "wamp.error.protocol_violation")                     \
  X(ZW_EVERIFY, -4, "bytes do not verify", "wamp.error.invalid_argument")                     \
  X(ZW_ELIMIT, -5, "a limit is exceeded", "wamp.error.payload_size_exceeded")                 \
  X(ZW_ENOTSUP, -6, "not supported", "wamp.error.feature_not_supported")                      \
  X(ZW_ESYNTAX, -7, "syntax error", "wamp.error.invalid_argument")                            \
  X(ZW_ESCHEMA, -8, "schema error", "wamp.error.invalid_argument")                            \
  X(ZW_EMISMATCH, -9, "schemas do not match", "zerowire.error.schema_mismatch")               \
  X(ZW_ENOTFOUND, -10, "not found", "zerowire.error.not_found")                               \
  X(ZW_EEXISTS, -11, "exists already", "zerowire.error.exists")                               \
  X(ZW_EKEY, -12, "invalid key", "wamp.error.invalid_argument")                               \
  X(ZW_ECORRUPT, -13, "stored data is corrupt", "zerowire.error.store_unavailable")           \
  X(ZW_ESTORE, -14, "the store is unavailable", "zerowire.error.store_unavailable")           \
  X(ZW_EFULL, -15, "no space left", "zerowire.error.store_unavailable")                       \
  X(ZW_EBUSY, -16, "in use by another process", "zerowire.error.store_unavailable")           \
  X(ZW_ESTALE, -17, "the handle is from before a reopen", "zerowire.error.store_unavailable") \
  X(ZW_EIO, -18, "input or output failed", "zerowire.error.store_unavailable")                \
  X(ZW_ENET, -19, "the connection failed", "wamp.error.network_failure")                      \
  X(ZW_ECLOSED, -20, "closed", "wamp.close.normal")                                           \
  X(ZW_ETIMEOUT, -21, "timed out", "wamp.error.timeout")                                      \
  X(ZW_EAUTH, -22, "not authorized", "wamp.error.not_authorized")                             \
  X(ZW_EREMOTE, -23, "the peer answered with an error", "wamp.error.runtime_error")           \
  X(ZW_EAGAIN, -24, "more input is needed", "wamp.error.unavailable")                         \
  X(ZW_EVERSION, -25, "version does not match", "zerowire.error.schema_mismatch")             \
  X(ZW_EURI, -26, "invalid URI", "wamp.error.invalid_uri")                                    \
  X(ZW_EOPTION, -27, "option not allowed", "wamp.error.option_not_allowed")                   \
  X(ZW_ECANCELED, -28, "canceled", "wamp.error.canceled")                                     \
  X(ZW_EUSAGE, -29, "wrong usage", "wamp.error.invalid_argument")

enum zw_error {
  ZW_OK = 0,
#define ZW_ERROR_ENUM(symbol, number, text, uri) symbol = number,
  ZW_ERRORS(ZW_ERROR_ENUM)
#undef ZW_ERROR_ENUM
};

/* The symbol ("ZW_ENOMEM"), text and WAMP error URI of an error; never NULL, static. */
ZW_API const char *zw_error_name(int error);
ZW_API const char *zw_error_text(int error);
ZW_API const char *zw_error_uri(int error);

/* ---- spans ------------------------------------------------------------------------------- */

/* Text: UTF-8, not terminated. Absent is {NULL, 0}; empty has a pointer. */
typedef struct zw_str {
  const char *ptr;
  size_t len;
} zw_str;

/* Octets. Absent is {NULL, 0}; empty has a pointer. */
typedef struct zw_span {
  const uint8_t *ptr;
  size_t len;
} zw_span;

#ifdef __cplusplus
#define ZW_STR(literal) (zw_str{(literal), sizeof(literal) - 1})
#else
#define ZW_STR(literal) ((zw_str){(literal), sizeof(literal) - 1})
#endif

/* For printf: printf("%.*s", ZW_ARG(s)). Of a text of 2 GiB or more only the beginning is printed.
 */
#define ZW_ARG(s) \
  (int)((s).len < INT32_MAX ? (s).len : INT32_MAX), (s).ptr ? (const char *)(s).ptr : ""

static inline zw_str zw_str_of(const char *text) {
  zw_str s = {text, text ? strlen(text) : 0};
  return s;
}
static inline bool zw_str_eq(zw_str a, zw_str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
static inline zw_span zw_span_of(const void *ptr, size_t len) {
  zw_span s = {(const uint8_t *)ptr, len};
  return s;
}
static inline zw_span zw_str_span(zw_str s) { return zw_span_of(s.ptr, s.len); }
static inline zw_str zw_span_str(zw_span s) {
  zw_str r = {(const char *)s.ptr, s.len};
  return r;
}
static inline bool zw_span_eq(zw_span a, zw_span b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Whether the text is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
ZW_API bool zw_utf8_valid(zw_str text);
/* The length of the longest well-formed prefix, and in *partial how many octets after it may yet
 * begin a character (0..3): for text that arrives in fragments. `partial` may be NULL. */
ZW_API size_t zw_utf8_prefix(zw_str text, size_t *partial);

/* The candidate nearest to `word` by edit distance, for "Did you mean"; -1 if none is near. */
ZW_API int zw_did_you_mean(zw_str word, const zw_str *candidates, size_t count);

/* ---- little- and big-endian loads and stores at any address ------------------------------- */

/* One move each (and one swap), whatever the optimization level: memcpy of a constant size is a
 * move. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ZW_LE_(bits, v) __builtin_bswap##bits(v)
#define ZW_BE_(bits, v) (v)
#else
#define ZW_LE_(bits, v) (v)
#define ZW_BE_(bits, v) __builtin_bswap##bits(v)
#endif

#define ZW_LOAD_STORE(bits)                                         \
  static inline uint##bits##_t zw_load_le##bits(const void *p) {    \
    uint##bits##_t v;                                               \
    memcpy(&v, p, sizeof v);                                        \
    return ZW_LE_(bits, v);                                         \
  }                                                                 \
  static inline void zw_store_le##bits(void *p, uint##bits##_t v) { \
    v = ZW_LE_(bits, v);                                            \
    memcpy(p, &v, sizeof v);                                        \
  }                                                                 \
  static inline uint##bits##_t zw_load_be##bits(const void *p) {    \
    uint##bits##_t v;                                               \
    memcpy(&v, p, sizeof v);                                        \
    return ZW_BE_(bits, v);                                         \
  }                                                                 \
  static inline void zw_store_be##bits(void *p, uint##bits##_t v) { \
    v = ZW_BE_(bits, v);                                            \
    memcpy(p, &v, sizeof v);                                        \
  }
ZW_LOAD_STORE(16)
ZW_LOAD_STORE(32)
ZW_LOAD_STORE(64)
#undef ZW_LOAD_STORE
#undef ZW_LE_
#undef ZW_BE_

/* ---- diagnostics ------------------------------------------------------------------------- */

#define ZW_DIAG_MESSAGE_MAX 400
#define ZW_DIAG_FILE_MAX 200

/* A position in a text; line and column count from 1, 0 is "none"; columns count octets. */
typedef struct zw_place {
  char file[ZW_DIAG_FILE_MAX];
  uint32_t line;
  uint32_t column;
} zw_place;

/*
 * What went wrong, for a person: owned by the caller, filled by the function that fails, left alone
 * by one that succeeds. Every function that takes a `zw_diag *` accepts NULL.
 */
typedef struct zw_diag {
  int error;       /* ZW_E… */
  char rule[32];   /* rule id such as "FIELD_SAME_TYPE", or "" */
  zw_place at;     /* where */
  zw_place other;  /* the other place that matters (an earlier declaration), or line 0 */
  uint64_t offset; /* octet offset in binary input, else 0 */
  char message[ZW_DIAG_MESSAGE_MAX]; /* WHAT. FIX  (no trailing newline) */
} zw_diag;

/* Fills *diag (if not NULL) with error and message, clears the rest, returns `error`. Messages
 * that do not fit end in "…". */
ZW_API int zw_fail(zw_diag *diag, int error, const char *format, ...) ZW_PRINTF(3, 4);
/* The same, with an octet offset. */
ZW_API int zw_fail_at(zw_diag *diag, int error, uint64_t offset, const char *format, ...)
    ZW_PRINTF(4, 5);
/* Writes "file:line:col: message" (parts that are absent are left out) to out[size], always
 * terminated; returns the length that the whole text has. */
ZW_API size_t zw_diag_format(const zw_diag *diag, char *out, size_t size);

/* ---- memory ------------------------------------------------------------------------------ */

/*
 * An allocator: one function, like realloc with both sizes. `resize(ctx, NULL, 0, n)` allocates,
 * `resize(ctx, p, n, 0)` frees and returns NULL. A zw_alloc outlives every handle made with it;
 * NULL where one is asked for means the C library's.
 */
typedef struct zw_alloc {
  void *(*resize)(void *ctx, void *ptr, size_t old_size, size_t new_size);
  void *ctx;
} zw_alloc;

ZW_API const zw_alloc *zw_alloc_default(void);
ZW_API void *zw_alloc_get(const zw_alloc *alloc, size_t size);  /* not cleared; NULL: no memory */
ZW_API void *zw_alloc_zero(const zw_alloc *alloc, size_t size); /* cleared */
ZW_API void zw_alloc_free(const zw_alloc *alloc, void *ptr, size_t size);

/*
 * Grows an array of `item` octets an element so that it holds at least `need` elements; doubles,
 * and never wraps. `*array` and `*capacity` change only on success. 0 or ZW_ENOMEM.
 */
ZW_API int zw_array_reserve(const zw_alloc *alloc, void **array, size_t *capacity, size_t need,
                            size_t item);

/* Memory that is freed all at once. */
typedef struct zw_arena {
  const zw_alloc *alloc;
  struct zw_arena_block *block; /* newest first */
} zw_arena;

ZW_API void zw_arena_init(zw_arena *arena, const zw_alloc *alloc);
ZW_API void zw_arena_deinit(zw_arena *arena);
/* Frees all but the largest block, for use again. */
ZW_API void zw_arena_reset(zw_arena *arena);
/* 8-aligned, cleared; NULL: no memory (or size is absurd). size 0 gives a valid pointer. */
ZW_API void *zw_arena_get(zw_arena *arena, size_t size);
/* `count` elements of `item` octets; NULL also where the product wraps. */
ZW_API void *zw_arena_array(zw_arena *arena, size_t count, size_t item);
/* A terminated copy; {NULL,0} when there is no memory. */
ZW_API zw_str zw_arena_str(zw_arena *arena, zw_str text);

/*
 * A buffer with a reference count: the owner of a received message, of an encoded head, of a
 * payload on its way to many sockets. `data` is 16-aligned. The last `zw_buf_unref` frees it. Only
 * the maker writes, and only while it holds the sole reference.
 */
typedef struct zw_buf {
  uint8_t *data;
  size_t len;      /* octets in use */
  size_t capacity; /* octets at `data` */
  const zw_alloc *alloc;
  void *refs_; /* private */
} zw_buf;

/* NULL: no memory. One reference, len 0. */
ZW_API zw_buf *zw_buf_create(const zw_alloc *alloc, size_t capacity);
ZW_API zw_buf *zw_buf_copy(const zw_alloc *alloc, zw_span bytes);
ZW_API zw_buf *zw_buf_ref(zw_buf *buf); /* returns buf; NULL is passed through */
ZW_API void zw_buf_unref(zw_buf *buf);  /* NULL is ignored */
ZW_API bool zw_buf_is_sole(const zw_buf *buf);
static inline zw_span zw_buf_span(const zw_buf *buf) {
  return zw_span_of(buf ? buf->data : NULL, buf ? buf->len : 0);
}

/* A growing octet string, for text that is printed piece by piece. Sticky error. */
typedef struct zw_text {
  const zw_alloc *alloc;
  char *ptr; /* terminated whenever len > 0 */
  size_t len, capacity;
  int error;
} zw_text;

ZW_API void zw_text_init(zw_text *text, const zw_alloc *alloc);
ZW_API void zw_text_deinit(zw_text *text);
ZW_API void zw_text_reset(zw_text *text); /* keeps the memory */
ZW_API void zw_text_add(zw_text *text, const void *ptr, size_t len);
ZW_API void zw_text_add_str(zw_text *text, zw_str s);
ZW_API void zw_text_printf(zw_text *text, const char *format, ...) ZW_PRINTF(2, 3);
static inline zw_str zw_text_str(const zw_text *text) {
  zw_str s = {text->ptr ? text->ptr : "", text->len};
  return s;
}

/* ---- hashes and tables ------------------------------------------------------------------- */

ZW_API uint64_t zw_hash64(zw_span bytes); /* XXH3, 64 bits */
ZW_API uint64_t zw_hash64_seed(zw_span bytes, uint64_t seed);
ZW_API void zw_hash128(zw_span bytes, uint8_t out[16]); /* XXH3, canonical (big-endian) form */
/* XXH3-64 over several spans as if they were one. */
ZW_API uint64_t zw_hash64_parts(const zw_span *parts, size_t count);

/*
 * A hash table from octet strings or u64 to pointers. Keys of strings are borrowed: the value
 * usually owns them. Open addressing; iteration order is unspecified; removal during iteration of
 * the element just returned is allowed. It grows with the number of elements that it holds at once,
 * not with how many come and go.
 */
typedef struct zw_table_entry_ zw_table_entry_;
typedef struct zw_hmap {
  const zw_alloc *alloc;
  zw_table_entry_ *entries; /* private */
  size_t count;             /* elements */
  size_t capacity;          /* private: slots, a power of two or 0 */
  size_t used;              /* private: slots with an element or a tombstone */
  uint64_t seed; /* 0; from randomness where strangers choose the keys, so that they cannot
                    choose some that collide. Set between init and the first element */
} zw_hmap;

ZW_API void zw_hmap_init(zw_hmap *map, const zw_alloc *alloc);
ZW_API void zw_hmap_deinit(zw_hmap *map);
ZW_API void *zw_hmap_get(const zw_hmap *map, zw_span key);
/* Sets; *old (may be NULL) gets the value that was there or NULL. value is not NULL. 0, or
 * ZW_ENOMEM and the table is as before. Of a key that is there the span is replaced, too. */
ZW_API int zw_hmap_set(zw_hmap *map, zw_span key, void *value, void **old);
ZW_API void *zw_hmap_remove(zw_hmap *map, zw_span key); /* the value, or NULL */
ZW_API void *zw_hmap_get_id(const zw_hmap *map, uint64_t key);
ZW_API int zw_hmap_set_id(zw_hmap *map, uint64_t key, void *value, void **old);
ZW_API void *zw_hmap_remove_id(zw_hmap *map, uint64_t key);
/* for (size_t i = 0; (v = zw_hmap_next(&map, &i));) … */
ZW_API void *zw_hmap_next(const zw_hmap *map, size_t *iterator);

/* ---- time and randomness: passed in, so that every core can be simulated -------------------- */

/* ns since 1970 as "2026-11-24T14:10:20.123456789Z" (fraction only as long as needed). out has at
 * least 40 octets; returns the length. Years 0001 to 9999; others are printed as a number. */
#define ZW_TIME_TEXT_MAX 40
ZW_API size_t zw_time_format(int64_t ns, char out[ZW_TIME_TEXT_MAX]);
/* RFC 3339 with "Z" or an offset; 0, or ZW_ESYNTAX. */
ZW_API int zw_time_parse(zw_str text, int64_t *ns);
/* "30d", "1h", "15m", "10s", "250ms" → ns; 0, or ZW_ESYNTAX (also on overflow, and *ns is kept).
 * Units: ns us ms s m h d w. */
ZW_API int zw_duration_parse(zw_str text, int64_t *ns);
/* "10GB", "512MiB", "4096" → octets; 0, or ZW_ESYNTAX (and *octets is kept). Units: none, B, kB
 * (KB) MB GB TB by the thousand, KiB MiB GiB TiB by 1024. */
ZW_API int zw_size_parse(zw_str text, uint64_t *octets);

/* Where randomness is needed it comes from such a function (fills out, never fails). */
typedef struct zw_random {
  void (*fill)(void *ctx, uint8_t *out, size_t len);
  void *ctx;
} zw_random;
ZW_API const zw_random *zw_random_system(void); /* getrandom */

/* ---- log --------------------------------------------------------------------------------- */

enum zw_log_level { ZW_LOG_ERROR, ZW_LOG_WARN, ZW_LOG_INFO, ZW_LOG_DEBUG };

typedef struct zw_log {
  void (*write)(void *ctx, enum zw_log_level level, const char *message);
  void *ctx;
  enum zw_log_level level; /* the finest that is written */
} zw_log;

/* NULL log: dropped. */
ZW_API void zw_log_printf(const zw_log *log, enum zw_log_level level, const char *format, ...)
    ZW_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
