/* SPDX-License-Identifier: Apache-2.0 */
/* PEER copy|young IN OUT: IN is verified, unpacked into C structs, and packed again. The table is
 * also copied octet for octet, and both copies compare equal to the original.
 * PEER verdicts IN OUT: whether each buffer of IN is accepted, by the generated descriptors and by
 * those that are loaded from the compiled schema. test_languages.py builds it. */
#include <inttypes.h>
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

/* ---- verdicts ---- */

typedef struct record {
  char mode[8];
  zw_verify_options options;
  unsigned prefix;
  size_t len;
  uint8_t octets[1 << 17];
} record;

/* A line of IN, see test_languages.py. */
static bool read_record(FILE *in, record *r) {
  unsigned octet;
  r->len = 0;
  if (fscanf(in, "%7s %" SCNu32 " %u %" SCNu32 " %" SCNu64, r->mode, &r->options.flags, &r->prefix,
             &r->options.depth_max, &r->options.offsets_max) != 5 ||
      fgetc(in) != ' ')
    return false;
  while (r->len < sizeof r->octets && fscanf(in, "%2x", &octet) == 1) {
    r->octets[r->len++] = (uint8_t)octet;
    int next = fgetc(in);
    if (next == '\n') return true;
    ungetc(next, in);
  }
  return false;
}

static bool accepts(const zw_schema *schema, const record *r) {
  zw_verify_options options = r->options;
  zw_str id = schema->identifier;
  uint8_t *octets = malloc(r->len);
  if (!octets) return false;
  memcpy(octets, r->octets, r->len);
  zw_span bytes = zw_span_of(octets, r->len);
  if (r->prefix == 8) options.flags |= ZW_VERIFY_SIZE64;
  int error = r->prefix ? zw_verify_sized(schema->root, id, bytes, &options, NULL, NULL)
                        : zw_verify_identified(schema->root, id, bytes, &options, NULL, NULL);
  free(octets);
  return error == 0;
}

static int verdicts(const char *in, const char *out) {
  static record r;
  const zw_schema *const made[] = {&constructs_schema, &younger_schema};
  zw_schema *loaded[2];
  FILE *from = fopen(in, "rb"), *to = fopen(out, "wb");
  if (!from || !to) return failed(in, "cannot be read, or no file written");
  for (unsigned i = 0; i < 2; i++)
    if (zw_schema_load(&loaded[i], made[i]->bfbs, NULL, NULL)) return failed("loading", "a schema");
  while (read_record(from, &r)) {
    unsigned i = strcmp(r.mode, "young") == 0;
    bool here = accepts(made[i], &r), there = accepts(loaded[i], &r);
    fputc(here != there ? '!' : here ? '1' : '0', to);
  }
  for (unsigned i = 0; i < 2; i++) zw_schema_destroy(loaded[i]);
  fclose(from);
  return fclose(to) ? failed(out, "cannot be written") : 0;
}

int main(int argc, char **argv) {
  if (argc != 4) return failed("usage", "PEER copy|young|verdicts IN OUT");
  if (strcmp(argv[1], "verdicts") == 0) return verdicts(argv[2], argv[3]);
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
