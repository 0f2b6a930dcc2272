/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding: the entry for all serializers, and the list serializers (CBOR, JSON), which are one
 * walk along the positions of the message's row in the table. Payload: args and kwargs are scanned
 * for well-formedness and kept as spans.
 */
#include "decode.h"

#define MESSAGE_MAX_DEFAULT (16u << 20)

static int refuse_walk(const decoder *d, const raw_walk *walk, const char *what) {
  return zw_decode_refuse(d, NULL, walk->octets.ptr + walk->at, what);
}

/* ---- payload ---- */

/* Octets that JSON carries as base64 need the scratch. */
static int read_octets(decoder *d, const raw_value *value, zw_span *out) {
  *out = value->content;
  if (!value->escaped) return 0;
  if (d->format != ZW_FORMAT_JSON || !d->scratch)
    return zw_decode_refuse(d, "payload", value->whole.ptr,
                            "octets in this form are not supported");
  zw_json_reader json;
  zw_token token;
  zw_json_reader_init(&json, zw_span_str(value->whole), ZW_JSON_STRICT | ZW_JSON_BINARY, 0,
                      d->scratch->alloc);
  int e = json.reader.next(&json.reader, &token, d->diag);
  if (e || token.kind != ZW_TOKEN_BYTES) {
    e = e == ZW_ENOMEM
            ? e
            : zw_decode_refuse(d, "payload", value->whole.ptr, "octets are not in base64");
  } else {
    zw_str copy = zw_arena_str(d->scratch, zw_span_str(token.bytes));
    *out = zw_str_span(copy);
    if (!copy.ptr) e = zw_fail(d->diag, ZW_ENOMEM, "no memory for the payload");
  }
  zw_json_reader_deinit(&json);
  return e;
}

/* Autobahn sends null for "no args" before kwargs. */
int zw_args_read(decoder *d, const raw_value *args) {
  if (args->kind == RAW_NULL) return 0;
  if (args->kind == RAW_BYTES) return read_octets(d, args, &d->msg->payload);
  if (args->kind != RAW_ARRAY)
    return zw_decode_refuse(d, "args", args->whole.ptr, "a list is expected");
  if (args->empty) return 0;
  d->msg->args = args->whole;
  d->msg->payload_format = d->format;
  return 0;
}

int zw_kwargs_read(decoder *d, const raw_value *kwargs) {
  if (kwargs->kind == RAW_NULL) return 0;
  if (kwargs->kind != RAW_MAP)
    return zw_decode_refuse(d, "kwargs", kwargs->whole.ptr, "a dictionary is expected");
  if (d->msg->payload.ptr)
    return zw_decode_refuse(d, "kwargs", kwargs->whole.ptr,
                            "nothing may follow a payload of octets");
  if (kwargs->empty) return 0;
  d->msg->kwargs = kwargs->whole;
  d->msg->payload_format = d->format;
  return 0;
}

/* Payload passthru: args is a list of one octet string. */
static int unwrap_payload(decoder *d) {
  zw_msg *msg = d->msg;
  bool passes = msg->ppt_scheme || msg->ppt_serializer;
  raw_walk walk;
  raw_value only, more;
  if (!passes || !msg->args.ptr || msg->kwargs.ptr) return 0;
  if (zw_raw_open(&walk, d->format, msg->args, d->depth) || zw_raw_next(&walk, &only) != 1)
    return 0;
  if (only.kind != RAW_BYTES || zw_raw_next(&walk, &more) != 0) return 0;
  if (only.escaped && !d->scratch) return 0;
  int e = read_octets(d, &only, &msg->payload);
  if (e) return e;
  msg->args = (zw_span){NULL, 0};
  msg->payload_format = ZW_FORMAT_NONE;
  return 0;
}

/* ---- the end ---- */

static int check_uri(decoder *d, zw_str uri, enum zw_match match, const char *field) {
  if (!uri.ptr || zw_uri_valid(uri, match, ZW_URI_LOOSE)) return 0;
  const uint8_t *at = (const uint8_t *)uri.ptr;
  zw_decode_refuse(d, field, at, "this is not a URI");
  if (d->diag) d->diag->error = ZW_EURI;
  return ZW_EURI;
}

int zw_decode_finish(decoder *d) {
  zw_msg *msg = d->msg;
  int e = check_uri(d, msg->uri, (enum zw_match)msg->match, "uri");
  if (!e) e = check_uri(d, msg->topic, ZW_MATCH_EXACT, "topic");
  if (!e) e = unwrap_payload(d);
  bool typed = msg->payload.ptr && msg->ppt_serializer == ZW_PPT_FLATBUFFERS && !msg->ppt_scheme &&
               !msg->ppt_cipher;
  if (!e && typed) msg->payload_format = ZW_FORMAT_FLATBUFFER;
  return e;
}

/* ---- lists ---- */

static int read_list_code(decoder *d, raw_walk *walk) {
  raw_value code;
  int more = zw_raw_next(walk, &code);
  if (more <= 0) return refuse_walk(d, walk, "a message begins with its code");
  if (code.kind != RAW_UINT)
    return zw_decode_refuse(d, NULL, code.whole.ptr, "a message begins with its code");
  d->kind = zw_message_by_list_code(code.u);
  if (!d->kind)
    return zw_decode_refuse(d, NULL, code.whole.ptr, "the code is not that of a message");
  zw_message_begin(d->msg, d->kind->code);
  return 0;
}

static int read_position(decoder *d, const message_field *field, const raw_value *value) {
  if (field->kind != FIELD_DICTIONARY) {
    if (value->kind == RAW_NULL && (field->flags & FIELD_NULLABLE)) return 0;
    return zw_field_read(d, field, value);
  }
  if (value->kind != RAW_MAP)
    return zw_decode_refuse(d, "options", value->whole.ptr, "a dictionary is expected");
  return value->empty ? 0 : zw_options_read(d, value->whole);
}

static int read_positions(decoder *d, raw_walk *walk) {
  for (unsigned i = 0; i < d->kind->position_count; i++) {
    const message_field *field = &d->kind->positions[i];
    raw_value value;
    int more = zw_raw_next(walk, &value);
    if (more < 0)
      return refuse_walk(d, walk, more == ZW_ELIMIT ? "nested too deeply" : "not well-formed");
    if (more == 0 && (field->flags & FIELD_OMISSIBLE)) return 0;
    if (more == 0)
      return zw_decode_refuse(d, field->key.ptr, walk->octets.ptr + walk->at,
                              "the field is missing");
    int e = read_position(d, field, &value);
    if (e) return e;
  }
  return 0;
}

static int read_payload(decoder *d, raw_walk *walk) {
  raw_value value;
  for (int i = 0; i < 2; i++) {
    int more = zw_raw_next(walk, &value);
    if (more < 0)
      return refuse_walk(d, walk, more == ZW_ELIMIT ? "nested too deeply" : "not well-formed");
    if (more == 0) return 0;
    int e = i == 0 ? zw_args_read(d, &value) : zw_kwargs_read(d, &value);
    if (e) return e;
  }
  return 0;
}

int zw_list_decode(decoder *d) {
  raw_walk walk;
  raw_value rest;
  int e = zw_raw_open(&walk, d->format, d->octets, d->depth);
  if (e || walk.map) return refuse_walk(d, &walk, "a message is a list");
  e = read_list_code(d, &walk);
  if (!e) e = read_positions(d, &walk);
  if (!e && d->kind->payload) e = read_payload(d, &walk);
  if (e) return e;
  int more = zw_raw_next(&walk, &rest);
  if (more < 0) return refuse_walk(d, &walk, "not well-formed");
  if (more > 0)
    return zw_decode_refuse(d, NULL, rest.whole.ptr, "the message has too many elements");
  if (!zw_raw_at_end(&walk)) return refuse_walk(d, &walk, "octets follow the message");
  return zw_decode_finish(d);
}

int zw_msg_decode(zw_msg *out, enum zw_serializer serializer, zw_span octets,
                  const zw_wamp_limits *limits, zw_diag *diag) {
  static const zw_wamp_limits defaults = {0};
  if (!limits) limits = &defaults;
  uint32_t depth = limits->depth_max ? limits->depth_max : 64;
  uint32_t message_max = limits->message_max ? limits->message_max : MESSAGE_MAX_DEFAULT;
  decoder d = {.msg = out,
               .octets = octets,
               .depth = depth > 64 ? 64 : depth,
               .legacy = limits->legacy,
               .scratch = limits->scratch,
               .diag = diag};
  memset(out, 0, sizeof *out);
  if (octets.len > message_max)
    return zw_fail(diag, ZW_ELIMIT, "a message of %zu octets: at most %u are allowed", octets.len,
                   message_max);
  if (octets.len == 0) return zw_decode_refuse(&d, NULL, NULL, "a message is empty");
  switch (serializer) {
    case ZW_JSON: d.format = ZW_FORMAT_JSON; return zw_list_decode(&d);
    case ZW_CBOR: d.format = ZW_FORMAT_CBOR; return zw_list_decode(&d);
    case ZW_FLATBUFFERS: d.format = ZW_FORMAT_CBOR; return zw_flatbuffers_decode(&d);
    default:
      return zw_fail(diag, ZW_ENOTSUP, "serializer %s is not supported",
                     zw_serializer_name(serializer));
  }
}
