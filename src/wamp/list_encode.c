/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoding: the entry for all serializers, and the list serializers (CBOR, JSON).
 *
 * A message is written to the encoder's text; a large payload in the peer's own notation is not
 * copied into it: its span is remembered with the offset where it belongs, and the parts are cut at
 * the end, when the text no longer moves.
 */
#include "cbor_head.h"
#include "encode.h"
#include "head_template.h"

void zw_encoder_init(zw_encoder *encoder, const zw_alloc *alloc) {
  encoder->alloc = alloc ? alloc : zw_alloc_default();
  zw_builder_init(&encoder->builder, encoder->alloc);
  zw_text_init(&encoder->text, encoder->alloc);
  zw_text_init(&encoder->scratch, encoder->alloc);
  for (size_t i = 0; i < ZW_ENCODER_HEADS; i++) encoder->heads[i] = NULL;
}

void zw_encoder_deinit(zw_encoder *encoder) {
  zw_builder_deinit(&encoder->builder);
  zw_text_deinit(&encoder->text);
  zw_text_deinit(&encoder->scratch);
  zw_head_free(encoder);
}

void zw_encoded_add(zw_encoded *out, zw_span part, bool borrowed) {
  if (part.len == 0) return;
  if (borrowed) out->borrowed |= 1u << out->count;
  out->parts[out->count++] = part;
  out->len += part.len;
}

/* ---- payload ---- */

static void put_span(list_writer *w, zw_span octets) {
  if (octets.len < BORROW_MIN) {
    zw_text_add(w->text, octets.ptr, octets.len);
    return;
  }
  w->borrowed[w->borrowed_count].at = w->text->len;
  w->borrowed[w->borrowed_count++].octets = octets;
}

static int put_opaque(list_writer *w, const zw_msg *msg) {
  zw_put_next(w);
  zw_put_array(w, 1);
  zw_put_next(w);
  int e = 0;
  if (w->format == ZW_FORMAT_CBOR) {
    uint8_t head[CBOR_HEAD_MAX];
    zw_text_add(w->text, head, zw_cbor_head_write(head, CBOR_BYTES, msg->payload.len));
    put_span(w, msg->payload);
  } else {
    e = zw_put_base64(w, msg->payload);
  }
  zw_put_array_end(w);
  return e;
}

static int put_empty_args(list_writer *w) {
  zw_put_array(w, 0);
  zw_put_array_end(w);
  return 0;
}

/* How many elements the payload adds: 0, args, or args and kwargs. Where a typed payload has
 * keywords is known only when they are written. */
static unsigned payload_count(const zw_msg *msg, bool has_kwargs) {
  if (zw_payload_is_opaque(msg)) return 1;
  if (has_kwargs) return 2;
  return msg->args.ptr || msg->payload.ptr ? 1 : 0;
}

static int put_args(list_writer *w, const zw_msg *msg) {
  size_t written = 0;
  zw_put_next(w);
  if (msg->payload_format == w->format && msg->args.ptr) {
    put_span(w, msg->args);
    return 0;
  }
  int e = zw_args_write(msg, w->format, w->text, &written, w->diag);
  return e || written ? e : put_empty_args(w);
}

static int put_kwargs(list_writer *w, const zw_msg *msg) {
  zw_put_next(w);
  if (msg->payload_format == w->format)
    put_span(w, msg->kwargs);
  else
    zw_text_add(w->text, w->encoder->scratch.ptr, w->encoder->scratch.len);
  return 0;
}

static int put_payload(list_writer *w, const zw_msg *msg, bool has_kwargs) {
  unsigned count = payload_count(msg, has_kwargs);
  if (zw_payload_is_opaque(msg)) return put_opaque(w, msg);
  int e = count > 0 ? put_args(w, msg) : 0;
  return !e && count > 1 ? put_kwargs(w, msg) : e;
}

/* Keywords in another notation go to the scratch first, since the count of elements stands at the
 * front of the message. */
static int prepare_kwargs(list_writer *w, const zw_msg *msg, bool *has_kwargs) {
  size_t written = 0;
  *has_kwargs = msg->kwargs.ptr != NULL;
  if (zw_payload_is_opaque(msg) || msg->payload_format == w->format) return 0;
  int e = zw_kwargs_write(msg, w->format, &w->encoder->scratch, &written, w->diag);
  *has_kwargs = written > 0;
  return e;
}

/* ---- the message ---- */

static bool is_omitted(const zw_msg *msg, const message_kind *kind, const message_field *field) {
  return (field->flags & FIELD_OMISSIBLE) && zw_count_options(msg, kind, false) == 0;
}

static int check_position(const list_writer *w, const zw_msg *msg, const message_kind *kind,
                          const message_field *field) {
  bool needed = field->kind != FIELD_DICTIONARY && (field->flags & FIELD_REQUIRED) &&
                field->kind != FIELD_MAP;
  if (!needed || zw_field_is_set(msg, field)) return 0;
  return zw_fail(w->diag, ZW_EINVAL, "%s.%s is not set", kind->name.ptr, field->key.ptr);
}

static int put_position(list_writer *w, const zw_msg *msg, const message_kind *kind,
                        const message_field *field) {
  if (is_omitted(msg, kind, field)) return 0;
  int e = check_position(w, msg, kind, field);
  if (e) return e;
  zw_put_next(w);
  return field->kind == FIELD_DICTIONARY ? zw_put_options(w, msg, kind, false)
                                         : zw_put_field(w, msg, field);
}

static int put_message(list_writer *w, const zw_msg *msg, const message_kind *kind) {
  bool has_kwargs = false;
  int e = kind->payload ? prepare_kwargs(w, msg, &has_kwargs) : 0;
  if (e) return e;
  size_t count = 1 + (kind->payload ? payload_count(msg, has_kwargs) : 0);
  for (unsigned i = 0; i < kind->position_count; i++)
    count += !is_omitted(msg, kind, &kind->positions[i]);
  zw_put_array(w, count);
  zw_put_next(w);
  zw_put_uint(w, kind->list_code);
  for (unsigned i = 0; i < kind->position_count && !e; i++)
    e = put_position(w, msg, kind, &kind->positions[i]);
  if (!e && kind->payload) e = put_payload(w, msg, has_kwargs);
  zw_put_array_end(w);
  return e;
}

static void cut_parts(const list_writer *w, zw_encoded *out) {
  const uint8_t *text = (const uint8_t *)w->text->ptr;
  size_t at = 0;
  for (unsigned i = 0; i < w->borrowed_count; i++) {
    zw_encoded_add(out, zw_span_of(text + at, w->borrowed[i].at - at), false);
    zw_encoded_add(out, w->borrowed[i].octets, true);
    at = w->borrowed[i].at;
  }
  zw_encoded_add(out, zw_span_of(text + at, w->text->len - at), false);
}

int zw_list_encode(zw_encoder *encoder, enum zw_format format, const zw_msg *msg,
                   const message_kind *kind, zw_encoded *out, zw_diag *diag) {
  list_writer w = {.encoder = encoder, .format = format, .text = &encoder->text, .diag = diag};
  int e = put_message(&w, msg, kind);
  if (!e) e = encoder->text.error ? encoder->text.error : encoder->scratch.error;
  if (!e) cut_parts(&w, out);
  return e;
}

int zw_msg_encode(zw_encoder *encoder, enum zw_serializer serializer, uint32_t flags,
                  const zw_msg *msg, zw_encoded *out, zw_diag *diag) {
  const message_kind *kind = zw_message_by_code(msg->code);
  memset(out, 0, sizeof *out);
  zw_text_reset(&encoder->text);
  zw_text_reset(&encoder->scratch);
  if (!kind) return zw_fail(diag, ZW_EINVAL, "%u is not the code of a message", msg->code);
  int e;
  switch (serializer) {
    case ZW_JSON: e = zw_list_encode(encoder, ZW_FORMAT_JSON, msg, kind, out, diag); break;
    case ZW_CBOR: e = zw_list_encode(encoder, ZW_FORMAT_CBOR, msg, kind, out, diag); break;
    case ZW_FLATBUFFERS: e = zw_flatbuffers_encode(encoder, flags, msg, kind, out, diag); break;
    default:
      return zw_fail(diag, ZW_ENOTSUP, "serializer %s is not supported",
                     zw_serializer_name(serializer));
  }
  if (e == ZW_ENOMEM) return zw_fail(diag, e, "no memory to encode %s", kind->name.ptr);
  if (!e && out->len > ENCODED_MAX) {
    e = zw_fail(diag, ZW_ELIMIT, "%s of %zu octets: a message has at most 16 MiB", kind->name.ptr,
                out->len);
  }
  if (e) memset(out, 0, sizeof *out);
  return e;
}
