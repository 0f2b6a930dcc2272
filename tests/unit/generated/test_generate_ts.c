/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TypeScript generator: its text for a small schema, letter by letter; the same again, and from
 * a `.bfbs`; imports and names; no memory at the n-th allocation. What the code does, and that tsc
 * finds nothing in it, is shown by tests/interop.
 *
 * With ZEROWIRE_UPDATE_EXPECTED set, small_expected.ts is written anew.
 */
#include "generate_fixture.h"

#define EXPECTED ZEROWIRE_TEST_DATA "/generated/small_expected.ts"

static void test_expected_text(void **state) {
  (void)state;
  static char expected[1 << 16];
  zw_text text = code_of(ZW_LANGUAGE_TS, "generated/small");
  zw_str code = zw_text_str(&text); /* behind its suffix */
  size_t head = strlen("==== _generated.ts\n");
  code = (zw_str){code.ptr + head, code.len - head};
  FILE *file = fopen(EXPECTED, getenv("ZEROWIRE_UPDATE_EXPECTED") ? "w+" : "r");
  assert_non_null(file);
  if (getenv("ZEROWIRE_UPDATE_EXPECTED")) {
    fwrite(code.ptr, 1, code.len, file);
    rewind(file);
  }
  size_t len = fread(expected, 1, sizeof expected, file);
  fclose(file);
  if (len != code.len || memcmp(expected, code.ptr, len) != 0)
    fail_msg(
        "the generated code has changed. Look at it, then run with ZEROWIRE_UPDATE_EXPECTED=1");
  zw_text_deinit(&text);
}

static void test_same_again(void **state) {
  (void)state;
  assert_same_again(ZW_LANGUAGE_TS);
}

static void test_from_bfbs(void **state) {
  (void)state;
  assert_from_bfbs(ZW_LANGUAGE_TS);
}

/* Only files whose declarations are named are imported; words of the language get an underscore. */
static void test_names(void **state) {
  (void)state;
  zw_text text = code_of(ZW_LANGUAGE_TS, "languages/constructs");
  assert_non_null(strstr(text.ptr, "import * as constructs_base from "
                                   "'./constructs_base_generated.js';\n"));
  assert_non_null(strstr(text.ptr, "  constructor_(): number {"));
  assert_non_null(strstr(text.ptr, "  bb_(): number {"));
  assert_non_null(strstr(text.ptr, "  greeting(): string;"));
  assert_null(strstr(text.ptr, "addOld("));
  assert_non_null(strstr(text.ptr, ", 'old', zw.int32)"));
  zw_text_deinit(&text);
  text = code_of(ZW_LANGUAGE_TS, "generated/small");
  assert_null(strstr(text.ptr, "zerowire_generated"));
  zw_text_deinit(&text);
}

static void test_no_memory(void **state) {
  (void)state;
  assert_no_memory(ZW_LANGUAGE_TS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_expected_text), cmocka_unit_test(test_same_again),
      cmocka_unit_test(test_from_bfbs),     cmocka_unit_test(test_names),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
