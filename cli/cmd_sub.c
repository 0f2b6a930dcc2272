/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire sub: events as they come, one a line; from the past on if asked.
 *
 * A signal is the usual end of a subscription, so SIGINT and SIGTERM end it with 0; what was
 * received is printed.
 */
#include "cli_commands.h"
#include "cli_events.h"

typedef struct sub_state {
  zw_cli_link *link;
  zw_cli_printer printer;
  const char *topic;
  enum zw_match match;
  bool announced, envelope, done;
  uint64_t left; /* events yet to print; 0: without end */
  int code;
} sub_state;

/* What is subscribed, for a person, before the first event; a name that is near where it is
 * declared nowhere. */
static void announce(sub_state *state) {
  zw_cli_hint hint;
  const zw_cli_link *link = state->link;
  zw_str uri = zw_str_of(state->topic);
  if (state->announced) return;
  state->announced = true;
  if (state->match != ZW_MATCH_EXACT || !link->model || zw_cli_topic(link, uri))
    zw_cli_say("subscribed to %s", state->topic);
  else
    zw_cli_say("no topic \"%s\" in the schema; subscribed untyped.%s", state->topic,
               zw_cli_near_topic(link, uri, &hint));
}

static void on_event(void *ctx, const zw_event_info *info) {
  sub_state *state = ctx;
  if (state->done) return;
  announce(state);
  const zw_topic_def *topic = zw_cli_topic(state->link, info->topic);
  zw_cli_event event = {info->topic, info->publication, info->seq, info->timestamp};
  state->code = zw_cli_event_line(&state->printer, &event, info->payload,
                                  topic ? topic->type : NULL, state->envelope);
  if (state->code || (state->left && --state->left == 0)) {
    state->done = true;
    zw_client_stop(state->link->client);
  }
}

static int read_options(const zw_cli_args *args, zw_subscribe_options *options, sub_state *state) {
  static const char *const matches[] = {"exact", "prefix", "wildcard"};
  zw_cli_since since;
  size_t match = ZW_MATCH_EXACT;
  int code = zw_cli_choice(args, ZW_OPT_MATCH, matches, 3, &match);
  if (code == 0) code = zw_cli_number(args, ZW_OPT_LAST, &options->last);
  if (code == 0) code = zw_cli_number(args, ZW_OPT_COUNT, &state->left);
  if (code == 0) code = zw_cli_since_parse(args, &since);
  if (code) return code;
  if (options->last && (since.time || since.seq))
    return zw_cli_usage(args, "--last and --since are two beginnings; give one.");
  if ((code = zw_cli_uri_check(args->words[0], (enum zw_match)match))) return code;
  options->match = (enum zw_match)match;
  options->since = since.time;
  options->seq = since.seq;
  state->envelope = zw_cli_has(args, ZW_OPT_ENVELOPE);
  return 0;
}

static int subscribe(zw_cli_link *link, const char *topic, const zw_subscribe_options *options,
                     sub_state *state) {
  uint64_t id;
  zw_diag diag = {0};
  state->link = link;
  state->topic = topic;
  state->match = options->match;
  bool past = options->last || options->since || options->seq;
  if (past && link->model && options->match == ZW_MATCH_EXACT) {
    int refused = zw_cli_history_check(link, topic, zw_cli_topic(link, zw_str_of(topic)));
    if (refused) return refused;
  }
  zw_cli_printer_init(&state->printer, false);
  zw_cli_link_end_on_signal(link);
  int error =
      zw_client_subscribe(link->client, zw_str_of(topic), options, on_event, state, &id, &diag);
  int code = error ? zw_cli_remote_failed(link, topic, error, &diag) : 0;
  if (!error) announce(state);
  if (code == 0) code = zw_cli_follow(link, &state->done, NULL);
  zw_cli_printer_deinit(&state->printer);
  return code ? code : state->code;
}

int zw_cli_sub(zw_cli_args *args) {
  zw_cli_link link;
  zw_subscribe_options options = {.match = ZW_MATCH_EXACT};
  sub_state state = {0};
  int code = read_options(args, &options, &state);
  if (code) return code;
  code = zw_cli_link_open(&link, args);
  if (code == 0) code = subscribe(&link, args->words[0], &options, &state);
  zw_cli_link_close(&link);
  return code;
}
