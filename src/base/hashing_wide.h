/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hashes of hashing.c in registers of 256 bits, for x86-64 processors that have AVX2. The
 * values are the same; long inputs take about half the time. Compiled so where ZEROWIRE_AVX2 is on,
 * called where the processor has it.
 */
#ifndef ZEROWIRE_HASHING_WIDE_H
#define ZEROWIRE_HASHING_WIDE_H

#include "zerowire/base.h"

uint64_t zw_hash64_wide(zw_span bytes, uint64_t seed);
uint64_t zw_hash64_parts_wide(const zw_span *parts, size_t count);

#endif
