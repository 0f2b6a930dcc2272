/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmocka_base.h"
#include "counting_alloc.h"

#define COUNT 3000

static char names[COUNT][16];
static int values[COUNT];

static zw_span name(size_t i) {
  snprintf(names[i], sizeof names[i], "com.x.%zu", i);
  return zw_str_span(zw_str_of(names[i]));
}

static void names_are_found_replaced_and_removed(void **state) {
  (void)state;
  counting_alloc c;
  counting_alloc_init(&c, 0);
  zw_hmap map;
  zw_hmap_init(&map, &c.alloc);
  void *old = &map;
  assert_null(zw_hmap_get(&map, name(0)));
  assert_null(zw_hmap_remove(&map, name(0)));
  for (size_t i = 0; i < COUNT; i++) {
    assert_int_equal(zw_hmap_set(&map, name(i), &values[i], &old), 0);
    assert_null(old);
  }
  assert_int_equal(map.count, COUNT);
  for (size_t i = 0; i < COUNT; i++) assert_ptr_equal(zw_hmap_get(&map, name(i)), &values[i]);
  assert_int_equal(zw_hmap_set(&map, name(7), &values[8], &old), 0);
  assert_ptr_equal(old, &values[7]);
  assert_int_equal(map.count, COUNT);
  for (size_t i = 0; i < COUNT; i += 2) assert_non_null(zw_hmap_remove(&map, name(i)));
  for (size_t i = 0; i < COUNT; i++) assert_int_equal(zw_hmap_get(&map, name(i)) != NULL, i % 2);
  assert_int_equal(map.count, COUNT / 2);
  zw_hmap_deinit(&map);
  assert_int_equal(c.live, 0);
}

static void an_id_is_no_name(void **state) {
  (void)state;
  zw_hmap map;
  zw_hmap_init(&map, NULL);
  uint64_t ids[] = {0, 1, UINT64_MAX, (uint64_t)1 << 52};
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(zw_hmap_set_id(&map, ids[i], &values[i], NULL), 0);
  assert_int_equal(zw_hmap_set(&map, (zw_span){NULL, 0}, &values[9], NULL), 0);
  for (size_t i = 0; i < 4; i++) assert_ptr_equal(zw_hmap_get_id(&map, ids[i]), &values[i]);
  assert_ptr_equal(zw_hmap_get(&map, zw_span_of("", 0)), &values[9]);
  assert_null(zw_hmap_get(&map, zw_span_of("\0\0\0\0\0\0\0\0", 8)));
  assert_null(zw_hmap_get_id(&map, 2));
  assert_ptr_equal(zw_hmap_remove_id(&map, 0), &values[0]);
  assert_null(zw_hmap_get_id(&map, 0));
  zw_hmap_deinit(&map);
}

static void iteration_sees_each_once_and_may_remove(void **state) {
  (void)state;
  zw_hmap map;
  zw_hmap_init(&map, NULL);
  memset(values, 0, sizeof values);
  for (size_t i = 0; i < COUNT; i++) assert_int_equal(zw_hmap_set_id(&map, i, &values[i], NULL), 0);
  int *value;
  for (size_t i = 0; (value = zw_hmap_next(&map, &i));) {
    ++*value;
    assert_ptr_equal(zw_hmap_remove_id(&map, (uint64_t)(value - values)), value);
  }
  for (size_t i = 0; i < COUNT; i++) assert_int_equal(values[i], 1);
  assert_int_equal(map.count, 0);
  zw_hmap_deinit(&map);
}

/* Of every size, with every subset of removals that a pattern of bits gives: what is not removed is
 * seen once and found afterwards. */
static void a_walk_may_remove_some(void **state) {
  (void)state;
  for (uint64_t size = 1; size <= 60; size++) {
    for (uint64_t pattern = 0; pattern < 200; pattern++) {
      zw_hmap map;
      int *value;
      uint64_t base = pattern * 1000, bits = pattern * 0x9e3779b97f4a7c15u, kept = 0;
      zw_hmap_init(&map, NULL);
      memset(values, 0, sizeof values);
      for (uint64_t i = 0; i < size; i++)
        assert_int_equal(zw_hmap_set_id(&map, base + i, &values[i], NULL), 0);
      for (size_t i = 0; (value = zw_hmap_next(&map, &i));) {
        uint64_t n = (uint64_t)(value - values);
        ++*value;
        if (bits >> n & 1) assert_ptr_equal(zw_hmap_remove_id(&map, base + n), value);
      }
      for (uint64_t i = 0; i < size; i++) {
        bool removed = bits >> i & 1;
        assert_int_equal(values[i], 1);
        assert_ptr_equal(zw_hmap_get_id(&map, base + i), removed ? NULL : &values[i]);
        kept += !removed;
      }
      assert_int_equal(map.count, kept);
      zw_hmap_deinit(&map);
    }
  }
}

/* Against a plain list: keys of a small range come and go, so that runs cross the table's end. */
static void any_order_of_changes(void **state) {
  (void)state;
  enum { KEYS = 48 };
  void *model[KEYS] = {0};
  zw_hmap map;
  size_t count = 0;
  uint64_t random = 1;
  zw_hmap_init(&map, NULL);
  for (int step = 0; step < 200000; step++) {
    void *old;
    random = random * 6364136223846793005u + 1442695040888963407u;
    size_t key = (size_t)(random >> 33) % KEYS;
    size_t keys = step / 20000 % 2 ? 12 : KEYS;
    if (random >> 60 & 1 && key < keys) {
      assert_int_equal(zw_hmap_set_id(&map, key, &values[step % COUNT], &old), 0);
      assert_ptr_equal(old, model[key]);
      model[key] = &values[step % COUNT];
      count += !old;
    } else {
      assert_ptr_equal(zw_hmap_remove_id(&map, key), model[key]);
      count -= model[key] != NULL;
      model[key] = NULL;
    }
    assert_int_equal(map.count, count);
    assert_true(map.used >= count);
    for (size_t i = 0; i < KEYS; i += 7) assert_ptr_equal(zw_hmap_get_id(&map, i), model[i]);
  }
  for (size_t i = 0; i < KEYS; i++) zw_hmap_remove_id(&map, i);
  assert_int_equal(map.count, 0);
  assert_int_equal(map.used, 0);
  zw_hmap_deinit(&map);
}

/* Elements that come and go for ever, with ids as calls have them: memory is taken while the table
 * fills, and no more than a doubling later. */
static void churn_does_not_allocate(void **state) {
  (void)state;
  for (uint64_t live = 0; live <= 40; live++) {
    counting_alloc c;
    zw_hmap map;
    counting_alloc_init(&c, 0);
    zw_hmap_init(&map, &c.alloc);
    for (uint64_t i = 0; i < 20000; i++) {
      assert_int_equal(zw_hmap_set_id(&map, i, &values[0], NULL), 0);
      if (i >= live) assert_non_null(zw_hmap_remove_id(&map, i - live));
    }
    assert_int_equal(map.count, live);
    assert_true(c.calls <= 4);
    assert_true(map.capacity <= 128);
    zw_hmap_deinit(&map);
  }
}

static void each_allocation_may_fail(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    zw_hmap map;
    zw_hmap_init(&map, &c.alloc);
    size_t in = 0;
    int error = 0;
    for (; in < 500 && !error; in += !error) error = zw_hmap_set_id(&map, in, &values[in], NULL);
    assert_int_equal(map.count, in);
    for (size_t i = 0; i < in; i++) assert_ptr_equal(zw_hmap_get_id(&map, i), &values[i]);
    zw_hmap_deinit(&map);
    assert_int_equal(c.live, 0);
    assert_int_equal(error, c.failed ? ZW_ENOMEM : 0);
    if (!c.failed) break;
  }
}

/* Keys that fall into one order with one seed do not with another. */
static void a_seed_moves_the_keys(void **state) {
  (void)state;
  void *order[2][64];
  for (uint64_t seed = 0; seed < 2; seed++) {
    zw_hmap map;
    zw_hmap_init(&map, NULL);
    map.seed = seed * 0x9e3779b97f4a7c15u;
    for (uint64_t i = 0; i < 32; i++) {
      values[i] = (int)i;
      zw_span key = zw_span_of(&values[i], sizeof values[i]);
      assert_int_equal(zw_hmap_set_id(&map, i, &values[i], NULL), 0);
      assert_int_equal(zw_hmap_set(&map, key, &values[32 + i], NULL), 0);
    }
    size_t n = 0;
    void *value;
    for (size_t i = 0; (value = zw_hmap_next(&map, &i));) order[seed][n++] = value;
    assert_int_equal(n, 64);
    zw_hmap_deinit(&map);
  }
  assert_memory_not_equal(order[0], order[1], sizeof order[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_are_found_replaced_and_removed),
      cmocka_unit_test(an_id_is_no_name),
      cmocka_unit_test(iteration_sees_each_once_and_may_remove),
      cmocka_unit_test(a_walk_may_remove_some),
      cmocka_unit_test(any_order_of_changes),
      cmocka_unit_test(churn_does_not_allocate),
      cmocka_unit_test(each_allocation_may_fail),
      cmocka_unit_test(a_seed_moves_the_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
