/* SPDX-License-Identifier: Apache-2.0 */
/* The router's schemas: fetched, and compared with ours at join. */
#include "scripted_router.h"

typedef struct schema_file {
  uint8_t octets[16384];
  size_t len;
  zw_schema *schema;
  char id[2 * ZW_SCHEMA_ID_SIZE + 1];
} schema_file;

static void load(schema_file *f, const char *name) {
  char path[300];
  snprintf(path, sizeof path, "%s/serve/%s.bfbs", ZEROWIRE_TEST_DATA, name);
  FILE *file = fopen(path, "rb");
  if (!file) fail_msg("no %s", path);
  f->len = fread(f->octets, 1, sizeof f->octets, file);
  fclose(file);
  assert_true(f->len < sizeof f->octets);
  zw_diag diag = {0};
  if (zw_schema_load(&f->schema, zw_span_of(f->octets, f->len), NULL, &diag))
    fail_msg("%s: %s", path, diag.message);
  zw_schema_id_text(f->schema->id, f->id);
}

static schema_file telemetry, grown, unsafe;
static schema_file *current, *former; /* of the router */
static char asked_for[64];

static void answer_octets(zw_conn *conn, uint64_t request, zw_span octets) {
  zw_msg result;
  zw_text text;
  zw_cbor_writer w;
  const zw_token tokens[] = {{.kind = ZW_TOKEN_ARRAY, .count = 1},
                             {.kind = ZW_TOKEN_BYTES, .bytes = octets},
                             {.kind = ZW_TOKEN_ARRAY_END}};
  zw_text_init(&text, NULL);
  zw_cbor_writer_init(&w, &text);
  for (size_t i = 0; i < 3; i++) (void)w.writer.write(&w.writer, &tokens[i]);
  zw_msg_init(&result, ZW_RESULT);
  result.payload_format = ZW_FORMAT_CBOR;
  result.args = zw_str_span(zw_text_str(&text));
  router_result(conn, request, &result, false);
  zw_text_deinit(&text);
}

static void answer_list(zw_conn *conn, uint64_t request) {
  zw_msg result;
  char list[600];
  int n =
      snprintf(list, sizeof list,
               "[[{\"id\":\"%s\",\"namespace\":\"an.old.namespace.of_32_characters\","
               "\"current\":false},{\"id\":\"%s\",\"namespace\":\"com.example\",\"current\":true},"
               "{\"id\":\"%s\",\"namespace\":\"x\",\"current\":false}]]",
               former->id, current->id, former->id);
  zw_msg_init(&result, ZW_RESULT);
  result.payload_format = ZW_FORMAT_JSON;
  result.args = zw_span_of(list, (size_t)n);
  router_result(conn, request, &result, false);
}

static bool answer_schemas(scripted_router *r, zw_conn *conn, const zw_msg *msg) {
  (void)r;
  if (msg->code != ZW_CALL) return false;
  if (zw_str_eq(msg->uri, ZW_STR("zerowire.schema.list"))) {
    answer_list(conn, msg->request);
    return true;
  }
  zw_value args = {.format = msg->payload_format, .octets = msg->args};
  size_t at = 0;
  zw_str id = {NULL, 0};
  assert_int_equal(zw_value_next_str(&args, &at, &id), 1);
  snprintf(asked_for, sizeof asked_for, "%.*s", ZW_ARG(id));
  answer_octets(conn, msg->request, zw_span_of(current->octets, current->len));
  return true;
}

static void the_current_schema_is_fetched(void **state) {
  (void)state;
  static const enum zw_serializer serializers[] = {ZW_FLATBUFFERS, ZW_CBOR, ZW_JSON};
  current = &telemetry;
  former = &grown;
  for (size_t i = 0; i < 3; i++) {
    scripted_router r = {.script = answer_schemas, .versions = "{\"abi\":1,\"schemas\":[]}"};
    router_start(&r, "127.0.0.1:0");
    zw_client *client = client_of(r.url, serializers[i]);
    zw_schema *schema = NULL;
    zw_diag diag = {0};
    if (zw_client_schema(client, &schema, &diag)) fail_msg("%s", diag.message);
    assert_string_equal(asked_for, telemetry.id);
    assert_memory_equal(schema->id, telemetry.schema->id, ZW_SCHEMA_ID_SIZE);
    zw_schema_destroy(schema);
    zw_client_close(client);
    router_stop(&r);
  }
}

static int join_with(const zw_schema *own, zw_diag *diag) {
  char versions[200];
  snprintf(versions, sizeof versions,
           "{\"abi\":1,\"schemas\":[{\"namespace\":\"x\",\"id\":\"%s\"}]}", current->id);
  scripted_router r = {.script = answer_schemas, .versions = versions};
  router_start(&r, "127.0.0.1:0");
  zw_client_options options = {.size = sizeof options, .url = r.url, .schema = own};
  zw_client *client = NULL;
  asked_for[0] = 0;
  int error = zw_client_open(&client, &options, diag);
  zw_client_close(client);
  router_stop(&r);
  return error;
}

static void schemas_are_compared_at_join(void **state) {
  (void)state;
  zw_diag diag = {0};
  current = former = &telemetry;
  assert_int_equal(join_with(telemetry.schema, &diag), 0);
  assert_string_equal(asked_for, ""); /* equal ids: nothing to ask */
  if (join_with(grown.schema, &diag)) fail_msg("%s", diag.message);
  assert_string_equal(asked_for, telemetry.id);
  assert_int_equal(join_with(unsafe.schema, &diag), ZW_EMISMATCH);
  assert_non_null(strstr(diag.message, "com.example."));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_current_schema_is_fetched),
      cmocka_unit_test(schemas_are_compared_at_join),
  };
  load(&telemetry, "telemetry");
  load(&grown, "grown");
  load(&unsafe, "unsafe");
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  zw_schema_destroy(telemetry.schema);
  zw_schema_destroy(grown.schema);
  zw_schema_destroy(unsafe.schema);
  return failed;
}
