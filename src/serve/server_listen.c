/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listeners. The Host and Origin of HTTP requests must name this machine: by a loopback name, by
 * the name that was given to listen on, or by the machine's own. So a page of another site, or a
 * foreign name that was pointed here, cannot open a session in a local user's browser.
 */
#include <unistd.h>

#include "server_state.h"

#define HOSTS_MAX 6
#define ADDRESS_DEFAULT "127.0.0.1:9267"

/* "[::1]" of "[::1]:9267". */
static zw_str host_of(const char *address) {
  zw_str text = zw_str_of(address);
  while (text.len && text.ptr[text.len - 1] != ':') text.len--;
  if (text.len) text.len--;
  return text;
}

static void add_host(zw_server *s, zw_wire_options *wire, zw_str *hosts, zw_str host) {
  zw_str copy = zw_arena_str(&s->arena, host);
  if (copy.len) hosts[wire->host_count++] = copy;
}

static int name_hosts(zw_server *s, const char *address, zw_wire_options *wire) {
  char machine[256];
  zw_str *hosts = zw_arena_array(&s->arena, HOSTS_MAX, sizeof *hosts);
  if (!hosts) return ZW_ENOMEM;
  wire->hosts = hosts;
  add_host(s, wire, hosts, ZW_STR("localhost"));
  add_host(s, wire, hosts, ZW_STR("127.0.0.1"));
  add_host(s, wire, hosts, ZW_STR("[::1]"));
  if (strncmp(address, "unix:", 5) == 0) return 0;
  add_host(s, wire, hosts, host_of(address));
  if (gethostname(machine, sizeof machine) == 0) {
    machine[sizeof machine - 1] = 0;
    add_host(s, wire, hosts, zw_str_of(machine));
  }
  return 0;
}

static int listen_on(zw_server *s, const char *address, zw_diag *diag) {
  zw_net_options options = {
      .size = sizeof options,
      .wire = {.size = sizeof options.wire,
               .alloc = s->alloc,
               .server = true,
               .serializers = ZW_WIRE_SERIALIZER_BIT(ZW_JSON) | ZW_WIRE_SERIALIZER_BIT(ZW_CBOR) |
                              ZW_WIRE_SERIALIZER_BIT(ZW_FLATBUFFERS),
               .message_max = s->options.message_max},
      .callbacks = &zw_server_callbacks,
      .user = s,
      .queue_max = s->options.queue_max,
  };
  int error = name_hosts(s, address, &options.wire);
  if (error) return zw_fail(diag, error, "no memory to listen on %s", address);
  error = zw_listen(&s->listeners[s->listener_count], s->loop, address, &options, diag);
  if (!error) s->listener_count++;
  return error;
}

int zw_server_listen(zw_server *s, zw_diag *diag) {
  static const char *const preset[] = {ADDRESS_DEFAULT};
  const char *const *list = s->options.listen_count ? s->options.listen : preset;
  size_t count = s->options.listen_count ? s->options.listen_count : 1;
  s->listeners = zw_arena_array(&s->arena, count, sizeof *s->listeners);
  if (!s->listeners) return zw_fail(diag, ZW_ENOMEM, "no memory to listen");
  int error = 0;
  for (size_t i = 0; i < count && !error; i++) error = listen_on(s, list[i], diag);
  return error;
}
