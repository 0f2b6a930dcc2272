/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wire machine under hostile octets: whatever comes, messages lie inside their owner and below
 * the maximum, memory is bounded, nothing follows an end, and the same octets in other pieces give
 * the same events and the same answers.
 */
#ifndef ZEROWIRE_FUZZ_WIRE_H
#define ZEROWIRE_FUZZ_WIRE_H

#include <stdio.h>
#include <stdlib.h>

#include "wire_machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_MESSAGE_MAX 20000

typedef struct fuzz_wire {
  zw_wire *wire;
  uint64_t events, output; /* hashes */
  size_t live;
  bool ended;
} fuzz_wire;

static void *fuzz_resize(void *ctx, void *ptr, size_t old_size, size_t new_size) {
  fuzz_wire *f = ctx;
  f->live += new_size - old_size;
  if (f->live > 8 * FUZZ_MESSAGE_MAX + 8 * ZW_WIRE_CHUNK) abort();
  return zw_alloc_default()->resize(zw_alloc_default()->ctx, ptr, old_size, new_size);
}

static void fuzz_random(void *ctx, uint8_t *out, size_t len) {
  (void)ctx;
  memset(out, 0x5A, len);
}

static void fuzz_note(uint64_t *hash, const void *ptr, size_t len) {
  *hash = zw_hash64_seed(zw_span_of(ptr, len), *hash);
}

static void fuzz_note_event(fuzz_wire *f, const zw_wire_event *e) {
  const uint32_t numbers[] = {(uint32_t)e->kind, e->code, (uint32_t)-e->error, e->text,
                              (uint32_t)e->message.len};
  if (f->ended) abort();
  f->ended = e->kind == ZW_WIRE_CLOSE || e->kind == ZW_WIRE_FAIL;
  if (e->kind == ZW_WIRE_FAIL && (!e->what || !e->error)) abort();
  fuzz_note(&f->events, numbers, sizeof numbers);
  if (e->text_reason.ptr) fuzz_note(&f->events, e->text_reason.ptr, e->text_reason.len);
  if (e->path.ptr) fuzz_note(&f->events, e->path.ptr, e->path.len);
  if (e->kind != ZW_WIRE_MESSAGE) return;
  if (e->message.len > FUZZ_MESSAGE_MAX || e->message.ptr < e->owner->data ||
      e->message.ptr + e->message.len > e->owner->data + e->owner->len)
    abort();
  if (e->text && !zw_utf8_valid(zw_span_str(e->message))) abort();
  fuzz_note(&f->events, e->message.ptr, e->message.len);
}

/* Output is hashed octet by octet, so that its pieces do not matter. */
static void fuzz_take(fuzz_wire *f) {
  zw_wire_event event;
  do {
    zw_wire_next(f->wire, &event);
    if (event.kind != ZW_WIRE_NONE) fuzz_note_event(f, &event);
    zw_span out = zw_wire_output(f->wire);
    for (size_t i = 0; i < out.len; i++)
      f->output = (f->output ^ out.ptr[i]) * UINT64_C(0x100000001B3);
    zw_wire_output_taken(f->wire, out.len);
  } while (event.kind != ZW_WIRE_NONE);
}

static void fuzz_feed(fuzz_wire *f, const uint8_t *data, size_t size, size_t step) {
  while (size) {
    uint8_t *to;
    size_t room;
    if (zw_wire_want(f->wire, &to, &room) || room == 0) abort();
    size_t n = size < room ? size : room;
    if (step && n > step) n = step;
    memcpy(to, data, n);
    zw_wire_received(f->wire, n);
    fuzz_take(f);
    data += n;
    size -= n;
  }
}

/* One run; `opening` goes first, at once. */
static fuzz_wire fuzz_run(const zw_wire_options *options, zw_str (*opening)(const zw_wire *wire),
                          const uint8_t *data, size_t size, size_t step) {
  fuzz_wire f = {.events = 1, .output = 1};
  zw_alloc alloc = {fuzz_resize, &f};
  zw_random random = {fuzz_random, NULL};
  zw_wire_options o = *options;
  o.size = sizeof o;
  o.alloc = &alloc;
  o.random = &random;
  o.message_max = FUZZ_MESSAGE_MAX;
  o.host = o.path = ZW_STR("/");
  if (zw_wire_create(&f.wire, &o)) abort();
  zw_str first = opening(f.wire);
  fuzz_feed(&f, (const uint8_t *)first.ptr, first.len, 0);
  fuzz_feed(&f, data, size, step);
  zw_wire_destroy(f.wire);
  if (f.live) abort();
  return f;
}

static void fuzz_compare(const zw_wire_options *options, zw_str (*opening)(const zw_wire *wire),
                         const uint8_t *data, size_t size, size_t step) {
  fuzz_wire whole = fuzz_run(options, opening, data, size, 0);
  fuzz_wire pieces = fuzz_run(options, opening, data, size, step);
  if (whole.events != pieces.events || whole.output != pieces.output || whole.ended != pieces.ended)
    abort();
}

static zw_str fuzz_no_opening(const zw_wire *wire) {
  (void)wire;
  return ZW_STR("");
}

#endif
