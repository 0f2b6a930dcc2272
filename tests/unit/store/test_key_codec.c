/* SPDX-License-Identifier: Apache-2.0 */
/* Keys sort as their values do: every type, both directions, compound, against random values. */
#include <math.h>

#include "store_fixture.h"
#include "store_state.h"

enum { YES, I8, U8, I16, U16, I32, U32, I64, U64, F32, F64, TEXT, OCTETS, UUID, FIELDS };
static const char *const names[FIELDS] = {"yes", "i8",  "u8",  "i16", "u16",  "i32",    "u32",
                                          "i64", "u64", "f32", "f64", "text", "octets", "uuid"};

static zw_schema *schema;
static const zw_type *scalars;

static int load(void **state) {
  (void)state;
  zw_diag diag = {0};
  if (zw_schema_load(&schema, fixture_schema("store"), NULL, &diag)) fail_msg("%s", diag.message);
  scalars = zw_schema_type(schema, ZW_STR("test.Scalars"));
  return scalars ? 0 : -1;
}

static int unload(void **state) {
  (void)state;
  zw_schema_destroy(schema);
  return 0;
}

static zw_key_field key_field(int which, bool descending) {
  zw_key_field field = {.name = zw_str_of(names[which]), .depth = 1, .descending = descending};
  field.path[0] = zw_type_field(scalars, field.name);
  assert_non_null(field.path[0]);
  return field;
}

/* ---- random values, with the ends of each range among them ---- */

static uint64_t seed = 88172645463325252u;

static uint64_t random64(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static double random_double(bool narrow) {
  static const double ends[] = {0.0, -0.0, 1.0, -1.0, INFINITY, -INFINITY, 5e-324, 1e300, -1e300};
  uint64_t bits = random64();
  double d;
  memcpy(&d, &bits, sizeof d);
  if (isnan(d)) d = 0.5;
  if (random64() % 4 == 0) d = ends[random64() % 9];
  return narrow ? (double)(float)d : d;
}

static zw_key_value random_value(int which, char text[16]) {
  zw_key_value v = {.base = zw_type_field(scalars, zw_str_of(names[which]))->base};
  uint64_t bits = random64();
  /* Small numbers and the ends meet more often than chance has it. */
  if (bits % 3 == 0) bits = (uint64_t)((int64_t)(random64() % 7) - 3);
  if (bits % 11 == 0) bits = UINT64_C(1) << 63 | (random64() & 1);
  size_t size = zw_base_size((enum zw_base_type)v.base);
  if (which <= U64) {
    uint8_t raw[8];
    zw_store_le64(raw, which == YES ? bits & 1 : bits);
    v.scalar = zw_scalar_load(raw, (enum zw_base_type)v.base);
  } else if (which <= F64) {
    v.scalar.d = random_double(size == 4);
  } else {
    v.text = (zw_str){text, which == UUID ? 16 : random64() % 6};
    static const char alphabet[] = {0, 1, 'a', 'b', (char)0xFE, (char)0xFF};
    for (size_t i = 0; i < v.text.len; i++) text[i] = alphabet[random64() % 6];
  }
  return v;
}

/* ---- what the order has to be ---- */

static int sign(double a, double b) {
  if (a == b) return signbit(a) == signbit(b) ? 0 : signbit(a) ? -1 : 1;
  return a < b ? -1 : 1;
}

static int order(int which, const zw_key_value *a, const zw_key_value *b) {
  if (which == F32 || which == F64) return sign(a->scalar.d, b->scalar.d);
  if (which >= TEXT) {
    size_t len = a->text.len < b->text.len ? a->text.len : b->text.len;
    int c = len ? memcmp(a->text.ptr, b->text.ptr, len) : 0;
    if (c) return c < 0 ? -1 : 1;
    return a->text.len < b->text.len ? -1 : a->text.len > b->text.len;
  }
  if (zw_base_is_signed(a->base)) return a->scalar.i < b->scalar.i ? -1 : a->scalar.i > b->scalar.i;
  return a->scalar.u < b->scalar.u ? -1 : a->scalar.u > b->scalar.u;
}

/* As LMDB compares. */
static int key_order(const zw_key *a, const zw_key *b) {
  int c = memcmp(a->octets, b->octets, a->len < b->len ? a->len : b->len);
  if (c) return c < 0 ? -1 : 1;
  return a->len < b->len ? -1 : a->len > b->len;
}

static void single(void **state) {
  (void)state;
  for (int which = 0; which < FIELDS; which++)
    for (int i = 0; i < 4000; i++) {
      char text_a[16], text_b[16];
      zw_key_field field = key_field(which, i & 1);
      zw_key_def def = {.fields = &field, .field_count = 1};
      zw_key_value a = random_value(which, text_a), b = random_value(which, text_b);
      zw_key ka, kb;
      assert_int_equal(zw_key_from_values(&def, &a, 1, &ka, NULL), 0);
      assert_int_equal(zw_key_from_values(&def, &b, 1, &kb, NULL), 0);
      assert_int_equal(ka.len % 8, 0);
      int expected = order(which, &a, &b);
      if (key_order(&ka, &kb) != (field.descending ? -expected : expected))
        fail_msg("%s, round %d", names[which], i);
      assert_int_equal(zw_pad8(zw_key_skip(&def, ka.octets, ka.len)), ka.len);
    }
}

static void compound(void **state) {
  (void)state;
  for (int i = 0; i < 30000; i++) {
    zw_key_field fields[3];
    zw_key_value a[3], b[3];
    char text_a[3][16], text_b[3][16];
    zw_key ka, kb;
    int expected = 0;
    for (int j = 0; j < 3; j++) {
      int which = (int)(random64() % FIELDS);
      fields[j] = key_field(which, random64() & 1);
      a[j] = random_value(which, text_a[j]);
      b[j] = random64() % 3 ? a[j] : random_value(which, text_b[j]);
      if (!expected) expected = order(which, &a[j], &b[j]) * (fields[j].descending ? -1 : 1);
    }
    zw_key_def def = {.fields = fields, .field_count = 3};
    assert_int_equal(zw_key_from_values(&def, a, 3, &ka, NULL), 0);
    assert_int_equal(zw_key_from_values(&def, b, 3, &kb, NULL), 0);
    if (key_order(&ka, &kb) != expected) fail_msg("round %d", i);
    /* The beginning of a key is a prefix of it. */
    zw_key prefix;
    assert_int_equal(zw_key_from_values(&def, a, 2, &prefix, NULL), 0);
    assert_memory_equal(prefix.octets, ka.octets, prefix.len);
  }
}

static void nan_at_the_ends(void **state) {
  (void)state;
  zw_key_field field = key_field(F64, false);
  zw_key_def def = {.fields = &field, .field_count = 1};
  double in[4] = {copysign(NAN, -1), -INFINITY, INFINITY, copysign(NAN, 1)};
  zw_key keys[4];
  for (int i = 0; i < 4; i++) {
    zw_key_value v = {.base = ZW_T_DOUBLE, .scalar.d = in[i]};
    assert_int_equal(zw_key_from_values(&def, &v, 1, &keys[i], NULL), 0);
    if (i) assert_true(key_order(&keys[i - 1], &keys[i]) < 0);
  }
}

static void too_long(void **state) {
  (void)state;
  char text[600];
  zw_diag diag = {0};
  zw_key_field field = key_field(TEXT, false);
  zw_key_def def = {.fields = &field, .field_count = 1};
  memset(text, 'x', sizeof text);
  zw_key_value v = {.base = ZW_T_STRING, .text = {text, 502}};
  zw_key key;
  assert_int_equal(zw_key_from_values(&def, &v, 1, &key, &diag), 0);
  assert_int_equal(key.len, ZW_KEY_MAX);
  v.text.len = 503;
  assert_int_equal(zw_key_from_values(&def, &v, 1, &key, &diag), ZW_EKEY);
  assert_string_equal(diag.message,
                      "text makes a key of 512 octets; at most 504. Use a shorter value");
  text[0] = 0; /* takes two octets */
  v.text.len = 502;
  assert_int_equal(zw_key_from_values(&def, &v, 1, &key, &diag), ZW_EKEY);
}

static void wrong_values(void **state) {
  (void)state;
  zw_diag diag = {0};
  zw_key_field fields[2] = {key_field(TEXT, false), key_field(UUID, false)};
  zw_key_def def = {.fields = fields, .field_count = 2};
  zw_key key;
  zw_key_value v[3] = {{.base = ZW_T_STRING, .text = ZW_STR("a")},
                       {.base = ZW_T_OBJ, .text = ZW_STR("short")}};
  assert_int_equal(zw_key_from_values(&def, v, 2, &key, &diag), ZW_EKEY);
  assert_string_equal(diag.message, "uuid has 16 octets, not 5");
  assert_int_equal(zw_key_from_values(&def, v, 3, &key, &diag), ZW_EKEY);
  v[0].text = (zw_str){NULL, 0};
  assert_int_equal(zw_key_from_values(&def, v, 1, &key, &diag), ZW_EKEY);
  assert_string_equal(diag.message, "text is a key field and must be there");
  v[0].base = ZW_T_INT;
  assert_int_equal(zw_key_from_values(&def, v, 1, &key, &diag), ZW_EKEY);
}

/* Damaged keys are refused, not read past. */
static void skip_is_bounded(void **state) {
  (void)state;
  zw_key_field fields[2] = {key_field(TEXT, true), key_field(U64, false)};
  zw_key_def def = {.fields = fields, .field_count = 2};
  uint8_t octets[24];
  for (int i = 0; i < 20000; i++) {
    size_t len = random64() % sizeof octets;
    for (size_t j = 0; j < len; j++) octets[j] = random64() % 3 ? 0xFF : (uint8_t)random64();
    uint8_t *exact = malloc(len ? len : 1);
    memcpy(exact, octets, len);
    assert_true(zw_key_skip(&def, exact, len) <= len);
    free(exact);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(single),   cmocka_unit_test(compound),     cmocka_unit_test(nan_at_the_ends),
      cmocka_unit_test(too_long), cmocka_unit_test(wrong_values), cmocka_unit_test(skip_is_bounded),
  };
  return cmocka_run_group_tests(tests, load, unload);
}
