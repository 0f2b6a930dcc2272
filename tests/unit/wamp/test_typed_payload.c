/* SPDX-License-Identifier: Apache-2.0 */
/* Typed payloads: from args and kwargs, verified in place, and as what each kind of peer takes. */
#include "wamp_fixture.h"

typedef struct typed {
  zw_schema *schema;
  const zw_type *reading;
  zw_builder scratch;
  zw_buf *built;
} typed;

static void typed_init(typed *t) {
  t->schema = load_schema("typed.bfbs");
  t->reading = zw_schema_type(t->schema, ZW_STR("test.typed.Reading"));
  assert_non_null(t->reading);
  zw_builder_init(&t->scratch, NULL);
  t->built = NULL;
}

static void typed_deinit(typed *t) {
  zw_buf_unref(t->built);
  zw_builder_deinit(&t->scratch);
  zw_schema_destroy(t->schema);
}

static const char sample[] = "[16,1,{},\"test.reading\",[\"s1\",21.5,\"2026-11-24T14:10:20Z\"],{"
                             "\"mood\":\"tense\",\"inner\":{\"note\":\"n\"}}]";

static void test_from_args_to_every_peer(void **state) {
  (void)state;
  typed t;
  exchange x, y;
  typed_init(&t);
  exchange_init(&x);
  exchange_init(&y);
  exchange_json(&x, sample);
  int e = zw_msg_type_payload(&x.msg, t.reading, &t.scratch, &t.built, &x.diag);
  if (e) fail_msg("%s", x.diag.message);
  assert_non_null(t.built);
  assert_ptr_equal(x.msg.payload.ptr, t.built->data);
  assert_int_equal(x.msg.payload_format, ZW_FORMAT_FLATBUFFER);
  assert_null(x.msg.args.ptr);
  zw_table reading = zw_root_trusted(x.msg.payload);
  assert_text_equal(zw_table_str(reading, 0), "s1");

  /* A FlatBuffers peer gets the octets. */
  assert_int_equal(exchange_encode(&x, ZW_FLATBUFFERS, 0), 0);
  assert_int_equal(exchange_decode(&y, ZW_FLATBUFFERS, exchange_octets(&x), false), 0);
  assert_int_equal(y.msg.ppt_serializer, ZW_PPT_FLATBUFFERS);
  assert_int_equal(y.msg.payload_format, ZW_FORMAT_FLATBUFFER);
  assert_true(zw_span_eq(y.msg.payload, x.msg.payload));
  zw_buf *none = NULL;
  assert_int_equal(zw_msg_type_payload(&y.msg, t.reading, &t.scratch, &none, &y.diag), 0);
  assert_null(none);
  assert_ptr_equal(y.msg.payload_type, t.reading);

  /* Others get args and kwargs. */
  assert_int_equal(exchange_encode(&y, ZW_JSON, 0), 0);
  assert_text_equal(zw_span_str(exchange_octets(&y)),
                    "[16,1,{},\"test.reading\",[\"s1\",21.5,\"2026-11-24T14:10:20Z\"],"
                    "{\"mood\":\"tense\",\"inner\":{\"note\":\"n\"}}]");
  exchange_deinit(&x);
  exchange_deinit(&y);
  typed_deinit(&t);
}

static void test_legacy_and_cbor_peers(void **state) {
  (void)state;
  typed t;
  exchange x, y;
  typed_init(&t);
  exchange_init(&x);
  exchange_init(&y);
  exchange_json(&x, sample);
  assert_int_equal(zw_msg_type_payload(&x.msg, t.reading, &t.scratch, &t.built, &x.diag), 0);
  static const struct {
    enum zw_serializer serializer;
    uint32_t flags;
  } peers[] = {{ZW_CBOR, 0}, {ZW_FLATBUFFERS, ZW_ENCODE_LEGACY}};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(exchange_encode(&x, peers[i].serializer, peers[i].flags), 0);
    assert_int_equal(exchange_decode(&y, peers[i].serializer, exchange_octets(&x), false), 0);
    assert_int_equal(y.msg.payload_format, ZW_FORMAT_CBOR);
    assert_null(y.msg.payload.ptr);
    assert_int_equal(y.msg.ppt_serializer, 0);
    zw_buf *again = NULL;
    assert_int_equal(zw_msg_type_payload(&y.msg, t.reading, &t.scratch, &again, &y.diag), 0);
    assert_true(zw_span_eq(y.msg.payload, x.msg.payload));
    zw_buf_unref(again);
  }
  exchange_deinit(&x);
  exchange_deinit(&y);
  typed_deinit(&t);
}

static const struct {
  const char *json, *field;
} refused[] = {
    {"[16,1,{},\"t\",[\"s1\",\"warm\"]]", "celsius"},
    {"[16,1,{},\"t\",[],{\"celcius\":1}]", "celcius"},
    {"[16,1,{},\"t\",[\"s1\",1,2,3]]", "Reading"},
    {"[16,1,{},\"t\",[\"s1\"],{\"sensor\":\"s2\"}]", "sensor"},
    {"[16,1,{},\"t\",[],{\"mood\":\"angry\"}]", "mood"},
    {"[16,1,{},\"t\",[],{\"inner\":{\"note\":1}}]", "note"},
};

static void test_what_does_not_fit_is_named(void **state) {
  (void)state;
  typed t;
  exchange x;
  typed_init(&t);
  exchange_init(&x);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    exchange_json(&x, refused[i].json);
    zw_msg before = x.msg;
    int e = zw_msg_type_payload(&x.msg, t.reading, &t.scratch, &t.built, &x.diag);
    if (e != ZW_EINVAL) fail_msg("%s: %d", refused[i].json, e);
    if (!strstr(x.diag.message, refused[i].field))
      fail_msg("%s: %s", refused[i].json, x.diag.message);
    assert_null(t.built);
    assert_memory_equal(&before, &x.msg, sizeof before);
  }
  exchange_deinit(&x);
  typed_deinit(&t);
}

static void test_payload_that_does_not_verify(void **state) {
  (void)state;
  typed t;
  exchange x;
  typed_init(&t);
  exchange_init(&x);
  zw_msg_init(&x.msg, ZW_PUBLISH);
  x.msg.request = 1;
  x.msg.uri = ZW_STR("t");
  x.msg.payload = zw_span_of("\x10\0\0\0garbage, not a buffer", 24);
  x.msg.payload_format = ZW_FORMAT_FLATBUFFER;
  assert_int_equal(zw_msg_type_payload(&x.msg, t.reading, &t.scratch, &t.built, &x.diag),
                   ZW_EVERIFY);
  assert_null(x.msg.payload_type);
  x.msg.payload_format = ZW_FORMAT_NONE;
  assert_int_equal(zw_msg_type_payload(&x.msg, t.reading, &t.scratch, &t.built, &x.diag),
                   ZW_EINVAL);
  exchange_deinit(&x);
  typed_deinit(&t);
}

static void test_no_arguments(void **state) {
  (void)state;
  typed t;
  exchange x;
  typed_init(&t);
  exchange_init(&x);
  exchange_json(&x, "[48,1,{},\"t\"]");
  const zw_type *nothing = zw_schema_type(t.schema, ZW_STR("test.typed.Void"));
  assert_int_equal(zw_msg_type_payload(&x.msg, nothing, &t.scratch, &t.built, &x.diag), 0);
  assert_int_equal(exchange_encode(&x, ZW_JSON, 0), 0);
  zw_buf_unref(t.built);
  exchange_json(&x, "[48,1,{},\"t\"]");
  const zw_type *strict = zw_schema_type(t.schema, ZW_STR("test.typed.Strict"));
  assert_int_equal(zw_msg_type_payload(&x.msg, strict, &t.scratch, &t.built, &x.diag), ZW_EINVAL);
  assert_non_null(strstr(x.diag.message, "id"));
  exchange_deinit(&x);
  typed_deinit(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_from_args_to_every_peer),
      cmocka_unit_test(test_legacy_and_cbor_peers),
      cmocka_unit_test(test_what_does_not_fit_is_named),
      cmocka_unit_test(test_payload_that_does_not_verify),
      cmocka_unit_test(test_no_arguments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
