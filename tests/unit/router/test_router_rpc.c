/* SPDX-License-Identifier: Apache-2.0 */
/* Registrations, calls, procedures of the map, and the meta API. */
#include "router_fixture.h"

static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};

static fixture f;
static fixture_peer a, b;

static int setup(void **state) {
  (void)state;
  fixture_init(&f);
  if (fixture_start(&f)) return 1;
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  if (a.peer) fixture_leave(&a);
  if (b.peer) fixture_leave(&b);
  fixture_deinit(&f);
  return 0;
}

static void yield(fixture_peer *p, uint64_t invocation, const char *args, bool progress) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_YIELD);
  msg.request = invocation;
  msg.progress = progress;
  if (progress) msg.has |= 1ull << ZW_HAS_PROGRESS;
  fixture_set_args(&msg, args);
  fixture_send(p, &msg);
}

static void expect_result(fixture_peer *p, uint64_t request, const char *args,
                          const zw_type *type) {
  const zw_msg *msg = fixture_take(p, ZW_RESULT);
  assert_int_equal(msg->request, request);
  assert_false(msg->progress);
  assert_string_equal(fixture_args(&f, msg, type), args);
}

/* ---- calls ---- */

static void any_caller_any_callee(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    for (int k = 0; k < 3; k++) {
      fixture_peer caller, callee;
      fixture_join(&f, &caller, serializers[i]);
      fixture_join(&f, &callee, serializers[k]);
      uint64_t id = fixture_registered(&callee, "plain.add");
      fixture_registered(&callee, "sim.convert");
      uint64_t request = fixture_call(&caller, "plain.add", "[1,2]", "{\"x\":true}");
      const zw_msg *invocation = fixture_take(&callee, ZW_INVOCATION);
      assert_int_equal(invocation->registration, id);
      assert_int_equal(invocation->request, 1);
      assert_string_equal(fixture_args(&f, invocation, NULL), "[1,2]");
      yield(&callee, 1, "[3]", false);
      expect_result(&caller, request, "[3]", NULL);
      request = fixture_call(&caller, "sim.convert", "[\"s1\",2.5]", NULL);
      invocation = fixture_take(&callee, ZW_INVOCATION);
      assert_string_equal(fixture_args(&f, invocation, &fixture_reading), "[\"s1\",2.5,0]");
      yield(&callee, invocation->request, "[\"s1\",\"north\",4]", false);
      expect_result(&caller, request, "[\"s1\",\"north\",4]", &fixture_sensor);
      fixture_leave(&caller);
      fixture_leave(&callee);
    }
  }
}

static void progressive_results(void **state) {
  (void)state;
  zw_msg msg;
  fixture_registered(&b, "plain.p");
  fixture_begin(&a, &msg, ZW_CALL);
  msg.uri = ZW_STR("plain.p");
  msg.receive_progress = true;
  msg.has |= 1ull << ZW_HAS_RECEIVE_PROGRESS;
  fixture_send(&a, &msg);
  const zw_msg *invocation = fixture_take(&b, ZW_INVOCATION);
  assert_true(invocation->receive_progress);
  uint64_t id = invocation->request;
  yield(&b, id, "[1]", true);
  yield(&b, id, "[2]", true);
  yield(&b, id, "[3]", false);
  for (int i = 0; i < 2; i++) assert_true(fixture_take(&a, ZW_RESULT)->progress);
  expect_result(&a, msg.request, "[3]", NULL);
  uint64_t request = fixture_call(&a, "plain.p", NULL, NULL);
  id = fixture_take(&b, ZW_INVOCATION)->request;
  yield(&b, id, "[1]", true);
  fixture_expect_none(&a);
  yield(&b, id, "[2]", false);
  expect_result(&a, request, "[2]", NULL);
}

static void errors_of_a_callee(void **state) {
  (void)state;
  zw_msg msg;
  fixture_registered(&b, "plain.e");
  fixture_registered(&b, "sim.convert");
  fixture_call(&a, "plain.e", NULL, NULL);
  zw_msg_init(&msg, ZW_ERROR);
  msg.request_type = ZW_INVOCATION;
  msg.request = fixture_take(&b, ZW_INVOCATION)->request;
  msg.uri = ZW_STR("app.error.broken");
  fixture_set_args(&msg, "[\"gone\"]");
  fixture_send(&b, &msg);
  fixture_expect_error(&a, ZW_CALL, "app.error.broken", "gone");
  fixture_call(&a, "sim.convert", "[\"s1\",\"warm\"]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "celsius");
  fixture_call(&a, "sim.convert", "[\"s1\"]", NULL);
  yield(&b, fixture_take(&b, ZW_INVOCATION)->request, "[\"s1\",\"north\",\"high\"]", false);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "level");
  yield(&b, 2, NULL, false); /* late: dropped */
  fixture_expect_none(&a);
  assert_false(b.closed);
  yield(&b, 77, NULL, false); /* never asked */
  assert_text_equal(fixture_take(&b, ZW_ABORT)->uri, "wamp.error.protocol_violation");
  assert_true(b.closed);
}

static void canceling_skips(void **state) {
  (void)state;
  zw_msg cancel;
  fixture_registered(&b, "plain.c");
  uint64_t request = fixture_call(&a, "plain.c", NULL, NULL);
  zw_msg_init(&cancel, ZW_CANCEL);
  cancel.request = request;
  cancel.mode = ZW_CANCEL_KILL;
  cancel.has |= 1ull << ZW_HAS_MODE;
  fixture_send(&a, &cancel);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.canceled", NULL);
  fixture_send(&a, &cancel);
  yield(&b, fixture_take(&b, ZW_INVOCATION)->request, "[1]", false);
  fixture_expect_none(&a);
  fixture_expect_none(&b);
  assert_false(a.closed || b.closed);
  request = fixture_call(&a, "plain.c", NULL, NULL);
  yield(&b, fixture_take(&b, ZW_INVOCATION)->request, "[2]", false);
  expect_result(&a, request, "[2]", NULL);
}

static void who_goes_meanwhile(void **state) {
  (void)state;
  fixture_registered(&b, "plain.g");
  fixture_call(&a, "plain.g", NULL, NULL);
  fixture_leave(&b);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.canceled", NULL);
  fixture_call(&a, "plain.g", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_procedure", NULL);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_registered(&b, "plain.g");
  fixture_call(&a, "plain.g", NULL, NULL);
  uint64_t id = fixture_take(&b, ZW_INVOCATION)->request;
  fixture_leave(&a);
  yield(&b, id, "[1]", false);
  assert_false(b.closed);
  fixture_call(&b, "plain.g", NULL, NULL); /* itself */
  fixture_take(&b, ZW_INVOCATION);
}

static void unregistering(void **state) {
  (void)state;
  zw_msg msg;
  uint64_t id = fixture_registered(&b, "plain.u");
  fixture_begin(&a, &msg, ZW_REGISTER);
  msg.uri = ZW_STR("plain.u");
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_REGISTER, "wamp.error.procedure_already_exists", "another session");
  fixture_begin(&a, &msg, ZW_UNREGISTER);
  msg.registration = id;
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_UNREGISTER, "wamp.error.no_such_registration", NULL);
  uint64_t request = fixture_call(&a, "plain.u", NULL, NULL);
  fixture_send(&b, &msg);
  uint64_t invocation = fixture_take(&b, ZW_INVOCATION)->request;
  fixture_take(&b, ZW_UNREGISTERED);
  yield(&b, invocation, "[1]", false); /* a call under way goes on */
  expect_result(&a, request, "[1]", NULL);
  fixture_registered(&a, "plain.u");
}

static void refused_registrations(void **state) {
  (void)state;
  zw_msg msg;
  static const struct {
    const char *uri, *error;
  } uris[] = {
      {"wamp.session.x", "wamp.error.invalid_uri"},
      {"zerowire.schema.get", "wamp.error.procedure_already_exists"},
      {"sim.get", "wamp.error.procedure_already_exists"},
  };
  for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
    fixture_begin(&a, &msg, ZW_REGISTER);
    msg.uri = zw_str_of(uris[i].uri);
    fixture_send(&a, &msg);
    fixture_expect_error(&a, ZW_REGISTER, uris[i].error, NULL);
  }
  for (int i = 0; i < 5; i++) {
    fixture_begin(&a, &msg, ZW_REGISTER);
    msg.uri = ZW_STR("plain.r");
    msg.has = 1ull << ZW_HAS_MATCH | 1ull << ZW_HAS_INVOKE | 1ull << ZW_HAS_CONCURRENCY |
              1ull << ZW_HAS_FORCE_REREGISTER | 1ull << ZW_HAS_FORWARD_TIMEOUT;
    if (i == 0) msg.match = ZW_MATCH_PREFIX;
    if (i == 1) msg.invoke = ZW_INVOKE_RANDOM;
    if (i == 2) msg.concurrency = 2;
    msg.force_reregister = i == 3;
    msg.forward_timeout = i == 4;
    fixture_send(&a, &msg);
    fixture_expect_error(&a, ZW_REGISTER, "wamp.error.feature_not_supported", NULL);
  }
  for (int i = 0; i < 8; i++) {
    char uri[24];
    snprintf(uri, sizeof uri, "plain.r%d", i);
    fixture_registered(&a, uri);
  }
  fixture_begin(&a, &msg, ZW_REGISTER);
  msg.uri = ZW_STR("plain.r");
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_REGISTER, "wamp.error.unavailable", "8");
}

static void refused_calls(void **state) {
  (void)state;
  zw_msg msg;
  fixture_registered(&b, "plain.add");
  fixture_call(&a, "plain.ad", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_procedure", "Did you mean plain.add?");
  fixture_call(&a, "sim.gett", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_procedure", "Did you mean sim.get?");
  fixture_call(&a, "sim.convert", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_procedure", "nobody has registered");
  fixture_call(&a, "wamp.session.cunt", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_procedure", "wamp.session.count?");
  fixture_begin(&a, &msg, ZW_CALL);
  msg.uri = ZW_STR("plain.add");
  msg.progress = true;
  msg.has |= 1ull << ZW_HAS_PROGRESS;
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.feature_not_supported", NULL);
  for (int i = 0; i < 16; i++) fixture_call(&a, "plain.add", NULL, NULL);
  fixture_call(&a, "plain.add", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.unavailable", "16");
  fixture_begin(&a, &msg, ZW_CALL);
  msg.uri = ZW_STR("plain.add");
  msg.request -= 2; /* of a call under way */
  fixture_send(&a, &msg);
  assert_text_equal(fixture_take(&a, ZW_ABORT)->uri, "wamp.error.protocol_violation");
}

/* Whoever calls much cannot have a slow callee closed. */
static void a_callee_without_room(void **state) {
  (void)state;
  fixture_registered(&b, "plain.add");
  b.full = true;
  fixture_call(&a, "plain.add", "[1]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.unavailable", "plain.add");
  fixture_expect_none(&b);
  b.full = false;
  fixture_call(&a, "plain.add", "[1]", NULL);
  fixture_take(&b, ZW_INVOCATION);
}

static void disclosed_caller(void **state) {
  (void)state;
  zw_msg msg;
  fixture_begin(&b, &msg, ZW_REGISTER);
  msg.uri = ZW_STR("plain.d");
  msg.disclose_me = true;
  msg.has |= 1ull << ZW_HAS_DISCLOSE_ME;
  fixture_send(&b, &msg);
  fixture_take(&b, ZW_REGISTERED);
  fixture_begin(&a, &msg, ZW_CALL);
  msg.uri = ZW_STR("plain.d");
  msg.timeout = 500;
  msg.has |= 1ull << ZW_HAS_TIMEOUT;
  fixture_send(&a, &msg);
  const zw_msg *invocation = fixture_take(&b, ZW_INVOCATION);
  assert_int_equal(invocation->publisher, a.session);
  assert_text_equal(invocation->publisher_authrole, "anonymous");
  assert_int_equal(invocation->timeout, 500);
}

/* ---- the map ---- */

static void records_in_and_out(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    fixture_peer p;
    fixture_join(&f, &p, serializers[i]);
    uint64_t put = fixture_call(&p, "sim.put", "[\"s1\",\"north\",3]", NULL);
    fixture_expect_none(&p);
    fixture_commit(&f, SIZE_MAX);
    assert_int_equal(fixture_take(&p, ZW_RESULT)->request, put);
    fixture_call(&p, "sim.insert", "[\"s1\",\"south\",3]", NULL);
    fixture_commit(&f, SIZE_MAX);
    fixture_expect_error(&p, ZW_CALL, "zerowire.error.exists", "s1");
    uint64_t get = fixture_call(&p, "sim.get", "[\"s1\"]", NULL);
    expect_result(&p, get, "[\"s1\",\"north\",3]", &fixture_sensor);
    get = fixture_call(&p, "sim.get", NULL, "{\"id\":\"s1\"}");
    expect_result(&p, get, "[\"s1\",\"north\",3]", &fixture_sensor);
    uint64_t count = fixture_call(&p, "sim.count", NULL, NULL);
    expect_result(&p, count, "[1]", &fixture_count);
    fixture_call(&p, "sim.delete", "[\"s1\"]", NULL);
    fixture_commit(&f, SIZE_MAX);
    fixture_take(&p, ZW_RESULT);
    fixture_call(&p, "sim.get", "[\"s1\"]", NULL);
    fixture_expect_error(&p, ZW_CALL, "zerowire.error.not_found", "sensors: no record s1");
    fixture_call(&p, "sim.delete", "[\"s1\"]", NULL);
    fixture_commit(&f, SIZE_MAX);
    fixture_expect_error(&p, ZW_CALL, "zerowire.error.not_found", NULL);
    fixture_call(&p, "sim.select", NULL, NULL);
    fixture_expect_error(&p, ZW_CALL, "wamp.error.feature_not_supported", NULL);
    fixture_call(&p, "sim.get", "[7]", NULL);
    fixture_expect_error(&p, ZW_CALL, "wamp.error.invalid_argument", "id");
    fixture_turn(&f);
    fixture_leave(&p);
  }
}

static void changes_are_told(void **state) {
  (void)state;
  fixture_subscribed(&b, "sim.changed", ZW_MATCH_EXACT, NULL);
  fixture_subscribed(&b, "sim.deleted", ZW_MATCH_EXACT, NULL);
  fixture_call(&a, "sim.put", "[\"s1\",\"north\",3]", NULL);
  fixture_call(&a, "sim.insert", "[\"s2\",\"north\",4]", NULL);
  fixture_call(&a, "sim.insert", "[\"s2\",\"north\",5]", NULL);
  fixture_call(&a, "sim.delete", "[\"s1\"]", NULL);
  fixture_expect_none(&b);
  fixture_commit(&f, SIZE_MAX);
  const zw_msg *event = fixture_take(&b, ZW_EVENT);
  assert_string_equal(fixture_args(&f, event, &fixture_sensor), "[\"s1\",\"north\",3]");
  event = fixture_take(&b, ZW_EVENT);
  assert_string_equal(fixture_args(&f, event, &fixture_sensor), "[\"s2\",\"north\",4]");
  event = fixture_take(&b, ZW_EVENT);
  assert_string_equal(fixture_args(&f, event, &fixture_sensor), "[\"s1\",null,0]");
  fixture_expect_none(&b);
  assert_int_equal(f.log_count, 1);
}

/* On a durable topic the change and its event are given to the store together, and share their
 * fate. */
static void a_change_and_its_event_are_one(void **state) {
  (void)state;
  zw_router_stats stats;
  fixture_subscribed(&b, "sim.deleted", ZW_MATCH_EXACT, NULL);
  fixture_call(&a, "sim.put", "[\"s1\",\"north\",3]", NULL);
  assert_int_equal(f.queue_count, 1);
  fixture_call(&a, "sim.delete", "[\"s1\"]", NULL);
  assert_int_equal(f.queue_count, 3);
  fixture_call(&a, "sim.delete", "[\"s1\"]", NULL);
  assert_int_equal(f.queue_count, 5);
  fixture_commit(&f, 3);
  fixture_take(&b, ZW_EVENT);
  fixture_take(&a, ZW_RESULT);
  fixture_take(&a, ZW_RESULT);
  fixture_commit(&f, 2);
  fixture_expect_error(&a, ZW_CALL, "zerowire.error.not_found", NULL);
  fixture_call(&a, "sim.put", "[\"s1\",\"north\",3]", NULL);
  fixture_commit(&f, 1);
  fixture_take(&a, ZW_RESULT);
  fixture_call(&a, "sim.delete", "[\"s1\"]", NULL);
  f.fail_commit = ZW_EIO;
  fixture_commit(&f, 2);
  fixture_expect_error(&a, ZW_CALL, "zerowire.error.store_unavailable", "disk is full");
  f.fail_append = ZW_ESTORE;
  fixture_call(&a, "sim.delete", "[\"s1\"]", NULL);
  fixture_expect_error(&a, ZW_CALL, "zerowire.error.store_unavailable", "closed");
  fixture_expect_none(&b);
  assert_int_equal(f.log_count, 1);
  assert_int_equal(zw_router_waiting(f.router), 0);
  zw_router_stats_get(f.router, &stats);
  assert_int_equal(stats.stored, 1);
}

static void a_write_of_a_peer_that_is_gone(void **state) {
  (void)state;
  fixture_subscribed(&b, "sim.changed", ZW_MATCH_EXACT, NULL);
  fixture_call(&a, "sim.put", "[\"s1\",\"north\",3]", NULL);
  fixture_publish(&a, "plain.a", NULL, true);
  fixture_leave(&a);
  fixture_commit(&f, SIZE_MAX);
  fixture_take(&b, ZW_EVENT);
  assert_int_equal(f.record_count, 1);
  f.fail_append = ZW_ESTORE;
  fixture_call(&b, "sim.put", "[\"s1\",\"north\",3]", NULL);
  fixture_expect_error(&b, ZW_CALL, "zerowire.error.store_unavailable", NULL);
}

/* ---- the meta API ---- */

static const char *ask(fixture_peer *p, const char *uri, const char *args) {
  fixture_call(p, uri, args, NULL);
  return fixture_args(&f, fixture_take(p, ZW_RESULT), NULL);
}

static void sessions(void **state) {
  (void)state;
  char text[64];
  assert_string_equal(ask(&a, "wamp.session.count", NULL), "[2]");
  assert_string_equal(ask(&b, "wamp.session.count", "[[\"operator\"]]"), "[0]");
  assert_string_equal(ask(&b, "wamp.session.count", "[[\"x\",\"anonymous\"]]"), "[2]");
  snprintf(text, sizeof text, "[%llu]", (unsigned long long)b.session);
  const char *list = ask(&a, "wamp.session.list", NULL), *got = ask(&a, "wamp.session.get", text);
  snprintf(text, sizeof text, "%llu", (unsigned long long)b.session);
  assert_non_null(strstr(list, text));
  assert_non_null(strstr(got, text));
  assert_non_null(strstr(got, "\"authrole\":\"anonymous\""));
  assert_non_null(strstr(got, "\"transport\":{\"type\":\"rawsocket\""));
  fixture_call(&a, "wamp.session.get", "[5]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_session", "5");
  fixture_call(&a, "wamp.session.get", "[\"x\"]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "session");
  fixture_call(&a, "wamp.session.get", "[1,2]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "at most 1");
  fixture_call(&a, "wamp.session.get", NULL, "{\"colour\":1}");
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "no argument");
  fixture_call(&a, "wamp.session.count", "[7]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "filter_authroles");
}

static void subscriptions(void **state) {
  (void)state;
  char id[32], text[128];
  uint64_t plain = fixture_subscribed(&b, "plain.", ZW_MATCH_PREFIX, NULL);
  snprintf(id, sizeof id, "[%llu]", (unsigned long long)plain);
  assert_string_equal(ask(&a, "wamp.subscription.lookup", "[\"plain.\",{\"match\":\"prefix\"}]"),
                      id);
  assert_string_equal(ask(&a, "wamp.subscription.lookup", "[\"plain.\"]"), "[null]");
  snprintf(text, sizeof text, "[%s]", id);
  assert_string_equal(ask(&a, "wamp.subscription.match", "[\"plain.x\"]"), text);
  assert_string_equal(ask(&a, "wamp.subscription.match", "[\"other\"]"), "[[]]");
  assert_non_null(strstr(ask(&a, "wamp.subscription.get", id), "\"match\":\"prefix\""));
  assert_string_equal(ask(&a, "wamp.subscription.count_subscribers", id), "[1]");
  snprintf(text, sizeof text, "[[%llu]]", (unsigned long long)b.session);
  assert_string_equal(ask(&a, "wamp.subscription.list_subscribers", id), text);
  snprintf(text, sizeof text, "[{\"exact\":[],\"prefix\":%s,\"wildcard\":[]}]", id);
  assert_string_equal(ask(&a, "wamp.subscription.list", NULL), text);
  /* Durable topics are found without a subscriber. */
  const char *found = ask(&a, "wamp.subscription.lookup", "[\"sim.reading\"]");
  assert_non_null(strstr(ask(&a, "wamp.subscription.get", found), "sim.reading"));
  assert_string_equal(ask(&a, "wamp.subscription.count_subscribers", found), "[0]");
  fixture_call(&a, "wamp.subscription.get", "[999]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_subscription", "999");
  fixture_call(&a, "wamp.subscription.lookup", "[\"x\",{\"match\":\"fuzzy\"}]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "wildcard");
  fixture_call(&a, "wamp.subscription.lookup", "[]", "{\"topik\":\"x\"}");
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "topic");
  fixture_call(&a, "wamp.subscription.lookup", "[\"x\"]", "{\"topic\":\"x\"}");
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "twice");
}

static void registrations(void **state) {
  (void)state;
  char id[32], text[128];
  snprintf(id, sizeof id, "[%llu]", (unsigned long long)fixture_registered(&b, "plain.add"));
  assert_string_equal(ask(&a, "wamp.registration.lookup", "[\"plain.add\"]"), id);
  assert_string_equal(ask(&a, "wamp.registration.match", "[\"plain.add\"]"), id);
  assert_string_equal(ask(&a, "wamp.registration.match", "[\"x\"]"), "[null]");
  assert_non_null(strstr(ask(&a, "wamp.registration.get", id), "plain.add"));
  assert_string_equal(ask(&a, "wamp.registration.count_callees", id), "[1]");
  snprintf(text, sizeof text, "[[%llu]]", (unsigned long long)b.session);
  assert_string_equal(ask(&a, "wamp.registration.list_callees", id), text);
  snprintf(text, sizeof text, "[{\"exact\":%s,\"prefix\":[],\"wildcard\":[]}]", id);
  assert_string_equal(ask(&a, "wamp.registration.list", NULL), text);
  assert_string_equal(ask(&a, "wamp.registration.lookup", "[\"plain.add\",{\"match\":\"prefix\"}]"),
                      "[null]");
  fixture_call(&a, "wamp.registration.lookup", "[\"plain.add\",{\"match\":7}]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "match");
  fixture_call(&a, "wamp.registration.match", NULL, NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.invalid_argument", "procedure");
  fixture_call(&a, "wamp.registration.get", "[999]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_registration", "999");
}

static void schemas(void **state) {
  (void)state;
  const char *list = ask(&a, "zerowire.schema.list", NULL);
  assert_non_null(strstr(list, "\"id\":\"9f3c21d00102030405060708090a0b0c\""));
  assert_non_null(strstr(list, "\"namespace\":\"sim\""));
  assert_non_null(strstr(list, "\"current\":true"));
  fixture_call(&b, "zerowire.schema.get", "[\"9f3c21d0\"]", NULL);
  const zw_msg *result = fixture_take(&b, ZW_RESULT);
  const zw_span bfbs = fixture_model.schema->bfbs;
  assert_memory_equal(result->args.ptr + result->args.len - bfbs.len, bfbs.ptr, bfbs.len);
  fixture_call(&b, "zerowire.schema.get", "[\"00000000\"]", NULL);
  fixture_expect_error(&b, ZW_CALL, "zerowire.error.not_found", "zerowire.schema.list");
  fixture_call(&b, "zerowire.schema.get", "[1]", NULL);
  fixture_expect_error(&b, ZW_CALL, "wamp.error.invalid_argument", "id");
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      CASE(any_caller_any_callee),
      CASE(progressive_results),
      CASE(errors_of_a_callee),
      CASE(canceling_skips),
      CASE(who_goes_meanwhile),
      CASE(unregistering),
      CASE(refused_registrations),
      CASE(refused_calls),
      CASE(a_callee_without_room),
      CASE(disclosed_caller),
      CASE(records_in_and_out),
      CASE(changes_are_told),
      CASE(a_change_and_its_event_are_one),
      CASE(a_write_of_a_peer_that_is_gone),
      CASE(sessions),
      CASE(subscriptions),
      CASE(registrations),
      CASE(schemas),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
