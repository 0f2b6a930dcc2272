/* SPDX-License-Identifier: Apache-2.0 */
#include "net_fixture.h"
#include "net_inside.h"

static uint8_t big[40000];

/* All of the queue as one string, taken in steps of `step` octets. */
static uint64_t take_all(zw_loop *loop, zw_out *out, size_t step) {
  zw_text all;
  zw_text_init(&all, NULL);
  struct iovec iov[16];
  while (out->count) {
    size_t n = zw_out_gather(out, iov, 16), taken = 0;
    for (size_t i = 0; i < n && taken < step; i++) {
      size_t part = iov[i].iov_len < step - taken ? iov[i].iov_len : step - taken;
      zw_text_add(&all, iov[i].iov_base, part);
      taken += part;
    }
    zw_out_taken(loop, out, taken);
  }
  uint64_t hash = zw_hash64(zw_str_span(zw_text_str(&all)));
  zw_text_deinit(&all);
  return hash;
}

static void small_parts_lie_in_one_piece(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  zw_out out = {0};
  for (int i = 0; i < 60; i++) {
    zw_part parts[2] = {{zw_span_of("head", 4), NULL, 0}, {zw_span_of(big, 250), NULL, 0}};
    assert_int_equal(zw_out_push(f.loop, &out, parts, 2), 0);
  }
  assert_int_equal(out.count, 1);
  assert_int_equal(out.charged, 60 * 254);
  assert_int_equal(out.waiting, 60 * 254);
  zw_out_taken(f.loop, &out, 60 * 254);
  assert_int_equal(out.count, 0);
  assert_int_equal(out.charged, 0);
  assert_null(out.copy);
  zw_out_clear(f.loop, &out);
  fixture_deinit(&f);
}

/* The account of pinned parts: an owner that several parts in a row refer to counts once, until the
 * last is gone. */
static void pinned_owners_count_once(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  zw_out out = {0};
  zw_buf *chunk = zw_buf_create(&f.memory.alloc, 16384),
         *other = zw_buf_create(&f.memory.alloc, 5000);
  for (int i = 0; i < 4; i++) {
    zw_part parts[2] = {{zw_span_of("head", 4), NULL, 0},
                        {zw_span_of(chunk->data + 1000 * i, 1000), chunk, 0}};
    assert_int_equal(zw_out_push(f.loop, &out, parts, 2), 0);
  }
  assert_int_equal(out.charged, 16 + 16384);
  zw_part part = {zw_span_of(other->data, 600), other, 0};
  assert_int_equal(zw_out_cost(&part, 1), 5000);
  assert_int_equal(zw_out_push(f.loop, &out, &part, 1), 0);
  assert_int_equal(out.charged, 16 + 16384 + 5000);
  zw_out_taken(f.loop, &out, 3 * 1004);
  assert_true(out.charged >= 16384 + 5000);
  assert_false(zw_buf_is_sole(chunk));
  zw_out_taken(f.loop, &out, 1004);
  assert_int_equal(out.charged, 5000);
  assert_true(zw_buf_is_sole(chunk));
  zw_out_clear(f.loop, &out);
  assert_true(zw_buf_is_sole(other));
  zw_buf_unref(chunk);
  zw_buf_unref(other);
  fixture_deinit(&f);
}

static void mapped_parts_are_copied_out(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  zw_out out = {0};
  uint8_t *map = malloc(3000);
  memset(map, 5, 3000);
  zw_part part = {zw_span_of(map, 3000), NULL, 0};
  assert_int_equal(zw_out_push(f.loop, &out, &part, 1), 0);
  assert_int_equal(out.mapped, 1);
  zw_out_taken(f.loop, &out, 1000);
  assert_int_equal(out.charged, 3000);
  assert_int_equal(zw_out_unmap(f.loop, &out), 0);
  free(map);
  assert_int_equal(out.mapped, 0);
  assert_int_equal(out.charged, 2000);
  uint8_t expected[2000];
  memset(expected, 5, sizeof expected);
  assert_true(take_all(f.loop, &out, 7) == zw_hash64(zw_span_of(expected, sizeof expected)));
  zw_out_clear(f.loop, &out);
  fixture_deinit(&f);
}

static void any_mixture_keeps_its_order(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  for (size_t i = 0; i < sizeof big; i++) big[i] = (uint8_t)(i * 40503u >> 7);
  zw_buf *owner = zw_buf_copy(&f.memory.alloc, zw_span_of(big, sizeof big));
  static const size_t steps[] = {1, 100, 4096, 1 << 20};
  for (size_t s = 0; s < 4; s++) {
    zw_out out = {0};
    zw_text all;
    zw_text_init(&all, NULL);
    uint32_t random = 1;
    for (int i = 0; i < 150; i++) {
      zw_part parts[3];
      for (int p = 0; p < 3; p++) {
        random = random * 1664525 + 1013904223;
        size_t len = random >> 8 & 1 ? random >> 20 : random >> 26;
        parts[p] = (zw_part){zw_span_of(owner->data + (random >> 16 & 0x3FFF), len),
                             random >> 9 & 1 ? owner : NULL, 0};
        zw_text_add(&all, parts[p].bytes.ptr, len);
      }
      assert_int_equal(zw_out_push(f.loop, &out, parts, 3), 0);
      if (i % 50 == 49) assert_int_equal(zw_out_unmap(f.loop, &out), 0);
    }
    assert_int_equal(out.waiting, all.len);
    assert_true(take_all(f.loop, &out, steps[s]) == zw_hash64(zw_str_span(zw_text_str(&all))));
    assert_int_equal(out.charged, 0);
    assert_int_equal(out.waiting, 0);
    zw_text_deinit(&all);
    zw_out_clear(f.loop, &out);
  }
  assert_true(zw_buf_is_sole(owner));
  zw_buf_unref(owner);
  fixture_deinit(&f);
}

static void no_memory_leaves_the_queue_as_it_was(void **state) {
  (void)state;
  net_fixture f;
  fixture_init(&f);
  zw_buf *owner = zw_buf_copy(&f.memory.alloc, zw_span_of(big, 1000));
  zw_part parts[3] = {{zw_span_of("head", 4), NULL, 0},
                      {zw_span_of(big, 600), NULL, 0},
                      {zw_buf_span(owner), owner, 0}};
  for (size_t n = 1;; n++) {
    zw_out out = {0};
    f.memory.failed = false;
    f.memory.fail_at = f.memory.calls + n;
    int error = zw_out_push(f.loop, &out, parts, 3);
    if (f.memory.failed) {
      assert_int_equal(error, ZW_ENOMEM);
      assert_int_equal(out.count, 0);
      assert_int_equal(out.charged, 0);
    }
    zw_out_clear(f.loop, &out);
    if (!f.memory.failed) break;
  }
  f.memory.fail_at = 0;
  assert_true(zw_buf_is_sole(owner));
  zw_buf_unref(owner);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_parts_lie_in_one_piece),
      cmocka_unit_test(pinned_owners_count_once),
      cmocka_unit_test(mapped_parts_are_copied_out),
      cmocka_unit_test(any_mixture_keeps_its_order),
      cmocka_unit_test(no_memory_leaves_the_queue_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
