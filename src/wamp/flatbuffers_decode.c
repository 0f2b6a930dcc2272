/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding of FlatBuffers messages: the whole buffer is verified once against the schema of
 * messages, then each field of the message's row is read from its slot. `details` follows as a
 * dictionary in CBOR, which overrides slots: they hold less than it can.
 *
 * A legacy peer leaves out required fields and aligns vectors of ids to 4 octets only.
 */
#include "decode.h"
#include "wamp_messages_generated.h"

static const uint8_t details_tag[] = {0xD9, 0xD9, 0xF7}; /* tag 55799: self-described CBOR */

static int refuse(const decoder *d, const message_field *field, zw_table t, const char *what) {
  return zw_decode_refuse(d, field->key.ptr, t.ptr, what);
}

static int verify(decoder *d, zw_table *root) {
  zw_verify_options options = {.flags = ZW_VERIFY_UTF8 | ZW_VERIFY_STRICT_UNIONS,
                               .depth_max = d->depth};
  if (d->legacy) options.flags |= ZW_VERIFY_NO_REQUIRED | ZW_VERIFY_UNALIGNED;
  int e = zw_verify(zw_wamp_root_type(), d->octets, &options, root, d->diag);
  if (!e) return 0;
  if (d->diag) d->diag->error = ZW_EPROTO;
  return ZW_EPROTO;
}

static int read_text(decoder *d, const message_field *field, zw_table t) {
  zw_str text = zw_table_str(t, field->slot);
  if (zw_text_is_marked(text)) return refuse(d, field, t, "a string begins with U+0000");
  zw_field_store(d, field, &text, sizeof text);
  return 0;
}

static int read_id(decoder *d, const message_field *field, zw_table t) {
  uint64_t id = zw_table_u64(t, field->slot, 0);
  /* 0 is "none" where an id may be absent: peers write defaults. */
  if (id == 0 && !(field->flags & FIELD_REQUIRED)) return 0;
  int e = zw_field_check_id(d, field, id, t.ptr);
  if (!e) zw_field_store(d, field, &id, sizeof id);
  return e;
}

static int read_byte(decoder *d, const message_field *field, zw_table t) {
  uint8_t number = zw_table_u8(t, field->slot, 0);
  if (number >= field->names->count) return refuse(d, field, t, "the value is not known");
  zw_field_store(d, field, &number, sizeof number);
  return 0;
}

static int read_method(decoder *d, const message_field *field, zw_table t) {
  uint8_t number = zw_table_u8(t, field->slot, 0);
  if (number >= zw_auth_methods.count) return refuse(d, field, t, "the value is not known");
  zw_field_store(d, field, &zw_auth_methods.names[number], sizeof(zw_str));
  return 0;
}

static int read_code(decoder *d, const message_field *field, zw_table t) {
  uint64_t code = zw_table_u16(t, field->slot, 0);
  raw_value value = {.kind = RAW_UINT, .u = code, .whole = zw_span_of(t.ptr, 0)};
  return zw_field_read(d, field, &value);
}

static int check_ids(decoder *d, const message_field *field, zw_vec ids) {
  for (uint32_t i = 0; i < ids.count; i++) {
    int e = zw_field_check_id(d, field, zw_vec_u64(ids, i), ids.ptr);
    if (e) return e;
  }
  return 0;
}

static int refuse_text(const decoder *d, const message_field *field, zw_vec list) {
  return zw_decode_refuse(d, field->key.ptr, list.ptr, "a string begins with U+0000");
}

static int check_texts(const decoder *d, const message_field *field, zw_vec texts) {
  for (uint32_t i = 0; i < texts.count; i++) {
    if (zw_text_is_marked(zw_vec_str(texts, i))) return refuse_text(d, field, texts);
  }
  return 0;
}

static int check_principals(decoder *d, const message_field *field, zw_vec list) {
  for (uint32_t i = 0; i < list.count; i++) {
    zw_Principal p = {zw_vec_table(list, i)};
    bool marked =
        zw_text_is_marked(zw_Principal_authid(p)) || zw_text_is_marked(zw_Principal_authrole(p));
    if (marked) return refuse_text(d, field, list);
    if (zw_Principal_session(p) > ZW_ID_MAX)
      return zw_field_check_id(d, field, ZW_ID_MAX + 1, list.ptr);
  }
  return 0;
}

static int check_methods(decoder *d, const message_field *field, zw_vec methods) {
  for (uint32_t i = 0; i < methods.count; i++) {
    if (zw_vec_u8(methods, i) >= zw_auth_methods.count) {
      return zw_decode_refuse(d, field->key.ptr, methods.ptr, "a login method is not known");
    }
  }
  return 0;
}

static int read_vector(decoder *d, const message_field *field, zw_table t) {
  static const uint8_t kinds[FIELD_KIND_COUNT] = {[FIELD_IDS] = VALUE_IDS,
                                                  [FIELD_TEXTS] = VALUE_TEXTS,
                                                  [FIELD_METHODS] = VALUE_METHODS,
                                                  [FIELD_PRINCIPALS] = VALUE_PRINCIPALS};
  zw_value value = {.format = ZW_FORMAT_FLATBUFFER,
                    .vec = zw_table_vec(t, field->slot),
                    .kind = kinds[field->kind]};
  int e = 0;
  if (field->kind == FIELD_IDS) e = check_ids(d, field, value.vec);
  if (field->kind == FIELD_TEXTS) e = check_texts(d, field, value.vec);
  if (field->kind == FIELD_PRINCIPALS) e = check_principals(d, field, value.vec);
  if (field->kind == FIELD_METHODS) e = check_methods(d, field, value.vec);
  if (!e) zw_field_store(d, field, &value, sizeof value);
  return e;
}

static int read_table(decoder *d, const message_field *field, zw_table t) {
  const zw_type *type = zw_wamp_message_type(d->msg->code)->fields[field->slot].type;
  zw_value value = {.format = ZW_FORMAT_FLATBUFFER,
                    .table = zw_table_table(t, field->slot),
                    .kind = VALUE_TABLE,
                    .type = type};
  zw_field_store(d, field, &value, sizeof value);
  return 0;
}

static int read_slot(decoder *d, const message_field *field, zw_table t) {
  switch (field->kind) {
    case FIELD_ID:
    case FIELD_ID_OR_ZERO: return read_id(d, field, t);
    case FIELD_URI:
    case FIELD_TEXT: return read_text(d, field, t);
    case FIELD_METHOD: return read_method(d, field, t);
    case FIELD_CODE: return read_code(d, field, t);
    case FIELD_ENUM:
    case FIELD_PPT: return read_byte(d, field, t);
    case FIELD_MAP:
    case FIELD_ROLES: return read_table(d, field, t);
    case FIELD_BOOL: {
      bool flag = zw_table_bool(t, field->slot, false);
      zw_field_store(d, field, &flag, sizeof flag);
      return 0;
    }
    case FIELD_U16: {
      uint16_t number = zw_table_u16(t, field->slot, 0);
      zw_field_store(d, field, &number, sizeof number);
      return 0;
    }
    case FIELD_U32: {
      uint32_t number = zw_table_u32(t, field->slot, 0);
      zw_field_store(d, field, &number, sizeof number);
      return 0;
    }
    default: return read_vector(d, field, t);
  }
}

static int read_fields(decoder *d, const message_field *fields, unsigned count, zw_table t) {
  const uint8_t *table = t.ptr, *vtable = table - (int32_t)zw_load_le32(table);
  unsigned slots = (zw_load_le16(vtable) - 4u) / 2;
  for (unsigned i = 0; i < count; i++) {
    unsigned slot = fields[i].slot;
    if (slot == NO_SLOT || slot >= slots || !zw_load_le16(vtable + 4 + 2 * slot)) continue;
    int e = read_slot(d, &fields[i], t);
    if (e) return e;
  }
  return 0;
}

/* Fields of positions that neither slot nor `details` gave. */
static int check_required(decoder *d, zw_table t) {
  for (unsigned i = 0; i < d->kind->position_count; i++) {
    const message_field *field = &d->kind->positions[i];
    if (!(field->flags & FIELD_REQUIRED) || (field->flags & FIELD_NULLABLE) ||
        zw_field_is_set(d->msg, field))
      continue;
    if (field->kind == FIELD_MAP) continue;
    bool text =
        field->kind == FIELD_TEXT && d->legacy; /* legacy peers do not write empty strings */
    if (!text) return refuse(d, field, t, "the field is missing");
    zw_field_store(d, field, &ZW_STR(""), sizeof(zw_str));
  }
  return 0;
}

/* One value of CBOR in a vector; empty ones are absent. */
static int read_cbor(decoder *d, zw_table t, unsigned slot, const char *name, raw_value *value) {
  zw_span octets = zw_vec_bytes(zw_table_vec(t, slot));
  size_t at = 0;
  if (octets.len == 0) return 0;
  int e = zw_raw_scan_cbor(octets, &at, d->depth, value);
  if (e)
    return zw_decode_refuse(d, name, octets.ptr + at,
                            e == ZW_ELIMIT ? "nested too deeply" : "CBOR is not well-formed");
  return at == octets.len ? 1
                          : zw_decode_refuse(d, name, octets.ptr + at, "octets follow the value");
}

static int read_payload(decoder *d, zw_table t) {
  unsigned slot = d->kind->args_slot;
  zw_span payload = zw_vec_bytes(zw_table_vec(t, slot + 2));
  raw_value value;
  int found = read_cbor(d, t, slot, "args", &value);
  if (found > 0) found = zw_args_read(d, &value);
  if (!found) found = read_cbor(d, t, slot + 1, "kwargs", &value);
  if (found > 0) found = zw_kwargs_read(d, &value);
  if (found) return found;
  if (payload.len == 0) return 0;
  if (d->msg->args.ptr || d->msg->kwargs.ptr)
    return zw_decode_refuse(d, "payload", payload.ptr, "it stands beside args or kwargs");
  d->msg->payload = payload;
  return 0;
}

/* Keys of positions, which `details` has for fields whose slot holds less: CHALLENGE's extra, say.
 */
static int read_positions_in_details(decoder *d, zw_span map) {
  raw_walk walk;
  raw_value key, value;
  int more = zw_raw_open(&walk, ZW_FORMAT_CBOR, map, d->depth);
  while (!more && (more = zw_raw_pair(&walk, &key, &value)) > 0) {
    more = 0;
    for (unsigned i = 0; i < d->kind->position_count && value.kind != RAW_NULL; i++) {
      const message_field *field = &d->kind->positions[i];
      bool open = (field->flags & FIELD_DETAILS) || field->kind == FIELD_METHOD;
      if (open && zw_raw_text_is(&key, field->key) && (more = zw_field_read(d, field, &value)))
        return more;
    }
  }
  return more;
}

static int read_details(decoder *d, zw_table t) {
  zw_span octets = zw_vec_bytes(zw_table_vec(t, d->kind->details_slot));
  if (octets.len < sizeof details_tag || memcmp(octets.ptr, details_tag, sizeof details_tag) != 0)
    return 0;
  zw_span map = zw_span_of(octets.ptr + sizeof details_tag, octets.len - sizeof details_tag);
  raw_value value;
  size_t at = 0;
  int e = zw_raw_scan_cbor(map, &at, d->depth, &value);
  if (e || at != map.len || value.kind != RAW_MAP)
    return zw_decode_refuse(d, "details", octets.ptr, "not one dictionary in CBOR");
  d->msg->has |= (uint64_t)1 << ZW_HAS_LEGACY_FREE;
  e = zw_options_read(d, map);
  return e ? e : read_positions_in_details(d, map);
}

int zw_flatbuffers_decode(decoder *d) {
  zw_Message root;
  int e = verify(d, &root.t);
  if (e) return e;
  d->kind = zw_message_by_code(zw_Message_msg_type(root));
  zw_table t = zw_Message_msg(root);
  if (!d->kind || !t.ptr) return zw_decode_refuse(d, NULL, d->octets.ptr, "it holds no message");
  zw_message_begin(d->msg, d->kind->code);
  e = read_fields(d, d->kind->positions, d->kind->position_count, t);
  if (!e) e = read_fields(d, d->kind->options, d->kind->option_count, t);
  if (!e && zw_table_has(t, d->kind->details_slot)) e = read_details(d, t);
  if (!e) e = check_required(d, t);
  if (!e && d->kind->args_slot != NO_SLOT) e = read_payload(d, t);
  return e ? e : zw_decode_finish(d);
}
