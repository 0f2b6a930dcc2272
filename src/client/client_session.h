/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's inside, shared by its files: one connection, one session, and the tables of what
 * waits for an answer.
 */
#ifndef ZEROWIRE_CLIENT_SESSION_H
#define ZEROWIRE_CLIENT_SESSION_H

#include "net.h"
#include "zerowire/client.h"

/* What waits for an answer of the router. Owned by zw_client.requests. */
typedef struct zw_request {
  uint64_t id;
  uint16_t code;    /* of the request: ZW_PUBLISH, ZW_CALL … */
  bool progress;    /* CALL: progressive results are wanted */
  int64_t deadline; /* loop time, ns */
  zw_client_done *done;
  void *ctx;
  zw_client_event *event;     /* SUBSCRIBE: the handler to install, its context in event_ctx */
  zw_client_invoked *invoked; /* REGISTER: likewise */
  void *handler_ctx;
  zw_str uri; /* SUBSCRIBE: the topic, a copy */
} zw_request;

/* One handler of a subscription; several calls of subscribe for one topic share its id. */
typedef struct zw_subscriber {
  struct zw_subscriber *next;
  uint64_t id;
  zw_client_event *event;
  void *ctx;
  size_t size; /* of this allocation */
  size_t topic_len;
  char topic[];
} zw_subscriber;

typedef struct zw_registered {
  uint64_t id;
  zw_client_invoked *invoked;
  void *ctx;
} zw_registered;

/* A message of which octets of the application are on their way to the socket. */
typedef struct zw_sending {
  struct zw_sending *next;
  zw_buf *token; /* the connection holds a reference as long as it needs the octets */
  zw_client_done *done;
  void *ctx;
} zw_sending;

struct zw_invocation {
  zw_client *client; /* NULL: the session is over */
  uint64_t request;
  bool wants_progress;
};

struct zw_client {
  const zw_alloc *alloc;
  const zw_log *log;
  zw_loop *loop;
  zw_conn *conn; /* NULL: not connected, or no more */
  zw_session session;
  zw_encoder encoder;
  enum zw_serializer serializer;
  uint32_t timeout_ms, message_max;
  zw_hmap requests;      /* by id: zw_request */
  zw_hmap subscribers;   /* by subscription id: zw_subscriber list */
  zw_hmap registrations; /* by id: zw_registered */
  zw_hmap invocations;   /* by request id: zw_invocation */
  zw_sending *sending;
  zw_client_options options;
  bool in_callback;
  bool stopped;
  bool joined;
  bool legacy;  /* the router did not answer with `details`: typed payloads as args */
  int error;    /* what ended the session */
  zw_diag diag; /* … in words */
};

/* client_url.c: where to connect, from a URL; texts point into the URL or into address. */
typedef struct zw_client_target {
  enum zw_transport transport;
  char address[300]; /* as zw_connect takes it */
  char host[256];    /* Host header */
  char path[512];
} zw_client_target;
int zw_client_url_parse(const char *url, zw_client_target *out, zw_diag *diag);

/* client_messages.c: one message from the router. */
void zw_client_on_message(zw_conn *conn, zw_span octets, zw_buf *owner);
/* Ends the session: the first cause is kept. */
void zw_client_fail(zw_client *client, int error, const char *what);

/* client_send.c */
int zw_client_send(zw_client *client, const zw_msg *msg, zw_buf *token, zw_diag *diag);
void zw_client_payload_to_msg(zw_msg *msg, const zw_payload *payload);
void zw_client_payload_of_msg(zw_payload *payload, const zw_msg *msg);
/* Calls `done` of those whose octets have left. */
void zw_client_sent(zw_client *client);
int zw_client_track(zw_client *client, zw_buf **token, zw_client_done *done, void *ctx);

/* client_requests.c */
zw_request *zw_request_create(zw_client *client, uint16_t code, zw_client_done *done, void *ctx,
                              uint32_t timeout_ms);
void zw_request_free(zw_client *client, zw_request *request);
/* Removes it and calls done with the result. */
void zw_request_finish(zw_client *client, zw_request *request, const zw_result *result);
void zw_requests_expire(zw_client *client);
void zw_requests_fail_all(zw_client *client);

/* A blocking call: the outcome, and a place for it. */
typedef struct zw_waiter {
  zw_client *client;
  bool done;
  int error;
  uint64_t id;
  zw_diag *diag;
} zw_waiter;
void zw_waiter_done(void *ctx, const zw_result *result);
int zw_client_wait(zw_client *client, zw_waiter *waiter);
/* Tells an ERROR in words. */
int zw_result_diag(const zw_result *result, zw_diag *diag);

/* client_events.c, client_serving.c */
void zw_client_on_event(zw_client *client, const zw_msg *msg);
void zw_client_on_subscribed(zw_client *client, zw_request *request, const zw_msg *msg);
void zw_client_drop_subscribers(zw_client *client);
void zw_client_on_registered(zw_client *client, zw_request *request, const zw_msg *msg);
void zw_client_on_invocation(zw_client *client, const zw_msg *msg);
void zw_client_drop_registrations(zw_client *client);

#endif
