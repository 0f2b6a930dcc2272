/* SPDX-License-Identifier: Apache-2.0 */
/* The order of keys: what vectors are sorted by, and looked up by. */
#ifndef ZEROWIRE_KEY_LOOKUP_H
#define ZEROWIRE_KEY_LOOKUP_H

#include "zerowire/flatbuf.h"

/* The field of the elements that is their key, or NULL. */
const zw_field *zw_key_field(const zw_type *type);

/* Below 0, 0 or above 0, as memcmp. NaN equals everything. */
int zw_compare_scalars(enum zw_base_type base, zw_scalar a, zw_scalar b);
int zw_compare_texts(zw_str a, zw_str b);
/* Structs member by member, and what a member (a scalar, struct or fixed array) holds. */
int zw_compare_structs(const zw_type *type, const uint8_t *a, const uint8_t *b);
int zw_compare_stored(const zw_field *field, const uint8_t *a, const uint8_t *b);

#endif
