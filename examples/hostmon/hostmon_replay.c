/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the whole history of the samples and compares it with the publisher's log: both are walked
 * side by side. A replayed sample is the octets of the next one in the log; one that was never
 * acknowledged may be missing, one that was may not, and its publication id is the one that the
 * acknowledgement named.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "hostmon.h"
#include "proc_sampler.h"
#include "sample_log.h"

/* So long without a sample means that there are no more. */
#define QUIET_SECONDS 20
#define RUN_MS 1000

typedef struct comparison {
  logged_samples log;
  size_t next; /* of the log */
  uint64_t replayed, unacknowledged, octets;
  uint64_t last; /* publication of the last acknowledged one */
  bool ended;
  zw_diag diag;
} comparison;

static int refuse(comparison *c, const char *what) {
  return zw_fail(&c->diag, ZW_EVERIFY, "sample %" PRIu64 " of the replay %s", c->replayed, what);
}

static int compare(comparison *c, zw_span octets, uint64_t publication) {
  for (; c->next < c->log.count; c->next++) {
    const logged_sample *logged = &c->log.items[c->next];
    bool same = zw_span_eq(logged->octets, octets);
    if (!same && !logged->publication) continue;
    if (!same) return refuse(c, "is not what was published, or one is missing before it");
    if (logged->publication && logged->publication != publication)
      return refuse(c, "has another publication id");
    if (!logged->publication) c->unacknowledged++;
    c->next++;
    return 0;
  }
  return refuse(c, "was never published");
}

static void on_sample(void *ctx, hostmon_Sample sample, const zw_event_info *info) {
  comparison *c = ctx;
  if (c->diag.error || c->ended) return;
  zw_span octets = zw_table_bytes(sample.t);
  c->replayed++;
  c->octets += octets.len;
  if (compare(c, octets, info->publication)) return;
  if (info->publication == c->last) c->ended = true;
}

static double seconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static int find_last(comparison *c, zw_diag *diag) {
  for (size_t i = 0; i < c->log.count; i++) {
    if (c->log.items[i].publication) c->last = c->log.items[i].publication;
  }
  return c->last ? 0 : zw_fail(diag, ZW_ENOTFOUND, "the log has no acknowledged sample");
}

/* Runs until the last acknowledged sample came, or one that is not as published. */
static int receive(comparison *c, zw_client *client, zw_diag *diag) {
  struct timespec came;
  clock_gettime(CLOCK_MONOTONIC, &came);
  while (!c->ended && !c->diag.error) {
    uint64_t before = c->replayed;
    int e = zw_client_run_once(client, RUN_MS);
    if (e) return zw_fail(diag, e, "the session ended after %" PRIu64 " samples", c->replayed);
    if (c->replayed != before) clock_gettime(CLOCK_MONOTONIC, &came);
    if (c->replayed == before && seconds_since(&came) > QUIET_SECONDS) {
      return zw_fail(diag, ZW_ENOTFOUND,
                     "the replay ended after %" PRIu64 " samples without the last acknowledged one",
                     c->replayed);
    }
  }
  return 0;
}

static int run(comparison *c, zw_client *client, zw_diag *diag) {
  struct timespec start;
  hostmon_Monitor_sample_subscription subscription = {.event = on_sample, .ctx = c};
  zw_subscribe_options from = {.since = 1};
  clock_gettime(CLOCK_MONOTONIC, &start);
  int e = hostmon_Monitor_sample_subscribe(client, &from, &subscription, diag);
  if (!e) e = receive(c, client, diag);
  if (!e && c->diag.error) {
    if (diag) *diag = c->diag;
    e = c->diag.error;
  }
  if (e) return e;
  double seconds = seconds_since(&start);
  printf("replayed %" PRIu64 " samples, %" PRIu64 " octets, in %.1f ms (%.0f samples/s)\n",
         c->replayed, c->octets, seconds * 1e3, (double)c->replayed / seconds);
  printf("each is, octet for octet, what was published; all %zu acknowledged ones are there, in "
         "order%s\n",
         c->log.acknowledged,
         c->unacknowledged ? ", and one or more whose acknowledgement was cut off" : "");
  return 0;
}

int hostmon_replay(const hostmon_options *options, zw_diag *diag) {
  comparison c = {0};
  zw_client *client = NULL;
  if (!options->log) return zw_fail(diag, ZW_EUSAGE, "replay needs --log FILE, the publisher's");
  int e = logged_samples_load(&c.log, options->log, diag);
  if (!e) e = find_last(&c, diag);
  if (!e) e = hostmon_join(&client, options, 0, diag);
  if (!e) e = run(&c, client, diag);
  zw_client_close(client);
  logged_samples_free(&c.log);
  return e;
}

int hostmon_show_host(const hostmon_options *options, zw_diag *diag) {
  char name[256] = "";
  zw_client *client = NULL;
  zw_builder b;
  zw_buf *owner = NULL;
  hostmon_HostKey key;
  hostmon_Host host;
  zw_builder_init(&b, NULL);
  gethostname(name, sizeof name - 1);
  int e = hostmon_HostKey_pack(&b, &(hostmon_HostKeyT){.name = zw_str_of(name)}, &key);
  if (!e) e = hostmon_join(&client, options, 0, diag);
  if (!e) e = hostmon_Monitor_host_get_call(client, key, &host, &owner, diag);
  if (!e) {
    zw_text text;
    zw_text_init(&text, NULL);
    e = zw_json_print(zw_schema_type(&hostmon_schema, ZW_STR("hostmon.Host")), host.t,
                      ZW_OBJECT_TEXT, 0, &text);
    if (!e) printf("%.*s\n", ZW_ARG(zw_text_str(&text)));
    zw_text_deinit(&text);
  }
  zw_buf_unref(owner);
  zw_client_close(client);
  zw_builder_deinit(&b);
  return e;
}
