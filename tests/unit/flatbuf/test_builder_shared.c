/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "counting_alloc.h"

#include "zerowire/flatbuf.h"

static const zw_str absent = {NULL, 0};

static void test_equal_strings_are_one_object(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_ref plain = zw_builder_string(&b, ZW_STR("north"));
  zw_ref first = zw_builder_string_shared(&b, ZW_STR("north"));
  zw_ref other = zw_builder_string_shared(&b, ZW_STR("north "));
  zw_ref empty = zw_builder_string_shared(&b, ZW_STR(""));
  assert_int_not_equal(first, plain); /* those of the plain function stay out of it */
  assert_int_not_equal(first, other);
  size_t used = b.used;
  assert_int_equal(zw_builder_string_shared(&b, ZW_STR("north")), first);
  assert_int_equal(zw_builder_string_shared(&b, ZW_STR("north ")), other);
  assert_int_equal(zw_builder_string_shared(&b, ZW_STR("")), empty);
  assert_int_equal(zw_builder_string_shared(&b, absent), 0);
  assert_int_equal(b.used, used);
  zw_builder_reset(&b);
  assert_true(zw_builder_string_shared(&b, ZW_STR("south")) > 0);
  assert_true(b.used < used);
  zw_builder_deinit(&b);
}

/* The table of strings grows, and the buffer moves, while references stay. */
static int build_many(const zw_alloc *alloc, zw_span *bytes, zw_builder *b) {
  enum { COUNT = 500 };
  zw_ref refs[2 * COUNT];
  zw_builder_init(b, alloc);
  for (unsigned i = 0; i < 2 * COUNT; i++) {
    char text[16];
    int n = snprintf(text, sizeof text, "text %u", i % COUNT);
    refs[i] = zw_builder_string_shared(b, (zw_str){text, (size_t)n});
    if (i >= COUNT && !b->error) assert_int_equal(refs[i], refs[i - COUNT]);
  }
  zw_ref list = zw_builder_refs(b, refs, 2 * COUNT);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, list);
  return zw_builder_finish(b, zw_builder_table_end(b), absent, bytes);
}

static void test_many_strings(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  assert_int_equal(build_many(NULL, &bytes, &b), 0);
  zw_vec list = zw_table_vec(zw_root_trusted(bytes), 0);
  for (uint32_t i = 0; i < list.count; i++) {
    char text[16];
    snprintf(text, sizeof text, "text %u", i % (list.count / 2));
    assert_true(zw_str_eq(zw_vec_str(list, i), zw_str_of(text)));
  }
  zw_builder_deinit(&b);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_builder b;
    zw_span bytes;
    counting_alloc_init(&c, n);
    int e = build_many(&c.alloc, &bytes, &b);
    zw_builder_deinit(&b);
    assert_int_equal(c.live, 0);
    if (!c.failed) {
      assert_int_equal(e, 0);
      break;
    }
    assert_int_equal(e, ZW_ENOMEM);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_equal_strings_are_one_object),
      cmocka_unit_test(test_many_strings),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
