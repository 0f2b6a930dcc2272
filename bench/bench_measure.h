/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing in one run: contenders take turns, round by round, and the spread of each is printed
 * with its ratio to another's. The process that loads is pinned to one CPU, servers to another.
 */
#ifndef ZEROWIRE_BENCH_MEASURE_H
#define ZEROWIRE_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define BENCH_ROUNDS 7
#define BENCH_CONTENDERS 8

typedef struct bench_contender {
  const char *name;
  /* One round; the figure, or a negative number: it cannot take part. */
  double (*run)(void *ctx);
  void *ctx;
  /* Where a server does the work: its process, and where a round leaves how many units it did. What
   * a unit costs the server is then printed too: it depends less on what else the machine does. */
  pid_t server;
  const double *units;
} bench_contender;

typedef struct bench_table {
  const char *title;
  const char *unit;
  bool less_is_better;
  double scale;       /* printed figures are divided by it; 0: 1 */
  const char *target; /* in words */
} bench_table;

/* Runs all in turn and prints min, median and max of each, and how the first one stands to each
 * other. False: the first failed. */
bool bench_compare(const bench_table *table, const bench_contender *contenders, size_t count);

double bench_now(void);  /* seconds, monotonic */
double bench_used(void); /* seconds of CPU that this process has used */
void bench_pin(int cpu); /* this process, where there is more than one */

#endif
