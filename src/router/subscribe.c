/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subscriptions: one for each (match, URI) that somebody subscribed, with its members.
 *
 * A subscription that may touch durable topics has an id of the storage, the same after a restart;
 * others count from 2^32. It ends with its last member; the storage's id stays.
 */
#include "router_state.h"

static const char *const match_names[] = {"exact", "prefix", "wildcard"};

/* ---- what a pattern may touch --------------------------------------------------------------- */

/* Whether all that is published on the topic matches the pattern. */
static bool covers(const zw_subscription *subscription, const zw_topic_def *topic) {
  if (topic->match == ZW_MATCH_EXACT) return true;
  return subscription->match == topic->match && zw_str_eq(subscription->uri, topic->uri);
}

int zw_subscription_topics(zw_realm *realm, zw_subscription *subscription) {
  const zw_model *model = realm->options.model;
  size_t count = model ? model->topic_count : 0, capacity = 0;
  subscription->whole_topics = true;
  for (size_t i = 0; i < count; i++) {
    const zw_typed_topic *topic = &realm->topics[i];
    if (!topic->number ||
        !zw_uri_overlap(subscription->uri, subscription->match, topic->def->uri, topic->def->match))
      continue;
    void *array = subscription->topics;
    int error = zw_array_reserve(realm->router->alloc, &array, &capacity,
                                 subscription->topic_count + 1, sizeof *subscription->topics);
    if (error) return error;
    subscription->topics = array;
    subscription->topic_capacity = capacity;
    subscription->topics[subscription->topic_count++] = topic->number;
    if (!covers(subscription, topic->def)) subscription->whole_topics = false;
  }
  return 0;
}

/* ---- life of a subscription -------------------------------------------------------------------- */

void zw_subscription_free(zw_realm *realm, zw_subscription *subscription) {
  const zw_alloc *alloc = realm->router->alloc;
  zw_alloc_free(alloc, subscription->members,
                subscription->member_capacity * sizeof *subscription->members);
  zw_alloc_free(alloc, subscription->topics,
                subscription->topic_capacity * sizeof *subscription->topics);
  zw_copy_free(alloc, &subscription->uri);
  zw_alloc_free(alloc, subscription, sizeof *subscription);
}

static int choose_id(zw_realm *realm, zw_subscription *subscription) {
  const zw_storage *storage = realm->options.storage;
  if (!subscription->topic_count) {
    subscription->id = realm->next_subscription++;
    return 0;
  }
  subscription->id = storage->subscription(storage->ctx, subscription->match, subscription->uri);
  return subscription->id ? 0 : ZW_ENOMEM;
}

static int subscription_enter(zw_realm *realm, zw_subscription *subscription) {
  int error = zw_hmap_set_id(&realm->subscriptions, subscription->id, subscription, NULL);
  if (error) return error;
  error = zw_uri_index_add(&realm->subscription_index, subscription->match, subscription->uri,
                           subscription);
  if (error) zw_hmap_remove_id(&realm->subscriptions, subscription->id);
  return error;
}

static int subscription_make(zw_realm *realm, const zw_msg *msg, zw_subscription **out) {
  zw_router *router = realm->router;
  zw_subscription *subscription = zw_alloc_zero(router->alloc, sizeof *subscription);
  if (!subscription) return ZW_ENOMEM;
  subscription->match = (enum zw_match)msg->match;
  subscription->uri = zw_copy_str(router->alloc, msg->uri);
  subscription->created = router->io.clock(router->io.ctx);
  int error = subscription->uri.ptr ? zw_subscription_topics(realm, subscription) : ZW_ENOMEM;
  if (!error) error = choose_id(realm, subscription);
  if (!error) error = subscription_enter(realm, subscription);
  if (error) {
    zw_subscription_free(realm, subscription);
    return error;
  }
  router->stats.subscriptions++;
  *out = subscription;
  return 0;
}

static void subscription_end(zw_realm *realm, zw_subscription *subscription) {
  zw_hmap_remove_id(&realm->subscriptions, subscription->id);
  zw_uri_index_remove(&realm->subscription_index, subscription->match, subscription->uri);
  zw_subscription_free(realm, subscription);
  realm->router->stats.subscriptions--;
}

/* ---- members ---------------------------------------------------------------------------------- */

static int member_enter(zw_subscription *subscription, zw_member *member) {
  zw_router *router = member->peer->router;
  zw_realm *realm = member->peer->realm;
  void *array = subscription->members;
  int error = zw_array_reserve(router->alloc, &array, &subscription->member_capacity,
                               subscription->member_count + 1, sizeof *subscription->members);
  subscription->members = array;
  if (!error)
    error = zw_deliver_reserve(router, realm->subscriptions.count, subscription->member_count + 1);
  if (!error) error = zw_hmap_set_id(&member->peer->members, subscription->id, member, NULL);
  if (error) return error;
  member->position = subscription->member_count;
  subscription->members[subscription->member_count++] = member;
  return 0;
}

static int member_make(zw_peer *peer, zw_subscription *subscription, const zw_member *from,
                       zw_member **out) {
  zw_member *member = zw_alloc_zero(peer->router->alloc, sizeof *member);
  if (!member) return ZW_ENOMEM;
  *member = *from;
  member->peer = peer;
  member->subscription = subscription;
  int error = member_enter(subscription, member);
  if (error)
    zw_alloc_free(peer->router->alloc, member, sizeof *member);
  else
    *out = member;
  return error;
}

void zw_member_remove(zw_member *member) {
  zw_peer *peer = member->peer;
  zw_subscription *subscription = member->subscription;
  zw_replay_stop(member);
  zw_hmap_remove_id(&peer->members, subscription->id);
  zw_member *last = subscription->members[--subscription->member_count];
  subscription->members[member->position] = last;
  last->position = member->position;
  zw_alloc_free(peer->router->alloc, member->own, member->own_capacity * sizeof *member->own);
  zw_alloc_free(peer->router->alloc, member, sizeof *member);
  if (!subscription->member_count) subscription_end(peer->realm, subscription);
}

/* ---- SUBSCRIBE ----------------------------------------------------------------------------------- */

static void refuse(zw_peer *peer, const zw_msg *msg, int error, const zw_diag *diag) {
  zw_answer_failure(peer, ZW_SUBSCRIBE, msg->request, error, diag->message);
}

static int check_request(const zw_peer *peer, const zw_msg *msg, zw_diag *diag) {
  const zw_realm *realm = peer->realm;
  enum zw_match match = (enum zw_match)msg->match;
  if (msg->uri.len > ZW_URI_LENGTH_MAX || !zw_uri_valid(msg->uri, match, ZW_URI_LOOSE))
    return zw_fail(diag, ZW_EURI, "\"%.*s\" is no URI of a topic for match \"%s\".",
                   ZW_ARG(msg->uri), match_names[match]);
  if (msg->get_retained)
    return zw_fail(diag, ZW_ENOTSUP, "get_retained is not supported: no event is retained.");
  if (zw_uri_reserved(msg->uri))
    return zw_fail(diag, ZW_ENOTSUP, "\"%.*s\": this router publishes no meta events.",
                   ZW_ARG(msg->uri));
  if (realm->options.strict && match == ZW_MATCH_EXACT && !zw_typed_topic_find(realm, msg->uri))
    return zw_unknown_topic(realm, msg->uri, diag);
  return 0;
}

static int check_limit(const zw_peer *peer, zw_diag *diag) {
  if (peer->members.count < peer->router->options.subscriptions_max) return 0;
  return zw_fail(diag, ZW_EAGAIN, "A session has at most %u subscriptions.",
                 (unsigned)peer->router->options.subscriptions_max);
}

static int find_or_make(zw_peer *peer, const zw_msg *msg, zw_subscription **out, zw_diag *diag) {
  zw_realm *realm = peer->realm;
  *out = zw_uri_index_get(&realm->subscription_index, (enum zw_match)msg->match, msg->uri);
  if (*out) return 0;
  int error = subscription_make(realm, msg, out);
  if (!error) return 0;
  return zw_fail(diag, error, "\"%.*s\" cannot be subscribed: %s.", ZW_ARG(msg->uri),
                 zw_error_text(error));
}

/* Joins the subscription; one without members ends again where that fails. */
static int join_subscription(zw_peer *peer, zw_subscription *subscription, const zw_msg *msg,
                             zw_diag *diag) {
  zw_realm *realm = peer->realm;
  bool past = msg->has >> ZW_HAS_X_FROM & 1;
  zw_member from = {0}, *member = NULL;
  int error = 0;
  if (past && !subscription->topic_count)
    error = zw_fail(diag, ZW_EOPTION, "x_from: \"%.*s\" matches no topic with a history.",
                    ZW_ARG(msg->uri));
  if (!error && past) error = zw_replay_parse(realm, &msg->x_from, &from, diag);
  if (!error) {
    error = member_make(peer, subscription, &from, &member);
    if (error) zw_fail(diag, error, "The router has no memory for another subscription.");
  }
  if (error) {
    if (!subscription->member_count) subscription_end(realm, subscription);
    return error;
  }
  zw_answer_ids(peer, ZW_SUBSCRIBED, msg->request, subscription->id);
  if (past) {
    unsigned budget = 64;
    zw_replay_start(member);
    zw_replay_step(member, &budget);
  }
  return 0;
}

void zw_on_subscribe(zw_peer *peer, const zw_msg *msg) {
  zw_diag diag;
  zw_subscription *subscription = NULL;
  int error = check_request(peer, msg, &diag);
  if (!error) error = check_limit(peer, &diag);
  if (!error) error = find_or_make(peer, msg, &subscription, &diag);
  if (!error && zw_hmap_get_id(&peer->members, subscription->id)) {
    if (msg->has >> ZW_HAS_X_FROM & 1) {
      error = zw_fail(&diag, ZW_EOPTION,
                      "x_from: this session has subscribed \"%.*s\" already. Unsubscribe first.",
                      ZW_ARG(msg->uri));
    } else {
      zw_answer_ids(peer, ZW_SUBSCRIBED, msg->request, subscription->id);
    }
  } else if (!error) {
    error = join_subscription(peer, subscription, msg, &diag);
  }
  if (error) refuse(peer, msg, error, &diag);
}

void zw_on_unsubscribe(zw_peer *peer, const zw_msg *msg) {
  zw_member *member = zw_hmap_get_id(&peer->members, msg->subscription);
  if (!member) {
    zw_answer_error(peer, ZW_UNSUBSCRIBE, msg->request, "wamp.error.no_such_subscription",
                    "This session has no subscription %llu.",
                    (unsigned long long)msg->subscription);
    return;
  }
  zw_member_remove(member);
  zw_answer_ids(peer, ZW_UNSUBSCRIBED, msg->request, 0);
}
