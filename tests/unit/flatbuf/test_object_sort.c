/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of what has a `key` are sorted by it, stably, whatever order they are given in. */
#include <math.h>

#include "counting_alloc.h"
#include "reflect_fixture.h"

#include "object.h"

#define COUNT 500

static zw_schema *schema;

static int load(void **state) {
  (void)state;
  schema = fixture_load("reflect/objects.bfbs");
  return 0;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

/* A fixed sequence that visits 0 … COUNT-1 out of order, some values often. */
static unsigned scattered(unsigned i) { return i * 7919u % COUNT / 3; }

static void test_structs(void **state) {
  static uint8_t cells[COUNT * 8];
  (void)state;
  const zw_type *cell = fixture_type(schema, "com.example.Cell");
  assert_int_equal(cell->size, 8);
  for (unsigned i = 0; i < COUNT; i++) {
    zw_store_le32(cells + 8 * i, scattered(i));
    zw_store_le16(cells + 8 * i + 4, (uint16_t)i);
  }
  assert_int_equal(zw_sort_structs(cell, cells, COUNT, NULL), 0);
  for (unsigned i = 1; i < COUNT; i++) {
    uint32_t a = zw_load_le32(cells + 8 * (i - 1)), b = zw_load_le32(cells + 8 * i);
    assert_true(a < b ||
                (a == b && zw_load_le16(cells + 8 * i - 4) < zw_load_le16(cells + 8 * i + 4)));
  }
}

static zw_ref item(zw_builder *b, const zw_type *type, unsigned value) {
  char name[20];
  snprintf(name, sizeof name, "item %u", value);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, zw_type_field(type, ZW_STR("name"))->id,
                     zw_builder_string(b, zw_str_of(name)));
  return zw_builder_table_end(b);
}

static void test_tables_by_a_string(void **state) {
  static zw_ref refs[COUNT];
  (void)state;
  const zw_type *type = fixture_type(schema, "com.example.Item");
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  for (unsigned i = 0; i < COUNT; i++) refs[i] = item(&b, type, scattered(i));
  assert_int_equal(zw_sort_tables(&b, type, refs, COUNT), 0);
  zw_ref list = zw_builder_refs(&b, refs, COUNT);
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, 0, list);
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &bytes), 0);
  zw_vec vec = zw_table_vec(zw_root_trusted(bytes), 0);
  for (unsigned i = 1; i < COUNT; i++) {
    zw_str one = zw_table_str(zw_vec_table(vec, i - 1), 0),
           two = zw_table_str(zw_vec_table(vec, i), 0);
    size_t n = one.len < two.len ? one.len : two.len;
    int order = memcmp(one.ptr, two.ptr, n);
    assert_true(order < 0 || (order == 0 && one.len <= two.len));
  }
  zw_builder_deinit(&b);
}

#define NAMED(text) .name = {text, sizeof text - 1}

/* struct Pair { a: byte; b: [short:2] (key); }: member by member, the padding left aside. */
static const zw_field pair_members[] = {{NAMED("a"), .base = ZW_T_BYTE},
                                        {NAMED("b"), .id = 1, .base = ZW_T_ARRAY,
                                         .element = ZW_T_SHORT, .fixed_length = 2, .offset = 2,
                                         .flags = ZW_F_KEY}};
static const zw_type pair = {NAMED("Pair"),    .fields = pair_members,
                             .field_count = 2, .is_struct = true,
                             .align = 2,       .size = 6};
/* table Holder { pair: Pair (key); } with Pair's own order. */
static const zw_field holder_fields[] = {
    {NAMED("pair"), .type = &pair, .base = ZW_T_OBJ, .flags = ZW_F_KEY}};
static const zw_type holder = {NAMED("Holder"), .fields = holder_fields, .field_count = 1};

static void test_keys_that_are_arrays_and_structs(void **state) {
  static const uint8_t pairs[][6] = {
      {1, 9, 2, 0, 0, 0}, {2, 8, 1, 0, 5, 0}, {3, 7, 0xff, 0xff, 9, 0}, {4, 6, 1, 0, 4, 0}};
  static const uint8_t sorted[] = {3, 4, 2, 1}, by_struct[] = {9, 1, 2, 3, 4};
  uint8_t structs[sizeof pairs];
  zw_builder b;
  zw_ref refs[5];
  (void)state;
  memcpy(structs, pairs, sizeof pairs);
  assert_int_equal(zw_sort_structs(&pair, structs, 4, NULL), 0);
  for (size_t i = 0; i < 4; i++) assert_int_equal(structs[6 * i], sorted[i]);
  zw_builder_init(&b, NULL);
  for (size_t i = 0; i < 5; i++) { /* the last has no key, and comes first */
    zw_builder_table_start(&b);
    zw_builder_add_struct(&b, 0, i < 4 ? pairs[3 - i] : NULL, 6, 2);
    refs[i] = zw_builder_table_end(&b);
  }
  assert_int_equal(zw_sort_tables(&b, &holder, refs, 5), 0);
  zw_ref list = zw_builder_refs(&b, refs, 5);
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, 0, list);
  zw_span bytes;
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &bytes), 0);
  zw_vec vec = zw_table_vec(zw_root_trusted(bytes), 0);
  for (uint32_t i = 0; i < 5; i++) {
    const uint8_t *at = zw_table_struct(zw_vec_table(vec, i), 0);
    assert_int_equal(at ? *at : 9, by_struct[i]);
  }
  assert_int_equal(zw_vec_find_stored(vec, &holder, pairs[2]), 3);
  zw_builder_deinit(&b);
}

/* struct Ratio { r: float (key); } */
static const zw_field ratio_members[] = {{NAMED("r"), .base = ZW_T_FLOAT, .flags = ZW_F_KEY}};
static const zw_type ratio = {NAMED("Ratio"),   .fields = ratio_members,
                              .field_count = 1, .is_struct = true,
                              .align = 4,       .size = 4};

static void test_what_is_no_number_is_behind_all_numbers(void **state) {
  float ratios[] = {3, NAN, -1, -INFINITY, NAN, 2, INFINITY};
  static const float numbers[] = {-INFINITY, -1, 2, 3, INFINITY};
  (void)state;
  assert_int_equal(zw_sort_structs(&ratio, (uint8_t *)ratios, 7, NULL), 0);
  for (size_t i = 0; i < 5; i++) assert_true(ratios[i] == numbers[i]);
  assert_true(isnan(ratios[5]) && isnan(ratios[6]));
}

static void test_without_a_key_the_order_stays(void **state) {
  uint8_t points[] = {9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  uint8_t kept[sizeof points];
  (void)state;
  memcpy(kept, points, sizeof points);
  const zw_type *point = fixture_type(schema, "com.example.Point");
  assert_int_equal(zw_sort_structs(point, points, 2, NULL), 0);
  assert_memory_equal(points, kept, sizeof points);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  const zw_type *cell = fixture_type(schema, "com.example.Cell");
  for (unsigned n = 1;; n++) {
    uint8_t cells[24] = {3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1};
    counting_alloc c;
    counting_alloc_init(&c, n);
    int e = zw_sort_structs(cell, cells, 3, &c.alloc);
    assert_int_equal(c.live, 0);
    assert_int_equal(e, c.failed ? ZW_ENOMEM : 0);
    if (!c.failed) break;
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_structs),
      cmocka_unit_test(test_tables_by_a_string),
      cmocka_unit_test(test_keys_that_are_arrays_and_structs),
      cmocka_unit_test(test_what_is_no_number_is_behind_all_numbers),
      cmocka_unit_test(test_without_a_key_the_order_stays),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
