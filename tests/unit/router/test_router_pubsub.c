/* SPDX-License-Identifier: Apache-2.0 */
/* Publish and subscribe: who gets what, in which order, in which serializer. */
#include "router_fixture.h"

static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};

static fixture f;

static int setup(void **state) {
  (void)state;
  fixture_init(&f);
  return fixture_start(&f);
}

static int teardown(void **state) {
  (void)state;
  fixture_deinit(&f);
  return 0;
}

/* Each publisher's serializer to each subscriber's, typed and untyped. */
static void any_serializer_to_any(void **state) {
  (void)state;
  fixture_peer from, to[3];
  for (int i = 0; i < 3; i++) {
    fixture_join(&f, &to[i], serializers[i]);
    fixture_subscribed(&to[i], "sim.live", ZW_MATCH_EXACT, NULL);
    fixture_subscribed(&to[i], "other.topic", ZW_MATCH_EXACT, NULL);
  }
  for (int i = 0; i < 3; i++) {
    fixture_join(&f, &from, serializers[i]);
    fixture_publish(&from, "sim.live", "[\"s1\",21.5,7]", true);
    fixture_publish(&from, "other.topic", "[1,{\"a\":null}]", true);
    fixture_take(&from, ZW_PUBLISHED);
    fixture_take(&from, ZW_PUBLISHED);
    fixture_leave(&from);
    for (int k = 0; k < 3; k++) {
      const zw_msg *event = fixture_take(&to[k], ZW_EVENT);
      assert_string_equal(fixture_args(&f, event, &fixture_reading), "[\"s1\",21.5,7]");
      event = fixture_take(&to[k], ZW_EVENT);
      assert_string_equal(fixture_args(&f, event, NULL), "[1,{\"a\":null}]");
      assert_true(event->publication > (uint64_t)1 << 52 && event->publication <= ZW_ID_MAX);
      assert_false(event->has >> ZW_HAS_TIMESTAMP & 1);
      assert_false(event->has >> ZW_HAS_X_SEQ & 1);
      fixture_expect_none(&to[k]);
    }
  }
  for (int i = 0; i < 3; i++) fixture_leave(&to[i]);
}

static void patterns(void **state) {
  (void)state;
  fixture_peer a, b;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_join(&f, &b, ZW_JSON);
  uint64_t exact = fixture_subscribed(&a, "x.y.z", ZW_MATCH_EXACT, NULL);
  uint64_t prefix = fixture_subscribed(&a, "x.y", ZW_MATCH_PREFIX, NULL);
  uint64_t wildcard = fixture_subscribed(&a, "x..z", ZW_MATCH_WILDCARD, NULL);
  assert_true(exact >= (uint64_t)1 << 32 && exact != prefix && prefix != wildcard);
  fixture_publish(&b, "x.y.z", "[1]", false);
  const zw_msg *event = fixture_take(&a, ZW_EVENT);
  assert_int_equal(event->subscription, exact);
  assert_null(event->topic.ptr);
  event = fixture_take(&a, ZW_EVENT);
  assert_int_equal(event->subscription, prefix);
  assert_text_equal(event->topic, "x.y.z");
  event = fixture_take(&a, ZW_EVENT);
  assert_int_equal(event->subscription, wildcard);
  assert_text_equal(event->topic, "x.y.z");
  fixture_publish(&b, "x.yy", "[2]", false);
  assert_int_equal(fixture_take(&a, ZW_EVENT)->subscription, prefix);
  fixture_publish(&b, "x.q.z", "[3]", false);
  assert_int_equal(fixture_take(&a, ZW_EVENT)->subscription, wildcard);
  fixture_publish(&b, "y.q.z", "[4]", false);
  fixture_expect_none(&a);
  fixture_leave(&a);
  fixture_leave(&b);
}

static void one_send_for_a_subscription(void **state) {
  (void)state;
  fixture_peer from, to[5];
  fixture_join(&f, &from, ZW_CBOR);
  for (int i = 0; i < 5; i++) {
    fixture_join(&f, &to[i], serializers[i % 3]);
    fixture_subscribed(&to[i], "sim.live", ZW_MATCH_EXACT, NULL);
    fixture_subscribed(&to[i], "sim.reading", ZW_MATCH_EXACT, NULL);
  }
  size_t sends = f.sends;
  fixture_publish(&from, "sim.live", "[\"s1\"]", false);
  fixture_publish(&from, "sim.reading", "[\"s1\"]", false);
  fixture_commit(&f, SIZE_MAX);
  assert_int_equal(f.sends - sends, 2);
  for (int i = 0; i < 5; i++) {
    fixture_take(&to[i], ZW_EVENT);
    fixture_take(&to[i], ZW_EVENT);
    fixture_leave(&to[i]);
  }
  fixture_leave(&from);
}

static void the_same_subscription_again(void **state) {
  (void)state;
  fixture_peer a, b;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_join(&f, &b, ZW_CBOR);
  uint64_t id = fixture_subscribed(&a, "x.y", ZW_MATCH_EXACT, NULL);
  assert_int_equal(fixture_subscribed(&a, "x.y", ZW_MATCH_EXACT, NULL), id);
  assert_int_equal(fixture_subscribed(&b, "x.y", ZW_MATCH_EXACT, NULL), id);
  fixture_publish(&b, "x.y", NULL, false);
  fixture_take(&a, ZW_EVENT);
  fixture_expect_none(&a);
  fixture_leave(&a);
  fixture_leave(&b);
}

static void unsubscribing(void **state) {
  (void)state;
  fixture_peer a;
  zw_msg msg;
  fixture_join(&f, &a, ZW_FLATBUFFERS);
  uint64_t id = fixture_subscribed(&a, "x.y", ZW_MATCH_EXACT, NULL);
  fixture_begin(&a, &msg, ZW_UNSUBSCRIBE);
  msg.subscription = id;
  fixture_send(&a, &msg);
  fixture_take(&a, ZW_UNSUBSCRIBED);
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_UNSUBSCRIBE, "wamp.error.no_such_subscription", NULL);
  zw_router_stats stats;
  zw_router_stats_get(f.router, &stats);
  assert_int_equal(stats.subscriptions, 0);
  fixture_leave(&a);
}

static void the_publisher_is_excluded_unless_it_asks(void **state) {
  (void)state;
  fixture_peer a;
  zw_msg msg;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_subscribed(&a, "x.y", ZW_MATCH_EXACT, NULL);
  fixture_subscribed(&a, "sim.reading", ZW_MATCH_EXACT, NULL);
  fixture_publish(&a, "x.y", NULL, false);
  fixture_publish(&a, "sim.reading", NULL, false);
  fixture_commit(&f, SIZE_MAX);
  fixture_expect_none(&a);
  fixture_begin(&a, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.reading");
  msg.exclude_me = false;
  msg.has |= 1ull << ZW_HAS_EXCLUDE_ME;
  fixture_send(&a, &msg);
  fixture_commit(&f, SIZE_MAX);
  fixture_take(&a, ZW_EVENT);
  fixture_leave(&a);
}

static void disclosed_publisher(void **state) {
  (void)state;
  fixture_peer a, b;
  zw_msg msg;
  fixture_join(&f, &a, ZW_CBOR);
  fixture_join(&f, &b, ZW_FLATBUFFERS);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  fixture_begin(&a, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.reading");
  msg.disclose_me = true;
  msg.has |= 1ull << ZW_HAS_DISCLOSE_ME;
  fixture_send(&a, &msg);
  fixture_commit(&f, SIZE_MAX);
  const zw_msg *event = fixture_take(&b, ZW_EVENT);
  assert_int_equal(event->publisher, a.session);
  assert_text_equal(event->publisher_authrole, "anonymous");
  fixture_subscribed(&a, "sim.reading", ZW_MATCH_EXACT, "{\"last\":1}");
  event = fixture_take(&a, ZW_EVENT);
  assert_int_equal(event->publisher, a.session);
  assert_text_equal(event->publisher_authrole, "anonymous");
  fixture_leave(&a);
  fixture_leave(&b);
}

/* Delivered, acknowledged and visible after the commit, not before. */
static void durable_waits_for_its_commit(void **state) {
  (void)state;
  fixture_peer a, b;
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_FLATBUFFERS);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  uint64_t request = fixture_publish(&a, "sim.reading", "[\"s1\",1.5,1]", true);
  fixture_expect_none(&a);
  fixture_expect_none(&b);
  fixture_commit(&f, 1);
  const zw_msg *event = fixture_take(&b, ZW_EVENT), *published = fixture_take(&a, ZW_PUBLISHED);
  assert_int_equal(published->request, request);
  assert_int_equal(published->publication, event->publication);
  assert_true(event->has >> ZW_HAS_TIMESTAMP & 1);
  assert_true(event->has >> ZW_HAS_X_SEQ & 1);
  assert_int_equal(event->seq, 1);
  assert_string_equal(fixture_args(&f, event, &fixture_reading), "[\"s1\",1.5,1]");
  fixture_leave(&a);
  fixture_leave(&b);
}

/* What a session publishes later waits behind what it stored; another session does not wait. */
static void plain_waits_behind_durable(void **state) {
  (void)state;
  fixture_peer a, b, other;
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_join(&f, &other, ZW_CBOR);
  fixture_subscribed(&b, "", ZW_MATCH_PREFIX, NULL);
  fixture_publish(&a, "plain.\\u0061", "[0]", true);
  fixture_take(&a, ZW_PUBLISHED);
  fixture_take(&b, ZW_EVENT);
  fixture_publish(&a, "sim.reading", "[\"s1\"]", true);
  fixture_publish(&a, "plain.a", "[\"\\u0001x\"]", true);
  fixture_publish(&a, "sim.reading", "[\"s2\"]", true);
  fixture_publish(&a, "sim.live", "[\"s3\"]", true);
  fixture_publish(&other, "plain.b", "[2]", true);
  assert_text_equal(fixture_take(&b, ZW_EVENT)->topic, "plain.b");
  fixture_expect_none(&b);
  fixture_expect_none(&a);
  fixture_commit(&f, 1);
  assert_text_equal(fixture_take(&b, ZW_EVENT)->topic, "sim.reading");
  const zw_msg *event = fixture_take(&b, ZW_EVENT);
  assert_text_equal(event->topic, "plain.a");
  assert_string_equal(fixture_args(&f, event, NULL), "[\"\\u0001x\"]");
  fixture_expect_none(&b);
  fixture_leave(&a); /* what it has published comes all the same */
  fixture_commit(&f, 1);
  event = fixture_take(&b, ZW_EVENT);
  assert_string_equal(fixture_args(&f, event, NULL), "[\"s2\",0.0,0]");
  event = fixture_take(&b, ZW_EVENT);
  assert_text_equal(event->topic, "sim.live");
  fixture_expect_none(&b);
  fixture_leave(&b);
  fixture_leave(&other);
}

static void a_failed_commit_is_told(void **state) {
  (void)state;
  fixture_peer a, b;
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_subscribed(&b, "", ZW_MATCH_PREFIX, NULL);
  fixture_publish(&a, "sim.reading", "[\"s1\"]", true);
  fixture_publish(&a, "plain.a", "[1]", true);
  f.fail_commit = ZW_EFULL;
  fixture_commit(&f, 1);
  fixture_expect_error(&a, ZW_PUBLISH, "zerowire.error.store_unavailable", "the disk is full");
  fixture_take(&a, ZW_PUBLISHED);
  assert_text_equal(fixture_take(&b, ZW_EVENT)->topic, "plain.a");
  fixture_expect_none(&b);
  f.fail_commit = 0;
  fixture_publish(&a, "sim.reading", "[\"s1\"]", false);
  fixture_publish(&a, "plain.a", "[2]", false);
  f.fail_append = ZW_ESTORE;
  fixture_publish(&a, "sim.reading", "[\"s1\"]", true);
  fixture_expect_error(&a, ZW_PUBLISH, "zerowire.error.store_unavailable", "the store is closed");
  fixture_publish(&a, "plain.a", "[3]", true);
  fixture_expect_none(&a);
  fixture_commit(&f, SIZE_MAX);
  fixture_take(&a, ZW_PUBLISHED);
  assert_text_equal(fixture_take(&b, ZW_EVENT)->topic, "sim.reading");
  assert_string_equal(fixture_args(&f, fixture_take(&b, ZW_EVENT), NULL), "[2]");
  assert_string_equal(fixture_args(&f, fixture_take(&b, ZW_EVENT), NULL), "[3]");
  fixture_leave(&a);
  fixture_leave(&b);
}

/* A store that acknowledges before its append returns. */
static void commits_at_once(void **state) {
  (void)state;
  fixture_peer a, b;
  f.immediate = true;
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_subscribed(&b, "sim.", ZW_MATCH_PREFIX, NULL);
  fixture_publish(&a, "sim.reading", "[\"s1\"]", true);
  fixture_take(&a, ZW_PUBLISHED);
  fixture_take(&b, ZW_EVENT);
  fixture_call(&a, "sim.put", "[\"s1\",\"north\",3]", NULL);
  fixture_take(&a, ZW_RESULT);
  fixture_take(&b, ZW_EVENT);
  fixture_leave(&a);
  fixture_leave(&b);
}

static void wrong_payloads_name_the_field(void **state) {
  (void)state;
  static const struct {
    const char *uri, *args, *words;
  } cases[] = {
      {"sim.reading", "[\"s1\",\"warm\"]", "celsius"},
      {"sim.reading", "[1]", "sensor"},
      {"sim.live", "[\"s1\",1.5,1,2]", NULL},
      {"sim.tick", "[1]", "no fields"},
  };
  for (int s = 0; s < 2; s++) {
    fixture_peer a, b;
    fixture_join(&f, &a, serializers[s]);
    fixture_join(&f, &b, ZW_CBOR);
    fixture_subscribed(&b, "", ZW_MATCH_PREFIX, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      fixture_publish(&a, cases[i].uri, cases[i].args, true);
      fixture_expect_error(&a, ZW_PUBLISH, "wamp.error.invalid_argument", cases[i].words);
      fixture_publish(&a, cases[i].uri, cases[i].args, false);
      fixture_expect_none(&a);
    }
    assert_int_equal(f.queue_count, 0);
    fixture_expect_none(&b);
    fixture_leave(&a);
    fixture_leave(&b);
  }
}

/* Octets that are no Reading, as a typed payload. */
static void wrong_typed_payload(void **state) {
  (void)state;
  fixture_peer a;
  zw_msg msg;
  static const uint8_t junk[16] = {200, 1, 1, 1};
  fixture_join(&f, &a, ZW_FLATBUFFERS);
  fixture_begin(&a, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.reading");
  msg.acknowledge = true;
  msg.payload_format = ZW_FORMAT_FLATBUFFER;
  msg.payload_type = &fixture_reading;
  msg.payload = zw_span_of(junk, sizeof junk);
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_PUBLISH, "wamp.error.invalid_argument", NULL);
  fixture_leave(&a);
}

static void void_topics(void **state) {
  (void)state;
  fixture_peer a, b;
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_FLATBUFFERS);
  fixture_subscribed(&b, "sim.tick", ZW_MATCH_EXACT, NULL);
  fixture_publish(&a, "sim.tick", "[]", true);
  fixture_publish(&a, "sim.tick", NULL, true);
  fixture_commit(&f, SIZE_MAX);
  for (int i = 0; i < 2; i++) {
    fixture_take(&a, ZW_PUBLISHED);
    const zw_msg *event = fixture_take(&b, ZW_EVENT);
    assert_null(event->payload.ptr);
  }
  fixture_leave(&a);
  fixture_leave(&b);
}

/* Not through a serializer: decoding refuses most of them. */
static void uris_that_are_none(void **state) {
  (void)state;
  static char longest[1200];
  fixture_peer a;
  zw_msg msg;
  memset(longest, 'x', sizeof longest);
  const zw_str uris[] = {ZW_STR("a..b"), ZW_STR(""), ZW_STR("a b"), {longest, sizeof longest}};
  static const enum zw_msg_code codes[] = {ZW_PUBLISH, ZW_SUBSCRIBE, ZW_REGISTER, ZW_CALL};
  fixture_join(&f, &a, ZW_JSON);
  for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
      fixture_begin(&a, &msg, codes[c]);
      msg.uri = uris[i];
      msg.acknowledge = codes[c] == ZW_PUBLISH;
      zw_router_receive(f.router, a.peer, &msg, NULL);
      fixture_expect_error(&a, codes[c], "wamp.error.invalid_uri", NULL);
    }
  }
  fixture_leave(&a);
}

/* Spans that no buffer owns are copied. */
static void spans_without_owner(void **state) {
  (void)state;
  fixture_peer a, b;
  zw_msg msg;
  char uri[] = "plain.a", args[] = "[\"plain\"]", reading[] = "[\"s1\",2.5,1]";
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_subscribed(&b, "", ZW_MATCH_PREFIX, NULL);
  fixture_begin(&a, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.reading");
  fixture_set_args(&msg, reading);
  zw_router_receive(f.router, a.peer, &msg, NULL);
  fixture_begin(&a, &msg, ZW_PUBLISH);
  msg.uri = zw_str_of(uri);
  fixture_set_args(&msg, args);
  zw_router_receive(f.router, a.peer, &msg, NULL);
  memset(uri, 'x', sizeof uri - 1);
  memset(args, 'x', sizeof args - 1);
  memset(reading, 'x', sizeof reading - 1);
  fixture_commit(&f, SIZE_MAX);
  const zw_msg *event = fixture_take(&b, ZW_EVENT);
  assert_string_equal(fixture_args(&f, event, NULL), "[\"s1\",2.5,1]");
  event = fixture_take(&b, ZW_EVENT);
  assert_text_equal(event->topic, "plain.a");
  assert_string_equal(fixture_args(&f, event, NULL), "[\"plain\"]");
  fixture_leave(&a);
  fixture_leave(&b);
}

static void refused_publications(void **state) {
  (void)state;
  fixture_peer a, b;
  zw_msg msg;
  static const struct {
    const char *uri, *error;
  } uris[] = {
      {"wamp.session.on_join", "wamp.error.invalid_uri"},
      {"sim.changed", "wamp.error.not_authorized"},
  };
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  fixture_subscribed(&b, "", ZW_MATCH_PREFIX, NULL);
  for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
    fixture_publish(&a, uris[i].uri, NULL, true);
    fixture_expect_error(&a, ZW_PUBLISH, uris[i].error, NULL);
  }
  const zw_value ids = {.format = ZW_FORMAT_JSON, .octets = zw_str_span(ZW_STR("[5]"))};
  const zw_value names = {.format = ZW_FORMAT_JSON, .octets = zw_str_span(ZW_STR("[\"joe\"]"))};
  for (int i = 0; i < 6; i++) {
    fixture_begin(&a, &msg, ZW_PUBLISH);
    msg.uri = i == 1 ? ZW_STR("plain.a") : ZW_STR("sim.reading");
    msg.acknowledge = true;
    if (i < 2) msg.exclude = ids;
    if (i == 2) msg.eligible = ids;
    if (i == 3) msg.eligible_authrole = names;
    if (i == 4) msg.retain = true;
    if (i == 5) msg.x_once = ZW_STR("a");
    fixture_send(&a, &msg);
    fixture_expect_error(&a, ZW_PUBLISH,
                         i == 0 || i == 2 ? "wamp.error.option_not_allowed"
                                          : "wamp.error.feature_not_supported",
                         NULL);
  }
  fixture_commit(&f, SIZE_MAX);
  fixture_expect_none(&b);
  fixture_leave(&a);
  fixture_leave(&b);
}

static void refused_subscriptions(void **state) {
  (void)state;
  fixture_peer a;
  zw_msg msg;
  static const struct {
    const char *uri;
    enum zw_match match;
    const char *x_from, *error;
  } cases[] = {
      {"wamp.session.on_join", ZW_MATCH_EXACT, NULL, "wamp.error.feature_not_supported"},
      {"x.y", ZW_MATCH_EXACT, "{\"last\":1}", "wamp.error.option_not_allowed"},
      {"sim.reading", ZW_MATCH_EXACT, "{}", "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"last\":1,\"after\":1}", "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"last\":\"x\"}", "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"since\":\"x\"}", "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"after\":9007199254740992}",
       "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"seq\":0}", "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"seq\":\"7\"}", "wamp.error.invalid_argument"},
      {"sim.reading", ZW_MATCH_EXACT, "{\"seq\":1,\"last\":1}", "wamp.error.invalid_argument"},
  };
  fixture_join(&f, &a, ZW_JSON);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fixture_subscribe(&a, cases[i].uri, cases[i].match, cases[i].x_from);
    fixture_expect_error(&a, ZW_SUBSCRIBE, cases[i].error, NULL);
  }
  fixture_begin(&a, &msg, ZW_SUBSCRIBE);
  msg.uri = ZW_STR("x.y");
  msg.get_retained = true;
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_SUBSCRIBE, "wamp.error.feature_not_supported", NULL);
  zw_router_stats stats;
  zw_router_stats_get(f.router, &stats);
  assert_int_equal(stats.subscriptions, 0);
  for (int i = 0; i < 40; i++) {
    char uri[24];
    snprintf(uri, sizeof uri, "topic%d", i);
    fixture_subscribed(&a, uri, ZW_MATCH_EXACT, NULL);
  }
  fixture_subscribe(&a, "one.more", ZW_MATCH_EXACT, NULL);
  fixture_expect_error(&a, ZW_SUBSCRIBE, "wamp.error.unavailable", "40");
  fixture_leave(&a);
}

static void strict_realms_know_what_is_declared(void **state) {
  (void)state;
  fixture_peer a;
  zw_msg msg;
  fixture_stop(&f);
  f.strict = true;
  assert_int_equal(fixture_start(&f), 0);
  fixture_join(&f, &a, ZW_CBOR);
  fixture_publish(&a, "sim.readng", "[1]", true);
  fixture_expect_error(&a, ZW_PUBLISH, "zerowire.error.not_found", "Did you mean sim.reading?");
  fixture_subscribe(&a, "sim.readng", ZW_MATCH_EXACT, NULL);
  fixture_expect_error(&a, ZW_SUBSCRIBE, "zerowire.error.not_found", "Did you mean sim.reading?");
  fixture_begin(&a, &msg, ZW_REGISTER);
  msg.uri = ZW_STR("sim.convrt");
  fixture_send(&a, &msg);
  fixture_expect_error(&a, ZW_REGISTER, "zerowire.error.not_found", "Did you mean sim.convert?");
  fixture_subscribed(&a, "sim.room.7", ZW_MATCH_EXACT, NULL);
  fixture_registered(&a, "sim.convert");
  fixture_leave(&a);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      CASE(any_serializer_to_any),
      CASE(patterns),
      CASE(one_send_for_a_subscription),
      CASE(the_same_subscription_again),
      CASE(unsubscribing),
      CASE(the_publisher_is_excluded_unless_it_asks),
      CASE(disclosed_publisher),
      CASE(durable_waits_for_its_commit),
      CASE(plain_waits_behind_durable),
      CASE(a_failed_commit_is_told),
      CASE(commits_at_once),
      CASE(wrong_payloads_name_the_field),
      CASE(wrong_typed_payload),
      CASE(void_topics),
      CASE(uris_that_are_none),
      CASE(spans_without_owner),
      CASE(refused_publications),
      CASE(refused_subscriptions),
      CASE(strict_realms_know_what_is_declared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
