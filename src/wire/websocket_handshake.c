/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opening handshake of WebSocket (RFC 6455 section 4), both sides, and plain HTTP requests and
 * answers.
 *
 * Host and Origin are checked against the names that this server has: a page of another site, or a
 * name that was rebound to this address, gets 403.
 */
#include <openssl/evp.h>
#include <stdio.h>

#include "wire_machine.h"

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_TEXT_LEN 24

typedef struct protocol {
  const char *name;
  uint8_t serializer;
  bool text;
} protocol;

static const protocol protocols[] = {
    {"wamp.2.flatbuffers", 5, false},
    {"wamp.2.cbor", 3, false},
    {"wamp.2.msgpack", 2, false},
    {"wamp.2.json", 1, true},
};
#define PROTOCOL_COUNT (sizeof protocols / sizeof protocols[0])

static bool spoken(const zw_wire *w, const protocol *p) {
  return w->options.serializers >> p->serializer & 1;
}

/* base64(SHA-1(key GUID)), RFC 6455 section 4.2.2. */
static void accept_of(zw_str key, char out[32]) {
  char text[KEY_TEXT_LEN + sizeof GUID];
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned digest_len = 0;
  memcpy(text, key.ptr, KEY_TEXT_LEN);
  memcpy(text + KEY_TEXT_LEN, GUID, sizeof GUID - 1);
  EVP_Digest(text, KEY_TEXT_LEN + sizeof GUID - 1, digest, &digest_len, EVP_sha1(), NULL);
  EVP_EncodeBlock((unsigned char *)out, digest, (int)digest_len);
}

/* ---- server ---- */

static const char *reason_of(int status) {
  static const struct {
    int status;
    const char *reason;
  } reasons[] = {{200, "OK"},
                 {400, "Bad Request"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {405, "Method Not Allowed"},
                 {426, "Upgrade Required"},
                 {431, "Request Header Fields Too Large"},
                 {503, "Service Unavailable"}};
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (reasons[i].status == status) return reasons[i].reason;
  return "Error";
}

int zw_wire_http_respond(zw_wire *w, int status, zw_str content_type, zw_span body) {
  zw_text_printf(&w->output,
                 "HTTP/1.1 %d %s\r\nContent-Type: %.*s\r\nContent-Length: %zu\r\n%s"
                 "Connection: close\r\n\r\n",
                 status, reason_of(status), ZW_ARG(content_type), body.len,
                 status == 426 ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "");
  zw_text_add(&w->output, body.ptr, body.len);
  w->state = ZW_WIRE_ENDED;
  return w->output.error;
}

static bool answer(zw_wire *w, zw_wire_event *event, int status, const char *what) {
  char body[120];
  int len = snprintf(body, sizeof body, "%s\n", what);
  zw_wire_http_respond(w, status, ZW_STR("text/plain; charset=utf-8"),
                       zw_span_of(body, (size_t)len));
  return zw_wire_break(w, event, ZW_EPROTO, 0, what);
}

/* The host of "host:port", "[::1]:port", "http://host:port". */
static zw_str host_part(zw_str s) {
  const char *slashes = s.len > 3 ? memchr(s.ptr, '/', s.len - 1) : NULL;
  if (slashes && slashes[1] == '/') {
    size_t skip = (size_t)(slashes + 2 - s.ptr);
    s = (zw_str){s.ptr + skip, s.len - skip};
  }
  size_t end = 0;
  if (s.len && s.ptr[0] == '[') {
    while (end < s.len && s.ptr[end] != ']') end++;
    return (zw_str){s.ptr, end < s.len ? end + 1 : end};
  }
  while (end < s.len && s.ptr[end] != ':' && s.ptr[end] != '/') end++;
  return (zw_str){s.ptr, end};
}

static bool is_our_name(const zw_wire *w, zw_str name) {
  if (!w->options.hosts) return true;
  zw_str host = host_part(name);
  for (size_t i = 0; i < w->options.host_count; i++)
    if (zw_http_equal(host, w->options.hosts[i])) return true;
  return false;
}

/* In the client's order. */
static const protocol *choose_of(const zw_wire *w, zw_str offered) {
  zw_str token;
  for (size_t at = 0; zw_http_next_token(offered, &at, &token);)
    for (size_t i = 0; i < PROTOCOL_COUNT; i++)
      if (spoken(w, &protocols[i]) && zw_str_eq(token, zw_str_of(protocols[i].name)))
        return &protocols[i];
  return NULL;
}

static const protocol *choose(const zw_wire *w, const zw_http_head *head) {
  const protocol *chosen = NULL;
  for (size_t i = 0; i < head->count && !chosen; i++)
    if (zw_http_equal(head->headers[i].name, ZW_STR("Sec-WebSocket-Protocol")))
      chosen = choose_of(w, head->headers[i].value);
  return chosen;
}

static bool no_protocol(zw_wire *w, zw_wire_event *event) {
  char text[160] = "no common subprotocol; this server speaks";
  size_t n = strlen(text);
  for (size_t i = 0; i < PROTOCOL_COUNT; i++)
    if (spoken(w, &protocols[i]))
      n += (size_t)snprintf(text + n, sizeof text - n, " %s", protocols[i].name);
  snprintf(text + n, sizeof text - n, "\n");
  zw_wire_http_respond(w, 400, ZW_STR("text/plain; charset=utf-8"), zw_str_span(zw_str_of(text)));
  return zw_wire_break(w, event, ZW_EPROTO, 0, "no common subprotocol");
}

static bool upgrade(zw_wire *w, zw_wire_event *event, const zw_http_head *head) {
  zw_str key = zw_http_header(head, "Sec-WebSocket-Key"),
         version = zw_http_header(head, "Sec-WebSocket-Version");
  if (!zw_str_eq(head->line[0], ZW_STR("GET")) || !zw_str_eq(head->line[2], ZW_STR("HTTP/1.1")))
    return answer(w, event, 400, "an upgrade needs GET and HTTP/1.1");
  if (!zw_http_lists(head, "Connection", "upgrade"))
    return answer(w, event, 400, "the header Connection: Upgrade is missing");
  if (key.len != KEY_TEXT_LEN)
    return answer(w, event, 400, "the header Sec-WebSocket-Key is missing or malformed");
  if (!zw_str_eq(version, ZW_STR("13")))
    return answer(w, event, 426, "only Sec-WebSocket-Version 13 is spoken");
  const protocol *chosen = choose(w, head);
  if (!chosen) return no_protocol(w, event);
  char accept[32];
  accept_of(key, accept);
  zw_text_printf(&w->output,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
                 "Upgrade\r\nSec-WebSocket-Accept: %s\r\n"
                 "Sec-WebSocket-Protocol: %s\r\n\r\n",
                 accept, chosen->name);
  w->transport = ZW_TRANSPORT_WEBSOCKET;
  w->serializer = chosen->serializer;
  w->text = chosen->text;
  w->state = ZW_WIRE_WS_FRAMES;
  w->at += head->len;
  *event = (zw_wire_event){.kind = ZW_WIRE_OPEN};
  return true;
}

/* Begins as HTTP/1 requests do, and says for whom it is. */
static const char *request_fault(const zw_http_head *head) {
  zw_str version = head->line[2];
  if (!zw_str_eq(version, ZW_STR("HTTP/1.1")) && !zw_str_eq(version, ZW_STR("HTTP/1.0")))
    return "this is no HTTP/1.1 request";
  size_t hosts = 0;
  for (size_t i = 0; i < head->count; i++)
    hosts += zw_http_equal(head->headers[i].name, ZW_STR("Host"));
  if (hosts == 0) return "the header Host is missing";
  return hosts > 1 ? "the header Host comes twice" : NULL;
}

bool zw_ws_request(zw_wire *w, zw_wire_event *event) {
  zw_http_head head;
  int error = zw_http_parse(zw_wire_pending(w), &head);
  if (error == ZW_EAGAIN) return false;
  if (error)
    return answer(w, event, error == ZW_ELIMIT ? 431 : 400, "the request is malformed or too long");
  if (w->full) return answer(w, event, 503, "this server has too many connections");
  const char *fault = request_fault(&head);
  if (fault) return answer(w, event, 400, fault);
  zw_str host = zw_http_header(&head, "Host"), origin = zw_http_header(&head, "Origin");
  if (!is_our_name(w, host)) return answer(w, event, 403, "the Host is not this server's");
  if (origin.ptr && !is_our_name(w, origin))
    return answer(w, event, 403, "the Origin is not this server's");
  if (zw_http_lists(&head, "Upgrade", "websocket")) return upgrade(w, event, &head);
  *event = (zw_wire_event){
      .kind = ZW_WIRE_HTTP, .method = head.line[0], .path = head.line[1], .host = host};
  w->at += head.len;
  w->state = ZW_WIRE_HTTP_DONE;
  return true;
}

/* ---- client ---- */

void zw_ws_client_request(zw_wire *w) {
  const protocol *p = NULL;
  for (size_t i = 0; i < PROTOCOL_COUNT; i++)
    if (spoken(w, &protocols[i])) p = &protocols[i];
  uint8_t nonce[16];
  unsigned char key[32];
  w->random->fill(w->random->ctx, nonce, sizeof nonce);
  EVP_EncodeBlock(key, nonce, sizeof nonce);
  accept_of((zw_str){(const char *)key, KEY_TEXT_LEN}, w->accept);
  if (p) w->serializer = p->serializer;
  w->text = p && p->text;
  zw_text_printf(&w->output,
                 "GET %.*s HTTP/1.1\r\nHost: %.*s\r\nUpgrade: websocket\r\nConnection: "
                 "Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
                 ZW_ARG(w->options.path), ZW_ARG(w->options.host), (const char *)key,
                 p ? p->name : "");
}

bool zw_ws_response(zw_wire *w, zw_wire_event *event) {
  zw_http_head head;
  int error = zw_http_parse(zw_wire_pending(w), &head);
  if (error == ZW_EAGAIN) return false;
  if (error) return zw_wire_break(w, event, ZW_EPROTO, 0, "the answer to the upgrade is malformed");
  if (!zw_str_eq(head.line[1], ZW_STR("101")) || !zw_http_lists(&head, "Upgrade", "websocket") ||
      !zw_http_lists(&head, "Connection", "upgrade"))
    return zw_wire_break(w, event, ZW_ENET, 0, "the server refuses the upgrade to WebSocket");
  zw_str chosen = zw_http_header(&head, "Sec-WebSocket-Protocol");
  if (!zw_str_eq(zw_http_header(&head, "Sec-WebSocket-Accept"), zw_str_of(w->accept)))
    return zw_wire_break(w, event, ZW_EPROTO, 0, "the server's Sec-WebSocket-Accept is wrong");
  if (zw_http_header(&head, "Sec-WebSocket-Extensions").ptr)
    return zw_wire_break(w, event, ZW_EPROTO, 0, "the server chose an extension, none was offered");
  for (size_t i = 0; i < PROTOCOL_COUNT; i++)
    if (protocols[i].serializer == w->serializer &&
        !zw_str_eq(chosen, zw_str_of(protocols[i].name)))
      return zw_wire_break(w, event, ZW_EPROTO, 0, "the server chose another subprotocol");
  w->at += head.len;
  w->state = ZW_WIRE_WS_FRAMES;
  *event = (zw_wire_event){.kind = ZW_WIRE_OPEN};
  return true;
}
