/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stored event as octets: zerowire.meta.StoredEvent (schemas/meta.fbs). The payload (or the args
 * of an untyped event) is the buffer's last vector, so that a small head is built in scratch memory
 * and the payload goes straight to its page.
 */
#include "store_state.h"

enum {
  EVENT_TOPIC,
  EVENT_TIMESTAMP,
  EVENT_PUBLISHER,
  EVENT_AUTHID,
  EVENT_AUTHROLE,
  EVENT_URI,
  EVENT_EXCLUDE_AUTHID,
  EVENT_EXCLUDE_AUTHROLE,
  EVENT_ELIGIBLE_AUTHID,
  EVENT_ELIGIBLE_AUTHROLE,
  EVENT_VERSION,
  EVENT_ARGS,
  EVENT_KWARGS,
  EVENT_PAYLOAD,
};

#define LIST_MAX 1024

zw_str zw_str_list_at(const zw_str_list *list, size_t i) {
  if (i >= list->count) return (zw_str){NULL, 0};
  return list->items ? list->items[i] : zw_vec_str(list->vec, i);
}

static zw_ref build_list(zw_builder *b, const zw_str_list *list) {
  zw_ref refs[LIST_MAX];
  if (!list->items && !list->vec.buf) return 0;
  if (list->count > LIST_MAX) {
    if (!b->error) b->error = ZW_ELIMIT;
    return 0;
  }
  for (size_t i = 0; i < list->count; i++) refs[i] = zw_builder_string(b, zw_str_list_at(list, i));
  return zw_builder_refs(b, refs, list->count);
}

static zw_ref build_bytes(zw_builder *b, zw_span bytes) {
  return bytes.ptr ? zw_builder_vector(b, bytes.ptr, bytes.len, 1, 1) : 0;
}

int zw_event_head(zw_builder *b, const zw_event *event, bool with_uri, zw_span *head,
                  zw_span *tail) {
  bool typed = event->payload.ptr != NULL;
  *tail = typed ? event->payload : event->args;
  zw_builder_reset(b);
  zw_ref last = tail->ptr ? zw_builder_tail(b, tail->len) : 0;
  zw_ref kwargs = build_bytes(b, typed ? (zw_span){NULL, 0} : event->kwargs);
  const zw_str_list *lists[4] = {&event->exclude_authid, &event->exclude_authrole,
                                 &event->eligible_authid, &event->eligible_authrole};
  zw_ref list_refs[4];
  for (unsigned i = 0; i < 4; i++) list_refs[i] = build_list(b, lists[i]);
  zw_ref authid = zw_builder_string(b, event->publisher_authid);
  zw_ref authrole = zw_builder_string(b, event->publisher_authrole);
  zw_ref uri = with_uri ? zw_builder_string(b, event->uri) : 0;
  zw_builder_table_start(b);
  zw_builder_add_u32(b, EVENT_TOPIC, event->topic, 0);
  zw_builder_add_u64(b, EVENT_TIMESTAMP, (uint64_t)event->timestamp, 0);
  zw_builder_add_u64(b, EVENT_PUBLISHER, event->publisher, 0);
  zw_builder_add_ref(b, EVENT_AUTHID, authid);
  zw_builder_add_ref(b, EVENT_AUTHROLE, authrole);
  zw_builder_add_ref(b, EVENT_URI, uri);
  for (unsigned i = 0; i < 4; i++) zw_builder_add_ref(b, EVENT_EXCLUDE_AUTHID + i, list_refs[i]);
  zw_builder_add_u16(b, EVENT_VERSION, event->version, 0);
  zw_builder_add_ref(b, EVENT_KWARGS, kwargs);
  zw_builder_add_ref(b, typed ? EVENT_PAYLOAD : EVENT_ARGS, last);
  zw_ref root = zw_builder_table_end(b);
  return zw_builder_finish(b, root, (zw_str){NULL, 0}, head);
}

static zw_str_list read_list(zw_table t, unsigned slot) {
  zw_vec vec = zw_table_vec(t, slot);
  return (zw_str_list){NULL, vec, vec.buf ? vec.count : 0};
}

static zw_span read_bytes(zw_table t, unsigned slot) { return zw_vec_bytes(zw_table_vec(t, slot)); }

void zw_event_read(const zw_store *store, zw_span value, uint64_t seq, zw_event *out) {
  zw_table t = zw_root_trusted(value);
  *out = (zw_event){
      .seq = seq,
      .publication = zw_publication_of_seq(store, seq),
      .topic = zw_table_u32(t, EVENT_TOPIC, 0),
      .timestamp = (int64_t)zw_table_u64(t, EVENT_TIMESTAMP, 0),
      .publisher = zw_table_u64(t, EVENT_PUBLISHER, 0),
      .publisher_authid = zw_table_str(t, EVENT_AUTHID),
      .publisher_authrole = zw_table_str(t, EVENT_AUTHROLE),
      .uri = zw_table_str(t, EVENT_URI),
      .exclude_authid = read_list(t, EVENT_EXCLUDE_AUTHID),
      .exclude_authrole = read_list(t, EVENT_EXCLUDE_AUTHROLE),
      .eligible_authid = read_list(t, EVENT_ELIGIBLE_AUTHID),
      .eligible_authrole = read_list(t, EVENT_ELIGIBLE_AUTHROLE),
      .version = zw_table_u16(t, EVENT_VERSION, 0),
      .args = read_bytes(t, EVENT_ARGS),
      .kwargs = read_bytes(t, EVENT_KWARGS),
      .payload = read_bytes(t, EVENT_PAYLOAD),
  };
  if (out->uri.ptr) return;
  const topic_entry *topic = zw_catalog_topic(store, out->topic);
  if (topic) out->uri = topic->uri;
}
