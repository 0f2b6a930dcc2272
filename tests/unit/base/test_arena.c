/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "counting_alloc.h"

static void pieces_are_aligned_cleared_and_apart(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_arena arena;
  zw_arena_init(&arena, &c.alloc);
  uint8_t *pieces[300];
  for (size_t i = 0; i < 300; i++) {
    pieces[i] = zw_arena_get(&arena, i);
    assert_non_null(pieces[i]);
    assert_int_equal((uintptr_t)pieces[i] % 8, 0);
    for (size_t k = 0; k < i; k++) assert_int_equal(pieces[i][k], 0);
    memset(pieces[i], (int)i & 0xFF, i);
  }
  for (size_t i = 0; i < 300; i++)
    for (size_t k = 0; k < i; k++) assert_int_equal(pieces[i][k], i & 0xFF);
  zw_arena_deinit(&arena);
  assert_int_equal(c.live, 0);
}

static void reset_keeps_the_largest_block(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_arena arena;
  zw_arena_init(&arena, &c.alloc);
  assert_non_null(zw_arena_get(&arena, 100));
  assert_non_null(zw_arena_get(&arena, 100000));
  assert_non_null(zw_arena_get(&arena, 10));
  zw_arena_reset(&arena);
  size_t calls = c.calls;
  uint8_t *p = zw_arena_get(&arena, 100000);
  assert_non_null(p);
  for (size_t i = 0; i < 100000; i++) assert_int_equal(p[i], 0);
  assert_int_equal(c.calls, calls);
  zw_arena_deinit(&arena);
  zw_arena_reset(&arena);
  assert_int_equal(c.live, 0);
}

static void strings_are_terminated_copies(void **state) {
  (void)state;
  zw_arena arena;
  zw_arena_init(&arena, NULL);
  char source[] = "wire and more";
  zw_str copy = zw_arena_str(&arena, (zw_str){source, 4});
  source[0] = 'x';
  assert_int_equal(copy.len, 4);
  assert_string_equal(copy.ptr, "wire");
  zw_str empty = zw_arena_str(&arena, (zw_str){NULL, 0});
  assert_non_null(empty.ptr);
  assert_int_equal(empty.len, 0);
  zw_arena_deinit(&arena);
}

static void absurd_sizes_are_refused(void **state) {
  (void)state;
  zw_arena arena;
  zw_arena_init(&arena, NULL);
  assert_null(zw_arena_get(&arena, SIZE_MAX));
  assert_null(zw_arena_get(&arena, SIZE_MAX - 7));
  assert_null(zw_arena_array(&arena, SIZE_MAX / 2, 3));
  assert_null(zw_arena_array(&arena, SIZE_MAX, SIZE_MAX));
  assert_null(zw_arena_str(&arena, (zw_str){"", SIZE_MAX}).ptr);
  assert_non_null(zw_arena_array(&arena, 0, SIZE_MAX));
  zw_arena_deinit(&arena);
}

static void each_allocation_may_fail(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    zw_arena arena;
    zw_arena_init(&arena, &c.alloc);
    bool whole = true;
    for (size_t i = 0; i < 100; i++) whole &= zw_arena_get(&arena, 1000) != NULL;
    zw_arena_deinit(&arena);
    assert_int_equal(c.live, 0);
    assert_int_equal(whole, !c.failed);
    if (!c.failed) break;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_are_aligned_cleared_and_apart),
      cmocka_unit_test(reset_keeps_the_largest_block),
      cmocka_unit_test(strings_are_terminated_copies),
      cmocka_unit_test(absurd_sizes_are_refused),
      cmocka_unit_test(each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
