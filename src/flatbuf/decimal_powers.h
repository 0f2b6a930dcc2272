/* SPDX-License-Identifier: Apache-2.0 */
/* Powers of ten as 128 significant bits: what printing and reading floats multiplies with. */
#ifndef ZEROWIRE_FLATBUF_DECIMAL_POWERS_H
#define ZEROWIRE_FLATBUF_DECIMAL_POWERS_H

#include <stdint.h>

#define ZW_POWER_MIN (-342)
#define ZW_POWER_MAX 324

/* Row e - ZW_POWER_MIN is 10^e: high and low half; the top bit is set. */
extern const uint64_t zw_decimal_powers[ZW_POWER_MAX - ZW_POWER_MIN + 1][2];

#endif
