/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire machine: receive buffers, dispatch by state, output.
 *
 * Memory for receiving: a chunk of 16 KiB while small messages flow; a message that does not fit
 * gets its own buffer and is received in place. A chunk of which messages were handed out and kept
 * elsewhere is filled up but never written over: then it is let go, and its rest moved. An idle
 * machine holds no chunk.
 */
#include "wire_machine.h"

/* ---- lifecycle ---- */

int zw_wire_create(zw_wire **out, const zw_wire_options *options) {
  const zw_alloc *alloc = options->alloc ? options->alloc : zw_alloc_default();
  zw_wire *w = zw_alloc_zero(alloc, sizeof *w);
  if (!w) return ZW_ENOMEM;
  w->options = *options;
  w->alloc = alloc;
  w->random = options->random ? options->random : zw_random_system();
  if (w->options.message_max == 0 || w->options.message_max > ZW_MESSAGE_LIMIT)
    w->options.message_max = ZW_MESSAGE_LIMIT;
  w->peer_max = UINT32_MAX;
  zw_wire_limit(w, 0);
  zw_text_init(&w->output, alloc);
  if (!options->server) {
    w->transport = options->transport;
    w->state = w->transport == ZW_TRANSPORT_WEBSOCKET ? ZW_WIRE_RESPONSE : ZW_WIRE_RAW_HELLO;
    if (w->transport == ZW_TRANSPORT_WEBSOCKET)
      zw_ws_client_request(w);
    else
      zw_raw_client_hello(w);
  }
  if (w->output.error) {
    zw_wire_destroy(w);
    return ZW_ENOMEM;
  }
  *out = w;
  return 0;
}

void zw_wire_destroy(zw_wire *w) {
  if (!w) return;
  zw_buf_unref(w->chunk);
  zw_buf_unref(w->whole);
  zw_buf_unref(w->handed);
  zw_text_deinit(&w->output);
  zw_alloc_free(w->alloc, w, sizeof *w);
}

enum zw_transport zw_wire_transport(const zw_wire *w) { return w->transport; }
uint8_t zw_wire_serializer(const zw_wire *w) { return w->serializer; }
uint32_t zw_wire_peer_max(const zw_wire *w) { return w->peer_max; }
bool zw_wire_is_text(const zw_wire *w) { return w->text; }

void zw_wire_limit(zw_wire *w, uint32_t max) {
  w->accept_max = max && max < w->options.message_max ? max : w->options.message_max;
}

void zw_wire_refuse(zw_wire *w) { w->full = true; }

/* ---- receiving ---- */

static void let_go(zw_wire *w) {
  zw_buf_unref(w->handed);
  w->handed = NULL;
}

/* A chunk with room behind its rest. */
static int make_room(zw_wire *w) {
  zw_span rest = zw_wire_pending(w);
  bool writable = w->chunk && zw_buf_is_sole(w->chunk);
  if (writable && w->at == w->chunk->len) w->at = w->chunk->len = 0;
  if (w->chunk && w->chunk->capacity - w->chunk->len >= ZW_WIRE_CHUNK / 4) return 0;
  size_t capacity = rest.len > ZW_WIRE_CHUNK / 2 ? rest.len + ZW_WIRE_CHUNK : ZW_WIRE_CHUNK;
  if (writable && w->at > 0 && rest.len <= ZW_WIRE_CHUNK / 2) {
    memmove(w->chunk->data, rest.ptr, rest.len);
    w->chunk->len = rest.len;
    w->at = 0;
    return 0;
  }
  zw_buf *chunk = zw_buf_create(w->alloc, capacity);
  if (!chunk) return ZW_ENOMEM;
  if (rest.len) memcpy(chunk->data, rest.ptr, rest.len);
  chunk->len = rest.len;
  zw_buf_unref(w->chunk);
  w->chunk = chunk;
  w->at = 0;
  return 0;
}

int zw_wire_want(zw_wire *w, uint8_t **ptr, size_t *len) {
  let_go(w);
  if (w->whole && w->whole->len < w->whole_len) {
    *ptr = w->whole->data + w->whole->len;
    *len = w->whole_len - w->whole->len;
    return 0;
  }
  int error = make_room(w);
  if (error) return error;
  *ptr = w->chunk->data + w->chunk->len;
  *len = w->chunk->capacity - w->chunk->len;
  return 0;
}

void zw_wire_received(zw_wire *w, size_t n) {
  if (w->whole && w->whole->len < w->whole_len)
    w->whole->len += n;
  else if (w->chunk)
    w->chunk->len += n;
}

/* What has been looked at whole can go: an idle connection costs no chunk. */
static void release_idle(zw_wire *w) {
  if (!w->chunk || w->at < w->chunk->len) return;
  zw_buf_unref(w->chunk);
  w->chunk = NULL;
  w->at = 0;
}

static bool step(zw_wire *w, zw_wire_event *event) {
  switch (w->state) {
    case ZW_WIRE_FIRST: {
      zw_span in = zw_wire_pending(w);
      if (in.len == 0) return false;
      w->transport = in.ptr[0] == 0x7F ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_HTTP;
      w->state = in.ptr[0] == 0x7F ? ZW_WIRE_RAW_HELLO : ZW_WIRE_REQUEST;
      return true;
    }
    case ZW_WIRE_RAW_HELLO: return zw_raw_hello(w, event);
    case ZW_WIRE_REQUEST: return zw_ws_request(w, event);
    case ZW_WIRE_RESPONSE: return zw_ws_response(w, event);
    case ZW_WIRE_RAW_FRAMES: return zw_raw_frame(w, event);
    case ZW_WIRE_WS_FRAMES: return zw_ws_step(w, event);
    default: return false;
  }
}

void zw_wire_next(zw_wire *w, zw_wire_event *event) {
  *event = (zw_wire_event){.kind = ZW_WIRE_NONE};
  let_go(w);
  while (event->kind == ZW_WIRE_NONE && step(w, event)) continue;
  if (w->output.error && w->state != ZW_WIRE_ENDED)
    zw_wire_break(w, event, ZW_ENOMEM, 0, "out of memory");
  if (event->kind == ZW_WIRE_NONE) release_idle(w);
}

bool zw_wire_begin_whole(zw_wire *w, size_t len) {
  size_t have = w->whole ? w->whole->len : 0;
  if (!w->whole || w->whole->capacity - have < len) {
    size_t capacity = have + len, doubled = 2 * have;
    /* Fragments: grow by doubling, so that gathering stays linear. */
    if (doubled > w->accept_max) doubled = w->accept_max;
    if (capacity < doubled) capacity = doubled;
    zw_buf *grown = zw_buf_create(w->alloc, capacity);
    if (!grown) return false;
    if (have) memcpy(grown->data, w->whole->data, have);
    grown->len = have;
    zw_buf_unref(w->whole);
    w->whole = grown;
  }
  w->whole_len = have + len;
  zw_span rest = zw_wire_pending(w);
  size_t moved = rest.len < len ? rest.len : len;
  if (moved) memcpy(w->whole->data + have, rest.ptr, moved);
  w->whole->len = have + moved;
  w->at += moved;
  return true;
}

bool zw_wire_hand_span(zw_wire *w, zw_wire_event *event, size_t len, bool text) {
  *event = (zw_wire_event){.kind = ZW_WIRE_MESSAGE, .text = text};
  event->message = zw_span_of(w->chunk->data + w->at, len);
  event->owner = w->handed = zw_buf_ref(w->chunk);
  w->at += len;
  return true;
}

bool zw_wire_hand_whole(zw_wire *w, zw_wire_event *event, bool text) {
  *event = (zw_wire_event){.kind = ZW_WIRE_MESSAGE, .text = text};
  w->handed = w->whole;
  w->whole = NULL;
  w->whole_len = 0;
  event->owner = w->handed;
  event->message = zw_buf_span(w->handed);
  return true;
}

bool zw_wire_break(zw_wire *w, zw_wire_event *event, int error, uint16_t code, const char *what) {
  if (code && w->state == ZW_WIRE_WS_FRAMES) zw_ws_close_frame(w, code, zw_str_of(what));
  w->state = ZW_WIRE_ENDED;
  *event = (zw_wire_event){.kind = ZW_WIRE_FAIL, .error = error, .code = code, .what = what};
  return true;
}

/* ---- output ---- */

bool zw_wire_pong(zw_wire *w, zw_wire_event *event, zw_span payload) {
  if (w->output.len - w->output_at > ZW_UNSENT_MAX)
    return zw_wire_break(w, event, ZW_ELIMIT, 1008, "pings whose answers are not read");
  zw_wire_control(w, 10, payload);
  return true;
}

zw_span zw_wire_output(const zw_wire *w) {
  return zw_span_of(w->output.ptr ? w->output.ptr + w->output_at : NULL,
                    w->output.len - w->output_at);
}

void zw_wire_output_taken(zw_wire *w, size_t n) {
  w->output_at += n;
  if (w->output_at < w->output.len) return;
  w->output_at = 0;
  zw_text_deinit(&w->output);
}
