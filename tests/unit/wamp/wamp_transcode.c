/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wamp_transcode FROM TO [legacy]: a filter for tests with other implementations. Each line of
 * stdin is one message in hexadecimal, in serializer FROM; each line of stdout the same message in
 * serializer TO, or "! " and why not. `legacy`: FlatBuffers peers are legacy ones.
 */
#include <stdio.h>
#include <stdlib.h>

#include "zerowire/wamp.h"

#define LINE_MAX_OCTETS (8u << 20)

static enum zw_serializer serializer_of(const char *name) {
  static const enum zw_serializer all[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  for (size_t i = 0; i < 3; i++) {
    if (strcmp(name, zw_serializer_name(all[i])) == 0) return all[i];
  }
  return ZW_SERIALIZER_NONE;
}

static int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

/* In place: the octets are half as long. */
static zw_span from_hex(char *line) {
  size_t n = 0;
  for (const char *p = line; p[0] > ' ' && p[1] > ' '; p += 2)
    line[n++] = (char)(digit(p[0]) << 4 | digit(p[1]));
  return zw_span_of(line, n);
}

static void print_parts(const zw_encoded *encoded) {
  for (uint32_t i = 0; i < encoded->count; i++) {
    for (size_t k = 0; k < encoded->parts[i].len; k++) printf("%02x", encoded->parts[i].ptr[k]);
  }
  putchar('\n');
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  enum zw_serializer from = serializer_of(argv[1]), to = serializer_of(argv[2]);
  bool legacy = argc > 3 && strcmp(argv[3], "legacy") == 0;
  char *line = malloc(LINE_MAX_OCTETS);
  zw_encoder encoder;
  zw_arena arena;
  if (!line || !from || !to) return 2;
  zw_encoder_init(&encoder, NULL);
  zw_arena_init(&arena, NULL);
  while (fgets(line, LINE_MAX_OCTETS, stdin)) {
    zw_msg msg;
    zw_encoded encoded;
    zw_diag diag = {0};
    zw_wamp_limits limits = {.legacy = legacy, .scratch = &arena};
    int e = zw_msg_decode(&msg, from, from_hex(line), &limits, &diag);
    if (!e) e = zw_msg_encode(&encoder, to, legacy ? ZW_ENCODE_LEGACY : 0, &msg, &encoded, &diag);
    if (e)
      printf("! %s: %s\n", zw_error_name(e), diag.message);
    else
      print_parts(&encoded);
    fflush(stdout);
    zw_arena_reset(&arena);
  }
  zw_encoder_deinit(&encoder);
  zw_arena_deinit(&arena);
  free(line);
  return 0;
}
