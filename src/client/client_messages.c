/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages from the router: decoded, allowed by the session machine, and handed to their request,
 * subscription or registration. Answers to what is not asked any more (it timed out) are dropped.
 */
#include "client_session.h"

/* ---- answers ---- */

typedef struct answer {
  uint16_t code, request; /* the answer's and the request's */
} answer;

static const answer answers[] = {
    {ZW_PUBLISHED, ZW_PUBLISH},   {ZW_SUBSCRIBED, ZW_SUBSCRIBE}, {ZW_UNSUBSCRIBED, ZW_UNSUBSCRIBE},
    {ZW_REGISTERED, ZW_REGISTER}, {ZW_RESULT, ZW_CALL},          {ZW_UNREGISTERED, ZW_UNREGISTER},
};

static zw_request *find_request(zw_client *client, uint64_t id, unsigned code) {
  zw_request *request = zw_hmap_get_id(&client->requests, id);
  return request && request->code == code ? request : NULL;
}

static int install(zw_client *client, const zw_request *request, const zw_msg *msg) {
  if (request->code == ZW_SUBSCRIBE)
    return zw_client_install_subscriber(client, request, msg->subscription);
  if (request->code == ZW_REGISTER)
    return zw_client_install_registration(client, request, msg->registration);
  return 0;
}

static void on_answer(zw_client *client, zw_request *request, const zw_msg *msg) {
  zw_payload payload;
  zw_client_payload_of_msg(&payload, msg);
  zw_result result = {.error = install(client, request, msg),
                      .progress = msg->code == ZW_RESULT && msg->progress,
                      .id = msg->publication + msg->subscription + msg->registration,
                      .payload = &payload};
  zw_request_finish(client, request, &result);
}

/* An error's text: the option, else the first argument if it is one. */
static zw_str text_of(const zw_msg *msg) {
  zw_value args = {.format = msg->payload_format, .octets = msg->args};
  size_t at = 0;
  zw_str text = {NULL, 0};
  if (msg->message.len) return msg->message;
  if (!msg->args.ptr || zw_value_next_str(&args, &at, &text) != 1) return (zw_str){NULL, 0};
  return text;
}

static void on_error(zw_client *client, const zw_msg *msg) {
  zw_request *request = find_request(client, msg->request, (unsigned)msg->request_type);
  if (!request) return;
  zw_payload payload;
  zw_client_payload_of_msg(&payload, msg);
  zw_result result = {
      .error = ZW_EREMOTE, .uri = msg->uri, .message = text_of(msg), .payload = &payload};
  zw_request_finish(client, request, &result);
}

/* Answers without a request: the router took it away. */
static void on_revoked(zw_client *client, const zw_msg *msg) {
  if (msg->code == ZW_UNSUBSCRIBED) zw_client_drop_subscriber(client, msg->subscription);
  if (msg->code == ZW_UNREGISTERED) zw_client_drop_registration(client, msg->registration);
}

static void find_answer(zw_client *client, const zw_msg *msg) {
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    if (answers[i].code != msg->code) continue;
    zw_request *request = find_request(client, msg->request, answers[i].request);
    if (request)
      on_answer(client, request, msg);
    else if (msg->request == 0)
      on_revoked(client, msg);
  }
}

/* ---- one message ---- */

static void violation(zw_client *client, const zw_diag *diag) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_ABORT);
  msg.uri = zw_str_of(zw_error_uri(ZW_EPROTO));
  msg.message = zw_str_of(diag->message);
  (void)zw_client_send(client, &msg, NULL, NULL);
  zw_client_fail(client, diag->error, "%s", diag->message);
}

static void dispatch(zw_client *client, const zw_msg *msg) {
  switch (msg->code) {
    case ZW_EVENT: zw_client_on_event(client, msg); break;
    case ZW_INVOCATION: zw_client_on_invocation(client, msg); break;
    case ZW_ERROR: on_error(client, msg); break;
    case ZW_CHALLENGE: zw_client_on_challenge(client, msg); break;
    case ZW_WELCOME: zw_client_on_welcome(client, msg); break;
    case ZW_ABORT: zw_client_on_abort(client, msg); break;
    case ZW_GOODBYE: zw_client_on_goodbye(client, msg); break;
    default: find_answer(client, msg); break;
  }
}

void zw_client_on_message(zw_conn *conn, zw_span octets, zw_buf *owner) {
  zw_client *client = zw_conn_user(conn);
  if (client->error) return;
  zw_wamp_limits limits = {.message_max = client->options.message_max,
                           .legacy = client->legacy || !client->joined,
                           .scratch = &client->scratch};
  zw_msg msg;
  zw_diag diag = {0};
  zw_arena_reset(&client->scratch);
  if (zw_msg_decode(&msg, client->options.serializer, octets, &limits, &diag) ||
      zw_session_received(&client->session, &msg, &diag)) {
    violation(client, &diag);
    return;
  }
  client->received = owner;
  dispatch(client, &msg);
  client->received = NULL;
}
