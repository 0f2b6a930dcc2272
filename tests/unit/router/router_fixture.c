/* SPDX-License-Identifier: Apache-2.0 */
/* The fixture's peers: messages both ways through their serializers. */
#include "router_fixture_store.h"

/* ---- what the router asks of its owner ------------------------------------------------------------ */

static void inbox_add(fixture_peer *p, zw_span octets) {
  fixture *f = p->f;
  zw_wamp_limits limits = {.legacy = p->legacy, .scratch = &f->arena};
  zw_diag diag;
  void *array = p->inbox, *copy = zw_arena_get(&f->arena, octets.len);
  memcpy(copy, octets.ptr, octets.len);
  assert_int_equal(zw_array_reserve(NULL, &array, &p->capacity, p->count + 1, sizeof *p->inbox), 0);
  p->inbox = array;
  int error = zw_msg_decode(&p->inbox[p->count], p->serializer, zw_span_of(copy, octets.len),
                            &limits, &diag);
  if (error) fail_msg("a message of the router does not decode: %s", diag.message);
  p->count++;
}

static zw_span encode(fixture_peer *p, const zw_msg *msg) {
  fixture *f = p->f;
  zw_encoded encoded;
  zw_diag diag;
  uint32_t flags = p->legacy ? ZW_ENCODE_LEGACY : 0;
  int error = zw_msg_encode(&f->encoder, p->serializer, flags, msg, &encoded, &diag);
  if (error) fail_msg("%s does not encode: %s", zw_msg_name(msg->code), diag.message);
  uint8_t *whole = zw_arena_get(&f->arena, encoded.len + 1);
  size_t at = 0;
  for (uint32_t i = 0; i < encoded.count; i++) {
    memcpy(whole + at, encoded.parts[i].ptr, encoded.parts[i].len);
    at += encoded.parts[i].len;
  }
  return zw_span_of(whole, encoded.len);
}

static void io_send(void *ctx, zw_peer *const *peers, size_t count, const zw_msg *msg,
                    zw_buf *owner, bool mapped) {
  ((fixture *)ctx)->sends++;
  assert_true(!mapped || !owner);
  for (size_t i = 0; i < count; i++) {
    fixture_peer *p = zw_peer_user(peers[i]);
    assert_false(p->closed);
    p->legacy = zw_peer_is_legacy(peers[i]);
    inbox_add(p, encode(p, msg));
  }
}

static void io_close(void *ctx, zw_peer *peer) {
  fixture_peer *p = zw_peer_user(peer);
  (void)ctx;
  assert_false(p->closed);
  p->closed = true;
}

static bool io_has_room(void *ctx, zw_peer *peer) {
  const fixture_peer *p = zw_peer_user(peer);
  (void)ctx;
  return !p->full;
}

/* In turns: a few events, then the transport has to take them. */
static bool io_takes_log(void *ctx, zw_peer *peer) {
  fixture *f = ctx;
  fixture_peer *p = zw_peer_user(peer);
  if (p->turn != f->turns) {
    p->turn = f->turns;
    p->log_events = 0;
  }
  if (p->full) return false;
  if (p->log_events++ < 5) return true;
  f->held = true;
  return false;
}

static int64_t io_clock(void *ctx) {
  fixture *f = ctx;
  return f->now;
}

static void fill_random(void *ctx, uint8_t *out, size_t len) {
  fixture *f = ctx;
  for (size_t i = 0; i < len; i++) {
    f->seed = f->seed * 6364136223846793005u + 1442695040888963407u;
    out[i] = (uint8_t)(f->seed >> 56);
  }
}

/* ---- life -------------------------------------------------------------------------------------------- */

int fixture_start(fixture *f) {
  static const zw_principal principals[] = {{{"joe", 3}, {"operator", 8}, {"secret", 6}}};
  zw_diag diag;
  zw_router_options options = {.size = sizeof options,
                               .alloc = &f->memory.alloc,
                               .io = {.send = io_send,
                                      .close = io_close,
                                      .has_room = io_has_room,
                                      .clock = io_clock,
                                      .random = {fill_random, f},
                                      .ctx = f,
                                      .takes_log = f->paced ? io_takes_log : NULL},
                               .agent = "zerowire-test",
                               .subscriptions_max = 40,
                               .registrations_max = 8,
                               .calls_max = 16};
  zw_realm_options realm = {.size = sizeof realm,
                            .name = ZW_STR("realm1"),
                            .model = &fixture_model,
                            .storage = &f->storage,
                            .anonymous_local = true,
                            .principals = principals,
                            .principal_count = f->no_tickets ? 0 : 1,
                            .strict = f->strict};
  f->router = NULL;
  int error = zw_router_create(&f->router, &options);
  if (!error) error = zw_router_realm_add(f->router, &realm, &f->realm, &diag);
  if (error) fixture_stop(f);
  return error;
}

void fixture_stop(fixture *f) {
  zw_router_destroy(f->router);
  f->router = NULL;
  f->queue_count = 0;
}

void fixture_init(fixture *f) {
  memset(f, 0, sizeof *f);
  counting_alloc_init(&f->memory, 0);
  zw_arena_init(&f->arena, NULL);
  zw_encoder_init(&f->encoder, NULL);
  zw_builder_init(&f->builder, NULL);
  f->now = 1700000000000000000;
  f->seed = 42;
  fixture_store_init(f);
}

void fixture_deinit(fixture *f) {
  fixture_stop(f);
  fixture_turn(f);
  assert_int_equal(f->memory.live, 0);
  assert_int_equal(f->cursors, 0);
  zw_encoder_deinit(&f->encoder);
  zw_builder_deinit(&f->builder);
  zw_alloc_free(zw_alloc_default(), f->log, f->log_capacity * sizeof *f->log);
  zw_arena_deinit(&f->arena);
}

/* Until nobody reads from the log who can. */
void fixture_pump(fixture *f) {
  unsigned turns = 0;
  bool more;
  do {
    assert_true(turns++ < 10000);
    fixture_turn(f);
    f->held = false;
    more = zw_router_pump(f->router);
  } while (more || f->held);
  fixture_turn(f);
}

/* ---- peers ----------------------------------------------------------------------------------------------- */

void fixture_attach(fixture *f, fixture_peer *p, enum zw_serializer serializer) {
  *p = (fixture_peer){.f = f, .serializer = serializer};
  zw_peer_options options = {.serializer = serializer,
                             .local = !f->remote,
                             .transport = ZW_STR("rawsocket"),
                             .address = ZW_STR("127.0.0.1:1"),
                             .user = p};
  p->next_request = 1;
  if (zw_router_attach(f->router, &options, &p->peer)) p->peer = NULL;
}

void fixture_leave(fixture_peer *p) {
  if (p->peer) zw_router_detach(p->f->router, p->peer);
  p->peer = NULL;
  p->closed = true;
  zw_alloc_free(zw_alloc_default(), p->inbox, p->capacity * sizeof *p->inbox);
  p->inbox = NULL;
  p->count = p->taken = p->capacity = 0;
}

void fixture_send(fixture_peer *p, const zw_msg *msg) {
  fixture *f = p->f;
  zw_msg decoded;
  zw_diag diag;
  zw_wamp_limits limits = {.legacy = p->legacy, .scratch = &f->arena};
  zw_buf *owner = zw_buf_copy(NULL, encode(p, msg));
  int error = zw_msg_decode(&decoded, p->serializer, zw_buf_span(owner), &limits, &diag);
  if (error) fail_msg("%s does not decode: %s", zw_msg_name(msg->code), diag.message);
  if (p->peer && !p->closed) zw_router_receive(f->router, p->peer, &decoded, owner);
  zw_buf_unref(owner);
}

void fixture_join(fixture *f, fixture_peer *p, enum zw_serializer serializer) {
  zw_msg hello;
  fixture_attach(f, p, serializer);
  if (!p->peer) return;
  zw_msg_init(&hello, ZW_HELLO);
  hello.uri = ZW_STR("realm1");
  hello.roles =
      (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_str_span(ZW_STR("{\"subscriber\":{}}"))};
  fixture_send(p, &hello);
  if (f->memory.failed) return;
  p->session = fixture_take(p, ZW_WELCOME)->session;
}

void fixture_begin(fixture_peer *p, zw_msg *msg, enum zw_msg_code code) {
  zw_msg_init(msg, code);
  msg->request = p->next_request++;
}

/* ---- what came back ----------------------------------------------------------------------------------------- */

static const char *text_of(fixture *f, const zw_text *text) {
  return zw_arena_str(&f->arena, zw_text_str(text)).ptr;
}

const char *fixture_args(fixture *f, const zw_msg *msg, const zw_type *type) {
  zw_text text;
  zw_json_writer writer;
  zw_diag diag;
  int error = 0;
  zw_text_init(&text, NULL);
  if (msg->payload.ptr) {
    assert_non_null(type);
    assert_int_equal(zw_verify(type, msg->payload, NULL, NULL, &diag), 0);
    zw_json_writer_init(&writer, &text, 0, 0);
    error = zw_object_write_args(type, zw_root_trusted(msg->payload), 0, &writer.writer);
  } else if (msg->args.ptr && msg->payload_format == ZW_FORMAT_JSON) {
    zw_text_add(&text, msg->args.ptr, msg->args.len);
  } else if (msg->args.ptr) {
    error = zw_value_convert(msg->payload_format, msg->args, ZW_FORMAT_JSON, &text, &diag);
  }
  assert_int_equal(error, 0);
  const char *copy = text_of(f, &text);
  zw_text_deinit(&text);
  return copy;
}

const zw_msg *fixture_take(fixture_peer *p, enum zw_msg_code code) {
  if (p->taken == p->count) fail_msg("%s is expected, and nothing came", zw_msg_name(code));
  const zw_msg *msg = &p->inbox[p->taken++];
  if (msg->code != code)
    fail_msg("%s is expected, %s came: %.*s %.*s %s", zw_msg_name(code), zw_msg_name(msg->code),
             ZW_ARG(msg->uri), ZW_ARG(msg->message),
             msg->code == ZW_ERROR ? fixture_args(p->f, msg, NULL) : "");
  return msg;
}

void fixture_expect_none(const fixture_peer *p) {
  if (p->taken != p->count) fail_msg("%s was not expected", zw_msg_name(p->inbox[p->taken].code));
}

void fixture_expect_error(fixture_peer *p, enum zw_msg_code request_type, const char *uri,
                          const char *words) {
  const zw_msg *msg = fixture_take(p, ZW_ERROR);
  assert_int_equal(msg->request_type, request_type);
  assert_text_equal(msg->uri, uri);
  if (words && !p->legacy && !strstr(fixture_args(p->f, msg, NULL), words))
    fail_msg("\"%s\" is not in %s", words, fixture_args(p->f, msg, NULL));
}

/* ---- requests -------------------------------------------------------------------------------------------------- */

void fixture_set_args(zw_msg *msg, const char *args) {
  if (!args) return;
  msg->payload_format = ZW_FORMAT_JSON;
  msg->args = zw_str_span(zw_str_of(args));
}

uint64_t fixture_subscribe(fixture_peer *p, const char *uri, enum zw_match match,
                           const char *x_from) {
  zw_msg msg;
  fixture_begin(p, &msg, ZW_SUBSCRIBE);
  msg.uri = zw_str_of(uri);
  msg.match = (uint8_t)match;
  msg.has |= 1ull << ZW_HAS_MATCH;
  if (x_from) {
    msg.x_from = (zw_value){.format = ZW_FORMAT_JSON, .octets = zw_str_span(zw_str_of(x_from))};
    msg.has |= 1ull << ZW_HAS_X_FROM;
  }
  fixture_send(p, &msg);
  return msg.request;
}

uint64_t fixture_subscribed(fixture_peer *p, const char *uri, enum zw_match match,
                            const char *x_from) {
  fixture_subscribe(p, uri, match, x_from);
  return fixture_take(p, ZW_SUBSCRIBED)->subscription;
}

uint64_t fixture_publish(fixture_peer *p, const char *uri, const char *args, bool acknowledge) {
  zw_msg msg;
  fixture_begin(p, &msg, ZW_PUBLISH);
  msg.uri = zw_str_of(uri);
  msg.acknowledge = acknowledge;
  fixture_set_args(&msg, args);
  fixture_send(p, &msg);
  return msg.request;
}

uint64_t fixture_call(fixture_peer *p, const char *uri, const char *args, const char *kwargs) {
  zw_msg msg;
  fixture_begin(p, &msg, ZW_CALL);
  msg.uri = zw_str_of(uri);
  fixture_set_args(&msg, args);
  if (kwargs) {
    msg.payload_format = ZW_FORMAT_JSON;
    msg.kwargs = zw_str_span(zw_str_of(kwargs));
    if (!args) msg.args = zw_str_span(ZW_STR("[]"));
  }
  fixture_send(p, &msg);
  return msg.request;
}

uint64_t fixture_registered(fixture_peer *p, const char *uri) {
  zw_msg msg;
  fixture_begin(p, &msg, ZW_REGISTER);
  msg.uri = zw_str_of(uri);
  fixture_send(p, &msg);
  return fixture_take(p, ZW_REGISTERED)->registration;
}
