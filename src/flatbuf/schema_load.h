/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors in the making, from a compiled schema whose bytes are hostile. */
#ifndef ZEROWIRE_SCHEMA_LOAD_H
#define ZEROWIRE_SCHEMA_LOAD_H

#include <stdlib.h>

#include "zerowire/reflect.h"

#define ZW_ABSENT ((zw_str){NULL, 0})

typedef struct zw_loaded {
  zw_schema schema; /* first: a zw_schema * is a zw_loaded * */
  zw_arena arena;
} zw_loaded;

typedef struct zw_loader {
  zw_loaded *to;
  zw_arena *arena;
  zw_type *types;
  zw_enum_type *enums;
  size_t type_count, enum_count;
  uint8_t *checked; /* by type: a struct that is right */
  zw_diag *diag;
} zw_loader;

/* Both give the error: ZW_ESCHEMA with whose fault it is, ZW_ENOMEM. */
int zw_load_refuse(zw_loader *l, zw_str owner, zw_str member, const char *what);
int zw_load_no_memory(zw_loader *l);

/* Whether `b` comes after `a` in the order of octets; whether it is an identifier. */
bool zw_load_ascends(zw_str a, zw_str b);
bool zw_load_is_name(zw_str s);

/* What objects, fields, enums, services and methods have alike. */
int zw_load_attributes(zw_loader *l, zw_str owner, zw_vec vec, const zw_attribute **out,
                       size_t *count);
int zw_load_doc(zw_loader *l, zw_vec lines, zw_str *out);
bool zw_load_has_attribute(const zw_attribute *list, size_t count, const char *name);

/* ---- fields (schema_load_fields.c) ---- */

/* The fields of an object; types and enums are known by index, not loaded yet. */
int zw_load_fields(zw_loader *l, zw_vec vec, zw_type *to);
/* When all types are loaded: the table that nested_flatbuffer names. */
int zw_load_nested(zw_loader *l, const zw_type *owner, zw_field *field);
/* Whether a 64-bit offset can refer to what it holds. */
bool zw_load_is_far(const zw_field *field);

#endif
