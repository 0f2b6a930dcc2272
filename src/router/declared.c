/* SPDX-License-Identifier: Apache-2.0 */
/* What the schema declares: topics and procedures by URI, words for a URI that is not there, and
 * payloads of declared types. */
#include "router_state.h"

#define CANDIDATES_MAX 512

const zw_typed_topic *zw_typed_topic_find(const zw_realm *realm, zw_str uri) {
  return zw_uri_index_best(&realm->topic_index, uri);
}

const zw_procedure_def *zw_typed_procedure_find(const zw_realm *realm, zw_str uri) {
  return zw_uri_index_best(&realm->procedure_index, uri);
}

/* ---- words ------------------------------------------------------------------------------------------ */

static int unknown(const char *kind, int error, zw_str uri, const zw_str *candidates, size_t count,
                   zw_diag *diag) {
  int near = zw_did_you_mean(uri, candidates, count);
  if (near < 0) return zw_fail(diag, error, "no %s \"%.*s\".", kind, ZW_ARG(uri));
  return zw_fail(diag, error, "no %s \"%.*s\". Did you mean %.*s?", kind, ZW_ARG(uri),
                 ZW_ARG(candidates[near]));
}

int zw_unknown_topic(const zw_realm *realm, zw_str uri, zw_diag *diag) {
  zw_str candidates[CANDIDATES_MAX];
  const zw_model *model = realm->options.model;
  size_t count = 0;
  for (size_t i = 0; model && i < model->topic_count && count < CANDIDATES_MAX; i++)
    candidates[count++] = model->topics[i].uri;
  return unknown("topic", ZW_ENOTFOUND, uri, candidates, count, diag);
}

int zw_unknown_procedure(const zw_realm *realm, zw_str uri, zw_diag *diag) {
  zw_str candidates[CANDIDATES_MAX];
  const zw_model *model = realm->options.model;
  const zw_registration *registration;
  size_t count = 0;
  for (size_t i = 0; model && i < model->procedure_count && count < CANDIDATES_MAX; i++)
    candidates[count++] = model->procedures[i].uri;
  for (size_t i = 0;
       count < CANDIDATES_MAX && (registration = zw_hmap_next(&realm->registrations, &i));)
    candidates[count++] = registration->uri;
  return unknown("procedure", ZW_ENOTFOUND, uri, candidates, count, diag);
}

/* ---- payloads ------------------------------------------------------------------------------------------ */

/* Whether an encoded list or map is absent or has no elements. */
static bool is_empty(zw_router *router, enum zw_format format, zw_span octets) {
  zw_value_reader reader;
  zw_token token;
  if (!octets.ptr) return true;
  if (zw_value_reader_init(&reader, format, octets, router->alloc)) return false;
  bool empty = !reader.reader->next(reader.reader, &token, NULL) &&
               !reader.reader->next(reader.reader, &token, NULL) &&
               (token.kind == ZW_TOKEN_ARRAY_END || token.kind == ZW_TOKEN_MAP_END);
  zw_value_reader_deinit(&reader);
  return empty;
}

/* A FlatBuffer of a table without fields says as little as no payload. */
static int take_nothing(zw_router *router, const zw_type *type, zw_msg *typed, zw_diag *diag) {
  int error = 0;
  if (typed->payload.ptr && typed->payload_format == ZW_FORMAT_FLATBUFFER)
    error = zw_verify(type, typed->payload, NULL, NULL, diag);
  else if (typed->payload.ptr || !is_empty(router, typed->payload_format, typed->args) ||
           !is_empty(router, typed->payload_format, typed->kwargs))
    error =
        zw_fail(diag, ZW_EINVAL, "%.*s has no fields: no arguments are taken.", ZW_ARG(type->name));
  if (error) return error;
  typed->payload_format = ZW_FORMAT_NONE;
  typed->ppt_serializer = ZW_PPT_TRANSPORT;
  typed->args = typed->kwargs = typed->payload = (zw_span){NULL, 0};
  return 0;
}

int zw_type_payload(zw_router *router, const zw_type *type, const zw_msg *msg, zw_buf *source,
                    zw_msg *typed, zw_buf **owner, zw_diag *diag) {
  *typed = *msg;
  *owner = NULL;
  if (!type->field_count) return take_nothing(router, type, typed, diag);
  int error = zw_msg_type_payload(typed, type, &router->builder, owner, diag);
  if (error || *owner) return error;
  *owner = source ? zw_buf_ref(source) : zw_buf_copy(router->alloc, typed->payload);
  if (!*owner) return zw_fail(diag, ZW_ENOMEM, "no memory for %.*s", ZW_ARG(type->name));
  if (!source) typed->payload = zw_buf_span(*owner);
  return 0;
}
