/* SPDX-License-Identifier: Apache-2.0 */
/* The loads: a window of requests, and one at a time. Blocking sockets: what is under way fits in
 * their buffers. */
#define _GNU_SOURCE
#include "bench_calls.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench_measure.h"
#include "bench_wamp.h"

enum { READ = 1 << 18, LATENCIES_MAX = 1 << 20 };
#define SECONDS_A_ROUND 0.4

static void stop(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

/* ---- shapes ---- */

void bench_shape_repeat(bench_shape *shape, const uint8_t *frame, size_t len, size_t id_at,
                        size_t count) {
  *shape = (bench_shape){count ? malloc(len * count) : NULL, count, len, id_at};
  if (count && !shape->octets) stop("no memory");
  for (size_t i = 0; i < count; i++) memcpy(shape->octets + i * len, frame, len);
}

/* Ids that follow each other differ in their first octet, if that does not wrap. */
bool bench_shape_learn(bench_shape *shape, const uint8_t *a, const uint8_t *b, size_t len) {
  size_t first = 0;
  while (first < len && a[first] == b[first]) first++;
  *shape = (bench_shape){NULL, 0, len, first};
  return first + BENCH_ID <= len && !memcmp(a + first + 1, b + first + 1, len - first - 1);
}

void bench_calls_free(bench_calls *c) {
  free(c->call.octets);
  free(c->answer.octets);
  free(c->latencies);
}

/* ---- one side's input: whole frames are given, the rest is kept ---- */

typedef struct input {
  uint8_t octets[READ];
  size_t len;
} input;

static size_t read_some(int fd, input *in) {
  ssize_t n = recv(fd, in->octets + in->len, sizeof in->octets - in->len, 0);
  if (n <= 0) stop("the connection was lost while reading");
  in->len += (size_t)n;
  return in->len;
}

static void keep_from(input *in, size_t at) {
  in->len -= at;
  memmove(in->octets, in->octets + at, in->len);
}

/* ---- the caller ---- */

static void put_id(const bench_calls *c, uint8_t *to, uint64_t id) {
  char digits[BENCH_ID + 1];
  if (!c->text) {
    zw_store_le64(to, id);
    return;
  }
  snprintf(digits, sizeof digits, "%08u", (unsigned)(id % 100000000));
  memcpy(to, digits, BENCH_ID);
}

static uint64_t sum_of_id(const uint8_t *id) { return zw_load_le64(id); }

/* Sends `count` requests, as many in one write as follow each other in memory; returns the sum of
 * their ids. */
static uint64_t send_calls(bench_calls *c, size_t count) {
  const bench_shape *s = &c->call;
  uint64_t sum = 0;
  while (count) {
    size_t first = (size_t)(c->next % s->count), some = s->count - first;
    if (some > count) some = count;
    for (size_t i = first; i < first + some; i++) {
      uint8_t *id = s->octets + i * s->len + s->id_at;
      put_id(c, id, c->next++);
      sum += sum_of_id(id);
    }
    bench_write(c->caller, s->octets + first * s->len, some * s->len);
    count -= some;
  }
  return sum;
}

/* Takes the results that are there; subtracts their ids. */
static size_t take_results(const bench_calls *c, input *in, uint64_t *sum) {
  size_t count = read_some(c->caller, in) / c->result.len;
  for (size_t i = 0; i < count; i++)
    *sum -= sum_of_id(in->octets + i * c->result.len + c->result.id_at);
  keep_from(in, count * c->result.len);
  return count;
}

/* ---- the callee ---- */

static void answer_some(bench_calls *c, input *in) {
  const bench_shape *s = &c->answer;
  size_t count = read_some(c->callee, in) / c->invocation.len;
  for (size_t at = 0; at < count;) {
    size_t some = count - at < s->count ? count - at : s->count;
    for (size_t i = 0; i < some; i++)
      memcpy(s->octets + i * s->len + s->id_at,
             in->octets + (at + i) * c->invocation.len + c->invocation.id_at, BENCH_ID);
    bench_write(c->callee, s->octets, some * s->len);
    at += some;
  }
  keep_from(in, count * c->invocation.len);
}

/* ---- rounds ---- */

static input caller_input, callee_input;

double bench_calls_in_flight(void *ctx) {
  bench_calls *c = ctx;
  struct pollfd polls[2] = {{c->caller, POLLIN, 0}, {c->callee, POLLIN, 0}};
  double start = bench_now(), now = start;
  size_t done = 0, under_way = c->window;
  caller_input.len = callee_input.len = 0;
  uint64_t sum = send_calls(c, c->window);
  while (under_way) {
    if (poll(polls, 2, 10000) <= 0) stop("answers never came");
    if (polls[1].revents) answer_some(c, &callee_input);
    if (!polls[0].revents) continue;
    size_t some = take_results(c, &caller_input, &sum);
    done += some;
    under_way -= some;
    now = bench_now();
    if (some && now - start < SECONDS_A_ROUND) {
      sum += send_calls(c, some);
      under_way += some;
    }
  }
  if (sum) stop("what was answered is not what was asked");
  c->units = (double)done;
  return (double)done / (now - start);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double bench_calls_latency(void *ctx) {
  bench_calls *c = ctx;
  size_t done = 0;
  double start = bench_now(), before = start, now;
  if (!c->latencies) c->latencies = malloc(LATENCIES_MAX * sizeof(double));
  if (!c->latencies) stop("no memory");
  caller_input.len = callee_input.len = 0;
  do {
    uint64_t sum = send_calls(c, 1);
    if (c->callee >= 0) {
      do answer_some(c, &callee_input);
      while (callee_input.len);
    }
    while (!take_results(c, &caller_input, &sum)) continue;
    if (sum) stop("what was answered is not what was asked");
    now = bench_now();
    c->latencies[done++] = now - before;
    before = now;
  } while (now - start < SECONDS_A_ROUND && done < LATENCIES_MAX);
  qsort(c->latencies, done, sizeof(double), ascending);
  c->units = (double)done;
  return c->latencies[done / 2];
}
