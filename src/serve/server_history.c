/* SPDX-License-Identifier: Apache-2.0 */
/* Walks over the log for the router: stored events as it takes them, their payloads in the map. */
#include "server_state.h"

#define CORRUPT_MAX 64 /* corrupt events that one step passes over */

/* ---- cursors ---- */

static int start(zw_server *s, zw_history *h, const zw_history_query *query) {
  zw_history_filter filter = {.topics = query->topics,
                              .topic_count = (uint32_t)query->topic_count,
                              .from_seq = query->from_seq,
                              .to_seq = query->to_seq,
                              .from_time = query->from_time,
                              .until_time = query->until_time,
                              .has_from_time = query->has_from_time,
                              .has_until_time = query->has_until_time,
                              .reverse = query->reverse};
  int error = zw_server_snapshot(s);
  if (!error && (query->reverse || query->last)) error = zw_server_catch_up(s);
  if (!error) error = zw_history_init(h, s->txn, s->store, &filter);
  if (error || !query->last) return error;
  error = zw_history_last(h, s->txn, query->last);
  if (error) zw_history_deinit(h);
  return error;
}

int zw_server_history_open(void *ctx, const zw_history_query *query, void **cursor) {
  zw_server *s = ctx;
  zw_server_cursor *c = s->free_cursors;
  *cursor = NULL;
  if (c)
    s->free_cursors = c->next;
  else
    c = zw_alloc_zero(s->alloc, sizeof *c);
  if (!c) return ZW_ENOMEM;
  int error = start(s, &c->history, query);
  if (error) {
    c->next = s->free_cursors;
    s->free_cursors = c;
    return error;
  }
  c->to_seq = query->to_seq ? query->to_seq : UINT64_MAX;
  *cursor = c;
  return 0;
}

void zw_server_history_close(void *ctx, void *cursor) {
  zw_server *s = ctx;
  zw_server_cursor *c = cursor;
  if (!c) return;
  zw_history_deinit(&c->history);
  c->next = s->free_cursors;
  s->free_cursors = c;
}

void zw_server_history_deinit(zw_server *s) {
  for (zw_server_cursor *c = s->free_cursors, *next; c; c = next) {
    next = c->next;
    zw_alloc_free(s->alloc, c, sizeof *c);
  }
}

/* ---- events ---- */

static const zw_type *type_in_version(const zw_server *s, const zw_topic_def *def,
                                      uint16_t version) {
  const zw_model *model = zw_store_model(s->store, version);
  for (size_t i = 0; model && i < model->topic_count; i++)
    if (model->topics[i].match == def->match && zw_str_eq(model->topics[i].uri, def->uri))
      return model->topics[i].type;
  return NULL;
}

/* Of the version that the event was stored with; NULL: it is not known. */
static const zw_type *payload_type(zw_server *s, uint32_t topic, uint16_t version) {
  if (topic >= s->topic_count) return NULL;
  zw_topic_cache *cache = &s->topics[topic];
  if (cache->version != version) {
    const zw_topic_def *def = zw_store_topic_def(s->store, topic);
    *cache = (zw_topic_cache){version, def ? type_in_version(s, def, version) : NULL};
  }
  return cache->type;
}

static zw_value texts_of(const zw_str_list *list) {
  return list->count ? zw_value_of_texts(list->vec) : (zw_value){0};
}

static void convert(zw_server *s, const zw_event *event, zw_stored *out) {
  *out = (zw_stored){
      .seq = event->seq,
      .publication = event->publication,
      .timestamp = event->timestamp,
      .topic = event->topic,
      .uri = event->uri,
      .publisher = event->publisher,
      .publisher_authid = event->publisher_authid,
      .publisher_authrole = event->publisher_authrole,
      .exclude_authid = texts_of(&event->exclude_authid),
      .exclude_authrole = texts_of(&event->exclude_authrole),
      .eligible_authid = texts_of(&event->eligible_authid),
      .eligible_authrole = texts_of(&event->eligible_authrole),
      .payload = event->payload,
      .args = event->args,
      .kwargs = event->kwargs,
  };
  if (event->version) out->payload_type = payload_type(s, event->topic, event->version);
}

static int next_sound(zw_server *s, zw_history *h, zw_event *event) {
  int error = zw_history_next(h, s->txn, event);
  for (int i = 0; error == ZW_ECORRUPT && i < CORRUPT_MAX; i++) {
    if (s->stats.corrupt++ == 0)
      zw_log_printf(s->log, ZW_LOG_ERROR, "a stored event is corrupt and is passed over");
    error = zw_history_next(h, s->txn, event);
  }
  return error;
}

int zw_server_history_next(void *ctx, void *cursor, zw_stored *out) {
  zw_server *s = ctx;
  zw_server_cursor *c = cursor;
  zw_event event;
  int error = zw_server_snapshot(s);
  if (error) return error;
  error = next_sound(s, &c->history, &event);
  if (error == ZW_ENOTFOUND && s->told > s->visible && c->to_seq > s->visible) {
    error = zw_server_catch_up(s);
    if (!error) error = next_sound(s, &c->history, &event);
  }
  if (error) return error;
  convert(s, &event, out);
  return 0;
}
