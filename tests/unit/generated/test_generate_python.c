/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Python generator: the same text again, and from a `.bfbs`; names that are taken, references
 * to other files, defaults; no memory at the n-th allocation. What the code does is shown by
 * tests/interop/test_python.py.
 */
#include "generate_fixture.h"

static void test_same_again(void **state) {
  (void)state;
  assert_same_again(ZW_LANGUAGE_PYTHON);
}

static void test_from_bfbs(void **state) {
  (void)state;
  assert_from_bfbs(ZW_LANGUAGE_PYTHON);
}

static void test_text(void **state) {
  (void)state;
  static const char *const parts[] = {
      "_m = _fb.Module(__name__, 1, \"" ZW_VERSION_STRING "\", \"",
      "    None_ = 0\n",
      "class Flags(_enum.IntFlag):\n",
      "    Last = 9223372036854775808\n",
      "7: \"constructs_base_generated:Thing\", 20: \"Mixed\", 22: \"string\"})\n",
      "    Two lines */ and \\\"\\\"\\\" a bait \\\\ of quotes.\"\"\"\n",
      "    _F(\"not_a_number\", 11, \"double\", _nan),\n",
      "    _F(\"infinite\", 12, \"float\", -_inf),\n",
      "\"string\", preset=\"say \\\"hi\\\" \u00e9?\")",
      "    _F(\"class\", 1, \"string\", symbol=\"class_\"),\n",
      "    _F(\"__init__\", 7, \"int\", 0, symbol=\"__init____\"),\n",
      "type=\"Leaf\", root=\"nested_root\"),\n",
      "), b\"\\x5a\\x57\\x45\\x56\")\n",
      "_m.ready(\"constructs_base_generated\", )\n",
      "==== _generated.pyi\n",
      "    def find(self, value: _py.int) -> None: ...\n",
  };
  zw_text text = code_of(ZW_LANGUAGE_PYTHON, "languages/constructs");
  zw_text_add(&text, "", 1);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (!strstr(text.ptr, parts[i])) fail_msg("there is no %s", parts[i]);
  assert_non_null(strstr(text.ptr, "    _F(\"old\", 69, \"int\", 0, deprecated=True),\n"));
  assert_null(strstr(text.ptr, "\"old\", \""));
  zw_text_deinit(&text);
}

static void test_no_memory(void **state) {
  (void)state;
  assert_no_memory(ZW_LANGUAGE_PYTHON);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_again),
      cmocka_unit_test(test_from_bfbs),
      cmocka_unit_test(test_text),
      cmocka_unit_test(test_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
