/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that a peer cannot be given: they are above the maximum of its transport, or cannot be
 * written for it. The connection stays. Where somebody waits for an answer, an error is the answer:
 * the caller gets it instead of its result; for an invocation the router gets it as if the callee
 * had answered so. Noted while the router is at work, answered in the turn.
 */
#include "server_state.h"

void zw_server_refuse(zw_connection *c, const zw_msg *msg, int error) {
  zw_server *s = c->server;
  void *list = s->refusals;
  s->stats.refused++;
  if (s->answering && msg->code == ZW_ERROR) return; /* an answer that cannot be sent either */
  if (zw_array_reserve(s->alloc, &list, &s->refusal_capacity, s->refusal_count + 1,
                       sizeof *s->refusals)) {
    zw_connection_doom(c, "no memory for an answer to it");
    return;
  }
  s->refusals = list;
  s->refusals[s->refusal_count++] =
      (zw_refusal){c, msg->request, msg->request_type, msg->code, error};
  if (msg->code == ZW_RESULT && msg->progress) c->refused_call = msg->request;
}

void zw_server_forget_refusals(zw_connection *c) {
  zw_server *s = c->server;
  for (size_t i = 0; i < s->refusal_count; i++)
    if (s->refusals[i].connection == c) s->refusals[i].connection = NULL;
}

static void write_words(zw_server *s, const char *words) {
  zw_cbor_writer w;
  zw_token array = {.kind = ZW_TOKEN_ARRAY, .count = 1},
           text = {.kind = ZW_TOKEN_STRING, .text = zw_str_of(words)},
           end = {.kind = ZW_TOKEN_ARRAY_END};
  zw_text_reset(&s->text);
  zw_cbor_writer_init(&w, &s->text);
  (void)w.writer.write(&w.writer, &array);
  (void)w.writer.write(&w.writer, &text);
  (void)w.writer.write(&w.writer, &end);
}

static void make_error(zw_server *s, const zw_refusal *r, unsigned request_type, zw_msg *msg) {
  zw_msg_init(msg, ZW_ERROR);
  msg->request_type = request_type;
  msg->request = r->request;
  msg->uri = zw_str_of(zw_error_uri(r->error));
  if (r->code == ZW_ERROR) return; /* its words were what did not fit */
  write_words(s, r->error == ZW_ELIMIT ? "The message is larger than the receiver's limit."
                                       : zw_error_text(r->error));
  if (s->text.error) return;
  msg->payload_format = ZW_FORMAT_CBOR;
  msg->args = zw_str_span(zw_text_str(&s->text));
}

static void answer(zw_server *s, const zw_refusal *r) {
  zw_connection *c = r->connection;
  zw_msg msg;
  if (!c || !c->peer || c->doomed) return;
  switch (r->code) {
    case ZW_INVOCATION:
      make_error(s, r, ZW_INVOCATION, &msg);
      zw_router_receive(s->router, c->peer, &msg, NULL);
      break;
    case ZW_RESULT:
    case ZW_ERROR:
      make_error(s, r, r->code == ZW_RESULT ? ZW_CALL : (unsigned)r->request_type, &msg);
      zw_server_send(s, &c->peer, 1, &msg, NULL, false);
      break;
    default: /* nobody waits for it */
      zw_log_printf(s->log, ZW_LOG_INFO, "%s: %s was not sent: %s", zw_conn_peer(c->conn),
                    zw_msg_name(r->code), zw_error_text(r->error));
  }
}

void zw_server_answer_refusals(zw_server *s) {
  s->answering = true;
  for (size_t i = 0; i < s->refusal_count; i++) {
    zw_refusal refusal = s->refusals[i]; /* the list may grow */
    answer(s, &refusal);
  }
  s->answering = false;
  s->refusal_count = 0;
}
