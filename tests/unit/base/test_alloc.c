/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "counting_alloc.h"

static void default_allocates_and_frees(void **state) {
  (void)state;
  assert_ptr_equal(zw_alloc_default()->ctx, NULL);
  uint8_t *p = zw_alloc_zero(NULL, 100);
  assert_non_null(p);
  for (size_t i = 0; i < 100; i++) assert_int_equal(p[i], 0);
  zw_alloc_free(NULL, p, 100);
  zw_alloc_free(NULL, NULL, 100);
}

static void size_zero_is_a_pointer(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  void *p = zw_alloc_get(&c.alloc, 0);
  assert_non_null(p);
  zw_alloc_free(&c.alloc, p, 0);
  assert_int_equal(c.live, 0);
}

static void no_memory_is_null(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 1);
  assert_null(zw_alloc_get(&c.alloc, 10));
  counting_alloc_init(&c, 1);
  assert_null(zw_alloc_zero(&c.alloc, 10));
}

static void array_grows_by_doubling(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  void *array = NULL;
  size_t capacity = 0;
  for (size_t n = 1; n <= 1000; n++) {
    assert_int_equal(zw_array_reserve(&c.alloc, &array, &capacity, n, 4), 0);
    assert_true(capacity >= n);
    zw_store_le32((uint8_t *)array + 4 * (n - 1), (uint32_t)n);
  }
  assert_int_equal(capacity, 1024);
  assert_int_equal(c.calls, 8);
  for (size_t n = 1; n <= 1000; n++)
    assert_int_equal(zw_load_le32((uint8_t *)array + 4 * (n - 1)), n);
  zw_alloc_free(&c.alloc, array, capacity * 4);
  assert_int_equal(c.live, 0);
}

static void array_is_kept_when_growth_fails(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 2);
  void *array = NULL;
  size_t capacity = 0;
  assert_int_equal(zw_array_reserve(&c.alloc, &array, &capacity, 8, 16), 0);
  void *before = array;
  assert_int_equal(zw_array_reserve(&c.alloc, &array, &capacity, 9, 16), ZW_ENOMEM);
  assert_ptr_equal(array, before);
  assert_int_equal(capacity, 8);
  zw_alloc_free(&c.alloc, array, capacity * 16);
  assert_int_equal(c.live, 0);
}

static void array_sizes_never_wrap(void **state) {
  (void)state;
  static const struct {
    size_t need, item;
  } absurd[] = {{SIZE_MAX, 1}, {SIZE_MAX / 2 + 2, 1}, {SIZE_MAX / 8, 16}, {16, SIZE_MAX / 8}};
  for (size_t i = 0; i < sizeof absurd / sizeof absurd[0]; i++) {
    counting_alloc c;
    counting_alloc_init(&c, 0);
    void *array = NULL;
    size_t capacity = 0;
    assert_int_equal(zw_array_reserve(&c.alloc, &array, &capacity, absurd[i].need, absurd[i].item),
                     ZW_ENOMEM);
    assert_null(array);
    assert_int_equal(capacity, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(default_allocates_and_frees),
      cmocka_unit_test(size_zero_is_a_pointer),
      cmocka_unit_test(no_memory_is_null),
      cmocka_unit_test(array_grows_by_doubling),
      cmocka_unit_test(array_is_kept_when_growth_fails),
      cmocka_unit_test(array_sizes_never_wrap),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
