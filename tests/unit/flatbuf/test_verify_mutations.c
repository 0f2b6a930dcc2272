/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Valid buffers of three schemas, broken in many ways: nothing may be accepted on which reading
 * every field traps, by the accessors or by reflection (the sanitizers watch), or whose copy is not
 * accepted or says something else. The sequence of mutations is the same in each run.
 */
#include "read_all.h"
#include "reflect_fixture.h"
#include "wide_fixture.h"
#include "wide_pack.h"

static uint64_t random_state;

static uint32_t next_random(void) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(random_state >> 33);
}

/* Words that lengths and offsets go wrong with. */
static uint32_t odd_word(void) {
  static const uint32_t words[] = {0,          1,          2,          3,      4,     8,
                                   0x7F,       0xFF,       0x100,      0xFFFF, 65532, 0x7FFFFFFF,
                                   0x80000000, 0xFFFFFFFC, 0xFFFFFFFF, 0x1000};
  return words[next_random() % (sizeof words / sizeof words[0])];
}

static void mutate(uint8_t *bytes, size_t len) {
  size_t at = next_random() % len;
  switch (next_random() % 5) {
    case 0: bytes[at] = (uint8_t)next_random(); break;
    case 1: bytes[at] ^= (uint8_t)(1u << next_random() % 8); break;
    case 2: bytes[at] = (uint8_t)(bytes[at] + next_random() % 9 - 4); break;
    case 3: zw_store_le32(bytes + (at < len - 4 ? at & ~(size_t)3 : 0), odd_word()); break;
    default: /* a piece of the buffer elsewhere */
      if (at + 8 <= len) memmove(bytes + at, bytes + next_random() % (len - 7), 8);
  }
}

static void try_unpacking(zw_table table) {
  zw_arena arena;
  zw_builder b;
  RT r;
  zw_arena_init(&arena, NULL);
  zw_builder_init(&b, NULL);
  int e = zw_unpack(&arena, &r_pack, table, &r);
  if (!e) e = zw_pack_root(&b, &r_pack, &r, (zw_str){NULL, 0}, NULL);
  /* Members that are not known do not pack. */
  assert_true(e == 0 || e == ZW_ELIMIT || e == ZW_EINVAL);
  zw_builder_deinit(&b);
  zw_arena_deinit(&arena);
}

/* How many were accepted; all are read and, if that is possible, printed. */
typedef struct tally {
  unsigned accepted, refused;
} tally;

static void try_buffer(const zw_type *type, const uint8_t *bytes, size_t len, bool print,
                       tally *to) {
  const zw_verify_options options = {
      .flags = next_random() &
               (ZW_VERIFY_UTF8 | ZW_VERIFY_ENUMS | ZW_VERIFY_NO_REQUIRED | ZW_VERIFY_UNALIGNED)};
  uint8_t *copy = malloc(len ? len : 1);
  read_all r = {0, 0};
  zw_table table;
  zw_text out;
  memcpy(copy, bytes, len);
  int e = zw_verify(type, zw_span_of(copy, len), &options, &table, NULL);
  to->refused += e != 0;
  to->accepted += e == 0;
  if (e == 0) read_table(type, table, &r);
  if (e == 0) assert_true(copy_is_same(type, table, &options));
  if (e == 0 && type == &wide_r) try_unpacking(table);
  zw_text_init(&out, NULL);
  if (e == 0 && print) (void)!zw_json_print(type, table, ZW_OBJECT_DEFAULTS, 0, &out);
  zw_text_deinit(&out);
  free(copy);
}

static void try_mutations(const zw_type *type, zw_span good, unsigned count, bool print) {
  uint8_t *bytes = malloc(good.len);
  tally to = {0, 0};
  random_state = good.len;
  for (unsigned i = 0; i < count; i++) {
    memcpy(bytes, good.ptr, good.len);
    for (unsigned k = 1 + next_random() % 4; k; k--) mutate(bytes, good.len);
    size_t len = next_random() % 8 ? good.len : next_random() % (good.len + 1);
    try_buffer(type, bytes, len, print, &to);
  }
  free(bytes);
  /* Of both there are many, or the mutations say nothing. */
  assert_true(to.accepted > count / 50);
  assert_true(to.refused > count / 50);
}

static const char thing[] =
    "{id:\"v\",tags:[\"a\",\"bc\"],numbers:[1,-2],kinds:[0,5],points:[{x:1,y:2,tag:[1,2]}],"
    "cells:[{id:1,value:2},{id:3,value:4}],items:[{name:\"y\"},{name:\"z\",count:3}],"
    "scalars:{flag:true,f64:1.5},data:[1,2,3],any_type:Leaf,any:{n:1},"
    "several_type:[Leaf,Place,Words],several:[{n:2},{x:1,y:2,tag:[1,2]},\"w\"],"
    "child:{id:\"m\",nested:{name:\"in\"},child:{id:\"n\"}},line:{from:{x:1,y:2,tag:[1,2]},kind:5}"
    "}";

static void test_objects(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/objects.bfbs");
  zw_builder b;
  zw_span bytes;
  zw_diag diag = {0};
  zw_builder_init(&b, NULL);
  if (zw_json_parse(schema->root, zw_str_of(thing), 0, 0, &b, &bytes, &diag))
    fail_msg("%s", diag.message);
  try_mutations(schema->root, bytes, 20000, true);
  zw_builder_deinit(&b);
  zw_schema_destroy(schema);
}

static void test_wide_offsets_and_unions(void **state) {
  size_t len;
  (void)state;
  uint8_t *bytes = wide_load("wide.bin", &len);
  try_mutations(&wide_r, zw_span_of(bytes, len), 20000, false);
  free(bytes);
}

/* A compiled schema is a buffer like others. */
static void test_compiled_schemas(void **state) {
  (void)state;
  zw_schema *schema = fixture_load("reflect/model.bfbs");
  try_mutations(zw_reflection_root(), schema->bfbs, 3000, true);
  zw_schema_destroy(schema);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_objects),
      cmocka_unit_test(test_wide_offsets_and_unions),
      cmocka_unit_test(test_compiled_schemas),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
