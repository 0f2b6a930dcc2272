/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A router, its store and eight clients under random operations: joins and vanishing connections,
 * subscriptions of the past and of now, publications that wait for commits, commits that fail,
 * clients that stop reading, calls in all states, restarts. Everything follows from one seed; a
 * failure prints it, and ZEROWIRE_SIM_SEED=n runs that one alone (ZEROWIRE_SIM_RUNS: how many).
 *
 * A model of what was done says what each client must have seen:
 * - of durable topics, each subscription gets exactly what the log has from where it begins, in the
 *   order of the log, without its session's own publications, nothing twice; one that has ended got
 *   the beginning of that;
 * - nothing durable is seen or acknowledged before it is committed;
 * - plain events come at most once, in the order of their publisher, and whoever was subscribed
 *   before and after gets them; with durable ones between, as long as the subscriber keeps up;
 * - each acknowledged publication and each call gets exactly one final answer;
 * - get_events gives what the log has, whoever listens; nothing is left behind in memory.
 */
#include <limits.h>

#include "router_fixture.h"

#define PEERS 8
#define MEMBERS_MAX 4096
#define PUBLICATIONS_MAX 4096
#define REQUESTS_MAX 8192

typedef struct publication {
  const char *topic;
  uint64_t session;
  unsigned step;
  bool durable, exclude_me;
} publication;

typedef struct membership {
  uint64_t session, id;
  zw_str uri;
  enum zw_match match;
  unsigned step;
  size_t from, committed; /* the log when it began: first of the past, where the future begins */
  bool past, alive, behind;
  unsigned *seen; /* counters of all events, in order */
  size_t seen_count, seen_capacity;
} membership;

/* A publication or call that is to be answered. */
typedef struct request {
  uint64_t session, id;
  enum zw_msg_code code;
  unsigned finals, counter;
  bool lost; /* its session is gone */
} request;

typedef struct sim {
  uint64_t seed, random;
  unsigned step;
  fixture f;
  fixture_peer peers[PEERS];
  publication publications[PUBLICATIONS_MAX];
  unsigned publication_count;
  membership members[MEMBERS_MAX];
  size_t member_count;
  request requests[REQUESTS_MAX];
  size_t request_count;
  struct {
    int peer;
    uint64_t id;
  } invocations[1024];
  size_t invocation_count;
} sim;

static sim s;

#define CHECK(condition, ...) \
  if (!(condition)) fail_msg(__VA_ARGS__)

static unsigned pick(unsigned n) {
  s.random = s.random * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(s.random >> 33) % n;
}

static bool chance(unsigned percent) { return pick(100) < percent; }

static const char *const topics[] = {"sim.reading", "sim.room.1", "sim.room.2",
                                     "sim.live",    "plain.a",    "plain.b"};
static const struct {
  const char *uri;
  enum zw_match match;
} patterns[] = {
    {"sim.reading", ZW_MATCH_EXACT}, {"sim.room.1", ZW_MATCH_EXACT}, {"sim.live", ZW_MATCH_EXACT},
    {"plain.a", ZW_MATCH_EXACT},     {"sim.", ZW_MATCH_PREFIX},      {"", ZW_MATCH_PREFIX},
    {"sim.room.", ZW_MATCH_PREFIX},  {"..1", ZW_MATCH_WILDCARD},     {"plain.", ZW_MATCH_PREFIX},
};
static const char *const procedures[] = {"plain.p", "plain.q", "sim.convert"};

#define COUNT(array) (unsigned)(sizeof(array) / sizeof *(array))

static fixture_peer *joined(unsigned i) {
  return s.peers[i].peer && !s.peers[i].closed ? &s.peers[i] : NULL;
}

/* ---- the model ------------------------------------------------------------------------------------- */

/* Events that tell of the map are not the clients' own. */
static bool is_change(zw_str uri) {
  return zw_str_eq(uri, ZW_STR("sim.changed")) || zw_str_eq(uri, ZW_STR("sim.deleted"));
}

static unsigned counter_of(const zw_stored *stored) {
  if (is_change(stored->uri)) return UINT_MAX;
  return (unsigned)zw_table_u64(zw_root_trusted(stored->payload), 2, 0);
}

static bool matches(const membership *m, zw_str uri) {
  return zw_uri_matches(m->uri, m->match, uri);
}

static membership *find_member(uint64_t session, uint64_t id) {
  for (size_t i = s.member_count; i--;)
    if (s.members[i].alive && s.members[i].session == session && s.members[i].id == id)
      return &s.members[i];
  return NULL;
}

static bool excluded(const membership *m, const publication *p) {
  return p->exclude_me && p->session == m->session;
}

/* What a subscription is to get of durable topics, one after the other; false at the end. */
static bool next_expected(const membership *m, size_t *at, unsigned *counter) {
  size_t i = *at;
  for (; i < s.f.log_count; i++) {
    const zw_stored *stored = &s.f.log[i];
    if (!matches(m, stored->uri) || is_change(stored->uri)) continue;
    *counter = counter_of(stored);
    if (i < m->committed || !excluded(m, &s.publications[*counter])) break;
  }
  *at = i + 1;
  return i < s.f.log_count;
}

static void check_durable(const membership *m, bool complete) {
  size_t at = m->from;
  unsigned expected;
  for (size_t i = 0; i < m->seen_count; i++) {
    if (!s.publications[m->seen[i]].durable) continue;
    CHECK(next_expected(m, &at, &expected), "event %u is too many", m->seen[i]);
    CHECK(expected == m->seen[i],
          "event %u came where %u was expected, on \"%.*s\" of step %u (log from %zu, live from "
          "%zu)",
          m->seen[i], expected, ZW_ARG(m->uri), m->step, m->from, m->committed);
  }
  if (complete && next_expected(m, &at, &expected)) fail_msg("event %u is missing", expected);
}

static bool has_seen(const membership *m, unsigned counter) {
  for (size_t i = 0; i < m->seen_count; i++)
    if (m->seen[i] == counter) return true;
  return false;
}

/* Plain ones once, each publisher's in order; with its durable ones between if it kept up. */
static void check_order(const membership *m) {
  for (size_t i = 0; i < m->seen_count; i++) {
    const publication *p = &s.publications[m->seen[i]];
    for (size_t k = i; k--;) {
      const publication *q = &s.publications[m->seen[k]];
      if (q->session != p->session || (m->behind && (q->durable || p->durable))) continue;
      CHECK(m->seen[k] < m->seen[i], "event %u came before %u", m->seen[k], m->seen[i]);
      break;
    }
  }
}

static void check_plain(const membership *m) {
  for (unsigned c = 0; c < s.publication_count; c++) {
    const publication *p = &s.publications[c];
    if (p->durable || p->step <= m->step || !matches(m, zw_str_of(p->topic)) || excluded(m, p))
      continue;
    CHECK(has_seen(m, c), "plain event %u is missing", c);
  }
}

static void check_member(const membership *m, bool complete) {
  check_durable(m, complete);
  check_order(m);
  if (complete) check_plain(m);
}

static void end_member(membership *m) {
  check_member(m, false);
  m->alive = false;
  zw_alloc_free(zw_alloc_default(), m->seen, m->seen_capacity * sizeof *m->seen);
  m->seen = NULL;
  m->seen_count = m->seen_capacity = 0;
}

static void end_session(uint64_t session) {
  for (size_t i = 0; i < s.member_count; i++)
    if (s.members[i].alive && s.members[i].session == session) end_member(&s.members[i]);
  for (size_t i = 0; i < s.request_count; i++)
    if (s.requests[i].session == session) s.requests[i].lost = true;
}

/* ---- what a client sees ------------------------------------------------------------------------------- */

static void saw_event(const fixture_peer *p, const zw_msg *msg) {
  char *end;
  if (is_change(msg->topic)) return;
  const char *args = fixture_args(&s.f, msg, &fixture_reading);
  const char *comma = strrchr(args, ',');
  CHECK(comma, "strange args %s", args);
  unsigned counter = (unsigned)strtoul(comma + 1, &end, 10);
  CHECK(*end == ']' && counter < s.publication_count, "strange args %s", args);
  membership *m = find_member(p->session, msg->subscription);
  CHECK(m, "event %u on subscription %llu, which is none", counter,
        (unsigned long long)msg->subscription);
  const publication *pub = &s.publications[counter];
  CHECK(matches(m, zw_str_of(pub->topic)), "event %u of %s does not match", counter, pub->topic);
  CHECK(pub->durable || !excluded(m, pub), "event %u is its own", counter);
  bool committed = !pub->durable;
  for (size_t i = s.f.log_count; i-- && !committed;) committed = counter_of(&s.f.log[i]) == counter;
  CHECK(committed, "event %u was seen before it was committed", counter);
  void *array = m->seen;
  zw_array_reserve(NULL, &array, &m->seen_capacity, m->seen_count + 1, sizeof *m->seen);
  m->seen = array;
  m->seen[m->seen_count++] = counter;
}

static void saw_answer(const fixture_peer *p, const zw_msg *msg, enum zw_msg_code code) {
  for (size_t i = s.request_count; i--;) {
    request *r = &s.requests[i];
    if (r->session != p->session || r->id != msg->request || r->code != code) continue;
    CHECK(!r->finals, "%s %llu is answered twice", zw_msg_name(code),
          (unsigned long long)msg->request);
    if (msg->code == ZW_RESULT && msg->progress) return;
    r->finals++;
    if (msg->code != ZW_PUBLISHED || !s.publications[r->counter].durable) return;
    for (size_t k = s.f.log_count; k--;)
      if (counter_of(&s.f.log[k]) == r->counter) return;
    fail_msg("publication %u is acknowledged and not committed", r->counter);
  }
  fail_msg("an answer to %s %llu, which was not asked", zw_msg_name(code),
           (unsigned long long)msg->request);
}

static void saw(unsigned i, const zw_msg *msg) {
  const fixture_peer *p = &s.peers[i];
  switch (msg->code) {
    case ZW_EVENT: saw_event(p, msg); break;
    case ZW_PUBLISHED: saw_answer(p, msg, ZW_PUBLISH); break;
    case ZW_RESULT: saw_answer(p, msg, ZW_CALL); break;
    case ZW_ERROR:
      if (msg->request_type == ZW_PUBLISH || msg->request_type == ZW_CALL)
        saw_answer(p, msg, (enum zw_msg_code)msg->request_type);
      break;
    case ZW_INVOCATION:
      CHECK(s.invocation_count < COUNT(s.invocations), "too many invocations");
      s.invocations[s.invocation_count].peer = (int)i;
      s.invocations[s.invocation_count++].id = msg->request;
      break;
    case ZW_ABORT: fail_msg("ABORT: %.*s", ZW_ARG(msg->message));
    default: break;
  }
}

static void look(void) {
  for (unsigned i = 0; i < PEERS; i++) {
    fixture_peer *p = &s.peers[i];
    while (p->taken < p->count) saw(i, &p->inbox[p->taken++]);
    p->taken = p->count = 0;
  }
}

/* ---- operations -------------------------------------------------------------------------------------------- */

static void forget_invocations(int peer) {
  size_t kept = 0;
  for (size_t i = 0; i < s.invocation_count; i++)
    if (s.invocations[i].peer != peer) s.invocations[kept++] = s.invocations[i];
  s.invocation_count = kept;
}

static void join(unsigned i) {
  static const enum zw_serializer serializers[] = {ZW_JSON, ZW_CBOR, ZW_FLATBUFFERS};
  fixture_join(&s.f, &s.peers[i], serializers[pick(3)]);
}

static void vanish(unsigned i) {
  fixture_peer *p = joined(i);
  if (!p) return;
  look();
  if (chance(30)) {
    zw_msg msg;
    zw_msg_init(&msg, ZW_GOODBYE);
    msg.uri = ZW_STR("wamp.close.normal");
    fixture_send(p, &msg);
    look();
  }
  end_session(p->session);
  fixture_leave(p);
  forget_invocations((int)i);
}

static void note_request(const fixture_peer *p, uint64_t id, enum zw_msg_code code,
                         unsigned counter) {
  CHECK(s.request_count < REQUESTS_MAX, "too many requests");
  s.requests[s.request_count++] =
      (request){.session = p->session, .id = id, .code = code, .counter = counter};
}

static void publish(unsigned i) {
  fixture_peer *p = joined(i);
  unsigned counter = s.publication_count, topic = pick(COUNT(topics));
  char args[64];
  zw_msg msg;
  if (!p || counter == PUBLICATIONS_MAX) return;
  s.publication_count++;
  s.publications[counter] = (publication){.topic = topics[topic],
                                          .session = p->session,
                                          .step = s.step,
                                          .durable = topic < 3,
                                          .exclude_me = chance(80)};
  snprintf(args, sizeof args, "[\"p%u\",0.5,%u]", i, counter);
  fixture_begin(p, &msg, ZW_PUBLISH);
  msg.uri = zw_str_of(topics[topic]);
  msg.acknowledge = chance(50);
  msg.exclude_me = s.publications[counter].exclude_me;
  msg.has |= 1ull << ZW_HAS_EXCLUDE_ME;
  fixture_set_args(&msg, args);
  if (msg.acknowledge) note_request(p, msg.request, ZW_PUBLISH, counter);
  fixture_send(p, &msg);
}

/* Where in the log the last n matching events begin. */
static size_t last_of(const membership *m, size_t n) {
  size_t i = s.f.log_count;
  while (i && n) n -= matches(m, s.f.log[--i].uri);
  return i;
}

static const char *choose_past(membership *m) {
  static char text[64];
  size_t at = s.f.log_count ? pick((unsigned)s.f.log_count) : 0;
  m->behind = m->past = true;
  switch (s.f.log_count ? pick(3) : 2) {
    case 0:
      snprintf(text, sizeof text, "{\"after\":%llu}", (unsigned long long)s.f.log[at].publication);
      m->from = at + 1;
      break;
    case 1:
      snprintf(text, sizeof text, "{\"since\":%lld}", (long long)s.f.log[at].timestamp);
      m->from = at;
      break;
    default:
      at = pick(30);
      snprintf(text, sizeof text, "{\"last\":%zu}", at);
      m->from = last_of(m, at);
  }
  return text;
}

static bool may_have_a_past(unsigned pattern) {
  return patterns[pattern].match != ZW_MATCH_EXACT ? pattern != 8 : pattern < 2;
}

static void subscribe(unsigned i) {
  fixture_peer *p = joined(i);
  unsigned pattern = pick(COUNT(patterns));
  if (!p || s.member_count == MEMBERS_MAX) return;
  for (size_t k = 0; k < s.member_count; k++) {
    const membership *m = &s.members[k];
    if (m->alive && m->session == p->session && m->match == patterns[pattern].match &&
        zw_str_eq(m->uri, zw_str_of(patterns[pattern].uri)))
      return;
  }
  membership m = {.session = p->session,
                  .uri = zw_str_of(patterns[pattern].uri),
                  .match = patterns[pattern].match,
                  .step = s.step,
                  .from = s.f.log_count,
                  .committed = s.f.log_count,
                  .alive = true,
                  .behind = p->full};
  const char *past = may_have_a_past(pattern) && chance(50) ? choose_past(&m) : NULL;
  fixture_turn(&s.f);
  look();
  fixture_subscribe(p, patterns[pattern].uri, m.match, past);
  const zw_msg *answer = fixture_take(p, ZW_SUBSCRIBED);
  m.id = answer->subscription;
  s.members[s.member_count++] = m;
}

static void unsubscribe(unsigned i) {
  fixture_peer *p = joined(i);
  zw_msg msg;
  if (!p) return;
  for (size_t k = 0; k < s.member_count; k++) {
    membership *m = &s.members[k];
    if (!m->alive || m->session != p->session || chance(50)) continue;
    look();
    fixture_begin(p, &msg, ZW_UNSUBSCRIBE);
    msg.subscription = m->id;
    fixture_send(p, &msg);
    look();
    end_member(m);
    return;
  }
}

static void offer(unsigned i) {
  fixture_peer *p = joined(i);
  zw_msg msg;
  if (!p) return;
  fixture_begin(p, &msg, ZW_REGISTER);
  msg.uri = zw_str_of(procedures[pick(COUNT(procedures))]);
  fixture_send(p, &msg);
}

/* A procedure of the map or the router, which it answers itself. */
static void choose_own(zw_msg *msg, char args[64]) {
  static const char *const uris[] = {"sim.put", "sim.insert", "sim.delete", "sim.get",
                                     "wamp.session.count"};
  unsigned which = pick(COUNT(uris));
  msg->uri = zw_str_of(uris[which]);
  if (which < 2)
    snprintf(args, 64, "[\"k%u\",\"x\",1]", pick(6));
  else if (which < 4)
    snprintf(args, 64, "[\"k%u\"]", pick(6));
  else
    snprintf(args, 64, "[]");
}

static void call(unsigned i) {
  fixture_peer *p = joined(i);
  char args[64] = "[\"s\",0.5,1]";
  zw_msg msg, cancel;
  if (!p) return;
  fixture_begin(p, &msg, ZW_CALL);
  if (chance(50)) {
    choose_own(&msg, args);
  } else {
    msg.uri = zw_str_of(procedures[pick(COUNT(procedures))]);
    msg.receive_progress = chance(50);
    if (msg.receive_progress) msg.has |= 1ull << ZW_HAS_RECEIVE_PROGRESS;
  }
  fixture_set_args(&msg, args);
  note_request(p, msg.request, ZW_CALL, 0);
  fixture_send(p, &msg);
  if (!chance(10)) return;
  zw_msg_init(&cancel, ZW_CANCEL);
  cancel.request = msg.request;
  fixture_send(p, &cancel);
}

/* One of the invocations is answered: progress, a result, a wrong one, an error. */
static void answer(bool finally) {
  zw_msg msg;
  if (!s.invocation_count) return;
  unsigned at = pick((unsigned)s.invocation_count), kind = finally ? 1 : pick(4);
  fixture_peer *p = &s.peers[s.invocations[at].peer];
  zw_msg_init(&msg, kind == 3 ? ZW_ERROR : ZW_YIELD);
  msg.request = s.invocations[at].id;
  msg.uri = kind == 3 ? ZW_STR("app.error.broken") : (zw_str){NULL, 0};
  msg.request_type = kind == 3 ? ZW_INVOCATION : 0;
  msg.progress = kind == 0;
  if (msg.progress) msg.has |= 1ull << ZW_HAS_PROGRESS;
  fixture_set_args(&msg, chance(90) ? "[\"s\",\"north\",1]" : "[5]");
  if (kind) s.invocations[at] = s.invocations[--s.invocation_count];
  fixture_send(p, &msg);
}

static void set_full(unsigned i, bool full) {
  fixture_peer *p = joined(i);
  if (!p) return;
  p->full = full;
  for (size_t k = 0; full && k < s.member_count; k++)
    if (s.members[k].alive && s.members[k].session == p->session) s.members[k].behind = true;
}

static void commit(void) {
  s.f.fail_commit = chance(5) ? ZW_EFULL : 0;
  fixture_commit(&s.f, 1 + pick(10));
  s.f.fail_commit = 0;
}

static void settle(void) {
  for (unsigned i = 0; i < PEERS; i++) set_full(i, false);
  fixture_commit(&s.f, SIZE_MAX);
  fixture_pump(&s.f);
  look();
  while (s.invocation_count) answer(true);
  look();
}

static void check_all(void) {
  zw_router_stats stats;
  zw_router_stats_get(s.f.router, &stats);
  CHECK(stats.lagging == 0, "%llu subscriptions lag", (unsigned long long)stats.lagging);
  for (size_t i = 0; i < s.member_count; i++)
    if (s.members[i].alive) check_member(&s.members[i], true);
  for (size_t i = 0; i < s.request_count; i++)
    CHECK(s.requests[i].lost || s.requests[i].finals == 1, "%s %llu has no answer",
          zw_msg_name(s.requests[i].code), (unsigned long long)s.requests[i].id);
}

/* The history by get_events has one record for each event in the log. */
static void check_history(void) {
  fixture_peer p;
  membership m = {.uri = ZW_STR("sim."), .match = ZW_MATCH_PREFIX};
  fixture_turn(&s.f);
  fixture_join(&s.f, &p, ZW_JSON);
  char kwargs[64];
  uint64_t id = fixture_subscribed(&p, "sim.", ZW_MATCH_PREFIX, NULL);
  snprintf(kwargs, sizeof kwargs, "{\"subscription\":%llu}", (unsigned long long)id);
  fixture_call(&p, "wamp.subscription.get_events", NULL, kwargs);
  const char *at = fixture_args(&s.f, fixture_take(&p, ZW_RESULT), NULL);
  size_t records = 0, expected = 0;
  while ((at = strstr(at, "\"publication\":"))) {
    records++;
    at++;
  }
  for (size_t i = 0; i < s.f.log_count; i++) expected += matches(&m, s.f.log[i].uri);
  CHECK(records == expected, "%zu records of %zu events", records, expected);
  fixture_leave(&p);
  fixture_turn(&s.f);
}

/* All connections end, and what was not committed is lost. */
static void restart(void) {
  for (unsigned i = 0; i < PEERS; i++) vanish(i);
  fixture_stop(&s.f);
  fixture_turn(&s.f);
  assert_int_equal(s.f.memory.live, 0);
  assert_int_equal(fixture_start(&s.f), 0);
}

static void one_step(void) {
  unsigned i = pick(PEERS), what = pick(1000);
  if (!joined(i)) {
    if (s.peers[i].peer) vanish(i);
    join(i);
  } else if (what < 350) {
    publish(i);
  } else if (what < 450) {
    subscribe(i);
  } else if (what < 480) {
    unsubscribe(i);
  } else if (what < 520) {
    offer(i);
  } else if (what < 640) {
    call(i);
  } else if (what < 740) {
    answer(false);
  } else if (what < 760) {
    vanish(i);
  } else if (what < 800) {
    set_full(i, chance(50));
  } else if (what < 870) {
    if (chance(60)) fixture_turn(&s.f);
    zw_router_pump(s.f.router);
  } else if (what < 995) {
    commit();
  } else if (what < 998) {
    settle();
    check_all();
  } else {
    restart();
  }
  look();
}

static void run(uint64_t seed) {
  memset(&s, 0, sizeof s);
  s.seed = seed;
  s.random = seed * 0x9E3779B97F4A7C15u + 1;
  fixture_init(&s.f);
  s.f.seed = seed;
  s.f.immediate = seed % 8 == 7;
  s.f.stale = seed % 3 == 0; /* snapshots move at the end of a turn only */
  s.f.paced = seed % 5 == 0;
  assert_int_equal(fixture_start(&s.f), 0);
  for (s.step = 1; s.step <= 1500; s.step++) one_step();
  settle();
  check_all();
  check_history();
  for (unsigned i = 0; i < PEERS; i++) vanish(i);
  zw_router_stats stats;
  zw_router_stats_get(s.f.router, &stats);
  assert_int_equal(stats.sessions + stats.subscriptions + stats.registrations + stats.lagging, 0);
  fixture_deinit(&s.f);
  s.seed = 0;
}

static unsigned long from_environment(const char *name, unsigned long preset) {
  const char *text = getenv(name);
  return text && *text ? strtoul(text, NULL, 10) : preset;
}

static void simulated(void **state) {
  (void)state;
  unsigned long only = from_environment("ZEROWIRE_SIM_SEED", 0);
  unsigned long runs = from_environment("ZEROWIRE_SIM_RUNS", 40);
  if (only) {
    run(only);
    return;
  }
  for (unsigned long seed = 1; seed <= runs; seed++) run(seed);
}

static int say_seed(void **state) {
  (void)state;
  if (s.seed)
    print_error("step %u; to see it again: ZEROWIRE_SIM_SEED=%llu\n", s.step,
                (unsigned long long)s.seed);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(simulated, say_seed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
