/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sending: messages are framed into the queue; the turn writes the queue with sendmsg. What the
 * machine itself has to say (pongs) stays with it while the socket is full: there it is bounded.
 */
#include <errno.h>
#include <string.h>

#include "net_inside.h"

#define PARTS_MAX 32

void zw_net_need_flush(zw_conn *c) {
  c->loop->dirty = true;
  if (c->in_flush || c->state == ZW_CONN_DEAD) return;
  c->in_flush = true;
  c->flush_next = c->loop->flush_first;
  c->loop->flush_first = c;
}

static void note_queue(zw_conn *c) {
  if (c->out.charged > c->shared->options.queue_max / 2) c->was_above_half = true;
}

void zw_net_take_output(zw_conn *c) {
  zw_span own = zw_wire_output(c->wire);
  if (own.len == 0) return;
  uint8_t *to = zw_out_room(c->loop, &c->out, own.len);
  if (!to) {
    zw_net_end(c, ZW_ENOMEM, "out of memory");
    return;
  }
  memcpy(to, own.ptr, own.len);
  zw_out_commit(&c->out, own.len);
  zw_wire_output_taken(c->wire, own.len);
  if (c->pinged && c->ping_mark == UINT64_MAX) c->ping_mark = c->sent + c->out.waiting;
  zw_net_need_flush(c);
}

/* ---- queueing ---- */

static bool has_room(const zw_conn *c, uint64_t cost) {
  uint64_t max = c->shared->options.queue_max;
  return cost <= max && c->out.charged <= max - cost;
}

int zw_conn_send_framed(zw_conn *c, const zw_part *parts, size_t count) {
  if (c->state != ZW_CONN_OPEN) return ZW_ECLOSED;
  if (!has_room(c, zw_out_cost(parts, count))) return ZW_ELIMIT;
  int error = zw_out_push(c->loop, &c->out, parts, count);
  if (error) return error;
  note_queue(c);
  zw_net_need_flush(c);
  return 0;
}

static size_t total_of(const zw_part *parts, size_t count) {
  size_t total = 0;
  for (size_t i = 0; i < count; i++) total += parts[i].bytes.len;
  return total;
}

static void mask_parts(uint8_t *to, const zw_part *parts, size_t count, const uint8_t mask[4]) {
  size_t offset = 0;
  for (size_t i = 0; i < count; i++) {
    zw_wire_mask(to + offset, parts[i].bytes.ptr, parts[i].bytes.len, mask, offset);
    offset += parts[i].bytes.len;
  }
}

/* A WebSocket client's message: masked into memory of its own. */
static int send_masked(zw_conn *c, const zw_part *parts, size_t count, size_t total) {
  uint8_t header[ZW_WIRE_HEADER_MAX], mask[4];
  size_t n = zw_wire_frame_header_masked(c->wire, total, header, mask);
  if (!has_room(c, n + total)) return ZW_ELIMIT;
  if (total > ZW_NET_COPY_BUF / 2) {
    zw_buf *own = zw_buf_create(c->loop->alloc, n + total);
    if (!own) return ZW_ENOMEM;
    memcpy(own->data, header, n);
    mask_parts(own->data + n, parts, count, mask);
    int error =
        zw_out_push(c->loop, &c->out, &(zw_part){zw_span_of(own->data, n + total), own, 0}, 1);
    zw_buf_unref(own);
    if (error) return error;
  } else {
    uint8_t *to = zw_out_room(c->loop, &c->out, n + total);
    if (!to) return ZW_ENOMEM;
    memcpy(to, header, n);
    mask_parts(to + n, parts, count, mask);
    zw_out_commit(&c->out, n + total);
  }
  note_queue(c);
  zw_net_need_flush(c);
  return 0;
}

int zw_conn_send(zw_conn *c, const zw_part *parts, size_t count) {
  if (c->state != ZW_CONN_OPEN) return ZW_ECLOSED;
  if (count >= PARTS_MAX) return ZW_EINVAL;
  enum zw_transport transport = zw_wire_transport(c->wire);
  size_t total = total_of(parts, count);
  if (total > zw_wire_peer_max(c->wire)) return ZW_ELIMIT;
  if (!c->server && transport == ZW_TRANSPORT_WEBSOCKET) return send_masked(c, parts, count, total);
  uint8_t header[ZW_WIRE_HEADER_MAX];
  zw_part framed[PARTS_MAX];
  framed[0] = (zw_part){
      zw_span_of(header, zw_wire_frame_header(transport, zw_wire_is_text(c->wire), total, header)),
      NULL, 0};
  if (count) memcpy(framed + 1, parts, count * sizeof *parts);
  return zw_conn_send_framed(c, framed, count + 1);
}

/* ---- writing ---- */

/* Octets that the socket took; 0: it is full or failed. */
static size_t write_some(zw_conn *c) {
  struct msghdr message = {.msg_iov = c->loop->iov};
  message.msg_iovlen = zw_out_gather(&c->out, c->loop->iov, ZW_NET_IOV);
  ssize_t n;
  do n = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n >= 0) return (size_t)n;
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
    c->blocked = true;
  else
    zw_net_end(c, c->state >= ZW_CONN_CLOSING ? c->end_error : ZW_ENET,
               c->state >= ZW_CONN_CLOSING ? c->end_what : zw_net_error_text(errno));
  return 0;
}

static void note_progress(zw_conn *c, size_t n) {
  c->sent += n;
  if (c->state == ZW_CONN_CLOSING) c->close_ms = zw_net_ms(c->loop) + ZW_NET_LINGER_MS;
  if (c->pinged && c->sent - n < c->ping_mark) c->pinged_ms = zw_net_ms(c->loop);
}

void zw_net_write(zw_conn *c) {
  while (c->out.count && !c->blocked && c->state != ZW_CONN_DEAD) {
    size_t n = write_some(c);
    if (n == 0) break;
    zw_out_taken(c->loop, &c->out, n);
    note_progress(c, n);
  }
  if (c->state == ZW_CONN_DEAD) return;
  if (c->was_above_half && c->out.charged <= c->shared->options.queue_max / 4) {
    c->was_above_half = false;
    c->drain_due = true;
    zw_net_need_attention(c);
  }
  zw_net_poll(c);
}

void zw_conn_flush(zw_conn *c) {
  if (c->state == ZW_CONN_DEAD || c->state == ZW_CONN_CONNECTING) return;
  if (!c->blocked) {
    if (c->out.away && zw_out_map_again(c)) {
      zw_net_end(c, ZW_ENOTFOUND, "what was being sent is no longer there");
      return;
    }
    zw_net_take_output(c);
    zw_net_write(c);
  }
  if (c->state != ZW_CONN_DEAD && c->out.mapped && zw_out_unmap(c->loop, &c->out)) {
    zw_out_clear(c->loop, &c->out); /* nothing may refer to the map */
    zw_net_end(c, ZW_ENOMEM, "out of memory");
  }
  if (c->state == ZW_CONN_CLOSING && c->out.count == 0) zw_net_all_sent(c);
}
