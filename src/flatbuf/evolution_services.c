/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services and their methods. Peers know a method by its URI, which its own attribute says, or the
 * service's and its name. A method is looked for by its name, then by its URI: that is the method
 * renamed for programs, not for peers.
 */
#include "evolution.h"
#include "type_text.h"

/* A method of the old schema, and what stands for it in the new one. */
typedef struct method_pair {
  evolution *e;
  const zw_service *old_service, *new_service;
  const zw_method *was, *now;
} method_pair;

static const zw_method *method_named(const zw_service *service, zw_str name) {
  for (size_t i = 0; i < service->method_count; i++)
    if (zw_str_eq(service->methods[i].name, name)) return &service->methods[i];
  return NULL;
}

/* ---- types ---- */

static void compare_type(const method_pair *p, enum evolution_rule rule, const zw_type *was,
                         const zw_type *now) {
  if (zw_str_eq(was->name, now->name)) return;
  bool alike = zw_str_eq(zw_short_name(was->name), zw_short_name(now->name));
  zw_str before = alike ? was->name : zw_short_name(was->name);
  zw_str after = alike ? now->name : zw_short_name(now->name);
  zw_evolution_find(p->e, rule, p->old_service->name, p->was->name, "%s %.*s became %.*s",
                    rule == EVOLUTION_METHOD_SAME_REQUEST ? "the request" : "the response",
                    ZW_ARG(before), ZW_ARG(after));
}

/* ---- attributes ---- */

/* A value that is the same as none is `preset`. */
typedef struct word_rule {
  const char *name, *preset;
  enum evolution_rule rule;
} word_rule;

static const word_rule word_rules[] = {
    {"type", "none", EVOLUTION_METHOD_SAME_TYPE},
    {"streaming", "none", EVOLUTION_METHOD_SAME_STREAMING},
    {"match", "exact", EVOLUTION_METHOD_SAME_URI},
};

static zw_str word_of(const zw_attribute *attributes, size_t count, const word_rule *r) {
  zw_str value = zw_attribute_get(attributes, count, zw_str_of(r->name));
  return value.ptr ? value : zw_str_of(r->preset);
}

static void compare_words(const method_pair *p) {
  for (size_t i = 0; i < sizeof word_rules / sizeof word_rules[0]; i++) {
    const word_rule *r = &word_rules[i];
    zw_str was = word_of(p->was->attributes, p->was->attribute_count, r);
    zw_str now = word_of(p->now->attributes, p->now->attribute_count, r);
    if (!zw_str_eq(was, now))
      zw_evolution_find(p->e, r->rule, p->old_service->name, p->was->name, "%s %.*s became %.*s",
                        r->name, ZW_ARG(was), ZW_ARG(now));
  }
}

/* A URI in two parts, the second behind a dot; head.ptr NULL: there is none. */
typedef struct uri_parts {
  zw_str head, name;
} uri_parts;

static uri_parts uri_of(const zw_service *service, const zw_method *method) {
  zw_str own = zw_attribute_get(method->attributes, method->attribute_count, ZW_STR("wampuri"));
  zw_str base = zw_attribute_get(service->attributes, service->attribute_count, ZW_STR("wampuri"));
  if (own.ptr) return (uri_parts){own, {NULL, 0}};
  return (uri_parts){base, base.ptr ? method->name : (zw_str){NULL, 0}};
}

static size_t uri_len(uri_parts u) { return u.head.len + (u.name.ptr ? 1 + u.name.len : 0); }

static char uri_at(uri_parts u, size_t i) {
  if (i < u.head.len) return u.head.ptr[i];
  return i == u.head.len ? '.' : u.name.ptr[i - u.head.len - 1];
}

static bool same_uri(uri_parts a, uri_parts b) {
  size_t len = uri_len(a);
  if (!a.head.ptr || !b.head.ptr) return a.head.ptr == b.head.ptr;
  if (len != uri_len(b)) return false;
  for (size_t i = 0; i < len; i++)
    if (uri_at(a, i) != uri_at(b, i)) return false;
  return true;
}

static void compare_uri(const method_pair *p) {
  uri_parts was = uri_of(p->old_service, p->was), now = uri_of(p->new_service, p->now);
  if (same_uri(was, now)) return;
  if (!was.head.ptr) was.head = ZW_STR("none");
  if (!now.head.ptr) now.head = ZW_STR("none");
  zw_evolution_find(p->e, EVOLUTION_METHOD_SAME_URI, p->old_service->name, p->was->name,
                    "the URI %.*s%s%.*s became %.*s%s%.*s", ZW_ARG(was.head),
                    was.name.ptr ? "." : "", ZW_ARG(was.name), ZW_ARG(now.head),
                    now.name.ptr ? "." : "", ZW_ARG(now.name));
}

/* ---- methods ---- */

/* The method with another name and the same URI. */
static const zw_method *renamed(const method_pair *p) {
  uri_parts was = uri_of(p->old_service, p->was);
  for (size_t i = 0; was.head.ptr && i < p->new_service->method_count; i++) {
    const zw_method *method = &p->new_service->methods[i];
    if (same_uri(was, uri_of(p->new_service, method))) return method;
  }
  return NULL;
}

static void compare_method(method_pair *p) {
  p->now = method_named(p->new_service, p->was->name);
  if (!p->now && (p->now = renamed(p)) != NULL) {
    p->e->new_member = p->now->name;
    zw_evolution_find(p->e, EVOLUTION_METHOD_SAME_NAME, p->old_service->name, p->was->name,
                      "renamed to %.*s", ZW_ARG(p->now->name));
  }
  if (!p->now) {
    zw_evolution_find(p->e, EVOLUTION_METHOD_DELETED, p->old_service->name, p->was->name,
                      "deleted or renamed");
    return;
  }
  compare_type(p, EVOLUTION_METHOD_SAME_REQUEST, p->was->request, p->now->request);
  compare_type(p, EVOLUTION_METHOD_SAME_RESPONSE, p->was->response, p->now->response);
  compare_words(p);
  compare_uri(p);
  p->e->new_member = (zw_str){NULL, 0};
}

void zw_evolution_services(evolution *e, const zw_service *old_service,
                           const zw_service *new_service) {
  static const word_rule type = {"type", "none", EVOLUTION_SERVICE_SAME_TYPE};
  zw_str was = word_of(old_service->attributes, old_service->attribute_count, &type);
  zw_str now = word_of(new_service->attributes, new_service->attribute_count, &type);
  if (!zw_str_eq(was, now))
    zw_evolution_find(e, type.rule, old_service->name, (zw_str){NULL, 0}, "type %.*s became %.*s",
                      ZW_ARG(was), ZW_ARG(now));
  method_pair pair = {e, old_service, new_service, NULL, NULL};
  for (size_t i = 0; i < old_service->method_count; i++) {
    pair.was = &old_service->methods[i];
    compare_method(&pair);
  }
}
