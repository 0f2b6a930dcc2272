/* SPDX-License-Identifier: Apache-2.0 */
/* What the store does is seen by peers: its limit, its ways of syncing, its schema's versions. */
#include "serve_fixture.h"

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

static char *filled_json(size_t octets) {
  char *json = malloc(octets + 64);
  assert_non_null(json);
  snprintf(json, octets + 64, "{\"sensor\":\"%0*d\"}", (int)octets, 0);
  return json;
}

/* The number of events that were acknowledged before one was refused; `error` is that answer. */
static unsigned publish_until_refused(plain_peer *p, const char *json, unsigned max) {
  zw_msg msg;
  zw_builder b;
  unsigned count = 0;
  zw_builder_init(&b, NULL);
  for (; count < max; count++) {
    set_request(p, &msg, ZW_PUBLISH, "com.example.reading");
    msg.acknowledge = true;
    msg.has |= 1ull << ZW_HAS_ACKNOWLEDGE;
    set_typed(p, &msg, "com.example.Reading", &b, json);
    peer_send(p, &msg);
    const zw_msg *answer = peer_next(p);
    assert_non_null(answer);
    if (answer->code != ZW_PUBLISHED) break;
  }
  zw_builder_deinit(&b);
  return count;
}

static void a_full_store_refuses_and_goes_on(void **state) {
  serve_fixture *f = *state;
  plain_peer p, reader;
  char *json = filled_json(20000);
  f->options.max_size = 2 << 20;
  fixture_start(f);
  peer_join_raw(&p, f);
  peer_call(&p, "com.example.sensor_put", "com.example.Sensor", "{\"id\":\"s1\",\"site\":\"n\"}");
  unsigned count = publish_until_refused(&p, json, 1000);
  assert_true(count > 10 && count < 1000);
  expect_error(&p.msg, "zerowire.error.store_unavailable");
  assert_true(p.msg.args.len > 0);
  /* reads go on */
  assert_int_equal(peer_call(&p, "com.example.sensor_get", "com.example.SensorKey",
                             "{\"site\":\"n\",\"id\":\"s1\"}")
                       ->code,
                   ZW_RESULT);
  peer_join_raw(&reader, f);
  peer_subscribe_from(&reader, "com.example.reading", ZW_MATCH_EXACT, "{\"last\":1000}");
  for (unsigned i = 0; i < count; i++) peer_expect(&reader, ZW_EVENT);
  /* so does what is not stored */
  peer_subscribe(&reader, "com.example.live");
  peer_publish(&p, "com.example.live", "com.example.Reading", "{\"sensor\":\"s1\"}");
  peer_expect(&reader, ZW_EVENT);
  /* with more room publishing does too */
  peer_close(&p);
  peer_close(&reader);
  fixture_stop(f);
  f->options.max_size = 0;
  fixture_start(f);
  peer_join_raw(&p, f);
  assert_int_equal(publish_until_refused(&p, json, 5), 5);
  peer_close(&p);
  free(json);
}

static void each_way_of_syncing_delivers(void **state) {
  serve_fixture *f = *state;
  for (int sync = ZW_SYNC_GROUP; sync <= ZW_SYNC_OFF; sync++) {
    plain_peer p, subscriber;
    f->options.sync = (enum zw_sync)sync;
    fixture_start(f);
    peer_join_raw(&p, f);
    peer_join_raw(&subscriber, f);
    peer_subscribe(&subscriber, "com.example.reading");
    for (int i = 0; i < 20; i++) {
      peer_publish(&p, "com.example.reading", "com.example.Reading", "{\"sensor\":\"s1\"}");
      peer_expect(&subscriber, ZW_EVENT);
    }
    peer_close(&p);
    peer_close(&subscriber);
    fixture_stop(f);
  }
}

static void everysec_keeps_what_an_orderly_end_leaves(void **state) {
  serve_fixture *f = *state;
  plain_peer p;
  f->options.sync = ZW_SYNC_EVERYSEC;
  fixture_start(f);
  peer_join_raw(&p, f);
  for (int i = 0; i < 20; i++)
    peer_publish(&p, "com.example.reading", "com.example.Reading", "{\"sensor\":\"s1\"}");
  peer_close(&p);
  fixture_restart(f);
  peer_join_raw(&p, f);
  peer_subscribe_from(&p, "com.example.reading", ZW_MATCH_EXACT, "{\"last\":100}");
  for (int i = 0; i < 20; i++) peer_expect(&p, ZW_EVENT);
  peer_close(&p);
}

/* Replay while what was acknowledged is not committed yet, or never will be: no gap, no double. */
static void replay_in(serve_fixture *f, enum zw_sync sync) {
  plain_peer p, reader;
  f->options.sync = sync;
  fixture_start(f);
  peer_join_raw(&p, f);
  peer_join_raw(&reader, f);
  for (int i = 0; i < 60; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\"}", i);
    peer_publish(&p, "com.example.reading", "com.example.Reading", json);
    if (i == 29)
      peer_subscribe_from(&reader, "com.example.reading", ZW_MATCH_EXACT, "{\"last\":30}");
  }
  for (int i = 0; i < 60; i++) {
    char json[64];
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\"}", i);
    expect_typed(&reader, peer_expect(&reader, ZW_EVENT), "com.example.Reading", json);
  }
  peer_close(&p);
  peer_close(&reader);
  fixture_stop(f);
}

static void each_way_of_syncing_replays_without_a_gap(void **state) {
  for (int sync = ZW_SYNC_GROUP; sync <= ZW_SYNC_OFF; sync++) replay_in(*state, (enum zw_sync)sync);
}

/* Events stored with an older version of the schema come with what they were stored with. */
static void older_versions_are_read(void **state) {
  serve_fixture *f = *state;
  plain_peer p;
  zw_buf *grown = read_file(ZEROWIRE_TEST_DATA "/serve/grown.bfbs");
  fixture_start(f);
  peer_join_raw(&p, f);
  peer_publish(&p, "com.example.reading", "com.example.Reading", "{\"sensor\":\"s1\"}");
  peer_close(&p);
  fixture_stop(f);
  zw_schema_destroy(f->schema);
  zw_diag diag = {0};
  assert_int_equal(zw_schema_load(&f->schema, zw_buf_span(grown), NULL, &diag), 0);
  f->options.schema = zw_buf_span(grown);
  fixture_start(f);
  peer_join(&p, f, 0, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
  peer_subscribe_from(&p, "com.example.reading", ZW_MATCH_EXACT, "{\"last\":10}");
  assert_true(contains(peer_expect(&p, ZW_EVENT)->args, "[\"s1\",0.0,"));
  zw_msg msg;
  set_request(&p, &msg, ZW_PUBLISH, "com.example.reading");
  msg.exclude_me = false;
  msg.has |= 1ull << ZW_HAS_EXCLUDE_ME;
  set_json(&msg, NULL, "{\"sensor\":\"s2\",\"unit\":\"kelvin\"}");
  peer_send(&p, &msg);
  assert_true(contains(peer_expect(&p, ZW_EVENT)->args, "\"kelvin\""));
  peer_close(&p);
  zw_buf_unref(grown);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_full_store_refuses_and_goes_on, setup, teardown),
      cmocka_unit_test_setup_teardown(each_way_of_syncing_delivers, setup, teardown),
      cmocka_unit_test_setup_teardown(everysec_keeps_what_an_orderly_end_leaves, setup, teardown),
      cmocka_unit_test_setup_teardown(each_way_of_syncing_replays_without_a_gap, setup, teardown),
      cmocka_unit_test_setup_teardown(older_versions_are_read, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
