/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router's own state, shared by its files.
 *
 *   router ── realms ── subscriptions (by id; by pattern in an index) ── members: a peer in one
 *     │         ├───── registrations (by URI, by id)
 *     │         ├───── typed topics and procedures of the model (by pattern in indexes)
 *     │         └───── members that read from the log
 *     └───── peers ── members, registrations, calls made, calls to answer, pendings in order
 *
 * Invariants
 * - A member stands in three places: its subscription's array, its peer's hash by subscription id,
 * and, while it reads from the log, the realm's list of replaying members.
 * - A call has a caller or a callee or both; it is freed when the callee has answered or is gone.
 * - A peer that is detached while writes of it wait for a commit lives on, `gone`, until they came
 *   back; nothing is sent to it.
 * - Pendings of a peer are in its queue in the order of arrival; only the head may be finished.
 * - Memory for delivering is reserved when a member joins its subscription: delivering cannot fail.
 * - A member that replays is given events from the log only, in order, up to the realm's
 *   committed_seq (what the router has been told of); one that does not has been given all up to
 *   there, and gets the next one when it is told of.
 */
#ifndef ZEROWIRE_ROUTER_STATE_H
#define ZEROWIRE_ROUTER_STATE_H

#include "uri_index.h"
#include "zerowire/router.h"

#define ZW_URI_LENGTH_MAX 1024

typedef struct zw_subscription zw_subscription;
typedef struct zw_registration zw_registration;
typedef struct zw_call zw_call;
typedef struct zw_member zw_member;
typedef struct zw_pending zw_pending;

/* A declared topic, and the storage's number of it (0: not durable). */
typedef struct zw_typed_topic {
  const zw_topic_def *def;
  uint32_t number;
} zw_typed_topic;

struct zw_member {
  zw_peer *peer;
  zw_subscription *subscription;
  size_t position; /* in subscription->members */
  bool replaying;
  uint64_t next_seq;     /* while replaying: the first event that it has not been given */
  void *cursor;          /* of the storage; NULL: none is open */
  uint64_t to_seq;       /* where the cursor ends */
  uint64_t missed_seq;   /* the last one delivered to others while this one was replaying */
  uint32_t stalls;       /* steps that found nothing although something was missed */
  int64_t failing_since; /* the storage cannot be read; 0: it can */
  int64_t from_time;     /* begins at this time */
  bool has_from_time;
  uint64_t last; /* the first step begins at the last n */
  uint64_t *own; /* sequence numbers of its peer's own publications, which it is not given */
  size_t own_count, own_first, own_capacity;
  zw_member *previous, *next; /* replaying members of the realm */
};

struct zw_subscription {
  uint64_t id;
  enum zw_match match;
  zw_str uri; /* owned */
  int64_t created;
  zw_member **members;
  size_t member_count, member_capacity;
  uint32_t *topics; /* numbers of the durable topics that it may touch */
  size_t topic_count, topic_capacity;
  bool whole_topics; /* every event of those topics matches */
};

struct zw_registration {
  uint64_t id;
  zw_str uri; /* owned */
  bool disclose;
  zw_peer *peer;
  const zw_procedure_def *def; /* declared, or NULL */
  int64_t created;
};

struct zw_call {
  zw_call *next_free;
  zw_peer *caller, *callee; /* caller NULL: gone or canceled */
  uint64_t request, invocation;
  const zw_procedure_def *def;
  bool receive_progress;
};

enum zw_pending_kind { ZW_PENDING_EVENT, ZW_PENDING_PLAIN, ZW_PENDING_WRITE };

/* Something that waits for a commit, or (PLAIN) behind something that does. */
struct zw_pending {
  zw_pending *next;                      /* in the peer's queue, or free */
  zw_pending *live_previous, *live_next; /* of those that the storage has */
  enum zw_pending_kind kind;
  zw_realm *realm;
  zw_peer *peer; /* NULL: the router's own */
  bool live, done;
  int error;
  char what[200];  /* the error in words */
  zw_msg msg;      /* PUBLISH or CALL; spans in `source`, `owner` or `kept` */
  zw_buf *source;  /* of the message */
  zw_buf *owner;   /* of the payload */
  zw_text kept;    /* copies of what lies elsewhere */
  uint64_t pinned; /* octets */
  zw_stored stored;
  const zw_procedure_def *procedure;
};

struct zw_peer {
  zw_router *router;
  zw_realm *realm; /* NULL until joined, and after leaving */
  zw_session session;
  zw_peer_options options;
  char *transport, *address; /* owned copies */
  zw_peer *previous, *next;
  uint64_t id;
  bool legacy, open, closing, gone;
  uint32_t references;     /* pendings */
  zw_str authid, authrole; /* owned */
  const char *authmethod, *authprovider;
  int64_t joined;
  const zw_principal *claimed; /* between CHALLENGE and AUTHENTICATE; NULL: unknown authid */
  zw_realm *wanted;            /* the realm of HELLO */
  zw_str mismatch;             /* owned: why its versions do not fit; absent: they do */
  zw_hmap members;             /* by subscription id */
  zw_hmap registrations;       /* by registration id */
  zw_hmap calls;               /* made: by request */
  zw_hmap invocations;         /* to answer: by invocation id */
  zw_pending *queue, *queue_tail;
};

struct zw_realm {
  zw_router *router;
  zw_realm *next;
  zw_str name; /* owned */
  zw_realm_options options;
  zw_hmap sessions;
  zw_hmap subscriptions; /* by id */
  zw_uri_index subscription_index;
  zw_hmap registrations; /* by id */
  zw_hmap registrations_by_uri;
  uint64_t next_subscription, next_registration;
  zw_typed_topic *topics; /* as model->topics */
  zw_uri_index topic_index;
  zw_uri_index procedure_index; /* values: zw_procedure_def */
  zw_member *replaying, *replaying_tail;
  size_t replaying_count;
  uint64_t committed_seq; /* the last event that is committed, as far as the router was told */
  zw_text x_zerowire;     /* WELCOME, CBOR */
};

struct zw_router {
  zw_router_options options;
  const zw_alloc *alloc;
  zw_router_io io;
  zw_realm *realms;
  zw_peer *peers;
  zw_router_stats stats;
  uint64_t random[2]; /* state of the generator of publication ids */
  zw_text roles;      /* WELCOME, CBOR */
  zw_pending *free_pending;
  zw_pending *live_pending; /* all that the storage has */
  uint64_t waiting;         /* octets that pendings pin */
  const zw_buf *charged;    /* the source that was charged last, by a pending that has it */
  zw_call *free_calls;
  zw_peer **targets; /* recipients of the message being sent */
  size_t target_capacity;
  zw_append *appends; /* the events of the change that is being submitted */
  size_t append_count, append_capacity;
  zw_subscription **matches;
  size_t match_count, match_capacity;
  zw_builder builder; /* payloads that are built */
  zw_text text;       /* results that are written */
  zw_text arguments;  /* of calls of the meta API, in CBOR */
  zw_msg event;       /* the one being delivered */
};

/* ---- answer.c: replies -------------------------------------------------------------------- */

void zw_answer(zw_peer *peer, const zw_msg *msg, zw_buf *owner, bool mapped);
void zw_answer_error(zw_peer *peer, unsigned request_type, uint64_t request, const char *uri,
                     const char *format, ...) ZW_PRINTF(5, 6);
/* By an error code and its words. */
void zw_answer_failure(zw_peer *peer, unsigned request_type, uint64_t request, int error,
                       const char *what);
/* An acknowledgement that carries ids only. */
void zw_answer_ids(zw_peer *peer, enum zw_msg_code code, uint64_t request, uint64_t id);
/* RESULT with args in CBOR. */
void zw_answer_result(zw_peer *peer, uint64_t request, zw_str args, bool progress);
/* ABORT, leave the realm, close. */
void zw_abort(zw_peer *peer, const char *uri, const char *format, ...) ZW_PRINTF(3, 4);

/* ---- cbor_text.c: writing CBOR by hand ------------------------------------------------------ */

void zw_cbor_array(zw_cbor_writer *w, size_t count); /* SIZE_MAX: ended by zw_cbor_array_end */
void zw_cbor_array_end(zw_cbor_writer *w);
void zw_cbor_map(zw_cbor_writer *w, size_t count);
void zw_cbor_map_end(zw_cbor_writer *w);
void zw_cbor_str(zw_cbor_writer *w, zw_str text);
void zw_cbor_bytes(zw_cbor_writer *w, zw_span bytes);
void zw_cbor_uint(zw_cbor_writer *w, uint64_t value);
void zw_cbor_bool(zw_cbor_writer *w, bool value);
void zw_cbor_null(zw_cbor_writer *w);
void zw_cbor_time(zw_cbor_writer *w, int64_t ns); /* RFC 3339 */
static inline void zw_cbor_key(zw_cbor_writer *w, const char *key) {
  zw_cbor_str(w, zw_str_of(key));
}

/* The elements of an array, or keys and values of a map in turn, each as octets. */
typedef struct zw_cbor_items {
  zw_span octets;
  size_t at, left; /* SIZE_MAX left: until the break */
  bool is_map;
} zw_cbor_items;
int zw_cbor_items_open(zw_cbor_items *items, zw_span octets);
bool zw_cbor_items_next(zw_cbor_items *items, zw_value *out);

/* ---- realm.c, peer.c, login.c ---------------------------------------------------------------- */

zw_realm *zw_realm_find(zw_router *router, zw_str name);
void zw_realm_destroy(zw_realm *realm);
/* A copy with the router's allocator; freed with zw_copy_free. {NULL, 0} where there is no memory.
 */
zw_str zw_copy_str(const zw_alloc *alloc, zw_str text);
void zw_copy_free(const zw_alloc *alloc, zw_str *text);

void zw_peer_leave(
    zw_peer *peer); /* ends subscriptions, registrations, calls; session id is free */
void zw_peer_release(zw_peer *peer); /* one pending less */
void zw_peer_free(zw_peer *peer);
uint64_t zw_random_id(zw_router *router);          /* 1..2^53, unpredictable */
uint64_t zw_random_publication(zw_router *router); /* above 2^52 */

void zw_on_hello(zw_peer *peer, const zw_msg *msg);
void zw_on_authenticate(zw_peer *peer, const zw_msg *msg);

/* ---- versions.c ------------------------------------------------------------------------------- */

/* The realm's schemas, in all versions, from 0; NULL past the end. */
const zw_schema *zw_realm_schema(const zw_realm *realm, size_t i);
zw_str zw_schema_namespace(const zw_schema *schema);
/* Compares the versions that a peer names; 0 or ZW_EMISMATCH with the first finding. */
int zw_versions_check(zw_realm *realm, const zw_value *x_zerowire, zw_diag *diag);
void zw_versions_write(zw_realm *realm, zw_text *out);

/* ---- subscribe.c ----------------------------------------------------------------------------- */

void zw_on_subscribe(zw_peer *peer, const zw_msg *msg);
void zw_on_unsubscribe(zw_peer *peer, const zw_msg *msg);
void zw_member_remove(zw_member *member); /* frees it, and the subscription if it was the last */
void zw_subscription_free(zw_realm *realm, zw_subscription *subscription);
/* Fills topics: which durable topics a pattern may touch. */
int zw_subscription_topics(zw_realm *realm, zw_subscription *subscription);

/* ---- publish.c, deliver.c ------------------------------------------------------------------------ */

void zw_on_publish(zw_peer *peer, const zw_msg *msg, zw_buf *owner);
/* A publication by the router itself on a declared topic without history; the payload is verified
 * and lives in `owner`. */
void zw_publish_own(zw_realm *realm, const zw_typed_topic *topic, zw_span payload, zw_buf *owner);
/* The same on a durable topic, to be given to the storage by the caller. NULL: no memory. */
zw_pending *zw_publish_own_stored(zw_realm *realm, const zw_typed_topic *topic, zw_span payload,
                                  zw_buf *owner);
void zw_publish_finish(zw_pending *pending); /* EVENT, PLAIN: its turn has come */

/* A publication on its way to subscribers. */
typedef struct zw_delivery {
  zw_realm *realm;
  const zw_msg *publish; /* uri, exclusion, disclosure, payload */
  zw_peer *publisher;    /* NULL: the router's own */
  uint64_t publication;
  zw_buf *owner;           /* of the payload */
  const zw_stored *stored; /* durable, else NULL */
} zw_delivery;
void zw_deliver(const zw_delivery *delivery);
/* Room for delivering to one more subscription and one more of its members. */
int zw_deliver_reserve(zw_router *router, size_t subscriptions, size_t members);
/* The EVENT that a stored event is. */
void zw_event_of_stored(zw_msg *event, const zw_subscription *subscription,
                        const zw_stored *stored);
void zw_payload_copy(zw_msg *to, const zw_msg *from);

/* ---- pending.c ------------------------------------------------------------------------------------ */

/* One with `msg` as its message: `source` and `owner` (NULL: none) are referenced, what lies in
 * neither is copied. peer NULL: the router's own. NULL: no memory. */
zw_pending *zw_pending_kept(zw_realm *realm, zw_peer *peer, enum zw_pending_kind kind,
                            const zw_msg *msg, zw_buf *source, zw_buf *owner);
int zw_pending_no_memory(zw_diag *diag);
void zw_pending_free(zw_pending *pending);
void zw_pending_push(zw_pending *pending);  /* onto its peer's queue */
void zw_pending_pop(zw_pending *pending);   /* the one pushed last is taken back */
void zw_pending_track(zw_pending *pending); /* the storage has it */
void zw_pending_untrack(zw_pending *pending);
void zw_pending_settle(zw_pending *pending); /* done: finishes it and what waited behind it */

/* ---- replay.c --------------------------------------------------------------------------------------- */

/* Reads SUBSCRIBE's x_from into the member; 0 or an error with words. */
int zw_replay_parse(zw_realm *realm, const zw_value *x_from, zw_member *out, zw_diag *diag);
/* The sequence number of a committed event by its publication; 0: there is none. */
uint64_t zw_realm_seq(const zw_realm *realm, uint64_t publication);
void zw_replay_start(zw_member *member);
void zw_replay_stop(zw_member *member);
/* Sends at most *budget events; true: there is more to do. The member may be gone afterwards. */
bool zw_replay_step(zw_member *member, unsigned *budget);
/* Remembers a publication of the peer's own that it is not given. */
void zw_replay_own(zw_member *member, uint64_t seq);

/* ---- register.c, call.c --------------------------------------------------------------------------------- */

void zw_on_register(zw_peer *peer, const zw_msg *msg);
void zw_on_unregister(zw_peer *peer, const zw_msg *msg);
void zw_registration_remove(zw_registration *registration);
void zw_on_call(zw_peer *peer, const zw_msg *msg, zw_buf *owner);
void zw_on_cancel(zw_peer *peer, const zw_msg *msg);
void zw_on_yield(zw_peer *peer, const zw_msg *msg, zw_buf *owner);
void zw_on_error(zw_peer *peer, const zw_msg *msg, zw_buf *owner);
void zw_calls_of_gone_peer(zw_peer *peer);

/* ---- declared.c, map_procedure.c ---------------------------------------------------------------------- */

const zw_typed_topic *zw_typed_topic_find(const zw_realm *realm, zw_str uri);
const zw_procedure_def *zw_typed_procedure_find(const zw_realm *realm, zw_str uri);
/* "no topic "x". Did you mean y?" */
int zw_unknown_topic(const zw_realm *realm, zw_str uri, zw_diag *diag);
int zw_unknown_procedure(const zw_realm *realm, zw_str uri, zw_diag *diag);
/*
 * Makes a payload typed: *typed is the message with its payload (a copy), *owner what owns it (one
 * reference). Types without fields (Void) take nothing, and leave nothing.
 */
int zw_type_payload(zw_router *router, const zw_type *type, const zw_msg *msg, zw_buf *source,
                    zw_msg *typed, zw_buf **owner, zw_diag *diag);
void zw_map_call(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg, zw_buf *owner);
void zw_map_written(zw_pending *pending); /* the write is committed or lost */

/* ---- meta API: meta_call.c, meta_*.c ---------------------------------------------------------------------- */

#define ZW_META_PARAMETERS 12

/* A call of the router's own procedure. Arguments are in CBOR, by parameter; absent ones have no
 * format. */
typedef struct zw_meta_call {
  zw_peer *peer;
  zw_realm *realm;
  const zw_msg *msg;
  zw_value args[ZW_META_PARAMETERS];
  zw_text *out;     /* where `w` writes */
  zw_cbor_writer w; /* the result: one array of arguments */
  bool limited;     /* the result is not all there is */
  const char *uri;  /* of an error, where that of the code does not say it */
  zw_diag diag;
} zw_meta_call;

/* 0 (the result has been written), or an error with words in `diag`. */
typedef int zw_meta_function(zw_meta_call *call);

/* True: the URI is the router's own, and was answered. */
bool zw_meta_answer(zw_peer *peer, const zw_msg *msg);
bool zw_meta_exists(zw_str uri);
/* An argument; `name` and `what` are for the words of the error. */
int zw_meta_id(zw_meta_call *call, unsigned i, const char *name, uint64_t *out);
int zw_meta_no_such(zw_meta_call *call, const char *uri, const char *what, uint64_t id);

zw_meta_function zw_meta_session_count, zw_meta_session_list, zw_meta_session_get;
zw_meta_function zw_meta_subscription_list, zw_meta_subscription_lookup, zw_meta_subscription_match,
    zw_meta_subscription_get, zw_meta_subscription_members, zw_meta_subscription_member_count;
zw_meta_function zw_meta_registration_list, zw_meta_registration_lookup, zw_meta_registration_match,
    zw_meta_registration_get, zw_meta_registration_callees, zw_meta_registration_callee_count;
zw_meta_function zw_meta_get_events;
zw_meta_function zw_meta_schema_list, zw_meta_schema_get;

/* A stable subscription id of the storage: false if it is none. */
bool zw_stable_subscription(const zw_realm *realm, uint64_t id, enum zw_match *match, zw_str *uri);

#endif
