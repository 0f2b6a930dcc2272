/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors of schemas/wamp_messages.fbs, to verify messages with: what the compiler makes of
 * that file, by hand, so that this layer does not need the compiler. A test compares them with the
 * compiled schema, name by name.
 */
#include "message_table.h"

#define SCALAR(label, slot, scalar, bits) \
  { .name = ZW_STR(label), .base = scalar, .id = slot, .offset = 4 + 2 * slot, .flags = bits }
#define PRESET(label, slot, scalar, number) \
  { .name = ZW_STR(label), .base = scalar, .id = slot, .offset = 4 + 2 * slot, .preset.u = number }
#define STRING(label, slot, bits) SCALAR(label, slot, ZW_T_STRING, bits)
#define VECTOR(label, slot, scalar)                                            \
  {                                                                            \
    .name = ZW_STR(label), .base = ZW_T_VECTOR, .element = scalar, .id = slot, \
    .offset = 4 + 2 * slot                                                     \
  }
#define TABLE(label, slot, table, bits)                                                          \
  {                                                                                              \
    .name = ZW_STR(label), .base = ZW_T_OBJ, .type = &table, .id = slot, .offset = 4 + 2 * slot, \
    .flags = bits                                                                                \
  }
#define TABLES(label, slot, table)                                                               \
  {                                                                                              \
    .name = ZW_STR(label), .base = ZW_T_VECTOR, .element = ZW_T_OBJ, .type = &table, .id = slot, \
    .offset = 4 + 2 * slot                                                                       \
  }
#define TYPE(label, array)                                                            \
  {                                                                                   \
    .name = ZW_STR("wamp.proto." label), .fields = array, .by_name = array##_by_name, \
    .field_count = sizeof array / sizeof *array, .align = 1                           \
  }

static const zw_field principal_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    STRING("authid", 1, 0),
    STRING("authrole", 2, 0),
};
static const uint16_t principal_fields_by_name[] = {1, 2, 0};
static const zw_type principal_type = TYPE("Principal", principal_fields);

static const zw_field map_fields[] = {
    STRING("key", 0, ZW_F_REQUIRED | ZW_F_KEY),
    STRING("value", 1, 0),
};
static const uint16_t map_fields_by_name[] = {0, 1};
static const zw_type map_type = TYPE("Map", map_fields);

static const zw_field broker_features_fields[] = {
    SCALAR("publisher_identification", 0, ZW_T_BOOL, 0),
    SCALAR("publisher_exclusion", 1, ZW_T_BOOL, 0),
    SCALAR("subscriber_blackwhite_listing", 2, ZW_T_BOOL, 0),
    SCALAR("pattern_based_subscription", 3, ZW_T_BOOL, 0),
    SCALAR("publication_trustlevels", 4, ZW_T_BOOL, 0),
    SCALAR("subscription_revocation", 5, ZW_T_BOOL, 0),
    SCALAR("session_meta_api", 6, ZW_T_BOOL, 0),
    SCALAR("subscription_meta_api", 7, ZW_T_BOOL, 0),
    SCALAR("event_retention", 8, ZW_T_BOOL, 0),
    SCALAR("event_history", 9, ZW_T_BOOL, 0),
    SCALAR("acknowledge_event_received", 10, ZW_T_BOOL, 0),
    SCALAR("acknowledge_subscriber_received", 11, ZW_T_BOOL, 0),
    SCALAR("payload_transparency", 12, ZW_T_BOOL, 0),
    SCALAR("payload_encryption_cryptobox", 13, ZW_T_BOOL, 0),
};
static const uint16_t broker_features_fields_by_name[] = {10, 11, 9, 8, 3, 13, 12,
                                                          4,  1,  0, 6, 2, 7,  5};
static const zw_type broker_features_type = TYPE("BrokerFeatures", broker_features_fields);

static const zw_field publisher_features_fields[] = {
    SCALAR("publisher_identification", 0, ZW_T_BOOL, 0),
    SCALAR("publisher_exclusion", 1, ZW_T_BOOL, 0),
    SCALAR("subscriber_blackwhite_listing", 2, ZW_T_BOOL, 0),
    SCALAR("acknowledge_event_received", 3, ZW_T_BOOL, 0),
    SCALAR("payload_transparency", 4, ZW_T_BOOL, 0),
    SCALAR("payload_encryption_cryptobox", 5, ZW_T_BOOL, 0),
};
static const uint16_t publisher_features_fields_by_name[] = {3, 5, 4, 1, 0, 2};
static const zw_type publisher_features_type = TYPE("PublisherFeatures", publisher_features_fields);

static const zw_field subscriber_features_fields[] = {
    SCALAR("publisher_identification", 0, ZW_T_BOOL, 0),
    SCALAR("pattern_based_subscription", 1, ZW_T_BOOL, 0),
    SCALAR("publication_trustlevels", 2, ZW_T_BOOL, 0),
    SCALAR("subscription_revocation", 3, ZW_T_BOOL, 0),
    SCALAR("event_history", 4, ZW_T_BOOL, 0),
    SCALAR("acknowledge_subscriber_received", 5, ZW_T_BOOL, 0),
    SCALAR("payload_transparency", 6, ZW_T_BOOL, 0),
    SCALAR("payload_encryption_cryptobox", 7, ZW_T_BOOL, 0),
};
static const uint16_t subscriber_features_fields_by_name[] = {5, 4, 1, 7, 6, 2, 0, 3};
static const zw_type subscriber_features_type =
    TYPE("SubscriberFeatures", subscriber_features_fields);

static const zw_field dealer_features_fields[] = {
    SCALAR("caller_identification", 0, ZW_T_BOOL, 0),
    SCALAR("call_trustlevels", 1, ZW_T_BOOL, 0),
    SCALAR("call_timeout", 2, ZW_T_BOOL, 0),
    SCALAR("call_canceling", 3, ZW_T_BOOL, 0),
    SCALAR("progressive_call_results", 4, ZW_T_BOOL, 0),
    SCALAR("registration_revocation", 5, ZW_T_BOOL, 0),
    SCALAR("pattern_based_registration", 6, ZW_T_BOOL, 0),
    SCALAR("shared_registration", 7, ZW_T_BOOL, 0),
    SCALAR("session_meta_api", 8, ZW_T_BOOL, 0),
    SCALAR("registration_meta_api", 9, ZW_T_BOOL, 0),
    SCALAR("testament_meta_api", 10, ZW_T_BOOL, 0),
    SCALAR("payload_transparency", 11, ZW_T_BOOL, 0),
    SCALAR("payload_encryption_cryptobox", 12, ZW_T_BOOL, 0),
};
static const uint16_t dealer_features_fields_by_name[] = {3, 2, 1, 0, 6, 12, 11, 4, 9, 5, 8, 7, 10};
static const zw_type dealer_features_type = TYPE("DealerFeatures", dealer_features_fields);

static const zw_field caller_features_fields[] = {
    SCALAR("caller_identification", 0, ZW_T_BOOL, 0),
    SCALAR("call_timeout", 1, ZW_T_BOOL, 0),
    SCALAR("call_canceling", 2, ZW_T_BOOL, 0),
    SCALAR("progressive_call_results", 3, ZW_T_BOOL, 0),
    SCALAR("payload_transparency", 4, ZW_T_BOOL, 0),
    SCALAR("payload_encryption_cryptobox", 5, ZW_T_BOOL, 0),
};
static const uint16_t caller_features_fields_by_name[] = {2, 1, 0, 5, 4, 3};
static const zw_type caller_features_type = TYPE("CallerFeatures", caller_features_fields);

static const zw_field callee_features_fields[] = {
    SCALAR("caller_identification", 0, ZW_T_BOOL, 0),
    SCALAR("call_trustlevels", 1, ZW_T_BOOL, 0),
    SCALAR("call_timeout", 2, ZW_T_BOOL, 0),
    SCALAR("call_canceling", 3, ZW_T_BOOL, 0),
    SCALAR("progressive_call_results", 4, ZW_T_BOOL, 0),
    SCALAR("registration_revocation", 5, ZW_T_BOOL, 0),
    SCALAR("pattern_based_registration", 6, ZW_T_BOOL, 0),
    SCALAR("shared_registration", 7, ZW_T_BOOL, 0),
    SCALAR("payload_transparency", 8, ZW_T_BOOL, 0),
    SCALAR("payload_encryption_cryptobox", 9, ZW_T_BOOL, 0),
};
static const uint16_t callee_features_fields_by_name[] = {3, 2, 1, 0, 6, 9, 8, 4, 5, 7};
static const zw_type callee_features_type = TYPE("CalleeFeatures", callee_features_fields);

static const zw_field client_roles_fields[] = {
    TABLE("publisher", 0, publisher_features_type, 0),
    TABLE("subscriber", 1, subscriber_features_type, 0),
    TABLE("caller", 2, caller_features_type, 0),
    TABLE("callee", 3, callee_features_type, 0),
};
static const uint16_t client_roles_fields_by_name[] = {3, 2, 0, 1};
static const zw_type client_roles_type = TYPE("ClientRoles", client_roles_fields);

static const zw_field router_roles_fields[] = {
    TABLE("broker", 0, broker_features_type, 0),
    TABLE("dealer", 1, dealer_features_type, 0),
};
static const uint16_t router_roles_fields_by_name[] = {0, 1};
static const zw_type router_roles_type = TYPE("RouterRoles", router_roles_fields);

static const zw_field hello_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    TABLE("roles", 1, client_roles_type, 0),
    STRING("realm", 2, 0),
    VECTOR("authmethods", 3, ZW_T_UBYTE),
    STRING("authid", 4, 0),
    STRING("authrole", 5, 0),
    TABLE("authextra", 6, map_type, 0),
    SCALAR("resumable", 7, ZW_T_BOOL, 0),
    SCALAR("resume_session", 8, ZW_T_ULONG, 0),
    STRING("resume_token", 9, 0),
    VECTOR("details", 10, ZW_T_UBYTE),
};
static const uint16_t hello_fields_by_name[] = {6, 4, 3, 5, 10, 2, 7, 8, 9, 1, 0};
static const zw_type hello_type = TYPE("Hello", hello_fields);

static const zw_field welcome_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),  TABLE("roles", 1, router_roles_type, ZW_F_REQUIRED),
    STRING("realm", 2, ZW_F_REQUIRED),    STRING("authid", 3, ZW_F_REQUIRED),
    STRING("authrole", 4, ZW_F_REQUIRED), SCALAR("authmethod", 5, ZW_T_UBYTE, 0),
    STRING("authprovider", 6, 0),         TABLE("authextra", 7, map_type, 0),
    SCALAR("resumed", 8, ZW_T_BOOL, 0),   SCALAR("resumable", 9, ZW_T_BOOL, 0),
    STRING("resume_token", 10, 0),        VECTOR("details", 11, ZW_T_UBYTE),
};
static const uint16_t welcome_fields_by_name[] = {7, 3, 5, 6, 4, 11, 2, 9, 10, 8, 1, 0};
static const zw_type welcome_type = TYPE("Welcome", welcome_fields);

static const zw_field abort_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    STRING("reason", 1, ZW_F_REQUIRED),
    STRING("message", 2, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t abort_fields_by_name[] = {3, 2, 1, 0};
static const zw_type abort_type = TYPE("Abort", abort_fields);

static const zw_field challenge_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("method", 1, ZW_T_UBYTE, 0),
    TABLE("extra", 2, map_type, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t challenge_fields_by_name[] = {3, 2, 1, 0};
static const zw_type challenge_type = TYPE("Challenge", challenge_fields);

static const zw_field authenticate_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    STRING("signature", 1, ZW_F_REQUIRED),
    TABLE("extra", 2, map_type, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t authenticate_fields_by_name[] = {3, 2, 0, 1};
static const zw_type authenticate_type = TYPE("Authenticate", authenticate_fields);

static const zw_field goodbye_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    STRING("reason", 1, ZW_F_REQUIRED),
    STRING("message", 2, 0),
    SCALAR("resumable", 3, ZW_T_BOOL, 0),
    VECTOR("details", 4, ZW_T_UBYTE),
};
static const uint16_t goodbye_fields_by_name[] = {4, 2, 1, 3, 0};
static const zw_type goodbye_type = TYPE("Goodbye", goodbye_fields);

static const zw_field error_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request_type", 1, ZW_T_USHORT, 0),
    SCALAR("request", 2, ZW_T_ULONG, 0),
    STRING("error", 3, ZW_F_REQUIRED),
    VECTOR("args", 4, ZW_T_UBYTE),
    VECTOR("kwargs", 5, ZW_T_UBYTE),
    VECTOR("payload", 6, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 7, ZW_T_UBYTE, 0),
    SCALAR("ppt_serializer", 8, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 9, ZW_T_UBYTE, 0),
    STRING("ppt_keyid", 10, 0),
    TABLES("forward_for", 11, principal_type),
    VECTOR("details", 12, ZW_T_UBYTE),
};
static const uint16_t error_fields_by_name[] = {4, 12, 3, 11, 5, 6, 9, 10, 7, 8, 2, 1, 0};
static const zw_type error_type = TYPE("Error", error_fields);

static const zw_field publish_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    STRING("topic", 2, ZW_F_REQUIRED),
    VECTOR("args", 3, ZW_T_UBYTE),
    VECTOR("kwargs", 4, ZW_T_UBYTE),
    VECTOR("payload", 5, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 6, ZW_T_UBYTE, 0),
    SCALAR("ppt_serializer", 7, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 8, ZW_T_UBYTE, 0),
    STRING("ppt_keyid", 9, 0),
    SCALAR("acknowledge", 10, ZW_T_BOOL, 0),
    PRESET("exclude_me", 11, ZW_T_BOOL, 1),
    VECTOR("exclude", 12, ZW_T_ULONG),
    VECTOR("exclude_authid", 13, ZW_T_STRING),
    VECTOR("exclude_authrole", 14, ZW_T_STRING),
    VECTOR("eligible", 15, ZW_T_ULONG),
    VECTOR("eligible_authid", 16, ZW_T_STRING),
    VECTOR("eligible_authrole", 17, ZW_T_STRING),
    SCALAR("retain", 18, ZW_T_BOOL, 0),
    STRING("transaction_hash", 19, 0),
    TABLES("forward_for", 20, principal_type),
    VECTOR("details", 21, ZW_T_UBYTE),
};
static const uint16_t publish_fields_by_name[] = {10, 3, 21, 15, 16, 17, 12, 13, 14, 11, 20,
                                                  4,  5, 8,  9,  6,  7,  1,  18, 0,  2,  19};
static const zw_type publish_type = TYPE("Publish", publish_fields);

static const zw_field published_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("publication", 2, ZW_T_ULONG, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t published_fields_by_name[] = {3, 2, 1, 0};
static const zw_type published_type = TYPE("Published", published_fields);

static const zw_field subscribe_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),     SCALAR("request", 1, ZW_T_ULONG, 0),
    STRING("topic", 2, ZW_F_REQUIRED),       SCALAR("match", 3, ZW_T_UBYTE, 0),
    SCALAR("get_retained", 4, ZW_T_BOOL, 0), VECTOR("details", 5, ZW_T_UBYTE),
};
static const uint16_t subscribe_fields_by_name[] = {5, 4, 3, 1, 0, 2};
static const zw_type subscribe_type = TYPE("Subscribe", subscribe_fields);

static const zw_field subscribed_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("subscription", 2, ZW_T_ULONG, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t subscribed_fields_by_name[] = {3, 1, 0, 2};
static const zw_type subscribed_type = TYPE("Subscribed", subscribed_fields);

static const zw_field unsubscribe_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("subscription", 2, ZW_T_ULONG, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t unsubscribe_fields_by_name[] = {3, 1, 0, 2};
static const zw_type unsubscribe_type = TYPE("Unsubscribe", unsubscribe_fields);

static const zw_field unsubscribed_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),      SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("subscription", 2, ZW_T_ULONG, 0), STRING("reason", 3, 0),
    VECTOR("details", 4, ZW_T_UBYTE),
};
static const uint16_t unsubscribed_fields_by_name[] = {4, 3, 1, 0, 2};
static const zw_type unsubscribed_type = TYPE("Unsubscribed", unsubscribed_fields);

static const zw_field event_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),     SCALAR("subscription", 1, ZW_T_ULONG, 0),
    SCALAR("publication", 2, ZW_T_ULONG, 0), VECTOR("args", 3, ZW_T_UBYTE),
    VECTOR("kwargs", 4, ZW_T_UBYTE),         VECTOR("payload", 5, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 6, ZW_T_UBYTE, 0),  SCALAR("ppt_serializer", 7, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 8, ZW_T_UBYTE, 0),  STRING("ppt_keyid", 9, 0),
    SCALAR("publisher", 10, ZW_T_ULONG, 0),  STRING("publisher_authid", 11, 0),
    STRING("publisher_authrole", 12, 0),     STRING("topic", 13, 0),
    SCALAR("retained", 14, ZW_T_BOOL, 0),    STRING("transaction_hash", 15, 0),
    SCALAR("acknowledge", 16, ZW_T_BOOL, 0), TABLES("forward_for", 17, principal_type),
    VECTOR("details", 18, ZW_T_UBYTE),
};
static const uint16_t event_fields_by_name[] = {16, 3,  18, 17, 4,  5, 8, 9,  6, 7,
                                                2,  10, 11, 12, 14, 0, 1, 13, 15};
static const zw_type event_type = TYPE("Event", event_fields);

static const zw_field event_received_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("publication", 1, ZW_T_ULONG, 0),
    TABLES("forward_for", 2, principal_type),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t event_received_fields_by_name[] = {3, 2, 1, 0};
static const zw_type event_received_type = TYPE("EventReceived", event_received_fields);

static const zw_field call_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    STRING("procedure", 2, ZW_F_REQUIRED),
    VECTOR("args", 3, ZW_T_UBYTE),
    VECTOR("kwargs", 4, ZW_T_UBYTE),
    VECTOR("payload", 5, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 6, ZW_T_UBYTE, 0),
    SCALAR("ppt_serializer", 7, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 8, ZW_T_UBYTE, 0),
    STRING("ppt_keyid", 9, 0),
    SCALAR("timeout", 10, ZW_T_UINT, 0),
    SCALAR("receive_progress", 11, ZW_T_BOOL, 0),
    STRING("transaction_hash", 12, 0),
    SCALAR("caller", 13, ZW_T_ULONG, 0),
    STRING("caller_authid", 14, 0),
    STRING("caller_authrole", 15, 0),
    TABLES("forward_for", 16, principal_type),
    VECTOR("details", 17, ZW_T_UBYTE),
};
static const uint16_t call_fields_by_name[] = {3, 13, 14, 15, 17, 16, 4, 5,  8,
                                               9, 6,  7,  2,  11, 1,  0, 10, 12};
static const zw_type call_type = TYPE("Call", call_fields);

static const zw_field cancel_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0), SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("mode", 2, ZW_T_UBYTE, 0),    TABLES("forward_for", 3, principal_type),
    VECTOR("details", 4, ZW_T_UBYTE),
};
static const uint16_t cancel_fields_by_name[] = {4, 3, 2, 1, 0};
static const zw_type cancel_type = TYPE("Cancel", cancel_fields);

static const zw_field result_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    VECTOR("args", 2, ZW_T_UBYTE),
    VECTOR("kwargs", 3, ZW_T_UBYTE),
    VECTOR("payload", 4, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 5, ZW_T_UBYTE, 0),
    SCALAR("ppt_serializer", 6, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 7, ZW_T_UBYTE, 0),
    STRING("ppt_keyid", 8, 0),
    SCALAR("progress", 9, ZW_T_BOOL, 0),
    SCALAR("callee", 10, ZW_T_ULONG, 0),
    STRING("callee_authid", 11, 0),
    STRING("callee_authrole", 12, 0),
    TABLES("forward_for", 13, principal_type),
    VECTOR("details", 14, ZW_T_UBYTE),
};
static const uint16_t result_fields_by_name[] = {2, 10, 11, 12, 14, 13, 3, 4, 7, 8, 5, 6, 9, 1, 0};
static const zw_type result_type = TYPE("Result", result_fields);

static const zw_field register_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),         SCALAR("request", 1, ZW_T_ULONG, 0),
    STRING("procedure", 2, ZW_F_REQUIRED),       SCALAR("match", 3, ZW_T_UBYTE, 0),
    SCALAR("invoke", 4, ZW_T_UBYTE, 0),          SCALAR("concurrency", 5, ZW_T_USHORT, 0),
    SCALAR("force_reregister", 6, ZW_T_BOOL, 0), VECTOR("details", 7, ZW_T_UBYTE),
};
static const uint16_t register_fields_by_name[] = {5, 7, 6, 4, 3, 2, 1, 0};
static const zw_type register_type = TYPE("Register", register_fields);

static const zw_field registered_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("registration", 2, ZW_T_ULONG, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t registered_fields_by_name[] = {3, 2, 1, 0};
static const zw_type registered_type = TYPE("Registered", registered_fields);

static const zw_field unregister_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("registration", 2, ZW_T_ULONG, 0),
    VECTOR("details", 3, ZW_T_UBYTE),
};
static const uint16_t unregister_fields_by_name[] = {3, 2, 1, 0};
static const zw_type unregister_type = TYPE("Unregister", unregister_fields);

static const zw_field unregistered_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),      SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("registration", 2, ZW_T_ULONG, 0), STRING("reason", 3, 0),
    VECTOR("details", 4, ZW_T_UBYTE),
};
static const uint16_t unregistered_fields_by_name[] = {4, 3, 2, 1, 0};
static const zw_type unregistered_type = TYPE("Unregistered", unregistered_fields);

static const zw_field invocation_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    SCALAR("registration", 2, ZW_T_ULONG, 0),
    VECTOR("args", 3, ZW_T_UBYTE),
    VECTOR("kwargs", 4, ZW_T_UBYTE),
    VECTOR("payload", 5, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 6, ZW_T_UBYTE, 0),
    SCALAR("ppt_serializer", 7, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 8, ZW_T_UBYTE, 0),
    STRING("ppt_keyid", 9, 0),
    STRING("procedure", 10, 0),
    SCALAR("timeout", 11, ZW_T_UINT, 0),
    SCALAR("receive_progress", 12, ZW_T_BOOL, 0),
    STRING("transaction_hash", 13, 0),
    SCALAR("caller", 14, ZW_T_ULONG, 0),
    STRING("caller_authid", 15, 0),
    STRING("caller_authrole", 16, 0),
    TABLES("forward_for", 17, principal_type),
    VECTOR("details", 18, ZW_T_UBYTE),
};
static const uint16_t invocation_fields_by_name[] = {3, 14, 15, 16, 18, 17, 4, 5,  8, 9,
                                                     6, 7,  10, 12, 2,  1,  0, 11, 13};
static const zw_type invocation_type = TYPE("Invocation", invocation_fields);

static const zw_field interrupt_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),      SCALAR("request", 1, ZW_T_ULONG, 0),
    PRESET("mode", 2, ZW_T_UBYTE, 1),         STRING("reason", 3, 0),
    TABLES("forward_for", 4, principal_type), VECTOR("details", 5, ZW_T_UBYTE),
};
static const uint16_t interrupt_fields_by_name[] = {5, 4, 2, 3, 1, 0};
static const zw_type interrupt_type = TYPE("Interrupt", interrupt_fields);

static const zw_field yield_fields[] = {
    SCALAR("session", 0, ZW_T_ULONG, 0),
    SCALAR("request", 1, ZW_T_ULONG, 0),
    VECTOR("args", 2, ZW_T_UBYTE),
    VECTOR("kwargs", 3, ZW_T_UBYTE),
    VECTOR("payload", 4, ZW_T_UBYTE),
    SCALAR("ppt_scheme", 5, ZW_T_UBYTE, 0),
    SCALAR("ppt_serializer", 6, ZW_T_UBYTE, 0),
    SCALAR("ppt_cipher", 7, ZW_T_UBYTE, 0),
    STRING("ppt_keyid", 8, 0),
    SCALAR("progress", 9, ZW_T_BOOL, 0),
    SCALAR("callee", 10, ZW_T_ULONG, 0),
    STRING("callee_authid", 11, 0),
    STRING("callee_authrole", 12, 0),
    TABLES("forward_for", 13, principal_type),
    VECTOR("details", 14, ZW_T_UBYTE),
};
static const uint16_t yield_fields_by_name[] = {2, 10, 11, 12, 14, 13, 3, 4, 7, 8, 5, 6, 9, 1, 0};
static const zw_type yield_type = TYPE("Yield", yield_fields);

#define MEMBER(label, code, table) \
  { .name = ZW_STR(label), .value = code, .type = &table, .base = ZW_T_OBJ }
static const zw_enum_value any_message_values[] = {
    {.name = ZW_STR("NONE"), .value = 0, .base = ZW_T_NONE},
    MEMBER("Hello", 1, hello_type),
    MEMBER("Welcome", 2, welcome_type),
    MEMBER("Abort", 3, abort_type),
    MEMBER("Challenge", 4, challenge_type),
    MEMBER("Authenticate", 5, authenticate_type),
    MEMBER("Goodbye", 6, goodbye_type),
    MEMBER("Error", 8, error_type),
    MEMBER("Publish", 16, publish_type),
    MEMBER("Published", 17, published_type),
    MEMBER("Subscribe", 32, subscribe_type),
    MEMBER("Subscribed", 33, subscribed_type),
    MEMBER("Unsubscribe", 34, unsubscribe_type),
    MEMBER("Unsubscribed", 35, unsubscribed_type),
    MEMBER("Event", 36, event_type),
    MEMBER("EventReceived", 37, event_received_type),
    MEMBER("Call", 48, call_type),
    MEMBER("Cancel", 49, cancel_type),
    MEMBER("Result", 50, result_type),
    MEMBER("Register", 64, register_type),
    MEMBER("Registered", 65, registered_type),
    MEMBER("Unregister", 66, unregister_type),
    MEMBER("Unregistered", 67, unregistered_type),
    MEMBER("Invocation", 68, invocation_type),
    MEMBER("Interrupt", 69, interrupt_type),
    MEMBER("Yield", 70, yield_type),
};
static const zw_enum_type any_message_type = {
    .name = ZW_STR("wamp.proto.AnyMessage"),
    .values = any_message_values,
    .value_count = sizeof any_message_values / sizeof *any_message_values,
    .base = ZW_T_UTYPE,
    .is_union = true,
};

static const zw_field message_fields[] = {
    {.name = ZW_STR("msg_type"),
     .enum_type = &any_message_type,
     .base = ZW_T_UTYPE,
     .id = 0,
     .offset = 4},
    {.name = ZW_STR("msg"),
     .enum_type = &any_message_type,
     .base = ZW_T_UNION,
     .id = 1,
     .offset = 6,
     .flags = ZW_F_REQUIRED},
};
static const uint16_t message_fields_by_name[] = {1, 0};
static const zw_type message_type = TYPE("Message", message_fields);

const zw_type *zw_wamp_root_type(void) { return &message_type; }

const zw_type *zw_wamp_message_type(unsigned code) {
  const zw_enum_value *member = zw_enum_by_value(&any_message_type, code);
  return member ? member->type : NULL;
}
