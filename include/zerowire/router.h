/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router: realms, broker, dealer, meta API, event history, typed topics and procedures.
 * Messages in, actions out; no sockets, no LMDB, no clock of its own: what is impure comes in
 * through `zw_router_io` and `zw_storage`, so that many clients and a router run in one process
 * under a test.
 *
 * Lifecycle: zw_router_create; zw_router_realm_add for each realm; for each connection
 * zw_router_attach, zw_router_receive for each decoded message, zw_router_detach when it is gone.
 * One thread.
 *
 * Durable topics: the event is verified, appended through the storage (which gives it its sequence
 * number) and delivered, acknowledged and visible only when zw_router_committed says so. While a
 * session has events that wait for a commit, its later publications wait behind them.
 *
 * Stored events carry their sequence number as a detail, x_seq, and so do those of get_events.
 *
 * The log is the queue: a subscription that begins in the past (x_from), and one whose peer has no
 * room (io.has_room), reads from the log by zw_router_pump until it has caught up, then goes on
 * live, without gap or double. Events of topics without history are not held back meanwhile.
 *
 * What is not there is refused, never ignored: black and white lists, retained events, x_once,
 * registrations by pattern or shared, calls in pieces (wamp.error.feature_not_supported); lists of
 * session ids on durable topics (wamp.error.option_not_allowed). CANCEL is answered as mode "skip".
 * `timeout` of a call is the callee's business: it is passed on.
 *
 * Pressure: a call whose callee has no room is refused (wamp.error.unavailable); get_events stops
 * where the caller has no room and says so (is_limit_reached); plain events are sent whether or not
 * there is room, and io.send's owner decides what becomes of a peer that does not take them; see
 * zw_router_waiting for publishers.
 */
#ifndef ZEROWIRE_ROUTER_H
#define ZEROWIRE_ROUTER_H

#include "zerowire/wamp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zw_router zw_router;
typedef struct zw_realm zw_realm;
typedef struct zw_peer zw_peer; /* one session (or one that is about to be) */

/* ---- what the router needs ---------------------------------------------------------------------- */

/* None of these calls the router back, except that has_room may be asked at any time. */
typedef struct zw_router_io {
  /*
   * Sends one message to each of `count` peers (encoded once for each kind of peer). Spans in it
   * are owned by `owner`; where owner is NULL they are either static to the call (copy them) or,
   * with `mapped`, in the memory map and valid until the end of the turn.
   */
  void (*send)(void *ctx, zw_peer *const *peers, size_t count, const zw_msg *msg, zw_buf *owner,
               bool mapped);
  /* The session is over: flush and close the connection; detach will be called. */
  void (*close)(void *ctx, zw_peer *peer);
  /* Whether the peer's queue takes more (below half of its limit). */
  bool (*has_room)(void *ctx, zw_peer *peer);
  int64_t (*clock)(void *ctx); /* ns since 1970 */
  zw_random random;
  void *ctx;
  /* Whether the peer's transport has taken most of what was sent: events from the log are sent at
   * its pace, so that they leave from the memory map. NULL: as has_room. */
  bool (*takes_log)(void *ctx, zw_peer *peer);
} zw_router_io;

/* A stored event as the storage takes and gives it. */
typedef struct zw_stored {
  uint64_t seq, publication; /* set by append */
  int64_t timestamp;         /* set by append */
  uint32_t topic;            /* the storage's number */
  zw_str uri;
  uint64_t publisher;
  zw_str publisher_authid, publisher_authrole;
  zw_value exclude_authid, exclude_authrole, eligible_authid,
      eligible_authrole;       /* lists of texts in any format; stored and given back
                               as FLATBUFFER vectors */
  const zw_type *payload_type; /* typed: of the version it was stored with */
  zw_span payload;
  zw_span args, kwargs; /* untyped: CBOR */
} zw_stored;

/* One event to append. `owner` holds the payload (NULL: there is none) and the storage may
 * reference it; all that *event refers to, and *event itself, live until the token came back. */
typedef struct zw_append {
  zw_stored *event;
  zw_buf *owner;
  void *token;
} zw_append;

/* A change of one record, and the events that tell of it. */
typedef struct zw_map_change {
  const zw_map_def *map;
  enum zw_op op; /* PUT, INSERT, DELETE */
  const zw_type *request_type;
  zw_span record; /* the verified record; DELETE: the request table's bytes */
  zw_buf *owner;  /* of `record` */
  void *token;
  const zw_append *events; /* the array is the caller's, for the call only */
  size_t event_count;
} zw_map_change;

typedef struct zw_history_query {
  const uint32_t *topics; /* the storage's numbers */
  size_t topic_count;
  uint64_t from_seq, to_seq;     /* inclusive; 0: no bound */
  int64_t from_time, until_time; /* inclusive */
  bool has_from_time, has_until_time, reverse;
  uint64_t last; /* forward: only the last n; 0: all */
} zw_history_query;

/* The store behind a realm. Functions run on the router's thread; results of `append` and
 * `map_write` come through zw_router_committed, in the order of submission, possibly before the
 * function returns. Views that it gives are mapped: valid until the end of the turn.
 *
 * Visibility: what zw_router_committed has told is seen by every history_open and history_next that
 * comes after it. So a store with snapshots renews its own before it tells of commits. */
typedef struct zw_storage {
  void *ctx;
  uint32_t (*topic)(void *ctx, zw_str uri,
                    enum zw_match match); /* number of a declared durable topic; 0: none */
  uint64_t (*subscription)(void *ctx, enum zw_match match, zw_str uri); /* stable id */
  /* Walks the stable ids that exist, so that get_events knows them after a restart: false past the
   * end. */
  bool (*subscription_at)(void *ctx, size_t i, uint64_t *id, enum zw_match *match, zw_str *uri);
  /* Appends: sets seq, publication, timestamp; sequence numbers ascend in the order of the calls.
   * An error: the token does not come back. */
  int (*append)(void *ctx, const zw_append *append, zw_diag *diag);
  uint64_t (*last_seq)(void *ctx);                     /* visible */
  uint64_t (*seq_of)(void *ctx, uint64_t publication); /* 0: not one of ours */
  int (*history_open)(void *ctx, const zw_history_query *query, void **cursor);
  int (*history_next)(void *ctx, void *cursor,
                      zw_stored *out); /* ZW_ENOTFOUND: none yet; may be asked again */
  void (*history_close)(void *ctx, void *cursor);
  /* Maps. get: the request's fields are the key's. */
  int (*map_get)(void *ctx, const zw_map_def *map, const zw_type *request_type, zw_table request,
                 zw_span *record, const zw_type **type, zw_diag *diag);
  int (*map_count)(void *ctx, const zw_map_def *map, uint64_t *count);
  /* Changes a record and appends the events in one commit, or does neither. The record's octets
   * live until its token came back; the events' tokens come right behind it, with its error where
   * there is one. An error here: none of them comes back. */
  int (*map_write)(void *ctx, const zw_map_change *change, zw_diag *diag);
  /* Schemas: i from 0: the id and compiled bytes; false past the end. */
  bool (*schema_at)(void *ctx, size_t i, const zw_schema **schema);
} zw_storage;

/* ---- the router ------------------------------------------------------------------------------------- */

typedef struct zw_router_options {
  size_t size;
  const zw_alloc *alloc;
  const zw_log *log;
  zw_router_io io;
  const char *agent; /* WELCOME details; "zerowire-0.1.0" */
  uint32_t subscriptions_max, registrations_max,
      calls_max; /* a session; 0: 100,000, 100,000, 10,000 */
} zw_router_options;

/* The options are copied; what they point to outlives the router. ZW_ENOMEM. */
ZW_API int zw_router_create(zw_router **out, const zw_router_options *options);
/* Peers that are still attached are freed, and nothing is sent to them. No token of the router may
 * come back afterwards: flush the storage first. */
ZW_API void zw_router_destroy(zw_router *router);

typedef struct zw_realm_options {
  size_t size;
  zw_str name;
  const zw_model *model;          /* typed topics and procedures; NULL: none. Outlives the realm */
  const zw_storage *storage;      /* NULL: nothing durable */
  bool anonymous_local;           /* anonymous logins from loopback and Unix sockets */
  zw_str anonymous_role;          /* "anonymous" */
  const zw_principal *principals; /* ticket logins; borrowed */
  size_t principal_count;
  bool strict; /* URIs that no schema declares are refused */
} zw_realm_options;

/* Model, storage and principals outlive the router; the name is copied. *out (may be NULL) lives as
 * long as the router. ZW_EURI, ZW_EEXISTS, ZW_ESTORE (a durable topic that the storage does not
 * know), ZW_ENOMEM. */
ZW_API int zw_router_realm_add(zw_router *router, const zw_realm_options *options, zw_realm **out,
                               zw_diag *diag);

/* ---- peers --------------------------------------------------------------------------------------------- */

typedef struct zw_peer_options {
  enum zw_serializer serializer;
  bool local;       /* loopback or Unix socket */
  zw_str transport; /* "websocket", "rawsocket"; for session details */
  zw_str address;   /* for session details */
  void *user;
} zw_peer_options;

/* Texts in the options are copied. The peer is the router's until zw_router_detach. ZW_ENOMEM. */
ZW_API int zw_router_attach(zw_router *router, const zw_peer_options *options, zw_peer **out);
ZW_API void zw_router_detach(
    zw_router *router,
    zw_peer *peer); /* the peer is freed; its calls are answered, its registrations end */
ZW_API void *zw_peer_user(const zw_peer *peer);
ZW_API enum zw_serializer zw_peer_serializer(const zw_peer *peer);
ZW_API bool zw_peer_is_legacy(const zw_peer *peer); /* FlatBuffers without `details` in HELLO */
ZW_API bool zw_peer_is_open(const zw_peer *peer);   /* joined */

/*
 * One decoded message from a peer. Spans in it live in `owner`, which the router references if it
 * keeps any (NULL: it copies what it keeps). Protocol errors are answered with ABORT and io.close;
 * what comes after that is ignored.
 */
ZW_API void zw_router_receive(zw_router *router, zw_peer *peer, const zw_msg *msg, zw_buf *owner);
/* The octets did not decode: ABORT wamp.error.protocol_violation with the reason. */
ZW_API void zw_router_violation(zw_router *router, zw_peer *peer, const zw_diag *diag);

/* What was given to storage->append or map_write under this token is committed (error 0) or lost.
 * In order of submission. */
ZW_API void zw_router_committed(zw_router *router, void *token, int error, const zw_diag *diag);
/* Octets that the router keeps for what waits for a commit, or behind something that does: whole
 * buffers, as far as messages in them wait. Where it is much, do not read from those who publish.
 */
ZW_API uint64_t zw_router_waiting(const zw_router *router);
/* A peer has room again (drain), or there is time: sends from the log to those that read from it, a
 * bounded number of events; true: there is more to do, call it again in the next turn. Call it once
 * a turn after zw_router_committed and zw_router_receive; it costs nothing where nobody reads. */
ZW_API bool zw_router_pump(zw_router *router);
/* GOODBYE wamp.close.system_shutdown to all; nothing else is sent to them afterwards, so commit
 * what waits before. */
ZW_API void zw_router_shutdown(zw_router *router);

typedef struct zw_router_stats {
  uint64_t sessions, subscriptions, registrations, published, delivered, stored, calls, errors,
      lagging;
} zw_router_stats;
ZW_API void zw_router_stats_get(const zw_router *router, zw_router_stats *out);

#ifdef __cplusplus
}
#endif

#endif
