/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reflection: descriptors from a compiled schema (`.bfbs`), and what they drive: tokens, JSON,
 * evolution.
 *
 * A `.bfbs` is hostile input: `zw_schema_load` verifies its structure, then its meaning (ids below
 * the field count and unique, offsets even, type indexes in range, struct sizes and alignments
 * recomputed, enum values sorted), and makes the same `zw_schema` that generated code carries.
 * Features that are not known are refused.
 *
 * Objects travel between FlatBuffers and other notations as *tokens*: `zw_token_writer` is a sink
 * (JSON here, CBOR in the `wamp` layer), `zw_token_reader` a source. `zw_object_write` walks a
 * verified table into a sink; `zw_object_read` builds a table from a source; both know nothing of
 * the notation.
 */
#ifndef ZEROWIRE_REFLECT_H
#define ZEROWIRE_REFLECT_H

#include "zerowire/flatbuf.h"
#include "zerowire/flexbuffer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- loading -------------------------------------------------------------------------------- */

/*
 * Loads a compiled schema; the bytes are copied, so that *out stands alone. ZW_ESCHEMA, ZW_EVERIFY,
 * ZW_ENOTSUP with what and where in words. Free with zw_schema_destroy. Immutable afterwards: any
 * threads may read it.
 */
ZW_API int zw_schema_load(zw_schema **out, zw_span bfbs, const zw_alloc *alloc, zw_diag *diag);
ZW_API void
zw_schema_destroy(zw_schema *schema); /* only what zw_schema_load made; NULL is ignored */
/* The id of a schema: XXH3-128 of its canonical form (without documentation and file names), as
 * zw_schema_load has computed it in `id`. The form is a text for which `alloc` (NULL: the default)
 * gives memory; 0 or ZW_ENOMEM. */
ZW_API int zw_schema_id(const zw_schema *schema, const zw_alloc *alloc,
                        uint8_t out[ZW_SCHEMA_ID_SIZE]);
/* The first 8 hex digits, for people. */
ZW_API void zw_schema_id_text(const uint8_t id[ZW_SCHEMA_ID_SIZE],
                              char out[2 * ZW_SCHEMA_ID_SIZE + 1]);

/* The descriptors of reflection.fbs itself: root of a `.bfbs`. */
ZW_API const zw_type *zw_reflection_root(void);

/* ---- tokens ----------------------------------------------------------------------------------- */

enum zw_token_kind {
  ZW_TOKEN_END = 0, /* end of input */
  ZW_TOKEN_NULL,
  ZW_TOKEN_BOOL,   /* boolean */
  ZW_TOKEN_INT,    /* i: below zero */
  ZW_TOKEN_UINT,   /* u: zero and above */
  ZW_TOKEN_FLOAT,  /* d */
  ZW_TOKEN_STRING, /* text: unescaped UTF-8 */
  ZW_TOKEN_BYTES,  /* bytes: CBOR byte string; in JSON the "\0base64" strings of WAMP */
  ZW_TOKEN_ARRAY,  /* begins an array */
  ZW_TOKEN_ARRAY_END,
  ZW_TOKEN_MAP, /* begins a map: keys (STRING) and values alternate */
  ZW_TOKEN_MAP_END,
};

typedef struct zw_token {
  enum zw_token_kind kind;
  bool boolean;
  bool bare;     /* STRING: an unquoted name (relaxed JSON) */
  bool single;   /* FLOAT: stands for 32 bits; text notations print the shortest decimal that reads
                    back as the same float */
  bool computed; /* FLOAT: by a function (relaxed JSON); no integer takes it */
  int64_t i;
  uint64_t u;
  double d;
  zw_str text;   /* STRING, valid until the next call; FLOAT, INT, UINT from JSON: the literal as
                    written. Else absent */
  zw_span bytes; /* BYTES, valid until the next call */
  size_t offset; /* of the token in the input */
  size_t count;  /* ARRAY, MAP: elements or pairs if known, else SIZE_MAX */
} zw_token;

/* A position that a source can come back to. The contents are the source's own. */
typedef struct zw_token_mark {
  uint64_t private_[8];
} zw_token_mark;

/*
 * A source of tokens; well-formedness and depth are the source's job. `next` gives 0, or an error
 * with *diag filled; after an error the source is not used further. `locate`, `mark` and `rewind`
 * may be NULL: set what is not there to NULL (initialise the whole struct). `rewind` goes back (or
 * forward again) to a mark of the same input; it never fails. Without mark and rewind a union must
 * come after its `u_type`.
 */
typedef struct zw_token_reader zw_token_reader;
struct zw_token_reader {
  int (*next)(zw_token_reader *reader, zw_token *token, zw_diag *diag);
  /* Line and column of an offset, for diagnostics; both 0 where the notation has none. */
  void (*locate)(const zw_token_reader *reader, size_t offset, zw_place *place);
  void (*mark)(const zw_token_reader *reader, zw_token_mark *mark);
  void (*rewind)(zw_token_reader *reader, const zw_token_mark *mark);
};

/*
 * A sink of tokens: ZW_TOKEN_STRING in key position is a key. The sink's error is sticky: write
 * returns it. INT is given for values below zero only; a sink that has one kind of integer reads
 * `i` or `u` by the kind.
 */
typedef struct zw_token_writer zw_token_writer;
struct zw_token_writer {
  int (*write)(zw_token_writer *writer, const zw_token *token);
};

/* Reads one whole value and drops it. `first` has been read already. */
ZW_API int zw_token_skip(zw_token_reader *reader, const zw_token *first, zw_diag *diag);
/* Copies one whole value from source to sink. */
ZW_API int zw_token_copy(zw_token_reader *reader, const zw_token *first, zw_token_writer *writer,
                         zw_diag *diag);

/* ---- JSON tokens -------------------------------------------------------------------------------- */

enum zw_json_flag {
  ZW_JSON_STRICT =
      1u << 0, /* read: RFC 8259 only: no bare names, comments, trailing commas, nan, inf, hex */
  ZW_JSON_BINARY = 1u << 1, /* read: strings that begin with U+0000 are BYTES in base64 (WAMP) */
  ZW_JSON_NAN = 1u << 2,    /* write: nan, inf, -inf bare, as relaxed JSON reads them (else null) */
  ZW_JSON_FLATC = 1u << 3,  /* write: the text of `flatc --json`: bare names, a line for everything,
                               floats with 6 and 12 digits, characters beyond ASCII as \uXXXX */
  ZW_JSON_QUOTED_NAMES = 1u << 4, /* with FLATC, write: names in quotes (`--strict-json`); read:
                                     they must be, and no comma ends a list, but else relaxed */
  ZW_JSON_NATURAL_UTF8 = 1u << 5, /* with FLATC, write: characters beyond ASCII as they are */
  ZW_JSON_ANY_OCTETS = 1u << 6, /* strings that are not UTF-8; with FLATC they are written with the
                                   escapes \xXX */
};

/*
 * Relaxed JSON is what flatc reads: bare names as keys and values, comments, one trailing comma in
 * a list, nan, inf and infinity, hexadecimal numbers (fractions too), leading zeros, a leading '+',
 * '.5' and '5.', the functions deg, rad, sin, cos, tan, asin, acos and atan of a number, single
 * quotes, the escapes \' and \xHH. Numbers are INT or UINT exactly when they are written without
 * fraction and exponent and fit 64 bits ("-0" is a FLOAT), else FLOAT. Strings are well-formed
 * UTF-8. Errors are ZW_ESYNTAX, ZW_ELIMIT (depth) or ZW_ENOMEM, with offset, line and column.
 * Allocates only for strings with escapes. One value and END; what follows the value is an error.
 */
typedef struct zw_json_reader {
  zw_token_reader reader; /* first: pass &json.reader */
  zw_str text;
  size_t at;
  uint32_t flags, depth, depth_max;
  uint8_t state[32];  /* private: one bit a level: in a map */
  uint8_t expect;     /* private */
  bool octet_escapes; /* private: the string has escapes beyond ASCII */
  zw_text scratch;    /* private: unescaped strings */
} zw_json_reader;

/* Tokens nested deeper are never read or written. */
#define ZW_JSON_DEPTH_MAX 256

/* `text` is borrowed. depth_max 0: 64, at most ZW_JSON_DEPTH_MAX. */
ZW_API void zw_json_reader_init(zw_json_reader *json, zw_str text, uint32_t flags,
                                uint32_t depth_max, const zw_alloc *alloc);
ZW_API void zw_json_reader_deinit(zw_json_reader *json);

typedef struct zw_json_writer {
  zw_token_writer writer; /* first */
  zw_text *out;
  uint32_t flags, depth;
  int indent;             /* spaces a level; 0: one line without spaces */
  uint8_t state[32];      /* private */
  bool first, value_next; /* private */
  uint32_t line_depth;    /* private: containers from this depth on are on one line; 0: none */
  int error;
} zw_json_writer;

/*
 * Floats are printed in the shortest form that reads back the same, always with a point or an
 * exponent ("3.0"), whatever the locale; nan and infinities as null (or see ZW_JSON_NAN). BYTES are
 * written as "\u0000" and base64. Integer and boolean keys are quoted. Errors: ZW_EVERIFY (a string
 * that is not UTF-8), ZW_ELIMIT (more than 256 levels), ZW_ENOMEM, ZW_EINVAL (tokens that make no
 * value). Nothing to free.
 */
ZW_API void zw_json_writer_init(zw_json_writer *json, zw_text *out, uint32_t flags, int indent);

/* ---- FlexBuffers ------------------------------------------------------------------------------- */

/*
 * FlexBuffers as tokens; flexbuffer.h has them value by value.
 *
 * The reader is a source of tokens and verifies what it reads: a buffer whose tokens were all read
 * without error is a valid one. Nesting is at most 64 deep; since values may be shared, the tokens
 * and the octets of strings that one buffer may give are bounded by its length (ZW_ELIMIT). Errors
 * are ZW_EVERIFY with the offset. Strings are octets: whoever needs UTF-8 checks it. Keys of a
 * vector of keys are STRING tokens that are `bare`. Allocates nothing; `bytes` is borrowed.
 */
typedef struct zw_flexbuffer_level {
  zw_flexbuffer of; /* the vector or map */
  uint32_t index;
  bool value_next; /* the key of this index has been given */
} zw_flexbuffer_level;

typedef struct zw_flexbuffer_reader {
  zw_token_reader reader; /* first */
  zw_span bytes;
  uint32_t depth;          /* private, as all that follows */
  uint64_t tokens, octets; /* what is left of the bounds */
  bool started;
  zw_flexbuffer_level levels[64];
} zw_flexbuffer_reader;

ZW_API void zw_flexbuffer_reader_init(zw_flexbuffer_reader *flex, zw_span bytes);

/*
 * The writer is a sink: after the last token of one value, `out` has the FlexBuffer at its end.
 * Integers have the smallest width that holds them, floats 32 bits where these are exact; equal
 * keys and strings are written once; keys are sorted. The octets are those of flatc. Errors:
 * ZW_EINVAL (a key twice, or with U+0000; tokens that make no value), ZW_ELIMIT (above 64 levels,
 * or 2 GiB), ZW_ENOMEM.
 */
typedef struct zw_flexbuffer_writer {
  zw_token_writer writer; /* first */
  zw_text *out;
  size_t start; /* private, as all that follows: where the FlexBuffer begins in `out` */
  void *values; /* what waits for its vector or map */
  size_t value_count, value_capacity;
  uint32_t *pool; /* keys and strings that are written, by hash */
  size_t pool_count, pool_capacity;
  uint32_t depth;
  struct {
    size_t start; /* its first value */
    bool map;
  } levels[64];
  int error;
} zw_flexbuffer_writer;

ZW_API void zw_flexbuffer_writer_init(zw_flexbuffer_writer *flex, zw_text *out);
ZW_API void zw_flexbuffer_writer_deinit(zw_flexbuffer_writer *flex);

/* ---- objects ---------------------------------------------------------------------------------- */

enum zw_object_flag {
  ZW_OBJECT_DEFAULTS = 1u << 0,     /* write absent scalars as their defaults */
  ZW_OBJECT_ENUM_NUMBERS = 1u << 1, /* write enums as numbers, not names */
  ZW_OBJECT_TEXT =
      1u << 2, /* timestamps as RFC 3339, UUIDs as text (JSON); else numbers and BYTES */
  ZW_OBJECT_SKIP_UNKNOWN = 1u << 3, /* read: ignore fields that the schema does not know (else an
                                       error with "Did you mean") */
  ZW_OBJECT_BYTES =
      1u << 4, /* write [ubyte] as BYTES, not as an array of numbers; read always takes both */
  ZW_OBJECT_NUMBER_STRINGS =
      1u << 5, /* read: "12" where a number is expected (zw_json_parse: unless strict) */
  ZW_OBJECT_FLATC = 1u << 6, /* write: what flatc writes: scalar keys also if absent, with DEFAULTS
                                union types and optional scalars too; a union's value of an unknown
                                type is ZW_EVERIFY. Read: refuses words as strings, fractions as
                                integers and null as a scalar, as flatc does */
};

/* Tables inside each other, for writing and reading; deeper ones are ZW_ELIMIT. */
#define ZW_OBJECT_DEPTH_MAX 64

/*
 * Writes a table as a MAP, fields in the order of their ids, absent ones left out. Enums by name
 * where one value matches (bit_flags: names joined with spaces), else as numbers. A union is two
 * pairs, `u_type` and `u`; a member that the schema does not know has NULL for `u`. A nested buffer
 * is written as the table that it holds, a FlexBuffer as its value (ZW_EVERIFY, ZW_ELIMIT: it is
 * not valid). What is referred to more than once is written as often, but no more than 16 octets of
 * content for each octet of the buffer, and 256 KiB (ZW_ELIMIT). Returns the sink's error, or
 * ZW_ELIMIT.
 */
ZW_API int zw_object_write(const zw_type *type, zw_table table, uint32_t flags,
                           zw_token_writer *out);
/* Writes one field's value; absent ones as NULL, or default with ZW_OBJECT_DEFAULTS. */
ZW_API int zw_field_write(const zw_field *field, zw_table table, uint32_t flags,
                          zw_token_writer *out);

/*
 * Reads one value (a MAP) and builds it with `b`; the source stands after the value. Accepts enums
 * by name ("Red", "Color.Red", for bit_flags several with spaces) or number, timestamps as RFC 3339
 * or number, UUIDs as text or BYTES, nested buffers as their table or as octets (which are
 * verified); NULL is "absent"; a union's `u_type` before or after `u` (after: only if the source
 * can rewind). Structs need all their members. Vectors of tables or structs with a `key` are sorted
 * by it. Returns the table, or 0: *diag has ZW_EINVAL (or the source's own error, ZW_ELIMIT,
 * ZW_ENOMEM) naming the field, its place, what is expected, and a near name ('Reading has no field
 * "celcius". Did you mean "celsius"?'); the builder's sticky error is the same.
 */
ZW_API zw_ref zw_object_read(const zw_type *type, zw_token_reader *in, uint32_t flags,
                             zw_builder *b, zw_diag *diag);

/*
 * Brings what will be the elements of one vector into the order of their `key`, as lookups expect:
 * tables that `b` has built, and structs in memory. Equal keys keep their order; elements without a
 * key are left as they are. 0, ZW_ENOMEM or ZW_ELIMIT.
 */
ZW_API int zw_sort_tables(const zw_builder *b, const zw_type *type, zw_ref *refs, size_t count);
ZW_API int zw_sort_structs(const zw_type *type, uint8_t *structs, size_t count,
                           const zw_alloc *alloc);

/*
 * WAMP IDL: a table as positional and keyword arguments. Fields in the order of their ids, without
 * deprecated and `u_type` fields, are positional unless they are marked `kwarg`. A union and its
 * type are given as keywords, always: one position could not hold both.
 *
 * Writing: `args` gets an ARRAY of the positional fields (absent scalars as their defaults; other
 * absent ones are NULL, or left out at the end), `kwargs` a MAP of the keyword fields that are
 * present; *written (may be NULL) is their number, so that the caller can drop an empty map.
 * Reading: a positional list, and keywords that may name any field, also positional ones: a whole
 * table given as kwargs is the usual case of that. A field that is given twice, and a position
 * beyond the last, is an error. Either source may be NULL. A MAP in the first position is the first
 * field's value, never the whole table.
 */
ZW_API int zw_object_write_args(const zw_type *type, zw_table table, uint32_t flags,
                                zw_token_writer *args);
ZW_API int zw_object_write_kwargs(const zw_type *type, zw_table table, uint32_t flags,
                                  zw_token_writer *kwargs, size_t *written);
ZW_API zw_ref zw_object_read_args(const zw_type *type, zw_token_reader *args,
                                  zw_token_reader *kwargs, uint32_t flags, zw_builder *b,
                                  zw_diag *diag);

/*
 * JSON text of a verified table (appended to `out`), and back: a whole buffer with its root, and
 * the schema's file identifier if `type` is its root type; trailing text is an error. The builder
 * is reset first; *out are its bytes.
 */
ZW_API int zw_json_print(const zw_type *type, zw_table table, uint32_t object_flags, int indent,
                         zw_text *out);
ZW_API int zw_json_parse(const zw_type *type, zw_str json, uint32_t json_flags,
                         uint32_t object_flags, zw_builder *b, zw_span *out, zw_diag *diag);

/* How an object is printed. All zero: our own form, one line. */
typedef struct zw_json_style {
  uint32_t json_flags;   /* enum zw_json_flag, of writing */
  uint32_t object_flags; /* enum zw_object_flag, of writing */
  int indent;            /* spaces a level; 0: one line */
} zw_json_style;

/* The same as zw_json_print for any style. */
ZW_API int zw_json_print_style(const zw_type *type, zw_table table, const zw_json_style *style,
                               zw_text *out);

/* The options of flatc's command line that change JSON. */
enum zw_flatc_flag {
  ZW_FLATC_STRICT_JSON = 1u << 0,
  ZW_FLATC_DEFAULTS_JSON = 1u << 1,
  ZW_FLATC_NATURAL_UTF8 = 1u << 2,
  ZW_FLATC_ALLOW_NON_UTF8 = 1u << 3,
  ZW_FLATC_UNKNOWN_JSON = 1u << 4,
  ZW_FLATC_SIZE_PREFIXED = 1u << 5, /* 4 octets of length come before the buffer */
};

/*
 * What `flatc --json` does with a binary of this root type, octet for octet as flatc 25.12.19
 * prints it, the line's end included; the bytes are verified first, and nothing is appended to
 * `out` on failure. And `flatc --binary` with a JSON file. docs/flatc-differences.md has where they
 * differ on purpose. `diag` says what and where.
 */
ZW_API int zw_flatc_json_print(const zw_type *type, zw_span bytes, uint32_t flatc_flags,
                               zw_text *out, zw_diag *diag);
ZW_API int zw_flatc_json_parse(const zw_type *type, zw_str json, uint32_t flatc_flags,
                               zw_builder *b, zw_span *out, zw_diag *diag);

/* ---- evolution ---------------------------------------------------------------------------------- */

enum zw_compat {
  ZW_COMPAT_BACKWARD = 1,
  ZW_COMPAT_FORWARD = 2,
  ZW_COMPAT_FULL = 3,
  ZW_COMPAT_NONE = 0
};
enum zw_category { ZW_CATEGORY_DATA = 1, ZW_CATEGORY_JSON = 2, ZW_CATEGORY_SOURCE = 4 };

/* One finding; strings live during the call. */
typedef struct zw_finding {
  const char *rule; /* "FIELD_SAME_TYPE" … */
  bool warning;
  uint32_t directions; /* enum zw_compat bits that it breaks */
  uint32_t categories; /* enum zw_category bits that it breaks */
  zw_str element;      /* "com.example.Reading.celsius" */
  zw_str type,
      member; /* the parts: type's or enum's full name; field, value or method (may be absent) */
  zw_str new_member;   /* its name in the new schema, where it is there under another one */
  const char *message; /* "double became float" */
  const char *fix;     /* "Add a field instead." */
} zw_finding;

typedef void zw_finding_fn(void *ctx, const zw_finding *finding);

/* The id of the i-th rule; NULL: there are no more. */
ZW_API const char *zw_evolution_rule_at(size_t i);

/*
 * Compares two schemas: every type reachable from `old_root`, matched by name. NULL: everything
 * that is declared: all types, services with their methods, maps with their keys, the root type.
 * Reports each finding whose directions and categories meet the given ones. Returns the number of
 * findings that are not warnings, or a negative error.
 */
ZW_API int zw_evolution_check(const zw_schema *old_schema, const zw_schema *new_schema,
                              const zw_type *old_root, const zw_type *new_root, uint32_t directions,
                              uint32_t categories, zw_finding_fn *report, void *ctx);
/*
 * The same for what both schemas know under one name, each type once: whether two programs that
 * meet read each other right. What only one of them has is no finding.
 */
ZW_API int zw_evolution_check_shared(const zw_schema *old_schema, const zw_schema *new_schema,
                                     uint32_t directions, uint32_t categories,
                                     zw_finding_fn *report, void *ctx);

#ifdef __cplusplus
}
#endif

#endif
