/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HELLO to WELCOME: the realm, anonymous and ticket logins, versions at join.
 *
 * Anonymous sessions come from this machine only. A ticket login with an unknown authid sees the
 * same messages as one with a wrong ticket. Legacy FlatBuffers peers cannot say which logins they
 * know: one that says who it is means to log in.
 */
#include "router_state.h"

#include <stdio.h>

typedef struct offer {
  bool anonymous, ticket, listed;
} offer;

static offer offered_methods(const zw_peer *peer, const zw_msg *hello) {
  offer o = {.listed = zw_value_present(&hello->authmethods)};
  zw_str method;
  for (size_t at = 0; zw_value_next_str(&hello->authmethods, &at, &method) == 1;) {
    if (zw_str_eq(method, ZW_STR("anonymous"))) o.anonymous = true;
    if (zw_str_eq(method, ZW_STR("ticket"))) o.ticket = true;
  }
  if (!o.listed) {
    o.anonymous = true;
    o.ticket = peer->legacy;
  }
  return o;
}

static const zw_principal *find_principal(const zw_realm *realm, zw_str authid) {
  for (size_t i = 0; i < realm->options.principal_count; i++)
    if (zw_str_eq(realm->options.principals[i].authid, authid))
      return &realm->options.principals[i];
  return NULL;
}

static void send_welcome(zw_peer *peer) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_WELCOME);
  msg.session = peer->id;
  msg.uri = peer->realm->name;
  msg.authid = peer->authid;
  msg.authrole = peer->authrole;
  msg.method = zw_str_of(peer->authmethod);
  msg.authprovider = zw_str_of(peer->authprovider);
  msg.roles.format = ZW_FORMAT_CBOR;
  msg.roles.octets = zw_str_span(zw_text_str(&peer->router->roles));
  msg.x_zerowire.format = ZW_FORMAT_CBOR;
  msg.x_zerowire.octets = zw_str_span(zw_text_str(&peer->realm->x_zerowire));
  (void)zw_session_sent(&peer->session, &msg, NULL);
  zw_answer(peer, &msg, NULL, false);
}

static void join(zw_peer *peer, zw_realm *realm, zw_str authid, zw_str role, const char *method) {
  zw_router *router = peer->router;
  uint64_t id;
  if (peer->mismatch.ptr) {
    zw_abort(peer, zw_error_uri(ZW_EMISMATCH), "%s", peer->mismatch.ptr);
    return;
  }
  do {
    id = zw_random_id(router);
  } while (zw_hmap_get_id(&realm->sessions, id));
  peer->authid = zw_copy_str(router->alloc, authid);
  peer->authrole = zw_copy_str(router->alloc, role);
  if (!peer->authid.ptr || !peer->authrole.ptr ||
      zw_hmap_set_id(&realm->sessions, id, peer, NULL)) {
    zw_abort(peer, "wamp.error.unavailable", "The router has no memory for another session.");
    return;
  }
  peer->id = id;
  peer->realm = realm;
  peer->authmethod = method;
  peer->authprovider = "static";
  peer->joined = router->io.clock(router->io.ctx);
  peer->open = true;
  router->stats.sessions++;
  send_welcome(peer);
}

static void refuse_methods(zw_peer *peer, const zw_realm_options *realm) {
  const char *ticket = realm->principal_count ? "\"ticket\"" : "";
  const char *anonymous = realm->anonymous_local ? "\"anonymous\" from its own machine" : "";
  const char *both = *ticket && *anonymous ? ", and " : *ticket || *anonymous ? "" : "no logins";
  zw_abort(peer, "wamp.error.no_matching_auth_method", "This realm takes %s%s%s.", ticket, both,
           anonymous);
}

static void join_anonymous(zw_peer *peer, zw_realm *realm) {
  char authid[17];
  snprintf(authid, sizeof authid, "%014llx", (unsigned long long)zw_random_id(peer->router));
  join(peer, realm, zw_str_of(authid), realm->options.anonymous_role, "anonymous");
}

/* What speaks against a peer's versions is told when it has logged in: it names parts of the
 * schema. */
static int note_mismatch(zw_peer *peer, zw_realm *realm, const zw_value *x_zerowire) {
  zw_diag diag;
  if (!zw_versions_check(realm, x_zerowire, &diag)) return 0;
  peer->mismatch = zw_copy_str(peer->router->alloc, zw_str_of(diag.message));
  return peer->mismatch.ptr ? 0 : ZW_ENOMEM;
}

static void challenge_ticket(zw_peer *peer, zw_realm *realm, zw_str authid) {
  zw_msg msg;
  peer->wanted = realm;
  peer->claimed = find_principal(realm, authid);
  zw_msg_init(&msg, ZW_CHALLENGE);
  msg.method = ZW_STR("ticket");
  (void)zw_session_sent(&peer->session, &msg, NULL);
  zw_answer(peer, &msg, NULL, false);
}

void zw_on_hello(zw_peer *peer, const zw_msg *msg) {
  zw_realm *realm = zw_realm_find(peer->router, msg->uri);
  peer->legacy =
      peer->options.serializer == ZW_FLATBUFFERS && !(msg->has >> ZW_HAS_LEGACY_FREE & 1);
  if (!realm) {
    zw_abort(peer, "wamp.error.no_such_realm", "There is no realm \"%.*s\".", ZW_ARG(msg->uri));
    return;
  }
  if (note_mismatch(peer, realm, &msg->x_zerowire)) {
    zw_abort(peer, "wamp.error.unavailable", "The router has no memory for another session.");
    return;
  }
  offer o = offered_methods(peer, msg);
  if (o.ticket && msg->authid.len && realm->options.principal_count) {
    challenge_ticket(peer, realm, msg->authid);
  } else if (!o.anonymous) {
    refuse_methods(peer, &realm->options);
  } else if (!realm->options.anonymous_local || !peer->options.local) {
    zw_abort(peer, "wamp.error.authentication_required", "%s Log in with a ticket.",
             realm->options.anonymous_local ? "Anonymous sessions are for this machine only."
                                            : "This realm takes no anonymous sessions.");
  } else {
    join_anonymous(peer, realm);
  }
}

void zw_on_authenticate(zw_peer *peer, const zw_msg *msg) {
  static const char nobody[] = "no principal has this ticket";
  const zw_principal *principal = peer->claimed;
  zw_str ticket = principal ? principal->ticket : ZW_STR(nobody);
  bool equal = zw_equal_constant_time(zw_str_span(ticket), zw_str_span(msg->signature));
  if (!principal || !equal || !ticket.len) {
    zw_abort(peer, "wamp.error.authentication_denied", "The authid or the ticket is wrong.");
    return;
  }
  join(peer, peer->wanted, principal->authid, principal->role, "ticket");
}
