/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A router for one client, in a thread of the test: answers what the client asks as WAMP says,
 * unless the test's script takes the message. Procedures: test.echo, test.progress (three results
 * and a last), test.fail, test.silent, and what the client registers.
 */
#ifndef ZEROWIRE_TESTS_SCRIPTED_ROUTER_H
#define ZEROWIRE_TESTS_SCRIPTED_ROUTER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "net.h"
#include "zerowire/client.h"

typedef struct scripted_router {
  zw_loop *loop;
  zw_listener *listener;
  zw_encoder encoder;
  pthread_t thread;
  atomic_bool stop;
  char url[160];    /* rs:// or unix: */
  char ws_url[160]; /* ws:// or ws+unix: */
  /* True: the message is dealt with. Runs in the router's thread. */
  bool (*script)(struct scripted_router *r, zw_conn *conn, const zw_msg *msg);
  const char *versions; /* x_zerowire of WELCOME in JSON, or NULL */
  zw_str procedure;     /* registered by the client */
  char procedure_text[64];
  uint64_t call; /* request of the CALL that an INVOCATION stands for */
  size_t received, octets;
  char seen[4096]; /* names of messages, each with a space behind */
} scripted_router;

static scripted_router *router; /* the tests of one program run one after the other */

static inline void router_send(zw_conn *conn, const zw_msg *msg) {
  zw_encoded encoded;
  zw_part parts[ZW_ENCODED_PARTS];
  zw_diag diag = {0};
  enum zw_serializer serializer = (enum zw_serializer)zw_wire_serializer(zw_conn_wire(conn));
  if (zw_msg_encode(&router->encoder, serializer, 0, msg, &encoded, &diag)) {
    fprintf(stderr, "scripted router: %s\n", diag.message);
    abort();
  }
  for (uint32_t i = 0; i < encoded.count; i++) parts[i] = (zw_part){encoded.parts[i], NULL, 0};
  (void)zw_conn_send(conn, parts, encoded.count);
  zw_conn_flush(conn);
}

static inline void router_answer(zw_conn *conn, enum zw_msg_code code, const zw_msg *request) {
  zw_msg msg;
  zw_msg_init(&msg, code);
  msg.request = request->request;
  msg.subscription = code == ZW_SUBSCRIBED ? 7000 + request->uri.len : 0;
  msg.registration = code == ZW_REGISTERED ? 8000 : 0;
  msg.publication = code == ZW_PUBLISHED ? 9000 + request->request : 0;
  router_send(conn, &msg);
}

static inline void copy_payload(zw_msg *to, const zw_msg *from) {
  to->payload_format = from->payload_format;
  to->args = from->args;
  to->kwargs = from->kwargs;
  to->payload = from->payload;
  to->ppt_serializer = from->ppt_serializer;
}

static inline void router_welcome(zw_conn *conn) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_WELCOME);
  msg.session = 4711;
  msg.uri = ZW_STR("realm1");
  msg.authid = ZW_STR("someone");
  msg.authrole = ZW_STR("anonymous");
  msg.method = ZW_STR("anonymous");
  msg.authprovider = ZW_STR("static");
  msg.roles = (zw_value){.format = ZW_FORMAT_JSON,
                         .octets = zw_str_span(ZW_STR("{\"broker\":{},\"dealer\":{}}"))};
  if (router->versions)
    msg.x_zerowire =
        (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_str_span(zw_str_of(router->versions))};
  zw_conn_established(conn);
  router_send(conn, &msg);
}

static inline void router_result(zw_conn *conn, uint64_t request, const zw_msg *payload,
                                 bool progress) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_RESULT);
  msg.request = request;
  copy_payload(&msg, payload);
  msg.progress = progress;
  if (progress) msg.has |= (uint64_t)1 << ZW_HAS_PROGRESS;
  router_send(conn, &msg);
}

static inline void router_error(zw_conn *conn, unsigned type, uint64_t request, const char *uri,
                                const char *args) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_ERROR);
  msg.request_type = type;
  msg.request = request;
  msg.uri = zw_str_of(uri);
  if (args) {
    msg.payload_format = ZW_FORMAT_JSON;
    msg.args = zw_str_span(zw_str_of(args));
  }
  router_send(conn, &msg);
}

static inline void router_call(zw_conn *conn, const zw_msg *call) {
  zw_msg msg;
  if (zw_str_eq(call->uri, ZW_STR("test.silent"))) return;
  if (zw_str_eq(call->uri, ZW_STR("test.echo"))) {
    router_result(conn, call->request, call, false);
  } else if (zw_str_eq(call->uri, ZW_STR("test.progress"))) {
    for (int i = 0; i < 4; i++)
      if (i == 3 || call->receive_progress) router_result(conn, call->request, call, i < 3);
  } else if (zw_str_eq(call->uri, router->procedure)) {
    router->call = call->request;
    zw_msg_init(&msg, ZW_INVOCATION);
    msg.request = call->request + 100;
    msg.registration = 8000;
    msg.receive_progress = call->receive_progress;
    if (msg.receive_progress) msg.has |= (uint64_t)1 << ZW_HAS_RECEIVE_PROGRESS;
    copy_payload(&msg, call);
    router_send(conn, &msg);
  } else {
    bool fail = zw_str_eq(call->uri, ZW_STR("test.fail"));
    router_error(conn, ZW_CALL, call->request,
                 fail ? "com.example.broken" : "wamp.error.no_such_procedure",
                 fail ? "[\"it broke\",7]" : NULL);
  }
}

static inline void router_publish(zw_conn *conn, const zw_msg *publish) {
  zw_msg msg;
  if (publish->acknowledge) router_answer(conn, ZW_PUBLISHED, publish);
  if (publish->exclude_me) return;
  zw_msg_init(&msg, ZW_EVENT);
  msg.subscription = 7000 + publish->uri.len;
  msg.publication = 9000 + publish->request;
  copy_payload(&msg, publish);
  router_send(conn, &msg);
}

static inline void router_default(zw_conn *conn, const zw_msg *msg) {
  zw_msg answer;
  switch (msg->code) {
    case ZW_HELLO: router_welcome(conn); break;
    case ZW_GOODBYE:
      zw_msg_init(&answer, ZW_GOODBYE);
      answer.uri = ZW_STR("wamp.close.goodbye_and_out");
      router_send(conn, &answer);
      break;
    case ZW_SUBSCRIBE: router_answer(conn, ZW_SUBSCRIBED, msg); break;
    case ZW_UNSUBSCRIBE: router_answer(conn, ZW_UNSUBSCRIBED, msg); break;
    case ZW_UNREGISTER: router_answer(conn, ZW_UNREGISTERED, msg); break;
    case ZW_REGISTER:
      snprintf(router->procedure_text, sizeof router->procedure_text, "%.*s", ZW_ARG(msg->uri));
      router->procedure = zw_str_of(router->procedure_text);
      router_answer(conn, ZW_REGISTERED, msg);
      break;
    case ZW_PUBLISH: router_publish(conn, msg); break;
    case ZW_CALL: router_call(conn, msg); break;
    case ZW_YIELD: router_result(conn, router->call, msg, msg->progress); break;
    case ZW_ERROR: {
      zw_msg_init(&answer, ZW_ERROR);
      answer.request_type = ZW_CALL;
      answer.request = router->call;
      answer.uri = msg->uri;
      copy_payload(&answer, msg);
      router_send(conn, &answer);
      break;
    }
    default: break;
  }
}

static inline void router_message(zw_conn *conn, zw_span octets, zw_buf *owner) {
  static zw_arena scratch;
  (void)owner;
  if (!scratch.alloc) zw_arena_init(&scratch, NULL);
  zw_msg msg;
  zw_diag diag = {0};
  zw_wamp_limits limits = {.scratch = &scratch};
  enum zw_serializer serializer = (enum zw_serializer)zw_wire_serializer(zw_conn_wire(conn));
  if (zw_msg_decode(&msg, serializer, octets, &limits, &diag)) {
    fprintf(stderr, "scripted router: %s\n", diag.message);
    abort();
  }
  router->received++;
  router->octets += octets.len;
  size_t at = strlen(router->seen);
  snprintf(router->seen + at, sizeof router->seen - at, "%s ", zw_msg_name(msg.code));
  if (!router->script || !router->script(router, conn, &msg)) router_default(conn, &msg);
  zw_arena_deinit(&scratch);
}

static const zw_conn_callbacks router_callbacks = {.message = router_message};

static inline void *router_thread(void *ctx) {
  scripted_router *r = ctx;
  while (!atomic_load(&r->stop)) zw_loop_run_once(r->loop, 20);
  return NULL;
}

/* address: "127.0.0.1:0" or "unix:/path". */
static inline void router_start(scripted_router *r, const char *address) {
  zw_net_options options = {.size = sizeof options,
                            .wire = {.size = sizeof options.wire, .serializers = 0x2A},
                            .callbacks = &router_callbacks};
  zw_diag diag = {0};
  router = r;
  zw_encoder_init(&r->encoder, NULL);
  assert_int_equal(zw_loop_create(&r->loop, NULL, NULL, NULL), 0);
  if (zw_listen(&r->listener, r->loop, address, &options, &diag)) fail_msg("%s", diag.message);
  const char *bound = zw_listener_address(r->listener);
  bool local = strncmp(bound, "unix:", 5) == 0;
  snprintf(r->url, sizeof r->url, "%s%s", local ? "" : "rs://", bound);
  snprintf(r->ws_url, sizeof r->ws_url, "%s%s", local ? "ws+" : "ws://", bound);
  assert_int_equal(pthread_create(&r->thread, NULL, router_thread, r), 0);
}

static inline void router_stop(scripted_router *r) {
  atomic_store(&r->stop, true);
  pthread_join(r->thread, NULL);
  zw_loop_destroy(r->loop);
  zw_encoder_deinit(&r->encoder);
}

static inline zw_client *client_of(const char *url, enum zw_serializer serializer) {
  zw_client_options options = {
      .size = sizeof options, .url = url, .serializer = serializer, .timeout_ms = 3000};
  zw_client *client = NULL;
  zw_diag diag = {0};
  if (zw_client_open(&client, &options, &diag)) fail_msg("%s", diag.message);
  return client;
}

/* Untyped arguments, in JSON whatever the serializer. */
static inline zw_payload json_args(const char *text) {
  return (zw_payload){.format = ZW_FORMAT_JSON, .args = zw_str_span(zw_str_of(text))};
}

/* The arguments of a payload as JSON text, in a static buffer. */
static inline const char *args_text(const zw_payload *payload) {
  static char out[512];
  zw_text text;
  zw_text_init(&text, NULL);
  out[0] = 0;
  if (payload && payload->args.ptr &&
      zw_value_convert(payload->format, payload->args, ZW_FORMAT_JSON, &text, NULL) == 0)
    snprintf(out, sizeof out, "%.*s", ZW_ARG(zw_text_str(&text)));
  zw_text_deinit(&text);
  return out;
}

#endif
