/* SPDX-License-Identifier: Apache-2.0 */
/* Registrations: one callee for each URI. Patterns and shared registrations are refused. */
#include "router_state.h"

static int check_options(const zw_msg *msg, zw_diag *diag) {
  if (msg->match != ZW_MATCH_EXACT)
    return zw_fail(diag, ZW_ENOTSUP, "match: registrations are exact; patterns are not supported.");
  if (msg->invoke != ZW_INVOKE_SINGLE)
    return zw_fail(diag, ZW_ENOTSUP, "invoke: shared registrations are not supported.");
  if (msg->concurrency) return zw_fail(diag, ZW_ENOTSUP, "concurrency is not supported.");
  if (msg->force_reregister) return zw_fail(diag, ZW_ENOTSUP, "force_reregister is not supported.");
  if (msg->forward_timeout) return zw_fail(diag, ZW_ENOTSUP, "forward_timeout is not supported.");
  return 0;
}

static int check_request(const zw_peer *peer, const zw_msg *msg, zw_diag *diag) {
  int error = check_options(msg, diag);
  if (error) return error;
  if (msg->uri.len > ZW_URI_LENGTH_MAX || !zw_uri_valid(msg->uri, ZW_MATCH_EXACT, ZW_URI_LOOSE))
    return zw_fail(diag, ZW_EURI, "\"%.*s\" is no URI of a procedure.", ZW_ARG(msg->uri));
  if (zw_uri_reserved(msg->uri))
    return zw_fail(diag, ZW_EURI, "\"%.*s\": URIs that begin with \"wamp\" are reserved.",
                   ZW_ARG(msg->uri));
  if (peer->registrations.count >= peer->router->options.registrations_max)
    return zw_fail(diag, ZW_EAGAIN, "A session has at most %u registrations.",
                   (unsigned)peer->router->options.registrations_max);
  return 0;
}

/* Who answers it already; NULL: nobody. */
static const char *taken_by(const zw_realm *realm, zw_str uri, const zw_procedure_def *def) {
  if (def && def->op != ZW_OP_NONE) return "the store";
  if (zw_meta_exists(uri)) return "the router";
  return zw_hmap_get(&realm->registrations_by_uri, zw_str_span(uri)) ? "another session" : NULL;
}

static void registration_free(const zw_alloc *alloc, zw_registration *registration) {
  zw_copy_free(alloc, &registration->uri);
  zw_alloc_free(alloc, registration, sizeof *registration);
}

static int registration_enter(zw_peer *peer, zw_registration *registration) {
  zw_realm *realm = peer->realm;
  int error = zw_hmap_set_id(&realm->registrations, registration->id, registration, NULL);
  if (!error)
    error = zw_hmap_set(&realm->registrations_by_uri, zw_str_span(registration->uri), registration,
                        NULL);
  if (!error) error = zw_hmap_set_id(&peer->registrations, registration->id, registration, NULL);
  if (error) {
    zw_hmap_remove_id(&realm->registrations, registration->id);
    zw_hmap_remove(&realm->registrations_by_uri, zw_str_span(registration->uri));
  }
  return error;
}

static zw_registration *registration_make(zw_peer *peer, const zw_msg *msg,
                                          const zw_procedure_def *def) {
  zw_router *router = peer->router;
  zw_registration *registration = zw_alloc_zero(router->alloc, sizeof *registration);
  if (!registration) return NULL;
  registration->id = peer->realm->next_registration++;
  registration->peer = peer;
  registration->def = def;
  registration->disclose = msg->disclose_me;
  registration->created = router->io.clock(router->io.ctx);
  registration->uri = zw_copy_str(router->alloc, msg->uri);
  if (!registration->uri.ptr || registration_enter(peer, registration)) {
    registration_free(router->alloc, registration);
    return NULL;
  }
  router->stats.registrations++;
  return registration;
}

void zw_on_register(zw_peer *peer, const zw_msg *msg) {
  zw_diag diag;
  zw_realm *realm = peer->realm;
  int error = check_request(peer, msg, &diag);
  const zw_procedure_def *def = error ? NULL : zw_typed_procedure_find(realm, msg->uri);
  const char *taken = error ? NULL : taken_by(realm, msg->uri, def);
  if (taken) {
    zw_answer_error(peer, ZW_REGISTER, msg->request, "wamp.error.procedure_already_exists",
                    "\"%.*s\" is answered by %s.", ZW_ARG(msg->uri), taken);
    return;
  }
  if (!error && !def && realm->options.strict) error = zw_unknown_procedure(realm, msg->uri, &diag);
  zw_registration *registration = error ? NULL : registration_make(peer, msg, def);
  if (!error && !registration)
    error = zw_fail(&diag, ZW_ENOMEM, "The router has no memory for another registration.");
  if (error)
    zw_answer_failure(peer, ZW_REGISTER, msg->request, error, diag.message);
  else
    zw_answer_ids(peer, ZW_REGISTERED, msg->request, registration->id);
}

void zw_registration_remove(zw_registration *registration) {
  zw_peer *peer = registration->peer;
  zw_realm *realm = peer->realm;
  zw_hmap_remove_id(&realm->registrations, registration->id);
  zw_hmap_remove(&realm->registrations_by_uri, zw_str_span(registration->uri));
  zw_hmap_remove_id(&peer->registrations, registration->id);
  registration_free(peer->router->alloc, registration);
  peer->router->stats.registrations--;
}

void zw_on_unregister(zw_peer *peer, const zw_msg *msg) {
  zw_registration *registration = zw_hmap_get_id(&peer->registrations, msg->registration);
  if (!registration) {
    zw_answer_error(peer, ZW_UNREGISTER, msg->request, "wamp.error.no_such_registration",
                    "This session has no registration %llu.",
                    (unsigned long long)msg->registration);
    return;
  }
  zw_registration_remove(registration);
  zw_answer_ids(peer, ZW_UNREGISTERED, msg->request, 0);
}
