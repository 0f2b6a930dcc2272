/* SPDX-License-Identifier: Apache-2.0 */
/* What the server does for peers that are slow, far away, or take small messages only. */
#include "serve_fixture.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#define LARGE ((size_t)200 << 10)

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

/* A Reading with so many octets, and a number as its sensor. */
static zw_span large_reading(zw_builder *b, size_t octets, int number) {
  static uint8_t content[LARGE];
  char sensor[16];
  zw_span payload;
  snprintf(sensor, sizeof sensor, "s%d", number);
  zw_builder_reset(b);
  zw_ref vector = zw_builder_vector(b, content, octets, 1, 8),
         text = zw_builder_string(b, zw_str_of(sensor));
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, text);
  zw_builder_add_ref(b, 3, vector);
  assert_int_equal(zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &payload), 0);
  return payload;
}

static void send_large(plain_peer *p, enum zw_msg_code code, const char *uri, size_t octets,
                       int number) {
  zw_msg msg;
  zw_builder b;
  zw_builder_init(&b, NULL);
  set_request(p, &msg, code, uri);
  msg.payload_format = ZW_FORMAT_FLATBUFFER;
  msg.payload_type = fixture_type(p->f, "com.example.Reading");
  msg.payload = large_reading(&b, octets, number);
  peer_send(p, &msg);
  zw_builder_deinit(&b);
}

static int number_of(const zw_msg *event) {
  zw_str sensor = zw_table_str(zw_root_trusted(event->payload), 0);
  return (int)strtol(sensor.ptr + 1, NULL, 10);
}

static void who_does_not_read_a_plain_topic_is_closed(void **state) {
  serve_fixture *f = *state;
  plain_peer publisher, reader, sleeper;
  f->options.queue_max = 1 << 20;
  fixture_start(f);
  peer_join_raw(&publisher, f);
  peer_join_raw(&reader, f);
  peer_join_raw(&sleeper, f);
  peer_subscribe(&reader, "com.example.live");
  peer_subscribe(&sleeper, "com.example.live");
  for (int i = 0; i < 200; i++) {
    send_large(&publisher, ZW_PUBLISH, "com.example.live", LARGE, i);
    assert_int_equal(number_of(peer_expect(&reader, ZW_EVENT)), i);
  }
  int got = 0;
  while (peer_next(&sleeper)) assert_int_equal(number_of(&sleeper.msg), got++);
  assert_true(got > 0 && got < 200);
  assert_non_null(strstr(f->logged, "queue is full"));
  peer_close(&publisher);
  peer_close(&reader);
  peer_close(&sleeper);
}

static void who_does_not_read_a_durable_topic_catches_up(void **state) {
  serve_fixture *f = *state;
  plain_peer publisher, sleeper;
  f->options.queue_max = 1 << 20;
  fixture_start(f);
  peer_join_raw(&publisher, f);
  peer_join_raw(&sleeper, f);
  peer_subscribe(&sleeper, "com.example.reading");
  for (int i = 0; i < 200; i++) send_large(&publisher, ZW_PUBLISH, "com.example.reading", LARGE, i);
  peer_publish(&publisher, "com.example.reading", "com.example.Reading", "{\"sensor\":\"s200\"}");
  for (int i = 0; i <= 200; i++) assert_int_equal(number_of(peer_expect(&sleeper, ZW_EVENT)), i);
  peer_publish(&publisher, "com.example.reading", "com.example.Reading", "{\"sensor\":\"s201\"}");
  assert_int_equal(number_of(peer_expect(&sleeper, ZW_EVENT)), 201);
  peer_close(&publisher);
  peer_close(&sleeper);
}

static void who_does_not_read_answers_is_not_read(void **state) {
  serve_fixture *f = *state;
  plain_peer caller;
  zw_msg msg;
  zw_builder b;
  char *json = malloc(LARGE + 100);
  f->options.queue_max = 1 << 20;
  fixture_start(f);
  peer_join_raw(&caller, f);
  assert_non_null(json);
  snprintf(json, LARGE + 100, "{\"id\":\"s1\",\"site\":\"north\",\"serial\":\"%0*d\"}", (int)LARGE,
           0);
  peer_call(&caller, "com.example.sensor_put", "com.example.Sensor", json);
  free(json);
  zw_builder_init(&b, NULL);
  uint64_t first = caller.request + 1;
  for (int i = 0; i < 300; i++) {
    set_request(&caller, &msg, ZW_CALL, "com.example.sensor_get");
    set_typed(&caller, &msg, "com.example.SensorKey", &b, "{\"site\":\"north\",\"id\":\"s1\"}");
    peer_send(&caller, &msg);
  }
  zw_builder_deinit(&b);
  for (unsigned i = 0; i < 300; i++) {
    const zw_msg *result = peer_expect(&caller, ZW_RESULT);
    assert_int_equal(result->request, first + i);
    assert_true(result->payload.len > LARGE);
  }
  peer_close(&caller);
}

static void *publish_much(void *ctx) {
  for (int i = 0; i < 600; i++) send_large(ctx, ZW_PUBLISH, "com.example.reading", LARGE, i);
  return NULL;
}

/* One event that waits for its commit, and many that wait behind it. */
static void *publish_behind(void *ctx) {
  for (int i = 0; i < 600; i++)
    send_large(ctx, ZW_PUBLISH, i ? "com.example.live" : "com.example.reading", LARGE, i);
  return NULL;
}

/* While the writer cannot commit, no more than a bounded amount is taken from publishers. */
static void feed_a_slow_store(serve_fixture *f, void *(*publish)(void *)) {
  plain_peer publisher, subscriber;
  pthread_t thread;
  zw_txn *txn;
  fixture_start(f);
  peer_join_raw(&publisher, f);
  peer_join_raw(&subscriber, f);
  peer_subscribe(&subscriber, "com.example.reading");
  peer_subscribe(&subscriber, "com.example.live");
  assert_int_equal(zw_txn_begin_write(f->server->store, &txn, NULL), 0);
  assert_int_equal(pthread_create(&thread, NULL, publish, &publisher), 0);
  for (int i = 0; i < 1000 && !atomic_load(&f->server->store_paused); i++) usleep(10000);
  assert_true(atomic_load(&f->server->store_paused));
  zw_txn_abort(txn);
  for (int i = 0; i < 600; i++) assert_int_equal(number_of(peer_expect(&subscriber, ZW_EVENT)), i);
  pthread_join(thread, NULL);
  assert_false(atomic_load(&f->server->store_paused));
  peer_close(&publisher);
  peer_close(&subscriber);
}

static void who_feeds_a_slow_store_is_not_read(void **state) {
  feed_a_slow_store(*state, publish_much);
}

static void who_waits_behind_a_slow_store_is_not_read(void **state) {
  feed_a_slow_store(*state, publish_behind);
}

/* A RawSocket peer that takes 4 KiB. */
static void join_small(plain_peer *p, serve_fixture *f) {
  *p = (plain_peer){.f = f, .transport = ZW_TRANSPORT_RAWSOCKET, .serializer = ZW_FLATBUFFERS};
  zw_wire_options options = {.size = sizeof options,
                             .serializers = ZW_WIRE_SERIALIZER_BIT(ZW_FLATBUFFERS),
                             .message_max = 4096,
                             .transport = ZW_TRANSPORT_RAWSOCKET};
  zw_encoder_init(&p->encoder, NULL);
  zw_arena_init(&p->texts, NULL);
  p->fd = connect_to(zw_server_address(f->server, 0));
  assert_int_equal(zw_wire_create(&p->wire, &options), 0);
  peer_flush(p);
  assert_int_equal(peer_event(p).kind, ZW_WIRE_OPEN);
  peer_hello(p);
  peer_expect(p, ZW_WELCOME);
}

static void what_is_too_large_for_a_peer_is_answered(void **state) {
  serve_fixture *f = *state;
  plain_peer small, other;
  zw_msg msg;
  fixture_start(f);
  join_small(&small, f);
  peer_join_raw(&other, f);
  /* an event: there is nobody to answer */
  peer_subscribe(&small, "com.example.live");
  send_large(&other, ZW_PUBLISH, "com.example.live", 5000, 1);
  send_large(&other, ZW_PUBLISH, "com.example.live", 100, 2);
  assert_int_equal(number_of(peer_expect(&small, ZW_EVENT)), 2);
  /* an invocation: the caller */
  set_request(&small, &msg, ZW_REGISTER, "com.example.convert");
  peer_send(&small, &msg);
  peer_expect(&small, ZW_REGISTERED);
  send_large(&other, ZW_CALL, "com.example.convert", 5000, 3);
  expect_error(peer_next(&other), "wamp.error.payload_size_exceeded");
  send_large(&other, ZW_CALL, "com.example.convert", 100, 4);
  assert_int_equal(number_of(peer_expect(&small, ZW_INVOCATION)), 4);
  /* a result: the caller */
  char json[6000];
  snprintf(json, sizeof json, "{\"id\":\"s1\",\"site\":\"north\",\"serial\":\"%05000d\"}", 0);
  peer_call(&other, "com.example.sensor_put", "com.example.Sensor", json);
  expect_error(peer_call(&small, "com.example.sensor_get", "com.example.SensorKey",
                         "{\"site\":\"north\",\"id\":\"s1\"}"),
               "wamp.error.payload_size_exceeded");
  assert_int_equal(peer_call(&small, "com.example.sensor_count", NULL, NULL)->code, ZW_RESULT);
  peer_close(&small);
  peer_close(&other);
}

/* ---- from elsewhere ---- */

/* An address of this machine that is not loopback, in network order; 0: there is none. */
static uint32_t outer_address(void) {
  struct ifaddrs *list;
  uint32_t found = 0;
  if (getifaddrs(&list)) return 0;
  for (struct ifaddrs *i = list; i; i = i->ifa_next) {
    struct sockaddr_in in;
    if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_LOOPBACK))
      continue;
    memcpy(&in, i->ifa_addr, sizeof in);
    found = in.sin_addr.s_addr;
  }
  freeifaddrs(list);
  return found;
}

/* Starts the server on all addresses. */
static void start_for_others(serve_fixture *f, struct sockaddr_in *to) {
  uint32_t address = outer_address();
  if (!address) {
    puts("SKIP: this machine has no address but the loopback's");
    skip();
  }
  f->listen[0] = "0.0.0.0:0";
  fixture_start(f);
  const char *bound = zw_server_address(f->server, 0);
  *to = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {address}};
  to->sin_port = htons((uint16_t)strtoul(strrchr(bound, ':') + 1, NULL, 10));
}

static void http_is_for_this_machine(void **state) {
  static const char *const cases[][2] = {
      {"/healthz", " 200 "}, {"/", " 403 "}, {"/schema/", " 403 "}};
  serve_fixture *f = *state;
  struct sockaddr_in to;
  char id[2 * ZW_SCHEMA_ID_SIZE + 1], host[INET_ADDRSTRLEN], request[200], answer[1000];
  start_for_others(f, &to);
  zw_schema_id_text(f->schema->id, id);
  inet_ntop(AF_INET, &to.sin_addr, host, sizeof host);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t len = 0;
    ssize_t n;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    bool schema = strcmp(cases[i][0], "/schema/") == 0;
    snprintf(request, sizeof request, "GET %s%s%s HTTP/1.1\r\nHost: %s\r\n\r\n", cases[i][0],
             schema ? id : "", schema ? ".bfbs" : "", host);
    send_all(fd, zw_str_span(zw_str_of(request)));
    while (len + 1 < sizeof answer && (n = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0)
      len += (size_t)n;
    answer[len] = 0;
    close(fd);
    assert_non_null(strstr(answer, cases[i][1]));
  }
}

static void anonymous_sessions_are_from_here(void **state) {
  serve_fixture *f = *state;
  plain_peer p = {.f = f, .transport = ZW_TRANSPORT_RAWSOCKET, .serializer = ZW_JSON};
  struct sockaddr_in to;
  start_for_others(f, &to);
  zw_wire_options options = {.size = sizeof options,
                             .serializers = ZW_WIRE_SERIALIZER_BIT(ZW_JSON),
                             .transport = ZW_TRANSPORT_RAWSOCKET};
  zw_encoder_init(&p.encoder, NULL);
  zw_arena_init(&p.texts, NULL);
  p.fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(connect(p.fd, (const struct sockaddr *)&to, sizeof to), 0);
  assert_int_equal(zw_wire_create(&p.wire, &options), 0);
  peer_flush(&p);
  assert_int_equal(peer_event(&p).kind, ZW_WIRE_OPEN);
  peer_hello(&p);
  assert_text_equal(peer_expect(&p, ZW_ABORT)->uri, "wamp.error.authentication_required");
  assert_null(peer_next(&p));
  peer_close(&p);
}

static void many_connections_come_and_go(void **state) {
  serve_fixture *f = *state;
  static plain_peer peers[300];
  plain_peer publisher;
  fixture_start(f);
  peer_join_raw(&publisher, f);
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 300; i++) {
      peer_join(&peers[i], f, (size_t)i & 1,
                i & 2 ? ZW_TRANSPORT_WEBSOCKET : ZW_TRANSPORT_RAWSOCKET,
                i % 3 == 0   ? ZW_JSON
                : i % 3 == 1 ? ZW_CBOR
                             : ZW_FLATBUFFERS);
      peer_subscribe(&peers[i], "com.example.reading");
    }
    peer_publish(&publisher, "com.example.reading", "com.example.Reading", "{\"sensor\":\"s1\"}");
    for (int i = 0; i < 300; i++) peer_expect(&peers[i], ZW_EVENT);
    for (int i = 0; i < 300; i++) peer_close(&peers[i]);
  }
  peer_close(&publisher);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(who_does_not_read_a_plain_topic_is_closed, setup, teardown),
      cmocka_unit_test_setup_teardown(who_does_not_read_a_durable_topic_catches_up, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(who_does_not_read_answers_is_not_read, setup, teardown),
      cmocka_unit_test_setup_teardown(who_feeds_a_slow_store_is_not_read, setup, teardown),
      cmocka_unit_test_setup_teardown(who_waits_behind_a_slow_store_is_not_read, setup, teardown),
      cmocka_unit_test_setup_teardown(what_is_too_large_for_a_peer_is_answered, setup, teardown),
      cmocka_unit_test_setup_teardown(http_is_for_this_machine, setup, teardown),
      cmocka_unit_test_setup_teardown(anonymous_sessions_are_from_here, setup, teardown),
      cmocka_unit_test_setup_teardown(many_connections_come_and_go, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
