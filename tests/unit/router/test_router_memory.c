/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of the router fails once, over joining, subscribing, publishing, replay, calls,
 * maps and the meta API: requests fail, the router lives and leaks nothing. And in the steady state
 * it allocates nothing.
 */
#include "router_fixture.h"

static void requests(fixture *f, fixture_peer *a, fixture_peer *b) {
  static const char *const calls[][2] = {
      {"plain.add", "[1]"},
      {"sim.convert", "[\"s\",0.5]"},
      {"sim.put", "[\"s1\",\"north\",1]"},
      {"sim.delete", "[\"s1\"]"},
      {"sim.count", NULL},
      {"wamp.session.list", NULL},
      {"wamp.subscription.lookup", "[\"sim.reading\",{\"match\":\"exact\"}]"},
      {"wamp.subscription.get_events", "[3]"},
      {"zerowire.schema.get", "[\"9f3c21d0\"]"},
  };
  zw_msg msg;
  fixture_subscribe(b, "sim.reading", ZW_MATCH_EXACT, NULL);
  fixture_subscribe(b, "plain.", ZW_MATCH_PREFIX, NULL);
  fixture_subscribe(b, "..a", ZW_MATCH_WILDCARD, NULL);
  static const char *const registered[] = {"plain.add", "sim.convert"};
  for (int i = 0; i < 2; i++) {
    fixture_begin(b, &msg, ZW_REGISTER);
    msg.uri = zw_str_of(registered[i]);
    fixture_send(b, &msg);
  }
  for (int i = 0; i < 3; i++) {
    b->full = i == 1;
    fixture_publish(a, "sim.reading", "[\"s\",0.5,1]", true);
    fixture_publish(a, "plain.\\u0061", "[\"\\u0001\"]", true);
    fixture_publish(b, "sim.reading", "[\"s\",0.5,2]", true);
    fixture_commit(f, SIZE_MAX);
  }
  fixture_pump(f);
  fixture_subscribe(a, "sim.", ZW_MATCH_PREFIX, "{\"last\":3}");
  fixture_subscribe(a, "sim.deleted", ZW_MATCH_EXACT, "{\"since\":0}");
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    fixture_call(a, calls[i][0], calls[i][1], NULL);
  fixture_commit(f, SIZE_MAX);
  fixture_pump(f);
  for (size_t i = 0; i < b->count; i++) {
    if (b->inbox[i].code != ZW_INVOCATION) continue;
    zw_msg_init(&msg, ZW_YIELD);
    msg.request = b->inbox[i].request;
    fixture_set_args(&msg, "[\"s1\",\"north\",1]");
    fixture_send(b, &msg);
  }
}

/* What is committed is never lost for lack of memory: the log has what was acknowledged. */
static size_t acknowledged(const fixture_peer *p) {
  size_t n = 0;
  for (size_t i = 0; i < p->count; i++)
    n += p->inbox[i].code == ZW_PUBLISHED && p->inbox[i].publication <= (uint64_t)1 << 52;
  return n;
}

static void every_allocation_fails_once(void **state) {
  (void)state;
  static fixture f;
  bool failed = true;
  for (size_t n = 1; failed; n++) {
    fixture_peer a = {.f = &f}, b = {.f = &f};
    fixture_init(&f);
    f.memory.fail_at = n;
    int error = fixture_start(&f);
    if (!error) {
      fixture_join(&f, &a, ZW_JSON);
      fixture_join(&f, &b, ZW_CBOR);
      requests(&f, &a, &b);
      assert_true(f.log_count >= acknowledged(&a) + acknowledged(&b));
      assert_int_equal(f.queue_count, 0);
      fixture_leave(&a);
      fixture_leave(&b);
    } else {
      assert_int_equal(error, ZW_ENOMEM);
    }
    failed = f.memory.failed;
    fixture_deinit(&f);
    assert_true(n < 5000);
  }
}

/* A FlatBuffer by JSON, as a typed payload. */
static void set_typed(fixture *f, zw_msg *msg, const zw_type *type, const char *json) {
  zw_diag diag;
  msg->payload_format = ZW_FORMAT_FLATBUFFER;
  msg->payload_type = type;
  assert_int_equal(zw_json_parse(type, zw_str_of(json), 0, 0, &f->builder, &msg->payload, &diag),
                   0);
}

static void one_round(fixture *f, fixture_peer *a, fixture_peer *b) {
  zw_msg msg;
  fixture_begin(a, &msg, ZW_PUBLISH);
  msg.uri = ZW_STR("sim.reading");
  msg.acknowledge = true;
  set_typed(f, &msg, &fixture_reading, "{\"sensor\":\"s\",\"celsius\":0.5}");
  fixture_send(a, &msg);
  fixture_publish(a, "plain.a", "[1]", true);
  fixture_commit(f, SIZE_MAX);
  fixture_publish(a, "plain.a", "[1]", true);
  fixture_call(a, "plain.add", "[1]", NULL);
  zw_msg_init(&msg, ZW_YIELD);
  msg.request = b->inbox[b->count - 1].request;
  fixture_send(b, &msg);
  fixture_begin(a, &msg, ZW_CALL);
  msg.uri = ZW_STR("sim.get");
  set_typed(f, &msg, &fixture_sensor_key, "{\"id\":\"s1\"}");
  fixture_send(a, &msg);
  fixture_turn(f);
  a->taken = a->count = b->taken = b->count = 0;
}

/* From FlatBuffers to FlatBuffers. */
static void the_steady_state_allocates_nothing(void **state) {
  (void)state;
  static fixture f;
  fixture_peer a, b;
  fixture_init(&f);
  assert_int_equal(fixture_start(&f), 0);
  fixture_join(&f, &a, ZW_FLATBUFFERS);
  fixture_join(&f, &b, ZW_FLATBUFFERS);
  fixture_subscribed(&b, "sim.reading", ZW_MATCH_EXACT, NULL);
  fixture_subscribed(&b, "plain.a", ZW_MATCH_EXACT, NULL);
  fixture_registered(&b, "plain.add");
  for (int i = 0; i < 20; i++) one_round(&f, &a, &b);
  size_t calls = f.memory.calls, live = f.memory.live;
  for (int i = 0; i < 100; i++) one_round(&f, &a, &b);
  assert_int_equal(f.memory.live, live);
  if (f.memory.calls != calls)
    fail_msg("%zu allocations in 100 rounds of 6 messages", f.memory.calls - calls);
  fixture_leave(&a);
  fixture_leave(&b);
  fixture_deinit(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_allocation_fails_once),
      cmocka_unit_test(the_steady_state_allocates_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
