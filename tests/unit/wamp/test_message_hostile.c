/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that must be refused, made from the table of messages: each field of each message with
 * each kind of wrong value, each message cut off at each octet, with each bit flipped, nested too
 * deeply, too long.
 */
#include <stdlib.h>

#include "cmocka_base.h"
#include "message_samples.h"
#include "message_table.h"

/* Values, and which kinds of field take them. */
enum {
  A_ID = 1 << 0,
  A_ZERO = 1 << 1,
  A_URI = 1 << 2,
  A_TEXT = 1 << 3,
  A_BOOL = 1 << 4,
  A_U16 = 1 << 5,
  A_U32 = 1 << 6,
  A_CODE = 1 << 7,
  A_TIME = 1 << 8,
  A_IDS = 1 << 9,
  A_TEXTS = 1 << 10,
  A_PRINCIPALS = 1 << 11,
  A_MAP = 1 << 12,
  A_ENUM = 1 << 13,
};
#define A_LISTS (A_IDS | A_TEXTS | A_PRINCIPALS)
#define A_NUMBERS (A_U16 | A_U32 | A_TIME)

static const struct {
  const char *json;
  unsigned takers;
} values[] = {
    {"true", A_BOOL},
    {"false", A_BOOL},
    {"0", A_ZERO | A_NUMBERS},
    {"1", A_ID | A_ZERO | A_NUMBERS},
    {"16", A_ID | A_ZERO | A_NUMBERS | A_CODE},
    {"-1", A_TIME},
    {"1.0", 0},
    {"1e3", 0},
    {"65536", A_ID | A_ZERO | A_U32 | A_TIME},
    {"4294967296", A_ID | A_ZERO | A_TIME},
    {"9007199254740992", A_ID | A_ZERO | A_TIME},
    {"9007199254740993", A_TIME},
    {"18446744073709551615", 0},
    {"18446744073709551616", 0},
    {"-9223372036854775809", 0},
    {"\"com.example\"", A_URI | A_TEXT},
    {"\"not a uri\"", A_TEXT},
    {"\"2026-11-24T14:10:20Z\"", A_TEXT | A_URI | A_TIME},
    {"\"\"", A_TEXT},
    {"\"1\"", A_TEXT | A_URI},
    {"\"\\u0000AQID\"", 0},
    {"[]", A_LISTS},
    {"[1]", A_IDS},
    {"[0]", 0},
    {"[9007199254740993]", 0},
    {"[1.0]", 0},
    {"[null]", 0},
    {"[[1]]", 0},
    {"[\"a\"]", A_TEXTS},
    {"[\"a\",1]", 0},
    {"[1,\"a\"]", 0},
    {"{}", A_MAP},
    {"{\"a\":1}", A_MAP},
    {"[{}]", A_PRINCIPALS},
    {"[{\"session\":1,\"authid\":null,\"authrole\":\"r\"}]", A_PRINCIPALS},
    {"[{\"session\":\"1\"}]", 0},
    {"[{\"authid\":1}]", 0},
    {"[{},1]", 0},
};
#define VALUE_COUNT (sizeof values / sizeof *values)

static const unsigned takes[FIELD_KIND_COUNT] = {
    [FIELD_ID] = A_ID,          [FIELD_ID_OR_ZERO] = A_ID | A_ZERO,
    [FIELD_URI] = A_URI,        [FIELD_TEXT] = A_TEXT,
    [FIELD_BOOL] = A_BOOL,      [FIELD_U16] = A_U16,
    [FIELD_U32] = A_U32,        [FIELD_CODE] = A_CODE,
    [FIELD_ENUM] = A_ENUM,      [FIELD_PPT] = A_TEXT,
    [FIELD_METHOD] = A_TEXT,    [FIELD_TIME] = A_TIME,
    [FIELD_IDS] = A_IDS,        [FIELD_TEXTS] = A_TEXTS,
    [FIELD_METHODS] = A_TEXTS,  [FIELD_PRINCIPALS] = A_PRINCIPALS,
    [FIELD_MAP] = A_MAP,        [FIELD_ROLES] = A_MAP,
    [FIELD_DICTIONARY] = A_MAP,
};

static const char *good_value(const message_field *field) {
  switch (field->kind) {
    case FIELD_URI: return "\"com.example\"";
    case FIELD_TEXT:
    case FIELD_METHOD: return "\"ticket\"";
    case FIELD_MAP:
    case FIELD_DICTIONARY: return "{}";
    case FIELD_CODE: return "48";
    default: return "1";
  }
}

/* The message in JSON with one position, or one option, set to `value`. */
static void make(zw_text *out, const message_kind *kind, const message_field *changed,
                 const char *value) {
  zw_text_reset(out);
  zw_text_printf(out, "[%u", kind->list_code);
  for (unsigned i = 0; i < kind->position_count; i++) {
    const message_field *field = &kind->positions[i];
    bool option = changed >= kind->options && changed < kind->options + kind->option_count;
    if (field == changed)
      zw_text_printf(out, ",%s", value);
    else if (field->kind == FIELD_DICTIONARY && option)
      zw_text_printf(out, ",{\"%s\":%s}", changed->key.ptr, value);
    else
      zw_text_printf(out, ",%s", good_value(field));
  }
  zw_text_printf(out, "]");
  assert_int_equal(out->error, 0);
}

typedef struct fixture {
  zw_text json, cbor;
  zw_arena arena;
  zw_msg msg;
  zw_diag diag;
} fixture;

static void fixture_init(fixture *f) {
  memset(f, 0, sizeof *f);
  zw_text_init(&f->json, NULL);
  zw_text_init(&f->cbor, NULL);
  zw_arena_init(&f->arena, NULL);
}

static void fixture_deinit(fixture *f) {
  zw_text_deinit(&f->json);
  zw_text_deinit(&f->cbor);
  zw_arena_deinit(&f->arena);
}

static int decode(fixture *f, enum zw_serializer serializer, zw_span octets) {
  zw_wamp_limits limits = {.scratch = &f->arena};
  memset(&f->diag, 0, sizeof f->diag);
  int e = zw_msg_decode(&f->msg, serializer, octets, &limits, &f->diag);
  if (e) assert_true(f->diag.message[0] != 0 && f->diag.error == e);
  zw_arena_reset(&f->arena);
  return e;
}

static void check_value(fixture *f, const message_kind *kind, const message_field *field,
                        const char *value, bool accepted) {
  make(&f->json, kind, field, value);
  zw_text_reset(&f->cbor);
  int wanted = accepted ? 0 : ZW_EPROTO;
  int e = decode(f, ZW_JSON, zw_str_span(zw_text_str(&f->json)));
  bool not_uri = e == ZW_EURI && field->kind == FIELD_URI;
  if (e != wanted && !not_uri) fail_msg("%s: %d %s", f->json.ptr, e, f->diag.message);
  if (e) assert_non_null(strstr(f->diag.message, kind->name.ptr));
  if (zw_value_convert(ZW_FORMAT_JSON, zw_str_span(zw_text_str(&f->json)), ZW_FORMAT_CBOR, &f->cbor,
                       NULL))
    return;
  e = decode(f, ZW_CBOR, zw_str_span(zw_text_str(&f->cbor)));
  if (e != wanted && !not_uri) fail_msg("in CBOR: %s: %d %s", f->json.ptr, e, f->diag.message);
}

static void check_field(fixture *f, const message_kind *kind, const message_field *field) {
  for (size_t i = 0; i < VALUE_COUNT; i++) {
    check_value(f, kind, field, values[i].json, (values[i].takers & takes[field->kind]) != 0);
  }
}

static void test_wrong_types(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  for (size_t m = 0; m < MESSAGE_COUNT; m++) {
    const message_kind *kind = &zw_message_kinds[m];
    for (unsigned i = 0; i < kind->position_count; i++) {
      const message_field *field = &kind->positions[i];
      check_field(&f, kind, field);
      check_value(&f, kind, field, "null", (field->flags & FIELD_NULLABLE) != 0);
    }
    for (unsigned i = 0; i < kind->option_count; i++) {
      check_field(&f, kind, &kind->options[i]);
      check_value(&f, kind, &kind->options[i], "null", true);
      bool always = kind->code == ZW_INTERRUPT && kind->options[i].kind == FIELD_ENUM;
      assert_int_equal(zw_field_is_set(&f.msg, &kind->options[i]), always);
    }
  }
  fixture_deinit(&f);
}

static const struct {
  const char *json;
  int error;
} messages[] = {
    {"", ZW_EPROTO},
    {"null", ZW_EPROTO},
    {"{}", ZW_EPROTO},
    {"[]", ZW_EPROTO},
    {"[16]", ZW_EPROTO},
    {"[\"16\",1,{},\"a\"]", ZW_EPROTO},
    {"[0,1,{},\"a\"]", ZW_EPROTO},
    {"[37,1]", ZW_EPROTO},
    {"[71,1]", ZW_EPROTO},
    {"[18446744073709551615]", ZW_EPROTO},
    {"[16,1,{},\"a\",[],{},1]", ZW_EPROTO},
    {"[16,1,{},\"a\",{}]", ZW_EPROTO},
    {"[16,1,{},\"a\",[],[]]", ZW_EPROTO},
    {"[16,1,{},\"a\",null]", 0},
    {"[16,1,{},\"a\",null,{\"k\":1}]", 0},
    {"[16,1,{},\"a\",[1],null]", 0},
    {"[16,1,{},\"a\",true]", ZW_EPROTO},
    {"[16,1,{},\"a\",1]", ZW_EPROTO},
    {"[16,1,{},\"a\",\"\\u0000AQID\",{}]", ZW_EPROTO},
    {"[16,1,{},\"a\",\"\\u0000!\"]", ZW_EPROTO},
    {"[17,1,2,3]", ZW_EPROTO},
    {"[16,1,{},\"a\"] x", ZW_EPROTO},
    {"[16,1,{},\"a\"],", ZW_EPROTO},
    {"[16,1,{},\"a\",]", ZW_EPROTO},
    {"[16 1,{},\"a\"]", ZW_EPROTO},
    {"[016,1,{},\"a\"]", ZW_EPROTO},
    {"[16,1,{\"a\"},\"a\"]", ZW_EPROTO},
    {"[16,1,{\"a\":},\"a\"]", ZW_EPROTO},
    {"[16,1,{a:1},\"a\"]", ZW_EPROTO},
    {"[16,1,{1:1},\"a\"]", ZW_EPROTO},
    {"[16,1,{\"a\":1,},\"a\"]", ZW_EPROTO},
    {"[16,1,{\"a\":1}\"a\"]", ZW_EPROTO},
    {"[16,1,{},\"\\ud800\"]", ZW_EPROTO},
    {"[16,1,{},\"\\x\"]", ZW_EPROTO},
    {"[16,1,{},\"a\nb\"]", ZW_EPROTO},
    {"[16,1,{},\"\xFF\"]", ZW_EPROTO},
    {"[16,1,{},\"a\",[nan]]", ZW_EPROTO},
    {"[16,1,{},\"a\",[tru]]", ZW_EPROTO},
    {"[16,1,{},\"a\",[1.]]", ZW_EPROTO},
    {"[16,1,{},\"a\",[-]]", ZW_EPROTO},
    {"[32,1,{\"match\":\"fuzzy\"},\"a\"]", ZW_EPROTO},
    {"[64,1,{\"invoke\":\"all\"},\"a\"]", ZW_EPROTO},
    {"[49,1,{\"mode\":\"murder\"}]", ZW_EPROTO},
    {"[8,36,1,{},\"a\"]", ZW_EPROTO},
    {"[8,304,1,{},\"a\"]", ZW_EPROTO},
    {"[32,1,{},\"a..b\"]", ZW_EURI},
    {"[32,1,{\"match\":\"prefix\"},\"a..b\"]", ZW_EURI},
    {"[36,1,1,{\"topic\":\"a..b\"}]", ZW_EURI},
    {"[32,1,{\"match\":\"wildcard\"},\"a..b\"]", 0},
    {"[32,1,{\"match\":\"prefix\"},\"a.\"]", 0},
    {" [ 16 , 1 , { \"x\" : [ 1 , { } ] } , \"a\" , [ ] , { } ] ", 0},
    {"[16,1,{\"\\u0061cknowledge\":1},\"\\u0061\"]", 0},
    {"[16,1,{\"x\":1,\"x\":2,\"\\u0000\":3},\"a\"]", 0},
};

static void test_messages(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    int e = decode(&f, ZW_JSON, zw_str_span(zw_str_of(messages[i].json)));
    if (e != messages[i].error) fail_msg("%s: %d %s", messages[i].json, e, f.diag.message);
  }
  fixture_deinit(&f);
}

/* The sample in another serializer, in one piece. */
static zw_span encoded(fixture *f, zw_encoder *encoder, enum zw_serializer serializer,
                       const char *sample, zw_text *out) {
  zw_encoded parts;
  zw_wamp_limits limits = {.scratch = &f->arena};
  assert_int_equal(zw_msg_decode(&f->msg, ZW_JSON, zw_str_span(zw_str_of(sample)), &limits, NULL),
                   0);
  assert_int_equal(zw_msg_encode(encoder, serializer, 0, &f->msg, &parts, NULL), 0);
  zw_text_reset(out);
  for (uint32_t i = 0; i < parts.count; i++)
    zw_text_add(out, parts.parts[i].ptr, parts.parts[i].len);
  return zw_str_span(zw_text_str(out));
}

/* Lists: every prefix is refused. FlatBuffers: a prefix may be whole, when only padding is gone; it
 * is never misread. */
static void test_truncation(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  fixture f;
  zw_encoder encoder;
  zw_text text;
  fixture_init(&f);
  zw_encoder_init(&encoder, NULL);
  zw_text_init(&text, NULL);
  for (size_t i = 0; i < 3 * MESSAGE_SAMPLE_COUNT; i++) {
    enum zw_serializer serializer = serializers[i % 3];
    zw_span whole = encoded(&f, &encoder, serializer, message_samples[i / 3], &text);
    for (size_t len = 0; len < whole.len; len++) {
      uint8_t *cut = malloc(len ? len : 1); /* its end is the end of memory, for the sanitizer */
      memcpy(cut, whole.ptr, len);
      int e = decode(&f, serializer, zw_span_of(cut, len));
      if (e != ZW_EPROTO && (serializer != ZW_FLATBUFFERS || e != 0))
        fail_msg("%s cut at %zu: %d", message_samples[i / 3], len, e);
      free(cut);
    }
  }
  fixture_deinit(&f);
  zw_encoder_deinit(&encoder);
  zw_text_deinit(&text);
}

/* What is accepted with a flipped bit can be encoded, or is refused as unfit: nothing crashes. */
static void test_bit_flips(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  fixture f;
  zw_encoder encoder, other;
  zw_text text;
  fixture_init(&f);
  zw_encoder_init(&encoder, NULL);
  zw_encoder_init(&other, NULL);
  zw_text_init(&text, NULL);
  for (size_t i = 0; i < 3 * MESSAGE_SAMPLE_COUNT; i++) {
    enum zw_serializer serializer = serializers[i % 3];
    zw_span whole = encoded(&f, &encoder, serializer, message_samples[i / 3], &text);
    uint8_t *octets = malloc(whole.len);
    memcpy(octets, whole.ptr, whole.len);
    for (size_t bit = 0; bit < 8 * whole.len; bit += 1 + i % 3) {
      zw_encoded out;
      octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
      int e = decode(&f, serializer, zw_span_of(octets, whole.len));
      assert_true(e == 0 || e == ZW_EPROTO || e == ZW_EURI);
      if (e == 0) (void)zw_msg_encode(&other, serializers[(i + 1) % 3], 0, &f.msg, &out, NULL);
      octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(octets);
  }
  fixture_deinit(&f);
  zw_encoder_deinit(&encoder);
  zw_encoder_deinit(&other);
  zw_text_deinit(&text);
}

static void test_depth(void **state) {
  (void)state;
  fixture f;
  fixture_init(&f);
  for (unsigned depth = 60; depth < 70; depth++) {
    zw_text_reset(&f.json);
    zw_text_printf(&f.json, "[16,1,{},\"a\",");
    for (unsigned i = 0; i < depth; i++) zw_text_add(&f.json, "[", 1);
    for (unsigned i = 0; i < depth; i++) zw_text_add(&f.json, "]", 1);
    zw_text_add(&f.json, "]", 1);
    assert_int_equal(decode(&f, ZW_JSON, zw_str_span(zw_text_str(&f.json))),
                     depth < 64 ? 0 : ZW_EPROTO);
  }
  zw_wamp_limits limits = {.depth_max = 2};
  static const char flat[] = "[16,1,{},\"a\",[1]]", deep[] = "[16,1,{},\"a\",[[1]]]";
  assert_int_equal(zw_msg_decode(&f.msg, ZW_JSON, zw_span_of(flat, sizeof flat - 1), &limits, NULL),
                   0);
  assert_int_equal(zw_msg_decode(&f.msg, ZW_JSON, zw_span_of(deep, sizeof deep - 1), &limits, NULL),
                   ZW_EPROTO);
  fixture_deinit(&f);
}

static void test_length_limit(void **state) {
  (void)state;
  zw_msg msg;
  zw_wamp_limits limits = {.message_max = 10};
  static const char text[] = "[17,1,2]   ";
  assert_int_equal(zw_msg_decode(&msg, ZW_JSON, zw_span_of(text, 10), &limits, NULL), 0);
  assert_int_equal(zw_msg_decode(&msg, ZW_JSON, zw_span_of(text, 11), &limits, NULL), ZW_ELIMIT);
  assert_int_equal(zw_msg_decode(&msg, ZW_MSGPACK, zw_span_of(text, 11), NULL, NULL), ZW_ENOTSUP);
  assert_int_equal(zw_msg_decode(&msg, ZW_JSON, zw_span_of(NULL, 0), NULL, NULL), ZW_EPROTO);
}

/* The request of a message that is refused is known where it came before the fault. */
static void test_the_request_is_known(void **state) {
  (void)state;
  zw_msg msg;
  static const char text[] = "[16,77,{\"acknowledge\":1},\"a\"]";
  assert_int_equal(zw_msg_decode(&msg, ZW_JSON, zw_span_of(text, sizeof text - 1), NULL, NULL),
                   ZW_EPROTO);
  assert_int_equal(msg.code, ZW_PUBLISH);
  assert_int_equal(msg.request, 77);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_wrong_types),
      cmocka_unit_test(test_messages),
      cmocka_unit_test(test_truncation),
      cmocka_unit_test(test_bit_flips),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_length_limit),
      cmocka_unit_test(test_the_request_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
