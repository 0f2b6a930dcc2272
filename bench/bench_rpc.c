/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls: 64 in flight, then one at a time, with payloads of 256 octets; caller and callee in the
 * loading process. Beside zerowire: request and reply over nats-server, and the limit: a process
 * that forwards what it reads, as many octets. Then a stored record of 250 octets, one call at a
 * time, which the server answers from its map; the limit there is a process that answers with as
 * many octets.
 *
 * The id of every answer is checked.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench_calls.h"
#include "bench_measure.h"
#include "bench_nats.h"
#include "bench_process.h"
#include "bench_wamp.h"

enum {
  PAYLOAD = 256,
  RECORD = 250,
  IN_FLIGHT = 64,
  LIMIT_FRAME = 368,
  LIMIT_ID = 4,
  READ = 1 << 18
};

static void stop(const char *what) {
  fprintf(stderr, "bench_rpc: %s\n", what);
  exit(1);
}

/* ---- zerowire ---- */

/* Frames of a message, whose id is the request. */
static void shape_of(bench_shape *shape, bench_peer *peer, zw_msg *msg, uint64_t first) {
  uint8_t *a, *b;
  msg->request = first;
  size_t len = bench_frame(peer, msg, &a);
  msg->request = first + 1;
  if (bench_frame(peer, msg, &b) != len) stop("frames of different sizes");
  if (!bench_shape_learn(shape, a, b, len)) stop("no request id in a frame");
  bench_shape_repeat(shape, a, len, shape->id_at, IN_FLIGHT);
  free(a);
  free(b);
}

/* From two frames that come. */
static void learn(bench_shape *shape, bench_peer *peer, void (*cause)(void *ctx), void *ctx) {
  uint8_t first[4096];
  cause(ctx);
  zw_span a = bench_receive_frame(peer);
  if (a.len > sizeof first) stop("a large answer");
  memcpy(first, a.ptr, a.len);
  cause(ctx);
  zw_span b = bench_receive_frame(peer);
  if (a.len != b.len || !bench_shape_learn(shape, first, b.ptr, b.len))
    stop("answers that are not alike");
}

static void send_one(int fd, bench_shape *shape, uint64_t id) {
  zw_store_le64(shape->octets + shape->id_at, id);
  bench_write(fd, shape->octets, shape->len);
}

static void send_call(void *ctx) {
  bench_calls *c = ctx;
  send_one(c->caller, &c->call, c->next++);
}

typedef struct answering {
  bench_calls *calls;
  uint64_t invocation;
} answering;

static void send_answer(void *ctx) {
  answering *a = ctx;
  send_one(a->calls->callee, &a->calls->answer, a->invocation++);
}

static void register_echo(bench_peer *peer) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_REGISTER);
  msg.request = peer->next_request++;
  msg.uri = ZW_STR("bench.echo");
  bench_send(peer, &msg);
  bench_expect(peer, ZW_REGISTERED, &msg, NULL);
}

static void connect_zerowire(bench_calls *c, const bench_process *p) {
  static bench_peer caller, callee; /* their descriptors live on in the load */
  zw_builder b;
  zw_msg msg;
  bench_join(&callee, p->port);
  bench_join(&caller, p->port);
  register_echo(&callee);
  *c = (bench_calls){.caller = caller.fd, .callee = callee.fd, .next = 1};
  zw_builder_init(&b, NULL);
  zw_span blob = bench_blob(&b, "x", PAYLOAD - 40);
  bench_typed(&msg, ZW_CALL, ZW_STR("bench.echo"), blob);
  shape_of(&c->call, &caller, &msg, 1);
  bench_typed(&msg, ZW_YIELD, (zw_str){NULL, 0}, blob);
  shape_of(&c->answer, &callee, &msg, 1);
  learn(&c->invocation, &callee, send_call, c);
  answering first = {c, 1};
  learn(&c->result, &caller, send_answer, &first);
  zw_builder_deinit(&b);
}

/* ---- nats ---- */

static bench_shape text_shape(const char *before, const char *after, bool sent) {
  bench_shape shape;
  char frame[PAYLOAD + 128];
  int n = snprintf(frame, sizeof frame, "%s%08d%s %d\r\n%0*d\r\n", before, 0, after, PAYLOAD,
                   PAYLOAD, 0);
  bench_shape_repeat(&shape, (const uint8_t *)frame, (size_t)n, strlen(before),
                     sent ? IN_FLIGHT : 0);
  return shape;
}

static void connect_nats(bench_calls *c, const bench_process *p) {
  *c = (bench_calls){.caller = bench_nats_connect(p->port),
                     .callee = bench_nats_connect(p->port),
                     .text = true,
                     .next = 1,
                     .call = text_shape("PUB s _I.", "", true),
                     .invocation = text_shape("MSG s 1 _I.", "", false),
                     .answer = text_shape("PUB _I.", "", true),
                     .result = text_shape("MSG _I.", " 1", false)};
  bench_nats_say(c->callee, "SUB s 1\r\n");
  bench_nats_say(c->caller, "SUB _I.* 1\r\n");
  sleep(3); /* until both have been pinged */
  bench_nats_answer_ping(c->caller);
  bench_nats_answer_ping(c->callee);
}

/* ---- the limits ---- */

static uint8_t scratch[READ];

static void forward(int from, int to) {
  ssize_t n = recv(from, scratch, sizeof scratch, 0);
  if (n <= 0) _exit(0);
  bench_write(to, scratch, (size_t)n);
}

static void serve_forwarding(int listener) {
  int a = accept(listener, NULL, NULL), b = accept(listener, NULL, NULL);
  struct pollfd polls[2] = {{a, POLLIN, 0}, {b, POLLIN, 0}};
  while (poll(polls, 2, -1) > 0) {
    if (polls[0].revents) forward(a, b);
    if (polls[1].revents) forward(b, a);
  }
}

static void serve_echo(int listener) {
  int fd = accept(listener, NULL, NULL);
  for (;;) forward(fd, fd);
}

static bool start_forwarding(bench_process *p) { return bench_start_function(p, serve_forwarding); }
static bool start_echo(bench_process *p) { return bench_start_function(p, serve_echo); }

static bench_shape limit_shape(bool sent) {
  static const uint8_t frame[LIMIT_FRAME];
  bench_shape shape;
  bench_shape_repeat(&shape, frame, sizeof frame, LIMIT_ID, sent ? IN_FLIGHT : 0);
  return shape;
}

static void connect_limit(bench_calls *c, const bench_process *p) {
  *c = (bench_calls){.caller = bench_connect(p->port), .callee = -1, .next = 1};
  c->call = limit_shape(true);
  c->result = limit_shape(false);
}

static void connect_forwarding(bench_calls *c, const bench_process *p) {
  connect_limit(c, p);
  c->callee = bench_connect(p->port);
  c->invocation = limit_shape(false);
  c->answer = limit_shape(true);
}

/* ---- a stored record ---- */

static void connect_record(bench_calls *c, const bench_process *p) {
  static bench_peer peer;
  zw_builder b;
  zw_msg msg;
  bench_join(&peer, p->port);
  *c = (bench_calls){.caller = peer.fd, .callee = -1, .next = 1};
  zw_builder_init(&b, NULL);
  bench_typed(&msg, ZW_CALL, ZW_STR("bench.put"), bench_blob(&b, "record", RECORD - 40));
  msg.request = c->next++;
  bench_send(&peer, &msg);
  bench_expect(&peer, ZW_RESULT, &msg, NULL);
  bench_typed(&msg, ZW_CALL, ZW_STR("bench.get"), bench_key(&b, "record"));
  shape_of(&c->call, &peer, &msg, c->next);
  learn(&c->result, &peer, send_call, c);
  zw_builder_deinit(&b);
}

/* ---- runs ---- */

static bool start_zerowire(bench_process *p) {
  return bench_start_zerowire(p, ZEROWIRE_BENCH_SCHEMA);
}

typedef struct contestant {
  const char *name;
  bool (*start)(bench_process *p);
  void (*connect)(bench_calls *c, const bench_process *p);
} contestant;

enum { CONTESTANTS_MAX = 3 };
static bench_process processes[CONTESTANTS_MAX];
static bench_calls loads[CONTESTANTS_MAX];
static bench_contender contenders[CONTESTANTS_MAX];

static double absent(void *ctx) {
  (void)ctx;
  return -1;
}

static void start_all(const contestant *all, size_t count) {
  for (size_t i = 0; i < count; i++) {
    contenders[i] = (bench_contender){.name = all[i].name, .run = absent, .ctx = &loads[i]};
    if (!all[i].start(&processes[i])) continue;
    all[i].connect(&loads[i], &processes[i]);
    loads[i].window = IN_FLIGHT;
    contenders[i].server = processes[i].id;
    contenders[i].units = &loads[i].units;
  }
}

static bool compare(const bench_table *table, double (*run)(void *ctx), size_t count) {
  for (size_t i = 0; i < count; i++)
    if (processes[i].id) contenders[i].run = run;
  return bench_compare(table, contenders, count);
}

static void stop_all(size_t count) {
  for (size_t i = 0; i < count; i++) {
    bench_calls_free(&loads[i]);
    bench_stop(&processes[i]);
  }
}

int main(void) {
  static const contestant callees[] = {
      {"zerowire", start_zerowire, connect_zerowire},
      {"limit (forwarding process)", start_forwarding, connect_forwarding},
      {"nats-server", bench_start_nats, connect_nats},
  };
  static const contestant records[] = {
      {"zerowire", start_zerowire, connect_record},
      {"limit (answering process)", start_echo, connect_limit},
  };
  static const bench_table in_flight = {"calls, 64 in flight", "thousand a second", false, 1e3,
                                        "3 times nats-server"};
  static const bench_table latency = {"calls, one at a time", "microseconds, median", true, 1e-6,
                                      "at most 1.15 times the limit"};
  static const bench_table record = {"a stored record of 250 octets, one call at a time",
                                     "microseconds, median", true, 1e-6,
                                     "6.5 thousand a second: 154 microseconds"};
  bench_pin(BENCH_CPU_LOAD);
  start_all(callees, 3);
  bool good = compare(&in_flight, bench_calls_in_flight, 3);
  good &= compare(&latency, bench_calls_latency, 3);
  stop_all(3);
  start_all(records, 2);
  good &= compare(&record, bench_calls_latency, 2);
  stop_all(2);
  return good ? 0 : 1;
}
