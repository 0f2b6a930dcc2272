/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router's storage: the store. Reads go through one transaction of the loop, which lives from
 * the first access of a turn to the turn's end; what they give points into the memory map.
 *
 * With `everysec` the router is told of events before they are committed. Where a walk over the log
 * comes to the end of what is visible it waits for the commit: what anyone was given is in the
 * history.
 */
#include "server_state.h"

int zw_server_snapshot(zw_server *s) {
  if (s->live) return 0;
  /* Taken first: the snapshot has at least these. */
  uint64_t visible = zw_store_last_seq(s->store);
  int error = zw_txn_renew(s->txn);
  if (error) return error;
  s->live = true;
  s->visible = visible;
  return 0;
}

int zw_server_catch_up(zw_server *s) {
  if (s->told <= zw_store_last_seq(s->store) && s->told <= s->visible) return 0;
  zw_store_flush(s->store);
  uint64_t last = zw_store_last_seq(s->store);
  if (s->told > last) s->told = last; /* the rest is lost */
  for (zw_connection *c = s->connections; c && s->live; c = c->next) zw_conn_flush(c->conn);
  if (s->live) zw_txn_reset(s->txn);
  s->live = false;
  return zw_server_snapshot(s);
}

zw_map *zw_server_map(const zw_server *s, const zw_map_def *def) {
  size_t i = (size_t)(def - s->model->maps);
  return i < s->model->map_count ? s->maps[i] : NULL;
}

/* ---- what is there ---- */

static uint32_t topic(void *ctx, zw_str uri, enum zw_match match) {
  zw_server *s = ctx;
  return zw_store_topic(s->store, uri, match);
}

static uint64_t subscription(void *ctx, enum zw_match match, zw_str uri) {
  zw_server *s = ctx;
  return zw_store_subscription(s->store, match, uri);
}

static bool subscription_at(void *ctx, size_t i, uint64_t *id, enum zw_match *match, zw_str *uri) {
  zw_server *s = ctx;
  return zw_store_subscription_at(s->store, i, id, match, uri);
}

static uint64_t last_seq(void *ctx) {
  zw_server *s = ctx;
  return zw_server_snapshot(s) ? zw_store_last_seq(s->store) : s->visible;
}

static uint64_t seq_of(void *ctx, uint64_t publication) {
  zw_server *s = ctx;
  return zw_seq_of_publication(s->store, publication);
}

/* The current schema first, then the others from the newest to the oldest. */
static bool schema_at(void *ctx, size_t i, const zw_schema **schema) {
  zw_server *s = ctx;
  if (i == 0) {
    *schema = s->schema;
    return s->schema != NULL;
  }
  size_t count = s->store ? zw_store_schema_count(s->store) : 0;
  size_t back = i - 1; /* from the newest, the current one left out */
  if (s->version && count - back <= s->version) back++;
  if (back >= count) return false;
  *schema = zw_store_schema(s->store, (uint16_t)(count - back));
  return *schema != NULL;
}

/* ---- maps ---- */

static int map_get(void *ctx, const zw_map_def *def, const zw_type *request_type, zw_table request,
                   zw_span *record, const zw_type **type, zw_diag *diag) {
  zw_server *s = ctx;
  zw_map *map = zw_server_map(s, def);
  zw_key key;
  zw_record found;
  if (!map) return zw_fail(diag, ZW_ENOTFOUND, "the store has no map %.*s", ZW_ARG(def->name));
  int error = zw_key_from_request(&def->primary, request_type, request, &key, diag);
  if (error) return error;
  error = zw_server_snapshot(s);
  if (!error) error = zw_map_get(s->txn, map, &key, &found);
  if (error == ZW_ENOTFOUND)
    return zw_fail(diag, error, "%.*s: there is no record with this key", ZW_ARG(def->name));
  if (error) return zw_fail(diag, error, "%.*s: %s", ZW_ARG(def->name), zw_error_text(error));
  *record = found.value;
  *type = found.type;
  return 0;
}

static int map_count(void *ctx, const zw_map_def *def, uint64_t *count) {
  zw_server *s = ctx;
  zw_map *map = zw_server_map(s, def);
  if (!map) return ZW_ENOTFOUND;
  int error = zw_server_snapshot(s);
  return error ? error : zw_map_count(s->txn, map, count);
}

void zw_server_storage_init(zw_server *s) {
  s->storage = (zw_storage){
      .ctx = s,
      .topic = topic,
      .subscription = subscription,
      .subscription_at = subscription_at,
      .append = zw_server_append,
      .last_seq = last_seq,
      .seq_of = seq_of,
      .history_open = zw_server_history_open,
      .history_next = zw_server_history_next,
      .history_close = zw_server_history_close,
      .map_get = map_get,
      .map_count = map_count,
      .map_write = zw_server_map_write,
      .schema_at = schema_at,
  };
}
