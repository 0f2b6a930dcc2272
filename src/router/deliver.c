/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From one publication to its subscribers: one EVENT for each subscription that matches, sent to
 * all its members at once.
 *
 * Members that read from the log pass over events of durable topics here; one whose peer has no
 * room for such an event is put back to the log. Nothing is allocated: a member that joins reserves
 * its place in the lists of recipients.
 */
#include "router_state.h"

#include <assert.h>

#define STORED_DETAILS (1ull << ZW_HAS_TIMESTAMP | 1ull << ZW_HAS_X_SEQ)

int zw_deliver_reserve(zw_router *router, size_t subscriptions, size_t members) {
  void *array = router->targets;
  int error = zw_array_reserve(router->alloc, &array, &router->target_capacity, members,
                               sizeof *router->targets);
  router->targets = array;
  if (error) return error;
  array = router->matches;
  error = zw_array_reserve(router->alloc, &array, &router->match_capacity, subscriptions,
                           sizeof *router->matches);
  router->matches = array;
  return error;
}

void zw_payload_copy(zw_msg *to, const zw_msg *from) {
  to->ppt_scheme = from->ppt_scheme;
  to->ppt_serializer = from->ppt_serializer;
  to->ppt_cipher = from->ppt_cipher;
  to->ppt_scheme_name = from->ppt_scheme_name;
  to->ppt_serializer_name = from->ppt_serializer_name;
  to->ppt_cipher_name = from->ppt_cipher_name;
  to->ppt_keyid = from->ppt_keyid;
  to->payload_format = from->payload_format;
  to->args = from->args;
  to->kwargs = from->kwargs;
  to->payload = from->payload;
  to->payload_type = from->payload_type;
}

static void note_match(void *ctx, void *value) {
  zw_router *router = ctx;
  assert(router->match_count < router->match_capacity);
  router->matches[router->match_count++] = value;
}

/* Whether this member is sent an event of a durable topic; if it cannot take it, it reads it from
 * the log. */
static bool takes_stored(zw_member *member, uint64_t seq, bool own) {
  zw_router *router = member->peer->router;
  if (member->replaying) {
    if (own) zw_replay_own(member, seq);
    member->missed_seq = seq;
    return false;
  }
  if (!own && !router->io.has_room(router->io.ctx, member->peer)) {
    member->next_seq = seq;
    member->missed_seq = seq;
    zw_replay_start(member);
    return false;
  }
  return !own;
}

static size_t choose_targets(const zw_delivery *delivery, const zw_subscription *subscription) {
  zw_router *router = delivery->realm->router;
  const zw_peer *excluded = delivery->publish->exclude_me ? delivery->publisher : NULL;
  size_t count = 0;
  for (size_t i = 0; i < subscription->member_count; i++) {
    zw_member *member = subscription->members[i];
    bool own = member->peer == excluded;
    bool takes = delivery->stored ? takes_stored(member, delivery->stored->seq, own) : !own;
    if (takes && member->peer->session.state == ZW_SESSION_OPEN)
      router->targets[count++] = member->peer;
  }
  return count;
}

/* Sets every member that an earlier event may have set: clearing the whole message costs as much as
 * the rest of a publication. */
static void fill_event(zw_msg *event, const zw_delivery *delivery) {
  const zw_msg *publish = delivery->publish;
  const zw_peer *publisher = publish->disclose_me ? delivery->publisher : NULL;
  event->has = 0;
  event->publication = delivery->publication;
  event->transaction_hash = publish->transaction_hash;
  event->publisher = publisher ? publisher->id : 0;
  event->publisher_authid = publisher ? publisher->authid : (zw_str){NULL, 0};
  event->publisher_authrole = publisher ? publisher->authrole : (zw_str){NULL, 0};
  event->timestamp = delivery->stored ? delivery->stored->timestamp : 0;
  event->seq = delivery->stored ? delivery->stored->seq : 0;
  if (publisher) event->has |= 1ull << ZW_HAS_PUBLISHER;
  if (delivery->stored) event->has |= STORED_DETAILS;
  zw_payload_copy(event, publish);
}

void zw_deliver(const zw_delivery *delivery) {
  zw_router *router = delivery->realm->router;
  const zw_msg *publish = delivery->publish;
  zw_msg *event = &router->event;
  router->match_count = 0;
  zw_uri_index_match(&delivery->realm->subscription_index, publish->uri, note_match, router);
  if (!router->match_count) return;
  fill_event(event, delivery);
  for (size_t i = 0; i < router->match_count; i++) {
    const zw_subscription *subscription = router->matches[i];
    size_t count = choose_targets(delivery, subscription);
    if (!count) continue;
    event->subscription = subscription->id;
    event->topic = subscription->match == ZW_MATCH_EXACT ? (zw_str){NULL, 0} : publish->uri;
    router->io.send(router->io.ctx, router->targets, count, event, delivery->owner, false);
    router->stats.delivered += count;
  }
}

void zw_event_of_stored(zw_msg *event, const zw_subscription *subscription,
                        const zw_stored *stored) {
  zw_msg_init(event, ZW_EVENT);
  event->subscription = subscription->id;
  event->publication = stored->publication;
  event->timestamp = stored->timestamp;
  event->seq = stored->seq;
  event->has |= STORED_DETAILS;
  if (subscription->match != ZW_MATCH_EXACT) event->topic = stored->uri;
  if (stored->publisher) {
    event->has |= 1ull << ZW_HAS_PUBLISHER;
    event->publisher = stored->publisher;
    event->publisher_authid = stored->publisher_authid;
    event->publisher_authrole = stored->publisher_authrole;
  }
  if (stored->payload_type) {
    event->payload_format = ZW_FORMAT_FLATBUFFER;
    event->payload = stored->payload;
    event->payload_type = stored->payload_type;
  } else if (stored->args.ptr || stored->kwargs.ptr) {
    event->payload_format = ZW_FORMAT_CBOR;
    event->args = stored->args;
    event->kwargs = stored->kwargs;
  }
}
