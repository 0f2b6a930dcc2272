/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop's turns, and the end of the server.
 *
 * The end: what waits is committed and acknowledged, all sessions are told GOODBYE, no connection
 * is accepted; when all have gone, or after a moment, the rest is closed and the loop stops.
 */
#include <signal.h>

#include "server_state.h"

#define GRACE_MS 1000
#define CLOSE_GOING_AWAY 1001

static void stop_loop(zw_server *s) { zw_loop_stop(s->loop); }

static void on_grace(void *ctx) {
  zw_server *s = ctx;
  if (s->stage == ZW_STAGE_CLOSING) {
    stop_loop(s);
    return;
  }
  s->stage = ZW_STAGE_CLOSING;
  for (zw_connection *c = s->connections; c; c = c->next)
    zw_conn_close(c->conn, CLOSE_GOING_AWAY, ZW_STR("the server shuts down"));
}

/* All that was submitted is committed and told to the router. The writer sets `completed` after it
 * lets a flush go. */
static void commit_waiting(zw_server *s) {
  while (s->in_flight && !s->live) {
    zw_store_flush(s->store);
    atomic_store(&s->completed, true);
    zw_server_complete(s);
  }
}

static void say_goodbye(zw_server *s) {
  s->stage = ZW_STAGE_GOODBYE;
  commit_waiting(s);
  for (size_t i = 0; i < s->listener_count; i++) zw_listener_close(s->listeners[i]);
  s->listener_count = 0;
  zw_router_shutdown(s->router);
  if (s->connection_count == 0 ||
      zw_timer_start(&s->grace, s->loop, GRACE_MS, GRACE_MS, on_grace, s))
    stop_loop(s);
}

void zw_server_connection_gone(zw_server *s) {
  if (s->stage != ZW_STAGE_RUNNING && s->connection_count == 0) stop_loop(s);
}

/* ---- hooks ---- */

static void on_wake(void *ctx) {
  zw_server *s = ctx;
  zw_server_complete(s);
}

static void on_turn(void *ctx) {
  zw_server *s = ctx;
  if (s->stage == ZW_STAGE_RUNNING && !s->live && atomic_load(&s->stop)) say_goodbye(s);
  zw_connection_end_doomed(s);
  zw_server_answer_refusals(s);
  if (zw_router_pump(s->router)) zw_loop_wake(s->loop);
}

/* Whether some that read from the log can go on at once; others do when their socket takes more. */
static bool release_readers(zw_server *s) {
  bool some = false;
  while (s->readers) {
    zw_connection *c = s->readers;
    s->readers = c->next_reader;
    c->reads_log = false;
    some |= zw_conn_queued(c->conn) < ZW_LOG_PACE;
  }
  return some;
}

static void on_after_turn(void *ctx) {
  zw_server *s = ctx;
  bool more = release_readers(s);
  if (s->live) zw_txn_reset(s->txn);
  s->live = false;
  zw_server_complete(s);
  /* Another turn reads on, ends the transaction that this may have begun, or the server. */
  if (more || s->live || (s->stage == ZW_STAGE_RUNNING && atomic_load(&s->stop)))
    zw_loop_wake(s->loop);
}

const zw_loop_hooks zw_server_hooks = {on_wake, on_turn, on_after_turn, NULL};

/* ---- the sweep: connections that take nothing ---- */

static void on_sweep(void *ctx) {
  zw_server *s = ctx;
  for (zw_connection *c = s->connections; c; c = c->next) {
    if (!(c->paused & ZW_PAUSE_QUEUE) || c->doomed) continue;
    uint64_t queued = zw_conn_queued(c->conn);
    c->stuck_ms = queued < c->stuck_at ? 0 : c->stuck_ms + ZW_SWEEP_MS;
    c->stuck_at = queued;
    if (c->stuck_ms >= ZW_STUCK_MS) zw_connection_doom(c, "it takes nothing of what is sent to it");
  }
}

static void on_signal(void *ctx, int number) {
  zw_server *s = ctx;
  (void)number;
  if (atomic_exchange(&s->stop, true)) stop_loop(s);
}

int zw_server_turn_start(zw_server *s) {
  int error = zw_timer_start(&s->sweep, s->loop, ZW_SWEEP_MS, ZW_SWEEP_MS, on_sweep, s);
  if (!error && s->options.handle_signals) {
    error = zw_loop_on_signal(s->loop, SIGINT, on_signal, s);
    if (!error) error = zw_loop_on_signal(s->loop, SIGTERM, on_signal, s);
  }
  return error;
}
