/* SPDX-License-Identifier: Apache-2.0 */
/* Subscriptions that begin in the past or fall behind, and the history by get_events. */
#include "router_fixture.h"

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

static void publish_numbers(fixture_peer *p, const char *uri, int from, int to) {
  for (int i = from; i <= to; i++) {
    char args[40];
    snprintf(args, sizeof args, "[\"s\",0.5,%d]", i);
    fixture_publish(p, uri, args, false);
  }
  fixture_commit(&f, SIZE_MAX);
}

static void expect_numbers(fixture_peer *p, int from, int to) {
  for (int i = from; i <= to; i++) {
    char args[40];
    snprintf(args, sizeof args, "[\"s\",0.5,%d]", i);
    assert_string_equal(fixture_args(&f, fixture_take(p, ZW_EVENT), &fixture_reading), args);
  }
}

static void last_n_then_live(void **state) {
  (void)state;
  publish_numbers(&a, "sim.reading", 1, 10);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":4}");
  expect_numbers(&b, 7, 10);
  publish_numbers(&a, "sim.reading", 11, 12);
  expect_numbers(&b, 11, 12);
  fixture_pump(&f);
  fixture_expect_none(&b);
}

/* The last n are those of when it was asked, however late they are read. */
static void last_n_read_late(void **state) {
  (void)state;
  publish_numbers(&a, "sim.reading", 1, 5);
  publish_numbers(&a, "sim.room.1", 6, 8);
  b.full = true;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":2}");
  fixture_subscribed(&b, "sim.room.1", ZW_MATCH_EXACT, "{\"last\":2}");
  fixture_subscribed(&b, "sim.room.2", ZW_MATCH_EXACT, "{\"last\":0}");
  publish_numbers(&a, "sim.reading", 9, 12);
  publish_numbers(&a, "sim.room.1", 13, 16);
  publish_numbers(&a, "sim.room.2", 17, 17);
  fixture_expect_none(&b);
  b.full = false;
  fixture_pump(&f);
  expect_numbers(&b, 4, 5);
  expect_numbers(&b, 9, 12);
  expect_numbers(&b, 7, 8);
  expect_numbers(&b, 13, 16);
  expect_numbers(&b, 17, 17);
  fixture_expect_none(&b);
}

static void more_than_there_is(void **state) {
  (void)state;
  publish_numbers(&a, "sim.reading", 1, 3);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":100}");
  expect_numbers(&b, 1, 3);
  fixture_expect_none(&b);
}

static void nothing_of_an_empty_history(void **state) {
  (void)state;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":5}");
  fixture_expect_none(&b);
  publish_numbers(&a, "sim.reading", 1, 2);
  expect_numbers(&b, 1, 2);
  fixture_subscribed(&a, "sim.reading", ZW_MATCH_EXACT, "{\"last\":0}");
  fixture_expect_none(&a);
}

static void since_a_time(void **state) {
  (void)state;
  char from[64];
  publish_numbers(&a, "sim.reading", 1, 5);
  f.now += 1000000000;
  publish_numbers(&a, "sim.reading", 6, 8);
  snprintf(from, sizeof from, "{\"since\":%lld}", (long long)f.now);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, from);
  expect_numbers(&b, 6, 8);
  fixture_leave(&b);
  fixture_join(&f, &b, ZW_FLATBUFFERS);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT,
                     "{\"since\":\"2023-11-14T22:13:21+00:00\"}");
  expect_numbers(&b, 6, 8);
  fixture_expect_none(&b);
}

static void after_a_publication(void **state) {
  (void)state;
  char from[64];
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  publish_numbers(&a, "sim.reading", 1, 5);
  expect_numbers(&b, 1, 2);
  uint64_t publication = fixture_take(&b, ZW_EVENT)->publication;
  expect_numbers(&b, 4, 5);
  fixture_leave(&b);
  publish_numbers(&a, "sim.reading", 6, 7);
  fixture_join(&f, &b, ZW_JSON);
  snprintf(from, sizeof from, "{\"after\":%llu}", (unsigned long long)publication);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, from);
  expect_numbers(&b, 4, 7);
  fixture_expect_none(&b);
}

/* Inclusive, whatever lies between in the log; live events go on counting. */
static void from_a_sequence_number(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  publish_numbers(&a, "sim.reading", 1, 3);
  publish_numbers(&a, "sim.room.1", 4, 6);
  publish_numbers(&a, "sim.reading", 7, 8);
  for (int i = 0; i < 3; i++) {
    fixture_leave(&b);
    fixture_join(&f, &b, serializers[i]);
    fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"seq\":3}");
    assert_int_equal(fixture_take(&b, ZW_EVENT)->seq, 3);
    assert_int_equal(fixture_take(&b, ZW_EVENT)->seq, 7);
    assert_int_equal(fixture_take(&b, ZW_EVENT)->seq, 8);
    fixture_subscribed(&b, "sim.", ZW_MATCH_PREFIX, "{\"seq\":6}");
    assert_int_equal(fixture_take(&b, ZW_EVENT)->seq, 6);
    expect_numbers(&b, 7, 8);
    fixture_expect_none(&b);
  }
  publish_numbers(&a, "sim.reading", 9, 9);
  assert_int_equal(fixture_take(&b, ZW_EVENT)->seq, 9);
  assert_int_equal(fixture_take(&b, ZW_EVENT)->seq, 9);
  fixture_expect_none(&b);
}

/* The next number, and those far above, are what comes next. */
static void from_a_number_that_is_not_there_yet(void **state) {
  (void)state;
  static const char *const beginnings[] = {"{\"seq\":5}", "{\"seq\":9007199254740992}"};
  publish_numbers(&a, "sim.reading", 1, 4);
  for (int i = 0; i < 2; i++) {
    fixture_leave(&b);
    fixture_join(&f, &b, ZW_CBOR);
    fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, beginnings[i]);
    fixture_pump(&f);
    fixture_expect_none(&b);
    publish_numbers(&a, "sim.reading", 5 + i, 5 + i);
    expect_numbers(&b, 5 + i, 5 + i);
    fixture_expect_none(&b);
  }
}

/* A pattern over several topics, and one that is narrower than its topic. */
static void patterns_of_the_past(void **state) {
  (void)state;
  publish_numbers(&a, "sim.room.1", 1, 3);
  publish_numbers(&a, "sim.reading", 4, 5);
  publish_numbers(&a, "sim.room.2", 6, 7);
  publish_numbers(&a, "sim.room.1", 8, 9);
  fixture_subscribed(&b, "sim.", ZW_MATCH_PREFIX, "{\"last\":6}");
  expect_numbers(&b, 4, 9);
  fixture_subscribed(&b, "sim.room.1", ZW_MATCH_EXACT, "{\"last\":3}");
  expect_numbers(&b, 3, 3);
  expect_numbers(&b, 8, 9);
  fixture_subscribed(&b, "..1", ZW_MATCH_WILDCARD, "{\"since\":0}");
  expect_numbers(&b, 1, 3);
  const zw_msg *event = fixture_take(&b, ZW_EVENT);
  assert_text_equal(event->topic, "sim.room.1");
  expect_numbers(&b, 9, 9);
  fixture_expect_none(&b);
}

/* Commits that come while a long history is read. */
static void live_while_reading(void **state) {
  (void)state;
  publish_numbers(&a, "sim.reading", 1, 300);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"since\":0}");
  publish_numbers(&a, "sim.reading", 301, 310);
  zw_router_pump(f.router);
  publish_numbers(&a, "sim.reading", 311, 500);
  fixture_pump(&f);
  expect_numbers(&b, 1, 500);
  publish_numbers(&a, "sim.reading", 501, 501);
  expect_numbers(&b, 501, 501);
  fixture_expect_none(&b);
}

static void a_slow_subscriber_reads_from_the_log(void **state) {
  (void)state;
  fixture_peer c;
  fixture_join(&f, &c, ZW_CBOR);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  fixture_subscribed(&c, "sim.reading", ZW_MATCH_EXACT, NULL);
  publish_numbers(&a, "sim.reading", 1, 2);
  b.full = true;
  publish_numbers(&a, "sim.reading", 3, 200);
  expect_numbers(&c, 1, 200);
  expect_numbers(&b, 1, 2);
  fixture_expect_none(&b);
  assert_false(zw_router_pump(f.router));
  zw_router_stats stats;
  zw_router_stats_get(f.router, &stats);
  assert_int_equal(stats.lagging, 1);
  b.full = false;
  fixture_pump(&f);
  expect_numbers(&b, 3, 200);
  publish_numbers(&a, "sim.reading", 201, 201);
  expect_numbers(&b, 201, 201);
  zw_router_stats_get(f.router, &stats);
  assert_int_equal(stats.lagging, 0);
  fixture_leave(&c);
}

/* The transport says how much of the log it takes in a turn. */
static void the_log_at_the_pace_of_the_transport(void **state) {
  (void)state;
  fixture_leave(&a);
  fixture_leave(&b);
  fixture_stop(&f);
  f.paced = true;
  assert_int_equal(fixture_start(&f), 0);
  fixture_join(&f, &a, ZW_JSON);
  fixture_join(&f, &b, ZW_CBOR);
  publish_numbers(&a, "sim.reading", 1, 50);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"since\":0}");
  expect_numbers(&b, 1, 5);
  fixture_expect_none(&b);
  assert_false(zw_router_pump(f.router));
  fixture_expect_none(&b);
  fixture_turn(&f);
  zw_router_pump(f.router);
  expect_numbers(&b, 6, 10);
  publish_numbers(&a, "sim.reading", 51, 60);
  fixture_pump(&f);
  expect_numbers(&b, 11, 60);
  publish_numbers(&a, "sim.reading", 61, 80);
  expect_numbers(&b, 61, 80);
  fixture_expect_none(&b);
}

/* Its own publications are left out of what a slow subscriber reads, but for those it wants. */
static void own_publications_while_behind(void **state) {
  (void)state;
  zw_msg msg;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  b.full = true;
  publish_numbers(&a, "sim.reading", 1, 1);
  publish_numbers(&b, "sim.reading", 2, 3);
  publish_numbers(&a, "sim.reading", 4, 4);
  fixture_begin(&b, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.reading");
  msg.exclude_me = false;
  msg.has |= 1ull << ZW_HAS_EXCLUDE_ME;
  fixture_set_args(&msg, "[\"s\",0.5,5]");
  fixture_send(&b, &msg);
  fixture_commit(&f, SIZE_MAX);
  publish_numbers(&b, "sim.reading", 6, 6);
  b.full = false;
  fixture_pump(&f);
  expect_numbers(&b, 1, 1);
  expect_numbers(&b, 4, 5);
  fixture_expect_none(&b);
}

/* The store's view is of before the commit that others have been told of. */
static void a_stale_view_leaves_no_gap(void **state) {
  (void)state;
  f.stale = true;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  static const int counts[] = {1, 5};
  for (int i = 0, first = 1; i < 2; first += counts[i++]) {
    b.full = true;
    publish_numbers(&a, "sim.reading", first, first + counts[i] - 1);
    b.full = false;
    assert_true(zw_router_pump(f.router));
    fixture_expect_none(&b);
    fixture_pump(&f);
    expect_numbers(&b, first, first + counts[i] - 1);
    fixture_expect_none(&b);
  }
}

/* A far look back for a few events is spread over turns, as all reading is. */
static void last_n_among_many_others(void **state) {
  (void)state;
  publish_numbers(&a, "sim.room.2", 1, 3);
  publish_numbers(&a, "sim.room.1", 4, 500);
  fixture_turn(&f);
  fixture_subscribed(&b, "sim.room.2", ZW_MATCH_EXACT, "{\"last\":2}");
  assert_true(f.mapped_count < 400);
  fixture_expect_none(&b);
  fixture_pump(&f);
  expect_numbers(&b, 2, 3);
  publish_numbers(&a, "sim.room.2", 501, 502);
  expect_numbers(&b, 501, 502);
  fixture_expect_none(&b);
  assert_int_equal(f.cursors, 0);
}

/* While the store is opened anew nothing can be read; subscriptions outlast it. */
static void a_history_that_cannot_be_read_for_a_moment(void **state) {
  (void)state;
  publish_numbers(&a, "sim.reading", 1, 5);
  publish_numbers(&a, "sim.room.1", 6, 9);
  f.fail_history = ZW_ESTORE;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":2}");
  fixture_subscribed(&b, "sim.room.1", ZW_MATCH_EXACT, "{\"last\":2}");
  for (int i = 0; i < 200; i++) assert_false(zw_router_pump(f.router));
  f.now += (int64_t)9 * 1000000000;
  assert_false(zw_router_pump(f.router));
  fixture_expect_none(&b);
  f.fail_history = 0;
  fixture_pump(&f);
  expect_numbers(&b, 4, 5);
  expect_numbers(&b, 8, 9);
  fixture_expect_none(&b);
}

static void a_history_that_cannot_be_read(void **state) {
  (void)state;
  publish_numbers(&a, "sim.reading", 1, 5);
  f.fail_history = ZW_ESTORE;
  uint64_t id = fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":2}");
  f.now += (int64_t)11 * 1000000000;
  fixture_pump(&f);
  const zw_msg *msg = fixture_take(&b, ZW_UNSUBSCRIBED);
  assert_int_equal(msg->subscription, id);
  assert_int_equal(msg->request, 0);
  assert_text_equal(msg->uri, "zerowire.error.store_unavailable");
  f.fail_history = 0;
}

static void unsubscribing_while_reading(void **state) {
  (void)state;
  zw_msg msg;
  publish_numbers(&a, "sim.reading", 1, 200);
  fixture_begin(&b, &msg, ZW_UNSUBSCRIBE);
  msg.subscription = fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"since\":0}");
  fixture_send(&b, &msg);
  assert_false(zw_router_pump(f.router));
  b.taken = b.count;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, "{\"since\":0}");
  fixture_leave(&b);
  assert_false(zw_router_pump(f.router));
}

/* An event that nobody has seen yet is no place to begin. */
static void after_what_is_not_committed(void **state) {
  (void)state;
  char from[64];
  fixture_publish(&a, "sim.reading", "[\"s\",0.5,1]", false);
  snprintf(from, sizeof from, "{\"after\":%llu}", (unsigned long long)f.queue[0].event.publication);
  fixture_subscribe(&b, "sim.reading", ZW_MATCH_EXACT, from);
  fixture_expect_error(&b, ZW_SUBSCRIBE, "wamp.error.invalid_argument", "publication");
  fixture_commit(&f, 1);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, from);
  publish_numbers(&a, "sim.reading", 2, 2);
  expect_numbers(&b, 2, 2);
}

static void not_twice_on_one_subscription(void **state) {
  (void)state;
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  fixture_subscribe(&b, "sim.reading", ZW_MATCH_EXACT, "{\"last\":2}");
  fixture_expect_error(&b, ZW_SUBSCRIBE, "wamp.error.option_not_allowed", "already");
}

/* ---- get_events ---- */

static size_t count_of(const char *text, const char *word) {
  size_t n = 0;
  for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) n++;
  return n;
}

static const char *get_events(fixture_peer *p, uint64_t subscription, const char *more) {
  char kwargs[256];
  snprintf(kwargs, sizeof kwargs, "{\"subscription\":%llu%s}", (unsigned long long)subscription,
           more);
  fixture_call(p, "wamp.subscription.get_events", NULL, kwargs);
  const zw_msg *result = fixture_take(p, ZW_RESULT);
  fixture_turn(&f);
  return fixture_args(&f, result, NULL);
}

/* With 0, 1 and 2 subscribers N publications give N records; and after a restart. */
static void exact_whoever_listens(void **state) {
  (void)state;
  fixture_peer c;
  uint64_t id = f.stable[0].id;
  for (size_t i = 0; i < f.stable_count; i++)
    if (zw_str_eq(f.stable[i].uri, ZW_STR("sim.reading"))) id = f.stable[i].id;
  fixture_join(&f, &c, ZW_CBOR);
  publish_numbers(&a, "sim.reading", 1, 10);
  assert_int_equal(count_of(get_events(&a, id, ""), "publication"), 10);
  assert_int_equal(fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL), id);
  publish_numbers(&a, "sim.reading", 11, 20);
  assert_int_equal(count_of(get_events(&a, id, ""), "publication"), 20);
  fixture_subscribed(&c, "sim.reading", ZW_MATCH_EXACT, NULL);
  publish_numbers(&a, "sim.reading", 21, 30);
  const char *before = get_events(&a, id, "");
  assert_int_equal(count_of(before, "publication"), 30);
  fixture_leave(&a);
  fixture_leave(&b);
  fixture_leave(&c);
  fixture_stop(&f);
  assert_int_equal(fixture_start(&f), 0);
  fixture_join(&f, &a, ZW_JSON);
  assert_string_equal(get_events(&a, id, ""), before);
}

static void filters_of_get_events(void **state) {
  (void)state;
  char more[128];
  publish_numbers(&a, "sim.room.1", 1, 5);
  publish_numbers(&a, "sim.room.2", 6, 10);
  uint64_t id = fixture_subscribed(&b, "sim.room.", ZW_MATCH_PREFIX, NULL);
  const zw_stored *e = f.log;
  const struct {
    const char *name;
    bool time;
    size_t event, count;
  } bounds[] = {
      {"from_time", true, 3, 7},           {"after_time", true, 3, 6},
      {"before_time", true, 3, 3},         {"until_time", true, 3, 4},
      {"from_publication", false, 3, 7},   {"after_publication", false, 3, 6},
      {"before_publication", false, 3, 3}, {"until_publication", false, 3, 4},
      {"after_publication", false, 9, 0},  {"before_publication", false, 0, 0},
  };
  for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
    char value[ZW_TIME_TEXT_MAX + 2] = "\"";
    if (bounds[i].time) {
      size_t len = zw_time_format(e[bounds[i].event].timestamp, value + 1);
      value[len + 1] = '"';
      value[len + 2 < sizeof value ? len + 2 : len + 1] = 0;
    } else {
      snprintf(value, sizeof value, "%llu", (unsigned long long)e[bounds[i].event].publication);
    }
    snprintf(more, sizeof more, ",\"%s\":%s", bounds[i].name, value);
    size_t count = count_of(get_events(&a, id, more), "timestamp");
    if (count != bounds[i].count) fail_msg("%s gives %zu events", more, count);
  }
  assert_int_equal(count_of(get_events(&a, id, ",\"topic\":\"sim.room.2\""), "timestamp"), 5);
  const char *text = get_events(&a, id, ",\"limit\":2,\"reverse\":true");
  assert_int_equal(count_of(text, "timestamp"), 2);
  assert_true(strstr(text, "0.5,10]") < strstr(text, "0.5,9]"));
  text = get_events(&a, id, ",\"limit\":2");
  assert_true(strstr(text, "0.5,1]") < strstr(text, "0.5,2]"));
  text = get_events(&a, id, ",\"limit\":1,\"topic\":\"sim.room.2\"");
  assert_non_null(strstr(text, "\"args\":[\"s\",0.5,6],\"kwargs\":{}"));
}

/* Events without a payload, and a publisher who said who it is. */
static void details_of_get_events(void **state) {
  (void)state;
  zw_msg msg;
  char more[64];
  uint64_t id = fixture_subscribed(&b, "sim.tick", ZW_MATCH_EXACT, NULL);
  fixture_begin(&a, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.tick");
  msg.disclose_me = true;
  msg.has |= 1ull << ZW_HAS_DISCLOSE_ME;
  fixture_send(&a, &msg);
  fixture_commit(&f, SIZE_MAX);
  fixture_take(&b, ZW_EVENT);
  const char *text = get_events(&b, id, "");
  assert_non_null(strstr(text, "\"args\":[],\"kwargs\":{}"));
  assert_non_null(strstr(text, "\"details\":{\"topic\":\"sim.tick\",\"publisher\":"));
  assert_non_null(strstr(text, "\"publisher_authrole\":\"anonymous\",\"x_seq\":1}"));
  snprintf(more, sizeof more, ",\"until_time\":%lld", (long long)f.now);
  assert_string_equal(get_events(&b, id, more), "[[]]");
  snprintf(more, sizeof more, ",\"after_time\":%lld", (long long)INT64_MAX);
  assert_string_equal(get_events(&b, id, more), "[[]]");
}

static void errors_of_get_events(void **state) {
  (void)state;
  static const struct {
    const char *kwargs, *uri, *words;
  } cases[] = {
      {"{\"subscription\":999}", "wamp.error.no_such_subscription", "999"},
      {"{}", "wamp.error.invalid_argument", "subscription"},
      {"{\"subscription\":1,\"limit\":0}", "wamp.error.invalid_argument", "limit"},
      {"{\"subscription\":1,\"reverse\":1}", "wamp.error.invalid_argument", "reverse"},
      {"{\"subscription\":1,\"topic\":1}", "wamp.error.invalid_argument", "topic"},
      {"{\"subscription\":1,\"from_time\":\"x\"}", "wamp.error.invalid_argument", "from_time"},
      {"{\"subscription\":1,\"from_publication\":3}", "wamp.error.invalid_argument",
       "from_publication"},
      {"{\"subscription\":1,\"limt\":3}", "wamp.error.invalid_argument", "Did you mean"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    fixture_call(&a, "wamp.subscription.get_events", NULL, cases[i].kwargs);
    fixture_expect_error(&a, ZW_CALL, cases[i].uri, cases[i].words);
  }
  uint64_t id = fixture_subscribed(&b, "plain.a", ZW_MATCH_EXACT, NULL);
  char kwargs[64];
  snprintf(kwargs, sizeof kwargs, "{\"subscription\":%llu}", (unsigned long long)id);
  fixture_call(&a, "wamp.subscription.get_events", NULL, kwargs);
  fixture_expect_error(&a, ZW_CALL, "wamp.error.option_not_allowed", "history");
  publish_numbers(&a, "sim.reading", 1, 1);
  f.fail_history = ZW_ECORRUPT;
  fixture_call(&a, "wamp.subscription.get_events", "[1]", NULL);
  fixture_expect_error(&a, ZW_CALL, "zerowire.error.store_unavailable", "cannot be read");
  f.fail_history = 0;
}

static void large_results(void **state) {
  (void)state;
  static char args[9000];
  zw_msg msg;
  uint64_t id = fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  memset(args, 'x', sizeof args);
  memcpy(args, "[\"", 2);
  memcpy(args + sizeof args - 4, "\"]", 3);
  for (int i = 0; i < 2000; i++) fixture_publish(&a, "sim.reading", args, false);
  fixture_commit(&f, SIZE_MAX);
  char kwargs[64];
  snprintf(kwargs, sizeof kwargs, "{\"subscription\":%llu}", (unsigned long long)id);
  fixture_call(&a, "wamp.subscription.get_events", NULL, kwargs);
  const zw_msg *result = fixture_take(&a, ZW_RESULT);
  assert_true(result->args.len <= (3u << 20) + 9000);
  assert_non_null(result->kwargs.ptr);
  fixture_turn(&f);
  fixture_begin(&a, &msg, ZW_CALL);
  msg.uri = ZW_STR("wamp.subscription.get_events");
  msg.receive_progress = true;
  msg.has |= 1ull << ZW_HAS_RECEIVE_PROGRESS;
  snprintf(kwargs, sizeof kwargs, "[%llu]", (unsigned long long)id);
  fixture_set_args(&msg, kwargs);
  fixture_send(&a, &msg);
  size_t count = 0;
  do {
    result = fixture_take(&a, ZW_RESULT);
    count += count_of(fixture_args(&f, result, NULL), "timestamp");
  } while (result->progress);
  assert_int_equal(count, 2000);
  fixture_expect_none(&a);
  /* No more than the caller's queue has room for. */
  fixture_turn(&f);
  a.full = true;
  msg.request++;
  fixture_send(&a, &msg);
  a.full = false;
  assert_true(fixture_take(&a, ZW_RESULT)->progress);
  result = fixture_take(&a, ZW_RESULT);
  assert_false(result->progress);
  assert_non_null(result->kwargs.ptr);
  fixture_expect_none(&a);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      CASE(last_n_then_live),
      CASE(last_n_read_late),
      CASE(more_than_there_is),
      CASE(nothing_of_an_empty_history),
      CASE(since_a_time),
      CASE(after_a_publication),
      CASE(from_a_sequence_number),
      CASE(from_a_number_that_is_not_there_yet),
      CASE(patterns_of_the_past),
      CASE(live_while_reading),
      CASE(a_slow_subscriber_reads_from_the_log),
      CASE(the_log_at_the_pace_of_the_transport),
      CASE(own_publications_while_behind),
      CASE(a_stale_view_leaves_no_gap),
      CASE(last_n_among_many_others),
      CASE(a_history_that_cannot_be_read_for_a_moment),
      CASE(a_history_that_cannot_be_read),
      CASE(unsubscribing_while_reading),
      CASE(after_what_is_not_committed),
      CASE(not_twice_on_one_subscription),
      CASE(exact_whoever_listens),
      CASE(filters_of_get_events),
      CASE(details_of_get_events),
      CASE(errors_of_get_events),
      CASE(large_results),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
