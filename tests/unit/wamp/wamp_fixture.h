/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas of tests/data, and messages in and out, for the tests of this layer. */
#ifndef ZEROWIRE_TESTS_WAMP_FIXTURE_H
#define ZEROWIRE_TESTS_WAMP_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "cmocka_base.h"
#include "message_table.h"

static inline zw_schema *load_schema(const char *name) {
  static uint8_t bytes[1 << 17];
  char path[512];
  snprintf(path, sizeof path, "%s/wamp/%s", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("cannot open %s", path);
  size_t len = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  zw_schema *schema = NULL;
  zw_diag diag = {0};
  if (zw_schema_load(&schema, zw_span_of(bytes, len), NULL, &diag))
    fail_msg("%s: %s", path, diag.message);
  return schema;
}

/* One message, the memory that it refers to, and an encoder. */
typedef struct exchange {
  zw_msg msg;
  zw_encoder encoder;
  zw_encoded encoded;
  zw_arena arena;
  zw_text octets; /* what was encoded, in one piece */
  zw_diag diag;
} exchange;

static inline void exchange_init(exchange *x) {
  memset(x, 0, sizeof *x);
  zw_encoder_init(&x->encoder, NULL);
  zw_arena_init(&x->arena, NULL);
  zw_text_init(&x->octets, NULL);
}

static inline void exchange_deinit(exchange *x) {
  zw_encoder_deinit(&x->encoder);
  zw_arena_deinit(&x->arena);
  zw_text_deinit(&x->octets);
}

static inline int exchange_decode(exchange *x, enum zw_serializer serializer, zw_span octets,
                                  bool legacy) {
  zw_wamp_limits limits = {.scratch = &x->arena, .legacy = legacy};
  memset(&x->diag, 0, sizeof x->diag);
  return zw_msg_decode(&x->msg, serializer, octets, &limits, &x->diag);
}

static inline void exchange_json(exchange *x, const char *json) {
  if (exchange_decode(x, ZW_JSON, zw_str_span(zw_str_of(json)), false))
    fail_msg("%s: %s", json, x->diag.message);
}

static inline int exchange_encode(exchange *x, enum zw_serializer serializer, uint32_t flags) {
  memset(&x->diag, 0, sizeof x->diag);
  int e = zw_msg_encode(&x->encoder, serializer, flags, &x->msg, &x->encoded, &x->diag);
  zw_text_reset(&x->octets);
  for (uint32_t i = 0; i < x->encoded.count; i++)
    zw_text_add(&x->octets, x->encoded.parts[i].ptr, x->encoded.parts[i].len);
  assert_int_equal(x->octets.len, x->encoded.len);
  return e;
}

static inline zw_span exchange_octets(const exchange *x) {
  return zw_str_span(zw_text_str(&x->octets));
}

#endif
