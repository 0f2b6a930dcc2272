/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WAMP: the 25 messages, their serializers, URIs, ids, and the session machine of both sides. No
 * sockets, no clock.
 *
 * A message is one flat struct, `zw_msg`, whose members point into the octets that it was decoded
 * from: decoding allocates nothing and copies nothing. Which members a message type has, their
 * names in option dictionaries, their positions in the list serializers and their slots in
 * FlatBuffers stand in one table of descriptors; one engine a serializer reads it.
 *
 * Serializers: FlatBuffers (wamp.2.flatbuffers, compatible with Autobahn), CBOR and JSON.
 *
 * Payload: a message carries application data in one of two forms. *Untyped*: args and kwargs as
 * one encoded array and one encoded map, in `payload_format`. *Typed*: `payload` is a verified
 * FlatBuffer whose root is `payload_type`. zw_msg_encode transcodes whatever the peer cannot take:
 * a typed payload for a JSON, CBOR or legacy FlatBuffers peer becomes args and kwargs by
 * reflection; args between CBOR and JSON are converted.
 */
#ifndef ZEROWIRE_WAMP_H
#define ZEROWIRE_WAMP_H

#include "zerowire/flatbuf.h"
#include "zerowire/model.h"
#include "zerowire/reflect.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers of the RawSocket handshake. */
enum zw_serializer {
  ZW_SERIALIZER_NONE = 0,
  ZW_JSON = 1,
  ZW_MSGPACK = 2,
  ZW_CBOR = 3,
  ZW_FLATBUFFERS = 5
};
ZW_API const char *
zw_serializer_name(enum zw_serializer serializer); /* "json", "cbor", "flatbuffers" */

/* Message codes; EVENT_RECEIVED is 337 in the list serializers and 37 in FlatBuffers. */
enum zw_msg_code {
  ZW_HELLO = 1,
  ZW_WELCOME = 2,
  ZW_ABORT = 3,
  ZW_CHALLENGE = 4,
  ZW_AUTHENTICATE = 5,
  ZW_GOODBYE = 6,
  ZW_ERROR = 8,
  ZW_PUBLISH = 16,
  ZW_PUBLISHED = 17,
  ZW_SUBSCRIBE = 32,
  ZW_SUBSCRIBED = 33,
  ZW_UNSUBSCRIBE = 34,
  ZW_UNSUBSCRIBED = 35,
  ZW_EVENT = 36,
  ZW_EVENT_RECEIVED = 37,
  ZW_CALL = 48,
  ZW_CANCEL = 49,
  ZW_RESULT = 50,
  ZW_REGISTER = 64,
  ZW_REGISTERED = 65,
  ZW_UNREGISTER = 66,
  ZW_UNREGISTERED = 67,
  ZW_INVOCATION = 68,
  ZW_INTERRUPT = 69,
  ZW_YIELD = 70,
};
ZW_API const char *zw_msg_name(unsigned code); /* "PUBLISH"; "?" if unknown */

#define ZW_ID_MAX ((uint64_t)1 << 53)

enum zw_invoke {
  ZW_INVOKE_SINGLE,
  ZW_INVOKE_FIRST,
  ZW_INVOKE_LAST,
  ZW_INVOKE_ROUNDROBIN,
  ZW_INVOKE_RANDOM
};
enum zw_cancel_mode { ZW_CANCEL_SKIP, ZW_CANCEL_KILL, ZW_CANCEL_KILLNOWAIT };
enum zw_ppt_serializer {
  ZW_PPT_TRANSPORT = 0,
  ZW_PPT_JSON = 1,
  ZW_PPT_MSGPACK = 2,
  ZW_PPT_CBOR = 3,
  ZW_PPT_UBJSON = 4,
  ZW_PPT_OPAQUE = 5,
  ZW_PPT_FLATBUFFERS = 6,
  ZW_PPT_FLEXBUFFERS = 7
};

/* How the octets of a value are to be read. */
enum zw_format { ZW_FORMAT_NONE, ZW_FORMAT_JSON, ZW_FORMAT_CBOR, ZW_FORMAT_FLATBUFFER };

/* One encoded value: the octets of exactly one JSON or CBOR value; for FLATBUFFER a vector or table
 * in the message's buffer. */
typedef struct zw_value {
  enum zw_format format;
  zw_span octets;      /* JSON, CBOR */
  zw_vec vec;          /* FLATBUFFER: [ulong], [string], [AuthMethod], [Principal] */
  zw_table table;      /* FLATBUFFER: roles, authextra Map */
  const zw_type *type; /* private: of `table` */
  uint8_t kind;        /* private: what `vec` holds, or what `octets` are */
} zw_value;

/* Which members are present (bits of zw_msg.has); others have their default. */
enum zw_msg_field {
  ZW_HAS_ACKNOWLEDGE,
  ZW_HAS_EXCLUDE_ME,
  ZW_HAS_DISCLOSE_ME,
  ZW_HAS_RETAIN,
  ZW_HAS_GET_RETAINED,
  ZW_HAS_MATCH,
  ZW_HAS_INVOKE,
  ZW_HAS_CONCURRENCY,
  ZW_HAS_FORCE_REREGISTER,
  ZW_HAS_RECEIVE_PROGRESS,
  ZW_HAS_PROGRESS,
  ZW_HAS_TIMEOUT,
  ZW_HAS_MODE,
  ZW_HAS_PUBLISHER,
  ZW_HAS_CALLER,
  ZW_HAS_CALLEE,
  ZW_HAS_RETAINED,
  ZW_HAS_RESUMABLE,
  ZW_HAS_RESUMED,
  ZW_HAS_TIMESTAMP,
  ZW_HAS_X_FROM,
  ZW_HAS_X_SEQ,
  ZW_HAS_FORWARD_TIMEOUT,
  ZW_HAS_LEGACY_FREE, /* HELLO, FlatBuffers: `details` was present: not a legacy peer */
  ZW_HAS_FIELD_COUNT
};

typedef struct zw_msg {
  uint16_t code; /* enum zw_msg_code */
  uint64_t has;  /* 1 << enum zw_msg_field */
  /* ids */
  uint64_t session; /* WELCOME: the session's id */
  uint64_t request;
  uint64_t request_type; /* ERROR: code of the request */
  uint64_t subscription, registration, publication;
  /* URIs and text; `uri` is realm, topic, procedure, error or reason by the message's type */
  zw_str uri;
  zw_str message;   /* ABORT, GOODBYE, also ERROR's */
  zw_str method;    /* CHALLENGE; WELCOME.authmethod */
  zw_str signature; /* AUTHENTICATE */
  zw_str authid, authrole, authprovider;
  zw_str resume_token;
  uint64_t resume_session;
  zw_str transaction_hash;
  zw_str topic; /* EVENT.topic, INVOCATION.procedure (pattern-based) */
  zw_str publisher_authid, publisher_authrole; /* also caller_, callee_ */
  zw_str x_once;                               /* PUBLISH option x_once */
  /* options */
  bool acknowledge, exclude_me, retain, get_retained, retained, force_reregister, receive_progress,
      progress, forward_timeout, resumable, resumed;
  bool disclose_me; /* PUBLISH, CALL; REGISTER: disclose_caller */
  uint8_t match;    /* enum zw_match */
  uint8_t invoke;   /* enum zw_invoke */
  uint8_t mode;     /* enum zw_cancel_mode */
  uint16_t concurrency;
  uint32_t timeout;   /* ms */
  uint64_t publisher; /* also caller, callee: session id */
  int64_t timestamp;  /* EVENT details of stored events: ns since 1970 */
  uint64_t seq;       /* EVENT detail x_seq of stored events: sequence number in the realm's log */
  zw_value exclude, exclude_authid, exclude_authrole, eligible, eligible_authid, eligible_authrole;
  zw_value forward_for;
  zw_value roles, authmethods, authextra, x_zerowire; /* HELLO, WELCOME */
  zw_value extra;                                     /* CHALLENGE, AUTHENTICATE: Extra */
  zw_value x_from; /* SUBSCRIBE option: {last: n} | {since: time} | {after: publication} |
                      {seq: sequence number}; since and seq are inclusive */
  /* payload */
  uint8_t ppt_scheme, ppt_serializer, ppt_cipher;
  zw_str ppt_scheme_name, ppt_serializer_name,
      ppt_cipher_name; /* list serializers: a name that has no number */
  zw_str ppt_keyid;
  enum zw_format payload_format; /* of args and kwargs: JSON or CBOR; FLATBUFFER: typed, in payload;
                                    NONE: nothing */
  zw_span args, kwargs;          /* encoded array, encoded map; absent: {NULL, 0} */
  zw_span payload;               /* typed: a FlatBuffer; or octets that pass through (ppt) */
  const zw_type *payload_type;   /* typed: its root, set by who verified it; never by decoding */
} zw_msg;

/* ---- decoding ------------------------------------------------------------------------------- */

typedef struct zw_wamp_limits {
  uint32_t depth_max;   /* nesting of values; 0: 64 */
  uint32_t message_max; /* octets; 0: 16 MiB */
  bool legacy;          /* FlatBuffers: relax required fields (a peer whose HELLO had no details) */
  zw_arena *scratch; /* for texts of JSON with escapes, and option values that hold such; NULL: they
                        are refused (texts) or left as they are (values). Members may refer to it:
                        reset it when the message is done with */
} zw_wamp_limits;

/*
 * Decodes one message. Members refer to `octets`. Every field is checked for its type, ids
 * for 1..2^53, URIs loosely; unknown options are ignored; args and kwargs are checked for
 * well-formedness and depth, and not otherwise looked into. Values of undefined (CBOR F7) count as
 * absent. ZW_EPROTO with what, where (offset), naming message and field; out->code and out->request
 * are set as far as they were read.
 */
ZW_API int zw_msg_decode(zw_msg *out, enum zw_serializer serializer, zw_span octets,
                         const zw_wamp_limits *limits, zw_diag *diag);
/* Sets the defaults of a message (exclude_me true …). */
ZW_API void zw_msg_init(zw_msg *msg, enum zw_msg_code code);

/* ---- encoding ------------------------------------------------------------------------------- */

#define ZW_ENCODED_PARTS 8

/* An encoded message: parts in order. Parts with their bit in `borrowed` point to what the message
 * pointed to; others to the encoder's memory, until its next use. */
typedef struct zw_encoded {
  zw_span parts[ZW_ENCODED_PARTS];
  uint32_t count;
  uint32_t borrowed; /* bits by part */
  size_t len;        /* octets in all */
} zw_encoded;

#define ZW_ENCODER_HEADS 8

typedef struct zw_encoder {
  const zw_alloc *alloc;
  zw_builder builder;                               /* FlatBuffers heads */
  zw_text text;                                     /* list serializers */
  zw_text scratch;                                  /* transcoded args and kwargs, `details` */
  struct zw_head_template *heads[ZW_ENCODER_HEADS]; /* private: FlatBuffers heads that come often */
} zw_encoder;

enum zw_encode_flag {
  ZW_ENCODE_LEGACY = 1u << 0, /* FlatBuffers peer without `details`: typed payloads as CBOR args,
                                 ERROR without args */
  ZW_ENCODE_PAD4 = 1u << 1,   /* FlatBuffers on RawSocket: pad the message to length = 4 mod 8, so
                                 that the stream stays aligned */
};

ZW_API void zw_encoder_init(zw_encoder *encoder, const zw_alloc *alloc);
ZW_API void zw_encoder_deinit(zw_encoder *encoder);
/* Errors: ZW_ENOMEM; ZW_EINVAL if a member does not fit the message; ZW_ELIMIT above 16 MiB. */
ZW_API int zw_msg_encode(zw_encoder *encoder, enum zw_serializer serializer, uint32_t flags,
                         const zw_msg *msg, zw_encoded *out, zw_diag *diag);

/* ---- values in options ------------------------------------------------------------------------ */

/* Walk lists of ids or texts in any format: *at begins at 0; 1: an element, 0: end, negative:
 * malformed. */
ZW_API int zw_value_next_id(const zw_value *list, size_t *at, uint64_t *id);
ZW_API int zw_value_next_str(const zw_value *list, size_t *at, zw_str *text);
/* A list of the texts of a [string] vector. */
ZW_API zw_value zw_value_of_texts(zw_vec texts);
/* A member of a map value by key: 1 and *out, 0 absent, negative malformed. Keys and texts with
 * JSON escapes do not match. */
ZW_API int zw_value_get(const zw_value *map, zw_str key, zw_value *out);
/* Scalars. ZW_EINVAL if it is of another kind. Texts point into the octets (JSON texts with
 * escapes: ZW_EINVAL). */
ZW_API int zw_value_u64(const zw_value *value, uint64_t *out);
ZW_API int zw_value_str(const zw_value *value, zw_str *out);
ZW_API int zw_value_bool(const zw_value *value, bool *out);
static inline bool zw_value_present(const zw_value *v) { return v->format != ZW_FORMAT_NONE; }

/* A token reader over any value in JSON or CBOR, and a writer to a format. */
typedef struct zw_cbor_reader {
  zw_token_reader reader; /* first */
  zw_span octets;
  size_t at;
  uint32_t depth, depth_max;
  uint64_t left[65]; /* private: items left a level; UINT64_MAX: indefinite */
  bool is_map[65];   /* private */
} zw_cbor_reader;
ZW_API void zw_cbor_reader_init(zw_cbor_reader *cbor, zw_span octets, uint32_t depth_max);
/* The length of the one well-formed value at the start, or a negative error. */
ZW_API int64_t zw_cbor_length(zw_span octets, uint32_t depth_max);

typedef struct zw_cbor_writer {
  zw_token_writer writer; /* first */
  zw_text *out;
  uint32_t depth;
  uint8_t open[16]; /* private: one bit a level, containers of unknown count */
} zw_cbor_writer;
/* Preferred (shortest) encoding; containers of unknown count are indefinite. */
ZW_API void zw_cbor_writer_init(zw_cbor_writer *cbor, zw_text *out);

typedef struct zw_value_reader {
  union {
    zw_json_reader json;
    zw_cbor_reader cbor;
  } u;
  zw_token_reader *reader;
} zw_value_reader;
/* ZW_EINVAL for formats without tokens. */
ZW_API int zw_value_reader_init(zw_value_reader *reader, enum zw_format format, zw_span octets,
                                const zw_alloc *alloc);
ZW_API void zw_value_reader_deinit(zw_value_reader *reader);

/* Converts one value between CBOR and JSON (both ways; binary as the WAMP rule says). Appends to
 * out. */
ZW_API int zw_value_convert(enum zw_format from, zw_span octets, enum zw_format to, zw_text *out,
                            zw_diag *diag);

/* ---- typed payloads ----------------------------------------------------------------------------- */

/*
 * Makes the payload of a received message typed: a `payload` with ppt_serializer flatbuffers is
 * verified in place (nothing is built, *built stays NULL); args and kwargs are built into a
 * FlatBuffer by the IDL's rule (*built: one reference for the caller, that msg->payload points
 * into). On success msg->payload_format is FLATBUFFER, payload and payload_type are set, args and
 * kwargs are empty. ZW_EINVAL or ZW_EVERIFY naming the field: nothing has changed.
 */
ZW_API int zw_msg_type_payload(zw_msg *msg, const zw_type *type, zw_builder *scratch,
                               zw_buf **built, zw_diag *diag);

/* ---- URIs -------------------------------------------------------------------------------------- */

enum zw_uri_rule { ZW_URI_LOOSE, ZW_URI_STRICT };
/* Whether text is a URI (pattern by `match`). */
ZW_API bool zw_uri_valid(zw_str uri, enum zw_match match, enum zw_uri_rule rule);
ZW_API bool zw_uri_reserved(zw_str uri); /* first component is `wamp` */
ZW_API bool zw_uri_matches(zw_str pattern, enum zw_match match, zw_str uri);

/* ---- session machine ------------------------------------------------------------------------------- */

/*
 * One side of one session: which message is allowed when, and the exchange up to WELCOME. The owner
 * feeds what it received and what it is about to send; the machine says whether that is allowed
 * and, for the opening, what to answer.
 *
 *   closed → HELLO → (CHALLENGE ⇄ AUTHENTICATE) → WELCOME → open → GOODBYE ⇄ GOODBYE → closed;
 * ABORT before WELCOME or on a protocol error.
 */
enum zw_session_state {
  ZW_SESSION_CLOSED,
  ZW_SESSION_HELLO,
  ZW_SESSION_CHALLENGE,
  ZW_SESSION_AUTHENTICATE,
  ZW_SESSION_OPEN,
  ZW_SESSION_CLOSING
};

typedef struct zw_session {
  bool router; /* which side this is */
  enum zw_session_state state;
  uint64_t id;           /* after WELCOME */
  uint64_t next_request; /* our next request id */
  bool said_goodbye;     /* private: this side has */
} zw_session;

ZW_API void zw_session_init(zw_session *session, bool router);
/* A message came in, or goes out: 0 and the state moves, or ZW_EPROTO with what was expected (state
 * unchanged). */
ZW_API int zw_session_received(zw_session *session, const zw_msg *msg, zw_diag *diag);
ZW_API int zw_session_sent(zw_session *session, const zw_msg *msg, zw_diag *diag);
ZW_API uint64_t zw_session_request(zw_session *session); /* 1, 2, …, wraps after 2^53 */

/* ---- logins --------------------------------------------------------------------------------------------- */

/* Compares in a time that depends on the lengths only. */
ZW_API bool zw_equal_constant_time(zw_span a, zw_span b);

/* A principal that may log in by ticket. */
typedef struct zw_principal {
  zw_str authid, role, ticket;
} zw_principal;

#ifdef __cplusplus
}
#endif

#endif
