/* SPDX-License-Identifier: Apache-2.0 */
/* Replies to one peer. An error carries its words as the first argument, as clients print it. */
#include "router_state.h"

#include <stdio.h>

/* After a GOODBYE, in either direction, nothing follows but its answer. */
static bool may_send(const zw_peer *peer, const zw_msg *msg) {
  switch (msg->code) {
    case ZW_ABORT:
    case ZW_GOODBYE:
    case ZW_CHALLENGE: return !peer->closing;
    default: return !peer->closing && peer->session.state == ZW_SESSION_OPEN;
  }
}

void zw_answer(zw_peer *peer, const zw_msg *msg, zw_buf *owner, bool mapped) {
  if (peer->gone || !may_send(peer, msg)) return;
  zw_router_io *io = &peer->router->io;
  io->send(io->ctx, &peer, 1, msg, owner, mapped);
}

static void answer_text_error(zw_peer *peer, unsigned request_type, uint64_t request,
                              const char *uri, zw_str what) {
  zw_router *router = peer->router;
  zw_msg msg;
  zw_cbor_writer w;
  zw_msg_init(&msg, ZW_ERROR);
  zw_text_reset(&router->text);
  zw_cbor_writer_init(&w, &router->text);
  zw_cbor_array(&w, 1);
  zw_cbor_str(&w, what);
  zw_cbor_array_end(&w);
  msg.request_type = request_type;
  msg.request = request;
  msg.uri = zw_str_of(uri);
  if (!router->text.error) {
    msg.payload_format = ZW_FORMAT_CBOR;
    msg.args = zw_str_span(zw_text_str(&router->text));
  }
  router->stats.errors++;
  zw_answer(peer, &msg, NULL, false);
}

void zw_answer_error(zw_peer *peer, unsigned request_type, uint64_t request, const char *uri,
                     const char *format, ...) {
  zw_diag diag;
  va_list args;
  va_start(args, format);
  int len = vsnprintf(diag.message, sizeof diag.message, format, args);
  va_end(args);
  if (len < 0) diag.message[0] = 0;
  /* What was cut may end inside a character. */
  zw_str text = zw_str_of(diag.message);
  answer_text_error(peer, request_type, request, uri,
                    (zw_str){text.ptr, zw_utf8_prefix(text, NULL)});
}

void zw_answer_failure(zw_peer *peer, unsigned request_type, uint64_t request, int error,
                       const char *what) {
  zw_str text = zw_str_of(what && *what ? what : zw_error_text(error));
  text.len = zw_utf8_prefix(text, NULL);
  answer_text_error(peer, request_type, request, zw_error_uri(error), text);
}

void zw_answer_ids(zw_peer *peer, enum zw_msg_code code, uint64_t request, uint64_t id) {
  zw_msg msg;
  zw_msg_init(&msg, code);
  msg.request = request;
  switch (code) {
    case ZW_SUBSCRIBED: msg.subscription = id; break;
    case ZW_REGISTERED: msg.registration = id; break;
    case ZW_PUBLISHED: msg.publication = id; break;
    default: break;
  }
  zw_answer(peer, &msg, NULL, false);
}

void zw_answer_result(zw_peer *peer, uint64_t request, zw_str args, bool progress) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_RESULT);
  msg.request = request;
  msg.payload_format = ZW_FORMAT_CBOR;
  msg.args = zw_str_span(args);
  if (progress) {
    msg.progress = true;
    msg.has |= 1ull << ZW_HAS_PROGRESS;
  }
  zw_answer(peer, &msg, NULL, false);
}

void zw_abort(zw_peer *peer, const char *uri, const char *format, ...) {
  if (peer->closing) return;
  char words[ZW_DIAG_MESSAGE_MAX];
  va_list args;
  va_start(args, format);
  int len = vsnprintf(words, sizeof words, format, args);
  va_end(args);
  if (len < 0) words[0] = 0;
  zw_msg msg;
  zw_msg_init(&msg, ZW_ABORT);
  msg.uri = zw_str_of(uri);
  msg.message = zw_str_of(words);
  msg.message.len = zw_utf8_prefix(msg.message, NULL);
  peer->router->stats.errors++;
  (void)zw_session_sent(&peer->session, &msg, NULL);
  zw_answer(peer, &msg, NULL, false);
  zw_peer_leave(peer);
  peer->closing = true;
  peer->router->io.close(peer->router->io.ctx, peer);
}
