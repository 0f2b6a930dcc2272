/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One template for each of a few groups of message types, replaced by what came last. A shape is
 * kept when it comes for the second time, so that messages that are never alike cost no copies.
 */
#include "head_template.h"

#include "wamp_messages_generated.h"

#define IDS_MAX 6
#define HEAD_MAX 768 /* octets, with a payload that is copied */

struct zw_head_template {
  head_shape shape;
  bool kept;           /* else: the shape was seen once */
  uint16_t len;        /* of the head */
  uint16_t payload_at; /* 0: it is not in the head */
  uint8_t id_count;
  struct {
    uint16_t at, member; /* in the head, in zw_msg */
  } ids[IDS_MAX];
  _Alignas(8) uint8_t octets[HEAD_MAX];
};

static struct zw_head_template **place_of(zw_encoder *encoder, const message_kind *kind) {
  return &encoder->heads[(size_t)(kind - zw_message_kinds) % ZW_ENCODER_HEADS];
}

static bool same_shape(const head_shape *a, const head_shape *b) {
  return a->kind == b->kind && a->positions == b->positions && a->options == b->options &&
         a->payload_len == b->payload_len;
}

/* Nothing, or a typed payload. */
static bool is_plain(const message_kind *kind, const zw_msg *msg) {
  if (kind->args_slot == NO_SLOT) return true;
  if (msg->payload_format == ZW_FORMAT_FLATBUFFER) return msg->payload.len > 0;
  return !msg->payload.ptr && !msg->args.ptr && !msg->kwargs.ptr;
}

bool zw_head_make(zw_encoder *encoder, const head_shape *shape, const zw_msg *msg, zw_span *head) {
  struct zw_head_template *t = *place_of(encoder, shape->kind);
  if (!t || !t->kept || !same_shape(&t->shape, shape) || !is_plain(shape->kind, msg)) return false;
  for (unsigned i = 0; i < t->id_count; i++) {
    uint64_t id;
    memcpy(&id, (const uint8_t *)msg + t->ids[i].member, sizeof id);
    zw_store_le64(t->octets + t->ids[i].at, id);
  }
  if (t->payload_at) memcpy(t->octets + t->payload_at, msg->payload.ptr, shape->payload_len);
  *head = zw_span_of(t->octets, t->len);
  return true;
}

/* Where the ids of these fields are. False: there are other fields than ids. */
static bool find_ids(struct zw_head_template *t, const message_field *fields, uint64_t set,
                     zw_table table, const uint8_t *head) {
  for (unsigned i = 0; set; i++, set >>= 1) {
    const message_field *field = &fields[i];
    if (!(set & 1) || field->offset == offsetof(zw_msg, ppt_serializer)) continue;
    bool is_id = field->kind == FIELD_ID || field->kind == FIELD_ID_OR_ZERO;
    const uint8_t *at = is_id && field->slot != NO_SLOT ? zw_table_slot(table, field->slot) : NULL;
    if (!at || t->id_count == IDS_MAX) return false;
    t->ids[t->id_count].at = (uint16_t)(at - head);
    t->ids[t->id_count++].member = field->offset;
  }
  return true;
}

static bool keep(struct zw_head_template *t, zw_span head) {
  const message_kind *kind = t->shape.kind;
  zw_table table = zw_Message_msg((zw_Message){zw_root_trusted(head)});
  t->id_count = 0;
  t->payload_at = 0;
  if (head.len > HEAD_MAX || !find_ids(t, kind->positions, t->shape.positions, table, head.ptr) ||
      !find_ids(t, kind->options, t->shape.options, table, head.ptr))
    return false;
  if (t->shape.payload_len && t->shape.payload_len < BORROW_MIN)
    t->payload_at = (uint16_t)zw_table_vec(table, kind->args_slot + 2u).pos;
  memcpy(t->octets, head.ptr, head.len);
  t->len = (uint16_t)head.len;
  return true;
}

int zw_head_note(zw_encoder *encoder, const head_shape *shape, const zw_msg *msg, zw_span head) {
  struct zw_head_template **place = place_of(encoder, shape->kind), *t = *place;
  if (!is_plain(shape->kind, msg)) return 0;
  if (!t) {
    t = *place = zw_alloc_zero(encoder->alloc, sizeof *t);
    if (!t) return ZW_ENOMEM;
  }
  bool again = same_shape(&t->shape, shape);
  t->shape = *shape;
  t->kept = again && keep(t, head);
  return 0;
}

void zw_head_free(zw_encoder *encoder) {
  for (size_t i = 0; i < ZW_ENCODER_HEADS; i++) {
    zw_alloc_free(encoder->alloc, encoder->heads[i], sizeof *encoder->heads[i]);
    encoder->heads[i] = NULL;
  }
}
