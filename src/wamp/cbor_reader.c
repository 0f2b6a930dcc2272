/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CBOR as a stream of tokens.
 *
 * Tags are passed over: what they tag is read as it is. Undefined and simple values without a
 * meaning read as null. Strings in pieces (indefinite length) are ZW_ENOTSUP, since a token is one
 * span of the input. Keys of maps are text; other keys are given as they are, and it is the sink
 * that refuses them.
 *
 * Invariants: depth <= depth_max <= 64; left[depth] counts what the container at that level still
 * holds, keys and values apart, or is UINT64_MAX where a break ends it; level 0 is the input
 * itself, with one item.
 */
#include "cbor_head.h"

#include "zerowire/wamp.h"

#define INDEFINITE UINT64_MAX
#define READER_DEPTH_MAX 64

static int cbor_fail(const zw_cbor_reader *cbor, zw_diag *diag, int error, const char *what) {
  return zw_fail_at(diag, error, cbor->at, "CBOR: %s, at octet %zu.", what, cbor->at);
}

static int close_level(zw_cbor_reader *cbor, zw_token *token) {
  token->kind = cbor->is_map[cbor->depth] ? ZW_TOKEN_MAP_END : ZW_TOKEN_ARRAY_END;
  cbor->depth--;
  return 0;
}

static int open_level(zw_cbor_reader *cbor, const cbor_head *head, zw_token *token, zw_diag *diag) {
  bool map = head->major == CBOR_MAP;
  if (cbor->depth >= cbor->depth_max) return cbor_fail(cbor, diag, ZW_ELIMIT, "nested too deeply");
  /* Each item takes an octet at least: a larger count is a lie, and must not wrap when it is
   * doubled. */
  if (head->value > cbor->octets.len - cbor->at)
    return cbor_fail(cbor, diag, ZW_EPROTO, "the value is cut off");
  cbor->depth++;
  cbor->is_map[cbor->depth] = map;
  cbor->left[cbor->depth] = head->indefinite ? INDEFINITE : map ? 2 * head->value : head->value;
  token->kind = map ? ZW_TOKEN_MAP : ZW_TOKEN_ARRAY;
  token->count = head->indefinite ? SIZE_MAX : (size_t)head->value;
  return 0;
}

static int read_string(zw_cbor_reader *cbor, const cbor_head *head, zw_token *token,
                       zw_diag *diag) {
  if (head->indefinite)
    return cbor_fail(cbor, diag, ZW_ENOTSUP, "a string in pieces is not supported");
  if (head->value > cbor->octets.len - cbor->at)
    return cbor_fail(cbor, diag, ZW_EPROTO, "the string is cut off");
  zw_span content = {cbor->octets.ptr + cbor->at, (size_t)head->value};
  if (head->major == CBOR_TEXT) {
    token->kind = ZW_TOKEN_STRING;
    token->text = zw_span_str(content);
    if (!zw_utf8_valid(token->text))
      return cbor_fail(cbor, diag, ZW_EPROTO, "the string is not UTF-8");
  } else {
    token->kind = ZW_TOKEN_BYTES;
    token->bytes = content;
  }
  cbor->at += content.len;
  return 0;
}

static int read_negative(zw_cbor_reader *cbor, const cbor_head *head, zw_token *token,
                         zw_diag *diag) {
  if (head->value > INT64_MAX)
    return cbor_fail(cbor, diag, ZW_ENOTSUP, "a number below -2^63 is not supported");
  token->kind = ZW_TOKEN_INT;
  token->i = -1 - (int64_t)head->value;
  return 0;
}

static void read_simple(const cbor_head *head, zw_token *token) {
  token->kind = ZW_TOKEN_NULL;
  if (head->info >= CBOR_HALF && head->info <= CBOR_DOUBLE) {
    token->kind = ZW_TOKEN_FLOAT;
    token->d = zw_cbor_float(head);
  } else if (head->info == CBOR_TRUE || head->info == CBOR_FALSE) {
    token->kind = ZW_TOKEN_BOOL;
    token->boolean = head->info == CBOR_TRUE;
  }
}

static int read_item(zw_cbor_reader *cbor, const cbor_head *head, zw_token *token, zw_diag *diag) {
  switch (head->major) {
    case CBOR_UINT:
      token->kind = ZW_TOKEN_UINT;
      token->u = head->value;
      return 0;
    case CBOR_NINT: return read_negative(cbor, head, token, diag);
    case CBOR_ARRAY:
    case CBOR_MAP: return open_level(cbor, head, token, diag);
    case CBOR_SIMPLE: read_simple(head, token); return 0;
    default: return read_string(cbor, head, token, diag);
  }
}

/* Whether the innermost container ends here; a break in the middle of a pair is none. */
static bool at_end(zw_cbor_reader *cbor) {
  uint64_t left = cbor->left[cbor->depth];
  if (cbor->depth == 0 || left == 0) return left == 0;
  bool indefinite = left > INDEFINITE / 2;
  bool between = !cbor->is_map[cbor->depth] || left % 2 == 1;
  if (!indefinite || !between || cbor->at >= cbor->octets.len ||
      cbor->octets.ptr[cbor->at] != CBOR_BREAK)
    return false;
  cbor->at++;
  return true;
}

static int cbor_next(zw_token_reader *reader, zw_token *token, zw_diag *diag) {
  zw_cbor_reader *cbor = (zw_cbor_reader *)reader;
  cbor_head head;
  memset(token, 0, sizeof *token);
  token->count = SIZE_MAX;
  token->offset = cbor->at;
  if (at_end(cbor)) {
    if (cbor->depth) return close_level(cbor, token);
    if (cbor->at < cbor->octets.len)
      return cbor_fail(cbor, diag, ZW_EPROTO, "octets follow the value");
    return 0;
  }
  do {
    if (!zw_cbor_head_read(cbor->octets, &cbor->at, &head)) {
      return cbor_fail(cbor, diag, ZW_EPROTO,
                       cbor->at < cbor->octets.len ? "not well-formed" : "the value is cut off");
    }
  } while (head.major == CBOR_TAG);
  /* INDEFINITE counts down too: its parity tells keys from values, and it never reaches the
   * definite half. */
  cbor->left[cbor->depth]--;
  return read_item(cbor, &head, token, diag);
}

static void cbor_mark_get(const zw_token_reader *reader, zw_token_mark *mark) {
  const zw_cbor_reader *cbor = (const zw_cbor_reader *)reader;
  mark->private_[0] = cbor->at;
  mark->private_[1] = cbor->depth;
  mark->private_[2] = cbor->left[cbor->depth];
}

/* Levels above the mark's are as they were: a mark is taken and used inside one container. */
static void cbor_mark_set(zw_token_reader *reader, const zw_token_mark *mark) {
  zw_cbor_reader *cbor = (zw_cbor_reader *)reader;
  cbor->at = (size_t)mark->private_[0];
  cbor->depth = (uint32_t)mark->private_[1];
  cbor->left[cbor->depth] = mark->private_[2];
}

void zw_cbor_reader_init(zw_cbor_reader *cbor, zw_span octets, uint32_t depth_max) {
  memset(cbor, 0, sizeof *cbor);
  cbor->reader.next = cbor_next;
  cbor->reader.mark = cbor_mark_get;
  cbor->reader.rewind = cbor_mark_set;
  cbor->octets = octets;
  cbor->depth_max = depth_max == 0 || depth_max > READER_DEPTH_MAX ? READER_DEPTH_MAX : depth_max;
  cbor->left[0] = 1;
}
