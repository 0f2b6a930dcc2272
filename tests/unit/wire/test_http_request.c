/* SPDX-License-Identifier: Apache-2.0 */
/* Plain HTTP, and what is no HTTP. */
#include "wire_fixture.h"

static const struct {
  const char *name, *request, *log, *status;
} rows[] = {
    {"healthz", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "http:GET:/healthz:x ", NULL},
    {"HEAD", "HEAD / HTTP/1.0\r\nHost: x\r\nA: b\r\n\r\n", "http:HEAD:/:x ", NULL},
    {"an empty value", "GET / HTTP/1.1\r\nHost: \r\nX:\r\n\r\n", "http:GET:/: ", NULL},
    {"another upgrade", "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n", "http:GET:/:x ", NULL},
    {"what follows is dropped", "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n",
     "http:GET:/:x ", NULL},
    {"not whole", "GET / HTTP/1.1\r\nHost: x\r\n", "", NULL},
    {"no version", "GET /\r\nHost: x\r\n\r\n", "fail:0 ", "400"},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "fail:0 ", "400"},
    {"one word", "GET\r\n\r\n", "fail:0 ", "400"},
    {"an empty line first", "\r\n\r\nGET / HTTP/1.1\r\n\r\n", "fail:0 ", "400"},
    {"a header without a colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n", "fail:0 ", "400"},
    {"a header without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", "fail:0 ", "400"},
    {"a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "fail:0 ", "400"},
    {"a folded line", "GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n", "fail:0 ", "400"},
    {"a lone line feed", "GET / HTTP/1.1\r\nHost: x\nY: z\r\n\r\n", "fail:0 ", "400"},
    {"a control character", "GET /\1 HTTP/1.1\r\nHost: x\r\n\r\n", "fail:0 ", "400"},
    {"DEL", "GET / HTTP/1.1\r\nHost: \x7F\r\n\r\n", "fail:0 ", "400"},
    {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n\r\n", "fail:0 ", "400"},
    {"octets", "\xFF\xFE\xFD \xFC\r\n\r\n", "fail:0 ", "400"},
};

static void requests_of_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    for (size_t step = 0; step < 3; step++) {
      wire_fixture f;
      assert_int_equal(wire_start(&f, &(zw_wire_options){.server = true}, 0), 0);
      size_t len = strlen(rows[i].request);
      if (i == 17) len = 15; /* it holds a zero */
      feed(&f, rows[i].request, len, step);
      if (strcmp(wire_log(&f), rows[i].log) != 0) fail_msg("%s: %s", rows[i].name, f.log.ptr);
      if (rows[i].status)
        assert_memory_equal(f.sent.ptr + 9, rows[i].status, 3);
      else
        assert_int_equal(f.sent.len, 0);
      wire_end(&f);
    }
}

static void a_head_is_bounded(void **state) {
  (void)state;
  char filler[10000];
  memset(filler, 'x', sizeof filler);
  for (int form = 0; form < 3; form++) {
    wire_fixture f;
    assert_int_equal(wire_start(&f, &(zw_wire_options){.server = true}, 0), 0);
    if (form == 1) feed(&f, "GET / HTTP/1.1\r\nHost: ", 22, 0);
    if (form == 2) {
      feed(&f, "GET / HTTP/1.1\r\n", 16, 0);
      for (int i = 0; i < 100 && f.last.kind != ZW_WIRE_FAIL; i++) feed(&f, "A: b\r\n", 6, 0);
      feed(&f, "\r\n", 2, 0);
    } else {
      feed(&f, filler, sizeof filler, 1000);
    }
    assert_string_equal(f.log.ptr, "fail:0 ");
    assert_memory_equal(f.sent.ptr, "HTTP/1.1 431 ", 13);
    assert_true(f.live_max < 40000);
    wire_end(&f);
  }
}

static void an_answer(void **state) {
  (void)state;
  static const struct {
    int status;
    const char *line;
  } lines[] = {{200, "HTTP/1.1 200 OK\r\n"},
               {404, "HTTP/1.1 404 Not Found\r\n"},
               {405, "HTTP/1.1 405 Method Not Allowed\r\n"},
               {503, "HTTP/1.1 503 Service Unavailable\r\n"},
               {299, "HTTP/1.1 299 Error\r\n"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    wire_fixture f;
    assert_int_equal(wire_start(&f, &(zw_wire_options){.server = true}, 0), 0);
    feed(&f, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 35, 0);
    assert_int_equal(
        zw_wire_http_respond(f.wire, lines[i].status, ZW_STR("text/plain"), zw_span_of("ok\n", 3)),
        0);
    take_sent(&f);
    assert_memory_equal(f.sent.ptr, lines[i].line, strlen(lines[i].line));
    assert_non_null(strstr(f.sent.ptr, "\r\nContent-Length: 3\r\n"));
    assert_non_null(strstr(f.sent.ptr, "\r\nConnection: close\r\n"));
    assert_non_null(strstr(f.sent.ptr, "\r\nContent-Type: text/plain\r\n"));
    assert_string_equal(strstr(f.sent.ptr, "\r\n\r\n"), "\r\n\r\nok\n");
    wire_end(&f);
  }
}

static void lists(void **state) {
  (void)state;
  static const struct {
    const char *list, *token;
    bool has;
  } cases[] = {{"keep-alive, Upgrade", "upgrade", true}, {"upgrade", "UPGRADE", true},
               {"upgraded", "upgrade", false},           {"", "upgrade", false},
               {",,upgrade", "upgrade", true},           {"up grade", "upgrade", false},
               {" \tupgrade\t ,x", "upgrade", true}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(zw_http_has_token(zw_str_of(cases[i].list), cases[i].token), cases[i].has);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(requests_of_the_table),
      cmocka_unit_test(a_head_is_bounded),
      cmocka_unit_test(an_answer),
      cmocka_unit_test(lists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
