/* SPDX-License-Identifier: Apache-2.0 */
/* Every message through every serializer and back to the JSON that it came from. */
#include "cmocka_base.h"
#include "counting_alloc.h"
#include "message_samples.h"
#include "message_table.h"

static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};

/* The parts of a message as one, in `out`. */
static zw_span join(const zw_encoded *encoded, zw_text *out) {
  zw_text_reset(out);
  size_t len = 0;
  for (uint32_t i = 0; i < encoded->count; i++) {
    zw_text_add(out, encoded->parts[i].ptr, encoded->parts[i].len);
    len += encoded->parts[i].len;
  }
  assert_int_equal(len, encoded->len);
  return zw_str_span(zw_text_str(out));
}

typedef struct fixture {
  zw_encoder encoder;
  zw_text text;
  zw_arena arena;
  zw_msg msg;
  zw_diag diag;
} fixture;

static void fixture_init(fixture *f) {
  memset(f, 0, sizeof *f);
  zw_encoder_init(&f->encoder, NULL);
  zw_text_init(&f->text, NULL);
  zw_arena_init(&f->arena, NULL);
}

static void fixture_deinit(fixture *f) {
  zw_encoder_deinit(&f->encoder);
  zw_text_deinit(&f->text);
  zw_arena_deinit(&f->arena);
}

static void decode(fixture *f, enum zw_serializer serializer, zw_span octets) {
  zw_wamp_limits limits = {.scratch = &f->arena};
  int e = zw_msg_decode(&f->msg, serializer, octets, &limits, &f->diag);
  if (e) fail_msg("%s: %s", zw_serializer_name(serializer), f->diag.message);
}

static zw_span encode(fixture *f, enum zw_serializer serializer, uint32_t flags) {
  zw_encoded encoded;
  int e = zw_msg_encode(&f->encoder, serializer, flags, &f->msg, &encoded, &f->diag);
  if (e) fail_msg("%s: %s", zw_serializer_name(serializer), f->diag.message);
  return join(&encoded, &f->text);
}

/* JSON → a → b → JSON. A message in a's buffer is decoded while b's is written, so each has its
 * own. */
static void check_path(const char *sample, enum zw_serializer a, enum zw_serializer b) {
  fixture first, second, third;
  fixture_init(&first);
  fixture_init(&second);
  fixture_init(&third);
  decode(&first, ZW_JSON, zw_str_span(zw_str_of(sample)));
  decode(&second, a, encode(&first, a, 0));
  decode(&third, b, encode(&second, b, 0));
  zw_span json = encode(&third, ZW_JSON, 0);
  assert_text_equal(zw_span_str(json), sample);
  fixture_deinit(&first);
  fixture_deinit(&second);
  fixture_deinit(&third);
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
    fixture f;
    fixture_init(&f);
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
    fixture_deinit(&f);
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
