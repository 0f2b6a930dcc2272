/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of key, in vectors that are built here: each element is found, its neighbours are not.
 */
#include "key_lookup.h"
#include "reflect_fixture.h"
#include "zerowire/any.h"

#define COUNT 40

#define FIELD(slot, text, kind_of) .name = {text, sizeof text - 1}, .base = kind_of, .id = slot

/* ---- vectors of tables ---- */

static const zw_field pair_members[] = {{FIELD(0, "a", ZW_T_BYTE), .offset = 0},
                                        {FIELD(1, "b", ZW_T_UINT), .offset = 4}};
static const zw_type pair = {.name = {"Pair", 4},
                             .fields = pair_members,
                             .field_count = 2,
                             .is_struct = true,
                             .align = 4,
                             .size = 8};

static zw_table build(zw_builder *b, unsigned count, zw_ref element(zw_builder *, unsigned)) {
  zw_ref refs[COUNT];
  zw_span bytes;
  zw_builder_init(b, NULL);
  for (unsigned i = 0; i < count; i++) refs[i] = element(b, i);
  zw_ref list = zw_builder_refs(b, refs, count);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, list);
  assert_int_equal(zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes), 0);
  return zw_root_trusted(bytes);
}

/* -20, -18, … 18; 0 is the default and absent. */
static int64_t number_of(unsigned i) { return 2 * (int64_t)i - 20; }
static zw_ref numbered(zw_builder *b, unsigned i) {
  zw_builder_table_start(b);
  zw_builder_add_i64(b, 1, number_of(i), 0);
  return zw_builder_table_end(b);
}

static void test_numbers(void **state) {
  static const zw_field fields[] = {{FIELD(0, "other", ZW_T_INT)},
                                    {FIELD(1, "key", ZW_T_LONG), .flags = ZW_F_KEY}};
  static const zw_type type = {.fields = fields, .field_count = 2};
  (void)state;
  for (unsigned count = 0; count < 21; count++) {
    zw_builder b;
    zw_vec v = zw_table_vec(build(&b, count, numbered), 0);
    for (unsigned i = 0; i < count; i++) {
      assert_int_equal(zw_vec_find_scalar(v, &type, (zw_scalar){.i = number_of(i)}), i);
      assert_true(zw_vec_find_scalar(v, &type, (zw_scalar){.i = number_of(i) + 1}) == ZW_NO_INDEX);
    }
    assert_true(zw_vec_find_scalar(v, &type, (zw_scalar){.i = -21}) == ZW_NO_INDEX);
    assert_true(zw_vec_find_str(v, &type, ZW_STR("")) == ZW_NO_INDEX);
    assert_true(zw_vec_find_stored(v, &type, (const uint8_t *)"12345678") == ZW_NO_INDEX);
    zw_builder_deinit(&b);
  }
}

static const char *const words[] = {"", "a", "aa", "ab", "b", "z", "\xC3\xA9", "\xC3\xA9t"};
static zw_ref named(zw_builder *b, unsigned i) {
  zw_ref text = i ? zw_builder_string(b, zw_str_of(words[i])) : 0;
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, text);
  return zw_builder_table_end(b);
}

static void test_strings(void **state) {
  static const zw_field fields[] = {{FIELD(0, "key", ZW_T_STRING), .flags = ZW_F_KEY}};
  static const zw_type type = {.fields = fields, .field_count = 1};
  zw_builder b;
  (void)state;
  zw_vec v = zw_table_vec(build(&b, 8, named), 0);
  for (unsigned i = 0; i < 8; i++)
    assert_int_equal(zw_vec_find_str(v, &type, zw_str_of(words[i])), i);
  assert_true(zw_vec_find_str(v, &type, ZW_STR("aaa")) == ZW_NO_INDEX);
  assert_true(zw_vec_find_str(v, &type, ZW_STR("\xFF")) == ZW_NO_INDEX);
  assert_true(zw_vec_find_scalar(v, &type, (zw_scalar){.i = 0}) == ZW_NO_INDEX);
  zw_builder_deinit(&b);
}

/* {a, padding, b}: -1 is less than 0, and the padding does not count. */
static void store_pair(uint8_t out[8], unsigned i, uint8_t padding) {
  memset(out, padding, 8);
  out[0] = (uint8_t)((int)(i / 4) - 1);
  zw_store_le32(out + 4, 0x7FFFFFFE + i % 4);
}
static zw_ref paired(zw_builder *b, unsigned i) {
  uint8_t bytes[8];
  store_pair(bytes, i, 0xEE);
  zw_builder_table_start(b);
  zw_builder_add_struct(b, 0, bytes, 8, 4);
  return zw_builder_table_end(b);
}

static void test_structs(void **state) {
  static const zw_field fields[] = {{FIELD(0, "key", ZW_T_OBJ), .type = &pair, .flags = ZW_F_KEY}};
  static const zw_type type = {.fields = fields, .field_count = 1};
  zw_builder b;
  (void)state;
  zw_vec v = zw_table_vec(build(&b, 20, paired), 0);
  for (unsigned i = 0; i < 20; i++) {
    uint8_t key[8];
    store_pair(key, i, (uint8_t)i);
    assert_int_equal(zw_vec_find_stored(v, &type, key), i);
    zw_store_le32(key + 4, 5);
    assert_true(zw_vec_find_stored(v, &type, key) == ZW_NO_INDEX);
  }
  zw_builder_deinit(&b);
}

static zw_ref without_struct(zw_builder *b, unsigned i) {
  if (i) return paired(b, i);
  zw_builder_table_start(b);
  return zw_builder_table_end(b);
}

static void test_an_absent_struct_is_before_all(void **state) {
  static const zw_field fields[] = {{FIELD(0, "key", ZW_T_OBJ), .type = &pair, .flags = ZW_F_KEY}};
  static const zw_type type = {.fields = fields, .field_count = 1};
  uint8_t key[8];
  zw_builder b;
  (void)state;
  zw_vec v = zw_table_vec(build(&b, 3, without_struct), 0);
  store_pair(key, 1, 0);
  assert_int_equal(zw_vec_find_stored(v, &type, key), 1);
  zw_builder_deinit(&b);
}

static zw_ref repeated(zw_builder *b, unsigned i) { return numbered(b, i / 3); }

static void test_the_first_of_equals(void **state) {
  static const zw_field fields[] = {{FIELD(0, "other", ZW_T_INT)},
                                    {FIELD(1, "key", ZW_T_LONG), .flags = ZW_F_KEY}};
  static const zw_type type = {.fields = fields, .field_count = 2};
  zw_builder b;
  (void)state;
  zw_vec v = zw_table_vec(build(&b, 30, repeated), 0);
  for (unsigned i = 0; i < 10; i++)
    assert_int_equal(zw_vec_find_scalar(v, &type, (zw_scalar){.i = number_of(i)}), 3 * i);
  zw_builder_deinit(&b);
}

/* ---- vectors of structs ---- */

static zw_vec structs_of(const uint8_t *bytes, uint32_t count) {
  return (zw_vec){bytes, UINT32_MAX, 0, count};
}

static zw_vec64 far_structs(const uint8_t *bytes, uint64_t count) {
  return (zw_vec64){bytes, count};
}

static void test_members_of_structs(void **state) {
  static const zw_field members[] = {{FIELD(0, "x", ZW_T_UBYTE), .offset = 0},
                                     {FIELD(1, "key", ZW_T_ARRAY), .element = ZW_T_SHORT,
                                      .fixed_length = 2, .offset = 2, .flags = ZW_F_KEY}};
  static const zw_type type = {
      .fields = members, .field_count = 2, .is_struct = true, .align = 2, .size = 6};
  static const int16_t keys[][2] = {{-5, 7}, {-5, 8}, {0, -1}, {0, 0}, {300, -300}};
  uint8_t bytes[30], key[4];
  (void)state;
  for (unsigned i = 0; i < 5; i++) {
    bytes[6 * i] = (uint8_t)(9 - i);
    zw_store_i16(bytes + 6 * i + 2, keys[i][0]);
    zw_store_i16(bytes + 6 * i + 4, keys[i][1]);
  }
  for (unsigned i = 0; i < 5; i++) {
    memcpy(key, bytes + 6 * i + 2, 4);
    assert_int_equal(zw_vec_find_stored(structs_of(bytes, 5), &type, key), i);
    assert_int_equal(zw_vec64_find_stored(far_structs(bytes, 5), &type, key), i);
    key[3] ^= 0x40;
    assert_true(zw_vec_find_stored(structs_of(bytes, 5), &type, key) == ZW_NO_INDEX);
    assert_true(zw_vec64_find_stored(far_structs(bytes, 5), &type, key) == ZW_NO_INDEX);
  }
  assert_true(zw_vec_find_stored((zw_vec){NULL, 0, 0, 0}, &type, key) == ZW_NO_INDEX);
  assert_true(zw_vec64_find_stored(far_structs(NULL, 0), &type, key) == ZW_NO_INDEX);
  assert_true(zw_vec64_find_scalar(far_structs(bytes, 5), &type, (zw_scalar){.i = 0}) ==
              ZW_NO_INDEX);
}

static void test_floats_and_enums(void **state) {
  static const zw_field as_float[] = {{FIELD(0, "key", ZW_T_FLOAT), .flags = ZW_F_KEY}};
  static const zw_field as_byte[] = {{FIELD(0, "key", ZW_T_BYTE), .flags = ZW_F_KEY}};
  zw_type type = {.fields = as_float, .field_count = 1, .is_struct = true, .align = 4, .size = 4};
  uint8_t bytes[16];
  (void)state;
  for (unsigned i = 0; i < 4; i++) zw_store_f32(bytes + 4 * i, -1.5f + (float)i);
  for (unsigned i = 0; i < 4; i++)
    assert_int_equal(
        zw_vec_find_scalar(structs_of(bytes, 4), &type, (zw_scalar){.d = -1.5 + (double)i}), i);
  type.fields = as_byte;
  type.align = (uint16_t)(type.size = 1);
  for (int i = 0; i < 16; i++) bytes[i] = (uint8_t)(i * 16 - 128);
  for (int i = 0; i < 16; i++)
    assert_int_equal(
        zw_vec_find_scalar(structs_of(bytes, 16), &type, (zw_scalar){.i = i * 16 - 128}), i);
  for (int i = 0; i < 16; i++)
    assert_int_equal(
        zw_vec64_find_scalar(far_structs(bytes, 16), &type, (zw_scalar){.i = i * 16 - 128}), i);
  assert_true(zw_vec64_find_scalar(far_structs(bytes, 16), &type, (zw_scalar){.i = 1}) ==
              ZW_NO_INDEX);
}

/* What a 64-bit offset refers to may have more elements than 32 bits count: here there is one only,
 * as the last of many that lie where nobody looks. */
static void test_more_than_32_bits_count(void **state) {
  static const zw_field members[] = {{FIELD(0, "key", ZW_T_BYTE), .flags = ZW_F_KEY}};
  static const zw_type type = {
      .fields = members, .field_count = 1, .is_struct = true, .align = 1, .size = 0};
  static const uint8_t one[1] = {7};
  (void)state;
  zw_vec64 v = far_structs(one, (uint64_t)UINT32_MAX + 5);
  if (sizeof(size_t) < 8) skip();
  assert_int_equal(zw_vec64_find_scalar(v, &type, (zw_scalar){.i = 7}), 0);
  assert_true(zw_vec64_find_scalar(v, &type, (zw_scalar){.i = 8}) == ZW_NO_INDEX);
}

/* Tables have a buffer around them, which what lies far away has not. */
static void test_no_tables_behind_64_bit_offsets(void **state) {
  static const zw_field fields[] = {{FIELD(0, "key", ZW_T_LONG), .flags = ZW_F_KEY}};
  static const zw_type type = {.fields = fields, .field_count = 1};
  static const uint8_t bytes[16] = {0};
  (void)state;
  assert_true(zw_vec64_find_scalar(far_structs(bytes, 2), &type, (zw_scalar){.i = 0}) ==
              ZW_NO_INDEX);
}

/* ---- values by descriptor ---- */

static void test_values(void **state) {
  static const zw_field by_struct[] = {
      {FIELD(0, "key", ZW_T_OBJ), .type = &pair, .flags = ZW_F_KEY}};
  static const zw_field by_text[] = {{FIELD(0, "key", ZW_T_STRING), .flags = ZW_F_KEY}};
  static const zw_type pairs = {.fields = by_struct, .field_count = 1};
  static const zw_type texts = {.fields = by_text, .field_count = 1};
  static const zw_field list[] = {
      {FIELD(0, "l", ZW_T_VECTOR), .element = ZW_T_OBJ, .type = &pairs},
      {FIELD(0, "l", ZW_T_VECTOR), .element = ZW_T_OBJ, .type = &texts}};
  static const zw_type root = {.fields = list, .field_count = 1};
  uint8_t key[8];
  zw_builder b;
  (void)state;
  zw_any v = zw_any_of_field(build(&b, 20, paired), &root, &list[0]);
  store_pair(key, 13, 0);
  assert_int_equal(zw_any_find(&v, &(zw_any){.base = ZW_T_OBJ, .type = &pair, .stored = key}), 13);
  assert_true(zw_any_find(&v, &(zw_any){.base = ZW_T_INT}) == ZW_NO_INDEX);
  assert_true(zw_any_find(&v, &(zw_any){.base = ZW_T_NONE}) == ZW_NO_INDEX);
  zw_builder_deinit(&b);
  v = zw_any_of_field(build(&b, 8, named), &root, &list[1]);
  assert_int_equal(zw_any_find(&v, &(zw_any){.base = ZW_T_STRING, .text = ZW_STR("z")}), 5);
  assert_true(zw_any_find(&v, &(zw_any){.base = ZW_T_STRING, .text = ZW_STR("y")}) == ZW_NO_INDEX);
  zw_builder_deinit(&b);
}

/* A struct's key may be an array; the list lies behind an offset of either width. */
static void test_values_in_structs(void **state) {
  static const zw_field members[] = {
      {FIELD(0, "key", ZW_T_ARRAY), .element = ZW_T_UBYTE, .fixed_length = 2, .flags = ZW_F_KEY}};
  static const zw_type type = {
      .fields = members, .field_count = 1, .is_struct = true, .align = 1, .size = 2};
  static const uint8_t bytes[6] = {1, 2, 1, 3, 2, 0};
  static const uint8_t bases[] = {ZW_T_VECTOR, ZW_T_VECTOR64};
  (void)state;
  for (unsigned i = 0; i < 2; i++) {
    zw_any v = {.base = bases[i], .element = ZW_T_OBJ, .type = &type, .stored = bytes, .count = 3};
    zw_any third = zw_any_of_element(&v, 2);
    zw_any key = zw_any_of_member(third.stored, members);
    assert_int_equal(zw_any_find(&v, &key), 2);
    key.stored = bytes + 1;
    assert_true(zw_any_find(&v, &key) == ZW_NO_INDEX);
    key.count = 1;
    key.stored = bytes;
    assert_true(zw_any_find(&v, &key) == ZW_NO_INDEX);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_strings),
      cmocka_unit_test(test_structs),
      cmocka_unit_test(test_an_absent_struct_is_before_all),
      cmocka_unit_test(test_the_first_of_equals),
      cmocka_unit_test(test_members_of_structs),
      cmocka_unit_test(test_floats_and_enums),
      cmocka_unit_test(test_more_than_32_bits_count),
      cmocka_unit_test(test_no_tables_behind_64_bit_offsets),
      cmocka_unit_test(test_values),
      cmocka_unit_test(test_values_in_structs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
