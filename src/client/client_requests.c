/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that wait for an answer: each ends exactly once, by its answer, an ERROR, its deadline,
 * or the end of the session. A blocking call is a request whose `done` fills a waiter, and a loop
 * that runs until it did.
 */
#include "client_session.h"

#define NS_PER_MS 1000000
#define EXPIRE_EVERY_MS 50

static zw_request *request_get(zw_client *client) {
  zw_request *request = client->free_requests;
  if (!request) return zw_alloc_zero(client->alloc, sizeof *request);
  client->free_requests = request->next;
  return request;
}

static void request_put(zw_client *client, zw_request *request) {
  zw_buf_unref(request->token);
  *request = (zw_request){.next = client->free_requests};
  client->free_requests = request;
}

static void set_deadline(zw_client *client, zw_request *request) {
  uint32_t ms = request->timeout_ms ? request->timeout_ms : client->options.timeout_ms;
  request->deadline = zw_loop_now(client->loop) + (int64_t)ms * NS_PER_MS;
}

int zw_client_ask(zw_client *client, zw_msg *msg, const zw_request *like, zw_diag *diag) {
  zw_request *request = request_get(client);
  if (!request) return zw_fail(diag, ZW_ENOMEM, "%s", zw_error_text(ZW_ENOMEM));
  *request = *like;
  request->code = msg->code;
  request->id = msg->request = zw_session_request(&client->session);
  set_deadline(client, request);
  int error = zw_client_token(client, msg, &request->token);
  if (!error) error = zw_hmap_set_id(&client->requests, request->id, request, NULL);
  if (error) {
    request_put(client, request);
    return zw_fail(diag, error, "%s", zw_error_text(error));
  }
  error = zw_client_send(client, msg, request->token, diag);
  if (!error) return 0;
  zw_hmap_remove_id(&client->requests, request->id);
  request_put(client, request);
  return error;
}

void zw_request_finish(zw_client *client, zw_request *request, const zw_result *result) {
  zw_client_done *done = request->done;
  void *ctx = request->ctx;
  if (result->progress) {
    set_deadline(client, request); /* what still answers is not late */
  } else {
    zw_hmap_remove_id(&client->requests, request->id);
    request_put(client, request);
  }
  if (done) done(ctx, result);
}

static void expire(zw_client *client, zw_request *request) {
  zw_result result = {.error = ZW_ETIMEOUT, .message = ZW_STR("no answer in time")};
  if (request->token && !zw_buf_is_sole(request->token)) {
    /* Its octets cannot be given back while the socket may still take them. */
    zw_client_fail(client, ZW_ETIMEOUT, "the router does not take what is sent");
    if (client->conn) zw_conn_abort(client->conn);
  }
  zw_request_finish(client, request, &result);
}

void zw_requests_expire(zw_client *client) {
  int64_t now = zw_loop_now(client->loop);
  zw_request *request;
  if (now < client->expire_at) return;
  client->expire_at = now + EXPIRE_EVERY_MS * NS_PER_MS;
  for (size_t i = 0; (request = zw_hmap_next(&client->requests, &i));) {
    if (request->deadline > now) continue;
    expire(client, request);
    i = 0; /* `done` may have asked more */
  }
}

void zw_requests_fail_all(zw_client *client) {
  zw_request *request;
  for (size_t i = 0; (request = zw_hmap_next(&client->requests, &i)); i = 0) {
    zw_result result = {.error = client->error ? client->error : ZW_ECLOSED,
                        .message = zw_str_of(client->reason.message)};
    zw_request_finish(client, request, &result);
  }
}

void zw_requests_deinit(zw_client *client) {
  while (client->free_requests) {
    zw_request *request = client->free_requests;
    client->free_requests = request->next;
    zw_alloc_free(client->alloc, request, sizeof *request);
  }
  zw_hmap_deinit(&client->requests);
}

/* ---- blocking ---- */

static int result_diag(const zw_result *result, zw_diag *diag) {
  if (result->uri.len && result->message.len)
    return zw_fail(diag, result->error, "%.*s: %.*s", ZW_ARG(result->uri), ZW_ARG(result->message));
  zw_str text = result->uri.len ? result->uri : result->message;
  if (!text.len) text = zw_str_of(zw_error_text(result->error));
  return zw_fail(diag, result->error, "%.*s", ZW_ARG(text));
}

void zw_waiter_done(void *ctx, const zw_result *result) {
  zw_waiter *waiter = ctx;
  waiter->done = true;
  waiter->id = result->id;
  waiter->error = result->error ? result_diag(result, waiter->diag) : 0;
}

/* Ends in any case: each request has a deadline, and the end of the session ends all. */
int zw_client_ask_until(zw_client *client, zw_msg *msg, const zw_request *like, zw_waiter *waiter) {
  if (client->running)
    return zw_fail(waiter->diag, ZW_EINVAL,
                   "a blocking call inside a callback. Use the form with a callback");
  int error = zw_client_ask(client, msg, like, waiter->diag);
  if (error) return error;
  while (!waiter->done) (void)zw_client_run_once(client, -1);
  return waiter->error;
}

int zw_client_ask_wait(zw_client *client, zw_msg *msg, const zw_request *like, uint64_t *id,
                       zw_diag *diag) {
  zw_waiter waiter = {.diag = diag};
  zw_request request = *like;
  request.done = zw_waiter_done;
  request.ctx = &waiter;
  int error = zw_client_ask_until(client, msg, &request, &waiter);
  if (!error && id) *id = waiter.id;
  return error;
}
