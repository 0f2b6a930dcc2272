/* SPDX-License-Identifier: Apache-2.0 */
/* The session machine: every side, state, direction and code; and whole sessions. */
#include "cmocka_base.h"
#include "message_table.h"

/* What a client may send in each state, and what a router may; codes in ascending order. */
#define CLIENT_OPEN                                                                            \
  ZW_ABORT, ZW_GOODBYE, ZW_ERROR, ZW_PUBLISH, ZW_SUBSCRIBE, ZW_UNSUBSCRIBE, ZW_EVENT_RECEIVED, \
      ZW_CALL, ZW_CANCEL, ZW_REGISTER, ZW_UNREGISTER, ZW_YIELD
#define ROUTER_OPEN                                                                       \
  ZW_ABORT, ZW_GOODBYE, ZW_ERROR, ZW_PUBLISHED, ZW_SUBSCRIBED, ZW_UNSUBSCRIBED, ZW_EVENT, \
      ZW_RESULT, ZW_REGISTERED, ZW_UNREGISTERED, ZW_INVOCATION, ZW_INTERRUPT

static const uint8_t from_client[][16] = {
    [ZW_SESSION_CLOSED] = {ZW_HELLO},
    [ZW_SESSION_HELLO] = {ZW_ABORT},
    [ZW_SESSION_CHALLENGE] = {ZW_ABORT, ZW_AUTHENTICATE},
    [ZW_SESSION_AUTHENTICATE] = {ZW_ABORT},
    [ZW_SESSION_OPEN] = {CLIENT_OPEN},
    [ZW_SESSION_CLOSING] = {CLIENT_OPEN},
};
static const uint8_t from_router[][16] = {
    [ZW_SESSION_CLOSED] = {0},
    [ZW_SESSION_HELLO] = {ZW_WELCOME, ZW_ABORT, ZW_CHALLENGE},
    [ZW_SESSION_CHALLENGE] = {ZW_ABORT},
    [ZW_SESSION_AUTHENTICATE] = {ZW_WELCOME, ZW_ABORT, ZW_CHALLENGE},
    [ZW_SESSION_OPEN] = {ROUTER_OPEN},
    [ZW_SESSION_CLOSING] = {ROUTER_OPEN},
};

static bool is_listed(const uint8_t list[16], unsigned code) {
  return code != 0 && memchr(list, (int)code, 16) != NULL;
}

static enum zw_session_state state_after(enum zw_session_state state, unsigned code) {
  switch (code) {
    case ZW_HELLO: return ZW_SESSION_HELLO;
    case ZW_CHALLENGE: return ZW_SESSION_CHALLENGE;
    case ZW_AUTHENTICATE: return ZW_SESSION_AUTHENTICATE;
    case ZW_WELCOME: return ZW_SESSION_OPEN;
    case ZW_ABORT: return ZW_SESSION_CLOSED;
    case ZW_GOODBYE: return state == ZW_SESSION_OPEN ? ZW_SESSION_CLOSING : ZW_SESSION_CLOSED;
    default: return state;
  }
}

/* A session in CLOSING, as a side comes there by its own GOODBYE or by the peer's. */
static void check_step(bool router, enum zw_session_state state, bool said, bool sent,
                       unsigned code) {
  zw_session session;
  zw_msg msg;
  zw_diag diag;
  memset(&diag, 0, sizeof diag);
  zw_session_init(&session, router);
  session.state = state;
  session.said_goodbye = said;
  zw_msg_init(&msg, (enum zw_msg_code)code);
  msg.session = 4711;
  bool to_router = router != sent;
  bool allowed = is_listed(to_router ? from_client[state] : from_router[state], code);
  if (state == ZW_SESSION_CLOSING && sent && said && code != ZW_ABORT) allowed = false;
  if (state == ZW_SESSION_CLOSING && !sent && !said && code == ZW_GOODBYE) allowed = false;
  int e =
      sent ? zw_session_sent(&session, &msg, &diag) : zw_session_received(&session, &msg, &diag);
  assert_int_equal(e, allowed ? 0 : ZW_EPROTO);
  assert_int_equal(session.state, allowed ? state_after(state, code) : state);
  assert_int_equal(session.id, allowed && code == ZW_WELCOME ? 4711 : 0);
  assert_true(allowed == (diag.message[0] == 0));
}

static void test_every_combination(void **state) {
  (void)state;
  for (unsigned code = 0; code < 80; code++) {
    for (int s = ZW_SESSION_CLOSED; s <= ZW_SESSION_CLOSING; s++) {
      for (unsigned bits = 0; bits < 8; bits++) {
        bool said = s == ZW_SESSION_CLOSING && bits & 4;
        check_step(bits & 1, (enum zw_session_state)s, said, bits & 2, code);
      }
    }
  }
}

static void exchange(zw_session *from, zw_session *to, enum zw_msg_code code) {
  zw_msg msg;
  zw_msg_init(&msg, code);
  msg.session = 99;
  assert_int_equal(zw_session_sent(from, &msg, NULL), 0);
  assert_int_equal(zw_session_received(to, &msg, NULL), 0);
  assert_int_equal(from->state, to->state);
}

static void test_a_whole_session(void **state) {
  (void)state;
  zw_session client, router;
  zw_session_init(&client, false);
  zw_session_init(&router, true);
  exchange(&client, &router, ZW_HELLO);
  exchange(&router, &client, ZW_CHALLENGE);
  exchange(&client, &router, ZW_AUTHENTICATE);
  exchange(&router, &client, ZW_CHALLENGE);
  exchange(&client, &router, ZW_AUTHENTICATE);
  exchange(&router, &client, ZW_WELCOME);
  assert_int_equal(client.id, 99);
  assert_int_equal(router.id, 99);
  exchange(&client, &router, ZW_PUBLISH);
  exchange(&router, &client, ZW_EVENT);
  exchange(&router, &client, ZW_GOODBYE);
  exchange(&client, &router, ZW_GOODBYE);
  assert_int_equal(client.state, ZW_SESSION_CLOSED);
}

static void test_goodbyes_cross(void **state) {
  (void)state;
  zw_session client, router;
  zw_msg goodbye, publish;
  zw_session_init(&client, false);
  zw_session_init(&router, true);
  exchange(&client, &router, ZW_HELLO);
  exchange(&router, &client, ZW_WELCOME);
  zw_msg_init(&goodbye, ZW_GOODBYE);
  zw_msg_init(&publish, ZW_PUBLISH);
  assert_int_equal(zw_session_sent(&router, &goodbye, NULL), 0);
  assert_int_equal(zw_session_received(&router, &publish, NULL), 0);
  assert_int_equal(zw_session_sent(&client, &goodbye, NULL), 0);
  assert_int_equal(zw_session_received(&router, &goodbye, NULL), 0);
  assert_int_equal(zw_session_received(&client, &goodbye, NULL), 0);
  assert_int_equal(client.state, ZW_SESSION_CLOSED);
  assert_int_equal(router.state, ZW_SESSION_CLOSED);
}

static void test_request_ids_count_and_wrap(void **state) {
  (void)state;
  zw_session session;
  zw_session_init(&session, false);
  assert_int_equal(zw_session_request(&session), 1);
  assert_int_equal(zw_session_request(&session), 2);
  session.next_request = ZW_ID_MAX;
  assert_int_equal(zw_session_request(&session), ZW_ID_MAX);
  assert_int_equal(zw_session_request(&session), 1);
}

static void test_equal_constant_time(void **state) {
  (void)state;
  assert_true(zw_equal_constant_time(zw_span_of("abc", 3), zw_span_of("abc", 3)));
  assert_false(zw_equal_constant_time(zw_span_of("abc", 3), zw_span_of("abd", 3)));
  assert_false(zw_equal_constant_time(zw_span_of("abc", 3), zw_span_of("abcd", 4)));
  assert_true(zw_equal_constant_time(zw_span_of(NULL, 0), zw_span_of("", 0)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_combination),   cmocka_unit_test(test_a_whole_session),
      cmocka_unit_test(test_goodbyes_cross),      cmocka_unit_test(test_request_ids_count_and_wrap),
      cmocka_unit_test(test_equal_constant_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
