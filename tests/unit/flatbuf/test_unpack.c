/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking tables into C structs: what is packed from them again says the same. */
#include "zerowire/any.h"

#include "counting_alloc.h"
#include "pack_fixture.h"
#include "wide_fixture.h"
#include "wide_pack.h"

static const zw_str absent = {NULL, 0};

/* Unpacks, overwrites the buffer, and packs again: the structs refer to nothing in it. */
static void expect_round_trip(const zw_pack_type *pack, zw_span bytes) {
  zw_arena arena;
  zw_builder b;
  zw_table before, after;
  zw_diag diag = {0};
  uint8_t *copy = malloc(bytes.len);
  uint64_t object[256];
  assert_true(pack->size <= sizeof object);
  memcpy(copy, bytes.ptr, bytes.len);
  zw_arena_init(&arena, NULL);
  zw_builder_init(&b, NULL);
  if (zw_verify(pack->type, bytes, NULL, &before, &diag)) fail_msg("%s", diag.message);
  assert_int_equal(zw_unpack(&arena, pack, zw_root_trusted(zw_span_of(copy, bytes.len)), object),
                   0);
  memset(copy, 0xEE, bytes.len);
  free(copy);
  assert_int_equal(zw_pack_root(&b, pack, object, absent, &after), 0);
  if (zw_verify(pack->type, zw_table_bytes(after), NULL, NULL, &diag)) fail_msg("%s", diag.message);
  assert_int_equal(zw_table_compare(pack->type, before, after), 0);
  zw_builder_deinit(&b);
  zw_arena_deinit(&arena);
}

static const LineT line = {{1, 2, {3, 4}}, 5};
static const PointT points[] = {{1, 2, {3, 4}}, {-1, -2, {-3, -4}}};
static const ItemT items[] = {{ZW_STR("i"), 1}, {ZW_STR("j"), 0}};
static const zw_str words = ZW_STR("w"), tags[] = {ZW_STR("a"), ZW_STR("")};
static const int32_t numbers[] = {1, -2};
static const zw_union_value several[] = {{2, &items[0]}, {3, &points[0]}, {4, &words}};
static const padded child = {.thing = {.id = ZW_STR("y"), .kind = 1}};
static const ThingT things[] = {
    {.id = ZW_STR("x"), .kind = 5},
    {.id = ZW_STR("x"),
     .kind = 1,
     .line = &line,
     .tags = {tags, 2},
     .numbers = {numbers, 2},
     .points = {points, 2},
     .items = {items, 2},
     .any = {3, &points[1]},
     .several = {several, 3},
     .child = &child.thing},
    {.id = ZW_STR(""),
     .tags = {tags, 0},
     .numbers = {numbers, 0},
     .items = {items, 0},
     .several = {several, 0}},
};

static zw_span pack_thing(zw_builder *b, size_t i) {
  padded from = {.thing = things[i]};
  zw_table t;
  assert_int_equal(zw_pack_root(b, &thing_pack, &from, absent, &t), 0);
  return zw_table_bytes(t);
}

static void test_round_trip(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    expect_round_trip(&thing_pack, pack_thing(&b, i));
    zw_builder_deinit(&b);
  }
}

/* What Google's C++ wrote, with wide unions, 64-bit offsets and structs as members of unions. */
static void test_wide_constructs(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  expect_round_trip(&r_pack, zw_span_of(bytes, len));
  free(bytes);
}

static void test_absent_is_default(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_arena arena;
  padded_scalars s;
  zw_builder_init(&b, NULL);
  zw_arena_init(&arena, NULL);
  zw_builder_table_start(&b);
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), absent, &bytes), 0);
  assert_int_equal(zw_unpack(&arena, &scalars_pack, zw_root_trusted(bytes), &s), 0);
  assert_int_equal(s.scalars.answer, 42);
  assert_false(s.scalars.maybe.has);
  assert_false(s.scalars.flag);
  memset(&s, 1, sizeof s);
  assert_int_equal(zw_unpack(&arena, &scalars_pack, zw_root_trusted(zw_span_of(NULL, 0)), &s),
                   ZW_ENOTFOUND);
  assert_int_equal(s.scalars.answer, 0);
  zw_arena_deinit(&arena);
  zw_builder_deinit(&b);
}

/* A table that stands in many places is one struct, however many references there are. */
static void test_shared_objects(void **state) {
  enum { LEVELS = 30 };
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_arena arena;
  RT r;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, 1, zw_builder_string(&b, ZW_STR("once")));
  zw_ref a = zw_builder_table_end(&b), refs[LEVELS];
  static const uint16_t types[LEVELS] = {[0] = 1, [LEVELS - 1] = 1};
  uint16_t all[LEVELS];
  for (size_t i = 0; i < LEVELS; i++) {
    refs[i] = a;
    all[i] = types[0];
  }
  zw_ref type_list = zw_builder_vector(&b, all, LEVELS, 2, 2);
  zw_ref list = zw_builder_refs(&b, refs, LEVELS);
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, R_US_TYPE, type_list);
  zw_builder_add_ref(&b, R_US, list);
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), absent, &bytes), 0);
  wide_expect(bytes.ptr, bytes.len, 0, "");
  zw_arena_init(&arena, NULL);
  assert_int_equal(zw_unpack(&arena, &r_pack, zw_root_trusted(bytes), &r), 0);
  assert_int_equal(r.us.len, LEVELS);
  const zw_union_value *us = r.us.ptr;
  for (size_t i = 0; i < LEVELS; i++) assert_ptr_equal(us[i].value, us[0].value);
  assert_text(((const AT *)us[0].value)->s, "once");
  zw_arena_deinit(&arena);
  zw_builder_deinit(&b);
}

/* A number without a value, which does not pack. */
static void test_a_member_that_is_not_known(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  zw_store_le16(bytes + wide_slot(bytes, R_U_TYPE), 9);
  wide_expect(bytes, len, 0, "");
  zw_arena arena;
  zw_builder b;
  RT r;
  zw_arena_init(&arena, NULL);
  zw_builder_init(&b, NULL);
  assert_int_equal(zw_unpack(&arena, &r_pack, zw_root_trusted(zw_span_of(bytes, len)), &r), 0);
  assert_int_equal(r.u.type, 9);
  assert_null(r.u.value);
  assert_int_equal(zw_pack_root(&b, &r_pack, &r, absent, NULL), ZW_EINVAL);
  zw_builder_deinit(&b);
  zw_arena_deinit(&arena);
  free(bytes);
}

static void test_nesting_is_bounded(void **state) {
  (void)state;
  for (unsigned levels = 63; levels <= 64; levels++) {
    zw_builder b;
    zw_span bytes;
    zw_arena arena;
    padded to;
    const unsigned id = zw_type_field(thing_pack.type, ZW_STR("child"))->id;
    zw_builder_init(&b, NULL);
    zw_arena_init(&arena, NULL);
    zw_ref ref = 0;
    for (unsigned i = 0; i <= levels; i++) {
      zw_builder_table_start(&b);
      zw_builder_add_ref(&b, id, ref);
      ref = zw_builder_table_end(&b);
    }
    assert_int_equal(zw_builder_finish(&b, ref, absent, &bytes), 0);
    int e = zw_unpack(&arena, &thing_pack, zw_root_trusted(bytes), &to);
    assert_int_equal(e, levels < 64 ? 0 : ZW_ELIMIT);
    zw_arena_deinit(&arena);
    zw_builder_deinit(&b);
  }
}

static void test_every_allocation_fails_once(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_arena arena;
    RT r;
    counting_alloc_init(&c, n);
    zw_arena_init(&arena, &c.alloc);
    int e = zw_unpack(&arena, &r_pack, zw_root_trusted(zw_span_of(bytes, len)), &r);
    zw_arena_deinit(&arena);
    assert_int_equal(c.live, 0);
    assert_int_equal(e, c.failed ? ZW_ENOMEM : 0);
    if (!c.failed) break;
  }
  free(bytes);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_wide_constructs),
      cmocka_unit_test(test_absent_is_default),
      cmocka_unit_test(test_shared_objects),
      cmocka_unit_test(test_a_member_that_is_not_known),
      cmocka_unit_test(test_nesting_is_bounded),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, pack_fixture_load, pack_fixture_unload);
}
