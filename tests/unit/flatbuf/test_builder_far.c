/* SPDX-License-Identifier: Apache-2.0 */
/* Building what 64-bit offsets refer to. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "counting_alloc.h"
#include "wide_fixture.h"

static const zw_str absent = {NULL, 0};
static const uint8_t octets[5] = {1, 2, 3, 4, 5};
static const int64_t longs[3] = {1, -2, 3};

typedef struct far_refs {
  zw_ref64 big, text, longs, nested;
} far_refs;

static far_refs build_far(zw_builder *b) {
  far_refs r;
  zw_builder inner;
  zw_span bytes;
  zw_builder_init(&inner, NULL);
  zw_builder_table_start(&inner);
  zw_builder_add_i32(&inner, 0, 5, 0);
  assert_int_equal(zw_builder_finish(&inner, zw_builder_table_end(&inner), absent, &bytes), 0);
  r.nested = zw_builder_vector64(b, bytes.ptr, bytes.len, 1, zw_nested_align(bytes.len), 8);
  r.big = zw_builder_vector64(b, octets, 5, 1, 1, 8);
  r.text = zw_builder_string64(b, ZW_STR("far"));
  r.longs = zw_builder_vector64(b, longs, 3, 8, 8, 4);
  zw_builder_deinit(&inner);
  return r;
}

static int build_root(zw_builder *b, const far_refs *r, zw_span *bytes) {
  zw_ref fa = zw_builder_vector(b, "\1\0\0\0\2\0\0", 2, 4, 32);
  zw_builder_table_start(b);
  zw_builder_add_ref64(b, R_BIG, r->big);
  zw_builder_add_ref(b, R_FA, fa);
  zw_builder_add_ref64(b, R_S, r->text);
  zw_builder_add_ref64(b, R_N, r->nested);
  zw_builder_add_ref64(b, R_LS, r->longs);
  zw_builder_add_ref64(b, R_PS, 0);
  return zw_builder_finish(b, zw_builder_table_end(b), ZW_STR("WIDE"), bytes);
}

static zw_table verified(zw_span bytes) {
  const zw_verify_options options = {.flags = ZW_VERIFY_LARGE | ZW_VERIFY_FORCE_ALIGN};
  zw_table t = {NULL, 0, 0};
  zw_diag diag = {0};
  if (zw_verify_identified(&wide_r, ZW_STR("WIDE"), bytes, &options, &t, &diag))
    fail_msg("%s", diag.message);
  return t;
}

static void expect_content(zw_table t) {
  zw_vec64 big = zw_table_vec64(t, R_BIG, 8), list = zw_table_vec64(t, R_LS, 4);
  assert_int_equal(big.count, 5);
  assert_memory_equal(big.ptr, octets, 5);
  assert_text(zw_table_str64(t, R_S), "far");
  assert_int_equal(list.count, 3);
  assert_int_equal(zw_vec64_i64(list, 1), -2);
  assert_int_equal(zw_table_i32(zw_root_trusted(zw_vec64_bytes(zw_table_vec64(t, R_N, 8))), 0, 0),
                   5);
  assert_int_equal(zw_vec_i32(zw_table_vec(t, R_FA), 1), 2);
  assert_false(zw_table_has(t, R_PS));
}

/* At the very end as the first, and among all else where something came before. */
static void test_first_and_later(void **state) {
  (void)state;
  for (int later = 0; later < 2; later++) {
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_ref before = later ? zw_builder_string(&b, ZW_STR("near")) : 0;
    far_refs refs = build_far(&b);
    assert_int_equal(b.far > 0, !later);
    assert_int_equal(before > 0, later);
    assert_int_equal(build_root(&b, &refs, &bytes), 0);
    expect_content(verified(bytes));
    zw_builder_deinit(&b);
  }
}

static void test_reset_forgets_it(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  build_far(&b);
  zw_builder_reset(&b);
  far_refs refs = build_far(&b);
  assert_int_equal(build_root(&b, &refs, &bytes), 0);
  expect_content(verified(bytes));
  zw_builder_deinit(&b);
}

static void test_behind_a_size_prefix(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_table t;
  zw_diag diag = {0};
  const zw_verify_options options = {.flags = ZW_VERIFY_SIZE64};
  zw_builder_init(&b, NULL);
  zw_ref64 text = zw_builder_string64(&b, ZW_STR("far"));
  zw_builder_table_start(&b);
  zw_builder_add_ref64(&b, R_S, text);
  zw_ref root = zw_builder_table_end(&b);
  assert_int_equal(zw_builder_finish_sized(&b, root, ZW_STR("WIDE"), 8, &bytes), 0);
  assert_int_equal(zw_load_le64(bytes.ptr), bytes.len - 8);
  if (zw_verify_sized(&wide_r, ZW_STR("WIDE"), bytes, &options, &t, &diag))
    fail_msg("%s", diag.message);
  assert_text(zw_table_str64(t, R_S), "far");
  zw_builder_deinit(&b);
}

static void test_misuse(void **state) {
  static const struct {
    size_t count, size;
    unsigned length_size;
    int error;
  } cases[] = {{1, 1, 3, ZW_EINVAL},
               {(size_t)UINT32_MAX + 1, 1, 4, ZW_ELIMIT},
               {SIZE_MAX, 8, 8, ZW_ELIMIT},
               {SIZE_MAX / 8, 8, 8, ZW_ELIMIT}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_builder b;
    void *elements = &b;
    zw_builder_init(&b, NULL);
    assert_int_equal(zw_builder_vector64_uninit(&b, cases[i].count, cases[i].size, 1,
                                                cases[i].length_size, &elements),
                     0);
    assert_null(elements);
    assert_int_equal(b.error, cases[i].error);
    assert_int_equal(zw_builder_string64(&b, ZW_STR("x")), 0);
    zw_builder_deinit(&b);
  }
  zw_builder b;
  zw_builder_init(&b, NULL);
  assert_int_equal(zw_builder_string64(&b, absent), 0);
  assert_int_equal(b.error, 0);
  zw_builder_string64(&b, ZW_STR("x"));
  assert_int_equal(zw_builder_tail(&b, 8), 0); /* nothing but the tail can be the last */
  assert_int_equal(b.error, ZW_EINVAL);
  zw_builder_deinit(&b);
}

/* Memory of which only what is touched takes room. */
static void *mapped_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  (void)ctx;
  void *grown = NULL;
  if (new_size) {
    grown = mmap(NULL, new_size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (grown == MAP_FAILED) return NULL;
  }
  if (ptr && grown) memcpy(grown, ptr, old_size < new_size ? old_size : new_size);
  if (ptr) munmap(ptr, old_size);
  return grown;
}

static void test_more_than_four_gigabytes(void **state) {
  static const zw_alloc mapped = {mapped_resize, NULL};
  const size_t size = ((size_t)5 << 30) + 3;
  (void)state;
  zw_builder b;
  zw_span bytes;
  void *elements;
  zw_builder_init(&b, &mapped);
  far_refs refs = build_far(&b);
  refs.big = zw_builder_vector64_uninit(&b, size, 1, 1, 8, &elements);
  assert_non_null(elements);
  ((uint8_t *)elements)[size - 1] = 9;
  assert_int_equal(build_root(&b, &refs, &bytes), 0);
  assert_true(bytes.len > size);
  zw_table t = verified(bytes);
  zw_vec64 big = zw_table_vec64(t, R_BIG, 8);
  assert_true(big.count == size);
  assert_int_equal(zw_vec64_u8(big, size - 1), 9);
  assert_text(zw_table_str64(t, R_S), "far");
  zw_builder_deinit(&b);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_builder b;
    zw_span bytes;
    counting_alloc_init(&c, n);
    zw_builder_init(&b, &c.alloc);
    far_refs refs = build_far(&b);
    int e = build_root(&b, &refs, &bytes);
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
      cmocka_unit_test(test_first_and_later),
      cmocka_unit_test(test_reset_forgets_it),
      cmocka_unit_test(test_behind_a_size_prefix),
      cmocka_unit_test(test_misuse),
      cmocka_unit_test(test_more_than_four_gigabytes),
      cmocka_unit_test(test_every_allocation_fails_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
