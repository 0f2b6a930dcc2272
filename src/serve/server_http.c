/* SPDX-License-Identifier: Apache-2.0 */
/* Plain HTTP requests: whether the server is well; for this machine, as with anonymous sessions,
 * schemas and what this is. */
#include "server_state.h"

#define ID_DIGITS (2 * ZW_SCHEMA_ID_SIZE)
#define ID_DIGITS_MIN 8

static const char type_text[] = "text/plain; charset=utf-8";

static void respond_text(zw_conn *conn, int status, zw_str text) {
  zw_conn_http_respond(conn, status, ZW_STR(type_text), zw_str_span(text));
}

static bool strip(zw_str *s, zw_str prefix, zw_str suffix) {
  if (s->len < prefix.len + suffix.len || memcmp(s->ptr, prefix.ptr, prefix.len) != 0 ||
      memcmp(s->ptr + s->len - suffix.len, suffix.ptr, suffix.len) != 0)
    return false;
  *s = (zw_str){s->ptr + prefix.len, s->len - prefix.len - suffix.len};
  return true;
}

/* By its whole id, or the digits that people see. */
static const zw_schema *find_schema(zw_server *s, zw_str id) {
  char text[ID_DIGITS + 1];
  const zw_schema *schema;
  if (id.len < ID_DIGITS_MIN || id.len > ID_DIGITS) return NULL;
  for (size_t i = 0; s->storage.schema_at(s, i, &schema); i++) {
    zw_schema_id_text(schema->id, text);
    if (memcmp(text, id.ptr, id.len) == 0) return schema;
  }
  return NULL;
}

static void respond_about(zw_server *s, zw_conn *conn) {
  zw_text *text = &s->text;
  zw_text_reset(text);
  zw_text_printf(text,
                 "zerowire " ZW_VERSION_STRING
                 "\n\nA WAMP router over WebSocket (wamp.2.flatbuffers, wamp.2.cbor, wamp.2.json) "
                 "and RawSocket, realm %s.\n",
                 s->options.realm);
  if (s->schema) {
    char id[ID_DIGITS + 1];
    zw_schema_id_text(s->schema->id, id);
    zw_text_printf(text, "Schema: /schema/%s.bfbs\n", id);
  }
  zw_text_printf(text, "Health: /healthz\n");
  respond_text(conn, text->error ? 503 : 200, zw_text_str(text));
}

void zw_server_http(zw_conn *conn, zw_str method, zw_str path, zw_str host) {
  zw_server *s = zw_conn_user(conn);
  const zw_schema *schema;
  (void)host;
  zw_conn_set_user(conn, NULL);
  const char *query = path.len ? memchr(path.ptr, '?', path.len) : NULL;
  if (query) path.len = (size_t)(query - path.ptr);
  if (!zw_str_eq(method, ZW_STR("GET"))) {
    respond_text(conn, 405, ZW_STR("only GET is answered here\n"));
  } else if (zw_str_eq(path, ZW_STR("/healthz"))) {
    respond_text(conn, 200, ZW_STR("ok\n"));
  } else if (!zw_conn_is_local(conn)) {
    respond_text(conn, 403, ZW_STR("without a login there is only /healthz for other machines\n"));
  } else if (zw_str_eq(path, ZW_STR("/"))) {
    respond_about(s, conn);
  } else if (strip(&path, ZW_STR("/schema/"), ZW_STR(".bfbs")) && (schema = find_schema(s, path))) {
    zw_conn_http_respond(conn, 200, ZW_STR("application/octet-stream"), schema->bfbs);
  } else {
    respond_text(conn, 404, ZW_STR("not found\n"));
  }
}
