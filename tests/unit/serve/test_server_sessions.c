/* SPDX-License-Identifier: Apache-2.0 */
/* Joining and leaving: transports, serializers, addresses, logins, plain HTTP, hostile octets. */
#include "serve_fixture.h"

#include <signal.h>

static int setup(void **state) {
  static serve_fixture f;
  fixture_init(&f);
  *state = &f;
  return 0;
}

static int teardown(void **state) {
  fixture_deinit(*state);
  return 0;
}

static void every_combination_joins(void **state) {
  serve_fixture *f = *state;
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  fixture_start(f);
  for (size_t address = 0; address < 2; address++)
    for (size_t i = 0; i < 3; i++)
      for (int web = 0; web < 2; web++) {
        plain_peer p;
        peer_join(&p, f, address, web ? ZW_TRANSPORT_WEBSOCKET : ZW_TRANSPORT_RAWSOCKET,
                  serializers[i]);
        assert_true(p.session > 0);
        assert_text_equal(p.msg.authrole, "anonymous");
        zw_msg bye;
        zw_msg_init(&bye, ZW_GOODBYE);
        bye.uri = ZW_STR("wamp.close.normal");
        peer_send(&p, &bye);
        assert_text_equal(peer_expect(&p, ZW_GOODBYE)->uri, "wamp.close.goodbye_and_out");
        assert_null(peer_next(&p));
        peer_close(&p);
      }
}

static void a_ticket_logs_in(void **state) {
  serve_fixture *f = *state;
  static const zw_principal joe = {{"joe", 3}, {"user", 4}, {"secret", 6}};
  f->options.principals = &joe;
  f->options.principal_count = 1;
  fixture_start(f);
  for (int right = 0; right < 2; right++) {
    plain_peer p;
    zw_msg msg;
    peer_open(&p, f, 0, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
    zw_msg_init(&msg, ZW_HELLO);
    msg.uri = ZW_STR("realm1");
    msg.authid = ZW_STR("joe");
    msg.roles = (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_span_of("{\"caller\":{}}", 13)};
    msg.authmethods =
        (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_span_of("[\"ticket\"]", 10)};
    peer_send(&p, &msg);
    assert_text_equal(peer_expect(&p, ZW_CHALLENGE)->method, "ticket");
    zw_msg_init(&msg, ZW_AUTHENTICATE);
    msg.signature = right ? ZW_STR("secret") : ZW_STR("guess!");
    peer_send(&p, &msg);
    if (right) {
      assert_text_equal(peer_expect(&p, ZW_WELCOME)->authrole, "user");
    } else {
      assert_text_equal(peer_expect(&p, ZW_ABORT)->uri, "wamp.error.authentication_denied");
      assert_null(peer_next(&p));
    }
    peer_close(&p);
  }
}

/* Without anonymous sessions, and without any login at all. */
static void no_anonymous_sessions(void **state) {
  serve_fixture *f = *state;
  static const zw_principal joe = {{"joe", 3}, {"user", 4}, {"secret", 6}};
  static const char *const methods[] = {NULL, "[\"anonymous\"]", "[\"cryptosign\"]"};
  static const char *const words[2][3] = {
      {"takes no anonymous sessions", "takes no anonymous sessions", "takes no logins"},
      {"takes no anonymous sessions", "takes no anonymous sessions", "takes \"ticket\"."}};
  f->options.refuse_anonymous = true;
  f->options.principals = &joe;
  for (int tickets = 0; tickets < 2; tickets++) {
    f->options.principal_count = (size_t)tickets;
    fixture_start(f);
    for (unsigned i = 0; i < 3; i++) {
      plain_peer p;
      zw_msg msg;
      peer_open(&p, f, i % 2, ZW_TRANSPORT_RAWSOCKET, ZW_JSON);
      zw_msg_init(&msg, ZW_HELLO);
      msg.uri = ZW_STR("realm1");
      msg.roles = (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_span_of("{}", 2)};
      if (methods[i])
        msg.authmethods =
            (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_str_span(zw_str_of(methods[i]))};
      peer_send(&p, &msg);
      const zw_msg *abort = peer_expect(&p, ZW_ABORT);
      assert_text_equal(abort->uri, i == 2 ? "wamp.error.no_matching_auth_method"
                                           : "wamp.error.authentication_required");
      assert_true(contains(zw_str_span(abort->message), words[tickets][i]));
      assert_null(peer_next(&p));
      peer_close(&p);
    }
    fixture_stop(f);
  }
}

static void an_unknown_realm_is_refused(void **state) {
  serve_fixture *f = *state;
  plain_peer p;
  zw_msg msg;
  fixture_start(f);
  peer_open(&p, f, 0, ZW_TRANSPORT_RAWSOCKET, ZW_CBOR);
  zw_msg_init(&msg, ZW_HELLO);
  msg.uri = ZW_STR("realm2");
  msg.roles = (zw_value){.format = ZW_FORMAT_CBOR, .octets = zw_span_of("\xA0", 1)};
  peer_send(&p, &msg);
  assert_text_equal(peer_expect(&p, ZW_ABORT)->uri, "wamp.error.no_such_realm");
  assert_null(peer_next(&p));
  peer_close(&p);
}

static void what_does_not_decode_is_a_violation(void **state) {
  serve_fixture *f = *state;
  static const char *const texts[] = {"[16,1,{},5]", "{}", "[1,\"realm1\"", "\xFF"};
  fixture_start(f);
  for (size_t i = 0; i < 4; i++) {
    plain_peer p;
    peer_join(&p, f, 0, ZW_TRANSPORT_RAWSOCKET, ZW_JSON);
    zw_encoded octets = {.parts = {zw_str_span(zw_str_of(texts[i]))}, .count = 1};
    octets.len = octets.parts[0].len;
    peer_send_octets(&p, &octets);
    assert_text_equal(peer_expect(&p, ZW_ABORT)->uri, "wamp.error.protocol_violation");
    assert_true(p.msg.message.len > 0);
    assert_null(peer_next(&p));
    peer_close(&p);
  }
}

static void escapes_in_json_texts_are_read(void **state) {
  serve_fixture *f = *state;
  plain_peer p;
  static const char subscribe[] = "[32,1,{},\"com.exampl\\u0065.untyped\"]";
  static const char publish[] =
      "[16,2,{\"exclude_me\":false},\"com.example.\\u0075ntyped\",[\"\\u00fc\"]]";
  fixture_start(f);
  peer_join(&p, f, 0, ZW_TRANSPORT_RAWSOCKET, ZW_JSON);
  zw_encoded octets = {.parts = {zw_span_of(subscribe, sizeof subscribe - 1)},
                       .count = 1,
                       .len = sizeof subscribe - 1};
  peer_send_octets(&p, &octets);
  uint64_t subscription = peer_expect(&p, ZW_SUBSCRIBED)->subscription;
  octets.parts[0] = zw_span_of(publish, octets.len = sizeof publish - 1);
  peer_send_octets(&p, &octets);
  assert_int_equal(peer_expect(&p, ZW_EVENT)->subscription, subscription);
  peer_close(&p);
}

/* ---- plain HTTP ---- */

static size_t http(serve_fixture *f, const char *request, char *answer, size_t size) {
  int fd = connect_to(zw_server_address(f->server, 0));
  size_t len = 0;
  ssize_t n;
  send_all(fd, zw_str_span(zw_str_of(request)));
  while (len + 1 < size && (n = recv(fd, answer + len, size - 1 - len, 0)) > 0) len += (size_t)n;
  answer[len] = 0;
  close(fd);
  return len;
}

static void http_is_answered(void **state) {
  serve_fixture *f = *state;
  static char answer[1 << 16];
  char request[200], id[2 * ZW_SCHEMA_ID_SIZE + 1];
  fixture_start(f);
  http(f, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
  assert_non_null(strstr(answer, "HTTP/1.1 200 OK\r\n"));
  assert_non_null(strstr(answer, "\r\n\r\nok\n"));
  http(f, "GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", answer, sizeof answer);
  assert_non_null(strstr(answer, "zerowire " ZW_VERSION_STRING));
  assert_non_null(strstr(answer, "wamp.2.flatbuffers"));
  zw_schema_id_text(f->schema->id, id);
  snprintf(request, sizeof request, "GET /schema/%s.bfbs HTTP/1.1\r\nHost: localhost\r\n\r\n", id);
  size_t len = http(f, request, answer, sizeof answer);
  assert_true(len > f->bfbs->len);
  assert_memory_equal(answer + len - f->bfbs->len, f->bfbs->data, f->bfbs->len);
  http(f, "GET /schema/00000000.bfbs HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
  assert_non_null(strstr(answer, " 404 "));
  http(f, "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
  assert_non_null(strstr(answer, " 404 "));
  http(f, "POST /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", answer, sizeof answer);
  assert_non_null(strstr(answer, " 405 "));
}

static void foreign_hosts_and_origins_are_refused(void **state) {
  serve_fixture *f = *state;
  char answer[4096];
  static const char upgrade[] =
      "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
      "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: "
      "wamp.2.json\r\n%s\r\n";
  static const struct {
    const char *headers, *status;
  } cases[] = {
      {"Host: localhost:9267\r\nOrigin: http://localhost:3000\r\n", " 101 "},
      {"Host: localhost:9267\r\nOrigin: http://evil.example\r\n", " 403 "},
      {"Host: rebound.example\r\n", " 403 "},
      {"Host: localhost\r\nOrigin: null\r\n", " 403 "},
  };
  fixture_start(f);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char request[600];
    int fd = connect_to(zw_server_address(f->server, 0));
    snprintf(request, sizeof request, upgrade, cases[i].headers);
    send_all(fd, zw_str_span(zw_str_of(request)));
    ssize_t n = recv(fd, answer, sizeof answer - 1, 0);
    assert_true(n > 0);
    answer[n] = 0;
    assert_non_null(strstr(answer, cases[i].status));
    close(fd);
  }
}

static void stopping_says_goodbye(void **state) {
  serve_fixture *f = *state;
  plain_peer p, silent;
  fixture_start(f);
  peer_join_raw(&p, f);
  peer_join(&silent, f, 1, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
  zw_server_stop(f->server);
  assert_text_equal(peer_expect(&p, ZW_GOODBYE)->uri, "wamp.close.system_shutdown");
  zw_msg bye;
  zw_msg_init(&bye, ZW_GOODBYE);
  bye.uri = ZW_STR("wamp.close.goodbye_and_out");
  peer_send(&p, &bye);
  assert_null(peer_next(&p));
  peer_expect(&silent, ZW_GOODBYE);
  fixture_stop(f); /* also with one that does not answer */
  peer_close(&p);
  peer_close(&silent);
}

static void a_signal_stops_it(void **state) {
  serve_fixture *f = *state;
  plain_peer p;
  f->options.handle_signals = true;
  fixture_start(f);
  peer_join_raw(&p, f);
  kill(getpid(), SIGTERM);
  assert_text_equal(peer_expect(&p, ZW_GOODBYE)->uri, "wamp.close.system_shutdown");
  peer_close(&p);
  pthread_join(f->thread, NULL);
  zw_server_close(f->server);
  f->server = NULL;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_combination_joins, setup, teardown),
      cmocka_unit_test_setup_teardown(a_ticket_logs_in, setup, teardown),
      cmocka_unit_test_setup_teardown(no_anonymous_sessions, setup, teardown),
      cmocka_unit_test_setup_teardown(an_unknown_realm_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(what_does_not_decode_is_a_violation, setup, teardown),
      cmocka_unit_test_setup_teardown(escapes_in_json_texts_are_read, setup, teardown),
      cmocka_unit_test_setup_teardown(http_is_answered, setup, teardown),
      cmocka_unit_test_setup_teardown(foreign_hosts_and_origins_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(stopping_says_goodbye, setup, teardown),
      cmocka_unit_test_setup_teardown(a_signal_stops_it, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
