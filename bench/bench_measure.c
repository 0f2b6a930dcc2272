/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds, order statistics, and the table that is printed. */
#define _GNU_SOURCE
#include "bench_measure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

double bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds of CPU that a process has used, its system calls included. */
static double cpu_of(pid_t process) {
  clockid_t clock;
  struct timespec t;
  if (process <= 0 || clock_getcpuclockid(process, &clock) || clock_gettime(clock, &t)) return 0;
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_used(void) { return cpu_of(getpid()); }

void bench_pin(int cpu) {
  cpu_set_t set;
  long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  if (cpus < 2) return;
  CPU_ZERO(&set);
  CPU_SET((size_t)(cpu % cpus), &set);
  sched_setaffinity(0, sizeof set, &set);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

typedef struct figures {
  double of[BENCH_ROUNDS];
  double cpu[BENCH_ROUNDS]; /* microseconds of the server a unit */
  bool absent;
} figures;

static double median(const figures *f) { return f->of[BENCH_ROUNDS / 2]; }

static void run_round(const bench_contender *c, figures *f, size_t round) {
  double before = cpu_of(c->server);
  f->of[round] = c->run(c->ctx);
  f->absent = f->of[round] < 0;
  double used = (cpu_of(c->server) - before) * 1e6;
  f->cpu[round] = c->units && *c->units > 0 ? used / *c->units : 0;
}

static void print_row(const bench_table *t, const bench_contender *c, const figures *f,
                      const figures *first) {
  double scale = t->scale > 0 ? t->scale : 1;
  if (f->absent) {
    printf("  %-28s not here\n", c->name);
    return;
  }
  printf("  %-28s %12.3f %12.3f %12.3f", c->name, f->of[0] / scale, median(f) / scale,
         f->of[BENCH_ROUNDS - 1] / scale);
  if (f != first && !first->absent) {
    double ratio = t->less_is_better ? median(f) / median(first) : median(first) / median(f);
    printf("   %8.2f x", ratio);
  } else {
    printf("   %10s", "");
  }
  if (c->units) printf("   %10.3f", f->cpu[BENCH_ROUNDS / 2]);
  printf("\n");
}

bool bench_compare(const bench_table *t, const bench_contender *contenders, size_t count) {
  figures all[BENCH_CONTENDERS] = {0};
  printf("\n%s (%s)%s%s\n", t->title, t->unit, t->target ? "; target: " : "",
         t->target ? t->target : "");
  printf("  %-28s %12s %12s %12s   %7s is%s\n", "", "min", "median", "max", contenders[0].name,
         contenders[0].units ? "   server us" : "");
  for (size_t round = 0; round < BENCH_ROUNDS; round++) {
    for (size_t i = 0; i < count; i++) {
      if (!all[i].absent) run_round(&contenders[i], &all[i], round);
    }
  }
  for (size_t i = 0; i < count; i++) {
    qsort(all[i].of, BENCH_ROUNDS, sizeof(double), ascending);
    qsort(all[i].cpu, BENCH_ROUNDS, sizeof(double), ascending);
    print_row(t, &contenders[i], &all[i], &all[0]);
  }
  fflush(stdout);
  return !all[0].absent;
}
