/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, and what is refused then; closing; every allocation fails once. */
#include "serve_fixture.h"

static int setup(void **state) {
  static serve_fixture f;
  fixture_init(&f);
  *state = &f;
  return 0;
}

static int teardown(void **state) {
  fixture_deinit(*state);
  return 0;
}

static int open_second(serve_fixture *f, zw_diag *diag) {
  zw_server *second = NULL;
  int error = zw_server_open(&second, &f->options, diag);
  assert_true(error == 0 || second == NULL);
  zw_server_close(second);
  return error;
}

static void it_tells_what_it_is(void **state) {
  serve_fixture *f = *state;
  fixture_start(f);
  assert_true(zw_server_store_is_new(f->server));
  assert_int_equal(zw_server_address_count(f->server), 2);
  assert_memory_equal(zw_server_address(f->server, 0), "127.0.0.1:", 10);
  assert_string_equal(zw_server_address(f->server, 1), f->unix_address);
  assert_null(zw_server_address(f->server, 2));
  assert_int_equal(zw_server_model(f->server)->map_count, 1);
  assert_memory_equal(zw_server_schema(f->server)->id, f->schema->id, ZW_SCHEMA_ID_SIZE);
  fixture_restart(f);
  assert_false(zw_server_store_is_new(f->server));
}

static void without_a_schema_the_store_knows_it(void **state) {
  serve_fixture *f = *state;
  fixture_start(f);
  fixture_stop(f);
  f->options.schema = (zw_span){NULL, 0};
  fixture_start(f);
  assert_memory_equal(zw_server_schema(f->server)->id, f->schema->id, ZW_SCHEMA_ID_SIZE);
}

static void without_a_store_it_routes(void **state) {
  serve_fixture *f = *state;
  plain_peer p;
  f->options.data = NULL;
  fixture_start(f);
  assert_false(zw_server_store_is_new(f->server));
  peer_join_raw(&p, f);
  peer_subscribe(&p, "com.example.untyped");
  peer_close(&p);
}

static void a_store_has_one_server(void **state) {
  serve_fixture *f = *state;
  zw_diag diag = {0};
  fixture_start(f);
  f->listen[1] = "127.0.0.1:0";
  assert_int_equal(open_second(f, &diag), ZW_EBUSY);
  assert_true(strlen(diag.message) > 0);
}

static void a_port_has_one_server(void **state) {
  serve_fixture *f = *state;
  zw_diag diag = {0};
  char other[200];
  fixture_start(f);
  snprintf(other, sizeof other, "%s/other", f->folder);
  f->options.data = other;
  f->listen[0] = zw_server_address(f->server, 0);
  assert_int_equal(open_second(f, &diag), ZW_EBUSY);
  assert_non_null(strstr(diag.message, "127.0.0.1:"));
}

static void what_is_no_address_leaves_no_store(void **state) {
  serve_fixture *f = *state;
  zw_diag diag = {0};
  f->listen[1] = "127.0.0.1:99999";
  assert_int_equal(open_second(f, &diag), ZW_EINVAL);
  assert_string_equal(diag.message, "\"127.0.0.1:99999\" is no address. Write HOST:PORT, "
                                    "[IPV6]:PORT or unix:PATH");
  assert_int_equal(access(f->data, F_OK), -1);
}

static void a_foreign_folder_is_refused(void **state) {
  serve_fixture *f = *state;
  zw_diag diag = {0};
  char note[200];
  assert_int_equal(mkdir(f->data, 0700), 0);
  snprintf(note, sizeof note, "%s/note", f->data);
  FILE *file = fopen(note, "w");
  assert_non_null(file);
  fclose(file);
  assert_int_equal(open_second(f, &diag), ZW_EINVAL);
  assert_non_null(strstr(diag.message, "store"));
}

static void note_finding(void *ctx, const zw_finding *finding) {
  if (!finding->warning) snprintf(ctx, 64, "%s %.*s", finding->rule, ZW_ARG(finding->element));
}

static void an_unsafe_schema_is_refused(void **state) {
  serve_fixture *f = *state;
  zw_diag diag = {0};
  char found[64] = "";
  plain_peer p;
  zw_buf *unsafe = read_file(ZEROWIRE_TEST_DATA "/serve/unsafe.bfbs");
  fixture_start(f);
  peer_join_raw(&p, f);
  peer_publish(&p, "com.example.reading", "com.example.Reading", "{\"celsius\":21.5}");
  peer_close(&p);
  fixture_stop(f);
  f->options.schema = zw_buf_span(unsafe);
  f->options.findings = note_finding;
  f->options.findings_ctx = found;
  assert_int_equal(open_second(f, &diag), ZW_EMISMATCH);
  assert_string_equal(found, "FIELD_SAME_TYPE com.example.Reading.celsius");
  zw_buf_unref(unsafe);
}

static void each_allocation_may_fail(void **state) {
  serve_fixture *f = *state;
  f->options.listen_count = 1;
  for (unsigned n = 1;; n++) {
    counting_alloc memory;
    counting_alloc_init(&memory, n);
    zw_diag diag = {0};
    zw_server *server = NULL;
    f->options.alloc = &memory.alloc;
    int error = zw_server_open(&server, &f->options, &diag);
    zw_server_close(server);
    assert_int_equal(memory.live, 0);
    if (!memory.failed) break;
    if (error) assert_int_equal(error, ZW_ENOMEM);
  }
  f->options.alloc = NULL;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(it_tells_what_it_is, setup, teardown),
      cmocka_unit_test_setup_teardown(without_a_schema_the_store_knows_it, setup, teardown),
      cmocka_unit_test_setup_teardown(without_a_store_it_routes, setup, teardown),
      cmocka_unit_test_setup_teardown(a_store_has_one_server, setup, teardown),
      cmocka_unit_test_setup_teardown(a_port_has_one_server, setup, teardown),
      cmocka_unit_test_setup_teardown(what_is_no_address_leaves_no_store, setup, teardown),
      cmocka_unit_test_setup_teardown(a_foreign_folder_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(an_unsafe_schema_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(each_allocation_may_fail, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
