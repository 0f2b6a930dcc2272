/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Topics and procedures: the methods of every service with type: "interface". No two methods share
 * URI and match.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model_build.h"

/* One method with its URI, for sorting. */
typedef struct declared {
  zw_str uri;
  enum zw_match match;
  const zw_service *service;
  const zw_method *method;
  bool is_topic;
  size_t order; /* of declaration */
} declared;

static zw_str value_of(const zw_method *method, const char *name) {
  return zw_model_value(method->attributes, method->attribute_count, name);
}

static bool has(const zw_method *method, const char *name) {
  return zw_attribute_get(method->attributes, method->attribute_count, zw_str_of(name)).ptr;
}

static zw_model_site site_at(const declared *d, const char *attribute) {
  return (zw_model_site){
      .owner = d->service->name, .member = d->method->name, .attribute = zw_str_of(attribute)};
}

/* ---- the URI ---- */

/* The method's own, or the service's, a dot and the method's name. */
static zw_str uri_of(model_builder *m, const zw_service *service, const zw_method *method) {
  zw_str own = value_of(method, "wampuri");
  zw_str base = zw_model_value(service->attributes, service->attribute_count, "wampuri");
  if (own.ptr || !base.ptr) return own;
  size_t len = base.len + 1 + method->name.len;
  char *text = zw_model_array(m, len, 1);
  if (!text) return own;
  if (base.len) memcpy(text, base.ptr, base.len);
  text[base.len] = '.';
  memcpy(text + base.len + 1, method->name.ptr, method->name.len);
  return (zw_str){text, len};
}

static bool check_uri(model_builder *m, const declared *d) {
  zw_model_site site = site_at(d, "wampuri");
  if (!d->uri.ptr) {
    if (!has(d->method, "wampuri"))
      zw_model_find(
          m, &site, RULE_URI_MISSING,
          "it has no URI. Write wampuri: \"com.example\" on the service, or on the method");
    return false;
  }
  if (!zw_model_uri_valid(d->uri, d->match)) {
    zw_model_find(m, &site, RULE_URI_INVALID,
                  "\"%.*s\" is no URI. Write components parted by dots, without white space and #",
                  ZW_ARG(d->uri));
    return false;
  }
  bool reserved = d->uri.len >= 4 && memcmp(d->uri.ptr, "wamp", 4) == 0 &&
                  (d->uri.len == 4 || d->uri.ptr[4] == '.');
  if (reserved)
    zw_model_find(m, &site, RULE_URI_RESERVED,
                  "\"%.*s\" begins with \"wamp\", which is the protocol's own. Take another",
                  ZW_ARG(d->uri));
  return !reserved;
}

static enum zw_match match_of(model_builder *m, const declared *d) {
  static const zw_str words[] = {{"exact", 5}, {"prefix", 6}, {"wildcard", 8}};
  static const model_words list = {words, 3};
  zw_model_site site = site_at(d, "match");
  zw_str value = value_of(d->method, "match");
  int i = value.ptr ? zw_model_word(m, &site, RULE_MATCH_UNKNOWN, value, &list) : 0;
  if (i > 0 && !d->is_topic)
    zw_model_find(m, &site, RULE_MATCH_PROCEDURE,
                  "match: \"%.*s\" on a procedure is not supported, only on topics", ZW_ARG(value));
  return i < 0 ? ZW_MATCH_EXACT : (enum zw_match)i;
}

/* ---- one method ---- */

/* False: a finding was made. */
static bool type_of(model_builder *m, declared *d) {
  static const zw_str words[] = {{"topic", 5}, {"procedure", 9}};
  static const model_words list = {words, 2};
  zw_model_site site = site_at(d, "type");
  zw_str value = value_of(d->method, "type");
  if (!value.ptr) {
    if (!has(d->method, "type"))
      zw_model_find(m, &site, RULE_TYPE_MISSING,
                    "a method of an interface is a topic or a procedure. Write type: \"topic\" or "
                    "type: \"procedure\"");
    return false;
  }
  int i = zw_model_word(m, &site, RULE_TYPE_UNKNOWN, value, &list);
  d->is_topic = i == 0;
  return i >= 0;
}

static enum zw_streaming streaming_of(model_builder *m, const declared *d) {
  static const zw_str words[] = {{"none", 4}, {"server", 6}, {"client", 6}, {"bidi", 4}};
  static const model_words list = {words, 4};
  zw_model_site site = site_at(d, "streaming");
  zw_str value = value_of(d->method, "streaming");
  int i = value.ptr ? zw_model_word(m, &site, RULE_STREAMING_UNKNOWN, value, &list) : 0;
  zw_str op = value_of(d->method, "op");
  if (i <= 0) return ZW_STREAM_NONE;
  if (d->is_topic)
    zw_model_find(m, &site, RULE_STREAMING_PLACE, "a topic has no streaming. Remove it");
  else if (i > ZW_STREAM_SERVER)
    zw_model_find(m, &site, RULE_STREAMING_CLIENT, "streaming: \"%.*s\" is not supported",
                  ZW_ARG(value));
  else if (op.ptr && !zw_str_eq(op, ZW_STR("select")))
    zw_model_find(m, &site, RULE_STREAMING_PLACE, "op: \"%.*s\" answers once. Remove streaming",
                  ZW_ARG(op));
  return (enum zw_streaming)i;
}

/* A change is told under one URI, an answer is given under one: no patterns. */
static void check_operation_match(model_builder *m, const declared *d) {
  zw_model_site site = site_at(d, "match");
  if (d->match != ZW_MATCH_EXACT && has(d->method, "op"))
    zw_model_find(m, &site, RULE_OP_PATTERN, "a method with op has one URI. Remove match");
}

static void make_topic(model_builder *m, const declared *d, zw_topic_def *topic) {
  zw_model_site site = site_at(d, "compat");
  model_operation operation;
  *topic = (zw_topic_def){.uri = d->uri,
                          .match = d->match,
                          .type = d->method->request,
                          .service = d->service,
                          .method = d->method};
  zw_model_compat(m, &site, value_of(d->method, "compat"), &topic->compat, &topic->transitive);
  site.attribute = (zw_str){NULL, 0};
  if (!zw_model_is_void(d->method->response))
    zw_model_find(m, &site, RULE_TOPIC_RETURNS_VOID, "a topic returns Void, not %.*s",
                  ZW_ARG(zw_short_name(d->method->response->name)));
  zw_model_history(m, d->method, &site, topic);
  zw_model_operation(m, d->method, &site, true, &operation);
  check_operation_match(m, d);
  streaming_of(m, d);
  if (has(d->method, "idempotent")) {
    site.attribute = ZW_STR("idempotent");
    zw_model_find(m, &site, RULE_STREAMING_PLACE, "a topic is not called. Remove idempotent");
  }
  topic->op = operation.op;
  topic->map = operation.map;
}

static void make_procedure(model_builder *m, const declared *d, zw_procedure_def *procedure) {
  static const char *const topics_only[] = {"history", "history_key", "compat"};
  zw_model_site site = site_at(d, "op");
  model_operation operation;
  zw_model_operation(m, d->method, &site, false, &operation);
  for (size_t i = 0; i < sizeof topics_only / sizeof topics_only[0]; i++) {
    if (!has(d->method, topics_only[i])) continue;
    site.attribute = zw_str_of(topics_only[i]);
    zw_model_find(m, &site, RULE_HISTORY_PLACE, "%s stands on topics, and this is a procedure",
                  topics_only[i]);
  }
  *procedure = (zw_procedure_def){.uri = d->uri,
                                  .match = d->match,
                                  .request = d->method->request,
                                  .response = d->method->response,
                                  .map = operation.map,
                                  .op = operation.op,
                                  .streaming = streaming_of(m, d),
                                  .idempotent = has(d->method, "idempotent"),
                                  .service = d->service,
                                  .method = d->method};
}

/* ---- all methods ---- */

static int by_uri(const void *a, const void *b) {
  const declared *x = a, *y = b;
  size_t n = x->uri.len < y->uri.len ? x->uri.len : y->uri.len;
  int order = n ? memcmp(x->uri.ptr, y->uri.ptr, n) : 0;
  if (!order) order = (x->uri.len > y->uri.len) - (x->uri.len < y->uri.len);
  if (!order) order = (x->match > y->match) - (x->match < y->match);
  return order ? order : (x->order > y->order) - (x->order < y->order);
}

static void find_taken(model_builder *m, const declared *list, size_t count) {
  for (size_t i = 1; i < count; i++) {
    const declared *one = &list[i - 1], *two = &list[i];
    if (!zw_str_eq(one->uri, two->uri) || one->match != two->match) continue;
    zw_model_site site = site_at(two, "wampuri");
    site.other_owner = one->service->name;
    site.other_member = one->method->name;
    zw_model_find(m, &site, RULE_URI_TAKEN, "\"%.*s\" is the URI of %.*s.%.*s already",
                  ZW_ARG(two->uri), ZW_ARG(zw_short_name(one->service->name)),
                  ZW_ARG(one->method->name));
  }
}

static bool is_interface(model_builder *m, const zw_service *service) {
  static const zw_str word = {"interface", 9};
  static const model_words list = {&word, 1};
  zw_model_site site = {.owner = service->name, .attribute = ZW_STR("type")};
  zw_str value = zw_model_value(service->attributes, service->attribute_count, "type");
  return value.ptr && zw_model_word(m, &site, RULE_TYPE_UNKNOWN, value, &list) == 0;
}

/* The methods with a type and a valid URI. */
static size_t declare_methods(model_builder *m, const zw_service *service, declared *out) {
  size_t count = 0;
  for (size_t i = 0; i < service->method_count; i++) {
    declared *d = &out[count];
    *d = (declared){.service = service, .method = &service->methods[i]};
    if (!type_of(m, d)) continue;
    d->match = match_of(m, d);
    d->uri = uri_of(m, service, d->method);
    if (check_uri(m, d)) count++;
  }
  return count;
}

void zw_model_services(model_builder *m) {
  size_t methods = 0, count = 0;
  const zw_schema *schema = m->schema;
  for (size_t i = 0; i < schema->service_count; i++) methods += schema->services[i].method_count;
  declared *list = zw_model_array(m, methods, sizeof *list);
  if (!list) return;
  for (size_t i = 0; i < schema->service_count; i++)
    if (is_interface(m, &schema->services[i]))
      count += declare_methods(m, &schema->services[i], list + count);
  size_t topic_count = 0;
  for (size_t i = 0; i < count; i++) {
    list[i].order = i;
    topic_count += list[i].is_topic;
  }
  if (count) qsort(list, count, sizeof *list, by_uri);
  find_taken(m, list, count);
  zw_topic_def *topics = zw_model_array(m, topic_count, sizeof *topics);
  zw_procedure_def *procedures = zw_model_array(m, count - topic_count, sizeof *procedures);
  if (!topics || !procedures) return;
  zw_model *model = m->model;
  model->topics = topics;
  model->procedures = procedures;
  for (size_t i = 0; i < count && !m->no_memory; i++) {
    if (list[i].is_topic)
      make_topic(m, &list[i], &topics[model->topic_count++]);
    else
      make_procedure(m, &list[i], &procedures[model->procedure_count++]);
  }
}
