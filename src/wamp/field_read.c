/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One field from one raw value: its type is checked, then its member points to it.
 *
 * Texts of JSON with escapes, and option values that hold such, need memory: with a scratch arena a
 * text is unescaped there, and a value is converted to CBOR there, so that whoever reads it meets
 * no escapes. Without one, such a text is refused and a value left as it is.
 */
#include "decode.h"

int zw_decode_refuse(const decoder *d, const char *field, const void *at, const char *what) {
  const uint8_t *p = at;
  bool inside = p && p >= d->octets.ptr && p <= d->octets.ptr + d->octets.len;
  size_t offset = inside ? (size_t)(p - d->octets.ptr) : 0;
  return zw_fail_at(d->diag, ZW_EPROTO, offset, "%s%s%s: %s, at octet %zu",
                    d->kind ? d->kind->name.ptr : "message", field ? "." : "", field ? field : "",
                    what, offset);
}

static int refuse(const decoder *d, const message_field *field, const raw_value *value,
                  const char *what) {
  return zw_decode_refuse(d, field->key.ptr, value->whole.ptr, what);
}

void zw_field_store(decoder *d, const message_field *field, const void *value, size_t size) {
  memcpy(zw_field_of(d->msg, field), value, size);
  if (field->has != NO_HAS) d->msg->has |= (uint64_t)1 << field->has;
}

int zw_field_check_id(decoder *d, const message_field *field, uint64_t id, const void *at) {
  if (id == 0 && field->kind == FIELD_ID_OR_ZERO) return 0;
  if (id >= 1 && id <= ZW_ID_MAX) return 0;
  return zw_decode_refuse(d, field->key.ptr, at, "an id is from 1 to 2^53");
}

static int read_text_value(decoder *d, const message_field *field, const raw_value *value,
                           zw_str *out) {
  if (value->kind != RAW_TEXT) return refuse(d, field, value, "a string is expected");
  *out = zw_span_str(value->content);
  if (zw_text_is_marked(*out)) return refuse(d, field, value, "a string begins with U+0000");
  if (!value->escaped) return 0;
  if (d->format != ZW_FORMAT_JSON)
    return refuse(d, field, value, "a string in pieces is not supported");
  if (!d->scratch) return refuse(d, field, value, "a string with escapes is not supported here");
  *out = zw_raw_unescape(value->content, d->scratch);
  return out->ptr ? 0 : zw_fail(d->diag, ZW_ENOMEM, "no memory for a string");
}

static int read_text(decoder *d, const message_field *field, const raw_value *value) {
  zw_str text;
  int e = read_text_value(d, field, value, &text);
  if (!e) zw_field_store(d, field, &text, sizeof text);
  return e;
}

static int read_id(decoder *d, const message_field *field, const raw_value *value) {
  if (value->kind != RAW_UINT) return refuse(d, field, value, "an id is an integer from 1 to 2^53");
  int e = zw_field_check_id(d, field, value->u, value->whole.ptr);
  if (!e) zw_field_store(d, field, &value->u, sizeof value->u);
  return e;
}

static int read_bool(decoder *d, const message_field *field, const raw_value *value) {
  if (value->kind != RAW_BOOL) return refuse(d, field, value, "true or false is expected");
  zw_field_store(d, field, &value->boolean, sizeof value->boolean);
  return 0;
}

static int read_number(decoder *d, const message_field *field, const raw_value *value) {
  uint64_t max = field->kind == FIELD_U16 ? UINT16_MAX : UINT32_MAX;
  if (value->kind != RAW_UINT) return refuse(d, field, value, "an integer is expected");
  if (value->u > max) return refuse(d, field, value, "the number is too large");
  uint32_t wide = (uint32_t)value->u;
  uint16_t narrow = (uint16_t)value->u;
  if (field->kind == FIELD_U16)
    zw_field_store(d, field, &narrow, sizeof narrow);
  else
    zw_field_store(d, field, &wide, sizeof wide);
  return 0;
}

/* The type of a request that can fail. */
static int read_code(decoder *d, const message_field *field, const raw_value *value) {
  static const uint8_t requests[] = {ZW_PUBLISH, ZW_SUBSCRIBE, ZW_UNSUBSCRIBE, ZW_CALL,
                                     ZW_CANCEL,  ZW_REGISTER,  ZW_UNREGISTER,  ZW_INVOCATION};
  if (value->kind != RAW_UINT) return refuse(d, field, value, "the code of a request is expected");
  if (value->u > UINT8_MAX || !memchr(requests, (int)value->u, sizeof requests)) {
    return refuse(d, field, value, "this is not the code of a request");
  }
  zw_field_store(d, field, &value->u, sizeof value->u);
  return 0;
}

static int read_enum(decoder *d, const message_field *field, const raw_value *value) {
  zw_str name;
  int e = read_text_value(d, field, value, &name);
  if (e) return e;
  int index = zw_name_index(field->names, name);
  if (index < 0) return refuse(d, field, value, "the name is not known");
  uint8_t number = (uint8_t)index;
  zw_field_store(d, field, &number, sizeof number);
  return 0;
}

/* Names are open here: one without a number keeps its text, and stands as "opaque". */
static int read_ppt(decoder *d, const message_field *field, const raw_value *value) {
  zw_str name;
  int e = read_text_value(d, field, value, &name);
  if (e) return e;
  int index = zw_name_index(field->names, name);
  if (index < 0) {
    memcpy((uint8_t *)d->msg + field->other, &name, sizeof name);
    index = zw_name_index(field->names, ZW_STR("opaque"));
  }
  uint8_t number = index < 0 ? 0 : (uint8_t)index;
  zw_field_store(d, field, &number, sizeof number);
  return 0;
}

static int read_time(decoder *d, const message_field *field, const raw_value *value) {
  int64_t ns;
  if (value->kind == RAW_UINT && value->u <= INT64_MAX) {
    ns = (int64_t)value->u;
  } else if (value->kind == RAW_NINT && value->u <= INT64_MAX) {
    ns = -1 - (int64_t)value->u;
  } else {
    zw_str text;
    int e = read_text_value(d, field, value, &text);
    if (e) return e;
    if (zw_time_parse(text, &ns))
      return refuse(d, field, value, "a time is a number of ns or RFC 3339");
  }
  zw_field_store(d, field, &ns, sizeof ns);
  return 0;
}

/* ---- lists and dictionaries ---- */

static bool is_text(const raw_value *value) {
  return value->kind == RAW_TEXT && !zw_text_is_marked(zw_span_str(value->content));
}

static int check_principal(decoder *d, const message_field *field, const raw_value *value) {
  raw_walk walk;
  raw_value key, member;
  int more = zw_raw_open(&walk, d->format, value->whole, d->depth);
  if (more) return refuse(d, field, value, "a dictionary is expected");
  while ((more = zw_raw_pair(&walk, &key, &member)) > 0) {
    if (member.kind == RAW_NULL) continue;
    if (zw_raw_text_is(&key, ZW_STR("session"))) {
      if (member.kind != RAW_UINT || member.u > ZW_ID_MAX)
        return refuse(d, field, &member, "a session id is expected");
    } else if (zw_raw_text_is(&key, ZW_STR("authid")) || zw_raw_text_is(&key, ZW_STR("authrole"))) {
      if (!is_text(&member)) return refuse(d, field, &member, "a string is expected");
    }
  }
  return more ? refuse(d, field, value, "not well-formed") : 0;
}

static int check_element(decoder *d, const message_field *field, const raw_value *element) {
  switch (field->kind) {
    case FIELD_IDS:
      if (element->kind != RAW_UINT)
        return refuse(d, field, element, "ids are integers from 1 to 2^53");
      return zw_field_check_id(d, field, element->u, element->whole.ptr);
    case FIELD_PRINCIPALS:
      if (element->kind != RAW_MAP) return refuse(d, field, element, "a dictionary is expected");
      return check_principal(d, field, element);
    default: return is_text(element) ? 0 : refuse(d, field, element, "a string is expected");
  }
}

static int check_list(decoder *d, const message_field *field, const raw_value *value) {
  raw_walk walk;
  raw_value element;
  if (value->kind != RAW_ARRAY) return refuse(d, field, value, "a list is expected");
  int more = zw_raw_open(&walk, d->format, value->whole, d->depth);
  while (!more && (more = zw_raw_next(&walk, &element)) > 0) {
    more = check_element(d, field, &element);
    if (more) return more;
  }
  return more ? refuse(d, field, value, "not well-formed") : 0;
}

/* A value of JSON that has escapes, as CBOR in the scratch. */
static int convert_value(decoder *d, zw_value *value) {
  zw_text text;
  if (!d->scratch || value->format != ZW_FORMAT_JSON) return 0;
  if (!memchr(value->octets.ptr, '\\', value->octets.len)) return 0;
  zw_text_init(&text, d->scratch->alloc);
  int e = zw_value_convert(ZW_FORMAT_JSON, value->octets, ZW_FORMAT_CBOR, &text, d->diag);
  zw_str copy = {NULL, 0};
  if (!e) {
    copy = zw_arena_str(d->scratch, zw_text_str(&text));
    if (!copy.ptr) e = zw_fail(d->diag, ZW_ENOMEM, "no memory for an option");
  }
  zw_text_deinit(&text);
  if (e)
    return e == ZW_ENOMEM
               ? e
               : zw_decode_refuse(d, NULL, value->octets.ptr, "an option cannot be read");
  *value = (zw_value){.format = ZW_FORMAT_CBOR, .octets = zw_str_span(copy)};
  return 0;
}

static int read_value(decoder *d, const message_field *field, const raw_value *raw) {
  bool is_map = field->kind == FIELD_MAP || field->kind == FIELD_ROLES;
  zw_value value = {.format = d->format, .octets = raw->whole};
  if (is_map && raw->kind != RAW_MAP) return refuse(d, field, raw, "a dictionary is expected");
  int e = is_map ? 0 : check_list(d, field, raw);
  if (!e) e = convert_value(d, &value);
  if (!e) zw_field_store(d, field, &value, sizeof value);
  return e;
}

int zw_field_read(decoder *d, const message_field *field, const raw_value *value) {
  switch (field->kind) {
    case FIELD_ID:
    case FIELD_ID_OR_ZERO: return read_id(d, field, value);
    case FIELD_URI:
    case FIELD_TEXT:
    case FIELD_METHOD: return read_text(d, field, value);
    case FIELD_BOOL: return read_bool(d, field, value);
    case FIELD_U16:
    case FIELD_U32: return read_number(d, field, value);
    case FIELD_CODE: return read_code(d, field, value);
    case FIELD_ENUM: return read_enum(d, field, value);
    case FIELD_PPT: return read_ppt(d, field, value);
    case FIELD_TIME: return read_time(d, field, value);
    default: return read_value(d, field, value);
  }
}

/* ---- options ---- */

static const message_field *find_in(const message_field *fields, size_t count,
                                    const raw_value *key) {
  for (size_t i = 0; i < count; i++) {
    if (fields[i].kind != FIELD_DICTIONARY && zw_raw_text_is(key, fields[i].key)) return &fields[i];
  }
  return NULL;
}

int zw_options_read(decoder *d, zw_span map) {
  raw_walk walk;
  raw_value key, value;
  int more = zw_raw_open(&walk, d->format, map, d->depth);
  if (!more && !walk.map) more = ZW_EPROTO;
  while (!more && (more = zw_raw_pair(&walk, &key, &value)) > 0) {
    const message_field *field = find_in(d->kind->options, d->kind->option_count, &key);
    more = field && value.kind != RAW_NULL ? zw_field_read(d, field, &value) : 0;
    if (more) return more;
  }
  return more ? zw_decode_refuse(d, "options", map.ptr, "not a well-formed dictionary") : 0;
}
