/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the walk has found: blocks, each once; parts and remarks, as they come. In the end parts are
 * sorted by address, and one sweep makes of them a list in which each octet is once: of two that
 * overlap the first keeps its octets, and the other one what is left of its own behind them; what
 * nothing claims becomes a part of what may be there, padding, or unreferenced.
 */
#include <stdio.h>
#include <stdlib.h>

#include "annotate_text.h"
#include "annotate_walk.h"

#define PADDING_MAX 32 /* the largest force_align: longer gaps are not for alignment */

/* Room for one more element; false: no memory. */
static bool room(annotator *a, void *array, size_t *capacity, size_t count, size_t item) {
  void *memory;
  memcpy(&memory, array, sizeof memory);
  if (!a->error && zw_array_reserve(a->alloc, &memory, capacity, count + 1, item))
    a->error = ZW_ENOMEM;
  memcpy(array, &memory, sizeof memory);
  return !a->error;
}

#define ROOM(a, name) \
  room(a, &(a)->name##s, &(a)->name##_capacity, (a)->name##_count, sizeof *(a)->name##s)

/* ---- remarks ---- */

ZW_PRINTF(4, 0)
static void add_remark(annotator *a, uint64_t at, bool wrong, const char *format, va_list args) {
  char text[400];
  if (!ROOM(a, remark)) return;
  int n = vsnprintf(text, sizeof text, format, args);
  size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
  zw_str kept = zw_arena_str(&a->arena, (zw_str){text, len});
  if (!kept.ptr) a->error = ZW_ENOMEM;
  a->remarks[a->remark_count] = (zw_remark){at, kept, wrong, (uint32_t)a->remark_count};
  a->remark_count++;
  a->result.wrong_count += wrong;
}

void zw_annotate_wrong(annotator *a, uint64_t at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (zw_annotate_pay(a, at, 1)) add_remark(a, at, true, format, args);
  va_end(args);
}

void zw_annotate_note(annotator *a, uint64_t at, const char *format, ...) {
  va_list args;
  va_start(args, format);
  add_remark(a, at, false, format, args);
  va_end(args);
}

bool zw_annotate_pay(annotator *a, uint64_t at, uint64_t count) {
  if (a->error || a->spent) return false;
  if (count <= a->work) {
    a->work -= count;
    return true;
  }
  a->spent = true;
  zw_annotate_note(a, at,
                   "objects overlap so much that there are more parts than octets: the rest is "
                   "not looked at");
  return false;
}

/* ---- parts, blocks, spaces ---- */

void zw_annotate_part(annotator *a, const zw_part *part) {
  if (part->len == 0 || !zw_annotate_pay(a, part->at, 1) || !ROOM(a, part)) return;
  a->parts[a->part_count++] = *part;
}

void zw_annotate_weak(annotator *a, const zw_part *part) {
  if (part->len == 0 || !zw_annotate_pay(a, part->at, 1)) return;
  if (!room(a, &a->weak, &a->weak_capacity, a->weak_count, sizeof *a->weak)) return;
  a->weak[a->weak_count++] = *part;
}

uint32_t zw_annotate_space(annotator *a, const space *s) {
  if (!ROOM(a, space)) return 0;
  a->spaces[a->space_count] = *s;
  return (uint32_t)a->space_count++;
}

static bool is_same(const zw_block *x, const zw_block *y) {
  return x->kind == y->kind && x->at == y->at && x->space == y->space && x->types == y->types &&
         (x->kind == ZW_BLOCK_VTABLE || x->type == y->type) &&
         (x->kind != ZW_BLOCK_VECTOR || x->field == y->field);
}

uint32_t zw_annotate_reach(annotator *a, const zw_block *block) {
  const uint64_t key[] = {block->at, block->types, (uint64_t)block->space << 8 | block->kind,
                          block->kind == ZW_BLOCK_VTABLE   ? 0
                          : block->kind == ZW_BLOCK_VECTOR ? (uintptr_t)block->field
                                                           : (uintptr_t)block->type};
  uint64_t id = zw_hash64(zw_span_of(key, sizeof key));
  uint32_t found = (uint32_t)(uintptr_t)zw_hmap_get_id(&a->seen, id);
  for (uint32_t i = found; i; i = a->blocks[i - 1].next) {
    if (!is_same(&a->blocks[i - 1], block)) continue;
    a->blocks[i - 1].users++;
    return i - 1;
  }
  if (!zw_annotate_pay(a, block->at, 1) || a->block_count >= ZW_NO_BLOCK - 1 || !ROOM(a, block))
    return ZW_NO_BLOCK;
  zw_block *made = &a->blocks[a->block_count];
  *made = *block;
  made->users = 1;
  made->next = found;
  a->error = zw_hmap_set_id(&a->seen, id, (void *)(uintptr_t)++a->block_count, NULL);
  return a->error ? ZW_NO_BLOCK : (uint32_t)a->block_count - 1;
}

/* ---- the sweep ---- */

#define COMPARE(x, y) \
  if ((x) != (y)) return (x) < (y) ? -1 : 1

/* By address; then what was found first. */
static int compare_parts(const void *left, const void *right) {
  const zw_part *x = left, *y = right;
  COMPARE(x->at, y->at);
  COMPARE(x->block, y->block);
  COMPARE(x->kind, y->kind);
  COMPARE(x->index, y->index);
  COMPARE(x->len, y->len);
  return 0;
}

static int compare_remarks(const void *left, const void *right) {
  const zw_remark *x = left, *y = right;
  COMPARE(x->at, y->at);
  COMPARE(x->seq, y->seq);
  return 0;
}

typedef struct sweep {
  annotator *a;
  zw_part *out;
  size_t count, capacity, weak; /* weak: the next one */
  uint64_t at;                  /* all before is in `out` */
  const zw_part *best;          /* the weak part that reaches furthest of those before `at` */
} sweep;

static uint64_t end_of(const zw_part *part) { return part->at + part->len; }

/* Adds octets from `at` on, which the sweep has not come to. */
static void emit(sweep *s, zw_part part, uint64_t end) {
  if (!room(s->a, &s->out, &s->capacity, s->count, sizeof part)) return;
  part.cut = part.at < s->at;
  part.at = s->at;
  part.len = end - s->at;
  s->at = end;
  s->out[s->count++] = part;
}

static bool is_zero(zw_span bytes) {
  for (size_t i = 0; i < bytes.len; i++)
    if (bytes.ptr[i]) return false;
  return true;
}

/* Octets that nothing claims, up to `end`: first those inside the block of what is before. */
static void emit_gap(sweep *s, uint64_t end) {
  const zw_part *before = s->count ? &s->out[s->count - 1] : NULL;
  zw_part gap = {.at = s->at, .index = ZW_NO_ELEMENT, .block = ZW_NO_BLOCK};
  if (before && before->block != ZW_NO_BLOCK) {
    const zw_block *block = &s->a->blocks[before->block];
    uint64_t block_end = block->at + block->len;
    if (block_end > s->at) {
      gap.kind = ZW_PART_PADDING;
      gap.block = before->block;
      emit(s, gap, block_end < end ? block_end : end);
    }
  }
  if (s->at == end || s->a->error) return;
  gap = (zw_part){.at = s->at, .index = ZW_NO_ELEMENT, .block = ZW_NO_BLOCK};
  zw_span octets = {octets_at(s->a, s->at), (size_t)(end - s->at)};
  gap.kind = octets.len < PADDING_MAX && is_zero(octets) ? ZW_PART_PADDING : ZW_PART_UNREFERENCED;
  emit(s, gap, end);
}

static void fill(sweep *s, uint64_t end) {
  const annotator *a = s->a;
  while (s->at < end && !a->error) {
    for (; s->weak < a->weak_count && a->weak[s->weak].at <= s->at; s->weak++)
      if (!s->best || end_of(&a->weak[s->weak]) > end_of(s->best)) s->best = &a->weak[s->weak];
    uint64_t stop = end;
    if (s->weak < a->weak_count && a->weak[s->weak].at < end) stop = a->weak[s->weak].at;
    if (s->best && end_of(s->best) > s->at)
      emit(s, *s->best, end_of(s->best) < stop ? end_of(s->best) : stop);
    else
      emit_gap(s, stop);
  }
}

static void tell_overlap(annotator *a, const zw_part *part) {
  zw_block *block = &a->blocks[part->block];
  zw_text name;
  if (block->overlaps) return;
  block->overlaps = true;
  zw_text_init(&name, a->alloc);
  zw_block_text(&a->result, part->block, &name);
  zw_annotate_note(a, part->at, "from 0x%llx on octets are also of the %.*s",
                   (unsigned long long)part->at, ZW_ARG(zw_text_str(&name)));
  zw_text_deinit(&name);
}

void zw_annotate_settle(annotator *a) {
  sweep s = {.a = a};
  a->result.blocks = a->blocks;
  a->result.block_count = a->block_count;
  if (a->part_count) qsort(a->parts, a->part_count, sizeof *a->parts, compare_parts);
  if (a->weak_count) qsort(a->weak, a->weak_count, sizeof *a->weak, compare_parts);
  for (size_t i = 0; i < a->part_count && !a->error; i++) {
    const zw_part *part = &a->parts[i];
    if (part->at > s.at) fill(&s, part->at);
    if (part->at < s.at) tell_overlap(a, part);
    if (end_of(part) > s.at) emit(&s, *part, end_of(part));
  }
  fill(&s, a->result.bytes.len);
  zw_alloc_free(a->alloc, a->parts, a->part_capacity * sizeof *a->parts);
  a->parts = s.out;
  a->part_count = s.count;
  a->part_capacity = s.capacity;
  if (a->remark_count) qsort(a->remarks, a->remark_count, sizeof *a->remarks, compare_remarks);
}
