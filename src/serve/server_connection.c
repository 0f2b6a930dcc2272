/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: from the transport's handshake to the end. Octets come in as messages, are decoded,
 * and go to the router.
 *
 * Limits. A peer whose queue is above half of its limit is not read from until it has taken most of
 * it; if it takes nothing for a while it is closed. While the store has much to commit, those that
 * feed it are not read from. What is sent to a peer beyond its queue's limit closes it.
 */
#include "server_state.h"

#define CLOSE_NORMAL 1000
#define CLOSE_POLICY 1008
#define CLOSE_BUSY 1013

/* ---- opening ---- */

static zw_connection *take(zw_server *s) {
  zw_connection *c = s->free_connections;
  if (c)
    s->free_connections = c->next;
  else
    c = zw_alloc_get(s->alloc, sizeof *c);
  if (!c) return NULL;
  *c = (zw_connection){.server = s, .next = s->connections};
  if (c->next) c->next->previous = c;
  s->connections = c;
  s->connection_count++;
  return c;
}

static void leave_lists(zw_connection *c) {
  zw_connection **at;
  for (at = &c->server->doomed; *at && *at != c;) at = &(*at)->next_doomed;
  if (*at) *at = c->next_doomed;
  for (at = &c->server->readers; *at && *at != c;) at = &(*at)->next_reader;
  if (*at) *at = c->next_reader;
}

static void give_back(zw_connection *c) {
  zw_server *s = c->server;
  zw_server_forget_refusals(c);
  leave_lists(c);
  if (c->next) c->next->previous = c->previous;
  *(c->previous ? &c->previous->next : &s->connections) = c->next;
  s->connection_count--;
  c->next = s->free_connections;
  s->free_connections = c;
}

static uint8_t kind_of(const zw_connection *c, enum zw_transport transport) {
  unsigned notation = c->serializer == ZW_JSON   ? ZW_KIND_JSON
                      : c->serializer == ZW_CBOR ? ZW_KIND_CBOR
                                                 : ZW_KIND_FLATBUFFERS;
  return (uint8_t)(notation + (transport == ZW_TRANSPORT_RAWSOCKET ? 0 : ZW_KIND_NOTATIONS));
}

static int attach(zw_connection *c) {
  const zw_wire *wire = zw_conn_wire(c->conn);
  enum zw_transport transport = zw_wire_transport(wire);
  c->serializer = zw_wire_serializer(wire);
  c->message_max = zw_wire_peer_max(wire);
  c->kind = kind_of(c, transport);
  zw_peer_options options = {
      .serializer = (enum zw_serializer)c->serializer,
      .local = zw_conn_is_local(c->conn),
      .transport = transport == ZW_TRANSPORT_RAWSOCKET ? ZW_STR("rawsocket") : ZW_STR("websocket"),
      .address = zw_str_of(zw_conn_peer(c->conn)),
      .user = c,
  };
  return zw_router_attach(c->server->router, &options, &c->peer);
}

static void on_open(zw_conn *conn) {
  zw_server *s = zw_conn_user(conn);
  zw_connection *c = take(s);
  int error = c ? 0 : ZW_ENOMEM;
  zw_conn_set_user(conn, c);
  if (c) {
    c->conn = conn;
    error = attach(c);
  }
  if (!error && s->stage == ZW_STAGE_RUNNING) return;
  zw_conn_close(conn, CLOSE_BUSY,
                error ? ZW_STR("the server has no memory") : ZW_STR("the server shuts down"));
}

/* ---- pausing ---- */

static void pause_reading(zw_connection *c, uint8_t why) {
  if (!c->paused) zw_conn_pause(c->conn, true);
  c->paused |= why;
}

void zw_connection_resume(zw_connection *c, uint8_t why) {
  if (!(c->paused & why)) return;
  c->paused &= (uint8_t)~why;
  if (!c->paused) zw_conn_pause(c->conn, false);
}

static void on_drain(zw_conn *conn) {
  zw_connection *c = zw_conn_user(conn);
  if (c) zw_connection_resume(c, ZW_PAUSE_QUEUE);
}

static void hold_back(zw_connection *c) {
  zw_server *s = c->server;
  if (zw_conn_queued(c->conn) > zw_conn_queue_max(c->conn) / 2) {
    pause_reading(c, ZW_PAUSE_QUEUE);
    c->stuck_ms = 0;
    c->stuck_at = zw_conn_queued(c->conn);
  }
  if (zw_router_waiting(s->router) > ZW_WAITING_MAX) {
    pause_reading(c, ZW_PAUSE_STORE);
    s->store_paused = true;
  }
}

/* ---- messages ---- */

static void on_message(zw_conn *conn, zw_span octets, zw_buf *owner) {
  zw_connection *c = zw_conn_user(conn);
  if (!c || !c->peer || c->doomed) return;
  zw_server *s = c->server;
  zw_msg msg;
  zw_diag diag;
  zw_wamp_limits limits = {.message_max = s->options.message_max,
                           .legacy = zw_peer_is_legacy(c->peer),
                           .scratch = &s->scratch};
  if (zw_msg_decode(&msg, (enum zw_serializer)c->serializer, octets, &limits, &diag)) {
    zw_log_printf(s->log, ZW_LOG_INFO, "%s: %s", zw_conn_peer(conn), diag.message);
    zw_router_violation(s->router, c->peer, &diag);
  } else {
    zw_router_receive(s->router, c->peer, &msg, owner);
  }
  if (s->scratch.block) zw_arena_reset(&s->scratch);
  if (!c->established && zw_peer_is_open(c->peer)) {
    c->established = true;
    zw_conn_established(conn);
  }
  hold_back(c);
}

/* ---- the end ---- */

void zw_connection_doom(zw_connection *c, const char *why) {
  zw_server *s = c->server;
  if (c->doomed) return;
  c->doomed = true;
  c->next_doomed = s->doomed;
  s->doomed = c;
  s->stats.closed_slow++;
  zw_log_printf(s->log, ZW_LOG_WARN, "%s is closed: %s (%llu octets wait)", zw_conn_peer(c->conn),
                why, (unsigned long long)zw_conn_queued(c->conn));
}

static void detach(zw_connection *c) {
  zw_peer *peer = c->peer;
  c->peer = NULL;
  if (peer) zw_router_detach(c->server->router, peer);
}

void zw_connection_end_doomed(zw_server *s) {
  while (s->doomed) {
    zw_connection *c = s->doomed;
    s->doomed = c->next_doomed;
    detach(c);
    zw_conn_close(c->conn, CLOSE_POLICY, ZW_STR("the output queue is full"));
  }
}

static void on_close(zw_conn *conn, int error, const char *what) {
  zw_connection *c = zw_conn_user(conn);
  if (!c) return;
  zw_server *s = c->server;
  if (error)
    zw_log_printf(s->log, ZW_LOG_INFO, "%s: %s", zw_conn_peer(conn), what ? what : "closed");
  detach(c);
  give_back(c);
  zw_server_connection_gone(s);
}

void zw_connection_free_all(zw_server *s) {
  while (s->connections) give_back(s->connections);
  for (zw_connection *c = s->free_connections, *next; c; c = next) {
    next = c->next;
    zw_alloc_free(s->alloc, c, sizeof *c);
  }
  s->free_connections = NULL;
}

const zw_conn_callbacks zw_server_callbacks = {.open = on_open,
                                               .message = on_message,
                                               .http = zw_server_http,
                                               .drain = on_drain,
                                               .close = on_close};
