/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One side of the ledger's measurements: sends and receives `count` payloads of `size` octets and
 * checks each that arrives.
 *
 *   ledger_peer live|kept SIZE COUNT SUBSCRIBERS    publish to so many subscribers of this process
 *   ledger_peer replay SIZE COUNT                   read the durable topic's first COUNT events
 *   ledger_peer put SIZE                            store one record
 *   ledger_peer get SIZE COUNT                      call for it
 *   ledger_peer build SIZE COUNT                    build the message only, without a router
 *
 * The router is the one of ZEROWIRE_URL. One line tells what was moved; exit 1 if anything was
 * missing or different.
 */
#include <stdio.h>
#include <stdlib.h>

#include "zerowire/client.h"

#define SUBSCRIBERS_MAX 16
#define SLOT_NAME 0
#define SLOT_DATA 1

typedef struct received {
  size_t size;
  unsigned count;
  bool wrong;
} received;

static void stop(const char *what, int error, const zw_diag *diag) {
  fprintf(stderr, "ledger_peer: %s: %s: %s\n", what, zw_error_name(error),
          diag ? diag->message : "");
  exit(1);
}

static zw_client *join(void) {
  zw_client *client;
  zw_diag diag = {0};
  zw_client_options options = {
      .size = sizeof options, .url = getenv("ZEROWIRE_URL"), .timeout_ms = 120000};
  int e = zw_client_open(&client, &options, &diag);
  if (e) stop("open", e, &diag);
  return client;
}

/* A Blob; its octets are written in place: all of them, or only the ends, so that what is counted
 * is not the writing of the test. */
static zw_payload build(zw_builder *b, const char *name, size_t size, bool all) {
  void *octets;
  zw_span bytes = {NULL, 0};
  zw_builder_reset(b);
  zw_ref data = zw_builder_vector_uninit(b, size, 1, 1, &octets);
  if (octets && all) memset(octets, 0xA5, size);
  if (octets) ((uint8_t *)octets)[0] = ((uint8_t *)octets)[size - 1] = 0xA5;
  zw_ref text = zw_builder_string(b, zw_str_of(name));
  zw_builder_table_start(b);
  zw_builder_add_ref(b, SLOT_NAME, text);
  zw_builder_add_ref(b, SLOT_DATA, data);
  int e = zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes);
  if (e) stop("build", e, NULL);
  return (zw_payload){.format = ZW_FORMAT_FLATBUFFER, .typed = bytes};
}

static bool is_whole(const zw_payload *payload, size_t size) {
  if (payload->format != ZW_FORMAT_FLATBUFFER || !payload->typed.ptr) return false;
  zw_span data = zw_vec_bytes(zw_table_vec(zw_root_trusted(payload->typed), SLOT_DATA));
  return data.len == size && data.ptr[0] == 0xA5 && data.ptr[size - 1] == 0xA5;
}

static void on_event(void *ctx, const zw_event_info *event) {
  received *r = ctx;
  r->count++;
  if (!is_whole(event->payload, r->size)) r->wrong = true;
}

static int tell(const char *what, size_t size, unsigned expected, const received *r) {
  printf("%s %zu octets: %u of %u%s\n", what, size, r->count, expected,
         r->wrong ? ", some wrong" : "");
  return r->count == expected && !r->wrong ? 0 : 1;
}

static void wait_for(zw_client *client, const received *r, unsigned count) {
  while (r->count < count) {
    int e = zw_client_run_once(client, 120000);
    if (e) stop("waiting for events", e, NULL);
  }
}

static int publish(const char *topic, size_t size, unsigned count, unsigned subscribers) {
  zw_client *readers[SUBSCRIBERS_MAX];
  received all[SUBSCRIBERS_MAX] = {{0}}, sum = {0};
  zw_diag diag = {0};
  for (unsigned i = 0; i < subscribers; i++) {
    readers[i] = join();
    all[i].size = size;
    int e = zw_client_subscribe(readers[i], zw_str_of(topic), NULL, on_event, &all[i], NULL, &diag);
    if (e) stop("subscribe", e, &diag);
  }
  zw_client *writer = join();
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_payload payload = build(&b, "x", size, false);
  for (unsigned n = 1; n <= count; n++) {
    int e = zw_client_publish_wait(writer, zw_str_of(topic), &payload, NULL, NULL, &diag);
    if (e) stop("publish", e, &diag);
    for (unsigned i = 0; i < subscribers; i++) wait_for(readers[i], &all[i], n);
  }
  for (unsigned i = 0; i < subscribers; i++) {
    sum.count += all[i].count;
    sum.wrong |= all[i].wrong;
    zw_client_close(readers[i]);
  }
  zw_client_close(writer);
  zw_builder_deinit(&b);
  return tell(topic, size, count * subscribers, &sum);
}

static int replay(size_t size, unsigned count) {
  received r = {.size = size};
  zw_diag diag = {0};
  zw_client *client = join();
  int e = zw_client_subscribe(client, ZW_STR("ledger.kept"), &(zw_subscribe_options){.since = 1},
                              on_event, &r, NULL, &diag);
  if (e) stop("subscribe", e, &diag);
  wait_for(client, &r, count);
  zw_client_close(client);
  return tell("replay", size, count, &r);
}

static int put(size_t size) {
  zw_diag diag = {0};
  zw_client *client = join();
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_payload record = build(&b, "x", size, false);
  int e = zw_client_call_wait(client, ZW_STR("ledger.put"), &record, NULL, NULL, NULL, NULL, NULL,
                              &diag);
  if (e) stop("put", e, &diag);
  zw_client_close(client);
  zw_builder_deinit(&b);
  return 0;
}

static int get(size_t size, unsigned count) {
  received r = {.size = size};
  zw_diag diag = {0};
  zw_client *client = join();
  zw_builder b;
  zw_builder_init(&b, NULL);
  zw_span bytes;
  zw_ref name = zw_builder_string(&b, ZW_STR("x"));
  zw_builder_table_start(&b);
  zw_builder_add_ref(&b, SLOT_NAME, name);
  int e = zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &bytes);
  zw_payload key = {.format = ZW_FORMAT_FLATBUFFER, .typed = bytes};
  for (unsigned i = 0; i < count && !e; i++) {
    zw_payload record = {0};
    zw_buf *owner = NULL;
    e = zw_client_call_wait(client, ZW_STR("ledger.get"), &key, NULL, NULL, NULL, &record, &owner,
                            &diag);
    if (e) break;
    r.count++;
    if (!is_whole(&record, size)) r.wrong = true;
    zw_buf_unref(owner);
  }
  if (e) stop("get", e, &diag);
  zw_client_close(client);
  zw_builder_deinit(&b);
  return tell("get", size, count, &r);
}

static int build_only(size_t size, unsigned count) {
  zw_builder b;
  zw_builder_init(&b, NULL);
  /* The first message sizes the memory; those after it are the steady state. */
  for (unsigned i = 0; i < count; i++) build(&b, "x", size, true);
  zw_builder_deinit(&b);
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[1] : "";
  size_t size = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
  unsigned count = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1;
  unsigned subscribers = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 1;
  if (!size || subscribers > SUBSCRIBERS_MAX) {
    fprintf(stderr,
            "usage: ledger_peer live|kept|replay|put|get|build SIZE [COUNT [SUBSCRIBERS]]\n");
    return 2;
  }
  if (!strcmp(what, "live")) return publish("ledger.live", size, count, subscribers);
  if (!strcmp(what, "kept")) return publish("ledger.kept", size, count, subscribers);
  if (!strcmp(what, "replay")) return replay(size, count);
  if (!strcmp(what, "put")) return put(size);
  if (!strcmp(what, "get")) return get(size, count);
  if (!strcmp(what, "build")) return build_only(size, count);
  fprintf(stderr, "ledger_peer: \"%s\" is none of live, kept, replay, put, get, build\n", what);
  return 2;
}
