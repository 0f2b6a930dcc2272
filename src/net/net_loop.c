/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop and its turns. libuv waits; its handles say what happened and mark the loop dirty.
 * Before and after each wait a dirty loop takes its turn: callbacks that are due, the turn hook,
 * the flush of every connection that has octets, copying out of mapped parts, the after_turn hook.
 * What that causes is a next round of the same turn; after a few rounds the loop looks at its
 * sockets first, without waiting.
 */
#include <assert.h>

#include "net_inside.h"

#define ROUNDS_MAX 4

typedef struct zw_net_signal {
  uv_signal_t handle;
  zw_loop *loop;
  void (*fn)(void *ctx, int signal);
  void *ctx;
  struct zw_net_signal *next;
} zw_net_signal;

/* ---- the turn ---- */

/* Callbacks that are due; the end of connections. A callback that ends this one puts it into the
 * list again, which then takes it apart. */
static void attend(zw_conn *c) {
  const zw_conn_callbacks *callbacks = c->shared->options.callbacks;
  if (c->resume_due) {
    c->resume_due = false;
    zw_net_hand_out(c);
  }
  if (c->drain_due) {
    c->drain_due = false;
    if (c->state == ZW_CONN_OPEN && callbacks->drain) callbacks->drain(c);
  }
  if ((c->notify || c->state == ZW_CONN_DEAD) && c->announced && !c->notified) {
    c->notified = true;
    if (callbacks->close) callbacks->close(c, c->end_error, c->end_what);
  }
  if (c->state == ZW_CONN_DEAD && !c->in_attention) zw_net_conn_destroy(c);
}

static void attend_all(zw_loop *loop) {
  zw_conn *list = loop->attention;
  loop->attention = NULL;
  while (list) {
    zw_conn *c = list;
    list = c->attention_next;
    c->in_attention = false;
    attend(c);
  }
}

/* Writes, then frees what was mapped. A connection that dies on the way stays in memory until libuv
 * has let go of it. */
static void flush_all(zw_loop *loop) {
  zw_conn *list = loop->flush_first;
  loop->flush_first = NULL;
  while (list) {
    zw_conn *c = list;
    list = c->flush_next;
    c->in_flush = false;
    zw_conn_flush(c);
  }
}

static void on_idle(uv_idle_t *idle) { (void)idle; }

static void take_turn(zw_loop *loop) {
  for (int round = 0; loop->dirty && round < ROUNDS_MAX; round++) {
    loop->dirty = false;
    attend_all(loop);
    if (loop->hooks.turn) loop->hooks.turn(loop->hooks.ctx);
    flush_all(loop);
    if (loop->hooks.after_turn) loop->hooks.after_turn(loop->hooks.ctx);
  }
  if (loop->dirty || loop->expired)
    uv_idle_start(&loop->idle, on_idle);
  else
    uv_idle_stop(&loop->idle);
}

static void on_prepare(uv_prepare_t *prepare) {
  zw_loop *loop = prepare->data;
  take_turn(loop);
  loop->clock->fresh = false;
}

static void on_check(uv_check_t *check) { take_turn(check->data); }

static void on_async(uv_async_t *async) {
  zw_loop *loop = async->data;
  loop->dirty = true;
  if (loop->hooks.wake) loop->hooks.wake(loop->hooks.ctx);
}

/* A loop that did not run (its owner was busy elsewhere) has not looked for answers: what it missed
 * does not count against the peers. */
static void on_tick(uv_timer_t *tick) {
  zw_loop *loop = tick->data;
  int64_t now = zw_net_ms(loop), late = now - loop->ticked_ms - loop->tick_ms;
  loop->ticked_ms = now;
  for (zw_conn *c = loop->conns; c; c = c->next) {
    if (late > 0) c->pinged_ms += late;
    zw_net_tick(c, now);
  }
  if (loop->conns) return;
  uv_timer_stop(tick);
  loop->tick_ms = 0;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

void zw_net_watch(zw_loop *loop, const zw_net_options *options) {
  uint32_t period =
      least(least(options->ping_interval_ms, options->ping_timeout_ms), options->handshake_ms) / 4;
  period = period < 10 ? 10 : least(period, ZW_NET_LINGER_MS / 4);
  if (loop->tick_ms && loop->tick_ms <= period) return;
  loop->tick_ms = period;
  loop->ticked_ms = zw_net_ms(loop);
  uv_timer_start(&loop->tick, on_tick, period, period);
}

/* ---- lifecycle ---- */

/* It may come before the wait that it is to limit: then there is none. */
static void on_limit(uv_timer_t *limit) { ((zw_loop *)limit->data)->expired = true; }

static int init_handles(zw_loop *loop) {
  uv_loop_t *uv = &loop->uv;
  if (uv_async_init(uv, &loop->async, on_async)) return ZW_EIO;
  uv_prepare_init(uv, &loop->prepare);
  uv_check_init(uv, &loop->check);
  uv_idle_init(uv, &loop->idle);
  uv_timer_init(uv, &loop->tick);
  uv_timer_init(uv, &loop->limit);
  loop->async.data = loop->prepare.data = loop->check.data = loop->tick.data = loop;
  loop->limit.data = loop;
  uv_prepare_start(&loop->prepare, on_prepare);
  uv_check_start(&loop->check, on_check);
  return 0;
}

int zw_loop_create(zw_loop **out, const zw_alloc *alloc, const zw_loop_hooks *hooks,
                   const zw_log *log) {
  if (!alloc) alloc = zw_alloc_default();
  zw_loop *loop = zw_alloc_zero(alloc, sizeof *loop);
  if (!loop) return ZW_ENOMEM;
  loop->alloc = alloc;
  loop->log = log;
  loop->clock = &loop->clock_now;
  if (hooks) loop->hooks = *hooks;
  int error = uv_loop_init(&loop->uv) ? ZW_ENOMEM : 0;
  if (!error && (error = init_handles(loop))) uv_loop_close(&loop->uv);
  if (error) {
    zw_alloc_free(alloc, loop, sizeof *loop);
    return error;
  }
  *out = loop;
  return 0;
}

static void close_handle(uv_handle_t *handle) {
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void signal_closed(uv_handle_t *handle) {
  zw_net_signal *s = handle->data;
  zw_alloc_free(s->loop->alloc, s, sizeof *s);
}

void zw_loop_destroy(zw_loop *loop) {
  if (!loop) return;
  while (loop->listeners) zw_listener_close(loop->listeners);
  while (loop->conns) zw_net_conn_destroy(loop->conns);
  while (loop->timers) zw_timer_stop(loop->timers);
  for (zw_net_signal *s = loop->signals, *next; s; s = next) {
    next = s->next;
    uv_close((uv_handle_t *)&s->handle, signal_closed);
  }
  close_handle((uv_handle_t *)&loop->async);
  close_handle((uv_handle_t *)&loop->prepare);
  close_handle((uv_handle_t *)&loop->check);
  close_handle((uv_handle_t *)&loop->idle);
  close_handle((uv_handle_t *)&loop->tick);
  close_handle((uv_handle_t *)&loop->limit);
  while (uv_run(&loop->uv, UV_RUN_NOWAIT)) continue;
  int busy = uv_loop_close(&loop->uv);
  assert(busy == 0);
  (void)busy;
  while (loop->spare_count) zw_buf_unref(loop->spare[--loop->spare_count]);
  zw_alloc_free(loop->alloc, loop, sizeof *loop);
}

int zw_loop_run(zw_loop *loop) {
  uv_run(&loop->uv, UV_RUN_DEFAULT);
  take_turn(loop);
  return 0;
}

void zw_loop_stop(zw_loop *loop) { uv_stop(&loop->uv); }

void zw_loop_wake(zw_loop *loop) { uv_async_send(&loop->async); }

int zw_loop_fd(const zw_loop *loop) { return uv_backend_fd(&loop->uv); }

int zw_loop_run_once(zw_loop *loop, int timeout_ms) {
  bool had_work = loop->dirty;
  loop->clock->fresh = false; /* the caller may have been away */
  if (had_work) take_turn(loop);
  bool wait = timeout_ms != 0 && !had_work;
  uv_update_time(&loop->uv);
  if (wait && timeout_ms > 0) uv_timer_start(&loop->limit, on_limit, (uint64_t)timeout_ms, 0);
  uv_run(&loop->uv, wait ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  uv_timer_stop(&loop->limit);
  loop->expired = false;
  take_turn(loop);
  loop->clock->fresh = false;
  return 0;
}

int64_t zw_loop_now(const zw_loop *loop) {
  if (!loop->clock->fresh) *loop->clock = (zw_net_clock){(int64_t)uv_hrtime(), true};
  return loop->clock->ns;
}

/* ---- signals ---- */

static void on_signal(uv_signal_t *handle, int signal) {
  zw_net_signal *s = handle->data;
  s->loop->dirty = true;
  s->fn(s->ctx, signal);
}

int zw_loop_on_signal(zw_loop *loop, int signal, void (*fn)(void *ctx, int signal), void *ctx) {
  zw_net_signal *s = zw_alloc_zero(loop->alloc, sizeof *s);
  if (!s) return ZW_ENOMEM;
  *s = (zw_net_signal){.loop = loop, .fn = fn, .ctx = ctx, .next = loop->signals};
  int error = uv_signal_init(&loop->uv, &s->handle);
  if (error) {
    zw_alloc_free(loop->alloc, s, sizeof *s);
    return ZW_EIO;
  }
  s->handle.data = s;
  loop->signals = s;
  return uv_signal_start(&s->handle, on_signal, signal) ? ZW_EIO : 0;
}
