/* SPDX-License-Identifier: Apache-2.0 */
/* Realms: what is declared in them, and their lists. */
#include "router_state.h"

zw_str zw_copy_str(const zw_alloc *alloc, zw_str text) {
  char *copy = zw_alloc_get(alloc, text.len + 1);
  if (!copy) return (zw_str){NULL, 0};
  if (text.len) memcpy(copy, text.ptr, text.len);
  copy[text.len] = 0;
  return (zw_str){copy, text.len};
}

void zw_copy_free(const zw_alloc *alloc, zw_str *text) {
  if (!text->ptr) return;
  void *memory;
  memcpy(&memory, &text->ptr, sizeof memory);
  zw_alloc_free(alloc, memory, text->len + 1);
  *text = (zw_str){NULL, 0};
}

static int index_topics(zw_realm *realm, zw_diag *diag) {
  const zw_model *model = realm->options.model;
  const zw_storage *storage = realm->options.storage;
  const zw_alloc *alloc = realm->router->alloc;
  realm->topics = zw_alloc_zero(alloc, model->topic_count * sizeof *realm->topics + 1);
  if (!realm->topics) return zw_fail(diag, ZW_ENOMEM, "no memory for a realm.");
  for (size_t i = 0; i < model->topic_count; i++) {
    zw_typed_topic *topic = &realm->topics[i];
    topic->def = &model->topics[i];
    if (topic->def->durable && storage) {
      topic->number = storage->topic(storage->ctx, topic->def->uri, topic->def->match);
      if (!topic->number)
        return zw_fail(diag, ZW_ESTORE, "the store does not know the durable topic %.*s.",
                       ZW_ARG(topic->def->uri));
    }
    int error = zw_uri_index_add(&realm->topic_index, topic->def->match, topic->def->uri, topic);
    if (error)
      return zw_fail(diag, error, "topic %.*s cannot be declared.", ZW_ARG(topic->def->uri));
  }
  return 0;
}

static int index_procedures(zw_realm *realm, zw_diag *diag) {
  const zw_model *model = realm->options.model;
  for (size_t i = 0; i < model->procedure_count; i++) {
    const zw_procedure_def *def = &model->procedures[i];
    void *value;
    memcpy(&value, &def, sizeof value);
    int error = zw_uri_index_add(&realm->procedure_index, def->match, def->uri, value);
    if (error) return zw_fail(diag, error, "procedure %.*s cannot be declared.", ZW_ARG(def->uri));
  }
  return 0;
}

static void realm_init(zw_realm *realm, zw_router *router, const zw_realm_options *options) {
  const zw_alloc *alloc = router->alloc;
  realm->router = router;
  realm->options = *options;
  zw_hmap_init(&realm->sessions, alloc);
  zw_hmap_init(&realm->subscriptions, alloc);
  zw_hmap_init(&realm->registrations, alloc);
  zw_hmap_init(&realm->registrations_by_uri, alloc);
  realm->registrations_by_uri.seed = zw_random_id(router);
  zw_uri_index_init(&realm->subscription_index, alloc, zw_random_id(router));
  zw_uri_index_init(&realm->topic_index, alloc, 0);
  zw_uri_index_init(&realm->procedure_index, alloc, 0);
  zw_text_init(&realm->x_zerowire, alloc);
  realm->next_subscription = (uint64_t)1 << 32;
  realm->next_registration = 1;
  if (options->storage) realm->committed_seq = options->storage->last_seq(options->storage->ctx);
  realm->name = zw_copy_str(alloc, options->name);
  if (!realm->options.anonymous_role.ptr) realm->options.anonymous_role = ZW_STR("anonymous");
}

int zw_router_realm_add(zw_router *router, const zw_realm_options *options, zw_realm **out,
                        zw_diag *diag) {
  if (!zw_uri_valid(options->name, ZW_MATCH_EXACT, ZW_URI_LOOSE))
    return zw_fail(diag, ZW_EURI, "\"%.*s\" is not a realm's name.", ZW_ARG(options->name));
  if (zw_realm_find(router, options->name))
    return zw_fail(diag, ZW_EEXISTS, "realm %.*s is there already.", ZW_ARG(options->name));
  zw_realm *realm = zw_alloc_zero(router->alloc, sizeof *realm);
  if (!realm) return zw_fail(diag, ZW_ENOMEM, "no memory for a realm.");
  realm_init(realm, router, options);
  int error = realm->name.ptr ? 0 : zw_fail(diag, ZW_ENOMEM, "no memory for a realm.");
  if (!error && options->model) error = index_topics(realm, diag);
  if (!error && options->model) error = index_procedures(realm, diag);
  if (!error) zw_versions_write(realm, &realm->x_zerowire);
  if (!error && realm->x_zerowire.error) error = zw_fail(diag, ZW_ENOMEM, "no memory for a realm.");
  if (error) {
    zw_realm_destroy(realm);
    return error;
  }
  realm->next = router->realms;
  router->realms = realm;
  if (out) *out = realm;
  return 0;
}

void zw_realm_destroy(zw_realm *realm) {
  const zw_alloc *alloc = realm->router->alloc;
  zw_subscription *subscription;
  for (size_t i = 0; (subscription = zw_hmap_next(&realm->subscriptions, &i));)
    zw_subscription_free(realm, subscription);
  zw_hmap_deinit(&realm->sessions);
  zw_hmap_deinit(&realm->subscriptions);
  zw_hmap_deinit(&realm->registrations);
  zw_hmap_deinit(&realm->registrations_by_uri);
  zw_uri_index_deinit(&realm->subscription_index);
  zw_uri_index_deinit(&realm->topic_index);
  zw_uri_index_deinit(&realm->procedure_index);
  zw_text_deinit(&realm->x_zerowire);
  if (realm->topics)
    zw_alloc_free(alloc, realm->topics,
                  realm->options.model->topic_count * sizeof *realm->topics + 1);
  zw_copy_free(alloc, &realm->name);
  zw_alloc_free(alloc, realm, sizeof *realm);
}

zw_realm *zw_realm_find(zw_router *router, zw_str name) {
  zw_realm *realm = router->realms;
  while (realm && !zw_str_eq(realm->name, name)) realm = realm->next;
  return realm;
}
