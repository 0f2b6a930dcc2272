/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How connections end. In order: what is queued goes out, then FIN, then the peer's FIN is awaited
 * for a second, input being read and dropped: closing a socket with unread input would send a
 * reset, which takes our last octets with it. At once: abort. And by a deadline: the handshake, the
 * answer to a ping, the end itself.
 */
#include "net_inside.h"

void zw_net_need_attention(zw_conn *c) {
  c->loop->dirty = true;
  if (c->in_attention) return;
  c->in_attention = true;
  c->attention_next = c->loop->attention;
  c->loop->attention = c;
}

void zw_net_end(zw_conn *c, int error, const char *what) {
  if (c->state == ZW_CONN_DEAD) return;
  if (c->state < ZW_CONN_CLOSING) {
    c->end_error = error;
    c->end_what = what;
  }
  c->state = ZW_CONN_DEAD;
  uv_poll_stop(&c->poll);
  zw_net_need_attention(c);
}

void zw_net_begin_close(zw_conn *c, int error, const char *what, bool notify) {
  if (c->state >= ZW_CONN_CLOSING) return;
  if (c->state == ZW_CONN_CONNECTING) {
    zw_net_end(c, error, what);
    return;
  }
  c->state = ZW_CONN_CLOSING;
  c->end_error = error;
  c->end_what = what;
  c->close_ms = zw_net_ms(c->loop) + ZW_NET_LINGER_MS;
  c->close_last_ms = zw_net_ms(c->loop) + ZW_NET_LINGER_MAX_MS;
  zw_net_take_output(c);
  if (c->state == ZW_CONN_DEAD) return;
  zw_net_poll(c);
  zw_net_need_flush(c);
  if (!notify) return;
  c->notify = true;
  zw_net_need_attention(c);
}

void zw_net_all_sent(zw_conn *c) {
  if (c->saw_eof || shutdown(c->fd, SHUT_WR) < 0) {
    zw_net_end(c, c->end_error, c->end_what);
    return;
  }
  c->state = ZW_CONN_LINGER;
  c->close_ms = zw_net_ms(c->loop) + ZW_NET_LINGER_MS;
  zw_net_discard_input(c);
  zw_net_poll(c);
}

void zw_conn_close(zw_conn *c, uint16_t code, zw_str reason) {
  if (c->state >= ZW_CONN_CLOSING) return;
  if (c->state != ZW_CONN_CONNECTING && zw_wire_close(c->wire, code, reason)) {
    zw_net_end(c, ZW_ENOMEM, "out of memory");
    return;
  }
  zw_net_begin_close(c, 0, "closed", false);
}

void zw_conn_abort(zw_conn *c) { zw_net_end(c, ZW_ECLOSED, "aborted"); }

void zw_conn_http_respond(zw_conn *c, int status, zw_str content_type, zw_span body) {
  if (c->state != ZW_CONN_HTTP) return;
  if (zw_wire_http_respond(c->wire, status, content_type, body))
    zw_net_end(c, ZW_ENOMEM, "out of memory");
  else
    zw_net_begin_close(c, 0, "the request is answered", false);
}

/* ---- deadlines ---- */

static void ping(zw_conn *c, int64_t now_ms) {
  c->pinged = true;
  c->pinged_ms = now_ms;
  c->ping_mark = UINT64_MAX;
  (void)zw_wire_ping(c->wire, (uint64_t)now_ms);
  zw_net_need_flush(c);
}

static void keep_alive(zw_conn *c, int64_t now_ms) {
  const zw_net_options *options = &c->shared->options;
  if (c->paused) return;
  if (!c->pinged) {
    if (now_ms - c->heard_ms >= options->ping_interval_ms) ping(c, now_ms);
  } else if (now_ms - c->pinged_ms >= options->ping_timeout_ms) {
    zw_net_end(c, ZW_ETIMEOUT, "the peer does not answer a ping");
  }
}

void zw_net_tick(zw_conn *c, int64_t now_ms) {
  if (c->state >= ZW_CONN_CLOSING) {
    if (c->state != ZW_CONN_DEAD && (now_ms >= c->close_ms || now_ms >= c->close_last_ms))
      zw_net_end(c, c->end_error, c->end_what);
  } else if (!c->established && now_ms >= c->handshake_ms) {
    zw_net_end(c, ZW_ETIMEOUT, "the handshake takes too long");
  } else if (c->state == ZW_CONN_OPEN) {
    keep_alive(c, now_ms);
  }
}
