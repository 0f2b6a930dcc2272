/* SPDX-License-Identifier: Apache-2.0 */
#include "wire_fixture.h"

#define O(literal) literal, sizeof(literal) - 1

/* Octets from the peer, what happens, and all that we send. */
typedef struct row {
  const char *name, *octets;
  size_t len;
  const char *log, *sent;
  size_t sent_len;
} row;

static void check(const row *rows, size_t count, const zw_wire_options *options) {
  for (size_t i = 0; i < count; i++)
    for (size_t step = 0; step < 4; step++) {
      wire_fixture f;
      assert_int_equal(wire_start(&f, options, 0), 0);
      take_sent(&f);
      feed(&f, rows[i].octets, rows[i].len, step);
      if (strcmp(wire_log(&f), rows[i].log) != 0) fail_msg("%s: %s", rows[i].name, f.log.ptr);
      assert_int_equal(f.sent.len, rows[i].sent_len);
      assert_memory_equal(f.sent.ptr, rows[i].sent, rows[i].sent_len);
      wire_end(&f);
    }
}

static const row server_rows[] = {
    {"cbor", O("\x7F\xF3\0\0"), "open ", O("\x7F\xF3\0\0")},
    {"flatbuffers", O("\x7F\x75\0\0"), "open ", O("\x7F\xF5\0\0")},
    {"json, smallest", O("\x7F\x01\0\0"), "open ", O("\x7F\xF1\0\0")},
    {"msgpack is not spoken", O("\x7F\xF2\0\0"), "fail:0 ", O("\x7F\x10\0\0")},
    {"serializer 0", O("\x7F\xF0\0\0"), "fail:0 ", O("\x7F\x10\0\0")},
    {"serializer 15", O("\x7F\xFF\0\0"), "fail:0 ", O("\x7F\x10\0\0")},
    {"reserved, third octet", O("\x7F\xF3\1\0"), "fail:0 ", O("\x7F\x30\0\0")},
    {"reserved, fourth octet", O("\x7F\xF3\0\x80"), "fail:0 ", O("\x7F\x30\0\0")},
    {"not whole", O("\x7F\xF3\0"), "", O("")},
    {"a message right behind", O("\x7F\xF3\0\0\0\0\0\5hello"), "open message:hello ",
     O("\x7F\xF3\0\0")},
    {"messages", O("\x7F\xF3\0\0\0\0\0\1a\0\0\0\0\0\0\0\2bc"),
     "open message:a message: message:bc ", O("\x7F\xF3\0\0")},
    {"ping", O("\x7F\xF3\0\0\1\0\0\3abc"), "open ", O("\x7F\xF3\0\0\2\0\0\3abc")},
    {"empty ping", O("\x7F\xF3\0\0\1\0\0\0"), "open ", O("\x7F\xF3\0\0\2\0\0\0")},
    {"pong", O("\x7F\xF3\0\0\2\0\0\1x\0\0\0\1y"), "open pong message:y ", O("\x7F\xF3\0\0")},
    {"a ping of 4097", O("\x7F\xF3\0\0\1\0\x10\1"), "open fail:0 ", O("\x7F\xF3\0\0")},
    {"frame type 3", O("\x7F\xF3\0\0\3\0\0\0"), "open fail:0 ", O("\x7F\xF3\0\0")},
    {"frame type 7", O("\x7F\xF3\0\0\7\0\0\0"), "open fail:0 ", O("\x7F\xF3\0\0")},
    {"reserved bit of a frame", O("\x7F\xF3\0\0\x10\0\0\1x"), "open fail:0 ", O("\x7F\xF3\0\0")},
    {"highest bit of a frame", O("\x7F\xF3\0\0\x80\0\0\1x"), "open fail:0 ", O("\x7F\xF3\0\0")},
    {"2^24 + 1", O("\x7F\xF3\0\0\x08\0\0\1"), "open fail:0 ", O("\x7F\xF3\0\0")},
    {"2^24, of which nothing came", O("\x7F\xF3\0\0\x08\0\0\0"), "open ", O("\x7F\xF3\0\0")},
    {"an empty message", O("\x7F\xF3\0\0\0\0\0\0"), "open message: ", O("\x7F\xF3\0\0")},
};

static void a_server(void **state) {
  (void)state;
  check(server_rows, sizeof server_rows / sizeof server_rows[0],
        &(zw_wire_options){.server = true, .serializers = 0x2A});
}

static const row client_rows[] = {
    {"opened", O("\x7F\xF3\0\0\0\0\0\1a"), "open message:a ", O("\x7F\xF3\0\0")},
    {"refused", O("\x7F\x10\0\0"), "fail:0 ", O("\x7F\xF3\0\0")},
    {"refused, unknown reason", O("\x7F\xF0\0\0"), "fail:0 ", O("\x7F\xF3\0\0")},
    {"another serializer", O("\x7F\xF1\0\0"), "fail:0 ", O("\x7F\xF3\0\0")},
    {"HTTP", O("HTTP/1.1 400 Bad Request\r\n\r\n"), "fail:0 ", O("\x7F\xF3\0\0")},
    {"ping", O("\x7F\xF3\0\0\1\0\0\1p"), "open ", O("\x7F\xF3\0\0\2\0\0\1p")},
};

static void a_client(void **state) {
  (void)state;
  check(client_rows, sizeof client_rows / sizeof client_rows[0],
        &(zw_wire_options){.transport = ZW_TRANSPORT_RAWSOCKET});
}

static void refusals_say_why(void **state) {
  (void)state;
  static const struct {
    const char *octets, *says;
  } rows[] = {
      {"\x7F\x10\0\0", "does not speak this serializer"},
      {"\x7F\x20\0\0", "does not accept this message length"},
      {"\x7F\x30\0\0", "reserved bits"},
      {"\x7F\x40\0\0", "too many connections"},
      {"\x7F\xF0\0\0", "refuses the connection"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    wire_fixture f;
    assert_int_equal(wire_start(&f, &(zw_wire_options){.transport = ZW_TRANSPORT_RAWSOCKET}, 0), 0);
    feed(&f, rows[i].octets, 4, 0);
    assert_int_equal(f.last.error, ZW_ENET);
    assert_non_null(strstr(f.last.what, rows[i].says));
    wire_end(&f);
  }
}

/* What is announced is what is accepted. */
static void the_announced_length(void **state) {
  (void)state;
  static const struct {
    uint32_t max;
    uint8_t code;
  } rows[] = {{1, 0},     {512, 0},      {1023, 0}, {1024, 1},           {70000, 7},
              {65536, 7}, {1 << 23, 14}, {0, 15},   {(1 << 24) - 1, 14}, {UINT32_MAX, 15}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    uint32_t announced = 512u << rows[i].code;
    for (int above = 0; above < 2; above++) {
      wire_fixture f;
      uint8_t header[4];
      wire_open(&f, &(zw_wire_options){.server = true, .message_max = rows[i].max},
                ZW_TRANSPORT_RAWSOCKET);
      uint32_t len = announced + (unsigned)above;
      zw_store_be32(header, (len & 0xFFFFFF) | (len >> 24) << 27);
      feed(&f, header, 4, 0);
      assert_string_equal(wire_log(&f), above ? "fail:0 " : "");
      if (above) assert_int_equal(f.last.error, ZW_ELIMIT);
      wire_end(&f);
    }
  }
}

static void the_peers_maximum(void **state) {
  (void)state;
  for (unsigned code = 0; code < 16; code++) {
    wire_fixture f;
    uint8_t hello[4] = {0x7F, (uint8_t)(code << 4 | 3), 0, 0};
    assert_int_equal(wire_start(&f, &(zw_wire_options){.server = true}, 0), 0);
    feed(&f, hello, 4, 0);
    assert_int_equal(zw_wire_peer_max(f.wire), 512u << code);
    assert_int_equal(zw_wire_transport(f.wire), ZW_TRANSPORT_RAWSOCKET);
    assert_int_equal(zw_wire_serializer(f.wire), 3);
    wire_end(&f);
  }
}

/* The 25th bit: exactly 2^24 octets. */
static void the_largest_message(void **state) {
  (void)state;
  wire_fixture f;
  enum { LEN = 1 << 24 };
  uint8_t *octets = malloc(LEN + 4);
  assert_non_null(octets);
  memset(octets, 'x', LEN + 4);
  assert_int_equal(zw_wire_frame_header(ZW_TRANSPORT_RAWSOCKET, false, LEN, octets), 4);
  assert_memory_equal(octets, "\x08\0\0\0", 4);
  wire_open(&f, &(zw_wire_options){.server = true}, ZW_TRANSPORT_RAWSOCKET);
  feed(&f, octets, LEN + 4, 100000);
  assert_string_equal(f.log.ptr, "message:(16777216) ");
  free(octets);
  wire_end(&f);
}

static void own_ping(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    wire_fixture f;
    wire_open(&f, &(zw_wire_options){.server = server}, ZW_TRANSPORT_RAWSOCKET);
    assert_int_equal(zw_wire_ping(f.wire, 0x4142434445464748), 0);
    take_sent(&f);
    feed(&f,
         "\2\0\0\x08"
         "ABCDEFGH",
         12, 0);
    assert_int_equal(zw_wire_close(f.wire, 1000, ZW_STR("bye")), 0);
    take_sent(&f);
    assert_string_equal(f.log.ptr, ">ping:ABCDEFGH pong ");
    wire_end(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_server),          cmocka_unit_test(a_client),
      cmocka_unit_test(refusals_say_why),  cmocka_unit_test(the_announced_length),
      cmocka_unit_test(the_peers_maximum), cmocka_unit_test(the_largest_message),
      cmocka_unit_test(own_ping),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
