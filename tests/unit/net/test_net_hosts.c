/* SPDX-License-Identifier: Apache-2.0 */
/* Names of listeners. */
#include "cmocka_base.h"
#include "counting_alloc.h"
#include "net.h"

static bool has(const char *address, const char *name) {
  zw_arena arena;
  zw_str *names;
  size_t count;
  bool found = false;
  zw_arena_init(&arena, NULL);
  assert_int_equal(zw_net_host_names(address, &arena, &names, &count), 0);
  for (size_t i = 0; i < count; i++) found |= zw_str_eq(names[i], zw_str_of(name));
  zw_arena_deinit(&arena);
  return found;
}

static void loopback_has_its_names_everywhere(void **state) {
  static const char *const addresses[] = {"127.0.0.1:9267", "[::]:0", "unix:/run/x", "db:80"};
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    assert_true(has(addresses[i], "localhost"));
    assert_true(has(addresses[i], "127.0.0.1"));
    assert_true(has(addresses[i], "[::1]"));
    assert_false(has(addresses[i], "evil.example"));
  }
}

static void a_given_name_is_one(void **state) {
  (void)state;
  assert_true(has("db.example:80", "db.example"));
  assert_true(has("[fe80::1]:80", "[fe80::1]"));
  assert_false(has("127.0.0.1:80", "db.example"));
  assert_false(has("unix:/run/x", "unix"));
}

static void each_allocation_may_fail(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc memory;
    zw_arena arena;
    zw_str *names;
    size_t count;
    counting_alloc_init(&memory, n);
    zw_arena_init(&arena, &memory.alloc);
    int error = zw_net_host_names("0.0.0.0:1", &arena, &names, &count);
    zw_arena_deinit(&arena);
    assert_int_equal(memory.live, 0);
    if (!memory.failed) break;
    assert_int_equal(error, ZW_ENOMEM);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(loopback_has_its_names_everywhere),
      cmocka_unit_test(a_given_name_is_one),
      cmocka_unit_test(each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
