/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6455 by a table of frames: each row at once, octet by octet and in odd pieces, received by a
 * server (masked frames) and by a client (unmasked). */
#include "wire_fixture.h"

enum how {
  AS_DUE,
  WRONG_MASK, /* unmasked to a server, masked to a client */
  LEN16,      /* in 16 bits, whatever the length */
  LEN64,
  TOP_BIT,   /* 64 bits, the highest set */
  ABOVE_MAX, /* says one octet more than is accepted, sends none */
};

typedef struct frame {
  uint8_t first;
  const char *payload;
  size_t len;
  enum how how;
} frame;

#define F(first, literal) \
  { first, literal, sizeof(literal) - 1, AS_DUE }
#define FH(first, literal, how) \
  { first, literal, sizeof(literal) - 1, how }
#define X125                                                        \
  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define KAPPA "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5" /* κόσμε */

static const struct row {
  const char *name;
  frame frames[6];
  const char *log;
} rows[] = {
    /* Messages. */
    {"binary", {F(0x82, "Hello")}, "message:Hello "},
    {"text", {F(0x81, "Hello")}, "text:Hello "},
    {"empty", {F(0x82, ""), F(0x81, "")}, "message: text: "},
    {"125 octets", {F(0x82, X125)}, "message:(125) "},
    {"126 octets", {F(0x82, X125 "x")}, "message:(126) "},
    {"several", {F(0x82, "a"), F(0x81, "b"), F(0x82, "c")}, "message:a text:b message:c "},
    /* Fragments. */
    {"two fragments", {F(0x02, "Hel"), F(0x80, "lo")}, "message:Hello "},
    {"text in fragments", {F(0x01, "Hel"), F(0x00, ""), F(0x80, "lo")}, "text:Hello "},
    {"empty fragments", {F(0x02, ""), F(0x00, ""), F(0x80, "")}, "message: "},
    {"the last is empty", {F(0x02, "ab"), F(0x00, "c"), F(0x80, "")}, "message:abc "},
    {"after fragments", {F(0x02, "a"), F(0x80, "b"), F(0x82, "c")}, "message:ab message:c "},
    {"a continuation of nothing", {F(0x80, "x"), F(0x82, "y")}, ">close:1002 fail:1002 "},
    {"a first continuation", {F(0x00, "x")}, ">close:1002 fail:1002 "},
    {"after the end",
     {F(0x02, "a"), F(0x80, "b"), F(0x80, "c")},
     "message:ab >close:1002 fail:1002 "},
    {"a message inside another", {F(0x02, "a"), F(0x82, "b")}, ">close:1002 fail:1002 "},
    {"text inside binary", {F(0x02, "a"), F(0x01, "b")}, ">close:1002 fail:1002 "},
    /* Control frames. */
    {"ping", {F(0x89, "abc")}, ">pong:abc "},
    {"empty ping", {F(0x89, "")}, ">pong: "},
    {"ping of 125", {F(0x89, X125)}, ">pong:(125) "},
    {"ping of 126", {F(0x89, X125 "x")}, ">close:1002 fail:1002 "},
    {"pong that nobody asked for", {F(0x8A, "x"), F(0x82, "y")}, "pong message:y "},
    {"pings in order",
     {F(0x89, "1"), F(0x89, "2"), F(0x82, "m"), F(0x89, "3")},
     ">pong:1 >pong:2 message:m >pong:3 "},
    {"ping between fragments",
     {F(0x02, "a"), F(0x89, "p"), F(0x00, "b"), F(0x8A, ""), F(0x80, "c")},
     ">pong:p pong message:abc "},
    {"fragmented ping", {F(0x09, "a"), F(0x80, "b")}, ">close:1002 fail:1002 "},
    {"ping in 16 bits", {FH(0x89, "a", LEN16)}, ">close:1002 fail:1002 "},
    {"close between fragments", {F(0x02, "a"), F(0x88, "\x03\xE8")}, ">close:1000 close:1000: "},
    {"nothing after close",
     {F(0x88, "\x03\xE8"), F(0x82, "x"), F(0x89, "p")},
     ">close:1000 close:1000: "},
    {"fragmented close", {F(0x08, "\x03\xE8")}, ">close:1002 fail:1002 "},
    /* Opcodes and bits. */
    {"opcode 3", {F(0x83, "x")}, ">close:1002 fail:1002 "},
    {"opcode 7", {F(0x87, "x")}, ">close:1002 fail:1002 "},
    {"opcode 11", {F(0x8B, "")}, ">close:1002 fail:1002 "},
    {"opcode 15", {F(0x8F, "")}, ">close:1002 fail:1002 "},
    {"RSV1", {F(0xC2, "x")}, ">close:1002 fail:1002 "},
    {"RSV2", {F(0xA2, "x")}, ">close:1002 fail:1002 "},
    {"RSV3 on a ping", {F(0x99, "")}, ">close:1002 fail:1002 "},
    {"RSV1 on a continuation", {F(0x02, "x"), F(0xC0, "x")}, ">close:1002 fail:1002 "},
    {"the wrong mask", {FH(0x82, "x", WRONG_MASK)}, ">close:1002 fail:1002 "},
    {"the wrong mask on a ping", {FH(0x89, "", WRONG_MASK)}, ">close:1002 fail:1002 "},
    /* Lengths. */
    {"not the shortest, 16 bits", {FH(0x82, "x", LEN16)}, ">close:1002 fail:1002 "},
    {"not the shortest, 64 bits", {FH(0x82, "x", LEN64)}, ">close:1002 fail:1002 "},
    {"126 octets in 64 bits", {FH(0x82, X125 "x", LEN64)}, ">close:1002 fail:1002 "},
    {"the top bit", {FH(0x82, "", TOP_BIT)}, ">close:1002 fail:1002 "},
    {"above the maximum", {FH(0x82, "", ABOVE_MAX)}, ">close:1009 fail:1009 "},
    {"above with fragments", {F(0x02, X125), FH(0x80, "", ABOVE_MAX)}, ">close:1009 fail:1009 "},
    /* Close codes. */
    {"close",
     {F(0x88, "\x03\xE8"
              "bye")},
     ">close:1000 close:1000:bye "},
    {"close without a code", {F(0x88, "")}, ">close:0 close:1005: "},
    {"close of one octet", {F(0x88, "\x03")}, ">close:1002 fail:1002 "},
    {"999", {F(0x88, "\x03\xE7")}, ">close:1002 fail:1002 "},
    {"1001", {F(0x88, "\x03\xE9")}, ">close:1001 close:1001: "},
    {"1003", {F(0x88, "\x03\xEB")}, ">close:1003 close:1003: "},
    {"1004", {F(0x88, "\x03\xEC")}, ">close:1002 fail:1002 "},
    {"1005", {F(0x88, "\x03\xED")}, ">close:1002 fail:1002 "},
    {"1006", {F(0x88, "\x03\xEE")}, ">close:1002 fail:1002 "},
    {"1007", {F(0x88, "\x03\xEF")}, ">close:1007 close:1007: "},
    {"1011", {F(0x88, "\x03\xF3")}, ">close:1011 close:1011: "},
    {"1015", {F(0x88, "\x03\xF7")}, ">close:1002 fail:1002 "},
    {"1016", {F(0x88, "\x03\xF8")}, ">close:1002 fail:1002 "},
    {"1100", {F(0x88, "\x04\x4C")}, ">close:1002 fail:1002 "},
    {"2999", {F(0x88, "\x0B\xB7")}, ">close:1002 fail:1002 "},
    {"3000", {F(0x88, "\x0B\xB8")}, ">close:3000 close:3000: "},
    {"4999", {F(0x88, "\x13\x87")}, ">close:4999 close:4999: "},
    {"5000", {F(0x88, "\x13\x88")}, ">close:1002 fail:1002 "},
    {"65535", {F(0x88, "\xFF\xFF")}, ">close:1002 fail:1002 "},
    {"a reason that is not UTF-8", {F(0x88, "\x03\xE8\xFF")}, ">close:1007 fail:1007 "},
    {"a reason of 123",
     {F(0x88, "\x03\xE8xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")},
     ">close:1000 close:1000:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "},
    /* UTF-8. */
    {"UTF-8", {F(0x81, KAPPA)}, "text:(11) "},
    {"split inside a character",
     {F(0x01, "\xCE"), F(0x00, "\xBA\xE1"), F(0x00, "\xBD"), F(0x80, "\xB9")},
     "text:(5) "},
    {"a ping inside a character",
     {F(0x01, "\xCE"), F(0x89, ""), F(0x80, "\xBA")},
     ">pong: text:(2) "},
    {"a wrong octet", {F(0x81, "ab\xFF")}, ">close:1007 fail:1007 "},
    {"a surrogate", {F(0x81, "\xED\xA0\x80")}, ">close:1007 fail:1007 "},
    {"an overlong form", {F(0x81, "\xC0\xAF")}, ">close:1007 fail:1007 "},
    {"above 10FFFF", {F(0x81, "\xF4\x90\x80\x80")}, ">close:1007 fail:1007 "},
    {"a lone continuation", {F(0x81, "\x80")}, ">close:1007 fail:1007 "},
    {"it ends inside a character", {F(0x81, KAPPA "\xCE")}, ">close:1007 fail:1007 "},
    {"the fragments end inside", {F(0x01, "\xCE"), F(0x80, "")}, ">close:1007 fail:1007 "},
    {"wrong before its end", {F(0x01, "\xFF"), F(0x02, "")}, ">close:1007 fail:1007 "},
    {"binary may be anything", {F(0x82, "\xFF\xFE")}, "message:(2) "},
};

#define MAX 70000

static size_t put_frame(uint8_t *out, const frame *f, bool masked) {
  static const uint8_t key[4] = {0x37, 0xFA, 0x21, 0x3D};
  size_t n = 2;
  uint64_t len = f->how == ABOVE_MAX ? MAX + 1 : f->how == TOP_BIT ? (uint64_t)1 << 63 : f->len;
  if (f->how == WRONG_MASK) masked = !masked;
  out[0] = f->first;
  if (f->how == LEN64 || len > UINT16_MAX) {
    out[1] = 127;
    zw_store_be64(out + n, len);
    n += 8;
  } else if (f->how == LEN16 || len > 125) {
    out[1] = 126;
    zw_store_be16(out + n, (uint16_t)len);
    n += 2;
  } else {
    out[1] = (uint8_t)len;
  }
  if (masked) {
    out[1] |= 0x80;
    memcpy(out + n, key, 4);
    n += 4;
  }
  for (size_t i = 0; i < f->len; i++)
    out[n + i] = (uint8_t)((uint8_t)f->payload[i] ^ (masked ? key[i & 3] : 0));
  return n + f->len;
}

static void check_row(const struct row *row, bool server, size_t step) {
  wire_fixture f;
  uint8_t octets[2048];
  size_t len = 0;
  for (size_t i = 0; i < 6 && row->frames[i].payload; i++)
    len += put_frame(octets + len, &row->frames[i], server);
  wire_open(&f, &(zw_wire_options){.server = server, .message_max = MAX}, ZW_TRANSPORT_WEBSOCKET);
  feed(&f, octets, len, step);
  if (strcmp(wire_log(&f), row->log) != 0)
    fail_msg("%s, %s, pieces of %zu:\n  %s\n  %s", row->name, server ? "server" : "client", step,
             f.log.ptr, row->log);
  if (f.last.kind == ZW_WIRE_FAIL) assert_non_null(f.last.what);
  wire_end(&f);
}

static void frames_of_the_table(void **state) {
  (void)state;
  static const size_t steps[] = {0, 1, 2, 3, 7};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    for (size_t k = 0; k < 2 * sizeof steps / sizeof steps[0]; k++)
      check_row(&rows[i], k & 1, steps[k / 2]);
}

/* ---- amounts ---- */

static void exactly_the_maximum_passes(void **state) {
  (void)state;
  char *payload = calloc(1, MAX + 1);
  uint8_t *octets = malloc(MAX + 64);
  assert_non_null(payload);
  assert_non_null(octets);
  for (int fragments = 0; fragments < 2; fragments++)
    for (size_t len = MAX - 1; len <= MAX + 1; len++) {
      wire_fixture f;
      wire_open(&f, &(zw_wire_options){.server = true, .message_max = MAX}, ZW_TRANSPORT_WEBSOCKET);
      size_t n = 0, first = fragments ? 100 : len;
      n += put_frame(octets, &(frame){fragments ? 0x02 : 0x82, payload, first, AS_DUE}, true);
      if (fragments) n += put_frame(octets + n, &(frame){0x80, payload, len - first, AS_DUE}, true);
      feed(&f, octets, n, 0);
      char expected[40];
      snprintf(expected, sizeof expected, "message:(%zu) ", len);
      assert_string_equal(f.log.ptr, len > MAX ? ">close:1009 fail:1009 " : expected);
      wire_end(&f);
    }
  free(payload);
  free(octets);
}

/* Octets are bounded, not the number of fragments. */
static void many_fragments(void **state) {
  (void)state;
  wire_fixture f;
  uint8_t octets[64];
  wire_open(&f, &(zw_wire_options){.server = true, .message_max = MAX}, ZW_TRANSPORT_WEBSOCKET);
  feed(&f, octets, put_frame(octets, &(frame)F(0x02, "x"), true), 0);
  for (int i = 0; i < 65000; i++)
    feed(&f, octets, put_frame(octets, &(frame)F(0x00, "y"), true), 0);
  for (int i = 0; i < 100000; i++)
    feed(&f, octets, put_frame(octets, &(frame)F(0x00, ""), true), 0);
  assert_true(f.live_max <= 2 * MAX + 2 * ZW_WIRE_CHUNK);
  feed(&f, octets, put_frame(octets, &(frame)F(0x80, "z"), true), 0);
  assert_string_equal(f.log.ptr, "message:(65002) ");
  zw_text_reset(&f.log);
  feed(&f, octets, put_frame(octets, &(frame)F(0x02, "x"), true), 0);
  for (int i = 0; i < MAX && !f.log.len; i++)
    feed(&f, octets, put_frame(octets, &(frame)F(0x00, "y"), true), 0);
  assert_string_equal(f.log.ptr, ">close:1009 fail:1009 ");
  assert_true(f.live_max <= 2 * MAX + 2 * ZW_WIRE_CHUNK);
  wire_end(&f);
}

/* A wrong octet ends the connection before its frame has ended. */
static void text_is_checked_as_it_arrives(void **state) {
  (void)state;
  wire_fixture f;
  uint8_t octets[2048];
  static const char payload[1000] = "abc\xFF";
  wire_open(&f, &(zw_wire_options){.server = true}, ZW_TRANSPORT_WEBSOCKET);
  size_t n = put_frame(octets, &(frame){0x81, payload, sizeof payload, AS_DUE}, true);
  feed(&f, octets, n - 990, 1);
  assert_string_equal(f.log.ptr, ">close:1007 fail:1007 ");
  wire_end(&f);
}

static void unread_pongs_are_bounded(void **state) {
  (void)state;
  for (int transport = ZW_TRANSPORT_RAWSOCKET; transport <= ZW_TRANSPORT_WEBSOCKET; transport++) {
    wire_fixture f;
    uint8_t octets[256];
    wire_open(&f, &(zw_wire_options){.server = true}, (enum zw_transport)transport);
    size_t n = put_frame(octets, &(frame)F(0x89, X125), true);
    if (transport == ZW_TRANSPORT_RAWSOCKET) {
      memset(octets, 'x', n = 129);
      memcpy(octets, "\1\0\0\x7D", 4);
    }
    zw_wire_event event = {.kind = ZW_WIRE_NONE};
    size_t pings = 0;
    for (; event.kind == ZW_WIRE_NONE && pings < 100000; pings++) {
      uint8_t *to;
      size_t room;
      assert_int_equal(zw_wire_want(f.wire, &to, &room), 0);
      assert_true(room >= n);
      memcpy(to, octets, n);
      zw_wire_received(f.wire, n);
      zw_wire_next(f.wire, &event);
    }
    assert_int_equal(event.kind, ZW_WIRE_FAIL);
    assert_int_equal(event.error, ZW_ELIMIT);
    assert_in_range(pings, 500, 600);
    wire_end(&f);
  }
}

/* ---- what we say ---- */

static void own_pings_and_closes(void **state) {
  (void)state;
  for (int server = 0; server < 2; server++) {
    wire_fixture f;
    uint8_t octets[64];
    wire_open(&f, &(zw_wire_options){.server = server}, ZW_TRANSPORT_WEBSOCKET);
    assert_int_equal(zw_wire_ping(f.wire, 0x4142434445464748), 0);
    take_sent(&f);
    feed(&f, octets, put_frame(octets, &(frame)F(0x8A, "ABCDEFGH"), server), 0);
    assert_int_equal(zw_wire_close(f.wire, 1001, ZW_STR("going")), 0);
    take_sent(&f);
    feed(&f, octets, put_frame(octets, &(frame)F(0x82, "too late"), server), 0);
    assert_int_equal(zw_wire_ping(f.wire, 1), 0);
    take_sent(&f);
    assert_string_equal(f.log.ptr, ">ping:ABCDEFGH pong >close:1001 ");
    wire_end(&f);
  }
}

static void a_long_reason_is_cut_at_a_character(void **state) {
  (void)state;
  wire_fixture f;
  char reason[202] = "x";
  for (size_t i = 1; i + 2 < sizeof reason; i += 2) memcpy(reason + i, "\xCE\xBA", 2);
  wire_open(&f, &(zw_wire_options){.server = true}, ZW_TRANSPORT_WEBSOCKET);
  f.read_sent = false;
  assert_int_equal(zw_wire_close(f.wire, 1000, zw_str_of(reason)), 0);
  take_sent(&f);
  assert_int_equal(f.sent.len, 2 + 2 + 123);
  assert_true(zw_utf8_valid((zw_str){f.sent.ptr + 4, f.sent.len - 4}));
  wire_end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(frames_of_the_table),
      cmocka_unit_test(exactly_the_maximum_passes),
      cmocka_unit_test(many_fragments),
      cmocka_unit_test(text_is_checked_as_it_arrives),
      cmocka_unit_test(unread_pongs_are_bounded),
      cmocka_unit_test(own_pings_and_closes),
      cmocka_unit_test(a_long_reason_is_cut_at_a_character),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
