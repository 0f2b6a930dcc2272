/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FlatBuffers: encode, traverse, verify, print as JSON and parse the benchmark object
 * (bench/foobar.fbs), beside Google's C++ and the library of flatc in the same process. JSON is
 * printed in our form, which verifies nothing (the object was verified), and in flatc's by the
 * function that verifies first; flatc's parser reads its own text, and ours both. The two take
 * turns, on one CPU; CPU time a call is printed as minimum and median of the rounds, and how many
 * times faster ours is. Both sides' results are compared first: each verifies and reads the other's
 * octets.
 */
#define _GNU_SOURCE
#include "bench_flatbuffers.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "foobar_generated.h"

#define ROUNDS 31
#define CALLS 20000

static zw_builder builder;
static zw_text text;
static const uint8_t *ours, *theirs;
static size_t ours_len, theirs_len;
static volatile uint64_t sink;

/* ---- our side ---- */

static bench_FooBarContainer encode(void) {
  zw_ref entries[BENCH_ENTRIES];
  bench_FooBarContainer out = {{NULL, 0, 0}};
  zw_builder_reset(&builder);
  for (unsigned i = 0; i < BENCH_ENTRIES; i++) {
    bench_Bar bar = {
        .parent = {0xABADCAFEABADCAFEu + i, (int16_t)(10000 + i), (int8_t)('@' + i), 1000000 + i},
        .time = (int32_t)(123456 + i),
        .ratio = 3.14159f + (float)i,
        .size = (uint16_t)(10000 + i)};
    bench_FooBar_start(&builder);
    bench_FooBar_add_sibling(&builder, &bar);
    bench_FooBar_add_name(&builder, ZW_STR(BENCH_NAME));
    bench_FooBar_add_rating(&builder, 3.1415432432445543543 + i);
    bench_FooBar_add_postfix(&builder, (uint8_t)('!' + i));
    entries[i] = bench_FooBar_end(&builder);
  }
  bench_FooBarContainer_start(&builder);
  bench_FooBarContainer_add_list(&builder, entries, BENCH_ENTRIES);
  bench_FooBarContainer_add_initialized(&builder, true);
  bench_FooBarContainer_add_fruit(&builder, bench_Fruit_Bananas);
  bench_FooBarContainer_add_location(&builder, ZW_STR(BENCH_LOCATION));
  if (bench_FooBarContainer_finish(&builder, bench_FooBarContainer_end(&builder), &out)) abort();
  return out;
}

static uint64_t traverse(const uint8_t *bytes, size_t len) {
  bench_FooBarContainer c = bench_FooBarContainer_as_root(zw_span_of(bytes, len));
  uint64_t sum = bench_FooBarContainer_initialized(c) + (uint64_t)bench_FooBarContainer_fruit(c) +
                 bench_FooBarContainer_location(c).len;
  zw_vec list = bench_FooBarContainer_list(c);
  for (size_t i = 0; i < list.count; i++) {
    bench_FooBar entry = bench_FooBarContainer_list_at(list, i);
    bench_Bar bar = bench_FooBar_sibling(entry);
    sum += bench_FooBar_name(entry).len + bench_FooBar_postfix(entry) +
           (uint64_t)bench_FooBar_rating(entry);
    sum += (uint64_t)bar.time + (uint64_t)bar.ratio + bar.size;
    sum += bar.parent.id + (uint64_t)bar.parent.count + (uint64_t)bar.parent.prefix +
           bar.parent.length;
  }
  return sum;
}

/* ---- the work, one call ---- */

static void ours_encode(void) { sink += encode().t.pos; }
static void theirs_encode(void) {
  size_t len;
  sink += (uintptr_t)google_encode(&len) & 1;
}
static void ours_traverse(void) { sink += traverse(ours, ours_len); }
static void theirs_traverse(void) { sink += google_traverse(theirs); }
static void ours_verify(void) {
  bench_FooBarContainer out;
  if (bench_FooBarContainer_verify(&out, zw_span_of(ours, ours_len), NULL)) abort();
}
static void theirs_verify(void) {
  if (google_verify(theirs, theirs_len)) abort();
}
static void ours_print(void) {
  zw_text_reset(&text);
  bench_FooBarContainer c = bench_FooBarContainer_as_root(zw_span_of(ours, ours_len));
  if (bench_FooBarContainer_to_json(c, &text)) abort();
}
static zw_text flatc_text;
static void ours_print_flatc(void) {
  zw_text_reset(&flatc_text);
  if (zw_flatc_json_print(foobar_schema.root, zw_span_of(ours, ours_len), 0, &flatc_text, NULL))
    abort();
}
static void theirs_print(void) { sink += google_json_print(theirs); }
static void theirs_parse(void) {
  if (!google_json_parse(google_json_text())) abort();
}
static void ours_parse_flatc(void) {
  zw_span out;
  if (zw_flatc_json_parse(foobar_schema.root, zw_text_str(&flatc_text), 0, &builder, &out, NULL))
    abort();
}
static void ours_parse(void) {
  bench_FooBarContainer out;
  if (bench_FooBarContainer_from_json(&builder, zw_text_str(&text), &out, NULL)) abort();
}

typedef struct work {
  const char *name;
  void (*ours)(void), (*theirs)(void); /* theirs NULL: no peer for it */
} work;

static const work works[] = {
    {"encode", ours_encode, theirs_encode},
    {"traverse", ours_traverse, theirs_traverse},
    {"verify", ours_verify, theirs_verify},
    {"json print", ours_print, theirs_print},
    {"json parse", ours_parse, theirs_parse},
    {"flatc print", ours_print_flatc, theirs_print},
    {"flatc parse", ours_parse_flatc, theirs_parse},
};

/* ---- measuring ---- */

static double cpu_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double measure(void (*call)(void)) {
  double begin = cpu_ns();
  for (unsigned i = 0; i < CALLS; i++) call();
  return (cpu_ns() - begin) / CALLS;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void run(const work *w, int peer, int flatc) {
  double mine[ROUNDS], other[ROUNDS];
  bool json = w->theirs == theirs_print || w->theirs == theirs_parse;
  peer = peer && w->theirs && (!json || flatc);
  for (unsigned i = 0; i < ROUNDS; i++) {
    mine[i] = measure(w->ours);
    other[i] = peer ? measure(w->theirs) : 0;
  }
  qsort(mine, ROUNDS, sizeof mine[0], ascending);
  qsort(other, ROUNDS, sizeof other[0], ascending);
  printf("%-11s zerowire min %7.1f ns  median %7.1f ns", w->name, mine[0], mine[ROUNDS / 2]);
  if (peer)
    printf("   Google C++ min %7.1f ns  median %7.1f ns   %.2f times as fast", other[0],
           other[ROUNDS / 2], other[ROUNDS / 2] / mine[ROUNDS / 2]);
  putchar('\n');
}

static void pin(void) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(0, &cpus);
  if (sched_setaffinity(0, sizeof cpus, &cpus)) fprintf(stderr, "not pinned to a CPU\n");
}

static int compare_sides(void) {
  bench_FooBarContainer out;
  zw_diag diag = {0};
  if (bench_FooBarContainer_verify(&out, zw_span_of(theirs, theirs_len), &diag))
    return fprintf(stderr, "ours refuses Google's: %s\n", diag.message);
  if (google_verify(ours, ours_len)) return fprintf(stderr, "Google's refuses ours\n");
  uint64_t sum = traverse(ours, ours_len);
  if (sum != traverse(theirs, theirs_len) || sum != google_traverse(ours) ||
      sum != google_traverse(theirs))
    return fprintf(stderr, "the two sides read different values\n");
  return 0;
}

/* Whether flatc's library is there; its text of the object must be ours. */
static int open_flatc(void) {
#ifdef BENCH_SCHEMA
  static char schema[4096];
  FILE *file = fopen(BENCH_SCHEMA, "rb");
  if (!file) return 0;
  schema[fread(schema, 1, sizeof schema - 1, file)] = 0;
  fclose(file);
  if (google_json_open(schema)) return 0;
  theirs_print();
  if (strcmp(google_json_text(), flatc_text.ptr) != 0)
    fprintf(stderr, "the texts differ:\n%s%s", google_json_text(), flatc_text.ptr);
  return 1;
#else
  return 0;
#endif
}

int main(void) {
  int peer = google_version()[0] != 0;
  pin();
  zw_builder_init(&builder, NULL);
  zw_text_init(&text, NULL);
  zw_span bytes = zw_table_bytes(encode().t);
  uint8_t *copy = malloc(bytes.len);
  if (!copy) return 1;
  memcpy(copy, bytes.ptr, ours_len = bytes.len);
  ours = copy;
  if (peer) {
    const uint8_t *made = google_encode(&theirs_len);
    uint8_t *kept = malloc(theirs_len);
    if (!kept) return 1;
    memcpy(kept, made, theirs_len);
    theirs = kept;
    if (compare_sides()) return 1;
  }
  zw_text_init(&flatc_text, NULL);
  ours_print();
  ours_print_flatc();
  int flatc = peer && open_flatc();
  printf("object: %zu octets, Google's %zu (C++ %s), JSON %zu; %d rounds of %d calls, in turns\n",
         ours_len, theirs_len, peer ? google_version() : "not installed", text.len, ROUNDS, CALLS);
  for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) run(&works[i], peer, flatc);
  return 0;
}
