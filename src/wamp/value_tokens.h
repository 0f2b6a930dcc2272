/* SPDX-License-Identifier: Apache-2.0 */
/* Values as tokens into JSON or CBOR. */
#ifndef ZEROWIRE_WAMP_VALUE_TOKENS_H
#define ZEROWIRE_WAMP_VALUE_TOKENS_H

#include "message_table.h"
#include "raw_value.h"

typedef struct zw_value_sink {
  union {
    zw_json_writer json;
    zw_cbor_writer cbor;
  } u;
  zw_token_writer *writer;
} zw_value_sink;

/* A sink for one value that is appended to `out`: JSON, else CBOR. */
void zw_value_sink_init(zw_value_sink *sink, enum zw_format format, zw_text *out);
/* Appends a value in this notation, whatever it is in. */
int zw_value_write(const zw_value *value, enum zw_format format, zw_text *out, zw_diag *diag);

#endif
