/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets as this layer wants them: non-blocking, closed in programs that are started, and without
 * a signal when the peer is gone. Linux does each in one call; elsewhere, where the flags are
 * unknown (macOS), a socket gets them after it was made.
 */
#define _GNU_SOURCE /* accept4, dup3 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "net_inside.h"

#ifdef __linux__

int zw_net_socket(int family) {
  return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int zw_net_accept(int listener, struct sockaddr_storage *address) {
  socklen_t len = sizeof *address;
  return accept4(listener, (struct sockaddr *)address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int zw_net_move(int fd, int to) {
  int moved = dup3(fd, to, O_CLOEXEC);
  close(fd);
  return moved;
}

#else

static int with_flags(int fd) {
  if (fd < 0) return -1;
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int zw_net_socket(int family) { return with_flags(socket(family, SOCK_STREAM, 0)); }

int zw_net_accept(int listener, struct sockaddr_storage *address) {
  socklen_t len = sizeof *address;
  return with_flags(accept(listener, (struct sockaddr *)address, &len));
}

int zw_net_move(int fd, int to) {
  int moved = dup2(fd, to);
  close(fd);
  return moved < 0 ? moved : fcntl(moved, F_SETFD, FD_CLOEXEC);
}

#endif

void zw_net_set_options(int fd) {
  int on = 1;
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
                   sizeof on); /* fails on a Unix socket, which needs none */
#ifdef SO_NOSIGPIPE            /* where MSG_NOSIGNAL is younger than the system may be */
  (void)setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}
