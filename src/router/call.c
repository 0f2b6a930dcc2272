/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls: from CALL to INVOCATION, from YIELD or ERROR back to RESULT or ERROR.
 *
 * A call stands in its caller's table by request and in its callee's by invocation. It leaves the
 * caller's when it is answered, canceled, or the caller is gone; and ends when the callee has
 * answered or is gone. So each CALL gets exactly one final answer, and what comes later is dropped.
 *
 * CANCEL answers the caller at once (mode "skip"); the callee is not told.
 */
#include "router_state.h"

/* ---- the table --------------------------------------------------------------------------------------- */

static zw_call *call_get(zw_router *router) {
  zw_call *call = router->free_calls;
  if (!call) return zw_alloc_zero(router->alloc, sizeof *call);
  router->free_calls = call->next_free;
  *call = (zw_call){0};
  return call;
}

static void call_free(zw_router *router, zw_call *call) {
  call->next_free = router->free_calls;
  router->free_calls = call;
}

static void leave_caller(zw_call *call) {
  if (call->caller) zw_hmap_remove_id(&call->caller->calls, call->request);
  call->caller = NULL;
}

static void call_finish(zw_call *call) {
  zw_router *router = call->callee->router;
  leave_caller(call);
  zw_hmap_remove_id(&call->callee->invocations, call->invocation);
  call_free(router, call);
}

static zw_call *call_make(zw_peer *caller, const zw_registration *registration, uint64_t request) {
  zw_peer *callee = registration->peer;
  zw_call *call = call_get(caller->router);
  if (!call) return NULL;
  call->caller = caller;
  call->callee = callee;
  call->def = registration->def;
  call->request = request;
  call->invocation = zw_session_request(&callee->session);
  int error = zw_hmap_set_id(&caller->calls, request, call, NULL);
  if (!error) error = zw_hmap_set_id(&callee->invocations, call->invocation, call, NULL);
  if (!error) return call;
  zw_hmap_remove_id(&caller->calls, request);
  call_free(caller->router, call);
  return NULL;
}

/* ---- CALL ------------------------------------------------------------------------------------------------ */

static void send_invocation(const zw_call *call, const zw_registration *registration,
                            const zw_msg *msg, zw_buf *owner) {
  const zw_peer *caller = call->caller;
  zw_msg invocation;
  zw_msg_init(&invocation, ZW_INVOCATION);
  invocation.request = call->invocation;
  invocation.registration = registration->id;
  invocation.transaction_hash = msg->transaction_hash;
  if (msg->receive_progress) {
    invocation.receive_progress = true;
    invocation.has |= 1ull << ZW_HAS_RECEIVE_PROGRESS;
  }
  if (msg->timeout) {
    invocation.timeout = msg->timeout;
    invocation.has |= 1ull << ZW_HAS_TIMEOUT;
  }
  if (msg->disclose_me || registration->disclose) {
    invocation.has |= 1ull << ZW_HAS_CALLER;
    invocation.publisher = caller->id;
    invocation.publisher_authid = caller->authid;
    invocation.publisher_authrole = caller->authrole;
  }
  zw_payload_copy(&invocation, msg);
  zw_answer(call->callee, &invocation, owner, false);
}

static int call_registered(zw_peer *peer, const zw_registration *registration, const zw_msg *msg,
                           zw_buf *source, zw_diag *diag) {
  zw_msg typed;
  zw_buf *owner = NULL;
  if (peer->calls.count >= peer->router->options.calls_max)
    return zw_fail(diag, ZW_EAGAIN, "A session has at most %u calls at a time.",
                   (unsigned)peer->router->options.calls_max);
  if (!peer->router->io.has_room(peer->router->io.ctx, registration->peer))
    return zw_fail(diag, ZW_EAGAIN, "\"%.*s\": its callee does not take what is sent to it.",
                   ZW_ARG(msg->uri));
  if (registration->def) {
    int error = zw_type_payload(peer->router, registration->def->request, msg, source, &typed,
                                &owner, diag);
    if (error) return error;
    msg = &typed;
  }
  zw_call *call = call_make(peer, registration, msg->request);
  if (!call) {
    zw_buf_unref(owner);
    return zw_fail(diag, ZW_ENOMEM, "The router has no memory for another call.");
  }
  call->receive_progress = msg->receive_progress;
  send_invocation(call, registration, msg, owner ? owner : source);
  zw_buf_unref(owner);
  return 0;
}

static void no_such_procedure(zw_peer *peer, const zw_msg *msg) {
  zw_diag diag;
  if (zw_typed_procedure_find(peer->realm, msg->uri))
    zw_fail(&diag, ZW_ENOTFOUND, "\"%.*s\" is declared, and nobody has registered it.",
            ZW_ARG(msg->uri));
  else
    zw_unknown_procedure(peer->realm, msg->uri, &diag);
  zw_answer_error(peer, ZW_CALL, msg->request, "wamp.error.no_such_procedure", "%s", diag.message);
}

static int check_call(const zw_msg *msg, zw_diag *diag) {
  if (msg->uri.len > ZW_URI_LENGTH_MAX || !zw_uri_valid(msg->uri, ZW_MATCH_EXACT, ZW_URI_LOOSE))
    return zw_fail(diag, ZW_EURI, "\"%.*s\" is no URI of a procedure.", ZW_ARG(msg->uri));
  if (msg->progress)
    return zw_fail(diag, ZW_ENOTSUP, "progress: calls in pieces are not supported.");
  return 0;
}

void zw_on_call(zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  zw_diag diag;
  zw_realm *realm = peer->realm;
  if (zw_hmap_get_id(&peer->calls, msg->request)) {
    zw_abort(peer, zw_error_uri(ZW_EPROTO), "CALL.request: %llu is the id of a call under way.",
             (unsigned long long)msg->request);
    return;
  }
  peer->router->stats.calls++;
  int error = check_call(msg, &diag);
  if (!error) {
    if (zw_meta_answer(peer, msg)) return;
    const zw_procedure_def *def = zw_typed_procedure_find(realm, msg->uri);
    if (def && def->op != ZW_OP_NONE) {
      zw_map_call(peer, def, msg, owner);
      return;
    }
    const zw_registration *registration =
        zw_hmap_get(&realm->registrations_by_uri, zw_str_span(msg->uri));
    if (!registration) {
      no_such_procedure(peer, msg);
      return;
    }
    error = call_registered(peer, registration, msg, owner, &diag);
  }
  if (error) zw_answer_failure(peer, ZW_CALL, msg->request, error, diag.message);
}

/* The call may have been answered meanwhile: then there is nothing to cancel. */
void zw_on_cancel(zw_peer *peer, const zw_msg *msg) {
  zw_call *call = zw_hmap_get_id(&peer->calls, msg->request);
  if (!call) return;
  leave_caller(call);
  zw_answer_error(peer, ZW_CALL, msg->request, zw_error_uri(ZW_ECANCELED),
                  "The call was canceled; its callee goes on (mode \"skip\").");
}

/* ---- YIELD and ERROR ---------------------------------------------------------------------------------------- */

/* An answer to what was answered before is dropped; one to what was never asked is a violation. */
static zw_call *answered_call(zw_peer *peer, const zw_msg *msg) {
  zw_call *call = zw_hmap_get_id(&peer->invocations, msg->request);
  if (!call && msg->request >= peer->session.next_request)
    zw_abort(peer, zw_error_uri(ZW_EPROTO), "%s.request: there was no invocation %llu.",
             zw_msg_name(msg->code), (unsigned long long)msg->request);
  return call;
}

static void send_result(zw_call *call, const zw_msg *yield, zw_buf *source) {
  zw_peer *caller = call->caller;
  zw_router *router = caller->router;
  zw_msg result, typed;
  zw_diag diag;
  zw_buf *owner = NULL;
  if (call->def) {
    int error = zw_type_payload(router, call->def->response, yield, source, &typed, &owner, &diag);
    if (error) {
      uint64_t request = call->request;
      leave_caller(call);
      zw_answer_error(caller, ZW_CALL, request, zw_error_uri(error),
                      "The callee's result is wrong: %s", diag.message);
      return;
    }
    yield = &typed;
  }
  zw_msg_init(&result, ZW_RESULT);
  result.request = call->request;
  if (yield->progress) {
    result.progress = true;
    result.has |= 1ull << ZW_HAS_PROGRESS;
  }
  zw_payload_copy(&result, yield);
  zw_answer(caller, &result, owner ? owner : source, false);
  zw_buf_unref(owner);
}

void zw_on_yield(zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  zw_call *call = answered_call(peer, msg);
  if (!call) return;
  bool wanted = call->caller && (!msg->progress || call->receive_progress);
  if (wanted) send_result(call, msg, owner);
  if (!msg->progress) call_finish(call);
}

void zw_on_error(zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  zw_msg error;
  if (msg->request_type != ZW_INVOCATION) {
    zw_abort(peer, zw_error_uri(ZW_EPROTO),
             "ERROR.request_type: a client answers INVOCATION only.");
    return;
  }
  zw_call *call = answered_call(peer, msg);
  if (!call) return;
  if (call->caller) {
    zw_msg_init(&error, ZW_ERROR);
    error.request_type = ZW_CALL;
    error.request = call->request;
    error.uri = msg->uri;
    error.message = msg->message;
    zw_payload_copy(&error, msg);
    zw_answer(call->caller, &error, owner, false);
  }
  call_finish(call);
}

/* ---- who is gone --------------------------------------------------------------------------------------------- */

void zw_calls_of_gone_peer(zw_peer *peer) {
  zw_call *call;
  for (size_t i = 0; (call = zw_hmap_next(&peer->calls, &i));) leave_caller(call);
  for (size_t i = 0; (call = zw_hmap_next(&peer->invocations, &i));) {
    if (call->caller)
      zw_answer_error(call->caller, ZW_CALL, call->request, zw_error_uri(ZW_ECANCELED),
                      "The callee has left before it answered.");
    call_finish(call);
  }
}
