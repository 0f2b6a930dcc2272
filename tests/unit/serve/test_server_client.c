/* SPDX-License-Identifier: Apache-2.0 */
/* The C client with a server: each address and transport, blocking calls and callbacks, replay
 * after a restart, the schema. */
#include "serve_fixture.h"

#include "zerowire/client.h"

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

static zw_client *join(serve_fixture *f, const char *scheme, enum zw_serializer serializer) {
  bool local = strstr(scheme, "unix") != NULL;
  char url[256];
  zw_client *client;
  zw_diag diag = {0};
  snprintf(url, sizeof url, "%s%s", scheme, local ? f->unix_path : zw_server_address(f->server, 0));
  zw_client_options options = {
      .size = sizeof options, .url = url, .serializer = serializer, .schema = f->schema};
  if (zw_client_open(&client, &options, &diag)) fail_msg("%s: %s", url, diag.message);
  return client;
}

static zw_payload typed(serve_fixture *f, zw_builder *b, const char *type, const char *json) {
  zw_payload payload = {.format = ZW_FORMAT_FLATBUFFER, .type = fixture_type(f, type)};
  zw_diag diag = {0};
  if (zw_json_parse(payload.type, zw_str_of(json), 0, 0, b, &payload.typed, &diag))
    fail_msg("%s", diag.message);
  return payload;
}

typedef struct seen {
  int events;
  uint64_t seq; /* of the last one */
  char sensors[128];
} seen;

static void on_event(void *ctx, const zw_event_info *event) {
  seen *s = ctx;
  size_t len = strlen(s->sensors);
  s->events++;
  s->seq = event->seq;
  assert_int_equal(event->seq != 0, event->timestamp != 0);
  if (event->payload->format != ZW_FORMAT_FLATBUFFER) return;
  zw_str sensor = zw_table_str(zw_root_trusted(event->payload->typed), 0);
  snprintf(s->sensors + len, sizeof s->sensors - len, "%.*s ", ZW_ARG(sensor));
}

static void run_until(zw_client *client, const int *count, int wanted) {
  for (int i = 0; i < 500 && *count < wanted; i++) zw_client_run_once(client, 20);
  assert_int_equal(*count, wanted);
}

static void publish(serve_fixture *f, zw_client *client, const char *json) {
  zw_builder b;
  zw_diag diag = {0};
  uint64_t publication = 0;
  zw_builder_init(&b, NULL);
  zw_payload payload = typed(f, &b, "com.example.Reading", json);
  if (zw_client_publish_wait(client, ZW_STR("com.example.reading"), &payload, NULL, &publication,
                             &diag))
    fail_msg("%s", diag.message);
  assert_true(publication > 0);
  zw_builder_deinit(&b);
}

static void each_way_publishes_and_subscribes(void **state) {
  serve_fixture *f = *state;
  static const struct {
    const char *scheme;
    enum zw_serializer serializer;
  } ways[] = {{"rs://", ZW_FLATBUFFERS},    {"ws://", ZW_FLATBUFFERS}, {"unix:", ZW_FLATBUFFERS},
              {"ws+unix:", ZW_FLATBUFFERS}, {"rs://", ZW_CBOR},        {"ws://", ZW_JSON}};
  zw_client *subscriber = join(f, "rs://", ZW_FLATBUFFERS);
  seen s = {0};
  uint64_t subscription;
  zw_diag diag = {0};
  assert_int_equal(zw_client_subscribe(subscriber, ZW_STR("com.example.reading"), NULL, on_event,
                                       &s, &subscription, &diag),
                   0);
  for (int i = 0; i < 6; i++) {
    char json[64];
    zw_client *client = join(f, ways[i].scheme, ways[i].serializer);
    snprintf(json, sizeof json, "{\"sensor\":\"s%d\"}", i);
    publish(f, client, json);
    zw_client_close(client);
  }
  run_until(subscriber, &s.events, 6);
  assert_string_equal(s.sensors, "s0 s1 s2 s3 s4 s5 ");
  zw_client_close(subscriber);
}

static void history_first_then_live(void **state) {
  serve_fixture *f = *state;
  seen s = {0};
  uint64_t subscription;
  zw_diag diag = {0};
  zw_subscribe_options last = {.last = 2};
  zw_client *client = join(f, "rs://", ZW_FLATBUFFERS);
  publish(f, client, "{\"sensor\":\"a\"}");
  publish(f, client, "{\"sensor\":\"b\"}");
  publish(f, client, "{\"sensor\":\"c\"}");
  zw_client_close(client);
  fixture_restart(f);
  client = join(f, "ws://", ZW_FLATBUFFERS);
  assert_int_equal(zw_client_subscribe(client, ZW_STR("com.example.reading"), &last, on_event, &s,
                                       &subscription, &diag),
                   0);
  run_until(client, &s.events, 2);
  zw_client *publisher = join(f, "unix:", ZW_FLATBUFFERS);
  publish(f, publisher, "{\"sensor\":\"d\"}");
  run_until(client, &s.events, 3);
  assert_string_equal(s.sensors, "b c d ");
  assert_int_equal(s.seq, 4);
  zw_client_close(publisher);
  zw_client_close(client);
}

static void from_a_sequence_number(void **state) {
  serve_fixture *f = *state;
  zw_subscribe_options from = {.seq = 2};
  static const struct {
    const char *scheme;
    enum zw_serializer serializer;
  } ways[] = {{"rs://", ZW_FLATBUFFERS}, {"rs://", ZW_CBOR}, {"ws://", ZW_JSON}};
  zw_client *publisher = join(f, "unix:", ZW_FLATBUFFERS);
  publish(f, publisher, "{\"sensor\":\"a\"}");
  publish(f, publisher, "{\"sensor\":\"b\"}");
  publish(f, publisher, "{\"sensor\":\"c\"}");
  for (int i = 0; i < 3; i++) {
    seen s = {0};
    uint64_t subscription;
    zw_diag diag = {0};
    zw_client *client = join(f, ways[i].scheme, ways[i].serializer);
    assert_int_equal(zw_client_subscribe(client, ZW_STR("com.example.reading"), &from, on_event, &s,
                                         &subscription, &diag),
                     0);
    run_until(client, &s.events, 2);
    assert_int_equal(s.seq, 3);
    if (i == 0) assert_string_equal(s.sensors, "b c ");
    zw_client_close(client);
  }
  zw_client_close(publisher);
}

static void calls_are_answered_by_the_store(void **state) {
  serve_fixture *f = *state;
  zw_client *client = join(f, "rs://", ZW_FLATBUFFERS);
  zw_builder b;
  zw_diag diag = {0};
  zw_payload result = {0};
  zw_buf *owner = NULL;
  zw_text text;
  zw_builder_init(&b, NULL);
  zw_text_init(&text, NULL);
  zw_payload sensor = typed(f, &b, "com.example.Sensor", "{\"id\":\"s1\",\"site\":\"north\"}");
  assert_int_equal(zw_client_call_wait(client, ZW_STR("com.example.sensor_put"), &sensor, NULL,
                                       NULL, NULL, NULL, NULL, &diag),
                   0);
  zw_payload key = typed(f, &b, "com.example.SensorKey", "{\"site\":\"north\",\"id\":\"s1\"}");
  assert_int_equal(zw_client_call_wait(client, ZW_STR("com.example.sensor_get"), &key, NULL, NULL,
                                       NULL, &result, &owner, &diag),
                   0);
  assert_int_equal(zw_json_print(fixture_type(f, "com.example.Sensor"),
                                 zw_root_trusted(result.typed), 0, 0, &text),
                   0);
  assert_string_equal(text.ptr, "{\"id\":\"s1\",\"site\":\"north\"}");
  key = typed(f, &b, "com.example.SensorKey", "{\"site\":\"north\",\"id\":\"s9\"}");
  assert_int_equal(zw_client_call_wait(client, ZW_STR("com.example.sensor_get"), &key, NULL, NULL,
                                       NULL, NULL, NULL, &diag),
                   ZW_EREMOTE);
  assert_non_null(strstr(diag.message, "zerowire.error.not_found"));
  zw_buf_unref(owner);
  zw_text_deinit(&text);
  zw_builder_deinit(&b);
  zw_client_close(client);
}

static void the_schema_comes_from_the_server(void **state) {
  serve_fixture *f = *state;
  zw_client *client = join(f, "ws://", ZW_CBOR);
  zw_schema *schema = NULL;
  zw_diag diag = {0};
  if (zw_client_schema(client, &schema, &diag)) fail_msg("%s", diag.message);
  assert_memory_equal(schema->id, f->schema->id, ZW_SCHEMA_ID_SIZE);
  zw_schema_destroy(schema);
  zw_client_close(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(each_way_publishes_and_subscribes, setup, teardown),
      cmocka_unit_test_setup_teardown(history_first_then_live, setup, teardown),
      cmocka_unit_test_setup_teardown(from_a_sequence_number, setup, teardown),
      cmocka_unit_test_setup_teardown(calls_are_answered_by_the_store, setup, teardown),
      cmocka_unit_test_setup_teardown(the_schema_comes_from_the_server, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
