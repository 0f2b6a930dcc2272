/* SPDX-License-Identifier: Apache-2.0 */
/* Timers of the loop's users: few and long-lived. The deadlines of connections do not use them
 * (net_loop.c, tick). */
#include "net_inside.h"

struct zw_timer {
  uv_timer_t handle;
  zw_loop *loop;
  void (*fn)(void *ctx);
  void *ctx;
  zw_timer *next, *previous;
};

static void on_timer(uv_timer_t *handle) {
  zw_timer *timer = handle->data;
  timer->loop->dirty = true;
  timer->fn(timer->ctx);
}

int zw_timer_start(zw_timer **out, zw_loop *loop, uint64_t delay_ms, uint64_t period_ms,
                   void (*fn)(void *ctx), void *ctx) {
  zw_timer *timer = zw_alloc_zero(loop->alloc, sizeof *timer);
  if (!timer) return ZW_ENOMEM;
  *timer = (zw_timer){.loop = loop, .fn = fn, .ctx = ctx, .next = loop->timers};
  if (timer->next) timer->next->previous = timer;
  loop->timers = timer;
  uv_timer_init(&loop->uv, &timer->handle);
  timer->handle.data = timer;
  uv_update_time(&loop->uv);
  uv_timer_start(&timer->handle, on_timer, delay_ms, period_ms);
  *out = timer;
  return 0;
}

static void timer_closed(uv_handle_t *handle) {
  zw_timer *timer = handle->data;
  zw_alloc_free(timer->loop->alloc, timer, sizeof *timer);
}

void zw_timer_stop(zw_timer *timer) {
  if (!timer) return;
  if (timer->next) timer->next->previous = timer->previous;
  *(timer->previous ? &timer->previous->next : &timer->loop->timers) = timer->next;
  uv_close((uv_handle_t *)&timer->handle, timer_closed);
}
