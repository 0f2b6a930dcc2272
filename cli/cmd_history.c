/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire history: the stored events of a topic, oldest first, and then the end.
 *
 * Over a router: a subscription that begins in the past gives the events as they are stored. After
 * it the newest event is asked for (wamp.subscription.get_events, backwards, one): the history ends
 * with its sequence number. With --data the log of a store is read.
 *
 * A pattern is asked for with --match, or by the URI of a topic that is declared with one.
 */
#include "cli_commands.h"
#include "cli_events.h"
#include "cli_meta.h"
#include "cli_records.h"

#include <stdlib.h>

#define EVENTS_A_SNAPSHOT 4096

typedef struct history_state {
  zw_cli_link *link;
  const zw_store *store;
  const char *topic;
  enum zw_match match;
  zw_cli_printer printer;
  bool match_given, envelope, done;
  uint64_t left;       /* events yet to print; 0: all */
  uint64_t last_seq;   /* the event that ends it; 0: not known yet */
  uint64_t newest_seq; /* of the events that came */
  uint64_t seen;
  int code;
} history_state;

/* ---- what is asked for ---- */

/* What is declared as a pattern is asked for as that one. Without it words may not be empty. */
static int settle_match(history_state *state, const zw_topic_def *def) {
  if (state->match_given) return 0;
  bool declared = def && zw_str_eq(def->uri, zw_str_of(state->topic));
  state->match = declared ? def->match : ZW_MATCH_EXACT;
  return zw_cli_uri_check(state->topic, state->match);
}

/* ---- over a router ---- */

/* The sequence number of the first event of a get_events result; 0: there is none. */
static uint64_t first_seq(const zw_payload *result) {
  zw_text cbor;
  zw_cbor_reader reader;
  zw_token token = {0};
  zw_value event = {.format = ZW_FORMAT_CBOR}, details, member;
  uint64_t seq = 0;
  zw_text_init(&cbor, NULL);
  if (result->format == ZW_FORMAT_CBOR)
    zw_text_add_str(&cbor, zw_span_str(result->args));
  else if (result->args.ptr)
    (void)zw_value_convert(result->format, result->args, ZW_FORMAT_CBOR, &cbor, NULL);
  zw_span octets = zw_str_span(zw_text_str(&cbor));
  zw_cbor_reader_init(&reader, octets, 0);
  int error = reader.reader.next(&reader.reader, &token, NULL);
  if (!error) error = reader.reader.next(&reader.reader, &token, NULL);
  if (!error && token.kind == ZW_TOKEN_ARRAY) {
    event.octets = zw_span_of(octets.ptr + reader.at, octets.len - reader.at);
    bool found = zw_value_get(&event, ZW_STR("details"), &details) == 1 &&
                 zw_value_get(&details, ZW_STR("x_seq"), &member) == 1 &&
                 zw_value_u64(&member, &seq) == 0;
    if (!found) seq = 0;
  }
  zw_text_deinit(&cbor);
  return seq;
}

/* Asks for the newest event, at or after a time if one is given. */
static int find_last(zw_cli_link *link, uint64_t subscription, const zw_cli_since *since,
                     history_state *state, zw_diag *diag) {
  char args[32], kwargs[128], time[ZW_TIME_TEXT_MAX];
  zw_payload result = {0};
  zw_buf *owner;
  zw_time_format(since->time, time);
  snprintf(args, sizeof args, "[%llu]", (unsigned long long)subscription);
  snprintf(kwargs, sizeof kwargs, "{\"reverse\":true,\"limit\":1,\"from_time\":\"%s\"}", time);
  int error =
      zw_cli_meta_call(link, "wamp.subscription.get_events", args, kwargs, &result, &owner, diag);
  if (!error) state->last_seq = first_seq(&result);
  zw_buf_unref(owner);
  return error;
}

static void on_event(void *ctx, const zw_event_info *info) {
  history_state *state = ctx;
  zw_cli_event event = {info->topic, info->publication, info->seq, info->timestamp};
  if (state->done || !info->seq) return; /* one of a topic without history */
  state->seen++;
  state->newest_seq = info->seq;
  bool newer = state->last_seq && info->seq > state->last_seq;
  const zw_topic_def *def = zw_cli_topic(state->link, info->topic);
  if (!newer)
    state->code = zw_cli_event_line(&state->printer, &event, info->payload, def ? def->type : NULL,
                                    state->envelope);
  bool full = state->left && --state->left == 0;
  if (newer || full || state->code || info->seq == state->last_seq) {
    state->done = true;
    zw_client_stop(state->link->client);
  }
}

static int check_declared(const zw_cli_link *link, history_state *state) {
  const zw_topic_def *def = zw_cli_topic(link, zw_str_of(state->topic));
  int code = settle_match(state, def);
  if (code || state->match != ZW_MATCH_EXACT) return code; /* the router knows what overlaps */
  return zw_cli_history_check(link, state->topic, def);
}

static int history_of_router(zw_cli_link *link, const zw_cli_since *since, history_state *state) {
  const char *topic = state->topic;
  zw_subscribe_options options = {.since = since->time, .seq = since->seq};
  zw_diag diag = {0};
  uint64_t id;
  if (!options.since && !options.seq) options.seq = 1;
  state->link = link;
  int refused = check_declared(link, state);
  if (refused) return refused;
  options.match = state->match;
  int error =
      zw_client_subscribe(link->client, zw_str_of(topic), &options, on_event, state, &id, &diag);
  if (!error) error = find_last(link, id, since, state, &diag);
  if (error) return zw_cli_remote_failed(link, topic, error, &diag);
  if (!state->last_seq || state->last_seq < options.seq || state->newest_seq >= state->last_seq)
    state->done = true;
  int code = zw_cli_follow(link, &state->done, &state->seen);
  return code ? code : state->code;
}

static int ask_router(const zw_cli_args *args, const zw_cli_since *since, history_state *state) {
  zw_cli_link link;
  int code = zw_cli_link_open(&link, args);
  if (code == 0) code = history_of_router(&link, since, state);
  zw_cli_link_close(&link);
  return code;
}

/* ---- from the files ---- */

/* The number of the durable topic that the URI falls under; 0: none. */
static uint32_t stored_topic(const zw_store *store, zw_str uri) {
  uint32_t number = zw_store_topic(store, uri, ZW_MATCH_EXACT), best = 0;
  size_t longest = 0;
  if (number) return number;
  for (uint32_t i = 1; i <= zw_store_topic_count(store); i++) {
    const zw_topic_def *def = zw_store_topic_def(store, i);
    if (!def || !zw_uri_matches(def->uri, def->match, uri) || def->uri.len < longest) continue;
    best = i;
    longest = def->uri.len;
  }
  return best;
}

static int no_stored_topic(const zw_store *store, const char *topic) {
  zw_str names[64];
  size_t count = 0;
  zw_cli_hint hint;
  for (uint32_t i = 1; i <= zw_store_topic_count(store) && count < 64; i++) {
    const zw_topic_def *def = zw_store_topic_def(store, i);
    if (def) names[count++] = def->uri;
  }
  zw_cli_say("no topic \"%s\" in the store.%s", topic,
             zw_cli_did_you_mean(&hint, zw_str_of(topic), names, count));
  return ZW_CLI_REFUSED;
}

/* Whether the topic may have events of the pattern. */
static bool may_have(const history_state *state, const zw_topic_def *def) {
  return def->durable && (def->match != ZW_MATCH_EXACT ||
                          zw_uri_matches(zw_str_of(state->topic), state->match, def->uri));
}

/* The numbers of the topics to read, in memory of the caller. 0, or an exit code. */
static int stored_topics(history_state *state, uint32_t *numbers, uint32_t *count) {
  const zw_store *store = state->store;
  uint32_t number = stored_topic(store, zw_str_of(state->topic));
  int code = settle_match(state, number ? zw_store_topic_def(store, number) : NULL);
  *count = 0;
  if (code) return code;
  if (state->match == ZW_MATCH_EXACT) {
    numbers[(*count)++] = number;
    return number ? 0 : no_stored_topic(store, state->topic);
  }
  for (uint32_t i = 1; i <= zw_store_topic_count(store); i++) {
    const zw_topic_def *def = zw_store_topic_def(store, i);
    if (def && may_have(state, def)) numbers[(*count)++] = i;
  }
  if (*count) return 0;
  zw_cli_say("\"%s\" matches no topic with a history.", state->topic);
  return ZW_CLI_REFUSED;
}

static int print_stored(history_state *state, const zw_event *stored) {
  const zw_topic_def *def = zw_store_topic_def(state->store, stored->topic);
  zw_cli_event event = {stored->uri, stored->publication, stored->seq, stored->timestamp};
  zw_payload payload = {.format = stored->version ? ZW_FORMAT_FLATBUFFER : ZW_FORMAT_CBOR,
                        .args = stored->args,
                        .kwargs = stored->kwargs,
                        .typed = stored->payload};
  if (!zw_uri_matches(zw_str_of(state->topic), state->match, stored->uri)) return 0;
  state->code =
      zw_cli_event_line(&state->printer, &event, &payload, def ? def->type : NULL, state->envelope);
  if (state->left && --state->left == 0) state->done = true;
  return state->code;
}

static int walk(zw_txn *txn, zw_history *history, history_state *state) {
  zw_event event;
  for (uint64_t n = 1; !state->done; n++) {
    int error = zw_history_next(history, txn, &event);
    if (error == ZW_ENOTFOUND) return 0;
    if (error) return zw_cli_failed(state->topic, error, NULL);
    int code = print_stored(state, &event);
    if (code) return code;
    if (n % EVENTS_A_SNAPSHOT) continue;
    zw_txn_reset(txn);
    if ((error = zw_txn_renew(txn))) return zw_cli_failed(state->topic, error, NULL);
  }
  return 0;
}

static int history_of_topics(zw_store *store, const zw_history_filter *filter,
                             history_state *state) {
  zw_history history;
  zw_txn *txn;
  int error = zw_txn_begin_read(store, &txn);
  if (error) return zw_cli_failed(state->topic, error, NULL);
  error = zw_history_init(&history, txn, store, filter);
  int code = error ? zw_cli_failed(state->topic, error, NULL) : walk(txn, &history, state);
  if (!error) zw_history_deinit(&history);
  zw_txn_abort(txn);
  return code;
}

static int history_of_store(zw_store *store, const zw_cli_since *since, history_state *state) {
  zw_history_filter filter = {
      .from_seq = since->seq, .from_time = since->time, .has_from_time = since->time != 0};
  uint32_t *numbers = calloc((size_t)zw_store_topic_count(store) + 1, sizeof *numbers);
  if (!numbers) return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  state->store = store;
  filter.topics = numbers;
  int code = stored_topics(state, numbers, &filter.topic_count);
  if (code == 0) code = history_of_topics(store, &filter, state);
  free(numbers);
  return code;
}

static int read_files(const zw_cli_args *args, const zw_cli_since *since, history_state *state) {
  zw_store *store;
  int code = zw_cli_store_open(args, zw_cli_value(args, ZW_OPT_DATA), true, &store);
  if (code == 0) code = history_of_store(store, since, state);
  zw_store_close(store);
  return code;
}

/* What is asked for without --match may be a declared pattern. */
static int read_match(const zw_cli_args *args, history_state *state) {
  static const char *const matches[] = {"exact", "prefix", "wildcard"};
  size_t match = ZW_MATCH_EXACT;
  int code = zw_cli_choice(args, ZW_OPT_HISTORY_MATCH, matches, 3, &match);
  if (code) return code;
  state->match_given = zw_cli_has(args, ZW_OPT_HISTORY_MATCH);
  state->match = state->match_given ? (enum zw_match)match : ZW_MATCH_WILDCARD;
  return 0;
}

int zw_cli_history(zw_cli_args *args) {
  history_state state = {.envelope = zw_cli_has(args, ZW_OPT_ENVELOPE), .topic = args->words[0]};
  zw_cli_since since;
  int code = zw_cli_since_parse(args, &since);
  if (code == 0) code = zw_cli_number(args, ZW_OPT_LIMIT, &state.left);
  if (code == 0) code = zw_cli_place_check(args);
  if (code == 0) code = read_match(args, &state);
  if (code == 0) code = zw_cli_uri_check(state.topic, state.match);
  if (code) return code;
  zw_cli_printer_init(&state.printer, false);
  code = zw_cli_has(args, ZW_OPT_DATA) ? read_files(args, &since, &state)
                                       : ask_router(args, &since, &state);
  zw_cli_printer_deinit(&state.printer);
  return code;
}
