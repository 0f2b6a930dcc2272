/* SPDX-License-Identifier: Apache-2.0 */
/* From HELLO to GOODBYE: realms, logins, versions, and what is a violation of the protocol. */
#include "router_fixture.h"

static fixture f;
static fixture_peer a;

static int setup(void **state) {
  (void)state;
  fixture_init(&f);
  return fixture_start(&f);
}

static int teardown(void **state) {
  (void)state;
  fixture_leave(&a);
  fixture_deinit(&f);
  return 0;
}

static zw_value json(const char *text) {
  return (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_str_span(zw_str_of(text))};
}

static void hello(zw_msg *msg, const char *methods, const char *authid) {
  zw_msg_init(msg, ZW_HELLO);
  msg->uri = ZW_STR("realm1");
  msg->roles = json("{\"caller\":{}}");
  if (methods) msg->authmethods = json(methods);
  if (authid) msg->authid = zw_str_of(authid);
}

static void expect_abort(const char *uri, const char *words) {
  const zw_msg *msg = fixture_take(&a, ZW_ABORT);
  assert_text_equal(msg->uri, uri);
  if (words) {
    char text[ZW_DIAG_MESSAGE_MAX];
    snprintf(text, sizeof text, "%.*s", ZW_ARG(msg->message));
    if (!strstr(text, words)) fail_msg("\"%s\" is not in \"%s\"", words, text);
  }
  fixture_expect_none(&a);
  assert_true(a.closed);
}

static void welcome_says_what_there_is(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  for (int i = 0; i < 3; i++) {
    zw_msg msg;
    zw_value broker, features, feature, schemas;
    bool on = false;
    fixture_attach(&f, &a, serializers[i]);
    hello(&msg, NULL, NULL);
    fixture_send(&a, &msg);
    const zw_msg *welcome = fixture_take(&a, ZW_WELCOME);
    assert_true(welcome->session >= 1 && welcome->session <= ZW_ID_MAX);
    assert_text_equal(welcome->authrole, "anonymous");
    assert_text_equal(welcome->method, "anonymous");
    assert_int_equal(zw_value_get(&welcome->roles, ZW_STR("broker"), &broker), 1);
    assert_int_equal(zw_value_get(&broker, ZW_STR("features"), &features), 1);
    assert_int_equal(zw_value_get(&features, ZW_STR("event_history"), &feature), 1);
    assert_int_equal(zw_value_bool(&feature, &on), 0);
    assert_true(on);
    assert_int_equal(zw_value_get(&features, ZW_STR("event_retention"), &feature) == 1 &&
                         !zw_value_bool(&feature, &on) && on,
                     0);
    assert_int_equal(zw_value_get(&welcome->x_zerowire, ZW_STR("schemas"), &schemas), 1);
    assert_true(zw_peer_is_open(a.peer));
    assert_false(zw_peer_is_legacy(a.peer));
    fixture_leave(&a);
  }
  fixture_attach(&f, &a, ZW_CBOR);
}

static void a_peer_without_details_is_legacy(void **state) {
  (void)state;
  zw_msg msg;
  fixture_attach(&f, &a, ZW_FLATBUFFERS);
  zw_msg_init(&msg, ZW_HELLO);
  msg.uri = ZW_STR("realm1");
  a.legacy = true;
  fixture_send(&a, &msg);
  fixture_take(&a, ZW_WELCOME);
  assert_true(zw_peer_is_legacy(a.peer));
  fixture_subscribed(&a, "sim.live", ZW_MATCH_EXACT, NULL);
  fixture_peer b;
  fixture_join(&f, &b, ZW_FLATBUFFERS);
  fixture_publish(&b, "sim.live", "[\"s1\",1.5,1]", false);
  const zw_msg *event = fixture_take(&a, ZW_EVENT);
  assert_null(event->payload.ptr);
  assert_string_equal(fixture_args(&f, event, NULL), "[\"s1\",1.5,1]");
  fixture_call(&a, "sim.get", "[\"s1\"]", NULL);
  fixture_expect_error(&a, ZW_CALL, "zerowire.error.not_found", NULL);
  fixture_leave(&b);
}

static void no_such_realm(void **state) {
  (void)state;
  zw_msg msg;
  fixture_attach(&f, &a, ZW_CBOR);
  hello(&msg, NULL, NULL);
  msg.uri = ZW_STR("realm2");
  fixture_send(&a, &msg);
  expect_abort("wamp.error.no_such_realm", "realm2");
}

static void anonymous_from_this_machine_only(void **state) {
  (void)state;
  zw_msg msg;
  f.remote = true;
  fixture_attach(&f, &a, ZW_CBOR);
  hello(&msg, NULL, NULL);
  fixture_send(&a, &msg);
  expect_abort("wamp.error.authentication_required", "this machine only");
}

static void ticket_login(enum zw_serializer serializer, const char *authid, const char *ticket) {
  zw_msg msg;
  f.remote = true;
  fixture_attach(&f, &a, serializer);
  hello(&msg, "[\"ticket\"]", authid);
  fixture_send(&a, &msg);
  assert_text_equal(fixture_take(&a, ZW_CHALLENGE)->method, "ticket");
  assert_false(zw_peer_is_open(a.peer));
  zw_msg_init(&msg, ZW_AUTHENTICATE);
  msg.signature = zw_str_of(ticket);
  msg.extra = json("{}");
  fixture_send(&a, &msg);
}

static void right_ticket(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  for (int i = 0; i < 3; i++) {
    ticket_login(serializers[i], "joe", "secret");
    const zw_msg *welcome = fixture_take(&a, ZW_WELCOME);
    assert_text_equal(welcome->authid, "joe");
    assert_text_equal(welcome->authrole, "operator");
    assert_text_equal(welcome->method, "ticket");
    assert_int_equal(zw_peer_serializer(a.peer), serializers[i]);
    fixture_leave(&a);
  }
  fixture_attach(&f, &a, ZW_CBOR);
}

/* Who is unknown sees what one with a wrong ticket sees. */
static void wrong_tickets(void **state) {
  (void)state;
  ticket_login(ZW_JSON, "joe", "secrex");
  expect_abort("wamp.error.authentication_denied", "authid or the ticket");
  fixture_leave(&a);
  ticket_login(ZW_JSON, "jim", "secret");
  expect_abort("wamp.error.authentication_denied", "authid or the ticket");
  fixture_leave(&a);
  ticket_login(ZW_JSON, "jim", "no principal has this ticket");
  expect_abort("wamp.error.authentication_denied", "authid or the ticket");
}

/* Autobahn writes no authmethods in FlatBuffers; with an authid it is asked for its ticket, without
 * one it is anonymous. */
static void legacy_peers_log_in_by_their_name(void **state) {
  (void)state;
  for (int named = 0; named < 2; named++) {
    zw_msg msg;
    fixture_attach(&f, &a, ZW_FLATBUFFERS);
    zw_msg_init(&msg, ZW_HELLO);
    msg.uri = ZW_STR("realm1");
    if (named) msg.authid = ZW_STR("joe");
    a.legacy = true;
    fixture_send(&a, &msg);
    if (named) {
      fixture_take(&a, ZW_CHALLENGE);
      zw_msg_init(&msg, ZW_AUTHENTICATE);
      msg.signature = ZW_STR("secret");
      fixture_send(&a, &msg);
    }
    assert_text_equal(fixture_take(&a, ZW_WELCOME)->authrole, named ? "operator" : "anonymous");
    fixture_leave(&a);
  }
  fixture_attach(&f, &a, ZW_CBOR);
}

/* Others who list no method are anonymous, whoever they say they are. */
static void no_methods_is_anonymous(void **state) {
  (void)state;
  zw_msg msg;
  fixture_attach(&f, &a, ZW_JSON);
  hello(&msg, NULL, "joe");
  fixture_send(&a, &msg);
  const zw_msg *welcome = fixture_take(&a, ZW_WELCOME);
  assert_text_equal(welcome->authrole, "anonymous");
  assert_false(zw_str_eq(welcome->authid, ZW_STR("joe")));
}

static void unknown_method(void **state) {
  (void)state;
  zw_msg msg;
  fixture_attach(&f, &a, ZW_CBOR);
  hello(&msg, "[\"cryptosign\"]", "joe");
  fixture_send(&a, &msg);
  expect_abort("wamp.error.no_matching_auth_method", "ticket");
}

static void versions_at_join(void **state) {
  (void)state;
  static const struct {
    const char *schemas;
    bool joins;
  } cases[] = {
      {"[{\"namespace\":\"sim\",\"id\":\"9f3c21d00102030405060708090a0b0c\"}]", true},
      {"[{\"namespace\":\"other\",\"id\":\"00000000000000000000000000000000\"}]", true},
      {"[]", true},
      {"[{\"namespace\":\"sim\",\"id\":\"02d00000000000000000000000000000\"}]", true},
      {"[{\"namespace\":\"other\",\"id\":\"1\"},"
       "{\"namespace\":\"sim\",\"id\":\"01d00000000000000000000000000000\"}]",
       false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (int s = 0; s < 2; s++) {
      char text[256];
      zw_msg msg;
      fixture_attach(&f, &a, s ? ZW_JSON : ZW_FLATBUFFERS);
      hello(&msg, NULL, NULL);
      snprintf(text, sizeof text, "{\"abi\":1,\"schemas\":%s}", cases[i].schemas);
      msg.x_zerowire = json(text);
      fixture_send(&a, &msg);
      if (cases[i].joins)
        fixture_take(&a, ZW_WELCOME);
      else
        expect_abort("zerowire.error.schema_mismatch", "FIELD_SAME_TYPE sim.Reading.celsius");
      fixture_leave(&a);
    }
  }
  fixture_attach(&f, &a, ZW_CBOR);
}

/* What is in the schema is told to nobody who has not logged in. */
static void a_mismatch_is_told_after_the_login(void **state) {
  (void)state;
  static const struct {
    const char *ticket, *uri, *words;
  } cases[] = {
      {"wrong", "wamp.error.authentication_denied", "authid or the ticket"},
      {"secret", "zerowire.error.schema_mismatch", "FIELD_SAME_TYPE sim.Reading.celsius"},
  };
  zw_msg msg;
  static const char older[] =
      "{\"schemas\":[{\"namespace\":\"sim\",\"id\":\"01d00000000000000000000000000000\"}]}";
  f.remote = true;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fixture_attach(&f, &a, ZW_JSON);
    hello(&msg, "[\"ticket\"]", "joe");
    msg.x_zerowire = json(older);
    fixture_send(&a, &msg);
    fixture_take(&a, ZW_CHALLENGE);
    zw_msg_init(&msg, ZW_AUTHENTICATE);
    msg.signature = zw_str_of(cases[i].ticket);
    msg.extra = json("{}");
    fixture_send(&a, &msg);
    expect_abort(cases[i].uri, cases[i].words);
    fixture_leave(&a);
  }
  fixture_attach(&f, &a, ZW_JSON);
  hello(&msg, NULL, NULL);
  msg.x_zerowire = json(older);
  fixture_send(&a, &msg);
  expect_abort("wamp.error.authentication_required", "this machine only");
}

/* A HELLO is small, and may not cause much work. */
static void many_versions_at_join(void **state) {
  (void)state;
  zw_msg msg;
  char text[8192];
  int len = snprintf(text, sizeof text, "{\"schemas\":[");
  for (int i = 0; i <= 100; i++)
    len += snprintf(text + len, sizeof text - (size_t)len,
                    "{\"id\":\"0%cd00000000000000000000000000000\"}%s", i < 100 ? '2' : '1',
                    i < 100 ? "," : "]}");
  fixture_attach(&f, &a, ZW_JSON);
  hello(&msg, NULL, NULL);
  msg.x_zerowire = json(text);
  fixture_send(&a, &msg);
  fixture_take(&a, ZW_WELCOME);
}

static void goodbye_both_ways(void **state) {
  (void)state;
  zw_msg msg;
  fixture_peer b;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_subscribed(&a, "plain.a", ZW_MATCH_EXACT, NULL);
  zw_msg_init(&msg, ZW_GOODBYE);
  msg.uri = ZW_STR("wamp.close.normal");
  fixture_send(&a, &msg);
  assert_text_equal(fixture_take(&a, ZW_GOODBYE)->uri, "wamp.close.goodbye_and_out");
  assert_true(a.closed);
  fixture_publish(&b, "plain.a", NULL, false);
  fixture_expect_none(&a);
  zw_router_shutdown(f.router);
  assert_text_equal(fixture_take(&b, ZW_GOODBYE)->uri, "wamp.close.system_shutdown");
  assert_false(b.closed);
  msg.uri = ZW_STR("wamp.close.goodbye_and_out");
  fixture_send(&b, &msg);
  fixture_expect_none(&b);
  assert_true(b.closed);
  fixture_leave(&b);
}

static void shutdown_with_writes_under_way(void **state) {
  (void)state;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_publish(&a, "sim.reading", NULL, true);
  zw_router_shutdown(f.router);
  fixture_take(&a, ZW_GOODBYE);
  fixture_commit(&f, SIZE_MAX);
  fixture_expect_none(&a);
  assert_int_equal(f.log_count, 1);
}

/* With peers attached and writes under way: nothing is sent, all is freed. */
static void destroyed_in_the_middle(void **state) {
  (void)state;
  fixture_peer b, c;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_attach(&f, &c, ZW_CBOR);
  fixture_registered(&b, "plain.p");
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":5}");
  fixture_call(&a, "plain.p", NULL, NULL);
  fixture_publish(&a, "sim.reading", "[\"s1\"]", true);
  fixture_publish(&a, "plain.a", NULL, true);
  fixture_call(&a, "sim.delete", "[\"s1\"]", NULL);
  fixture_call(&a, "sim.put", "[\"s1\"]", NULL);
  b.taken = b.count;
  fixture_stop(&f);
  fixture_expect_none(&a);
  fixture_expect_none(&b);
  assert_int_equal(f.memory.live, 0);
  a.peer = b.peer = c.peer = NULL;
  fixture_leave(&b);
  fixture_leave(&c);
}

/* Who has not joined is told so too; who aborts is gone. */
static void ends_before_the_session(void **state) {
  (void)state;
  zw_msg msg;
  fixture_peer b;
  fixture_attach(&f, &b, ZW_CBOR);
  ticket_login(ZW_CBOR, "joe", "secret");
  fixture_take(&a, ZW_WELCOME);
  zw_msg_init(&msg, ZW_ABORT);
  msg.uri = ZW_STR("app.error.enough");
  fixture_send(&a, &msg);
  fixture_expect_none(&a);
  assert_true(a.closed);
  zw_router_shutdown(f.router);
  assert_text_equal(fixture_take(&b, ZW_ABORT)->uri, "wamp.close.system_shutdown");
  fixture_leave(&b);
}

static void violations(void **state) {
  (void)state;
  static const enum zw_msg_code first[] = {ZW_PUBLISH, ZW_GOODBYE, ZW_AUTHENTICATE};
  static const enum zw_msg_code later[] = {ZW_HELLO, ZW_WELCOME, ZW_EVENT, ZW_AUTHENTICATE};
  zw_msg msg;
  for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
    fixture_attach(&f, &a, ZW_CBOR);
    zw_msg_init(&msg, first[i]);
    msg.uri = ZW_STR("realm1");
    zw_router_receive(f.router, a.peer, &msg, NULL);
    expect_abort("wamp.error.protocol_violation", zw_msg_name(first[i]));
    fixture_leave(&a);
  }
  for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
    fixture_join(&f, &a, ZW_CBOR);
    zw_msg_init(&msg, later[i]);
    zw_router_receive(f.router, a.peer, &msg, NULL);
    expect_abort("wamp.error.protocol_violation", zw_msg_name(later[i]));
    fixture_leave(&a);
  }
  zw_diag diag;
  fixture_join(&f, &a, ZW_CBOR);
  zw_fail(&diag, ZW_EPROTO, "PUBLISH.topic: a string is expected, at octet 12");
  zw_router_violation(f.router, a.peer, &diag);
  expect_abort("wamp.error.protocol_violation", "at octet 12");
  zw_router_violation(f.router, a.peer, &diag); /* once */
  fixture_expect_none(&a);
}

static void realms(void **state) {
  (void)state;
  zw_diag diag;
  zw_realm *realm;
  zw_realm_options options = {
      .size = sizeof options, .name = ZW_STR("realm1"), .anonymous_local = true};
  assert_int_equal(zw_router_realm_add(f.router, &options, &realm, &diag), ZW_EEXISTS);
  options.name = ZW_STR("a b");
  assert_int_equal(zw_router_realm_add(f.router, &options, &realm, &diag), ZW_EURI);
  options.name = ZW_STR("realm2");
  assert_int_equal(zw_router_realm_add(f.router, &options, &realm, &diag), 0);
  zw_msg msg;
  fixture_attach(&f, &a, ZW_CBOR);
  hello(&msg, NULL, NULL);
  msg.uri = ZW_STR("realm2");
  fixture_send(&a, &msg);
  fixture_take(&a, ZW_WELCOME);
  fixture_peer b;
  fixture_join(&f, &b, ZW_CBOR);
  fixture_subscribed(&a, "plain.a", ZW_MATCH_EXACT, NULL);
  fixture_publish(&b, "plain.a", NULL, false); /* realms do not hear each other */
  fixture_expect_none(&a);
  fixture_call(&a, "zerowire.schema.list", NULL, NULL);
  assert_string_equal(fixture_args(&f, fixture_take(&a, ZW_RESULT), NULL), "[[]]");
  fixture_call(&a, "sim.get", "[\"s1\"]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_procedure", NULL);
  fixture_leave(&b);
}

/* A realm whose map has no store behind it. */
static void no_store(void **state) {
  (void)state;
  zw_diag diag;
  zw_realm_options options = {.size = sizeof options,
                              .name = ZW_STR("realm3"),
                              .model = &fixture_model,
                              .anonymous_local = true};
  assert_int_equal(zw_router_realm_add(f.router, &options, NULL, &diag), 0);
  zw_msg msg;
  fixture_attach(&f, &a, ZW_CBOR);
  hello(&msg, NULL, NULL);
  msg.uri = ZW_STR("realm3");
  fixture_send(&a, &msg);
  fixture_take(&a, ZW_WELCOME);
  fixture_call(&a, "sim.get", "[\"s1\"]", NULL);
  fixture_expect_error(&a, ZW_CALL, "zerowire.error.store_unavailable", "no store");
  fixture_publish(&a, "sim.reading", "[\"s1\"]", true);
  fixture_take(&a, ZW_PUBLISHED);
  fixture_subscribe(&a, "sim.reading", ZW_MATCH_EXACT, "{\"last\":1}");
  fixture_expect_error(&a, ZW_SUBSCRIBE, "wamp.error.option_not_allowed", NULL);
  fixture_call(&a, "wamp.subscription.get_events", "[1]", NULL);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.no_such_subscription", NULL);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      CASE(welcome_says_what_there_is),
      CASE(a_peer_without_details_is_legacy),
      CASE(no_such_realm),
      CASE(anonymous_from_this_machine_only),
      CASE(right_ticket),
      CASE(wrong_tickets),
      CASE(legacy_peers_log_in_by_their_name),
      CASE(no_methods_is_anonymous),
      CASE(unknown_method),
      CASE(versions_at_join),
      CASE(a_mismatch_is_told_after_the_login),
      CASE(many_versions_at_join),
      CASE(goodbye_both_ways),
      CASE(shutdown_with_writes_under_way),
      CASE(destroyed_in_the_middle),
      CASE(ends_before_the_session),
      CASE(violations),
      CASE(realms),
      CASE(no_store),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
