/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durable publishing: events of 256 octets, each acknowledged after it is synced, 1,000 under way,
 * over 1, 10 and 1,000 topics. The limit: LMDB itself, as many octets appended, 100 a commit,
 * synced, in the same file system. Then what an event takes on disk.
 *
 * Every publication is acknowledged, and in the end the history has as many events.
 */
#define _GNU_SOURCE
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_calls.h"
#include "bench_measure.h"
#include "bench_process.h"
#include "bench_wamp.h"
#include "zerowire/store.h"

enum { PAYLOAD = 256, WINDOW = 1000, A_COMMIT = 100, TOPICS_MAX = 1000, TOPIC_MAX = 32 };
#define SECONDS_A_ROUND 0.4
#define MAP_SIZE ((size_t)64 << 30)

static void stop(const char *what) {
  fprintf(stderr, "bench_durable: %s\n", what);
  exit(1);
}

/* ---- zerowire ---- */

typedef struct publishing {
  bench_process process;
  bench_peer peer;
  bench_calls calls;
  uint64_t events;
} publishing;

static void topic_name(char *out, unsigned number) {
  snprintf(out, TOPIC_MAX, "bench.kept.%04u", number);
}

/* A frame for each topic. */
static void make_frames(publishing *p, const zw_span blob, unsigned topics) {
  bench_shape *shape = &p->calls.call;
  for (unsigned i = 0; i < topics; i++) {
    char topic[TOPIC_MAX];
    uint8_t *frame, *other;
    zw_msg msg;
    topic_name(topic, i);
    bench_typed(&msg, ZW_PUBLISH, zw_str_of(topic), blob);
    msg.acknowledge = true;
    msg.has |= 1ull << ZW_HAS_ACKNOWLEDGE;
    msg.request = 1;
    size_t len = bench_frame(&p->peer, &msg, &frame);
    if (i == 0) {
      msg.request = 2;
      bench_frame(&p->peer, &msg, &other);
      bench_shape_learn(shape, frame, other, len);
      bench_shape_repeat(shape, frame, len, shape->id_at, topics);
      free(other);
    }
    if (len != shape->len) stop("frames of different sizes");
    memcpy(shape->octets + i * len, frame, len);
    free(frame);
  }
}

/* Two acknowledgements differ in their publication too, so the request is looked for. */
static void learn_acknowledgement(publishing *p) {
  const bench_shape *s = &p->calls.call;
  uint64_t id = 0xA1B2C3D4E5ull;
  zw_store_le64(s->octets + s->id_at, id);
  bench_write(p->peer.fd, s->octets, s->len);
  zw_span frame = bench_receive_frame(&p->peer);
  size_t at = 0;
  while (at + BENCH_ID <= frame.len && zw_load_le64(frame.ptr + at) != id) at++;
  if (at + BENCH_ID > frame.len) stop("no acknowledgement came");
  p->calls.result = (bench_shape){NULL, 0, frame.len, at};
}

static bool start_publishing(publishing *p, unsigned topics) {
  zw_builder b;
  memset(p, 0, sizeof *p);
  if (!bench_start_zerowire(&p->process, ZEROWIRE_BENCH_SCHEMA)) return false;
  bench_join(&p->peer, p->process.port);
  p->calls = (bench_calls){.caller = p->peer.fd, .callee = -1, .window = WINDOW, .next = 1};
  zw_builder_init(&b, NULL);
  make_frames(p, bench_blob(&b, "x", PAYLOAD - 40), topics);
  zw_builder_deinit(&b);
  learn_acknowledgement(p);
  p->events = 1;
  return true;
}

static double publish(void *ctx) {
  publishing *p = ctx;
  double rate = bench_calls_in_flight(&p->calls);
  p->events += (uint64_t)p->calls.units;
  return rate;
}

/* ---- the limit ---- */

typedef struct appending {
  char folder[64];
  MDB_env *env;
  MDB_dbi log;
  uint64_t next;
} appending;

static void check(int code) {
  if (code) stop(mdb_strerror(code));
}

static void start_appending(appending *a) {
  MDB_txn *txn;
  *a = (appending){.next = 1};
  if (!bench_folder(a->folder, sizeof a->folder)) stop("no folder");
  check(mdb_env_create(&a->env));
  check(mdb_env_set_mapsize(a->env, MAP_SIZE));
  check(mdb_env_open(a->env, a->folder, 0, 0644));
  check(mdb_txn_begin(a->env, NULL, 0, &txn));
  check(mdb_dbi_open(txn, NULL, 0, &a->log));
  check(mdb_txn_commit(txn));
}

static void append_group(appending *a) {
  static uint8_t payload[PAYLOAD];
  MDB_txn *txn;
  check(mdb_txn_begin(a->env, NULL, 0, &txn));
  for (int i = 0; i < A_COMMIT; i++) {
    uint8_t octets[8];
    zw_store_be64(octets, a->next++);
    MDB_val key = {sizeof octets, octets}, value = {sizeof payload, payload};
    check(mdb_put(txn, a->log, &key, &value, MDB_APPEND));
  }
  check(mdb_txn_commit(txn));
}

static double append(void *ctx) {
  appending *a = ctx;
  double start = bench_now(), now;
  uint64_t first = a->next;
  do {
    append_group(a);
    now = bench_now();
  } while (now - start < SECONDS_A_ROUND);
  return (double)(a->next - first) / (now - start);
}

/* ---- runs ---- */

/* The server has it open for writing; others may read. */
static void check_history(const publishing *p) {
  char folder[80];
  zw_diag diag = {0};
  zw_store *store;
  zw_store_info info;
  zw_store_options options = {.size = sizeof options, .read_only = true};
  snprintf(folder, sizeof folder, "%s/data", p->process.folder);
  if (zw_store_open(&store, folder, "realm1", &options, &diag)) stop(diag.message);
  if (zw_store_info_get(store, &info)) stop("the store does not tell what it has");
  if (info.events != p->events) stop("the history does not have what was acknowledged");
  zw_store_close(store);
}

static void print_octets(const char *name, uint64_t octets, uint64_t events) {
  printf("  %-28s %12.1f octets an event on disk (%llu events)\n", name,
         (double)octets / (double)events, (unsigned long long)events);
}

static bool compare(unsigned topics) {
  publishing p;
  appending a;
  char title[80];
  snprintf(title, sizeof title, "durable publish over %u topic%s, %d under way", topics,
           topics == 1 ? "" : "s", WINDOW);
  bench_table table = {title, "thousand a second", false, 1e3, "150 thousand a second"};
  if (!start_publishing(&p, topics)) stop("zerowire does not start");
  start_appending(&a);
  bench_contender contenders[] = {
      {"zerowire", publish, &p, p.process.id, &p.calls.units},
      {"limit (LMDB, 100 a commit)", append, &a, 0, NULL},
  };
  bool good = bench_compare(&table, contenders, 2);
  check_history(&p);
  print_octets("zerowire", bench_folder_octets(p.process.folder), p.events);
  print_octets("limit", bench_folder_octets(a.folder), a.next - 1);
  mdb_env_close(a.env);
  bench_folder_remove(a.folder);
  bench_calls_free(&p.calls);
  bench_part(&p.peer);
  bench_stop(&p.process);
  return good;
}

int main(void) {
  bench_pin(BENCH_CPU_LOAD);
  bool good = compare(1);
  good &= compare(10);
  good &= compare(TOPICS_MAX);
  return good ? 0 : 1;
}
