/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Joining and leaving: HELLO with roles and versions, login by ticket, WELCOME; ABORT and GOODBYE.
 */
#include "client_session.h"

static zw_value json_value(const char *text, size_t len) {
  return (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_span_of(text, len)};
}
#define JSON_VALUE(literal) json_value(literal, sizeof(literal) - 1)

#define ROLES                                                          \
  "{\"publisher\":{\"features\":{\"publisher_exclusion\":true,"        \
  "\"publisher_identification\":true}},"                               \
  "\"subscriber\":{\"features\":{\"pattern_based_subscription\":true," \
  "\"publisher_identification\":true}},"                               \
  "\"caller\":{\"features\":{\"progressive_call_results\":true}},"     \
  "\"callee\":{\"features\":{\"progressive_call_results\":true}}}"

/* ---- versions at join (x_zerowire) ---- */

static const uint8_t *own_schema_id(const zw_client_options *o) {
  return o->schema ? o->schema->id : o->stamp ? o->stamp->schema_id : NULL;
}

/* The namespace of the first service, else of the first table. */
static zw_str own_namespace(const zw_schema *schema) {
  zw_str name = {NULL, 0};
  if (schema && schema->service_count)
    name = schema->services[0].name;
  else if (schema && schema->type_count)
    name = schema->types[0].name;
  while (name.len && name.ptr[name.len - 1] != '.') name.len--;
  if (name.len) name.len--;
  return name;
}

static void write_versions(const zw_client_options *o, zw_text *out) {
  const uint8_t *id = own_schema_id(o);
  zw_text_printf(out, "{\"abi\":%d,\"compiler\":\"%s\",\"schemas\":[", ZW_ABI,
                 o->stamp ? o->stamp->compiler : ZW_VERSION_STRING);
  if (id) {
    char text[2 * ZW_SCHEMA_ID_SIZE + 1];
    zw_schema_id_text(id, text);
    zw_text_printf(out, "{\"namespace\":\"%.*s\",\"id\":\"%s\"}", ZW_ARG(own_namespace(o->schema)),
                   text);
  }
  zw_text_printf(out, "]}");
}

/* Whether the router names schemas, and none of them is ours. */
static bool none_is(const zw_value *versions, const uint8_t id[ZW_SCHEMA_ID_SIZE]) {
  zw_value schemas;
  char own[2 * ZW_SCHEMA_ID_SIZE + 1];
  if (zw_value_get(versions, ZW_STR("schemas"), &schemas) != 1) return false;
  zw_schema_id_text(id, own);
  zw_value_reader reader;
  if (zw_value_reader_init(&reader, schemas.format, schemas.octets, NULL)) return false;
  zw_token token = {.kind = ZW_TOKEN_NULL};
  size_t texts = 0;
  bool found = false;
  while (!found && !reader.reader->next(reader.reader, &token, NULL) &&
         token.kind != ZW_TOKEN_END) {
    if (token.kind != ZW_TOKEN_STRING) continue;
    texts++;
    found = zw_str_eq(token.text, zw_str_of(own));
  }
  zw_value_reader_deinit(&reader);
  return texts && !found;
}

/* ---- joining ---- */

int zw_client_hello(zw_client *client) {
  const zw_client_options *o = &client->options;
  zw_msg msg;
  zw_text versions;
  zw_text_init(&versions, client->alloc);
  write_versions(o, &versions);
  zw_msg_init(&msg, ZW_HELLO);
  msg.uri = zw_str_of(o->realm);
  msg.roles = JSON_VALUE(ROLES);
  msg.authmethods = o->ticket ? JSON_VALUE("[\"ticket\"]") : JSON_VALUE("[\"anonymous\"]");
  msg.authid = zw_str_of(o->authid);
  msg.x_zerowire = json_value(versions.ptr, versions.len);
  int error = versions.error ? versions.error : zw_client_send(client, &msg, NULL, NULL);
  zw_text_deinit(&versions);
  return error;
}

void zw_client_on_challenge(zw_client *client, const zw_msg *msg) {
  zw_msg answer;
  if (!client->options.ticket || !zw_str_eq(msg->method, ZW_STR("ticket"))) {
    zw_client_fail(client, ZW_EAUTH, "the router asks for a login by \"%.*s\"; %s",
                   ZW_ARG(msg->method),
                   client->options.ticket ? "only tickets are supported" : "there is no ticket");
    return;
  }
  zw_msg_init(&answer, ZW_AUTHENTICATE);
  answer.signature = zw_str_of(client->options.ticket);
  answer.extra = JSON_VALUE("{}");
  int error = zw_client_send(client, &answer, NULL, NULL);
  if (error) zw_client_fail(client, error, "%s", zw_error_text(error));
}

void zw_client_on_welcome(zw_client *client, const zw_msg *msg) {
  const uint8_t *id = own_schema_id(&client->options);
  client->joined = true;
  client->legacy =
      client->options.serializer == ZW_FLATBUFFERS && !(msg->has >> ZW_HAS_LEGACY_FREE & 1);
  client->zerowire = zw_value_present(&msg->x_zerowire);
  client->mismatch = client->zerowire && id && none_is(&msg->x_zerowire, id);
  zw_conn_established(client->conn);
}

/* ---- leaving ---- */

/* What an ABORT before WELCOME means; others are ZW_EREMOTE. */
static int error_of_abort(zw_str reason) {
  static const struct {
    zw_str uri;
    int error;
  } table[] = {
      {ZW_STR("zerowire.error.schema_mismatch"), ZW_EMISMATCH},
      {ZW_STR("wamp.error.not_authorized"), ZW_EAUTH},
      {ZW_STR("wamp.error.authentication_denied"), ZW_EAUTH},
      {ZW_STR("wamp.error.authentication_failed"), ZW_EAUTH},
      {ZW_STR("wamp.error.authentication_required"), ZW_EAUTH},
      {ZW_STR("wamp.error.no_matching_auth_method"), ZW_EAUTH},
      {ZW_STR("wamp.error.no_such_principal"), ZW_EAUTH},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (zw_str_eq(reason, table[i].uri)) return table[i].error;
  return ZW_EREMOTE;
}

static void end(zw_client *client, int error, const zw_msg *msg) {
  if (msg->message.len)
    zw_client_fail(client, error, "%.*s: %.*s", ZW_ARG(msg->uri), ZW_ARG(msg->message));
  else
    zw_client_fail(client, error, "%.*s", ZW_ARG(msg->uri));
}

void zw_client_on_abort(zw_client *client, const zw_msg *msg) {
  end(client, client->joined ? ZW_EREMOTE : error_of_abort(msg->uri), msg);
}

void zw_client_on_goodbye(zw_client *client, const zw_msg *msg) {
  if (!client->session.said_goodbye) {
    zw_msg answer;
    zw_msg_init(&answer, ZW_GOODBYE);
    answer.uri = ZW_STR("wamp.close.goodbye_and_out");
    (void)zw_client_send(client, &answer, NULL, NULL);
    client->session.said_goodbye = false; /* the router said it first */
  }
  end(client, ZW_ECLOSED, msg);
}
