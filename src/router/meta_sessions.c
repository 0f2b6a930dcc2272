/* SPDX-License-Identifier: Apache-2.0 */
/* wamp.session.*: who is here. */
#include "router_state.h"

static bool role_wanted(const zw_value *roles, zw_str role) {
  zw_str wanted;
  if (!zw_value_present(roles)) return true;
  for (size_t at = 0; zw_value_next_str(roles, &at, &wanted) > 0;)
    if (zw_str_eq(wanted, role)) return true;
  return false;
}

static int check_roles(zw_meta_call *call) {
  zw_str role;
  int more = 1;
  for (size_t at = 0; more > 0;) more = zw_value_next_str(&call->args[0], &at, &role);
  return more ? zw_fail(&call->diag, ZW_EINVAL, "filter_authroles is a list of roles.") : 0;
}

int zw_meta_session_count(zw_meta_call *call) {
  uint64_t count = 0;
  const zw_peer *peer;
  int error = check_roles(call);
  if (error) return error;
  for (size_t i = 0; (peer = zw_hmap_next(&call->realm->sessions, &i));)
    count += role_wanted(&call->args[0], peer->authrole);
  zw_cbor_uint(&call->w, count);
  return 0;
}

int zw_meta_session_list(zw_meta_call *call) {
  const zw_peer *peer;
  int error = check_roles(call);
  if (error) return error;
  zw_cbor_array(&call->w, SIZE_MAX);
  for (size_t i = 0; (peer = zw_hmap_next(&call->realm->sessions, &i));)
    if (role_wanted(&call->args[0], peer->authrole)) zw_cbor_uint(&call->w, peer->id);
  zw_cbor_array_end(&call->w);
  return 0;
}

int zw_meta_session_get(zw_meta_call *call) {
  zw_cbor_writer *w = &call->w;
  uint64_t id;
  int error = zw_meta_id(call, 0, "session", &id);
  if (error) return error;
  const zw_peer *peer = zw_hmap_get_id(&call->realm->sessions, id);
  if (!peer) return zw_meta_no_such(call, "wamp.error.no_such_session", "session", id);
  const struct {
    const char *key;
    zw_str text;
  } texts[] = {{"authid", peer->authid},
               {"authrole", peer->authrole},
               {"authmethod", zw_str_of(peer->authmethod)},
               {"authprovider", zw_str_of(peer->authprovider)},
               {"serializer", zw_str_of(zw_serializer_name(peer->options.serializer))}};
  zw_cbor_map(w, 3 + sizeof texts / sizeof *texts);
  zw_cbor_key(w, "session");
  zw_cbor_uint(w, id);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    zw_cbor_key(w, texts[i].key);
    zw_cbor_str(w, texts[i].text);
  }
  zw_cbor_key(w, "joined");
  zw_cbor_time(w, peer->joined);
  zw_cbor_key(w, "transport");
  zw_cbor_map(w, 2);
  zw_cbor_key(w, "type");
  zw_cbor_str(w, peer->options.transport);
  zw_cbor_key(w, "peer");
  zw_cbor_str(w, peer->options.address);
  zw_cbor_map_end(w);
  zw_cbor_map_end(w);
  return 0;
}
