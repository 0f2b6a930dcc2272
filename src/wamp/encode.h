/* SPDX-License-Identifier: Apache-2.0 */
/* What the encoders share. */
#ifndef ZEROWIRE_WAMP_ENCODE_H
#define ZEROWIRE_WAMP_ENCODE_H

#include "message_table.h"
#include "value_tokens.h"

/* Payloads below this are copied into the message: cheaper than one more vector for the socket. */
#define BORROW_MIN 512u

#define ENCODED_MAX ((size_t)16 << 20)

/* A message in the list serializers is written to `text`; borrowed spans are cut in at offsets of
 * it. */
typedef struct list_writer {
  zw_encoder *encoder;
  enum zw_format format;
  zw_text *text;
  struct {
    size_t at; /* offset in text */
    zw_span octets;
  } borrowed[2];
  unsigned borrowed_count;
  bool first; /* nothing has been written in this container */
  zw_diag *diag;
} list_writer;

void zw_put_array(list_writer *w, size_t count);
void zw_put_map(list_writer *w, size_t count);
void zw_put_array_end(list_writer *w);
void zw_put_map_end(list_writer *w);
/* A separator, where the notation has one, before an element or key. */
void zw_put_next(list_writer *w);
void zw_put_key(list_writer *w, zw_str key);
void zw_put_uint(list_writer *w, uint64_t value);
void zw_put_int(list_writer *w, int64_t value);
void zw_put_bool(list_writer *w, bool value);
int zw_put_str(list_writer *w, zw_str text);
/* JSON: octets, as WAMP writes them. */
int zw_put_base64(list_writer *w, zw_span octets);

/* The value of one field. */
int zw_put_field(list_writer *w, const zw_msg *msg, const message_field *field);
/* The options of the message that are set, as pairs: those without a slot (details), or all. */
unsigned zw_count_options(const zw_msg *msg, const message_kind *kind, bool details);
int zw_put_options(list_writer *w, const zw_msg *msg, const message_kind *kind, bool details);
bool zw_is_in_details(const zw_msg *msg, const message_field *field);

/* Appends the payload as args or kwargs in a notation: converted, or made from a typed payload.
 * *written: 0 if there is none. */
int zw_args_write(const zw_msg *msg, enum zw_format format, zw_text *out, size_t *written,
                  zw_diag *diag);
int zw_kwargs_write(const zw_msg *msg, enum zw_format format, zw_text *out, size_t *written,
                    zw_diag *diag);
/* Whether a payload of octets is to be handed on as it is: not typed, or no descriptor at hand. */
static inline bool zw_payload_is_opaque(const zw_msg *msg) {
  return msg->payload.ptr && (msg->payload_format != ZW_FORMAT_FLATBUFFER || !msg->payload_type);
}

int zw_list_encode(zw_encoder *encoder, enum zw_format format, const zw_msg *msg,
                   const message_kind *kind, zw_encoded *out, zw_diag *diag);
int zw_flatbuffers_encode(zw_encoder *encoder, uint32_t flags, const zw_msg *msg,
                          const message_kind *kind, zw_encoded *out, zw_diag *diag);
void zw_encoded_add(zw_encoded *out, zw_span part, bool borrowed);

#endif
