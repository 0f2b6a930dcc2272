/* SPDX-License-Identifier: Apache-2.0 */
/* The n-th allocation fails, for all n: ZW_ENOMEM, nothing leaks. */
#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/schema.h"

static const char good[] = "include \"zerowire.fbs\"; namespace a.b; attribute \"x\";\n"
                           "/// doc\nenum E: ubyte (bit_flags) { A, B (x: 5) }\n"
                           "struct S { a: [ubyte:3]; e: [uint:2]; }\n"
                           "table T (map: \"t\", primary: \"k\") { k: string; u: U; s: S; d: "
                           "string = \"x\"; v: [T]; e: E = \"A B\"; f: double = 1.5; }\n"
                           "union U { T, W: string }\n"
                           "rpc_service R (type: \"interface\", wampuri: \"a.b\") { m(T): Void "
                           "(type: \"topic\", history); }\n"
                           "root_type T;";

static const char bad[] =
    "table T { a: Nothing; a: int (x); b: strin = 5; } enum E: int { A, A } table T { }";
static const char broken[] = "table T { a: int\n b: ; table U { } include \"x\"; }";

static void check(const char *text, int expected) {
  for (unsigned n = 1;; n++) {
    counting_alloc a;
    zw_compiled *c;
    zw_diag diag;
    counting_alloc_init(&a, n);
    zw_compile_options options = {.size = sizeof options, .alloc = &a.alloc, .no_files = true};
    int error = zw_compile_text(&c, "text.fbs", zw_str_of(text), &options, &diag);
    assert_int_equal(error, a.failed ? ZW_ENOMEM : expected);
    if (a.failed) assert_null(c);
    zw_compiled_destroy(c);
    assert_int_equal(a.live, 0);
    if (!a.failed) break;
  }
}

static void a_good_schema(void **state) {
  (void)state;
  check(good, 0);
}

static void a_schema_with_findings(void **state) {
  (void)state;
  check(bad, ZW_ESCHEMA);
  check(broken, ZW_ESYNTAX);
}

static void a_compiled_schema(void **state) {
  (void)state;
  zw_compiled *c;
  zw_diag diag;
  assert_int_equal(zw_compile_text(&c, "text.fbs", zw_str_of(good), NULL, &diag), 0);
  zw_str bfbs = zw_span_str(zw_compiled_bfbs(c));
  for (unsigned n = 1;; n++) {
    counting_alloc a;
    zw_compiled *again;
    counting_alloc_init(&a, n);
    zw_compile_options options = {.size = sizeof options, .alloc = &a.alloc};
    int error = zw_compile_text(&again, "text.bfbs", bfbs, &options, &diag);
    assert_int_equal(error, a.failed ? ZW_ENOMEM : 0);
    zw_compiled_destroy(again);
    assert_int_equal(a.live, 0);
    if (!a.failed) break;
  }
  zw_compiled_destroy(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_good_schema),
      cmocka_unit_test(a_schema_with_findings),
      cmocka_unit_test(a_compiled_schema),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
