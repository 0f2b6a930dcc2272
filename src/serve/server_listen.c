/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listeners. The Host and Origin of HTTP requests must name this machine: by a loopback name, by
 * what was given to listen on, or by its own name or addresses. So a page of another site, or a
 * foreign name that was pointed here, cannot open a session in a local user's browser.
 */
#include "server_state.h"

#define ADDRESS_DEFAULT "127.0.0.1:9267"

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
      .map = zw_server_map_again,
      .user = s,
      .queue_max = s->options.queue_max,
  };
  zw_str *hosts;
  int error = zw_net_host_names(address, &s->arena, &hosts, &options.wire.host_count);
  if (error) return zw_fail(diag, error, "no memory to listen on %s", address);
  options.wire.hosts = hosts;
  error = zw_listen(&s->listeners[s->listener_count], s->loop, address, &options, diag);
  if (!error) s->listener_count++;
  return error;
}

int zw_server_address_check(const char *address, zw_diag *diag) {
  return zw_net_address_check(address, diag);
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
