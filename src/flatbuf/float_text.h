/* SPDX-License-Identifier: Apache-2.0 */
/* Floats as decimal text and back, the same in every locale; and integers as text. */
#ifndef ZEROWIRE_FLATBUF_FLOAT_TEXT_H
#define ZEROWIRE_FLATBUF_FLOAT_TEXT_H

#include "zerowire/base.h"

#define ZW_FLOAT_TEXT_MAX 32
#define ZW_FIXED_TEXT_MAX 336 /* 309 digits before the point */
#define ZW_HEX_FLOAT_MAX 256

/*
 * The shortest decimal that reads back as the same value, with a point or an exponent; "nan", "inf"
 * and "-inf" for what is not finite. Terminated; returns the length.
 */
size_t zw_double_text(double value, char out[ZW_FLOAT_TEXT_MAX]);
size_t zw_float_text(float value, char out[ZW_FLOAT_TEXT_MAX]);

/* Rounded to so many digits (1 to 12) after the point, of which zeros at the end are left out but
 * for one: what flatc prints, with 12 for doubles and 6 for floats. "-nan" is told from "nan". */
size_t zw_fixed_text(double value, unsigned digits, char out[ZW_FIXED_TEXT_MAX]);

/* Decimal digits, at most 20, not terminated; returns how many. */
size_t zw_uint_text(uint64_t value, char *out);

/*
 * Reads `[+-] digits [. digits] [e [+-] digits]` (at least one digit before or after the point),
 * rounded correctly to the type; too large gives an infinity, too small 0. Returns whether the
 * whole text is such a number.
 */
bool zw_double_parse(zw_str text, double *value);
bool zw_float_parse(zw_str text, float *value);
/* Reads `[+-] 0x digits [. digits] p [+-] digits` of at most ZW_HEX_FLOAT_MAX octets. */
bool zw_hex_float_parse(zw_str text, double *value);

#endif
