/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zerowire serve: a schema compiled in memory, served until SIGINT or SIGTERM.
 *
 * The banner on stderr says what is served and where; it is printed when the addresses are bound.
 */
#include "cli_commands.h"
#include "cli_config.h"
#include "cli_files.h"
#include "cli_misfits.h"
#include "zerowire/client.h"

#include <stdlib.h>

static const char *const sync_names[] = {"group", "everysec", "off"};

static void write_log(void *ctx, enum zw_log_level level, const char *message) {
  (void)ctx;
  (void)level;
  zw_cli_say("%s", message);
}

/* ---- the banner ---- */

static void say_count(size_t count, const char *what) {
  fprintf(stderr, "  %zu %s%s", count, what, count == 1 ? "" : "s");
}

/* The namespace that the schema's services, or else its maps, are in. */
static zw_str schema_namespace(const zw_model *model) {
  zw_str name = model->topic_count       ? model->topics[0].service->name
                : model->procedure_count ? model->procedures[0].service->name
                : model->map_count       ? model->maps[0].type->name
                                         : ZW_STR("");
  return zw_cli_namespace(name);
}

static void say_schema(const zw_server *server) {
  const zw_schema *schema = zw_server_schema(server);
  const zw_model *model = zw_server_model(server);
  char id[2 * ZW_SCHEMA_ID_SIZE + 1];
  if (!schema || !model) return;
  zw_schema_id_text(schema->id, id);
  zw_str name = schema_namespace(model);
  fprintf(stderr, "  schema  %.*s%s%.8s ", ZW_ARG(name), name.len ? " " : "", id);
  say_count(model->map_count, "map");
  say_count(model->topic_count, "topic");
  say_count(model->procedure_count, "procedure");
  fputc('\n', stderr);
}

static void say_addresses(const zw_server *server) {
  for (size_t i = 0; i < zw_server_address_count(server); i++) {
    const char *address = zw_server_address(server, i);
    if (strncmp(address, "unix:", 5) == 0)
      fprintf(stderr, "  %s\n", address);
    else
      fprintf(stderr, "  ws://%s/    rs://%s    http://%s/  (open in a browser)\n", address,
              address, address);
  }
}

/* A topic that a first command can subscribe: one with history rather than a change topic. */
static const zw_topic_def *topic_to_try(const zw_model *model) {
  const zw_topic_def *best = NULL;
  for (size_t i = 0; model && i < model->topic_count; i++) {
    const zw_topic_def *topic = &model->topics[i];
    if (topic->match == ZW_MATCH_EXACT && (!best || (topic->durable && !best->durable)))
      best = topic;
  }
  return best;
}

static void say_logins(const zw_server_options *options) {
  size_t count = options->principal_count;
  if (!options->refuse_anonymous) fputs("  anonymous, this machine only", stderr);
  if (!count) return;
  fputs(options->refuse_anonymous ? "  " : ", and ", stderr);
  fprintf(stderr, "%zu login%s by ticket", count, count == 1 ? "" : "s");
}

static void say_hints(const zw_server *server, const zw_server_options *options,
                      const char *realm) {
  const zw_topic_def *topic = topic_to_try(zw_server_model(server));
  say_logins(options);
  if (topic) {
    const char *address = zw_server_address(server, 0);
    bool local = strncmp(address, "unix:", 5) == 0;
    bool quote = strchr(address, ' ') != NULL;
    fprintf(stderr, "      try:  zerowire sub ");
    if (strcmp(address, "127.0.0.1:9267") != 0)
      fprintf(stderr, quote ? "--url '%s%s' " : "--url %s%s ", local ? "" : "rs://", address);
    if (strcmp(realm, "realm1") != 0) fprintf(stderr, "--realm %s ", realm);
    if (options->refuse_anonymous)
      fprintf(stderr, "--authid %.*s --ticket @FILE ", ZW_ARG(options->principals[0].authid));
    fprintf(stderr, "%.*s", ZW_ARG(topic->uri));
  }
  fputc('\n', stderr);
}

static void say_banner(const zw_server *server, const zw_server_options *options) {
  const char *realm = options->realm ? options->realm : "realm1";
  bool relative = options->data[0] != '/' && options->data[0] != '.';
  fprintf(stderr, "zerowire %s  realm %s  store %s%s (%ssync %s)\n", zw_version(), realm,
          relative ? "./" : "", options->data, zw_server_store_is_new(server) ? "new, " : "",
          sync_names[options->sync]);
  say_schema(server);
  say_addresses(server);
  say_hints(server, options, realm);
}

/* ---- opening ---- */

/* What was given on the command line, over what is set. */
static int read_options(const zw_cli_args *args, zw_server_options *options) {
  size_t sync = options->sync;
  const char *size = zw_cli_value(args, ZW_OPT_MAX_SIZE);
  const char *realm = zw_cli_value(args, ZW_OPT_REALM);
  const char *data = zw_cli_value(args, ZW_OPT_STORE_DATA);
  int code = zw_cli_choice(args, ZW_OPT_SYNC, sync_names, 3, &sync);
  if (code) return code;
  if (size && (zw_size_parse(zw_str_of(size), &options->max_size) || !options->max_size))
    return zw_cli_usage(args, "--max-size takes a size such as 500MB or 10GiB, not \"%s\".", size);
  if (size && options->max_size < ZW_STORE_SIZE_MIN)
    return zw_cli_usage(args, "--max-size is at least %uMiB, not \"%s\".", ZW_STORE_SIZE_MIN >> 20,
                        size);
  options->sync = (enum zw_sync)sync;
  if (realm) options->realm = realm;
  if (data) options->data = data;
  if (zw_cli_has(args, ZW_OPT_STRICT)) options->strict = true;
  return 0;
}

/* The addresses of the command line, in memory of their own; NULL: none was given. */
static int read_listen(const zw_cli_args *args, zw_server_options *options, const char ***out) {
  size_t count = 0;
  zw_diag diag = {0};
  const char *address;
  *out = NULL;
  for (; (address = zw_cli_value_at(args, ZW_OPT_LISTEN, (int)count)); count++)
    if (zw_server_address_check(address, &diag))
      return zw_cli_usage(args, "--listen: %s.", diag.message);
  if (!count) return 0;
  const char **listen = calloc(count, sizeof *listen);
  if (!listen) return zw_cli_failed(NULL, ZW_ENOMEM, NULL);
  for (size_t i = 0; i < count; i++) listen[i] = zw_cli_value_at(args, ZW_OPT_LISTEN, (int)i);
  options->listen = *out = listen;
  options->listen_count = count;
  return 0;
}

/* ./NAME.store after the first schema. */
static void default_data(const char *schema, char *out, size_t size) {
  zw_str name = zw_cli_base_name(schema);
  snprintf(out, size, "%.*s.store", ZW_ARG(name));
}

static int serve(const zw_compiled *compiled, zw_server_options *options) {
  zw_server *server;
  zw_cli_misfits misfits;
  zw_diag diag = {0};
  zw_cli_misfits_init(&misfits, compiled);
  options->schema = zw_compiled_bfbs(compiled);
  options->findings = zw_cli_misfits_add;
  options->findings_ctx = &misfits;
  int error = zw_server_open(&server, options, &diag);
  int code;
  if (error) {
    zw_cli_misfits_print(&misfits);
    bool said = misfits.first && error == ZW_EMISMATCH;
    code = said ? ZW_CLI_REFUSED : zw_cli_failed(NULL, error, diag.error ? &diag : NULL);
  } else {
    zw_cli_misfits_print(&misfits);
    say_banner(server, options);
    error = zw_server_run(server);
    code = error ? zw_cli_failed(NULL, error, NULL) : 0;
    zw_server_close(server);
  }
  zw_cli_misfits_deinit(&misfits);
  return code;
}

int zw_cli_serve(zw_cli_args *args) {
  static const zw_log log = {write_log, NULL, ZW_LOG_WARN};
  char data[4096];
  const char **listen = NULL, *file = zw_cli_value(args, ZW_OPT_CONFIG);
  zw_compiled *compiled = NULL;
  zw_server_config *config = NULL;
  zw_server_options options = {.size = sizeof options};
  int code = file ? zw_cli_config_read(file, &config, &options) : 0;
  if (code == 0) code = read_options(args, &options);
  if (code == 0) code = read_listen(args, &options, &listen);
  options.log = &log;
  options.handle_signals = true;
  default_data(args->words[0], data, sizeof data);
  if (!options.data) options.data = data;
  if (code == 0) code = zw_cli_schema_open(args, args->words, (size_t)args->word_count, &compiled);
  if (code == 0) code = serve(compiled, &options);
  zw_compiled_destroy(compiled);
  zw_server_config_destroy(config);
  free(listen);
  return code;
}
