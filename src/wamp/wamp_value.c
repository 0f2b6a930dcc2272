/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of options, whatever they are written in: walking lists, looking up members, reading
 * scalars, converting between notations, and writing them as tokens.
 *
 * A position in a list of JSON or CBOR is an octet offset; in FlatBuffers the index of the next
 * element.
 */
#include "value_tokens.h"
#include "wamp_messages_generated.h"

#include "cbor_head.h"

#define VALUE_DEPTH_MAX 64

/* ---- lists ---- */

/* The element at *at of an encoded list: 1, 0, negative. The head is read again in each call: it is
 * one octet as a rule. */
static int next_encoded(const zw_value *list, size_t *at, raw_value *out) {
  raw_walk walk;
  int e = zw_raw_open(&walk, list->format, list->octets, VALUE_DEPTH_MAX);
  if (e || walk.map) return ZW_EPROTO;
  if (list->format == ZW_FORMAT_CBOR && walk.left != UINT64_MAX) {
    /* A definite list ends at its last octet: its value has been scanned to exactly that. */
    walk.left = *at && *at >= list->octets.len ? 0 : walk.left;
  }
  if (*at) {
    walk.at = *at;
    walk.first = false;
  }
  int more = zw_raw_next(&walk, out);
  if (more > 0) *at = walk.at;
  return more;
}

int zw_value_next_id(const zw_value *list, size_t *at, uint64_t *id) {
  raw_value element;
  if (list->format == ZW_FORMAT_NONE) return 0;
  if (list->format == ZW_FORMAT_FLATBUFFER) {
    if (list->kind != VALUE_IDS) return ZW_EINVAL;
    if (*at >= list->vec.count) return 0;
    *id = zw_vec_u64(list->vec, (*at)++);
    return 1;
  }
  int more = next_encoded(list, at, &element);
  if (more <= 0) return more;
  if (element.kind != RAW_UINT) return ZW_EPROTO;
  *id = element.u;
  return 1;
}

int zw_value_next_str(const zw_value *list, size_t *at, zw_str *text) {
  raw_value element;
  if (list->format == ZW_FORMAT_NONE) return 0;
  if (list->format == ZW_FORMAT_FLATBUFFER) {
    if (list->kind != VALUE_TEXTS && list->kind != VALUE_METHODS) return ZW_EINVAL;
    if (*at >= list->vec.count) return 0;
    size_t i = (*at)++;
    *text = list->kind == VALUE_TEXTS ? zw_vec_str(list->vec, i)
                                      : zw_auth_methods.names[zw_vec_u8(list->vec, i)];
    return 1;
  }
  int more = next_encoded(list, at, &element);
  if (more <= 0) return more;
  if (element.kind != RAW_TEXT) return ZW_EPROTO;
  if (element.escaped) return ZW_EINVAL;
  *text = zw_span_str(element.content);
  return 1;
}

zw_value zw_value_of_texts(zw_vec texts) {
  return (zw_value){.format = ZW_FORMAT_FLATBUFFER, .vec = texts, .kind = VALUE_TEXTS};
}

/* ---- members ---- */

/* A table of one pair of strings. */
static int get_from_pair(const zw_value *map, zw_str key, zw_value *out) {
  zw_Map pair = {map->table};
  zw_str text = zw_Map_value(pair);
  if (!zw_str_eq(zw_Map_key(pair), key)) return 0;
  *out = (zw_value){.format = ZW_FORMAT_FLATBUFFER,
                    .kind = VALUE_TEXT,
                    .octets = zw_str_span(text.ptr ? text : ZW_STR(""))};
  return 1;
}

/* Roles: {role: {"features": {feature: true}}}; in FlatBuffers the features are the role's own
 * fields. */
static int get_from_table(const zw_value *map, zw_str key, zw_value *out) {
  if (zw_type_field(map->type, ZW_STR("key"))) return get_from_pair(map, key, out);
  const zw_field *field = zw_type_field(map->type, key);
  bool role = map->type->fields[0].base == ZW_T_BOOL;
  if (!field && role && zw_str_eq(key, ZW_STR("features"))) {
    *out = *map;
    return 1;
  }
  const uint8_t *at = field ? zw_table_slot(map->table, field->id) : NULL;
  if (!at) return 0;
  *out = (zw_value){.format = ZW_FORMAT_FLATBUFFER};
  if (field->base == ZW_T_BOOL) {
    out->kind = VALUE_BOOL;
    out->octets = zw_span_of(at, 1);
  } else {
    out->kind = VALUE_TABLE;
    out->type = field->type;
    out->table = zw_table_table(map->table, field->id);
  }
  return 1;
}

int zw_value_get(const zw_value *map, zw_str key, zw_value *out) {
  raw_walk walk;
  raw_value name, value;
  if (map->format == ZW_FORMAT_NONE) return 0;
  if (map->format == ZW_FORMAT_FLATBUFFER)
    return map->kind == VALUE_TABLE ? get_from_table(map, key, out) : ZW_EINVAL;
  int more = zw_raw_open(&walk, map->format, map->octets, VALUE_DEPTH_MAX);
  if (more || !walk.map) return ZW_EPROTO;
  while ((more = zw_raw_pair(&walk, &name, &value)) > 0) {
    if (!zw_raw_text_is(&name, key)) continue;
    if (value.kind == RAW_NULL) return 0;
    *out = (zw_value){.format = map->format, .octets = value.whole};
    return 1;
  }
  return more;
}

/* ---- scalars ---- */

static int scan_scalar(const zw_value *value, raw_value *out) {
  size_t at = 0;
  if (value->format != ZW_FORMAT_JSON && value->format != ZW_FORMAT_CBOR) return ZW_EINVAL;
  return zw_raw_scan(value->format, value->octets, &at, VALUE_DEPTH_MAX, out) ? ZW_EINVAL : 0;
}

int zw_value_u64(const zw_value *value, uint64_t *out) {
  raw_value scalar;
  if (scan_scalar(value, &scalar) || scalar.kind != RAW_UINT) return ZW_EINVAL;
  *out = scalar.u;
  return 0;
}

int zw_value_str(const zw_value *value, zw_str *out) {
  raw_value scalar;
  if (value->format == ZW_FORMAT_FLATBUFFER && value->kind == VALUE_TEXT) {
    *out = zw_span_str(value->octets);
    return 0;
  }
  if (scan_scalar(value, &scalar) || scalar.kind != RAW_TEXT || scalar.escaped) return ZW_EINVAL;
  *out = zw_span_str(scalar.content);
  return 0;
}

int zw_value_bool(const zw_value *value, bool *out) {
  raw_value scalar;
  if (value->format == ZW_FORMAT_FLATBUFFER && value->kind == VALUE_BOOL) {
    *out = value->octets.ptr[0] != 0;
    return 0;
  }
  if (scan_scalar(value, &scalar) || scalar.kind != RAW_BOOL) return ZW_EINVAL;
  *out = scalar.boolean;
  return 0;
}

/* ---- conversion ---- */

int zw_value_reader_init(zw_value_reader *reader, enum zw_format format, zw_span octets,
                         const zw_alloc *alloc) {
  memset(reader, 0, sizeof *reader);
  if (format == ZW_FORMAT_CBOR) {
    zw_cbor_reader_init(&reader->u.cbor, octets, VALUE_DEPTH_MAX);
    reader->reader = &reader->u.cbor.reader;
    return 0;
  }
  if (format != ZW_FORMAT_JSON) return ZW_EINVAL;
  zw_json_reader_init(&reader->u.json, zw_span_str(octets), ZW_JSON_STRICT | ZW_JSON_BINARY,
                      VALUE_DEPTH_MAX, alloc);
  reader->reader = &reader->u.json.reader;
  return 0;
}

void zw_value_reader_deinit(zw_value_reader *reader) {
  if (reader->reader == &reader->u.json.reader && reader->reader->locate)
    zw_json_reader_deinit(&reader->u.json);
  reader->reader = NULL;
}

void zw_value_sink_init(zw_value_sink *sink, enum zw_format format, zw_text *out) {
  if (format == ZW_FORMAT_JSON) {
    zw_json_writer_init(&sink->u.json, out, 0, 0);
    sink->writer = &sink->u.json.writer;
  } else {
    zw_cbor_writer_init(&sink->u.cbor, out);
    sink->writer = &sink->u.cbor.writer;
  }
}

static int copy_tokens(zw_token_reader *reader, zw_token_writer *writer, zw_diag *diag) {
  zw_token token;
  int e = reader->next(reader, &token, diag);
  if (!e && token.kind == ZW_TOKEN_END) e = zw_fail(diag, ZW_EINVAL, "a value is expected");
  if (!e) e = zw_token_copy(reader, &token, writer, diag);
  return e ? e : reader->next(reader, &token, diag);
}

int zw_value_convert(enum zw_format from, zw_span octets, enum zw_format to, zw_text *out,
                     zw_diag *diag) {
  zw_value_reader reader;
  zw_value_sink sink;
  if (to != ZW_FORMAT_JSON && to != ZW_FORMAT_CBOR)
    return zw_fail(diag, ZW_EINVAL, "a value is converted to JSON or CBOR");
  if (zw_value_reader_init(&reader, from, octets, out->alloc))
    return zw_fail(diag, ZW_EINVAL, "a value is converted from JSON or CBOR");
  zw_value_sink_init(&sink, to, out);
  int e = copy_tokens(reader.reader, sink.writer, diag);
  zw_value_reader_deinit(&reader);
  return e;
}
