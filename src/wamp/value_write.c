/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of options in JSON or CBOR: as they are where the notation is the same, else token by
 * token; vectors and tables of a FlatBuffers message as the lists and dictionaries that they stand
 * for.
 */
#include "value_tokens.h"
#include "wamp_messages_generated.h"

static int put(zw_token_writer *out, const zw_token *token) { return out->write(out, token); }

static int put_kind(zw_token_writer *out, enum zw_token_kind kind, size_t count) {
  return put(out, &(zw_token){.kind = kind, .count = count});
}

static int put_text(zw_token_writer *out, zw_str text) {
  return put(out, &(zw_token){.kind = ZW_TOKEN_STRING, .text = text});
}

static int put_text_or_null(zw_token_writer *out, zw_str text) {
  return text.ptr ? put_text(out, text) : put_kind(out, ZW_TOKEN_NULL, 0);
}

static int put_uint(zw_token_writer *out, uint64_t u) {
  return put(out, &(zw_token){.kind = ZW_TOKEN_UINT, .u = u});
}

/* {session, authid, authrole}: an absent authid is null. */
static int write_principal(zw_Principal principal, zw_token_writer *out) {
  int e = put_kind(out, ZW_TOKEN_MAP, 3);
  if (!e) e = put_text(out, ZW_STR("session"));
  if (!e) e = put_uint(out, zw_Principal_session(principal));
  if (!e) e = put_text(out, ZW_STR("authid"));
  if (!e) e = put_text_or_null(out, zw_Principal_authid(principal));
  if (!e) e = put_text(out, ZW_STR("authrole"));
  if (!e) e = put_text_or_null(out, zw_Principal_authrole(principal));
  return e ? e : put_kind(out, ZW_TOKEN_MAP_END, 0);
}

static int write_element(const zw_value *list, uint32_t i, zw_token_writer *out) {
  switch (list->kind) {
    case VALUE_IDS: return put_uint(out, zw_vec_u64(list->vec, i));
    case VALUE_TEXTS: return put_text(out, zw_vec_str(list->vec, i));
    case VALUE_METHODS: return put_text(out, zw_auth_methods.names[zw_vec_u8(list->vec, i)]);
    case VALUE_PRINCIPALS: return write_principal((zw_Principal){zw_vec_table(list->vec, i)}, out);
    default: return ZW_EINVAL;
  }
}

static int write_list(const zw_value *list, zw_token_writer *out) {
  int e = put_kind(out, ZW_TOKEN_ARRAY, list->vec.count);
  for (uint32_t i = 0; i < list->vec.count && !e; i++) e = write_element(list, i, out);
  return e ? e : put_kind(out, ZW_TOKEN_ARRAY_END, 0);
}

static int write_pair(zw_Map pair, zw_token_writer *out) {
  zw_str key = zw_Map_key(pair), text = zw_Map_value(pair);
  if (!key.ptr) key = ZW_STR("");
  int e = put_kind(out, ZW_TOKEN_MAP, 1);
  if (!e) e = put_text(out, key);
  if (!e) e = put_text(out, text.ptr ? text : ZW_STR(""));
  return e ? e : put_kind(out, ZW_TOKEN_MAP_END, 0);
}

/* Every role that is there as {"features": {…}}. */
static int write_roles(const zw_value *roles, zw_token_writer *out) {
  int e = put_kind(out, ZW_TOKEN_MAP, SIZE_MAX);
  for (unsigned i = 0; i < roles->type->field_count && !e; i++) {
    const zw_field *role = &roles->type->fields[i];
    zw_table features = zw_table_table(roles->table, role->id);
    if (!features.ptr) continue;
    e = put_text(out, role->name);
    if (!e) e = put_kind(out, ZW_TOKEN_MAP, 1);
    if (!e) e = put_text(out, ZW_STR("features"));
    if (!e) e = zw_object_write(role->type, features, 0, out);
    if (!e) e = put_kind(out, ZW_TOKEN_MAP_END, 0);
  }
  return e ? e : put_kind(out, ZW_TOKEN_MAP_END, 0);
}

static int write_flatbuffer(const zw_value *value, zw_token_writer *out) {
  if (value->kind == VALUE_TABLE && value->type) {
    bool pair = value->type->fields[0].base == ZW_T_STRING;
    return pair ? write_pair((zw_Map){value->table}, out) : write_roles(value, out);
  }
  return write_list(value, out);
}

int zw_value_write(const zw_value *value, enum zw_format format, zw_text *out, zw_diag *diag) {
  if (value->format == format) {
    zw_text_add(out, value->octets.ptr, value->octets.len);
    return out->error;
  }
  if (value->format != ZW_FORMAT_FLATBUFFER)
    return zw_value_convert(value->format, value->octets, format, out, diag);
  zw_value_sink sink;
  zw_value_sink_init(&sink, format, out);
  return write_flatbuffer(value, sink.writer);
}
