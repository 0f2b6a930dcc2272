/* SPDX-License-Identifier: Apache-2.0 */
/* zerowire.schema.*: the compiled schemas of the realm, so that a tool that has never seen them
 * reads, prints and checks everything. */
#include "router_state.h"

static bool is_current(const zw_realm *realm, const zw_schema *schema) {
  const zw_model *model = realm->options.model;
  return model && memcmp(model->schema->id, schema->id, sizeof schema->id) == 0;
}

int zw_meta_schema_list(zw_meta_call *call) {
  zw_cbor_writer *w = &call->w;
  const zw_schema *schema;
  char id[2 * ZW_SCHEMA_ID_SIZE + 1];
  zw_cbor_array(w, SIZE_MAX);
  for (size_t i = 0; (schema = zw_realm_schema(call->realm, i)); i++) {
    zw_schema_id_text(schema->id, id);
    zw_cbor_map(w, 4);
    zw_cbor_key(w, "id");
    zw_cbor_str(w, zw_str_of(id));
    zw_cbor_key(w, "namespace");
    zw_cbor_str(w, zw_schema_namespace(schema));
    zw_cbor_key(w, "current");
    zw_cbor_bool(w, is_current(call->realm, schema));
    zw_cbor_key(w, "octets");
    zw_cbor_uint(w, schema->bfbs.len);
    zw_cbor_map_end(w);
  }
  zw_cbor_array_end(w);
  return 0;
}

/* By the whole id, or its first 8 digits as people see it. */
int zw_meta_schema_get(zw_meta_call *call) {
  const zw_schema *schema, *found = NULL;
  zw_str wanted;
  char id[2 * ZW_SCHEMA_ID_SIZE + 1];
  if (zw_value_str(&call->args[0], &wanted) || wanted.len < 8)
    return zw_fail(&call->diag, ZW_EINVAL,
                   "id is that of a schema: 32 hexadecimal digits, or the first 8.");
  for (size_t i = 0; !found && (schema = zw_realm_schema(call->realm, i)); i++) {
    zw_schema_id_text(schema->id, id);
    if (wanted.len <= strlen(id) && memcmp(id, wanted.ptr, wanted.len) == 0) found = schema;
  }
  if (!found)
    return zw_fail(&call->diag, ZW_ENOTFOUND, "no schema \"%.*s\". See zerowire.schema.list.",
                   ZW_ARG(wanted));
  zw_cbor_bytes(&call->w, found->bfbs);
  return 0;
}
