/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedures that this client answers. An invocation outlives the callback, and the session: it is
 * freed by its final answer, whether there still is somebody to send it to.
 */
#include "client_session.h"

int zw_client_install_registration(zw_client *client, const zw_request *request, uint64_t id) {
  zw_registered *r = zw_alloc_zero(client->alloc, sizeof *r);
  if (!r) return ZW_ENOMEM;
  *r = (zw_registered){id, request->invoked, request->handler_ctx};
  void *old = NULL;
  if (zw_hmap_set_id(&client->registrations, id, r, &old)) {
    zw_alloc_free(client->alloc, r, sizeof *r);
    return ZW_ENOMEM;
  }
  zw_alloc_free(client->alloc, old, old ? sizeof *r : 0);
  return 0;
}

void zw_client_drop_registration(zw_client *client, uint64_t id) {
  zw_registered *r = zw_hmap_remove_id(&client->registrations, id);
  zw_alloc_free(client->alloc, r, r ? sizeof *r : 0);
}

void zw_client_drop_registrations(zw_client *client) {
  zw_registered *r;
  zw_invocation *invocation;
  for (size_t i = 0; (r = zw_hmap_next(&client->registrations, &i));)
    zw_client_drop_registration(client, r->id);
  for (size_t i = 0; (invocation = zw_hmap_next(&client->invocations, &i));) {
    zw_hmap_remove_id(&client->invocations, invocation->request);
    invocation->client = NULL;
  }
  zw_hmap_deinit(&client->registrations);
  zw_hmap_deinit(&client->invocations);
}

int zw_client_register(zw_client *client, zw_str procedure, zw_client_invoked *invoked, void *ctx,
                       uint64_t *registration, zw_diag *diag) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_REGISTER);
  msg.uri = procedure;
  zw_request like = {.invoked = invoked, .handler_ctx = ctx};
  return zw_client_ask_wait(client, &msg, &like, registration, diag);
}

int zw_client_unregister(zw_client *client, uint64_t registration, zw_diag *diag) {
  zw_msg msg;
  if (!zw_hmap_get_id(&client->registrations, registration))
    return zw_fail(diag, ZW_ENOTFOUND, "there is no registration %llu",
                   (unsigned long long)registration);
  zw_msg_init(&msg, ZW_UNREGISTER);
  msg.registration = registration;
  int error = zw_client_ask_wait(client, &msg, &(zw_request){0}, NULL, diag);
  if (!error) zw_client_drop_registration(client, registration);
  return error;
}

/* ---- invocations ---- */

static int send_error(zw_client *client, uint64_t request, zw_str uri, zw_str message) {
  zw_msg msg;
  zw_text args;
  zw_cbor_writer writer;
  zw_text_init(&args, client->alloc);
  zw_cbor_writer_init(&writer, &args);
  zw_msg_init(&msg, ZW_ERROR);
  msg.request_type = ZW_INVOCATION;
  msg.request = request;
  msg.uri = uri;
  if (message.ptr) {
    const zw_token tokens[] = {{.kind = ZW_TOKEN_ARRAY, .count = 1},
                               {.kind = ZW_TOKEN_STRING, .text = message},
                               {.kind = ZW_TOKEN_ARRAY_END}};
    for (size_t i = 0; i < 3; i++) (void)writer.writer.write(&writer.writer, &tokens[i]);
    msg.payload_format = ZW_FORMAT_CBOR;
    msg.args = zw_str_span(zw_text_str(&args));
  }
  int error = args.error ? args.error : zw_client_send(client, &msg, NULL, NULL);
  zw_text_deinit(&args);
  return error;
}

static zw_invocation *invocation_create(zw_client *client, const zw_msg *msg) {
  zw_invocation *invocation = zw_alloc_zero(client->alloc, sizeof *invocation);
  if (!invocation) return NULL;
  *invocation = (zw_invocation){client, client->alloc, msg->request, msg->receive_progress};
  if (zw_hmap_set_id(&client->invocations, msg->request, invocation, NULL) == 0) return invocation;
  zw_alloc_free(client->alloc, invocation, sizeof *invocation);
  return NULL;
}

void zw_client_on_invocation(zw_client *client, const zw_msg *msg) {
  const zw_registered *registered = zw_hmap_get_id(&client->registrations, msg->registration);
  if (!registered || !registered->invoked) {
    (void)send_error(client, msg->request, ZW_STR("wamp.error.no_such_registration"),
                     (zw_str){NULL, 0});
    return;
  }
  if (zw_hmap_get_id(&client->invocations, msg->request)) {
    zw_client_fail(client, ZW_EPROTO, "INVOCATION %llu comes twice",
                   (unsigned long long)msg->request);
    return;
  }
  zw_invocation *invocation = invocation_create(client, msg);
  if (!invocation) {
    (void)send_error(client, msg->request, zw_str_of(zw_error_uri(ZW_ENOMEM)),
                     zw_str_of(zw_error_text(ZW_ENOMEM)));
    return;
  }
  zw_payload payload;
  zw_client_payload_of_msg(&payload, msg);
  registered->invoked(registered->ctx, invocation, &payload);
}

bool zw_invocation_wants_progress(const zw_invocation *invocation) {
  return invocation->wants_progress;
}

/* A final answer that went out, or that nobody waits for, ends the invocation. */
static int answered(zw_invocation *invocation, int error, bool progress) {
  zw_client *client = invocation->client;
  bool over = !client || client->error;
  if (progress || (error && !over)) return error;
  if (client) zw_hmap_remove_id(&client->invocations, invocation->request);
  zw_alloc_free(invocation->alloc, invocation, sizeof *invocation);
  return error;
}

int zw_invocation_yield(zw_invocation *invocation, const zw_payload *result, bool progress) {
  zw_msg msg;
  if (!invocation->client) return answered(invocation, ZW_ECLOSED, progress);
  if (progress && !invocation->wants_progress) return ZW_EINVAL;
  zw_msg_init(&msg, ZW_YIELD);
  msg.request = invocation->request;
  zw_client_payload_to_msg(&msg, result);
  if (progress) {
    msg.progress = true;
    msg.has |= (uint64_t)1 << ZW_HAS_PROGRESS;
  }
  return answered(invocation, zw_client_send(invocation->client, &msg, NULL, NULL), progress);
}

int zw_invocation_error(zw_invocation *invocation, zw_str uri, zw_str message) {
  if (!invocation->client) return answered(invocation, ZW_ECLOSED, false);
  return answered(invocation, send_error(invocation->client, invocation->request, uri, message),
                  false);
}
