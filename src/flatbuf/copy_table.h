/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a table that is under way, and the changes that are made to it. */
#ifndef ZEROWIRE_COPY_TABLE_H
#define ZEROWIRE_COPY_TABLE_H

#include "builder_memory.h"
#include "object.h"
#include "once.h"
#include "zerowire/any.h"

typedef struct zw_copier {
  zw_builder *b;
  zw_once once;
  const zw_change *changes;
  size_t change_count;
  zw_bits used; /* by change; without changes: not there */
} zw_copier;

/* Copies the root; the reference, or 0 and the builder's error. */
zw_ref zw_copy_root(zw_copier *c, const zw_type *type, zw_table table);

/* Writes the field, or the type of a union, as a change of this table wants it; false: none does.
 */
bool zw_copy_change(zw_copier *c, const zw_type *type, const zw_field *field, zw_table table);

#endif
