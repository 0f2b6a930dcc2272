/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subscriptions: one id of the router, any number of handlers here. A handler is installed when
 * SUBSCRIBED is read, so that the event right behind it finds it.
 */
#include <stdio.h>

#include "client_session.h"

int zw_client_install_subscriber(zw_client *client, const zw_request *request, uint64_t id) {
  zw_subscriber *s = zw_alloc_zero(client->alloc, sizeof *s + request->topic.len);
  if (!s) return ZW_ENOMEM;
  s->id = id;
  s->event = request->event;
  s->ctx = request->handler_ctx;
  s->topic_len = request->topic.len;
  memcpy(s->topic, request->topic.ptr, request->topic.len);
  s->next = zw_hmap_get_id(&client->subscribers, id);
  if (zw_hmap_set_id(&client->subscribers, id, s, NULL) == 0) return 0;
  zw_alloc_free(client->alloc, s, sizeof *s + s->topic_len);
  return ZW_ENOMEM;
}

void zw_client_drop_subscriber(zw_client *client, uint64_t id) {
  zw_subscriber *s = zw_hmap_remove_id(&client->subscribers, id);
  while (s) {
    zw_subscriber *next = s->next;
    zw_alloc_free(client->alloc, s, sizeof *s + s->topic_len);
    s = next;
  }
}

void zw_client_drop_subscribers(zw_client *client) {
  zw_subscriber *s;
  for (size_t i = 0; (s = zw_hmap_next(&client->subscribers, &i));)
    zw_client_drop_subscriber(client, s->id);
  zw_hmap_deinit(&client->subscribers);
}

void zw_client_on_event(zw_client *client, const zw_msg *msg) {
  zw_payload payload;
  zw_client_payload_of_msg(&payload, msg);
  zw_event_info info = {.subscription = msg->subscription,
                        .publication = msg->publication,
                        .topic = msg->topic,
                        .timestamp = msg->timestamp,
                        .seq = msg->seq,
                        .publisher = msg->publisher,
                        .payload = &payload};
  zw_subscriber *s = zw_hmap_get_id(&client->subscribers, msg->subscription);
  for (; s; s = s->next) {
    if (!msg->topic.len) info.topic = (zw_str){s->topic, s->topic_len};
    if (s->event) s->event(s->ctx, &info);
  }
}

/* ---- subscribing ---- */

/* Where the past begins, as x_from; false: more than one place, or a time without a date. */
static bool write_from(const zw_subscribe_options *o, char out[96], zw_value *from) {
  int places = (o->last != 0) + (o->since != 0) + (o->after != 0) + (o->seq != 0), n = 0;
  char time[ZW_TIME_TEXT_MAX];
  if (places > 1) return false;
  if (o->last) n = snprintf(out, 96, "{\"last\":%llu}", (unsigned long long)o->last);
  if (o->after) n = snprintf(out, 96, "{\"after\":%llu}", (unsigned long long)o->after);
  if (o->seq) n = snprintf(out, 96, "{\"seq\":%llu}", (unsigned long long)o->seq);
  if (o->since)
    n = snprintf(out, 96, "{\"since\":\"%.*s\"}", (int)zw_time_format(o->since, time), time);
  if (n) *from = (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_span_of(out, (size_t)n)};
  return true;
}

int zw_client_subscribe(zw_client *client, zw_str topic, const zw_subscribe_options *options,
                        zw_client_event *event, void *ctx, uint64_t *subscription, zw_diag *diag) {
  char from[96];
  zw_msg msg;
  zw_msg_init(&msg, ZW_SUBSCRIBE);
  msg.uri = topic;
  if (options && options->match != ZW_MATCH_EXACT) {
    msg.match = (uint8_t)options->match;
    msg.has |= (uint64_t)1 << ZW_HAS_MATCH;
  }
  if (options && !write_from(options, from, &msg.x_from))
    return zw_fail(diag, ZW_EINVAL,
                   "a subscription begins in one place: last, since, after or seq");
  if (zw_value_present(&msg.x_from)) msg.has |= (uint64_t)1 << ZW_HAS_X_FROM;
  zw_request like = {.event = event, .handler_ctx = ctx, .topic = topic};
  return zw_client_ask_wait(client, &msg, &like, subscription, diag);
}

int zw_client_unsubscribe(zw_client *client, uint64_t subscription, zw_diag *diag) {
  zw_msg msg;
  if (!zw_hmap_get_id(&client->subscribers, subscription))
    return zw_fail(diag, ZW_ENOTFOUND, "there is no subscription %llu",
                   (unsigned long long)subscription);
  zw_msg_init(&msg, ZW_UNSUBSCRIBE);
  msg.subscription = subscription;
  int error = zw_client_ask_wait(client, &msg, &(zw_request){0}, NULL, diag);
  if (!error) zw_client_drop_subscriber(client, subscription);
  return error;
}
