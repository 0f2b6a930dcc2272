/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens as CBOR in preferred serialization: shortest heads, floats in the shortest form that keeps
 * their value. Containers whose count the source does not know are indefinite; `open` has one bit a
 * level for them, and their end is a break.
 */
#include "cbor_head.h"

#include "zerowire/wamp.h"

static int put_head(zw_cbor_writer *cbor, enum cbor_major major, uint64_t value) {
  uint8_t head[CBOR_HEAD_MAX];
  zw_text_add(cbor->out, head, zw_cbor_head_write(head, major, value));
  return cbor->out->error;
}

static int put_string(zw_cbor_writer *cbor, enum cbor_major major, zw_span content) {
  put_head(cbor, major, content.len);
  zw_text_add(cbor->out, content.ptr, content.len);
  return cbor->out->error;
}

/* The half with the bits of this float, or false. Subnormal halves are written as singles: rare,
 * and right. */
static bool half_bits(uint32_t bits, uint16_t *half) {
  uint32_t exponent = bits >> 23 & 255, fraction = bits & 0x7FFFFFu;
  uint32_t sign = bits >> 16 & 0x8000u;
  if (fraction & 0x1FFFu) return false;
  if (exponent == 255) {
    *half = (uint16_t)(sign | 0x7C00u | fraction >> 13);
    return true;
  }
  if (exponent == 0 && fraction == 0) {
    *half = (uint16_t)sign;
    return true;
  }
  if (exponent < 113 || exponent > 142) return false;
  *half = (uint16_t)(sign | (exponent - 112) << 10 | fraction >> 13);
  return true;
}

/* Whether a float holds the number exactly; NaN in its one form. Outside the range of float the
 * conversion is not defined. */
static bool as_single(double d, uint32_t *bits) {
  float f;
  if (d != d) {
    *bits = 0x7FC00000u;
    return true;
  }
  bool infinite = d - d != 0;
  if (!infinite && (d > 3.4028234663852886e38 || d < -3.4028234663852886e38)) return false;
  f = (float)d;
  memcpy(bits, &f, sizeof f);
  return memcmp(&(double){(double)f}, &d, sizeof d) == 0;
}

static int put_float(zw_cbor_writer *cbor, double d) {
  uint8_t out[9];
  uint32_t single;
  uint16_t half;
  size_t len;
  if (!as_single(d, &single)) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    out[0] = CBOR_SIMPLE << 5 | CBOR_DOUBLE;
    zw_store_be64(out + 1, bits);
    len = 9;
  } else if (!half_bits(single, &half)) {
    out[0] = CBOR_SIMPLE << 5 | CBOR_SINGLE;
    zw_store_be32(out + 1, single);
    len = 5;
  } else {
    out[0] = CBOR_SIMPLE << 5 | CBOR_HALF;
    zw_store_be16(out + 1, half);
    len = 3;
  }
  zw_text_add(cbor->out, out, len);
  return cbor->out->error;
}

static int open_container(zw_cbor_writer *cbor, enum cbor_major major, size_t count) {
  uint32_t level = cbor->depth;
  if (level >= CBOR_DEPTH_MAX) return ZW_ELIMIT;
  uint8_t bit = (uint8_t)(1u << level % 8);
  cbor->depth++;
  if (count != SIZE_MAX) {
    cbor->open[level / 8] &= (uint8_t)~bit;
    return put_head(cbor, major, count);
  }
  cbor->open[level / 8] |= bit;
  uint8_t head = (uint8_t)(major << 5 | 31);
  zw_text_add(cbor->out, &head, 1);
  return cbor->out->error;
}

static int close_container(zw_cbor_writer *cbor) {
  static const uint8_t end = CBOR_BREAK;
  if (cbor->depth == 0) return ZW_EINVAL;
  uint32_t level = --cbor->depth;
  if (cbor->open[level / 8] >> level % 8 & 1) zw_text_add(cbor->out, &end, 1);
  return cbor->out->error;
}

static int cbor_write(zw_token_writer *writer, const zw_token *token) {
  zw_cbor_writer *cbor = (zw_cbor_writer *)writer;
  switch (token->kind) {
    case ZW_TOKEN_NULL: return put_head(cbor, CBOR_SIMPLE, CBOR_NULL);
    case ZW_TOKEN_BOOL: return put_head(cbor, CBOR_SIMPLE, token->boolean ? CBOR_TRUE : CBOR_FALSE);
    case ZW_TOKEN_UINT: return put_head(cbor, CBOR_UINT, token->u);
    case ZW_TOKEN_INT:
      return token->i < 0 ? put_head(cbor, CBOR_NINT, (uint64_t)(-1 - token->i))
                          : put_head(cbor, CBOR_UINT, (uint64_t)token->i);
    case ZW_TOKEN_FLOAT: return put_float(cbor, token->d);
    case ZW_TOKEN_STRING: return put_string(cbor, CBOR_TEXT, zw_str_span(token->text));
    case ZW_TOKEN_BYTES: return put_string(cbor, CBOR_BYTES, token->bytes);
    case ZW_TOKEN_ARRAY: return open_container(cbor, CBOR_ARRAY, token->count);
    case ZW_TOKEN_MAP: return open_container(cbor, CBOR_MAP, token->count);
    case ZW_TOKEN_ARRAY_END:
    case ZW_TOKEN_MAP_END: return close_container(cbor);
    default: return ZW_EINVAL;
  }
}

void zw_cbor_writer_init(zw_cbor_writer *cbor, zw_text *out) {
  memset(cbor, 0, sizeof *cbor);
  cbor->writer.write = cbor_write;
  cbor->out = out;
}
