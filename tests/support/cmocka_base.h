/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka, with the headers that it wants before it, and comparisons of spans. */
#ifndef ZEROWIRE_TESTS_CMOCKA_BASE_H
#define ZEROWIRE_TESTS_CMOCKA_BASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "zerowire/base.h"

static inline void assert_text_equal(zw_str actual, const char *expected) {
  assert_int_equal(actual.len, strlen(expected));
  if (actual.len) assert_memory_equal(actual.ptr, expected, actual.len);
}

#endif
