/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serving stored values: records of 1 KiB, 64 KiB and 1 MiB from a map, by pipelined calls of an
 * `op: "get"` procedure. The limit: a process that takes frames of the same size and answers with
 * as many octets out of a mapped file, all that were asked for in one writev.
 *
 * A result has one size, so that counting octets counts results.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench_calls.h"
#include "bench_measure.h"
#include "bench_process.h"
#include "bench_wamp.h"

enum { RECORDS = 16, WINDOW_MAX = 64, READ = 1 << 20, KEY = 16 };
#define SECONDS_A_ROUND 0.4
#define MAPPED ((size_t)16 << 20)

static uint8_t scratch[READ];

static void stop(const char *what) {
  fprintf(stderr, "bench_values: %s\n", what);
  exit(1);
}

/* ---- the load ---- */

typedef struct reading {
  int fd;
  bench_shape call;
  size_t result; /* octets of one */
  size_t window;
  double units;
} reading;

static void ask(reading *r, size_t count) {
  for (size_t some; count; count -= some) {
    some = count < r->call.count ? count : r->call.count;
    bench_write(r->fd, r->call.octets, some * r->call.len);
  }
}

/* Calls a second; `window` are under way. */
static double serve_round(void *ctx) {
  reading *r = ctx;
  double start = bench_now(), now = start;
  size_t under_way = r->window, part = 0, done = 0;
  ask(r, r->window);
  while (under_way) {
    ssize_t n = recv(r->fd, scratch, sizeof scratch, 0);
    if (n <= 0) stop("the connection was lost");
    part += (size_t)n;
    size_t some = part / r->result;
    part %= r->result;
    done += some;
    under_way -= some;
    now = bench_now();
    if (!some || now - start >= SECONDS_A_ROUND) continue;
    ask(r, some);
    under_way += some;
  }
  if (part) stop("results of another size came");
  r->units = (double)done;
  return (double)done / (now - start);
}

/* ---- zerowire ---- */

static void put_records(bench_peer *peer, size_t octets) {
  zw_builder b;
  zw_builder_init(&b, NULL);
  for (unsigned i = 0; i < RECORDS; i++) {
    char name[KEY];
    zw_msg msg;
    snprintf(name, sizeof name, "record%02u", i);
    bench_typed(&msg, ZW_CALL, ZW_STR("bench.put"), bench_blob(&b, name, octets));
    msg.request = peer->next_request++;
    bench_send(peer, &msg);
    bench_expect(peer, ZW_RESULT, &msg, NULL);
  }
  zw_builder_deinit(&b);
}

/* Calls for each record in turn, the request ids the same: the server answers them in order. */
static void make_calls(reading *r, bench_peer *peer) {
  zw_builder b;
  uint8_t *frame;
  zw_builder_init(&b, NULL);
  for (unsigned i = 0; i < RECORDS; i++) {
    char name[KEY];
    zw_msg msg;
    snprintf(name, sizeof name, "record%02u", i);
    bench_typed(&msg, ZW_CALL, ZW_STR("bench.get"), bench_key(&b, name));
    msg.request = peer->next_request;
    size_t len = bench_frame(peer, &msg, &frame);
    if (i == 0) bench_shape_repeat(&r->call, frame, len, 0, RECORDS);
    memcpy(r->call.octets + i * len, frame, len);
    free(frame);
  }
  zw_builder_deinit(&b);
}

static void connect_zerowire(reading *r, bench_process *p, size_t octets) {
  bench_peer peer;
  zw_msg msg;
  if (!bench_start_zerowire(p, ZEROWIRE_BENCH_SCHEMA)) stop("zerowire does not start");
  bench_join(&peer, p->port);
  put_records(&peer, octets);
  make_calls(r, &peer);
  r->fd = peer.fd;
  ask(r, 1);
  bench_expect(&peer, ZW_RESULT, &msg, &r->result);
}

/* ---- the limit ---- */

static size_t limit_call, limit_result;

static void write_all(int fd, struct iovec *at, size_t count) {
  while (count) {
    ssize_t n = writev(fd, at, (int)count);
    if (n <= 0) _exit(0);
    for (; count && (size_t)n >= at->iov_len; at++, count--) n -= (ssize_t)at->iov_len;
    if (!count) break;
    at->iov_base = (uint8_t *)at->iov_base + n;
    at->iov_len -= (size_t)n;
  }
}

static uint8_t *map_a_file(void) {
  FILE *file = tmpfile();
  if (!file || ftruncate(fileno(file), (off_t)MAPPED)) _exit(1);
  uint8_t *map = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
  if (map == MAP_FAILED) _exit(1);
  memset(map, 'x', MAPPED);
  return map;
}

static void serve_limit(int listener) {
  uint8_t *map = map_a_file();
  int fd = accept(listener, NULL, NULL);
  size_t pending = 0, at = 0;
  for (;;) {
    struct iovec iov[WINDOW_MAX];
    ssize_t n = recv(fd, scratch, sizeof scratch, 0);
    if (n <= 0) return;
    pending += (size_t)n;
    size_t count = pending / limit_call;
    pending %= limit_call;
    for (size_t i = 0; i < count; i++) {
      if (at + limit_result > MAPPED) at = 0;
      iov[i] = (struct iovec){map + at, limit_result};
      at += limit_result;
    }
    write_all(fd, iov, count);
  }
}

static void connect_limit(reading *r, bench_process *p, const reading *like) {
  limit_call = like->call.len;
  limit_result = like->result;
  if (!bench_start_function(p, serve_limit)) stop("the limit does not start");
  r->result = like->result;
  bench_shape_repeat(&r->call, like->call.octets, like->call.len, 0, RECORDS);
  r->fd = bench_connect(p->port);
}

/* ---- runs ---- */

static bool compare(const char *title, size_t octets, size_t window) {
  bench_process processes[2];
  reading zerowire = {.window = window}, limit = {.window = window};
  char unit[80];
  snprintf(unit, sizeof unit, "thousand a second, %zu under way", window);
  bench_table table = {title, unit, false, 1e3, "80 % of the limit"};
  connect_zerowire(&zerowire, &processes[0], octets);
  connect_limit(&limit, &processes[1], &zerowire);
  bench_contender contenders[] = {
      {"zerowire", serve_round, &zerowire, processes[0].id, &zerowire.units},
      {"limit (batched writev)", serve_round, &limit, processes[1].id, &limit.units},
  };
  bool good = bench_compare(&table, contenders, 2);
  for (int i = 0; i < 2; i++) bench_stop(&processes[i]);
  free(zerowire.call.octets);
  free(limit.call.octets);
  close(zerowire.fd);
  close(limit.fd);
  return good;
}

int main(void) {
  bench_pin(BENCH_CPU_LOAD);
  bool good = compare("stored values of 1 KiB", (size_t)1 << 10, 64);
  good &= compare("stored values of 64 KiB", (size_t)64 << 10, 16);
  good &= compare("stored values of 1 MiB", (size_t)1 << 20, 4);
  return good ? 0 : 1;
}
