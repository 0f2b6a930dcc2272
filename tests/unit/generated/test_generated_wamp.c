/* SPDX-License-Identifier: Apache-2.0 */
/* Topics and procedures through generated functions, between clients and a server. */
#define _GNU_SOURCE /* nftw */
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_base.h"
#include "telemetry_store.h"
#include "telemetry_wamp.h"
#include "zerowire/serve.h"

static char folder[] = "/tmp/zerowire-generated-XXXXXX", data[64], address[80];
static zw_server *server;
static pthread_t server_thread;
static zw_client *alice, *bob; /* bob speaks CBOR */
static zw_builder builder;
static zw_diag diag;

static void must(int error) {
  if (error) fail_msg("%s: %s", zw_error_name(error), diag.message);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

static void *run_server(void *ctx) {
  zw_server_run(ctx);
  return NULL;
}

static zw_client *join(enum zw_serializer serializer) {
  zw_client *client;
  zw_client_options options = {.size = sizeof options,
                               .url = address,
                               .serializer = serializer,
                               .schema = &telemetry_schema,
                               .stamp = &telemetry_stamp};
  must(zw_client_open(&client, &options, &diag));
  return client;
}

static int set_up(void **state) {
  (void)state;
  static const char *listen[1] = {address};
  assert_non_null(mkdtemp(folder));
  snprintf(data, sizeof data, "%s/store", folder);
  snprintf(address, sizeof address, "unix:%s/socket", folder);
  zw_server_options options = {.size = sizeof options,
                               .data = data,
                               .listen = listen,
                               .listen_count = 1,
                               .schema = telemetry_schema.bfbs};
  must(zw_server_open(&server, &options, &diag));
  assert_int_equal(pthread_create(&server_thread, NULL, run_server, server), 0);
  zw_builder_init(&builder, NULL);
  alice = join(ZW_FLATBUFFERS);
  bob = join(ZW_CBOR);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  zw_client_close(alice);
  zw_client_close(bob);
  zw_server_stop(server);
  pthread_join(server_thread, NULL);
  zw_server_close(server);
  zw_builder_deinit(&builder);
  nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  return 0;
}

static com_example_Reading reading(double celsius) {
  com_example_Reading r;
  must(com_example_Reading_pack(
      &builder, &(com_example_ReadingT){.sensor = ZW_STR("s1"), .celsius = celsius}, &r));
  return r;
}

/* Both loops, until `done` says so. */
static void run_until(const int *done, int wanted) {
  for (int i = 0; i < 2000 && *done < wanted; i++) {
    (void)zw_client_run_once(alice, 2);
    (void)zw_client_run_once(bob, 2);
  }
  assert_int_equal(*done, wanted);
}

/* ---- topics ---- */

typedef struct seen_events {
  int count;
  double sum;
  char topic[64];
} seen_events;

static void on_reading(void *ctx, com_example_Reading event, const zw_event_info *info) {
  seen_events *seen = ctx;
  seen->count++;
  seen->sum += com_example_Reading_celsius(event);
  snprintf(seen->topic, sizeof seen->topic, "%.*s", ZW_ARG(info->topic));
  assert_text_equal(com_example_Reading_sensor(event), "s1");
}

static void test_publish_and_subscribe(void **state) {
  (void)state;
  seen_events seen[2] = {{0}};
  com_example_Telemetry_reading_subscription a = {.event = on_reading, .ctx = &seen[0]},
                                             b = {.event = on_reading, .ctx = &seen[1]};
  must(com_example_Telemetry_reading_subscribe(alice, NULL, &a, &diag));
  must(com_example_Telemetry_reading_subscribe(bob, NULL, &b, &diag));
  must(com_example_Telemetry_reading_publish(bob, reading(1.5), &diag));
  must(com_example_Telemetry_reading_publish(alice, reading(20), &diag));
  run_until(&seen[0].count, 1);
  run_until(&seen[1].count, 1);
  assert_true(seen[0].sum == 1.5 && seen[1].sum == 20);
  assert_int_equal(a.dropped + b.dropped, 0);
  must(com_example_Telemetry_reading_unsubscribe(alice, &a, &diag));
  must(com_example_Telemetry_reading_unsubscribe(bob, &b, &diag));
}

static void test_history(void **state) {
  (void)state;
  seen_events seen = {0};
  com_example_Telemetry_reading_subscription s = {.event = on_reading, .ctx = &seen};
  const zw_subscribe_options last = {.last = 1};
  must(com_example_Telemetry_reading_publish(bob, reading(7), &diag));
  must(com_example_Telemetry_reading_subscribe(alice, &last, &s, &diag));
  run_until(&seen.count, 1);
  assert_true(seen.sum == 7);
  must(com_example_Telemetry_reading_unsubscribe(alice, &s, &diag));
}

static void test_pattern_topic(void **state) {
  (void)state;
  seen_events seen = {0};
  com_example_Telemetry_alarm_subscription s = {.event = on_reading, .ctx = &seen};
  must(com_example_Telemetry_alarm_subscribe(alice, NULL, &s, &diag));
  must(com_example_Telemetry_alarm_publish(bob, ZW_STR("com.example.alarm.fire"), reading(90),
                                           &diag));
  run_until(&seen.count, 1);
  assert_string_equal(seen.topic, "com.example.alarm.fire");
  must(com_example_Telemetry_alarm_unsubscribe(alice, &s, &diag));
}

/* What does not verify never reaches the program. */
static void test_wrong_events_are_dropped(void **state) {
  (void)state;
  seen_events seen = {0};
  com_example_Telemetry_reading_subscription s = {.event = on_reading, .ctx = &seen};
  zw_span bytes = zw_table_bytes(reading(1).t);
  const zw_payload payloads[] = {
      {.format = ZW_FORMAT_FLATBUFFER, .typed = {bytes.ptr, bytes.len / 2}},
      {.format = ZW_FORMAT_JSON, .args = zw_str_span(ZW_STR("[1]"))},
      {.format = ZW_FORMAT_JSON, .args = zw_str_span(ZW_STR("[\"s1\", 2.5]"))},
      {.format = ZW_FORMAT_FLATBUFFER, .typed = bytes},
  };
  for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
    com_example_Telemetry_reading_on_event_(&s, &(zw_event_info){.payload = &payloads[i]});
  assert_int_equal(s.dropped, 2);
  assert_int_equal(seen.count, 2);
  assert_true(seen.sum == 3.5);
}

static void test_inner_table_is_refused(void **state) {
  (void)state;
  com_example_Reading r = reading(1);
  r.t.ptr += 4;
  r.t.pos += 4;
  assert_int_equal(com_example_Telemetry_reading_publish(alice, r, &diag), ZW_EINVAL);
}

/* ---- the store's procedures and topics ---- */

static void on_changed(void *ctx, com_example_Sensor event, const zw_event_info *info) {
  (void)info;
  assert_text_equal(com_example_Sensor_site(event), "north");
  (*(int *)ctx)++;
}

static void check_record(zw_client *client) {
  com_example_Sensor s;
  com_example_SensorKey request;
  zw_buf *owner;
  must(com_example_SensorKey_pack(
      &builder, &(com_example_SensorKeyT){.site = ZW_STR("north"), .id = ZW_STR("s1")}, &request));
  must(com_example_Telemetry_sensor_get_call(client, request, &s, &owner, &diag));
  assert_text_equal(com_example_Sensor_id(s), "s1");
  assert_int_equal(com_example_Sensor_kind(s), 4);
  zw_buf_unref(owner);
}

static void test_records(void **state) {
  (void)state;
  int changes = 0;
  com_example_Sensor s;
  com_example_Count count;
  zw_buf *owner;
  com_example_Telemetry_sensor_changed_subscription changed = {.event = on_changed,
                                                               .ctx = &changes};
  must(com_example_Telemetry_sensor_changed_subscribe(alice, NULL, &changed, &diag));
  must(com_example_Sensor_pack(
      &builder, &(com_example_SensorT){.site = ZW_STR("north"), .id = ZW_STR("s1"), .kind = 4},
      &s));
  must(com_example_Telemetry_sensor_put_call(bob, s, &diag));
  check_record(alice);
  check_record(bob);
  must(com_example_Telemetry_sensor_count_call(alice, &count, &owner, &diag));
  assert_int_equal(com_example_Count_count(count), 1);
  zw_buf_unref(owner);
  run_until(&changes, 1);
}

static void test_no_record(void **state) {
  (void)state;
  com_example_Sensor s;
  com_example_SensorKey request;
  zw_buf *owner;
  must(com_example_SensorKey_pack(
      &builder, &(com_example_SensorKeyT){.site = ZW_STR("far"), .id = ZW_STR("s9")}, &request));
  int error = com_example_Telemetry_sensor_get_call(alice, request, &s, &owner, &diag);
  assert_true(error == ZW_EREMOTE || error == ZW_ENOTFOUND);
  assert_null(owner);
}

/* ---- a client's procedures ---- */

static void on_recalibrate(void *ctx, com_example_SensorKey request, zw_invocation *invocation) {
  assert_text_equal(com_example_SensorKey_id(request), "s1");
  (*(int *)ctx)++;
  assert_int_equal(com_example_Telemetry_recalibrate_yield(invocation), 0);
}

static void on_done(void *ctx, const zw_result *result) {
  assert_int_equal(result->error, 0);
  (*(int *)ctx)++;
}

static void test_register_and_call(void **state) {
  (void)state;
  int calls = 0, results = 0;
  com_example_SensorKey request;
  com_example_Telemetry_recalibrate_registration r = {.invoked = on_recalibrate, .ctx = &calls};
  com_example_Telemetry_recalibrate_pending p = {.done = on_done, .ctx = &results};
  must(com_example_Telemetry_recalibrate_register(bob, &r, &diag));
  must(com_example_SensorKey_pack(&builder, &(com_example_SensorKeyT){.id = ZW_STR("s1")},
                                  &request));
  must(com_example_Telemetry_recalibrate_call_async(alice, request, NULL, &p, &diag));
  run_until(&results, 1);
  assert_int_equal(calls, 1);
  must(com_example_Telemetry_recalibrate_unregister(bob, &r, &diag));
}

static void on_calibrations(void *ctx, zw_invocation *invocation) {
  (void)ctx;
  for (int i = 1; i <= 3; i++)
    assert_int_equal(com_example_Telemetry_calibrations_yield(invocation, reading(i), i < 3), 0);
}

static void on_calibration(void *ctx, com_example_Reading response, const zw_result *result) {
  seen_events *seen = ctx;
  assert_int_equal(result->error, 0);
  seen->count++;
  seen->sum += com_example_Reading_celsius(response);
}

static void test_stream(void **state) {
  (void)state;
  seen_events seen = {0};
  com_example_Telemetry_calibrations_registration r = {.invoked = on_calibrations};
  com_example_Telemetry_calibrations_pending p = {.done = on_calibration, .ctx = &seen};
  must(com_example_Telemetry_calibrations_register(bob, &r, &diag));
  must(com_example_Telemetry_calibrations_call_async(alice, NULL, &p, &diag));
  run_until(&seen.count, 3);
  assert_true(seen.sum == 6);
  must(com_example_Telemetry_calibrations_unregister(bob, &r, &diag));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_publish_and_subscribe),
      cmocka_unit_test(test_history),
      cmocka_unit_test(test_pattern_topic),
      cmocka_unit_test(test_wrong_events_are_dropped),
      cmocka_unit_test(test_inner_table_is_refused),
      cmocka_unit_test(test_records),
      cmocka_unit_test(test_no_record),
      cmocka_unit_test(test_register_and_call),
      cmocka_unit_test(test_stream),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
