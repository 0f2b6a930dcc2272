/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args and kwargs of a message in the notation of a peer: from the other notation token by token,
 * or by reflection from a typed payload, by the rule of the WAMP IDL. And the way back: a typed
 * payload from args and kwargs.
 */
#include "encode.h"

/* [ubyte] is binary to the peer: in JSON a string by WAMP's rule. */
#define TYPED_FLAGS(format) \
  (ZW_OBJECT_BYTES | ((format) == ZW_FORMAT_JSON ? (uint32_t)ZW_OBJECT_TEXT : 0u))

static int convert(const zw_msg *msg, zw_span octets, enum zw_format format, zw_text *out,
                   size_t *written, zw_diag *diag) {
  size_t before = out->len;
  if (!octets.ptr) return 0;
  int e = 0;
  if (msg->payload_format == format)
    zw_text_add(out, octets.ptr, octets.len);
  else
    e = zw_value_convert(msg->payload_format, octets, format, out, diag);
  *written = out->len - before;
  return e ? e : out->error;
}

int zw_args_write(const zw_msg *msg, enum zw_format format, zw_text *out, size_t *written,
                  zw_diag *diag) {
  zw_value_sink sink;
  *written = 0;
  if (msg->payload_format != ZW_FORMAT_FLATBUFFER)
    return convert(msg, msg->args, format, out, written, diag);
  if (!msg->payload.ptr) return 0;
  size_t before = out->len;
  zw_value_sink_init(&sink, format, out);
  int e = zw_object_write_args(msg->payload_type, zw_root_trusted(msg->payload),
                               TYPED_FLAGS(format), sink.writer);
  *written = out->len - before;
  return e ? zw_fail(diag, e, "%.*s cannot be written as arguments: %s",
                     ZW_ARG(msg->payload_type->name), zw_error_text(e))
           : 0;
}

int zw_kwargs_write(const zw_msg *msg, enum zw_format format, zw_text *out, size_t *written,
                    zw_diag *diag) {
  zw_value_sink sink;
  size_t keywords = 0, before = out->len;
  *written = 0;
  if (msg->payload_format != ZW_FORMAT_FLATBUFFER)
    return convert(msg, msg->kwargs, format, out, written, diag);
  if (!msg->payload.ptr) return 0;
  zw_value_sink_init(&sink, format, out);
  int e = zw_object_write_kwargs(msg->payload_type, zw_root_trusted(msg->payload),
                                 TYPED_FLAGS(format), sink.writer, &keywords);
  if (e)
    return zw_fail(diag, e, "%.*s cannot be written as arguments: %s",
                   ZW_ARG(msg->payload_type->name), zw_error_text(e));
  if (keywords == 0)
    out->len = before;
  else
    *written = out->len - before;
  return 0;
}

/* ---- typed payloads ---- */

static int verify_payload(zw_msg *msg, const zw_type *type, zw_diag *diag) {
  zw_verify_options options = {.flags = ZW_VERIFY_UTF8 | ZW_VERIFY_STRICT_UNIONS};
  int e = zw_verify(type, msg->payload, &options, NULL, diag);
  if (e) return e;
  msg->payload_format = ZW_FORMAT_FLATBUFFER;
  msg->payload_type = type;
  msg->args = msg->kwargs = (zw_span){NULL, 0};
  return 0;
}

static int build_root(const zw_msg *msg, const zw_type *type, zw_token_reader *args,
                      zw_token_reader *kwargs, zw_builder *scratch, zw_buf **built, zw_diag *diag) {
  zw_span bytes;
  (void)msg;
  zw_builder_reset(scratch);
  zw_ref root = zw_object_read_args(type, args, kwargs, 0, scratch, diag);
  if (!root) return scratch->error ? scratch->error : ZW_EINVAL;
  zw_str identifier = {NULL, 0};
  if (type->schema && type->schema->root == type) identifier = type->schema->identifier;
  int e = zw_builder_finish(scratch, root, identifier, &bytes);
  if (e) return zw_fail(diag, e, "%.*s cannot be built: %s", ZW_ARG(type->name), zw_error_text(e));
  *built = zw_buf_copy(scratch->alloc, bytes);
  return *built ? 0 : zw_fail(diag, ZW_ENOMEM, "no memory for %.*s", ZW_ARG(type->name));
}

static int build_payload(zw_msg *msg, const zw_type *type, zw_builder *scratch, zw_buf **built,
                         zw_diag *diag) {
  zw_value_reader args = {0}, kwargs = {0};
  int e = msg->args.ptr
              ? zw_value_reader_init(&args, msg->payload_format, msg->args, scratch->alloc)
              : 0;
  if (!e && msg->kwargs.ptr)
    e = zw_value_reader_init(&kwargs, msg->payload_format, msg->kwargs, scratch->alloc);
  e = e ? zw_fail(diag, ZW_EINVAL, "args are in no notation that is known")
        : build_root(msg, type, args.reader, kwargs.reader, scratch, built, diag);
  if (args.reader) zw_value_reader_deinit(&args);
  if (kwargs.reader) zw_value_reader_deinit(&kwargs);
  if (e) return e;
  msg->payload = zw_buf_span(*built);
  msg->payload_format = ZW_FORMAT_FLATBUFFER;
  msg->payload_type = type;
  msg->args = msg->kwargs = (zw_span){NULL, 0};
  return 0;
}

int zw_msg_type_payload(zw_msg *msg, const zw_type *type, zw_builder *scratch, zw_buf **built,
                        zw_diag *diag) {
  *built = NULL;
  if (!msg->payload.ptr) return build_payload(msg, type, scratch, built, diag);
  if (msg->payload_format == ZW_FORMAT_FLATBUFFER) return verify_payload(msg, type, diag);
  return zw_fail(diag, ZW_EINVAL, "a %.*s is expected, the payload is opaque octets",
                 ZW_ARG(type->name));
}
