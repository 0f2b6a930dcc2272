/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of JSON and CBOR as spans: the list serializers' view of a message. Nothing is copied,
 * unescaped or converted; tags of CBOR are passed over. Each value is checked to be well-formed
 * when it is passed, whatever it is.
 */
#ifndef ZEROWIRE_WAMP_RAW_VALUE_H
#define ZEROWIRE_WAMP_RAW_VALUE_H

#include "zerowire/wamp.h"

enum raw_kind {
  RAW_NULL, /* null, undefined */
  RAW_BOOL,
  RAW_UINT,
  RAW_NINT,  /* below zero */
  RAW_FLOAT, /* also integers beyond 64 bits */
  RAW_TEXT,
  RAW_BYTES,
  RAW_ARRAY,
  RAW_MAP,
  RAW_OTHER, /* simple values without a meaning */
};

typedef struct raw_value {
  uint8_t kind; /* enum raw_kind */
  bool boolean;
  bool escaped;    /* TEXT, BYTES: `content` is not the text itself (escapes, pieces, base64) */
  bool empty;      /* ARRAY, MAP: has no elements */
  uint64_t u;      /* UINT; NINT: -1 - value */
  zw_span whole;   /* the value */
  zw_span content; /* TEXT, BYTES: without quotes and head */
} raw_value;

/* A walk over the elements of one array or map. */
typedef struct raw_walk {
  enum zw_format format; /* JSON or CBOR */
  bool map;
  bool key_next; /* map: a key comes next */
  bool first;
  bool done;
  zw_span octets;
  size_t at;
  uint64_t left;  /* CBOR: items to come; UINT64_MAX: until a break */
  uint32_t depth; /* containers that may still be entered */
} raw_walk;

/* Scans the value at *at of octets and moves *at behind it. 0, ZW_EPROTO or ZW_ELIMIT; then *at is
 * where it went wrong. */
int zw_raw_scan(enum zw_format format, zw_span octets, size_t *at, uint32_t depth, raw_value *out);
int zw_raw_scan_json(zw_span octets, size_t *at, uint32_t depth, raw_value *out);
int zw_raw_scan_cbor(zw_span octets, size_t *at, uint32_t depth, raw_value *out);

/* Begins at a container: RAW_ARRAY or RAW_MAP, or ZW_EPROTO if it is neither. */
int zw_raw_open(raw_walk *walk, enum zw_format format, zw_span octets, uint32_t depth);
/* 1: the next element (in maps: key, value, key, …); 0: the end; negative: malformed, at walk->at.
 */
int zw_raw_next(raw_walk *walk, raw_value *out);
/* After the end: whether nothing but blanks follows. */
bool zw_raw_at_end(raw_walk *walk);
/* The next pair of a map: 1 with key and value, 0, or negative. Keys that are not text are passed
 * over. */
int zw_raw_pair(raw_walk *walk, raw_value *key, raw_value *value);

/* The text of JSON content with escapes, in `arena`; {NULL, 0} without memory. The content has been
 * scanned. */
zw_str zw_raw_unescape(zw_span content, zw_arena *arena);
bool zw_raw_text_is(const raw_value *value, zw_str text);

#endif
