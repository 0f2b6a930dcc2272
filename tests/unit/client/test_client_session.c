/* SPDX-License-Identifier: Apache-2.0 */
/* Everything a client does, over each transport with each serializer. */
#include "scripted_router.h"

typedef struct counters {
  int events, results, progress, errors, sent;
  char last[512], topic[64];
  uint64_t id;
} counters;

static void on_event(void *ctx, const zw_event_info *event) {
  counters *c = ctx;
  c->events++;
  c->id = event->publication;
  snprintf(c->last, sizeof c->last, "%s", args_text(event->payload));
  snprintf(c->topic, sizeof c->topic, "%.*s", ZW_ARG(event->topic));
}

static void on_result(void *ctx, const zw_result *result) {
  counters *c = ctx;
  if (result->error)
    c->errors++;
  else if (result->progress)
    c->progress++;
  else
    c->results++;
  c->id = result->id;
  if (result->payload) snprintf(c->last, sizeof c->last, "%s", args_text(result->payload));
  if (result->error)
    snprintf(c->last, sizeof c->last, "%.*s|%.*s", ZW_ARG(result->uri), ZW_ARG(result->message));
}

static void on_invoked(void *ctx, zw_invocation *invocation, const zw_payload *arguments) {
  counters *c = ctx;
  c->results++;
  if (strstr(args_text(arguments), "no")) {
    assert_int_equal(
        zw_invocation_error(invocation, ZW_STR("com.example.refused"), ZW_STR("I will not")), 0);
    return;
  }
  zw_payload part = json_args("[\"part\"]");
  if (zw_invocation_wants_progress(invocation))
    for (int i = 0; i < 2; i++) assert_int_equal(zw_invocation_yield(invocation, &part, true), 0);
  else
    assert_int_equal(zw_invocation_yield(invocation, &part, true), ZW_EINVAL);
  assert_int_equal(zw_invocation_yield(invocation, arguments, false), 0);
}

#define RUN_UNTIL(client, condition)                                 \
  do {                                                               \
    for (int rounds_ = 0; !(condition) && rounds_ < 3000; rounds_++) \
      assert_int_equal(zw_client_run_once(client, 1), 0);            \
    assert_true(condition);                                          \
  } while (0)

static void publish_and_subscribe(zw_client *client) {
  counters c = {0};
  zw_diag diag = {0};
  uint64_t subscription = 0, publication = 0;
  zw_payload payload = json_args("[1,\"two\",[3]]");
  assert_int_equal(zw_client_subscribe(client, ZW_STR("com.example.topic"), NULL, on_event, &c,
                                       &subscription, &diag),
                   0);
  assert_int_equal(subscription, 7017);
  zw_publish_options options = {.acknowledge = true, .include_me = true};
  assert_int_equal(zw_client_publish_wait(client, ZW_STR("com.example.topic"), &payload, &options,
                                          &publication, &diag),
                   0);
  RUN_UNTIL(client, c.events == 1);
  assert_int_equal(c.id, publication);
  assert_string_equal(c.last, "[1,\"two\",[3]]");
  assert_string_equal(c.topic, "com.example.topic");
  options.acknowledge = false;
  assert_int_equal(
      zw_client_publish(client, ZW_STR("com.example.topic"), &payload, &options, NULL, NULL, &diag),
      0);
  counters sent = {0};
  assert_int_equal(zw_client_publish(client, ZW_STR("com.example.topic"), NULL, &options, on_result,
                                     &sent, &diag),
                   0);
  options.acknowledge = true;
  assert_int_equal(zw_client_publish(client, ZW_STR("com.example.topic"), NULL, &options, on_result,
                                     &sent, &diag),
                   0);
  RUN_UNTIL(client, c.events == 4 && sent.results == 2);
  assert_string_equal(c.last, "");
  assert_int_equal(zw_client_unsubscribe(client, subscription, &diag), 0);
  assert_int_equal(zw_client_unsubscribe(client, subscription, &diag), ZW_ENOTFOUND);
}

static void calls(zw_client *client) {
  counters c = {0};
  zw_diag diag = {0};
  zw_payload payload = json_args("[\"hello\"]"), result;
  zw_buf *owner = NULL;
  assert_int_equal(zw_client_call_wait(client, ZW_STR("test.echo"), &payload, NULL, NULL, NULL,
                                       &result, &owner, &diag),
                   0);
  assert_string_equal(args_text(&result), "[\"hello\"]");
  zw_buf_unref(owner);
  zw_call_options progressive = {.receive_progress = true};
  assert_int_equal(zw_client_call_wait(client, ZW_STR("test.progress"), &payload, &progressive,
                                       on_result, &c, NULL, NULL, &diag),
                   0);
  assert_int_equal(c.progress, 3);
  assert_int_equal(
      zw_client_call_wait(client, ZW_STR("test.fail"), NULL, NULL, NULL, NULL, NULL, NULL, &diag),
      ZW_EREMOTE);
  assert_string_equal(diag.message, "com.example.broken: it broke");
  assert_int_equal(
      zw_client_call_wait(client, ZW_STR("test.absent"), NULL, NULL, NULL, NULL, NULL, NULL, &diag),
      ZW_EREMOTE);
  assert_string_equal(diag.message, "wamp.error.no_such_procedure");
  c = (counters){0};
  assert_int_equal(
      zw_client_call(client, ZW_STR("test.progress"), &payload, &progressive, on_result, &c, &diag),
      0);
  assert_int_equal(zw_client_call(client, ZW_STR("test.fail"), NULL, NULL, on_result, &c, &diag),
                   0);
  RUN_UNTIL(client, c.progress == 3 && c.results == 1 && c.errors == 1);
  assert_string_equal(c.last, "com.example.broken|it broke");
}

static void registrations(zw_client *client) {
  counters c = {0}, r = {0};
  zw_diag diag = {0};
  uint64_t registration = 0;
  zw_payload payload = json_args("[\"yes\"]"), result;
  zw_buf *owner = NULL;
  assert_int_equal(
      zw_client_register(client, ZW_STR("com.example.mine"), on_invoked, &c, &registration, &diag),
      0);
  zw_call_options progressive = {.receive_progress = true};
  assert_int_equal(zw_client_call_wait(client, ZW_STR("com.example.mine"), &payload, &progressive,
                                       on_result, &r, &result, &owner, &diag),
                   0);
  assert_string_equal(args_text(&result), "[\"yes\"]");
  assert_int_equal(r.progress, 2);
  zw_buf_unref(owner);
  payload = json_args("[\"no\"]");
  assert_int_equal(zw_client_call_wait(client, ZW_STR("com.example.mine"), &payload, NULL, NULL,
                                       NULL, NULL, NULL, &diag),
                   ZW_EREMOTE);
  assert_string_equal(diag.message, "com.example.refused: I will not");
  assert_int_equal(c.results, 2);
  assert_int_equal(zw_client_unregister(client, registration, &diag), 0);
  assert_int_equal(zw_client_unregister(client, registration, &diag), ZW_ENOTFOUND);
}

static void over_everything(const char *address) {
  static const enum zw_serializer serializers[] = {ZW_FLATBUFFERS, ZW_CBOR, ZW_JSON};
  for (size_t i = 0; i < 6; i++) {
    scripted_router r = {0};
    router_start(&r, address);
    zw_client *client = client_of(i % 2 ? r.ws_url : r.url, serializers[i / 2]);
    assert_true(zw_client_is_open(client));
    assert_int_equal(zw_client_session(client), 4711);
    assert_true(zw_client_fd(client) >= 0);
    publish_and_subscribe(client);
    calls(client);
    registrations(client);
    assert_int_equal(zw_client_error(client), 0);
    zw_client_close(client);
    router_stop(&r);
    assert_non_null(strstr(r.seen, "GOODBYE"));
  }
}

static void over_tcp(void **state) {
  (void)state;
  over_everything("127.0.0.1:0");
}

static void over_unix_sockets(void **state) {
  (void)state;
  char address[64];
  snprintf(address, sizeof address, "unix:/tmp/zerowire_client_%d.sock", (int)getpid());
  over_everything(address);
}

/* ---- large payloads ---- */

static void a_large_payload_is_borrowed(void **state) {
  (void)state;
  for (int ws = 0; ws < 2; ws++) {
    scripted_router r = {0};
    router_start(&r, "127.0.0.1:0");
    counting_alloc memory;
    counting_alloc_init(&memory, 0);
    zw_client_options options = {
        .size = sizeof options, .url = ws ? r.ws_url : r.url, .alloc = &memory.alloc};
    zw_client *client = NULL;
    assert_int_equal(zw_client_open(&client, &options, NULL), 0);
    enum { LEN = 4 << 20 };
    uint8_t *octets = malloc(LEN);
    assert_non_null(octets);
    for (size_t i = 0; i < LEN; i++) octets[i] = (uint8_t)(i * 7);
    zw_payload payload = {.format = ZW_FORMAT_FLATBUFFER, .typed = {octets, LEN}}, result;
    size_t before = memory.live;
    counters c = {0};
    assert_int_equal(
        zw_client_publish(client, ZW_STR("com.example.big"), &payload, NULL, on_result, &c, NULL),
        0);
    if (!ws) assert_true(memory.live - before < 65536); /* nothing of it was copied */
    assert_int_equal(c.results, 0);
    RUN_UNTIL(client, c.results == 1);
    memset(octets, 1, 64); /* ours again */
    zw_buf *owner = NULL;
    assert_int_equal(zw_client_call_wait(client, ZW_STR("test.echo"), &payload, NULL, NULL, NULL,
                                         &result, &owner, NULL),
                     0);
    assert_int_equal(result.typed.len, LEN);
    assert_memory_equal(result.typed.ptr, octets, LEN);
    assert_true(result.typed.ptr >= owner->data && result.typed.ptr < owner->data + owner->len);
    zw_buf_unref(owner);
    /* Without `done`: copied at once where the socket is full. */
    assert_int_equal(
        zw_client_publish(client, ZW_STR("com.example.big"), &payload, NULL, NULL, NULL, NULL), 0);
    memset(octets, 2, LEN);
    assert_int_equal(
        zw_client_publish_wait(client, ZW_STR("com.example.big"), &payload, NULL, NULL, NULL), 0);
    zw_client_close(client);
    router_stop(&r);
    assert_int_equal(memory.live, 0);
    free(octets);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(over_tcp),
      cmocka_unit_test(over_unix_sockets),
      cmocka_unit_test(a_large_payload_is_borrowed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
