/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small buffer cannot become a text without end: what is written of it is counted whenever it is
 * written. For each kind of field the number of rows is sought from which on the budget is spent.
 */
#include "shared_rows.h"
#include "zerowire/reflect.h"

typedef struct write_case {
  const char *name;
  shared_rows rows;
  uint64_t octets; /* of a row */
} write_case;

static const write_case cases[] = {
    {"numbers", {NUMBER, 256, 256, false}, 256},
    {"structs", {NUMBER, 2, 2, true}, 1 + LARGE},
    {"strings", {TEXT, 8, 8, false}, 8 * (1 + LENGTH)},
    {"vectors of strings", {TEXTS, 2, 2, false}, 2 * (1 + LENGTH * (4 + LENGTH))},
    {"vectors of enums", {COLORS, 3, 3, false}, 3 * (1 + LENGTH)},
    {"nested buffers", {NESTED, 8, 8, false}, 8 * (1 + 12)},
    {"FlexBuffers", {FLEX, 8, 8, false}, 8 * (1 + 12 + 3)},
    {"absent unions", {UNIONS, 2, 2, false}, 1 + LENGTH + 1 + 5 * LENGTH},
};

/* A sink that counts. */
typedef struct counting_writer {
  zw_token_writer writer; /* first */
  uint64_t tokens;
} counting_writer;

static int count_token(zw_token_writer *writer, const zw_token *token) {
  (void)token;
  ((counting_writer *)writer)->tokens++;
  return 0;
}

/* Whether the list is written whole; that it should be follows from the lengths. */
static bool is_written(const write_case *c, size_t rows) {
  counting_writer sink = {.writer = {.write = count_token}};
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_span bytes = rows_build(&c->rows, rows, &b);
  int e = zw_object_write(&list, zw_root_trusted(bytes), 0, &sink.writer);
  uint64_t budget = 16 * (uint64_t)bytes.len + (1u << 18), work = 1 + rows * (4 + c->octets);
  zw_builder_deinit(&b);
  if (e != (work > budget ? ZW_ELIMIT : 0)) fail_msg("%s, %zu rows: %d", c->name, rows, e);
  /* Each octet that was paid for is a few tokens at most. */
  assert_true(sink.tokens <= 4 * budget + 8);
  return e == 0;
}

static void test_what_is_shared_is_written_so_often(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    size_t most = 1, above = 1 << 15;
    rows_describe(&cases[i].rows);
    assert_true(is_written(&cases[i], most));
    assert_false(is_written(&cases[i], above));
    while (above - most > 1) {
      size_t middle = (most + above) / 2;
      *(is_written(&cases[i], middle) ? &most : &above) = middle;
    }
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_shared_is_written_so_often),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
