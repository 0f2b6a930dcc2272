/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors from tokens. Elements are gathered outside of the builder, because their number is not
 * known before: scalars and structs as octets, strings and tables as references to what has been
 * built. Vectors whose element has a `key` are sorted by it.
 */
#include "object.h"
#include "vector_elements.h"

typedef struct gathered {
  uint8_t *bytes;
  size_t len, capacity; /* octets */
} gathered;

/* Room for one more element, cleared; NULL: no memory (reported). */
static uint8_t *gather(zw_object_reader *r, gathered *g, size_t size, const zw_token *token) {
  void *bytes = g->bytes;
  if (zw_array_reserve(r->b->alloc, &bytes, &g->capacity, g->len + size, 1)) {
    zw_object_fail(r, ZW_ENOMEM, token, "Out of memory.");
    return NULL;
  }
  g->bytes = bytes;
  uint8_t *at = g->bytes + g->len;
  memset(at, 0, size);
  g->len += size;
  return at;
}

static int read_inline_element(zw_object_reader *r, const zw_token *token,
                               const zw_value_site *site, uint8_t *at) {
  const zw_field *field = site->field;
  if (field->element == ZW_T_OBJ) return zw_struct_read(r, token, site, field->type, at);
  zw_scalar value;
  int e = zw_scalar_read(r, token, site, field->element, field->enum_type, &value);
  if (!e) zw_scalar_store(at, field->element, value);
  return e;
}

static int read_ref_element(zw_object_reader *r, const zw_token *token, const zw_value_site *site,
                            uint8_t *at) {
  zw_ref ref = site->field->element == ZW_T_STRING
                   ? zw_string_read(r, token, site)
                   : zw_child_read(r, token, site, site->field->type);
  memcpy(at, &ref, sizeof ref);
  return r->error;
}

static int read_elements(zw_object_reader *r, const zw_value_site *vector, size_t size,
                         bool inline_elements, gathered *g) {
  zw_value_site site = *vector;
  for (site.index = 0;; site.index++) {
    zw_token token;
    if (zw_object_next(r, &token)) return r->error;
    if (token.kind == ZW_TOKEN_ARRAY_END) return 0;
    uint8_t element[16] = {0};
    uint8_t *at = element;
    /* A child may be a vector too, so a reference is gathered after it; a struct is read in place.
     */
    if (inline_elements) at = gather(r, g, size, &token);
    if (!at) return r->error;
    int e = inline_elements ? read_inline_element(r, &token, &site, at)
                            : read_ref_element(r, &token, &site, at);
    if (e) return e;
    if (inline_elements) continue;
    at = gather(r, g, size, &token);
    if (!at) return r->error;
    memcpy(at, element, size);
  }
}

/* A vector that holds its elements, where the field's offset reaches it. */
static zw_ref64 build_vector(zw_object_reader *r, const zw_field *field, const void *elements,
                             size_t count, size_t size, size_t align) {
  if (field->align > align) align = field->align;
  if (field->flags & ZW_F_OFFSET64)
    return zw_builder_vector64(r->b, elements, count, size, align, zw_length_size(field));
  return zw_builder_vector(r->b, elements, count, size, align);
}

static zw_ref64 build_inline(zw_object_reader *r, const zw_field *field, const gathered *g,
                             size_t size) {
  static const uint8_t none[1] = {0};
  bool is_struct = field->element == ZW_T_OBJ;
  size_t align = is_struct ? field->type->align : size;
  size_t count = size ? g->len / size : 0;
  if (is_struct && count > 1 && !r->b->error) {
    zw_builder_fail(r->b, zw_sort_structs(field->type, g->bytes, count, r->b->alloc));
  }
  return build_vector(r, field, g->bytes ? g->bytes : none, count, size, align);
}

static zw_ref build_refs(zw_object_reader *r, const zw_field *field, const gathered *g) {
  size_t count = g->len / sizeof(zw_ref);
  zw_ref *refs = zw_alloc_get(r->b->alloc, g->len + 1);
  if (!refs) {
    zw_builder_fail(r->b, ZW_ENOMEM);
    return 0;
  }
  if (count) memcpy(refs, g->bytes, g->len);
  if (field->element == ZW_T_OBJ && count > 1 && !r->b->error) {
    zw_builder_fail(r->b, zw_sort_tables(r->b, field->type, refs, count));
  }
  zw_ref ref = zw_builder_refs(r->b, refs, count);
  zw_alloc_free(r->b->alloc, refs, g->len + 1);
  return ref;
}

static zw_ref64 read_array(zw_object_reader *r, const zw_value_site *site) {
  const zw_field *field = site->field;
  bool is_struct = field->element == ZW_T_OBJ && field->type->is_struct;
  bool inline_elements = is_struct || zw_base_is_scalar(field->element);
  size_t size = is_struct ? field->type->size : zw_base_size(field->element);
  gathered g = {NULL, 0, 0};
  zw_ref64 ref = 0;
  if (!read_elements(r, site, size, inline_elements, &g)) {
    ref = inline_elements ? build_inline(r, field, &g, size) : build_refs(r, field, &g);
  }
  zw_alloc_free(r->b->alloc, g.bytes, g.capacity);
  return ref;
}

/* ---- octets and nested buffers ---- */

static zw_ref64 read_octets(zw_object_reader *r, const zw_token *token, const zw_value_site *site) {
  static const uint8_t none[1] = {0};
  const zw_field *field = site->field;
  bool nested = (field->flags & ZW_F_NESTED) && field->type;
  if (nested && token->bytes.len) {
    zw_diag inner;
    if (zw_verify(field->type, token->bytes, NULL, NULL, &inner)) {
      zw_value_fail(r, ZW_EINVAL, token, site, "the octets are no valid %.*s: %s",
                    ZW_ARG(zw_short_name(field->type->name)), inner.message);
      return 0;
    }
  }
  return build_vector(r, field, token->bytes.ptr ? token->bytes.ptr : none, token->bytes.len, 1,
                      nested ? 8 : 1);
}

/* A nested buffer that is given as an array of numbers. */
static zw_ref64 read_nested_array(zw_object_reader *r, const zw_token *token,
                                  const zw_value_site *site) {
  gathered g = {NULL, 0, 0};
  zw_ref64 ref = 0;
  if (!read_elements(r, site, 1, true, &g)) {
    zw_token bytes = *token;
    bytes.bytes = zw_span_of(g.bytes, g.len);
    ref = read_octets(r, &bytes, site);
  }
  zw_alloc_free(r->b->alloc, g.bytes, g.capacity);
  return ref;
}

/* A nested buffer that is given as its table: built on its own, then copied in. */
static zw_ref64 read_nested_table(zw_object_reader *r, const zw_token *token,
                                  const zw_value_site *site) {
  zw_builder inner;
  zw_builder_init(&inner, r->b->alloc);
  zw_builder *outer = r->b;
  r->b = &inner;
  zw_ref root = zw_object_read_map(r, site->field->type, token);
  r->b = outer;
  zw_span bytes;
  zw_ref64 ref = 0;
  if (r->error) {
    if (!outer->error) outer->error = r->error;
  } else if (zw_builder_finish(&inner, root, (zw_str){NULL, 0}, &bytes)) {
    zw_object_fail(r, inner.error, token, "The nested buffer cannot be built: %s.",
                   zw_error_text(inner.error));
  } else {
    ref = build_vector(r, site->field, bytes.ptr, bytes.len, 1, inner.align > 8 ? inner.align : 8);
  }
  zw_builder_deinit(&inner);
  return ref;
}

/* Any value as the FlexBuffer that a field with this attribute holds. */
static zw_ref read_flexbuffer(zw_object_reader *r, const zw_token *token) {
  zw_text octets;
  zw_flexbuffer_writer flex;
  zw_text_init(&octets, r->b->alloc);
  zw_flexbuffer_writer_init(&flex, &octets);
  int e = zw_token_copy(r->in, token, &flex.writer, r->diag);
  zw_ref ref = 0;
  if (flex.error == ZW_EINVAL) {
    zw_object_fail(r, ZW_EINVAL, token, "A key is given twice, or has U+0000.");
  } else if (e) {
    if (r->diag && r->diag->error == e && !r->error) r->error = e;
    zw_object_fail(r, e, token, "The value cannot be read: %s.", zw_error_text(e));
    zw_builder_fail(r->b, e);
  } else {
    ref = zw_builder_vector(r->b, octets.ptr, octets.len, 1, 8);
  }
  zw_flexbuffer_writer_deinit(&flex);
  zw_text_deinit(&octets);
  return ref;
}

zw_ref64 zw_vector_read(zw_object_reader *r, const zw_token *token, const zw_value_site *site) {
  const zw_field *field = site->field;
  bool nested = (field->flags & ZW_F_NESTED) && field->type;
  bool octets = (field->element == ZW_T_UBYTE || field->element == ZW_T_BYTE) && !field->enum_type;
  if (field->flags & ZW_F_FLEXBUFFER) return read_flexbuffer(r, token);
  if (nested && token->kind == ZW_TOKEN_MAP) return read_nested_table(r, token, site);
  if (nested && token->kind == ZW_TOKEN_ARRAY) return read_nested_array(r, token, site);
  if (octets && token->kind == ZW_TOKEN_BYTES) return read_octets(r, token, site);
  if (token->kind == ZW_TOKEN_ARRAY) return read_array(r, site);
  zw_value_fail(r, ZW_EINVAL, token, site, "%s is expected, here is %s",
                nested ? "an object" : "an array", zw_token_what(token));
  return 0;
}
