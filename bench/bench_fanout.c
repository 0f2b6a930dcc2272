/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fan-out: one publisher, 100 subscribers, payloads of 256 octets; a window of 64, then of 4. And
 * one to one with a window of 100. In each turn the publisher sends a window at once and waits
 * until every subscriber has all of it. Beside zerowire: redis and nats-server where they are
 * installed, and the limit: a server that does nothing but frame and writev, as many octets.
 *
 * All octets that a subscriber gets are counted, and a message has one size, so every delivery is
 * checked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench_measure.h"
#include "bench_nats.h"
#include "bench_process.h"
#include "bench_wamp.h"

enum { PAYLOAD = 256, SUBSCRIBERS_MAX = 100, WINDOW_MAX = 128, LIMIT_FRAME = 368, READ = 1 << 18 };
#define SECONDS_A_ROUND 0.4

/* ---- what is loaded: connections, one frame, and how long a delivery is ---- */

typedef struct load {
  int publisher, subscribers[SUBSCRIBERS_MAX];
  unsigned count;
  uint8_t *window; /* WINDOW_MAX frames, one after the other */
  size_t frame, delivery;
  int poll;
} load;

typedef struct system_under_load {
  const char *name;
  bool (*start)(bench_process *p);
  void (*connect)(load *l, const bench_process *p);
  void (*before_round)(load *l); /* or NULL */
} system_under_load;

static uint8_t scratch[READ];

static void repeat(load *l, const uint8_t *frame, size_t len) {
  l->frame = len;
  l->window = malloc(len * WINDOW_MAX);
  for (size_t i = 0; l->window && i < WINDOW_MAX; i++) memcpy(l->window + i * len, frame, len);
}

/* Publishes once, and learns from the first subscriber how long a delivery is. */
static void learn(load *l) {
  bench_write(l->publisher, l->window, l->frame);
  usleep(50000);
  ssize_t n = recv(l->subscribers[0], scratch, sizeof scratch, 0);
  l->delivery = n > 0 ? (size_t)n : 0;
  for (unsigned i = 1; i < l->count; i++) {
    if (recv(l->subscribers[i], scratch, sizeof scratch, 0) != n) {
      fprintf(stderr, "bench_fanout: subscribers do not get the same octets\n");
      exit(1);
    }
  }
}

static void watch(load *l) {
  l->poll = epoll_create1(0);
  for (unsigned i = 0; i < l->count; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = l->subscribers[i]};
    fcntl(l->subscribers[i], F_SETFL, O_NONBLOCK);
    epoll_ctl(l->poll, EPOLL_CTL_ADD, l->subscribers[i], &event);
  }
  /* What the server answers to the publisher is dropped. */
  struct epoll_event event = {.events = EPOLLIN, .data.fd = l->publisher};
  epoll_ctl(l->poll, EPOLL_CTL_ADD, l->publisher, &event);
}

static void take_deliveries(load *l, size_t octets) {
  struct epoll_event events[SUBSCRIBERS_MAX + 1];
  while (octets) {
    int n = epoll_wait(l->poll, events, SUBSCRIBERS_MAX + 1, 10000);
    if (n <= 0) {
      fprintf(stderr, "bench_fanout: %zu octets never came\n", octets);
      exit(1);
    }
    for (int i = 0; i < n; i++) {
      ssize_t got = recv(events[i].data.fd, scratch, sizeof scratch, MSG_DONTWAIT);
      if (got == 0) {
        fprintf(stderr, "bench_fanout: a connection was closed\n");
        exit(1);
      }
      if (got > 0 && events[i].data.fd != l->publisher) octets -= (size_t)got;
    }
  }
}

/* ---- zerowire ---- */

static bool start_zerowire(bench_process *p) {
  return bench_start_zerowire(p, ZEROWIRE_BENCH_SCHEMA);
}

static void connect_zerowire(load *l, const bench_process *p) {
  static bench_peer peer; /* its descriptors live on in the load */
  for (unsigned i = 0; i < l->count; i++) {
    bench_join(&peer, p->port);
    bench_subscribe(&peer, ZW_STR("bench.live"));
    l->subscribers[i] = peer.fd;
  }
  bench_join(&peer, p->port);
  l->publisher = peer.fd;
  zw_builder b;
  zw_msg msg;
  uint8_t *frame;
  zw_builder_init(&b, NULL);
  /* The Blob around the octets is part of the payload. */
  bench_typed(&msg, ZW_PUBLISH, ZW_STR("bench.live"), bench_blob(&b, "x", PAYLOAD - 40));
  msg.request = 1;
  size_t len = bench_frame(&peer, &msg, &frame);
  repeat(l, frame, len);
  free(frame);
  zw_builder_deinit(&b);
}

/* Who was heard of lately is not pinged, and pings would be counted as deliveries. */
static void be_heard(load *l) {
  static const uint8_t pong[4] = {2, 0, 0, 0};
  for (unsigned i = 0; i < l->count; i++) bench_write(l->subscribers[i], pong, sizeof pong);
}

/* ---- redis ---- */

static void connect_redis(load *l, const bench_process *p) {
  static const char subscribe[] = "*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nt\r\n";
  char frame[PAYLOAD + 64];
  for (unsigned i = 0; i < l->count; i++) {
    l->subscribers[i] = bench_connect(p->port);
    bench_write(l->subscribers[i], (const uint8_t *)subscribe, sizeof subscribe - 1);
    if (recv(l->subscribers[i], scratch, sizeof scratch, 0) <= 0) exit(1);
  }
  l->publisher = bench_connect(p->port);
  int n = snprintf(frame, sizeof frame, "*3\r\n$7\r\nPUBLISH\r\n$1\r\nt\r\n$%d\r\n%0*d\r\n",
                   PAYLOAD, PAYLOAD, 0);
  repeat(l, (const uint8_t *)frame, (size_t)n);
}

/* ---- nats ---- */

static void connect_nats(load *l, const bench_process *p) {
  char frame[PAYLOAD + 64];
  for (unsigned i = 0; i < l->count; i++) {
    l->subscribers[i] = bench_nats_connect(p->port);
    bench_nats_say(l->subscribers[i], "SUB t 1\r\n");
  }
  l->publisher = bench_nats_connect(p->port);
  sleep(3); /* until all have been pinged */
  for (unsigned i = 0; i < l->count; i++) bench_nats_answer_ping(l->subscribers[i]);
  bench_nats_answer_ping(l->publisher);
  int n = snprintf(frame, sizeof frame, "PUB t %d\r\n%0*d\r\n", PAYLOAD, PAYLOAD, 0);
  repeat(l, (const uint8_t *)frame, (size_t)n);
}

/* ---- the limit: frames go in, and as many octets to each of the others go out ---- */

static void write_to(int fd, size_t frames) {
  static uint8_t frame[LIMIT_FRAME];
  struct iovec iov[WINDOW_MAX * 2];
  for (size_t i = 0; i < frames; i++) iov[i] = (struct iovec){frame, sizeof frame};
  size_t left = frames * sizeof frame;
  for (struct iovec *at = iov; left;) {
    ssize_t n = writev(fd, at, (int)frames);
    if (n <= 0) _exit(1);
    left -= (size_t)n;
    for (; frames && (size_t)n >= at->iov_len; at++, frames--) n -= (ssize_t)at->iov_len;
    if (frames) {
      at->iov_base = (uint8_t *)at->iov_base + n;
      at->iov_len -= (size_t)n;
    }
  }
}

static unsigned limit_count; /* subscribers that connect before the publisher */

static void serve_limit(int listener) {
  int readers[SUBSCRIBERS_MAX];
  for (unsigned i = 0; i < limit_count; i++) readers[i] = accept(listener, NULL, NULL);
  int publisher = accept(listener, NULL, NULL);
  size_t pending = 0;
  for (;;) {
    ssize_t n = recv(publisher, scratch, sizeof scratch, 0);
    if (n <= 0) return;
    pending += (size_t)n;
    size_t frames = pending / LIMIT_FRAME;
    pending %= LIMIT_FRAME;
    for (size_t left = frames; left;) {
      size_t some = left < WINDOW_MAX ? left : WINDOW_MAX;
      for (unsigned i = 0; i < limit_count; i++) write_to(readers[i], some);
      left -= some;
    }
  }
}

static bool start_limit(bench_process *p) { return bench_start_function(p, serve_limit); }

static void connect_limit(load *l, const bench_process *p) {
  static const uint8_t frame[LIMIT_FRAME];
  for (unsigned i = 0; i < l->count; i++) l->subscribers[i] = bench_connect(p->port);
  l->publisher = bench_connect(p->port);
  repeat(l, frame, sizeof frame);
}

/* ---- runs ---- */

static const system_under_load systems[] = {
    {"zerowire", start_zerowire, connect_zerowire, be_heard},
    {"limit (frame and writev)", start_limit, connect_limit, NULL},
    {"redis", bench_start_redis, connect_redis, NULL},
    {"nats-server", bench_start_nats, connect_nats, NULL},
};
enum { SYSTEMS = sizeof systems / sizeof *systems };

typedef struct run {
  load load;
  void (*before_round)(load *l);
  unsigned window;
  bool started;
  double deliveries; /* of the last round */
} run;

/* Deliveries a second. */
static double drive(run *r) {
  load *l = &r->load;
  double start = bench_now(), now;
  r->deliveries = 0;
  do {
    bench_write(l->publisher, l->window, l->frame * r->window);
    take_deliveries(l, l->delivery * r->window * l->count);
    r->deliveries += (double)r->window * l->count;
    now = bench_now();
  } while (now - start < SECONDS_A_ROUND);
  return r->deliveries / (now - start);
}

static double run_round(void *ctx) {
  run *r = ctx;
  if (!r->started) return -1;
  if (r->before_round) r->before_round(&r->load);
  return drive(r);
}

static bool compare(const char *title, const char *target, unsigned subscribers, unsigned window) {
  bench_process processes[SYSTEMS];
  static run runs[SYSTEMS];
  bench_contender contenders[SYSTEMS];
  bench_table table = {
      .title = title, .unit = "million deliveries a second", .scale = 1e6, .target = target};
  limit_count = subscribers;
  for (size_t i = 0; i < SYSTEMS; i++) {
    runs[i] =
        (run){.window = window, .before_round = systems[i].before_round, .load.count = subscribers};
    runs[i].started = systems[i].start(&processes[i]);
    contenders[i] = (bench_contender){systems[i].name, run_round, &runs[i], processes[i].id,
                                      &runs[i].deliveries};
    if (!runs[i].started) continue;
    systems[i].connect(&runs[i].load, &processes[i]);
    learn(&runs[i].load);
    watch(&runs[i].load);
  }
  bool good = bench_compare(&table, contenders, SYSTEMS);
  for (size_t i = 0; i < SYSTEMS; i++) {
    load *l = &runs[i].load;
    if (runs[i].started) {
      for (unsigned s = 0; s < l->count; s++) close(l->subscribers[s]);
      close(l->publisher);
      close(l->poll);
    }
    free(l->window);
    bench_stop(&processes[i]);
  }
  return good;
}

int main(void) {
  bench_pin(BENCH_CPU_LOAD);
  bool good = compare("fan-out to 100, window 64", "ahead of redis, 75 % of the limit", 100, 64);
  good &= compare("fan-out to 100, window 4", "75 % of the limit", 100, 4);
  good &= compare("one to one, window 100", "ahead of redis", 1, 100);
  return good ? 0 : 1;
}
