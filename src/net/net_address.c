/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses: "HOST:PORT", "[V6]:PORT", "unix:PATH" to socket addresses, and back to text. Names are
 * resolved at once: the caller waits. Where a name has several addresses, IPv4 comes first for a
 * listener, since "localhost" is to mean what most clients try.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "net_inside.h"

static int bad_address(zw_diag *diag, const char *address) {
  return zw_fail(diag, ZW_EINVAL, "\"%s\" is no address. Write HOST:PORT, [IPV6]:PORT or unix:PATH",
                 address);
}

static int unix_target(const char *address, zw_net_target *out, zw_diag *diag) {
  const char *path = address + 5;
  size_t len = strlen(path);
  if (len == 0) return bad_address(diag, address);
  if (len >= sizeof out->path)
    return zw_fail(diag, ZW_EINVAL,
                   "the path of the Unix socket has %zu octets; at most %zu. Choose a shorter one",
                   len, sizeof out->path - 1);
  out->local = true;
  memcpy(out->path, path, len + 1);
  return 0;
}

/* Splits at the last colon; brackets around the host go. */
static bool split(const char *address, char host[256], char port[8]) {
  const char *colon = strrchr(address, ':');
  if (!colon || colon == address) return false;
  size_t len = (size_t)(colon - address), digits = strlen(colon + 1);
  if (address[0] == '[') {
    if (len < 3 || address[len - 1] != ']') return false;
    address++;
    len -= 2;
  } else if (memchr(address, ':', len)) {
    return false;
  }
  if (len >= 256 || digits == 0 || digits > 5 || strspn(colon + 1, "0123456789") != digits)
    return false;
  memcpy(host, address, len);
  host[len] = 0;
  memcpy(port, colon + 1, digits + 1);
  return true;
}

/* Moves the first IPv4 address to the front. */
static struct addrinfo *prefer_v4(struct addrinfo *list) {
  struct addrinfo **link = &list;
  while (*link && (*link)->ai_family != AF_INET) link = &(*link)->ai_next;
  struct addrinfo *found = *link;
  if (!found || found == list) return list;
  *link = found->ai_next;
  found->ai_next = list;
  return found;
}

/* A Unix socket is found here, host and port of others are split. */
static int read_address(const char *address, char host[256], char port[8], zw_net_target *out,
                        zw_diag *diag) {
  *out = (zw_net_target){0};
  if (strncmp(address, "unix:", 5) == 0) return unix_target(address, out, diag);
  bool good = split(address, host, port) && strtoul(port, NULL, 10) <= 65535;
  return good ? 0 : bad_address(diag, address);
}

int zw_net_address_check(const char *address, zw_diag *diag) {
  char host[256], port[8];
  zw_net_target target;
  return read_address(address, host, port, &target, diag);
}

int zw_net_resolve(const char *address, bool passive, zw_net_target *out, zw_diag *diag) {
  char host[256], port[8];
  int bad = read_address(address, host, port, out, diag);
  if (bad || out->local) return bad;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = passive ? AI_PASSIVE : 0};
  int error = getaddrinfo(host, port, &hints, &out->list);
  if (error) return zw_fail(diag, ZW_ENET, "cannot resolve \"%s\": %s", host, gai_strerror(error));
  if (passive) out->list = prefer_v4(out->list);
  return 0;
}

void zw_net_address_text(const struct sockaddr_storage *address, char *out, size_t size) {
  char host[INET6_ADDRSTRLEN] = "";
  if (address->ss_family == AF_INET) {
    struct sockaddr_in in;
    memcpy(&in, address, sizeof in);
    inet_ntop(AF_INET, &in.sin_addr, host, sizeof host);
    snprintf(out, size, "%s:%u", host, ntohs(in.sin_port));
  } else if (address->ss_family == AF_INET6) {
    struct sockaddr_in6 in;
    memcpy(&in, address, sizeof in);
    inet_ntop(AF_INET6, &in.sin6_addr, host, sizeof host);
    snprintf(out, size, "[%s]:%u", host, ntohs(in.sin6_port));
  } else {
    snprintf(out, size, "unix");
  }
}

bool zw_net_is_loopback(const struct sockaddr_storage *address) {
  if (address->ss_family == AF_INET) {
    struct sockaddr_in in;
    memcpy(&in, address, sizeof in);
    return ntohl(in.sin_addr.s_addr) >> 24 == 127;
  }
  if (address->ss_family == AF_INET6) {
    struct sockaddr_in6 in;
    memcpy(&in, address, sizeof in);
    return IN6_IS_ADDR_LOOPBACK(&in.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr) && in.sin6_addr.s6_addr[12] == 127);
  }
  return true;
}
