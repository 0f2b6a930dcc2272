/* SPDX-License-Identifier: Apache-2.0 */
/* What is particular to FlatBuffers: parts and alignment, details, legacy peers, and hostile
 * messages. */
#include "counting_alloc.h"
#include "wamp_fixture.h"

static uint8_t big[5000];

/* A PUBLISH with an opaque payload of `len` octets. */
static void make_publish(exchange *x, size_t len) {
  zw_msg_init(&x->msg, ZW_PUBLISH);
  x->msg.request = 7;
  x->msg.uri = ZW_STR("com.example.topic");
  x->msg.ppt_serializer = ZW_PPT_OPAQUE;
  if (len) x->msg.payload = zw_span_of(big, len);
}

static void test_parts_and_alignment(void **state) {
  (void)state;
  exchange x, y;
  exchange_init(&x);
  exchange_init(&y);
  for (size_t len = 0; len < sizeof big; len += len < 40 ? 1 : len < 500 || len > 530 ? 37 : 1) {
    for (uint32_t flags = 0; flags <= ZW_ENCODE_PAD4; flags += ZW_ENCODE_PAD4) {
      make_publish(&x, len);
      assert_int_equal(exchange_encode(&x, ZW_FLATBUFFERS, flags), 0);
      bool borrowed = len >= 512;
      assert_int_equal(x.encoded.borrowed, borrowed ? 2 : 0);
      if (borrowed) assert_ptr_equal(x.encoded.parts[1].ptr, big);
      assert_int_equal(x.encoded.len % 4, 0);
      if (flags) assert_int_equal(x.encoded.len % 8, 4);
      assert_int_equal(exchange_decode(&y, ZW_FLATBUFFERS, exchange_octets(&x), false), 0);
      if (len == 0) {
        assert_null(y.msg.payload.ptr);
        continue;
      }
      assert_true(zw_span_eq(y.msg.payload, x.msg.payload));
      assert_int_equal((y.msg.payload.ptr - exchange_octets(&x).ptr) % 8, 0);
      /* Last in memory: only padding follows. */
      size_t rest = x.encoded.len - (size_t)(y.msg.payload.ptr - exchange_octets(&x).ptr) - len;
      assert_in_range(rest, 0, 11);
    }
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
}

/* The larger of args and kwargs is borrowed. */
static void test_borrowed_args(void **state) {
  (void)state;
  exchange x, y;
  uint8_t args[1003] = {0x81, 0x59, 0x03, 0xE7}, kwargs[703] = {0xA1, 0x61, 'k', 0x59, 0x02, 0xB9};
  exchange_init(&x);
  exchange_init(&y);
  for (int round = 0; round < 2; round++) {
    zw_msg_init(&x.msg, ZW_EVENT);
    x.msg.subscription = x.msg.publication = 1;
    x.msg.payload_format = ZW_FORMAT_CBOR;
    if (round == 0) x.msg.args = zw_span_of(args, sizeof args);
    x.msg.kwargs = zw_span_of(kwargs, sizeof kwargs);
    for (size_t i = 0; i < 2; i++) {
      enum zw_serializer serializer = i ? ZW_CBOR : ZW_FLATBUFFERS;
      int e = exchange_encode(&x, serializer, 0);
      if (e) fail_msg("%s", x.diag.message);
      assert_true(x.encoded.borrowed != 0);
      e = exchange_decode(&y, serializer, exchange_octets(&x), false);
      if (e) fail_msg("%s", y.diag.message);
      assert_true(zw_span_eq(y.msg.args, x.msg.args));
      assert_true(zw_span_eq(y.msg.kwargs, x.msg.kwargs));
    }
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
}

static void test_greetings_mark_the_peer(void **state) {
  (void)state;
  exchange x, y;
  exchange_init(&x);
  exchange_init(&y);
  for (uint32_t flags = 0; flags <= ZW_ENCODE_LEGACY; flags += ZW_ENCODE_LEGACY) {
    exchange_json(&x, "[1,\"realm1\",{}]");
    assert_int_equal(exchange_encode(&x, ZW_FLATBUFFERS, flags), 0);
    assert_int_equal(exchange_decode(&y, ZW_FLATBUFFERS, exchange_octets(&x), false), 0);
    assert_int_equal(y.msg.has >> ZW_HAS_LEGACY_FREE & 1, flags ? 0 : 1);
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
}

static void test_error_to_a_legacy_peer_has_no_payload(void **state) {
  (void)state;
  exchange x, y;
  exchange_init(&x);
  exchange_init(&y);
  exchange_json(&x, "[8,48,1,{\"message\":\"m\"},\"com.example.e\",[1],{\"a\":2}]");
  assert_int_equal(exchange_encode(&x, ZW_FLATBUFFERS, ZW_ENCODE_LEGACY), 0);
  assert_int_equal(exchange_decode(&y, ZW_FLATBUFFERS, exchange_octets(&x), false), 0);
  assert_null(y.msg.args.ptr);
  assert_null(y.msg.kwargs.ptr);
  assert_null(y.msg.message.ptr);
  exchange_deinit(&x);
  exchange_deinit(&y);
}

static void test_a_welcome_has_roles(void **state) {
  (void)state;
  exchange x, y;
  zw_value role, features, flag;
  bool yes = false;
  exchange_init(&x);
  exchange_init(&y);
  exchange_json(&x, "[2,5,{\"roles\":{\"broker\":{\"features\":{\"event_history\":true}}},"
                    "\"realm\":\"r\",\"authid\":\"a\",\"authrole\":\"b\"}]");
  assert_int_equal(exchange_encode(&x, ZW_FLATBUFFERS, ZW_ENCODE_LEGACY), 0);
  assert_int_equal(exchange_decode(&y, ZW_FLATBUFFERS, exchange_octets(&x), false), 0);
  assert_int_equal(y.msg.roles.format, ZW_FORMAT_FLATBUFFER);
  assert_int_equal(zw_value_get(&y.msg.roles, ZW_STR("broker"), &role), 1);
  assert_int_equal(zw_value_get(&role, ZW_STR("features"), &features), 1);
  assert_int_equal(zw_value_get(&features, ZW_STR("event_history"), &flag), 1);
  assert_int_equal(zw_value_bool(&flag, &yes), 0);
  assert_true(yes);
  assert_int_equal(zw_value_get(&y.msg.roles, ZW_STR("dealer"), &role), 0);
  exchange_deinit(&x);
  exchange_deinit(&y);
}

/* ---- hostile messages, built field by field ---- */

/* *b: a message of this code whose table has been closed. */
static zw_span finish(zw_builder *b, uint8_t code) {
  zw_span bytes;
  zw_ref table = zw_builder_table_end(b);
  zw_builder_table_start(b);
  zw_builder_add_u8(b, 0, code, 0);
  zw_builder_add_ref(b, 1, table);
  assert_int_equal(zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes), 0);
  return bytes;
}

static void check(zw_span bytes, int expected, bool legacy) {
  exchange x;
  exchange_init(&x);
  int e = exchange_decode(&x, ZW_FLATBUFFERS, bytes, legacy);
  if (e != expected) fail_msg("%d, not %d: %s", e, expected, x.diag.message);
  if (e) assert_int_equal(x.diag.error, e);
  exchange_deinit(&x);
}

static void test_ids(void **state) {
  (void)state;
  static const struct {
    uint64_t id;
    int error;
  } cases[] = {
      {0, ZW_EPROTO}, {1, 0}, {ZW_ID_MAX, 0}, {ZW_ID_MAX + 1, ZW_EPROTO}, {UINT64_MAX, ZW_EPROTO}};
  zw_builder b;
  zw_builder_init(&b, NULL);
  for (size_t m = 0; m < MESSAGE_COUNT; m++) {
    const message_kind *kind = &zw_message_kinds[m];
    if (kind->code != ZW_PUBLISHED && kind->code != ZW_SUBSCRIBED && kind->code != ZW_EVENT &&
        kind->code != ZW_INVOCATION)
      continue;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
      zw_builder_reset(&b);
      zw_builder_table_start(&b);
      zw_builder_add_u64(&b, 1, i % 2 ? 5 : cases[i / 2].id, 0);
      zw_builder_add_u64(&b, 2, i % 2 ? cases[i / 2].id : 5, 0);
      check(finish(&b, (uint8_t)kind->code), cases[i / 2].error, false);
    }
  }
  zw_builder_deinit(&b);
}

/* SUBSCRIBE with match, REGISTER with invoke, CALL with ppt_scheme … out of their range. */
static void test_enums(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  for (size_t m = 0; m < MESSAGE_COUNT; m++) {
    const message_kind *kind = &zw_message_kinds[m];
    for (unsigned i = 0; i < kind->option_count; i++) {
      const message_field *field = &kind->options[i];
      if (field->slot == NO_SLOT || !field->names) continue;
      bool text = kind->code == ZW_PUBLISH || kind->code == ZW_CALL || kind->code == ZW_SUBSCRIBE ||
                  kind->code == ZW_REGISTER;
      for (unsigned value = 0; value < 12; value++) {
        zw_builder_reset(&b);
        zw_ref uri = zw_builder_string(&b, ZW_STR("a"));
        zw_builder_table_start(&b);
        zw_builder_add_u64(&b, 1, 1, 0);
        if (text) zw_builder_add_ref(&b, 2, uri);
        if (kind->code == ZW_EVENT || kind->code == ZW_INVOCATION) zw_builder_add_u64(&b, 2, 1, 0);
        if (kind->code == ZW_ERROR) continue;
        zw_builder_add_u8(&b, field->slot, (uint8_t)value, 99);
        check(finish(&b, (uint8_t)kind->code), value < field->names->count ? 0 : ZW_EPROTO, false);
      }
    }
  }
  zw_builder_deinit(&b);
}

static const struct {
  const char *octets;
  size_t len;
  unsigned slot;
  int error;
} vectors[] = {
#define OCTETS(text) text, sizeof text - 1
    {OCTETS("\x81\x01"), 3, 0},
    {OCTETS("\x80"), 3, 0},
    {OCTETS("\x81\x01\x00"), 3, ZW_EPROTO},
    {OCTETS("\x82\x01"), 3, ZW_EPROTO},
    {OCTETS("\xA0"), 3, ZW_EPROTO},
    {OCTETS("\x01"), 3, ZW_EPROTO},
    {OCTETS("\xFF"), 3, ZW_EPROTO},
    {OCTETS("\xA1\x61k\x01"), 4, 0},
    {OCTETS("\x81\x01"), 4, ZW_EPROTO},
    {OCTETS("\xA1\x61k"), 4, ZW_EPROTO},
    {OCTETS("\xD9\xD9\xF7\xA0"), 21, 0},
    {OCTETS("\xD9\xD9\xF7\xA1\x66x_once\x61y"), 21, 0},
    {OCTETS("\xD9\xD9\xF7\xA1\x66x_once\x01"), 21, ZW_EPROTO},
    {OCTETS("\xD9\xD9\xF7\xA1\x6B"
            "disclose_me\x61y"),
     21, ZW_EPROTO},
    {OCTETS("\xD9\xD9\xF7\xA1\x63new\x61y"), 21, 0},
    {OCTETS("\xD9\xD9\xF7\x80"), 21, ZW_EPROTO},
    {OCTETS("\xD9\xD9\xF7"), 21, ZW_EPROTO},
    {OCTETS("\xD9\xD9\xF7\xA0\x00"), 21, ZW_EPROTO},
    {OCTETS("not ours"), 21, 0},
    {OCTETS("\x00"), 21, 0},
};

static void test_vectors_of_cbor(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    zw_builder_reset(&b);
    zw_ref uri = zw_builder_string(&b, ZW_STR("a"));
    zw_ref vector = zw_builder_vector(&b, vectors[i].octets, vectors[i].len, 1, 1);
    zw_builder_table_start(&b);
    zw_builder_add_u64(&b, 1, 1, 0);
    zw_builder_add_ref(&b, 2, uri);
    zw_builder_add_ref(&b, vectors[i].slot, vector);
    check(finish(&b, ZW_PUBLISH), vectors[i].error, false);
  }
  zw_builder_deinit(&b);
}

static void test_legacy_may_leave_out(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  zw_builder_add_u64(&b, 0, 5, 0);
  zw_span welcome = finish(&b, ZW_WELCOME);
  check(welcome, ZW_EPROTO, false);
  check(welcome, 0, true);
  zw_builder_reset(&b);
  zw_builder_table_start(&b);
  zw_span authenticate = finish(&b, ZW_AUTHENTICATE);
  check(authenticate, ZW_EPROTO, false);
  check(authenticate, 0, true);
  zw_builder_reset(&b);
  zw_builder_table_start(&b);
  zw_span publish = finish(&b, ZW_PUBLISH);
  check(publish, ZW_EPROTO, false);
  check(publish, ZW_EPROTO, true);
  zw_builder_reset(&b);
  zw_builder_table_start(&b);
  check(finish(&b, 7), ZW_EPROTO, true);
  zw_builder_deinit(&b);
}

/* ---- memory ---- */

/* The way of an event through the router allocates nothing once the encoder is warm. */
static void test_hot_path_does_not_allocate(void **state) {
  (void)state;
  counting_alloc c;
  exchange x;
  zw_encoder encoder;
  zw_encoded encoded;
  exchange_init(&x);
  make_publish(&x, 700);
  assert_int_equal(exchange_encode(&x, ZW_FLATBUFFERS, 0), 0);
  zw_text publish;
  zw_text_init(&publish, NULL);
  zw_text_add(&publish, exchange_octets(&x).ptr, exchange_octets(&x).len);
  counting_alloc_init(&c, 0);
  zw_encoder_init(&encoder, &c.alloc);
  size_t warm = 0;
  for (int i = 0; i < 4; i++) {
    zw_msg event;
    assert_int_equal(
        zw_msg_decode(&x.msg, ZW_FLATBUFFERS, zw_str_span(zw_text_str(&publish)), NULL, NULL), 0);
    zw_msg_init(&event, ZW_EVENT);
    event.subscription = event.publication = 1;
    event.payload = x.msg.payload;
    event.ppt_serializer = x.msg.ppt_serializer;
    event.topic = x.msg.uri;
    assert_int_equal(zw_msg_encode(&encoder, ZW_FLATBUFFERS, 0, &event, &encoded, NULL), 0);
    assert_int_equal(zw_msg_encode(&encoder, ZW_CBOR, 0, &event, &encoded, NULL), 0);
    if (i == 0) warm = c.calls;
  }
  assert_int_equal(c.calls, warm);
  zw_encoder_deinit(&encoder);
  assert_int_equal(c.live, 0);
  zw_text_deinit(&publish);
  exchange_deinit(&x);
}

static void test_memory_fails(void **state) {
  (void)state;
  exchange x;
  exchange_init(&x);
  exchange_json(&x, "[16,1,{\"exclude\":[1],\"exclude_authid\":[\"a\",\"b\"],\"x_once\":\"o\","
                    "\"forward_for\":[{\"session\":1}]},\"t\",[1],{\"a\":\"\\u00fc\"}]");
  for (unsigned s = 0; s < 3; s++) {
    static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
    for (unsigned n = 1;; n++) {
      counting_alloc c;
      zw_encoder encoder;
      zw_encoded encoded;
      counting_alloc_init(&c, n);
      zw_encoder_init(&encoder, &c.alloc);
      int e = zw_msg_encode(&encoder, serializers[s], 0, &x.msg, &encoded, &x.diag);
      zw_encoder_deinit(&encoder);
      assert_int_equal(c.live, 0);
      if (!c.failed) break;
      assert_int_equal(e, ZW_ENOMEM);
    }
  }
  exchange_deinit(&x);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parts_and_alignment),
      cmocka_unit_test(test_borrowed_args),
      cmocka_unit_test(test_greetings_mark_the_peer),
      cmocka_unit_test(test_error_to_a_legacy_peer_has_no_payload),
      cmocka_unit_test(test_a_welcome_has_roles),
      cmocka_unit_test(test_ids),
      cmocka_unit_test(test_enums),
      cmocka_unit_test(test_vectors_of_cbor),
      cmocka_unit_test(test_legacy_may_leave_out),
      cmocka_unit_test(test_hot_path_does_not_allocate),
      cmocka_unit_test(test_memory_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
