/* SPDX-License-Identifier: Apache-2.0 */
/* Every message through every serializer and back to the JSON that it came from. */
#include "message_samples.h"
#include "wamp_fixture.h"

static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};

static void decode(exchange *x, enum zw_serializer serializer, zw_span octets) {
  if (exchange_decode(x, serializer, octets, false))
    fail_msg("%s: %s", zw_serializer_name(serializer), x->diag.message);
}

static zw_span encode(exchange *x, enum zw_serializer serializer) {
  if (exchange_encode(x, serializer, 0))
    fail_msg("%s: %s", zw_serializer_name(serializer), x->diag.message);
  return exchange_octets(x);
}

/* JSON → a → b → JSON. A message in a's buffer is decoded while b's is written, so each has its
 * own. */
static void check_path(const char *sample, enum zw_serializer a, enum zw_serializer b) {
  exchange first, second, third;
  exchange_init(&first);
  exchange_init(&second);
  exchange_init(&third);
  decode(&first, ZW_JSON, zw_str_span(zw_str_of(sample)));
  decode(&second, a, encode(&first, a));
  decode(&third, b, encode(&second, b));
  zw_span json = encode(&third, ZW_JSON);
  assert_text_equal(zw_span_str(json), sample);
  exchange_deinit(&first);
  exchange_deinit(&second);
  exchange_deinit(&third);
}

static void test_all_paths(void **state) {
  (void)state;
  for (size_t i = 0; i < MESSAGE_SAMPLE_COUNT; i++) {
    for (size_t a = 0; a < 3; a++) {
      for (size_t b = 0; b < 3; b++) check_path(message_samples[i], serializers[a], serializers[b]);
    }
  }
}

static void test_samples_cover_the_table(void **state) {
  (void)state;
  assert_int_equal(MESSAGE_SAMPLE_COUNT, 2 * MESSAGE_COUNT);
  for (size_t i = 0; i < MESSAGE_COUNT; i++) {
    exchange f;
    exchange_init(&f);
    decode(&f, ZW_JSON, zw_str_span(zw_str_of(message_samples[2 * i + 1])));
    const message_kind *kind = &zw_message_kinds[i];
    assert_int_equal(f.msg.code, kind->code);
    for (unsigned k = 0; k < kind->option_count; k++) {
      const message_field *field = &kind->options[k];
      bool ppt = zw_str_eq(field->key, ZW_STR("ppt_keyid")) || field->kind == FIELD_PPT ||
                 field->flags & FIELD_ALIAS;
      if (!ppt && !zw_field_is_set(&f.msg, field))
        fail_msg("%s has no %s", kind->name.ptr, field->key.ptr);
    }
    exchange_deinit(&f);
  }
}

static void test_slots_are_those_of_the_types(void **state) {
  (void)state;
  for (size_t i = 0; i < MESSAGE_COUNT; i++) {
    const message_kind *kind = &zw_message_kinds[i];
    const zw_type *type = zw_wamp_message_type(kind->code);
    assert_non_null(type);
    assert_int_equal(zw_type_field(type, ZW_STR("details"))->id, kind->details_slot);
    if (kind->args_slot != NO_SLOT) {
      assert_int_equal(zw_type_field(type, ZW_STR("args"))->id, kind->args_slot);
      assert_int_equal(zw_type_field(type, ZW_STR("kwargs"))->id, kind->args_slot + 1);
      assert_int_equal(zw_type_field(type, ZW_STR("payload"))->id, kind->args_slot + 2);
    }
    assert_true(kind->option_count <= MESSAGE_OPTIONS_MAX);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_samples_cover_the_table),
      cmocka_unit_test(test_slots_are_those_of_the_types),
      cmocka_unit_test(test_all_paths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
