/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648, with padding), as JSON carries octets in WAMP. */
#ifndef ZEROWIRE_FLATBUF_JSON_TEXT_H
#define ZEROWIRE_FLATBUF_JSON_TEXT_H

#include "zerowire/base.h"

void zw_base64_encode(zw_span bytes, zw_text *out);
/* Into out, which holds 3 octets for each 4 begun, and may be where the text begins or before.
 * Padding may be left out. */
bool zw_base64_decode(zw_str text, uint8_t *out, size_t *len);

#endif
