/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The builder: memory, strings, vectors, and the end of a buffer. See builder_memory.h for
 * positions.
 *
 * Invariants: `far + used` is the number of octets of the buffer so far, the borrowed tail
 * included; every object that is aligned to n starts at a distance from the end that is a multiple
 * of n; `align` is the largest n. `finish` brings the whole length to a multiple of it, so that
 * distances from the end and from the start agree.
 */
#include "builder_memory.h"

#define LENGTH_MAX INT32_MAX

static size_t content_of(const zw_builder *b) { return b->far + b->used - b->tail; }

/* Sets where the content begins, after its size or the memory has changed. */
static void place(zw_builder *b) {
  if (!b->memory) return;
  size_t room = b->capacity - content_of(b), most = LENGTH_MAX - b->used;
  b->top = b->memory + room;
  b->low = b->error ? b->top : b->top - (room < most ? room : most);
}

void zw_builder_init(zw_builder *b, const zw_alloc *alloc) {
  *b = (zw_builder){.alloc = alloc ? alloc : zw_alloc_default(), .align = 4};
}

void zw_builder_init_fixed(zw_builder *b, void *memory, size_t size, const zw_alloc *alloc) {
  zw_builder_init(b, alloc);
  b->memory = memory;
  b->capacity = size;
  b->fixed = true;
  place(b);
}

void zw_builder_deinit(zw_builder *b) {
  if (!b->fixed) zw_alloc_free(b->alloc, b->memory, b->capacity);
  zw_alloc_free(b->alloc, b->stack, b->stack_capacity);
  zw_alloc_free(b->alloc, b->vtables, b->vtable_capacity * sizeof *b->vtables);
  zw_alloc_free(b->alloc, b->strings, b->string_capacity * sizeof *b->strings);
  zw_builder_init(b, b->alloc);
}

void zw_builder_reset(zw_builder *b) {
  b->used = b->far = b->tail = b->stack_len = b->stack_limit = b->vtable_count = 0;
  if (b->string_count) memset(b->strings, 0, b->string_capacity * sizeof *b->strings);
  b->string_count = 0;
  b->open = 0;
  b->align = 4;
  b->error = 0;
  place(b);
}

static int grow(zw_builder *b, size_t need) {
  size_t capacity = b->capacity < 256 ? 256 : b->capacity, content = content_of(b);
  if (b->fixed) return ZW_ELIMIT;
  /* An eighth to spare: what is pushed after a large payload (its length, the table) must not move
   * it. */
  while (capacity - capacity / 8 < need) {
    if (capacity > SIZE_MAX / 2) return ZW_ENOMEM;
    capacity *= 2;
  }
  uint8_t *memory = zw_alloc_get(b->alloc, capacity);
  if (!memory) return ZW_ENOMEM;
  if (content) memcpy(memory + capacity - content, b->top, content);
  zw_alloc_free(b->alloc, b->memory, b->capacity);
  b->memory = memory;
  b->capacity = capacity;
  place(b);
  return 0;
}

void zw_builder_reserve(zw_builder *b, size_t octets) {
  if (!b->error && octets > b->capacity)
    zw_builder_fail(b, octets > LENGTH_MAX ? ZW_ELIMIT : grow(b, octets));
}

static bool make_room(zw_builder *b, size_t len) {
  size_t content = content_of(b) + len;
  /* Empty content has an address too. */
  if (!b->error && (content > b->capacity || !b->memory)) zw_builder_fail(b, grow(b, content));
  return !b->error;
}

uint8_t *zw_builder_push_to(zw_builder *b, size_t *count, size_t most, size_t len, size_t align,
                            size_t bias) {
  size_t pad = (bias - (b->far + b->used + len)) & (align - 1);
  if (len > most || pad + len > most - *count) zw_builder_fail(b, ZW_ELIMIT);
  if (!make_room(b, pad + len)) return NULL;
  *count += pad + len;
  place(b);
  if (pad) memset(b->top + len, 0, pad);
  if (align > b->align) b->align = (uint32_t)align;
  return b->top;
}

uint8_t *zw_builder_push_slow_(zw_builder *b, size_t len, size_t align, size_t bias) {
  return zw_builder_push_to(b, &b->used, LENGTH_MAX, len, align, bias);
}

/* What the length says is pushed with it, `size` octets; the elements are aligned, and the length
 * stands right before them. NULL: an error. */
static inline uint8_t *push_counted(zw_builder *b, size_t count, size_t size, size_t align) {
  uint8_t *at = zw_builder_push_(b, 4 + size, align, 4 & (align - 1));
  if (at) zw_store_le32(at, (uint32_t)count);
  return at ? at + 4 : NULL;
}

zw_ref zw_builder_vector_uninit(zw_builder *b, size_t count, size_t size, size_t align,
                                void **elements) {
  *elements = NULL;
  if (size && count > (LENGTH_MAX - 4) / size) {
    zw_builder_fail(b, ZW_ELIMIT);
    return 0;
  }
  *elements = push_counted(b, count, count * size, align < 4 ? 4 : align);
  return *elements ? (zw_ref)b->used : 0;
}

zw_ref zw_builder_vector(zw_builder *b, const void *elements, size_t count, size_t size,
                         size_t align) {
  void *at;
  zw_ref ref = zw_builder_vector_uninit(b, count, size, align, &at);
  if (ref && count > 0 && size > 0) memcpy(at, elements, count * size);
  return ref;
}

zw_ref zw_builder_struct_uninit(zw_builder *b, size_t size, size_t align, uint8_t **bytes) {
  if (!zw_struct_align_fits_(size, align)) zw_builder_fail(b, ZW_EINVAL);
  *bytes = b->error ? NULL : zw_builder_push_(b, size, align, 0);
  return *bytes ? (zw_ref)b->used : 0;
}

zw_ref zw_builder_struct(zw_builder *b, const void *bytes, size_t size, size_t align) {
  uint8_t *at;
  zw_ref ref = zw_builder_struct_uninit(b, size, align, &at);
  if (at) memcpy(at, bytes, size);
  return ref;
}

zw_ref zw_builder_refs(zw_builder *b, const zw_ref *refs, size_t count) {
  void *elements;
  zw_ref ref = zw_builder_vector_uninit(b, count, 4, 4, &elements);
  if (!ref) return 0;
  for (size_t i = 0; i < count; i++) {
    size_t distance = ref - 4 - 4 * i;
    if (refs[i] == 0 || refs[i] >= distance) zw_builder_fail(b, ZW_EINVAL);
    zw_store_le32((uint8_t *)elements + 4 * i, (uint32_t)(distance - refs[i]));
  }
  return b->error ? 0 : ref;
}

zw_ref zw_builder_nested(zw_builder *b, zw_span bytes) {
  if (!bytes.ptr) return 0;
  return zw_builder_vector(b, bytes.ptr, bytes.len, 1, zw_nested_align(bytes.len));
}

zw_ref zw_builder_tail(zw_builder *b, size_t len) {
  if (b->used || b->far) zw_builder_fail(b, ZW_EINVAL);
  if (len > LENGTH_MAX - 64) zw_builder_fail(b, ZW_ELIMIT);
  if (b->error) return 0;
  b->tail = b->used = len + zw_builder_tail_pad(len);
  place(b);
  b->align = 8;
  return push_counted(b, len, 0, 4) ? (zw_ref)b->used : 0;
}

/* `prefix`: octets of the size before the buffer, or 0. */
static int finish(zw_builder *b, zw_ref root, zw_str identifier, size_t prefix, zw_span *out) {
  *out = (zw_span){NULL, 0};
  if (b->open || root == 0 || root > b->used || (identifier.ptr && identifier.len != 4))
    zw_builder_fail(b, ZW_EINVAL);
  size_t len = identifier.ptr ? 8 : 4, align = b->align < prefix ? prefix : b->align;
  uint8_t *at = b->error ? NULL : zw_builder_push_(b, prefix + len, align, 0);
  if (!at) return b->error;
  size_t size = b->far + b->used - prefix;
  if (prefix == 4) zw_store_le32(at, (uint32_t)size);
  if (prefix == 8) zw_store_le64(at, size);
  zw_store_le32(at + prefix, (uint32_t)(b->used - prefix - root));
  if (identifier.ptr) memcpy(at + prefix + 4, identifier.ptr, 4);
  *out = zw_span_of(at, b->far + b->used - b->tail);
  return 0;
}

int zw_builder_finish(zw_builder *b, zw_ref root, zw_str identifier, zw_span *out) {
  return finish(b, root, identifier, 0, out);
}

int zw_builder_finish_sized(zw_builder *b, zw_ref root, zw_str identifier, unsigned prefix,
                            zw_span *out) {
  if (prefix != 4 && prefix != 8) zw_builder_fail(b, ZW_EINVAL);
  if (prefix == 4 && b->far > LENGTH_MAX) zw_builder_fail(b, ZW_ELIMIT);
  return finish(b, root, identifier, prefix, out);
}
