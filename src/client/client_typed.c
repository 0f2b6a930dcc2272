/* SPDX-License-Identifier: Apache-2.0 */
/* Topics and procedures as generated code uses them: views out, and verified views in, whatever the
 * serializer of the session is. */
#include "client_session.h"

static int to_payload(zw_payload *payload, const zw_type *type, zw_table root, zw_diag *diag) {
  *payload = (zw_payload){.format = ZW_FORMAT_NONE};
  if (!type) return 0;
  payload->format = ZW_FORMAT_FLATBUFFER;
  payload->typed = zw_table_bytes(root);
  payload->type = type;
  if (payload->typed.ptr) return 0;
  return zw_fail(diag, ZW_EINVAL, "the %.*s is not the root of its buffer", ZW_ARG(type->name));
}

int zw_typed_publish(zw_client *client, zw_str topic, const zw_type *type, zw_table event,
                     zw_diag *diag) {
  zw_payload payload;
  int error = to_payload(&payload, type, event, diag);
  return error ? error : zw_client_publish_wait(client, topic, &payload, NULL, NULL, diag);
}

int zw_typed_publish_async(zw_client *client, zw_str topic, const zw_type *type, zw_table event,
                           const zw_publish_options *options, zw_client_done *done, void *ctx,
                           zw_diag *diag) {
  zw_payload payload;
  int error = to_payload(&payload, type, event, diag);
  return error ? error : zw_client_publish(client, topic, &payload, options, done, ctx, diag);
}

int zw_typed_view(const zw_type *type, const zw_payload *payload, zw_table *out, zw_buf **built,
                  zw_diag *diag) {
  *built = NULL;
  if (payload->format == ZW_FORMAT_FLATBUFFER)
    return zw_verify(type, payload->typed, NULL, out, diag);
  zw_msg msg;
  zw_builder scratch;
  zw_msg_init(&msg, ZW_YIELD);
  zw_client_payload_to_msg(&msg, payload);
  zw_builder_init(&scratch, NULL);
  int error = zw_msg_type_payload(&msg, type, &scratch, built, diag);
  zw_builder_deinit(&scratch);
  if (!error) *out = zw_root_trusted(msg.payload);
  return error;
}

int zw_typed_arguments(const zw_type *type, zw_invocation *invocation, const zw_payload *arguments,
                       zw_table *out, zw_buf **built) {
  zw_diag diag;
  int error = zw_typed_view(type, arguments, out, built, &diag);
  if (error)
    (void)zw_invocation_error(invocation, zw_str_of(zw_error_uri(error)), zw_str_of(diag.message));
  return error;
}

int zw_typed_call_async(zw_client *client, zw_str procedure, const zw_type *type, zw_table request,
                        const zw_call_options *options, zw_client_done *done, void *ctx,
                        zw_diag *diag) {
  zw_payload payload;
  int error = to_payload(&payload, type, request, diag);
  return error ? error : zw_client_call(client, procedure, &payload, options, done, ctx, diag);
}

int zw_typed_call(zw_client *client, zw_str procedure, const zw_type *type, zw_table request,
                  const zw_type *response_type, zw_table *response, zw_buf **owner, zw_diag *diag) {
  zw_payload payload, result;
  zw_buf *received = NULL, *built = NULL;
  int error = to_payload(&payload, type, request, diag);
  if (owner) *owner = NULL;
  if (!error)
    error = zw_client_call_wait(client, procedure, &payload, NULL, NULL, NULL, &result, &received,
                                diag);
  if (!error && response_type)
    error = zw_typed_view(response_type, &result, response, &built, diag);
  if (!error && owner) {
    *owner = built ? built : zw_buf_ref(received);
    built = NULL;
  }
  zw_buf_unref(built);
  zw_buf_unref(received);
  return error;
}

int zw_typed_call_stream(zw_client *client, zw_str procedure, const zw_type *type, zw_table request,
                         zw_client_done *item, void *ctx, zw_diag *diag) {
  const zw_call_options options = {.receive_progress = true};
  zw_payload payload, result;
  zw_buf *owner = NULL;
  int error = to_payload(&payload, type, request, diag);
  if (!error)
    error = zw_client_call_wait(client, procedure, &payload, &options, item, ctx, &result, &owner,
                                diag);
  if (!error && result.format != ZW_FORMAT_NONE) item(ctx, &(zw_result){.payload = &result});
  zw_buf_unref(owner);
  return error;
}

int zw_typed_yield(zw_invocation *invocation, const zw_type *type, zw_table response,
                   bool progress) {
  zw_payload payload;
  int error = to_payload(&payload, type, response, NULL);
  return error ? error : zw_invocation_yield(invocation, &payload, progress);
}
