/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subscriptions that read from the log: those that begin in the past, and those whose peer had no
 * room.
 *
 * A member reads in stretches: from its next_seq to the realm's committed_seq of the time when the
 * stretch begins. Where a stretch ends at committed_seq itself, the member has all that anyone has,
 * and goes on live: the next commit is delivered to it. So nothing is given twice, and nothing is
 * left out.
 *
 * Belt and braces: where the storage finds less than others were sent (its snapshot is of before
 * the commit), the stretch is read again in a later turn.
 */
#include "router_state.h"

#define STALLS_MAX 64
#define RETRY_NS ((int64_t)10 * 1000000000)
#define OWN_MAX 65536 /* own publications that a member is not given while it reads */
#define STEP_MAX 64   /* events a member and turn */
#define PUMP_MAX 4096 /* events a turn */

/* ---- x_from --------------------------------------------------------------------------------------- */

static int read_time(const zw_value *value, int64_t *ns) {
  uint64_t number;
  zw_str text;
  if (!zw_value_u64(value, &number)) {
    *ns = number > INT64_MAX ? INT64_MAX : (int64_t)number;
    return 0;
  }
  return zw_value_str(value, &text) ? ZW_EINVAL : zw_time_parse(text, ns);
}

uint64_t zw_realm_seq(const zw_realm *realm, uint64_t publication) {
  const zw_storage *storage = realm->options.storage;
  uint64_t seq = storage->seq_of(storage->ctx, publication);
  return seq <= realm->committed_seq ? seq : 0;
}

static int parse_after(zw_realm *realm, const zw_value *value, zw_member *out, zw_diag *diag) {
  uint64_t publication;
  if (zw_value_u64(value, &publication))
    return zw_fail(diag, ZW_EINVAL, "x_from.after is the id of a publication.");
  uint64_t seq = zw_realm_seq(realm, publication);
  if (!seq)
    return zw_fail(diag, ZW_EINVAL,
                   "x_from.after: %llu is no publication of a topic with a history.",
                   (unsigned long long)publication);
  out->next_seq = seq + 1;
  return 0;
}

/* A number that no event has yet is the next one's. */
static int parse_seq(const zw_realm *realm, const zw_value *value, zw_member *out, zw_diag *diag) {
  uint64_t next = realm->committed_seq + 1;
  if (zw_value_u64(value, &out->next_seq) || !out->next_seq)
    return zw_fail(diag, ZW_EINVAL, "x_from.seq is a sequence number, from 1.");
  if (out->next_seq > next) out->next_seq = next;
  return 0;
}

static int parse_last(const zw_realm *realm, const zw_value *value, zw_member *out, zw_diag *diag) {
  if (zw_value_u64(value, &out->last))
    return zw_fail(diag, ZW_EINVAL, "x_from.last is a number of events.");
  /* The last of those that there are, however late the first step is. */
  out->to_seq = realm->committed_seq;
  if (!out->last || !out->to_seq) {
    out->last = 0;
    out->next_seq = realm->committed_seq + 1;
  }
  return 0;
}

static int parse_since(const zw_value *value, zw_member *out, zw_diag *diag) {
  out->has_from_time = true;
  if (!read_time(value, &out->from_time)) return 0;
  return zw_fail(diag, ZW_EINVAL,
                 "x_from.since is a time: ns since 1970, or RFC 3339 "
                 "(\"2026-11-24T14:10:20Z\").");
}

int zw_replay_parse(zw_realm *realm, const zw_value *x_from, zw_member *out, zw_diag *diag) {
  zw_value last, since, after, seq;
  int has_last = zw_value_get(x_from, ZW_STR("last"), &last);
  int has_since = zw_value_get(x_from, ZW_STR("since"), &since);
  int has_after = zw_value_get(x_from, ZW_STR("after"), &after);
  int has_seq = zw_value_get(x_from, ZW_STR("seq"), &seq);
  bool malformed = has_last < 0 || has_since < 0 || has_after < 0 || has_seq < 0;
  out->next_seq = 1;
  if (malformed || has_last + has_since + has_after + has_seq != 1)
    return zw_fail(diag, ZW_EINVAL,
                   "x_from is one of {last: n}, {since: time}, {after: publication}, {seq: "
                   "sequence number}.");
  if (has_after) return parse_after(realm, &after, out, diag);
  if (has_last) return parse_last(realm, &last, out, diag);
  if (has_seq) return parse_seq(realm, &seq, out, diag);
  return parse_since(&since, out, diag);
}

/* ---- the list of those that read -------------------------------------------------------------------- */

static void list_append(zw_realm *realm, zw_member *member) {
  member->previous = realm->replaying_tail;
  member->next = NULL;
  if (member->previous)
    member->previous->next = member;
  else
    realm->replaying = member;
  realm->replaying_tail = member;
  realm->replaying_count++;
}

static void list_remove(zw_realm *realm, zw_member *member) {
  if (member->previous)
    member->previous->next = member->next;
  else
    realm->replaying = member->next;
  if (member->next)
    member->next->previous = member->previous;
  else
    realm->replaying_tail = member->previous;
  member->previous = member->next = NULL;
  realm->replaying_count--;
}

void zw_replay_start(zw_member *member) {
  zw_realm *realm = member->peer->realm;
  member->replaying = true;
  list_append(realm, member);
  realm->router->stats.lagging++;
}

static void close_cursor(zw_member *member) {
  const zw_storage *storage = member->peer->realm->options.storage;
  if (member->cursor) storage->history_close(storage->ctx, member->cursor);
  member->cursor = NULL;
}

void zw_replay_stop(zw_member *member) {
  if (!member->replaying) return;
  close_cursor(member);
  list_remove(member->peer->realm, member);
  member->replaying = false;
  member->stalls = 0;
  member->own_count = member->own_first = 0;
  member->peer->router->stats.lagging--;
}

/* ---- what is not given --------------------------------------------------------------------------------- */

static void drop_passed(zw_member *member) {
  member->own_count -= member->own_first;
  memmove(member->own, member->own + member->own_first, member->own_count * sizeof *member->own);
  member->own_first = 0;
}

/* Without room for it the session gets this one of its own: better than a gap. */
void zw_replay_own(zw_member *member, uint64_t seq) {
  void *array = member->own;
  if (member->own_first > member->own_capacity / 2) drop_passed(member);
  if (member->own_count == OWN_MAX ||
      zw_array_reserve(member->peer->router->alloc, &array, &member->own_capacity,
                       member->own_count + 1, sizeof *member->own))
    return;
  member->own = array;
  member->own[member->own_count++] = seq;
}

/* Both lists ascend. */
static bool is_own(zw_member *member, uint64_t seq) {
  while (member->own_first < member->own_count && member->own[member->own_first] < seq)
    member->own_first++;
  return member->own_first < member->own_count && member->own[member->own_first] == seq;
}

static bool matches(const zw_subscription *subscription, const zw_stored *stored) {
  return subscription->whole_topics ||
         zw_uri_matches(subscription->uri, subscription->match, stored->uri);
}

/* ---- stretches -------------------------------------------------------------------------------------------- */

static zw_history_query query_of(const zw_member *member) {
  const zw_subscription *subscription = member->subscription;
  return (zw_history_query){.topics = subscription->topics,
                            .topic_count = subscription->topic_count,
                            .from_seq = member->next_seq,
                            .to_seq = member->to_seq,
                            .from_time = member->from_time,
                            .has_from_time = member->has_from_time};
}

/* The last n of a pattern that is narrower than its topics: goes one event further back, counting
 * what matches. */
static int look_back(zw_member *member) {
  const zw_storage *storage = member->peer->realm->options.storage;
  zw_stored stored;
  if (!member->cursor) {
    zw_history_query query = query_of(member);
    query.reverse = true;
    int error = storage->history_open(storage->ctx, &query, &member->cursor);
    if (error) {
      member->cursor = NULL;
      return error;
    }
    member->next_seq = member->to_seq + 1;
  }
  memset(&stored, 0, sizeof stored);
  int error = storage->history_next(storage->ctx, member->cursor, &stored);
  if (!error && matches(member->subscription, &stored)) {
    member->next_seq = stored.seq;
    member->last--;
  }
  if (error == ZW_ENOTFOUND) {
    member->last = 0;
    error = 0;
  }
  if (!member->last) close_cursor(member);
  return error;
}

static int open_stretch(zw_member *member) {
  zw_realm *realm = member->peer->realm;
  const zw_storage *storage = realm->options.storage;
  if (!member->last) member->to_seq = realm->committed_seq;
  zw_history_query query = query_of(member);
  query.last = member->last;
  int error = storage->history_open(storage->ctx, &query, &member->cursor);
  if (error) member->cursor = NULL;
  return error;
}

/* True: try again later. */
static bool stalled(zw_member *member) {
  bool missed = member->missed_seq >= member->next_seq && member->missed_seq <= member->to_seq;
  return missed && ++member->stalls < STALLS_MAX;
}

/* The history cannot be read: the subscription ends, with the reason, rather than having a gap. */
static void revoke(zw_member *member, int error) {
  zw_peer *peer = member->peer;
  zw_msg msg;
  zw_log_printf(peer->router->options.log, ZW_LOG_ERROR,
                "the history of \"%.*s\" cannot be read: %s", ZW_ARG(member->subscription->uri),
                zw_error_text(error));
  zw_msg_init(&msg, ZW_UNSUBSCRIBED);
  msg.subscription = member->subscription->id;
  msg.uri = zw_str_of(zw_error_uri(error));
  peer->router->stats.errors++;
  zw_answer(peer, &msg, NULL, false);
  zw_member_remove(member);
}

static void give(zw_member *member, const zw_stored *stored) {
  zw_msg event;
  member->next_seq = stored->seq + 1;
  member->stalls = 0;
  if (!matches(member->subscription, stored) || is_own(member, stored->seq)) return;
  zw_event_of_stored(&event, member->subscription, stored);
  member->peer->router->stats.delivered++;
  zw_answer(member->peer, &event, NULL, true);
}

/* One event, or one turn of the state: 1 go on, 0 stop for now (*again: and come back), negative:
 * an error. */
static int replay_one(zw_member *member, bool *again) {
  zw_realm *realm = member->peer->realm;
  const zw_storage *storage = realm->options.storage;
  zw_stored stored;
  if (member->last && !member->subscription->whole_topics) {
    int error = look_back(member);
    return error ? error : 1;
  }
  if (!member->cursor) {
    if (member->next_seq > realm->committed_seq) {
      zw_replay_stop(member);
      return 0;
    }
    int error = open_stretch(member);
    if (error) return error;
  }
  memset(&stored, 0, sizeof stored);
  int error = storage->history_next(storage->ctx, member->cursor, &stored);
  if (!error) {
    give(member, &stored);
    return 1;
  }
  if (error != ZW_ENOTFOUND) return error;
  close_cursor(member);
  *again = stalled(member);
  if (*again) return 0;
  member->next_seq = member->to_seq + 1;
  member->last = 0;
  return 1;
}

/* What the storage cannot do may pass: it is asked again in later turns, for a while. */
static bool tries_again(zw_member *member) {
  const zw_router_io *io = &member->peer->router->io;
  int64_t now = io->clock(io->ctx);
  if (!member->failing_since || now < member->failing_since) member->failing_since = now;
  return now - member->failing_since < RETRY_NS;
}

static bool takes_log(const zw_member *member) {
  const zw_router_io *io = &member->peer->router->io;
  return io->takes_log ? io->takes_log(io->ctx, member->peer) : io->has_room(io->ctx, member->peer);
}

bool zw_replay_step(zw_member *member, unsigned *budget) {
  zw_router *router = member->peer->router;
  bool again = false;
  while (*budget && takes_log(member)) {
    int result = replay_one(member, &again);
    (*budget)--;
    if (result >= 0) member->failing_since = 0;
    if (result == 0) return again;
    if (result > 0) continue;
    /* A corrupt event is passed over by asking again. */
    if (result == ZW_ECORRUPT && member->cursor) {
      zw_log_printf(router->options.log, ZW_LOG_ERROR,
                    "an event of \"%.*s\" is corrupt and left out",
                    ZW_ARG(member->subscription->uri));
      continue;
    }
    if (!tries_again(member)) revoke(member, result);
    return false;
  }
  return *budget == 0;
}

static bool pump_realm(zw_realm *realm, unsigned *left) {
  bool more = false;
  for (size_t n = realm->replaying_count; n && *left && realm->replaying; n--) {
    zw_member *member = realm->replaying;
    unsigned budget = *left < STEP_MAX ? *left : STEP_MAX, before = budget;
    /* To the end of the list first: the step may end the member. */
    list_remove(realm, member);
    list_append(realm, member);
    more |= zw_replay_step(member, &budget);
    *left -= before - budget;
  }
  return more || (!*left && realm->replaying);
}

bool zw_router_pump(zw_router *router) {
  unsigned left = PUMP_MAX;
  bool more = false;
  for (zw_realm *realm = router->realms; realm; realm = realm->next)
    more |= pump_realm(realm, &left);
  return more;
}
