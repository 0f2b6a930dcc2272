/* SPDX-License-Identifier: Apache-2.0 */
/* The schemas that are built in: their texts, written by the build from schemas/. */
#ifndef ZEROWIRE_SCHEMA_BUILTIN_SCHEMAS_H
#define ZEROWIRE_SCHEMA_BUILTIN_SCHEMAS_H

#include <stddef.h>

typedef struct zw_builtin_schema {
  const char *name;
  const unsigned char *octets;
  size_t len;
} zw_builtin_schema;

#define ZW_BUILTIN_SCHEMAS 2
extern const zw_builtin_schema zw_builtin_schemas[ZW_BUILTIN_SCHEMAS];

#endif
