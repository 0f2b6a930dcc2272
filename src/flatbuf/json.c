/* SPDX-License-Identifier: Apache-2.0 */
/* Whole objects as JSON text and back: the object walk joined to the JSON source and sink. */
#include "zerowire/reflect.h"

int zw_json_print_style(const zw_type *type, zw_table table, const zw_json_style *style,
                        zw_text *out) {
  zw_json_writer json;
  zw_json_writer_init(&json, out, style->json_flags, style->indent);
  return zw_object_write(type, table, style->object_flags, &json.writer);
}

int zw_json_print(const zw_type *type, zw_table table, uint32_t object_flags, int indent,
                  zw_text *out) {
  zw_json_style style = {.object_flags = object_flags, .indent = indent};
  return zw_json_print_style(type, table, &style, out);
}

static zw_str identifier_of(const zw_type *type) {
  const zw_schema *schema = type->schema;
  bool known =
      schema && schema->root == type && schema->identifier.ptr && schema->identifier.len == 4;
  return known ? schema->identifier : (zw_str){NULL, 0};
}

/* `sized`: behind a size prefix of 4 octets. */
static int parse(const zw_type *type, zw_json_reader *reader, uint32_t object_flags, bool sized,
                 zw_builder *b, zw_span *out, zw_diag *diag) {
  zw_builder_reset(b);
  *out = (zw_span){NULL, 0};
  if (!(reader->flags & ZW_JSON_STRICT)) object_flags |= ZW_OBJECT_NUMBER_STRINGS;
  zw_ref root = zw_object_read(type, &reader->reader, object_flags, b, diag);
  int e = root ? 0 : b->error ? b->error : ZW_EINVAL;
  zw_token end;
  if (!e) e = reader->reader.next(&reader->reader, &end, diag);
  if (e) return e;
  e = sized ? zw_builder_finish_sized(b, root, identifier_of(type), 4, out)
            : zw_builder_finish(b, root, identifier_of(type), out);
  return e ? zw_fail(diag, e, "The buffer cannot be built: %s.", zw_error_text(e)) : 0;
}

int zw_json_parse(const zw_type *type, zw_str json, uint32_t json_flags, uint32_t object_flags,
                  zw_builder *b, zw_span *out, zw_diag *diag) {
  zw_json_reader reader;
  zw_json_reader_init(&reader, json, json_flags, ZW_JSON_DEPTH_MAX, b->alloc);
  int e = parse(type, &reader, object_flags, false, b, out, diag);
  zw_json_reader_deinit(&reader);
  return e;
}

/* ---- as flatc does it ---- */

int zw_flatc_json_print(const zw_type *type, zw_span bytes, uint32_t flatc_flags, zw_text *out,
                        zw_diag *diag) {
  zw_json_style style = {.json_flags = ZW_JSON_FLATC, .object_flags = ZW_OBJECT_FLATC, .indent = 2};
  if (flatc_flags & ZW_FLATC_STRICT_JSON) style.json_flags |= ZW_JSON_QUOTED_NAMES;
  if (flatc_flags & ZW_FLATC_NATURAL_UTF8) style.json_flags |= ZW_JSON_NATURAL_UTF8;
  if (flatc_flags & ZW_FLATC_ALLOW_NON_UTF8) style.json_flags |= ZW_JSON_ANY_OCTETS;
  if (flatc_flags & ZW_FLATC_DEFAULTS_JSON) style.object_flags |= ZW_OBJECT_DEFAULTS;
  zw_table root;
  int e = flatc_flags & ZW_FLATC_SIZE_PREFIXED
              ? zw_verify_sized(type, (zw_str){NULL, 0}, bytes, NULL, &root, diag)
              : zw_verify(type, bytes, NULL, &root, diag);
  if (e) return e;
  size_t start = out->len;
  e = zw_json_print_style(type, root, &style, out);
  if (!e) zw_text_add(out, "\n", 1);
  if (!e) e = out->error;
  if (!e) return 0;
  if (out->ptr && start < out->len) out->ptr[out->len = start] = 0;
  if (e == ZW_EVERIFY)
    return zw_fail(diag, e,
                   "A string is not UTF-8, a union has no such member, or a FlexBuffer is "
                   "not valid.");
  return zw_fail(diag, e, "The buffer cannot be printed: %s.", zw_error_text(e));
}

int zw_flatc_json_parse(const zw_type *type, zw_str json, uint32_t flatc_flags, zw_builder *b,
                        zw_span *out, zw_diag *diag) {
  uint32_t json_flags = 0, object_flags = ZW_OBJECT_FLATC;
  if (flatc_flags & ZW_FLATC_STRICT_JSON) json_flags |= ZW_JSON_QUOTED_NAMES;
  if (flatc_flags & ZW_FLATC_ALLOW_NON_UTF8) json_flags |= ZW_JSON_ANY_OCTETS;
  if (flatc_flags & ZW_FLATC_UNKNOWN_JSON) object_flags |= ZW_OBJECT_SKIP_UNKNOWN;
  zw_json_reader reader;
  zw_json_reader_init(&reader, json, json_flags, ZW_JSON_DEPTH_MAX, b->alloc);
  int e = parse(type, &reader, object_flags, flatc_flags & ZW_FLATC_SIZE_PREFIXED, b, out, diag);
  zw_json_reader_deinit(&reader);
  return e;
}
