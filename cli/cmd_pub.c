/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire pub: one event, acknowledged; or one a line of stdin (cli_publish.c). */
#include "cli_commands.h"
#include "cli_publish.h"

static int publish_one(zw_cli_link *link, const char *topic, const char *json) {
  const zw_topic_def *def = zw_cli_topic(link, zw_str_of(topic));
  zw_publish_options options = {.acknowledge = true};
  zw_cli_body body;
  zw_diag diag = {0};
  zw_cli_body_init(&body);
  int error = zw_cli_body_read(&body, def ? def->type : NULL, zw_str_of(json), &diag);
  int code = error ? zw_cli_failed(NULL, error, &diag) : 0;
  if (!error) {
    error = zw_client_publish_wait(link->client, zw_str_of(topic), &body.payload, &options, NULL,
                                   &diag);
    if (error) code = zw_cli_remote_failed(link, topic, error, &diag);
  }
  if (code == 0 && link->model && !def) zw_cli_say_untyped(link, topic);
  zw_cli_body_deinit(&body);
  return code;
}

int zw_cli_pub(zw_cli_args *args) {
  zw_cli_link link;
  const char *topic = args->words[0], *json = args->word_count > 1 ? args->words[1] : NULL;
  int code = zw_cli_uri_check(topic, ZW_MATCH_EXACT);
  if (code) return code;
  code = zw_cli_link_open(&link, args);
  if (code == 0)
    code = json && strcmp(json, "-") == 0 ? zw_cli_publish_lines(&link, topic)
                                          : publish_one(&link, topic, json);
  zw_cli_link_close(&link);
  return code;
}
