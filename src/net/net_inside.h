/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the net layer, shared by its files.
 *
 * A connection is always in the loop's list `conns`. Two more lists hold it while there is
 * something to do in a turn: `flush_first` (octets to write) and `attention` (callbacks that are
 * due, or its end). Nothing but the turn takes a connection apart, and its memory goes after the
 * turn, when libuv has let go of its handle: so callbacks may close or abort any connection at any
 * time.
 */
#ifndef ZEROWIRE_NET_INSIDE_H
#define ZEROWIRE_NET_INSIDE_H

#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <uv.h>

#include "net.h"

#define ZW_NET_IOV 1024       /* parts of one vectored write */
#define ZW_NET_COPY_BUF 16384 /* octets of a buffer for small parts */
#define ZW_NET_SPARE 256      /* such buffers that a loop keeps: as many as peers in a turn */
#define ZW_NET_READ_BUDGET (256 * 1024) /* octets that a connection reads in a turn */
#define ZW_NET_LOGIN_MAX 16384 /* octets of a message before zw_conn_established, on a server */
#define ZW_NET_LINGER_MS 1000
#define ZW_NET_LINGER_MAX_MS 10000
#define ZW_NET_PEER_MAX 56

/* ---- output queue (net_queue.c) ---- */

/* AWAY: was mapped in an earlier turn, and is mapped again before it is written. */
enum zw_out_kind { ZW_OUT_COPIED, ZW_OUT_PINNED, ZW_OUT_MAPPED, ZW_OUT_AWAY };

typedef struct zw_out_part {
  const uint8_t *ptr;
  size_t len;
  zw_buf *owner;  /* MAPPED, AWAY: NULL */
  size_t charge;  /* octets that go off the account with this part */
  uint64_t again; /* MAPPED, AWAY: what its sender maps it by; 0: it cannot */
  size_t taken;   /* octets of it that were sent before ptr */
  enum zw_out_kind kind;
} zw_out_part;

/* Parts are numbered from the first that ever was; the ring holds [first, first + count). */
typedef struct zw_out {
  zw_out_part *ring;
  size_t capacity; /* a power of two, or 0 */
  uint64_t first;
  size_t count;
  zw_buf *copy; /* where small parts are gathered; NULL while idle */
  uint64_t charged;
  uint64_t waiting;     /* octets of all parts */
  uint64_t pinned_last; /* number of the newest pinned part */
  size_t mapped, away;  /* parts of these kinds */
} zw_out;

void zw_out_clear(zw_loop *loop, zw_out *out);
/* What these parts would add to the account. */
uint64_t zw_out_cost(const zw_part *parts, size_t count);
/* All or nothing: 0, ZW_ENOMEM. */
int zw_out_push(zw_loop *loop, zw_out *out, const zw_part *parts, size_t count);
/* Room for `len` octets that belong together, to be filled and then committed. NULL: no memory. */
uint8_t *zw_out_room(zw_loop *loop, zw_out *out, size_t len);
void zw_out_commit(zw_out *out, size_t len);
/* How many: of a type that goes into the int of some systems and the size_t of others. */
uint16_t zw_out_gather(const zw_out *out, struct iovec *iov, uint16_t max);
void zw_out_taken(zw_loop *loop, zw_out *out, size_t n);
/* The end of a turn: nothing refers to the map. */
int zw_out_unmap(zw_loop *loop, zw_out *out);
/* Before writing: what is away comes back. ZW_ENOTFOUND: it is gone. */
int zw_out_map_again(zw_conn *conn);

/* ---- sockets (net_socket.c) ---- */

/* A descriptor, -1: errno. All are non-blocking and close in programs that are started. */
int zw_net_socket(int family);
int zw_net_accept(int listener, struct sockaddr_storage *address);
/* What `fd` is takes the number `to`, and `fd` is closed; -1: errno. */
int zw_net_move(int fd, int to);
void zw_net_set_options(int fd);

/* ---- loop ---- */

typedef struct zw_net_clock {
  int64_t ns;
  bool fresh;
} zw_net_clock;

struct zw_loop {
  uv_loop_t uv;
  uv_prepare_t prepare;
  uv_check_t check;
  uv_idle_t idle; /* active while a turn left something to do, so that the loop does not sleep */
  uv_async_t async;
  uv_timer_t tick;  /* deadlines of all connections */
  uv_timer_t limit; /* of zw_loop_run_once */
  const zw_alloc *alloc;
  zw_loop_hooks hooks;
  const zw_log *log;
  zw_net_clock clock_now, *clock;
  zw_conn *conns;
  zw_conn *flush_first;
  zw_conn *attention;
  zw_listener *listeners;
  zw_timer *timers;
  struct zw_net_signal *signals;
  uint32_t tick_ms;  /* period of the tick; 0: stopped */
  int64_t ticked_ms; /* when it last was */
  bool dirty;        /* something happened: a turn is due */
  bool expired;      /* the time of zw_loop_run_once is over */
  zw_buf *spare[ZW_NET_SPARE];
  size_t spare_count;
  struct iovec iov[ZW_NET_IOV];
};

/* An errno in words, static. */
static inline const char *zw_net_error_text(int error) {
  return uv_strerror(uv_translate_sys_error(error));
}

static inline int64_t zw_net_ms(const zw_loop *loop) { return zw_loop_now(loop) / 1000000; }

/* ---- connections ---- */

/* What the connections of a listener share. */
typedef struct zw_net_shared {
  const zw_alloc *alloc;
  zw_net_options options;
  size_t refs;
  size_t connections, refused; /* refused: those above the limit, while they are told so */
} zw_net_shared;

int zw_net_shared_create(zw_net_shared **out, const zw_alloc *alloc, const zw_net_options *options);
void zw_net_shared_release(zw_net_shared *shared);

enum zw_conn_state {
  ZW_CONN_CONNECTING,
  ZW_CONN_HANDSHAKE, /* the wire machine's handshake */
  ZW_CONN_OPEN,
  ZW_CONN_HTTP,    /* a plain request waits for its answer */
  ZW_CONN_CLOSING, /* what is queued goes out; input is dropped */
  ZW_CONN_LINGER,  /* all is out, FIN is sent; the peer's FIN is awaited */
  ZW_CONN_DEAD,    /* to be taken apart in the turn */
};

struct zw_conn {
  uv_poll_t poll; /* poll.data: the connection */
  zw_loop *loop;
  zw_net_shared *shared;
  zw_wire *wire;
  void *user;
  zw_conn *next, *previous; /* in loop->conns */
  zw_conn *flush_next, *attention_next;
  zw_out out;
  struct addrinfo *addresses, *address; /* while connecting: all, and the one after this */
  const char *end_what;
  int end_error;
  int fd;
  int events;    /* what the poll handle waits for */
  uint8_t state; /* enum zw_conn_state */
  bool server, local, established, paused;
  bool in_flush, in_attention;
  bool blocked;          /* the socket is full: wait until it is writable */
  bool announced;        /* open or http was called, or it is a client's: close is owed */
  bool notify, notified; /* close is due; was called */
  bool was_above_half, drain_due, resume_due;
  bool saw_eof;
  bool pinged;
  bool refused; /* above the limit: the handshake says so */
  /* milliseconds of the loop's clock */
  int64_t heard_ms, pinged_ms, handshake_ms, close_ms, close_last_ms;
  uint64_t sent,
      ping_mark; /* octets written; how many when the ping is out, UINT64_MAX: unknown yet */
  char peer[ZW_NET_PEER_MAX];
};

/* A connection on a non-blocking socket, which it owns from here on, also on failure. */
int zw_net_conn_create(zw_conn **out, zw_loop *loop, zw_net_shared *shared, int fd,
                       bool connecting);
void zw_net_conn_destroy(zw_conn *conn); /* by the turn, and by the end of the loop */
void zw_net_name_peer(zw_conn *conn, const struct sockaddr_storage *address);
/* A connection above the limit: its handshake says so, and soon. */
void zw_net_refuse(zw_conn *conn);
/* Waits for what the state asks for. */
void zw_net_poll(zw_conn *conn);
void zw_net_need_flush(zw_conn *conn);
void zw_net_need_attention(zw_conn *conn);
/* The end, at once. */
void zw_net_end(zw_conn *conn, int error, const char *what);
/* The end in order: flush, FIN, wait for the peer's. `notify`: the owner hears of it in the next
 * turn rather than at the end. */
void zw_net_begin_close(zw_conn *conn, int error, const char *what, bool notify);
void zw_net_on_connect(zw_conn *conn, int error); /* connected, or not: errno */
void zw_net_readable(zw_conn *conn);              /* reads, hands out */
void zw_net_hand_out(zw_conn *conn);              /* events that the machine holds already */
void zw_net_discard_input(zw_conn *conn);         /* while closing */
void zw_net_write(zw_conn *conn);                 /* writes what the socket takes */
void zw_net_take_output(zw_conn *conn);           /* the machine's own octets to the queue */
void zw_net_all_sent(zw_conn *conn);              /* CLOSING and nothing is queued */
int zw_net_sent_to(zw_conn *conn, size_t n);      /* n octets left */
void zw_net_watch(zw_loop *loop,
                  const zw_net_options *options); /* the tick runs often enough for these */
void zw_net_tick(zw_conn *conn, int64_t now_ms);

/* ---- addresses ---- */

typedef struct zw_net_target {
  bool local; /* a Unix socket */
  char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
  struct addrinfo *list; /* TCP; freeaddrinfo */
} zw_net_target;
int zw_net_resolve(const char *address, bool passive, zw_net_target *out, zw_diag *diag);
/* "127.0.0.1:80", "[::1]:80", "unix". */
void zw_net_address_text(const struct sockaddr_storage *address, char *out, size_t size);
bool zw_net_is_loopback(const struct sockaddr_storage *address);

#endif
