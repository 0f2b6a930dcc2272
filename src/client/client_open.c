/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client's life: connect and join, run, the end.
 *
 * The end has one place, `on_close`: whatever the cause, the connection is gone there, so that
 * octets of the application are its own again, and everything that waits is told.
 */
#include <assert.h>
#include <stdio.h>

#include "client_session.h"

#define GOODBYE_MS 1000
#define TIMEOUT_MS 10000

/* ---- the connection ---- */

void zw_client_fail(zw_client *client, int error, const char *format, ...) {
  if (client->error) return;
  va_list args;
  va_start(args, format);
  client->reason = (zw_diag){.error = error};
  vsnprintf(client->reason.message, sizeof client->reason.message, format, args);
  va_end(args);
  client->error = error;
  if (client->conn)
    zw_conn_close(client->conn, error == ZW_EPROTO ? 1002 : 1000, (zw_str){NULL, 0});
}

static void on_open(zw_conn *conn) {
  zw_client *client = zw_conn_user(conn);
  int error = zw_client_hello(client);
  if (error) zw_client_fail(client, error, "%s", zw_error_text(error));
}

static void tell_all(zw_client *client) {
  zw_client_sent(client);
  zw_requests_fail_all(client);
  zw_client_drop_registrations(client);
}

static void on_close(zw_conn *conn, int error, const char *what) {
  zw_client *client = zw_conn_user(conn);
  zw_conn_abort(conn); /* also where it would send what is queued yet */
  client->conn = NULL;
  zw_client_fail(client, error ? error : ZW_ECLOSED, "%s", what);
  tell_all(client);
  bool own = client->session.said_goodbye;
  if (client->joined && !own && client->options.closed)
    client->options.closed(client->options.ctx, client->error, client->reason.message);
}

static const zw_conn_callbacks callbacks = {
    .open = on_open, .message = zw_client_on_message, .close = on_close};

static int connect_to(zw_client *client, const zw_client_target *target, zw_diag *diag) {
  const zw_client_options *o = &client->options;
  zw_net_options net = {
      .size = sizeof net,
      .wire = {.size = sizeof net.wire,
               .alloc = client->alloc,
               .serializers = ZW_WIRE_SERIALIZER_BIT(o->serializer),
               .message_max = o->message_max,
               .transport = target->transport,
               .host = zw_str_of(target->host),
               .path = zw_str_of(target->path)},
      .callbacks = &callbacks,
      .user = client,
      /* The client's own deadline comes first, and names the router. */
      .handshake_ms = o->timeout_ms > UINT32_MAX / 2 ? UINT32_MAX : 2 * o->timeout_ms,
  };
  return zw_connect(&client->conn, client->loop, target->address, &net, diag);
}

/* ---- opening ---- */

static void set_options(zw_client *client, const zw_client_options *options) {
  zw_client_options *o = &client->options;
  if (options)
    memcpy(o, options,
           options->size && options->size < sizeof *o ? options->size : sizeof *options);
  if (!o->url) o->url = ZW_URL_DEFAULT;
  if (!o->realm) o->realm = "realm1";
  if (o->serializer == ZW_SERIALIZER_NONE) o->serializer = ZW_FLATBUFFERS;
  if (o->timeout_ms == 0) o->timeout_ms = TIMEOUT_MS;
}

static zw_client *create(const zw_client_options *options) {
  const zw_alloc *alloc = options && options->alloc ? options->alloc : zw_alloc_default();
  zw_client *client = zw_alloc_zero(alloc, sizeof *client);
  if (!client) return NULL;
  client->alloc = alloc;
  client->sending_end = &client->sending;
  set_options(client, options);
  zw_session_init(&client->session, false);
  zw_encoder_init(&client->encoder, alloc);
  zw_arena_init(&client->scratch, alloc);
  zw_hmap_init(&client->requests, alloc);
  zw_hmap_init(&client->subscribers, alloc);
  zw_hmap_init(&client->registrations, alloc);
  zw_hmap_init(&client->invocations, alloc);
  return client;
}

/* The connection ends without a word. */
static void destroy(zw_client *client) {
  client->running = true;
  zw_loop_destroy(client->loop);
  client->conn = NULL;
  zw_client_fail(client, ZW_ECLOSED, "closed");
  tell_all(client);
  zw_client_drop_subscribers(client);
  zw_requests_deinit(client);
  zw_hmap_deinit(&client->invocations);
  zw_arena_deinit(&client->scratch);
  zw_encoder_deinit(&client->encoder);
  zw_alloc_free(client->alloc, client, sizeof *client);
}

static int wait_for_welcome(zw_client *client, zw_diag *diag) {
  const zw_client_options *o = &client->options;
  int64_t end = zw_loop_now(client->loop) + (int64_t)o->timeout_ms * 1000000;
  while (!client->joined && !client->error) {
    (void)zw_client_run_once(client, 20);
    if (zw_loop_now(client->loop) > end)
      zw_client_fail(client, ZW_ETIMEOUT, "the router does not answer within %u ms", o->timeout_ms);
  }
  if (client->error) return zw_fail(diag, client->error, "%s: %s", o->url, client->reason.message);
  return client->mismatch ? zw_client_check_schema(client, diag) : 0;
}

int zw_client_open(zw_client **out, const zw_client_options *options, zw_diag *diag) {
  zw_client_target target;
  zw_client *client = create(options);
  if (!client) return zw_fail(diag, ZW_ENOMEM, "%s", zw_error_text(ZW_ENOMEM));
  const zw_client_options *o = &client->options;
  int error = o->stamp ? zw_stamp_check(o->stamp, diag) : 0;
  if (!error) error = zw_client_url_parse(o->url, &target, diag);
  if (!error && (error = zw_loop_create(&client->loop, client->alloc, NULL, o->log)))
    zw_fail(diag, error, "%s", zw_error_text(error));
  if (!error) error = connect_to(client, &target, diag);
  if (!error) error = wait_for_welcome(client, diag);
  if (error)
    destroy(client);
  else
    *out = client;
  return error;
}

/* ---- running ---- */

bool zw_client_is_open(const zw_client *client) { return client->joined && !client->error; }
uint64_t zw_client_session(const zw_client *client) { return client->session.id; }
int zw_client_error(const zw_client *client) { return client->error; }
int zw_client_fd(const zw_client *client) { return zw_loop_fd(client->loop); }

int zw_client_run_once(zw_client *client, int timeout_ms) {
  if (client->running) return ZW_EINVAL;
  if (!client->conn) return client->error;
  client->running = true;
  (void)zw_loop_run_once(client->loop, timeout_ms);
  zw_client_sent(client);
  zw_requests_expire(client);
  client->running = false;
  return client->error;
}

int zw_client_run(zw_client *client) {
  int error = 0;
  if (client->running) return ZW_EINVAL;
  while (!atomic_load(&client->stopped) && (client->conn || !error))
    error = zw_client_run_once(client, -1);
  atomic_store(&client->stopped, false);
  return error;
}

void zw_client_stop(zw_client *client) {
  atomic_store(&client->stopped, true);
  zw_loop_wake(client->loop);
}

void zw_client_close(zw_client *client) {
  if (!client) return;
  assert(!client->running);
  zw_msg msg;
  zw_msg_init(&msg, ZW_GOODBYE);
  msg.uri = ZW_STR("wamp.close.normal");
  if (zw_client_is_open(client) && zw_client_send(client, &msg, NULL, NULL))
    client->error = ZW_ENET;
  int64_t end = zw_loop_now(client->loop) + (int64_t)GOODBYE_MS * 1000000;
  while (client->conn && zw_loop_now(client->loop) < end) (void)zw_client_run_once(client, 20);
  destroy(client);
}
