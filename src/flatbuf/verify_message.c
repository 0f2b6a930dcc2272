/* SPDX-License-Identifier: Apache-2.0 */
/* What verification says of bytes that it refuses: the path of the field, what is wrong, where. */
#include <stdio.h>

#include "verify.h"

static size_t print_path(const step *path, char *out, size_t size) {
  if (!path->field) return 0;
  size_t n = print_path(path->up, out, size);
  if (n + 1 >= size) return n;
  int w = snprintf(out + n, size - n, "%s%.*s", n ? "." : "", ZW_ARG(path->field->name));
  n = w < 0 ? n : n + (size_t)w < size ? n + (size_t)w : size - 1;
  if (path->index < 0 || n + 1 >= size) return n;
  w = snprintf(out + n, size - n, "[%lld]", (long long)path->index);
  return w < 0 ? n : n + (size_t)w < size ? n + (size_t)w : size - 1;
}

int zw_verify_refuse(const verifier *v, const step *path, int error, uint64_t at,
                     const char *what) {
  if (!v->diag) return error;
  char text[160] = "";
  size_t n = print_path(path, text, sizeof text);
  return zw_fail_at(v->diag, error, at, "%.*s%s%s: %s, at octet %llu", ZW_ARG(v->root->name),
                    n ? "." : "", text, what, (unsigned long long)at);
}

int zw_verify_refuse_offset(const verifier *v, const step *path, uint32_t pos) {
  if (zw_load_le32(v->buf + pos) == 0)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an offset is 0");
  if (zw_load_le32(v->buf + pos) - 1 >= v->last - pos)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an offset leads out of the buffer");
  if (v->flags & ZW_VERIFY_UNALIGNED) return 0;
  return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "an offset is not aligned");
}

int zw_verify_refuse_depth(const verifier *v, const step *path, uint32_t pos) {
  return zw_verify_refuse(v, path, ZW_ELIMIT, pos, "nested too deeply");
}

int zw_verify_refuse_vtable(const verifier *v, const step *path, uint32_t pos, uint32_t vtable) {
  bool even = (vtable & 1) == 0;
  if (even && vtable <= v->len - 2 && zw_load_le16(v->buf + vtable) < 4 &&
      zw_load_le16(v->buf + vtable) % 2 == 0)
    return zw_verify_refuse(v, path, ZW_EVERIFY, vtable, "a vtable is too short");
  if (vtable > v->last || !even)
    return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "a table without a valid vtable");
  return zw_verify_refuse(v, path, ZW_EVERIFY, vtable, "a vtable leads out of the buffer");
}

int zw_verify_refuse_table(const verifier *v, const step *path, uint32_t pos) {
  return zw_verify_refuse(v, path, ZW_EVERIFY, pos, "a table leads out of the buffer");
}
