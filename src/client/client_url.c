/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Router URLs: SCHEME://HOST[:PORT][/PATH], unix:PATH. The scheme chooses the transport; RawSocket
 * has no path on the wire, so a path after rs:// is allowed and dropped.
 */
#include <stdio.h>

#include "client_session.h"

#define DEFAULT_PORT "9267"

typedef struct scheme {
  const char *prefix;
  enum zw_transport transport;
  bool unix_socket;
  bool tls;
} scheme;

static const scheme schemes[] = {
    {"rs://", ZW_TRANSPORT_RAWSOCKET, false, false},
    {"ws://", ZW_TRANSPORT_WEBSOCKET, false, false},
    {"unix:", ZW_TRANSPORT_RAWSOCKET, true, false},
    {"ws+unix:", ZW_TRANSPORT_WEBSOCKET, true, false},
    {"rss://", ZW_TRANSPORT_RAWSOCKET, false, true},
    {"wss://", ZW_TRANSPORT_WEBSOCKET, false, true},
};

static int host_and_path(const char *rest, zw_client_target *out, const char *url, zw_diag *diag) {
  size_t authority = strcspn(rest, "/");
  const char *host_end = rest + authority;
  const char *bracket = memchr(rest, ']', authority);
  const char *colon =
      memchr(bracket ? bracket : rest, ':', (size_t)(host_end - (bracket ? bracket : rest)));
  if (authority == 0 || authority >= sizeof out->host - 8)
    return zw_fail(diag, ZW_EINVAL, "%s: a host is missing or too long. Write rs://HOST:PORT", url);
  int host = (int)authority;
  const char *port = colon ? "" : ":" DEFAULT_PORT;
  snprintf(out->address, sizeof out->address, "%.*s%s", host, rest, port);
  snprintf(out->host, sizeof out->host, "%.*s%s", host, rest, port);
  int n = snprintf(out->path, sizeof out->path, "%s", *host_end ? host_end : "/");
  return n < (int)sizeof out->path ? 0 : zw_fail(diag, ZW_EINVAL, "%s: the path is too long", url);
}

int zw_client_url_parse(const char *url, zw_client_target *out, zw_diag *diag) {
  *out = (zw_client_target){.transport = ZW_TRANSPORT_NONE};
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
    size_t len = strlen(schemes[i].prefix);
    if (strncmp(url, schemes[i].prefix, len) != 0) continue;
    if (schemes[i].tls)
      return zw_fail(diag, ZW_ENOTSUP, "%s: TLS is not supported. Use rs:// or ws://", url);
    out->transport = schemes[i].transport;
    if (!schemes[i].unix_socket) return host_and_path(url + len, out, url, diag);
    int n = snprintf(out->address, sizeof out->address, "unix:%s", url + len);
    snprintf(out->host, sizeof out->host, "localhost");
    snprintf(out->path, sizeof out->path, "/");
    return n < (int)sizeof out->address && url[len]
               ? 0
               : zw_fail(diag, ZW_EINVAL, "%s: the path is missing or too long", url);
  }
  return zw_fail(diag, ZW_EINVAL,
                 "%s is no router URL. Write rs://HOST:PORT, ws://HOST:PORT/PATH or unix:PATH",
                 url);
}
