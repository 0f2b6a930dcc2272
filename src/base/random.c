/* SPDX-License-Identifier: Apache-2.0 */
/* The system's randomness. getentropy gives at most 256 octets a call and fails only without a
 * kernel source, which ends the process: nothing sound could follow. */
#include <stdlib.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include "zerowire/base.h"

static void fill(void *ctx, uint8_t *out, size_t len) {
  (void)ctx;
  while (len > 0) {
    size_t piece = len < 256 ? len : 256;
    if (getentropy(out, piece) != 0) abort();
    out += piece;
    len -= piece;
  }
}

static const zw_random system_random = {fill, NULL};

const zw_random *zw_random_system(void) { return &system_random; }
