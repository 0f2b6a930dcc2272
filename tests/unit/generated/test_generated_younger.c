/* SPDX-License-Identifier: Apache-2.0 */
/* Generated code of what is young in the language: 64-bit offsets, unions of any width, keys that
 * are structs and arrays, shared strings, forced alignment, hashes, FlexBuffers. */
#include "same_schema.h"
#include "younger_generated.h"

/* Behind generated code, whose parameters have these names. */
#include "builders_fixture.h"

#define X(name) zw_young_Everything_##name

static zw_young_Everything verified(zw_young_Everything made) {
  zw_young_Everything v;
  zw_diag diag = {0};
  if (X(verify)(&v, zw_table_bytes(made.t), &diag)) fail_msg("%s", diag.message);
  return v;
}

static zw_young_Everything packed(const zw_young_EverythingT *o) {
  zw_young_Everything v;
  assert_int_equal(X(pack)(&builder, o, &v), 0);
  return verified(v);
}

static void test_descriptors(void **state) {
  (void)state;
  same_as_loaded(&younger_schema);
  const zw_type *type = younger_schema.root;
  assert_int_equal(zw_type_field(type, ZW_STR("word"))->hash, ZW_HASH_FNV1A_32);
  assert_int_equal(zw_type_field(type, ZW_STR("doubles"))->align, 32);
  assert_int_equal(zw_type_field(type, ZW_STR("shared"))->flags, ZW_F_SHARED);
  assert_int_equal(zw_type_field(type, ZW_STR("flex"))->flags, ZW_F_FLEXBUFFER);
  assert_int_equal(zw_type_field(type, ZW_STR("far_spots"))->flags, ZW_F_OFFSET64);
}

static void same_far(zw_young_Everything v) {
  assert_text_equal(X(far_text)(v), "far away");
  assert_int_equal(X(far_octets)(v).len, 3);
  assert_memory_equal(X(far_octets)(v).ptr, "\1\2\3", 3);
  assert_memory_equal(X(far_octets64)(v).ptr, "\1\2", 2);
  zw_vec64 doubles = X(far_doubles)(v), spots = X(far_spots)(v);
  assert_int_equal(doubles.count, 2);
  assert_true(X(far_doubles_at)(doubles, 1) == -2.5);
  assert_int_equal(X(far_spots_at)(spots, 1).y, 4);
  assert_int_equal(zw_young_Leaf_n(X(far_nested_root)(v)), 6);
}

/* Created first, in any order, then added; then packed, copied and unpacked. */
static void test_far(void **state) {
  (void)state;
  const double doubles[] = {1.5, -2.5};
  const zw_young_Spot spots[] = {{1, 2}, {3, 4}};
  zw_young_Leaf leaf;
  zw_young_Everything v, copy;
  zw_young_EverythingT object;
  assert_int_equal(
      zw_young_Leaf_pack(&other, &(zw_young_LeafT){.name = ZW_STR("in"), .n = 6}, &leaf), 0);
  zw_ref64 refs[] = {
      X(create_far_text)(&builder, ZW_STR("far away")),
      X(create_far_octets)(&builder, zw_span_of("\1\2\3", 3)),
      X(create_far_octets64)(&builder, zw_span_of("\1\2", 2)),
      X(create_far_doubles)(&builder, doubles, 2),
      X(create_far_spots)(&builder, spots, 2),
      X(create_far_nested)(&builder, zw_table_bytes(leaf.t)),
  };
  X(start)(&builder);
  X(add_far_text)(&builder, refs[0]);
  X(add_far_octets)(&builder, refs[1]);
  X(add_far_octets64)(&builder, refs[2]);
  X(add_far_doubles)(&builder, refs[3]);
  X(add_far_spots)(&builder, refs[4]);
  X(add_far_nested)(&builder, refs[5]);
  assert_int_equal(X(finish)(&builder, X(end)(&builder), &v), 0);
  v = verified(v);
  same_far(v);
  assert_true(X(has_far_spots)(v) && X(has_far_text)(v));
  assert_int_equal(X(unpack)(v, &arena, &object), 0);
  zw_builder_reset(&other);
  assert_int_equal(X(finish)(&other, X(clone)(&other, v), &copy), 0);
  same_far(verified(copy));
  assert_int_equal(X(compare)(v, copy), 0);
  v = packed(&object);
  same_far(v);
  assert_int_equal(X(compare)(v, copy), 0);
  X(set_far_doubles_at)(X(far_doubles)(v), 0, 9);
  X(set_far_spots_at)(X(far_spots)(v), 0, &spots[1]);
  assert_true(X(far_doubles_at)(X(far_doubles)(v), 0) == 9);
  assert_int_equal(X(far_spots_at)(X(far_spots)(v), 0).x, 3);
  assert_int_not_equal(X(compare)(v, copy), 0);
}

/* The prefix has 8 octets, as Google's C++ writes it for schemas with 64-bit offsets. */
static void test_size_prefix(void **state) {
  (void)state;
  zw_span bytes;
  zw_young_Everything v;
  zw_diag diag = {0};
  zw_builder_reset(&builder);
  zw_ref64 text = X(create_far_text)(&builder, ZW_STR("t"));
  X(start)(&builder);
  X(add_far_text)(&builder, text);
  assert_int_equal(X(finish_sized)(&builder, X(end)(&builder), &bytes), 0);
  assert_int_equal(zw_load_le64(bytes.ptr) + 8, bytes.len);
  if (X(verify_sized)(&v, bytes, &diag)) fail_msg("%s", diag.message);
  assert_text_equal(X(far_text)(v), "t");
}

static void test_wide_unions(void **state) {
  (void)state;
  const zw_young_Spot spot = {-1, 5};
  const zw_young_PlacedT placed = {.spot = &spot, .n = 3};
  const zw_young_LeafT leaf = {.name = ZW_STR("l"), .n = 2};
  const zw_str text = ZW_STR("wide");
  const zw_union_value bigs[] = {
      {zw_young_Big_Text, &text}, {zw_young_Big_Spot, &spot}, {zw_young_Big_Leaf, &leaf}};
  zw_young_EverythingT o = X(defaults)(), back;
  o.big = bigs[1], o.bigs.ptr = bigs, o.bigs.len = 3;
  o.wide = (zw_union_value){zw_young_Wide_Placed, &placed};
  zw_young_Everything v = packed(&o);
  assert_int_equal(X(big_type)(v), 300);
  assert_int_equal(X(wide_type)(v), 70000);
  assert_int_equal(X(big_as_Spot)(v).y, 5);
  assert_null(X(big_as_Text)(v).ptr);
  assert_int_equal(zw_young_Placed_n(X(wide_as_Placed)(v)), 3);
  assert_null(X(wide_as_Leaf)(v).t.ptr);
  assert_int_equal(X(bigs_type_at)(X(bigs_type)(v), 0), 65535);
  assert_text_equal(X(bigs_as_Text)(v, 0), "wide");
  assert_int_equal(X(bigs_as_Spot)(v, 1).x, -1);
  assert_int_equal(zw_young_Leaf_n(X(bigs_as_Leaf)(v, 2)), 2);
  assert_int_equal(X(unpack)(v, &arena, &back), 0);
  assert_int_equal(back.wide.type, 70000);
  assert_int_equal(((const zw_young_PlacedT *)back.wide.value)->spot->y, 5);
  /* The same step by step. */
  zw_builder_reset(&builder);
  const zw_young_Big types[] = {zw_young_Big_Leaf, zw_young_Big_Text};
  zw_young_Leaf_start(&builder);
  zw_young_Leaf_add_name(&builder, ZW_STR("l"));
  zw_young_Leaf_add_n(&builder, 2);
  zw_ref made = zw_young_Leaf_end(&builder);
  zw_ref refs[] = {made, zw_builder_string(&builder, text)};
  zw_ref alone = zw_young_Spot_create(&builder, &spot);
  X(start)(&builder);
  X(add_wide)(&builder, zw_young_Wide_Leaf, made);
  X(add_big)(&builder, zw_young_Big_Spot, alone);
  X(add_bigs)(&builder, types, refs, 2);
  assert_int_equal(X(finish)(&builder, X(end)(&builder), &v), 0);
  v = verified(v);
  assert_int_equal(zw_young_Leaf_n(X(wide_as_Leaf)(v)), 2);
  assert_int_equal(X(big_as_Spot)(v).y, 5);
  assert_text_equal(X(bigs_as_Text)(v, 1), "wide");
}

static void test_keys(void **state) {
  (void)state;
  const zw_young_Spot spots[] = {{2, 1}, {-2, 9}, {2, 0}};
  const zw_young_PlacedT placed[] = {
      {.spot = &spots[0], .n = 1}, {.spot = &spots[1], .n = 2}, {.spot = &spots[2], .n = 3}};
  const zw_young_Fixed fixed[] = {{{9, 9, 9, 9}, 1}, {{0, 1, 2, 3}, 2}};
  zw_young_EverythingT o = X(defaults)();
  o.placed.ptr = placed, o.placed.len = 3;
  o.fixed.ptr = fixed, o.fixed.len = 2;
  zw_young_Everything v = packed(&o);
  size_t at = zw_young_Placed_find(X(placed)(v), &spots[2]);
  assert_int_equal(zw_young_Placed_n(X(placed_at)(X(placed)(v), at)), 3);
  assert_int_equal(zw_young_Placed_find(X(placed)(v), &spots[1]), 0);
  assert_true(zw_young_Placed_find(X(placed)(v), &(zw_young_Spot){0, 0}) == ZW_NO_INDEX);
  at = zw_young_Fixed_find(X(fixed)(v), fixed[0].octets);
  assert_int_equal(X(fixed_at)(X(fixed)(v), at).n, 1);
  assert_int_equal(zw_young_Fixed_find(X(fixed)(v), fixed[1].octets), 0);
  assert_true(zw_young_Fixed_find(X(fixed)(v), (const uint8_t[4]){0}) == ZW_NO_INDEX);
}

/* Behind a 64-bit offset, sorted by packing and by JSON. */
static void test_far_keys(void **state) {
  (void)state;
  const zw_young_Fixed fixed[] = {{{9, 9, 9, 9}, 1}, {{0, 1, 2, 3}, 2}, {{9, 9, 0, 9}, 3}};
  zw_young_EverythingT o = X(defaults)();
  o.far_fixed.ptr = fixed, o.far_fixed.len = 3;
  zw_young_Everything v = packed(&o), read;
  zw_text json;
  zw_text_init(&json, NULL);
  assert_int_equal(X(to_json)(v, &json), 0);
  assert_int_equal(X(from_json)(&other, zw_text_str(&json), &read, NULL), 0);
  assert_int_equal(X(compare)(v, verified(read)), 0);
  zw_text_deinit(&json);
  zw_vec64 list = X(far_fixed)(v);
  for (int i = 0; i < 3; i++) {
    size_t at = zw_young_Fixed_find64(list, fixed[i].octets);
    assert_int_equal(X(far_fixed_at)(list, at).n, fixed[i].n);
  }
  assert_int_equal(zw_young_Fixed_find64(list, fixed[1].octets), 0);
  assert_true(zw_young_Fixed_find64(list, (const uint8_t[4]){9, 9, 0, 8}) == ZW_NO_INDEX);
  assert_true(zw_young_Fixed_find64((zw_vec64){NULL, 0}, fixed[0].octets) == ZW_NO_INDEX);
}

static void test_shared_and_aligned(void **state) {
  (void)state;
  const double doubles[] = {1, 2};
  zw_young_Everything v;
  zw_builder_reset(&builder);
  zw_ref leaves[2];
  for (int i = 0; i < 2; i++) {
    zw_young_Leaf_start(&builder);
    zw_young_Leaf_add_name(&builder, ZW_STR("one"));
    leaves[i] = zw_young_Leaf_end(&builder);
  }
  X(start)(&builder);
  X(add_shared)(&builder, ZW_STR("one"));
  X(add_leaves)(&builder, leaves, 2);
  X(add_doubles)(&builder, doubles, 2);
  X(add_octets)(&builder, zw_span_of("abc", 3));
  X(add_flex)(&builder, zw_span_of("\x05\x04\x01", 3));
  X(add_word)(&builder, 7);
  assert_int_equal(X(finish)(&builder, X(end)(&builder), &v), 0);
  zw_verify_options strict = {.flags = ZW_VERIFY_FORCE_ALIGN};
  assert_int_equal(zw_verify(younger_schema.root, zw_table_bytes(v.t), &strict, NULL, NULL), 0);
  zw_vec list = X(leaves)(v);
  const char *text = zw_young_Leaf_name(X(leaves_at)(list, 0)).ptr;
  assert_ptr_equal(text, zw_young_Leaf_name(X(leaves_at)(list, 1)).ptr);
  assert_ptr_equal(text, X(shared)(v).ptr);
  assert_int_equal(X(doubles)(v).pos % 32, 0);
  assert_int_equal((X(octets)(v).ptr - (v.t.ptr - v.t.pos)) % 16, 0);
  assert_int_equal(X(flex)(v).len, 3);
  assert_int_equal(zw_flexbuffer_int(X(flex_root)(v)), 5);
  assert_true(X(set_word)(v, 8) && X(word)(v) == 8);
  assert_true(X(hex)(v) == 12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_descriptors),
      cmocka_unit_test(test_far),
      cmocka_unit_test(test_size_prefix),
      cmocka_unit_test(test_wide_unions),
      cmocka_unit_test(test_keys),
      cmocka_unit_test(test_far_keys),
      cmocka_unit_test(test_shared_and_aligned),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
