/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks over containers, and the scan of CBOR values. The scan of JSON is in raw_json.c.
 *
 * A walk checks as it goes: an element is scanned whole before it is given, so what a walk has
 * passed is well-formed.
 */
#include "raw_value.h"

#include "cbor_head.h"

#define INDEFINITE UINT64_MAX

static void cbor_string(zw_span octets, size_t at, const cbor_head *head, raw_value *out) {
  out->kind = head->major == CBOR_TEXT ? RAW_TEXT : RAW_BYTES;
  out->escaped = head->indefinite;
  if (!head->indefinite) out->content = zw_span_of(octets.ptr + at, (size_t)head->value);
}

static void cbor_simple(const cbor_head *head, raw_value *out) {
  switch (head->info) {
    case CBOR_FALSE:
    case CBOR_TRUE:
      out->kind = RAW_BOOL;
      out->boolean = head->info == CBOR_TRUE;
      break;
    case CBOR_NULL:
    case CBOR_UNDEFINED: out->kind = RAW_NULL; break;
    case CBOR_HALF:
    case CBOR_SINGLE:
    case CBOR_DOUBLE: out->kind = RAW_FLOAT; break;
    default: out->kind = RAW_OTHER; break;
  }
}

/* What the head says; the value has been skipped, so all of it is there. */
static void cbor_describe(zw_span octets, size_t at, raw_value *out) {
  cbor_head head;
  do {
    if (!zw_cbor_head_read(octets, &at, &head)) return;
  } while (head.major == CBOR_TAG);
  switch (head.major) {
    case CBOR_UINT:
    case CBOR_NINT:
      out->kind = head.major == CBOR_UINT ? RAW_UINT : RAW_NINT;
      out->u = head.value;
      break;
    case CBOR_BYTES:
    case CBOR_TEXT: cbor_string(octets, at, &head, out); break;
    case CBOR_ARRAY:
    case CBOR_MAP:
      out->kind = head.major == CBOR_ARRAY ? RAW_ARRAY : RAW_MAP;
      out->empty = head.indefinite ? octets.ptr[at] == CBOR_BREAK : head.value == 0;
      break;
    default: cbor_simple(&head, out); break;
  }
}

int zw_raw_scan_cbor(zw_span octets, size_t *at, uint32_t depth, raw_value *out) {
  size_t begin = *at;
  memset(out, 0, sizeof *out);
  int e = zw_cbor_skip(octets, at, depth);
  if (e) return e;
  out->whole = zw_span_of(octets.ptr + begin, *at - begin);
  cbor_describe(octets, begin, out);
  return 0;
}

int zw_raw_scan(enum zw_format format, zw_span octets, size_t *at, uint32_t depth, raw_value *out) {
  return format == ZW_FORMAT_JSON ? zw_raw_scan_json(octets, at, depth, out)
                                  : zw_raw_scan_cbor(octets, at, depth, out);
}

static bool is_blank(uint8_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static void skip_blanks(raw_walk *walk) {
  while (walk->at < walk->octets.len && is_blank(walk->octets.ptr[walk->at])) walk->at++;
}

static int open_cbor(raw_walk *walk) {
  cbor_head head;
  do {
    if (!zw_cbor_head_read(walk->octets, &walk->at, &head)) return ZW_EPROTO;
  } while (head.major == CBOR_TAG);
  if (head.major != CBOR_ARRAY && head.major != CBOR_MAP) return ZW_EPROTO;
  walk->map = head.major == CBOR_MAP;
  /* More items than octets: a lie, and doubling it must not wrap. */
  if (head.value > walk->octets.len) return ZW_EPROTO;
  walk->left = head.indefinite ? INDEFINITE : walk->map ? 2 * head.value : head.value;
  return 0;
}

int zw_raw_open(raw_walk *walk, enum zw_format format, zw_span octets, uint32_t depth) {
  *walk = (raw_walk){.format = format, .first = true, .key_next = true, .octets = octets};
  if (depth == 0) return ZW_ELIMIT;
  walk->depth = depth - 1;
  if (format == ZW_FORMAT_CBOR) return open_cbor(walk);
  skip_blanks(walk);
  if (walk->at >= octets.len) return ZW_EPROTO;
  uint8_t c = octets.ptr[walk->at];
  if (c != '[' && c != '{') return ZW_EPROTO;
  walk->map = c == '{';
  walk->at++;
  return 0;
}

static int next_cbor(raw_walk *walk, raw_value *out) {
  if (walk->left == 0) return 0;
  if (walk->left == INDEFINITE && walk->at < walk->octets.len &&
      walk->octets.ptr[walk->at] == CBOR_BREAK) {
    walk->at++;
    return walk->map && !walk->key_next ? ZW_EPROTO : 0;
  }
  if (walk->left != INDEFINITE) walk->left--;
  int e = zw_raw_scan_cbor(walk->octets, &walk->at, walk->depth, out);
  return e ? e : 1;
}

/* The comma or colon before an element, or the end: 1, 0 or negative. */
static int json_separator(raw_walk *walk) {
  skip_blanks(walk);
  if (walk->at >= walk->octets.len) return ZW_EPROTO;
  uint8_t c = walk->octets.ptr[walk->at];
  bool value_of_pair = walk->map && !walk->key_next;
  if (value_of_pair) {
    if (c != ':') return ZW_EPROTO;
    walk->at++;
    return 1;
  }
  if (c == (walk->map ? '}' : ']')) {
    walk->at++;
    return 0;
  }
  if (walk->first) return 1;
  if (c != ',') return ZW_EPROTO;
  walk->at++;
  return 1;
}

static int next_json(raw_walk *walk, raw_value *out) {
  int more = json_separator(walk);
  if (more <= 0) return more;
  skip_blanks(walk);
  int e = zw_raw_scan_json(walk->octets, &walk->at, walk->depth, out);
  if (e) return e;
  bool key = walk->map && walk->key_next;
  return key && out->kind != RAW_TEXT && out->kind != RAW_BYTES ? ZW_EPROTO : 1;
}

int zw_raw_next(raw_walk *walk, raw_value *out) {
  if (walk->done) return 0;
  int more = walk->format == ZW_FORMAT_JSON ? next_json(walk, out) : next_cbor(walk, out);
  walk->first = false;
  walk->key_next = !walk->key_next;
  if (more == 0) walk->done = true;
  return more;
}

bool zw_raw_at_end(raw_walk *walk) {
  if (walk->format == ZW_FORMAT_JSON) skip_blanks(walk);
  return walk->at == walk->octets.len;
}

int zw_raw_pair(raw_walk *walk, raw_value *key, raw_value *value) {
  for (;;) {
    int more = zw_raw_next(walk, key);
    if (more <= 0) return more;
    more = zw_raw_next(walk, value);
    if (more <= 0) return more < 0 ? more : ZW_EPROTO;
    if (key->kind == RAW_TEXT) return 1;
  }
}

bool zw_raw_text_is(const raw_value *value, zw_str text) {
  return value->kind == RAW_TEXT && !value->escaped && zw_str_eq(zw_span_str(value->content), text);
}
