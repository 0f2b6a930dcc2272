/* SPDX-License-Identifier: Apache-2.0 */
/* The router as its owner sees it: life, what comes in by message type, what came back from the
 * storage. */
#include "router_state.h"

#include <assert.h>

/* ---- what the router can do, told in WELCOME ----------------------------------------------- */

typedef struct role {
  const char *name;
  const char *features[12];
} role;

static const role roles[] = {
    {"broker",
     {"publisher_identification", "pattern_based_subscription", "publisher_exclusion",
      "session_meta_api", "subscription_meta_api", "event_history", "x_from"}},
    {"dealer",
     {"caller_identification", "progressive_call_results", "session_meta_api",
      "registration_meta_api"}},
};

static size_t feature_count(const role *r) {
  size_t n = 0;
  while (n < sizeof r->features / sizeof *r->features && r->features[n]) n++;
  return n;
}

static void write_roles(zw_text *out) {
  zw_cbor_writer w;
  zw_cbor_writer_init(&w, out);
  zw_cbor_map(&w, sizeof roles / sizeof *roles);
  for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
    size_t n = feature_count(&roles[i]);
    zw_cbor_key(&w, roles[i].name);
    zw_cbor_map(&w, 1);
    zw_cbor_key(&w, "features");
    zw_cbor_map(&w, n);
    for (size_t f = 0; f < n; f++) {
      zw_cbor_key(&w, roles[i].features[f]);
      zw_cbor_bool(&w, true);
    }
    zw_cbor_map_end(&w);
    zw_cbor_map_end(&w);
  }
  zw_cbor_map_end(&w);
}

/* ---- life ------------------------------------------------------------------------------------ */

static uint32_t or_default(uint32_t value, uint32_t preset) { return value ? value : preset; }

int zw_router_create(zw_router **out, const zw_router_options *options) {
  const zw_alloc *alloc = options->alloc ? options->alloc : zw_alloc_default();
  zw_router *router = zw_alloc_zero(alloc, sizeof *router);
  if (!router) return ZW_ENOMEM;
  router->options = *options;
  router->alloc = alloc;
  router->io = options->io;
  router->options.subscriptions_max = or_default(options->subscriptions_max, 100000);
  router->options.registrations_max = or_default(options->registrations_max, 100000);
  router->options.calls_max = or_default(options->calls_max, 10000);
  zw_builder_init(&router->builder, alloc);
  zw_text_init(&router->text, alloc);
  zw_text_init(&router->arguments, alloc);
  zw_text_init(&router->roles, alloc);
  zw_msg_init(&router->event, ZW_EVENT);
  router->random[0] = zw_random_id(router);
  router->random[1] = zw_random_id(router);
  write_roles(&router->roles);
  if (router->roles.error) {
    zw_router_destroy(router);
    return ZW_ENOMEM;
  }
  *out = router;
  return 0;
}

/* Nothing is sent any more: the connections are their owner's business. */
static void drop_peers(zw_router *router) {
  for (zw_peer *peer = router->peers; peer; peer = peer->next) {
    peer->closing = true;
    peer->gone = false;
  }
  for (zw_peer *peer = router->peers; peer; peer = peer->next) zw_peer_leave(peer);
  for (zw_peer *peer = router->peers; peer; peer = peer->next) {
    for (zw_pending *pending; (pending = peer->queue);) {
      peer->queue = pending->next;
      if (pending->live) zw_pending_untrack(pending);
      zw_pending_free(pending);
    }
  }
  while (router->peers) zw_peer_free(router->peers);
}

static void free_lists(zw_router *router) {
  for (zw_pending *p = router->free_pending, *next; p; p = next) {
    next = p->next;
    zw_text_deinit(&p->kept);
    zw_alloc_free(router->alloc, p, sizeof *p);
  }
  for (zw_call *c = router->free_calls, *next; c; c = next) {
    next = c->next_free;
    zw_alloc_free(router->alloc, c, sizeof *c);
  }
}

void zw_router_destroy(zw_router *router) {
  if (!router) return;
  const zw_alloc *alloc = router->alloc;
  drop_peers(router);
  for (zw_pending *pending; (pending = router->live_pending);) {
    zw_pending_untrack(pending);
    zw_pending_free(pending);
  }
  while (router->realms) {
    zw_realm *realm = router->realms;
    router->realms = realm->next;
    zw_realm_destroy(realm);
  }
  free_lists(router);
  zw_builder_deinit(&router->builder);
  zw_text_deinit(&router->text);
  zw_text_deinit(&router->arguments);
  zw_text_deinit(&router->roles);
  zw_alloc_free(alloc, router->targets, router->target_capacity * sizeof *router->targets);
  zw_alloc_free(alloc, router->appends, router->append_capacity * sizeof *router->appends);
  zw_alloc_free(alloc, router->matches, router->match_capacity * sizeof *router->matches);
  zw_alloc_free(alloc, router, sizeof *router);
}

/* ---- what comes in ------------------------------------------------------------------------------ */

static void on_goodbye(zw_peer *peer, bool asked) {
  zw_msg msg;
  if (!asked) {
    zw_msg_init(&msg, ZW_GOODBYE);
    msg.uri = ZW_STR("wamp.close.goodbye_and_out");
    (void)zw_session_sent(&peer->session, &msg, NULL);
    zw_answer(peer, &msg, NULL, false);
  }
  zw_peer_leave(peer);
  peer->closing = true;
  peer->router->io.close(peer->router->io.ctx, peer);
}

static void on_abort(zw_peer *peer) {
  zw_peer_leave(peer);
  peer->closing = true;
  peer->router->io.close(peer->router->io.ctx, peer);
}

static void dispatch_open(zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  switch (msg->code) {
    case ZW_PUBLISH: zw_on_publish(peer, msg, owner); break;
    case ZW_SUBSCRIBE: zw_on_subscribe(peer, msg); break;
    case ZW_UNSUBSCRIBE: zw_on_unsubscribe(peer, msg); break;
    case ZW_CALL: zw_on_call(peer, msg, owner); break;
    case ZW_CANCEL: zw_on_cancel(peer, msg); break;
    case ZW_REGISTER: zw_on_register(peer, msg); break;
    case ZW_UNREGISTER: zw_on_unregister(peer, msg); break;
    case ZW_YIELD: zw_on_yield(peer, msg, owner); break;
    case ZW_ERROR: zw_on_error(peer, msg, owner); break;
    case ZW_EVENT_RECEIVED: break;
    default:
      zw_abort(peer, zw_error_uri(ZW_EPROTO), "%s is not for a router.", zw_msg_name(msg->code));
  }
}

void zw_router_receive(zw_router *router, zw_peer *peer, const zw_msg *msg, zw_buf *owner) {
  zw_diag diag;
  (void)router;
  if (peer->closing) return;
  bool said_goodbye = peer->session.state == ZW_SESSION_CLOSING;
  if (zw_session_received(&peer->session, msg, &diag)) {
    zw_abort(peer, zw_error_uri(ZW_EPROTO), "%s", diag.message);
    return;
  }
  switch (msg->code) {
    case ZW_HELLO: zw_on_hello(peer, msg); break;
    case ZW_AUTHENTICATE: zw_on_authenticate(peer, msg); break;
    case ZW_GOODBYE: on_goodbye(peer, said_goodbye); break;
    case ZW_ABORT: on_abort(peer); break;
    default:
      if (peer->open) dispatch_open(peer, msg, owner);
  }
}

void zw_router_violation(zw_router *router, zw_peer *peer, const zw_diag *diag) {
  (void)router;
  if (peer->closing) return;
  zw_abort(peer, zw_error_uri(ZW_EPROTO), "%s",
           diag ? diag->message : "The message cannot be decoded.");
}

/* ---- the rest -------------------------------------------------------------------------------------- */

void zw_router_committed(zw_router *router, void *token, int error, const zw_diag *diag) {
  zw_pending *pending = token;
  (void)router;
  assert(pending->live);
  zw_pending_untrack(pending);
  pending->done = true;
  pending->error = error;
  const char *words = error && diag ? diag->message : "";
  size_t len = strlen(words) < sizeof pending->what - 1 ? strlen(words) : sizeof pending->what - 1;
  memcpy(pending->what, words, len);
  pending->what[len] = 0;
  zw_pending_settle(pending);
}

void zw_router_shutdown(zw_router *router) {
  zw_msg msg;
  zw_msg_init(&msg, ZW_GOODBYE);
  msg.uri = ZW_STR("wamp.close.system_shutdown");
  for (zw_peer *peer = router->peers, *next; peer; peer = next) {
    next = peer->next;
    if (peer->gone || peer->closing) continue;
    if (!peer->open) {
      zw_abort(peer, "wamp.close.system_shutdown", "The router shuts down.");
    } else if (!zw_session_sent(&peer->session, &msg, NULL)) {
      zw_answer(peer, &msg, NULL, false);
      zw_peer_leave(peer);
    }
  }
}

uint64_t zw_router_waiting(const zw_router *router) { return router->waiting; }

void zw_router_stats_get(const zw_router *router, zw_router_stats *out) { *out = router->stats; }
