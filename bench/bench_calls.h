/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests and their answers, of any protocol whose frames have one size and their id in one place:
 * a caller sends what is encoded already and only puts ids in; a callee, where there is one, copies
 * the id of what it gets into its answer. The ids that come back are summed up, and have to be the
 * ones that were sent.
 */
#ifndef ZEROWIRE_BENCH_CALLS_H
#define ZEROWIRE_BENCH_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_ID 8 /* octets of an id */

typedef struct bench_shape {
  uint8_t *octets; /* `count` frames that are sent in turn; of what is received: NULL */
  size_t count, len, id_at;
} bench_shape;

typedef struct bench_calls {
  int caller, callee; /* callee -1: the server answers */
  bench_shape call, invocation, answer, result;
  bool text;     /* ids are 8 digits, else 64 bits, little-endian */
  uint64_t next; /* id */
  double units;  /* how many the last round had */
  size_t window;
  double *latencies;
} bench_calls;

/* One frame, copied `count` times. */
void bench_shape_repeat(bench_shape *shape, const uint8_t *frame, size_t len, size_t id_at,
                        size_t count);
/* Where the ids of two frames are that differ in nothing else; what is received as they are. */
bool bench_shape_learn(bench_shape *shape, const uint8_t *a, const uint8_t *b, size_t len);

/* A round: bench_calls as ctx. With `window` requests under way: how many a second. */
double bench_calls_in_flight(void *ctx);
/* One at a time: the median, in seconds. */
double bench_calls_latency(void *ctx);
void bench_calls_free(bench_calls *c);

#endif
