/* SPDX-License-Identifier: Apache-2.0 */
/* The first octets of a CBOR data item (RFC 8949, section 3), which reader, scanner and writer
 * share. */
#ifndef ZEROWIRE_WAMP_CBOR_HEAD_H
#define ZEROWIRE_WAMP_CBOR_HEAD_H

#include "zerowire/base.h"

enum cbor_major {
  CBOR_UINT = 0,
  CBOR_NINT = 1,
  CBOR_BYTES = 2,
  CBOR_TEXT = 3,
  CBOR_ARRAY = 4,
  CBOR_MAP = 5,
  CBOR_TAG = 6,
  CBOR_SIMPLE = 7,
};

enum { CBOR_FALSE = 20, CBOR_TRUE = 21, CBOR_NULL = 22, CBOR_UNDEFINED = 23 };
enum { CBOR_HALF = 25, CBOR_SINGLE = 26, CBOR_DOUBLE = 27 }; /* `info` of floats */

#define CBOR_BREAK 0xFF
#define CBOR_HEAD_MAX 9
#define CBOR_DEPTH_MAX 128 /* whatever a caller asks for */

typedef struct cbor_head {
  uint8_t major;   /* enum cbor_major */
  uint8_t info;    /* the low five bits */
  bool indefinite; /* BYTES, TEXT, ARRAY, MAP; `value` is 0 */
  uint64_t value;  /* number, length, count, tag, simple value, or bits of a float */
} cbor_head;

/* Reads the head at *at and moves *at behind it. False: cut off, or not well-formed; *at is as it
 * was. A break is not a head. */
bool zw_cbor_head_read(zw_span octets, size_t *at, cbor_head *head);
/* Writes the shortest head; returns its length. */
size_t zw_cbor_head_write(uint8_t out[CBOR_HEAD_MAX], enum cbor_major major, uint64_t value);
/* The number that a float's head stands for. */
double zw_cbor_float(const cbor_head *head);
/*
 * Moves *at behind the one value there, which is well-formed with strings in UTF-8 and no more than
 * `depth` containers inside each other. 0, ZW_EPROTO or ZW_ELIMIT (depth); then *at is
 * where it went wrong.
 */
int zw_cbor_skip(zw_span octets, size_t *at, uint32_t depth);

#endif
