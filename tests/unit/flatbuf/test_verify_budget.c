/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The budgets of verification bound its work: what each kind of field costs is counted exactly, on
 * buffers in which a vector refers to one and the same row ROWS times. A limit of so many offsets
 * accepts the buffer, one less refuses it. Octets beyond their own budget count 64 an offset.
 */
#include "reflect_fixture.h"
#include "slots.h"

enum { ROWS = 1000, FIELDS_MAX = 10000, LARGE = 32800, LENGTH = 100 };
enum kind { NUMBER, TEXT, TEXTS, COLORS, NESTED, UNIONS };

/* A row of `fields` fields of one kind, the first `present` of which are there. LENGTH octets,
 * elements or offsets are in what they refer to. */
typedef struct budget_case {
  const char *name;
  enum kind kind;
  unsigned fields, present;
  bool large; /* the row has a struct of more than 32 KiB in its last field */
  uint32_t flags;
  uint64_t offsets, octets; /* of a row */
} budget_case;

static const budget_case cases[] = {
    {"numbers", NUMBER, 8, 8, false, 0, 0, 0},
    {"enums", NUMBER, 8, 8, false, ZW_VERIFY_ENUMS, 0, 4 * 8},
    {"two blocks", NUMBER, 9, 9, false, 0, 0, 4 * 2},
    {"32 blocks", NUMBER, 256, 256, false, 0, 0, 4 * 32},
    {"32 blocks of enums", NUMBER, 256, 256, false, ZW_VERIFY_ENUMS, 0, 4 * 32 + 4 * 256},
    {"one of 32 blocks", NUMBER, 256, 1, false, 0, 0, 4 + 31 / 2},
    {"none of 1,250 blocks", NUMBER, 10000, 0, false, 0, 0, 625},
    {"blocks at any address", NUMBER, 256, 256, false, ZW_VERIFY_UNALIGNED, 0, 16 * 32},
    {"blocks of large tables", NUMBER, 16, 16, true, 0, 0, 16 * 2},
    {"strings", TEXT, 8, 8, false, 0, 8, 0},
    {"UTF-8", TEXT, 8, 8, false, ZW_VERIFY_UTF8, 8, 8 * LENGTH},
    {"vectors of strings", TEXTS, 2, 2, false, 0, 2 * (1 + LENGTH), 0},
    {"vectors of UTF-8", TEXTS, 1, 1, false, ZW_VERIFY_UTF8, 1 + LENGTH, LENGTH *LENGTH},
    {"vectors of numbers", COLORS, 3, 3, false, 0, 3, 0},
    {"vectors of enums", COLORS, 1, 1, false, ZW_VERIFY_ENUMS, 1, 4 * LENGTH},
    {"nested buffers", NESTED, 2, 2, false, 0, 2 * 2, 0},
    {"absent unions", UNIONS, 2, 2, false, 0, 3, LENGTH},
};

static const zw_enum_value color_values[] = {{.name = {"A", 1}, .value = 1}};
static const zw_enum_type color = {
    .name = {"Color", 5}, .values = color_values, .value_count = 1, .base = ZW_T_UBYTE};
static const zw_enum_value any_values[] = {{.name = {"NONE", 4}, .value = 0}};
static const zw_enum_type any = {.name = {"Any", 3},
                                 .values = any_values,
                                 .value_count = 1,
                                 .base = ZW_T_UTYPE,
                                 .is_union = true};
static const zw_type large = {.name = {"Large", 5}, .is_struct = true, .align = 1, .size = LARGE};

/* ---- descriptors: a list of rows, made for each case ---- */

static zw_field fields[FIELDS_MAX];
static zw_slots slots[FIELDS_MAX / ZW_SLOTS_LANES];
static zw_type row = {.name = {"Row", 3}, .fields = fields, .slots = slots, .align = 1};
static const zw_field list_fields[] = {
    {.name = {"rows", 4}, .base = ZW_T_VECTOR, .element = ZW_T_OBJ, .type = &row}};
static zw_slots list_slots[1];
static const zw_type list = {
    .name = {"List", 4}, .fields = list_fields, .slots = list_slots, .field_count = 1, .align = 1};

static zw_field field_of(const budget_case *c, unsigned id) {
  zw_field f = {.name = {"field", 5}, .id = (uint16_t)id, .base = ZW_T_VECTOR};
  switch (c->kind) {
    case NUMBER: f.base = ZW_T_UBYTE, f.enum_type = &color; break;
    case TEXT: f.base = ZW_T_STRING; break;
    case TEXTS: f.element = ZW_T_STRING; break;
    case COLORS: f.element = ZW_T_UBYTE, f.enum_type = &color; break;
    case NESTED: f.element = ZW_T_UBYTE, f.type = &list, f.flags = ZW_F_NESTED; break;
    case UNIONS: f.element = id % 2 ? ZW_T_UNION : ZW_T_UTYPE, f.enum_type = &any; break;
  }
  return f;
}

static void describe(const budget_case *c) {
  for (unsigned i = 0; i < c->fields; i++) fields[i] = field_of(c, i);
  if (c->large)
    fields[c->fields - 1] = (zw_field){
        .name = {"large", 5}, .id = (uint16_t)(c->fields - 1), .base = ZW_T_OBJ, .type = &large};
  row.field_count = (uint16_t)c->fields;
  for (unsigned i = 0; i < zw_slots_blocks(c->fields); i++) zw_slots_make(&row, i, &slots[i]);
  zw_slots_make(&list, 0, list_slots);
}

/* ---- buffers ---- */

static zw_ref shared_object(const budget_case *c, zw_builder *b, bool odd) {
  static const uint8_t empty_list[] = {8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0};
  uint8_t octets[LENGTH];
  zw_ref refs[LENGTH];
  memset(octets, c->kind == UNIONS ? 0 : 1, sizeof octets);
  if (c->kind == NESTED) return zw_builder_nested(b, zw_span_of(empty_list, sizeof empty_list));
  if (c->kind == COLORS || (c->kind == UNIONS && !odd))
    return zw_builder_vector(b, octets, sizeof octets, 1, 1);
  zw_ref text = zw_builder_string(b, (zw_str){(const char *)octets, sizeof octets});
  for (unsigned i = 0; i < LENGTH; i++) refs[i] = text;
  return c->kind == TEXT ? text : zw_builder_refs(b, refs, LENGTH);
}

static zw_ref build_row(const budget_case *c, zw_builder *b) {
  static const uint8_t octets[LARGE];
  zw_ref even = 0, odd = 0;
  if (c->kind != NUMBER) even = odd = shared_object(c, b, false);
  if (c->kind == UNIONS) odd = shared_object(c, b, true);
  zw_builder_table_start(b);
  for (unsigned i = 0; i < c->present; i++) {
    if (c->large && i == c->fields - 1)
      zw_builder_add_struct(b, i, octets, sizeof octets, 1);
    else if (c->kind == NUMBER)
      zw_builder_add_u8(b, i, 1, 0);
    else
      zw_builder_add_ref(b, i, i % 2 ? odd : even);
  }
  return zw_builder_table_end(b);
}

static zw_span build(const budget_case *c, zw_builder *b) {
  zw_ref rows[ROWS];
  zw_span bytes;
  zw_ref one = build_row(c, b);
  for (unsigned i = 0; i < ROWS; i++) rows[i] = one;
  zw_ref vector = zw_builder_refs(b, rows, ROWS);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, vector);
  assert_int_equal(zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes), 0);
  return bytes;
}

static int verify(const budget_case *c, zw_span bytes, uint64_t offsets_max) {
  const zw_verify_options options = {.flags = c->flags, .offsets_max = offsets_max};
  zw_diag diag = {0};
  int error = zw_verify(&list, bytes, &options, NULL, &diag);
  if (error != 0 && error != ZW_ELIMIT) fail_msg("%s: %s", c->name, diag.message);
  return error;
}

/* ---- the tests ---- */

/* The least limit that a buffer of this length is accepted with. */
static uint64_t limit_of(const budget_case *c, size_t len) {
  uint64_t offsets = 2 + ROWS * (1 + c->offsets), octets = ROWS * c->octets;
  uint64_t own = 16 * (uint64_t)len + 4096, for_octets = octets > own ? (octets + 63) / 64 : 0;
  return offsets > for_octets ? offsets : for_octets;
}

static void test_what_a_row_costs(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const budget_case *c = &cases[i];
    zw_builder b;
    zw_builder_init(&b, NULL);
    describe(c);
    zw_span bytes = build(c, &b);
    uint64_t limit = limit_of(c, bytes.len), preset = bytes.len / 4 + 64;
    if (verify(c, bytes, limit)) fail_msg("%s: costs more", c->name);
    if (!verify(c, bytes, limit - 1)) fail_msg("%s: costs less", c->name);
    assert_int_equal(verify(c, bytes, 0), limit > preset ? ZW_ELIMIT : 0);
    assert_int_equal(verify(c, bytes, UINT64_MAX), 0);
    zw_builder_deinit(&b);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_a_row_costs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
