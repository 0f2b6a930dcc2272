/* SPDX-License-Identifier: Apache-2.0 */
/* wamp.registration.*: all registrations are exact, and have one callee. */
#include "router_state.h"

int zw_meta_registration_list(zw_meta_call *call) {
  zw_cbor_writer *w = &call->w;
  const zw_registration *registration;
  zw_cbor_map(w, 3);
  zw_cbor_key(w, "exact");
  zw_cbor_array(w, SIZE_MAX);
  for (size_t i = 0; (registration = zw_hmap_next(&call->realm->registrations, &i));)
    zw_cbor_uint(w, registration->id);
  zw_cbor_array_end(w);
  zw_cbor_key(w, "prefix");
  zw_cbor_array(w, 0);
  zw_cbor_array_end(w);
  zw_cbor_key(w, "wildcard");
  zw_cbor_array(w, 0);
  zw_cbor_array_end(w);
  zw_cbor_map_end(w);
  return 0;
}

static int write_id_of(zw_meta_call *call) {
  zw_str uri;
  if (zw_value_str(&call->args[0], &uri))
    return zw_fail(&call->diag, ZW_EINVAL, "procedure is a URI.");
  const zw_registration *registration =
      zw_hmap_get(&call->realm->registrations_by_uri, zw_str_span(uri));
  if (registration)
    zw_cbor_uint(&call->w, registration->id);
  else
    zw_cbor_null(&call->w);
  return 0;
}

int zw_meta_registration_lookup(zw_meta_call *call) {
  zw_value match;
  zw_str name = ZW_STR("exact");
  if (zw_value_present(&call->args[1]) &&
      zw_value_get(&call->args[1], ZW_STR("match"), &match) > 0 && zw_value_str(&match, &name))
    return zw_fail(&call->diag, ZW_EINVAL, "options.match is a string.");
  if (zw_str_eq(name, ZW_STR("exact"))) return write_id_of(call);
  zw_cbor_null(&call->w);
  return 0;
}

int zw_meta_registration_match(zw_meta_call *call) { return write_id_of(call); }

static int find(zw_meta_call *call, const zw_registration **out) {
  uint64_t id;
  int error = zw_meta_id(call, 0, "registration", &id);
  if (error) return error;
  *out = zw_hmap_get_id(&call->realm->registrations, id);
  return *out ? 0 : zw_meta_no_such(call, "wamp.error.no_such_registration", "registration", id);
}

int zw_meta_registration_get(zw_meta_call *call) {
  zw_cbor_writer *w = &call->w;
  const zw_registration *registration;
  int error = find(call, &registration);
  if (error) return error;
  zw_cbor_map(w, 5);
  zw_cbor_key(w, "id");
  zw_cbor_uint(w, registration->id);
  zw_cbor_key(w, "uri");
  zw_cbor_str(w, registration->uri);
  zw_cbor_key(w, "match");
  zw_cbor_str(w, ZW_STR("exact"));
  zw_cbor_key(w, "invoke");
  zw_cbor_str(w, ZW_STR("single"));
  zw_cbor_key(w, "created");
  zw_cbor_time(w, registration->created);
  zw_cbor_map_end(w);
  return 0;
}

int zw_meta_registration_callees(zw_meta_call *call) {
  const zw_registration *registration;
  int error = find(call, &registration);
  if (error) return error;
  zw_cbor_array(&call->w, 1);
  zw_cbor_uint(&call->w, registration->peer->id);
  zw_cbor_array_end(&call->w);
  return 0;
}

int zw_meta_registration_callee_count(zw_meta_call *call) {
  const zw_registration *registration;
  int error = find(call, &registration);
  if (!error) zw_cbor_uint(&call->w, 1);
  return error;
}
