/* SPDX-License-Identifier: Apache-2.0 */
/* PEER copy|young IN OUT: IN is verified, unpacked into C structs, and packed again. The table is
 * also copied octet for octet, and both copies compare equal to the original.
 * test_languages.py builds it. */
#include <stdio.h>
#include <stdlib.h>

#include "constructs_generated.h"
#include "younger_generated.h"

static int failed(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  return 1;
}

static uint8_t *read_file(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  uint8_t *octets = NULL;
  long size = -1;
  if (file && fseek(file, 0, SEEK_END) == 0) size = ftell(file);
  if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) octets = malloc((size_t)size + 1);
  *len = octets ? fread(octets, 1, (size_t)size, file) : 0;
  if (file) fclose(file);
  return octets;
}

static int write_file(const char *path, zw_span bytes) {
  FILE *file = fopen(path, "wb");
  bool written = file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len;
  if (file && fclose(file)) written = false;
  return written ? 0 : failed(path, "cannot be written");
}

/* The same for both roots: ROOT_verify, _unpack, _pack, _clone, _finish, _compare. */
#define COPY(name, ROOT)                                                                       \
  static int name(zw_span bytes, zw_builder *b, zw_arena *arena, const char *out) {            \
    zw_diag diag = {0};                                                                        \
    ROOT original, made;                                                                       \
    ROOT##T object;                                                                            \
    if (ROOT##_verify(&original, bytes, &diag)) return failed("verifying", diag.message);      \
    int error = ROOT##_finish(b, ROOT##_clone(b, original), &made);                            \
    if (error) return failed("copying", zw_error_text(error));                                 \
    if (ROOT##_compare(original, made)) return failed("copying", "the copy is another");       \
    error = ROOT##_unpack(original, arena, &object);                                           \
    if (error) return failed("unpacking", zw_error_text(error));                               \
    error = ROOT##_pack(b, &object, &made);                                                    \
    if (error) return failed("packing", zw_error_text(error));                                 \
    if (ROOT##_compare(original, made)) return failed("packing", "what is packed is another"); \
    return write_file(out, zw_table_bytes(made.t));                                            \
  }

COPY(copy, zw_test_Everything)
COPY(young, zw_young_Everything)

int main(int argc, char **argv) {
  if (argc != 4) return failed("usage", "PEER copy|young IN OUT");
  bool is_young = strcmp(argv[1], "young") == 0;
  size_t len;
  uint8_t *octets = read_file(argv[2], &len);
  if (!octets) return failed(argv[2], "cannot be read");
  zw_builder b;
  zw_arena arena;
  zw_builder_init(&b, NULL);
  zw_arena_init(&arena, NULL);
  int code = (is_young ? young : copy)(zw_span_of(octets, len), &b, &arena, argv[3]);
  zw_arena_deinit(&arena);
  zw_builder_deinit(&b);
  free(octets);
  return code;
}
