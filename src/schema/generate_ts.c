/* SPDX-License-Identifier: Apache-2.0 */
/* The TypeScript generator. */
#include "generate.h"

int zw_generate_ts(zw_gen *g, const zw_gen_out *out) {
  (void)g;
  (void)out;
  return ZW_ENOTSUP;
}
