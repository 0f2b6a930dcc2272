/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages: whatever is decoded can be walked, and encoded in every serializer; what was encoded
 * decodes again. The first octet chooses the serializer and whether the peer is a legacy one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "message_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};

static void walk_value(const zw_value *value) {
  size_t at = 0;
  uint64_t id, sum = 0;
  zw_str text;
  zw_value member;
  while (zw_value_next_id(value, &at, &id) > 0) sum += id;
  at = 0;
  while (zw_value_next_str(value, &at, &text) > 0) sum += text.len;
  if (zw_value_get(value, ZW_STR("features"), &member) > 0)
    (void)zw_value_bool(&member, &(bool){false});
  volatile uint64_t sink = sum;
  (void)sink;
}

static void walk(const zw_msg *msg) {
  const message_kind *kind = zw_message_by_code(msg->code);
  for (unsigned i = 0; i < kind->option_count; i++) {
    if (kind->options[i].kind >= FIELD_IDS && kind->options[i].kind <= FIELD_ROLES)
      walk_value(zw_field_in(msg, &kind->options[i]));
  }
}

static void check_again(const zw_encoded *encoded, enum zw_serializer serializer,
                        const zw_msg *before) {
  zw_text octets;
  zw_arena arena;
  zw_msg msg;
  zw_diag diag = {0};
  zw_text_init(&octets, NULL);
  zw_arena_init(&arena, NULL);
  zw_wamp_limits limits = {.scratch = &arena};
  for (uint32_t i = 0; i < encoded->count; i++)
    zw_text_add(&octets, encoded->parts[i].ptr, encoded->parts[i].len);
  int e = zw_msg_decode(&msg, serializer, zw_str_span(zw_text_str(&octets)), &limits, &diag);
  /* In JSON a text that begins with U+0000 is taken for octets: inside an option it may be none. */
  bool marked = serializer == ZW_JSON && octets.len && strstr(octets.ptr, "\"\\u0000");
  if (marked && e == ZW_EPROTO) msg = *before, e = 0;
  if (e || msg.code != before->code || msg.request != before->request) {
    fprintf(stderr, "%s: %s\n", zw_serializer_name(serializer), diag.message);
    abort();
  }
  zw_text_deinit(&octets);
  zw_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  zw_msg msg;
  zw_arena arena;
  zw_encoder encoder;
  if (size == 0) return 0;
  zw_arena_init(&arena, NULL);
  zw_encoder_init(&encoder, NULL);
  zw_wamp_limits limits = {.legacy = data[0] & 4, .scratch = data[0] & 8 ? NULL : &arena};
  int e = zw_msg_decode(&msg, serializers[(data[0] & 3) % 3], zw_span_of(data + 1, size - 1),
                        &limits, NULL);
  for (unsigned i = 0; i < 6 && !e; i++) {
    zw_encoded encoded;
    if (i == 0) walk(&msg);
    uint32_t flags = i < 3 ? 0 : ZW_ENCODE_LEGACY | ZW_ENCODE_PAD4;
    if (zw_msg_encode(&encoder, serializers[i % 3], flags, &msg, &encoded, NULL) == 0)
      check_again(&encoded, serializers[i % 3], &msg);
  }
  zw_encoder_deinit(&encoder);
  zw_arena_deinit(&arena);
  return 0;
}
