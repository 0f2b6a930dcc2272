/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions at join: x_zerowire in HELLO and WELCOME, {abi, compiler, schemas: [{namespace, id}]}.
 *
 * The current schema passes. An older version that the store knows is compared with it: what both
 * know under one name must be readable either way. One that was never here cannot be compared here;
 * its peer can, since it gets ours by zerowire.schema.get, and each payload is verified on arrival
 * all the same. So a list of versions may be cut: a peer that has not logged in yet causes a
 * bounded amount of work.
 */
#include "router_state.h"

#define NAMED_MAX 32 /* versions in HELLO that are looked at */

const zw_schema *zw_realm_schema(const zw_realm *realm, size_t i) {
  const zw_storage *storage = realm->options.storage;
  const zw_schema *schema = NULL;
  if (storage && storage->schema_at)
    return storage->schema_at(storage->ctx, i, &schema) ? schema : NULL;
  return i == 0 && realm->options.model ? realm->options.model->schema : NULL;
}

/* The namespace of a full name. */
static zw_str namespace_of(zw_str name) {
  size_t len = name.len;
  while (len && name.ptr[len - 1] != '.') len--;
  return (zw_str){name.ptr, len ? len - 1 : 0};
}

zw_str zw_schema_namespace(const zw_schema *schema) {
  if (schema->service_count) return namespace_of(schema->services[0].name);
  if (schema->root) return namespace_of(schema->root->name);
  return schema->type_count ? namespace_of(schema->types[0].name) : ZW_STR("");
}

void zw_versions_write(zw_realm *realm, zw_text *out) {
  zw_cbor_writer w;
  const zw_schema *schema;
  char id[2 * ZW_SCHEMA_ID_SIZE + 1];
  zw_cbor_writer_init(&w, out);
  zw_cbor_map(&w, 3);
  zw_cbor_key(&w, "abi");
  zw_cbor_uint(&w, ZW_ABI);
  zw_cbor_key(&w, "compiler");
  zw_cbor_str(&w, ZW_STR(ZW_VERSION_STRING));
  zw_cbor_key(&w, "schemas");
  zw_cbor_array(&w, SIZE_MAX);
  for (size_t i = 0; (schema = zw_realm_schema(realm, i)); i++) {
    zw_schema_id_text(schema->id, id);
    zw_cbor_map(&w, 2);
    zw_cbor_key(&w, "namespace");
    zw_cbor_str(&w, zw_schema_namespace(schema));
    zw_cbor_key(&w, "id");
    zw_cbor_str(&w, zw_str_of(id));
    zw_cbor_map_end(&w);
  }
  zw_cbor_array_end(&w);
  zw_cbor_map_end(&w);
}

static const zw_schema *find_schema(const zw_realm *realm, zw_str id) {
  const zw_schema *schema;
  char text[2 * ZW_SCHEMA_ID_SIZE + 1];
  for (size_t i = 0; (schema = zw_realm_schema(realm, i)); i++) {
    zw_schema_id_text(schema->id, text);
    if (zw_str_eq(id, zw_str_of(text))) return schema;
  }
  return NULL;
}

typedef struct comparison {
  zw_diag *diag;
  bool broken;
} comparison;

static void report(void *ctx, const zw_finding *finding) {
  comparison *c = ctx;
  if (finding->warning || c->broken) return;
  c->broken = true;
  zw_fail(c->diag, ZW_EMISMATCH, "%s %.*s: %s. %s", finding->rule, ZW_ARG(finding->element),
          finding->message, finding->fix ? finding->fix : "");
}

static int compare(const zw_schema *peers, const zw_schema *ours, zw_diag *diag) {
  comparison c = {.diag = diag};
  int error = zw_evolution_check_shared(peers, ours, ZW_COMPAT_FULL, ZW_CATEGORY_DATA, report, &c);
  if (c.broken) return ZW_EMISMATCH;
  return error < 0 ? zw_fail(diag, error, "%s", zw_error_text(error)) : 0;
}

static int check_schema(const zw_realm *realm, const zw_value *entry, zw_diag *diag) {
  const zw_model *model = realm->options.model;
  zw_value value;
  zw_str id;
  if (!model || zw_value_get(entry, ZW_STR("id"), &value) <= 0 || zw_value_str(&value, &id))
    return 0;
  const zw_schema *schema = find_schema(realm, id);
  if (!schema || memcmp(schema->id, model->schema->id, sizeof schema->id) == 0) return 0;
  return compare(schema, model->schema, diag);
}

int zw_versions_check(zw_realm *realm, const zw_value *x_zerowire, zw_diag *diag) {
  zw_value schemas, entry;
  zw_text cbor;
  zw_text_init(&cbor, realm->router->alloc);
  if (zw_value_get(x_zerowire, ZW_STR("schemas"), &schemas) <= 0) return 0;
  int error = 0;
  if (schemas.format == ZW_FORMAT_JSON) {
    error = zw_value_convert(ZW_FORMAT_JSON, schemas.octets, ZW_FORMAT_CBOR, &cbor, diag);
    schemas = (zw_value){.format = ZW_FORMAT_CBOR, .octets = zw_str_span(zw_text_str(&cbor))};
  }
  zw_cbor_items items;
  if (!error && schemas.format == ZW_FORMAT_CBOR && !zw_cbor_items_open(&items, schemas.octets)) {
    for (int i = 0; i < NAMED_MAX && !error && zw_cbor_items_next(&items, &entry); i++)
      error = check_schema(realm, &entry, diag);
  }
  zw_text_deinit(&cbor);
  return error;
}
