/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How tables are laid out: tables of fields by chance, of every size and alignment, some inside
 * others that are still open, beside a model that keeps the fields in an array; and how large a
 * table may be.
 */
#include "cmocka_base.h"

#include "zerowire/flatbuf.h"

#define ABSENT ((zw_str){NULL, 0})
#define FIELDS_MAX 40
#define CHILD FIELDS_MAX /* the id of the table inside */
#define DEPTH 3
#define ROUNDS 3000

/* ---- by chance ---- */

static uint32_t chance_state;
static uint32_t chance(uint32_t below) {
  chance_state = chance_state * 1664525 + 1013904223;
  return (chance_state >> 8) % below;
}

typedef struct model_field {
  unsigned id;
  uint32_t size, align; /* 0 octets: a reference to the text */
  uint8_t octets[96];
} model_field;

typedef struct model {
  model_field fields[FIELDS_MAX];
  unsigned count;
} model;

static model by_chance(void) {
  model m = {.count = 0};
  for (unsigned id = 0; id < FIELDS_MAX && m.count < FIELDS_MAX; id += 1 + chance(4)) {
    model_field *f = &m.fields[m.count++];
    f->id = id;
    f->align = 1u << chance(6);
    f->size = chance(8) ? f->align * (1 + chance(3)) : 0;
    for (uint32_t i = 0; i < f->size; i++) f->octets[i] = (uint8_t)(1 + chance(255));
  }
  for (unsigned i = m.count; i-- > 1;) {
    unsigned other = chance(i + 1);
    model_field kept = m.fields[i];
    m.fields[i] = m.fields[other];
    m.fields[other] = kept;
  }
  return m;
}

static void add(zw_builder *b, const model_field *f, zw_ref text) {
  if (f->size == 0)
    zw_builder_add_ref(b, f->id, text);
  else if (f->size == 8 && f->align == 8)
    zw_builder_add_u64(b, f->id, zw_load_le64(f->octets), 0);
  else if (f->size == 4 && f->align == 4)
    zw_builder_add_i32(b, f->id, (int32_t)zw_load_le32(f->octets), 0);
  else if (f->size == 2 && f->align == 2)
    zw_builder_add_u16(b, f->id, zw_load_le16(f->octets), 0);
  else if (f->size == 1)
    zw_builder_add_i8(b, f->id, (int8_t)f->octets[0], 0);
  else
    zw_builder_add_struct(b, f->id, f->octets, f->size, f->align);
}

/* The fields hold what the model says, and between them is nothing. */
static void compare(const model *m, zw_table t) {
  uint32_t inside = 4 + (zw_table_has(t, CHILD) ? 4 : 0);
  for (unsigned i = 0; i < m->count; i++) {
    const model_field *f = &m->fields[i];
    const uint8_t *at = zw_table_slot(t, f->id);
    assert_non_null(at);
    inside += f->size ? f->size : 4;
    if (f->size == 0) {
      assert_true(zw_str_eq(zw_table_str(t, f->id), ZW_STR("text")));
      continue;
    }
    assert_memory_equal(at, f->octets, f->size);
    assert_int_equal((size_t)(at - (t.ptr - t.pos)) % f->align, 0);
  }
  const uint8_t *vtable = t.ptr - (int32_t)zw_load_le32(t.ptr);
  assert_int_equal(zw_load_le16(vtable + 2), inside);
  unsigned present = 0;
  for (unsigned id = 0; id < FIELDS_MAX; id++) present += zw_table_has(t, id);
  assert_int_equal(present, m->count);
}

/* Fields of a table in two halves, with the tables below it built in between. */
static zw_ref build(zw_builder *b, const model *models, unsigned depth, zw_ref text) {
  const model *m = &models[depth];
  unsigned half = m->count / 2;
  zw_builder_table_start(b);
  for (unsigned i = 0; i < half; i++) add(b, &m->fields[i], text);
  if (depth + 1 < DEPTH) zw_builder_add_ref(b, CHILD, build(b, models, depth + 1, text));
  for (unsigned i = half; i < m->count; i++) add(b, &m->fields[i], text);
  return zw_builder_table_end(b);
}

static void test_by_chance(void **state) {
  (void)state;
  static model models[DEPTH];
  zw_builder b;
  zw_builder_init(&b, NULL);
  for (uint32_t round = 0; round < ROUNDS; round++) {
    zw_span bytes;
    chance_state = round;
    zw_builder_reset(&b);
    for (unsigned depth = 0; depth < DEPTH; depth++) models[depth] = by_chance();
    zw_ref text = zw_builder_string(&b, ZW_STR("text"));
    assert_int_equal(zw_builder_finish(&b, build(&b, models, 0, text), ABSENT, &bytes), 0);
    zw_table t = zw_root_trusted(bytes);
    for (unsigned depth = 0; depth < DEPTH; depth++, t = zw_table_table(t, CHILD))
      compare(&models[depth], t);
    assert_null(t.ptr);
  }
  zw_builder_deinit(&b);
}

/* ---- how large a table may be ---- */

typedef struct row {
  uint32_t count, size, align; /* structs */
  uint32_t more;               /* octets of one more, of alignment 1; 0: none */
  int error;
} row;

static void test_the_largest(void **state) {
  static const row rows[] = {
      {1, 65531, 1, 0, 0},           {1, 65532, 1, 0, ZW_ELIMIT},
      {1, 65536, 1, 0, ZW_ELIMIT},   {2, 32765, 1, 1, 0},
      {2, 32765, 1, 2, ZW_ELIMIT},   {1, 65504, 32, 27, 0},
      {1, 65504, 32, 28, ZW_ELIMIT}, {4095, 16, 16, 11, 0},
      {4095, 16, 16, 12, ZW_ELIMIT}, {8191, 8, 8, 3, 0},
      {8191, 8, 8, 4, ZW_ELIMIT},    {16382, 4, 4, 3, 0},
      {16382, 4, 4, 4, ZW_ELIMIT},   {32764, 2, 2, 3, 0},
      {32764, 2, 2, 4, ZW_ELIMIT},   {32765, 1, 1, 0, 0},
      {32765, 1, 1, 1, ZW_EINVAL}, /* no id is left */
  };
  static uint8_t octets[65536];
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const row *r = &rows[i];
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_builder_table_start(&b);
    for (uint32_t id = 0; id < r->count; id++) {
      octets[0] = (uint8_t)id;
      zw_builder_add_struct(&b, id, octets, r->size, r->align);
    }
    if (r->more) zw_builder_add_struct(&b, r->count, octets, r->more, 1);
    assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), ABSENT, &bytes), r->error);
    for (uint32_t id = 0; !r->error && id < r->count; id += 1 + id / 8)
      assert_int_equal(*zw_table_struct(zw_root_trusted(bytes), id), (uint8_t)id);
    zw_builder_deinit(&b);
  }
}

/* Tables of one octet, with any id, right before a struct whose octets are any number: nothing but
 * the table and its vtable is written. */
static void test_what_lies_behind_stays(void **state) {
  static const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8};
  (void)state;
  for (unsigned id = 0; id < 12; id++) {
    for (uint32_t size = 1; size <= sizeof octets; size++) {
      zw_builder b;
      zw_span bytes;
      zw_builder_init(&b, NULL);
      zw_ref behind = zw_builder_struct(&b, octets, size, 1);
      zw_builder_table_start(&b);
      zw_builder_add_u8(&b, id, 9, 0);
      assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), ABSENT, &bytes), 0);
      assert_int_equal(zw_table_u8(zw_root_trusted(bytes), id, 0), 9);
      assert_memory_equal(bytes.ptr + bytes.len - behind, octets, size);
      zw_builder_deinit(&b);
    }
  }
}

/* An offset leads to what was built before, not to the table itself or what comes later. */
static void test_references_lead_back(void **state) {
  (void)state;
  for (uint32_t beyond = 0; beyond < 3; beyond++) {
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_ref text = zw_builder_string(&b, ZW_STR("text"));
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, 0, beyond == 0 ? text : beyond == 1 ? text + 100 : INT32_MAX);
    int e = zw_builder_finish(&b, zw_builder_table_end(&b), ABSENT, &bytes);
    assert_int_equal(e, beyond ? ZW_EINVAL : 0);
    zw_builder_deinit(&b);
  }
}

static void test_wide_references_lead_back(void **state) {
  (void)state;
  for (uint64_t beyond = 0; beyond < 3; beyond++) {
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_ref64 text = zw_builder_string64(&b, ZW_STR("text"));
    zw_builder_table_start(&b);
    zw_builder_add_ref64(&b, 0, beyond == 0 ? text : beyond == 1 ? text + 100 : UINT64_MAX);
    int e = zw_builder_finish(&b, zw_builder_table_end(&b), ABSENT, &bytes);
    assert_int_equal(e, beyond ? ZW_EINVAL : 0);
    zw_builder_deinit(&b);
  }
}

static void test_roots_lead_back(void **state) {
  (void)state;
  for (uint32_t beyond = 0; beyond < 2; beyond++) {
    zw_builder b;
    zw_span bytes;
    zw_builder_init(&b, NULL);
    zw_builder_table_start(&b);
    zw_ref root = zw_builder_table_end(&b);
    assert_int_equal(zw_builder_finish(&b, root + 100 * beyond, ABSENT, &bytes),
                     beyond ? ZW_EINVAL : 0);
    assert_true((bytes.ptr == NULL) == (beyond != 0));
    zw_builder_deinit(&b);
  }
}

static void test_alignments_of_structs(void **state) {
  static const struct {
    size_t size, align;
    int error;
  } cases[] = {{0, 1, 0},         {3, 1, 0},           {64, 32, 0},       {8, 0, ZW_EINVAL},
               {6, 3, ZW_EINVAL}, {64, 64, ZW_EINVAL}, {6, 4, ZW_EINVAL}, {8, SIZE_MAX, ZW_EINVAL}};
  static const uint8_t octets[64];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    zw_builder alone, inside;
    zw_builder_init(&alone, NULL);
    zw_builder_init(&inside, NULL);
    zw_builder_struct(&alone, octets, cases[i].size, cases[i].align);
    zw_builder_table_start(&inside);
    zw_builder_add_struct(&inside, 0, octets, cases[i].size, cases[i].align);
    assert_int_equal(alone.error, cases[i].error);
    assert_int_equal(inside.error, cases[i].error);
    zw_builder_deinit(&alone);
    zw_builder_deinit(&inside);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_by_chance),
      cmocka_unit_test(test_the_largest),
      cmocka_unit_test(test_what_lies_behind_stays),
      cmocka_unit_test(test_references_lead_back),
      cmocka_unit_test(test_wide_references_lead_back),
      cmocka_unit_test(test_roots_lead_back),
      cmocka_unit_test(test_alignments_of_structs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
