/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading: octets go straight to where the wire machine wants them; its events become callbacks. A
 * connection reads a bounded amount a turn, so that one does not starve the others: libuv reports
 * what is left again.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "net_inside.h"

static bool is_reading(const zw_conn *c) {
  return (c->state == ZW_CONN_HANDSHAKE || c->state == ZW_CONN_OPEN) && !c->paused;
}

static void on_open(zw_conn *c, const zw_conn_callbacks *callbacks) {
  c->state = ZW_CONN_OPEN;
  c->announced = true;
  zw_net_take_output(c);
  if (callbacks->open) callbacks->open(c);
}

static void on_http(zw_conn *c, const zw_conn_callbacks *callbacks, const zw_wire_event *event) {
  c->state = ZW_CONN_HTTP;
  c->announced = callbacks->http != NULL;
  if (callbacks->http)
    callbacks->http(c, event->method, event->path, event->host);
  else
    zw_conn_http_respond(c, 404, ZW_STR("text/plain; charset=utf-8"),
                         zw_span_of("not found\n", 10));
}

static void on_event(zw_conn *c, const zw_wire_event *event) {
  const zw_conn_callbacks *callbacks = c->shared->options.callbacks;
  switch (event->kind) {
    case ZW_WIRE_OPEN: on_open(c, callbacks); break;
    case ZW_WIRE_MESSAGE:
      if (callbacks->message) callbacks->message(c, event->message, event->owner);
      break;
    case ZW_WIRE_HTTP: on_http(c, callbacks, event); break;
    case ZW_WIRE_CLOSE: zw_net_begin_close(c, 0, "the peer closed the connection", true); break;
    case ZW_WIRE_FAIL: zw_net_begin_close(c, event->error, event->what, true); break;
    default: break;
  }
}

void zw_net_hand_out(zw_conn *c) {
  zw_wire_event event;
  while (is_reading(c)) {
    zw_wire_next(c->wire, &event);
    if (event.kind == ZW_WIRE_NONE) break;
    on_event(c, &event);
  }
  if (c->state != ZW_CONN_DEAD && zw_wire_output(c->wire).len) zw_net_need_flush(c);
}

static void on_eof(zw_conn *c) {
  c->saw_eof = true;
  if (c->state == ZW_CONN_LINGER)
    zw_net_end(c, c->end_error, c->end_what);
  else if (c->state == ZW_CONN_HTTP || c->state == ZW_CONN_CLOSING)
    zw_net_poll(c); /* half closed: what is to be sent yet goes out */
  else
    zw_net_begin_close(c, ZW_ENET, "the peer closed the connection", true);
}

/* Reads up to `len` octets; 0: nothing now, or the end, which has been dealt with. */
static size_t receive(zw_conn *c, uint8_t *to, size_t len) {
  ssize_t n;
  do n = read(c->fd, to, len);
  while (n < 0 && errno == EINTR);
  if (n > 0) {
    c->heard_ms = zw_net_ms(c->loop);
    c->pinged = false;
    return (size_t)n;
  }
  if (n == 0)
    on_eof(c);
  else if (errno != EAGAIN && errno != EWOULDBLOCK)
    zw_net_end(c, c->state >= ZW_CONN_CLOSING ? c->end_error : ZW_ENET,
               c->state >= ZW_CONN_CLOSING ? c->end_what : zw_net_error_text(errno));
  return 0;
}

void zw_net_discard_input(zw_conn *c) {
  uint8_t scratch[8192];
  for (size_t left = ZW_NET_READ_BUDGET; left > 0 && !c->saw_eof && c->state != ZW_CONN_DEAD;) {
    size_t n = receive(c, scratch, sizeof scratch);
    if (n < sizeof scratch) return;
    left -= n;
  }
}

void zw_net_readable(zw_conn *c) {
  if (!is_reading(c)) {
    if (c->state >= ZW_CONN_HTTP && c->state != ZW_CONN_DEAD) zw_net_discard_input(c);
    return;
  }
  for (size_t left = ZW_NET_READ_BUDGET; is_reading(c) && left > 0;) {
    uint8_t *to;
    size_t len;
    if (zw_wire_want(c->wire, &to, &len)) {
      zw_net_end(c, ZW_ENOMEM, "out of memory");
      return;
    }
    if (len > left) len = left;
    size_t n = receive(c, to, len);
    if (n) {
      zw_wire_received(c->wire, n);
      zw_net_hand_out(c);
      left -= n;
    }
    if (n < len) return;
  }
}

void zw_conn_pause(zw_conn *c, bool pause) {
  if (c->paused == pause) return;
  c->paused = pause;
  c->heard_ms = zw_net_ms(c->loop);
  c->pinged = false;
  zw_net_poll(c);
  if (pause || c->state == ZW_CONN_DEAD) return;
  c->resume_due = true; /* messages that were received before the pause */
  zw_net_need_attention(c);
}
