/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile input of 128 kB: CPU time to the verdict, by generated descriptors and by those that are
 * loaded from a compiled schema, beside Google's C++ on the same octets. Each shape
 * (bench_hostile_shapes.c) makes one kind of work as frequent as the budget allows. The limit for a
 * FlatBuffer or a FlexBuffer is 10 ms; what JSON takes is parsed into a buffer, and shown.
 */
#include "bench_hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_measure.h"
#include "hostile_far_generated.h"
#include "hostile_generated.h"

#define ROUNDS 9
#define LIMIT_MS 10.0

static uint8_t octets[HOSTILE_OCTETS];
static zw_builder builder;

typedef int (*judge)(const hostile_shape *shape, const zw_type *root);

static const zw_type *generated_root(enum hostile_kind kind) {
  return (kind == HOSTILE_FAR ? &hostile_far_schema : &hostile_schema)->root;
}

static int ours(const hostile_shape *shape, const zw_type *root) {
  const zw_verify_options options = {.flags = shape->flags};
  zw_span bytes = zw_span_of(octets, sizeof octets), out;
  switch (shape->kind) {
    case HOSTILE_FLEXBUFFER: return zw_flexbuffer_verify(bytes, NULL);
    case HOSTILE_JSON: return zw_json_parse(root, zw_span_str(bytes), 0, 0, &builder, &out, NULL);
    default: return zw_verify(root, bytes, &options, NULL, NULL);
  }
}

static int theirs(const hostile_shape *shape, const zw_type *root) {
  (void)root;
  return hostile_google(shape->kind, octets, sizeof octets);
}

/* Milliseconds of CPU, the least of some rounds; what takes long is not repeated. */
static double measure(judge judged, const hostile_shape *shape, const zw_type *root, int *verdict) {
  double least = 1e9;
  for (unsigned i = 0; i < ROUNDS && (i == 0 || least < 100); i++) {
    double begin = bench_used();
    *verdict = judged(shape, root);
    double ms = (bench_used() - begin) * 1000;
    if (ms < least) least = ms;
  }
  return least;
}

static zw_schema *load(const char *path) {
  static uint8_t bytes[1 << 17];
  FILE *file = fopen(path, "rb");
  size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
  zw_schema *schema = NULL;
  if (file) fclose(file);
  if (zw_schema_load(&schema, zw_span_of(bytes, len), NULL, NULL)) abort();
  return schema;
}

/* The larger of the two times. */
static double run(const hostile_shape *shape, const zw_schema *const loaded[2]) {
  int verdict = 0, again = 0, google = 0;
  memset(octets, 0, sizeof octets);
  shape->make(octets);
  double by_code = measure(ours, shape, generated_root(shape->kind), &verdict);
  double by_schema = measure(ours, shape, loaded[shape->kind == HOSTILE_FAR]->root, &again);
  double other = measure(theirs, shape, NULL, &google);
  printf("  %-42s %9.3f %9.3f  %-11s", shape->name, by_code, by_schema,
         verdict ? zw_error_name(verdict) : "accepted");
  if (verdict != again) printf("  and otherwise by the compiled schema");
  if (google >= 0) printf("  %9.3f  %s", other, google ? "accepted" : "refused");
  printf("\n");
  return by_code > by_schema ? by_code : by_schema;
}

int main(void) {
  const zw_schema *const loaded[] = {load(ZEROWIRE_BENCH_HOSTILE), load(ZEROWIRE_BENCH_FAR)};
  const hostile_shape *worst = NULL;
  double most = 0;
  bench_pin(0);
  zw_builder_init(&builder, NULL);
  printf("ms of CPU for %u octets; limit %.0f ms\n  %-42s %9s %9s  %-11s  %9s\n", HOSTILE_OCTETS,
         LIMIT_MS, "", "code", ".bfbs", "verdict", "Google's");
  for (size_t i = 0; i < hostile_shape_count; i++) {
    double ms = run(&hostile_shapes[i], loaded);
    if (hostile_shapes[i].kind == HOSTILE_JSON || ms < most) continue;
    most = ms;
    worst = &hostile_shapes[i];
  }
  if (worst) printf("worst: %.3f ms, %s\n", most, worst->name);
  return most > LIMIT_MS;
}
