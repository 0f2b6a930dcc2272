/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's state, shared by its files. All of it belongs to the loop's thread, but for the
 * atomic flags; the store's writer thread touches the store and wakes the loop.
 *
 * The read transaction lives from the first access of a turn to the end of the turn, when net has
 * written or copied what points into the map. Writes that the store has completed are handed to the
 * router only while it does not live, so that a snapshot taken afterwards has all that the router
 * was told of.
 */
#ifndef ZEROWIRE_SERVER_STATE_H
#define ZEROWIRE_SERVER_STATE_H

#include <stdatomic.h>

#include "net.h"
#include "zerowire/serve.h"

/* Octets that the router keeps for what waits for a commit, before publishers are not read from.
 * Below the limit of a queue: what waits behind a commit goes to subscribers all at once. */
#define ZW_WAITING_MAX ((uint64_t)32 << 20)
/* Octets queued of a connection above which nothing is sent to it from the log: what a socket does
 * not take at once is copied out of the memory map. */
#define ZW_LOG_PACE ((uint64_t)128 << 10)
/* How long a peer may take nothing of a queue that keeps it from being read. */
#define ZW_STUCK_MS 20000
#define ZW_SWEEP_MS 5000

/* ---- kinds of peers: what is encoded once for all peers of a kind ---- */

enum {
  ZW_KIND_JSON,
  ZW_KIND_CBOR,
  ZW_KIND_FLATBUFFERS,
  ZW_KIND_LEGACY, /* must follow FLATBUFFERS */
  ZW_KIND_NOTATIONS,
  ZW_KIND_COUNT = 2 * ZW_KIND_NOTATIONS /* RawSocket, then WebSocket */
};

#define ZW_FRAME_PARTS 24

/* One message framed for a kind. */
typedef struct zw_frame {
  zw_part parts[ZW_FRAME_PARTS];
  size_t count;
  size_t len;     /* of the message, without the frame's header */
  zw_buf *shared; /* what is too large to be copied to each connection; or NULL */
  int error;      /* it cannot be encoded */
  uint8_t header[ZW_WIRE_HEADER_MAX];
} zw_frame;

typedef struct zw_kind {
  zw_encoder encoder;
  zw_frame frame;
} zw_kind;

/* ---- connections ---- */

enum { ZW_PAUSE_QUEUE = 1, ZW_PAUSE_STORE = 2 };

typedef struct zw_connection zw_connection;
struct zw_connection {
  zw_server *server;
  zw_conn *conn;
  zw_peer *peer; /* NULL: detached, the connection ends */
  zw_connection *previous, *next;
  zw_connection *next_doomed, *next_reader;
  uint64_t refused_call; /* request of the last call whose result was too large */
  uint64_t stuck_at;     /* octets queued at the last sweep */
  uint32_t message_max;  /* that the peer takes */
  uint32_t stuck_ms;
  uint8_t kind; /* without regard to legacy */
  uint8_t serializer;
  uint8_t paused; /* ZW_PAUSE_… bits */
  bool established, doomed;
  bool reads_log; /* is in the list of readers */
};

/* A message that could not be sent; answered in the turn, not inside the router's call. */
typedef struct zw_refusal {
  zw_connection *connection;
  uint64_t request, request_type;
  uint16_t code;
  int error;
} zw_refusal;

/* ---- storage ---- */

typedef struct zw_server_write zw_server_write;
struct zw_server_write {
  zw_write write; /* first */
  zw_server_write *next;
  void *token;
  zw_str *texts; /* of the event's lists */
  size_t text_count;
};

typedef struct zw_server_cursor zw_server_cursor;
struct zw_server_cursor {
  zw_history history; /* first */
  zw_server_cursor *next;
  uint64_t to_seq; /* UINT64_MAX: no bound */
};

/* The payload type of a topic in the version that was asked for last. */
typedef struct zw_topic_cache {
  uint16_t version;
  const zw_type *type;
} zw_topic_cache;

typedef struct zw_server_stats {
  uint64_t sent, closed_slow, refused, corrupt;
} zw_server_stats;

enum zw_stage { ZW_STAGE_RUNNING, ZW_STAGE_GOODBYE, ZW_STAGE_CLOSING };

struct zw_server {
  const zw_alloc *alloc;
  const zw_log *log;
  zw_server_options options;
  zw_arena arena; /* copies of options, host names */

  zw_loop *loop;
  zw_listener **listeners;
  size_t listener_count;
  zw_timer *sweep, *grace;
  atomic_bool stop, completed;
  enum zw_stage stage;
  zw_server_stats stats;

  zw_router *router;
  zw_storage storage;
  zw_kind kinds[ZW_KIND_COUNT];
  zw_connection *connections, *free_connections, *doomed;
  zw_connection *readers; /* that stopped reading from the log in this turn */
  size_t connection_count;
  zw_refusal *refusals;
  size_t refusal_count, refusal_capacity;
  bool answering;
  zw_text text;     /* of refusals and HTTP answers */
  zw_arena scratch; /* texts of the message being received that had escapes */

  zw_store *store;
  zw_txn *txn;
  bool live;        /* the read transaction */
  uint64_t visible; /* the last event that the snapshot has */
  uint64_t told;    /* the last event that the router was told of */
  uint16_t version; /* of the current schema; 0: none */
  const zw_schema *schema;
  const zw_model *model;
  zw_schema *own_schema; /* without a store */
  zw_arena own_arena;
  zw_map **maps;          /* as model->maps */
  zw_topic_cache *topics; /* by number, from 1 */
  size_t topic_count;     /* 1 more than there are */
  zw_server_write *free_writes;
  zw_server_cursor *free_cursors;
  size_t in_flight;         /* writes that the store has */
  atomic_bool store_paused; /* some connection waits for the store */
};

/* server_listen.c */
int zw_server_listen(zw_server *s, zw_diag *diag);

/* server_connection.c */
extern const zw_conn_callbacks zw_server_callbacks;
void zw_connection_resume(zw_connection *c, uint8_t why);
void zw_connection_free_all(zw_server *s);
/* Ends it in the turn: the router may be using its peer. */
void zw_connection_doom(zw_connection *c, const char *why);
void zw_connection_end_doomed(zw_server *s);

/* server_http.c */
void zw_server_http(zw_conn *conn, zw_str method, zw_str path, zw_str host);

/* server_send.c */
void zw_server_send(void *ctx, zw_peer *const *peers, size_t count, const zw_msg *msg,
                    zw_buf *owner, bool mapped);
/* net's map: the payload of the event with this number. */
const uint8_t *zw_server_map_again(zw_conn *conn, uint64_t again, size_t len);
void zw_server_kinds_init(zw_server *s);
void zw_server_kinds_deinit(zw_server *s);

/* server_refusal.c */
void zw_server_refuse(zw_connection *c, const zw_msg *msg, int error);
void zw_server_answer_refusals(zw_server *s);
void zw_server_forget_refusals(zw_connection *c);

/* server_storage.c */
void zw_server_storage_init(zw_server *s);
int zw_server_snapshot(zw_server *s); /* makes the read transaction live */
int zw_server_catch_up(zw_server *s); /* makes all that the router was told of visible to it */

/* server_history.c */
int zw_server_history_open(void *ctx, const zw_history_query *query, void **cursor);
int zw_server_history_next(void *ctx, void *cursor, zw_stored *out);
void zw_server_history_close(void *ctx, void *cursor);
void zw_server_history_deinit(zw_server *s);

/* server_writes.c */
int zw_server_append(void *ctx, const zw_append *append, zw_diag *diag);
int zw_server_map_write(void *ctx, const zw_map_change *change, zw_diag *diag);
void zw_server_complete(zw_server *s); /* hands what is committed to the router */
void zw_server_writes_deinit(zw_server *s);
zw_map *zw_server_map(const zw_server *s, const zw_map_def *def);

/* server_turn.c */
extern const zw_loop_hooks zw_server_hooks; /* without ctx */
int zw_server_turn_start(zw_server *s);
void zw_server_connection_gone(zw_server *s); /* the last one may end the server */

#endif
