/* SPDX-License-Identifier: Apache-2.0 */
/* A growing text with a sticky error: callers add without checking, and look once at the end. */
#include <stdio.h>

#include "zerowire/base.h"

void zw_text_init(zw_text *text, const zw_alloc *alloc) {
  *text = (zw_text){.alloc = alloc ? alloc : zw_alloc_default()};
}

void zw_text_deinit(zw_text *text) {
  zw_alloc_free(text->alloc, text->ptr, text->capacity);
  zw_text_init(text, text->alloc);
}

void zw_text_reset(zw_text *text) {
  text->len = 0;
  text->error = 0;
}

/* Room for `more` octets and the terminator. */
static bool reserve(zw_text *text, size_t more) {
  if (text->error) return false;
  if (more > SIZE_MAX / 2 - text->len) {
    text->error = ZW_ENOMEM;
    return false;
  }
  void *memory = text->ptr;
  text->error = zw_array_reserve(text->alloc, &memory, &text->capacity, text->len + more + 1, 1);
  text->ptr = memory;
  return text->error == 0;
}

void zw_text_add(zw_text *text, const void *ptr, size_t len) {
  if (!reserve(text, len)) return;
  if (len) memcpy(text->ptr + text->len, ptr, len);
  text->len += len;
  text->ptr[text->len] = 0;
}

void zw_text_add_str(zw_text *text, zw_str s) { zw_text_add(text, s.ptr, s.len); }

/* Written into the room that there is; what does not fit is written again. */
void zw_text_printf(zw_text *text, const char *format, ...) {
  va_list args, again;
  size_t room = text->error ? 0 : text->capacity - text->len;
  char *end = room ? text->ptr + text->len : NULL;
  va_start(args, format);
  va_copy(again, args);
  int n = vsnprintf(end, room, format, args);
  if (n < 0 && !text->error) text->error = ZW_EINVAL; /* above INT_MAX octets */
  bool fits = n >= 0 && (size_t)n < room;
  if (end && !fits) *end = 0;
  if (n >= 0 && !fits && reserve(text, (size_t)n)) {
    vsnprintf(text->ptr + text->len, (size_t)n + 1, format, again);
    fits = true;
  }
  if (fits) text->len += (size_t)n;
  va_end(again);
  va_end(args);
}
