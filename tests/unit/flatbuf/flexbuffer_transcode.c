/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flexbuffer_transcode json|binary: a filter for tests with other implementations. Each line of
 * stdin is a FlexBuffer in hexadecimal (to json) or one line of JSON (to binary); each line of
 * stdout is the other form, or "! " and why not.
 */
#include <stdio.h>
#include <stdlib.h>

#include "zerowire/reflect.h"

#define LINE_MAX_OCTETS (8u << 20)

static int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

static zw_span from_hex(char *line) {
  size_t n = 0;
  for (const char *p = line; p[0] > ' ' && p[1] > ' '; p += 2)
    line[n++] = (char)(digit(p[0]) << 4 | digit(p[1]));
  return zw_span_of(line, n);
}

static int copy(zw_token_reader *in, zw_token_writer *out, zw_diag *diag) {
  zw_token first;
  int e = in->next(in, &first, diag);
  return e ? e : zw_token_copy(in, &first, out, diag);
}

static int to_json(char *line, zw_text *out, zw_diag *diag) {
  zw_flexbuffer_reader flex;
  zw_json_writer json;
  zw_flexbuffer_reader_init(&flex, from_hex(line));
  zw_json_writer_init(&json, out, ZW_JSON_NAN, 0);
  int e = copy(&flex.reader, &json.writer, diag);
  if (!e) printf("%.*s\n", ZW_ARG(zw_text_str(out)));
  return e;
}

static int to_binary(const char *line, zw_text *out, zw_diag *diag) {
  zw_json_reader json;
  zw_flexbuffer_writer flex;
  zw_json_reader_init(&json, zw_str_of(line), ZW_JSON_BINARY, ZW_JSON_DEPTH_MAX, NULL);
  zw_flexbuffer_writer_init(&flex, out);
  int e = copy(&json.reader, &flex.writer, diag);
  for (size_t i = 0; !e && i < out->len; i++) printf("%02x", (uint8_t)out->ptr[i]);
  if (!e) putchar('\n');
  zw_flexbuffer_writer_deinit(&flex);
  zw_json_reader_deinit(&json);
  return e;
}

int main(int argc, char **argv) {
  char *line = malloc(LINE_MAX_OCTETS);
  zw_text out;
  if (argc != 2 || !line) return 2;
  zw_text_init(&out, NULL);
  while (fgets(line, LINE_MAX_OCTETS, stdin)) {
    zw_diag diag = {0};
    zw_text_reset(&out);
    int e = argv[1][0] == 'j' ? to_json(line, &out, &diag) : to_binary(line, &out, &diag);
    if (e) printf("! %s: %s\n", zw_error_name(e), diag.message);
  }
  zw_text_deinit(&out);
  free(line);
  return 0;
}
