/* SPDX-License-Identifier: Apache-2.0 */
/* How sessions and requests end: deadlines, lost connections, wrong messages, callbacks. */
#include "scripted_router.h"

typedef struct outcome {
  int count, error, closed;
  char what[100];
} outcome;

static void on_done(void *ctx, const zw_result *result) {
  outcome *o = ctx;
  o->count++;
  o->error = result->error;
}

static void on_closed(void *ctx, int error, const char *what) {
  outcome *o = ctx;
  o->closed++;
  o->error = error;
  snprintf(o->what, sizeof o->what, "%s", what);
}

static zw_client *watched_client(const char *url, outcome *o) {
  zw_client_options options = {
      .size = sizeof options, .url = url, .timeout_ms = 3000, .closed = on_closed, .ctx = o};
  zw_client *client = NULL;
  assert_int_equal(zw_client_open(&client, &options, NULL), 0);
  return client;
}

static void a_call_times_out(void **state) {
  (void)state;
  scripted_router r = {0};
  router_start(&r, "127.0.0.1:0");
  zw_client *client = client_of(r.url, ZW_CBOR);
  zw_call_options options = {.timeout_ms = 100};
  zw_diag diag = {0};
  assert_int_equal(zw_client_call_wait(client, ZW_STR("test.silent"), NULL, &options, NULL, NULL,
                                       NULL, NULL, &diag),
                   ZW_ETIMEOUT);
  assert_string_equal(diag.message, "no answer in time");
  assert_true(zw_client_is_open(client));
  assert_int_equal(
      zw_client_call_wait(client, ZW_STR("test.echo"), NULL, NULL, NULL, NULL, NULL, NULL, &diag),
      0);
  zw_client_close(client);
  router_stop(&r);
}

/* ---- the session's end ---- */

static unsigned end_code;

static bool end_on_call(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  zw_msg answer;
  (void)r;
  if (msg->code == ZW_GOODBYE && end_code == ZW_GOODBYE) return true;
  if (msg->code != ZW_CALL) return false;
  if (end_code == 0) {
    zw_conn_abort(conn);
    return true;
  }
  zw_msg_init(&answer, (enum zw_msg_code)end_code);
  answer.uri = end_code == ZW_GOODBYE ? ZW_STR("wamp.close.system_shutdown")
                                      : ZW_STR("wamp.error.protocol_violation");
  answer.message = ZW_STR("enough");
  if (end_code == ZW_HELLO) answer.message = (zw_str){NULL, 0};
  router_send(conn, &answer);
  return true;
}

static void the_end_of_the_session_ends_all(void **state) {
  (void)state;
  static const struct {
    unsigned code;
    int error;
    const char *says;
  } rows[] = {
      {0, ZW_ENET, ""},
      {ZW_GOODBYE, ZW_ECLOSED, "wamp.close.system_shutdown: enough"},
      {ZW_ABORT, ZW_EREMOTE, "wamp.error.protocol_violation: enough"},
      {ZW_HELLO, ZW_EPROTO, "HELLO is not allowed"},
  };
  for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
    scripted_router r = {.script = end_on_call};
    outcome waits = {0}, end = {0};
    zw_diag diag = {0};
    router_start(&r, "127.0.0.1:0");
    end_code = rows[i / 2].code;
    zw_client *client = watched_client(i & 1 ? r.url : r.ws_url, &end);
    assert_int_equal(zw_client_call(client, ZW_STR("a.b"), NULL, NULL, on_done, &waits, NULL), 0);
    assert_int_equal(
        zw_client_call_wait(client, ZW_STR("c.d"), NULL, NULL, NULL, NULL, NULL, NULL, &diag),
        rows[i / 2].error);
    assert_non_null(strstr(diag.message, rows[i / 2].says));
    assert_int_equal(waits.count, 1);
    assert_int_equal(waits.error, rows[i / 2].error);
    assert_false(zw_client_is_open(client));
    while (!end.closed) (void)zw_client_run_once(client, 10);
    assert_int_equal(end.error, rows[i / 2].error);
    assert_int_equal(zw_client_error(client), rows[i / 2].error);
    assert_int_equal(zw_client_run(client), rows[i / 2].error);
    assert_int_equal(zw_client_publish(client, ZW_STR("a.b"), NULL, NULL, on_done, &waits, &diag),
                     rows[i / 2].error);
    assert_int_equal(zw_client_publish_wait(client, ZW_STR("a.b"), NULL, NULL, NULL, &diag),
                     rows[i / 2].error);
    assert_non_null(strstr(diag.message, "the session is over"));
    zw_client_close(client);
    assert_int_equal(waits.count, 1);
    assert_int_equal(end.closed, 1);
    router_stop(&r);
  }
}

static void closing_tells_who_waits(void **state) {
  (void)state;
  scripted_router r = {0};
  outcome waits = {0}, end = {0};
  router_start(&r, "127.0.0.1:0");
  zw_client *client = watched_client(r.url, &end);
  assert_int_equal(zw_client_call(client, ZW_STR("test.silent"), NULL, NULL, on_done, &waits, NULL),
                   0);
  zw_client_close(client);
  assert_int_equal(waits.count, 1);
  assert_int_equal(waits.error, ZW_ECLOSED);
  assert_int_equal(end.closed, 0); /* it was our own wish */
  router_stop(&r);
}

/* ---- a router that does not read ---- */

static bool stop_reading(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  (void)r;
  if (msg->code != ZW_CALL) return false;
  zw_conn_pause(conn, true);
  return true;
}

static void borrowed_octets_come_back_in_any_case(void **state) {
  (void)state;
  scripted_router r = {.script = stop_reading};
  outcome waits = {0}, tracked = {0};
  router_start(&r, "127.0.0.1:0");
  zw_client_options options = {.size = sizeof options, .url = r.url, .timeout_ms = 300};
  zw_client *client = NULL;
  assert_int_equal(zw_client_open(&client, &options, NULL), 0);
  assert_int_equal(zw_client_call(client, ZW_STR("a.b"), NULL, NULL, NULL, NULL, NULL), 0);
  enum { LEN = 15 << 20 };
  uint8_t *octets = calloc(1, LEN);
  assert_non_null(octets);
  zw_payload payload = {.format = ZW_FORMAT_FLATBUFFER, .typed = {octets, LEN}};
  zw_publish_options acknowledged = {.acknowledge = true};
  zw_diag diag = {0};
  assert_int_equal(
      zw_client_publish(client, ZW_STR("a.b"), &payload, NULL, on_done, &tracked, &diag), 0);
  int sent = 0, error = 0;
  while (!error && sent < 10) {
    error =
        zw_client_publish(client, ZW_STR("a.b"), &payload, &acknowledged, on_done, &waits, &diag);
    sent += !error;
  }
  assert_int_equal(error, ZW_ELIMIT); /* 64 MiB may wait */
  assert_non_null(strstr(diag.message, "the output queue is full"));
  assert_int_equal(sent, 3);
  while (waits.count < sent || !tracked.count) (void)zw_client_run_once(client, 50);
  assert_int_equal(tracked.count, 1);
  assert_int_equal(tracked.error, ZW_ETIMEOUT);
  free(octets);
  assert_false(zw_client_is_open(client));
  zw_client_close(client);
  router_stop(&r);
}

/* ---- callbacks ---- */

typedef struct inside {
  zw_client *client;
  int blocking, run, started, done;
} inside;

static void ask_again(void *ctx, const zw_result *result) {
  inside *in = ctx;
  (void)result;
  in->done++;
  in->blocking = zw_client_call_wait(in->client, ZW_STR("test.echo"), NULL, NULL, NULL, NULL, NULL,
                                     NULL, NULL);
  in->run = zw_client_run_once(in->client, 0);
  if (in->done < 3)
    in->started = zw_client_call(in->client, ZW_STR("test.echo"), NULL, NULL, ask_again, in, NULL);
  else
    zw_client_stop(in->client);
}

static void callbacks_start_but_do_not_wait(void **state) {
  (void)state;
  scripted_router r = {0};
  router_start(&r, "127.0.0.1:0");
  inside in = {.client = client_of(r.url, ZW_JSON)};
  assert_int_equal(zw_client_call(in.client, ZW_STR("test.echo"), NULL, NULL, ask_again, &in, NULL),
                   0);
  assert_int_equal(zw_client_run(in.client), 0);
  assert_int_equal(in.done, 3);
  assert_int_equal(in.blocking, ZW_EINVAL);
  assert_int_equal(in.run, ZW_EINVAL);
  assert_int_equal(in.started, 0);
  zw_client_close(in.client);
  router_stop(&r);
}

static void *stop_later(void *ctx) {
  usleep(20000);
  zw_client_stop(ctx);
  return NULL;
}

static void another_thread_stops_it(void **state) {
  (void)state;
  scripted_router r = {0};
  pthread_t thread;
  router_start(&r, "127.0.0.1:0");
  zw_client *client = client_of(r.url, ZW_JSON);
  assert_int_equal(pthread_create(&thread, NULL, stop_later, client), 0);
  assert_int_equal(zw_client_run(client), 0);
  pthread_join(thread, NULL);
  assert_true(zw_client_is_open(client));
  zw_client_close(client);
  router_stop(&r);
}

/* ---- invocations ---- */

static zw_invocation *kept;

static void keep(void *ctx, zw_invocation *invocation, const zw_payload *arguments) {
  (void)ctx;
  (void)arguments;
  kept = invocation;
}

static void an_invocation_is_answered_later(void **state) {
  (void)state;
  for (int after_the_end = 0; after_the_end < 2; after_the_end++) {
    scripted_router r = {0};
    outcome o = {0};
    uint64_t id;
    router_start(&r, "127.0.0.1:0");
    zw_client *client = client_of(r.url, ZW_CBOR);
    kept = NULL;
    assert_int_equal(zw_client_register(client, ZW_STR("com.example.late"), keep, NULL, &id, NULL),
                     0);
    assert_int_equal(
        zw_client_call(client, ZW_STR("com.example.late"), NULL, NULL, on_done, &o, NULL), 0);
    while (!kept) assert_int_equal(zw_client_run_once(client, 10), 0);
    if (after_the_end) {
      zw_client_close(client);
      assert_int_equal(o.error, ZW_ECLOSED);
      assert_int_equal(zw_invocation_yield(kept, NULL, true), ZW_ECLOSED);
      assert_int_equal(zw_invocation_yield(kept, NULL, false), ZW_ECLOSED);
    } else {
      assert_int_equal(zw_invocation_yield(kept, NULL, false), 0);
      while (!o.count) assert_int_equal(zw_client_run_once(client, 10), 0);
      assert_int_equal(o.error, 0);
      zw_client_close(client);
    }
    router_stop(&r);
  }
}

/* ---- options of a subscription ---- */

static char from[120];
static unsigned match;

static bool keep_subscribe(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  zw_text text;
  (void)r;
  (void)conn;
  if (msg->code != ZW_SUBSCRIBE) return false;
  match = msg->match;
  from[0] = 0;
  zw_text_init(&text, NULL);
  if (zw_value_present(&msg->x_from) &&
      zw_value_convert(msg->x_from.format, msg->x_from.octets, ZW_FORMAT_JSON, &text, NULL) == 0)
    snprintf(from, sizeof from, "%.*s", ZW_ARG(zw_text_str(&text)));
  zw_text_deinit(&text);
  return false;
}

static void subscriptions_begin_in_the_past(void **state) {
  (void)state;
  static const struct {
    zw_subscribe_options options;
    const char *from;
  } rows[] = {
      {{.match = ZW_MATCH_PREFIX}, ""},
      {{.last = 10}, "{\"last\":10}"},
      {{.since = 1764081600000000001}, "{\"since\":\"2025-11-25T14:40:00.000000001Z\"}"},
      {{.match = ZW_MATCH_WILDCARD, .after = 4503599627370497}, "{\"after\":4503599627370497}"},
      {{.seq = 9007199254740992}, "{\"seq\":9007199254740992}"},
  };
  scripted_router r = {.script = keep_subscribe};
  router_start(&r, "127.0.0.1:0");
  zw_client *client = client_of(r.url, ZW_FLATBUFFERS);
  uint64_t id;
  zw_diag diag = {0};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    assert_int_equal(
        zw_client_subscribe(client, ZW_STR("a.b"), &rows[i].options, NULL, NULL, &id, &diag), 0);
    assert_string_equal(from, rows[i].from);
    assert_int_equal(match, rows[i].options.match);
  }
  zw_subscribe_options two = {.last = 1, .after = 1};
  assert_int_equal(zw_client_subscribe(client, ZW_STR("a.b"), &two, NULL, NULL, &id, &diag),
                   ZW_EINVAL);
  zw_client_close(client);
  router_stop(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_call_times_out),
      cmocka_unit_test(the_end_of_the_session_ends_all),
      cmocka_unit_test(closing_tells_who_waits),
      cmocka_unit_test(borrowed_octets_come_back_in_any_case),
      cmocka_unit_test(callbacks_start_but_do_not_wait),
      cmocka_unit_test(another_thread_stops_it),
      cmocka_unit_test(an_invocation_is_answered_later),
      cmocka_unit_test(subscriptions_begin_in_the_past),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
