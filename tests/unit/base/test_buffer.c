/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "cmocka_base.h"
#include "counting_alloc.h"

static void data_is_aligned_and_owned(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_buf *buf = zw_buf_create(&c.alloc, 100);
  assert_non_null(buf);
  assert_int_equal((uintptr_t)buf->data % 16, 0);
  assert_int_equal(buf->len, 0);
  assert_int_equal(buf->capacity, 100);
  memset(buf->data, 7, 100);
  assert_true(zw_buf_is_sole(buf));
  zw_buf_unref(buf);
  assert_int_equal(c.live, 0);
}

static void last_reference_frees(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_buf *buf = zw_buf_copy(&c.alloc, zw_span_of("payload", 7));
  assert_ptr_equal(zw_buf_ref(buf), buf);
  assert_false(zw_buf_is_sole(buf));
  zw_buf_unref(buf);
  assert_true(zw_buf_is_sole(buf));
  assert_true(zw_span_eq(zw_buf_span(buf), zw_span_of("payload", 7)));
  zw_buf_unref(buf);
  assert_int_equal(c.live, 0);
}

static void null_is_passed_through(void **state) {
  (void)state;
  assert_null(zw_buf_ref(NULL));
  zw_buf_unref(NULL);
  assert_null(zw_buf_span(NULL).ptr);
  assert_int_equal(zw_buf_span(NULL).len, 0);
}

static void empty_and_absurd_sizes(void **state) {
  (void)state;
  zw_buf *buf = zw_buf_copy(NULL, (zw_span){NULL, 0});
  assert_non_null(buf);
  assert_int_equal(buf->len, 0);
  assert_non_null(buf->data);
  zw_buf_unref(buf);
  assert_null(zw_buf_create(NULL, SIZE_MAX));
  assert_null(zw_buf_create(NULL, SIZE_MAX - 16));
  counting_alloc c;
  counting_alloc_init(&c, 1);
  assert_null(zw_buf_copy(&c.alloc, zw_span_of("x", 1)));
}

static void *take_and_drop(void *argument) {
  zw_buf *buf = argument;
  for (int i = 0; i < 20000; i++) zw_buf_unref(zw_buf_ref(buf));
  zw_buf_unref(buf);
  return NULL;
}

static void threads_share_the_count(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_buf *buf = zw_buf_create(&c.alloc, 8);
  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, take_and_drop, zw_buf_ref(buf)), 0);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  assert_true(zw_buf_is_sole(buf));
  zw_buf_unref(buf);
  assert_int_equal(c.live, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_is_aligned_and_owned), cmocka_unit_test(last_reference_frees),
      cmocka_unit_test(null_is_passed_through),    cmocka_unit_test(empty_and_absurd_sizes),
      cmocka_unit_test(threads_share_the_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
