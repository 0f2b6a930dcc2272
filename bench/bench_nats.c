/* SPDX-License-Identifier: Apache-2.0 */
/* Connecting, and the PING that shows that what came before it is done. */
#include "bench_nats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "bench_process.h"
#include "bench_wamp.h"

static const char ping[] = "PING\r\n", pong[] = "PONG\r\n";

static void await_pong(int fd) {
  char text[4096];
  for (size_t len = 0; len < 6 || memcmp(text + len - 6, pong, 6) != 0;) {
    ssize_t n = recv(fd, text + len, sizeof text - len, 0);
    if (n <= 0) {
      fprintf(stderr, "bench: nats-server closed a connection\n");
      exit(1);
    }
    len += (size_t)n;
  }
}

void bench_nats_say(int fd, const char *line) {
  bench_write(fd, (const uint8_t *)line, strlen(line));
  bench_write(fd, (const uint8_t *)ping, sizeof ping - 1);
  await_pong(fd);
}

int bench_nats_connect(uint16_t port) {
  int fd = bench_connect(port);
  bench_nats_say(
      fd, "CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":\"c\",\"version\":\"0\"}\r\n");
  return fd;
}

void bench_nats_answer_ping(int fd) {
  char text[16];
  if (recv(fd, text, sizeof text, MSG_DONTWAIT) == 6)
    bench_write(fd, (const uint8_t *)pong, sizeof pong - 1);
}
