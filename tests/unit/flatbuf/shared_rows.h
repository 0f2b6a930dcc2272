/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buffers in which a vector refers to one and the same row again and again: what is written once is
 * work as often. The descriptors are made for the row that a test asks for.
 */
#ifndef ZEROWIRE_SHARED_ROWS_H
#define ZEROWIRE_SHARED_ROWS_H

#include "reflect_fixture.h"
#include "slots.h"

enum { FIELDS_MAX = 10000, LARGE = 32800, LENGTH = 100 };
enum rows_kind { NUMBER, TEXT, TEXTS, COLORS, NESTED, FLEX, UNIONS };

/* A row of `fields` fields of one kind, the first `present` of which are there. LENGTH octets,
 * elements or offsets are in what they refer to. */
typedef struct shared_rows {
  enum rows_kind kind;
  unsigned fields, present;
  bool large; /* the row has a struct of more than 32 KiB in its last field */
} shared_rows;

static const zw_enum_value color_values[] = {{.name = {"A", 1}, .value = 1}};
static const zw_enum_type color = {
    .name = {"Color", 5}, .values = color_values, .value_count = 1, .base = ZW_T_UBYTE};
static const zw_enum_value any_values[] = {{.name = {"NONE", 4}, .value = 0}};
static const zw_enum_type any = {.name = {"Any", 3},
                                 .values = any_values,
                                 .value_count = 1,
                                 .base = ZW_T_UTYPE,
                                 .is_union = true};
static const zw_type large = {.name = {"Large", 5}, .is_struct = true, .align = 1, .size = LARGE};

/* ---- descriptors: a list of rows, made for each case ---- */

static zw_field fields[FIELDS_MAX];
static zw_slots slots[FIELDS_MAX / ZW_SLOTS_LANES];
static zw_type row = {.name = {"Row", 3}, .fields = fields, .slots = slots, .align = 1};
static const zw_field list_fields[] = {
    {.name = {"rows", 4}, .base = ZW_T_VECTOR, .element = ZW_T_OBJ, .type = &row}};
static zw_slots list_slots[1];
static const zw_type list = {
    .name = {"List", 4}, .fields = list_fields, .slots = list_slots, .field_count = 1, .align = 1};

static inline zw_field field_of(const shared_rows *c, unsigned id) {
  zw_field f = {.name = {"field", 5}, .id = (uint16_t)id, .base = ZW_T_VECTOR};
  switch (c->kind) {
    case NUMBER: f.base = ZW_T_UBYTE, f.enum_type = &color; break;
    case TEXT: f.base = ZW_T_STRING; break;
    case TEXTS: f.element = ZW_T_STRING; break;
    case COLORS: f.element = ZW_T_UBYTE, f.enum_type = &color; break;
    case NESTED: f.element = ZW_T_UBYTE, f.type = &list, f.flags = ZW_F_NESTED; break;
    case FLEX: f.element = ZW_T_UBYTE, f.flags = ZW_F_FLEXBUFFER; break;
    case UNIONS: f.element = id % 2 ? ZW_T_UNION : ZW_T_UTYPE, f.enum_type = &any; break;
  }
  return f;
}

static inline void rows_describe(const shared_rows *c) {
  for (unsigned i = 0; i < c->fields; i++) fields[i] = field_of(c, i);
  if (c->large)
    fields[c->fields - 1] = (zw_field){
        .name = {"large", 5}, .id = (uint16_t)(c->fields - 1), .base = ZW_T_OBJ, .type = &large};
  row.field_count = (uint16_t)c->fields;
  for (unsigned i = 0; i < zw_slots_blocks(c->fields); i++) zw_slots_make(&row, i, &slots[i]);
  zw_slots_make(&list, 0, list_slots);
}

/* ---- buffers ---- */

static inline zw_ref shared_object(const shared_rows *c, zw_builder *b, bool odd) {
  static const uint8_t empty_list[] = {8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0};
  static const uint8_t flex[] = {'a', 0, 1, 3, 1, 1, 1, 1, 4, 2, 0x24, 1}; /* {a: 1} */
  uint8_t octets[LENGTH];
  zw_ref refs[LENGTH];
  memset(octets, c->kind == UNIONS ? 0 : 1, sizeof octets);
  if (c->kind == NESTED) return zw_builder_nested(b, zw_span_of(empty_list, sizeof empty_list));
  if (c->kind == FLEX) return zw_builder_vector(b, flex, sizeof flex, 1, 1);
  if (c->kind == COLORS || (c->kind == UNIONS && !odd))
    return zw_builder_vector(b, octets, sizeof octets, 1, 1);
  zw_ref text = zw_builder_string(b, (zw_str){(const char *)octets, sizeof octets});
  for (unsigned i = 0; i < LENGTH; i++) refs[i] = text;
  return c->kind == TEXT ? text : zw_builder_refs(b, refs, LENGTH);
}

static inline zw_ref build_row(const shared_rows *c, zw_builder *b) {
  static const uint8_t octets[LARGE];
  zw_ref even = 0, odd = 0;
  if (c->kind != NUMBER) even = odd = shared_object(c, b, false);
  if (c->kind == UNIONS) odd = shared_object(c, b, true);
  zw_builder_table_start(b);
  for (unsigned i = 0; i < c->present; i++) {
    if (c->large && i == c->fields - 1)
      zw_builder_add_struct(b, i, octets, sizeof octets, 1);
    else if (c->kind == NUMBER)
      zw_builder_add_u8(b, i, 1, 0);
    else
      zw_builder_add_ref(b, i, i % 2 ? odd : even);
  }
  return zw_builder_table_end(b);
}

/* A list that refers to one row `count` times. */
static inline zw_span rows_build(const shared_rows *c, size_t count, zw_builder *b) {
  zw_ref *rows = malloc(count * sizeof *rows);
  zw_span bytes;
  zw_ref one = build_row(c, b);
  for (size_t i = 0; i < count; i++) rows[i] = one;
  zw_ref vector = zw_builder_refs(b, rows, count);
  zw_builder_table_start(b);
  zw_builder_add_ref(b, 0, vector);
  assert_int_equal(zw_builder_finish(b, zw_builder_table_end(b), (zw_str){NULL, 0}, &bytes), 0);
  free(rows);
  return bytes;
}

#endif
