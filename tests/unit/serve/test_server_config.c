/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file: what it says becomes options, and what makes no sense has a place. */
#include <stdio.h>

#include "cmocka_base.h"
#include "counting_alloc.h"
#include "zerowire/serve.h"

static const char all[] =
    "// Everything that there is.\n"
    "{\n"
    "  data: \"/srv/data\", \"realm\": \"mine\", /* names may be bare */\n"
    "  listen: [\"127.0.0.1:1\", 'unix:/run/x'],\n"
    "  sync: \"everysec\", strict: true, max_size: \"10GB\",\n"
    "  queue_max: \"1MiB\", message_max: \"65536\", anonymous: false,\n"
    "  principals: [\n"
    "    {authid: \"joe\", role: \"operator\", ticket: \"a \\\"secret\\\"\"},\n"
    "    {authid: \"ann\", role: \"guest\", ticket: \"\xC3\xBC\"},\n"
    "  ],\n"
    "}\n";

static zw_server_config *parse(const char *text) {
  zw_server_config *config;
  zw_diag diag = {0};
  if (zw_server_config_parse(&config, "x.json", zw_str_of(text), NULL, &diag))
    fail_msg("%s", diag.message);
  return config;
}

static void all_that_a_file_says(void **state) {
  (void)state;
  zw_server_config *config = parse(all);
  zw_server_options o = {.size = sizeof o, .handle_signals = true};
  zw_server_config_apply(config, &o);
  assert_string_equal(o.data, "/srv/data");
  assert_string_equal(o.realm, "mine");
  assert_int_equal(o.listen_count, 2);
  assert_string_equal(o.listen[0], "127.0.0.1:1");
  assert_string_equal(o.listen[1], "unix:/run/x");
  assert_int_equal(o.sync, ZW_SYNC_EVERYSEC);
  assert_true(o.strict);
  assert_int_equal(o.max_size, 10000000000);
  assert_int_equal(o.queue_max, 1 << 20);
  assert_int_equal(o.message_max, 65536);
  assert_true(o.refuse_anonymous);
  assert_int_equal(o.principal_count, 2);
  assert_text_equal(o.principals[0].authid, "joe");
  assert_text_equal(o.principals[0].role, "operator");
  assert_text_equal(o.principals[0].ticket, "a \"secret\"");
  assert_text_equal(o.principals[1].ticket, "\xC3\xBC");
  assert_true(o.handle_signals);
  zw_server_config_destroy(config);
}

static void what_is_not_said_is_as_without_a_file(void **state) {
  (void)state;
  zw_server_config *config = parse("{}");
  zw_server_options o = {.size = sizeof o, .sync = ZW_SYNC_OFF, .realm = "other", .strict = true};
  zw_server_config_apply(config, &o);
  zw_server_options none = {.size = sizeof none};
  assert_null(o.data);
  assert_null(o.realm);
  assert_null(o.listen);
  assert_int_equal(o.listen_count, 0);
  assert_int_equal(o.sync, none.sync);
  assert_int_equal(o.strict, none.strict);
  assert_int_equal(o.max_size, 0);
  assert_int_equal(o.queue_max, 0);
  assert_int_equal(o.message_max, 0);
  assert_false(o.refuse_anonymous);
  assert_int_equal(o.principal_count, 0);
  zw_server_config_destroy(config);
  zw_server_config_destroy(NULL);
}

#define JOE "authid: \"joe\", role: \"r\", "

static void wrong_files(void **state) {
  (void)state;
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"", "x.json:1:1: "},
      {"[]", "x.json:1:1: Config: an object is expected"},
      {"{\n  relm: \"a\"}", "x.json:2:3: Config has no field \"relm\". Did you mean \"realm\"?"},
      {"{sync: \"grop\"}",
       "x.json:1:8: Config.sync: ConfigSync has no value \"grop\". Did you mean"},
      {"{sync: 7}", "x.json: sync is \"group\", \"everysec\" or \"off\", not 7."},
      {"{strict: \"yes\"}", "x.json:1:10: Config.strict: true or false"},
      {"{max_size: 10}", "x.json:1:12: Config.max_size: a string is expected"},
      {"{max_size: \"10 QB\"}", "x.json: max_size is a size such as"},
      {"{max_size: \"0\"}", "x.json: max_size is a size such as"},
      {"{max_size: \"1\"}", "x.json: max_size is from 1048576 to "},
      {"{queue_max: \"1kB\"}", "x.json: queue_max is from 65536 to "},
      {"{message_max: \"17MiB\"}", "x.json: message_max is from 4096 to 16777216 octets"},
      {"{message_max: \"512\"}", "x.json: message_max is from 4096 to 16777216 octets"},
      {"{data: \"\"}", "x.json: data is empty"},
      {"{realm: \"a\\u0000b\"}", "x.json: realm is empty, or has a NUL in it."},
      {"{listen: [\"a:1\", \"\"]}", "x.json: An address of listen is empty"},
      {"{listen: [\"a:1\", \"here\"]}", "x.json: \"here\" is no address. Write HOST:PORT"},
      {"{listen: \"a:1\"}", "x.json:1:10: Config.listen: "},
      {"{principals: [{" JOE "}]}", "x.json:1:15: ConfigPrincipal.ticket: the field is required"},
      {"{principals: [{" JOE "tiket: \"t\"}]}", "Did you mean \"ticket\"?"},
      {"{principals: [{" JOE "ticket: \"\"}]}",
       "x.json: principals[0]: authid, role and ticket are"},
      {"{principals: [{" JOE "ticket: \"t\"}, {" JOE "ticket: \"u\"}]}",
       "x.json: principals[1]: authid \"joe\" is that of principals[0]."},
      {"{anonymous: false}", "x.json: Nobody could log in"},
      {"{anonymous: false, principals: []}", "x.json: Nobody could log in"},
      {"{} {}", "x.json:1:4: "},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    zw_server_config *config = (zw_server_config *)&config;
    zw_diag diag = {0};
    char text[ZW_DIAG_MESSAGE_MAX + 64];
    int error = zw_server_config_parse(&config, "x.json", zw_str_of(cases[i].text), NULL, &diag);
    assert_null(config);
    assert_int_equal(error, diag.error);
    zw_diag_format(&diag, text, sizeof text);
    if (!error || !strstr(text, cases[i].says)) fail_msg("%s: %s", cases[i].text, text);
    assert_int_equal(
        zw_server_config_parse(&config, "x.json", zw_str_of(cases[i].text), NULL, NULL), error);
  }
}

static void each_allocation_may_fail(void **state) {
  (void)state;
  for (unsigned n = 1;; n++) {
    counting_alloc c;
    zw_server_config *config;
    zw_diag diag = {0};
    counting_alloc_init(&c, n);
    int error = zw_server_config_parse(&config, "x.json", zw_str_of(all), &c.alloc, &diag);
    zw_server_config_destroy(config);
    assert_int_equal(c.live, 0);
    assert_int_equal(error, c.failed ? ZW_ENOMEM : 0);
    if (!c.failed) break;
    assert_string_equal(diag.at.file, "x.json");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_that_a_file_says),
      cmocka_unit_test(what_is_not_said_is_as_without_a_file),
      cmocka_unit_test(wrong_files),
      cmocka_unit_test(each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
