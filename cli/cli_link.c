/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The connection of a command to a router.
 *
 * What the router declares is read from itself (zerowire.schema.get), so that a command knows types
 * and names without a schema at hand; a router without a schema is plain WAMP.
 */
#include "cli_link.h"
#include "cli_files.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

static void on_closed(void *ctx, int error, const char *what) {
  zw_cli_link *link = ctx;
  (void)error;
  snprintf(link->lost, sizeof link->lost, "%s", what ? what : "");
}

static int read_ticket(const char *given, zw_text *text, const char **out) {
  if (!given) given = getenv("ZEROWIRE_TICKET");
  *out = given;
  if (!given || given[0] != '@') return 0;
  int code = zw_cli_read_file(given + 1, text);
  while (code == 0 && text->len && strchr("\r\n", text->ptr[text->len - 1]))
    text->ptr[--text->len] = 0;
  *out = text->ptr ? text->ptr : "";
  return code;
}

static int read_timeout(const zw_cli_args *args, uint32_t *out) {
  const char *value = zw_cli_value(args, ZW_OPT_TIMEOUT);
  int64_t ns;
  if (!value) return 0;
  if (zw_duration_parse(zw_str_of(value), &ns) || ns < 1000000 || ns / 1000000 > INT32_MAX)
    return zw_cli_usage(args, "--timeout takes a time such as 500ms or 30s, not \"%s\".", value);
  *out = (uint32_t)(ns / 1000000);
  return 0;
}

static int read_options(const zw_cli_args *args, zw_client_options *options, zw_text *ticket) {
  static const char *const names[] = {"flatbuffers", "cbor", "json"};
  static const enum zw_serializer serializers[] = {ZW_FLATBUFFERS, ZW_CBOR, ZW_JSON};
  size_t serializer = 0;
  int code = zw_cli_choice(args, ZW_OPT_SERIALIZER, names, 3, &serializer);
  if (code == 0) code = read_timeout(args, &options->timeout_ms);
  if (code == 0) code = read_ticket(zw_cli_value(args, ZW_OPT_TICKET), ticket, &options->ticket);
  if (code) return code;
  options->serializer = serializers[serializer];
  options->realm = zw_cli_value(args, ZW_OPT_REALM);
  options->authid = zw_cli_value(args, ZW_OPT_AUTHID);
  if (options->authid && !options->ticket)
    return zw_cli_usage(args, "--authid needs a ticket: --ticket @FILE or ZEROWIRE_TICKET.");
  if (!options->authid) options->ticket = NULL;
  return 0;
}

static int fetch_schema(zw_cli_link *link) {
  zw_diag diag = {0};
  int error = zw_client_schema(link->client, &link->schema, &diag);
  if (error == ZW_ENOTSUP || error == ZW_ENOTFOUND) return 0;
  if (!error) error = zw_model_build(&link->model, link->schema, &link->arena, NULL, NULL, &diag);
  return error ? zw_cli_remote_failed(link, link->url, error, &diag) : 0;
}

/* The router's words without the URI of its error. */
static const char *without_uri(const char *text) {
  const char *end = strstr(text, ": ");
  bool uri = strncmp(text, "wamp.error.", 11) == 0 || strncmp(text, "zerowire.error.", 15) == 0;
  return uri && end && !memchr(text, ' ', (size_t)(end - text)) ? end + 2 : text;
}

static int connect_failed(const zw_cli_link *link, int error, const zw_diag *diag) {
  /* The client may name the URL itself. */
  size_t len = strlen(link->url);
  const char *text = diag->message;
  if (strncmp(text, link->url, len) == 0) text += strncmp(text + len, ": ", 2) ? 0 : len + 2;
  if (text == diag->message && strncmp(text, link->url, len) == 0)
    zw_cli_say("%s", text);
  else
    zw_cli_say("%s: %s%s", link->url, without_uri(text),
               error == ZW_ENET ? ". Is a router there? zerowire serve SCHEMA starts one" : "");
  return error == ZW_EINVAL || error == ZW_ENOTSUP ? ZW_CLI_USAGE : zw_cli_exit_of(error);
}

int zw_cli_link_open(zw_cli_link *link, const zw_cli_args *args) {
  const char *environment = getenv("ZEROWIRE_URL");
  zw_client_options options = {.size = sizeof options, .closed = on_closed, .ctx = link};
  zw_diag diag = {0};
  zw_text ticket;
  *link = (zw_cli_link){0};
  zw_arena_init(&link->arena, NULL);
  link->url = zw_cli_value(args, ZW_OPT_URL);
  if (!link->url) link->url = environment && environment[0] ? environment : ZW_URL_DEFAULT;
  options.url = link->url;
  zw_text_init(&ticket, NULL);
  int code = read_options(args, &options, &ticket);
  if (code == 0) {
    int error = zw_client_open(&link->client, &options, &diag);
    code = error ? connect_failed(link, error, &diag) : fetch_schema(link);
  }
  zw_text_deinit(&ticket);
  return code;
}

/* ---- signals ---- */

static zw_client *volatile client_to_stop; /* NULL: none, or it is being closed */
static volatile sig_atomic_t signaled;

static void on_signal(int number) {
  zw_client *client = client_to_stop;
  (void)number;
  signaled = 1;
  if (client) zw_client_stop(client);
}

void zw_cli_link_end_on_signal(zw_cli_link *link) {
  struct sigaction action = {.sa_handler = on_signal};
  client_to_stop = link->client;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

bool zw_cli_link_signaled(void) { return signaled != 0; }

void zw_cli_link_close(zw_cli_link *link) {
  client_to_stop = NULL;
  zw_client_close(link->client);
  zw_schema_destroy(link->schema);
  zw_arena_deinit(&link->arena);
}

int zw_cli_link_lost(const zw_cli_link *link, int error) {
  zw_cli_say("%s: %s", link->url, link->lost[0] ? link->lost : zw_error_text(error));
  return ZW_CLI_FAILURE;
}

int zw_cli_remote_gone(const zw_cli_link *link, const zw_result *result) {
  if (link->lost[0] || !result->message.len) return zw_cli_link_lost(link, result->error);
  zw_cli_say("%s: %.*s", link->url, ZW_ARG(result->message));
  return ZW_CLI_FAILURE;
}

/* ---- declarations ---- */

/* How well a declaration matches: 0 not; longer prefixes are better, exact is best. */
static size_t rank(zw_str pattern, enum zw_match match, zw_str uri) {
  if (!zw_uri_matches(pattern, match, uri)) return 0;
  return match == ZW_MATCH_EXACT ? SIZE_MAX : match == ZW_MATCH_PREFIX ? pattern.len + 2 : 1;
}

const zw_topic_def *zw_cli_topic(const zw_cli_link *link, zw_str uri) {
  const zw_topic_def *best = NULL;
  size_t best_rank = 0;
  for (size_t i = 0; link->model && i < link->model->topic_count; i++) {
    const zw_topic_def *topic = &link->model->topics[i];
    size_t r = rank(topic->uri, topic->match, uri);
    if (r > best_rank) {
      best = topic;
      best_rank = r;
    }
  }
  return best;
}

const zw_procedure_def *zw_cli_procedure(const zw_cli_link *link, zw_str uri) {
  const zw_procedure_def *best = NULL;
  size_t best_rank = 0;
  for (size_t i = 0; link->model && i < link->model->procedure_count; i++) {
    const zw_procedure_def *procedure = &link->model->procedures[i];
    size_t r = rank(procedure->uri, procedure->match, uri);
    if (r > best_rank) {
      best = procedure;
      best_rank = r;
    }
  }
  return best;
}

int zw_cli_uri_check(const char *uri, enum zw_match match) {
  if (zw_uri_valid(zw_str_of(uri), match, ZW_URI_LOOSE)) return 0;
  zw_cli_say("\"%s\" is no URI. Write words parted by dots, without spaces and #", uri);
  return ZW_CLI_REFUSED;
}

int zw_cli_history_check(const zw_cli_link *link, const char *topic, const zw_topic_def *def) {
  zw_cli_hint hint;
  if (def && def->durable) return 0;
  if (def)
    zw_cli_say("%s keeps no history. Declare the topic with (history)", topic);
  else
    zw_cli_say("no topic \"%s\" in the schema.%s", topic,
               zw_cli_near_topic(link, zw_str_of(topic), &hint));
  return ZW_CLI_REFUSED;
}

/* The URIs of `count` declarations of `size` octets, the first of whose members is the URI. */
static const char *near_uri(const void *first, size_t count, size_t size, zw_str uri,
                            zw_cli_hint *hint) {
  zw_str *all = calloc(count + 1, sizeof *all);
  for (size_t i = 0; all && i < count; i++)
    memcpy(&all[i], (const char *)first + i * size, sizeof *all);
  const char *text = zw_cli_did_you_mean(hint, uri, all, all ? count : 0);
  free(all);
  return text;
}

const char *zw_cli_near_topic(const zw_cli_link *link, zw_str uri, zw_cli_hint *hint) {
  const zw_model *m = link->model;
  static_assert(offsetof(zw_topic_def, uri) == 0, "near_uri reads it there");
  return near_uri(m ? m->topics : NULL, m ? m->topic_count : 0, sizeof *m->topics, uri, hint);
}

const char *zw_cli_near_procedure(const zw_cli_link *link, zw_str uri, zw_cli_hint *hint) {
  const zw_model *m = link->model;
  static_assert(offsetof(zw_procedure_def, uri) == 0, "near_uri reads it there");
  return near_uri(m ? m->procedures : NULL, m ? m->procedure_count : 0, sizeof *m->procedures, uri,
                  hint);
}

/* ---- what the router answered ---- */

bool zw_cli_is_remote(int error, const zw_diag *diag, const char *uri) {
  size_t len = strlen(uri);
  return error == ZW_EREMOTE && strncmp(diag->message, uri, len) == 0 &&
         (diag->message[len] == 0 || diag->message[len] == ':');
}

const char *zw_cli_remote_text(int error, const zw_diag *diag) {
  return diag->message[0] ? without_uri(diag->message) : zw_error_text(error);
}

int zw_cli_remote_failed(const zw_cli_link *link, const char *what, int error,
                         const zw_diag *diag) {
  if (error == ZW_ENET || error == ZW_ECLOSED) {
    if (link->lost[0]) return zw_cli_link_lost(link, error);
    what = link->url;
  }
  zw_cli_say_at(what, zw_cli_remote_text(error, diag));
  return zw_cli_is_remote(error, diag, "zerowire.error.store_unavailable") ||
                 zw_cli_is_remote(error, diag, "wamp.error.unavailable") ||
                 zw_cli_is_remote(error, diag, "wamp.error.timeout")
             ? ZW_CLI_FAILURE
             : zw_cli_exit_of(error);
}
