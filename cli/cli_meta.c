/* SPDX-License-Identifier: Apache-2.0 */
/* What a router tells about itself: the meta procedures that commands ask. */
#include "cli_meta.h"

#include "cli_publish.h"

int zw_cli_meta_call(zw_cli_link *link, const char *procedure, const char *args, const char *kwargs,
                     zw_payload *result, zw_buf **owner, zw_diag *diag) {
  zw_cli_body body;
  zw_cli_body_init(&body);
  *owner = NULL;
  int error = zw_cli_body_args(&body, zw_str_of(args), zw_str_of(kwargs), diag);
  if (!error)
    error = zw_client_call_wait(link->client, zw_str_of(procedure), &body.payload, NULL, NULL, NULL,
                                result, owner, diag);
  zw_cli_body_deinit(&body);
  return error;
}

int zw_cli_meta_numbers(zw_cli_link *link, const char *procedure, const char *args, uint64_t *out,
                        size_t max, size_t *count) {
  zw_payload result = {0};
  zw_buf *owner;
  zw_value_reader values;
  zw_token token = {0};
  *count = 0;
  int error = zw_cli_meta_call(link, procedure, args, NULL, &result, &owner, NULL);
  if (!error && result.args.ptr &&
      !(error = zw_value_reader_init(&values, result.format, result.args, NULL))) {
    while (*count < max && (error = values.reader->next(values.reader, &token, NULL)) == 0 &&
           token.kind != ZW_TOKEN_END)
      if (token.kind == ZW_TOKEN_UINT) out[(*count)++] = token.u;
    zw_value_reader_deinit(&values);
  }
  zw_buf_unref(owner);
  return error;
}

#define SUBSCRIPTIONS_MAX 64

/* How many subscribers the topic has; false: the router does not tell. */
static bool count_subscribers(zw_cli_link *link, const char *topic, uint64_t *out) {
  uint64_t ids[SUBSCRIPTIONS_MAX], members;
  size_t count = 0, one;
  zw_text args;
  zw_text_init(&args, NULL);
  zw_text_add(&args, "[", 1);
  zw_cli_json_string(&args, zw_str_of(topic));
  zw_text_add(&args, "]", 1);
  int error = args.error;
  if (!error)
    error = zw_cli_meta_numbers(link, "wamp.subscription.match", args.ptr, ids, SUBSCRIPTIONS_MAX,
                                &count);
  *out = 0;
  for (size_t i = 0; !error && i < count; i++) {
    char id[32];
    snprintf(id, sizeof id, "[%llu]", (unsigned long long)ids[i]);
    error = zw_cli_meta_numbers(link, "wamp.subscription.count_subscribers", id, &members, 1, &one);
    if (!error && one) *out += members;
  }
  zw_text_deinit(&args);
  return !error;
}

void zw_cli_say_untyped(zw_cli_link *link, const char *topic) {
  zw_cli_hint hint;
  uint64_t subscribers;
  const char *near = zw_cli_procedure(link, zw_str_of(topic))
                         ? " It is a procedure: use zerowire call"
                         : zw_cli_near_topic(link, zw_str_of(topic), &hint);
  if (count_subscribers(link, topic, &subscribers))
    zw_cli_say("no topic \"%s\" in the schema; published untyped to %llu subscriber%s.%s", topic,
               (unsigned long long)subscribers, subscribers == 1 ? "" : "s", near);
  else
    zw_cli_say("no topic \"%s\" in the schema; published untyped.%s", topic, near);
}
