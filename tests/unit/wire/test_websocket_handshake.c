/* SPDX-License-Identifier: Apache-2.0 */
/* The upgrade to WebSocket from both sides, and who is refused. */
#include "wire_fixture.h"

#define HOST "Host: localhost:9267\r\n"
#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define KEY "Sec-WebSocket-Key: " WS_KEY "\r\n"
#define V13 "Sec-WebSocket-Version: 13\r\n"
#define CBOR "Sec-WebSocket-Protocol: wamp.2.cbor\r\n"
#define GET "GET /ws HTTP/1.1\r\n"

static const zw_str our_names[] = {ZW_STR("localhost"), ZW_STR("127.0.0.1"), ZW_STR("[::1]")};

static const struct {
  const char *name, *request, *log, *status, *says;
} rows[] = {
    {"as it should be", GET HOST UPGRADE KEY V13 CBOR "\r\n", "open ", "101",
     "Sec-WebSocket-Accept: " WS_ACCEPT "\r\n"},
    {"other cases and lists",
     GET "host:LocalHost\r\nupgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\n"
         "sec-websocket-KEY:  " WS_KEY "  \r\n" V13
         "Sec-WebSocket-Protocol: wamp.2.msgpack ,wamp.2.cbor\r\n\r\n",
     "open ", "101", "Sec-WebSocket-Protocol: wamp.2.cbor\r\n"},
    {"the client's order counts",
     GET HOST UPGRADE KEY V13 "Sec-WebSocket-Protocol: wamp.2.json, wamp.2.cbor\r\n\r\n", "open ",
     "101", "Sec-WebSocket-Protocol: wamp.2.json\r\n"},
    {"lists in several headers",
     GET HOST "Upgrade: h2c\r\nUpgrade: websocket\r\nConnection: keep-alive\r\nConnection: "
              "Upgrade\r\n" KEY V13 "Sec-WebSocket-Protocol: chat\r\n" CBOR "\r\n",
     "open ", "101", "Sec-WebSocket-Protocol: wamp.2.cbor\r\n"},
    {"our own page", GET HOST "Origin: http://localhost:9267\r\n" UPGRADE KEY V13 CBOR "\r\n",
     "open ", "101", ""},
    {"IPv6", GET "Host: [::1]:9267\r\nOrigin: http://[::1]:9267\r\n" UPGRADE KEY V13 CBOR "\r\n",
     "open ", "101", ""},
    /* Origin and Host. */
    {"a foreign page", GET HOST "Origin: https://evil.example\r\n" UPGRADE KEY V13 CBOR "\r\n",
     "fail:0 ", "403", "the Origin is not this server's"},
    {"a page without origin", GET HOST "Origin: null\r\n" UPGRADE KEY V13 CBOR "\r\n", "fail:0 ",
     "403", "the Origin is not this server's"},
    {"our name as a prefix",
     GET HOST "Origin: http://localhost.evil.example\r\n" UPGRADE KEY V13 CBOR "\r\n", "fail:0 ",
     "403", "the Origin is not this server's"},
    {"our name as a user",
     GET HOST "Origin: http://localhost@evil.example\r\n" UPGRADE KEY V13 CBOR "\r\n", "fail:0 ",
     "403", "the Origin is not this server's"},
    {"a rebound name", GET "Host: evil.example:9267\r\n" UPGRADE KEY V13 CBOR "\r\n", "fail:0 ",
     "403", "the Host is not this server's"},
    {"a rebound name, plain", GET "Host: evil.example\r\n\r\n", "fail:0 ", "403",
     "the Host is not this server's"},
    {"two hosts", GET HOST "Host: evil.example\r\n" UPGRADE KEY V13 CBOR "\r\n", "fail:0 ", "400",
     "the header Host comes twice"},
    {"no host", GET UPGRADE KEY V13 CBOR "\r\n", "fail:0 ", "400", "the header Host is missing"},
    /* Subprotocols. */
    {"no subprotocol", GET HOST UPGRADE KEY V13 "\r\n", "fail:0 ", "400",
     "this server speaks wamp.2.flatbuffers wamp.2.cbor wamp.2.json\n"},
    {"foreign subprotocols",
     GET HOST UPGRADE KEY V13 "Sec-WebSocket-Protocol: wamp.2.msgpack, chat\r\n\r\n", "fail:0 ",
     "400", "this server speaks wamp.2.flatbuffers wamp.2.cbor wamp.2.json\n"},
    {"a prefix of one", GET HOST UPGRADE KEY V13 "Sec-WebSocket-Protocol: wamp.2.cbo\r\n\r\n",
     "fail:0 ", "400", "no common subprotocol"},
    /* The rest. */
    {"no version", GET HOST UPGRADE KEY CBOR "\r\n", "fail:0 ", "426",
     "\r\nSec-WebSocket-Version: 13\r\n"},
    {"version 8", GET HOST UPGRADE KEY "Sec-WebSocket-Version: 8\r\n" CBOR "\r\n", "fail:0 ", "426",
     "only Sec-WebSocket-Version 13"},
    {"no key", GET HOST UPGRADE V13 CBOR "\r\n", "fail:0 ", "400", "Sec-WebSocket-Key"},
    {"a short key", GET HOST UPGRADE "Sec-WebSocket-Key: abc\r\n" V13 CBOR "\r\n", "fail:0 ", "400",
     "Sec-WebSocket-Key"},
    {"no Connection", GET HOST "Upgrade: websocket\r\n" KEY V13 CBOR "\r\n", "fail:0 ", "400",
     "Connection: Upgrade"},
    {"POST", "POST /ws HTTP/1.1\r\n" HOST UPGRADE KEY V13 CBOR "\r\n", "fail:0 ", "400",
     "needs GET"},
    {"HTTP/1.0", "GET /ws HTTP/1.0\r\n" HOST UPGRADE KEY V13 CBOR "\r\n", "fail:0 ", "400",
     "HTTP/1.1"},
};

static const zw_wire_options server = {
    .server = true, .serializers = 0x2A, .hosts = our_names, .host_count = 3};

static void requests_of_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    for (size_t step = 0; step < 3; step++) {
      wire_fixture f;
      char status[32];
      assert_int_equal(wire_start(&f, &server, 0), 0);
      feed(&f, rows[i].request, strlen(rows[i].request), step);
      snprintf(status, sizeof status, "HTTP/1.1 %s ", rows[i].status);
      if (strcmp(wire_log(&f), rows[i].log) != 0 || !f.sent.ptr ||
          strncmp(f.sent.ptr, status, strlen(status)) != 0 || !strstr(f.sent.ptr, rows[i].says))
        fail_msg("%s: %s\n%s", rows[i].name, f.log.ptr, f.sent.ptr);
      if (f.last.kind == ZW_WIRE_FAIL) assert_null(strchr(f.last.what, '\n'));
      wire_end(&f);
    }
}

static void any_host_where_no_names_are_given(void **state) {
  (void)state;
  static const char request[] =
      GET "Host: a.example\r\nOrigin: http://b.example\r\n" UPGRADE KEY V13 CBOR "\r\n";
  wire_fixture f;
  assert_int_equal(wire_start(&f, &(zw_wire_options){.server = true}, 0), 0);
  feed(&f, request, sizeof request - 1, 0);
  assert_string_equal(f.log.ptr, "open ");
  assert_int_equal(zw_wire_transport(f.wire), ZW_TRANSPORT_WEBSOCKET);
  assert_int_equal(zw_wire_serializer(f.wire), 3);
  assert_int_equal(zw_wire_peer_max(f.wire), UINT32_MAX);
  assert_false(zw_wire_is_text(f.wire));
  wire_end(&f);
}

/* Frames may follow the request in one segment. */
static void frames_right_behind_the_request(void **state) {
  (void)state;
  wire_fixture f;
  char octets[600] = GET HOST UPGRADE KEY V13 "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n";
  size_t n = strlen(octets);
  memcpy(octets + n, "\x81\x82\0\0\0\0[]\x89\x80\0\0\0\0", 14);
  assert_int_equal(wire_start(&f, &server, 0), 0);
  feed(&f, octets, n + 14, 0);
  assert_string_equal(f.log.ptr, "open text:[] ");
  assert_true(zw_wire_is_text(f.wire));
  assert_memory_equal(f.sent.ptr + f.sent.len - 2, "\x8A\0", 2);
  wire_end(&f);
}

/* ---- the client ---- */

#define ANSWER "HTTP/1.1 101 Switching Protocols\r\n"
#define ACCEPT "Sec-WebSocket-Accept: %s\r\n"

static const struct {
  const char *name, *answer;
  const char *log, *says;
} answers[] = {
    {"as it should be", ANSWER UPGRADE ACCEPT CBOR "\r\n", "open ", NULL},
    {"another protocol", ANSWER UPGRADE ACCEPT "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n",
     "fail:0 ", "another subprotocol"},
    {"no protocol", ANSWER UPGRADE ACCEPT "\r\n", "fail:0 ", "another subprotocol"},
    {"a wrong accept", ANSWER UPGRADE "Sec-WebSocket-Accept: " WS_ACCEPT "\r\n" CBOR "\r\n",
     "fail:0 ", "Sec-WebSocket-Accept is wrong"},
    {"no accept", ANSWER UPGRADE CBOR "\r\n", "fail:0 ", "Sec-WebSocket-Accept is wrong"},
    {"no Connection", ANSWER "Upgrade: websocket\r\n" ACCEPT CBOR "\r\n", "fail:0 ",
     "refuses the upgrade"},
    {"an extension", ANSWER UPGRADE ACCEPT "Sec-WebSocket-Extensions: x\r\n" CBOR "\r\n", "fail:0 ",
     "an extension"},
    {"no upgrade", ANSWER ACCEPT CBOR "\r\n", "fail:0 ", "refuses the upgrade"},
    {"403", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "fail:0 ",
     "refuses the upgrade"},
    {"no HTTP", "SSH-2.0-x\r\n\r\n", "fail:0 ", "malformed"},
    {"RawSocket", "\x7F\xF3\r\n\r\n", "fail:0 ", "malformed"},
};

static void answers_of_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
    for (size_t step = 0; step < 2; step++) {
      wire_fixture f;
      char text[500];
      zw_wire_options client = {.transport = ZW_TRANSPORT_WEBSOCKET,
                                .host = ZW_STR("localhost:9267"),
                                .path = ZW_STR("/ws")};
      assert_int_equal(wire_start(&f, &client, 0), 0);
      take_sent(&f);
      assert_non_null(strstr(f.sent.ptr, "GET /ws HTTP/1.1\r\nHost: localhost:9267\r\n"));
      assert_non_null(strstr(f.sent.ptr, "Sec-WebSocket-Protocol: wamp.2.cbor\r\n"));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      int n = snprintf(text, sizeof text, answers[i].answer, f.wire->accept);
#pragma GCC diagnostic pop
      feed(&f, text, (size_t)n, step);
      if (strcmp(wire_log(&f), answers[i].log) != 0 ||
          (answers[i].says && !strstr(f.last.what, answers[i].says)))
        fail_msg("%s: %s (%s)", answers[i].name, f.log.ptr, f.last.what);
      wire_end(&f);
    }
}

/* Both machines, one against the other. */
static void our_client_and_our_server(void **state) {
  (void)state;
  for (uint8_t serializer = 1; serializer <= 5; serializer++) {
    wire_fixture s, c;
    if (!(0x2A >> serializer & 1)) continue;
    zw_wire_options client = {.transport = ZW_TRANSPORT_WEBSOCKET,
                              .serializers = ZW_WIRE_SERIALIZER_BIT(serializer),
                              .host = ZW_STR("127.0.0.1:1"),
                              .path = ZW_STR("/")};
    assert_int_equal(wire_start(&s, &server, 0), 0);
    assert_int_equal(wire_start(&c, &client, 0), 0);
    take_sent(&c);
    feed(&s, c.sent.ptr, c.sent.len, 0);
    feed(&c, s.sent.ptr, s.sent.len, 0);
    assert_string_equal(s.log.ptr, "open ");
    assert_string_equal(c.log.ptr, "open ");
    assert_int_equal(zw_wire_serializer(s.wire), serializer);
    assert_int_equal(zw_wire_serializer(c.wire), serializer);
    assert_int_equal(zw_wire_is_text(s.wire), serializer == 1);
    wire_end(&c);
    wire_end(&s);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(requests_of_the_table),
      cmocka_unit_test(any_host_where_no_names_are_given),
      cmocka_unit_test(frames_right_behind_the_request),
      cmocka_unit_test(answers_of_the_table),
      cmocka_unit_test(our_client_and_our_server),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
