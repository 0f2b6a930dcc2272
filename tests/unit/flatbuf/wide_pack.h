/* SPDX-License-Identifier: Apache-2.0 */
/* C structs for the types of wide_types.h, and what packs them, as generated code has it. */
#ifndef ZEROWIRE_WIDE_PACK_H
#define ZEROWIRE_WIDE_PACK_H

#include <stddef.h>

#include "wide_types.h"

typedef struct WidePointT {
  double x;
  uint8_t y;
} WidePointT;

typedef struct TinyT {
  uint8_t a;
} TinyT;

typedef struct AT {
  int32_t x;
  zw_str s;
} AT;

typedef struct BT {
  uint64_t n;
} BT;

typedef struct RT {
  zw_union_value u, v, w;
  zw_items us, vs, ws, fa, big, ps, n, ls;
  zw_str s;
} RT;

static const uint32_t point_offsets[] = {offsetof(WidePointT, x), offsetof(WidePointT, y)};
static const uint32_t tiny_offsets[] = {offsetof(TinyT, a)};
static const uint32_t a_offsets[] = {offsetof(AT, x), offsetof(AT, s)};
static const uint32_t b_offsets[] = {offsetof(BT, n)};
static const zw_pack_type wide_point_pack = {&wide_point, sizeof(WidePointT), point_offsets, NULL,
                                             NULL};
static const zw_pack_type tiny_pack = {&wide_tiny, sizeof(TinyT), tiny_offsets, NULL, NULL};
static const zw_pack_type a_pack = {&wide_a, sizeof(AT), a_offsets, NULL, NULL};
static const zw_pack_type b_pack = {&wide_b, sizeof(BT), b_offsets, NULL, NULL};

static const zw_pack_type *const ab_children[] = {NULL, &a_pack, &b_pack};
static const zw_pack_type *const v_children[] = {NULL, &a_pack, &wide_point_pack, &tiny_pack, NULL};
static const uint32_t r_offsets[R_FIELDS] = {
    [R_U] = offsetof(RT, u),   [R_US] = offsetof(RT, us),   [R_V] = offsetof(RT, v),
    [R_VS] = offsetof(RT, vs), [R_W] = offsetof(RT, w),     [R_WS] = offsetof(RT, ws),
    [R_FA] = offsetof(RT, fa), [R_BIG] = offsetof(RT, big), [R_S] = offsetof(RT, s),
    [R_PS] = offsetof(RT, ps), [R_N] = offsetof(RT, n),     [R_LS] = offsetof(RT, ls)};
static const zw_pack_type *const r_children[R_FIELDS] = {[R_PS] = &wide_point_pack};
static const zw_pack_type *const *const r_unions[R_FIELDS] = {
    [R_U] = ab_children, [R_US] = ab_children, [R_V] = v_children,
    [R_VS] = v_children, [R_W] = ab_children,  [R_WS] = ab_children};
static const zw_pack_type r_pack = {&wide_r, sizeof(RT), r_offsets, r_children, r_unions};

#endif
