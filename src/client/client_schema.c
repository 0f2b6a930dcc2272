/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router's schemas: fetched by its procedures zerowire.schema.list and get, compared with ours
 * at join.
 */
#include "client_session.h"

/* What is looked for in the arguments of a result; appended to `out`. */
typedef int find_fn(zw_token_reader *reader, zw_text *out);

static bool next(zw_token_reader *reader, zw_token *token) {
  return !reader->next(reader, token, NULL) && token->kind != ZW_TOKEN_END;
}

static bool is_text(const zw_token *token, const char *text) {
  return token->kind == ZW_TOKEN_STRING && zw_str_eq(token->text, zw_str_of(text));
}

/* The id of the schema that is `current`, else of the last: [[{id, namespace, current, …}]]. */
static int find_id(zw_token_reader *reader, zw_text *out) {
  zw_token token = {.kind = ZW_TOKEN_NULL};
  while (next(reader, &token)) {
    bool id = is_text(&token, "id"), current = is_text(&token, "current");
    if ((!id && !current) || !next(reader, &token)) continue;
    if (current && token.kind == ZW_TOKEN_BOOL && token.boolean) break;
    if (!id || token.kind != ZW_TOKEN_STRING || token.text.len != 2 * ZW_SCHEMA_ID_SIZE) continue;
    zw_text_reset(out);
    zw_text_add_str(out, token.text);
  }
  return out->len ? 0 : ZW_ENOTFOUND;
}

static int find_octets(zw_token_reader *reader, zw_text *out) {
  zw_token token = {.kind = ZW_TOKEN_NULL};
  while (next(reader, &token))
    if (token.kind == ZW_TOKEN_BYTES) {
      zw_text_add(out, token.bytes.ptr, token.bytes.len);
      return 0;
    }
  return ZW_ENOTFOUND;
}

static int find_in(const zw_payload *payload, find_fn *find, zw_text *out) {
  zw_value_reader reader;
  if (!payload->args.ptr) return ZW_ENOTFOUND;
  int error = zw_value_reader_init(&reader, payload->format, payload->args, out->alloc);
  if (error) return error;
  error = find(reader.reader, out);
  zw_value_reader_deinit(&reader);
  return out->error ? out->error : error;
}

static int call_for(zw_client *client, zw_str procedure, const zw_payload *arguments, find_fn *find,
                    zw_text *out, zw_diag *diag) {
  zw_payload result = {.format = ZW_FORMAT_NONE};
  zw_buf *owner = NULL;
  int error =
      zw_client_call_wait(client, procedure, arguments, NULL, NULL, NULL, &result, &owner, diag);
  if (error) return error;
  error = find_in(&result, find, out);
  zw_buf_unref(owner);
  if (error == ZW_ENOTFOUND) return zw_fail(diag, error, "the router has no schema");
  return error ? zw_fail(diag, error, "%s", zw_error_text(error)) : 0;
}

int zw_client_schema(zw_client *client, zw_schema **out, zw_diag *diag) {
  zw_text id, bfbs, args;
  if (!client->zerowire)
    return zw_fail(diag, ZW_ENOTSUP, "the router is no zerowire router: it has no schemas");
  zw_text_init(&id, client->alloc);
  zw_text_init(&bfbs, client->alloc);
  zw_text_init(&args, client->alloc);
  int error = call_for(client, ZW_STR("zerowire.schema.list"), NULL, find_id, &id, diag);
  zw_text_printf(&args, "[\"%.*s\"]", ZW_ARG(zw_text_str(&id)));
  if (!error && args.error) error = zw_fail(diag, args.error, "%s", zw_error_text(args.error));
  zw_payload wanted = {.format = ZW_FORMAT_JSON, .args = zw_str_span(zw_text_str(&args))};
  if (!error)
    error = call_for(client, ZW_STR("zerowire.schema.get"), &wanted, find_octets, &bfbs, diag);
  if (!error) error = zw_schema_load(out, zw_str_span(zw_text_str(&bfbs)), client->alloc, diag);
  zw_text_deinit(&args);
  zw_text_deinit(&bfbs);
  zw_text_deinit(&id);
  return error;
}

/* ---- versions at join ---- */

typedef struct comparison {
  zw_diag *diag;
  bool broken;
} comparison;

static void report(void *ctx, const zw_finding *finding) {
  comparison *c = ctx;
  if (finding->warning || c->broken) return;
  c->broken = true;
  zw_fail(c->diag, ZW_EMISMATCH, "the router's schema and this program's do not fit: %.*s: %s. %s",
          ZW_ARG(finding->element), finding->message, finding->fix ? finding->fix : "");
}

/* What both sides know under one name must be readable either way. */
int zw_client_check_schema(zw_client *client, zw_diag *diag) {
  const zw_schema *own = client->options.schema;
  zw_schema *theirs = NULL;
  comparison c = {.diag = diag};
  if (!own) return 0;
  int error = zw_client_schema(client, &theirs, diag);
  if (error == ZW_ENOTFOUND) return 0;
  if (error) return error;
  error = zw_evolution_check_shared(theirs, own, ZW_COMPAT_FULL, ZW_CATEGORY_DATA, report, &c);
  zw_schema_destroy(theirs);
  if (c.broken) return ZW_EMISMATCH;
  return error < 0 ? zw_fail(diag, error, "%s", zw_error_text(error)) : 0;
}
