/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples this machine at a steady rate and publishes each sample with an acknowledgement. The log
 * gets a sample before it is published and its acknowledgement as soon as it came, so that at any
 * instant the log says what must be in the history.
 *
 * When the router is gone the sample under way stays unacknowledged: it may be stored or not, and
 * is not sent again, since the router could then have it twice. The publisher joins again and goes
 * on with the next.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hostmon.h"
#include "proc_sampler.h"
#include "sample_log.h"

enum { PATIENCE_MS = 30000 };

typedef struct publisher {
  const hostmon_options *options;
  zw_client *client;
  sampler *sampler;
  sample_log log;
  zw_builder builder;
  uint64_t acknowledged;
  /* What the sample under way came to. */
  bool answered;
  int error;
  uint64_t publication;
  zw_diag *diag;
} publisher;

static void on_published(void *ctx, const zw_result *result) {
  publisher *p = ctx;
  p->answered = true;
  p->error = result->error;
  p->publication = result->id;
  if (result->error)
    zw_fail(p->diag, result->error, "%.*s: %.*s", ZW_ARG(result->uri), ZW_ARG(result->message));
}

static int put_host(publisher *p, zw_diag *diag) {
  hostmon_HostT object;
  hostmon_Host host;
  int e = sampler_host(p->sampler, &object, diag);
  if (!e) e = hostmon_Host_pack(&p->builder, &object, &host);
  return e ? e : hostmon_Monitor_host_put_call(p->client, host, diag);
}

static int join(publisher *p, zw_diag *diag) {
  int e = hostmon_join(&p->client, p->options, PATIENCE_MS, diag);
  return e ? e : put_host(p, diag);
}

/* Sends one sample and waits for its acknowledgement. */
static int send_sample(publisher *p, hostmon_Sample sample, zw_diag *diag) {
  zw_publish_options acknowledged = {.acknowledge = true};
  p->answered = false;
  p->diag = diag;
  int e =
      hostmon_Monitor_sample_publish_async(p->client, sample, &acknowledged, on_published, p, diag);
  while (!e && !p->answered) e = zw_client_run_once(p->client, -1);
  return p->answered ? p->error : e;
}

static int publish_one(publisher *p, zw_diag *diag) {
  hostmon_SampleT object;
  hostmon_Sample sample;
  int e = sampler_look(p->sampler, &object, diag);
  if (!e) e = hostmon_Sample_pack(&p->builder, &object, &sample);
  if (!e && p->log.file) e = sample_log_sent(&p->log, zw_table_bytes(sample.t), diag);
  if (!e) e = send_sample(p, sample, diag);
  if (e) return e;
  p->acknowledged++;
  return p->log.file ? sample_log_acknowledged(&p->log, p->publication, diag) : 0;
}

static int rejoin(publisher *p, zw_diag *diag) {
  zw_client_close(p->client);
  p->client = NULL;
  fprintf(stderr, "hostmon: the router is gone after %" PRIu64 " samples; joining again\n",
          p->acknowledged);
  return join(p, diag);
}

static int publish_all(publisher *p, zw_diag *diag) {
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  long period = 1000000000L / (long)p->options->rate;
  while (!hostmon_stopped() && (!p->options->count || p->acknowledged < p->options->count)) {
    int e = publish_one(p, diag);
    if (hostmon_router_gone(e) && !hostmon_stopped()) {
      e = rejoin(p, diag);
      /* What was missed meanwhile is not made up for. */
      clock_gettime(CLOCK_MONOTONIC, &next);
    }
    if (hostmon_router_gone(e) && hostmon_stopped()) return 0;
    if (e) return e;
    next.tv_nsec += period;
    while (next.tv_nsec >= 1000000000L) {
      next.tv_nsec -= 1000000000L;
      next.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
  return 0;
}

int hostmon_publish(const hostmon_options *options, zw_diag *diag) {
  publisher p = {.options = options, .sampler = malloc(sizeof(sampler))};
  if (!p.sampler) return zw_fail(diag, ZW_ENOMEM, "no memory for the sampler");
  zw_builder_init(&p.builder, NULL);
  int e = sampler_init(p.sampler, diag);
  if (!e && options->log) e = sample_log_open(&p.log, options->log, diag);
  if (!e) e = join(&p, diag);
  if (!e) e = publish_all(&p, diag);
  zw_client_close(p.client);
  if (p.log.file) {
    int close_error = sample_log_close(&p.log, diag);
    if (!e) e = close_error;
  }
  zw_builder_deinit(&p.builder);
  free(p.sampler);
  if (!e) fprintf(stderr, "hostmon: %" PRIu64 " samples acknowledged\n", p.acknowledged);
  return e;
}
