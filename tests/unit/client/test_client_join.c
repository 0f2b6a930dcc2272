/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, and why it fails. */
#include "scripted_router.h"

static int open_error(const zw_client_options *options, zw_diag *diag) {
  zw_client *client = NULL;
  int error = zw_client_open(&client, options, diag);
  if (error) assert_null(client);
  zw_client_close(client);
  return error;
}

static void wrong_urls(void **state) {
  (void)state;
  static const struct {
    const char *url;
    int error;
    const char *says;
  } rows[] = {
      {"", ZW_EINVAL, "no router URL"},
      {"http://localhost", ZW_EINVAL, "Write rs://HOST:PORT"},
      {"rs://", ZW_EINVAL, "a host is missing"},
      {"ws:///path", ZW_EINVAL, "a host is missing"},
      {"unix:", ZW_EINVAL, "path is missing"},
      {"rss://localhost:1", ZW_ENOTSUP, "TLS is not supported"},
      {"wss://localhost:1", ZW_ENOTSUP, "TLS is not supported"},
      {"rs://127.0.0.1:99999", ZW_EINVAL, "is no address"},
      {"rs://127.0.0.1:1", ZW_ENET, "refused"},
      {"unix:/tmp/zerowire_no_such.sock", ZW_ENET, "no such file"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    zw_diag diag = {0};
    zw_client_options options = {.size = sizeof options, .url = rows[i].url};
    assert_int_equal(open_error(&options, &diag), rows[i].error);
    if (!strstr(diag.message, rows[i].says)) fail_msg("%s: %s", rows[i].url, diag.message);
  }
}

/* ---- what the router answers to HELLO ---- */

static const char *abort_uri;

static bool answer_abort(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  zw_msg answer;
  (void)r;
  if (msg->code != ZW_HELLO) return false;
  zw_msg_init(&answer, ZW_ABORT);
  answer.uri = zw_str_of(abort_uri);
  answer.message = ZW_STR("so it is");
  router_send(conn, &answer);
  return true;
}

static void refusals(void **state) {
  (void)state;
  static const struct {
    const char *uri;
    int error;
  } rows[] = {
      {"wamp.error.no_such_realm", ZW_EREMOTE},
      {"wamp.error.authentication_failed", ZW_EAUTH},
      {"wamp.error.no_matching_auth_method", ZW_EAUTH},
      {"zerowire.error.schema_mismatch", ZW_EMISMATCH},
  };
  scripted_router r = {.script = answer_abort};
  router_start(&r, "127.0.0.1:0");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    zw_diag diag = {0};
    char expected[200];
    zw_client_options options = {.size = sizeof options, .url = i & 1 ? r.url : r.ws_url};
    abort_uri = rows[i].uri;
    assert_int_equal(open_error(&options, &diag), rows[i].error);
    snprintf(expected, sizeof expected, "%s: %s: so it is", options.url, rows[i].uri);
    assert_string_equal(diag.message, expected);
  }
  router_stop(&r);
}

static bool answer_nothing(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  (void)r;
  (void)conn;
  (void)msg;
  return true;
}

static bool answer_event(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  zw_msg answer;
  (void)r;
  if (msg->code != ZW_HELLO) return true;
  zw_msg_init(&answer, ZW_EVENT);
  answer.subscription = answer.publication = 1;
  router_send(conn, &answer);
  return true;
}

static bool answer_end(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  (void)r;
  (void)msg;
  zw_conn_abort(conn);
  return true;
}

static void bad_routers(void **state) {
  (void)state;
  static const struct {
    bool (*script)(scripted_router *, zw_conn *, const zw_msg *);
    int error;
    const char *says;
  } rows[] = {
      {answer_nothing, ZW_ETIMEOUT, "does not answer within 500 ms"},
      {answer_event, ZW_EPROTO, "EVENT is not allowed"},
      {answer_end, ZW_ENET, "closed"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    scripted_router r = {.script = rows[i].script};
    router_start(&r, "127.0.0.1:0");
    zw_diag diag = {0};
    zw_client_options options = {.size = sizeof options,
                                 .url = r.url,
                                 .timeout_ms = rows[i].error == ZW_ETIMEOUT ? 500 : 5000};
    int error = open_error(&options, &diag);
    if (error != rows[i].error || (i != 2 && !strstr(diag.message, rows[i].says)))
      fail_msg("%zu: %s: %s", i, zw_error_name(error), diag.message);
    router_stop(&r);
  }
}

static void no_common_serializer(void **state) {
  (void)state;
  scripted_router r = {0};
  router_start(&r, "127.0.0.1:0");
  for (int ws = 0; ws < 2; ws++) {
    zw_diag diag = {0};
    zw_client_options options = {
        .size = sizeof options, .url = ws ? r.ws_url : r.url, .serializer = ZW_MSGPACK};
    assert_int_equal(open_error(&options, &diag), ZW_ENET);
    assert_non_null(strstr(diag.message, ws ? "refuses the upgrade" : "does not speak this"));
  }
  router_stop(&r);
}

/* ---- login ---- */

static char hello_authid[32], signature[32];

static bool ask_ticket(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  zw_msg answer;
  (void)r;
  if (msg->code == ZW_HELLO) {
    snprintf(hello_authid, sizeof hello_authid, "%.*s", ZW_ARG(msg->authid));
    zw_msg_init(&answer, ZW_CHALLENGE);
    answer.method = ZW_STR("ticket");
    router_send(conn, &answer);
    return true;
  }
  if (msg->code != ZW_AUTHENTICATE) return false;
  snprintf(signature, sizeof signature, "%.*s", ZW_ARG(msg->signature));
  router_welcome(conn);
  return true;
}

static void login_by_ticket(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_FLATBUFFERS, ZW_CBOR, ZW_JSON};
  for (size_t i = 0; i < 3; i++) {
    scripted_router r = {.script = ask_ticket};
    router_start(&r, "127.0.0.1:0");
    zw_diag diag = {0};
    zw_client_options options = {.size = sizeof options,
                                 .url = r.url,
                                 .serializer = serializers[i],
                                 .authid = "joe",
                                 .ticket = "secret"};
    if (open_error(&options, &diag)) fail_msg("%s", diag.message);
    assert_string_equal(hello_authid, "joe");
    assert_string_equal(signature, "secret");
    options.ticket = NULL;
    assert_int_equal(open_error(&options, &diag), ZW_EAUTH);
    assert_non_null(strstr(diag.message, "there is no ticket"));
    router_stop(&r);
  }
}

/* ---- versions ---- */

static char hello_versions[300];

static bool keep_versions(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  zw_text text;
  (void)r;
  (void)conn;
  if (msg->code != ZW_HELLO) return false;
  zw_text_init(&text, NULL);
  assert_int_equal(
      zw_value_convert(msg->x_zerowire.format, msg->x_zerowire.octets, ZW_FORMAT_JSON, &text, NULL),
      0);
  snprintf(hello_versions, sizeof hello_versions, "%.*s", ZW_ARG(zw_text_str(&text)));
  zw_text_deinit(&text);
  return false;
}

static void versions_at_join(void **state) {
  (void)state;
  zw_stamp stamp = {.abi = ZW_ABI, .compiler = "0.1.0", .schema_id = {0xAB, 0xCD}};
  scripted_router r = {
      .script = keep_versions,
      .versions = "{\"abi\":1,\"schemas\":[{\"id\":\"abcd0000000000000000000000000000\"}]}"};
  router_start(&r, "127.0.0.1:0");
  zw_diag diag = {0};
  zw_client_options options = {.size = sizeof options, .url = r.url, .stamp = &stamp};
  if (open_error(&options, &diag)) fail_msg("%s", diag.message);
  assert_string_equal(hello_versions,
                      "{\"abi\":1,\"compiler\":\"0.1.0\",\"schemas\":[{\"namespace\":\"\",\"id\":"
                      "\"abcd0000000000000000000000000000\"}]}");
  stamp.abi++;
  assert_int_equal(open_error(&options, &diag), ZW_EVERSION);
  assert_non_null(strstr(diag.message, "Compile the schema again"));
  router_stop(&r);
}

static void a_router_without_schemas(void **state) {
  (void)state;
  for (int zerowire = 0; zerowire < 2; zerowire++) {
    scripted_router r = {.versions = zerowire ? "{\"abi\":1,\"schemas\":[]}" : NULL};
    router_start(&r, "127.0.0.1:0");
    zw_client *client = client_of(r.url, ZW_FLATBUFFERS);
    zw_schema *schema = NULL;
    zw_diag diag = {0};
    int error = zw_client_schema(client, &schema, &diag);
    assert_int_equal(error,
                     zerowire ? ZW_EREMOTE : ZW_ENOTSUP); /* test router: no such procedure */
    assert_null(schema);
    zw_client_close(client);
    router_stop(&r);
  }
}

/* ---- memory ---- */

static void every_allocation_may_fail(void **state) {
  (void)state;
  scripted_router r = {0};
  router_start(&r, "127.0.0.1:0");
  size_t failures = 0;
  for (size_t n = 1;; n++) {
    counting_alloc memory;
    counting_alloc_init(&memory, n);
    zw_client_options options = {.size = sizeof options,
                                 .url = n & 1 ? r.url : r.ws_url,
                                 .alloc = &memory.alloc,
                                 .timeout_ms = 1000};
    zw_client *client = NULL;
    zw_diag diag = {0};
    int error = zw_client_open(&client, &options, &diag);
    if (!error) {
      static uint8_t octets[3000];
      zw_payload payload = {.format = ZW_FORMAT_FLATBUFFER, .typed = {octets, sizeof octets}};
      uint64_t id;
      error = zw_client_subscribe(client, ZW_STR("a.b"), NULL, NULL, NULL, &id, &diag);
      if (!error) error = zw_client_register(client, ZW_STR("a.c"), NULL, NULL, &id, &diag);
      if (!error)
        error = zw_client_publish_wait(client, ZW_STR("a.b"), &payload, NULL, NULL, &diag);
      zw_client_close(client);
    }
    assert_int_equal(memory.live, 0);
    failures += error != 0;
    if (!memory.failed) {
      assert_int_equal(error, 0);
      break;
    }
    if (error) assert_true(diag.message[0] != 0);
    assert_true(n < 500);
  }
  assert_true(failures > 10);
  router_stop(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrong_urls),
      cmocka_unit_test(refusals),
      cmocka_unit_test(bad_routers),
      cmocka_unit_test(no_common_serializer),
      cmocka_unit_test(login_by_ticket),
      cmocka_unit_test(versions_at_join),
      cmocka_unit_test(a_router_without_schemas),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
