/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's inside, shared by its files: one connection, one session, and the tables of what
 * waits for an answer.
 *
 * Octets of the application are borrowed by reference to a *token*, an empty buffer: as long as the
 * connection needs them it holds a reference. No `done` is called while it does.
 */
#ifndef ZEROWIRE_CLIENT_SESSION_H
#define ZEROWIRE_CLIENT_SESSION_H

#include <stdatomic.h>

#include "net.h"
#include "zerowire/client.h"

/* What waits for an answer of the router. Owned by zw_client.requests. */
typedef struct zw_request {
  uint64_t id;
  uint16_t code;       /* of the request: ZW_PUBLISH, ZW_CALL … */
  uint32_t timeout_ms; /* 0: the client's */
  int64_t deadline;    /* loop time, ns */
  zw_buf *token;       /* of its payload, or NULL */
  zw_client_done *done;
  void *ctx;
  zw_client_event *event;     /* SUBSCRIBE: the handler to install */
  zw_client_invoked *invoked; /* REGISTER: likewise */
  void *handler_ctx;
  zw_str topic;            /* SUBSCRIBE: borrowed from the blocking caller */
  struct zw_request *next; /* while it is free */
} zw_request;

/* One handler of a subscription; several calls of subscribe for one topic share its id. */
typedef struct zw_subscriber {
  struct zw_subscriber *next;
  uint64_t id;
  zw_client_event *event;
  void *ctx;
  size_t topic_len;
  char topic[];
} zw_subscriber;

typedef struct zw_registered {
  uint64_t id;
  zw_client_invoked *invoked;
  void *ctx;
} zw_registered;

/* A message without an answer, of which octets of the application are on their way to the socket.
 */
typedef struct zw_sending {
  struct zw_sending *next;
  zw_buf *token;
  zw_client_done *done;
  void *ctx;
} zw_sending;

struct zw_invocation {
  zw_client *client; /* NULL: the session is over */
  const zw_alloc *alloc;
  uint64_t request;
  bool wants_progress;
};

struct zw_client {
  const zw_alloc *alloc;
  zw_client_options options;
  zw_loop *loop;
  zw_conn *conn; /* NULL: not connected, or no more */
  zw_session session;
  zw_encoder encoder;
  zw_arena scratch; /* texts of the message under way */
  zw_buf *received; /* owner of the message under way */
  zw_hmap requests; /* by id: zw_request */
  zw_request *free_requests;
  int64_t expire_at;     /* when deadlines are looked at next */
  zw_hmap subscribers;   /* by subscription id: zw_subscriber list */
  zw_hmap registrations; /* by id: zw_registered */
  zw_hmap invocations;   /* by request id: zw_invocation */
  zw_sending *sending, **sending_end;
  atomic_bool stopped;
  bool running; /* inside the loop: blocking calls are refused */
  bool joined;
  bool legacy;    /* the router did not answer with `details`: typed payloads as args */
  bool mismatch;  /* WELCOME names schemas, and none is ours */
  bool zerowire;  /* WELCOME has x_zerowire */
  int error;      /* what ended the session */
  zw_diag reason; /* … in words */
};

/* client_url.c: where to connect, from a URL. */
typedef struct zw_client_target {
  enum zw_transport transport;
  char address[300]; /* as zw_connect takes it */
  char host[256];    /* Host header */
  char path[512];
} zw_client_target;
int zw_client_url_parse(const char *url, zw_client_target *out, zw_diag *diag);

/* client_open.c */
/* Ends the session, with GOODBYE or ABORT said before if there is one to say; the first cause is
 * kept. */
void zw_client_fail(zw_client *client, int error, const char *format, ...) ZW_PRINTF(3, 4);

/* client_messages.c: one message from the router. */
void zw_client_on_message(zw_conn *conn, zw_span octets, zw_buf *owner);

/* client_join.c */
int zw_client_hello(zw_client *client);
void zw_client_on_challenge(zw_client *client, const zw_msg *msg);
void zw_client_on_welcome(zw_client *client, const zw_msg *msg);
void zw_client_on_abort(zw_client *client, const zw_msg *msg);
void zw_client_on_goodbye(zw_client *client, const zw_msg *msg);

/* client_schema.c: whether the router's schemas, none of which is ours, are compatible. */
int zw_client_check_schema(zw_client *client, zw_diag *diag);

/* client_send.c */
int zw_client_send(zw_client *client, const zw_msg *msg, zw_buf *token, zw_diag *diag);
/* Sends; `done` is called when the octets have left. */
int zw_client_send_tracked(zw_client *client, const zw_msg *msg, zw_client_done *done, void *ctx,
                           zw_diag *diag);
/* A token for the payload if it is long enough to be borrowed; 0 or ZW_ENOMEM. */
int zw_client_token(zw_client *client, const zw_msg *msg, zw_buf **token);
/* Calls `done` of those whose octets have left. */
void zw_client_sent(zw_client *client);
void zw_client_payload_to_msg(zw_msg *msg, const zw_payload *payload);
void zw_client_payload_of_msg(zw_payload *payload, const zw_msg *msg);

/* client_requests.c */
/* Sends a request that is answered: `like` says to whom and what to install. */
int zw_client_ask(zw_client *client, zw_msg *msg, const zw_request *like, zw_diag *diag);
/* Removes it and calls done with the result. */
void zw_request_finish(zw_client *client, zw_request *request, const zw_result *result);
void zw_requests_expire(zw_client *client);
void zw_requests_fail_all(zw_client *client);
void zw_requests_deinit(zw_client *client);

/* A blocking call: the outcome, and a place for it. */
typedef struct zw_waiter {
  bool done;
  int error;
  uint64_t id;
  zw_diag *diag;
} zw_waiter;
/* Fills a waiter, which is what ctx points to. */
void zw_waiter_done(void *ctx, const zw_result *result);
/* Asks and waits; *id may be NULL. */
int zw_client_ask_wait(zw_client *client, zw_msg *msg, const zw_request *like, uint64_t *id,
                       zw_diag *diag);
/* The same for a `done` of the caller's own, whose context begins with a waiter. */
int zw_client_ask_until(zw_client *client, zw_msg *msg, const zw_request *like, zw_waiter *waiter);

/* client_events.c, client_serving.c */
void zw_client_on_event(zw_client *client, const zw_msg *msg);
int zw_client_install_subscriber(zw_client *client, const zw_request *request, uint64_t id);
void zw_client_drop_subscriber(zw_client *client, uint64_t id);
void zw_client_drop_subscribers(zw_client *client);
int zw_client_install_registration(zw_client *client, const zw_request *request, uint64_t id);
void zw_client_drop_registration(zw_client *client, uint64_t id);
void zw_client_on_invocation(zw_client *client, const zw_msg *msg);
void zw_client_drop_registrations(zw_client *client);

#endif
