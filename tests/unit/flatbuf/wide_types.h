/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of buffers that Google's C++ 25.12.19 wrote (tests/data/verify), as descriptors:
 *
 *   struct Point { x: double; y: ubyte; }   struct Tiny { a: ubyte; }
 *   table A { x: int; s: string; }          table B { n: ulong; }
 *   union U : ushort { A = 1, B = 300 }     union V { A, Point, Tiny, text: string }
 *   union W : int { A = 70000, B = 70001 }
 *   table R { u: U; us: [U]; v: V; vs: [V]; w: W; ws: [W]; fa: [int](force_align: 32);
 *     big: [ubyte](vector64); s: string(offset64); ps: [Point](offset64);
 *     n: [ubyte](vector64, nested_flatbuffer: "A"); ls: [long](offset64); }
 *   file_identifier "WIDE";
 */
#ifndef ZEROWIRE_WIDE_TYPES_H
#define ZEROWIRE_WIDE_TYPES_H

#include "zerowire/flatbuf.h"

enum {
  R_U_TYPE,
  R_U,
  R_US_TYPE,
  R_US,
  R_V_TYPE,
  R_V,
  R_VS_TYPE,
  R_VS,
  R_W_TYPE,
  R_W,
  R_WS_TYPE,
  R_WS,
  R_FA,
  R_BIG,
  R_S,
  R_PS,
  R_N,
  R_LS,
  R_FIELDS
};

#define WIDE_NAME(text) .name = {text, sizeof text - 1}
#define WIDE_FIELD(slot, text, kind, of) WIDE_NAME(text), .id = slot, .base = kind, .element = of

static const zw_field point_members[] = {{WIDE_FIELD(0, "x", ZW_T_DOUBLE, 0), .offset = 0},
                                         {WIDE_FIELD(1, "y", ZW_T_UBYTE, 0), .offset = 8}};
static const zw_type wide_point = {WIDE_NAME("Point"), .fields = point_members,
                                   .field_count = 2,   .is_struct = true,
                                   .align = 8,         .size = 16};
static const zw_field tiny_members[] = {{WIDE_FIELD(0, "a", ZW_T_UBYTE, 0), .offset = 0}};
static const zw_type wide_tiny = {WIDE_NAME("Tiny"), .fields = tiny_members,
                                  .field_count = 1,  .is_struct = true,
                                  .align = 1,        .size = 1};
static const zw_field a_fields[] = {{WIDE_FIELD(0, "x", ZW_T_INT, 0)},
                                    {WIDE_FIELD(1, "s", ZW_T_STRING, 0)}};
static const zw_type wide_a = {WIDE_NAME("A"), .fields = a_fields, .field_count = 2, .align = 1};
static const zw_field b_fields[] = {{WIDE_FIELD(0, "n", ZW_T_ULONG, 0)}};
static const zw_type wide_b = {WIDE_NAME("B"), .fields = b_fields, .field_count = 1, .align = 1};

static const zw_enum_value u_values[] = {
    {WIDE_NAME("NONE"), .value = 0},
    {WIDE_NAME("A"), .value = 1, .base = ZW_T_OBJ, .type = &wide_a},
    {WIDE_NAME("B"), .value = 300, .base = ZW_T_OBJ, .type = &wide_b}};
static const zw_enum_type wide_u = {WIDE_NAME("U"), .values = u_values, .value_count = 3,
                                    .base = ZW_T_USHORT, .is_union = true};
static const zw_enum_value v_values[] = {
    {WIDE_NAME("NONE"), .value = 0},
    {WIDE_NAME("A"), .value = 1, .base = ZW_T_OBJ, .type = &wide_a},
    {WIDE_NAME("Point"), .value = 2, .base = ZW_T_OBJ, .type = &wide_point},
    {WIDE_NAME("Tiny"), .value = 3, .base = ZW_T_OBJ, .type = &wide_tiny},
    {WIDE_NAME("text"), .value = 4, .base = ZW_T_STRING}};
static const zw_enum_type wide_v = {WIDE_NAME("V"), .values = v_values, .value_count = 5,
                                    .base = ZW_T_UTYPE, .is_union = true};
static const zw_enum_value w_values[] = {
    {WIDE_NAME("NONE"), .value = 0},
    {WIDE_NAME("A"), .value = 70000, .base = ZW_T_OBJ, .type = &wide_a},
    {WIDE_NAME("B"), .value = 70001, .base = ZW_T_OBJ, .type = &wide_b}};
static const zw_enum_type wide_w = {WIDE_NAME("W"), .values = w_values, .value_count = 3,
                                    .base = ZW_T_INT, .is_union = true};

static const zw_field r_fields[R_FIELDS] = {
    {WIDE_FIELD(R_U_TYPE, "u_type", ZW_T_USHORT, 0), .enum_type = &wide_u},
    {WIDE_FIELD(R_U, "u", ZW_T_UNION, 0), .enum_type = &wide_u},
    {WIDE_FIELD(R_US_TYPE, "us_type", ZW_T_VECTOR, ZW_T_USHORT), .enum_type = &wide_u},
    {WIDE_FIELD(R_US, "us", ZW_T_VECTOR, ZW_T_UNION), .enum_type = &wide_u},
    {WIDE_FIELD(R_V_TYPE, "v_type", ZW_T_UTYPE, 0), .enum_type = &wide_v},
    {WIDE_FIELD(R_V, "v", ZW_T_UNION, 0), .enum_type = &wide_v},
    {WIDE_FIELD(R_VS_TYPE, "vs_type", ZW_T_VECTOR, ZW_T_UTYPE), .enum_type = &wide_v},
    {WIDE_FIELD(R_VS, "vs", ZW_T_VECTOR, ZW_T_UNION), .enum_type = &wide_v},
    {WIDE_FIELD(R_W_TYPE, "w_type", ZW_T_INT, 0), .enum_type = &wide_w},
    {WIDE_FIELD(R_W, "w", ZW_T_UNION, 0), .enum_type = &wide_w},
    {WIDE_FIELD(R_WS_TYPE, "ws_type", ZW_T_VECTOR, ZW_T_INT), .enum_type = &wide_w},
    {WIDE_FIELD(R_WS, "ws", ZW_T_VECTOR, ZW_T_UNION), .enum_type = &wide_w},
    {WIDE_FIELD(R_FA, "fa", ZW_T_VECTOR, ZW_T_INT), .align = 32},
    {WIDE_FIELD(R_BIG, "big", ZW_T_VECTOR64, ZW_T_UBYTE), .flags = ZW_F_OFFSET64},
    {WIDE_FIELD(R_S, "s", ZW_T_STRING, 0), .flags = ZW_F_OFFSET64},
    {WIDE_FIELD(R_PS, "ps", ZW_T_VECTOR, ZW_T_OBJ), .type = &wide_point, .flags = ZW_F_OFFSET64},
    {WIDE_FIELD(R_N, "n", ZW_T_VECTOR64, ZW_T_UBYTE), .type = &wide_a,
     .flags = ZW_F_OFFSET64 | ZW_F_NESTED},
    {WIDE_FIELD(R_LS, "ls", ZW_T_VECTOR, ZW_T_LONG), .flags = ZW_F_OFFSET64},
};
static const zw_type wide_r = {WIDE_NAME("R"), .fields = r_fields, .field_count = R_FIELDS,
                               .align = 1};

#endif
