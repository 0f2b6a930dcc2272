/* SPDX-License-Identifier: Apache-2.0 */
/* Whole objects as JSON text and back: the object walk joined to the JSON source and sink. */
#include "zerowire/reflect.h"

int zw_json_print(const zw_type *type, zw_table table, uint32_t object_flags, int indent,
                  zw_text *out) {
  zw_json_writer json;
  zw_json_writer_init(&json, out, 0, indent);
  return zw_object_write(type, table, object_flags, &json.writer);
}

static zw_str identifier_of(const zw_type *type) {
  const zw_schema *schema = type->schema;
  bool known =
      schema && schema->root == type && schema->identifier.ptr && schema->identifier.len == 4;
  return known ? schema->identifier : (zw_str){NULL, 0};
}

int zw_json_parse(const zw_type *type, zw_str json, uint32_t json_flags, uint32_t object_flags,
                  zw_builder *b, zw_span *out, zw_diag *diag) {
  zw_json_reader reader;
  zw_json_reader_init(&reader, json, json_flags, 0, b->alloc);
  zw_builder_reset(b);
  *out = (zw_span){NULL, 0};
  if (!(json_flags & ZW_JSON_STRICT)) object_flags |= ZW_OBJECT_NUMBER_STRINGS;
  zw_ref root = zw_object_read(type, &reader.reader, object_flags, b, diag);
  int e = root ? 0 : b->error ? b->error : ZW_EINVAL;
  zw_token end;
  if (!e) e = reader.reader.next(&reader.reader, &end, diag);
  if (!e) {
    e = zw_builder_finish(b, root, identifier_of(type), out);
    if (e) zw_fail(diag, e, "The buffer cannot be built: %s.", zw_error_text(e));
  }
  zw_json_reader_deinit(&reader);
  return e;
}
