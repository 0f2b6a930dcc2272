/* SPDX-License-Identifier: Apache-2.0 */
/* Floats as decimal text and back, the same in every locale. */
#ifndef ZEROWIRE_FLATBUF_FLOAT_TEXT_H
#define ZEROWIRE_FLATBUF_FLOAT_TEXT_H

#include "zerowire/base.h"

#define ZW_FLOAT_TEXT_MAX 32

/*
 * The shortest decimal that reads back as the same value, with a point or an exponent; "nan", "inf"
 * and "-inf" for what is not finite. Terminated; returns the length.
 */
size_t zw_double_text(double value, char out[ZW_FLOAT_TEXT_MAX]);
size_t zw_float_text(float value, char out[ZW_FLOAT_TEXT_MAX]);

/*
 * Reads `[+-] digits [. digits] [e [+-] digits]` (at least one digit before or after the point),
 * rounded correctly to the type; too large gives an infinity, too small 0. Returns whether the
 * whole text is such a number.
 */
bool zw_double_parse(zw_str text, double *value);
bool zw_float_parse(zw_str text, float *value);

#endif
