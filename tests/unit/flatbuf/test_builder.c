/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_base.h"
#include "counting_alloc.h"

#include "zerowire/flatbuf.h"

#define ABSENT ((zw_str){NULL, 0})

static zw_span finish(zw_builder *b, zw_ref root) {
  zw_span bytes;
  assert_int_equal(zw_builder_finish(b, root, ABSENT, &bytes), 0);
  return bytes;
}

static int finish_error(zw_builder *b, zw_ref root) {
  zw_span bytes = {(const uint8_t *)"", 1};
  int e = zw_builder_finish(b, root, ABSENT, &bytes);
  assert_null(bytes.ptr);
  return e;
}

/* The octets of a small table, as every implementation lays them out that puts large fields first.
 */
static void test_octets(void **state) {
  static const uint8_t expected[] = {
      16, 0, 0, 0, 'T', 'E', 'S', 'T', /* root, identifier */
      8,  0, 9, 0, 8,   0,   4,   0,   /* vtable: size 8, table 9, id 0 at 8, id 1 at 4 */
      8,  0, 0, 0, 8,   0,   0,   0,   7, 0, 0, 0, /* table: vtable, reference, octet, padding */
      2,  0, 0, 0, 'h', 'i', 0,   0,
  };
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  zw_ref text = zw_builder_string(&b, ZW_STR("hi"));
  zw_builder_table_start(&b);
  zw_builder_add_u8(&b, 0, 7, 0);
  zw_builder_add_ref(&b, 1, text);
  zw_builder_add_u32(&b, 2, 5, 5);
  zw_ref root = zw_builder_table_end(&b);
  assert_int_equal(zw_builder_finish(&b, root, ZW_STR("TEST"), &bytes), 0);
  assert_int_equal(bytes.len, sizeof expected);
  assert_memory_equal(bytes.ptr, expected, sizeof expected);
  zw_builder_deinit(&b);
}

/* Nothing is written for an empty vector but its length, and it may be the first object. */
static void test_an_empty_vector_comes_first(void **state) {
  static const uint8_t one[1] = {0};
  (void)state;
  for (int kind = 0; kind < 3; kind++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    zw_ref ref = kind == 0   ? zw_builder_vector(&b, one, 0, 8, 8)
                 : kind == 1 ? zw_builder_refs(&b, NULL, 0)
                             : zw_builder_vector(&b, NULL, 0, 1, 1);
    assert_true(ref > 0);
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, 0, ref);
    zw_vec vec = zw_table_vec(zw_root_trusted(finish(&b, zw_builder_table_end(&b))), 0);
    assert_non_null(vec.ptr);
    assert_int_equal(vec.count, 0);
    zw_builder_deinit(&b);
  }
}

/* Whatever comes before, elements are aligned relative to the buffer's start. */
static void test_alignment(void **state) {
  static const uint8_t octets[64] = {0};
  (void)state;
  for (size_t before = 0; before < 9; before++) {
    for (size_t align = 1; align <= 32; align *= 2) {
      zw_builder b;
      zw_builder_init(&b, NULL);
      zw_ref text = zw_builder_string(&b, (zw_str){"12345678", before});
      zw_ref list = zw_builder_vector(&b, octets, 2, align, align);
      zw_builder_table_start(&b);
      zw_builder_add_ref(&b, 0, text);
      zw_builder_add_ref(&b, 1, list);
      zw_builder_add_struct(&b, 2, octets, align, align);
      zw_span bytes = finish(&b, zw_builder_table_end(&b));
      zw_table t = zw_root_trusted(bytes);
      assert_int_equal(zw_table_str(t, 0).len, before);
      assert_int_equal(zw_table_vec(t, 1).pos % align, 0);
      assert_int_equal((size_t)(zw_table_struct(t, 2) - bytes.ptr) % align, 0);
      assert_int_equal(bytes.len % (align < 4 ? 4 : align), 0);
      zw_builder_deinit(&b);
    }
  }
}

static void test_nesting(void **state) {
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  zw_builder_add_i32(&b, 0, 1, 0);
  zw_builder_table_start(&b);
  zw_builder_add_i32(&b, 0, 2, 0);
  zw_builder_table_start(&b);
  zw_builder_add_i64(&b, 3, -3, 0);
  zw_builder_add_ref(&b, 1, zw_builder_string(&b, ZW_STR("deep")));
  zw_ref inner = zw_builder_table_end(&b);
  zw_builder_add_ref(&b, 1, inner);
  zw_ref middle = zw_builder_table_end(&b);
  zw_builder_add_ref(&b, 1, middle);
  zw_table t = zw_root_trusted(finish(&b, zw_builder_table_end(&b)));
  assert_int_equal(zw_table_i32(t, 0, 0), 1);
  t = zw_table_table(t, 1);
  assert_int_equal(zw_table_i32(t, 0, 0), 2);
  t = zw_table_table(t, 1);
  assert_int_equal(zw_table_i64(t, 3, 0), -3);
  assert_text_equal(zw_table_str(t, 1), "deep");
  assert_false(zw_table_has(t, 2));
  zw_builder_deinit(&b);
}

static void test_equal_vtables_are_shared(void **state) {
  (void)state;
  size_t len[2];
  for (unsigned other = 0; other < 2; other++) {
    zw_ref refs[2];
    zw_builder b;
    zw_builder_init(&b, NULL);
    for (unsigned i = 0; i < 2; i++) {
      zw_builder_table_start(&b);
      zw_builder_add_i32(&b, i * other, 5, 0);
      refs[i] = zw_builder_table_end(&b);
    }
    zw_ref list = zw_builder_refs(&b, refs, 2);
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, 0, list);
    len[other] = finish(&b, zw_builder_table_end(&b)).len;
    zw_builder_deinit(&b);
  }
  assert_int_equal(len[1] - len[0], 8); /* six octets of tables, and two of padding */
}

static void test_defaults_are_left_out(void **state) {
  (void)state;
  for (int force = 0; force < 2; force++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    b.force_defaults = force;
    zw_builder_table_start(&b);
    zw_builder_add_bool(&b, 0, true, true);
    zw_builder_add_f64(&b, 1, -0.0, 0.0);
    zw_builder_add_f32(&b, 2, 1.5f, 1.5f);
    zw_builder_add_optional(&b, 3, ZW_T_INT, (zw_scalar){.i = 0});
    zw_table t = zw_root_trusted(finish(&b, zw_builder_table_end(&b)));
    assert_int_equal(zw_table_has(t, 0), force);
    assert_true(zw_table_has(t, 1)); /* -0.0 is another value */
    assert_int_equal(zw_table_has(t, 2), force);
    assert_true(zw_table_has(t, 3));
    zw_builder_deinit(&b);
  }
}

static zw_ref small_table(zw_builder *b) {
  zw_builder_table_start(b);
  zw_builder_add_u64(b, 0, 1, 0);
  return zw_builder_table_end(b);
}

static void test_memory_of_the_caller(void **state) {
  uint8_t memory[64];
  (void)state;
  zw_builder b;
  zw_builder_init(&b, NULL);
  size_t need = finish(&b, small_table(&b)).len;
  zw_builder_deinit(&b);
  for (size_t size = 0; size <= need; size++) {
    zw_span bytes;
    memset(memory, 0xAA, sizeof memory);
    zw_builder_init_fixed(&b, memory, size, NULL);
    int e = zw_builder_finish(&b, small_table(&b), ABSENT, &bytes);
    assert_int_equal(e, size < need ? ZW_ELIMIT : 0);
    if (!e) assert_true(bytes.ptr >= memory && bytes.ptr + bytes.len == memory + size);
    for (size_t i = size; i < sizeof memory; i++) assert_int_equal(memory[i], 0xAA);
    zw_builder_deinit(&b);
  }
}

/* head + borrowed octets + padding are one buffer. */
static void test_a_borrowed_tail(void **state) {
  uint8_t whole[256];
  (void)state;
  for (size_t len = 0; len < 20; len++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    zw_ref tail = zw_builder_tail(&b, len);
    zw_ref topic = zw_builder_string(&b, ZW_STR("com.example.topic"));
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, 0, topic);
    zw_builder_add_ref(&b, 1, tail);
    zw_span head = finish(&b, zw_builder_table_end(&b));
    memcpy(whole, head.ptr, head.len);
    memset(whole + head.len, 'x', len);
    memset(whole + head.len + len, 0, zw_builder_tail_pad(len));
    size_t size = head.len + len + zw_builder_tail_pad(len);
    assert_int_equal(size % 8, 0);
    zw_vec vec = zw_table_vec(zw_root_trusted(zw_span_of(whole, size)), 1);
    assert_int_equal(vec.count, len);
    assert_int_equal(vec.pos, head.len);
    assert_int_equal(vec.pos % 8, 0);
    zw_builder_deinit(&b);
  }
}

/* ---- misuse ---- */

static zw_ref add_without_a_table(zw_builder *b) {
  zw_builder_add_u8(b, 0, 1, 0);
  return small_table(b);
}
static zw_ref end_without_a_table(zw_builder *b) { return zw_builder_table_end(b); }
static zw_ref finish_while_open(zw_builder *b) {
  zw_ref ref = small_table(b);
  zw_builder_table_start(b);
  return ref;
}
static zw_ref field_twice(zw_builder *b) {
  zw_builder_table_start(b);
  zw_builder_add_u8(b, 3, 1, 0);
  zw_builder_add_u32(b, 3, 1, 0);
  return zw_builder_table_end(b);
}
static zw_ref no_root(zw_builder *b) {
  (void)b;
  return 0;
}
static zw_ref id_out_of_range(zw_builder *b) {
  zw_builder_table_start(b);
  zw_builder_add_u8(b, 40000, 1, 0);
  return zw_builder_table_end(b);
}
static zw_ref absent_element(zw_builder *b) {
  static const zw_ref refs[] = {0};
  zw_builder_refs(b, refs, 1);
  return small_table(b);
}
static zw_ref element_ahead(zw_builder *b) {
  static const zw_ref refs[] = {1000};
  zw_builder_refs(b, refs, 1);
  return small_table(b);
}
static zw_ref late_tail(zw_builder *b) {
  zw_ref ref = small_table(b);
  zw_builder_tail(b, 8);
  return ref;
}
static zw_ref large_table(zw_builder *b) {
  static const uint8_t octets[40000];
  zw_builder_table_start(b);
  zw_builder_add_struct(b, 0, octets, sizeof octets, 1);
  zw_builder_add_struct(b, 1, octets, sizeof octets, 1);
  return zw_builder_table_end(b);
}
static zw_ref large_vector(zw_builder *b) {
  void *at;
  zw_builder_vector_uninit(b, SIZE_MAX / 4, 8, 8, &at);
  return 0;
}
static zw_ref large_text(zw_builder *b) {
  zw_builder_string(b, (zw_str){"", SIZE_MAX});
  return 0;
}

static zw_ref beyond_2_gib(zw_builder *b) {
  zw_builder_tail(b, INT32_MAX - 100);
  zw_builder_vector(b, "", 0, 1, 1);
  return zw_builder_string(b, (zw_str){"0123456789012345678901234567890123456789"
                                       "0123456789012345678901234567890123456789"
                                       "01234567890123456789",
                                       100});
}
static zw_ref padding_beyond_2_gib(zw_builder *b) {
  static const uint8_t octets[1];
  zw_builder_tail(b, INT32_MAX - 100);
  zw_builder_vector(b, octets, 1, 1, 32768);
  return zw_builder_vector(b, octets, 1, 1, 32768);
}

static void test_misuse(void **state) {
  static const struct {
    zw_ref (*build)(zw_builder *b);
    int error;
  } cases[] = {
      {add_without_a_table, ZW_EINVAL},
      {end_without_a_table, ZW_EINVAL},
      {finish_while_open, ZW_EINVAL},
      {field_twice, ZW_EINVAL},
      {no_root, ZW_EINVAL},
      {id_out_of_range, ZW_EINVAL},
      {absent_element, ZW_EINVAL},
      {element_ahead, ZW_EINVAL},
      {late_tail, ZW_EINVAL},
      {large_table, ZW_ELIMIT},
      {large_vector, ZW_ELIMIT},
      {large_text, ZW_ELIMIT},
      {beyond_2_gib, ZW_ELIMIT},
      {padding_beyond_2_gib, ZW_ELIMIT},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_builder b;
    zw_builder_init(&b, NULL);
    assert_int_equal(finish_error(&b, cases[i].build(&b)), cases[i].error);
    assert_int_equal(b.error, cases[i].error);
    zw_builder_reset(&b);
    finish(&b, small_table(&b)); /* a reset mends it */
    zw_builder_deinit(&b);
  }
}

static void test_an_identifier_has_four_octets(void **state) {
  (void)state;
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  assert_int_equal(zw_builder_finish(&b, small_table(&b), ZW_STR("ABC"), &bytes), ZW_EINVAL);
  zw_builder_deinit(&b);
}

static int build_much(const zw_alloc *alloc) {
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, alloc);
  zw_ref refs[40];
  for (unsigned i = 0; i < 40; i++) {
    zw_builder_table_start(&b);
    zw_builder_add_u32(&b, i, 1, 0);
    zw_builder_add_ref(&b, 50, zw_builder_string(&b, ZW_STR("some text that takes room")));
    refs[i] = zw_builder_table_end(&b);
  }
  zw_ref list = zw_builder_refs(&b, refs, 40);
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, 0, list);
  int e = zw_builder_finish(&b, zw_builder_table_end(&b), ABSENT, &bytes);
  zw_builder_deinit(&b);
  return e;
}

/* The prefix counts what follows it, and alignment is relative to it. */
static void test_a_size_prefix(void **state) {
  static const uint64_t wide[2] = {1, 2};
  (void)state;
  for (unsigned prefix = 4; prefix <= 8; prefix += 4) {
    for (int identified = 0; identified < 2; identified++) {
      zw_builder b;
      zw_span bytes;
      zw_builder_init(&b, NULL);
      zw_ref list = zw_builder_vector(&b, wide, 2, 8, 16);
      zw_builder_table_start(&b);
      zw_builder_add_ref(&b, 0, list);
      zw_ref root = zw_builder_table_end(&b);
      zw_str identifier = identified ? ZW_STR("TEST") : ABSENT;
      assert_int_equal(zw_builder_finish_sized(&b, root, identifier, prefix, &bytes), 0);
      uint64_t size = prefix == 8 ? zw_load_le64(bytes.ptr) : zw_load_le32(bytes.ptr);
      assert_int_equal(size, bytes.len - prefix);
      zw_table t = zw_root_trusted(zw_span_of(bytes.ptr + prefix, (size_t)size));
      zw_vec v = zw_table_vec(t, 0);
      assert_int_equal((prefix + v.pos) % 16, 0);
      assert_int_equal(zw_vec_u64(v, 1), 2);
      if (identified) assert_memory_equal(bytes.ptr + prefix + 4, "TEST", 4);
      zw_builder_deinit(&b);
    }
  }
  zw_builder b;
  zw_span bytes;
  zw_builder_init(&b, NULL);
  zw_builder_table_start(&b);
  assert_int_equal(zw_builder_finish_sized(&b, zw_builder_table_end(&b), ABSENT, 2, &bytes),
                   ZW_EINVAL);
  zw_builder_deinit(&b);
}

/* A nested buffer gets the alignment that it was built with. */
static void test_nested_buffers(void **state) {
  static const uint8_t octets[32] = {0};
  (void)state;
  for (size_t align = 1; align <= 32; align *= 2) {
    zw_builder b, inner;
    zw_span bytes;
    zw_builder_init(&inner, NULL);
    zw_builder_table_start(&inner);
    zw_builder_add_struct(&inner, 0, octets, align, align);
    zw_ref root = zw_builder_table_end(&inner);
    assert_int_equal(zw_builder_finish(&inner, root, ABSENT, &bytes), 0);
    zw_builder_init(&b, NULL);
    zw_builder_string(&b, ZW_STR("odd"));
    zw_ref nested = zw_builder_nested(&b, bytes);
    zw_builder_deinit(&inner);
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, 0, nested);
    zw_vec v = zw_table_vec(zw_root_trusted(finish(&b, zw_builder_table_end(&b))), 0);
    assert_int_equal(v.pos % (align < 8 ? 8 : align), 0);
    size_t at = (size_t)(zw_table_struct(zw_root_trusted(zw_vec_bytes(v)), 0) - (v.ptr - v.pos));
    assert_int_equal(at % align, 0);
    assert_int_equal(zw_builder_nested(&b, zw_span_of(NULL, 0)), 0);
    zw_builder_deinit(&b);
  }
  assert_int_equal(zw_nested_align(0), 8);
}

static void test_every_allocation_fails_once(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    counting_alloc_init(&c, n);
    int e = build_much(&c.alloc);
    assert_int_equal(c.live, 0);
    if (!c.failed) {
      assert_int_equal(e, 0);
      break;
    }
    assert_int_equal(e, ZW_ENOMEM);
  }
}

/* Of whatever size and alignment: on its place, and without an octet that is nobody's. */
static void test_a_struct_alone(void **state) {
  static const uint8_t octets[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  static const struct {
    size_t size, align, whole;
  } cases[] = {{1, 1, 1 + 7}, {2, 2, 2 + 6}, {3, 1, 3 + 5},
               {8, 4, 8 + 4}, {8, 8, 8 + 8}, {32, 32, 64}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_ref ref = zw_builder_struct(&b, octets, cases[i].size, cases[i].align);
    assert_int_equal(ref, cases[i].size);
    assert_int_equal(zw_builder_finish(&b, ref, (zw_str){NULL, 0}, &bytes), 0);
    assert_int_equal(bytes.len, cases[i].whole);
    zw_table at = zw_root_trusted(bytes);
    assert_int_equal(at.pos % cases[i].align, 0);
    assert_memory_equal(at.ptr, octets, cases[i].size);
    zw_builder_deinit(&b);
  }
}

static void test_no_room_for_a_struct(void **state) {
  uint8_t memory[8], *at;
  zw_builder b;
  (void)state;
  zw_builder_init_fixed(&b, memory, sizeof memory, NULL);
  assert_int_equal(zw_builder_struct_uninit(&b, 16, 4, &at), 0);
  assert_null(at);
  assert_int_equal(b.error, ZW_ELIMIT);
  assert_int_equal(zw_builder_struct(&b, "1234", 4, 4), 0);
  zw_builder_deinit(&b);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_octets),
      cmocka_unit_test(test_an_empty_vector_comes_first),
      cmocka_unit_test(test_alignment),
      cmocka_unit_test(test_nesting),
      cmocka_unit_test(test_equal_vtables_are_shared),
      cmocka_unit_test(test_defaults_are_left_out),
      cmocka_unit_test(test_memory_of_the_caller),
      cmocka_unit_test(test_a_borrowed_tail),
      cmocka_unit_test(test_misuse),
      cmocka_unit_test(test_an_identifier_has_four_octets),
      cmocka_unit_test(test_a_size_prefix),
      cmocka_unit_test(test_nested_buffers),
      cmocka_unit_test(test_every_allocation_fails_once),
      cmocka_unit_test(test_a_struct_alone),
      cmocka_unit_test(test_no_room_for_a_struct),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
