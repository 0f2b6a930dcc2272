/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What 64-bit offsets refer to. As long as nothing else has been built it is put at the very end of
 * the buffer, where its size is not bounded: all else, which lies before it, stays within 2 GiB of
 * its own start. Afterwards it takes its place among all else, and is part of those 2 GiB.
 */
#include "builder_memory.h"

#define FAR_MAX (SIZE_MAX / 4)

static uint8_t *push(zw_builder *b, size_t len, size_t align, size_t bias) {
  return b->used ? zw_builder_push_(b, len, align, bias)
                 : zw_builder_push_to(b, &b->far, FAR_MAX, len, align, bias);
}

static zw_ref64 last(const zw_builder *b) { return (zw_ref64)b->far + b->used; }

zw_ref64 zw_builder_string64(zw_builder *b, zw_str text) {
  if (!text.ptr) return 0;
  uint8_t *at = text.len <= UINT32_MAX && text.len < FAR_MAX ? push(b, text.len + 5, 4, 0) : NULL;
  if (!at) {
    zw_builder_fail(b, ZW_ELIMIT);
    return 0;
  }
  zw_store_le32(at, (uint32_t)text.len);
  if (text.len) memcpy(at + 4, text.ptr, text.len);
  at[4 + text.len] = 0;
  return last(b);
}

zw_ref64 zw_builder_vector64_uninit(zw_builder *b, size_t count, size_t size, size_t align,
                                    unsigned length_size, void **elements) {
  *elements = NULL;
  bool fits = (length_size == 8 || count <= UINT32_MAX) &&
              (size == 0 || count <= (FAR_MAX - length_size) / size);
  if (!fits || (length_size != 4 && length_size != 8)) {
    zw_builder_fail(b, fits ? ZW_EINVAL : ZW_ELIMIT);
    return 0;
  }
  if (align < length_size) align = length_size;
  /* The elements are aligned, and the length stands right before them. */
  uint8_t *at = push(b, length_size + count * size, align, length_size & (align - 1));
  if (!at) return 0;
  if (length_size == 8)
    zw_store_le64(at, count);
  else
    zw_store_le32(at, (uint32_t)count);
  *elements = at + length_size;
  return last(b);
}

zw_ref64 zw_builder_vector64(zw_builder *b, const void *elements, size_t count, size_t size,
                             size_t align, unsigned length_size) {
  void *at;
  zw_ref64 ref = zw_builder_vector64_uninit(b, count, size, align, length_size, &at);
  if (ref && count > 0 && size > 0) memcpy(at, elements, count * size);
  return ref;
}
