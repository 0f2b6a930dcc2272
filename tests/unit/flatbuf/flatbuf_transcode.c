/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flatbuf_transcode SCHEMA.bfbs TYPE json|binary [FLAGS]: a filter for tests with other
 * implementations. Each line of stdin is a buffer in hexadecimal (to json) or one line of JSON (to
 * binary); each line of stdout is the other form, or "! " and why not. Buffers are verified before
 * they are printed. With a fourth argument, options of flatc as the number of enum zw_flatc_flag,
 * it is flatc's JSON, which has many lines: all in hexadecimal, both ways.
 */
#include <stdio.h>
#include <stdlib.h>

#include "zerowire/reflect.h"

#define LINE_MAX_OCTETS (8u << 20)

static int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

/* In place: the octets are half as long. */
static zw_span from_hex(char *line) {
  size_t n = 0;
  for (const char *p = line; p[0] > ' ' && p[1] > ' '; p += 2)
    line[n++] = (char)(digit(p[0]) << 4 | digit(p[1]));
  return zw_span_of(line, n);
}

static void print_hex(zw_span bytes) {
  for (size_t i = 0; i < bytes.len; i++) printf("%02x", bytes.ptr[i]);
  putchar('\n');
}

static int to_json(const zw_type *type, char *line, zw_text *out, zw_diag *diag) {
  static const zw_verify_options strict = {.flags = ZW_VERIFY_UTF8};
  zw_table table;
  int e = zw_verify(type, from_hex(line), &strict, &table, diag);
  zw_text_reset(out);
  if (!e) e = zw_json_print(type, table, 0, 0, out);
  if (!e) printf("%.*s\n", ZW_ARG(zw_text_str(out)));
  return e;
}

static int to_binary(const zw_type *type, const char *line, zw_builder *b, zw_diag *diag) {
  zw_span bytes;
  int e = zw_json_parse(type, zw_str_of(line), 0, 0, b, &bytes, diag);
  if (!e) print_hex(bytes);
  return e;
}

static int as_flatc(const zw_type *type, bool to_text, char *line, uint32_t flags, zw_builder *b,
                    zw_text *out, zw_diag *diag) {
  zw_span in = from_hex(line), bytes = {NULL, 0};
  zw_text_reset(out);
  int e = to_text ? zw_flatc_json_print(type, in, flags, out, diag)
                  : zw_flatc_json_parse(type, zw_span_str(in), flags, b, &bytes, diag);
  if (!e) print_hex(to_text ? zw_str_span(zw_text_str(out)) : bytes);
  return e;
}

static zw_schema *load(const char *path, char *scratch) {
  zw_schema *schema = NULL;
  zw_diag diag;
  FILE *file = fopen(path, "rb");
  size_t len = file ? fread(scratch, 1, LINE_MAX_OCTETS, file) : 0;
  if (file) fclose(file);
  if (zw_schema_load(&schema, zw_span_of(scratch, len), NULL, &diag))
    fprintf(stderr, "%s: %s\n", path, diag.message);
  return schema;
}

int main(int argc, char **argv) {
  char *line = malloc(LINE_MAX_OCTETS);
  if (argc < 4 || argc > 5 || !line) return 2;
  zw_schema *schema = load(argv[1], line);
  const zw_type *type = schema ? zw_schema_type(schema, zw_str_of(argv[2])) : NULL;
  zw_builder b;
  zw_text out;
  if (!type) return 2;
  zw_builder_init(&b, NULL);
  zw_text_init(&out, NULL);
  while (fgets(line, LINE_MAX_OCTETS, stdin)) {
    zw_diag diag = {0};
    bool to_text = argv[3][0] == 'j';
    int e = argc == 5 ? as_flatc(type, to_text, line, (uint32_t)strtoul(argv[4], NULL, 0), &b, &out,
                                 &diag)
            : to_text ? to_json(type, line, &out, &diag)
                      : to_binary(type, line, &b, &diag);
    if (e) printf("! %s: %s\n", zw_error_name(e), diag.message);
    fflush(stdout);
  }
  zw_text_deinit(&out);
  zw_builder_deinit(&b);
  zw_schema_destroy(schema);
  free(line);
  return 0;
}
