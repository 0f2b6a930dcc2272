/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of generated code build with: two builders and an arena, for a group of tests. */
#ifndef ZEROWIRE_BUILDERS_FIXTURE_H
#define ZEROWIRE_BUILDERS_FIXTURE_H

#include "cmocka_base.h"
#include "zerowire/flatbuf.h"

static zw_builder builder, other;
static zw_arena arena;

static int set_up(void **state) {
  (void)state;
  zw_builder_init(&builder, NULL);
  zw_builder_init(&other, NULL);
  zw_arena_init(&arena, NULL);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  zw_arena_deinit(&arena);
  zw_builder_deinit(&other);
  zw_builder_deinit(&builder);
  return 0;
}

#endif
