/* SPDX-License-Identifier: Apache-2.0 */
/* What the decoders of the list serializers and of FlatBuffers share: reading one field, a
 * dictionary of options, the checks at the end. */
#ifndef ZEROWIRE_WAMP_DECODE_H
#define ZEROWIRE_WAMP_DECODE_H

#include "message_table.h"
#include "raw_value.h"

typedef struct decoder {
  zw_msg *msg;
  const message_kind *kind; /* NULL until the code is known */
  enum zw_format format;    /* of raw values */
  zw_span octets;           /* the whole message */
  uint32_t depth;           /* containers in containers that are allowed */
  bool legacy;
  zw_arena *scratch; /* or NULL */
  zw_diag *diag;
} decoder;

int zw_list_decode(decoder *d);
int zw_flatbuffers_decode(decoder *d);

/* ZW_EPROTO: "PUBLISH.topic: what, at octet n". `field` may be NULL, `at` points into the message.
 */
int zw_decode_refuse(const decoder *d, const char *field, const void *at, const char *what);

/* Reads one field from a raw value in d->format; null is absent. */
int zw_field_read(decoder *d, const message_field *field, const raw_value *value);
/* Reads the options of the message from a map in d->format. Unknown keys are passed over. */
int zw_options_read(decoder *d, zw_span map);
/* Stores a member and sets its bit in `has`. */
void zw_field_store(decoder *d, const message_field *field, const void *value, size_t size);
int zw_field_check_id(decoder *d, const message_field *field, uint64_t id, const void *at);
/* Texts that begin with U+0000 have no form in JSON, where that marks octets: they are refused
 * everywhere. */
static inline bool zw_text_is_marked(zw_str text) { return text.len > 0 && text.ptr[0] == 0; }
/* args and kwargs, or octets in place of args; checks that a payload passes through as one. */
int zw_args_read(decoder *d, const raw_value *args);
int zw_kwargs_read(decoder *d, const raw_value *kwargs);
/* After all fields: URIs, and octets that pass through. */
int zw_decode_finish(decoder *d);

#endif
