/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listeners. Accepting is bounded a turn. When there is no descriptor or memory left the listener
 * rests for a moment instead of spinning on a socket that stays readable; what is connected goes
 * on. A connection above the limit is accepted to be told so in its handshake.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "net_inside.h"

#define ACCEPTS_A_TURN 64
#define REST_MS 100
#define BACKLOG 1024
#define REFUSALS_MAX 64 /* connections above the limit that are told so at one time */

struct zw_listener {
  uv_poll_t poll;
  uv_timer_t rest;
  zw_loop *loop;
  zw_net_shared *shared;
  zw_listener *next, *previous;
  int fd, handles;
  bool resting;
  char address[128]; /* as it is bound; "unix:/path" */
};

/* ---- accepting ---- */

static void on_acceptable(uv_poll_t *poll, int status, int events);

static void on_rested(uv_timer_t *rest) {
  zw_listener *l = rest->data;
  uv_poll_start(&l->poll, UV_READABLE, on_acceptable);
}

static void take_rest(zw_listener *l, int error) {
  if (!l->resting)
    zw_log_printf(l->loop->log, ZW_LOG_WARN, "%s: cannot accept: %s", l->address,
                  zw_net_error_text(error));
  l->resting = true;
  uv_poll_stop(&l->poll);
  uv_timer_start(&l->rest, on_rested, REST_MS, 0);
}

static void accepted(zw_listener *l, int fd, const struct sockaddr_storage *address) {
  zw_conn *conn;
  bool full = l->shared->connections >= l->shared->options.connections_max;
  if (full) {
    zw_log_printf(l->loop->log, ZW_LOG_DEBUG, "%s: a connection above the limit is refused",
                  l->address);
  }
  if (full && l->shared->refused >= REFUSALS_MAX) {
    close(fd);
    return;
  }
  int error = zw_net_conn_create(&conn, l->loop, l->shared, fd, false);
  if (error)
    zw_log_printf(l->loop->log, ZW_LOG_WARN, "%s: cannot accept: %s", l->address,
                  zw_error_text(error));
  else
    zw_net_name_peer(conn, address);
  if (!error && full) zw_net_refuse(conn);
}

static void on_acceptable(uv_poll_t *poll, int status, int events) {
  zw_listener *l = poll->data;
  (void)events;
  if (status < 0) {
    take_rest(l, -status);
    return;
  }
  for (int i = 0; i < ACCEPTS_A_TURN; i++) {
    struct sockaddr_storage address = {0};
    int fd = zw_net_accept(l->fd, &address);
    if (fd >= 0) {
      l->resting = false;
      accepted(l, fd, &address);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      take_rest(l, errno);
      return;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } /* others concern one connection only: it went before it was accepted */
  }
}

/* ---- binding ---- */

static int cannot_listen(zw_diag *diag, const char *address, int error) {
  bool local = strncmp(address, "unix:", 5) == 0;
  const char *fix = error == EADDRINUSE && local ? ". Something is at this path: choose another"
                    : error == EADDRINUSE ? ". Another program listens there: choose another port"
                    : error == EACCES ? ". Ports below 1024 and foreign folders need more rights"
                                      : "";
  return zw_fail(diag, error == EADDRINUSE ? ZW_EBUSY : ZW_ENET, "cannot listen on %s: %s%s",
                 address, zw_net_error_text(error), fix);
}

/* 0, or errno. */
static int bind_and_listen(int *fd, int family, const struct sockaddr *address, socklen_t len) {
  int on = 1;
  *fd = zw_net_socket(family);
  if (*fd < 0) return errno;
  if (family != AF_UNIX) (void)setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(*fd, address, len) == 0 && listen(*fd, BACKLOG) == 0) return 0;
  int error = errno;
  close(*fd);
  return error;
}

/* Whether the path is a socket that nobody listens on. */
static bool is_stale(const struct sockaddr_un *un) {
  struct stat st;
  if (lstat(un->sun_path, &st) || !S_ISSOCK(st.st_mode)) return false;
  int fd = zw_net_socket(AF_UNIX);
  if (fd < 0) return false;
  bool refused = connect(fd, (const struct sockaddr *)un, sizeof *un) < 0 && errno == ECONNREFUSED;
  close(fd);
  return refused;
}

static int bind_unix(int *fd, const char *path) {
  struct sockaddr_un un = {.sun_family = AF_UNIX};
  memcpy(un.sun_path, path, strlen(path) + 1);
  const struct sockaddr *address = (const struct sockaddr *)&un;
  int error = bind_and_listen(fd, AF_UNIX, address, sizeof un);
  if (error != EADDRINUSE || !is_stale(&un) || unlink(path)) return error;
  return bind_and_listen(fd, AF_UNIX, address, sizeof un);
}

static int bind_any(int *fd, const struct addrinfo *list) {
  int first = 0;
  for (; list; list = list->ai_next) {
    int error = bind_and_listen(fd, list->ai_family, list->ai_addr, list->ai_addrlen);
    if (!error) return 0;
    if (!first) first = error;
  }
  return first ? first : EADDRNOTAVAIL;
}

static void name_listener(zw_listener *l, const zw_net_target *target) {
  struct sockaddr_storage bound = {0};
  socklen_t len = sizeof bound;
  if (target->local)
    snprintf(l->address, sizeof l->address, "unix:%s", target->path);
  else if (getsockname(l->fd, (struct sockaddr *)&bound, &len) == 0)
    zw_net_address_text(&bound, l->address, sizeof l->address);
}

static void closed(uv_handle_t *handle) {
  zw_listener *l = handle->data;
  if (--l->handles) return;
  zw_net_shared_release(l->shared);
  zw_alloc_free(l->loop->alloc, l, sizeof *l);
}

static int watch(zw_listener *l, zw_loop *loop) {
  l->loop = loop;
  if (uv_poll_init(&loop->uv, &l->poll, l->fd)) return ZW_EIO;
  uv_timer_init(&loop->uv, &l->rest);
  l->poll.data = l->rest.data = l;
  l->handles = 2;
  l->next = loop->listeners;
  if (l->next) l->next->previous = l;
  loop->listeners = l;
  return uv_poll_start(&l->poll, UV_READABLE, on_acceptable) ? ZW_EIO : 0;
}

int zw_listen(zw_listener **out, zw_loop *loop, const char *address, const zw_net_options *options,
              zw_diag *diag) {
  zw_net_target target;
  int fd = -1, error = zw_net_resolve(address, true, &target, diag);
  if (error) return error;
  int failure = target.local ? bind_unix(&fd, target.path) : bind_any(&fd, target.list);
  if (target.list) freeaddrinfo(target.list);
  if (failure) return cannot_listen(diag, address, failure);
  zw_listener *l = zw_alloc_zero(loop->alloc, sizeof *l);
  error = l ? zw_net_shared_create(&l->shared, loop->alloc, options) : ZW_ENOMEM;
  if (error) {
    zw_alloc_free(loop->alloc, l, l ? sizeof *l : 0);
    close(fd);
    return zw_fail(diag, error, "cannot listen on %s: %s", address, zw_error_text(error));
  }
  l->shared->options.wire.server = true;
  l->fd = fd;
  name_listener(l, &target);
  error = watch(l, loop);
  if (error) {
    if (l->handles) {
      zw_listener_close(l);
    } else {
      close(fd);
      zw_net_shared_release(l->shared);
      zw_alloc_free(loop->alloc, l, sizeof *l);
    }
    return zw_fail(diag, error, "cannot listen on %s: the socket cannot be watched", address);
  }
  *out = l;
  return 0;
}

const char *zw_listener_address(const zw_listener *l) { return l->address; }

void zw_listener_close(zw_listener *l) {
  if (!l) return;
  if (l->next) l->next->previous = l->previous;
  *(l->previous ? &l->previous->next : &l->loop->listeners) = l->next;
  if (strncmp(l->address, "unix:", 5) == 0) (void)unlink(l->address + 5);
  uv_close((uv_handle_t *)&l->poll, closed);
  uv_close((uv_handle_t *)&l->rest, closed);
  close(l->fd);
}
