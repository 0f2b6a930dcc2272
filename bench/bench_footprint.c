/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server costs that does nothing: by how much its memory grows with 1,000 idle sessions, how
 * long it takes from its start until it listens, and how large the command is. Beside redis and
 * nats-server where they are installed.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_measure.h"
#include "bench_nats.h"
#include "bench_process.h"
#include "bench_wamp.h"

enum { SESSIONS = 1000 };

static bool start_zerowire(bench_process *p) {
  return bench_start_zerowire(p, ZEROWIRE_BENCH_SCHEMA);
}

static int join_zerowire(uint16_t port) {
  bench_peer peer;
  bench_join(&peer, port);
  free(peer.input);
  zw_encoder_deinit(&peer.encoder);
  return peer.fd;
}

static int join_redis(uint16_t port) {
  static const char ping[] = "PING\r\n";
  char pong[7];
  int fd = bench_connect(port);
  bench_write(fd, (const uint8_t *)ping, sizeof ping - 1);
  if (read(fd, pong, sizeof pong) != (ssize_t)sizeof pong) exit(1);
  return fd;
}

typedef struct server {
  const char *name;
  bool (*start)(bench_process *p);
  int (*join)(uint16_t port);
} server;

static const server servers[] = {{"zerowire", start_zerowire, join_zerowire},
                                 {"redis", bench_start_redis, join_redis},
                                 {"nats-server", bench_start_nats, bench_nats_connect}};
enum { SERVERS = sizeof servers / sizeof *servers };

static double growth(void *ctx) {
  const server *s = ctx;
  bench_process p;
  static int sessions[SESSIONS];
  if (!s->start(&p)) return -1;
  double before = (double)bench_resident(&p);
  for (int i = 0; i < SESSIONS; i++) sessions[i] = s->join(p.port);
  double after = (double)bench_resident(&p);
  for (int i = 0; i < SESSIONS; i++) close(sessions[i]);
  bench_stop(&p);
  return after - before;
}

static double start(void *ctx) {
  const server *s = ctx;
  bench_process p;
  if (!s->start(&p)) return -1;
  double seconds = p.started;
  bench_stop(&p);
  return seconds;
}

static bool compare(const bench_table *table, double (*run)(void *ctx)) {
  bench_contender contenders[SERVERS];
  server copies[SERVERS];
  for (size_t i = 0; i < SERVERS; i++) {
    copies[i] = servers[i];
    contenders[i] = (bench_contender){.name = servers[i].name, .run = run, .ctx = &copies[i]};
  }
  return bench_compare(table, contenders, SERVERS);
}

/* Stripped, as it is installed. */
static void print_size(void) {
  char folder[64], path[80];
  struct stat status;
  if (!bench_folder(folder, sizeof folder)) return;
  snprintf(path, sizeof path, "%s/zerowire", folder);
  pid_t child = fork();
  if (child == 0) {
    execlp("strip", "strip", "-o", path, ZEROWIRE_COMMAND, (char *)NULL);
    _exit(127);
  }
  if (child > 0 && waitpid(child, NULL, 0) == child && !stat(path, &status))
    printf("\nthe command, stripped: %.0f KB\n", (double)status.st_size / 1e3);
  bench_folder_remove(folder);
}

int main(void) {
  static const bench_table memory = {"1,000 idle sessions: growth of resident memory", "MB", true,
                                     1e6, "at most 9 MB"};
  static const bench_table time = {"start to listening", "ms", true, 1e-3, "at most 20 ms"};
  bench_pin(BENCH_CPU_LOAD);
  bool good = compare(&memory, growth);
  good &= compare(&time, start);
  print_size();
  return good ? 0 : 1;
}
