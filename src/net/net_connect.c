/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: how they begin, as a client's or as one that a listener accepted, and what their
 * owners ask about them. A client tries the addresses of a name one after the other.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "net_inside.h"

/* ---- what connections share ---- */

static void default_to(uint32_t *value, uint32_t standard) {
  if (*value == 0) *value = standard;
}

int zw_net_shared_create(zw_net_shared **out, const zw_alloc *alloc,
                         const zw_net_options *options) {
  zw_net_shared *s = zw_alloc_zero(alloc, sizeof *s);
  if (!s) return ZW_ENOMEM;
  *s = (zw_net_shared){.alloc = alloc, .options = *options, .refs = 1};
  if (s->options.queue_max == 0) s->options.queue_max = 64u * 1024 * 1024;
  if (!s->options.wire.alloc) s->options.wire.alloc = alloc;
  default_to(&s->options.ping_interval_ms, 10000);
  default_to(&s->options.ping_timeout_ms, 20000);
  default_to(&s->options.handshake_ms, 10000);
  default_to(&s->options.connections_max, 16384);
  *out = s;
  return 0;
}

void zw_net_shared_release(zw_net_shared *shared) {
  if (--shared->refs == 0) zw_alloc_free(shared->alloc, shared, sizeof *shared);
}

/* ---- the socket ---- */

/* What libuv calls a bad descriptor is an error of the socket, which knows it. */
static int socket_error(int fd) {
  int error = 0;
  socklen_t len = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? errno : error;
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  zw_conn *c = poll->data;
  c->loop->dirty = true;
  if (status < 0) c->events = 0; /* libuv has stopped the handle */
  if (c->state == ZW_CONN_CONNECTING) {
    zw_net_on_connect(c, socket_error(c->fd));
    return;
  }
  if (status < 0) {
    int error = socket_error(c->fd);
    zw_net_end(c, ZW_ENET, zw_net_error_text(error ? error : ECONNRESET));
    return;
  }
  if (events & UV_READABLE) zw_net_readable(c);
  if ((events & UV_WRITABLE) && c->state != ZW_CONN_DEAD) {
    c->blocked = false;
    zw_net_need_flush(c);
  }
}

void zw_net_poll(zw_conn *c) {
  int events = 0;
  if (c->state == ZW_CONN_CONNECTING || c->blocked) events |= UV_WRITABLE;
  if (c->state != ZW_CONN_CONNECTING && !c->saw_eof && !(c->paused && c->state <= ZW_CONN_OPEN))
    events |= UV_READABLE;
  if (c->state == ZW_CONN_DEAD || events == c->events) return;
  c->events = events;
  if (events == 0)
    uv_poll_stop(&c->poll);
  else if (uv_poll_start(&c->poll, events, on_poll))
    zw_net_end(c, ZW_EIO, "the socket cannot be watched");
}

static void free_addresses(zw_conn *c) {
  if (c->addresses) freeaddrinfo(c->addresses);
  c->addresses = c->address = NULL;
}

static void poll_closed(uv_handle_t *handle) {
  zw_conn *c = handle->data;
  zw_net_shared_release(c->shared);
  zw_alloc_free(c->loop->alloc, c, sizeof *c);
}

/* Everything but the memory goes now; that when libuv is done with the handle. */
void zw_net_conn_destroy(zw_conn *c) {
  c->state = ZW_CONN_DEAD;
  if (c->next) c->next->previous = c->previous;
  *(c->previous ? &c->previous->next : &c->loop->conns) = c->next;
  zw_out_clear(c->loop, &c->out);
  zw_wire_destroy(c->wire);
  c->wire = NULL;
  free_addresses(c);
  if (c->server) --*(c->refused ? &c->shared->refused : &c->shared->connections);
  uv_close((uv_handle_t *)&c->poll, poll_closed);
  close(c->fd);
}

static void init_conn(zw_conn *c, zw_loop *loop, zw_net_shared *shared, int fd, bool connecting) {
  c->loop = loop;
  c->shared = shared;
  c->fd = fd;
  c->server = shared->options.wire.server;
  c->announced = !c->server;
  c->user = shared->options.user;
  c->state = connecting ? ZW_CONN_CONNECTING : ZW_CONN_HANDSHAKE;
  c->end_what = "closed";
  c->heard_ms = zw_net_ms(loop);
  c->handshake_ms = c->heard_ms + shared->options.handshake_ms;
  c->poll.data = c;
  c->next = loop->conns;
  if (c->next) c->next->previous = c;
  loop->conns = c;
  shared->refs++;
  if (!c->server) return;
  shared->connections++;
  zw_wire_limit(c->wire, ZW_NET_LOGIN_MAX);
}

int zw_net_conn_create(zw_conn **out, zw_loop *loop, zw_net_shared *shared, int fd,
                       bool connecting) {
  zw_conn *c = zw_alloc_zero(loop->alloc, sizeof *c);
  int error = c ? zw_wire_create(&c->wire, &shared->options.wire) : ZW_ENOMEM;
  if (!error && uv_poll_init(&loop->uv, &c->poll, fd)) error = ZW_EIO;
  if (error) {
    if (c) zw_wire_destroy(c->wire);
    zw_alloc_free(loop->alloc, c, c ? sizeof *c : 0);
    close(fd);
    return error;
  }
  zw_net_set_options(fd);
  init_conn(c, loop, shared, fd, connecting);
  zw_net_watch(loop, &shared->options);
  zw_net_poll(c);
  *out = c;
  return 0;
}

void zw_net_refuse(zw_conn *c) {
  c->refused = true;
  c->shared->connections--;
  c->shared->refused++;
  c->handshake_ms = c->heard_ms + ZW_NET_LINGER_MS;
  zw_wire_refuse(c->wire);
}

void zw_net_name_peer(zw_conn *c, const struct sockaddr_storage *address) {
  c->local = zw_net_is_loopback(address);
  zw_net_address_text(address, c->peer, sizeof c->peer);
}

/* ---- client ---- */

/* A socket on its way to the address; -1: errno. */
static int begin_connect(int family, const struct sockaddr *address, socklen_t len) {
  int fd = zw_net_socket(family);
  if (fd < 0) return -1;
  int result;
  do result = connect(fd, address, len);
  while (result < 0 && errno == EINTR);
  if (result == 0 || errno == EINPROGRESS) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

static int connect_next(struct addrinfo **address) {
  int fd = -1;
  while (*address && fd < 0) {
    fd = begin_connect((*address)->ai_family, (*address)->ai_addr, (*address)->ai_addrlen);
    *address = (*address)->ai_next;
  }
  return fd;
}

static int connect_unix(const char *path) {
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  memcpy(un.sun_path, path, strlen(path) + 1);
  return begin_connect(AF_UNIX, (const struct sockaddr *)&un, sizeof un);
}

/* The next address, after one has failed: a new socket takes the number of the old, so that the
 * poll handle stays. */
static bool try_next(zw_conn *c) {
  if (!c->address) return false;
  uv_poll_stop(&c->poll);
  int fd = connect_next(&c->address);
  if (fd < 0) return false;
  int moved = zw_net_move(fd, c->fd);
  c->events = 0;
  if (moved < 0) return false;
  zw_net_set_options(c->fd);
  zw_net_poll(c);
  return true;
}

void zw_net_on_connect(zw_conn *c, int error) {
  struct sockaddr_storage address = {0};
  socklen_t len = sizeof address;
  if (error) {
    if (!try_next(c)) zw_net_end(c, ZW_ENET, zw_net_error_text(error));
    return;
  }
  if (getpeername(c->fd, (struct sockaddr *)&address, &len) == 0) zw_net_name_peer(c, &address);
  free_addresses(c);
  c->state = ZW_CONN_HANDSHAKE;
  zw_net_poll(c);
  zw_net_need_flush(c); /* the machine's first octets */
}

static int cannot_connect(zw_diag *diag, const char *address) {
  return zw_fail(diag, ZW_ENET, "cannot connect to %s: %s", address, zw_net_error_text(errno));
}

int zw_connect(zw_conn **out, zw_loop *loop, const char *address, const zw_net_options *options,
               zw_diag *diag) {
  zw_net_target target;
  zw_net_shared *shared;
  int error = zw_net_resolve(address, false, &target, diag);
  if (error) return error;
  struct addrinfo *next = target.list;
  int fd = target.local ? connect_unix(target.path) : connect_next(&next);
  if (fd < 0) {
    error = cannot_connect(diag, address);
    if (target.list) freeaddrinfo(target.list);
    return error;
  }
  error = zw_net_shared_create(&shared, loop->alloc, options);
  if (error) {
    close(fd);
  } else {
    shared->options.wire.server = false;
    error = zw_net_conn_create(out, loop, shared, fd, true);
    zw_net_shared_release(shared);
  }
  if (error) {
    if (target.list) freeaddrinfo(target.list);
    return zw_fail(diag, error, "cannot connect to %s: %s", address, zw_error_text(error));
  }
  (*out)->addresses = target.list;
  (*out)->address = next;
  snprintf((*out)->peer, sizeof(*out)->peer, "%.50s", address);
  return 0;
}

/* ---- what owners ask ---- */

void *zw_conn_user(const zw_conn *c) { return c->user; }
void zw_conn_set_user(zw_conn *c, void *user) { c->user = user; }
zw_wire *zw_conn_wire(zw_conn *c) { return c->wire; }
bool zw_conn_is_local(const zw_conn *c) { return c->local; }
const char *zw_conn_peer(const zw_conn *c) { return c->peer; }

void zw_conn_established(zw_conn *c) {
  c->established = true;
  zw_wire_limit(c->wire, 0);
}

uint64_t zw_conn_queued(const zw_conn *c) { return c->out.charged; }
uint64_t zw_conn_queue_max(const zw_conn *c) { return c->shared->options.queue_max; }
bool zw_conn_has_room(const zw_conn *c) { return c->out.charged < zw_conn_queue_max(c) / 2; }
