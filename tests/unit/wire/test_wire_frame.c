/* SPDX-License-Identifier: Apache-2.0 */
#include "wire_fixture.h"

static void headers(void **state) {
  (void)state;
  static const struct {
    size_t len;
    const char *websocket;
    size_t websocket_len;
    const char *rawsocket;
  } rows[] = {
      {0, "\x82\0", 2, "\0\0\0\0"},
      {125, "\x82\x7D", 2, "\0\0\0\x7D"},
      {126, "\x82\x7E\0\x7E", 4, "\0\0\0\x7E"},
      {65535, "\x82\x7E\xFF\xFF", 4, "\0\0\xFF\xFF"},
      {65536, "\x82\x7F\0\0\0\0\0\1\0\0", 10, "\0\1\0\0"},
      {16777215, "\x82\x7F\0\0\0\0\0\xFF\xFF\xFF", 10, "\0\xFF\xFF\xFF"},
      {16777216, "\x82\x7F\0\0\0\0\1\0\0\0", 10, "\x08\0\0\0"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    uint8_t out[ZW_WIRE_HEADER_MAX];
    assert_int_equal(zw_wire_frame_header(ZW_TRANSPORT_WEBSOCKET, false, rows[i].len, out),
                     rows[i].websocket_len);
    assert_memory_equal(out, rows[i].websocket, rows[i].websocket_len);
    zw_wire_frame_header(ZW_TRANSPORT_WEBSOCKET, true, rows[i].len, out);
    assert_int_equal(out[0], 0x81);
    assert_int_equal(zw_wire_frame_header(ZW_TRANSPORT_RAWSOCKET, false, rows[i].len, out), 4);
    assert_memory_equal(out, rows[i].rawsocket, 4);
  }
}

/* Any offset, any length, in place too. */
static void masking(void **state) {
  (void)state;
  static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
  uint8_t from[64], to[64];
  for (size_t i = 0; i < sizeof from; i++) from[i] = (uint8_t)(i * 37);
  for (size_t begin = 0; begin < 9; begin++)
    for (size_t len = 0; begin + len <= sizeof from; len++) {
      memset(to, 0xEE, sizeof to);
      zw_wire_mask(to + begin, from + begin, len, mask, begin);
      for (size_t i = 0; i < sizeof to; i++)
        assert_int_equal(to[i], i < begin || i >= begin + len ? 0xEE : from[i] ^ mask[i & 3]);
      zw_wire_mask(to + begin, to + begin, len, mask, begin);
      assert_memory_equal(to + begin, from + begin, len);
    }
}

static void masked_headers(void **state) {
  (void)state;
  wire_fixture f;
  uint8_t out[ZW_WIRE_HEADER_MAX], mask[4];
  static const size_t lens[] = {5, 200, 70000}, sizes[] = {6, 8, 14};
  wire_open(&f, &(zw_wire_options){.server = false}, ZW_TRANSPORT_WEBSOCKET);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(zw_wire_frame_header_masked(f.wire, lens[i], out, mask), sizes[i]);
    assert_int_equal(out[0], 0x82);
    assert_true(out[1] & 0x80);
    assert_memory_equal(out + sizes[i] - 4, mask, 4);
    assert_memory_equal(mask, "\x11\x22\x33\x44", 4);
  }
  wire_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(headers),
      cmocka_unit_test(masking),
      cmocka_unit_test(masked_headers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
