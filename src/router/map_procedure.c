/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procedures that the store answers: get and count at once, straight from the memory map; put,
 * insert and delete when their commit came back, followed by the change on the topics that tell of
 * it.
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

/* ---- writing ------------------------------------------------------------------------------------------- */

static int map_write(zw_peer *peer, const zw_procedure_def *def, const zw_msg *msg, zw_buf *source,
                     zw_buf *owner, zw_diag *diag) {
  const zw_storage *storage = peer->realm->options.storage;
  zw_pending *pending = zw_pending_make(peer->realm, peer, ZW_PENDING_WRITE);
  if (!pending || zw_pending_keep(pending, msg, source, owner)) {
    if (pending) zw_pending_free(pending);
    return zw_fail(diag, ZW_ENOMEM, "The router has no memory for what waits for a commit.");
  }
  pending->procedure = def;
  zw_pending_push(pending);
  zw_pending_track(pending);
  int error = storage->map_write(storage->ctx, def->map, def->op, def->request,
                                 pending->msg.payload, pending->owner, pending, diag);
  if (!error) return 0;
  zw_pending_untrack(pending);
  zw_pending_pop(pending);
  zw_pending_free(pending);
  return store_error(error, diag);
}

/* ---- telling of changes ------------------------------------------------------------------------------------ */

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

static void tell(const zw_pending *pending, const zw_typed_topic *topic) {
  zw_realm *realm = pending->realm;
  const zw_type *from = pending->procedure->request, *to = topic->def->type;
  zw_diag diag;
  if (from == to) {
    zw_publish_own(realm, topic, pending->msg.payload, pending->owner);
    return;
  }
  zw_buf *built = NULL;
  if (convert(realm->router, from, pending->msg.payload, to, &built, &diag)) {
    realm->router->stats.errors++;
    zw_log_printf(realm->router->options.log, ZW_LOG_ERROR, "%.*s: no event for a change: %s",
                  ZW_ARG(topic->def->uri), diag.message);
    return;
  }
  zw_publish_own(realm, topic, zw_buf_span(built), built);
  zw_buf_unref(built);
}

static void tell_all(const zw_pending *pending) {
  const zw_realm *realm = pending->realm;
  const zw_model *model = realm->options.model;
  enum zw_op op = pending->procedure->op == ZW_OP_DELETE ? ZW_OP_DELETE : ZW_OP_PUT;
  for (size_t i = 0; i < model->topic_count; i++) {
    const zw_topic_def *def = &model->topics[i];
    if (def->map == pending->procedure->map && def->op == op && def->match == ZW_MATCH_EXACT)
      tell(pending, &realm->topics[i]);
  }
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
  tell_all(pending);
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
