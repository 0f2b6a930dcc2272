/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sending: a message is encoded into parts; heads live in the encoder's memory and are copied into
 * a buffer of their own, payloads are borrowed. With a token the connection holds a reference to it
 * for as long as it needs the borrowed octets; without one the message is flushed at once and what
 * the socket did not take is copied.
 */
#include "client_session.h"

void zw_client_payload_to_msg(zw_msg *msg, const zw_payload *payload) {
  if (!payload || payload->format == ZW_FORMAT_NONE) return;
  msg->payload_format = payload->format;
  if (payload->format == ZW_FORMAT_FLATBUFFER) {
    msg->payload = payload->typed;
    msg->payload_type = payload->type;
    msg->ppt_serializer = ZW_PPT_FLATBUFFERS;
  } else {
    msg->args = payload->args;
    msg->kwargs = payload->kwargs;
  }
}

void zw_client_payload_of_msg(zw_payload *payload, const zw_msg *msg) {
  *payload =
      (zw_payload){msg->payload_format, msg->args, msg->kwargs, msg->payload, msg->payload_type};
}

/* The parts that are not borrowed, in one buffer. */
static zw_buf *gather_heads(zw_client *client, const zw_encoded *encoded) {
  size_t len = 0;
  for (uint32_t i = 0; i < encoded->count; i++)
    if (!(encoded->borrowed >> i & 1)) len += encoded->parts[i].len;
  zw_buf *heads = zw_buf_create(client->alloc, len);
  if (!heads) return NULL;
  for (uint32_t i = 0; i < encoded->count; i++) {
    if (encoded->borrowed >> i & 1 || encoded->parts[i].len == 0) continue;
    memcpy(heads->data + heads->len, encoded->parts[i].ptr, encoded->parts[i].len);
    heads->len += encoded->parts[i].len;
  }
  return heads;
}

static int send_encoded(zw_client *client, const zw_encoded *encoded, zw_buf *token) {
  zw_part parts[ZW_ENCODED_PARTS];
  zw_buf *heads = NULL;
  if (encoded->len > ZW_NET_COPY_MAX && !(heads = gather_heads(client, encoded))) return ZW_ENOMEM;
  size_t at = 0;
  for (uint32_t i = 0; i < encoded->count; i++) {
    parts[i] = (zw_part){encoded->parts[i], token, 0};
    if (!heads || encoded->borrowed >> i & 1) continue;
    parts[i] = (zw_part){zw_span_of(heads->data + at, encoded->parts[i].len), heads, 0};
    at += encoded->parts[i].len;
  }
  int error = zw_conn_send(client->conn, parts, encoded->count);
  if (!error && heads && !token) zw_conn_flush(client->conn);
  zw_buf_unref(heads);
  return error;
}

/* Why it was not sent. */
static int not_sent(zw_client *client, int error, size_t len, zw_diag *diag) {
  uint32_t max = zw_wire_peer_max(zw_conn_wire(client->conn));
  if (error == ZW_ELIMIT && len > max)
    return zw_fail(diag, error, "a message of %zu octets; the router takes at most %u", len, max);
  if (error == ZW_ELIMIT)
    return zw_fail(diag, error, "the output queue is full. Run the client before sending more");
  return zw_fail(diag, error, "%s", zw_error_text(error));
}

int zw_client_send(zw_client *client, const zw_msg *msg, zw_buf *token, zw_diag *diag) {
  if (!client->conn || client->error)
    return zw_fail(diag, client->error ? client->error : ZW_ECLOSED, "the session is over: %s",
                   client->reason.message);
  bool rawsocket = zw_wire_transport(zw_conn_wire(client->conn)) == ZW_TRANSPORT_RAWSOCKET;
  uint32_t flags = (rawsocket ? ZW_ENCODE_PAD4 : 0u) | (client->legacy ? ZW_ENCODE_LEGACY : 0u);
  zw_encoded encoded;
  int error =
      zw_msg_encode(&client->encoder, client->options.serializer, flags, msg, &encoded, diag);
  if (!error) error = zw_session_sent(&client->session, msg, diag);
  if (error) return error;
  error = send_encoded(client, &encoded, token);
  return error ? not_sent(client, error, encoded.len, diag) : 0;
}

/* ---- borrowed octets ---- */

int zw_client_token(zw_client *client, const zw_msg *msg, zw_buf **token) {
  size_t len = msg->payload.len + msg->args.len + msg->kwargs.len;
  *token = len > ZW_NET_COPY_MAX ? zw_buf_create(client->alloc, 0) : NULL;
  return len > ZW_NET_COPY_MAX && !*token ? ZW_ENOMEM : 0;
}

int zw_client_send_tracked(zw_client *client, const zw_msg *msg, zw_client_done *done, void *ctx,
                           zw_diag *diag) {
  zw_sending *sending = zw_alloc_zero(client->alloc, sizeof *sending);
  if (!sending) return zw_fail(diag, ZW_ENOMEM, "%s", zw_error_text(ZW_ENOMEM));
  *sending = (zw_sending){.done = done, .ctx = ctx};
  int error = zw_client_token(client, msg, &sending->token);
  if (error)
    zw_fail(diag, error, "%s", zw_error_text(error));
  else
    error = zw_client_send(client, msg, sending->token, diag);
  if (error) {
    zw_buf_unref(sending->token);
    zw_alloc_free(client->alloc, sending, sizeof *sending);
    return error;
  }
  *client->sending_end = sending;
  client->sending_end = &sending->next;
  return 0;
}

/* In the order of sending, which is the order of leaving. */
void zw_client_sent(zw_client *client) {
  while (client->sending) {
    zw_sending *sending = client->sending, gone = *sending;
    if (client->conn && gone.token && !zw_buf_is_sole(gone.token)) return;
    client->sending = gone.next;
    if (!gone.next) client->sending_end = &client->sending;
    zw_buf_unref(gone.token);
    zw_alloc_free(client->alloc, sending, sizeof *sending);
    gone.done(gone.ctx, &(zw_result){.error = client->conn ? 0 : client->error});
  }
}
