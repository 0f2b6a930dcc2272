/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration file: JSON that is read by the descriptors of schemas/config.fbs, so that
 * names, types and enum values are checked, with their place, by the one reader of JSON. What a
 * schema cannot say is checked afterwards. The FlatBuffer that was read is kept: options point into
 * it.
 */
#include <stdio.h>

#include "config_generated.h"
#include "server_state.h"

#define QUEUE_MIN ((uint64_t)64 << 10)
#define MESSAGE_MIN ((uint64_t)4 << 10)
#define MESSAGE_MAX ((uint64_t)16 << 20)

_Static_assert((int)zw_ConfigSync_group == ZW_SYNC_GROUP &&
                   (int)zw_ConfigSync_everysec == ZW_SYNC_EVERYSEC &&
                   (int)zw_ConfigSync_off == ZW_SYNC_OFF,
               "the numbers of the schema are those of the store");

struct zw_server_config {
  const zw_alloc *alloc;
  zw_builder builder; /* owns what was read */
  zw_arena arena;
  zw_Config root;
  const char **listen;
  size_t listen_count;
  zw_principal *principals;
  size_t principal_count;
  uint64_t max_size, queue_max, message_max;
};

static int no_memory(zw_diag *diag) { return zw_fail(diag, ZW_ENOMEM, "no memory for it"); }

/* Strings of a FlatBuffer are terminated; those that hold a NUL are no C strings. */
static int check_text(const char *name, zw_str text, zw_diag *diag) {
  if (!text.ptr || (text.len && !memchr(text.ptr, 0, text.len))) return 0;
  return zw_fail(diag, ZW_EINVAL, "%s is empty, or has a NUL in it.", name);
}

/* An enum may be a number in JSON. */
static int check_sync(const zw_server_config *config, zw_diag *diag) {
  unsigned sync = zw_Config_sync(config->root);
  if (sync <= zw_ConfigSync_off) return 0;
  return zw_fail(diag, ZW_EINVAL, "sync is \"group\", \"everysec\" or \"off\", not %u.", sync);
}

static int read_size(const char *name, zw_str text, uint64_t least, uint64_t most, uint64_t *out,
                     zw_diag *diag) {
  if (!text.ptr) return 0;
  if (zw_size_parse(text, out) || !*out)
    return zw_fail(diag, ZW_EINVAL, "%s is a size such as \"500MB\" or \"10GiB\", not \"%.*s\".",
                   name, ZW_ARG(text));
  if (*out >= least && *out <= most) return 0;
  return zw_fail(diag, ZW_EINVAL, "%s is from %llu to %llu octets, not \"%.*s\".", name,
                 (unsigned long long)least, (unsigned long long)most, ZW_ARG(text));
}

static int read_sizes(zw_server_config *config, zw_diag *diag) {
  zw_Config root = config->root;
  int error = read_size("max_size", zw_Config_max_size(root), ZW_STORE_SIZE_MIN, UINT64_MAX,
                        &config->max_size, diag);
  if (!error)
    error = read_size("queue_max", zw_Config_queue_max(root), QUEUE_MIN, UINT64_MAX,
                      &config->queue_max, diag);
  if (!error)
    error = read_size("message_max", zw_Config_message_max(root), MESSAGE_MIN, MESSAGE_MAX,
                      &config->message_max, diag);
  return error;
}

static int read_listen(zw_server_config *config, zw_diag *diag) {
  zw_vec list = zw_Config_listen(config->root);
  int error = 0;
  config->listen = zw_arena_array(&config->arena, list.count, sizeof *config->listen);
  if (!config->listen) return no_memory(diag);
  for (uint32_t i = 0; i < list.count && !error; i++) {
    zw_str address = zw_Config_listen_at(list, i);
    error = check_text("An address of listen", address, diag);
    if (!error) error = zw_server_address_check(address.ptr, diag);
    config->listen[config->listen_count++] = address.ptr;
  }
  return error;
}

static int check_principal(const zw_server_config *config, const zw_principal *p, zw_diag *diag) {
  if (!p->authid.len || !p->role.len || !p->ticket.len)
    return zw_fail(diag, ZW_EINVAL,
                   "principals[%zu]: authid, role and ticket are texts that are not empty.",
                   config->principal_count);
  for (size_t i = 0; i < config->principal_count; i++)
    if (zw_str_eq(config->principals[i].authid, p->authid))
      return zw_fail(diag, ZW_EINVAL,
                     "principals[%zu]: authid \"%.*s\" is that of principals[%zu].",
                     config->principal_count, ZW_ARG(p->authid), i);
  return 0;
}

static int read_principals(zw_server_config *config, zw_diag *diag) {
  zw_vec list = zw_Config_principals(config->root);
  config->principals = zw_arena_array(&config->arena, list.count, sizeof *config->principals);
  if (!config->principals) return no_memory(diag);
  for (uint32_t i = 0; i < list.count; i++) {
    zw_ConfigPrincipal from = zw_Config_principals_at(list, i);
    zw_principal p = {zw_ConfigPrincipal_authid(from), zw_ConfigPrincipal_role(from),
                      zw_ConfigPrincipal_ticket(from)};
    int error = check_principal(config, &p, diag);
    if (error) return error;
    config->principals[config->principal_count++] = p;
  }
  if (config->principal_count || zw_Config_anonymous(config->root)) return 0;
  return zw_fail(diag, ZW_EINVAL,
                 "Nobody could log in: anonymous is false, and there are no principals.");
}

static int read_config(zw_server_config *config, zw_str text, zw_diag *diag) {
  int error = zw_Config_from_json(&config->builder, text, &config->root, diag);
  if (!error) error = check_text("data", zw_Config_data(config->root), diag);
  if (!error) error = check_text("realm", zw_Config_realm(config->root), diag);
  if (!error) error = check_sync(config, diag);
  if (!error) error = read_sizes(config, diag);
  if (!error) error = read_listen(config, diag);
  if (!error) error = read_principals(config, diag);
  return error;
}

int zw_server_config_parse(zw_server_config **out, const char *file, zw_str text,
                           const zw_alloc *alloc, zw_diag *diag) {
  if (!alloc) alloc = zw_alloc_default();
  zw_server_config *config = zw_alloc_zero(alloc, sizeof *config);
  *out = NULL;
  int error = config ? 0 : no_memory(diag);
  if (!error) {
    config->alloc = alloc;
    zw_builder_init(&config->builder, alloc);
    zw_arena_init(&config->arena, alloc);
    error = read_config(config, text, diag);
  }
  if (!error) {
    *out = config;
    return 0;
  }
  if (diag) snprintf(diag->at.file, sizeof diag->at.file, "%s", file);
  zw_server_config_destroy(config);
  return error;
}

void zw_server_config_destroy(zw_server_config *config) {
  if (!config) return;
  zw_builder_deinit(&config->builder);
  zw_arena_deinit(&config->arena);
  zw_alloc_free(config->alloc, config, sizeof *config);
}

void zw_server_config_apply(const zw_server_config *config, zw_server_options *options) {
  zw_Config root = config->root;
  options->data = zw_Config_data(root).ptr;
  options->realm = zw_Config_realm(root).ptr;
  options->listen = config->listen_count ? config->listen : NULL;
  options->listen_count = config->listen_count;
  options->sync = (enum zw_sync)zw_Config_sync(root);
  options->strict = zw_Config_strict(root);
  options->max_size = config->max_size;
  options->refuse_anonymous = !zw_Config_anonymous(root);
  options->principals = config->principals;
  options->principal_count = config->principal_count;
  options->queue_max = config->queue_max;
  options->message_max = (uint32_t)config->message_max;
}
