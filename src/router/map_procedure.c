/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedures that the store answers: get and count at once, straight from the memory map; put,
 * insert and delete when their commit came back. The change is told on the topics of its map: on
 * durable ones by an event of the same commit, on others afterwards.
 */
#include "router_state.h"

static int store_error(int error, zw_diag *diag) {
  return diag->message[0] ? error : zw_fail(diag, error, "%s.", zw_error_text(error));
}

static void send_result(zw_peer *peer, uint64_t request, const zw_type *type, zw_span payload,
                        zw_buf *owner, bool mapped) {
  zw_msg result;
  zw_msg_init(&result, ZW_RESULT);
  result.request = request;
  if (payload.len) {
    result.payload_format = ZW_FORMAT_FLATBUFFER;
    result.payload = payload;
    result.payload_type = type;
  }
  zw_answer(peer, &result, owner, mapped);
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static int map_get(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg, zw_diag *diag) {
  const zw_storage *storage = peer->realm->options.storage;
  const zw_type *type = def->response;
  zw_span record;
  int error = storage->map_get(storage->ctx, def->map, def->request, zw_root_trusted(msg->payload),
                               &record, &type, diag);
  if (error) return store_error(error, diag);
  send_result(peer, msg->request, type, record, NULL, true);
  return 0;
}

static int map_count(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg, zw_diag *diag) {
  const zw_storage *storage = peer->realm->options.storage;
  zw_builder *b = &peer->router->builder;
  uint64_t count;
  zw_span bytes;
  int error = storage->map_count(storage->ctx, def->map, &count);
  if (error) return store_error(error, diag);
  zw_builder_reset(b);
  zw_builder_table_start(b);
  if (def->response->field_count) zw_builder_add_u64(b, def->response->fields[0].id, count, 0);
  error = zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes);
  if (error) return store_error(error, diag);
  send_result(peer, msg->request, def->response, bytes, NULL, false);
  return 0;
}

/* ---- the change, told to others ------------------------------------------------------------------------ */

/* The fields of one table as another one: the key of a delete as the payload of its topic. */
static int convert(zw_router *router, const zw_type *from, zw_span bytes, const zw_type *to,
                   zw_buf **out, zw_diag *diag) {
  zw_cbor_writer writer;
  zw_cbor_reader reader;
  zw_span built;
  zw_text_reset(&router->arguments);
  zw_cbor_writer_init(&writer, &router->arguments);
  int error = zw_object_write(from, zw_root_trusted(bytes), ZW_OBJECT_BYTES, &writer.writer);
  if (error) return zw_fail(diag, error, "%s", zw_error_text(error));
  zw_cbor_reader_init(&reader, zw_str_span(zw_text_str(&router->arguments)), 0);
  zw_builder_reset(&router->builder);
  zw_ref root = zw_object_read(to, &reader.reader, ZW_OBJECT_SKIP_UNKNOWN, &router->builder, diag);
  if (!root) return ZW_EINVAL;
  error = zw_builder_finish(&router->builder, root, (zw_str){NULL, 0}, &built);
  if (error) return zw_fail(diag, error, "%s", zw_error_text(error));
  *out = zw_buf_copy(router->alloc, built);
  return *out ? 0 : zw_fail(diag, ZW_ENOMEM, "out of memory");
}

/* The payload that a topic tells of the change with; *owner gets one reference. */
static int told_payload(zw_router *router, const zw_pending *write, const zw_typed_topic *topic,
                        zw_span *payload, zw_buf **owner, zw_diag *diag) {
  const zw_type *from = write->procedure->request, *to = topic->def->type;
  *payload = write->msg.payload;
  *owner = NULL;
  if (from == to) {
    *owner = zw_buf_ref(write->owner);
    return 0;
  }
  int error = convert(router, from, write->msg.payload, to, owner, diag);
  *payload = zw_buf_span(*owner);
  return error;
}

static bool tells_of(const zw_topic_def *topic, const zw_procedure_def *procedure) {
  enum zw_op op = procedure->op == ZW_OP_DELETE ? ZW_OP_DELETE : ZW_OP_PUT;
  return topic->map == procedure->map && topic->op == op && topic->match == ZW_MATCH_EXACT;
}

/* On topics without history, once it is committed. */
static void tell(const zw_pending *write) {
  zw_realm *realm = write->realm;
  const zw_model *model = realm->options.model;
  for (size_t i = 0; i < model->topic_count; i++) {
    const zw_typed_topic *topic = &realm->topics[i];
    zw_span payload;
    zw_buf *owner;
    zw_diag diag;
    if (topic->number || !tells_of(topic->def, write->procedure)) continue;
    if (told_payload(realm->router, write, topic, &payload, &owner, &diag)) {
      realm->router->stats.errors++;
      zw_log_printf(realm->router->options.log, ZW_LOG_ERROR, "%.*s: no event for a change: %s",
                    ZW_ARG(topic->def->uri), diag.message);
      continue;
    }
    zw_publish_own(realm, topic, payload, owner);
    zw_buf_unref(owner);
  }
}

/* ---- writing ------------------------------------------------------------------------------------------- */

/* The event of a durable topic, next to those that go with the change. */
static int add_append(zw_router *router, const zw_pending *write, const zw_typed_topic *topic,
                      zw_diag *diag) {
  zw_span payload;
  zw_buf *owner;
  void *array = router->appends;
  int error = zw_array_reserve(router->alloc, &array, &router->append_capacity,
                               router->append_count + 1, sizeof *router->appends);
  router->appends = array;
  if (error) return zw_pending_no_memory(diag);
  error = told_payload(router, write, topic, &payload, &owner, diag);
  if (error) return error;
  zw_pending *event = zw_publish_own_stored(write->realm, topic, payload, owner);
  zw_buf_unref(owner);
  if (!event) return zw_pending_no_memory(diag);
  zw_pending_track(event);
  router->appends[router->append_count++] = (zw_append){&event->stored, event->owner, event};
  return 0;
}

static int add_appends(zw_router *router, const zw_pending *write, zw_diag *diag) {
  const zw_realm *realm = write->realm;
  int error = 0;
  router->append_count = 0;
  for (size_t i = 0; i < realm->options.model->topic_count && !error; i++) {
    const zw_typed_topic *topic = &realm->topics[i];
    if (topic->number && tells_of(topic->def, write->procedure))
      error = add_append(router, write, topic, diag);
  }
  return error;
}

static void drop_tracked(zw_pending *pending) {
  zw_pending_untrack(pending);
  zw_pending_free(pending);
}

/* The storage may tell of the commit before map_write returns; then the pendings are gone. */
static int map_write(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg, zw_buf *source,
                     zw_buf *owner, zw_diag *diag) {
  zw_router *router = peer->router;
  const zw_storage *storage = peer->realm->options.storage;
  zw_pending *pending = zw_pending_kept(peer->realm, peer, ZW_PENDING_WRITE, msg, source, owner);
  if (!pending) return zw_pending_no_memory(diag);
  pending->procedure = def;
  zw_pending_push(pending);
  zw_pending_track(pending);
  int error = add_appends(router, pending, diag);
  if (!error) {
    zw_map_change change = {.map = def->map,
                            .op = def->op,
                            .request_type = def->request,
                            .record = pending->msg.payload,
                            .owner = pending->owner,
                            .token = pending,
                            .events = router->appends,
                            .event_count = router->append_count};
    error = storage->map_write(storage->ctx, &change, diag);
  }
  if (!error) return 0;
  while (router->append_count) drop_tracked(router->appends[--router->append_count].token);
  zw_pending_pop(pending);
  drop_tracked(pending);
  return store_error(error, diag);
}

void zw_map_written(zw_pending *pending) {
  const zw_procedure_def *def = pending->procedure;
  const zw_msg *msg = &pending->msg;
  if (pending->error) {
    zw_answer_failure(pending->peer, ZW_CALL, msg->request, pending->error, pending->what);
    return;
  }
  bool echo = def->response == def->request;
  send_result(pending->peer, msg->request, def->response, echo ? msg->payload : (zw_span){NULL, 0},
              echo ? pending->owner : NULL, false);
  tell(pending);
}

/* ---- CALL ---------------------------------------------------------------------------------------------------- */

static int answer_typed(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg,
                        zw_buf *source, zw_buf *owner, zw_diag *diag) {
  diag->message[0] = 0;
  switch (def->op) {
    case ZW_OP_GET: return map_get(peer, def, msg, diag);
    case ZW_OP_COUNT: return map_count(peer, def, msg, diag);
    case ZW_OP_PUT:
    case ZW_OP_INSERT:
    case ZW_OP_DELETE: return map_write(peer, def, msg, source, owner, diag);
    default: return zw_fail(diag, ZW_ENOTSUP, "op \"select\" is not supported.");
  }
}

void zw_map_call(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg, zw_buf *source) {
  zw_diag diag;
  zw_msg typed;
  zw_buf *owner = NULL;
  int error =
      peer->realm->options.storage
          ? 0
          : zw_fail(&diag, ZW_ESTORE, "\"%.*s\": this realm has no store.", ZW_ARG(msg->uri));
  if (!error)
    error = zw_type_payload(peer->router, def->request, msg, source, &typed, &owner, &diag);
  if (!error) error = answer_typed(peer, def, &typed, source, owner, &diag);
  zw_buf_unref(owner);
  if (error) zw_answer_failure(peer, ZW_CALL, msg->request, error, diag.message);
}
