/* SPDX-License-Identifier: Apache-2.0 */
/* Types in the words of the schema language, for messages. */
#ifndef ZEROWIRE_TYPE_TEXT_H
#define ZEROWIRE_TYPE_TEXT_H

#include "zerowire/flatbuf.h"

#define ZW_TYPE_TEXT_MAX 160

/* "ulong"; static. */
const char *zw_base_name(unsigned base);
/* The last component of a full name. */
zw_str zw_short_name(zw_str full_name);
/* "ulong", "[string]", "Sensor", "[ubyte:16]"; names of types with their namespace if `full`. Long
 * ones are cut. */
void zw_field_type_text(const zw_field *field, bool full, char out[ZW_TYPE_TEXT_MAX]);

#endif
