/* SPDX-License-Identifier: Apache-2.0 */
/* Values of options in each notation. */
#include "wamp_fixture.h"

static const char publish[] =
    "[16,1,{\"exclude\":[1,9007199254740992],\"exclude_authid\":[\"a\",\"\\u00fc\"],\"eligible\":[]"
    ","
    "\"forward_for\":[{\"session\":1,\"authid\":null,\"authrole\":\"r\"}]},\"t\"]";

static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};

static void check_lists(const zw_msg *msg) {
  size_t at = 0;
  uint64_t id;
  zw_str text;
  assert_int_equal(zw_value_next_id(&msg->exclude, &at, &id), 1);
  assert_int_equal(id, 1);
  assert_int_equal(zw_value_next_id(&msg->exclude, &at, &id), 1);
  assert_int_equal(id, ZW_ID_MAX);
  assert_int_equal(zw_value_next_id(&msg->exclude, &at, &id), 0);
  assert_int_equal(zw_value_next_id(&msg->exclude, &at, &id), 0);
  at = 0;
  assert_int_equal(zw_value_next_str(&msg->exclude_authid, &at, &text), 1);
  assert_text_equal(text, "a");
  assert_int_equal(zw_value_next_str(&msg->exclude_authid, &at, &text), 1);
  assert_text_equal(text, "\xC3\xBC");
  assert_int_equal(zw_value_next_str(&msg->exclude_authid, &at, &text), 0);
  at = 0;
  assert_int_equal(zw_value_next_id(&msg->eligible, &at, &id), 0);
  assert_true(zw_value_present(&msg->eligible));
  at = 0;
  assert_false(zw_value_present(&msg->eligible_authid));
  assert_int_equal(zw_value_next_str(&msg->eligible_authid, &at, &text), 0);
  at = 0;
  assert_true(zw_value_next_id(&msg->exclude_authid, &at, &id) < 0);
  at = 0;
  assert_true(zw_value_next_str(&msg->exclude, &at, &text) < 0);
}

static void test_lists(void **state) {
  (void)state;
  exchange x, y;
  exchange_init(&x);
  exchange_init(&y);
  for (size_t i = 0; i < 3; i++) {
    exchange_json(&x, publish);
    assert_int_equal(exchange_encode(&x, serializers[i], 0), 0);
    int e = exchange_decode(&y, serializers[i], exchange_octets(&x), false);
    if (e) fail_msg("%s", y.diag.message);
    check_lists(&y.msg);
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
}

static const char subscribe[] = "[32,1,{\"x_from\":{\"none\":null,\"last\":10,\"since\":\"now\","
                                "\"deep\":{\"yes\":true}}},\"t\"]";

static void test_maps(void **state) {
  (void)state;
  exchange x, y;
  exchange_init(&x);
  exchange_init(&y);
  for (size_t i = 0; i < 3; i++) {
    zw_value member;
    uint64_t number = 0;
    zw_str text;
    bool flag = false;
    exchange_json(&x, subscribe);
    assert_int_equal(exchange_encode(&x, serializers[i], 0), 0);
    assert_int_equal(exchange_decode(&y, serializers[i], exchange_octets(&x), false), 0);
    const zw_value *map = &y.msg.x_from;
    assert_true(y.msg.has >> ZW_HAS_X_FROM & 1);
    assert_int_equal(zw_value_get(map, ZW_STR("last"), &member), 1);
    assert_int_equal(zw_value_u64(&member, &number), 0);
    assert_int_equal(number, 10);
    assert_int_equal(zw_value_str(&member, &text), ZW_EINVAL);
    assert_int_equal(zw_value_bool(&member, &flag), ZW_EINVAL);
    assert_int_equal(zw_value_get(map, ZW_STR("since"), &member), 1);
    assert_int_equal(zw_value_str(&member, &text), 0);
    assert_text_equal(text, "now");
    assert_int_equal(zw_value_u64(&member, &number), ZW_EINVAL);
    assert_int_equal(zw_value_get(map, ZW_STR("none"), &member), 0);
    assert_int_equal(zw_value_get(map, ZW_STR("absent"), &member), 0);
    assert_int_equal(zw_value_get(map, ZW_STR("deep"), &member), 1);
    assert_int_equal(zw_value_get(&member, ZW_STR("yes"), &member), 1);
    assert_int_equal(zw_value_bool(&member, &flag), 0);
    assert_true(flag);
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
}

static void test_escapes_without_scratch(void **state) {
  (void)state;
  zw_msg msg;
  zw_str text;
  size_t at = 0;
  zw_diag diag;
  static const char topic[] = "[32,1,{},\"t\\u0031\"]";
  assert_int_equal(zw_msg_decode(&msg, ZW_JSON, zw_span_of(topic, sizeof topic - 1), NULL, &diag),
                   ZW_EPROTO);
  assert_int_equal(
      zw_msg_decode(&msg, ZW_JSON, zw_span_of(publish, sizeof publish - 1), NULL, &diag), 0);
  assert_int_equal(zw_value_next_str(&msg.exclude_authid, &at, &text), 1);
  assert_int_equal(zw_value_next_str(&msg.exclude_authid, &at, &text), ZW_EINVAL);
}

static void test_escapes_with_scratch(void **state) {
  (void)state;
  exchange x;
  zw_value challenge;
  zw_str text;
  exchange_init(&x);
  exchange_json(&x, "[32,1,{},\"t\\u0031.\\u00fc.\\ud83d\\ude00\"]");
  assert_text_equal(x.msg.uri, "t1.\xC3\xBC.\xF0\x9F\x98\x80");
  exchange_json(&x, "[4,\"wampcra\",{\"challenge\":\"{\\\"nonce\\\":\\\"x\\\"}\"}]");
  assert_int_equal(zw_value_get(&x.msg.extra, ZW_STR("challenge"), &challenge), 1);
  assert_int_equal(zw_value_str(&challenge, &text), 0);
  assert_text_equal(text, "{\"nonce\":\"x\"}");
  exchange_deinit(&x);
}

static void test_payload_passthru(void **state) {
  (void)state;
  exchange x, y;
  exchange_init(&x);
  exchange_init(&y);
  /* The specification's form, and Autobahn's, to every serializer. */
  static const char *const forms[] = {
      "[16,1,{\"ppt_scheme\":\"x_mine\",\"ppt_serializer\":\"cbor\",\"ppt_keyid\":\"k\"},\"t\",["
      "\"\\u0000AQID\"]]",
      "[16,1,{\"enc_algo\":\"x_mine\",\"enc_serializer\":\"cbor\",\"enc_key\":\"k\"},\"t\","
      "\"\\u0000AQID\"]",
  };
  for (size_t i = 0; i < 6; i++) {
    exchange_json(&x, forms[i % 2]);
    assert_int_equal(x.msg.payload.len, 3);
    assert_memory_equal(x.msg.payload.ptr, "\1\2\3", 3);
    assert_int_equal(x.msg.payload_format, ZW_FORMAT_NONE);
    assert_int_equal(exchange_encode(&x, serializers[i / 2], 0), 0);
    assert_int_equal(exchange_decode(&y, serializers[i / 2], exchange_octets(&x), false), 0);
    assert_true(zw_span_eq(y.msg.payload, x.msg.payload));
    assert_int_equal(y.msg.ppt_serializer, ZW_PPT_CBOR);
    assert_text_equal(y.msg.ppt_keyid, "k");
    if (serializers[i / 2] != ZW_FLATBUFFERS) assert_text_equal(y.msg.ppt_scheme_name, "x_mine");
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
}

static void test_what_cannot_be_encoded(void **state) {
  (void)state;
  exchange x;
  exchange_init(&x);
  for (size_t i = 0; i < 3; i++) {
    zw_msg_init(&x.msg, ZW_PUBLISH);
    assert_int_equal(exchange_encode(&x, serializers[i], 0), ZW_EINVAL);
    assert_non_null(strstr(x.diag.message, "request"));
    x.msg.request = 1;
    assert_int_equal(exchange_encode(&x, serializers[i], 0), ZW_EINVAL);
    assert_non_null(strstr(x.diag.message, "topic"));
    zw_msg_init(&x.msg, (enum zw_msg_code)7);
    assert_int_equal(exchange_encode(&x, serializers[i], 0), ZW_EINVAL);
    zw_msg_init(&x.msg, ZW_CANCEL);
    x.msg.request = 1;
    x.msg.mode = 9;
    assert_int_equal(exchange_encode(&x, serializers[i], 0), ZW_EINVAL);
    static uint8_t huge[(16u << 20) + 1];
    zw_msg_init(&x.msg, ZW_YIELD);
    x.msg.request = 1;
    x.msg.args = zw_span_of(huge, sizeof huge);
    x.msg.payload_format = i == 0 ? ZW_FORMAT_JSON : ZW_FORMAT_CBOR;
    assert_int_equal(exchange_encode(&x, serializers[i], 0), ZW_ELIMIT);
  }
  zw_msg_init(&x.msg, ZW_YIELD);
  assert_int_equal(exchange_encode(&x, ZW_MSGPACK, 0), ZW_ENOTSUP);
  exchange_deinit(&x);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lists),
      cmocka_unit_test(test_maps),
      cmocka_unit_test(test_escapes_without_scratch),
      cmocka_unit_test(test_escapes_with_scratch),
      cmocka_unit_test(test_payload_passthru),
      cmocka_unit_test(test_what_cannot_be_encoded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
