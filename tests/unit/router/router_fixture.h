/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A router with a store and many peers in one process, without sockets, disk or clock.
 *
 * Messages go both ways through the serializer of their peer, as on a wire. The store keeps events
 * and records in memory and commits when it is told to (fixture_commit); what it hands out dies at
 * the end of the turn (fixture_turn), so that a late use is a report of the sanitizer.
 *
 * Declared: sim.reading, sim.tick (durable), sim.room. (durable, prefix), sim.live; sim.changed and
 * sim.deleted of map sensors; procedures sim.get, put, insert, delete, count, select of the map,
 * and sim.convert, which a client registers.
 */
#ifndef ZEROWIRE_TESTS_ROUTER_FIXTURE_H
#define ZEROWIRE_TESTS_ROUTER_FIXTURE_H

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/router.h"

typedef struct fixture fixture;
typedef struct fixture_peer fixture_peer;

struct fixture_peer {
  fixture *f;
  zw_peer *peer;
  enum zw_serializer serializer;
  bool legacy, full, closed;
  uint64_t session, next_request;
  zw_msg *inbox; /* decoded; octets in the fixture's arena */
  size_t count, taken, capacity;
  size_t turn, log_events; /* asked for in this turn */
};

typedef struct fixture_write {
  void *token;
  bool is_event, follows; /* follows: an event of the change before it */
  zw_stored event;
  enum zw_op op;
  zw_span record;
} fixture_write;

typedef struct fixture_record {
  char id[32];
  uint8_t bytes[256];
  size_t len;
} fixture_record;

struct fixture {
  counting_alloc memory;
  zw_router *router;
  zw_realm *realm;
  zw_storage storage;
  zw_arena arena; /* of the fixture: all that it keeps */
  zw_encoder encoder;
  zw_builder builder;
  int64_t now;
  uint64_t seed;
  bool strict, no_tickets, remote;
  /* the store */
  zw_stored *log; /* committed events */
  size_t log_count, log_capacity;
  uint64_t next_seq;
  size_t snapshot; /* events that cursors see */
  bool stale;      /* commits move the snapshot only in fixture_turn */
  bool immediate;  /* append commits before it returns */
  int fail_append, fail_commit, fail_history;
  int change_error; /* of the last change */
  fixture_write queue[4096];
  size_t queue_count;
  fixture_record records[64];
  size_t record_count;
  struct {
    uint64_t id;
    enum zw_match match;
    zw_str uri;
  } stable[256];
  size_t stable_count;
  void *mapped[65536]; /* handed out in this turn */
  size_t mapped_count;
  size_t cursors;   /* that are open */
  size_t sends;     /* calls of io.send */
  bool paced, held; /* readers of the log are given a few events a turn */
  size_t turns;
};

void fixture_init(fixture *f);
int fixture_start(fixture *f); /* a new router on the same store */
void fixture_stop(fixture *f);
void fixture_deinit(fixture *f);
void fixture_turn(fixture *f); /* the turn ends: mapped views die */
/* Commits the n oldest writes (SIZE_MAX: all). */
void fixture_commit(fixture *f, size_t n);
void fixture_pump(fixture *f); /* until there is nothing more to do */

/* Attached, not joined. */
void fixture_attach(fixture *f, fixture_peer *p, enum zw_serializer serializer);
void fixture_join(fixture *f, fixture_peer *p, enum zw_serializer serializer);
void fixture_leave(fixture_peer *p); /* the connection is gone */
void fixture_send(fixture_peer *p, const zw_msg *msg);
void fixture_begin(fixture_peer *p, zw_msg *msg, enum zw_msg_code code); /* with a request id */

/* The next message, which must be there and have this code. */
const zw_msg *fixture_take(fixture_peer *p, enum zw_msg_code code);
void fixture_expect_none(const fixture_peer *p);
void fixture_expect_error(fixture_peer *p, enum zw_msg_code request_type, const char *uri,
                          const char *words); /* words: part of the text, or NULL */
/* The payload as JSON args, whatever it travelled as; `type` is that of a typed one. */
const char *fixture_args(fixture *f, const zw_msg *msg, const zw_type *type);

/* Requests; args as JSON (NULL: none). They give the request's id. */
uint64_t fixture_subscribe(fixture_peer *p, const char *uri, enum zw_match match,
                           const char *x_from);
uint64_t fixture_subscribed(fixture_peer *p, const char *uri, enum zw_match match,
                            const char *x_from); /* and takes SUBSCRIBED: the subscription's id */
uint64_t fixture_publish(fixture_peer *p, const char *uri, const char *args, bool acknowledge);
uint64_t fixture_call(fixture_peer *p, const char *uri, const char *args, const char *kwargs);
uint64_t fixture_registered(fixture_peer *p, const char *uri);
void fixture_set_args(zw_msg *msg, const char *args);

extern const zw_type fixture_reading, fixture_sensor, fixture_sensor_key, fixture_count,
    fixture_void;
extern const zw_model fixture_model;
extern const zw_schema fixture_older_schema, fixture_other_schema; /* in the store, too */

#endif
