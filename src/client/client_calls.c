/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing and calling, with a callback and blocking. */
#include "client_session.h"

#define HAS(bit) ((uint64_t)1 << (bit))

/* ---- publish ---- */

static void publication(zw_msg *msg, zw_str topic, const zw_payload *payload,
                        const zw_publish_options *options, bool acknowledge) {
  zw_msg_init(msg, ZW_PUBLISH);
  msg->uri = topic;
  zw_client_payload_to_msg(msg, payload);
  msg->acknowledge = acknowledge;
  if (acknowledge) msg->has |= HAS(ZW_HAS_ACKNOWLEDGE);
  if (options && options->include_me) {
    msg->exclude_me = false;
    msg->has |= HAS(ZW_HAS_EXCLUDE_ME);
  }
  if (options && options->disclose_me) {
    msg->disclose_me = true;
    msg->has |= HAS(ZW_HAS_DISCLOSE_ME);
  }
}

int zw_client_publish(zw_client *client, zw_str topic, const zw_payload *payload,
                      const zw_publish_options *options, zw_client_done *done, void *ctx,
                      zw_diag *diag) {
  zw_msg msg;
  bool acknowledge = options && options->acknowledge && done;
  publication(&msg, topic, payload, options, acknowledge);
  if (acknowledge)
    return zw_client_ask(client, &msg, &(zw_request){.done = done, .ctx = ctx}, diag);
  msg.request = zw_session_request(&client->session);
  if (done) return zw_client_send_tracked(client, &msg, done, ctx, diag);
  return zw_client_send(client, &msg, NULL, diag);
}

int zw_client_publish_wait(zw_client *client, zw_str topic, const zw_payload *payload,
                           const zw_publish_options *options, uint64_t *id, zw_diag *diag) {
  zw_msg msg;
  publication(&msg, topic, payload, options, true);
  return zw_client_ask_wait(client, &msg, &(zw_request){0}, id, diag);
}

/* ---- call ---- */

static void call(zw_msg *msg, zw_request *like, zw_str procedure, const zw_payload *payload,
                 const zw_call_options *options) {
  zw_msg_init(msg, ZW_CALL);
  msg->uri = procedure;
  zw_client_payload_to_msg(msg, payload);
  if (options && options->receive_progress) {
    msg->receive_progress = true;
    msg->has |= HAS(ZW_HAS_RECEIVE_PROGRESS);
  }
  *like = (zw_request){.timeout_ms = options ? options->timeout_ms : 0};
}

int zw_client_call(zw_client *client, zw_str procedure, const zw_payload *payload,
                   const zw_call_options *options, zw_client_done *done, void *ctx, zw_diag *diag) {
  zw_msg msg;
  zw_request like;
  call(&msg, &like, procedure, payload, options);
  like.done = done;
  like.ctx = ctx;
  return zw_client_ask(client, &msg, &like, diag);
}

typedef struct call_waiter {
  zw_waiter waiter; /* first */
  zw_client *client;
  zw_client_done *progress;
  void *ctx;
  zw_payload *result;
  zw_buf **owner;
} call_waiter;

/* The octets stay where they were received. */
static void keep_result(call_waiter *w, const zw_payload *payload) {
  *w->result = *payload;
  *w->owner = zw_buf_ref(w->client->received);
}

static void call_done(void *ctx, const zw_result *result) {
  call_waiter *w = ctx;
  if (result->progress) {
    if (w->progress) w->progress(w->ctx, result);
    return;
  }
  if (!result->error && w->result) keep_result(w, result->payload);
  zw_waiter_done(&w->waiter, result);
}

int zw_client_call_wait(zw_client *client, zw_str procedure, const zw_payload *payload,
                        const zw_call_options *options, zw_client_done *progress, void *ctx,
                        zw_payload *result, zw_buf **owner, zw_diag *diag) {
  zw_msg msg;
  zw_request like;
  call_waiter waiter = {{.diag = diag}, client, progress, ctx, result, owner};
  if (result && !owner) return zw_fail(diag, ZW_EINVAL, "a result without a place for its owner");
  if (owner) *owner = NULL;
  call(&msg, &like, procedure, payload, options);
  like.done = call_done;
  like.ctx = &waiter;
  return zw_client_ask_until(client, &msg, &like, &waiter.waiter);
}
