/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's life. Opened from below to above: loop, store and its schema, router, listeners;
 * closed from above to below, after all that was submitted has come back from the store, since the
 * writer thread reads octets that the router's messages own.
 */
#include <time.h>

#include "server_state.h"

#define MESSAGE_MAX ((uint32_t)16 << 20)

/* ---- the store ---- */

/* On the writer's thread. */
static void on_completed(void *ctx) {
  zw_server *s = ctx;
  atomic_store(&s->completed, true);
  zw_loop_wake(s->loop);
}

static int put_schema(zw_server *s, zw_diag *diag) {
  const zw_server_options *o = &s->options;
  zw_schema *schema;
  int error = zw_store_schema_put(s->store, o->schema, o->findings, o->findings_ctx, diag);
  if (!error) error = zw_schema_load(&schema, o->schema, s->alloc, diag);
  if (error) return error;
  s->version = zw_store_schema_by_id(s->store, schema->id);
  zw_schema_destroy(schema);
  return s->version ? 0 : zw_fail(diag, ZW_ESTORE, "the store does not know its schema");
}

/* What is looked up often, by number. */
static int make_tables(zw_server *s, zw_diag *diag) {
  size_t count = s->model ? s->model->map_count : 0;
  s->topic_count = (size_t)zw_store_topic_count(s->store) + 1;
  s->maps = zw_arena_array(&s->arena, count, sizeof *s->maps);
  s->topics = zw_arena_array(&s->arena, s->topic_count, sizeof *s->topics);
  if (!s->maps || !s->topics) return zw_fail(diag, ZW_ENOMEM, "no memory for the store's maps");
  for (size_t i = 0; i < count; i++) s->maps[i] = zw_store_map(s->store, s->model->maps[i].name);
  return 0;
}

static int open_store(zw_server *s, zw_diag *diag) {
  const zw_server_options *o = &s->options;
  zw_store_options options = {.size = sizeof options,
                              .alloc = s->alloc,
                              .log = s->log,
                              .create = true,
                              .sync = o->sync,
                              .max_size = o->max_size};
  int error = zw_store_open(&s->store, o->data, o->realm, &options, diag);
  if (error) return error;
  if (o->schema.ptr)
    error = put_schema(s, diag);
  else
    s->version = zw_store_schema_count(s->store);
  if (error) return error;
  if (s->version) {
    s->schema = zw_store_schema(s->store, s->version);
    s->model = zw_store_model(s->store, s->version);
  }
  error = make_tables(s, diag);
  if (!error) error = zw_store_writer_start(s->store, on_completed, s, diag);
  if (error) return error;
  error = zw_txn_begin_read(s->store, &s->txn);
  if (error) return zw_fail(diag, error, "%s cannot be read: %s", o->data, zw_error_text(error));
  zw_txn_reset(s->txn);
  return 0;
}

static int load_own_schema(zw_server *s, zw_diag *diag) {
  zw_model *model;
  if (!s->options.schema.ptr) return 0;
  int error = zw_schema_load(&s->own_schema, s->options.schema, s->alloc, diag);
  if (!error) error = zw_model_build(&model, s->own_schema, &s->own_arena, NULL, NULL, diag);
  if (error) return error;
  s->schema = s->own_schema;
  s->model = model;
  return 0;
}

/* ---- the router ---- */

static int64_t clock_now(void *ctx) {
  struct timespec now;
  (void)ctx;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void close_session(void *ctx, zw_peer *peer) {
  zw_connection *c = zw_peer_user(peer);
  (void)ctx;
  zw_conn_close(c->conn, 1000, ZW_STR("the session is over"));
}

static bool has_room(void *ctx, zw_peer *peer) {
  const zw_connection *c = zw_peer_user(peer);
  (void)ctx;
  return !c->doomed && zw_conn_has_room(c->conn);
}

/* Where a reader of the log stops here, the end of the turn sees whether it goes on. */
static bool takes_log(void *ctx, zw_peer *peer) {
  zw_server *s = ctx;
  zw_connection *c = zw_peer_user(peer);
  if (c->doomed) return false;
  if (zw_conn_queued(c->conn) < ZW_LOG_PACE) return true;
  if (!c->reads_log) {
    c->reads_log = true;
    c->next_reader = s->readers;
    s->readers = c;
  }
  return false;
}

static int open_router(zw_server *s, zw_diag *diag) {
  zw_router_options options = {.size = sizeof options,
                               .alloc = s->alloc,
                               .log = s->log,
                               .io = {.send = zw_server_send,
                                      .close = close_session,
                                      .has_room = has_room,
                                      .clock = clock_now,
                                      .random = *zw_random_system(),
                                      .ctx = s,
                                      .takes_log = takes_log},
                               .agent = "zerowire-" ZW_VERSION_STRING};
  int error = zw_router_create(&s->router, &options);
  if (error) return zw_fail(diag, error, "no memory for the router");
  zw_realm_options realm = {.size = sizeof realm,
                            .name = zw_str_of(s->options.realm),
                            .model = s->model,
                            .storage = s->store ? &s->storage : NULL,
                            .anonymous_local = !s->options.refuse_anonymous,
                            .anonymous_role = ZW_STR("anonymous"),
                            .principals = s->options.principals,
                            .principal_count = s->options.principal_count,
                            .strict = s->options.strict};
  return zw_router_realm_add(s->router, &realm, NULL, diag);
}

/* ---- open ---- */

/* Before a store is made: an address that is bound to fail is not found out behind it. */
static int check_addresses(const zw_server_options *options, zw_diag *diag) {
  int error = 0;
  for (size_t i = 0; i < options->listen_count && !error; i++)
    error = zw_server_address_check(options->listen[i], diag);
  return error;
}

static int copy_options(zw_server *s, const zw_server_options *options) {
  zw_server_options *o = &s->options;
  *o = *options;
  if (!o->message_max) o->message_max = MESSAGE_MAX;
  o->realm = zw_arena_str(&s->arena, zw_str_of(o->realm ? o->realm : "realm1")).ptr;
  zw_principal *copy = zw_arena_array(&s->arena, o->principal_count, sizeof *copy);
  if (!o->realm || !copy) return ZW_ENOMEM;
  for (size_t i = 0; i < o->principal_count; i++) {
    const zw_principal *from = &options->principals[i];
    copy[i] =
        (zw_principal){zw_arena_str(&s->arena, from->authid), zw_arena_str(&s->arena, from->role),
                       zw_arena_str(&s->arena, from->ticket)};
    if (!copy[i].authid.ptr || !copy[i].role.ptr || !copy[i].ticket.ptr) return ZW_ENOMEM;
  }
  o->principals = copy;
  return 0;
}

static int open_all(zw_server *s, const zw_server_options *options, zw_diag *diag) {
  zw_loop_hooks hooks = zw_server_hooks;
  hooks.ctx = s;
  int error = copy_options(s, options);
  if (!error) error = zw_loop_create(&s->loop, s->alloc, &hooks, s->log);
  if (error) return zw_fail(diag, error, "the server cannot begin: %s", zw_error_text(error));
  error = s->options.data ? open_store(s, diag) : load_own_schema(s, diag);
  if (!error) error = open_router(s, diag);
  if (!error) error = zw_server_listen(s, diag);
  if (error) return error;
  error = zw_server_turn_start(s);
  return error ? zw_fail(diag, error, "the server cannot begin: %s", zw_error_text(error)) : 0;
}

int zw_server_open(zw_server **out, const zw_server_options *options, zw_diag *diag) {
  const zw_alloc *alloc = options->alloc ? options->alloc : zw_alloc_default();
  zw_server *s = zw_alloc_zero(alloc, sizeof *s);
  *out = NULL;
  if (!s) return zw_fail(diag, ZW_ENOMEM, "no memory for a server");
  s->alloc = alloc;
  s->log = options->log;
  zw_arena_init(&s->arena, alloc);
  zw_arena_init(&s->own_arena, alloc);
  zw_arena_init(&s->scratch, alloc);
  zw_text_init(&s->text, alloc);
  zw_server_kinds_init(s);
  zw_server_storage_init(s);
  int error = check_addresses(options, diag);
  if (!error) error = open_all(s, options, diag);
  if (error) {
    zw_server_close(s);
    return error;
  }
  *out = s;
  return 0;
}

/* ---- run and close ---- */

int zw_server_run(zw_server *s) { return zw_loop_run(s->loop); }

void zw_server_stop(zw_server *s) {
  atomic_store(&s->stop, true);
  zw_loop_wake(s->loop);
}

/* What comes back may cause more: change events of records. */
static void drain_store(zw_server *s) {
  while (s->in_flight) {
    if (s->live) zw_txn_reset(s->txn);
    s->live = false;
    zw_store_flush(s->store);
    zw_server_complete(s);
  }
}

void zw_server_close(zw_server *s) {
  if (!s) return;
  const zw_alloc *alloc = s->alloc;
  drain_store(s);
  zw_router_destroy(s->router);
  zw_server_history_deinit(s);
  zw_txn_abort(s->txn);
  zw_store_close(s->store); /* its writer wakes the loop */
  zw_loop_destroy(s->loop);
  zw_connection_free_all(s);
  zw_server_writes_deinit(s);
  zw_schema_destroy(s->own_schema);
  zw_server_kinds_deinit(s);
  zw_text_deinit(&s->text);
  zw_alloc_free(alloc, s->refusals, s->refusal_capacity * sizeof *s->refusals);
  zw_arena_deinit(&s->scratch);
  zw_arena_deinit(&s->own_arena);
  zw_arena_deinit(&s->arena);
  zw_alloc_free(alloc, s, sizeof *s);
}

/* ---- what it is ---- */

size_t zw_server_address_count(const zw_server *s) { return s->listener_count; }

const char *zw_server_address(const zw_server *s, size_t i) {
  return i < s->listener_count ? zw_listener_address(s->listeners[i]) : NULL;
}

bool zw_server_store_is_new(const zw_server *s) { return s->store && zw_store_is_new(s->store); }
const zw_schema *zw_server_schema(const zw_server *s) { return s->schema; }
const zw_model *zw_server_model(const zw_server *s) { return s->model; }
