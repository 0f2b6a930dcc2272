/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router's schemas: fetched by its procedures zerowire.schema.list and get, compared with ours
 * at join.
 */
#include "client_session.h"

typedef bool token_test(const zw_token *token);

static bool is_id(const zw_token *token) {
  return token->kind == ZW_TOKEN_STRING && token->text.len == 2 * ZW_SCHEMA_ID_SIZE;
}

static bool is_octets(const zw_token *token) { return token->kind == ZW_TOKEN_BYTES; }

/* The first token of the arguments that passes; its octets are appended to `out`. */
static bool find_token(const zw_payload *payload, token_test *test, zw_text *out) {
  zw_value_reader reader;
  zw_token token = {.kind = ZW_TOKEN_NULL};
  bool found = false;
  if (!payload->args.ptr ||
      zw_value_reader_init(&reader, payload->format, payload->args, out->alloc))
    return false;
  while (!found && !reader.reader->next(reader.reader, &token, NULL) && token.kind != ZW_TOKEN_END)
    found = test(&token);
  if (found && token.kind == ZW_TOKEN_BYTES) zw_text_add(out, token.bytes.ptr, token.bytes.len);
  if (found && token.kind == ZW_TOKEN_STRING) zw_text_add_str(out, token.text);
  zw_value_reader_deinit(&reader);
  return found;
}

/* Calls, and keeps one token of the result; ZW_ENOTFOUND: it has none. */
static int call_for(zw_client *client, zw_str procedure, const zw_payload *arguments,
                    token_test *test, zw_text *out, zw_diag *diag) {
  zw_payload result = {.format = ZW_FORMAT_NONE};
  zw_buf *owner = NULL;
  int error =
      zw_client_call_wait(client, procedure, arguments, NULL, NULL, NULL, &result, &owner, diag);
  if (!error && !find_token(&result, test, out))
    error = zw_fail(diag, ZW_ENOTFOUND, "the router has no schema");
  if (!error && out->error) error = zw_fail(diag, out->error, "%s", zw_error_text(out->error));
  zw_buf_unref(owner);
  return error;
}

int zw_client_schema(zw_client *client, zw_schema **out, zw_diag *diag) {
  zw_text id, bfbs, args;
  if (!client->zerowire)
    return zw_fail(diag, ZW_ENOTSUP, "the router is no zerowire router: it has no schemas");
  zw_text_init(&id, client->alloc);
  zw_text_init(&bfbs, client->alloc);
  zw_text_init(&args, client->alloc);
  int error = call_for(client, ZW_STR("zerowire.schema.list"), NULL, is_id, &id, diag);
  zw_text_printf(&args, "[\"%.*s\"]", ZW_ARG(zw_text_str(&id)));
  zw_payload wanted = {.format = ZW_FORMAT_JSON, .args = zw_str_span(zw_text_str(&args))};
  if (!error)
    error = call_for(client, ZW_STR("zerowire.schema.get"), &wanted, is_octets, &bfbs, diag);
  if (!error) error = zw_schema_load(out, zw_str_span(zw_text_str(&bfbs)), client->alloc, diag);
  zw_text_deinit(&args);
  zw_text_deinit(&bfbs);
  zw_text_deinit(&id);
  return error;
}
