/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clients of the durability tests. Each line of output is one fact, written at once, so that what
 * is on record when the router dies is what the client knew.
 *
 * - publish ID FIRST COUNT [FILLER]: publishes ticks FIRST … on the durable topic, 32 in flight;
 *   "acknowledged ID NUMBER PUBLICATION" or "refused ID NUMBER URI" each
 * - change ID COUNT: puts note ID with the numbers 1 …, in the same way
 * - mixed ID COUNT: publishes ticks in turn on the durable and the live topic, without waiting
 * - watch COUNT [TOPIC…]: "seen TOPIC PUBLISHER NUMBER PUBLICATION" for each live event; ends after
 *   COUNT (0: never)
 * - replay: "kept PUBLISHER NUMBER PUBLICATION" for each stored event, then "end"
 *
 * The router is the one of ZEROWIRE_URL. Exit 1: the connection was lost or refused.
 */
#include <stdio.h>
#include <stdlib.h>

#include "zerowire/client.h"

enum { IN_FLIGHT = 32, SLOT_PUBLISHER = 0, SLOT_NUMBER = 1, SLOT_FILLER = 2, FILLER_MAX = 1 << 20 };

static const char kept_topic[] = "durability.kept", live_topic[] = "durability.live";
static uint8_t filler[FILLER_MAX];

static void stop(const char *what, int error, const zw_diag *diag) {
  fprintf(stderr, "durability_peer: %s: %s: %s\n", what, zw_error_name(error),
          diag ? diag->message : "");
  exit(1);
}

static zw_client *join(void) {
  zw_client *client;
  zw_diag diag = {0};
  zw_client_options options = {.size = sizeof options, .url = getenv("ZEROWIRE_URL")};
  int e = zw_client_open(&client, &options, &diag);
  if (e) stop("open", e, &diag);
  return client;
}

static zw_payload build(zw_builder *b, uint32_t publisher, uint64_t number, size_t octets) {
  zw_span bytes = {NULL, 0};
  zw_builder_reset(b);
  zw_ref fill = octets ? zw_builder_vector(b, filler, octets, 1, 1) : 0;
  zw_builder_table_start(b);
  zw_builder_add_u32(b, SLOT_PUBLISHER, publisher, 0);
  zw_builder_add_u64(b, SLOT_NUMBER, number, 0);
  zw_builder_add_ref(b, SLOT_FILLER, fill);
  int e = zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes);
  if (e) stop("build", e, NULL);
  return (zw_payload){.format = ZW_FORMAT_FLATBUFFER, .typed = bytes};
}

/* ---- publish ---- */

typedef struct flight {
  zw_builder builder; /* holds the octets until they are answered */
  uint32_t publisher;
  uint64_t number;
  bool busy;
} flight;

static void on_published(void *ctx, const zw_result *result) {
  flight *f = ctx;
  f->busy = false;
  if (!result->error) {
    printf("acknowledged %u %llu %llu\n", f->publisher, (unsigned long long)f->number,
           (unsigned long long)result->id);
  } else if (result->error == ZW_EREMOTE) {
    printf("refused %u %llu %.*s\n", f->publisher, (unsigned long long)f->number,
           ZW_ARG(result->uri));
  }
}

static flight *free_flight(flight *flights) {
  for (size_t i = 0; i < IN_FLIGHT; i++) {
    if (!flights[i].busy) return &flights[i];
  }
  return NULL;
}

static bool any_busy(const flight *flights) {
  for (size_t i = 0; i < IN_FLIGHT; i++) {
    if (flights[i].busy) return true;
  }
  return false;
}

static int run(zw_client *client) {
  int e = zw_client_run_once(client, 10000);
  return e ? e : zw_client_error(client);
}

static int send(zw_client *client, bool change, flight *f, const zw_payload *payload) {
  zw_diag diag = {0};
  if (change)
    return zw_client_call(client, ZW_STR("durability.note_put"), payload, NULL, on_published, f,
                          &diag);
  return zw_client_publish(client, zw_str_of(kept_topic), payload,
                           &(zw_publish_options){.acknowledge = true}, on_published, f, &diag);
}

static int publish(bool change, uint32_t publisher, uint64_t first, uint64_t count, size_t octets) {
  static flight flights[IN_FLIGHT];
  zw_client *client = join();
  for (size_t i = 0; i < IN_FLIGHT; i++) zw_builder_init(&flights[i].builder, NULL);
  int e = 0;
  for (uint64_t n = first; !e && n < first + count; n++) {
    flight *f;
    while (!e && !(f = free_flight(flights))) e = run(client);
    if (e) break;
    zw_payload payload = build(&f->builder, publisher, n, octets);
    f->publisher = publisher;
    f->number = n;
    f->busy = true;
    e = send(client, change, f, &payload);
  }
  while (!e && any_busy(flights)) e = run(client);
  for (size_t i = 0; i < IN_FLIGHT; i++) zw_builder_deinit(&flights[i].builder);
  zw_client_close(client);
  return e ? 1 : 0;
}

static int mixed(uint32_t publisher, uint64_t count) {
  zw_diag diag = {0};
  zw_client *client = join();
  zw_builder b;
  zw_builder_init(&b, NULL);
  int e = 0;
  for (uint64_t n = 1; !e && n <= count; n++) {
    zw_payload payload = build(&b, publisher, n, 0);
    zw_str topic = zw_str_of(n % 2 ? kept_topic : live_topic);
    e = n < count ? zw_client_publish(client, topic, &payload, NULL, NULL, NULL, &diag)
                  : zw_client_publish_wait(client, topic, &payload, NULL, NULL, &diag);
  }
  if (e) stop("publish", e, &diag);
  zw_builder_deinit(&b);
  zw_client_close(client);
  return 0;
}

/* ---- watch and replay ---- */

typedef struct watcher {
  zw_client *client;
  bool replaying;
  uint64_t seen, left; /* left: after so many it ends; 0: never */
  uint64_t marker;     /* replaying: the number of the event that ends it */
} watcher;

static void on_event(void *ctx, const zw_event_info *event) {
  watcher *w = ctx;
  zw_table tick = zw_root_trusted(event->payload->typed);
  uint32_t publisher = zw_table_u32(tick, SLOT_PUBLISHER, 0);
  uint64_t number = zw_table_u64(tick, SLOT_NUMBER, 0);
  w->seen++;
  if (w->replaying && publisher == 0) {
    /* Markers of earlier replays are no facts. */
    if (number == w->marker) zw_client_stop(w->client);
    return;
  }
  if (w->replaying) {
    printf("kept %u %llu %llu\n", publisher, (unsigned long long)number,
           (unsigned long long)event->publication);
  } else {
    printf("seen %.*s %u %llu %llu\n", ZW_ARG(event->topic), publisher, (unsigned long long)number,
           (unsigned long long)event->publication);
  }
  if (w->seen == w->left) zw_client_stop(w->client);
}

static int watch(uint64_t count, char **topics, int topic_count) {
  static char preset[] = "durability.kept";
  static char *presets[] = {preset};
  zw_diag diag = {0};
  watcher w = {.left = count, .client = join()};
  if (!topic_count) {
    topics = presets;
    topic_count = 1;
  }
  for (int i = 0; i < topic_count; i++) {
    int e = zw_client_subscribe(w.client, zw_str_of(topics[i]), NULL, on_event, &w, NULL, &diag);
    if (e) stop("subscribe", e, &diag);
  }
  printf("watching\n");
  int e = zw_client_run(w.client);
  zw_client_close(w.client);
  return e ? 1 : 0;
}

/* Ends exactly: an event of its own is the last that it has to see. */
static int replay(void) {
  zw_diag diag = {0};
  watcher w = {.replaying = true, .client = join()};
  w.marker = zw_client_session(w.client);
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_payload marker = build(&b, 0, w.marker, 0);
  zw_subscribe_options from = {.since = 1};
  int e = zw_client_subscribe(w.client, zw_str_of(kept_topic), &from, on_event, &w, NULL, &diag);
  if (e) stop("subscribe", e, &diag);
  zw_publish_options options = {.acknowledge = true, .include_me = true};
  e = zw_client_publish(w.client, zw_str_of(kept_topic), &marker, &options, NULL, NULL, &diag);
  if (e) stop("publish", e, &diag);
  e = zw_client_run(w.client);
  if (!e) printf("end\n");
  zw_builder_deinit(&b);
  zw_client_close(w.client);
  return e ? 1 : 0;
}

static unsigned long long number(int argc, char **argv, int i, unsigned long long preset) {
  return i < argc ? strtoull(argv[i], NULL, 10) : preset;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "publish") && argc >= 5) {
    size_t octets = (size_t)number(argc, argv, 5, 0);
    if (octets > FILLER_MAX) octets = FILLER_MAX;
    return publish(false, (uint32_t)number(argc, argv, 2, 0), number(argc, argv, 3, 1),
                   number(argc, argv, 4, 1), octets);
  }
  if (!strcmp(what, "change") && argc >= 4)
    return publish(true, (uint32_t)number(argc, argv, 2, 0), 1, number(argc, argv, 3, 1), 0);
  if (!strcmp(what, "mixed") && argc >= 4)
    return mixed((uint32_t)number(argc, argv, 2, 0), number(argc, argv, 3, 1));
  if (!strcmp(what, "watch") && argc >= 3)
    return watch(number(argc, argv, 2, 0), argv + 3, argc - 3);
  if (!strcmp(what, "replay")) return replay();
  fprintf(stderr, "usage: durability_peer publish ID FIRST COUNT [FILLER] | change ID COUNT | "
                  "mixed ID COUNT | watch COUNT [TOPIC…] | replay\n");
  return 2;
}
