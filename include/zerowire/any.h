/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values of any type, by descriptor: for programs that learn the schema at run time.
 *
 * A `zw_any` is a view of what a field, a member of a struct or an element holds, tagged with
 * what it is. It is taken from a verified table, costs no memory, and is valid as long as the bytes
 * are. Unions are seen as the member that they hold. What is absent has base ZW_T_NONE; an absent
 * scalar that is not optional is its default.
 *
 *   const zw_field *f = zw_type_field(type, ZW_STR("readings"));
 *   zw_any list = zw_any_of_field(table, type, f);
 *   for (size_t i = 0; i < list.count; i++) {
 *     zw_any element = zw_any_of_element(&list, i);
 *     switch (element.base) { case ZW_T_STRING: … element.text …; case ZW_T_OBJ: … }
 *   }
 *
 * All functions may be called from any threads.
 */
#ifndef ZEROWIRE_ANY_H
#define ZEROWIRE_ANY_H

#include "zerowire/flatbuf.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct zw_any {
  uint8_t base;        /* enum zw_base_type: NONE (absent), a scalar, STRING, OBJ, VECTOR, VECTOR64,
                          ARRAY; never UNION */
  uint8_t element;     /* VECTOR, VECTOR64, ARRAY: what the elements are; may be UNION */
  const zw_type *type; /* OBJ, and vectors and arrays of it: the table or struct */
  const zw_enum_type *enum_type; /* scalars that are enums, and vectors of them; the union that a
                                    value came from, or its elements */
  zw_scalar scalar;              /* scalars; of what a union holds, the number of its member */
  zw_str text;
  zw_table table;        /* OBJ, a table */
  const uint8_t *stored; /* OBJ, a struct; VECTOR, VECTOR64, ARRAY: element 0 */
  uint64_t count;        /* VECTOR, VECTOR64, ARRAY: elements */
  zw_vec vector;         /* private: VECTOR, where elements refer to something */
  zw_vec types;          /* private: of a vector of unions */
} zw_any;

/* What a field of a verified table holds; `type` is the table's, `field` one of its fields. A union
 * whose member the schema does not know is NONE. */
ZW_API zw_any zw_any_of_field(zw_table table, const zw_type *type, const zw_field *field);
/* What a member of a struct holds. */
ZW_API zw_any zw_any_of_member(const uint8_t *structure, const zw_field *member);
/* Element `i` (below `count`) of a vector or array. */
ZW_API zw_any zw_any_of_element(const zw_any *list, size_t i);
/* The root table, or any other, as a value. */
ZW_API zw_any zw_any_of_table(zw_table table, const zw_type *type);

/*
 * Looks up an element of a list of tables or structs by its key: a value of the key's type, made by
 * hand or taken from anywhere. Gives the index of the first element with this key, or ZW_NO_INDEX;
 * the list is sorted by it, see zw_vec_find_scalar.
 */
ZW_API size_t zw_any_find(const zw_any *list, const zw_any *key);

/*
 * Compares what two values of one type say, however it is laid out: below 0, 0, above 0, a total
 * order. Scalars are ordered by value (floats: -0 before 0, NaN at the ends, by sign), strings by
 * their octets, tables field by field in the order of ids, vectors like words. An absent scalar is
 * equal to its default; what is absent otherwise comes first, also before a string or vector that
 * says what its default says. A union is ordered by its member first. Nested buffers are octets.
 * Values of two types are ordered by the name of the types. The work is at most that of verifying
 * the smaller of the two.
 */
ZW_API int zw_any_compare(const zw_any *a, const zw_any *b);
/* The same for two tables of a type. */
ZW_API int zw_table_compare(const zw_type *type, zw_table a, zw_table b);

/*
 * What is to be said otherwise in a copy of a buffer: one field of one of its tables.
 *
 *   zw_change longer = {.table = root, .field = tags, .resize = true, .count = tag_count + 1,
 *                       .value = {.base = ZW_T_STRING, .text = ZW_STR("last")}};
 *   zw_ref copy = zw_copy_changed(&b, type, root, &longer, 1);
 *
 * Values are of the field's type, and may be views of any verified buffers but the one that is
 * being built; scalars and strings may be made by hand. That of a union says in `enum_type` which
 * union it is, and in `scalar` the number of the member.
 */
typedef struct zw_change {
  zw_table table;        /* of the buffer that is copied */
  const zw_field *field; /* of that table's type; of a union the value: its type goes with it */
  zw_any value;          /* base ZW_T_NONE: the field is left out */
  bool resize;           /* a vector, present or not, is to have `count` elements: it loses its last
                            ones, or gets more of them, each `value` (ZW_T_NONE: zeros, an empty
                            string, a table without fields) */
  uint64_t count;
} zw_change;

/*
 * zw_copy_table with changes. Vectors of tables with a key are sorted by it, since a change may
 * have been to a key. Errors of its own: ZW_EINVAL for a value that the field cannot hold, or a
 * required field left out; ZW_ENOTFOUND for a change to what is not below `table`, or two to one
 * field.
 */
ZW_API zw_ref zw_copy_changed(zw_builder *b, const zw_type *type, zw_table table,
                              const zw_change *changes, size_t count);

#ifdef __cplusplus
}
#endif

#endif
