/* SPDX-License-Identifier: Apache-2.0 */
/* Google's verifier, as the differential target calls it. */
#ifndef ZEROWIRE_VERIFY_GOOGLE_PEER_H
#define ZEROWIRE_VERIFY_GOOGLE_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum peer_mode { PEER_PLAIN, PEER_IDENTIFIED, PEER_SIZED, PEER_SIZED_IDENTIFIED };

/* Whether it accepts the octets, whose address is a multiple of 8. */
bool peer_verify(const uint8_t *bytes, size_t len, enum peer_mode mode);
/* The same for the schema with 64-bit offsets, if there is one. */
bool peer_verify64(const uint8_t *bytes, size_t len, enum peer_mode mode);
bool peer_has64(void);
/* The major version of its headers. */
unsigned peer_version(void);

#ifdef __cplusplus
}
#endif

#endif
