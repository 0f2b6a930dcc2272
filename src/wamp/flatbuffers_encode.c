/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encoding to FlatBuffers. Objects that a message's table refers to are built first, which puts
 * them behind it in memory; first of all, so last in memory, the payload: borrowed if it is large,
 * so that a message is a small head and the caller's own octets.
 *
 * `details` holds, as a CBOR dictionary behind tag 55799, the fields that have no slot and those
 * whose slot holds less than they do. A legacy peer gets none, no typed payloads, and no payload in
 * ERROR.
 */
#include "encode.h"
#include "head_template.h"
#include "wamp_messages_generated.h"

#define HEAD_MIN 256 /* room for most messages without their payload */
typedef struct fb_writer {
  zw_encoder *encoder;
  zw_builder *b;
  const zw_msg *msg;
  const message_kind *kind;
  bool legacy;
  uint64_t positions, options; /* what the message has of either, as bits */
  zw_span tail;                /* borrowed, or {NULL, 0} */
  zw_ref args, kwargs, payload, details;
  uint8_t ppt_serializer;
  zw_diag *diag;
} fb_writer;

/* ---- which fields ---- */

/* A legacy peer knows login methods by number only. */
static bool is_unknown_method(const fb_writer *w, const message_field *field) {
  return w->legacy && field->kind == FIELD_METHOD && zw_is_in_details(w->msg, field);
}

/* A field that is not set, and the peer's verifier may want: whether it is written all the same, or
 * an error. What a typed payload is written as is chosen here. */
static int note_absent(const fb_writer *w, const message_field *field, bool *written) {
  if (field->offset == offsetof(zw_msg, ppt_serializer)) {
    *written = w->msg->payload_format == ZW_FORMAT_FLATBUFFER;
    return 0;
  }
  *written = field->kind == FIELD_ROLES;
  if (*written || field->kind == FIELD_MAP) return 0;
  return zw_fail(w->diag, ZW_EINVAL, "%s.%s is not set, or cannot be told", w->kind->name.ptr,
                 field->key.ptr);
}

/* Most fields of most messages are not set, so those that are are looked for once. */
static int note_fields(const fb_writer *w, const message_field *fields, unsigned count,
                       uint64_t *out) {
  uint64_t set = 0;
  for (unsigned i = 0; i < count; i++) {
    const message_field *field = &fields[i];
    if (field->flags & FIELD_ALIAS) continue;
    bool written = zw_field_is_set(w->msg, field);
    bool absent = !written || is_unknown_method(w, field);
    if (absent && field->flags & (FIELD_REQUIRED | FIELD_WANTED)) {
      int e = note_absent(w, field, &written);
      if (e) return e;
    }
    set |= (uint64_t)written << i;
  }
  *out = set;
  return 0;
}

static unsigned take_first(uint64_t *bits) {
  unsigned first = (unsigned)__builtin_ctzll(*bits);
  *bits &= *bits - 1;
  return first;
}

/* ---- payload ---- */

typedef struct fb_payload {
  zw_span args, kwargs, payload;
} fb_payload;

/* In the scratch: args, then kwargs, in CBOR; spans are made when it no longer moves. */
static int transcode(fb_writer *w, fb_payload *out) {
  zw_text *scratch = &w->encoder->scratch;
  size_t args = 0, kwargs = 0;
  int e = zw_args_write(w->msg, ZW_FORMAT_CBOR, scratch, &args, w->diag);
  if (!e) e = zw_kwargs_write(w->msg, ZW_FORMAT_CBOR, scratch, &kwargs, w->diag);
  if (!e) e = scratch->error;
  if (e) return e;
  const uint8_t *text = (const uint8_t *)scratch->ptr;
  if (args) out->args = zw_span_of(text, args);
  if (kwargs) out->kwargs = zw_span_of(text + args, kwargs);
  return 0;
}

static int choose_payload(fb_writer *w, fb_payload *out) {
  const zw_msg *msg = w->msg;
  bool typed = msg->payload_format == ZW_FORMAT_FLATBUFFER;
  if (w->legacy && msg->code == ZW_ERROR) return 0;
  if (zw_payload_is_opaque(msg) || (typed && !w->legacy)) {
    out->payload = msg->payload;
    if (typed && msg->payload.ptr) w->ppt_serializer = ZW_PPT_FLATBUFFERS;
    return 0;
  }
  if (msg->payload_format != ZW_FORMAT_CBOR) return transcode(w, out);
  out->args = msg->args;
  out->kwargs = msg->kwargs;
  return 0;
}

static bool is_in_scratch(const fb_writer *w, zw_span octets) {
  const uint8_t *scratch = (const uint8_t *)w->encoder->scratch.ptr;
  return scratch && octets.ptr >= scratch && octets.ptr < scratch + w->encoder->scratch.len;
}

/* The largest vector comes first, at the end of the buffer. */
static void build_payload(fb_writer *w, const fb_payload *p) {
  const struct {
    zw_span octets;
    zw_ref *ref;
  } vectors[] = {{p->payload, &w->payload}, {p->args, &w->args}, {p->kwargs, &w->kwargs}};
  unsigned last = p->args.len > p->payload.len ? 1 : 0;
  if (p->kwargs.len > vectors[last].octets.len) last = 2;
  for (unsigned i = 0; i < 3; i++) {
    unsigned k = (last + i) % 3;
    zw_span octets = vectors[k].octets;
    if (!octets.ptr || octets.len == 0) continue;
    if (i == 0 && octets.len >= BORROW_MIN && !is_in_scratch(w, octets)) {
      w->tail = octets;
      *vectors[k].ref = zw_builder_tail(w->b, octets.len);
    } else {
      *vectors[k].ref = zw_builder_vector(w->b, octets.ptr, octets.len, 1, 8);
    }
  }
}

/* ---- details ---- */

static bool has_details(const fb_writer *w, const message_field *fields, uint64_t set) {
  while (set) {
    const message_field *field = &fields[take_first(&set)];
    if (zw_is_in_details(w->msg, field) && zw_field_is_set(w->msg, field)) return true;
  }
  return false;
}

static int build_details(fb_writer *w) {
  static const char tag[] = "\xD9\xD9\xF7";
  bool greets = w->msg->code == ZW_HELLO || w->msg->code == ZW_WELCOME;
  if (w->legacy || (!greets && !has_details(w, w->kind->options, w->options) &&
                    !has_details(w, w->kind->positions, w->positions)))
    return 0;
  zw_text *scratch = &w->encoder->scratch;
  size_t before = scratch->len;
  list_writer list = {
      .encoder = w->encoder, .format = ZW_FORMAT_CBOR, .text = scratch, .diag = w->diag};
  zw_text_add(scratch, tag, sizeof tag - 1);
  int e = zw_put_options(&list, w->msg, w->kind, true);
  if (!e) e = scratch->error;
  if (!e) w->details = zw_builder_vector(w->b, scratch->ptr + before, scratch->len - before, 1, 1);
  return e;
}

/* ---- vectors and tables ---- */

static zw_ref build_ids(fb_writer *w, const zw_value *list) {
  size_t at = 0, count = 0;
  uint64_t id;
  void *elements;
  while (zw_value_next_id(list, &at, &id) > 0) count++;
  zw_ref ref = zw_builder_vector_uninit(w->b, count, 8, 8, &elements);
  uint8_t *p = elements;
  at = 0;
  for (size_t i = 0; ref && i < count && zw_value_next_id(list, &at, &id) > 0; i++)
    zw_store_le64(p + 8 * i, id);
  return ref;
}

/* A vector of offsets whose objects are not built yet: they follow in memory, so their refs are
 * kept in the encoder's text. */
static zw_ref *keep_refs(fb_writer *w, size_t count) {
  zw_text *text = &w->encoder->text;
  static const uint8_t zeros[64];
  zw_text_reset(text);
  for (size_t need = count * sizeof(zw_ref); need > 0;) {
    size_t n = need < sizeof zeros ? need : sizeof zeros;
    zw_text_add(text, zeros, n);
    need -= n;
  }
  zw_builder_fail(w->b, text->error);
  return text->error ? NULL : (zw_ref *)(void *)text->ptr;
}

static zw_ref build_texts(fb_writer *w, const zw_value *list) {
  size_t at = 0, count = 0;
  zw_str text;
  while (zw_value_next_str(list, &at, &text) > 0) count++;
  zw_ref *refs = keep_refs(w, count);
  at = 0;
  for (size_t i = 0; refs && i < count && zw_value_next_str(list, &at, &text) > 0; i++)
    refs[i] = zw_builder_string(w->b, text);
  return refs || count == 0 ? zw_builder_refs(w->b, refs, count) : 0;
}

/* The next principal of a list in any notation: 1, 0, negative. */
static int next_principal(const zw_value *list, raw_walk *walk, uint32_t i, zw_PrincipalT *out) {
  raw_value element;
  zw_value map, member;
  memset(out, 0, sizeof *out);
  if (list->format == ZW_FORMAT_FLATBUFFER) {
    if (i >= list->vec.count) return 0;
    zw_Principal p = {zw_vec_table(list->vec, i)};
    *out =
        (zw_PrincipalT){zw_Principal_session(p), zw_Principal_authid(p), zw_Principal_authrole(p)};
    return 1;
  }
  int more = zw_raw_next(walk, &element);
  if (more <= 0) return more;
  map = (zw_value){.format = list->format, .octets = element.whole};
  if (zw_value_get(&map, ZW_STR("session"), &member) > 0 && zw_value_u64(&member, &out->session))
    return ZW_EINVAL;
  if (zw_value_get(&map, ZW_STR("authid"), &member) > 0 && zw_value_str(&member, &out->authid))
    return ZW_EINVAL;
  if (zw_value_get(&map, ZW_STR("authrole"), &member) > 0 && zw_value_str(&member, &out->authrole))
    return ZW_EINVAL;
  return 1;
}

#define PRINCIPALS_MAX 64 /* a route of so many routers is a loop */

static zw_ref build_principals(fb_writer *w, const zw_value *list) {
  zw_ref refs[PRINCIPALS_MAX];
  raw_walk walk = {0};
  zw_PrincipalT p;
  uint32_t count = 0;
  int more =
      list->format == ZW_FORMAT_FLATBUFFER ? 0 : zw_raw_open(&walk, list->format, list->octets, 64);
  while (!more && (more = next_principal(list, &walk, count, &p)) > 0) {
    if (count == PRINCIPALS_MAX) return 0;
    refs[count++] = zw_pack(w->b, &zw_Principal_pack_type, &p);
    more = 0;
  }
  return more ? 0 : zw_builder_refs(w->b, refs, count);
}

/* ---- roles ---- */

static zw_ref build_features(fb_writer *w, const zw_type *type, const zw_value *role) {
  zw_value features, value;
  bool some = zw_value_get(role, ZW_STR("features"), &features) > 0;
  zw_builder_table_start(w->b);
  for (unsigned i = 0; i < type->field_count && some; i++) {
    bool flag = false;
    if (zw_value_get(&features, type->fields[i].name, &value) > 0 &&
        zw_value_bool(&value, &flag) == 0) {
      zw_builder_add_bool(w->b, type->fields[i].id, flag, false);
    }
  }
  return zw_builder_table_end(w->b);
}

static zw_ref build_roles(fb_writer *w, const message_field *field, const zw_value *roles) {
  const zw_type *type = zw_wamp_message_type(w->msg->code)->fields[field->slot].type;
  zw_ref refs[8] = {0};
  zw_value role;
  for (unsigned i = 0; i < type->field_count && i < 8; i++) {
    if (zw_value_get(roles, type->fields[i].name, &role) > 0)
      refs[i] = build_features(w, type->fields[i].type, &role);
  }
  zw_builder_table_start(w->b);
  for (unsigned i = 0; i < type->field_count && i < 8; i++)
    zw_builder_add_ref(w->b, type->fields[i].id, refs[i]);
  return zw_builder_table_end(w->b);
}

/* ---- fields ---- */

static bool is_refused_empty(const zw_value *value) { return value->format == ZW_FORMAT_NONE; }

static zw_ref build_field(fb_writer *w, const message_field *field) {
  const void *member = zw_field_in(w->msg, field);
  const zw_value *value = member;
  switch (field->kind) {
    case FIELD_URI:
    case FIELD_TEXT: return zw_builder_string(w->b, *(const zw_str *)member);
    case FIELD_IDS: return is_refused_empty(value) ? 0 : build_ids(w, value);
    case FIELD_TEXTS: return is_refused_empty(value) ? 0 : build_texts(w, value);
    case FIELD_PRINCIPALS: return is_refused_empty(value) ? 0 : build_principals(w, value);
    case FIELD_ROLES: return build_roles(w, field, value);
    default: return 0;
  }
}

static int build_fields(fb_writer *w, const message_field *fields, uint64_t set, zw_ref *refs) {
  while (set) {
    unsigned i = take_first(&set);
    const message_field *field = &fields[i];
    refs[i] = 0;
    if (field->slot == NO_SLOT) continue;
    refs[i] = build_field(w, field);
    bool list =
        field->kind == FIELD_IDS || field->kind == FIELD_TEXTS || field->kind == FIELD_PRINCIPALS;
    if (list && !refs[i] && !w->b->error)
      return zw_fail(w->diag, ZW_EINVAL, "%s.%s cannot be written", w->kind->name.ptr,
                     field->key.ptr);
  }
  return 0;
}

static int add_byte(fb_writer *w, const message_field *field, const uint8_t *member) {
  uint8_t number = *member, preset = 0;
  bool typed = w->msg->payload_format == ZW_FORMAT_FLATBUFFER;
  if (typed && field->offset == offsetof(zw_msg, ppt_serializer)) number = w->ppt_serializer;
  if (number >= field->names->count)
    return zw_fail(w->diag, ZW_EINVAL, "%s: %u is not a value of it", field->key.ptr, number);
  if (w->msg->code == ZW_INTERRUPT && field->offset == offsetof(zw_msg, mode))
    preset = ZW_CANCEL_KILL;
  zw_builder_add_u8(w->b, field->slot, number, preset);
  return 0;
}

static int add_field(fb_writer *w, const message_field *field, zw_ref ref) {
  const void *member = zw_field_in(w->msg, field);
  zw_builder *b = w->b;
  switch (field->kind) {
    case FIELD_ID:
    case FIELD_ID_OR_ZERO:
      zw_builder_add_u64(b, field->slot, *(const uint64_t *)member, 0);
      return 0;
    case FIELD_CODE:
      zw_builder_add_u16(b, field->slot, (uint16_t) * (const uint64_t *)member, 0);
      return 0;
    case FIELD_BOOL: {
      bool preset = field->offset == offsetof(zw_msg, exclude_me);
      zw_builder_add_bool(b, field->slot, *(const bool *)member, preset);
      return 0;
    }
    case FIELD_U16: zw_builder_add_u16(b, field->slot, *(const uint16_t *)member, 0); return 0;
    case FIELD_U32: zw_builder_add_u32(b, field->slot, *(const uint32_t *)member, 0); return 0;
    case FIELD_ENUM:
    case FIELD_PPT: return add_byte(w, field, member);
    case FIELD_METHOD: {
      int index = zw_name_index(&zw_auth_methods, *(const zw_str *)member);
      zw_builder_add_u8(b, field->slot, index > 0 ? (uint8_t)index : 0, 0);
      return 0;
    }
    default: zw_builder_add_ref(b, field->slot, ref); return 0;
  }
}

static int add_fields(fb_writer *w, const message_field *fields, uint64_t set, const zw_ref *refs) {
  while (set) {
    unsigned i = take_first(&set);
    if (fields[i].slot == NO_SLOT) continue;
    int e = add_field(w, &fields[i], refs[i]);
    if (e) return e;
  }
  return 0;
}

static int build_message(fb_writer *w, zw_span *head) {
  const message_kind *kind = w->kind;
  zw_ref positions[MESSAGE_OPTIONS_MAX], options[MESSAGE_OPTIONS_MAX]; /* of fields that are set */
  int e = build_fields(w, kind->options, w->options, options);
  if (!e) e = build_fields(w, kind->positions, w->positions, positions);
  if (e) return e;
  zw_builder_table_start(w->b);
  e = add_fields(w, kind->positions, w->positions, positions);
  if (!e) e = add_fields(w, kind->options, w->options, options);
  if (e) return e;
  if (kind->args_slot != NO_SLOT) {
    zw_builder_add_ref(w->b, kind->args_slot, w->args);
    zw_builder_add_ref(w->b, kind->args_slot + 1u, w->kwargs);
    zw_builder_add_ref(w->b, kind->args_slot + 2u, w->payload);
  }
  zw_builder_add_ref(w->b, kind->details_slot, w->details);
  zw_ref message = zw_builder_table_end(w->b);
  zw_Message_start(w->b);
  zw_Message_add_msg(w->b, (zw_AnyMessage)kind->code, message);
  return zw_builder_finish(w->b, zw_Message_end(w->b), (zw_str){NULL, 0}, head);
}

/* The head, and what of the payload is borrowed. */
static int encode_head(fb_writer *w, const head_shape *shape, zw_span *head) {
  fb_payload payload = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
  zw_builder_reset(w->b);
  zw_builder_reserve(w->b, HEAD_MIN);
  int e = w->kind->args_slot != NO_SLOT ? choose_payload(w, &payload) : 0;
  if (e) return e;
  build_payload(w, &payload);
  e = build_details(w);
  if (!e) e = build_message(w, head);
  if (!e && !w->legacy) e = zw_head_note(w->encoder, shape, w->msg, *head);
  return e;
}

int zw_flatbuffers_encode(zw_encoder *encoder, uint32_t flags, const zw_msg *msg,
                          const message_kind *kind, zw_encoded *out, zw_diag *diag) {
  static const uint8_t zeros[16];
  fb_writer w = {.encoder = encoder,
                 .b = &encoder->builder,
                 .msg = msg,
                 .kind = kind,
                 .legacy = flags & ZW_ENCODE_LEGACY,
                 .diag = diag};
  zw_span head;
  int e = note_fields(&w, kind->positions, kind->position_count, &w.positions);
  if (!e) e = note_fields(&w, kind->options, kind->option_count, &w.options);
  if (e) return e;
  bool payload = kind->args_slot != NO_SLOT && msg->payload.ptr;
  head_shape shape = {kind, w.positions, w.options, payload ? msg->payload.len : 0};
  if (w.legacy || !zw_head_make(encoder, &shape, msg, &head))
    e = encode_head(&w, &shape, &head);
  else if (shape.payload_len >= BORROW_MIN)
    w.tail = msg->payload;
  if (e) return e;
  zw_encoded_add(out, head, false);
  zw_encoded_add(out, w.tail, true);
  size_t pad = w.tail.ptr ? zw_builder_tail_pad(w.tail.len) : 0;
  if ((flags & ZW_ENCODE_PAD4) && (out->len + pad) % 8 == 0) pad += 4;
  zw_encoded_add(out, zw_span_of(zeros, pad), false);
  return 0;
}
