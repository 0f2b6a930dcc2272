/* SPDX-License-Identifier: Apache-2.0 */
/* Strings as JSON text, in our form and in flatc's. */
#ifndef ZEROWIRE_FLATBUF_JSON_STRING_H
#define ZEROWIRE_FLATBUF_JSON_STRING_H

#include "zerowire/base.h"

/* Room for `more` octets at the end of the text, which the caller fills and counts; NULL: no memory
 * (the text's sticky error). */
static inline char *zw_json_room(zw_text *out, size_t more) {
  if (!out->error && out->capacity - out->len > more) return out->ptr + out->len;
  void *memory = out->ptr;
  if (!out->error && more > SIZE_MAX / 2 - out->len) out->error = ZW_ENOMEM;
  if (!out->error)
    out->error = zw_array_reserve(out->alloc, &memory, &out->capacity, out->len + more + 1, 1);
  out->ptr = (char *)memory;
  return out->error ? NULL : out->ptr + out->len;
}

/* Appends octets that fit where zw_json_room has been asked for them. */
static inline void zw_json_put(zw_text *out, const char *text, size_t len) {
  char *p = zw_json_room(out, len);
  if (!p) return;
  memcpy(p, text, len);
  out->len += len;
}

/* In quotes, characters beyond ASCII as they are. ZW_EVERIFY: not UTF-8. */
int zw_json_put_string(zw_text *out, zw_str text);

/* As flatc writes it: characters beyond ASCII as \uXXXX, unless `natural`; octets that are not
 * UTF-8 as \xXX if `any`, else ZW_EVERIFY. */
int zw_json_put_flatc_string(zw_text *out, zw_str text, bool natural, bool any);

#endif
