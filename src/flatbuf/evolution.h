/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of comparing two schemas. Every finding goes through zw_evolution_find with the id of a
 * rule; the table of rules says what it breaks and what to do instead.
 */
#ifndef ZEROWIRE_EVOLUTION_H
#define ZEROWIRE_EVOLUTION_H

#include "zerowire/model.h"
#include "zerowire/reflect.h"

/* What a rule breaks: data, JSON, source. */
#define EVOLUTION_D ZW_CATEGORY_DATA
#define EVOLUTION_J ZW_CATEGORY_JSON
#define EVOLUTION_S ZW_CATEGORY_SOURCE
#define EVOLUTION_ALL (ZW_CATEGORY_DATA | ZW_CATEGORY_JSON | ZW_CATEGORY_SOURCE)

/* X(rule, warning, directions, categories, fix) */
#define ZW_EVOLUTION_RULES(X)                                                                      \
  X(FIELD_DELETED, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Mark it (deprecated) instead.")              \
  X(FIELD_SAME_ID, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Keep its place; add fields at the end.")     \
  X(FIELD_SAME_NAME, 0, ZW_COMPAT_FULL, EVOLUTION_J | EVOLUTION_S, "Keep the name.")               \
  X(FIELD_SAME_TYPE, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a field instead.")                     \
  X(FIELD_SAME_ENUM, 0, ZW_COMPAT_FULL, EVOLUTION_J | EVOLUTION_S, "Add a field instead.")         \
  X(FIELD_SAME_DEFAULT, 0, ZW_COMPAT_FULL, EVOLUTION_D | EVOLUTION_J,                              \
    "Keep the default, or add a field.")                                                           \
  X(FIELD_SAME_OPTIONALITY, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a field instead.")              \
  X(FIELD_DEPRECATED, 0, ZW_COMPAT_FULL, EVOLUTION_S, "Code that uses it no longer compiles.")     \
  X(FIELD_UNDEPRECATED, 1, ZW_COMPAT_FULL, EVOLUTION_ALL,                                          \
    "Its old values come back; add a field instead.")                                              \
  X(FIELD_REQUIRED, 0, ZW_COMPAT_BACKWARD, EVOLUTION_D, "Leave it optional.")                      \
  X(FIELD_REQUIRED_ADDED, 0, ZW_COMPAT_BACKWARD, EVOLUTION_D, "Make it optional.")                 \
  X(FIELD_NOT_REQUIRED, 0, ZW_COMPAT_FORWARD, EVOLUTION_D, "Leave it required.")                   \
  X(FIELD_SAME_KEY, 0, ZW_COMPAT_FULL, EVOLUTION_D, "Keep the key: vectors are sorted by it.")     \
  X(FIELD_SAME_NESTED, 0, ZW_COMPAT_FULL, EVOLUTION_D, "Add a field instead.")                     \
  X(FIELD_SAME_HASH, 0, ZW_COMPAT_FULL, EVOLUTION_D, "Add a field instead.")                       \
  X(TYPE_DELETED, 0, ZW_COMPAT_FULL, EVOLUTION_D | EVOLUTION_S, "Keep it under its full name.")    \
  X(TYPE_SAME_KIND, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a type instead.")                       \
  X(STRUCT_SAME_FIELDS, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a struct instead.")                 \
  X(STRUCT_SAME_LAYOUT, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a struct instead.")                 \
  X(ENUM_DELETED, 0, ZW_COMPAT_FULL, EVOLUTION_D | EVOLUTION_S, "Keep it under its full name.")    \
  X(ENUM_SAME_KIND, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a type instead.")                       \
  X(ENUM_SAME_BASE, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add an enum instead.")                      \
  X(ENUM_SAME_BIT_FLAGS, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add an enum instead.")                 \
  X(ENUM_VALUE_DELETED, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Keep it; stored data may hold it.")     \
  X(ENUM_VALUE_SAME_NUMBER, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Keep its number; add values last.") \
  X(ENUM_VALUE_SAME_NAME, 0, ZW_COMPAT_FULL, EVOLUTION_J | EVOLUTION_S, "Keep the name.")          \
  X(UNION_MEMBER_SAME_TYPE, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a member instead.")             \
  X(FILE_SAME_ROOT, 0, ZW_COMPAT_FULL, EVOLUTION_D | EVOLUTION_S, "Keep the root type.")           \
  X(FILE_SAME_IDENTIFIER, 0, ZW_COMPAT_FULL, EVOLUTION_D | EVOLUTION_S, "Keep the identifier.")    \
  X(TYPE_SAME_NAME, 0, ZW_COMPAT_FULL, EVOLUTION_S, "Keep the name.")                              \
  X(TYPE_SAME_NAMESPACE, 0, ZW_COMPAT_FULL, EVOLUTION_D | EVOLUTION_S, "Keep the namespace.")      \
  X(SERVICE_DELETED, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Keep it; peers use its methods.")          \
  X(SERVICE_SAME_TYPE, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a service instead.")                 \
  X(METHOD_DELETED, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Keep it; peers use it.")                    \
  X(METHOD_SAME_NAME, 0, ZW_COMPAT_FULL, EVOLUTION_S, "Keep the name.")                            \
  X(METHOD_SAME_REQUEST, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a method instead.")                \
  X(METHOD_SAME_RESPONSE, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a method instead.")               \
  X(METHOD_SAME_TYPE, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a method instead.")                   \
  X(METHOD_SAME_STREAMING, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Add a method instead.")              \
  X(METHOD_SAME_URI, 0, ZW_COMPAT_FULL, EVOLUTION_ALL, "Keep the URI, and add a method.")          \
  X(MAP_GONE, 1, ZW_COMPAT_FULL, EVOLUTION_D, "If it was renamed, give it its old name.")          \
  X(TOPIC_GONE, 1, ZW_COMPAT_FULL, EVOLUTION_D, "If it was renamed, give it its old URI.")         \
  X(MAP_SAME_KEY, 0, ZW_COMPAT_FULL, EVOLUTION_D, "Add a map with the other key instead.")         \
  X(MAP_SAME_INDEX, 0, ZW_COMPAT_FULL, EVOLUTION_D, "Keep the index, and add one.")

enum evolution_rule {
#define ZW_EVOLUTION_ENUM(rule, warning, directions, categories, fix) EVOLUTION_##rule,
  ZW_EVOLUTION_RULES(ZW_EVOLUTION_ENUM)
#undef ZW_EVOLUTION_ENUM
};

typedef struct evolution {
  const zw_schema *old_schema, *new_schema;
  uint32_t directions, categories;
  zw_finding_fn *report;
  void *ctx;
  int breaks;        /* findings that are no warnings */
  zw_str new_member; /* what stands for the member that is compared */
  /* Types to compare are walked from a root: a list of those that are reached, each once. */
  bool walking;
  zw_arena arena;
  uint8_t *seen_types, *seen_enums; /* by index in old_schema */
  const zw_type **open;             /* old types that wait */
  size_t open_count;
  /* Of whole schemas; NULL: not asked for, or their attributes make none. */
  const zw_model *old_model, *new_model;
  bool no_memory;
} evolution;

void zw_evolution_find(evolution *e, enum evolution_rule rule, zw_str type, zw_str member,
                       const char *format, ...) ZW_PRINTF(5, 6);
/* Marks what a pair of fields or union members of equal type names leads to. */
void zw_evolution_reach(evolution *e, const zw_type *old_type);
void zw_evolution_reach_enum(evolution *e, const zw_enum_type *old_enum);

void zw_evolution_types(evolution *e, const zw_type *old_type, const zw_type *new_type);
void zw_evolution_enums(evolution *e, const zw_enum_type *old_enum, const zw_enum_type *new_enum);
void zw_evolution_services(evolution *e, const zw_service *old_service,
                           const zw_service *new_service);
/* Maps and topics with history; the models are made. */
void zw_evolution_stored(evolution *e);

#endif
