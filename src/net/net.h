/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The net layer: the only code with file descriptors. A loop (libuv), listeners, and connections,
 * each a wire machine on a socket.
 *
 * Everything runs on the loop's thread, but for zw_loop_wake. A loop turn is: read from ready
 * sockets and hand out messages; then the `turn` hook; then each connection that has something to
 * send is flushed with one vectored write (at most IOV_MAX parts a call); then what sockets did not
 * take of *mapped* parts is copied out; then the `after_turn` hook (where the server resets its
 * read transaction).
 *
 * Parts: what is sent is a list of spans with owners. A small part (up to ZW_NET_COPY_MAX octets in
 * all) is copied whole into the connection's output buffer; of a larger message the parts that have
 * an owner are referenced and counted as pinned (the owner's whole capacity), parts without an
 * owner are *mapped*: valid until the end of the turn. What the socket did not take of a mapped
 * part is copied out, unless its sender can map it again (zw_part.again): then it is asked for the
 * octets when the socket takes more.
 */
#ifndef ZEROWIRE_NET_H
#define ZEROWIRE_NET_H

#include "wire.h"

#define ZW_NET_COPY_MAX 512

typedef struct zw_loop zw_loop;
typedef struct zw_listener zw_listener;
typedef struct zw_conn zw_conn;
typedef struct zw_timer zw_timer;

/* ---- loop -------------------------------------------------------------------------------- */

typedef struct zw_loop_hooks {
  void (*wake)(void *ctx);       /* after zw_loop_wake, once for any number of them */
  void (*turn)(void *ctx);       /* before the flush of each turn in which something happened */
  void (*after_turn)(void *ctx); /* after the flush */
  void *ctx;
} zw_loop_hooks;

int zw_loop_create(zw_loop **out, const zw_alloc *alloc, const zw_loop_hooks *hooks,
                   const zw_log *log);
void zw_loop_destroy(zw_loop *loop); /* closes what is open */
int zw_loop_run(zw_loop *loop);      /* until zw_loop_stop */
void zw_loop_stop(zw_loop *loop);
void zw_loop_wake(zw_loop *loop); /* any thread, also a signal handler */
/* For a caller's own loop: readable when there is work; one round, waiting at most timeout_ms (-1:
 * without end, 0: not at all). */
int zw_loop_fd(const zw_loop *loop);
int zw_loop_run_once(zw_loop *loop, int timeout_ms);
int64_t zw_loop_now(const zw_loop *loop); /* monotonic, ns, of this turn */
/* Calls fn once after delay, or each period. */
int zw_timer_start(zw_timer **out, zw_loop *loop, uint64_t delay_ms, uint64_t period_ms,
                   void (*fn)(void *ctx), void *ctx);
void zw_timer_stop(zw_timer *timer); /* and frees; NULL is ignored */
/* SIGINT, SIGTERM: fn is called on the loop. */
int zw_loop_on_signal(zw_loop *loop, int signal, void (*fn)(void *ctx, int signal), void *ctx);

/* ---- connections ---------------------------------------------------------------------------- */

typedef struct zw_conn_callbacks {
  /* The handshake is done. Server: set the user pointer here. */
  void (*open)(zw_conn *conn);
  /* One message; `owner` may be referenced to keep it. */
  void (*message)(zw_conn *conn, zw_span message, zw_buf *owner);
  /* A plain HTTP request; answer in it or later with zw_conn_http_respond. */
  void (*http)(zw_conn *conn, zw_str method, zw_str path, zw_str host);
  /* The output queue has fallen to a quarter of its limit after it had been above half. */
  void (*drain)(zw_conn *conn);
  /* The last call for this connection; error 0: closed in order. `what` in words. */
  void (*close)(zw_conn *conn, int error, const char *what);
} zw_conn_callbacks;

typedef struct zw_net_options {
  size_t size;
  zw_wire_options wire; /* as for zw_wire_create */
  const zw_conn_callbacks *callbacks;
  /* The first `len` octets of a mapped part that was queued with this `again` in an earlier turn,
   * valid until the end of this one; NULL: they are gone, and the connection ends. */
  const uint8_t *(*map)(zw_conn *conn, uint64_t again, size_t len);
  void *user; /* first value of zw_conn_user; of a server: shared by its connections until open */
  uint64_t queue_max;        /* pinned and copied octets in the output queue; 0: 64 MiB */
  uint32_t ping_interval_ms; /* 0: 10,000 */
  uint32_t ping_timeout_ms;  /* 0: 20,000 */
  uint32_t handshake_ms;     /* TCP to OPEN; 0: 10,000. The owner extends it over HELLO with
                                zw_conn_established */
  uint32_t connections_max;  /* of a listener; 0: 16,384 */
} zw_net_options;

/* "127.0.0.1:9267", "[::1]:9267", "localhost:0", "unix:/path". Errors in words in diag (in use, no
 * permission, ...). A stale Unix socket file that nobody listens on is replaced. */
int zw_listen(zw_listener **out, zw_loop *loop, const char *address, const zw_net_options *options,
              zw_diag *diag);
/* Whether it is written as an address; nothing is resolved or bound. ZW_EINVAL. */
int zw_net_address_check(const char *address, zw_diag *diag);
/* Names, without port, that a Host or Origin may carry for a listener at this address (see
 * wire.hosts): loopback's, the address's own, the machine's; for "0.0.0.0" and "[::]" those of all
 * interfaces. In the arena. */
int zw_net_host_names(const char *address, zw_arena *arena, zw_str **names, size_t *count);
/* The address really bound (port 0 resolved): "127.0.0.1:41873". */
const char *zw_listener_address(const zw_listener *listener);
void zw_listener_close(zw_listener *listener); /* stops accepting; its connections live on */

/* Connects (asynchronously: open or close will be called). */
int zw_connect(zw_conn **out, zw_loop *loop, const char *address, const zw_net_options *options,
               zw_diag *diag);

void *zw_conn_user(const zw_conn *conn);
void zw_conn_set_user(zw_conn *conn, void *user);
zw_wire *zw_conn_wire(zw_conn *conn);
bool zw_conn_is_local(const zw_conn *conn);    /* loopback or Unix socket */
const char *zw_conn_peer(const zw_conn *conn); /* "127.0.0.1:51234", "unix" */
/* Login is done: ends the handshake deadline; a server takes messages above 16 KiB from here on. */
void zw_conn_established(zw_conn *conn);

typedef struct zw_part {
  zw_span bytes;
  zw_buf *owner;  /* NULL: mapped, valid until the end of the turn */
  uint64_t again; /* mapped: not 0: zw_net_options.map gives it once more */
} zw_part;

/* Queues octets that are framed already (zw_wire_frame_header). ZW_ELIMIT: the queue is full,
 * nothing was queued. ZW_ECLOSED. */
int zw_conn_send_framed(zw_conn *conn, const zw_part *parts, size_t count);
/* Frames and queues one message (a WebSocket client masks it, into memory of its own). ZW_ELIMIT
 * also if above the peer's maximum. */
int zw_conn_send(zw_conn *conn, const zw_part *parts, size_t count);
/* Writes at once what the socket takes; what it does not take of mapped parts is copied, so that
 * their memory is free on return. For senders outside a turn. */
void zw_conn_flush(zw_conn *conn);
uint64_t zw_conn_queued(const zw_conn *conn); /* octets charged */
uint64_t zw_conn_queue_max(const zw_conn *conn);
/* Room for replay: whether the queue is below half its limit. */
bool zw_conn_has_room(const zw_conn *conn);
void zw_conn_http_respond(zw_conn *conn, int status, zw_str content_type, zw_span body);
/* Sends what is queued, a close frame with this code, then closes (also if the peer stays silent
 * for 1 s). */
void zw_conn_close(zw_conn *conn, uint16_t code, zw_str reason);
/* At once, without flushing; close is called in a later turn. */
void zw_conn_abort(zw_conn *conn);
/* Stops and resumes reading (back-pressure on a publisher). */
void zw_conn_pause(zw_conn *conn, bool pause);

#endif
