/* SPDX-License-Identifier: Apache-2.0 */
/* The procedures that the store answers, and the topics that tell of changes. */
#include "serve_fixture.h"

#define S1 "{\"id\":\"s1\",\"site\":\"north\",\"kind\":3}"
#define S1_CHANGED "{\"id\":\"s1\",\"site\":\"north\",\"kind\":4}"
#define S1_KEY "{\"site\":\"north\",\"id\":\"s1\"}"

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

static void expect_count(plain_peer *p, const char *json) {
  const zw_msg *result = peer_call(p, "com.example.sensor_count", NULL, NULL);
  assert_int_equal(result->code, ZW_RESULT);
  expect_typed(p, result, "com.example.SensorCount", json);
}

static void put_sensor(plain_peer *p, const char *json) {
  const zw_msg *result = peer_call(p, "com.example.sensor_put", "com.example.Sensor", json);
  assert_int_equal(result->code, ZW_RESULT);
}

static void records_come_and_go(void **state) {
  plain_peer p;
  peer_join_raw(&p, *state);
  expect_count(&p, "{}");
  expect_error(peer_call(&p, "com.example.sensor_get", "com.example.SensorKey", S1_KEY),
               "zerowire.error.not_found");
  put_sensor(&p, S1);
  expect_count(&p, "{\"count\":1}");
  const zw_msg *got = peer_call(&p, "com.example.sensor_get", "com.example.SensorKey", S1_KEY);
  assert_int_equal(got->code, ZW_RESULT);
  expect_typed(&p, got, "com.example.Sensor", S1);
  expect_error(peer_call(&p, "com.example.sensor_insert", "com.example.Sensor", S1_CHANGED),
               "zerowire.error.exists");
  put_sensor(&p, S1_CHANGED);
  got = peer_call(&p, "com.example.sensor_get", "com.example.SensorKey", S1_KEY);
  expect_typed(&p, got, "com.example.Sensor", S1_CHANGED);
  const zw_msg *gone = peer_call(&p, "com.example.sensor_delete", "com.example.SensorKey", S1_KEY);
  assert_int_equal(gone->code, ZW_RESULT);
  expect_error(peer_call(&p, "com.example.sensor_delete", "com.example.SensorKey", S1_KEY),
               "zerowire.error.not_found");
  expect_count(&p, "{}");
  peer_close(&p);
}

static void they_survive_a_restart(void **state) {
  plain_peer p;
  peer_join_raw(&p, *state);
  put_sensor(&p, S1);
  peer_close(&p);
  fixture_restart(*state);
  peer_join_raw(&p, *state);
  expect_count(&p, "{\"count\":1}");
  peer_close(&p);
}

static void other_serializers_get_arguments(void **state) {
  plain_peer p;
  zw_msg msg;
  peer_join(&p, *state, 0, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
  set_request(&p, &msg, ZW_CALL, "com.example.sensor_put");
  set_json(&msg, NULL, S1);
  peer_send(&p, &msg);
  peer_expect(&p, ZW_RESULT);
  set_request(&p, &msg, ZW_CALL, "com.example.sensor_get");
  set_json(&msg, NULL, S1_KEY);
  peer_send(&p, &msg);
  const zw_msg *got = peer_expect(&p, ZW_RESULT);
  assert_true(contains(got->args, "[\"s1\",\"north\",3,"));
  set_request(&p, &msg, ZW_CALL, "com.example.sensor_get");
  set_json(&msg, NULL, "{\"site\":\"north\",\"ident\":\"s1\"}");
  peer_send(&p, &msg);
  const zw_msg *wrong = peer_next(&p);
  expect_error(wrong, "wamp.error.invalid_argument");
  assert_true(contains(wrong->args, "ident"));
  peer_close(&p);
}

static void changes_are_told(void **state) {
  plain_peer p, watcher;
  peer_join_raw(&watcher, *state);
  uint64_t changed = peer_subscribe(&watcher, "com.example.sensor_changed");
  uint64_t removed = peer_subscribe(&watcher, "com.example.sensor_removed");
  peer_join_raw(&p, *state);
  put_sensor(&p, S1);
  const zw_msg *event = peer_expect(&watcher, ZW_EVENT);
  assert_int_equal(event->subscription, changed);
  expect_typed(&watcher, event, "com.example.Sensor", S1);
  peer_call(&p, "com.example.sensor_delete", "com.example.SensorKey", S1_KEY);
  event = peer_expect(&watcher, ZW_EVENT);
  assert_int_equal(event->subscription, removed);
  expect_typed(&watcher, event, "com.example.SensorKey", S1_KEY);
  peer_close(&p);
  peer_close(&watcher);
}

static void clients_answer_the_others(void **state) {
  plain_peer caller, callee;
  zw_msg msg;
  zw_builder b;
  peer_join(&callee, *state, 1, ZW_TRANSPORT_RAWSOCKET, ZW_FLATBUFFERS);
  set_request(&callee, &msg, ZW_REGISTER, "com.example.convert");
  peer_send(&callee, &msg);
  uint64_t registration = peer_expect(&callee, ZW_REGISTERED)->registration;
  peer_join(&caller, *state, 0, ZW_TRANSPORT_WEBSOCKET, ZW_JSON);
  set_request(&caller, &msg, ZW_CALL, "com.example.convert");
  set_json(&msg, "[\"s1\",20.5]", NULL);
  peer_send(&caller, &msg);
  const zw_msg *invocation = peer_expect(&callee, ZW_INVOCATION);
  assert_int_equal(invocation->registration, registration);
  expect_typed(&callee, invocation, "com.example.Reading", "{\"sensor\":\"s1\",\"celsius\":20.5}");
  uint64_t request = invocation->request;
  zw_builder_init(&b, NULL);
  zw_msg_init(&msg, ZW_YIELD);
  msg.request = request;
  set_typed(&callee, &msg, "com.example.Reading", &b, "{\"sensor\":\"s1\",\"celsius\":68.9}");
  peer_send(&callee, &msg);
  zw_builder_deinit(&b);
  const zw_msg *result = peer_expect(&caller, ZW_RESULT);
  assert_true(contains(result->args, "68.9"));
  peer_close(&callee);
  set_request(&caller, &msg, ZW_CALL, "com.example.convert");
  peer_send(&caller, &msg);
  assert_int_equal(peer_next(&caller)->code, ZW_ERROR);
  peer_close(&caller);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(records_come_and_go, setup, teardown),
      cmocka_unit_test_setup_teardown(they_survive_a_restart, setup, teardown),
      cmocka_unit_test_setup_teardown(other_serializers_get_arguments, setup, teardown),
      cmocka_unit_test_setup_teardown(changes_are_told, setup, teardown),
      cmocka_unit_test_setup_teardown(clients_answer_the_others, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
