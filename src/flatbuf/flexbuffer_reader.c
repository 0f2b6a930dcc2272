/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlexBuffers as tokens, verified on the way: a walk over the values of flexbuffer.c with the
 * vectors and maps that are open on a stack.
 *
 * Values may be shared, so what they cost is paid from two bounds, tokens and octets, that are
 * proportional to the length.
 */
#include "flexbuffer_types.h"
#include "zerowire/reflect.h"

#define OCTETS_FREE (1u << 20)

_Static_assert(sizeof((zw_flexbuffer_reader *)0)->levels / sizeof(zw_flexbuffer_level) ==
                   FLEX_DEPTH_MAX,
               "a level for every depth");

static int give_text(zw_flexbuffer_reader *flex, zw_str text, zw_token *token, zw_diag *diag) {
  token->kind = ZW_TOKEN_STRING;
  token->text = text;
  if (text.len > flex->octets)
    return zw_fail_at(diag, ZW_ELIMIT, token->offset,
                      "The FlexBuffer has more text in shared strings than its length allows.");
  flex->octets -= text.len;
  return 0;
}

static void give_integer(const zw_flexbuffer *v, zw_token *token) {
  int64_t i = v->kind == ZW_FLEXBUFFER_INT ? zw_flexbuffer_int(*v) : 0;
  token->kind = i < 0 ? ZW_TOKEN_INT : ZW_TOKEN_UINT;
  if (i < 0)
    token->i = i;
  else
    token->u = zw_flexbuffer_uint(*v);
}

static int give(zw_flexbuffer_reader *flex, const zw_flexbuffer *v, zw_token *token,
                zw_diag *diag) {
  token->offset = v->at;
  switch (v->kind) {
    case ZW_FLEXBUFFER_BOOL:
      token->kind = ZW_TOKEN_BOOL;
      token->boolean = zw_flexbuffer_bool(*v);
      return 0;
    case ZW_FLEXBUFFER_INT:
    case ZW_FLEXBUFFER_UINT: give_integer(v, token); return 0;
    case ZW_FLEXBUFFER_FLOAT:
      token->kind = ZW_TOKEN_FLOAT;
      token->d = zw_flexbuffer_double(*v);
      return 0;
    case ZW_FLEXBUFFER_KEY:
    case ZW_FLEXBUFFER_STRING:
      token->bare = v->kind == ZW_FLEXBUFFER_KEY;
      return give_text(flex, zw_flexbuffer_str(*v), token, diag);
    case ZW_FLEXBUFFER_BLOB: {
      token->bytes = zw_flexbuffer_blob(*v);
      int e = give_text(flex, (zw_str){NULL, v->count}, token, diag);
      token->kind = ZW_TOKEN_BYTES;
      token->text = (zw_str){NULL, 0};
      return e;
    }
    case ZW_FLEXBUFFER_VECTOR:
    case ZW_FLEXBUFFER_MAP:
      token->kind = v->kind == ZW_FLEXBUFFER_MAP ? ZW_TOKEN_MAP : ZW_TOKEN_ARRAY;
      token->count = v->count;
      flex->levels[flex->depth++] = (zw_flexbuffer_level){.of = *v};
      return 0;
    default: token->kind = ZW_TOKEN_NULL; return 0;
  }
}

static int flexbuffer_next(zw_token_reader *reader, zw_token *token, zw_diag *diag) {
  zw_flexbuffer_reader *flex = (zw_flexbuffer_reader *)reader;
  zw_flexbuffer value;
  *token = (zw_token){.count = SIZE_MAX};
  if (!flex->started) {
    flex->started = true;
    int e = zw_flex_root(flex->bytes, &value, diag);
    return e ? e : give(flex, &value, token, diag);
  }
  if (flex->depth == 0) return 0; /* END */
  if (flex->tokens-- == 0)
    return zw_fail_at(diag, ZW_ELIMIT, 0, "The FlexBuffer has more values than its length allows.");
  zw_flexbuffer_level *level = &flex->levels[flex->depth - 1];
  bool map = level->of.kind == ZW_FLEXBUFFER_MAP;
  if (level->index == level->of.count) {
    token->kind = map ? ZW_TOKEN_MAP_END : ZW_TOKEN_ARRAY_END;
    flex->depth--;
    return 0;
  }
  if (map && !level->value_next) {
    zw_str key;
    level->value_next = true;
    int e = zw_flex_key(&level->of, level->index, &key, diag);
    return e ? e : give_text(flex, key, token, diag);
  }
  level->value_next = false;
  int e = zw_flex_at(&level->of, level->index++, &value, diag);
  return e ? e : give(flex, &value, token, diag);
}

void zw_flexbuffer_reader_init(zw_flexbuffer_reader *flex, zw_span bytes) {
  flex->reader = (zw_token_reader){.next = flexbuffer_next};
  flex->bytes = bytes;
  flex->depth = 0;
  flex->started = false;
  flex->tokens = 2 * (uint64_t)bytes.len + 64;
  flex->octets = 64 * (uint64_t)bytes.len + OCTETS_FREE;
}

int zw_flexbuffer_verify(zw_span bytes, zw_diag *diag) {
  zw_flexbuffer_reader flex;
  zw_token token;
  zw_flexbuffer_reader_init(&flex, bytes);
  int e = flex.reader.next(&flex.reader, &token, diag);
  return e ? e : zw_token_skip(&flex.reader, &token, diag);
}
