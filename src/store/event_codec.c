/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stored event as octets: zerowire.meta.StoredEvent (schemas/meta.fbs). The payload (or the args
 * of an untyped event) is the buffer's last vector, so that a small head is built in scratch memory
 * and the payload goes straight to its page.
 */
#include "meta_generated.h"
#include "store_state.h"

#define LIST_MAX 1024

zw_str zw_str_list_at(const zw_str_list *list, size_t i) {
  if (i >= list->count) return (zw_str){NULL, 0};
  return list->items ? list->items[i] : zw_vec_str(list->vec, i);
}

static zw_ref build_list(zw_builder *b, const zw_str_list *list) {
  zw_ref refs[LIST_MAX];
  if (!list->items && !list->vec.ptr) return 0;
  if (list->count > LIST_MAX) {
    zw_builder_fail(b, ZW_ELIMIT);
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
  zw_StoredEvent_start(b);
  zw_StoredEvent_add_topic(b, event->topic);
  zw_StoredEvent_add_timestamp(b, (uint64_t)event->timestamp);
  zw_StoredEvent_add_publisher(b, event->publisher);
  zw_builder_add_ref(b, zw_StoredEvent_ID_publisher_authid, authid);
  zw_builder_add_ref(b, zw_StoredEvent_ID_publisher_authrole, authrole);
  zw_builder_add_ref(b, zw_StoredEvent_ID_uri, uri);
  for (unsigned i = 0; i < 4; i++)
    zw_builder_add_ref(b, zw_StoredEvent_ID_exclude_authid + i, list_refs[i]);
  zw_StoredEvent_add_version(b, event->version);
  zw_builder_add_ref(b, zw_StoredEvent_ID_kwargs, kwargs);
  zw_builder_add_ref(b, typed ? zw_StoredEvent_ID_payload : zw_StoredEvent_ID_args, last);
  zw_ref root = zw_StoredEvent_end(b);
  return zw_builder_finish(b, root, (zw_str){NULL, 0}, head);
}

static zw_str_list list_of(zw_vec vec) { return (zw_str_list){NULL, vec, vec.ptr ? vec.count : 0}; }

void zw_event_read(const zw_store *store, zw_span value, uint64_t seq, zw_event *out) {
  zw_StoredEvent e = zw_StoredEvent_as_root(value);
  *out = (zw_event){
      .seq = seq,
      .publication = zw_publication_of_seq(store, seq),
      .topic = zw_StoredEvent_topic(e),
      .timestamp = (int64_t)zw_StoredEvent_timestamp(e),
      .publisher = zw_StoredEvent_publisher(e),
      .publisher_authid = zw_StoredEvent_publisher_authid(e),
      .publisher_authrole = zw_StoredEvent_publisher_authrole(e),
      .uri = zw_StoredEvent_uri(e),
      .exclude_authid = list_of(zw_StoredEvent_exclude_authid(e)),
      .exclude_authrole = list_of(zw_StoredEvent_exclude_authrole(e)),
      .eligible_authid = list_of(zw_StoredEvent_eligible_authid(e)),
      .eligible_authrole = list_of(zw_StoredEvent_eligible_authrole(e)),
      .version = zw_StoredEvent_version(e),
      .args = zw_StoredEvent_args(e),
      .kwargs = zw_StoredEvent_kwargs(e),
      .payload = zw_StoredEvent_payload(e),
  };
  if (out->uri.ptr) return;
  const topic_entry *topic = zw_catalog_topic(store, out->topic);
  if (topic) out->uri = topic->uri;
}
