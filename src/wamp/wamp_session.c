/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The session machine: what may come in and go out, in which state, on which side, as one table of
 * transitions. A message that has no row for (side, direction, state) is a protocol violation and
 * changes nothing.
 *
 * The table is written from the router's point of view; a client's "sent" is the router's
 * "received".
 */
#include "zerowire/wamp.h"

enum {
  CLOSED = ZW_SESSION_CLOSED,
  HELLO = ZW_SESSION_HELLO,
  CHALLENGE = ZW_SESSION_CHALLENGE,
  AUTHENTICATE = ZW_SESSION_AUTHENTICATE,
  OPEN = ZW_SESSION_OPEN,
  CLOSING = ZW_SESSION_CLOSING
};

#define IN(state) (1u << (state))

typedef struct transition {
  uint16_t code;
  bool to_router; /* whether a client sends it */
  uint8_t from;   /* states in which it is allowed, as bits */
  uint8_t to;     /* the state afterwards; SAME: unchanged */
} transition;

#define SAME 255
#define OPENING (IN(HELLO) | IN(CHALLENGE) | IN(AUTHENTICATE))
#define RUNNING \
  (IN(OPEN) | IN(CLOSING)) /* what was under way when GOODBYE was sent may still arrive */

/* State AUTHENTICATE: the client has answered, the router has not yet. GOODBYE and ABORT are
 * handled apart: they go both ways. */
static const transition transitions[] = {
    {ZW_HELLO, true, IN(CLOSED), HELLO},
    {ZW_CHALLENGE, false, IN(HELLO) | IN(AUTHENTICATE), CHALLENGE},
    {ZW_AUTHENTICATE, true, IN(CHALLENGE), AUTHENTICATE},
    {ZW_WELCOME, false, IN(HELLO) | IN(AUTHENTICATE), OPEN},
    {ZW_ABORT, false, OPENING | RUNNING, CLOSED},
    {ZW_ABORT, true, OPENING | RUNNING, CLOSED},
    {ZW_ERROR, false, RUNNING, SAME},
    {ZW_ERROR, true, RUNNING, SAME},
    {ZW_PUBLISH, true, RUNNING, SAME},
    {ZW_PUBLISHED, false, RUNNING, SAME},
    {ZW_SUBSCRIBE, true, RUNNING, SAME},
    {ZW_SUBSCRIBED, false, RUNNING, SAME},
    {ZW_UNSUBSCRIBE, true, RUNNING, SAME},
    {ZW_UNSUBSCRIBED, false, RUNNING, SAME},
    {ZW_EVENT, false, RUNNING, SAME},
    {ZW_EVENT_RECEIVED, true, RUNNING, SAME},
    {ZW_CALL, true, RUNNING, SAME},
    {ZW_CANCEL, true, RUNNING, SAME},
    {ZW_RESULT, false, RUNNING, SAME},
    {ZW_REGISTER, true, RUNNING, SAME},
    {ZW_REGISTERED, false, RUNNING, SAME},
    {ZW_UNREGISTER, true, RUNNING, SAME},
    {ZW_UNREGISTERED, false, RUNNING, SAME},
    {ZW_INVOCATION, false, RUNNING, SAME},
    {ZW_INTERRUPT, false, RUNNING, SAME},
    {ZW_YIELD, true, RUNNING, SAME},
    {ZW_GOODBYE, false, IN(OPEN), CLOSING},
    {ZW_GOODBYE, false, IN(CLOSING), CLOSED},
    {ZW_GOODBYE, true, IN(OPEN), CLOSING},
    {ZW_GOODBYE, true, IN(CLOSING), CLOSED},
};

static const char *const expected[] = {
    [CLOSED] = "no session is open, only HELLO may come",
    [HELLO] = "HELLO waits for CHALLENGE, WELCOME or ABORT",
    [CHALLENGE] = "CHALLENGE waits for AUTHENTICATE or ABORT",
    [AUTHENTICATE] = "AUTHENTICATE waits for WELCOME, CHALLENGE or ABORT",
    [OPEN] = "the session is open",
    [CLOSING] = "GOODBYE has been said",
};

static const transition *find_transition(enum zw_session_state state, unsigned code,
                                         bool to_router) {
  for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
    const transition *t = &transitions[i];
    if (t->code == code && t->to_router == to_router && (t->from & IN(state))) return t;
  }
  return NULL;
}

/* After its own GOODBYE a side sends nothing but ABORT; and a peer says GOODBYE once. */
static bool is_over(const zw_session *session, bool sent, unsigned code) {
  if (session->state != ZW_SESSION_CLOSING) return false;
  if (sent) return session->said_goodbye && code != ZW_ABORT;
  return code == ZW_GOODBYE && !session->said_goodbye;
}

static int session_step(zw_session *session, const zw_msg *msg, bool sent, zw_diag *diag) {
  bool to_router = sent != session->router;
  const transition *t = find_transition(session->state, msg->code, to_router);
  if (!t || is_over(session, sent, msg->code)) {
    return zw_fail(diag, ZW_EPROTO, "%s is not allowed %s: %s.", zw_msg_name(msg->code),
                   sent ? "to be sent" : "here", expected[session->state]);
  }
  if (msg->code == ZW_GOODBYE && sent) session->said_goodbye = true;
  if (msg->code == ZW_WELCOME) session->id = msg->session;
  if (t->to != SAME) session->state = (enum zw_session_state)t->to;
  return 0;
}

void zw_session_init(zw_session *session, bool router) {
  *session = (zw_session){.router = router, .state = ZW_SESSION_CLOSED, .next_request = 1};
}

int zw_session_received(zw_session *session, const zw_msg *msg, zw_diag *diag) {
  return session_step(session, msg, false, diag);
}

int zw_session_sent(zw_session *session, const zw_msg *msg, zw_diag *diag) {
  return session_step(session, msg, true, diag);
}

uint64_t zw_session_request(zw_session *session) {
  uint64_t id = session->next_request;
  session->next_request = id >= ZW_ID_MAX ? 1 : id + 1;
  return id;
}

bool zw_equal_constant_time(zw_span a, zw_span b) {
  uint8_t difference = 0;
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++) difference |= (uint8_t)(a.ptr[i] ^ b.ptr[i]);
  return difference == 0;
}
