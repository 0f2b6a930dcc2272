/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that wait for an answer: each ends exactly once, by its answer, an ERROR, its deadline,
 * or the end of the session. A blocking call is a request whose `done` fills a waiter, and a loop
 * that runs until it did.
 */
#include "client_session.h"

zw_request *zw_request_create(zw_client *client, uint16_t code, zw_client_done *done, void *ctx,
                              uint32_t timeout_ms) {
  zw_request *request = zw_alloc_zero(client->alloc, sizeof *request);
  if (!request) return NULL;
  request->id = zw_session_request(&client->session);
  request->code = code;
  request->done = done;
  request->ctx = ctx;
  request->deadline =
      zw_loop_now(client->loop) + (int64_t)(timeout_ms ? timeout_ms : client->timeout_ms) * 1000000;
  if (zw_hmap_set_id(&client->requests, request->id, request, NULL) == 0) return request;
  zw_alloc_free(client->alloc, request, sizeof *request);
  return NULL;
}

void zw_request_free(zw_client *client, zw_request *request) {
  zw_hmap_remove_id(&client->requests, request->id);
  if (request->uri.ptr)
    zw_alloc_free(client->alloc, (void *)(uintptr_t)request->uri.ptr, request->uri.len + 1);
  zw_alloc_free(client->alloc, request, sizeof *request);
}

void zw_request_finish(zw_client *client, zw_request *request, const zw_result *result) {
  zw_client_done *done = request->done;
  void *ctx = request->ctx;
  zw_request_free(client, request);
  if (done) done(ctx, result);
}

void zw_requests_expire(zw_client *client) {
  int64_t now = zw_loop_now(client->loop);
  zw_request *request;
  for (size_t i = 0; (request = zw_hmap_next(&client->requests, &i));)
    if (request->deadline < now) {
      zw_result result = {.error = ZW_ETIMEOUT, .message = ZW_STR("no answer in time")};
      zw_request_finish(client, request, &result);
      i = 0;
    }
}

void zw_requests_fail_all(zw_client *client) {
  zw_request *request;
  for (size_t i = 0; (request = zw_hmap_next(&client->requests, &i)); i = 0) {
    zw_result result = {.error = client->error ? client->error : ZW_ECLOSED,
                        .message = zw_str_of(client->diag.message)};
    zw_request_finish(client, request, &result);
  }
}

int zw_result_diag(const zw_result *result, zw_diag *diag) {
  if (result->uri.len && result->message.len)
    return zw_fail(diag, result->error, "%.*s: %.*s", ZW_ARG(result->uri), ZW_ARG(result->message));
  zw_str text = result->uri.len ? result->uri : result->message;
  if (text.len) return zw_fail(diag, result->error, "%.*s", ZW_ARG(text));
  return zw_fail(diag, result->error, "%s", zw_error_text(result->error));
}

void zw_waiter_done(void *ctx, const zw_result *result) {
  zw_waiter *waiter = ctx;
  waiter->done = true;
  waiter->id = result->id;
  waiter->error = result->error ? zw_result_diag(result, waiter->diag) : 0;
}

/* Ends in any case: each request has a deadline. */
int zw_client_wait(zw_client *client, zw_waiter *waiter) {
  while (!waiter->done) {
    int error = zw_client_run_once(client, 100);
    if (error && !waiter->done) return zw_fail(waiter->diag, error, "%s", client->diag.message);
  }
  return waiter->error;
}
