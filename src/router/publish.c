/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PUBLISH: what is refused, what is delivered at once, what is stored first.
 *
 * An event of a durable topic is appended when it arrives, and delivered and acknowledged when its
 * commit came back. While a session has anything that waits for a commit, its plain publications
 * wait behind it.
 */
#include "router_state.h"

static void refuse(zw_peer *peer, const zw_msg *msg, int error, const zw_diag *diag) {
  peer->router->stats.errors += !msg->acknowledge;
  if (msg->acknowledge) zw_answer_failure(peer, ZW_PUBLISH, msg->request, error, diag->message);
}

/* ---- what is not there yet ------------------------------------------------------------------------ */

static const char *listed(const zw_msg *msg) {
  const struct {
    const zw_value *value;
    const char *name;
  } lists[] = {
      {&msg->exclude, "exclude"},
      {&msg->eligible, "eligible"},
      {&msg->exclude_authid, "exclude_authid"},
      {&msg->exclude_authrole, "exclude_authrole"},
      {&msg->eligible_authid, "eligible_authid"},
      {&msg->eligible_authrole, "eligible_authrole"},
  };
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (zw_value_present(lists[i].value)) return lists[i].name;
  return NULL;
}

static int check_options(const zw_msg *msg, const zw_typed_topic *topic, zw_diag *diag) {
  bool sessions = zw_value_present(&msg->exclude) || zw_value_present(&msg->eligible);
  const char *list = listed(msg);
  if (topic && topic->number && sessions)
    return zw_fail(diag, ZW_EOPTION,
                   "%s: lists of session ids mean nothing in the history of \"%.*s\".", list,
                   ZW_ARG(msg->uri));
  if (list) return zw_fail(diag, ZW_ENOTSUP, "%s is not supported: nothing was published.", list);
  if (msg->retain)
    return zw_fail(diag, ZW_ENOTSUP, "retain is not supported: nothing was published.");
  if (msg->x_once.ptr)
    return zw_fail(diag, ZW_ENOTSUP, "x_once is not supported: nothing was published.");
  return 0;
}

static int check_topic(const zw_peer *peer, const zw_msg *msg, const zw_typed_topic *topic,
                       zw_diag *diag) {
  if (!topic && peer->realm->options.strict) return zw_unknown_topic(peer->realm, msg->uri, diag);
  if (topic && topic->def->op != ZW_OP_NONE)
    return zw_fail(diag, ZW_EAUTH, "\"%.*s\" tells of changes in map %.*s; only the router does.",
                   ZW_ARG(msg->uri), ZW_ARG(topic->def->map->name));
  return check_options(msg, topic, diag);
}

static int check_uri(const zw_msg *msg, zw_diag *diag) {
  if (msg->uri.len > ZW_URI_LENGTH_MAX || !zw_uri_valid(msg->uri, ZW_MATCH_EXACT, ZW_URI_LOOSE))
    return zw_fail(diag, ZW_EURI, "\"%.*s\" is no URI of a topic.", ZW_ARG(msg->uri));
  if (zw_uri_reserved(msg->uri))
    return zw_fail(diag, ZW_EURI, "\"%.*s\": URIs that begin with \"wamp\" are reserved.",
                   ZW_ARG(msg->uri));
  return 0;
}

/* ---- plain ------------------------------------------------------------------------------------------ */

static void deliver_plain(zw_realm *realm, zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  zw_delivery delivery = {.realm = realm,
                          .publish = msg,
                          .publisher = peer,
                          .publication = zw_random_publication(realm->router),
                          .owner = owner};
  zw_deliver(&delivery);
  if (peer && msg->acknowledge)
    zw_answer_ids(peer, ZW_PUBLISHED, msg->request, delivery.publication);
}

static int publish_plain(zw_peer *peer, const zw_msg *msg, zw_buf *source, zw_buf *owner,
                         zw_diag *diag) {
  if (!peer->queue) {
    deliver_plain(peer->realm, peer, msg, owner);
    return 0;
  }
  zw_pending *pending = zw_pending_kept(peer->realm, peer, ZW_PENDING_PLAIN, msg, source, owner);
  if (!pending) return zw_pending_no_memory(diag);
  zw_pending_push(pending);
  return 0;
}

/* ---- durable ------------------------------------------------------------------------------------------ */

static void fill_stored(zw_pending *pending, const zw_typed_topic *topic) {
  const zw_msg *msg = &pending->msg;
  const zw_peer *peer = pending->peer;
  zw_stored *stored = &pending->stored;
  *stored = (zw_stored){.topic = topic->number,
                        .uri = msg->uri,
                        .payload_type = msg->payload_type,
                        .payload = msg->payload};
  if (!peer || !msg->disclose_me) return;
  stored->publisher = peer->id;
  stored->publisher_authid = peer->authid;
  stored->publisher_authrole = peer->authrole;
}

/* The storage may tell of the commit before `append` returns; then the pending is gone. */
static int append(zw_pending *pending, zw_diag *diag) {
  const zw_storage *storage = pending->realm->options.storage;
  zw_pending_push(pending);
  zw_pending_track(pending);
  diag->message[0] = 0;
  int error =
      storage->append(storage->ctx, &(zw_append){&pending->stored, pending->owner, pending}, diag);
  if (!error) return 0;
  zw_pending_untrack(pending);
  zw_pending_pop(pending);
  zw_pending_free(pending);
  if (!diag->message[0])
    zw_fail(diag, error, "The event cannot be stored: %s.", zw_error_text(error));
  return error;
}

static int publish_durable(zw_peer *peer, const zw_typed_topic *topic, const zw_msg *msg,
                           zw_buf *source, zw_buf *owner, zw_diag *diag) {
  zw_pending *pending = zw_pending_kept(peer->realm, peer, ZW_PENDING_EVENT, msg, source, owner);
  if (!pending) return zw_pending_no_memory(diag);
  fill_stored(pending, topic);
  return append(pending, diag);
}

static void finish_stored(zw_pending *pending) {
  zw_realm *realm = pending->realm;
  zw_peer *peer = pending->peer;
  const zw_msg *msg = &pending->msg;
  const zw_stored *stored = &pending->stored;
  if (pending->error) {
    if (peer && msg->acknowledge)
      zw_answer_failure(peer, ZW_PUBLISH, msg->request, pending->error, pending->what);
    return;
  }
  zw_delivery delivery = {realm, msg, peer, stored->publication, pending->owner, stored};
  if (stored->seq > realm->committed_seq) realm->committed_seq = stored->seq;
  realm->router->stats.stored++;
  realm->router->stats.published += !peer;
  zw_deliver(&delivery);
  if (peer && msg->acknowledge)
    zw_answer_ids(peer, ZW_PUBLISHED, msg->request, stored->publication);
}

void zw_publish_finish(zw_pending *pending) {
  if (pending->kind == ZW_PENDING_EVENT)
    finish_stored(pending);
  else
    deliver_plain(pending->realm, pending->peer, &pending->msg, pending->owner);
}

/* ---- the two ways in ---------------------------------------------------------------------------------- */

static int publish_declared(zw_peer *peer, const zw_typed_topic *topic, const zw_msg *msg,
                            zw_buf *source, zw_diag *diag) {
  zw_msg typed;
  zw_buf *owner = NULL;
  int error = zw_type_payload(peer->router, topic->def->type, msg, source, &typed, &owner, diag);
  if (error) return error;
  error = topic->number ? publish_durable(peer, topic, &typed, source, owner, diag)
                        : publish_plain(peer, &typed, source, owner, diag);
  zw_buf_unref(owner);
  return error;
}

void zw_on_publish(zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  zw_diag diag;
  const zw_typed_topic *topic = NULL;
  int error = check_uri(msg, &diag);
  if (!error) {
    topic = zw_typed_topic_find(peer->realm, msg->uri);
    error = check_topic(peer, msg, topic, &diag);
  }
  if (!error) {
    peer->router->stats.published++;
    error = topic ? publish_declared(peer, topic, msg, owner, &diag)
                  : publish_plain(peer, msg, owner, owner, &diag);
  }
  if (error) refuse(peer, msg, error, &diag);
}

/* ---- the router's own ------------------------------------------------------------------------------- */

static void own_message(const zw_typed_topic *topic, zw_span payload, zw_msg *msg) {
  zw_msg_init(msg, ZW_PUBLISH);
  msg->uri = topic->def->uri;
  if (!payload.len) return;
  msg->payload_format = ZW_FORMAT_FLATBUFFER;
  msg->payload = payload;
  msg->payload_type = topic->def->type;
}

void zw_publish_own(zw_realm *realm, const zw_typed_topic *topic, zw_span payload, zw_buf *owner) {
  zw_msg msg;
  own_message(topic, payload, &msg);
  realm->router->stats.published++;
  deliver_plain(realm, NULL, &msg, owner);
}

zw_pending *zw_publish_own_stored(zw_realm *realm, const zw_typed_topic *topic, zw_span payload,
                                  zw_buf *owner) {
  zw_msg msg;
  own_message(topic, payload, &msg);
  zw_pending *pending = zw_pending_kept(realm, NULL, ZW_PENDING_EVENT, &msg, NULL, owner);
  if (pending) fill_stored(pending, topic);
  return pending;
}
