/* SPDX-License-Identifier: Apache-2.0 */
/* An encoder that has written many messages writes the next one as a fresh encoder does. */
#include "head_template.h"

#include "cmocka_base.h"
#include "counting_alloc.h"

enum { PAYLOAD_MAX = 2000, ROUNDS = 20000 };

static uint8_t octets[PAYLOAD_MAX];
static uint64_t seed = 88172645463325252u;

static uint64_t any(uint64_t below) {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return seed % below;
}

/* Often the same shape again, with other ids and octets. */
static void make(zw_msg *msg) {
  static const uint16_t codes[] = {ZW_EVENT,     ZW_RESULT, ZW_INVOCATION, ZW_YIELD,
                                   ZW_PUBLISHED, ZW_ERROR,  ZW_CALL,       ZW_EVENT_RECEIVED};
  static const size_t lengths[] = {0, 1, 8, 256, 511, 512, 513, PAYLOAD_MAX};
  zw_msg_init(msg, (enum zw_msg_code)codes[any(8)]);
  msg->request = any(ZW_ID_MAX) + 1;
  msg->request_type = ZW_CALL;
  msg->subscription = any(100) + 1;
  msg->registration = any(100) + 1;
  msg->publication = any(ZW_ID_MAX) + 1;
  if (msg->code == ZW_ERROR || msg->code == ZW_CALL) msg->uri = ZW_STR("com.example.x");
  if (any(8) == 0) msg->publisher = any(9) + 1;
  if (any(16) == 0) msg->publisher_authid = ZW_STR("joe");
  if (any(16) == 0) msg->topic = ZW_STR("com.example.topic");
  if (any(16) == 0) msg->timestamp = (int64_t)any(1000) + 1;
  if (any(16) == 0) msg->progress = true;
  size_t len = lengths[any(8)];
  for (size_t i = 0; i < len; i += 7) octets[i] = (uint8_t)any(256);
  if (any(16) == 0) {
    msg->payload_format = ZW_FORMAT_CBOR;
    msg->args = zw_span_of((const uint8_t *)"\x81\x01", 2);
    return;
  }
  if (any(16) == 0) return;
  msg->payload = zw_span_of(octets, len);
  if (any(16)) msg->payload_format = ZW_FORMAT_FLATBUFFER;
  msg->ppt_serializer = any(16) ? ZW_PPT_FLATBUFFERS : ZW_PPT_CBOR;
}

static size_t encode(zw_encoder *encoder, const zw_msg *msg, uint32_t flags, uint8_t *out) {
  zw_encoded encoded;
  zw_diag diag;
  size_t at = 0;
  if (zw_msg_encode(encoder, ZW_FLATBUFFERS, flags, msg, &encoded, &diag))
    fail_msg("%s", diag.message);
  for (uint32_t i = 0; i < encoded.count; i++) {
    memcpy(out + at, encoded.parts[i].ptr, encoded.parts[i].len);
    at += encoded.parts[i].len;
  }
  return at;
}

static void test_as_a_fresh_encoder(void **state) {
  static uint8_t used[PAYLOAD_MAX + 1000], fresh[PAYLOAD_MAX + 1000];
  static const uint32_t flags[] = {0, ZW_ENCODE_PAD4, ZW_ENCODE_LEGACY};
  zw_encoder encoder, other;
  (void)state;
  zw_encoder_init(&encoder, NULL);
  for (int i = 0; i < ROUNDS; i++) {
    zw_msg msg;
    make(&msg);
    uint32_t flag = msg.payload_format == ZW_FORMAT_FLATBUFFER ? flags[any(2)] : flags[any(3)];
    zw_encoder_init(&other, NULL);
    size_t len = encode(&encoder, &msg, flag, used);
    assert_int_equal(encode(&other, &msg, flag, fresh), len);
    assert_memory_equal(used, fresh, len);
    zw_encoder_deinit(&other);
  }
  zw_encoder_deinit(&encoder);
}

static void test_kept_the_second_time(void **state) {
  zw_encoder encoder;
  zw_encoded encoded;
  zw_msg msg;
  zw_span head;
  (void)state;
  zw_encoder_init(&encoder, NULL);
  zw_msg_init(&msg, ZW_PUBLISHED);
  msg.request = msg.publication = 7;
  head_shape shape = {zw_message_by_code(ZW_PUBLISHED), 3, 0, 0};
  for (int i = 0; i < 2; i++) {
    assert_false(zw_head_make(&encoder, &shape, &msg, &head));
    assert_int_equal(zw_msg_encode(&encoder, ZW_FLATBUFFERS, 0, &msg, &encoded, NULL), 0);
  }
  assert_true(zw_head_make(&encoder, &shape, &msg, &head));
  assert_int_equal(head.len, encoded.len);
  zw_encoder_deinit(&encoder);
}

static void test_without_memory(void **state) {
  zw_encoder encoder;
  zw_encoded encoded;
  zw_msg msg;
  (void)state;
  zw_msg_init(&msg, ZW_PUBLISHED);
  msg.request = msg.publication = 7;
  for (size_t n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    zw_encoder_init(&encoder, &c.alloc);
    int error = zw_msg_encode(&encoder, ZW_FLATBUFFERS, 0, &msg, &encoded, NULL);
    zw_encoder_deinit(&encoder);
    assert_int_equal(c.live, 0);
    if (!c.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_as_a_fresh_encoder),
      cmocka_unit_test(test_kept_the_second_time),
      cmocka_unit_test(test_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
