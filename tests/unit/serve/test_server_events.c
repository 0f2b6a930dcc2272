/* SPDX-License-Identifier: Apache-2.0 */
/* Events from publisher to subscriber, to the log, and out of it again. */
#include "serve_fixture.h"

static int setup(void **state) {
  static serve_fixture f;
  fixture_init(&f);
  fixture_start(&f);
  *state = &f;
  return 0;
}

static int teardown(void **state) {
  fixture_deinit(*state);
  return 0;
}

static void publish_readings(plain_peer *p, int from, int to, uint64_t *last) {
  for (int i = from; i < to; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\",\"celsius\":%d.5}", i, i);
    *last = peer_publish(p, "com.example.reading", "com.example.Reading", json);
  }
}

static void expect_readings(plain_peer *p, int from, int to) {
  for (int i = from; i < to; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\",\"celsius\":%d.5}", i, i);
    expect_typed(p, peer_expect(p, ZW_EVENT), "com.example.Reading", json);
  }
}

static void every_peer_gets_it_its_way(void **state) {
  serve_fixture *f = *state;
  plain_peer publisher, flat, json, cbor;
  peer_join(&flat, f, 0, ZW_TRANSPORT_WEBSOCKET, ZW_FLATBUFFERS);
  peer_join(&json, f, 0, ZW_TRANSPORT_RAWSOCKET, ZW_JSON);
  peer_join(&cbor, f, 1, ZW_TRANSPORT_WEBSOCKET, ZW_CBOR);
  peer_join_raw(&publisher, f);
  peer_subscribe(&flat, "com.example.live");
  peer_subscribe(&json, "com.example.live");
  peer_subscribe_from(&cbor, "com.example", ZW_MATCH_PREFIX, NULL);
  peer_publish(&publisher, "com.example.live", "com.example.Reading", "{\"sensor\":\"s1\"}");
  expect_typed(&flat, peer_expect(&flat, ZW_EVENT), "com.example.Reading", "{\"sensor\":\"s1\"}");
  const zw_msg *event = peer_expect(&json, ZW_EVENT);
  assert_true(contains(event->args, "[\"s1\",0.0"));
  event = peer_expect(&cbor, ZW_EVENT);
  assert_text_equal(event->topic, "com.example.live");
  assert_int_equal(event->args.ptr[1], 0x62); /* a text of two octets */
  peer_publish(&publisher, "com.example.other", NULL, "[1,{\"a\":[true]}]");
  event = peer_expect(&cbor, ZW_EVENT);
  assert_text_equal(event->topic, "com.example.other");
  assert_memory_equal(event->args.ptr, "\x9F\x01\xBF\x61\x61\x9F\xF5\xFF\xFF\xFF", 10);
  peer_close(&publisher);
  peer_close(&flat);
  peer_close(&json);
  peer_close(&cbor);
}

static void what_does_not_fit_is_refused(void **state) {
  plain_peer p;
  zw_msg msg;
  peer_join(&p, *state, 0, ZW_TRANSPORT_RAWSOCKET, ZW_JSON);
  peer_subscribe(&p, "com.example.reading");
  set_request(&p, &msg, ZW_PUBLISH, "com.example.reading");
  msg.acknowledge = true;
  msg.exclude_me = false;
  msg.has |= 1ull << ZW_HAS_ACKNOWLEDGE | 1ull << ZW_HAS_EXCLUDE_ME;
  set_json(&msg, NULL, "{\"sensor\":\"s1\",\"celcius\":21.5}");
  peer_send(&p, &msg);
  const zw_msg *error = peer_next(&p);
  expect_error(error, "wamp.error.invalid_argument");
  assert_true(contains(error->args, "celsius"));
  peer_close(&p);
}

/* Octets are what JSON clients know as binary, not a list of numbers. */
static void octets_are_binary_in_json(void **state) {
  plain_peer publisher, p;
  peer_join_raw(&publisher, *state);
  peer_join(&p, *state, 0, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
  peer_subscribe(&p, "com.example.live");
  peer_publish(&publisher, "com.example.live", "com.example.Reading",
               "{\"sensor\":\"s1\",\"octets\":[1,2,3]}");
  const zw_msg *event = peer_expect(&p, ZW_EVENT);
  if (!contains(event->args, ",\"\\u0000AQID\"]"))
    fail_msg("%.*s", ZW_ARG(zw_span_str(event->args)));
  peer_close(&publisher);
  peer_close(&p);
}

static void large_payloads_are_the_same_octets(void **state) {
  serve_fixture *f = *state;
  static const size_t sizes[] = {500, 600, 5000, 70000, 1 << 20};
  plain_peer publisher, subscribers[3];
  zw_msg msg;
  zw_builder b;
  uint8_t *octets = malloc(1 << 20);
  assert_non_null(octets);
  for (size_t i = 0; i < 1 << 20; i++) octets[i] = (uint8_t)(i * 31 >> 3);
  peer_join_raw(&publisher, f);
  peer_join_raw(&subscribers[0], f);
  peer_join(&subscribers[1], f, 0, ZW_TRANSPORT_WEBSOCKET, ZW_FLATBUFFERS);
  peer_join(&subscribers[2], f, 1, ZW_TRANSPORT_RAWSOCKET, ZW_FLATBUFFERS);
  for (int i = 0; i < 3; i++) {
    peer_subscribe(&subscribers[i], "com.example.reading");
    peer_subscribe(&subscribers[i], "com.example.live");
  }
  zw_builder_init(&b, NULL);
  for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
    zw_builder_reset(&b);
    zw_ref vector = zw_builder_vector(&b, octets, sizes[i / 2], 1, 8);
    zw_builder_table_start(&b);
    zw_builder_add_ref(&b, 3, vector);
    zw_span payload;
    assert_int_equal(zw_builder_finish(&b, zw_builder_table_end(&b), (zw_str){NULL, 0}, &payload),
                     0);
    set_request(&publisher, &msg, ZW_PUBLISH, i % 2 ? "com.example.live" : "com.example.reading");
    msg.payload_format = ZW_FORMAT_FLATBUFFER;
    msg.payload = payload;
    msg.payload_type = fixture_type(f, "com.example.Reading");
    peer_send(&publisher, &msg);
    for (int k = 0; k < 3; k++) {
      const zw_msg *event = peer_expect(&subscribers[k], ZW_EVENT);
      assert_int_equal(event->payload.len, payload.len);
      assert_memory_equal(event->payload.ptr, payload.ptr, payload.len);
    }
  }
  zw_builder_deinit(&b);
  free(octets);
  peer_close(&publisher);
  for (int i = 0; i < 3; i++) peer_close(&subscribers[i]);
}

/* The number of records that get_events gives: of its args, the first is a list. */
static size_t count_events(plain_peer *p, uint64_t subscription) {
  zw_msg msg;
  char args[64];
  size_t count = 0;
  snprintf(args, sizeof args, "[%llu]", (unsigned long long)subscription);
  set_request(p, &msg, ZW_CALL, "wamp.subscription.get_events");
  set_json(&msg, args, NULL);
  peer_send(p, &msg);
  zw_span rest = peer_expect(p, ZW_RESULT)->args;
  for (; rest.len; rest = zw_span_of(rest.ptr + 1, rest.len - 1))
    count += contains(zw_span_of(rest.ptr, rest.len < 13 ? rest.len : 13), "\"publication\"");
  return count;
}

static void history_is_exact_and_survives(void **state) {
  serve_fixture *f = *state;
  plain_peer publisher, reader;
  uint64_t last, ids[2];
  peer_join_raw(&publisher, f);
  publish_readings(&publisher, 0, 5, &last);
  assert_true(last > 0 && last <= (uint64_t)1 << 52);
  for (int round = 0; round < 2; round++) {
    peer_join(&reader, f, 0, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
    ids[round] = peer_subscribe(&reader, "com.example.reading");
    assert_int_equal(count_events(&reader, ids[round]), 5);
    peer_close(&reader);
    peer_close(&publisher);
    fixture_restart(f);
    peer_join_raw(&publisher, f);
  }
  assert_int_equal(ids[0], ids[1]);
  peer_close(&publisher);
}

static void replay_goes_on_live(void **state) {
  serve_fixture *f = *state;
  plain_peer publisher, all, some, after;
  uint64_t last, third = 0;
  peer_join_raw(&publisher, f);
  publish_readings(&publisher, 0, 3, &third);
  publish_readings(&publisher, 3, 10, &last);
  peer_close(&publisher);
  fixture_restart(f);
  peer_join_raw(&all, f);
  peer_subscribe_from(&all, "com.example.reading", ZW_MATCH_EXACT, "{\"last\":1000}");
  expect_readings(&all, 0, 10);
  peer_join_raw(&some, f);
  peer_subscribe_from(&some, "com.example.reading", ZW_MATCH_EXACT, "{\"last\":4}");
  expect_readings(&some, 6, 10);
  char x_from[64];
  snprintf(x_from, sizeof x_from, "{\"after\":%llu}", (unsigned long long)third);
  peer_join(&after, f, 0, ZW_TRANSPORT_WEBSOCKET, ZW_FLATBUFFERS);
  peer_subscribe_from(&after, "com.example", ZW_MATCH_PREFIX, x_from);
  expect_readings(&after, 3, 10);
  peer_join_raw(&publisher, f);
  publish_readings(&publisher, 10, 13, &last);
  expect_readings(&all, 10, 13);
  expect_readings(&some, 10, 13);
  expect_readings(&after, 10, 13);
  peer_close(&publisher);
  peer_close(&all);
  peer_close(&some);
  peer_close(&after);
}

static void plain_and_durable_keep_their_order(void **state) {
  serve_fixture *f = *state;
  plain_peer publisher, subscriber;
  zw_msg msg;
  zw_builder b;
  peer_join_raw(&publisher, f);
  peer_join_raw(&subscriber, f);
  uint64_t durable = peer_subscribe(&subscriber, "com.example.reading");
  uint64_t plain = peer_subscribe(&subscriber, "com.example.live");
  zw_builder_init(&b, NULL);
  for (int i = 0; i < 200; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\"}", i);
    set_request(&publisher, &msg, ZW_PUBLISH, i % 3 ? "com.example.live" : "com.example.reading");
    set_typed(&publisher, &msg, "com.example.Reading", &b, json);
    peer_send(&publisher, &msg);
  }
  zw_builder_deinit(&b);
  for (int i = 0; i < 200; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\"}", i);
    const zw_msg *event = peer_expect(&subscriber, ZW_EVENT);
    assert_int_equal(event->subscription, i % 3 ? plain : durable);
    expect_typed(&subscriber, event, "com.example.Reading", json);
  }
  peer_close(&publisher);
  peer_close(&subscriber);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_peer_gets_it_its_way, setup, teardown),
      cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(octets_are_binary_in_json, setup, teardown),
      cmocka_unit_test_setup_teardown(large_payloads_are_the_same_octets, setup, teardown),
      cmocka_unit_test_setup_teardown(history_is_exact_and_survives, setup, teardown),
      cmocka_unit_test_setup_teardown(replay_goes_on_live, setup, teardown),
      cmocka_unit_test_setup_teardown(plain_and_durable_keep_their_order, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
