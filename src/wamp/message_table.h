/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of messages: which fields a message has, where each stands in the list serializers
 * (position or key of the dictionary) and in FlatBuffers (slot), and where in zw_msg it is kept.
 * Every serializer is an engine over it.
 */
#ifndef ZEROWIRE_WAMP_MESSAGE_TABLE_H
#define ZEROWIRE_WAMP_MESSAGE_TABLE_H

#include "zerowire/wamp.h"

/* What a field is: in zw_msg / in lists / in FlatBuffers. */
enum field_kind {
  FIELD_ID,         /* uint64_t / integer 1..2^53 / ulong */
  FIELD_ID_OR_ZERO, /* the same, 0 allowed: a request that nobody made */
  FIELD_URI,        /* zw_str / string that is a URI / string */
  FIELD_TEXT,       /* zw_str / string / string */
  FIELD_BOOL,       /* bool / boolean / bool */
  FIELD_U16,        /* uint16_t / integer / ushort */
  FIELD_U32,        /* uint32_t / integer / uint */
  FIELD_CODE,       /* uint64_t: message code / integer / ushort */
  FIELD_ENUM,       /* uint8_t / string, one of `names` / ubyte */
  FIELD_PPT, /* uint8_t, and zw_str at `other` for names that are not in `names` / string / ubyte */
  FIELD_METHOD,     /* zw_str / string / ubyte: enum AuthMethod */
  FIELD_TIME,       /* int64_t / integer, or RFC 3339 / - */
  FIELD_IDS,        /* zw_value / list of ids / [ulong] */
  FIELD_TEXTS,      /* zw_value / list of strings / [string] */
  FIELD_METHODS,    /* zw_value / list of strings / [ubyte]: enum AuthMethod */
  FIELD_PRINCIPALS, /* zw_value / list of dictionaries / [Principal] */
  FIELD_MAP,        /* zw_value / dictionary / Map: one pair of strings */
  FIELD_ROLES,      /* zw_value / dictionary / ClientRoles, RouterRoles */
  FIELD_DICTIONARY, /* - / the options of the message / - */
  FIELD_KIND_COUNT
};

/* What zw_value.kind says of FlatBuffers values. */
enum value_kind {
  VALUE_NONE,
  VALUE_IDS,
  VALUE_TEXTS,
  VALUE_METHODS,
  VALUE_PRINCIPALS,
  VALUE_TABLE,
  VALUE_TEXT,
  VALUE_BOOL
};

enum field_flag {
  FIELD_REQUIRED = 1u << 0,
  FIELD_NULLABLE = 1u << 1,  /* a position that may be null */
  FIELD_ALIAS = 1u << 2,     /* a key that is read and never written */
  FIELD_OMISSIBLE = 1u << 3, /* a dictionary that is left out when it is empty */
  FIELD_DETAILS = 1u << 4,   /* FlatBuffers: written to `details`, though it has a slot */
  FIELD_WANTED = 1u << 5,    /* an option that FlatBuffers has a say in also where it is not set */
};

#define NO_SLOT 0xFF
#define NO_HAS 63 /* a bit that is never set */
#define FIELD_NAMES_MAX 8

typedef struct field_names {
  uint8_t count;
  zw_str names[FIELD_NAMES_MAX];
} field_names;

typedef struct message_field {
  zw_str key;      /* name; of options: the key in the dictionary */
  uint8_t kind;    /* enum field_kind */
  uint8_t flags;   /* enum field_flag */
  uint8_t has;     /* enum zw_msg_field, or NO_HAS */
  uint8_t slot;    /* FlatBuffers, or NO_SLOT: in `details` */
  uint16_t offset; /* of the member in zw_msg */
  uint16_t other;  /* FIELD_PPT: of the name */
  const field_names *names;
} message_field;

typedef struct message_kind {
  zw_str name;
  uint16_t code, list_code;
  const message_field
      *positions; /* after the code, in order; FIELD_DICTIONARY is where the options are */
  uint8_t position_count;
  const message_field *options;
  uint8_t option_count;
  bool payload;      /* args and kwargs may follow in lists */
  uint8_t args_slot; /* kwargs and payload follow; NO_SLOT: FlatBuffers carries none */
  uint8_t details_slot;
} message_kind;

#define MESSAGE_OPTIONS_MAX 32
#define MESSAGE_COUNT 25

extern const message_kind zw_message_kinds[MESSAGE_COUNT];
extern const field_names zw_auth_methods; /* index: enum AuthMethod */

const message_kind *zw_message_by_code(unsigned code);           /* NULL: unknown */
const message_kind *zw_message_by_list_code(uint64_t list_code); /* NULL: unknown */
/* Sets the defaults of a message that is all zeros. */
void zw_message_begin(zw_msg *msg, unsigned code);
/* The index of a name, or -1. */
int zw_name_index(const field_names *names, zw_str name);

static inline void *zw_field_of(zw_msg *msg, const message_field *field) {
  return (uint8_t *)msg + field->offset;
}
static inline const void *zw_field_in(const zw_msg *msg, const message_field *field) {
  return (const uint8_t *)msg + field->offset;
}

_Static_assert(ZW_HAS_FIELD_COUNT <= NO_HAS, "the bit of fields without one is free");

/* A member is compared with zero in one load: its octets, or those of its first member. */
extern const uint64_t zw_field_masks[FIELD_KIND_COUNT];
bool zw_named_field_is_set(const zw_msg *msg, const message_field *field, bool some);

/* Whether the message has the field: by its bit in `has`, or because its member is not the default.
 */
static inline bool zw_field_is_set(const zw_msg *msg, const message_field *field) {
  const uint32_t special = 1u << FIELD_BOOL | 1u << FIELD_ENUM | 1u << FIELD_PPT;
  bool some = (zw_load_le64(zw_field_in(msg, field)) & zw_field_masks[field->kind]) != 0;
  bool named = msg->has >> field->has & 1;
  if (special >> field->kind & 1) {
    /* exclude_me is the one flag that is true by default. */
    some = field->kind == FIELD_BOOL ? some != (field->offset == offsetof(zw_msg, exclude_me))
                                     : zw_named_field_is_set(msg, field, some);
  }
  return some || named;
}

/* The descriptor of the root table of wamp_messages.fbs, and of one message's table. */
const zw_type *zw_wamp_root_type(void);
const zw_type *zw_wamp_message_type(unsigned code);

#endif
