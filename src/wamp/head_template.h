/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heads that are encoded again and again, and differ in nothing but their ids: events of one
 * subscription, results, invocations, acknowledgements. The layout of a message without texts,
 * lists and details is given by its type, the fields that it has and its payload's length; so the
 * second one is kept, and others are it with their own ids and octets put in.
 */
#ifndef ZEROWIRE_WAMP_HEAD_TEMPLATE_H
#define ZEROWIRE_WAMP_HEAD_TEMPLATE_H

#include "encode.h"

typedef struct head_shape {
  const message_kind *kind;
  uint64_t positions, options; /* fields that are written, as bits */
  size_t payload_len;
} head_shape;

/* The head of a message of a shape that is kept: true. It lies in the encoder until its next use.
 */
bool zw_head_make(zw_encoder *encoder, const head_shape *shape, const zw_msg *msg, zw_span *head);
/* A head that was encoded otherwise, for those that follow: 0, ZW_ENOMEM. */
int zw_head_note(zw_encoder *encoder, const head_shape *shape, const zw_msg *msg, zw_span head);
void zw_head_free(zw_encoder *encoder);

#endif
