/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C client: join a realm of any WAMP router, publish, subscribe, call, register; over RawSocket
 * or WebSocket, TCP or Unix sockets.
 *
 * Two faces of one engine. *Blocking*: zw_client_open, _publish_wait, _call_wait … run the client's
 * own loop until the answer is there; callbacks for events run meanwhile. *Callbacks*: start
 * operations with a callback and drive the client from your own loop by zw_client_fd and
 * zw_client_run_once.
 *
 * Threads: a client is used by one thread. Callbacks run on that thread, inside run_once or a
 * blocking call; they may start operations, but not blocking ones (ZW_EINVAL).
 *
 * Octets: a published payload is borrowed until it is sent (blocking calls: until they return; else
 * until the `done` callback); it is not copied. Spans and views handed to callbacks point into the
 * receive buffer and die when the callback returns.
 *
 * Typed payloads are FlatBuffers of a declared topic or procedure: generated code (NAME_wamp.h)
 * verifies what comes in and hands out views.
 */
#ifndef ZEROWIRE_CLIENT_H
#define ZEROWIRE_CLIENT_H

#include "zerowire/wamp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zw_client zw_client;

/* Application data of a message: typed, or untyped args and kwargs in CBOR (or JSON where `format`
 * says so). */
typedef struct zw_payload {
  enum zw_format format; /* NONE: empty; CBOR, JSON: args, kwargs; FLATBUFFER: typed */
  zw_span args, kwargs;
  zw_span typed;
  const zw_type *type; /* of `typed`; sending to a router through JSON or CBOR needs it; incoming:
                          NULL unless known */
} zw_payload;

typedef struct zw_event_info {
  uint64_t subscription, publication;
  zw_str
      topic; /* pattern-based subscriptions: the URI that was published; else the subscribed one */
  int64_t timestamp;  /* stored events: ns since 1970; else 0 */
  uint64_t seq;       /* stored events of a zerowire router: sequence number in the log; else 0 */
  uint64_t publisher; /* if disclosed, else 0 */
  const zw_payload *payload;
} zw_event_info;

typedef struct zw_result {
  int error;      /* 0, ZW_EREMOTE (the router or callee answered ERROR), ZW_ENET, ZW_ETIMEOUT,
                     ZW_ECLOSED */
  zw_str uri;     /* error URI of an ERROR */
  zw_str message; /* its text, if its first argument is one */
  bool progress;  /* a progressive result: more will come */
  uint64_t id;    /* publication, subscription or registration */
  const zw_payload *payload; /* results of calls, arguments of errors */
} zw_result;

typedef void zw_client_done(void *ctx, const zw_result *result);
typedef void zw_client_event(void *ctx, const zw_event_info *event);

/* ---- opening --------------------------------------------------------------------------------------- */

#define ZW_URL_DEFAULT "rs://127.0.0.1:9267"

typedef struct zw_client_options {
  size_t size;
  const zw_alloc *alloc;
  const zw_log *log;
  const char *url;   /* ws://HOST:PORT/PATH  rs://HOST:PORT  unix:PATH (RawSocket)  ws+unix:PATH;
                        NULL: ZW_URL_DEFAULT */
  const char *realm; /* NULL: "realm1" */
  enum zw_serializer serializer; /* NONE: FlatBuffers */
  const char *authid, *ticket;   /* NULL: anonymous */
  uint32_t timeout_ms;           /* of opening and of blocking calls; 0: 10,000 */
  uint32_t message_max;          /* octets; 0: 16 MiB */
  const zw_schema *schema;       /* versions at join are compared by it; or NULL */
  const zw_stamp *stamp;         /* generated code's; or NULL */
  void (*closed)(void *ctx, int error, const char *what); /* the session is over; or NULL */
  void *ctx;
} zw_client_options;

/* Connects and joins, blocking. ZW_ENET, ZW_ETIMEOUT, ZW_EAUTH, ZW_EREMOTE (ABORT: its reason in
 * diag), ZW_EMISMATCH, ZW_EINVAL (url). */
ZW_API int zw_client_open(zw_client **out, const zw_client_options *options, zw_diag *diag);
/* GOODBYE (waits at most 1 s), then frees; what still waits is told ZW_ECLOSED. Not inside a
 * callback. NULL is ignored. */
ZW_API void zw_client_close(zw_client *client);
ZW_API bool zw_client_is_open(const zw_client *client);
ZW_API uint64_t zw_client_session(const zw_client *client);
/* What ended the session: 0 while it lasts. */
ZW_API int zw_client_error(const zw_client *client);

/* For a caller's own loop: run_once when the descriptor is readable, and every second (deadlines,
 * keepalive): a router gives up on a client that is not run for half a minute. */
ZW_API int zw_client_fd(const zw_client *client);
/* One round: waits at most timeout_ms (-1: without end). 0, or the error that ended the session. */
ZW_API int zw_client_run_once(zw_client *client, int timeout_ms);
/* Runs until zw_client_stop, or the session's end. */
ZW_API int zw_client_run(zw_client *client);
ZW_API void zw_client_stop(zw_client *client); /* any thread, signal handlers too */

/* ---- publish and subscribe ----------------------------------------------------------------------------- */

typedef struct zw_publish_options {
  bool acknowledge;
  bool include_me; /* the publisher gets it too, if it subscribed */
  bool disclose_me;
} zw_publish_options;

/*
 * Publishes. done (may be NULL): with acknowledge after PUBLISHED or ERROR; without, when the
 * octets have been handed to the socket. The payload's octets stay untouched until then. With done
 * NULL nobody waits for an acknowledgement, and the octets are copied unless they are sent at once.
 * ZW_ELIMIT: the output queue is full (run
 * the loop).
 */
ZW_API int zw_client_publish(zw_client *client, zw_str topic, const zw_payload *payload,
                             const zw_publish_options *options, zw_client_done *done, void *ctx,
                             zw_diag *diag);
/* Acknowledged, blocking; *publication may be NULL. ZW_EREMOTE: error URI and text in diag. */
ZW_API int zw_client_publish_wait(zw_client *client, zw_str topic, const zw_payload *payload,
                                  const zw_publish_options *options, uint64_t *publication,
                                  zw_diag *diag);

typedef struct zw_subscribe_options {
  enum zw_match match;
  /* Begin in the past (x_from), on durable topics of a zerowire router; at most one. */
  uint64_t last;  /* the last n events; 0: none */
  int64_t since;  /* ns since 1970; 0: none */
  uint64_t after; /* publication id; 0: none */
  uint64_t seq;   /* that sequence number and those above it; 0: none */
} zw_subscribe_options;

/* Subscribes, blocking; event(ctx, …) for each event from then on. */
ZW_API int zw_client_subscribe(zw_client *client, zw_str topic, const zw_subscribe_options *options,
                               zw_client_event *event, void *ctx, uint64_t *subscription,
                               zw_diag *diag);
ZW_API int zw_client_unsubscribe(zw_client *client, uint64_t subscription, zw_diag *diag);

/* ---- calls ------------------------------------------------------------------------------------------------ */

typedef struct zw_call_options {
  bool receive_progress;
  uint32_t timeout_ms; /* of this call, and after each progressive result; kept by this side; 0: the
                          client's */
} zw_call_options;

/* Calls; done for each progressive result and for the final one or the error. The payload is
 * borrowed until it is sent, as for publish. */
ZW_API int zw_client_call(zw_client *client, zw_str procedure, const zw_payload *payload,
                          const zw_call_options *options, zw_client_done *done, void *ctx,
                          zw_diag *diag);
/* Blocking. *result (may be NULL): octets of the result in *owner, which the caller unrefs;
 * progressive results go to progress (may be NULL). */
ZW_API int zw_client_call_wait(zw_client *client, zw_str procedure, const zw_payload *payload,
                               const zw_call_options *options, zw_client_done *progress, void *ctx,
                               zw_payload *result, zw_buf **owner, zw_diag *diag);

/* A procedure that this client answers. The invocation lives until it is answered (also after the
 * callback returned). */
typedef struct zw_invocation zw_invocation;
typedef void zw_client_invoked(void *ctx, zw_invocation *invocation, const zw_payload *arguments);
ZW_API int zw_client_register(zw_client *client, zw_str procedure, zw_client_invoked *invoked,
                              void *ctx, uint64_t *registration, zw_diag *diag);
ZW_API int zw_client_unregister(zw_client *client, uint64_t registration, zw_diag *diag);
/* Answers: any number of progressive results if the caller wants them, then one final result or
 * error. Octets are copied unless sent at once. A final answer that returns 0, or finds the session
 * over, frees the invocation; after another error it can be answered otherwise. */
ZW_API bool zw_invocation_wants_progress(const zw_invocation *invocation);
ZW_API int zw_invocation_yield(zw_invocation *invocation, const zw_payload *result, bool progress);
ZW_API int zw_invocation_error(zw_invocation *invocation, zw_str uri, zw_str message);

/* ---- for generated code (NAME_wamp.h) ------------------------------------------------------------------ */

/* Publishing and calling with a view, the root of its buffer; type NULL: no arguments. */
ZW_API int zw_typed_publish(zw_client *client, zw_str topic, const zw_type *type, zw_table event,
                            zw_diag *diag);
ZW_API int zw_typed_publish_async(zw_client *client, zw_str topic, const zw_type *type,
                                  zw_table event, const zw_publish_options *options,
                                  zw_client_done *done, void *ctx, zw_diag *diag);
/* response_type NULL: the result has no arguments that matter. */
ZW_API int zw_typed_call(zw_client *client, zw_str procedure, const zw_type *type, zw_table request,
                         const zw_type *response_type, zw_table *response, zw_buf **owner,
                         zw_diag *diag);
ZW_API int zw_typed_call_async(zw_client *client, zw_str procedure, const zw_type *type,
                               zw_table request, const zw_call_options *options,
                               zw_client_done *done, void *ctx, zw_diag *diag);
/* Blocking; item for each progressive result, and for the final one if it has a payload. */
ZW_API int zw_typed_call_stream(zw_client *client, zw_str procedure, const zw_type *type,
                                zw_table request, zw_client_done *item, void *ctx, zw_diag *diag);
ZW_API int zw_typed_yield(zw_invocation *invocation, const zw_type *type, zw_table response,
                          bool progress);
/* A received payload as a verified view. Arguments in CBOR or JSON are built into *built, which the
 * caller unrefs. */
ZW_API int zw_typed_view(const zw_type *type, const zw_payload *payload, zw_table *out,
                         zw_buf **built, zw_diag *diag);
/* The same for an invocation, which is answered with the error. */
ZW_API int zw_typed_arguments(const zw_type *type, zw_invocation *invocation,
                              const zw_payload *arguments, zw_table *out, zw_buf **built);

/* ---- schemas --------------------------------------------------------------------------------------------------- */

/* Fetches the router's schema (zerowire.schema.list and get), blocking; freed with
 * zw_schema_destroy. ZW_ENOTSUP: no zerowire router; ZW_ENOTFOUND: it has none. */
ZW_API int zw_client_schema(zw_client *client, zw_schema **out, zw_diag *diag);

#ifdef __cplusplus
}
#endif

#endif
