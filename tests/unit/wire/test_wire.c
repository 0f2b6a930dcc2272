/* SPDX-License-Identifier: Apache-2.0 */
/* Memory: what is received in place, what is kept, what an idle machine holds, and what happens
 * when there is none. */
#include "wire_fixture.h"

/* ---- the receive ledger ---- */

typedef struct ledger {
  wire_fixture f;
  /* the last piece that was received: the octets of the stream from `at` lie at `to` */
  struct {
    const uint8_t *to;
    size_t at, len;
  } pieces[4096];
  size_t piece_count;
  size_t message_at; /* in the stream */
  size_t in_place;   /* octets of the message that lie where they were received */
  size_t messages;
} ledger;

static ledger *books;

static void count_in_place(const zw_wire_event *event) {
  books->messages++;
  if (event->message.len < 1000) return;
  for (size_t i = 0; i < books->piece_count; i++) {
    size_t begin = books->pieces[i].at, end = begin + books->pieces[i].len;
    if (begin < books->message_at) begin = books->message_at;
    if (end > books->message_at + event->message.len) end = books->message_at + event->message.len;
    if (begin >= end) continue;
    const uint8_t *received = books->pieces[i].to + (begin - books->pieces[i].at);
    if (received == event->message.ptr + (begin - books->message_at))
      books->in_place += end - begin;
  }
}

static void feed_ledger(ledger *b, const uint8_t *octets, size_t len, size_t step) {
  for (size_t at = 0; at < len;) {
    uint8_t *to;
    size_t room;
    assert_int_equal(zw_wire_want(b->f.wire, &to, &room), 0);
    size_t n = room < len - at ? room : len - at;
    if (n > step) n = step;
    memcpy(to, octets + at, n);
    assert_true(b->piece_count < 4096);
    b->pieces[b->piece_count].to = to;
    b->pieces[b->piece_count].at = at;
    b->pieces[b->piece_count++].len = n;
    zw_wire_received(b->f.wire, n);
    at += n;
    take_events(&b->f, count_in_place);
  }
}

static void large_messages_are_received_in_place(void **state) {
  (void)state;
  static const size_t sizes[] = {20000, 65536, 1 << 20, 5000000};
  static const size_t before[] = {0, 1, 5000, 16000}; /* octets of a small message in front */
  books = calloc(1, sizeof *books);
  uint8_t *stream = calloc(1, 6000000);
  assert_non_null(books);
  assert_non_null(stream);
  for (size_t c = 0; c < 4 * 4 * 3; c++) {
    size_t size = sizes[c / 4 % 4], lead = before[c % 4], at = 0;
    int kind = (int)(c / 16); /* RawSocket, WebSocket client, WebSocket server */
    enum zw_transport transport = kind == 0 ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET;
    *books = (ledger){.piece_count = 0};
    wire_open(&books->f, &(zw_wire_options){.server = kind != 1}, transport);
    for (int i = 0; i < 2; i++) {
      size_t len = i ? size : lead;
      at += zw_wire_frame_header(transport, false, len, stream + at);
      if (kind == 2) {
        stream[at - (len < 126 ? 1u : len < 65536 ? 3u : 9u)] |= 0x80;
        memset(stream + at, 0, 4);
        at += 4;
      }
      if (i) books->message_at = at;
      at += len;
    }
    feed_ledger(books, stream, at, 64 * 1024);
    assert_int_equal(books->messages, 2);
    size_t moved = size - books->in_place;
    if (moved > ZW_WIRE_CHUNK) fail_msg("case %zu: %zu of %zu octets moved", c, moved, size);
    if (size >= 1 << 20) assert_true(moved * 50 <= size); /* below 2 % */
    wire_end(&books->f);
  }
  free(stream);
  free(books);
}

/* ---- what is kept ---- */

static zw_buf *kept[300];
static zw_span kept_span[300];
static size_t kept_count;

static void keep(const zw_wire_event *event) {
  kept[kept_count] = zw_buf_ref(event->owner);
  kept_span[kept_count++] = event->message;
}

/* Messages that are kept stay as they were while others arrive. */
static void kept_messages_are_not_written_again(void **state) {
  (void)state;
  for (int transport = ZW_TRANSPORT_RAWSOCKET; transport <= ZW_TRANSPORT_WEBSOCKET; transport++) {
    wire_fixture f;
    wire_open(&f, &(zw_wire_options){.server = false}, (enum zw_transport)transport);
    kept_count = 0;
    for (unsigned i = 0; i < 300; i++) {
      uint8_t octets[1200], *to;
      size_t len = 1 + i * 7 % 1000, room;
      size_t n = zw_wire_frame_header((enum zw_transport)transport, false, len, octets);
      memset(octets + n, (int)(i & 0xFF), len);
      for (size_t at = 0; at < n + len;) {
        assert_int_equal(zw_wire_want(f.wire, &to, &room), 0);
        size_t part = n + len - at < room ? n + len - at : room;
        if (part > 333) part = 333;
        memcpy(to, octets + at, part);
        zw_wire_received(f.wire, part);
        at += part;
        take_events(&f, keep);
      }
    }
    assert_int_equal(kept_count, 300);
    zw_wire_destroy(f.wire);
    f.wire = NULL;
    for (unsigned i = 0; i < 300; i++) {
      assert_int_equal(kept_span[i].len, 1 + i * 7 % 1000);
      for (size_t k = 0; k < kept_span[i].len; k++) assert_int_equal(kept_span[i].ptr[k], i & 0xFF);
      zw_buf_unref(kept[i]);
    }
    wire_end(&f);
  }
}

static void an_idle_machine_holds_no_chunk(void **state) {
  (void)state;
  for (int transport = ZW_TRANSPORT_RAWSOCKET; transport <= ZW_TRANSPORT_WEBSOCKET; transport++) {
    wire_fixture f;
    uint8_t octets[200] = {0};
    wire_open(&f, &(zw_wire_options){.server = false}, (enum zw_transport)transport);
    size_t n = zw_wire_frame_header((enum zw_transport)transport, false, 100, octets);
    for (int i = 0; i < 3; i++) feed(&f, octets, n + 100, 0);
    zw_wire_event event;
    zw_wire_next(f.wire, &event);
    assert_true(f.memory.live < 2048);
    wire_end(&f);
  }
}

/* ---- pieces ---- */

/* A conversation gives the same in whatever pieces it arrives. */
static void pieces_make_no_difference(void **state) {
  (void)state;
  uint8_t stream[60000];
  for (int raw = 0; raw < 2; raw++) {
    size_t len = 0, lens[] = {0, 1, 125, 126, 4000, 16380, 16384, 17000};
    zw_text whole;
    zw_text_init(&whole, NULL);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
      len += zw_wire_frame_header(raw ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET, false,
                                  lens[i], stream + len);
      memset(stream + len, 'a' + (int)i, lens[i]);
      len += lens[i];
      memcpy(stream + len, raw ? "\1\0\0\1p" : "\x89\1p", raw ? 5 : 3);
      len += raw ? 5 : 3;
    }
    static const size_t steps[] = {0, 1, 2, 5, 13, 1000, 16383, 16384};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
      wire_fixture f;
      wire_open(&f, &(zw_wire_options){.server = false},
                raw ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET);
      feed(&f, stream, len, steps[i]);
      if (i == 0)
        zw_text_add_str(&whole, zw_text_str(&f.log));
      else
        assert_string_equal(f.log.ptr, whole.ptr);
      wire_end(&f);
    }
    assert_non_null(strstr(whole.ptr, "message:(17000) >pong:p "));
    zw_text_deinit(&whole);
  }
}

/* ---- a limit for a while ---- */

static void little_is_taken_before_the_login(void **state) {
  (void)state;
  static const struct {
    size_t len;
    bool login, taken;
  } cases[] = {
      {16384, false, true}, {16385, false, false}, {16385, true, true}, {65536, true, true}};
  static uint8_t octets[70000];
  for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
    enum zw_transport transport = i & 1 ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET;
    wire_fixture f;
    wire_open(&f, &(zw_wire_options){.server = false}, transport);
    zw_wire_limit(f.wire, 16384);
    feed(&f, octets, zw_wire_frame_header(transport, false, 0, octets), 0);
    if (cases[i / 2].login) zw_wire_limit(f.wire, 0);
    size_t len = cases[i / 2].len, n = zw_wire_frame_header(transport, false, len, octets);
    feed(&f, octets, n + len, 0);
    assert_int_equal(f.last.kind == ZW_WIRE_FAIL, !cases[i / 2].taken);
    assert_true(cases[i / 2].taken || f.last.error == ZW_ELIMIT);
    wire_end(&f);
  }
}

/* ---- no memory ---- */

/* One run; whether an allocation failed. */
static bool run_without_memory(size_t fail_at, bool server, bool raw) {
  wire_fixture f;
  uint8_t stream[70000] = {0};
  zw_wire_options options = {.server = server,
                             .transport = raw ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET,
                             .host = ZW_STR("h"),
                             .path = ZW_STR("/")};
  int error = wire_start(&f, &options, fail_at);
  if (error) {
    assert_int_equal(error, ZW_ENOMEM);
    assert_null(f.wire);
    wire_end(&f);
    return true;
  }
  if (raw) {
    feed(&f, "\x7F\xF3\0\0\1\0\0\1p\0\0\0\1x", 14, 3);
  } else if (server) {
    feed(&f, WS_REQUEST("wamp.2.cbor"), sizeof WS_REQUEST("wamp.2.cbor") - 1, 50);
    feed(&f, "\x89\x81\0\0\0\0p\x82\x81\0\0\0\0x", 14, 3);
  } else {
    char answer[300];
    int n = snprintf(
        answer, sizeof answer,
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        "%s\r\nSec-WebSocket-Protocol: wamp.2.cbor\r\n\r\n\x89\1p\x82\1x",
        f.wire->accept);
    feed(&f, answer, (size_t)n, 50);
  }
  size_t n = zw_wire_frame_header(raw ? ZW_TRANSPORT_RAWSOCKET : ZW_TRANSPORT_WEBSOCKET, false,
                                  65536, stream);
  if (server && !raw) {
    stream[1] |= 0x80;
    n += 4;
  }
  if (f.last.kind != ZW_WIRE_FAIL && !f.want_error) feed(&f, stream, n + 65536, 10000);
  if (f.memory.failed)
    assert_true(f.want_error == ZW_ENOMEM ||
                (strstr(f.log.ptr, "fail:") && !strstr(f.log.ptr, "(65536)")));
  else
    assert_string_equal(strstr(f.log.ptr, "open"), "open message:x message:(65536) ");
  bool failed = f.memory.failed;
  wire_end(&f);
  return failed;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  for (int kind = 0; kind < 4; kind++) {
    size_t n = 1;
    while (run_without_memory(n, kind & 1, kind & 2)) n++;
    assert_in_range(n, 5, 60);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(large_messages_are_received_in_place),
      cmocka_unit_test(kept_messages_are_not_written_again),
      cmocka_unit_test(an_idle_machine_holds_no_chunk),
      cmocka_unit_test(pieces_make_no_difference),
      cmocka_unit_test(little_is_taken_before_the_login),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
