/* SPDX-License-Identifier: Apache-2.0 */
/* What hostile input is made of for bench_hostile, and Google's verifier beside ours. */
#ifndef ZEROWIRE_BENCH_HOSTILE_H
#define ZEROWIRE_BENCH_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HOSTILE_OCTETS 131072u

enum hostile_kind { HOSTILE_BUFFER, HOSTILE_FAR, HOSTILE_FLEXBUFFER, HOSTILE_JSON };

/* One shape: `make` fills HOSTILE_OCTETS octets, zeros so far. */
typedef struct hostile_shape {
  const char *name;
  enum hostile_kind kind;
  uint32_t flags; /* of the verification */
  void (*make)(uint8_t *octets);
} hostile_shape;

extern const hostile_shape hostile_shapes[];
extern const size_t hostile_shape_count;

/* Whether Google's C++ accepts it: 1, 0; -1: it is not here, or cannot verify this kind. */
int hostile_google(enum hostile_kind kind, const uint8_t *octets, size_t len);

#ifdef __cplusplus
}
#endif

#endif
