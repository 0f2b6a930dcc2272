/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Payloads to and from JSON. What a topic or procedure declares is read and printed by its
 * descriptors; anything else goes through tokens between JSON and CBOR.
 */
#include "cli_payload.h"

#include "zerowire/reflect.h"
#include "zerowire/wamp.h"

void zw_cli_body_init(zw_cli_body *body) {
  *body = (zw_cli_body){0};
  zw_builder_init(&body->builder, NULL);
  zw_text_init(&body->args, NULL);
  zw_text_init(&body->kwargs, NULL);
}

void zw_cli_body_deinit(zw_cli_body *body) {
  zw_builder_deinit(&body->builder);
  zw_text_deinit(&body->args);
  zw_text_deinit(&body->kwargs);
}

static void locate(const zw_token_reader *reader, zw_diag *diag) {
  if (!diag->at.line && reader->locate) reader->locate(reader, (size_t)diag->offset, &diag->at);
}

/* One JSON value into args or kwargs. */
static int read_untyped(zw_cli_body *body, zw_token_reader *json, zw_diag *diag) {
  zw_cbor_writer cbor;
  zw_token token, around = {.kind = ZW_TOKEN_ARRAY, .count = 1};
  int error = json->next(json, &token, diag);
  if (error) return error;
  bool list = token.kind == ZW_TOKEN_ARRAY, map = token.kind == ZW_TOKEN_MAP;
  zw_cbor_writer_init(&cbor, map ? &body->kwargs : &body->args);
  if (!list && !map) error = cbor.writer.write(&cbor.writer, &around);
  if (!error) error = zw_token_copy(json, &token, &cbor.writer, diag);
  around.kind = ZW_TOKEN_ARRAY_END;
  if (!error && !list && !map) error = cbor.writer.write(&cbor.writer, &around);
  if (!error) error = json->next(json, &token, diag);
  return error;
}

static int add_untyped(zw_cli_body *body, zw_str json, zw_diag *diag) {
  zw_json_reader reader;
  zw_diag own = {0};
  if (!json.ptr) return 0;
  zw_json_reader_init(&reader, json, ZW_JSON_BINARY, 0, NULL);
  int error = read_untyped(body, &reader.reader, &own);
  if (error) {
    if (!own.error) zw_fail(&own, error, "%s", zw_error_text(error));
    locate(&reader.reader, &own);
    if (diag) *diag = own;
  }
  zw_json_reader_deinit(&reader);
  return error;
}

int zw_cli_body_args(zw_cli_body *body, zw_str args, zw_str kwargs, zw_diag *diag) {
  zw_text_reset(&body->args);
  zw_text_reset(&body->kwargs);
  body->payload = (zw_payload){.format = ZW_FORMAT_CBOR};
  int error = add_untyped(body, args, diag);
  if (!error) error = add_untyped(body, kwargs, diag);
  if (body->args.len) body->payload.args = zw_str_span(zw_text_str(&body->args));
  if (body->kwargs.len) body->payload.kwargs = zw_str_span(zw_text_str(&body->kwargs));
  return error;
}

int zw_cli_body_read(zw_cli_body *body, const zw_type *type, zw_str json, zw_diag *diag) {
  if (!type) return zw_cli_body_args(body, json, (zw_str){NULL, 0}, diag);
  zw_str text = json.ptr ? json : ZW_STR("{}");
  body->payload = (zw_payload){.format = ZW_FORMAT_FLATBUFFER, .type = type};
  return zw_json_parse(type, text, 0, 0, &body->builder, &body->payload.typed, diag);
}

/* ---- printing ---- */

void zw_cli_printer_init(zw_cli_printer *printer, bool unwrap) {
  *printer = (zw_cli_printer){.unwrap = unwrap};
  zw_builder_init(&printer->scratch, NULL);
  zw_text_init(&printer->json, NULL);
  zw_text_init(&printer->line, NULL);
}

void zw_cli_printer_deinit(zw_cli_printer *printer) {
  zw_builder_deinit(&printer->scratch);
  zw_text_deinit(&printer->json);
  zw_text_deinit(&printer->line);
}

int zw_cli_payload_table(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                         zw_table *out, zw_buf **built, zw_diag *diag) {
  zw_verify_options options = {.flags = ZW_VERIFY_UTF8 | ZW_VERIFY_UNALIGNED};
  zw_msg msg;
  *built = NULL;
  if (payload->format == ZW_FORMAT_FLATBUFFER)
    return zw_verify(type, payload->typed, &options, out, diag);
  zw_msg_init(&msg, ZW_EVENT);
  msg.payload_format = payload->format;
  msg.args = payload->args;
  msg.kwargs = payload->kwargs;
  int error = zw_msg_type_payload(&msg, type, &printer->scratch, built, diag);
  if (!error) *out = zw_root_trusted(msg.payload);
  return error;
}

static int print_typed(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                       zw_text *out, zw_diag *diag) {
  zw_table root;
  zw_buf *built;
  int error = zw_cli_payload_table(printer, payload, type, &root, &built, diag);
  if (!error) {
    error = zw_json_print(type, root, ZW_OBJECT_TEXT, 0, out);
    if (error) zw_fail(diag, error, "%s", zw_error_text(error));
  }
  zw_buf_unref(built);
  return error;
}

enum arg_count { NO_ARGS, ONE_SCALAR, ONE_CONTAINER, SEVERAL };

static int count_args(enum zw_format format, zw_span args, enum arg_count *out) {
  zw_value_reader values;
  zw_token token;
  *out = NO_ARGS;
  if (!args.ptr) return 0;
  int error = zw_value_reader_init(&values, format, args, NULL);
  if (error) return error;
  error = values.reader->next(values.reader, &token, NULL);
  if (!error) error = values.reader->next(values.reader, &token, NULL);
  if (!error && token.kind != ZW_TOKEN_ARRAY_END) {
    bool container = token.kind == ZW_TOKEN_ARRAY || token.kind == ZW_TOKEN_MAP;
    error = zw_token_skip(values.reader, &token, NULL);
    if (!error) error = values.reader->next(values.reader, &token, NULL);
    bool one = !error && token.kind == ZW_TOKEN_ARRAY_END;
    *out = !one ? SEVERAL : container ? ONE_CONTAINER : ONE_SCALAR;
  }
  zw_value_reader_deinit(&values);
  return error;
}

static int print_untyped(zw_cli_printer *printer, const zw_payload *payload, zw_text *out,
                         zw_diag *diag) {
  enum arg_count count;
  zw_text *json = &printer->json;
  zw_text_reset(json);
  int error = count_args(payload->format, payload->args, &count);
  if (!error && count != NO_ARGS)
    error = zw_value_convert(payload->format, payload->args, ZW_FORMAT_JSON, json, diag);
  if (error) return error;
  zw_str args = zw_text_str(json);
  if (!payload->kwargs.ptr) {
    bool bare = count == ONE_SCALAR || (count == ONE_CONTAINER && printer->unwrap);
    if (bare) args = (zw_str){args.ptr + 1, args.len - 2};
    zw_text_add_str(out, count == NO_ARGS ? ZW_STR("null") : args);
    return out->error;
  }
  if (count != NO_ARGS) zw_text_printf(out, "{\"args\":%.*s,\"kwargs\":", ZW_ARG(args));
  error = zw_value_convert(payload->format, payload->kwargs, ZW_FORMAT_JSON, out, diag);
  if (count != NO_ARGS) zw_text_add(out, "}", 1);
  return error ? error : out->error;
}

int zw_cli_payload_text(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                        zw_text *out, zw_diag *diag) {
  if (type && !type->field_count) {
    zw_text_add_str(out, ZW_STR("null"));
    return out->error;
  }
  if (payload->format == ZW_FORMAT_FLATBUFFER) {
    if (!type) type = payload->type;
    if (type) return print_typed(printer, payload, type, out, diag);
    return zw_fail(diag, ZW_EMISMATCH, "a typed payload of a URI that the schema does not declare");
  }
  if (type) return print_typed(printer, payload, type, out, diag);
  return print_untyped(printer, payload, out, diag);
}

int zw_cli_payload_line(zw_cli_printer *printer, const zw_payload *payload, const zw_type *type,
                        const char *where) {
  zw_diag diag = {0};
  zw_text_reset(&printer->line);
  int error = zw_cli_payload_text(printer, payload, type, &printer->line, &diag);
  return error ? zw_cli_failed(where, error, &diag) : zw_cli_line(zw_text_str(&printer->line));
}

void zw_cli_json_string(zw_text *out, zw_str text) {
  zw_json_writer json;
  zw_token token = {.kind = ZW_TOKEN_STRING, .text = text};
  zw_json_writer_init(&json, out, 0, 0);
  (void)json.writer.write(&json.writer, &token);
}
