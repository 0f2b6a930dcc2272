/* SPDX-License-Identifier: Apache-2.0 */
/* Generated code over the schema that all languages share: scalars, structs and elements set in
 * place, look-up by key, size prefixes, copies, comparison, unpacking; its descriptors. */
#include "constructs_generated.h"
#include "same_schema.h"

/* Behind generated code, whose parameters have these names. */
#include "builders_fixture.h"

#define X(name) zw_test_Everything_##name

static zw_test_EverythingT begin(void) {
  zw_test_EverythingT o = X(defaults)();
  o.needed = ZW_STR("needed");
  return o;
}

static zw_test_Everything packed(const zw_test_EverythingT *o) {
  zw_test_Everything v;
  zw_diag diag = {0};
  assert_int_equal(X(pack)(&builder, o, &v), 0);
  if (X(verify)(&v, zw_table_bytes(v.t), &diag)) fail_msg("%s", diag.message);
  return v;
}

static void test_descriptors(void **state) {
  (void)state;
  same_as_loaded(&constructs_schema);
  same_as_loaded(&constructs_base_schema);
}

static void test_set_scalars(void **state) {
  (void)state;
  zw_test_EverythingT o = begin();
  builder.force_defaults = true;
  o.maybe_int.has = true;
  o.color = zw_test_Color_Red;
  zw_test_Everything v = packed(&o);
  builder.force_defaults = false;
  assert_true(X(set_a_bool)(v, false) && !X(a_bool)(v));
  assert_true(X(set_a_byte)(v, -100) && X(a_byte)(v) == -100);
  assert_true(X(set_a_ushort)(v, 60000) && X(a_ushort)(v) == 60000);
  assert_true(X(set_an_int)(v, INT32_MAX) && X(an_int)(v) == INT32_MAX);
  assert_true(X(set_a_ulong)(v, UINT64_MAX) && X(a_ulong)(v) == UINT64_MAX);
  assert_true(X(set_a_float)(v, 0.25f) && X(a_float)(v) == 0.25f);
  assert_true(X(set_a_double)(v, -0.125) && X(a_double)(v) == -0.125);
  assert_true(X(set_color)(v, zw_test_Color_Blue) && X(color)(v) == zw_test_Color_Blue);
  assert_true(X(set_far)(v, zw_test_Far_Low) && X(far)(v) == zw_test_Far_Low);
  assert_true(X(set_maybe_int)(v, 9) && X(maybe_int)(v) == 9);
  assert_int_equal(X(verify)(&v, zw_table_bytes(v.t), NULL), 0);
  /* What is absent has no place. */
  assert_false(X(set_maybe_byte)(v, 1));
  assert_false(X(has_maybe_byte)(v));
  o = begin();
  v = packed(&o);
  assert_false(X(set_a_bool)(v, false));
  assert_true(X(a_bool)(v));
}

static void test_set_structs_and_elements(void **state) {
  (void)state;
  zw_test_EverythingT o = begin();
  const zw_test_Point point = {1, 2}, points[] = {{1, 1}, {2, 2}};
  const zw_test_Mixed mixed = {.tag = 1, .many = {1, 2, 3}};
  const int64_t longs[] = {1, 2};
  const bool bools[] = {true, false};
  o.point = &point, o.mixed = &mixed;
  o.points.ptr = points, o.points.len = 2;
  o.mixeds.ptr = &mixed, o.mixeds.len = 1;
  o.longs.ptr = longs, o.longs.len = 2;
  o.bools.ptr = bools, o.bools.len = 2;
  zw_test_Everything v = packed(&o);
  zw_test_Mixed other_mixed = mixed;
  other_mixed.many[2] = 40000, other_mixed.corners[1].y = 0.5f, other_mixed.wide = -2;
  assert_true(X(set_point)(v, &points[1]) && X(point)(v).x == 2);
  assert_true(X(set_mixed)(v, &other_mixed));
  assert_true(X(mixed)(v).many[2] == 40000 && X(mixed)(v).corners[1].y == 0.5f);
  assert_false(X(set_pair)(v, &(zw_base_Pair){.left = 1}));
  X(set_points_at)(X(points)(v), 0, &points[1]);
  assert_true(X(points_at)(X(points)(v), 0).y == 2);
  X(set_mixeds_at)(X(mixeds)(v), 0, &other_mixed);
  assert_true(X(mixeds_at)(X(mixeds)(v), 0).wide == -2);
  X(set_longs_at)(X(longs)(v), 1, INT64_MIN);
  assert_true(X(longs_at)(X(longs)(v), 1) == INT64_MIN && X(longs_at)(X(longs)(v), 0) == 1);
  X(set_bools_at)(X(bools)(v), 1, true);
  assert_true(X(bools_at)(X(bools)(v), 1));
  assert_int_equal(X(verify)(&v, zw_table_bytes(v.t), NULL), 0);
}

/* Packing sorts; each kind of key is found, and what is not there is not. */
static void test_find(void **state) {
  (void)state;
  zw_test_EverythingT o = begin();
  const zw_test_LeafT leaves[] = {
      {.name = ZW_STR("b")}, {.name = ZW_STR("c")}, {.name = ZW_STR("a")}};
  const zw_test_EntryT entries[] = {{.id = UINT64_MAX}, {.id = 5, .text = ZW_STR("five")}};
  const zw_test_SignedT signeds[] = {{.id = 7}, {.id = -7}, {.id = 0}};
  const zw_test_TintedT tinteds[] = {{.tint = zw_test_Color_Blue, .n = 8},
                                     {.tint = zw_test_Color_None}};
  const zw_test_Cell cells[] = {{.id = 9, .value = 1}, {.id = 3, .value = 2}};
  o.leaves.ptr = leaves, o.leaves.len = 3;
  o.entries.ptr = entries, o.entries.len = 2;
  o.signeds.ptr = signeds, o.signeds.len = 3;
  o.tinteds.ptr = tinteds, o.tinteds.len = 2;
  o.cells.ptr = cells, o.cells.len = 2;
  zw_test_Everything v = packed(&o);
  assert_int_equal(zw_test_Leaf_find(X(leaves)(v), ZW_STR("a")), 0);
  assert_int_equal(zw_test_Leaf_find(X(leaves)(v), ZW_STR("c")), 2);
  assert_true(zw_test_Leaf_find(X(leaves)(v), ZW_STR("d")) == ZW_NO_INDEX);
  size_t at = zw_test_Entry_find(X(entries)(v), 5);
  assert_text_equal(zw_test_Entry_text(X(entries_at)(X(entries)(v), at)), "five");
  assert_int_equal(zw_test_Entry_find(X(entries)(v), UINT64_MAX), 1);
  assert_int_equal(zw_test_Signed_find(X(signeds)(v), -7), 0);
  assert_true(zw_test_Signed_find(X(signeds)(v), 1) == ZW_NO_INDEX);
  at = zw_test_Tinted_find(X(tinteds)(v), zw_test_Color_Blue);
  assert_int_equal(zw_test_Tinted_n(X(tinteds_at)(X(tinteds)(v), at)), 8);
  at = zw_test_Cell_find(X(cells)(v), 9);
  assert_int_equal(X(cells_at)(X(cells)(v), at).value, 1);
  assert_true(zw_test_Cell_find(X(cells)(v), 4) == ZW_NO_INDEX);
  zw_vec absent = {NULL, 0, 0, 0};
  assert_true(zw_test_Cell_find(absent, 4) == ZW_NO_INDEX);
}

static void test_size_prefix(void **state) {
  (void)state;
  zw_span bytes;
  zw_test_Everything v;
  zw_diag diag = {0};
  X(start)(&other);
  X(add_needed)(&other, ZW_STR("n"));
  X(add_an_int)(&other, 5);
  assert_int_equal(X(finish_sized)(&other, X(end)(&other), &bytes), 0);
  assert_int_equal(zw_load_le32(bytes.ptr) + 4, bytes.len);
  assert_memory_equal(bytes.ptr + 8, "ZWEV", 4);
  if (X(verify_sized)(&v, bytes, &diag)) fail_msg("%s", diag.message);
  assert_int_equal(X(an_int)(v), 5);
  assert_int_equal(X(verify_sized)(&v, zw_span_of(bytes.ptr, bytes.len - 1), NULL), ZW_EVERIFY);
}

static void test_clone_and_compare(void **state) {
  (void)state;
  zw_test_EverythingT o = begin(), child = begin();
  const zw_test_LeafT leaf = {.name = ZW_STR("leaf"), .value = 3};
  const zw_str text = ZW_STR("text");
  const zw_union_value anys[] = {{zw_test_Any_Text, &text}, {zw_test_Any_Leaf, &leaf}};
  child.any = anys[1];
  o.child = &child, o.anys.ptr = anys, o.anys.len = 2;
  zw_test_Everything v = packed(&o), copy;
  zw_builder_reset(&other);
  assert_int_equal(X(finish)(&other, X(clone)(&other, v), &copy), 0);
  assert_int_equal(X(verify)(&copy, zw_table_bytes(copy.t), NULL), 0);
  assert_int_equal(X(compare)(v, copy), 0);
  assert_text_equal(X(anys_as_Text)(copy, 0), "text");
  assert_int_equal(zw_test_Leaf_value(X(any_as_Leaf)(X(child)(copy))), 3);
  /* A part of one buffer in a table of another. */
  zw_builder_reset(&other);
  X(start)(&other);
  X(add_needed)(&other, ZW_STR("n"));
  X(add_leaf)(&other, zw_test_Leaf_clone(&other, X(any_as_Leaf)(X(child)(v))));
  assert_int_equal(X(finish)(&other, X(end)(&other), &copy), 0);
  assert_text_equal(zw_test_Leaf_name(X(leaf)(copy)), "leaf");
  assert_int_not_equal(X(compare)(v, copy), 0);
  assert_int_equal(X(compare)(v, copy) < 0, X(compare)(copy, v) > 0);
}

static void test_unpack(void **state) {
  (void)state;
  zw_test_EverythingT o = begin(), back, again = begin();
  const zw_test_NamesT names = {.class_ = ZW_STR("c"), .int_ = 4, .verify = {NULL, 0}};
  const zw_test_Mixed mixed = {.wide = 2, .corners = {{1, 2}, {3, 4}}};
  const zw_union_value any = {zw_test_Any_Mixed, &mixed};
  const zw_str texts[] = {ZW_STR("x"), ZW_STR("")};
  o.names = &names, o.any = any, o.maybe_color.has = true, o.maybe_color.value = zw_test_Color_Red;
  o.texts.ptr = texts, o.texts.len = 2;
  again.needed = ZW_STR("within");
  o.child = &again;
  zw_test_Everything v = packed(&o);
  assert_int_equal(X(unpack)(v, &arena, &back), 0);
  assert_int_equal(back.a_byte, -3);
  assert_true(back.maybe_color.has && back.maybe_color.value == zw_test_Color_Red);
  assert_false(back.maybe_int.has);
  assert_null(back.greeting.ptr);
  assert_text_equal(back.names->class_, "c");
  assert_int_equal(back.any.type, zw_test_Any_Mixed);
  assert_true(((const zw_test_Mixed *)back.any.value)->corners[1].y == 4);
  assert_true(back.texts.len == 2 && back.texts.ptr[1].ptr && back.texts.ptr[1].len == 0);
  assert_text_equal(back.child->needed, "within");
  zw_test_Everything made;
  assert_int_equal(X(pack)(&other, &back, &made), 0);
  assert_int_equal(X(compare)(v, made), 0);
  made.t.ptr = NULL;
  assert_int_equal(X(unpack)(made, &arena, &back), ZW_ENOTFOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_descriptors),
      cmocka_unit_test(test_set_scalars),
      cmocka_unit_test(test_set_structs_and_elements),
      cmocka_unit_test(test_find),
      cmocka_unit_test(test_size_prefix),
      cmocka_unit_test(test_clone_and_compare),
      cmocka_unit_test(test_unpack),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
