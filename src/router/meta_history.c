/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wamp.subscription.get_events: the stored events that a subscription matches, for clients that
 * know the specification only.
 *
 * The result is one list of {timestamp, subscription, publication, details, args, kwargs}. What
 * would not fit a message is left out, and `is_limit_reached` says so; a caller that takes
 * progressive results gets lists of about CHUNK octets, as many as its queue has room for.
 */
#include "router_state.h"

/* A message has at most 16 MiB, and numbers grow up to fivefold from CBOR to JSON. */
#define RESULT_MAX ((size_t)3 << 20)
#define CHUNK ((size_t)1 << 20)

enum {
  ARG_SUBSCRIPTION,
  ARG_REVERSE,
  ARG_LIMIT,
  ARG_FROM_TIME,
  ARG_AFTER_TIME,
  ARG_BEFORE_TIME,
  ARG_UNTIL_TIME,
  ARG_TOPIC,
  ARG_FROM_PUBLICATION,
  ARG_AFTER_PUBLICATION,
  ARG_BEFORE_PUBLICATION,
  ARG_UNTIL_PUBLICATION
};

typedef struct history {
  zw_subscription pattern; /* a live one, or made up from a stable id */
  zw_history_query query;
  zw_str topic; /* absent: all */
  uint64_t limit;
  bool nothing; /* the bounds exclude each other */
} history;

/* ---- which subscription --------------------------------------------------------------------------- */

/* The pattern's topics are always the history's own, to be freed. */
static int find_pattern(zw_meta_call *call, history *h) {
  zw_realm *realm = call->realm;
  uint64_t id;
  int error = zw_meta_id(call, ARG_SUBSCRIPTION, "subscription", &id);
  if (error) return error;
  const zw_subscription *live = zw_hmap_get_id(&realm->subscriptions, id);
  h->pattern.id = id;
  if (live) {
    h->pattern.match = live->match;
    h->pattern.uri = live->uri;
  } else if (!zw_stable_subscription(realm, id, &h->pattern.match, &h->pattern.uri)) {
    return zw_meta_no_such(call, "wamp.error.no_such_subscription", "subscription", id);
  }
  error = zw_subscription_topics(realm, &h->pattern);
  if (error) return zw_fail(&call->diag, error, "out of memory.");
  if (!h->pattern.topic_count)
    return zw_fail(&call->diag, ZW_EOPTION, "\"%.*s\" matches no topic with a history.",
                   ZW_ARG(h->pattern.uri));
  h->query.topics = h->pattern.topics;
  h->query.topic_count = h->pattern.topic_count;
  return 0;
}

/* ---- filters --------------------------------------------------------------------------------------------- */

static int read_time(zw_meta_call *call, unsigned i, const char *name, int64_t *ns) {
  zw_str text;
  uint64_t number;
  if (!zw_value_u64(&call->args[i], &number) && number <= INT64_MAX) {
    *ns = (int64_t)number;
    return 0;
  }
  if (!zw_value_str(&call->args[i], &text) && !zw_time_parse(text, ns)) return 0;
  return zw_fail(&call->diag, ZW_EINVAL, "%s is a time as \"2026-11-24T14:10:20.5Z\".", name);
}

static void raise_from(history *h, int64_t from) {
  if (!h->query.has_from_time || from > h->query.from_time) h->query.from_time = from;
  h->query.has_from_time = true;
}

static void lower_until(history *h, int64_t until) {
  if (!h->query.has_until_time || until < h->query.until_time) h->query.until_time = until;
  h->query.has_until_time = true;
}

static int read_times(zw_meta_call *call, history *h) {
  static const char *const names[] = {"from_time", "after_time", "before_time", "until_time"};
  for (unsigned i = ARG_FROM_TIME; i <= ARG_UNTIL_TIME; i++) {
    int64_t ns;
    if (!zw_value_present(&call->args[i])) continue;
    int error = read_time(call, i, names[i - ARG_FROM_TIME], &ns);
    if (error) return error;
    if ((i == ARG_AFTER_TIME && ns == INT64_MAX) || (i == ARG_BEFORE_TIME && ns == INT64_MIN))
      h->nothing = true;
    else if (i == ARG_FROM_TIME || i == ARG_AFTER_TIME)
      raise_from(h, ns + (i == ARG_AFTER_TIME));
    else
      lower_until(h, ns - (i == ARG_BEFORE_TIME));
  }
  return 0;
}

static int read_publications(zw_meta_call *call, history *h) {
  static const char *const names[] = {"from_publication", "after_publication", "before_publication",
                                      "until_publication"};
  for (unsigned i = ARG_FROM_PUBLICATION; i <= ARG_UNTIL_PUBLICATION; i++) {
    const char *name = names[i - ARG_FROM_PUBLICATION];
    uint64_t publication;
    if (!zw_value_present(&call->args[i])) continue;
    int error = zw_meta_id(call, i, name, &publication);
    if (error) return error;
    uint64_t seq = zw_realm_seq(call->realm, publication);
    if (!seq)
      return zw_fail(&call->diag, ZW_EINVAL, "%s: %llu is no publication of this history.", name,
                     (unsigned long long)publication);
    if (i <= ARG_AFTER_PUBLICATION) {
      seq += i == ARG_AFTER_PUBLICATION;
      if (seq > h->query.from_seq) h->query.from_seq = seq;
    } else {
      seq -= i == ARG_BEFORE_PUBLICATION;
      if (seq < h->query.to_seq) h->query.to_seq = seq;
    }
  }
  return 0;
}

static int read_filters(zw_meta_call *call, history *h) {
  const zw_value *args = call->args;
  h->query.from_seq = 1;
  h->query.to_seq = call->realm->committed_seq;
  h->limit = UINT64_MAX;
  if (zw_value_present(&args[ARG_REVERSE]) && zw_value_bool(&args[ARG_REVERSE], &h->query.reverse))
    return zw_fail(&call->diag, ZW_EINVAL, "reverse is true or false.");
  if (zw_value_present(&args[ARG_LIMIT]) &&
      (zw_value_u64(&args[ARG_LIMIT], &h->limit) || !h->limit))
    return zw_fail(&call->diag, ZW_EINVAL, "limit is a number of events, from 1.");
  if (zw_value_present(&args[ARG_TOPIC]) && zw_value_str(&args[ARG_TOPIC], &h->topic))
    return zw_fail(&call->diag, ZW_EINVAL, "topic is a URI.");
  int error = read_times(call, h);
  if (!error) error = read_publications(call, h);
  if (h->query.to_seq < h->query.from_seq) h->nothing = true;
  return error;
}

static bool wanted(const history *h, const zw_stored *stored) {
  if (h->topic.ptr && !zw_str_eq(h->topic, stored->uri)) return false;
  return h->pattern.whole_topics || zw_uri_matches(h->pattern.uri, h->pattern.match, stored->uri);
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

static void write_details(zw_cbor_writer *w, const zw_stored *stored) {
  zw_cbor_key(w, "details");
  zw_cbor_map(w, stored->publisher ? 5 : 2);
  zw_cbor_key(w, "topic");
  zw_cbor_str(w, stored->uri);
  if (stored->publisher) {
    zw_cbor_key(w, "publisher");
    zw_cbor_uint(w, stored->publisher);
    zw_cbor_key(w, "publisher_authid");
    zw_cbor_str(w, stored->publisher_authid);
    zw_cbor_key(w, "publisher_authrole");
    zw_cbor_str(w, stored->publisher_authrole);
  }
  zw_cbor_key(w, "x_seq");
  zw_cbor_uint(w, stored->seq);
  zw_cbor_map_end(w);
}

/* The octets of a value that is CBOR already, or an empty one. */
static void write_stored(zw_cbor_writer *w, zw_span octets, uint8_t empty) {
  if (octets.len)
    zw_text_add(w->out, octets.ptr, octets.len);
  else
    zw_text_add(w->out, &empty, 1);
}

static int write_payload(zw_cbor_writer *w, const zw_stored *stored) {
  int error = 0;
  zw_cbor_key(w, "args");
  if (stored->payload_type)
    error = zw_object_write_args(stored->payload_type, zw_root_trusted(stored->payload),
                                 ZW_OBJECT_BYTES, &w->writer);
  else
    write_stored(w, stored->args, 0x80);
  zw_cbor_key(w, "kwargs");
  if (!error && stored->payload_type)
    error = zw_object_write_kwargs(stored->payload_type, zw_root_trusted(stored->payload),
                                   ZW_OBJECT_BYTES, &w->writer, NULL);
  else if (!error)
    write_stored(w, stored->kwargs, 0xA0);
  return error;
}

static int write_event(zw_cbor_writer *w, const zw_stored *stored, uint64_t subscription) {
  zw_cbor_map(w, 6);
  zw_cbor_key(w, "timestamp");
  zw_cbor_time(w, stored->timestamp);
  zw_cbor_key(w, "subscription");
  zw_cbor_uint(w, subscription);
  zw_cbor_key(w, "publication");
  zw_cbor_uint(w, stored->publication);
  write_details(w, stored);
  int error = write_payload(w, stored);
  zw_cbor_map_end(w);
  return error;
}

/* ---- the walk ----------------------------------------------------------------------------------------------- */

static void begin_list(zw_meta_call *call) { zw_cbor_array(&call->w, SIZE_MAX); }

/* What is there so far as a progressive result; the next list begins. */
static void send_chunk(zw_meta_call *call) {
  zw_cbor_array_end(&call->w);
  zw_cbor_array_end(&call->w);
  if (call->out->error) return;
  zw_answer_result(call->peer, call->msg->request, zw_text_str(call->out), true);
  zw_text_reset(call->out);
  zw_cbor_writer_init(&call->w, call->out);
  zw_cbor_array(&call->w, 1);
  begin_list(call);
}

/* Whether there is room for the event that was just written, which began at `before`; there is for
 * one. */
static bool fits(zw_meta_call *call, size_t before, bool first) {
  const zw_router_io *io = &call->peer->router->io;
  if (call->msg->receive_progress) {
    if (call->out->len < CHUNK) return true;
    send_chunk(call);
    call->limited = !io->has_room(io->ctx, call->peer);
    return !call->limited;
  }
  if (first || call->out->len <= RESULT_MAX) return true;
  call->out->len = before;
  call->limited = true;
  return false;
}

static int walk(zw_meta_call *call, const history *h) {
  const zw_storage *storage = call->realm->options.storage;
  void *cursor;
  zw_stored stored;
  int error = storage->history_open(storage->ctx, &h->query, &cursor);
  if (error) return error;
  for (uint64_t left = h->limit; left && !call->out->error;) {
    memset(&stored, 0, sizeof stored);
    error = storage->history_next(storage->ctx, cursor, &stored);
    if (error) break;
    if (!wanted(h, &stored)) continue;
    size_t before = call->out->len;
    error = write_event(&call->w, &stored, h->pattern.id);
    if (error || !fits(call, before, left == h->limit)) break;
    left--;
  }
  storage->history_close(storage->ctx, cursor);
  return error == ZW_ENOTFOUND ? 0 : error;
}

int zw_meta_get_events(zw_meta_call *call) {
  history h = {.limit = 0};
  int error = find_pattern(call, &h);
  if (!error) error = read_filters(call, &h);
  if (!error) {
    begin_list(call);
    if (!h.nothing) error = walk(call, &h);
    zw_cbor_array_end(&call->w);
    if (error) zw_fail(&call->diag, error, "the history cannot be read: %s.", zw_error_text(error));
  }
  zw_alloc_free(call->realm->router->alloc, h.pattern.topics,
                h.pattern.topic_capacity * sizeof *h.pattern.topics);
  return error;
}
