/* SPDX-License-Identifier: Apache-2.0 */
/* Copies between buffers say the same, and share what was shared. */
#include "zerowire/any.h"

#include "counting_alloc.h"
#include "wide_fixture.h"

static const zw_str absent = {NULL, 0};

static int copy_root(zw_builder *b, zw_span from, zw_span *bytes) {
  zw_ref root = zw_copy_table(b, &wide_r, zw_root_trusted(from));
  return zw_builder_finish(b, root, absent, bytes);
}

static void test_what_google_wrote(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  zw_builder b;
  zw_span copy;
  zw_builder_init(&b, NULL);
  for (int round = 0; round < 2; round++) { /* the second is a part of a larger buffer */
    if (round) zw_builder_string(&b, ZW_STR("something else"));
    assert_int_equal(copy_root(&b, zw_span_of(bytes, len), &copy), 0);
    wide_expect(copy.ptr, copy.len, ZW_VERIFY_FORCE_ALIGN | ZW_VERIFY_STRICT_UNIONS, "");
    zw_table one = zw_root_trusted(zw_span_of(bytes, len)), two = zw_root_trusted(copy);
    assert_int_equal(zw_table_compare(&wide_r, one, two), 0);
    for (unsigned i = 0; i < R_FIELDS; i++)
      assert_int_equal(zw_table_has(one, i), zw_table_has(two, i));
    zw_builder_reset(&b);
  }
  assert_int_equal(zw_copy_table(&b, &wide_r, zw_root_trusted(zw_span_of(NULL, 0))), 0);
  assert_int_equal(b.error, 0);
  zw_builder_deinit(&b);
  free(bytes);
}

/* table Node { left: Node; right: Node; text: string; list: [int]; }: each level twice the one
 * below. */
static const zw_type node;
static const zw_field node_fields[] = {{WIDE_FIELD(0, "left", ZW_T_OBJ, 0), .type = &node},
                                       {WIDE_FIELD(1, "right", ZW_T_OBJ, 0), .type = &node},
                                       {WIDE_FIELD(2, "text", ZW_T_STRING, 0)},
                                       {WIDE_FIELD(3, "list", ZW_T_VECTOR, ZW_T_INT)},
                                       {WIDE_FIELD(4, "again", ZW_T_VECTOR, ZW_T_INT)}};
static const zw_type node = {WIDE_NAME("Node"), .fields = node_fields, .field_count = 5,
                             .align = 1};

static zw_ref build_nodes(zw_builder *b, unsigned levels) {
  static const int32_t numbers[] = {1, 2, 3};
  zw_ref text = zw_builder_string(b, ZW_STR("shared")), below = 0;
  zw_ref list = zw_builder_vector(b, numbers, 3, 4, 4);
  for (unsigned i = 0; i < levels; i++) {
    zw_builder_table_start(b);
    zw_builder_add_ref(b, 0, below);
    zw_builder_add_ref(b, 1, below);
    zw_builder_add_ref(b, 2, text);
    zw_builder_add_ref(b, 3, list);
    zw_builder_add_ref(b, 4, list);
    below = zw_builder_table_end(b);
  }
  return below;
}

static void test_shared_objects_stay_shared(void **state) {
  (void)state;
  for (unsigned levels = 2; levels <= 65; levels++) {
    zw_builder from, to;
    zw_span bytes, copy;
    zw_builder_init(&from, NULL);
    zw_builder_init(&to, NULL);
    assert_int_equal(zw_builder_finish(&from, build_nodes(&from, levels), absent, &bytes), 0);
    zw_ref root = zw_copy_table(&to, &node, zw_root_trusted(bytes));
    int e = zw_builder_finish(&to, root, absent, &copy);
    assert_int_equal(e, levels <= 64 ? 0 : ZW_ELIMIT);
    if (!e) {
      assert_int_equal(copy.len, bytes.len);
      zw_table t = zw_root_trusted(copy);
      assert_int_equal(zw_table_table(t, 0).pos, zw_table_table(t, 1).pos);
      assert_ptr_equal(zw_table_str(t, 2).ptr, zw_table_str(zw_table_table(t, 0), 2).ptr);
    }
    zw_builder_deinit(&from);
    zw_builder_deinit(&to);
  }
}

/* Vectors that overlap: a small buffer that says much is refused, not written out. */
static void test_overlaps_are_bounded(void **state) {
  enum { COUNT = 4000 };
  static uint32_t words[COUNT];
  (void)state;
  for (size_t i = 0; i < COUNT; i++) words[i] = COUNT / 2;
  zw_builder from, to;
  zw_span bytes;
  zw_builder_init(&from, NULL);
  zw_builder_init(&to, NULL);
  zw_ref list = zw_builder_vector(&from, words, COUNT, 4, 4), below = 0;
  for (unsigned i = 0; i < 60; i++) {
    zw_builder_table_start(&from);
    zw_builder_add_ref(&from, 0, below);
    zw_builder_add_ref(&from, 3, list - 8 * (i + 1)); /* an element is another vector's length */
    zw_builder_add_ref(&from, 4, list - 8 * (i + 1) - 4);
    below = zw_builder_table_end(&from);
  }
  assert_int_equal(zw_builder_finish(&from, below, absent, &bytes), 0);
  assert_int_equal(zw_verify(&node, bytes, NULL, NULL, NULL), 0);
  assert_int_equal(zw_copy_table(&to, &node, zw_root_trusted(bytes)), 0);
  assert_int_equal(to.error, ZW_ELIMIT);
  assert_true(to.used < 5 * bytes.len);
  zw_builder_deinit(&from);
  zw_builder_deinit(&to);
}

static void test_fields_one_by_one(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  zw_table from = zw_root_trusted(zw_span_of(bytes, len));
  zw_builder b;
  zw_span copy;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  zw_copy_field(&b, &r_fields[R_V_TYPE], from);
  zw_copy_field(&b, &r_fields[R_V], from);
  zw_copy_field(&b, &r_fields[R_BIG], from);
  zw_copy_field(&b, &r_fields[R_S], zw_root_trusted(zw_span_of(NULL, 0)));
  assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), absent, &copy), 0);
  wide_expect(copy.ptr, copy.len, 0, "");
  zw_table to = zw_root_trusted(copy);
  for (unsigned i = 0; i < R_FIELDS; i++) {
    bool wanted = i == R_V_TYPE || i == R_V || i == R_BIG;
    assert_int_equal(zw_table_has(to, i), wanted);
    if (!wanted) continue;
    zw_any one = zw_any_of_field(from, &wide_r, &r_fields[i]),
           two = zw_any_of_field(to, &wide_r, &r_fields[i]);
    assert_int_equal(zw_any_compare(&one, &two), 0);
  }
  zw_builder_deinit(&b);
  free(bytes);
}

static void test_a_member_that_is_not_known(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  zw_store_le16(bytes + wide_slot(bytes, R_U_TYPE), 9);
  zw_builder b;
  zw_span copy;
  zw_builder_init(&b, NULL);
  assert_int_equal(copy_root(&b, zw_span_of(bytes, len), &copy), ZW_ENOTSUP);
  zw_builder_deinit(&b);
  free(bytes);
}

static void test_every_allocation_fails_once(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_builder b;
    zw_span copy;
    counting_alloc_init(&c, n);
    zw_builder_init(&b, &c.alloc);
    int e = copy_root(&b, zw_span_of(bytes, len), &copy);
    zw_builder_deinit(&b);
    assert_int_equal(c.live, 0);
    assert_int_equal(e, c.failed ? ZW_ENOMEM : 0);
    if (!c.failed) break;
  }
  free(bytes);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_google_wrote),
      cmocka_unit_test(test_shared_objects_stay_shared),
      cmocka_unit_test(test_overlaps_are_bounded),
      cmocka_unit_test(test_fields_one_by_one),
      cmocka_unit_test(test_a_member_that_is_not_known),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
