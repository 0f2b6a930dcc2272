/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults that other run times are known for, each as a test that names it by the report's number.
 * #8950 is in test_schema_load.c, flatcc's #374 in tests/unit/schema/test_schema_lexer.c.
 */
#include "reflect_fixture.h"

enum {
  LINK_TEXT,
  LINK_NEXT,
  LINK_MANY,
  LINK_ANY_TYPE,
  LINK_ANY,
  LINK_FAR,
  LINK_NESTED,
  LINK_FIELDS
};

static const zw_type link_type;
static const zw_enum_value any_values[] = {
    {.name = {"NONE", 4}, .value = 0},
    {.name = {"Link", 4}, .value = 1, .base = ZW_T_OBJ, .type = &link_type}};
static const zw_enum_type any = {.name = {"Any", 3},
                                 .values = any_values,
                                 .value_count = 2,
                                 .base = ZW_T_UTYPE,
                                 .is_union = true};

#define FIELD(slot, text, kind_of, of) \
  .name = {text, sizeof text - 1}, .base = kind_of, .element = of, .id = slot
static const zw_field link_fields[] = {
    {FIELD(LINK_TEXT, "text", ZW_T_STRING, 0)},
    {FIELD(LINK_NEXT, "next", ZW_T_OBJ, 0), .type = &link_type},
    {FIELD(LINK_MANY, "many", ZW_T_VECTOR, ZW_T_OBJ), .type = &link_type},
    {FIELD(LINK_ANY_TYPE, "any_type", ZW_T_UTYPE, 0), .enum_type = &any},
    {FIELD(LINK_ANY, "any", ZW_T_UNION, 0), .enum_type = &any},
    {FIELD(LINK_FAR, "far", ZW_T_VECTOR64, ZW_T_UBYTE), .type = &link_type,
     .flags = ZW_F_NESTED | ZW_F_OFFSET64},
    {FIELD(LINK_NESTED, "nested", ZW_T_VECTOR, ZW_T_UBYTE), .type = &link_type,
     .flags = ZW_F_NESTED},
};
static const uint16_t link_by_name[LINK_FIELDS] = {LINK_ANY,    LINK_ANY_TYPE, LINK_FAR, LINK_MANY,
                                                   LINK_NESTED, LINK_NEXT,     LINK_TEXT};
static const zw_type link_type = {.name = {"Link", 4},
                                  .fields = link_fields,
                                  .by_name = link_by_name,
                                  .field_count = LINK_FIELDS,
                                  .align = 1};

/* On a block of exactly its size, so that the sanitizers see a read past its end. */
static int verify(const uint8_t *bytes, size_t len, zw_diag *diag) {
  uint8_t *copy = malloc(len ? len : 1);
  memcpy(copy, bytes, len);
  int e = zw_verify(&link_type, zw_span_of(copy, len), NULL, NULL, diag);
  free(copy);
  return e;
}

/* google/flatbuffers #9023: the identifier is read before the length is looked at. */
static void test_google_9023_identifier_before_length(void **state) {
  (void)state;
  for (size_t len = 0; len < 8; len++) {
    uint8_t *bytes = calloc(1, len ? len : 1);
    zw_diag diag = {0};
    assert_int_equal(
        zw_verify_identified(&link_type, ZW_STR("LINK"), zw_span_of(bytes, len), NULL, NULL, &diag),
        ZW_EVERIFY);
    assert_string_equal(diag.message, "Link: the file identifier is not \"LINK\"");
    free(bytes);
  }
}

/* flatcc #345: the identifier of a buffer behind a size prefix is 4 octets further. */
static void test_flatcc_345_identifier_behind_a_size_prefix(void **state) {
  static const uint8_t good[] = {16,  0,   0, 0, 12, 0, 0, 0, 'L', 'I',
                                 'N', 'K', 4, 0, 4,  0, 4, 0, 0,   0};
  const zw_str id = ZW_STR("LINK");
  (void)state;
  for (uint32_t len = 0; len <= sizeof good; len++) {
    uint8_t *bytes = malloc(len ? len : 1);
    memcpy(bytes, good, len);
    if (len >= 4) zw_store_le32(bytes, len - 4);
    int e = zw_verify_sized(&link_type, id, zw_span_of(bytes, len), NULL, NULL, NULL);
    assert_int_equal(e, len == sizeof good ? 0 : ZW_EVERIFY);
    free(bytes);
  }
  /* As a buffer without a prefix its identifier would be the root's offset. */
  zw_span bytes = {good, sizeof good};
  assert_int_equal(zw_verify_identified(&link_type, id, bytes, NULL, NULL, NULL), ZW_EVERIFY);
}

/* google/flatbuffers #9040: by reflection, the slots of tables and unions were read wherever they
 * were said to be. */
static void test_google_9040_slots_out_of_the_buffer(void **state) {
  static const uint16_t offsets[] = {8, 0x100, 0x7FFC, 0x7FFD, 0x8000, 0xFFFC, 0xFFFF};
  (void)state;
  for (unsigned id = 0; id < LINK_FIELDS; id++) {
    for (size_t k = 0; k < sizeof offsets / sizeof offsets[0]; k++) {
      uint8_t bytes[32] = {24, 0, 0, 0, 18, 0, 8, 0};
      char expected[100];
      zw_diag diag = {0};
      zw_store_le16(bytes + 8 + 2 * id, offsets[k]);
      zw_store_le32(bytes + 24, 20);
      snprintf(expected, sizeof expected, "Link.%.*s: a field leads out of its table, at octet 24",
               ZW_ARG(link_fields[id].name));
      assert_int_equal(verify(bytes, sizeof bytes, &diag), ZW_EVERIFY);
      assert_string_equal(diag.message, expected);
    }
  }
}

/* google/flatbuffers #9051: a binary was printed without verification, what lies behind it too. */
static void test_google_9051_nothing_is_printed_unverified(void **state) {
  static const uint8_t bytes[] = {12, 0, 0, 0, 0, 0, 6, 0, 8, 0, 4,   0,   6,   0,
                                  0,  0, 4, 0, 0, 0, 0, 1, 0, 0, 'a', 'b', 'c', 0};
  zw_text out;
  zw_diag diag = {0};
  (void)state;
  zw_text_init(&out, NULL);
  assert_int_equal(zw_flatc_json_print(&link_type, zw_span_of(bytes, sizeof bytes), 0, &out, &diag),
                   ZW_EVERIFY);
  assert_int_equal(out.len, 0);
  zw_text_deinit(&out);
}

/* ---- FlexBuffers ---- */

/* google/flatbuffers #9041: the check of a key was the wrong way round. */
static void test_google_9041_keys_are_terminated(void **state) {
  /* A map {"a": 1}: key, keys vector, map, root. */
  static const uint8_t map[] = {'a', 0, 1, 3, 1, 1, 1, 1, 4, 2, 0x24, 1};
  uint8_t bytes[sizeof map];
  (void)state;
  memcpy(bytes, map, sizeof map);
  assert_int_equal(zw_flexbuffer_verify(zw_span_of(bytes, sizeof bytes), NULL), 0);
  uint8_t *copy = malloc(sizeof bytes);
  memcpy(copy, bytes, sizeof bytes);
  copy[1] = 'b'; /* the only 0 */
  assert_int_equal(zw_flexbuffer_verify(zw_span_of(copy, sizeof bytes), NULL), ZW_EVERIFY);
  free(copy);
}

/* google/flatbuffers #9127 and #9197: values that are shared are looked at again and again. 30
 * levels of 16 references, at the end of as many octets as the report's. */
static void test_google_9127_9197_shared_flexbuffer_values(void **state) {
  enum { LEVELS = 30, FAN = 16, LEVEL = 1 + 2 * FAN };
  static uint8_t bytes[131069];
  static const size_t sizes[] = {LEVELS * LEVEL + 6, sizeof bytes};
  (void)state;
  for (size_t s = 0; s < 2; s++) {
    memset(bytes, 0, sizeof bytes);
    uint8_t *at = bytes + sizes[s] - (LEVELS * LEVEL + 6) + 1, *below = at;
    *at++ = 1; /* a vector of one number */
    below = at;
    *at++ = 7;
    *at++ = 4;
    for (unsigned level = 0; level < LEVELS; level++) {
      *at++ = FAN;
      uint8_t *first = at;
      for (unsigned i = 0; i < FAN; i++, at++) *at = (uint8_t)(at - below);
      for (unsigned i = 0; i < FAN; i++) *at++ = 0x28;
      below = first;
    }
    /* The root's three octets take the place of the padding before the first level. */
    size_t len = (size_t)(at - bytes);
    uint8_t *whole = malloc(len + 3);
    memcpy(whole, bytes, len);
    whole[len] = (uint8_t)(at - below);
    whole[len + 1] = 0x28;
    whole[len + 2] = 1;
    assert_int_equal(zw_flexbuffer_verify(zw_span_of(whole, len + 3), NULL), ZW_ELIMIT);
    free(whole);
  }
}

/* ---- bounded work and depth ---- */

/* Each level refers to the next one sixteen times, as tables and as unions: 16^levels tables. */
static size_t write_bomb(uint8_t *out, size_t room, unsigned levels) {
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  zw_ref ref = zw_builder_table_end(&b);
  for (unsigned level = 0; level < levels; level++) {
    zw_ref refs[16];
    for (unsigned i = 0; i < 16; i++) refs[i] = ref;
    zw_ref many = zw_builder_refs(&b, refs, 16);
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, LINK_MANY, many);
    zw_builder_add_u8(&b, LINK_ANY_TYPE, 1, 0);
    zw_builder_add_ref(&b, LINK_ANY, ref);
    ref = zw_builder_table_end(&b);
  }
  assert_int_equal(zw_builder_finish(&b, ref, (zw_str){NULL, 0}, &bytes), 0);
  assert_true(bytes.len <= room);
  memcpy(out, bytes.ptr, bytes.len);
  size_t len = bytes.len;
  zw_builder_deinit(&b);
  return len;
}

/* A kilobyte keeps flatcc busy for days. */
static void test_flatcc_shared_tables_in_a_kilobyte(void **state) {
  static uint8_t bytes[1024];
  zw_diag diag = {0};
  (void)state;
  size_t len = write_bomb(bytes, sizeof bytes, 10);
  assert_true(len > 800);
  assert_int_equal(verify(bytes, len, &diag), ZW_ELIMIT);
  assert_non_null(strstr(diag.message, "more offsets than the length allows"));
}

/* The same with octets behind it that buy a larger budget: 131 kB. */
static void test_shared_tables_in_131_kilobytes(void **state) {
  static uint8_t bytes[131072];
  zw_diag diag = {0};
  (void)state;
  write_bomb(bytes, 4096, 30);
  assert_int_equal(verify(bytes, sizeof bytes, &diag), ZW_ELIMIT);
  assert_non_null(strstr(diag.message, "more offsets than the length allows"));
}

/* Wraps a buffer as the nested one of another, `wide`: behind a 64-bit offset. */
static size_t nest(uint8_t *bytes, size_t len, bool wide) {
  const size_t header = 56; /* offset, vtable of 4 + 7 * 2, table of 12, length */
  memmove(bytes + header, bytes, len);
  memset(bytes, 0, header);
  zw_store_le32(bytes, 28);
  zw_store_le16(bytes + 8, 18);
  zw_store_le16(bytes + 10, 20);
  zw_store_le16(bytes + 12 + 2 * (wide ? LINK_FAR : LINK_NESTED), wide ? 12 : 4);
  zw_store_le32(bytes + 28, 20);
  if (wide) {
    zw_store_le64(bytes + 40, 48 - 40);
    zw_store_le64(bytes + 48, len);
  } else {
    zw_store_le32(bytes + 32, 52 - 32);
    zw_store_le32(bytes + 52, (uint32_t)len);
  }
  return header + len;
}

/* google/flatbuffers #9268: nested buffers, 64-bit ones too, each with a depth of its own. */
static void test_google_9268_nested_buffers_without_end(void **state) {
  static uint8_t bytes[1 << 17];
  (void)state;
  for (unsigned wide = 0; wide < 2; wide++) {
    size_t len = write_bomb(bytes, sizeof bytes, 0);
    for (unsigned depth = 1; len + 56 <= sizeof bytes; depth++) {
      zw_diag diag = {0};
      len = nest(bytes, len, wide);
      int e = verify(bytes, len, &diag);
      assert_int_equal(e, depth < 32 ? 0 : ZW_ELIMIT);
      if (e) assert_non_null(strstr(diag.message, "nested too deeply"));
      if (depth == 40) break;
    }
    while (len + 56 <= sizeof bytes) len = nest(bytes, len, wide);
    assert_int_equal(verify(bytes, len, NULL), ZW_ELIMIT);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_google_9023_identifier_before_length),
      cmocka_unit_test(test_flatcc_345_identifier_behind_a_size_prefix),
      cmocka_unit_test(test_google_9040_slots_out_of_the_buffer),
      cmocka_unit_test(test_google_9051_nothing_is_printed_unverified),
      cmocka_unit_test(test_google_9041_keys_are_terminated),
      cmocka_unit_test(test_google_9127_9197_shared_flexbuffer_values),
      cmocka_unit_test(test_flatcc_shared_tables_in_a_kilobyte),
      cmocka_unit_test(test_shared_tables_in_131_kilobytes),
      cmocka_unit_test(test_google_9268_nested_buffers_without_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
