/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The budgets of verification bound its work: what each kind of field costs is counted exactly, on
 * buffers in which a vector refers to one and the same row ROWS times. A limit of so many offsets
 * accepts the buffer, one less refuses it. Octets beyond their own budget count 64 an offset.
 */
#include "shared_rows.h"

enum { ROWS = 1000 };

typedef struct budget_case {
  const char *name;
  shared_rows rows;
  uint32_t flags;
  uint64_t offsets, octets; /* of a row */
} budget_case;

static const budget_case cases[] = {
    {"numbers", {NUMBER, 8, 8, false}, 0, 0, 0},
    {"enums", {NUMBER, 8, 8, false}, ZW_VERIFY_ENUMS, 0, 4 * 8},
    {"two blocks", {NUMBER, 9, 9, false}, 0, 0, 4 * 2},
    {"32 blocks", {NUMBER, 256, 256, false}, 0, 0, 4 * 32},
    {"32 blocks of enums", {NUMBER, 256, 256, false}, ZW_VERIFY_ENUMS, 0, 4 * 32 + 4 * 256},
    {"one of 32 blocks", {NUMBER, 256, 1, false}, 0, 0, 4 + 31 / 2},
    {"none of 1,250 blocks", {NUMBER, 10000, 0, false}, 0, 0, 625},
    {"blocks at any address", {NUMBER, 256, 256, false}, ZW_VERIFY_UNALIGNED, 0, 16 * 32},
    {"blocks of large tables", {NUMBER, 16, 16, true}, 0, 0, 16 * 2},
    {"strings", {TEXT, 8, 8, false}, 0, 8, 0},
    {"UTF-8", {TEXT, 8, 8, false}, ZW_VERIFY_UTF8, 8, 8 * LENGTH},
    {"vectors of strings", {TEXTS, 2, 2, false}, 0, 2 * (1 + LENGTH), 0},
    {"vectors of UTF-8", {TEXTS, 1, 1, false}, ZW_VERIFY_UTF8, 1 + LENGTH, LENGTH *LENGTH},
    {"vectors of numbers", {COLORS, 3, 3, false}, 0, 3, 0},
    {"vectors of enums", {COLORS, 1, 1, false}, ZW_VERIFY_ENUMS, 1, 4 * LENGTH},
    {"nested buffers", {NESTED, 2, 2, false}, 0, 2 * 2, 0},
    {"FlexBuffers", {FLEX, 2, 2, false}, 0, 2, 0},
    {"absent unions", {UNIONS, 2, 2, false}, 0, 3, LENGTH},
};

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
    rows_describe(&c->rows);
    zw_span bytes = rows_build(&c->rows, ROWS, &b);
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
