/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of a message in JSON and CBOR, and one field of one message. Errors of memory are
 * sticky in the text. */
#include "cbor_head.h"
#include "encode.h"

static void put_raw(list_writer *w, const char *octets, size_t len) {
  zw_text_add(w->text, octets, len);
}

static bool is_json(const list_writer *w) { return w->format == ZW_FORMAT_JSON; }

static void put_head(list_writer *w, enum cbor_major major, uint64_t value) {
  uint8_t head[CBOR_HEAD_MAX];
  zw_text_add(w->text, head, zw_cbor_head_write(head, major, value));
}

void zw_put_array(list_writer *w, size_t count) {
  w->first = true;
  if (is_json(w))
    put_raw(w, "[", 1);
  else
    put_head(w, CBOR_ARRAY, count);
}

void zw_put_map(list_writer *w, size_t count) {
  w->first = true;
  if (is_json(w))
    put_raw(w, "{", 1);
  else
    put_head(w, CBOR_MAP, count);
}

void zw_put_array_end(list_writer *w) {
  w->first = false;
  if (is_json(w)) put_raw(w, "]", 1);
}

void zw_put_map_end(list_writer *w) {
  w->first = false;
  if (is_json(w)) put_raw(w, "}", 1);
}

void zw_put_next(list_writer *w) {
  if (is_json(w) && !w->first) put_raw(w, ",", 1);
  w->first = false;
}

/* Keys are those of the table: no character in them needs an escape. */
void zw_put_key(list_writer *w, zw_str key) {
  zw_put_next(w);
  if (is_json(w)) {
    put_raw(w, "\"", 1);
    put_raw(w, key.ptr, key.len);
    put_raw(w, "\":", 2);
  } else {
    put_head(w, CBOR_TEXT, key.len);
    put_raw(w, key.ptr, key.len);
  }
}

void zw_put_uint(list_writer *w, uint64_t value) {
  char digits[20];
  size_t n = sizeof digits;
  if (!is_json(w)) {
    put_head(w, CBOR_UINT, value);
    return;
  }
  do digits[--n] = (char)('0' + value % 10);
  while (value /= 10);
  put_raw(w, digits + n, sizeof digits - n);
}

void zw_put_int(list_writer *w, int64_t value) {
  if (value >= 0) {
    zw_put_uint(w, (uint64_t)value);
  } else if (is_json(w)) {
    put_raw(w, "-", 1);
    zw_put_uint(w, 0 - (uint64_t)value);
  } else {
    put_head(w, CBOR_NINT, (uint64_t)(-1 - value));
  }
}

void zw_put_bool(list_writer *w, bool value) {
  if (is_json(w))
    put_raw(w, value ? "true" : "false", value ? 4 : 5);
  else
    put_head(w, CBOR_SIMPLE, value ? CBOR_TRUE : CBOR_FALSE);
}

/* Whether JSON holds the text as it is. */
static bool is_plain(zw_str text) {
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = (uint8_t)text.ptr[i];
    if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\') return false;
  }
  return true;
}

static int put_token(list_writer *w, const zw_token *token) {
  zw_json_writer json;
  zw_json_writer_init(&json, w->text, 0, 0);
  return json.writer.write(&json.writer, token);
}

int zw_put_str(list_writer *w, zw_str text) {
  if (!is_json(w)) {
    put_head(w, CBOR_TEXT, text.len);
    put_raw(w, text.ptr, text.len);
    return 0;
  }
  if (!is_plain(text)) return put_token(w, &(zw_token){.kind = ZW_TOKEN_STRING, .text = text});
  put_raw(w, "\"", 1);
  put_raw(w, text.ptr, text.len);
  put_raw(w, "\"", 1);
  return 0;
}

int zw_put_base64(list_writer *w, zw_span octets) {
  return put_token(w, &(zw_token){.kind = ZW_TOKEN_BYTES, .bytes = octets});
}

/* ---- fields ---- */

static int put_name(list_writer *w, const zw_msg *msg, const message_field *field) {
  uint8_t number = *(const uint8_t *)zw_field_in(msg, field);
  zw_str name = {NULL, 0};
  if (field->kind == FIELD_PPT) memcpy(&name, (const uint8_t *)msg + field->other, sizeof name);
  if (!name.ptr) {
    if (number >= field->names->count)
      return zw_fail(w->diag, ZW_EINVAL, "%s: %u is not a value of it", field->key.ptr, number);
    name = field->names->names[number];
  }
  return zw_put_str(w, name);
}

/* CBOR: ns; JSON: RFC 3339, since its numbers lose digits in most clients. */
static int put_time(list_writer *w, int64_t ns) {
  char text[ZW_TIME_TEXT_MAX];
  if (!is_json(w)) {
    zw_put_int(w, ns);
    return 0;
  }
  size_t len = zw_time_format(ns, text);
  return zw_put_str(w, (zw_str){text, len});
}

static int put_value(list_writer *w, const zw_value *value) {
  if (value->format != ZW_FORMAT_NONE) return zw_value_write(value, w->format, w->text, w->diag);
  zw_put_map(w, 0);
  zw_put_map_end(w);
  return 0;
}

int zw_put_field(list_writer *w, const zw_msg *msg, const message_field *field) {
  const void *member = zw_field_in(msg, field);
  switch (field->kind) {
    case FIELD_ID:
    case FIELD_ID_OR_ZERO:
    case FIELD_CODE: zw_put_uint(w, *(const uint64_t *)member); return 0;
    case FIELD_URI:
    case FIELD_TEXT:
    case FIELD_METHOD: return zw_put_str(w, *(const zw_str *)member);
    case FIELD_BOOL: zw_put_bool(w, *(const bool *)member); return 0;
    case FIELD_U16: zw_put_uint(w, *(const uint16_t *)member); return 0;
    case FIELD_U32: zw_put_uint(w, *(const uint32_t *)member); return 0;
    case FIELD_ENUM:
    case FIELD_PPT: return put_name(w, msg, field);
    case FIELD_TIME: return put_time(w, *(const int64_t *)member);
    default: return put_value(w, (const zw_value *)member);
  }
}

/* ---- options ---- */

/* A login method of number 0, and one without a number, are what its slot cannot tell. */
bool zw_is_in_details(const zw_msg *msg, const message_field *field) {
  if (field->slot == NO_SLOT || (field->flags & FIELD_DETAILS)) return true;
  return field->kind == FIELD_METHOD &&
         zw_name_index(&zw_auth_methods, *(const zw_str *)zw_field_in(msg, field)) < 1;
}

static bool is_written(const zw_msg *msg, const message_field *field, bool details) {
  if (field->flags & FIELD_ALIAS || field->kind == FIELD_DICTIONARY) return false;
  return zw_field_is_set(msg, field) && (!details || zw_is_in_details(msg, field));
}

unsigned zw_count_options(const zw_msg *msg, const message_kind *kind, bool details) {
  unsigned count = 0;
  for (unsigned i = 0; i < kind->option_count; i++)
    count += is_written(msg, &kind->options[i], details);
  for (unsigned i = 0; details && i < kind->position_count; i++)
    count += is_written(msg, &kind->positions[i], true);
  return count;
}

static int put_fields(list_writer *w, const zw_msg *msg, const message_field *fields,
                      unsigned count, bool details) {
  for (unsigned i = 0; i < count; i++) {
    if (!is_written(msg, &fields[i], details)) continue;
    zw_put_key(w, fields[i].key);
    int e = zw_put_field(w, msg, &fields[i]);
    if (e)
      return zw_fail(w->diag, e, "%s.%s cannot be written: %s", zw_msg_name(msg->code),
                     fields[i].key.ptr, zw_error_text(e));
  }
  return 0;
}

int zw_put_options(list_writer *w, const zw_msg *msg, const message_kind *kind, bool details) {
  zw_put_map(w, zw_count_options(msg, kind, details));
  int e = put_fields(w, msg, kind->options, kind->option_count, details);
  if (!e && details) e = put_fields(w, msg, kind->positions, kind->position_count, true);
  zw_put_map_end(w);
  return e;
}
