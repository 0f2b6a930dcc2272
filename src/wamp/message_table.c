/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table. A row reads: member, key, kind, flags, `has` bit, slot. Slots are those of
 * schemas/wamp_messages.fbs (a test compares them); list forms those of the WAMP specification.
 */
#include "message_table.h"

#include "wamp_messages_generated.h"

static const field_names match_names = {3, {ZW_STR("exact"), ZW_STR("prefix"), ZW_STR("wildcard")}};
static const field_names invoke_names = {
    5, {ZW_STR("single"), ZW_STR("first"), ZW_STR("last"), ZW_STR("roundrobin"), ZW_STR("random")}};
static const field_names mode_names = {3, {ZW_STR("skip"), ZW_STR("kill"), ZW_STR("killnowait")}};
static const field_names scheme_names = {
    5, {ZW_STR("none"), ZW_STR("cryptobox"), ZW_STR("mqtt"), ZW_STR("xbr"), ZW_STR("opaque")}};
static const field_names serializer_names = {8,
                                             {ZW_STR("native"), ZW_STR("json"), ZW_STR("msgpack"),
                                              ZW_STR("cbor"), ZW_STR("ubjson"), ZW_STR("opaque"),
                                              ZW_STR("flatbuffers"), ZW_STR("flexbuffers")}};
static const field_names cipher_names = {
    3, {ZW_STR("null"), ZW_STR("xsalsa20poly1305"), ZW_STR("aes256gcm")}};
const field_names zw_auth_methods = {5,
                                     {ZW_STR("anonymous"), ZW_STR("ticket"), ZW_STR("wampcra"),
                                      ZW_STR("wamp-scram"), ZW_STR("cryptosign")}};

#define AT(member) (uint16_t) offsetof(zw_msg, member)
#define ROW(member, key, kind, flags, has, slot) \
  { ZW_STR(key), kind, flags, has, slot, AT(member), 0, NULL }
#define ROW_NAMES(member, key, has, slot, names) \
  { ZW_STR(key), FIELD_ENUM, 0, has, slot, AT(member), 0, &names }
#define ROW_PPT(member, key, flags, slot, names) \
  { ZW_STR(key), FIELD_PPT, flags, NO_HAS, slot, AT(member), AT(member##_name), &names }

/* Positions. */
#define ID(member, key, slot) ROW(member, key, FIELD_ID, FIELD_REQUIRED, NO_HAS, slot)
#define ID_OR_ZERO(member, key, slot) ROW(member, key, FIELD_ID_OR_ZERO, 0, NO_HAS, slot)
#define URI(key, slot) ROW(uri, key, FIELD_URI, FIELD_REQUIRED, NO_HAS, slot)
#define DICTIONARY(flags) \
  { ZW_STR("options"), FIELD_DICTIONARY, flags, NO_HAS, NO_SLOT, 0, 0, NULL }

/* Options. */
#define TEXT(member, key, slot) ROW(member, key, FIELD_TEXT, 0, NO_HAS, slot)
#define FLAG(member, key, has, slot) ROW(member, key, FIELD_BOOL, 0, has, slot)
#define LIST(member, kind, slot) ROW(member, #member, kind, 0, NO_HAS, slot)
#define FORWARD_FOR(slot) LIST(forward_for, FIELD_PRINCIPALS, slot)
#define IDENTITY(prefix, has, slot, authid_slot, authrole_slot) \
  ROW(publisher, prefix, FIELD_ID, 0, has, slot),               \
      TEXT(publisher_authid, prefix "_authid", authid_slot),    \
      TEXT(publisher_authrole, prefix "_authrole", authrole_slot)
/* Payload passthru, from its first slot; the other keys are those of Autobahn. */
#define PPT(slot)                                                                          \
  ROW_PPT(ppt_scheme, "ppt_scheme", 0, slot, scheme_names),                                \
      ROW_PPT(ppt_serializer, "ppt_serializer", FIELD_WANTED, slot + 1, serializer_names), \
      ROW_PPT(ppt_cipher, "ppt_cipher", 0, slot + 2, cipher_names),                        \
      TEXT(ppt_keyid, "ppt_keyid", slot + 3),                                              \
      ROW_PPT(ppt_scheme, "enc_algo", FIELD_ALIAS, NO_SLOT, scheme_names),                 \
      ROW_PPT(ppt_serializer, "enc_serializer", FIELD_ALIAS, NO_SLOT, serializer_names),   \
      ROW(ppt_keyid, "enc_key", FIELD_TEXT, FIELD_ALIAS, NO_HAS, NO_SLOT)

static const message_field hello_positions[] = {
    ROW(uri, "realm", FIELD_URI, FIELD_REQUIRED | FIELD_NULLABLE, NO_HAS, 2),
    DICTIONARY(0),
};
static const message_field hello_options[] = {
    ROW(roles, "roles", FIELD_ROLES, FIELD_DETAILS | FIELD_WANTED, NO_HAS, 1),
    ROW(authmethods, "authmethods", FIELD_METHODS, FIELD_DETAILS, NO_HAS, 3),
    TEXT(authid, "authid", 4),
    TEXT(authrole, "authrole", 5),
    ROW(authextra, "authextra", FIELD_MAP, FIELD_DETAILS, NO_HAS, 6),
    FLAG(resumable, "resumable", ZW_HAS_RESUMABLE, 7),
    ROW(resume_session, "resume-session", FIELD_ID, 0, NO_HAS, 8),
    TEXT(resume_token, "resume-token", 9),
    ROW(resume_session, "resume_session", FIELD_ID, FIELD_ALIAS, NO_HAS, NO_SLOT),
    ROW(resume_token, "resume_token", FIELD_TEXT, FIELD_ALIAS, NO_HAS, NO_SLOT),
    ROW(x_zerowire, "x_zerowire", FIELD_MAP, 0, NO_HAS, NO_SLOT),
};

static const message_field welcome_positions[] = {
    ID(session, "session", 0),
    DICTIONARY(0),
};
static const message_field welcome_options[] = {
    ROW(roles, "roles", FIELD_ROLES, FIELD_DETAILS | FIELD_WANTED, NO_HAS, 1),
    ROW(uri, "realm", FIELD_URI, FIELD_WANTED, NO_HAS, 2),
    ROW(authid, "authid", FIELD_TEXT, FIELD_WANTED, NO_HAS, 3),
    ROW(authrole, "authrole", FIELD_TEXT, FIELD_WANTED, NO_HAS, 4),
    ROW(method, "authmethod", FIELD_METHOD, 0, NO_HAS, 5),
    TEXT(authprovider, "authprovider", 6),
    ROW(authextra, "authextra", FIELD_MAP, FIELD_DETAILS, NO_HAS, 7),
    FLAG(resumed, "resumed", ZW_HAS_RESUMED, 8),
    FLAG(resumable, "resumable", ZW_HAS_RESUMABLE, 9),
    TEXT(resume_token, "resume_token", 10),
    ROW(x_zerowire, "x_zerowire", FIELD_MAP, 0, NO_HAS, NO_SLOT),
};

static const message_field abort_positions[] = {DICTIONARY(0), URI("reason", 1)};
static const message_field abort_options[] = {TEXT(message, "message", 2)};

static const message_field challenge_positions[] = {
    ROW(method, "method", FIELD_METHOD, FIELD_REQUIRED, NO_HAS, 1),
    ROW(extra, "extra", FIELD_MAP, FIELD_REQUIRED | FIELD_DETAILS, NO_HAS, 2),
};
static const message_field authenticate_positions[] = {
    ROW(signature, "signature", FIELD_TEXT, FIELD_REQUIRED, NO_HAS, 1),
    ROW(extra, "extra", FIELD_MAP, FIELD_REQUIRED | FIELD_DETAILS, NO_HAS, 2),
};

static const message_field goodbye_positions[] = {DICTIONARY(0), URI("reason", 1)};
static const message_field goodbye_options[] = {
    TEXT(message, "message", 2),
    FLAG(resumable, "resumable", ZW_HAS_RESUMABLE, 3),
};

static const message_field error_positions[] = {
    ROW(request_type, "request_type", FIELD_CODE, FIELD_REQUIRED, NO_HAS, 1),
    ID(request, "request", 2),
    DICTIONARY(0),
    URI("error", 3),
};
static const message_field error_options[] = {
    PPT(7),
    FORWARD_FOR(11),
    TEXT(message, "message", NO_SLOT),
    IDENTITY("callee", ZW_HAS_CALLEE, NO_SLOT, NO_SLOT, NO_SLOT),
};

static const message_field publish_positions[] = {ID(request, "request", 1), DICTIONARY(0),
                                                  URI("topic", 2)};
static const message_field publish_options[] = {
    PPT(6),
    FLAG(acknowledge, "acknowledge", ZW_HAS_ACKNOWLEDGE, 10),
    FLAG(exclude_me, "exclude_me", ZW_HAS_EXCLUDE_ME, 11),
    LIST(exclude, FIELD_IDS, 12),
    LIST(exclude_authid, FIELD_TEXTS, 13),
    LIST(exclude_authrole, FIELD_TEXTS, 14),
    LIST(eligible, FIELD_IDS, 15),
    LIST(eligible_authid, FIELD_TEXTS, 16),
    LIST(eligible_authrole, FIELD_TEXTS, 17),
    FLAG(retain, "retain", ZW_HAS_RETAIN, 18),
    TEXT(transaction_hash, "transaction_hash", 19),
    FORWARD_FOR(20),
    FLAG(disclose_me, "disclose_me", ZW_HAS_DISCLOSE_ME, NO_SLOT),
    TEXT(x_once, "x_once", NO_SLOT),
};

static const message_field published_positions[] = {ID(request, "request", 1),
                                                    ID(publication, "publication", 2)};

static const message_field subscribe_positions[] = {ID(request, "request", 1), DICTIONARY(0),
                                                    URI("topic", 2)};
static const message_field subscribe_options[] = {
    ROW_NAMES(match, "match", ZW_HAS_MATCH, 3, match_names),
    FLAG(get_retained, "get_retained", ZW_HAS_GET_RETAINED, 4),
    FORWARD_FOR(NO_SLOT),
    ROW(x_from, "x_from", FIELD_MAP, 0, ZW_HAS_X_FROM, NO_SLOT),
};

static const message_field subscribed_positions[] = {ID(request, "request", 1),
                                                     ID(subscription, "subscription", 2)};

static const message_field unsubscribe_positions[] = {
    ID(request, "request", 1),
    ID(subscription, "subscription", 2),
    DICTIONARY(FIELD_OMISSIBLE),
};
static const message_field forwarded_options[] = {FORWARD_FOR(NO_SLOT)};

static const message_field unsubscribed_positions[] = {
    ID_OR_ZERO(request, "request", 1),
    DICTIONARY(FIELD_OMISSIBLE),
};
static const message_field unsubscribed_options[] = {
    ROW(subscription, "subscription", FIELD_ID, 0, NO_HAS, 2),
    ROW(uri, "reason", FIELD_URI, 0, NO_HAS, 3),
};

static const message_field event_positions[] = {
    ID(subscription, "subscription", 1),
    ID(publication, "publication", 2),
    DICTIONARY(0),
};
static const message_field event_options[] = {
    PPT(6),
    IDENTITY("publisher", ZW_HAS_PUBLISHER, 10, 11, 12),
    ROW(topic, "topic", FIELD_URI, 0, NO_HAS, 13),
    FLAG(retained, "retained", ZW_HAS_RETAINED, 14),
    TEXT(transaction_hash, "transaction_hash", 15),
    FLAG(acknowledge, "x_acknowledged_delivery", ZW_HAS_ACKNOWLEDGE, 16),
    FORWARD_FOR(17),
    ROW(timestamp, "timestamp", FIELD_TIME, 0, ZW_HAS_TIMESTAMP, NO_SLOT),
    ROW(seq, "x_seq", FIELD_ID, 0, ZW_HAS_X_SEQ, NO_SLOT),
};

static const message_field event_received_positions[] = {
    ID(publication, "publication", 1),
    DICTIONARY(FIELD_OMISSIBLE),
};
static const message_field event_received_options[] = {FORWARD_FOR(2)};

static const message_field call_positions[] = {ID(request, "request", 1), DICTIONARY(0),
                                               URI("procedure", 2)};
static const message_field call_options[] = {
    PPT(6),
    ROW(timeout, "timeout", FIELD_U32, 0, ZW_HAS_TIMEOUT, 10),
    FLAG(receive_progress, "receive_progress", ZW_HAS_RECEIVE_PROGRESS, 11),
    TEXT(transaction_hash, "transaction_hash", 12),
    IDENTITY("caller", ZW_HAS_CALLER, 13, 14, 15),
    FORWARD_FOR(16),
    FLAG(progress, "progress", ZW_HAS_PROGRESS, NO_SLOT),
    FLAG(disclose_me, "disclose_me", ZW_HAS_DISCLOSE_ME, NO_SLOT),
    FLAG(forward_timeout, "forward_timeout", ZW_HAS_FORWARD_TIMEOUT, NO_SLOT),
};

static const message_field cancel_positions[] = {ID(request, "request", 1), DICTIONARY(0)};
static const message_field cancel_options[] = {
    ROW_NAMES(mode, "mode", ZW_HAS_MODE, 2, mode_names),
    FORWARD_FOR(3),
};

static const message_field result_positions[] = {ID(request, "request", 1), DICTIONARY(0)};
static const message_field result_options[] = {
    PPT(5),
    FLAG(progress, "progress", ZW_HAS_PROGRESS, 9),
    IDENTITY("callee", ZW_HAS_CALLEE, 10, 11, 12),
    FORWARD_FOR(13),
};

static const message_field register_positions[] = {ID(request, "request", 1), DICTIONARY(0),
                                                   URI("procedure", 2)};
static const message_field register_options[] = {
    ROW_NAMES(match, "match", ZW_HAS_MATCH, 3, match_names),
    ROW_NAMES(invoke, "invoke", ZW_HAS_INVOKE, 4, invoke_names),
    ROW(concurrency, "concurrency", FIELD_U16, 0, ZW_HAS_CONCURRENCY, 5),
    FLAG(force_reregister, "force_reregister", ZW_HAS_FORCE_REREGISTER, 6),
    FORWARD_FOR(NO_SLOT),
    FLAG(disclose_me, "disclose_caller", ZW_HAS_DISCLOSE_ME, NO_SLOT),
    FLAG(forward_timeout, "forward_timeout", ZW_HAS_FORWARD_TIMEOUT, NO_SLOT),
};

static const message_field registered_positions[] = {ID(request, "request", 1),
                                                     ID(registration, "registration", 2)};

static const message_field unregister_positions[] = {
    ID(request, "request", 1),
    ID(registration, "registration", 2),
    DICTIONARY(FIELD_OMISSIBLE),
};

static const message_field unregistered_positions[] = {
    ID_OR_ZERO(request, "request", 1),
    DICTIONARY(FIELD_OMISSIBLE),
};
static const message_field unregistered_options[] = {
    ROW(registration, "registration", FIELD_ID, 0, NO_HAS, 2),
    ROW(uri, "reason", FIELD_URI, 0, NO_HAS, 3),
};

static const message_field invocation_positions[] = {
    ID(request, "request", 1),
    ID(registration, "registration", 2),
    DICTIONARY(0),
};
static const message_field invocation_options[] = {
    PPT(6),
    ROW(topic, "procedure", FIELD_URI, 0, NO_HAS, 10),
    ROW(timeout, "timeout", FIELD_U32, 0, ZW_HAS_TIMEOUT, 11),
    FLAG(receive_progress, "receive_progress", ZW_HAS_RECEIVE_PROGRESS, 12),
    TEXT(transaction_hash, "transaction_hash", 13),
    IDENTITY("caller", ZW_HAS_CALLER, 14, 15, 16),
    FORWARD_FOR(17),
    FLAG(progress, "progress", ZW_HAS_PROGRESS, NO_SLOT),
};

static const message_field interrupt_positions[] = {ID(request, "request", 1), DICTIONARY(0)};
static const message_field interrupt_options[] = {
    ROW_NAMES(mode, "mode", ZW_HAS_MODE, 2, mode_names),
    ROW(uri, "reason", FIELD_URI, 0, NO_HAS, 3),
    FORWARD_FOR(4),
};

static const message_field yield_positions[] = {ID(request, "request", 1), DICTIONARY(0)};

#define COUNT(array) (uint8_t)(sizeof(array) / sizeof *(array))
#define POSITIONS(array) array, COUNT(array)
#define OPTIONS(array) array, COUNT(array)
#define NO_OPTIONS NULL, 0
#define PLAIN(name, code, positions, options, details) \
  { ZW_STR(name), code, code, positions, options, false, NO_SLOT, details }
#define WITH_PAYLOAD(name, code, positions, options, args, details) \
  { ZW_STR(name), code, code, positions, options, true, args, details }

const message_kind zw_message_kinds[MESSAGE_COUNT] = {
    PLAIN("HELLO", ZW_HELLO, POSITIONS(hello_positions), OPTIONS(hello_options), 10),
    PLAIN("WELCOME", ZW_WELCOME, POSITIONS(welcome_positions), OPTIONS(welcome_options), 11),
    WITH_PAYLOAD("ABORT", ZW_ABORT, POSITIONS(abort_positions), OPTIONS(abort_options), NO_SLOT, 3),
    PLAIN("CHALLENGE", ZW_CHALLENGE, POSITIONS(challenge_positions), NO_OPTIONS, 3),
    PLAIN("AUTHENTICATE", ZW_AUTHENTICATE, POSITIONS(authenticate_positions), NO_OPTIONS, 3),
    PLAIN("GOODBYE", ZW_GOODBYE, POSITIONS(goodbye_positions), OPTIONS(goodbye_options), 4),
    WITH_PAYLOAD("ERROR", ZW_ERROR, POSITIONS(error_positions), OPTIONS(error_options), 4, 12),
    WITH_PAYLOAD("PUBLISH", ZW_PUBLISH, POSITIONS(publish_positions), OPTIONS(publish_options), 3,
                 21),
    PLAIN("PUBLISHED", ZW_PUBLISHED, POSITIONS(published_positions), NO_OPTIONS, 3),
    PLAIN("SUBSCRIBE", ZW_SUBSCRIBE, POSITIONS(subscribe_positions), OPTIONS(subscribe_options), 5),
    PLAIN("SUBSCRIBED", ZW_SUBSCRIBED, POSITIONS(subscribed_positions), NO_OPTIONS, 3),
    PLAIN("UNSUBSCRIBE", ZW_UNSUBSCRIBE, POSITIONS(unsubscribe_positions),
          OPTIONS(forwarded_options), 3),
    PLAIN("UNSUBSCRIBED", ZW_UNSUBSCRIBED, POSITIONS(unsubscribed_positions),
          OPTIONS(unsubscribed_options), 4),
    WITH_PAYLOAD("EVENT", ZW_EVENT, POSITIONS(event_positions), OPTIONS(event_options), 3, 18),
    {ZW_STR("EVENT_RECEIVED"), ZW_EVENT_RECEIVED, 337, POSITIONS(event_received_positions),
     OPTIONS(event_received_options), false, NO_SLOT, 3},
    WITH_PAYLOAD("CALL", ZW_CALL, POSITIONS(call_positions), OPTIONS(call_options), 3, 17),
    PLAIN("CANCEL", ZW_CANCEL, POSITIONS(cancel_positions), OPTIONS(cancel_options), 4),
    WITH_PAYLOAD("RESULT", ZW_RESULT, POSITIONS(result_positions), OPTIONS(result_options), 2, 14),
    PLAIN("REGISTER", ZW_REGISTER, POSITIONS(register_positions), OPTIONS(register_options), 7),
    PLAIN("REGISTERED", ZW_REGISTERED, POSITIONS(registered_positions), NO_OPTIONS, 3),
    PLAIN("UNREGISTER", ZW_UNREGISTER, POSITIONS(unregister_positions), OPTIONS(forwarded_options),
          3),
    PLAIN("UNREGISTERED", ZW_UNREGISTERED, POSITIONS(unregistered_positions),
          OPTIONS(unregistered_options), 4),
    WITH_PAYLOAD("INVOCATION", ZW_INVOCATION, POSITIONS(invocation_positions),
                 OPTIONS(invocation_options), 3, 18),
    PLAIN("INTERRUPT", ZW_INTERRUPT, POSITIONS(interrupt_positions), OPTIONS(interrupt_options), 5),
    WITH_PAYLOAD("YIELD", ZW_YIELD, POSITIONS(yield_positions), OPTIONS(result_options), 2, 14),
};

/* Index into the table + 1, by code. */
static const uint8_t by_code[ZW_YIELD + 1] = {
    [ZW_HELLO] = 1,         [ZW_WELCOME] = 2,       [ZW_ABORT] = 3,           [ZW_CHALLENGE] = 4,
    [ZW_AUTHENTICATE] = 5,  [ZW_GOODBYE] = 6,       [ZW_ERROR] = 7,           [ZW_PUBLISH] = 8,
    [ZW_PUBLISHED] = 9,     [ZW_SUBSCRIBE] = 10,    [ZW_SUBSCRIBED] = 11,     [ZW_UNSUBSCRIBE] = 12,
    [ZW_UNSUBSCRIBED] = 13, [ZW_EVENT] = 14,        [ZW_EVENT_RECEIVED] = 15, [ZW_CALL] = 16,
    [ZW_CANCEL] = 17,       [ZW_RESULT] = 18,       [ZW_REGISTER] = 19,       [ZW_REGISTERED] = 20,
    [ZW_UNREGISTER] = 21,   [ZW_UNREGISTERED] = 22, [ZW_INVOCATION] = 23,     [ZW_INTERRUPT] = 24,
    [ZW_YIELD] = 25,
};

const message_kind *zw_message_by_code(unsigned code) {
  unsigned index = code <= ZW_YIELD ? by_code[code] : 0;
  return index ? &zw_message_kinds[index - 1] : NULL;
}

const message_kind *zw_message_by_list_code(uint64_t list_code) {
  if (list_code == 337) return zw_message_by_code(ZW_EVENT_RECEIVED);
  return list_code <= ZW_YIELD && list_code != ZW_EVENT_RECEIVED
             ? zw_message_by_code((unsigned)list_code)
             : NULL;
}

const char *zw_msg_name(unsigned code) {
  const message_kind *kind = zw_message_by_code(code);
  return kind ? kind->name.ptr : "?";
}

const char *zw_serializer_name(enum zw_serializer serializer) {
  static const char *const names[] = {[ZW_JSON] = "json",
                                      [ZW_MSGPACK] = "msgpack",
                                      [ZW_CBOR] = "cbor",
                                      [ZW_FLATBUFFERS] = "flatbuffers"};
  bool known = (size_t)serializer < sizeof names / sizeof *names && names[serializer];
  return known ? names[serializer] : "?";
}

int zw_name_index(const field_names *names, zw_str name) {
  for (int i = 0; i < names->count; i++) {
    if (zw_str_eq(names->names[i], name)) return i;
  }
  return -1;
}

void zw_message_begin(zw_msg *msg, unsigned code) {
  msg->code = (uint16_t)code;
  msg->exclude_me = true;
  if (code == ZW_INTERRUPT) msg->mode = ZW_CANCEL_KILL;
}

void zw_msg_init(zw_msg *msg, enum zw_msg_code code) {
  memset(msg, 0, sizeof *msg);
  zw_message_begin(msg, code);
}

#define MASK(type) (UINT64_MAX >> (64 - 8 * sizeof(type)))
const uint64_t zw_field_masks[FIELD_KIND_COUNT] = {
    [FIELD_ID] = MASK(uint64_t),
    [FIELD_ID_OR_ZERO] = MASK(uint64_t),
    [FIELD_URI] = MASK(char *),
    [FIELD_TEXT] = MASK(char *),
    [FIELD_BOOL] = MASK(bool),
    [FIELD_U16] = MASK(uint16_t),
    [FIELD_U32] = MASK(uint32_t),
    [FIELD_CODE] = MASK(uint64_t),
    [FIELD_ENUM] = MASK(uint8_t),
    [FIELD_PPT] = MASK(uint8_t),
    [FIELD_METHOD] = MASK(char *),
    [FIELD_TIME] = MASK(int64_t),
    [FIELD_IDS] = MASK(enum zw_format),
    [FIELD_TEXTS] = MASK(enum zw_format),
    [FIELD_METHODS] = MASK(enum zw_format),
    [FIELD_PRINCIPALS] = MASK(enum zw_format),
    [FIELD_MAP] = MASK(enum zw_format),
    [FIELD_ROLES] = MASK(enum zw_format),
    [FIELD_DICTIONARY] = 0,
};

bool zw_named_field_is_set(const zw_msg *msg, const message_field *field, bool some) {
  /* What a typed payload is written as is the encoder's choice: args say nothing of FlatBuffers. */
  bool serializer = field->offset == offsetof(zw_msg, ppt_serializer);
  if (serializer && msg->payload_format == ZW_FORMAT_FLATBUFFER && msg->payload_type) return false;
  if (some) return true;
  /* Serializers differ in the default of an INTERRUPT's mode, so it is always said. */
  if (field->kind != FIELD_PPT) return msg->code == ZW_INTERRUPT;
  zw_str name;
  memcpy(&name, (const uint8_t *)msg + field->other, sizeof name);
  return name.ptr != NULL;
}

const zw_type *zw_wamp_root_type(void) { return zw_wamp_messages_schema.root; }

const zw_type *zw_wamp_message_type(unsigned code) {
  const zw_field *msg = &zw_wamp_messages_schema.root->fields[zw_Message_ID_msg];
  const zw_enum_value *member = zw_enum_by_value(msg->enum_type, code);
  return member ? member->type : NULL;
}
